"""Nesting: recursion over lists, dictionaries, trees, digits and strings; choosing, arranging, counting."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.lessons import Lessons


def _nest(rng: Random, depth: int = 0) -> object:
    chance = (0.45, 0.4, 0.25)[depth] if depth < 3 else 0
    return [
        _nest(rng, depth + 1) if rng.random() < chance else rng.randint(-3, 9)
        for _ in range(rng.randint(0 if depth else 1, 3))
    ]


def _nest_words(rng: Random, depth: int = 0) -> object:
    return [
        _nest_words(rng, depth + 1)
        if depth < 2 and rng.random() < 0.4
        else rng.choice(["red", "sky", "ant", "Eve", "tea", "owl"])
        for _ in range(rng.randint(0 if depth else 1, 3))
    ]


def _tree(rng: Random, depth: int = 0) -> object:
    if depth == 3 or (depth and rng.random() < 0.4):
        return None
    return (rng.randint(-2, 9), _tree(rng, depth + 1), _tree(rng, depth + 1))


def _settings(rng: Random, depth: int = 0) -> object:
    keys = rng.sample(["a", "b", "c", "x", "y"], rng.randint(1, 3 - depth // 2))
    return {k: _settings(rng, depth + 1) if depth < 2 and rng.random() < 0.45 else rng.randint(0, 9) for k in keys}


def _files(rng: Random, depth: int = 0) -> object:
    names = rng.sample(["doc", "img", "src"], rng.randint(0, 1)) if depth < 2 else []
    return {
        **{n: _files(rng, depth + 1) for n in names},
        **{f: rng.randint(1, 20) for f in rng.sample(["a.txt", "b.py", "c.png"], rng.randint(1, 2))},
    }


def _family(rng: Random, depth: int = 0) -> object:
    return (
        rng.choice(["Ann", "Ben", "Cleo"]),
        [_family(rng, depth + 1) for _ in range(rng.randint(0, 2))] if depth < 2 else [],
    )


def _family_ids(rng: Random) -> object:
    people = ["Ann", "Ben", "Cleo", "Dan", "Eve", "Finn"][: rng.randint(2, 6)]
    return {p: rng.choice(people[:i]) for i, p in enumerate(people) if i}


def _expression(rng: Random, depth: int = 0) -> object:
    if depth == 2 or (depth and rng.random() < 0.4):
        return rng.randint(1, 9)
    return (rng.choice("+-*"), _expression(rng, depth + 1), _expression(rng, depth + 1))


def _packed(rng: Random, depth: int = 0) -> str:
    parts = []
    for _ in range(rng.randint(1, 2)):
        if depth < 2 and rng.random() < 0.5:
            parts.append(f"{rng.randint(1, 3)}({_packed(rng, depth + 1)})")
        else:
            parts.append("".join(rng.choice("abc") for _ in range(rng.randint(1, 2))))
    return "".join(parts)


def _brackets(rng: Random, depth: int = 0) -> str:
    return (
        "".join("(" + _brackets(rng, depth + 1) + ")" for _ in range(rng.randint(1 if depth == 0 else 0, 2)))
        if depth < 4
        else ""
    )


def _ints(low: int, high: int, longest: int, shortest: int = 0) -> Callable[[Random], object]:
    return lambda rng: [rng.randint(low, high) for _ in range(rng.randint(shortest, longest))]


lesson = Lessons("nesting", kinds={
    "nest": ("list", "a list of integers and lists, nested to any depth", _nest),
    "shape": ("list", "a nested list of integers", lambda r: (lambda a, b, c: r.choice([[a, [b], c], [[a], b, c], [a, [b, c]], [a, [b], []], [a, b], [[a, b]], [a, [b], c], [a, [b], [c]]]))(r.randint(0, 9), r.randint(0, 9), r.randint(0, 9))),
    "nestw": ("list", "a nested list of strings", _nest_words),
    "tree": ("tuple | None", "a binary tree made of tuples (value, left, right)", _tree),
    "conf": ("dict", "a dictionary whose values are integers or further dictionaries", _settings),
    "files": ("dict", "a folder, given as a dictionary", _files),
    "family": ("tuple", "a family tree made of tuples (name, children)", _family),
    "boss": ("dict[str, str]", "a dictionary that maps people to their boss", _family_ids),
    "expr": ("tuple", "an expression such as ('+', 1, ('*', 2, 3))", _expression),
    "packed": ("str", "a string such as '2(ab)c'", _packed),
    "brackets": ("str", "a string of properly nested round brackets", _brackets),
    "path": ("str", "a path such as 'a.b'", lambda r: ".".join(r.choice("abcxy") for _ in range(r.randint(1, 2)))),
    "dotted": ("dict[str, int]", "a dictionary with keys such as 'a.b.c'", lambda r: {f"{a}.{b}" if r.random() < 0.7 else a + a: r.randint(0, 9) for a, b in ((r.choice("ab"), r.choice("xyz")) for _ in range(r.randint(1, 4)))}),
    "depth": ("int", "a non-negative integer", lambda r: r.randint(0, 3)),
    "size": ("int", "a non-negative integer", lambda r: r.randint(0, 6)),
    "tiny": ("int", "a positive integer", lambda r: r.randint(1, 4)),
    "num": ("int", "a non-negative integer", lambda r: r.choice([r.randint(0, 99), r.randint(0, 99999), r.randint(100, 9999)])),
    "start": ("int", "a positive integer", lambda r: r.randint(1, 30)),
    "few": ("list[int]", "a list of at most six positive integers", _ints(1, 9, 6)),
    "distinct": ("list[int]", "a list of different integers", lambda r: r.sample(range(1, 9), r.randint(0, 4))),
    "target": ("int", "an integer", lambda r: r.randint(0, 14)),
    "parts": ("list[str]", "a list of different short strings", lambda r: r.sample(["a", "b", "ab", "ba", "c", "abc", "ca", "bc"], r.randint(1, 4))),
    "abc": ("str", "a string of the letters a, b and c", lambda r: "".join(r.choice("abc") for _ in range(r.randint(0, 9)))),
    "letters": ("str", "a string of different letters", lambda r: "".join(r.sample("abcdef", r.randint(0, 4)))),
    "moves": ("str", "a string of the letters L and R", lambda r: "".join(r.choice("LR") for _ in range(r.randint(0, 3)))),
    "item": ("int", "an integer", lambda r: r.randint(-2, 8)),
    "key": ("str", "a key", lambda r: r.choice("abcxy")),
    "who": ("str", "a name", lambda r: r.choice(["Ann", "Ben", "Cleo", "Dan"])),
    "half": ("list[int]", "a non-empty list of integers", _ints(0, 9, 8, 1)),
    "asc": ("list[int]", "a list of integers in ascending order", lambda r: sorted(r.sample(range(20), r.randint(0, 8)))),
})  # fmt: skip

# A question about an integer v.
ASK = [
    ("even", "v % 2 == 0"),
    ("odd", "v % 2 == 1"),
    ("negative", "v < 0"),
    ("greater than 4", "v > 4"),
    ("divisible by 3", "v % 3 == 0"),
    ("not zero", "v != 0"),
    ("between 2 and 6", "2 <= v <= 6"),
]


@lesson
def deep_count(g: Random) -> Draft:
    say, test = g.choice(ASK)
    out, zero, one = g.choice(
        [
            ("the number of integers that are", "0", "1"),
            ("the sum of all integers that are", "0", "v"),
            ("a flat list, from left to right, of all integers that are", "[]", "[v]"),
            ("the sum of the squares of all integers that are", "0", "v * v"),
        ]
    )
    ret = "list[int]" if zero == "[]" else "int"
    return lesson.draft(
        g,
        "[deep|nested|inner]_[count|search|total|pick]",
        "box:nest",
        ret,
        f"{out} {say} in the nested list @box, at any depth",
        f"result = {zero}\nfor v in $box:\n    if isinstance(v, list):\n        result += SELF(v)\n    elif {test}:\n        result += {one}\nreturn result",
        f"if not $box:\n    return {zero}\nv, rest = $box[0], SELF($box[1:])\nif isinstance(v, list):\n    return SELF(v) + rest\nif {test}:\n    return {one} + rest\nreturn rest",
        f"result = {zero}\nstack = list(reversed($box))\nwhile stack:\n    v = stack.pop()\n    if isinstance(v, list):\n        stack.extend(reversed(v))\n    elif {test}:\n        result += {one}\nreturn result",
        tellings=(
            f"@box is a list whose elements are integers or again such lists, to any depth. Go through all levels and return {out} {say}.",
            f"Boxes can contain numbers and smaller boxes. Open @box and all boxes inside it, and return {out} {say}. [An empty box contributes nothing.|Empty boxes are allowed.]",
        ),
        plan="For each element: if it is a list, I call the function again, otherwise I test the number.",
    )


@lesson
def weighted_depth(g: Random) -> Draft:
    text, w = g.choice(
        [
            ("multiplied by its depth", "depth * v"),
            ("plus its depth", "v + depth"),
            ("multiplied by -1 if its depth is even", "(v if depth % 2 == 1 else -v)"),
            ("counted only if its depth is at least 2", "(v if depth >= 2 else 0)"),
            ("counted only if its depth is odd", "(v if depth % 2 == 1 else 0)"),
        ]
    )
    return lesson.draft(
        g,
        "[depth|level]_[sum|score|total]",
        "box:nest",
        "int",
        f"the sum of all integers in the nested list @box, each {text}, where the integers directly in @box have depth 1",
        f"def walk(items, depth):\n    total = 0\n    for v in items:\n        if isinstance(v, list):\n            total += walk(v, depth + 1)\n        else:\n            total += {w}\n    return total\n\nreturn walk($box, 1)",
        f"total = 0\ntodo = [($box, 1)]\nwhile todo:\n    items, depth = todo.pop()\n    for v in items:\n        if isinstance(v, list):\n            todo.append((v, depth + 1))\n        else:\n            total += {w}\nreturn total",
        tellings=(
            f"The depth of an integer in a nested list is the number of lists around it: 1 for integers directly in @box, 2 for those in a list inside @box, and so on. Add up all integers, each {text}, and return the sum.",
            f"Define the depth of a number as the count of brackets that are open around it. Return the sum of the numbers in @box at all depths, each {text}.",
        ),
        plan="An inner function gets the current depth as a second argument.",
    )


@lesson
def level_of_list(g: Random) -> Draft:
    mode, text, ret = g.choice(
        [
            (
                "ints",
                "a list of the integers that lie exactly at depth @k of the nested list @box, from left to right",
                "list[int]",
            ),
            ("count", "how many integers lie exactly at depth @k of the nested list @box", "int"),
            (
                "upto",
                "a list of the integers at depth @k or less of the nested list @box, from left to right",
                "list[int]",
            ),
        ]
    )
    if mode == "upto":
        b = (
            "def walk(items, depth):\n    found = []\n    for v in items:\n        if isinstance(v, list):\n            found += walk(v, depth + 1)\n        elif depth <= $k:\n            found.append(v)\n    return found\n\nreturn walk($box, 0)",
            "result = []\nfor v in $box:\n    if not isinstance(v, list):\n        result.append(v)\n    elif $k > 0:\n        result += SELF(v, $k - 1)\nreturn result",
        )
    elif mode == "ints":
        b = (
            "if $k == 0:\n    return [v for v in $box if not isinstance(v, list)]\nresult = []\nfor v in $box:\n    if isinstance(v, list):\n        result.extend(SELF(v, $k - 1))\nreturn result",
            "level = $box\nfor _ in range($k):\n    level = [v for inner in level if isinstance(inner, list) for v in inner]\nreturn [v for v in level if not isinstance(v, list)]",
        )
    else:
        b = (
            "if $k == 0:\n    return sum(1 for v in $box if not isinstance(v, list))\nreturn sum(SELF(v, $k - 1) for v in $box if isinstance(v, list))",
            "level = $box\nfor _ in range($k):\n    level = [v for inner in level if isinstance(inner, list) for v in inner]\nreturn len([v for v in level if not isinstance(v, list)])",
        )
    return lesson.draft(
        g,
        "[level|layer|depth]_[items|numbers|view]",
        "box:nest k:depth",
        ret,
        f"{text}, where the elements of @box itself have depth 0",
        *b,
        tellings=(
            f"In a nested list, elements of the outermost list are at depth 0, elements of lists directly inside it at depth 1, and so on. Return {text}.",
        ),
        plan="Each call goes one level deeper and counts the depth down.",
    )


@lesson
def open_some_lists(g: Random) -> Draft:
    cond, text = g.choice(
        [
            ("len(v) == 1", "that have exactly one element"),
            ("not any(isinstance(w, list) for w in v)", "that contain no further lists"),
            ("len(v) <= 2", "that have at most two elements"),
            ("v and isinstance(v[0], int)", "that begin with an integer"),
        ]
    )
    mode = g.random() < 0.5
    if mode:
        return lesson.draft(
            g,
            "[open|unwrap|dissolve]_[some|lists|level]",
            "box:nest",
            "list",
            f"a copy of @box in which those lists directly inside it {text} are replaced by their elements; deeper levels stay as they are",
            f"result = []\nfor v in $box:\n    if isinstance(v, list) and {cond}:\n        result.extend(v)\n    else:\n        result.append(v)\nreturn result",
            tellings=(
                f"Open the elements of @box that are lists {text}: put their elements in their place. Open only one level, and leave all other elements unchanged.",
            ),
            plan="I extend the result by the elements of lists that are opened.",
        )
    k = g.randint(1, 2)
    return lesson.draft(
        g,
        "[flatten|opened|unpacked]_[levels|layers]",
        "box:nest",
        "list",
        f"@box with the nested lists opened {'one level' if k == 1 else 'two levels'} deep, so that lists lying deeper remain lists",
        f"result = $box\nfor _ in range({k}):\n    opened = []\n    for v in result:\n        if isinstance(v, list):\n            opened.extend(v)\n        else:\n            opened.append(v)\n    result = opened\nreturn result",
        f"def open_up(items, k):\n    if k == 0:\n        return items\n    result = []\n    for v in items:\n        result += open_up(v, k - 1) if isinstance(v, list) else [v]\n    return result\n\nreturn open_up($box, {k})",
        tellings=(
            f"Remove {'one layer' if k == 1 else 'two layers'} of inner brackets from the nested list @box. Lists that lie deeper stay lists.",
        ),
        plan="I open one level at a time.",
    )


@lesson
def count_the_lists(g: Random) -> Draft:
    text, cond = g.choice(
        [
            ("empty", "not items"),
            ("without any list directly inside them", "not any(isinstance(v, list) for v in items)"),
            ("with more than two elements", "len(items) > 2"),
            ("that contain a negative number directly", "any(isinstance(v, int) and v < 0 for v in items)"),
            ("that contain at least one list directly", "any(isinstance(v, list) for v in items)"),
            ("", "True"),
        ]
    )
    said = "empty lists" if text == "empty" else f"lists {text}".strip()
    return lesson.draft(
        g,
        "[count|number_of]_[lists|boxes|brackets]",
        "items:nest",
        "int",
        f"the number of {said} in the nested structure @items, at all depths, the outermost list included",
        f"def walk(items):\n    count = 1 if {cond} else 0\n    return count + sum(walk(v) for v in items if isinstance(v, list))\n\nreturn walk($items)",
        f"todo = [$items]\ncount = 0\nwhile todo:\n    items = todo.pop()\n    if {cond}:\n        count += 1\n    todo.extend(v for v in items if isinstance(v, list))\nreturn count",
        tellings=(
            f"Every pair of square brackets in @items is a list, also @items itself. How many of these are {said}? Count at all levels."
            if text
            else "Every pair of square brackets in @items is a list, also @items itself. How many lists are there in all levels together?",
        ),
        plan="I test the list itself and then count in the lists inside it.",
    )


@lesson
def prune_nested(g: Random) -> Draft:
    say, test = g.choice(ASK)
    mode = g.choice(["drop", "drop_empty", "double", "hide"])
    if mode == "drop_empty":
        return lesson.draft(
            g,
            "[tidy|pruned|without_empty]_lists",
            "box:nest",
            "list",
            "a copy of the nested list @box without its empty lists, where lists that become empty in this way are removed as well",
            "result = []\nfor v in $box:\n    if isinstance(v, list):\n        inner = SELF(v)\n        if inner:\n            result.append(inner)\n    else:\n        result.append(v)\nreturn result",
            "cleaned = [SELF(v) if isinstance(v, list) else v for v in $box]\nreturn [v for v in cleaned if v != []]",
            tellings=(
                "Throw all empty lists out of @box, at every depth. A list that only contained empty lists counts as empty, too. The outermost list is always returned, even if nothing is left in it.",
            ),
            plan="I clean the inner lists first and keep those that are not empty.",
        )
    text, expr = {
        "drop": (f"without the integers that are {say}", ""),
        "double": (f"in which all integers that are {say} are doubled", "2 * v"),
        "hide": (f"in which all integers that are {say} are replaced by 0", "0"),
    }[mode]
    if mode == "drop":
        b = (
            f"result = []\nfor v in $box:\n    if isinstance(v, list):\n        result.append(SELF(v))\n    elif not ({test}):\n        result.append(v)\nreturn result",
            f"return [SELF(v) if isinstance(v, list) else v for v in $box if isinstance(v, list) or not ({test})]",
        )
    else:
        b = (
            f"return [SELF(v) if isinstance(v, list) else ({expr} if {test} else v) for v in $box]",
            f"result = []\nfor v in $box:\n    if isinstance(v, list):\n        result.append(SELF(v))\n    elif {test}:\n        result.append({expr})\n    else:\n        result.append(v)\nreturn result",
        )
    return lesson.draft(
        g,
        f"{mode}_[nested|inside|everywhere]",
        "box:nest",
        "list",
        f"a copy of the nested list @box {text}, with the same nesting as before",
        *b,
        tellings=(
            f"Make a copy of @box {text}. The brackets stay exactly as they are, so that [a list may become empty|lists are kept even if nothing is in them].",
        ),
        plan="I rebuild the list and call myself for the inner lists.",
    )


@lesson
def turn_nested(g: Random) -> Draft:
    name, text, b1, b2 = g.choice(
        [
            (
                "reversed_everywhere",
                "with the order of the elements reversed in every list, at all depths",
                "return [SELF(v) if isinstance(v, list) else v for v in reversed($box)]",
                "result = []\nfor v in $box:\n    result.insert(0, SELF(v) if isinstance(v, list) else v)\nreturn result",
            ),
            (
                "numbers_first",
                "in which, in every list at all depths, the integers come first and the lists after them, otherwise in their order",
                "numbers = [v for v in $box if not isinstance(v, list)]\nreturn numbers + [SELF(v) for v in $box if isinstance(v, list)]",
                "numbers, inner = [], []\nfor v in $box:\n    if isinstance(v, list):\n        inner.append(SELF(v))\n    else:\n        numbers.append(v)\nreturn numbers + inner",
            ),
            (
                "depth_picture",
                "in which every integer is replaced by its depth (1 for integers directly in it)",
                "def mark(items, depth):\n    return [mark(v, depth + 1) if isinstance(v, list) else depth for v in items]\n\nreturn mark($box, 1)",
                "def mark(items, depth):\n    result = []\n    for v in items:\n        if isinstance(v, list):\n            result.append(mark(v, depth + 1))\n        else:\n            result.append(depth)\n    return result\n\nreturn mark($box, 1)",
            ),
            (
                "collapsed",
                "in which every list directly inside is replaced by the sum of all integers in it, at any depth",
                "def total(items):\n    return sum(total(v) if isinstance(v, list) else v for v in items)\n\nreturn [total(v) if isinstance(v, list) else v for v in $box]",
                "result = []\nfor v in $box:\n    result.append(sum(SELF(v)) if isinstance(v, list) else v)\nreturn result",
            ),
            (
                "numbered_leaves",
                "in which the integers are replaced by 1, 2, 3 and so on, from left to right",
                "counter = 0\n\ndef number(items):\n    nonlocal counter\n    result = []\n    for v in items:\n        if isinstance(v, list):\n            result.append(number(v))\n        else:\n            counter += 1\n            result.append(counter)\n    return result\n\nreturn number($box)",
                "steps = itertools.count(1)\n\ndef number(items):\n    return [number(v) if isinstance(v, list) else next(steps) for v in items]\n\nreturn number($box)",
            ),
            (
                "sizes_instead",
                "in which every list directly inside is replaced by the number of its elements",
                "return [len(v) if isinstance(v, list) else v for v in $box]",
                "result = []\nfor v in $box:\n    if isinstance(v, list):\n        v = len(v)\n    result.append(v)\nreturn result",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "box:nest",
        "list",
        f"a copy of the nested list @box {text}",
        b1,
        b2,
        imports=("import itertools",),
        tellings=(
            f"@box contains integers and lists, and these lists may contain lists again. Return a copy {text}.",
            f"[Build|Create] a new nested list from @box {text}. Do not change the argument.",
        ),
        plan="I rebuild the structure level by level.",
    )


@lesson
def extremes_inside(g: Random) -> Draft:
    fn, say = g.choice([("max", "largest"), ("min", "smallest")])
    empty = g.choice(["None", "0"])
    who, note = g.choice(
        [
            ("integer", ""),
            ("integer that does not lie directly in @box but deeper", "deep"),
            ("integer that lies directly in @box", "top"),
        ]
    )
    walk = {
        "": "def numbers(items):\n    found = []\n    for v in items:\n        found += numbers(v) if isinstance(v, list) else [v]\n    return found\n\n",
        "deep": "def numbers(items, depth=0):\n    found = []\n    for v in items:\n        if isinstance(v, list):\n            found += numbers(v, depth + 1)\n        elif depth > 0:\n            found.append(v)\n    return found\n\n",
        "top": "def numbers(items):\n    return [v for v in items if not isinstance(v, list)]\n\n",
    }[note]
    return lesson.draft(
        g,
        f"{say}_[inside|nested|within]",
        "box:nest",
        "int | None" if empty == "None" else "int",
        f"the {say} {who} of the nested list @box, or {empty} if there is no such integer".replace(
            "of the nested list @box", "in the nested list @box"
        )
        if not note
        else f"the {say} {who}, where @box is a nested list, or {empty} if there is no such integer",
        f"{walk}return {fn}(numbers($box), default={empty})",
        tellings=(f"Search the nested list @box for the {say} {who}. If there is none, return {empty}.",),
        plan="I collect the numbers in question and take the extreme.",
    )


@lesson
def way_to_value(g: Random) -> Draft:
    mode = g.choice(["path", "depth", "all"])
    if mode == "path":
        return lesson.draft(
            g,
            "[index_path|way_to|address_of]",
            "box:nest n:item",
            "list[int] | None",
            "the list of indices that lead to the first place, from left to right, where the integer @n stands in the nested list @box, or None if it does not occur",
            "for i, v in enumerate($box):\n    if isinstance(v, list):\n        rest = SELF(v, $n)\n        if rest is not None:\n            return [i] + rest\n    elif v == $n:\n        return [i]\nreturn None",
            tellings=(
                "An address in a nested list is a list of indices: [2, 0] means element 0 of element 2. Return the address of the first @n that one meets when reading @box from left to right. Return None if there is none.",
            ),
            plan="I search each element; if it is found inside, I put the own index in front.",
        )
    if mode == "depth":
        return lesson.draft(
            g,
            "[depth_of|level_of]",
            "box:nest n:item",
            "int",
            "the smallest depth at which the integer @n occurs in the nested list @box, or -1 if it does not occur; elements of @box itself have depth 0",
            "level, depth = $box, 0\nwhile level:\n    if $n in level:\n        return depth\n    level = [v for inner in level if isinstance(inner, list) for v in inner]\n    depth += 1\nreturn -1",
            "if $n in $box:\n    return 0\ndepths = [SELF(v, $n) for v in $box if isinstance(v, list)]\ndepths = [depth for depth in depths if depth >= 0]\nreturn 1 + min(depths) if depths else -1",
            tellings=(
                "How deep is @n hidden in the nested list @box? Return 0 if it is an element of @box, 1 if it is an element of a list inside @box, and so on. If it occurs several times, the smallest depth counts; if it does not occur, return -1.",
            ),
            plan="I go level by level.",
        )
    return lesson.draft(
        g,
        "[occurrences|times]_[inside|nested]",
        "box:nest n:item",
        "int",
        "how often the integer @n occurs in the nested list @box, at any depth",
        "return sum(SELF(v, $n) if isinstance(v, list) else v == $n for v in $box)",
        "count_it = 0\nfor v in $box:\n    if isinstance(v, list):\n        count_it += SELF(v, $n)\n    elif v == $n:\n        count_it += 1\nreturn count_it".replace(
            "count_it", "hits"
        ),
        tellings=("Count the occurrences of @n in @box and in all lists inside it.",),
        plan="I add up the hits of all elements.",
    )


@lesson
def written_nested(g: Random) -> Draft:
    a, b, sep = g.choice([("(", ")", " "), ("<", ">", ","), ("{", "}", ";"), ("(", ")", ","), ("<", ">", " ")])
    how = {" ": "a space", ",": "a comma", ";": "a semicolon"}[sep]
    return lesson.draft(
        g,
        "[written|printed|as_text]_[list|nested]",
        "box:nest",
        "str",
        f"a text for the nested list @box in which every list is written between '{a}' and '{b}' and its elements are separated by {how} [only|alone]",
        f"parts = [SELF(v) if isinstance(v, list) else str(v) for v in $box]\nreturn '{a}' + '{sep}'.join(parts) + '{b}'",
        f"result = '{a}'\nfor i, v in enumerate($box):\n    if i > 0:\n        result += '{sep}'\n    result += SELF(v) if isinstance(v, list) else str(v)\nreturn result + '{b}'",
        tellings=(
            f"Print @box in another notation: '{a}' and '{b}' instead of square brackets, and {how} between elements. Return the string.",
            f"Write the nested list @box as a string. Lists, also the outermost one, begin with '{a}' and end with '{b}'; between two elements stands {how} and nothing else.",
        ),
        plan="I turn the elements into strings, by recursion where they are lists, and join them.",
    )


@lesson
def same_shape(g: Random) -> Draft:
    strict = g.random() < 0.5
    if strict:
        return lesson.draft(
            g,
            "[same|equal]_[shape|structure]",
            "one:shape two:shape",
            "bool",
            "True if the nested lists @one and @two have the same structure, whatever their integers are",
            "if len($one) != len($two):\n    return False\nfor p, q in zip($one, $two):\n    if isinstance(p, list) != isinstance(q, list):\n        return False\n    if isinstance(p, list) and not SELF(p, q):\n        return False\nreturn True",
            "def shape(items):\n    return [shape(v) if isinstance(v, list) else 0 for v in items]\n\nreturn shape($one) == shape($two)",
            tellings=(
                "Two nested lists have the same structure if their brackets are arranged in the same way, so that they could only differ in the values of their integers. Check this for @one and @two.",
            ),
            plan="I compare element by element.",
        )
    return lesson.draft(
        g,
        "[shape_text|bracket_text|skeleton]",
        "box:nest",
        "str",
        "the brackets of the nested list @box as a string of '[' and ']', without numbers and commas",
        "return '[' + ''.join(SELF(v) for v in $box if isinstance(v, list)) + ']'",
        "return ''.join(c for c in str($box) if c in '[]')",
        tellings=(
            "Write down only the square brackets of the nested list @box, in the order in which they appear when the list is printed.",
        ),
        plan="I put the brackets of the inner lists between my own.",
    )


@lesson
def nested_words(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "deep_letters",
                "the total number of letters of all strings in the nested list @box",
                "int",
                "return sum(SELF(w) if isinstance(w, list) else len(w) for w in $box)",
                "total = 0\nfor w in $box:\n    if isinstance(w, list):\n        total += SELF(w)\n    else:\n        total += len(w)\nreturn total",
            ),
            (
                "deep_upper",
                "a copy of the nested list @box with all strings in uppercase",
                "list",
                "return [SELF(w) if isinstance(w, list) else w.upper() for w in $box]",
                "result = []\nfor w in $box:\n    if isinstance(w, str):\n        result.append(w.upper())\n    else:\n        result.append(SELF(w))\nreturn result",
            ),
            (
                "indented_outline",
                "a list of lines with one line for each string in the nested list @box, in order, indented by two spaces for each list around it except the outermost one",
                "list[str]",
                "lines = []\nfor w in $box:\n    if isinstance(w, list):\n        lines += ['  ' + line for line in SELF(w)]\n    else:\n        lines.append(w)\nreturn lines",
                "def walk(items, depth):\n    lines = []\n    for w in items:\n        if isinstance(w, list):\n            lines.extend(walk(w, depth + 1))\n        else:\n            lines.append('  ' * depth + w)\n    return lines\n\nreturn walk($box, 0)",
            ),
            (
                "glued_lists",
                "a list of strings in which every list directly inside @box is replaced by one string made of all strings in it, at any depth, one after the other",
                "list[str]",
                "def glue(items):\n    return ''.join(glue(w) if isinstance(w, list) else w for w in items)\n\nreturn [glue(w) if isinstance(w, list) else w for w in $box]",
                "return [''.join(SELF(w)) if isinstance(w, list) else w for w in $box]",
            ),
            (
                "deep_vocabulary",
                "a sorted list of the different strings in the nested list @box",
                "list[str]",
                "found = set()\nfor w in $box:\n    if isinstance(w, list):\n        found.update(SELF(w))\n    else:\n        found.add(w)\nreturn sorted(found)",
                "todo = list($box)\nfound = []\nwhile todo:\n    w = todo.pop()\n    if isinstance(w, list):\n        todo += w\n    elif w not in found:\n        found.append(w)\nreturn sorted(found)",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "box:nestw",
        ret,
        text,
        b1,
        b2,
        tellings=(
            f"Texts are packed in lists within lists, given as @box. Your task is to return {text}.",
            f"The elements of @box are strings and lists, and the lists contain strings and lists again. Return {text}.",
        ),
        plan="I treat strings directly and lists by recursion.",
    )


@lesson
def config_leaves(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "leaf_sum",
                "the sum of all integers in the nested dictionary @conf, at any depth",
                "int",
                "return sum(SELF(v) if isinstance(v, dict) else v for v in $conf.values())",
                "total = 0\nfor v in $conf.values():\n    if isinstance(v, dict):\n        total += SELF(v)\n    else:\n        total += v\nreturn total",
            ),
            (
                "dict_depth",
                "the depth of the nested dictionary @conf, which is 1 for a dictionary without dictionaries in it",
                "int",
                "return 1 + max((SELF(v) for v in $conf.values() if isinstance(v, dict)), default=0)",
                "deepest = 0\nfor v in $conf.values():\n    if isinstance(v, dict):\n        deepest = max(deepest, SELF(v))\nreturn deepest + 1",
            ),
            (
                "all_keys",
                "a sorted list of all different keys in the nested dictionary @conf, at any depth",
                "list[str]",
                "keys = set($conf)\nfor v in $conf.values():\n    if isinstance(v, dict):\n        keys |= set(SELF(v))\nreturn sorted(keys)",
                "todo, keys = [$conf], []\nwhile todo:\n    d = todo.pop()\n    keys.extend(d)\n    todo.extend(v for v in d.values() if isinstance(v, dict))\nreturn sorted(set(keys))",
            ),
            (
                "leaf_paths",
                "a list of the paths to all integers in the nested dictionary @conf in order, where a path is made of the keys joined with dots",
                "list[str]",
                "paths = []\nfor k, v in $conf.items():\n    if isinstance(v, dict):\n        paths += [f'{k}.{rest}' for rest in SELF(v)]\n    else:\n        paths.append(k)\nreturn paths",
                "def walk(d, start):\n    paths = []\n    for k, v in d.items():\n        if isinstance(v, dict):\n            paths.extend(walk(v, start + k + '.'))\n        else:\n            paths.append(start + k)\n    return paths\n\nreturn walk($conf, '')",
            ),
            (
                "flat_dict",
                "a flat dictionary with one entry for each integer in the nested dictionary @conf, in order, whose key consists of all keys on the way to it joined with slashes",
                "dict[str, int]",
                "flat = {}\nfor k, v in $conf.items():\n    if isinstance(v, dict):\n        for rest, n in SELF(v).items():\n            flat[f'{k}/{rest}'] = n\n    else:\n        flat[k] = v\nreturn flat",
                "def walk(d, keys):\n    flat = {}\n    for k, v in d.items():\n        if isinstance(v, dict):\n            flat.update(walk(v, keys + [k]))\n        else:\n            flat['/'.join(keys + [k])] = v\n    return flat\n\nreturn walk($conf, [])",
            ),
            (
                "group_count",
                "the number of dictionaries inside the nested dictionary @conf, at any depth, without @conf itself",
                "int",
                "return sum(1 + SELF(v) for v in $conf.values() if isinstance(v, dict))",
                "n = 0\nfor v in $conf.values():\n    if isinstance(v, dict):\n        n += 1 + SELF(v)\nreturn n",
            ),
            (
                "largest_leaf_path",
                "the path to the largest integer in the nested dictionary @conf as a list of keys; the first one in order if there are several",
                "list[str]",
                "best, way = None, []\n\ndef walk(d, keys):\n    nonlocal best, way\n    for k, v in d.items():\n        if isinstance(v, dict):\n            walk(v, keys + [k])\n        elif best is None or v > best:\n            best, way = v, keys + [k]\n\nwalk($conf, [])\nreturn way",
                "def leaves(d):\n    for k, v in d.items():\n        if isinstance(v, dict):\n            for keys, n in leaves(v):\n                yield [k] + keys, n\n        else:\n            yield [k], v\n\nreturn max(leaves($conf), key=lambda pair: pair[1])[0]",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "conf:conf",
        ret,
        text,
        b1,
        b2,
        tellings=(
            f"The values of @conf are integers or dictionaries of the same kind. Return {text}.",
            f"A program keeps its settings in a dictionary @conf; groups of settings are dictionaries inside it, to any depth. [Write a function that returns|Return] {text}.",
        ),
        plan="Values that are dictionaries are handled by a recursive call.",
    )


@lesson
def config_change(g: Random) -> Draft:
    k = g.randint(2, 9)
    key = g.choice("abxy")
    name, text, b1, b2 = g.choice(
        [
            (
                f"add_{k}_to_leaves",
                f"in which every integer, at any depth, is increased by {k}",
                f"return {{key: SELF(v) if isinstance(v, dict) else v + {k} for key, v in $conf.items()}}",
                f"result = {{}}\nfor key, v in $conf.items():\n    if isinstance(v, dict):\n        result[key] = SELF(v)\n    else:\n        result[key] = v + {k}\nreturn result",
            ),
            (
                f"without_{key}",
                f"without any entry with the key '{key}', at any depth",
                f"return {{key: SELF(v) if isinstance(v, dict) else v for key, v in $conf.items() if key != '{key}'}}",
                f"result = {{}}\nfor key, v in $conf.items():\n    if key == '{key}':\n        continue\n    result[key] = SELF(v) if isinstance(v, dict) else v\nreturn result",
            ),
            (
                "capital_keys",
                "in which all keys, at any depth, are written in uppercase",
                "return {key.upper(): SELF(v) if isinstance(v, dict) else v for key, v in $conf.items()}",
                "result = {}\nfor key in $conf:\n    v = $conf[key]\n    if isinstance(v, dict):\n        v = SELF(v)\n    result[key.upper()] = v\nreturn result",
            ),
            (
                "summed_groups",
                "in which every dictionary directly inside is replaced by the sum of all integers in it, at any depth",
                "def total(d):\n    return sum(total(v) if isinstance(v, dict) else v for v in d.values())\n\nreturn {key: total(v) if isinstance(v, dict) else v for key, v in $conf.items()}",
                "result = {}\nfor key, v in $conf.items():\n    if isinstance(v, dict):\n        v = sum(SELF(v).values())\n    result[key] = v\nreturn result",
            ),
            (
                f"only_above_{k}",
                f"that keeps only integers greater than {k // 2} and drops dictionaries that become empty",
                f"result = {{}}\nfor key, v in $conf.items():\n    if isinstance(v, dict):\n        inner = SELF(v)\n        if inner:\n            result[key] = inner\n    elif v > {k // 2}:\n        result[key] = v\nreturn result",
                f"cleaned = {{key: SELF(v) if isinstance(v, dict) else v for key, v in $conf.items()}}\nreturn {{key: v for key, v in cleaned.items() if (v != {{}} if isinstance(v, dict) else v > {k // 2})}}",
            ),
            (
                "sorted_everywhere",
                "in which the keys of every dictionary, at any depth, are in alphabetical order",
                "return {key: SELF($conf[key]) if isinstance($conf[key], dict) else $conf[key] for key in sorted($conf)}",
                "result = {}\nfor key, v in sorted($conf.items(), key=lambda pair: pair[0]):\n    result[key] = SELF(v) if isinstance(v, dict) else v\nreturn result",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "conf:conf",
        "dict",
        f"a copy of the nested dictionary @conf {text}",
        b1,
        b2,
        tellings=(
            f"Given a dictionary @conf whose values are integers or dictionaries of the same kind, return a copy {text}. [The original stays unchanged.|Do not modify @conf itself.]",
        ),
        plan="I build a new dictionary and call myself for inner ones.",
    )


@lesson
def lookup_by_path(g: Random) -> Draft:
    e = g.choice(["None", "0", "-1"])
    mode = g.choice(["value", "exists", "key"])
    if mode == "key":
        return lesson.draft(
            g,
            "[values_of_key|find_everywhere|collect_key]",
            "conf:conf name:key",
            "list[int]",
            "a list of all integers stored under the key @name anywhere in the nested dictionary @conf, in the order in which they appear",
            "found = []\nfor k, v in $conf.items():\n    if isinstance(v, dict):\n        found += SELF(v, $name)\n    elif k == $name:\n        found.append(v)\nreturn found",
            tellings=(
                "In the nested dictionary @conf the same key may occur in several places. Collect the integers that are stored under @name at any depth (a dictionary stored under @name does not count itself, but is searched like all others).",
            ),
            plan="I look at each entry and search inner dictionaries too.",
        )
    if mode == "exists":
        return lesson.draft(
            g,
            "[has_path|path_exists|is_setting]",
            "conf:conf path:path",
            "bool",
            "True if following the keys in the dotted path @path through the nested dictionary @conf always finds an entry",
            "for key in $path.split('.'):\n    if not isinstance($conf, dict) or key not in $conf:\n        return False\n    $conf = $conf[key]\nreturn True",
            "first_key, dot, rest = $path.partition('.')\nif first_key not in $conf:\n    return False\nif not dot:\n    return True\nreturn isinstance($conf[first_key], dict) and SELF($conf[first_key], rest)".replace(
                "first_key", "head"
            ),
            tellings=(
                "A path such as 'a.b' means: take the entry 'a' of the dictionary and in it the entry 'b'. Check whether @path leads to an entry of @conf, be it an integer or a dictionary.",
            ),
            plan="I follow the keys as long as possible.",
        )
    return lesson.draft(
        g,
        "[setting|lookup|value_at]",
        "conf:conf path:path",
        "int | None" if e == "None" else "int",
        f"the integer to which the dotted path @path leads in the nested dictionary @conf, or {e} if there is no integer at this place",
        f"value = $conf\nfor key in $path.split('.'):\n    if not isinstance(value, dict) or key not in value:\n        return {e}\n    value = value[key]\nreturn {e} if isinstance(value, dict) else value",
        tellings=(
            f"Look up a setting: the path 'a.b' stands for the entry 'b' in the dictionary stored under 'a'. Return the integer at @path in @conf. If a key is missing, or if the path ends at a dictionary, return {e}.",
        ),
        plan="I follow the keys one by one and give up when one is missing.",
    )


@lesson
def unflatten(g: Random) -> Draft:
    out = g.choice(["nested", "grouped"])
    if out == "nested":
        return lesson.draft(
            g,
            "[unfolded|nested|regrouped]_[dict|settings]",
            "flat:dotted",
            "dict",
            "a nested dictionary made from @flat, in which a key such as 'a.b' becomes the entry 'b' of a dictionary stored under 'a'",
            "result = {}\nfor path, v in $flat.items():\n    *groups, last = path.split('.')\n    inner = result\n    for group in groups:\n        inner = inner.setdefault(group, {})\n    inner[last] = v\nreturn result",
            "result = {}\nfor path in $flat:\n    keys = path.split('.')\n    place = result\n    for key in keys[:-1]:\n        if key not in place:\n            place[key] = {}\n        place = place[key]\n    place[keys[-1]] = $flat[path]\nreturn result",
            tellings=(
                "The keys of @flat are paths whose parts are separated by dots. Turn it into dictionaries inside dictionaries: all parts but the last name the dictionaries, the last part names the value. Keys without a dot stay on the top level.",
            ),
            plan="I split each key at the dots and walk down, creating dictionaries where needed.",
        )
    return lesson.draft(
        g,
        "group_[totals|sums]",
        "flat:dotted",
        "dict[str, int]",
        "a dictionary with the sum of the values of @flat for each first part of the keys, which is the part before the first dot, or the whole key if there is none",
        "sums = {}\nfor path, v in $flat.items():\n    group = path.split('.')[0]\n    sums[group] = sums.get(group, 0) + v\nreturn sums",
        "groups = []\nfor path in $flat:\n    if path.split('.')[0] not in groups:\n        groups.append(path.split('.')[0])\nreturn {group: sum(v for path, v in $flat.items() if path.split('.')[0] == group) for group in groups}",
        tellings=("The keys of @flat look like 'group.name' or just 'group'. Add up the values of each group.",),
        plan="I cut each key at the first dot.",
    )


@lesson
def merge_configs(g: Random) -> Draft:
    rule, expr = g.choice(
        [
            ("the integer of @two wins", "v"),
            ("the integers are added", "result[k] + v"),
            ("the larger integer is taken", "max(result[k], v)"),
            ("the integer of @one stays", "result[k]"),
        ]
    )
    return lesson.draft(
        g,
        "[merged|combined|overlaid]_settings",
        "one:conf two:conf",
        "dict",
        f"the nested dictionaries @one and @two merged: entries of only one of them are taken over, two dictionaries under the same key are merged in the same way, of two integers {rule.replace('the integer of @two wins', 'that of @two wins').replace('the integers are added', 'the sum is taken').replace('the larger integer is taken', 'the larger one is taken').replace('the integer of @one stays', 'that of @one stays')}, and where one is a dictionary and the other an integer, the dictionary is taken",
        f"result = dict($one)\nfor k, v in $two.items():\n    if k not in result:\n        result[k] = v\n    elif isinstance(v, dict) and isinstance(result[k], dict):\n        result[k] = SELF(result[k], v)\n    elif isinstance(v, dict):\n        result[k] = v\n    elif not isinstance(result[k], dict):\n        result[k] = {expr}\nreturn result",
        tellings=(
            f"Merge two settings. Start with a copy of @one and bring in the entries of @two. New keys are added. If a key is in both: two dictionaries are merged by the same rules; for two integers, {rule}; if only one of the values is a dictionary, this dictionary is kept.",
        ),
        plan="I go through the second dictionary and decide for each key.",
    )


TREE = "A tree is either None (empty) or a tuple (value, left, right), where left and right are trees."


@lesson
def tree_numbers(g: Random) -> Draft:
    say, test = g.choice(ASK)
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "tree_count",
                f"the number of values in the tree @tree that are {say}",
                "int",
                f"if $tree is None:\n    return 0\nv, left, right = $tree\nreturn ({test}) + SELF(left) + SELF(right)",
                f"todo, total = [$tree], 0\nwhile todo:\n    node = todo.pop()\n    if node is not None:\n        v, left, right = node\n        if {test}:\n            total += 1\n        todo += [left, right]\nreturn total",
            ),
            (
                "tree_total",
                f"the sum of the values in the tree @tree that are {say}",
                "int",
                f"if $tree is None:\n    return 0\nv, left, right = $tree\nreturn (v if {test} else 0) + SELF(left) + SELF(right)",
                f"total = 0\nstack = [$tree]\nwhile stack:\n    node = stack.pop()\n    if node:\n        v = node[0]\n        if {test}:\n            total += v\n        stack.extend(node[1:])\nreturn total",
            ),
            (
                "leaf_values",
                "a list of the values of the leaves of the tree @tree (nodes whose two subtrees are empty), from left to right",
                "list[int]",
                "if $tree is None:\n    return []\nv, left, right = $tree\nif left is None and right is None:\n    return [v]\nreturn SELF(left) + SELF(right)",
                "leaves = []\n\ndef walk(node):\n    if node is None:\n        return\n    if node[1] is None and node[2] is None:\n        leaves.append(node[0])\n    walk(node[1])\n    walk(node[2])\n\nwalk($tree)\nreturn leaves",
            ),
            (
                "only_children",
                "the number of nodes of the tree @tree that have exactly one non-empty subtree",
                "int",
                "if $tree is None:\n    return 0\n_, left, right = $tree\nreturn ((left is None) != (right is None)) + SELF(left) + SELF(right)",
                "todo, total = [$tree], 0\nwhile todo:\n    node = todo.pop()\n    if node is None:\n        continue\n    if [node[1], node[2]].count(None) == 1:\n        total += 1\n    todo += node[1:]\nreturn total",
            ),
            (
                "tree_extent",
                "the largest value minus the smallest value in the tree @tree, or 0 if it is empty",
                "int",
                "def values(node):\n    if node is None:\n        return []\n    return [node[0]] + values(node[1]) + values(node[2])\n\nfound = values($tree)\nreturn max(found) - min(found) if found else 0",
                "found = []\ntodo = [$tree]\nwhile todo:\n    node = todo.pop()\n    if node:\n        found.append(node[0])\n        todo.extend(node[1:])\nif not found:\n    return 0\nreturn max(found) - min(found)",
            ),
            (
                "greater_than_parent",
                "the number of values in the tree @tree that are greater than the value of their parent node",
                "int",
                "def walk(node, above):\n    if node is None:\n        return 0\n    v, left, right = node\n    return (above is not None and v > above) + walk(left, v) + walk(right, v)\n\nreturn walk($tree, None)",
                "todo, total = [$tree], 0\nwhile todo:\n    node = todo.pop()\n    if node is None:\n        continue\n    for child in node[1:]:\n        if child is not None and child[0] > node[0]:\n            total += 1\n        todo.append(child)\nreturn total",
            ),
            (
                "best_way_down",
                "the largest sum of values on a way from the root of the tree @tree down to a leaf, or 0 if the tree is empty",
                "int",
                "if $tree is None:\n    return 0\nv, left, right = $tree\nif left is None or right is None:\n    return v + SELF(left or right)\nreturn v + max(SELF(left), SELF(right))",
                "def sums(node):\n    v, left, right = node\n    below = [s for child in (left, right) if child is not None for s in sums(child)]\n    return [v + s for s in below] if below else [v]\n\nreturn max(sums($tree)) if $tree is not None else 0",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "tree:tree",
        ret,
        f"{text}, where a tree is None or a tuple (value, left, right)",
        b1,
        b2,
        tellings=(
            f"{TREE} Return {text}.",
            f"Binary trees are stored as nested tuples: None is the empty tree, and (value, left, right) is a node with two subtrees. [Your task is to return|Return] {text}.",
        ),
        plan="I combine the value of the root with the results of both subtrees.",
    )


@lesson
def tree_order(g: Random) -> Draft:
    order, expr, say = g.choice(
        [
            (
                "inorder",
                "SELF(left) + [v] + SELF(right)",
                "first the left subtree, then the root, then the right subtree",
            ),
            (
                "preorder",
                "[v] + SELF(left) + SELF(right)",
                "first the root, then the left subtree, then the right subtree",
            ),
            (
                "postorder",
                "SELF(left) + SELF(right) + [v]",
                "first the left subtree, then the right subtree, then the root",
            ),
            (
                "mirrored",
                "SELF(right) + [v] + SELF(left)",
                "first the right subtree, then the root, then the left subtree",
            ),
        ]
    )
    tail, ret = g.choice(
        [
            ("", "list[int]"),
            (" as a string with spaces between the values", "str"),
            ("asc", "bool"),
        ]
    )
    if tail == "asc":
        return lesson.draft(
            g,
            f"sorted_{order}",
            "tree:tree",
            "bool",
            f"True if the values of the tree @tree never decrease when it is read in this order: {say}",
            f"def read(node):\n    if node is None:\n        return []\n    v, left, right = node\n    return {expr.replace('SELF', 'read')}\n\nfound = read($tree)\nreturn all(p <= q for p, q in zip(found, found[1:]))",
            tellings=(
                f"{TREE} Read @tree recursively, {say}, and check whether the values come in ascending order, equal neighbours allowed. [An empty tree counts as sorted.|For an empty tree, the answer is True.]",
            ),
            plan="I list the values in the order and compare neighbours.",
        )
    body = (
        f"if $tree is None:\n    return []\nv, left, right = $tree\nreturn {expr}"
        if ret != "str"
        else f"def read(node):\n    if node is None:\n        return []\n    v, left, right = node\n    return {expr.replace('SELF', 'read')}\n\nreturn ' '.join(str(v) for v in read($tree))"
    )
    return lesson.draft(
        g,
        f"{order}_[values|reading]",
        "tree:tree",
        ret,
        f"the values of the tree @tree, read recursively ({say}), {'in a list' if not tail else tail.strip()}; a tree is None or a tuple (value, left, right)",
        body,
        tellings=(
            f"{TREE} List the values of @tree in this order: {say}.{' Return them' + tail + '.' if tail else ''}",
        ),
        plan=f"I read {say}.",
    )


@lesson
def tree_levels(g: Random) -> Draft:
    name, text, ret, final = g.choice(
        [
            (
                "level_lists",
                "a list of lists with the values on each level of the tree @tree, top level first and each level from left to right",
                "list[list[int]]",
                "levels",
            ),
            (
                "level_sums",
                "a list with the sum of the values on each level of the tree @tree, top level first",
                "list[int]",
                "[sum(level) for level in levels]",
            ),
            (
                "widest_level",
                "the largest number of nodes on one level of the tree @tree, or 0 if it is empty",
                "int",
                "max(map(len, levels), default=0)",
            ),
            (
                "left_view",
                "a list of the leftmost value on each level of the tree @tree, top level first",
                "list[int]",
                "[level[0] for level in levels]",
            ),
            (
                "right_view",
                "a list of the rightmost value on each level of the tree @tree, top level first",
                "list[int]",
                "[level[-1] for level in levels]",
            ),
            (
                "zigzag_levels",
                "a flat list of the values of the tree @tree level by level, top level first, the first level from left to right, the second from right to left, and so on in turn",
                "list[int]",
                "[v for i, level in enumerate(levels) for v in (level if i % 2 == 0 else level[::-1])]",
            ),
            ("tree_height", "the number of levels of the tree @tree, 0 for the empty tree", "int", "len(levels)"),
        ]
    )
    return lesson.draft(
        g,
        name,
        "tree:tree",
        ret,
        f"{text}, where a tree is None or a tuple (value, left, right)",
        f"levels = []\nrow = [$tree] if $tree is not None else []\nwhile row:\n    levels.append([node[0] for node in row])\n    row = [child for node in row for child in node[1:] if child is not None]\nreturn {final}",
        f"levels = []\n\ndef walk(node, depth):\n    if node is None:\n        return\n    if depth == len(levels):\n        levels.append([])\n    levels[depth].append(node[0])\n    walk(node[1], depth + 1)\n    walk(node[2], depth + 1)\n\nwalk($tree, 0)\nreturn {final}",
        tellings=(
            f"Go through the tree @tree level by level, starting with the root. Trees are None or tuples (value, left, right). Return {text}.",
            f"{TREE} The root is level 0, its children are level 1, and so on. Return {text}.",
        ),
        plan="I go through the tree level by level.",
    )


@lesson
def tree_rebuilt(g: Random) -> Draft:
    k = g.randint(2, 5)
    name, text, body = g.choice(
        [
            ("mirror_tree", "with left and right exchanged everywhere", "return (v, SELF(right), SELF(left))"),
            (f"tree_plus_{k}", f"with {k} added to every value", f"return (v + {k}, SELF(left), SELF(right))"),
            (
                "without_leaves",
                "without its leaves (a single node becomes None)",
                "if left is None and right is None:\n    return None\nreturn (v, SELF(left), SELF(right))",
            ),
            (
                "cut_negative",
                "in which every subtree whose root is negative is replaced by None",
                "if v < 0:\n    return None\nreturn (v, SELF(left), SELF(right))",
            ),
            (
                "subtree_sums",
                "in which every value is replaced by the sum of all values in the subtree that begins there",
                "new_left, new_right = SELF(left), SELF(right)\ntotal = v\nfor child in (new_left, new_right):\n    if child is not None:\n        total += child[0]\nreturn (total, new_left, new_right)",
            ),
            (
                "heavy_left",
                "in which, at each node, the child with the larger value is on the left; if one of the two is missing, the order stays",
                "new_left, new_right = SELF(left), SELF(right)\nif new_left is not None and new_right is not None and new_right[0] > new_left[0]:\n    new_left, new_right = new_right, new_left\nreturn (v, new_left, new_right)",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "tree:tree",
        "tuple | None",
        f"a copy of the tree @tree {text}, where a tree is None or a tuple (value, left, right)",
        "if $tree is None:\n    return None\nv, left, right = $tree\n" + body,
        tellings=(
            f"{TREE} Return a new tree that equals @tree {text}."
            if text.startswith("with") and "out" not in text
            else f"{TREE} Build a copy of @tree {text}.",
        ),
        plan="I rebuild the node from the rebuilt subtrees.",
    )


@lesson
def tree_search(g: Random) -> Draft:
    mode = g.choice(["follow", "find", "insert"])
    if mode == "follow":
        return lesson.draft(
            g,
            "[follow|descend|value_after]",
            "tree:tree moves:moves",
            "int | None",
            "the value reached in the tree @tree when one starts at the root and goes left for every 'L' and right for every 'R' in @moves, or None if there is no node",
            "node = $tree\nfor move in $moves:\n    if node is None:\n        return None\n    node = node[1] if move == 'L' else node[2]\nreturn node[0] if node is not None else None",
            "if $tree is None:\n    return None\nif not $moves:\n    return $tree[0]\nchild = $tree[1] if $moves[0] == 'L' else $tree[2]\nreturn SELF(child, $moves[1:])",
            tellings=(
                f"{TREE} Walk down from the root of @tree: each letter of @moves says whether to go to the left ('L') or to the right ('R') subtree. Return the value where you arrive, or None if you fall out of the tree.",
            ),
            plan="I go down letter by letter.",
        )
    if mode == "find":
        return lesson.draft(
            g,
            "[way_in_tree|tree_path|directions]",
            "tree:tree n:item",
            "str | None",
            "the way from the root of the tree @tree to a node with the value @n as a string of 'L' and 'R', or None if the value does not occur; the root comes before the left subtree and that before the right one if it occurs several times",
            "if $tree is None:\n    return None\nv, left_tree, right_tree = $tree\nif v == $n:\n    return ''\nway = SELF(left_tree, $n)\nif way is not None:\n    return 'L' + way\nway = SELF(right_tree, $n)\nreturn None if way is None else 'R' + way",
            tellings=(
                f"{TREE} Search @tree for the value @n: look at the root first, then search the left subtree, then the right one. Return the way to the place found as letters L (left) and R (right), the empty string for the root. Return None if the value is not there.",
            ),
            plan="If the value is found in a subtree, I put L or R in front of the way.",
        )
    dup = g.random() < 0.5
    body = (
        "def insert(tree, v):\n    if tree is None:\n        return (v, None, None)\n    value, smaller, larger = tree\n"
        + ("    if v == value:\n        return tree\n" if dup else "")
        + "    if v < value:\n        return (value, insert(smaller, v), larger)\n    return (value, smaller, insert(larger, v))\n\ntree = None\nfor v in $values:\n    tree = insert(tree, v)\nreturn tree"
    )
    return lesson.draft(
        g,
        "[search_tree|sorted_tree|grow_tree]",
        "values:few",
        "tuple | None",
        f"the search tree made of tuples (value, left, right) that results if the numbers in @values are inserted in order into an empty tree (None), smaller ones to the left and {'larger ones to the right, while numbers that are already there are skipped' if dup else 'all others to the right'}",
        body,
        tellings=(
            f"{TREE} Insert the numbers of @values one after the other. The first becomes the root; each further number goes down from the root, to the left where it is smaller than the value of the node, otherwise to the right, until it finds an empty place. {'A number that is met on the way is not inserted again. ' if dup else ''}Return the tree.",
        ),
        plan="Inserting rebuilds the nodes on the way down.",
    )


@lesson
def folder_sizes(g: Random) -> Draft:
    k = g.randint(5, 15)
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "folder_size",
                "the total size of all files in the folder @folder and its subfolders",
                "int",
                "return sum(SELF(v) if isinstance(v, dict) else v for v in $folder.values())",
                "total = 0\nfor v in $folder.values():\n    total += SELF(v) if isinstance(v, dict) else v\nreturn total",
            ),
            (
                "big_files",
                f"a sorted list of the paths, such as 'doc/a.txt', of all files in the folder @folder that are larger than {k}",
                "list[str]",
                f"found = []\nfor name, v in $folder.items():\n    if isinstance(v, dict):\n        found += [name + '/' + path for path in SELF(v)]\n    elif v > {k}:\n        found.append(name)\nreturn sorted(found)",
                f"found = []\n\ndef walk(items, start):\n    for name, v in items.items():\n        if isinstance(v, dict):\n            walk(v, start + name + '/')\n        elif v > {k}:\n            found.append(start + name)\n\nwalk($folder, '')\nreturn sorted(found)",
            ),
            (
                "files_of_type",
                f"the number of files in the folder @folder and its subfolders whose name ends with '{(e := g.choice(['.txt', '.py', '.png']))}'",
                "int",
                f"return sum(SELF(v) if isinstance(v, dict) else name.endswith('{e}') for name, v in $folder.items())",
                f"n = 0\nfor name in $folder:\n    if isinstance($folder[name], dict):\n        n += SELF($folder[name])\n    elif name.endswith('{e}'):\n        n += 1\nreturn n",
            ),
            (
                "folder_listing",
                "a list of lines that shows the folder @folder: each name in order, folders with a '/' behind them, and the contents of a folder directly below it, indented by two more spaces",
                "list[str]",
                "lines = []\nfor name, v in $folder.items():\n    if isinstance(v, dict):\n        lines.append(name + '/')\n        lines += ['  ' + line for line in SELF(v)]\n    else:\n        lines.append(name)\nreturn lines",
                "def show(items, depth):\n    lines = []\n    for name, v in items.items():\n        lines.append('  ' * depth + name + ('/' if isinstance(v, dict) else ''))\n        if isinstance(v, dict):\n            lines.extend(show(v, depth + 1))\n    return lines\n\nreturn show($folder, 0)",
            ),
            (
                "subfolder_sizes",
                "a dictionary that maps each folder directly inside @folder to the total size of everything in it",
                "dict[str, int]",
                "def size(items):\n    return sum(size(v) if isinstance(v, dict) else v for v in items.values())\n\nreturn {name: size(v) for name, v in $folder.items() if isinstance(v, dict)}",
                "def size(v):\n    return v if isinstance(v, int) else sum(map(size, v.values()))\n\nresult = {}\nfor name in $folder:\n    if isinstance($folder[name], dict):\n        result[name] = size($folder[name])\nreturn result",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "folder:files",
        ret,
        f"{text}, where a folder is a dictionary that maps file names to sizes and names of folders to such dictionaries",
        b1,
        b2,
        tellings=(
            f"Folders are dictionaries: a number is the size of a file, a dictionary is a subfolder. For the folder @folder, determine {text}.",
            f"A folder is described by a dictionary: for a file the value is its size, for a folder inside it the value is again such a dictionary. Return {text}.",
        ),
        plan="Entries that are dictionaries are folders, which I handle by recursion.",
    )


@lesson
def family_tree(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "family_names",
                "a list of all names in the family tree @person, each person before their children",
                "list[str]",
                "names = [$person[0]]\nfor child in $person[1]:\n    names += SELF(child)\nreturn names",
                "return [$person[0], *(name for child in $person[1] for name in SELF(child))]",
            ),
            (
                "descendants",
                "the number of descendants of @person, which are children, grandchildren and so on",
                "int",
                "return sum(1 + SELF(child) for child in $person[1])",
                "todo = list($person[1])\ntotal = 0\nwhile todo:\n    child = todo.pop()\n    total += 1\n    todo += child[1]\nreturn total",
            ),
            (
                "generations",
                "the number of generations in the family tree @person, 1 for a person without children",
                "int",
                "return 1 + max((SELF(child) for child in $person[1]), default=0)",
                "row, n = [$person], 0\nwhile row:\n    n += 1\n    row = [child for p in row for child in p[1]]\nreturn n",
            ),
            (
                "childless",
                "a list of the names of all people in the family tree @person who have no children, from left to right",
                "list[str]",
                "if not $person[1]:\n    return [$person[0]]\nresult = []\nfor child in $person[1]:\n    result.extend(SELF(child))\nreturn result",
                "found = []\n\ndef walk(p):\n    if p[1] == []:\n        found.append(p[0])\n    for child in p[1]:\n        walk(child)\n\nwalk($person)\nreturn found",
            ),
            (
                "grandchildren",
                "a list of the names of the grandchildren of @person, in order",
                "list[str]",
                "return [grand[0] for child in $person[1] for grand in child[1]]",
                "names = []\nfor child in $person[1]:\n    for grand in child[1]:\n        names.append(grand[0])\nreturn names",
            ),
            (
                "named_like_parent",
                "the number of people in the family tree @person who have the same name as their parent",
                "int",
                "total = 0\nfor child in $person[1]:\n    if child[0] == $person[0]:\n        total += 1\n    total += SELF(child)\nreturn total",
                "return sum((child[0] == $person[0]) + SELF(child) for child in $person[1])",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "person:family",
        ret,
        f"{text}, where a person is a tuple (name, list of children)",
        b1,
        b2,
        tellings=(
            f"Family trees are stored as tuples (name, children), where children is a list of family trees. Given such a tree @person, your task is to return {text}.",
            f"A person is a tuple (name, children), where children is a list of such tuples. Return {text}.",
        ),
        plan="I call the function for every child.",
    )


@lesson
def chain_of_command(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "bosses_of",
                "a list of the bosses of @who, from the direct boss up to the top, empty if there is none",
                "list[str]",
                "chain = []\nwhile $who in $boss:\n    $who = $boss[$who]\n    chain.append($who)\nreturn chain",
                "if $who not in $boss:\n    return []\nreturn [$boss[$who]] + SELF($boss, $boss[$who])",
            ),
            (
                "rank_of",
                "how many bosses stand above @who, directly or indirectly",
                "int",
                "n = 0\nwhile $who in $boss:\n    $who = $boss[$who]\n    n += 1\nreturn n",
                "return 1 + SELF($boss, $boss[$who]) if $who in $boss else 0",
            ),
            (
                "staff_of",
                "a sorted list of all people who work directly or indirectly under @who",
                "list[str]",
                "staff = []\nfor name in $boss:\n    if $boss[name] == $who:\n        staff += [name] + SELF($boss, name)\nreturn sorted(staff)",
                "def above(name):\n    while name in $boss:\n        name = $boss[name]\n        yield name\n\nreturn sorted(name for name in $boss if $who in above(name))",
            ),
            (
                "direct_staff",
                "the number of people whose direct boss is @who",
                "int",
                "return list($boss.values()).count($who)",
                "return sum(1 for name in $boss if $boss[name] == $who)",
            ),
            (
                "top_boss",
                "the person at the top above @who, which is @who if there is no boss",
                "str",
                "while $who in $boss:\n    $who = $boss[$who]\nreturn $who",
                "return SELF($boss, $boss[$who]) if $who in $boss else $who",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "boss:boss who:who",
        ret,
        f"{text}, where @boss maps each person to the direct boss",
        b1,
        b2,
        tellings=(
            f"@boss tells the direct boss of each person who has one. Starting from the name @who, work out {text}.",
            f"In a company, @boss[name] is the direct boss of the person called name; whoever is not a key of @boss has no boss. Return {text}.",
        ),
        plan="I follow the entries of the dictionary upwards.",
    )


@lesson
def digit_recursion(g: Random) -> Draft:
    k = g.randint(0, 9)
    name, text, base, step, alt = g.choice(
        [
            (
                f"without_digit_{k}",
                f"@n with all digits {k} left out, or 0 if no digit is left",
                "0",
                f"rest = SELF($n // 10)\nreturn rest if $n % 10 == {k} else rest * 10 + $n % 10",
                f"text = ''.join(c for c in str($n) if c != '{k}')\nreturn int(text) if text else 0",
            ),
            (
                "even_digits_only",
                "the number made of the even digits of @n in their order, or 0 if there are none",
                "0",
                "rest = SELF($n // 10)\nreturn rest * 10 + $n % 10 if $n % 2 == 0 else rest",
                "kept = [c for c in str($n) if c in '02468']\nreturn int(''.join(kept)) if kept else 0",
            ),
            (
                "doubled_digits",
                "the number in which every digit of @n is written twice, so that 105 becomes 110055",
                "0",
                "digit = $n % 10\nreturn SELF($n // 10) * 100 + digit * 11",
                "return int(''.join(c * 2 for c in str($n)))",
            ),
            (
                "raised_digits",
                "the number in which every digit of @n below 9 is increased by one and every 9 becomes 0",
                "0",
                None,
                "return int(''.join(str((int(c) + 1) % 10) for c in str($n)))",
            ),
            (
                "odd_minus_even",
                "the sum of the odd digits of @n minus the sum of its even digits",
                "0",
                "digit = $n % 10\nreturn SELF($n // 10) + (digit if digit % 2 == 1 else -digit)",
                "total = 0\nfor c in str($n):\n    total += int(c) if c in '13579' else -int(c)\nreturn total",
            ),
            (
                "last_digit_times",
                "how often the last digit of @n occurs in @n",
                "0",
                None,
                "return str($n).count(str($n)[-1])",
            ),
            (
                f"digits_above_{k}",
                f"the number of digits of @n that are greater than {k}",
                "0",
                f"return SELF($n // 10) + (1 if $n % 10 > {k} else 0)",
                f"return sum(1 for c in str($n) if int(c) > {k})",
            ),
            (
                "rises_within",
                "the number of digits of @n that are greater than the digit directly to their left",
                "0",
                None,
                "digits = str($n)\nreturn sum(p < q for p, q in zip(digits, digits[1:]))",
            ),
            (
                "cross_product",
                "the product of all digits of @n that are not 0, where an empty product is 1",
                "1",
                "digit = $n % 10\nreturn SELF($n // 10) * (digit if digit else 1)",
                "result = 1\nfor c in str($n):\n    if c != '0':\n        result *= int(c)\nreturn result",
            ),
            (
                "digit_stairs",
                "the sum of all numbers obtained from @n by taking away digits from the right one at a time, @n itself included",
                "0",
                "return $n + SELF($n // 10)",
                "digits = str($n)\nreturn sum(int(digits[:i]) for i in range(1, len(digits) + 1))",
            ),
        ]
    )
    rec = None if step is None else f"if $n == 0:\n    return {base}\n{step}"
    return lesson.draft(
        g,
        name,
        "n:num",
        "int",
        text,
        *([rec] if rec else []),
        alt,
        tellings=(
            f"Look at the decimal digits of the non-negative integer @n. Return {text}.",
            f"[Using recursion or a loop over the digits|Working digit by digit], compute {text}.",
        ),
        plan="The last digit is the remainder by 10, the others are the integer quotient.",
    )


@lesson
def shrink_until(g: Random) -> Draft:
    text, step = g.choice(
        [
            ("the sum of the squares of its digits", "sum(int(c) ** 2 for c in str({}))"),
            ("the number of its digits times its first digit", "len(str({0})) * int(str({0})[0])"),
            ("half of it if it is even, and otherwise that number plus 5", "{0} // 2 if {0} % 2 == 0 else {0} + 5"),
            (
                "a third of it if it is divisible by 3, and otherwise that number plus 1",
                "{0} // 3 if {0} % 3 == 0 else {0} + 1",
            ),
            ("the square of it modulo 23", "{0} * {0} % 23"),
            ("twice it modulo 17, plus 1", "2 * {} % 17 + 1"),
            (
                "its digits in ascending order read as a number, minus its digit sum, without the sign",
                "abs(int(''.join(sorted(str({0})))) - sum(int(c) for c in str({0})))",
            ),
        ]
    )
    nxt = step.replace("{0}", "value").replace("{}", "value")
    out, code, ret = g.choice(
        [
            (
                "the list of the numbers, @start first, until one comes for the second time (which is not listed again)",
                "seen",
                "list[int]",
            ),
            ("the number of different values (@start included)", "len(seen)", "int"),
            ("the largest value (@start included)", "max(seen)", "int"),
            ("the length of the cycle in which it ends", "len(seen) - seen.index(value)", "int"),
            ("the first value that comes twice", "value", "int"),
        ]
    )
    return lesson.draft(
        g,
        "[orbit|chain|loop]_[values|length|end]",
        "start:start",
        ret,
        f"{out} in the sequence that begins with @start and in which each number is followed by {text}",
        f"seen = []\nvalue = $start\nwhile value not in seen:\n    seen.append(value)\n    value = {nxt}\nreturn {code}",
        tellings=(
            f"Repeat: replace the current number by {text}. Start with @start and write down the numbers, stopping when one comes that is written down already. Return {out}.",
            f"Begin with @start. The number after a number is {text}. Continue until a number appears that was there before. Return {out}.",
        ),
        plan="I keep the list of the numbers seen so far.",
    )


@lesson
def string_growth(g: Random) -> Draft:
    a, b = g.sample("abxyo+-", 2)
    text, first, step, alt = g.choice(
        [
            (
                f"the string number 0 is '{a}', and each next string is the previous one, then '{b}', then the previous one again",
                a,
                f"previous + '{b}' + previous",
                None,
            ),
            (
                f"the string number 0 is '{a}', and each next string is the previous one with '{b}' put in front and behind",
                a,
                f"'{b}' + previous + '{b}'",
                f"return '{b}' * $n + '{a}' + '{b}' * $n",
            ),
            (
                f"the string number 0 is '{a}', and to get the next one, every '{a}' becomes '{a}{b}' and every '{b}' becomes '{a}'",
                a,
                f"''.join('{a}{b}' if c == '{a}' else '{a}' for c in previous)",
                None,
            ),
            (
                f"the string number 0 is '{a}{b}', and each next string is the previous one followed by its reverse",
                a + b,
                "previous + previous[::-1]",
                None,
            ),
            (
                f"the string number 0 is '{a}', and each next string is the previous one followed by the same with '{a}' and '{b}' exchanged",
                a,
                f"previous + ''.join('{b}' if c == '{a}' else '{a}' for c in previous)",
                None,
            ),
            (
                f"the string number 0 is '{a}', and each next string is '(' + previous + ')' followed by '{b}'",
                a,
                f"'(' + previous + ')' + '{b}'",
                None,
            ),
        ]
    )
    kind = "size" if "front and behind" in text or "'('" in text else "tiny"
    return lesson.draft(
        g,
        "[grown|growing|recursive]_[string|word]",
        f"n:{kind}",
        "str",
        f"the string number @n of a sequence of strings: {text}",
        f"if $n == 0:\n    return '{first}'\nprevious = SELF($n - 1)\nreturn {step}",
        f"previous = '{first}'\nfor _ in range($n):\n    previous = {step}\nreturn previous",
        *([alt] if alt else []),
        tellings=(
            f"Begin with the string number 0 and apply the rule @n times: {text}. Return what you get.",
            f"Strings grow by a rule: {text}. Return the string number @n.",
        ),
        plan="I build each string from the one before it.",
    )


@lesson
def marks_on_line(g: Random) -> Draft:
    kind = g.choice(["ruler", "cantor", "hills"])
    ch = g.choice("#*x=")
    if kind == "ruler":
        return lesson.draft(
            g,
            "[ruler|mark]_[lengths|lines]",
            "n:tiny",
            "list[int]",
            "the list of the lengths of the marks on a ruler of order @n: the list for order 0 is empty, and the list for order n is the list for n - 1, then n, then the list for n - 1 again",
            "if $n == 0:\n    return []\nhalf = SELF($n - 1)\nreturn half + [$n] + half",
            "marks = []\nfor i in range(1, $n + 1):\n    marks = marks + [i] + marks\nreturn marks",
            tellings=(
                "On a ruler there is a long mark in the middle, shorter ones in the middle of the halves, and so on. With order 1 there is one mark of length 1; with order n there is one of length n in the middle and a ruler of order n - 1 on each side. Return the lengths for order @n from left to right.",
            ),
            plan="The ruler consists of two smaller rulers and a mark between them.",
        )
    if kind == "cantor":
        return lesson.draft(
            g,
            "[gap|cantor]_line",
            "n:depth",
            "str",
            f"a line of 3 ** @n characters: for 0 it is '{ch}', and otherwise it is the line for @n - 1, then as many '.' as that line is long, then the line for @n - 1 again",
            f"if $n == 0:\n    return '{ch}'\npart = SELF($n - 1)\nreturn part + '.' * len(part) + part",
            f"line = '{ch}'\nfor _ in range($n):\n    line = line + '.' * len(line) + line\nreturn line",
            tellings=(
                f"Draw a broken line: order 0 is the single character '{ch}'. To get the next order, write the line, then a gap of '.' of the same length, then the line again. Return the line of order @n.",
            ),
            plan="I put two smaller lines around a gap.",
        )
    up = g.random() < 0.5
    return lesson.draft(
        g,
        "[nested|bracketed]_[counts|numbers]",
        "n:tiny",
        "str",
        f"the numbers from @n down to 1, each in brackets that contain {'the next number' if up else 'the smaller ones'} as well, such as '(3(2(1)))' for 3",
        "if $n == 0:\n    return ''\nreturn '(' + str($n) + SELF($n - 1) + ')'",
        "result = ''\nfor i in range(1, $n + 1):\n    result = '(' + str(i) + result + ')'\nreturn result",
        tellings=(
            "Wrap numbers like presents: number 1 is written '(1)', number 2 is '(2(1))', number 3 is '(3(2(1)))' and so on. Return the string for @n.",
        ),
        plan="I put the string for the smaller number into brackets.",
    )


@lesson
def string_recursion(g: Random) -> Draft:
    a, b = g.sample("abc", 2)
    sep = g.choice("-*.")
    name, text, rec, loop, ret = g.choice(
        [
            (
                f"move_{a}_to_end",
                f"@s with all '{a}' moved to its end",
                f"if not $s:\n    return ''\nif $s[0] == '{a}':\n    return SELF($s[1:]) + '{a}'\nreturn $s[0] + SELF($s[1:])",
                f"return $s.replace('{a}', '') + '{a}' * $s.count('{a}')",
                "str",
            ),
            (
                "split_twins",
                f"@s with '{sep}' put between any two equal characters that are neighbours",
                f"if len($s) < 2:\n    return $s\nif $s[0] == $s[1]:\n    return $s[0] + '{sep}' + SELF($s[1:])\nreturn $s[0] + SELF($s[1:])",
                f"result = $s[:1]\nfor p, q in zip($s, $s[1:]):\n    result += '{sep}' + q if p == q else q\nreturn result",
                "str",
            ),
            (
                "cancel_pairs",
                "what remains of @s when neighbours that are equal are removed in pairs again and again, also those that become neighbours in this way",
                "for i in range(len($s) - 1):\n    if $s[i] == $s[i + 1]:\n        return SELF($s[:i] + $s[i + 2:])\nreturn $s",
                "kept = []\nfor c in $s:\n    if kept and kept[-1] == c:\n        kept.pop()\n    else:\n        kept.append(c)\nreturn ''.join(kept)",
                "str",
            ),
            (
                f"count_{a}{b}",
                f"the number of places in @s where '{a}' is directly followed by '{b}'",
                f"if len($s) < 2:\n    return 0\nreturn ($s[:2] == '{a}{b}') + SELF($s[1:])",
                f"return $s.count('{a}{b}')",
                "int",
            ),
            (
                "ends_matching",
                "how many characters at the beginning of @s are equal to those at its end, read from outside inwards, until the first difference or the middle",
                "if len($s) < 2 or $s[0] != $s[-1]:\n    return 0\nreturn 1 + SELF($s[1:-1])",
                "n = 0\nwhile n < len($s) // 2 and $s[n] == $s[-1 - n]:\n    n += 1\nreturn n",
                "int",
            ),
            (
                "outside_in",
                "the characters of @s in this order: the first, the last, the second, the second to last, and so on",
                "if len($s) < 2:\n    return $s\nreturn $s[0] + $s[-1] + SELF($s[1:-1])",
                "result = ''\ni, j = 0, len($s) - 1\nwhile i < j:\n    result += $s[i] + $s[j]\n    i += 1\n    j -= 1\nif i == j:\n    result += $s[i]\nreturn result",
                "str",
            ),
            (
                "halving_order",
                "@s rearranged so that its middle character (the left one of two) comes first, followed by the part before it and then the part after it, each rearranged in the same way",
                "if not $s:\n    return ''\nmiddle = (len($s) - 1) // 2\nreturn $s[middle] + SELF($s[:middle]) + SELF($s[middle + 1:])",
                "result = ''\nstack = [$s]\nwhile stack:\n    part = stack.pop()\n    if part:\n        middle = (len(part) - 1) // 2\n        result += part[middle]\n        stack.append(part[middle + 1:])\n        stack.append(part[:middle])\nreturn result",
                "str",
            ),
            (
                "stretched",
                "a string that contains the first character of @s once, the second twice, the third three times, and so on",
                None,
                "return ''.join(c * i for i, c in enumerate($s, 1))",
                "str",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "s:abc",
        ret,
        text,
        *([rec] if rec else []),
        loop,
        tellings=(
            f"You are given a string @s. [Return|Your task is to return] {text}.",
            f"[Solve this by recursion or with a loop|Think recursively or use a loop]: [find|return] {text}.",
        ),
        plan="I treat the beginning of the string and call the function for the rest.",
    )


@lesson
def unpack_text(g: Random) -> Draft:
    core = "def read(i):\n    result = ''\n    while i < len($packed) and $packed[i] != ')':\n        if $packed[i].isdigit():\n            inner, end = read(i + 2)\n            result += inner * int($packed[i])\n            i = end + 1\n        else:\n            result += $packed[i]\n            i += 1\n    return result, i\n\n"
    out, code, ret = g.choice(
        [
            ("the unpacked text", "read(0)[0]", "str"),
            ("the length of the unpacked text", "len(read(0)[0])", "int"),
            (
                f"how often the letter '{(c := g.choice('abc'))}' occurs in the unpacked text",
                f"read(0)[0].count('{c}')",
                "int",
            ),
        ]
    )
    stack = f"stack = ['']\nfactors = []\nfor c in $packed:\n    if c.isdigit():\n        factors.append(int(c))\n    elif c == '(':\n        stack.append('')\n    elif c == ')':\n        inner = stack.pop()\n        stack[-1] += inner * factors.pop()\n    else:\n        stack[-1] += c\nreturn {code.replace('read(0)[0]', 'stack[0]')}"
    return lesson.draft(
        g,
        "[unpack|expand|unfold]_[text|length]" if ret == "str" else "[unpacked|expanded]_[size|letters]",
        "packed:packed",
        ret,
        f"{out} of @packed, in which a digit followed by a text in round brackets stands for that text repeated so many times, also inside brackets",
        core + f"return {code}",
        stack,
        tellings=(
            f"Repeated parts of a text are written in a short form: '3(ab)c' means 'abababc', and brackets may be nested, as in '2(a3(b))' for 'abbbabbb'. Every digit is followed by a bracket. Given the short form @packed, return {out}.",
        ),
        plan="An inner function reads until the bracket closes and returns the text and the position.",
    )


@lesson
def bracket_depths(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "depth_profile",
                "a list with the depth of each opening bracket of @code, from left to right, where outermost brackets have depth 1",
                "list[int]",
                "depths, depth = [], 0\nfor c in $code:\n    if c == '(':\n        depth += 1\n        depths.append(depth)\n    else:\n        depth -= 1\nreturn depths",
                "return [$code[:i + 1].count('(') - $code[:i].count(')') for i, c in enumerate($code) if c == '(']",
            ),
            (
                "deepest_count",
                "the number of bracket pairs in @code at the greatest depth",
                "int",
                "depth = best = hits = 0\nfor c in $code:\n    if c == '(':\n        depth += 1\n        if depth > best:\n            best, hits = depth, 1\n        elif depth == best:\n            hits += 1\n    else:\n        depth -= 1\nreturn hits",
                "depths = [$code[:i].count('(') - $code[:i].count(')') for i, c in enumerate($code) if c == '(']\nreturn depths.count(max(depths))",
            ),
            (
                "empty_pairs",
                "the number of bracket pairs in @code with nothing inside",
                "int",
                "return $code.count('()')",
                "return sum(1 for p, q in zip($code, $code[1:]) if p == '(' and q == ')')",
            ),
            (
                "bracket_value",
                "the value of @code, where '()' is worth 1, a bracket pair around something is worth twice what is inside, and things next to each other are added",
                "int",
                "stack = [0]\nfor c in $code:\n    if c == '(':\n        stack.append(0)\n    else:\n        inner = stack.pop()\n        stack[-1] += max(1, 2 * inner)\nreturn stack[0]",
                "total = depth = 0\nfor i, c in enumerate($code):\n    if c == '(':\n        depth += 1\n    else:\n        depth -= 1\n        if $code[i - 1] == '(':\n            total += 2 ** depth\nreturn total",
            ),
            (
                "without_outer",
                "@code without the outermost pair of brackets of each of its groups",
                "str",
                "result, depth = '', 0\nfor c in $code:\n    if c == ')':\n        depth -= 1\n    if depth > 0:\n        result += c\n    if c == '(':\n        depth += 1\nreturn result",
                "kept, depth = [], 0\nfor c in $code:\n    depth += 1 if c == '(' else -1\n    if not (c == '(' and depth == 1) and not (c == ')' and depth == 0):\n        kept.append(c)\nreturn ''.join(kept)",
            ),
            (
                "partner_places",
                "a list that has, for each opening bracket of @code from left to right, the position of the bracket that closes it",
                "list[int]",
                "stack, partner = [], {}\nfor i, c in enumerate($code):\n    if c == '(':\n        stack.append(i)\n    else:\n        partner[stack.pop()] = i\nreturn [partner[i] for i in sorted(partner)]",
                "result = []\nfor i, c in enumerate($code):\n    if c == '(':\n        j, depth = i + 1, 1\n        while depth:\n            depth += 1 if $code[j] == '(' else -1\n            j += 1\n        result.append(j - 1)\nreturn result",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "code:brackets",
        ret,
        text,
        b1,
        b2,
        tellings=(
            f"Given a balanced string @code of '(' and ')', return {text}.",
            f"@code consists of round brackets that are properly nested: every bracket has its partner. Return {text}.",
        ),
        plan="I read the brackets from left to right and keep the depth.",
    )


@lesson
def formula_tree(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "formula_value",
                "the value of the expression @expr",
                "int",
                "def value(e):\n    if isinstance(e, int):\n        return e\n    op, p, q = e\n    p, q = value(p), value(q)\n    if op == '+':\n        return p + q\n    if op == '-':\n        return p - q\n    return p * q\n\nreturn value($expr)",
                "if isinstance($expr, int):\n    return $expr\nop, p, q = $expr[0], SELF($expr[1]), SELF($expr[2])\nreturn {'+': p + q, '-': p - q, '*': p * q}[op]",
            ),
            (
                "formula_text",
                "the expression @expr as a text in which every operation is put in round brackets, without spaces",
                "str",
                "if isinstance($expr, int):\n    return str($expr)\nop, p, q = $expr\nreturn f'({SELF(p)}{op}{SELF(q)})'",
                "def show(e):\n    if not isinstance(e, tuple):\n        return str(e)\n    return '(' + show(e[1]) + e[0] + show(e[2]) + ')'\n\nreturn show($expr)",
            ),
            (
                "formula_postfix",
                "the expression @expr in postfix notation: first the two operands, then the operator, all separated by single spaces",
                "str",
                "if isinstance($expr, int):\n    return str($expr)\nop, p, q = $expr\nreturn f'{SELF(p)} {SELF(q)} {op}'",
                "parts = []\n\ndef walk(e):\n    if isinstance(e, int):\n        parts.append(str(e))\n    else:\n        walk(e[1])\n        walk(e[2])\n        parts.append(e[0])\n\nwalk($expr)\nreturn ' '.join(parts)",
            ),
            (
                "operator_count",
                f"how often the operator '{(o := g.choice('+-*'))}' occurs in the expression @expr",
                "int",
                f"if isinstance($expr, int):\n    return 0\nop, p, q = $expr\nreturn (op == '{o}') + SELF(p) + SELF(q)",
                f"return str($expr).count(\"'{o}'\")",
            ),
            (
                "operand_list",
                "a list of the numbers in the expression @expr from left to right",
                "list[int]",
                "if isinstance($expr, int):\n    return [$expr]\nreturn SELF($expr[1]) + SELF($expr[2])",
                "todo, found = [$expr], []\nwhile todo:\n    e = todo.pop(0)\n    if isinstance(e, int):\n        found.append(e)\n    else:\n        todo = [e[1], e[2]] + todo\nreturn found",
            ),
            (
                "operation_levels",
                "the largest number of operations inside each other in the expression @expr",
                "int",
                "if isinstance($expr, int):\n    return 0\nreturn 1 + max(SELF($expr[1]), SELF($expr[2]))",
                "level, n = [$expr], 0\nwhile any(isinstance(e, tuple) for e in level):\n    n += 1\n    level = [part for e in level if isinstance(e, tuple) for part in e[1:]]\nreturn n",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "expr:expr",
        ret,
        f"{text}, which is a number or a tuple (operator, left expression, right expression) with one of the operators '+', '-' and '*'"
        if "expression @expr" in text and text.endswith("@expr")
        else f"{text}; an expression is a number or a tuple (operator, left expression, right expression) with the operators '+', '-' and '*'",
        b1,
        b2,
        tellings=(
            f"Work with expressions stored as nested tuples (operator, left, right), such as ('-', 7, ('*', 2, 3)); plain integers are expressions, too. Return {text}.",
            f"An expression is either an integer or a tuple (op, a, b), where op is '+', '-' or '*' and a and b are expressions again. For example, ('*', 2, ('+', 3, 4)) stands for 2 * (3 + 4). Return {text}.",
        ),
        plan="Numbers end the recursion, tuples are handled by two recursive calls.",
    )


@lesson
def subset_questions(g: Random) -> Draft:
    cond, text = g.choice(
        [
            ("sum(chosen) == $goal", "whose sum is exactly @goal"),
            ("sum(chosen) <= $goal", "whose sum is at most @goal"),
            ("sum(chosen) % 3 == $goal % 3", "whose sum leaves the same remainder as @goal when divided by 3"),
            (
                "chosen and max(chosen) - min(chosen) <= $goal",
                "that are not empty and in which the largest and the smallest number differ by at most @goal",
            ),
            (
                "len(chosen) >= 2 and chosen[0] + chosen[-1] == $goal",
                "that have at least two elements and whose first and last element add up to @goal",
            ),
        ]
    )
    out, code, ret = g.choice(
        [
            (
                "the number of ways to choose elements of @items (each position may be taken or not)",
                "len(found)",
                "int",
            ),
            (
                "the size of the largest choice of elements of @items (each position may be taken or not)",
                "max(map(len, found), default=0)",
                "int",
            ),
            (
                "the number of elements in the smallest choice of elements of @items (each position may be taken or not)",
                "min(map(len, found), default=-1)",
                "int",
            ),
        ]
    )
    extra = (
        ", or 0 if there is none" if "default=0" in code else ", or -1 if there is none" if "default=-1" in code else ""
    )
    return lesson.draft(
        g,
        "[choices|selections|subsets]_[count|size|search]",
        "items:few goal:target",
        ret,
        f"{out} {text}{extra}",
        f"found = []\nfor size in range(len($items) + 1):\n    for chosen in itertools.combinations($items, size):\n        if {cond}:\n            found.append(chosen)\nreturn {code}",
        f"found = []\n\ndef choose(i, chosen):\n    if i == len($items):\n        if {cond}:\n            found.append(chosen)\n        return\n    choose(i + 1, chosen)\n    choose(i + 1, chosen + [$items[i]])\n\nchoose(0, [])\nreturn {code}",
        imports=("import itertools",),
        tellings=(
            f"From the list @items one may take any elements, keeping their order; equal numbers at different positions count as different elements, and taking nothing is also a choice. Consider the choices {text}. Return "
            + {
                "len(found)": "how many there are",
                "max(map(len, found), default=0)": "the number of elements of the largest one, or 0 if there is none",
                "min(map(len, found), default=-1)": "the number of elements of the smallest one, or -1 if there is none",
            }[code]
            + ".",
        ),
        plan="I go through all subsets, which are few for short lists.",
    )


@lesson
def combos_with_rule(g: Random) -> Draft:
    k = g.choice([2, 2, 3])
    word = "pairs" if k == 2 else "groups of three"
    cond, text = g.choice(
        [
            ("sum(group) % 2 == 0", "with an even sum"),
            ("all(q - p >= 2 for p, q in zip(ordered, ordered[1:]))", "in which no two numbers differ by less than 2"),
            (
                "max(group) < sum(group) - max(group) + 2",
                "in which the largest number is less than the sum of the others plus 2",
            ),
            ("sum(group) <= $limit", "whose sum is not greater than @limit"),
            ("group == tuple(sorted(group))", "that are already in ascending order as they stand in the list"),
        ]
    )
    lim = "$limit" in cond
    out, code, ret = g.choice(
        [
            ("the number of {} of elements of @items", "len(found)", "int"),
            (
                "a list of the {} of elements of @items, as tuples in the order of itertools.combinations,",
                "found",
                "list[tuple[int, ...]]",
            ),
            ("the largest sum of one of the {} of elements of @items", "max(map(sum, found), default=0)", "int"),
        ]
    )
    setup = "        ordered = sorted(group)\n" if "ordered" in cond else ""
    tail = ", or 0 if there are none" if "default" in code else ""
    loop = (
        f"found = []\nfor group in itertools.combinations($items, {k}):\n"
        + ("    ordered = sorted(group)\n" if setup else "")
        + f"    if {cond}:\n        found.append(group)\nreturn {code}"
    )
    nested = "found = []\nn = len($items)\nfor i in range(n):\n    for j in range(i + 1, n):\n" + (
        "        group = ($items[i], $items[j])\n"
        if k == 2
        else "        for l in range(j + 1, n):\n            group = ($items[i], $items[j], $items[l])\n"
    )
    pad = "        " if k == 2 else "            "
    nested += (
        f"{pad}ordered = sorted(group)\n" if setup else ""
    ) + f"{pad}if {cond}:\n{pad}    found.append(group)\nreturn {code}"
    return lesson.draft(
        g,
        f"{'pairs' if k == 2 else 'triples'}_[with_rule|count|found]",
        "items:distinct limit:target" if lim else "items:distinct",
        ret,
        f"{out.format(word)} {text}{tail}",
        loop,
        nested,
        imports=("import itertools",),
        tellings=(
            f"Choose {'two' if k == 2 else 'three'} different positions of @items; the numbers there, in the order of the list, form a {'pair' if k == 2 else 'group of three'}. Only {word} {text} are good. Return "
            + {
                "len(found)": "the number of good ones",
                "found": "a list of the good ones as tuples, sorted by their positions in the list",
                "max(map(sum, found), default=0)": "the largest sum of a good one, or 0 if there is none",
            }[code]
            + ".",
        ),
        plan=f"I go through all {word} and test each.",
    )


@lesson
def arrangements(g: Random) -> Draft:
    cond, text = g.choice(
        [
            ("all(abs(p - q) > 1 for p, q in zip(line, line[1:]))", "in which no two neighbours differ by exactly 1"),
            ("all(line[i] != $items[i] for i in range(len(line)))", "in which no number stands at its place in @items"),
            ("all((p < q) != (q < r) for p, q, r in zip(line, line[1:], line[2:]))", "that go up and down in turn"),
            (
                "not line or line[0] < line[-1]",
                "whose first number is less than their last one (or which have no numbers)",
            ),
            ("all((p + q) % 2 == 1 for p, q in zip(line, line[1:]))", "in which even and odd numbers alternate"),
            ("all(p + q <= 11 for p, q in zip(line, line[1:]))", "in which no two neighbours have a sum above 11"),
            (
                "sum(line[::2]) >= sum(line[1::2])",
                "in which the numbers at even indices have at least the sum of the others",
            ),
        ]
    )
    out, code, ret = g.choice(
        [
            ("the number of arrangements of the numbers in @items", "len(found)", "int"),
            (
                "the arrangement of the numbers in @items that comes first in lexicographic order among those",
                "list(min(found)) if found else None",
                "list[int] | None",
            ),
            ("True if there is an arrangement of the numbers in @items", "len(found) > 0", "bool"),
        ]
    )
    text2 = (
        text.replace("that go", "that go")
        if ret != "bool"
        else text.replace(
            "whose first number is less than their last one (or which have no numbers)",
            "whose first number is less than its last one (or which has no numbers)",
        ).replace("that go up", "that goes up")
    )
    tail = ", or None if there are none" if "None" in ret else ""
    return lesson.draft(
        g,
        "[arrangements|orders|lineups]_[count|found|possible]",
        "items:distinct",
        ret,
        f"{out} {text2}{tail}",
        f"found = [line for line in itertools.permutations($items) if {cond}]\nreturn {code}",
        f"found = []\n\ndef build(line, rest):\n    if not rest:\n        if {cond}:\n            found.append(line)\n        return\n    for i in range(len(rest)):\n        build(line + [rest[i]], rest[:i] + rest[i + 1:])\n\nbuild([], $items)\nreturn {code}",
        imports=("import itertools",),
        tellings=(
            f"All numbers in @items are different. Put them in a row in every possible order and look for orders {text}. Return "
            + {
                "int": "how many there are",
                "bool": "True if there is one, and False otherwise",
                "list[int] | None": "the lexicographically smallest of them as a list, or None if there is none",
            }[ret]
            + ".",
        ),
        plan="I try all orders of the few numbers.",
    )


@lesson
def words_over_alphabet(g: Random) -> Draft:
    letters = g.choice(["ab", "abc", "01", "xy"])
    p, q = letters[0], letters[1]
    cond, text = g.choice(
        [
            (f"'{p}{p}' not in w", f"without two '{p}' next to each other"),
            (f"w.count('{p}') == 2", f"with exactly two '{p}'"),
            (f"'{p}{q}' not in w", f"in which '{p}' is never directly followed by '{q}'"),
            (f"w.count('{p}') > w.count('{q}')", f"with more '{p}' than '{q}'"),
            ("w == w[::-1]", "that read the same in both directions"),
            ("all(a != b for a, b in zip(w, w[1:]))", "without equal neighbours"),
            (f"w.startswith('{p}') and w.endswith('{q}')", f"that begin with '{p}' and end with '{q}'"),
            (f"w.count('{q}') % 2 == 0", f"with an even number of '{q}'"),
        ]
    )
    lst = g.random() < 0.4
    names = (
        " and ".join(f"'{c}'" for c in letters)
        if len(letters) == 2
        else ", ".join(f"'{c}'" for c in letters[:-1]) + f" and '{letters[-1]}'"
    )
    return lesson.draft(
        g,
        "[words|strings|codes]_[without|with]_rule" if not lst else "[all|list]_[words|codes]",
        f"n:{'depth' if lst else 'size' if len(letters) == 2 else 'tiny'}",
        "list[str]" if lst else "int",
        f"{'a list, in alphabetical order, of all' if lst else 'the number of'} strings of length @n over the letters {names} {text}",
        f"words = [''.join(t) for t in itertools.product('{letters}', repeat=$n)]\nreturn "
        + (f"[w for w in words if {cond}]" if lst else f"sum(1 for w in words if {cond})"),
        f"words = ['']\nfor _ in range($n):\n    words = [w + c for w in words for c in '{letters}']\nfound = [w for w in words if {cond}]\nreturn {'found' if lst else 'len(found)'}",
        imports=("import itertools",),
        tellings=(
            f"Consider all strings of @n characters that use only {names}. "
            + (f"List those {text}, in alphabetical order." if lst else f"How many of them are strings {text}?"),
        ),
        plan="I build all strings of that length and filter them.",
    )


@lesson
def partitions_of(g: Random) -> Draft:
    k = g.randint(2, 4)
    text, parts, nxt = g.choice(
        [
            ("positive integers", "range(1, $n + 1)", "part"),
            ("different positive integers", "range(1, $n + 1)", "part + 1"),
            ("odd positive integers", "range(1, $n + 1, 2)", "part"),
            (f"positive integers that are at most {k}", f"range(1, min({k}, $n) + 1)", "part"),
            (f"positive integers that are at least {k}", f"range({k}, $n + 1)", "part"),
            ("powers of two", "[p for p in (1, 2, 4, 8, 16) if p <= $n]", "part"),
        ]
    )
    lst = g.random() < 0.4
    core = (
        f"parts = {parts}\n\ndef split(rest, least):\n    if rest == 0:\n        return [[]]\n    found = []\n    for part in parts:\n        if least <= part <= rest:\n            found += [[part] + more for more in split(rest - part, {nxt})]\n    return found\n\nreturn "
        + ("split($n, 1)" if lst else "len(split($n, 1))")
    )
    b2 = f"parts = {parts}\n\n@lru_cache(maxsize=None)\ndef ways(rest, least):\n    if rest == 0:\n        return 1\n    return sum(ways(rest - part, {nxt}) for part in parts if least <= part <= rest)\n\nreturn ways($n, 1)"
    return lesson.draft(
        g,
        "[sums|splits|partitions]_[of_number|list|ways]",
        "n:size" if lst else "n:target",
        "list[list[int]]" if lst else "int",
        f"{'a list of' if lst else 'the number of'} the ways to write @n as a sum of {text}, where the order of the numbers does not matter"
        + ("; each way is a list in ascending order, and smaller first numbers come first" if lst else ""),
        core,
        *([] if lst else [b2]),
        imports=("from functools import lru_cache",),
        tellings=(
            f"In how many ways can @n be written as a sum of {text}? Sums that differ only in the order of their numbers count as one, and the empty sum counts for 0."
            if not lst
            else f"List all ways to write @n as a sum of {text}. Write each way as a list with its numbers in ascending order; the ways themselves are in lexicographic order. For 0 there is one way, the empty list.",
        ),
        plan="I choose the smallest part first and split the rest into parts that are not smaller.",
    )


@lesson
def memo_ways(g: Random) -> Draft:
    a, b = sorted(g.sample([1, 2, 3, 4, 5], 2))
    name, text, body, loop = g.choice(
        [
            (
                "tilings",
                f"the number of ways to fill a row of @n fields with pieces of the lengths {a} and {b}, where the order of the pieces matters",
                f"@lru_cache(maxsize=None)\ndef ways(rest):\n    if rest < 0:\n        return 0\n    if rest == 0:\n        return 1\n    return ways(rest - {a}) + ways(rest - {b})\n\nreturn ways($n)",
                f"ways = [1] + [0] * $n\nfor i in range(1, $n + 1):\n    for step in ({a}, {b}):\n        if i >= step:\n            ways[i] += ways[i - step]\nreturn ways[$n]",
            ),
            (
                "climb_with_rest",
                f"the number of ways to climb @n steps taking {a} or {b} at once, where two jumps of {b} may not follow each other",
                f"@lru_cache(maxsize=None)\ndef ways(rest, jumped):\n    if rest < 0:\n        return 0\n    if rest == 0:\n        return 1\n    total = ways(rest - {a}, False)\n    if not jumped:\n        total += ways(rest - {b}, True)\n    return total\n\nreturn ways($n, False)",
                f"after_small, after_big = [1] + [0] * $n, [0] * ($n + 1)\nfor i in range(1, $n + 1):\n    if i >= {a}:\n        after_small[i] = after_small[i - {a}] + after_big[i - {a}]\n    if i >= {b}:\n        after_big[i] = after_small[i - {b}]\nreturn after_small[$n] + after_big[$n]",
            ),
            (
                "coloured_fence",
                f"the number of ways to paint @n boards of a fence in {a + 1} colours so that no two neighbours have the same colour",
                f"if $n == 0:\n    return 1\nif $n == 1:\n    return {a + 1}\nreturn {a} * SELF($n - 1)",
                f"total = 1\nfor i in range($n):\n    total *= {a + 1} if i == 0 else {a}\nreturn total",
            ),
            (
                "fewest_steps_to_one",
                f"the smallest number of steps that turn @n into 0, if a step subtracts 1 or, when the number is divisible by {b}, divides it by {b}",
                f"@lru_cache(maxsize=None)\ndef steps(v):\n    if v == 0:\n        return 0\n    best = 1 + steps(v - 1)\n    if v % {b} == 0:\n        best = min(best, 1 + steps(v // {b}))\n    return best\n\nreturn steps($n)",
                f"best = [0] * ($n + 1)\nfor v in range(1, $n + 1):\n    best[v] = best[v - 1] + 1\n    if v % {b} == 0:\n        best[v] = min(best[v], best[v // {b}] + 1)\nreturn best[$n]",
            ),
            (
                "takeaway_winner",
                f"True if the player to move wins a game with @n stones in which the two players in turn take {a} or {b} stones and whoever cannot move loses",
                f"@lru_cache(maxsize=None)\ndef wins(stones):\n    return any(stones >= take and not wins(stones - take) for take in ({a}, {b}))\n\nreturn wins($n)",
                f"wins = []\nfor stones in range($n + 1):\n    wins.append(any(stones >= take and not wins[stones - take] for take in ({a}, {b})))\nreturn wins[$n]",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "n:target",
        "bool" if name.endswith("winner") else "int",
        text,
        body,
        loop,
        imports=("from functools import lru_cache",),
        tellings=(
            f"[Compute|Determine] {text}. [Use recursion with memory or build a table from small to large.|A recursive solution should remember its results.]"
            if not name.endswith("winner")
            else f"Two players play with @n stones. In turn each takes {a} or {b} stones; who cannot do so loses. Return True if the player who moves first can force a win.",
        ),
        plan="I reduce the problem to smaller numbers and remember the results.",
    )


@lesson
def signs_and_targets(g: Random) -> Draft:
    mode, text, pick = g.choice(
        [
            (
                "signs",
                "'+' or '-' before each number of @items so that the result is @goal",
                ["total + v", "total - v"],
            ),
            (
                "plus_times",
                "to combine the numbers of @items from left to right, beginning with 0, by adding each number or multiplying with it, so that the result is @goal",
                ["total + v", "total * v"],
            ),
            (
                "take_or_double",
                "to leave out each number of @items, take it once or take it twice so that the sum is @goal",
                ["total", "total + v", "total + 2 * v"],
            ),
        ]
    )
    yes = g.random() < 0.4
    steps = ", ".join(pick)
    lead = {
        "signs": "the number of ways to put",
        "plus_times": "the number of ways",
        "take_or_double": "the number of ways",
    }[mode]
    result = (
        f"{lead} {text}"
        if not yes
        else {
            "signs": "True if one can put '+' or '-' before each number of @items so that the result is @goal",
            "plus_times": "True if the numbers of @items can be combined from left to right, beginning with 0, by adding each number or multiplying with it, so that the result is @goal",
            "take_or_double": "True if one can leave out each number of @items, take it once or take it twice so that the sum is @goal",
        }[mode]
    )
    end = "total == $goal" if yes else "1 if total == $goal else 0"
    join = "or" if yes else "+"
    return lesson.draft(
        g,
        f"{'can_reach' if yes else 'ways_to'}_[goal|target|result]",
        "items:few goal:target",
        "bool" if yes else "int",
        result,
        f"def walk(i, total):\n    if i == len($items):\n        return {end}\n    v = $items[i]\n    return "
        + f" {join} ".join(f"walk(i + 1, {p})" for p in pick)
        + "\n\nreturn walk(0, 0)",
        f"totals = [0]\nfor v in $items:\n    totals = [new for total in totals for new in ({steps})]\nreturn "
        + ("$goal in totals" if yes else "totals.count($goal)"),
        tellings=(
            {
                "signs": "Every number in @items gets a plus or a minus sign, and then all are added up.",
                "plus_times": "Start with 0. Go through @items from left to right; at each number you may either add it to what you have or multiply what you have by it.",
                "take_or_double": "For each number in @items there are three choices: leave it out, take it once, or take it twice. The numbers taken are added up.",
            }[mode]
            + (
                " Return True if the result @goal is possible."
                if yes
                else " Return the number of ways to make choices that give exactly @goal."
            ),
        ),
        plan="For each number I try all choices.",
    )


@lesson
def split_into_parts(g: Random) -> Draft:
    mode = g.choice(["can", "ways", "fewest"])
    if mode == "can":
        b = (
            "if not $s:\n    return True\nreturn any($s.startswith(part) and SELF($s[len(part):], $parts) for part in $parts)",
            "good = [True] + [False] * len($s)\nfor i in range(1, len($s) + 1):\n    good[i] = any($s[:i].endswith(part) and good[i - len(part)] for part in $parts)\nreturn good[-1]",
        )
        res, ret = (
            "True if @s can be cut completely into pieces that are all in @parts, where pieces may be used several times",
            "bool",
        )
    elif mode == "ways":
        b = (
            "if not $s:\n    return 1\nreturn sum(SELF($s[len(part):], $parts) for part in $parts if $s.startswith(part))",
            "ways = [1] + [0] * len($s)\nfor i in range(1, len($s) + 1):\n    for part in $parts:\n        if $s[:i].endswith(part):\n            ways[i] += ways[i - len(part)]\nreturn ways[-1]",
        )
        res, ret = (
            "the number of ways to cut @s completely into pieces that are all in @parts, where pieces may be used several times",
            "int",
        )
    else:
        b = (
            "best = [0] + [None] * len($s)\nfor i in range(1, len($s) + 1):\n    for part in $parts:\n        if $s[:i].endswith(part):\n            before = best[i - len(part)]\n            if before is not None and (best[i] is None or before + 1 < best[i]):\n                best[i] = before + 1\nreturn best[-1]",
            "if not $s:\n    return 0\nrests = [SELF($s[len(part):], $parts) for part in $parts if $s.startswith(part)]\nrests = [n for n in rests if n is not None]\nreturn min(rests) + 1 if rests else None",
        )
        res, ret = (
            "the smallest number of pieces into which @s can be cut if all pieces must be in @parts, or None if that is impossible",
            "int | None",
        )
    return lesson.draft(
        g,
        f"[cut|split|tile]_{mode}",
        "s:abc parts:parts",
        ret,
        res,
        *b,
        tellings=(
            f"Strips with the texts in @parts are available in any number. They are laid side by side to spell @s without gaps and overlaps. Return {res.replace('@s can be cut completely into pieces that are all in @parts, where pieces may be used several times', 'this is possible, and False otherwise').replace('to cut @s completely into pieces that are all in @parts, where pieces may be used several times', 'to do so').replace('pieces into which @s can be cut if all pieces must be in @parts, or None if that is impossible', 'strips needed, or None if it is impossible')}. [For the empty string no strip is needed.|The empty string needs no strips.]",
        ),
        plan="I try each part at the beginning and solve the rest.",
    )


@lesson
def bracket_words(g: Random) -> Draft:
    k = g.choice([1, 2, 2])
    g.random()  # not used; without it all later draws would change
    rule, cond = g.choice([(f"nested at most {k} deep", f"depth < {k}"), ("nested to any depth", "True")])
    a, b = g.choice([("(", ")"), ("<", ">"), ("{", "}")])
    body = f"found = []\n\ndef build(text, left, depth):\n    if left == 0 and depth == 0:\n        found.append(text)\n        return\n    if left > 0 and {cond}:\n        build(text + '{a}', left - 1, depth + 1)\n    if depth > 0:\n        build(text + '{b}', left, depth - 1)\n\nbuild('', $n, 0)\nreturn "
    final, ret, out = g.choice(
        [
            ("found", "list[str]", "a list of all strings"),
            ("len(found)", "int", "the number of strings"),
            (
                f"[text for text in found if text.startswith('{a}{b}')]",
                "list[str]",
                f"a list of all strings beginning with '{a}{b}'",
            ),
        ]
    )
    return lesson.draft(
        g,
        "bracket_[texts|words|forms]",
        "n:depth" if ret != "int" else "n:tiny",
        ret,
        f"{out} that consist of @n pairs of the brackets '{a}' and '{b}', correctly {rule}"
        + (f", where strings that put '{a}' at an earlier place come first" if ret != "int" else ""),
        body + final,
        tellings=(
            f"With @n opening brackets '{a}' and @n closing brackets '{b}' one can form texts in which every bracket has its partner, {rule}. Return {out.replace('strings', 'such texts')}"
            + (f"; they are ordered so that '{a}' comes before '{b}'." if ret != "int" else "."),
        ),
        plan="I add an opening bracket where allowed and a closing one where something is open.",
    )


@lesson
def halving_lists(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "halved",
                "a nested list that results if @items is cut into two halves (the first half gets the smaller part), each half is cut again in the same way, and a list with one element becomes that element",
                "list | int",
                "if len($items) == 1:\n    return $items[0]\nhalf = len($items) // 2\nreturn [SELF($items[:half]), SELF($items[half:])]",
                "def cut(low, high):\n    if high - low == 1:\n        return $items[low]\n    middle = low + (high - low) // 2\n    return [cut(low, middle), cut(middle, high)]\n\nreturn cut(0, len($items))",
            ),
            (
                "cup_rounds",
                "the list of the winners of each round of a cup, one list per round, if neighbours play, the larger number wins, and a last number without partner goes on",
                "list[list[int]]",
                "if len($items) == 1:\n    return []\nwinners = [max($items[i:i + 2]) for i in range(0, len($items), 2)]\nreturn [winners] + SELF(winners)",
                "rounds = []\nrow = $items\nwhile len(row) > 1:\n    row = [max(row[i:i + 2]) for i in range(0, len(row), 2)]\n    rounds.append(row)\nreturn rounds",
            ),
            (
                "differences_down",
                "the last number left if @items is replaced again and again by the list of the distances between neighbours, until one number is left",
                "int",
                "if len($items) == 1:\n    return $items[0]\nreturn SELF([abs(p - q) for p, q in zip($items, $items[1:])])",
                "row = $items\nwhile len(row) > 1:\n    row = [abs(row[i] - row[i + 1]) for i in range(len(row) - 1)]\nreturn row[0]",
            ),
            (
                "pairwise_down",
                "the list of lists that starts with @items, in which each list contains the sums of neighbours of the one before it, modulo 10, down to a single number",
                "list[list[int]]",
                "if len($items) == 1:\n    return [$items]\nreturn [$items] + SELF([(p + q) % 10 for p, q in zip($items, $items[1:])])",
                "rows = [$items]\nwhile len(rows[-1]) > 1:\n    last = rows[-1]\n    rows.append([(last[i] + last[i + 1]) % 10 for i in range(len(last) - 1)])\nreturn rows",
            ),
            (
                "folded",
                "the number that is left if @items is folded in the middle again and again, adding the first and the last number, the second and the second to last, and so on (a number in the middle is doubled), until there is one number",
                "int",
                "if len($items) == 1:\n    return $items[0]\nn = len($items)\nreturn SELF([$items[i] + $items[n - 1 - i] for i in range((n + 1) // 2)])",
                "row = list($items)\nwhile len(row) > 1:\n    half = (len(row) + 1) // 2\n    row = [p + q for p, q in zip(row[:half], row[::-1])]\nreturn row[0]",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "items:half",
        ret,
        text,
        b1,
        b2,
        tellings=(
            f"@items is a list with at least one number. Return {text}.",
            f"[Think of a recursive process|Repeat a simple step on a list]: return {text}.",
        ),
        plan="I reduce the list to a shorter one and repeat.",
    )


@lesson
def search_steps(g: Random) -> Draft:
    out, code, ret = g.choice(
        [
            ("the list of the elements of @items that are compared with @n", "looked", "list[int]"),
            ("the number of elements of @items that are compared with @n", "len(looked)", "int"),
        ]
    )
    up = g.random() < 0.4
    mid = "(low + high + 1) // 2" if up else "(low + high) // 2"
    say = "the right one of the two middle elements" if up else "the left one of the two middle elements"
    return lesson.draft(
        g,
        "[search|bisection]_[steps|trace]",
        "items:asc n:target",
        ret,
        f"{out} by a search that always looks at the middle element of the part that is left ({say} if there are two), stops if it is @n, and otherwise goes on in the left or the right part",
        f"looked = []\nlow, high = 0, len($items) - 1\nwhile low <= high:\n    middle = {mid}\n    looked.append($items[middle])\n    if $items[middle] == $n:\n        break\n    if $items[middle] < $n:\n        low = middle + 1\n    else:\n        high = middle - 1\nreturn {code}",
        f"looked = []\n\ndef search(part):\n    if not part:\n        return\n    middle = {'len(part) // 2' if up else '(len(part) - 1) // 2'}\n    looked.append(part[middle])\n    if part[middle] < $n:\n        search(part[middle + 1:])\n    elif part[middle] > $n:\n        search(part[:middle])\n\nsearch($items)\nreturn {code}",
        tellings=(
            f"@items is sorted in ascending order. Binary search for @n compares it with the middle element ({say} if the number of elements is even); if they are different, it continues in the half where @n can be, until it is found or nothing is left. Return {out}.",
        ),
        plan="I follow the binary search and write down the elements.",
    )


@lesson
def disk_moves(g: Random) -> Draft:
    name, text, ret, body = g.choice(
        [
            (
                "moves_list",
                "the list of the moves, as pairs (from, to), that bring a tower of @n disks from peg 1 to peg 3 in the shortest way, moving one disk at a time and never putting a larger one on a smaller one",
                "list[tuple[int, int]]",
                "def move(n, start, goal):\n    if n == 0:\n        return []\n    other = 6 - start - goal\n    return move(n - 1, start, other) + [(start, goal)] + move(n - 1, other, goal)\n\nreturn move($n, 1, 3)",
            ),
            (
                "disk_sequence",
                "the list of the disks moved (1 is the smallest) when a tower of @n disks is brought to another peg in the shortest way, moving one disk at a time and never putting a larger one on a smaller one",
                "list[int]",
                "if $n == 0:\n    return []\nhalf = SELF($n - 1)\nreturn half + [$n] + half",
            ),
            (
                "moves_via_middle",
                "the number of moves needed to bring a tower of @n disks from the left to the right peg if a disk may only be moved to a neighbouring peg (left and middle, or middle and right) and never lie on a smaller one",
                "int",
                "if $n == 0:\n    return 0\nreturn 3 * SELF($n - 1) + 2",
            ),
            (
                "moves_in_doubles",
                "the smallest number of moves for a tower of 2 * @n disks that has two equal disks of each size, moving one disk at a time to one of three pegs and never putting a larger one on a smaller one",
                "int",
                "if $n == 0:\n    return 0\nreturn 2 * SELF($n - 1) + 2",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "n:depth" if "list" in ret else "n:size",
        ret,
        text,
        body,
        tellings=(f"In the puzzle of the tower, disks of different size lie on three pegs. Return {text}.",),
        plan="I move the smaller tower away, then the largest disk, then the smaller tower again.",
    )


@lesson
def call_counts(g: Random) -> Draft:
    a, b = g.choice([(1, 2), (1, 3), (2, 3)])
    c, d = g.randint(0, 3), g.randint(1, 4)
    mode = g.choice(["calls", "value", "args"])
    if mode == "value":
        return lesson.draft(
            g,
            "[recurrence|recursive]_value",
            "n:target",
            "int",
            f"f(@n), where f(n) = {d} for all n < {b} and f(n) = f(n - {a}) + f(n - {b}) + {c} otherwise".replace(
                " + 0 ", " "
            ),
            f"if $n < {b}:\n    return {d}\nreturn SELF($n - {a}) + SELF($n - {b})" + (f" + {c}" if c else ""),
            f"f = [{d}] * {b}\nfor i in range({b}, $n + 1):\n    f.append(f[i - {a}] + f[i - {b}] + {c})\nreturn f[$n]",
            tellings=(
                f"A function f is defined for non-negative integers: f(n) is {d} if n is less than {b}; for larger n it is f(n - {a}) + f(n - {b})"
                + (f" + {c}" if c else "")
                + ". Compute f(@n).",
            ),
            plan="I write the definition as a recursive function.",
        )
    if mode == "calls":
        return lesson.draft(
            g,
            "[call_count|calls|number_of_calls]",
            "n:target",
            "int",
            f"how many times a function is called, the first call included, if calling it with @n makes it call itself with n - {a} and with n - {b}, and calls with an argument below {b} make no further calls",
            f"if $n < {b}:\n    return 1\nreturn 1 + SELF($n - {a}) + SELF($n - {b})",
            f"calls = [1] * {b}\nfor i in range({b}, $n + 1):\n    calls.append(1 + calls[i - {a}] + calls[i - {b}])\nreturn calls[$n]",
            tellings=(
                f"A recursive function without memory calls itself twice, with n - {a} and n - {b}, unless n is less than {b}. In total, how many calls are made when it is called with @n? Count the first call, too.",
            ),
            plan="A call counts 1 plus the calls of both inner calls.",
        )
    return lesson.draft(
        g,
        "[halving|argument]_trace",
        "n:num",
        "list[int]",
        f"the list of the arguments, in order, with which a function is called if it starts with @n and calls itself with the argument divided by {d + 1} (rounded down) until that is 0, 0 included",
        f"if $n == 0:\n    return [0]\nreturn [$n] + SELF($n // {d + 1})",
        f"trace = [$n]\nwhile trace[-1] > 0:\n    trace.append(trace[-1] // {d + 1})\nreturn trace",
        tellings=(
            f"A function is called with @n. As long as its argument is not 0, it calls itself with the argument divided by {d + 1}, rounded down. Return the list of all arguments from @n to 0.",
        ),
        plan="I put the argument in front of the trace of the next call.",
    )


@lesson
def letter_choices(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "case_variants",
                "a list of all ways to write @s with small and capital letters; at each place the small letter comes first",
                "list[str]",
                "if not $s:\n    return ['']\nrest = SELF($s[1:])\nreturn [c + more for c in ($s[0], $s[0].upper()) for more in rest]",
                "return [''.join(t) for t in itertools.product(*((c, c.upper()) for c in $s))]",
            ),
            (
                "subsequences",
                "a sorted list of all strings one gets by leaving out any letters of @s, the empty string and @s included",
                "list[str]",
                "result = ['']\nfor c in $s:\n    result += [w + c for w in result]\nreturn sorted(result)",
                "found = []\nfor size in range(len($s) + 1):\n    found += [''.join(t) for t in itertools.combinations($s, size)]\nreturn sorted(found)",
            ),
            (
                "dotted_variants",
                "a list of all ways to put a dot into some of the gaps between the letters of @s; at each gap, from left to right, the variant without the dot comes first",
                "list[str]",
                "if len($s) < 2:\n    return [$s]\nrest = SELF($s[1:])\nreturn [$s[0] + more for more in rest] + [$s[0] + '.' + more for more in rest]",
                "result = [$s[:1]]\nfor c in $s[1:]:\n    result = [w + gap + c for w in result for gap in ('', '.')]\nreturn result",
            ),
            (
                "insertions",
                "a list of all strings one gets by inserting one '-' anywhere into @s, also at the beginning and at the end, from left to right",
                "list[str]",
                "return [$s[:i] + '-' + $s[i:] for i in range(len($s) + 1)]",
                "if not $s:\n    return ['-']\nreturn ['-' + $s] + [$s[0] + w for w in SELF($s[1:])]",
            ),
            (
                "rearranged_fixed_first",
                "a list of all strings that begin with the first letter of @s and continue with the other letters in any order, in alphabetical order; for an empty string, a list with the empty string",
                "list[str]",
                "return sorted($s[:1] + ''.join(t) for t in itertools.permutations($s[1:]))",
                "def orders(rest):\n    if not rest:\n        return ['']\n    return [c + more for c in rest for more in orders(rest.replace(c, ''))]\n\nreturn sorted($s[:1] + w for w in orders($s[1:]))",
            ),
            (
                "proper_pieces",
                "a list of the ways to cut @s into two non-empty pieces, as tuples, from the shortest first piece to the longest",
                "list[tuple[str, str]]",
                "return [($s[:i], $s[i:]) for i in range(1, len($s))]",
                "pieces = []\nfor i in range(1, len($s)):\n    pieces.append(($s[:i], $s[i:]))\nreturn pieces",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "s:letters",
        ret,
        text,
        b1,
        b2,
        imports=("import itertools",),
        tellings=(f"The letters of @s are all different. Return {text}.", f"[Create|Generate] {text}."),
        plan="I combine the choices for the first letter with all possibilities for the rest.",
    )
