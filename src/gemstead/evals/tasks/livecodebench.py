"""Contest problems in LiveCodeBench's format, from a file of yours, held out by the date of their contest.

Source: "LiveCodeBench: Holistic and contamination free evaluation of large language models for code",
arXiv:2403.07974. What a model read before its training ended it may have by heart; what was published later it has
not. So name the day from which the model can know nothing as `--since`: when its training data ends is for you to know,
since no file says it. A run says from which days its problems are.

A problem is a program that reads standard input and writes standard output, or, where the metadata name a function, a
method of `class Solution`. Outputs are compared as LiveCodeBench's own harness does (`evals/trials_check.py`), and
both kinds find the modules that contest sites import for everybody. Tests packed as pickles are read, and nothing in
them is run. Lines are read one by one, and only what is asked for is kept: the published files have gigabytes. A line
may say in a field of its own, `known_defect`, what is wrong with its problem; that is no part of the task's version.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from io import BufferedReader
from pathlib import Path
from typing import IO, Any

from gemstead.core.errors import BadRequest, NotFound
from gemstead.evals.asking import AskedTask
from gemstead.evals.defects import KNOWN_DEFECTS
from gemstead.evals.extract import EXTRACTOR_VERSION, extract
from gemstead.evals.script import extract_script
from gemstead.evals.task import AnswerStyle, Extraction, Problem
from gemstead.evals.trials import Trials

FILE_NAME = "livecodebench.jsonl"
_FIELDS = (
    "question_title question_content platform question_id contest_date starter_code difficulty public_test_cases "
    "private_test_cases metadata"
).split()
_PUBLISHED = "the published ones are the files test*.jsonl of livecodebench/code_generation_lite on the Hub"

_PROMPT_VERSION = "1"

SCRIPT_INSTRUCTION = (
    "{question}\n\nWrite a Python program that reads the input from standard input and writes the answer to standard "
    "output. Reply with the whole program in one Python code block."
)
CALL_INSTRUCTION = (
    "{question}\n\nComplete this Python class. Reply with the whole class in one Python code block.\n\n"
    "```python\n{starter}\n```"
)
_FIRST_LINE = "# Problem:"

# Where a base model has left the program: a closing fence, or the next problem.
STOP_STRINGS = ("\n```", f"\n{_FIRST_LINE}", "\nProblem:")


class LiveCodeBench(AskedTask):
    """The task. Reads its data when it is built.

    Args:
        path: The file: JSON lines, gzipped or not; or the folder it lies in as `livecodebench.jsonl`.
        since: First day of contests, as YYYY-MM-DD; `None` for no bound.
        until: Last day of contests.

    Raises:
        NotFound: No file is named, it is not there, or is something else.
        BadRequest: A day is none, or the file has no problem of those days.
    """

    name = "livecodebench"
    extractor_version = f"{EXTRACTOR_VERSION}, script-1"
    runs_programs = True
    is_published = False
    stop = STOP_STRINGS

    def __init__(self, path: Path | None = None, *, since: str | None = None, until: str | None = None) -> None:
        if path is None:
            raise NotFound(
                "livecodebench is read from a file of yours, and none is named", hint=f"`--data FILE`; {_PUBLISHED}"
            )
        path = path / FILE_NAME if path.is_dir() else path
        first, last = _day("since", since), _day("until", until)
        if first and last and first > last:
            raise BadRequest(f"since {first} and until {last}: no day lies between", hint="exchange them")
        try:
            facts = path.stat()
        except OSError as error:
            raise NotFound(
                f"{path}: cannot be read: {error.strerror}", hint=f"say where it is with `--data FILE`; {_PUBLISHED}"
            ) from error
        self.version, self._problems = _read(path, facts.st_mtime_ns, facts.st_size, first, last)

    def instruction(self, problem: Problem) -> str:
        """The problem in its own words, and what to write."""
        question, starter = _taken_apart(problem)
        if problem.entry_point:
            return CALL_INSTRUCTION.format(question=question, starter=starter.rstrip())
        return SCRIPT_INSTRUCTION.format(question=question)

    def extract(self, problem: Problem, answer: str, *, style: AnswerStyle) -> Extraction:
        """Take the program out of a raw answer. Never raises on what a model wrote."""
        return extract(problem, answer, style=style) if problem.entry_point else extract_script(answer, style=style)


def _day(name: str, text: str | None) -> str | None:
    """The day as YYYY-MM-DD, which sorts as days do."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise BadRequest(f"{name} is {text!r}; allowed is a day", hint=f"such as `--{name} 2025-01-31`") from error


