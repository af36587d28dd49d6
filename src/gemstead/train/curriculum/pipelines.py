"""Select, change, summarise: lists, words, ranges, digits, characters. Most exercises come from here."""

from __future__ import annotations

from random import Random

from gemstead.train.curriculum import draft as d
from gemstead.train.curriculum.phrases import (
    Change,
    Summary,
    Test,
    number_change,
    number_summary,
    number_test,
    word_change,
    word_summary,
    word_test,
)

LIST_NAMES = "numbers nums values lst arr xs data items integers l"
WORD_LISTS = "words strings names items texts tokens word_list lst"
LIMITS = "n k limit threshold m bound"


def lists(rng: Random) -> d.Draft:
    """A list of numbers: select, change, summarise."""
    name = d.pick(rng, LIST_NAMES)
    params = [d.Param(name=name, annotation="list[int]", what="a list of integers", draw=d.integers())]
    limit = None
    if rng.random() < 0.25:
        limit = d.pick(rng, "n k limit threshold m bound")
        params.append(d.Param(name=limit, annotation="int", what="an integer", draw=d.integer(-5, 30)))
    noun = d.pick(rng, "numbers integers elements values numbers")
    variable = d.pick(rng, "x n num value number i v") if limit not in ("n",) else d.pick(rng, "x num value v")
    test = number_test(rng, limit) if limit or rng.random() < 0.8 else None
    change = number_change(rng) if rng.random() < 0.45 or test is None else None
    return _pipeline(rng, "lists", params, name, f"in @{name}", noun, variable, test, change, number_summary(rng))


def word_lists(rng: Random) -> d.Draft:
    """A list of words: select, change, summarise."""
    name = d.pick(rng, WORD_LISTS)
    params = [d.Param(name=name, annotation="list[str]", what="a list of strings", draw=d.words())]
    test = word_test(rng) if rng.random() < 0.8 else None
    change = word_change(rng) if rng.random() < 0.5 or test is None else None
    summary = word_summary(rng) if change is None or change.kind == "str" else number_summary(rng)
    noun = d.pick(rng, "words strings strings words")
    return _pipeline(
        rng, "words", params, name, f"in @{name}", noun, d.pick(rng, "w word s item"), test, change, summary
    )


def sentences(rng: Random) -> d.Draft:
    """The words of a sentence: select, change, summarise."""
    name = d.pick(rng, "text sentence s phrase line")
    params = [d.Param(name=name, annotation="str", what="a string of words separated by spaces",
                      draw=lambda r: " ".join(d.draw_word(r) for _ in range(r.randint(0, 6))))]  # fmt: skip
    test = word_test(rng) if rng.random() < 0.75 else None
    change = word_change(rng) if rng.random() < 0.5 or test is None else None
    summary = word_summary(rng) if change is None or change.kind == "str" else number_summary(rng)
    variable = d.pick(rng, "w word part token")
    return _pipeline(
        rng, "sentences", params, f"{name}.split()", f"in @{name}", "words", variable, test, change, summary
    )


def ranges(rng: Random) -> d.Draft:
    """The whole numbers up to a limit: select, change, summarise."""
    name = d.pick(rng, "n limit m number k")
    params = [d.Param(name=name, annotation="int", what="a positive integer", draw=d.integer(1, 40))]
    where, source = rng.choice(
        [
            (f"from 1 to @{name} (inclusive)", f"range(1, {name} + 1)"),
            (f"between 1 and @{name}, both included,", f"range(1, {name} + 1)"),
            (f"below @{name}", f"range({name})"),
            (f"from 0 up to but not including @{name}", f"range({name})"),
            (f"from @{name} down to 1", f"range({name}, 0, -1)"),
        ]
    )
    test = number_test(rng) if rng.random() < 0.85 else None
    change = number_change(rng) if rng.random() < 0.4 or test is None else None
    return _pipeline(
        rng, "ranges", params, source, where, d.pick(rng, "numbers integers"), d.pick(rng, "i x j num"), test, change,
        number_summary(rng),
    )  # fmt: skip


def two_bounds(rng: Random) -> d.Draft:
    """The whole numbers between two limits."""
    low, high = rng.choice([("a", "b"), ("start", "end"), ("low", "high"), ("first", "last"), ("x", "y")])
    params = [
        d.Param(name=low, annotation="int", what="an integer", draw=d.integer(-5, 12)),
        d.Param(name=high, annotation="int", what="an integer", draw=d.integer(8, 40)),
    ]
    where, source = rng.choice(
        [
            (f"from @{low} to @{high} (inclusive)", f"range({low}, {high} + 1)"),
            (f"in the range [@{low}, @{high}]", f"range({low}, {high} + 1)"),
            (f"strictly between @{low} and @{high}", f"range({low} + 1, {high})"),
        ]
    )
    test = number_test(rng)
    change = number_change(rng) if rng.random() < 0.25 else None
    return _pipeline(
        rng, "ranges", params, source, where, d.pick(rng, "numbers integers"), d.pick(rng, "i n num"), test, change,
        number_summary(rng),
    )  # fmt: skip


