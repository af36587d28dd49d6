"""Defective items: every task has its list, and every score and difference is given without them too."""

from __future__ import annotations

import ast
import dataclasses
import json
import re
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
from tests.shared_data import SHARED, needs_shared

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


# What each reason rests on, word for word: of the question, of the working, and what is published as the answer.
GSM8K = {
    93: ("improved his speed by 10%", "10% of 40 seconds is 40*0.1", "36"),
    119: ("30 percent higher than Lylah's", "Lylah's salary was 30% less", "95200"),
    255: ("Ten stalls have 20 cows each", "each stall gets 40/10", "192"),
    371: ("How many tennis shoes were sold", "50 pairs of shoe were sold", "50"),
    423: ("how much more do jogger jeans originally cost", "jogger jeans originally cost $32 - $24", "8"),
    454: ("each eat 4 apples a day", "eat 4 + 1 =", "150"),
    640: ("a towing package", "$30,000+$7500+$2500+$2000+$1500", "43,500"),
    649: ("the number of likes was 70 times as many as the initial", "is 140000+2000 =", "162000"),
    675: ("Each dog needs one toy", "There are 36 total toys", "33"),
    749: ("separated into six groups of equal size", "54/6 =", "3"),
    952: ("from 8:00 AM until 11:00 PM", "From 8am - 11am", "360"),
    988: ("How many shoes can she buy", "6 pair of shoes", "6"),
    1038: ("how long would it take", "300,000/50,000=", "4"),
    1042: ("1.5 times as much as he won in the second race", "won $11 because", "3"),
}


@needs_shared
def test_what_is_said_of_gsm8k_stands_in_the_published_file() -> None:
    listed = {int(name.removeprefix("GSM8K/")) for name in KNOWN_DEFECTS["gsm8k"]}
    assert listed == set(GSM8K)
    rows = [json.loads(line) for line in (SHARED / "data" / "gsm8k_test.jsonl").read_text().splitlines()]
    for number, (asked, worked, answer) in GSM8K.items():
        assert asked in rows[number]["question"], number
        working, _, published = rows[number]["answer"].partition("#### ")
        assert worked in re.sub(r"<<[^<>]*>>", "", working).replace("  ", " "), number
        assert published == answer, number


@needs_shared
def test_every_annotation_of_gsm8k_holds_so_that_none_is_defective_for_its_arithmetic() -> None:
    num_checked = 0
    for line in (SHARED / "data" / "gsm8k_test.jsonl").read_text().splitlines():
        for annotation in re.findall(r"<<([^<>]*)>>", json.loads(line)["answer"]):
            terms = [
                re.sub(r"(?<![\d.])0+(\d)", r"\1", t.replace("%", "/100").replace(",", ""))
                for t in annotation.split("=")
            ]
            values = [arithmetic(term) for term in terms]
            assert all(abs(value - values[-1]) < 0.006 for value in values), annotation
            num_checked += 1
    assert num_checked > 4000


def arithmetic(term: str) -> float:
    """Numbers, brackets and the four operations."""

    def value(node: ast.expr) -> float:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.UnaryOp(op=sign, operand=operand):
                return value(operand) * (-1 if isinstance(sign, ast.USub) else 1)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return value(left) + value(right)
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                return value(left) - value(right)
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return value(left) * value(right)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return value(left) / value(right)
        raise ValueError(ast.dump(node))

    return value(ast.parse(term.strip(), mode="eval").body)


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
