"""A Generator that answers HumanEval from a script: right, wrong, or not at all, after a moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from gemstead.core.errors import Infrastructure
from gemstead.core.events import Event, Finished, TextDelta, ThoughtDelta, Usage
from gemstead.core.generator import Description
from gemstead.core.requests import GenerationRequest
from gemstead.evals.task import Problem
from gemstead.evals.tasks import find_task


class ScriptedGenerator:
    """Answers every third problem wrongly, every tenth without code, the others with the canonical solution.

    Args:
        delay_s: Time per answer.
        log: Where each request is noted, one problem id a line.
        fingerprint: As if of its weights.
        failures: How many times each request fails before it succeeds.
    """

    def __init__(
        self, *, delay_s: float = 0.0, log: Path | None = None, fingerprint: str = "f" * 64, failures: int = 0
    ) -> None:
        self._problems = {p.prompt.strip(): p for p in find_task("humaneval").problems()}
        self._delay_s = delay_s
        self._log = log
        self._fingerprint = fingerprint
        self._failures: dict[str, int] = {}
        self._num_failures = failures

    def describe(self) -> Description:
        return Description(
            name="script", family="script", precision="bf16", device="cpu", context_tokens=4096,
            fingerprint=self._fingerprint,
        )  # fmt: skip

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Event]:
        problem = self._problem(request)
        if self._log is not None:
            with self._log.open("a") as log:
                log.write(problem.id + "\n")
        failed = self._failures.get(problem.id, 0)
        if failed < self._num_failures:
            self._failures[problem.id] = failed + 1
            raise Infrastructure("the line went dead")
        await asyncio.sleep(self._delay_s)
        if request.thinking:
            yield ThoughtDelta(text="hm")
        text = scripted_answer(problem)
        yield TextDelta(text=text)
        usage = Usage(prompt_tokens=10, completion_tokens=len(text) // 4)
        yield Finished(reason="stop", usage=usage, token_ids=(1, 2, 3), seed=request.sampling.seed)

    def _problem(self, request: GenerationRequest) -> Problem:
        text = request.text
        if request.messages is not None:
            text = str(request.messages[-1].content)
        assert text is not None
        return next(p for prompt, p in self._problems.items() if prompt in text)


def scripted_answer(problem: Problem) -> str:
    number = int(problem.id.split("/")[1])
    if number % 10 == 9:
        return "I would rather not."
    if number % 3 == 2:
        return f"```python\ndef {problem.entry_point}(*args):\n    return None\n```"
    return f"Sure.\n```python\n{problem.canonical}\n```"


def is_right(number: int) -> bool:
    """Whether the scripted answer to that problem is the canonical one."""
    return number % 10 != 9 and number % 3 != 2