@lru_cache(maxsize=1)
def _read(
    path: Path, changed_ns: int, num_bytes: int, first: str | None, last: str | None
) -> tuple[str, tuple[Problem, ...]]:
    """Version and problems of a file as it is now; a run builds its task several times, and files have gigabytes."""
    digest = hashlib.sha256()
    problems: dict[str, Problem] = {}
    seen = ["", ""]
    for number, row in _rows(path):
        where = f"{path}, line {number}"
        day = _contest_day(where, row)
        seen = [min(seen[0] or day, day), max(seen[1], day)]
        if (first and day < first) or (last and day > last):
            continue
        problem = _problem(where, row, day)
        if problem.id in problems:
            raise NotFound(f"{where}: {problem.id} stands in the file twice", hint="leave one of them out")
        problems[problem.id] = problem
        digest.update(json.dumps({name: row[name] for name in _FIELDS}, sort_keys=True).encode())
    if not problems:
        raise BadRequest(
            f"{path} has no problem from {first or 'the beginning'} to {last or 'the end'}"
            + (f"; its contests are from {seen[0]} to {seen[1]}" if seen[0] else "; it is empty"),
            hint="choose other days with `--since` and `--until`, or a newer file",
        )
    return f"{_PROMPT_VERSION}-{digest.hexdigest()[:16]}", tuple(problems.values())


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 1
    try:
        with path.open("rb") as file, _unpacked(file) as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                row = json.loads(line)
                missing = [f for f in _FIELDS if not isinstance(row, dict) or not isinstance(row.get(f), str)]
                if missing:
                    raise NotFound(
                        f"{path}, line {number}: field {missing[0]} is missing or no text",
                        hint=f"a line is a problem in LiveCodeBench's format; {_PUBLISHED}",
                    )
                yield number, row
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise NotFound(
            f"{path}, line {number}: cannot be read as JSON lines: {error!s:.200}", hint=_PUBLISHED
        ) from error


def _unpacked(file: BufferedReader) -> IO[bytes]:
    return gzip.open(file, "rb") if file.peek(2)[:2] == b"\x1f\x8b" else file  # type: ignore[return-value]


def _contest_day(where: str, row: Mapping[str, str]) -> str:
    try:
        return date.fromisoformat(row["contest_date"][:10]).isoformat()
    except ValueError as error:
        raise NotFound(
            f"{where}: contest_date is {row['contest_date']!r:.60}; expected is an ISO date",
            hint="such as 2025-01-31T00:00:00",
        ) from error


def _problem(where: str, row: Mapping[str, str], day: str) -> Problem:
    try:
        metadata = json.loads(row["metadata"] or "{}")
        entry_point = str(metadata.get("func_name") or "")
    except (ValueError, AttributeError) as error:
        raise NotFound(f"{where}: metadata is no JSON object", hint=_PUBLISHED) from error
    packed = {"public": row["public_test_cases"], "private": row["private_test_cases"]}
    packed = {name: tests for name, tests in packed.items() if tests.strip() not in ("", "[]")}
    if not packed:
        raise NotFound(f"{where}: {row['question_id']} has no tests", hint=_PUBLISHED)
    if entry_point and not row["starter_code"].strip():
        raise NotFound(f"{where}: func_name is {entry_point!r}, and there is no starter_code", hint=_PUBLISHED)
    listed = KNOWN_DEFECTS["livecodebench"]
    own = str(row.get("known_defect") or "")
    slug = re.sub(r"[^a-z0-9]+", "-", row["question_title"].lower()).strip("-")
    return Problem(
        id=row["question_id"],
        prompt=_prompt(row["question_content"], row["starter_code"] if entry_point else ""),
        entry_point=entry_point,
        canonical="",
        trials=Trials(
            problem=row["question_id"],
            kind="call" if entry_point else "script",
            entry_point=entry_point,
            packed=packed,
        ),
        date=day,
        known_defect=own or next((listed[name] for name in (row["question_id"], slug) if name in listed), None),
    )


def _prompt(question: str, starter: str) -> str:
    """The problem as comments, which hold any text, and the starter code below: what a base model goes on from."""
    lines = "\n".join(f"# {line}".rstrip() for line in question.strip().split("\n"))
    return f"{_FIRST_LINE}\n{lines}\n\n{starter.rstrip()}\n" if starter else f"{_FIRST_LINE}\n{lines}\n\n"


def _taken_apart(problem: Problem) -> tuple[str, str]:
    """Question and starter code of a prompt."""
    head, _, starter = problem.prompt.partition("\n\n")
    lines = head.split("\n")[1:]
    return "\n".join(line.removeprefix("#").removeprefix(" ") for line in lines), starter
