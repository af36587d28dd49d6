"""The one table of tasks: a name in, what builds the task, out. Adding a task is one file here and one row."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from pathlib import Path

from gemstead.core.errors import NotFound
from gemstead.evals.task import Task
from gemstead.evals.tasks.humaneval import HumanEval
from gemstead.evals.tasks.humaneval_plus import HumanEvalPlus
from gemstead.evals.tasks.mbpp import Mbpp
from gemstead.evals.tasks.mbpp_plus import MbppPlus

TASKS: Mapping[str, Callable[[Path | None], Task]] = {
    "humaneval": HumanEval,
    "humaneval+": HumanEvalPlus,
    "mbpp": Mbpp,
    "mbpp+": MbppPlus,
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
