"""Problems judged by inputs: what a value may look like, what passes, and what forges nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gemstead.core.errors import Infrastructure
from gemstead.evals import cases_check, score
from gemstead.evals.references import TIMES_FILE, Reference, References, check_text
from gemstead.evals.score import Job, Judge, Verdict
from gemstead.evals.task import Cases, Problem, Rule
from gemstead.sandbox.base import Limits
from gemstead.sandbox.guest import LARGE_BYTES
from tests.sandbox.rungs import linux_only, require

pytestmark = linux_only

QUICK = Limits(cpu_s=0.5, wall_s=2.0, idle_s=1.5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("references")


@pytest.fixture(scope="module")
def judge(folder: Path) -> Iterator[Judge]:
    require("landlock")
    with Judge(workers=2, limits=QUICK, references=References(folder)) as judge:
        yield judge


def problem(
    canonical: str,
    base: Sequence[Sequence[Any]],
    plus: Sequence[Sequence[Any]] = (),
    *,
    entry_point: str = "f",
    rule: Rule = "equal",
    atol: float = 0.0,
) -> Problem:
    cases = Cases(parts={"base": base, "plus": plus}, rule=rule, atol=atol)
    return Problem(id="x/0", prompt="", entry_point=entry_point, test="", canonical=canonical, cases=cases)


def judged(judge: Judge, about: Problem, program: str) -> Verdict:
    return judge.submit(Job(key="one", problem=about, program=program)).result(timeout=60)


DOUBLE = problem("def f(x):\n    return x * 2\n", [[1], [[2]]], [["a"], [(1.5,)], [None or 0], [10**30]])


def test_the_canonical_solution_passes_and_both_parts_are_told(judge: Judge) -> None:
    report = judge.check_canonical([DOUBLE])
    assert report.failures == () and report.verdicts[0].parts == ("base", "plus")
    assert judged(judge, DOUBLE, "f = lambda x: x + x").parts == ("base", "plus")


def test_a_program_that_passes_base_alone_fails_and_says_so(judge: Judge) -> None:
    verdict = judged(judge, DOUBLE, "def f(x):\n    return x * 2 if not isinstance(x, str) else x\n")
    assert (verdict.status, verdict.parts) == ("wrong", ("base",))
    assert verdict.detail == "passed base; assertion failed: plus, input 1: f('a') is 'a', not 'aa'"
    assert judged(judge, DOUBLE, "def f(x):\n    return 0\n").parts == ()
    late = judged(judge, DOUBLE, "def f(x):\n    while x == 'a': pass\n    return x * 2\n")
    assert (late.status, late.parts) == ("timeout", ("base",))


def test_an_answer_that_changes_its_arguments_changes_its_own(judge: Judge) -> None:
    about = problem("def f(x):\n    return sorted(x)\n", [[[3, 1, 2]]], [[[2, 1]]])
    assert judged(judge, about, "def f(x):\n    x.sort()\n    return x\n").passed
    assert not judged(judge, about, "def f(x):\n    x.clear()\n    return x\n").passed


@pytest.mark.parametrize(
    ("returned", "passes"),
    [
        ("[1, 2]", True),
        ("[1.0, True + 1]", True),
        ("(1, 2)", False),
        ("iter([1, 2])", False),
        ("range(1, 3)", False),
        ("None", False),
        ("type('L', (list,), {})([1, 2])", True),
        ("type('L', (list,), {'__eq__': lambda s, o: True, '__hash__': None})([1, 2])", False),
        ("type('E', (), {'__eq__': lambda s, o: True})()", False),
    ],
)
def test_a_value_counts_as_what_it_is(judge: Judge, returned: str, passes: bool) -> None:
    about = problem("def f():\n    return [1, 2]\n", [[]])
    assert judged(judge, about, f"def f():\n    return {returned}\n").passed == passes


def test_large_values_are_told_by_digest_and_compared_in_earnest_when_bytes_differ(judge: Judge, folder: Path) -> None:
    count = LARGE_BYTES
    about = problem(f"def f(n):\n    return [i / 2 for i in range({count})] + [n]\n", [[1]], [[2]])
    assert judged(judge, about, about.canonical).passed
    as_ints = f"def f(n):\n    return [i // 2 if i % 2 == 0 else i / 2 for i in range({count})] + [n]\n"
    assert judged(judge, about, as_ints).passed
    off_by_one = f"def f(n):\n    return [i / 2 for i in range({count})] + [n + (n == 2)]\n"
    verdict = judged(judge, about, off_by_one)
    assert (verdict.status, verdict.parts) == ("wrong", ("base",))
    kept = References(folder).find(about)
    assert kept is not None and kept.largest_bytes > LARGE_BYTES
    assert all(value.startswith("sha256:") and len(value) == 71 for part in kept.expected for value in part)


@pytest.mark.parametrize(
    "forgery",
    [
        "import hashlib\nhashlib.sha256 = lambda data: type('H', (), {'digest': lambda self: bytes(32)})()",
        "import marshal\nmarshal.dumps = lambda value, version: bytes(100_000)",
        "import marshal\nmarshal.loads = lambda data: []",
        "import gemstead.sandbox.guest as g\ng.write_frame = lambda fd, body: None",
        "import gemstead.sandbox.guest as g\ng.write_all = lambda fd, data: None",
        "import gemstead.sandbox.guest as g\ng._Replies.send = lambda self: None",
        "import gemstead.sandbox.guest as g\n"
        "g._Replies.answer = lambda self, f, args: self._add(self._encoder.encode(('value', self._nonce)))",
        "import gemstead.sandbox.guest as g\n"
        "g._Replies.answer = lambda self, f, args: self._add(\n"
        "    self._encoder.encode(('digest', self._nonce, bytes(32), -1)))",
        "import gemstead.sandbox.guest as g\n"
        "g._Replies.answer = lambda self, f, args: self._add(\n"
        "    self._encoder.encode(('digest', self._nonce, bytes(32), 'x')))",
        "import gemstead.sandbox.guest as g\nadd = g._Replies._add\n"
        "g._Replies._add = lambda self, reply: (add(self, reply), add(self, reply))",
        "import gemstead.sandbox.guest as g\n"
        "g._Replies.answer = lambda self, f, args: self._add(self._head + b'\\xff')",
        "import gemstead.sandbox.guest as g\n"
        "g._Replies.send = lambda self: (g.os.write(3, b''.join(self._pending)[:-1]), self._pending.clear())",
        "import os\nos.write(3, b'\\0\\0\\0\\1N' * 9)",
    ],
)
@pytest.mark.parametrize("size", [1, 100_000])
def test_no_forged_reply_passes(judge: Judge, forgery: str, size: int) -> None:
    about = problem("def f(n):\n    return 'x' * n\n", [[size]], [[size + 1]])
    assert not judged(judge, about, f"{forgery}\ndef f(n):\n    return 'wrong'\n").passed
    assert judged(judge, about, about.canonical).passed


def test_many_quick_replies_leave_together_and_none_is_lost(judge: Judge) -> None:
    about = problem("def f(n):\n    return [n] * (n % 7)\n", [[1]], [[n] for n in range(5000)])
    assert judged(judge, about, about.canonical).passed
    late = judged(judge, about, "def f(n):\n    return [n] * (n % 7) if n != 4321 else None\n")
    assert (late.status, late.parts) == ("wrong", ("base",)) and "plus, input 4322: f(4321) is None" in late.detail
    left = judged(judge, about, "import os\ndef f(n):\n    return [n] * (n % 7) if n < 4321 else os._exit(0)\n")
    assert (left.status, left.parts) == ("crash", ("base",))


def test_an_early_wrong_value_is_seen_before_a_later_call_hangs(judge: Judge) -> None:
    about = problem("def f(n):\n    return n\n", [[0]], [[n] for n in range(9)])
    verdict = judged(judge, about, "def f(n):\n    while n == 8: pass\n    return n if n != 5 else 0\n")
    assert (verdict.status, verdict.was_rerun) == ("wrong", False)


@pytest.mark.parametrize("name", ["check", "judge_cases", "is_close", "equal", "shown", "kept", "root", "DATA", "sum"])
def test_any_name_may_be_the_solutions(judge: Judge, name: str) -> None:
    about = problem(f"def {name}(x):\n    return [x, 0.5]\n", [[1]], [[2]], entry_point=name)
    assert judged(judge, about, f"def {name}(x):\n    return (x, 0.5)\n").status == "wrong"
    assert judged(judge, about, f"def {name}(x):\n    return [x, 0.5 + 1e-9]\n").status == "wrong"
    assert judged(judge, about, about.canonical).passed


def test_two_problems_of_one_name_are_two(judge: Judge) -> None:
    one = problem("def f():\n    return 1\n", [[]])
    two = problem("def f():\n    return 2\n", [[]])
    assert judged(judge, one, "f = lambda: 1").passed and judged(judge, two, "f = lambda: 2").passed
    assert not judged(judge, two, "f = lambda: 1").passed


def test_an_answer_that_raises_is_wrong_and_one_that_leaves_has_crashed(judge: Judge) -> None:
    assert judged(judge, DOUBLE, "def f(x):\n    raise ValueError(x)").detail == "ValueError: 1"
    assert judged(judge, DOUBLE, "import os\ndef f(x):\n    os._exit(0)").status == "crash"
    assert judged(judge, DOUBLE, "def f(x):\n    raise SystemExit").status == "crash"


@pytest.mark.parametrize("canonical", ["def f():\n    return object()\n", "def f():\n    raise ValueError\n", "f = ("])
def test_a_canonical_solution_that_does_not_run_is_our_error_not_a_wrong_answer(judge: Judge, canonical: str) -> None:
    verdict = judged(judge, problem(canonical, [[]]), "def f():\n    return 1\n")
    assert verdict.status == "error" and "the published solution of x/0 does not run here" in verdict.detail
    with pytest.raises(Infrastructure, match="0 of 1 published solutions pass"):
        judge.check_canonical([problem(canonical, [[]])]).require()


def test_a_reference_is_worked_out_once_for_each_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require("landlock")
    about = problem("def f(x):\n    return x + 1\n", [[1]])
    with Judge(workers=1, limits=QUICK, references=References(tmp_path)) as judge:
        assert judged(judge, about, "def f(x):\n    return x + 1").passed
    (file,) = tmp_path.glob("*.json")
    kept = References(tmp_path).find(about)
    assert kept is not None and kept.cpu_s > 0
    assert References(tmp_path).known_cpu_s[about.id] == pytest.approx(kept.cpu_s, abs=1e-3)
    (tmp_path / TIMES_FILE).write_text("no times")
    assert References(tmp_path).known_cpu_s == {}
    assert References(tmp_path).find(replace(about, canonical="def f(x):\n    return 2\n")) is None
    changed = problem(about.canonical, [[2]])
    assert References(tmp_path).find(changed) is None
    file.write_text("{")
    assert References(tmp_path).find(about) is None


def test_a_disk_that_takes_nothing_costs_no_result(tmp_path: Path) -> None:
    require("landlock")
    (tmp_path / "file").write_text("")
    about = problem("def f(x):\n    return x + 1\n", [[1]])
    with Judge(workers=1, limits=QUICK, references=References(tmp_path / "file" / "below")) as judge:
        assert judged(judge, about, about.canonical).passed


def test_an_expensive_solution_sets_limits_and_is_not_run_again_as_a_self_test(tmp_path: Path) -> None:
    require("landlock")
    about = problem("def f(x):\n    return x\n", [[1]])
    references = References(tmp_path)
    with Judge(workers=1, references=references) as judge:
        judged(judge, about, about.canonical)
    kept = references.find(about)
    assert kept is not None
    references.keep(about, Reference(expected=kept.expected, largest_bytes=10**7, cpu_s=30.0))
    with Judge(workers=1, references=references) as judge:
        (verdict,) = judge.check_canonical([about]).verdicts
        assert verdict.passed and verdict.cpu_s == 30.0 and verdict.parts == ("base", "plus")
        limits = judge.limits_for(about)
    assert limits.cpu_s == score.SLOW_GRACE_S + score.SLOW_FACTOR * 30.0 and limits.wall_s == 2 * limits.cpu_s
    assert limits.idle_s > 60 and limits.message_bytes >= 3 * 10**7


@pytest.mark.parametrize(("reference_s", "cpu_s"), [(0.01, 3.0), (0.5, 10.0), (1.0, 14.0), (10.0, 50.0)])
def test_the_limit_follows_the_reference_twentyfold_and_slow_ones_fourfold(reference_s: float, cpu_s: float) -> None:
    require("landlock")
    with Judge(workers=1) as judge:
        judge.reference_cpu_s["x/0"] = reference_s
        assert judge.limits_for(replace(DOUBLE, cases=None)).cpu_s == pytest.approx(cpu_s)


# The rules, as functions.


@pytest.mark.parametrize(
    ("found", "want", "atol", "passes"),
    [
        (1, 1.0, 0, True),
        (0.1 + 0.2, 0.3, 0, True),
        (0.3001, 0.3, 0, False),
        (0.3001, 0.3, 1e-3, True),
        (3, 4, 0, False),
        (3, 4, 2, True),
        ([0.5, 0.1 + 0.2], [0.5, 0.3], 0, True),
        ((0.5, 0.1 + 0.2), [0.5, 0.3], 0, False),
        ((0.5, 0.3), [0.5, 0.3], 0, False),
        ((), [], 0, False),
        (([0.5],), ((0.5,),), 1e-6, False),
        ([0.5], [0.5, 0.3], 0, False),
        (0.5, [0.5, 0.5], 0, False),
        ([1, 0.1 + 0.2], [1, 0.3], 0, False),
        ([[0.1 + 0.2]], [[0.3]], 1e-6, True),
        (math.nan, math.nan, 0, False),
        (math.inf, math.inf, 0, True),
        (math.inf, 1.0, 0, False),
        (1e300, 1e300 * (1 + 1e-9), 0, True),
        ("0.3", 0.3, 0, False),
        (None, 0.3, 1, False),
        (complex(1, 1e-9), complex(1, 0), 1e-6, True),
        ([], [], 0, True),
        ({1.0: 0.1 + 0.2}, {1.0: 0.3}, 0, False),
    ],
)
def test_numbers_are_close_where_the_rule_allows(found: Any, want: Any, atol: float, passes: bool) -> None:
    assert cases_check.equal(found, want, (), atol) is passes


def test_members_count_without_order() -> None:
    assert cases_check.same_members([1, 2, 2], (2, 1), (), 0) and not cases_check.same_members([1], [1, 2], (), 0)


def test_a_match_stands_for_yes_and_none_for_no() -> None:
    for found, want, passes in (
        (True, "match", True),
        ("match", "match", True),
        (0, "match", True),
        (None, "match", False),
        (False, None, True),
        (None, None, True),
        ("Found", None, False),
    ):
        assert cases_check.is_found(found, want, (), 0) is passes


def test_any_root_will_do() -> None:
    square = [[-4, 0, 1]]
    for found, passes in ((2.0, True), (-2, True), (2.00001, True), (2.1, False), (None, False), (2j, False)):
        assert cases_check.root(found, 2.0, square, 1e-4) is passes


def test_digits_may_be_compared_from_the_left_or_by_their_place() -> None:
    for found, passes in ((1 + 1, True), (1 + 0 + 2, True), (4, False), (None, False)):
        assert cases_check.digit_distance(found, 1 + 1, [123, 21], 0) is passes, found


def test_the_height_of_a_pyramid_may_stand_upright_or_lie_on_a_side() -> None:
    for found, passes in ((33, True), (33.0, True), (35, True), (34.63, False), (34, False), (None, False)):
        assert cases_check.pyramid(found, 33, [3, 4], 0) is passes, found


def test_values_are_shown_short() -> None:
    assert cases_check.shown("x" * 100) == "'" + "x" * 58 + "…"
    assert cases_check.shown(10**5000) == "a very long int"


def test_every_rule_has_its_function_and_the_text_defines_the_check() -> None:
    rules: Mapping[str, Any] = cases_check.RULES
    assert set(rules) == {"equal", "same_members", "found", "root", "digit_distance", "pyramid"}
    assert check_text().rstrip().endswith("return judge_cases(candidate, DATA)")
