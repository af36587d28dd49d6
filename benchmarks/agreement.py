"""Our verdicts beside evalplus' on the same programs: `python -m benchmarks.agreement --data FOLDER`.

2,000 honest answers to HumanEval+ and MBPP+: pebble's stored ones (the latest run of each task in gemstead's store;
where there is none it is asked now, which takes minutes) and mutants of the published solutions
(`benchmarks/mutants.py`), drawn by `--seed`. Both judges get the same program text, ours first. Every verdict is
appended to `--out` as it comes; a second start with the same file goes on where the first one stopped. Ctrl-C ends it
with what is known by then. Every disagreement is printed with both reasons. evalplus gives each input one second on the
clock, so that a busy machine makes it refuse right answers: what it alone refuses is put to it again, one at a time. A
smaller `--cpu-s` makes loops without end cost us less; what we alone call a time-out is judged again with the usual
limits. `--evalplus FOLDER` says where `pip install --target FOLDER` put it, if it is not installed beside us.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks import evalplus_side
from benchmarks.evalplus_side import Told
from benchmarks.mutants import chosen
from gemstead.core.errors import BadRequest
from gemstead.evals.progress import Key
from gemstead.evals.run import RunSettings, run_evaluation, run_key
from gemstead.evals.score import Job, Judge, Verdict
from gemstead.evals.store import Store, StoredVerdict
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


def asked_pebble(task: Task, data: Path | None, workers: int) -> Mapping[Key, StoredVerdict]:
    """pebble's latest run of a task; where none is finished, it is asked now, or for what is left of one."""
    from gemstead.runtime import load  # torch, which takes seconds

    store = Store()
    num_problems = len(task.problems())
    for run in store.runs():
        verdicts = store.verdicts(run.id, run.scoring)
        if run.task == task.name and run.model.get("name") == "pebble" and len(verdicts) == num_problems:
            return verdicts
    settings = RunSettings(task=task.name, data=str(data) if data else None)
    with load("pebble", reproducible=True) as generator, Judge(workers=workers) as judge:
        key = run_key(task, settings, generator.describe())
        begun = next((run.id for run in store.runs() if run.key == key), None)
        return run_evaluation(generator, settings, judge, store, resume=begun).verdicts


def stored(task: Task, verdicts: Mapping[Key, StoredVerdict]) -> Iterator[Answer]:
    """pebble's answers to a task, as they were extracted."""
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


@dataclass(frozen=True, kw_only=True)
class Ours:
    """What we say of a program; the fields of `score.Verdict` that count here."""

    status: str
    parts: Sequence[str]
    detail: str

    @property
    def passed(self) -> bool:
        """Whether the test ran to its end."""
        return self.status == "passed"


