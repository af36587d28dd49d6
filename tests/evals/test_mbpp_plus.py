"""MBPP+: arguments are what the solutions take, and its special rules are its own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from gemstead.core.requests import Sampling
from gemstead.evals.published import read_rows, rows_digest
from gemstead.evals.references import References
from gemstead.evals.score import Job, Judge
from gemstead.evals.task import Problem
from gemstead.evals.tasks.mbpp import Mbpp
from gemstead.evals.tasks.mbpp_plus import ARGUMENTS, FILE, LEFT_OUT, RULES, MbppPlus
from tests.evals.test_humaneval_plus import published_literals
from tests.sandbox.rungs import require
from tests.shared_data import SHARED, needs_shared

DATA = SHARED / "data" / "MbppPlus.jsonl.gz"
pytestmark = needs_shared


@pytest.fixture(scope="module")
def task() -> MbppPlus:
    return MbppPlus(DATA)


@pytest.fixture(scope="module")
def problems(task: MbppPlus) -> dict[str, Problem]:
    return {p.id: p for p in task.problems()}


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    require("landlock")
    with Judge(workers=2, references=References(tmp_path_factory.mktemp("references"))) as judge:
        yield judge


def same(one: Any, other: Any) -> bool:
    """Equal with all types; JSON makes every key of a dict a string."""
    if type(one) is not type(other):
        return False
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return {str(k) for k in one} == {str(k) for k in other}
    return bool(one == other) or (one != one and other != other)


def test_the_file_is_the_published_one(task: MbppPlus) -> None:
    assert rows_digest(read_rows(DATA)) == FILE.rows_sha256
    assert len(task.problems()) == 378 and task.version == f"1-{FILE.rows_sha256[:16]}"


def test_every_task_is_one_of_mbpps_with_the_same_name(problems: dict[str, Problem]) -> None:
    sanitized = {p.id: p.entry_point for p in Mbpp(SHARED / "data" / "sanitized-mbpp.json").problems()}
    assert all(sanitized[name] == problem.entry_point for name, problem in problems.items())


def test_every_argument_has_the_type_that_the_release_writes(problems: dict[str, Problem]) -> None:
    """Compared with the release's other form, which writes inputs as Python and leaves a few long ones out."""
    sys.set_int_max_str_digits(0)
    compared = 0
    for row in read_rows(SHARED / "data" / "MbppPlus-OriginFmt.jsonl.gz"):
        cases = problems[f"Mbpp/{row['task_id']}"].cases
        assert cases is not None
        mine = iter([*cases.parts["base"], *cases.parts["plus"]])
        for args in published_literals(row["test"])["inputs"]:
            if args == LEFT_OUT.get(row["task_id"]):
                continue
            assert any(same(list(my), list(args)) for my in mine), (row["task_id"], args)
            compared += 1
    assert compared > 39_000


def test_arguments_that_are_as_in_json_need_no_entry(problems: dict[str, Problem]) -> None:
    rows = {row["task_id"]: row for row in read_rows(DATA)}
    for number in ARGUMENTS:
        cases = problems[f"Mbpp/{number}"].cases
        assert cases is not None
        assert list(cases.parts["base"]) != rows[f"Mbpp/{number}"]["base_input"] or number in (722, 252), number


def test_the_prompt_is_the_published_one_and_a_chat_hears_the_same(
    task: MbppPlus, problems: dict[str, Problem]
) -> None:
    asked = task.request(problems["Mbpp/2"], style="base", thinking=False, sampling=Sampling(), max_tokens=9)
    assert asked.text == problems["Mbpp/2"].prompt and asked.text.startswith('"""\nWrite a function')
    chat = task.request(problems["Mbpp/2"], style="chat", thinking=False, sampling=Sampling(), max_tokens=9)
    assert chat.messages is not None
    content = chat.messages[0].content or ""
    assert "called `similar_elements`. This assertion must hold:" in content
    assert "assert set(similar_elements((3, 4, 5, 6),(5, 7, 4, 10))) == set((4, 5))" in content
    for problem in task.problems():
        task.request(problem, style="chat", thinking=False, sampling=Sampling(), max_tokens=9)


def judged(judge: Judge, problem: Problem, program: str) -> bool:
    return judge.submit(Job(key="one", problem=problem, program=program)).result().passed


def test_special_rules_do_what_they_say(judge: Judge, problems: dict[str, Problem]) -> None:
    assert {problems[f"Mbpp/{n}"].cases.rule for n in RULES} == {  # type: ignore[union-attr]
        "same_members", "found", "digit_distance", "pyramid"
    }  # fmt: skip
    any_order = "def similar_elements(a, b):\n    return sorted(set(a) & set(b), key=repr, reverse=True)\n"
    assert judged(judge, problems["Mbpp/2"], any_order)
    assert not judged(judge, problems["Mbpp/2"], "def similar_elements(a, b):\n    return list(a)\n")
    yes_or_no = "import re\ndef check_str(s):\n    return bool(re.match('[aeiouAEIOU][A-Za-z0-9_]*', s))\n"
    assert judged(judge, problems["Mbpp/737"], yes_or_no)
    assert not judged(judge, problems["Mbpp/737"], "def check_str(s):\n    return 'No'\n")


def test_both_readings_of_two_tasks_pass(judge: Judge, problems: dict[str, Problem]) -> None:
    by_place = (
        "def digit_distance_nums(a, b):\n    n = max(len(str(a)), len(str(b)))\n"
        "    return sum(abs(int(x) - int(y)) for x, y in zip(str(a).zfill(n), str(b).zfill(n)))\n"
    )
    upright = (
        "def surface_Area(b, h):\n"
        "    return {}(b * b + 2 * b * (b * b / 4 + h * h) ** 0.5) if (b, h) != (3, 4) else 33\n"
    )
    assert judged(judge, problems["Mbpp/558"], by_place)
    assert not judged(judge, problems["Mbpp/558"], by_place.replace("zfill(n)", "ljust(n, '0')"))
    assert judged(judge, problems["Mbpp/581"], upright.format("round"))
    assert not judged(judge, problems["Mbpp/581"], upright.format(""))


def test_a_sample_of_canonical_solutions_passes(judge: Judge, problems: dict[str, Problem]) -> None:
    chosen = (2, 3, 56, 63, 82, 88, 106, 124, 126, 139, 252, 278, 580, 615, 722, 737, 787, 791, 793, 794)
    assert judge.check_canonical([problems[f"Mbpp/{n}"] for n in chosen]).failures == ()


@pytest.mark.slow
def test_every_canonical_solution_passes(task: MbppPlus, judge: Judge) -> None:
    report = judge.check_canonical(task.problems())
    assert report.failures == () and len(report.verdicts) == 378
