"""Numbers, bits, recursion, simulation, parsing, geometry, combinatorics, dates: one recipe each, constants drawn."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.phrases import number_test
from gemstead.train.curriculum.recipes import recipe as r


def arithmetic(g: Random) -> Draft:
    """Formulas, conditions and loops over one or two numbers."""
    k, m = g.randint(2, 9), g.randint(2, 12)
    p, q = g.randint(1, 3), g.randint(1, 3)
    t = "arithmetic"
    word_a, word_b, word_c = g.sample(["Fizz", "low", "high", "small", "large", "cold", "warm", "red", "blue"], 3)
    low, high = sorted(g.sample(range(-5, 30), 2))
    c = g.randint(0, 9)
    recipes: list[Callable[[], Draft]] = [
        lambda: r(g, t, f"linear_{k}", "n:int", "int", f"{k} times @n plus {m}", f"return {k} * $n + {m}"),
        lambda: r(g, t, "polynomial", "x:int", "int", f"the value of the polynomial {p}x^2 + {q}x + {c} at @x",
                  f"return {p} * $x ** 2 + {q} * $x + {c}"),
        lambda: r(g, t, "classify", "n:int", "str",
                  f"'{word_a}' if @n is less than {low}, '{word_b}' if it is greater than {high}, and '{word_c}' otherwise",
                  f"if $n < {low}:\n    return '{word_a}'\nif $n > {high}:\n    return '{word_b}'\nreturn '{word_c}'",
                  f"if $n < {low}:\n    return '{word_a}'\nelif $n > {high}:\n    return '{word_b}'\nelse:\n    return '{word_c}'"),
        lambda: r(g, t, "divisibility_word", "n:pos", "str",
                  f"'{word_a}' if @n is divisible by {k}, '{word_b}' if it is divisible by {k + 1}, "
                  f"'{word_a}{word_b}' if it is divisible by both, and the number as a string otherwise",
                  f"result = ''\nif $n % {k} == 0:\n    result += '{word_a}'\nif $n % {k + 1} == 0:\n    result += '{word_b}'\nreturn result or str($n)"),
        lambda: r(g, t, "recurrence", "n:nat", "int",
                  f"the @n-th term of the sequence with a(0) = {c}, a(1) = {m} and a(i) = {p} * a(i - 1) + {q} * a(i - 2)",
                  f"a, b = {c}, {m}\nfor _ in range($n):\n    a, b = b, {p} * b + {q} * a\nreturn a",
                  f"terms = [{c}, {m}]\nfor i in range(2, $n + 1):\n    terms.append({p} * terms[i - 1] + {q} * terms[i - 2])\nreturn terms[$n]"),
        lambda: r(g, t, "sequence", "n:nat", "list[int]",
                  f"a list of the first @n terms of the sequence that starts with {c} and in which each term is {p} times the previous one plus {q}",
                  f"terms = []\nvalue = {c}\nfor _ in range($n):\n    terms.append(value)\n    value = {p} * value + {q}\nreturn terms"),
        lambda: r(g, t, "step_count", "n:pos", "int",
                  f"the number of times @n can be divided by {k} (rounding down) until it becomes 0",
                  f"count = 0\nwhile $n > 0:\n    $n //= {k}\n    count += 1\nreturn count"),
        lambda: r(g, t, f"power_of_{k}_below", "n:pos", "int", f"the largest power of {k} that is not greater than @n",
          f"power = 1\nwhile power * {k} <= $n:\n    power *= {k}\nreturn power"),
        lambda: r(g, t, "clamp", "x:int", "int", f"@x limited to the range from {low} to {high}",
                  f"return max({low}, min({high}, $x))",
                  f"if $x < {low}:\n    return {low}\nif $x > {high}:\n    return {high}\nreturn $x"),
        lambda: r(g, t, "divisors", "n:pos", "list[int]", "a sorted list of all positive divisors of @n",
                  "return [i for i in range(1, $n + 1) if $n % i == 0]",
                  "divisors = []\nfor i in range(1, $n + 1):\n    if $n % i == 0:\n        divisors.append(i)\nreturn divisors"),
        lambda: r(g, t, f"count_divisors_above_{k}", "n:pos", "int", f"the number of divisors of @n that are greater than {k}",
                  f"return sum(1 for i in range(1, $n + 1) if $n % i == 0 and i > {k})",
                  f"count = 0\nfor i in range({k} + 1, $n + 1):\n    if $n % i == 0:\n        count += 1\nreturn count"),
        lambda: r(g, t, "primality", "n:pos", "bool", "True if @n is a prime number, and False otherwise",
                  "if $n < 2:\n    return False\nfor i in range(2, int($n ** 0.5) + 1):\n    if $n % i == 0:\n        return False\nreturn True",
                  "return $n > 1 and all($n % i != 0 for i in range(2, $n))"),
        lambda: r(g, t, "primes_until", "n:pos", "list[int]", "a list of all prime numbers up to and including @n",
                  "primes = []\nfor i in range(2, $n + 1):\n    if all(i % p != 0 for p in primes):\n        primes.append(i)\nreturn primes",
                  "def is_prime(k):\n    if k < 2:\n        return False\n    for d in range(2, int(k ** 0.5) + 1):\n        if k % d == 0:\n            return False\n    return True\n\nreturn [k for k in range(2, $n + 1) if is_prime(k)]"),
        lambda: r(g, t, "common_divisor", "a:pos b:pos", "int", "the greatest integer that divides both @a and @b",
                  "while $b:\n    $a, $b = $b, $a % $b\nreturn $a"),
        lambda: r(g, t, "common_multiple", "a:pos b:pos", "int", "the smallest positive integer that is a multiple of both @a and @b",
                  "x, y = $a, $b\nwhile y:\n    x, y = y, x % y\nreturn $a * $b // x",
                  "multiple = $a\nwhile multiple % $b != 0:\n    multiple += $a\nreturn multiple"),
        lambda: r(g, t, "parity_change", "n:int", "int", f"@n divided by two if it is even, and {k} times @n plus 1 if it is odd",
                  f"if $n % 2 == 0:\n    return $n // 2\nreturn {k} * $n + 1",
                  f"return $n // 2 if $n % 2 == 0 else {k} * $n + 1"),
        lambda: r(g, t, "growth_years", "start:pos goal:big", "int",
                  f"the number of years until @start, growing by {k} each year and doubling every year before that, reaches @goal",
                  f"years = 0\nwhile $start < $goal:\n    $start = $start * 2 + {k}\n    years += 1\nreturn years"),
        lambda: r(g, t, "balance_after", "amount:pos years:nat", "int",
                  f"the balance after @years years if @amount earns {m} percent per year, rounded down each year",
                  f"for _ in range($years):\n    $amount += $amount * {m} // 100\nreturn $amount"),
        lambda: r(g, t, "change_coins", "amount:nat", "int",
                  f"the smallest number of coins worth {k * 5}, 5 and 1 that add up to @amount, always taking the largest coin that fits",
                  f"coins = 0\nfor value in ({k * 5}, 5, 1):\n    coins += $amount // value\n    $amount %= value\nreturn coins"),
        lambda: r(g, t, "is_between", "a:int b:int n:int", "bool", "True if @n lies strictly between @a and @b, in either order",
                  "return min($a, $b) < $n < max($a, $b)"),
        lambda: r(g, t, "middle_value", "a:int b:int n:int", "int", "the middle one of the three numbers @a, @b and @n",
                  "return sorted([$a, $b, $n])[1]", "return $a + $b + $n - max($a, $b, $n) - min($a, $b, $n)"),
        lambda: r(g, t, "digit_reverse", "n:big", "int", "the number whose digits are those of @n in reverse order",
                  "return int(str($n)[::-1])", "result = 0\nwhile $n > 0:\n    result = result * 10 + $n % 10\n    $n //= 10\nreturn result"),
        lambda: r(g, t, "digit_until_single", "n:big", "int", "the single digit left after repeatedly adding the digits of @n",
                  "while $n > 9:\n    $n = sum(int(c) for c in str($n))\nreturn $n"),
        lambda: r(g, t, f"to_base_{k}", "n:pos", "str", f"the representation of @n in base {k} as a string",
                  f"digits = ''\nwhile $n > 0:\n    digits = str($n % {k}) + digits\n    $n //= {k}\nreturn digits"),
        lambda: r(g, t, "bit_total", "n:big", "int", "the number of ones in the binary representation of @n",
                  "return bin($n).count('1')", "count = 0\nwhile $n:\n    count += $n & 1\n    $n >>= 1\nreturn count"),
        lambda: r(g, t, "set_bit", "n:nat k:small", "int", "@n with the bit at position @k set to one", "return $n | (1 << $k)"),
        lambda: r(g, t, "has_bit", "n:pos k:small", "bool", "True if the bit at position @k of @n is one",
                  "return ($n >> $k) & 1 == 1", "return $n & (1 << $k) != 0"),
        lambda: r(g, t, "differing_bits", "a:pos b:pos", "int", "the number of binary digits in which @a and @b differ",
                  "return bin($a ^ $b).count('1')"),
        lambda: r(g, t, "bits_value", "s:bits", "int", "the number that @s stands for in binary",
                  "return int($s, 2)", "value = 0\nfor c in $s:\n    value = value * 2 + int(c)\nreturn value"),
        lambda: r(g, t, "flip_bits", "s:bits", "str", "@s with every zero replaced by a one and every one by a zero",
                  "return ''.join('1' if c == '0' else '0' for c in $s)"),
    ]  # fmt: skip
    return g.choice(recipes)()


def recursive(g: Random) -> Draft:
    """Functions that call themselves. The function's own name is spelled `SELF`."""
    t = "recursion"
    k, c = g.randint(2, 5), g.randint(0, 5)
    recipes: list[Callable[[], Draft]] = [
        lambda: r(g, t, "recursive_sum", "xs:L", "int", "the sum of @xs, computed recursively",
                  "if not $xs:\n    return 0\nreturn $xs[0] + SELF($xs[1:])"),
        lambda: r(g, t, "power_of", "n:small k:nat", "int", "@n raised to the power @k, without using the ** operator",
                  "if $k == 0:\n    return 1\nreturn $n * SELF($n, $k - 1)",
                  "result = 1\nfor _ in range($k):\n    result *= $n\nreturn result"),
        lambda: r(g, t, "nested_total", "xs:N", "int", "the sum of all integers in the nested list @xs",
                  "total = 0\nfor item in $xs:\n    if isinstance(item, list):\n        total += SELF(item)\n    else:\n        total += item\nreturn total"),
        lambda: r(g, t, "nested_flat", "xs:N", "list[int]", "a flat list of all integers in the nested list @xs, from left to right",
                  "result = []\nfor item in $xs:\n    if isinstance(item, list):\n        result.extend(SELF(item))\n    else:\n        result.append(item)\nreturn result"),
        lambda: r(g, t, "nested_depth", "xs:N", "int", "how deeply the list @xs is nested; a flat list has depth 1",
                  "depths = [SELF(item) for item in $xs if isinstance(item, list)]\nreturn 1 + max(depths, default=0)"),
        lambda: r(g, t, "nested_scaled", "xs:N", "list", f"the nested list @xs with every integer multiplied by {k}",
                  f"return [SELF(item) if isinstance(item, list) else item * {k} for item in $xs]"),
        lambda: r(g, t, "reverse_recursive", "s:s", "str", "@s reversed, by recursion",
                  "if len($s) <= 1:\n    return $s\nreturn SELF($s[1:]) + $s[0]"),
        lambda: r(g, t, "recursive_terms", "n:nat", "int", f"f(@n), where f(0) = {c} and f(n) = {k} * f(n - 1) + n",
                  f"if $n == 0:\n    return {c}\nreturn {k} * SELF($n - 1) + $n",
                  f"value = {c}\nfor i in range(1, $n + 1):\n    value = {k} * value + i\nreturn value"),
        lambda: r(g, t, "stairs", "n:nat", "int", f"the number of ways to climb @n stairs taking 1 or {k} at a time",
                  f"ways = [1] + [0] * $n\nfor i in range(1, $n + 1):\n    ways[i] = ways[i - 1]\n    if i >= {k}:\n        ways[i] += ways[i - {k}]\nreturn ways[$n]",
                  f"if $n < 0:\n    return 0\nif $n == 0:\n    return 1\nreturn SELF($n - 1) + SELF($n - {k})"),
        lambda: r(g, t, "factorial_of", "n:nat", "int", "the product of all integers from 1 to @n",
                  "if $n <= 1:\n    return 1\nreturn $n * SELF($n - 1)",
                  "result = 1\nfor i in range(2, $n + 1):\n    result *= i\nreturn result"),
        lambda: r(g, t, "binary_position", "xs:P k:pos", "int", "the index of @k in the sorted version of @xs, or -1 if it is not there",
                  "ordered = sorted($xs)\nreturn ordered.index($k) if $k in ordered else -1"),
        lambda: r(g, t, "choose", "n:nat k:small", "int", "the number of ways to choose @k items out of @n",
                  "if $k > $n:\n    return 0\nif $k == 0 or $k == $n:\n    return 1\nreturn SELF($n - 1, $k - 1) + SELF($n - 1, $k)"),
        lambda: r(g, t, "subset_sums", "xs:P", "int", f"the number of pairs in @xs whose sum is divisible by {k}",
                  f"count = 0\nfor i in range(len($xs)):\n    for j in range(i + 1, len($xs)):\n        if ($xs[i] + $xs[j]) % {k} == 0:\n            count += 1\nreturn count",
                  f"return sum((a + b) % {k} == 0 for a, b in itertools.combinations($xs, 2))", imports=("import itertools",)),
    ]  # fmt: skip
    return g.choice(recipes)()


