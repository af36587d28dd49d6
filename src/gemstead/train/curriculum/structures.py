"""Two lists, positions, dictionaries, sets, matrices: one recipe each, with tests and constants drawn."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.phrases import number_change, number_test, word_test
from gemstead.train.curriculum.recipes import recipe as r


def sequences(g: Random) -> Draft:
    """Order, positions, neighbours, and two lists at once."""
    t = "sequences"
    k = g.randint(2, 5)
    test = number_test(g)
    x_test, a_test = test.code.format(x="x"), test.code.format(x="a")
    op, done = g.choice([("+", "sums"), ("*", "products"), ("-", "differences")])
    recipes: list[Callable[[], Draft]] = [
        lambda: r(g, t, f"pairwise_{done}", "xs:L ys:L", "list[int]", f"a list of the {done} of the elements of @xs and @ys at the same positions, up to the shorter length",
                  f"return [a {op} b for a, b in zip($xs, $ys)]",
                  f"result = []\nfor i in range(min(len($xs), len($ys))):\n    result.append($xs[i] {op} $ys[i])\nreturn result"),
        lambda: r(g, t, f"neighbour_{done}", "xs:L", "list[int]", f"a list of the {done} of each element of @xs and the one after it",
                  f"return [$xs[i] {op} $xs[i + 1] for i in range(len($xs) - 1)]",
                  f"return [a {op} b for a, b in zip($xs, $xs[1:])]"),
        lambda: r(g, t, "dot", "xs:L ys:L", "int", "the sum of the products of the elements of @xs and @ys at the same positions",
                  "return sum(a * b for a, b in zip($xs, $ys))", "total = 0\nfor a, b in zip($xs, $ys):\n    total += a * b\nreturn total"),
        lambda: r(g, t, "in_both", "xs:L ys:L", "list[int]", "a sorted list of the distinct elements that are in both @xs and @ys", "return sorted(set($xs) & set($ys))"),
        lambda: r(g, t, "in_first_only", "xs:L ys:L", "list[int]", "a list of the elements of @xs that are not in @ys, in their original order",
                  "return [x for x in $xs if x not in $ys]", "result = []\nfor x in $xs:\n    if x not in $ys:\n        result.append(x)\nreturn result"),
        lambda: r(g, t, "in_one", "xs:L ys:L", "list[int]", "a sorted list of the distinct elements that are in exactly one of @xs and @ys", "return sorted(set($xs) ^ set($ys))"),
        lambda: r(g, t, "weave", "xs:L ys:L", "list[int]", "a list that takes elements from @xs and @ys in turn, starting with @xs, until one of them has run out",
                  "result = []\nfor a, b in zip($xs, $ys):\n    result.append(a)\n    result.append(b)\nreturn result",
                  "return [v for pair in zip($xs, $ys) for v in pair]"),
        lambda: r(g, t, "merged", "xs:L ys:L", "list[int]", "one sorted list with all elements of @xs and @ys", "return sorted($xs + $ys)"),
        lambda: r(g, t, "matches", "xs:L ys:L", "int", "the number of positions at which @xs and @ys hold the same value",
                  "return sum(a == b for a, b in zip($xs, $ys))", "count = 0\nfor a, b in zip($xs, $ys):\n    if a == b:\n        count += 1\nreturn count"),
        lambda: r(g, t, "every_other", "xs:L", "list[int]", f"a list of every {k}th element of @xs, starting with the first".replace("2th", "second").replace("3th", "third"), f"return $xs[::{k}]",
                  f"return [$xs[i] for i in range(0, len($xs), {k})]"),
        lambda: r(g, t, "even_places", "xs:L", "int", "the sum of the elements of @xs at even indices", "return sum($xs[::2])",
                  "total = 0\nfor i, x in enumerate($xs):\n    if i % 2 == 0:\n        total += x\nreturn total"),
        lambda: r(g, t, f"odd_places_{test.tag}", "xs:L", "list[int]", f"a list of the elements of @xs at odd indices {test.clause}",
                  f"return [x for x in $xs[1::2] if {x_test}]",
                  f"result = []\nfor i, x in enumerate($xs):\n    if i % 2 == 1 and ({x_test}):\n        result.append(x)\nreturn result"),
        lambda: r(g, t, f"indices_{test.tag}", "xs:L", "list[int]", f"a list of the indices of the elements of @xs {test.clause}",
                  f"return [i for i, x in enumerate($xs) if {x_test}]",
                  f"result = []\nfor i, x in enumerate($xs):\n    if {x_test}:\n        result.append(i)\nreturn result"),
        lambda: r(g, t, f"first_index_{test.tag}", "xs:L", "int", f"the index of the first element of @xs among those {test.clause}, or -1 if there is none",
                  f"for i, x in enumerate($xs):\n    if {x_test}:\n        return i\nreturn -1"),
        lambda: r(g, t, f"split_{test.tag}", "xs:L", "tuple[list[int], list[int]]", f"a tuple of two lists: the elements of @xs {test.clause}, and all the others",
                  f"yes = [x for x in $xs if {x_test}]\nno = [x for x in $xs if not ({x_test})]\nreturn (yes, no)",
                  f"yes, no = [], []\nfor x in $xs:\n    if {x_test}:\n        yes.append(x)\n    else:\n        no.append(x)\nreturn (yes, no)"),
        lambda: r(g, t, f"count_both_{test.tag}", "xs:L", "tuple[int, int]", f"a tuple with how many elements of @xs there are {test.clause}, and how many other ones",
                  f"count = sum(1 for x in $xs if {x_test})\nreturn (count, len($xs) - count)"),
        lambda: r(g, t, f"replace_{test.tag}", "xs:L", "list[int]", f"a copy of @xs in which the elements {test.clause} are replaced by 0",
                  f"return [0 if {x_test} else x for x in $xs]",
                  f"result = []\nfor x in $xs:\n    if {x_test}:\n        result.append(0)\n    else:\n        result.append(x)\nreturn result"),
        lambda: (lambda change: r(g, t, f"change_{test.tag}", "xs:L", "list[int]", f"a copy of @xs in which the elements {test.clause} are replaced by {change.phrase.format('themselves').replace('the squares of themselves', 'their squares')}",
                  f"return [{change.code.format(x='x')} if {x_test} else x for x in $xs]"))(number_change(g)),
        lambda: r(g, t, f"until_{test.tag}", "xs:L", "list[int]", f"the elements of @xs before the first of those {test.clause}",
                  f"result = []\nfor x in $xs:\n    if {x_test}:\n        break\n    result.append(x)\nreturn result"),
        lambda: r(g, t, f"pairs_{test.tag}", "xs:L", "int", f"the number of pairs of different positions in @xs that hold the same value among those {test.clause}",
                  f"count = 0\nfor i, a in enumerate($xs):\n    for b in $xs[i + 1:]:\n        if a == b and ({a_test}):\n            count += 1\nreturn count"),
        lambda: r(g, t, "rotated", "xs:L", "list[int]", f"@xs rotated to the left by {k} positions", f"if not $xs:\n    return []\nshift = {k} % len($xs)\nreturn $xs[shift:] + $xs[:shift]"),
        lambda: r(g, t, "largest_few", "xs:L", "list[int]", f"the {k} largest elements of @xs in descending order; all of them if there are fewer", f"return sorted($xs, reverse=True)[:{k}]"),
        lambda: r(g, t, "largest_n", "xs:L k:small", "list[int]", "the @k smallest elements of @xs in ascending order", "return sorted($xs)[:$k]"),
        lambda: r(g, t, "second_biggest", "xs:L", "int | None", "the second largest distinct value in @xs, or None if there is none",
                  "distinct = sorted(set($xs))\nif len(distinct) < 2:\n    return None\nreturn distinct[-2]"),
        lambda: r(g, t, "grouped", "xs:L", "list[list[int]]", f"@xs cut into lists of {k} elements; the last one may be shorter",
                  f"return [$xs[i:i + {k}] for i in range(0, len($xs), {k})]"),
        lambda: r(g, t, "peaks", "xs:L", "list[int]", "a list of the elements of @xs that are greater than both of their neighbours",
                  "return [$xs[i] for i in range(1, len($xs) - 1) if $xs[i - 1] < $xs[i] > $xs[i + 1]]",
                  "result = []\nfor i in range(1, len($xs) - 1):\n    if $xs[i] > $xs[i - 1] and $xs[i] > $xs[i + 1]:\n        result.append($xs[i])\nreturn result"),
        lambda: r(g, t, "in_order", "xs:L", "bool", "True if the elements of @xs are in ascending order, equal neighbours allowed",
                  "return all(a <= b for a, b in zip($xs, $xs[1:]))", "for i in range(len($xs) - 1):\n    if $xs[i] > $xs[i + 1]:\n        return False\nreturn True"),
        lambda: r(g, t, "repeated_values", "xs:L", "list[int]", "a sorted list of the values that occur more than once in @xs",
                  "return sorted({x for x in $xs if $xs.count(x) > 1})",
                  "seen, repeated = set(), set()\nfor x in $xs:\n    if x in seen:\n        repeated.add(x)\n    seen.add(x)\nreturn sorted(repeated)"),
        lambda: r(g, t, "once_values", "xs:L", "list[int]", "a list of the values that occur exactly once in @xs", "return [x for x in $xs if $xs.count(x) == 1]"),
        lambda: r(g, t, "sort_by_key", "words:W", "list[str]", f"@words sorted by {(key := g.choice([('their last letter', 'w[-1]'), ('length, ties in alphabetical order', '(len(w), w)'), ('their lowercase form', 'w.lower()'), ('descending length', '-len(w)')]))[0]}",
                  f"return sorted($words, key=lambda w: {key[1]})"),
        lambda: r(g, t, "sort_numbers_by", "xs:L", "list[int]", f"@xs sorted by {(key := g.choice([('absolute value', 'abs(x)'), ('last digit', 'abs(x) % 10'), ('distance from ' + str(k), 'abs(x - ' + str(k) + ')'), ('even numbers first, otherwise by value', '(x % 2, x)'), ('number of digits', 'len(str(abs(x)))')]))[0]}",
                  f"return sorted($xs, key=lambda x: {key[1]})"),
        lambda: r(g, t, "with_index", "xs:L", "list[int]", "a list in which each element of @xs is multiplied by its index", "return [i * x for i, x in enumerate($xs)]"),
        lambda: r(g, t, "pair_sum", "xs:L n:int", "bool", "True if two elements of @xs at different positions add up to @n",
                  "for i in range(len($xs)):\n    for j in range(i + 1, len($xs)):\n        if $xs[i] + $xs[j] == $n:\n            return True\nreturn False",
                  "seen = set()\nfor x in $xs:\n    if $n - x in seen:\n        return True\n    seen.add(x)\nreturn False"),
        lambda: r(g, t, "window_best", "xs:P", "int", f"the largest sum of {k} neighbouring elements of @xs, or 0 if it has fewer than {k}",
                  f"if len($xs) < {k}:\n    return 0\nreturn max(sum($xs[i:i + {k}]) for i in range(len($xs) - {k - 1}))"),
        lambda: r(g, t, "closest", "xs:L1 n:int", "int", "the element of @xs closest to @n; the first one if there are several", "return min($xs, key=lambda x: abs(x - $n))",
                  "best = $xs[0]\nfor x in $xs:\n    if abs(x - $n) < abs(best - $n):\n        best = x\nreturn best"),
    ]  # fmt: skip
    return g.choice(recipes)()


def mappings(g: Random) -> Draft:
    """Dictionaries and sets: filter, invert, merge, group, look up."""
    t = "mappings"
    test, wtest = number_test(g), word_test(g)
    v_test, w_test = test.code.format(x="v"), wtest.code.format(x="w")
    k = g.randint(2, 9)
    recipes: list[Callable[[], Draft]] = [
        lambda: r(g, t, f"keep_{test.tag}", "d:D", "dict[str, int]", f"a dictionary with those entries of @d that have values {test.clause}",
                  f"return {{k: v for k, v in $d.items() if {v_test}}}", f"result = {{}}\nfor k, v in $d.items():\n    if {v_test}:\n        result[k] = v\nreturn result"),
        lambda: r(g, t, f"names_{test.tag}", "d:D", "list[str]", f"a sorted list of the keys of @d with values {test.clause}",
                  f"return sorted(k for k, v in $d.items() if {v_test})", f"names = []\nfor k, v in $d.items():\n    if {v_test}:\n        names.append(k)\nreturn sorted(names)"),
        lambda: r(g, t, f"total_{test.tag}", "d:D", "int", f"the sum of the values in @d {test.clause}",
                  f"return sum(v for v in $d.values() if {v_test})", f"total = 0\nfor v in $d.values():\n    if {v_test}:\n        total += v\nreturn total"),
        lambda: r(g, t, "best_key", "d:D", "str | None", "the key of @d with the largest value, or None if @d is empty",
                  "if not $d:\n    return None\nreturn max($d, key=$d.get)", "return max($d, key=lambda name: $d[name], default=None)"),
        lambda: r(g, t, "keys_by_value", "d:D", "list[str]", "the keys of @d sorted by their values, smallest first", "return sorted($d, key=$d.get)",
                  "return [k for k, _ in sorted($d.items(), key=lambda item: item[1])]"),
        lambda: r(g, t, "scaled_values", "d:D", "dict[str, int]", f"a copy of @d with every value multiplied by {k}", f"return {{key: value * {k} for key, value in $d.items()}}"),
        lambda: r(g, t, "inverted", "labels:T", "dict[str, str]", "a dictionary in which the keys and values of @labels have changed places", "return {v: k for k, v in $labels.items()}"),
        lambda: r(g, t, "merged_sums", "a:D b:D", "dict[str, int]", "a dictionary with all keys of @a and @b; where both have a key, its values are added",
                  "result = dict($a)\nfor k, v in $b.items():\n    result[k] = result.get(k, 0) + v\nreturn result",
                  "return {k: $a.get(k, 0) + $b.get(k, 0) for k in [*$a, *(x for x in $b if x not in $a)]}"),
        lambda: r(g, t, "common_keys", "a:D b:D", "list[str]", "a sorted list of the keys that @a and @b have in common", "return sorted(set($a) & set($b))"),
        lambda: r(g, t, "lookup_all", "d:D words:W", "list[int]", f"the value in @d for each of @words, and {k} for those that are not in it", f"return [$d.get(w, {k}) for w in $words]"),
        lambda: r(g, t, "group_by_length", "words:W", "dict[int, list[str]]", "a dictionary that maps each length to the list of the strings in @words of that length",
                  "groups = {}\nfor w in $words:\n    groups.setdefault(len(w), []).append(w)\nreturn groups",
                  "groups = {}\nfor w in $words:\n    if len(w) not in groups:\n        groups[len(w)] = []\n    groups[len(w)].append(w)\nreturn groups"),
        lambda: r(g, t, "group_by_first", "words:W", "dict[str, int]", "a dictionary that counts how many of @words begin with each letter",
                  "counts = {}\nfor w in $words:\n    counts[w[0]] = counts.get(w[0], 0) + 1\nreturn counts"),
        lambda: r(g, t, "group_by_rest", "xs:L", "dict[int, list[int]]", f"a dictionary that maps each remainder modulo {k} to the list of the elements of @xs with that remainder",
                  f"groups = {{}}\nfor x in $xs:\n    groups.setdefault(x % {k}, []).append(x)\nreturn groups"),
        lambda: r(g, t, f"lengths_{wtest.tag}", "words:W", "dict[str, int]", f"a dictionary that maps each of the strings in @words {wtest.clause} to its length",
                  f"return {{w: len(w) for w in $words if {w_test}}}", f"result = {{}}\nfor w in $words:\n    if {w_test}:\n        result[w] = len(w)\nreturn result"),
        lambda: r(g, t, "positions_of", "words:W", "dict[str, list[int]]", "a dictionary that maps each string in @words to the list of positions where it occurs",
                  "result = {}\nfor i, w in enumerate($words):\n    result.setdefault(w, []).append(i)\nreturn result"),
        lambda: r(g, t, "paired", "words:W xs:L", "dict[str, int]", "a dictionary that maps the strings in @words to the numbers in @xs at the same positions", "return dict(zip($words, $xs))"),
        lambda: r(g, t, "most_common_value", "xs:L", "int | None", "the value that occurs most often in @xs, the smallest one if there are several, or None for an empty list",
                  "if not $xs:\n    return None\nreturn max(sorted(set($xs)), key=$xs.count)",
                  "counts = {}\nfor x in $xs:\n    counts[x] = counts.get(x, 0) + 1\nbest = None\nfor x in sorted(counts):\n    if best is None or counts[x] > counts[best]:\n        best = x\nreturn best"),
        lambda: r(g, t, "value_counts", "d:D", "int", "the number of different values in @d", "return len(set($d.values()))"),
    ]  # fmt: skip
    return g.choice(recipes)()


def matrices(g: Random) -> Draft:
    """Matrices as lists of rows."""
    t = "matrices"
    test = number_test(g)
    v_test = test.code.format(x="v")
    k = g.randint(2, 9)
    recipes: list[Callable[[], Draft]] = [
        lambda: r(g, t, f"cells_{test.tag}", "grid:M", "int", f"the number of elements of the matrix @grid {test.clause}",
                  f"return sum(1 for row in $grid for v in row if {v_test})", f"count = 0\nfor row in $grid:\n    for v in row:\n        if {v_test}:\n            count += 1\nreturn count"),
        lambda: r(g, t, f"flat_{test.tag}", "grid:M", "list[int]", f"a flat list of the elements of @grid {test.clause}, row by row",
                  f"return [v for row in $grid for v in row if {v_test}]", f"result = []\nfor row in $grid:\n    for v in row:\n        if {v_test}:\n            result.append(v)\nreturn result"),
        lambda: r(g, t, "row_totals", "grid:M", "list[int]", "a list of the sums of the rows of @grid", "return [sum(row) for row in $grid]"),
        lambda: r(g, t, "row_peaks", "grid:M", "list[int]", f"a list of the {(f := g.choice([('largest', 'max'), ('smallest', 'min')]))[0]} elements of the rows of @grid", f"return [{f[1]}(row) for row in $grid]"),
        lambda: r(g, t, "column_totals", "grid:M", "list[int]", "a list of the sums of the columns of @grid", "return [sum(column) for column in zip(*$grid)]",
                  "return [sum(row[j] for row in $grid) for j in range(len($grid[0]))]"),
        lambda: r(g, t, "turned", "grid:M", "list[list[int]]", "the transpose of @grid, in which rows and columns have changed places", "return [list(column) for column in zip(*$grid)]",
                  "return [[row[j] for row in $grid] for j in range(len($grid[0]))]"),
        lambda: r(g, t, "diagonal", "grid:Q", "list[int]", "the elements on the main diagonal of @grid", "return [$grid[i][i] for i in range(len($grid))]"),
        lambda: r(g, t, "anti_diagonal_total", "grid:Q", "int", "the sum of the elements on the diagonal of @grid from top right to bottom left",
                  "return sum($grid[i][len($grid) - 1 - i] for i in range(len($grid)))", "total = 0\nfor i, row in enumerate($grid):\n    total += row[-1 - i]\nreturn total"),
        lambda: r(g, t, "quarter_turn", "grid:M", "list[list[int]]", "@grid rotated by 90 degrees clockwise", "return [list(row) for row in zip(*$grid[::-1])]"),
        lambda: r(g, t, "scaled", "grid:M", "list[list[int]]", f"@grid with every element multiplied by {k}", f"return [[{k} * v for v in row] for row in $grid]",
                  f"result = []\nfor row in $grid:\n    result.append([v * {k} for v in row])\nreturn result"),
        lambda: r(g, t, "mirrored", "grid:M", "list[list[int]]", "@grid with every row reversed", "return [row[::-1] for row in $grid]"),
        lambda: r(g, t, "symmetric", "grid:Q", "bool", "True if @grid is equal to its transpose",
                  "n = len($grid)\nreturn all($grid[i][j] == $grid[j][i] for i in range(n) for j in range(n))"),
        lambda: r(g, t, "identity", "n:small", "list[list[int]]", "the identity matrix of size @n", "return [[1 if i == j else 0 for j in range($n)] for i in range($n)]",
                  "rows = []\nfor i in range($n):\n    row = [0] * $n\n    row[i] = 1\n    rows.append(row)\nreturn rows"),
        lambda: r(g, t, "times_table", "n:small", "list[list[int]]", "the multiplication table from 1 to @n as a list of rows", "return [[i * j for j in range(1, $n + 1)] for i in range(1, $n + 1)]"),
        lambda: r(g, t, "find_cell", "grid:M n:int", "tuple[int, int] | None", "the row and column of the first element of @grid that equals @n, or None",
                  "for i, row in enumerate($grid):\n    for j, v in enumerate(row):\n        if v == $n:\n            return (i, j)\nreturn None"),
        lambda: r(g, t, "border_total", "grid:M", "int", "the sum of the elements in the first and the last row of @grid; a single row counts once",
                  "if len($grid) == 1:\n    return sum($grid[0])\nreturn sum($grid[0]) + sum($grid[-1])"),
        lambda: r(g, t, "triangle", "n:small", "list[str]", "a list of @n strings, where the i-th one consists of i stars", "return ['*' * i for i in range(1, $n + 1)]"),
    ]  # fmt: skip
    return g.choice(recipes)()
