"""Python text, clean or dirty, in; its top-level statements and the names each one uses and binds, out.

Nothing here runs or imports what it reads. Work is bounded: a `Reader` parses a number of characters that grows with
the answer, then reads no more, so that no answer can stall an evaluation.
"""

from __future__ import annotations

import ast
import codeop
import re
import symtable
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

# What the parser, compiler and symbol table raise on text nobody should have written: nesting too deep, null bytes,
# lone surrogates, numbers too long.
UNREADABLE = (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError)
# The second flag, made for interactive shells, has the parser say "incomplete input" where text ends too early.
_PARSE_FLAGS = ast.PyCF_ONLY_AST | codeop.PyCF_ALLOW_INCOMPLETE_INPUT  # type: ignore[attr-defined]
# Compiling takes quadratic time in CPython 3.11 when a block holds very many definitions, so text larger than this is
# only parsed. The judge has the last word on it anyway.
_LARGE_CHARS = 30_000
# Larger text of more statements than this is not parsed in one piece; a long text block or table may be.
_MOST_LINES = 8_000
# A line in column 0 that carries on the statement before it.
_CARRIES_ON = re.compile(r"(?:#|[)\]}]|(?:else|elif|except|finally)\b)")


class Binding(IntEnum):
    """How a statement binds a name, weakest first."""

    NONE = 0
    STUB = 1  # a signature without a body, or a constant
    IMPORT = 2
    METHOD = 3  # a class has a method of that name
    FULL = 4


@dataclass(frozen=True)
class Statement:
    """One top-level statement, or several that share a line, with the comments above it.

    Args:
        text: Its lines as written.
        nodes: Its syntax trees.
        is_trimmed: Whether its end was cut off because it did not parse.
    """

    text: str
    nodes: tuple[ast.stmt, ...]
    is_trimmed: bool = False

    @cached_property
    def names(self) -> Names:
        """Module-level names this statement uses and binds."""
        return _names(self)


@dataclass(frozen=True)
class Names:
    """Module-level names of a statement.

    Args:
        used: Names it looks up in the module, now or when a function in it is called.
        bound: Names it defines, imports or assigns.
        changed: Names whose object it may change: `table.append(1)`, `f.cache = {}`.
    """

    used: frozenset[str]
    bound: frozenset[str]
    changed: frozenset[str]


