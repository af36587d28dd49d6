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
import marshal
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from random import Random
from typing import Any, NamedTuple

NUM_VALUES = 16
FEWEST_RESULTS = 13  # of them, for a family to count
MOST_ALIKE = 0.75  # share of results that may be the same, or be an argument unchanged, for a family to count
AGAIN = 0.01  # of processor time until a block that was not left is stopped once more
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


def fresh(arguments: Values) -> Values:
    """A copy that a function may change; a fifth of the time of `copy.deepcopy`."""
    try:
        copied: Values = marshal.loads(marshal.dumps(arguments))
    except ValueError:  # of a type that marshal does not know
        return copy.deepcopy(arguments)
    return copied


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
    known = tuple(map(_widest, zip(*drawn, strict=True)))
    for family, extents in zip(probes(kinds), _extents(kinds), strict=True):
        found = None
        if not drawn or _is_within(extents, known):
            with limited(SECONDS):
                found = _digest(function, family)
        digests.append(found)
    return tuple(digests)


class limited:
    """Leaves a block that fails, or that takes too much processor time: a function may never come back from our values.

    Works in a process' main thread; in others a block has no limit. One block may stand in another: the outer one's
    time goes on. Where Python swallows what stops the block, as it does in a finalizer or a callback of the garbage
    collector, it is stopped again `AGAIN` seconds later.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._outer = 0.0
        self._hook = sys.unraisablehook
        self._is_main = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> None:
        if self._is_main:
            # Processor time, not the clock's: what is left out must not depend on what else the machine does.
            signal.signal(signal.SIGVTALRM, _too_long)
            self._hook, sys.unraisablehook = sys.unraisablehook, self._report
            self._outer = signal.setitimer(signal.ITIMER_VIRTUAL, self._seconds, AGAIN)[0]

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> bool:
        if self._is_main:
            left = signal.setitimer(signal.ITIMER_VIRTUAL, 0)[0]
            sys.unraisablehook = self._hook
            if self._outer:
                signal.setitimer(signal.ITIMER_VIRTUAL, max(0.001, self._outer - (self._seconds - left)), AGAIN)
        return kind is not None and issubclass(kind, Exception | SystemExit | _TooLongError)

    def _report(self, unraisable: Any) -> None:
        """Passes on what Python could not raise, but for our own."""
        if not isinstance(unraisable.exc_value, _TooLongError):
            self._hook(unraisable)


class _TooLongError(BaseException):
    """Not an `Exception`, so that the function under test does not catch it."""


def _too_long(*_: object) -> None:
    raise _TooLongError


def is_same(one: Behaviour, other: Behaviour) -> bool:
    """Whether two behaviours agree on every family both can take, of which there is at least one."""
    both = [(a, b) for a, b in zip(one, other, strict=True) if a is not None and b is not None]
    return bool(both) and all(a == b for a, b in both)


def _digest(function: Callable[..., Any], family: Sequence[Values]) -> str | None:
    results = []
    for arguments in family:
        try:
            results.append(_plain(function(*fresh(arguments))))
        except Exception:  # noqa: BLE001 (whatever a function does with values it was not made for is a result)
            results.append("!")
    good = [result for result in results if result != "!"]
    if len(good) < FEWEST_RESULTS or not _is_telling(good, family):
        return None
    return hashlib.sha256("\n".join(results).encode()).hexdigest()[:12]


def _is_telling(results: list[str], family: Sequence[Values]) -> bool:
    """Whether results differ enough to know a function by: not mostly one result, nor mostly an argument as it was."""
    commonest = max(map(results.count, set(results)))
    if commonest > MOST_ALIKE * len(results):
        return False
    given = [_plain(arguments[0]) for arguments in family]
    return sum(result in given for result in results) <= MOST_ALIKE * len(results) or len(set(results)) <= 2


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


@cache
def _extents(kinds: tuple[str, ...]) -> tuple[tuple[_Extent, ...], ...]:
    """By family and place of the argument."""
    return tuple(tuple(map(_widest, zip(*family, strict=True))) for family in probes(kinds))


def _is_within(here: Sequence[_Extent], known: Sequence[_Extent]) -> bool:
    """Whether, place by place, values are no larger, longer or more negative than those known."""
    return not any(
        a.high > 2 * max(b.high, 5) or a.longest > 2 * max(b.longest, 4) or a.low < 0 <= b.low
        for a, b in zip(here, known, strict=True)
    )


def _widest(values: Iterable[Any]) -> _Extent:
    """The extent that holds those of all values."""
    all_of_them = [_extent(value) for value in values]
    return _Extent(
        low=min(one.low for one in all_of_them),
        high=max(one.high for one in all_of_them),
        longest=max(one.longest for one in all_of_them),
    )


class _Extent(NamedTuple):
    """Smallest and largest number, at least down and up to 0, and the greatest length, at any depth."""

    low: float = 0.0
    high: float = 0.0
    longest: int = 0


def _extent(value: Any) -> _Extent:
    if isinstance(value, int | float):
        return _Extent(low=min(0.0, value), high=max(0.0, value))
    if isinstance(value, str):
        return _Extent(longest=len(value))
    if isinstance(value, dict):
        return _extent([*value.keys(), *value.values()])
    if not isinstance(value, list | tuple):
        return _Extent()
    inner = _widest(value) if value else _Extent()
    return inner._replace(longest=max(len(value), inner.longest))
