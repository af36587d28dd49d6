"""The check of problems that give inputs: values of an answer in, the parts that they pass out.

This text is sent to the judge's worker and runs there, beside `sandbox.referee`; on this side it is imported for tests
only. Every value is compared as encoded bytes first: a right answer's values are not even decoded. `data` holds

    parts      [name, inputs (marshal, base64), number of inputs, expected values or None] in order
    rule, atol as in `task.Cases`
    canonical, entry_point    the published solution

An expected value is `canonical`'s, encoded (base64). Of one longer than `LONGEST_KEPT`, or told by its digest, a
SHA-256 is kept, and the value is made again here when one with other bytes must be compared in earnest.

Not covered: order in sets and dicts is that of their making, so equal ones may differ in bytes; they are then decoded.
"""

from __future__ import annotations

import base64
import cmath
import hashlib
import marshal
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from gemstead.sandbox import wire

LONGEST_KEPT = 4096
"""Bytes of an expected value that is kept whole. HumanEval/130 alone would need 90 MB."""
_DIGEST = "sha256:"
FLOAT_ATOL = 1e-6
RTOL = 1e-7

Data = Mapping[str, Any]


def judge_cases(candidate: Any, data: Data) -> Iterator[str]:
    """Judge a candidate, or collect what the canonical solution returns when no values are expected yet.

    Yields:
        The name of each part that passed. When collecting, the generator's value is what `data` then takes as the
        expected values of each part, with the size of the largest.

    Raises:
        AssertionError: A value is not what the canonical solution returns.
    """
    if data["parts"] and data["parts"][0][3] is None:
        return (yield from _collect(candidate, data))
    for name, blob, count, expected in data["parts"]:
        calls = base64.b64decode(blob)
        for number, returned in enumerate(candidate.each(calls, count)):
            if kept(returned) != expected[number]:
                _compare(data, name, calls, number, returned, expected[number])
        yield name
    return None


def kept(returned: Any) -> str:
    """How a returned value is remembered."""
    if returned.encoded is None:
        return f"{_DIGEST}{returned.digest.hex()}"
    if len(returned.encoded) > LONGEST_KEPT:
        return f"{_DIGEST}{hashlib.sha256(returned.encoded).hexdigest()}"
    return base64.b64encode(returned.encoded).decode("ascii")


def _collect(candidate: Any, data: Data) -> Iterator[str]:
    expected, largest = [], 0
    for name, blob, count, _ in data["parts"]:
        values = []
        for returned in candidate.each(base64.b64decode(blob), count):
            values.append(kept(returned))
            largest = max(largest, returned.num_bytes if returned.encoded is None else len(returned.encoded))
            if data["rule"] != "found" and not values[-1].startswith(_DIGEST) and not is_plain(returned.value()):
                raise TypeError(f"{data['entry_point']} returns a value that is not plain data")
        expected.append(values)
        yield name
    return {"expected": expected, "largest_bytes": largest}  # type: ignore[return-value]


def _compare(data: Data, part: str, calls: bytes, number: int, returned: Any, expected: str) -> None:
    args = marshal.loads(calls)[number]
    if expected.startswith(_DIGEST):
        want = _reference(data)(*marshal.loads(calls)[number])
    else:
        want = wire.decode(base64.b64decode(expected), max_items=1 << 30)
    found = returned.value()
    if not RULES[data["rule"]](found, want, args, data["atol"]):
        call = f"{data['entry_point']}({', '.join(shown(arg) for arg in args)})"
        raise AssertionError(f"{part}, input {number + 1}: {call} is {shown(found)}, not {shown(want)}")


def _reference(data: Data) -> Callable[..., Any]:
    """The canonical solution, in a namespace of its own: Mbpp/56 calls its solution `check`."""
    space: dict[str, Any] = {"__name__": "canonical"}
    exec(compile(data["canonical"], "canonical", "exec", dont_inherit=True), space)
    return space[data["entry_point"]]  # type: ignore[no-any-return]


