"""A difference in, what it means in plain words out; and what it does not mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gemstead.evals.compare import Difference, SoundDifference
from gemstead.evals.stats import Interval

STATUS_WORDS: Mapping[str, str] = {
    "passed": "solved",
    "wrong": "wrong",
    "timeout": "out of time",
    "no_code": "no code found",
    "crash": "crashed",
    "forbidden": "did what is forbidden",
    "error": "not judged",
}
"""What became of an answer."""
NAMES_SHOWN = 6
PARTS: Mapping[str, str] = {
    "base": "with the base inputs alone",
    "public": "with the public tests alone",
    "strict": "strictly: of the numbers written as asked, after ####",
}
"""Part of what a task judges by -> what a score by it alone counts."""
FEW = 0.1  # with a smaller share of problems in reach of either, pass@1 has little to say


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What may be said about a difference.

    Args:
        verdict: The claim itself.
        scope: What it rests on.
        remarks: What should be known besides.
    """

    verdict: str
    scope: str
    remarks: tuple[str, ...]


def meaning(difference: Difference) -> Meaning:
    """Whether the other is as good as the first, as far as these problems show."""
    judged, other, first = difference.equivalence, difference.other, difference.first
    margin = f"{judged.margin * 100:g} points"
    scope = f"{difference.num_problems} problems, 90 % interval {ends(judged.interval)} points"
    remarks: list[str] = []
    if judged.verdict == "equivalent":
        verdict = f"{other} is as good as {first} within {margin}"
    elif judged.verdict == "different":
        way = "worse" if difference.points < 0 else "better"
        verdict = f"{other} is {way} than {first} by more than {margin}"
    else:
        verdict = f"Undecided whether {other} is as good as {first} within {margin}"
        if judged.problems_needed is None:
            remarks.append("The difference found is itself as large as the margin.")
        else:
            remarks.append(f"About {judged.problems_needed} problems would show it, were flips as frequent as here.")
    pairs = difference.pairs
    if pairs is not None and pairs.flips == 0:
        remarks.append("No problem flipped, which no bootstrap can weigh; intervals are score intervals.")
    if pairs is not None and max(pairs.neither, pairs.both) > (1 - FEW) * pairs.total:
        mostly = "fail" if pairs.neither > pairs.both else "solve"
        remarks.append(
            f"Both {mostly} nearly all problems, so that pass@1 can hardly tell them apart; see KL and top-1."
        )
    remarks.append(f"{difference.same_text:.1%} of answers are the same, token for token.")
    if difference.num_left_out:
        remarks.append(f"{difference.num_left_out} problems are left out: an answer could not be judged on one side.")
    if difference.sound is not None:
        remarks.append(_without_defects(difference.sound))
    return Meaning(verdict=verdict, scope=scope, remarks=tuple(remarks))


def _without_defects(sound: SoundDifference) -> str:
    p_value = "" if sound.p_value is None else f", McNemar p {sound.p_value:.3f}"
    interval = "" if sound.interval is None else f" ({ends(sound.interval)})"
    return (
        f"Without the {sound.num_defective} items known to be defective, of {sound.num_problems}: {sound.lost} lost, "
        f"{sound.gained} gained{p_value}, {points(sound.points)} points{interval}."
    )


def nothing_found(runs_programs: bool) -> str:
    """What became of an answer that holds nothing to judge."""
    return "no code found" if runs_programs else "no number found"


def some(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    more = f" and {len(names) - NAMES_SHOWN} more" if len(names) > NAMES_SHOWN else ""
    return ", ".join(names[:NAMES_SHOWN]) + more


def points(share: float) -> str:
    """A difference of shares in points, signed: `-1.2`; nothing is `0.0`."""
    text = f"{share * 100:+.1f}"
    return "0.0" if text in ("+0.0", "-0.0") else text


def ends(interval: Interval) -> str:
    """Both ends of the interval of a difference, in points."""
    return f"{points(interval.low)} to {points(interval.high)}"


def shown_interval(difference: Difference) -> Interval:
    """Without flips every bootstrap draw is the same; a score interval knows that none of n is not never."""
    is_flat = difference.pairs is not None and difference.pairs.flips == 0
    return difference.score_interval if is_flat and difference.score_interval is not None else difference.interval
