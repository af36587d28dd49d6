"""Runs: scored right, resumed after kill -9, re-scored without the model, and never fooled by the harness."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gemstead.core.errors import BadRequest, Infrastructure, NotFound, StoreError
from gemstead.evals.progress import ItemJudged, RunEvent, RunFinished, RunStarted, Standing
from gemstead.evals.run import RunSettings, derived_seed, rescore, run_evaluation
from gemstead.evals.score import Judge
from gemstead.evals.store import Store
from gemstead.evals.task import Extraction
from gemstead.evals.tasks.humaneval import HumanEval
from tests.fake_generator import ScriptedGenerator, is_right

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


def comparable(store: Store, run_id: str) -> dict[str, Any]:
    """What must not depend on interruptions: everything but clocks."""
    answers = store.answers(run_id)
    verdicts = store.verdicts(run_id, store.run(run_id).scoring)
    return {
        "answers": {k: (a.text, a.thought, tuple(a.token_ids), a.finish, a.seed, a.key) for k, a in answers.items()},
        "verdicts": {k: (v.program, v.how, v.status, v.passed) for k, v in verdicts.items()},
    }


def test_a_run_scores_what_the_answers_are_worth(judge: Judge, tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    seen: list[RunEvent] = []
    run = run_evaluation(ScriptedGenerator(), RunSettings(limit=30), judge, store, watch=seen.append)
    expected = sum(is_right(n) for n in range(30))
    assert run.summary.pass_at[1] == pytest.approx(expected / 30)
    assert run.summary.statuses == {"passed": expected, "wrong": 30 - expected - 3, "no_code": 3}
    assert run.summary.interval is not None and run.summary.interval.low < expected / 30 < run.summary.interval.high
    assert isinstance(seen[0], RunStarted) and isinstance(seen[-1], RunFinished) and seen[-1].finished == run
    assert sum(isinstance(event, ItemJudged) for event in seen) == 30
    standing = Standing()
    for event in seen:
        standing.see(event)
    assert (standing.total, standing.remaining, standing.passed, standing.failed) == (30, 0, expected, 30 - expected)
    assert standing.tokens == run.summary.completion_tokens and standing.in_work == []
    rows = [json.loads(line) for line in (run.folder / "samples.jsonl").read_text().splitlines()]
    assert [row["task_id"] for row in rows] == [f"HumanEval/{n}" for n in range(30)]
    assert json.loads((run.folder / "summary.json").read_text())["summary"]["num_problems"] == 30


def test_base_style_and_thinking_reach_the_model(judge: Judge, tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    run = run_evaluation(ScriptedGenerator(), RunSettings(limit=2, thinking=True), judge, store)
    assert {a.thought for a in run.answers.values()} == {"hm"}
    base = run_evaluation(ScriptedGenerator(), RunSettings(limit=2, style="base"), judge, store)
    assert base.summary.num_problems == 2


def test_several_samples_have_seeds_of_their_own_and_give_pass_at_k(judge: Judge, tmp_path: Path) -> None:
    settings = RunSettings(limit=3, samples=5, temperature=0.8)
    run = run_evaluation(ScriptedGenerator(), settings, judge, Store(tmp_path / "runs.sqlite"))
    assert len({a.seed for a in run.answers.values()}) == 15
    assert set(run.summary.pass_at) == {1, 5}
    assert derived_seed(0, "HumanEval/0", 0) == derived_seed(0, "HumanEval/0", 0) != derived_seed(1, "HumanEval/0", 0)


def test_a_killed_run_is_resumed_to_the_undisturbed_outcome(judge: Judge, tmp_path: Path) -> None:
    undisturbed = run_evaluation(
        ScriptedGenerator(), RunSettings(limit=40), judge, Store(tmp_path / "calm.sqlite"), concurrency=4
    )
    file, log = tmp_path / "killed.sqlite", tmp_path / "asked.txt"
    log.touch()
    run_id, stored_before = "", Counter[str]()
    for wait_for in (3, 9, 10, 25, 10**6):
        before = set(Store(file).answers(run_id)) if run_id else set()
        asked_before = log.read_text().count("\n")
        arguments = [sys.executable, "-m", "tests.evals.killable", str(file), str(log), *([run_id] if run_id else [])]
        process = subprocess.Popen(arguments, cwd=ROOT, start_new_session=True)
        while process.poll() is None:
            if file.exists() and not run_id:
                runs = _runs(file)
                run_id = runs[0] if runs else ""
            if run_id and _count(file, run_id) >= wait_for:
                os.killpg(process.pid, signal.SIGKILL)
                break
            time.sleep(0.02)
        process.wait(timeout=60)
        asked = log.read_text().splitlines()[asked_before:]
        assert not set(asked) & {problem for problem, _ in before}, "an answer that was stored was asked for again"
        stored_before.update(asked)
    store = Store(file)
    assert (
        comparable(store, run_id)["verdicts"] == comparable(Store(tmp_path / "calm.sqlite"), undisturbed.id)["verdicts"]
    )
    assert len(store.answers(run_id)) == 40
    # Only what was in flight at a kill may have been asked for twice: four at a time, four kills.
    assert sum(stored_before.values()) <= 40 + 4 * 4


def test_nothing_of_a_killed_run_stays_alive(tmp_path: Path) -> None:
    file, log = tmp_path / "runs.sqlite", tmp_path / "asked.txt"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.evals.killable", str(file), str(log)], cwd=ROOT, start_new_session=True
    )
    while not (file.exists() and _runs(file) and _count(file, _runs(file)[0]) > 2):
        assert process.poll() is None
        time.sleep(0.02)
    import psutil

    family = psutil.Process(process.pid).children(recursive=True)
    assert family
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=10)
    assert not alive


def test_rescoring_extracts_and_judges_anew_without_the_model(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path / "runs.sqlite")
    first = run_evaluation(ScriptedGenerator(), RunSettings(limit=12), judge, store)
    again = rescore(first.id, judge, store)
    assert {k: v.status for k, v in again.verdicts.items()} == {k: v.status for k, v in first.verdicts.items()}
    monkeypatch.setattr(HumanEval, "extract", lambda *_, **__: Extraction(program=None, how="blind"))
    blind = rescore(first.id, judge, store)
    assert blind.summary.pass_at[1] == 0
    assert {a.text for a in blind.answers.values()} == {a.text for a in first.answers.values()}


def test_a_failing_generator_is_retried_and_then_an_error_not_a_wrong_answer(judge: Judge, tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    patient = run_evaluation(ScriptedGenerator(failures=2), RunSettings(limit=2), judge, store)
    assert patient.summary.num_errors == 0
    broken = run_evaluation(ScriptedGenerator(failures=99), RunSettings(limit=2), judge, store)
    assert broken.summary.num_errors == 2 and broken.summary.num_samples == 0 and broken.summary.interval is None
    mended = run_evaluation(ScriptedGenerator(), RunSettings(), judge, store, resume=broken.id)
    assert mended.summary.num_errors == 0 and mended.summary.num_samples == 2


def test_a_run_is_not_resumed_with_other_weights(judge: Judge, tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    run = run_evaluation(ScriptedGenerator(), RunSettings(limit=1), judge, store)
    with pytest.raises(BadRequest, match="weights was ffffffffffff, is aaaaaaaaaaaa"):
        run_evaluation(ScriptedGenerator(fingerprint="a" * 64), RunSettings(), judge, store, resume=run.id)
    with pytest.raises(NotFound, match="no run is called"):
        run_evaluation(ScriptedGenerator(), RunSettings(), judge, store, resume="nonesuch")


def test_nothing_is_scored_where_canonical_solutions_fail(
    judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = judge.check_canonical(HumanEval().problems()[:1])
    bad = type(report)(
        verdicts=tuple(type(v)(**{**v.__dict__, "passed": False, "status": "crash"}) for v in report.verdicts),
        reference_cpu_s=report.reference_cpu_s,
        wall_s=report.wall_s,
    )
    monkeypatch.setattr(Judge, "check_canonical", lambda *_: bad)
    store = Store(tmp_path / "runs.sqlite")
    with pytest.raises(Infrastructure, match="canonical solutions pass here"):
        run_evaluation(ScriptedGenerator(), RunSettings(limit=1), judge, store)
    assert store.runs() == []


@pytest.mark.parametrize(
    ("settings", "says"),
    [({"samples": 3}, "temperature"), ({"limit": 0}, "limit"), ({"style": "x"}, "style"), ({"top_p": 0}, "top_p")],
)
def test_wrong_settings_are_named(settings: dict[str, Any], says: str) -> None:
    with pytest.raises(BadRequest, match=says):
        RunSettings(**settings)


def test_a_store_from_a_newer_version_or_no_store_at_all_is_left_alone(tmp_path: Path) -> None:
    newer = tmp_path / "newer.sqlite"
    Store(newer).close()
    with sqlite3.connect(newer) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError, match="newer gemstead"):
        Store(newer)
    text = tmp_path / "notes.txt"
    text.write_text("not a database, but long enough to be taken for one " * 10)
    with pytest.raises(StoreError, match="cannot be used"):
        Store(text)
    assert text.read_text().startswith("not a database")


def test_an_evaluation_is_one_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gemstead
    from tests.tiny_checkpoint import write_tiny_checkpoint

    monkeypatch.setenv("GEMSTEAD_HOME", str(tmp_path))
    run = gemstead.evaluate("humaneval", model=str(write_tiny_checkpoint(tmp_path / "m")), limit=2, max_tokens=8)
    assert run.summary.num_samples == 2 and run.summary.num_capped <= 2
    with pytest.raises(BadRequest, match="no setting is called"):
        gemstead.evaluate("humaneval", lmit=2)


def test_the_summary_survives_pauses() -> None:
    from gemstead.evals.summary import covered_seconds

    assert covered_seconds([(0, 2), (1, 3), (10, 11)]) == 4
    assert covered_seconds([]) == 0


def _runs(file: Path) -> list[str]:
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
        try:
            return [row[0] for row in db.execute("SELECT id FROM runs")]
        except sqlite3.OperationalError:
            return []


def _count(file: Path, run_id: str) -> int:
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
        return int(db.execute("SELECT count(*) FROM verdicts WHERE run = ?", (run_id,)).fetchone()[0])


def test_a_results_file_of_the_first_version_is_read_on(tmp_path: Path) -> None:
    file = tmp_path / "old.sqlite"
    Store(file).close()
    with contextlib.closing(sqlite3.connect(file)) as db:
        db.execute("ALTER TABLE verdicts DROP COLUMN parts")
        db.execute("ALTER TABLE answers DROP COLUMN details")
        db.execute("INSERT INTO runs VALUES ('r', 'k', 0, 'humaneval', '{}', '{}', '{}', 1)")
        db.execute("INSERT INTO verdicts VALUES ('r', 'x/0', 0, 1, '1', 'p', 'h', 'passed', 1, '', 0, 0, 0)")
        db.execute("PRAGMA user_version = 1")
        db.commit()
    store = Store(file)
    (verdict,) = store.verdicts("r", 1).values()
    assert verdict.passed and verdict.parts == ()
    store.add_verdict("r", 2, dataclasses.replace(verdict, parts=("base", "plus")))
    assert Store(file).verdicts("r", 2)["x/0", 0].parts == ("base", "plus")
