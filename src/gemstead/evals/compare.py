"""Stored runs in, paired differences out: the same problems, answer by answer, with the tests that say what they mean.

A side is what is compared: one run, or several runs of different tasks that are pooled. The first side is the measure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gemstead.core.errors import BadRequest
from gemstead.evals.agreement import Agreement, AgreementFile, pooled
from gemstead.evals.defects import defective
from gemstead.evals.stats import (
    TOST_LEVEL,
    Equivalence,
    Interval,
    Pairs,
    bootstrap_difference,
    count_pairs,
    equivalence,
    mcnemar,
    paired_score_interval,
    wilson,
)
from gemstead.evals.store import Store, StoredAnswer, StoredRun, StoredVerdict, written_beside_the_store
from gemstead.evals.summary import covered_seconds

MARGIN = 0.02
SHOWN = 3  # of a long list of differences, in an error
Key = tuple[str, str, int]  # task, problem, sample


@dataclass(frozen=True, kw_only=True)
class Side:
    """What is compared.

    Args:
        label: For people.
        runs: One per task, in order of the tasks.
        answers: By task, problem and sample.
        verdicts: Of the scorings in force, likewise.
        folder: Where runs keep their files.
    """

    label: str
    runs: tuple[StoredRun, ...]
    answers: Mapping[Key, StoredAnswer]
    verdicts: Mapping[Key, StoredVerdict]
    folder: Path


@dataclass(frozen=True, kw_only=True)
class Score:
    """One side by itself.

    Args:
        label: For people.
        runs: Names of its runs.
        model: As a user would name it.
        precision: How its weights were held.
        num_problems: Problems judged.
        num_errors: Answers that could not be judged; they count neither way.
        pass_at_1: Mean over problems of the share of its samples that passed.
        interval: Its Wilson interval.
        num_sound: Problems judged that are not known to be defective.
        pass_at_1_sound: As `pass_at_1`, over those; `None` if there are none.
        completion_tokens: Tokens written.
        rate_tok_s: Per second in which at least one answer was being written.
        weight_bytes: Of all weights in memory; `None` where unknown, as of endpoints.
        peak_bytes: The most memory in use at once while it ran; `None` where not measured.
    """

    label: str
    runs: tuple[str, ...]
    model: str
    precision: str
    num_problems: int
    num_errors: int
    pass_at_1: float
    interval: Interval
    num_sound: int
    pass_at_1_sound: float | None
    completion_tokens: int
    rate_tok_s: float
    weight_bytes: int | None
    peak_bytes: int | None


@dataclass(frozen=True, kw_only=True)
class SoundDifference:
    """The same without the items that are known to be defective.

    Args:
        num_problems: Problems left.
        num_defective: Problems left out.
        points: As in `Difference`.
        lost: How many only the first solved.
        gained: How many only the other solved.
        interval: 95 % score interval of `points`; `None` with several samples.
        p_value: Exact McNemar, two-sided; `None` with several samples.
    """

    num_problems: int
    num_defective: int
    points: float
    lost: int
    gained: int
    interval: Interval | None
    p_value: float | None


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Another side against the first.

    Args:
        first: Label of the first.
        other: Label of the other.
        num_problems: Problems judged on both sides.
        num_left_out: Problems left out since an answer could not be judged on one side.
        points: pass@1 of the other minus that of the first, a share, over those problems.
        interval: 95 % bootstrap interval of it, over problems.
        score_interval: 95 % score interval of it, which holds also without flips; `None` with several samples.
        pairs: Who passed what; `None` with several samples a problem.
        gained: Problems only the other solved.
        lost: Problems only the first solved.
        p_value: Exact McNemar, two-sided; `None` with several samples a problem.
        equivalence: Whether they are equally good, give or take the margin.
        same_text: Share of answers that are the same, token for token; by their text where an endpoint tells no tokens.
        agreement: Of both models on the first one's answers; `None` where it was not measured.
        sound: Without defective items; `None` where none of the problems is known to be one, or all are.
    """

    first: str
    other: str
    num_problems: int
    num_left_out: int
    points: float
    interval: Interval
    score_interval: Interval | None
    pairs: Pairs | None
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    p_value: float | None
    equivalence: Equivalence
    same_text: float
    agreement: Agreement | None
    sound: SoundDifference | None


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """All sides, and each against the first.

    Args:
        tasks: What was asked.
        settings: How, the same for all.
        scores: One per side, the first one first.
        differences: One per further side.
    """

    tasks: tuple[str, ...]
    settings: Mapping[str, Any]
    scores: tuple[Score, ...]
    differences: tuple[Difference, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def read_side(store: Store, runs: str | Sequence[str], *, label: str | None = None) -> Side:
    """Read finished runs.

    Args:
        store: Where they are.
        runs: Names; in a text several are joined by "+".
        label: For people; by default model and precision.

    Raises:
        NotFound: There is no such run.
        BadRequest: One is not finished, or two are of one task or of different models.
    """
    found = tuple(store.run(name) for name in (runs.split("+") if isinstance(runs, str) else runs))
    if len({run.task for run in found}) < len(found):
        raise BadRequest(f"{'+'.join(r.id for r in found)} pools two runs of one task; pool runs of different tasks")
    held = {(run.model["name"], run.model["precision"], run.model["fingerprint"]) for run in found}
    if len(held) > 1:
        raise BadRequest(f"{'+'.join(r.id for r in found)} pools different models or precisions; they must be the same")
    answers: dict[Key, StoredAnswer] = {}
    verdicts: dict[Key, StoredVerdict] = {}
    for run in sorted(found, key=lambda run: run.task):
        of_run, said = store.verdicts(run.id, run.scoring), store.answers(run.id)
        missing = [key for key in said if key not in of_run]
        if missing or not of_run:
            raise BadRequest(
                f"{run.id} is not finished: {len(missing) or 'all'} answers are not judged",
                hint=f"`gemstead eval {run.task} --resume {run.id}` finishes it",
            )
        answers |= {(run.task, *key): answer for key, answer in said.items()}
        verdicts |= {(run.task, *key): verdict for key, verdict in of_run.items()}
    return Side(
        label=label or f"{Path(found[0].model['name']).name} {found[0].model['precision']}",
        runs=tuple(sorted(found, key=lambda run: run.task)),
        answers=answers,
        verdicts=verdicts,
        folder=store.file.parent / "runs",
    )


def read_sides(store: Store, name: str) -> list[Side]:
    """What a name means: a sweep is as many sides as precisions, anything else one.

    Raises:
        NotFound: There is no such run.
        BadRequest: It is not finished.
    """
    if not sweep_file(store, name).is_file():
        return [read_side(store, name)]
    # Only now: it brings all that runs are made with, which takes as long to load as a comparison.
    from gemstead.evals.sweep import find_sweep, sides_of

    sweep = find_sweep(name, store)
    assert sweep is not None
    return sides_of(sweep, store)


def sweep_file(store: Store, name: str) -> Path:
    """Where a sweep of that name is written down, if there is one."""
    return store.file.parent / "comparisons" / f"{Path(name).name}.json"


def check_same_questions(first: Side, other: Side) -> None:
    """Make sure that both sides were asked the same.

    Raises:
        BadRequest: They were not; the message names what differs.
    """
    differences: list[str] = []
    tasks = [[run.task for run in side.runs] for side in (first, other)]
    if tasks[0] != tasks[1]:
        differences.append(f"task is {', '.join(tasks[0])} and {', '.join(tasks[1])}")
    else:
        for a, b in zip(first.runs, other.runs, strict=True):
            versions = a.machine.get("task_version"), b.machine.get("task_version")
            if versions[0] != versions[1]:
                differences.append(f"version of {a.task} is {versions[0]} and {versions[1]}")
            # Which file the problems came from changes nothing: what was in it is in the task's version.
            names = sorted({*a.settings, *b.settings} - {"task", "data"})
            differences += [
                f"{name} is {a.settings.get(name)!r} and {b.settings.get(name)!r}"
                for name in names
                if a.settings.get(name) != b.settings.get(name)
            ]
    if not differences:
        only = [sorted(x.verdicts.keys() - y.verdicts.keys()) for x, y in ((first, other), (other, first))]
        differences += [
            f"{len(keys)} answers are only in {side.label}, the first to {keys[0][1]}"
            for side, keys in zip((first, other), only, strict=True)
            if keys
        ]
    if not differences:
        differences += _different_prompts(first, other) + _different_readings(first, other)
    if differences:
        more = f"; and {len(differences) - SHOWN} more" if len(differences) > SHOWN else ""
        raise BadRequest(
            f"{_names(first)} and {_names(other)} were not asked the same: {'; '.join(differences[:SHOWN])}{more}",
            hint="run both with the same settings, or name runs that were",
        )


def _names(side: Side) -> str:
    return "+".join(run.id for run in side.runs)


def _different_prompts(first: Side, other: Side) -> list[str]:
    """Models with other templates or tokenizers get other tokens for the same question; the same files must not."""
    if first.runs[0].model["fingerprint"] != other.runs[0].model["fingerprint"]:
        return []
    changed = [
        key
        for key in sorted(first.answers.keys() & other.answers.keys())
        if first.answers[key].prompt_ids != other.answers[key].prompt_ids
    ]
    return [f"the prompts of {len(changed)} problems, the first {changed[0][1]}"] if changed else []


def _different_readings(first: Side, other: Side) -> list[str]:
    versions = [sorted({v.extractor for v in side.verdicts.values()}) for side in (first, other)]
    if versions[0] == versions[1]:
        return []
    return [f"programs were taken out of answers by version {versions[0]} and {versions[1]}; `--rescore` both"]


def compare(sides: Sequence[Side], *, margin: float = MARGIN, seed: int = 0) -> Comparison:
    """Compare sides with the first, problem by problem.

    Args:
        sides: At least two.
        margin: Largest difference that counts as none, a share.
        seed: Of the bootstrap.

    Raises:
        BadRequest: Fewer than two sides, sides that were not asked the same, or a margin outside (0, 1).
    """
    if len(sides) < 2:
        named = _names(sides[0]) if sides else "RUN"
        raise BadRequest(
            f"{len(sides)} run to compare; at least 2 are needed",
            hint=f"`gemstead compare {named} OTHER`; `gemstead eval TASK --precision bf16,int8` makes runs to compare",
        )
    for other in sides[1:]:
        check_same_questions(sides[0], other)
    labels = _distinct([side.label for side in sides], [_names(side) for side in sides])
    scores = tuple(score(side, label) for side, label in zip(sides, labels, strict=True))
    differences = tuple(
        _difference(sides[0], other, (labels[0], label), margin, seed)
        for other, label in zip(sides[1:], labels[1:], strict=True)
    )
    settings = {k: v for k, v in sides[0].runs[0].settings.items() if k != "task"}
    return Comparison(
        tasks=tuple(run.task for run in sides[0].runs), settings=settings, scores=scores, differences=differences
    )


def _distinct(labels: Sequence[str], names: Sequence[str]) -> list[str]:
    return [label if labels.count(label) == 1 else name for label, name in zip(labels, names, strict=True)]


def score(side: Side, label: str) -> Score:
    """One side by itself.

    Raises:
        BadRequest: None of its answers was judged.
    """
    shares = _shares(side)
    if not shares:
        raise BadRequest(f"{_names(side)}: no answer was judged", hint="`--resume` tries again")
    mean = sum(shares.values()) / len(shares)
    bad = _defective(side)
    sound = [share for key, share in shares.items() if key not in bad]
    tokens = sum(answer.completion_tokens for answer in side.answers.values())
    seconds = sum(
        covered_seconds([(a.started, a.finished) for key, a in side.answers.items() if key[0] == run.task])
        for run in side.runs
    )
    about = side.runs[0].model
    peaks = [peak for run in side.runs if (peak := read_peak(side.folder / run.id)) is not None]
    return Score(
        label=label,
        runs=tuple(run.id for run in side.runs),
        model=about["name"],
        precision=about["precision"],
        num_problems=len(shares),
        num_errors=sum(v.status == "error" for v in side.verdicts.values()),
        pass_at_1=mean,
        interval=wilson(round(mean * len(shares)), len(shares)),
        num_sound=len(sound),
        pass_at_1_sound=sum(sound) / len(sound) if sound else None,
        completion_tokens=tokens,
        rate_tok_s=tokens / seconds if seconds > 0 else 0.0,
        weight_bytes=about["details"].get("weight_bytes"),
        peak_bytes=max(peaks, default=None),
    )


def _shares(side: Side) -> dict[tuple[str, str], float]:
    """Share of samples that passed by task and problem, of those that were judged."""
    tallies: dict[tuple[str, str], list[bool]] = {}
    for (task, problem, _), verdict in side.verdicts.items():
        if verdict.status != "error":
            tallies.setdefault((task, problem), []).append(verdict.passed)
    return {key: sum(passed) / len(passed) for key, passed in tallies.items()}


def _defective(side: Side) -> set[tuple[str, str]]:
    """Tasks and problems that are known to be defective."""
    return {(run.task, problem) for run in side.runs for problem in defective(run)}


def _sound_difference(
    of_first: Mapping[tuple[str, str], float], of_other: Mapping[tuple[str, str], float], bad: set[tuple[str, str]],
    *, is_sampled: bool,
) -> SoundDifference | None:  # fmt: skip
    """Over the problems that both sides have and that are not known to be defective."""
    common = [key for key in of_first if key in of_other]
    left = [(of_first[key], of_other[key]) for key in common if key not in bad]
    if not left or len(left) == len(common):
        return None
    pairs = None if is_sampled else count_pairs([a == 1 for a, _ in left], [b == 1 for _, b in left])
    return SoundDifference(
        num_problems=len(left),
        num_defective=len(common) - len(left),
        points=sum(b - a for a, b in left) / len(left),
        lost=sum(b < a for a, b in left),
        gained=sum(b > a for a, b in left),
        interval=None if pairs is None else paired_score_interval(pairs),
        p_value=None if pairs is None else mcnemar(pairs),
    )


def _difference(first: Side, other: Side, labels: tuple[str, str], margin: float, seed: int) -> Difference:
    of_first, of_other = _shares(first), _shares(other)
    common = [key for key in of_first if key in of_other]
    if not common:
        raise BadRequest(f"{_names(first)} and {_names(other)} have no problem that was judged in both")
    x, y = [of_first[key] for key in common], [of_other[key] for key in common]
    points = sum(b - a for a, b in zip(x, y, strict=True)) / len(common)
    pairs = score_interval = p_value = None
    if len(first.answers) == len({key[:2] for key in first.answers}):
        pairs = count_pairs([a == 1 for a in x], [b == 1 for b in y])
        score_interval, p_value = paired_score_interval(pairs), mcnemar(pairs)
        narrow = paired_score_interval(pairs, level=TOST_LEVEL)
    else:
        narrow = bootstrap_difference(x, y, seed=seed, level=TOST_LEVEL)
    rows = [
        row
        for a, b in zip(first.runs, other.runs, strict=True)
        for row in AgreementFile(agreement_file(first.folder, a.id, b.id)).rows().values()
    ]
    answers = [(first.answers[key], other.answers[key]) for key in first.answers if key in other.answers]
    return Difference(
        first=labels[0],
        other=labels[1],
        num_problems=len(common),
        num_left_out=len({key[:2] for key in first.answers}) - len(common),
        points=points,
        interval=bootstrap_difference(x, y, seed=seed),
        score_interval=score_interval,
        pairs=pairs,
        gained=tuple(key[1] for key in common if of_other[key] > of_first[key]),
        lost=tuple(key[1] for key in common if of_other[key] < of_first[key]),
        p_value=p_value,
        equivalence=equivalence(
            narrow,
            margin,
            difference=points,
            flip_rate=sum((b - a) ** 2 for a, b in zip(x, y, strict=True)) / len(common),
            num_problems=len(common),
        ),
        same_text=sum(_is_same(a, b) for a, b in answers) / max(1, len(answers)),
        # Half a measurement is none: rows of an interrupted one wait for the rest.
        agreement=pooled(rows) if len(rows) == len(first.answers) else None,
        sound=_sound_difference(of_first, of_other, _defective(first), is_sampled=pairs is None),
    )


def _is_same(a: StoredAnswer, b: StoredAnswer) -> bool:
    if a.text != b.text:
        return False
    are_known = all("request_sha256" not in answer.details for answer in (a, b))
    return not are_known or a.token_ids == b.token_ids


def agreement_file(folder: Path, first: str, other: str) -> Path:
    """Where the agreement of two runs is kept."""
    return folder / other / f"agreement-with-{first}.jsonl"


def read_peak(folder: Path) -> int | None:
    """The most memory a run needed at once, if it was measured."""
    file = folder / "peak.json"
    try:
        return int(json.loads(file.read_text())["peak_bytes"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_peak(folder: Path, num_bytes: int | None) -> None:
    """Keep it; of several sittings at one run the largest counts."""
    if num_bytes is not None:
        largest = max(num_bytes, read_peak(folder) or 0)
        with written_beside_the_store(folder / "peak.json") as file:
            file.write_text(json.dumps({"peak_bytes": largest}) + "\n", encoding="utf-8")
