"""Extraction against a corpus of answer shapes, hand-written odd answers, and arbitrary text."""

from __future__ import annotations

import time
import warnings
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gemstead.evals.extract import extract
from gemstead.evals.task import AnswerStyle, Extraction, Problem
from gemstead.evals.tasks.humaneval import HumanEval
from tests.evals.honest import passes
from tests.evals.odd_answers import ODD_ANSWERS, OddAnswer
from tests.evals.shapes import NO_CODE, NOTES, RIGHT, WRONG, Parts, Shape, fence

PROBLEMS: Mapping[int, Problem] = {int(p.id.partition("/")[2]): p for p in HumanEval().problems()}
# A prompt with an import, one with a helper, one whose test calls a helper, one with its import in the wrong place.
SAMPLE = tuple(PROBLEMS[n] for n in (3, 10, 32, 115))
BASIC = (
    "fence_python", "fence_no_tag", "fence_tilde", "fence_unclosed", "fence_in_list", "crlf", "bare_whole",
    "prose_around", "whole_file", "body_indented", "body_flush", "draft_then_final", "helper_after",
    "class_wrapper", "main_guard", "base_body", "base_runs_on_unfinished", "thought_channel",
)  # fmt: skip


def outcome(problem: Problem, found: Extraction) -> str:
    if found.program is None:
        return "no code"
    return "right" if passes(problem, found.program) else "wrong"


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(RIGHT) + len(WRONG) + len(NO_CODE) + len(ODD_ANSWERS) >= 550
    assert not RIGHT.keys() & WRONG.keys() & NO_CODE.keys()


def test_every_note_is_about_a_shape_of_the_corpus() -> None:
    assert NOTES.keys() <= {*RIGHT, *WRONG, *NO_CODE, *(answer.name for answer in ODD_ANSWERS)}


@pytest.mark.parametrize(("style", "shape"), RIGHT.values(), ids=list(RIGHT))
def test_a_right_solution_passes_in_this_shape(style: AnswerStyle, shape: Shape) -> None:
    for problem in SAMPLE:
        found = extract(problem, shape(Parts(problem)), style=style)
        assert passes(problem, found.program), (problem.id, found)


@pytest.mark.filterwarnings("ignore:coroutine")
@pytest.mark.parametrize(("style", "shape"), WRONG.values(), ids=list(WRONG))
def test_a_wrong_answer_is_handed_to_the_judge_and_fails(style: AnswerStyle, shape: Shape) -> None:
    for problem in SAMPLE:
        found = extract(problem, shape(Parts(problem)), style=style)
        assert outcome(problem, found) == "wrong", (problem.id, found)


@pytest.mark.parametrize(("style", "shape"), NO_CODE.values(), ids=list(NO_CODE))
def test_an_answer_without_code_gives_no_program(style: AnswerStyle, shape: Shape) -> None:
    for problem in SAMPLE:
        found = extract(problem, shape(Parts(problem)), style=style)
        assert found.program is None, (problem.id, found)


@pytest.mark.parametrize("name", BASIC)
def test_every_canonical_solution_passes_in_this_shape(name: str) -> None:
    style, shape = RIGHT[name]
    failed = [p.id for p in PROBLEMS.values() if not passes(p, extract(p, shape(Parts(p)), style=style).program)]
    assert failed == []


@pytest.mark.parametrize("answer", ODD_ANSWERS, ids=lambda a: a.name)
def test_an_odd_answer_is_read_as_a_person_would(answer: OddAnswer) -> None:
    problem = PROBLEMS[answer.number]
    found = extract(problem, answer.text, style=answer.style)
    assert outcome(problem, found) == answer.outcome, found


def test_extracting_from_an_extracted_program_changes_nothing() -> None:
    for name, (style, shape) in RIGHT.items():
        problem = SAMPLE[len(name) % len(SAMPLE)]
        program = extract(problem, shape(Parts(problem)), style=style).program
        assert program is not None
        assert extract(problem, fence(program), style="chat").program == program, name
        assert extract(problem, program, style="chat").program == program, name


