"""What one call of a judged function costs where a problem has many inputs: `python -m benchmarks.calls`.

A problem of 2,000 inputs whose solution does next to nothing is judged ten times by one worker. Processor time a call,
of the worker that judges and of the guests that answer, with the time on the clock. HumanEval+ makes 124,000 calls.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from gemstead.evals.references import References
from gemstead.evals.score import Job, Judge
from gemstead.evals.task import Cases, Problem

CALLS, TIMES = 2000, 10


def used_s(pid: int) -> list[float]:
    """Processor time of each process from here down, children that ended included, in the order they were started."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    found = [sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")]
    for task in sorted(Path(f"/proc/{pid}/task").iterdir()):
        for child in (task / "children").read_text().split():
            found += used_s(int(child))
    return found


def main() -> None:
    """Measure and print."""
    problem = Problem(
        id="calls",
        prompt="",
        entry_point="f",
        test="",
        canonical="def f(x):\n    return [x, x + 1]\n",
        cases=Cases(parts={"base": [[1]], "plus": [[n] for n in range(CALLS)]}),
    )
    with tempfile.TemporaryDirectory() as folder, Judge(workers=1, references=References(Path(folder))) as judge:
        list(judge.judge([Job(key="first", problem=problem, program=problem.canonical)]))
        before, start = used_s(os.getpid()), time.perf_counter()
        jobs = [Job(key=str(n), problem=problem, program=problem.canonical) for n in range(TIMES)]
        assert all(verdict.passed for verdict in judge.judge(jobs))
        wall_s = time.perf_counter() - start
        used = [after - old for after, old in zip(used_s(os.getpid()), before, strict=True)]
        rung = judge.rung.name
    per_call_us = 1e6 / (CALLS * TIMES)
    print(f"{rung}: {sum(used) * per_call_us:.1f} us of processor time a call", end=", ")
    print(f"{used[1] * per_call_us:.1f} of it in the worker; {wall_s * per_call_us:.0f} us on the clock")


if __name__ == "__main__":
    main()
