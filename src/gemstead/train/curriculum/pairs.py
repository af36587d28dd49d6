"""Two or three arguments: combined element by element, filtered by each other, merged, compared, or one steering the other."""

from __future__ import annotations

import re
from random import Random
from typing import Any

from gemstead.train.curriculum import chains, glue, steps
from gemstead.train.curriculum.chains import tidy
from gemstead.train.curriculum.choices import argument, constant, many_samples, names, runs, value
from gemstead.train.curriculum.draft import Draft, Param, draw_word, integer
from gemstead.train.curriculum.glue import SOURCES, TYPES, Source, cap, spin, sub
from gemstead.train.curriculum.lessons import Lessons
from gemstead.train.curriculum.steps import KEYS, TESTS, Key

lesson = Lessons("pairs")

NAMES = {"L": ["a b", "xs ys", "first second", "left right", "nums1 nums2", "list1 list2", "old new"], "W": ["a b", "first second", "left right", "words1 words2", "names others"],
         "s": ["a b", "s t", "first second", "left right", "word1 word2", "text other"], "i": ["a b", "x y", "m n", "first second", "left right"]}  # fmt: skip
NOUN = {
    "i": "number",
    "s": "string",
    "L": "list",
    "W": "list of strings",
    "p": "pair",
    "M": "list of lists",
    "D": "dictionary",
}


def two(g: Random, kind: str) -> tuple[Source, str, str]:
    a, b = g.choice(NAMES[kind]).split()
    return g.choice(SOURCES[kind]), a, b


def number(name: str, low: int, high: int, what: str = "") -> Param:
    return Param(
        name=name,
        annotation="int",
        what=what or ("a positive integer" if low > 0 else "a non-negative integer" if low == 0 else "an integer"),
        draw=integer(low, high),
    )


def draft(
    name: str,
    params: tuple[Param, ...],
    returns: str,
    result: str,
    bodies: tuple[str, ...],
    tellings: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    imports: tuple[str, ...] = (),
    *,
    g: Random,
) -> Draft:
    """One exercise."""
    result = tidy(spin(g, result))
    name = spin(g, name).replace("__", "_")[:42].strip("_")
    return Draft(topic=lesson.topic, name=name if glue.is_name(name) else "combine", params=params, returns=returns, result=result, bodies=tuple(dict.fromkeys(bodies)), notes=tuple(spin(g, n) for n in notes if n),
                 imports=tuple(dict.fromkeys(i for i in imports if i)), plan=f"I work out {result}.", tellings=tuple(cap(tidy(spin(g, t))) for t in tellings))  # fmt: skip


def test(g: Random, kind: str, v: str) -> tuple[str, str, str]:
    """Predicate, code on `v` and tag."""
    t = g.choice(TESTS[kind])
    said, code = constant(g, t.par) if t.par else ("", "")
    return sub(t.predicate, {"k": said}), sub(t.code, {"k": code, "v": v}), sub(t.tag, {"k": ""}).strip("_")


def key(g: Random, kind: str, out: str = "i", *, simple: bool = True) -> tuple[Key, str, str]:
    """A key, its noun phrase with `^` for the thing, and its code on `$v`."""
    k = g.choice(
        [
            k
            for k in KEYS[kind]
            if k.out == out and (not simple or (k.its.startswith("its ") and not set("^,(") & set(k.its)))
        ]
    )
    par = constant(g, k.par) if k.par else ("", "")
    return k, sub(k.its, {"k": par[0]}), sub(k.code, {"k": par[1]})


PAIRED = (
    ("sums", "the sum of both", "{a} + {b}"), ("differences", "the first minus the second", "{a} - {b}"), ("products", "the product of both", "{a} * {b}"), ("larger", "the larger one", "max({a}, {b})"),
    ("smaller", "the smaller one", "min({a}, {b})"), ("distances", "the distance between them", "abs({a} - {b})"), ("signs", "1 if the first is larger, -1 if the second is larger, and 0 if they are equal", "({a} > {b}) - ({a} < {b})"),
    ("blends", "twice the first plus the second", "2 * {a} + {b}"), ("tens", "ten times the first plus the second", "10 * {a} + {b}"), ("if_larger", "the first if it is larger than the second, and otherwise 0", "{a} if {a} > {b} else 0"),
    ("averages", "the average, rounded down", "({a} + {b}) // 2"), ("squares", "the sum of their squares", "{a} ** 2 + {b} ** 2"), ("parity", "the first if the second is even, and otherwise the negative of the first", "{a} if {b} % 2 == 0 else -{a}"),
    ("sum_ends", "the last digit of the absolute value of their sum", "abs({a} + {b}) % 10"), ("excess", "how much the first exceeds the second, or 0 if it does not", "max({a} - {b}, 0)"),
)  # fmt: skip


@lesson
def elementwise(g: Random) -> Draft:
    """Two lists of numbers, position by position."""
    source, a, b = two(g, "L")
    tag, said, form = g.choice(PAIRED)
    p, q = g.choice([("x", "y"), ("m", "n"), ("u", "v"), ("p", "q")])
    if p in (a, b) or q in (a, b):
        p, q = "u", "v"
    code = form.format(a=p, b=q)
    mode = g.choice(["shorter", "shorter", "padded", "same", "backwards", "cycle"])
    after = g.choice(["list", "list", "list", "sum", "max", "kept", "count"])
    predicate, cond, ttag = test(g, "i", "z")
    zipped, imports, edge = (
        f"zip({a}, {b})",
        "",
        "[The longer list is used only as far as the shorter one reaches.|Elements without a partner are ignored.|If one list is longer, its rest is ignored.]",
    )
    where = "at the same positions"
    if mode == "padded":
        zipped, imports, edge = (
            f"itertools.zip_longest({a}, {b}, fillvalue=0)",
            "import itertools",
            "[The shorter list is filled up with zeros.|Where one list has ended, 0 is used for its missing elements.]",
        )
    elif mode == "backwards":
        zipped, where = f"zip({a}, reversed({b}))", f"of @{a} from the front and of @{b} from the back"
    elif mode == "cycle":
        zipped, imports, edge = (
            f"zip({a}, itertools.cycle({b}))",
            "import itertools",
            f"@{b} starts over whenever it has run out; if it is empty, there are no pairs.",
        )
    value_said = said
    if mode == "same":
        edge = "Both lists are used up to the length of the shorter one."
    base = f"[{code} for {p}, {q} in {zipped}]"
    loop_head = f"for {p}, {q} in {zipped}:\n"
    if after == "list":
        result, returns = (
            f"a list with, for each two elements {where} {'' if mode == 'backwards' else f'of @{a} and @{b}'}, {value_said}",
            "list[int]",
        )
        bodies: tuple[str, ...] = (
            f"return {base}",
            f"result = []\n{loop_head}    result.append({code})\nreturn result",
        )
        if mode in ("shorter", "same"):
            bodies += (
                f"result = []\nfor i in range(min(len({a}), len({b}))):\n    result.append({form.format(a=f'{a}[i]', b=f'{b}[i]')})\nreturn result",
            )
        final = "Return the list of these values."
    elif after in ("sum", "max"):
        result, returns = (
            f"the {'sum' if after == 'sum' else 'largest'} of the following values: for each two elements {where} {'' if mode == 'backwards' else f'of @{a} and @{b}'}, {value_said}",
            "int",
        )
        result += "; 0 if there are none" if after == "max" else ""
        inner = base[1:-1]
        bodies = (f"return sum({inner})" if after == "sum" else f"return max(({inner}), default=0)",
                  f"total = 0\n{loop_head}    total += {code}\nreturn total" if after == "sum" else f"values = {base}\nreturn max(values) if values else 0")  # fmt: skip
        final = (
            "Return the sum of these values."
            if after == "sum"
            else "Return the largest of these values (0 if there are none)."
        )
    elif after == "kept":
        result, returns = (
            f"a list of those of these values of which it is true that the value {predicate}: for each two elements {where} {'' if mode == 'backwards' else f'of @{a} and @{b}'}, {value_said}",
            "list[int]",
        )
        bodies = (
            f"values = {base}\nreturn [z for z in values if {cond}]",
            f"result = []\n{loop_head}    z = {code}\n    if {cond}:\n        result.append(z)\nreturn result",
        )
        final = f"Return a list of those values that {glue.plural(predicate)}."
    else:
        result, returns = (
            f"how many of these values {glue.plural(predicate)}: for each two elements {where} {'' if mode == 'backwards' else f'of @{a} and @{b}'}, {value_said}",
            "int",
        )
        bodies = (
            f"return sum(1 for z in {base} if {cond})",
            f"count = 0\n{loop_head}    z = {code}\n    if {cond}:\n        count += 1\nreturn count",
        )
        final = f"Return how many of these values {glue.plural(predicate)}."
    tellings = (
        f"[Pair up|Combine] the elements {where} {'' if mode == 'backwards' else f'of @{a} and @{b}'}. For each pair, take {said}. {final}",
        f"[Walk through|Go through] @{a} and @{b} [together|in parallel]{', @' + b + ' from its end' if mode == 'backwards' else ''}. From every pair of elements, make one value: {said}. {final}",
    )
    return draft(f"[pairwise|elementwise|zip|paired|combined]_{tag}" + ("" if after == "list" else f"_{ttag if after in ('kept', 'count') else after}"), (argument(source, a), argument(source, b)), returns, result.replace("  ", " ").replace(" ,", ","), bodies,
                 tuple(t.replace("  ", " ").replace(" .", ".") for t in tellings), (edge,), (imports,), g=g)  # fmt: skip


@lesson
def elementwise_words(g: Random) -> Draft:
    """Two lists of strings, position by position."""
    source, a, b = two(g, "W")
    sep = g.choice(["-", " ", ":", "=", "/", "+", ""])
    called = repr(sep)
    tag, said, code, kind = g.choice([
        ("joined", f"both strings with {called} between them" if sep else "both strings, joined without anything between them", f"p + {called} + q" if sep else "p + q", "str"), ("longer", "the longer one (the first if they are equally long)", "p if len(p) >= len(q) else q", "str"),
        ("shorter", "the shorter one (the first if they are equally long)", "p if len(p) <= len(q) else q", "str"), ("lengths", "the sum of their lengths", "len(p) + len(q)", "int"), ("gaps", "the difference of their lengths (never negative)", "abs(len(p) - len(q))", "int"),
        ("initials", "the first characters of both as one string", "p[:1] + q[:1]", "str"), ("equal", "True if they are equal when case is ignored, else False", "p.lower() == q.lower()", "bool"), ("common", "how many different characters they have in common", "len(set(p) & set(q))", "int"),
        ("first_sorted", "the one that comes first in dictionary order", "min(p, q)", "str"), ("crossed", "the first half of the first string (without a middle character) followed by the second string in uppercase", "p[:len(p) // 2] + q.upper()", "str"),
        ("prefix", "True if the first string starts with the first character of the second (both are non-empty)", "p[0] == q[0]", "bool"), ("swap", "the second string followed by the first", "q + p", "str"), ("back", "the reverse of the first string followed by the second", "p[::-1] + q", "str"),
    ])  # fmt: skip
    head = f"for p, q in zip({a}, {b}):\n"
    tellings = (f"[Pair up|Put together] the strings at the same positions of @{a} and @{b}, as far as both lists reach. For each pair, take {said}. Return the list of the results.",
                f"[Go through|Walk along] @{a} and @{b} in parallel until the shorter one ends, and make one value from each pair of strings: {said}. Return the values as a list.")  # fmt: skip
    return draft(f"[pairwise|zip|paired|both]_{tag}", (argument(source, a), argument(source, b)), f"list[{kind}]", f"a list with, for each two strings at the same position of @{a} and @{b}, {said}",
                 (f"return [{code} for p, q in zip({a}, {b})]", f"result = []\n{head}    result.append({code})\nreturn result"), tellings, ("[The lists may differ in length; the rest of the longer one is ignored.|What one list has in excess is ignored.]",), g=g)  # fmt: skip


