"""MBPP, sanitized: what is asked, which function is meant, and that asserts are judged as written."""

from __future__ import annotations

import ast
import json
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from gemstead.core.errors import BadRequest, NotFound
from gemstead.core.requests import Sampling
from gemstead.evals.defects import KNOWN_DEFECTS
from gemstead.evals.references import References
from gemstead.evals.score import Job, Judge
from gemstead.evals.task import Problem
from gemstead.evals.tasks.mbpp import FILE, STOP_STRINGS, Mbpp, assert_test, called_name
from tests.sandbox.rungs import require
from tests.shared_data import SHARED, needs_shared

DATA = SHARED / "data" / "sanitized-mbpp.json"
pytestmark = needs_shared


@pytest.fixture(scope="module")
def task() -> Mbpp:
    return Mbpp(DATA)


@pytest.fixture(scope="module")
def problems(task: Mbpp) -> dict[str, Problem]:
    return {p.id: p for p in task.problems()}


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    require("landlock")
    with Judge(workers=2, references=References(tmp_path_factory.mktemp("references"))) as judge:
        yield judge


def test_all_427_tasks_are_there_in_published_order(task: Mbpp) -> None:
    rows = json.loads(DATA.read_text("utf-8"))
    assert [p.id for p in task.problems()] == [f"Mbpp/{row['task_id']}" for row in rows]
    assert len(rows) == 427 and task.version == f"1-{FILE.rows_sha256[:16]}"


def test_the_function_is_the_one_that_the_asserts_call(task: Mbpp) -> None:
    for problem in task.problems():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(problem.canonical)
        defined = {n.name for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
        assert problem.entry_point in defined, problem.id


def test_a_built_in_name_counts_only_where_there_is_no_other() -> None:
    assert called_name(["assert set(f(1)) == set((4, 5))", "assert f(sorted([2]))"]) == "f"
    assert called_name(["assert sum(10, 15) == 6"]) == "sum"
    assert called_name(["assert isclose(f(1), 2)"], ["from math import isclose"]) == "f"
    assert called_name(["assert f(g(1))"]) is None and called_name(["assert 1"]) is None and called_name([]) is None


def test_a_chat_is_told_words_name_and_every_assert(task: Mbpp, problems: dict[str, Problem]) -> None:
    request = task.request(problems["Mbpp/6"], style="chat", thinking=True, sampling=Sampling(), max_tokens=7)
    assert request.messages is not None and len(request.messages) == 1 and request.stop == () and request.thinking
    content = request.messages[0].content or ""
    assert content.startswith("Write a python function to check whether the two numbers differ at one bit position")
    assert "called `differ_At_One_Bit_Pos`" in content and content.count("\nassert ") == 6


def test_a_base_model_continues_a_docstring(task: Mbpp, problems: dict[str, Problem]) -> None:
    request = task.request(problems["Mbpp/2"], style="base", thinking=False, sampling=Sampling(), max_tokens=7)
    assert request.text == (
        '"""\nWrite a function to find the shared elements from the given two lists.\n'
        "assert set(similar_elements((3, 4, 5, 6),(5, 7, 4, 10))) == set((4, 5))\n"
        "assert set(similar_elements((1, 2, 3, 4),(5, 4, 3, 7))) == set((3, 4))\n"
        'assert set(similar_elements((11, 12, 14, 13),(17, 15, 14, 13))) == set((13, 14))\n"""\n'
    )
    assert request.stop == STOP_STRINGS
    with pytest.raises(BadRequest, match="thinking with style base"):
        task.request(problems["Mbpp/2"], style="base", thinking=True, sampling=Sampling(), max_tokens=7)


def test_every_prompt_parses_and_no_stop_string_cuts_a_solution(task: Mbpp) -> None:
    for problem in task.problems():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(problem.prompt)
        assert not [stop for stop in STOP_STRINGS if stop in f"\n{problem.canonical}"], problem.id


@pytest.mark.parametrize("style", ["chat", "base"])
def test_solutions_are_found_in_answers_and_bring_no_prompt_along(task: Mbpp, style: str) -> None:
    for problem in task.problems():
        fenced = f"Here it is:\n\n```python\n{problem.canonical}\n```\nIt works."
        answer = fenced if style == "chat" else problem.canonical
        found = task.extract(problem, answer, style=style)  # type: ignore[arg-type]
        assert found.program is not None and f"def {problem.entry_point}" in found.program, problem.id
        assert '"""\nWrite' not in found.program, problem.id


def test_a_failing_assert_is_quoted() -> None:
    test = assert_test(["assert f(1) == 2", "assert f(2) == 'x'"], ["import math"])
    space: dict[str, object] = {}
    exec(test, space)
    space["f"] = lambda x: 2
    with pytest.raises(AssertionError, match=r"^f\(2\) == 'x'$"):
        space["check"](None)  # type: ignore[operator]


def test_odd_names_and_imports_are_judged_right(judge: Judge, problems: dict[str, Problem]) -> None:
    """56 calls its solution `check`, 126 `sum`; 596 uses `sys` in its asserts; 82 compares with `math.isclose`."""
    chosen = [problems[f"Mbpp/{n}"] for n in (2, 3, 56, 82, 126, 596)]
    assert judge.check_canonical(chosen).failures == ()
    for problem in chosen:
        wrong = f"def {problem.entry_point}(*args):\n    return None\n"
        assert judge.submit(Job(key="wrong", problem=problem, program=wrong)).result().status == "wrong", problem.id


def test_a_solution_slower_than_the_limit_of_answers_sets_its_own(judge: Judge, problems: dict[str, Problem]) -> None:
    slow = problems["Mbpp/123"]
    report = judge.check_canonical([slow])
    assert report.failures == ()
    assert judge.limits_for(slow).cpu_s > 2 * report.reference_cpu_s["Mbpp/123"]


def test_defects_are_told(problems: dict[str, Problem]) -> None:
    assert {p.id for p in problems.values() if p.known_defect} == set(KNOWN_DEFECTS["mbpp"])


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"test_list": ["assert 1"]}, "the asserts of task 2 do not say which function"),
        ({"code": None}, "row 1: field code is missing or of the wrong kind"),
    ],
)
def test_a_wrong_file_is_told(tmp_path: Path, change: dict[str, object], says: str) -> None:
    rows = json.loads(DATA.read_text("utf-8"))
    rows[0] |= change
    (tmp_path / "wrong.json").write_text(json.dumps(rows))
    with pytest.raises(NotFound, match=says) as caught:
        Mbpp(tmp_path / "wrong.json")
    assert "sanitized-mbpp.json" in str(caught.value)


@pytest.mark.slow
def test_every_canonical_solution_passes(task: Mbpp, judge: Judge) -> None:
    report = judge.check_canonical(task.problems())
    assert report.failures == () and len(report.verdicts) == 427
