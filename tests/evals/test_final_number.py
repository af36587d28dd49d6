"""The number an answer ends in: where it is found, what it is worth, and that no answer stalls the search."""

from __future__ import annotations

import time
from fractions import Fraction

import pytest

from gemstead.evals.final_number import find_statement, is_marked, shown, value_of, values


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("#### 18", "18"),
        ("9 * 2 = 18\n#### 18\n", "18"),
        ("#### $1,450,000.", "1450000"),
        ("#### **18** dollars", "18"),
        ("**#### 18**", "18"),
        ("#### $18$", "18"),
        ("#### 18€", "18"),
        ("#### -3°C", "-3"),
        ("#### 3 miles/hour", "3"),
        ("#### 12 (dollars)", "12"),
        ("#### 20%", "20"),
        ("#### 20 \\%", "20"),
        ("#### 5 \\text{ apples}", "5"),
        ("#### 18.00", "18"),
        ("#### = 18", "18"),
        ("#### 3/4", "3/4"),
        ("#### Step 1: eggs\n16 - 3\n#### 13", "13"),
        ("First #### 12, no:\n#### 13", "13"),
        ("#### 12\nI made a mistake.\n#### 13", "13"),
        ("#### 18\n\nThat is 3 more than 15.", "18"),
    ],
)
def test_a_number_after_the_mark_is_read_strictly(answer: str, value: str) -> None:
    found = find_statement(answer)
    assert found is not None and is_marked(found.text) and values(found.text) == {Fraction(value)}


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("#### 1. Compute the eggs\n#### 2. Sell them\nThe answer is $18.", "18"),
        ("#### Final answer: 18", "18"),
        ("#### 18 dollars, since 9 eggs at $2", "18"),
        ("#### 18 (= 9 * 2)", "18"),
        ("#### 2) Sell them for **$18**", "18"),
        ("##### 7\nso 18", "18"),
        ("so \\boxed{\\$9{,}500} it is, for 2 days", "9500"),
        ("\\boxed{8,000}", "8000"),
        ("$\\boxed{\\text{The answer is } 460}$ for 3", "460"),
        ("\\boxed{\\frac{3}{4}}", "3/4"),
        ("\\boxed{12}, no: \\boxed{13}", "13"),
        ("The answer is 16 - 3 - 4 = 9.", "9"),
        ("The final answer is: $18, not 20.", "18"),
        ("Answer: 3 boxes, 12 in each", "3"),
        ("**Answer:** 18", "18"),
        ("The answer to the question is 7.", "7"),
        ("The answer is\n\n**18**", "18"),
        ("So she makes **$18** per day (9 eggs at $2).", "18"),
        ("You will save $4 + $2 = $6 for 2 tubs and 4 packets of milk.", "6"),
        ("That is 2 * 3 = 6, so he has 10 left.", "10"),
        ("The total is 72 clips, altogether.", "72"),
        ("Total: $80,000.", "80000"),
        ("\\[ 9 \\times 2 = 18 \\]", "18"),
        ("- 5 apples\n- 6 pears\nwhich is 11", "11"),
        ("That leaves 16-5 eggs, or 11", "11"),
        ("between 5–10", "10"),
    ],
)
def test_without_a_mark_the_number_is_found_where_people_put_it(answer: str, value: str) -> None:
    found = find_statement(answer)
    assert found is not None and not is_marked(found.text) and values(found.text) == {Fraction(value)}


@pytest.mark.parametrize("answer", ["", "no number", "####", "#### eighteen", ",", "$", "-", ".", "x2 is H2O"])
def test_an_answer_without_a_number_has_none(answer: str) -> None:
    assert find_statement(answer) is None


def test_a_base_model_that_runs_on_is_read_up_to_its_first_mark() -> None:
    said = "9 * 2\n#### 18\n\nNext problem: 4 + 4\n#### 8"
    first, last = find_statement(said, takes_first_mark=True), find_statement(said)
    assert first is not None and last is not None and (first.text, last.text) == ("#### 18", "#### 8")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234,567.5", "1234567.5"),
        ("1,00,000", "100000"),
        ("1{,}000", "1000"),
        ("12\u00a0345", "12345"),
        ("1\u202f234\u202f567", "1234567"),
        ("1'000", "1000"),
        ("$118 000", "118000"),
        ("1_000", "1000"),
        ("-$5", "-5"),
        ("$-5", "-5"),
        ("\u22125", "-5"),
        ("\u2013 5", "5"),
        ("1 1/2", "3/2"),
        ("1½", "3/2"),
        ("¾", "3/4"),
        ("-\\frac{1}{2}", "-1/2"),
        ("3 / 4", "3/4"),
        (".5", "1/2"),
        ("1.5e3", "1500"),
        ("1.5 \\times 10^{3}", "1500"),
        ("2 × 10^3", "2000"),
        ("07", "7"),
        ("１８", "18"),
    ],
)
def test_numbers_are_read_in_every_spelling(text: str, value: str) -> None:
    assert values(text) == {Fraction(value)}


def test_a_scale_may_answer_in_its_own_unit_or_be_multiplied_out() -> None:
    assert values("$2.5 million") == {Fraction(5, 2), Fraction(2_500_000)}
    assert values("3 thousandths") == {Fraction(3)}


def test_what_is_no_value_has_none() -> None:
    assert values("3/0") == values("nothing") == frozenset()
    assert values("9" * 10_000) == frozenset()


def test_numbers_a_hair_apart_are_not_equal() -> None:
    assert values("33.33") != values("33.333") and values("0.30000000000000004") != values("0.3")


def test_a_published_number_is_the_whole_text() -> None:
    assert value_of(" 1,450,000 ") == 1_450_000 and value_of("-10") == -10
    assert value_of("18 eggs") is None and value_of("") is None


def test_values_are_shown_as_people_write_them() -> None:
    assert [shown(Fraction(v)) for v in ("18", "-0.5", "1/3")] == ["18", "-0.5", "1/3"]


@pytest.mark.parametrize(
    "piece", ["9", "1,", "-", "####", "$", "\\boxed{", "#### a ", "1 ", "**", "answer is ", "½", "1/", "e1", "(", "\\,"]
)
def test_no_answer_stalls_the_search(piece: str) -> None:
    start = time.process_time()
    found = find_statement(piece * (300_000 // len(piece)))
    if found is not None:
        values(found.text)
    assert time.process_time() - start < 2
