"""What an evaluation is made of: problems, how they are asked, and how an answer becomes a program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from gemstead.core.requests import GenerationRequest, Sampling

Style = Literal["chat", "base"]
"""chat: a user turn asks, the model replies in its own words. base: the model continues the raw prompt."""

AnswerStyle = Literal["chat", "base", "thinking"]
"""Shape of a raw answer on file: the two above, or a chat reply whose text still carries its thought."""


Rule = Literal["equal", "same_members", "found", "root", "digit_distance", "pyramid"]
"""How a value is compared with the canonical solution's: `cases_check` says what each means."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Cases:
    """Inputs to call a solution with. What it should return is what the canonical solution returns.

    Each is equal to itself alone: HumanEval/0 and Mbpp/2 are names in two tasks each.

    Args:
        parts: Lists of arguments by the name of the part they belong to, in the order in which parts are judged. A
            solution that passes a part is known to have, whatever comes after.
        rule: How values are compared.
        atol: Absolute tolerance, where the values are not equal; 0 for none. Floats always have 1e-6.
    """

    parts: Mapping[str, Sequence[Sequence[Any]]]
    rule: Rule = "equal"
    atol: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One item of a task. It has a `test`, or `cases`.

    Args:
        id: Published name, e.g. "HumanEval/0".
        prompt: What the model is given to complete: imports, helpers, signature and docstring.
        entry_point: Name of the function that is judged.
        test: Trusted source that defines `check(candidate)`; it raises when the candidate is wrong. Empty with `cases`.
        canonical: The published solution as a whole program. It must pass, or nothing is believed.
        helpers: Trusted source of functions that `test` calls besides the candidate; empty when there are none.
        known_defect: What is wrong with the item itself, when something is.
        cases: Inputs for solutions, where the benchmark gives these instead of a test.
    """

    id: str
    prompt: str
    entry_point: str
    test: str
    canonical: str
    helpers: str = ""
    known_defect: str | None = None
    cases: Cases | None = None


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