def simulations(g: Random) -> Draft:
    """Walks, stacks, counters, state machines, clocks and small formats."""
    t = "simulation"
    k, m = g.randint(2, 9), g.randint(10, 60)
    recipes: list[Callable[[], Draft]] = [
        lambda: r(g, t, "walk_end", "moves:C", "tuple[int, int]", "the position (x, y) reached from (0, 0) after following the moves in @moves",
                  "x, y = 0, 0\nfor move in $moves:\n    if move == 'U':\n        y += 1\n    elif move == 'D':\n        y -= 1\n    elif move == 'L':\n        x -= 1\n    elif move == 'R':\n        x += 1\nreturn (x, y)",
                  "return ($moves.count('R') - $moves.count('L'), $moves.count('U') - $moves.count('D'))"),
        lambda: r(g, t, "walk_visited", "moves:C", "int", "the number of different positions visited when starting at (0, 0) and following @moves",
                  "steps = {'U': (0, 1), 'D': (0, -1), 'L': (-1, 0), 'R': (1, 0)}\nx = y = 0\nvisited = {(0, 0)}\nfor move in $moves:\n    dx, dy = steps[move]\n    x, y = x + dx, y + dy\n    visited.add((x, y))\nreturn len(visited)"),
        lambda: r(g, t, "walk_home", "moves:C", "bool", "True if the moves in @moves lead back to where they started",
                  "return $moves.count('U') == $moves.count('D') and $moves.count('L') == $moves.count('R')"),
        lambda: r(g, t, "run_stack", "ops:ops", "list[int]",
                  "the stack after applying @ops: 'push' adds the value on top, 'add' adds the value to the top element, 'pop' removes the top; operations on an empty stack other than 'push' are ignored",
                  "stack = []\nfor name, value in $ops:\n    if name == 'push':\n        stack.append(value)\n    elif stack and name == 'add':\n        stack[-1] += value\n    elif stack and name == 'pop':\n        stack.pop()\nreturn stack"),
        lambda: r(g, t, "capped_total", "xs:P", "int", f"the total after adding the values of @xs one by one, never letting it exceed {m}",
                  f"total = 0\nfor x in $xs:\n    total = min({m}, total + x)\nreturn total"),
        lambda: r(g, t, "fill_boxes", "xs:P", "int", f"how many boxes of capacity {m} are needed when the items in @xs are packed in order and a new box is opened whenever the next item does not fit",
                  f"boxes, room = 0, 0\nfor x in $xs:\n    if boxes == 0 or x > room:\n        boxes += 1\n        room = {m}\n    room -= x\nreturn boxes"),
        lambda: r(g, t, "longest_rise", "xs:L", "int", "the length of the longest run of strictly increasing neighbours in @xs",
          "best = current = 0\nprevious = None\nfor x in $xs:\n    current = current + 1 if previous is not None and x > previous else 1\n    best = max(best, current)\n    previous = x\nreturn best"),
        lambda: (lambda test: r(g, t, f"streak_{test.tag}", "xs:L", "int", f"the length of the longest run of consecutive elements of @xs {test.clause}",
                  f"best = current = 0\nfor x in $xs:\n    if {test.code.format(x='x')}:\n        current += 1\n        best = max(best, current)\n    else:\n        current = 0\nreturn best"))(number_test(g)),
        lambda: r(g, t, "clock_minutes", "time:clock", "int", "the number of minutes since midnight at @time",
                  "hours, minutes = $time.split(':')\nreturn int(hours) * 60 + int(minutes)"),
        lambda: r(g, t, "clock_later", "time:clock", "str", f"the time {m} minutes after @time, in the same form",
                  f"hours, minutes = map(int, $time.split(':'))\ntotal = (hours * 60 + minutes + {m}) % (24 * 60)\nreturn f'{{total // 60:02d}}:{{total % 60:02d}}'"),
        lambda: r(g, t, "seconds_text", "n:big", "str", "@n seconds in the form 'H:MM:SS'",
                  "hours, rest = divmod($n, 3600)\nminutes, seconds = divmod(rest, 60)\nreturn f'{hours}:{minutes:02d}:{seconds:02d}'"),
        lambda: r(g, t, "parse_pairs", "s:kv", "dict[str, int]", "a dictionary with the names and values written in @s",
                  "result = {}\nfor part in $s.split(';'):\n    key, value = part.split('=')\n    result[key] = int(value)\nreturn result",
                  "return {k: int(v) for k, v in (part.split('=') for part in $s.split(';'))}"),
        lambda: r(g, t, "sum_pairs", "s:kv", "int", "the sum of all values written in @s",
                  "return sum(int(part.split('=')[1]) for part in $s.split(';'))",
                  "total = 0\nfor part in $s.split(';'):\n    total += int(part.split('=')[1])\nreturn total"),
        lambda: r(g, t, "leap_days", "year:big", "bool", "True if @year is a leap year, and False otherwise",
                  "return $year % 4 == 0 and ($year % 100 != 0 or $year % 400 == 0)"),
        lambda: r(g, t, "weekday_after", "k:nat", "str", f"the name of the weekday @k days after {(day := g.choice(['Monday', 'Wednesday', 'Friday', 'Sunday']))}",
                  f"days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']\nreturn days[(days.index('{day}') + $k) % 7]"),
        lambda: r(g, t, "traffic_light", "n:nat", "str", "the colour of a light after @n changes, if it starts with 'green' and goes through 'green', 'yellow', 'red' in a circle",
                  "return ['green', 'yellow', 'red'][$n % 3]"),
        lambda: r(g, t, "final_price", "price:float", "float", f"@price reduced by {m} percent, rounded to two decimals",
                  f"return round($price * (1 - {m} / 100), 2)", f"return round($price * {100 - m} / 100, 2)"),
        lambda: r(g, t, "grade_of", "n:pos", "str", f"the grade 'A' if @n is at least {m + 30}, 'B' if it is at least {m}, 'C' if it is at least {m - 8}, and 'F' otherwise",
                  f"if $n >= {m + 30}:\n    return 'A'\nif $n >= {m}:\n    return 'B'\nif $n >= {m - 8}:\n    return 'C'\nreturn 'F'"),
        lambda: r(g, t, "distance_between", "a:xy b:xy", "int", "the Manhattan distance between the points @a and @b",
                  "return abs($a[0] - $b[0]) + abs($a[1] - $b[1])"),
        lambda: r(g, t, "euclid_squared", "a:xy b:xy", "int", "the square of the straight-line distance between the points @a and @b",
                  "return ($a[0] - $b[0]) ** 2 + ($a[1] - $b[1]) ** 2"),
        lambda: r(g, t, "points_inside", "pts:xys", "int", f"the number of points in @pts that lie within a circle of radius {k} around the origin, its border included",
                  f"return sum(1 for x, y in $pts if x * x + y * y <= {k * k})",
                  f"count = 0\nfor x, y in $pts:\n    if x ** 2 + y ** 2 <= {k} ** 2:\n        count += 1\nreturn count"),
        lambda: r(g, t, "bounding_box", "pts:xys", "tuple[int, int, int, int]", "the smallest x, smallest y, largest x and largest y of the points in @pts, as a tuple",
                  "xs = [p[0] for p in $pts]\nys = [p[1] for p in $pts]\nreturn (min(xs), min(ys), max(xs), max(ys))"),
        lambda: r(g, t, "nearest_origin", "pts:xys", "tuple[int, int]", "the point in @pts that is closest to the origin; the first one if there are several",
                  "return min($pts, key=lambda p: p[0] ** 2 + p[1] ** 2)"),
        lambda: r(g, t, "box_area", "a:pos b:pos", "int", "the area of a rectangle with the sides @a and @b", "return $a * $b"),
        lambda: r(g, t, "box_border", "a:pos b:pos", "int", "the perimeter of a rectangle with the sides @a and @b", "return 2 * ($a + $b)"),
        lambda: r(g, t, "circle", "radius:float", "float", "the area of a circle with the given @radius, rounded to two decimals",
                  "return round(math.pi * $radius ** 2, 2)", imports=("import math",)),
    ]  # fmt: skip
    return g.choice(recipes)()


