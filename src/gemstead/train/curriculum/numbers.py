"""Single numbers: arithmetic, divisors, digits, bases, bits, rounding, comparisons, rules in pieces."""

from __future__ import annotations

from random import Random

from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.lessons import Lessons


def _near(rng: Random) -> object:
    return rng.choice([rng.randint(-5, 5), rng.randint(-20, 20), rng.randint(-60, 90)])


def _cents(rng: Random) -> object:
    return rng.choice([rng.randint(-2000, 2000) / 100, float(rng.randint(-9, 9)), rng.randint(-40, 40) / 4])


def _long(rng: Random) -> object:
    return rng.randint(1, 10 ** rng.randint(1, 7))


def _zeros(rng: Random) -> object:
    return int("".join(rng.choice("0011223459") for _ in range(rng.randint(1, 6))))


def _smooth(rng: Random) -> object:
    n = 1
    for _ in range(rng.randint(1, 5)):
        n *= rng.choice([2, 2, 2, 3, 3, 5, 7, 11])
    return n


lesson = Lessons(
    "numbers",
    kinds={
        "near": ("int", "an integer", _near),
        "digit": ("int", "a digit from 0 to 9", lambda r: r.randint(0, 9)),
        "start": ("int", "an integer", lambda r: r.randint(0, 9)),
        "end": ("int", "an integer", lambda r: r.randint(9, 18)),
        "quarter": ("float", "a number", lambda r: r.randint(-4, 9) / 4),
        "dec": ("float", "a number", _cents),
        "long": ("int", "a positive integer", _long),
        "zeros": ("int", "a non-negative integer", _zeros),
        "smooth": ("int", "a positive integer", _smooth),
        "byte": ("int", "an integer from 0 to 255", lambda r: r.randint(0, 255)),
        "base": ("int", "a base from 2 to 9", lambda r: r.randint(2, 9)),
        "two": ("int", "an integer greater than 1", lambda r: r.randint(2, 40)),
        "tiny": ("int", "an integer", lambda r: r.randint(-3, 6)),
        "op": ("str", "one of the characters '+', '-', '*' and '/'", lambda r: r.choice("+-*/")),
        "command": ("str", "a word", lambda r: r.choice(["add", "all", "ask", "bind", "boost", "cut", "drop", "ease"])),
        "idx": ("int", "a non-negative integer", lambda r: r.randint(0, 7)),
    },
)


def _property(g: Random) -> tuple[str, str]:
    """Something that holds for a positive integer: as a clause, and as code of `{x}`."""
    k, d = g.randint(2, 7), g.randint(1, 9)
    return g.choice(
        [
            (f"whose digit sum is divisible by {k}", f"sum(int(d) for d in str({{x}})) % {k} == 0"),
            (f"that contain the digit {d}", f"'{d}' in str({{x}})"),
            (f"that do not contain the digit {d}", f"'{d}' not in str({{x}})"),
            ("in which no digit occurs twice", "len(set(str({x}))) == len(str({x}))"),
            (f"that leave the remainder {k - 1} when divided by {k + 2}", f"{{x}} % {k + 2} == {k - 1}"),
            (f"that are divisible by {k} but not by {k * 2}", f"{{x}} % {k} == 0 and {{x}} % {k * 2} != 0"),
            (f"whose last digit is greater than {min(d, 7)}", f"{{x}} % 10 > {min(d, 7)}"),
            ("whose binary form contains two ones in a row", "'11' in bin({x})"),
            (f"whose binary form has at least {min(k, 4)} ones", f"bin({{x}}).count('1') >= {min(k, 4)}"),
            (f"that are divisible by {k} or by {k + 3}, or both", f"{{x}} % {k} == 0 or {{x}} % {k + 3} == 0"),
            ("whose first digit is equal to the last digit", "str({x})[0] == str({x})[-1]"),
            (
                f"with more than {min(k, 5)} positive divisors",
                f"sum({{x}} % i == 0 for i in range(1, {{x}} + 1)) > {min(k, 5)}",
            ),
        ]
    )


@lesson
def three_piece_rule(g: Random) -> Draft:
    a, b = sorted(g.sample(range(-6, 20), 2))
    pieces = g.sample(
        [
            ("its square", "$n * $n"),
            ("its double", "2 * $n"),
            ("its absolute value", "abs($n)"),
            (f"{b} more than it", f"$n + {b}"),
            ("its negative", "-$n"),
            ("itself", "$n"),
            ("0", "0"),
            ("its triple minus one", "3 * $n - 1"),
        ],
        3,
    )
    (p, pc), (q, qc), (r, rc) = pieces
    return lesson.draft(
        g,
        "[rule|piecewise|transform_number|adjusted]",
        "n:near",
        "int",
        f"the value of a rule for @n: {p} if the number is below {a}, {q} if it is from {a} to {b} [inclusive|(both included)], and {r} if it is above {b}",
        f"if $n < {a}:\n    return {pc}\nif $n <= {b}:\n    return {qc}\nreturn {rc}",
        f"if $n > {b}:\n    result = {rc}\nelif $n >= {a}:\n    result = {qc}\nelse:\n    result = {pc}\nreturn result",
        f"return {pc} if $n < {a} else ({qc} if $n <= {b} else {rc})",
        tellings=(
            f"[A function is defined in three pieces.|Three cases must be told apart.] If @n is less than {a}, return {p}. If it lies between {a} and {b}, both included, return {q}. For every larger number, return {r}.",
            f"[Implement|Write] this rule for an integer @n:\n- below {a}: {p}\n- from {a} up to and including {b}: {q}\n- above {b}: {r}",
        ),
        plan="I check the ranges one after the other and return the matching value.",
    )


@lesson
def wrap_into_range(g: Random) -> Draft:
    low = g.randint(-4, 5)
    size = g.randint(3, 12)
    high = low + size - 1
    return lesson.draft(
        g,
        "[wrap|wrapped|wrap_around|cyclic]",
        "n:near",
        "int",
        f"@n wrapped around into the range from {low} to {high}: after {high} comes {low} again, and before {low} comes {high}",
        f"return ($n - {low}) % {size} + {low}"
        if low > 0
        else f"return ($n + {-low}) % {size} - {-low}"
        if low
        else f"return $n % {size}",
        f"while $n > {high}:\n    $n -= {size}\nwhile $n < {low}:\n    $n += {size}\nreturn $n",
        tellings=(
            f"[The positions on a dial|The places on a round board] are numbered from {low} to {high}, and after {high} the count starts again with {low}. @n may lie outside of these numbers. Return the [position|place] that it stands for.",
            f"Add or subtract {size} as often as needed until @n lies between {low} and {high}, both included, and return the result.",
        ),
    )


@lesson
def distance_to_range(g: Random) -> Draft:
    low, high = sorted(g.sample(range(-9, 30), 2))
    signed = g.random() < 0.5
    below = f"$n - {low}" if signed else f"{low} - $n"
    how = (
        "negative if it is below the range and positive if it is above" if signed else "always as a non-negative number"
    )
    return lesson.draft(
        g,
        "[distance_to_range|range_gap|how_far_outside|outside_by]",
        "n:near",
        "int",
        f"how far @n lies outside of the range from {low} to {high}, {how}; 0 if it lies inside or on the border",
        f"if $n < {low}:\n    return {below}\nif $n > {high}:\n    return $n - {high}\nreturn 0",
        f"nearest = max({low}, min({high}, $n))\nreturn {'$n - nearest' if signed else 'abs($n - nearest)'}",
        tellings=(
            f"A thermostat is content with every temperature from {low} to {high}. For the temperature @n, return by how many degrees it [misses|is outside of] this range ({how}). Return 0 when it is content.",
            f"If {low} <= @n <= {high}, return 0. Otherwise return the distance to the nearer end of that range, {how}.",
        ),
    )


@lesson
def winner_by_margin(g: Random) -> Draft:
    k = g.randint(1, 6)
    one, two, tie = g.choice(
        [("first", "second", "close"), ("A", "B", "draw"), ("home", "away", "tie"), ("left", "right", "balanced")]
    )
    strict = g.random() < 0.5
    word, sign = ("more than", ">") if strict else ("at least", ">=")
    return lesson.draft(
        g,
        "[winner|verdict|compare_scores|outcome]",
        "p:tiny q:tiny" if k < 3 else "p:near q:near",
        "str",
        f"'{one}' if @p is larger than @q by {word} {k}, '{two}' if @q is larger than @p by {word} {k}, and '{tie}' in all other cases",
        f"if $p - $q {sign} {k}:\n    return '{one}'\nif $q - $p {sign} {k}:\n    return '{two}'\nreturn '{tie}'",
        f"diff = $p - $q\nif abs(diff) {'<=' if strict else '<'} {k}:\n    return '{tie}'\nreturn '{one}' if diff > 0 else '{two}'",
        tellings=(
            f"Two teams scored @p and @q points. A team only wins if it is ahead by {word} {k} [points|point(s)]. Return '{one}' or '{two}' for the winning team, or '{tie}' if no team wins.",
            f"[Compare|Look at] the difference of @p and @q. When it is {word} {k} in favour of @p, [answer|return] '{one}'; when it is {word} {k} in favour of @q, [answer|return] '{two}'; else '{tie}'.",
        ),
    )


@lesson
def lone_values(g: Random) -> Draft:
    what, fin, fin2 = g.choice([("the sum of", "sum({})", "total"), ("the number of", "len({})", "count")])
    only = g.random() < 0.6
    word = "exactly once" if only else "more than once"
    sign = "==" if only else ">"
    return lesson.draft(
        g,
        f"{'lone' if only else 'shared'}_{fin2}",
        "p:digit q:digit r:digit" if g.random() < 0.3 else "p:tiny q:tiny r:tiny",
        "int",
        f"{what} those of the three numbers @p, @q and @r whose value occurs {word} among the three",
        f"values = [$p, $q, $r]\nreturn {fin.format(f'[v for v in values if values.count(v) {sign} 1]')}",
        f"values = ($p, $q, $r)\nresult = 0\nfor v in values:\n    if values.count(v) {sign} 1:\n        result += {'v' if fin2 == 'total' else '1'}\nreturn result",
        tellings=(
            f"You are given three integers @p, @q and @r. [Take|Consider] only those values that appear {word} among them, and return {what.replace('the number of', 'how many')} {'those' if fin2 == 'total' else 'of the three they are'}. If there are none, the result is 0.",
        ),
        notes=(
            "[For example, if all three are different, every one of them occurs exactly once.|If all three are equal, each of them occurs more than once.]",
        ),
    )


@lesson
def sum_unless(g: Random) -> Draft:
    low = g.randint(5, 15)
    high = low + g.randint(3, 8)
    fixed = g.choice([0, -1, 20, 100, low])
    op, word = g.choice([("+", "sum"), ("*", "product"), ("-", "difference")])
    outside = g.random() < 0.3
    cond = f"not {low} <= result <= {high}" if outside else f"{low} <= result <= {high}"
    where = (
        f"outside of the range from {low} to {high}"
        if outside
        else f"in the range from {low} to {high} (both included)"
    )
    minus = " (the first minus the second)" if op == "-" else ""
    return lesson.draft(
        g,
        f"[{word}_unless|careful_{word}|special_{word}]",
        "p:idx q:tiny" if op == "*" else "p:pos q:tiny" if op == "-" else "p:idx q:idx",
        "int",
        f"the {word} of @p and @q{minus}, but {fixed} if that {word} lies {where}",
        f"result = $p {op} $q\nif {cond}:\n    return {fixed}\nreturn result",
        f"result = $p {op} $q\nreturn {fixed} if {cond} else result",
        tellings=(
            f"Input: two integers @p and @q. Output: their {word}{minus}. Special case: if the {word} lies {where}, the output is {fixed}.",
            f"Work out the {word} of the two integers @p and @q{minus}. [Results|Values] {where} are forbidden: [return|give back] {fixed} in their place. [All other results are returned unchanged.|Otherwise return the {word} itself.]",
        ),
    )


@lesson
def round_to_multiple(g: Random) -> Draft:
    k = g.choice([3, 4, 6, 7, 8, 15, 20, 25])
    way = g.choice(["up", "down", "near"])
    if way == "near" and k % 2 == 0 and g.random() < 0.5:
        said = f"the multiple of {k} nearest to @n; if two are equally near, the smaller one"
        bodies = (
            f"low = $n // {k} * {k}\nreturn low if $n - low <= {k // 2} else low + {k}",
            f"rest = $n % {k}\nif rest > {k // 2}:\n    return $n + {k} - rest\nreturn $n - rest",
        )
    elif way == "near":
        said = f"the multiple of {k} nearest to @n" + (
            "; if two are equally near, the larger one" if k % 2 == 0 else ""
        )
        bodies = (
            f"return ($n + {k // 2}) // {k} * {k}",
            f"rest = $n % {k}\nif rest >= {(k + 1) // 2}:\n    return $n + {k} - rest\nreturn $n - rest",
        )
    elif way == "up":
        said = f"the smallest multiple of {k} that is not less than @n"
        bodies = (f"return -(-$n // {k}) * {k}", f"while $n % {k} != 0:\n    $n += 1\nreturn $n")
    else:
        said = f"the largest multiple of {k} that is [less than @n|strictly smaller than @n]"
        bodies = (
            f"return ($n - 1) // {k} * {k}",
            f"result = $n - 1\nwhile result % {k} != 0:\n    result -= 1\nreturn result",
        )
    return lesson.draft(
        g,
        f"[to_multiple|snap|snap_to_{k}|round_{k}]",
        "n:near",
        "int",
        said,
        *bodies,
        tellings=(
            f"[Let an integer @n be given.|@n is an integer, perhaps a negative one.] [Find|Determine] and return {said}.",
            f"Parts are sold in packs of {k} only, so numbers have to be [brought|turned] into multiples of {k}. For an integer @n, return {said}.",
        ),
        notes=("[Negative numbers and 0 are possible.|@n can be negative.]",),
    )


