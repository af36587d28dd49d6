"""Tables: dictionaries, sets and records. Counting, grouping, inverting, merging, nesting, looking up, comparing."""

from __future__ import annotations

from random import Random

from gemstead.train.curriculum import draft as d
from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.lessons import Lessons
from gemstead.train.curriculum.phrases import number_test, word_test

FRUIT = "apple pear plum fig kiwi nut".split()
NAMES = "Ann Bob Cid Dee Eva Flo".split()
TOWNS = "Oslo Rome Bern Lima".split()


def _stock(r: Random) -> object:
    return {name: r.randint(0, 12) for name in r.sample(FRUIT, r.randint(0, 5))}


def _votes(r: Random) -> object:
    few = r.sample(NAMES, r.randint(1, 3))
    return [r.choice(few) for _ in range(r.randint(0, 8))]


def _people(r: Random) -> object:
    return [{"name": r.choice(NAMES), "age": r.randint(5, 70)} for _ in range(r.randint(0, 3))]


def _sales(r: Random) -> object:
    return [(r.choice(FRUIT[:3]), r.randint(1, 9)) for _ in range(r.randint(0, 5))]


def _moves(r: Random) -> object:
    return [(r.choice(FRUIT[:3]), r.choice([-3, -2, -1, 1, 2, 4, 5])) for _ in range(r.randint(0, 5))]


def _nested(r: Random) -> object:
    return {
        t: {n: r.randint(1, 9) for n in r.sample(NAMES[:4], r.randint(0, 3))} for t in r.sample(TOWNS, r.randint(0, 3))
    }


def _series(r: Random) -> object:
    return {n: [r.randint(0, 10) for _ in range(r.randint(0, 4))] for n in r.sample(NAMES, r.randint(0, 3))}


def _teams(r: Random) -> object:
    return {n: r.choice(["red", "blue", "green"]) for n in r.sample(NAMES, r.randint(0, 5))}


def _links(r: Random) -> object:
    return {a: r.choice("abcdef") for a in r.sample("abcdef", r.randint(1, 5))}


class _Group(set):  # type: ignore[type-arg]
    """A set that is always spelled in the same order."""

    def __repr__(self) -> str:
        return "{" + ", ".join(map(repr, sorted(self))) + "}" if self else "set()"


def _members(r: Random) -> object:
    return {
        t: _Group(r.sample(NAMES[:5], r.randint(0, 3))) for t in r.sample(["chess", "choir", "yoga"], r.randint(0, 3))
    }


lesson = Lessons("tables", kinds={
    "stock": ("dict[str, int]", "a dictionary that maps articles to amounts", _stock),
    "votes": ("list[str]", "a list of names", _votes),
    "people": ("list[dict]", "a list of records, each a dictionary with the keys 'name' and 'age',", _people),
    "old": ("dict[str, int]", "a dictionary that maps articles to amounts", lambda r: {n: r.randint(1, 3) for n in r.sample(FRUIT[:4], r.randint(0, 4))}),
    "larder": ("dict[str, int]", "a dictionary that maps ingredients to amounts", lambda r: {n: r.randint(0, 12) for n in FRUIT[:4] if r.random() < 0.85}),
    "sentence": ("str", "a string of words separated by spaces", lambda r: " ".join(r.choice(["sun", "tea", "red", "dog", "sea"]) for _ in range(r.randint(0, 5)))),
    "words2": ("dict[str, str]", "a dictionary of words", lambda r: {a: b for a, b in [("sun", "sol"), ("tea", "thé"), ("red", "rojo"), ("dog", "hund"), ("sea", "mar")] if r.random() < 0.6}),
    "log": ("list[tuple[str, str]]", "a list of (name, action) tuples", lambda r: [(r.choice(NAMES[:3]), r.choice(["in", "in", "out"])) for _ in range(r.randint(0, 5))]),
    "defaults": ("dict[str, int]", "a dictionary of default values", lambda r: {n: r.randint(0, 5) for n in r.sample(["size", "speed", "level", "depth"], r.randint(1, 3))}),
    "chosen": ("dict[str, int | None]", "a dictionary of chosen values", lambda r: {n: r.choice([None, -1, r.randint(0, 5), r.randint(0, 5)]) for n in r.sample(["size", "speed", "level", "depth"], r.randint(0, 3))}),
    "near": ("dict[str, int]", "a dictionary that maps names to integers", lambda r: {w: len(w) + r.choice([0, 0, 0, -1, 1]) for w in [d.draw_word(r) for _ in range(r.randint(0, 3))]}),
    "sales": ("list[tuple[str, int]]", "a list of (article, amount) tuples", _sales),
    "moves": ("list[tuple[str, int]]", "a list of (article, change) tuples", _moves),
    "nested": ("dict[str, dict[str, int]]", "a dictionary that maps towns to dictionaries of names and points", _nested),
    "series": ("dict[str, list[int]]", "a dictionary that maps names to lists of marks", _series),
    "teams": ("dict[str, str]", "a dictionary that maps names to teams", _teams),
    "links": ("dict[str, str]", "a dictionary that maps letters to letters", _links),
    "members": ("dict[str, set[str]]", "a dictionary that maps clubs to sets of members", _members),
    "fruit": ("str", "an article", lambda r: r.choice(FRUIT)),
    "who": ("str", "a name", lambda r: r.choice(NAMES[:5])),
    "letter": ("str", "a letter", lambda r: r.choice("abcdef")),
    "set": ("set[int]", "a set of integers", lambda r: {r.randint(0, 9) for _ in range(r.randint(0, 6))}),
    "lim": ("int", "an integer", d.integer(0, 12)),
    "grid": ("list[list[str]]", "a list of rows, the first of which holds the column names,", lambda r: [["name", "town"], *[[r.choice([*NAMES, "Gustav", "Helena"]), r.choice([*TOWNS, "Lisbon"])] for _ in range(r.randint(0, 3))]]),
    "town": ("str", "a town", lambda r: r.choice(TOWNS[:3])),
    "book": ("dict[str, int]", "a dictionary that maps names to numbers", lambda r: {n: r.randint(10, 99) for n in r.sample(["Ann", "ann", "Anna", "Bo", "Bob", "Hanna", "BO", "Jon", "Joan"], r.randint(1, 5))}),
    "query": ("str", "what to search for", lambda r: r.choice(["Ann", "ann", "Bo", "an", "nn", "o", "BO", "Jo"])),
    "few9": ("list[int]", "a list of integers", lambda r: [r.randint(0, 5) for _ in range(r.randint(0, 8))]),
    "W3": ("list[str]", "a list of short strings", lambda r: [d.draw_word(r)[:3] for _ in range(r.randint(0, 4))]),
    "transfers": ("list[tuple[str, str, int]]", "a list of transfers", lambda r: [(*r.sample(["Ann", "Bob", "Cid"], 2), r.randint(1, 12)) for _ in range(r.randint(0, 4))]),
    "nested1": ("dict[str, dict[str, int]]", "a dictionary that maps towns to dictionaries of names and points", lambda r: {t: {n: r.randint(1, 9) for n in r.sample(NAMES[:3], r.randint(1, 2))} for t in r.sample(TOWNS[:3], r.randint(1, 3))}),
    "who3": ("str", "a name", lambda r: r.choice(NAMES[:3])),
})  # fmt: skip


