"""Order: sorting by keys and rules, ranks, searching, the best few, partitions, merging, checking order."""

from __future__ import annotations

from random import Random

from gemstead.train.curriculum import draft as d
from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.lessons import Lessons


def _marks(r: Random) -> object:
    return [(d.draw_word(r), r.randint(0, 9)) for _ in range(r.randint(0, 4))]


def _almost(r: Random) -> object:
    values = sorted(r.randint(0, 15) for _ in range(r.randint(1, 8)))
    if r.random() < 0.6:
        i, j = r.randrange(len(values)), r.randrange(len(values))
        values[i], values[j] = values[j], values[i]
    if r.random() < 0.25:
        top = sorted(r.sample(range(15), r.randint(2, 5)))
        return top + sorted(r.sample(range(top[-1]), min(top[-1], r.randint(1, 3))), reverse=True)
    return values[::-1] if r.random() < 0.25 else values


lesson = Lessons("ordering", kinds={
    "few": ("list[int]", "a list of non-negative integers", lambda r: [r.randint(0, 9) for _ in range(r.randint(0, 8))]),
    "few1": ("list[int]", "a non-empty list of non-negative integers", lambda r: [r.randint(0, 12) for _ in range(r.randint(1, 8))]),
    "S": ("list[int]", "a list of integers in ascending order", lambda r: sorted(r.randint(-3, 14) for _ in range(r.randint(0, 8)))),
    "Z": ("list[int]", "a list of integers in descending order", lambda r: sorted((r.randint(-3, 14) for _ in range(r.randint(0, 8))), reverse=True)),
    "val": ("int", "an integer", d.integer(-4, 15)),
    "marks": ("list[tuple[str, int]]", "a list of (name, score) tuples", _marks),
    "almost": ("list[int]", "a non-empty list of integers", _almost),
    "sizes": ("list[str]", "a list of sizes", lambda r: [r.choice(["S", "M", "L", "XL", "XS"]) for _ in range(r.randint(0, 7))]),
    "versions": ("list[str]", "a list of version numbers like '1.10'", lambda r: [f"{r.randint(0, 3)}.{r.randint(0, 12)}" for _ in range(r.randint(1, 5))]),
    "perm": ("list[int]", "a list that contains each of the numbers from 0 to n - 1 once", lambda r: r.sample(range(n := r.randint(1, 7)), n)),
    "numbers3": ("list[int]", "a non-empty list of non-negative integers", lambda r: [r.choice([r.randint(0, 999), r.randint(10, 99)]) for _ in range(r.randint(1, 5))]),
    "turned": ("list[int]", "a non-empty list of different integers", lambda r: (lambda v, i: v[i:] + v[:i])(sorted(r.sample(range(30), r.randint(1, 7))), r.randint(0, 4))),
    "ten": ("int", "an integer from 1 to 10", d.integer(1, 10)),
})  # fmt: skip


def _number_key(g: Random) -> tuple[str, str]:
    k = g.randint(2, 7)
    return g.choice([
        (f"remainder when divided by {k}", f"x % {k}"), (f"distance from {k * 2}", f"abs(x - {k * 2})"), ("last digit", "abs(x) % 10"), ("sum of digits", "sum(int(c) for c in str(abs(x)))"), ("square", "x * x"), (f"quotient when floor-divided by {k}", f"x // {k}"), ("number of ones in binary notation (of the absolute value)", "bin(abs(x)).count('1')"), ("largest digit", "max(str(abs(x)))"),
    ])  # fmt: skip


def _word_key(g: Random) -> tuple[str, str]:
    c = g.choice("aeorst")
    return g.choice([
        ("length", "len(w)"), ("last character", "w[-1]"), ("second half (from the middle on)", "w[len(w) // 2:]"), (f"number of '{c}' in it", f"w.count('{c}')"), ("number of different characters", "len(set(w))"), ("reversed spelling", "w[::-1]"), ("number of vowels (a, e, i, o, u in lowercase)", "sum(ch in 'aeiou' for ch in w)"), ("alphabetically greatest character", "max(w)"), ("lowercase form", "w.lower()"),
    ])  # fmt: skip


@lesson
def two_keys(g: Random) -> Draft:
    (one, code1), (two, code2) = (
        _number_key(g),
        g.choice([("value", "x"), ("value, larger values first", "-x"), ("absolute value", "abs(x)")]),
    )
    down = g.random() < 0.4
    how = f"by {one}{', largest first' if down else ''}; where that is equal, by {two}"
    key1 = f"-({code1})" if down and "max" not in code1 else code1
    if down and "max" in code1:
        key1 = "-int(max(str(abs(x))))"
    return lesson.draft(
        g,
        "[sort|order|arrange]_by_[two_keys|rule|keys]",
        "xs:L",
        "list[int]",
        f"@xs sorted {how}",
        f"return sorted($xs, key=lambda x: ({key1}, {code2}))",
        f"def rule(x):\n    return ({key1}, {code2})\n\nresult = list($xs)\nresult.sort(key=rule)\nreturn result",
        f"result = sorted($xs, key=lambda x: {code2})\nresult.sort(key=lambda x: {key1})\nreturn result",
        tellings=(
            f"Sort the numbers in @xs {how}. Return a new list. [The given list must not change.|Do not modify @xs.]",
            f"[Bring @xs into this order|Put the elements of @xs in order like this]: first criterion is the {one}{' (descending)' if down else ''}, second criterion is the {two}. Return the sorted list.",
        ),
    )


@lesson
def word_sorting(g: Random) -> Draft:
    key, code = _word_key(g)
    down, ties = g.random() < 0.4, g.choice(["keep", "alpha"])
    how = f"by {key}, {'in descending order' if down else 'in ascending order'}"
    tie = (
        "strings that are equal in this respect keep their order"
        if ties == "keep"
        else "strings that are equal in this respect are sorted alphabetically"
    )
    base = "$words" if ties == "keep" else "sorted($words)"
    rev = ", reverse=True" if down else ""
    return lesson.draft(
        g,
        "[sort|order|arrange|line_up]_[words|strings|names]",
        "words:W",
        "list[str]",
        f"@words sorted {how}; {tie}",
        f"return sorted({base}, key=lambda w: {code}{rev})",
        f"result = list({base})\nresult.sort(key=lambda w: {code}{rev})\nreturn result",
        f"result = []\nfor w in {base}:\n    i = 0\n    while i < len(result) and not (lambda p, q: p {'<' if down else '>'} q)(*[{code} for w in (result[i], w)]):\n        i += 1\n    result.insert(i, w)\nreturn result",
        tellings=(
            f"[A librarian sorts cards|Labels have to be sorted]. Return the strings in @words {how}. Moreover, {tie}.",
            f"Return a new list with the strings of @words, ordered {how}. {tie[0].upper() + tie[1:]}.",
        ),
    )