@lesson
def words_and_numbers(g: Random) -> Draft:
    """A list of strings and a list of numbers of it."""
    a, b = g.choice(
        [("words", "numbers"), ("names", "scores"), ("items", "amounts"), ("labels", "values"), ("strings", "counts")]
    )
    words, nums = (
        g.choice(SOURCES["W"]),
        Source(
            "L",
            "list[int]",
            "a list of non-negative integers",
            "",
            lambda r: [r.randint(0, 6) for _ in range(r.randint(0, 6))],
        ),
    )
    predicate, cond, ttag = test(g, "i", "n")
    wpred, wcond, wtag = test(g, "s", "w")
    k, its, code = key(g, "s")
    kcode = code.replace("$v", "w")
    pair = "[string and number at the same position|string with its number (the one at the same position)]"
    tag, said, expr, cond_code, returns = g.choice([
        ("repeated", "the string repeated as often as its number says", "w * n", "", "list[str]"), ("prefixes", "as many characters from the start of the string as its number says", "w[:n]", "", "list[str]"), ("labelled", "the string, a colon and the number, as in 'red:3'", "f'{w}:{n}'", "", "list[str]"),
        ("cut", "the string without as many characters at its start as its number says", "w[n:]", "", "list[str]"), (f"select_{ttag}", f"the string, but only if its number {predicate}", "w", cond, "list[str]"), (f"numbers_{wtag}", f"the number, but only if its string {wpred}", "n", wcond, "list[int]"),
        (f"{k.tag.replace('_$k', '')}_plus", f"the {its.removeprefix('its ')} of the string plus its number", f"{kcode} + n", "", "list[int]"), (f"{k.tag.replace('_$k', '')}_times", f"the {its.removeprefix('its ')} of the string times its number", f"({kcode}) * n" if not glue.is_atomic(kcode) else f"{kcode} * n", "", "list[int]"),
        ("matching", "the string, but only if its length is equal to its number", "w", "len(w) == n", "list[str]"), ("long_enough", "the string, but only if it is longer than its number says", "w", "len(w) > n", "list[str]"),
        ("shout", "the string, in uppercase if its number is odd and unchanged otherwise", "w.upper() if n % 2 else w", "", "list[str]"), ("letter", "the character of the string at the index given by its number, but only if there is such an index", "w[n]", "n < len(w)", "list[str]"),
    ])  # fmt: skip
    where = f" if {cond_code}" if cond_code else ""
    inner = f"    if {cond_code}:\n        @\n" if cond_code else "    @\n"
    head = f"for w, n in zip({a}, {b}):\n"
    after = g.choice(["list", "list", "last" if returns == "list[str]" else "sum"])
    single = f"[{expr}{' ' if not where else ''} for w, n in zip({a}, {b}){where}]".replace("  ", " ")
    if after == "list":
        bodies = (f"return {single}", f"result = []\n{head}{inner.replace('@', f'result.append({expr})')}return result")
        final, result = "Return these as a list.", f"a list with one entry for each {pair} in @{a} and @{b}: {said}"
    elif after == "sum":
        bodies = (
            f"return sum({single[1:-1]})",
            f"total = 0\n{head}{inner.replace('@', f'total += {expr}')}return total",
        )
        final, result, returns = (
            "Return the sum of these.",
            f"the sum of the values that come from each {pair} in @{a} and @{b}: {said}",
            "int",
        )
    else:
        bodies = (
            f"return ' '.join({single[1:-1]})",
            f"parts = []\n{head}{inner.replace('@', f'parts.append({expr})')}return ' '.join(parts)",
        )
        final, result, returns = (
            "Return them joined by single spaces.",
            f"a string, joined by single spaces, of what comes from each {pair} in @{a} and @{b}: {said}",
            "str",
        )
    tellings = (f"Each string in @{a} belongs to the number at the same position in @{b}. For each such pair, take {said}. {final}",
                f"@{a} and @{b} [belong together position by position|are two columns of a table]. [Make|Take] from each row {said}. {final}")  # fmt: skip
    return draft(
        f"[words|rows|columns|]_{tag}",
        (argument(words, a), argument(nums, b)),
        returns,
        result,
        bodies,
        tellings,
        ("[If one list is longer, its rest is ignored.|Extra elements of the longer list are ignored.]",),
        g=g,
    )


@lesson
def derived_combined(g: Random) -> Draft:
    """One number from each argument, put together."""
    while True:
        same = g.random() < 0.6
        kind = g.choice("isLs")
        other = kind if same else g.choice("isLW")
        a, b = g.choice([("a", "b"), ("first", "second"), ("left", "right"), ("x", "y"), ("p", "q")])
        sa = g.choice([s for s in SOURCES[kind] if kind == "i" or "non-empty" in s.what or s.what == "a word"])
        sb = (
            sa
            if same
            else g.choice([s for s in SOURCES[other] if other == "i" or "non-empty" in s.what or s.what == "a word"])
        )
        k1, its1, c1 = key(g, kind, simple=False)
        k2, its2, c2 = (k1, its1, c1) if same and g.random() < 0.7 else key(g, other, simple=False)
        t1, t2 = steps.owned(its1, f"@{a}"), steps.owned(its2, f"@{b}")
        if len(t1) + len(t2) > 150:
            continue
        e1, e2 = c1.replace("$v", a), c2.replace("$v", b)
        w1, w2 = (e if glue.is_atomic(e) else f"({e})" for e in (e1, e2))
        tag, said, code = g.choice([("sum", f"the sum of these two numbers: {t1}, and {t2}", f"{e1} + {e2}"), ("product", f"the product of these two numbers: {t1}, and {t2}", f"{w1} * {w2}"), ("difference", f"the difference of two numbers, the first minus the second: {t1}, and {t2}", f"{e1} - {w2}"),
                                    ("larger", f"the larger of these two numbers: {t1}, and {t2}", f"max({e1}, {e2})"), ("smaller", f"the smaller of these two numbers: {t1}, and {t2}", f"min({e1}, {e2})"), ("pair", f"a tuple of two numbers: {t1}, and {t2}", f"({e1}, {e2})"),
                                    ("text", f"a string of two numbers with a hyphen between them: {t1}, and {t2}", f"f'{{{w1}}}-{{{w2}}}'"), ("equal", f"True if these two numbers are equal: {t1}, and {t2}", f"{w1} == {w2}"), ("less", f"True if the first of these two numbers is smaller than the second: {t1}, and {t2}", f"{w1} < {w2}")])  # fmt: skip
        if tag == "text" and ("'" in e1 + e2 or '"' in e1 + e2):
            continue
        found = runs(
            code,
            f"{a}, {b}",
            list(zip(many_samples(sa), many_samples(sb)[7:] + many_samples(sb)[:7], strict=True)),
            (k1.imports, k2.imports),
        )
        if found is None or (
            len(set(found)) < 4 if tag not in ("equal", "less") else min(found.count("True"), found.count("False")) < 4
        ):
            continue
        break
    one, other_name = g.choice(
        [("one", "two"), ("left_value", "right_value"), ("u", "v"), ("first_part", "second_part")]
    )
    steps_body = f"{one} = {e1}\n{other_name} = {e2}\nreturn " + {"sum": f"{one} + {other_name}", "product": f"{one} * {other_name}", "difference": f"{one} - {other_name}", "larger": f"max({one}, {other_name})", "smaller": f"min({one}, {other_name})", "pair": f"({one}, {other_name})",
                                                                  "text": f"str({one}) + '-' + str({other_name})", "equal": f"{one} == {other_name}", "less": f"{one} < {other_name}"}[tag]  # fmt: skip
    returns = {"pair": "tuple[int, int]", "text": "str", "equal": "bool", "less": "bool"}.get(tag, "int")
    ask = {"sum": "Return their sum.", "product": "Return their product.", "difference": "Return the first number minus the second.", "larger": "Return the larger of the two.", "smaller": "Return the smaller of the two.", "pair": "Return both as a tuple.", "text": "Return both in a string, with a hyphen between them.",
           "equal": "Return whether they are equal.", "less": "Return True if the first is smaller than the second, else False."}[tag]  # fmt: skip
    tellings = (
        f"[Work out|Compute|Determine] {t1}. [Then|Also|Next,] [work out|determine] {t2}. {ask}",
        f"Two numbers [matter|are needed|are compared here]: {t1}, and {t2}. {ask}".replace(
            "are compared here", "count"
        ),
    )
    t1tag, t2tag = (k.tag.replace("_$k", "") for k in (k1, k2))
    return draft(
        g.choice([f"{tag}_of_{t1tag}", f"{t1tag}_{tag}", f"{t1tag}_and_{t2tag}", f"{tag}_{t1tag}_{t2tag}"]),
        (argument(sa, a), argument(sb, b)),
        returns,
        said,
        (f"return {code}", steps_body),
        tellings,
        imports=(k1.imports, k2.imports),
        g=g,
    )


@lesson
def filter_by_other(g: Random) -> Draft:
    """What stays in a list is decided by a second argument."""
    dice = g.random()
    if dice < 0.35:
        source, xs = g.choice(SOURCES["L"]), g.choice(["numbers", "nums", "values", "xs"])
        k, its, code = key(g, "i")
        n = g.choice(["k", "target", "limit", "other"])
        relation, sign = g.choice(
            [("equal to", "=="), ("greater than", ">"), ("less than", "<"), ("different from", "!=")]
        )
        mine = code.replace("$v", "x")
        if g.random() < 0.5:
            said, cond = f"whose {its.removeprefix('its ')} is {relation} @{n}", f"{mine} {sign} {n}"
            extra = number(n, 1, 9)
        else:
            said, cond = (
                f"whose {its.removeprefix('its ')} is {relation} that of @{n}",
                f"{mine} {sign} {code.replace('$v', n)}",
            )
            extra = number(n, 1, 60)
        v, one, many, tag, kind = "x", "number", "numbers", k.tag.replace("_$k", ""), "list[int]"
    elif dice < 0.7:
        source, xs = g.choice(SOURCES["W"][1:]), g.choice(["words", "names", "strings", "items"])
        t = g.choice(["word", "other", "pattern", "key"])
        extra = Param(name=t, annotation="str", what="a non-empty word", draw=draw_word)
        tag, said, cond = g.choice([("longer", f"that are longer than @{t}", f"len(w) > len({t})"), ("same_initial", f"that start with the same letter as @{t}, ignoring case", f"w[0].lower() == {t}[0].lower()"), ("same_length", f"that have the same length as @{t}", f"len(w) == len({t})"),
                                    ("before", f"that come before @{t} in dictionary order", f"w < {t}"), ("sharing", f"that have at least one character in common with @{t}", f"any(c in {t} for c in w)"), ("disjoint", f"that have no character in common with @{t}", f"not set(w) & set({t})"),
                                    ("last_letter", f"whose last character occurs in @{t}", f"w[-1] in {t}"), ("same_end", f"that end with the last character of @{t}", f"w[-1] == {t}[-1]"), ("two_shared", f"that have at least two different characters in common with @{t}", f"len(set(w) & set({t})) >= 2"),
                                    ("chain", f"that begin with the last character of @{t}", f"w[0] == {t}[-1]"), ("more_vowels", f"that have more vowels than @{t}", f"sum(c in 'aeiou' for c in w.lower()) > sum(c in 'aeiou' for c in {t}.lower())")])  # fmt: skip
        v, one, many, kind = "w", "word", "words", "list[str]"
    else:
        source, xs = g.choice(SOURCES["L"]), g.choice(["numbers", "nums", "values", "xs"])
        t = g.choice(["others", "second", "ys", "banned", "reference"])
        extra = Param(
            name=t,
            annotation="list[int]",
            what="a non-empty list of integers",
            draw=lambda r: [r.randint(-5, 25) for _ in range(r.randint(1, 5))],
        )
        tag, said, cond = g.choice([("above_all", f"that are greater than every number in @{t}", f"all(x > y for y in {t})"), ("above_some", f"that are greater than at least one number in @{t}", f"any(x > y for y in {t})"), ("multiples", f"that differ by at most 2 from some number in @{t}", f"any(abs(x - y) <= 2 for y in {t})"),
                                    ("below_average", f"that are smaller than the average of @{t}", f"x < sum({t}) / len({t})"), ("same_digit", f"that have the same last digit (of the absolute value) as some number in @{t}", f"any(abs(x) % 10 == abs(y) % 10 for y in {t})"), ("inside", f"that lie between the smallest and the largest number in @{t}, both included", f"min({t}) <= x <= max({t})"),
                                    ("next_to", f"that are one more or one less than a number in @{t}", f"x - 1 in {t} or x + 1 in {t}"), ("doubles", f"whose double occurs in @{t}", f"2 * x in {t}"), ("no_negation", f"whose negative does not occur in @{t}", f"-x not in {t}"), ("total", f"that are smaller than the sum of @{t}", f"x < sum({t})")])  # fmt: skip
        v, one, many, kind = "x", "number", "numbers", "list[int]"
    style = g.choice(["list", "list", "count", "drop", "indices", "all", "first"])
    where = f"the {many} in @{xs} {said}"
    opposite = glue.inverse(cond)
    if style == "list":
        made = (
            "a list of " + where,
            kind,
            (
                f"return [{v} for {v} in {xs} if {cond}]",
                f"result = []\nfor {v} in {xs}:\n    if {cond}:\n        result.append({v})\nreturn result",
            ),
            f"[Keep|Select] from @{xs} only the {many} {said}, in their order, and return the list.",
        )
    elif style == "count":
        made = (
            "the number of " + where,
            "int",
            (
                f"return sum(1 for {v} in {xs} if {cond})",
                f"count = 0\nfor {v} in {xs}:\n    if {cond}:\n        count += 1\nreturn count",
            ),
            f"Count {where}.",
        )
    elif style == "drop":
        made = (
            f"@{xs} without the {many} {said}",
            kind,
            (
                f"return [{v} for {v} in {xs} if {opposite}]",
                f"result = []\nfor {v} in {xs}:\n    if {cond}:\n        continue\n    result.append({v})\nreturn result",
            ),
            f"Remove from @{xs} all {many} {said}. Return the [rest|list of the others].",
        )
    elif style == "indices":
        made = (
            "a list of the indices of " + where,
            "list[int]",
            (
                f"return [i for i, {v} in enumerate({xs}) if {cond}]",
                f"result = []\nfor i, {v} in enumerate({xs}):\n    if {cond}:\n        result.append(i)\nreturn result",
            ),
            f"At which indices of @{xs} are there {many} {said}? Return the indices as a list.",
        )
    elif style == "all":
        made = (
            f"True if @{xs} contains at least one of this kind: {many} {said}",
            "bool",
            (
                f"return any({cond} for {v} in {xs})",
                f"for {v} in {xs}:\n    if {cond}:\n        return True\nreturn False",
            ),
            f"Check whether @{xs} contains any {many} {said}.",
        )
    else:
        made = (
            f"the first one of {where}, or None if there is none",
            {"list[int]": "int", "list[str]": "str"}[kind] + " | None",
            (
                f"for {v} in {xs}:\n    if {cond}:\n        return {v}\nreturn None",
                f"return next(({v} for {v} in {xs} if {cond}), None)",
            ),
            f"Find the first of {where}. Return None if there is no such {one}.",
        )
    return draft(
        f"{ {'list': '[keep|select|only|]', 'count': 'count', 'drop': 'without', 'indices': 'indices', 'all': 'any', 'first': 'first'}[style] }_{tag}",
        (argument(source, xs), extra),
        made[1],
        made[0],
        made[2],
        (made[3],),
        g=g,
    )


