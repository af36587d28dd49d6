"""The vocabulary that lists, ranges, grids and mappings share: tests, changes, summaries, in English and code."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, kw_only=True)
class Test:
    """A yes-or-no question about one thing. `clause` follows a plural noun: "that are even"; `{x}` in `code` is it."""

    clause: str
    code: str
    tag: str
    adjective: str = ""

    def of(self, noun: str, where: str) -> str:
        """ "even numbers in @xs", or "numbers in @xs that are even"."""
        if self.adjective:
            return f"{self.adjective} {noun} {where}"
        return f"{noun} {where} {self.clause}"

    @property
    def predicate(self) -> str:
        """The clause as the predicate of a plural subject: "are even"."""
        for start in ("that ", "with "):
            if self.clause.startswith(start):
                return ("have " if start == "with " else "") + self.clause.removeprefix(start)
        return "have " + self.clause.replace("whose ", "a ", 1)


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing made into another. `phrase` takes the plural: "the squares of {}"."""

    phrase: str
    code: str
    tag: str
    kind: str = "int"


@dataclass(frozen=True, kw_only=True)
class Summary:
    """Many things made into one result.

    Args:
        phrases: With `{}` for the things.
        expressions: With `{g}` for a generator's inside.
        start: First statement of the loop form.
        update: Statement for one value `{v}`.
        final: Expression returned after the loop.
        tag: For names.
        kind: Result type; "same" is the element's own, "list" a list of it.
        note: What an empty case gives, if it needs saying.
    """

    phrases: tuple[str, ...]
    expressions: tuple[str, ...]
    start: str
    update: str
    final: str
    tag: str
    kind: str = "same"
    note: str = ""


def number_test(rng: Random, parameter: str | None = None) -> Test:
    """A question about a whole number `{x}`; with a parameter, about how it compares to that one."""
    if parameter is not None:
        return _compared(rng, f"@{parameter}", parameter, parameter)
    dice = rng.random()
    if dice < 0.4:
        return rng.choice(_PLAIN)
    if dice < 0.6:
        k = rng.randint(-5, 25)
        return _compared(rng, str(k), str(k), str(k).replace("-", "minus_"))
    k = rng.randint(2, 9)
    low = rng.randint(-5, 15)
    high = low + rng.randint(3, 20)
    return rng.choice(
        [
            Test(clause=f"that are divisible by {k}", code=f"{{x}} % {k} == 0", tag=f"divisible_by_{k}"),
            Test(clause=f"that are multiples of {k}", code=f"{{x}} % {k} == 0", tag=f"multiples_of_{k}"),
            Test(clause=f"that are not divisible by {k}", code=f"{{x}} % {k} != 0", tag=f"not_divisible_by_{k}"),
            Test(clause=f"that leave a remainder of 1 when divided by {k}", code=f"{{x}} % {k} == 1", tag=f"mod_{k}"),
            Test(clause=f"that are between {low} and {high} (inclusive)", code=f"{low} <= {{x}} <= {high}",
                 tag="in_range"),
            Test(clause=f"that are strictly between {low} and {high}", code=f"{low} < {{x}} < {high}", tag="between"),
            Test(clause=f"that are less than {low} or greater than {high}", code=f"{{x}} < {low} or {{x}} > {high}",
                 tag="outside"),
            Test(clause=f"whose last digit is {k}", code=f"abs({{x}}) % 10 == {k}", tag=f"ending_in_{k}"),
            Test(clause=f"that contain the digit {k}", code=f"'{k}' in str({{x}})", tag=f"with_digit_{k}"),
            Test(clause=f"whose digit sum is greater than {k}",
                 code=f"sum(int(d) for d in str(abs({{x}}))) > {k}", tag="large_digit_sum"),
        ]
    )  # fmt: skip


