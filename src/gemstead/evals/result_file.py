"""A stored run in, one file out that a stranger can check; and such a file in, its rows out, or what is wrong with it.

JSON lines, gzipped if the name ends in `.gz`: a row about the run, a row per answer, and last a digest of all lines
above (`head -n -1 FILE | sha256sum`). The digest finds damage and careless edits. It does not find forgery, since
whoever edits a file can write a new digest: a forged verdict is found by judging again, a forged answer only by asking
again.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePath
from typing import Any, TypeVar

from gemstead.core.errors import BadRequest, GemsteadError, NotFound
from gemstead.core.requests import GenerationRequest
from gemstead.evals.compare import read_side
from gemstead.evals.prompts import Key, all_sha256, ids_sha256, wording_sha256
from gemstead.evals.run import RunSettings
from gemstead.evals.samples import write_samples
from gemstead.evals.score import STATUSES
from gemstead.evals.store import Store, StoredAnswer, StoredRun, StoredVerdict
from gemstead.evals.task import Task

FORMAT = 1  # grows when a field changes its meaning
COPY = "get the file again from whoever made it; `gemstead export RUN FILE` writes a new one"


@dataclass(frozen=True, kw_only=True)
class ResultHeader:
    """What a result file is about.

    Args:
        format: Of the file.
        gemstead: Version that wrote the file.
        run: Name of the run.
        run_key: Hash of everything that could change its answers.
        created: When the run began, seconds since 1970.
        task: Name of the task.
        task_version: Of its wording and data; `None` if the run does not say.
        extractors: Versions of what took programs out of answers.
        settings: Fields of `RunSettings`; of a data file the name alone.
        model: Description of who was asked; `fingerprint` is the hash of its weights, tokenizer and template.
        machine: Where it ran, gemstead's version then included.
        sandbox: Rung of the sandbox that the verdicts are from.
        prompts_sha256: Digest over all prompts as sent, the one a report shows.
        num_answers: Rows that follow.
    """

    format: int
    gemstead: str
    run: str
    run_key: str
    created: float
    task: str
    task_version: str | None
    extractors: list[str]
    settings: dict[str, Any]
    model: dict[str, Any]
    machine: dict[str, Any]
    sandbox: str | None
    prompts_sha256: str
    num_answers: int


@dataclass(frozen=True, kw_only=True)
class ResultRow:
    """One answer and its verdict. Fields as in `StoredAnswer` and `StoredVerdict`, but for these.

    Args:
        prompt_sha256: Of the prompt as sent, its token ids (`prompts.ids_sha256`) or an endpoint's request; `None` if
            neither is known.
        wording_sha256: Of the question as the task words it; `None` where the task was not there when the file was
            written, or in another version.
        text: The raw answer; `None` where there is none, as after an endpoint failed for good.
        program_sha256: Of the program that was judged; `None` if the answer held none.
    """

    problem: str
    sample: int
    seed: int | None
    prompt_sha256: str | None
    wording_sha256: str | None
    text: str | None
    thought: str
    finish: str
    is_thought_open: bool
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    status: str
    parts: list[str]
    detail: str
    cpu_s: float
    is_near_limit: bool
    extractor: str
    program_sha256: str | None


@dataclass(frozen=True, kw_only=True)
class ResultFile:
    """A whole file.

    Args:
        file: Its path.
        header: About the run.
        rows: By problem and sample.
        sha256: The digest it ends in.
    """

    file: Path
    header: ResultHeader
    rows: Mapping[Key, ResultRow]
    sha256: str


Row = TypeVar("Row", ResultHeader, ResultRow)


def export_result(store: Store, run_id: str, file: Path) -> ResultFile:
    """Write a finished run as a result file.

    Raises:
        NotFound: There is no such run.
        BadRequest: It is not finished, or the file cannot be written.
    """
    side = read_side(store, [run_id])
    run = side.runs[0]
    answers, verdicts = store.answers(run_id), store.verdicts(run_id, run.scoring)
    task = task_of(run.task, run.settings, run.machine.get("task_version"))
    wordings: dict[str, str] = {}
    if not isinstance(task, str):
        settings = RunSettings(**run.settings)
        wordings = {problem: wording_sha256(request) for problem, request in requests_of(task, settings).items()}
        missing = expected_keys(task, settings) - verdicts.keys()
        if missing:
            raise BadRequest(
                f"{run_id} is not finished: {len(missing)} of {len(missing) + len(verdicts)} answers are missing",
                hint=f"`gemstead eval {run.task} --resume {run_id}` finishes it",
            )
    rows = {key: _row(answers.get(key), verdicts[key], wordings.get(key[0])) for key in sorted(verdicts)}
    header = _header(run, answers, rows)
    write_samples(file, _lines(header, rows))
    return read_result(file)


def task_of(name: str, settings: Mapping[str, Any], version: str | None) -> Task | str:
    """The task of a run, or why it cannot be asked for its wording here."""
    try:
        task = RunSettings(**settings).build_task()
        task.problems()
    except GemsteadError as error:
        return error.message
    return task if task.version == version else f"{name} is version {task.version} here, the run has {version}"


def expected_keys(task: Task, settings: RunSettings) -> set[Key]:
    """Problems and samples that a whole run with these settings answers."""
    return {(p.id, n) for p in list(task.problems())[: settings.limit] for n in range(settings.samples)}


def requests_of(task: Task, settings: RunSettings) -> dict[str, GenerationRequest]:
    """What is asked for each problem, but for the seed."""
    return {
        problem.id: task.request(
            problem,
            style=settings.style,
            thinking=settings.thinking,
            sampling=settings.sampling(0),
            max_tokens=settings.max_tokens,
        )
        for problem in task.problems()
    }


def read_result(file: Path) -> ResultFile:
    """Read a result file to its end.

    Raises:
        NotFound: There is no such file.
        BadRequest: It is no result file, damaged, truncated, edited, or from a newer gemstead. The message says where.
    """
    digest = hashlib.sha256()
    header: ResultHeader | None = None
    rows: dict[Key, ResultRow] = {}
    number, end = 0, None
    for number, raw in enumerate(_raw_lines(file), 1):
        where = f"{file}, line {number}"
        if end is not None:
            raise BadRequest(f"{where}: there is more after the digest, which must be the last line", hint=COPY)
        values = _object(where, raw)
        kind = values.pop("kind", None)
        if kind == "end":
            end = values
            continue
        digest.update(raw)
        if header is None:
            if kind != "run":
                raise BadRequest(
                    f"{where}: this is no result file: its first row is no row about a run",
                    hint="`gemstead export RUN FILE` writes one; samples are judged by `gemstead judge`",
                )
            _check_format(where, values)
            header = _built(ResultHeader, where, values)
        else:
            row = _built(ResultRow, where, values)
            if row.status not in STATUSES:
                raise BadRequest(f"{where}: status is {row.status!r}; allowed are {', '.join(STATUSES)}", hint=COPY)
            if (row.problem, row.sample) in rows:
                raise BadRequest(f"{where}: {row.problem} sample {row.sample} stands in the file twice", hint=COPY)
            rows[row.problem, row.sample] = row
    if header is None or end is None:
        raise BadRequest(f"{file} is truncated: it ends after line {number}, without its digest", hint=COPY)
    if end.get("sha256") != digest.hexdigest():
        raise BadRequest(
            f"{file} was edited or damaged: its lines have the SHA-256 {digest.hexdigest()[:12]}, its last line says "
            f"{str(end.get('sha256'))[:12]}",
            hint=COPY,
        )
    if len(rows) != header.num_answers:
        raise BadRequest(f"{file}: {header.num_answers} answers announced, {len(rows)} found", hint=COPY)
    return ResultFile(file=file, header=header, rows=rows, sha256=digest.hexdigest())


def program_sha256(program: str | None) -> str | None:
    """Digest of a program; lone surrogates are spelled out, as in the store."""
    return None if program is None else hashlib.sha256(program.encode("utf-8", "backslashreplace")).hexdigest()


def _header(run: StoredRun, answers: Mapping[Key, StoredAnswer], rows: Mapping[Key, ResultRow]) -> ResultHeader:
    from gemstead import __version__

    return ResultHeader(
        format=FORMAT,
        gemstead=__version__,
        run=run.id,
        run_key=run.key,
        created=run.created,
        task=run.task,
        task_version=run.machine.get("task_version"),
        extractors=sorted({row.extractor for row in rows.values()}),
        settings=_without_folders(dict(run.settings)),
        model=_without_folders(dict(run.model)),
        machine=_without_folders(dict(run.machine)),
        sandbox=run.machine.get("sandbox"),
        prompts_sha256=all_sha256({key: answer.prompt_ids for key, answer in answers.items()}),
        num_answers=len(rows),
    )


def _row(answer: StoredAnswer | None, verdict: StoredVerdict, wording: str | None) -> ResultRow:
    sent = None
    if answer is not None:
        sent = ids_sha256(answer.prompt_ids) if len(answer.prompt_ids) else answer.details.get("request_sha256")
    return ResultRow(
        problem=verdict.problem,
        sample=verdict.sample,
        seed=None if answer is None else answer.seed,
        prompt_sha256=sent,
        wording_sha256=wording,
        text=None if answer is None else answer.text,
        thought="" if answer is None else answer.thought,
        finish="" if answer is None else answer.finish,
        is_thought_open=answer is not None and answer.is_thought_open,
        prompt_tokens=0 if answer is None else answer.prompt_tokens,
        completion_tokens=0 if answer is None else answer.completion_tokens,
        seconds=0.0 if answer is None else answer.finished - answer.started,
        status=verdict.status,
        parts=list(verdict.parts),
        detail=verdict.detail,
        cpu_s=verdict.cpu_s,
        is_near_limit=verdict.is_near_limit,
        extractor=verdict.extractor,
        program_sha256=program_sha256(verdict.program),
    )


def _lines(header: ResultHeader, rows: Mapping[Key, ResultRow]) -> Iterator[dict[str, Any]]:
    digest = hashlib.sha256()
    for values in ({"kind": "run", **asdict(header)}, *({"kind": "answer", **asdict(r)} for r in rows.values())):
        digest.update((json.dumps(values) + "\n").encode())  # the bytes that `write_samples` writes
        yield values
    yield {"kind": "end", "sha256": digest.hexdigest()}


def _without_folders(value: Any) -> Any:
    """The same with paths that cannot be Hub ids cut to their last names: a user's folders do not travel."""
    if isinstance(value, dict):
        return {name: _without_folders(v) for name, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_folders(v) for v in value]
    if isinstance(value, str) and value.startswith(("/", "~/", "./", "../")):
        return PurePath(value).name or value
    return value


