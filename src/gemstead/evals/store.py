"""Every answer and every verdict, on disk the moment they exist: SQLite in WAL mode, one transaction per fact.

A run that is killed has lost nothing that was shown; what is stored is never changed, only superseded by a new scoring.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, overload

from gemstead.core.environment import home
from gemstead.core.errors import NotFound, StoreError

VERSION = 3
SCHEMA = """
CREATE TABLE runs (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, created REAL NOT NULL, task TEXT NOT NULL,
    settings TEXT NOT NULL, model TEXT NOT NULL, machine TEXT NOT NULL, scoring INTEGER NOT NULL DEFAULT 1
);
CREATE TABLE answers (
    run TEXT NOT NULL REFERENCES runs(id), problem TEXT NOT NULL, sample INTEGER NOT NULL, key TEXT NOT NULL,
    prompt_ids TEXT NOT NULL, text TEXT NOT NULL, thought TEXT NOT NULL, token_ids TEXT NOT NULL,
    finish TEXT NOT NULL, is_thought_open INTEGER NOT NULL, seed INTEGER, prompt_tokens INTEGER NOT NULL,
    completion_tokens INTEGER NOT NULL, started REAL NOT NULL, finished REAL NOT NULL,
    details TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (run, problem, sample)
);
CREATE TABLE verdicts (
    run TEXT NOT NULL REFERENCES runs(id), problem TEXT NOT NULL, sample INTEGER NOT NULL, scoring INTEGER NOT NULL,
    extractor TEXT NOT NULL, program TEXT, how TEXT NOT NULL, status TEXT NOT NULL, passed INTEGER NOT NULL,
    detail TEXT NOT NULL, cpu_s REAL NOT NULL, wall_s REAL NOT NULL, is_near_limit INTEGER NOT NULL,
    parts TEXT NOT NULL DEFAULT '[]',
    PRIMARY KEY (run, problem, sample, scoring)
);
"""
_STEPS = {
    1: "ALTER TABLE verdicts ADD COLUMN parts TEXT NOT NULL DEFAULT '[]'",
    2: "ALTER TABLE answers ADD COLUMN details TEXT NOT NULL DEFAULT '{}'",
}
"""From each older version to the next."""


@dataclass(frozen=True, kw_only=True)
class StoredRun:
    """What was asked, of whom, where.

    Args:
        id: Name of the run.
        key: Hash of everything that could change its answers.
        created: Seconds since 1970.
        task: Name of the task.
        settings: How it was asked.
        model: The Generator's description.
        machine: Where it ran, the sandbox included.
        scoring: Number of the scoring in force; re-scoring adds one.
    """

    id: str
    key: str
    created: float
    task: str
    settings: Mapping[str, Any]
    model: Mapping[str, Any]
    machine: Mapping[str, Any]
    scoring: int = 1


@dataclass(frozen=True, kw_only=True)
class StoredAnswer:
    """One raw answer.

    Args:
        problem: Id of the problem.
        sample: Number of the sample, from 0.
        key: Hash of run key, prompt and seed.
        prompt_ids: The prompt as sent; empty where ids are not known, as at an endpoint.
        text: What the model said.
        thought: What it thought.
        token_ids: Everything it wrote.
        finish: Why it ended.
        is_thought_open: It ended inside a thought.
        seed: Seed in force.
        prompt_tokens: Length of the prompt.
        completion_tokens: Tokens written.
        started: Seconds since 1970.
        finished: Seconds since 1970.
        details: What else is known of it; of an endpoint's answer its usage as told, the hash of the request and more.
    """

    problem: str
    sample: int
    key: str
    prompt_ids: Sequence[int]
    text: str
    thought: str
    token_ids: Sequence[int]
    finish: str
    is_thought_open: bool
    seed: int | None
    prompt_tokens: int
    completion_tokens: int
    started: float
    finished: float
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class StoredVerdict:
    """One verdict. Fields as in `score.Verdict`, with the program that was judged and how it was found."""

    problem: str
    sample: int
    extractor: str
    program: str | None
    how: str
    status: str
    passed: bool
    detail: str
    cpu_s: float
    wall_s: float
    is_near_limit: bool
    parts: Sequence[str] = ()


class StoredIds(Sequence[int]):
    """Token ids as they are stored, read only when one looks at them; most never are, and they are most of a store.

    Args:
        text: A JSON list of whole numbers.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def _ids(self) -> list[int]:
        found: list[int] = json.loads(self.text)
        return found

    @overload
    def __getitem__(self, place: int) -> int: ...

    @overload
    def __getitem__(self, place: slice) -> list[int]: ...

    def __getitem__(self, place: int | slice) -> int | list[int]:
        return self._ids[place]

    def __iter__(self) -> Iterator[int]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, StoredIds):
            return self.text == other.text
        return isinstance(other, Sequence) and self._ids == list(other)

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return self.text


