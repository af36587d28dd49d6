"""Which training texts are too close to a benchmark: the same function, the same name, or ten words in a row.

Carries digests only, so that a training machine needs no benchmark. A function is the same if it does the same
(`behaviour.py`), whatever it is called and however it is told. What is not covered: problems whose arguments are of
types that are not compared, reworded so far that no ten words in a row remain, under another name.
Source of the text method: GPT-3, arXiv:2005.14165, appendix C.

`python -m gemstead.train.decontamination FOLDER` makes the digests anew from the benchmarks' published files;
`python -m gemstead.train.decontamination --survey COUNT` prints what they drop out of so many exercises, as JSON.
"""

from __future__ import annotations

import ast
import gzip
import hashlib
import itertools
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from gemstead.core.errors import BadRequest, NotFound
from gemstead.train.behaviour import Behaviour, behaviour, is_same, limited
from gemstead.train.exercises import Exercise, exercises

GRAM = 10
WORD = re.compile(r"[a-z0-9]+")
SIGNATURE = re.compile(r"def\s+(\w+)\s*\(([^)]*)\)")
DIGESTS = Path(__file__).parent / "benchmarks.json"
SECONDS = 1.0  # of processor time for defining a published solution
MOST_ARGUMENTS = 3
MOST_SAMPLES = 20


@dataclass(frozen=True, kw_only=True)
class Benchmarks:
    """Digests of benchmark problems.

    Args:
        grams: Of every ten words in a row.
        names: Of every function name.
        behaviours: Of every function, by the types of its arguments, in every order of these.
        counts: Problems read, per benchmark.
    """

    grams: frozenset[str]
    names: frozenset[str]
    behaviours: Mapping[str, tuple[Behaviour, ...]]
    counts: dict[str, int]

    def reason_to_drop(self, exercise: Exercise) -> str | None:
        """Why an exercise may not be trained on; `None` if it may."""
        if digest(exercise.name.lower().replace("_", "")) in self.names:
            return "function name"
        # Numbers of examples are nobody's text: ten digits in a row prove nothing.
        if any(g in self.grams for g in gram_digests(exercise.sentence)):
            return "10-gram"
        if self.does_the_same(exercise.kinds, exercise.behaviour):
            return "behaviour"
        return None

    def does_the_same(self, kinds: tuple[str, ...], found: Behaviour) -> bool:
        """Whether a benchmark's function behaves like this one."""
        near = self._by_digest.get(", ".join(kinds), {})
        numbered = ((number, one) for number, one in enumerate(found) if one is not None)
        return any(is_same(found, known) for place in numbered for known in near.get(place, ()))

    @cached_property
    def _by_digest(self) -> dict[str, dict[tuple[int, str], list[Behaviour]]]:
        """Types -> (family, digest) -> behaviours that have it."""
        table: dict[str, dict[tuple[int, str], list[Behaviour]]] = {}
        for kinds, several in self.behaviours.items():
            places = table.setdefault(kinds, {})
            for known in several:
                for number, one in enumerate(known):
                    if one is not None:
                        places.setdefault((number, one), []).append(known)
        return table

    def is_text_clean(self, text: str) -> bool:
        """Whether a longer text shares no ten words with a problem."""
        return not any(g in self.grams for g in gram_digests(text))


