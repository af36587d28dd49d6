"""The wrapping of a program with trials: it runs inside the sandbox, around code nobody trusts, as part of it.

This text is sent to a guest with the program; on this side it is never imported. A script finds real descriptors: 0 is
its input, 1 takes its output, so that `input()`, `sys.stdin.buffer`, `open(0)` and `os.read(0, ...)` all work. It runs
as `__main__`, each time anew; what it registered with `atexit` and threads it started are waited for.

The modules that contest sites import for everybody are there, as LiveCodeBench's harness has them, and so are `exit`
and `quit`, which an interpreter without `site` lacks.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import signal
import sys
import threading
import types
from typing import Any

# In this order: `math.pow` must not hide `pow`, nor the function `copy` the module of that name.
PRELUDE = """
from typing import *
from collections import *
from heapq import *
from bisect import *
from itertools import *
from functools import *
from operator import *
from copy import *
from math import *
from random import *
from re import *
from string import *
from builtins import *
import bisect, collections, copy, datetime, functools, heapq, io, itertools, json, math, operator, random, re, sys
import statistics, string
exit = quit = sys.exit
"""
RECURSION_LIMIT = 50_000

_code: types.CodeType
_function: Any
_cpu_s: float


def load(program: str, entry_point: str, cpu_s: float) -> None:
    """Compile a script, or run a module and find its function."""
    global _code, _function, _cpu_s
    _cpu_s = cpu_s
    _code = compile(program, "answer.py", "exec", dont_inherit=True)
    sys.setrecursionlimit(RECURSION_LIMIT)
    if entry_point:
        space = _new_module("solution").__dict__
        exec(_code, space)
        if entry_point not in space:
            raise NameError(f"the program defines no {entry_point!r}")
        _function = space[entry_point]


def run_script(given: bytes) -> bytes:
    """Run the script once; what it wrote to standard output."""
    source, sink = _file("input"), _file("output")
    _write_all(source, given)
    os.lseek(source, 0, os.SEEK_SET)
    os.dup2(source, 0)
    os.dup2(sink, 1)
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", errors="surrogatepass", closefd=False)  # type: ignore[misc] # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", errors="surrogatepass", closefd=False)  # type: ignore[misc] # noqa: SIM115
    sys.setrecursionlimit(RECURSION_LIMIT)
    _start_clock()
    with contextlib.suppress(SystemExit):
        exec(_code, _new_module("__main__").__dict__)
    others = [t for t in threading.enumerate() if t is not threading.current_thread() and not t.daemon]
    for thread in others:
        thread.join()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.__stdout__):
        if stream is not None and not stream.closed:
            stream.flush()
    _stop_clock()
    size = os.lseek(sink, 0, os.SEEK_END)
    os.lseek(sink, 0, os.SEEK_SET)
    written = b""
    while len(written) < size:
        written += os.read(sink, size - len(written))
    os.close(source)
    os.close(sink)
    return written


def call_function(*args: Any) -> Any:
    """Call the function once."""
    _start_clock()
    value = _function(*args)
    _stop_clock()
    return value


def _start_clock() -> None:
    """Let the kernel end this process when one trial takes too long; the judge's own limit is on all of them."""
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, _cpu_s)


def _stop_clock() -> None:
    signal.setitimer(signal.ITIMER_PROF, 0)


def _new_module(name: str) -> types.ModuleType:
    module = sys.modules[name] = types.ModuleType(name)
    exec(PRELUDE, module.__dict__)
    return module


def _file(name: str) -> int:
    """An open file without a name, out of the way of the descriptors that a program may close: `open(0)` closes 0."""
    fd = os.open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    os.unlink(name)  # noqa: PTH108 (a guest has not loaded pathlib)
    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(fd)
    return moved


def _write_all(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
