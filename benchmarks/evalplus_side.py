"""evalplus as it is installed beside us: its data made ready, programs in, its own verdicts out.

It runs in processes of its own and reads the same files as we do, without the one input that `mbpp_plus.LEFT_OUT`
leaves out: what the solution of Mbpp/255 returns to it takes a gigabyte in each of evalplus' processes.
"""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
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

PATIENCE_S = 300.0
"""How long a process of evalplus may be silent about one program; its own limits end after 124 s."""
READY_S = 3600.0
"""The same while it runs all published solutions, which it does once."""
MAX_TRIES = 3

JUDGE = """
import json, sys
from evalplus.data import (
    get_human_eval_plus, get_human_eval_plus_hash, get_mbpp_plus, get_mbpp_plus_hash,
)
from evalplus.eval._special_oracle import MBPP_OUTPUT_NOT_NONE_TASKS
from evalplus.evaluate import check_correctness, get_groundtruth

names = sys.argv[1:]
problems, expected = {}, {}
if "humaneval" in names:
    problems["humaneval"] = get_human_eval_plus()
    expected["humaneval"] = get_groundtruth(problems["humaneval"], get_human_eval_plus_hash(), [])
if "mbpp" in names:
    problems["mbpp"] = get_mbpp_plus()
    expected["mbpp"] = get_groundtruth(problems["mbpp"], get_mbpp_plus_hash(), MBPP_OUTPUT_NOT_NONE_TASKS)
print("READY", flush=True)

for line in sys.stdin:
    job = json.loads(line)
    name, task = job["dataset"], job["task"]
    found = check_correctness(name, 0, problems[name][task], job["program"], expected[name][task], False, True)
    told = {part: [found[part][0], len(found[part][1])] for part in ("base", "plus")}
    print("ROW", json.dumps({"key": job["key"], **told}), flush=True)
"""

Job = tuple[str, str, str, str]
"""Key, evalplus' name of the data set, task id and program."""


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


def environment(folder: Path, data: Path | None, installed: Path | None = None) -> dict[str, str]:
    """What evalplus' processes must find in their environment; its files and its cache are put into `folder`.

    Args:
        folder: Where to write.
        data: Where the published files lie; `None` for our own copies, fetched where they are missing.
        installed: Where `pip install --target` put evalplus; `None` where it is installed beside us.
    """
    told = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    if installed is not None:
        told["PYTHONPATH"] = os.pathsep.join(filter(None, [str(installed), os.environ.get("PYTHONPATH")]))
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


class _Died(Exception):
    """A process ended, or was silent for too long and was killed."""


class _Process:
    """One process of evalplus. What it starts is in its group, and ends with it."""

    def __init__(self, number: int, datasets: Sequence[str], folder: Path, told: Mapping[str, str]) -> None:
        self._said = folder / f"evalplus-{number}.log"
        with self._said.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", JUDGE, *datasets], env=dict(told), cwd=folder, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
            )  # fmt: skip
        try:
            self._next("READY", READY_S)
        except _Died as error:
            self.close()
            raise NotFound(
                f"evalplus does not run here: {error}",
                hint="`make bench` installs it into .venv; or name its folder with `--evalplus`",
            ) from error

    def judge(self, job: Job) -> Told:
        """Its verdict.

        Raises:
            _Died: It gave none.
        """
        names = ("key", "dataset", "task", "program")
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(dict(zip(names, job, strict=True))) + "\n")
            self._process.stdin.flush()
        except OSError:
            raise _Died(self._last_words()) from None
        row = json.loads(self._next("ROW ", PATIENCE_S))
        (base, base_inputs), (plus, plus_inputs) = row["base"], row["plus"]
        return Told(base=base, plus=plus, base_inputs=base_inputs, plus_inputs=plus_inputs)

    def close(self) -> None:
        """End it, and whatever it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):
                pipe.close()

    def _next(self, beginning: str, patience_s: float) -> str:
        """The rest of the next line that begins so."""
        assert self._process.stdout is not None
        is_late = threading.Event()

        def give_up() -> None:
            is_late.set()
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

        timer = threading.Timer(patience_s, give_up)
        timer.start()
        try:
            for line in self._process.stdout:
                if line.startswith(beginning):
                    return line.removeprefix(beginning)
        finally:
            timer.cancel()
        raise _Died(f"it was silent for {patience_s:.0f} s" if is_late.is_set() else self._last_words())

    def _last_words(self) -> str:
        code = self._process.wait()
        ending = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        said = self._said.read_text(errors="replace").strip().splitlines()
        return f"{ending}, {said[-1] if said else 'without a word'}"


def judged(
    jobs: Iterable[Job],
    folder: Path,
    told: Mapping[str, str],
    workers: int = WORKERS,
    hear: Callable[[str, Told], None] = lambda key, told: None,
) -> dict[str, Told]:
    """Have evalplus judge programs, as its own command does, base and plus inputs, each up to the first that fails.

    A process that dies or falls silent is named on stderr, and its program is put to another one. What kills three is
    left out of the result.

    Args:
        jobs: What to judge.
        folder: Where to write.
        told: What `environment` gave.
        workers: How many at the same time.
        hear: Hears of each verdict at once, in one thread at a time.

    Raises:
        NotFound: evalplus is not installed here, or does not run.
    """
    waiting = deque(jobs)
    datasets = sorted({dataset for _, dataset, _, _ in waiting})
    found: dict[str, Told] = {}
    lock, starting = threading.Lock(), threading.Lock()

    def start(number: int) -> _Process:
        with starting:  # the first runs all published solutions, the others read what it has kept
            return _Process(number, datasets, folder, told)

    def work(number: int) -> None:
        process = start(number)
        try:
            while True:
                with lock:
                    if not waiting:
                        return
                    job = waiting.popleft()
                for attempt in range(1, MAX_TRIES + 1):
                    try:
                        verdict = process.judge(job)
                    except _Died as error:
                        process.close()
                        told_next = "tried again" if attempt < MAX_TRIES else "left out"
                        print(f"evalplus died on {job[0]}: {error}; {told_next}", file=sys.stderr, flush=True)
                        process = start(number)
                    else:
                        with lock:
                            found[job[0]] = verdict
                            hear(job[0], verdict)
                        break
        finally:
            process.close()

    with ThreadPoolExecutor(max(1, workers)) as pool:
        futures = [pool.submit(work, number) for number in range(min(workers, len(waiting)))]
        try:
            for future in as_completed(futures):
                future.result()
        except BaseException:
            with lock:
                waiting.clear()
            raise
    return found
