"""Estimates against published and independent figures."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from gemstead.core.errors import BadRequest
from gemstead.evals.stats import mean_pass_at_k, pass_at_k, wilson


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
