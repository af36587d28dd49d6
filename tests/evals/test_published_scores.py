"""Theirs stay theirs: a published figure is comparable only when its setting says so."""

from __future__ import annotations

import csv

import pytest

from gemstead.evals.published_scores import PublishedScore, beside, model_key, obstacles, published_scores, relation
from tests.shared_data import REFERENCE, needs_shared

GREEDY = {"temperature": 0.0, "thinking": False}


def row(setting: str, **changes: object) -> PublishedScore:
    values = {"model": "Gemma 3", "variant": "27B IT", "benchmark": "HumanEval", "score": 87.8, "setting": setting,
              "source": "a paper", "source_date": "2025"}  # fmt: skip
    return PublishedScore(**(values | changes))  # type: ignore[arg-type]


@needs_shared
def test_the_table_is_the_reference_table() -> None:
    with (REFERENCE / "published_scores.csv").open(encoding="utf-8", newline="") as stream:
        theirs = list(csv.DictReader(stream))
    assert [(p.name, p.benchmark, p.score, p.source) for p in published_scores()] == [
        (f"{t['model']} {t['variant']}".strip(), t["benchmark"], float(t["score"]), t["source"]) for t in theirs
    ]


def test_every_row_has_a_source_and_a_date_and_most_a_method() -> None:
    rows = published_scores()
    assert len(rows) == 391 and all(p.source and p.source_date for p in rows)
    without = {(p.name, p.score) for p in rows if not p.has_method}
    assert ("GPT-4o", 58.0) in without and ("Gemma 4 31B", 94.1) in without and len(without) < 12


def test_figures_that_cannot_all_be_right_say_so() -> None:
    found = {(p.name, p.score): p.contradicted_by for p in published_scores() if p.benchmark == "HumanEval"}
    assert found["Llama 3.1 8B Instruct", 59.8] == (72.6, 70.7, 69.5)
    assert found["llama-3.1-8b-instruct", 72.6] == (69.5, 59.8), "another spelling of the same model"
    assert found["Gemma 3 27B IT", 87.8] == (37.0,)
    assert found["Gemma 3 12B IT", 85.4] == ()


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("google/gemma-3-27b-it", "Gemma 3 27B IT", True),
        ("Gemma 3 27B", "Gemma 3 27B IT", True),
        ("Gemma 3 27B PT", "Gemma 3 27B IT", False),
        ("gpt-4o-2024-08-06 API", "GPT-4o", True),
        ("gpt-4o-mini-2024-07-18", "GPT-4o", False),
        ("Llama 3.1 8b as reported by its maker", "llama-3.1-8b-instruct", True),
    ],
)
def test_one_model_has_one_key(one: str, other: str, is_same: bool) -> None:
    assert (model_key(one) == model_key(other)) is is_same


def test_nothing_published_is_comparable_with_ours_yet() -> None:
    for task in ("humaneval", "humaneval+", "mbpp", "mbpp+", "gsm8k", "livecodebench"):
        rows = beside(task, "pebble", GREEDY)
        assert rows and not [r for r in rows if r.is_comparable]
    assert beside("another", "pebble", GREEDY) == ()


def test_a_setting_that_says_everything_and_the_same_is_comparable() -> None:
    said = "gemstead, 0-shot, greedy, pass@1"
    assert obstacles(row(said), "humaneval", GREEDY) == ()
    assert obstacles(row(said), "mbpp", GREEDY) == (
        "which of MBPP's problems is not stated, ours are the 427 sanitized",
    )


@pytest.mark.parametrize(
    ("setting", "task", "says"),
    [
        ("0-shot, greedy", "humaneval", "another prompt, or none published"),
        ("gemstead, 3-shot, greedy", "mbpp", "3-shot, ours is 0-shot"),
        ("gemstead, 0-shot, sampling", "humaneval", "sampling, ours is greedy"),
        ("gemstead, greedy", "humaneval", "shots not stated"),
        ("gemstead, 0-shot", "humaneval", "decoding not stated"),
        ("gemstead, 0-shot, greedy, pass@5", "humaneval", "pass@5, ours is pass@1"),
        ("gemstead, 0-shot, greedy, chain of thought", "humaneval", "the model reasons first, ours does not"),
    ],
)
def test_what_differs_is_told(setting: str, task: str, says: str) -> None:
    assert says in obstacles(row(setting), task, GREEDY)


def test_without_a_method_nothing_else_matters() -> None:
    assert obstacles(row("gemstead, 0-shot, greedy", has_method=False), "humaneval", GREEDY) == ("no method is given",)


def test_the_same_model_comes_first() -> None:
    rows = beside("humaneval", "/models/gemma-3-27b-it", GREEDY)
    assert [r.relation for r in rows[:2]] == ["same model"] * 2 and rows[0].published.score == 87.8
    assert relation(row("x"), "pebble") == "same family"
