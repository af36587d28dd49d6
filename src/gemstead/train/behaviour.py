"""What a function does, as a digest: it is run on fixed values of its arguments' types.

Two functions that give the same results on all of them are the same function, whatever they are called and however
their tasks are worded. Used to keep benchmark problems out of the training data, and to tell problems apart.

A type has several families of values (small numbers, any numbers, words, digits ...). A function has a digest for every
family it can take; families it fails on, or answers alike, say nothing. Functions are held to be the same if they agree
on every family that both can take, and there is one. What is not covered: arguments of other types than those below;
functions that differ only on values not among these, empty ones above all, count as the same.
"""

from __future__ import annotations

import copy
import hashlib
import re
import signal
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from random import Random
from typing import Any

NUM_VALUES = 16
FEWEST_RESULTS = 13  # of them, for a family to count
SECONDS = 0.1  # of processor time for a family; what ends at all ends in a hundredth of that
Values = tuple[Any, ...]
Behaviour = tuple[str | None, ...]
"""A digest per family, `None` where it says nothing."""

_WORDS = "stone River apple kayak Level data tree moon Python code yellow bee Anna noon table light zebra queue".split()


def _lists(shortest: int, longest: int, one: Callable[[Random], Any]) -> Callable[[Random], Any]:
    return lambda rng: [one(rng) for _ in range(rng.randint(shortest, longest))]


def _integer(low: int, high: int) -> Callable[[Random], Any]:
    return lambda rng: rng.randint(low, high)


def _word(rng: Random) -> str:
    return rng.choice(_WORDS)


def _sentence(rng: Random) -> str:
    return " ".join(_word(rng) for _ in range(rng.randint(2, 5))) + rng.choice(["", "!", "."])


def _characters(letters: str) -> Callable[[Random], Any]:
    return lambda rng: "".join(rng.choice(letters) for _ in range(rng.randint(3, 9)))


def _rows(rng: Random, size: int | None = None) -> list[list[int]]:
    height, width = (size, size) if size else (rng.randint(2, 4), rng.randint(2, 4))
    return [[rng.randint(-6, 12) for _ in range(width)] for _ in range(height)]


def _nested(rng: Random) -> list[Any]:
    return [rng.randint(0, 9) if rng.random() < 0.6 else [rng.randint(0, 9), [rng.randint(0, 9)]] for _ in range(4)]


_FAMILIES: dict[str, tuple[Callable[[Random], Any], ...]] = {
    "int": (_integer(1, 9), _integer(1, 50), _integer(100, 1500), _integer(-40, 50)),
    "float": (lambda rng: rng.randint(1, 99) / 4, lambda rng: rng.randint(-99, 99) / 4),
    "bool": (lambda rng: rng.random() < 0.5,),
    "str": (
        _word,
        _sentence,
        _characters("0123456789"),
        _characters("()"),
        _characters("01"),
        _characters("abcABC12 "),
    ),
    "list[int]": (_lists(3, 8, _integer(1, 20)), _lists(3, 8, _integer(-20, 30)), _lists(3, 8, _integer(0, 4))),
    "list[float]": (_lists(3, 7, lambda rng: rng.randint(-40, 60) / 4),),
    "list[str]": (_lists(2, 6, _word), _lists(2, 6, _characters("abAB1")), _lists(2, 5, _characters("0123"))),
    "list[bool]": (_lists(2, 6, lambda rng: rng.random() < 0.5),),
    "list[list[int]]": (_rows, lambda rng: _rows(rng, rng.randint(2, 3)), _lists(2, 4, _lists(1, 4, _integer(0, 9)))),
    "list[tuple[int, int]]": (_lists(2, 6, lambda rng: (rng.randint(-9, 9), rng.randint(-9, 9))),),
    "tuple[int, int]": (lambda rng: (rng.randint(-9, 9), rng.randint(-9, 9)),),
    "dict[str, int]": (lambda rng: {_word(rng): rng.randint(-5, 30) for _ in range(4)},),
    "dict[str, str]": (lambda rng: {_word(rng): _word(rng) for _ in range(4)},),
    "list": (_nested,),
}
KINDS = tuple(_FAMILIES)