@lesson
def custom_order(g: Random) -> Draft:
    order = g.sample(["XS", "S", "M", "L", "XL"], 5) if g.random() < 0.6 else ["XS", "S", "M", "L", "XL"]
    shown = " < ".join(order)
    ask, code, alt, kind = g.choice([
        ("@tags sorted according to the order", "return sorted($tags, key=order.index)", "return [tag for size in order for tag in $tags if tag == size]", "list[str]"), ("the greatest element of @tags, or None if it is empty, according to the order", "return max($tags, key=order.index, default=None)", "for tag in reversed(order):\n    if tag in $tags:\n        return tag\nreturn None", "str | None"),
        ("True if @tags is sorted, equal neighbours allowed, according to the order", "places = [order.index(tag) for tag in $tags]\nreturn places == sorted(places)", "return all(order.index(a) <= order.index(b) for a, b in zip($tags, $tags[1:]))", "bool"), (f"the number of elements of @tags that are greater than {order[2]} according to the order", f"return sum(1 for tag in $tags if order.index(tag) > {2})", "bigger = order[3:]\nreturn len([tag for tag in $tags if tag in bigger])", "int"),
        ("the different elements of @tags, each once, sorted from the greatest to the smallest according to the order", "return [tag for tag in reversed(order) if tag in $tags]", "return sorted(set($tags), key=order.index, reverse=True)", "list[str]"),
    ])  # fmt: skip
    head = f"order = {order!r}\n"
    return lesson.draft(
        g,
        "[size_order|by_size|custom_order|own_order]",
        "tags:sizes",
        kind,
        f"{ask} {shown}",
        head + code,
        head + alt,
        tellings=(
            f"The labels in @tags follow their own order, which is not the alphabetical one: {shown}. Return {ask.replace(' according to the order', '')} in this order.",
            f"Let the order of labels be {shown}. Given the list @tags, return {ask} above.",
        ),
    )


@lesson
def priority_first(g: Random) -> Draft:
    letters = g.sample("bcmprstw", 2)
    rule, code = g.choice([
        (f"words that begin with '{letters[0]}'", f"w.startswith('{letters[0]}')"), (f"words that contain '{letters[1]}'", f"'{letters[1]}' in w"), ("capitalised words (first letter in uppercase)", "w[0].isupper()"), (f"words of at most {g.randint(3, 5)} characters", "len(w) <= K"), ("words that end with a vowel (a, e, i, o or u)", "w[-1] in 'aeiou'"), ("words of odd length", "len(w) % 2 == 1"), ("words with a repeated character", "len(set(w)) < len(w)"),
    ])  # fmt: skip
    code = code.replace("K", rule.split()[-2])
    place = g.choice(["first", "last"])
    inner, second = g.choice(
        [
            ("in alphabetical order", "w"),
            ("by length, shorter ones first, and equally long ones alphabetically", "(len(w), w)"),
        ]
    )
    flag = f"not ({code})" if place == "first" else f"bool({code})"
    return lesson.draft(
        g,
        "[priority|favourites|special]_[first|order|sort]",
        "words:W",
        "list[str]",
        f"@words sorted so that {rule} come {place}, and within both groups {inner}",
        f"return sorted($words, key=lambda w: ({flag}, {second}))",
        f"chosen = sorted((w for w in $words if {code}), key=lambda w: {second})\nothers_ = sorted((w for w in $words if not ({code})), key=lambda w: {second})\nreturn {'chosen + others_' if place == 'first' else 'others_ + chosen'}",
        tellings=(
            f"Sort @words with a [privilege|special rule]: {rule} stand {'before' if place == 'first' else 'after'} all others. Inside each of the two groups, the order is {inner.removeprefix('in ')}. Return the sorted list.",
            f"You are given @words. Return them in a new order: {rule} come {place}. Each of the two groups is sorted {inner.replace('in alphabetical order', 'alphabetically')}.",
        ),
    )


@lesson
def partly_sorted(g: Random) -> Draft:
    k = g.randint(2, 5)
    which, sl = g.choice(
        [
            ("the first half (the shorter one if the length is odd)", "slice(0, len($xs) // 2)"),
            ("the elements at even indices", "slice(0, None, 2)"),
            ("the elements at odd indices", "slice(1, None, 2)"),
            (f"the first {k} elements", f"slice(0, {k})"),
            (f"everything after the first {k} elements", f"slice({k}, None)"),
            ("everything except the first and the last element", "slice(1, -1)"),
            (f"the elements whose index is divisible by {k + 2}", f"slice(0, None, {k + 2})"),
        ]
    )
    down = g.random() < 0.4 or "even indices" in which
    word = "descending" if down else "ascending"
    rev = ", reverse=True" if down else ""
    return lesson.draft(
        g,
        "[sort_part|partial_sort|half_sorted|sort_some]",
        "xs:L",
        "list[int]",
        f"a copy of @xs in which {which} {'is' if which.startswith(('the first half', 'every')) else 'are'} sorted in {word} order, while all other elements keep their places",
        f"part = {sl}\nresult = list($xs)\nresult[part] = sorted(result[part]{rev})\nreturn result",
        f"places = list(range(len($xs)))[{sl}]\nchosen = sorted(($xs[i] for i in places){rev})\nresult = list($xs)\nfor i, x in zip(places, chosen):\n    result[i] = x\nreturn result".replace(
            "for i in places)", "for i in places)"
        ),
        tellings=(
            f"Only a part of @xs is to be sorted, namely {which}. Sort this part in {word} order, leave the rest where it is, and return the new list.",
            f"Copy @xs and put {which} into {word} order among the places they occupy now. [Nothing else moves.|All other elements stay put.] Return the copy.",
        ),
        plan="I sort the chosen slice and write it back into a copy.",
    )


@lesson
def ranks(g: Random) -> Draft:
    big = g.random() < 0.5
    op, word = (">", "largest") if big else ("<", "smallest")
    style = g.choice(["competition", "dense", "worse"])
    text, code, alt = {
        "competition": (
            f"the {word} value has rank 1, and the rank of any value is one more than the number of elements that are {'larger' if big else 'smaller'} than it",
            f"[1 + sum(1 for y in $xs if y {op} x) for x in $xs]",
            f"[sorted($xs{', reverse=True' if big else ''}).index(x) + 1 for x in $xs]",
        ),
        "dense": (
            f"the {word} value has rank 1, the next different value rank 2, and so on without gaps, equal elements sharing a rank",
            f"[sorted(set($xs){', reverse=True' if big else ''}).index(x) + 1 for x in $xs]",
            f"[1 + len({{y for y in $xs if y {op} x}}) for x in $xs]",
        ),
        "worse": (
            f"the rank of an element is how many elements of the list are {'larger' if big else 'smaller'} than or equal to it, itself included",
            f"[sum(1 for y in $xs if y {op}= x) for x in $xs]",
            f"[len([y for y in $xs if not x {op} y]) for x in $xs]",
        ),
    }[style]
    return lesson.draft(
        g,
        "[ranks|places|standing|rank_list]",
        "xs:few",
        "list[int]",
        f"a list of the ranks of the elements of @xs, where {text}",
        f"return {code}",
        f"result = []\nfor x in $xs:\n    result.append({alt.removeprefix('[').split(' for x in $xs]')[0]})\nreturn result",
        tellings=(
            f"Give every element of @xs a rank: {text}. Return the ranks in the order of the elements.",
            f"Players scored the points in @xs. Their ranks are defined like this: {text}. Return the list of ranks, one for each player.",
        ),
    )


