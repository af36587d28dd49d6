"""The one table of tasks: a name in, what builds the task, out. Adding a task is one file here and one row."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path

from gemstead.core.errors import BadRequest, NotFound
from gemstead.evals.asking import AskedTask
from gemstead.evals.task import Task
from gemstead.evals.tasks.gsm8k import Gsm8k
from gemstead.evals.tasks.humaneval import HumanEval
from gemstead.evals.tasks.humaneval_plus import HumanEvalPlus
from gemstead.evals.tasks.livecodebench import LiveCodeBench
from gemstead.evals.tasks.mbpp import Mbpp
from gemstead.evals.tasks.mbpp_plus import MbppPlus

TASKS: Mapping[str, type[AskedTask]] = {
    "humaneval": HumanEval,
    "humaneval+": HumanEvalPlus,
    "mbpp": Mbpp,
    "mbpp+": MbppPlus,
    "gsm8k": Gsm8k,
    "livecodebench": LiveCodeBench,
}
DATED: Mapping[str, type[LiveCodeBench]] = {"livecodebench": LiveCodeBench}
"""Tasks whose problems have dates."""


def find_task(name: str, data: Path | None = None, *, since: str | None = None, until: str | None = None) -> Task:
    """Build the task of that name.

    Args:
        name: A key of `TASKS`.
        data: A data file to read instead of the published one.
        since: First day of its problems, where they have dates.
        until: Last day of its problems.

    Raises:
        NotFound: No task has that name, or its data is missing.
        BadRequest: A day is none, or its problems have no dates.
        Infrastructure: Its data cannot be fetched.
    """
    if name not in TASKS:
        near = difflib.get_close_matches(name, TASKS, n=1)
        raise NotFound(
            f"unknown task {name!r}; tasks are {', '.join(sorted(TASKS))}",
            hint=f"did you mean {near[0]!r}?" if near else None,
        )
    if since is None and until is None:
        return TASKS[name](data)
    if name not in DATED:
        raise BadRequest(
            f"{name} has no dates to choose from; tasks that have are {', '.join(DATED)}",
            hint="leave `--since` and `--until` out",
        )
    return DATED[name](data, since=since, until=until)


def runs_programs(names: Iterable[str]) -> bool:
    """Whether one of these tasks is answered by programs, which need a sandbox."""
    return any(TASKS[name].runs_programs for name in names if name in TASKS)
