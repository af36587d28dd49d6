"""An answer in; the whole program in it, which reads standard input and writes standard output, out.

Readings are tried in a fixed order: in base style the continuation up to a closing fence, where it parses; the whole
answer, where it does; the last fenced block that parses and writes something; the Python in an answer without fences;
the last block.
What the block needs and another block defines is put before it.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Sequence

from gemstead.evals.characters import variants
from gemstead.evals.extract import search
from gemstead.evals.fences import Block, cut_at_closing_fence, starts_with_fence, take_apart
from gemstead.evals.program import bound_names
from gemstead.evals.source import Reader, Statement
from gemstead.evals.task import AnswerStyle, Extraction

_MOST_BLOCKS = 50
_WRITERS = frozenset({"print", "write", "writelines"})
_GIVEN = frozenset(dir(builtins))


def extract_script(answer: str, *, style: AnswerStyle) -> Extraction:
    """Take the program out of a raw answer."""
    return search(answer, style, _best)


def _best(said: str, style: AnswerStyle, reader: Reader) -> Extraction:
    if style == "base" and not starts_with_fence(said):
        continuation = cut_at_closing_fence(said)
        if reader.clean(continuation):
            return Extraction(program=_ended(continuation), how="continuation of the prompt")
    if _writes(reader.clean(said) or ()):
        return Extraction(program=_ended(said), how="the whole answer")
    blocks = [block for block in take_apart(said).blocks if block.text.strip()][-_MOST_BLOCKS:]
    readable = [(n, text) for n, block in enumerate(blocks) if (text := _read(block, reader)) is not None]
    for n, text in reversed(readable):
        statements = reader.clean(text) or ()
        if _writes(statements):
            support = _support(statements, [earlier for m, earlier in readable if m < n], reader)
            return Extraction(program=_ended(support + text), how=f"fenced block {n + 1} of {len(blocks)}")
    if not blocks:
        statements = reader.dirty(said)
        if _writes(statements):
            return Extraction(program=_ended("\n".join(s.text for s in statements)), how="code in prose")
        return Extraction(program=None, how="no code found")
    python = [block for block in blocks if block.may_be_python] or blocks
    return Extraction(program=_ended(python[-1].text), how="the last block, which writes nothing or does not parse")


def _read(block: Block, reader: Reader) -> str | None:
    """The block's text in the first form that parses."""
    if not block.may_be_python:
        return None
    return next((text for text in variants(block.text) if reader.clean(text)), None)


def _writes(statements: Sequence[Statement]) -> bool:
    """Whether a statement calls something that writes, at any depth."""
    calls = (n for s in statements for node in s.nodes for n in ast.walk(node) if isinstance(n, ast.Call))
    names = (getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls)
    return any(name in _WRITERS for name in names)


def _support(statements: Sequence[Statement], earlier: Sequence[str], reader: Reader) -> str:
    """Earlier blocks that define what the program uses and does not define, unless they would write something."""
    missing = {name for s in statements for name in s.names.used} - bound_names(statements) - _GIVEN
    found = []
    for text in earlier:
        parts = [s for s in reader.clean(text) or () if s.names.bound and not _writes_at_once(s)]
        if bound_names(parts) & missing:
            found.append("\n".join(s.text for s in parts) + "\n")
    return "".join(found)


def _writes_at_once(statement: Statement) -> bool:
    return not all(isinstance(n, (ast.FunctionDef, ast.ClassDef)) for n in statement.nodes) and _writes([statement])


def _ended(text: str) -> str:
    return text.strip("\n") + "\n"