@lesson
def repeated(g: Random) -> Draft:
    """An operation applied again and again."""
    while True:
        kind = g.choice("iisL")
        source = g.choice(SOURCES[kind])
        name = g.choice([n for n in source.names.split() if n not in ("n", "k")] or ["x"])
        pairs_ = []
        for _ in range(2):
            made = value(g, kind, kind, name)
            if (
                made is None
                or made.tag
                in ("same", "cubed", "squared", "digit_sum", "sign", "twice", "mirrored", "bracketed", "stretched")
                or f"@{name}" not in made.text
            ):
                continue
            pairs_.append(made)
        if not pairs_:
            continue
        step = pairs_[0]
        if step.code.count(name) > 3:
            continue
        current = step.code
        samples = many_samples(source)[:12]
        one = runs(current, name, [(s,) for s in samples], (step.imports,))
        twice = (
            runs(current, name, [(eval(o),) for o in one], (step.imports,))
            if one and max(map(len, one)) < 120
            else None
        )
        if (
            twice is None
            or sum(x == y for x, y in zip(one or [], twice, strict=True)) > 4
            or sum(x == repr(s) for x, s in zip(twice, samples, strict=True)) > 4
            or max(map(len, twice)) > 120
        ):
            continue
        break
    k = g.choice(["k", "times", "rounds", "count", "steps"])
    style = g.choice(["value", "value", "list"] if kind == "i" else ["value"])
    noun = {"i": "number", "s": "string", "L": "list"}[kind]
    change = step.text
    held = g.choice(["current", "result", "res"])
    code = sub_name(step.code, name, held)
    params = (argument(source, name), number(k, 0, 4))
    if style == "value":
        bodies: tuple[str, ...] = (
            f"for _ in range({k}):\n    {name} = {step.code}\nreturn {name}",
            f"{held} = {name}\nfor _ in range({k}):\n    {held} = {code}\nreturn {held}",
            f"{held} = {name}\nleft_over = {k}\nwhile left_over > 0:\n    {held} = {code}\n    left_over -= 1\nreturn {held}",
        )
        if g.random() < 0.3:
            bodies += (f"if {k} == 0:\n    return {name}\nreturn SELF({step.code}, {k} - 1)",)
        result = f"the {noun} that @{name} has become after this was done @{k} times: replace @{name} by {change}"
        tellings: tuple[str, ...] = (
            f"[Replace @{name} by {change}|Take {change} as the new @{name}]. Do this @{k} times [in a row|in all] and return the {noun} [you have then|that results].",
            f"Repeat @{k} times: @{name} becomes {change}. Return the final [value of |]@{name}.",
            f"Each round turns @{name} into {change}. Return what @{name} is after @{k} rounds.",
        )
        returns = TYPES[kind]
    else:
        bodies = (
            f"result = [{name}]\nfor _ in range({k}):\n    {name} = {step.code}\n    result.append({name})\nreturn result",
        )
        result = f"a list that starts with @{name} and shows how it changes when it is replaced @{k} times by {change}"
        tellings = (
            f"Write down @{name}. Then, @{k} times, replace @{name} by {change} and write it down again. Return the list of all numbers written.",
            f"A counter shows @{name}. Each tick changes it: @{name} becomes {change}. Return the list of the @{k} + 1 values that it shows, the first one included.",
        )
        returns = "list[int]"
    return draft(
        g.choice(
            [
                f"{step.tag}_[times|repeated|again]",
                f"repeat_{step.tag}",
                "[iterate|repeat_step|apply_times|evolve]",
                f"after_[rounds|steps]_{step.tag}",
            ]
        ),
        params,
        returns,
        result,
        bodies,
        tellings,
        (
            f"[If @{k} is 0, nothing changes.|For @{k} = 0, {'@' + name + ' itself is returned' if style == 'value' else 'the list contains only @' + name}.]",
        ),
        (step.imports,),
        g=g,
    )


def sub_name(code: str, old: str, new: str) -> str:
    """A variable renamed."""
    return re.sub(rf"\b{old}\b", new, code)


@lesson
def until(g: Random) -> Draft:
    """A number changed until it passes a test, with a limit."""
    while True:
        name = g.choice(["n", "x", "number", "value"])
        goal, cond, tag = test(g, "i", name)
        k, m = g.randint(2, 9), g.randint(2, 5)
        said, line = g.choice([(f"add {k} to it", f"{name} += {k}"), ("add its digit sum to it", f"{name} += sum(int(d) for d in str({name}))"), (f"multiply it by {m} and subtract {k}", f"{name} = {name} * {m} - {k}"), (f"double it if it is odd, and add {k} if it is even", f"{name} = {name} * 2 if {name} % 2 else {name} + {k}"),
                               ("add its last digit plus 1 to it", f"{name} += {name} % 10 + 1"), (f"add {k} if it is even and {k + 3} if it is odd", f"{name} += {k} if {name} % 2 == 0 else {k + 3}"), ("add the number of its digits to it", f"{name} += len(str({name}))"), ("add its largest digit plus 1 to it", f"{name} += max(int(d) for d in str({name})) + 1")])  # fmt: skip
        limit = g.choice(["limit", "most", "max_steps"])
        source = Source("i", "int", "a positive integer", "", integer(1, 60))
        probe = f"def f({name}):\n    c = 0\n    while not ({cond}) and c < 6:\n        {line}\n        c += 1\n    return c\n"
        space: dict[str, Any] = {}
        exec(probe, space)
        found = [space["f"](s) for s in range(1, 60, 4)]
        if len(set(found)) >= 4 and "@" not in goal and "negative" not in goal and "zero" not in goal:
            break
    style = g.choice(["count", "value", "list"])
    opposite = glue.inverse(cond)
    head = (
        f"while count < {limit} and {opposite}:"
        if " or " not in opposite
        else f"while count < {limit} and ({opposite}):"
    )
    if style == "count":
        bodies = (
            f"count = 0\n{head}\n    {line}\n    count += 1\nreturn count",
            f"for count in range({limit}):\n    if {cond}:\n        return count\n    {line}\nreturn {limit}",
        )
        what, returns, end = (
            "the number of times that this must be done",
            "int",
            "Return how often you have changed it.",
        )
    elif style == "value":
        bodies = (
            f"count = 0\n{head}\n    {line}\n    count += 1\nreturn {name}",
            f"for _ in range({limit}):\n    if {cond}:\n        break\n    {line}\nreturn {name}",
        )
        what, returns, end = "what @n is at the end of this", "int", "Return the number you have at the end."
    else:
        bodies = (
            f"seen = [{name}]\ncount = 0\n{head}\n    {line}\n    seen.append({name})\n    count += 1\nreturn seen",
            f"seen = [{name}]\nfor _ in range({limit}):\n    if {cond}:\n        break\n    {line}\n    seen.append({name})\nreturn seen",
        )
        what, returns, end = (
            "the list of all values that @n takes, the first included, in this process",
            "list[int]",
            "Return the list of all its values, the starting one included.",
        )
    what = what.replace("@n", f"@{name}")
    result = f"{what}: as long as @{name} is not yet a number that {goal}, {said}, but at most @{limit} times"
    tellings = (
        f"Start with the number @{name}. [As long as|While] it is not a number that {goal}, {said}. Stop after at most @{limit} changes. {end}",
        f"Change @{name} again and again: {said}. Stop as soon as it {goal} (perhaps at once), or after @{limit} changes. {end}",
    )
    return draft(
        f"[until|steps_to|grow_until|reach]_{tag}",
        (Param(name=name, annotation="int", what="a positive integer", draw=source.draw), number(limit, 1, 6)),
        returns,
        result,
        bodies,
        tellings,
        g=g,
    )