@lesson
def sign_words(g: Random) -> Draft:
    neg, zero, plus = g.choice(
        [
            ("negative", "zero", "positive"),
            ("minus", "nothing", "plus"),
            ("debt", "even", "profit"),
            ("below", "on", "above"),
        ]
    )
    k = g.choice([0, 0, g.randint(2, 9)])
    a, b = (f"$n < {k}", f"$n == {k}")
    return lesson.draft(
        g,
        "[sign_word|describe_sign|state|side]",
        "n:tiny" if k < 6 else "n:idx",
        "str",
        f"'{neg}' if @n is less than {k}, '{zero}' if it is {k}, and '{plus}' if it is greater",
        f"if {a}:\n    return '{neg}'\nif {b}:\n    return '{zero}'\nreturn '{plus}'",
        f"if {b}:\n    return '{zero}'\nreturn '{plus}' if $n > {k} else '{neg}'",
        tellings=(
            f"Three cases are to be told apart. First case: @n is smaller than {k}; return '{neg}'. Second case: @n is equal to {k}; return '{zero}'. Otherwise return '{plus}'.",
            f"[Describe|Classify] the integer @n with one word: '{plus}' for [everything|numbers] greater than {k}, '{neg}' for [everything|numbers] less than {k}, '{zero}' for exactly {k}.",
        ),
    )


@lesson
def product_sign(g: Random) -> Draft:
    args, spoken = g.choice([("p:tiny q:tiny", "@p and @q"), ("p:tiny q:tiny r:tiny", "@p, @q and @r")])
    names = ["$" + part.split(":")[0] for part in args.split()]
    out = g.choice([("1", "-1", "0"), ("'+'", "'-'", "'0'"), ("'positive'", "'negative'", "'zero'")])
    prod = " * ".join(names)
    return lesson.draft(
        g,
        "[product_sign|sign_of_product|multiplied_sign]",
        args,
        "int" if out[0] == "1" else "str",
        f"{out[0]} if the product of {spoken} is positive, {out[1]} if it is negative, and {out[2]} if it is zero",
        f"product = {prod}\nif product > 0:\n    return {out[0]}\nif product < 0:\n    return {out[1]}\nreturn {out[2]}",
        f"if 0 in ({', '.join(names)}):\n    return {out[2]}\nnegatives = sum(v < 0 for v in ({', '.join(names)}))\nreturn {out[0]} if negatives % 2 == 0 else {out[1]}",
        tellings=(
            f"Multiply {spoken}. You do not return the product but only tell its sign: {out[0]} means above zero, {out[1]} below zero, {out[2]} zero.",
            f"Without being interested in its size, find the sign of the product of {spoken}. Return {out[0]} for a positive product, {out[1]} for a negative one and {out[2]} when one of the numbers is 0.",
        ),
        plan="An odd number of negative factors makes the product negative; a zero makes it zero.",
    )


