from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from gemstead.core.errors import BadRequest, Infrastructure
from gemstead.evals import score
from gemstead.evals.score import STATUSES, Job, Judge, Verdict
from gemstead.evals.task import Problem
from gemstead.sandbox.base import Limits
from gemstead.sandbox.ladder import Ground
from gemstead.sandbox.worker import WorkerFailed
from tests.sandbox.corpus import ADDITION, human_eval
from tests.sandbox.rungs import linux_only, require

pytestmark = linux_only

RIGHT = "def f(a, b):\n    return a + b\n"
LOOP = "def f(a, b):\n    while True: pass\n"
QUICK = Limits(cpu_s=0.3, wall_s=1.5, idle_s=1.0)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    require("landlock")
    with Judge(workers=2, limits=QUICK) as judge:
        yield judge


def one(judge: Judge, program: str | None, problem: Problem = ADDITION) -> Verdict:
    return judge.submit(Job(key="one", problem=problem, program=program)).result(timeout=60)


def problem_of(test: str, helpers: str = "") -> Problem:
    return replace(ADDITION, test=test, helpers=helpers)


def test_every_status_is_reached(judge: Judge) -> None:
    programs = {
        "passed": RIGHT,
        "wrong": "def f(a, b):\n    return a",
        "timeout": LOOP,
        "no_code": None,
        "crash": "import os\ndef f(a, b):\n    os._exit(0)",
        "forbidden": "import os\ndef f(a, b):\n    os.fork()",
    }
    for status, program in programs.items():
        verdict = one(judge, program)
        assert verdict.status == status, verdict
        assert verdict.passed == (status == "passed")
    assert set(programs) == set(STATUSES) - {"error"}


def test_annotations_of_an_answer_are_looked_at_unless_it_says_otherwise(judge: Judge) -> None:
    annotated = "def f(a: Optional[int], b):\n    return a + b\n"
    verdict = one(judge, annotated)
    assert (verdict.status, verdict.detail) == (
        "wrong",
        "did not load: NameError: name 'Optional' is not defined",
    )
    assert one(judge, f"from typing import Optional\n{annotated}").passed
    assert one(judge, f"from __future__ import annotations\n{annotated}").passed


def test_what_takes_long_is_begun_first(monkeypatch: pytest.MonkeyPatch) -> None:
    require("landlock")
    begun: list[str] = []
    decide = Judge._decide

    def spy(judge: Judge, case: score._Case, slot: int, ground: Ground) -> Verdict:
        begun.append(case.job.key)
        if case.job.key == "holds":
            may_go_on.wait(timeout=60)
        return decide(judge, case, slot, ground)

    monkeypatch.setattr(Judge, "_decide", spy)
    may_go_on = threading.Event()
    with Judge(workers=1, limits=QUICK) as judge:
        judge.reference_cpu_s |= {"long": 3.0, "longer": 9.0, "short": 0.1}
        problems = [("a", "x"), ("b", "short"), ("c", "long"), ("d", "longer"), ("e", "x")]
        first, *jobs = (
            Job(key=key, problem=replace(ADDITION, id=name), program=RIGHT) for key, name in [("holds", "x"), *problems]
        )
        held = judge.submit(first)
        while not begun:
            time.sleep(0.01)
        futures = [judge.submit(job) for job in jobs]
        may_go_on.set()
        assert all(future.result(timeout=60).passed for future in (held, *futures))
    assert begun == ["holds", "d", "c", "a", "b", "e"]


def test_verdicts_come_in_the_order_of_the_jobs(judge: Judge) -> None:
    programs = [LOOP, RIGHT, "x", RIGHT, None, RIGHT]
    jobs = [Job(key=str(n), problem=ADDITION, program=program) for n, program in enumerate(programs)]
    verdicts = list(judge.judge(jobs))
    assert [verdict.key for verdict in verdicts] == list("012345")
    assert [verdict.passed for verdict in verdicts] == [False, True, False, True, False, True]


def test_a_time_out_is_run_again_alone(judge: Judge) -> None:
    verdict = one(judge, LOOP)
    assert (verdict.status, verdict.was_rerun, verdict.is_near_limit) == ("timeout", True, True)
    assert not one(judge, RIGHT).is_near_limit


