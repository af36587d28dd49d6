"""evalplus as it is installed beside us: its data made ready, programs in, its own verdicts out.

It runs in processes of its own and reads the same files as we do, without the one input that `mbpp_plus.LEFT_OUT`
leaves out: what the solution of Mbpp/255 returns to it takes a gigabyte in each of evalplus' processes.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gemstead.core.errors import NotFound
from gemstead.evals.published import PublishedFile, read_published
from gemstead.evals.tasks import humaneval_plus, mbpp_plus

WORKERS = 2
FILES: Mapping[str, tuple[PublishedFile, str]] = {
    "humaneval": (humaneval_plus.FILE, "HUMANEVAL_OVERRIDE_PATH"),
    "mbpp": (mbpp_plus.FILE, "MBPP_OVERRIDE_PATH"),
}
"""By evalplus' name of the data set: our file of it, and how evalplus is told where one lies."""

JUDGE = """
import json, sys
from concurrent.futures import ProcessPoolExecutor
from evalplus.data import (
    get_human_eval_plus, get_human_eval_plus_hash, get_mbpp_plus, get_mbpp_plus_hash,
)
from evalplus.eval._special_oracle import MBPP_OUTPUT_NOT_NONE_TASKS
from evalplus.evaluate import check_correctness, get_groundtruth

jobs = [json.loads(line) for line in open(sys.argv[1])]
names = {job["dataset"] for job in jobs}
problems, expected = {}, {}
if "humaneval" in names:
    problems["humaneval"] = get_human_eval_plus()
    expected["humaneval"] = get_groundtruth(problems["humaneval"], get_human_eval_plus_hash(), [])
if "mbpp" in names:
    problems["mbpp"] = get_mbpp_plus()
    expected["mbpp"] = get_groundtruth(problems["mbpp"], get_mbpp_plus_hash(), MBPP_OUTPUT_NOT_NONE_TASKS)

def judge(job):
    name, task = job["dataset"], job["task"]
    found = check_correctness(name, 0, problems[name][task], job["program"], expected[name][task], False, True)
    told = {part: [found[part][0], len(found[part][1])] for part in ("base", "plus")}
    return {"key": job["key"], **told}

with ProcessPoolExecutor(int(sys.argv[2])) as pool:
    for row in pool.map(judge, jobs):
        print("ROW", json.dumps(row), flush=True)
"""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What evalplus says of a program.

    Args:
        base: "pass", "fail" or "timeout" on the base inputs.
        plus: The same on the plus inputs.
        base_inputs: How many base inputs it had judged by then.
        plus_inputs: The same of plus inputs.
    """

    base: str
    plus: str
    base_inputs: int
    plus_inputs: int

    @property
    def passed(self) -> bool:
        """Whether it passed both."""
        return self.base == self.plus == "pass"

    @property
    def reason(self) -> str:
        """In words."""
        if self.passed:
            return "pass"
        part, status, count = (
            ("base", self.base, self.base_inputs) if self.base != "pass" else ("plus", self.plus, self.plus_inputs)
        )
        return f"{status} at {part} input {count}" if status == "fail" and count else f"{status} in {part}"


def environment(folder: Path, data: Path | None) -> dict[str, str]:
    """What evalplus' processes must find in their environment; its files and its cache are put into `folder`.

    Args:
        folder: Where to write.
        data: Where the published files lie; `None` for our own copies, fetched where they are missing.
    """
    told = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    for name, (file, variable) in FILES.items():
        rows = [dict(row) for row in read_published(file, data).rows]
        for row in rows if name == "mbpp" else ():
            left_out = mbpp_plus.LEFT_OUT.get(int(row["task_id"].rpartition("/")[2]))
            if left_out is not None:
                row["plus_input"] = [args for args in row["plus_input"] if args != left_out]
        path = folder / file.name
        path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode(), mtime=0))
        told[variable] = str(path)
    return told


def solutions(dataset: str, data: Path | None) -> dict[str, str]:
    """evalplus' published solutions by task id, as it runs them."""
    rows = read_published(FILES[dataset][0], data).rows
    return {row["task_id"]: row["prompt"] + row["canonical_solution"] for row in rows}


def judged(
    jobs: Iterable[tuple[str, str, str, str]], folder: Path, told: Mapping[str, str], workers: int = WORKERS
) -> dict[str, Told]:
    """Have evalplus judge programs, as its own command does, base and plus inputs, each up to the first that fails.

    Args:
        jobs: Key, evalplus' name of the data set, task id and program of each.
        folder: Where to write.
        told: What `environment` gave.
        workers: How many at the same time.

    Raises:
        NotFound: evalplus is not installed here, or does not run.
    """
    file = folder / "jobs.jsonl"
    names = ("key", "dataset", "task", "program")
    file.write_text("".join(json.dumps(dict(zip(names, job, strict=True))) + "\n" for job in jobs))
    command: Sequence[str] = [sys.executable, "-c", JUDGE, str(file), str(workers)]
    run = subprocess.run(command, env=dict(told), capture_output=True, text=True, cwd=folder)
    if run.returncode != 0:
        said = run.stderr.strip().splitlines()
        raise NotFound(
            f"evalplus does not run here: {said[-1] if said else 'it said nothing'}",
            hint="`make bench` installs it into .venv",
        )
    rows = [json.loads(line.removeprefix("ROW ")) for line in run.stdout.splitlines() if line.startswith("ROW ")]
    return {
        row["key"]: Told(
            base=row["base"][0], plus=row["plus"][0], base_inputs=row["base"][1], plus_inputs=row["plus"][1]
        )
        for row in rows
    }
