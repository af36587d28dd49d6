"""Counts in, estimates with their uncertainty out. Pure functions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

import numpy as np

from gemstead.core.errors import BadRequest

DRAWS = 10_000  # of a bootstrap; the ends of a 95 % interval then rest on 250 draws each


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A two-sided confidence interval for a share, or for a difference of shares.

    Args:
        low: Lower end; in [0, 1] for a share, in [-1, 1] for a difference.
        high: Upper end, likewise.
        level: Confidence level, such as 0.95.
    """

    low: float
    high: float
    level: float


def wilson(passed: int, total: int, *, level: float = 0.95) -> Interval:
    """The Wilson score interval for a share, without continuity correction.

    No successes give a lower end of exactly 0, all successes an upper end of exactly 1; the interval is never empty.

    Args:
        passed: Number of successes.
        total: Number of trials, at least 1.
        level: Confidence level, between 0 and 1.

    Raises:
        BadRequest: No trials, more successes than trials, or a level outside (0, 1).

    Source: E. B. Wilson, Journal of the American Statistical Association 22 (1927), 209-212.
    """
    _check_counts(passed, total)
    _check_level(level)
    z = NormalDist().inv_cdf(0.5 + level / 2)
    share = passed / total
    centre = share + z * z / (2 * total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    low = 0.0 if passed == 0 else max(0.0, (centre - half) / scale)
    high = 1.0 if passed == total else min(1.0, (centre + half) / scale)
    return Interval(low=low, high=high, level=level)


def pass_at_k(total: int, passed: int, k: int) -> float:
    """The unbiased estimate of the chance that at least one of k samples passes: 1 - C(n - c, k) / C(n, k).

    Computed in whole numbers, so large n lose nothing. With fewer than k wrong samples it is exactly 1.

    Args:
        total: Samples drawn for the problem (n).
        passed: Samples that passed (c).
        k: Size of the imagined draw.

    Raises:
        BadRequest: k is below 1 or above `total` (the estimate does not exist), or the counts contradict each other.

    Source: arXiv:2107.03374, section 2.1, equation 1.
    """
    _check_counts(passed, total)
    if not 1 <= k <= total:
        raise BadRequest(
            f"pass@{k} from {total} samples; allowed is k in [1, {total}]",
            hint=f"draw at least {k} samples a problem, or ask for pass@{total}" if k > total else "k counts samples",
        )
    all_draws = math.comb(total, k)
    return (all_draws - math.comb(total - passed, k)) / all_draws


def mean_pass_at_k(counts: Sequence[tuple[int, int]], k: int) -> float:
    """The mean of `pass_at_k` over problems; each problem weighs the same, however many samples it has.

    Args:
        counts: One (total, passed) pair for each problem, at least one.
        k: Size of the imagined draw.

    Raises:
        BadRequest: No problems, or a problem for which the estimate does not exist.
    """
    if not counts:
        raise BadRequest("no problems to average over; at least 1 is needed")
    # Most problems share their counts with many others.
    return math.fsum(n * pass_at_k(*pair, k) for pair, n in Counter(counts).items()) / len(counts)


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """The same problems, answered twice: how many went which way.

    Args:
        both: Both passed.
        only_first: The first passed, the other did not.
        only_other: The other passed, the first did not.
        neither: Both failed.
    """

    both: int
    only_first: int
    only_other: int
    neither: int

    @property
    def total(self) -> int:
        """Pairs."""
        return self.both + self.only_first + self.only_other + self.neither

    @property
    def flips(self) -> int:
        """Pairs that disagree."""
        return self.only_first + self.only_other

    @property
    def difference(self) -> float:
        """Share of the other minus share of the first."""
        return (self.only_other - self.only_first) / self.total


def count_pairs(first: Sequence[bool], other: Sequence[bool]) -> Pairs:
    """Count how many pairs went which way.

    Raises:
        BadRequest: No pairs, or two lists of unequal length.
    """
    if not first or len(first) != len(other):
        raise BadRequest(
            f"{len(first)} and {len(other)} outcomes; pairs need as many of one as of the other, at least 1"
        )
    outcomes = list(zip(first, other, strict=True))
    return Pairs(
        both=outcomes.count((True, True)),
        only_first=outcomes.count((True, False)),
        only_other=outcomes.count((False, True)),
        neither=outcomes.count((False, False)),
    )


def mcnemar(pairs: Pairs) -> float:
    """The exact two-sided p-value of "both are equally good"; 1 when no pair disagrees.

    Given the flips, each goes either way with chance 1/2. Unlike the usual chi-square it needs no large counts.
    Source: Q. McNemar, Psychometrika 12 (1947), 153-157; exact form: twice the binomial tail, at most 1, in
    whole numbers, so that many flips lose nothing.
    """
    if pairs.flips == 0:
        return 1.0
    tail, ways = 0, 1
    for k in range(min(pairs.only_first, pairs.only_other) + 1):
        tail += ways
        ways = ways * (pairs.flips - k) // (k + 1)
    return min(1.0, float(2 * tail / 2**pairs.flips))


def paired_score_interval(pairs: Pairs, *, level: float = 0.95) -> Interval:
    """Tango's score interval for the paired difference, `Pairs.difference`.

    It is sound where the bootstrap and Wald's interval collapse: no flip among n problems does not prove that there
    are none, and gives plus or minus about z^2 / (n + z^2).

    Args:
        pairs: At least one.
        level: Confidence level, between 0 and 1.

    Raises:
        BadRequest: A level outside (0, 1).

    Source: T. Tango, Statistics in Medicine 17 (1998), 891-908, equations 8 to 11.
    """
    _check_level(level)
    z = NormalDist().inv_cdf(0.5 + level / 2)
    found = pairs.difference

    def beyond(delta: float, sign: float) -> float:
        return sign * _tango_score(pairs, delta) - z

    low = -1.0 if beyond(-1 + 1e-12, 1.0) <= 0 else _edge(lambda d: beyond(d, 1.0) > 0, -1 + 1e-12, found)
    high = 1.0 if beyond(1 - 1e-12, -1.0) <= 0 else _edge(lambda d: beyond(d, -1.0) > 0, 1 - 1e-12, found)
    return Interval(low=low, high=high, level=level)


def _edge(is_outside: Callable[[float], bool], outside: float, inside: float) -> float:
    """Where outside ends and inside begins, by halving; scipy's root finders take longer to load than to run."""
    while abs(inside - outside) > 1e-12:
        middle = (outside + inside) / 2
        outside, inside = (middle, inside) if is_outside(middle) else (outside, middle)
    return (outside + inside) / 2


def _tango_score(pairs: Pairs, delta: float) -> float:
    """How many standard deviations the found difference lies above `delta`, were `delta` the true one."""
    n, up, down = pairs.total, pairs.only_other, pairs.only_first
    above = up - down - n * delta
    # The likeliest share of pairs that go down, given the difference: a root of a x^2 + b x + c.
    a, b, c = 2 * n, -up - down + (2 * n - up + down) * delta, -down * delta * (1 - delta)
    share_down = (math.sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
    variance = n * (2 * share_down + delta * (1 - delta))
    if variance <= 0:
        return 0.0 if above == 0 else math.copysign(math.inf, above)
    return above / math.sqrt(variance)


def bootstrap_difference(
    first: Sequence[float], other: Sequence[float], *, seed: int = 0, level: float = 0.95
) -> Interval:
    """The percentile bootstrap interval for the mean of `other - first`; whole problems are drawn, pairs stay together.

    With no difference anywhere it is one point, and says nothing; `paired_score_interval` then does.

    Args:
        first: One share per problem, at least one.
        other: Of the same problems, in the same order.
        seed: Same seed, same interval.
        level: Confidence level, between 0 and 1.

    Raises:
        BadRequest: No problems, lists of unequal length, or a level outside (0, 1).

    Source: B. Efron, R. Tibshirani, An Introduction to the Bootstrap (1993), section 13.3.
    """
    _check_level(level)
    if not first or len(first) != len(other):
        raise BadRequest(f"{len(first)} and {len(other)} shares; pairs need as many of one as of the other, at least 1")
    difference = np.asarray(other, dtype=np.float64) - np.asarray(first, dtype=np.float64)
    # Problems with the same difference are alike, so a draw of problems is a multinomial draw of how many of each kind.
    values, counts = np.unique(difference, return_counts=True)
    drawn = np.random.default_rng(seed).multinomial(len(difference), counts / len(difference), size=DRAWS)
    means = drawn @ values / len(difference)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(low=float(low), high=float(high), level=level)


@dataclass(frozen=True, kw_only=True)
class Equivalence:
    """What may be said about "they are equally good, give or take the margin".

    Args:
        verdict: "equivalent": the interval lies inside the margin. "different": it lies outside. "undecided": it
            reaches across, so that these problems settle it neither way.
        margin: Largest difference that counts as none, a share.
        interval: 90 % interval of the difference; inside the margin means that two one-sided tests at 5 % both reject.
        problems_needed: About how many problems would show equivalence, were the flips as frequent as here; `None`
            when it is shown already, or the difference found is itself as large as the margin.
    """

    verdict: Literal["equivalent", "different", "undecided"]
    margin: float
    interval: Interval
    problems_needed: int | None


TOST_LEVEL = 0.90


def equivalence(
    interval: Interval, margin: float, *, difference: float, flip_rate: float, num_problems: int = 0
) -> Equivalence:
    """Judge equivalence by two one-sided tests at 5 %.

    Args:
        interval: 90 % interval of the difference.
        margin: Largest difference that counts as none, in (0, 1).
        difference: The one that was found.
        flip_rate: Share of pairs that disagree, or the mean square of the differences.
        num_problems: How many there were; what they left undecided needs more than those.

    Raises:
        BadRequest: The margin is outside (0, 1).

    Source: D. Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15 (1987), 657-680.
    """
    if not 0.0 < margin < 1.0:
        raise BadRequest(f"margin is {margin!r}; allowed is a share in (0, 1)", hint="2 points are 0.02")
    verdict: Literal["equivalent", "different", "undecided"] = "undecided"
    if -margin < interval.low and interval.high < margin:
        verdict = "equivalent"
    elif interval.high <= -margin or interval.low >= margin:
        verdict = "different"
    needed = None
    room = margin - abs(difference)
    if verdict == "undecided" and room > 0:
        z = NormalDist().inv_cdf(0.5 + TOST_LEVEL / 2)
        # The half-width is about z sqrt(rate / n), and z^2 / n where there are no flips; the sum suffices for both.
        needed = math.ceil(z * z * flip_rate / room**2 + z * z * (1 - margin) / margin)
        # Flips that all go one way make the score interval reach further than that on their side.
        needed = max(needed, num_problems + 1)
    return Equivalence(verdict=verdict, margin=margin, interval=interval, problems_needed=needed)


def _check_level(level: float) -> None:
    if not 0.0 < level < 1.0:
        raise BadRequest(f"level is {level!r}; allowed is a number in (0, 1)", hint="95 % is 0.95")


def _check_counts(passed: int, total: int) -> None:
    if total < 1:
        raise BadRequest(f"{passed} of {total} passed; at least 1 trial is needed")
    if not 0 <= passed <= total:
        raise BadRequest(f"{passed} of {total} passed; allowed is 0 to {total}")
