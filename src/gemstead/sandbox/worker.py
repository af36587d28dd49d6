"""A judge's worker as its owner sees it: started, asked with a hard time limit, killed when stuck."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from gemstead.sandbox import cargo
from gemstead.sandbox.confinement import START_S
from gemstead.sandbox.frames import Closed, FrameReader, TooLong, wait_readable, write_json

LAST_WORDS_S = 5.0
"""How long the death of a worker, its fork-server and its guest may take to be seen."""


class WorkerFailed(Exception):
    """The worker or its fork-server failed; the job it had was not decided."""


class WorkerStuck(Exception):
    """The check did not end in time and was killed with everything below it."""


class Worker:
    """A process that judges, and below it a fork-server in its confinement.

    Start and close it in one thread that outlives it: the kernel kills the worker when that thread ends.

    Args:
        plan: What `ladder` decided for this worker.

    Raises:
        WorkerFailed: it did not start, or the rung does not hold; the message says why.
    """

    def __init__(self, plan: dict[str, Any]) -> None:
        command = cargo.python_command(plan["layout"]["python"], 0)
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=cargo.ENVIRONMENT,
            cwd="/",
        )
        assert self.process.stdin and self.process.stdout and self.process.stderr
        self._stdin = self.process.stdin.fileno()
        self._reader = FrameReader(self.process.stdout.fileno())
        # The fork-server holds the other end too, guests never: end of file here means that all of them are gone.
        self._life = self.process.stderr.fileno()
        self._last_words = b""
        crate = cargo.crate(cargo.pack(cargo.OUTSIDE), "referee", plan=plan, python_path=_importable())
        try:
            report = self._ask(crate, START_S + LAST_WORDS_S)
        except WorkerStuck:
            raise WorkerFailed("the worker did not start in time") from None
        if report["event"] != "ready":
            self.close()
            raise WorkerFailed(f"{report['reason']}{self._said()}")
        self.place: dict[str, Any] = report["place"]

    def run(self, job: dict[str, Any], hard_limit_s: float) -> dict[str, Any]:
        """Have one job judged.

        Args:
            job: `program`, `entry_point`, `helpers`, `check` (or None and `args`), `seed`, `limits`, and
                `data` if the check reads any.
            hard_limit_s: After this the worker is killed, whatever it is doing.

        Raises:
            WorkerStuck: the limit passed. The worker is gone.
            WorkerFailed: the worker is gone for another reason.
        """
        report = self._ask(job, hard_limit_s)
        if report["event"] != "outcome":
            self.close()
            raise WorkerFailed(f"{report['reason']}{self._said()}")
        return report

    def _ask(self, message: dict[str, Any], limit_s: float) -> dict[str, Any]:
        try:
            write_json(self._stdin, message)
            return self._reader.read_json(time.monotonic() + limit_s)
        except TimeoutError:
            self.close()
            raise WorkerStuck(f"no outcome within {limit_s:.0f} s") from None
        except (Closed, TooLong, ValueError, OSError):
            self.close()
            raise WorkerFailed(f"the worker ended{self._said()}") from None

    def _said(self) -> str:
        """The last line written before the end, a traceback's usually, for the message."""
        lines = self._last_words.decode("utf-8", "replace").strip().splitlines()
        return f": {lines[-1]}" if lines else ""

    def close(self) -> None:
        """Kill the worker and all below it; returns when they are gone."""
        if self.process.returncode is not None:
            return
        self.process.kill()
        self.process.wait()
        deadline = time.monotonic() + LAST_WORDS_S
        try:
            while wait_readable([self._life], deadline) and (piece := os.read(self._life, 65536)):
                self._last_words = (self._last_words + piece)[-65536:]
        except TimeoutError:
            self._last_words += b"\nthe fork-server outlived its worker"
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            with contextlib.suppress(BrokenPipeError):
                stream.close()


def _importable() -> list[str]:
    """Where checks find installed packages, numpy above all: this process's own path."""
    return [path for path in sys.path if path and Path(path).is_dir()]