def is_plain(value: Any) -> bool:
    """Whether a value holds nothing but plain data, at every depth."""
    if isinstance(value, dict):
        return all(map(is_plain, value)) and all(map(is_plain, value.values()))
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(map(is_plain, value))
    return value is None or isinstance(value, (int, float, complex, str, bytes, Decimal, Fraction))


def shown(value: object, most: int = 60) -> str:
    """A value for people, cut short."""
    try:
        text = repr(value)
    except ValueError:
        return "a very long int"
    return text if len(text) <= most else f"{text[: most - 1]}…"


def equal(found: Any, want: Any, args: Sequence[Any], atol: float) -> bool:
    """Equal as Python sees it, or numbers as close as `atol` (floats: at least 1e-6) and 1e-7 of their size."""
    if found == want:
        return True
    tolerance = FLOAT_ATOL if atol == 0 and is_floats(want) else atol
    return tolerance != 0 and is_close(found, want, tolerance)


def same_members(found: Any, want: Any, args: Sequence[Any], atol: float) -> bool:
    """The same members in any order and number: the tasks whose own asserts compare sets."""
    return set(found) == set(want)


def is_found(found: Any, want: Any, args: Sequence[Any], atol: float) -> bool:
    """Truth for a truth value; anything else stands for "found" unless it is None: an answer may return its match."""
    return _says_yes(found) == _says_yes(want)


def _says_yes(value: Any) -> bool:
    return value if type(value) is bool else value is not None


def root(found: Any, want: Any, args: Sequence[Any], atol: float) -> bool:
    """A root of the polynomial whose coefficients, lowest first, are the argument; any root will do."""
    if not isinstance(found, (int, float)):
        return False
    value = sum(coefficient * found**power for power, coefficient in enumerate(args[0]))
    return bool(abs(value) <= atol)


def digit_distance(found: Any, want: Any, args: Sequence[Any], atol: float) -> bool:
    """Equal, or the sum of differences of digits of the same place: the shorter number has zeros before it."""
    first, other = (str(number) for number in args)
    width = max(len(first), len(other))
    pairs = zip(first.zfill(width), other.zfill(width), strict=True)
    return equal(found, want, args, atol) or found == sum(abs(int(one) - int(two)) for one, two in pairs)


def pyramid(found: Any, want: Any, args: Sequence[Any], atol: float) -> bool:
    """Equal, or the surface, as the nearest whole number, of a square pyramid whose height stands upright."""
    if equal(found, want, args, atol):
        return True
    edge, height = args
    surface = round(edge**2 + 2 * edge * math.hypot(edge / 2, height))
    return isinstance(found, (int, float)) and abs(found - surface) <= atol


RULES: dict[str, Callable[[Any, Any, Sequence[Any], float], bool]] = {
    "equal": equal,
    "same_members": same_members,
    "found": is_found,
    "root": root,
    "digit_distance": digit_distance,
    "pyramid": pyramid,
}


def is_floats(value: object) -> bool:
    """Whether a value is a float, or a list or tuple of nothing else."""
    if isinstance(value, (list, tuple)):
        return all(isinstance(item, float) for item in value)
    return isinstance(value, float)


def is_close(found: Any, want: Any, atol: float) -> bool:
    """Whether numbers are close, in lists or tuples of one shape too; a NaN is close to nothing, a list to no tuple."""
    if isinstance(want, (list, tuple)):
        return (
            type(found) is type(want)
            and len(found) == len(want)
            and all(is_close(one, other, atol) for one, other in zip(found, want, strict=True))
        )
    if not isinstance(found, (int, float, complex)) or not isinstance(want, (int, float, complex)):
        return False
    if found == want:
        return True
    if not (cmath.isfinite(found) and cmath.isfinite(want)):
        return False
    return abs(found - want) <= atol + RTOL * abs(want)