@cache
def probes(kinds: tuple[str, ...]) -> tuple[tuple[Values, ...], ...]:
    """Argument lists by family, for arguments of these types; nothing if a type is not among `KINDS`."""
    if not kinds or any(kind not in _FAMILIES for kind in kinds):
        return ()
    families = []
    for number in range(max(len(_FAMILIES[kind]) for kind in kinds)):
        rng = Random(f"{kinds}/{number}")
        makers = [_FAMILIES[kind][number % len(_FAMILIES[kind])] for kind in kinds]
        families.append(tuple(tuple(make(rng) for make in makers) for _ in range(NUM_VALUES)))
    return tuple(families)


def kind_of(annotation: str) -> str:
    """The type by which an annotation's values are drawn; the annotation itself if it is none of `KINDS`."""
    plain = annotation.replace("List[", "list[").replace("Dict[", "dict[").replace("Tuple[", "tuple[")
    return re.sub(r"^tuple\[int, \.\.\.\]$", "list[int]", plain)


def behaviour(function: Callable[..., Any], kinds: tuple[str, ...], drawn: Sequence[Values] = ()) -> Behaviour:
    """Run a function on the families.

    Args:
        function: Trusted code.
        kinds: Types of its arguments.
        drawn: Arguments it is known to be made for. Families with larger numbers than these, or with negative ones
            where these have none, are left out: the function might never come back from them.

    Returns:
        One digest per family.
    """
    digests: list[str | None] = []
    for family in probes(kinds):
        found = None
        if not drawn or _is_within(family, drawn):
            with limited(SECONDS):
                found = _digest(function, family)
        digests.append(found)
    return tuple(digests)


class limited:
    """Leaves a block that fails, or that takes too much processor time: a function may never come back from our values.

    Works in a process' main thread; in others a block has no limit.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._is_main = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> None:
        if self._is_main:
            # Processor time, not the clock's: what is left out must not depend on what else the machine does.
            signal.signal(signal.SIGVTALRM, _too_long)
            signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        if self._is_main:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        return kind is not None and issubclass(kind, Exception | SystemExit | _TooLongError)


class _TooLongError(BaseException):
    """Not an `Exception`, so that the function under test does not catch it."""


def _too_long(*_: object) -> None:
    raise _TooLongError


def is_same(one: Behaviour, other: Behaviour) -> bool:
    """Whether two behaviours agree on every family both can take, of which there is at least one."""
    both = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return bool(both) and all(a == b for a, b in both)


def _digest(function: Callable[..., Any], family: Iterable[Values]) -> str | None:
    results = []
    for arguments in family:
        try:
            results.append(_plain(function(*copy.deepcopy(arguments))))
        except Exception:  # noqa: BLE001 (whatever a function does with values it was not made for is a result)
            results.append("!")
    good = [result for result in results if result != "!"]
    if len(good) < FEWEST_RESULTS or len(set(good)) < 2:
        return None
    return hashlib.sha256("\n".join(results).encode()).hexdigest()[:12]


def _plain(value: Any) -> str:
    """A result's text: tuples as lists, whole floats as integers, truth values as numbers, sets sorted."""
    if isinstance(value, bool | int):
        return str(int(value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.4g}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(_plain, value)) + "]"
    if isinstance(value, set | frozenset):
        return "{" + ",".join(sorted(map(_plain, value))) + "}"
    if isinstance(value, dict):
        return "{" + ",".join(sorted(f"{_plain(k)}:{_plain(v)}" for k, v in value.items())) + "}"
    if value is None or isinstance(value, str):
        return repr(value)
    raise TypeError(f"a result of type {type(value).__name__} is not compared")


def _is_within(family: Sequence[Values], drawn: Sequence[Values]) -> bool:
    """Whether, place by place, the family's numbers are no larger and no more negative than those drawn."""
    for place in range(len(family[0])):
        low, high = _span(values[place] for values in family)
        known_low, known_high = _span(values[place] for values in drawn)
        if high > 2 * max(known_high, 5) or (low < 0 <= known_low):
            return False
    return True


def _span(values: Iterable[Any]) -> tuple[float, float]:
    """Smallest and largest number in the values, at any depth; (0, 0) without any."""
    low, high = 0.0, 0.0
    for value in values:
        if isinstance(value, int | float):
            low, high = min(low, value), max(high, value)
        elif isinstance(value, list | tuple):
            inner = _span(value)
            low, high = min(low, inner[0]), max(high, inner[1])
    return low, high
