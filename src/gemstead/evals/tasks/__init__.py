"""The one table of tasks: a name in, what builds the task, out. Adding a task is one file here and one row."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

from gemstead.core.errors import NotFound
from gemstead.evals.asking import AskedTask
from gemstead.evals.task import Task
from gemstead.evals.tasks.gsm8k import Gsm8k
from gemstead.evals.tasks.humaneval import HumanEval
from gemstead.evals.tasks.humaneval_plus import HumanEvalPlus
from gemstead.evals.tasks.mbpp import Mbpp
from gemstead.evals.tasks.mbpp_plus import MbppPlus

TASKS: Mapping[str, type[AskedTask]] = {
    "humaneval": HumanEval,
    "humaneval+": HumanEvalPlus,
    "mbpp": Mbpp,
    "mbpp+": MbppPlus,
    "gsm8k": Gsm8k,
}


def find_task(name: str, data: Path | None = None) -> Task:
    """Build the task of that name.

    Args:
        name: A key of `TASKS`.
        data: A data file to read instead of the published one.

    Raises:
        NotFound: No task has that name, or its data is missing.
        Infrastructure: Its data cannot be fetched.
    """
    if name not in TASKS:
        near = difflib.get_close_matches(name, TASKS, n=1)
        raise NotFound(
            f"unknown task {name!r}; tasks are {', '.join(sorted(TASKS))}",
            hint=f"did you mean {near[0]!r}?" if near else None,
        )
    return TASKS[name](data)


def runs_programs(names: Iterable[str]) -> bool:
    """Whether one of these tasks is answered by programs, which need a sandbox."""
    return any(TASKS[name].runs_programs for name in names if name in TASKS)
