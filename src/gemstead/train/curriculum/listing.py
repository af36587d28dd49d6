"""Lists: select, change, insert, split, alternate, compare neighbours, runs, windows, positions, mixed and missing values."""

from __future__ import annotations

from random import Random

from gemstead.train.curriculum import draft as d
from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.lessons import Lessons
from gemstead.train.curriculum.phrases import number_test, word_test


def _runs(r: Random) -> object:
    return [v for _ in range(r.randint(0, 4)) for v in [r.randint(0, 4)] * r.randint(1, 3)]


def _few(r: Random) -> object:
    return [r.randint(0, 6) for _ in range(r.randint(0, 8))]


def _few1(r: Random) -> object:
    return [r.randint(0, 7) for _ in range(r.randint(1, 8))]


def _zeros(r: Random) -> object:
    return [r.choice([0, 0, r.randint(-6, 9), r.randint(1, 9)]) for _ in range(r.randint(0, 9))]


def _floats(r: Random) -> object:
    return [r.randint(-40, 160) / 4 for _ in range(r.randint(1, 6))]


def _bools(r: Random) -> object:
    return [r.random() < 0.55 for _ in range(r.randint(0, 8))]


def _mixed(r: Random) -> object:
    return [
        r.choice([r.randint(-9, 20), r.randint(0, 9), d.draw_word(r), r.randint(1, 30) / 4, r.random() < 0.5, None])
        for _ in range(r.randint(0, 6))
    ]


def _mixed2(r: Random) -> object:
    return [r.choice([r.randint(-9, 20), d.draw_word(r)]) for _ in range(r.randint(0, 6))]


def _gaps(r: Random) -> object:
    return [None if r.random() < 0.4 else r.randint(-5, 20) for _ in range(r.randint(0, 8))]


def _lists(r: Random) -> object:
    return [[r.randint(-5, 15) for _ in range(r.randint(0, 4))] for _ in range(r.randint(0, 4))]


def _edits(r: Random) -> object:
    return [
        r.choice([f"add {r.randint(1, 9)}", f"add {r.randint(1, 9)}", "drop", "double", "flip"])
        for _ in range(r.randint(0, 6))
    ]


def _jumps(r: Random) -> object:
    return [r.randint(1, 3) for _ in range(r.randint(1, 9))]


def _numbered(r: Random) -> object:
    return [r.choice([str(r.randint(-9, 40)), str(r.randint(0, 9)), d.draw_word(r)]) for _ in range(r.randint(0, 6))]


lesson = Lessons("listing", kinds={
    "runs": ("list[int]", "a list of integers", _runs),
    "few": ("list[int]", "a list of non-negative integers", _few),
    "few1": ("list[int]", "a non-empty list of non-negative integers", _few1),
    "zeros": ("list[int]", "a list of integers", _zeros),
    "floats": ("list[float]", "a non-empty list of floats", _floats),
    "bools": ("list[bool]", "a list of booleans", _bools),
    "mixed": ("list", "a list of values of different types", _mixed),
    "mixed2": ("list", "a list of integers and strings", _mixed2),
    "gaps": ("list[int | None]", "a list of integers in which some entries are None", _gaps),
    "lists": ("list[list[int]]", "a list of lists of integers", _lists),
    "edits": ("list[str]", "a list of commands", _edits),
    "jumps": ("list[int]", "a non-empty list of positive integers", _jumps),
    "numtexts": ("list[str]", "a list of strings", _numbered),
    "L2": ("list[int]", "a list of at least two integers", d.integers(-9, 30, 8, 2)),
    "S": ("list[int]", "a list of integers in ascending order", lambda r: sorted(r.randint(-5, 20) for _ in range(r.randint(0, 7)))),
    "idx": ("int", "an index", d.integer(0, 6)),
    "idxs": ("list[int]", "a list of indices", lambda r: [r.randint(0, 7) for _ in range(r.randint(0, 4))]),
    "tiny": ("list[int]", "a list of non-negative integers", lambda r: [1, 2, 0, 1, 3, 2][r.choice([0, 0, 1]) : r.randint(3, 6)] if r.random() < 0.7 else [r.randint(0, 3) for _ in range(r.randint(0, 5))]),
    "tiny2": ("list[int]", "a list of non-negative integers", lambda r: (lambda i: [1, 2, 0, 1, 3, 2][i : i + r.randint(1, 4)])(r.choice([0, 0, 1, 2, 3])) if r.random() < 0.7 else [r.randint(0, 3) for _ in range(r.randint(0, 3))]),
    "val": ("int", "an integer", d.integer(0, 6)),
    "step": ("int", "a non-negative integer", d.integer(0, 9)),
})  # fmt: skip


@lesson
def trimmed_ends(g: Random) -> Draft:
    a, b = g.choice([(1, 1), (2, 1), (1, 2), (2, 2), (3, 1), (0, 2), (2, 0), (1, 3)])
    front = f"the first {a} elements" if a > 1 else "the first element"
    back = f"the last {b} elements" if b > 1 else "the last element"
    what = f"{front} and {back}" if a and b else front if a else back
    return lesson.draft(
        g,
        "[trim|cut|shorten|drop]_[ends|edges|list]",
        "xs:L",
        "list[int]",
        f"a copy of @xs without {what}",
        f"return $xs[{a or ''}:{-b if b else ''}]",
        f"end = len($xs) - {b}\nresult = []\nfor i in range({a}, end):\n    result.append($xs[i])\nreturn result",
        tellings=(
            f"[Cut|Remove|Leave] {what} {g.choice(['off', 'away'])} and return [what is left|the remaining part] of @xs.".replace(
                "Leave", "Cut"
            ).replace("Remove", "Take"),
            f"A jury [strikes out|ignores] {what} of the list @xs. Return a new list with the [others|elements that remain], in the same order.",
            f"You are given @xs. [Build|Create] a new list that leaves out {what}. The original list must not be changed.",
        ),
        notes=(
            "[If the list is too short, the result is an empty list.|For a list that is too short, return an empty list.]",
        ),
    )