_PLAIN = [
    Test(clause="that are even", code="{x} % 2 == 0", tag="even", adjective="even"),
    Test(clause="that are odd", code="{x} % 2 == 1", tag="odd", adjective="odd"),
    Test(clause="that are even", code="{x} % 2 == 0", tag="evens"),
    Test(clause="that are odd", code="{x} % 2 != 0", tag="odds"),
    Test(clause="that are positive", code="{x} > 0", tag="positive", adjective="positive"),
    Test(clause="that are negative", code="{x} < 0", tag="negative", adjective="negative"),
    Test(clause="that are not negative", code="{x} >= 0", tag="non_negative", adjective="non-negative"),
    Test(clause="that are not zero", code="{x} != 0", tag="nonzero", adjective="nonzero"),
    Test(clause="that are even and positive", code="{x} % 2 == 0 and {x} > 0", tag="positive_even",
         adjective="positive even"),
    Test(clause="that are odd and positive", code="{x} % 2 == 1 and {x} > 0", tag="positive_odd"),
    Test(clause="that are negative or even", code="{x} < 0 or {x} % 2 == 0", tag="negative_or_even"),
    Test(clause="that have two digits", code="10 <= abs({x}) <= 99", tag="two_digit", adjective="two-digit"),
    Test(clause="that have exactly one digit", code="abs({x}) < 10", tag="single_digit", adjective="single-digit"),
    Test(clause="that have more than one digit", code="abs({x}) >= 10", tag="multi_digit"),
    Test(clause="that read the same backwards", code="str({x}) == str({x})[::-1]", tag="palindromic"),
    Test(clause="that are powers of two", code="{x} > 0 and {x} & ({x} - 1) == 0", tag="powers_of_two"),
    Test(clause="with an odd digit sum", code="sum(int(d) for d in str(abs({x}))) % 2 == 1", tag="odd_digit_sum"),
    Test(clause="that have an even number of digits", code="len(str(abs({x}))) % 2 == 0", tag="even_length"),
]  # fmt: skip


def _compared(rng: Random, spoken: str, code: str, tag: str) -> Test:
    return rng.choice(
        [
            Test(clause=f"that are greater than {spoken}", code=f"{{x}} > {code}", tag=f"greater_than_{tag}"),
            Test(clause=f"that are larger than {spoken}", code=f"{{x}} > {code}", tag=f"above_{tag}"),
            Test(clause=f"that are less than {spoken}", code=f"{{x}} < {code}", tag=f"less_than_{tag}"),
            Test(clause=f"that are smaller than {spoken}", code=f"{{x}} < {code}", tag=f"below_{tag}"),
            Test(clause=f"that are at least {spoken}", code=f"{{x}} >= {code}", tag=f"at_least_{tag}"),
            Test(clause=f"that are at most {spoken}", code=f"{{x}} <= {code}", tag=f"at_most_{tag}"),
            Test(clause=f"that are not equal to {spoken}", code=f"{{x}} != {code}", tag=f"not_{tag}"),
        ]
    )


def number_change(rng: Random) -> Change:
    """Something done to a whole number `{x}`."""
    k = rng.randint(2, 9)
    return rng.choice(
        [
            Change(phrase="the squares of {}", code="{x} * {x}", tag="squares"),
            Change(phrase="the squares of {}", code="{x} ** 2", tag="squared"),
            Change(phrase="the cubes of {}", code="{x} ** 3", tag="cubes"),
            Change(phrase="the absolute values of {}", code="abs({x})", tag="absolute"),
            Change(phrase="the doubles of {}", code="2 * {x}", tag="doubled"),
            Change(phrase="{} multiplied by " + str(k), code=f"{{x}} * {k}", tag=f"times_{k}"),
            Change(phrase="{} increased by " + str(k), code=f"{{x}} + {k}", tag=f"plus_{k}"),
            Change(phrase="{} decreased by " + str(k), code=f"{{x}} - {k}", tag=f"minus_{k}"),
            Change(phrase="the negatives of {}", code="-{x}", tag="negated"),
            Change(phrase="the last digits of {}", code="abs({x}) % 10", tag="last_digits"),
            Change(phrase="the digit sums of {}", code="sum(int(d) for d in str(abs({x})))", tag="digit_sums"),
            Change(phrase="the number of digits of each of {}", code="len(str(abs({x})))", tag="digit_counts"),
            Change(phrase="the remainders of {} divided by " + str(k), code=f"{{x}} % {k}", tag=f"mod_{k}"),
            Change(phrase="{} integer-divided by " + str(k), code=f"{{x}} // {k}", tag=f"div_{k}"),
            Change(phrase="{} as strings", code="str({x})", tag="strings", kind="str"),
        ]
    )