@lesson
def top_scorers(g: Random) -> Draft:
    k = g.randint(1, 3)
    high, sign = g.choice([("highest", "-"), ("lowest", "")])
    tie, second = g.choice(
        [("alphabetical order of the names decides", "p[0]"), ("the one that comes first in the list is preferred", "")]
    )
    key = f"({sign}p[1], p[0])" if second else f"{sign}p[1]"
    ask, end, kind = g.choice(
        [
            ("a list of the names", "return [p[0] for p in best]", "list[str]"),
            ("the sum of the scores", "return sum(p[1] for p in best)", "int"),
            ("a string with the names, joined by ', ',", "return ', '.join(p[0] for p in best)", "str"),
            ("a list of the tuples", "return best", "list[tuple[str, int]]"),
        ]
    )
    entries = f"the {k} entries" if k > 1 else "the entry"
    return lesson.draft(
        g,
        "[top|leading|best|podium]_[names|entries|scores]",
        "results:marks",
        kind,
        f"{ask} of {entries} of @results with the {high} score{'s' if k > 1 else ''}, in the order from the {high} on; among equal scores, {tie}",
        f"best = sorted($results, key=lambda p: {key})[:{k}]\n{end}",
        f"rest = list($results)\nbest = []\nwhile rest and len(best) < {k}:\n    p = min(rest, key=lambda p: {key})\n    rest.remove(p)\n    best.append(p)\n{end}",
        tellings=(
            f"The list @results contains (name, score) tuples. Pick {entries} with the {high} score{'s' if k > 1 else ''} (all entries if there are not enough), ordered beginning with the {high}; among equal scores, {tie}. Return {ask.rstrip(',')} of what you picked.",
        ),
        notes=("[If there are fewer entries, use all of them.|With too few entries, all are used.]",),
    )


@lesson
def score_table(g: Random) -> Draft:
    down = g.random() < 0.5
    fmt, code = g.choice(
        [
            ("'name: score'", "f'{name}: {score}'"),
            ("'1. name'", "f'{i}. {name}'"),
            ("'1. name (score)'", "f'{i}. {name} ({score})'"),
            ("'name=score'", "name + '=' + str(score)"),
            ("'#1 name'", "f'#{i} {name}'"),
        ]
    )
    return lesson.draft(
        g,
        "[score|result|rank]_[lines|table|board]",
        "results:marks",
        "list[str]",
        f"a list of lines in the form {fmt} for the (name, score) tuples in @results, sorted by score, {'highest' if down else 'lowest'} first, and by name where scores are equal{'; the number is the place in this order, beginning with 1' if '1' in fmt else ''}",
        f"order = sorted($results, key=lambda p: ({'-' if down else ''}p[1], p[0]))\nreturn [{code} for i, (name, score) in enumerate(order, 1)]",
        f"lines = []\ni = 0\nfor name, score in sorted($results, key=lambda p: ({'-' if down else ''}p[1], p[0])):\n    i += 1\n    lines.append({code})\nreturn lines",
        tellings=(
            f"Print a score board: sort the entries (name, score) of @results by score, with the {'highest' if down else 'lowest'} on top, equal scores by name from a to z. Then turn each entry into a line like {fmt}. Return the lines as a list{'; numbers count from 1' if '1' in fmt else ''}.",
        ),
    )


@lesson
def insertion_points(g: Random) -> Draft:
    op, words, fn, alt = g.choice(
        [
            ("<", "smaller than", "bisect_left($xs, $target)", ""),
            ("<=", "smaller than or equal to", "bisect_right($xs, $target)", ""),
            (">", "larger than", "len($xs) - bisect_right($xs, $target)", ""),
            (">=", "at least as large as", "len($xs) - bisect_left($xs, $target)", ""),
        ]
    )
    del alt
    lo = "<" if op in ("<", ">=") else "<="
    last = "low" if op in ("<", "<=") else "len($xs) - low"
    return lesson.draft(
        g,
        "[how_many|count|num]_[below|beyond|on_one_side]",
        "xs:S target:val",
        "int",
        f"how many elements of the sorted list @xs are {words} @target, [found|determined] by binary search",
        f"low, high = 0, len($xs)\nwhile low < high:\n    mid = (low + high) // 2\n    if $xs[mid] {lo} $target:\n        low = mid + 1\n    else:\n        high = mid\nreturn {last}",
        f"return {fn}",
        imports=("from bisect import bisect_left", "from bisect import bisect_right"),
        tellings=(
            f"The list @xs is in ascending order. Use binary search, that is, halve the range again and again, to find how many of its elements are {words} @target, and return that number.",
            f"Since @xs is sorted, the elements that are {words} @target form one block at {'its beginning' if '<' in op else 'its end'}. Return the length of this block without looking at every element.",
        ),
    )


