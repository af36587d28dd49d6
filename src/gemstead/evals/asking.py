"""What tasks share: what is sent to the model, and, where a function is asked for, the program in its answer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gemstead.core.errors import BadRequest
from gemstead.core.messages import Message
from gemstead.core.requests import GenerationRequest, Sampling
from gemstead.evals.extract import EXTRACTOR_VERSION, extract
from gemstead.evals.task import AnswerStyle, Extraction, Problem, Style


class AskedTask:
    """A task. One of its kind names itself, reads its problems, words its instruction and reads answers."""

    name: str
    version: str
    extractor_version: str
    runs_programs: bool
    """Whether answers are programs, which are run in the sandbox."""
    is_published: bool = True
    """Whether it knows where its data is; otherwise it is read from a file that is named."""
    stop: Sequence[str]
    """Where a base model has left its answer; a chat ends by itself."""
    _problems: tuple[Problem, ...]

    def __init__(self, path: Path | None = None) -> None:
        raise NotImplementedError

    def problems(self) -> Sequence[Problem]:
        """All items, in published order."""
        return self._problems

    def instruction(self, problem: Problem) -> str:
        """The one user message of chat style."""
        raise NotImplementedError

    def request(
        self, problem: Problem, *, style: Style, thinking: bool, sampling: Sampling, max_tokens: int
    ) -> GenerationRequest:
        """What is asked of the model for one item.

        Chat style is one user message; base style is the problem's prompt to the letter, its last line break included.

        Raises:
            BadRequest: Thinking in base style.
        """
        if style == "chat":
            message = Message(role="user", content=self.instruction(problem))
            return GenerationRequest(messages=(message,), thinking=thinking, sampling=sampling, max_tokens=max_tokens)
        if thinking:
            raise BadRequest(
                "thinking with style base; a base prompt is continued, so there is no turn to think in",
                hint="use `--style chat` to think, or `--no-think`",
            )
        return GenerationRequest(text=problem.prompt, sampling=sampling, max_tokens=max_tokens, stop=tuple(self.stop))

    def extract(self, problem: Problem, answer: str, *, style: AnswerStyle) -> Extraction:
        """Take out of a raw answer what is judged. Never raises on what a model wrote."""
        raise NotImplementedError


class FunctionTask(AskedTask):
    """A task that asks for a function."""

    extractor_version = EXTRACTOR_VERSION
    runs_programs = True

    def extract(self, problem: Problem, answer: str, *, style: AnswerStyle) -> Extraction:
        """Take the program out of a raw answer. Never raises on what a model wrote."""
        return extract(problem, answer, style=style)