def test_the_prompts_imports_and_helpers_come_first_unless_the_answer_has_its_own() -> None:
    whole = extract(
        PROBLEMS[10], fence("def make_palindrome(string):\n    return is_palindrome(string)\n"), style="chat"
    )
    assert whole.program is not None and whole.program.index("def is_palindrome") < whole.program.index("def make_pal")
    own = extract(
        PROBLEMS[10],
        fence("def is_palindrome(s):\n    return 1\n\ndef make_palindrome(s):\n    return is_palindrome(s)\n"),
        style="chat",
    )
    assert own.program is not None and own.program.count("def is_palindrome") == 1
    assert "import math" in (
        extract(PROBLEMS[115], fence("def max_fill(g, c):\n    return 1\n"), style="chat").program or ""
    )


def test_nobody_elses_imports_are_added() -> None:
    found = extract(PROBLEMS[53], fence("def add(x, y):\n    return math.fsum([x, y])\n"), style="chat")
    assert found.program is not None and "import" not in found.program


def test_what_only_shows_the_function_off_is_left_out_and_what_sets_it_up_stays() -> None:
    code = (
        "import sys\nimport numpy as np\n\nTABLE = {}\n\ndef fill():\n    print('filling')\n    TABLE[1] = 2\n\n"
        "def add(x, y):\n    return TABLE[1] * 0 + x + y\n\nfill()\nsys.setrecursionlimit(3000)\n"
        "shown = add(np.int64(1), 2)\nprint(shown)\nassert shown == 4\n"
        "if __name__ == '__main__':\n    print(add(1, 1))\n"
    )
    program = extract(PROBLEMS[53], code, style="chat").program
    assert program is not None
    assert all(kept in program for kept in ("TABLE = {}", "fill()\n", "sys.setrecursionlimit(3000)"))
    assert not any(gone in program for gone in ("shown", "assert", "__main__", "numpy"))


def test_how_says_which_reading_it_was() -> None:
    problem = PROBLEMS[53]
    readings = {
        "def add(x, y):\n    return x + y\n": "the whole answer",
        "```python\npass\n```\n```python\ndef add(x, y):\n    return x + y\n```": "fenced block 2 of 2",
        "So:\n\ndef add(x, y):\n    return x + y\n": "code in prose",
        "```\nreturn x + y\n```": "body in fenced block 1 of 1",
        "I do not know.": "no code found",
        "<think>never closed": "the thought was never closed",
        "```python\ndef add(x, y):\n    ...\n```": "fenced block 1 of 1, a stub",
        "'''python\ndef add(x, y):\n    return x + y\n'''": "code in quotation marks",
        '<tool_call>{"code": "def add(x, y):\\n    return x + y"}</tool_call>': "code in a JSON string",
    }
    for answer, how in readings.items():
        assert extract(problem, answer, style="chat").how == how


def test_warnings_of_the_answers_own_code_stay_silent() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = extract(PROBLEMS[53], fence("def add(x, y):\n    '\\d'\n    x is 1\n    return x + y\n"), style="chat")
    assert found.program is not None


def test_nothing_of_an_answer_is_run(tmp_path: Path) -> None:
    code = f"open({str(tmp_path)!r} + '/touched', 'w').close()\nimport this\n\ndef add(x, y):\n    return x + y\n"
    assert extract(PROBLEMS[53], code, style="chat").program is not None
    assert list(tmp_path.iterdir()) == []


_PIECES = st.sampled_from(
    (
        "```", "~~~", "````", "python", "```python\n", "\n", "\n\n", "    ", "\t", "def add(x, y):",
        "def add(", "return x + y", "class Solution:", ">>> ", "... ", "> ", "- ", "1. ", "<think>",
        "</think>", "<|channel>thought\n", "<channel|>", '"""', "'''", "(", ")", "[", "]", "{", "}", ":", "@",
        "\\", "\r", "\ufeff", "\u200b", "\xa0", "\x00", "\ud800", "&lt;", "if x:", "else:", "try:", "except:",
        "import math", "from x import add", "add = ", "lambda x, y: x + y", "assert add(1)",
        "print(add(1, 2))", "`add`", "'", '"', "#", "Here's", "<turn|>", '{"code": "def add', "async ",
        "await x", "yield",
    )
)  # fmt: skip