class VerdictLog:
    """Verdicts of both sides, appended to a file as they come, and read back by the next start.

    A verdict belongs to a program, by its hash: an answer that has changed since is judged again.

    Args:
        file: One JSON object a line; the first says what was asked for.
        about: What must be the same in all starts that share the file.

    Raises:
        BadRequest: The file was begun with something else, or is no such file.
    """

    def __init__(self, file: Path, about: Mapping[str, object]) -> None:
        self._file = file
        self.ours: dict[tuple[str, str], Ours] = {}
        self.theirs: dict[tuple[str, str], Told] = {}
        self.asked_again: set[tuple[str, str, str]] = set()
        """Side, key and hash of what was judged twice."""
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        whole = text[: text.rfind("\n") + 1]  # a last line without an end was cut when the process was killed
        if whole != text:
            with file.open("r+b") as cut:
                cut.truncate(len(whole.encode()))
        try:
            rows = [json.loads(line) for line in whole.splitlines()]
            if rows and rows[0]["about"] != dict(about):
                raise BadRequest(
                    f"{file} was begun with {rows[0]['about']}, this is {dict(about)}",
                    hint="name another file with `--out`, or start it as it was begun",
                )
            for row in rows[1:]:
                self._take(row)
        except (KeyError, TypeError, ValueError) as error:
            raise BadRequest(f"{file} holds no verdicts: {error}", hint="name another file with `--out`") from error
        if not rows:
            self._write({"about": dict(about)})

    def add_ours(self, answer: Answer, verdict: Verdict, *, is_again: bool = False) -> None:
        """Keep a verdict of ours. A failure of the harness decides nothing, and is not kept."""
        if verdict.status != "error":
            fields = {"status": verdict.status, "parts": list(verdict.parts), "detail": verdict.detail}
            self._add("gemstead", answer, fields, is_again)

    def add_theirs(self, answer: Answer, told: Told, *, is_again: bool = False) -> None:
        """Keep a verdict of evalplus."""
        self._add("evalplus", answer, asdict(told), is_again)

    def _add(self, side: str, answer: Answer, fields: Mapping[str, object], is_again: bool) -> None:
        row = {"side": side, "key": answer.key, "sha256": sha256_of(answer), "is_again": is_again, **fields}
        if side == "gemstead" and not is_again:
            row |= {"origin": answer.origin, "program": answer.program}
        self._write(row)
        self._take(row)

    def _take(self, row: Mapping[str, Any]) -> None:
        side, key, digest = row["side"], row["key"], row["sha256"]
        if side == "gemstead":
            self.ours[key, digest] = Ours(status=row["status"], parts=tuple(row["parts"]), detail=row["detail"])
        else:
            names = ("base", "plus", "base_inputs", "plus_inputs")
            self.theirs[key, digest] = Told(**{name: row[name] for name in names})
        if row["is_again"]:
            self.asked_again.add((side, key, digest))

    def _write(self, row: Mapping[str, object]) -> None:
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def our(self, answer: Answer) -> Ours | None:
        """Our verdict on an answer, if it is known."""
        return self.ours.get((answer.key, sha256_of(answer)))

    def their(self, answer: Answer) -> Told | None:
        """evalplus' verdict on an answer, if it is known."""
        return self.theirs.get((answer.key, sha256_of(answer)))

    def was_asked_again(self, side: str, answer: Answer) -> bool:
        """Whether a side was asked twice."""
        return (side, answer.key, sha256_of(answer)) in self.asked_again


def sha256_of(answer: Answer) -> str:
    """Hash of an answer's program."""
    return hashlib.sha256((answer.program or "").encode("utf-8", "surrogatepass")).hexdigest()


def judge_ours(
    answers: Sequence[Answer], log: VerdictLog, limits: Limits, workers: int, *, is_again: bool = False
) -> None:
    """Have these judged by us."""
    if not answers:
        return
    with Judge(workers=workers, limits=limits) as judge:
        jobs = [Job(key=answer.key, problem=answer.problem, program=answer.program) for answer in answers]
        for answer, verdict in zip(answers, judge.judge(jobs), strict=True):
            log.add_ours(answer, verdict, is_again=is_again)


def judge_theirs(
    answers: Sequence[Answer], log: VerdictLog, folder: Path, told: Mapping[str, str], workers: int, *,
    is_again: bool = False,
) -> None:  # fmt: skip
    """Have these judged by evalplus."""
    by_key = {answer.key: answer for answer in answers}

    def hear(key: str, verdict: Told) -> None:
        log.add_theirs(by_key[key], verdict, is_again=is_again)

    jobs = [(a.key, a.dataset, a.problem.id, a.program or "") for a in answers]
    evalplus_side.judged(jobs, folder, told, workers, hear)


def judge_all(
    answers: Sequence[Answer], log: VerdictLog, folder: Path, told: Mapping[str, str], *, cpu_s: float, workers: int
) -> None:
    """Whatever is not judged yet, by both; then once more what one of them alone may have been late with."""
    todo = [answer for answer in answers if log.our(answer) is None]
    judge_ours(todo, log, Limits(cpu_s=cpu_s, wall_s=PATIENCE_S), workers)
    judge_theirs([answer for answer in answers if log.their(answer) is None], log, folder, told, workers)
    late, hasty = [], []
    for answer in answers:
        mine, theirs = log.our(answer), log.their(answer)
        if mine is not None and theirs is not None and mine.passed and not theirs.passed:
            late.append(answer)
        elif mine is not None and theirs is not None and mine.status == "timeout" and theirs.passed:
            hasty.append(answer)
    late = [answer for answer in late if not log.was_asked_again("evalplus", answer)]
    judge_theirs(late, log, folder, told, 1, is_again=True)
    hasty = [answer for answer in hasty if not log.was_asked_again("gemstead", answer)]
    judge_ours(hasty, log, Limits(wall_s=PATIENCE_S), workers, is_again=True)


