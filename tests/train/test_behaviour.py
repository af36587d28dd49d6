"""Two functions are the same if they do the same, however they are written."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from gemstead.train.behaviour import KINDS, behaviour, is_same, kind_of, probes
from gemstead.train.corpus import clean_exercises
from gemstead.train.decontamination import Published, digest_problems, read_benchmarks, survey
from gemstead.train.exercises import exercises

NUMBERS = ("list[int]",)


def evens(xs: list[int]) -> list[int]:
    return [x for x in xs if x % 2 == 0]


def evens_in_a_loop(values: list[int]) -> tuple[int, ...]:
    kept = []
    for value in values:
        if not value & 1:
            kept.append(value)
    return tuple(kept)


def forever(n: int) -> int:
    while n != 0:
        n -= 2
    return n


def test_the_same_function_written_otherwise_is_the_same() -> None:
    assert is_same(behaviour(evens, NUMBERS), behaviour(evens_in_a_loop, NUMBERS))


@pytest.mark.parametrize(
    "other",
    [lambda xs: [x for x in xs if x % 2], lambda xs: sorted(evens(xs)), lambda xs: len(evens(xs)), sum, lambda xs: 3],
)
def test_another_function_is_another(other: Callable[..., Any]) -> None:
    assert not is_same(behaviour(evens, NUMBERS), behaviour(other, NUMBERS))


def test_families_that_one_of_two_cannot_take_are_not_held_against_them() -> None:
    strict = behaviour(lambda xs: [[x for x in xs if x % 2 == 0], 1 / (min(xs) >= 0)][0], NUMBERS)
    assert None in strict and any(strict)
    assert is_same(strict, behaviour(evens, NUMBERS))


def test_a_function_that_never_comes_back_tells_nothing() -> None:
    assert behaviour(forever, ("int",))[0] is None


def test_numbers_larger_than_a_function_is_made_for_are_left_out() -> None:
    found = behaviour(lambda n: 2**n, ("int",), drawn=[(3,), (9,)])
    assert found[0] is not None and found[2] is None and found[3] is None


def test_values_are_the_same_each_time_and_of_their_type() -> None:
    for kind in KINDS:
        assert all(len(family) == 16 for family in probes((kind,)))
    assert probes(("list[int]", "int")) == probes.__wrapped__(("list[int]", "int"))
    assert probes(("widget",)) == ()
    assert kind_of("List[Tuple[int, int]]") == "list[tuple[int, int]]"


def test_a_planted_problem_is_found_under_other_names_and_with_arguments_in_another_order() -> None:
    code = "def scale(factor, stones):\n    return [factor * stone for stone in stones]\n"
    planted = digest_problems({"planted": [Published(text=code, code=code, name="scale", arguments=(2, [1, 5]))]})

    def stretched(row: list[int], by: int) -> list[int]:
        return [value * by for value in row]

    kinds = ("list[int]", "int")
    assert planted.does_the_same(kinds, behaviour(stretched, kinds))
    assert not planted.does_the_same(kinds, behaviour(lambda row, by: [value + by for value in row], kinds))
    exercise = replace(next(exercises(7)), kinds=kinds, behaviour=behaviour(stretched, kinds))
    assert planted.reason_to_drop(exercise) == "behaviour"


def test_the_carried_digests_know_what_benchmarks_do() -> None:
    carried = read_benchmarks()
    # Two that HumanEval and MBPP ask for, written anew: the greatest common divisor, and the largest element.
    import math

    assert carried.does_the_same(("int", "int"), behaviour(math.gcd, ("int", "int")))
    assert carried.does_the_same(NUMBERS, behaviour(max, NUMBERS))
    assert sum(map(len, carried.behaviours.values())) > 2000


def test_no_exercise_that_is_used_behaves_like_a_benchmark_s() -> None:
    carried = read_benchmarks()
    made = list(itertools.islice(exercises(11), 300))
    used = list(clean_exercises(iter(made), carried))
    assert not any(carried.does_the_same(exercise.kinds, exercise.behaviour) for exercise in used)
    report = survey(made, carried)
    assert report.seen == 300 and report.dropped.total() == 300 - len(used)
    assert 0 < report.dropped["behaviour"] < 75
    assert json.loads(json.dumps(report.as_json()))["dropped"] == report.dropped
    assert len(report.samples) == min(20, report.dropped["behaviour"])