def word_test(rng: Random) -> Test:
    """A question about a word `{x}`."""
    k = rng.randint(2, 6)
    c = rng.choice("abcdeghilmnoprst")
    return rng.choice(
        [
            Test(clause=f"that are longer than {k} characters", code=f"len({{x}}) > {k}", tag="long"),
            Test(clause=f"that have at least {k} characters", code=f"len({{x}}) >= {k}", tag=f"at_least_{k}"),
            Test(clause=f"that are shorter than {k} characters", code=f"len({{x}}) < {k}", tag="short"),
            Test(clause=f"with exactly {k} letters", code=f"len({{x}}) == {k}", tag=f"length_{k}"),
            Test(clause=f"that start with the letter '{c}'", code=f"{{x}}.startswith('{c}')", tag=f"starting_{c}"),
            Test(clause=f"that begin with '{c}'", code=f"{{x}}[0] == '{c}'", tag=f"beginning_{c}"),
            Test(clause=f"that end with '{c}'", code=f"{{x}}.endswith('{c}')", tag=f"ending_{c}"),
            Test(clause=f"that contain the letter '{c}'", code=f"'{c}' in {{x}}", tag=f"containing_{c}"),
            Test(clause=f"that do not contain the letter '{c}'", code=f"'{c}' not in {{x}}", tag=f"without_{c}"),
            Test(clause="that start with a vowel", code="{x}[0].lower() in 'aeiou'", tag="vowel_start"),
            Test(clause="that end with a vowel", code="{x}[-1].lower() in 'aeiou'", tag="vowel_end"),
            Test(clause="that read the same backwards", code="{x} == {x}[::-1]", tag="palindromes"),
            Test(clause="that are written in lowercase", code="{x}.islower()", tag="lowercase", adjective="lowercase"),
            Test(clause="that are written in uppercase", code="{x}.isupper()", tag="uppercase", adjective="uppercase"),
            Test(clause="that start with a capital letter", code="{x}[0].isupper()", tag="capitalized"),
            Test(clause="that contain a digit", code="any(c.isdigit() for c in {x})", tag="with_digits"),
            Test(clause="that consist only of letters", code="{x}.isalpha()", tag="alphabetic"),
            Test(clause="with an even length", code="len({x}) % 2 == 0", tag="even_length"),
            Test(clause="with an odd length", code="len({x}) % 2 == 1", tag="odd_length"),
            Test(clause="that have no repeated characters", code="len(set({x})) == len({x})", tag="unique_letters"),
            Test(clause=f"that contain more than {k // 2} vowels",
                 code=f"sum(c in 'aeiou' for c in {{x}}) > {k // 2}", tag="many_vowels"),
        ]
    )  # fmt: skip


def word_change(rng: Random) -> Change:
    """Something done to a word `{x}`."""
    k = rng.randint(2, 4)
    c = rng.choice("!?*-.")
    return rng.choice(
        [
            Change(phrase="the lengths of {}", code="len({x})", tag="lengths", kind="int"),
            Change(phrase="{} in uppercase", code="{x}.upper()", tag="upper", kind="str"),
            Change(phrase="{} converted to lowercase", code="{x}.lower()", tag="lower", kind="str"),
            Change(phrase="{} with the first letter capitalized", code="{x}.capitalize()", tag="capital", kind="str"),
            Change(phrase="{}, each reversed", code="{x}[::-1]", tag="reversed", kind="str"),
            Change(phrase="the first letters of {}", code="{x}[0]", tag="initials", kind="str"),
            Change(phrase="the last letters of {}", code="{x}[-1]", tag="endings", kind="str"),
            Change(phrase=f"the first {k} characters of {{}}", code=f"{{x}}[:{k}]", tag="prefixes", kind="str"),
            Change(phrase="{}, each followed by '" + c + "'", code=f"{{x}} + '{c}'", tag="marked", kind="str"),
            Change(phrase=f"{{}}, each repeated {k} times", code=f"{{x}} * {k}", tag="repeated", kind="str"),
            Change(phrase="{} without their first character", code="{x}[1:]", tag="tails", kind="str"),
            Change(phrase="{} with all vowels removed", code="''.join(c for c in {x} if c not in 'aeiouAEIOU')",
                   tag="devoweled", kind="str"),
            Change(phrase="the number of vowels in each of {}", code="sum(c in 'aeiou' for c in {x})",
                   tag="vowel_counts", kind="int"),
        ]
    )  # fmt: skip


