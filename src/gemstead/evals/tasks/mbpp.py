"""MBPP, sanitized: 427 short Python tasks told in a sentence, each with about three asserts.

Source: "Program synthesis with large language models", arXiv:2108.07732; the hand-checked part, `sanitized-mbpp.json`.

What is asked: the sentence does not say what the function is called, nor in which form it takes and gives its values;
the asserts do. So all of them are shown, as in the paper. In chat style the words and the asserts are one user message.
In base style both are a module's docstring, which the model continues with the function: the paper's few-shot prompt
needs examples from outside the 427 tasks, and tells a model how its own answer must end; a docstring needs neither. An
answer passes with all asserts. They were shown, so an answer that only looks them up passes as well: `mbpp+` judges by
inputs that were not.

The name of the function is the one that the asserts call.
"""

from __future__ import annotations

import ast
import builtins
import warnings
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gemstead.core.errors import NotFound
from gemstead.evals.asking import FunctionTask
from gemstead.evals.defects import KNOWN_DEFECTS
from gemstead.evals.published import PublishedFile, read_published
from gemstead.evals.task import Problem

FILE = PublishedFile(
    name="sanitized-mbpp.json",
    url="https://raw.githubusercontent.com/google-research/google-research/"
    "dec705a28fea05552916c0b83c52f5f23609e8ee/mbpp/sanitized-mbpp.json",
    rows_sha256="0a699546e9e40b657bfd6bdaf9ecd330bd590ecc8e0602e9cb0ef85cd41d6e16",
    num_rows=427,
    fields={"task_id": int, "prompt": str, "code": str, "test_imports": list, "test_list": list},
)

_PROMPT_VERSION = "1"

INSTRUCTION = (
    "{words}\n\nWrite it as a Python function called `{name}`. {these} must hold:\n\n```python\n{asserts}\n```\n\n"
    "Reply with the whole function, including any imports and helper functions it needs, in one Python code block."
)

# Where a base model has left the function. A helper may come before it or after, so "\ndef " is none of them; three
# quotation marks in column 0 begin the next task's docstring.
STOP_STRINGS = ("\nassert ", "\nprint(", "\nif ", '\n"""', "\n```")


class Mbpp(FunctionTask):
    """The task. Reads its data when it is built, and fetches it the first time.

    Args:
        path: A data file to read instead of the published one.

    Raises:
        NotFound: The data is not here, or is something else.
        Infrastructure: It cannot be fetched.
    """

    name = "mbpp"
    file = FILE
    stop = STOP_STRINGS

    def __init__(self, path: Path | None = None) -> None:
        data = read_published(FILE, path)
        self.version = f"{_PROMPT_VERSION}-{data.sha256[:16]}"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the published solutions write "\w" where Python wants r"\w"
            self._problems = tuple(_problem(data.path, row) for row in data.rows)

    def instruction(self, problem: Problem) -> str:
        """Words and asserts; see the module's text."""
        return instruction(problem)


def docstring_prompt(words: str, asserts: Sequence[str]) -> str:
    """Words and asserts as the docstring of a module, for a base model to go on from."""
    return "\n".join(['"""', words.strip(), *asserts, '"""', ""])


def instruction(problem: Problem) -> str:
    """The user message that says the same as the docstring prompt."""
    lines = problem.prompt.strip().removeprefix('"""').removesuffix('"""').strip().split("\n")
    first = next(n for n, line in enumerate(lines) if line.startswith("assert "))
    asserts = lines[first:]
    these = "This assertion" if len(asserts) == 1 else "These assertions"
    return INSTRUCTION.format(
        words="\n".join(lines[:first]).strip(), name=problem.entry_point, these=these, asserts="\n".join(asserts)
    )


def called_name(asserts: Iterable[str], imports: Iterable[str] = ()) -> str | None:
    """The one function that every assert calls: one that is not built in, unless there is no other (Mbpp/126: `sum`).

    Returns:
        Its name; `None` if there is none, or more than one.
    """
    imported = {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(ast.parse("\n".join(imports)))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    called = [
        {n.func.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
        for text in asserts
    ]
    names = set.intersection(*called) - imported if called else set()
    names = names - set(dir(builtins)) or names
    return next(iter(names)) if len(names) == 1 else None


def assert_test(asserts: Sequence[str], imports: Sequence[str]) -> str:
    """Asserts as `check(candidate)`; a failing one is quoted. The judge binds the function's name to the candidate."""
    lines = [*imports, "", "", "def check(candidate):"]
    for text in asserts:
        for statement in ast.parse(text).body:
            if isinstance(statement, ast.Assert) and statement.msg is None:
                statement.msg = ast.Constant(ast.unparse(statement.test))
            lines.append("    " + ast.unparse(statement).replace("\n", "\n    "))
    return "\n".join(lines) + "\n"


def unlisted_imports(asserts: Sequence[str], imports: Sequence[str], code: str) -> list[str]:
    """Imports of the published solution that its asserts use and `test_imports` lacks: Mbpp/596 uses `sys`."""
    used = {node.id for node in ast.walk(ast.parse("\n".join(asserts))) if isinstance(node, ast.Name)}
    found = [node for node in ast.parse(code).body if isinstance(node, (ast.Import, ast.ImportFrom))]
    texts = [ast.unparse(n) for n in found if used & {(a.asname or a.name).partition(".")[0] for a in n.names}]
    return [text for text in texts if text not in imports]


def _problem(path: Path, row: Mapping[str, Any]) -> Problem:
    name = called_name(row["test_list"], row["test_imports"])
    if name is None:
        raise NotFound(
            f"{path}: the asserts of task {row['task_id']} do not say which function they test",
            hint=f"give the published file {FILE.name}",
        )
    imports = [*row["test_imports"], *unlisted_imports(row["test_list"], row["test_imports"], row["code"])]
    return Problem(
        id=f"Mbpp/{row['task_id']}",
        prompt=docstring_prompt(row["prompt"], row["test_list"]),
        entry_point=name,
        test=assert_test(row["test_list"], imports),
        canonical=row["code"],
        known_defect=KNOWN_DEFECTS["mbpp"].get(f"Mbpp/{row['task_id']}"),
    )