@lesson
def positions(g: Random) -> Draft:
    """Where things of one list stand in another."""
    is_words = g.random() < 0.4
    noun = "string" if is_words else "number"
    a, b = g.choice(
        [("haystack", "needles"), ("a", "b"), ("first", "second"), ("source", "queries"), ("row", "wanted")]
    )
    pool = "red blue green ant bee cat dog sun sky".split()

    def draw(r: Random) -> object:
        return [r.choice(pool) if is_words else r.randint(0, 8) for _ in range(r.randint(0, 6))]

    annotation = "list[str]" if is_words else "list[int]"
    params = tuple(Param(name=n, annotation=annotation, what=f"a list of {noun}s", draw=draw) for n in (a, b))
    v = "w" if is_words else "x"
    default_said, default = g.choice([("-1", "-1"), ("None", "None"), (f"the length of @{a}", f"len({a})")])
    style = g.choice(["first", "last", "count", "known", "dict", "skip", "total", "ranks", "before"])
    if style == "first":
        made = (f"a list with, for each {noun} in @{b}, the index of its first occurrence in @{a}, or {default_said} if it does not occur there", "list[int]" if default != "None" else "list[int | None]",
                (f"return [{a}.index({v}) if {v} in {a} else {default} for {v} in {b}]", f"where = {{}}\nfor i, {v} in enumerate({a}):\n    if {v} not in where:\n        where[{v}] = i\nreturn [where.get({v}, {default}) for {v} in {b}]"),
                f"For [every|each] {noun} in @{b}, look up where it first stands in @{a} (indices from 0). Use {default_said} if it is not there. Return the list of the answers.")  # fmt: skip
    elif style == "last":
        made = (f"a list with, for each {noun} in @{b}, the index of its last occurrence in @{a}, or {default_said} if it does not occur there", "list[int]" if default != "None" else "list[int | None]",
                (f"where = {{{v}: i for i, {v} in enumerate({a})}}\nreturn [where.get({v}, {default}) for {v} in {b}]", f"result = []\nfor {v} in {b}:\n    found = {default}\n    for i, other in enumerate({a}):\n        if other == {v}:\n            found = i\n    result.append(found)\nreturn result"),
                f"Search @{a} for each {noun} of @{b} from the end: the answer is the last index at which it occurs, or {default_said}. Return all answers in a list.")  # fmt: skip
    elif style == "count":
        made = (
            f"a list with, for each {noun} in @{b}, how often it occurs in @{a}",
            "list[int]",
            (
                f"return [{a}.count({v}) for {v} in {b}]",
                f"counts = {{}}\nfor {v} in {a}:\n    counts[{v}] = counts.get({v}, 0) + 1\nreturn [counts.get({v}, 0) for {v} in {b}]",
            ),
            f"Answer for each {noun} in @{b} the question how many times @{a} contains it. Return the answers in a list.",
        )
    elif style == "known":
        made = (
            f"a list of the indices of @{a} at which there is a {noun} that also occurs in @{b}",
            "list[int]",
            (
                f"return [i for i, {v} in enumerate({a}) if {v} in {b}]",
                f"known = set({b})\nresult = []\nfor i in range(len({a})):\n    if {a}[i] in known:\n        result.append(i)\nreturn result",
            ),
            f"[Mark|Find] all places in @{a} whose {noun} also stands somewhere in @{b}. Return their indices in ascending order.",
        )
    elif style == "dict":
        made = (
            f"a dictionary that maps each different {noun} in @{b} to the list of the indices at which it occurs in @{a}",
            f"dict[{'str' if is_words else 'int'}, list[int]]",
            (
                f"return {{{v}: [i for i, other in enumerate({a}) if other == {v}] for {v} in {b}}}",
                f"result = {{{v}: [] for {v} in {b}}}\nfor i, {v} in enumerate({a}):\n    if {v} in result:\n        result[{v}].append(i)\nreturn result",
            ),
            f"Build an index: the keys are the {noun}s of @{b}, and each is mapped to the list of all its positions in @{a} (an empty list if there are none).",
        )
    elif style == "skip":
        made = (
            f"a list of the {noun}s in @{a} that do not occur in @{b}, each only once and in order of first appearance",
            annotation,
            (
                f"return [{v} for {v} in dict.fromkeys({a}) if {v} not in {b}]",
                f"result = []\nfor {v} in {a}:\n    if {v} not in {b} and {v} not in result:\n        result.append({v})\nreturn result",
            ),
            f"[Collect|List] what @{a} has and @{b} lacks: each {noun} once, in the order in which it first appears in @{a}.",
        )
    elif style == "total":
        made = (
            f"the sum of the indices of all places in @{a} whose {noun} occurs in @{b}",
            "int",
            (
                f"return sum(i for i, {v} in enumerate({a}) if {v} in {b})",
                f"total = 0\nfor i, {v} in enumerate({a}):\n    if {v} in {b}:\n        total += i\nreturn total",
            ),
            f"Add up the positions (from 0) in @{a} at which there is a {noun} that @{b} contains too.",
        )
    elif style == "ranks":
        made = (
            f"a list with, for each {noun} in @{b}, how many {noun}s in @{a} are smaller than it",
            "list[int]",
            (
                f"return [sum(other < {v} for other in {a}) for {v} in {b}]",
                f"result = []\nfor {v} in {b}:\n    count = 0\n    for other in {a}:\n        if other < {v}:\n            count += 1\n    result.append(count)\nreturn result",
            ),
            f"For each {noun} in @{b}, count the {noun}s in @{a} that {'come before it in dictionary order' if is_words else 'are smaller'}. Return the counts as a list.",
        )
    else:
        made = (
            f"the part of @{a} before the first {noun} that occurs in @{b}; all of @{a} if there is none",
            annotation,
            (
                f"for i, {v} in enumerate({a}):\n    if {v} in {b}:\n        return {a}[:i]\nreturn {a}",
                f"result = []\nfor {v} in {a}:\n    if {v} in {b}:\n        break\n    result.append({v})\nreturn result",
            ),
            f"Read @{a} from the start and stop at the first {noun} that is contained in @{b}. Return the list of what was read before it.",
        )
    return draft({"first": "[first_]positions", "last": "last_positions", "count": "[count_each|occurrences|frequencies_in]", "known": "[known_places|shared_indices]", "dict": "[index_of_all|build_index|places]", "skip": "[missing_in_second|only_first|new_ones]", "total": "[index_sum|sum_of_places]",
                  "ranks": "[ranks|count_smaller|smaller_counts]", "before": "[before_known|until_any|prefix_without]"}[style], params, made[1], made[0], made[2], (made[3],), g=g)  # fmt: skip


@lesson
def merged(g: Random) -> Draft:
    """Two lists made into one by a rule."""
    kind = g.choice("LLW")
    source, a, b = two(g, kind)
    noun = "string" if kind == "W" else "number"
    inner = "s" if kind == "W" else "i"
    predicate, cond, tag = test(g, inner, "x")
    k, its, code = key(g, inner)
    kx = code.replace("$v", "x")
    j = g.randint(2, 3)
    style = g.choice(
        [
            "tested",
            "split",
            "keyed",
            "ends",
            "alternate",
            "unique",
            "chunks",
            "best",
            "larger",
            "rev",
            "sandwich",
            "by_parity",
        ]
    )
    table = {
        "tested": (
            f"a list of the {noun}s that {glue.plural(predicate)}, first those of @{a}, then those of @{b}",
            (
                f"return [x for x in {a} + {b} if {cond}]",
                f"result = []\nfor part in ({a}, {b}):\n    for x in part:\n        if {cond}:\n            result.append(x)\nreturn result",
            ),
            f"Append @{b} to @{a} and keep only the {noun}s that {glue.plural(predicate)}.",
            f"merge_{tag}",
        ),
        "split": (
            f"a list of the {noun}s in @{a} that {glue.plural(predicate)}, followed by the {noun}s in @{b} that do not",
            (
                f"return [x for x in {a} if {cond}] + [x for x in {b} if {glue.inverse(cond)}]",
                f"result = []\nfor x in {a}:\n    if {cond}:\n        result.append(x)\nfor x in {b}:\n    if {glue.inverse(cond)}:\n        result.append(x)\nreturn result",
            ),
            f"Take from @{a} every {noun} that {predicate}, and from @{b} every {noun} of which that is not true. Return the first ones followed by the second ones.",
            f"split_by_{tag}",
        ),
        "keyed": (
            f"all {noun}s of @{a} and @{b} in one list, sorted by their {its.removeprefix('its ')} (ties: those of @{a} first, otherwise in their order)",
            (
                f"return sorted({a} + {b}, key=lambda x: {kx})",
                f"result = list({a})\nresult.extend({b})\nresult.sort(key=lambda x: {kx})\nreturn result",
            ),
            f"Put the {noun}s of @{a} and then those of @{b} into one list. Sort it by {its.removeprefix('its ')}, in ascending order; equal ones keep their order.",
            f"merge_by_{k.tag}",
        ),
        "ends": (
            f"the first {j} elements of @{a} followed by the last {j} elements of @{b} (fewer where a list is shorter)",
            (
                f"return {a}[:{j}] + {b}[-{j}:]",
                f"result = list({a}[:{j}])\nresult.extend({b}[max(len({b}) - {j}, 0):])\nreturn result",
            ),
            f"Take at most {j} elements from the start of @{a} and at most {j} from the end of @{b}, and return them as one list.",
            "join_ends",
        ),
        "alternate": (
            f"a list that takes {j} elements from @{a} and then {j} from @{b} in turn, until both are used up (a list that has ended gives nothing more)",
            (
                f"result = []\nfor i in range(0, max(len({a}), len({b})), {j}):\n    result += {a}[i:i + {j}] + {b}[i:i + {j}]\nreturn result",
                f"result = []\ni = 0\nwhile i < len({a}) or i < len({b}):\n    result.extend({a}[i:i + {j}])\n    result.extend({b}[i:i + {j}])\n    i += {j}\nreturn result",
            ),
            f"Deal the elements into a new list: {j} from @{a}, {j} from @{b}, {j} from @{a} and so on. When one list has run out, the other goes on alone.",
            "deal_in_turn",
        ),
        "unique": (
            f"a list of all different {noun}s of @{a} and @{b} in order of first appearance, reading @{b} backwards after @{a}",
            (
                f"return list(dict.fromkeys({a} + {b}[::-1]))",
                f"result = []\nfor x in {a} + list(reversed({b})):\n    if x not in result:\n        result.append(x)\nreturn result",
            ),
            f"Read @{a} forwards and then @{b} backwards. Write down each {noun} the first time you see it. Return what you wrote.",
            "union_backwards",
        ),
        "chunks": (
            f"@{a} with the elements of @{b} inserted after its first {j} elements (at the end if it has fewer)",
            (f"return {a}[:{j}] + {b} + {a}[{j}:]", f"result = list({a})\nresult[{j}:{j}] = {b}\nreturn result"),
            f"Insert all of @{b} into @{a}, behind the first {j} elements of @{a}.",
            "insert_all",
        ),
        "best": (
            f"the one of the lists @{a} and @{b} that has more {noun}s that {predicate if False else glue.plural(predicate)}; @{a} if both have equally many",
            (
                f"def count(part):\n    return sum(1 for x in part if {cond})\n\nreturn {a} if count({a}) >= count({b}) else {b}",
                f"first_count = len([x for x in {a} if {cond}])\nsecond_count = len([x for x in {b} if {cond}])\nif second_count > first_count:\n    return {b}\nreturn {a}",
            ),
            f"Count in both lists the {noun}s that {glue.plural(predicate)}. Return the list with more of them, or @{a} in a tie.",
            f"richer_in_{tag}",
        ),
        "larger": (
            f"a list of the larger {noun} at each position of @{a} and @{b}, followed by the rest of the longer list",
            (
                f"shared = min(len({a}), len({b}))\nreturn [max(x, y) for x, y in zip({a}, {b})] + {a}[shared:] + {b}[shared:]",
                f"result = []\nfor i in range(max(len({a}), len({b}))):\n    if i >= len({a}):\n        result.append({b}[i])\n    elif i >= len({b}):\n        result.append({a}[i])\n    else:\n        result.append(max({a}[i], {b}[i]))\nreturn result",
            ),
            f"Lay @{a} and @{b} side by side. At each place the larger {noun} wins; where only one list has an element, that one is taken. Return the winners.",
            "upper_envelope",
        ),
        "rev": (
            f"@{a} reversed, followed by those elements of @{b} that do not occur in @{a}",
            (
                f"return {a}[::-1] + [x for x in {b} if x not in {a}]",
                f"result = list(reversed({a}))\nfor x in {b}:\n    if x not in {a}:\n        result.append(x)\nreturn result",
            ),
            f"Turn @{a} around and append every element of @{b} that @{a} does not contain.",
            "reverse_then_new",
        ),
        "sandwich": (
            f"a list with the elements of @{b} that {glue.plural(predicate)} in the middle: before them all of @{a}, after them @{a} backwards",
            (
                f"middle = [x for x in {b} if {cond}]\nreturn {a} + middle + {a}[::-1]",
                f"result = list({a})\nfor x in {b}:\n    if {cond}:\n        result.append(x)\nfor x in reversed({a}):\n    result.append(x)\nreturn result",
            ),
            f"Return a sandwich: @{a}, then the {noun}s of @{b} that {glue.plural(predicate)}, then @{a} in reverse order.",
            f"sandwich_{tag}",
        ),
        "by_parity": (
            f"a list of the elements of @{a} at even indices followed by the elements of @{b} at odd indices",
            (
                f"return {a}[::2] + {b}[1::2]",
                f"result = []\nfor i, x in enumerate({a}):\n    if i % 2 == 0:\n        result.append(x)\nfor i, x in enumerate({b}):\n    if i % 2 == 1:\n        result.append(x)\nreturn result",
            ),
            f"From @{a}, take what stands at indices 0, 2, 4 and so on; from @{b}, what stands at 1, 3, 5 and so on. Return it all as one list, @{a} first.",
            "even_odd_places",
        ),
    }
    said, bodies, telling, name = table[style]
    return draft(
        name.replace("_$k", ""),
        (argument(source, a), argument(source, b)),
        TYPES[kind],
        said,
        bodies,
        (telling,),
        imports=(k.imports if style == "keyed" else "",),
        g=g,
    )