class Store:
    """One results file. May be used from several threads; several processes may have it open.

    Args:
        file: Where; by default `runs.sqlite` in gemstead's home.

    Raises:
        StoreError: The file cannot be opened, is no store, or comes from a newer version.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.file = file or home() / "runs.sqlite"
        self._lock = threading.Lock()
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.file, timeout=30, check_same_thread=False, isolation_level=None)
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = FULL")
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(
                f"{self.file}: cannot be used as a results file: {error}",
                hint="name another with `--store`, or free some disk",
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def add_run(self, run: StoredRun) -> None:
        """Begin a run."""
        with self._change() as db:
            db.execute(
                "INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (run.id, run.key, run.created, run.task, json.dumps(dict(run.settings)), json.dumps(dict(run.model)),
                 json.dumps(dict(run.machine)), run.scoring),
            )  # fmt: skip

    def run(self, run_id: str) -> StoredRun:
        """Look a run up.

        Raises:
            NotFound: There is none of that name.
        """
        row = self._db.execute("SELECT * FROM runs WHERE id = ?", (run_id,)).fetchone()
        if row is None:
            latest = [r["id"] for r in self._db.execute("SELECT id FROM runs ORDER BY created DESC LIMIT 3")]
            raise NotFound(
                f"{self.file}: no run is called {run_id!r}",
                hint=f"the latest are {', '.join(latest)}" if latest else "nothing was run yet",
            )
        return _run(row)

    def runs(self) -> list[StoredRun]:
        """All runs, latest first."""
        return [_run(row) for row in self._db.execute("SELECT * FROM runs ORDER BY created DESC")]

    def add_answer(self, run_id: str, answer: StoredAnswer) -> None:
        """Keep an answer. A second one for the same problem and sample is our own mistake and refused."""
        with self._change() as db:
            db.execute(
                "INSERT INTO answers (run, problem, sample, key, prompt_ids, text, thought, token_ids, finish, "
                "is_thought_open, seed, prompt_tokens, completion_tokens, started, finished, details) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (run_id, answer.problem, answer.sample, answer.key, json.dumps(list(answer.prompt_ids)),
                 _storable(answer.text), _storable(answer.thought), json.dumps(list(answer.token_ids)), answer.finish,
                 answer.is_thought_open, answer.seed, answer.prompt_tokens, answer.completion_tokens, answer.started,
                 answer.finished, json.dumps(dict(answer.details))),
            )  # fmt: skip

    def answers(self, run_id: str) -> dict[tuple[str, int], StoredAnswer]:
        """A run's answers by problem and sample."""
        found = {}
        for row in self._db.execute("SELECT * FROM answers WHERE run = ?", (run_id,)):
            values = dict(row)
            del values["run"]
            values["prompt_ids"] = StoredIds(values["prompt_ids"])
            values["token_ids"] = StoredIds(values["token_ids"])
            values["is_thought_open"] = bool(values["is_thought_open"])
            values["details"] = json.loads(values["details"]) if values["details"] != "{}" else {}
            found[row["problem"], row["sample"]] = StoredAnswer(**values)
        return found

    def add_verdict(self, run_id: str, scoring: int, verdict: StoredVerdict) -> None:
        """Keep a verdict. One with status "error" gives way to a later one; any other stays."""
        with self._change() as db:
            db.execute(
                "DELETE FROM verdicts WHERE run = ? AND problem = ? AND sample = ? AND scoring = ? "
                "AND status = 'error'",
                (run_id, verdict.problem, verdict.sample, scoring),
            )
            db.execute(
                "INSERT INTO verdicts (run, problem, sample, scoring, extractor, program, how, status, passed, detail, "
                "cpu_s, wall_s, is_near_limit, parts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (run_id, verdict.problem, verdict.sample, scoring, verdict.extractor,
                 None if verdict.program is None else _storable(verdict.program), verdict.how, verdict.status,
                 verdict.passed, _storable(verdict.detail), verdict.cpu_s, verdict.wall_s, verdict.is_near_limit,
                 json.dumps(list(verdict.parts))),
            )  # fmt: skip

    def verdicts(self, run_id: str, scoring: int) -> dict[tuple[str, int], StoredVerdict]:
        """A run's verdicts of one scoring by problem and sample."""
        rows = self._db.execute("SELECT * FROM verdicts WHERE run = ? AND scoring = ?", (run_id, scoring))
        found = {}
        for row in rows:
            values = dict(row)
            del values["run"], values["scoring"]
            values["passed"], values["is_near_limit"] = bool(values["passed"]), bool(values["is_near_limit"])
            values["parts"] = tuple(json.loads(values["parts"])) if values["parts"] != "[]" else ()
            found[row["problem"], row["sample"]] = StoredVerdict(**values)
        return found

    def put_in_force(self, run_id: str, scoring: int) -> None:
        """Make a finished scoring the one that counts."""
        with self._change() as db:
            db.execute("UPDATE runs SET scoring = ? WHERE id = ?", (scoring, run_id))

    def change_settings(self, run_id: str, settings: Mapping[str, Any]) -> None:
        """Note other settings of a run. Only such as change no answer may differ: they are not part of its key."""
        with self._change() as db:
            db.execute("UPDATE runs SET settings = ? WHERE id = ?", (json.dumps(dict(settings)), run_id))

    def _prepare(self) -> None:
        found = self._db.execute("PRAGMA user_version").fetchone()[0]
        if found == 0:
            with self._change() as db:
                if not db.execute("SELECT name FROM sqlite_master WHERE name = 'runs'").fetchone():
                    for statement in SCHEMA.split(";"):
                        db.execute(statement)
                    db.execute(f"PRAGMA user_version = {VERSION}")
        elif found < VERSION:
            with self._change() as db:
                # Another process may have done it since.
                for version in range(db.execute("PRAGMA user_version").fetchone()[0], VERSION):
                    db.execute(_STEPS[version])
                db.execute(f"PRAGMA user_version = {VERSION}")
        elif found > VERSION:
            raise StoreError(
                f"{self.file}: written by a newer gemstead (format {found}, this one knows {VERSION})",
                hint="update gemstead, or name another file with `--store`",
            )

    @contextlib.contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                if isinstance(error, sqlite3.IntegrityError):
                    raise StoreError(
                        f"{self.file}: what is to be stored is there already: another process works on the same run",
                        hint="wait until it has ended; `--resume` then goes on with what is left",
                    ) from error
                raise StoreError(f"{self.file}: cannot be written: {error}", hint=_room(error)) from error


