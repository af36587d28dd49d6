"""The check of problems with trials: outputs of a program in, the parts that they pass out.

This text is sent to the judge's worker and runs there, beside `sandbox.referee`; on this side it is imported for tests
only. `data` holds `kind` ("script" or "call") and `parts`: name and pairs of input and expected output, in order.

Outputs are compared as LiveCodeBench's own harness compares them: lines without what is blank around them, as many as
expected, each equal to its line or, number by number, of the same decimal values; values of calls as Python compares
them, where a tuple counts as a list.

Not covered: problems that accept several outputs or a tolerance. Only the published output passes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any


def judge_trials(candidate: Any, data: Mapping[str, Any]) -> Iterator[str]:
    """Judge a candidate, trial by trial, up to the first that it fails.

    Yields:
        The name of each part that passed.

    Raises:
        AssertionError: An output is not the expected one.
    """
    judge = _judge_script if data["kind"] == "script" else _judge_call
    for name, pairs in data["parts"]:
        for number, (given, expected) in enumerate(pairs, start=1):
            wrong = judge(candidate, given, expected)
            if wrong:
                raise AssertionError(f"{name} test {number} of {len(pairs)}: {wrong}")
        yield name


def _judge_script(candidate: Any, given: str, expected: str) -> str:
    written = candidate(given.encode("utf-8", "surrogatepass"))
    if type(written) is not bytes:
        return "the program did not come back with what it wrote"
    return difference(written.decode("utf-8", "replace"), expected)


def _judge_call(candidate: Any, given: list[Any], expected: Any) -> str:
    returned = as_lists(candidate(*given))
    if returned == expected:
        return ""
    return f"returns {shown(returned)}, not {shown(expected)}"


def difference(written: str, expected: str) -> str:
    """What is wrong with an output; nothing if it is the expected one."""
    found, wanted = lines_of(written), lines_of(expected)
    if len(found) != len(wanted):
        return f"writes {len(found)} lines, not {len(wanted)}"
    for number, (line, want) in enumerate(zip(found, wanted, strict=True), start=1):
        if line != want and not same_numbers(line, want):
            return f"line {number} is {shown(line)}, not {shown(want)}"
    return ""


def lines_of(text: str) -> list[str]:
    """Lines without blanks around them; blank lines before the first and after the last are none."""
    return [line.strip() for line in text.strip().split("\n")]


def same_numbers(line: str, want: str) -> bool:
    """Whether two lines are as many numbers, of the same values: `1.50 2` and `1.5 2.0` are."""
    found, wanted = _decimals(line), _decimals(want)
    return found is not None and wanted is not None and found == wanted


def _decimals(line: str) -> list[Decimal] | None:
    try:
        return [Decimal(word) for word in line.split()]
    except InvalidOperation:
        return None


def as_lists(value: Any) -> Any:
    """The value with lists for tuples, at every depth."""
    if isinstance(value, (list, tuple)):
        return [as_lists(item) for item in value]
    return value


def shown(value: object, most: int = 60) -> str:
    """A value for people, cut short."""
    try:
        text = repr(value)
    except ValueError:
        return "a very long int"
    return text if len(text) <= most else f"{text[: most - 1]}…"