def _raw_lines(file: Path) -> Iterator[bytes]:
    try:
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as lines:
            yield from lines
    except FileNotFoundError as error:
        raise NotFound(f"there is no result file {file}", hint="`gemstead export RUN FILE` writes one") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadRequest(
            f"{file} is damaged or truncated: its gzip data ends in an error ({error})", hint=COPY
        ) from error
    except OSError as error:
        raise BadRequest(f"cannot read {file}: {error.strerror or error}", hint="name a readable file") from error


def _object(where: str, raw: bytes) -> dict[str, Any]:
    try:
        values = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{where}: damaged or truncated, this is not JSON ({error})", hint=COPY) from error
    if not isinstance(values, dict):
        raise BadRequest(f"{where}: damaged, an object is expected", hint=COPY)
    return values


def _check_format(where: str, values: Mapping[str, Any]) -> None:
    found = values.get("format")
    if not isinstance(found, int) or found < 1:
        raise BadRequest(f"{where}: format is {found!r}; allowed is a whole number of at least 1", hint=COPY)
    if found > FORMAT:
        raise BadRequest(
            f"{where}: written by a newer gemstead ({values.get('gemstead')}, format {found}; this one knows {FORMAT})",
            hint="update gemstead",
        )


_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "int": int, "float": (int, float), "str": str, "bool": bool, "str | None": (str, type(None)),
    "int | None": (int, type(None)), "list[str]": list, "dict[str, Any]": dict,
}  # fmt: skip


def _built(kind: type[Row], where: str, values: Mapping[str, Any]) -> Row:
    """A row from what was read; unknown fields are left alone, so that a format may gain some."""
    known = {}
    for one in fields(kind):
        if one.name not in values:
            raise BadRequest(f"{where}: field {one.name} is missing", hint=COPY)
        if not isinstance(values[one.name], _KINDS[str(one.type)]):
            raise BadRequest(f"{where}: field {one.name} is no {one.type}: {values[one.name]!r:.60}", hint=COPY)
        known[one.name] = values[one.name]
    return kind(**known)
