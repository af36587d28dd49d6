"""Mutated solutions: one small, honest mistake each, or a change that is none. The same seed gives the same mutants.

A published solution walks in, programs that a person could have written in its place walk out: a bound off by one, a
comparison turned round, a branch or a line left out, another type for the same value, values in another order, a float
rounded, a missing return, an exception, deep recursion, a loop without end.
"""

from __future__ import annotations

import ast
import copy
import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

Edit = Callable[[], None]

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Add,), ast.Div: (ast.FloorDiv,), ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,), ast.Pow: (ast.Mult,),
}  # fmt: skip

# What may be done to the value of the whole function, as an expression of `v`, and of its arguments `a`.
RETURNED: dict[str, str] = {
    "as a list or tuple": "list(v) if type(v) is tuple else tuple(v) if type(v) is list else v",
    "inner lists as tuples": "[tuple(i) if type(i) is list else list(i) if type(i) is tuple else i for i in v] "
    "if type(v) is list else v",
    "as a set": "set(v) if type(v) in (list, tuple) and all(type(i) in (int, str) for i in v) else v",
    "as an iterator": "iter(v) if type(v) in (list, tuple) else v",
    "as a generator": "(i for i in v) if type(v) in (list, tuple) else v",
    "as a range": "range(len(v)) if v == list(range(len(v))) else v if type(v) is list else v",
    "as text": "str(v)",
    "as floats": "float(v) if type(v) is int else [float(i) for i in v] if type(v) is list and "
    "all(type(i) is int for i in v) else v",
    "as ints": "int(v) if type(v) is float and v == v and abs(v) < 1e300 else v",
    "as whole ints": "int(v) if type(v) is float and v.is_integer() else v",
    "as a truth value": "bool(v)",
    "a truth value as a number": "int(v) if type(v) is bool else v",
    "a truth value as text": "str(v) if type(v) is bool else v",
    "None for False": "v if v is not False else None",
    "False for None": "v if v is not None else False",
    "in a list": "[v]",
    "in a tuple": "(v,)",
    "out of its list": "v[0] if type(v) in (list, tuple) and len(v) == 1 else v",
    "nothing for empty": "v if v or type(v) in (int, float, bool) else None",
    "an empty list for any empty": "[] if type(v) in (str, tuple, dict) and not v else v",
    "backwards": "v[::-1] if type(v) in (list, tuple, str) else v",
    "sorted": "sorted(v, key=repr) if type(v) is list else v",
    "keys in another order": "dict(sorted(v.items(), key=repr, reverse=True)) if type(v) is dict else v",
    "without repetition": "list(dict.fromkeys(map(repr, v))) and [i for n, i in enumerate(v) if i not in v[:n]] "
    "if type(v) is list else v",
    "rounded to 2": "round(v, 2) if type(v) is float else v",
    "rounded to 4": "round(v, 4) if type(v) is float else v",
    "rounded to 7": "round(v, 7) if type(v) is float else v",
    "rounded to 10": "round(v, 10) if type(v) is float else v",
    "a little off": "v * (1 + 1e-9) if type(v) is float else v",
    "off by a millionth": "v + 9e-7 if type(v) is float else v",
    "off by more": "v + 3e-6 if type(v) is float else v",
    "in single precision": "__import__('struct').unpack('f', __import__('struct').pack('f', v))[0] "
    "if type(v) is float and abs(v) < 1e30 else v",
    "as a Fraction": "__import__('fractions').Fraction(v) if type(v) in (int, float) and abs(v) < 1e300 else v",
    "as a Decimal": "__import__('decimal').Decimal(str(v)) if type(v) in (int, float) else v",
    "as a Counter": "__import__('collections').Counter(v) if type(v) is dict else v",
    "as a deque": "__import__('collections').deque(v) if type(v) is list else v",
    "one more": "v + 1 if type(v) is int else v",
    "other case": "v.swapcase() if type(v) is str else v",
    "a space more": "v + ' ' if type(v) is str else v",
    "as bytes": "v.encode() if type(v) is str else v",
    "the argument changed": "(a[0].clear() if a and type(a[0]) in (list, dict) else None, v)[1]",
    "the argument sorted": "(a[0].sort(key=repr) if a and type(a[0]) is list else None, v)[1]",
}

