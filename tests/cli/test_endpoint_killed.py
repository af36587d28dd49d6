"""`gemstead eval --endpoint` as processes that die: the client, the endpoint, or both, by SIGKILL at any moment.

Whatever died when: the run that is gone on with ends as the undisturbed one, in answers, scores, tokens and cost.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from gemstead.evals.store import Store
from tests.endpoint_stand_in import MODEL
from tests.evals.test_endpoint import comparable, free_port, serve
from tests.shared_data import SHARED, needs_shared

ROOT = Path(__file__).parents[2]
NUM = 40
PRICES = ("--price-in", 1, "--price-out", 1000)
pytestmark = pytest.mark.slow


@dataclass
class Endpoint:
    """A stand-in as a process, always at the same address, and what it was asked."""

    log: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def asked(self) -> Counter[str]:
        return Counter(self.log.read_text().split())

    def start(self) -> None:
        self.process = serve(self.port, self.log)

    def kill(self) -> None:
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Client:
    """`gemstead eval` with a store of its own."""

    home: Path
    last: subprocess.Popen[str] | None = None
    talk: str = ""

    @property
    def file(self) -> Path:
        return self.home / "runs.sqlite"

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        self.last = subprocess.Popen(
            [sys.executable, "-m", "gemstead", "eval", *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, cwd=ROOT,
            env={**os.environ, "GEMSTEAD_HOME": str(self.home), "COLUMNS": "200"},
        )  # fmt: skip
        return self.last

    def whole(self, *arguments: object, code: int = 0) -> str:
        """Run to its end, and give what it says on stdout."""
        process = self.start(*arguments)
        said, talk = process.communicate(timeout=300)
        assert process.returncode == code, talk
        self.talk = talk
        return said

    def kill(self) -> None:
        if self.last is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.last.pid, signal.SIGKILL)
            with suppress(ValueError):  # it was read to its end
                self.talk = self.last.communicate()[1]

    def rows(self, query: str) -> list[Any]:
        if not self.file.exists():
            return []
        with closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True)) as db:
            try:
                return db.execute(query).fetchall()
            except sqlite3.OperationalError:
                return []

    def count(self, table: str) -> int:
        rows = self.rows(f"SELECT count(*) FROM {table}")
        return int(rows[0][0]) if rows else 0

    def run(self) -> str:
        """Its one run."""
        ((run,),) = self.rows("SELECT id FROM runs")
        return str(run)


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[Endpoint]:
    log = tmp_path / "asked.txt"
    log.touch()
    endpoint = Endpoint(log)
    endpoint.start()
    try:
        yield endpoint
    finally:
        endpoint.kill()


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    client = Client(tmp_path / "home")
    try:
        yield client
    finally:
        client.kill()


def asking(endpoint: Endpoint) -> tuple[object, ...]:
    return ("humaneval", "--endpoint", endpoint.url, "--model", MODEL, "--limit", NUM, "--batch", 4, "--json", *PRICES)


def undisturbed(endpoint: Endpoint, tmp_path: Path, *asked: object) -> tuple[Any, Client]:
    calm = Client(tmp_path / "calm")
    told = json.loads(calm.whole(*(asked or asking(endpoint))))
    endpoint.log.write_text("")
    return told, calm


def resuming(run: str) -> tuple[object, ...]:
    return ("humaneval", "--resume", run, "--batch", 4, "--json")


def wait_until(is_so: Callable[[], bool], timeout_s: float = 120.0) -> None:
    end = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)


def fixed(summary: dict[str, Any]) -> dict[str, Any]:
    """A summary without clocks and without how often one had to ask."""
    kept = {k: v for k, v in summary.items() if k not in ("generation_s", "rate_tok_s", "num_near_limit")}
    return {**kept, "charge": {k: v for k, v in summary["charge"].items() if k != "num_repeated"}}


def assert_the_same(told: Any, client: Client, calm_told: Any, calm: Client) -> None:
    assert fixed(told["summary"]) == fixed(calm_told["summary"])
    assert told["summary"]["num_errors"] == 0 and told["summary"]["num_problems"] == NUM
    assert comparable(Store(client.file), client.run()) == comparable(Store(calm.file), calm.run())
    files = [Path(t["folder"], "samples.jsonl").read_text() for t in (told, calm_told)]
    assert files[0] == files[1]


def test_a_client_killed_again_and_again_ends_as_if_it_never_was(
    endpoint: Endpoint, client: Client, tmp_path: Path
) -> None:
    calm_told, calm = undisturbed(endpoint, tmp_path)
    stored, in_work = 0, 0
    # Before the first answer is stored, between two, and when most are judged.
    for wanted, table in ((1, "runs"), (7, "answers"), (20, "verdicts"), (NUM - 8, "answers")):
        client.start(*(asking(endpoint) if not client.count("runs") else resuming(client.run())))
        asked_before = endpoint.asked.total()
        wait_until(lambda n=wanted, t=table: client.count(t) >= n)  # type: ignore[misc]
        client.kill()
        assert client.run() in client.talk, "nobody is told what to resume"
        time.sleep(0.4)  # what the endpoint was in work on ends, for nobody
        assert client.count("answers") >= stored, "an answer that was there is gone"
        in_work += endpoint.asked.total() - asked_before - (client.count("answers") - stored)
        stored = client.count("answers")
    assert 0 < stored < NUM
    told = json.loads(client.whole(*resuming(client.run())))
    assert_the_same(told, client, calm_told, calm)
    assert in_work <= 4 * 4, "more than what was in work at a death was asked for in vain"
    assert endpoint.asked.total() == NUM + in_work and set(endpoint.asked.values()) <= {1, 2, 3, 4, 5}


def test_an_endpoint_that_is_killed_and_comes_back_is_waited_for(
    endpoint: Endpoint, client: Client, tmp_path: Path
) -> None:
    calm_told, calm = undisturbed(endpoint, tmp_path)
    process = client.start(*asking(endpoint))
    for wanted in (5, 20):
        wait_until(lambda n=wanted: client.count("answers") >= n)  # type: ignore[misc]
        endpoint.kill()
        time.sleep(1.5)
        endpoint.start()
    said, talk = process.communicate(timeout=120)
    assert process.returncode == 0, talk
    told = json.loads(said)
    assert_the_same(told, client, calm_told, calm)
    repeated = told["summary"]["charge"]["num_repeated"]
    assert repeated >= 1 and endpoint.asked.total() <= NUM + 2 * 4


def test_an_endpoint_that_stays_dead_leaves_errors_that_the_next_start_mends(
    endpoint: Endpoint, client: Client, tmp_path: Path
) -> None:
    calm_told, calm = undisturbed(endpoint, tmp_path)
    process = client.start(*asking(endpoint))
    wait_until(lambda: client.count("answers") >= 10)
    endpoint.kill()
    said, talk = process.communicate(timeout=300)
    assert process.returncode == 1
    summary = json.loads(said)["summary"]
    stored, run = client.count("answers"), client.run()
    assert summary["num_errors"] == NUM - stored and summary["num_problems"] == stored < NUM
    assert set(summary["statuses"]) <= {"passed", "wrong", "no_code", "error"}
    assert summary["statuses"].get("wrong", 0) <= calm_told["summary"]["statuses"]["wrong"]
    assert f"--resume {run}" in " ".join(talk.split()), talk
    details = [text for (text,) in client.rows("SELECT detail FROM verdicts WHERE status = 'error'")]
    assert all("no answer: " in text and endpoint.url in text for text in details)
    # While it is still dead, that is said, and nothing changes.
    before = client.rows("SELECT * FROM answers ORDER BY problem")
    client.whole(*resuming(run), code=1)
    assert "cannot be reached" in client.talk and "hint:" in client.talk and "Traceback" not in client.talk
    assert client.rows("SELECT * FROM answers ORDER BY problem") == before
    endpoint.start()
    asked_before = endpoint.asked.total()
    told = json.loads(client.whole(*resuming(run)))
    assert_the_same(told, client, calm_told, calm)
    assert endpoint.asked.total() - asked_before == NUM - stored, "what was stored was asked for again"


def test_of_two_that_work_on_one_run_one_ends_it_and_the_other_says_so(
    endpoint: Endpoint, client: Client, tmp_path: Path
) -> None:
    calm_told, calm = undisturbed(endpoint, tmp_path)
    client.start(*asking(endpoint))
    wait_until(lambda: client.count("answers") >= 4)
    other = Client(client.home)
    processes = [client.last, other.start(*resuming(client.run()))]
    ends = [process.communicate(timeout=300) for process in processes if process is not None]
    codes = [process.returncode for process in processes if process is not None]
    assert 0 in codes
    for code, (said, talk) in zip(codes, ends, strict=True):
        if code == 0:
            assert_the_same(json.loads(said), client, calm_told, calm)
        else:
            assert "another process works on the same run" in talk and "hint: wait until it has ended" in talk


@needs_shared
def test_a_comparison_of_tasks_survives_the_deaths_of_both(endpoint: Endpoint, client: Client, tmp_path: Path) -> None:
    tasks = ("humaneval,gsm8k", "--data", SHARED / "data", "--batch", 2, "--json")
    asked = (*tasks, "--endpoint", endpoint.url, "--model", MODEL, "--limit", 12, *PRICES)
    calm_told, calm = undisturbed(endpoint, tmp_path, *asked)
    client.start(*asked)
    wait_until(lambda: client.count("answers") >= 4)
    client.kill()
    endpoint.kill()
    (name,) = {file.stem for file in (client.home / "comparisons").glob("*.json")}
    endpoint.start()
    again = (*tasks, "--resume", name)
    client.start(*again)
    wait_until(lambda: client.count("runs") == 2 and client.count("answers") >= 16)
    endpoint.kill()
    client.kill()
    endpoint.start()
    told = json.loads(client.whole(*again))
    assert [fixed(run["summary"]) for run in told] == [fixed(run["summary"]) for run in calm_told]
    runs = [sorted(c.rows("SELECT task, id FROM runs")) for c in (client, calm)]
    for (task, one), (other_task, other) in zip(*runs, strict=True):
        assert task == other_task
        assert comparable(Store(client.file), one) == comparable(Store(calm.file), other)