@lesson
def all_pairs(g: Random) -> Draft:
    """Every element of one with every element of another."""
    a, b = g.choice(NAMES["L"]).split()
    same = g.random() < 0.3
    source = Source(
        "L",
        "list[int]",
        "a list of integers",
        "",
        lambda r: [r.randint(-4, 12) for _ in range(r.randint(0, 4 if not same else 6))],
    )
    word, form = g.choice(
        [
            ("sum", "x + y"),
            ("product", "x * y"),
            ("distance", "abs(x - y)"),
            ("difference (first minus second)", "x - y"),
            ("larger one", "max(x, y)"),
        ]
    )
    predicate, cond, tag = test(g, "i", "z")
    check = cond.replace("z", f"({form})" if not glue.is_atomic(form) else form) if "z" in cond else cond
    style = g.choice(["count", "list", "max", "values", "any"])
    if same:
        head = f"for i, x in enumerate({a}):\n    for y in {a}[i + 1:]:\n"
        gen = f"for i, x in enumerate({a}) for y in {a}[i + 1:]"
        who = f"pairs of elements at two different positions of @{a} (the earlier one first)"
        params: tuple[Param, ...] = (argument(source, a),)
    else:
        head = f"for x in {a}:\n    for y in {b}:\n"
        gen = f"for x in {a} for y in {b}"
        who = f"pairs of an element of @{a} and an element of @{b}"
        params = (argument(source, a), argument(source, b))
    short = word.split(" (")[0]
    if style == "count":
        made = (
            f"the number of {who} of which the {word} {predicate}",
            "int",
            (
                f"count = 0\n{head}        if {check}:\n            count += 1\nreturn count",
                f"return sum(1 {gen} if {check})",
            ),
            f"[Look at|Try] all {who}. Count those whose {word} {predicate}.",
        )
    elif style == "list":
        made = (
            f"a list of all {who}, as tuples, of which the {word} {predicate}",
            "list[tuple[int, int]]",
            (
                f"return [(x, y) {gen} if {check}]",
                f"result = []\n{head}        if {check}:\n            result.append((x, y))\nreturn result",
            ),
            f"[Form|Go through] all {who}, in the order of nested loops. Return those, as tuples, whose {word} {predicate}.",
        )
    elif style == "max":
        made = (
            f"the largest {word} among all {who}, or None if there are no pairs",
            "int | None",
            (
                f"return max(({form} {gen}), default=None)",
                f"best = None\n{head}        z = {form}\n        if best is None or z > best:\n            best = z\nreturn best",
            ),
            f"[Look at|Try] all {who}. Return the largest {word} that occurs; None if there is no pair at all.",
        )
    elif style == "values":
        made = (
            f"a sorted list of the different values that the {word} takes for all {who}",
            "list[int]",
            (
                f"return sorted({{{form} {gen}}})",
                f"found = []\n{head}        z = {form}\n        if z not in found:\n            found.append(z)\nfound.sort()\nreturn found",
            ),
            f"Compute the {word} for all {who}. Return the different results in ascending order.",
        )
    else:
        made = (
            f"True if the {word} {predicate} for at least one of all {who}",
            "bool",
            (f"return any({check} {gen})", f"{head}        if {check}:\n            return True\nreturn False"),
            f"[Check|Find out] whether there is, among all {who}, one whose {word} {predicate}.",
        )
    return draft(
        f"{ {'count': 'count_pairs', 'list': 'pairs', 'max': 'largest_pair', 'values': 'pair_values', 'any': 'has_pair'}[style] }_[|with_]{short.replace(' ', '_')}"
        + (f"_{tag}" if style in ("count", "list", "any") else ""),
        params,
        made[1],
        made[0],
        made[2],
        (made[3],),
        g=g,
    )


@lesson
def text_and_number(g: Random) -> Draft:
    """A string and a number that says how."""
    source = g.choice([s for s in SOURCES["s"] if "non-empty" in s.what or "word" in s.what])
    s, n = g.choice(["text", "s", "word", "line", "message"]), g.choice(["n", "k", "size", "step", "width"])
    c = g.choice("-*.#_+")
    q = repr(c)
    predicate, cond, tag = test(g, "c", "c")
    low = 1
    table = [
        ("wrap_index", f"the character of @{s} at index @{n}, counting on from the start again when the end is reached", (f"return {s}[{n} % len({s})]", f"while {n} >= len({s}):\n    {n} -= len({s})\nreturn {s}[{n}]"), "str", f"Count through the characters of @{s} from index 0 to index @{n}; after the last character, go on with the first. Return the character you arrive at."),
        ("turn_left", f"@{s} rotated by @{n} places to the left", (f"shift = {n} % len({s})\nreturn {s}[shift:] + {s}[:shift]", f"for _ in range({n}):\n    {s} = {s}[1:] + {s}[0]\nreturn {s}"), "str", f"Move the first character of @{s} to its end, @{n} times in all. Return the result."),
        ("spaced", f"@{s} with {q} after every @{n} characters, but not at the very end", (f"return {q}.join({s}[i:i + {n}] for i in range(0, len({s}), {n}))", f"result = ''\nfor i, c in enumerate({s}):\n    if i > 0 and i % {n} == 0:\n        result += {q}\n    result += c\nreturn result"), "str", f"Cut @{s} into pieces of @{n} characters (the last may be shorter) and join them with {q}."),
        ("loud_steps", f"@{s} with every character at an index that is a multiple of @{n} in uppercase and all others in lowercase", (f"return ''.join(c.upper() if i % {n} == 0 else c.lower() for i, c in enumerate({s}))", f"result = ''\nfor i, c in enumerate({s}):\n    if i % {n} == 0:\n        result += c.upper()\n    else:\n        result += c.lower()\nreturn result"), "str", f"Write the characters 0, @{n}, 2 * @{n} and so on of @{s} in uppercase and the rest in lowercase."),
        ("shortened", f"@{s} if it has at most @{n} characters, otherwise its first @{n} characters followed by '{c * 3}'", (f"if len({s}) <= {n}:\n    return {s}\nreturn {s}[:{n}] + '{c * 3}'", f"return {s} if len({s}) <= {n} else {s}[:{n}] + '{c * 3}'"), "str", f"A column holds @{n} characters. Return @{s} if it fits; if not, return its first @{n} characters and then '{c * 3}'."),
        ("framed", f"@{s} with @{n} times {q} in front of it and as many behind it", (f"return {q} * {n} + {s} + {q} * {n}", f"frame = {q} * {n}\nreturn f'{{frame}}{{{s}}}{{frame}}'"), "str", f"Put @{n} of the character {q} on each side of @{s}."),
        (f"first_{tag}", f"a string of the first @{n} characters of @{s} that {glue.plural(predicate)} (fewer if there are not so many)", (f"return ''.join(c for c in {s} if {cond})[:{n}]", f"result = ''\nfor c in {s}:\n    if len(result) < {n} and ({cond}):\n        result += c\nreturn result"), "str", f"Collect characters of @{s} that {glue.plural(predicate)}, from left to right, until you have @{n} of them or the string ends. Return them as one string."),
        ("stuttered", f"@{s} with its first @{n} characters written twice at the front", (f"return {s}[:{n}] + {s}", f"start = ''\nfor i in range(min({n}, len({s}))):\n    start += {s}[i]\nreturn start + {s}"), "str", f"Put a copy of the first @{n} characters of @{s} in front of it."),
        ("back_and_forth", f"@{s} with each piece of @{n} characters reversed (the last piece may be shorter)", (f"return ''.join({s}[i:i + {n}][::-1] for i in range(0, len({s}), {n}))", f"result = ''\ni = 0\nwhile i < len({s}):\n    piece = {s}[i:i + {n}]\n    result += piece[::-1]\n    i += {n}\nreturn result"), "str", f"Cut @{s} into pieces of @{n} characters, turn each piece around, and put them together again."),
        ("repeats", f"a list of the characters of @{s}, each once and in order of first appearance, that occur at least @{n} times", (f"return [c for c in dict.fromkeys({s}) if {s}.count(c) >= {n}]", f"result = []\nfor c in {s}:\n    if {s}.count(c) >= {n} and c not in result:\n        result.append(c)\nreturn result"), "list[str]", f"Which characters occur @{n} times or more in @{s}? List each once, in the order in which they first appear."),
        ("columns", f"a list of @{n} strings, where the characters of @{s} are dealt to the strings one after the other, again and again from the first", (f"return [{s}[i::{n}] for i in range({n})]", f"result = [''] * {n}\nfor i, c in enumerate({s}):\n    result[i % {n}] += c\nreturn result"), "list[str]", f"Deal the characters of @{s} like cards to @{n} players. Return the list of the strings that they hold."),
        ("ends", f"the first @{n} and the last @{n} characters of @{s} as one string, or @{s} itself if it has no more than twice @{n} characters", (f"if len({s}) <= 2 * {n}:\n    return {s}\nreturn {s}[:{n}] + {s}[-{n}:]", f"return {s} if len({s}) <= 2 * {n} else {s}[:{n}] + {s}[len({s}) - {n}:]"), "str", f"Remove the middle of @{s}, so that only @{n} characters at each end remain. If it is too short for that, return it unchanged."),
        ("dropped", f"@{s} without the characters at indices @{n}, 2 * @{n}, 3 * @{n} and so on", (f"return ''.join(c for i, c in enumerate({s}) if i == 0 or i % {n} != 0)", f"result = ''\nfor i in range(len({s})):\n    if i == 0 or i % {n}:\n        result += {s}[i]\nreturn result"), "str", f"Delete from @{s} every character whose index is a positive multiple of @{n}."),
        (f"count_within_{tag}", f"how many of the first @{n} characters of @{s} {glue.plural(predicate)}", (f"return sum(1 for c in {s}[:{n}] if {cond})", f"count = 0\nfor i, c in enumerate({s}):\n    if i == {n}:\n        break\n    if {cond}:\n        count += 1\nreturn count"), "int", f"Look only at the first @{n} characters of @{s} (all, if there are fewer). Count those that {glue.plural(predicate)}."),
        ("word_at", f"word number @{n} of @{s} (words are separated by spaces, counting starts at 1), or an empty string if there are fewer words", (f"words = {s}.split()\nreturn words[{n} - 1] if {n} <= len(words) else ''", f"for i, word_ in enumerate({s}.split(), 1):\n    if i == {n}:\n        return word_\nreturn ''"), "str", f"Split @{s} at spaces and return word number @{n}, where the first has number 1. Return an empty string if there is no such word."),
    ]  # fmt: skip
    name, said, bodies, returns, telling = g.choice(table)
    return draft(f"{name}[||_text]", (argument(source, s), number(n, low, 4)), returns, said, bodies, (telling,), g=g)


