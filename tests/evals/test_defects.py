"""Defective items: every task has its list, and every score and difference is given without them too."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gemstead.cli.main import app
from gemstead.evals.compare import Comparison, compare, read_side
from gemstead.evals.defects import KNOWN_DEFECTS, defective
from gemstead.evals.report import build_report, select
from gemstead.evals.report_page import render_report
from gemstead.evals.run import finished_run
from gemstead.evals.stats import Pairs, mcnemar, paired_score_interval
from gemstead.evals.store import Store
from gemstead.evals.tasks import TASKS
from gemstead.evals.words import meaning
from tests.evals.stored_runs import keep_run

NUM = 50
BAD = (22, 32, 33, 38, 44, 47, 49)  # of the first fifty


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """The second run loses 1, 2, 47 and 49, and gains 0; two of the lost ones are defective."""
    store = Store(tmp_path / "runs.sqlite")
    first = [n not in (0, 22) for n in range(NUM)]
    keep_run(store, "first", first, limit=NUM)
    second = [(passed and n not in (1, 2, 47, 49)) or n == 0 for n, passed in enumerate(first)]
    keep_run(store, "second", second, precision="int4", limit=NUM)
    return store


def compared(store: Store) -> Comparison:
    return compare([read_side(store, "first"), read_side(store, "second")])


def test_every_task_has_a_list_and_its_problems_carry_it(store: Store) -> None:
    assert set(KNOWN_DEFECTS) == set(TASKS)
    assert {f"HumanEval/{n}" for n in BAD} == {d for d in defective(store.run("first")) if int(d[10:]) < NUM}


def test_a_comparison_gives_scores_and_difference_without_them(store: Store) -> None:
    found = compared(store)
    assert [s.num_sound for s in found.scores] == [NUM - 7] * 2
    assert [s.pass_at_1_sound for s in found.scores] == [pytest.approx(42 / 43), pytest.approx(41 / 43)]
    assert (len(found.differences[0].lost), len(found.differences[0].gained)) == (4, 1)
    sound = found.differences[0].sound
    assert sound is not None
    assert (sound.num_problems, sound.num_defective, sound.lost, sound.gained) == (43, 7, 2, 1)
    pairs = Pairs(both=40, only_first=2, only_other=1, neither=0)
    assert sound.points == pytest.approx(-1 / 43) and sound.p_value == mcnemar(pairs)
    assert sound.interval == paired_score_interval(pairs)
    assert (
        meaning(found.differences[0])
        .remarks[-1]
        .startswith(
            "Without the 7 items known to be defective, of 43: 2 lost, 1 gained, McNemar p 1.000, -2.3 points ("
        )
    )


def test_a_summary_says_the_same_as_a_comparison(store: Store) -> None:
    for name, score in zip(("first", "second"), compared(store).scores, strict=True):
        summary = finished_run(store, name).summary
        assert (summary.num_sound, summary.pass_at_1_sound) == (score.num_sound, score.pass_at_1_sound)


def test_the_command_and_the_report_say_so(store: Store) -> None:
    ended = CliRunner().invoke(app, ["compare", "first", "second", "--store", str(store.file)])
    said = " ".join(ended.stdout.split())
    assert "without items known to be defective: pebble bf16 97.7% of 43, pebble int4 95.3% of 43" in said
    assert "Without the 7 items known to be defective, of 43: 2 lost, 1 gained" in said
    report = build_report(select(store, ["first", "second"]))
    page = render_report(report)
    assert "97.7\u00a0% without 7 defective items" in page and "of 43: 2 lost, 1 gained" in page
    told = report.as_json()
    assert told["scores"][0]["num_sound"] == 43 and told["comparison"]["differences"][0]["sound"]["lost"] == 2


def test_with_several_samples_there_is_no_test_but_still_a_difference(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    asked = {"limit": 33, "samples": 2, "temperature": 0.8}
    keep_run(store, "first", [True] * 66, **asked)
    keep_run(store, "second", [True, False] * 33, precision="int8", **asked)
    sound = compared(store).differences[0].sound
    assert sound is not None and (sound.num_problems, sound.num_defective) == (31, 2)
    assert (sound.points, sound.interval, sound.p_value) == (-0.5, None, None)


def test_without_a_defective_item_nothing_is_said(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    keep_run(store, "first", [True] * 10, limit=10)
    keep_run(store, "second", [False] * 10, precision="int8", limit=10)
    found = compared(store)
    assert found.differences[0].sound is None and found.scores[0].num_sound == 10
    assert "defective" not in " ".join(meaning(found.differences[0]).remarks)


def test_a_run_that_noted_its_defective_items_is_believed(store: Store) -> None:
    run = store.run("first")
    noted = dataclasses.replace(run, machine={**run.machine, "known_defects": ["a"]})
    assert defective(noted) == {"a"}
    assert defective(dataclasses.replace(run, machine={**run.machine, "known_defects": []})) == frozenset()
    assert defective(dataclasses.replace(run, task="unheard-of")) == frozenset()