def alphabet(g: Random) -> Draft:
    """Single strings: changes of form, ciphers, comparisons, positions."""
    t = "strings"
    k = g.randint(2, 4)
    c, e = g.sample("abcdefgorstx", 2)
    sep = g.choice("-_.,/")
    recipes: list[Callable[[], Draft]] = [
        lambda: r(g, t, "reverse_text", "s:s", "str", "@s with its characters in reverse order", "return $s[::-1]",
                  "return ''.join(reversed($s))", "result = ''\nfor c in $s:\n    result = c + result\nreturn result"),
        lambda: r(g, t, "reverse_each", "s:s", "str", "@s with every word reversed, the words staying in their order",
                  "return ' '.join(word[::-1] for word in $s.split(' '))"),
        lambda: r(g, t, "reverse_words", "s:s", "str", "@s with its words in reverse order", "return ' '.join($s.split()[::-1])"),
        lambda: r(g, t, "shift_letters", "s:s", "str", f"@s with each lowercase letter shifted by {k} places in the alphabet, wrapping around after 'z'; other characters stay",
                  f"result = ''\nfor ch in $s:\n    if 'a' <= ch <= 'z':\n        result += chr((ord(ch) - ord('a') + {k}) % 26 + ord('a'))\n    else:\n        result += ch\nreturn result"),
        lambda: r(g, t, "swap_letters", "s:s", "str", f"@s with every '{c}' replaced by '{e}' and every '{e}' by '{c}'",
                  f"result = []\nfor ch in $s:\n    if ch == '{c}':\n        result.append('{e}')\n    elif ch == '{e}':\n        result.append('{c}')\n    else:\n        result.append(ch)\nreturn ''.join(result)",
                  f"return $s.translate(str.maketrans('{c}{e}', '{e}{c}'))"),
        lambda: r(g, t, "replace_letter", "s:s", "str", f"@s with every '{c}' replaced by '{sep}'", f"return $s.replace('{c}', '{sep}')"),
        lambda: r(g, t, "every_nth", "s:s", "str", f"every {k}th character of @s, starting with the first".replace("2th", "2nd").replace("3th", "3rd"), f"return $s[::{k}]",
                  f"return ''.join($s[i] for i in range(0, len($s), {k}))"),
        lambda: r(g, t, "alternate_case", "s:s", "str", "@s with characters at even positions in uppercase and the others in lowercase",
                  "return ''.join(c.upper() if i % 2 == 0 else c.lower() for i, c in enumerate($s))",
                  "result = ''\nfor i, c in enumerate($s):\n    if i % 2 == 0:\n        result += c.upper()\n    else:\n        result += c.lower()\nreturn result"),
        lambda: r(g, t, "camel_to_words", "words:W", "str", f"the strings in @words joined into one name in snake case, in lowercase with '{sep}' between them",
                  f"return '{sep}'.join(w.lower() for w in $words)"),
        lambda: r(g, t, "chunks", "s:s", "list[str]", f"a list of the pieces of length {k} that @s is cut into; the last one may be shorter",
                  f"return [$s[i:i + {k}] for i in range(0, len($s), {k})]",
                  f"pieces = []\nfor i in range(0, len($s), {k}):\n    pieces.append($s[i:i + {k}])\nreturn pieces"),
        lambda: r(g, t, "windows", "s:w", "list[str]", f"a list of all substrings of @s of length {k}, from left to right",
                  f"return [$s[i:i + {k}] for i in range(len($s) - {k - 1})]"),
        lambda: r(g, t, "letter_positions", "s:s", "list[int]", f"a list of all positions at which '{c}' occurs in @s",
                  f"return [i for i, ch in enumerate($s) if ch == '{c}']",
                  f"positions = []\nfor i in range(len($s)):\n    if $s[i] == '{c}':\n        positions.append(i)\nreturn positions"),
        lambda: r(g, t, "same_letters", "a:w b:w", "bool", "True if @a and @b consist of the same letters, ignoring case and order",
                  "return sorted($a.lower()) == sorted($b.lower())"),
        lambda: r(g, t, "shared_letters", "a:w b:w", "str", "the letters that occur in both @a and @b, sorted and each once, as one string",
                  "return ''.join(sorted(set($a) & set($b)))"),
        lambda: r(g, t, "mirror_word", "s:w", "bool", "True if @s is the same when read backwards, ignoring case",
                  "$s = $s.lower()\nreturn $s == $s[::-1]",
                  "lowered = $s.lower()\nfor i in range(len(lowered) // 2):\n    if lowered[i] != lowered[-1 - i]:\n        return False\nreturn True"),
        lambda: r(g, t, "most_frequent", "s:w", "str", "the character that occurs most often in @s; the first such one if there are several",
                  "return max($s, key=$s.count)",
                  "best = $s[0]\nfor c in $s:\n    if $s.count(c) > $s.count(best):\n        best = c\nreturn best"),
        lambda: r(g, t, "letter_counts", "s:s", "dict[str, int]", "a dictionary that maps each letter of @s, in lowercase, to how often it occurs",
                  "counts = {}\nfor c in $s.lower():\n    if c.isalpha():\n        counts[c] = counts.get(c, 0) + 1\nreturn counts"),
        lambda: r(g, t, "squeeze", "s:s", "str", "@s with runs of the same character reduced to one",
                  "result = ''\nfor c in $s:\n    if not result or result[-1] != c:\n        result += c\nreturn result"),
        lambda: r(g, t, "pad_left", "w:w k:nat", "str", f"@w filled up on the left with '{sep}' until it is at least @k characters long",
                  f"return $w.rjust($k, '{sep}')", f"while len($w) < $k:\n    $w = '{sep}' + $w\nreturn $w"),
        lambda: r(g, t, "initials_of", "s:s", "str", "the first letters of all words in @s, in uppercase", "return ''.join(w[0].upper() for w in $s.split())"),
        lambda: r(g, t, "between_marks", "s:s", "int", "the number of words in @s", "return len($s.split())"),
        lambda: r(g, t, "without_first_last", "s:s", "str", "@s without its first and its last character", "return $s[1:-1]"),
        lambda: r(g, t, "starts_ends_same", "s:w", "bool", "True if @s begins and ends with the same letter", "return $s[0] == $s[-1]"),
        lambda: r(g, t, "count_sub", "a:s b:w", "int", "the number of positions at which @b occurs in @a, overlapping ones included",
                  "count = 0\nfor i in range(len($a) - len($b) + 1):\n    if $a[i:i + len($b)] == $b:\n        count += 1\nreturn count",
                  "return sum($a.startswith($b, i) for i in range(len($a)))"),
        lambda: r(g, t, "digits_number", "s:s", "int", "the sum of all digits that occur in @s", "return sum(int(c) for c in $s if c.isdigit())",
                  "total = 0\nfor c in $s:\n    if c.isdigit():\n        total += int(c)\nreturn total"),
    ]  # fmt: skip
    return g.choice(recipes)()