@lesson
def two_texts(g: Random) -> Draft:
    """Two strings."""
    source, a, b = two(g, "s")
    case = g.random() < 0.3
    fold = ", ignoring case" if case else ""
    low = ".lower()" if case else ""
    A, B = f"{a}{low}", f"{b}{low}"
    predicate, cond, tag = test(g, "c", "c")
    table = [
        ("shared", f"a string of the characters of @{a} that also occur in @{b}{fold}, in the order of @{a}", (f"return ''.join(c for c in {a} if c{low} in {B})", f"result = ''\nfor c in {a}:\n    if c{low} in {B}:\n        result += c\nreturn result"), "str", f"Go through @{a} and keep each character that @{b} contains too{fold}."),
        ("start", f"the length of the longest common beginning of @{a} and @{b}{fold}", (f"count = 0\nfor x, y in zip({A}, {B}):\n    if x != y:\n        break\n    count += 1\nreturn count", f"i = 0\nwhile i < min(len({a}), len({b})) and {a}[i]{low} == {b}[i]{low}:\n    i += 1\nreturn i"), "int", f"[Compare|Read] @{a} and @{b} from the left, character by character{fold}. Return how many characters agree before the first difference."),
        ("finish", f"the longest common ending of @{a} and @{b}, as it is written in @{a}{fold}", (f"i = 0\nwhile i < min(len({a}), len({b})) and {a}[-1 - i]{low} == {b}[-1 - i]{low}:\n    i += 1\nreturn {a}[len({a}) - i:]",), "str", f"Compare @{a} and @{b} from the right{fold}, and return the part of @{a} at its end that agrees."),
        ("differences", f"a list of the indices at which @{a} and @{b} have different characters{fold}, up to the length of the shorter one", (f"return [i for i, (x, y) in enumerate(zip({A}, {B})) if x != y]", f"result = []\nfor i in range(min(len({a}), len({b}))):\n    if {a}[i]{low} != {b}[i]{low}:\n        result.append(i)\nreturn result"), "list[int]", f"Lay @{a} over @{b}. At which indices do the characters differ{fold}? What sticks out on the longer one does not count."),
        (f"only_{tag}", f"a string of the characters of @{a} and then of @{b} that {glue.plural(predicate)}", (f"return ''.join(c for c in {a} + {b} if {cond})", f"result = ''\nfor part in ({a}, {b}):\n    for c in part:\n        if {cond}:\n            result += c\nreturn result"), "str", f"Write @{b} behind @{a} and keep only the characters that {glue.plural(predicate)}."),
        (f"more_{tag}", f"the one of the strings @{a} and @{b} with more characters that {glue.plural(predicate)}, or an empty string if both have equally many", (f"first_count = sum(1 for c in {a} if {cond})\nsecond_count = sum(1 for c in {b} if {cond})\nif first_count == second_count:\n    return ''\nreturn {a} if first_count > second_count else {b}",), "str", f"In @{a} and @{b}, count the characters that {glue.plural(predicate)}. Return the string with more of them; in a tie, return an empty string."),
        ("zipper", f"a string that takes characters from @{b} and @{a} in turn, starting with @{b}; the rest of the longer one follows at the end", (f"shared = min(len({a}), len({b}))\nreturn ''.join(y + x for x, y in zip({a}, {b})) + {a}[shared:] + {b}[shared:]", f"result = ''\nfor i in range(max(len({a}), len({b}))):\n    if i < len({b}):\n        result += {b}[i]\n    if i < len({a}):\n        result += {a}[i]\nreturn result"), "str", f"Close the zipper: one character of @{b}, one of @{a}, and so on. When one string ends, append what is left of the other."),
        ("codes", f"a list with, for each character of @{b}, how often it occurs in @{a}{fold}", (f"return [{A}.count(c) for c in {B}]", f"result = []\nfor c in {B}:\n    result.append({A}.count(c))\nreturn result"), "list[int]", f"For each character of @{b}, in order and with repetitions, count its occurrences in @{a}{fold}. Return the counts."),
        ("hidden", f"True if the characters of @{b} occur in @{a} in the same order, though not necessarily next to each other{fold}", (f"i = 0\nfor c in {A}:\n    if i < len({b}) and c == {b}[i]{low}:\n        i += 1\nreturn i == len({b})", f"rest = iter({A})\nreturn all(c in rest for c in {B})"), "bool", f"[Check|Find out] whether you can get @{b} from @{a} by only deleting characters{fold}."),
        ("masked", f"@{a} with every character replaced by '_' that does not occur in @{b}{fold}", (f"return ''.join(c if c{low} in {B} else '_' for c in {a})", f"result = ''\nfor c in {a}:\n    if c{low} in {B}:\n        result += c\n    else:\n        result += '_'\nreturn result"), "str", f"A player has guessed the letters in @{b}. Return @{a} with an underscore in place of every character that was not guessed{fold}."),
        ("distance", f"the number of positions at which @{a} and @{b} differ{fold}, plus the difference of their lengths", (f"return sum(x != y for x, y in zip({A}, {B})) + abs(len({a}) - len({b}))", f"count = 0\nfor i in range(max(len({a}), len({b}))):\n    if i >= len({a}) or i >= len({b}) or {a}[i]{low} != {b}[i]{low}:\n        count += 1\nreturn count"), "int", f"Compare @{a} and @{b} position by position{fold}. Count one for every place where they differ, and one for each character that the longer string has in excess."),
        ("every_once", f"a sorted list of the characters that occur in exactly one of @{a} and @{b}{fold}" + (" (in lowercase)" if case else ""), (f"return sorted(set({A}) ^ set({B}))", f"result = []\nfor c in set({A} + {B}):\n    if (c in {A}) != (c in {B}):\n        result.append(c)\nreturn sorted(result)"), "list[str]", f"Which characters occur in one of the strings @{a} and @{b}, but not in the other{fold}? Return them{' in lowercase,' if case else ''} as a sorted list."),
    ]  # fmt: skip
    name, said, bodies, returns, telling = g.choice(table)
    return draft(
        f"{name}_[|characters|of_both|in_texts]",
        (argument(source, a), argument(source, b)),
        returns,
        said,
        bodies,
        (telling,),
        g=g,
    )


@lesson
def equal_after(g: Random) -> Draft:
    """Whether two things are the same in some respect."""
    while True:
        kind = g.choice("ssLW")
        a, b = g.choice(NAMES[kind]).split()
        made = value(g, kind, kind, a)
        if (
            made is None
            or made.tag == "same"
            or len(made.text) > 110
            or made.tag
            in (
                "backwards",
                "rotated",
                "reversed",
                "mirrored",
                "running_totals",
                "numbered",
                "hyphenated",
                "rolled",
                "bracketed",
                "swapped_ends",
                "swapped_pairs",
            )
        ):
            continue
        second = sub_name(made.code, a, b)
        source = g.choice(SOURCES[kind])
        found = runs(made.code, a, [(s,) for s in many_samples(source)], (made.imports,))
        if found is None or len(set(found)) < 8:
            continue

        break
    text_b = made.text.replace(f"@{a}", f"@{b}")
    style = g.choice(["joined", "longer", "common", "joined"])
    if style == "joined":
        code = f"{made.code} + {second}" if glue.is_atomic(made.code) else f"({made.code}) + ({second})"
        said, returns = f"two things put together: {made.text}, and behind it {text_b}", TYPES[kind]
        bodies = (
            f"first_part = {made.code}\nsecond_part = {second}\nreturn first_part + second_part",
            f"return {code}" if len(code) < 95 else f"result = {made.code}\nresult += {second}\nreturn result",
        )
        telling = f"[Form|Take|Determine] {made.text}. Do the same with @{b}. Return both put together, what comes from @{a} first."
    elif style == "longer":
        said, returns = (
            f"the longer one of two things ({made.text}; {text_b}), the first one if they have the same length",
            TYPES[kind],
        )
        bodies = (
            f"first_part = {made.code}\nsecond_part = {second}\nreturn first_part if len(first_part) >= len(second_part) else second_part",
            f"first_part = {made.code}\nsecond_part = {second}\nif len(second_part) > len(first_part):\n    return second_part\nreturn first_part",
        )
        telling = f"[Form|Take|Determine] {made.text}, and the same for @{b}. Return the longer of the two results; if they are equally long, the one from @{a}."
    else:
        item = "characters" if kind == "s" else "elements"
        said, returns = (
            f"the number of different {item} that two things have in common: {made.text}, and {text_b}",
            "int",
        )
        bodies = (
            f"first_part = {made.code}\nsecond_part = {second}\nreturn len(set(first_part) & set(second_part))",
            f"first_part = {made.code}\nsecond_part = {second}\nreturn sum(1 for x in set(first_part) if x in second_part)",
        )
        telling = f"[Form|Take|Determine] {made.text}, and the same for @{b}. How many different {item} do the two results share?"
    return draft(
        f"{ {'joined': '[both|joined|combined]', 'longer': 'longer', 'common': 'shared'}[style] }_{made.tag}",
        (argument(source, a), argument(source, b)),
        returns,
        said,
        bodies,
        (telling,),
        imports=(made.imports,),
        g=g,
    )


@lesson
def bounds(g: Random) -> Draft:
    """A list and two limits."""
    source = g.choice(SOURCES["L"])
    xs = g.choice(["numbers", "values", "nums", "data"])
    low, high = g.choice([("low", "high"), ("start", "end"), ("a", "b"), ("minimum", "maximum"), ("lo", "hi")])
    by_index = g.random() < 0.4
    included = g.random() < 0.5
    sign = "<=" if included else "<"
    word = "both included" if included else "both excluded"
    cond = f"{low} {sign} x {sign} {high}"
    params = (
        argument(source, xs),
        number(low, 0, 8) if not by_index else number(low, 0, 3),
        number(high, 5, 25) if not by_index else number(high, 2, 7),
    )
    if by_index:
        stop = f"{high} + 1" if included else high
        part = f"{xs}[{low}:{stop}]"
        range_ = f"from index @{low} {'to' if included else 'up to, but not including,'} index @{high}"
        predicate, test_code, tag = test(g, "i", "x")
        name, said, bodies, returns, telling = g.choice([
            ("sum_slice", f"the sum of the elements of @{xs} {range_}", (f"return sum({part})", f"total = 0\nfor i, x in enumerate({xs}):\n    if {low} <= i {sign} {high}:\n        total += x\nreturn total"), "int", f"Add up what stands in @{xs} {range_}. Indices beyond the end are ignored."),
            ("turn_slice", f"@{xs} with the part {range_} reversed", (f"return {xs}[:{low}] + {part}[::-1] + {xs}[{stop}:]" if not included else f"stop = {high} + 1\nreturn {xs}[:{low}] + {xs}[{low}:stop][::-1] + {xs}[stop:]",), "list[int]", f"Reverse the part of @{xs} {range_} and leave the rest in place."),
            (f"count_slice_{tag}", f"how many of the elements of @{xs} {range_} {glue.plural(predicate)}", (f"return sum(1 for x in {part} if {test_code})", f"count = 0\nfor x in {part}:\n    if {test_code}:\n        count += 1\nreturn count"), "int", f"Look only at the elements of @{xs} {range_}. Count those that {glue.plural(predicate)}."),
            ("without_slice", f"@{xs} without the elements {range_}", (f"return [x for i, x in enumerate({xs}) if not {low} <= i {sign} {high}]", f"result = []\nfor i, x in enumerate({xs}):\n    if i < {low} or i {'>' if included else '>='} {high}:\n        result.append(x)\nreturn result"), "list[int]", f"Cut the elements {range_} out of @{xs} and return the rest."),
            ("best_in_slice", f"the largest element of @{xs} {range_}, or None if there are no elements there", (f"return max({part}, default=None)", f"best = None\nfor x in {part}:\n    if best is None or x > best:\n        best = x\nreturn best"), "int | None", f"Find the largest of the elements of @{xs} {range_}. If that part is empty, return None."),
        ])  # fmt: skip
        params = (
            params[0],
            params[1],
            Param(name=high, annotation="int", what="an integer not smaller than the one before", draw=integer(3, 7)),
        )
        return draft(
            name, params, returns, said, bodies, (telling,), (f"@{low} is never [larger|greater] than @{high}.",), g=g
        )
    name, said, bodies, returns, telling = g.choice([
        ("clamped", f"a list of the numbers in @{xs}, with those below @{low} raised to @{low} and those above @{high} lowered to @{high}", (f"return [min(max(x, {low}), {high}) for x in {xs}]", f"result = []\nfor x in {xs}:\n    if x < {low}:\n        result.append({low})\n    elif x > {high}:\n        result.append({high})\n    else:\n        result.append(x)\nreturn result"), "list[int]", f"Bring every number in @{xs} into the range from @{low} to @{high}: smaller ones become @{low}, larger ones become @{high}."),
        ("longest_inside", f"the length of the longest unbroken run of numbers in @{xs} that lie between @{low} and @{high}, {word}", (f"best = run = 0\nfor x in {xs}:\n    run = run + 1 if {cond} else 0\n    best = max(best, run)\nreturn best", f"best = 0\nrun = 0\nfor x in {xs}:\n    if {cond}:\n        run += 1\n        if run > best:\n            best = run\n    else:\n        run = 0\nreturn best"), "int", f"A sensor is fine while its values lie between @{low} and @{high}, {word}. Return how many values in a row in @{xs} were fine, in the longest such stretch."),
        ("three_counts", f"a tuple with how many numbers in @{xs} are below @{low}, how many lie from @{low} to @{high}, and how many are above @{high}", (f"below = sum(x < {low} for x in {xs})\nabove = sum(x > {high} for x in {xs})\nreturn (below, len({xs}) - below - above, above)", f"below = inside = above = 0\nfor x in {xs}:\n    if x < {low}:\n        below += 1\n    elif x > {high}:\n        above += 1\n    else:\n        inside += 1\nreturn (below, inside, above)"), "tuple[int, int, int]", f"Count three groups of numbers in @{xs}: below @{low}, from @{low} to @{high} (both included), and above @{high}. Return the three counts as a tuple."),
        ("outside_total", f"the sum of the numbers in @{xs} that do not lie between @{low} and @{high}, {word}", (f"return sum(x for x in {xs} if not {cond})", f"total = 0\nfor x in {xs}:\n    if {cond}:\n        continue\n    total += x\nreturn total"), "int", f"Add up the numbers in @{xs}, but leave out all that lie between @{low} and @{high}, {word}."),
        ("overshoot", f"the total by which the numbers in @{xs} miss the range from @{low} to @{high}: how far each lies below @{low} or above @{high}", (f"return sum(max({low} - x, 0) + max(x - {high}, 0) for x in {xs})", f"total = 0\nfor x in {xs}:\n    if x < {low}:\n        total += {low} - x\n    elif x > {high}:\n        total += x - {high}\nreturn total"), "int", f"Numbers from @{low} to @{high} are free. Each other number in @{xs} costs its distance to the nearer limit. Return the total cost."),
        ("first_and_last", f"a tuple of the first and the last index of @{xs} whose number lies between @{low} and @{high}, {word}; (-1, -1) if there is none", (f"found = [i for i, x in enumerate({xs}) if {cond}]\nreturn (found[0], found[-1]) if found else (-1, -1)", f"first = last = -1\nfor i, x in enumerate({xs}):\n    if {cond}:\n        if first == -1:\n            first = i\n        last = i\nreturn (first, last)"), "tuple[int, int]", f"Where does @{xs} first, and where last, hold a number between @{low} and @{high}, {word}? Return the two indices as a tuple, or (-1, -1)."),
        ("missing_inside", f"a list of the integers from @{low} to @{high} (both included) that do not occur in @{xs}, in ascending order", (f"return [n for n in range({low}, {high} + 1) if n not in {xs}]", f"seen = set({xs})\nresult = []\nn = {low}\nwhile n <= {high}:\n    if n not in seen:\n        result.append(n)\n    n += 1\nreturn result"), "list[int]", f"The numbers from @{low} to @{high} should all be there. Return, in ascending order, those that @{xs} lacks."),
    ])  # fmt: skip
    return draft(f"{name}[|_between|_in_range]", params, returns, said, bodies, (telling,), g=g)