def test_a_first_time_out_that_passes_alone_has_passed(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    alone: list[int] = []
    decide = Judge._decide

    def slow_at_first(self: Judge, case: score._Case, slot: int, ground: score.Ground) -> Verdict:
        verdict = decide(self, case, slot, ground)
        if case.timed_out_at is None and case.job.key == "slow":
            return replace(verdict, status="timeout", passed=False)
        if case.timed_out_at is not None:
            alone.append(self._num_running)
        return verdict

    monkeypatch.setattr(Judge, "_decide", slow_at_first)
    jobs = [Job(key="slow" if n == 2 else str(n), problem=ADDITION, program=RIGHT) for n in range(8)]
    verdicts = list(judge.judge(jobs))
    assert all(verdict.passed for verdict in verdicts)
    assert [verdict.was_rerun for verdict in verdicts] == [n == 2 for n in range(8)]
    assert alone == [0]


def test_a_killed_worker_is_replaced_and_its_job_still_decided(judge: Judge) -> None:
    future = judge.submit(Job(key="x", problem=ADDITION, program="import time\ntime.sleep(.4)\n" + RIGHT))
    time.sleep(0.15)
    for worker in list(judge._running_workers.values()):
        worker.process.kill()
    assert future.result(timeout=60).status == "passed"


def test_a_harness_that_keeps_failing_is_an_error_not_a_wrong_answer(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise WorkerFailed("no memory for a fork-server")

    with monkeypatch.context() as patched:
        patched.setattr(Judge, "_worker", fail)
        verdict = one(judge, RIGHT)
    assert verdict.status == "error"
    assert "no memory" in verdict.detail
    assert one(judge, RIGHT).passed


def test_a_check_that_never_ends_is_stopped_from_outside(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(score, "HARD_GRACE_S", 0.2)
    endless = problem_of("def check(candidate):\n    candidate(1, 2)\n    sum(range(10**12))\n")
    verdict = one(judge, RIGHT, endless)
    assert (verdict.status, verdict.was_rerun) == ("timeout", True)
    monkeypatch.undo()
    assert one(judge, RIGHT).passed


def test_a_check_that_does_not_load_is_an_error(judge: Judge) -> None:
    assert one(judge, RIGHT, problem_of("def check(:")).status == "error"


def test_a_swallowed_crash_is_still_a_crash(judge: Judge) -> None:
    forgiving = problem_of(
        "def check(candidate):\n    try:\n        candidate(1, 2)\n    except BaseException:\n        pass\n"
    )
    assert one(judge, "import os\ndef f(a, b):\n    os._exit(0)", forgiving).status == "crash"
    assert one(judge, "def f(a, b):\n    raise SystemExit(0)", forgiving).status == "crash"


def test_expected_exceptions_keep_their_built_in_type(judge: Judge) -> None:
    test = "def check(candidate):\n    try: candidate(1, 2)\n    except ZeroDivisionError: return\n    assert 0\n"
    assert one(judge, "class Mine(ZeroDivisionError): pass\ndef f(a, b):\n    raise Mine", problem_of(test)).passed
    assert not one(judge, "def f(a, b):\n    raise ValueError", problem_of(test)).passed


def test_stop_iteration_cannot_end_a_loop_of_the_test(judge: Judge) -> None:
    test = "def check(candidate):\n    assert list(map(candidate, [1], [2])) in ([], [3])\n"
    assert not one(judge, "def f(a, b):\n    raise StopIteration", problem_of(test)).passed


def test_helpers_come_from_the_problem_never_from_the_answer(judge: Judge) -> None:
    test = "def check(candidate):\n    assert double(candidate(1, 2)) == 6\n"
    problem = problem_of(test, helpers="def double(x):\n    return 2 * x\n")
    assert one(judge, RIGHT, problem).passed
    assert not one(judge, "def double(x):\n    return 6\ndef f(a, b):\n    return 0", problem).passed


def test_the_test_may_call_the_answer_by_its_name(judge: Judge) -> None:
    assert one(judge, RIGHT, problem_of("def check(candidate):\n    assert candidate(1, 2) == f(2, 1) == 3\n")).passed


def test_arguments_travel_by_value_and_by_name(judge: Judge) -> None:
    test = "def check(candidate):\n    x = [3, 1]\n    assert candidate(a=x, b=[]) == [1, 3]\n    assert x == [3, 1]\n"
    assert one(judge, "def f(a, b):\n    a.sort()\n    return a + b", problem_of(test)).passed


def test_runs_repeat(judge: Judge) -> None:
    test = "import random\ndef check(candidate):\n    raise ValueError((random.random(), candidate(1, 2)))\n"
    program = "import random\ndef f(a, b):\n    return random.random(), list({'a', 'b', 'c', 'd', 'e'})\n"
    details = {one(judge, program, problem_of(test)).detail for _ in range(3)}
    assert len(details) == 1


def test_one_job_leaves_nothing_for_the_next(judge: Judge) -> None:
    test = "def check(candidate):\n    assert candidate(1, 2) == 1\n"
    program = (
        "import os, math\n"
        "def f(a, b):\n"
        "    left = os.listdir('.') + [n for n in ('mark',) if hasattr(math, n)]\n"
        "    math.mark = 1\n    os.makedirs('d/e'); open('d/e/x', 'w').close(); os.symlink('/', 'l')\n"
        "    return 0 if left else 1\n"
    )
    for _ in range(4):
        verdict = one(judge, program, problem_of(test))
        assert verdict.passed, verdict


def test_many_threads_may_submit(judge: Judge) -> None:
    passed: list[bool] = []
    threads = [threading.Thread(target=lambda: passed.append(one(judge, RIGHT).passed)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert passed == [True] * 8


def test_canonical_solutions_set_the_time_limits(judge: Judge) -> None:
    slow = replace(
        ADDITION,
        id="slow",
        canonical="import time\nend = time.process_time() + 0.1\nwhile time.process_time() < end: pass\n" + RIGHT,
    )
    report = judge.check_canonical([slow])
    report.require()
    assert 0.1 <= report.reference_cpu_s["slow"] < 0.3
    assert judge.limits_for(slow).cpu_s >= 2.0
    assert judge.limits_for(slow).wall_s >= judge.limits_for(slow).cpu_s
    assert judge.limits_for(ADDITION).cpu_s == QUICK.cpu_s


def test_a_failing_canonical_solution_stops_the_run(judge: Judge) -> None:
    broken = replace(ADDITION, id="broken", canonical="def f(a, b):\n    return 0\n")
    report = judge.check_canonical([ADDITION, broken])
    assert [verdict.key for verdict in report.failures] == ["broken"]
    with pytest.raises(Infrastructure, match="1 of 2"):
        report.require()


def test_published_solutions_all_pass() -> None:
    require("landlock")
    with Judge(workers=2) as judge:
        report = judge.check_canonical(human_eval())
    report.require()
    assert len(report.verdicts) == 164


def test_a_verdict_nobody_waits_for_any_more_does_not_stop_the_judge() -> None:
    with Judge(workers=1) as judge:
        given_up = judge.submit(Job(key="given up", problem=ADDITION, program=f"import time\ntime.sleep(0.3)\n{RIGHT}"))
        while judge._fresh:
            time.sleep(0.005)
        assert given_up.cancel()
        assert judge.submit(Job(key="next", problem=ADDITION, program=RIGHT)).result(timeout=20).passed


def test_closing_is_prompt_and_cancels_what_is_undecided() -> None:
    require("landlock")
    judge = Judge(workers=1)
    futures = [judge.submit(Job(key=str(n), problem=ADDITION, program=LOOP)) for n in range(3)]
    time.sleep(0.3)
    start = time.monotonic()
    judge.close()
    judge.close()
    assert time.monotonic() - start < 5
    assert all(future.cancelled() for future in futures)
    with pytest.raises(BadRequest, match="closed"):
        judge.submit(Job(key="x", problem=ADDITION, program=RIGHT))


def test_descriptors_do_not_leak() -> None:
    require("landlock")

    def run() -> int:
        with Judge(workers=1) as judge:
            assert one(judge, RIGHT).passed
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208

    assert run() == run()


def test_a_judge_needs_a_worker() -> None:
    with pytest.raises(BadRequest, match="at least one"):
        Judge(workers=0)