@dataclass
class Reader:
    """Parses text within a budget.

    Args:
        budget_chars: How many more characters may be parsed.
    """

    budget_chars: int
    _seen: dict[str, tuple[Statement, ...] | None] = field(default_factory=dict)

    def clean(self, text: str) -> tuple[Statement, ...] | None:
        """Statements of a text that is Python from its first line to its last; `None` for any other text."""
        if text not in self._seen:
            result = self._parse(text)
            statements = _split(text, result) if isinstance(result, ast.Module) else []
            is_python = isinstance(result, ast.Module) and (len(text) > _LARGE_CHARS or all(map(_compiles, statements)))
            self._seen[text] = tuple(statements) if is_python else None
        return self._seen[text]

    def dirty(self, text: str) -> tuple[Statement, ...]:
        """Statements found in a text, each alone; what lies between them and does not parse is left out."""
        lines = text.split("\n")
        starts = [i for i, line in enumerate(lines) if line[:1].strip() and not _CARRIES_ON.match(line)]
        ends = [*starts[1:], len(lines)]
        found: list[Statement] = []
        n = 0
        while n < len(starts) and self.budget_chars > 0:
            last, result = self._read_from(lines, starts[n], ends, n)
            if isinstance(result, ast.Module):
                found += _split("\n".join(lines[starts[n] : ends[last]]), result)
                n = last + 1
                continue
            found += self._without_rest(lines[starts[n] : ends[n]]) or self._trim(lines[starts[n] : ends[n]], result)
            n += 1
        return tuple(s for s in found if len(text) > _LARGE_CHARS or _compiles(s))

    def _read_from(self, lines: list[str], start: int, ends: list[int], n: int) -> tuple[int, ast.Module | int]:
        """Read one statement, taking in further lines while it is unfinished; else the first error (see `_parse`)."""
        first_error: int | None = None
        last = n
        for step in range(24):
            result = self._parse("\n".join(lines[start : ends[last]]))
            if isinstance(result, ast.Module):
                return last, result
            first_error = result if first_error is None else first_error
            if result > 0 or last + 1 >= len(ends):
                break
            last = min(last + 1 + step // 8, len(ends) - 1)
        return n, first_error or 1

    def _without_rest(self, lines: list[str]) -> list[Statement]:
        """The statement up to a line in column 0 that only seemed to carry it on: a stray `else:`, a bracket."""
        end = next((i for i, line in enumerate(lines) if i and _CARRIES_ON.match(line) and line[0] != "#"), 0)
        text = "\n".join(lines[:end])
        result = self._parse(text) if text.strip() else 1
        return _split(text, result) if isinstance(result, ast.Module) else []

    def _trim(self, lines: list[str], error_line: int) -> list[Statement]:
        """The longest beginning of a statement that parses, if all that is wrong with it is its end.

        An error with more lines after it is the answer's own, unless the text breaks off before what began there ends.
        """
        is_unfinished = error_line < 0
        error_line = abs(error_line)
        if not is_unfinished and any(line.strip() for line in lines[error_line:]):
            return []
        for _ in range(12):
            lines = lines[: min(error_line, len(lines)) - 1]
            text = "\n".join(lines)
            if not text.strip():
                return []
            result = self._parse(text)
            if isinstance(result, ast.Module):
                return [Statement(s.text, s.nodes, is_trimmed=True) for s in _split(text, result)]
            error_line = min(abs(result), len(lines))
        return []

    def _parse(self, text: str) -> ast.Module | int:
        """The tree, or the line of the first error: negative where the text only ends too early."""
        if self.budget_chars <= 0 or (len(text) > _LARGE_CHARS and text.count("\n") + text.count(";") > _MOST_LINES):
            return 1
        try:
            tree = compile(text + "\n", "<answer>", "exec", _PARSE_FLAGS, dont_inherit=True)
            assert isinstance(tree, ast.Module)
        except SyntaxError as error:
            line = min(max(error.lineno or 1, 1), text.count("\n") + 1)
            is_unfinished = error.msg == "incomplete input"
            self.budget_chars -= 300 + (len(text) if is_unfinished else min(len(text), 80 * line))
            return -line if is_unfinished else line
        except UNREADABLE:
            self.budget_chars -= 300 + len(text)
            return 1
        self.budget_chars -= 300 + len(text)
        return tree


def binding(statements: Sequence[Statement], name: str) -> Binding:
    """The strongest way in which any of the statements binds a name."""
    return max((_binding(node, name) for s in statements for node in s.nodes), default=Binding.NONE)


def module_level(nodes: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Every statement that runs at import: the given ones and those inside their branches, loops and `with` blocks."""
    pending = list(reversed(nodes))
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for part in ("finalbody", "orelse", "handlers", "cases", "body"):
            pending += reversed(getattr(node, part, []))


def returns_a_value(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the function itself, not one inside it, has a `return` with a value or a `yield`."""
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        if (isinstance(node, ast.Return) and node.value is not None) or isinstance(node, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            pending += ast.iter_child_nodes(node)
    return False


def _binding(node: ast.stmt, name: str) -> Binding:
    best = Binding.NONE
    for inner in module_level([node]):
        best = max(best, _binding_here(inner, name))
    return best


def _binding_here(node: ast.stmt, name: str) -> Binding:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name:
        return Binding.STUB if all(_says_nothing(part) for part in node.body) else Binding.FULL
    if isinstance(node, ast.ClassDef):
        if node.name == name:
            return Binding.FULL
        has_method = any(_binding_here(part, name) is Binding.FULL for part in node.body)
        return Binding.METHOD if has_method else Binding.NONE
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        is_bound = any((alias.asname or alias.name.split(".")[0]) == name for alias in node.names)
        return Binding.IMPORT if is_bound else Binding.NONE
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [n for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
        # `f = cache(f)` wraps a definition and is none itself.
        if any(n.id == name and isinstance(n.ctx, ast.Store) for n in names) and not _looks_up(node.value, name):
            return Binding.STUB if isinstance(node.value, ast.Constant) else Binding.FULL
    return Binding.NONE


def _looks_up(expression: ast.expr, name: str) -> bool:
    """Whether evaluating the expression looks the name up; what a lambda does when called does not count."""
    pending: list[ast.AST] = [expression]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name) and node.id == name:
            return True
        if not isinstance(node, ast.Lambda):
            pending += ast.iter_child_nodes(node)
    return False


def _says_nothing(node: ast.stmt) -> bool:
    """Docstring, `...`, `pass`, an import, `raise NotImplementedError`: what stands where a body is still to come."""
    if isinstance(node, ast.Raise):
        raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"
    is_constant = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    return is_constant or isinstance(node, (ast.Pass, ast.Import, ast.ImportFrom))


def _split(text: str, tree: ast.Module) -> list[Statement]:
    """Cut a parsed text between statements; a statement takes the comments above it along."""
    lines = text.split("\n")
    groups: list[list[ast.stmt]] = []
    for node in tree.body:
        first = min([node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))])
        if groups and first <= (groups[-1][-1].end_lineno or 0):
            groups[-1].append(node)
        else:
            groups.append([node])
    statements = []
    start = 0
    for group in groups:
        end = group[-1].end_lineno or start + 1
        statements.append(Statement("\n".join(lines[start:end]), tuple(group)))
        start = end
    return statements


def _compiles(statement: Statement) -> bool:
    """Whether it passes the checks made after parsing, such as `return` outside a function."""
    try:
        compile(ast.Module(list(statement.nodes), []), "<answer>", "exec", dont_inherit=True)
    except UNREADABLE:
        return False
    return True


def _names(statement: Statement) -> Names:
    try:
        top = symtable.symtable(statement.text.lstrip("\ufeff"), "<answer>", "exec")
    except UNREADABLE:
        return Names(frozenset(), frozenset(), frozenset())
    used, bound = set(), set()
    for symbol in top.get_symbols():
        if symbol.is_referenced():
            used.add(symbol.get_name())
        if symbol.is_assigned() or symbol.is_imported():
            bound.add(symbol.get_name())
    pending = list(top.get_children())
    while pending:
        table = pending.pop()
        for symbol in table.get_symbols():
            if symbol.is_global():
                used.add(symbol.get_name())
            if symbol.is_declared_global() and symbol.is_assigned():
                bound.add(symbol.get_name())
        pending += table.get_children()
    changed = {root for node in statement.nodes for inner in ast.walk(node) for root in _changed_roots(inner)}
    return Names(frozenset(used), frozenset(bound), frozenset(changed & used))


def _changed_roots(node: ast.AST) -> Iterator[str]:
    targets: list[ast.expr] = []
    if isinstance(node, (ast.Assign, ast.Delete)):
        targets = node.targets
    elif isinstance(node, (ast.AugAssign, ast.AnnAssign)):
        targets = [node.target]
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        targets = [node.value.func]
    for target in targets:
        root: ast.AST = target
        while isinstance(root, (ast.Attribute, ast.Subscript)):
            root = root.value
        if isinstance(root, ast.Name) and root is not target:
            yield root.id
