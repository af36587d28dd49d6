"""A run's answers and verdicts in, its score out: with its count, its interval and what it cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from gemstead.evals.prices import Charge, Price, charge_of
from gemstead.evals.stats import Interval, mean_pass_at_k, wilson
from gemstead.evals.store import StoredAnswer, StoredVerdict
from gemstead.evals.task import Problem

PASS_AT = (1, 5, 10, 100)


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What a run says.

    Args:
        num_problems: Problems that were judged.
        num_samples: Answers that were judged.
        num_errors: Answers the harness could not judge; they count neither way.
        pass_at: Unbiased pass@k by k, for every k there are samples for.
        interval: Wilson interval of pass@1, over problems.
        pass_at_1_sound: pass@1 without the items known to be defective; `None` if none are left.
        num_sound: How many those are.
        pass_at_1_parts: For tasks judged in parts, the share that passes each but the last: all of them is `pass_at`.
        statuses: Verdicts by status.
        num_capped: Answers that ran into the token limit.
        num_open_thoughts: Answers that ended inside a thought.
        num_near_limit: Programs that needed more than half their time.
        prompt_tokens: Tokens read.
        completion_tokens: Tokens written.
        generation_s: Seconds in which at least one answer was being written.
        charge: What an endpoint charges for it; `None` where no price is known.
        days: First and last day on which the problems were published, where that is known.
        runs_programs: Whether answers are programs; otherwise they are compared, and nothing times out or crashes.
    """

    num_problems: int
    num_samples: int
    num_errors: int
    pass_at: Mapping[int, float]
    interval: Interval | None
    pass_at_1_sound: float | None
    num_sound: int
    pass_at_1_parts: Mapping[str, float]
    statuses: Mapping[str, int]
    num_capped: int
    num_open_thoughts: int
    num_near_limit: int
    prompt_tokens: int
    completion_tokens: int
    generation_s: float
    charge: Charge | None = None
    days: tuple[str, str] | None = None
    runs_programs: bool = True

    @property
    def rate_tok_s(self) -> float:
        """Tokens written per second while writing."""
        return self.completion_tokens / self.generation_s if self.generation_s > 0 else 0.0

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self) | {"rate_tok_s": self.rate_tok_s, "pass_at": {str(k): v for k, v in self.pass_at.items()}}


def summarise(
    problems: Sequence[Problem],
    answers: Mapping[tuple[str, int], StoredAnswer],
    verdicts: Mapping[tuple[str, int], StoredVerdict],
    *,
    price: Price | None = None,
) -> Summary:
    """Score what has been judged so far, and count its cost where there is a price."""
    judged = {key: v for key, v in verdicts.items() if v.status != "error"}
    counts: dict[str, list[int]] = {}
    for (problem, _), verdict in judged.items():
        tally = counts.setdefault(problem, [0, 0])
        tally[0] += 1
        tally[1] += verdict.passed
    pairs = [(total, passed) for total, passed in counts.values()]
    fewest = min((total for total, _ in pairs), default=0)
    defective = {p.id for p in problems if p.known_defect is not None}
    sound = [(total, passed) for name, (total, passed) in counts.items() if name not in defective]
    pass_at = {k: mean_pass_at_k(pairs, k) for k in PASS_AT if k <= fewest}
    return Summary(
        num_problems=len(pairs),
        num_samples=len(judged),
        num_errors=len(verdicts) - len(judged),
        pass_at=pass_at,
        # With several samples a problem, problems are still the independent draws.
        interval=wilson(round(pass_at[1] * len(pairs)), len(pairs)) if pairs else None,
        pass_at_1_sound=mean_pass_at_k(sound, 1) if sound else None,
        num_sound=len(sound),
        pass_at_1_parts=_part_scores(problems, judged),
        statuses=dict(Counter(v.status for v in verdicts.values())),
        num_capped=sum(a.finish == "length" for a in answers.values()),
        num_open_thoughts=sum(a.is_thought_open for a in answers.values()),
        num_near_limit=sum(v.is_near_limit for v in judged.values()),
        prompt_tokens=sum(a.prompt_tokens for a in answers.values()),
        completion_tokens=sum(a.completion_tokens for a in answers.values()),
        generation_s=covered_seconds([(a.started, a.finished) for a in answers.values()]),
        charge=None if price is None else charge_of(answers.values(), price, solved=_solved(judged)),
        days=_days(problems, counts),
        runs_programs=not problems or any(p.oracle is None for p in problems),
    )


def _solved(judged: Mapping[tuple[str, int], StoredVerdict]) -> set[str]:
    """Problems solved at least once."""
    return {problem for (problem, _), verdict in judged.items() if verdict.passed}


def _days(problems: Sequence[Problem], judged: Iterable[str]) -> tuple[str, str] | None:
    """First and last day of the judged problems."""
    dates = {p.id: p.date for p in problems if p.date is not None}
    found = [dates[name] for name in judged if name in dates]
    return (min(found), max(found)) if found else None


def _part_scores(problems: Sequence[Problem], judged: Mapping[tuple[str, int], StoredVerdict]) -> dict[str, float]:
    """pass@1 by each part but the last, which is all of it."""
    names = next((p.parts for p in problems if p.parts), ())
    scores = {}
    for name in names[:-1]:
        tallies: dict[str, list[int]] = {}
        for (problem, _), verdict in judged.items():
            tally = tallies.setdefault(problem, [0, 0])
            tally[0] += 1
            tally[1] += name in verdict.parts
        if tallies:
            scores[name] = mean_pass_at_k([(total, passed) for total, passed in tallies.values()], 1)
    return scores


def covered_seconds(spans: Sequence[tuple[float, float]]) -> float:
    """Length of the union of time spans; pauses between them, as after a kill, do not count."""
    total, end = 0.0, float("-inf")
    for start, stop in sorted(spans):
        total += max(0.0, stop - max(start, end))
        end = max(end, stop)
    return total
