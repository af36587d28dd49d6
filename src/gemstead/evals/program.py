"""Statements of an answer and the problem's prompt in; one whole program that defines the entry point, out."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Sequence
from functools import lru_cache

from gemstead.evals.characters import without_coding_line
from gemstead.evals.source import Binding, Reader, Statement, binding, module_level

# What only shows a function off, by the name it must use.
_SHOWS = frozenset({"print", "input", "pprint", "unittest", "doctest", "pytest", "timeit"})
# A module with more top-level statements than this is taken as it is: looking up names takes 0.1 ms a statement.
MOST_STATEMENTS = 2000
# What uses what was left out is left out in the next pass; a longer chain than this is nobody's test.
_MAX_PASSES = 16
_BUILTINS = frozenset(dir(builtins))


def compose(statements: Sequence[Statement], support: Sequence[Statement], prompt: str, entry_point: str) -> str:
    """Put a program together: future imports, what the prompt gives, what other blocks give, the answer.

    The prompt's imports and helper functions stand first, each unless the answer binds all its names itself. Statements
    that only show the function off are left out (`without_demonstrations`). Where the entry point is only a method of a
    class, it is bound to that method of a new object of the class.
    """
    statements = without_demonstrations(statements, entry_point)
    own = bound_names([*support, *statements[-MOST_STATEMENTS:]])
    given = [s for s in prompt_context(prompt, entry_point) if not s.names.bound or not s.names.bound <= own]
    parts = [*given, *support, *statements]
    parts.sort(key=lambda s: not _is_future_import(s))
    lines = [without_coding_line(s.text.strip("\n")).strip("\n") for s in parts]
    if binding(parts, entry_point) is Binding.METHOD:
        lines.append(f"{entry_point} = {_class_with_method(parts, entry_point)}().{entry_point}")
    return "\n".join(_with_gaps(lines)) + "\n"


@lru_cache(maxsize=1024)
def prompt_context(prompt: str, entry_point: str) -> tuple[Statement, ...]:
    """What a prompt gives besides the function to complete: imports, helper functions, constants.

    A bare docstring gives nothing. Imports inside the unfinished function count: in HumanEval/115 `import math` stands
    before the docstring.
    """
    reader = Reader(budget_chars=1_000_000)
    statements = reader.clean(prompt) or reader.clean(prompt + "\n    pass\n") or reader.dirty(prompt)
    context: list[Statement] = []
    for statement in statements:
        if not binding([statement], entry_point):
            if not all(map(_does_nothing, statement.nodes)):  # MBPP's prompts are docstrings
                context.append(statement)
            continue
        inner = [
            i for n in statement.nodes for i in getattr(n, "body", []) if isinstance(i, (ast.Import, ast.ImportFrom))
        ]
        context += [Statement(ast.unparse(node), (node,)) for node in inner]
    return tuple(context)


def without_demonstrations(statements: Sequence[Statement], entry_point: str) -> list[Statement]:
    """Leave out what shows or tests the function and sets nothing up for it.

    Left out: asserts, `if __name__ == "__main__"` without `else`, expressions that call nothing, and whatever uses the
    entry point, `print`, `input` or a test framework (or something left out for that reason) without binding or
    changing a name that the entry point needs; then imports that only those used. Everything else stays, `sys.exit(0)`
    included: a program that leaves while it loads is the answer's own fault.
    """
    if len(statements) > MOST_STATEMENTS:
        return list(statements)
    roots = {entry_point}
    if binding(statements, entry_point) is Binding.METHOD:
        roots.add(_class_with_method(statements, entry_point))
    needed = needed_names(statements, roots)
    kept = [s for s in statements if not _is_import(s)]
    dropped: list[Statement] = []
    shown = _SHOWS | {entry_point}
    for _ in range(_MAX_PASSES):
        is_shown = [_is_demonstration(s, needed, shown) for s in kept]
        if not any(is_shown):
            break
        dropped += [s for s, is_out in zip(kept, is_shown, strict=True) if is_out]
        kept = [s for s, is_out in zip(kept, is_shown, strict=True) if not is_out]
        shown = _SHOWS | {entry_point} | (bound_names(dropped) - bound_names(kept))
    only_shown = _used_names(dropped) - _used_names(kept) - needed
    is_kept = set(map(id, kept))
    return [s for s in statements if id(s) in is_kept or (_is_import(s) and not s.names.bound & only_shown)]


def needed_names(statements: Sequence[Statement], names: Iterable[str]) -> set[str]:
    """The names and every module-level name that the statements behind them use, and so on."""
    behind: dict[str, set[str]] = {}
    for statement in statements:
        for name in statement.names.bound | statement.names.changed:
            behind.setdefault(name, set()).update(statement.names.used)
    needed = set(names)
    pending = list(needed)
    while pending:
        found = behind.get(pending.pop(), set()) - needed
        needed |= found
        pending += found
    return needed


def missing_names(statements: Sequence[Statement], entry_point: str) -> set[str]:
    """Names the entry point needs and the statements do not bind."""
    kept = without_demonstrations(statements, entry_point)
    return needed_names(kept, {entry_point}) - bound_names(kept) - _BUILTINS


def bound_names(statements: Iterable[Statement]) -> set[str]:
    """Every name that one of the statements binds."""
    return {name for s in statements for name in s.names.bound}


def _used_names(statements: Iterable[Statement]) -> set[str]:
    return {name for s in statements for name in s.names.used}


def _is_demonstration(statement: Statement, needed: set[str], shown: frozenset[str]) -> bool:
    if all(isinstance(node, ast.Assert) or _is_main_guard(node) for node in statement.nodes):
        return True
    names = statement.names
    if (names.bound | names.changed) & needed:
        return False
    return bool(names.used & shown) or all(map(_does_nothing, statement.nodes))


def _is_main_guard(node: ast.stmt) -> bool:
    if not isinstance(node, ast.If) or node.orelse or not isinstance(node.test, ast.Compare):
        return False
    sides = [node.test.left, *node.test.comparators]
    return any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)


def _does_nothing(node: ast.stmt) -> bool:
    """A bare expression that calls nothing, or `name: annotation`: prose that happens to parse, mostly."""
    if isinstance(node, ast.AnnAssign):
        return node.value is None
    acts = (ast.Call, ast.Await, ast.NamedExpr)
    return isinstance(node, ast.Expr) and not any(isinstance(inner, acts) for inner in ast.walk(node))


def _is_import(statement: Statement) -> bool:
    return all(isinstance(node, (ast.Import, ast.ImportFrom)) for node in statement.nodes)


def _is_future_import(statement: Statement) -> bool:
    return any(isinstance(node, ast.ImportFrom) and node.module == "__future__" for node in statement.nodes)


def _class_with_method(statements: Sequence[Statement], method: str) -> str:
    nodes = [node for s in statements for node in module_level(s.nodes)]
    return [n.name for n in nodes if isinstance(n, ast.ClassDef) and binding([Statement("", (n,))], method)][-1]


def _with_gaps(texts: Sequence[str]) -> list[str]:
    """Two blank lines before a definition, as people write it; nothing else is reformatted."""
    return [
        f"\n\n{text}" if i and text.startswith(("def ", "class ", "@", "async ")) else text
        for i, text in enumerate(texts)
    ]
