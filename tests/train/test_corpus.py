"""Batches: the same wherever they are made, and made again when a process that makes them dies."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gemstead.train import corpus
from gemstead.train.corpus import BatchSource, Corpus, prepare
from gemstead.train.exercises import Exercise, exercises
from gemstead.train.settings import TINY

SMALL = replace(TINY, max_source_files=8, vocabulary_exercises=60)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("prepared")
    prepare(folder, SMALL)
    return folder


def test_exercises_are_made_in_the_main_thread_where_they_are_limited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = set()

    def watched(*arguments: int | str) -> Iterator[Exercise]:
        for exercise in exercises(*arguments):  # type: ignore[arg-type]
            threads.add(threading.current_thread())
            yield exercise

    monkeypatch.setattr(corpus, "exercises", watched)
    prepare(tmp_path, SMALL)
    assert threads == {threading.main_thread()}


def test_pieces_differ_and_workers_make_what_one_process_makes(folder: Path) -> None:
    here = Corpus(folder, SMALL)
    first, second = here.batch(3, 0, is_late=False), here.batch(3, 1, is_late=False)
    assert not np.array_equal(first.ids, second.ids)
    source = BatchSource(folder, replace(SMALL, num_workers=1), 3, (0, 1))
    try:
        made = source.next(3, is_late=False)
    finally:
        source.close()
    assert [np.array_equal(a.ids, b.ids) for a, b in zip(made, (first, second), strict=True)] == [True, True]


def test_when_a_worker_dies_other_data_is_made_and_the_run_goes_on(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus, "AHEAD", 1)
    source = BatchSource(folder, replace(SMALL, num_workers=1), 0, (0,))
    try:
        [before] = source.next(0, is_late=False)
        assert not isinstance(source._pool, corpus._NoPool)
        for worker in list(source._pool._processes):
            os.kill(worker, signal.SIGKILL)
        [after] = source.next(1, is_late=False)
    finally:
        source.close()
    assert after.ids.shape == before.ids.shape
    assert np.array_equal(after.ids, Corpus(folder, SMALL).batch(1 + corpus.ANOTHER, 0, is_late=False).ids)
