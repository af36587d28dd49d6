"""HumanEval+: what it asks is HumanEval's, what it judges by is its own inputs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from gemstead.core.errors import NotFound
from gemstead.core.requests import Sampling
from gemstead.evals.defects import KNOWN_DEFECTS
from gemstead.evals.published import read_rows, rows_digest
from gemstead.evals.references import References
from gemstead.evals.score import Job, Judge
from gemstead.evals.tasks.humaneval import HumanEval
from gemstead.evals.tasks.humaneval_plus import FILE, HumanEvalPlus
from tests.sandbox.rungs import require
from tests.shared_data import SHARED, needs_shared

DATA = SHARED / "data" / "HumanEvalPlus.jsonl.gz"
pytestmark = needs_shared


@pytest.fixture(scope="module")
def task() -> HumanEvalPlus:
    return HumanEvalPlus(DATA)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    require("landlock")
    with Judge(workers=2, references=References(tmp_path_factory.mktemp("references"))) as judge:
        yield judge


def test_the_file_is_the_published_one_and_the_version_follows_it(task: HumanEvalPlus, tmp_path: Path) -> None:
    assert rows_digest(read_rows(DATA)) == FILE.rows_sha256
    assert task.version == f"1-{FILE.rows_sha256[:16]}"
    mini = HumanEvalPlus(SHARED / "data" / "HumanEvalPlus-Mini.jsonl.gz")
    assert mini.version != task.version and len(mini.problems()) == 164


def test_the_other_published_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="field base_input is missing") as caught:
        HumanEvalPlus(SHARED / "data" / "HumanEvalPlus-OriginFmt.jsonl.gz")
    assert "hint: give the published file HumanEvalPlus.jsonl.gz" in str(caught.value)


def test_it_asks_what_humaneval_asks_save_for_one_corrected_prompt(task: HumanEvalPlus) -> None:
    original = HumanEval()
    differ = []
    for mine, its in zip(task.problems(), original.problems(), strict=True):
        assert (mine.id, mine.entry_point) == (its.id, its.entry_point)
        asked = [
            t.request(p, style=style, thinking=False, sampling=Sampling(), max_tokens=9)
            for t, p in ((task, mine), (original, its))
            for style in ("chat", "base")
        ]
        if asked[:2] != asked[2:]:
            differ.append(mine.id)
    assert differ == ["HumanEval/115"]


def test_base_inputs_are_few_and_plus_inputs_many(task: HumanEvalPlus) -> None:
    parts = [p.cases.parts for p in task.problems() if p.cases is not None]
    assert len(parts) == 164
    assert sum(len(part["base"]) for part in parts) == 1570
    assert sum(len(part["plus"]) for part in parts) == 122683


def test_roots_and_tolerances(task: HumanEvalPlus) -> None:
    cases = {p.id: p.cases for p in task.problems() if p.cases is not None}
    assert [name for name, c in cases.items() if c.rule != "equal"] == ["HumanEval/32"]
    assert {name: c.atol for name, c in cases.items() if c.atol} == {
        "HumanEval/2": 1e-6,
        "HumanEval/4": 1e-6,
        "HumanEval/32": 1e-4,
    }


def test_defects_are_told(task: HumanEvalPlus) -> None:
    told = {p.id for p in task.problems() if p.known_defect}
    assert told == set(KNOWN_DEFECTS["humaneval+"])


def test_a_sample_of_canonical_solutions_passes_and_of_humanevals_own_fails(task: HumanEvalPlus, judge: Judge) -> None:
    problems = {p.id: p for p in task.problems()}
    chosen = [problems[f"HumanEval/{n}"] for n in (0, 2, 4, 10, 32, 38, 50, 53, 115, 116, 124, 129, 163)]
    assert judge.check_canonical(chosen).failures == ()
    own = {p.id: p.canonical for p in HumanEval().problems()}
    for number, detail in ((22, "filter_integers([True, False"), (97, "multiply(-6, -9) is 4, not 54")):
        about = problems[f"HumanEval/{number}"]
        verdict = judge.submit(Job(key="own", problem=about, program=own[about.id])).result()
        assert (verdict.status, verdict.parts) == ("wrong", ("base",)) and detail in verdict.detail


@pytest.mark.slow
def test_every_canonical_solution_passes(task: HumanEvalPlus, judge: Judge) -> None:
    report = judge.check_canonical(task.problems())
    assert report.failures == () and len(report.verdicts) == 164
    # Again, as answers to the references that are known now: the values repeat.
    jobs = [Job(key=p.id, problem=p, program=p.canonical) for p in task.problems()]
    assert [v for v in judge.judge(jobs) if not v.passed] == []


@pytest.mark.slow
def test_twenty_of_humanevals_own_solutions_fail_and_all_pass_the_base_inputs(
    task: HumanEvalPlus, judge: Judge
) -> None:
    own = {p.id: p.canonical for p in HumanEval().problems()}
    verdicts = list(judge.judge(Job(key=p.id, problem=p, program=own[p.id]) for p in task.problems()))
    failed = [int(v.key.rpartition("/")[2]) for v in verdicts if not v.passed]
    assert failed == [22, 32, 44, 49, 55, 63, 64, 76, 91, 95, 97, 111, 122, 123, 124, 125, 127, 132, 140, 150]
    assert all("base" in v.parts for v in verdicts)


@pytest.mark.slow
def test_expected_values_are_those_the_release_publishes(task: HumanEvalPlus) -> None:
    """The release's other form lists inputs and results as Python; large results it computes itself, as we do."""
    compared = 0
    rows = read_rows(SHARED / "data" / "HumanEvalPlus-OriginFmt.jsonl.gz")
    for row, problem in zip(rows, task.problems(), strict=True):
        found = published_literals(row["test"])
        if "results" not in found:
            continue
        space: dict[str, object] = {}
        exec(compile(problem.canonical, problem.id, "exec"), space)
        for args, want in zip(found["inputs"], found["results"], strict=True):
            assert space[problem.entry_point](*args) == want, problem.id  # type: ignore[operator]
            compared += 1
    assert compared > 100_000


def published_literals(test: str) -> dict[str, list[object]]:
    """`inputs` and `results` of a test, as far as it lists them."""
    found = {}
    for node in ast.walk(ast.parse(test)):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("inputs", "results"):
            value = eval(compile(ast.Expression(node.value), "test", "eval"), {"inf": float("inf")})
            found[node.targets[0].id] = value  # type: ignore[attr-defined]
    return found
