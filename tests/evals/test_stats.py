"""Estimates against published and independent figures."""

from __future__ import annotations

import itertools
import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import binomtest

from gemstead.core.errors import BadRequest
from gemstead.evals.stats import (
    Interval,
    Pairs,
    bootstrap_difference,
    count_pairs,
    equivalence,
    mcnemar,
    mean_pass_at_k,
    paired_score_interval,
    pass_at_k,
    wilson,
)


def test_wilson_at_85_percent_of_humaneval() -> None:
    interval = wilson(139, 164)
    assert (round(interval.low, 3), round(interval.high, 3)) == (0.785, 0.895)


@given(st.integers(1, 400), st.data(), st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_wilson_agrees_with_scipy(total: int, data: st.DataObject, level: float) -> None:
    passed = data.draw(st.integers(0, total))
    interval = wilson(passed, total, level=level)
    other = binomtest(passed, total).proportion_ci(confidence_level=level, method="wilson")
    assert interval.low == pytest.approx(other.low, abs=1e-12)
    assert interval.high == pytest.approx(other.high, abs=1e-12)
    assert 0 <= interval.low <= passed / total <= interval.high <= 1
    assert interval.low < interval.high


def test_wilson_ends_are_exact_when_none_or_all_pass() -> None:
    assert wilson(0, 5).low == 0.0
    assert wilson(5, 5).high == 1.0


@pytest.mark.parametrize(
    ("passed", "total", "level"), [(0, 0, 0.95), (2, 1, 0.95), (-1, 1, 0.95), (1, 2, 1.0), (1, 2, 0.0)]
)
def test_wilson_refuses_what_has_no_interval(passed: int, total: int, level: float) -> None:
    with pytest.raises(BadRequest):
        wilson(passed, total, level=level)


@given(st.integers(1, 9), st.data())
def test_pass_at_k_is_the_share_of_draws_with_a_success(total: int, data: st.DataObject) -> None:
    passed = data.draw(st.integers(0, total))
    k = data.draw(st.integers(1, total))
    draws = list(itertools.combinations([True] * passed + [False] * (total - passed), k))
    assert pass_at_k(total, passed, k) == pytest.approx(sum(map(any, draws)) / len(draws), abs=1e-12)


def test_pass_at_one_is_the_share_that_passed() -> None:
    assert pass_at_k(200, 37, 1) == pytest.approx(37 / 200, abs=1e-15)


def test_pass_at_k_is_certain_when_too_few_are_wrong() -> None:
    assert pass_at_k(10, 6, 5) == 1.0
    assert pass_at_k(10, 0, 10) == 0.0


def test_pass_at_k_of_many_samples_loses_nothing() -> None:
    assert pass_at_k(100_000, 1, 50_000) == pytest.approx(0.5, abs=1e-12)


def test_pass_at_k_names_k_and_n_when_there_are_too_few_samples() -> None:
    with pytest.raises(BadRequest, match=r"pass@10 from 5 samples; allowed is k in \[1, 5\]"):
        pass_at_k(5, 2, 10)
    with pytest.raises(BadRequest):
        pass_at_k(5, 2, 0)
    with pytest.raises(BadRequest):
        pass_at_k(5, 6, 1)


def test_the_mean_weighs_problems_equally() -> None:
    assert mean_pass_at_k([(2, 1), (200, 200)], 1) == pytest.approx(0.75)
    with pytest.raises(BadRequest, match="no problems"):
        mean_pass_at_k([], 1)


def pairs(up: int, down: int, total: int = 164) -> Pairs:
    return Pairs(both=total - up - down, only_first=down, only_other=up, neither=0)


def test_pairs_are_counted_each_way() -> None:
    found = count_pairs([True, True, False, False, True], [True, False, True, False, False])
    assert found == Pairs(both=1, only_first=2, only_other=1, neither=1)
    assert found.total == 5 and found.flips == 3 and found.difference == pytest.approx(-0.2)
    with pytest.raises(BadRequest, match="2 and 1 outcomes"):
        count_pairs([True, True], [True])
    with pytest.raises(BadRequest):
        count_pairs([], [])


@pytest.mark.parametrize(
    ("up", "down", "p"), [(6, 0, 0.03125), (9, 1, 0.021484375), (5, 0, 0.0625), (0, 0, 1.0), (3, 3, 1.0)]
)
def test_mcnemar_is_exact(up: int, down: int, p: float) -> None:
    assert mcnemar(pairs(up, down)) == pytest.approx(p)
    assert mcnemar(pairs(down, up)) == pytest.approx(p)


@given(st.integers(0, 40), st.integers(0, 40))
def test_mcnemar_is_the_share_of_coin_tosses_as_uneven(up: int, down: int) -> None:
    n, k = up + down, min(up, down)
    tail = sum(math.comb(n, i) for i in range(k + 1)) / 2**n
    assert mcnemar(pairs(up, down)) == pytest.approx(min(1.0, 2 * tail))


@given(st.integers(0, 30), st.integers(0, 30), st.integers(61, 400))
def test_the_score_interval_holds_the_differences_that_a_score_test_does_not_reject(up: int, down: int, n: int) -> None:
    """At both ends the likelihood, maximised by brute force under that difference, gives a score of exactly z."""
    found = pairs(up, down, n)
    interval = paired_score_interval(found)
    assert -1 <= interval.low <= found.difference <= interval.high <= 1 and interval.low < interval.high
    z = NormalDist().inv_cdf(0.975)
    for end in (interval.low, interval.high):
        lowest = max(0.0, -end)

        def unlikeliness(share_down: float, end: float = end) -> float:
            share_up, rest = share_down + end, 1 - 2 * share_down - end
            terms = ((up, share_up), (down, share_down), (n - up - down, rest))
            return -sum(count * math.log(max(share, 1e-300)) for count, share in terms if count)

        best = minimize_scalar(unlikeliness, bounds=(lowest, (1 - end) / 2), method="bounded", options={"xatol": 1e-12})
        variance = n * (2 * best.x + end - end**2)
        assert abs(up - down - n * end) / math.sqrt(variance) == pytest.approx(z, rel=2e-3)


def test_no_flips_still_leave_doubt() -> None:
    interval = paired_score_interval(pairs(0, 0, 164))
    z = NormalDist().inv_cdf(0.975)
    assert interval.high == pytest.approx(z * z / (164 + z * z), rel=1e-6)
    assert interval.low == pytest.approx(-interval.high)


def test_the_score_interval_covers_as_often_as_it_says() -> None:
    random = np.random.default_rng(1)
    draws = random.multinomial(164, [0.06, 0.02, 0.92], size=1500)
    cache: dict[tuple[int, int], Interval] = {}
    hits = 0
    for up, down, _ in draws.tolist():
        interval = cache.setdefault((up, down), paired_score_interval(pairs(up, down)))
        hits += interval.low <= 0.04 <= interval.high
    assert 0.93 < hits / 1500 < 0.97


def test_the_bootstrap_is_seeded_paired_and_near_the_normal_interval() -> None:
    first = [1.0] * 100 + [0.0] * 64
    other = [1.0] * 94 + [0.0] * 6 + [1.0] * 12 + [0.0] * 52
    interval = bootstrap_difference(first, other, seed=3)
    assert interval == bootstrap_difference(first, other, seed=3)
    uneven = np.random.default_rng(0).random(164).tolist()
    assert bootstrap_difference(first, uneven, seed=3) != bootstrap_difference(first, uneven, seed=4)
    difference = np.asarray(other) - np.asarray(first)
    half = 1.96 * difference.std() / math.sqrt(164)
    assert interval.low == pytest.approx(difference.mean() - half, abs=0.007)
    assert interval.high == pytest.approx(difference.mean() + half, abs=0.007)
    assert bootstrap_difference(first, first) == Interval(low=0, high=0, level=0.95)
    with pytest.raises(BadRequest, match="1 and 2 shares"):
        bootstrap_difference([1.0], [1.0, 0.0])


def judged(up: int, down: int, total: int, margin: float = 0.02) -> tuple[str, int | None]:
    found = pairs(up, down, total)
    interval = paired_score_interval(found, level=0.90)
    said = equivalence(interval, margin, difference=found.difference, flip_rate=found.flips / total, num_problems=total)
    return said.verdict, said.problems_needed


def test_equivalence_is_a_claim_that_needs_enough_problems() -> None:
    assert judged(0, 0, 164) == ("equivalent", None)
    assert judged(0, 0, 100)[0] == "undecided"
    verdict, needed = judged(5, 5, 164)
    assert verdict == "undecided" and needed is not None and 164 < needed < 1000
    assert judged(5 * 4, 5 * 4, 164 * 4)[0] == "equivalent"
    assert judged(0, 40, 164) == ("different", None)
    assert judged(0, 4, 164) == ("undecided", None), "the difference found is above the margin, yet not significantly"


def test_the_number_of_problems_needed_suffices() -> None:
    for up, down in ((5, 5), (3, 3), (0, 0)):
        _, needed = judged(up, down, 100)
        assert needed is not None
        scale = needed * 1.1 / 100
        assert judged(round(up * scale), round(down * scale), round(needed * 1.1))[0] == "equivalent"


@given(st.integers(0, 20), st.integers(0, 20), st.integers(100, 600))
def test_more_problems_are_needed_than_there_were(up: int, down: int, n: int) -> None:
    verdict, needed = judged(up, down, n)
    assert needed is None or (verdict == "undecided" and needed > n)


def test_a_margin_is_a_share() -> None:
    with pytest.raises(BadRequest, match=r"2 points are 0\.02"):
        equivalence(Interval(low=0, high=0, level=0.9), 2, difference=0, flip_rate=0)