@settings(max_examples=300, deadline=2000)
@given(
    st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=40).map("".join)),
    st.sampled_from(["chat", "base", "thinking"]),
)
def test_no_text_raises_and_every_program_can_be_written_down(answer: str, style: AnswerStyle) -> None:
    found = extract(PROBLEMS[53], answer, style=style)
    assert found.how
    if found.program is not None:
        found.program.encode("utf-8")


@settings(max_examples=80, deadline=2000)
@given(st.lists(_PIECES, max_size=12).map("".join), st.lists(_PIECES, max_size=12).map("".join))
def test_a_program_extracted_once_is_extracted_again(before: str, after: str) -> None:
    problem = PROBLEMS[53]
    first = extract(problem, f"{before}\n\n```python\ndef add(x, y):\n    return x + y\n```\n\n{after}", style="chat")
    if first.program is not None and passes(problem, first.program):
        assert passes(problem, extract(problem, fence(first.program), style="chat").program)


_SIZE = 60_000
_LARGE = {
    "backticks": "`",
    "fences": "```\n",
    "tagged fences": "```python\n",
    "broken blocks": "```python\ndef add(x, y):\n    return (\n```\n",
    "blocks": "```python\ndef add(x, y):\n    return 1\n```\n",
    "fences late in a line": "x ```python ",
    "quotation marks": "> ",
    "open brackets": "(",
    "open brackets in lines": "[\n",
    "triple quotes": '"""\n',
    "open definitions": "def add(\n",
    "definitions": "def add(x, y):\n    return 1\n",
    "indented definitions": "  def add(x, y):\n      return 1\n\n",
    "closed thoughts": "</think>\n```\n",
    "mentions": '"</think>" ',
    "words": "word\n",
    "statements": "a = b\n",
    "statements in a line": "x;",
    "returns": "return x\n",
    "decorators": "@a\n",
    "prompts": ">>> x\n",
    "null bytes": "add\x00\n",
    "surrogates": "\ud800",
    "entities": "&lt;",
    "escaped underscores": "add\\_",
    "a long sum": "1+",
    "attributes": "x.a.",
    "minus signs": "-",
}


@pytest.mark.parametrize("piece", _LARGE.values(), ids=list(_LARGE))
def test_a_large_answer_of_one_kind_is_read_in_seconds(piece: str) -> None:
    answer = piece * (_SIZE // len(piece))
    start = time.process_time()
    extract(PROBLEMS[53], answer, style="base")
    extract(PROBLEMS[53], f"def add(x, y):\n    return {answer}", style="thinking")
    assert time.process_time() - start < 10


@pytest.mark.parametrize("piece", ["x = 1\n", "word " * 20 + "\n", "# note\n", "```text\nother\n```\n", '"""\n', "(\n"])
def test_a_right_function_is_found_behind_half_a_megabyte(piece: str) -> None:
    answer = piece * (500_000 // len(piece)) + "\n\n" + fence("def add(x, y):\n    return x + y\n")
    assert passes(PROBLEMS[53], extract(PROBLEMS[53], answer, style="chat").program)


def test_a_long_text_block_is_no_hindrance() -> None:
    code = f'TABLE = """{"word " * 100_000}"""\n\ndef add(x, y):\n    return x + y\n'
    assert passes(PROBLEMS[53], extract(PROBLEMS[53], fence(code), style="chat").program)


def test_deep_nesting_is_read_without_a_crash() -> None:
    for code in ("(" * 5000, "-" * 50_000 + "1", "x" + ".a" * 50_000, "[" * 150 + "]" * 150, "lambda: " * 5000 + "1"):
        extract(PROBLEMS[53], f"def add(x, y):\n    return {code}\n", style="chat")
    deep = "".join(" " * n + "if x:\n" for n in range(300))
    extract(PROBLEMS[53], f"def add(x, y):\n  return x + y\n{deep}", style="chat")