def agree(mine: Ours, theirs: Told) -> bool:
    """Whether both say the same of the base inputs, and of all."""
    return mine.passed == theirs.passed and ("base" in mine.parts) == (theirs.base == "pass")


def report(answers: Sequence[Answer], log: VerdictLog) -> None:
    """Print what both say."""
    both = [
        (a, mine, their) for a in answers if (mine := log.our(a)) is not None and (their := log.their(a)) is not None
    ]
    apart = [row for row in both if not agree(*row[1:])]
    num_stored = sum(answer.origin == "pebble" for answer, _, _ in both)
    kinds = f"{num_stored} of pebble, {len(both) - num_stored} mutants"
    print(f"judged by both: {len(both)} of {len(answers)} answers ({kinds})")
    print(f"both pass {sum(mine.passed and their.passed for _, mine, their in both)}, ", end="")
    print(f"both refuse {sum(not mine.passed and not their.passed for _, mine, their in both)}")
    print(f"the same verdict, on base inputs and on all: {len(both) - len(apart)} of {len(both)}")
    again = [answer for answer, _, _ in both if log.was_asked_again("evalplus", answer)]
    print(f"put to evalplus again, as it alone refused them: {len(again)}")
    statuses = Counter(mine.status for _, mine, _ in both)
    print("gemstead says", ", ".join(f"{name} {count}" for name, count in statuses.most_common()))
    for side, known in (("gemstead", log.our), ("evalplus", log.their)):
        left = [answer.key for answer in answers if known(answer) is None]
        if left:
            print(f"not judged by {side}: {len(left)}, e.g. {', '.join(left[:5])}")
    for answer, mine, their in apart:
        print(f"\n{answer.key} ({answer.origin})")
        print(f"  gemstead: {mine.status} (passed {', '.join(mine.parts) or 'no part'}): {mine.detail}")
        print(f"  evalplus: {their.reason}")


def drawn(data: Path | None, count: int, seed: int, workers: int) -> list[Answer]:
    """So many answers: pebble's, then mutants."""
    tasks = (HumanEvalPlus(data), MbppPlus(data))
    answers = [answer for task in tasks for answer in stored(task, asked_pebble(task, data, workers))][:count]
    return answers + list(mutated(tasks, count - len(answers), seed))


def main() -> None:
    """Judge, compare and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder of the published data files, where they cannot be fetched")
    parser.add_argument("--count", type=int, default=2000, help="answers in all")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=evalplus_side.WORKERS, help="programs at the same time")
    parser.add_argument("--out", type=Path, default=Path("agreement.jsonl"), help="every verdict; to go on with, too")
    parser.add_argument("--cpu-s", type=float, default=Limits().cpu_s, help="the floor of our limit, five times here")
    parser.add_argument("--evalplus", type=Path, help="folder evalplus is installed in, if not beside us")
    parser.add_argument("--evalplus-folder", type=Path, help="where its files are kept for the next time")
    options = parser.parse_args()
    log = VerdictLog(options.out, {"seed": options.seed, "cpu_s": options.cpu_s})
    answers = drawn(options.data, options.count, options.seed, options.workers)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as scratch:
        folder: Path = (options.evalplus_folder or Path(scratch)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        installed = options.evalplus.resolve() if options.evalplus else None
        told = evalplus_side.environment(folder, options.data, installed)
        try:
            judge_all(answers, log, folder, told, cpu_s=options.cpu_s, workers=options.workers)
        except KeyboardInterrupt:
            print(f"stopped; the same command goes on with {options.out}")
    print(f"seed {options.seed}, {time.perf_counter() - start:.0f} s in this start")
    report(answers, log)


if __name__ == "__main__":
    main()
