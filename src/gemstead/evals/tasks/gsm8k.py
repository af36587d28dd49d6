"""GSM8K: 1,319 word problems of grade-school arithmetic, answered by reasoning in words that ends in one number.

Source: "Training verifiers to solve math word problems", arXiv:2110.14168; its test split. No examples are shown
(0-shot), and the model is asked to reason before it answers, as in "Large language models are zero-shot reasoners",
arXiv:2205.11916, and to write the number after `####`, the mark of the published answers.

Two scores come of the same answers. *flexible*, the headline, takes the number that the answer ends in, however it is
written (`evals/final_number.py`): it asks whether the problem was solved. *strict* takes only a number after the mark:
it asks besides whether the model did as it was told. Whoever passes strictly passes flexibly. Others call "flexible"
the last number of the text, which a remark after the answer spoils; so neither score is theirs to the last answer.

Nothing is run, and no sandbox is needed. Numbers are compared exactly, as fractions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from gemstead.core.errors import NotFound
from gemstead.evals.asking import AskedTask
from gemstead.evals.defects import KNOWN_DEFECTS
from gemstead.evals.final_number import MARK, find_statement, is_marked, shown, value_of, values
from gemstead.evals.published import PublishedFile, read_published
from gemstead.evals.task import AnswerStyle, Extraction, Judgement, Problem
from gemstead.evals.thoughts import spoken

FILE = PublishedFile(
    name="gsm8k_test.jsonl",
    url="https://raw.githubusercontent.com/openai/grade-school-math/"
    "3101c7d5072418e28b9008a6636bde82a006892c/grade_school_math/data/test.jsonl",
    rows_sha256="13ee343c128dbc3cee820f744d547416974a23f2ea356a454d4aa3376a35bd37",
    num_rows=1319,
    fields={"question": str, "answer": str},
)

_PROMPT_VERSION = "1"
_EXTRACTOR_VERSION = "number-1"

INSTRUCTION = (
    f"{{question}}\n\nReason step by step. Then write the final answer on a last line of its own: {MARK} and a space, "
    f"followed by the number alone, such as\n\n{MARK} 7"
)
BASE_PROMPT = f"Question: {{question}}\nAnswer, step by step, with the final number on a last line after {MARK}:\n"

# Where a base model has begun the next problem.
STOP_STRINGS = ("\nQuestion:", "\n\nQ:")


@dataclass(frozen=True, kw_only=True)
class NumberOracle:
    """Compares the number that an answer ends in.

    Args:
        expected: The published one.
    """

    expected: Fraction
    wanted = "number"
    parts = ("strict", "flexible")

    def judge(self, taken: str) -> Judgement:
        """Compare what `Gsm8k.extract` took out."""
        found = values(taken)
        if self.expected not in found:
            said = f"is {shown(min(found, key=abs))}" if found else "has no value"
            return Judgement(parts=(), detail=f"{taken:.60} {said}, not {shown(self.expected)}")
        return Judgement(parts=self.parts if is_marked(taken) else self.parts[1:], detail="")


class Gsm8k(AskedTask):
    """The task. Reads its data when it is built, and fetches it the first time.

    Args:
        path: A data file to read instead of the published one.

    Raises:
        NotFound: The data is not here, or is something else.
        Infrastructure: It cannot be fetched.
    """

    name = "gsm8k"
    extractor_version = _EXTRACTOR_VERSION
    runs_programs = False
    file = FILE
    stop = STOP_STRINGS

    def __init__(self, path: Path | None = None) -> None:
        data = read_published(FILE, path)
        self.version = f"{_PROMPT_VERSION}-{data.sha256[:16]}"
        self._problems = tuple(_problem(data.path, number, row) for number, row in enumerate(data.rows))

    def instruction(self, problem: Problem) -> str:
        """The question, and how to answer."""
        question = problem.prompt.removeprefix("Question: ").rpartition("\nAnswer, step by step")[0]
        return INSTRUCTION.format(question=question)

    def extract(self, problem: Problem, answer: str, *, style: AnswerStyle) -> Extraction:
        """Take out the number that the answer ends in, as it stands there. Never raises on what a model wrote."""
        said = spoken(answer, style)
        if said is None:
            return Extraction(program=None, how="the thought was never closed")
        if not said.strip():
            return Extraction(program=None, how="the answer is empty")
        found = find_statement(said, takes_first_mark=style == "base")
        if found is None:
            return Extraction(program=None, how="no number found")
        return Extraction(program=found.text, how=found.how)


def _problem(path: Path, number: int, row: Mapping[str, Any]) -> Problem:
    published = find_statement(row["answer"])
    expected = value_of(row["answer"].rpartition(MARK)[2])
    if published is None or expected is None or not is_marked(published.text):
        raise NotFound(
            f"{path}, row {number + 1}: the answer does not end in {MARK} and a number",
            hint=f"give the published file {FILE.name}",
        )
    return Problem(
        id=f"GSM8K/{number}",
        prompt=BASE_PROMPT.format(question=row["question"].strip()),
        canonical=published.text,
        oracle=NumberOracle(expected=expected),
        known_defect=KNOWN_DEFECTS["gsm8k"].get(f"GSM8K/{number}"),
    )
