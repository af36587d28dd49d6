"""Comparing and reporting stored runs, from the shell and back: `python -m benchmarks.reporting`.

Two stores are made up from HumanEval's problems, canonical solutions wrapped in prose, with pebble's prompts: 5 runs of
164 problems, and 2 runs of 5,000 (10,000 answers). Each command is run in a fresh process, in turn, so that the
interpreter's start and all imports count. "Processor" is the time the process computed, which a busy machine stretches
less than the time by the clock. Medians of the rounds, and the least.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from gemstead.chat.tokenizer import Tokenizer
from gemstead.checkpoints.hub import embedded_folder
from gemstead.evals.store import Store, StoredRun
from gemstead.evals.tasks import find_task

PRECISIONS = ("bf16", "int8", "int4", "int8-embed16", "int4-embed16")


def make_store(file: Path, num_runs: int, num_problems: int) -> None:
    """Write the runs; beyond 164 problems they are of a task that is nowhere, with as many different prompts."""
    task, tokenizer, chance = find_task("humaneval"), Tokenizer(embedded_folder() / "tokenizer.json"), random.Random(0)
    problems = task.problems()
    is_real = num_problems <= len(problems)
    name = "humaneval" if is_real else "made-up"
    prompts = [tokenizer.encode(f"<bos><|turn>user\n{p.prompt}<turn|>\n<|turn>model\n") for p in problems]
    store = Store(file)
    for number in range(num_runs):
        run = f"r{number}"
        store.add_run(
            StoredRun(
                id=run, key="", created=0.0, task=name, settings={"task": name, "samples": 1, "temperature": 0.0},
                model={"name": "pebble", "precision": PRECISIONS[number], "fingerprint": "f", "device": "cpu",
                       "details": {"weight_bytes": 2**25}},
                machine={"task_version": task.version, "processor": "made up"},
            )
        )  # fmt: skip
        answers, verdicts = [], []
        for n in range(num_problems):
            problem, ids = problems[n % len(problems)], prompts[n % len(problems)]
            item = problem.id if is_real else f"{name}/{n}"
            prose = "It walks through the input once, and keeps what it needs. " * chance.randint(0, 8)
            text = f"Answer {n} of run {number}.\n\n```python\n{problem.canonical}\n```\n\n{prose}"
            wrote = json.dumps(tokenizer.encode(text, controls=False))
            ids = ids if is_real else [*ids, n % tokenizer.vocab_size]
            passed = chance.random() < 0.7
            answers.append((run, item, 0, "", json.dumps(ids), text, "", wrote, "stop", 0, 0, len(ids),
                            wrote.count(",") + 1, n * 0.1, n * 0.1 + 2, "{}"))  # fmt: skip
            verdicts.append((run, item, 0, 1, "1", problem.canonical, "fenced block 1 of 1",
                             "passed" if passed else "wrong", passed, "" if passed else "gave [1], not [3]",
                             0.01, 0.02, 0, "[]"))  # fmt: skip
        with store._change() as db:
            db.executemany(f"INSERT INTO answers VALUES ({', '.join('?' * 16)})", answers)
            db.executemany(f"INSERT INTO verdicts VALUES ({', '.join('?' * 14)})", verdicts)
    store.close()


def timed(words: list[str]) -> tuple[float, float]:
    """Seconds by the clock and of the processor that a command took."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "gemstead", *words], check=True, capture_output=True)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        cases = []
        for num_runs, num_problems in ((5, 164), (2, 5000)):
            file = Path(folder) / f"{num_runs}x{num_problems}" / "runs.sqlite"
            make_store(file, num_runs, num_problems)
            runs = [f"r{n}" for n in range(num_runs)]
            for command in ("compare", "report"):
                words = [command, *runs, "--store", str(file)] + (["--out", str(page)] if command == "report" else [])
                cases.append((f"{command}, {num_runs} runs of {num_problems:,}", words))
        times: dict[str, list[tuple[float, float]]] = {name: [] for name, _ in cases}
        sizes = {}
        for _ in range(rounds):
            for name, words in cases:
                times[name].append(timed(words))
                if name.startswith("report"):
                    sizes[name] = page.stat().st_size
        print(f"{os.cpu_count()} processors, {rounds} rounds in turn, medians; load {os.getloadavg()[0]:.1f}")
        print(f"{'command':30}{'by the clock s':>18}{'processor s':>16}{'page MB':>10}")
        for name, measured in times.items():
            wall, busy = (
                f"{statistics.median(column):.2f} (≥ {min(column):.2f})" for column in zip(*measured, strict=True)
            )
            size = f"{sizes[name] / 1e6:.2f}" if name in sizes else ""
            print(f"{name:30}{wall:>18}{busy:>16}{size:>10}")


if __name__ == "__main__":
    main()
