"""Sequences and recursion on numbers: recurrences, sums, terms, steps until something happens, growth, counting."""

from __future__ import annotations

from random import Random

from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.lessons import Lessons


def _progression(rng: Random) -> object:
    start, d = rng.randint(-5, 12), rng.choice([1, 2, 3, 4, -2, -3])
    size = rng.randint(3, 6)
    dice = rng.random()
    if dice < 0.45:
        return [start + i * d for i in range(size)]
    if dice < 0.8:
        return [max(1, abs(start)) * max(2, abs(d)) ** i for i in range(size)]
    return [rng.randint(0, 12) for _ in range(size)]


def _quadratic(rng: Random) -> object:
    a, b, c = rng.randint(0, 3), rng.randint(-2, 4), rng.randint(-3, 6)
    return [a * i * i + b * i + c for i in range(rng.randint(3, 6))]


lesson = Lessons(
    "series",
    kinds={
        "idx": ("int", "a non-negative integer", lambda r: r.randint(0, 5)),
        "twenty": ("int", "a positive integer", lambda r: r.choice([r.randint(1, 20), r.randint(1, 200)])),
        "digs": (
            "str",
            "a string of digits",
            lambda r: "".join(r.choice("11122357") * r.randint(1, 3) for _ in range(r.randint(1, 5))),
        ),
        "terms": ("int", "a non-negative integer", lambda r: r.randint(0, 9)),
        "some": ("int", "a positive integer", lambda r: r.randint(1, 9)),
        "start": ("int", "an integer", lambda r: r.randint(-4, 12)),
        "goal": (
            "int",
            "a positive integer",
            lambda r: r.choice([r.randint(1, 30), r.randint(10, 300), r.randint(100, 3000)]),
        ),
        "hundred": ("int", "a positive integer", lambda r: r.randint(1, 200)),
        "prog": ("list[int]", "a list of at least three integers", _progression),
        "quad": ("list[int]", "a list of at least three integers", _quadratic),
        "height": ("float", "a positive number", lambda r: float(r.choice([1, 2, 4, 5, 8, 10, 12, 16, 20, 50]))),
        "money": ("float", "a positive number", lambda r: float(r.randint(1, 40) * 25)),
    },
)