@lesson
def table_and_list(g: Random) -> Draft:
    """A dictionary and a list of keys, or two dictionaries."""
    pool = "tea milk bread rice salt eggs corn".split()
    d, k = g.choice(
        [("prices", "basket"), ("scores", "names"), ("table", "keys"), ("stock", "order"), ("weights", "items")]
    )
    default = g.choice([0, 0, 1, 5])
    table_param = Param(
        name=d,
        annotation="dict[str, int]",
        what="a dictionary that maps names to integers",
        draw=lambda r: {w: r.randint(-2, 20) for w in r.sample(pool, r.randint(1, 5))},
    )
    list_param = Param(
        name=k,
        annotation="list[str]",
        what="a list of names",
        draw=lambda r: [r.choice(pool) for _ in range(r.randint(0, 5))],
    )
    other = Param(
        name=k,
        annotation="dict[str, int]",
        what="a second dictionary of the same form",
        draw=lambda r: {w: r.randint(-2, 20) for w in r.sample(pool, r.randint(1, 5))},
    )
    predicate, cond, tag = test(g, "i", "v")
    word, code = g.choice(
        [
            ("sum of both values", "{x} + {y}"),
            ("larger value", "max({x}, {y})"),
            ("smaller value", "min({x}, {y})"),
            ("product of both values", "{x} * {y}"),
            (f"value in @{d} minus the one in @{k}", "{x} - {y}"),
        ]
    )
    missing = f"{default} for names that @{d} does not know" if default else f"0 for names that @{d} does not contain"
    name, said, bodies, returns, telling, two_tables = g.choice([
        ("total", f"the sum of the values in @{d} of all names in @{k} (repeated names count each time), with {missing}", (f"return sum({d}.get(key, {default}) for key in {k})", f"total = 0\nfor key in {k}:\n    if key in {d}:\n        total += {d}[key]\n" + (f"    else:\n        total += {default}\n" if default else "") + "return total"), "int", f"Look up each name of @{k} in @{d} and add up the values. Count {missing}.", False),
        ("unknown", f"a list of the names in @{k} that are not keys of @{d}, each once and in order of first appearance", (f"return [key for key in dict.fromkeys({k}) if key not in {d}]", f"result = []\nfor key in {k}:\n    if key not in {d} and key not in result:\n        result.append(key)\nreturn result"), "list[str]", f"Which names in @{k} does @{d} not know? List each of them once, in the order in which they come up.", False),
        ("part", f"a dictionary with those entries of @{d} whose key occurs in @{k}, in the order of @{d}", (f"return {{key: v for key, v in {d}.items() if key in {k}}}", f"result = {{}}\nfor key in {d}:\n    if key in {k}:\n        result[key] = {d}[key]\nreturn result"), "dict[str, int]", f"Reduce @{d} to the names listed in @{k}.", False),
        ("rest", f"a dictionary with the entries of @{d} whose key is not in @{k} and whose value {predicate}", (f"return {{key: v for key, v in {d}.items() if key not in {k} and ({cond})}}", f"result = {{}}\nfor key, v in {d}.items():\n    if key in {k}:\n        continue\n    if {cond}:\n        result[key] = v\nreturn result"), "dict[str, int]", f"From @{d}, remove the names in @{k} and also every entry of which it is not true that the value {predicate}.", False),
        (f"count_{tag}", f"how many names in @{k} have a value in @{d} that {predicate} (unknown names do not count)", (f"return sum(1 for v in ({d}[key] for key in {k} if key in {d}) if {cond})", f"count = 0\nfor key in {k}:\n    if key in {d}:\n        v = {d}[key]\n        if {cond}:\n            count += 1\nreturn count"), "int", f"Look up the names of @{k} in @{d}, skipping unknown ones. Count the values that {predicate if False else glue.plural(predicate)}, once for each time a name is listed.", False),
        ("taken", f"a copy of @{d} in which the value of a name is reduced by 1 for every time it occurs in @{k} (names that are not in @{d} are ignored)", (f"return {{key: v - {k}.count(key) for key, v in {d}.items()}}", f"result = dict({d})\nfor key in {k}:\n    if key in result:\n        result[key] -= 1\nreturn result"), "dict[str, int]", f"Each name in @{k} takes away one piece from @{d}. Unknown names change nothing. Return the new stock; @{d} itself stays as it is.", False),
        ("best", f"the name in @{k} with the largest value in @{d}, the first such one in a tie; None if no name in @{k} is a key of @{d}", (f"known = [key for key in {k} if key in {d}]\nreturn max(known, key={d}.get, default=None)", f"best = None\nfor key in {k}:\n    if key in {d} and (best is None or {d}[key] > {d}[best]):\n        best = key\nreturn best"), "str | None", f"Among the names in @{k} that @{d} knows, find the one with the largest value (the earlier one in a tie). Return None if @{d} knows none of them.", False),
        ("united", f"a dictionary with all keys of @{d} and @{k} (first those of @{d}, then the new ones of @{k}); a key that is in both gets the {word}", (f"result = dict({d})\nfor key, v in {k}.items():\n    result[key] = {code.format(x='result[key]', y='v')} if key in result else v\nreturn result", f"result = {{}}\nfor key in list({d}) + list({k}):\n    if key in {d} and key in {k}:\n        result[key] = {code.format(x=f'{d}[key]', y=f'{k}[key]')}\n    elif key in {d}:\n        result[key] = {d}[key]\n    else:\n        result[key] = {k}[key]\nreturn result"), "dict[str, int]", f"Merge the dictionaries @{d} and @{k}. Where a key is in both, the merged value is the {word}. The order: keys of @{d}, then keys that only @{k} has.", True),
        ("common", f"a dictionary with the keys that are in both @{d} and @{k}, in the order of @{d}, each with the {word}", (f"return {{key: {code.format(x=f'{d}[key]', y=f'{k}[key]')} for key in {d} if key in {k}}}", f"result = {{}}\nfor key, v in {d}.items():\n    if key in {k}:\n        result[key] = {code.format(x='v', y=f'{k}[key]')}\nreturn result"), "dict[str, int]", f"Take the keys that @{d} and @{k} share and give each the {word}.", True),
        ("changed", f"a sorted list of the keys that are in both @{d} and @{k} but with different values", (f"return sorted(key for key in {d} if key in {k} and {d}[key] != {k}[key])", f"result = []\nfor key in sorted({d}):\n    if key in {k} and {k}[key] != {d}[key]:\n        result.append(key)\nreturn result"), "list[str]", f"Compare an old table @{d} with a new one, @{k}: which keys of both tables have changed their value? Sort them.", True),
        ("cost", f"the sum, over the keys that are in both @{d} and @{k}, of the {word}", (f"return sum({code.format(x=f'{d}[key]', y=f'{k}[key]')} for key in {d} if key in {k})", f"total = 0\nfor key in {d}:\n    if key in {k}:\n        total += {code.format(x=f'{d}[key]', y=f'{k}[key]')}\nreturn total"), "int", f"For each key that occurs in @{d} and in @{k}, take the {word}. Add all of these up.", True),
    ])  # fmt: skip
    return draft(
        f"{name}_[|from_table|of_table|lookup|in_{d}]",
        (table_param, other if two_tables else list_param),
        returns,
        said,
        bodies,
        (telling,),
        g=g,
    )


@lesson
def list_and_number(g: Random) -> Draft:
    """A list changed or read with a number."""
    source = g.choice(SOURCES["L"][1:])
    xs, k = g.choice(["numbers", "values", "nums", "xs"]), g.choice(["k", "n", "step", "size"])
    predicate, cond, tag = test(g, "i", "x")
    key_, its, kcode = key(g, "i")
    kx = kcode.replace("$v", "x")
    noun = its.removeprefix("its ")
    name, said, bodies, telling, returns = g.choice([
        (f"add_if_{tag}", f"@{xs} with @{k} added to every number that {predicate}", (f"return [x + {k} if {cond} else x for x in {xs}]", f"result = []\nfor x in {xs}:\n    if {cond}:\n        x += {k}\n    result.append(x)\nreturn result"), f"Add @{k} to each number in @{xs} that {predicate}; the others stay.", "list[int]"),
        (f"times_if_{tag}", f"@{xs} with every number that {predicate} multiplied by @{k}", (f"return [x * {k} if {cond} else x for x in {xs}]", f"result = list({xs})\nfor i, x in enumerate(result):\n    if {cond}:\n        result[i] = x * {k}\nreturn result"), f"Multiply the numbers in @{xs} that {glue.plural(predicate)} by @{k} and leave the rest alone.", "list[int]"),
        (f"nth_{tag}", f"among the numbers in @{xs} that {glue.plural(predicate)}, number @{k} in order (counting from 1), or None if there are fewer", (f"found = [x for x in {xs} if {cond}]\nreturn found[{k} - 1] if len(found) >= {k} else None", f"count = 0\nfor x in {xs}:\n    if {cond}:\n        count += 1\n        if count == {k}:\n            return x\nreturn None"), f"Go through @{xs} and count the numbers that {glue.plural(predicate)}. Return the one with which the count reaches @{k}, or None if it never does.", "int | None"),
        (f"first_few_{tag}", f"a list of the first @{k} numbers in @{xs} that {glue.plural(predicate)} (fewer if there are not so many)", (f"return [x for x in {xs} if {cond}][:{k}]", f"result = []\nfor x in {xs}:\n    if len(result) == {k}:\n        break\n    if {cond}:\n        result.append(x)\nreturn result"), f"Collect numbers from @{xs} that {glue.plural(predicate)}, but stop when you have @{k} of them.", "list[int]"),
        (f"top_{key_.tag}", f"the @{k} numbers in @{xs} with the largest {noun}, largest first (ties in their original order; all numbers if there are not so many)", (f"return sorted({xs}, key=lambda x: {kx}, reverse=True)[:{k}]", f"ordered = list({xs})\nordered.sort(key=lambda x: {kx}, reverse=True)\nreturn ordered[:{k}]"), f"Rank the numbers in @{xs} by their {noun}, from high to low, and return the first @{k} of the ranking. Equal ones keep their order.", "list[int]"),
        (f"windows_{tag}", f"the number of places in @{xs} where @{k} numbers in a row all satisfy this: the number {predicate}", (f"return sum(1 for i in range(len({xs}) - {k} + 1) if all({cond} for x in {xs}[i:i + {k}]))", f"count = 0\nrun = 0\nfor x in {xs}:\n    if {cond}:\n        run += 1\n    else:\n        run = 0\n    if run >= {k}:\n        count += 1\nreturn count"), f"A window of @{k} neighbours slides over @{xs}. Count the positions at which each number in the window {predicate}.", "int"),
        ("gap_steps", f"a list of the differences between each element of @{xs} and the one @{k} places before it (later minus earlier)", (f"return [{xs}[i] - {xs}[i - {k}] for i in range({k}, len({xs}))]", f"return [y - x for x, y in zip({xs}, {xs}[{k}:])]", f"result = []\nfor i in range(len({xs}) - {k}):\n    result.append({xs}[i + {k}] - {xs}[i])\nreturn result"), f"Compare each number in @{xs} with the one that stands @{k} places earlier. Return the list of the differences, later minus earlier.", "list[int]"),
        ("window_sums", f"the largest sum of a stretch of @{k} neighbouring elements of @{xs}, where a stretch that would reach beyond the end is cut off there", (f"return max(sum({xs}[i:i + {k}]) for i in range(len({xs})))", f"best = None\nfor i in range(len({xs})):\n    total = sum({xs}[i:i + {k}])\n    if best is None or total > best:\n        best = total\nreturn best"), f"From each position of @{xs}, add up the element there and those after it, @{k} elements in all (fewer near the end). Return the largest of these sums.", "int"),
        ("deal", f"a list of @{k} sums: the elements of @{xs} are dealt in turn to @{k} players, and each one's sum is given", (f"return [sum({xs}[i::{k}]) for i in range({k})]", f"totals = [0] * {k}\nfor i, x in enumerate({xs}):\n    totals[i % {k}] += x\nreturn totals"), f"Deal the numbers in @{xs} one by one to @{k} players, beginning again with the first after the last. Return the list of the sums that they get.", "list[int]"),
        ("digits_shared", f"a list of the numbers in @{xs} whose last digit (of the absolute value) is at least @{k}", (f"return [x for x in {xs} if abs(x) % 10 >= {k}]", f"result = []\nfor x in {xs}:\n    if abs(x) % 10 >= {k}:\n        result.append(x)\nreturn result"), f"Keep only those numbers of @{xs} whose last digit, ignoring the sign, is @{k} or more.", "list[int]"),
        ("bins", f"a dictionary that maps each quotient x // @{k} to the number of elements x of @{xs} that have it", (f"counts = {{}}\nfor x in {xs}:\n    counts[x // {k}] = counts.get(x // {k}, 0) + 1\nreturn counts", f"bins = [x // {k} for x in {xs}]\nreturn {{b: bins.count(b) for b in bins}}"), f"Sort the numbers in @{xs} into bins of width @{k}: a number x falls into bin x // @{k}. Return a dictionary from each used bin to how many numbers are in it.", "dict[int, int]"),
        ("closest", f"the number in @{xs} that is closest to @{k}; the first one if several are equally close", (f"return min({xs}, key=lambda x: abs(x - {k}))", f"best = {xs}[0]\nfor x in {xs}:\n    if abs(x - {k}) < abs(best - {k}):\n        best = x\nreturn best"), f"Find in @{xs} the number with the smallest distance to @{k}. In a tie, take the one that comes first.", "int"),
    ])  # fmt: skip
    return draft(
        name.replace("_$k", ""),
        (argument(source, xs), number(k, 1, 4)),
        returns,
        said,
        bodies,
        (telling,),
        imports=(key_.imports if name.startswith("top_") else "",),
        g=g,
    )