@lesson
def ends_traded(g: Random) -> Draft:
    words, one, two = g.choice([
        ("with its second and last elements exchanged", "result = list($xs)\nresult[1], result[-1] = result[-1], result[1]\nreturn result", "first, *rest = $xs\nrest[0], rest[-1] = rest[-1], rest[0]\nreturn [first] + rest"),
        ("with its first element moved to the end", "return $xs[1:] + [$xs[0]]", "result = list($xs)\nresult.append(result.pop(0))\nreturn result"),
        ("with its last element moved to the front", "return [$xs[-1]] + $xs[:-1]", "result = list($xs)\nresult.insert(0, result.pop())\nreturn result"),
        ("with its first two elements exchanged", "return [$xs[1], $xs[0]] + $xs[2:]", "result = list($xs)\nresult[0], result[1] = result[1], result[0]\nreturn result"),
        ("with its last two elements exchanged", "return $xs[:-2] + [$xs[-1], $xs[-2]]", "result = list($xs)\nresult[-1], result[-2] = result[-2], result[-1]\nreturn result"),
        ("in which the first element has been overwritten by the last one", "return [$xs[-1]] + $xs[1:]", "result = list($xs)\nresult[0] = result[-1]\nreturn result"),
        ("with the first element repeated at the end", "return $xs + [$xs[0]]", "result = list($xs)\nresult.append($xs[0])\nreturn result"),
        ("with its smallest element (the first such one) moved to the front", "i = $xs.index(min($xs))\nreturn [$xs[i]] + $xs[:i] + $xs[i + 1:]", "result = list($xs)\nlow = min(result)\nresult.remove(low)\nresult.insert(0, low)\nreturn result"),
        ("with its largest element (the first such one) moved to the end", "i = $xs.index(max($xs))\nreturn $xs[:i] + $xs[i + 1:] + [$xs[i]]", "result = list($xs)\nbig = max(result)\nresult.remove(big)\nresult.append(big)\nreturn result"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[trade|move|rearrange|swap]_[ends|list|elements]",
        "xs:L2",
        "list[int]",
        f"a copy of @xs {words}",
        one,
        two,
        tellings=(
            f"[Make|Create] a copy of the list @xs {words} and return it.",
            f"Return the list @xs {words}. [Do not change the list that was passed in.|@xs itself stays as it is.]",
            f"You are given @xs, which has at least two elements. [Your task is to return|Return] a new list that is @xs {words}.",
        ),
    )


@lesson
def every_kth_gone(g: Random) -> Draft:
    k = g.randint(2, 4)
    nth = {2: "second", 3: "third", 4: "fourth"}[k]
    fate, one, two = g.choice([
        ("removed", f"return [x for i, x in enumerate($xs, 1) if i % {k} != 0]", f"result = list($xs)\ndel result[{k - 1}::{k}]\nreturn result"),
        ("set to zero", f"return [0 if i % {k} == 0 else x for i, x in enumerate($xs, 1)]", f"result = list($xs)\nfor i in range({k - 1}, len(result), {k}):\n    result[i] = 0\nreturn result"),
        ("negated", f"return [-x if i % {k} == 0 else x for i, x in enumerate($xs, 1)]", f"result = list($xs)\nfor i in range({k - 1}, len(result), {k}):\n    result[i] = -result[i]\nreturn result"),
        ("written twice", f"result = []\nfor i, x in enumerate($xs, 1):\n    result.append(x)\n    if i % {k} == 0:\n        result.append(x)\nreturn result", f"return [x for i, x in enumerate($xs) for _ in range(2 if i % {k} == {k - 1} else 1)]"),
        ("doubled in value", f"return [2 * x if i % {k} == 0 else x for i, x in enumerate($xs, 1)]", f"result = list($xs)\nfor i in range({k - 1}, len(result), {k}):\n    result[i] *= 2\nreturn result"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"[every|each]_{nth}_[changed|treated|one]",
        "xs:L",
        "list[int]",
        f"a copy of @xs in which every {nth} element is {fate}, counting from the {nth} one",
        one,
        two,
        tellings=(
            f"Count along the list @xs: one, two, [and so on|three ...]. Every {nth} element is to be {fate}, all the others stay. Return the new list.",
            f"In a copy of @xs, the elements at positions {k}, {2 * k}, {3 * k}, ... are {fate} (positions are counted from 1). Return that copy.",
            f"Every {nth} item on an assembly line is [treated|marked]: it is {fate}. Given the items @xs, return the list after that.",
        ),
    )


@lesson
def filled_between(g: Random) -> Draft:
    words, code = g.choice(
        [
            ("their sum", "a + b"),
            ("the larger of the two", "max(a, b)"),
            ("the smaller of the two", "min(a, b)"),
            ("the difference of the second and the first", "b - a"),
            ("their product", "a * b"),
            ("the absolute value of their difference", "abs(a - b)"),
            ("the floor of their average", "(a + b) // 2"),
        ]
    )
    return lesson.draft(
        g,
        "[insert|fill|place]_between[_neighbours|]",
        "xs:L",
        "list[int]",
        f"a new list that contains the elements of @xs and, between every two neighbours, {words}",
        f"result = $xs[:1]\nfor a, b in zip($xs, $xs[1:]):\n    result += [{code}, b]\nreturn result",
        f"result = []\nfor i, a in enumerate($xs):\n    result.append(a)\n    if i + 1 < len($xs):\n        b = $xs[i + 1]\n        result.append({code})\nreturn result",
        tellings=(
            f"Between each pair of neighbouring elements of @xs, [insert|put] {words}. The elements themselves stay where they are. Return the resulting list.",
            f"Make the list @xs denser: write {words} between two adjacent elements. A list with fewer than two elements has no gaps and comes back as a copy.",
        ),
        plan="I copy the elements and put the new value between each pair.",
    )


@lesson
def from_both_ends(g: Random) -> Draft:
    start, other = g.choice([("first", "last"), ("last", "first")])
    a, b = ("0", "-1") if start == "first" else ("-1", "0")
    return lesson.draft(
        g,
        "[outside_in|both_ends|zigzag_ends|take_from_both_ends]",
        "xs:L",
        "list[int]",
        f"the elements of @xs in this order: the {start} one, the {other} one, then the {start} and the {other} of those that are left, and so on until all are used",
        f"rest = list($xs)\nresult = []\nwhile rest:\n    result.append(rest.pop({a}))\n    if rest:\n        result.append(rest.pop({b}))\nreturn result",
        "i, j = 0, len($xs) - 1\nresult = []\nturn = 0\nwhile i <= j:\n    if turn % 2 == "
        + ("0" if start == "first" else "1")
        + ":\n        result.append($xs[i])\n        i += 1\n    else:\n        result.append($xs[j])\n        j -= 1\n    turn += 1\nreturn result",
        tellings=(
            f"Take elements from the two ends of @xs in turn, beginning with the {start} element, until nothing is left. Return them in the order in which they were taken.",
            f"Two children share a row of cards @xs. They take turns: the one always takes the {start} card that is left, the other the {other} one; the one who takes the {start} card begins. Return the cards in the order they are taken.",
        ),
    )


@lesson
def woven(g: Random) -> Draft:
    lead, follow = g.choice([("$xs", "$ys"), ("$ys", "$xs")])
    a, b = lead.replace("$", "@"), follow.replace("$", "@")
    return lesson.draft(
        g,
        "[weave|interleave|zip_up|mix]_[all|fully|lists]",
        "xs:L ys:L",
        "list[int]",
        f"a list that takes elements from {a} and {b} in turn, beginning with {a}, and that ends with what is left over from the longer list",
        f"result = []\nfor i in range(max(len({lead}), len({follow}))):\n    result += {lead}[i:i + 1] + {follow}[i:i + 1]\nreturn result",
        f"short = min(len({lead}), len({follow}))\nresult = []\nfor i in range(short):\n    result.append({lead}[i])\n    result.append({follow}[i])\nreturn result + {lead}[short:] + {follow}[short:]",
        tellings=(
            f"Two queues, {a} and {b}, [merge into one|become one queue]. People are let in alternately, starting with {a}; when one queue is empty, the rest of the other one follows. Return the merged queue.",
            f"Interleave the lists: first element of {a}, first of {b}, second of {a}, second of {b}, and so on. [No element may be lost: when|When] one list runs out, append the remaining elements of the other.",
        ),
    )


@lesson
def neighbour_signs(g: Random) -> Draft:
    up, down, same = g.choice(
        [
            ("'<'", "'>'", "'='"),
            ("'up'", "'down'", "'flat'"),
            ("1", "-1", "0"),
            ("'rise'", "'fall'", "'same'"),
            ("'+'", "'-'", "'0'"),
        ]
    )
    kind = "list[int]" if up == "1" else "list[str]"
    return lesson.draft(
        g,
        "[trend|compare_neighbours|directions|steps_of]",
        "xs:few",
        kind,
        f"a list that says for every two neighbours in @xs how the second compares with the first: {up} if it is larger, {down} if it is smaller, and {same} if they are equal",
        f"return [{up} if a < b else {down} if a > b else {same} for a, b in zip($xs, $xs[1:])]",
        f"result = []\nfor i in range(1, len($xs)):\n    if $xs[i] > $xs[i - 1]:\n        result.append({up})\n    elif $xs[i] < $xs[i - 1]:\n        result.append({down})\n    else:\n        result.append({same})\nreturn result",
        tellings=(
            f"Describe the course of @xs step by step. For each step from one element to the next, write {up} when the value grows, {down} when it shrinks and {same} when it does not change. Return the list of these marks.",
            f"The list @xs holds measurements in order of time. Return a list with one entry per change: {up}, {down} or {same}, depending on whether the later measurement is larger than, smaller than or equal to the one before. The result has one entry less than @xs, and none if @xs is empty.",
        ),
    )


@lesson
def neighbour_count(g: Random) -> Draft:
    k = g.randint(2, 5)
    clause, code = g.choice([
        ("greater than its predecessor", "b > a"), ("smaller than the element before it", "b < a"), ("equal to the element right before it", "a == b"), (f"at least {k} more than the one before it", f"b - a >= {k}"),
        (f"more than {k} away from its predecessor", f"abs(b - a) > {k}"), ("exactly one more than its predecessor", "b == a + 1"), ("at least twice its predecessor", "b >= 2 * a"), ("of the other parity (even or odd) than the element before it", "(a + b) % 2 == 1"),
        ("of the same parity (even or odd) as its predecessor", "(a + b) % 2 == 0"), ("not larger than its predecessor", "b <= a"),
    ])  # fmt: skip
    form = g.choice(["count", "list", "positions", "first"])
    result, one, two, kind = {
        "count": ("[the number of|how many] elements of @xs [are|that are]", f"return sum(1 for a, b in zip($xs, $xs[1:]) if {code})", f"total = 0\nfor i in range(1, len($xs)):\n    a, b = $xs[i - 1], $xs[i]\n    if {code}:\n        total += 1\nreturn total", "int"),
        "list": ("a list of the elements of @xs that are", f"return [b for a, b in zip($xs, $xs[1:]) if {code}]", f"result = []\nfor i in range(1, len($xs)):\n    a, b = $xs[i - 1], $xs[i]\n    if {code}:\n        result.append(b)\nreturn result", "list[int]"),
        "positions": ("a list of the indices of the elements of @xs that are", f"return [i for i, (a, b) in enumerate(zip($xs, $xs[1:]), 1) if {code}]", f"found = []\nfor i in range(1, len($xs)):\n    a, b = $xs[i - 1], $xs[i]\n    if {code}:\n        found.append(i)\nreturn found", "list[int]"),
        "first": ("the index of the first element of @xs, or -1 if there is none, that is", f"for i in range(1, len($xs)):\n    a, b = $xs[i - 1], $xs[i]\n    if {code}:\n        return i\nreturn -1", f"return next((i for i, (a, b) in enumerate(zip($xs, $xs[1:]), 1) if {code}), -1)", "int"),
    }[form]  # fmt: skip
    if form == "count":
        result = g.choice(["the number of elements of @xs that are", "how many elements of @xs are"])
    task = {
        "count": "Count the elements of @xs for which this is true",
        "list": "Collect the elements of @xs for which this is true and return them in order",
        "positions": "Return the indices of all elements of @xs for which this is true",
        "first": "Return the index of the first element of @xs for which this is true, or -1 if there is no such element",
    }[form]
    return lesson.draft(
        g,
        f"[neighbour|step|jump|adjacent]_{form}",
        "xs:few",
        kind,
        f"{result} {clause}",
        one,
        two,
        tellings=(
            f"{task}: it is {clause}. The first element has no predecessor and never counts.",
            f"[Walk through|Go through] @xs from left to right and compare every element with the one before it. {task}: it is {clause}.",
        ),
        notes=(
            "[The first element is never counted in.|The first element has nothing before it, so it does not qualify.]",
        ),
    )


@lesson
def needed_to_reach(g: Random) -> Draft:
    word, op = g.choice([("reaches or exceeds", ">="), ("exceeds", ">")])
    missing = g.choice(["-1", "None", "0"])
    side = g.choice(["start", "end"])
    seq = "$xs" if side == "start" else "$xs[::-1]"
    return lesson.draft(
        g,
        "[needed|elements_needed|how_many_to_reach|steps_to_sum]",
        "xs:P goal:pos",
        "int | None" if missing == "None" else "int",
        f"how many elements, taken from the {side} of @xs, are needed until their sum {word} @goal, or {missing} if all of them together do not get there",
        f"total = 0\nfor i, x in enumerate({seq}, 1):\n    total += x\n    if total {op} $goal:\n        return i\nreturn {missing}",
        f"from_{side} = {seq}\nfor size in range(1, len($xs) + 1):\n    if sum(from_{side}[:size]) {op} $goal:\n        return size\nreturn {missing}",
        tellings=(
            f"You save the amounts in @xs one after the other, beginning at the {side} of the list. Return after how many amounts your savings {'are at least' if op == '>=' else 'are more than'} @goal. Return {missing} if that never happens.",
            f"Add up the elements of @xs from the {side} until the total {word} @goal, and return the number of elements that were added. [If even the whole list is not enough|If the sum of the whole list is too small], the answer is {missing}.",
        ),
    )


@lesson
def resetting_sums(g: Random) -> Draft:
    k = g.randint(6, 14)
    when, reset_code = g.choice(
        [
            ("a zero is met", "x == 0"),
            (f"it would become larger than {k}", f"total + x > {k}"),
            ("a negative number is met", "x < 0"),
        ]
    )
    if "total" in reset_code:
        telling = f"Keep a running total over @xs. Before adding an element, check whether the total would become larger than {k}; if so, the total is set to 0 first and then the element is added. Return the list of totals after each element."
        body = f"total = 0\nresult = []\nfor x in $xs:\n    if total + x > {k}:\n        total = 0\n    total += x\n    result.append(total)\nreturn result"
        result = f"the list of running totals of @xs, where the total is reset to 0 just before adding an element that would make it larger than {k}"
    else:
        telling = f"Keep a running total over @xs. Whenever {when}, the total is set back to 0 (the number itself is not added). Return the list of totals after each element."
        body = f"total = 0\nresult = []\nfor x in $xs:\n    total = 0 if {reset_code} else total + x\n    result.append(total)\nreturn result"
        result = f"the list of running totals of @xs, where the total becomes 0 again whenever {when}"
    other = (
        body.replace("result = []", "totals = []")
        .replace("result.append", "totals.append")
        .replace("return result", "return totals")
        .replace("total = 0 if", "total = 0 if")
    )
    return lesson.draft(
        g,
        "[resetting|restarting|broken]_[sums|totals]",
        "xs:zeros",
        "list[int]",
        result,
        body,
        other,
        tellings=(
            telling,
            telling.replace("Keep a running total over @xs.", "A cash register adds up the numbers in @xs one by one."),
        ),
    )


@lesson
def records(g: Random) -> Draft:
    word, op = g.choice(
        [
            ("larger than all elements before it", ">"),
            ("smaller than all elements before it", "<"),
            ("at least as large as every element before it", ">="),
            ("at most as large as every element before it", "<="),
        ]
    )
    form, final, kind = g.choice(
        [
            ("a list of the elements of @xs that are records", "value", "list[int]"),
            ("the number of records in @xs", "count", "int"),
            ("a list of the indices of the records in @xs", "index", "list[int]"),
            ("the last record in @xs, or None if @xs is empty", "last", "int | None"),
        ]
    )
    item = "i" if final == "index" else "x"
    end = {
        "value": "return found",
        "count": "return len(found)",
        "index": "return found",
        "last": "return found[-1] if found else None",
    }[final]
    return lesson.draft(
        g,
        "[records|record_values|new_bests|milestones]",
        "xs:L",
        kind,
        f"{form}, where a record is an element that is {word}; the first element [is always one|always counts]",
        f"found = []\nbest = None\nfor i, x in enumerate($xs):\n    if best is None or x {op} best:\n        best = x\n        found.append({item})\n{end}".replace(
            "for i, x in enumerate($xs)", "for x in $xs" if item == "x" else "for i, x in enumerate($xs)"
        ),
        f"found = [{item} for i, x in enumerate($xs) if all(x {op} y for y in $xs[:i])]\n{end}".replace(
            " y ", " earlier "
        )
        .replace("(x", "(x")
        .replace(f"{op} y for", f"{op} earlier for"),
        tellings=(
            f"Call an element of @xs a record if it is {word}. The first element is a record. Return {form}.",
            f"An athlete's results are listed in @xs in the order of the competitions. A result is a [record|personal best] when it is {word}; the very first result counts too. [Return|Your task is to return] {form}.",
        ),
    )


@lesson
def leaders(g: Random) -> Draft:
    word, op = g.choice(
        [
            ("greater than every element to its right", ">"),
            ("smaller than every element to its right", "<"),
            ("not smaller than any element to its right", ">="),
        ]
    )
    ask, end, kind = g.choice(
        [
            ("a list of the elements of @xs, in their original order, that are", "return result", "list[int]"),
            ("the number of elements of @xs that are", "return len(result)", "int"),
            ("the sum of the elements of @xs that are", "return sum(result)", "int"),
        ]
    )
    return lesson.draft(
        g,
        "[leaders|seen_from_right|right_view|unhidden]",
        "xs:few",
        kind,
        f"{ask} {word}",
        f"result = [x for i, x in enumerate($xs) if all(x {op} later for later in $xs[i + 1:])]\n{end}",
        f"result = []\nfor x in reversed($xs):\n    if not result or x {op} result[-1]:\n        result.append(x)\nresult.reverse()\n{end}",
        tellings=(
            f"Return {ask} {word}. The last element has nothing to its right, so it always belongs to them.",
            f"Look at the row of heights @xs from its right end. An element [can be seen|is visible] if it is {word}. Return {ask.replace('that are', 'that can be seen')}.",
        ),
    )


@lesson
def run_facts(g: Random) -> Draft:
    k = g.randint(2, 3)
    ask, end, kind = g.choice([
        ("a list of the lengths of the runs in @xs, from left to right", "return [len(r) for r in runs]", "list[int]"), ("the length of the longest run in @xs, or 0 if @xs is empty", "return max((len(r) for r in runs), default=0)", "int"),
        ("the number of runs in @xs", "return len(runs)", "int"), ("the value of the longest run in @xs (the first one if several are equally long), or None if @xs is empty", "return max(runs, key=len)[0] if runs else None", "int | None"),
        (f"a list of the values of the runs in @xs that have at least {k} elements", f"return [r[0] for r in runs if len(r) >= {k}]", "list[int]"), (f"the number of runs in @xs with exactly {k} elements", f"return sum(1 for r in runs if len(r) == {k})", "int"),
        ("a list of the sums of the runs in @xs", "return [sum(r) for r in runs]", "list[int]"), ("a list in which each run of @xs that has more than one element is left out completely", "return [r[0] for r in runs if len(r) == 1]", "list[int]"),
        ("the elements of @xs with the runs in reverse order of their lengths, longest first; runs of equal length keep their order", "return [v for r in sorted(runs, key=len, reverse=True) for v in r]", "list[int]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[runs|run_info|stretches|equal_runs]",
        "xs:runs",
        kind,
        f"{ask}, where a run is a [maximal group|longest possible stretch] of equal neighbouring elements",
        f"runs = []\nfor v in $xs:\n    if runs and runs[-1][-1] == v:\n        runs[-1].append(v)\n    else:\n        runs.append([v])\n{end}",
        f"runs = [list(group) for _, group in groupby($xs)]\n{end}",
        imports=("from itertools import groupby",),
        tellings=(
            f"A run is a [maximal|longest possible] block of equal elements that stand next to each other. Return {ask}.",
            f"Split the list @xs mentally into runs, that is, blocks of equal adjacent values that are as long as possible. Then return {ask}.",
        ),
    )


@lesson
def run_limits(g: Random) -> Draft:
    k = g.randint(1, 3)
    times = {1: "once", 2: "twice", 3: "three times"}[k]
    return lesson.draft(
        g,
        "[limit|shorten|cap]_[runs|repeats]",
        "xs:runs",
        "list[int]",
        f"a copy of @xs in which no value appears more than {times} in a row: [further repeats are left out|from longer runs, only the first {k} are kept]",
        f"result = []\nfor v in $xs:\n    if result[-{k}:] != [v] * {k}:\n        result.append(v)\nreturn result",
        f"result = []\nrun = 0\nfor i, v in enumerate($xs):\n    run = run + 1 if i > 0 and $xs[i - 1] == v else 1\n    if run <= {k}:\n        result.append(v)\nreturn result",
        tellings=(
            f"A keyboard sticks and repeats values. Clean up the list @xs: when the same value stands more than {times} in a row, drop the surplus copies. Return the cleaned list.",
            f"Go through @xs and copy each element, unless the {k} element{'s' if k > 1 else ''} copied last {'are all' if k > 1 else 'is'} equal to it. Return the copy.",
        ),
    )


@lesson
def again_values(g: Random) -> Draft:
    ask, one, two, kind = g.choice([
        ("the first element of @xs that is equal to an earlier one, or None if all are different", "seen = set()\nfor x in $xs:\n    if x in seen:\n        return x\n    seen.add(x)\nreturn None", "for i, x in enumerate($xs):\n    if x in $xs[:i]:\n        return x\nreturn None", "int | None"),
        ("a list of the indices at which @xs holds a value that occurred earlier in the list", "return [i for i, x in enumerate($xs) if x in $xs[:i]]", "seen = set()\nfound = []\nfor i, x in enumerate($xs):\n    if x in seen:\n        found.append(i)\n    seen.add(x)\nreturn found", "list[int]"),
        ("the largest distance between two positions of @xs that hold the same value, or 0 if all values are different", "first = {}\nbest = 0\nfor i, x in enumerate($xs):\n    first.setdefault(x, i)\n    best = max(best, i - first[x])\nreturn best", "best = 0\nfor i in range(len($xs)):\n    for j in range(i + 1, len($xs)):\n        if $xs[i] == $xs[j]:\n            best = max(best, j - i)\nreturn best", "int"),
        ("the smallest distance between two positions of @xs that hold the same value, or -1 if all values are different", "last = {}\nbest = -1\nfor i, x in enumerate($xs):\n    if x in last and (best == -1 or i - last[x] < best):\n        best = i - last[x]\n    last[x] = i\nreturn best", "gaps = [j - i for i in range(len($xs)) for j in range(i + 1, len($xs)) if $xs[i] == $xs[j]]\nreturn min(gaps, default=-1)", "int"),
        ("how many elements would have to be removed from @xs so that all of them are different", "return len($xs) - len(set($xs))", "seen = []\nsurplus = 0\nfor x in $xs:\n    if x in seen:\n        surplus += 1\n    else:\n        seen.append(x)\nreturn surplus", "int"),
        ("a list that gives for each element of @xs how many equal elements come before it", "return [$xs[:i].count(x) for i, x in enumerate($xs)]", "seen = {}\nresult = []\nfor x in $xs:\n    result.append(seen.get(x, 0))\n    seen[x] = seen.get(x, 0) + 1\nreturn result", "list[int]"),
        ("a list that gives for each element of @xs how many steps back the same value last occurred, or 0 if it has not occurred before", "last = {}\nresult = []\nfor i, x in enumerate($xs):\n    result.append(i - last[x] if x in last else 0)\n    last[x] = i\nreturn result", "result = []\nfor i in range(len($xs)):\n    back = 0\n    for j in range(i - 1, -1, -1):\n        if $xs[j] == $xs[i]:\n            back = i - j\n            break\n    result.append(back)\nreturn result", "list[int]"),
        ("the elements of @xs without repetitions, where of equal elements only the last one is kept", "return [x for i, x in enumerate($xs) if x not in $xs[i + 1:]]", "result = []\nfor x in reversed($xs):\n    if x not in result:\n        result.insert(0, x)\nreturn result", "list[int]"),
        ("the length of the longest beginning of @xs in which no value is repeated", "seen = set()\nfor x in $xs:\n    if x in seen:\n        break\n    seen.add(x)\nreturn len(seen)", "size = 0\nwhile size < len($xs) and $xs[size] not in $xs[:size]:\n    size += 1\nreturn size", "int"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[repeats|again|seen_before|recurring]",
        "xs:few",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"Look for values that occur more than once in @xs. [Return|The function should return] {ask}.",
            f"Equal numbers may appear several times in the list @xs. [Write code that returns|Find and return] {ask}.",
        ),
    )


@lesson
def extreme_places(g: Random) -> Draft:
    big, fn = g.choice([("largest", "max"), ("smallest", "min")])
    ask, one, two, kind, notes = g.choice([
        (f"a list of all indices at which @xs holds its {big} value", f"if not $xs:\n    return []\nbest = {fn}($xs)\nreturn [i for i, x in enumerate($xs) if x == best]", "result = []\nfor i, x in enumerate($xs):\n    if not result or x OP $xs[result[0]]:\n        result = [i]\n    elif x == $xs[result[0]]:\n        result.append(i)\nreturn result", "list[int]", "For an empty list, return an empty list."),
        (f"the index of the last occurrence of the {big} value in @xs, or -1 for an empty list", f"if not $xs:\n    return -1\nreturn len($xs) - 1 - $xs[::-1].index({fn}($xs))", "best = -1\nfor i, x in enumerate($xs):\n    if best == -1 or x OP= $xs[best]:\n        best = i\nreturn best", "int", ""),
        (f"how often the {big} value occurs in @xs", f"return $xs.count({fn}($xs)) if $xs else 0", "best, times = None, 0\nfor x in $xs:\n    if best is None or x OP best:\n        best, times = x, 1\n    elif x == best:\n        times += 1\nreturn times", "int", "For an empty list, return 0."),
        (f"the part of @xs that follows the first occurrence of its {big} value", f"if not $xs:\n    return []\nreturn $xs[$xs.index({fn}($xs)) + 1:]", "best = 0\nfor i in range(len($xs)):\n    if $xs[i] OP $xs[best]:\n        best = i\nreturn $xs[best + 1:]", "list[int]", "An empty list gives an empty list."),
        (f"the sum of the elements of @xs that come before the first occurrence of its {big} value", f"if not $xs:\n    return 0\nreturn sum($xs[:$xs.index({fn}($xs))])", "best, before, total = None, 0, 0\nfor x in $xs:\n    if best is None or x OP best:\n        best, before = x, total\n    total += x\nreturn before", "int", "For an empty list, return 0."),
        ("the distance between the index of the first largest and the index of the first smallest element of @xs", "if not $xs:\n    return 0\nreturn abs($xs.index(max($xs)) - $xs.index(min($xs)))", "high = low = 0\nfor i, x in enumerate($xs):\n    if x > $xs[high]:\n        high = i\n    if x < $xs[low]:\n        low = i\nreturn abs(high - low)", "int", "For an empty list, return 0."),
    ])  # fmt: skip
    return lesson.draft(
        g,
        f"[where|place_of|around]_{big}",
        "xs:few",
        kind,
        ask,
        one,
        two.replace("OP", ">" if fn == "max" else "<"),
        tellings=(
            f"[Look at|Consider] the {big} value of the list @xs. Return {ask}.",
            f"Find out where @xs has its extreme value. [Then return|The result is] {ask}.",
        ),
        notes=(notes,) if notes else (),
    )


@lesson
def pair_count(g: Random) -> Draft:
    k = g.randint(2, 5)
    clause, code = g.choice([
        (f"whose elements differ by exactly {k}", f"abs(a - b) == {k}"), (f"whose sum is divisible by {k}", f"(a + b) % {k} == 0"), ("in which the left element is greater than the right one by more than one", "a > b + 1"), ("whose product is even", "a * b % 2 == 0"),
        (f"whose elements differ by less than {k}", f"abs(a - b) < {k}"), ("in which one element is twice the other", "a == 2 * b or b == 2 * a"), (f"whose sum is greater than {2 * k}", f"a + b > {2 * k}"), ("in which the left element is smaller than the right one and both are even", "a < b and a % 2 == b % 2 == 0"), (f"that leave the same remainder when divided by {k}", f"a % {k} == b % {k}"),
    ])  # fmt: skip
    ask, one, two, kind = g.choice([
        ("the number of pairs", f"return sum(1 for a, b in combinations($xs, 2) if {code})", f"total = 0\nfor i in range(len($xs)):\n    for j in range(i + 1, len($xs)):\n        a, b = $xs[i], $xs[j]\n        if {code}:\n            total += 1\nreturn total", "int"),
        ("a list, as tuples, of the pairs", f"return [(a, b) for a, b in combinations($xs, 2) if {code}]", f"result = []\nfor i, a in enumerate($xs):\n    for b in $xs[i + 1:]:\n        if {code}:\n            result.append((a, b))\nreturn result", "list[tuple[int, int]]"),
        ("the largest sum of a pair, or None if there is no such pair,", f"return max((a + b for a, b in combinations($xs, 2) if {code}), default=None)", f"best = None\nfor i, a in enumerate($xs):\n    for b in $xs[i + 1:]:\n        if {code}:\n            if best is None or a + b > best:\n                best = a + b\nreturn best", "int | None"),
        ("True if there is a pair", f"return any({code} for a, b in combinations($xs, 2))", f"for i in range(len($xs)):\n    for j in range(i + 1, len($xs)):\n        a, b = $xs[i], $xs[j]\n        if {code}:\n            return True\nreturn False", "bool"),
    ])  # fmt: skip
    if kind == "bool":
        clause = clause.replace("that leave", "that leaves")
    tell = {
        "int": "Count the pairs",
        "bool": "Decide whether there is at least one pair",
        "int | None": "Among the pairs described here, find the largest sum, or None if there is no such pair: take a pair",
    }.get(kind, "List, as tuples (left, right), the pairs")
    return lesson.draft(
        g,
        "[pairs|couples|two_elements]_[check|of_list|where]",
        "xs:few",
        kind,
        f"{ask} of elements at different positions of @xs {clause}",
        one,
        two,
        imports=("from itertools import combinations",),
        tellings=(
            f"Take any two elements of @xs, the left one standing before the right one. {tell} {clause}. [Equal values at different positions make different pairs.|Every two positions make one pair.]",
        ),
        notes=(
            "[Pairs are ordered by the position of the left element, then by that of the right one.|The left element of a pair comes earlier in the list; pairs are listed from left to right.]",
        )
        if kind.startswith("list")
        else (),
    )


@lesson
def triple_windows(g: Random) -> Draft:
    clause, code = g.choice([
        ("the middle one is the largest, strictly", "a < b > c"), ("the middle one is the smallest, strictly", "a > b < c"), ("the third is the sum of the first two", "a + b == c"), ("all three are different", "len({a, b, c}) == 3"), ("they rise strictly", "a < b < c"),
        ("they do not rise anywhere", "a >= b >= c"), ("the outer two are equal", "a == c"), ("the middle one lies strictly between its neighbours", "min(a, c) < b < max(a, c)"), ("at least two of them are equal", "a == b or b == c or a == c"), ("their sum is even", "(a + b + c) % 2 == 0"), ("exactly one of them is odd", "a % 2 + b % 2 + c % 2 == 1"),
    ])  # fmt: skip
    ask, one, two, kind = g.choice([
        ("the number of groups of three neighbouring elements of @xs", f"return sum(1 for a, b, c in zip($xs, $xs[1:], $xs[2:]) if {code})", f"total = 0\nfor i in range(len($xs) - 2):\n    a, b, c = $xs[i:i + 3]\n    if {code}:\n        total += 1\nreturn total", "int"),
        ("a list of the middle elements of all groups of three neighbouring elements of @xs", f"return [b for a, b, c in zip($xs, $xs[1:], $xs[2:]) if {code}]", f"result = []\nfor i in range(1, len($xs) - 1):\n    a, b, c = $xs[i - 1], $xs[i], $xs[i + 1]\n    if {code}:\n        result.append(b)\nreturn result", "list[int]"),
        ("a list of the start indices of all groups of three neighbouring elements of @xs", f"return [i for i in range(len($xs) - 2) if (lambda a, b, c: {code})(*$xs[i:i + 3])]", f"found = []\nfor i in range(len($xs) - 2):\n    a, b, c = $xs[i], $xs[i + 1], $xs[i + 2]\n    if {code}:\n        found.append(i)\nreturn found", "list[int]"),
    ])  # fmt: skip
    if kind == "list[int]" and "lambda" in one:
        one, two = two, one
    return lesson.draft(
        g,
        "[triples|threes|three_in_a_row|triplets]",
        "xs:few",
        kind,
        f"{ask} [in|for] which {clause}",
        one,
        two,
        tellings=(
            f"Slide over @xs, always looking at three neighbouring elements. A triple qualifies if {clause}. Return {ask.replace(' of three neighbouring elements of @xs', '')} that qualify.".replace(
                "groups", "triples"
            ),
            f"Three elements in a row are [interesting|special] when {clause}. Return {ask} that are [interesting|special] in this sense. Groups may overlap.",
        ),
    )


@lesson
def window_values(g: Random) -> Draft:
    k = g.randint(2, 4)
    word, code = g.choice(
        [
            ("maximum", "max(part)"),
            ("minimum", "min(part)"),
            ("sum", "sum(part)"),
            ("difference between the largest and the smallest element", "max(part) - min(part)"),
            ("number of different values", "len(set(part))"),
            ("first element plus the last element", "part[0] + part[-1]"),
            ("number of odd elements", "sum(x % 2 for x in part)"),
            ("mean, rounded down to an integer,", "sum(part) // len(part)"),
            ("last element minus the first element", "part[-1] - part[0]"),
        ]
    )
    word = word if " plus " not in word and " minus " not in word else f"value of its {word}"
    fixed = g.random() < 0.5
    kk, size = (str(k), f"{k}") if fixed else ("$size", "@size")
    return lesson.draft(
        g,
        "[window|sliding|moving]_[values|summary|list]",
        "xs:L" + ("" if fixed else " size:small"),
        "list[int]",
        f"a list with the {word} of every window of {size} neighbouring elements of @xs, from left to right",
        f"result = []\nfor i in range(len($xs) - {kk} + 1):\n    part = $xs[i:i + {kk}]\n    result.append({code})\nreturn result",
        f"parts = [$xs[i:i + {kk}] for i in range(len($xs) - {kk} + 1)]\nreturn [{code} for part in parts]",
        tellings=(
            f"Move a window of {size} elements over @xs, one step at a time. For each position of the window, compute the {word} of the elements it shows. Return the results as a list.",
            f"For every {size} consecutive elements of @xs, [note down|record] the {word}. Return these numbers in order. If @xs has fewer than {size} elements, the result is empty.",
        ),
        notes=(
            "[A list shorter than the window gives an empty list.|If the list is too short for even one window, return an empty list.]",
        ),
    )


@lesson
def float_facts(g: Random) -> Draft:
    k = g.randint(2, 20)
    ask, one, two, kind = g.choice([
        ("a list of the changes from each reading in @readings to the next", "return [b - a for a, b in zip($readings, $readings[1:])]", "changes = []\nfor i in range(1, len($readings)):\n    changes.append($readings[i] - $readings[i - 1])\nreturn changes", "list[float]"),
        ("the largest absolute change between neighbouring readings in @readings, or 0.0 if there is only one", "return max((abs(b - a) for a, b in zip($readings, $readings[1:])), default=0.0)", "best = 0.0\nfor i in range(1, len($readings)):\n    best = max(best, abs($readings[i] - $readings[i - 1]))\nreturn best", "float"),
        ("the mean of @readings without the smallest and the largest reading, rounded to two decimals, or 0.0 if there are fewer than three readings", "if len($readings) < 3:\n    return 0.0\nkept = sorted($readings)[1:-1]\nreturn round(sum(kept) / len(kept), 2)", "if len($readings) < 3:\n    return 0.0\ntotal = sum($readings) - min($readings) - max($readings)\nreturn round(total / (len($readings) - 2), 2)", "float"),
        (f"the number of readings in @readings that differ from the first one by at most {k}", f"return sum(1 for r in $readings if abs(r - $readings[0]) <= {k})", f"total = 0\nfor r in $readings:\n    if abs(r - $readings[0]) <= {k}:\n        total += 1\nreturn total", "int"),
        ("a list of @readings rounded to the nearest whole number with round()", "return [round(r) for r in $readings]", "result = []\nfor r in $readings:\n    result.append(round(r))\nreturn result", "list[int]"),
        (f"a list of @readings in which everything above {k}.0 is replaced by {k}.0", f"return [min(r, {k}.0) for r in $readings]", f"result = []\nfor r in $readings:\n    result.append({k}.0 if r > {k} else r)\nreturn result", "list[float]"),
        ("the number of readings in @readings that are above the mean of all of them", "mean = sum($readings) / len($readings)\nreturn sum(1 for r in $readings if r > mean)", "mean = sum($readings) / len($readings)\nreturn len([r for r in $readings if r > mean])", "int"),
        ("a list of the differences between each of @readings and the smallest one", "low = min($readings)\nreturn [r - low for r in $readings]", "result = []\nfor r in $readings:\n    result.append(r - min($readings))\nreturn result", "list[float]"),
        ("the number of readings in @readings that are whole numbers", "return sum(1 for r in $readings if r == int(r))", "return len([r for r in $readings if r.is_integer()])", "int"),
        ("a list with the mean of each two neighbouring readings in @readings", "return [(a + b) / 2 for a, b in zip($readings, $readings[1:])]", "result = []\nfor i in range(len($readings) - 1):\n    result.append(($readings[i] + $readings[i + 1]) / 2)\nreturn result", "list[float]"),
        ("the sum of the fractional parts of the positive readings in @readings", "return sum((r % 1 for r in $readings if r > 0), 0.0)", "total = 0.0\nfor r in $readings:\n    if r > 0:\n        total += r - int(r)\nreturn total", "float"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[readings|sensor|measured]_[summary|report|values]",
        "readings:floats",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"A sensor delivers the numbers in @readings. [Return|Your function returns] {ask}.",
            f"The list @readings holds at least one measurement. [Compute and return|Work out and return] {ask}.",
        ),
    )


@lesson
def boolean_facts(g: Random) -> Draft:
    k = g.randint(1, 3)
    yes, no = g.choice([("True", "False"), ("False", "True")])
    neg = "" if yes == "True" else "not "
    seq = "$flags" if yes == "True" else "[not f for f in $flags]"
    ask, one, two, kind = g.choice([
        (f"the index of the last {yes} in @flags, or -1 if there is none", f"for i in range(len($flags) - 1, -1, -1):\n    if $flags[i] is {yes}:\n        return i\nreturn -1", f"last = -1\nfor i, flag in enumerate($flags):\n    if {neg}flag:\n        last = i\nreturn last", "int"),
        (f"the length of the longest run of {yes} in @flags", f"best = run = 0\nfor flag in $flags:\n    run = run + 1 if {neg}flag else 0\n    best = max(best, run)\nreturn best", f"return max(len(part) for part in ''.join('1' if {neg}f else '0' for f in $flags).split('0'))", "int"),
        (f"True if exactly {k} of @flags are {yes}", f"return $flags.count({yes}) == {k}", f"return sum({seq}) == {k}", "bool"),
        (f"True if at least {k} of @flags {'is' if k == 1 else 'are'} {yes}", f"return $flags.count({yes}) >= {k}", f"hits = 0\nfor flag in $flags:\n    if {neg}flag:\n        hits += 1\nreturn hits >= {k}", "bool"),
        (f"True if more than half of @flags are {yes}", f"return $flags.count({yes}) * 2 > len($flags)", f"hits = sum({seq})\nreturn hits > len($flags) - hits", "bool"),
        ("a list in which every entry of @flags is switched to its opposite", "return [not flag for flag in $flags]", "result = []\nfor flag in $flags:\n    if flag:\n        result.append(False)\n    else:\n        result.append(True)\nreturn result", "list[bool]"),
        ("a string with one character per entry of @flags, 'x' for True and '.' for False", "return ''.join('x' if flag else '.' for flag in $flags)", "line = ''\nfor flag in $flags:\n    line += 'x' if flag else '.'\nreturn line", "str"),
        ("how often the value changes from one entry of @flags to the next", "return sum(1 for a, b in zip($flags, $flags[1:]) if a != b)", "changes = 0\nfor i in range(1, len($flags)):\n    if $flags[i] != $flags[i - 1]:\n        changes += 1\nreturn changes", "int"),
        (f"a list of the indices at which @flags is {yes}", f"return [i for i, flag in enumerate($flags) if {neg}flag]", f"found = []\nfor i in range(len($flags)):\n    if $flags[i] is {yes}:\n        found.append(i)\nreturn found", "list[int]"),
        (f"True if all {yes} entries of @flags come before all {no} entries", f"return $flags == sorted($flags, reverse={yes})", f"ended = False\nfor flag in $flags:\n    if flag is {no}:\n        ended = True\n    elif ended:\n        return False\nreturn True", "bool"),
        (f"the number of {yes} entries in @flags before the first {no}", f"seen = 0\nfor flag in $flags:\n    if flag is {no}:\n        break\n    seen += 1\nreturn seen", f"return $flags.index({no}) if {no} in $flags else len($flags)", "int"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[flags|switches|answers|ticks]_[check|summary|info]",
        "flags:bools",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"The list @flags contains only True and False. [Return|The function returns] {ask}.",
            f"You are given @flags, the on/off states of a row of lamps. [Return|Report] {ask}.",
        ),
    )


@lesson
def mixed_types(g: Random) -> Draft:
    kind, check = g.choice(
        [
            ("integers", "isinstance(v, int) and not isinstance(v, bool)"),
            ("strings", "isinstance(v, str)"),
            ("floats", "isinstance(v, float)"),
            ("booleans", "isinstance(v, bool)"),
        ]
    )
    plain = (
        f"a list of the {kind} in @items, in their order"
        if kind != "integers"
        else f"a list of the {kind} in @items, the last one first"
    )
    listed = "return found" if kind != "integers" else "return found[::-1]"
    note = "[A boolean is not counted as an integer here.|True and False do not count as integers.]"
    ask, end, returns = g.choice([
        (f"the number of {kind} in @items", "return len(found)", "int"), (plain, listed, "list"), (f"the last of the {kind} in @items, or None if there are none", "return found[-1] if found else None", "object"),
        (f"True if @items contains {kind} but not only {kind}", "return 0 < len(found) < len($items)", "bool"), (f"a tuple with the number of {kind} in @items and the number of all other values", "return (len(found), len($items) - len(found))", "tuple[int, int]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[by_type|typed|of_type|type_filter]",
        "items:mixed",
        returns,
        ask,
        f"found = [v for v in $items if {check}]\n{end}",
        f"found = []\nfor v in $items:\n    if {check}:\n        found.append(v)\n{end}",
        tellings=(
            f"The list @items holds values of several types: numbers, strings, booleans, None. Return {ask}.",
            f"[Sort out|Look through] the mixed list @items using isinstance. [Then return|Return] {ask}.",
        ),
        notes=(note,) if kind == "integers" else (),
    )


@lesson
def mixed_changes(g: Random) -> Draft:
    k = g.randint(2, 5)
    swords, scode = g.choice(
        [
            ("written in uppercase", "v.upper()"),
            ("reversed", "v[::-1]"),
            ("replaced by their lengths", "len(v)"),
            ("repeated twice", "v * 2"),
            ("reduced to their first letter", "v[0]"),
            ("left as they are", "v"),
        ]
    )
    iwords, icode = g.choice(
        [
            (f"multiplied by {k}", f"v * {k}"),
            ("negated", "-v"),
            (f"increased by {k}", f"v + {k}"),
            ("turned into strings", "str(v)"),
            ("squared", "v * v"),
        ]
    )
    return lesson.draft(
        g,
        "[change|convert|treat]_[mixed|by_type|items]",
        "items:mixed2",
        "list",
        f"a new list in which the strings of @items are {swords} and the integers are {iwords}",
        f"return [{scode} if isinstance(v, str) else {icode} for v in $items]",
        f"result = []\nfor v in $items:\n    if isinstance(v, str):\n        result.append({scode})\n    else:\n        result.append({icode})\nreturn result",
        tellings=(
            f"The list @items [mixes|contains both] strings and integers. Build a list of the same length in which every element is changed according to its type: strings are {swords}, integers are {iwords}.",
            f"Process @items element by element. Strings are {swords}; integers are {iwords}. [Keep the order.|The order stays the same.]",
        ),
    )


@lesson
def mixed_sums(g: Random) -> Draft:
    ask, one, two, kind = g.choice([
        ("the sum of the integers in @items plus the lengths of its strings", "return sum(len(v) if isinstance(v, str) else v for v in $items)", "total = 0\nfor v in $items:\n    if isinstance(v, str):\n        total += len(v)\n    else:\n        total += v\nreturn total", "int"),
        ("a tuple of two lists: the integers in @items and the strings in @items", "ints = [v for v in $items if isinstance(v, int)]\ntexts = [v for v in $items if isinstance(v, str)]\nreturn (ints, texts)", "ints, texts = [], []\nfor v in $items:\n    (texts if isinstance(v, str) else ints).append(v)\nreturn (ints, texts)", "tuple[list[int], list[str]]"),
        ("the sum of the integers in @items minus the number of its strings", "return sum(-1 if isinstance(v, str) else v for v in $items)", "total = 0\nfor v in $items:\n    if isinstance(v, int):\n        total += v\n    else:\n        total -= 1\nreturn total", "int"),
        ("@items sorted so that all integers come first in ascending order, followed by all strings in alphabetical order", "return sorted($items, key=lambda v: (isinstance(v, str), v))", "ints = sorted(v for v in $items if isinstance(v, int))\ntexts = sorted(v for v in $items if isinstance(v, str))\nreturn ints + texts", "list"),
        ("a string of all values in @items, separated by spaces, with the strings in double quotes", "return ' '.join(f'\"{v}\"' if isinstance(v, str) else str(v) for v in $items)", "parts = []\nfor v in $items:\n    parts.append('\"' + v + '\"' if isinstance(v, str) else str(v))\nreturn ' '.join(parts)", "str"),
        ("how often an integer in @items is directly followed by a string", "return sum(1 for a, b in zip($items, $items[1:]) if isinstance(a, int) and isinstance(b, str))", "total = 0\nfor i in range(1, len($items)):\n    if isinstance($items[i - 1], int) and isinstance($items[i], str):\n        total += 1\nreturn total", "int"),
        ("a dictionary that maps 'int' and 'str' to the number of values of that type in @items", "texts = sum(1 for v in $items if isinstance(v, str))\nreturn {'int': len($items) - texts, 'str': texts}", "result = {'int': 0, 'str': 0}\nfor v in $items:\n    result[type(v).__name__] += 1\nreturn result", "dict[str, int]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[mixed|blend|of_both]_[total|summary|values]",
        "items:mixed2",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"The list @items contains integers and strings. [Return|Your task is to return] {ask}.",
            f"[Given a list @items of integers and strings, return|From the integers and strings in @items, work out] {ask}.",
        ),
    )


@lesson
def text_numbers(g: Random) -> Draft:
    check = "t.lstrip('-').isdigit()"
    ask, one, two, kind = g.choice([
        ("the sum of those strings in @tokens that are whole numbers", f"return sum(int(t) for t in $tokens if {check})", "total = 0\nfor t in $tokens:\n    try:\n        total += int(t)\n    except ValueError:\n        pass\nreturn total", "int"),
        ("a list in which the strings of @tokens that are whole numbers are turned into integers, while the others stay strings", f"return [int(t) if {check} else t for t in $tokens]", "result = []\nfor t in $tokens:\n    try:\n        result.append(int(t))\n    except ValueError:\n        result.append(t)\nreturn result", "list"),
        ("a list of the strings in @tokens that are not whole numbers", f"return [t for t in $tokens if not {check}]", "result = []\nfor t in $tokens:\n    try:\n        int(t)\n    except ValueError:\n        result.append(t)\nreturn result", "list[str]"),
        ("the largest whole number written in @tokens, or None if there is none", f"return max((int(t) for t in $tokens if {check}), default=None)", "best = None\nfor t in $tokens:\n    if " + check + ":\n        if best is None or int(t) > best:\n            best = int(t)\nreturn best", "int | None"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[parse|read|number]_[tokens|texts|entries]",
        "tokens:numtexts",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"Some of the strings in @tokens are whole numbers such as '12' or '-3', the others are words. Return {ask}.",
            f"A form was filled in with numbers and words; its entries are in @tokens. [Return|Compute] {ask}. A number may begin with a minus sign.",
        ),
    )


@lesson
def gap_facts(g: Random) -> Draft:
    k = g.randint(-1, 9)
    ask, tell, one, two, kind = g.choice([
        ("a copy of @readings in which every None is replaced by the last value before it; a None at the very start becomes 0", "A sensor drops out now and then and then writes None. Repair @readings: repeat the latest real value in place of each None, or use 0 as long as there was no real value yet. Return the repaired list.", "last = 0\nresult = []\nfor r in $readings:\n    if r is not None:\n        last = r\n    result.append(last)\nreturn result", "result = []\nfor i, r in enumerate($readings):\n    if r is None:\n        r = result[i - 1] if i > 0 else 0\n    result.append(r)\nreturn result", "list[int]"),
        (f"a copy of @readings with {k} in place of every None", f"Replace all missing entries (None) of @readings by {k} and return the new list. Entries that are 0 are not missing.", f"return [{k} if r is None else r for r in $readings]", f"result = []\nfor r in $readings:\n    if r is None:\n        result.append({k})\n    else:\n        result.append(r)\nreturn result", "list[int]"),
        ("the sum of the entries of @readings that are not None, or None if there are no such entries", "Add up what was measured: entries of @readings that are None are skipped. If nothing was measured at all, return None rather than 0.", "present = [r for r in $readings if r is not None]\nreturn sum(present) if present else None", "total = None\nfor r in $readings:\n    if r is not None:\n        total = r if total is None else total + r\nreturn total", "int | None"),
        ("the number of entries of @readings that are None", "Count the missing entries (None) in the list @readings.", "return $readings.count(None)", "return sum(1 for r in $readings if r is None)", "int"),
        ("the mean of the entries of @readings that are not None, rounded to one decimal, or None if there are none", "Ignore every None in @readings and return the average of the rest, rounded to one decimal. When only None is left, or nothing, return None.", "present = [r for r in $readings if r is not None]\nif not present:\n    return None\nreturn round(sum(present) / len(present), 1)", "total = size = 0\nfor r in $readings:\n    if r is not None:\n        total += r\n        size += 1\nreturn round(total / size, 1) if size else None", "float | None"),
        ("the length of the longest run of None in @readings", "For how many entries in a row was the sensor silent at most? Return the length of the longest stretch of None in @readings, 0 if there is none.", "best = run = 0\nfor r in $readings:\n    run = run + 1 if r is None else 0\n    best = max(best, run)\nreturn best", "best = 0\nfor i in range(len($readings)):\n    j = i\n    while j < len($readings) and $readings[j] is None:\n        j += 1\n    best = max(best, j - i)\nreturn best", "int"),
        ("a copy of @readings in which each None that stands between two numbers is replaced by their sum, while any other None stays", "Look at every None in @readings that has a number directly to its left and directly to its right in the original list: replace it by the sum of these two numbers. Leave each other None as it is. Return the new list.", "result = list($readings)\nfor i in range(1, len(result) - 1):\n    a, b = $readings[i - 1], $readings[i + 1]\n    if $readings[i] is None and a is not None and b is not None:\n        result[i] = a + b\nreturn result", "result = []\nfor i, r in enumerate($readings):\n    if r is None and 0 < i < len($readings) - 1 and None not in ($readings[i - 1], $readings[i + 1]):\n        r = $readings[i - 1] + $readings[i + 1]\n    result.append(r)\nreturn result", "list[int | None]"),
        ("the index of the first entry of @readings that is not None, or -1 if there is none", "At which index does the first real value, that is, anything but None, stand in @readings? Return -1 if the list has only None or is empty.", "for i, r in enumerate($readings):\n    if r is not None:\n        return i\nreturn -1", "return next((i for i, r in enumerate($readings) if r is not None), -1)", "int"),
        ("the entries of @readings with all None moved to the end and the numbers in their original order", "Close the gaps in @readings: the numbers move to the front without changing their order, and as many None as there were follow behind. Return the new list.", "present = [r for r in $readings if r is not None]\nreturn present + [None] * (len($readings) - len(present))", "return sorted($readings, key=lambda r: r is None)", "list[int | None]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[gaps|missing|silent|with_none]_[values|entries|readings]",
        "readings:gaps",
        kind,
        ask,
        one,
        two,
        tellings=(tell, tell, f"In @readings, None stands for a missing value. Return {ask}."),
    )


@lesson
def rotation(g: Random) -> Draft:
    way = g.choice(["left", "right"])
    ask, tell, one, two, sig, kind = g.choice([
        (f"@xs rotated by @places positions to the {way}", f"Everybody at a round table moves @places seats to the {way}; what leaves the list at the {'front' if way == 'left' else 'end'} comes back at the {'end' if way == 'left' else 'front'}. @places may be larger than the number of elements. Return the rotated copy of @xs.", f"if not $xs:\n    return []\ncut = {'' if way == 'left' else '-'}$places % len($xs)\nreturn $xs[cut:] + $xs[:cut]", f"result = list($xs)\nfor _ in range($places if result else 0):\n    result.{'append(result.pop(0))' if way == 'left' else 'insert(0, result.pop())'}\nreturn result", "xs:L places:step", "list[int]"),
        ("@xs rotated so that its first smallest element comes first", "Turn the list @xs like a wheel until its smallest element stands at the front, and return it. If the smallest value occurs several times, use its first occurrence. An empty list stays empty.", "if not $xs:\n    return []\ni = $xs.index(min($xs))\nreturn $xs[i:] + $xs[:i]", "result = list($xs)\nturns = result.index(min(result)) if result else 0\nfor _ in range(turns):\n    result.append(result.pop(0))\nreturn result", "xs:L", "list[int]"),
        ("@xs rotated so that its first largest element comes last", "Rotate @xs until its largest element (the first one, if it occurs more than once) is the last one in the list. Return the rotated list; an empty list stays empty.", "if not $xs:\n    return []\ni = $xs.index(max($xs)) + 1\nreturn $xs[i:] + $xs[:i]", "result = list($xs)\nif result:\n    for _ in range($xs.index(max($xs)) + 1):\n        result.append(result.pop(0))\nreturn result", "xs:L", "list[int]"),
        (f"a list of all rotations of @xs to the {way}, beginning with @xs itself", f"Return a list of lists: first a copy of @xs, then @xs rotated to the {way} by one position, by two positions, and so on, one for each element. For an empty list there are no rotations.", "return [$xs[i:] + $xs[:i] for i in range(len($xs))]" if way == "left" else "return [$xs[len($xs) - i:] + $xs[:len($xs) - i] for i in range(len($xs))]", f"result = []\nturned = list($xs)\nfor _ in $xs:\n    result.append(turned)\n    turned = {'turned[1:] + turned[:1]' if way == 'left' else 'turned[-1:] + turned[:-1]'}\nreturn result", "xs:few", "list[list[int]]"),
        ("the smallest number of single steps to the left by which @xs must be rotated so that it starts with @target, or -1 if @target is not in @xs", "How often must the first element of @xs be moved to the end until @target stands at the front? Return that number, or -1 if this can never happen.", "return $xs.index($target) if $target in $xs else -1", "queue = list($xs)\nfor turns in range(len(queue)):\n    if queue[0] == $target:\n        return turns\n    queue.append(queue.pop(0))\nreturn -1", "xs:few target:val", "int"),
    ])  # fmt: skip
    return lesson.draft(g, "[rotate|turn|wheel|spin_list]", sig, kind, ask, one, two, tellings=(tell,))


@lesson
def cut_at(g: Random) -> Draft:
    mark, code = g.choice(
        [
            ("a zero", "x == 0"),
            ("a negative number", "x < 0"),
            ("an odd number", "x % 2 == 1"),
            ("a number above 5", "x > 5"),
        ]
    )
    keep = g.choice(["drop", "end", "start"])
    how = {
        "drop": "the separators themselves are left out",
        "end": "each separator is the last element of its piece",
        "start": "each separator is the first element of the new piece",
    }[keep]
    body = {
        "drop": f"parts = [[]]\nfor x in $xs:\n    if {code}:\n        parts.append([])\n    else:\n        parts[-1].append(x)\n",
        "end": f"parts = [[]]\nfor x in $xs:\n    parts[-1].append(x)\n    if {code}:\n        parts.append([])\n",
        "start": f"parts = [[]]\nfor x in $xs:\n    if {code}:\n        parts.append([])\n    parts[-1].append(x)\n",
    }[keep]  # fmt: skip
    ask, end, kind = g.choice(
        [
            ("a list of the pieces", "return [part for part in parts if part]", "list[list[int]]"),
            ("a list of the sums of the pieces", "return [sum(part) for part in parts if part]", "list[int]"),
            (
                "the length of the longest piece, or 0 if there is none,",
                "return max(len(part) for part in parts)",
                "int",
            ),
            ("a list of the lengths of the pieces", "return [len(part) for part in parts if part]", "list[int]"),
        ]
    )
    alt = (
        body.replace("parts = [[]]", "parts = []\npart = []")
        .replace("parts.append([])", "parts.append(part)\n        part = []")
        .replace("parts[-1].append", "part.append")
        + "parts.append(part)\n"
    )
    alt_end = (
        end.replace("[part for part in parts if part]", "[piece for piece in parts if piece]")
        .replace("len(part) for part in parts", "len(piece) for piece in parts")
        .replace("sum(part) for part in parts", "sum(piece) for piece in parts")
        .replace("if part]", "if piece]")
    )
    return lesson.draft(
        g,
        "[cut|split|break]_[at_marks|list|into_parts]",
        "xs:zeros",
        kind,
        f"{ask} that @xs is cut into at every element that is {mark}, where {how}; empty pieces are ignored",
        body + end,
        alt + alt_end,
        tellings=(
            f"Cut @xs into pieces wherever there is {mark}; {how}. Pieces without elements are ignored. Return {ask.rstrip(',')}.",
            f"In the list @xs, {mark} works as a separator. Split the list there: {how}, and empty pieces do not count. [Your function returns|Return] {ask.rstrip(',')}.",
        ),
    )


@lesson
def taken_out(g: Random) -> Draft:
    ask, tell, one, two, sig = g.choice([
        ("a copy of @xs without the first occurrence of @target", "Remove @target from a copy of @xs, but only where it occurs for the first time. If it does not occur, return an unchanged copy.", "result = list($xs)\nif $target in result:\n    result.remove($target)\nreturn result", "for i, x in enumerate($xs):\n    if x == $target:\n        return $xs[:i] + $xs[i + 1:]\nreturn $xs[:]", "xs:few target:val"),
        ("a copy of @xs without the last occurrence of @target", "Delete the last @target in @xs, leaving earlier ones alone, and return the resulting list. Nothing changes if @target does not occur.", "for i in range(len($xs) - 1, -1, -1):\n    if $xs[i] == $target:\n        return $xs[:i] + $xs[i + 1:]\nreturn $xs[:]", "result = $xs[::-1]\nif $target in result:\n    result.remove($target)\nreturn result[::-1]", "xs:few target:val"),
        ("a copy of @xs without its elements at the positions in @places; positions that do not exist are ignored", "The list @places names indices. Return the elements of @xs that do not stand at one of these indices. Indices may be repeated or too large; that does no harm.", "return [x for i, x in enumerate($xs) if i not in $places]", "result = []\nfor i in range(len($xs)):\n    if i not in set($places):\n        result.append($xs[i])\nreturn result", "xs:L places:idxs"),
        ("a list of the elements of @xs at the indices in @places, in the order of @places; indices that are too large are skipped", "Pick elements from @xs: for each index in @places, in that order, take the element at this index. Skip an index that lies beyond the end of the list. The same element can be picked twice.", "return [$xs[i] for i in $places if i < len($xs)]", "result = []\nfor i in $places:\n    if i < len($xs):\n        result.append($xs[i])\nreturn result", "xs:L places:idxs"),
        ("a copy of @xs with all elements equal to its first element removed, the first element itself included", "Whatever value stands first in @xs is banned: return the list without any element of that value. An empty list stays empty.", "return [x for x in $xs if x != $xs[0]]", "result = []\nfor i, x in enumerate($xs):\n    if x != $xs[0]:\n        result.append(x)\nreturn result", "xs:few"),
        ("a copy of @xs in which for every element of @ys one equal element, the first one still there, is removed", "Pay the items of @ys from the purse @xs: for each element of @ys, remove one equal element from a copy of @xs, always the first one that is still there; if there is none, nothing happens. Return what is left.", "result = list($xs)\nfor y in $ys:\n    if y in result:\n        result.remove(y)\nreturn result", "owed = list($ys)\nresult = []\nfor x in $xs:\n    if x in owed:\n        owed.remove(x)\n    else:\n        result.append(x)\nreturn result", "xs:few ys:few"),
        ("a copy of @xs with the value @target inserted at index @place, or at the end if the list is shorter than that", "Insert @target into a copy of @xs so that it has the index @place afterwards. If @xs has fewer than @place elements, put it at the end. Return the copy.", "return $xs[:$place] + [$target] + $xs[$place:]", "result = list($xs)\nresult.insert($place, $target)\nreturn result", "xs:few target:val place:idx"),
        ("a copy of @xs in which @target is inserted after every element that is smaller than it", "Copy @xs. After each element that is smaller than @target, write @target into the copy as well. Return the copy.", "result = []\nfor x in $xs:\n    result.append(x)\n    if x < $target:\n        result.append($target)\nreturn result", "return [v for x in $xs for v in ([x, $target] if x < $target else [x])]", "xs:few target:val"),
        ("@xs up to and including the first occurrence of @target; the whole list if it does not occur", "Read @xs from the left and stop as soon as @target has been read. Return all elements that were read, @target included. If @target never comes, that is the whole list.", "if $target not in $xs:\n    return $xs[:]\nreturn $xs[:$xs.index($target) + 1]", "result = []\nfor x in $xs:\n    result.append(x)\n    if x == $target:\n        break\nreturn result", "xs:few target:val"),
        ("the elements of @xs after the last occurrence of @target; the whole list if it does not occur", "Return what comes after the last @target in @xs. If @target is not in the list at all, return all elements.", "result = []\nfor x in $xs:\n    if x == $target:\n        result = []\n    else:\n        result.append(x)\nreturn result", "if $target not in $xs:\n    return $xs[:]\nreturn $xs[len($xs) - $xs[::-1].index($target):]", "xs:few target:val"),
        ("the elements of @xs between the first and the last occurrence of @target, both left out; an empty list if there are fewer than two occurrences", "Find the first and the last place where @target stands in @xs and return everything between them (without these two). Return an empty list if @target occurs less than twice.", "if $xs.count($target) < 2:\n    return []\nfirst = $xs.index($target)\nlast = len($xs) - 1 - $xs[::-1].index($target)\nreturn $xs[first + 1:last]", "places = [i for i, x in enumerate($xs) if x == $target]\nif len(places) < 2:\n    return []\nreturn $xs[places[0] + 1:places[-1]]", "xs:few target:val"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[edit|adjust|cut_out|pick_part]_[list|elements|values]",
        sig,
        "list[int]",
        ask,
        one,
        two,
        tellings=(tell, tell.replace("Return", "Your function should return", 1)),
    )


@lesson
def balance_points(g: Random) -> Draft:
    ask, tell, one, two, kind = g.choice([
        ("the smallest index i for which the elements of @xs before i add up to more than those from i on, or -1 if there is none", "Walk through @xs from the left and find the first index i such that sum of everything before i is larger than the sum of everything from i to the end. Return i (which may be the length of the list), or -1.", "for i in range(len($xs) + 1):\n    if sum($xs[:i]) > sum($xs[i:]):\n        return i\nreturn -1", "left, total = 0, sum($xs)\nfor i in range(len($xs) + 1):\n    if left > total - left:\n        return i\n    if i < len($xs):\n        left += $xs[i]\nreturn -1", "int"),
        ("a list that holds for each element of @xs the sum of all the other elements", "For every position of @xs, add up all elements except the one at this position. Return these sums as a list.", "total = sum($xs)\nreturn [total - x for x in $xs]", "result = []\nfor i in range(len($xs)):\n    result.append(sum($xs[:i]) + sum($xs[i + 1:]))\nreturn result", "list[int]"),
        ("a list that holds for each position of @xs the sum of the elements to its left minus the sum of the elements to its right", "Stand on each element of @xs in turn: add up what lies to the left, subtract what lies to the right, the element itself being ignored. Return the list of these differences.", "return [sum($xs[:i]) - sum($xs[i + 1:]) for i in range(len($xs))]", "left, right = 0, sum($xs)\nresult = []\nfor x in $xs:\n    right -= x\n    result.append(left - right)\n    left += x\nreturn result", "list[int]"),
        ("the number of ways to cut @xs into a left and a right part, both non-empty, so that the left part has the larger sum", "A cut goes between two neighbouring elements of @xs. Count the cuts after which the left part has a strictly larger sum than the right part.", "return sum(1 for i in range(1, len($xs)) if sum($xs[:i]) > sum($xs[i:]))", "left, total, ways = 0, sum($xs), 0\nfor x in $xs[:-1]:\n    left += x\n    if 2 * left > total:\n        ways += 1\nreturn ways", "int"),
        ("the smallest absolute difference between the sums of the left and the right part when @xs is cut into two parts at some place, where a part may be empty", "Cut @xs anywhere, also before the first or after the last element, so that the sums of both parts are as close as possible. Return the absolute difference of the two sums.", "return min(abs(sum($xs[:i]) - sum($xs[i:])) for i in range(len($xs) + 1))", "total = sum($xs)\nbest, left = abs(total), 0\nfor x in $xs:\n    left += x\n    best = min(best, abs(2 * left - total))\nreturn best", "int"),
        ("the smallest start value that keeps all running totals of @xs at 0 or above when it is added to each of them", "You play a game whose rounds change your points by the numbers in @xs. With how many points (at least 0) must you start so that you never have fewer than 0? Return the smallest such number.", "low = total = 0\nfor x in $xs:\n    total += x\n    low = min(low, total)\nreturn -low", "totals = [sum($xs[:i]) for i in range(len($xs) + 1)]\nreturn -min(totals)", "int"),
        ("the number of prefixes of @xs, the empty one not counted, whose sum is even", "Keep a running total over @xs and count how often it is even after adding an element.", "return sum(1 for i in range(1, len($xs) + 1) if sum($xs[:i]) % 2 == 0)", "total = hits = 0\nfor x in $xs:\n    total += x\n    if total % 2 == 0:\n        hits += 1\nreturn hits", "int"),
        ("the length of the longest prefix of @xs whose sum is negative, or 0 if there is none", "Of all beginnings of @xs with a negative sum, take the longest one and return its length. Return 0 if no beginning has a negative sum.", "best = total = 0\nfor i, x in enumerate($xs, 1):\n    total += x\n    if total < 0:\n        best = i\nreturn best", "for i in range(len($xs), 0, -1):\n    if sum($xs[:i]) < 0:\n        return i\nreturn 0", "int"),
    ])  # fmt: skip
    return lesson.draft(
        g, "[balance|left_and_right|prefix_sums|cut_sums]", "xs:zeros", kind, ask, one, two, tellings=(tell,)
    )


@lesson
def rebuilt(g: Random) -> Draft:
    start = g.randint(0, 10)
    op, word, tell = g.choice(
        [
            ("total + x", "adding", "steps forward (negative ones go back)"),
            ("total - x", "subtracting", "withdrawals"),
            ("total ^ x", "combining (with the operator ^)", "switches"),
        ]
    )
    inc = g.random() < 0.5
    shown = "the start value comes first" if inc else "the start value itself is not included"
    return lesson.draft(
        g,
        "[rebuild|replay|from_changes|path_of]",
        "xs:L",
        "list[int]",
        f"the list of values that arise when, starting with {start}, the elements of @xs are applied one after the other by {word} them; {shown}",
        f"total = {start}\nresult = [{'total' if inc else ''}]\nfor x in $xs:\n    total = {op}\n    result.append(total)\nreturn result",
        f"result = [{start}]\nfor x in $xs:\n    result.append({op.replace('total', 'result[-1]')})\nreturn result{'' if inc else '[1:]'}",
        tellings=(
            f"A counter shows {start}. The list @xs contains {tell}: each element changes the counter by {word} it. Return everything the counter shows, in order; {shown}.",
            f"Undo the taking of differences: begin with {start} and go through @xs, each time {word} the element and noting the new value. Return the notes as a list; {shown}.",
        ),
    )


@lesson
def mirrored(g: Random) -> Draft:
    ask, one, two = g.choice([
        ("@xs followed by its elements in reverse order", "return $xs + $xs[::-1]", "result = list($xs)\nfor x in reversed($xs):\n    result.append(x)\nreturn result"), ("@xs followed by its elements in reverse order, with the last element not repeated", "return $xs + $xs[-2::-1] if len($xs) > 1 else $xs[:]", "result = list($xs)\nfor i in range(len($xs) - 2, -1, -1):\n    result.append($xs[i])\nreturn result"),
        ("the elements of @xs in reverse order followed by @xs itself", "return $xs[::-1] + $xs", "result = list($xs)\nfor x in $xs:\n    result.insert(0, x)\nreturn result"), ("@xs with its first half in reverse order; the middle element of a list of odd length belongs to the second half", "half = len($xs) // 2\nreturn $xs[:half][::-1] + $xs[half:]", "half = len($xs) // 2\nresult = []\nfor i in range(half - 1, -1, -1):\n    result.append($xs[i])\nreturn result + $xs[half:]"),
        ("@xs with its two halves exchanged; the middle element of a list of odd length stays in the middle", "half = len($xs) // 2\nreturn $xs[len($xs) - half:] + $xs[half:len($xs) - half] + $xs[:half]", "half = len($xs) // 2\nleft, right = $xs[:half], $xs[len($xs) - half:]\nmiddle = $xs[half:len($xs) - half]\nreturn right + middle + left"),
        ("the elementwise sums of @xs and its reversed copy", "return [a + b for a, b in zip($xs, reversed($xs))]", "result = []\nfor i in range(len($xs)):\n    result.append($xs[i] + $xs[-1 - i])\nreturn result"), ("the elements of @xs at even indices in reverse order, followed by those at odd indices in their normal order", "return $xs[::2][::-1] + $xs[1::2]", "result = []\nfor i, x in enumerate($xs):\n    if i % 2 == 0:\n        result.insert(0, x)\nfor i in range(1, len($xs), 2):\n    result.append($xs[i])\nreturn result"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[mirror|reflect|fold|halves]_[list|values|]",
        "xs:L",
        "list[int]",
        ask,
        one,
        two,
        tellings=(
            f"Build a new list: {ask}.",
            f"From the list @xs, make [this one|the following list]: {ask}. [The given list must stay unchanged.|Do not modify the argument.]",
        ),
    )


@lesson
def clamped(g: Random) -> Draft:
    low = g.randint(-5, 8)
    high = low + g.randint(4, 20)
    how, one, two = g.choice([
        (f"elements below {low} are replaced by {low} and elements above {high} by {high}", f"return [max({low}, min(x, {high})) for x in $xs]", f"result = []\nfor x in $xs:\n    if x < {low}:\n        result.append({low})\n    elif x > {high}:\n        result.append({high})\n    else:\n        result.append(x)\nreturn result"),
        (f"elements outside the range from {low} to {high} are replaced by None", f"return [x if {low} <= x <= {high} else None for x in $xs]", f"result = []\nfor x in $xs:\n    if x < {low} or x > {high}:\n        result.append(None)\n    else:\n        result.append(x)\nreturn result"),
        (f"elements outside the range from {low} to {high} are replaced by the last element before them that lies inside, or by {low} if there is none", f"last = {low}\nresult = []\nfor x in $xs:\n    if {low} <= x <= {high}:\n        last = x\n    result.append(last)\nreturn result", f"result = []\nfor x in $xs:\n    if {low} <= x <= {high}:\n        result.append(x)\n    else:\n        result.append(result[-1] if result else {low})\nreturn result"),
        (f"each element is replaced by its distance to the range from {low} to {high}, which is 0 for elements inside", f"return [max({low} - x, x - {high}, 0) for x in $xs]", f"result = []\nfor x in $xs:\n    if x < {low}:\n        result.append({low} - x)\n    elif x > {high}:\n        result.append(x - {high})\n    else:\n        result.append(0)\nreturn result"),
        (f"each element is replaced by -1 if it is below {low}, by 1 if it is above {high}, and by 0 otherwise", f"return [-1 if x < {low} else 1 if x > {high} else 0 for x in $xs]", f"return [(x > {high}) - (x < {low}) for x in $xs]"),
    ])  # fmt: skip
    kind = "list[int | None]" if "None for" in one else "list[int]"
    return lesson.draft(
        g,
        "[clamp|clip|limit|bound]_[values|list|elements]",
        "xs:L",
        kind,
        f"a copy of @xs in which {how}",
        one,
        two,
        tellings=(
            f"A machine accepts values from {low} to {high}, both included. Prepare @xs for it: {how}. Return the prepared list.",
            f"Given @xs, [make|build] a list of the same length where {how}. [Both limits belong to the range.|The range includes its two ends.]",
        ),
    )


@lesson
def collapse(g: Random) -> Draft:
    side = g.choice(["left", "right"])
    seq = "$xs" if side == "left" else "reversed($xs)"
    end = "return result" if side == "left" else "return result[::-1]"
    rule, code, new = g.choice(
        [
            ("equal neighbours merge into their sum", "result[-1] == x", "2 * x"),
            (
                "two neighbours that are both odd merge into their sum",
                "result[-1] % 2 == 1 and x % 2 == 1",
                "result[-1] + x",
            ),
            ("equal neighbours cancel each other out", "result[-1] == x", ""),
        ]
    )
    act = f"result[-1] = {new}" if new else "result.pop()"
    return lesson.draft(
        g,
        "[collapse|slide|squash|merge_neighbours]",
        "xs:few",
        "list[int]",
        f"what remains of @xs when its elements are pushed one by one, from the {side}, onto a stack on which {rule}; a new element is compared with the top of the stack only once",
        f"result = []\nfor x in {seq}:\n    if result and {code}:\n        {act}\n    else:\n        result.append(x)\n{end}",
        f"stack = []\nfor x in {seq}:\n    if not stack or not ({code.replace('result', 'stack')}):\n        stack.append(x)\n        continue\n    {act.replace('result', 'stack')}\n{end.replace('result', 'stack')}",
        tellings=(
            f"Process @xs from the {side}. Keep a stack; each element is compared once with the element on top of the stack, and {rule}, otherwise the element is put on top. Return the final stack{' from bottom to top' if side == 'left' else ' from top to bottom, so that the order of the list is kept'}.",
        ),
    )


@lesson
def pushed_back(g: Random) -> Draft:
    test = number_test(g)
    x_test = test.code.format(x="x")
    place, one, two = g.choice([
        ("moved to the end", f"kept = [x for x in $xs if not ({x_test})]\nmoved = [x for x in $xs if {x_test}]\nreturn kept + moved", f"return sorted($xs, key=lambda x: bool({x_test}))"), ("moved to the front", f"moved = [x for x in $xs if {x_test}]\nkept = [x for x in $xs if not ({x_test})]\nreturn moved + kept", f"return sorted($xs, key=lambda x: not ({x_test}))"),
        ("put in reverse order among the places they occupy, while all other elements stay where they are", f"chosen = [x for x in $xs if {x_test}]\nreturn [chosen.pop() if {x_test} else x for x in $xs]", f"places = [i for i, x in enumerate($xs) if {x_test}]\nresult = list($xs)\nfor i, j in zip(places, reversed(places)):\n    result[i] = $xs[j]\nreturn result"),
        ("sorted in ascending order among the places they occupy, while all other elements stay where they are", f"chosen = sorted((x for x in $xs if {x_test}), reverse=True)\nreturn [chosen.pop() if {x_test} else x for x in $xs]", f"chosen = iter(sorted(x for x in $xs if {x_test}))\nresult = []\nfor x in $xs:\n    result.append(next(chosen) if {x_test} else x)\nreturn result"),
        ("written twice in a row", f"result = []\nfor x in $xs:\n    result.append(x)\n    if {x_test}:\n        result.append(x)\nreturn result", f"return [x for x in $xs for _ in range(2 if {x_test} else 1)]"),
    ])  # fmt: skip
    tail = "" if "places" in place or "twice" in place else " Within both groups the order stays as it was."
    return lesson.draft(
        g,
        f"[arrange|reorder|shift]_{test.tag}",
        "xs:L",
        "list[int]",
        f"a copy of @xs in which the elements {test.clause} are {place}"
        + ("; apart from that, the order is kept" if tail else ""),
        one,
        two,
        tellings=(
            f"Take the elements of @xs {test.clause}: they are to be {place}.{tail} Return the new list.",
            f"Return a new list with the same elements as @xs, in which those {test.clause} are {place}.{tail}"
            if "twice" not in place
            else f"Copy @xs, but let the elements {test.clause} be {place}. Return the copy.",
        ),
    )


@lesson
def sign_changes(g: Random) -> Draft:
    ask, one, two, kind = g.choice([
        ("how often the sign changes between neighbouring elements of @xs when zeros are skipped", "signs = [x > 0 for x in $xs if x != 0]\nreturn sum(1 for a, b in zip(signs, signs[1:]) if a != b)", "changes, last = 0, 0\nfor x in $xs:\n    if x == 0:\n        continue\n    if last * x < 0:\n        changes += 1\n    last = x\nreturn changes", "int"),
        ("the number of places in @xs where a positive number is followed directly by a negative one", "return sum(1 for a, b in zip($xs, $xs[1:]) if a > 0 > b)", "total = 0\nfor i in range(len($xs) - 1):\n    if $xs[i] > 0 and $xs[i + 1] < 0:\n        total += 1\nreturn total", "int"),
        ("a list of the signs of the elements of @xs: 1 for positive, -1 for negative, 0 for zero", "return [(x > 0) - (x < 0) for x in $xs]", "result = []\nfor x in $xs:\n    if x > 0:\n        result.append(1)\n    elif x < 0:\n        result.append(-1)\n    else:\n        result.append(0)\nreturn result", "list[int]"),
        ("True if positive and negative numbers strictly alternate in @xs when zeros are skipped", "signs = [x > 0 for x in $xs if x != 0]\nreturn all(a != b for a, b in zip(signs, signs[1:]))", "last = 0\nfor x in $xs:\n    if x != 0:\n        if last * x > 0:\n            return False\n        last = x\nreturn True", "bool"),
        ("the length of the longest stretch of neighbouring elements of @xs without a zero", "best = run = 0\nfor x in $xs:\n    run = run + 1 if x != 0 else 0\n    best = max(best, run)\nreturn best", "best = 0\nstart = 0\nfor i, x in enumerate($xs):\n    if x == 0:\n        start = i + 1\n    best = max(best, i + 1 - start)\nreturn best", "int"),
        ("a tuple with the number of positive, of negative and of zero elements in @xs", "plus = sum(1 for x in $xs if x > 0)\nminus = sum(1 for x in $xs if x < 0)\nreturn (plus, minus, len($xs) - plus - minus)", "plus = minus = zero = 0\nfor x in $xs:\n    if x > 0:\n        plus += 1\n    elif x < 0:\n        minus += 1\n    else:\n        zero += 1\nreturn (plus, minus, zero)", "tuple[int, int, int]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[signs|sign_changes|plus_minus|sign_info]",
        "xs:zeros",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"Only the signs of the numbers in @xs matter here. Return {ask}.",
            f"The list @xs contains gains (positive), losses (negative) and days without change (zero). Return {ask}.",
        ),
    )


@lesson
def stretch(g: Random) -> Draft:
    word, op = g.choice(
        [("strictly rising", "<"), ("strictly falling", ">"), ("non-decreasing", "<="), ("non-increasing", ">=")]
    )
    ask, end, kind, empty = g.choice(
        [
            ("the length of the longest", "return max(map(len, parts), default=0)", "int", "0"),
            ("the first longest", "return max(parts, key=len, default=[])", "list[int]", "an empty list"),
            ("the number of", "return len(parts)", "int", "0"),
            ("a list of the start elements of all", "return [part[0] for part in parts]", "list[int]", "an empty list"),
            ("the largest sum of a", "return max(map(sum, parts), default=0)", "int", "0"),
        ]
    )
    plural = ask in ("the number of", "a list of the start elements of all")
    noun = f"{word} stretch{'es' if plural else ''} of neighbouring elements"
    return lesson.draft(
        g,
        "[stretch|climb|slope|course]_[of|info|in_list]",
        "xs:few",
        kind,
        f"{ask} {noun} that @xs falls into, where a new stretch starts whenever the order is broken",
        f"parts = []\nfor x in $xs:\n    if parts and parts[-1][-1] {op} x:\n        parts[-1].append(x)\n    else:\n        parts.append([x])\n{end}",
        f"parts = []\nstart = 0\nfor i in range(1, len($xs) + 1):\n    if i == len($xs) or not $xs[i - 1] {op} $xs[i]:\n        parts.append($xs[start:i])\n        start = i\nparts = [part for part in parts if part]\n{end}",
        tellings=(
            f"Split @xs into {word} stretches: read from left to right, and begin a new stretch each time an element would break the {word} order. Return {ask} {noun}.",
            f"A hiker notes heights in @xs. The hike consists of {word} legs, each as long as possible; a new leg begins where the order breaks. Return {ask} {noun.replace('stretch', 'leg').replace('leges', 'legs')}.",
        ),
        notes=(f"[For an empty list, the result is {empty}.|An empty list gives {empty}.]",),
    )


@lesson
def jumping(g: Random) -> Draft:
    ask, end, kind = g.choice(
        [
            ("the number of jumps until you have left the list", "return jumps", "int"),
            ("the sum of the elements you landed on, the first one included", "return total", "int"),
            ("the list of the indices you visit, starting with 0", "return visited", "list[int]"),
            ("the last element you stand on before leaving the list", "return $jumps_[visited[-1]]", "int"),
        ]
    )
    end = end.replace("$jumps_", "$xs")
    if "jumps" in end:
        one = "i = jumps = 0\nwhile i < len($xs):\n    i += $xs[i]\n    jumps += 1\nreturn jumps"
        two = "visited = []\ni = 0\nwhile i < len($xs):\n    visited.append(i)\n    i = i + $xs[i]\nreturn len(visited)"
    elif "total" in end:
        one = "i = total = 0\nwhile i < len($xs):\n    total += $xs[i]\n    i += $xs[i]\nreturn total"
        two = "visited = []\ni = 0\nwhile i < len($xs):\n    visited.append(i)\n    i = i + $xs[i]\nreturn sum($xs[j] for j in visited)"
    elif "visited\n" in end + "\n":
        one = "visited = []\ni = 0\nwhile i < len($xs):\n    visited.append(i)\n    i += $xs[i]\nreturn visited"
        two = "visited = [0]\nwhile visited[-1] + $xs[visited[-1]] < len($xs):\n    visited.append(visited[-1] + $xs[visited[-1]])\nreturn visited"
    else:
        one = "i = 0\nwhile i + $xs[i] < len($xs):\n    i += $xs[i]\nreturn $xs[i]"
        two = "i = 0\nlast = $xs[0]\nwhile i < len($xs):\n    last = $xs[i]\n    i += last\nreturn last"
    return lesson.draft(
        g,
        "[jump|hop|frog|leap_along]_[path|game|list]",
        "xs:jumps",
        kind,
        f"{ask}, if you start at the first element of @xs and always jump as many places to the right as the element you stand on says",
        one,
        two,
        tellings=(
            f"A frog sits on the first stone of a row. Each stone bears a number from @xs, and the frog always jumps that many stones forward, until it is beyond the end of the row. Return {ask.replace('you have', 'it has').replace('you', 'it').replace('it stand on', 'it stands on').replace('it visit', 'it visits')}.",
            f"Start at index 0 of @xs. The value at the current index tells how far to move to the right; stop when the index is no longer valid. Return {ask}.",
        ),
    )


@lesson
def edit_commands(g: Random) -> Draft:
    cut = g.choice(["last", "first"])
    pop = "pop()" if cut == "last" else "pop(0)"
    ask, end, kind = g.choice(
        [
            ("the list that results", "return result", "list[int]"),
            ("the sum of the list that results", "return sum(result)", "int"),
            ("the length of the list that results", "return len(result)", "int"),
            (
                "the last element of the list that results, or None if it is empty,",
                "return result[-1] if result else None",
                "int | None",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[run|apply|execute]_[commands|edits|steps]",
        "commands:edits",
        kind,
        f"{ask} when the @commands are carried out on an empty list: 'add N' appends the number N, 'drop' removes the {cut} element (if there is one), 'double' doubles all elements, 'flip' reverses the list",
        f"result = []\nfor command in $commands:\n    if command.startswith('add'):\n        result.append(int(command.split()[1]))\n    elif command == 'drop':\n        if result:\n            result.{pop}\n    elif command == 'double':\n        result = [2 * v for v in result]\n    else:\n        result.reverse()\n{end}",
        f"result = []\nfor command in $commands:\n    name, *rest = command.split()\n    if name == 'add':\n        result.append(int(rest[0]))\n    elif name == 'drop':\n        result = {'result[:-1]' if cut == 'last' else 'result[1:]'}\n    elif name == 'double':\n        result = [v + v for v in result]\n    elif name == 'flip':\n        result = result[::-1]\n{end}",
        tellings=(
            f"Write a tiny interpreter. It starts with an empty list and obeys the @commands in order. 'add N' puts the number N at the end, 'drop' takes away the {cut} element and does nothing on an empty list, 'double' multiplies every element by two, and 'flip' turns the list around. Return {ask.rstrip(',')}.",
        ),
    )


@lesson
def echoes(g: Random) -> Draft:
    ask, one, two = g.choice([
        ("a list in which each element of @xs is repeated as many times as its value says", "return [x for x in $xs for _ in range(x)]", "result = []\nfor x in $xs:\n    result += [x] * x\nreturn result"), ("a list in which the first element of @xs appears once, the second twice, the third three times, and so on", "return [x for i, x in enumerate($xs, 1) for _ in range(i)]", "result = []\nfor i, x in enumerate($xs):\n    result.extend([x] * (i + 1))\nreturn result"),
        ("a list of the numbers from 1 up to x for each element x of @xs, all in one list", "return [v for x in $xs for v in range(1, x + 1)]", "result = []\nfor x in $xs:\n    for v in range(1, x + 1):\n        result.append(v)\nreturn result"), ("a list of lists: for each element x of @xs a list of x zeros", "return [[0] * x for x in $xs]", "result = []\nfor x in $xs:\n    result.append([0 for _ in range(x)])\nreturn result"),
        ("a list of all prefixes of @xs, from the one with a single element to the whole list", "return [$xs[:i] for i in range(1, len($xs) + 1)]", "result = []\npart = []\nfor x in $xs:\n    part = part + [x]\n    result.append(part)\nreturn result"), ("a list of all suffixes of @xs, from the whole list to the one with a single element", "return [$xs[i:] for i in range(len($xs))]", "result = []\nrest = $xs\nwhile rest:\n    result.append(rest)\n    rest = rest[1:]\nreturn result"),
        ("a list of strings that draws each element of @xs as a bar of that many '#' characters", "return ['#' * x for x in $xs]", "bars = []\nfor x in $xs:\n    bar = ''\n    for _ in range(x):\n        bar += '#'\n    bars.append(bar)\nreturn bars"),
    ])  # fmt: skip
    kind = "list[str]" if "'#'" in one else "list[list[int]]" if "[[0]" in one or "fixes" in ask else "list[int]"
    return lesson.draft(
        g,
        "[echo|expand|unfold|spread_out]",
        "xs:few",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"Expand the list @xs. The result is {ask}.",
            f"From the non-negative numbers in @xs, produce {ask}.",
        ),
    )


@lesson
def reversed_blocks(g: Random) -> Draft:
    k = g.randint(2, 4)
    name = {2: "pair", 3: "block of three", 4: "block of four"}[k]
    act, code = g.choice(
        [
            ("reversed", "part[::-1]"),
            ("sorted in ascending order", "sorted(part)"),
            ("rotated to the left by one place", "part[1:] + part[:1]"),
            ("replaced by as many copies of its largest element", "[max(part)] * len(part)"),
            ("replaced by its sum", "[sum(part)]"),
            ("replaced by its smallest element", "[min(part)]"),
            ("sorted in descending order", "sorted(part, reverse=True)"),
        ]
    )
    return lesson.draft(
        g,
        "[blocks|in_blocks|blockwise|chunk_work]",
        "xs:L",
        "list[int]",
        f"a list that arises from @xs when it is divided into blocks of {k} elements from the left and each block is {act}; the last block may be shorter and is treated in the same way",
        f"result = []\nfor i in range(0, len($xs), {k}):\n    part = $xs[i:i + {k}]\n    result += {code}\nreturn result",
        f"parts = [$xs[i:i + {k}] for i in range(0, len($xs), {k})]\nreturn [v for part in parts for v in {code}]",
        tellings=(
            f"Go through @xs {name} by {name}. Each {name} is {act}. At the end there may be an incomplete one, which is {act} too. Return one flat list.",
            f"Divide @xs into groups of {k} neighbouring elements, beginning at the front; what is left over at the end forms a smaller group. Every group is {act}. Return all groups joined into one list again.",
        ),
    )


@lesson
def reversed_part(g: Random) -> Draft:
    act, one, two = g.choice(
        [
            ("in reverse order", "$xs[$start:$stop + 1][::-1]", "list(reversed($xs[$start:$stop + 1]))"),
            (
                "sorted",
                "sorted($xs[$start:$stop + 1])",
                "sorted($xs[i] for i in range($start, $stop + 1) if i < len($xs))",
            ),
            ("replaced by zeros", "[0] * len($xs[$start:$stop + 1])", "[0 for _ in $xs[$start:$stop + 1]]"),
            ("left out", "[]", "$xs[0:0]"),
            ("repeated once more", "$xs[$start:$stop + 1] * 2", "[x for _ in range(2) for x in $xs[$start:$stop + 1]]"),
        ]
    )
    return lesson.draft(
        g,
        "[part|section|segment|slice]_[changed|work|edit]",
        "xs:L start:small length:idx",
        "list[int]",
        f"a copy of @xs in which the part that begins at index @start and has @length elements is {act}",
        f"stop = $start + $length - 1\nreturn $xs[:$start] + {one.replace('$stop', 'stop')} + $xs[$start + $length:]",
        f"stop = $start + $length - 1\nresult = $xs[:$start]\nresult += {two.replace('$stop', 'stop')}\nresult += $xs[$start + $length:]\nreturn result",
        tellings=(
            f"Consider the section of @xs that starts at index @start and consists of @length elements (fewer, if the list ends before). Return a new list in which this section is {act} and the rest is unchanged.",
        ),
        notes=(
            "[If the list is too short, the part ends where the list ends.|A part that reaches beyond the end is simply cut off there.]",
        ),
    )


@lesson
def left_larger(g: Random) -> Draft:
    side = g.choice(["left", "right"])
    size, op = g.choice([("larger", ">"), ("smaller", "<")])
    what = g.choice(["value", "distance"])
    none = g.choice(["None", "-1", "0"]) if what == "value" else "0"
    rng_one = "range(i - 1, -1, -1)" if side == "left" else "range(i + 1, len($xs))"
    val = "$xs[j]" if what == "value" else "abs(i - j)"
    scan = "reversed($xs[:i])" if side == "left" else "$xs[i + 1:]"
    gen = (
        f"(y for y in {scan} if y {op} x)"
        if what == "value"
        else f"(step_ for step_, y in enumerate({scan}, 1) if y {op} x)"
    )
    return lesson.draft(
        g,
        f"[nearest|next|closest]_{size}_[{side}|on_{side}]",
        "xs:few",
        "list[int | None]" if none == "None" else "list[int]",
        f"a list with, for each element of @xs, the {'nearest ' + size + ' element' if what == 'value' else 'number of steps to the nearest ' + size + ' element'} on its {side} side, or {none} if there is none",
        f"result = []\nfor i in range(len($xs)):\n    found = {none}\n    for j in {rng_one}:\n        if $xs[j] {op} $xs[i]:\n            found = {val}\n            break\n    result.append(found)\nreturn result",
        f"return [next({gen}, {none}) for i, x in enumerate($xs)]".replace("step_", "away"),
        tellings=(
            f"For every element of @xs, look to the {side} until you see a {size} one. Write down {'that element' if what == 'value' else 'how many steps away it is'}, or {none} if no element there is {size}. Return what you have written down as a list.",
            f"Each person in a row looks to the {side} and searches the nearest person whose number is {size}. The numbers are in @xs. Return for each person {'the number found' if what == 'value' else 'the distance to the person found'}, and {none} for those who find nobody.",
        ),
    )


@lesson
def two_list_prefix(g: Random) -> Draft:
    ask, one, two, kind = g.choice([
        ("the longest list with which both @xs and @ys begin", "size = 0\nwhile size < min(len($xs), len($ys)) and $xs[size] == $ys[size]:\n    size += 1\nreturn $xs[:size]", "result = []\nfor p, q in zip($xs, $ys):\n    if p != q:\n        break\n    result.append(p)\nreturn result", "list[int]"),
        ("the first index at which @xs and @ys differ, or -1 if they are equal; where one list has ended, the lists differ", "for i, (p, q) in enumerate(zip($xs, $ys)):\n    if p != q:\n        return i\nreturn -1 if len($xs) == len($ys) else min(len($xs), len($ys))", "if $xs == $ys:\n    return -1\ni = 0\nwhile $xs[i:i + 1] == $ys[i:i + 1]:\n    i += 1\nreturn i", "int"),
        ("a list with the larger of the two elements of @xs and @ys at each position; where only one list has an element, it is taken", "result = []\nfor i in range(max(len($xs), len($ys))):\n    result.append(max($xs[i:i + 1] + $ys[i:i + 1]))\nreturn result", "short = min(len($xs), len($ys))\nreturn [max(p, q) for p, q in zip($xs, $ys)] + $xs[short:] + $ys[short:]", "list[int]"),
        ("a list of the sums of @xs and @ys position by position, where missing elements of the shorter list count as 0", "size = max(len($xs), len($ys))\npadded_xs = $xs + [0] * (size - len($xs))\npadded_ys = $ys + [0] * (size - len($ys))\nreturn [p + q for p, q in zip(padded_xs, padded_ys)]", "return [p + q for p, q in zip_longest($xs, $ys, fillvalue=0)]", "list[int]"),
        ("True if @xs begins with all elements of @ys, in the same order", "return $xs[:len($ys)] == $ys", "if len($ys) > len($xs):\n    return False\nreturn all(p == q for p, q in zip($xs, $ys))", "bool"),
        ("True if the elements of @ys occur in @xs in the same order, not necessarily next to each other", "rest = iter($xs)\nreturn all(q in rest for q in $ys)", "j = 0\nfor p in $xs:\n    if j < len($ys) and p == $ys[j]:\n        j += 1\nreturn j == len($ys)", "bool"),
        ("the first index at which @ys occurs in @xs as a block of neighbouring elements, or -1 if it does not occur", "for i in range(len($xs) - len($ys) + 1):\n    if $xs[i:i + len($ys)] == $ys:\n        return i\nreturn -1", "return next((i for i in range(len($xs) - len($ys) + 1) if $xs[i:i + len($ys)] == $ys), -1)", "int"),
        ("the index in @xs at which each element of @ys first occurs, as a list, with -1 for elements that do not occur", "return [$xs.index(q) if q in $xs else -1 for q in $ys]", "place = {}\nfor i, p in enumerate($xs):\n    place.setdefault(p, i)\nreturn [place.get(q, -1) for q in $ys]", "list[int]"),
        ("how many points @xs wins against @ys when the lists are compared position by position: the larger element gets one point, equal elements give none", "return sum(1 for p, q in zip($xs, $ys) if p > q)", "points = 0\nfor i in range(min(len($xs), len($ys))):\n    if $xs[i] > $ys[i]:\n        points += 1\nreturn points", "int"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[compare|match|align|two_lists]_[lists|both|pairwise]",
        "xs:tiny ys:tiny2",
        kind,
        ask,
        one,
        two,
        imports=("from itertools import zip_longest",),
        tellings=(
            f"Put the lists @xs and @ys side by side. Return {ask}.",
            f"You are given two lists, @xs and @ys, which may differ in length. [Return|Compute] {ask}.",
        ),
    )


@lesson
def numbered_words(g: Random) -> Draft:
    start = g.randint(0, 3)
    sep = g.choice([". ", ": ", ") ", "-", " "])
    test = word_test(g)
    ask, one, two, kind = g.choice([
        (f"a list of the strings in @words with their number in front, such as '{start}{sep}word', counting from {start}", f"return [f'{{i}}{sep}{{w}}' for i, w in enumerate($words, {start})]", f"result = []\nfor i in range(len($words)):\n    result.append(str(i + {start}) + '{sep}' + $words[i])\nreturn result", "list[str]"),
        ("a string with the strings in @words, separated by ', ' but with ' and ' before the last one", "if len($words) < 2:\n    return ''.join($words)\nreturn ', '.join($words[:-1]) + ' and ' + $words[-1]", "result = ''\nfor i, w in enumerate($words):\n    if i > 0:\n        result += ' and ' if i == len($words) - 1 else ', '\n    result += w\nreturn result", "str"),
        ("a list that contains for each two neighbouring strings in @words their first letters, joined", "return [a[0] + b[0] for a, b in zip($words, $words[1:])]", "result = []\nfor i in range(1, len($words)):\n    result.append($words[i - 1][0] + $words[i][0])\nreturn result", "list[str]"),
        ("a list of those strings in @words that begin with the last letter of the string before them, ignoring case", "return [b for a, b in zip($words, $words[1:]) if b[0].lower() == a[-1].lower()]", "chain = []\nfor i in range(1, len($words)):\n    if $words[i][0].lower() == $words[i - 1][-1].lower():\n        chain.append($words[i])\nreturn chain", "list[str]"),
        (f"a copy of @words in which those {test.clause} are put in brackets, like '[word]'", f"return [f'[{{w}}]' if {test.code.format(x='w')} else w for w in $words]", f"result = []\nfor w in $words:\n    if {test.code.format(x='w')}:\n        w = '[' + w + ']'\n    result.append(w)\nreturn result", "list[str]"),
        ("the strings in @words that are longer than the string before them, as a list", "return [b for a, b in zip($words, $words[1:]) if len(b) > len(a)]", "result = []\nfor i, w in enumerate($words[1:]):\n    if len(w) > len($words[i]):\n        result.append(w)\nreturn result", "list[str]"),
        ("a list of the total lengths of the strings in @words so far, one for each string", "total = 0\nresult = []\nfor w in $words:\n    total += len(w)\n    result.append(total)\nreturn result", "return [len(''.join($words[:i])) for i in range(1, len($words) + 1)]", "list[int]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[label|word_list|format|lines_of]_[words|entries|list]",
        "words:W",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"[Work through|Go over] the strings in @words in order. Return {ask}.",
            f"You get a list of strings called @words. [Build and return|Produce] {ask}.",
        ),
        notes=("[An empty list gives an empty result.|If the list is empty, so is the result.]",),
    )


@lesson
def list_of_lists(g: Random) -> Draft:
    ask, one, two, kind = g.choice([
        ("a list of the last elements of the non-empty lists in @groups", "return [part[-1] for part in $groups if part]", "result = []\nfor part in $groups:\n    if len(part) > 0:\n        result.append(part[-1])\nreturn result", "list[int]"),
        ("the longest list in @groups, the first one if there are several, or an empty list if @groups is empty", "return max($groups, key=len, default=[])", "best = []\nfor part in $groups:\n    if len(part) > len(best):\n        best = part\nreturn best", "list[int]"),
        ("all elements of the lists in @groups in one list, with the lists taken in reverse order but each list read from its start", "return [v for part in reversed($groups) for v in part]", "result = []\nfor part in $groups:\n    result = part + result\nreturn result", "list[int]"),
        ("the number of empty lists in @groups", "return sum(1 for part in $groups if not part)", "return $groups.count([])", "int"),
        ("a list of (length, sum) tuples, one for each list in @groups", "return [(len(part), sum(part)) for part in $groups]", "result = []\nfor part in $groups:\n    total = 0\n    for v in part:\n        total += v\n    result.append((len(part), total))\nreturn result", "list[tuple[int, int]]"),
        ("a list that takes the first elements of all lists in @groups, then all second elements, and so on, skipping lists that are too short", "longest = max(map(len, $groups), default=0)\nreturn [part[i] for i in range(longest) for part in $groups if i < len(part)]", "result = []\nrest = [list(part) for part in $groups]\nwhile any(rest):\n    for part in rest:\n        if part:\n            result.append(part.pop(0))\nreturn result", "list[int]"),
        ("the index of the list in @groups with the largest sum, the first one if there are several, or -1 if @groups is empty", "if not $groups:\n    return -1\nsums = [sum(part) for part in $groups]\nreturn sums.index(max(sums))", "best = -1\nfor i, part in enumerate($groups):\n    if best == -1 or sum(part) > sum($groups[best]):\n        best = i\nreturn best", "int"),
        ("a list of the elements of all lists in @groups, with a 0 between the contents of two neighbouring lists", "result = []\nfor i, part in enumerate($groups):\n    if i > 0:\n        result.append(0)\n    result.extend(part)\nreturn result", "result = []\nfor part in $groups:\n    result += [0] + part\nreturn result[1:]", "list[int]"),
        ("True if all lists in @groups have the same length", "return len({len(part) for part in $groups}) <= 1", "for part in $groups:\n    if len(part) != len($groups[0]):\n        return False\nreturn True", "bool"),
        ("a copy of @groups in which each list is filled up with zeros at its end until it is as long as the longest one", "size = max(map(len, $groups), default=0)\nreturn [part + [0] * (size - len(part)) for part in $groups]", "size = 0\nfor part in $groups:\n    size = max(size, len(part))\nresult = []\nfor part in $groups:\n    padded = list(part)\n    while len(padded) < size:\n        padded.append(0)\n    result.append(padded)\nreturn result", "list[list[int]]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[groups|nested|sublists|inner_lists]_[info|work|result]",
        "groups:lists",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"Each element of @groups is itself a list of integers, possibly an empty one. Return {ask}.",
            f"The list @groups contains lists of numbers. [Your task is to return|Return] {ask}.",
        ),
    )


@lesson
def tournament(g: Random) -> Draft:
    keep, fn = g.choice([("larger", "max"), ("smaller", "min")])
    ask, one, two, kind = g.choice([
        ("the list of those who remain after one round", f"return [{fn}($xs[i:i + 2]) for i in range(0, len($xs), 2)]", f"result = []\ni = 0\nwhile i < len($xs):\n    pair = $xs[i:i + 2]\n    result.append({fn}(pair))\n    i += 2\nreturn result", "list[int]"),
        ("the number of rounds until only one remains", f"rounds = 0\nplayers = list($xs)\nwhile len(players) > 1:\n    players = [{fn}(players[i:i + 2]) for i in range(0, len(players), 2)]\n    rounds += 1\nreturn rounds", "rounds = 0\nleft = len($xs)\nwhile left > 1:\n    left = (left + 1) // 2\n    rounds += 1\nreturn rounds", "int"),
        ("a list of the lists of those who are still there, the first one being the full list and the last one holding the winner only", f"players = list($xs)\nresult = [players]\nwhile len(players) > 1:\n    players = [{fn}(players[i:i + 2]) for i in range(0, len(players), 2)]\n    result.append(players)\nreturn result", f"def play(players):\n    if len(players) == 1:\n        return [players]\n    return [players] + play([{fn}(players[i:i + 2]) for i in range(0, len(players), 2)])\n\nreturn play(list($xs))", "list[list[int]]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[tournament|knockout|duel_rounds|cup]",
        "xs:few1",
        kind,
        f"{ask} of a contest among the numbers in @xs, in which neighbours meet in pairs from the left, the {keep} number stays, and one without a partner moves on",
        one,
        two,
        tellings=(
            f"The numbers in @xs play a knockout contest. In each round, the first meets the second, the third meets the fourth, and so on; of each pair only the {keep} number stays, and a number without an opponent stays too. Return {ask}.",
        ),
    )


@lesson
def doubling_indices(g: Random) -> Draft:
    name, ok = g.choice(
        [
            ("a power of two (1, 2, 4, 8, ...)", "i & (i - 1) == 0"),
            ("a square number (1, 4, 9, ...)", "int(i ** 0.5) ** 2 == i"),
            ("divisible by 2 or by 3", "i % 2 == 0 or i % 3 == 0"),
            ("not divisible by 3", "i % 3 != 0"),
            ("a triangular number (1, 3, 6, 10, ...)", "i in (1, 3, 6, 10, 15, 21)"),
            ("odd and greater than 1", "i % 2 == 1 and i > 1"),
        ]
    )
    ask, one, two, kind = g.choice(
        [
            (
                "a list of the elements of @xs",
                f"return [x for i, x in enumerate($xs, 1) if {ok}]",
                f"result = []\nfor i in range(1, len($xs) + 1):\n    if {ok}:\n        result.append($xs[i - 1])\nreturn result",
                "list[int]",
            ),
            (
                "the sum of the elements of @xs",
                f"return sum(x for i, x in enumerate($xs, 1) if {ok})",
                f"total = 0\nfor i, x in enumerate($xs, 1):\n    if {ok}:\n        total += x\nreturn total",
                "int",
            ),
            (
                "the largest element of @xs, or None if there is none,",
                f"return max((x for i, x in enumerate($xs, 1) if {ok}), default=None)",
                f"best = None\nfor i, x in enumerate($xs, 1):\n    if ({ok}) and (best is None or x > best):\n        best = x\nreturn best",
                "int | None",
            ),
            (
                "how many even elements there are in @xs",
                f"return sum(1 for i, x in enumerate($xs, 1) if x % 2 == 0 and ({ok}))",
                f"hits = 0\nfor i, x in enumerate($xs, 1):\n    if ({ok}) and x % 2 == 0:\n        hits += 1\nreturn hits",
                "int",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[chosen|special|selected]_[positions|places|indices]",
        "xs:L",
        kind,
        f"{ask} whose position, counted from 1, is {name}".replace(
            "in @xs whose position", "in @xs at positions"
        ).replace("at positions, counted from 1, is", "at a position that, counted from 1, is"),
        one,
        two,
        tellings=(
            f"Number the elements of @xs from 1 and look only at those whose number is {name}. Return {ask.rstrip(',')} among them."
            if "how many" not in ask
            else f"Number the elements of @xs from 1. Count the even elements whose number is {name}.",
            f"Consider only the positions of @xs that are {name}, where the first element has position 1. Return {ask.replace(' of @xs', ' at these positions').replace(' in @xs', ' at these positions')}.",
        ),
    )