def number_summary(rng: Random) -> Summary:
    """Whole numbers made into one result."""
    return rng.choice([*SHARED, *SHARED, *_OF_NUMBERS, *_OF_NUMBERS, *_of_numbers_or_else(rng)])


def word_summary(rng: Random) -> Summary:
    """Words made into one result."""
    sep = rng.choice([" ", ",", "-", ", ", ""])
    called = {" ": "a space", ",": "a comma", "-": "a hyphen", ", ": "a comma and a space"}
    joined = f"the {{}} joined with {called[sep]}" if sep else "the concatenation of the {}"
    return rng.choice(
        [
            *SHARED,
            Summary(phrases=(f"a string of {joined}" if sep else joined,), expressions=(f"'{sep}'.join({{g}})",),
                    start="parts = []", update="parts.append({v})", final=f"'{sep}'.join(parts)",
                    tag="join", kind="str"),
            Summary(phrases=("the longest of the {}",), expressions=("max(({g}), key=len, default='')",),
                    start="best = ''", update="if len({v}) > len(best):\n    best = {v}", final="best",
                    tag="longest", kind="str", note="If there are several, return the first one; if there are none, "
                    "return an empty string."),
            Summary(phrases=("the {} sorted by length",), expressions=("sorted(({g}), key=len)",),
                    start="result = []", update="result.append({v})", final="sorted(result, key=len)",
                    tag="by_length", kind="list"),
            Summary(phrases=("the total number of characters in the {}",), expressions=("sum(len(s) for s in [{g}])",),
                    start="total = 0", update="total += len({v})", final="total", tag="total_length", kind="int"),
            Summary(phrases=("the {} in alphabetical order",), expressions=("sorted({g})",),
                    start="result = []", update="result.append({v})", final="sorted(result)", tag="sorted",
                    kind="list"),
        ]
    )  # fmt: skip


