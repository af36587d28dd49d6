"""What happens while runs go, event by event: the one way in which they tell anybody how they stand.

Whoever runs something calls a `Watch`; screens, logs and scripts are made of the events alone. `Standing` adds them up.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gemstead.evals.prices import Price, charge_of, price_of
from gemstead.evals.stats import Interval, wilson
from gemstead.evals.store import StoredAnswer, StoredRun, StoredVerdict

if TYPE_CHECKING:
    from gemstead.core.errors import GemsteadError
    from gemstead.evals.compare import Comparison
    from gemstead.evals.run import EvaluationRun

Key = tuple[str, int]
"""Problem and sample."""

SCHEMA = 1
"""Of JSON lines; grows when a field changes its meaning or goes. New events and fields may come at any time."""
TAIL = 2000  # characters kept of an answer that is being written
RECENT = 50
LITTLE = 0.05  # of what was to be done at the start: from here on the pace is told


@dataclass(frozen=True, kw_only=True)
class SweepStarted:
    """Several runs begin, or go on.

    Args:
        sweep: Its name, for `--resume`.
        runs: Names of all its runs, in their order.
    """

    sweep: str
    runs: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"event": "comparison_started", "comparison": self.sweep, "runs": list(self.runs)}


@dataclass(frozen=True, kw_only=True)
class RunStarted:
    """A run begins, goes on, or is judged again.

    Args:
        run: As stored: task, settings, model, machine.
        keys: Every item wanted, in the task's order.
        answers: What is there already.
        verdicts: Likewise; those that stand.
        is_rescored: Whether stored answers are judged again, without the model.
    """

    run: StoredRun
    keys: tuple[Key, ...]
    answers: Mapping[Key, StoredAnswer]
    verdicts: Mapping[Key, StoredVerdict]
    is_rescored: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        model = self.run.model
        return {
            "event": "run_started",
            "run": self.run.id,
            "task": self.run.task,
            "model": model["name"],
            "precision": model["precision"],
            "device": model["device"],
            "endpoint": model["details"].get("endpoint"),
            "settings": dict(self.run.settings),
            "num_items": len(self.keys),
            "num_judged": len(self.verdicts),
            "is_rescored": self.is_rescored,
        }


@dataclass(frozen=True, kw_only=True)
class ItemAsked:
    """A question was put to the model; once more, if no answer came the first time."""

    run: str
    key: Key


@dataclass(frozen=True, kw_only=True)
class ItemWriting:
    """A piece of an answer came: a token or a few."""

    run: str
    key: Key
    text: str


@dataclass(frozen=True, kw_only=True)
class ItemAnswered:
    """An answer is whole, and stored."""

    run: str
    answer: StoredAnswer

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        answer = self.answer
        return {
            "event": "item_answered",
            "run": self.run,
            "problem": answer.problem,
            "sample": answer.sample,
            "prompt_tokens": answer.prompt_tokens,
            "completion_tokens": answer.completion_tokens,
            "finish": answer.finish,
            "seconds": round(answer.finished - answer.started, 3),
            "attempts": answer.details.get("attempts", 1),
        }


@dataclass(frozen=True, kw_only=True)
class ItemJudged:
    """An answer's verdict is stored; or that there is none, with status "error"."""

    run: str
    verdict: StoredVerdict

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        verdict = self.verdict
        return {
            "event": "item_judged",
            "run": self.run,
            "problem": verdict.problem,
            "sample": verdict.sample,
            "passed": verdict.passed,
            "status": verdict.status,
            "detail": verdict.detail,
            "cpu_s": round(verdict.cpu_s, 4),
        }


@dataclass(frozen=True, kw_only=True)
class RunFinished:
    """A run is complete; of a sweep that goes on, also the runs that were complete before."""

    finished: EvaluationRun

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        run = self.finished
        return {"event": "run_finished", "run": run.id, "folder": str(run.folder), "summary": run.summary.as_json()}


@dataclass(frozen=True, kw_only=True)
class AnswersRead:
    """Two precisions read stored answers, to say how far they are apart.

    Args:
        first: The measure.
        other: The other.
        done: Answers read.
        total: Answers to read.
    """

    first: str
    other: str
    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Remarked:
    """Something that whoever started this should know, in words."""

    text: str

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"event": "remark", "text": self.text}


@dataclass(frozen=True, kw_only=True)
class SweepFinished:
    """All runs of a sweep are complete.

    Args:
        sweep: Its name.
        comparison: Its precisions beside each other; `None` with one.
    """

    sweep: str
    comparison: Comparison | None

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        result = None if self.comparison is None else self.comparison.as_json()
        return {"event": "comparison_finished", "comparison": self.sweep, "result": result}