@lesson
def vote_count(g: Random) -> Draft:
    k = g.randint(2, 3)
    head = "tally = {}\nfor name in $votes:\n    tally[name] = tally.get(name, 0) + 1\n"
    head2 = "tally = dict(Counter($votes))\n"
    ask, end, kind = g.choice([
        ("the name with the most votes, or None if there is a tie for the first place or no vote at all", "best = max(tally.values(), default=0)\nleaders = [n for n in tally if tally[n] == best]\nreturn leaders[0] if len(leaders) == 1 else None", "str | None"), (f"an alphabetical list of the names with at least {k} votes", f"return sorted(n for n, c in tally.items() if c >= {k})", "list[str]"), ("an alphabetical list of all names that share the highest number of votes", "best = max(tally.values(), default=0)\nreturn sorted(n for n in tally if tally[n] == best)", "list[str]"),
        ("the name that got more than half of all votes, or None if nobody did", "for n, c in tally.items():\n    if 2 * c > len($votes):\n        return n\nreturn None", "str | None"), ("a list of (name, votes) tuples, most votes first, names with equally many votes in alphabetical order", "return sorted(tally.items(), key=lambda p: (-p[1], p[0]))", "list[tuple[str, int]]"), ("how many votes lie between the first and the second place; with a tie that is 0, with a single candidate all the votes, without votes 0", "order = sorted(tally.values(), reverse=True) + [0, 0]\nreturn order[0] - order[1]", "int"),
        ("a dictionary that maps each name to its share of the votes in percent, rounded down", "return {n: 100 * c // len($votes) for n, c in tally.items()}", "dict[str, int]"), ("a dictionary that maps each number of votes to the alphabetical list of names that got so many", "groups = {}\nfor n in sorted(tally):\n    groups.setdefault(tally[n], []).append(n)\nreturn groups", "dict[int, list[str]]"), ("an alphabetical list of the names with exactly one vote", "return sorted(n for n in tally if tally[n] == 1)", "list[str]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[election|vote|ballot]_[result|count|report]",
        "votes:votes",
        kind,
        f"{ask}, where each element of @votes is a vote for that name",
        head + end,
        head2 + end,
        imports=("from collections import Counter",),
        tellings=(
            f"An election was held; every entry of @votes is the name on one ballot. Return {ask}.",
            f"Count how often each name occurs in @votes. Then return {ask}.",
            f"A class elects its speaker. The list @votes holds one name per vote. [Your task is to return|Return] {ask}.",
        ),
    )


@lesson
def grouped_by(g: Random) -> Draft:
    k = g.randint(3, 5)
    what, code, ktype = g.choice(
        [
            ("last letter (in lowercase)", "w[-1].lower()", "str"),
            ("first two characters", "w[:2]", "str"),
            (f"length if that is below {k}, and {k} otherwise,", f"min(len(w), {k})", "int"),
            ("number of different characters", "len(set(w))", "int"),
            (
                "kind, 'upper' if it is in uppercase and 'other' otherwise,",
                "'upper' if w.isupper() else 'other'",
                "str",
            ),
            ("parity of its length, 'even' or 'odd',", "'odd' if len(w) % 2 else 'even'", "str"),
            ("number of vowels among a, e, i, o, u", "sum(c in 'aeiou' for c in w)", "int"),
        ]
    )
    val, init, step, comp, vtype = g.choice(
        [
            (
                "the list of the strings with it",
                "[]",
                "groups[key].append(w)",
                "[w for w in $words if KEY == key]",
                "list[str]",
            ),
            ("how many strings have it", "0", "groups[key] += 1", "sum(1 for w in $words if KEY == key)", "int"),
            (
                "the total length of the strings with it",
                "0",
                "groups[key] += len(w)",
                "sum(len(w) for w in $words if KEY == key)",
                "int",
            ),
            (
                "the strings with it, joined by '+',",
                "''",
                "groups[key] += ('+' if groups[key] else '') + w",
                "'+'.join(w for w in $words if KEY == key)",
                "str",
            ),
            ("the first string with it", "w", "", "[w for w in $words if KEY == key][0]", "str"),
            ("the last string with it", "w", "groups[key] = w", "[w for w in $words if KEY == key][-1]", "str"),
            (
                "the longest string with it (the first of several)",
                "w",
                "if len(w) > len(groups[key]):\n        groups[key] = w",
                "max((w for w in $words if KEY == key), key=len)",
                "str",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[group|collect|bucket|index]_[words|by_feature|strings]",
        "words:W",
        f"dict[{ktype}, {vtype}]",
        f"a dictionary that maps each {what} that occurs among the strings in @words to {val}".rstrip(","),
        f"groups = {{}}\nfor w in $words:\n    key = {code}\n    if key not in groups:\n        groups[key] = {init}\n"
        + (f"    {step}\n" if step else "")
        + "return groups",
        f"keys = list(dict.fromkeys({code} for w in $words))\nreturn {{key: {comp.replace('KEY', '(' + code + ')')} for key in keys}}",
        tellings=(
            f"Sort the strings in @words into groups. Two strings belong together if they have the same {what.split(',')[0].rstrip(',')}. Return a dictionary from each {what} to {val}".rstrip(
                ","
            )
            + ".",
        ),
        notes=(
            "[Groups appear in the order of their first string.|The keys are in the order in which they first come up.]",
        ),
    )


@lesson
def stock_update(g: Random) -> Draft:
    rule, step, alt = g.choice([
        ("a change that would make an amount negative is ignored", "if amount >= 0:\n        result[name] = amount", "if amount < 0:\n        continue\n    result[name] = amount"), ("amounts never fall below 0: if a change would lead below, the amount becomes 0", "result[name] = max(amount, 0)", "if amount < 0:\n        amount = 0\n    result[name] = amount"),
        ("articles whose amount becomes 0 or less are removed", "if amount > 0:\n        result[name] = amount\n    else:\n        result.pop(name, None)", "result[name] = amount\n    if amount <= 0:\n        del result[name]"), ("negative amounts are allowed", "result[name] = amount", "result.update({name: amount})"),
    ])  # fmt: skip
    ask, end, kind = g.choice(
        [
            ("the stock", "return result", "dict[str, int]"),
            ("the total amount of all articles", "return sum(result.values())", "int"),
            (
                "an alphabetical list of the articles with an amount above 5",
                "return sorted(n for n in result if result[n] > 5)",
                "list[str]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[update|adjust|book]_[stock|inventory|store]",
        "stock:stock moves:moves",
        kind,
        f"{ask} after the changes in @moves have been applied to @stock in order; an unknown article starts at 0, and {rule}",
        f"result = dict($stock)\nfor name, change in $moves:\n    amount = result.get(name, 0) + change\n    {step}\n{end}",
        f"result = $stock.copy()\nfor move in $moves:\n    name, change = move\n    if name in result:\n        amount = result[name] + change\n    else:\n        amount = change\n    {alt}\n{end}",
        tellings=(
            f"A shop keeps its articles in the dictionary @stock. Goods come and go: each (article, change) tuple in @moves is added to the amount of the article, which counts as 0 if it is not yet known; {rule}. Return {ask} at the end, [without changing|and leave] @stock{g.choice([''])}".replace(
                "and leave @stock", "and leave @stock unchanged"
            )
            + ".",
        ),
    )


@lesson
def stock_facts(g: Random) -> Draft:
    k = g.randint(2, 6)
    test = number_test(g)
    c = test.code.format(x="v")
    ask, one, two, kind = g.choice([
        (f"a dictionary that maps each article whose amount in @stock is below {k} to how many are missing to {k}", f"return {{n: {k} - v for n, v in $stock.items() if v < {k}}}", f"result = {{}}\nfor n in $stock:\n    if $stock[n] < {k}:\n        result[n] = {k} - $stock[n]\nreturn result", "dict[str, int]"), ("True if no article in @stock has the amount 0", "return 0 not in $stock.values()", "return all($stock.values())", "bool"), ("a string like 'apple:3, fig:0' that lists the articles of @stock alphabetically with their amounts", "return ', '.join(f'{n}:{$stock[n]}' for n in sorted($stock))", "parts = []\nfor n, v in sorted($stock.items()):\n    parts.append(n + ':' + str(v))\nreturn ', '.join(parts)", "str"),
        (f"a tuple of two dictionaries: the entries of @stock with amounts {test.clause}, and all the other entries", f"yes = {{n: v for n, v in $stock.items() if {c}}}\nno = {{n: v for n, v in $stock.items() if n not in yes}}\nreturn (yes, no)", f"yes, no = {{}}, {{}}\nfor n, v in $stock.items():\n    if {c}:\n        yes[n] = v\n    else:\n        no[n] = v\nreturn (yes, no)", "tuple[dict[str, int], dict[str, int]]"), ("an alphabetical list of the articles in @stock whose amount is above the average amount", "return sorted(n for n, v in $stock.items() if v * len($stock) > sum($stock.values()))", "if not $stock:\n    return []\nmean = sum($stock.values()) / len($stock)\nabove = []\nfor n in sorted($stock):\n    if $stock[n] > mean:\n        above.append(n)\nreturn above", "list[str]"),
        (f"a copy of @stock in which amounts above {k} are lowered to {k}", f"return {{n: min(v, {k}) for n, v in $stock.items()}}", f"result = dict($stock)\nfor n in result:\n    if result[n] > {k}:\n        result[n] = {k}\nreturn result", "dict[str, int]"), ("the length of the longest article name in @stock whose amount is not 0, or 0 if there is none", "return max((len(n) for n, v in $stock.items() if v), default=0)", "best = 0\nfor n in $stock:\n    if $stock[n] != 0 and len(n) > best:\n        best = len(n)\nreturn best", "int"),
        (f"a dictionary with the {k // 2 + 1} largest entries of @stock, largest first; with equal amounts, the alphabetically smaller article comes first", f"order = sorted($stock.items(), key=lambda p: (-p[1], p[0]))\nreturn dict(order[:{k // 2 + 1}])", f"result = {{}}\nfor n in sorted($stock, key=lambda n: (-$stock[n], n)):\n    if len(result) < {k // 2 + 1}:\n        result[n] = $stock[n]\nreturn result", "dict[str, int]"), ("a dictionary that maps each amount in @stock to the alphabetical list of articles with that amount, in ascending order of the amounts", "result = {}\nfor v in sorted(set($stock.values())):\n    result[v] = sorted(n for n in $stock if $stock[n] == v)\nreturn result", "return {v: sorted(n for n, w in $stock.items() if w == v) for v in sorted(set($stock.values()))}", "dict[int, list[str]]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[stock|inventory|store|pantry]_[report|check|view]",
        "stock:stock",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"The dictionary @stock tells how many pieces of each article there are. Return {ask}.",
            f"A pantry is described by @stock (article: amount). [Return|Write a function that returns] {ask}.",
        ),
    )


@lesson
def shopping(g: Random) -> Draft:
    k = g.randint(1, 4)
    ask, one, two, kind = g.choice([
        (f"the total price of the purchases in @cart, each an (article, amount) tuple, with the unit prices in @stock; an article without a price costs {k} a piece", f"return sum($stock.get(n, {k}) * c for n, c in $cart)", f"total = 0\nfor n, c in $cart:\n    if n in $stock:\n        total += $stock[n] * c\n    else:\n        total += {k} * c\nreturn total", "int"), ("a list of the articles that occur in @cart but not in @stock, each once, in the order of @cart", "return list(dict.fromkeys(n for n, _ in $cart if n not in $stock))", "missing = []\nfor n, _ in $cart:\n    if n not in $stock and n not in missing:\n        missing.append(n)\nreturn missing", "list[str]"),
        ("True if @stock has enough of every article for all the (article, amount) tuples in @cart together", "need = {}\nfor n, c in $cart:\n    need[n] = need.get(n, 0) + c\nreturn all($stock.get(n, 0) >= c for n, c in need.items())", "left = dict($stock)\nfor n, c in $cart:\n    left[n] = left.get(n, 0) - c\nreturn all(v >= 0 for v in left.values()) or all(left[n] >= 0 for n, _ in $cart)", "bool"), ("a dictionary with the total amount of each article in @cart, leaving out articles that are not in @stock", "result = {}\nfor n, c in $cart:\n    if n in $stock:\n        result[n] = result.get(n, 0) + c\nreturn result", "return {n: sum(c for m, c in $cart if m == n) for n, _ in $cart if n in $stock}".replace("m, c", "other, c").replace("m == n", "other == n"), "dict[str, int]"),
        ("how many of the (article, amount) tuples in @cart can be served completely from @stock when they are served in order and each served tuple lowers the stock", "left = dict($stock)\nserved = 0\nfor n, c in $cart:\n    if left.get(n, 0) >= c:\n        left[n] -= c\n        served += 1\nreturn served", "left = $stock.copy()\nhits = []\nfor n, c in $cart:\n    if n in left and left[n] >= c:\n        left[n] = left[n] - c\n        hits.append(n)\nreturn len(hits)", "int"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[shopping|order|cart|checkout]_[check|total|result]",
        "stock:stock cart:sales",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"[At the checkout of a small shop|In a web shop], @stock maps articles to numbers and @cart is a list of (article, amount) tuples. Return {ask}.",
        ),
    )


@lesson
def sums_per_key(g: Random) -> Draft:
    what, init, step, comp = g.choice(
        [
            ("the sum of its amounts", "0", "result[name] += amount", "sum(v)"),
            ("its largest amount", "amount", "result[name] = max(result[name], amount)", "max(v)"),
            ("its smallest amount", "amount", "result[name] = min(result[name], amount)", "min(v)"),
            ("the list of its amounts", "[]", "result[name].append(amount)", "v"),
            ("the number of its entries", "0", "result[name] += 1", "len(v)"),
            ("its last amount", "amount", "result[name] = amount", "v[-1]"),
            ("the product of its amounts", "1", "result[name] *= amount", "math.prod(v)"),
            (
                "the sum of its even amounts",
                "0",
                "result[name] += amount if amount % 2 == 0 else 0",
                "sum(a for a in v if a % 2 == 0)",
            ),
        ]
    )
    low = g.randint(2, 4)
    cond, ctext = g.choice(
        [
            ("", ""),
            ("", ""),
            (f"amount >= {low}", f", where entries with an amount below {low} are ignored"),
            ("amount % 2 == 1", ", where only entries with an odd amount are considered"),
        ]
    )
    deep = "    " if cond else ""
    vtype = "list[int]" if what.startswith("the list") else "int"
    step_lines = f"    {deep}result.setdefault(name, {init})\n    {deep}{step}"
    return lesson.draft(
        g,
        "[per|for_each]_[article|name|key]",
        "sales:sales",
        f"dict[str, {vtype}]",
        f"a dictionary that maps each article in @sales to {what}{ctext}",
        "result = {}\nfor name, amount in $sales:\n"
        + (f"    if {cond}:\n" if cond else "")
        + step_lines
        + "\nreturn result",
        "lists = {}\nfor name, amount in $sales:\n"
        + (f"    if {cond}:\n    " if cond else "")
        + f"    lists.setdefault(name, []).append(amount)\nreturn {{n: {comp} for n, v in lists.items()}}",
        imports=("import math",),
        tellings=(
            f"The list @sales consists of (article, amount) tuples; articles can occur several times. Summarise it as a dictionary from each article to {what}{ctext}.",
            f"For each article that occurs in @sales, find {what}{ctext}. Return a dictionary, its keys in the order in which the articles first come up.",
        ),
    )


@lesson
def merged(g: Random) -> Draft:
    how, both, alt = g.choice(
        [
            ("the value of @a wins", "v", "result[key] = v"),
            ("the value of @b wins", "$b[key]", "result[key] = $b[key]"),
            ("the larger value is taken", "max(v, $b[key])", "result[key] = v if v > $b[key] else $b[key]"),
            ("the smaller value is taken", "min(v, $b[key])", "result[key] = v if v < $b[key] else $b[key]"),
            ("the value of @b is subtracted from that of @a", "v - $b[key]", "result[key] = v - $b[key]"),
            ("both values are multiplied", "v * $b[key]", "result[key] = v * $b[key]"),
            ("the key is left out", None, "pass"),
        ]
    )
    scope = g.choice(["all", "all", "both"]) if both else "all"
    if scope == "all":
        result = f"a dictionary with the keys of @a followed by the keys that only @b has; where both have a key, {how}"
        one = (
            "result = {}\nfor key, v in $a.items():\n    "
            + (
                "result[key] = " + (f"{both} if key in $b else v" if both != "v" else "v")
                if both
                else "if key not in $b:\n        result[key] = v"
            )
            + "\nfor key, w in $b.items():\n    if key not in $a:\n        result[key] = w\nreturn result"
        )
        two = f"result = {{}}\nfor key in list($a) + [p for p in $b if p not in $a]:\n    if key in $a and key in $b:\n        v = $a[key]\n        {alt}\n    elif key in $a:\n        result[key] = $a[key]\n    else:\n        result[key] = $b[key]\nreturn result"
    else:
        result = f"a dictionary with only the keys that both @a and @b have, in the order of @a, where {how}"
        one = f"return {{key: {both} for key, v in $a.items() if key in $b}}"
        two = f"result = {{}}\nfor key, v in $a.items():\n    if key in $b:\n        {alt}\nreturn result"
    return lesson.draft(
        g,
        "[merge|combine|unite|blend]_[tables|dicts|stocks]",
        "a:stock b:stock",
        "dict[str, int]",
        result,
        one,
        two,
        tellings=(
            f"Combine the dictionaries @a and @b into a new one: return {result}.",
            f"Two lists of articles are kept as @a and @b, and now they are put together. The result is {result}. [Neither argument is changed.|Leave both arguments as they are.]",
        ),
    )


@lesson
def compared(g: Random) -> Draft:
    ask, one, two, kind = g.choice([
        ("an alphabetical list of the keys whose values differ between @old and @new, only keys in both being considered", "return sorted(n for n in $old if n in $new and $old[n] != $new[n])", "changed = []\nfor n in sorted(set($old) & set($new)):\n    if $old[n] != $new[n]:\n        changed.append(n)\nreturn changed", "list[str]"), ("a tuple with the alphabetical lists of the keys that were added in @new and of those that were removed since @old", "return (sorted(set($new) - set($old)), sorted(set($old) - set($new)))", "added = sorted(n for n in $new if n not in $old)\nremoved = sorted(n for n in $old if n not in $new)\nreturn (added, removed)", "tuple[list[str], list[str]]"),
        ("a dictionary that maps each key of @old or @new to its change from old to new, missing values counting as 0, in alphabetical order and without changes of 0", "result = {}\nfor n in sorted(set($old) | set($new)):\n    change = $new.get(n, 0) - $old.get(n, 0)\n    if change != 0:\n        result[n] = change\nreturn result", "both = sorted({**$old, **$new})\nreturn {n: $new.get(n, 0) - $old.get(n, 0) for n in both if $new.get(n, 0) != $old.get(n, 0)}", "dict[str, int]"), ("True if every key of @old is also in @new with a value that is at least as large", "return all(n in $new and $new[n] >= v for n, v in $old.items())", "for n, v in $old.items():\n    if n not in $new or $new[n] < v:\n        return False\nreturn True", "bool"),
        ("the number of keys that @old and @new share with the same value", "return sum(1 for n, v in $old.items() if $new.get(n) == v)", "return len(set($old.items()) & set($new.items()))", "int"), ("a list of lines in alphabetical order of the keys: '+key' for a key that only @new has, '-key' for one that only @old has, '*key' for one with different values; unchanged keys are left out", "lines = []\nfor n in sorted({*$old, *$new}):\n    if n not in $old:\n        lines.append('+' + n)\n    elif n not in $new:\n        lines.append('-' + n)\n    elif $old[n] != $new[n]:\n        lines.append('*' + n)\nreturn lines", "def sign(n):\n    if n not in $old:\n        return '+'\n    return '*' if n in $new else '-'\n\nreturn [sign(n) + n for n in sorted({*$old, *$new}) if $old.get(n) != $new.get(n)]", "list[str]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[diff|compare|changes|audit]_[tables|between|stock]",
        "old:old new:old",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"Compare two dictionaries: @old is from yesterday, @new from today. Return {ask}.",
            f"The state of a store was recorded twice, as @old and as @new. Return {ask}.",
        ),
    )


@lesson
def people_records(g: Random) -> Draft:
    k = g.randint(18, 45)
    ask, one, two, kind = g.choice([
        (f"a list of the names of the people in @people who are {g.choice(['at least'])} {k} years old", f"return [p['name'] for p in $people if p['age'] >= {k}]", f"found = []\nfor p in $people:\n    if p['age'] >= {k}:\n        found.append(p['name'])\nreturn found", "list[str]"), ("the name of the oldest person in @people, the first one if there are several, or None if the list is empty", "if not $people:\n    return None\nreturn max($people, key=lambda p: p['age'])['name']", "best = None\nfor p in $people:\n    if best is None or p['age'] > best['age']:\n        best = p\nreturn best['name'] if best else None", "str | None"), (f"how many people in @people are younger than {k}", f"return sum(1 for p in $people if p['age'] < {k})", f"return len([p for p in $people if p['age'] < {k}])", "int"),
        ("the names in @people sorted by age, youngest first, people of equal age in alphabetical order", "return [p['name'] for p in sorted($people, key=lambda p: (p['age'], p['name']))]", "keys = sorted((p['age'], p['name']) for p in $people)\nreturn [name for _, name in keys]", "list[str]"), ("a dictionary that maps each name in @people to the list of the ages that occur with it", "result = {}\nfor p in $people:\n    result.setdefault(p['name'], []).append(p['age'])\nreturn result", "result = {p['name']: [] for p in $people}\nfor p in $people:\n    result[p['name']].append(p['age'])\nreturn result", "dict[str, list[int]]"),
        ("a list of copies of the records in @people with every age increased by 1", "return [{**p, 'age': p['age'] + 1} for p in $people]", "result = []\nfor p in $people:\n    older = dict(p)\n    older['age'] += 1\n    result.append(older)\nreturn result", "list[dict]"), (f"a list of copies of the records in @people with an additional key 'adult' that is True for an age of at least {k} and False otherwise", f"return [{{**p, 'adult': p['age'] >= {k}}} for p in $people]", f"result = []\nfor p in $people:\n    entry = p.copy()\n    entry['adult'] = p['age'] >= {k}\n    result.append(entry)\nreturn result", "list[dict]"),
        ("the difference between the largest and the smallest age in @people, or 0 if the list is empty", "ages = [p['age'] for p in $people]\nreturn max(ages) - min(ages) if ages else 0", "if not $people:\n    return 0\norder = sorted(p['age'] for p in $people)\nreturn order[-1] - order[0]", "int"), ("a list of the lines 'name is age', such as 'Ann is 30', for the records in @people", "return [f\"{p['name']} is {p['age']}\" for p in $people]", "lines = []\nfor p in $people:\n    lines.append(p['name'] + ' is ' + str(p['age']))\nreturn lines", "list[str]"), ("the records of @people without those whose name occurred in an earlier record", "seen = set()\nresult = []\nfor p in $people:\n    if p['name'] not in seen:\n        seen.add(p['name'])\n        result.append(p)\nreturn result", "return [p for i, p in enumerate($people) if p['name'] not in [q['name'] for q in $people[:i]]]", "list[dict]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[people|person|guests]_[report|list|summary]",
        "people:people",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"Each record in @people is a dictionary like {{'name': 'Ann', 'age': 30}}. Return {ask}.",
            f"You are given @people, a list of dictionaries with the keys 'name' and 'age'. [Your task is to return|Return] {ask}.",
        ),
    )


@lesson
def nested_points(g: Random) -> Draft:
    k = g.randint(4, 12)
    ask, one, two, kind = g.choice([
        ("a dictionary that maps each town in @points to the sum of its points", "return {town: sum(inner.values()) for town, inner in $points.items()}", "result = {}\nfor town in $points:\n    total = 0\n    for name in $points[town]:\n        total += $points[town][name]\n    result[town] = total\nreturn result", "dict[str, int]"), ("a dictionary that maps each name to the sum of its points over all towns in @points", "result = {}\nfor inner in $points.values():\n    for name, v in inner.items():\n        result[name] = result.get(name, 0) + v\nreturn result", "flat = [(name, v) for inner in $points.values() for name, v in inner.items()]\nreturn {name: sum(v for other, v in flat if other == name) for name, _ in flat}", "dict[str, int]"), ("@points turned inside out: a dictionary that maps each name to a dictionary of towns and points", "result = {}\nfor town, inner in $points.items():\n    for name, v in inner.items():\n        result.setdefault(name, {})[town] = v\nreturn result", "result = {name: {} for inner in $points.values() for name in inner}\nfor town in $points:\n    for name in $points[town]:\n        result[name][town] = $points[town][name]\nreturn result", "dict[str, dict[str, int]]"),
        ("a list of (town, name, points) tuples, one for each entry in @points, in the order of the dictionary", "return [(town, name, v) for town, inner in $points.items() for name, v in inner.items()]", "rows = []\nfor town, inner in $points.items():\n    for name in inner:\n        rows.append((town, name, inner[name]))\nreturn rows", "list[tuple[str, str, int]]"), ("a dictionary with keys like 'town/name' and the points from @points as values", "return {f'{town}/{name}': v for town, inner in $points.items() for name, v in inner.items()}", "flat = {}\nfor town, inner in $points.items():\n    for name, v in inner.items():\n        flat[town + '/' + name] = v\nreturn flat", "dict[str, int]"), ("a dictionary that maps each town in @points to its name with the most points (the first one if there are several), or to None if the town has no names", "return {town: max(inner, key=inner.get, default=None) for town, inner in $points.items()}", "result = {}\nfor town, inner in $points.items():\n    best = None\n    for name, v in inner.items():\n        if best is None or v > inner[best]:\n            best = name\n    result[town] = best\nreturn result", "dict[str, str | None]"),
        (f"an alphabetical list of the towns in @points whose points add up to more than {k}", f"return sorted(town for town, inner in $points.items() if sum(inner.values()) > {k})", f"found = []\nfor town in sorted($points):\n    if sum($points[town].values()) > {k}:\n        found.append(town)\nreturn found", "list[str]"), ("an alphabetical list of the names that occur in every town of @points; without towns it is empty", "groups = [set(inner) for inner in $points.values()]\nreturn sorted(set.intersection(*groups)) if groups else []", "names = sorted({name for inner in $points.values() for name in inner})\nreturn [name for name in names if all(name in inner for inner in $points.values())]", "list[str]"), ("a copy of @points without the towns that have no names", "return {town: dict(inner) for town, inner in $points.items() if inner}", "result = {}\nfor town, inner in $points.items():\n    if len(inner) > 0:\n        result[town] = inner\nreturn result", "dict[str, dict[str, int]]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[town|nested|club]_[points|table|report]",
        "points:nested",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"The dictionary @points has a dictionary for each town, which maps names to points, like {{'Oslo': {{'Ann': 3}}}}. Return {ask}.",
            f"A league stores its results in @points: first the town, then the name, then the number of points. [Return|Compute] {ask}.",
        ),
    )


@lesson
def nested_lookup(g: Random) -> Draft:
    default = g.choice(["0", "-1", "None"])
    kind = "int | None" if default == "None" else "int"
    ask, one, two, sig = g.choice([
        (f"the number of points that @who has in the town @town according to @points, or {default} if the town or the name is unknown", f"return $points.get($town, {{}}).get($who, {default})", f"if $town not in $points:\n    return {default}\ninner = $points[$town]\nif $who not in inner:\n    return {default}\nreturn inner[$who]", "points:nested1 town:town who:who3"), (f"the largest number of points that @who has in any town of @points, or {default} if the name occurs nowhere", f"return max((inner[$who] for inner in $points.values() if $who in inner), default={default})", f"found = []\nfor inner in $points.values():\n    if $who in inner:\n        found.append(inner[$who])\nreturn max(found) if found else {default}", "points:nested1 who:who3"), (f"the points of @who in the first town of @points where the name occurs, or {default} if it occurs nowhere", f"for inner in $points.values():\n    if $who in inner:\n        return inner[$who]\nreturn {default}", f"return next((inner[$who] for inner in $points.values() if $who in inner), {default})", "points:nested1 who:who3"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[points_of|look_up|fetch]_[person|entry|score]",
        sig,
        kind,
        ask,
        one,
        two,
        tellings=(
            f"Look something up in a dictionary of dictionaries: @points maps towns to dictionaries of names and points. Return {ask}.",
        ),
    )


@lesson
def mark_lists(g: Random) -> Draft:
    k = g.randint(3, 8)
    what, code, alt, vtype = g.choice(
        [
            ("the mean of the marks, rounded to one decimal,", "round(sum(v) / len(v), 1)", "", "float"),
            ("the best (largest) mark", "max(v)", "sorted(v)[-1]", "int"),
            ("the worst (smallest) mark", "min(v)", "sorted(v)[0]", "int"),
            ("the last mark", "v[-1]", "v[len(v) - 1]", "int"),
            (
                f"the number of marks of at least {k}",
                f"sum(1 for mark in v if mark >= {k})",
                f"len([mark for mark in v if mark >= {k}])",
                "int",
            ),
            ("the sum of the marks without one smallest mark", "sum(v) - min(v)", "sum(sorted(v)[1:])", "int"),
            ("the difference between the last and the first mark", "v[-1] - v[0]", "v[len(v) - 1] - v[0]", "int"),
            (
                f"True if all marks are at least {k // 2}, else False",
                f"min(v) >= {k // 2}",
                f"all(mark >= {k // 2} for mark in v)",
                "bool",
            ),
        ]
    )
    alt = alt or code
    empty, val = g.choice(
        [
            ("people without marks are left out", None),
            ("people without marks get None", "None"),
            ("people without marks get 0", "0"),
        ]
    )
    comp = (
        f"{{n: {code} for n, v in $marks.items() if v}}"
        if val is None
        else f"{{n: {code} if v else {val} for n, v in $marks.items()}}"
    )
    loop = (
        f"result = {{}}\nfor n, v in $marks.items():\n    if v:\n        result[n] = {alt}\n"
        + (f"    else:\n        result[n] = {val}\n" if val else "")
        + "return result"
    )
    return lesson.draft(
        g,
        "[marks|grades|report]_[of_each|summary|overview]",
        "marks:series",
        f"dict[str, {vtype}{' | None' if val == 'None' else ''}]",
        f"a dictionary that maps each name in @marks to {what.rstrip(',')}; {empty}",
        f"return {comp}",
        loop,
        tellings=(
            f"A teacher keeps the marks of the class in @marks, a dictionary from names to lists. For each name, find {what.rstrip(',')}. Return the results as a dictionary; {empty}.",
            f"Turn every list of marks in the dictionary @marks into one value: {what.rstrip(',')}. The names stay the keys, but {empty}.",
        ),
    )


@lesson
def team_lists(g: Random) -> Draft:
    color = g.choice(["red", "blue", "green"])
    ask, one, two, kind, sig = g.choice([
        ("a dictionary that maps each team in @teams to the alphabetical list of its members, the teams in alphabetical order", "result = {}\nfor name in sorted($teams):\n    result.setdefault($teams[name], []).append(name)\nreturn dict(sorted(result.items()))", "colors = sorted(set($teams.values()))\nreturn {c: sorted(n for n in $teams if $teams[n] == c) for c in colors}", "dict[str, list[str]]", ""), (f"an alphabetical list of the names in @teams that belong to the team '{color}'", f"return sorted(n for n, team in $teams.items() if team == '{color}')", f"found = []\nfor n in $teams:\n    if $teams[n] == '{color}':\n        found.append(n)\nfound.sort()\nreturn found", "list[str]", ""), ("the size of the largest team in @teams, or 0 if there are no members", "colors = list($teams.values())\nreturn max((colors.count(c) for c in colors), default=0)", "sizes = {}\nfor team in $teams.values():\n    sizes[team] = sizes.get(team, 0) + 1\nreturn max(sizes.values()) if sizes else 0", "int", ""),
        (f"a copy of @teams in which everybody from the team '{color}' has moved to the team 'white'", f"return {{n: 'white' if team == '{color}' else team for n, team in $teams.items()}}", f"result = dict($teams)\nfor n in result:\n    if result[n] == '{color}':\n        result[n] = 'white'\nreturn result", "dict[str, str]", ""), ("an alphabetical list of the other members of the team of @who, or an empty list if @who has no team in @teams", "if $who not in $teams:\n    return []\nreturn sorted(n for n in $teams if n != $who and $teams[n] == $teams[$who])", "mates = []\nfor n in sorted($teams):\n    if $who in $teams and n != $who and $teams[n] == $teams[$who]:\n        mates.append(n)\nreturn mates", "list[str]", " who:who"), ("an alphabetical list of the names in @teams that are alone in their team", "colors = list($teams.values())\nreturn sorted(n for n, team in $teams.items() if colors.count(team) == 1)", "alone = []\nfor n in sorted($teams):\n    if not any($teams[p] == $teams[n] for p in $teams if p != n):\n        alone.append(n)\nreturn alone", "list[str]", ""),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[team|squad]_[list|members|info]",
        "teams:teams" + sig,
        kind,
        ask,
        one,
        two,
        tellings=(f"The dictionary @teams tells for each person the colour of the team they play in. Return {ask}.",),
    )


@lesson
def inversion(g: Random) -> Draft:
    ask, one, two, kind = g.choice([
        ("a dictionary that maps each value of @teams to the first key that has it", "result = {}\nfor n, team in $teams.items():\n    if team not in result:\n        result[team] = n\nreturn result", "result = {}\nfor n, team in $teams.items():\n    result.setdefault(team, n)\nreturn result", "dict[str, str]"), ("a dictionary that maps each value of @teams to the number of keys that have it", "result = {}\nfor team in $teams.values():\n    result[team] = result.get(team, 0) + 1\nreturn result", "return dict(Counter($teams.values()))", "dict[str, int]"), ("the inverse of @teams, that is, a dictionary from values to keys, without the values that several keys share", "values = list($teams.values())\nreturn {team: n for n, team in $teams.items() if values.count(team) == 1}", "result, doubled = {}, set()\nfor n, team in $teams.items():\n    if team in result:\n        doubled.add(team)\n    result[team] = n\nreturn {team: n for team, n in result.items() if team not in doubled}", "dict[str, str]"), ("True if @teams can be inverted without loss, that is, if no two keys have the same value", "return len(set($teams.values())) == len($teams)", "seen = []\nfor team in $teams.values():\n    if team in seen:\n        return False\n    seen.append(team)\nreturn True", "bool"), ("a dictionary that maps each value of @teams to a string of its keys in alphabetical order, joined by '&'", "result = {}\nfor n in sorted($teams):\n    team = $teams[n]\n    result[team] = result[team] + '&' + n if team in result else n\nreturn result", "groups = {}\nfor n, team in sorted($teams.items()):\n    groups.setdefault(team, []).append(n)\nreturn {team: '&'.join(names) for team, names in groups.items()}", "dict[str, str]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[invert|reverse|flip]_[table|mapping|lookup]",
        "teams:teams",
        kind,
        ask,
        one,
        two,
        imports=("from collections import Counter",),
        tellings=(
            f"[Turn a dictionary around|Look at a dictionary from the side of its values]: given @teams, return {ask}.",
            f"In @teams, several keys may have the same value. Return {ask}.",
        ),
    )


@lesson
def follow_links(g: Random) -> Draft:
    ask, one, two, kind = g.choice([
        ("the list of letters that one passes when starting at @start and always going on to the letter that @links gives for the current one, until there is no entry or a letter would come a second time", "path = [$start]\nwhile path[-1] in $links and $links[path[-1]] not in path:\n    path.append($links[path[-1]])\nreturn path", "path = []\ncurrent = $start\nwhile current is not None and current not in path:\n    path.append(current)\n    current = $links.get(current)\nreturn path", "list[str]"), ("how many different letters one passes, @start included, when one starts at @start and follows the entries of @links until there is no entry or one is back at a letter seen before", "seen = {$start}\ncurrent = $start\nwhile current in $links and $links[current] not in seen:\n    current = $links[current]\n    seen.add(current)\nreturn len(seen)", "def walk(letter, seen):\n    if letter is None or letter in seen:\n        return len(seen)\n    return walk($links.get(letter), seen + [letter])\n\nreturn walk($start, [])", "int"),
        ("True if one gets into an endless loop when one starts at @start and follows the entries of @links", "seen = set()\ncurrent = $start\nwhile current in $links:\n    if current in seen:\n        return True\n    seen.add(current)\n    current = $links[current]\nreturn False", "current = $start\nfor _ in range(len($links) + 1):\n    if current not in $links:\n        return False\n    current = $links[current]\nreturn True", "bool"), ("the letter at which one ends when one starts at @start and follows the entries of @links until there is no entry any more, or None if that never happens", "current = $start\nfor _ in range(len($links) + 1):\n    if current not in $links:\n        return current\n    current = $links[current]\nreturn None", "seen = []\ncurrent = $start\nwhile current in $links:\n    if current in seen:\n        return None\n    seen.append(current)\n    current = $links[current]\nreturn current", "str | None"),
        ("an alphabetical list of the letters whose entry in @links is @start", "return sorted(p for p, q in $links.items() if q == $start)", "sources = []\nfor p in $links:\n    if $links[p] == $start:\n        sources.append(p)\nreturn sorted(sources)", "list[str]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[follow|trace|chain]_[links|path|letters]",
        "links:links start:letter",
        kind,
        ask,
        one,
        two,
        tellings=(f"Think of @links as signposts: the sign at letter p points to letter @links[p]. Return {ask}.",),
    )


@lesson
def club_sets(g: Random) -> Draft:
    ask, one, two, kind, sig = g.choice([
        ("an alphabetical list of the clubs in @clubs that @who belongs to", "return sorted(club for club in $clubs if $who in $clubs[club])", "found = []\nfor club, people in $clubs.items():\n    if $who in people:\n        found.append(club)\nreturn sorted(found)", "list[str]", " who:who"), ("an alphabetical list of the people who are in more than one of the @clubs", "everyone = sorted(set().union(*$clubs.values()))\nreturn [p for p in everyone if sum(p in people for people in $clubs.values()) > 1]", "once, twice = set(), set()\nfor people in $clubs.values():\n    twice |= once & people\n    once |= people\nreturn sorted(twice)", "list[str]", ""), ("the number of different people in all @clubs together", "return len(set().union(*$clubs.values()))", "everyone = set()\nfor people in $clubs.values():\n    everyone |= people\nreturn len(everyone)", "int", ""),
        ("a dictionary that maps each person in @clubs, in alphabetical order, to how many clubs the person is in", "result = {}\nfor people in $clubs.values():\n    for p in people:\n        result[p] = result.get(p, 0) + 1\nreturn dict(sorted(result.items()))", "everyone = sorted({p for people in $clubs.values() for p in people})\nreturn {p: sum(1 for people in $clubs.values() if p in people) for p in everyone}", "dict[str, int]", ""), ("an alphabetical list of the people who share at least one of the @clubs with @who, @who not included", "mates = set()\nfor people in $clubs.values():\n    if $who in people:\n        mates |= people\nreturn sorted(mates - {$who})", "return sorted({p for people in $clubs.values() if $who in people for p in people if p != $who})", "list[str]", " who:who"), ("a dictionary that maps each club in @clubs to the alphabetical list of those members who are in no other club", "result = {}\nfor club in $clubs:\n    others_ = set().union(*[$clubs[c] for c in $clubs if c != club])\n    result[club] = sorted($clubs[club] - others_)\nreturn result", "places = [p for people in $clubs.values() for p in people]\nreturn {club: sorted(p for p in people if places.count(p) == 1) for club, people in $clubs.items()}", "dict[str, list[str]]", ""),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[club|membership]_[list|check|overview]",
        "clubs:members" + sig,
        kind,
        ask,
        one,
        two,
        tellings=(
            f"The dictionary @clubs maps the name of each club to the set of its members. Return {ask}.",
            f"In a small town, people are members of several clubs; @clubs holds a set of names for each of them. Return {ask}.",
        ),
    )


@lesson
def set_algebra(g: Random) -> Draft:
    what, code, alt = g.choice(
        [
            (
                "the numbers that are in @left or in @right, but not in @ban",
                "($left | $right) - $ban",
                "{x for x in [*$left, *$right] if x not in $ban}",
            ),
            (
                "the numbers that are in @left and @right, but not in @ban",
                "($left & $right) - $ban",
                "{x for x in $left if x in $right and x not in $ban}",
            ),
            (
                "the numbers that are in at least two of the three sets @left, @right and @ban",
                "($left & $right) | ($left & $ban) | ($right & $ban)",
                "{x for x in $left | $right | $ban if (x in $left) + (x in $right) + (x in $ban) >= 2}",
            ),
            (
                "the numbers that are in exactly one of the three sets @left, @right and @ban",
                "{x for x in $left | $right | $ban if [x in $left, x in $right, x in $ban].count(True) == 1}",
                "($left - $right - $ban) | ($right - $left - $ban) | ($ban - $left - $right)",
            ),
            (
                "the numbers from 0 to 9 that are in none of the three sets @left, @right and @ban",
                "set(range(10)) - $left - $right - $ban",
                "{x for x in range(10) if not (x in $left or x in $right or x in $ban)}",
            ),
            (
                "the numbers that are in @ban but in neither @left nor @right",
                "$ban - ($left | $right)",
                "{x for x in $ban if x not in $left and x not in $right}",
            ),
            (
                "the numbers of @left that are in exactly one of @right and @ban",
                "$left & ($right ^ $ban)",
                "{x for x in $left if (x in $right) != (x in $ban)}",
            ),
        ]
    )
    ask, wrap, kind = g.choice(
        [
            ("a sorted list of {}", "sorted({})", "list[int]"),
            ("the sum of {}", "sum({})", "int"),
            ("how many numbers there are among {}", "len({})", "int"),
            ("the largest of {}, or None if there are none", "max({}, default=None)", "int | None"),
        ]
    )
    return lesson.draft(
        g,
        "[set_work|three_sets|set_mix|venn]",
        "left:set right:set ban:set",
        kind,
        ask.format(what),
        f"chosen = {code}\nreturn {wrap.format('chosen')}",
        f"return {wrap.format(alt)}",
        tellings=(
            f"There are three sets of numbers, @left, @right and @ban. Find {what}, and return {ask.format('them')}.",
            f"Draw three circles for the sets @left, @right and @ban. [We are interested in|The region in question holds] {what}. Return {ask.format('these numbers')}.",
        ),
    )


@lesson
def set_relations(g: Random) -> Draft:
    ask, one, two, kind = g.choice([
        ("the word 'equal' if @left and @right have the same elements, 'subset' if all elements of @left are in @right, 'superset' if it is the other way round, 'disjoint' if they have nothing in common, and 'overlap' otherwise; the first fitting word counts", "if $left == $right:\n    return 'equal'\nif $left < $right:\n    return 'subset'\nif $left > $right:\n    return 'superset'\nreturn 'overlap' if $left & $right else 'disjoint'", "only_left = [x for x in $left if x not in $right]\nonly_right = [x for x in $right if x not in $left]\nif not only_left:\n    return 'subset' if only_right else 'equal'\nif not only_right:\n    return 'superset'\nreturn 'disjoint' if $left.isdisjoint($right) else 'overlap'", "str"), ("a tuple with the number of elements only in @left, in both, and only in @right", "return (len($left - $right), len($left & $right), len($right - $left))", "both = [x for x in $left if x in $right]\nreturn (len($left) - len(both), len(both), len($right) - len(both))", "tuple[int, int, int]"), ("the size of the intersection of @left and @right divided by the size of their union, rounded to two decimals, or 1.0 if both are empty", "if not $left and not $right:\n    return 1.0\nreturn round(len($left & $right) / len($left | $right), 2)", "union = $left | $right\nshared = [x for x in union if x in $left and x in $right]\nreturn round(len(shared) / len(union), 2) if union else 1.0", "float"), ("True if @left and @right have an element in common that is even", "return any(x % 2 == 0 for x in $left & $right)", "for x in $left:\n    if x in $right and x % 2 == 0:\n        return True\nreturn False", "bool"), ("how many elements must be added to or removed from @left to make it equal to @right", "return len($left ^ $right)", "return len($left - $right) + len($right - $left)", "int"), ("True if the smallest elements of the non-empty sets @left and @right are equal, and False if they differ or a set is empty", "return bool($left and $right) and min($left) == min($right)", "if not $left or not $right:\n    return False\nreturn sorted($left)[0] == sorted($right)[0]", "bool"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[relate|compare|judge]_sets",
        "left:set right:set",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"Compare the sets @left and @right. Return {ask}.",
            f"You are given two sets of integers, @left and @right. [Determine and return|Return] {ask}.",
        ),
    )


@lesson
def rename_and_pick(g: Random) -> Draft:
    ktext, kcode = g.choice(
        [
            ("written in uppercase", "n.upper()"),
            ("reversed", "n[::-1]"),
            ("preceded by 'my_'", "'my_' + n"),
            ("shortened to three characters", "n[:3]"),
            ("unchanged", "n"),
            ("capitalised", "n.capitalize()"),
        ]
    )
    k = g.randint(2, 9)
    vtext, vcode, vtype = g.choice(
        [
            ("turned into strings", "str(v)", "str"),
            (f"increased by {k}", f"v + {k}", "int"),
            ("replaced by True if they are above 5, and by False otherwise,", "v > 5", "bool"),
            (f"multiplied by {k}", f"v * {k}", "int"),
            ("replaced by tuples of the value and its square", "(v, v * v)", "tuple[int, int]"),
            ("replaced by that many '*' characters", "'*' * v", "str"),
        ]
    )
    cond, ctext = g.choice(
        [
            ("v > 0", "with a value above 0"),
            ("len(n) == 4", "with a key of four letters"),
            ("v % 2 == 0", "with an even value"),
            ("len(n) > v", "whose key has more letters than the value says"),
            ("True", ""),
        ]
    )
    filt = "" if cond == "True" else f" if {cond}"
    return lesson.draft(
        g,
        "[rename|rework|convert|transform]_[keys|entries|table]",
        "stock:stock",
        f"dict[str, {vtype}]",
        f"a new dictionary with the entries of @stock{' ' + ctext if ctext else ''}, the keys being {ktext} and the values {vtext}".rstrip(
            ","
        ),
        f"return {{{kcode}: {vcode} for n, v in $stock.items(){filt}}}",
        "result = {}\nfor n, v in $stock.items():\n"
        + (f"    if {cond}:\n        result[{kcode}] = {vcode}\n" if filt else f"    result[{kcode}] = {vcode}\n")
        + "return result",
        tellings=(
            f"Build a new dictionary from @stock: {'use only the entries ' + ctext if ctext else 'use all entries'}; keys are {ktext}, values are {vtext.rstrip(',')}. Keep the order of the entries.",
        ),
    )


@lesson
def entry_questions(g: Random) -> Draft:
    test, wtest = number_test(g), word_test(g)
    quant, fn, flip = g.choice(
        [("every entry of @d has", "all", "False"), ("at least one entry of @d has", "any", "True")]
    )
    part, code = g.choice(
        [
            ("a value that belongs to the numbers " + test.clause, test.code.format(x="v")),
            ("a key that belongs to the words " + wtest.clause, wtest.code.format(x="w")),
            ("a value that is smaller than the length of its key", "v < len(w)"),
            ("a value that equals the length of its key", "v == len(w)"),
            ("a key that is longer than its value is large", "len(w) > v"),
        ]
    )
    cond = code if fn == "any" else f"not ({code})"
    return lesson.draft(
        g,
        f"[check|test]_{fn}_[entry|entries]",
        "d:near" if "len" in code else "d:D",
        "bool",
        f"True if {quant} {part}",
        f"return {fn}({code} for w, v in $d.items())",
        f"for w, v in $d.items():\n    if {cond}:\n        return {flip}\nreturn {'False' if flip == 'True' else 'True'}",
        tellings=(
            f"Look at the entries of the dictionary @d, each a key and a value. Return True if {quant} {part}, and False otherwise.",
        ),
        notes=(
            f"[For an empty dictionary, the result is {'True' if fn == 'all' else 'False'}.|An empty dictionary gives {'True' if fn == 'all' else 'False'}.]",
        ),
    )


@lesson
def rows_and_records(g: Random) -> Draft:
    ask, one, two, kind = g.choice([
        ("a list of dictionaries, one for each row of @rows after the first one, with the names in the first row as keys", "head, *body = $rows\nreturn [dict(zip(head, row)) for row in body]", "result = []\nfor row in $rows[1:]:\n    entry = {}\n    for key, cell in zip($rows[0], row):\n        entry[key] = cell\n    result.append(entry)\nreturn result", "list[dict[str, str]]"), ("a dictionary that maps each column name in the first row of @rows to the list of the cells below it", "head, *body = $rows\nreturn {key: [row[i] for row in body] for i, key in enumerate(head)}", "result = {}\nfor i in range(len($rows[0])):\n    result[$rows[0][i]] = [row[i] for row in $rows[1:]]\nreturn result", "dict[str, list[str]]"), ("a dictionary that maps each town in the second column of @rows (without the first row) to the number of rows with it", "result = {}\nfor _, town in $rows[1:]:\n    result[town] = result.get(town, 0) + 1\nreturn result", "towns = [row[1] for row in $rows[1:]]\nreturn {town: towns.count(town) for town in towns}", "dict[str, int]"), ("the rows of @rows as strings with the cells joined by ';', in one list", "return [';'.join(row) for row in $rows]", "lines = []\nfor row in $rows:\n    lines.append(row[0] + ';' + row[1])\nreturn lines", "list[str]"), ("a copy of @rows in which the first row stays at the top and the other rows are sorted by their first cell and, where that is equal, by their second one", "return [$rows[0]] + sorted($rows[1:])", "head, *body = $rows\nbody.sort(key=lambda row: (row[0], row[1]))\nreturn [head, *body]", "list[list[str]]"), ("a list of the widths of the columns of @rows, that is, the length of the longest cell of each, the first row included", "return [max(len(cell) for cell in column) for column in zip(*$rows)]", "widths = [0] * len($rows[0])\nfor row in $rows:\n    for i, cell in enumerate(row):\n        widths[i] = max(widths[i], len(cell))\nreturn widths", "list[int]"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[rows|sheet|csv]_[to_records|view|work]",
        "rows:grid",
        kind,
        ask,
        one,
        two,
        tellings=(
            f"A spreadsheet was read into @rows: the first row contains the column names ('name' and 'town'), the others contain the data. Return {ask}.",
        ),
    )


@lesson
def phone_book(g: Random) -> Draft:
    rule, same = g.choice(
        [
            ("as a whole key, ignoring case", "n.lower() == $query.lower()"),
            ("as a whole key, with the same upper and lower case", "n == $query"),
            ("as the beginning of a key, ignoring case", "n.lower().startswith($query.lower())"),
            ("as a part of a key", "$query in n"),
            ("as the end of a key", "n.endswith($query)"),
        ]
    )
    ask, one, two, kind = g.choice([
        ("an alphabetical list of the keys that match", "return sorted(n for n in $book if TEST)", "found = []\nfor n in sorted($book):\n    if TEST:\n        found.append(n)\nreturn found", "list[str]"), ("the value of the first key that matches, or -1 if there is none", "for n, v in $book.items():\n    if TEST:\n        return v\nreturn -1", "return next((v for n, v in $book.items() if TEST), -1)", "int"), ("a copy of the dictionary without the entries that match", "return {n: v for n, v in $book.items() if not (TEST)}", "result = dict($book)\nfor n in $book:\n    if TEST:\n        del result[n]\nreturn result", "dict[str, int]"), ("the sum of the values of all keys that match", "return sum(v for n, v in $book.items() if TEST)", "total = 0\nfor n, v in $book.items():\n    if TEST:\n        total += v\nreturn total", "int"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[phone_book|search_book|find_in_book|directory]",
        "book:book query:query",
        kind,
        f"{ask}, when @query is looked up in the keys of @book {rule}",
        one.replace("TEST", same),
        two.replace("TEST", same),
        tellings=(
            f"A phone book @book maps names to numbers. Somebody types @query; a name matches if @query is found {rule.replace('whole key', 'whole name').replace('a key', 'a name')}. Return {ask.replace('keys', 'names').replace('key', 'name')}.",
        ),
    )


@lesson
def counts_of_things(g: Random) -> Draft:
    k = g.randint(2, 3)
    what, src, ktype, sig = g.choice(
        [
            ("digit in the numbers of @xs (signs ignored)", "(c for v in $xs for c in str(abs(v)))", "str", "xs:L"),
            (
                "difference between two neighbours in @xs (later minus earlier)",
                "(b - a for a, b in zip($xs, $xs[1:]))",
                "int",
                "xs:few9",
            ),
            (f"remainder modulo {k + 1} of the elements of @xs", f"(v % {k + 1} for v in $xs)", "int", "xs:L"),
            ("word length in @words", "(len(w) for w in $words)", "int", "words:W"),
            (
                "letter in the strings of @words (ignoring case)",
                "(c for w in $words for c in w.lower() if c.isalpha())",
                "str",
                "words:W3",
            ),
            (
                "pair of neighbouring letters in the strings of @words",
                "(w[i:i + 2] for w in $words for i in range(len(w) - 1))",
                "str",
                "words:W3",
            ),
        ]
    )
    ask, end, kind = g.choice(
        [
            (
                "a dictionary that maps each {} to how often it occurs, in ascending order of the keys",
                "return dict(sorted(tally.items()))",
                f"dict[{ktype}, int]",
            ),
            (
                f"a sorted list of every {{}} that occurs at least {k} times",
                f"return sorted(p for p in tally if tally[p] >= {k})",
                f"list[{ktype}]",
            ),
            (
                "the most frequent {}, the smallest one if several are equally frequent, or None if there is none",
                "return min(tally, key=lambda p: (-tally[p], p), default=None)",
                f"{ktype} | None",
            ),
            (
                "how often the most frequent {} occurs, or 0 if there is none",
                "return max(tally.values(), default=0)",
                "int",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[tally|frequency|occurrences|census]",
        sig,
        kind,
        ask.format(what),
        f"tally = {{}}\nfor p in {src}:\n    tally[p] = tally.get(p, 0) + 1\n{end}",
        f"tally = Counter({src})\n{end}",
        imports=("from collections import Counter",),
        tellings=(
            f"[Make a tally|Keep a tally]: count each {what}. Then return {ask.format(what.split(' in ')[0].split(' of the')[0])}.",
        ),
    )


@lesson
def index_table(g: Random) -> Draft:
    base = g.choice([0, 1])
    start = "" if base == 0 else ", 1"
    what, code, sig, kt = g.choice(
        [
            ("value in @xs", "$xs", "xs:few9", "int"),
            ("string in @words", "$words", "words:W3", "str"),
            ("first letter of the strings in @words", "[w[0] for w in $words]", "words:W", "str"),
            ("character of @s", "$s", "s:w", "str"),
            ("sign (-1, 0 or 1) of the elements of @xs", "[(v > 0) - (v < 0) for v in $xs]", "xs:L", "int"),
        ]
    )
    val, step, comp, vt = g.choice(
        [
            ("the first position at which it occurs", "result.setdefault(key, i)", "p[0]", "int"),
            ("the last position at which it occurs", "result[key] = i", "p[-1]", "int"),
            (
                "a tuple of its first and its last position",
                "result[key] = (result[key][0] if key in result else i, i)",
                "(p[0], p[-1])",
                "tuple[int, int]",
            ),
            ("the distance between its first and its last position", None, "p[-1] - p[0]", "int"),
            ("the sum of its positions", "result[key] = result.get(key, 0) + i", "sum(p)", "int"),
        ]
    )
    two = f"places = {{}}\nfor i, key in enumerate({code}{start}):\n    places.setdefault(key, []).append(i)\nreturn {{key: {comp} for key, p in places.items()}}"
    one = f"result = {{}}\nfor i, key in enumerate({code}{start}):\n    {step}\nreturn result" if step else two
    return lesson.draft(
        g,
        "[position|index|place]_[table|map|lookup]",
        sig,
        f"dict[{kt}, {vt}]",
        f"a dictionary that maps each {what} to {val}, positions being counted from {base}",
        one,
        two,
        tellings=(
            f"Make an index: for each {what}, note {val}. Positions start at {base}. Return the index as a dictionary in order of first occurrence.",
            f"Return a dictionary. It has one key for each different {what}; the value of a key is {val}, where counting begins with {base}.",
        ),
    )


@lesson
def cheapest_offers(g: Random) -> Draft:
    big, op, fn = g.choice([("lowest", "<", "min"), ("highest", ">", "max")])
    ask, one, two, kind = g.choice([
        (f"a dictionary that maps each article in @a or @b, in alphabetical order, to the {big} number it has in either of them", f"return {{n: {fn}(t[n] for t in ($a, $b) if n in t) for n in sorted({{*$a, *$b}})}}", f"result = {{}}\nfor n in sorted([*$a, *$b]):\n    for t in ($a, $b):\n        if n in t and (n not in result or t[n] {op} result[n]):\n            result[n] = t[n]\nreturn result", "dict[str, int]"), (f"an alphabetical list of the articles for which @a has a strictly {'lower' if fn == 'min' else 'higher'} number than @b, only articles in both being considered", f"return sorted(n for n in $a if n in $b and $a[n] {op} $b[n])", f"wins = []\nfor n in sorted($a):\n    if n in $b:\n        if $a[n] {op} $b[n]:\n            wins.append(n)\nreturn wins", "list[str]"), (f"the article with the {big} number in @a that is not in @b, the alphabetically first one if there are several, or None if there is no such article", f"rest = sorted(n for n in $a if n not in $b)\nreturn {fn}(rest, key=lambda n: $a[n], default=None)", f"best = None\nfor n in sorted($a):\n    if n not in $b and (best is None or $a[n] {op} $a[best]):\n        best = n\nreturn best", "str | None"),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[offer|price]_[comparison|check|winner]",
        "a:stock b:stock",
        kind,
        ask,
        one,
        two,
        tellings=(f"Two shops publish their prices as the dictionaries @a and @b (article: number). Return {ask}.",),
    )


@lesson
def bank_accounts(g: Random) -> Draft:
    start, fee = g.randint(5, 12), g.choice([0, 0, 1])
    ftext = "" if not fee else f", and the sender also pays a fee of {fee}"
    ask, end, kind = g.choice(
        [
            (
                "the balances of all accounts that occur, as a dictionary in alphabetical order,",
                "return dict(sorted(balance.items()))",
                "dict[str, int]",
            ),
            ("the number of transfers that were refused", "return refused", "int"),
            (
                "the name with the largest balance, alphabetically the first one if there are several, or None if there are no transfers,",
                "return min(balance, key=lambda n: (-balance[n], n), default=None)",
                "str | None",
            ),
        ]
    )
    cost = f"amount + {fee}" if fee else "amount"
    return lesson.draft(
        g,
        "[bank|accounts|transfers]_[run|book|result]",
        "transfers:transfers",
        kind,
        f"{ask} after the @transfers (sender, receiver, amount) have been made in order, where every account starts with {start}, and a transfer is refused if the sender does not have enough{ftext}",
        f"balance = {{}}\nrefused = 0\nfor sender, receiver, amount in $transfers:\n    balance.setdefault(sender, {start})\n    balance.setdefault(receiver, {start})\n    if balance[sender] < {cost}:\n        refused += 1\n        continue\n    balance[sender] -= {cost}\n    balance[receiver] += amount\n{end}",
        f"balance = {{n: {start} for entry in $transfers for n in entry[:2]}}\nrefused = 0\nfor sender, receiver, amount in $transfers:\n    cost = {cost}\n    if balance[sender] >= cost:\n        balance[sender] -= cost\n        balance[receiver] += amount\n    else:\n        refused += 1\n{end}",
        tellings=(
            f"A small bank books the @transfers in order; each one is a tuple (sender, receiver, amount). Every account that occurs has {start} coins in the beginning. If the sender has enough, the amount moves from the sender to the receiver{ftext}; otherwise the transfer is refused and nothing happens. Return {ask.rstrip(',')} at the end.".replace(
                "refused at the end", "refused"
            ),
        ),
    )


@lesson
def recipe_portions(g: Random) -> Draft:
    ask, one, two, kind, sig = g.choice([
        ("how many times the recipe @need can be made from @stock, where ingredients that are not in stock count as 0 and those needed 0 times do not matter; 0 if nothing is needed", "times = [$stock.get(n, 0) // v for n, v in $need.items() if v > 0]\nreturn min(times, default=0)", "best = None\nfor n, v in $need.items():\n    if v == 0:\n        continue\n    fits = $stock.get(n, 0) // v\n    if best is None or fits < best:\n        best = fits\nreturn best or 0", "int", ""),
        ("a dictionary of what must be bought so that the recipe @need can be made @portions times from @stock; ingredients of which there is enough are left out", "result = {}\nfor n, v in $need.items():\n    missing = v * $portions - $stock.get(n, 0)\n    if missing > 0:\n        result[n] = missing\nreturn result", "lacking = {n: v * $portions - $stock.get(n, 0) for n, v in $need.items()}\nreturn {n: v for n, v in lacking.items() if v > 0}", "dict[str, int]", " portions:small"),
        ("the stock that is left after the recipe @need was made once from @stock, or None if an ingredient does not suffice", "for n, v in $need.items():\n    if $stock.get(n, 0) < v:\n        return None\nreturn {n: v - $need.get(n, 0) for n, v in $stock.items()}", "left = dict($stock)\nfor n, v in $need.items():\n    if v > left.get(n, 0):\n        return None\n    if n in left:\n        left[n] -= v\nreturn left", "dict[str, int] | None", ""),
        ("a sorted list of the ingredients of the recipe @need of which @stock has less than needed", "return sorted(n for n, v in $need.items() if $stock.get(n, 0) < v)", "short = []\nfor n in sorted($need):\n    if n not in $stock and $need[n] > 0:\n        short.append(n)\n    elif n in $stock and $stock[n] < $need[n]:\n        short.append(n)\nreturn short", "list[str]", ""),
    ])  # fmt: skip
    return lesson.draft(
        g,
        "[recipe|kitchen|cooking]_[plan|check|supplies]",
        "stock:larder need:old" + sig,
        kind,
        ask,
        one,
        two,
        tellings=(
            f"A cook has the ingredients in @stock (name: amount); the recipe @need has the same form. Return {ask}.",
        ),
    )


@lesson
def translated(g: Random) -> Draft:
    unknown, code, alt = g.choice(
        [
            ("words without an entry stay as they are", "$dictionary.get(w, w)", "w"),
            ("words without an entry are replaced by '?'", "$dictionary.get(w, '?')", "'?'"),
            ("words without an entry are put in uppercase", "$dictionary.get(w, w.upper())", "w.upper()"),
            ("words without an entry are left out", None, None),
        ]
    )
    ask, wrap, kind = g.choice(
        [
            ("a list of the translations of the words in @sentence", "RESULT", "list[str]"),
            ("the translation of @sentence, its words joined by single spaces", "' '.join(RESULT)", "str"),
        ]
    )
    comp = (
        f"[{code} for w in $sentence.split()]"
        if code
        else "[$dictionary[w] for w in $sentence.split() if w in $dictionary]"
    )
    loop = (
        "result = []\nfor w in $sentence.split():\n    if w in $dictionary:\n        result.append($dictionary[w])\n"
        + (f"    else:\n        result.append({alt})\n" if alt else "")
        + "return "
        + wrap.replace("RESULT", "result")
    )
    return lesson.draft(
        g,
        "[translate|replace_words|word_by_word|lookup_words]",
        "sentence:sentence dictionary:words2",
        kind,
        f"{ask}, word by word with the help of @dictionary; {unknown}",
        "return " + wrap.replace("RESULT", comp),
        loop,
        tellings=(
            f"Translate word by word: split @sentence at spaces and look up each word in @dictionary; {unknown}. Return {ask}.",
            f"A traveller carries a small @dictionary. For each word of @sentence the translation is looked up; {unknown}. Return {ask}.",
        ),
    )


@lesson
def visits(g: Random) -> Draft:
    ask, end, kind = g.choice(
        [
            ("a sorted list of the people who are inside at the end", "return sorted(inside)", "list[str]"),
            ("the largest number of people who were inside at the same time", "return most", "int"),
            ("the number of entries that make no sense", "return errors", "int"),
            (
                "a dictionary with how often each person came in, in alphabetical order",
                "return dict(sorted(times.items()))",
                "dict[str, int]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[visits|door|log_book]_[check|report|result]",
        "log:log",
        kind,
        f"{ask}, after all entries of @log, tuples (name, 'in') or (name, 'out'), have been processed; coming in when one is inside already, or going out when one is not inside, makes no sense and is ignored",
        f"inside = set()\ntimes = {{}}\nmost = errors = 0\nfor name, action in $log:\n    if (action == 'in') == (name in inside):\n        errors += 1\n    elif action == 'in':\n        inside.add(name)\n        times[name] = times.get(name, 0) + 1\n        most = max(most, len(inside))\n    else:\n        inside.remove(name)\n{end}",
        f"inside = []\ntimes = {{}}\nmost, errors = 0, 0\nfor name, action in $log:\n    if action == 'in' and name not in inside:\n        inside.append(name)\n        times.setdefault(name, 0)\n        times[name] += 1\n    elif action == 'out' and name in inside:\n        inside.remove(name)\n    else:\n        errors += 1\n    most = max(most, len(inside))\n{end}",
        tellings=(
            f"A door keeps a log: each entry of @log is a tuple with a name and the word 'in' or 'out'. The building is empty at first. Entries that make no sense ('in' for somebody who is inside, 'out' for somebody who is not) are ignored. Return {ask}.",
        ),
    )


@lesson
def settings(g: Random) -> Draft:
    rule, cond = g.choice(
        [
            ("values that are None do not count as given", "v is not None"),
            ("keys that the defaults do not have are ignored", "key in $defaults"),
            (
                "keys that the defaults do not have, as well as values that are None, are ignored",
                "key in $defaults and v is not None",
            ),
            ("negative values and None are ignored", "v is not None and v >= 0"),
        ]
    )
    ask, end, kind = g.choice(
        [
            (
                "the complete settings: a copy of @defaults overwritten by the values given in @chosen",
                "return result",
                "dict[str, int | None]" if "None" not in rule else "dict[str, int]",
            ),
            (
                "a sorted list of the keys whose value differs from @defaults, or is new, after the values given in @chosen have been applied to a copy of it",
                "return sorted(key for key in result if key not in $defaults or result[key] != $defaults[key])",
                "list[str]",
            ),
            (
                "the number of entries that the settings have when the values given in @chosen are applied to a copy of @defaults",
                "return len(result)",
                "int",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[settings|options|config|preferences]",
        "defaults:defaults chosen:chosen",
        kind,
        f"{ask}, where {rule}",
        f"result = dict($defaults)\nfor key, v in $chosen.items():\n    if {cond}:\n        result[key] = v\n{end}",
        f"result = {{**$defaults, **{{key: v for key, v in $chosen.items() if {cond}}}}}\n{end}",
        tellings=(
            f"A program has @defaults and the values that a user has @chosen, both dictionaries. The user's values take precedence, but {rule}. Return {ask}.".replace(
                "that a user has @chosen", "that a user has set, @chosen"
            ),
        ),
    )
