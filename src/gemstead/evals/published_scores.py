"""What others say that models score: one table, each row with its setting and source, judged against a run of ours.

A row is theirs and stays theirs. It counts as comparable only when its setting says everything that moves a score, and
says the same as ours; what is missing or different is told. Rows without a method and rows that contradict each other
are marked.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

FILE = Path(__file__).parent / "published_scores.csv"
BENCHMARKS: Mapping[str, str] = {
    "humaneval": "HumanEval",
    "humaneval+": "HumanEval+",
    "mbpp": "MBPP",
    "mbpp+": "MBPP+",
    "gsm8k": "GSM8K",
    "livecodebench": "LiveCodeBench",
}
"""Names of our tasks -> what the benchmark begins with there."""
REASONED = frozenset({"gsm8k"})
"""Tasks whose answers reason in words, whether the model thinks first or not."""
CONTRADICTION_POINTS = 3.0
"""Two figures for one model and benchmark that lie further apart than this many points contradict each other."""

Relation = Literal["same model", "same family", "other model"]


@dataclass(frozen=True, kw_only=True)
class PublishedScore:
    """A row of the table.

    Args:
        model: Name of the model.
        variant: Size and kind, such as "31B IT"; may be empty.
        benchmark: Name of the benchmark.
        score: In percent.
        setting: How it was measured, in the words of the table.
        source: Where it was found.
        source_date: When that was written; a year, a month or a day.
        has_method: Whether anybody says how the figure came about.
        contradicted_by: Other figures for the same model and benchmark, in percent, which cannot all be right.
    """

    model: str
    variant: str
    benchmark: str
    score: float
    setting: str
    source: str
    source_date: str
    has_method: bool = True
    contradicted_by: tuple[float, ...] = ()

    @property
    def name(self) -> str:
        """Model and variant."""
        return f"{self.model} {self.variant}".strip()


@dataclass(frozen=True, kw_only=True)
class Beside:
    """A published score beside a run.

    Args:
        published: Theirs.
        relation: How its model is related to ours.
        obstacles: Why it is not comparable; empty if it is.
    """

    published: PublishedScore
    relation: Relation
    obstacles: tuple[str, ...]

    @property
    def is_comparable(self) -> bool:
        """Whether both figures measure the same."""
        return not self.obstacles


@cache
def published_scores() -> tuple[PublishedScore, ...]:
    """All rows, in order of the table, each knowing who contradicts it."""
    with FILE.open(encoding="utf-8", newline="") as stream:
        rows = [
            PublishedScore(
                model=row["model"],
                variant=row["variant"],
                benchmark=row["benchmark"],
                score=float(row["score"]),
                setting=row["setting"].removeprefix("DO NOT USE: "),
                source=row["source"],
                source_date=row["source_date"],
                has_method=_has_method(row["setting"], row["source"]),
            )
            for row in csv.DictReader(stream)
        ]
    same: dict[tuple[str, str], list[float]] = {}
    for score in rows:
        same.setdefault((model_key(score.name), score.benchmark), []).append(score.score)
    return tuple(
        replace(score, contradicted_by=_contradictions(score.score, same[model_key(score.name), score.benchmark]))
        for score in rows
    )


def beside(task: str, model: str, settings: Mapping[str, Any]) -> tuple[Beside, ...]:
    """The published scores for a task, those of the same model first, the highest first among equals.

    Args:
        task: Name of one of our tasks; others have no rows.
        model: As the user named it: a folder, a Hub id, "pebble".
        settings: How ours was asked.
    """
    benchmark = BENCHMARKS.get(task)
    order: tuple[Relation, ...] = ("same model", "same family", "other model")
    found = [
        Beside(published=row, relation=relation(row, model), obstacles=obstacles(row, task, settings))
        for row in published_scores()
        if benchmark is not None and _is_of(row.benchmark, benchmark)
    ]
    return tuple(sorted(found, key=lambda b: (order.index(b.relation), -b.published.score)))


def relation(row: PublishedScore, model: str) -> Relation:
    """How a row's model is related to one of ours."""
    ours, theirs = model_key(Path(model).name), model_key(row.name)
    if ours == theirs:
        return "same model"
    return "same family" if theirs.startswith("gemma") else "other model"


def model_key(name: str) -> str:
    """One spelling for one model: `google/gemma-3-27b-it`, `Gemma 3 27B IT` and `Gemma 3 27B` are the same.

    Release dates and "instruct" do not make another model; "PT", for base models, and "mini" do.
    """
    text = re.sub(r"\((?:[^)]*)\)|\bAPI\b|as reported by its maker", " ", name)
    text = re.sub(r"[-@]?\b(?:20\d\d-?\d\d-?\d\d)\b", " ", text).lower().rpartition("/")[2]
    words = [word for word in re.split(r"[^a-z0-9.+]+", text) if word and word not in {"it", "instruct", "instruction"}]
    return "".join(words)


def obstacles(row: PublishedScore, task: str, settings: Mapping[str, Any]) -> tuple[str, ...]:
    """Why a published figure cannot be held against ours; nothing means that it can."""
    text = row.setting.lower()
    found: list[str] = []
    if not row.has_method:
        return ("no method is given",)
    if "gemstead" not in text:
        found.append("another prompt, or none published")
    shots = re.search(r"(\d+)[- ]shot", text)
    if shots is None:
        found.append("shots not stated")
    elif shots[1] != "0":
        found.append(f"{shots[1]}-shot, ours is 0-shot")
    ours = "greedy" if settings.get("temperature", 0) == 0 else "sampling"
    theirs = next((word for word in ("greedy", "sampling") if word in text), None)
    if theirs is None:
        found.append("decoding not stated")
    elif theirs != ours:
        found.append(f"{theirs}, ours is {ours}")
    at_k = re.search(r"pass@(\d+)", text)
    if at_k is not None and at_k[1] != "1":
        found.append(f"pass@{at_k[1]}, ours is pass@1")
    thinks = bool(re.search(r"(?<!no )\b(?:thinking|reasoning|chain of thought|cot)\b", text))
    if thinks and "not stated" not in text and not settings.get("thinking", False) and task not in REASONED:
        found.append("the model reasons first, ours does not")
    if task == "mbpp" and "sanitized" not in text:
        found.append("which of MBPP's problems is not stated, ours are the 427 sanitized")
    return tuple(found)


def _is_of(benchmark: str, ours: str) -> bool:
    return benchmark == ours or benchmark.startswith((f"{ours} ", f"{ours}("))


def _has_method(setting: str, source: str) -> bool:
    words = f"{setting} {source}".lower()
    return not any(mark in words for mark in ("do not use", "without method", "no source given", "no method"))


def _contradictions(score: float, others: Sequence[float]) -> tuple[float, ...]:
    return tuple(sorted({other for other in others if abs(other - score) > CONTRADICTION_POINTS}, reverse=True))