@dataclass(frozen=True, kw_only=True)
class Stopped:
    """It did not come to its end; what was stored stays.

    Args:
        kind: Class of the error; "Interrupted" where the user said so.
        message: What is wrong.
        hint: The cure, when there is one.
        resume: What `--resume` takes to go on; `None` where nothing began.
    """

    kind: str
    message: str
    hint: str | None
    resume: str | None

    @classmethod
    def by(cls, error: GemsteadError, resume: str | None) -> Stopped:
        """Stopped by an error."""
        return cls(kind=type(error).__name__, message=error.message, hint=error.hint, resume=resume)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "event": "error",
            "kind": self.kind,
            "message": self.message,
            "hint": self.hint,
            "resume": self.resume,
        }


RunEvent = (
    SweepStarted | RunStarted | ItemAsked | ItemWriting | ItemAnswered | ItemJudged | RunFinished | AnswersRead
    | Remarked | SweepFinished | Stopped
)  # fmt: skip
Watch = Callable[[RunEvent], None]


def unwatched(event: RunEvent) -> None:
    """Nobody looks."""


def json_line(event: RunEvent) -> dict[str, Any] | None:
    """An event for scripts; `None` for one that is for screens alone."""
    if isinstance(event, ItemAsked | ItemWriting | AnswersRead):
        return None
    return {"schema": SCHEMA, "time": round(time.time(), 3), **event.as_json()}