@lesson
def digit_spread(g: Random) -> Draft:
    said, one, two = g.choice(
        [
            (
                "the difference between the largest and the smallest digit of @n",
                "digits = [int(d) for d in str($n)]\nreturn max(digits) - min(digits)",
                "high, low = 0, 9\nwhile True:\n    $n, d = divmod($n, 10)\n    high, low = max(high, d), min(low, d)\n    if $n == 0:\n        return high - low",
            ),
            (
                "the sum of the largest and the smallest digit of @n",
                "digits = [int(d) for d in str($n)]\nreturn max(digits) + min(digits)",
                "digits = sorted(str($n))\nreturn int(digits[0]) + int(digits[-1])",
            ),
            (
                "the difference between the first and the last digit of @n, as a non-negative number",
                "text = str($n)\nreturn abs(int(text[0]) - int(text[-1]))",
                "last = $n % 10\nwhile $n >= 10:\n    $n //= 10\nreturn abs($n - last)",
            ),
            (
                "the product of the first and the last digit of @n",
                "text = str($n)\nreturn int(text[0]) * int(text[-1])",
                "last = $n % 10\nwhile $n >= 10:\n    $n //= 10\nreturn $n * last",
            ),
            (
                "the two-digit number made of the largest and then the smallest digit of @n, as an integer",
                "digits = sorted(str($n))\nreturn int(digits[-1] + digits[0])",
                "digits = [int(d) for d in str($n)]\nreturn 10 * max(digits) + min(digits)",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[digit_spread|outer_digits|digit_ends|extreme_digits]",
        "n:long",
        "int",
        said,
        one,
        two,
        tellings=(
            f"[Look at the decimal digits of|Write down the digits of] @n. Return {said.replace('of @n', 'among them', 1)}.",
            f"@n is a positive integer. Return {said}. A one-digit number has the same digit in both roles.",
        ),
        plan="I take the digits of @n apart and combine the two that count.",
    )


@lesson
def alternating_digits(g: Random) -> Draft:
    left = g.random() < 0.5
    start, word = g.choice([(1, "plus"), (-1, "minus")])
    side = "left" if left else "right"
    rev = "" if left else "[::-1]"
    return lesson.draft(
        g,
        "[alternating_digit_sum|zigzag_digit_sum|signed_digits]",
        "n:long",
        "int",
        f"the sum of the digits of @n with alternating signs, going from the {side}most digit, which gets a {word} sign",
        f"return sum({'' if start == 1 else '-'}int(d) if i % 2 == 0 else {'-' if start == 1 else ''}int(d) for i, d in enumerate(str($n){rev}))",
        f"total, sign = 0, {start}\nfor d in str($n){rev}:\n    total += sign * int(d)\n    sign = -sign\nreturn total",
        tellings=(
            f"Take the digits of @n from {'left to right' if left else 'right to left'} and put signs in front of them in turn, beginning with {word}. Return [what comes out|the total].",
            f"[Alternately add and subtract|Add and subtract in turn] the digits of the positive integer @n, starting at the {side} end with {'an addition' if start == 1 else 'a subtraction'}, and return the result.",
        ),
    )


@lesson
def digit_times_place(g: Random) -> Draft:
    left = g.random() < 0.5
    first = g.choice([0, 1, 2])
    op = g.choice(["*", "**"])
    how = "multiplied by" if op == "*" else "raised to the power of"
    side = "left" if left else "right"
    rev = "" if left else "[::-1]"
    return lesson.draft(
        g,
        "[weighted_digits|place_sum|digit_weights|positional_sum]",
        "n:long",
        "int",
        f"the sum of the digits of @n, each {how} its position, where positions are counted from the {side} and start at {first}",
        f"return sum(int(d) {op} i for i, d in enumerate(str($n){rev}, {first}))"
        if first
        else f"return sum(int(d) {op} i for i, d in enumerate(str($n){rev}))",
        f"digits = str($n){rev}\ntotal = 0\nfor i in range(len(digits)):\n    total += int(digits[i]) {op} (i + {first})\nreturn total",
        tellings=(
            f"[Process|Go through] the digits of @n from the {side}. The first digit you meet has position {first}, the next one position {first + 1} and so on. Add up the digits, each {how} its position, and return the total.",
            f"Number the digits of @n from the {side} end, beginning with {first}. [Each digit is|Let each digit be] {how} its number. Return the sum of all these [values|results].",
        ),
    )


@lesson
def swap_digit(g: Random) -> Draft:
    a, b = g.sample(range(6), 2)
    both = g.random() < 0.4
    said = f"with every digit {a} replaced by {b}" + (f" and every digit {b} replaced by {a}" if both else "")
    one = (
        f"return int(str($n).translate(str.maketrans('{a}{b}', '{b}{a}')))"
        if both
        else f"return int(str($n).replace('{a}', '{b}'))"
    )
    two = (
        f"result, place = 0, 1\nwhile $n > 0:\n    d = $n % 10\n    if d == {a}:\n        d = {b}\n"
        + (f"    elif d == {b}:\n        d = {a}\n" if both else "")
        + "    result += d * place\n    place *= 10\n    $n //= 10\nreturn result"
    )
    return lesson.draft(
        g,
        "[replace_digit|swap_digits|redigit|changed_digits]",
        "n:long",
        "int",
        f"the integer that @n becomes {said}",
        one,
        two,
        tellings=(
            f"Work on the decimal digits of the positive integer @n. Return the number {said}.",
            f"A broken printer prints {b} where it should print {a}{f', and {a} where it should print {b}' if both else ''}. Return the number that appears when it prints @n, as an integer (leading zeros vanish).",
        ),
        notes=(
            "[The result is an integer, so leading zeros disappear.|Zeros at the front are dropped, because the result is an integer.]",
        ),
    )


@lesson
def drop_digits(g: Random) -> Draft:
    d = g.randint(0, 5)
    said, cond = g.choice(
        [
            (f"every digit {d}", f"c != '{d}'"),
            ("all even digits (0 included)", "c in '13579'"),
            ("all odd digits", "c in '02468'"),
            (f"all digits greater than {d + 2}", f"int(c) <= {d + 2}"),
            (f"all digits smaller than {d + 1}", f"int(c) >= {d + 1}"),
        ]
    )
    empty = g.choice([0, -1, "None"])
    return lesson.draft(
        g,
        "[drop_digits|without_digits|strip_digits|remove_from_number]",
        "n:long",
        "int | None" if empty == "None" else "int",
        f"the number that is left when {said} [are removed from|are deleted from|are struck out of] @n, or {empty} if no digit is left".replace(
            "every digit", "all digits"
        )
        if said.startswith("every")
        else f"the number that is left when {said} [are removed from|are struck out of] @n, or {empty} if no digit is left",
        f"kept = ''.join(c for c in str($n) if {cond})\nreturn int(kept) if kept else {empty}",
        f"kept = ''\nfor c in str($n):\n    if {cond}:\n        kept += c\nif kept == '':\n    return {empty}\nreturn int(kept)",
        tellings=(
            f"A key on the keyboard is broken, so {said} get lost when @n is typed. Return the integer that is left, or {empty} if nothing is.",
            f"[Strike out|Cross out|Delete] {said} in the decimal form of @n, push the other digits together and return the resulting integer. [If nothing remains, return {empty}.|Return {empty} when all digits are gone.]",
        ),
    )


@lesson
def sort_digits(g: Random) -> Draft:
    order, rev, end = g.choice([("ascending", "", "smallest"), ("descending", ", reverse=True", "largest")])
    once = g.random() < 0.35
    inner = "set(str($n))" if once else "str($n)"
    uniq = "different " if once else ""
    return lesson.draft(
        g,
        "[sorted_digits|order_digits|digits_in_order|arrange_digits]",
        "n:long",
        "int",
        f"the integer formed by the {uniq}digits of @n in {order} order" + (", each used once" if once else ""),
        f"return int(''.join(sorted({inner}{rev})))",
        f"digits = sorted({inner}{rev})\nresult = 0\nfor d in digits:\n    result = result * 10 + int(d)\nreturn result",
        tellings=(
            f"Write the {uniq}digits of the positive integer @n on cards. Lay the cards in {order} order and read off the integer they form; return it.",
            f"Rearrange the {uniq}digits of @n so that the {end} comes first, {'use every digit only once, ' if once else ''}and return the new number as an integer. [Leading zeros are lost.|Zeros at the front do not count.]",
        ),
    )


@lesson
def rotate_digits(g: Random) -> Draft:
    k = g.randint(1, 3)
    left = g.random() < 0.5
    side, other = ("left", "end") if left else ("right", "front")
    cut = f"{k} % len(text)" if left else f"len(text) - {k} % len(text)"
    step = "text = text[1:] + text[0]" if left else "text = text[-1] + text[:-1]"
    return lesson.draft(
        g,
        f"[rotate_number|rotate_digits_{side}|turned_number]",
        "n:long",
        "int",
        f"the integer whose digits are those of @n rotated to the {side} by {k} place{'s' if k > 1 else ''}",
        f"text = str($n)\ncut = {cut}\nreturn int(text[cut:] + text[:cut])",
        f"text = str($n)\nfor _ in range({k}):\n    {step}\nreturn int(text)",
        tellings=(
            f"Think of the digits of @n as standing on a ring. Turn the ring to the {side} by {k} place{'s' if k > 1 else ''} and return the integer that is then read. For a number with one digit nothing changes.",
            f"{k} time{'s' if k > 1 else ''}, take the {'first' if left else 'last'} digit of @n and move it to the {other} of the number. Return the result as an integer, so that leading zeros disappear [at the end|once all moves are done].",
        ),
    )


@lesson
def mirror_sum(g: Random) -> Draft:
    said, code = g.choice(
        [
            ("the sum of @n and the number with its digits in reverse order", "$n + mirrored"),
            (
                "the difference between @n and the number with its digits reversed, as a non-negative number",
                "abs($n - mirrored)",
            ),
            ("the larger one of @n and the number with its digits reversed", "max($n, mirrored)"),
            ("the product of @n and the number with its digits reversed", "$n * mirrored"),
        ]
    )
    return lesson.draft(
        g,
        "[with_mirror|mirror_combined|reverse_and_combine]",
        "n:long",
        "int",
        said,
        f"mirrored = int(str($n)[::-1])\nreturn {code}",
        f"mirrored, rest = 0, $n\nwhile rest > 0:\n    mirrored = mirrored * 10 + rest % 10\n    rest //= 10\nreturn {code}",
        tellings=(
            f"First reverse the digits of the positive integer @n (leading zeros of the reversed number are dropped). Then return {said.replace('the number with its digits in reverse order', 'that reversed number').replace('the number with its digits reversed', 'that reversed number')}.",
        ),
    )


@lesson
def base_digits(g: Random) -> Draft:
    said, start, step, end = g.choice(
        [
            (
                "the sum of the digits of @n when it is written in base @base",
                "total = 0",
                "total += $n % $base",
                "total",
            ),
            (
                "the largest digit of @n when it is written in base @base",
                "best = 0",
                "best = max(best, $n % $base)",
                "best",
            ),
            (
                "how many zeros @n has when it is written in base @base",
                "zeros = 0",
                "zeros += $n % $base == 0",
                "zeros",
            ),
            ("the number of digits that @n has when it is written in base @base", "size = 0", "size += 1", "size"),
            (
                "a list of the digits of @n in base @base, the last digit first",
                "digits = []",
                "digits.append($n % $base)",
                "digits",
            ),
            (
                "a list of the digits of @n in base @base, the first digit first",
                "digits = []",
                "digits.insert(0, $n % $base)",
                "digits",
            ),
        ]
    )
    kind = "list[int]" if "list" in said else "int"
    return lesson.draft(
        g,
        "[base_digits|in_base|digits_with_base|other_base]",
        "n:big base:base",
        kind,
        said,
        f"{start}\nwhile $n > 0:\n    {step}\n    $n //= $base\nreturn {end}",
        f"{start}\nwhile $n:\n    {step}\n    $n = $n // $base\nreturn {end}",
        tellings=(
            f"[Divide @n by @base again and again|Repeatedly divide @n by @base], rounding down, until 0 is reached; the remainders are its digits in base @base, the last one first. Return {said}.",
        ),
        notes=("[@base is between 2 and 9.|The base is at least 2.]",),
    )


@lesson
def base_letters(g: Random) -> Draft:
    signs = "".join(g.sample("abcxyzXYZ.#*-+IO", g.randint(2, 5)))
    b = len(signs)
    named = ", ".join(f"'{c}' for {i}" for i, c in enumerate(signs))
    return lesson.draft(
        g,
        "[encode_number|number_signs|to_symbols|write_in_symbols]",
        "n:pos",
        "str",
        f"@n written in base {b} with the signs {named} as digits",
        f"result = ''\nwhile $n > 0:\n    result = '{signs}'[$n % {b}] + result\n    $n //= {b}\nreturn result",
        f"signs = '{signs}'\ndigits = []\nwhile $n > 0:\n    $n, rest = divmod($n, {b})\n    digits.append(signs[rest])\nreturn ''.join(reversed(digits))",
        f"if $n < {b}:\n    return '{signs}'[$n]\nreturn SELF($n // {b}) + '{signs}'[$n % {b}]",
        tellings=(
            f"Convert a positive integer @n to base {b}, but use other signs for the digits: {named}. The result is a string without leading zeros.",
            f"A tribe counts in base {b} and writes its digits {named}. Return how it writes the positive integer @n, the most significant digit first.",
        ),
    )


@lesson
def reread_base(g: Random) -> Draft:
    a, b = g.choice([(2, 10), (2, 3), (3, 10), (4, 10), (10, 11), (2, 5), (3, 4), (2, 4)])
    return lesson.draft(
        g,
        "[reread|read_in_other_base|change_reading]",
        "n:pos",
        "int",
        f"the value that results when @n is written in base {a} and these digits are then read as a number in base {b}",
        f"result, place = 0, 1\nwhile $n > 0:\n    result += $n % {a} * place\n    place *= {b}\n    $n //= {a}\nreturn result",
        f"if $n == 0:\n    return 0\nreturn SELF($n // {a}) * {b} + $n % {a}",
        tellings=(
            f"Let d be the digits of @n in base {a}, from the most significant one on. Return the sum of each digit times the matching power of {b}.",
            f"[Write the positive integer @n|Note @n] with the digits of base {a}. Somebody reads the note by mistake as if it were in base {b}. Return the number that this person reads.",
        ),
    )


@lesson
def bit_change(g: Random) -> Draft:
    word, one, two = g.choice(
        [
            ("set to 1", "$n | (1 << $pos)", "if $n >> $pos & 1:\n    return $n\nreturn $n + 2 ** $pos"),
            ("cleared to 0", "$n & ~(1 << $pos)", "if $n >> $pos & 1:\n    return $n - 2 ** $pos\nreturn $n"),
            ("flipped", "$n ^ (1 << $pos)", "if $n >> $pos & 1:\n    return $n - 2 ** $pos\nreturn $n + 2 ** $pos"),
        ]
    )
    return lesson.draft(
        g,
        f"[bit_{word.split()[0]}|change_bit|with_bit]",
        "n:byte pos:idx",
        "int",
        f"@n with the bit at position @pos {word}; position 0 is the [lowest|least significant] bit",
        f"return {one}",
        two,
        tellings=(
            f"Position 0 is the lowest bit of an integer. Given @n (0 to 255) and a position @pos, return the integer that has the bit at @pos {word} and all other bits as in @n.",
            f"[The lamps of a board|The states of eight switches] are stored in the bits of the integer @n. The one with number @pos (the lowest bit has number 0) is {word}, all others stay as they are. Return the new integer.",
        ),
    )


@lesson
def bit_runs(g: Random) -> Draft:
    bit, word = g.choice([("1", "ones"), ("0", "zeros")])
    other = "0" if bit == "1" else "1"
    name = "one" if bit == "1" else "zero"
    what, one, two = g.choice(
        [
            (
                f"the length of the longest run of consecutive {word} in the binary form of @n",
                f"return max(len(run) for run in bin($n)[2:].split('{other}'))",
                f"best = current = 0\nfor c in bin($n)[2:]:\n    current = current + 1 if c == '{bit}' else 0\n    best = max(best, current)\nreturn best",
            ),
            (
                f"the number of separate groups of consecutive {word} in the binary form of @n",
                f"return sum(1 for run in bin($n)[2:].split('{other}') if run)",
                f"groups, last = 0, ''\nfor c in bin($n)[2:]:\n    if c == '{bit}' and last != '{bit}':\n        groups += 1\n    last = c\nreturn groups",
            ),
            (
                f"the number of places in the binary form of @n at which a {name} is directly followed by the other digit",
                f"return bin($n)[2:].count('{bit}{other}')",
                f"s = bin($n)[2:]\nreturn sum(s[i] == '{bit}' and s[i + 1] == '{other}' for i in range(len(s) - 1))",
            ),
            (
                f"the number of {word} minus the number of all other digits in the binary form of @n",
                f"s = bin($n)[2:]\nreturn 2 * s.count('{bit}') - len(s)",
                f"result = 0\nfor c in bin($n)[2:]:\n    result += 1 if c == '{bit}' else -1\nreturn result",
            ),
            (
                "the length of the longest part of the binary form of @n in which neighbouring digits are always different",
                "best = run = 1\ns = bin($n)[2:]\nfor i in range(1, len(s)):\n    run = run + 1 if s[i] != s[i - 1] else 1\n    best = max(best, run)\nreturn best",
                "best, run, last = 0, 0, ''\nfor c in format($n, 'b'):\n    run = 1 if c == last else run + 1\n    if run > best:\n        best = run\n    last = c\nreturn best",
            ),
            (
                "the distance between the first and the last one in the binary form of @n (0 if there are fewer than two)",
                "s = bin($n)[2:].rstrip('0')\nreturn max(0, len(s) - 1)",
                "places = [i for i in range(8) if $n >> i & 1]\nreturn places[-1] - places[0] if places else 0",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[binary_runs|bit_groups|binary_form|look_at_bits]",
        "n:byte",
        "int",
        what,
        one,
        two,
        tellings=(
            f"Write @n in binary, without leading zeros. Return {what}. [The number 0 is written as a single 0.|Note that 0 is written as '0'.]",
            f"The non-negative integer @n is to be examined in base 2 (no leading zeros, except that 0 is '0'). [Find and return|Return] {what}.",
        ),
    )


@lesson
def bit_compare(g: Random) -> Draft:
    k = g.randint(3, 6)
    said, op = g.choice([("differ", "^"), ("are both 1", "&")])
    what, one, two = g.choice(
        [
            (
                f"how many of the lowest {k} bits of @p and @q {said}",
                f"return bin(($p {op} $q) & {2**k - 1}).count('1')",
                f"count = 0\nfor i in range({k}):\n    if ($p {op} $q) >> i & 1:\n        count += 1\nreturn count",
            ),
            (
                f"a list of the positions at which the bits of @p and @q {said}, lowest position first (the lowest bit has position 0)",
                f"return [i for i in range(8) if ($p {op} $q) >> i & 1]",
                f"mixed, result, i = $p {op} $q, [], 0\nwhile mixed:\n    if mixed % 2 == 1:\n        result.append(i)\n    mixed //= 2\n    i += 1\nreturn result",
            ),
            (
                f"the highest position at which the bits of @p and @q {said}, counted from 0 at the lowest bit, or -1 if there is none",
                f"return ($p {op} $q).bit_length() - 1",
                f"for i in range(7, -1, -1):\n    if ($p {op} $q) >> i & 1:\n        return i\nreturn -1",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[bit_comparison|compare_bits|bitwise]",
        "p:byte q:byte",
        "list[int]" if "list" in what else "int",
        what,
        one,
        two,
        tellings=(
            f"You are given two integers @p and @q from 0 to 255. Compare their binary forms bit by bit and return {what}.",
        ),
    )


@lesson
def bit_text(g: Random) -> Draft:
    on, off = g.choice([("#", "."), ("x", "-"), ("1", "0"), ("Y", "N"), ("*", "_")])
    w = g.choice([8, 8, 10, 12])
    rev = g.random() < 0.4
    order = "lowest bit first" if rev else "highest bit first"
    return lesson.draft(
        g,
        "[bit_pattern|draw_bits|lamp_row|pattern_of]",
        "n:byte",
        "str",
        f"a string of {w} characters that shows the binary digits of @n, {order}: '{on}' for a one and '{off}' for a zero",
        f"bits = format($n, '0{w}b')\nreturn bits.replace('1', '{on}').replace('0', '{off}')"
        + ("[::-1]" if rev else "")
        if (on, off) != ("1", "0")
        else f"return format($n, '0{w}b')" + ("[::-1]" if rev else ""),
        f"result = ''\nfor i in range({w}):\n    sign = '{on}' if $n >> i & 1 else '{off}'\n    result = "
        + ("result + sign" if rev else "sign + result")
        + "\nreturn result",
        tellings=(
            f"[Draw|Show] the integer @n as a row of {w} lamps. Every lamp stands for one binary digit, {order}. Write '{on}' for a lamp that is on (1) and '{off}' for one that is off (0), [filling up with zeros|with zeros in the unused high places].",
        ),
    )


@lesson
def bit_halves(g: Random) -> Draft:
    said, one, two = g.choice(
        [
            (
                "the integer that results when the lower four bits and the upper four bits of @n change places",
                "return ($n & 15) << 4 | $n >> 4",
                "return $n % 16 * 16 + $n // 16",
            ),
            (
                "the sum of the lower four bits and the upper four bits of @n, each read as a number",
                "return ($n & 15) + ($n >> 4)",
                "return $n % 16 + $n // 16",
            ),
            (
                "the integer whose eight bits are those of @n in reverse order",
                "return int(format($n, '08b')[::-1], 2)",
                "result = 0\nfor _ in range(8):\n    result = result * 2 + $n % 2\n    $n //= 2\nreturn result",
            ),
            ("the integer whose eight bits are all the opposite of those of @n", "return $n ^ 255", "return 255 - $n"),
            (
                "@n with its eight bits rotated to the left by one place, so that the highest bit becomes the lowest",
                "return ($n << 1 | $n >> 7) & 255",
                "doubled = $n * 2\nif doubled > 255:\n    doubled -= 255\nreturn doubled",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[byte_change|rearranged_byte|byte_of]",
        "n:byte",
        "int",
        said,
        one,
        two,
        tellings=(
            f"A byte is given as an integer @n from 0 to 255, so it has eight bits (with leading zeros). Return {said}.",
        ),
        plan="I shift and mask the eight bits of @n.",
    )


@lesson
def chosen_divisor(g: Random) -> Draft:
    k = g.randint(3, 9)
    said, one, two = g.choice(
        [
            (
                f"the largest divisor of @n that is not greater than {k}",
                f"return max(i for i in range(1, {k} + 1) if $n % i == 0)",
                f"i = {k}\nwhile $n % i != 0:\n    i -= 1\nreturn i",
            ),
            (
                f"the smallest divisor of @n that is at least {k}, or 0 if there is none",
                f"return next((i for i in range({k}, $n + 1) if $n % i == 0), 0)",
                f"for i in range({k}, $n + 1):\n    if $n % i == 0:\n        return i\nreturn 0",
            ),
            (
                "the second largest positive divisor of @n, or None if it has only one",
                "divisors = [i for i in range(1, $n + 1) if $n % i == 0]\nreturn divisors[-2] if len(divisors) > 1 else None",
                "for i in range($n - 1, 0, -1):\n    if $n % i == 0:\n        return i\nreturn None",
            ),
            (
                "the sum of the even positive divisors of @n minus the sum of its odd ones",
                "divisors = [i for i in range(1, $n + 1) if $n % i == 0]\nreturn sum(i if i % 2 == 0 else -i for i in divisors)",
                "result = 0\nfor i in range(1, $n + 1):\n    if $n % i == 0:\n        if i % 2 == 0:\n            result += i\n        else:\n            result -= i\nreturn result",
            ),
            (
                f"how many numbers from 1 to {k + 3} do not divide @n",
                f"return sum($n % i != 0 for i in range(1, {k + 4}))",
                f"count = 0\nfor i in range(1, {k + 3} + 1):\n    if $n % i:\n        count += 1\nreturn count",
            ),
            (
                "the smallest positive integer that does not divide @n",
                "i = 2\nwhile $n % i == 0:\n    i += 1\nreturn i",
                "candidate = 1\nwhile True:\n    if $n % candidate != 0:\n        return candidate\n    candidate += 1",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[chosen_divisor|divisor_task|special_divisor|divide_and_pick]",
        "n:smooth" if g.random() < 0.7 else "n:pos",
        "int | None" if "None" in said else "int",
        said,
        one,
        two,
        tellings=(
            f"A number i divides @n if the division leaves no remainder. [Using this|With that in mind], return {said}.",
            f"@n is a positive integer. [Find|Work out] {said}.",
        ),
    )


@lesson
def divisor_pairs(g: Random) -> Draft:
    said, kind, one, two = g.choice(
        [
            (
                "a list of all pairs (i, j) with i <= j and i * j == @n, in ascending order of i",
                "list[tuple[int, int]]",
                "return [(i, $n // i) for i in range(1, int($n ** 0.5) + 1) if $n % i == 0]",
                "pairs = []\ni = 1\nwhile i * i <= $n:\n    if $n % i == 0:\n        pairs.append((i, $n // i))\n    i += 1\nreturn pairs",
            ),
            (
                "the number of ways to write @n as a product of two positive integers, where the order of the factors does not matter",
                "int",
                "return sum(1 for i in range(1, int($n ** 0.5) + 1) if $n % i == 0)",
                "ways = 0\ni = 1\nwhile i * i <= $n:\n    if $n % i == 0:\n        ways += 1\n    i += 1\nreturn ways",
            ),
            (
                "the smallest possible difference between two positive integers whose product is @n",
                "int",
                "i = int($n ** 0.5)\nwhile $n % i != 0:\n    i -= 1\nreturn $n // i - i",
                "return min(abs($n // i - i) for i in range(1, $n + 1) if $n % i == 0)",
            ),
            (
                "the pair (i, j) with i * j == @n and i <= j for which i + j is smallest",
                "tuple[int, int]",
                "i = int($n ** 0.5)\nwhile $n % i != 0:\n    i -= 1\nreturn (i, $n // i)",
                "best = (1, $n)\nfor i in range(1, $n + 1):\n    if $n % i == 0 and i <= $n // i:\n        best = (i, $n // i)\nreturn best",
            ),
            (
                "the smallest perimeter of a rectangle with whole-number sides and the area @n",
                "int",
                "return min(2 * (i + $n // i) for i in range(1, $n + 1) if $n % i == 0)",
                "i = int($n ** 0.5)\nwhile $n % i != 0:\n    i -= 1\nreturn 2 * (i + $n // i)",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[factor_pairs|two_factors|split_product|product_pairs]",
        "n:smooth",
        kind,
        said,
        one,
        two,
        tellings=(
            f"@n square tiles are to be laid as a full rectangle. Return {said}."
            if "rectangle" in said or "pair" in said
            else f"Think of all ways to write @n as a product i * j of positive integers. Return {said}.",
        ),
        plan="I try the candidates up to the square root of @n.",
    )


@lesson
def common_multiple_after(g: Random) -> Draft:
    a, b = g.choice([(2, 3), (3, 4), (4, 6), (6, 8), (3, 5), (6, 9), (4, 10), (5, 7)])
    up = g.random() < 0.5
    if up:
        said, one, two = (
            f"the smallest number not less than @n that is divisible by both {a} and {b}",
            f"while $n % {a} != 0 or $n % {b} != 0:\n    $n += 1\nreturn $n",
            f"both = {a} * {b} // math.gcd({a}, {b})\nreturn -(-$n // both) * both",
        )
    else:
        said, one, two = (
            f"how many numbers from 1 to @n are divisible by exactly one of {a} and {b}",
            f"return sum((i % {a} == 0) != (i % {b} == 0) for i in range(1, $n + 1))",
            f"both = {a} * {b} // math.gcd({a}, {b})\nreturn $n // {a} + $n // {b} - 2 * ($n // both)",
        )
    return lesson.draft(
        g,
        "[common_multiple|two_divisors|next_common|multiples_of_either]",
        "n:pos",
        "int",
        said,
        one,
        two,
        imports=("import math",),
        tellings=(
            f"One bus comes every {a} minutes, another one every {b} minutes, and both leave together at minute 0. "
            + (
                "Return the first minute, @n or later, at which they leave together again."
                if up
                else "Count the minutes from 1 to @n at which exactly one of them leaves."
            ),
        ),
    )


@lesson
def euclid_steps(g: Random) -> Draft:
    said, one, two, tell = g.choice(
        [
            (
                "the number of divisions that Euclid's algorithm needs for @p and @q: while the second number is not 0, the pair (first, second) becomes (second, first % second)",
                "steps = 0\nwhile $q != 0:\n    $p, $q = $q, $p % $q\n    steps += 1\nreturn steps",
                "if $q == 0:\n    return 0\nreturn 1 + SELF($q, $p % $q)",
                "Start with the pair (@p, @q). As long as the second number is not zero, replace the pair by the second number and the remainder of the first divided by the second. Return how many times this was done.",
            ),
            (
                "how often the smaller of @p and @q must be subtracted from the larger one until both are equal",
                "steps = 0\nwhile $p != $q:\n    if $p > $q:\n        $p -= $q\n    else:\n        $q -= $p\n    steps += 1\nreturn steps",
                "if $p == $q:\n    return 0\nlow, high = min($p, $q), max($p, $q)\nreturn 1 + SELF(low, high - low)",
                "Two sticks have the lengths @p and @q. A piece as long as the shorter stick is cut off the longer one, again and again, until the two sticks have the same length. Return the number of cuts.",
            ),
            (
                "the sum of all quotients (rounded down) that occur when the pair (first, second) = (@p, @q) is replaced by (second, first % second) until the second number is 0",
                "total = 0\nwhile $q > 0:\n    total += $p // $q\n    $p, $q = $q, $p % $q\nreturn total",
                "if $q == 0:\n    return 0\nreturn $p // $q + SELF($q, $p % $q)",
                "Run Euclid's algorithm on @p and @q: divide the first number by the second, rounding down, then go on with the second number and the remainder, until the remainder is 0. Add up all the quotients and return the total.",
            ),
            (
                "how many pairs (a, b) of positive integers with a <= @p and b <= @q have no common divisor except 1",
                "return sum(math.gcd(a, b) == 1 for a in range(1, $p + 1) for b in range(1, $q + 1))",
                "count = 0\nfor i in range(1, $p + 1):\n    for j in range(1, $q + 1):\n        if math.gcd(i, j) == 1:\n            count += 1\nreturn count",
                "From the corner (0, 0) you can see a point (a, b) of a grid only if no other grid point lies on the line to it, that is, if a and b have no common divisor except 1. Return how many points with 1 <= a <= @p and 1 <= b <= @q you can see.",
            ),
            (
                "how many unit squares the diagonal of a rectangle of @p by @q unit squares passes through",
                "return $p + $q - math.gcd($p, $q)",
                "a, b = $p, $q\nwhile b:\n    a, b = b, a % b\nreturn $p + $q - a",
                "A rectangle consists of @p times @q unit squares. Its diagonal goes through the inside of some of them: @p plus @q minus the greatest common divisor of the two. Return this number.",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[euclid_steps|gcd_steps|count_steps|two_lengths]"
        if "pair" in said or "often" in said
        else "[rectangle_cells|two_lengths|cells]",
        "p:pos q:pos",
        "int",
        said,
        one,
        two,
        imports=("import math",),
        tellings=(tell,),
    )


@lesson
def prime_factors_task(g: Random) -> Draft:
    loop = (
        "result = {start}\np = 2\nwhile $n > 1:\n    if $n % p == 0:\n{inner}\n    else:\n        p += 1\nreturn {end}"
    )
    said, kind, start, inner, end, other = g.choice(
        [
            (
                "the number of prime factors of @n, counted as often as they occur",
                "int",
                "0",
                "        result += 1\n        $n //= p",
                "result",
                "count, p = 0, 2\nwhile p * p <= $n:\n    while $n % p == 0:\n        $n //= p\n        count += 1\n    p += 1\nreturn count + ($n > 1)",
            ),
            (
                "the sum of the prime factors of @n, each added as often as it occurs",
                "int",
                "0",
                "        result += p\n        $n //= p",
                "result",
                "total, p = 0, 2\nwhile p * p <= $n:\n    while $n % p == 0:\n        $n //= p\n        total += p\n    p += 1\nreturn total + ($n if $n > 1 else 0)",
            ),
            (
                "the product of the different prime factors of @n, which is 1 for 1",
                "int",
                "1",
                "        result *= p\n        while $n % p == 0:\n            $n //= p",
                "result",
                "product, p = 1, 2\nwhile p <= $n:\n    if $n % p == 0:\n        product *= p\n        while $n % p == 0:\n            $n //= p\n    p += 1\nreturn product",
            ),
            (
                "a dictionary that maps each prime factor of @n to its exponent",
                "dict[int, int]",
                "{}",
                "        result[p] = result.get(p, 0) + 1\n        $n //= p",
                "result",
                "powers = {}\nfor p in range(2, $n + 1):\n    while $n % p == 0:\n        powers[p] = powers.get(p, 0) + 1\n        $n //= p\nreturn powers",
            ),
            (
                "a string that shows the prime factors of @n in ascending order, joined by ' x ', as in '2 x 2 x 7', or '1' if it has none",
                "str",
                "[]",
                "        result.append(str(p))\n        $n //= p",
                "' x '.join(result) or '1'",
                "text, p = '', 2\nwhile $n > 1:\n    while $n % p == 0:\n        text += f' x {p}' if text else str(p)\n        $n //= p\n    p += 1\nreturn text or '1'",
            ),
            (
                "the largest exponent in the prime factorization of @n, or 0 for 1",
                "int",
                "[0]",
                "        power = 0\n        while $n % p == 0:\n            $n //= p\n            power += 1\n        result.append(power)",
                "max(result)",
                "best, p = 0, 2\nwhile $n > 1:\n    power = 0\n    while $n % p == 0:\n        power += 1\n        $n //= p\n    best = max(best, power)\n    p += 1\nreturn best",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[factorized|prime_parts|factor_summary|prime_factor_task]",
        "n:smooth",
        kind,
        said,
        loop.format(start=start, inner=inner, end=end),
        other,
        tellings=(
            f"[Break @n up into its prime factors|Divide @n by primes, beginning with 2, until 1 is left]. Return {said}.",
            f"Every positive integer is a product of primes in just one way. For @n, return {said}.",
        ),
        plan="I divide out the primes one after the other, beginning with 2.",
    )


@lesson
def next_with_property(g: Random) -> Draft:
    said, code = _property(g)
    back = g.random() < 0.3
    test = code.format(x="i")
    if back:
        return lesson.draft(
            g,
            "[count_not|how_many_without|others_below]",
            "n:pos",
            "int",
            f"the number of integers from 1 to @n that are not among those {said}",
            f"return sum(1 for i in range(1, $n + 1) if not ({test}))",
            f"count = 0\nfor i in range(1, $n + 1):\n    if {test}:\n        continue\n    count += 1\nreturn count",
            tellings=(
                f"[Strike out|Remove] from the numbers 1, 2, 3, ..., @n all those {said}. Return how many numbers remain.",
            ),
        )
    return lesson.draft(
        g,
        "[next_number|first_after|next_special|successor]",
        "n:pos",
        "int",
        f"the first integer [greater than|above] @n among those {said}",
        f"i = $n + 1\nwhile not ({test}):\n    i += 1\nreturn i",
        f"for i in itertools.count($n + 1):\n    if {test}:\n        return i",
        imports=("import itertools",),
        tellings=(
            f"Let the special numbers be the positive integers {said}. [Return|Find] {'how many of the integers from 1 to @n are not special' if back else 'the first special number after @n'}.",
            f"[Count upwards from|Go up from] @n, without looking at @n itself, and stop at the first of the numbers {said}. Return it.",
            f"Return the smallest integer that is strictly larger than @n and is one of those {said}.",
        ),
    )


@lesson
def nth_with_property(g: Random) -> Draft:
    said, code = _property(g)
    test = code.format(x="i")
    what, kind, one, two = g.choice(
        [
            (
                f"the @n-th positive integer among those {said}",
                "int",
                f"i = found = 0\nwhile found < $n:\n    i += 1\n    if {test}:\n        found += 1\nreturn i",
                f"i = 1\nwhile True:\n    if {test}:\n        $n -= 1\n        if $n == 0:\n            return i\n    i += 1",
            ),
            (
                f"a list of the first @n positive integers {said}",
                "list[int]",
                f"result = []\ni = 1\nwhile len(result) < $n:\n    if {test}:\n        result.append(i)\n    i += 1\nreturn result",
                f"return list(itertools.islice((i for i in itertools.count(1) if {test}), $n))",
            ),
            (
                f"the sum of the first @n positive integers {said}",
                "int",
                f"total, found, i = 0, 0, 0\nwhile found < $n:\n    i += 1\n    if {test}:\n        found += 1\n        total += i\nreturn total",
                f"return sum(itertools.islice((i for i in itertools.count(1) if {test}), $n))",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[nth_special|special_numbers|nth_of_kind|first_special]",
        "n:small",
        kind,
        what,
        one,
        two,
        imports=("import itertools",),
        tellings=(
            f"[Consider|Look at] the positive integers {said}, in ascending order. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what.split(' positive integer')[0].replace('the first', 'the first')} of them."
            if "among" in what
            else f"Go through 1, 2, 3, ... and pick the numbers {said}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
        ),
        notes=("[@n is at least 1.|Counting starts with 1.]",),
    )


@lesson
def range_with_property(g: Random) -> Draft:
    said, code = _property(g)
    test = code.format(x="i")
    incl = g.random() < 0.6
    how, end = ("both included", "$high + 1") if incl else ("@high not included", "$high")
    what, kind, one, two = g.choice(
        [
            (
                f"how many integers from @low to @high ({how}) there are {said}",
                "int",
                f"return sum(1 for i in range($low, {end}) if {test})",
                f"count = 0\nfor i in range($low, {end}):\n    if {test}:\n        count += 1\nreturn count",
            ),
            (
                f"the largest of the integers from @low to @high ({how}) {said}, or None if there are none",
                "int | None",
                f"return max((i for i in range($low, {end}) if {test}), default=None)",
                f"for i in reversed(range($low, {end})):\n    if {test}:\n        return i\nreturn None",
            ),
            (
                f"the difference between the largest and the smallest of the integers from @low to @high ({how}) {said}, or 0 if there are none",
                "int",
                f"found = [i for i in range($low, {end}) if {test}]\nreturn found[-1] - found[0] if found else 0",
                f"smallest = largest = None\nfor i in range($low, {end}):\n    if {test}:\n        if smallest is None:\n            smallest = i\n        largest = i\nreturn 0 if smallest is None else largest - smallest",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[in_range|between|range_task|special_in_range]",
        "low:pos high:pos",
        kind,
        what,
        one,
        two,
        tellings=(
            f"You are given two positive integers @low and @high. Among the integers from @low to @high ({how}), look for those {said}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what.split(' integers from')[0] if 'how many' in what else what}{' of them there are' if 'how many' in what else ''}.".replace(
                "how many of them", "how many of them"
            ),
        ),
        notes=(
            "[If @low is greater than @high, the range is empty.|The range is empty when @low is larger than @high.]",
        ),
    )


@lesson
def coprime_list(g: Random) -> Draft:
    what, kind, one, two = g.choice(
        [
            (
                "a list of the numbers from 1 to @n that have no common divisor with @n except 1",
                "list[int]",
                "return [i for i in range(1, $n + 1) if math.gcd(i, $n) == 1]",
                "result = []\nfor i in range(1, $n + 1):\n    if math.gcd(i, $n) == 1:\n        result.append(i)\nreturn result",
            ),
            (
                "the number of integers from 1 to @n that share a divisor greater than 1 with @n",
                "int",
                "return sum(math.gcd(i, $n) > 1 for i in range(1, $n + 1))",
                "count = 0\nfor i in range(1, $n + 1):\n    a, b = i, $n\n    while b:\n        a, b = b, a % b\n    if a != 1:\n        count += 1\nreturn count",
            ),
            (
                "the smallest integer greater than 1 that has no divisor in common with @n except 1",
                "int",
                "i = 2\nwhile math.gcd(i, $n) != 1:\n    i += 1\nreturn i",
                "for i in range(2, $n + 2):\n    if all(i % d or $n % d for d in range(2, i + 1)):\n        return i",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[coprimes|relatively_prime|shared_divisor_task]",
        "n:two",
        kind,
        what,
        one,
        two,
        imports=("import math",),
        tellings=(
            f"[Use the greatest common divisor.|The greatest common divisor helps here.] For an integer @n greater than 1, return {what}.",
            f"Two numbers are called coprime if 1 is their only common positive divisor. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Two numbers are called coprime if 1 is their only common positive divisor.",
        ),
    )


@lesson
def square_neighbours(g: Random) -> Draft:
    power, word = g.choice([(2, "square"), (3, "cube"), (2, "square")])
    what, one, two = g.choice(
        [
            (
                f"the largest perfect {word} that is not greater than @n",
                f"i = 0\nwhile (i + 1) ** {power} <= $n:\n    i += 1\nreturn i ** {power}",
                f"return max(i ** {power} for i in range($n + 1) if i ** {power} <= $n)",
            ),
            (
                f"the distance from @n to the nearest perfect {word} (0 is one, too)",
                f"return min(abs($n - i ** {power}) for i in range($n + 2))",
                f"best, i = $n, 0\nwhile i ** {power} <= 2 * $n + 1:\n    best = min(best, abs($n - i ** {power}))\n    i += 1\nreturn best",
            ),
            (
                f"how much must be added to @n to get the next perfect {word} (0 if it is one already)",
                f"i = 0\nwhile i ** {power} < $n:\n    i += 1\nreturn i ** {power} - $n",
                f"added = 0\nwhile True:\n    root = round(($n + added) ** (1 / {power}))\n    if root ** {power} == $n + added:\n        return added\n    added += 1",
            ),
            (
                f"how many steps it takes to bring @n to 0 if each step subtracts the largest perfect {word} that is not greater than the current number",
                f"steps = 0\nwhile $n > 0:\n    i = 1\n    while (i + 1) ** {power} <= $n:\n        i += 1\n    $n -= i ** {power}\n    steps += 1\nreturn steps",
                f"if $n == 0:\n    return 0\nbest = max(i ** {power} for i in range(1, $n + 1) if i ** {power} <= $n)\nreturn 1 + SELF($n - best)",
            ),
        ]
    )
    return lesson.draft(
        g,
        f"[near_{word}|{word}_task|around_{word}]",
        "n:pos",
        "int",
        what,
        one,
        two,
        tellings=(
            f"A perfect {word} is a number of the form i {'* i' if power == 2 else '* i * i'} for a non-negative integer i. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. A perfect {word} is a number of the form i {'* i' if power == 2 else '* i * i'} for a non-negative integer i.",
        ),
    )


@lesson
def two_squares(g: Random) -> Draft:
    c = g.choice([1, 1, 2, 3])
    form = "a * a + b * b" if c == 1 else f"a * a + {c} * b * b"
    rule = "0 <= a <= b" if c == 1 else "a >= 0 and b >= 0"
    pairs = (
        "for a in range($n + 1) for b in range("
        + ("a, " if c == 1 else "")
        + f"$n + 1) if a * a + {'' if c == 1 else f'{c} * '}b * b == $n"
    )
    what, kind, one, two = g.choice(
        [
            (
                f"the number of pairs of integers (a, b) with {rule} and {form} == @n",
                "int",
                f"return sum(1 {pairs})",
                None,
            ),
            (
                f"a list of all pairs of integers (a, b) with {rule} and {form} == @n, in ascending order",
                "list[tuple[int, int]]",
                f"return [(a, b) {pairs}]",
                None,
            ),
            (f"True if @n can be written as {form} with integers {rule}", "bool", f"return any(True {pairs})", None),
        ]
    )
    start, act, end = {
        "int": ("result = 0", "result += 1", "result"),
        "list[tuple[int, int]]": ("result = []", "result.append((a, b))", "result"),
        "bool": ("found = False", "found = True", "found"),
    }[kind]
    two = f"{start}\nfor a in range($n + 1):\n    for b in range({'a, ' if c == 1 else ''}$n + 1):\n        if {form} == $n:\n            {act}\nreturn {end}"
    return lesson.draft(
        g,
        "[square_sums|two_squares|as_squares]",
        "n:pos",
        kind,
        what,
        one,
        two,
        tellings=(
            f"[Try|Go through] all pairs of integers a and b with {rule}. {'Return True if at least one of them gives' if kind == 'bool' else 'Count those with' if kind == 'int' else 'Return, in ascending order and as tuples, those with'} {form} {'the value @n, and False otherwise' if kind == 'bool' else 'equal to @n'}.",
        ),
    )


@lesson
def digit_shrinking(g: Random) -> Draft:
    k = g.choice([2, 3])
    what, code = g.choice(
        [
            ("the product of its digits", "math.prod(int(d) for d in str($n))"),
            ("the sum of its digits", "sum(int(d) for d in str($n))"),
            ("the product of its digits other than 0", "math.prod(int(d) for d in str($n) if d != '0')"),
            (f"the sum of its digits times {k}", f"{k} * sum(int(d) for d in str($n))"),
            ("the sum of the squares of its digits", "sum(int(d) ** 2 for d in str($n))"),
        ]
    )
    limit = 10 if "times" not in what and "squares" not in what else 200 if "squares" in what else 100
    steps = g.random() < 0.5
    said = (
        f"how many times @n must be replaced by {what} until it is less than {limit}"
        if steps
        else f"the number that @n ends at when it is replaced by {what} again and again until it is less than {limit}"
    )
    return lesson.draft(
        g,
        "[shrink|digit_persistence|reduce_digits|shrinking]",
        "n:long",
        "int",
        said,
        f"steps = 0\nwhile $n >= {limit}:\n    $n = {code}\n    steps += 1\nreturn steps"
        if steps
        else f"while $n >= {limit}:\n    $n = {code}\nreturn $n",
        f"if $n < {limit}:\n    return {'0' if steps else '$n'}\nreturn {'1 + ' if steps else ''}SELF({code})",
        imports=("import math",),
        tellings=(
            f"[Repeat|Do] the following while @n is not below {limit}: compute {what} and go on with that. [Return|Then return] {'how often you did it' if steps else 'what is left'}.",
            f"As long as @n is at least {limit}, replace it by {what}. Return {'the number of replacements' if steps else 'the number at the end'}.[ Numbers that are small enough from the start need no replacement.|]",
        ),
    )


@lesson
def split_float(g: Random) -> Draft:
    k = g.choice([10, 100])
    what, kind, one, two = g.choice(
        [
            (
                "the part of @x behind the decimal point, in hundredths, as a non-negative integer",
                "int",
                "return round(abs($x) * 100) % 100",
                "whole = int(abs($x))\nreturn round((abs($x) - whole) * 100)",
            ),
            (
                "a tuple with the whole units of @x, rounded towards zero, and the remaining hundredths, both without sign",
                "tuple[int, int]",
                "return divmod(round(abs($x) * 100), 100)",
                "cents = round(abs($x) * 100)\nreturn (cents // 100, cents % 100)",
            ),
            (
                "the whole number that @x becomes when everything behind the decimal point is cut off",
                "int",
                "return int($x)",
                "return math.floor($x) if $x >= 0 else math.ceil($x)",
            ),
            (
                "the next integer away from zero, or @x itself as an integer if it is whole",
                "int",
                "return math.ceil($x) if $x > 0 else math.floor($x)",
                "whole = int($x)\nif whole == $x:\n    return whole\nreturn whole + 1 if $x > 0 else whole - 1",
            ),
            (
                "how many integers lie between 0 and @x, both ends included",
                "int",
                "return int(abs($x)) + 1",
                "count, i = 0, 0\nwhile i <= abs($x):\n    count += 1\n    i += 1\nreturn count",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[parts|whole_and_rest|cut|decimal_part]",
        "x:dec",
        kind,
        what,
        one,
        two,
        imports=("import math",),
        tellings=(
            f"@x is a decimal number with at most two places behind the point; it may be negative. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. @x is a decimal number with at most two places behind the point; it may be negative.",
        ),
        notes=("[Negative numbers are allowed.|@x may be negative.]",) if k == 10 else (),
    )


@lesson
def snap_float(g: Random) -> Draft:
    parts, word = g.choice([(2, "half"), (4, "quarter"), (5, "fifth (0.2)"), (10, "tenth"), (20, "twentieth (0.05)")])
    way, fn = g.choice([("up", "math.ceil"), ("down", "math.floor")])
    return lesson.draft(
        g,
        "[snap|to_step|round_to_part|stepped]",
        "x:dec",
        "float",
        f"@x rounded {way} to the next {word}, as a float",
        f"return {fn}($x * {parts}) / {parts}",
        f"pieces = $x * {parts}\nwhole = int(pieces)\nif whole {'<' if way == 'up' else '>'} pieces:\n    whole {'+=' if way == 'up' else '-='} 1\nreturn whole / {parts}",
        imports=("import math",),
        tellings=(
            f"A scale shows only steps of a {word}, and it always rounds {way} (so {'-0.01 becomes 0' if way == 'up' else '-0.01 becomes minus one step'}). Return what it shows for @x, as a float.".replace(
                " (so -0.01 becomes 0)", ""
            ),
        ),
    )


@lesson
def close_enough(g: Random) -> Draft:
    tol = g.choice([0.5, 1, 2, 2.5, 0.25])
    pct = g.choice([10, 20, 50])
    if g.random() < 0.5:
        strict = g.random() < 0.5
        said, one, two = (
            f"True if @p and @q differ by {'less than' if strict else 'at most'} {tol}",
            f"return abs($p - $q) {'<' if strict else '<='} {tol}",
            f"high, low = max($p, $q), min($p, $q)\nreturn high - low {'<' if strict else '<='} {tol}",
        )
    else:
        said, one, two = (
            f"True if the difference of @p and @q is at most {pct} percent of the one with the larger absolute value",
            f"return abs($p - $q) * 100 <= {pct} * max(abs($p), abs($q))",
            f"bigger = max(abs($p), abs($q))\ngap = abs($p - $q)\nif gap * 100 > {pct} * bigger:\n    return False\nreturn True",
        )
    return lesson.draft(
        g,
        "[close|near_enough|similar|almost_equal]",
        "p:quarter q:quarter",
        "bool",
        said,
        one,
        two,
        tellings=(
            f"Two [measurements|readings] @p and @q are to be compared. {said.replace('True if', 'Return True if')}, and False otherwise.",
        ),
    )


@lesson
def fair_groups(g: Random) -> Draft:
    what, kind, one, two = g.choice(
        [
            (
                "a list of @k group sizes that add up to @n and differ by at most 1, larger groups first",
                "list[int]",
                "size, extra = divmod($n, $k)\nreturn [size + 1] * extra + [size] * ($k - extra)",
                "result = [0] * $k\nfor i in range($n):\n    result[i % $k] += 1\nreturn result",
            ),
            (
                "a list of @k group sizes that add up to @n and differ by at most 1, smaller groups first",
                "list[int]",
                "size, extra = divmod($n, $k)\nreturn [size] * ($k - extra) + [size + 1] * extra",
                "result = [0] * $k\nfor i in range($n):\n    result[-1 - i % $k] += 1\nreturn result",
            ),
            (
                "a list of group sizes that add up to @n, where all groups have @k members except perhaps the last, which is smaller",
                "list[int]",
                "sizes = [$k] * ($n // $k)\nif $n % $k:\n    sizes.append($n % $k)\nreturn sizes",
                "sizes = []\nwhile $n > 0:\n    sizes.append(min($n, $k))\n    $n -= $k\nreturn sizes",
            ),
            (
                "how many more people are needed so that @n people can be split into groups of exactly @k",
                "int",
                "return -$n % $k",
                "missing = 0\nwhile ($n + missing) % $k != 0:\n    missing += 1\nreturn missing",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[group_sizes|fair_groups|split_people|teams]",
        "n:nat k:small",
        kind,
        what,
        one,
        two,
        tellings=(
            f"@n pupils are to be split into groups; the number @k says {'how many groups there are' if '@k group' in what else 'how many belong in one group'}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. @n pupils are to be split into groups; the number @k says {'how many groups there are' if '@k group' in what else 'how many belong in one group'}.",
        ),
    )


@lesson
def calculate_with_sign(g: Random) -> Draft:
    bad = g.choice(["None", "0", "-1"])
    whole = g.random() < 0.5
    div = "rounds down to a whole number" if whole else "rounds the quotient to two decimals"
    code = "$p // $q" if whole else "round($p / $q, 2)"
    kind = ("int" if whole else "int | float") if bad != "None" else ("int | None" if whole else "float | None")
    return lesson.draft(
        g,
        "[calculate|apply_operator|calculator|evaluate]",
        "p:tiny op:op q:tiny",
        kind,
        f"the result of @p @op @q, where division {div} and a division by zero gives {bad}",
        f"if $op == '+':\n    return $p + $q\nif $op == '-':\n    return $p - $q\nif $op == '*':\n    return $p * $q\nif $q == 0:\n    return {bad}\nreturn {code}",
        f"if $op == '/':\n    return {bad} if $q == 0 else {code}\nresults = {{'+': $p + $q, '-': $p - $q, '*': $p * $q}}\nreturn results[$op]",
        tellings=(
            f"[Input|Given]: a number @p, an operator @op (one of + - * /) and a number @q. [Apply the operator and return the result|Return the result of the operation]. Division {div}. Division by zero must not fail but give {bad}.",
            f"Build a small calculator. Its keys are '+', '-', '*' and '/'. It is given a number @p, the key @op and a number @q, and returns the result. The key '/' {div}; if @q is 0, dividing returns {bad}.",
        ),
    )


@lesson
def word_calculator(g: Random) -> Draft:
    c1, c2, c3 = g.sample(
        [
            ("twice the first number plus the second", "2 * $p + $q"),
            ("the first number minus twice the second", "$p - 2 * $q"),
            ("the larger number", "max($p, $q)"),
            ("the product of the two numbers plus 1", "$p * $q + 1"),
            ("the square of their difference", "($p - $q) ** 2"),
            ("the first number with its sign changed", "-$p"),
        ],
        3,
    )
    return lesson.draft(
        g,
        "[run_command|operation|apply_word|invented_operation]",
        "p:tiny q:tiny word:command",
        "int",
        f"the result of an operation on @p (the first number) and @q (the second), chosen by @word: {c1[0]} for a word that begins with 'a', {c2[0]} for one that begins with 'b', and {c3[0]} for every other word",
        f"if $word.startswith('a'):\n    return {c1[1]}\nif $word.startswith('b'):\n    return {c2[1]}\nreturn {c3[1]}",
        f"sign = $word[0]\nif sign == 'a':\n    result = {c1[1]}\nelif sign == 'b':\n    result = {c2[1]}\nelse:\n    result = {c3[1]}\nreturn result",
        tellings=(
            f"A calculator knows words instead of signs. If @word begins with 'a', its answer is {c1[0]}; if it begins with 'b', {c2[0]}; for any other word, {c3[0]}. The first number is @p, the second one is @q. Return the answer.",
        ),
    )


@lesson
def nearer_value(g: Random) -> Draft:
    t = g.choice([0, 10, 21, 50, "target"])
    sig = "p:near q:near target:near" if t == "target" else "p:near q:near"
    goal, code = ("@target", "$target") if t == "target" else (str(t), str(t))
    tie, tied = g.choice(
        [
            ("the smaller one", "min($p, $q)"),
            ("the larger one", "max($p, $q)"),
            ("@p", "$p"),
            ("0", "0"),
            ("their sum", "$p + $q"),
        ]
    )
    far = g.random() < 0.3
    word, sign = ("farther away from", ">") if far else ("closer to", "<")
    return lesson.draft(
        g,
        "[nearer|closer_number|pick_by_distance|best_guess]",
        sig,
        "int",
        f"the one of the integers @p and @q that is {word} {goal}, or {tied if tie == '0' else tie} if both are equally far away",
        f"d1, d2 = abs($p - {code}), abs($q - {code})\nif d1 == d2:\n    return {tied}\nreturn $p if d1 {sign} d2 else $q",
        f"if abs($p - {code}) {sign} abs($q - {code}):\n    return $p\nif abs($q - {code}) {sign} abs($p - {code}):\n    return $q\nreturn {tied}",
        tellings=(
            f"Compare the distances of @p and @q to {goal}. Return the number that is {word} it; if there is no difference, return {tie}.",
            f"Two players guess the numbers @p and @q. The secret number is {goal}. Return the guess that is {word} it. [In case of a tie|When both are equally far off], return {tie}.",
        ),
    )


@lesson
def within_either_order(g: Random) -> Draft:
    strict = g.random() < 0.5
    s = "<" if strict else "<="
    k = g.randint(1, 3)
    ends = "the ends excluded" if strict else "the ends included"
    low, high = ("low + 1", "high") if strict else ("low", "high + 1")
    what, kind, sig, one, two = g.choice(
        [
            (
                f"True if @n is between @p and @q, {ends}, whichever of the two is larger",
                "bool",
                "n:tiny p:tiny q:tiny",
                f"return min($p, $q) {s} $n {s} max($p, $q)",
                f"if $p > $q:\n    $p, $q = $q, $p\nreturn $p {s} $n and $n {s} $q",
            ),
            (
                f"how many integers lie between @p and @q, {ends}, whichever of the two is larger",
                "int",
                "p:near q:near",
                "return max(0, abs($p - $q) - 1)" if strict else "return abs($p - $q) + 1",
                f"low, high = sorted(($p, $q))\nreturn len(range({low}, {high}))",
            ),
            (
                f"the sum of all integers between @p and @q, {ends}, whichever of the two is larger",
                "int",
                "p:near q:near",
                f"low, high = min($p, $q), max($p, $q)\nreturn sum(range({low}, {high}))",
                f"if $p > $q:\n    $p, $q = $q, $p\ntotal, i = 0, $p{' + 1' if strict else ''}\nwhile i {s} $q:\n    total += i\n    i += 1\nreturn total",
            ),
            (
                f"a list of the integers from @p to @q in steps of {k}, counting down if @q is smaller; @q itself is included if it is reached",
                "list[int]",
                "p:tiny q:tiny",
                f"if $p <= $q:\n    return list(range($p, $q + 1, {k}))\nreturn list(range($p, $q - 1, -{k}))",
                f"result, i = [], $p\nwhile i <= $q if $p <= $q else i >= $q:\n    result.append(i)\n    i += {k} if $p <= $q else -{k}\nreturn result",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[between|lies_between|interval|in_the_middle]",
        sig,
        kind,
        what,
        one,
        two,
        tellings=(
            f"The ends of an interval are given as @p and @q, and the first one may be the larger one. [Return|Your task is to return] {what}.",
            f"@p and @q are two integers in any order. [Find and return|Return] {what}.",
        ),
    )


@lesson
def interval_overlap(g: Random) -> Draft:
    what, kind, one, two = g.choice(
        [
            (
                "how many integers belong to both of the ranges from @a1 to @a2 and from @b1 to @b2 (ends included)",
                "int",
                "return max(0, min($a2, $b2) - max($a1, $b1) + 1)",
                "return sum(1 for i in range($a1, $a2 + 1) if $b1 <= i <= $b2)",
            ),
            (
                "the gap between the ranges from @a1 to @a2 and from @b1 to @b2, that is, the distance from the end of one to the start of the other, or 0 if they touch or overlap",
                "int",
                "return max(0, $b1 - $a2, $a1 - $b2)",
                "if $b1 > $a2:\n    return $b1 - $a2\nif $a1 > $b2:\n    return $a1 - $b2\nreturn 0",
            ),
            (
                "True if one of the ranges from @a1 to @a2 and from @b1 to @b2 lies completely within the other (equal ends are allowed)",
                "bool",
                "return $a1 <= $b1 and $b2 <= $a2 or $b1 <= $a1 and $a2 <= $b2",
                "low, high = min($a1, $b1), max($a2, $b2)\nreturn (low, high) in (($a1, $a2), ($b1, $b2))",
            ),
            (
                "how many integers belong to at least one of the ranges from @a1 to @a2 and from @b1 to @b2 (ends included)",
                "int",
                "return len(set(range($a1, $a2 + 1)) | set(range($b1, $b2 + 1)))",
                "both = max(0, min($a2, $b2) - max($a1, $b1) + 1)\nreturn max(0, $a2 - $a1 + 1) + max(0, $b2 - $b1 + 1) - both",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[two_ranges|range_overlap|compare_ranges|intervals]",
        "a1:start a2:end b1:start b2:end",
        kind,
        what,
        one,
        two,
        tellings=(
            f"Two shifts are given by their first and last day: one goes from day @a1 to day @a2, the other one from day @b1 to day @b2. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Two shifts are given by their first and last day: one goes from day @a1 to day @a2, the other one from day @b1 to day @b2.",
        ),
        notes=(
            "[You may assume @a1 <= @a2 and @b1 <= @b2.|The first number of a range is never larger than the second.]",
        ),
    )


@lesson
def coins_greedy(g: Random) -> Draft:
    coins = [*sorted(g.sample([2, 3, 5, 10, 20, 25, 50], g.randint(2, 3)), reverse=True), 1]
    named = ", ".join(map(str, coins[:-1])) + " and 1"
    text = "(" + ", ".join(map(str, coins)) + ")"
    what, kind, one, two = g.choice(
        [
            (
                "the number of coins used",
                "int",
                f"total = 0\nfor coin in {text}:\n    total += $amount // coin\n    $amount %= coin\nreturn total",
                f"total = 0\nfor coin in {text}:\n    while $amount >= coin:\n        $amount -= coin\n        total += 1\nreturn total",
            ),
            (
                "a list of the coins used, largest first",
                "list[int]",
                f"result = []\nfor coin in {text}:\n    result += [coin] * ($amount // coin)\n    $amount %= coin\nreturn result",
                f"result = []\nfor coin in {text}:\n    while $amount >= coin:\n        result.append(coin)\n        $amount -= coin\nreturn result",
            ),
            (
                "a dictionary that maps each coin that is used to how often it is used",
                "dict[int, int]",
                f"result = {{}}\nfor coin in {text}:\n    if $amount >= coin:\n        result[coin], $amount = divmod($amount, coin)\nreturn result",
                f"used = {{}}\nfor coin in {text}:\n    while $amount >= coin:\n        used[coin] = used.get(coin, 0) + 1\n        $amount -= coin\nreturn used",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[pay|change_coins|coins_for|greedy_change]",
        "amount:pos",
        kind,
        f"{what}, when @amount is paid with coins of {named} and the largest coin that still fits is always taken next",
        one,
        two,
        tellings=(
            f"A machine pays out @amount with coins of {named}. It always hands out the largest coin that is not more than what is still to be paid. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. A machine pays out @amount with coins of {named}. It always hands out the largest coin that is not more than what is still to be paid.",
        ),
    )


@lesson
def check_digit(g: Random) -> Draft:
    m = g.choice([7, 9, 10, 11])
    w1, w2 = g.choice([(3, 1), (1, 3), (2, 1), (1, 2), (7, 3)])
    finish = g.choice(
        [
            ("the remainder when it is divided by", f"total % {m}"),
            ("what must be added to it to reach a multiple of", f"-total % {m}"),
        ]
    )
    return lesson.draft(
        g,
        "[check_digit|checksum|control_number|check_value]",
        "n:long",
        "int",
        f"a check number for @n: take the sum of its digits from right to left, multiplied in turn by {w1} and {w2}, and return {finish[0]} {m}",
        f"total = 0\nfor i, d in enumerate(reversed(str($n))):\n    total += int(d) * ({w1} if i % 2 == 0 else {w2})\nreturn {finish[1]}",
        f"digits = [int(d) for d in str($n)][::-1]\ntotal = {w1} * sum(digits[::2]) + {w2} * sum(digits[1::2])\nreturn {finish[1]}",
        tellings=(
            f"Compute a checksum of the positive integer @n. Starting at its last digit and moving left, weights {w1} and {w2} alternate. The checksum is {finish[0]} {m}, applied to the weighted sum of the digits.",
            f"Article numbers carry a check number. It is worked out as follows. Go through the digits of @n from the last to the first. Multiply the first digit you meet by {w1}, the next by {w2}, the next by {w1} again and so on. Add these products up. The check number is {finish[0]} {m}. Return it.",
        ),
        plan="I add up the weighted digits from the right and reduce the total.",
    )


@lesson
def digit_neighbours(g: Random) -> Draft:
    k = g.randint(1, 5)
    what, test = g.choice(
        [
            (f"differ by at most {k}", f"abs(int(a) - int(b)) <= {k}"),
            (f"differ by more than {k}", f"abs(int(a) - int(b)) > {k}"),
            ("are equal", "a == b"),
            (f"add up to at least {k + 6}", f"int(a) + int(b) >= {k + 6}"),
            ("are one even and one odd digit", "(int(a) + int(b)) % 2 == 1"),
            ("go up (the right one is larger)", "a < b"),
        ]
    )
    count = g.random() < 0.6
    if count:
        said, kind = f"the number of pairs of neighbouring digits of @n that {what}", "int"
        one, two = (
            f"s = str($n)\nreturn sum(1 for a, b in zip(s, s[1:]) if {test})",
            f"s = str($n)\ntotal = 0\nfor i in range(1, len(s)):\n    a, b = s[i - 1], s[i]\n    if {test}:\n        total += 1\nreturn total",
        )
    else:
        said, kind = f"True if @n has two neighbouring digits that {what}", "bool"
        one, two = (
            f"s = str($n)\nreturn any({test} for a, b in zip(s, s[1:]))",
            f"s = str($n)\nfor i in range(1, len(s)):\n    a, b = s[i - 1], s[i]\n    if {test}:\n        return True\nreturn False",
        )
    return lesson.draft(
        g,
        "[neighbour_digits|digit_pairs|adjacent_digits]",
        "n:zeros",
        kind,
        said,
        one,
        two,
        tellings=(
            f"Compare every digit of the non-negative integer @n with the digit to its right. {'Return how many of these pairs' if count else 'Return True if there is at least one pair whose digits'} {what}{'' if count else ', and False otherwise'}. A number with one digit has no pairs.",
        ),
    )


@lesson
def two_digit_windows(g: Random) -> Draft:
    k = g.choice([3, 4, 7, 11, 13])
    what, kind, one, two = g.choice(
        [
            (
                f"how many of the two-digit windows of @n are divisible by {k}",
                "int",
                f"s = str($n)\nreturn sum(int(s[i:i + 2]) % {k} == 0 for i in range(len(s) - 1))",
                f"count = 0\nwhile $n >= 10:\n    if $n % 100 % {k} == 0:\n        count += 1\n    $n //= 10\nreturn count",
            ),
            (
                "the largest of the two-digit windows of @n, or -1 if it has only one digit",
                "int",
                "s = str($n)\nreturn max((int(s[i:i + 2]) for i in range(len(s) - 1)), default=-1)",
                "best = -1\nwhile $n >= 10:\n    best = max(best, $n % 100)\n    $n //= 10\nreturn best",
            ),
            (
                "the sum of the two-digit windows of @n",
                "int",
                "s = str($n)\nreturn sum(int(s[i:i + 2]) for i in range(len(s) - 1))",
                "total = 0\nwhile $n >= 10:\n    total += $n % 100\n    $n //= 10\nreturn total",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[digit_windows|windows_of_two|two_digit_pieces]",
        "n:long",
        kind,
        what + " (each pair of neighbouring digits, read as a number, is a window)",
        one,
        two,
        tellings=(
            f"Slide a window that shows two digits over the positive integer @n from left to right; 5072 gives 50, 07 (that is 7) and 72. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Slide a window that shows two digits over the positive integer @n from left to right; 5072 gives 50, 07 (that is 7) and 72.",
        ),
    )


@lesson
def glue_numbers(g: Random) -> Draft:
    what, one, two = g.choice(
        [
            (
                "the integer that you get by writing the digits of @q directly after those of @p",
                "return int(str($p) + str($q))",
                "size = len(str($q))\nreturn $p * 10 ** size + $q",
            ),
            (
                "the larger one of the two integers that you get by writing @p and @q one after the other, in either order",
                "return max(int(f'{$p}{$q}'), int(f'{$q}{$p}'))",
                "pq = int(str($p) + str($q))\nqp = int(str($q) + str($p))\nreturn pq if pq > qp else qp",
            ),
            (
                "the difference (never negative) between the numbers written as @p followed by @q and as @q followed by @p",
                "return abs(int(f'{$p}{$q}') - int(f'{$q}{$p}'))",
                "pq = int(str($p) + str($q))\nqp = int(str($q) + str($p))\nreturn max(pq, qp) - min(pq, qp)",
            ),
            (
                "the integer that you get by writing @p, @q and @p again without gaps",
                "return int(f'{$p}{$q}{$p}')",
                "text = str($p)\nreturn int(text + str($q) + text)",
            ),
            (
                "the integer whose digits are taken in turn from @p and @q, beginning with @p; when one has run out, the rest of the other one follows",
                "return int(''.join(a + b for a, b in itertools.zip_longest(str($p), str($q), fillvalue='')))",
                "s, t = str($p), str($q)\nresult = ''\nfor i in range(max(len(s), len(t))):\n    result += s[i:i + 1] + t[i:i + 1]\nreturn int(result)",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[glue|join_numbers|side_by_side|concatenate_numbers]",
        "p:pos q:big",
        "int",
        what,
        one,
        two,
        imports=("import itertools",),
        tellings=(
            f"Two positive integers @p and @q are printed on paper strips that can be put side by side or cut into digits. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Two positive integers @p and @q are printed on paper strips that can be put side by side or cut into digits.",
        ),
    )


@lesson
def columns_addition(g: Random) -> Draft:
    what, kind, one, two = g.choice(
        [
            (
                "how many carries occur when @p and @q are added digit by digit in base 10",
                "int",
                "carry = total = 0\nwhile $p > 0 or $q > 0:\n    carry = 1 if $p % 10 + $q % 10 + carry >= 10 else 0\n    total += carry\n    $p //= 10\n    $q //= 10\nreturn total",
                "s, t = str($p)[::-1], str($q)[::-1]\ncarry = total = 0\nfor i in range(max(len(s), len(t))):\n    column = carry + int(s[i:i + 1] or 0) + int(t[i:i + 1] or 0)\n    carry = column // 10\n    total += carry\nreturn total",
            ),
            (
                "the integer obtained by adding @p and @q column by column without carrying (in each column, only the last digit of the sum is kept)",
                "int",
                "result, place = 0, 1\nwhile $p > 0 or $q > 0:\n    result += ($p + $q) % 10 * place\n    $p //= 10\n    $q //= 10\n    place *= 10\nreturn result",
                "w = max(len(str($p)), len(str($q)))\npairs = zip(str($p).zfill(w), str($q).zfill(w))\nreturn int(''.join(str((int(a) + int(b)) % 10) for a, b in pairs))",
            ),
            (
                "the integer whose digits are the larger digits of @p and @q in each column, when both are written with the units below each other",
                "int",
                "w = max(len(str($p)), len(str($q)))\nreturn int(''.join(map(max, str($p).zfill(w), str($q).zfill(w))))",
                "result, place = 0, 1\nwhile $p > 0 or $q > 0:\n    result += max($p % 10, $q % 10) * place\n    $p //= 10\n    $q //= 10\n    place *= 10\nreturn result",
            ),
            (
                "in how many columns @p and @q have the same digit, when both are written with the units below each other (missing digits match nothing)",
                "int",
                "return sum(a == b for a, b in zip(str($p)[::-1], str($q)[::-1]))",
                "same = 0\nwhile $p > 0 and $q > 0:\n    if $p % 10 == $q % 10:\n        same += 1\n    $p //= 10\n    $q //= 10\nreturn same",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[column_work|by_columns|column_addition|digitwise]",
        "p:long q:long",
        kind,
        what,
        one,
        two,
        tellings=(
            f"Write the positive integers @p and @q below each other as for adding on paper: units under units, tens under tens. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Write the positive integers @p and @q below each other as for adding on paper: units under units, tens under tens.",
        ),
    )


@lesson
def middle_digit(g: Random) -> Draft:
    none = g.choice(["None", "-1"])
    two_mid = g.random() < 0.5
    if two_mid:
        said, kind = (
            "the middle digit of @n if its number of digits is odd, and otherwise the sum of its two middle digits",
            "int",
        )
        one = "s = str($n)\nmid = len(s) // 2\nif len(s) % 2 == 1:\n    return int(s[mid])\nreturn int(s[mid - 1]) + int(s[mid])"
        two = "s = str($n)\nwhile len(s) > 2:\n    s = s[1:-1]\nreturn sum(int(c) for c in s)"
    else:
        said, kind = (
            f"the middle digit of @n, or {none} if it has an even number of digits",
            "int | None" if none == "None" else "int",
        )
        one = f"s = str($n)\nif len(s) % 2 == 0:\n    return {none}\nreturn int(s[len(s) // 2])"
        two = f"s = str($n)\nwhile len(s) > 2:\n    s = s[1:-1]\nreturn int(s) if len(s) == 1 else {none}"
    return lesson.draft(
        g,
        "[middle_digit|centre_digit|in_the_centre]",
        "n:long",
        kind,
        said,
        one,
        two,
        tellings=(
            f"[For a positive integer @n, return|Return] {said}.",
            f"Take away the first and the last digit of @n at the same time, again and again, while more than two digits are left. {'Return the sum of the one or two digits that remain.' if two_mid else f'If one digit remains, return it; if two remain, return {none}.'}",
        ),
    )


@lesson
def digit_at_place(g: Random) -> Draft:
    right = g.random() < 0.6
    first = g.choice([0, 1])
    miss = g.choice(["0", "-1", "None"])
    side = "right" if right else "left"
    i = f"$pos - {first}" if first else "$pos"
    seq = "str($n)[::-1]" if right else "str($n)"
    return lesson.draft(
        g,
        "[digit_at|nth_digit|pick_digit|digit_from_side]",
        "n:long pos:small" if first else "n:long pos:idx",
        "int | None" if miss == "None" else "int",
        f"the digit of @n at place @pos, counting from the {side} and starting with {first}, or {miss} if @n has no such digit",
        f"digits = {seq}\nif {i} >= len(digits):\n    return {miss}\nreturn int(digits[{i}])",
        (
            f"if 10 ** ({i}) > $n:\n    return {miss}\nreturn $n // 10 ** ({i}) % 10"
            if right
            else f"for i, d in enumerate(str($n), {first}):\n    if i == $pos:\n        return int(d)\nreturn {miss}"
        ),
        tellings=(
            f"Get one digit out of a positive integer @n. Its place is given as @pos: {first} means the {'last' if right else 'first'} digit, {first + 1} the one next to it, and so on. A place outside of the number gives {miss}.",
            f"The digits of @n are numbered from {side} to {'left' if right else 'right'}: the {'last' if right else 'first'} digit is number {first}. Return digit number @pos. If the number is too short for that, return {miss}.",
        ),
    )


@lesson
def parity_pairs(g: Random) -> Draft:
    r1, r2, r3 = g.sample(
        [
            ("their sum", "$p + $q"),
            ("their product", "$p * $q"),
            ("the larger one", "max($p, $q)"),
            ("the smaller one", "min($p, $q)"),
            ("the difference @p - @q", "$p - $q"),
            ("0", "0"),
            ("the distance between them", "abs($p - $q)"),
        ],
        3,
    )
    k = g.choice([2, 2, 2, 3, 5])
    yes = "even" if k == 2 else f"divisible by {k}"
    return lesson.draft(
        g,
        "[by_parity|combine_by_rule|parity_rule|two_number_rule]",
        "p:near q:near",
        "int",
        f"a combination of @p and @q: {r1[0]} if both are {yes}, {r2[0]} if exactly one of them is, and {r3[0]} if none of them is",
        f"p_fits, q_fits = $p % {k} == 0, $q % {k} == 0\nif p_fits and q_fits:\n    return {r1[1]}\nif p_fits or q_fits:\n    return {r2[1]}\nreturn {r3[1]}",
        f"fits = sum(v % {k} == 0 for v in ($p, $q))\nif fits == 2:\n    return {r1[1]}\nif fits == 1:\n    return {r2[1]}\nreturn {r3[1]}",
        tellings=(
            f"Let c be the number of values among @p and @q that are {yes}. For c = 2 the result is {r1[0]}, for c = 1 it is {r2[0]}, for c = 0 it is {r3[0]}. Return the result.",
            f"Look at how many of the two integers @p and @q are {yes}. If two are, return {r1[0]}; if one is, return {r2[0]}; if none is, return {r3[0]}.",
        ),
    )


@lesson
def reflect_point(g: Random) -> Draft:
    k = g.randint(-5, 9)
    what, one, two = g.choice(
        [
            (
                f"the mirror image of @n on the number line when the mirror stands at {k}",
                f"return {2 * k} - $n",
                f"distance = $n - {k}\nreturn {k} - distance",
            ),
            (
                f"@n moved one unit towards {k}, or @n itself if it is equal to {k}",
                f"if $n < {k}:\n    return $n + 1\nif $n > {k}:\n    return $n - 1\nreturn $n",
                f"return $n + ($n < {k}) - ($n > {k})",
            ),
            (
                f"@n moved away from {k} so that its distance from {k} doubles",
                f"return {k} + 2 * ($n - {k})",
                f"return 2 * $n - {k}",
            ),
            (
                f"@n if it is at least {k}, and otherwise its mirror image on the other side of {k}",
                f"return $n if $n >= {k} else {2 * k} - $n",
                f"return {k} + abs($n - {k})",
            ),
        ]
    )
    for old, new in (("- -", "+ "), ("+ -", "- ")):
        one, two = one.replace(old, new), two.replace(old, new)
    return lesson.draft(
        g,
        "[mirrored|move_on_line|reflected|number_line]",
        "n:near",
        "int",
        what,
        one,
        two,
        tellings=(
            f"Imagine the number line with a mark at {k}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Imagine the number line with a mark at {k}.",
        ),
    )


@lesson
def ordered_words(g: Random) -> Draft:
    up, down, same, mixed = g.choice(
        [
            ("rising", "falling", "flat", "mixed"),
            ("up", "down", "level", "other"),
            ("increasing", "decreasing", "constant", "neither"),
        ]
    )
    strict = g.random() < 0.5
    s = "<" if strict else "<="
    t = ">" if strict else ">="
    rule = "each number is larger than the one before" if strict else "no number is smaller than the one before"
    fall = "each number is smaller than the one before" if strict else "no number is larger than the one before"
    return lesson.draft(
        g,
        "[trend|direction|tendency|shape_of_three]",
        "p:tiny q:tiny r:tiny",
        "str",
        f"'{same}' if @p, @q and @r are all equal, otherwise '{up}' if {rule}, '{down}' if {fall}, and '{mixed}' if none of this is true",
        f"if $p == $q == $r:\n    return '{same}'\nif $p {s} $q {s} $r:\n    return '{up}'\nif $p {t} $q {t} $r:\n    return '{down}'\nreturn '{mixed}'",
        f"if len({{$p, $q, $r}}) == 1:\n    return '{same}'\nif $p {s} $q and $q {s} $r:\n    return '{up}'\nreturn '{down}' if $p {t} $q and $q {t} $r else '{mixed}'",
        tellings=(
            f"Three readings @p, @q and @r were taken one after the other. Say how they develop: '{same}' for three equal readings, '{up}' when {rule}, '{down}' when {fall}, '{mixed}' in every other case.",
        ),
    )


@lesson
def grouped_text(g: Random) -> Draft:
    size = g.choice([3, 3, 2, 4])
    sep, name = g.choice(
        [(".", "a full stop"), ("'", "an apostrophe"), (" ", "a space"), ("_", "an underscore"), ("-", "a hyphen")]
    )
    q = '"' if sep == "'" else "'"
    return lesson.draft(
        g,
        "[grouped|with_separators|readable_number|group_digits]",
        "n:long",
        "str",
        f"the digits of @n as a string in groups of {size}, counted from the right and separated by {name}",
        f"s = str($n)\nparts = []\nwhile s:\n    parts.insert(0, s[-{size}:])\n    s = s[:-{size}]\nreturn {q}{sep}{q}.join(parts)",
        f"result = ''\nfor i, d in enumerate(reversed(str($n))):\n    if i > 0 and i % {size} == 0:\n        result = {q}{sep}{q} + result\n    result = d + result\nreturn result",
        *((f"return f'{{$n:,}}'.replace(',', {q}{sep}{q})",) if size == 3 else ()),
        tellings=(
            f"Split the decimal digits of @n into groups of {size}, starting from the right, so that only the leftmost group may be shorter. Join the groups with {name} and return the string.",
            f"Long numbers are hard to read. Turn @n into a string in which {name} stands after every {size} digits, counted from the end of the number. [Nothing is put in front of the first digit.|The first group may be shorter.]",
        ),
    )


@lesson
def ordinal_text(g: Random) -> Draft:
    style = g.choice(["({})", "place {}", "the {} of the list", "no. {}", "{} floor", "{} try"])
    before, after = style.split("{}")
    return lesson.draft(
        g,
        "[ordinal|place_text|ordinal_label|ranked]",
        "n:pos",
        "str",
        f"the string '{style.replace('{}', '...')}' with the ordinal of @n in place of the dots, as in '{style.format('1st')}', '{style.format('22nd')}', '{style.format('3rd')}' and '{style.format('11th')}'",
        f"if 10 <= $n % 100 <= 20:\n    ending = 'th'\nelse:\n    ending = {{1: 'st', 2: 'nd', 3: 'rd'}}.get($n % 10, 'th')\nreturn f'{before}{{$n}}{{ending}}{after}'",
        f"ending = 'th'\nif $n % 100 not in (11, 12, 13):\n    if $n % 10 == 1:\n        ending = 'st'\n    elif $n % 10 == 2:\n        ending = 'nd'\n    elif $n % 10 == 3:\n        ending = 'rd'\nreturn '{before}' + str($n) + ending + '{after}'",
        tellings=(
            f"Return '{before}', then @n, then its ending, then '{after}' as one string. The ending is 'th' if the last two digits are 11, 12 or 13; otherwise it is 'st', 'nd' or 'rd' after the last digits 1, 2 and 3, and 'th' after all others.",
            f"In English, numbers that end in 1, 2 and 3 get the endings 'st', 'nd' and 'rd' when they name a place, all others 'th'; but 11, 12 and 13 (also 111 and so on) get 'th'. Return such a label for @n in the form '{style.format('4th')}'.",
        ),
    )


@lesson
def tally_marks(g: Random) -> Draft:
    k = g.choice([3, 4, 5, 6])
    one, full = g.choice([("|", "X"), ("i", "V"), (".", "#"), ("'", "+"), ("o", "O")])
    gap = g.choice([True, False])
    q = '"' if one == "'" else "'"
    if gap:
        said = f"a tally of @n: '{full}' for every {k} units, then one '{one}' for each remaining unit, all separated by single spaces".replace(
            "'''", '"\'"'
        )
        a, b = (
            f"return ' '.join(['{full}'] * ($n // {k}) + [{q}{one}{q}] * ($n % {k}))",
            f"marks = []\nwhile $n > 0:\n    if $n >= {k}:\n        marks.append('{full}')\n        $n -= {k}\n    else:\n        marks.append({q}{one}{q})\n        $n -= 1\nreturn ' '.join(marks)",
        )
    else:
        said = f"a tally of @n as a string without spaces: '{full}' for every {k} units, then one '{one}' for each remaining unit".replace(
            "'''", '"\'"'
        )
        a, b = (
            f"return '{full}' * ($n // {k}) + {q}{one}{q} * ($n % {k})",
            f"result = ''\nwhile $n >= {k}:\n    result += '{full}'\n    $n -= {k}\nfor _ in range($n):\n    result += {q}{one}{q}\nreturn result",
        )
    return lesson.draft(
        g,
        "[tally|marks|tally_marks|notches]",
        "n:nat",
        "str",
        said,
        a,
        b,
        tellings=(
            f"A shepherd cuts marks into a stick. For {k} sheep he uses one sign '{full}', for each sheep that is left over one sign {q}{one}{q}{', and he leaves a space between any two signs' if gap else ''}. Return the marks for @n sheep as a string. For 0 sheep the string is empty.",
        ),
    )


@lesson
def divisor_balance(g: Random) -> Draft:
    few, exact, many = g.choice([("poor", "exact", "rich"), ("less", "equal", "more"), ("light", "balanced", "heavy")])
    what, expr, spoken = g.choice(
        [
            (
                "the difference between the sum of the positive divisors of @n below @n and @n itself",
                "total - $n",
                "int",
            ),
            (
                f"'{few}' if the positive divisors of @n below @n add up to less than @n, '{exact}' if they add up to @n, and '{many}' if they add up to more",
                f"'{few}' if total < $n else '{exact}' if total == $n else '{many}'",
                "str",
            ),
            (
                "the ratio of the sum of all positive divisors of @n (with @n) to @n, rounded to two decimals",
                "round((total + $n) / $n, 2)",
                "float",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[divisor_balance|divisor_surplus|divisor_ratio|weight_of_divisors]",
        "n:smooth",
        spoken,
        what,
        f"total = sum(i for i in range(1, $n) if $n % i == 0)\nreturn {expr}",
        f"total = 0\nfor i in range(1, $n // 2 + 1):\n    if $n % i == 0:\n        total += i\nreturn {expr}",
        tellings=(
            f"Add up the numbers smaller than @n that divide @n without remainder. From that, [work out|return] {what}.",
        ),
    )


@lesson
def count_multiples_sum(g: Random) -> Draft:
    a, b = g.sample([3, 4, 5, 6, 7, 8, 9], 2)
    rule, test = g.choice(
        [
            (f"divisible by {a} but not by {b}", f"i % {a} == 0 and i % {b} != 0"),
            (f"divisible by neither {a} nor {b}", f"i % {a} != 0 and i % {b} != 0"),
            (f"equal to {b % a} modulo {a}", f"i % {a} == {b % a}"),
            (f"divisible by {a} or containing the digit {a}", f"i % {a} == 0 or '{a}' in str(i)"),
        ]
    )
    what, start, act = g.choice(
        [
            ("the sum", "0", "result += i"),
            ("the number", "0", "result += 1"),
            ("the product, or 1 if there are none,", "1", "result *= i"),
        ]
    )
    fn = {
        "the sum": f"sum(i for i in range(1, $n) if {test})",
        "the number": f"len([i for i in range(1, $n) if {test}])",
    }.get(what, f"math.prod(i for i in range(1, $n) if {test})")
    return lesson.draft(
        g,
        "[below|numbers_below|filtered_numbers|collect_below]",
        "n:nat" if "product" in what else "n:pos",
        "int",
        f"{what} of the positive integers less than @n that are {rule}",
        f"return {fn}",
        f"result = {start}\nfor i in range(1, $n):\n    if {test}:\n        {act}\nreturn result",
        imports=("import math",),
        tellings=(
            f"Consider all integers i with 0 < i < @n. Only those that are {rule} matter. Return {what} of them.",
            f"Children count 1, 2, 3, ... and stop before @n. They clap at every number that is {rule}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what} of the numbers at which they clap.",
        ),
    )


@lesson
def average_rule(g: Random) -> Draft:
    drop, left = g.choice(
        [
            ("without the smallest", "[1:]"),
            ("without the largest", "[:-1]"),
            ("without the smallest and the largest", "[1:-1]"),
        ]
    )
    way = g.choice([("rounded down to an integer", "{} // {}"), ("rounded to one decimal", "round({} / {}, 1)")])
    size = 3 if "and" not in drop else 2
    return lesson.draft(
        g,
        "[fair_average|trimmed_mean|judges_mean|score]",
        "p:tiny q:tiny r:tiny t:tiny",
        "int" if "integer" in way[0] else "float",
        f"the average of the four numbers @p, @q, @r and @t {drop} of them, {way[0]}",
        f"kept = sorted([$p, $q, $r, $t]){left}\nreturn {way[1].format('sum(kept)', 'len(kept)')}",
        f"values = [$p, $q, $r, $t]\ntotal = sum(values){' - min(values)' if 'smallest' in drop else ''}{' - max(values)' if 'largest' in drop else ''}\nreturn {way[1].format('total', size)}",
        tellings=(
            f"Sort the numbers @p, @q, @r and @t in your mind and leave one {'smallest and one largest' if size == 2 else 'smallest' if 'smallest' in drop else 'largest'} of them out. Return the average of the rest, {way[0]}.",
            f"Four judges give the marks @p, @q, @r and @t. The score is the average {drop} mark{'s' if size == 2 else ''}, {way[0]}. [If several marks are equal, only one of them is left out each time.|Only one mark of a kind is left out, even if it occurs more often.] Return the score.",
        ),
    )


@lesson
def strike_rule(g: Random) -> Draft:
    k, add, div = g.choice([(3, 1, 2), (5, 2, 3), (2, 3, 2), (4, 7, 3), (3, 5, 4)])
    goal = g.choice([100, 200, 500])
    return lesson.draft(
        g,
        "[grow_until|machine|reach_goal|number_machine]",
        "n:pos",
        "int",
        f"the first value of at least {goal} that appears when @n is changed again and again by this rule: a number divisible by {div} gets {k * 7} added, every other number is multiplied by {k} and increased by {add}",
        f"while $n < {goal}:\n    if $n % {div} == 0:\n        $n += {k * 7}\n    else:\n        $n = {k} * $n + {add}\nreturn $n",
        f"if $n >= {goal}:\n    return $n\nreturn SELF($n + {k * 7} if $n % {div} == 0 else {k} * $n + {add})",
        tellings=(
            f"A number machine takes a positive integer @n. If it is divisible by {div}, the machine adds {k * 7}; otherwise it multiplies by {k} and adds {add}. The result goes into the machine again until it is {goal} or more. Return the number that comes out at the end.[ A number that is large enough at the start is returned unchanged.|]",
        ),
    )
