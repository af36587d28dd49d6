"""Whole programs in answers: found in every place where models put them, and nothing stalls or raises."""

from __future__ import annotations

import time

import pytest

from gemstead.evals.script import extract_script

PROGRAM = "n = int(input())\nprint(n * 2)\n"
FENCED = f"```python\n{PROGRAM}```"


@pytest.mark.parametrize(
    "answer",
    [
        PROGRAM,
        FENCED,
        f"Sure.\n\n{FENCED}\n\nIt doubles.",
        f"```\n{PROGRAM}```",
        f"~~~py\n{PROGRAM}~~~",
        f"```python\n{PROGRAM}",
        f"```python\r\n{PROGRAM}```".replace("\n", "\r\n"),
        f"First try:\n```python\nprint(3)\n```\nBetter:\n{FENCED}",
        f"{FENCED}\nFor this input\n```\n21\n```\nit writes\n```\n42\n```",
        f"{FENCED}\nRun it:\n```bash\npython main.py\n```",
        f"{FENCED}\nwhere\n```python\nn = 3\n```\nis read.",
        f"<think>\n```python\nprint(0)\n```\n</think>\n{FENCED}",
        f"Here is the program:\n\n{PROGRAM}\nThat is all.",
        "1. Do this:\n\n   ```python\n   n = int(input())\n   print(n * 2)\n   ```",
    ],
)
def test_the_program_is_found(answer: str) -> None:
    found = extract_script(answer, style="chat")
    assert found.program is not None and found.program.replace("\r", "") == PROGRAM, found


def test_what_an_earlier_block_defines_and_the_program_needs_comes_along() -> None:
    first = "```python\ndef twice(n):\n    return 2 * n\nprint(twice(1))\n```"
    answer = f"{first}\nThen:\n```python\nprint(twice(int(input())))\n```"
    found = extract_script(answer, style="chat")
    assert found.program == "def twice(n):\n    return 2 * n\nprint(twice(int(input())))\n"


def test_a_program_without_any_output_and_one_that_does_not_parse_are_judged_all_the_same() -> None:
    assert extract_script("```python\nn = 3\n```", style="chat").program == "n = 3\n"
    assert extract_script("```python\nprint(\n```", style="chat").program == "print(\n"


@pytest.mark.parametrize("answer", ["", "  ", "I cannot.", "<think>print(1)"])
def test_no_program_is_no_program(answer: str) -> None:
    assert extract_script(answer, style="chat").program is None


def test_a_base_model_is_read_up_to_the_closing_fence() -> None:
    assert extract_script(f"{PROGRAM}```\nand so on", style="base").program == PROGRAM
    assert extract_script(FENCED, style="base").program == PROGRAM


@pytest.mark.parametrize(
    "piece", ["```\n", "```python\nprint(1\n", "print(1)\n", "x", "(", "```python\nx=1\n```\n", "\\"]
)
def test_no_answer_stalls_the_search(piece: str) -> None:
    start = time.process_time()
    extract_script(piece * (60_000 // len(piece)), style="chat")
    assert time.process_time() - start < 4