@lesson
def linear_recurrence(g: Random) -> Draft:
    m, c = g.choice([1, 2, 2, 3, -1, -2]), g.randint(-4, 7) or 5
    rule = {
        1: "the previous term",
        2: "twice the previous term",
        3: "three times the previous term",
        -1: "the negative of the previous term",
        -2: "minus two times the previous term",
    }[m]
    rule += f" plus {c}" if c > 0 else f" minus {-c}"
    step = ("term" if m == 1 else "-term" if m == -1 else f"{m} * term") + (f" + {c}" if c > 0 else f" - {-c}")
    what, kind, one, two = g.choice(
        [
            (
                "the term with index @n",
                "int",
                f"term = $start\nfor _ in range($n):\n    term = {step}\nreturn term",
                f"if $n == 0:\n    return $start\nterm = SELF($start, $n - 1)\nreturn {step}",
            ),
            (
                "a list of the first @n terms",
                "list[int]",
                f"terms = []\nterm = $start\nfor _ in range($n):\n    terms.append(term)\n    term = {step}\nreturn terms",
                f"terms = [$start][:$n]\nwhile len(terms) < $n:\n    term = terms[-1]\n    terms.append({step})\nreturn terms",
            ),
            (
                "the sum of the first @n terms",
                "int",
                f"total, term = 0, $start\nfor _ in range($n):\n    total += term\n    term = {step}\nreturn total",
                f"term, terms = $start, []\nfor _ in range($n):\n    terms.append(term)\n    term = {step}\nreturn sum(terms)",
            ),
            (
                "how many of the first @n terms are even",
                "int",
                f"evens, term = 0, $start\nfor _ in range($n):\n    if term % 2 == 0:\n        evens += 1\n    term = {step}\nreturn evens",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[sequence_task|terms_from|run_sequence|recurrence_from]",
        "start:start n:terms",
        kind,
        f"{what} of the sequence that begins with @start (index 0) and in which every further term is {rule}",
        *(b for b in (one, two) if b),
        tellings=(
            f"A sequence begins with the number @start, which has index 0. [From then on|After that], each term is {rule}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"Start with @start. The next number is always {rule}{'' if 'index' in what else ', and @start itself is the first term'}. [Calculate|Work out] and return {what}{', counting from 0' if 'index' in what else ''}.",
        ),
    )


@lesson
def two_term_recurrence(g: Random) -> Draft:
    p, q = g.choice([(1, 2), (2, 1), (2, -1), (1, -1), (3, -2), (1, 3), (-1, 1), (0, 2), (2, 3)])
    c = g.choice([0, 0, 1, -1, 3])

    def part(f: int, t: str) -> str:
        return t if f == 1 else f"-{t}" if f == -1 else f"{f} * {t}"

    formula = " + ".join(
        x for x in (part(p, "a(i - 1)") if p else "", part(q, "a(i - 2)"), str(c) if c else "") if x
    ).replace("+ -", "- ")
    step = " + ".join(x for x in (part(p, "b") if p else "", part(q, "a"), str(c) if c else "") if x).replace(
        "+ -", "- "
    )
    listed = step.replace("a", "terms[-2]").replace("b", "terms[-1]") if "b" in step else step.replace("a", "terms[-2]")
    what, kind, one, two = g.choice(
        [
            (
                "the term a(@n)",
                "int",
                f"a, b = $s0, $s1\nfor _ in range($n):\n    a, b = b, {step}\nreturn a",
                f"terms = [$s0, $s1]\nwhile len(terms) <= $n:\n    terms.append({listed})\nreturn terms[$n]",
            ),
            (
                "a list of the terms a(0) to a(@n)",
                "list[int]",
                f"terms = [$s0, $s1]\nwhile len(terms) <= $n:\n    terms.append({listed})\nreturn terms[:$n + 1]",
                f"result = []\na, b = $s0, $s1\nfor _ in range($n + 1):\n    result.append(a)\n    a, b = b, {step}\nreturn result",
            ),
            (
                "the largest of the terms a(0) to a(@n)",
                "int",
                f"a, b = $s0, $s1\nbest = a\nfor _ in range($n):\n    a, b = b, {step}\n    best = max(best, a)\nreturn best",
                f"terms = [$s0, $s1]\nwhile len(terms) <= $n:\n    terms.append({listed})\nreturn max(terms[:$n + 1])",
            ),
            (
                "the number of negative terms among a(0) to a(@n)",
                "int",
                f"terms = [$s0, $s1]\nwhile len(terms) <= $n:\n    terms.append({listed})\nreturn sum(t < 0 for t in terms[:$n + 1])",
                f"negatives = 0\na, b = $s0, $s1\nfor _ in range($n + 1):\n    if a < 0:\n        negatives += 1\n    a, b = b, {step}\nreturn negatives",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[two_starts|second_order|recurrence_with_starts|sequence_of_two]",
        "s0:start s1:start n:terms",
        kind,
        f"{what} of the sequence with a(0) = @s0, a(1) = @s1 and a(i) = {formula} for i >= 2",
        one,
        two,
        tellings=(
            f"The first two terms of a sequence are a(0) = @s0 and a(1) = @s1. All others follow from the two terms before them: a(i) = {formula}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"You are given two starting values @s0 and @s1 and a non-negative integer @n. With a(0) = @s0, a(1) = @s1 and the rule a(i) = {formula}, [return|compute] {what}.",
        ),
        plan="I keep the last two terms and apply the rule @n times.",
    )


@lesson
def alternating_steps(g: Random) -> Draft:
    c, d = g.randint(2, 9), g.choice([2, 3])
    odd, even = g.choice(
        [
            ((f"add {c}", f"term + {c}"), (f"multiply by {d}", f"term * {d}")),
            ((f"multiply by {d}", f"term * {d}"), (f"subtract {c}", f"term - {c}")),
            ((f"add {c}", f"term + {c}"), (f"subtract {c + d}", f"term - {c + d}")),
            (("change the sign", "-term"), (f"add {c}", f"term + {c}")),
        ]
    )
    lst = g.random() < 0.4
    what = (
        "a list with @start and all numbers reached in @n steps, in order"
        if lst
        else "the number reached after @n steps"
    )
    return lesson.draft(
        g,
        "[alternating_steps|in_turn|two_rules|take_turns]",
        "start:start n:terms",
        "list[int]" if lst else "int",
        f"{what}, when one begins at @start and alternates between two rules: first {odd[0]}, then {even[0]}, then {odd[0]} again and so on",
        (
            f"term = $start\nresult = [term]\nfor i in range($n):\n    term = {odd[1]} if i % 2 == 0 else {even[1]}\n    result.append(term)\nreturn result"
            if lst
            else f"term = $start\nfor i in range($n):\n    if i % 2 == 0:\n        term = {odd[1]}\n    else:\n        term = {even[1]}\nreturn term"
        ),
        (
            f"result = [$start]\nwhile len(result) <= $n:\n    term = result[-1]\n    if len(result) % 2 == 1:\n        result.append({odd[1]})\n    else:\n        result.append({even[1]})\nreturn result"
            if lst
            else f"term = $start\nfirst_rule = True\nfor _ in range($n):\n    term = {odd[1]} if first_rule else {even[1]}\n    first_rule = not first_rule\nreturn term"
        ),
        tellings=(
            f"Two rules are used in turn: {odd[0]}, and {even[0]}. Begin with the number @start and the first rule, and make @n steps in all. Return {'the list of all numbers you have seen, @start first' if lst else 'the last number'}.",
            f"Take the number @start. In steps 1, 3, 5, ... {odd[0]}; in steps 2, 4, 6, ... {even[0]}. Return {'all numbers that appear, @start included, as a list of length @n + 1' if lst else 'the number you have after @n steps'}.",
        ),
    )


@lesson
def index_recurrence(g: Random) -> Draft:
    start = g.randint(0, 6)
    said, step = g.choice(
        [
            ("a(i - 1) + i * i", "term + i * i"),
            ("a(i - 1) + 2 * i", "term + 2 * i"),
            ("2 * a(i - 1) - i", "2 * term - i"),
            ("i * a(i - 1) + 1", "i * term + 1"),
            ("a(i - 1) + i if i is odd, and a(i - 1) - 2 * i if i is even", "term + i if i % 2 else term - 2 * i"),
            ("i - a(i - 1)", "i - term"),
            ("a(i - 1) + the number of digits of i", "term + len(str(i))"),
            ("2 * a(i - 1) if i is divisible by 3, and a(i - 1) + 1 otherwise", "2 * term if i % 3 == 0 else term + 1"),
        ]
    )
    return lesson.draft(
        g,
        "[term_by_index|indexed_sequence|sequence_term|a_of_n]",
        "n:terms",
        "int",
        f"a(@n) for the sequence with a(0) = {start} and, for i >= 1, a(i) = {said}",
        f"term = {start}\nfor i in range(1, $n + 1):\n    term = {step}\nreturn term",
        f"terms = [{start}]\nfor i in range(1, $n + 1):\n    term = terms[i - 1]\n    terms.append({step})\nreturn terms[-1]",
        tellings=(
            f"You are given a non-negative integer @n. A sequence has a(0) = {start} and obeys a(i) = {said}, for all i > 0. [Compute|Return] a(@n).",
            f"Define a(0) = {start}. For every index i from 1 on, let a(i) be {said}. [Write a function that returns|Return] the term with index @n.",
        ),
    )


@lesson
def gap_recurrence(g: Random) -> Draft:
    gap = g.choice([3, 4])
    starts = [g.randint(0, 4) for _ in range(gap)]
    if len(set(starts)) == 1:
        starts[0] += 1
    near = g.choice([1, 2])
    op, rule = g.choice(
        [
            ("+", f"a(i - {near}) + a(i - {gap})"),
            ("-", f"a(i - {near}) - a(i - {gap})"),
            ("max", f"the larger one of a(i - {near}) and a(i - {gap}), plus 1"),
            ("abs", f"the absolute difference of a(i - {near}) and a(i - {gap}), plus 2"),
        ]
    )
    expr = {"+": "{0} + {1}", "-": "{0} - {1}", "max": "max({0}, {1}) + 1", "abs": "abs({0} - {1}) + 2"}[op].format(
        f"terms[-{near}]", f"terms[-{gap}]"
    )
    named = ", ".join(f"a({i}) = {s}" for i, s in enumerate(starts))
    if g.random() < 0.5:
        what, kind, end = "the term a(@n)", "int", "terms[$n]"
    else:
        what, kind, end = "a list of the first @n terms", "list[int]", "terms[:$n]"
    recursive = expr
    for j in {near, gap}:
        recursive = recursive.replace(f"terms[-{j}]", f"SELF($n - {j})")
    return lesson.draft(
        g,
        "[gap_sequence|long_memory|delayed_sequence]",
        "n:nat",
        kind,
        f"{what} of the sequence with {named}, in which every later term a(i) is {rule}",
        f"terms = {starts}\nwhile len(terms) <= $n:\n    terms.append({expr})\nreturn {end}",
        f"if $n < {gap}:\n    return {starts}[$n]\nreturn {recursive}"
        if kind == "int"
        else f"terms = {starts}\nfor _ in range($n):\n    terms.append({expr})\nreturn {end}",
        tellings=(
            f"A sequence has the starting terms {named}. From index {gap} on, a(i) is {rule}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. A sequence has the starting terms {named}. From index {gap} on, a(i) is {rule}.",
        ),
        notes=("[Note that a(0) is the first term.|The index of the first term is 0.]",),
    )


@lesson
def pseudo_random(g: Random) -> Draft:
    a, c, m = g.choice([(5, 3, 16), (7, 1, 10), (13, 4, 30), (3, 7, 20), (11, 5, 32), (6, 1, 25)])
    what, kind, one, two = g.choice(
        [
            (
                "a list of the first @n numbers that a simple generator gives",
                "list[int]",
                f"result = []\nfor _ in range($n):\n    $seed = ({a} * $seed + {c}) % {m}\n    result.append($seed)\nreturn result",
                f"states = [$seed]\nwhile len(states) <= $n:\n    states.append(({a} * states[-1] + {c}) % {m})\nreturn states[1:]",
            ),
            (
                "the @n-th number that a simple generator gives (@n is 0 for the seed itself)",
                "int",
                f"for _ in range($n):\n    $seed = ({a} * $seed + {c}) % {m}\nreturn $seed",
                f"if $n == 0:\n    return $seed\nreturn SELF(({a} * $seed + {c}) % {m}, $n - 1)",
            ),
            (
                f"how many of the first @n numbers that a simple generator gives are less than {m // 2}",
                "int",
                f"low = 0\nfor _ in range($n):\n    $seed = ({a} * $seed + {c}) % {m}\n    if $seed < {m // 2}:\n        low += 1\nreturn low",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[generator|pseudo_random|random_numbers|congruential]",
        "seed:some n:terms",
        kind,
        f"{what}: it starts from @seed and replaces its state by ({a} * state + {c}) % {m} to get each new number",
        *(b for b in (one, two) if b),
        tellings=(
            f"A pseudo-random generator keeps one number, its state, which is @seed at the beginning. To give a number, it replaces the state by ({a} * state + {c}) % {m} and gives the new state. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what.replace('a simple generator', 'it')}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what.replace('a simple generator', 'it')}. A pseudo-random generator keeps one number, its state, which is @seed at the beginning. To give a number, it replaces the state by ({a} * state + {c}) % {m} and gives the new state.",
        ),
    )


@lesson
def collatz_like(g: Random) -> Draft:
    div, mul, add = g.choice([(2, 5, 1), (3, 2, 1), (2, 1, 3), (3, 4, 2), (2, 3, -1), (4, 3, 1), (5, 2, 3)])
    cap = 40
    grow = f"{mul} * $n" if mul > 1 else "$n"
    grow += f" + {add}" if add > 0 else f" - {-add}"
    rule = (
        f"numbers divisible by {div} are divided by {div}, all others are "
        + (f"multiplied by {mul} and then " if mul > 1 else "")
        + (f"increased by {add}" if add > 0 else f"decreased by {-add}")
    )
    move = f"    $n = $n // {div} if $n % {div} == 0 else {grow}\n"
    what, one, two = g.choice(
        [
            (f"the number that @n has become after {g.choice([3, 4, 5, 6])} steps", None, None),
            (
                "how many different numbers appear before the first repetition, @n included (counting stops at 40)",
                f"seen = set()\nwhile $n not in seen and len(seen) < {cap}:\n    seen.add($n)\n{move}return len(seen)",
                f"path = []\nfor _ in range({cap}):\n    if $n in path:\n        break\n    path.append($n)\n{move}return len(path)",
            ),
            (
                "the largest number that appears in the first 10 steps, @n included",
                f"best = $n\nfor _ in range(10):\n{move}    best = max(best, $n)\nreturn best",
                f"path = [$n]\nfor _ in range(10):\n{move}    path.append($n)\nreturn max(path)",
            ),
            (
                "a list of the first 6 numbers, beginning with @n",
                f"result = [$n]\nfor _ in range(5):\n{move}    result.append($n)\nreturn result",
                f"path = []\nwhile len(path) < 6:\n    path.append($n)\n{move}return path",
            ),
            (
                f"how many of the first 8 steps are divisions by {div}",
                f"divisions = 0\nfor _ in range(8):\n    if $n % {div} == 0:\n        divisions += 1\n{move}return divisions",
                None,
            ),
        ]
    )
    if one is None and two is None:
        t = int(what.split()[-2])
        one, two = (
            f"for _ in range({t}):\n{move}return $n",
            f"done = 0\nwhile done < {t}:\n    if $n % {div} == 0:\n        $n //= {div}\n    else:\n        $n = {grow}\n    done += 1\nreturn $n",
        )
    return lesson.draft(
        g,
        "[orbit|number_walk|chain_task|repeated_rule]",
        "n:pos",
        "list[int]" if "list" in what else "int",
        f"{what} when @n is changed step by step by this rule: {rule}",
        *(b for b in (one, two) if b),
        tellings=(
            f"The following rule is applied to @n, then to the result, and so on: {rule}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. The following rule is applied to @n, then to the result, and so on: {rule}.",
        ),
    )


@lesson
def sum_of_formula(g: Random) -> Draft:
    c = g.randint(1, 5)
    said, f = g.choice(
        [
            (f"i * (i + {c})", f"i * (i + {c})"),
            (f"i * i - {c}", f"i * i - {c}"),
            (f"{c + 1} * i + 1", f"{c + 1} * i + 1"),
            (f"(i + {c}) squared", f"(i + {c}) ** 2"),
            (f"the remainder of i divided by {c + 2}", f"i % {c + 2}"),
            (f"i divided by {c + 1}, rounded down,", f"i // {c + 1}"),
            ("2 to the power of i", "2 ** i"),
            ("i times (-1) to the power of i", "i * (-1) ** i"),
            ("the number of ones in the binary form of i", "bin(i).count('1')"),
            ("the number of digits of i", "len(str(i))"),
            ("the number of divisors of i", "sum(i % j == 0 for j in range(1, i + 1))"),
        ]
    )
    start = g.choice([0, 1, 1, 2]) if "divisors" not in said else 1
    gate = g.choice([("", ""), ("", ""), ("odd ", "i % 2 == 1"), ("even ", "i % 2 == 0")])
    cond = f" if {gate[1]}" if gate[1] else ""
    inner = f"    if {gate[1]}:\n        total += {f}\n" if gate[1] else f"    total += {f}\n"
    return lesson.draft(
        g,
        "[series_sum|sum_formula|add_up|sum_over]",
        "n:nat",
        "int",
        f"the sum of {said} over all {gate[0]}integers i from {start} to @n, both included",
        f"return sum({f} for i in range({start}, $n + 1){cond})",
        f"total = 0\nfor i in range({start}, $n + 1):\n{inner}return total",
        f"total, i = 0, {start}\nwhile i <= $n:\n{inner}    i += 1\nreturn total",
        tellings=(
            f"Let i run through all {gate[0]}integers from {start} to @n, the ends included, and add up {said.rstrip(',')} for each of them. Return the total, which is 0 if there is no such integer.",
            f"[Evaluate|Compute] a finite series: its terms are {said.rstrip(',')} for the {gate[0]}integers i = {start}, ..., @n. Return the sum of the terms.",
        ),
    )


@lesson
def fraction_series(g: Random) -> Draft:
    places = g.choice([2, 3, 4])
    c = g.randint(2, 4)
    said, f = g.choice(
        [
            (f"1 / (i * (i + {c}))", f"1 / (i * (i + {c}))"),
            ("1 / (i * i)", "1 / (i * i)"),
            (f"1 / {c}**i", f"1 / {c} ** i"),
            (f"i / {c}**i", f"i / {c} ** i"),
            (f"1 / ({c} * i + 1)", f"1 / ({c} * i + 1)"),
            ("i / (i + 1)", "i / (i + 1)"),
            ("(-1)**i / i", "(-1) ** i / i"),
            ("1 / (2 * i - 1)", "1 / (2 * i - 1)"),
        ]
    )
    return lesson.draft(
        g,
        "[fraction_sum|partial_sum|series_value|sum_of_fractions]",
        "n:nat",
        "float",
        f"the sum of the terms {said} for i from 1 to @n, rounded to {places} decimals",
        f"return round(sum(({f} for i in range(1, $n + 1)), 0.0), {places})",
        f"total = 0.0\nfor i in range(1, $n + 1):\n    total += {f}\nreturn round(total, {places})",
        tellings=(
            f"For i = 1, 2, ..., @n compute {said} and add all of it up. Return the total, rounded to {places} decimals.",
            f"Add the first @n terms of an infinite series. Term number i (i = 1, 2, 3, ...) is {said}. Return the sum rounded to {places} decimals; no terms give 0.0.",
        ),
    )


@lesson
def terms_to_reach(g: Random) -> Draft:
    c = g.randint(2, 4)
    said, f = g.choice(
        [
            ("1, 2, 3, ...", "i"),
            ("the squares 1, 4, 9, ...", "i * i"),
            (f"the multiples {c}, {2 * c}, {3 * c}, ...", f"{c} * i"),
            ("the odd numbers 1, 3, 5, ...", "2 * i - 1"),
            (f"the powers 1, {c}, {c * c}, ...", f"{c} ** (i - 1)"),
            ("the cubes 1, 8, 27, ...", "i ** 3"),
            (f"{c + 3}, {c + 4}, {c + 5}, ...", f"i + {c + 2}"),
        ]
    )
    what, one, two = g.choice(
        [
            (
                "the smallest number of terms whose sum is at least @goal",
                f"total = i = 0\nwhile total < $goal:\n    i += 1\n    total += {f}\nreturn i",
                f"return next(k for k in itertools.count() if sum({f} for i in range(1, k + 1)) >= $goal)",
            ),
            (
                "the largest number of terms whose sum does not exceed @goal",
                f"total, i = 0, 1\nwhile total + {f} <= $goal:\n    total += {f}\n    i += 1\nreturn i - 1",
                f"used, i, left = 0, 1, $goal\nwhile left >= {f}:\n    left -= {f}\n    used += 1\n    i += 1\nreturn used",
            ),
            (
                "what is left of @goal when as many terms as possible have been subtracted from it without getting below 0",
                f"i = 1\nwhile $goal >= {f}:\n    $goal -= {f}\n    i += 1\nreturn $goal",
                f"total, i = 0, 1\nwhile total + {f} <= $goal:\n    total += {f}\n    i += 1\nreturn $goal - total",
            ),
            (
                "the first partial sum that is greater than @goal",
                f"total = i = 0\nwhile total <= $goal:\n    i += 1\n    total += {f}\nreturn total",
                f"for total in itertools.accumulate({f} for i in itertools.count(1)):\n    if total > $goal:\n        return total",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[terms_needed|until_sum|partial_sums|fill_with_terms]",
        "goal:goal",
        "int",
        f"{what}, where the terms are {said}, taken in this order",
        one,
        two,
        imports=("import itertools",),
        tellings=(
            f"Somebody {g.choice(['stacks stones', 'saves coins', 'packs balls', 'lays tiles'])} day by day; the numbers per day are {said}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what} (a term is the number of one day).",
        ),
    )


@lesson
def growth_until(g: Random) -> Draft:
    pct = g.choice([5, 10, 20, 25, 50])
    extra = g.choice([0, 0, 10, 50])
    unit, thing = g.choice(
        [
            ("years", "a town with @start inhabitants"),
            ("days", "a pond with @start water lilies"),
            ("weeks", "a club with @start members"),
            ("hours", "a culture of @start cells"),
        ]
    )
    tail = f" and then by another {extra}" if extra else ""
    grow = f"$start - -$start * {pct} // 100" + (f" + {extra}" if extra else "")
    return lesson.draft(
        g,
        f"[{unit}_until|{unit}_to_reach|time_to_grow|growth_{unit}]",
        "start:twenty goal:goal",
        "int",
        f"the number of {unit} until {thing} has reached at least @goal, if it grows by {pct} percent (rounded up) per {unit[:-1]}{tail}",
        f"{unit} = 0\nwhile $start < $goal:\n    $start = {grow}\n    {unit} += 1\nreturn {unit}",
        f"if $start >= $goal:\n    return 0\nreturn 1 + SELF({grow}, $goal)",
        tellings=(
            f"Given @start and @goal, simulate growth: while the size, at first @start, is below @goal, add {pct} percent of the size (rounded up){' and another ' + str(extra) if extra else ''}. Return how many times this is done.",
            f"There is {thing}. Each {unit[:-1]} it grows by {pct} percent of its size, rounded up to a whole number,{' and ' + str(extra) + ' more are added from outside,' if extra else ''} and you want to know how long it takes. Return the number of whole {unit} after which the size is @goal or more (0 if it is so at the start).",
        ),
    )


@lesson
def decay_until(g: Random) -> Draft:
    k = g.choice([2, 3, 4])
    keep, lose = g.choice(
        [
            (f"is divided by {k}, rounding down", f"$n //= {k}"),
            ("loses a quarter of its size, rounded up", "$n -= -(-$n // 4)"),
            (f"loses {k + 1}, and then half of the rest, rounded down, remains", f"$n = ($n - {k + 1}) // 2"),
            ("loses its digit sum", "$n -= sum(int(d) for d in str($n))"),
            ("loses its last digit and 1 more", "$n = $n // 10 - 1"),
            ("is lowered by its number of digits", "$n -= len(str($n))"),
        ]
    )
    low = g.choice([10, 20, 15])
    lst = g.random() < 0.4
    if lst:
        what, kind = f"a list of all numbers from @n down that appear before one falls below {low}", "list[int]"
        bodies: tuple[str, ...] = (
            f"result = []\nwhile $n >= {low}:\n    result.append($n)\n    {lose}\nreturn result",
        )
    else:
        what, kind = f"the number of steps until @n falls below {low}", "int"
        bodies = (
            f"steps = 0\nwhile $n >= {low}:\n    {lose}\n    steps += 1\nreturn steps",
            f"steps = 0\nwhile True:\n    if $n < {low}:\n        return steps\n    {lose}\n    steps += 1",
        )
    return lesson.draft(
        g,
        "[decay|shrink_until|countdown|go_down]",
        "n:hundred",
        kind,
        f"{what}, if in each step the number {keep}",
        *bodies,
        tellings=(
            f"[Simulate|Run] this loop: while the number (first @n) is {low} or more, do one step. In a step the number {keep}. Return {'the list of the numbers at the beginning of each step' if lst else 'the number of steps'}.",
            f"In every step the current number, at first @n, {keep}. The process stops as soon as the number is less than {low}. Return {'all numbers that are at least ' + str(low) + ', in the order in which they appear' if lst else 'how many steps were made'}.",
        ),
    )


@lesson
def progression_member(g: Random) -> Draft:
    a, d = g.randint(-4, 9), g.randint(3, 9)
    named = f"{a}, {a + d}, {a + 2 * d}, {a + 3 * d}, ..."
    minus = f"$n - {a}" if a > 0 else f"$n + {-a}" if a else "$n"
    what, kind, one, two = g.choice(
        [
            (
                "the position of @n in the sequence, counted from 1, or -1 if it does not occur",
                "int",
                f"if $n < {a} or ({minus}) % {d} != 0:\n    return -1\nreturn ({minus}) // {d} + 1",
                f"term, i = {a}, 1\nwhile term < $n:\n    term += {d}\n    i += 1\nreturn i if term == $n else -1",
            ),
            (
                "the term of the sequence nearest to @n, or the smaller one if two are equally near",
                "int",
                f"term = {a}\nwhile abs(term + {d} - $n) < abs(term - $n):\n    term += {d}\nreturn term",
                f"terms = [{a} + {d} * i for i in range(abs($n) + 2)]\nreturn min(terms, key=lambda t: abs(t - $n))",
            ),
            (
                "the largest term of the sequence that is less than @n, or None if there is none",
                "int | None",
                f"if $n <= {a}:\n    return None\nterm = {a}\nwhile term + {d} < $n:\n    term += {d}\nreturn term",
                f"below = list(range({a}, $n, {d}))\nreturn below[-1] if below else None",
            ),
            (
                "how many terms of the sequence are at most @n",
                "int",
                f"if $n < {a}:\n    return 0\nreturn ({minus}) // {d} + 1",
                f"return len(range({a}, $n + 1, {d}))",
            ),
            (
                "the sum of all terms of the sequence that are less than @n",
                "int",
                f"return sum(range({a}, $n, {d}))",
                f"total, term = 0, {a}\nwhile term < $n:\n    total += term\n    term += {d}\nreturn total",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[in_progression|arithmetic_terms|progression_task|ladder]",
        "n:int",
        kind,
        f"{what}, for the sequence {named} with the constant difference {d}",
        one,
        two,
        tellings=(
            f"The numbers {named} form an arithmetic sequence: it begins with {a}, and each term is {d} more than the one before. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what.replace(' of the sequence', '').replace(' in the sequence', ' in it')}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what.replace(' of the sequence', '').replace(' in the sequence', ' in it')}. The numbers {named} form an arithmetic sequence: it begins with {a}, and each term is {d} more than the one before.",
        ),
    )


@lesson
def geometric_task(g: Random) -> Draft:
    a, q = g.randint(1, 6), g.choice([2, 3, 4, 5])
    named = f"{a}, {a * q}, {a * q * q}, ..."
    what, kind, one, two = g.choice(
        [
            (
                "the largest term that is not greater than @n, or 0 if there is none",
                "int",
                f"term, best = {a}, 0\nwhile term <= $n:\n    best = term\n    term *= {q}\nreturn best",
                f"if $n < {a}:\n    return 0\nterm = {a}\nwhile term * {q} <= $n:\n    term *= {q}\nreturn term",
            ),
            (
                "a list of all terms that are less than @n",
                "list[int]",
                f"terms = []\nterm = {a}\nwhile term < $n:\n    terms.append(term)\n    term *= {q}\nreturn terms",
                f"return list(itertools.takewhile(lambda t: t < $n, ({a} * {q} ** i for i in itertools.count())))",
            ),
            (
                "the number of terms that have fewer digits than @n",
                "int",
                f"term, total = {a}, 0\nwhile len(str(term)) < len(str($n)):\n    term *= {q}\n    total += 1\nreturn total",
                None,
            ),
            (
                "the term closest to @n, or the smaller one if two are equally close",
                "int",
                f"term = {a}\nwhile abs(term * {q} - $n) < abs(term - $n):\n    term *= {q}\nreturn term",
                f"return min(({a} * {q} ** i for i in range(12)), key=lambda t: abs(t - $n))",
            ),
            (
                "the sum of all terms up to and including @n",
                "int",
                f"total, term = 0, {a}\nwhile term <= $n:\n    total += term\n    term *= {q}\nreturn total",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[geometric|geometric_terms|power_ladder|doubling_terms]",
        "n:goal",
        kind,
        f"{what}, for the geometric sequence {named}",
        *(b for b in (one, two) if b),
        imports=("import itertools",),
        tellings=(
            f"The sequence {named} starts with {a}, and every term is {q} times the one before it. For the positive integer @n, return {what}.",
        ),
    )


@lesson
def triangle_counts(g: Random) -> Draft:
    shape, layer, said = g.choice(
        [
            ("triangle", "i", "the first row has 1, the second row 2, the third row 3 and so on"),
            ("stairs", "2 * i - 1", "the first row has 1, the second row 3, the third row 5 and so on"),
            ("pyramid", "i * i", "the top layer has 1, the next one 4, the next one 9 and so on"),
            ("wall", "i + 2", "the first row has 3, the second row 4, the third row 5 and so on"),
        ]
    )
    part = "layer" if shape == "pyramid" else "row"
    thing = g.choice(["cans", "balls", "bricks", "coins"])
    what, kind, one, two = g.choice(
        [
            (
                f"how many complete {part}s can be built from @n {thing}",
                "int",
                f"i = 1\nwhile $n >= {layer}:\n    $n -= {layer}\n    i += 1\nreturn i - 1",
                f"{part}s, i, used = 0, 1, 0\nwhile used + {layer} <= $n:\n    used += {layer}\n    {part}s += 1\n    i += 1\nreturn {part}s",
            ),
            (
                f"how many of @n {thing} are left over when as many complete {part}s as possible are built",
                "int",
                f"i = 1\nwhile $n >= {layer}:\n    $n -= {layer}\n    i += 1\nreturn $n",
                None,
            ),
            (
                f"a tuple with the number of complete {part}s that can be built from @n {thing} and how many more {thing} the next {part} would need",
                "tuple[int, int]",
                f"i = 1\nwhile $n >= {layer}:\n    $n -= {layer}\n    i += 1\nreturn (i - 1, {layer} - $n)",
                None,
            ),
            (
                f"how many {thing} must be bought, in addition to @n, so that no {part} is incomplete and none is left over",
                "int",
                f"i = 1\nwhile $n >= {layer}:\n    $n -= {layer}\n    i += 1\nreturn {layer} - $n if $n > 0 else 0",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        f"[{shape}_{part}s|build_{shape}|stack_{thing}]",
        "n:hundred",
        kind,
        f"{what}, if {said}",
        *(b for b in (one, two) if b),
        tellings=(
            f"A {shape} is built from {thing}, {part} by {part}: {said}. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. A {shape} is built from {thing}, {part} by {part}: {said}.",
        ),
    )


@lesson
def step_combinations(g: Random) -> Draft:
    steps = sorted(g.choice([(1, 3), (2, 3), (1, 4), (2, 5), (1, 2, 5), (1, 3, 4), (2, 3, 4), (3, 4)]))
    named = ", ".join(map(str, steps[:-1])) + f" or {steps[-1]}"
    rec = " + ".join(f"SELF($n - {s})" for s in steps)
    thing, verb = g.choice(
        [
            ("a path of @n metres", "walk along"),
            ("a stick of @n centimetres", "cut up"),
            ("a row of @n fields", "cross"),
            ("a wall of length @n", "cover"),
        ]
    )
    return lesson.draft(
        g,
        "[ways_to_split|ordered_ways|step_ways|number_of_ways]",
        "n:nat",
        "int",
        f"the number of ways to {verb} {thing} in pieces of length {named}, where the order of the pieces matters",
        f"ways = [1] + [0] * $n\nfor i in range(1, $n + 1):\n    ways[i] = sum(ways[i - s] for s in {tuple(steps)} if s <= i)\nreturn ways[$n]",
        f"if $n < 0:\n    return 0\nif $n == 0:\n    return 1\nreturn {rec}",
        tellings=(
            f"Pieces of length {named} are available in any number. [Count|Return the number of] the ordered sequences of such pieces whose lengths add up to @n. The empty sequence counts for @n = 0.",
            f"You want to {verb} {thing}. Each piece is {named} long, and @n must be reached exactly. Two ways are different if the sequence of their pieces is different. Return the number of ways; for 0 there is one way, the empty one.",
        ),
        plan="The number of ways for a length is the sum of the ways for what is left after the first piece.",
    )


@lesson
def unordered_sums(g: Random) -> Draft:
    what, one, two = g.choice(
        [
            (
                "parts of at least 2",
                "def ways(rest: int, part: int) -> int:\n    if rest == 0:\n        return 1\n    return sum(ways(rest - p, p) for p in range(part, rest + 1))\n\nreturn ways($n, 2)",
                "table = [1] + [0] * $n\nfor part in range(2, $n + 1):\n    for i in range(part, $n + 1):\n        table[i] += table[i - part]\nreturn table[$n]",
            ),
            (
                "odd parts",
                "def ways(rest: int, part: int) -> int:\n    if rest == 0:\n        return 1\n    return sum(ways(rest - p, p) for p in range(part, rest + 1, 2))\n\nreturn ways($n, 1)",
                "table = [1] + [0] * $n\nfor part in range(1, $n + 1, 2):\n    for i in range(part, $n + 1):\n        table[i] += table[i - part]\nreturn table[$n]",
            ),
            (
                "parts that are all different",
                "def ways(rest: int, part: int) -> int:\n    if rest == 0:\n        return 1\n    return sum(ways(rest - p, p + 1) for p in range(part, rest + 1))\n\nreturn ways($n, 1)",
                "table = [1] + [0] * $n\nfor part in range(1, $n + 1):\n    for i in range($n, part - 1, -1):\n        table[i] += table[i - part]\nreturn table[$n]",
            ),
            (
                "parts of at most 4",
                "def ways(rest: int, part: int) -> int:\n    if rest == 0:\n        return 1\n    return sum(ways(rest - p, p) for p in range(part, min(rest, 4) + 1))\n\nreturn ways($n, 1)",
                "table = [1] + [0] * $n\nfor part in (1, 2, 3, 4):\n    for i in range(part, $n + 1):\n        table[i] += table[i - part]\nreturn table[$n]",
            ),
            (
                "square numbers",
                "squares = [i * i for i in range(1, $n + 1) if i * i <= $n]\ntable = [1] + [0] * $n\nfor part in squares:\n    for i in range(part, $n + 1):\n        table[i] += table[i - part]\nreturn table[$n]",
                "def ways(rest: int, root: int) -> int:\n    if rest == 0:\n        return 1\n    return sum(ways(rest - r * r, r) for r in range(root, rest + 1) if r * r <= rest)\n\nreturn ways($n, 1)",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[partitions|ways_as_sum|sums_of_parts|splittings]",
        "n:nat",
        "int",
        f"the number of ways to write @n as a sum of positive integers, using only {what}, where the order does not matter",
        one,
        two,
        tellings=(
            f"A splitting of @n is a collection of positive integers with the sum @n; the order of the parts plays no role. Return how many splittings there are that use only {what}.",
            f"In how many ways can @n be split into {what}? All parts are positive integers, and splittings that differ only in their order count once. [The empty sum is the one way for 0.|For 0 there is exactly one way: the empty sum.] Return this number.",
        ),
    )


@lesson
def grid_walks(g: Random) -> Draft:
    diag = g.random() < 0.5
    extra = " + table[i - 1][j - 1]" if diag else ""
    moves = (
        "one cell to the right, one cell down, or one cell diagonally right and down"
        if diag
        else "one cell to the right or one cell down"
    )
    if not diag:
        w = g.randint(2, 3)
        one = f"table = [[1] * $cols for _ in range($rows)]\nfor i in range(1, $rows):\n    for j in range(1, $cols):\n        table[i][j] = table[i - 1][j] + {w} * table[i][j - 1]\nreturn table[-1][-1]"
        said = f"the value in the last cell of a table with @rows rows and @cols columns, whose first row and first column are filled with 1 and in which every other cell is the cell above it plus {w} times the cell to the left of it"
        two = f"row = [1] * $cols\nfor _ in range($rows - 1):\n    for j in range(1, $cols):\n        row[j] += {w} * row[j - 1]\nreturn row[-1]"
        tell = f"Fill a table of @rows rows and @cols columns. Write 1 into all cells of the first row and of the first column. Every other cell gets the number above it plus {w} times the number to its left. Return the number in the bottom right cell."
    else:
        said = f"the number of ways from the top left to the bottom right cell of a grid with @rows rows and @cols columns, if each move goes {moves}"
        one = f"table = [[1] * $cols for _ in range($rows)]\nfor i in range(1, $rows):\n    for j in range(1, $cols):\n        table[i][j] = table[i - 1][j] + table[i][j - 1]{extra}\nreturn table[-1][-1]"
        two = "if $rows == 1 or $cols == 1:\n    return 1\nreturn SELF($rows - 1, $cols) + SELF($rows, $cols - 1) + SELF($rows - 1, $cols - 1)"
        tell = f"A robot stands in the top left cell of a grid with @rows rows and @cols columns. With each move it goes {moves}. Return in how many ways it can get to the bottom right cell."
    return lesson.draft(
        g, "[grid_ways|table_value|walks|robot_ways]", "rows:small cols:small", "int", said, one, two, tellings=(tell,)
    )


@lesson
def pairs_in_range(g: Random) -> Draft:
    k = g.randint(3, 7)
    cond, test = g.choice(
        [
            (f"i + j is divisible by {k}", f"(i + j) % {k} == 0"),
            (f"j - i is at most {k}", f"j - i <= {k}"),
            ("j is divisible by i", "j % i == 0"),
            ("i and j have no common divisor except 1", "math.gcd(i, j) == 1"),
            (f"i * j is less than {k * 4}", f"i * j < {k * 4}"),
            ("i and j have the same digit sum", "sum(map(int, str(i))) == sum(map(int, str(j)))"),
            ("i + j is a perfect square", "math.isqrt(i + j) ** 2 == i + j"),
            (f"i * j leaves the remainder 1 when divided by {k}", f"i * j % {k} == 1"),
        ]
    )
    return lesson.draft(
        g,
        "[count_pairs|number_of_pairs|pairs_up_to|matching_pairs]",
        "n:nat",
        "int",
        f"the number of pairs (i, j) of integers with 1 <= i < j <= @n for which {cond}",
        f"return sum(1 for i in range(1, $n + 1) for j in range(i + 1, $n + 1) if {test})",
        f"count = 0\nfor i in range(1, $n):\n    for j in range(i + 1, $n + 1):\n        if {test}:\n            count += 1\nreturn count",
        f"return sum({test} for i, j in itertools.combinations(range(1, $n + 1), 2))",
        imports=("import math", "import itertools"),
        tellings=(
            f"Go through all pairs of integers i and j with 1 <= i < j <= @n. Count a pair if {cond}. Return the count.",
            f"Cards with the numbers 1 to @n lie on a table. Two of them, i and the larger j, are drawn. Return for how many such pairs it is true that {cond}.",
        ),
    )


@lesson
def triples_with_sum(g: Random) -> Draft:
    low = g.choice([0, 1, 1, 2])
    rel, rng = g.choice([("a < b < c", "<"), ("a <= b <= c", "<=")])
    extra, test = g.choice(
        [
            ("", ""),
            (" and c is less than a + b", " and c < a + b"),
            (" and c is at most 2 * a", " and c <= 2 * a"),
            (" and a * b * c is even", " and a * b * c % 2 == 0"),
        ]
    )
    lst = g.random() < 0.35
    body = f"for a in range({low}, $n + 1):\n    for b in range(a{' + 1' if rng == '<' else ''}, $n + 1):\n        c = $n - a - b\n        if c {'>' if rng == '<' else '>='} b{test}:\n            "
    gen = f"for a in range({low}, $n + 1) for b in range({low}, $n + 1) for c in range({low}, $n + 1) if a + b + c == $n and {rel}{test}"
    what = "a list of all triples (a, b, c), in ascending order," if lst else "the number of triples (a, b, c)"
    return lesson.draft(
        g,
        "[triples|three_parts|sum_triples|split_in_three]",
        "n:terms" if lst else "n:nat",
        "list[tuple[int, int, int]]" if lst else "int",
        f"{what} of integers with {rel}, a >= {low} and a + b + c == @n{extra.replace(' and ', ' for which ', 1) if extra else ''}",
        ("result = []\n" + body + "result.append((a, b, c))\nreturn result")
        if lst
        else ("count = 0\n" + body + "count += 1\nreturn count"),
        f"return [(a, b, c) {gen}]" if lst else f"return sum(1 {gen})",
        tellings=(
            f"@n sweets are divided among three children: a for the youngest, b for the middle one, c for the oldest. It must hold that {rel}, and a is at least {low}{', c is less than a + b' if 'c < a' in test else ', c is at most 2 * a' if '2 * a' in test else ', and the product of the three is even' if test else ''}. Return {'all possible tuples (a, b, c) in ascending order' if lst else 'how many possibilities there are'}.",
        ),
    )


@lesson
def look_and_say_like(g: Random) -> Draft:
    what, kind, one, two = g.choice(
        [
            (
                "how @text is read aloud group by group: for every run of equal characters, the length of the run and then the character",
                "str",
                "result, i = '', 0\nwhile i < len($text):\n    j = i\n    while j < len($text) and $text[j] == $text[i]:\n        j += 1\n    result += str(j - i) + $text[i]\n    i = j\nreturn result",
                "return ''.join(str(len(list(run))) + c for c, run in itertools.groupby($text))",
            ),
            (
                "the text that @text becomes when it is read aloud twice; reading aloud means to write, for every run of equal digits, the length of the run and then the digit",
                "str",
                "for _ in range(2):\n    $text = ''.join(str(len(list(run))) + c for c, run in itertools.groupby($text))\nreturn $text",
                "def spoken(digits: str) -> str:\n    result, i = '', 0\n    while i < len(digits):\n        j = i\n        while j < len(digits) and digits[j] == digits[i]:\n            j += 1\n        result += str(j - i) + digits[i]\n        i = j\n    return result\n\nreturn spoken(spoken($text))",
            ),
            (
                "how many characters longer @text gets when each run of equal digits is replaced by the length of the run followed by the digit (negative if it gets shorter)",
                "int",
                "said = ''.join(str(len(list(run))) + c for c, run in itertools.groupby($text))\nreturn len(said) - len($text)",
                "longer, i = 0, 0\nwhile i < len($text):\n    j = i\n    while j < len($text) and $text[j] == $text[i]:\n        j += 1\n    longer += len(str(j - i)) + 1 - (j - i)\n    i = j\nreturn longer",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[read_aloud|say_digits|spoken_digits|say]",
        "text:digs",
        kind,
        what,
        one,
        two,
        imports=("import itertools",),
        tellings=(
            f"@text is a string of digits. A run is a maximal group of equal neighbours: '33511' has the runs '33', '5' and '11' and is read aloud as '231521'. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what.split(':')[0]}.",
        ),
    )


@lesson
def string_sequences(g: Random) -> Draft:
    a, b = g.sample("abcdxyzLRST", 2)
    what, one, two = g.choice(
        [
            (
                f"the @n-th word of the sequence that starts with '{a}' (number 0) and '{b}' (number 1) and in which each further word is the one before it followed by the one before that",
                f"p, q = '{a}', '{b}'\nfor _ in range($n):\n    p, q = q, q + p\nreturn p",
                f"if $n < 2:\n    return '{a}{b}'[$n]\nreturn SELF($n - 1) + SELF($n - 2)",
            ),
            (
                f"the word that '{a}' becomes when @n times every '{a}' is replaced by '{a}{b}' and, at the same time, every '{b}' by '{a}'",
                f"word = '{a}'\nfor _ in range($n):\n    word = ''.join('{a}{b}' if c == '{a}' else '{a}' for c in word)\nreturn word",
                f"text = '{a}'\nfor _ in range($n):\n    new = ''\n    for c in text:\n        new += '{a}{b}' if c == '{a}' else '{a}'\n    text = new\nreturn text",
            ),
            (
                f"the word that '{a}' becomes when @n times a copy of the word with '{a}' and '{b}' exchanged is appended to it",
                f"word = '{a}'\nfor _ in range($n):\n    word += word.translate(str.maketrans('{a}{b}', '{b}{a}'))\nreturn word",
                f"word = '{a}'\nfor _ in range($n):\n    word += ''.join('{b}' if c == '{a}' else '{a}' for c in word)\nreturn word",
            ),
            (
                f"the word that '{a}' becomes when @n times the word is replaced by itself, a '{b}', and itself again",
                f"word = '{a}'\nfor _ in range($n):\n    word = word + '{b}' + word\nreturn word",
                f"if $n == 0:\n    return '{a}'\nhalf = SELF($n - 1)\nreturn half + '{b}' + half",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[grow_word|word_sequence|letter_growth|string_rule]",
        "n:idx",
        "str",
        what,
        one,
        two,
        tellings=(
            f"Let @n be a small non-negative integer. [Build|Construct] and return {what}.",
            f"Words can grow by rules. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}. [For @n = 0 nothing is done.|With @n = 0 you get the starting word '{a}'.]",
        ),
    )


@lesson
def pattern_sequence(g: Random) -> Draft:
    k = g.randint(2, 4)
    what, one, two = g.choice(
        [
            (
                "1, 2, 2, 3, 3, 3, 4, ... (each integer i appears i times)",
                "i = 1\nwhile $n > i:\n    $n -= i\n    i += 1\nreturn i",
                "terms = []\ni = 1\nwhile len(terms) < $n:\n    terms += [i] * i\n    i += 1\nreturn terms[$n - 1]",
            ),
            (
                "1, 1, 2, 1, 2, 3, 1, 2, 3, 4, ... (first 1, then 1 to 2, then 1 to 3 and so on)",
                "i = 1\nwhile $n > i:\n    $n -= i\n    i += 1\nreturn $n",
                "terms = []\ni = 1\nwhile len(terms) < $n:\n    terms += list(range(1, i + 1))\n    i += 1\nreturn terms[$n - 1]",
            ),
            (
                "1, 2, 1, 3, 2, 1, 4, 3, 2, 1, ... (first 1, then 2 down to 1, then 3 down to 1 and so on)",
                "i = 1\nwhile $n > i:\n    $n -= i\n    i += 1\nreturn i - $n + 1",
                "terms = []\ni = 1\nwhile len(terms) < $n:\n    terms += list(range(i, 0, -1))\n    i += 1\nreturn terms[$n - 1]",
            ),
            (
                f"a zigzag that goes 0, 1, ..., {k}, {k - 1}, ..., 1, 0, 1, ... between 0 and {k}",
                f"i = ($n - 1) % {2 * k}\nreturn i if i <= {k} else {2 * k} - i",
                f"term, step = 0, 1\nfor _ in range($n - 1):\n    term += step\n    if term in (0, {k}):\n        step = -step\nreturn term",
            ),
            (
                "the digits of 1, 2, 3, ... written one after the other (1, 2, ..., 9, 1, 0, 1, 1, 1, 2, ...)",
                "text, i = '', 1\nwhile len(text) < $n:\n    text += str(i)\n    i += 1\nreturn int(text[$n - 1])",
                "i = 1\nwhile $n > len(str(i)):\n    $n -= len(str(i))\n    i += 1\nreturn int(str(i)[$n - 1])",
            ),
            (
                f"1, ..., {k}, 2, ..., {k + 1}, 3, ..., {k + 2} and so on (groups of {k} consecutive integers, each beginning one higher)",
                f"group, place = divmod($n - 1, {k})\nreturn group + place + 1",
                f"terms, i = [], 1\nwhile len(terms) < $n:\n    terms += range(i, i + {k})\n    i += 1\nreturn terms[$n - 1]",
            ),
            (
                "1, -2, 3, -4, 5, -6, ...",
                "return $n if $n % 2 == 1 else -$n",
                "sign = -1\nfor _ in range($n):\n    sign = -sign\nreturn sign * $n",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[pattern_term|nth_of_pattern|pattern|term_at]",
        "n:pos",
        "int",
        f"the @n-th term of the sequence {what}; the first term has number 1",
        one,
        two,
        tellings=(
            f"[Look at the following pattern|Numbers are written down like this]: {what}. Return the number at position @n, counting positions from 1.",
        ),
    )


@lesson
def next_in_progression(g: Random) -> Draft:
    other = g.choice(["None", "-1", "0"])
    kind = "int | None" if other == "None" else "int"
    which = g.choice(["arithmetic", "both", "name"])
    if which == "arithmetic":
        what = f"the next term if the differences of neighbouring elements of @terms are all the same, and {other} otherwise"
        one = f"diff = $terms[1] - $terms[0]\nif all(b - a == diff for a, b in zip($terms, $terms[1:])):\n    return $terms[-1] + diff\nreturn {other}"
        two = f"diffs = {{$terms[i + 1] - $terms[i] for i in range(len($terms) - 1)}}\nif len(diffs) != 1:\n    return {other}\nreturn $terms[-1] + diffs.pop()"
        tell = f"@terms holds the first terms of a sequence. If you always add the same number to get to the next term, return the term that comes after the last one. If not, return {other}."
    elif which == "both":
        what = f"the term that continues @terms: if all differences of neighbours are equal, add that difference to the last element; otherwise, if every element is the same multiple of the one before, multiply once more; otherwise {other}"
        one = f"a, b = $terms[0], $terms[1]\npairs = list(zip($terms, $terms[1:]))\nif all(y - x == b - a for x, y in pairs):\n    return $terms[-1] + b - a\nif a != 0 and b % a == 0 and all(y == x * (b // a) for x, y in pairs):\n    return $terms[-1] * (b // a)\nreturn {other}"
        two = f"last = len($terms) - 1\ndiff = $terms[1] - $terms[0]\nif all($terms[i + 1] - $terms[i] == diff for i in range(last)):\n    return $terms[-1] + diff\nif $terms[0] != 0 and $terms[1] % $terms[0] == 0:\n    factor = $terms[1] // $terms[0]\n    if all($terms[i + 1] == factor * $terms[i] for i in range(last)):\n        return $terms[-1] * factor\nreturn {other}"
        tell = f"Guess how the list @terms goes on. First try a constant difference between neighbours, then a constant whole factor from each element to the next one (not possible if the first element is 0). Return the next term, or {other} if neither rule fits."
    else:
        kind = "str"
        what = "'arithmetic' if the differences of neighbouring elements of @terms are all equal, otherwise 'geometric' if each element times the second is the next one times the first, and 'other' if neither holds"
        one = "pairs = list(zip($terms, $terms[1:]))\na, b = pairs[0]\nif all(y - x == b - a for x, y in pairs):\n    return 'arithmetic'\nif all(x * b == y * a for x, y in pairs):\n    return 'geometric'\nreturn 'other'"
        two = "diffs = [$terms[i + 1] - $terms[i] for i in range(len($terms) - 1)]\nif len(set(diffs)) == 1:\n    return 'arithmetic'\nfor i in range(len($terms) - 1):\n    if $terms[i] * $terms[1] != $terms[i + 1] * $terms[0]:\n        return 'other'\nreturn 'geometric'"
        tell = "Classify the sequence in the list @terms. It is 'arithmetic' if neighbours always have the same difference. If not, it is 'geometric' if x * second == y * first holds for all neighbours x, y, where first and second are its first two elements. In all other cases it is 'other'. Return the word."
    return lesson.draft(
        g,
        "[next_term|continue_sequence|guess_next|sequence_kind]"
        if which != "name"
        else "[sequence_kind|classify_sequence]",
        "terms:prog",
        kind,
        what,
        one,
        two,
        tellings=(tell,),
        notes=("[The list has at least three elements.|@terms is never shorter than three.]",),
    )


@lesson
def difference_rows(g: Random) -> Draft:
    what, kind, one, two = g.choice(
        [
            (
                "how many rounds of replacing @terms by the list of differences of its neighbours (right minus left) it takes until all its elements are equal (a list of one element counts as equal)",
                "int",
                "rounds = 0\nwhile len(set($terms)) > 1:\n    $terms = [b - a for a, b in zip($terms, $terms[1:])]\n    rounds += 1\nreturn rounds",
                "row, rounds = list($terms), 0\nwhile any(v != row[0] for v in row):\n    row = [row[i + 1] - row[i] for i in range(len(row) - 1)]\n    rounds += 1\nreturn rounds",
            ),
            (
                "the second differences of @terms: the differences of neighbours (right minus left), taken twice",
                "list[int]",
                "for _ in range(2):\n    $terms = [b - a for a, b in zip($terms, $terms[1:])]\nreturn $terms",
                "return [$terms[i + 2] - 2 * $terms[i + 1] + $terms[i] for i in range(len($terms) - 2)]",
            ),
            (
                "the next element of @terms, if its second differences are assumed to go on with the last one of them",
                "int",
                "a, b, c = $terms[-3:]\nreturn c + (c - b) + (c - b) - (b - a)",
                "first = [y - x for x, y in zip($terms, $terms[1:])]\nsecond = [y - x for x, y in zip(first, first[1:])]\nreturn $terms[-1] + first[-1] + second[-1]",
            ),
            (
                "the single number that is left when @terms is replaced by the absolute differences of its neighbours again and again",
                "int",
                "while len($terms) > 1:\n    $terms = [abs(a - b) for a, b in zip($terms, $terms[1:])]\nreturn $terms[0]",
                "if len($terms) == 1:\n    return $terms[0]\nreturn SELF([abs($terms[i] - $terms[i + 1]) for i in range(len($terms) - 1)])",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[differences|difference_table|difference_rows|diff_levels]",
        "terms:quad",
        kind,
        what,
        one,
        two,
        tellings=(
            f"Below a row of at least three numbers, the differences of neighbours are often written as a new, shorter row. For the row @terms, return {what.replace('@terms', 'the row')}.",
        ),
    )


@lesson
def bouncing(g: Random) -> Draft:
    num, den, word = g.choice(
        [(1, 2, "half"), (3, 4, "three quarters"), (3, 5, "three fifths"), (4, 5, "four fifths"), (1, 3, "a third")]
    )
    low = g.choice([1, 0.5, 2])
    what, kind, sig, one, two = g.choice(
        [
            (
                f"how often a ball dropped from @height bounces before a bounce no longer reaches {low} or more",
                "int",
                "height:height",
                f"bounces = 0\n$height *= {num} / {den}\nwhile $height >= {low}:\n    bounces += 1\n    $height *= {num} / {den}\nreturn bounces",
                None,
            ),
            (
                "the height that a ball dropped from @height reaches after @n bounces, rounded to two decimals",
                "float",
                "height:height n:terms",
                f"for _ in range($n):\n    $height *= {num} / {den}\nreturn round($height, 2)",
                f"return round($height * ({num} / {den}) ** $n, 2)",
            ),
            (
                "the whole distance that a ball dropped from @height has moved, up and down, when it touches the ground for the @n-th time, rounded to one decimal",
                "float",
                "height:height n:some",
                f"total = $height\nfor _ in range($n - 1):\n    $height *= {num} / {den}\n    total += 2 * $height\nreturn round(total, 1)",
                f"return round($height + sum(2 * $height * ({num} / {den}) ** i for i in range(1, $n)), 1)",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[bounces|ball|bouncing_ball|rebound]",
        sig,
        kind,
        f"{what}, if each bounce reaches {word} of the height before",
        *(b for b in (one, two) if b),
        tellings=(
            f"A rubber ball falls from a height of @height metres. After each contact with the ground it rises to {word} of its previous height. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what.replace('a ball dropped from @height', 'the ball')}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what.replace('a ball dropped from @height', 'the ball')}. A rubber ball falls from a height of @height metres. After each contact with the ground it rises to {word} of its previous height.",
        ),
    )


@lesson
def circle_counting(g: Random) -> Draft:
    k = g.randint(2, 5)
    what, kind = g.choice(
        [
            ("the number of the child that remains last", "int"),
            ("a list of the children in the order in which they leave, the last one included", "list[int]"),
        ]
    )
    if kind == "int":
        one = f"circle = list(range(1, $n + 1))\ni = 0\nwhile len(circle) > 1:\n    i = (i + {k - 1}) % len(circle)\n    circle.pop(i)\nreturn circle[0]"
        two = f"circle = deque(range(1, $n + 1))\nwhile len(circle) > 1:\n    circle.rotate(-{k - 1})\n    circle.popleft()\nreturn circle[0]"
    else:
        one = f"circle = list(range(1, $n + 1))\nout, i = [], 0\nwhile circle:\n    i = (i + {k - 1}) % len(circle)\n    out.append(circle.pop(i))\nreturn out"
        two = f"circle = deque(range(1, $n + 1))\nout = []\nwhile circle:\n    circle.rotate(-{k - 1})\n    out.append(circle.popleft())\nreturn out"
    return lesson.draft(
        g,
        "[counting_out|circle_game|leaving_order]",
        "n:some",
        kind,
        f"{what}, when @n children numbered from 1 stand in a circle and, counting from child 1, every {k}{'nd' if k == 2 else 'rd' if k == 3 else 'th'} child leaves",
        one,
        two,
        imports=("from collections import deque",),
        tellings=(
            f"@n children with the numbers 1 to @n stand in a circle. Counting begins at child 1; the child on which the count {k} falls leaves, and the counting goes on with 1 at the next child. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. @n children with the numbers 1 to @n stand in a circle. Counting begins at child 1; the child on which the count {k} falls leaves, and the counting goes on with 1 at the next child.",
        ),
    )


@lesson
def own_recursion(g: Random) -> Draft:
    c = g.randint(1, 3)
    base = g.randint(0, 3)
    a, b = g.choice([(2, 3), (2, 4), (3, 4), (2, 5)])
    formula, code, iter2 = g.choice(
        [
            (
                f"f(n // {a}) + f(n // {b}) + {c}",
                f"SELF($n // {a}) + SELF($n // {b}) + {c}",
                f"f[i // {a}] + f[i // {b}] + {c}",
            ),
            (
                f"f(n - {a}) + {c} if n is even, and f(n // 2) + n if n is odd",
                f"SELF($n - {a}) + {c} if $n % 2 == 0 else SELF($n // 2) + $n",
                f"(f[i - {a}] if i >= {a} else {base}) + {c} if i % 2 == 0 else f[i // 2] + i",
            ),
            (f"2 * f(n // {a}) + n % {b}", f"2 * SELF($n // {a}) + $n % {b}", f"2 * f[i // {a}] + i % {b}"),
            (f"n - f(n // {a})", f"$n - SELF($n // {a})", f"i - f[i // {a}]"),
            (
                f"the larger one of f(n // {a}) + {c} and f(n // {b}) + {c + 2}",
                f"max(SELF($n // {a}) + {c}, SELF($n // {b}) + {c + 2})",
                f"max(f[i // {a}] + {c}, f[i // {b}] + {c + 2})",
            ),
        ]
    )
    test, when = ("$n <= 0", "n <= 0")
    return lesson.draft(
        g,
        "[recursive_value|self_defined|f_of_n|recursive_rule]",
        "n:pos",
        "int",
        f"f(@n), where f(n) is {base} for {when} and {formula} otherwise",
        f"if {test}:\n    return {base}\nreturn {code}",
        f"f = [{base}]\nfor i in range(1, $n + 1):\n    f.append({iter2})\nreturn f[$n]",
        tellings=(
            f"[Evaluate|Compute] f at @n. Base case: f(n) = {base} for {when}. Otherwise: f(n) = {formula}. The operator // rounds down.",
            f"A function f on the integers is defined by itself: f(n) = {base} if {when}; in all other cases f(n) is {formula}. [Here // is division that rounds down.|The sign // means integer division.] Return f(@n).",
        ),
    )


@lesson
def mutual_recursion(g: Random) -> Draft:
    p, q, c = g.choice([(1, 2, 1), (2, 1, 0), (1, 1, 3), (3, 1, -1)])
    a0, b0 = g.sample(range(5), 2)
    which = g.choice(["a", "b", "sum"])

    def part(f: int, t: str) -> str:
        return t if f == 1 else f"{f} * {t}"

    fa = f"{part(p, 'a(i - 1)')} + b(i - 1)"
    fb = f"{part(q, 'a(i - 1)')}" + (f" + {c}" if c > 0 else f" - {-c}" if c else "")
    step = f"a, b = {part(p, 'a')} + b, {part(q, 'a')}" + (f" + {c}" if c > 0 else f" - {-c}" if c else "")
    what, end = {"a": ("a(@n)", "a"), "b": ("b(@n)", "b"), "sum": ("a(@n) + b(@n)", "a + b")}[which]
    two = f"pairs = [({a0}, {b0})]\nfor _ in range($n):\n    a, b = pairs[-1]\n    pairs.append(({step.split(' = ', 1)[1]}))\na, b = pairs[$n]\nreturn {end}"
    return lesson.draft(
        g,
        "[two_sequences|coupled_sequences|paired_recurrence]",
        "n:terms",
        "int",
        f"{what}, where a(0) = {a0}, b(0) = {b0} and, for i >= 1, a(i) = {fa} and b(i) = {fb}",
        f"a, b = {a0}, {b0}\nfor _ in range($n):\n    {step}\nreturn {end}",
        two,
        tellings=(
            f"Two sequences a and b depend on each other. They start with a(0) = {a0} and b(0) = {b0}. For every i >= 1, a(i) = {fa} and b(i) = {fb}; both use the old values. [Return|Return|Your task is to return|Write a function that returns|The function should return|You should return] {what}.",
            f"[Wanted|Result|Output|To be returned|What to return]: {what}. Two sequences a and b depend on each other. They start with a(0) = {a0} and b(0) = {b0}. For every i >= 1, a(i) = {fa} and b(i) = {fb}; both use the old values.",
        ),
    )


@lesson
def race_of_two(g: Random) -> Draft:
    d = g.randint(5, 20)
    q, word = g.choice([(2, "doubles"), (3, "triples")])
    unit = g.choice(["day", "month", "round", "year"])
    what, kind, end = g.choice(
        [
            (f"the number of the first {unit} at whose end the second one is ahead", "int", f"{unit}"),
            (
                f"the lead of the second one at the end of the first {unit} at which it is ahead",
                "int",
                "second - first",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[overtake|race|catch_up|growth_race]",
        "start:hundred",
        kind,
        f"{what}, when a first amount begins at @start and gains {d} per {unit} and a second one begins at 1 and {word} every {unit}",
        f"first, second, {unit} = $start, 1, 0\nwhile second <= first:\n    first += {d}\n    second *= {q}\n    {unit} += 1\nreturn {end}",
        f"for {unit} in range(1000):\n    first = $start + {d} * {unit}\n    second = {q} ** {unit}\n    if second > first:\n        return {end}",
        tellings=(
            f"One child has @start coins and gets {d} more each {unit}. Another child has a single coin, but its money {word} each {unit}. Return {what} (ahead means strictly more).",
            f"Compare two sequences: a(0) = @start and a(i) = a(i - 1) + {d}; b(0) = 1 and b(i) = {q} * b(i - 1). Let i be the first index with b(i) > a(i). Return {'i' if end == unit else 'b(i) - a(i)'}.",
        ),
    )


@lesson
def digit_sequences(g: Random) -> Draft:
    rule, code = g.choice(
        [
            ("its digit sum is added to it", "$n + sum(int(d) for d in str($n))"),
            ("its largest digit is added to it", "$n + int(max(str($n)))"),
            ("its number of digits is added and then its last digit", "$n + len(str($n)) + $n % 10"),
            ("the product of its digits plus 1 is added to it", "$n + math.prod(int(d) for d in str($n)) + 1"),
            ("its first digit is added to it", "$n + int(str($n)[0])"),
        ]
    )
    lim = g.choice([100, 200, 500])
    k = g.randint(3, 6)
    what, kind, one, two = g.choice(
        [
            (
                f"the number of steps until @n has reached at least {lim}",
                "int",
                f"steps = 0\nwhile $n < {lim}:\n    $n = {code}\n    steps += 1\nreturn steps",
                f"if $n >= {lim}:\n    return 0\nreturn 1 + SELF({code})",
            ),
            (
                f"a list of the first {k} numbers, beginning with @n",
                "list[int]",
                f"result = []\nfor _ in range({k}):\n    result.append($n)\n    $n = {code}\nreturn result",
                f"path = [$n]\nwhile len(path) < {k}:\n    $n = {code}\n    path.append($n)\nreturn path",
            ),
            (
                f"the number reached after {k} steps from @n",
                "int",
                f"for _ in range({k}):\n    $n = {code}\nreturn $n",
                None,
            ),
            (
                f"the first number reached from @n, @n itself excluded, that is divisible by {k} or greater than 10000",
                "int",
                f"$n = {code}\nwhile $n % {k} != 0 and $n <= 10000:\n    $n = {code}\nreturn $n",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[digit_steps|growing_number|digit_growth|self_adding]",
        "n:pos",
        kind,
        f"{what}, when in each step the current number changes like this: {rule}",
        *(b for b in (one, two) if b),
        imports=("import math",),
        tellings=(
            f"A positive integer @n grows by itself: in every step {rule}. [Return|Your task is to return] {what}.",
            f"In one step of this game, {rule}. Start with @n and play. [Return|Find and return] {what}.",
        ),
    )


@lesson
def cycle_mapping(g: Random) -> Draft:
    m = g.choice([10, 13, 17, 20, 23])
    c = g.randint(1, 6)
    expr = g.choice(
        [f"($n * $n + {c}) % {m}", f"(3 * $n + {c}) % {m}", f"($n ** 3 + {c}) % {m}", f"({m} - $n * {c}) % {m}"]
    )
    shown = expr.replace("$n", "t")
    what, kind, one, two = g.choice(
        [
            (
                "how many different numbers appear, @n included",
                "int",
                f"seen = set()\nwhile $n not in seen:\n    seen.add($n)\n    $n = {expr}\nreturn len(seen)",
                f"path = []\nwhile $n not in path:\n    path.append($n)\n    $n = {expr}\nreturn len(path)",
            ),
            (
                "the length of the cycle that is finally repeated for ever",
                "int",
                f"path = []\nwhile $n not in path:\n    path.append($n)\n    $n = {expr}\nreturn len(path) - path.index($n)",
                f"first = {{}}\ni = 0\nwhile $n not in first:\n    first[$n] = i\n    $n = {expr}\n    i += 1\nreturn i - first[$n]",
            ),
            (
                "how many numbers come before the cycle that is finally repeated for ever",
                "int",
                f"path = []\nwhile $n not in path:\n    path.append($n)\n    $n = {expr}\nreturn path.index($n)",
                None,
            ),
            (
                "a sorted list of the numbers in the cycle that is finally repeated for ever",
                "list[int]",
                f"path = []\nwhile $n not in path:\n    path.append($n)\n    $n = {expr}\nreturn sorted(path[path.index($n):])",
                None,
            ),
            (
                "the first number that appears for the second time",
                "int",
                f"seen = set()\nwhile $n not in seen:\n    seen.add($n)\n    $n = {expr}\nreturn $n",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[find_cycle|cycle_task|repeating|orbit_info]",
        "n:nat",
        kind,
        f"{what}, when one begins with t = @n and replaces t by {shown} again and again",
        *(b for b in (one, two) if b),
        tellings=(
            f"Let t be @n at first. The rule t = {shown} is applied over and over; since only finitely many values are possible, they repeat at some time. [Return|You should return] {what}.",
            f"Follow the numbers that arise from @n by the rule t -> {shown} and remember which ones you have met. [Return|Then return] {what}.",
        ),
    )


@lesson
def choose_counts(g: Random) -> Draft:
    k = g.choice([2, 3])
    word = {2: "two", 3: "three"}[k]
    what, one, two = g.choice(
        [
            (
                f"the number of committees of {word} people, one of whom is named the head, that can be formed from @n people",
                f"return math.comb($n, {k}) * {k}",
                f"ways = 0\nfor group in itertools.combinations(range($n), {k}):\n    for head in group:\n        ways += 1\nreturn ways",
            ),
            (
                f"the number of words of length {k} over an alphabet of @n letters in which no two neighbouring letters are equal",
                f"return $n * ($n - 1) ** {k - 1} if $n > 0 else 0",
                f"words = itertools.product(range($n), repeat={k})\nreturn sum(all(a != b for a, b in zip(w, w[1:])) for w in words)",
            ),
            (
                f"the number of ways to give the first {word} prizes of a race with @n runners, where nobody gets two prizes",
                f"return math.perm($n, {k})",
                f"ways = 1\nfor i in range({k}):\n    ways *= max(0, $n - i)\nreturn ways",
            ),
            (
                "the number of matches in a tournament with @n teams in which each pair plays a home match and a return match, plus one final",
                "return $n * ($n - 1) + 1",
                "matches = 1\nfor i in range($n):\n    for j in range($n):\n        if i != j:\n            matches += 1\nreturn matches",
            ),
            (
                f"the number of subsets of a set of @n elements that have at least {word} elements",
                f"return sum(math.comb($n, i) for i in range({k}, $n + 1))",
                f"return 2 ** $n - sum(math.comb($n, i) for i in range(min({k}, $n + 1)))",
            ),
            (
                "the number of diagonals of a polygon with @n corners, or 0 if it has fewer than 4",
                "return $n * ($n - 3) // 2 if $n > 3 else 0",
                "diagonals = 0\nfor i in range($n):\n    for j in range(i + 2, $n):\n        if not (i == 0 and j == $n - 1):\n            diagonals += 1\nreturn diagonals",
            ),
            (
                "the number of strings of @n zeros and ones in which no two ones stand next to each other and which do not begin with a one",
                "ending0, ending1 = 1, 0\nfor _ in range(max(0, $n - 1)):\n    ending0, ending1 = ending0 + ending1, ending0\nreturn ending0 + ending1",
                "if $n == 0:\n    return 1\nstrings = [[0]]\nfor _ in range($n - 1):\n    strings = [s + [b] for s in strings for b in (0, 1) if not (b == 1 and s[-1] == 1)]\nreturn len(strings)",
            ),
        ]
    )
    return lesson.draft(
        g,
        "[count_ways|possibilities|combinations_task|how_many_ways]",
        "n:terms",
        "int",
        what,
        one,
        two,
        imports=("import math", "import itertools"),
        tellings=(
            f"This is a counting problem. [Return|Find and return] {what}. [@n can be 0.|Think of small values of @n first, 0 included.]",
            f"@n is a non-negative integer below 20. [Without listing them by hand, return|Return] {what}.",
        ),
    )


@lesson
def triangle_rows_rule(g: Random) -> Draft:
    edge = g.choice([1, 2, 3])
    inner, code = g.choice(
        [
            ("the sum of the two entries above it plus 1", "row[i] + row[i + 1] + 1"),
            ("the larger of the two entries above it plus 1", "max(row[i], row[i + 1]) + 1"),
            ("the difference of the two entries above it (right minus left) plus 2", "row[i + 1] - row[i] + 2"),
            ("twice the left entry above it plus the right one", "2 * row[i] + row[i + 1]"),
            ("the product of the two entries above it modulo 7", "row[i] * row[i + 1] % 7"),
        ]
    )
    inc = g.random() < 0.5
    side = f"begins and ends with its row number plus {edge}" if inc else f"begins and ends with {edge}"
    end = f"[r + {edge}]" if inc else f"[{edge}]"
    what, kind, fin = g.choice(
        [
            ("row @n", "list[int]", "row"),
            ("the sum of row @n", "int", "sum(row)"),
            ("the largest entry of row @n", "int", "max(row)"),
        ]
    )
    first = f"[{edge}]"
    one = f"row = {first}\nfor r in range(1, $n + 1):\n    row = {end} + [{code} for i in range(len(row) - 1)] + {end}\nreturn {fin}"
    two = f"row = {first}\nfor r in range(1, $n + 1):\n    new = {end}\n    for i in range(r - 1):\n        new.append({code})\n    new += {end}\n    row = new\nreturn {fin}"
    return lesson.draft(
        g,
        "[triangle_row|number_triangle|row_of_triangle]",
        "n:idx",
        kind,
        f"{what} of a triangle of numbers: row 0 is [{edge}], every further row has one entry more and {side}, and every other entry is {inner}",
        one,
        two,
        tellings=(
            f"Build a triangle of numbers. Its top row, row 0, consists of the single number {edge}. Row r has r + 1 entries; it {side.replace('its row number', 'r')}, and each inner entry is {inner}, that is, the neighbours to its upper left and upper right. Return {what}.",
        ),
    )


@lesson
def root_iteration(g: Random) -> Draft:
    places = g.choice([2, 3])
    what, one, two = g.choice(
        [
            (
                "the result of @n steps of the rule t = (t + @x / t) / 2, beginning with t = @x",
                "t = $x\nfor _ in range($n):\n    t = (t + $x / t) / 2\nreturn round(t, {p})",
                "if $n == 0:\n    return round($x, {p})\nguess, i = $x, 0\nwhile i < $n:\n    guess = (guess + $x / guess) / 2\n    i += 1\nreturn round(guess, {p})",
            ),
            (
                "the value of the continued fraction 1 + 1 / (1 + 1 / (... + 1 / @x)) with @n plus signs (@x itself for 0)",
                "t = $x\nfor _ in range($n):\n    t = 1 + 1 / t\nreturn round(t, {p})",
                "def level(depth: int) -> float:\n    return $x if depth == 0 else 1 + 1 / level(depth - 1)\n\nreturn round(level($n), {p})",
            ),
            (
                "the middle of the interval from 0 to @x after @n halvings, each of which keeps the upper half if the square of the middle is less than @x and the lower half otherwise",
                "low, high = 0, $x\nfor _ in range($n):\n    middle = (low + high) / 2\n    if middle * middle < $x:\n        low = middle\n    else:\n        high = middle\nreturn round((low + high) / 2, {p})",
                None,
            ),
            (
                "the distance of @x from 20 after @n hours if it shrinks by a tenth each hour, never negative",
                "gap = abs($x - 20)\nfor _ in range($n):\n    gap -= gap / 10\nreturn round(gap, {p})",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[iterate|approximation|repeat_rule|refine]",
        "x:height n:idx",
        "float",
        f"{what}, rounded to {places} decimals",
        *(b.replace("{p}", str(places)) for b in (one, two) if b),
        tellings=(
            f"[This is a numerical experiment with a positive number @x.|A positive number @x is given.] Return {what}. Round the result to {places} decimals, but do not round in between.",
        ),
    )


@lesson
def chain_lists(g: Random) -> Draft:
    k = g.choice([2, 3])
    what, one, two = g.choice(
        [
            (
                f"a list that begins with @n and goes on by dividing by {k}, rounding down, until 0 is reached, which is the last element",
                f"chain = [$n]\nwhile chain[-1] > 0:\n    chain.append(chain[-1] // {k})\nreturn chain",
                f"if $n == 0:\n    return [0]\nreturn [$n] + SELF($n // {k})",
            ),
            (
                f"a list that counts down from @n to 0 in steps of {k}; a last step may be shorter",
                f"chain = list(range($n, 0, -{k}))\nreturn chain + [0]",
                f"chain = [$n]\nwhile chain[-1] > 0:\n    chain.append(max(0, chain[-1] - {k}))\nreturn chain",
            ),
            (
                f"a list of the numbers from 0 to @n in which the steps are 1, {k}, 1, {k}, ... as long as @n is not exceeded",
                f"chain, step = [0], 1\nwhile chain[-1] + step <= $n:\n    chain.append(chain[-1] + step)\n    step = {k + 1} - step\nreturn chain",
                f"result = []\nterm, i = 0, 0\nwhile term <= $n:\n    result.append(term)\n    term += 1 if i % 2 == 0 else {k}\n    i += 1\nreturn result",
            ),
            (
                "a list of the numbers from 0 on in which the steps grow by one each time (0, 1, 3, 6, ...), up to the last one that is at most @n",
                "chain, add = [0], 1\nwhile chain[-1] + add <= $n:\n    chain.append(chain[-1] + add)\n    add += 1\nreturn chain",
                None,
            ),
            (
                f"a list of the operations, '-1' or '/{k}', that lead from @n to 1, if the number is divided by {k} whenever this is possible without remainder and decreased by 1 otherwise",
                f"steps = []\nwhile $n > 1:\n    if $n % {k} == 0:\n        $n //= {k}\n        steps.append('/{k}')\n    else:\n        $n -= 1\n        steps.append('-1')\nreturn steps",
                None,
            ),
            (
                "a list that starts with 1 and always doubles the last element, with @n appended at the end, containing only elements less than @n before it",
                "chain = []\nterm = 1\nwhile term < $n:\n    chain.append(term)\n    term *= 2\nreturn chain + [$n]",
                None,
            ),
        ]
    )
    return lesson.draft(
        g,
        "[chain|countdown_list|steps_down|number_chain]",
        "n:pos",
        "list[str]" if "operations" in what else "list[int]",
        what,
        *(b for b in (one, two) if b),
        tellings=(
            f"Starting point is an integer @n of at least 1. [Wanted|Output]: {what}.",
            f"@n is a positive integer. [Return|Build and return|Your task is to return] {what}.",
        ),
    )
