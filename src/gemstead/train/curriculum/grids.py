"""Grids: matrices, maps of characters, boards, and patterns that are built row by row."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.lessons import Lessons


def _map(chars: str, low: int = 1, high: int = 4, wide: int = 5, narrow: int = 1) -> Callable[[Random], object]:
    def draw(rng: Random) -> object:
        width = rng.randint(narrow, wide)
        return ["".join(rng.choice(chars) for _ in range(width)) for _ in range(rng.randint(low, high))]

    return draw


def _table(values: range, low: int, high: int, narrow: int, wide: int) -> Callable[[Random], object]:
    def draw(rng: Random) -> object:
        width = rng.randint(narrow, wide)
        return [[rng.choice(values) for _ in range(width)] for _ in range(rng.randint(low, high))]

    return draw


def _square(values: range, low: int, high: int) -> Callable[[Random], object]:
    def draw(rng: Random) -> object:
        size = rng.randint(low, high)
        return [[rng.choice(values) for _ in range(size)] for _ in range(size)]

    return draw


def _same_shape(rng: Random) -> object:
    return [[rng.randint(0, 4) for _ in range(3)] for _ in range(3)]


def _board(rng: Random) -> object:
    return [[rng.choice("XXOO.") for _ in range(3)] for _ in range(3)]


def _sparse(rng: Random) -> object:
    return {(rng.randint(0, 2), rng.randint(0, 3)): rng.randint(1, 9) for _ in range(rng.randint(0, 4))}


def _unequal(rng: Random) -> object:
    return [[rng.randint(0, 9) for _ in range(rng.randint(0, 4))] for _ in range(rng.randint(1, 4))]


def _permutation(rng: Random) -> object:
    return [rng.randint(0, 4) for _ in range(rng.randint(2, 5))]


lesson = Lessons("grids", kinds={
    "G": ("list[list[int]]", "a rectangular grid of integers", _table(range(-5, 13), 1, 4, 1, 4)),
    "G3": ("list[list[int]]", "a grid of integers with at least three rows and three columns", _table(range(10), 3, 4, 3, 4)),
    "H": ("list[list[int]]", "a grid of heights", _table(range(1, 7), 1, 4, 1, 4)),
    "Z": ("list[list[int]]", "a grid of integers", _table(range(4), 1, 4, 1, 4)),
    "bin": ("list[list[int]]", "a grid of zeros and ones", _table(range(2), 1, 4, 1, 4)),
    "sq": ("list[list[int]]", "a square grid of integers", _square(range(-4, 10), 1, 4)),
    "sq3": ("list[list[int]]", "a 3 by 3 grid of integers", _same_shape),
    "even": ("list[list[int]]", "a grid with an even number of rows and columns", lambda r: (lambda h, w: [[r.randint(0, 9) for _ in range(w)] for _ in range(h)])(r.choice([2, 4]), r.choice([2, 4]))),
    "map": ("list[str]", "a map given as a list of equally long strings", _map(".#", 1, 4, 5)),
    "open": ("list[str]", "a map given as a list of equally long strings", _map("...#", 2, 4, 5, 2)),
    "stones": ("list[str]", "a list of equally long strings", _map("..o#", 2, 4, 4)),
    "mines": ("list[str]", "a field given as a list of equally long strings", _map("...*", 1, 4, 5)),
    "letters": ("list[str]", "a list of equally long strings of letters", _map("abcd", 1, 4, 5)),
    "seats": ("list[str]", "a list of rows of seats", _map("..x", 1, 4, 7, 4)),
    "board": ("list[list[str]]", "a 3 by 3 board of the strings 'X', 'O' and '.'", _board),
    "idx": ("int", "an index that is 0, 1 or 2", lambda r: r.randint(0, 2)),
    "side": ("int", "a positive integer", lambda r: r.randint(1, 6)),
    "little": ("int", "a positive integer", lambda r: r.randint(1, 4)),
    "odd": ("int", "an odd positive integer", lambda r: r.choice([1, 3, 5, 7])),
    "bars": ("list[int]", "a non-empty list of small non-negative integers", lambda r: [r.randint(0, 5) for _ in range(r.randint(1, 6))]),
    "sparse": ("dict[tuple[int, int], int]", "a dictionary that maps cells (row, column) to numbers", _sparse),
    "ragged": ("list[list[int]]", "a list of rows that may have different lengths", _unequal),
    "queens": ("list[int]", "a list with one column number for each row of a chessboard", _permutation),
    "vec3": ("list[int]", "a list of three integers", lambda r: [r.randint(-3, 5) for _ in range(3)]),
    "cells": ("list[tuple[int, int]]", "a list of cells (row, column)", lambda r: [(r.randint(0, 3), r.randint(0, 3)) for _ in range(r.randint(0, 5))]),
    "square8": ("tuple[int, int]", "the position (row, column) of a square on an 8 by 8 board", lambda r: (r.randint(0, 7), r.randint(0, 7))),
    "lines": ("list[str]", "a list of words", lambda r: ["".join(r.choice("abcdef") for _ in range(r.randint(1, 5))) for _ in range(r.randint(1, 5))]),
})  # fmt: skip

# A summary of some numbers: words before "of the cells ...", code around a generator's inside, return type.
SUMS = [("the sum of", "sum({})", "total"), ("the number of even numbers among", "sum(1 for v in [{}] if v % 2 == 0)", "even_count"),
        ("the largest of", "max([{}], default=0)", "largest"), ("the smallest of", "min([{}], default=0)", "smallest"),
        ("the number of different values among", "len(set({}))", "distinct")]  # fmt: skip


@lesson
def one_line_of_it(g: Random) -> Draft:
    place, index = g.choice([("first", "0"), ("last", "-1"), ("second to last", "-2"), ("second", "1"), ("third", "2")])
    what = g.choice(["row", "column"])
    if what == "row":
        bodies: tuple[str, ...] = (
            f"return list($board[{index}])",
            f"result = []\nfor v in $board[{index}]:\n    result.append(v)\nreturn result",
        )
    else:
        bodies = (
            f"return [row[{index}] for row in $board]",
            f"result = []\nfor row in $board:\n    result.append(row[{index}])\nreturn result",
        )
    back = g.random() < 0.4
    if back:
        bodies = (bodies[0].replace("]", "][::-1]", 1) if what == "row" else bodies[0] + "[::-1]",)
        if what == "row":
            bodies = (f"return $board[{index}][::-1]", f"return list(reversed($board[{index}]))")
    tail = (", from right to left" if what == "row" else ", from bottom to top") if back else ""
    return lesson.draft(
        g,
        f"{place.replace(' ', '_')}_{what}{'_backwards' if back else ''}",
        "board:G3",
        "list[int]",
        f"[a list of the numbers in|the numbers of] the {place} {what} of @board{tail}",
        *bodies,
        tellings=(
            f"[Take|Read off] the {place} {what} of @board and return its numbers as a list{tail}.",
            f"A table of numbers is stored as a list of rows, and it has at least three rows and columns. Return the {place} {what}{tail} as a list.",
        ),
        plan=f"I take the {place} {what} of @board.",
    )


@lesson
def column_report(g: Random) -> Draft:
    phrase, code, tag = g.choice(
        [
            *SUMS[:3],
            ("the number of values above 4 among", "sum(1 for v in [{}] if v > 4)", "big_ones"),
            ("the product of", "math.prod({})", "product"),
        ]
    )
    what = g.choice(["column", "row"])
    inside = "row[$j] for row in $grid" if what == "column" else "v for v in $grid[$j]"
    loop = (
        "picked = []\nfor row in $grid:\n    picked.append(row[$j])\nreturn " + code.format("v for v in picked")
        if what == "column"
        else "picked = $grid[$j]\nreturn " + code.format("v for v in picked")
    )
    return lesson.draft(
        g,
        f"{what}_{tag}",
        "grid:G3 j:idx",
        "int",
        f"{phrase} the numbers in the {what} of @grid with index @j",
        "return " + code.format(inside),
        loop,
        imports=("import math",),
        tellings=(
            f"Look only at the {what} number @j of @grid ({what}s are counted from 0) and return {phrase} its numbers.",
            f"You are given a grid of integers and the index @j of one of its {what}s. Your task is to compute {phrase} the numbers found in that {what}.",
        ),
        plan=f"I collect the {what} with index @j and summarise it.",
    )


@lesson
def around_a_cell(g: Random) -> Draft:
    kind, offsets = g.choice(
        [
            ("[up to four direct|horizontal and vertical] neighbours", "(-1, 0), (1, 0), (0, -1), (0, 1)"),
            ("[up to four] diagonal neighbours", "(-1, -1), (-1, 1), (1, -1), (1, 1)"),
            ("neighbours to the left and right", "(0, -1), (0, 1)"),
            ("neighbours above and below", "(-1, 0), (1, 0)"),
        ]
    )
    phrase, code, tag = g.choice(
        [
            ("the sum of", "sum(near)", "sum"),
            ("the largest of", "max(near)", "max"),
            ("the smallest of", "min(near)", "min"),
            ("a sorted list of", "sorted(near)", "sorted"),
            (
                "how many values greater than the cell itself are among",
                "sum(1 for v in near if v > $grid[$r][$c])",
                "greater",
            ),
        ]
    )
    returns = "list[int]" if tag == "sorted" else "int"
    return lesson.draft(
        g,
        f"neighbour_{tag}",
        "grid:G3 r:idx c:idx",
        returns,
        f"{phrase} the {kind} of the cell in row @r and column @c of @grid",
        f"near = []\nfor dr, dc in [{offsets}]:\n    i, j = $r + dr, $c + dc\n    if 0 <= i < len($grid) and 0 <= j < len($grid[0]):\n        near.append($grid[i][j])\nreturn {code}",
        f"height, width = len($grid), len($grid[0])\nnear = [$grid[$r + dr][$c + dc] for dr, dc in ({offsets})\n        if 0 <= $r + dr < height and 0 <= $c + dc < width]\nreturn {code}",
        tellings=(
            f"The cell at row @r, column @c (both counted from 0) has some {kind}; those that would lie outside @grid do not exist. Return {phrase} the values of these neighbours.",
            f"Collect the values of the {kind} of cell (@r, @c) in @grid, leaving out positions beyond the edge, and return {phrase} them.",
        ),
        notes=("[Positions outside the grid are skipped.|Cells at the edge have fewer neighbours.]",),
        plan="I go through the offsets, keep the positions inside the grid and collect their values.",
    )


@lesson
def edge_or_inside(g: Random) -> Draft:
    phrase, code, tag = g.choice(SUMS)
    where = g.choice(["edge", "inside", "corner"])
    spoken = {
        "edge": "the cells on the border of @grid (first and last row, first and last column)",
        "inside": "the inner cells of @grid (those that are not in the first or last row or column)",
        "corner": "the four corner cells of @grid",
    }[where]
    if where == "edge":
        bodies = (
            "h, w = len($grid), len($grid[0])\nreturn "
            + code.format("$grid[i][j] for i in range(h) for j in range(w) if i in (0, h - 1) or j in (0, w - 1)"),
            "cells = list($grid[0]) + list($grid[-1])\nfor row in $grid[1:-1]:\n    cells.append(row[0])\n    cells.append(row[-1])\nreturn "
            + code.format("v for v in cells"),
        )
    elif where == "inside":
        bodies = (
            "return " + code.format("v for row in $grid[1:-1] for v in row[1:-1]"),
            "cells = []\nfor i in range(1, len($grid) - 1):\n    for j in range(1, len($grid[0]) - 1):\n        cells.append($grid[i][j])\nreturn "
            + code.format("v for v in cells"),
        )
    else:
        bodies = (
            "corners = [$grid[0][0], $grid[0][-1], $grid[-1][0], $grid[-1][-1]]\nreturn "
            + code.format("v for v in corners"),
            "return " + code.format("$grid[i][j] for i in (0, -1) for j in (0, -1)"),
        )
    return lesson.draft(
        g,
        f"{where}_{tag}",
        "grid:G3",
        "int",
        f"{phrase} the numbers in {spoken}",
        *bodies,
        tellings=(
            f"Consider only {spoken}. Return {phrase} [the numbers there|their values].",
            f"@grid has at least three rows and three columns. [Determine|Work out] {phrase} the values found in {spoken}[. Every cell counts once|, counting each cell only once].",
        ),
        plan=f"I collect {where} cells of @grid, each once, and summarise them.",
    )


@lesson
def best_line(g: Random) -> Draft:
    most, op, fn = g.choice([("largest", ">", "max"), ("smallest", "<", "min")])
    tie = g.choice(["first", "last"])
    line = g.choice(["row", "column"])
    measure, code = g.choice(
        [
            ("sum", "sum({})"),
            ("maximum", "max({})"),
            ("difference between its maximum and its minimum", "max({}) - min({})"),
            ("number of zeros", "{}.count(0)"),
            ("number of different values", "len(set({}))"),
        ]
    )
    source = "$grid" if line == "row" else "[list(col) for col in zip(*$grid)]"
    strict = op if tie == "first" else op + "="
    value = code.replace("{}", "lines[i]")
    return lesson.draft(
        g,
        f"{line}_with_{most}",
        "grid:Z",
        "int",
        f"the index of the {line} of @grid [with|that has] the {most} {measure}; [if there are several, the {tie} one|in case of a tie, that of the {tie} one]",
        f"lines = {source}\nbest = 0\nfor i in range(1, len(lines)):\n    if {value} {strict} {code.replace('{}', 'lines[best]')}:\n        best = i\nreturn best",
        f"lines = {source}\norder = range(len(lines)){'[::-1]' if tie == 'last' else ''}\nreturn {fn}(order, key=lambda i: {value})",
        tellings=(
            f"For every {line} of @grid, [work out|determine] the {measure.replace('its ', 'the ')}. Return the position (counted from 0) of the {line} where it is {most}. [When several {line}s tie, the {tie} of them wins.|Among equal {line}s, take the {tie} one.]",
            f"You are given a grid of small integers as a list of rows. [Which {line} is the one with the {most} {measure}?|Look for the {line} with the {most} {measure}.] Return its zero-based index; on ties choose the {tie} such {line}.",
        ),
        plan=f"I compare the {line}s by their {measure} and remember the best index.",
    )


@lesson
def part_of_triangle(g: Random) -> Draft:
    spoken, cond = g.choice(
        [
            ("strictly above the main diagonal", "j > i"),
            ("strictly below the main diagonal", "j < i"),
            ("on or above the main diagonal", "j >= i"),
            ("on or below the main diagonal", "j <= i"),
            ("outside the main diagonal", "i != j"),
            ("directly next to the main diagonal in their row", "abs(i - j) == 1"),
            ("on one of the two diagonals", "i == j or i + j == n - 1"),
            ("strictly above the diagonal from top right to bottom left", "i + j < n - 1"),
        ]
    )
    phrase, code, tag = g.choice(
        [
            *SUMS[:3],
            ("the number of positive numbers among", "sum(1 for v in [{}] if v > 0)", "positives"),
            ("a list, row by row, of", "[{}]", "cells"),
        ]
    )
    returns = "list[int]" if tag == "cells" else "int"
    inside = f"$grid[i][j] for i in range(n) for j in range(n) if {cond}"
    return lesson.draft(
        g,
        f"triangle_{tag}",
        "grid:sq",
        returns,
        f"{phrase} the elements of the square matrix @grid that lie {spoken}",
        "n = len($grid)\nreturn " + code.format(inside),
        f"n = len($grid)\nfound = []\nfor i in range(n):\n    for j in range(n):\n        if {cond}:\n            found.append($grid[i][j])\nreturn {code.format('v for v in found')}",
        tellings=(
            f"In the square matrix @grid, look at the cells that lie {spoken}. Return {phrase} their values.",
            f"@grid has as many rows as columns. Select the elements [positioned|lying] {spoken} and [give back|return] {phrase} them.",
        ),
        notes=("[The result is 0 if there are no such cells.|Without such cells, return 0.]",)
        if tag in ("total", "largest")
        else (),
        plan=f"I visit all cells (i, j) and keep those where {cond}.",
    )


@lesson
def coloured_cells(g: Random) -> Draft:
    colour, rest = g.choice([("white", 0), ("black", 1)])
    phrase, code, tag = g.choice(SUMS)
    return lesson.draft(
        g,
        f"{colour}_{tag}",
        "grid:G",
        "int",
        f"{phrase} the numbers on the {colour} cells of @grid, which is coloured like a chessboard with a white cell in the top left corner",
        "return "
        + code.format(f"v for i, row in enumerate($grid) for j, v in enumerate(row) if (i + j) % 2 == {rest}"),
        f"picked = []\nfor i in range(len($grid)):\n    for j in range(len($grid[i])):\n        if (i + j) % 2 == {rest}:\n            picked.append($grid[i][j])\nreturn "
        + code.format("v for v in picked"),
        tellings=(
            f"Imagine the cells of @grid painted in turn white and black like a chessboard; the cell in row 0 and column 0 is white. Return {phrase} the numbers on {colour} cells, or 0 if there are none.",
            f"A cell of @grid in row i and column j is called {'even' if rest == 0 else 'odd'} if i + j is {'even' if rest == 0 else 'odd'}. [Compute|Find] {phrase} the values in all {'even' if rest == 0 else 'odd'} cells; without any such cell the answer is 0.",
        ),
        plan="I use the parity of row plus column to pick the cells.",
    )


@lesson
def checkered_pattern(g: Random) -> Draft:
    a, b = g.sample(["#", ".", "o", "x", "*", "-", "+"], 2)
    style, cond = g.choice(
        [
            ("alternate like on a chessboard", "(i + j) % 2 == 0"),
            ("form vertical stripes", "j % 2 == 0"),
            ("form horizontal stripes", "i % 2 == 0"),
            (f"form diagonal stripes where every third diagonal has '{a}'", "(i + j) % 3 == 0"),
        ]
    )
    return lesson.draft(
        g,
        "[checkered|striped|tiled]_[rows|pattern|floor]",
        "height:little width:side",
        "list[str]",
        f"a list of @height strings of length @width in which the characters '{a}' and '{b}' {style}, with '{a}' in the top left corner",
        f"return [''.join('{a}' if {cond} else '{b}' for j in range($width)) for i in range($height)]",
        f"result = []\nfor i in range($height):\n    line = ''\n    for j in range($width):\n        if {cond}:\n            line += '{a}'\n        else:\n            line += '{b}'\n    result.append(line)\nreturn result",
        tellings=(
            f"A floor with @height rows and @width columns is covered with tiles '{a}' and '{b}'. The tiles {style}, and the upper left tile is '{a}'. Return the floor as a list of strings, one per row.",
            f"Build a pattern of characters: @height strings, each @width long, so that '{a}' and '{b}' {style}. The very first character must be '{a}'.",
        ),
        plan="I decide for every row i and column j which character belongs there.",
    )


@lesson
def framed_box(g: Random) -> Draft:
    a, b = g.sample(["#", ".", "o", "x", "*", "-", "+", " "], 2)
    return lesson.draft(
        g,
        "[box|frame|picture_frame]_[lines|rows]",
        "height:side width:side",
        "list[str]",
        f"a rectangle of @height strings of length @width whose border consists of '{a}' and whose inside is filled with '{b}'",
        f"lines = []\nfor i in range($height):\n    if i == 0 or i == $height - 1:\n        lines.append('{a}' * $width)\n    elif $width == 1:\n        lines.append('{a}')\n    else:\n        lines.append('{a}' + '{b}' * ($width - 2) + '{a}')\nreturn lines",
        f"return [''.join('{a}' if i in (0, $height - 1) or j in (0, $width - 1) else '{b}' for j in range($width)) for i in range($height)]",
        tellings=(
            f"Draw a box of @height lines and @width columns as a list of strings. Use '{a}' for the outline and '{b}' for everything inside.",
            f"Return a list with @height strings of @width characters each. A character is '{a}' if it is in the first or last line, or the first or last column; all others are '{b}'.",
        ),
        notes=("[A box of height or width 1 or 2 has no inside.|Small boxes consist of border only.]",),
        plan="The first and last line are full; the lines between have the border character at both ends.",
    )


@lesson
def stair_of_characters(g: Random) -> Draft:
    mark = g.choice("*#ox+")
    fill = g.choice([".", "-", "_", " "])
    name, text, code = g.choice(
        [
            (
                "rising_stairs",
                f"where line i (counted from 1) has @n - i times '{fill}' followed by i times '{mark}'",
                f"'{fill}' * ($n - i) + '{mark}' * i",
            ),
            (
                "left_stairs",
                f"where line i (counted from 1) has i times '{mark}' followed by '{fill}' up to the length @n",
                f"('{mark}' * i).ljust($n, '{fill}')",
            ),
            (
                "falling_stairs",
                f"where line i (counted from 1) has i - 1 times '{fill}' followed by '{mark}' up to the length @n",
                f"'{fill}' * (i - 1) + '{mark}' * ($n - i + 1)",
            ),
            (
                "thin_diagonal",
                f"where line i (counted from 1) has '{mark}' as its i-th character and '{fill}' everywhere else",
                f"'{fill}' * (i - 1) + '{mark}' + '{fill}' * ($n - i)",
            ),
            (
                "two_sided_stairs",
                f"where line i (counted from 1) consists of i times '{mark}', then '{fill}', then again i times '{mark}'",
                f"'{mark}' * i + '{fill}' + '{mark}' * i",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "n:side",
        "list[str]",
        f"a list of @n lines {text}",
        f"return [{code} for i in range(1, $n + 1)]",
        f"lines = []\nfor i in range(1, $n + 1):\n    lines.append({code})\nreturn lines",
        tellings=(
            f"[Draw|Make] a pattern with @n lines as a list of strings, {text}.",
            f"Your task is to build an ASCII pattern. It has @n lines, {text}. Return the lines, top line first.",
        ),
        plan="I build each line from its number.",
    )


@lesson
def numbered_grid(g: Random) -> Draft:
    start, step = g.randint(0, 5), g.randint(1, 5)
    order, expr = g.choice(
        [
            ("row by row from left to right", "i * $width + j"),
            ("column by column from top to bottom", "j * $height + i"),
            ("row by row, each row from right to left", "i * $width + $width - 1 - j"),
            (
                "row by row in a snake, so that rows with an odd index run from right to left",
                "i * $width + (j if i % 2 == 0 else $width - 1 - j)",
            ),
        ]
    )
    said = f"{start}, {start + step}, {start + 2 * step} and so on"
    value = f"{start} + {step} * ({expr})"
    return lesson.draft(
        g,
        "[numbered|filled|counting]_[grid|rows|cells]",
        "height:little width:little",
        "list[list[int]]",
        f"a grid with @height rows and @width columns that is filled with the numbers {said}, {order}",
        f"return [[{value} for j in range($width)] for i in range($height)]",
        f"result = []\nfor i in range($height):\n    line = []\n    for j in range($width):\n        line.append({value})\n    result.append(line)\nreturn result",
        tellings=(
            f"Create a list of @height rows with @width numbers each. Fill in the numbers {said}, {order}.",
            f"The seats of a hall with @height rows and @width columns get numbers. Numbering starts with {start}, each next seat gets {step} more, and it goes {order}. Return the numbers as a list of rows.",
        ),
        plan="I compute the number of each cell from its row and column.",
    )


@lesson
def formula_grid(g: Random) -> Draft:
    k = g.randint(2, 5)
    text, code = g.choice(
        [
            ("the larger one of i and j", "max(i, j)"),
            ("the smaller one of i and j", "min(i, j)"),
            ("the distance between i and j", "abs(i - j)"),
            (f"the remainder of i + j modulo {k}", f"(i + j) % {k}"),
            (f"{k} times i plus j", f"{k} * i + j"),
            (f"1 if i and j differ by less than {k}, and 0 otherwise", f"1 if abs(i - j) < {k} else 0"),
            ("1 if i divides j and 0 otherwise", "1 if j % i == 0 else 0"),
            ("i * j if i and j have the same parity and 0 otherwise", "i * j if i % 2 == j % 2 else 0"),
            ("i squared minus j", "i * i - j"),
            ("their greatest common divisor", "math.gcd(i, j)"),
        ]
    )
    return lesson.draft(
        g,
        "[formula|computed|rule]_[grid|matrix|table]",
        "size:little",
        "list[list[int]]",
        f"a square matrix with @size rows in which the element in row i and column j (both counted from 1) is {text}",
        f"return [[{code} for j in range(1, $size + 1)] for i in range(1, $size + 1)]",
        f"matrix = []\nfor i in range(1, $size + 1):\n    matrix.append([{code} for j in range(1, $size + 1)])\nreturn matrix",
        imports=("import math",),
        tellings=(
            f"[Build|Create] a matrix of size @size times @size. Rows and columns are numbered from 1. The entry for row i and column j is {text}.",
            f"Let M be the @size by @size matrix whose entry at row i, column j is {text}, where i and j run from 1 to @size. Return M as a list of rows.",
        ),
        plan="Two nested loops over row and column numbers apply the rule.",
    )


@lesson
def ring_numbers(g: Random) -> Draft:
    up = g.random() < 0.5
    base = g.choice([0, 1])
    code = f"min(i, j, $n - 1 - i, $n - 1 - j) + {base}" if up else "max(abs(2 * i - $n + 1), abs(2 * j - $n + 1)) // 2"
    text = (
        f"its distance to the nearest edge, where cells at the edge have the value {base}"
        if up
        else "the number of its ring counted from the middle, where the innermost ring (one cell, or four cells if @n is even) has the value 0"
    )
    return lesson.draft(
        g,
        "[ring|onion|layer]_[grid|numbers|matrix]",
        "n:side",
        "list[list[int]]",
        f"an @n by @n grid in which each cell holds {text}",
        f"return [[{code} for j in range($n)] for i in range($n)]",
        f"result = []\nfor i in range($n):\n    result.append([])\n    for j in range($n):\n        result[-1].append({code})\nreturn result",
        tellings=(
            f"Fill a square with @n rows and @n columns like the layers of an onion: each cell gets {text}. Return the list of rows.",
        ),
        plan="The value of a cell follows from its distances to the edges.",
    )


@lesson
def snake_reading(g: Random) -> Draft:
    line = g.choice(["row", "column"])
    first = g.random() < 0.6
    forward = ("left to right", "right to left") if line == "row" else ("top to bottom", "bottom to top")
    rest = 1 if first else 0
    a, b = forward if first else forward[::-1]
    source = "$grid" if line == "row" else "zip(*$grid)"
    tail, wrap, returns = g.choice(
        [
            ("", "{}", "list[int]"),
            ("", "{}", "list[int]"),
            (", keeping only every second one, beginning with the first", "{}[::2]", "list[int]"),
            (", without zeros", "[v for v in {} if v != 0]", "list[int]"),
        ]
    )
    return lesson.draft(
        g,
        f"snake_[order|walk|reading]_{line}s",
        "grid:Z",
        returns,
        f"a flat list of the numbers in @grid, read {line} by {line} like a snake: the first {line} from {a}, the next from {b}, and so on in turn{tail}",
        f"result = []\nfor i, line in enumerate({source}):\n    if i % 2 == {rest}:\n        result.extend(reversed(line))\n    else:\n        result.extend(line)\nreturn {wrap.format('result')}",
        f"path = []\nbackwards = {not first}\nfor line in {source}:\n    path += list(line)[::-1] if backwards else list(line)\n    backwards = not backwards\nreturn {wrap.format('path')}",
        tellings=(
            f"A snake crawls through @grid. It goes through the first {line} from {a}, through the second from {b}, through the third from {a} again, and so on. Return the numbers in the order in which it meets them{tail}.",
            f"Flatten @grid {line} by {line}, but change direction each time: {line}s with an even index are read from {a}, those with an odd index from {b}. [The result is one list|Return one flat list]{tail}.",
        ),
        plan=f"I go through the {line}s and reverse every other one.",
    )


@lesson
def outside_in(g: Random) -> Draft:
    turn = g.choice(["clockwise", "counterclockwise"])
    out, wrap, returns, tag = g.choice(
        [
            ("a list of the numbers of @grid in the order of", "result", "list[int]", "order"),
            ("the last number of @grid that is reached by", "result[-1]", "int", "end"),
            (
                "the sum of every second number, beginning with the first, on",
                "sum(result[::2])",
                "int",
                "alternate_sum",
            ),
        ]
    )
    if turn == "clockwise":
        body = "result = []\nrest = [list(row) for row in $grid]\nwhile rest:\n    result += rest.pop(0)\n    rest = [list(line) for line in zip(*rest)][::-1]\nreturn "
    else:
        body = "result = []\nrest = [list(line) for line in zip(*$grid)]\nwhile rest:\n    result += rest.pop(0)\n    rest = [list(line) for line in zip(*rest)][::-1]\nreturn "
    way = (
        "along the top row, down the right side, back along the bottom and up the left side"
        if turn == "clockwise"
        else "down the left side, along the bottom, up the right side and back along the top row"
    )
    return lesson.draft(
        g,
        f"spiral_{tag}_[inward|{turn}]",
        "grid:G",
        returns,
        f"{out} a {turn} spiral through @grid that begins in the top left corner and winds inward",
        body + wrap,
        tellings=(
            f"Walk through @grid in a spiral. Start in the top left corner and go {turn}: {way}, then do the same with the cells not visited yet, until none is left. Return {out.replace(' in the order of', ' in the order in which you visit them').replace(' that is reached by', ' that you reach').replace(', on', ' you meet').replace(' on', '')}.",
        ),
        plan="I take off the outer line, turn the rest and go on until nothing is left.",
    )


@lesson
def sums_of_diagonals(g: Random) -> Draft:
    which, key, text = g.choice([("falling", "j - i", "column minus row"), ("rising", "i + j", "row plus column")])
    what, start, update = g.choice(
        [
            ("the sum of its numbers", "0", "{} + v"),
            ("the number of its positive numbers", "0", "{} + (1 if v > 0 else 0)"),
            ("its largest number", "v", "max({}, v)"),
        ]
    )
    default = start
    return lesson.draft(
        g,
        f"{which}_diagonals",
        "grid:Z",
        "dict[int, int]",
        f"a dictionary that maps the number of each {which} diagonal of @grid ({text}, counted from 0) to {what}",
        f"result = {{}}\nfor i, row in enumerate($grid):\n    for j, v in enumerate(row):\n        result[{key}] = {update.format(f'result.get({key}, {default})')}\nreturn result",
        f"result = {{}}\nfor i in range(len($grid)):\n    for j in range(len($grid[0])):\n        v = $grid[i][j]\n        d = {key}\n        if d not in result:\n            result[d] = {default}\n        result[d] = {update.format('result[d]')}\nreturn result",
        tellings=(
            f"Cells with the same value of {text} (both counted from 0) lie on one {which} diagonal; that value is the number of the diagonal. Return a dictionary from diagonal numbers to {what.replace('its', 'the')} on that diagonal.",
            f"Group the numbers of @grid by {text} (rows and columns start at 0). For each group, store {what.replace('its', 'the')} in a dictionary under the group's key.",
        ),
        plan=f"I use {text} as the key and update the entry for every cell.",
    )


@lesson
def hills_and_hollows(g: Random) -> Draft:
    word, op, name = g.choice([("greater", ">", "hill"), ("less", "<", "hollow")])
    strict = g.random() < 0.7
    rel = f"{word} than" if strict else f"at least as {'great' if word == 'greater' else 'small'} as"
    op = op if strict else op + "="
    out, code, returns = g.choice(
        [
            ("the number of {}", "len(found)", "int"),
            ("a list of the positions (row, column) of the {}, row by row", "found", "list[tuple[int, int]]"),
            ("the sum of the heights of the {}", "sum($ground[i][j] for i, j in found)", "int"),
            ("True if there is at least one of the {}", "len(found) > 0", "bool"),
        ]
    )
    said = out.format(f"{name}s")
    result = said if returns != "bool" else f"True if @ground has at least one {name}"
    return lesson.draft(
        g,
        f"{name}_[cells|report|search]",
        "ground:H",
        returns,
        f"{result}{'' if returns == 'bool' else ' in @ground'}, where a {name} is a cell {rel} all its neighbours above, below, left and right",
        f"h, w = len($ground), len($ground[0])\nfound = []\nfor i in range(h):\n    for j in range(w):\n        near = [$ground[a][b] for a, b in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)) if 0 <= a < h and 0 <= b < w]\n        if all($ground[i][j] {op} v for v in near):\n            found.append((i, j))\nreturn {code}",
        f"def is_{name}(i, j):\n    for a, b in [(i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)]:\n        if 0 <= a < len($ground) and 0 <= b < len($ground[0]):\n            if not $ground[i][j] {op} $ground[a][b]:\n                return False\n    return True\n\nfound = [(i, j) for i in range(len($ground)) for j in range(len($ground[0])) if is_{name}(i, j)]\nreturn {code}",
        tellings=(
            f"A cell of @ground is a {name} if its height is {rel} the heights of all the cells directly above, below, left and right of it that exist. Return {said if returns != 'bool' else f'True if there is a {name}, and False otherwise'}.",
        ),
        plan=f"For every cell I collect the neighbours that exist and check whether it is a {name}.",
    )


@lesson
def saddle_cells(g: Random) -> Draft:
    a, b = g.choice([("min", "max"), ("max", "min"), ("max", "max"), ("min", "min")])
    say = {"min": "smallest", "max": "largest"}
    out, code, returns = g.choice(
        [
            ("the number of cells", "len(found)", "int"),
            ("a list of the positions (row, column), row by row, of the cells", "found", "list[tuple[int, int]]"),
            ("a list of the values, row by row, of the cells", "[$grid[i][j] for i, j in found]", "list[int]"),
        ]
    )
    return lesson.draft(
        g,
        f"{say[a]}_in_row_{say[b]}_in_column",
        "grid:Z",
        returns,
        f"{out} of @grid that are the {say[a]} of their row and [also|at the same time] the {say[b]} of their column, where ties are allowed",
        f"columns = list(zip(*$grid))\nfound = []\nfor i, row in enumerate($grid):\n    for j, v in enumerate(row):\n        if v == {a}(row) and v == {b}(columns[j]):\n            found.append((i, j))\nreturn {code}",
        f"low = [{a}(row) for row in $grid]\nhigh = [{b}(row[j] for row in $grid) for j in range(len($grid[0]))]\nfound = [(i, j) for i in range(len(low)) for j in range(len(high)) if $grid[i][j] == low[i] == high[j]]\nreturn {code}",
        tellings=(
            f"Call a cell special if no number in its row is {'smaller' if a == 'min' else 'larger'} and no number in its column is {'smaller' if b == 'min' else 'larger'}. Return {out.replace('the cells', 'the special cells').replace('of cells', 'of special cells')} in @grid.",
        ),
        plan="I compare every cell with the extreme of its row and of its column.",
    )


@lesson
def lines_with_property(g: Random) -> Draft:
    k = g.randint(3, 8)
    clause, code = g.choice(
        [
            ("are sorted in ascending order, equal neighbours allowed", "list(line) == sorted(line)"),
            ("consist of equal numbers only", "len(set(line)) == 1"),
            ("contain some number more than once", "len(set(line)) < len(line)"),
            ("contain a zero", "0 in line"),
            ("contain no zero", "0 not in line"),
            ("read the same in both directions", "list(line) == list(line)[::-1]"),
            (f"have a sum greater than {k}", f"sum(line) > {k}"),
            ("have an even sum", "sum(line) % 2 == 0"),
            ("begin and end with the same number", "line[0] == line[-1]"),
            ("contain their largest number exactly once", "list(line).count(max(line)) == 1"),
        ]
    )
    what = g.choice(["row", "column"])
    out, shape, returns = g.choice(
        [
            ("the number of {}s of @grid that {}", "len(found)", "int"),
            ("a list of the indices of the {}s of @grid that {}", "found", "list[int]"),
            (
                "the index of the first of the {}s of @grid that {}, or -1 if there is none",
                "found[0] if found else -1",
                "int",
            ),
        ]
    )
    source = "$grid" if what == "row" else "zip(*$grid)"
    return lesson.draft(
        g,
        f"{what}s_[with_property|of_interest|selected]",
        "grid:Z",
        returns,
        out.format(what, clause),
        f"found = [i for i, line in enumerate({source}) if {code}]\nreturn {shape}",
        f"found = []\nfor i, line in enumerate({source}):\n    if {code}:\n        found.append(i)\nreturn {shape}",
        tellings=(
            f"Check the {what}s of @grid one after the other for those that {clause}. Return {out.format(what, clause).replace(f' of @grid that {clause}', ' of this kind').replace('the first of the ' + what + 's of this kind', f'the first such {what}')}.",
            f"Some {what}s of @grid {clause}; call them good. Return {out.format(what, clause).replace(f'{what}s of @grid that {clause}', f'good {what}s')}.",
        ),
        plan=f"I test every {what} and keep the indices of the good ones.",
    )


@lesson
def swapped_lines(g: Random) -> Draft:
    name, text, code, code2 = g.choice(
        [
            (
                "swap_outer_rows",
                "its first and its last row exchanged",
                "result = [list(row) for row in $grid]\nresult[0], result[-1] = result[-1], result[0]\nreturn result",
                "return [list($grid[-1]), *[list(row) for row in $grid[1:-1]], list($grid[0])]",
            ),
            (
                "swap_outer_columns",
                "its first and its last column exchanged",
                "result = [list(row) for row in $grid]\nfor row in result:\n    row[0], row[-1] = row[-1], row[0]\nreturn result",
                "return [[row[-1], *row[1:-1], row[0]] for row in $grid]",
            ),
            (
                "upside_down",
                "its rows in reverse order",
                "return [list(row) for row in $grid[::-1]]",
                "result = []\nfor row in $grid:\n    result.insert(0, list(row))\nreturn result",
            ),
            (
                "half_turned",
                "all cells turned by 180 degrees around the middle",
                "return [row[::-1] for row in $grid[::-1]]",
                "h, w = len($grid), len($grid[0])\nreturn [[$grid[h - 1 - i][w - 1 - j] for j in range(w)] for i in range(h)]",
            ),
            (
                "turned_left",
                "all cells rotated by 90 degrees counterclockwise",
                "return [list(line) for line in zip(*$grid)][::-1]",
                "h, w = len($grid), len($grid[0])\nreturn [[$grid[i][j] for i in range(h)] for j in range(w - 1, -1, -1)]",
            ),
            (
                "reversed_odd_rows",
                "every row with an odd index reversed",
                "return [row[::-1] if i % 2 == 1 else list(row) for i, row in enumerate($grid)]",
                "result = []\nfor i in range(len($grid)):\n    row = list($grid[i])\n    if i % 2:\n        row.reverse()\n    result.append(row)\nreturn result",
            ),
            (
                "sheared",
                "each row rotated to the right by as many places as its index says",
                "result = []\nfor i, row in enumerate($grid):\n    k = i % len(row)\n    result.append(row[-k:] + row[:-k] if k else list(row))\nreturn result",
                "w = len($grid[0])\nreturn [[row[(j - i) % w] for j in range(w)] for i, row in enumerate($grid)]",
            ),
            (
                "columns_sorted",
                "the numbers of every column sorted from top to bottom",
                "columns = [sorted(column) for column in zip(*$grid)]\nreturn [list(row) for row in zip(*columns)]",
                "result = [list(row) for row in $grid]\nfor j in range(len(result[0])):\n    column = sorted(row[j] for row in result)\n    for i, v in enumerate(column):\n        result[i][j] = v\nreturn result",
            ),
            (
                "rows_by_sum",
                "its rows sorted by their sums, smallest sum first, rows with equal sums staying in order",
                "return sorted((list(row) for row in $grid), key=sum)",
                "result = [list(row) for row in $grid]\nresult.sort(key=sum)\nreturn result",
            ),
            (
                "rolled_down",
                "all rows moved down by one and the last row on top",
                "return [list($grid[-1])] + [list(row) for row in $grid[:-1]]",
                "n = len($grid)\nreturn [list($grid[(i - 1) % n]) for i in range(n)]",
            ),
            (
                "rolled_left",
                "all columns moved to the left by one and the first column put at the right end",
                "return [row[1:] + row[:1] for row in $grid]",
                "result = []\nfor row in $grid:\n    result.append(list(row[1:]) + [row[0]])\nreturn result",
            ),
            (
                "mirrored_on_other_diagonal",
                "its cells mirrored at the diagonal from top right to bottom left",
                "n = len($grid)\nreturn [[$grid[n - 1 - j][n - 1 - i] for j in range(n)] for i in range(n)]",
                "turned = [row[::-1] for row in $grid[::-1]]\nreturn [list(line) for line in zip(*turned)]",
            ),
        ]
    )
    kind = "G3" if name in ("swap_outer_rows", "swap_outer_columns") else "sq" if name.startswith("mirrored") else "Z"
    return lesson.draft(
        g,
        name,
        f"grid:{kind}",
        "list[list[int]]",
        f"a copy of @grid with {text}",
        code,
        code2,
        tellings=(
            f"Make a new grid from @grid: it has {text}. [The grid that was passed in must not change.|Leave the argument itself untouched.]",
            f"[Rearrange|Take] the grid @grid so that the result has {text}, and return it as a new list of rows.",
        ),
        plan=f"I build a new grid with {text}.",
    )


@lesson
def infected_lines(g: Random) -> Draft:
    bad = g.choice([0, 1, 3])
    new = g.choice([0, -1, 9])
    what, cond = g.choice(
        [
            ("row", "i in rows_hit"),
            ("column", "j in cols_hit"),
            ("row or column", "i in rows_hit or j in cols_hit"),
            ("row and column", "i in rows_hit and j in cols_hit"),
        ]
    )
    text = {
        "row": f"whose row contains a {bad}",
        "column": f"whose column contains a {bad}",
        "row or column": f"whose row or column contains a {bad}",
        "row and column": f"whose row and whose column both contain a {bad}",
    }[what]
    return lesson.draft(
        g,
        "[infected|wiped|marked]_[grid|lines|cells]",
        "field:Z",
        "list[list[int]]",
        f"a copy of @field in which {new} replaces every number {text}",
        f"rows_hit = {{i for i, row in enumerate($field) if {bad} in row}}\ncols_hit = {{j for j, column in enumerate(zip(*$field)) if {bad} in column}}\nreturn [[{new} if {cond} else v for j, v in enumerate(row)] for i, row in enumerate($field)]",
        f"rows_hit, cols_hit = set(), set()\nfor i, row in enumerate($field):\n    for j, v in enumerate(row):\n        if v == {bad}:\n            rows_hit.add(i)\n            cols_hit.add(j)\nresult = [list(row) for row in $field]\nfor i in range(len(result)):\n    for j in range(len(result[0])):\n        if {cond}:\n            result[i][j] = {new}\nreturn result",
        tellings=(
            f"In @field the number {bad} is contagious. Replace every cell {text} by {new} and return the result as a new grid. Only the {bad}s of the original grid count, not numbers written later.",
            f"First find all rows and columns of @field that contain a {bad}. Then build a new grid: cells {text} become {new}, all others keep their value.",
        ),
        plan="First I note the rows and columns that are hit, then I build the new grid.",
    )


@lesson
def falling_stones(g: Random) -> Draft:
    block = g.random() < 0.5
    if block:
        body = "columns = []\nfor column in zip(*$cave):\n    parts = ''.join(column).split('#')\n    columns.append('#'.join('.' * part.count('.') + 'o' * part.count('o') for part in parts))\nreturn [''.join(row) for row in zip(*columns)]"
        loop = "cells = [list(row) for row in $cave]\nmoved = True\nwhile moved:\n    moved = False\n    for i in range(len(cells) - 1):\n        for j in range(len(cells[0])):\n            if cells[i][j] == 'o' and cells[i + 1][j] == '.':\n                cells[i][j], cells[i + 1][j] = '.', 'o'\n                moved = True\nreturn [''.join(row) for row in cells]"
        text = (
            "the loose stones 'o' have fallen down as far as they can, while the walls '#' stay in place and stop them"
        )
        return lesson.draft(
            g,
            "[settled|fallen]_stones",
            "cave:stones",
            "list[str]",
            f"@cave after {text}",
            body,
            loop,
            tellings=(
                "Gravity acts on the map @cave ('o' stones, '#' fixed walls, '.' air). Let every stone drop straight down through air until the floor, a wall or another stone stops it, and return the final rows.",
                "The strings in @cave show a cave: 'o' is a loose stone, '#' is a wall that never moves, '.' is air. Stones fall straight down until they land on the floor, on a wall or on another stone. Return the cave when everything has come to rest.",
            ),
            plan="In each column, between walls, the air goes up and the stones go down.",
        )
    side = g.choice(["left", "right"])
    expr = "'o' * n + '.' * (len(part) - n)" if side == "left" else "'.' * (len(part) - n) + 'o' * n"
    return lesson.draft(
        g,
        f"[slide|tilt]_{side}",
        "cave:stones",
        "list[str]",
        f"@cave after all stones 'o' have rolled to the {side} as far as they can, where '.' is empty and '#' is a fixed block that stops them",
        f"result = []\nfor row in $cave:\n    pieces = []\n    for part in row.split('#'):\n        n = part.count('o')\n        pieces.append({expr})\n    result.append('#'.join(pieces))\nreturn result",
        f"result = []\nfor row in $cave:\n    while '{'.o' if side == 'left' else 'o.'}' in row:\n        row = row.replace('{'.o' if side == 'left' else 'o.'}', '{'o.' if side == 'left' else '.o'}')\n    result.append(row)\nreturn result",
        tellings=(
            f"A tray holds round stones 'o' and glued blocks '#'; '.' means empty. The tray is tilted to the {side}, so every stone rolls {side} until a block, another stone or the edge stops it. Given the rows @cave, return the rows afterwards.",
        ),
        plan=f"I split each row at the blocks and put the stones of each piece to its {side} end.",
    )


@lesson
def patches(g: Random) -> Draft:
    mark = g.choice("#.")
    out, code, tag = g.choice(
        [
            ("the number of patches", "len(sizes)", "count"),
            ("the size of the largest patch, or 0 if there is none,", "max(sizes, default=0)", "largest"),
            ("the number of patches that consist of a single cell", "sizes.count(1)", "single"),
            ("a list of the sizes of the patches in ascending order", "sorted(sizes)", "sizes"),
            ("the number of patches with at least two cells", "sum(1 for size in sizes if size >= 2)", "big"),
        ]
    )
    diag = g.random() < 0.3
    steps = "(-1, 0), (1, 0), (0, -1), (0, 1)" + (", (-1, -1), (-1, 1), (1, -1), (1, 1)" if diag else "")
    touch = "touch at a side or at a corner" if diag else "touch at a side"
    return lesson.draft(
        g,
        f"patch_{tag}",
        "land:map",
        "list[int]" if tag == "sizes" else "int",
        f"{out} in @land, where a patch is a group of '{mark}' cells that are connected with each other because they {touch}",
        f"todo = {{(i, j) for i, row in enumerate($land) for j, c in enumerate(row) if c == '{mark}'}}\nsizes = []\nwhile todo:\n    stack = [todo.pop()]\n    size = 0\n    while stack:\n        i, j = stack.pop()\n        size += 1\n        for di, dj in [{steps}]:\n            cell = (i + di, j + dj)\n            if cell in todo:\n                todo.remove(cell)\n                stack.append(cell)\n    sizes.append(size)\nreturn {code}",
        f"seen = set()\n\ndef grow(i, j):\n    if not (0 <= i < len($land) and 0 <= j < len($land[0])):\n        return 0\n    if (i, j) in seen or $land[i][j] != '{mark}':\n        return 0\n    seen.add((i, j))\n    return 1 + sum(grow(i + di, j + dj) for di, dj in ({steps}))\n\nsizes = []\nfor i in range(len($land)):\n    for j in range(len($land[0])):\n        size = grow(i, j)\n        if size:\n            sizes.append(size)\nreturn {code}",
        tellings=(
            f"Two '{mark}' cells of the map @land are connected if they {touch}, directly or through other '{mark}' cells. A patch is a largest possible set of connected cells. Return {out.rstrip(',')}.",
            f"@land is a map of '#' and '.'. Two '{mark}' cells belong to the same patch if one can walk from one to the other over '{mark}' cells only, where cells are next to each other if they {touch}. Return {out.rstrip(',')}.",
        ),
        plan="I start from a cell not seen yet, spread to all cells connected with it, and count them.",
    )


@lesson
def way_through(g: Random) -> Draft:
    goal, hit = g.choice(
        [
            ("the bottom right corner", "(i, j) == (h - 1, w - 1)"),
            ("any cell of the bottom row", "i == h - 1"),
            ("any cell of the last column", "j == w - 1"),
        ]
    )
    steps = g.random() < 0.6
    moves = g.choice(
        [
            ("up, down, left and right", "(1, 0), (-1, 0), (0, 1), (0, -1)"),
            ("down, left and right", "(1, 0), (0, 1), (0, -1)"),
            ("down and right", "(1, 0), (0, 1)"),
        ]
    )
    yes, no = ("dist", "-1") if steps else ("True", "False")
    result = (
        f"the smallest number of steps [needed to get|that lead] from the top left corner of the map @maze to {goal}, moving {moves[0]} over '.' cells only, or -1 if that is impossible"
        if steps
        else f"True if {goal} of the map @maze can be reached from the top left corner by moving {moves[0]} over '.' cells only"
    )
    return lesson.draft(
        g,
        "[steps_through|way_out|shortest_way]" if steps else "[has_way|can_cross|is_passable]",
        "maze:open",
        "int" if steps else "bool",
        result,
        f"h, w = len($maze), len($maze[0])\nif $maze[0][0] == '#':\n    return {no}\nqueue = [(0, 0, 0)]\nseen = {{(0, 0)}}\nfor i, j, dist in queue:\n    if {hit}:\n        return {yes}\n    for di, dj in [{moves[1]}]:\n        a, b = i + di, j + dj\n        if 0 <= a < h and 0 <= b < w and $maze[a][b] == '.' and (a, b) not in seen:\n            seen.add((a, b))\n            queue.append((a, b, dist + 1))\nreturn {no}",
        f"h, w = len($maze), len($maze[0])\nlayer = {{(0, 0)}} if $maze[0][0] == '.' else set()\nseen = set(layer)\ndist = 0\nwhile layer:\n    if any({hit} for i, j in layer):\n        return {yes}\n    following = set()\n    for i, j in layer:\n        for di, dj in [{moves[1]}]:\n            a, b = i + di, j + dj\n            if 0 <= a < h and 0 <= b < w and $maze[a][b] == '.':\n                following.add((a, b))\n    layer = following - seen\n    seen |= layer\n    dist += 1\nreturn {no}",
        tellings=(
            f"A mouse sits in the top left corner of @maze, a list of strings in which '.' is free floor and '#' is a wall. In one step it goes to a neighbouring free cell; it can move {moves[0]}. "
            + (
                f"Return how many steps it needs at least to reach {goal}. If there is no way, or if it sits inside a wall, return -1."
                if steps
                else f"Return True if it can get to {goal}, and False if it cannot or if its own cell is a wall."
            ),
        ),
        notes=(
            "[If the starting cell is a wall, there is no way.|A wall in the starting cell means that there is no way.]",
        ),
        plan="A breadth-first search from the corner reaches the cells in order of their distance.",
    )


@lesson
def paths_right_down(g: Random) -> Draft:
    mode = g.choice(["count", "best", "cheapest_peak"])
    if mode == "count":
        return lesson.draft(
            g,
            "[open_paths|free_routes|ways_down]",
            "maze:open",
            "int",
            "the number of different ways from the top left to the bottom right corner of the map @maze that move only right or down and never enter a '#' cell",
            "h, w = len($maze), len($maze[0])\nways = [[0] * w for _ in range(h)]\nfor i in range(h):\n    for j in range(w):\n        if $maze[i][j] == '#':\n            continue\n        if i == 0 and j == 0:\n            ways[i][j] = 1\n        else:\n            ways[i][j] = (ways[i - 1][j] if i > 0 else 0) + (ways[i][j - 1] if j > 0 else 0)\nreturn ways[-1][-1]",
            "def walk(i, j):\n    if i < 0 or j < 0 or $maze[i][j] == '#':\n        return 0\n    if i == 0 and j == 0:\n        return 1\n    return walk(i - 1, j) + walk(i, j - 1)\n\nreturn walk(len($maze) - 1, len($maze[0]) - 1)",
            tellings=(
                "A robot starts in the upper left corner of @maze and wants to get to the lower right corner. It can only move right or down, and cells marked '#' are blocked. In how many different ways can it get there? [If one of the two corners is blocked, the answer is 0.|The answer is 0 if the start or the goal is blocked.]",
            ),
            plan="The ways to a cell are the ways to the cell above plus those to the cell on the left.",
        )
    most, fn, what = ("largest", "max", "sum of the numbers") if mode == "best" else ("smallest", "min", "maximum")
    step = "$grid[i][j] + {}" if mode == "best" else "max($grid[i][j], {})"
    moves, near = g.choice(
        [
            ("right or down", ["(i - 1, j)", "(i, j - 1)"]),
            ("right, down or diagonally right-down", ["(i - 1, j)", "(i, j - 1)", "(i - 1, j - 1)"]),
        ]
    )
    return lesson.draft(
        g,
        f"{most}_path_{'sum' if mode == 'best' else 'peak'}",
        "grid:H",
        "int",
        f"the {most} possible {what} on a path from the top left to the bottom right corner of @grid that moves only {moves}",
        f"best = {{}}\nfor i in range(len($grid)):\n    for j in range(len($grid[0])):\n        before = [best[cell] for cell in ({', '.join(near)}) if cell in best]\n        best[i, j] = {step.format(f'{fn}(before)')} if before else $grid[i][j]\nreturn best[len($grid) - 1, len($grid[0]) - 1]",
        tellings=(
            f"Someone walks over the fields of @grid from the top left to the bottom right. Every step goes {moves}. "
            + (
                "The numbers on the fields are apples that are picked up, those on the first and last field included. How many can be collected at most?"
                if mode == "best"
                else "The numbers are heights; the effort of a walk is the greatest height on it, first and last field included. What is the smallest effort possible?"
            ),
        ),
        plan=f"For each cell I keep the {most} {what} of a path that ends there.",
    )


@lesson
def greedy_descent(g: Random) -> Draft:
    fn, say = g.choice([("min", "smallest"), ("max", "largest")])
    tie = g.choice(["left", "right"])
    out, code, returns = g.choice(
        [
            ("the list of the column indices it visits", "path", "list[int]"),
            ("the sum of the numbers on its way", "sum($grid[i][j] for i, j in enumerate(path))", "int"),
            ("the column in which it ends", "path[-1]", "int"),
        ]
    )
    order = "-c" if (tie == "right") == (fn == "min") else "c"
    return lesson.draft(
        g,
        "[marble|ball|drop]_[way|descent|path]",
        "grid:G3",
        returns,
        f"{out.replace('it visits', 'visited').replace('on its way', 'on the way').replace('in which it ends', 'reached at the end')}, if one starts in the first row of @grid at column 0 and always goes to the {say} of the up to three numbers below: straight down, down-left or down-right; among equal numbers, to the one farthest to the {tie}",
        f"path = [0]\nfor row in $grid[1:]:\n    j = path[-1]\n    options = [c for c in (j - 1, j, j + 1) if 0 <= c < len(row)]\n    path.append({fn}(options, key=lambda c: (row[c], {order})))\nreturn {code}",
        tellings=(
            f"A marble lies in row 0, column 0 of @grid and rolls down one row at a time. From column j it can go to column j - 1, j or j + 1 of the next row, as far as they exist, and it always takes the cell with the {say} number; among equal numbers it takes the one farthest to the {tie}. Return {out}.",
        ),
        plan="From row to row I choose the best of the reachable columns.",
    )


@lesson
def seen_from_side(g: Random) -> Draft:
    side = g.choice(["left", "right", "top", "bottom"])
    source = {
        "left": "$trees",
        "right": "[row[::-1] for row in $trees]",
        "top": "zip(*$trees)",
        "bottom": "zip(*$trees[::-1])",
    }[side]
    out, code, returns = g.choice(
        [
            ("the number of trees", "sum(seen)", "int"),
            (
                "a list with the number of trees in each " + ("row" if side in ("left", "right") else "column"),
                "seen",
                "list[int]",
            ),
            (
                "the largest number of trees in one " + ("row" if side in ("left", "right") else "column"),
                "max(seen)",
                "int",
            ),
        ]
    )
    return lesson.draft(
        g,
        f"visible_from_{side}",
        "trees:H",
        returns,
        f"{out} that can be seen from the {side} side of the forest @trees, where a tree is hidden if a tree of the same height or higher stands in front of it",
        f"seen = []\nfor line in {source}:\n    tallest = 0\n    count = 0\n    for height in line:\n        if height > tallest:\n            count += 1\n            tallest = height\n    seen.append(count)\nreturn {code}",
        f"seen = [sum(1 for i, h in enumerate(line) if all(other < h for other in line[:i])) for line in {source}]\nreturn {code}",
        tellings=(
            f"A tree can be seen from the {side} if every tree between it and that edge of @trees is strictly lower. Return {out} that can be seen.",
            f"The numbers in @trees are the heights of trees in a forest, seen from above. Somebody looks into the forest from the {side} and sees a tree only if all trees in front of it, in the same {'row' if side in ('left', 'right') else 'column'}, are lower. Return {out} that person sees.",
        ),
        plan="Along each line of sight I count the trees higher than all before them.",
    )


@lesson
def living_cells(g: Random) -> Draft:
    birth = sorted(g.sample([1, 2, 3], g.randint(1, 2)))
    stay = sorted(g.sample([0, 1, 2, 3], 2))
    says = " or ".join
    diag = g.random() < 0.4
    ring = "eight cells around it" if diag else "four cells above, below, left and right of it"
    offs = (
        "[(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if (a, b) != (0, 0)]"
        if diag
        else "[(-1, 0), (1, 0), (0, -1), (0, 1)]"
    )
    return lesson.draft(
        g,
        "[next_generation|colony_step|one_step_later]",
        "cells:bin",
        "list[list[int]]",
        f"the next generation of the colony @cells: a 0 becomes 1 if exactly {says(map(str, birth))} of the {ring} are 1, a 1 stays 1 if exactly {says(map(str, stay))} of them are 1, and everything else becomes 0",
        f"h, w = len($cells), len($cells[0])\noffsets = {offs}\n\ndef alive(i, j):\n    return sum($cells[i + a][j + b] for a, b in offsets if 0 <= i + a < h and 0 <= j + b < w)\n\nresult = []\nfor i in range(h):\n    row = []\n    for j in range(w):\n        wanted = {stay} if $cells[i][j] == 1 else {birth}\n        row.append(1 if alive(i, j) in wanted else 0)\n    result.append(row)\nreturn result",
        tellings=(
            f"Birth: a 0 with exactly {says(map(str, birth))} ones among the {ring} turns into 1. Survival: a 1 with exactly {says(map(str, stay))} ones among them remains 1. All other cells of @cells become 0. Apply the rules once to all cells together and return the new grid.",
            f"In @cells a 1 is a living and a 0 a dead cell. For each cell count the living ones among the {ring} (nothing lives outside the grid). A dead cell comes to life if that count is {says(map(str, birth))}; a living cell survives if it is {says(map(str, stay))}. All cells change at the same time. Return the grid after one step.",
        ),
        plan="I count the living neighbours of every cell in the old grid and apply the rule in a new one.",
    )


@lesson
def warning_numbers(g: Random) -> Draft:
    shape, offs = g.choice(
        [
            ("in the eight cells around it", "[(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1)]"),
            ("directly above, below, left and right of it", "[(-1, 0), (1, 0), (0, -1), (0, 1)]"),
            ("directly left and right of it", "[(0, -1), (0, 1)]"),
        ]
    )
    zero = g.choice(["0", ".", "-"])
    zs = "" if zero == "0" else f"; a count of 0 is written as '{zero}'"
    return lesson.draft(
        g,
        "[warning_numbers|mine_counts|danger_map]",
        "field:mines",
        "list[str]",
        f"@field with every '.' replaced by the number of mines '*' {shape}{zs}, while the mines stay",
        f"h, w = len($field), len($field[0])\nresult = []\nfor i in range(h):\n    line = ''\n    for j in range(w):\n        if $field[i][j] == '*':\n            line += '*'\n            continue\n        n = 0\n        for a, b in {offs}:\n            if 0 <= i + a < h and 0 <= j + b < w and $field[i + a][j + b] == '*':\n                n += 1\n        line += str(n)"
        + ("" if zero == "0" else f" if n else '{zero}'")
        + "\n    result.append(line)\nreturn result",
        tellings=(
            f"Replace each safe cell '.' of @field by a digit: how many mines '*' there are {shape}{zs}. Do not change the mines.",
            f"In the game of mines, '*' stands for a mine and '.' for a safe cell. Make the solution map of @field: mines remain '*', and every safe cell shows how many mines lie {shape}{zs}. Return the rows as a list of strings.",
        ),
        plan="For every safe cell I count the mines among its neighbours.",
    )


@lesson
def three_in_line(g: Random) -> Draft:
    who = g.choice("XO")
    lines = "lines = [list(row) for row in $board] + [list(column) for column in zip(*$board)]\nlines.append([$board[i][i] for i in range(3)])\nlines.append([$board[i][2 - i] for i in range(3)])\nreturn "
    text, code, returns, name = g.choice(
        [
            (
                f"the number of lines of @board (rows, columns and the two diagonals) that are filled with '{who}' only",
                f"sum(1 for line in lines if line == ['{who}'] * 3)",
                "int",
                "full_lines",
            ),
            (
                f"the number of lines of @board (rows, columns and the two diagonals) that hold exactly two '{who}' and one '.'",
                f"sum(1 for line in lines if sorted(line) == sorted(['{who}', '{who}', '.']))",
                "int",
                "threats",
            ),
            (
                f"True if '{who}' has three in a row, column or diagonal of @board and the other player has not",
                f"['{who}'] * 3 in lines and ['{'O' if who == 'X' else 'X'}'] * 3 not in lines",
                "bool",
                "sole_winner",
            ),
            (
                f"the number of lines of @board (rows, columns and the two diagonals) that contain no '{who}'",
                f"sum(1 for line in lines if '{who}' not in line)",
                "int",
                "open_lines",
            ),
            (
                f"the largest number of '{who}' in one line of @board, where rows, columns and the two diagonals are lines",
                f"max(line.count('{who}') for line in lines)",
                "int",
                "best_line",
            ),
        ]
    )
    return lesson.draft(
        g,
        f"{name}_of_{who.lower()}",
        "board:board",
        returns,
        text,
        lines + code,
        tellings=(
            f"@board is a tic-tac-toe board, a list of three rows with the entries 'X', 'O' and '.' for empty. It has eight lines: three rows, three columns, two diagonals. Return {text.replace(' of @board (rows, columns and the two diagonals)', '').replace(' of @board, where rows, columns and the two diagonals are lines', '')}.",
        ),
        plan="I collect the eight lines of the board and look at each.",
    )


@lesson
def chess_moves(g: Random) -> Draft:
    piece, cond, text = g.choice(
        [
            ("rook", "(i == r) != (j == c)", "in the same row or column"),
            ("bishop", "i != r and abs(i - r) == abs(j - c)", "on the same diagonal in any direction"),
            (
                "queen",
                "(i, j) != (r, c) and (i == r or j == c or abs(i - r) == abs(j - c))",
                "in the same row, in the same column or on a diagonal",
            ),
            (
                "knight",
                "{abs(i - r), abs(j - c)} == {1, 2}",
                "two steps away in one direction and one step in the other",
            ),
            ("king", "max(abs(i - r), abs(j - c)) == 1", "next to it, also diagonally"),
            (
                "camel",
                "{abs(i - r), abs(j - c)} == {1, 3}",
                "three steps away in one direction and one step in the other",
            ),
        ]
    )
    half, extra, label = g.choice(
        [
            ("", "", "moves"),
            (" in the rows 0 to 3", " and i < 4", "upper_moves"),
            (" with an even sum of row and column", " and (i + j) % 2 == 0", "even_moves"),
            (" in rows with a higher number than its own", " and i > r", "forward_moves"),
        ]
    )
    return lesson.draft(
        g,
        f"{piece}_{label}",
        "square:square8",
        "int",
        f"the number of squares{half} [that|which] a {piece} at @square can move to on an otherwise empty 8 by 8 board; it reaches the squares {text}",
        f"r, c = $square\nreturn sum(1 for i in range(8) for j in range(8) if ({cond}){extra})",
        f"r, c = $square\ncount = 0\nfor i in range(8):\n    for j in range(8):\n        if ({cond}){extra}:\n            count += 1\nreturn count",
        tellings=(
            f"A {piece} stands alone on a board with 8 rows and 8 columns, at the position @square given as (row, column), counted from 0. It can move to all squares that are {text}. Count the squares{half} that it can move to.",
        ),
        plan="I test all 64 squares with the rule of the piece.",
    )


@lesson
def queens_in_conflict(g: Random) -> Draft:
    text, cond = g.choice(
        [
            (
                "in the same column or on the same diagonal",
                "$queens[i] == $queens[j] or abs($queens[i] - $queens[j]) == j - i",
            ),
            ("on the same diagonal", "abs($queens[i] - $queens[j]) == j - i"),
            ("in the same column", "$queens[i] == $queens[j]"),
            ("a knight's move apart", "{j - i, abs($queens[i] - $queens[j])} == {1, 2}"),
        ]
    )
    mode = g.choice(["count", "safe", "rows"])
    out, ret, code = {
        "count": (f"the number of pairs of pieces in @queens that stand {text}", "int", "len(pairs)"),
        "safe": (f"True if no two pieces in @queens stand {text}", "bool", "not pairs"),
        "rows": (
            f"a sorted list of the rows whose piece stands {text} as another one in @queens"
            if text != "a knight's move apart"
            else "a sorted list of the rows whose piece is a knight's move apart from another one in @queens",
            "list[int]",
            "sorted({i for pair in pairs for i in pair})",
        ),
    }[mode]
    return lesson.draft(
        g,
        f"[conflicts|attacks]_{mode}",
        "queens:queens",
        ret,
        f"{out}, where the i-th number is the column of the piece in row i",
        f"n = len($queens)\npairs = [(i, j) for i in range(n) for j in range(i + 1, n) if {cond}]\nreturn {code}",
        f"pairs = []\nfor j in range(len($queens)):\n    for i in range(j):\n        if {cond}:\n            pairs.append((i, j))\nreturn {code}",
        tellings=(
            f"Each row of a board has exactly one piece; @queens[i] is the column of the piece in row i. Two pieces are in conflict if they stand {text}. Return "
            + {
                "count": "the number of pairs in conflict",
                "safe": "True if there is no conflict, and False otherwise",
                "rows": "the rows of all pieces that are in some conflict, in ascending order",
            }[mode]
            + ".",
        ),
        plan="I compare every two rows.",
    )


@lesson
def cropped(g: Random) -> Draft:
    mark = g.choice("#.")
    out, code, ret, name = g.choice(
        [
            (
                "the smallest rectangular part of @picture that contains all '{m}' cells, as a list of strings, or an empty list if there are none",
                "[row[left:right + 1] for row in $picture[top:bottom + 1]]",
                "list[str]",
                "cropped",
            ),
            (
                "the height and the width, as a tuple, of the smallest rectangle in @picture that contains all '{m}' cells, or an empty tuple if there are none",
                "(bottom - top + 1, right - left + 1)",
                "tuple",
                "extent",
            ),
            (
                "the number of cells different from '{m}' in the smallest rectangle of @picture that contains all '{m}' cells, or 0 if there are none",
                "sum(row[left:right + 1].count('{o}') for row in $picture[top:bottom + 1])",
                "int",
                "gaps_inside",
            ),
        ]
    )
    out, code = out.replace("{m}", mark), code.replace("{o}", "." if mark == "#" else "#")
    empty = {"cropped": "[]", "extent": "()", "gaps_inside": "0"}[name]
    return lesson.draft(
        g,
        name + "_picture",
        "picture:map",
        ret,
        out,
        f"cells = [(i, j) for i, row in enumerate($picture) for j, c in enumerate(row) if c == '{mark}']\nif not cells:\n    return {empty}\ntop, bottom = min(i for i, _ in cells), max(i for i, _ in cells)\nleft, right = min(j for _, j in cells), max(j for _, j in cells)\nreturn {code}",
        f"hit = [i for i, row in enumerate($picture) if '{mark}' in row]\nif not hit:\n    return {empty}\ntop, bottom = hit[0], hit[-1]\nleft = min(row.index('{mark}') for row in $picture if '{mark}' in row)\nright = max(row.rindex('{mark}') for row in $picture if '{mark}' in row)\nreturn {code}",
        tellings=(
            f"The rows of a picture consist of '#' and '.'. Put the tightest possible rectangle around all '{mark}' cells of @picture. Return {out.replace('the smallest rectangular part of @picture that contains all ' + chr(39) + mark + chr(39) + ' cells', 'what is inside this rectangle').replace('the smallest rectangle in @picture that contains all ' + chr(39) + mark + chr(39) + ' cells', 'this rectangle').replace('the smallest rectangle of @picture that contains all ' + chr(39) + mark + chr(39) + ' cells', 'this rectangle')}.",
        ),
        plan="I find the outermost rows and columns with a marked cell.",
    )


@lesson
def blown_up(g: Random) -> Draft:
    mode = g.choice(["both", "wide", "tall"])
    text = {
        "both": "a block of @k times @k equal characters",
        "wide": "@k equal characters next to each other in its row",
        "tall": "@k equal characters below each other, so that every row appears @k times",
    }[mode]
    body = {
        "both": "return [''.join(c * $k for c in row) for row in $picture for _ in range($k)]",
        "wide": "return [''.join(c * $k for c in row) for row in $picture]",
        "tall": "return [row for row in $picture for _ in range($k)]",
    }[mode]
    loop = {
        "both": "result = []\nfor row in $picture:\n    line = ''\n    for c in row:\n        line += c * $k\n    result.extend([line] * $k)\nreturn result",
        "wide": "result = []\nfor row in $picture:\n    line = ''\n    for c in row:\n        line += c * $k\n    result.append(line)\nreturn result",
        "tall": "result = []\nfor row in $picture:\n    result += [row] * $k\nreturn result",
    }[mode]
    return lesson.draft(
        g,
        "[blown_up|enlarged|zoomed|stretched]",
        "picture:stones k:little",
        "list[str]",
        f"@picture enlarged so that each character becomes {text}",
        body,
        loop,
        tellings=(
            f"Zoom into @picture with the factor @k: every character turns into {text}. Return the enlarged list of strings.",
            f"Enlarge a picture made of characters. Each character of @picture is replaced by {text}. Return the rows of the new picture.",
        ),
        plan="I repeat characters and rows as often as needed.",
    )


@lesson
def two_by_two(g: Random) -> Draft:
    what, code = g.choice(
        [
            ("the sum", "sum({})"),
            ("the largest", "max({})"),
            ("the smallest", "min({})"),
            ("the rounded-down average", "sum({}) // 4"),
            ("the difference between the largest and the smallest", "max({}) - min({})"),
        ]
    )
    overlap = g.random() < 0.4
    rng_ = "range(len($grid) - 1)", "range(len($grid[0]) - 1)"
    if not overlap:
        rng_ = "range(0, len($grid), 2)", "range(0, len($grid[0]), 2)"
    text = (
        "every 2 by 2 window, at all positions where it fits,"
        if overlap
        else "every one of the 2 by 2 blocks it can be cut into"
    )
    return lesson.draft(
        g,
        "[block|window|pooled]_[values|grid|summary]",
        "grid:even",
        "list[list[int]]",
        f"a smaller grid with {what} of the four numbers in each of the 2 by 2 {'windows of @grid, which may overlap' if overlap else 'blocks that @grid can be cut into'}",
        f"result = []\nfor i in {rng_[0]}:\n    line = []\n    for j in {rng_[1]}:\n        block = [$grid[i][j], $grid[i][j + 1], $grid[i + 1][j], $grid[i + 1][j + 1]]\n        line.append({code.replace('{}', 'block')})\n    result.append(line)\nreturn result",
        f"def value(i, j):\n    block = $grid[i][j:j + 2] + $grid[i + 1][j:j + 2]\n    return {code.replace('{}', 'block')}\n\nreturn [[value(i, j) for j in {rng_[1]}] for i in {rng_[0]}]",
        tellings=(
            f"Write a grid that has one number for {text.rstrip(',')} of @grid, namely {what} of the four numbers in it.",
            f"@grid has an even number of rows and of columns. For {text} compute {what} of its four numbers. Return these results as a grid in the same arrangement.",
        ),
        plan="I go through the top left corners of the blocks.",
    )


@lesson
def two_grids(g: Random) -> Draft:
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "differing_cells",
                "the number of cells in which the two 3 by 3 grids @a and @b differ",
                "int",
                "return sum(1 for p, q in zip($a, $b) for u, v in zip(p, q) if u != v)",
                "count = 0\nfor i in range(3):\n    for j in range(3):\n        if $a[i][j] != $b[i][j]:\n            count += 1\nreturn count",
            ),
            (
                "larger_of_both",
                "a 3 by 3 grid with the larger one of the two numbers in each cell of @a and @b",
                "list[list[int]]",
                "return [[max(u, v) for u, v in zip(p, q)] for p, q in zip($a, $b)]",
                "return [[$a[i][j] if $a[i][j] > $b[i][j] else $b[i][j] for j in range(3)] for i in range(3)]",
            ),
            (
                "grid_difference",
                "a 3 by 3 grid in which each number is that of @a minus that of @b at the same place",
                "list[list[int]]",
                "return [[u - v for u, v in zip(p, q)] for p, q in zip($a, $b)]",
                "result = []\nfor p, q in zip($a, $b):\n    result.append([u - v for u, v in zip(p, q)])\nreturn result",
            ),
            (
                "agreeing_rows",
                "a list of the indices of the rows in which @a and @b hold the same numbers in any order",
                "list[int]",
                "return [i for i in range(3) if sorted($a[i]) == sorted($b[i])]",
                "result = []\nfor i, (p, q) in enumerate(zip($a, $b)):\n    if sorted(p) == sorted(q):\n        result.append(i)\nreturn result",
            ),
            (
                "wins_of_first",
                "how many more cells there are in which @a is greater than @b than cells in which it is less",
                "int",
                "score = 0\nfor p, q in zip($a, $b):\n    for u, v in zip(p, q):\n        score += (u > v) - (u < v)\nreturn score",
                "return sum((u > v) - (u < v) for p, q in zip($a, $b) for u, v in zip(p, q))",
            ),
            (
                "masked_sum",
                "the sum of the numbers in @a at those cells where @b is not 0",
                "int",
                "return sum(u for p, q in zip($a, $b) for u, v in zip(p, q) if v != 0)",
                "total = 0\nfor i in range(3):\n    for j in range(3):\n        if $b[i][j]:\n            total += $a[i][j]\nreturn total",
            ),
            (
                "product_row_sums",
                "a list of the row sums of the matrix product of @a and @b",
                "list[int]",
                "product = [[sum(u * v for u, v in zip(row, column)) for column in zip(*$b)] for row in $a]\nreturn [sum(row) for row in product]",
                "sums = [sum(row) for row in $b]\nreturn [sum(u * v for u, v in zip(row, sums)) for row in $a]",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "a:sq3 b:sq3",
        ret,
        text,
        b1,
        b2,
        tellings=(
            f"Two 3 by 3 grids of numbers, @a and @b, are laid on top of each other. Return {text}.",
            f"Compare @a and @b, both with three rows and three columns. [Determine|Give back] {text}.",
        ),
        plan="I go through both grids cell by cell.",
    )


@lesson
def times_vector(g: Random) -> Draft:
    how, red, text = g.choice(
        [
            ("u * v", "sum", "the sum of the products of its numbers with those of @weights at the same places"),
            ("u * v", "max", "the largest product of one of its numbers with that of @weights at the same place"),
            (
                "abs(u - v)",
                "sum",
                "the sum of the distances between its numbers and those of @weights at the same places",
            ),
            ("u == v", "sum", "the number of places where it agrees with @weights"),
        ]
    )
    return lesson.draft(
        g,
        "[weighted_rows|row_scores|scored_rows]",
        "grid:sq3 weights:vec3",
        "list[int]",
        f"a list that has, for each row of the 3 by 3 grid @grid, {text}",
        f"return [{red}({how} for u, v in zip(row, $weights)) for row in $grid]",
        f"result = []\nfor row in $grid:\n    result.append({red}([{how.replace('u', 'row[j]').replace('v', '$weights[j]') if 'abs' not in how else 'abs(row[j] - $weights[j])'} for j in range(3)]))\nreturn result",
        tellings=(
            f"Every row of @grid has three numbers, just like @weights. For each row compute {text}, and return the results in order.",
        ),
        plan="I pair each row with the weights.",
    )


@lesson
def longest_streak(g: Random) -> Draft:
    mark = g.choice("#.")
    where, source = g.choice(
        [
            ("row", "$picture"),
            ("column", "[''.join(column) for column in zip(*$picture)]"),
            ("row or column", "$picture + [''.join(column) for column in zip(*$picture)]"),
        ]
    )
    return lesson.draft(
        g,
        "[longest_wall|best_streak|longest_line]",
        "picture:map",
        "int",
        f"the length of the longest unbroken run of '{mark}' in any {where} of @picture",
        f"best = 0\nfor line in {source}:\n    run = 0\n    for c in line:\n        run = run + 1 if c == '{mark}' else 0\n        best = max(best, run)\nreturn best",
        f"other = '{'.' if mark == '#' else '#'}'\nreturn max(len(part) for line in {source} for part in line.split(other))",
        tellings=(
            f"Somewhere in @picture there is a longest chain of '{mark}' characters standing directly one after the other in one {where}. Return how long it is, or 0 if there is no '{mark}' at all.",
            f"Go through each {where} of the map @picture and find the longest stretch of consecutive '{mark}' cells. Return its length.",
        ),
        plan="I count runs line by line and keep the longest.",
    )


@lesson
def letter_places(g: Random) -> Draft:
    letter = g.choice("abcd")
    out, code, ret = g.choice(
        [
            ("a list of the positions (row, column) of", "found", "list[tuple[int, int]]"),
            (
                "a dictionary from row index to the number of occurrences, for rows that have any, of",
                f"{{i: row.count('{letter}') for i, row in enumerate($letters) if '{letter}' in row}}",
                "dict[int, int]",
            ),
            (
                "the row and column of the last occurrence, in reading order, or None if there is none, of",
                "found[-1] if found else None",
                "tuple[int, int] | None",
            ),
            ("the number of rows that contain", "len({i for i, _ in found})", "int"),
            ("the number of columns that contain", "len({j for _, j in found})", "int"),
        ]
    )
    return lesson.draft(
        g,
        f"[places|cells|spots]_of_{letter}",
        "letters:letters",
        ret,
        f"{out} the letter '{letter}' in the grid of letters @letters",
        f"found = [(i, j) for i, row in enumerate($letters) for j, c in enumerate(row) if c == '{letter}']\nreturn {code}",
        f"found = []\nfor i in range(len($letters)):\n    for j in range(len($letters[0])):\n        if $letters[i][j] == '{letter}':\n            found.append((i, j))\nreturn {code}",
        tellings=(
            f"@letters is a puzzle of letters with one string per row. Search it for the letter '{letter}' from left to right and from top to bottom. Return {out.removesuffix(' of').rstrip(',') if out.endswith(' of') else out + ' it'}.",
        ),
        plan=f"I look at every cell for the letter '{letter}'.",
    )


@lesson
def hidden_word(g: Random) -> Draft:
    word = "".join(g.choice("abcd") for _ in range(2))
    dirs, lines = g.choice(
        [
            ("in a row from left to right", "list($letters)"),
            ("in a column from top to bottom", "[''.join(c) for c in zip(*$letters)]"),
            (
                "in a row from left to right or in a column from top to bottom",
                "list($letters) + [''.join(c) for c in zip(*$letters)]",
            ),
            ("in a row from left to right or from right to left", "list($letters) + [row[::-1] for row in $letters]"),
        ]
    )
    yes = g.random() < 0.5
    return lesson.draft(
        g,
        f"{'has' if yes else 'times'}_{word}",
        "letters:letters",
        "bool" if yes else "int",
        f"True if the text '{word}' can be read {dirs} of @letters"
        if yes
        else f"how often the text '{word}' can be read {dirs} of @letters, [overlaps included|where overlapping places count as well]",
        f"lines = {lines}\nreturn "
        + (
            f"any('{word}' in line for line in lines)"
            if yes
            else f"sum(line.startswith('{word}', i) for line in lines for i in range(len(line)))"
        ),
        f"lines = {lines}\n"
        + (
            f"for line in lines:\n    if '{word}' in line:\n        return True\nreturn False"
            if yes
            else f"total = 0\nfor line in lines:\n    for i in range(len(line) - 1):\n        if line[i:i + 2] == '{word}':\n            total += 1\nreturn total"
        ),
        tellings=(
            f"Children look for the text '{word}' in a letter puzzle, given as the strings @letters, one for each row. They may read {dirs}. "
            + ("Return True if they can find it." if yes else "Return how many times it occurs."),
        ),
        plan="I collect the lines to read and search each.",
    )


@lesson
def sparse_cells(g: Random) -> Draft:
    mode = g.choice(["to", "from", "line"])
    if mode == "to":
        test, say = g.choice([("v != 0", "not 0"), ("v > 1", "greater than 1"), ("v % 2 == 1", "odd")])
        return lesson.draft(
            g,
            "[sparse|listed]_[cells|form]",
            "grid:Z",
            "dict[tuple[int, int], int]",
            f"a dictionary that maps the position (row, column) of every number of @grid that is {say} to that number",
            f"return {{(i, j): v for i, row in enumerate($grid) for j, v in enumerate(row) if {test}}}",
            f"result = {{}}\nfor i, row in enumerate($grid):\n    for j, v in enumerate(row):\n        if {test}:\n            result[i, j] = v\nreturn result",
            tellings=(
                f"Most numbers in a grid are often uninteresting. Store only those of @grid that are {say}: return a dictionary with tuples (row, column) as keys and the numbers as values.",
            ),
            plan="I visit all cells and keep the interesting ones.",
        )
    if mode == "from":
        h, w, e = g.randint(3, 4), g.randint(4, 5), g.choice([0, -1])
        return lesson.draft(
            g,
            "[dense|full]_[grid|rows]",
            "cells:sparse",
            "list[list[int]]",
            f"a grid with {h} rows and {w} columns that has the numbers of @cells at their positions and {e} everywhere else",
            f"return [[$cells.get((i, j), {e}) for j in range({w})] for i in range({h})]",
            f"result = [[{e}] * {w} for _ in range({h})]\nfor (i, j), v in $cells.items():\n    result[i][j] = v\nreturn result",
            tellings=(
                f"@cells maps positions (row, column) to numbers. Build the whole grid of {h} rows and {w} columns from it and write {e} into cells that have no entry.",
            ),
            plan="I look up every cell with a default.",
        )
    axis, i = g.choice([("row", 0), ("column", 1)])
    return lesson.draft(
        g,
        f"{axis}_sums_of_cells",
        "cells:sparse",
        "dict[int, int]",
        f"a dictionary that maps each {axis} number that occurs in @cells to the sum of the numbers stored for that {axis}, ordered by {axis} number",
        f"sums = {{}}\nfor cell, v in sorted($cells.items()):\n    sums[cell[{i}]] = sums.get(cell[{i}], 0) + v\nreturn dict(sorted(sums.items()))",
        f"keys = sorted({{cell[{i}] for cell in $cells}})\nreturn {{key: sum(v for cell, v in $cells.items() if cell[{i}] == key) for key in keys}}",
        tellings=(
            f"A large table is stored as a dictionary @cells with keys (row, column). Add up the stored numbers of each {axis} and return a dictionary from {axis} numbers to sums, with the smallest {axis} number first.",
        ),
        plan=f"I group the entries by {axis}.",
    )


@lesson
def bar_chart(g: Random) -> Draft:
    a = g.choice("#*o|X".replace("|", "I"))
    e = g.choice([".", " ", "-"])
    mode = g.choice(["up", "down", "side"])
    if mode == "side":
        sep = g.choice([": ", " ", "|".replace("|", "=")])
        return lesson.draft(
            g,
            "[bar_lines|sideways_chart]",
            "heights:bars",
            "list[str]",
            f"a list with one string for each number in @heights: the number itself, '{sep}' and then as many '{a}' as the number says",
            f"return [f'{{h}}{sep}' + '{a}' * h for h in $heights]",
            f"lines = []\nfor h in $heights:\n    lines.append(str(h) + '{sep}' + '{a}' * h)\nreturn lines",
            tellings=(
                f"For each number h in @heights make one line: h, then '{sep}', then h times '{a}'. Return the list of lines.",
                f"Draw a sideways bar chart of @heights. Every line begins with the number, followed by '{sep}' and a bar of that many '{a}' characters.",
            ),
            plan="I make one line per number.",
        )
    order = "range(top, 0, -1)" if mode == "up" else "range(1, top + 1)"
    return lesson.draft(
        g,
        f"{'standing' if mode == 'up' else 'hanging'}_bars",
        "heights:bars",
        "list[str]",
        f"the lines of a bar chart of @heights, top line first, with one column per number, in which bars of '{a}' {'stand on the last line' if mode == 'up' else 'hang down from the first line'} and '{e}' fills the rest; there are as many lines as the largest number",
        f"top = max($heights)\nreturn [''.join('{a}' if h >= level else '{e}' for h in $heights) for level in {order}]",
        f"top = max($heights)\nlines = []\nfor level in {order}:\n    line = ''\n    for h in $heights:\n        line += '{a}' if h >= level else '{e}'\n    lines.append(line)\nreturn lines",
        tellings=(
            f"Make a bar chart as a list of strings. Column i shows @heights[i] as a bar of '{a}' characters that {'grows from the bottom up' if mode == 'up' else 'hangs from the top'}; free places are '{e}'. The chart is just high enough for the largest number, and for all zeros it is an empty list.",
        ),
        plan="Level by level I decide which columns are filled.",
    )


@lesson
def odd_shapes(g: Random) -> Draft:
    a = g.choice("*#ox+")
    e = g.choice([".", "-", " "])
    name, text, cond = g.choice(
        [
            (
                "diamond",
                "a diamond: the cells whose row and column distances from the middle add up to at most half of @n, rounded down",
                "abs(i - mid) + abs(j - mid) <= mid",
            ),
            (
                "hollow_diamond",
                "the outline of a diamond: the cells whose row and column distances from the middle add up to exactly half of @n, rounded down",
                "abs(i - mid) + abs(j - mid) == mid",
            ),
            ("big_x", "an X: both diagonals", "i == j or i + j == $n - 1"),
            ("plus_sign", "a plus sign: the middle row and the middle column", "i == mid or j == mid"),
            (
                "letter_h",
                "the letter H: the first column, the last column and the middle row",
                "j in (0, $n - 1) or i == mid",
            ),
            ("letter_t", "the letter T: the first row and the middle column", "i == 0 or j == mid"),
            (
                "letter_z",
                "the letter Z: the first row, the last row and the diagonal from top right to bottom left",
                "i in (0, $n - 1) or i + j == $n - 1",
            ),
            (
                "letter_n",
                "the letter N: the first column, the last column and the diagonal from top left to bottom right",
                "j in (0, $n - 1) or i == j",
            ),
            (
                "letter_v",
                "a V: the two lines from the upper corners that meet in row @n // 2 in the middle column",
                "i <= mid and (j == i or j == $n - 1 - i)",
            ),
        ]
    )
    uses = "mid = $n // 2\n" if "mid" in cond else ""
    return lesson.draft(
        g,
        name,
        "n:odd",
        "list[str]",
        f"@n strings of length @n that show {text}, drawn with '{a}' on a background of '{e}'",
        f"{uses}return [''.join('{a}' if {cond} else '{e}' for j in range($n)) for i in range($n)]",
        f"{uses}picture = []\nfor i in range($n):\n    row = ['{e}'] * $n\n    for j in range($n):\n        if {cond}:\n            row[j] = '{a}'\n    picture.append(''.join(row))\nreturn picture",
        tellings=(
            f"An ASCII picture has @n rows and @n columns, where @n is odd. It shows {text}. Drawn cells are '{a}', empty ones '{e}'. Return its rows from top to bottom.",
            f"For an odd number @n, draw {text}. Use '{a}' for these cells and '{e}' for all others. The picture is a list of @n strings with @n characters each.",
        ),
        plan="I test each cell with the rule of the shape.",
    )


@lesson
def digit_lines(g: Random) -> Draft:
    sep = g.choice(["", " ", "-"])
    text, code = g.choice(
        [
            ("the numbers from 1 to i", "range(1, i + 1)"),
            ("the numbers from i down to 1", "range(i, 0, -1)"),
            ("the number i, i times", "[i] * i"),
            ("the numbers from i to @n", "range(i, $n + 1)"),
            ("the first i odd numbers", "range(1, 2 * i, 2)"),
            ("the numbers from 1 to i and back to 1", "[*range(1, i + 1), *range(i - 1, 0, -1)]"),
            ("the first i multiples of i", "range(i, i * i + 1, i)"),
        ]
    )
    how = {"": "written without anything between them", " ": "separated by spaces", "-": "with hyphens between them"}[
        sep
    ]
    return lesson.draft(
        g,
        "[number|digit]_[lines|triangle|pattern]",
        "n:side",
        "list[str]",
        f"a list of @n strings in which the i-th string (i counted from 1) has {text}, {how}",
        f"return ['{sep}'.join(str(v) for v in {code}) for i in range(1, $n + 1)]",
        f"lines = []\nfor i in range(1, $n + 1):\n    parts = []\n    for v in {code}:\n        parts.append(str(v))\n    lines.append('{sep}'.join(parts))\nreturn lines",
        tellings=(
            f"For i = 1, 2, ..., @n make one string out of {text}, {how}. Return the @n strings in this order.",
            f"Write a number pattern with @n lines. Line i contains {text}, {how}. [The first line is line 1.|Lines are counted from 1.] Return the lines as a list of strings.",
        ),
        plan="For every line number I write its numbers.",
    )


@lesson
def down_the_page(g: Random) -> Draft:
    pad = g.choice(["-", ".", "_"])
    mode = g.choice(["pad", "skip", "rev"])
    text = {
        "pad": f"where words that are too short count as filled up with '{pad}' at the end",
        "skip": "where words that are too short are simply skipped",
        "rev": f"where shorter words are filled up with '{pad}' at the front",
    }[mode]
    if mode == "pad":
        b: tuple[str, ...] = (
            f"longest = max(len(w) for w in $words)\nreturn [''.join(w[j] if j < len(w) else '{pad}' for w in $words) for j in range(longest)]",
            f"return [''.join(column) for column in zip_longest(*$words, fillvalue='{pad}')]",
        )
    elif mode == "skip":
        b = (
            "longest = max(len(w) for w in $words)\nreturn [''.join(w[j] for w in $words if j < len(w)) for j in range(longest)]",
            "return [''.join(column) for column in zip_longest(*$words, fillvalue='')]",
        )
    else:
        b = (
            f"longest = max(len(w) for w in $words)\nreturn [''.join(column) for column in zip(*(w.rjust(longest, '{pad}') for w in $words))]",
        )
    return lesson.draft(
        g,
        "[vertical|columnwise]_[reading|texts]",
        "words:lines",
        "list[str]",
        f"a list of the strings one gets by writing @words below each other and reading column by column, {text}",
        *b,
        imports=("from itertools import zip_longest",),
        tellings=(
            f"Write the words in @words below each other, one per line, and read them vertically: the first string of the result has the first column from top to bottom, and so on, {text}.",
        ),
        plan="For every column I collect one character from each word.",
    )


@lesson
def ragged_rows(g: Random) -> Draft:
    f = g.choice([0, -1])
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "padded_rows",
                f"the rows of @rows, each filled up with {f} at the end so that all are as long as the longest one",
                "list[list[int]]",
                f"width = max(len(r) for r in $rows)\nreturn [r + [{f}] * (width - len(r)) for r in $rows]",
                f"width = max(map(len, $rows))\nresult = []\nfor r in $rows:\n    r = list(r)\n    while len(r) < width:\n        r.append({f})\n    result.append(r)\nreturn result",
            ),
            (
                "common_width",
                "the rows of @rows, all cut off after as many numbers as the shortest row has",
                "list[list[int]]",
                "width = min(len(r) for r in $rows)\nreturn [r[:width] for r in $rows]",
                "width = min(map(len, $rows))\nresult = []\nfor r in $rows:\n    result.append(r[:width])\nreturn result",
            ),
            (
                "is_rectangle",
                "True if all rows in @rows have the same length",
                "bool",
                "return len({len(r) for r in $rows}) == 1",
                "for r in $rows:\n    if len(r) != len($rows[0]):\n        return False\nreturn True",
            ),
            (
                "column_lengths",
                "a list with the number of rows in @rows that reach into each column, from the first column to the last",
                "list[int]",
                "width = max(len(r) for r in $rows)\nreturn [sum(1 for r in $rows if len(r) > j) for j in range(width)]",
                "result = []\nfor r in $rows:\n    for j in range(len(r)):\n        if j == len(result):\n            result.append(0)\n        result[j] += 1\nreturn result",
            ),
            (
                "last_entries",
                f"the last number of each row of @rows, with {f} for empty rows",
                "list[int]",
                f"return [r[-1] if r else {f} for r in $rows]",
                f"result = []\nfor r in $rows:\n    if r:\n        result.append(r[-1])\n    else:\n        result.append({f})\nreturn result",
            ),
            (
                "staircase_shape",
                "True if no row in @rows is longer than the row before it",
                "bool",
                "return all(len(a) >= len(b) for a, b in zip($rows, $rows[1:]))",
                "for i in range(1, len($rows)):\n    if len($rows[i]) > len($rows[i - 1]):\n        return False\nreturn True",
            ),
            (
                "column_sums_ragged",
                "a list of the column sums of @rows, where a row that is too short adds nothing to a column",
                "list[int]",
                "width = max(len(r) for r in $rows)\nreturn [sum(r[j] for r in $rows if j < len(r)) for j in range(width)]",
                "width = max(len(r) for r in $rows)\nsums = [0] * width\nfor r in $rows:\n    for j, v in enumerate(r):\n        sums[j] += v\nreturn sums",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "rows:ragged",
        ret,
        text,
        b1,
        b2,
        tellings=(
            f"The lists in @rows can have different lengths, and some may be empty. Return {text}.",
            f"A table was typed in carelessly, so that its rows are not equally long. [Your task is to return|Return] {text}.",
        ),
        plan="I look at the length of every row.",
    )


@lesson
def seat_search(g: Random) -> Draft:
    k = g.randint(2, 3)
    name, text, ret, b1, b2 = g.choice(
        [
            (
                "first_free_place",
                f"the position (row, seat) of the first {k} free seats next to each other in @hall, given by the leftmost of them, or None if there is no such place",
                "tuple[int, int] | None",
                f"for i, row in enumerate($hall):\n    j = row.find('.' * {k})\n    if j >= 0:\n        return (i, j)\nreturn None",
                f"for i in range(len($hall)):\n    for j in range(len($hall[i]) - {k - 1}):\n        if $hall[i][j:j + {k}] == '.' * {k}:\n            return (i, j)\nreturn None",
            ),
            (
                "possible_places",
                f"the number of ways to choose {k} free seats directly next to each other in one row of @hall",
                "int",
                f"return sum(row[j:j + {k}] == '.' * {k} for row in $hall for j in range(len(row)))",
                f"ways = 0\nfor row in $hall:\n    for j in range(len(row) - {k - 1}):\n        if 'x' not in row[j:j + {k}]:\n            ways += 1\nreturn ways",
            ),
            (
                "emptiest_row",
                "the index of the row of @hall with the most free seats, the last such row if several are equal",
                "int",
                "best = 0\nfor i, row in enumerate($hall):\n    if row.count('.') >= $hall[best].count('.'):\n        best = i\nreturn best",
                "return max(range(len($hall)), key=lambda i: ($hall[i].count('.'), i))",
            ),
            (
                "lonely_guests",
                "the number of taken seats in @hall that have no taken seat directly to their left or right",
                "int",
                "count = 0\nfor row in $hall:\n    padded = '.' + row + '.'\n    for j in range(1, len(padded) - 1):\n        if padded[j - 1:j + 2] == '.x.':\n            count += 1\nreturn count",
                "return sum(1 for row in $hall for part in row.split('.') if part == 'x')",
            ),
            (
                "seat_report",
                "a list of strings of the form '2: 3 free' for the rows of @hall, with the row number counted from 1 and the number of free seats",
                "list[str]",
                "return [f\"{i}: {row.count('.')} free\" for i, row in enumerate($hall, 1)]",
                "lines = []\nfor i in range(len($hall)):\n    free = $hall[i].count('.')\n    lines.append(str(i + 1) + ': ' + str(free) + ' free')\nreturn lines",
            ),
            (
                "seat_new_guest",
                "@hall after one guest has sat down on the first free seat, row by row from the left; unchanged if the hall is full",
                "list[str]",
                "result = list($hall)\nfor i, row in enumerate(result):\n    if '.' in row:\n        result[i] = row.replace('.', 'x', 1)\n        break\nreturn result",
                "result, done = [], False\nfor row in $hall:\n    if not done and '.' in row:\n        j = row.index('.')\n        row = row[:j] + 'x' + row[j + 1:]\n        done = True\n    result.append(row)\nreturn result",
            ),
        ]
    )
    return lesson.draft(
        g,
        name,
        "hall:seats",
        ret,
        f"{text}, where '.' is a free seat and 'x' a taken one",
        b1,
        b2,
        tellings=(
            f"In the plan of a cinema, each string in @hall is a row of seats: '.' means free and 'x' means taken. Rows and seats are counted from 0 unless said otherwise. Return {text}.",
        ),
        plan="I go through the rows of the hall.",
    )


@lesson
def wrapped_map(g: Random) -> Draft:
    ch = g.choice("*+oO")
    k = g.choice([1, 1, 2])
    lines = "one line" if k == 1 else "two lines"
    return lesson.draft(
        g,
        "[fenced|framed|padded]_[map|picture]",
        "picture:map",
        "list[str]",
        f"@picture with a frame around it that is {k} character{'s' if k > 1 else ''} thick and made of '{ch}'",
        f"inner = ['{ch * k}' + row + '{ch * k}' for row in $picture]\nedge = '{ch}' * len(inner[0])\nreturn [edge] * {k} + inner + [edge] * {k}",
        f"width = len($picture[0]) + {2 * k}\nresult = []\nfor _ in range({k}):\n    result.append('{ch}' * width)\nfor row in $picture:\n    result.append(row.center(width, '{ch}'))\nfor _ in range({k}):\n    result.append('{ch}' * width)\nreturn result",
        tellings=(
            f"Return a larger picture in which @picture is surrounded on all four sides by {k} layer{'s' if k > 1 else ''} of '{ch}'.",
            f"Put a fence of '{ch}' around the map @picture: {lines} above, {lines} below, and {k} character{'s' if k > 1 else ''} on the left and right of every row. Return the new list of strings.",
        ),
        plan="I widen every row and add full lines above and below.",
    )


@lesson
def painted_cells(g: Random) -> Draft:
    n = g.randint(4, 5)
    a, e = g.choice("#*ox"), g.choice(".-")
    twice = g.random() < 0.5
    text = (
        "a cell that is listed several times is painted as often, and an even number of times leaves it blank again"
        if twice
        else "a cell that is listed several times is painted all the same"
    )
    body = (
        f"return [''.join('{a}' if $cells.count((i, j)) % 2 == 1 else '{e}' for j in range({n})) for i in range({n})]"
        if twice
        else f"return [''.join('{a}' if (i, j) in $cells else '{e}' for j in range({n})) for i in range({n})]"
    )
    loop = (
        f"board = [['{e}'] * {n} for _ in range({n})]\nfor i, j in $cells:\n    board[i][j] = "
        + (f"'{e}' if board[i][j] == '{a}' else '{a}'" if twice else f"'{a}'")
        + "\nreturn [''.join(line) for line in board]"
    )
    return lesson.draft(
        g,
        "[toggled|painted]_[board|cells]" if twice else "[painted|drawn]_[board|cells]",
        "cells:cells",
        "list[str]",
        f"a picture of {n} strings with {n} characters each, in which the cells (row, column) listed in @cells are '{a}' and all others '{e}'; {text}",
        body,
        loop,
        tellings=(
            f"Return {n} strings of length {n} made of '{e}', in which the characters at the positions (row, column) from @cells are changed to '{a}'; {text}.",
            f"Start with a blank board of {n} by {n} cells, all '{e}'. "
            + (
                f"Each entry (row, column) of @cells switches one cell from '{e}' to '{a}' or back."
                if twice
                else f"Paint every cell (row, column) in @cells with '{a}'."
            )
            + " Return the board as a list of strings.",
        ),
        plan="I decide for each cell of the board whether it is painted.",
    )


@lesson
def light_beam(g: Random) -> Draft:
    side, source = g.choice(
        [
            ("left", "$cave"),
            ("right", "[row[::-1] for row in $cave]"),
            ("top", "[''.join(c) for c in zip(*$cave)]"),
            ("bottom", "[''.join(c)[::-1] for c in zip(*$cave)]"),
        ]
    )
    line = "row" if side in ("left", "right") else "column"
    out, code, ret = g.choice(
        [
            (
                f"a list with the number of '.' cells that a beam of light from the {side} crosses in each {line}",
                "lengths",
                "list[int]",
            ),
            (
                f"the number of '.' cells lit by beams of light that enter every {line} from the {side}",
                "sum(lengths)",
                "int",
            ),
            (
                f"the number of {line}s that a beam of light from the {side} crosses completely",
                "sum(1 for line, n in zip(lines, lengths) if n == len(line))",
                "int",
            ),
        ]
    )
    return lesson.draft(
        g,
        f"light_from_{side}",
        "cave:map",
        ret,
        f"{out} of @cave before a '#' stops it"
        if ret == "list[int]"
        else f"{out} in the map @cave, where '#' stops the light",
        f"lines = {source}\nlengths = [len(line.split('#')[0]) for line in lines]\nreturn {code}",
        f"lines = {source}\nlengths = []\nfor line in lines:\n    n = 0\n    while n < len(line) and line[n] == '.':\n        n += 1\n    lengths.append(n)\nreturn {code}",
        tellings=(
            f"Light shines into the cave @cave from the {side}, one beam along each {line}. A beam passes through '.' cells and ends at the first '#', which it does not pass. Return {out}.",
        ),
        plan=f"In each {line} I count the free cells before the first wall.",
    )


@lesson
def league_matrix(g: Random) -> Draft:
    win, draw = g.choice([(3, 1), (2, 1), (5, 2)])
    out, code, ret = g.choice(
        [
            ("a list of the points of all teams", "points", "list[int]"),
            (
                "the number of the team with the most points, the lowest number if several are equal",
                "points.index(max(points))",
                "int",
            ),
            (
                "a list of the team numbers sorted by points, best first, with equal teams in the order of their numbers",
                "sorted(range(n), key=lambda i: (-points[i], i))",
                "list[int]",
            ),
        ]
    )
    return lesson.draft(
        g,
        "league_[points|table|winner]",
        "goals:sq",
        ret,
        f"{out}, where @goals[i][j] is the number of goals team i scored against team j, a win gives {win} points to the winner and a draw {draw} to each of the two",
        f"n = len($goals)\npoints = [0] * n\nfor i in range(n):\n    for j in range(n):\n        if i != j:\n            if $goals[i][j] > $goals[j][i]:\n                points[i] += {win}\n            elif $goals[i][j] == $goals[j][i]:\n                points[i] += {draw}\nreturn {code}",
        tellings=(
            f"In a league every team played every other team once. @goals is a square table: the entry in row i and column j says how many goals team i scored against team j; the diagonal means nothing. A win is worth {win} points, a draw {draw}, a defeat nothing. Return {out}.",
        ),
        plan="I compare the two entries of every pair of teams and give out the points.",
    )


@lesson
def average_lines(g: Random) -> Draft:
    line = g.choice(["row", "column"])
    out, code, ret = g.choice(
        [
            (f"a list of the averages of the {line}s of @grid, rounded to one decimal", "means", "list[float]"),
            (f"the largest average of a {line} of @grid, rounded to one decimal", "max(means)", "float"),
            (
                f"the indices of the {line}s of @grid whose average, rounded to one decimal, is above 3",
                "[i for i, mean in enumerate(means) if mean > 3]",
                "list[int]",
            ),
        ]
    )
    src = "$grid" if line == "row" else "zip(*$grid)"
    return lesson.draft(
        g,
        f"{line}_averages",
        "grid:G",
        ret,
        out,
        f"means = [round(sum(line) / len(line), 1) for line in {src}]\nreturn {code}",
        f"means = []\nfor line in {src}:\n    total = 0\n    for v in line:\n        total += v\n    means.append(round(total / len(line), 1))\nreturn {code}",
        tellings=(
            f"[Compute|Work out] the average of each {line} of the table @grid and round it to one decimal. Return {out.replace(' of the ' + line + 's of @grid, rounded to one decimal', '').replace(' of a ' + line + ' of @grid, rounded to one decimal', '').replace(', rounded to one decimal,', '').replace('of @grid ', '')}.",
        ),
        plan=f"I divide the sum of each {line} by its length.",
    )