@lesson
def three_numbers(g: Random) -> Draft:
    """Three numbers."""
    a, b, c = g.choice([("a", "b", "c"), ("x", "y", "z"), ("first", "second", "third"), ("p", "q", "r")])
    source = g.choice(
        [
            SOURCES["i"][0],
            Source("i", "int", "an integer", "", integer(-5, 12)),
            Source("i", "int", "a positive integer", "", integer(1, 30)),
        ]
    )
    k, its, code = key(g, "i")
    predicate, cond, tag = test(g, "i", "v")
    every = f"({a}, {b}, {c})"
    kv = code.replace("$v", "v")
    noun = its.removeprefix("its ")
    name, said, bodies, telling, returns = g.choice([
        (f"sum_if_{tag}", f"the sum of those of the numbers @{a}, @{b} and @{c} that {glue.plural(predicate)}", (f"return sum(v for v in {every} if {cond})", f"total = 0\nfor v in {every}:\n    if {cond}:\n        total += v\nreturn total"), f"Add up those of @{a}, @{b} and @{c} that {glue.plural(predicate)}; the sum of none is 0.", "int"),
        (f"how_many_{tag}", f"how many of the numbers @{a}, @{b} and @{c} {glue.plural(predicate)}", (f"return sum(1 for v in {every} if {cond})", f"count = 0\nfor v in {every}:\n    if {cond}:\n        count += 1\nreturn count"), f"Test @{a}, @{b} and @{c}. Return how many of the three {glue.plural(predicate)}.", "int"),
        (f"total_{k.tag}", f"the {noun} of @{a}, of @{b} and of @{c}, added up", (f"return sum({kv} for v in {every})", f"total = 0\nfor v in {every}:\n    total += {kv}\nreturn total"), f"Work out the {noun} of each of the three numbers @{a}, @{b} and @{c}. Return the sum of the results.", "int"),
        (f"by_{k.tag}", f"a list of the numbers @{a}, @{b} and @{c}, sorted by their {noun} (in ties the given order is kept)", (f"return sorted([{a}, {b}, {c}], key=lambda v: {kv})", f"result = [{a}, {b}, {c}]\nresult.sort(key=lambda v: {kv})\nreturn result"), f"Put the three numbers @{a}, @{b} and @{c} into a list with ascending {noun}. Equal ones stay in the given order.", "list[int]"),
        ("middle_gap", f"the difference between the middle one of @{a}, @{b}, @{c} (by size) and the smallest one", (f"low, mid, high = sorted({every})\nreturn mid - low", f"ordered = sorted([{a}, {b}, {c}])\nreturn ordered[1] - ordered[0]"), f"Order @{a}, @{b} and @{c} by size. Return how far the middle number is from the smallest.", "int"),
        ("two_best", f"the product of the two largest of the numbers @{a}, @{b} and @{c}", (f"low, mid, high = sorted({every})\nreturn mid * high",), f"Leave out the smallest of the numbers @{a}, @{b} and @{c} (only one, if there are several) and multiply the other two.", "int"),
        ("equal_ones", f"how many of the three numbers @{a}, @{b} and @{c} are equal to at least one of the other two (0, 2 or 3)", (f"return sum(1 for v in {every} if {every}.count(v) > 1)", f"different = len({{{a}, {b}, {c}}})\nif different == 3:\n    return 0\nif different == 2:\n    return 2\nreturn 3"), f"Among @{a}, @{b} and @{c}, count the numbers that have an equal partner. The answer is 0, 2 or 3.", "int"),
        ("shape", f"'rising' if @{a}, @{b} and @{c} are in strictly ascending order, 'falling' if they are in strictly descending order, and 'mixed' otherwise", (f"if {a} < {b} < {c}:\n    return 'rising'\nif {a} > {b} > {c}:\n    return 'falling'\nreturn 'mixed'", f"if {a} < {b} and {b} < {c}:\n    return 'rising'\nelif {a} > {b} and {b} > {c}:\n    return 'falling'\nelse:\n    return 'mixed'"), f"Look at the order of @{a}, @{b} and @{c}: return 'rising' if each is larger than the one before, 'falling' if each is smaller, 'mixed' in every other case.", "str"),
        ("between", f"True if @{a} lies strictly between @{b} and @{c}, whichever of these two is the larger", (f"return min({b}, {c}) < {a} < max({b}, {c})", f"if {b} > {c}:\n    {b}, {c} = {c}, {b}\nreturn {b} < {a} and {a} < {c}"), f"@{b} and @{c} are the ends of a stretch, in either order. Return whether @{a} lies inside it; the ends themselves do not count.", "bool"),
        ("closer", f"the one of @{b} and @{c} that is closer to @{a}; the smaller of them if both are equally close", (f"if abs({b} - {a}) < abs({c} - {a}):\n    return {b}\nif abs({c} - {a}) < abs({b} - {a}):\n    return {c}\nreturn min({b}, {c})", f"return min(sorted([{b}, {c}]), key=lambda v: abs(v - {a}))"), f"Which of @{b} and @{c} has the smaller distance to @{a}? Return it. If there is no difference, return the smaller of the two.", "int"),
    ])  # fmt: skip
    return draft(
        name.replace("_$k", ""),
        tuple(argument(source, n) for n in (a, b, c)),
        returns,
        said,
        bodies,
        (telling,),
        imports=(k.imports if k.tag and k.tag in name else "",),
        g=g,
    )


def _steered(kinds: str, length: int) -> None:
    def maker(g: Random) -> Draft:
        return chains.chain(g, lesson.topic, length, g.choice(SOURCES[g.choice(kinds)]), share=1.0)

    maker.__name__ = f"steered_{kinds}_{length}"
    lesson(maker)


for _kinds in ("L", "W", "s", "iDM"):
    for _length in (1, 2):
        _steered(_kinds, _length)
_steered("LWs", 3)


def _joined_chains(kinds: str) -> None:
    """An operation on each of two arguments of different kinds, put together."""

    def maker(g: Random) -> Draft:
        while True:
            kind, other = g.sample(kinds, 2)
            out = g.choice("isL")
            sa, sb = (
                g.choice([s for s in SOURCES[k] if k in "ip" or "non-empty" in s.what or s.what == "a word"])
                for k in (kind, other)
            )
            a, b = g.choice(sa.names.split()), g.choice(sb.names.split())
            if a == b:
                continue
            one, two_ = value(g, kind, out, a), value(g, other, out, b)
            if one is None or two_ is None or len(one.text) + len(two_.text) > 170 or "same" in (one.tag, two_.tag):
                continue
            if _clash(two_.code, a) or _clash(one.code, b):
                continue
            fa, fb = (
                runs(v.code, n, [(s,) for s in many_samples(src)], (v.imports,))
                for v, n, src in ((one, a, sa), (two_, b, sb))
            )
            if fa is None or fb is None or min(len(set(fa)), len(set(fb))) < 4:
                continue
            break
        how = g.choice(
            {
                "i": ["sum", "difference", "compare", "list"],
                "s": ["joined", "hyphen", "longer"],
                "L": ["joined", "common", "longer"],
            }[out]
        )
        code, said, ask, returns = {
            "sum": ("first_part + second_part", "the sum of two numbers", "Return their sum.", "int"), "difference": ("first_part - second_part", "the first of two numbers minus the second", "Return the first of these numbers minus the second.", "int"),
            "compare": ("first_part > second_part", "True if the first of two numbers is greater than the second", "Return True if the first of these numbers is greater than the second, else False.", "bool"), "list": ("[first_part, second_part]", "a list of two numbers", "Return both numbers in a list.", "list[int]"),
            "hyphen": ("first_part + '-' + second_part", "two strings joined by a hyphen", "Return both strings, joined by a hyphen.", "str"), "longer": ("first_part if len(first_part) >= len(second_part) else second_part", "the longer of two things (the first in a tie)", "Return the longer of the two (the first if they are equally long).", TYPES[out]),
            "joined": ("first_part + second_part", "two things put together one after the other", "Return the first followed by the second, put together.", TYPES[out]), "common": ("[x for x in first_part if x in second_part]", "a list of the elements of the first of two lists that also occur in the second", "Return a list of the elements of the first that also occur in the second.", TYPES[out]),
        }[how]  # fmt: skip
        result = f"{said}: {one.text}, and {two_.text}"
        body = f"first_part = {one.code}\nsecond_part = {two_.code}\nreturn {code}"
        bodies = [body]
        if (
            how in ("sum", "joined", "hyphen")
            and len(one.code) + len(two_.code) < 80
            and " if " not in one.code + two_.code
        ):
            bodies.append("return " + code.replace("first_part", one.code).replace("second_part", two_.code))
        held = g.choice(["result", "answer", "out"])
        if how in ("sum", "joined") and held not in (a, b):
            bodies.append(
                f"{held} = {one.code}\n{held} = {held} + {two_.code}\nreturn {held}"
                if glue.is_atomic(two_.code)
                else body
            )
        tellings = (
            f"[Determine|Work out|Take] {one.text}. [From @{b}, take|Then determine|Also work out] {two_.text}. {ask}".replace(
                f"From @{b}, take", "Then take"
            ),
        )
        return draft(
            names(g, one.tag, g.choice(["and", "with", "plus"]), two_.tag),
            (argument(sa, a), argument(sb, b)),
            returns,
            result,
            tuple(bodies),
            tellings,
            imports=(one.imports, two_.imports),
            g=g,
        )

    maker.__name__ = f"joined_{kinds}"
    lesson(maker)


def _clash(code: str, name: str) -> bool:
    return re.search(rf"\b{name}\b", code) is not None


for _kinds in ("isL", "LWs", "isLWDMp"):
    _joined_chains(_kinds)
