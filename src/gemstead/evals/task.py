"""What an evaluation is made of: problems, how they are asked, and how an answer becomes a program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from gemstead.core.requests import GenerationRequest, Sampling

Style = Literal["chat", "base"]
"""chat: a user turn asks, the model replies in its own words. base: the model continues the raw prompt."""

AnswerStyle = Literal["chat", "base", "thinking"]
"""Shape of a raw answer on file: the two above, or a chat reply whose text still carries its thought."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One item of a task.

    Args:
        id: Published name, e.g. "HumanEval/0".
        prompt: What the model is given to complete: imports, helpers, signature and docstring.
        entry_point: Name of the function that is judged.
        test: Trusted source that defines `check(candidate)`; it raises when the candidate is wrong.
        canonical: The published solution as a whole program. It must pass `test`, or nothing is believed.
        helpers: Trusted source of functions that `test` calls besides the candidate; empty when there are none.
        known_defect: What is wrong with the item itself, when something is.
    """

    id: str
    prompt: str
    entry_point: str
    test: str
    canonical: str
    helpers: str = ""
    known_defect: str | None = None


@dataclass(frozen=True, kw_only=True)
class Extraction:
    """A program taken out of an answer.

    Args:
        program: Whole source text that defines the entry point; `None` when the answer holds no code.
        how: Which reading of the answer it was, for people to read.
    """

    program: str | None
    how: str


class Task(Protocol):
    """One file in `evals/tasks/`."""

    name: str
    version: str
    extractor_version: str

    def problems(self) -> Sequence[Problem]:
        """All items, in published order."""
        ...

    def request(
        self, problem: Problem, *, style: Style, thinking: bool, sampling: Sampling, max_tokens: int
    ) -> GenerationRequest:
        """What is asked of the model for one item."""
        ...

    def extract(self, problem: Problem, answer: str, *, style: AnswerStyle) -> Extraction:
        """Take the program out of a raw answer. Never raises on what a model wrote."""
        ...
