"""Counts in, estimates with their uncertainty out. Pure functions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from gemstead.core.errors import BadRequest


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A two-sided confidence interval for a share.

    Args:
        low: Lower end, in [0, 1].
        high: Upper end, in [0, 1].
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
    if not 0.0 < level < 1.0:
        raise BadRequest(f"level is {level!r}; allowed is a number in (0, 1)", hint="95 % is 0.95")
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
    return math.fsum(pass_at_k(total, passed, k) for total, passed in counts) / len(counts)


def _check_counts(passed: int, total: int) -> None:
    if total < 1:
        raise BadRequest(f"{passed} of {total} passed; at least 1 trial is needed")
    if not 0 <= passed <= total:
        raise BadRequest(f"{passed} of {total} passed; allowed is 0 to {total}")
