"""Typed operations: from one kind of value to another, each with ways to say it and code. Chains, choices and pairs draw from here.

In texts `$x` is the thing itself, `$e` its elements in the plural, `$o` one element. In code `$x` is the value, `$v` an element,
`$k` a parameter. `$p` is a test as predicate ("is even"), `$P` its plural, `$t` its code; `$N` a key as "its digit sum",
`$n` the same without "its", `$m` the plural with `$e`, `$K` its code. Kinds: i int, f float, s str, b bool, L list of int,
W list of str, C list of characters, D dict from str to int, E dict from int to int, M list of lists of int, p pair of int.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from gemstead.train.curriculum import glue
from gemstead.train.curriculum.draft import Draft
from gemstead.train.curriculum.glue import sub
from gemstead.train.curriculum.lessons import Lessons

lesson = Lessons("steps")


@dataclass(frozen=True)
class Test:
    """A question about one value `$v`."""

    kind: str
    tag: str
    predicate: str
    code: str
    par: str = ""


@dataclass(frozen=True)
class Key:
    """A value derived from one value `$v`. `many` is plural, with `$e`; `more` compares: "has more digits" would be "more digits"."""

    kind: str
    out: str
    tag: str
    its: str
    many: str
    code: str
    par: str = ""
    imports: str = ""

    @property
    def said(self) -> str:
        """ "its digit sum", without marks."""
        return self.its.replace("^", "").rstrip(",")

    def of(self, thing: str) -> str:
        """ "the digit sum of @n"."""
        return owned(self.its, thing)


@dataclass(frozen=True)
class Row:
    """One line of the table of operations."""

    src: str
    dst: str
    tag: str
    do: str
    np: str
    code: str
    loop: str = ""
    par: str = ""
    test: str = ""
    key: str = ""
    imports: str = ""
    weight: int = 1


@dataclass
class Op:
    """An operation with its parameter, test or key chosen. Texts still hold `$x`, `$e`, `$o`; code `$x`, `$y`, `$v`, `$k`."""

    src: str
    dst: str
    tag: str
    do: str
    np: str
    code: str
    loop: str
    imports: str
    k_say: str = ""
    k_code: str = ""
    k_value: object = None

    def text(self, form: str, thing: str, many: str) -> str:
        return sub(form, {"x": thing, "e": many, "o": glue.ONE.get(self.src, "element")})


TESTS: dict[str, list[Test]] = {}
KEYS: dict[str, list[Key]] = {}
ROWS: dict[str, list[Row]] = {}
SEPARATORS = {
    "-": "a hyphen",
    ", ": "a comma and a space",
    "/": "a slash",
    " ": "a space",
    "_": "an underscore",
    "+": "a plus sign",
    ":": "a colon",
}


def T(kinds: str, tag: str, predicate: str, code: str, par: str = "") -> None:
    for kind in kinds:
        TESTS.setdefault(kind, []).append(Test(kind, tag, predicate, code, par))


def K(path: str, tag: str, its: str, many: str, code: str, par: str = "", imports: str = "") -> None:
    kinds, out = path.split(">")
    for kind in kinds:
        KEYS.setdefault(kind, []).append(Key(kind, out, tag, its, many, code, par, imports))


def R(
    path: str,
    tag: str,
    do: str,
    np: str,
    code: str,
    loop: str = "",
    par: str = "",
    test: str = "",
    key: str = "",
    imports: str = "",
    weight: int = 1,
) -> None:
    kinds, dst = path.split(">")
    for kind in kinds:
        ROWS.setdefault(kind, []).append(
            Row(kind, kind if dst == "=" else dst, tag, do, np, code, loop, par, test, key, imports, weight)
        )


# ---------------------------------------------------------------------------------------------------- tests on one value
T("i", "even", "is even", "$v % 2 == 0")
T("i", "odd", "is odd", "$v % 2 == 1")
T("i", "positive", "is positive", "$v > 0")
T("i", "negative", "is negative", "$v < 0")
T("i", "zero", "is equal to zero", "$v == 0")
T("i", "divisible_by_$k", "is divisible by $k", "$v % $k == 0", "2-9")
T("i", "multiple_of_$k", "is a multiple of $k", "$v % $k == 0", "3-8")
T("i", "mod_$k", "leaves a remainder of 1 when divided by $k", "$v % $k == 1", "3-7")
T("i", "above_$k", "is greater than $k", "$v > $k", "-2-25")
T("i", "over_$k", "is more than $k", "$v > $k", "1-20")
T("i", "below_$k", "is less than $k", "$v < $k", "1-25")
T("i", "at_least_$k", "is at least $k", "$v >= $k", "0-20")
T("i", "at_most_$k", "is at most $k", "$v <= $k", "1-25")
T("i", "near_$k", "differs from $k by at most 5", "abs($v - $k) <= 5", "3-25")
T("i", "small_size", "has an absolute value of at most $k", "abs($v) <= $k", "4-15")
T("i", "ends_in_$k", "has the last digit $k", "abs($v) % 10 == $k", "0-9")
T("i", "has_digit_$k", "contains the digit $k", "str($k) in str($v)", "0-9")
T("i", "two_digit", "has exactly two digits", "10 <= abs($v) <= 99")
T("i", "one_digit", "has only one digit", "abs($v) < 10")
T("i", "odd_digit_sum", "has an odd digit sum", "sum(int(d) for d in str(abs($v))) % 2 == 1")
T("i", "digit_sum_over_$k", "has a digit sum greater than $k", "sum(int(d) for d in str(abs($v))) > $k", "3-9")
T("i", "equal_digits", "has no two different digits", "len(set(str(abs($v)))) == 1")
T("i", "twos", "is a power of two", "$v > 0 and $v & ($v - 1) == 0")
T("i", "squares", "is a perfect square", "$v >= 0 and int($v ** 0.5) ** 2 == $v")
T("i", "even_positive", "is even and greater than $k", "$v % 2 == 0 and $v > $k", "0-12")
T("i", "by_2_or_$k", "is divisible by 2 or by $k", "$v % 2 == 0 or $v % $k == 0", "3-9")
T("i", "between", "lies between $k and 30, both included", "$k <= $v <= 30", "-3-12")
T("i", "outside", "is smaller than $k or larger than 20", "$v < $k or $v > 20", "-3-12")
T("s", "long", "is longer than $k characters", "len($v) > $k", "2-7")
T("s", "short", "has fewer than $k characters", "len($v) < $k", "3-8")
T("s", "length_$k", "has exactly $k characters", "len($v) == $k", "3-6")
T("s", "at_least_$k", "has at least $k characters", "len($v) >= $k", "3-6")
T("s", "even_length", "has an even number of characters", "len($v) % 2 == 0")
T("s", "odd_length", "has an odd length", "len($v) % 2 == 1")
T("s", "starting", "starts with $k", "$v.startswith($k)", "letter")
T("s", "ending", "ends with $k", "$v.endswith($k)", "letter")
T("s", "containing", "contains $k", "$k in $v", "letter")
T("s", "twice", "contains $k at least twice", "$v.count($k) >= 2", "letter")
T("s", "vowel_start", "starts with a vowel", "$v.lower().startswith(('a', 'e', 'i', 'o', 'u'))")
T("s", "vowel_end", "ends with a vowel", "$v.lower().endswith(('a', 'e', 'i', 'o', 'u'))")
T("s", "capitalized", "starts with a capital letter", "$v[:1].isupper()")
T("s", "lowercase", "is written in lowercase", "$v.islower()")
T("s", "alphabetic", "consists only of letters", "$v.isalpha()")
T("s", "with_digit", "contains a digit", "any(c.isdigit() for c in $v)")
T("s", "with_capital", "contains an uppercase letter", "any(c.isupper() for c in $v)")
T("s", "no_repeats", "contains no character twice", "len(set($v)) == len($v)")
T("s", "same_ends", "has the same first and last character", "$v[:1] == $v[-1:]")
T("s", "vowels_over_$k", "has more than $k vowels", "sum(c in 'aeiou' for c in $v.lower()) > $k", "1-3")
T("s", "no_vowels_at_all", "contains no vowels", "not any(c in 'aeiou' for c in $v.lower())")
T("s", "doubled", "has two equal characters next to each other", "any(a == b for a, b in zip($v, $v[1:]))")
T("s", "early", "comes before $k in dictionary order", "$v < $k", "word")
T("c", "vowel", "is a vowel", "$v in 'aeiouAEIOU'")
T("c", "consonant", "is a consonant", "$v.isalpha() and $v.lower() not in 'aeiou'")
T("c", "digit", "is a digit", "$v.isdigit()")
T("c", "letter", "is a letter", "$v.isalpha()")
T("c", "upper", "is an uppercase letter", "$v.isupper()")
T("c", "lower", "is a lowercase letter", "$v.islower()")
T("c", "alnum", "is a letter or a digit", "$v.isalnum()")
T("c", "early", "is one of the letters a to m, in either case", "'a' <= $v.lower() <= 'm'")
T("c", "equal", "is equal to $k", "$v == $k", "letter")
T("c", "one_of", "is one of the letters $k or 'e'", "$v in ($k, 'e')", "letter")
T("L", "sum_even", "has an even sum", "sum($v) % 2 == 0")
T("L", "sum_over_$k", "has a sum greater than $k", "sum($v) > $k", "5-25")
T("L", "long", "has more than $k elements", "len($v) > $k", "1-4")
T("L", "with_negative", "contains a negative number", "any(n < 0 for n in $v)")
T("L", "with_even", "contains an even number", "any(n % 2 == 0 for n in $v)")
T("L", "all_below", "contains only numbers below $k", "all(n < $k for n in $v)", "12-25")
T("L", "rising", "is in ascending order", "$v == sorted($v)")
T("L", "has_repeats", "contains some value more than once", "len(set($v)) < len($v)")
T("L", "has_$k", "contains the number $k", "$k in $v", "0-9")
T("L", "start_big", "starts with a number greater than $k", "$v[0] > $k", "2-12")
T("L", "end_even", "ends with an even number", "$v[-1] % 2 == 0")
T("L", "same_ends", "starts with a smaller number than it ends with", "$v[0] < $v[-1]")
T("W", "count_over_$k", "has more than $k elements", "len($v) > $k", "1-4")
T("W", "chars_over", "has more than $k characters in all its strings together", "sum(len(w) for w in $v) > $k", "8-20")
T("W", "sorted_words", "is in alphabetical order", "$v == sorted($v)")
T("W", "all_short", "contains only strings of at most $k characters", "all(len(w) <= $k for w in $v)", "4-7")
T("W", "some_capital", "contains a string that starts with a capital letter", "any(w[:1].isupper() for w in $v)")
T("W", "with_dupes", "contains some string twice", "len(set($v)) < len($v)")
T("p", "ordered", "has a first number smaller than its second", "$v[0] < $v[1]")
T("p", "both_even", "consists of two even numbers", "$v[0] % 2 == 0 and $v[1] % 2 == 0")
T("p", "sum_over", "has a sum greater than $k", "$v[0] + $v[1] > $k", "5-25")
T("p", "close", "has numbers that are at most $k apart", "abs($v[0] - $v[1]) <= $k", "4-12")
T("p", "same_parity", "consists of two numbers of the same parity", "($v[0] + $v[1]) % 2 == 0")
T("D", "total_over", "has values that add up to more than $k", "sum($v.values()) > $k", "15-40")
T("D", "some_negative", "contains a negative value", "any(n < 0 for n in $v.values())")
T("D", "size_over", "has more than $k entries", "len($v) > $k", "1-3")
T("M", "rows_over", "has more than $k inner lists", "len($v) > $k", "1-3")
T("M", "some_row", "contains an inner list with a negative sum", "any(sum(row) < 0 for row in $v)")
T("f", "whole", "is a whole number", "$v == int($v)")
T("f", "above", "is greater than $k", "$v > $k", "2-20")
T("f", "negative", "is negative", "$v < 0")

# -------------------------------------------------------------------------------------------------------- derived values
DIGITS = "str(abs($v))"
K("i>i", "squared", "its square", "the squares of $e", "$v * $v")
K("i>i", "cubed", "its cube", "the cubes of $e", "$v ** 3")
K("i>i", "absolute", "its absolute value", "the absolute values of $e", "abs($v)")
K("i>i", "negated", "its value^ with the sign changed", "the negatives of $e", "-$v")
K("i>i", "doubled", "its double", "the doubles of $e", "$v * 2")
K("i>i", "halved", "its half, rounded down", "the halves, rounded down, of $e", "$v // 2")
K("i>i", "last_digit", "its last digit", "the last digits of $e", "abs($v) % 10")
K("i>i", "first_digit", "its first digit", "the first digits of $e", f"int({DIGITS}[0])")
K("i>i", "digit_sum", "its digit sum", "the digit sums of $e", f"sum(int(d) for d in {DIGITS})")
K("i>i", "num_digits", "its number of digits", "the numbers of digits of $e", f"len({DIGITS})")
K("i>i", "largest_digit", "its largest digit", "the largest digits of $e", f"max(int(d) for d in {DIGITS})")
K("i>i", "smallest_digit", "its smallest digit", "the smallest digits of $e", f"min(int(d) for d in {DIGITS})")
K(
    "i>i",
    "even_digits",
    "its number of even digits",
    "the numbers of even digits in each of $e",
    f"sum(int(d) % 2 == 0 for d in {DIGITS})",
)
K(
    "i>i",
    "different_digits",
    "its number of different digits",
    "the numbers of different digits in each of $e",
    f"len(set({DIGITS}))",
)
K(
    "i>i",
    "digit_product",
    "the product of its digits",
    "the digit products of $e",
    f"math.prod(int(d) for d in {DIGITS})",
    imports="import math",
)
K(
    "i>i",
    "digits_backwards",
    "its digits^ in reverse order, read as a number,",
    "the numbers that arise when the digits are reversed in each of $e",
    f"int({DIGITS}[::-1])",
)
K(
    "i>i",
    "binary_ones",
    "its number of ones in binary",
    "the numbers of ones in the binary forms of $e",
    "bin($v).count('1')",
)
K("i>i", "mod_$k", "its remainder when divided by $k", "the remainders after dividing by $k of $e", "$v % $k", "3-9")
K(
    "i>i",
    "div_$k",
    "its quotient, rounded down, when divided by $k",
    "the quotients, rounded down, of dividing by $k each of $e",
    "$v // $k",
    "2-9",
)
K("i>i", "plus_$k", "its value^ plus $k", "the sums with $k of $e", "$v + $k", "2-12")
K(
    "i>i",
    "minus_$k",
    "the result of subtracting $k from it",
    "the results of subtracting $k from each of $e",
    "$v - $k",
    "2-12",
)
K("i>i", "times_$k", "its value^ times $k", "the products with $k of $e", "$v * $k", "3-9")
K("i>i", "distance_to_$k", "its distance from $k", "the distances from $k of $e", "abs($v - $k)", "3-20")
K(
    "i>i",
    "at_least_$k",
    "the larger of it and $k",
    "the larger of $k and each number, for all of $e",
    "max($v, $k)",
    "0-9",
)
K(
    "i>i",
    "capped_$k",
    "the smaller of it and $k",
    "the smaller of $k and each number, for all of $e",
    "min($v, $k)",
    "5-20",
)
K(
    "i>i",
    "down_to_$k",
    "the largest multiple of $k that is not above it",
    "the largest multiples of $k not above each of $e",
    "$v // $k * $k",
    "3-9",
)
K("i>i", "sign", "its sign (-1, 0 or 1)", "the signs (-1, 0 or 1) of $e", "($v > 0) - ($v < 0)")
K(
    "i>i",
    "gcd_$k",
    "its greatest common divisor with $k",
    "the greatest common divisors with $k of $e",
    "math.gcd($v, $k)",
    "6-24",
    "import math",
)
K(
    "i>i",
    "num_divisors",
    "its number of divisors from 1 to 9",
    "the numbers of divisors from 1 to 9 of $e",
    "sum($v % d == 0 for d in range(1, 10))",
)
K(
    "i>i",
    "no_last_digit",
    "its value without the sign and the last digit",
    "the values without sign and last digit of $e",
    "abs($v) // 10",
)
K("i>s", "as_text", "its decimal string", "the decimal strings of $e", "str($v)")
K("i>s", "binary", "its binary digits (without a sign)", "the binary digits, without a sign, of $e", "bin(abs($v))[2:]")
K(
    "i>s",
    "hexadecimal",
    "its lowercase hexadecimal digits^ (without a sign)",
    "the lowercase hexadecimal digits, without a sign, of $e",
    "hex(abs($v))[2:]",
)
K(
    "i>s",
    "padded_$k",
    "its decimal string^ padded with leading zeros to $k characters",
    "the decimal strings, padded with leading zeros to $k characters, of $e",
    "str($v).zfill($k)",
    "3-6",
)
K(
    "i>s",
    "signed",
    "its decimal string^ with an explicit sign, also for zero ('+0'),",
    "the decimal strings with an explicit sign ('+0' for zero) of $e",
    "f'{$v:+d}'",
)
K(
    "i>s",
    "parity",
    "the word 'even' or 'odd' that describes it",
    "the words 'even' or 'odd' that describe each of $e",
    "'even' if $v % 2 == 0 else 'odd'",
)
K("i>f", "half", "its exact half^ as a float", "the exact halves, as floats, of $e", "$v / 2")
K(
    "i>f",
    "tenth",
    "its tenth, rounded to one decimal,",
    "the tenths, rounded to one decimal, of $e",
    "round($v / 10, 1)",
)
K(
    "i>f",
    "ratio_$k",
    "its quotient by $k, rounded to two decimals,",
    "the quotients by $k, rounded to two decimals, of $e",
    "round($v / $k, 2)",
    "3-9",
)
K("s>i", "length", "its length", "the lengths of $e", "len($v)")
K(
    "s>i",
    "num_vowels",
    "its number of vowels",
    "the numbers of vowels in each of $e",
    "sum(c in 'aeiou' for c in $v.lower())",
)
K(
    "s>i",
    "num_consonants",
    "its number of consonants",
    "the numbers of consonants in each of $e",
    "sum(c.isalpha() and c not in 'aeiou' for c in $v.lower())",
)
K("s>i", "num_digits", "its number of digits", "the numbers of digits in each of $e", "sum(c.isdigit() for c in $v)")
K(
    "s>i",
    "num_capitals",
    "its number of uppercase letters",
    "the numbers of uppercase letters in each of $e",
    "sum(c.isupper() for c in $v)",
)
K("s>i", "num_letters", "its number of letters", "the numbers of letters in each of $e", "sum(c.isalpha() for c in $v)")
K(
    "s>i",
    "num_different",
    "its number of different characters",
    "the numbers of different characters in each of $e",
    "len(set($v))",
)
K(
    "s>i",
    "count_$k",
    "its number of occurrences of $k",
    "the numbers of occurrences of $k in each of $e",
    "$v.count($k)",
    "letter",
)
K(
    "s>i",
    "doubles",
    "its number of adjacent equal characters",
    "the numbers of adjacent equal characters in each of $e",
    "sum(a == b for a, b in zip($v, $v[1:]))",
)
K(
    "s>i",
    "non_letters",
    "its number of characters that are not letters",
    "the numbers of characters other than letters in each of $e",
    "sum(not c.isalpha() for c in $v)",
)
K(
    "s>i",
    "digit_total",
    "the sum of its digits^ (0 if it has none)",
    "the sums of the digits in each of $e",
    "sum(int(c) for c in $v if c.isdigit())",
)
K(
    "s>i",
    "last_at",
    "the last index at which it contains $k (-1 if nowhere)",
    "the last indices of $k (-1 if it is missing) in each of $e",
    "$v.rfind($k)",
    "letter",
)
K(
    "s>i",
    "first_at",
    "the first index at which it contains $k (-1 if nowhere)",
    "the first indices of $k (-1 if it is missing) in each of $e",
    "$v.find($k)",
    "letter",
)
K(
    "s>i",
    "code_sum",
    "the sum of the alphabet positions (a = 1) of its letters",
    "the sums of the alphabet positions (a = 1) of the letters in each of $e",
    "sum(ord(c) - 96 for c in $v.lower() if c.isalpha())",
)
K(
    "s>i",
    "capital_lead",
    "its number of uppercase letters^ minus its number of lowercase letters",
    "the differences between the numbers of uppercase and lowercase letters in each of $e",
    "sum(c.isupper() for c in $v) - sum(c.islower() for c in $v)",
)
K("s>s", "uppercase", "its uppercase form", "the uppercase forms of $e", "$v.upper()")
K("s>s", "lowercase", "its lowercase form", "the lowercase forms of $e", "$v.lower()")
K(
    "s>s",
    "swapcased",
    "its form with upper and lower case swapped",
    "the forms with upper and lower case swapped of $e",
    "$v.swapcase()",
)
K("s>s", "backwards", "its reverse", "the reversed forms of $e", "$v[::-1]")
K(
    "s>s",
    "no_vowels",
    "its characters other than vowels",
    "the non-vowel parts of $e",
    "''.join(c for c in $v if c not in 'aeiouAEIOU')",
)
K(
    "s>s",
    "vowels_only",
    "its vowels",
    "the vowels, as strings, in each of $e",
    "''.join(c for c in $v if c in 'aeiouAEIOU')",
)
K(
    "s>s",
    "letters_only",
    "its letters",
    "the letters, as strings, in each of $e",
    "''.join(c for c in $v if c.isalpha())",
)
K("s>s", "digits_only", "its digits", "the digits, as strings, in each of $e", "''.join(c for c in $v if c.isdigit())")
K(
    "s>s",
    "first_half",
    "its first half (without the middle character if the length is odd)",
    "the first halves (without a middle character) of $e",
    "$v[:len($v) // 2]",
)
K(
    "s>s",
    "second_half",
    "its second half (with the middle character if the length is odd)",
    "the second halves (with a middle character) of $e",
    "$v[len($v) // 2:]",
)
K(
    "s>s",
    "alternate",
    "its characters^ at even positions (0, 2, 4, ...)",
    "the characters at even positions (0, 2, 4, ...), as strings, of each of $e",
    "$v[::2]",
)
K(
    "s>s",
    "odd_places",
    "its characters^ at odd positions (1, 3, 5, ...)",
    "the characters at odd positions (1, 3, 5, ...), as strings, of each of $e",
    "$v[1::2]",
)
K("s>s", "prefix_$k", "its first $k characters", "the first $k characters of each of $e", "$v[:$k]", "2-4")
K("s>s", "suffix_$k", "its last $k characters", "the last $k characters of each of $e", "$v[-$k:]", "2-4")
K("s>s", "without_first", "its part after the first character", "the parts after the first character of $e", "$v[1:]")
K("s>s", "without_last", "its part before the last character", "the parts before the last character of $e", "$v[:-1]")
K(
    "s>s",
    "sorted_letters",
    "its characters in sorted order",
    "the strings of the sorted characters of each of $e",
    "''.join(sorted($v))",
)
K(
    "s>s",
    "deduped",
    "its different characters in order of first appearance",
    "the different characters, in order of first appearance, of each of $e",
    "''.join(dict.fromkeys($v))",
)
K(
    "s>s",
    "stretched",
    "its characters, each written twice,",
    "the strings with every character doubled from $e",
    "''.join(c * 2 for c in $v)",
)
K(
    "s>s",
    "mirrored",
    "its text followed by the reverse of that text",
    "the texts followed by their reverse, for each of $e",
    "$v + $v[::-1]",
)
K(
    "s>s",
    "starred",
    "its text with every vowel replaced by '*'",
    "the texts, with every vowel replaced by '*', of $e",
    "''.join('*' if c in 'aeiouAEIOU' else c for c in $v)",
)
K(
    "s>s",
    "hashed",
    "its text with every digit replaced by '#'",
    "the texts, with every digit replaced by '#', of $e",
    "''.join('#' if c.isdigit() else c for c in $v)",
)
K(
    "s>s",
    "no_$k",
    "its text without the character $k",
    "the texts, without the character $k, of $e",
    "$v.replace($k, '')",
    "letter",
)
K(
    "s>s",
    "hyphenated",
    "its characters joined by hyphens",
    "the characters, joined by hyphens, of each of $e",
    "'-'.join($v)",
)
K("s>s", "repeated_$k", "its text repeated $k times", "the texts, repeated $k times, of $e", "$v * $k", "2-3")
K(
    "s>s",
    "rotated",
    "its text with the first character moved to the end",
    "the texts, with the first character moved to the end, of $e",
    "$v[1:] + $v[:1]",
)
K(
    "s>s",
    "rolled",
    "its text with the last character moved to the front",
    "the texts, with the last character moved to the front, of $e",
    "$v[-1:] + $v[:-1]",
)
K("s>s", "bracketed", "its text in square brackets", "the texts, in square brackets, of $e", "f'[{$v}]'")
K(
    "s>s",
    "padded_$k",
    "its text padded with dots on the right to at least $k characters",
    "the texts, padded with dots on the right to at least $k characters, of $e",
    "$v.ljust($k, '.')",
    "6-9",
)
K(
    "s>s",
    "ends",
    "its first and last character together",
    "the strings of the first and the last character of each of $e",
    "$v[:1] + $v[-1:]",
)
K(
    "s>s",
    "titled",
    "its text with the first character in uppercase and the rest in lowercase",
    "the capitalized forms of $e",
    "$v.capitalize()",
)
K(
    "s>s",
    "swapped_ends",
    "its text with the halves exchanged (cut after len // 2 characters)",
    "the texts, with the halves exchanged (cut after len // 2 characters), of $e",
    "$v[len($v) // 2:] + $v[:len($v) // 2]",
)
K(
    "s>s",
    "most_common_char",
    "its most frequent character (the first such one in a tie, an empty string if it has none)",
    "the most frequent characters (the first in a tie) of each of $e",
    "max($v, key=$v.count, default='')",
)
K(
    "s>s",
    "next_letters",
    "its text with each lowercase letter replaced by the next one in the alphabet ('z' becomes 'a')",
    "the texts, with each lowercase letter replaced by the next one ('z' becomes 'a'), of $e",
    "''.join(chr((ord(c) - 96) % 26 + 97) if 'a' <= c <= 'z' else c for c in $v)",
)
K("L>i", "total", "its sum", "the sums of $e", "sum($v)")
K("L>i", "size", "its number of elements", "the numbers of elements of $e", "len($v)")
K("L>i", "largest", "its largest element", "the largest elements of $e", "max($v)")
K("L>i", "smallest", "its smallest element", "the smallest elements of $e", "min($v)")
K(
    "L>i",
    "spread",
    "the difference between its largest and its smallest element",
    "the differences between the largest and the smallest element of $e",
    "max($v) - min($v)",
)
K("L>i", "first", "its first element", "the first elements of $e", "$v[0]")
K("L>i", "last", "its last element", "the last elements of $e", "$v[-1]")
K("L>i", "variety", "its number of different values", "the numbers of different values in each of $e", "len(set($v))")
K(
    "L>i",
    "evens",
    "its number of even elements",
    "the numbers of even elements in each of $e",
    "sum(n % 2 == 0 for n in $v)",
)
K(
    "L>i",
    "positives_total",
    "the sum of its positive elements",
    "the sums of the positive elements in each of $e",
    "sum(n for n in $v if n > 0)",
)
K(
    "L>i",
    "over_$k",
    "its number of elements greater than $k",
    "the numbers of elements greater than $k in each of $e",
    "sum(n > $k for n in $v)",
    "2-12",
)
K(
    "L>i",
    "rises",
    "its number of elements that are larger than the one before",
    "the numbers of elements that are larger than the one before in each of $e",
    "sum(b > a for a, b in zip($v, $v[1:]))",
)
K(
    "L>i",
    "alternating",
    "its alternating sum (first minus second plus third and so on)",
    "the alternating sums (first minus second plus third and so on) of $e",
    "sum($v[::2]) - sum($v[1::2])",
)
K(
    "L>i",
    "middle",
    "its lower median (the element at index (n - 1) // 2 after sorting)",
    "the lower medians (index (n - 1) // 2 after sorting) of $e",
    "sorted($v)[(len($v) - 1) // 2]",
)
K(
    "L>i",
    "mode",
    "its most frequent element (the smallest such one in a tie)",
    "the most frequent elements (the smallest in a tie) of $e",
    "max(sorted($v), key=$v.count)",
)
K(
    "L>i",
    "squares_total",
    "the sum of the squares of its elements",
    "the sums of the squares of the elements of each of $e",
    "sum(n * n for n in $v)",
)
K(
    "L>i",
    "sizes_total",
    "the sum of the absolute values of its elements",
    "the sums of the absolute values in each of $e",
    "sum(abs(n) for n in $v)",
)
K(
    "L>i",
    "max_at",
    "the index of its largest element^ (the first such one)",
    "the indices of the (first) largest elements of $e",
    "$v.index(max($v))",
)
K(
    "L>i",
    "min_at",
    "the index of its smallest element^ (the first such one)",
    "the indices of the (first) smallest elements of $e",
    "$v.index(min($v))",
)
K(
    "L>i",
    "ends_sum",
    "the sum of its first and its last element",
    "the sums of the first and the last element of each of $e",
    "$v[0] + $v[-1]",
)
K(
    "L>i",
    "even_places_total",
    "the sum of its elements^ at even indices",
    "the sums of the elements at even indices of each of $e",
    "sum($v[::2])",
)
K(
    "L>i",
    "gaps",
    "the largest difference between two neighbours^ (0 if there are none)",
    "the largest differences between neighbours (0 if there are none) in each of $e",
    "max((abs(a - b) for a, b in zip($v, $v[1:])), default=0)",
)
K(
    "L>i",
    "weighted",
    "the sum of its elements^, each multiplied by its index,",
    "the sums of element times index over each of $e",
    "sum(i * n for i, n in enumerate($v))",
)
K(
    "L>i",
    "repeats",
    "its number of elements that have already occurred before",
    "the numbers of repeated elements in each of $e",
    "len($v) - len(set($v))",
)
K(
    "L>i",
    "inversions",
    "its number of pairs^ in the wrong order (an earlier element larger than a later one)",
    "the numbers of pairs in the wrong order (earlier element larger) in each of $e",
    "sum(a > b for i, a in enumerate($v) for b in $v[i + 1:])",
)
K(
    "L>i",
    "missing",
    "the smallest non-negative integer that it does not contain",
    "the smallest non-negative integers missing from each of $e",
    "next(n for n in range(len($v) + 1) if n not in $v)",
)
K(
    "L>f",
    "average",
    "its average, rounded to two decimals,",
    "the averages, rounded to two decimals, of $e",
    "round(sum($v) / len($v), 2)",
)
K("L>f", "half_total", "half of its sum^, as a float,", "the halved sums, as floats, of $e", "sum($v) / 2")
K(
    "L>f",
    "mid_range",
    "the mean of its largest and smallest element^, as a float,",
    "the means of the largest and the smallest element of each of $e",
    "(max($v) + min($v)) / 2",
)
K(
    "L>f",
    "even_share",
    "the share of its elements^ that are even, rounded to two decimals,",
    "the shares of even elements (two decimals) in each of $e",
    "round(sum(n % 2 == 0 for n in $v) / len($v), 2)",
)
K("WC>i", "size", "its number of elements", "the numbers of elements of $e", "len($v)")
K("W>i", "chars", "its total number of characters", "the total numbers of characters of $e", "sum(len(w) for w in $v)")
K(
    "W>i",
    "longest_length",
    "the length of its longest string",
    "the lengths of the longest strings of $e",
    "max(len(w) for w in $v)",
)
K(
    "W>i",
    "shortest_length",
    "the length of its shortest string",
    "the lengths of the shortest strings of $e",
    "min(len(w) for w in $v)",
)
K("WC>i", "variety", "its number of different elements", "the numbers of different elements of $e", "len(set($v))")
K(
    "W>i",
    "initial_variety",
    "its number of different first letters, ignoring case,",
    "the numbers of different first letters in $e",
    "len({w[:1].lower() for w in $v})",
)
K("p>i", "total", "the sum of its two numbers", "the sums of both numbers of $e", "$v[0] + $v[1]")
K("p>i", "difference", "its first number minus its second", "the differences of the numbers of $e", "$v[0] - $v[1]")
K("p>i", "gap", "the distance between its two numbers", "the distances of the numbers of $e", "abs($v[0] - $v[1])")
K("p>i", "product", "the product of its two numbers", "the products of the numbers of $e", "$v[0] * $v[1]")
K("p>i", "larger", "its larger number", "the larger numbers of $e", "max($v)")
K("p>i", "smaller", "its smaller number", "the smaller numbers of $e", "min($v)")
K(
    "p>i",
    "blend_$k",
    "the first of its two numbers plus $k times the second",
    "the blends of $e",
    "$v[0] + $k * $v[1]",
    "2-6",
)
K("p>s", "joined", "its two numbers^ joined by a colon, as a string,", "the joined numbers of $e", "f'{$v[0]}:{$v[1]}'")
K(
    "p>s",
    "sign",
    "the sign '<', '=' or '>' that belongs between its two numbers^",
    "the signs of $e",
    "'<' if $v[0] < $v[1] else '>' if $v[0] > $v[1] else '='",
)
K("p>f", "mean", "the mean of its two numbers^, as a float,", "the means of $e", "($v[0] + $v[1]) / 2")
K("p>p", "exchanged", "its two numbers in exchanged order", "the exchanged pairs of $e", "($v[1], $v[0])")
K("p>p", "ordered", "its two numbers^ in ascending order, as a pair,", "the ordered pairs of $e", "(min($v), max($v))")
K(
    "p>p",
    "steps",
    "the pair of the sum and the difference of its two numbers^ (first minus second)",
    "the sums and differences of $e",
    "($v[0] + $v[1], $v[0] - $v[1])",
)
K(
    "p>p",
    "shifted_$k",
    "the pair of its two numbers^, both increased by $k,",
    "the shifted pairs of $e",
    "($v[0] + $k, $v[1] + $k)",
    "2-9",
)

K(
    "f>i",
    "rounded_down",
    "its value rounded down",
    "the values rounded down of $e",
    "math.floor($v)",
    imports="import math",
)
K("f>i", "rounded_up", "its value rounded up", "the values rounded up of $e", "math.ceil($v)", imports="import math")
K("f>i", "cut", "its integer part (towards zero)", "the integer parts of $e", "int($v)")
K("f>i", "hundredths", "its value in hundredths^, rounded to an integer,", "the hundredths of $e", "round($v * 100)")
K(
    "f>f",
    "fraction",
    "its distance^ from the next lower (or equal) integer",
    "the fractions of $e",
    "$v - math.floor($v)",
    imports="import math",
)
K("f>f", "one_decimal", "its value rounded to one decimal", "the rounded values of $e", "round($v, 1)")
K("f>f", "doubled", "its double", "the doubles of $e", "$v * 2")
K("f>f", "plus_$k", "its value^ plus $k", "the sums of $e", "$v + $k", "2-9")
K("f>f", "absolute", "its absolute value", "the absolute values of $e", "abs($v)")
K(
    "f>s",
    "formatted",
    "its decimal form^ with exactly two decimals, as a string,",
    "the decimal forms of $e",
    "f'{$v:.2f}'",
)
K(
    "f>s",
    "percent",
    "its decimal form^ with one decimal, followed by a percent sign,",
    "the percent forms of $e",
    "f'{$v:.1f}%'",
)
K("D>i", "total", "the sum of its values", "the value sums of $e", "sum($v.values())")
K("D>i", "highest", "its largest value", "the largest values of $e", "max($v.values())")
K("D>i", "size", "its number of entries", "the sizes of $e", "len($v)")
K(
    "D>i",
    "value_spread",
    "the difference between its largest and its smallest value",
    "the value spreads of $e",
    "max($v.values()) - min($v.values())",
)
K("D>i", "key_chars", "the total length of its keys", "the key lengths of $e", "sum(len(key) for key in $v)")
K(
    "D>s",
    "best_key",
    "the key of its largest value^ (the first such key in a tie)",
    "the best keys of $e",
    "max($v, key=$v.get)",
)
K(
    "D>s",
    "worst_key",
    "the key of its smallest value^ (the first such key in a tie)",
    "the worst keys of $e",
    "min($v, key=$v.get)",
)
K("D>s", "longest_key", "its longest key (the first such key)", "the longest keys of $e", "max($v, key=len)")
K("E>i", "total", "the sum of its values", "the value sums of $e", "sum($v.values())")
K("E>i", "key_total", "the sum of its keys", "the key sums of $e", "sum($v)")
K("E>i", "highest", "its largest value", "the largest values of $e", "max($v.values())")
K(
    "E>i",
    "best_key",
    "the key of its largest value^ (the first such key in a tie)",
    "the best keys of $e",
    "max($v, key=$v.get)",
)
K("M>i", "total", "the sum of all its numbers", "the sums of $e", "sum(sum(row) for row in $v)")
K("M>i", "cells", "its total number of numbers", "the numbers of numbers of $e", "sum(len(row) for row in $v)")
K("M>i", "largest", "the largest number in its inner lists", "the largest numbers of $e", "max(max(row) for row in $v)")
K(
    "M>i",
    "best_row",
    "the index of the one with the largest sum among its inner lists^ (the first such one)",
    "the best rows of $e",
    "max(range(len($v)), key=lambda i: sum($v[i]))",
)
K(
    "M>i",
    "top_total",
    "the sum of the largest numbers of its inner lists",
    "the sums of largest numbers of $e",
    "sum(max(row) for row in $v)",
)
K(
    "M>i",
    "best_sum",
    "the largest sum of one of its inner lists",
    "the largest sums of $e",
    "max(sum(row) for row in $v)",
)

# -------------------------------------------------------------------------------------------- operations on any sequence
R(
    "LWC>=",
    "reversed",
    "reverse $x|turn $x around, so that the last element comes first",
    "=$x in reverse order",
    "$x[::-1]",
    "$y = []\nfor $v in $x:\n    $y.insert(0, $v)",
)
R(
    "LWC>=",
    "distinct",
    "remove the duplicates from $x, keeping first occurrences|drop every element of $x that has occurred before",
    "the different ones, in order of first appearance, among $e",
    "list(dict.fromkeys($x))",
    "$y = []\nfor $v in $x:\n    if $v not in $y:\n        $y.append($v)",
)
R(
    "LW>=",
    "every_other",
    "keep only every second element of $x, starting with the first|keep only the elements of $x at even indices",
    "=every second element of $x, starting with the first",
    "$x[::2]",
)
R(
    "LW>=",
    "every_$k",
    "keep the elements of $x whose index is a multiple of $k",
    "=the elements of $x at indices that are multiples of $k",
    "$x[::$k]",
    par="3-4",
)
R(
    "LW>=",
    "odd_places",
    "keep only the elements of $x at odd indices",
    "=the elements of $x at odd indices",
    "$x[1::2]",
    "$y = []\nfor i, $v in enumerate($x):\n    if i % 2 == 1:\n        $y.append($v)",
)
R(
    "LWC>=",
    "first_$k",
    "keep only the first $k elements of $x|cut $x down to its first $k elements (all of them if there are fewer)",
    "=the first $k elements of $x",
    "$x[:$k]",
    par="2-4",
)
R(
    "LWC>=",
    "last_$k",
    "keep only the last $k elements of $x|drop everything from $x but its last $k elements",
    "=the last $k elements of $x",
    "$x[-$k:]",
    par="2-4",
)
R(
    "LW>=",
    "without_first",
    "remove the first element of $x|drop the first element of $x",
    "=all elements of $x but the first",
    "$x[1:]",
)
R(
    "LW>=",
    "without_last",
    "remove the last element of $x|drop the last element of $x",
    "=all elements of $x but the last",
    "$x[:-1]",
)
R(
    "LW>=",
    "inner",
    "remove the first and the last element of $x",
    "=the elements of $x without the first and the last one",
    "$x[1:-1]",
)
R(
    "LW>=",
    "skip_$k",
    "skip the first $k elements of $x|remove the first $k elements of $x",
    "=the elements of $x after the first $k",
    "$x[$k:]",
    par="2-3",
)
R(
    "LW>=",
    "first_half",
    "keep only the first half of $x (without the middle element if the length is odd)",
    "=the first half of $x, without the middle element if the length is odd",
    "$x[:len($x) // 2]",
)
R(
    "LW>=",
    "rotated",
    "move the first element of $x to the end|rotate $x by one place to the left",
    "=$x rotated by one place to the left",
    "$x[1:] + $x[:1]",
)
R(
    "LW>=",
    "rolled",
    "move the last element of $x to the front|rotate $x by one place to the right",
    "=$x rotated by one place to the right",
    "$x[-1:] + $x[:-1]",
)
R(
    "LWC>=",
    "sorted",
    "sort $x in ascending order|put $e into ascending order",
    "=$x sorted in ascending order",
    "sorted($x)",
    "$y = list($x)\n$y.sort()",
)
R(
    "LWC>=",
    "descending",
    "sort $x in descending order|arrange $e from largest to smallest",
    "=$x sorted in descending order",
    "sorted($x, reverse=True)",
    "$y = list($x)\n$y.sort(reverse=True)",
)
R("LW>=", "mirrored", "append a reversed copy of $x to its end", "=$x followed by its reverse", "$x + $x[::-1]")
R(
    "LW>=",
    "twice",
    "write every element of $x twice in a row",
    "=a list with every element of $x twice in a row",
    "[n for $v in $x for n in ($v, $v)]",
    "$y = []\nfor $v in $x:\n    $y.append($v)\n    $y.append($v)",
)
R(
    "LWC>=",
    "only_once",
    "keep only the elements of $x that occur exactly once in it",
    "$e that occur exactly once",
    "[$v for $v in $x if $x.count($v) == 1]",
)
R(
    "LWC>=",
    "repeated",
    "keep only the elements of $x that occur more than once in it, with all their occurrences",
    "$e that occur more than once, with all their occurrences",
    "[$v for $v in $x if $x.count($v) > 1]",
)
R(
    "LW>=",
    "collapsed",
    "merge runs of equal neighbours in $x into single elements|shorten every run of equal neighbours in $x to one element",
    "=$x with every run of equal neighbours shortened to one element",
    "[$v for i, $v in enumerate($x) if i == 0 or $v != $x[i - 1]]",
    "$y = []\nfor $v in $x:\n    if not $y or $y[-1] != $v:\n        $y.append($v)",
)
R(
    "LW>=",
    "swapped_pairs",
    "exchange the elements of $x in pairs: the first with the second, the third with the fourth and so on (a single last one stays)",
    "=$x with its elements exchanged in pairs (first with second, third with fourth and so on; a single last one stays)",
    "[n for i in range(0, len($x), 2) for n in $x[i:i + 2][::-1]]",
    "$y = list($x)\nfor i in range(0, len($y) - 1, 2):\n    $y[i], $y[i + 1] = $y[i + 1], $y[i]",
)
R(
    "LW>=",
    "swapped_ends",
    "swap the first and the last element of $x",
    "=$x with its first and last element swapped",
    "$x[-1:] + $x[1:-1] + $x[:1] if len($x) > 1 else $x[:]",
    "$y = list($x)\nif len($y) > 1:\n    $y[0], $y[-1] = $y[-1], $y[0]",
)
R(
    "LW>=",
    "rise_only",
    "keep only the elements of $x that are larger than all elements before them (the first one stays)|filter $x so that only new maxima remain (elements larger than everything before them)",
    "=the elements of $x that are larger than all elements before them",
    "[$v for i, $v in enumerate($x) if i == 0 or $v > max($x[:i])]",
    "$y = []\nfor $v in $x:\n    if not $y or $v > $y[-1]:\n        $y.append($v)",
)
# -------------------------------------------------------------------------------------------------- operations on numbers
R(
    "L>L",
    "running_totals",
    "replace each number in $x by the sum of all numbers up to and including it|compute the running totals of $e",
    "the running totals of $e",
    "list(itertools.accumulate($x))",
    "$y = []\nsubtotal = 0\nfor $v in $x:\n    subtotal += $v\n    $y.append(subtotal)",
    imports="import itertools",
)
R(
    "L>L",
    "running_max",
    "replace each number in $x by the largest number seen so far|compute the running maxima of $e",
    "the running maxima of $e",
    "list(itertools.accumulate($x, max))",
    "$y = []\nfor $v in $x:\n    $y.append($v if not $y or $v > $y[-1] else $y[-1])",
    imports="import itertools",
)
R(
    "L>L",
    "differences",
    "compute the differences between neighbours in $x, each element minus the one before it|replace $x by the list of differences of neighbours (later minus earlier)",
    "the differences between neighbours (later minus earlier) of $e",
    "[b - a for a, b in zip($x, $x[1:])]",
    "$y = []\nfor i in range(1, len($x)):\n    $y.append($x[i] - $x[i - 1])",
)
R(
    "L>L",
    "neighbour_sums",
    "compute the sums of neighbouring elements of $x|replace $x by the list of sums of each two neighbours",
    "the sums of neighbours of $e",
    "[a + b for a, b in zip($x, $x[1:])]",
    "$y = []\nfor i in range(len($x) - 1):\n    $y.append($x[i] + $x[i + 1])",
)
R(
    "L>L",
    "pair_max",
    "replace $x by the list of the larger ones of each two neighbours",
    "the larger ones of each two neighbours of $e",
    "[max(a, b) for a, b in zip($x, $x[1:])]",
)
R(
    "L>L",
    "times_index",
    "multiply each number in $x by its index|multiply every element of $x by its position, counting from 0",
    "the products of index and value (indices from 0) of $e",
    "[i * $v for i, $v in enumerate($x)]",
    "$y = []\nfor i, $v in enumerate($x):\n    $y.append(i * $v)",
)
R(
    "L>L",
    "plus_index",
    "add to each number in $x its index|increase every element of $x by its position, counting from 0",
    "the sums of index and value (indices from 0) of $e",
    "[i + $v for i, $v in enumerate($x)]",
    "$y = []\nfor i, $v in enumerate($x):\n    $y.append($v + i)",
)
R(
    "L>L",
    "above_average",
    "keep only $e that are greater than the average|remove all numbers from $x that do not exceed the average of $x",
    "$e that are greater than their average",
    "[$v for $v in $x if $v > sum($x) / len($x)]",
    "average = sum($x) / max(len($x), 1)\n$y = []\nfor $v in $x:\n    if $v > average:\n        $y.append($v)",
)
R(
    "L>L",
    "below_average",
    "keep only $e that are smaller than the average",
    "$e that are smaller than their average",
    "[$v for $v in $x if $v < sum($x) / len($x)]",
)
R(
    "L>L",
    "minus_min",
    "subtract the smallest number in $x from every number|lower all of $e by the smallest one",
    "the differences from the smallest one of $e",
    "[$v - min($x) for $v in $x]",
    "lowest = min($x, default=0)\n$y = []\nfor $v in $x:\n    $y.append($v - lowest)",
)
R(
    "L>L",
    "gap_to_max",
    "replace each number in $x by the largest number minus it",
    "the distances to the largest one of $e",
    "[max($x) - $v for $v in $x]",
    "highest = max($x, default=0)\n$y = []\nfor $v in $x:\n    $y.append(highest - $v)",
)
R(
    "L>L",
    "no_max",
    "remove all occurrences of the largest number from $x",
    "the $e other than the largest one",
    "[$v for $v in $x if $v != max($x)]",
)
R(
    "L>L",
    "no_min",
    "remove all occurrences of the smallest number from $x",
    "the $e other than the smallest one",
    "[$v for $v in $x if $v != min($x)]",
)
R(
    "L>L",
    "ranks",
    "replace each number in $x by how many numbers in $x are smaller than it",
    "the numbers of smaller elements for each of $e",
    "[sum(n < $v for n in $x) for $v in $x]",
)
R(
    "L>L",
    "tally",
    "replace each number in $x by how often it occurs in $x",
    "the numbers of occurrences of each of $e",
    "[$x.count($v) for $v in $x]",
    "$y = []\nfor $v in $x:\n    $y.append($x.count($v))",
)
R(
    "L>L",
    "peaks",
    "keep only the elements of $x that are larger than both of their neighbours",
    "=the elements of $x that are larger than both of their neighbours",
    "[b for a, b, c in zip($x, $x[1:], $x[2:]) if b > a and b > c]",
    "$y = []\nfor i in range(1, len($x) - 1):\n    if $x[i] > $x[i - 1] and $x[i] > $x[i + 1]:\n        $y.append($x[i])",
)
R(
    "L>L",
    "biggest_$k",
    "keep only the $k largest numbers of $x, largest first",
    "=the $k largest numbers of $x in descending order",
    "sorted($x, reverse=True)[:$k]",
    par="2-4",
)
R(
    "L>L",
    "smallest_$k",
    "keep only the $k smallest numbers of $x, smallest first",
    "=the $k smallest numbers of $x in ascending order",
    "sorted($x)[:$k]",
    par="2-4",
)
R(
    "L>L",
    "signs_flipped",
    "change the sign of every second number in $x, beginning with the second",
    "=$x with the sign of every second number changed, beginning with the second",
    "[-$v if i % 2 else $v for i, $v in enumerate($x)]",
    "$y = list($x)\nfor i in range(1, len($y), 2):\n    $y[i] = -$y[i]",
)
R(
    "L>L",
    "ends_joined",
    "replace $x by the sums of first and last, second and second to last and so on, up to the middle (a single middle element is left out)",
    "the sums of first and last, second and second to last and so on (without a single middle one) of $e",
    "[$x[i] + $x[-1 - i] for i in range(len($x) // 2)]",
    "$y = []\nfor i in range(len($x) // 2):\n    $y.append($x[i] + $x[-1 - i])",
)
R(
    "L>L",
    "with_total",
    "append the sum of $e to the end of $x",
    "=$x with the sum of its numbers appended",
    "$x + [sum($x)]",
)
R(
    "L>L",
    "digits_out",
    "split $e into their decimal digits (signs are ignored), all in one list",
    "the decimal digits, in order, of all $e (signs are ignored)",
    "[int(d) for $v in $x for d in str(abs($v))]",
    "$y = []\nfor $v in $x:\n    for digit in str(abs($v)):\n        $y.append(int(digit))",
)
R(
    "L>i",
    "product_mod",
    "compute the product of $e modulo 100",
    "the remainder, modulo 100, of the product of $e",
    "math.prod($x) % 100",
    "$y = 1\nfor $v in $x:\n    $y = $y * $v % 100",
    imports="import math",
)
R(
    "L>s",
    "joined",
    "join $e with $k between them, as a string|write $e into one string, separated by $k",
    "a string of $e separated by $k",
    "$k.join(map(str, $x))",
    "parts = []\nfor $v in $x:\n    parts.append(str($v))\n$y = $k.join(parts)",
    par="sep",
)
R(
    "L>s",
    "digits_text",
    "write $e directly one after another as a string",
    "the string of $e written one after another",
    "''.join(str($v) for $v in $x)",
)
R(
    "L>s",
    "parity_text",
    "turn $e into a string with 'e' for every even and 'o' for every odd number",
    "the string with 'e' for every even and 'o' for every odd one of $e",
    "''.join('e' if $v % 2 == 0 else 'o' for $v in $x)",
    "$y = ''\nfor $v in $x:\n    $y += 'e' if $v % 2 == 0 else 'o'",
)
R(
    "L>s",
    "signs_text",
    "turn $e into a string with '+' for positive, '-' for negative numbers and '0' for zeros",
    "the string of the signs ('+', '-' or '0') of $e",
    "''.join('+' if $v > 0 else '-' if $v < 0 else '0' for $v in $x)",
    "$y = ''\nfor $v in $x:\n    if $v > 0:\n        $y += '+'\n    elif $v < 0:\n        $y += '-'\n    else:\n        $y += '0'",
)
R(
    "L>s",
    "trend_text",
    "turn $x into a string with 'U' for every step up, 'D' for every step down and '=' for two equal neighbours",
    "the string with 'U', 'D' or '=' for every step up, down or level between neighbours among $e",
    "''.join('U' if b > a else 'D' if b < a else '=' for a, b in zip($x, $x[1:]))",
    "$y = ''\nfor i in range(1, len($x)):\n    if $x[i] > $x[i - 1]:\n        $y += 'U'\n    elif $x[i] < $x[i - 1]:\n        $y += 'D'\n    else:\n        $y += '='",
)
R(
    "L>p",
    "extremes",
    "find the smallest and the largest number of $x|take the smallest and the largest number of $x as a pair",
    "the pair of the smallest and the largest of $e",
    "(min($x), max($x))",
    "low = high = $x[0]\nfor $v in $x:\n    if $v < low:\n        low = $v\n    if $v > high:\n        high = $v\n$y = (low, high)",
)
R(
    "L>p",
    "ends",
    "take the first and the last number of $x as a pair",
    "the pair of the first and the last of $e",
    "($x[0], $x[-1])",
)
R(
    "L>p",
    "odd_even_sums",
    "add up the even and the odd numbers of $x separately, as a pair",
    "the pair of the sums of the even and of the odd ones of $e",
    "(sum($v for $v in $x if $v % 2 == 0), sum($v for $v in $x if $v % 2 != 0))",
    "evens = odds = 0\nfor $v in $x:\n    if $v % 2 == 0:\n        evens += $v\n    else:\n        odds += $v\n$y = (evens, odds)",
)
R(
    "L>p",
    "size_total",
    "take the number of elements and the sum of $x as a pair",
    "the pair of the count and the sum of $e",
    "(len($x), sum($x))",
)
R(
    "L>E",
    "counts",
    "count how often each value occurs in $x|map each value in $x to its number of occurrences",
    "a dictionary from each value to its number of occurrences among $e",
    "{$v: $x.count($v) for $v in $x}",
    "$y = {}\nfor $v in $x:\n    $y[$v] = $y.get($v, 0) + 1",
)
R(
    "L>E",
    "last_places",
    "map each value in $x to the index of its last occurrence",
    "a dictionary from each value to the index of its last occurrence among $e",
    "{$v: i for i, $v in enumerate($x)}",
    "$y = {}\nfor i, $v in enumerate($x):\n    $y[$v] = i",
)
R(
    "L>M",
    "chunks_$k",
    "cut $x into pieces of $k elements (the last piece may be shorter)|split $x into groups of $k (the last group may be smaller)",
    "the consecutive pieces of $k elements (the last may be shorter) of $x",
    "[$x[i:i + $k] for i in range(0, len($x), $k)]",
    "$y = []\nfor i in range(0, len($x), $k):\n    $y.append($x[i:i + $k])",
    par="2-3",
)
R(
    "L>M",
    "windows_$k",
    "list all stretches of $k consecutive elements of $x|form all windows of $k neighbouring elements of $x",
    "the windows of $k consecutive elements of $x",
    "[$x[i:i + $k] for i in range(len($x) - $k + 1)]",
    "$y = []\nfor i in range(len($x) - $k + 1):\n    $y.append($x[i:i + $k])",
    par="2-3",
)
R(
    "L>M",
    "prefixes",
    "list all non-empty beginnings of $x, shortest first",
    "the non-empty beginnings, shortest first, of $x",
    "[$x[:i + 1] for i in range(len($x))]",
    "$y = []\nfor i in range(1, len($x) + 1):\n    $y.append($x[:i])",
)
R(
    "L>M",
    "suffixes",
    "list all non-empty endings of $x, longest first",
    "the non-empty endings, longest first, of $x",
    "[$x[i:] for i in range(len($x))]",
)
R(
    "L>M",
    "rising_runs",
    "split $x into runs: start a new one at every element that is smaller than the one before it",
    "the runs that arise when a new one starts at every element smaller than the one before it, for $x",
    "[$x[i:j] for i, j in zip([0] + [n for n in range(1, len($x)) if $x[n] < $x[n - 1]], [n for n in range(1, len($x)) if $x[n] < $x[n - 1]] + [len($x)])]",
    "$y = []\nfor $v in $x:\n    if $y and $v >= $y[-1][-1]:\n        $y[-1].append($v)\n    else:\n        $y.append([$v])",
)
R(
    "L>M",
    "equal_runs",
    "group equal neighbours in $x into lists",
    "the groups of equal neighbours of $x",
    "[list(group) for _, group in itertools.groupby($x)]",
    "$y = []\nfor $v in $x:\n    if $y and $y[-1][-1] == $v:\n        $y[-1].append($v)\n    else:\n        $y.append([$v])",
    imports="import itertools",
)
R(
    "L>M",
    "parity_split",
    "split $x into two lists, the even numbers first and then the odd numbers",
    "the two lists of even and of odd numbers of $x",
    "[[$v for $v in $x if $v % 2 == 0], [$v for $v in $x if $v % 2 != 0]]",
    "$y = [[], []]\nfor $v in $x:\n    $y[$v % 2].append($v)",
)
R(
    "i>L",
    "digits",
    "split $x into its decimal digits (a sign is ignored)|make a list of the decimal digits of $x, ignoring a sign",
    "the decimal digits (a sign is ignored) of $x",
    "[int(d) for d in str(abs($x))]",
    "$y = []\nfor digit in str(abs($x)):\n    $y.append(int(digit))",
    weight=4,
)
R(
    "i>L",
    "bits",
    "list the binary digits of $x from left to right, ignoring a sign",
    "the binary digits, from left to right and ignoring a sign, of $x",
    "[int(d) for d in bin(abs($x))[2:]]",
    weight=2,
)
R(
    "i>L",
    "divisors",
    "list the divisors of $x (of its absolute value) in ascending order",
    "the divisors (of the absolute value), in ascending order, of $x",
    "[d for d in range(1, abs($x) + 1) if $x % d == 0]",
    "$y = []\nfor d in range(1, abs($x) + 1):\n    if $x % d == 0:\n        $y.append(d)",
    weight=2,
)
R(
    "i>L",
    "up_to",
    "list the integers from 1 to $x (none if it is below 1)",
    "the integers from 1 to $x",
    "list(range(1, $x + 1))",
)
R(
    "i>L",
    "multiples",
    "list the first $k positive multiples of $x",
    "the first $k positive multiples of $x",
    "[$x * i for i in range(1, $k + 1)]",
    "$y = []\nfor i in range(1, $k + 1):\n    $y.append($x * i)",
    par="3-6",
)
R(
    "i>L",
    "halvings",
    "list the values that come up when $x is halved again and again, rounding down, starting with $x itself and as long as they are at least 1",
    "the numbers that arise by halving again and again, rounded down, as long as they are at least 1, starting with $x",
    "[$x >> i for i in range($x.bit_length())] if $x > 0 else []",
    "$y = []\nrest = $x\nwhile rest >= 1:\n    $y.append(rest)\n    rest //= 2",
    weight=2,
)
R(
    "i>L",
    "base_$k",
    "list the digits of $x in base $k, lowest first and ignoring a sign (an empty list for zero)",
    "the digits in base $k, lowest first and ignoring a sign (none for zero), of $x",
    "[abs($x) // $k ** i % $k for i in range(20) if abs($x) // $k ** i > 0]",
    "$y = []\nrest = abs($x)\nwhile rest > 0:\n    $y.append(rest % $k)\n    rest //= $k",
    par="3-7",
    weight=2,
)
R(
    "i>p",
    "split_by_$k",
    "take the pair of quotient (rounded down) and remainder of $x divided by $k",
    "the pair of quotient (rounded down) and remainder after division by $k of $x",
    "divmod($x, $k)",
    "$y = ($x // $k, $x % $k)",
    par="3-12",
)
R(
    "p>M",
    "two_counts",
    "make two lists from $x: the integers from 1 to the absolute value of its first number, and likewise for its second",
    "the two lists of integers from 1 to the absolute value of each number of $x",
    "[list(range(1, abs(n) + 1)) for n in $x]",
)
# --------------------------------------------------------------------------------------------------- strings, characters
R(
    "s>C",
    "characters",
    "split $x into its characters",
    "the characters of $x",
    "list($x)",
    "$y = []\nfor $v in $x:\n    $y.append($v)",
)
R(
    "s>C",
    "letters",
    "collect the letters of $x in lowercase",
    "the letters, in lowercase, of $x",
    "[$v.lower() for $v in $x if $v.isalpha()]",
    weight=2,
)
R(
    "s>W",
    "word_list",
    "split $x at spaces into words|split $x into words",
    "the words, separated by spaces, of $x",
    "$x.split()",
    weight=5,
)
R(
    "s>W",
    "pieces_$k",
    "cut $x into pieces of $k characters (the last piece may be shorter)",
    "the consecutive pieces of $k characters (the last may be shorter) of $x",
    "[$x[i:i + $k] for i in range(0, len($x), $k)]",
    "$y = []\nfor i in range(0, len($x), $k):\n    $y.append($x[i:i + $k])",
    par="2-3",
)
R(
    "s>W",
    "pairs",
    "list all pairs of neighbouring characters of $x as strings of length two",
    "the pairs of neighbouring characters, as strings, of $x",
    "[$x[i:i + 2] for i in range(len($x) - 1)]",
    "$y = []\nfor i in range(len($x) - 1):\n    $y.append($x[i] + $x[i + 1])",
)
R("s>W", "split_at", "split $x at every $k", "the parts between occurrences of $k of $x", "$x.split($k)", par="letter")
R(
    "s>W",
    "runs",
    "split $x into runs of equal characters",
    "the runs of equal characters of $x",
    "[''.join(group) for _, group in itertools.groupby($x)]",
    "$y = []\nfor $v in $x:\n    if $y and $y[-1][0] == $v:\n        $y[-1] += $v\n    else:\n        $y.append($v)",
    imports="import itertools",
)
R(
    "s>L",
    "positions",
    "list the positions in the alphabet (a = 1) of the letters of $x, ignoring case",
    "the positions in the alphabet (a = 1, ignoring case) of the letters of $x",
    "[ord($v) - 96 for $v in $x.lower() if 'a' <= $v <= 'z']",
    weight=2,
)
R(
    "s>L",
    "digits",
    "collect the digits of $x as integers",
    "the digits, as integers, of $x",
    "[int($v) for $v in $x if $v.isdigit()]",
)
R(
    "s>L",
    "indices_of",
    "list the indices at which $k occurs in $x",
    "the indices of $k in $x",
    "[i for i, $v in enumerate($x) if $v == $k]",
    "$y = []\nfor i, $v in enumerate($x):\n    if $v == $k:\n        $y.append(i)",
    par="letter",
)
R(
    "s>L",
    "run_lengths",
    "list the lengths of the runs of equal characters in $x",
    "the lengths of the runs of equal characters in $x",
    "[len(list(group)) for _, group in itertools.groupby($x)]",
    "$y = []\nfor i, $v in enumerate($x):\n    if i > 0 and $x[i - 1] == $v:\n        $y[-1] += 1\n    else:\n        $y.append(1)",
    imports="import itertools",
)
R(
    "s>L",
    "codes",
    "list the character codes of $x",
    "the character codes of the characters of $x",
    "[ord($v) for $v in $x]",
)
R(
    "s>L",
    "word_lengths",
    "list the lengths of the words of $x (separated by spaces)",
    "the lengths of the words (separated by spaces) of $x",
    "[len(w) for w in $x.split()]",
    "$y = []\nfor w in $x.split():\n    $y.append(len(w))",
    weight=2,
)
R(
    "s>D",
    "char_counts",
    "count how often each character occurs in $x|map each character of $x to its number of occurrences",
    "a dictionary from each character to its number of occurrences in $x",
    "{$v: $x.count($v) for $v in $x}",
    "$y = {}\nfor $v in $x:\n    $y[$v] = $y.get($v, 0) + 1",
    weight=2,
)
R(
    "s>D",
    "letter_counts",
    "count how often each letter occurs in $x, ignoring case (keys in lowercase)",
    "a dictionary from each lowercase letter to its number of occurrences, ignoring case, in $x",
    "{$v: $x.lower().count($v) for $v in $x.lower() if $v.isalpha()}",
    "$y = {}\nfor $v in $x.lower():\n    if $v.isalpha():\n        $y[$v] = $y.get($v, 0) + 1",
    weight=2,
)
R(
    "s>D",
    "first_places",
    "map each character of $x to the index of its first occurrence",
    "a dictionary from each character to the index of its first occurrence in $x",
    "{$v: $x.index($v) for $v in $x}",
    "$y = {}\nfor i, $v in enumerate($x):\n    if $v not in $y:\n        $y[$v] = i",
)
R(
    "s>s",
    "word_order",
    "reverse the order of the words in $x (joined by single spaces)",
    "the words, in reverse order and joined by single spaces, of $x",
    "' '.join($x.split()[::-1])",
    weight=2,
)
R(
    "s>s",
    "initials",
    "take the first letters of the words in $x, as one string",
    "the string of the first letters of the words of $x",
    "''.join(w[0] for w in $x.split())",
    "$y = ''\nfor w in $x.split():\n    $y += w[0]",
    weight=2,
)
R(
    "s>s",
    "sorted_words",
    "sort the words in $x alphabetically (joined by single spaces)",
    "the words, sorted alphabetically and joined by single spaces, of $x",
    "' '.join(sorted($x.split()))",
)
R(
    "s>s",
    "underscored",
    "replace the spaces in $x by $k",
    "=$x with its spaces replaced by $k",
    "$x.replace(' ', $k)",
    par="sep",
    weight=2,
)
R(
    "s>s",
    "flipped_words",
    "reverse every word in $x on its own, keeping the order of the words (joined by single spaces)",
    "the individually reversed words, joined by single spaces, of $x",
    "' '.join(w[::-1] for w in $x.split())",
    "parts = []\nfor w in $x.split():\n    parts.append(w[::-1])\n$y = ' '.join(parts)",
)
R(
    "s>s",
    "compressed",
    "replace every run of equal characters in $x by the character and the length of the run ('aab' becomes 'a2b1')",
    "the run-length form ('aab' becomes 'a2b1') of $x",
    "''.join(c + str(len(list(group))) for c, group in itertools.groupby($x))",
    "$y = ''\ni = 0\nwhile i < len($x):\n    j = i\n    while j < len($x) and $x[j] == $x[i]:\n        j += 1\n    $y += $x[i] + str(j - i)\n    i = j",
    imports="import itertools",
)
R(
    "s>s",
    "collapsed",
    "shorten every run of equal characters in $x to one character",
    "=$x with every run of equal characters shortened to one",
    "''.join(c for i, c in enumerate($x) if i == 0 or c != $x[i - 1])",
    "$y = ''\nfor $v in $x:\n    if not $y or $y[-1] != $v:\n        $y += $v",
)
R(
    "s>s",
    "caesar_$k",
    "shift every lowercase letter of $x by $k places in the alphabet, from z on to a again",
    "=$x with every lowercase letter shifted by $k places in the alphabet (from z on to a again)",
    "''.join(chr((ord(c) - 97 + $k) % 26 + 97) if 'a' <= c <= 'z' else c for c in $x)",
    "$y = ''\nfor $v in $x:\n    if 'a' <= $v <= 'z':\n        $y += chr((ord($v) - ord('a') + $k) % 26 + ord('a'))\n    else:\n        $y += $v",
    par="2-9",
)
R(
    "s>s",
    "wavy",
    "write the characters of $x at even indices in uppercase, the others in lowercase",
    "=$x with uppercase at even and lowercase at odd indices",
    "''.join(c.lower() if i % 2 else c.upper() for i, c in enumerate($x))",
    "$y = ''\nfor i, $v in enumerate($x):\n    if i % 2 == 0:\n        $y += $v.upper()\n    else:\n        $y += $v.lower()",
)
R(
    "s>s",
    "numbered",
    "write behind each character of $x its index",
    "=$x with its index behind each character",
    "''.join(f'{c}{i}' for i, c in enumerate($x))",
    "$y = ''\nfor i, $v in enumerate($x):\n    $y += $v + str(i)",
)
R(
    "C>s",
    "glued",
    "join $e to one string|put $e together again to a string",
    "the string of $e",
    "''.join($x)",
    "$y = ''\nfor $v in $x:\n    $y += $v",
    weight=5,
)
R(
    "C>s",
    "joined",
    "join $e with $k between them",
    "the string of $e separated by $k",
    "$k.join($x)",
    par="sep",
    weight=2,
)
R("C>L", "codes", "replace $e by their character codes", "the character codes of $e", "[ord($v) for $v in $x]")
R(
    "CW>D",
    "tally",
    "count how often each element occurs in $x|map each element of $x to its number of occurrences",
    "a dictionary from each element to its number of occurrences among $e",
    "{$v: $x.count($v) for $v in $x}",
    "$y = {}\nfor $v in $x:\n    if $v in $y:\n        $y[$v] += 1\n    else:\n        $y[$v] = 1",
)
R(
    "W>D",
    "lengths",
    "map each string in $x to its length",
    "a dictionary from each string to its length, for $e",
    "{$v: len($v) for $v in $x}",
)
R(
    "W>D",
    "places",
    "map each string in $x to the index of its last occurrence",
    "a dictionary from each string to the index of its last occurrence among $e",
    "{$v: i for i, $v in enumerate($x)}",
    "$y = {}\nfor i, $v in enumerate($x):\n    $y[$v] = i",
)
R(
    "W>D",
    "initial_counts",
    "count for each first letter (in lowercase) how many of $e start with it",
    "a dictionary from each first letter, in lowercase, to how often it starts one of $e",
    "dict(Counter($v[0].lower() for $v in $x))",
    "$y = {}\nfor $v in $x:\n    first = $v[0].lower()\n    $y[first] = $y.get(first, 0) + 1",
    imports="from collections import Counter",
)
R(
    "W>s",
    "joined",
    "join $e with $k between them|connect $e to one string, separated by $k",
    "a string of $e separated by $k",
    "$k.join($x)",
    par="sep",
    weight=4,
)
R(
    "W>s",
    "glued",
    "join $e without anything between them",
    "the concatenation of $e",
    "''.join($x)",
    "$y = ''\nfor $v in $x:\n    $y += $v",
)
R(
    "W>s",
    "initials",
    "join the first characters of $e to one string",
    "the string of the first characters of $e",
    "''.join($v[0] for $v in $x)",
    weight=2,
)
R(
    "W>s",
    "endings",
    "join the last characters of $e to one string",
    "the string of the last characters of $e",
    "''.join($v[-1] for $v in $x)",
)
R(
    "W>s",
    "first_in_order",
    "find the string of $x that comes first in alphabetical order",
    "the alphabetically first of $e",
    "min($x)",
    "$y = $x[0]\nfor $v in $x:\n    if $v < $y:\n        $y = $v",
)
R(
    "W>s",
    "common_start",
    "find the longest beginning that all $e share",
    "the longest common beginning of $e",
    "os.path.commonprefix($x)",
    "$y = $x[0]\nfor $v in $x:\n    while not $v.startswith($y):\n        $y = $y[:-1]",
    imports="import os",
)
R(
    "W>s",
    "acrostic",
    "collect from each of $e, into one string, the character at the index that the string itself has in the list (strings that are too short for that are skipped)",
    "the string of the characters taken from each string at its own index in the list (too short ones are skipped), for $e",
    "''.join($v[i] for i, $v in enumerate($x) if i < len($v))",
    "$y = ''\nfor i, $v in enumerate($x):\n    if i < len($v):\n        $y += $v[i]",
)
R(
    "W>W",
    "numbered",
    "put in front of each string in $x its position, counting from 1, and a colon, as in '1:red'",
    "=the strings of $x, each with its position (from 1) and a colon in front, as in '1:red'",
    "[f'{i}:{$v}' for i, $v in enumerate($x, 1)]",
    "$y = []\nfor i, $v in enumerate($x, start=1):\n    $y.append(f'{i}:{$v}')",
)
R(
    "W>W",
    "neighbours",
    "join each two neighbours in $x with a hyphen",
    "the hyphenated pairs of neighbours of $e",
    "[a + '-' + b for a, b in zip($x, $x[1:])]",
)
R(
    "W>C",
    "all_characters",
    "list all characters of $e in order",
    "the characters, in order, of all $e",
    "[c for $v in $x for c in $v]",
    "$y = []\nfor $v in $x:\n    for c in $v:\n        $y.append(c)",
)
R(
    "W>W",
    "no_case_repeats",
    "drop every string of $x that equals an earlier one when case is ignored",
    "=the strings of $x without those that equal an earlier one when case is ignored",
    "[$v for i, $v in enumerate($x) if $v.lower() not in [w.lower() for w in $x[:i]]]",
    "$y = []\nseen = set()\nfor $v in $x:\n    if $v.lower() not in seen:\n        seen.add($v.lower())\n        $y.append($v)",
)
# --------------------------------------------------------------------------------------------------- dictionaries, lists of lists
R(
    "DE>L",
    "sorted_values",
    "list the values of $x in ascending order",
    "the values, in ascending order, of $x",
    "sorted($x.values())",
    weight=3,
)
R(
    "DE>L",
    "values",
    "list the values of $x",
    "the values of $x",
    "list($x.values())",
    "$y = []\nfor key in $x:\n    $y.append($x[key])",
    weight=3,
)
R(
    "D>W",
    "keys",
    "list the keys of $x in alphabetical order",
    "the keys, in alphabetical order, of $x",
    "sorted($x)",
    weight=2,
)
R(
    "D>W",
    "keys_by_value",
    "list the keys of $x from the largest value to the smallest (equal values in their original order)",
    "the keys, from the largest value to the smallest (equal values in their original order), of $x",
    "sorted($x, key=$x.get, reverse=True)",
    weight=2,
)
R(
    "D>W",
    "best_keys",
    "list all keys of $x that have the largest value, in alphabetical order",
    "the keys, in alphabetical order, that have the largest value in $x",
    "sorted(key for key in $x if $x[key] == max($x.values()))",
    "highest = max($x.values())\n$y = []\nfor key in sorted($x):\n    if $x[key] == highest:\n        $y.append(key)",
)
R(
    "E>L",
    "keys",
    "list the keys of $x in ascending order",
    "the keys, in ascending order, of $x",
    "sorted($x)",
    weight=2,
)
R(
    "E>L",
    "rare_keys",
    "list the keys of $x whose value is the smallest one, in ascending order",
    "the keys, in ascending order, that have the smallest value in $x",
    "sorted(key for key in $x if $x[key] == min($x.values()))",
)
R(
    "D>W",
    "entries",
    "write each entry of $x as 'key=value', in alphabetical order of the keys",
    "the entries, written as 'key=value' in alphabetical order of the keys, of $x",
    "[f'{key}={$x[key]}' for key in sorted($x)]",
    "$y = []\nfor key in sorted($x):\n    $y.append(key + '=' + str($x[key]))",
)
R(
    "DE>=",
    "filtered_$k",
    "keep only the entries of $x with a value greater than $k|remove the entries of $x with a value of at most $k",
    "=the entries of $x with a value greater than $k, as a dictionary",
    "{$v: $w for $v, $w in $x.items() if $w > $k}",
    par="0-3",
    weight=2,
)
R(
    "DE>=",
    "doubled",
    "double every value of $x",
    "=$x with every value doubled",
    "{$v: $w * 2 for $v, $w in $x.items()}",
)
R(
    "D>D",
    "long_keys",
    "remove the entries of $x whose key has fewer than $k characters",
    "=$x without the entries whose key has fewer than $k characters",
    "{$v: $w for $v, $w in $x.items() if len($v) >= $k}",
    par="4-6",
)
R(
    "D>D",
    "upper_keys",
    "change the keys of $x to uppercase (later entries overwrite earlier ones)",
    "=$x with its keys in uppercase",
    "{$v.upper(): $w for $v, $w in $x.items()}",
)
R(
    "D>D",
    "no_negatives",
    "replace the negative values in $x by 0",
    "=$x with its negative values replaced by 0",
    "{$v: max($w, 0) for $v, $w in $x.items()}",
)
R(
    "M>L",
    "flattened",
    "put all numbers of $x into one list, in order|flatten $x into one list",
    "all numbers of the inner lists of $x, in order",
    "[n for row in $x for n in row]",
    "$y = []\nfor row in $x:\n    for n in row:\n        $y.append(n)",
    weight=5,
)
R(
    "M>M",
    "rows_reversed",
    "reverse each inner list of $x on its own",
    "=$x with each inner list reversed",
    "[row[::-1] for row in $x]",
    "$y = []\nfor row in $x:\n    $y.append(row[::-1])",
)
R(
    "M>M",
    "order_reversed",
    "reverse the order of the inner lists in $x",
    "=the inner lists of $x in reverse order",
    "$x[::-1]",
)
R(
    "M>M",
    "rows_sorted",
    "sort each inner list of $x on its own in ascending order",
    "=$x with each inner list sorted in ascending order",
    "[sorted(row) for row in $x]",
    "$y = []\nfor row in $x:\n    $y.append(sorted(row))",
)
R(
    "M>M",
    "with_totals",
    "append to each inner list of $x its sum",
    "=$x with its sum appended to each inner list",
    "[row + [sum(row)] for row in $x]",
    "$y = []\nfor row in $x:\n    $y.append(row + [sum(row)])",
)
R(
    "M>M",
    "cut_rows",
    "shorten each inner list of $x to its first $k elements",
    "=$x with each inner list shortened to its first $k elements",
    "[row[:$k] for row in $x]",
    par="2-3",
)
R(
    "M>L",
    "firsts",
    "collect the first element of each inner list of $x",
    "the first elements of $e",
    "[row[0] for row in $x]",
)
R(
    "M>L",
    "zigzag",
    "read $x in a zigzag: the first inner list forwards, the second backwards and so on, all into one list",
    "the numbers of $x read in a zigzag (first inner list forwards, second backwards and so on)",
    "[n for i, row in enumerate($x) for n in (row if i % 2 == 0 else row[::-1])]",
    "$y = []\nfor i, row in enumerate($x):\n    if i % 2 == 0:\n        $y.extend(row)\n    else:\n        $y.extend(row[::-1])",
)
# ----------------------------------------------------------------------------------------- operations made from tests and keys
for _kind, _test in (("L", "i"), ("W", "s"), ("C", "c"), ("M", "L")):
    _w = 9
    R(
        f"{_kind}>=",
        "$q",
        "keep only $e that $P|keep only those of $e that $P|keep every $o in $x that $p and nothing else|select from $x every $o that $p",
        "$e that $P",
        "[$v for $v in $x if $t]",
        test=_test,
        weight=_w,
    )
    R(
        f"{_kind}>=",
        "without_$q",
        "remove $e that $P|drop every $o from $x that $p|delete from $x each $o that $p",
        "$e except those that $P",
        "[$v for $v in $x if not ($t)]",
        test=_test,
        weight=5,
    )
    R(
        f"{_kind}>i",
        "count_$q",
        "count $e that $P|find out how many of $e $P",
        "the number of $e that $P",
        "sum(1 for $v in $x if $t)",
        test=_test,
        weight=5,
    )
    R(
        f"{_kind}>i",
        "first_$q",
        "find the index of the first $o in $x that $p (-1 if there is none)",
        "the index (-1 if there is none) of the first one that $p among $e",
        "next((i for i, $v in enumerate($x) if $t), -1)",
        "$y = -1\nfor i, $v in enumerate($x):\n    if $t:\n        $y = i\n        break",
        test=_test,
    )
    R(
        f"{_kind}>=",
        "before_$q",
        "cut $x off before its first $o that $p (keep everything if there is none)|take from the start of $x every $o up to, but not including, the first one that $p",
        "=the part of $x before its first $o that $p",
        "list(itertools.takewhile(lambda $v: not ($t), $x))",
        "$y = []\nfor $v in $x:\n    if $t:\n        break\n    $y.append($v)",
        test=_test,
        imports="import itertools",
        weight=2,
    )
    R(
        f"{_kind}>=",
        "from_$q",
        "drop everything from $x that comes before its first $o that $p",
        "=the part of $x from its first $o that $p",
        "list(itertools.dropwhile(lambda $v: not ($t), $x))",
        test=_test,
        imports="import itertools",
        weight=2,
    )
    R(
        f"{_kind}>=",
        "$q_first",
        "move every $o that $p to the front of $x, otherwise keeping the order|rearrange $x so that every $o that $p comes first, keeping the order within both groups",
        "=$x rearranged so that every $o that $p comes first (the order within both groups is kept)",
        "sorted($x, key=lambda $v: not ($t))",
        "$y = []\nrest = []\nfor $v in $x:\n    if $t:\n        $y.append($v)\n    else:\n        rest.append($v)\n$y += rest",
        test=_test,
        weight=2,
    )
    R(
        f"{_kind}>L",
        "places_$q",
        "list the indices of $e that $P",
        "the indices of $e that $P",
        "[i for i, $v in enumerate($x) if $t]",
        "$y = []\nfor i, $v in enumerate($x):\n    if $t:\n        $y.append(i)",
        test=_test,
        weight=2,
    )
    R(
        f"{_kind}>i",
        "longest_$q",
        "find the length of the longest unbroken run in $x in which every $o $p",
        "the length of the longest unbroken run, in which every $o $p, of $x",
        "max((len(list(group)) for fits, group in itertools.groupby($x, key=lambda $v: bool($t)) if fits), default=0)",
        "$y = streak = 0\nfor $v in $x:\n    if $t:\n        streak += 1\n        $y = max($y, streak)\n    else:\n        streak = 0",
        test=_test,
        imports="import itertools",
        weight=2,
    )
    R(
        f"{_kind}>b",
        "any_$q",
        "check whether at least one $o in $x $p",
        "?at least one $o in $x $p",
        "any($t for $v in $x)",
        "$y = False\nfor $v in $x:\n    if $t:\n        $y = True\n        break",
        test=_test,
        weight=2,
    )
    R(
        f"{_kind}>b",
        "all_$q",
        "check whether every $o in $x $p (an empty list passes)",
        "?every $o in $x $p",
        "all($t for $v in $x)",
        "$y = True\nfor $v in $x:\n    if not ($t):\n        $y = False\n        break",
        test=_test,
        weight=2,
    )
R(
    "L>L",
    "zero_$q",
    "replace every number in $x that $p by $k|set $e that $P to $k",
    "=$x with $k in place of every number that $p",
    "[$k if $t else $v for $v in $x]",
    "$y = []\nfor $v in $x:\n    if $t:\n        $y.append($k)\n    else:\n        $y.append($v)",
    test="i",
    par="0-1",
    weight=4,
)
R("L>i", "total_$q", "add up $e that $P", "the sum of $e that $P", "sum($v for $v in $x if $t)", test="i", weight=4)
R(
    "W>W",
    "shout_$q",
    "write every string in $x that $p in uppercase (the others stay as they are)",
    "=$x with every string that $p in uppercase",
    "[$v.upper() if $t else $v for $v in $x]",
    "$y = []\nfor $v in $x:\n    if $t:\n        $y.append($v.upper())\n    else:\n        $y.append($v)",
    test="s",
    weight=3,
)
R(
    "W>W",
    "mask_$q",
    "replace every string in $x that $p by '-'",
    "=$x with '-' in place of every string that $p",
    "['-' if $t else $v for $v in $x]",
    "$y = []\nfor $v in $x:\n    $y.append('-' if $t else $v)",
    test="s",
    weight=2,
)
R(
    "s>s",
    "only_$q",
    "keep only the characters of $x for which this holds: the character $p|remove every character from $x unless it $p",
    "the string of those characters of $x that $P",
    "''.join($v for $v in $x if $t)",
    test="c",
    weight=5,
)
R(
    "s>s",
    "no_$q",
    "remove every character from $x that $p",
    "the string of the characters of $x without those that $P",
    "''.join($v for $v in $x if not ($t))",
    test="c",
    weight=5,
)
R(
    "s>s",
    "mask_$q",
    "replace every character of $x that $p by '$'|put a '$' in place of each character of $x that $p",
    "=$x with '$' in place of every character that $p",
    "''.join('$' if $t else $v for $v in $x)",
    "$y = ''\nfor $v in $x:\n    if $t:\n        $y += '$'\n    else:\n        $y += $v",
    test="c",
    weight=2,
)
R(
    "s>s",
    "double_$q",
    "write every character of $x that $p twice",
    "=$x with every character that $p written twice",
    "''.join($v * 2 if $t else $v for $v in $x)",
    "$y = ''\nfor $v in $x:\n    $y += $v\n    if $t:\n        $y += $v",
    test="c",
    weight=2,
)
R(
    "s>s",
    "$q_last",
    "move every character of $x that $p to the end, keeping the order otherwise",
    "=$x with every character that $p moved to the end, keeping the order otherwise",
    "''.join(sorted($x, key=lambda $v: bool($t)))",
    "$y = ''\nmoved = ''\nfor $v in $x:\n    if $t:\n        moved += $v\n    else:\n        $y += $v\n$y += moved",
    test="c",
    weight=2,
)
R(
    "s>s",
    "upper_$q",
    "drop the part of $x from its first character that $p on (keep everything if there is none)",
    "=the part of $x before its first character that $p",
    "''.join(itertools.takewhile(lambda $v: not ($t), $x))",
    "$y = ''\nfor $v in $x:\n    if $t:\n        break\n    $y += $v",
    test="c",
    imports="import itertools",
    weight=2,
)
R(
    "s>i",
    "count_$q",
    "count the characters of $x that $P",
    "the number of characters of $x that $P",
    "sum(1 for $v in $x if $t)",
    test="c",
    weight=4,
)
R(
    "s>i",
    "changes_$q",
    "count the places in $x where of two neighbouring characters the first $p and the second does not",
    "the number of places where of two neighbouring characters the first $p and the second does not, in $x",
    "sum(1 for $v, after in zip($x, $x[1:]) if ($t) and not (lambda $v: $t)(after))",
    test="c",
    weight=0,
)
R(
    "L>L",
    "$j",
    "replace each number in $x by $N|replace every number in $x by $N|compute for each number in $x $N",
    "$m",
    "[$K for $v in $x]",
    key="i>i",
    weight=9,
)
R(
    "L>W",
    "$j",
    "replace each number in $x by $N|turn each number in $x into $N",
    "$m",
    "[$K for $v in $x]",
    key="i>s",
    weight=3,
)
R(
    "W>W",
    "$j",
    "replace each string in $x by $N|replace every string in $x by $N",
    "$m",
    "[$K for $v in $x]",
    key="s>s",
    weight=10,
)
R(
    "W>L",
    "$j",
    "replace each string in $x by $N|compute for each string in $x $N",
    "$m",
    "[$K for $v in $x]",
    key="s>i",
    weight=6,
)
R(
    "M>L",
    "$j",
    "replace each inner list of $x by $N|compute for each inner list of $x $N",
    "$m",
    "[$K for $v in $x]",
    key="L>i",
    weight=9,
)
for _kind, _key in (("L", "i>i"), ("W", "s>i"), ("M", "L>i")):
    R(
        f"{_kind}>=",
        "by_$j",
        "sort $x by the $n of each $o (ties keep their order)|sort $e in ascending order of their $n, keeping the order in ties",
        "=$x sorted by the $n of each $o, in ascending order (ties keep their order)",
        "sorted($x, key=lambda $v: $K)",
        "$y = list($x)\n$y.sort(key=lambda $v: $K)",
        key=_key + "!",
        weight=5,
    )
    R(
        f"{_kind}>=",
        "by_$j_desc",
        "sort $x by the $n of each $o, largest first (ties keep their order)",
        "=$x sorted by the $n of each $o, largest first (ties keep their order)",
        "sorted($x, key=lambda $v: $K, reverse=True)",
        key=_key + "!",
        weight=2,
    )
    R(
        f"{_kind}>=",
        "big_$j",
        "keep only those of $e whose $n is greater than $k",
        "those of $e whose $n is greater than $k",
        "[$v for $v in $x if $K > $k]",
        key=_key + "!",
        par="1-9",
        weight=3,
    )
    R(
        f"{_kind}>=",
        "odd_$j",
        "keep only those of $e whose $n is odd|keep every $o of $x whose $n is odd",
        "those of $e whose $n is odd",
        "[$v for $v in $x if $Q % 2 == 1]",
        key=_key + "!",
        weight=2,
    )
    R(
        f"{_kind}>i",
        "different_$j",
        "count how many different values occur among $m",
        "the number of different values among $m",
        "len({$K for $v in $x})",
        key=_key,
    )
    R(f"{_kind}>i", "total_$j", "add up $m", "the sum of $m", "sum($K for $v in $x)", key=_key, weight=3)
    R(
        f"{_kind}>i",
        "largest_$j",
        "find the largest of $m|take the largest of $m",
        "the largest of $m",
        "max($K for $v in $x)",
        "$y = None\nfor $v in $x:\n    current = $K\n    if $y is None or current > $y:\n        $y = current",
        key=_key,
        weight=2,
    )
    R(
        f"{_kind}>=",
        "one_per_$j",
        "drop every $o of $x whose $n already occurred with an earlier one",
        "=$x without every $o whose $n already occurred with an earlier one",
        "[$v for i, $v in enumerate($x) if $K not in [$H for u in $x[:i]]]",
        "$y = []\nseen = set()\nfor $v in $x:\n    mark = $K\n    if mark not in seen:\n        seen.add(mark)\n        $y.append($v)",
        key=_key + "!",
        weight=1,
    )
R(
    "W>s",
    "best_$j",
    "find the string of $x with the largest $n (the first such one in a tie)",
    "the string with the largest $n (the first such one in a tie) among $e",
    "max($x, key=lambda $v: $K)",
    "$y = $x[0]\nfor $v in $x:\n    if $K > $G:\n        $y = $v",
    key="s>i!",
    weight=4,
)
R(
    "W>s",
    "least_$j",
    "find the string of $x with the smallest $n (the first such one in a tie)",
    "the string with the smallest $n (the first such one in a tie) among $e",
    "min($x, key=lambda $v: $K)",
    "$y = $x[0]\nfor $v in $x:\n    if $K < $G:\n        $y = $v",
    key="s>i!",
    weight=3,
)
R(
    "L>i",
    "best_$j",
    "find the number of $x with the largest $n (the first such one in a tie)",
    "the number with the largest $n (the first such one in a tie) among $e",
    "max($x, key=lambda $v: $K)",
    "$y = $x[0]\nfor $v in $x:\n    if $K > $G:\n        $y = $v",
    key="i>i!",
    weight=3,
)
R(
    "M>L",
    "best_$j",
    "choose the inner list of $x with the largest $n (the first such one in a tie)",
    "=the inner list with the largest $n (the first such one in a tie) of $x",
    "max($x, key=lambda $v: $K)",
    "$y = $x[0]\nfor $v in $x:\n    if $K > $G:\n        $y = $v",
    key="L>i!",
    weight=4,
)
R(
    "L>E",
    "grouped_$j",
    "count for each value of this how many of $e have it: $N",
    "a dictionary from each value to how many of $e have it as this: $n",
    "{$r: [$K for $v in $x].count($r) for $r in [$K for $v in $x]}",
    "$y = {}\nfor $v in $x:\n    mark = $K\n    $y[mark] = $y.get(mark, 0) + 1",
    key="i>i",
    weight=0,
)
R(
    "W>D",
    "table_$j",
    "map each string in $x to $N",
    "a dictionary from each string to $N, for $e",
    "{$v: $K for $v in $x}",
    key="s>i",
    weight=4,
)
R(
    "L>E",
    "table_$j",
    "map each number in $x to $N",
    "a dictionary from each number to $N, for $e",
    "{$v: $K for $v in $x}",
    key="i>i",
    weight=3,
)
for _src, _weight in (
    ("i", 1),
    ("s", 1),
    ("L", 1),
    ("W", 1),
    ("C", 1),
    ("p", 1),
    ("f", 1),
    ("D", 1),
    ("E", 1),
    ("M", 1),
):
    for _dst in "isfLp":
        _fits = [k for k in KEYS.get(_src, []) if k.out == _dst]
        if _fits:
            R(
                f"{_src}>{_dst}",
                "$j",
                "take $O|determine $O" if _dst == "s" else "compute $O|work out $O|determine $O|take $O",
                "$O",
                "$K",
                key=f"{_src}>{_dst}",
                weight=max(1, len(_fits) // 2),
            )
for _src, _test in (("i", "i"), ("s", "s"), ("L", "L"), ("W", "W"), ("p", "p"), ("f", "f"), ("D", "D"), ("M", "M")):
    R(f"{_src}>b", "is_$q", "check whether $x $p", "?$x $p", "$t", test=_test, weight=3)


# -------------------------------------------------------------------------------------------------------- choosing among them
class Extra:
    """Parameters of the steps: a constant, or once a second argument of the function."""

    def __init__(self, g: Random, used: set[str], share: float) -> None:
        self.g, self.used, self.share = g, used, share
        self.names: list[tuple[str, str, str]] = []  # name, kind, what

    def ask(self, par: str) -> tuple[str, str, object]:
        """How it is said, how it is written, and a value."""
        g = self.g
        if par == "sep":
            mark = g.choice(list(SEPARATORS))
            return SEPARATORS[mark], repr(mark), mark
        is_argument = not self.names and g.random() < self.share
        if par in ("letter", "word"):
            value: object = g.choice("aeeiorstnlb") if par == "letter" else g.choice(["h", "m", "n", "good", "k", "s"])
            if is_argument:
                name = glue.fresh(g, "letter ch mark char_ symbol" if par == "letter" else "limit other", self.used)
                self.names.append((name, par, "a single character" if par == "letter" else "a string"))
                return f"@{name}", name, value
            return repr(value), repr(value), value
        low, high = map(int, par.rsplit("-", 1))
        number = g.randint(low, high)
        if is_argument and high > low + 1:
            name = glue.fresh(g, "k m limit size t step", self.used)
            self.names.append((name, par, "a positive integer" if low > 0 else "an integer"))
            return f"@{name}", name, number
        return str(number), str(number), number


_POOL: dict[str, tuple[list[Row], list[int]]] = {}


def draw_row(g: Random, src: str, dsts: str) -> Row | None:
    """A row of the table by weight."""
    if src + dsts not in _POOL:
        rows = [r for r in ROWS[src] if r.dst in dsts and r.weight]
        total, sums = 0, []
        for r in rows:
            total += r.weight
            sums.append(total)
        _POOL[src + dsts] = rows, sums
    rows, sums = _POOL[src + dsts]
    if not rows:
        return None
    return g.choices(rows, cum_weights=sums)[0]


def owned(its: str, thing: str) -> str:
    """ "its digit sum" of a thing: "the digit sum of @n". A `^` in the text marks where "of the thing" goes."""
    its = its.rstrip(",").replace("its value^", "its value") if its.startswith("its value^ ") else its.rstrip(",")
    for start in ("its text ", "its value "):
        if its.startswith(start):
            return (
                f"{thing} {its.removeprefix(start)}".replace("^", "")
                if "hundredths" not in its
                else f"the value of {thing} in hundredths, rounded to an integer"
            )
    if "^" in its:
        head, _, tail = its.partition("^")
        return f"{head} of {thing}{tail}".replace("its ", "the ", 1).replace("this sum", "the sum")
    if its.startswith("its "):
        return f"the {_after_noun(its[4:], thing)}"
    if " its " in its:
        return its.replace(" its ", " the ") + f" of {thing}"
    return f"{its} ".replace(" it ", f" {thing} ").strip()


def _after_noun(rest: str, thing: str) -> str:
    """Put "of the thing" behind the noun, in front of what explains it."""
    for mark in (
        " (",
        ",",
        " when ",
        " with ",
        " in ",
        " other ",
        " from ",
        " after ",
        " before ",
        " that ",
        " greater ",
        " minus ",
        " joined ",
        " together",
    ):
        if mark in rest:
            head, _, tail = rest.partition(mark)
            if mark == " in " and tail == "binary":
                break
            return f"{head} of {thing}{mark}{tail}"
    return f"{rest} of {thing}"


@cache
def _keys(path: str) -> tuple[Key, ...]:
    """Keys from one kind to another; with `!`, those with a short name."""
    kind, out = path.rstrip("!").split(">")
    return tuple(
        k
        for k in KEYS[kind]
        if k.out == out and ("!" not in path or (k.its.startswith("its ") and not set("^,(") & set(k.its)))
    )


@cache
def _fixed(row: Row) -> Op:
    """A row without anything to choose."""
    return Op(row.src, row.dst, row.tag, row.do, row.np, row.code, row.loop or glue.auto_loop(row.code), row.imports)


def concrete(g: Random, row: Row, extra: Extra) -> Op:
    """Choose the parameter, test or key of a row."""
    if not (row.par or row.test or row.key):
        return _fixed(row)
    par, imports = row.par, row.imports
    table: dict[str, str] = {}
    inner: Test | Key | None = None
    if row.test:
        inner = g.choice(TESTS[row.test])
    elif row.key:
        inner = g.choice(_keys(row.key))
    if inner is not None and inner.par:
        if par:  # two parameters: that of the test or key is a constant
            constant = Extra(g, set(), 0.0).ask(inner.par)
            fill = {"k": constant[0]}, {"k": constant[1]}
        else:
            par = inner.par
            fill = {}, {}
    else:
        fill = {}, {}
    if isinstance(inner, Test):
        table = {
            "p": sub(inner.predicate, fill[0]),
            "t": sub(inner.code, fill[1]),
            "q": sub(inner.tag, fill[1]),
            "P": sub(glue.plural(inner.predicate), fill[0]),
        }
    elif isinstance(inner, Key):
        imports = inner.imports or imports
        marked = sub(inner.its, fill[0])
        its = marked.replace("^", "")
        code = sub(inner.code, fill[1])
        noun = its.removeprefix("its ").rstrip(",")
        table = {"N": its.rstrip(","), "n": noun, "m": sub(inner.many, fill[0]), "j": sub(inner.tag, fill[1]),
                 "K": code, "Q": code if glue.is_atomic(code) else f"({code})", "O": owned(marked, "$x"), "G": code.replace("$v", "$y"), "H": code.replace("$v", "u")}  # fmt: skip
    k_say, k_code, k_value = extra.ask(par) if par else ("", "", None)
    tag = (
        sub(sub(row.tag, table), {"k": "" if not par or not is_word(k_code) else k_code})
        .replace("__", "_")
        .replace("-", "minus_")
        .strip("_")
    )

    words = {key: sub(value, {"k": k_say}) for key, value in table.items()} if par else dict(table)
    if par:
        words["k"] = k_say

    if "t" in table:
        table["T"] = glue.inverse(table["t"])
    code = sub(row.code.replace("not ($t)", "$T"), table)
    if row.key and row.code == "$K":
        code = code.replace("$v", "$x")
    if row.test and row.code == "$t":
        code = code.replace("$v", "$x")
    loop = (
        sub(row.loop.replace("not ($t)", "$T"), table)
        if row.loop
        else glue.auto_loop(code)
        if row.code not in ("$K", "$t")
        else ""
    )
    return Op(
        row.src, row.dst, tag, sub(row.do, words), sub(row.np, words), code, loop, imports, k_say, k_code, k_value
    )


def is_word(text: str) -> bool:
    return text.lstrip("-").isalnum()


def _single(kinds: str, dsts: str) -> None:
    """One operation by itself; `chains` has the longer ones."""

    def maker(g: Random) -> Draft:
        from gemstead.train.curriculum import chains  # it imports this file

        return chains.chain(g, lesson.topic, 1, g.choice(glue.SOURCES[g.choice(kinds)]), dsts)

    maker.__name__ = f"single_{kinds}_{dsts or 'any'}"
    lesson(maker)


for _kinds, _dsts in (
    ("L", "L"),
    ("L", "isfpEM"),
    ("W", "W"),
    ("W", "isDL"),
    ("s", "s"),
    ("s", "iWLD"),
    ("i", "isLf"),
    ("DMpf", ""),
    ("LWs", "b"),
    ("L", "L"),
    ("s", "s"),
    ("W", "W"),
):
    _single(_kinds, _dsts)
