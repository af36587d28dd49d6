"""What an evaluation is made of: problems, how they are asked, and what of an answer is judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from gemstead.core.requests import GenerationRequest, Sampling
from gemstead.evals.trials import Trials

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
class Judgement:
    """What an `Oracle` finds.

    Args:
        parts: Those that the answer passes, in the oracle's order; it has passed if the last is among them.
        detail: One line for people, where it has not passed.
    """

    parts: tuple[str, ...]
    detail: str


class Oracle(Protocol):
    """Judges what was taken out of an answer by comparing it. Nothing is run, so no sandbox is needed."""

    @property
    def wanted(self) -> str:
        """What an answer must hold, in a word."""
        ...

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the parts it judges by, the strictest first; the last is what counts."""
        ...

    def judge(self, taken: str) -> Judgement:
        """Compare. Never raises on what a model wrote."""
        ...


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One item of a task. It has a `test`, `cases`, `trials` or an `oracle`.

    Args:
        id: Published name, e.g. "HumanEval/0".
        prompt: What the model is given to complete: imports, helpers, signature and docstring.
        entry_point: Name of the function that is judged.
        test: Trusted source that defines `check(candidate)`; it raises when the candidate is wrong.
        canonical: The published solution as `Task.extract` would give it. It must pass, or nothing is believed. Empty
            with `trials`, which bring a rehearsal.
        helpers: Trusted source of functions that `test` calls besides the candidate; empty when there are none.
        known_defect: What is wrong with the item itself, when something is.
        cases: Inputs for solutions, where the benchmark gives these instead of a test.
        trials: Inputs and outputs, where the benchmark gives both.
        oracle: What judges the answer, where it is no program.
        date: When it was first published, as YYYY-MM-DD, where that is known.
    """

    id: str
    prompt: str
    canonical: str
    entry_point: str = ""
    test: str = ""
    helpers: str = ""
    known_defect: str | None = None
    cases: Cases | None = None
    trials: Trials | None = None
    oracle: Oracle | None = None
    date: str | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the parts it is judged by, in order, the last one being all; empty where it is judged as a whole."""
        if self.oracle is not None:
            return self.oracle.parts
        if self.trials is not None:
            return self.trials.parts
        return tuple(self.cases.parts) if self.cases is not None else ()


@dataclass(frozen=True, kw_only=True)
class Extraction:
    """What is judged of an answer.

    Args:
        program: Whole source text that defines the entry point, or whatever the problem's oracle compares; `None` when
            the answer holds no such thing.
        how: Which reading of the answer it was, for people to read.
    """

    program: str | None
    how: str


class Task(Protocol):
    """One file in `evals/tasks/`."""

    name: str
    version: str
    extractor_version: str
    runs_programs: bool
    """Whether answers are programs, which are run in the sandbox; otherwise every problem has an oracle."""
    is_published: bool
    """Whether its problems are the same for everybody; otherwise they are in a file of the user."""

    def problems(self) -> Sequence[Problem]:
        """All items, in published order."""
        ...

    def request(
        self, problem: Problem, *, style: Style, thinking: bool, sampling: Sampling, max_tokens: int
    ) -> GenerationRequest:
        """What is asked of the model for one item."""
        ...

    def extract(self, problem: Problem, answer: str, *, style: AnswerStyle) -> Extraction:
        """Take out of a raw answer what is judged. Never raises on what a model wrote."""
        ...
