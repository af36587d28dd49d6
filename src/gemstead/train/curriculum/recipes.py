"""A short notation for exercises that follow no pipeline: one line for the signature, one for the result, then code.

sig  = "grid:M k:int"        arguments, each with the name of its kind
text = "the sum of ... @grid"
code = one or more solutions
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

from gemstead.train.curriculum import draft as d


def _matrix(rng: Random) -> object:
    rows, columns = rng.randint(1, 4), rng.randint(1, 4)
    return [[rng.randint(-5, 12) for _ in range(columns)] for _ in range(rows)]


def _square(rng: Random) -> object:
    size = rng.randint(1, 4)
    return [[rng.randint(-5, 12) for _ in range(size)] for _ in range(size)]


def _scores(rng: Random) -> object:
    return {d.draw_word(rng): rng.randint(-3, 30) for _ in range(rng.randint(0, 5))}


def _labels(rng: Random) -> object:
    return {d.draw_word(rng): d.draw_word(rng) for _ in range(rng.randint(0, 4))}


def _nested(rng: Random, depth: int = 0) -> object:
    return [
        _nested(rng, depth + 1) if depth < 3 and rng.random() < 0.35 else rng.randint(0, 9)
        for _ in range(rng.randint(0, 4))
    ]


def _commands(rng: Random) -> object:
    return "".join(rng.choice("UDLR") for _ in range(rng.randint(0, 10)))


def _clock(rng: Random) -> object:
    return f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}"


def _pairs_text(rng: Random) -> object:
    return ";".join(f"{rng.choice('abcxyz')}={rng.randint(0, 20)}" for _ in range(rng.randint(1, 4)))


def _point(rng: Random) -> object:
    return (rng.randint(-9, 9), rng.randint(-9, 9))


def _points(rng: Random) -> object:
    return [_point(rng) for _ in range(rng.randint(1, 5))]


def _operations(rng: Random) -> object:
    return [(rng.choice(["push", "push", "add", "pop"]), rng.randint(1, 9)) for _ in range(rng.randint(0, 7))]


KINDS: dict[str, tuple[str, str, Callable[[Random], object]]] = {
    "L": ("list[int]", "a list of integers", d.integers()),
    "L1": ("list[int]", "a non-empty list of integers", d.integers(shortest=1)),
    "P": ("list[int]", "a list of positive integers", d.integers(1, 30)),
    "W": ("list[str]", "a list of strings", d.words()),
    "W1": ("list[str]", "a non-empty list of strings", d.words(shortest=1)),
    "s": ("str", "a string", d.text),
    "w": ("str", "a word", d.draw_word),
    "int": ("int", "an integer", d.integer(-20, 40)),
    "nat": ("int", "a non-negative integer", d.integer(0, 15)),
    "pos": ("int", "a positive integer", d.integer(1, 60)),
    "big": ("int", "a positive integer", d.integer(1, 99999)),
    "small": ("int", "a small positive integer", d.integer(1, 5)),
    "M": ("list[list[int]]", "a matrix, given as a list of rows,", _matrix),
    "Q": ("list[list[int]]", "a square matrix", _square),
    "D": ("dict[str, int]", "a dictionary that maps names to integers", _scores),
    "T": ("dict[str, str]", "a dictionary of strings", _labels),
    "N": ("list", "a nested list of integers", _nested),
    "C": ("str", "a string of the moves U, D, L and R", _commands),
    "clock": ("str", "a time in the form 'HH:MM'", _clock),
    "kv": ("str", "a string of the form 'a=1;b=2'", _pairs_text),
    "xy": ("tuple[int, int]", "a point (x, y)", _point),
    "xys": ("list[tuple[int, int]]", "a list of points (x, y)", _points),
    "ops": ("list[tuple[str, int]]", "a list of operations (name, value)", _operations),
    "float": ("float", "a number", lambda rng: rng.randint(1, 60) / 4),
    "bits": ("str", "a string of zeros and ones", lambda r: "".join(r.choice("01") for _ in range(r.randint(1, 8)))),
}
# Other names an argument may go by, so that the model learns to read the signature.
ALIASES = {
    "xs": "xs numbers nums values lst arr data items", "ys": "ys others second other b",
    "s": "s text string st message",
    "n": "n num number x value", "k": "k m limit count step", "words": "words strings names items lst",
    "grid": "grid matrix m table rows", "d": "d scores data mapping counts prices", "a": "a first x left",
    "b": "b second y right", "w": "word w s name", "labels": "labels d mapping table",
}  # fmt: skip


def recipe(
    rng: Random,
    topic: str,
    name: str,
    signature: str,
    returns: str,
    result: str,
    *bodies: str,
    imports: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    tellings: tuple[str, ...] = (),
    plan: str = "",
    kinds: Mapping[str, tuple[str, str, Callable[[Random], object]]] = KINDS,
) -> d.Draft:
    """One exercise. Arguments stand in the texts as `@name` and in the bodies as `$name`; each may get an alias."""
    params, seen = [], set[str]()
    for item in signature.split():
        own, kind = item.split(":")
        annotation, what, draw = kinds[kind]
        spoken = d.pick(rng, ALIASES.get(own, own)) if rng.random() < 0.5 else own
        if spoken in seen or any(spoken == other.split(":")[0] for other in signature.split() if other != item):
            spoken = own
        seen.add(spoken)
        argument, marked = re.compile(rf"@{own}\b"), f"@{spoken}"
        result, plan = argument.sub(marked, result), argument.sub(marked, plan)
        notes, tellings = (tuple(argument.sub(marked, one) for one in texts) for texts in (notes, tellings))
        bodies = tuple(re.sub(rf"\${own}\b", spoken, b) for b in bodies)
        params.append(d.Param(name=spoken, annotation=annotation, what=what, draw=draw))
    return d.Draft(topic=topic, name=name, params=tuple(params), returns=returns, result=result, bodies=bodies,
                   notes=notes, imports=imports, plan=plan or f"I work out {result}.", tellings=tellings)  # fmt: skip
