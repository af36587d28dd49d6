"""The mixture: which documents a step is made of. Step number in, batch out, the same wherever the files are."""

from __future__ import annotations

import itertools
import json
import resource
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from random import Random

from gemstead.core.errors import Infrastructure, OutOfCapacity
from gemstead.train.chats import ChatWriter, Document, as_file, fenced
from gemstead.train.decontamination import Benchmarks, read_benchmarks
from gemstead.train.exercises import Exercise, exercises
from gemstead.train.packing import Batch, pack
from gemstead.train.settings import Settings
from gemstead.train.sources import documented_functions, is_installed, python_files, read_text
from gemstead.train.vocabulary import train_tokenizer, write_chat_files

SOURCES = "sources.jsonl"
FUNCTIONS = "functions.jsonl"
CHUNK_CHARACTERS = 5000
WORKER_BYTES = 3 << 30  # memory of a worker
MOST_BREAKS = 20  # times that workers may die in a run before it is given up
LONGEST_WAIT_S = 60.0  # for a batch, before its worker counts as dead
ANOTHER = 1_000_000  # added to a step's number to make other data than those that workers died of
AHEAD = 8  # steps made ahead for every worker: they begin while the GPU still compiles


class Corpus:
    """Makes batches.

    Args:
        folder: Prepared by `prepare`.
        settings: Of the training run.
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self._settings = settings
        self._writer = ChatWriter(folder)
        self._benchmarks = read_benchmarks()
        self._sources: list[str] = _read_lines(folder / SOURCES)
        self._functions: list[str] = _read_lines(folder / FUNCTIONS)

    def batch(self, step: int, piece: int, *, is_late: bool) -> Batch:
        """One piece of a training step's batch; late ones hold more conversations."""
        rng = Random(f"{self._settings.seed}/batch/{step}/{piece}")
        supply = clean_exercises(exercises(self._settings.seed, f"batch {step}/{piece}"), self._benchmarks)
        return pack(self._documents(supply, rng, is_late), self._settings.rows, self._settings.context)

    def held_out(self, rows: int) -> Batch:
        """Conversations about problems that are never trained on."""
        rng = Random(f"{self._settings.seed}/held-out")
        supply = clean_exercises(exercises(self._settings.seed, "held-out", held_out=True), self._benchmarks)
        documents = (self._writer.exercise(e, rng) for e in supply)
        return pack(filter(self._fits, documents), rows, self._settings.context)

    def _documents(self, supply: Iterator[Exercise], rng: Random, is_late: bool) -> Iterator[Document]:
        weights = self._settings.late_mixture if is_late else self._settings.mixture
        kinds = rng.choices(list(weights), list(weights.values()), k=5000)
        for kind in kinds:
            document = self._document(kind, supply, rng)
            if self._fits(document):
                yield document

    def _fits(self, document: Document) -> bool:
        return len(document.ids) <= self._settings.context

    def _document(self, kind: str, supply: Iterator[Exercise], rng: Random) -> Document:
        if kind == "chat":
            return self._writer.exercise(next(supply), rng)
        if kind == "file":
            return self._writer.raw(as_file(list(itertools.islice(supply, rng.randint(1, 5))), rng))
        if kind == "function":
            return self._function(rng.choice(self._functions), rng)
        text = rng.choice(self._sources)
        start = rng.randrange(max(1, len(text) - CHUNK_CHARACTERS // 2))
        start = text.rfind("\n", 0, start) + 1
        return self._writer.raw(text[start : start + CHUNK_CHARACTERS], is_whole=False)

    def _function(self, text: str, rng: Random) -> Document:
        """A function somebody wrote: as it stands, or asked for by its signature and docstring."""
        head, mark, body = _split_docstring(text)
        if not mark or len(body) > 900 or rng.random() < 0.4:
            return self._writer.raw(text)
        signature = head.partition('"""')[0].rstrip()
        question = f"Complete the Python function below.\n\n```python\n{head}{mark}\n```"
        return self._writer.conversation(question, fenced(f"{signature}\n{body.strip(chr(10))}"))


def _split_docstring(text: str) -> tuple[str, str, str]:
    """Everything up to the end of the docstring, its closing mark, and the rest."""
    first, mark, rest = text.partition('"""')
    inside, close, body = rest.partition('"""')
    is_plain = bool(mark and close and body.strip()) and first.rstrip().endswith(":")
    return (f"{first}{mark}{inside}", close, body) if is_plain else (text, "", "")


def clean_exercises(supply: Iterator[Exercise], benchmarks: Benchmarks) -> Iterator[Exercise]:
    """Leave out what is too close to a benchmark."""
    return (exercise for exercise in supply if benchmarks.reason_to_drop(exercise) is None)


def prepare(folder: Path, settings: Settings) -> None:
    """Read the sources, drop what a benchmark could be read from, learn the vocabulary, and write all three.

    Raises:
        OutOfCapacity: The folder cannot be written.
    """
    texts = write_sources(folder, settings)
    # Made here, not while the vocabulary is learned: that has a thread of its own, where exercises have no limit.
    made = itertools.islice(exercises(settings.seed, "vocabulary"), settings.vocabulary_exercises)
    documented = [exercise.documented for exercise in made]
    learned_from = itertools.chain(documented, texts[: settings.vocabulary_exercises // 50])
    write_chat_files(folder, train_tokenizer(learned_from, settings.vocab_size))


def write_sources(folder: Path, settings: Settings) -> list[str]:
    """Read the sources, drop what a benchmark could be read from, and write them; no vocabulary.

    Returns:
        The texts.

    Raises:
        OutOfCapacity: The folder cannot be written.
    """
    benchmarks = read_benchmarks()
    files = python_files(tuple(filter(is_installed, settings.packages)))
    Random(settings.seed).shuffle(files)
    files = files[: settings.max_source_files]
    with workers(settings.num_workers) as pool:
        found = list(pool.map(_read_source, files, itertools.repeat(benchmarks), chunksize=32)
                     if pool else map(_read_source, files, itertools.repeat(benchmarks)))  # fmt: skip
    texts = [text for text, _ in found if text]
    functions = [function for _, several in found for function in several]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SOURCES).write_text("\n".join(map(json.dumps, texts)), encoding="utf-8")
        (folder / FUNCTIONS).write_text("\n".join(map(json.dumps, functions)), encoding="utf-8")
    except OSError as error:
        raise OutOfCapacity(f"{folder}: cannot be written: {error}", hint="choose another folder") from error
    return texts


def _read_source(file: Path, benchmarks: Benchmarks) -> tuple[str | None, list[str]]:
    text = read_text(file)
    if text is None or not benchmarks.is_text_clean(text):
        return None, []
    return text, list(documented_functions(text))


def _read_lines(file: Path) -> list[str]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n")]


class _NoPool:
    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


def workers(count: int, folder: Path | None = None, settings: Settings | None = None) -> ProcessPoolExecutor | _NoPool:
    """Processes that make batches beside the training; none for a count of 0."""
    if count == 0:
        return _NoPool()
    # Fresh interpreters: a fork would copy the accelerator's state.
    context = get_context("spawn")
    if folder is None or settings is None:
        return ProcessPoolExecutor(count, context)
    return ProcessPoolExecutor(count, context, initializer=_open_corpus, initargs=(folder, settings))


_corpus: list[Corpus] = []  # one per worker process, opened once when it starts


def _open_corpus(folder: Path, settings: Settings) -> None:
    # An exercise may try to build something huge: it fails then, and is left out.
    resource.setrlimit(resource.RLIMIT_DATA, (WORKER_BYTES, WORKER_BYTES))
    _corpus.append(Corpus(folder, settings))


def _make_batch(step: int, piece: int, is_late: bool) -> Batch:
    return _corpus[0].batch(step, piece, is_late=is_late)


class BatchSource:
    """Pieces of batches in order of their step, made ahead by worker processes or, without any, on the spot.

    Args:
        folder: Prepared by `prepare`.
        settings: Of the training run.
        first_step: Where to begin.
        pieces: Which pieces of every step are wanted, in this order.
    """

    def __init__(self, folder: Path, settings: Settings, first_step: int, pieces: tuple[int, ...]) -> None:
        self._folder, self._settings = folder, settings
        self._pool = workers(settings.num_workers, folder, settings)
        self._num_breaks = 0
        self._corpus = None if isinstance(self._pool, ProcessPoolExecutor) else Corpus(folder, settings)
        self._ahead: deque[tuple[bool, list[Future[Batch]]]] = deque()
        self._depth = AHEAD * settings.num_workers
        self._next = first_step
        self._pieces = pieces

    def next(self, step: int, *, is_late: bool) -> list[Batch]:
        """The pieces of the next step. A switch to late ones throws away what was made ahead."""
        if self._corpus is not None:
            return [self._corpus.batch(step, piece, is_late=is_late) for piece in self._pieces]
        assert isinstance(self._pool, ProcessPoolExecutor)
        if self._ahead and self._ahead[0][0] != is_late:
            for future in itertools.chain.from_iterable(futures for _, futures in self._ahead):
                future.cancel()
            self._ahead.clear()
            self._next = step
        while len(self._ahead) < self._depth:
            number = self._next + ANOTHER * self._num_breaks
            futures = [self._pool.submit(_make_batch, number, piece, is_late) for piece in self._pieces]
            self._ahead.append((is_late, futures))
            self._next += 1
        try:
            return [future.result(timeout=LONGEST_WAIT_S) for future in self._ahead.popleft()[1]]
        except (BrokenProcessPool, TimeoutError) as error:
            self._num_breaks += 1
            if self._num_breaks > MOST_BREAKS:
                raise Infrastructure(f"processes that make data died {self._num_breaks} times: {error}") from error
            for process in list(self._pool._processes.values()):
                process.kill()
            self.close()
            self._pool = workers(self._settings.num_workers, self._folder, self._settings)
            self._ahead.clear()
            self._next = step
            return self.next(step, is_late=is_late)

    def close(self) -> None:
        """End the workers."""
        if isinstance(self._pool, ProcessPoolExecutor):
            self._pool.shutdown(wait=True, cancel_futures=True)