@dataclass(kw_only=True)
class Standing:
    """Events added up: how things stand now.

    Args:
        clock: Seconds that only go forward.

    Attributes:
        sweep: Name of the sweep, if there is one.
        runs: Names of its runs.
        scores: Share solved and interval of every finished run, by name.
        run: What goes on now.
        keys: Its items.
        judged: Verdicts by item, errors included.
        asked: Items whose answers are not whole, and since when; the one longest in work first.
        waiting_for_judge: Items whose answers are there and not judged.
        texts: The end of what is being written, by item.
        recent: The last verdicts, the newest last.
        tokens: Written in this sitting, those of unfinished answers as far as they came.
        num_retries: Requests repeated, in the answers that are there.
        cost_usd: Of the answers that are there; `None` where no price is known.
        read: The newest `AnswersRead`.
        remarks: In their order.
    """

    clock: Callable[[], float] = time.monotonic
    sweep: str | None = None
    runs: tuple[str, ...] = ()
    scores: dict[str, tuple[float, Interval] | None] = field(default_factory=dict)
    run: StoredRun | None = None
    is_rescored: bool = False
    is_run_over: bool = False
    keys: tuple[Key, ...] = ()
    judged: dict[Key, StoredVerdict] = field(default_factory=dict)
    asked: dict[Key, float] = field(default_factory=dict)
    waiting_for_judge: set[Key] = field(default_factory=set)
    texts: dict[Key, str] = field(default_factory=dict)
    recent: deque[StoredVerdict] = field(default_factory=lambda: deque(maxlen=RECENT))
    tokens: int = 0
    num_retries: int = 0
    cost_usd: float | None = None
    read: AnswersRead | None = None
    remarks: list[str] = field(default_factory=list)
    _price: Price | None = None
    _pieces: dict[Key, int] = field(default_factory=dict)
    _is_streamed: bool = False
    _start: float = 0.0
    _num_before: int = 0
    _last_judged: float = 0.0

    def see(self, event: RunEvent) -> None:
        """Add one event."""
        match event:
            case SweepStarted():
                self.sweep, self.runs = event.sweep, event.runs
            case RunStarted():
                self._begin(event)
            case ItemAsked():
                self.asked.setdefault(event.key, self.clock())
                self.tokens -= self._pieces.pop(event.key, 0)
                self.texts.pop(event.key, None)
            case ItemWriting():
                if event.key not in self._pieces:
                    self.asked[event.key] = self.clock()  # what waits for its turn is not in work
                else:
                    self._is_streamed = True
                self.tokens += 1
                self._pieces[event.key] = self._pieces.get(event.key, 0) + 1
                self.texts[event.key] = (self.texts.get(event.key, "") + event.text)[-TAIL:]
            case ItemAnswered():
                key = event.answer.problem, event.answer.sample
                self._leave(key)
                self.tokens += event.answer.completion_tokens
                self.waiting_for_judge.add(key)
                self._count([event.answer])
            case ItemJudged():
                key = event.verdict.problem, event.verdict.sample
                self._leave(key)
                self.waiting_for_judge.discard(key)
                self.judged[key] = event.verdict
                self.recent.append(event.verdict)
                self._last_judged = self.clock()
            case RunFinished():
                self._end(event)
            case AnswersRead():
                self.read = event
            case Remarked():
                self.remarks.append(event.text)
            case SweepFinished() | Stopped():
                pass

    @property
    def total(self) -> int:
        """Items wanted."""
        return len(self.keys)

    @property
    def passed(self) -> int:
        """Judged and right."""
        return sum(v.passed for v in self.judged.values())

    @property
    def errors(self) -> int:
        """Not judged, through no fault of the answer."""
        return sum(v.status == "error" for v in self.judged.values())

    @property
    def failed(self) -> int:
        """Judged and not right."""
        return len(self.judged) - self.passed - self.errors

    @property
    def remaining(self) -> int:
        """Not judged yet."""
        return self.total - len(self.judged)

    @property
    def seconds(self) -> float:
        """Of this sitting at this run."""
        return self.clock() - self._start

    @property
    def in_work(self) -> list[Key]:
        """Items whose answers are being written; where they come in one piece, all that were asked for."""
        return [key for key in self.asked if key in self.texts] if self._is_streamed else list(self.asked)

    @property
    def place(self) -> tuple[int, int] | None:
        """Which run of how many, from 1."""
        if self.run is None or self.run.id not in self.runs:
            return None
        return self.runs.index(self.run.id) + 1, len(self.runs)

    @property
    def resume(self) -> str | None:
        """What `--resume` takes."""
        return self.sweep if self.sweep is not None else None if self.run is None else self.run.id

    @property
    def score(self) -> tuple[float, Interval] | None:
        """Share of what was judged so far that is right, and its Wilson interval; over problems, as in the summary.

        What is judged first is what was answered quickly, so that this is no forecast.
        """
        tallies: dict[str, list[bool]] = {}
        for (problem, _), verdict in self.judged.items():
            if verdict.status != "error":
                tallies.setdefault(problem, []).append(verdict.passed)
        if not tallies:
            return None
        mean = sum(sum(passed) / len(passed) for passed in tallies.values()) / len(tallies)
        return mean, wilson(round(mean * len(tallies)), len(tallies))

    @property
    def eta_s(self) -> float | None:
        """Seconds until all is judged, at the pace so far; `None` where that says nothing."""
        num_here = len(self.judged) - self._num_before
        if not self.remaining:
            return 0.0
        # Many answers are written at once: the first that is ready says little of how fast the others come.
        if num_here < max(1, LITTLE * (self.total - self._num_before)):
            return None
        pace_s = (self._last_judged - self._start) / num_here
        # Counts down between verdicts instead of growing until the next one.
        left_s = pace_s * self.remaining - (self.clock() - self._last_judged)
        return left_s if left_s > 0 else None  # one answer is much longer than the others were

    def _begin(self, event: RunStarted) -> None:
        self.run, self.keys, self.is_rescored, self.is_run_over = event.run, event.keys, event.is_rescored, False
        self.judged = dict(event.verdicts)
        self.asked, self.texts, self._pieces, self._is_streamed = {}, {}, {}, False
        self.waiting_for_judge = {key for key in event.answers if key not in event.verdicts}
        self.recent.clear()
        self.tokens = self.num_retries = 0
        self._price = None if event.is_rescored else price_of(event.run.model)
        self.cost_usd = None if self._price is None else 0.0
        self._count(list(event.answers.values()))
        self._start = self._last_judged = self.clock()
        self._num_before = len(self.judged)
        self.read = None

    def _end(self, event: RunFinished) -> None:
        summary = event.finished.summary
        has_score = summary.interval is not None and 1 in summary.pass_at
        self.scores[event.finished.id] = (
            (summary.pass_at[1], summary.interval) if has_score and summary.interval is not None else None
        )
        self.is_run_over = self.run is not None and self.run.id == event.finished.id

    def _leave(self, key: Key) -> None:
        """An item is no longer being answered; what it wrote is counted by its answer, not by its pieces."""
        self.asked.pop(key, None)
        self.texts.pop(key, None)
        self.tokens -= self._pieces.pop(key, 0)

    def _count(self, answers: Sequence[StoredAnswer]) -> None:
        self.num_retries += sum(max(0, int(a.details.get("attempts") or 1) - 1) for a in answers)
        if self._price is not None and self.cost_usd is not None:
            self.cost_usd += charge_of(answers, self._price, solved=()).total_usd
