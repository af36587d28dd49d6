"""Tuples: pairs, zips, numbering, unpacking, points and vectors, intervals, several results at once."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from gemstead.train.curriculum import draft as d
from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.lessons import Lessons
from gemstead.train.curriculum.phrases import number_test, word_test


def _interval(r: Random) -> tuple[int, int]:
    a = r.randint(0, 12)
    return (a, a + r.randint(0, 8))


def _spans(r: Random) -> object:
    return [_interval(r) for _ in range(r.randint(0, 5))]


def _pairs(r: Random) -> object:
    return [(r.randint(0, 9), r.randint(0, 9)) for _ in range(r.randint(0, 6))]


def _goods(r: Random) -> object:
    return [(d.draw_word(r), r.randint(1, 9), r.randint(1, 20)) for _ in range(r.randint(0, 3))]


def _edges(r: Random) -> object:
    return [tuple(r.sample("ABCD", 2)) for _ in range(r.randint(0, 5))]


def _dominoes(r: Random) -> object:
    ends = [r.randint(0, 6) for _ in range(r.randint(1, 6))]
    stones = list(pairwise(ends))
    if stones and r.random() < 0.5:
        stones[r.randrange(len(stones))] = (r.randint(0, 6), r.randint(0, 6))
    return stones


def _date(r: Random) -> tuple[int, int, int]:
    return (r.randint(2021, 2023), r.randint(1, 12), r.randint(1, 28))


lesson = Lessons("tuples", kinds={
    "span": ("tuple[int, int]", "an interval (start, end)", _interval),
    "spans": ("list[tuple[int, int]]", "a list of intervals (start, end)", _spans),
    "spans1": ("list[tuple[int, int]]", "a non-empty list of intervals (start, end)", lambda r: [_interval(r) for _ in range(r.randint(1, 5))]),
    "pairs": ("list[tuple[int, int]]", "a list of pairs of integers", _pairs),
    "tagged": ("list[tuple[str, int]]", "a list of (word, number) tuples", lambda r: [(d.draw_word(r), r.randint(-3, 12)) for _ in range(r.randint(0, 4))]),
    "goods": ("list[tuple[str, int, int]]", "a list of (article, amount, price) tuples", _goods),
    "vec": ("tuple[int, int, int]", "a vector with three components", lambda r: tuple(r.randint(-6, 9) for _ in range(3))),
    "tup": ("tuple[int, ...]", "a tuple of integers", lambda r: tuple(r.randint(-9, 20) for _ in range(r.randint(0, 7)))),
    "tup2": ("tuple[int, ...]", "a tuple of at least two integers", lambda r: tuple(r.randint(-9, 20) for _ in range(r.randint(2, 6)))),
    "tup1": ("tuple[int, ...]", "a non-empty tuple of integers", lambda r: tuple(r.randint(-9, 20) for _ in range(r.randint(1, 6)))),
    "few": ("list[int]", "a list of non-negative integers", lambda r: [r.randint(0, 9) for _ in range(r.randint(0, 8))]),
    "xy": ("tuple[int, int]", "a point (x, y)", lambda r: (r.randint(-4, 5), r.randint(-4, 5))),
    "path": ("list[tuple[int, int]]", "a non-empty list of points (x, y)", lambda r: [(r.randint(-3, 4), r.randint(-3, 4)) for _ in range(r.randint(1, 5))]),
    "rect": ("tuple[int, int, int, int]", "a rectangle (x, y, width, height)", lambda r: (r.randint(1, 3), r.randint(1, 3), r.randint(1, 2), r.randint(1, 2)) if r.random() < 0.5 else (r.randint(0, 2), r.randint(0, 2), r.randint(2, 4), r.randint(2, 4))),
    "date": ("tuple[int, int, int]", "a date (year, month, day)", _date),
    "dates": ("list[tuple[int, int, int]]", "a list of dates (year, month, day)", lambda r: [_date(r) for _ in range(r.randint(0, 4))]),
    "time": ("tuple[int, int]", "a time (hours, minutes)", lambda r: (r.randint(0, 23), r.randint(0, 59))),
    "nat": ("int", "a non-negative integer", d.integer(0, 14)),
    "secs": ("int", "a number of seconds", d.integer(0, 9000)),
    "mins": ("int", "a number of minutes", d.integer(0, 1500)),
    "edges": ("list[tuple[str, str]]", "a list of connections, pairs of letters,", _edges),
    "dominoes": ("list[tuple[int, int]]", "a list of domino stones (left, right)", _dominoes),
    "runs": ("list[tuple[str, int]]", "a list of (character, times) tuples", lambda r: [(r.choice("abcx*-"), r.randint(0, 4)) for _ in range(r.randint(0, 5))]),
    "cuts": ("list[tuple[int, int]]", "a list of (start, stop) tuples", lambda r: [(a := r.randint(0, 5), a + r.randint(0, 4)) for _ in range(r.randint(0, 4))]),
    "poly": ("list[tuple[int, int]]", "a polynomial, given as a list of (coefficient, exponent) tuples,", lambda r: [(r.choice([-3, -2, -1, 1, 2, 3, 4]), e) for e in r.sample(range(5), r.randint(0, 4))]),
    "letter": ("str", "a letter", lambda r: r.choice("ABCD")),
    "board": ("list[list[int]]", "a grid, given as a list of rows,", lambda r: [[r.randint(0, 3) for _ in range(c)] for c in [r.randint(1, 4)] for _ in range(r.randint(1, 4))]),
    "frac": ("tuple[int, int]", "a fraction (numerator, denominator)", lambda r: (r.randint(-6, 9), r.randint(1, 9))),
    "rgb": ("tuple[int, int, int]", "a colour (red, green, blue)", lambda r: tuple(r.choice([0, 255, r.randint(0, 255)]) for _ in range(3))),
    "cards": ("list[tuple[str, int]]", "a list of cards (suit, value)", lambda r: [(r.choice(["hearts", "spades", "clubs"]), r.randint(2, 10)) for _ in range(r.randint(1, 4))]),
})  # fmt: skip


@lesson
def several_results(g: Random) -> Draft:
    k = g.randint(2, 5)
    parts = g.sample([
        ("the sum", "sum($xs)", "int"), ("the number of elements", "len($xs)", "int"), ("the largest element", "max($xs)", "int"), ("the smallest element", "min($xs)", "int"), ("the last element", "$xs[-1]", "int"), ("the number of different elements", "len(set($xs))", "int"), ("the first element", "$xs[0]", "int"),
        ("the sum of the squares", "sum(x * x for x in $xs)", "int"), ("the sorted list", "sorted($xs)", "list[int]"), ("the number of negative elements", "sum(1 for x in $xs if x < 0)", "int"), (f"the number of multiples of {k}", f"sum(1 for x in $xs if x % {k} == 0)", "int"), ("the list in reverse order", "$xs[::-1]", "list[int]"), ("the index of the largest element (the first one)", "$xs.index(max($xs))", "int"), ("the sum of the absolute values", "sum(abs(x) for x in $xs)", "int"),
    ], g.choice([2, 2, 3]))  # fmt: skip
    said = ", ".join(p[0] for p in parts[:-1]) + " and " + parts[-1][0]
    names = ["one", "two", "three"][: len(parts)]
    return lesson.draft(
        g,
        "[summary|facts|several|overview]_[of_list|tuple|results]",
        "xs:L1",
        f"tuple[{', '.join(p[2] for p in parts)}]",
        f"a tuple with {said} of @xs, in this order",
        f"return ({', '.join(p[1] for p in parts)})",
        "\n".join(f"{n} = {p[1]}" for n, p in zip(names, parts, strict=True)) + f"\nreturn {', '.join(names)}",
        tellings=(
            f"Return {len(parts)} results at once, as a tuple: {said}. All of them refer to the non-empty list @xs.",
            f"A function can return several values. For the list @xs, return {said}, [in this order|packed into a tuple].",
        ),
    )


@lesson
def pair_lists(g: Random) -> Draft:
    k = g.randint(2, 9)
    cond, code = g.choice(
        [
            ("whose first number is smaller than the second", "a < b"),
            ("whose two numbers are equal", "a == b"),
            (f"whose sum is greater than {k + 4}", f"a + b > {k + 4}"),
            ("whose numbers differ by at most 2", "abs(a - b) <= 2"),
            ("in which exactly one number is even", "a % 2 != b % 2"),
            (f"that contain the number {k}", f"{k} in (a, b)"),
            ("whose second number is a multiple of the first, which must not be zero", "a != 0 and b % a == 0"),
            ("whose product is a one-digit number", "a * b < 10"),
            ("of which both numbers are odd", "a % 2 == 1 and b % 2 == 1"),
        ]
    )
    ask, one, two, kind = g.choice(
        [
            (
                "a list of the pairs in @pairs {}",
                "[(a, b) for a, b in $pairs if COND]",
                "list",
                "list[tuple[int, int]]",
            ),
            ("the number of pairs in @pairs {}", "sum(1 for a, b in $pairs if COND)", "count", "int"),
            (
                "a list of the first numbers of the pairs in @pairs {}",
                "[a for a, b in $pairs if COND]",
                "first",
                "list[int]",
            ),
            (
                "the sum of the second numbers of the pairs in @pairs {}",
                "sum(b for a, b in $pairs if COND)",
                "second",
                "int",
            ),
            (
                "the index of the first pair in @pairs {}, or -1 if there is none,",
                "next((i for i, (a, b) in enumerate($pairs) if COND), -1)",
                "index",
                "int",
            ),
            (
                "a list of the pairs in @pairs {}, each with its two numbers exchanged",
                "[(b, a) for a, b in $pairs if COND]",
                "swap",
                "list[tuple[int, int]]",
            ),
        ]
    )
    loops = {
        "list": ("result = []", "result.append((a, b))", "result"),
        "count": ("total = 0", "total += 1", "total"),
        "first": ("result = []", "result.append(a)", "result"),
        "second": ("total = 0", "total += b", "total"),
        "swap": ("result = []", "result.append((b, a))", "result"),
    }
    if two == "index":
        loop = f"for i in range(len($pairs)):\n    a, b = $pairs[i]\n    if {code}:\n        return i\nreturn -1"
    else:
        start, step, final = loops[two]
        loop = f"{start}\nfor pair in $pairs:\n    a, b = pair\n    if {code}:\n        {step}\nreturn {final}"
    text = ask.format(cond).rstrip(",")
    return lesson.draft(
        g,
        "[select|pick|look_at|scan]_[pairs|couples|tuples]",
        "pairs:pairs",
        kind,
        text,
        f"return {one.replace('COND', code)}",
        loop,
        tellings=(
            f"[Unpack|Go through] the pairs in @pairs one by one and consider only those {cond}. Return {ask.format('').replace('  ', ' ').replace(' ,', ',').rstrip(', ')} among these.".replace(
                "pairs in @pairs, or", "such pair in @pairs, or"
            )
            .replace("there is none among these", "there is none")
            .replace("first pair in @pairs, or", "first one in @pairs, or"),
            f"The list @pairs contains tuples of two numbers. Return {text}.",
        ),
    )


@lesson
def zipped(g: Random) -> Draft:
    combo, code, kind = g.choice(
        [
            ("tuples (word, number)", "(w, v)", "tuple[str, int]"),
            ("tuples (number, word)", "(v, w)", "tuple[int, str]"),
            ("strings 'word:number'", "f'{w}:{v}'", "str"),
            (
                "strings in which the word is repeated as often as the number says (not at all for 0 or less)",
                "w * v",
                "str",
            ),
            ("tuples (word, number, length of the word)", "(w, v, len(w))", "tuple[str, int, int]"),
            (
                "strings in which the number stands in brackets after the word, like 'word(3)'",
                "w + '(' + str(v) + ')'",
                "str",
            ),
            ("numbers, each increased by the length of its word", "v + len(w)", "int"),
        ]
    )
    cond, test = g.choice(
        [
            ("all pairs", "True"),
            ("only pairs with a number above 2", "v > 2"),
            ("only pairs whose word has an even length", "len(w) % 2 == 0"),
            ("only pairs with an odd number", "v % 2 == 1"),
            ("only pairs whose word is longer than the number says", "len(w) > v"),
        ]
    )
    filt = "" if test == "True" else f" if {test}"
    return lesson.draft(
        g,
        "[zip|pair_up|join|attach]_[words_and_numbers|two_lists|lists]",
        "words:W few:few",
        f"list[{kind}]",
        f"a list of {combo} made from the words in @words and the numbers in @few at the same positions; {cond} are used, and elements without a partner are ignored",
        f"return [{code} for w, v in zip($words, $few){filt}]",
        "result = []\nfor i in range(min(len($words), len($few))):\n    w, v = $words[i], $few[i]\n"
        + (f"    if {test}:\n        result.append({code})\n" if filt else f"    result.append({code})\n")
        + "return result",
        tellings=(
            f"Walk along the lists @words and @few at the same time until the shorter one ends. Each word together with the number at the same position makes a pair; {cond} are used. Turn them into {combo} and return these as a list.",
        ),
    )


@lesson
def numbered(g: Random) -> Draft:
    start, step = g.choice([(0, 1), (1, 1), (10, 10), (5, 5), (1, 2), (100, 1)])
    test = word_test(g) if g.random() < 0.6 else None
    order, code = g.choice([("(number, word)", "(NUM, w)"), ("(word, number)", "(w, NUM)")])
    kept = g.choice(["before", "after"]) if test else "after"
    clause = f" {test.clause}" if test else ""
    if test and kept == "before":
        words, one, num = (
            f"all of @words are numbered, but only those{clause} are returned",
            f"[CODE for i, w in enumerate($words) if {test.code.format(x='w')}]",
            "i",
        )
    elif test:
        words, one, num = (
            f"only those of @words{clause} are numbered and returned",
            f"[CODE for i, w in enumerate(w for w in $words if {test.code.format(x='w')})]",
            "i",
        )
    else:
        words, one, num = "all of @words are numbered", "[CODE for i, w in enumerate($words)]", "i"
    num = f"{start} + {step} * i" if step != 1 else f"i + {start}" if start else "i"
    loop = (
        f"result = []\nnext_number = {start}\nfor w in $words:\n"
        + (
            f"    if {test.code.format(x='w')}:\n        result.append({code.replace('NUM', 'next_number')})\n"
            + ("        " if kept == "after" else "    ")
            if test
            else f"    result.append({code.replace('NUM', 'next_number')})\n    "
        )
        + f"next_number += {step}\nreturn result"
    )
    return lesson.draft(
        g,
        "[number|label|enumerate]_[words|entries|them]",
        "words:W",
        "list[tuple[" + ("int, str" if order.startswith("(n") else "str, int") + "]]",
        f"a list of tuples {order}, where {words}, beginning with {start} and going up in steps of {step}",
        f"return {one.replace('CODE', code.replace('NUM', num))}",
        loop,
        tellings=(
            f"Number the strings: the first number is {start}, each next one is {step} more; {words}. Return tuples {order} in a list.",
        ),
    )


@lesson
def unpacking(g: Random) -> Draft:
    ask, one, two, kind = g.choice([
        ("a tuple of the first element of @t, a list of the elements in between, and the last element", "first, *middle, last = $t\nreturn (first, middle, last)", "return ($t[0], list($t[1:-1]), $t[-1])", "tuple[int, list[int], int]"), ("a tuple of the first element of @t and a tuple of all the others", "first, *rest = $t\nreturn (first, tuple(rest))", "return ($t[0], $t[1:])", "tuple[int, tuple[int, ...]]"), ("a tuple of the last element of @t and the sum of the others", "*rest, last = $t\nreturn (last, sum(rest))", "return ($t[-1], sum($t[:-1]))", "tuple[int, int]"), ("@t as a tuple with its first and last elements exchanged", "first, *middle, last = $t\nreturn (last, *middle, first)", "parts = list($t)\nparts[0], parts[-1] = parts[-1], parts[0]\nreturn tuple(parts)", "tuple[int, ...]"), ("a tuple with the two largest elements of @t, the largest first", "first, second, *_ = sorted($t, reverse=True)\nreturn (first, second)", "rest = list($t)\nfirst = max(rest)\nrest.remove(first)\nreturn first, max(rest)", "tuple[int, int]"), ("a tuple of the elements of @t with the first element appended once more at the end", "return (*$t, $t[0])", "return $t + ($t[0],)", "tuple[int, ...]"), ("a tuple of pairs: each element of @t with its successor, the last element being paired with the first", "return tuple(zip($t, $t[1:] + $t[:1]))", "result = []\nfor i in range(len($t)):\n    result.append(($t[i], $t[(i + 1) % len($t)]))\nreturn tuple(result)", "tuple[tuple[int, int], ...]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[unpack|take_apart|repack|regroup]_[tuple|values|]",
        "t:tup2",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"Take the tuple @t, which has at least two elements, apart. Return {ask}.",
            f"The argument @t is a tuple of two or more integers. [Use unpacking to return|Return] {ask}.",
        ),
    )


@lesson
def tuple_edits(g: Random) -> Draft:
    k = g.randint(2, 6)
    test = number_test(g)
    c = test.code.format(x="v")
    ask, one, two = g.choice(
        [
            (
                f"a copy of the tuple @t without the elements {test.clause}",
                f"return tuple(v for v in $t if not ({c}))",
                f"kept = []\nfor v in $t:\n    if {c}:\n        continue\n    kept.append(v)\nreturn tuple(kept)",
            ),
            (
                "a copy of the tuple @t with the element at index @i replaced by 0; if the index does not exist, nothing is replaced",
                "if $i >= len($t):\n    return $t\nreturn $t[:$i] + (0,) + $t[$i + 1:]",
                "parts = list($t)\nif $i < len(parts):\n    parts[$i] = 0\nreturn tuple(parts)",
            ),
            (
                f"a tuple of the elements of @t with {k} inserted at index @i (at the end if @t is shorter)",
                f"return $t[:$i] + ({k},) + $t[$i:]",
                f"parts = list($t)\nparts.insert($i, {k})\nreturn tuple(parts)",
            ),
            (
                "a tuple of the elements of @t without the one at index @i; if the index does not exist, all are kept",
                "return $t[:$i] + $t[$i + 1:]",
                "parts = list($t)\nif $i < len(parts):\n    del parts[$i]\nreturn tuple(parts)",
            ),
            (
                "a tuple of two tuples: the elements of @t before index @i, and those from index @i on",
                "return ($t[:$i], $t[$i:])",
                "left, right = [], []\nfor p, v in enumerate($t):\n    (left if p < $i else right).append(v)\nreturn (tuple(left), tuple(right))",
            ),
            (
                f"a tuple with the elements of @t before index @i multiplied by {k} and the others unchanged",
                f"return tuple(v * {k} if p < $i else v for p, v in enumerate($t))",
                f"return tuple(v * {k} for v in $t[:$i]) + $t[$i:]",
            ),
        ]
    )
    sig, kind = ("t:tup i:small", "tuple[int, ...]") if "$i" in one else ("t:tup", "tuple[int, ...]")
    if "two tuples" in ask:
        kind = "tuple[tuple[int, ...], tuple[int, ...]]"
    return lesson.draft(
        g,
        "[edit|change|with]_[tuple|place|at_index]",
        sig,
        kind,
        ask,
        one,
        two,
        tellings=(
            f"A tuple cannot be changed, so build a new one. Return {ask}.",
            f"Tuples are immutable. Given the tuple @t, create and return this one: {ask}.",
        ),
    )


@lesson
def vectors(g: Random) -> Draft:
    k = g.randint(2, 4)
    ask, one, two, kind = g.choice(
        [
            (
                "the vector 'K times @u minus @v'".replace("'", "").replace("K", str(k)),
                f"return tuple({k} * p - q for p, q in zip($u, $v))",
                f"return ({k} * $u[0] - $v[0], {k} * $u[1] - $v[1], {k} * $u[2] - $v[2])",
                "tuple[int, int, int]",
            ),
            (
                "True if the vectors @u and @v are perpendicular or differ in every component",
                "return sum(p * q for p, q in zip($u, $v)) == 0 or all(p != q for p, q in zip($u, $v))",
                "product = 0\nsame = False\nfor p, q in zip($u, $v):\n    product += p * q\n    same = same or p == q\nreturn product == 0 or not same",
                "bool",
            ),
            (
                "the largest absolute difference between the components of @u and @v at the same positions",
                "return max(abs(p - q) for p, q in zip($u, $v))",
                "best = 0\nfor i in range(3):\n    best = max(best, abs($u[i] - $v[i]))\nreturn best",
                "int",
            ),
            (
                "a vector that holds for each position the component of @u or @v with the larger absolute value, that of @u if they are equal in this respect",
                "return tuple(p if abs(p) >= abs(q) else q for p, q in zip($u, $v))",
                "result = []\nfor p, q in zip($u, $v):\n    result.append(max(p, q, key=abs))\nreturn tuple(result)",
                "tuple[int, int, int]",
            ),
            (
                "the cross product of the vectors @u and @v",
                "a, b, c = $u\nd, e, f = $v\nreturn (b * f - c * e, c * d - a * f, a * e - b * d)",
                "return ($u[1] * $v[2] - $u[2] * $v[1], $u[2] * $v[0] - $u[0] * $v[2], $u[0] * $v[1] - $u[1] * $v[0])",
                "tuple[int, int, int]",
            ),
            (
                "the number of positions at which the components of @u and @v have opposite signs (one positive, the other negative)",
                "return sum(1 for p, q in zip($u, $v) if p * q < 0)",
                "total = 0\nfor i in range(3):\n    if $u[i] < 0 < $v[i] or $v[i] < 0 < $u[i]:\n        total += 1\nreturn total",
                "int",
            ),
            (
                "the one of the vectors @u and @v that is shorter (measured from the origin), @u if they are equally long",
                "return min($u, $v, key=lambda t: sum(p * p for p in t))",
                "size_u = sum(p ** 2 for p in $u)\nsize_v = sum(p ** 2 for p in $v)\nreturn $u if size_u <= size_v else $v",
                "tuple[int, int, int]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[vector|vectors|components]_[work|result|of_two]",
        "u:vec v:vec",
        kind,
        ask,
        one,
        two,
        tellings=(f"Vectors with three components are given as tuples. For the vectors @u and @v, return {ask}.",),
    )


@lesson
def paths(g: Random) -> Draft:
    metric, code = g.choice(
        [
            (
                "Manhattan distance (the sum of the absolute differences of the coordinates)",
                "abs(p[0] - q[0]) + abs(p[1] - q[1])",
            ),
            (
                "king's distance (the larger one of the absolute differences of the coordinates)",
                "max(abs(p[0] - q[0]), abs(p[1] - q[1]))",
            ),
            ("squared straight-line distance", "(p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2"),
        ]
    )
    ask, one, two, kind = g.choice(
        [
            (
                "the sum of the distances between neighbouring points",
                "return sum(CODE for p, q in zip($path, $path[1:]))",
                "total = 0\nfor i in range(1, len($path)):\n    p, q = $path[i - 1], $path[i]\n    total += CODE\nreturn total",
                "int",
            ),
            (
                "the largest distance between two neighbouring points, or 0 if there is only one point",
                "return max((CODE for p, q in zip($path, $path[1:])), default=0)",
                "best = 0\nfor i in range(len($path) - 1):\n    p, q = $path[i:i + 2]\n    best = max(best, CODE)\nreturn best",
                "int",
            ),
            (
                "the largest distance of any point from the first one",
                "q = $path[0]\nreturn max(CODE for p in $path)",
                "best = 0\nfor p in $path:\n    q = $path[0]\n    best = max(best, CODE)\nreturn best",
                "int",
            ),
            (
                "the point that is farthest from the last one, the first such point if there are several",
                "q = $path[-1]\nreturn max($path, key=lambda p: CODE)",
                "best, far = None, -1\nfor p in $path:\n    q = $path[-1]\n    if CODE > far:\n        best, far = p, CODE\nreturn best",
                "tuple[int, int]",
            ),
            (
                "a list of the distances between neighbouring points",
                "return [CODE for p, q in zip($path, $path[1:])]",
                "result = []\nfor i in range(1, len($path)):\n    p, q = $path[i - 1], $path[i]\n    result.append(CODE)\nreturn result",
                "list[int]",
            ),
            (
                "the smallest distance between any two of the points at different positions in the list, or -1 if there is only one point",
                "gaps = [CODE for i, p in enumerate($path) for q in $path[i + 1:]]\nreturn min(gaps, default=-1)",
                "best = -1\nfor i in range(len($path)):\n    for j in range(i + 1, len($path)):\n        p, q = $path[i], $path[j]\n        gap = CODE\n        if best == -1 or gap < best:\n            best = gap\nreturn best",
                "int",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[path|route|walk|trail]_[length|distances|info]",
        "path:path",
        kind,
        f"{ask} of @path, measured by the {metric}",
        one.replace("CODE", code),
        two.replace("CODE", code),
        tellings=(
            f"A drone visits the points (x, y) in @path in this order. Distances are measured as the {metric}. Return {ask}.",
            f"For two points, take the {metric}. With this measure, return {ask} of the list @path.",
        ),
    )


@lesson
def point_moves(g: Random) -> Draft:
    k = g.randint(2, 5)
    ask, code, alt = g.choice(
        [
            (
                "turned by 90 degrees to the left around the origin, so that (x, y) becomes (-y, x)",
                "(-y, x)",
                "(0 - p[1], p[0])",
            ),
            (
                "turned by 90 degrees to the right around the origin, so that (x, y) becomes (y, -x)",
                "(y, -x)",
                "(p[1], 0 - p[0])",
            ),
            ("mirrored at the x-axis", "(x, -y)", "(p[0], 0 - p[1])"),
            ("mirrored at the y-axis", "(-x, y)", "(0 - p[0], p[1])"),
            (
                f"moved {k} to the right and {k - 1} down (y grows upwards)",
                f"(x + {k}, y - {k - 1})",
                f"(p[0] + {k}, p[1] - {k - 1})",
            ),
            (f"stretched away from the origin by the factor {k}", f"(x * {k}, y * {k})", f"(p[0] * {k}, p[1] * {k})"),
            (f"mirrored at the vertical line x = {k}", f"({2 * k} - x, y)", f"({k} + ({k} - p[0]), p[1])"),
            ("mirrored at the origin", "(-x, -y)", "(0 - p[0], 0 - p[1])"),
            ("changed by exchanging their two coordinates", "(y, x)", "(p[1], p[0])"),
        ]
    )
    cond, test, alt_test = g.choice(
        [
            ("all points", "", ""),
            ("the points with a positive x", "x > 0", "p[0] > 0"),
            ("the points with an even y", "y % 2 == 0", "p[1] % 2 == 0"),
            ("the points above the x-axis", "y > 0", "p[1] > 0"),
            ("the points that are not on an axis", "x != 0 and y != 0", "p[0] * p[1] != 0"),
        ]
    )
    one = (
        f"return [{code} for x, y in $path]" if not test else f"return [{code} if {test} else (x, y) for x, y in $path]"
    )
    two = (
        "result = []\nfor p in $path:\n"
        + (f"    if {alt_test}:\n        p = {alt}\n    result.append(p)\n" if test else f"    result.append({alt})\n")
        + "return result"
    )
    return lesson.draft(
        g,
        "[move|transform|map]_[points|figure|shape]",
        "path:path",
        "list[tuple[int, int]]",
        f"a list of the points of @path in which {cond} are {ask}"
        + (", while the others stay as they are" if test else ""),
        one,
        two,
        tellings=(
            f"A figure consists of the points (x, y) in @path. Return the list of points after this operation: {cond} are {ask}{'; the others do not move' if test else ''}.",
        ),
    )


@lesson
def point_places(g: Random) -> Draft:
    ask, one, two, kind = g.choice(
        [
            (
                "the quadrant of the point @p as a number from 1 to 4, counted counterclockwise from the upper right, or 0 if it lies on an axis",
                "x, y = $p\nif x == 0 or y == 0:\n    return 0\nif y > 0:\n    return 1 if x > 0 else 2\nreturn 3 if x < 0 else 4",
                "x, y = $p\nif x * y == 0:\n    return 0\nreturn {(True, True): 1, (False, True): 2, (False, False): 3, (True, False): 4}[(x > 0, y > 0)]",
                "int",
            ),
            (
                "'origin' if @p is (0, 0), 'x-axis' or 'y-axis' if it lies on that axis, and 'plane' otherwise",
                "x, y = $p\nif x == 0 and y == 0:\n    return 'origin'\nif y == 0:\n    return 'x-axis'\nreturn 'y-axis' if x == 0 else 'plane'",
                "if $p == (0, 0):\n    return 'origin'\nif $p[1] == 0:\n    return 'x-axis'\nif $p[0] == 0:\n    return 'y-axis'\nreturn 'plane'",
                "str",
            ),
            (
                "a list of the four points that are one step (left, right, down, up, in this order) away from @p",
                "x, y = $p\nreturn [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]",
                "result = []\nfor dx, dy in [(-1, 0), (1, 0), (0, -1), (0, 1)]:\n    result.append(($p[0] + dx, $p[1] + dy))\nreturn result",
                "list[tuple[int, int]]",
            ),
            (
                "'above', 'below' or 'on', depending on where the point @p lies with respect to the line y = x",
                "x, y = $p\nif y > x:\n    return 'above'\nreturn 'below' if y < x else 'on'",
                "diff = $p[1] - $p[0]\nif diff == 0:\n    return 'on'\nreturn 'above' if diff > 0 else 'below'",
                "str",
            ),
            (
                "the colour 'dark' or 'light' of the square @p of a chequered board, on which (0, 0) is dark",
                "return 'dark' if sum($p) % 2 == 0 else 'light'",
                "x, y = $p\nif x % 2 == y % 2:\n    return 'dark'\nreturn 'light'",
                "str",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[locate|where|place|position_of]_[point|in_plane]",
        "p:xy",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"A point is given as a tuple @p = (x, y). Return {ask}.",
            f"[Unpack @p into x and y.|The tuple @p holds the coordinates x and y.] Return {ask}.",
        ),
    )


@lesson
def two_spans(g: Random) -> Draft:
    ask, one, two, kind = g.choice(
        [
            (
                "the common part of the intervals @s1 and @s2 as a tuple, or None if they have no point in common",
                "start = max($s1[0], $s2[0])\nend = min($s1[1], $s2[1])\nreturn (start, end) if start <= end else None",
                "(a, b), (c, e) = $s1, $s2\nif b < c or e < a:\n    return None\nreturn (max(a, c), min(b, e))",
                "tuple[int, int] | None",
            ),
            (
                "the length of the overlap of the intervals @s1 and @s2, 0 if they do not overlap",
                "return max(0, min($s1[1], $s2[1]) - max($s1[0], $s2[0]))",
                "(a, b), (c, e) = sorted([$s1, $s2])\nreturn max(min(b, e) - c, 0)",
                "int",
            ),
            (
                "the gap between the intervals @s1 and @s2, that is, the distance from the end of the one to the start of the other, or 0 if they touch or overlap",
                "return max(0, $s1[0] - $s2[1], $s2[0] - $s1[1])",
                "(_, b), (c, _) = sorted([$s1, $s2])\nreturn c - b if c > b else 0",
                "int",
            ),
            (
                "the smallest interval, as a tuple, that contains both @s1 and @s2",
                "return (min($s1[0], $s2[0]), max($s1[1], $s2[1]))",
                "ends = [*$s1, *$s2]\nreturn (min(ends), max(ends))",
                "tuple[int, int]",
            ),
            (
                "'inside' if the interval @s1 lies completely in @s2, 'outside' if they have no point in common, and 'partly' otherwise",
                "(a, b), (c, e) = $s1, $s2\nif c <= a and b <= e:\n    return 'inside'\nif b < c or e < a:\n    return 'outside'\nreturn 'partly'",
                "points = set(range($s1[0], $s1[1] + 1))\nothers_ = set(range($s2[0], $s2[1] + 1))\nif points <= others_:\n    return 'inside'\nreturn 'partly' if points & others_ else 'outside'",
                "str",
            ),
            (
                "the number of integers that lie in exactly one of the intervals @s1 and @s2",
                "return len(set(range($s1[0], $s1[1] + 1)) ^ set(range($s2[0], $s2[1] + 1)))",
                "total = 0\nfor v in range(min($s1[0], $s2[0]), max($s1[1], $s2[1]) + 1):\n    if ($s1[0] <= v <= $s1[1]) != ($s2[0] <= v <= $s2[1]):\n        total += 1\nreturn total",
                "int",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[two|compare|relate]_[intervals|spans|ranges]",
        "s1:span s2:span",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"Intervals are tuples (start, end) of integers with start <= end; both ends belong to them. Return {ask}.",
            f"Two meetings take the times @s1 and @s2, each a tuple (start, end). Return {ask.replace('intervals', 'meetings').replace('the interval @s1', '@s1')}.",
        ),
    )


@lesson
def many_spans(g: Random) -> Draft:
    k = g.randint(2, 5)
    ask, one, two, kind = g.choice(
        [
            (
                "the intervals of @spans united as far as they overlap or touch, sorted by start",
                "result = []\nfor start, end in sorted($spans):\n    if result and start <= result[-1][1]:\n        result[-1] = (result[-1][0], max(end, result[-1][1]))\n    else:\n        result.append((start, end))\nreturn result",
                "order = sorted($spans)\nresult = []\ni = 0\nwhile i < len(order):\n    start, end = order[i]\n    i += 1\n    while i < len(order) and order[i][0] <= end:\n        end = max(end, order[i][1])\n        i += 1\n    result.append((start, end))\nreturn result",
                "list[tuple[int, int]]",
            ),
            (
                "the length of the longest interval in @spans (end minus start), or 0 if there is none",
                "return max((end - start for start, end in $spans), default=0)",
                "best = 0\nfor span in $spans:\n    best = max(best, span[1] - span[0])\nreturn best",
                "int",
            ),
            (
                f"a list of the intervals in @spans that are at least {k} long (end minus start), in their order",
                f"return [(start, end) for start, end in $spans if end - start >= {k}]",
                f"result = []\nfor span in $spans:\n    if span[1] - span[0] >= {k}:\n        result.append(span)\nreturn result",
                "list[tuple[int, int]]",
            ),
            (
                "the largest number of intervals in @spans that contain the same integer (ends included)",
                "return max((sum(1 for a, b in $spans if a <= v <= b) for v, _ in $spans), default=0)",
                "best = 0\nfor v in range(25):\n    inside = [span for span in $spans if span[0] <= v <= span[1]]\n    best = max(best, len(inside))\nreturn best",
                "int",
            ),
            (
                "how many integers lie in at least one of the intervals in @spans (ends included)",
                "return len({v for start, end in $spans for v in range(start, end + 1)})",
                "covered = set()\nfor start, end in $spans:\n    covered.update(range(start, end + 1))\nreturn len(covered)",
                "int",
            ),
            (
                "True if no two intervals in @spans have a point in common (ends included)",
                "order = sorted($spans)\nreturn all(a[1] < b[0] for a, b in zip(order, order[1:]))",
                "for i, (a, b) in enumerate($spans):\n    for c, e in $spans[i + 1:]:\n        if a <= e and c <= b:\n            return False\nreturn True",
                "bool",
            ),
            (
                "the largest number of intervals that can be chosen from @spans so that no two of them have a point in common (ends included)",
                "chosen, last = 0, -1\nfor start, end in sorted($spans, key=lambda span: span[1]):\n    if start > last:\n        chosen += 1\n        last = end\nreturn chosen",
                "rest = sorted($spans, key=lambda span: (span[1], span[0]))\nchosen = []\nwhile rest:\n    chosen.append(rest[0])\n    rest = [span for span in rest if span[0] > chosen[-1][1]]\nreturn len(chosen)",
                "int",
            ),
            (
                "the gaps between the intervals of @spans as a list of tuples (end of what came before, next start), where a gap is a piece between covered parts that no interval touches",
                "result = []\nreach = None\nfor start, end in sorted($spans):\n    if reach is not None and start > reach:\n        result.append((reach, start))\n    reach = end if reach is None else max(reach, end)\nreturn result",
                "order = sorted($spans)\nresult = []\nfor i in range(1, len(order)):\n    reach = max(end for _, end in order[:i])\n    if order[i][0] > reach:\n        result.append((reach, order[i][0]))\nreturn result",
                "list[tuple[int, int]]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[intervals|spans|bookings|shifts]_[report|work|check]",
        "spans:spans",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"Each tuple (start, end) in @spans is an interval of whole numbers with start <= end. Return {ask}.",
            f"The bookings of a room are listed in @spans as tuples (start, end). Return {ask.replace('intervals', 'bookings').replace('interval', 'booking')}.",
        ),
    )


@lesson
def goods_rows(g: Random) -> Draft:
    k = g.randint(10, 60)
    ask, one, two, kind = g.choice(
        [
            (
                f"a list of the names of the articles in @rows whose amount times price is at least {k}",
                f"return [name_ for name_, amount, price in $rows if amount * price >= {k}]",
                f"result = []\nfor row in $rows:\n    if row[1] * row[2] >= {k}:\n        result.append(row[0])\nreturn result",
                "list[str]",
            ),
            (
                "a list of (article, amount times price) tuples made from @rows",
                "return [(name_, amount * price) for name_, amount, price in $rows]",
                "result = []\nfor row in $rows:\n    result.append((row[0], row[1] * row[2]))\nreturn result",
                "list[tuple[str, int]]",
            ),
            (
                "the article in @rows with the highest price, the first of several, or an empty string if there are no rows",
                "return max($rows, key=lambda row: row[2], default=('', 0, 0))[0]",
                "best, top = '', 0\nfor name_, _, price in $rows:\n    if price > top:\n        best, top = name_, price\nreturn best",
                "str",
            ),
            (
                "a tuple of three lists: the articles, the amounts and the prices in @rows",
                "return ([r[0] for r in $rows], [r[1] for r in $rows], [r[2] for r in $rows])",
                "names_, amounts, prices_ = [], [], []\nfor name_, amount, price in $rows:\n    names_.append(name_)\n    amounts.append(amount)\n    prices_.append(price)\nreturn (names_, amounts, prices_)",
                "tuple[list[str], list[int], list[int]]",
            ),
            (
                f"the total of amount times price in @rows, reduced by a tenth (rounded down to an integer) if it is more than {k}",
                f"total = sum(amount * price for _, amount, price in $rows)\nreturn total * 9 // 10 if total > {k} else total",
                f"total = 0\nfor row in $rows:\n    total += row[1] * row[2]\nif total > {k}:\n    total = total * 9 // 10\nreturn total",
                "int",
            ),
            (
                "the rows of @rows sorted by price and, where prices are equal, by amount, both from large to small",
                "return sorted($rows, key=lambda row: (-row[2], -row[1]))",
                "return sorted($rows, key=lambda row: (row[2], row[1]), reverse=True)",
                "list[tuple[str, int, int]]",
            ),
            (
                "a dictionary that maps each article in @rows to the tuple (amount, price) of its last row",
                "return {name_: (amount, price) for name_, amount, price in $rows}",
                "result = {}\nfor row in $rows:\n    result[row[0]] = row[1:]\nreturn result",
                "dict[str, tuple[int, int]]",
            ),
            (
                "a list of lines like '3 x apple' with amount and article of each row in @rows",
                "return [f'{amount} x {name_}' for name_, amount, _ in $rows]",
                "lines = []\nfor row in $rows:\n    lines.append(str(row[1]) + ' x ' + row[0])\nreturn lines",
                "list[str]",
            ),
        ]
    )
    one, two = (
        one.replace("name_", "title").replace("names_", "titles").replace("prices_", "costs"),
        two.replace("names_", "titles").replace("name_", "title").replace("prices_", "costs"),
    )
    return lesson.draft(
        g,
        "[goods|order_rows|bill|receipt]_[list|summary|total]",
        "rows:goods",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"Each row of an order is a tuple (article, amount, price per piece). Given these @rows, return {ask}.",
            f"You are given @rows, a list of tuples with three entries: article, amount and price. [Your task is to return|Return] {ask}.",
        ),
    )


@lesson
def tagged_words(g: Random) -> Draft:
    k = g.randint(1, 6)
    ask, one, two, kind = g.choice(
        [
            (
                "a list of the tuples in @entries whose number equals the length of the word",
                "return [(w, v) for w, v in $entries if len(w) == v]",
                "return [e for e in $entries if e[1] == len(e[0])]",
                "list[tuple[str, int]]",
            ),
            (
                f"a string of the words in @entries with a number above {k}, joined by '/'",
                f"return '/'.join(w for w, v in $entries if v > {k})",
                f"parts = []\nfor w, v in $entries:\n    if v > {k}:\n        parts.append(w)\nreturn '/'.join(parts)",
                "str",
            ),
            (
                "a list of the tuples in @entries sorted by the length of the word and, where that is equal, by the number",
                "return sorted($entries, key=lambda e: (len(e[0]), e[1]))",
                "result = sorted($entries, key=lambda e: e[1])\nresult.sort(key=lambda e: len(e[0]))\nreturn result",
                "list[tuple[str, int]]",
            ),
            (
                "a list with the character of each word in @entries at the index given by its number, or '?' if the word has no such index (negative numbers count as no index)",
                "return [w[v] if 0 <= v < len(w) else '?' for w, v in $entries]",
                "result = []\nfor w, v in $entries:\n    if v < 0 or v >= len(w):\n        result.append('?')\n    else:\n        result.append(w[v])\nreturn result",
                "list[str]",
            ),
            (
                "a tuple with the tuple of all words and the tuple of all numbers in @entries",
                "return (tuple(w for w, _ in $entries), tuple(v for _, v in $entries))",
                "left, right = (), ()\nfor w, v in $entries:\n    left += (w,)\n    right += (v,)\nreturn (left, right)",
                "tuple[tuple[str, ...], tuple[int, ...]]",
            ),
            (
                "one flat list with the word and the number of each tuple in @entries, one after the other",
                "return [part for e in $entries for part in e]",
                "result = []\nfor w, v in $entries:\n    result.append(w)\n    result.append(v)\nreturn result",
                "list",
            ),
            (
                f"a list of copies of the tuples in @entries with the number raised to at least {k}",
                f"return [(w, max(v, {k})) for w, v in $entries]",
                f"result = []\nfor w, v in $entries:\n    if v < {k}:\n        v = {k}\n    result.append((w, v))\nreturn result",
                "list[tuple[str, int]]",
            ),
            (
                "the words of @entries with a negative number, in reverse order, as a tuple",
                "return tuple(w for w, v in reversed($entries) if v < 0)",
                "found = [e[0] for e in $entries if e[1] < 0]\nreturn tuple(found[::-1])",
                "tuple[str, ...]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[entries|word_number|tagged]_[list|pairs|work]",
        "entries:tagged",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"The list @entries consists of tuples (word, number). Return {ask}.",
            f"[Given|You receive] @entries, a list such as [('tea', 3), ('sun', -1)]. Return {ask}.".replace(
                "[Given|You receive] @entries, a list such as [('tea', 3), ('sun', -1)]. R",
                "You receive @entries, a list such as [('tea', 3), ('sun', -1)]. R",
            ),
        ),
    )


@lesson
def clock_tuples(g: Random) -> Draft:
    sig, ask, one, two, kind = g.choice(
        [
            (
                "secs:secs",
                "@secs seconds as a tuple (hours, minutes, seconds)",
                "minutes, s = divmod($secs, 60)\nreturn (*divmod(minutes, 60), s)",
                "return ($secs // 3600, $secs % 3600 // 60, $secs % 60)",
                "tuple[int, int, int]",
            ),
            (
                "t:time later:mins",
                "the time of day, as (hours, minutes), that is @later full minutes after the time @t; after 23:59 comes 0:00",
                "total = ($t[0] * 60 + $t[1] + $later) % 1440\nreturn divmod(total, 60)",
                "hours, minutes = $t\nminutes += $later\nhours += minutes // 60\nreturn (hours % 24, minutes % 60)",
                "tuple[int, int]",
            ),
            (
                "t1:time t2:time",
                "how many minutes pass from the time @t1 to the time @t2, which is on the next day if it is earlier than @t1",
                "return (($t2[0] - $t1[0]) * 60 + $t2[1] - $t1[1]) % 1440",
                "start = $t1[0] * 60 + $t1[1]\nend = $t2[0] * 60 + $t2[1]\nif end < start:\n    end += 1440\nreturn end - start",
                "int",
            ),
            (
                "t:time",
                "the time @t as a string like '3:05 pm' or '12:30 am' in the twelve-hour style",
                "hours, minutes = $t\nhalf = 'am' if hours < 12 else 'pm'\nreturn f'{(hours - 1) % 12 + 1}:{minutes:02d} {half}'",
                "hours, minutes = $t\nhalf = 'pm' if hours >= 12 else 'am'\nhours = hours % 12 or 12\nreturn str(hours) + ':' + str(minutes).zfill(2) + ' ' + half",
                "str",
            ),
            (
                "t:time",
                "the time @t rounded down to the last full quarter of an hour, as (hours, minutes)",
                "hours, minutes = $t\nreturn (hours, minutes // 15 * 15)",
                "return ($t[0], $t[1] - $t[1] % 15)",
                "tuple[int, int]",
            ),
            (
                "t1:time t2:time",
                "the earlier one of the times @t1 and @t2",
                "return min($t1, $t2)",
                "if $t1[0] * 60 + $t1[1] <= $t2[0] * 60 + $t2[1]:\n    return $t1\nreturn $t2",
                "tuple[int, int]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[time|clock]_[tuple|parts|work]",
        sig,
        kind,
        ask,
        one,
        two,
        tellings=(
            f"Times are handled as tuples of whole numbers. Return {ask}.",
            f"A station clock works with tuples. [It needs|Write the part that gives] {ask}. Return it.",
        ),
    )


@lesson
def date_tuples(g: Random) -> Draft:
    year = g.randint(2021, 2023)
    fmt, code, alt = g.choice(
        [
            (
                "'day.month.year', such as '5.3.2022'",
                "f'{day}.{month}.{year}'",
                "str(day) + '.' + str(month) + '.' + str(year)",
            ),
            (
                "'year-month-day' with two digits for month and day, such as '2022-03-05'",
                "f'{year}-{month:02d}-{day:02d}'",
                "str(year) + '-' + str(month).zfill(2) + '-' + str(day).zfill(2)",
            ),
            (
                "'month/day/year', such as '3/5/2022'",
                "f'{month}/{day}/{year}'",
                "'/'.join(map(str, (month, day, year)))",
            ),
        ]
    )
    ask, one, two, kind = g.choice(
        [
            (
                f"a list of the dates in @dates written in the form {fmt}",
                f"return [{code} for year, month, day in $dates]",
                f"result = []\nfor year, month, day in $dates:\n    result.append({alt})\nreturn result",
                "list[str]",
            ),
            (
                f"a list of the dates in @dates that lie in the year {year}, from the earliest to the latest",
                f"return sorted(t for t in $dates if t[0] == {year})",
                f"result = []\nfor year, month, day in $dates:\n    if year == {year}:\n        result.append((year, month, day))\nresult.sort()\nreturn result",
                "list[tuple[int, int, int]]",
            ),
            (
                "a list of the dates in @dates sorted by month and day without regard to the year; equal ones keep their order",
                "return sorted($dates, key=lambda t: t[1:])",
                "return sorted($dates, key=lambda t: (t[1], t[2]))",
                "list[tuple[int, int, int]]",
            ),
            (
                "the latest date in @dates, or None if there is none",
                "return max($dates, default=None)",
                "latest = None\nfor t in $dates:\n    if latest is None or t > latest:\n        latest = t\nreturn latest",
                "tuple[int, int, int] | None",
            ),
            (
                "a dictionary that maps each year in @dates to the number of its dates, in ascending order of the years",
                "result = {}\nfor year, _, _ in sorted($dates):\n    result[year] = result.get(year, 0) + 1\nreturn result",
                "years = sorted(t[0] for t in $dates)\nreturn {year: years.count(year) for year in years}",
                "dict[int, int]",
            ),
            (
                "how many of the dates in @dates lie in the first half of their year (January to June)",
                "return sum(1 for _, month, _ in $dates if month <= 6)",
                "return len([t for t in $dates if t[1] < 7])",
                "int",
            ),
            (
                "True if the dates in @dates are in chronological order, equal neighbours allowed",
                "return $dates == sorted($dates)",
                "return all(p <= q for p, q in zip($dates, $dates[1:]))",
                "bool",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[dates|calendar|days]_[list|report|check]",
        "dates:dates",
        kind,
        ask,
        one,
        two,
        tellings=(f"Dates are stored as tuples (year, month, day). Return {ask}.",),
    )


@lesson
def fraction_tuples(g: Random) -> Draft:
    op, num, den = g.choice(
        [
            ("sum", "$p[0] * $q[1] + $q[0] * $p[1]", "$p[1] * $q[1]"),
            ("difference (first minus second)", "$p[0] * $q[1] - $q[0] * $p[1]", "$p[1] * $q[1]"),
            ("product", "$p[0] * $q[0]", "$p[1] * $q[1]"),
            ("mean", "$p[0] * $q[1] + $q[0] * $p[1]", "2 * $p[1] * $q[1]"),
        ]
    )
    form = g.choice(["reduced", "plain", "text", "mixed"])
    if form == "plain":
        den_text = "twice the product" if op == "mean" else "the product"
        ask, end, alt, kind = (
            f"the {op} of the fractions @p and @q as a tuple (numerator, denominator) that is not reduced; the denominator is {den_text} of both denominators",
            "return (top, bottom)",
            "return top, bottom",
            "tuple[int, int]",
        )
    elif form == "reduced":
        ask, end, alt, kind = (
            f"the {op} of the fractions @p and @q as a tuple (numerator, denominator) in lowest terms with a positive denominator",
            "common = math.gcd(top, bottom)\nreturn (top // common, bottom // common)",
            "value = Fraction(top, bottom)\nreturn (value.numerator, value.denominator)",
            "tuple[int, int]",
        )
    elif form == "text":
        ask, end, alt, kind = (
            f"the {op} of the fractions @p and @q as a string like '3/4' in lowest terms; whole numbers are written without a denominator",
            "common = math.gcd(top, bottom)\ntop, bottom = top // common, bottom // common\nreturn str(top) if bottom == 1 else f'{top}/{bottom}'",
            "return str(Fraction(top, bottom))",
            "str",
        )
    else:
        ask, end, alt, kind = (
            f"the {op} of the fractions @p and @q rounded down to a whole number, together with the rest as a tuple (whole, numerator, denominator), where the rest is not reduced and its denominator is {'twice ' if op == 'mean' else ''}the product of both denominators",
            "whole, rest = divmod(top, bottom)\nreturn (whole, rest, bottom)",
            "whole = top // bottom\nreturn (whole, top - whole * bottom, bottom)",
            "tuple[int, int, int]",
        )
    head = f"top = {num}\nbottom = {den}\n"
    return lesson.draft(
        g,
        "[fraction|ratio]_[result|work|of_two]",
        "p:frac q:frac",
        kind,
        ask,
        head + end,
        head + alt,
        imports=("import math", "from fractions import Fraction"),
        tellings=(f"Fractions are tuples (numerator, denominator) with a positive denominator. Return {ask}.",),
    )


@lesson
def rectangles(g: Random) -> Draft:
    ask, one, two, kind = g.choice(
        [
            (
                "the area that the rectangles @r1 and @r2 have in common",
                "x, y, w, h = $r1\np, q, u, v = $r2\nwide = min(x + w, p + u) - max(x, p)\nhigh = min(y + h, q + v) - max(y, q)\nreturn max(wide, 0) * max(high, 0)",
                "cells = {(i, j) for i in range($r1[0], $r1[0] + $r1[2]) for j in range($r1[1], $r1[1] + $r1[3])}\nothers_ = {(i, j) for i in range($r2[0], $r2[0] + $r2[2]) for j in range($r2[1], $r2[1] + $r2[3])}\nreturn len(cells & others_)",
                "int",
            ),
            (
                "True if the rectangle @r1 lies completely inside @r2, borders allowed to touch",
                "x, y, w, h = $r1\np, q, u, v = $r2\nreturn p <= x and x + w <= p + u and q <= y and y + h <= q + v",
                "if $r1[0] < $r2[0] or $r1[1] < $r2[1]:\n    return False\nreturn $r1[0] + $r1[2] <= $r2[0] + $r2[2] and $r1[1] + $r1[3] <= $r2[1] + $r2[3]",
                "bool",
            ),
            (
                "the smallest rectangle (x, y, width, height) that contains both @r1 and @r2",
                "x, y = min($r1[0], $r2[0]), min($r1[1], $r2[1])\nright = max($r1[0] + $r1[2], $r2[0] + $r2[2])\ntop = max($r1[1] + $r1[3], $r2[1] + $r2[3])\nreturn (x, y, right - x, top - y)",
                "xs = [$r1[0], $r1[0] + $r1[2], $r2[0], $r2[0] + $r2[2]]\nys = [$r1[1], $r1[1] + $r1[3], $r2[1], $r2[1] + $r2[3]]\nreturn (min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys))",
                "tuple[int, int, int, int]",
            ),
            (
                "the rectangle with the larger area, @r1 if both are equally large, as given",
                "return $r1 if $r1[2] * $r1[3] >= $r2[2] * $r2[3] else $r2",
                "return max([$r1, $r2], key=lambda r: r[2] * r[3])",
                "tuple[int, int, int, int]",
            ),
            (
                "a tuple of the areas of @r1 and @r2, the smaller one first",
                "_, _, w, h = $r1\n_, _, u, v = $r2\nreturn tuple(sorted((w * h, u * v)))",
                "one = $r1[2] * $r1[3]\ntwo = $r2[2] * $r2[3]\nreturn (one, two) if one <= two else (two, one)",
                "tuple[int, int]",
            ),
            (
                "True if @r1 and @r2 have the same shape, that is, equal width and height, where one of them may be turned by 90 degrees",
                "return sorted($r1[2:]) == sorted($r2[2:])",
                "_, _, w, h = $r1\n_, _, u, v = $r2\nreturn (w, h) in [(u, v), (v, u)]",
                "bool",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[rectangles|boxes|two_frames]_[check|work|info]",
        "r1:rect r2:rect",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"A rectangle is a tuple (x, y, width, height), where (x, y) is its lower left corner. For the rectangles @r1 and @r2, return {ask}.",
        ),
    )


@lesson
def colours(g: Random) -> Draft:
    limit = g.choice([100, 128, 150, 200])
    ask, one, two, kind = g.choice(
        [
            (
                "the inverse of the colour @c, in which every part is subtracted from 255",
                "return tuple(255 - part for part in $c)",
                "red, green, blue = $c\nreturn (255 - red, 255 - green, 255 - blue)",
                "tuple[int, int, int]",
            ),
            (
                "the colour @c as a string '#rrggbb' with two lowercase hexadecimal digits for each part",
                "return '#' + ''.join(f'{part:02x}' for part in $c)",
                "red, green, blue = $c\nreturn '#%02x%02x%02x' % (red, green, blue)",
                "str",
            ),
            (
                f"'bright' if the mean of the three parts of @c is at least {limit}, and 'dark' otherwise",
                f"return 'bright' if sum($c) >= {3 * limit} else 'dark'",
                f"red, green, blue = $c\nif (red + green + blue) / 3 >= {limit}:\n    return 'bright'\nreturn 'dark'",
                "str",
            ),
            (
                "the name 'red', 'green' or 'blue' of the largest part of @c; of equally large parts, the first one in this order counts",
                "names = ('red', 'green', 'blue')\nreturn names[$c.index(max($c))]",
                "red, green, blue = $c\nif red >= green and red >= blue:\n    return 'red'\nreturn 'green' if green >= blue else 'blue'",
                "str",
            ),
            (
                "the grey colour that belongs to @c: a tuple of three equal parts, the mean of the parts rounded down",
                "grey = sum($c) // 3\nreturn (grey, grey, grey)",
                "return (sum($c) // len($c),) * 3",
                "tuple[int, int, int]",
            ),
            (
                f"the colour @c with every part below {limit} set to 0 and every other part set to 255",
                f"return tuple(0 if part < {limit} else 255 for part in $c)",
                f"result = []\nfor part in $c:\n    result.append(255 if part >= {limit} else 0)\nreturn tuple(result)",
                "tuple[int, int, int]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[colour|color|rgb]_[work|change|name]",
        "c:rgb",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"A colour is a tuple of three numbers from 0 to 255, for red, green and blue. Return {ask}.",
            f"An image program stores a pixel as the tuple @c = (red, green, blue). Return {ask}.",
        ),
    )


@lesson
def hands(g: Random) -> Draft:
    suit = g.choice(["hearts", "spades", "clubs"])
    k = g.randint(5, 8)
    bonus = g.randint(2, 10)
    ask, one, two, kind = g.choice(
        [
            (
                f"the sum of the values of the cards in @hand, where cards of the suit '{suit}' count double",
                f"return sum(value * 2 if kind == '{suit}' else value for kind, value in $hand)",
                f"total = 0\nfor kind, value in $hand:\n    total += value\n    if kind == '{suit}':\n        total += value\nreturn total",
                "int",
            ),
            (
                "True if all cards in @hand have the same suit",
                "return len({kind for kind, _ in $hand}) == 1",
                "for kind, _ in $hand:\n    if kind != $hand[0][0]:\n        return False\nreturn True",
                "bool",
            ),
            (
                "True if two cards in @hand have the same value",
                "cards = [value for _, value in $hand]\nreturn len(set(cards)) < len(cards)",
                "seen = set()\nfor _, value in $hand:\n    if value in seen:\n        return True\n    seen.add(value)\nreturn False",
                "bool",
            ),
            (
                "the cards of @hand sorted by suit alphabetically and within a suit by value from high to low",
                "return sorted($hand, key=lambda card: (card[0], -card[1]))",
                "result = sorted($hand, key=lambda card: card[1], reverse=True)\nresult.sort(key=lambda card: card[0])\nreturn result",
                "list[tuple[str, int]]",
            ),
            (
                f"the sum of the values in @hand plus {bonus} points for each different suit",
                f"return sum(value for _, value in $hand) + {bonus} * len({{kind for kind, _ in $hand}})",
                f"points = 0\nkinds = []\nfor kind, value in $hand:\n    points += value\n    if kind not in kinds:\n        kinds.append(kind)\n        points += {bonus}\nreturn points",
                "int",
            ),
            (
                f"the first card in @hand whose value is at least {k}, or None if there is no such card",
                f"return next((card for card in $hand if card[1] >= {k}), None)",
                f"for kind, value in $hand:\n    if value >= {k}:\n        return (kind, value)\nreturn None",
                "tuple[str, int] | None",
            ),
            (
                "a dictionary that maps each suit in @hand to the largest value of that suit",
                "best = {}\nfor kind, value in $hand:\n    best[kind] = max(value, best.get(kind, 0))\nreturn best",
                "kinds = dict.fromkeys(kind for kind, _ in $hand)\nreturn {kind: max(v for other, v in $hand if other == kind) for kind in kinds}",
                "dict[str, int]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[hand|cards|card_game]_[score|check|info]",
        "hand:cards",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"In a card game, a card is a tuple (suit, value). Return {ask}.",
            f"A player holds the cards @hand, each written as a tuple like ('hearts', 7). Return {ask}.",
        ),
    )


@lesson
def graph_edges(g: Random) -> Draft:
    directed = g.random() < 0.5
    way = (
        "a road that leads only from the first letter to the second"
        if directed
        else "a road that can be used in both directions"
    )
    see = (
        "{b for a, b in $roads if a == $town}"
        if directed
        else "{b for a, b in $roads if a == $town} | {a for a, b in $roads if b == $town}"
    )
    loop = "found = set()\nfor a, b in $roads:\n    if a == $town:\n        found.add(b)\n" + (
        "" if directed else "    elif b == $town:\n        found.add(a)\n"
    )
    ask, end, kind = g.choice(
        [
            (
                "a sorted list of the places that can be reached from @town over exactly one road",
                "return sorted(found)",
                "list[str]",
            ),
            (
                "the number of different places that can be reached from @town over exactly one road",
                "return len(found)",
                "int",
            ),
            (
                "a string of the places, sorted and joined by ', ', that can be reached from @town over exactly one road",
                "return ', '.join(sorted(found))",
                "str",
            ),
            (
                "True if more than one place can be reached from @town over exactly one road",
                "return len(found) > 1",
                "bool",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[roads|links|connections]_[from|of_town|next_to]",
        "roads:edges town:letter",
        kind,
        f"{ask}, where each pair in @roads is {way}",
        f"found = {see}\n{end}",
        loop + end,
        tellings=(
            f"A map is given as the list @roads; each pair of letters in it stands for {way}. The same road may be listed twice. Return {ask}.",
            f"Places are named by letters, and every tuple in @roads is {way}. Return {ask}.",
        ),
    )


@lesson
def graph_reach(g: Random) -> Draft:
    ask, end, kind = g.choice(
        [
            (
                "a sorted list of all places that can be reached from @town, @town itself included",
                "return sorted(seen)",
                "list[str]",
            ),
            ("the number of places that can be reached from @town, @town itself included", "return len(seen)", "int"),
            (
                "True if at least three places, @town itself included, can be reached from @town",
                "return len(seen) >= 3",
                "bool",
            ),
        ]
    )
    both = g.random() < 0.5
    way = "used in both directions" if both else "used from the first to the second letter only"
    src = "$roads + [(b, a) for a, b in $roads]" if both else "$roads"
    return lesson.draft(
        g,
        "[reach|reachable|travel|explore]",
        "roads:edges town:letter",
        kind,
        f"{ask}, over any number of the @roads (pairs of letters), which can be {way}",
        f"roads_ = {src}\nseen = {{$town}}\ntodo = [$town]\nwhile todo:\n    place = todo.pop()\n    for a, b in roads_:\n        if a == place and b not in seen:\n            seen.add(b)\n            todo.append(b)\n{end}".replace(
            "roads_", "ways"
        ),
        f"ways = {src}\nseen = {{$town}}\nfor _ in range(len(ways) + 1):\n    seen |= {{b for a, b in ways if a in seen}}\n{end}",
        tellings=(
            f"The pairs in @roads connect places that are named by letters; a road can be {way}. You start in @town and travel as far as you like. Return {ask}.",
        ),
        plan="I collect the places step by step until nothing new comes.",
    )


@lesson
def edge_tables(g: Random) -> Draft:
    ask, one, two, kind = g.choice(
        [
            (
                "a dictionary that maps each first letter in @links to the list of the second letters that go with it, in order of appearance",
                "result = {}\nfor a, b in $links:\n    result.setdefault(a, []).append(b)\nreturn result",
                "return {a: [q for p, q in $links if p == a] for a, _ in $links}",
                "dict[str, list[str]]",
            ),
            (
                "a dictionary that counts for each letter, in alphabetical order, in how many of the pairs in @links it occurs",
                "both = [c for pair in $links for c in pair]\nreturn {c: both.count(c) for c in sorted(set(both))}",
                "result = {}\nfor a, b in $links:\n    for c in (a, b):\n        result[c] = result.get(c, 0) + 1\nreturn dict(sorted(result.items()))",
                "dict[str, int]",
            ),
            (
                "a sorted list of the pairs in @links without regard to the order inside a pair: each pair has its letters in alphabetical order and occurs once",
                "return sorted({(min(p), max(p)) for p in $links})",
                "seen = []\nfor a, b in $links:\n    pair = (a, b) if a < b else (b, a)\n    if pair not in seen:\n        seen.append(pair)\nreturn sorted(seen)",
                "list[tuple[str, str]]",
            ),
            (
                "True if for some pair (p, q) in @links the opposite pair (q, p) is there as well",
                "return any((b, a) in $links for a, b in $links)",
                "seen = set()\nfor a, b in $links:\n    if (b, a) in seen:\n        return True\n    seen.add((a, b))\nreturn False",
                "bool",
            ),
            (
                "a sorted list of the letters that occur as a first but never as a second letter in @links",
                "return sorted({a for a, _ in $links} - {b for _, b in $links})",
                "ends = [b for _, b in $links]\nresult = []\nfor a, _ in $links:\n    if a not in ends and a not in result:\n        result.append(a)\nreturn sorted(result)",
                "list[str]",
            ),
            (
                "a list of the pairs in @links that occur for the first time, in order, as strings like 'A-B'",
                "return [f'{a}-{b}' for a, b in dict.fromkeys($links)]",
                "result = []\nfor a, b in $links:\n    if a + '-' + b not in result:\n        result.append(a + '-' + b)\nreturn result",
                "list[str]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[link|edge|follower]_[table|pairs|report]",
        "links:edges",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"In a small network, a pair (a, b) in @links says that a follows b. Return {ask}.",
            f"The list @links holds pairs of letters. Return {ask}.",
        ),
    )


@lesson
def domino(g: Random) -> Draft:
    ask, one, two, kind = g.choice(
        [
            (
                "True if each of the @stones begins with the number with which the stone before it ends",
                "return all(p[1] == q[0] for p, q in zip($stones, $stones[1:]))",
                "for i in range(1, len($stones)):\n    if $stones[i][0] != $stones[i - 1][1]:\n        return False\nreturn True",
                "bool",
            ),
            (
                "how many of the @stones, from the first one on, fit together without a break, that is, each begins with the number with which the one before it ends",
                "fitting = 0\nend = None\nfor left, right in $stones:\n    if end is not None and left != end:\n        break\n    fitting += 1\n    end = right\nreturn fitting",
                "i = 0\nwhile i < len($stones) and (i == 0 or $stones[i - 1][1] == $stones[i][0]):\n    i += 1\nreturn i",
                "int",
            ),
            (
                "the sum of all numbers on those @stones that have two equal halves",
                "return sum(left + right for left, right in $stones if left == right)",
                "total = 0\nfor stone in $stones:\n    if stone[0] == stone[1]:\n        total += 2 * stone[0]\nreturn total",
                "int",
            ),
            (
                "the row of @stones seen from the other side: the stones in reverse order, each with its halves exchanged",
                "return [(right, left) for left, right in reversed($stones)]",
                "result = []\nfor left, right in $stones:\n    result.insert(0, (right, left))\nreturn result",
                "list[tuple[int, int]]",
            ),
            (
                "the stone of @stones with the largest sum, the first one if there are several, or None if there are no stones",
                "return max($stones, key=sum, default=None)",
                "best = None\nfor stone in $stones:\n    if best is None or sum(stone) > sum(best):\n        best = stone\nreturn best",
                "tuple[int, int] | None",
            ),
            (
                "a list of @stones in which each stone is turned, if necessary, so that its smaller number is on the left",
                "return [(min(stone), max(stone)) for stone in $stones]",
                "result = []\nfor left, right in $stones:\n    if left > right:\n        left, right = right, left\n    result.append((left, right))\nreturn result",
                "list[tuple[int, int]]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[domino|stones|tiles]_[check|row|work]",
        "stones:dominoes",
        kind,
        ask,
        one,
        two,
        tellings=(f"Domino stones lie in a row; each is a tuple (left, right) of two numbers. Return {ask}.",),
    )


@lesson
def run_lengths(g: Random) -> Draft:
    ask, one, two, kind = g.choice(
        [
            (
                "the string in which each character of @runs is written as often as its tuple says",
                "return ''.join(ch * times for ch, times in $runs)",
                "result = ''\nfor ch, times in $runs:\n    for _ in range(times):\n        result += ch\nreturn result",
                "str",
            ),
            (
                "the length of the string that @runs describes",
                "return sum(times for _, times in $runs)",
                "total = 0\nfor entry in $runs:\n    total += entry[1]\nreturn total",
                "int",
            ),
            (
                "a list of the tuples of @runs with neighbouring tuples of the same character joined into one and tuples with 0 times left out",
                "result = []\nfor ch, times in $runs:\n    if times == 0:\n        continue\n    if result and result[-1][0] == ch:\n        result[-1] = (ch, result[-1][1] + times)\n    else:\n        result.append((ch, times))\nreturn result",
                "line = ''.join(ch * times for ch, times in $runs)\nresult = []\ni = 0\nwhile i < len(line):\n    j = i\n    while j < len(line) and line[j] == line[i]:\n        j += 1\n    result.append((line[i], j - i))\n    i = j\nreturn result",
                "list[tuple[str, int]]",
            ),
            (
                "a dictionary that maps each character in @runs to the total number of times it is written",
                "result = {}\nfor ch, times in $runs:\n    result[ch] = result.get(ch, 0) + times\nreturn result",
                "return {ch: sum(n for other, n in $runs if other == ch) for ch, _ in $runs}",
                "dict[str, int]",
            ),
            (
                "the string that @runs describes, read backwards",
                "return ''.join(ch * times for ch, times in reversed($runs))",
                "line = ''\nfor ch, times in $runs:\n    line = ch * times + line\nreturn line",
                "str",
            ),
            (
                "a compact string of @runs like '3a2x' in which tuples with 0 times are left out and for once only the character is written",
                "return ''.join((str(times) if times > 1 else '') + ch for ch, times in $runs if times)",
                "parts = []\nfor ch, times in $runs:\n    if times == 1:\n        parts.append(ch)\n    elif times > 1:\n        parts.append(f'{times}{ch}')\nreturn ''.join(parts)",
                "str",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[expand|decode|run]_[runs|pattern|line]",
        "runs:runs",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"A line of characters is described by tuples (character, times), like [('a', 3), ('x', 1)] for 'aaax'. Return {ask}.",
            f"Each tuple in @runs says which character to write and how often. Return {ask}.",
        ),
    )


@lesson
def slices_of_text(g: Random) -> Draft:
    ask, one, two, kind = g.choice(
        [
            (
                "a list of the parts of @s from each start up to, but without, each stop in @cuts",
                "return [$s[p:q] for p, q in $cuts]",
                "parts = []\nfor p, q in $cuts:\n    part = ''\n    for i in range(p, min(q, len($s))):\n        part += $s[i]\n    parts.append(part)\nreturn parts",
                "list[str]",
            ),
            (
                "the parts of @s described by the (start, stop) tuples in @cuts, stop not included, joined with '|'",
                "return '|'.join($s[p:q] for p, q in $cuts)",
                "parts = []\nfor cut in $cuts:\n    parts.append($s[cut[0]:cut[1]])\nreturn '|'.join(parts)",
                "str",
            ),
            (
                "@s with every character replaced by '#' whose index lies in one of the intervals in @cuts, start included and stop excluded",
                "return ''.join('#' if any(p <= i < q for p, q in $cuts) else ch for i, ch in enumerate($s))",
                "chars = list($s)\nfor p, q in $cuts:\n    for i in range(p, min(q, len(chars))):\n        chars[i] = '#'\nreturn ''.join(chars)",
                "str",
            ),
            (
                "@s without the characters whose index lies in one of the intervals in @cuts, start included and stop excluded",
                "return ''.join(ch for i, ch in enumerate($s) if not any(p <= i < q for p, q in $cuts))",
                "gone = {i for p, q in $cuts for i in range(p, q)}\nresult = ''\nfor i in range(len($s)):\n    if i not in gone:\n        result += $s[i]\nreturn result",
                "str",
            ),
            (
                "@s after its parts from start up to, but without, stop were turned into uppercase for all tuples in @cuts",
                "result = $s\nfor p, q in $cuts:\n    result = result[:p] + result[p:q].upper() + result[q:]\nreturn result",
                "return ''.join(ch.upper() if any(p <= i < q for p, q in $cuts) else ch for i, ch in enumerate($s))",
                "str",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[cut|slice|mark]_[text|parts|ranges]",
        "s:w cuts:cuts",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"The tuples (start, stop) in @cuts mark parts of the string @s, as slices do; what lies beyond the end of the string does not exist. Return {ask}.",
        ),
    )


@lesson
def polynomials(g: Random) -> Draft:
    k = g.randint(-2, 3)
    ask, one, two, kind = g.choice(
        [
            (
                f"the value of the polynomial @terms for x = {k}",
                f"return sum(c * ({k}) ** e for c, e in $terms)",
                f"total = 0\nfor c, e in $terms:\n    power = 1\n    for _ in range(e):\n        power *= {k}\n    total += c * power\nreturn total",
                "int",
            ),
            (
                "the derivative of the polynomial @terms as a list of (coefficient, exponent) tuples, terms that become zero being left out",
                "return [(c * e, e - 1) for c, e in $terms if e > 0]",
                "result = []\nfor c, e in $terms:\n    if e != 0:\n        result.append((c * e, e - 1))\nreturn result",
                "list[tuple[int, int]]",
            ),
            (
                "the terms of the polynomial @terms sorted by exponent, the highest first",
                "return sorted($terms, key=lambda t: t[1], reverse=True)",
                "return sorted($terms, key=lambda t: -t[1])",
                "list[tuple[int, int]]",
            ),
            (
                "the degree of the polynomial @terms, that is, its largest exponent, or -1 if it has no terms",
                "return max((e for _, e in $terms), default=-1)",
                "degree = -1\nfor _, e in $terms:\n    if e > degree:\n        degree = e\nreturn degree",
                "int",
            ),
            (
                "a list of the coefficients of the polynomial @terms, at index e the one of the exponent e, from 0 to the largest exponent; missing ones are 0",
                "size = max((e for _, e in $terms), default=-1) + 1\nresult = [0] * size\nfor c, e in $terms:\n    result[e] = c\nreturn result",
                "table = {e: c for c, e in $terms}\nif not table:\n    return []\nreturn [table.get(e, 0) for e in range(max(table) + 1)]",
                "list[int]",
            ),
            (
                f"the polynomial @terms multiplied by {abs(k) + 2}x, as a list of (coefficient, exponent) tuples in the same order",
                f"return [({abs(k) + 2} * c, e + 1) for c, e in $terms]",
                f"result = []\nfor term in $terms:\n    result.append((term[0] * {abs(k) + 2}, term[1] + 1))\nreturn result",
                "list[tuple[int, int]]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[polynomial|poly|terms]_[value|work|change]",
        "terms:poly",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"A polynomial such as 3x^2 - x is stored as a list of (coefficient, exponent) tuples: [(3, 2), (-1, 1)]. Every exponent occurs at most once. Return {ask}.",
        ),
    )


@lesson
def cells(g: Random) -> Draft:
    k = g.randint(0, 3)
    what, code = g.choice(
        [
            (f"equal to {k}", f"v == {k}"),
            ("equal to the largest value of the grid", "v == max(map(max, $board))"),
            ("larger than the cell to their left, which must exist", "c > 0 and v > $board[r][c - 1]"),
            ("equal to the cell above them, which must exist", "r > 0 and v == $board[r - 1][c]"),
            ("equal to the sum of their row and column number", "v == r + c"),
            ("different from 0 and in the first or last row", "v != 0 and r in (0, len($board) - 1)"),
        ]
    )
    ask, one, two, kind = g.choice(
        [
            (
                "a list of the positions (row, column) of the cells",
                "return [(r, c) for r, row in enumerate($board) for c, v in enumerate(row) if CODE]",
                "result = []\nfor r in range(len($board)):\n    for c in range(len($board[r])):\n        v = $board[r][c]\n        if CODE:\n            result.append((r, c))\nreturn result",
                "list[tuple[int, int]]",
            ),
            (
                "the position (row, column) of the first cell, or None if there is none,",
                "for r, row in enumerate($board):\n    for c, v in enumerate(row):\n        if CODE:\n            return (r, c)\nreturn None",
                "found = [(r, c) for r, row in enumerate($board) for c, v in enumerate(row) if CODE]\nreturn found[0] if found else None",
                "tuple[int, int] | None",
            ),
            (
                "the number of cells",
                "return sum(1 for r, row in enumerate($board) for c, v in enumerate(row) if CODE)",
                "total = 0\nfor r in range(len($board)):\n    for c in range(len($board[r])):\n        v = $board[r][c]\n        if CODE:\n            total += 1\nreturn total",
                "int",
            ),
            (
                "a sorted list of the numbers of the rows with cells",
                "return [r for r, row in enumerate($board) if any(CODE for c, v in enumerate(row))]",
                "rows = set()\nfor r, row in enumerate($board):\n    for c, v in enumerate(row):\n        if CODE:\n            rows.add(r)\nreturn sorted(rows)",
                "list[int]",
            ),
        ]
    )
    that = "that is" if "first cell" in ask else "that are"
    what1 = what.replace("their", "its").replace("them", "it") if "first cell" in ask else what
    return lesson.draft(
        g,
        "[cells|squares|positions]_[in_grid|where|found]",
        "board:board",
        kind,
        f"{ask} of the grid @board {that} {what1}; rows and columns are counted from 0",
        one.replace("CODE", code),
        two.replace("CODE", code),
        tellings=(
            f"The grid @board is a list of rows. A cell is known by the tuple (row, column), both counted from 0. Go through the cells row by row and return {ask} {that} {what1}.",
        ),
    )


@lesson
def division_results(g: Random) -> Draft:
    k = g.randint(2, 9)
    ask, one, two, kind = g.choice(
        [
            (
                f"a list of the tuples (quotient, remainder) that arise when the elements of @few are divided by {k}",
                f"return [divmod(v, {k}) for v in $few]",
                f"result = []\nfor v in $few:\n    result.append((v // {k}, v % {k}))\nreturn result",
                "list[tuple[int, int]]",
            ),
            (
                "a tuple of the sum of the even and the sum of the odd elements of @few",
                "return (sum(v for v in $few if v % 2 == 0), sum(v for v in $few if v % 2))",
                "sums = [0, 0]\nfor v in $few:\n    sums[v % 2] += v\nreturn tuple(sums)",
                "tuple[int, int]",
            ),
            (
                "a tuple of two values: the smallest element of @few and the index of its first occurrence; (None, -1) for an empty list",
                "if not $few:\n    return (None, -1)\nlow = min($few)\nreturn (low, $few.index(low))",
                "best = (None, -1)\nfor i, v in enumerate($few):\n    if best[0] is None or v < best[0]:\n        best = (v, i)\nreturn best",
                "tuple[int | None, int]",
            ),
            (
                "a list of tuples (element, how often it occurs), one for each different element of @few, in ascending order of the elements",
                "return [(v, $few.count(v)) for v in sorted(set($few))]",
                "tally = {}\nfor v in $few:\n    tally[v] = tally.get(v, 0) + 1\nreturn sorted(tally.items())",
                "list[tuple[int, int]]",
            ),
            (
                "a list of tuples that hold each element of @few, its square and the running total so far",
                "result = []\ntotal = 0\nfor v in $few:\n    total += v\n    result.append((v, v * v, total))\nreturn result",
                "return [(v, v ** 2, sum($few[:i])) for i, v in enumerate($few, 1)]",
                "list[tuple[int, int, int]]",
            ),
            (
                f"a tuple of two values: whether @few contains {k}, and how many elements of it are larger than {k}",
                f"return ({k} in $few, sum(1 for v in $few if v > {k}))",
                f"found, larger = False, 0\nfor v in $few:\n    if v == {k}:\n        found = True\n    elif v > {k}:\n        larger += 1\nreturn found, larger",
                "tuple[bool, int]",
            ),
            (
                "a list of the neighbouring elements of @few as tuples in which the smaller element stands first",
                "return [(min(p, q), max(p, q)) for p, q in zip($few, $few[1:])]",
                "result = []\nfor i in range(len($few) - 1):\n    result.append(tuple(sorted($few[i:i + 2])))\nreturn result",
                "list[tuple[int, int]]",
            ),
            (
                "a list of tuples that pair the first element of @few with the last one, the second one with the last but one, and so on; a middle element is left out",
                "half = len($few) // 2\nreturn list(zip($few[:half], $few[::-1]))",
                "result = []\nfor i in range(len($few) // 2):\n    result.append(($few[i], $few[-1 - i]))\nreturn result",
                "list[tuple[int, int]]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[tuples|two_values|results]_[of_list|from_list|together]",
        "few:few",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"From the non-negative integers in @few, make tuples. Return {ask}.",
            f"You are given the list @few. [Your task is to return|The function should return] {ask}.",
        ),
    )


@lesson
def componentwise(g: Random) -> Draft:
    left, lcode, lalt = g.choice(
        [
            ("the smallest first number", "min(a for a, _ in $pairs)", "sorted(p[0] for p in $pairs)[0]"),
            ("the sum of the first numbers", "sum(a for a, _ in $pairs)", "sum([p[0] for p in $pairs])"),
            ("the largest first number", "max(a for a, _ in $pairs)", "max([p[0] for p in $pairs])"),
            ("the number of different first numbers", "len({a for a, _ in $pairs})", "len(set(p[0] for p in $pairs))"),
            ("the first number of the last pair", "$pairs[-1][0]", "[p[0] for p in $pairs][-1]"),
        ]
    )
    right, rcode, ralt = g.choice(
        [
            ("the largest second number", "max(b for _, b in $pairs)", "max([p[1] for p in $pairs])"),
            ("the sum of the second numbers", "sum(b for _, b in $pairs)", "sum([p[1] for p in $pairs])"),
            ("the smallest second number", "min(b for _, b in $pairs)", "sorted(p[1] for p in $pairs)[0]"),
            (
                "the number of even second numbers",
                "sum(1 for _, b in $pairs if b % 2 == 0)",
                "len([p for p in $pairs if p[1] % 2 == 0])",
            ),
            ("the second number of the first pair", "$pairs[0][1]", "[p[1] for p in $pairs][0]"),
        ]
    )
    empty = g.choice(["(0, 0)", "None", "(-1, -1)"])
    return lesson.draft(
        g,
        "[componentwise|both_sides|column_results|left_right]",
        "pairs:pairs",
        "tuple[int, int]" + (" | None" if empty == "None" else ""),
        f"a tuple with {left} and {right} of the pairs in @pairs, or {empty} if there are no pairs",
        f"if not $pairs:\n    return {empty}\nreturn ({lcode}, {rcode})",
        f"if len($pairs) == 0:\n    return {empty}\nleft = {lalt}\nright = {ralt}\nreturn (left, right)",
        tellings=(
            f"Look at the pairs in @pairs in columns: all first numbers and all second numbers. Find {left} and {right}, and return both as a tuple. Without any pair, return {empty}.",
        ),
    )
