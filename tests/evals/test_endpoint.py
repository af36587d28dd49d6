"""Runs against an endpoint: scored as any other, resumed to the item, never wrong through no fault of the model."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gemstead.core.errors import BadRequest
from gemstead.evals.compare import compare, read_side
from gemstead.evals.run import RunSettings, run_evaluation
from gemstead.evals.score import Judge
from gemstead.evals.store import Store
from gemstead.remote import EndpointSettings, connect
from tests.endpoint_stand_in import FAULTS, MODEL, EndpointStandIn
from tests.fake_generator import is_right

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.fixture
def endpoint() -> Iterator[EndpointStandIn]:
    with EndpointStandIn() as stand_in:
        yield stand_in


def settings(url: str, **others: Any) -> EndpointSettings:
    quick: dict[str, Any] = {"first_wait_s": 0.01, "silence_s": 0.6, "answer_s": 3.0, "concurrency": 4}
    return EndpointSettings(url=url, **{"model": MODEL, **quick, **others})


def comparable(store: Store, run_id: str) -> dict[str, Any]:
    """What must not depend on interruptions: everything but clocks and how often it was asked."""
    answers = store.answers(run_id)
    verdicts = store.verdicts(run_id, store.run(run_id).scoring)
    return {
        "run": {k: v for k, v in dataclasses.asdict(store.run(run_id)).items() if k in ("key", "settings", "model")},
        "answers": {
            k: (a.text, a.thought, a.finish, a.seed, a.key, a.prompt_tokens, a.completion_tokens,
                {n: v for n, v in a.details.items() if n != "attempts"})
            for k, a in answers.items()
        },
        "verdicts": {k: (v.program, v.how, v.status, v.passed) for k, v in verdicts.items()},
    }  # fmt: skip


def test_a_run_knows_endpoint_model_and_parameters_as_sent(
    judge: Judge, endpoint: EndpointStandIn, tmp_path: Path
) -> None:
    store = Store(tmp_path / "runs.sqlite")
    run = run_evaluation(connect(settings(endpoint.url)), RunSettings(limit=12), judge, store)
    assert run.summary.pass_at[1] == pytest.approx(sum(is_right(n) for n in range(12)) / 12)
    about = store.run(run.id).model
    assert about["details"]["endpoint"] == endpoint.url and about["name"] == MODEL
    assert about["details"]["parameters"]["temperature"] == 0.0 and about["details"]["system_fingerprint"] == "fp_1"
    answer = run.answers["HumanEval/0", 0]
    assert answer.prompt_ids == [] and answer.token_ids == [] and answer.details["request_sha256"]
    assert len({a.key for a in run.answers.values()}) == 12
    compared = compare([read_side(store, run.id), read_side(store, run.id)])
    assert compared.differences[0].same_text == 1.0


def test_every_fault_leaves_the_result_as_it_was(judge: Judge, endpoint: EndpointStandIn, tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    calm = run_evaluation(connect(settings(endpoint.url)), RunSettings(limit=40), judge, store, concurrency=4)
    # Most attempts fail here, so that one answer may well meet six faults in a row.
    model = connect(settings(endpoint.url, attempts=20))
    passing = [
        f for f in FAULTS if f not in ("400", "402", "too long", "moved", "filtered", "429 for an hour", "whole")
    ]
    endpoint.faults = [fault for fault in passing if fault != "drop at the end"]
    stormy = run_evaluation(model, RunSettings(limit=40), judge, store, concurrency=4)
    assert endpoint.faults == [] and stormy.summary.num_errors == 0
    assert comparable(store, stormy.id) == comparable(store, calm.id)


def test_what_fails_for_good_is_an_error_and_asked_again_on_resume(
    judge: Judge, endpoint: EndpointStandIn, tmp_path: Path
) -> None:
    store = Store(tmp_path / "runs.sqlite")
    model = connect(settings(endpoint.url, attempts=2))
    endpoint.faults = ["filtered", "400", "bad json", "bad json"]
    run = run_evaluation(model, RunSettings(limit=10), judge, store, concurrency=1)
    assert run.summary.num_errors == 3 and run.summary.num_samples == 7
    errors = {k[0]: v.detail for k, v in run.verdicts.items() if v.status == "error"}
    assert sorted(errors) == ["HumanEval/0", "HumanEval/1", "HumanEval/2"]
    assert "withheld" in errors["HumanEval/0"] and "HTTP 400" in errors["HumanEval/1"]
    asked = len(endpoint.requests)
    again = run_evaluation(
        connect(settings(endpoint.url, attempts=2)), RunSettings(), judge, store, resume=run.id, concurrency=1
    )
    assert len(endpoint.requests) - asked == 4, "the opening question, and what was missing"
    calm = run_evaluation(connect(settings(endpoint.url)), RunSettings(limit=10), judge, store)
    assert comparable(store, again.id) == comparable(store, calm.id)


def test_a_run_is_not_resumed_at_another_endpoint_or_with_other_fields(
    judge: Judge, endpoint: EndpointStandIn, tmp_path: Path
) -> None:
    store = Store(tmp_path / "runs.sqlite")
    asked = RunSettings(limit=1)
    run = run_evaluation(connect(settings(endpoint.url), like=asked.example()), asked, judge, store)
    with EndpointStandIn() as other, pytest.raises(BadRequest, match="endpoint was http"):
        run_evaluation(connect(settings(other.url), like=asked.example()), asked, judge, store, resume=run.id)
    endpoint.refuses = {"seed"}
    with pytest.raises(BadRequest, match="parameters was"):
        run_evaluation(connect(settings(endpoint.url), like=asked.example()), asked, judge, store, resume=run.id)


def test_cost_is_counted_from_tokens_and_written_down_with_the_run(
    judge: Judge, endpoint: EndpointStandIn, tmp_path: Path
) -> None:
    store = Store(tmp_path / "runs.sqlite")
    price = {"input_usd": 1.0, "output_usd": 10.0, "cached_input_usd": 0.5, "source": "a test"}
    model = connect(settings(endpoint.url), about={"price": price})
    endpoint.faults = ["500"]
    run = run_evaluation(model, RunSettings(limit=6), judge, store)
    charge = run.summary.charge
    assert charge is not None
    written = run.summary.completion_tokens
    assert charge.total_usd == pytest.approx((6 * 6 * 1.0 + 6 * 4 * 0.5 + written * 10.0) / 1e6)
    solved = sum(is_right(n) for n in range(6))
    assert charge.per_solved_usd == pytest.approx(charge.total_usd / solved)
    assert (charge.num_solved, charge.num_uncounted, charge.num_repeated) == (solved, 0, 1)
    assert json.loads((run.folder / "summary.json").read_text())["summary"]["charge"]["price"]["source"] == "a test"
    endpoint.with_usage = False
    silent = run_evaluation(connect(settings(endpoint.url), about={"price": price}), RunSettings(limit=2), judge, store)
    assert silent.summary.charge is not None and silent.summary.charge.num_uncounted == 2


def test_an_evaluation_at_an_endpoint_is_one_call(
    endpoint: EndpointStandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import gemstead

    monkeypatch.setenv("GEMSTEAD_HOME", str(tmp_path))
    run = gemstead.evaluate("humaneval", MODEL, endpoint=endpoint.url, limit=2, concurrency=2)
    assert run.summary.num_problems == 2 and run.summary.charge is None
    with pytest.raises(BadRequest, match="no setting is called 'device'"):
        gemstead.evaluate("humaneval", MODEL, endpoint=endpoint.url, device="cpu")


def test_run_and_endpoint_are_killed_and_the_result_is_the_same(judge: Judge, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "asked.txt"
    log.touch()
    server = serve(port, log)
    calm_store = Store(tmp_path / "calm.sqlite")
    url = f"http://127.0.0.1:{port}/v1"
    try:
        calm = run_evaluation(connect(settings(url)), RunSettings(limit=40), judge, calm_store, concurrency=4)
        file, run_id, asked_in_vain = tmp_path / "killed.sqlite", "", 0
        log.write_text("")
        for number, wait_for in enumerate((5, 12, 20)):
            before = set(Store(file).answers(run_id)) if run_id else set()
            asked_before = log.read_text().count("\n")
            command = [
                sys.executable,
                "-m",
                "tests.evals.killable_at_endpoint",
                str(file),
                url,
                *filter(None, [run_id]),
            ]
            process = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
            while process.poll() is None:
                run_id = run_id or first_run(file)
                if run_id and count(file, run_id) >= wait_for:
                    if number == 2:  # the endpoint dies, and comes back while the run waits
                        os.killpg(server.pid, signal.SIGKILL)
                        server.wait()
                        server = serve(port, log, "drop", "500", "cut")
                        wait_for = 10**6
                        continue
                    os.killpg(process.pid, signal.SIGKILL)
                    break
                time.sleep(0.02)
            process.wait(timeout=60)
            asked = log.read_text().splitlines()[asked_before:]
            assert not set(asked) & {problem for problem, _ in before}, "an answer that was stored was asked for again"
            asked_in_vain += len(asked)
        assert process.returncode == 0
        store = Store(file)
        assert comparable(store, run_id) == comparable(calm_store, calm.id)
        # Only what was in flight at a death, or met a fault, may have been asked for twice.
        assert asked_in_vain <= 40 + 3 * 4 + 3
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def serve(port: int, log: Path, *faults: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.endpoint_stand_in", str(port), str(log), *faults]
    server = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    for _ in range(500):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return server
        time.sleep(0.02)
    raise AssertionError("the stand-in does not come up")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def first_run(file: Path) -> str:
    if not file.exists():
        return ""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        try:
            row = db.execute("SELECT id FROM runs").fetchone()
        except sqlite3.OperationalError:
            return ""
    return str(row[0]) if row else ""


def count(file: Path, run_id: str) -> int:
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT count(*) FROM verdicts WHERE run = ?", (run_id,)).fetchone()[0])