SHARED = [
    Summary(phrases=("a list of the {}", "a new list containing only the {}", "the {} as a list", "a list with the {}"),
            expressions=("[{g}]",), start="result = []", update="result.append({v})", final="result", tag="list",
            kind="list"),
    Summary(phrases=("the number of {}", "how many {} there are", "the count of {}"),
            expressions=("len([{g}])",), start="count = 0", update="count += 1", final="count", tag="count",
            kind="int"),
    Summary(phrases=("a list of the {} in reverse order", "the {}, last one first"),
            expressions=("[{g}][::-1]", "list(reversed([{g}]))"), start="result = []", update="result.insert(0, {v})",
            final="result", tag="reversed", kind="list"),
    Summary(phrases=("a sorted list of the {}", "the {} sorted in ascending order"), expressions=("sorted({g})",),
            start="result = []", update="result.append({v})", final="sorted(result)", tag="sorted", kind="list"),
    Summary(phrases=("the {} sorted in descending order", "a list of the {}, sorted from largest to smallest"),
            expressions=("sorted(({g}), reverse=True)",), start="result = []", update="result.append({v})",
            final="sorted(result, reverse=True)", tag="descending", kind="list"),
    Summary(phrases=("a sorted list of the {} without duplicates", "the distinct {} in ascending order"),
            expressions=("sorted(set({g}))", "sorted({{{g}}})"), start="seen = set()", update="seen.add({v})",
            final="sorted(seen)", tag="distinct", kind="list"),
    Summary(phrases=("the number of distinct {}", "how many different {} there are"), expressions=("len(set({g}))",),
            start="seen = set()", update="seen.add({v})", final="len(seen)", tag="count_distinct", kind="int"),
    Summary(phrases=("a list of the {} without duplicates, in the order they first appear",),
            expressions=("list(dict.fromkeys({g}))",), start="result = []",
            update="if {v} not in result:\n    result.append({v})", final="result", tag="unique", kind="list"),
    Summary(phrases=("a dictionary that counts how often each of the {} occurs",
                     "a dictionary mapping each of the {} to its number of occurrences"),
            expressions=("dict(Counter({g}))",), start="counts = {{}}",
            update="counts[{v}] = counts.get({v}, 0) + 1", final="counts", tag="frequency", kind="dict"),
]  # fmt: skip
_OF_NUMBERS = [
    Summary(phrases=("the sum of the {}", "the total of the {}"), expressions=("sum({g})",), start="total = 0",
            update="total += {v}", final="total", tag="sum", kind="int"),
    Summary(phrases=("the product of the {}",), expressions=("math.prod({g})",), start="product = 1",
            update="product *= {v}", final="product", tag="product", kind="int",
            note="The product of no numbers is 1."),
    Summary(phrases=("a list of the running totals of the {}", "the cumulative sums of the {}"),
            expressions=("list(itertools.accumulate({g}))",), start="result = []",
            update="result.append(result[-1] + {v} if result else {v})", final="result", tag="running_sum",
            kind="list"),
    Summary(phrases=("a list in which each element is the largest of the {} seen so far",),
            expressions=("list(itertools.accumulate(({g}), max))",), start="result = []",
            update="result.append(max(result[-1], {v}) if result else {v})", final="result", tag="running_max",
            kind="list"),
]  # fmt: skip


def _of_numbers_or_else(rng: Random) -> list[Summary]:
    other = rng.choice(["None", "0", "-1", "None"])
    note = rng.choice(["If there are none, return {}.", "Return {} if there are no such numbers.",
                       "If no such number exists, the result is {}."]).format(other)  # fmt: skip
    kind = "int | None" if other == "None" else "int"

    def of(phrases: tuple[str, ...], expression: str, sign: str, tag: str) -> Summary:
        update = f"if best is None or {{v}} {sign} best:\n    best = {{v}}"
        final = "best" if other == "None" else f"{other} if best is None else best"
        return Summary(phrases=phrases, expressions=(expression,), start="best = None", update=update, final=final,
                       tag=tag, kind=kind, note=note)  # fmt: skip

    return [
        of(("the largest of the {}", "the maximum of the {}", "the biggest of the {}"),
           f"max(({{g}}), default={other})", ">", "max"),
        of(("the smallest of the {}", "the minimum of the {}"), f"min(({{g}}), default={other})", "<", "min"),
        Summary(phrases=("the first of the {}",), expressions=(f"next(({{g}}), {other})",), start="found = []",
                update="found.append({v})", final=f"found[0] if found else {other}", tag="first", kind=kind,
                note=note),
        Summary(phrases=("the last of the {}",), expressions=(f"([{other}] + [{{g}}])[-1]",), start=f"last = {other}",
                update="last = {v}", final="last", tag="last", kind=kind, note=note),
        Summary(phrases=("the average of the {}", "the mean of the {}"),
                expressions=("(lambda v: sum(v) / len(v) if v else 0.0)([{g}])",),
                start="values = []", update="values.append({v})",
                final="sum(values) / len(values) if values else 0.0", tag="average", kind="float",
                note="If there are none, return 0.0."),
        Summary(phrases=("the difference between the largest and the smallest of the {}", "the range of the {}"),
                expressions=("(lambda v: max(v) - min(v) if v else 0)([{g}])",), start="values = []",
                update="values.append({v})", final="max(values) - min(values) if values else 0", tag="spread",
                kind="int", note="If there are none, return 0."),
    ]  # fmt: skip
