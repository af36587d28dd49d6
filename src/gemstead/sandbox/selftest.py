"""A few hostile programs run through the sandbox of this machine, for people who want to see it hold.

Each tries to pass a check it should fail, or to stay. The full list is in the tests; this one takes a few seconds.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from gemstead.sandbox.base import Limits
from gemstead.sandbox.ladder import climb
from gemstead.sandbox.worker import Worker, WorkerFailed, WorkerStuck

CHECK = """
def check(candidate):
    assert candidate(2, 3) == 5
    assert candidate(-7, 10) == 3
"""
LIMITS = Limits(cpu_s=0.5, wall_s=2.0, idle_s=1.0, memory_bytes=256 * 1024**2)
HARD_LIMIT_S = 15.0

HONEST = "def f(a, b):\n    return a + b\n"
HOSTILE = {
    "leaves with success": "import os\ndef f(a, b):\n    os._exit(0)\n",
    "raises SystemExit": "def f(a, b):\n    raise SystemExit(0)\n",
    "equals everything": "class Yes(int):\n    __eq__ = lambda *_: True\ndef f(a, b):\n    return Yes()\n",
    "patches the built-ins": "import builtins\nbuiltins.abs = lambda *_: 0\ndef f(a, b):\n    return 0\n",
    "forges a reply": "import os\ndef f(a, b):\n    [os.write(fd, b'passed' * 9) for fd in range(1, 9)]\n",
    "loops for ever": "def f(a, b):\n    while True:\n        pass\n",
    "sleeps": "import time\ndef f(a, b):\n    time.sleep(60)\n",
    "eats memory": "def f(a, b):\n    hoard = []\n    while True:\n        hoard.append(bytes(1 << 24))\n",
    "fills the disk": "def f(a, b):\n    for n in range(999):\n        open(str(n), 'wb').write(bytes(1 << 24))\n",
    "forks": "import os\ndef f(a, b):\n    os.fork()\n    return a + b\n",
    "runs a program": "import subprocess\ndef f(a, b):\n    subprocess.run(['true'])\n    return a + b\n",
    "opens a socket": "import socket\ndef f(a, b):\n    socket.socket()\n    return a + b\n",
    "kills its parent": "import os\ndef f(a, b):\n    os.kill(os.getppid(), 9)\n    return a + b\n",
    "reads the users of this machine": "def f(a, b):\n    open('/etc/passwd').read()\n    return a + b\n",
    "crashes the interpreter": "import ctypes\ndef f(a, b):\n    ctypes.string_at(1)\n",
}


@dataclass(frozen=True, kw_only=True)
class Result:
    """How one program fared.

    Args:
        name: What it tries.
        ok: Whether the sandbox held: a hostile program failed, the honest one passed.
        detail: How it ended.
    """

    name: str
    ok: bool
    detail: str


def run(*, rung: str | None = None) -> list[Result]:
    """Run every program on one rung, the honest one last.

    Args:
        rung: Try only this one; by default the best there is.

    Raises:
        SandboxUnavailable: no rung holds here; nothing was run.
    """
    ground = climb(rung=rung)
    results: list[Result] = []
    worker: Worker | None = None
    try:
        for name, program in {**HOSTILE, "honest program": HONEST}.items():
            try:
                worker = worker or ground.start_worker(0)
                outcome = worker.run(_job(program), HARD_LIMIT_S)
            except (WorkerFailed, WorkerStuck) as failure:
                worker = None
                results.append(Result(name=name, ok=False, detail=str(failure)))
                continue
            has_passed = outcome["ending"] == "passed"
            detail = f"{outcome['ending']}: {outcome['detail']}".rstrip(": ")
            results.append(Result(name=name, ok=has_passed == (program is HONEST), detail=detail))
    finally:
        if worker is not None:
            worker.close()
        ground.close()
    return results


def _job(program: str) -> dict[str, object]:
    return {
        "program": program,
        "entry_point": "f",
        "helpers": "",
        "check": CHECK,
        "seed": 0,
        "limits": asdict(LIMITS),
    }