@lesson
def sorted_lookup(g: Random) -> Draft:
    none = g.choice(["None", "-1"])
    ask, one, two = g.choice([
        (f"the largest element of the sorted list @xs that is smaller than @target, or {none} if there is none", f"i = bisect_left($xs, $target)\nreturn $xs[i - 1] if i > 0 else {none}", f"best = {none}\nfor v in $xs:\n    if v >= $target:\n        break\n    best = v\nreturn best"), (f"the smallest element of the sorted list @xs that is larger than @target, or {none} if there is none", f"i = bisect_right($xs, $target)\nreturn $xs[i] if i < len($xs) else {none}", f"for v in $xs:\n    if v > $target:\n        return v\nreturn {none}"),
        (f"the largest element of the sorted list @xs that does not exceed @target, or {none} if there is none", f"i = bisect_right($xs, $target)\nreturn $xs[i - 1] if i else {none}", f"fitting = [v for v in $xs if v <= $target]\nreturn fitting[-1] if fitting else {none}"), (f"the index of the last occurrence of @target in the sorted list @xs, or {none} if it does not occur", f"i = bisect_right($xs, $target) - 1\nreturn i if i >= 0 and $xs[i] == $target else {none}", f"last = {none}\nfor i, v in enumerate($xs):\n    if v == $target:\n        last = i\nreturn last"),
        (f"the smallest element of the sorted list @xs that is at least @target, or {none} if there is none", f"low, high = 0, len($xs)\nwhile low < high:\n    mid = (low + high) // 2\n    if $xs[mid] < $target:\n        low = mid + 1\n    else:\n        high = mid\nreturn $xs[low] if low < len($xs) else {none}", f"return next((v for v in $xs if v >= $target), {none})"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[look_up|nearest_below|sorted_search|search_in_order]",
        "xs:S target:val",
        "int | None" if none == "None" else "int",
        ask,
        one,
        two,
        imports=("from bisect import bisect_left", "from bisect import bisect_right"),
        tellings=(
            f"[You may rely on @xs being in ascending order|The list @xs is sorted from small to large]. Return {ask.replace('the sorted list ', '')}.",
        ),
    )


@lesson
def search_steps(g: Random) -> Draft:
    ask, mark, end, kind = g.choice(
        [
            (
                "the list of the elements that binary search compares with @target",
                "seen.append($xs[mid])",
                "return seen",
                "list[int]",
            ),
            ("how many elements binary search compares with @target", "seen.append(mid)", "return len(seen)", "int"),
            ("the list of the indices that binary search looks at", "seen.append(mid)", "return seen", "list[int]"),
        ]
    )
    order, op, sig = g.choice([("ascending", "<", "xs:S target:val"), ("descending", ">", "xs:Z target:val")])
    mid, rule = g.choice([("(low + high) // 2", "rounded down"), ("(low + high + 1) // 2", "rounded up")])
    return lesson.draft(
        g,
        "[trace|search_path|probe]_[search|steps|list]",
        sig,
        kind,
        f"{ask} when it looks for @target in the {order} list @xs, starting with the whole range low = 0, high = len - 1, always taking the middle index ({rule}) and stopping when @target is found or the range is empty",
        f"seen = []\nlow, high = 0, len($xs) - 1\nwhile low <= high:\n    mid = {mid}\n    {mark}\n    if $xs[mid] == $target:\n        break\n    if $xs[mid] {op} $target:\n        low = mid + 1\n    else:\n        high = mid - 1\n{end}",
        f"def search(low, high):\n    if low > high:\n        return []\n    mid = {mid}\n    if $xs[mid] == $target:\n        return [mid]\n    if $xs[mid] {op} $target:\n        return [mid] + search(mid + 1, high)\n    return [mid] + search(low, mid - 1)\n\nplaces = search(0, len($xs) - 1)\nreturn {'len(places)' if kind == 'int' else '[$xs[i] for i in places]' if '$xs' in mark else 'places'}",
        tellings=(
            f"Watch binary search at work. It searches @target in @xs, which is sorted in {order} order: it looks at the middle index of the current range (low + high, halved, {rule}), stops on a hit, and otherwise goes on in the half that can still contain @target. Return {ask}.",
        ),
    )


@lesson
def middle_values(g: Random) -> Draft:
    which, idx, alt = g.choice(
        [
            (
                "lower of the two middle elements",
                "(len(order) - 1) // 2",
                "while len(order) > 2:\n    order = order[1:-1]\nreturn order[0]",
            ),
            (
                "upper of the two middle elements",
                "len(order) // 2",
                "while len(order) > 2:\n    order = order[1:-1]\nreturn order[-1]",
            ),
        ]
    )
    what, prep = g.choice(
        [
            ("the elements of @xs are sorted", "sorted($xs)"),
            ("the different elements of @xs are sorted", "sorted(set($xs))"),
            ("the absolute values of the elements of @xs are sorted", "sorted(abs(x) for x in $xs)"),
            (
                "the elements of @xs are sorted by their last digit (of the absolute value), equal ones keeping their order",
                "sorted($xs, key=lambda x: abs(x) % 10)",
            ),
            (
                "the differences between neighbouring elements of @xs, with the first element itself in front, are sorted",
                "sorted(b - a for a, b in zip([0] + $xs, $xs))",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[middle|central|mid]_[value|element|one]",
        "xs:L1",
        "int",
        f"the element that stands in the middle when {what}; if their number is even, the {which}",
        f"order = {prep}\nreturn order[{idx}]",
        f"order = {prep}\n{alt}",
        tellings=(
            f"Imagine that {what}. Return the one in the middle. With an even number of them, return the {which}.",
        ),
        plan="I sort and take the middle index.",
    )


@lesson
def nth_thing(g: Random) -> Draft:
    k = g.randint(2, 4)
    nth = {2: "second", 3: "third", 4: "fourth"}[k]
    down = g.random() < 0.5
    size = "largest" if down else "smallest"
    what, src = g.choice(
        [
            ("different even number", "{x for x in $xs if x % 2 == 0}"),
            ("different value that occurs only once", "{x for x in $xs if $xs.count(x) == 1}"),
            ("different positive number", "{x for x in $xs if x > 0}"),
            ("absolute value, counting equal ones once,", "{abs(x) for x in $xs}"),
            ("different difference of two neighbours (later minus earlier)", "{b - a for a, b in zip($xs, $xs[1:])}"),
            ("different sum of two neighbours", "{a + b for a, b in zip($xs, $xs[1:])}"),
        ]
    )
    none = g.choice(["None", "0", "-1"])
    return lesson.draft(
        g,
        f"{nth}_{size}_[of|one|value]",
        "xs:L",
        "int | None" if none == "None" else "int",
        f"the {nth} {size} {what} in @xs, or {none} if there are not that many",
        f"order = sorted({src}{', reverse=True' if down else ''})\nreturn order[{k - 1}] if len(order) >= {k} else {none}",
        f"rest = {src}\nfor _ in range({k - 1}):\n    if rest:\n        rest.remove({'max' if down else 'min'}(rest))\nreturn {'max' if down else 'min'}(rest, default={none})",
        tellings=(
            f"[Look for|Determine] the {nth} {size} {what} in the list @xs. If there are fewer than {k}, return {none}.",
            f"Not the {size}, but the {nth} {size} {what} of @xs is wanted. Return it, or {none} when it does not exist.",
        ),
    )


@lesson
def partitions(g: Random) -> Draft:
    pivot, get = g.choice(
        [
            ("its first element", "$xs[0]"),
            ("its last element", "$xs[-1]"),
            ("the element in the middle (index len // 2)", "$xs[len($xs) // 2]"),
            ("the floor of its mean", "sum($xs) // len($xs)"),
        ]
    )
    ask, end, kind = g.choice(
        [
            (
                "one list: first all elements smaller than the pivot, then all equal to it, then all larger ones, each group in its original order",
                "return low + same + high",
                "list[int]",
            ),
            (
                "a tuple with the numbers of elements smaller than, equal to and larger than the pivot",
                "return (len(low), len(same), len(high))",
                "tuple[int, int, int]",
            ),
            (
                "a tuple of two lists: the elements smaller than the pivot and the elements larger than it, both in their original order",
                "return (low, high)",
                "tuple[list[int], list[int]]",
            ),
            (
                "the sum of the elements larger than the pivot minus the sum of the elements smaller than it",
                "return sum(high) - sum(low)",
                "int",
            ),
            (
                "one list: the elements larger than the pivot, followed by those smaller than it; elements equal to the pivot are left out",
                "return high + low",
                "list[int]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[partition|pivot|divide]_[list|around|groups]",
        "xs:few1",
        kind,
        f"{ask}, where the pivot of @xs is {pivot}",
        f"pivot = {get}\nlow = [v for v in $xs if v < pivot]\nsame = [v for v in $xs if v == pivot]\nhigh = [v for v in $xs if v > pivot]\n{end}",
        f"pivot = {get}\nlow, same, high = [], [], []\nfor v in $xs:\n    if v < pivot:\n        low.append(v)\n    elif v > pivot:\n        high.append(v)\n    else:\n        same.append(v)\n{end}",
        tellings=(
            f"Partition the list @xs as in quicksort, with {pivot} as the pivot. Return {ask}.",
            f"Let the pivot be {pivot.replace('its', 'the').replace('the mean', 'the mean of the list')} of @xs. Compare all elements with it and return {ask}."
            if pivot.startswith("its")
            else f"The pivot of @xs is {pivot}. Return {ask}.",
        ),
    )


@lesson
def merging(g: Random) -> Draft:
    down = g.random() < 0.4
    word = "descending" if down else "ascending"
    kind = "Z" if down else "S"
    op = ">=" if down else "<="
    rule, test, alt = g.choice(
        [
            (
                "every value is kept, however often it occurs",
                "True",
                f"sorted($xs + $ys{', reverse=True' if down else ''})",
            ),
            (
                "equal values are written only once",
                "not result or result[-1] != v",
                f"sorted(set($xs + $ys){', reverse=True' if down else ''})",
            ),
            (
                "only even values are kept",
                "v % 2 == 0",
                f"sorted((v for v in $xs + $ys if v % 2 == 0){', reverse=True' if down else ''})",
            ),
            (
                "only positive values are kept",
                "v > 0",
                f"sorted((v for v in $xs + $ys if v > 0){', reverse=True' if down else ''})",
            ),
            (
                "no value is written more than twice",
                "result[-2:] != [v, v]",
                f"[v for v in sorted(set($xs + $ys){', reverse=True' if down else ''}) for _ in range(min(2, ($xs + $ys).count(v)))]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[merge|join|combine]_[sorted|ordered|in_order]",
        f"xs:{kind} ys:{kind}",
        "list[int]",
        f"one {word} list with the elements of the {word} lists @xs and @ys, where {rule}",
        f"i = j = 0\nresult = []\nwhile i < len($xs) or j < len($ys):\n    if j == len($ys) or (i < len($xs) and $xs[i] {op} $ys[j]):\n        v = $xs[i]\n        i += 1\n    else:\n        v = $ys[j]\n        j += 1\n    "
        + ("result.append(v)\n" if test == "True" else f"if {test}:\n        result.append(v)\n")
        + "return result",
        f"return {alt}",
        tellings=(
            f"Both @xs and @ys are in {word} order. Merge them step by step into one list in {word} order: always take the {'larger' if down else 'smaller'} of the two front elements. In the result, {rule}.",
        ),
    )


@lesson
def order_checks(g: Random) -> Draft:
    ask, one, two = g.choice([
        ("@xs is sorted in ascending or in descending order, equal neighbours allowed, but not both", "up = all(a <= b for a, b in zip($xs, $xs[1:]))\ndown = all(a >= b for a, b in zip($xs, $xs[1:]))\nreturn up != down", "return ($xs == sorted($xs)) != ($xs == sorted($xs, reverse=True))"), ("@xs first rises strictly and then falls strictly, with at least one step in both directions", "i = 0\nwhile i + 1 < len($xs) and $xs[i] < $xs[i + 1]:\n    i += 1\ntop = i\nwhile i + 1 < len($xs) and $xs[i] > $xs[i + 1]:\n    i += 1\nreturn 0 < top < i == len($xs) - 1", "top = $xs.index(max($xs))\nleft, right = $xs[:top + 1], $xs[top:]\nreturn len(left) > 1 and len(right) > 1 and left == sorted(set(left)) and right == sorted(set(right), reverse=True)"),
        ("exactly one pair of neighbours in @xs is in the wrong (descending) order", "return sum(1 for a, b in zip($xs, $xs[1:]) if a > b) == 1", "wrong = 0\nfor i in range(1, len($xs)):\n    if $xs[i] < $xs[i - 1]:\n        wrong += 1\nreturn wrong == 1"), ("@xs can be made ascending (equal neighbours allowed) by exchanging two of its elements, or is ascending already", "goal = sorted($xs)\nreturn sum(1 for a, b in zip($xs, goal) if a != b) in (0, 2)", "wrong = [i for i, v in enumerate(sorted($xs)) if $xs[i] != v]\nreturn len(wrong) <= 2"),
        ("@xs becomes ascending (equal neighbours allowed) when at most one element is removed", "for i in range(len($xs)):\n    rest = $xs[:i] + $xs[i + 1:]\n    if rest == sorted(rest):\n        return True\nreturn len($xs) == 0", "return any($xs[:i] + $xs[i + 1:] == sorted($xs[:i] + $xs[i + 1:]) for i in range(len($xs)))"), ("no element of @xs is more than 3 larger than the element before it", "return all(b - a <= 3 for a, b in zip($xs, $xs[1:]))", "for i in range(len($xs) - 1):\n    if $xs[i + 1] - $xs[i] > 3:\n        return False\nreturn True"),
        ("the smallest element of @xs comes before its largest element, comparing their first occurrences", "return $xs.index(min($xs)) < $xs.index(max($xs))", "low = high = 0\nfor i, v in enumerate($xs):\n    if v < $xs[low]:\n        low = i\n    if v > $xs[high]:\n        high = i\nreturn low < high"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[is|check|has]_[nearly_ordered|shape|order]",
        "xs:almost",
        "bool",
        f"True if {ask}",
        one,
        two,
        tellings=(
            f"[Decide|Find out] whether the following holds: {ask}. Return True or False.",
            f"Return True exactly when {ask}.",
        ),
    )


@lesson
def passes(g: Random) -> Draft:
    n = g.choice([1, 1, 2, 3])
    op, word = g.choice([(">", "larger"), ("<", "smaller")])
    ask, end, kind = g.choice(
        [
            ("the list after", "return result", "list[int]"),
            ("the number of exchanges made during", "return swaps", "int"),
        ]
    )
    times = {1: "one pass", 2: "two passes", 3: "three passes"}[n]
    return lesson.draft(
        g,
        "[bubble|sweep|exchange]_[pass|passes|run]",
        "xs:few",
        kind,
        f"{ask} {times} of bubble sort over @xs, in which, from left to right, two neighbours change places if the left one is {word}",
        f"result = list($xs)\nswaps = 0\nfor _ in range({n}):\n    for i in range(len(result) - 1):\n        if result[i] {op} result[i + 1]:\n            result[i], result[i + 1] = result[i + 1], result[i]\n            swaps += 1\n{end}",
        f"result = list($xs)\nswaps = 0\nfor _ in range({n}):\n    i = 1\n    while i < len(result):\n        a, b = result[i - 1:i + 1]\n        if a {op} b:\n            result[i - 1], result[i] = b, a\n            swaps += 1\n        i += 1\n{end}",
        tellings=(
            f"Walk through a copy of @xs from left to right and compare each two neighbours; exchange them at once if the left one is {word} than the right one. Do {times}. Return {ask.replace(' after', '').replace('made during', 'you have made')}{'' if 'number' in ask else ' you end up with'}.",
        ),
    )


@lesson
def selection_rounds(g: Random) -> Draft:
    n = g.randint(1, 3)
    big, fn = g.choice([("smallest", "min"), ("largest", "max")])
    how, act, act2 = g.choice(
        [
            (
                "exchanged with",
                "result[i], result[j] = result[j], result[i]",
                "v = result[j]\n    result[j] = result[i]\n    result[i] = v",
            ),
            (
                "taken out and put in front of",
                "result.insert(i, result.pop(j))",
                "v = result[j]\n    del result[j]\n    result[i:i] = [v]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[selection|pick_and_place|place]_[steps|rounds|smallest]",
        "xs:few",
        "list[int]",
        f"what @xs looks like after {n} step{'s' if n > 1 else ''} of this kind: in step i (counted from 0), the {big} element from index i on (its first occurrence) is {how} the element at index i",
        f"result = list($xs)\nfor i in range(min({n}, len(result))):\n    j = result.index({fn}(result[i:]), i)\n    {act}\nreturn result",
        f"result = list($xs)\nfor i in range(min({n}, len(result))):\n    j = i\n    for p in range(i + 1, len(result)):\n        if result[p] {'<' if fn == 'min' else '>'} result[j]:\n            j = p\n    {act2}\nreturn result",
        tellings=(
            f"Do only the first {n} step{'s' if n > 1 else ''} of a sort by selection on a copy of @xs. A step with number i = 0, 1, 2, ... searches the {big} element among those from index i to the end; the first such element is {how} the one at index i. Return the list. [Steps beyond the end of the list are skipped.|If the list is shorter, fewer steps are done.]",
        ),
    )


@lesson
def permutation_work(g: Random) -> Draft:
    ask, one, two, kind = g.choice([
        ("the inverse of the arrangement @perm: a list that holds at index v the place where v stands in @perm", "result = [0] * len($perm)\nfor i, v in enumerate($perm):\n    result[v] = i\nreturn result", "return [$perm.index(v) for v in range(len($perm))]", "list[int]"), ("the number of elements of the arrangement @perm that stand at the index equal to their value", "return sum(1 for i, v in enumerate($perm) if i == v)", "hits = 0\nfor i in range(len($perm)):\n    if $perm[i] == i:\n        hits += 1\nreturn hits", "int"),
        ("the number of cycles of the arrangement @perm, where one moves from index i to index @perm[i] until one is back", "seen = set()\ncycles = 0\nfor i in range(len($perm)):\n    if i in seen:\n        continue\n    cycles += 1\n    while i not in seen:\n        seen.add(i)\n        i = $perm[i]\nreturn cycles", "cycles = 0\nleft = set(range(len($perm)))\nwhile left:\n    i = left.pop()\n    while $perm[i] in left:\n        i = $perm[i]\n        left.remove(i)\n    cycles += 1\nreturn cycles", "int"),
        ("the sum over all elements of @perm of how far they stand from the index equal to their value", "return sum(abs(i - v) for i, v in enumerate($perm))", "total = 0\nfor i in range(len($perm)):\n    total += abs($perm[i] - i)\nreturn total", "int"), ("the arrangement @perm applied twice: a list whose entry at index i is @perm[@perm[i]]", "return [$perm[v] for v in $perm]", "result = []\nfor i in range(len($perm)):\n    result.append($perm[$perm[i]])\nreturn result", "list[int]"),
        ("the cycle of the arrangement @perm that starts at index 0, as the list of indices visited when one moves from i to @perm[i] until 0 is reached again", "cycle = [0]\nwhile $perm[cycle[-1]] != 0:\n    cycle.append($perm[cycle[-1]])\nreturn cycle", "cycle = []\ni = 0\nwhile not cycle or i != 0:\n    cycle.append(i)\n    i = $perm[i]\nreturn cycle", "list[int]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[perm|arrangement|shuffle]_[info|work|result]",
        "perm:perm",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"The list @perm contains each of the numbers 0, 1, 2, ... up to its length minus one exactly once. Return {ask}.",
        ),
    )


@lesson
def version_order(g: Random) -> Draft:
    ask, one, two, kind = g.choice([
        ("@versions sorted from the oldest to the newest", "return sorted($versions, key=lambda v: [int(p) for p in v.split('.')])", "pairs = sorted(tuple(map(int, v.split('.'))) for v in $versions)\nreturn [f'{p}.{q}' for p, q in pairs]", "list[str]"), ("the newest of @versions", "return max($versions, key=lambda v: tuple(map(int, v.split('.'))))", "best = $versions[0]\nfor v in $versions:\n    if [int(p) for p in v.split('.')] > [int(p) for p in best.split('.')]:\n        best = v\nreturn best", "str"),
        ("how many of @versions are newer than the first one", "first = [int(p) for p in $versions[0].split('.')]\nreturn sum(1 for v in $versions if [int(p) for p in v.split('.')] > first)", "keys = [tuple(map(int, v.split('.'))) for v in $versions]\nreturn len([key for key in keys if key > keys[0]])", "int"), ("True if @versions is sorted from old to new, equal neighbours allowed", "keys = [tuple(map(int, v.split('.'))) for v in $versions]\nreturn keys == sorted(keys)", "for a, b in zip($versions, $versions[1:]):\n    if [int(p) for p in a.split('.')] > [int(p) for p in b.split('.')]:\n        return False\nreturn True", "bool"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[version|release]_[order|check|list]",
        "versions:versions",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"A version number like '2.11' consists of a major and a minor number; '2.9' is older than '2.11', because the parts are compared as numbers. Return {ask}.",
            f"Return {ask}. Compare the part before the dot first and then the part after it, both as integers, so that '1.10' is newer than '1.9'.",
        ),
    )


@lesson
def budget(g: Random) -> Draft:
    first, rev = g.choice([("cheapest", False), ("most expensive", True)])
    stop, skip = g.choice(
        [
            ("the first price that cannot be paid ends the shopping", "break"),
            ("a price that cannot be paid any more is skipped", "continue"),
        ]
    )
    ask, end, kind = g.choice(
        [
            ("how many things are bought", "return len(bought)", "int"),
            ("how much money is left", "return money", "int"),
            ("the list of the prices paid, in the order of buying,", "return bought", "list[int]"),
        ]
    )
    order = f"sorted($xs{', reverse=True' if rev else ''})"
    return lesson.draft(
        g,
        "[budget|shopping_spree|buy_in_order|spend]",
        "xs:P budget:pos",
        kind,
        f"{ask} if one tries to buy things with the prices in @xs, the {first} one first, with an amount of @budget; {stop}",
        f"money = $budget\nbought = []\nfor p in {order}:\n    if p > money:\n        {skip}\n    money -= p\n    bought.append(p)\n{end}",
        f"money = $budget\nbought = []\nrest = {order}\nwhile rest:\n    p = rest.pop(0)\n    if p <= money:\n        money -= p\n        bought.append(p)\n"
        + ("    else:\n        rest = []\n" if skip == "break" else "")
        + end,
        tellings=(
            f"You have @budget coins. The shop offers things at the prices in @xs, and you go from the {first} to the {'cheapest' if rev else 'most expensive'}, buying each thing if the money you still have is enough. In this game, {stop}. Return {ask.rstrip(',').replace('are bought', 'you buy')}.",
        ),
    )


@lesson
def ends_of_order(g: Random) -> Draft:
    start, other = g.choice([("largest", "smallest"), ("smallest", "largest")])
    n = g.choice([1, 1, 2])
    a, b = ("hi", "lo") if start == "largest" else ("lo", "hi")
    distinct = g.random() < 0.4 or (n == 1 and start == "smallest")
    src = "set($xs)" if distinct else "$xs"
    cnt = {1: "one element", 2: "two elements"}[n]

    def grab(size: str) -> str:
        return f"the {size} remaining element" if n == 1 else f"the two {size} remaining elements"

    take = {
        "hi": f"taken = order[-{n}:][::-1]\n    order = order[:-{n}]",
        "lo": f"taken = order[:{n}]\n    order = order[{n}:]",
    }
    cut = {
        "hi": f"result += [order.pop() for _ in range(min({n}, len(order)))]",
        "lo": f"result += [order.pop(0) for _ in range(min({n}, len(order)))]",
    }
    return lesson.draft(
        g,
        "[swing|alternate|extremes]_[order|sort|list]",
        "xs:few",
        "list[int]",
        f"the {'different ' if distinct else ''}elements of @xs, arranged by repeatedly taking {grab(start)} and then {grab(other)}"
        + (", each two in the order in which they are found from that end" if n == 2 else ""),
        f"order = sorted({src})\nresult = []\nwhile order:\n    {cut[a]}\n    {cut[b]}\nreturn result",
        f"order = sorted({src})\nresult = []\nturn = 0\nwhile order:\n    if turn % 2 == 0:\n        "
        + take[a].replace("\n", "\n    ")
        + "\n    else:\n        "
        + take[b].replace("\n", "\n    ")
        + "\n    result += taken\n    turn += 1\nreturn result",
        tellings=(
            f"Sort {'the different elements of ' if distinct else ''}@xs in your mind. Then take away {cnt} at a time, alternately from the {start} side and from the {other} side, starting with the {start}. When fewer are left, take what is there. Return {'the elements' if n == 1 else 'them all'} in the order of taking.",
        ),
    )


@lesson
def nearest_few(g: Random) -> Draft:
    k = g.randint(2, 4)
    tie, key = g.choice(
        [
            ("of two equally near ones, the smaller comes first", "(abs(v - $target), v)"),
            ("of two equally near ones, the larger comes first", "(abs(v - $target), -v)"),
            ("equally near ones keep their order", "abs(v - $target)"),
        ]
    )
    far = g.random() < 0.35
    if far:
        key = key.replace("abs(", "-abs(", 1)
        tie = tie.replace("near", "far")
    ask, end, kind = g.choice(
        [
            ("a list of the", "return best", "list[int]"),
            ("the sum of the", "return sum(best)", "int"),
            ("the sorted list of the", "return sorted(best)", "list[int]"),
        ]
    )
    return lesson.draft(
        g,
        "[nearest|around_target|close_ones|neighbours_of]",
        "xs:few target:val",
        kind,
        f"{ask} {k} elements of @xs that are {'farthest from' if far else 'nearest to'} @target"
        + (f", the {'farthest' if far else 'nearest'} first" if kind != "int" and "sorted" not in ask else "")
        + f"; {tie}; if there are fewer elements, all are taken",
        f"best = sorted($xs, key=lambda v: {key})[:{k}]\n{end}",
        f"rest = list($xs)\nbest = []\nwhile rest and len(best) < {k}:\n    chosen = min(rest, key=lambda v: {key})\n    rest.remove(chosen)\n    best.append(chosen)\n{end}",
        tellings=(
            f"Rank the elements of @xs by their distance from @target, the {'largest' if far else 'smallest'} distance first; {tie}. Take the first {k} (or all, if there are not so many). Return {ask.removesuffix(' the')} {'them' if 'sum' not in ask else 'these elements'}.".replace(
                "a list of them", "them as a list"
            )
            .replace("the sorted list of them", "them as a list in ascending order")
            .replace("the sum of these", "the sum of these"),
        ),
    )


@lesson
def digit_order(g: Random) -> Draft:
    how, code, alt = g.choice(
        [
            (
                "its digits sorted from small to large (leading zeros vanish)",
                "int(''.join(sorted(str(x))))",
                "int(''.join(sorted(c for c in str(x))))",
            ),
            (
                "its digits sorted from large to small",
                "int(''.join(sorted(str(x), reverse=True)))",
                "int(''.join(sorted(str(x))[::-1]))",
            ),
            (
                "the difference between the largest and the smallest number that its digits can form",
                "int(''.join(sorted(str(x), reverse=True))) - int(''.join(sorted(str(x))))",
                "int(''.join(sorted(str(x))[::-1])) - int(''.join(sorted(str(x))))",
            ),
            (
                "its digits without repetitions, sorted from large to small",
                "int(''.join(sorted(set(str(x)), reverse=True)))",
                "int(''.join(c for c in '9876543210' if c in str(x)))",
            ),
        ]
    )
    ask, one, two, kind = g.choice(
        [
            (
                "a list in which each element of @xs is replaced by {}",
                "return [CODE for x in $xs]",
                "result = []\nfor x in $xs:\n    result.append(CODE)\nreturn result",
                "list[int]",
            ),
            (
                "the largest value that arises when each element of @xs is replaced by {}",
                "return max(CODE for x in $xs)",
                "best = -1\nfor x in $xs:\n    best = max(best, CODE)\nreturn best",
                "int",
            ),
            (
                "the elements of @xs sorted by the following value of each: {}",
                "return sorted($xs, key=lambda x: CODE)",
                "pairs = [(CODE, i) for i, x in enumerate($xs)]\nreturn [$xs[i] for _, i in sorted(pairs)]",
                "list[int]",
            ),
            (
                "how many elements of @xs are equal to this value: {}",
                "return sum(1 for x in $xs if x == CODE)",
                "return len([x for x in $xs if CODE == x])",
                "int",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[digit|digits]_[order|sorting|shuffle]",
        "xs:numbers3",
        kind,
        ask.format(how),
        one.replace("CODE", code),
        two.replace("CODE", alt),
        tellings=(
            f"Numbers can be rearranged digit by digit. For each element of @xs, consider {how}. Return {ask.format('that value').replace('the following value of each: that value', 'that value').replace('equal to this value: that value', 'equal to their value')}.",
        ),
    )


@lesson
def gaps_in_order(g: Random) -> Draft:
    k = g.randint(2, 4)
    ask, end, kind = g.choice(
        [
            ("the largest gap", "return max(gaps, default=0)", "int"),
            (f"the number of gaps larger than {k}", f"return sum(1 for v in gaps if v > {k})", "int"),
            ("a list of the gaps", "return gaps", "list[int]"),
            ("the number of different gaps", "return len(set(gaps))", "int"),
            ("the sorted list of the gaps", "return sorted(gaps)", "list[int]"),
        ]
    )
    distinct = g.random() < 0.5
    src = "sorted(set($xs))" if distinct else "sorted($xs)"
    return lesson.draft(
        g,
        "[gaps|spacing|holes]_[in_order|sorted|of]",
        "xs:few",
        kind,
        f"{ask} between neighbours when the {'different ' if distinct else ''}elements of @xs are put in ascending order"
        + ("; 0 if there is no gap" if ask[-11:] == "largest gap" else ""),
        f"order = {src}\ngaps = [b - a for a, b in zip(order, order[1:])]\n{end}",
        f"order = {src}\ngaps = []\nfor i in range(1, len(order)):\n    gaps.append(order[i] - order[i - 1])\n{end}",
        tellings=(
            f"Houses stand along a road at the positions in @xs{', several of them perhaps at the same place, which counts once' if distinct else ''}. Walk from the smallest position to the largest and measure the gap between each house and the next. Return {ask}"
            + (", or 0 if there is none" if "largest gap" in ask else "")
            + ".",
        ),
    )


@lesson
def repeated_combining(g: Random) -> Draft:
    which, rev = g.choice([("smallest", ""), ("largest", ", reverse=True")])
    how, code = g.choice(
        [
            ("their sum", "a + b"),
            ("the difference of the two (not negative)", "abs(a - b)"),
            ("their sum minus 1", "a + b - 1"),
        ]
    )
    ask, init, step, end, kind = g.choice(
        [
            ("the last number that remains, or 0 if there was none", "", "", "return heap[0] if heap else 0", "int"),
            ("the sum of all numbers that were put back", "total = 0\n", "    total += new\n", "return total", "int"),
            (
                "the list of the numbers that were put back, in order",
                "made = []\n",
                "    made.append(new)\n",
                "return made",
                "list[int]",
            ),
        ]
    )
    return lesson.draft(
        g,
        f"[combine|merge|join]_[two_{which}|step_by_step|until_one]",
        "xs:few",
        kind,
        f"{ask}, when again and again the two {which} numbers of @xs are replaced by {how}, until fewer than two are left",
        f"heap = sorted($xs{rev})\n{init}while len(heap) > 1:\n    a, b, *heap = heap\n    new = {code}\n{step}    heap = sorted([*heap, new]{rev})\n{end}",
        f"heap = list($xs)\n{init}while len(heap) > 1:\n    a = {'min' if not rev else 'max'}(heap)\n    heap.remove(a)\n    b = {'min' if not rev else 'max'}(heap)\n    heap.remove(b)\n    new = {code}\n    heap.append(new)\n{step}{end}",
        tellings=(
            f"Put the numbers of @xs on a table. As long as there are two or more, take the two {which} away and put back {how}. Return {ask}.",
        ),
    )


@lesson
def break_point(g: Random) -> Draft:
    ask, one, two, kind = g.choice(
        [
            (
                "the index of the smallest element of @turned",
                "low, high = 0, len($turned) - 1\nwhile low < high:\n    mid = (low + high) // 2\n    if $turned[mid] > $turned[high]:\n        low = mid + 1\n    else:\n        high = mid\nreturn low",
                "return $turned.index(min($turned))",
                "int",
            ),
            (
                "how many places @turned must be rotated to the right to be ascending again, a number below its length,",
                "i = $turned.index(min($turned))\nreturn (len($turned) - i) % len($turned)",
                "turns = 0\nrest = list($turned)\nwhile rest != sorted(rest):\n    rest.insert(0, rest.pop())\n    turns += 1\nreturn turns",
                "int",
            ),
            (
                "the largest element of @turned",
                "for a, b in zip($turned, $turned[1:]):\n    if a > b:\n        return a\nreturn $turned[-1]",
                "return max($turned)",
                "int",
            ),
            (
                "a tuple of the two ascending parts of @turned as lists, the second one being empty if nothing was rotated",
                "for i in range(1, len($turned)):\n    if $turned[i - 1] > $turned[i]:\n        return ($turned[:i], $turned[i:])\nreturn ($turned, [])",
                "i = $turned.index(min($turned))\nreturn ($turned[:i], $turned[i:]) if i else ($turned[:], [])",
                "tuple[list[int], list[int]]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[rotated|turned|shifted]_[sorted|order|break]",
        "turned:turned",
        kind,
        f"{ask}, where @turned is a list of different numbers that was ascending before it was rotated",
        one,
        two,
        tellings=(
            f"The list @turned arose from an ascending list of different numbers: a part was cut off at the front and put behind the rest (perhaps nothing). Return {ask.rstrip(',')}.",
        ),
    )


@lesson
def guessing(g: Random) -> Draft:
    low = g.choice([0, 1, 1])
    high = g.choice([10, 16, 20, 31, 50, 100])
    mid, rule = g.choice([("(low + high) // 2", "down"), ("(low + high + 1) // 2", "up")])
    ask, end, kind = g.choice(
        [
            ("the list of guesses", "return guesses", "list[int]"),
            ("the number of guesses", "return len(guesses)", "int"),
            (
                "the guess before the last one, or None if the first guess is right,",
                "return guesses[-2] if len(guesses) > 1 else None",
                "int | None",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[guess|guesses|guessing_game]",
        "secret:ten",
        kind,
        f"{ask} made when the number @secret between {low} and {high} is guessed by always naming the middle of the numbers that are still possible, rounded {rule}, until it is named",
        f"low, high = {low}, {high}\nguesses = []\nwhile True:\n    mid = {mid}\n    guesses.append(mid)\n    if mid == $secret:\n        break\n    if mid < $secret:\n        low = mid + 1\n    else:\n        high = mid - 1\n{end}",
        f"low, high = {low}, {high}\nguesses = [{mid}]\nwhile guesses[-1] != $secret:\n    if guesses[-1] > $secret:\n        high = guesses[-1] - 1\n    else:\n        low = guesses[-1] + 1\n    guesses.append({mid})\n{end}",
        tellings=(
            f"Play the guessing game: somebody thinks of @secret, a number from {low} to {high}. The player names the middle of the range that is still open (low plus high, halved and rounded {rule}) and hears 'too small', 'too large' or 'right'. Return {ask.rstrip(',')}.",
        ),
    )