@dataclass(kw_only=True)
class Report:
    """What was dropped and why.

    Args:
        benchmarks: Problems of each benchmark that was compared with.
        seen: Exercises looked at.
        distinct: Different problems among them.
        dropped: How many for each reason.
        by_topic: How many of each topic.
        samples: Some of what was dropped for its behaviour, in words.
    """

    benchmarks: Mapping[str, int]
    seen: int = 0
    distinct: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    by_topic: Counter[str] = field(default_factory=Counter)
    samples: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For a file."""
        return {
            "benchmarks": dict(self.benchmarks),
            "seen": self.seen,
            "distinct": self.distinct,
            "dropped": dict(self.dropped.most_common()),
            "by_topic": dict(self.by_topic.most_common()),
            "samples": self.samples,
        }


def survey(supply: Iterable[Exercise], benchmarks: Benchmarks) -> Report:
    """Look at exercises and count what would be dropped."""
    report, keys = Report(benchmarks=benchmarks.counts), set[str]()
    for exercise in supply:
        report.seen += 1
        keys.add(exercise.key)
        reason = benchmarks.reason_to_drop(exercise)
        if reason is None:
            continue
        report.dropped[reason] += 1
        report.by_topic[exercise.topic] += 1
        if reason == "behaviour" and len(report.samples) < MOST_SAMPLES:
            report.samples.append(exercise.sentence)
    report.distinct = len(keys)
    return report


def gram_digests(text: str) -> set[str]:
    """Digests of all ten words in a row, lowercased, punctuation gone; grams of digits only are left out."""
    found = WORD.findall(text.lower())
    grams = (found[i : i + GRAM] for i in range(len(found) - GRAM + 1))
    return {digest(" ".join(g)) for g in grams if sum(not word.isdigit() for word in g) >= GRAM // 2}


def digest(text: str) -> str:
    """Twelve hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def read_benchmarks(file: Path = DIGESTS) -> Benchmarks:
    """The digests carried with the package.

    Raises:
        NotFound: The file is not there or damaged.
    """
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return Benchmarks(
            grams=frozenset(data["grams"]),
            names=frozenset(data["names"]),
            behaviours={kinds: tuple(map(tuple, several)) for kinds, several in data["behaviours"].items()},
            counts=dict(data["counts"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotFound(f"{file}: benchmark digests cannot be read: {error}", hint="reinstall gemstead") from error


@dataclass(frozen=True, kw_only=True)
class Published:
    """One problem of a benchmark, for digesting only.

    Args:
        text: Prompt and solution, or question and answer.
        code: The published solution as a program; empty if there is none.
        name: Its function.
        arguments: One published call's arguments.
    """

    text: str
    code: str = ""
    name: str = ""
    arguments: tuple[Any, ...] = ()


def digest_problems(problems: Mapping[str, list[Published]]) -> Benchmarks:
    """Digest problems, by benchmark. Runs their published solutions, in this process."""
    grams, names = set[str](), set[str]()
    behaviours: dict[str, set[Behaviour]] = {}
    for problem in itertools.chain.from_iterable(problems.values()):
        grams |= gram_digests(problem.text)
        names |= {digest(name.lower().replace("_", "")) for name, _ in SIGNATURE.findall(problem.text)}
        for kinds, found in _behaviours(problem):
            behaviours.setdefault(", ".join(kinds), set()).add(found)
    return Benchmarks(
        grams=frozenset(grams),
        names=frozenset(names),
        behaviours={kinds: tuple(sorted(several, key=str)) for kinds, several in sorted(behaviours.items())},
        counts={name: len(several) for name, several in problems.items()},
    )


def _behaviours(problem: Published) -> Iterator[tuple[tuple[str, ...], Behaviour]]:
    """What a problem's solution does, for every order of its arguments and every type they may be of."""
    if not problem.code or not 1 <= len(problem.arguments) <= MOST_ARGUMENTS:
        return
    space: dict[str, Any] = {"__name__": "published"}
    with limited(SECONDS):
        exec(problem.code, space)  # published solutions only
    function = space.get(problem.name)
    if not callable(function):
        return
    places = range(len(problem.arguments))
    choices = [_possible_kinds(value) for value in problem.arguments]
    for kinds in itertools.product(*choices):
        for order in itertools.permutations(places):
            ordered = tuple(kinds[place] for place in order)
            found = behaviour(_reordered(function, order), ordered)
            if any(one is not None for one in found):
                yield ordered, found


def _reordered(function: Callable[..., Any], order: tuple[int, ...]) -> Callable[..., Any]:
    """The function with its arguments given in another order."""

    def call(*given: Any) -> Any:
        places: list[Any] = [None] * len(given)
        for value, place in zip(given, order, strict=True):
            places[place] = value
        result = function(*places)
        return places[0] if result is None and isinstance(places[0], list) else result

    return call


def _possible_kinds(value: Any) -> tuple[str, ...]:
    """Types an argument may be of, judging by one value."""
    if isinstance(value, bool):
        return ("bool",)
    if isinstance(value, int | float):
        return ("int", "float")
    if isinstance(value, str):
        return ("str",)
    if isinstance(value, dict):
        return ("dict[str, int]", "dict[str, str]")
    if not isinstance(value, list | tuple) or not value:
        return ()
    first = value[0]
    if isinstance(first, list | tuple):
        return ("list[list[int]]", "list[tuple[int, int]]", "list")
    if isinstance(first, str):
        return ("list[str]",)
    if isinstance(first, bool):
        return ("list[bool]",)
    pair = ("tuple[int, int]",) if len(value) == 2 else ()
    return ("list[int]", "list[float]", *pair) if isinstance(first, int | float) else ()


def published_problems(folder: Path) -> dict[str, list[Published]]:
    """HumanEval, MBPP and GSM8K from their published files.

    Args:
        folder: Holds HumanEval.jsonl.gz, HumanEvalPlus.jsonl.gz, MbppPlus.jsonl.gz, mbpp.jsonl, sanitized-mbpp.json and
            gsm8k_test.jsonl.

    Raises:
        NotFound: A file is missing or is no such file.
    """
    try:
        human = _rows(gzip.decompress((folder / "HumanEval.jsonl.gz").read_bytes()).decode())
        human_plus = _rows(gzip.decompress((folder / "HumanEvalPlus.jsonl.gz").read_bytes()).decode())
        plus = _rows(gzip.decompress((folder / "MbppPlus.jsonl.gz").read_bytes()).decode())
        mbpp = _rows((folder / "mbpp.jsonl").read_text(encoding="utf-8"))
        sanitized = json.loads((folder / "sanitized-mbpp.json").read_text(encoding="utf-8"))
        grade_school = _rows((folder / "gsm8k_test.jsonl").read_text(encoding="utf-8"))
        return {
            "HumanEval": [human_eval_problem(row) for row in human],
            "HumanEval+": [human_eval_problem(row) for row in human_plus],
            "MBPP": [_mbpp_problem(row, row["text"]) for row in mbpp],
            "MBPP sanitized": [_mbpp_problem(row, row["prompt"]) for row in sanitized],
            "MBPP+": [
                Published(text=row["prompt"], code=row["canonical_solution"], name=row["entry_point"],
                          arguments=tuple(row["base_input"][0]))
                for row in plus
            ],
            "GSM8K": [Published(text=row["question"]) for row in grade_school],
        }  # fmt: skip
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise NotFound(f"{folder}: the benchmarks' files cannot be read: {error!r}") from error


def human_eval_problem(row: Mapping[str, Any]) -> Published:
    """A row of HumanEval, or of HumanEval+, whose inputs it then has too."""
    code = row["prompt"] + row["canonical_solution"]
    arguments = row["base_input"][0] if "base_input" in row else ()
    return Published(text=code, code=code, name=row["entry_point"], arguments=tuple(arguments))


def _mbpp_problem(row: Mapping[str, Any], text: str) -> Published:
    code = row["code"].replace("\r\n", "\n")
    for line in row["test_list"]:
        for node in ast.walk(ast.parse(line)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and f"def {node.func.id}" in code:
                try:
                    values = tuple(ast.literal_eval(argument) for argument in node.args)
                except ValueError:
                    continue
                return Published(text=f"{text}\n{code}", code=code, name=node.func.id, arguments=values)
    return Published(text=f"{text}\n{code}")


def _rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def write_digests(benchmarks: Benchmarks, file: Path) -> None:
    """Write what `read_benchmarks` reads."""
    data = {
        "counts": benchmarks.counts,
        "names": sorted(benchmarks.names),
        "behaviours": {kinds: list(map(list, several)) for kinds, several in benchmarks.behaviours.items()},
        "grams": sorted(benchmarks.grams),
    }
    file.write_text(json.dumps(data, separators=(",", ":")) + "\n", encoding="utf-8")


def main() -> int:
    """Make the digests anew, or print a survey."""
    if len(sys.argv) == 3 and sys.argv[1] == "--survey":
        made = itertools.islice(exercises(0, "survey"), int(sys.argv[2]))
        sys.stdout.write(json.dumps(survey(made, read_benchmarks()).as_json(), indent=2) + "\n")
        return 0
    if len(sys.argv) != 2:
        raise BadRequest("give the folder that holds the benchmarks' published files, or `--survey COUNT`")
    benchmarks = digest_problems(published_problems(Path(sys.argv[1])))
    write_digests(benchmarks, DIGESTS)
    several = sum(map(len, benchmarks.behaviours.values()))
    sys.stdout.write(
        f"{benchmarks.counts}: {len(benchmarks.grams)} 10-grams, {len(benchmarks.names)} names, {several} behaviours\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