def digits(rng: Random) -> d.Draft:
    """The digits of a number."""
    name = d.pick(rng, "n number num x")
    params = [d.Param(name=name, annotation="int", what="a non-negative integer", draw=d.integer(0, 99999))]
    k = rng.randint(2, 7)
    test = rng.choice(
        [
            None,
            Test(clause="that are even", code="{x} % 2 == 0", tag="even", adjective="even"),
            Test(clause="that are odd", code="{x} % 2 == 1", tag="odd", adjective="odd"),
            Test(clause=f"that are greater than {k}", code=f"{{x}} > {k}", tag=f"above_{k}"),
            Test(clause=f"that are less than {k}", code=f"{{x}} < {k}", tag=f"below_{k}"),
            Test(clause="that are not zero", code="{x} != 0", tag="nonzero", adjective="nonzero"),
        ]
    )
    change = rng.choice([None, None, Change(phrase="the squares of {}", code="{x} ** 2", tag="squares")])
    source = f"[int(c) for c in str({name})]"
    return _pipeline(
        rng,
        "digits",
        params,
        source,
        f"of @{name}",
        "digits",
        d.pick(rng, "d digit"),
        test,
        change,
        number_summary(rng),
    )


CHARACTER_TESTS = [
    Test(clause="that are vowels", code="{x} in 'aeiouAEIOU'", tag="vowels"),
    Test(clause="that are vowels", code="{x}.lower() in 'aeiou'", tag="vowels"),
    Test(clause="that are consonants", code="{x}.isalpha() and {x}.lower() not in 'aeiou'", tag="consonants"),
    Test(clause="that are digits", code="{x}.isdigit()", tag="digits"),
    Test(clause="that are letters", code="{x}.isalpha()", tag="letters"),
    Test(clause="that are uppercase letters", code="{x}.isupper()", tag="uppercase", adjective="uppercase"),
    Test(clause="that are lowercase letters", code="{x}.islower()", tag="lowercase", adjective="lowercase"),
    Test(clause="that are letters or digits", code="{x}.isalnum()", tag="alphanumeric", adjective="alphanumeric"),
    Test(clause="that are not spaces", code="{x} != ' '", tag="nonspace", adjective="non-space"),
    Test(clause="that are neither letters nor digits", code="not {x}.isalnum()", tag="special"),
    Test(clause="that come before 'm' in the alphabet", code="{x} < 'm'", tag="early"),
]


def characters(rng: Random) -> d.Draft:
    """The characters of a string: select, change, summarise."""
    name = d.pick(rng, "s text string word st line message")
    params = [d.Param(name=name, annotation="str", what="a string", draw=d.text)]
    test = rng.choice([*CHARACTER_TESTS, None]) if rng.random() < 0.9 else None
    change = rng.choice(
        [
            None, None, None,
            Change(phrase="{} in uppercase", code="{x}.upper()", tag="upper", kind="str"),
            Change(phrase="{} in lowercase", code="{x}.lower()", tag="lower", kind="str"),
            Change(phrase="{}, each doubled", code="{x} * 2", tag="doubled", kind="str"),
        ]
    )  # fmt: skip
    joined = Summary(phrases=("a string of only the {}", "a string made of the {}", "the {} as one string"),
                     expressions=("''.join({g})",), start="result = ''", update="result += {v}", final="result",
                     tag="keep", kind="str")  # fmt: skip
    summary = rng.choice([joined, joined, joined, word_summary(rng)])
    variable = d.pick(rng, "c ch char letter")
    return _pipeline(rng, "characters", params, name, f"in @{name}", "characters", variable, test, change, summary)


