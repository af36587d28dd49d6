"""Judges our own honest programs in this process. For programs written in this repository only."""

from __future__ import annotations

import contextlib
import io
import sys
import warnings
from typing import Any

from gemstead.evals.task import Problem


def passes(problem: Problem, program: str | None) -> bool:
    """Whether the program loads without input and passes the published test."""
    if program is None:
        return False
    answer: dict[str, Any] = {"__name__": "answer"}
    test: dict[str, Any] = {"__name__": "test"}
    stdin, limit = sys.stdin, sys.getrecursionlimit()
    try:
        sys.stdin = io.StringIO()
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            exec(compile(program, "answer", "exec", dont_inherit=True), answer)
            exec(compile(f"{problem.helpers}\n{problem.test}", "test", "exec", dont_inherit=True), test)
            test[problem.entry_point] = answer[problem.entry_point]
            test["check"](answer[problem.entry_point])
    except (Exception, SystemExit):  # noqa: BLE001 (an answer may raise anything; then it is wrong)
        return False
    finally:
        sys.stdin = stdin
        sys.setrecursionlimit(limit)
    return True
