"""The one table of tasks: a name in, what builds the task, out. Adding a task is one file here and one row."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping

from gemstead.core.errors import NotFound
from gemstead.evals.task import Task
from gemstead.evals.tasks.humaneval import HumanEval

TASKS: Mapping[str, Callable[[], Task]] = {
    "humaneval": HumanEval,
}


def find_task(name: str) -> Task:
    """Build the task of that name.

    Raises:
        NotFound: No task has that name, or its data is missing.
    """
    if name not in TASKS:
        near = difflib.get_close_matches(name, TASKS, n=1)
        raise NotFound(
            f"unknown task {name!r}; tasks are {', '.join(sorted(TASKS))}",
            hint=f"did you mean {near[0]!r}?" if near else None,
        )
    return TASKS[name]()
