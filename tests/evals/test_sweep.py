"""Several precisions on the same problems: resumed after kill -9, never mixed with other weights."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import gemstead
from gemstead import runtime
from gemstead.core.errors import BadRequest, NotFound, OutOfCapacity, StoreError
from gemstead.core.requests import GenerationRequest
from gemstead.evals import run as runs
from gemstead.evals import tasks
from gemstead.evals.compare import compare, read_sides
from gemstead.evals.progress import Remarked, RunEvent, RunFinished
from gemstead.evals.run import RunSettings, run_evaluation
from gemstead.evals.score import Judge
from gemstead.evals.store import Store
from gemstead.evals.sweep import (
    AS_SERVED,
    Sweep,
    compare_sweep,
    find_sweep,
    keep_sweep,
    new_sweep,
    rescore_sweep,
    run_sweep,
)
from gemstead.evals.tasks.humaneval import HumanEval
from gemstead.hardware.probe import probe
from tests.endpoint_stand_in import MODEL, EndpointStandIn
from tests.fake_generator import ScriptedGenerator
from tests.tiny_checkpoint import write_tiny_checkpoint

LOAD = {"device": "cpu", "context": 1024, "max_sequences": 8, "reproducible": True}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_checkpoint(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEMSTEAD_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def make(folder: Path, *precisions: str) -> Sweep:
    return new_sweep(str(folder), ["humaneval"], precisions, {"limit": 3, "max_tokens": 8}, load=LOAD, margin=0.05)


def test_precisions_are_run_read_and_compared(folder: Path, judge: Judge, tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    sweep = make(folder, "bf16", "fp32", "int8", "int4")
    seen: list[RunEvent] = []
    comparison = run_sweep(sweep, judge, store, watch=seen.append)
    finished = [event.finished.id for event in seen if isinstance(event, RunFinished)]
    assert finished == [sweep.run_id("humaneval", precision) for precision in ("bf16", "fp32", "int8", "int4")]
    assert comparison is not None and comparison == compare_sweep(sweep, store)
    assert [score.label for score in comparison.scores] == ["bf16", "fp32", "int8", "int4"]
    sizes = [score.weight_bytes or 0 for score in comparison.scores]
    wide = 1 if probe().has_fast_bf16 else 2  # a CPU without bfloat16 instructions holds bf16 in float32
    assert 2 * sizes[0] == wide * sizes[1] and sizes[0] > sizes[2] >= sizes[3]
    kl = [d.agreement.mean_kl_nats for d in comparison.differences if d.agreement is not None]
    assert len(kl) == 3 and 0 < kl[1] < kl[2] / 2, "the fewer the bits, the further from bf16"
    tokens = sum(a.completion_tokens for a in store.answers(sweep.run_id("humaneval", "bf16")).values())
    assert {d.agreement.tokens for d in comparison.differences if d.agreement is not None} == {tokens}
    assert json.loads(json.dumps(comparison.as_json()))["differences"][2]["equivalence"]["margin"] == 0.05


def test_a_finished_sweep_loads_no_model_and_changes_nothing(
    folder: Path, judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "runs.sqlite")
    sweep = make(folder, "bf16", "int8")
    run_sweep(sweep, judge, store)
    before = compare_sweep(sweep, store)
    monkeypatch.setattr(runtime, "load", lambda *_, **__: pytest.fail("loaded a model"))
    run_sweep(sweep, judge, store)
    rescore_sweep(sweep, judge, store)
    assert compare_sweep(sweep, store) == before


def test_a_killed_sweep_is_resumed_to_the_undisturbed_outcome(folder: Path, home: Path) -> None:
    command = [
        sys.executable, "-m", "gemstead", "eval", "humaneval", "--model", str(folder), "--precision", "bf16,int4",
        "--limit", "4", "--max-tokens", "12", "--json",
    ]  # fmt: skip
    calm = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    other = {**os.environ, "GEMSTEAD_HOME": str(home / "killed")}
    name = ""
    # Killed once while the second precision answers, once while both models read.
    for pattern in ("runs/*-int4", "runs/*-int4/agreement*"):
        arguments = ["--resume", name] if name else []
        process = subprocess.Popen([*command, *arguments], env=other, start_new_session=True, stdout=subprocess.DEVNULL)
        while process.poll() is None and not list((home / "killed").glob(pattern)):
            time.sleep(0.005)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        name = next((home / "killed" / "comparisons").iterdir()).stem
    done = subprocess.run([*command, "--resume", name], env=other, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["differences"] == calm["differences"]
    assert len(Store(home / "killed" / "runs.sqlite").runs()) == 2


def test_a_sweep_does_not_go_on_with_other_weights(judge: Judge, tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    folder = write_tiny_checkpoint(tmp_path / "m")
    sweep = make(folder, "bf16", "int8")
    part = Sweep(**{**sweep.__dict__, "precisions": ("bf16",)})
    run_sweep(part, judge, store)
    write_tiny_checkpoint(folder, seed=1)
    with pytest.raises(BadRequest, match="cannot go on: weights were"):
        run_sweep(sweep, judge, store)


def test_where_two_models_do_not_fit_agreement_is_left_out_and_said(
    folder: Path, judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, seen = Store(tmp_path / "runs.sqlite"), list[RunEvent]()
    real = runtime.load

    def tight(name: str, **options: object) -> runtime.LocalModel:
        if options["max_sequences"] == 1:
            raise OutOfCapacity("m: its weights take 9 GiB, 5 GiB are free")
        return real(name, **options)

    monkeypatch.setattr(runtime, "load", tight)
    sweep = make(folder, "bf16", "int8")
    run_sweep(sweep, judge, store, watch=seen.append)
    said = [event.text for event in seen if isinstance(event, Remarked)]
    assert len(said) == 1 and "agreement is not measured" in said[0] and "9 GiB" in said[0]
    assert compare_sweep(sweep, store).differences[0].agreement is None


def test_a_sweep_is_written_down_and_found_again(folder: Path, tmp_path: Path) -> None:
    store, sweep = Store(tmp_path / "runs.sqlite"), make(folder, "bf16", "int4")
    assert find_sweep(sweep.id, store) is None and find_sweep("../x", store) is None
    keep_sweep(sweep, store)
    assert find_sweep(sweep.id, store) == sweep
    (tmp_path / "comparisons" / f"{sweep.id}.json").write_text("{")
    with pytest.raises(StoreError, match="cannot be read"):
        find_sweep(sweep.id, store)


@pytest.mark.parametrize(
    ("precisions", "says"),
    [(("bf16", "int3"), "precision is 'int3'; this version has bf16, "), (("int4", "int4"), "'int4' is named twice")],
)
def test_wrong_precisions_are_told_at_once(precisions: tuple[str, ...], says: str, folder: Path) -> None:
    with pytest.raises(BadRequest, match=says):
        make(folder, *precisions)


def test_forced_logits_are_those_the_answer_was_written_by(folder: Path) -> None:
    with gemstead.load(str(folder), precision="fp32", reproducible=True) as model:
        answer = model.complete("hello", max_tokens=9, logprobs=0)
        prompt = model.prompt_ids(GenerationRequest(text="hello"))
        (rows,) = model.forced_logits(prompt, answer.end.token_ids)
        assert answer.end.logprobs is not None and rows.shape[0] == len(answer.end.token_ids)
        for row, written in zip(rows.log_softmax(-1), answer.end.logprobs, strict=True):
            assert int(row.argmax()) == written.token_id
            assert float(row.max()) == pytest.approx(written.logprob, abs=1e-4)


class Second(HumanEval):
    """HumanEval under another name."""

    name = "second"


@pytest.fixture
def ungated(monkeypatch: pytest.MonkeyPatch) -> None:
    """The published solutions have tests of their own; here they would only take time."""
    monkeypatch.setattr(runs, "gate", lambda judge, task: None)
    monkeypatch.setattr(tasks, "TASKS", {"humaneval": HumanEval, "second": Second})


def at_endpoint(url: str, **others: object) -> Sweep:
    asked = {"url": url, "api_key_env": None, "extra": {}, "concurrency": 2, "silence_s": 5.0}
    return new_sweep(MODEL, ["humaneval", "second"], [AS_SERVED], {"limit": 4}, load={}, endpoint=asked, **others)


def test_several_tasks_at_an_endpoint_are_one_sweep_that_is_resumed_to_the_item(
    judge: Judge, tmp_path: Path, ungated: None
) -> None:
    store = Store(tmp_path / "runs.sqlite")
    with EndpointStandIn() as endpoint:
        sweep = at_endpoint(endpoint.url.replace("http://", "http://user:secret@"))
        endpoint.faults = ["whole", *["whole"] * 6, *["402"] * 9]
        run_sweep(sweep, judge, store)
        kept = find_sweep(sweep.id, store)
        assert kept is not None and "secret" not in json.dumps(dict(kept.endpoint or {})), "what may be shown"
        answered = sum(len(store.answers(run.id)) for run in store.runs())
        asked = len(endpoint.requests)
        endpoint.faults, seen = [], list[RunEvent]()
        run_sweep(kept, judge, store, watch=seen.append)
        assert len(endpoint.requests) - asked == 1 + 8 - answered, "the opening question, and what was missing"
        finished = [event.finished for event in seen if isinstance(event, RunFinished)]
        assert [run.task for run in finished] == ["humaneval", "second"]
        assert all(run.summary.num_problems == 4 and run.summary.num_errors == 0 for run in finished)
        (side,) = read_sides(store, sweep.id)
        assert side.label == f"{MODEL} as served" and len(side.verdicts) == 8


def test_an_endpoint_is_compared_with_a_run_here_whatever_file_its_problems_came_from(
    judge: Judge, tmp_path: Path, ungated: None
) -> None:
    store = Store(tmp_path / "runs.sqlite")
    with EndpointStandIn() as endpoint:
        sweep = at_endpoint(endpoint.url)
        run_sweep(sweep, judge, store)
    here = [
        run_evaluation(ScriptedGenerator(), RunSettings(task=task, limit=4), judge, store, name=f"here-{task}").id
        for task in ("humaneval", "second")
    ]
    store._db.execute("UPDATE runs SET settings = json_set(settings, '$.data', '/elsewhere') WHERE id LIKE 'here%'")
    comparison = compare([*read_sides(store, "+".join(here)), *read_sides(store, sweep.id)])
    (difference,) = comparison.differences
    assert difference.num_problems == 8 and difference.points == 0 and difference.same_text == 1.0
    assert difference.agreement is None


def test_an_endpoint_that_tells_something_else_of_itself_is_not_gone_on_with(
    judge: Judge, tmp_path: Path, ungated: None
) -> None:
    store = Store(tmp_path / "runs.sqlite")
    with EndpointStandIn() as endpoint:
        sweep = at_endpoint(endpoint.url)
        run_sweep(replace(sweep, tasks=("humaneval",)), judge, store)
        endpoint.models = [{"id": MODEL, "max_model_len": 8192}]
        with pytest.raises(BadRequest, match="what the endpoint tells of itself was"):
            run_sweep(sweep, judge, store)


def test_an_endpoint_without_the_model_leaves_nothing_behind(judge: Judge, tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    with EndpointStandIn() as endpoint, pytest.raises(NotFound, match="has no model 'another'; it has"):
        run_sweep(replace(at_endpoint(endpoint.url), model="another", tasks=("humaneval",)), judge, store)
    assert store.runs() == [] and not (tmp_path / "comparisons").exists()