# What may go on around it: each is a whole body of a function that calls the solution as `inner(*a)`.
AROUND: dict[str, str] = {
    "no return": "inner(*a)",
    "printed, not returned": "print(inner(*a))",
    "printed and returned": "v = inner(*a)\nprint(a, v)\nreturn v",
    "an exception at the end": "inner(*a)\nraise ValueError('no')",
    "an exception for long arguments": "if len(repr(a)) > 60:\n    raise ValueError('too long')\nreturn inner(*a)",
    "its own exception": "class Refused(Exception):\n    pass\nif len(repr(a)) > 40:\n    raise Refused(a)\n"
    "return inner(*a)",
    "an assertion": "assert len(repr(a)) < 50\nreturn inner(*a)",
    "leaves on long arguments": "import sys\nif len(repr(a)) > 60:\n    sys.exit(0)\nreturn inner(*a)",
    "exceptions swallowed": "try:\n    return inner(*a)\nexcept Exception:\n    return None",
    "None for long arguments": "return inner(*a) if len(repr(a)) < 80 else None",
    "called twice": "inner(*__import__('copy').deepcopy(a))\nreturn inner(*a)",
    "a table by representation": "k = repr(a)\nif k not in table:\n    table[k] = inner(*a)\nreturn table[k]",
    "a table by length": "k = len(repr(a))\nif k not in table:\n    table[k] = inner(*a)\nreturn table[k]",
    "a list that is kept": "kept.append(inner(*a))\nreturn kept[-1]",
    "one list for all calls": "v = inner(*a)\nif type(v) is list:\n    kept.extend(v)\n    return kept\nreturn v",
    "wrong after a hundred calls": "kept.append(1)\nreturn inner(*a) if len(kept) <= 100 else None",
    "recursion 200 deep": "def go(n):\n    return inner(*a) if n == 0 else go(n - 1)\nreturn go(200)",
    "recursion 850 deep": "def go(n):\n    return inner(*a) if n == 0 else go(n - 1)\nreturn go(850)",
    "recursion as long as the argument": "def go(n):\n    return inner(*a) if n <= 0 else go(n - 1)\n"
    "return go(len(repr(a)))",
    "recursion without end": "def go(n):\n    return go(n + 1)\nreturn go(0)",
    "three times the work": "c = __import__('copy').deepcopy\nfor _ in range(2):\n    inner(*c(a))\nreturn inner(*a)",
    "a short sleep": "__import__('time').sleep(0.0005)\nreturn inner(*a)",
    "a thread": "import threading\nout = []\nt = threading.Thread(target=lambda: out.append(inner(*a)))\nt.start()\n"
    "t.join()\nreturn out[0]",
    "a random choice": "import random\nreturn inner(*a) if random.random() < 0.999 else None",
    "reads input": "input()\nreturn inner(*a)",
    "writes a file": "with open('note.txt', 'w') as f:\n    f.write(repr(a))\nreturn inner(*a)",
    "without copies": "return inner(*[list(i) if type(i) is list else i for i in a])",
    "tuples for lists": "return inner(*[tuple(i) if type(i) is list else i for i in a])",
    "text of numbers": "return inner(*[str(i) if type(i) is int else i for i in a])",
    "named arguments refused": "if len(a) != 1:\n    raise TypeError('one argument')\nreturn inner(*a)",
}
WEIGHTS = {"value": 3.0, "around": 2.0, "return": 0.3}
"""How often a kind of change is drawn, against 1 for each kind inside the solution."""
ENDLESS = "a loop without end"
_ENDLESS_BODY = "while len(repr(a)) > 20:\n    pass\nreturn inner(*a)"
_ENDLESS_EVERY = 400
"""One in so many mutants never ends: each costs both judges their whole time limit."""


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A changed solution.

    Args:
        change: What was done, in words.
        program: Whole source.
    """

    change: str
    program: str


def mutants(source: str, entry_point: str, rng: random.Random) -> Iterator[Mutant]:
    """Changed solutions, no program twice. Kinds of change come up by their weight, however many places each fits."""
    pool: dict[str, list[tuple[str, Callable[[], str]]]] = {
        "value": [(name, partial(_with_value, source, entry_point, text)) for name, text in RETURNED.items()],
        "around": [(name, partial(_wrapped, source, entry_point, text)) for name, text in AROUND.items()],
    }
    for number, (kind, name, _) in enumerate(_places(ast.parse(source))):
        pool.setdefault(kind, []).append((name, partial(_edited, source, number)))
    seen = {ast.unparse(ast.parse(source))}
    while pool:
        kind = rng.choices(list(pool), [WEIGHTS.get(name, 1.0) for name in pool])[0]
        name, write = pool[kind].pop(rng.randrange(len(pool[kind])))
        if not pool[kind]:
            del pool[kind]
        if rng.randrange(_ENDLESS_EVERY) == 0:
            name, write = ENDLESS, partial(_wrapped, source, entry_point, _ENDLESS_BODY)
        program = write()
        try:
            text = ast.unparse(ast.parse(program))
        except SyntaxError:
            continue
        if text not in seen:
            seen.add(text)
            yield Mutant(change=name, program=program)


def _with_value(source: str, entry_point: str, expression: str) -> str:
    return _wrapped(source, entry_point, f"v = inner(*a)\nreturn {expression}")


def _wrapped(source: str, entry_point: str, body: str) -> str:
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    return (
        f"{source.rstrip()}\n\n\ninner = {entry_point}\ntable = {{}}\nkept = []\n\n\ndef {entry_point}(*a):\n{lines}\n"
    )


def _edited(source: str, number: int) -> str:
    """The source with the change at one of its places."""
    tree = ast.parse(source)
    _, _, edit = next(itertools.islice(_places(tree), number, None))
    edit()
    return f"{ast.unparse(ast.fix_missing_locations(tree))}\n"


def _places(tree: ast.Module) -> Iterator[tuple[str, str, Edit]]:
    """Everything that may be changed in the functions of a source: kind, name, the change; always in one order."""
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                yield from _expression_places(node)
                yield from _statement_places(node)


def _expression_places(node: ast.AST) -> Iterator[tuple[str, str, Edit]]:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        for step in (1, -1):
            yield "constant", "off by one", _setting(node, "value", node.value + step)
    elif isinstance(node, ast.Constant) and type(node.value) is float:
        yield "constant", "another float", _setting(node, "value", node.value * 1.5)
    elif isinstance(node, ast.Constant) and type(node.value) is str and len(node.value) < 20:
        yield "text", "another text", _setting(node, "value", node.value[1:] if node.value else " ")
    elif isinstance(node, ast.Constant) and type(node.value) is bool:
        yield "truth", "the other truth value", _setting(node, "value", not node.value)
    elif isinstance(node, ast.Compare):
        for other in _COMPARISONS.get(type(node.ops[0]), ()):
            yield "comparison", "another comparison", _setting(node, "ops", [other(), *node.ops[1:]])
    elif isinstance(node, ast.BinOp):
        for operator in _ARITHMETIC.get(type(node.op), ()):
            yield "arithmetic", "another operator", _setting(node, "op", operator())
    elif isinstance(node, ast.BoolOp):
        turned = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "logic", "and for or", _setting(node, "op", turned)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "logic", "a minus left out", _setting(node, "op", ast.UAdd())
    elif isinstance(node, ast.Slice) and node.lower is not None:
        yield "slice", "a slice from the start", _setting(node, "lower", None)
    elif isinstance(node, ast.Call) and len(node.args) == 2:
        yield "call", "arguments exchanged", _setting(node, "args", node.args[::-1])
    elif isinstance(node, ast.Call) and node.keywords:
        yield "call", "a named argument left out", _setting(node, "keywords", node.keywords[1:])
    elif isinstance(node, ast.comprehension) and node.ifs:
        yield "branch", "a condition left out", _setting(node, "ifs", [])


def _statement_places(node: ast.AST) -> Iterator[tuple[str, str, Edit]]:
    if isinstance(node, ast.If):
        yield "branch", "always this branch", _setting(node, "test", ast.Constant(True))
        yield "branch", "never this branch", _setting(node, "test", ast.Constant(False))
    if isinstance(node, ast.Return) and node.value is not None:
        yield "return", "nothing returned", _setting(node, "value", None)
    for name in ("body", "orelse"):
        block = getattr(node, name, None)
        if isinstance(block, list) and len(block) > 1:
            for n, statement in enumerate(block):
                if not _is_text(statement):
                    yield "line", "a line left out", _setting(node, name, block[:n] + block[n + 1 :])
            for n in range(len(block) - 1):
                if not _is_text(block[n]):
                    swapped = [*block[:n], block[n + 1], block[n], *block[n + 2 :]]
                    yield "line", "two lines exchanged", _setting(node, name, swapped)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _setting(node: ast.AST, name: str, value: object) -> Edit:
    return lambda: setattr(node, name, copy.deepcopy(value))


def chosen(sources: Sequence[tuple[str, str, str]], count: int, seed: int) -> list[tuple[str, Mutant]]:
    """So many mutants of these solutions, spread evenly.

    Args:
        sources: Id, source and entry point of each.
        count: How many.
        seed: Of the choice.
    """
    streams = {key: mutants(source, name, random.Random(f"{seed} {key}")) for key, source, name in sources}
    found: list[tuple[str, Mutant]] = []
    while streams and len(found) < count:
        for key in list(streams):
            if len(found) == count:
                break
            mutant = next(streams[key], None)
            if mutant is None:
                del streams[key]
            else:
                found.append((key, mutant))
    return found
