"""A disk without room: the error names the cure, what was stored stays, and going on ends as if nothing had happened.

The limit on the size of files stands in for the disk: writing beyond it fails in the same place, in its own words.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from gemstead.core.errors import OutOfCapacity, StoreError
from gemstead.evals import run as runs
from gemstead.evals.agreement import AgreementFile, AnswerAgreement
from gemstead.evals.compare import keep_peak
from gemstead.evals.progress import ItemJudged, RunEvent
from gemstead.evals.run import RunSettings, finished_run, run_evaluation
from gemstead.evals.samples import write_samples
from gemstead.evals.score import Judge
from gemstead.evals.store import Store
from gemstead.evals.sweep import keep_sweep, new_sweep
from tests.evals.test_run import comparable
from tests.fake_generator import ScriptedGenerator


@contextmanager
def no_file_longer_than(num_bytes: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (num_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(autouse=True)
def ungated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "gate", lambda judge, task: None)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge(workers=1) as judge:
        yield judge


def test_a_run_on_a_disk_that_fills_up_keeps_what_was_stored_and_goes_on(judge: Judge, tmp_path: Path) -> None:
    calm = Store(tmp_path / "calm.sqlite")
    undisturbed = run_evaluation(ScriptedGenerator(), RunSettings(limit=20), judge, calm, concurrency=2)
    file = tmp_path / "full.sqlite"
    store, judged = Store(file), list[str]()
    log = Path(f"{file}-wal")

    def fill(event: RunEvent) -> None:
        if isinstance(event, ItemJudged):
            judged.append(event.verdict.problem)
            if len(judged) == 7:
                resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 10, hard))

    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    with no_file_longer_than(hard), pytest.raises(StoreError, match=r"full\.sqlite: cannot be written") as caught:
        run_evaluation(
            ScriptedGenerator(delay_s=0.01), RunSettings(limit=20), judge, store, name="r", watch=fill, concurrency=2
        )
    assert caught.value.hint is not None and "free some disk" in caught.value.hint
    assert {problem for problem, _ in store.verdicts("r", 1)} == set(judged), "what was told is there, and no more"
    store.close()
    store = Store(file)
    asked = tmp_path / "asked.txt"
    again = ScriptedGenerator(log=asked)
    run_evaluation(again, RunSettings(), judge, store, resume="r")
    assert comparable(store, "r")["verdicts"] == comparable(calm, undisturbed.id)["verdicts"]
    assert len(asked.read_text().splitlines()) <= 20 - len(judged)


def test_files_for_people_that_do_not_fit_are_written_when_there_is_room(judge: Judge, tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    run = run_evaluation(ScriptedGenerator(), RunSettings(limit=6), judge, store)
    with no_file_longer_than(100), pytest.raises(StoreError, match="all answers and verdicts are in") as caught:
        finished_run(store, run.id)
    assert caught.value.hint is not None and f"--resume {run.id}" in caught.value.hint
    assert finished_run(store, run.id).summary == run.summary


def test_whatever_is_written_beside_the_store_says_so(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    sweep = new_sweep("pebble", ["humaneval"], ["bf16"], {}, load={})
    row = AnswerAgreement(
        problem="p" * 200, sample=0, tokens=1, kl_nats=0.0, same_top=1, first_nats=0.1, other_nats=0.2
    )
    with no_file_longer_than(8):
        for write in (
            lambda: keep_sweep(sweep, store),
            lambda: AgreementFile(tmp_path / "agreement.jsonl").add(row),
            lambda: keep_peak(tmp_path / "run", 10**9),
        ):
            with pytest.raises(StoreError, match="cannot be written: File too large") as caught:
                write()
            assert caught.value.hint is not None and "free some disk" in caught.value.hint
        with pytest.raises(OutOfCapacity, match="no room to write it"):
            write_samples(tmp_path / "samples.jsonl", [{"task_id": "x", "completion": "y" * 100}])
