"""Items that are known to be defective themselves: a task and a problem in, what is wrong out.

What a model is asked there and what a test wants are not the same, or the test tells right from wrong badly. The list
is part of neither prompt nor verdict: such items are asked, judged and counted like all others, and left out of a
second score. Nobody's list is complete; an item that is missing here is not shown to be sound.
"""

from __future__ import annotations

from collections.abc import Mapping

from gemstead.evals.store import StoredRun

_WEAK_ASSERTS = "The published solution is itself wrong on inputs that the test does not try."
_RANDOM = "The test draws random inputs without a seed, so two runs do not see the same ones."
_HELPER = "The test calls a helper function of the prompt."
_HUMANEVAL: Mapping[int, str] = {
    22: _WEAK_ASSERTS,
    32: f"{_HELPER} The prompt's formula names the wrong coefficient for x^2.",
    33: "Three of the seven asserts compare the answer with itself.",
    38: f"{_HELPER} {_RANDOM}",
    44: _WEAK_ASSERTS,
    47: "The docstring gives 15.0 as the median of [-10, 4, 6, 1000, 10, 20]; the test wants 8.0.",
    49: _WEAK_ASSERTS,
    50: f"{_HELPER} {_RANDOM}",
    51: "The docstring's example holds a line break in the middle of a string.",
    53: _RANDOM,
    64: f"The prompt begins with a stray FIX string. {_WEAK_ASSERTS}",
    75: "The text bounds a number below 100; the test bounds its prime factors.",
    76: _WEAK_ASSERTS,
    91: _WEAK_ASSERTS,
    95: _WEAK_ASSERTS,
    97: _WEAK_ASSERTS,
    111: _WEAK_ASSERTS,
    115: "`import math` stands between signature and docstring, so the docstring is not one.",
    116: "All three examples of the docstring contradict the test.",
    122: _WEAK_ASSERTS,
    123: _WEAK_ASSERTS,
    124: _WEAK_ASSERTS,
    125: _WEAK_ASSERTS,
    132: _WEAK_ASSERTS,
    140: _WEAK_ASSERTS,
    148: "The docstring shows a one-element tuple as a plain string in brackets.",
    150: _WEAK_ASSERTS,
    163: "The text asks for even digits between a and b; the test wants 2, 4, 6 and 8 only.",
}

# What is left of HumanEval's defects where the prompt is the same and the inputs are better.
_HUMANEVAL_PLUS: Mapping[int, str] = {
    32: "The prompt's formula names the wrong coefficient for x^2. The tolerance is on the polynomial's value: where "
    "it is steep, a root exact to 12 digits is refused, HumanEval's own solution too.",
    47: _HUMANEVAL[47],
    51: _HUMANEVAL[51],
    64: "The prompt begins with a stray FIX string.",
    75: "The text bounds a number below 100; the published solution bounds its prime factors.",
    116: "All three examples of the docstring contradict the published solution.",
    148: _HUMANEVAL[148],
    163: "The text asks for even digits between a and b; the published solution returns 2, 4, 6 and 8 only.",
}

# Measured: the published solution fails on inputs of MBPP+, by its value or by an exception, not by its time.
_OTHER_VALUES = "The published solution gives other values than MBPP+'s on inputs that the asserts do not try."
_MBPP: Mapping[int, str] = dict.fromkeys(
    (
        *(16, 66, 74, 92, 104, 126, 129, 137, 138, 165, 223, 244, 261, 280, 283, 290, 406, 409, 412, 415, 418, 433),
        *(435, 446, 451, 453, 454, 459, 468, 558, 566, 576, 597, 605, 607, 735, 757, 771, 775, 777, 792, 800),
    ),
    _OTHER_VALUES,
)

_MBPP_PLUS: Mapping[int, str] = {
    793: "There are no plus inputs; the three base inputs decide.",
}

# Found by evaluating every annotation of the published workings (all hold) and by reading all 1,319 questions beside
# them. What is listed contradicts itself, its question or arithmetic, word for word; what may be read in two ways is
# left out.
_GSM8K: Mapping[int, str] = {
    93: "Who runs 40 s and gets 10 % faster needs 40 / 1.1 = 36.4 s; the published answer takes 10 % off the time.",
    119: "40000 is to be 30 % more than Lylah's salary; the working gives her 28000, and 30 % more than that is 36400.",
    255: "Ten stalls get cows, the question says, and then: each of the twenty stalls. The answer depends on which.",
    371: "The question asks for tennis shoes; the working ends in 50 pairs, which are 100 shoes.",
    423: "Asks how much more jogger jeans cost than tattered ones; the working has $24 and $32, so they cost less.",
    454: "Two people eat 4 apples a day each; the working adds 4 + 1 and has them eat 5 together.",
    640: "The truck has a towing package at extra cost, and the question does not say what it costs.",
    649: "2000 likes become 70 times as many, 140000 in all; the working adds the first 2000 to them once more.",
    675: "The working counts 24 dogs, each in need of one toy, and ends with 36 toys for them.",
    749: "54 students form six groups, says the question; the working makes nine groups of six.",
    952: "The question says from 8:00 AM until 11:00 PM; the working counts the three hours until 11 AM.",
    988: "The question asks for shoes; the working ends in 6 pairs, which are 12 shoes.",
    1038: "The published working ends in 6 years, and so does the arithmetic; the published answer is 4.",
    1042: "He won $11 in the second race and loses 1.5 times as much in the third; the working takes 1.5 times 10.",
}

_SEVERAL = "Several outputs are right, and the tests accept one of them."
_INTERACTIVE = "The program would have to talk with the judge."
# By question_id, or by the title as it stands in the site's address. Source: LiveCodeBench's ERRATA.md.
_LIVECODEBENCH: Mapping[str, str] = {
    **dict.fromkeys(
        "abc311_c abc326_d abc327_b abc333_e abc343_e abc362_c find-words-containing-character find-the-peaks "
        "generate-binary-strings-without-adjacent-zeros".split(),
        _SEVERAL,
    ),
    **dict.fromkeys(("abc337_e", "abc355_e"), _INTERACTIVE),
    "abc350_c": "The tests are wrong.",
}

KNOWN_DEFECTS: Mapping[str, Mapping[str, str]] = {
    "humaneval": {f"HumanEval/{number}": text for number, text in _HUMANEVAL.items()},
    "humaneval+": {f"HumanEval/{number}": text for number, text in _HUMANEVAL_PLUS.items()},
    "mbpp": {f"Mbpp/{number}": text for number, text in _MBPP.items()},
    "mbpp+": {f"Mbpp/{number}": text for number, text in _MBPP_PLUS.items()},
    "gsm8k": {f"GSM8K/{number}": text for number, text in _GSM8K.items()},
    "livecodebench": _LIVECODEBENCH,
}
"""Task -> problem -> what is wrong with it."""


def defective(run: StoredRun) -> frozenset[str]:
    """Problems of a run that are known to be defective: those that it noted itself, else those of the table."""
    noted = run.machine.get("known_defects")
    return frozenset(KNOWN_DEFECTS.get(run.task, ()) if noted is None else noted)