@contextlib.contextmanager
def written_beside_the_store(file: Path) -> Iterator[Path]:
    """Around whatever writes a file that belongs to a store; its folder is made.

    Raises:
        StoreError: The disk is full or cannot be written.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        yield file
    except OSError as error:
        raise StoreError(
            f"{file}: cannot be written: {error.strerror or error}", hint="free some disk, or name another `--store`"
        ) from error


def new_run_id(task: str, model: str) -> str:
    """A readable, unique name: task, model, time."""
    plain = "".join(c if c.isalnum() or c in "-." else "-" for c in Path(model).name)
    now = time.time()
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(now))
    return f"{task}-{plain}-{stamp}-{int(now * 1000) % 1000:03d}"


def _room(error: sqlite3.Error) -> str:
    if "locked" in str(error):
        return "another process holds it; end that, then try again"
    return "free some disk, then go on; nothing that was stored is lost"


def _run(row: sqlite3.Row) -> StoredRun:
    return StoredRun(
        id=row["id"],
        key=row["key"],
        created=row["created"],
        task=row["task"],
        settings=json.loads(row["settings"]),
        model=json.loads(row["model"]),
        machine=json.loads(row["machine"]),
        scoring=row["scoring"],
    )


def _storable(text: str) -> str:
    """Lone surrogates cannot be stored; they are spelled out."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