def questions(rng: Random) -> d.Draft:
    """Whether all, any, none or exactly some elements pass a test."""
    is_words = rng.random() < 0.4
    name = d.pick(rng, WORD_LISTS if is_words else LIST_NAMES)
    draw = d.words(4) if is_words else d.integers(-10, 30, 5)
    what = "a list of strings" if is_words else "a list of integers"
    param = d.Param(name=name, annotation="list[str]" if is_words else "list[int]", what=what, draw=draw)
    test = word_test(rng) if is_words else number_test(rng)
    noun = "strings" if is_words else d.pick(rng, "numbers elements")
    x = d.pick(rng, "w word s" if is_words else "x n num value")
    code = test.code.format(x=x)
    negated = f"not {code}" if " and " not in code and " or " not in code else f"not ({code})"
    k = rng.randint(2, 3)
    phrase, expression, body, tag = rng.choice(
        [
            (f"True if all {noun} in @{name} {test.predicate}", f"all({code} for {x} in {name})",
             d.nest(f"for {x} in {name}:", f"if {negated}:", "return False") + "\nreturn True", "all"),
            (f"True if every one of the {noun} in @{name} is among those {test.clause}",
             f"all({code} for {x} in {name})",
             d.nest(f"for {x} in {name}:", f"if {negated}:", "return False") + "\nreturn True", "every"),
            (f"True if at least one of the {noun} in @{name} is among those {test.clause}",
             f"any({code} for {x} in {name})",
             d.nest(f"for {x} in {name}:", f"if {code}:", "return True") + "\nreturn False", "any"),
            (f"True if there are any {noun} in @{name} {test.clause}", f"any({code} for {x} in {name})",
             d.nest(f"for {x} in {name}:", f"if {code}:", "return True") + "\nreturn False", "has"),
            (f"True if @{name} has no {noun} {test.clause}", f"not any({code} for {x} in {name})",
             d.nest(f"for {x} in {name}:", f"if {code}:", "return False") + "\nreturn True", "no"),
            (f"True if @{name} has at least {k} {noun} {test.clause}", f"sum(1 for {x} in {name} if {code}) >= {k}",
             "count = 0\n" + d.nest(f"for {x} in {name}:", f"if {code}:", "count += 1") + f"\nreturn count >= {k}",
             f"at_least_{k}"),
        ]
    )  # fmt: skip
    return d.Draft(
        topic="questions", name=f"{tag}_{test.tag}", params=(param,), returns="bool",
        result=phrase + rng.choice([", and False otherwise", ", otherwise False", ", else False", ""]),
        bodies=(f"return {expression}", body), plan=f"I go through @{name} and test each of the {noun}.",
    )  # fmt: skip


def _pipeline(
    rng: Random,
    topic: str,
    params: list[d.Param],
    source: str,
    where: str,
    noun: str,
    x: str,
    test: Test | None,
    change: Change | None,
    summary: Summary,
) -> d.Draft:
    """Join a source, a test, a change and a summary into English and into two or more solutions."""
    things = test.of(noun, where) if test else f"{noun} {where}"
    if change is not None:
        things = change.phrase.format(things).removeprefix("the ")
    phrase = rng.choice(summary.phrases).format(things)
    value = change.code.format(x=x) if change else x
    condition = test.code.format(x=x) if test else None
    inside = f"{value} for {x} in {source}" + (f" if {condition}" if condition else "")
    bodies = [f"return {e.format(g=inside)}" for e in summary.expressions if "lambda" not in e]
    if value == x and condition is None:
        bodies = []
    update = summary.update.format(v=value)
    if update.count(value) > 1 and value != x:
        update = f"value = {value}\n" + summary.update.format(v="value")
    step = d.block(f"if {condition}:", update) if condition else update
    loop = d.block(f"for {x} in {source}:", step)
    bodies.append(f"{summary.start.format()}\n{loop}\nreturn {summary.final}")
    if "values" in summary.start or rng.random() < 0.1:
        plain = {"average": "sum({0}) / len({0})", "spread": "max({0}) - min({0})"}.get(summary.tag)
        if plain:
            kept = d.pick(rng, "kept chosen selected matching")
            empty = "0.0" if summary.tag == "average" else "0"
            guard = d.nest(f"if not {kept}:", f"return {empty}")
            bodies.append(f"{kept} = [{inside}]\n{guard}\nreturn {plain.format(kept)}")
    element = change.kind if change else ("int" if topic in ("lists", "ranges", "digits") else "str")
    kinds = {"same": element, "list": f"list[{element}]", "dict": f"dict[{element}, int]"}
    tags = [summary.tag, change.tag if change else "", test.tag if test else "", noun]
    imports = {
        "math.prod": "import math",
        "itertools.": "import itertools",
        "Counter(": "from collections import Counter",
    }
    return d.Draft(
        topic=topic,
        name="_".join(t for t in tags if t and (t == summary.tag or rng.random() < 0.75)),
        params=tuple(params),
        returns=kinds.get(summary.kind, summary.kind),
        result=phrase,
        bodies=tuple(bodies),
        notes=(summary.note,) if summary.note else (),
        imports=tuple(line for mark, line in imports.items() if any(mark in b for b in bodies)),
        plan=f"I go through the {noun} {where}"
        + (f", keep those {test.clause}" if test else "")
        + f", and give back {phrase}.",
    )
