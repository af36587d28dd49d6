"""Our verdicts beside evalplus' on the same programs: `python -m benchmarks.agreement --data FOLDER`.

2,000 honest answers to HumanEval+ and MBPP+: pebble's stored ones (the latest run of each task in gemstead's store;
where there is none it is asked now, which takes minutes) and mutants of the published solutions
(`benchmarks/mutants.py`), drawn by `--seed`. Both judges get the same program text, two at a time, ours first. Every
disagreement is printed with both reasons, and all verdicts are written to `--out`. evalplus gives each input one second
on the clock, so that a busy machine makes it refuse right answers: what it alone refuses is put to it again, one at a
time. A smaller `--cpu-s` makes loops without end cost us less; what we alone call a time-out is judged again with the
usual limits.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import evalplus_side
from benchmarks.evalplus_side import Told
from benchmarks.mutants import chosen
from gemstead.evals.run import evaluate
from gemstead.evals.score import Job, Judge, Verdict
from gemstead.evals.store import Store
from gemstead.evals.task import Problem, Task
from gemstead.evals.tasks.humaneval_plus import HumanEvalPlus
from gemstead.evals.tasks.mbpp_plus import MbppPlus
from gemstead.sandbox.base import Limits

PATIENCE_S = 120.0
"""Our limit on the clock here, where a busy machine should decide nothing: processor time does."""
DATASETS = {"humaneval+": "humaneval", "mbpp+": "mbpp"}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One program to judge.

    Args:
        key: A name for it.
        dataset: evalplus' name of the data set.
        problem: What it answers.
        origin: "pebble", or what a mutant's change is.
        program: Whole source; `None` where an answer held none.
    """

    key: str
    dataset: str
    problem: Problem
    origin: str
    program: str | None


def stored(task: Task, data: Path | None) -> Iterator[Answer]:
    """pebble's answers to a task, as they were extracted; it is asked if the store has no run of it."""
    store = Store()
    num_problems = len(task.problems())
    for run in store.runs():
        verdicts = store.verdicts(run.id, run.scoring)
        if run.task == task.name and run.model.get("name") == "pebble" and len(verdicts) == num_problems:
            break
    else:
        verdicts = evaluate(task.name, "pebble", data=str(data) if data else None).verdicts
    for problem in task.problems():
        program = verdicts[problem.id, 0].program
        yield Answer(
            key=f"{problem.id} pebble",
            dataset=DATASETS[task.name],
            problem=problem,
            origin="pebble",
            program=program,
        )


def mutated(tasks: Sequence[Task], count: int, seed: int) -> Iterator[Answer]:
    """Mutants, spread evenly over the problems of all tasks."""
    owners = {problem.id: (task, problem) for task in tasks for problem in task.problems()}
    sources = [(name, problem.canonical, problem.entry_point) for name, (_, problem) in owners.items()]
    for number, (name, mutant) in enumerate(chosen(sources, count, seed)):
        task, problem = owners[name]
        yield Answer(
            key=f"{name} mutant {number}",
            dataset=DATASETS[task.name],
            problem=problem,
            origin=mutant.change,
            program=mutant.program,
        )


def ours(answers: Sequence[Answer], limits: Limits) -> dict[str, Verdict]:
    """Our verdicts."""
    with Judge(workers=evalplus_side.WORKERS, limits=limits) as judge:
        jobs = [Job(key=answer.key, problem=answer.problem, program=answer.program) for answer in answers]
        return {verdict.key: verdict for verdict in judge.judge(jobs)}


def theirs(answers: Sequence[Answer], mine: Mapping[str, Verdict], data: Path | None, folder: Path) -> dict[str, Told]:
    """evalplus' verdicts; where we pass what it refuses, it is asked once more, one at a time, as it may be late."""
    told = evalplus_side.environment(folder, data)

    def judged(asked: Sequence[Answer], workers: int) -> dict[str, Told]:
        jobs = [(a.key, a.dataset, a.problem.id, a.program or "") for a in asked]
        return evalplus_side.judged(jobs, folder, told, workers)

    found = judged(answers, evalplus_side.WORKERS)
    late = [answer for answer in answers if mine[answer.key].passed and not found[answer.key].passed]
    return found | (judged(late, 1) if late else {})


def row(answer: Answer, verdict: Verdict, told: Told) -> dict[str, object]:
    """Everything about one answer, for a file."""
    return {
        "key": answer.key,
        "origin": answer.origin,
        "agree": verdict.passed == told.passed and ("base" in verdict.parts) == (told.base == "pass"),
        "gemstead": {"status": verdict.status, "parts": verdict.parts, "detail": verdict.detail},
        "evalplus": {"base": told.base, "plus": told.plus, "reason": told.reason},
        "program": answer.program,
    }


def main() -> None:
    """Judge, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the published data files, where they cannot be fetched")
    parser.add_argument("--count", type=int, default=2000, help="answers in all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("agreement.jsonl"), help="every verdict, one a line")
    parser.add_argument("--cpu-s", type=float, default=Limits().cpu_s, help="the floor of our limit, five times here")
    parser.add_argument("--evalplus-folder", type=Path, help="where its files are kept for the next time")
    options = parser.parse_args()
    tasks = (HumanEvalPlus(options.data), MbppPlus(options.data))
    answers = [answer for task in tasks for answer in stored(task, options.data)][: options.count]
    num_stored = len(answers)
    answers += mutated(tasks, options.count - num_stored, options.seed)
    start = time.perf_counter()
    mine = ours(answers, Limits(cpu_s=options.cpu_s, wall_s=PATIENCE_S))
    between = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        folder: Path = options.evalplus_folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        others = theirs(answers, mine, options.data, folder.resolve())
    hasty = [answer for answer in answers if mine[answer.key].status == "timeout" and others[answer.key].passed]
    mine |= ours(hasty, Limits(wall_s=PATIENCE_S))
    end = time.perf_counter()
    rows = [row(answer, mine[answer.key], others[answer.key]) for answer in answers]
    options.out.write_text("".join(json.dumps(found) + "\n" for found in rows))
    apart = [answer for found, answer in zip(rows, answers, strict=True) if not found["agree"]]
    print(f"{len(answers)} answers ({num_stored} of pebble, {len(answers) - num_stored} mutants, seed {options.seed})")
    print(f"gemstead {between - start:.0f} s, evalplus {end - between:.0f} s with what canonical solutions return")
    print(f"both pass {sum(mine[a.key].passed and others[a.key].passed for a in answers)}, ", end="")
    print(f"both refuse {sum(not mine[a.key].passed and not others[a.key].passed for a in answers)}")
    print(f"the same verdict, on base inputs and on all: {len(answers) - len(apart)} of {len(answers)}")
    statuses = Counter(verdict.status for verdict in mine.values())
    print("gemstead says", ", ".join(f"{name} {count}" for name, count in statuses.most_common()))
    for answer in apart:
        verdict = mine[answer.key]
        print(f"\n{answer.key} ({answer.origin})")
        print(f"  gemstead: {verdict.status} (passed {', '.join(verdict.parts) or 'no part'}): {verdict.detail}")
        print(f"  evalplus: {others[answer.key].reason}")


if __name__ == "__main__":
    main()
