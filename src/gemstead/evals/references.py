"""What canonical solutions return and need on this machine, kept on disk so that it is worked out once.

A problem with cases walks in; the data its check needs walks out. The file of a reference is named after a hash of
everything that could change it: the solution, its inputs, the rule, the text of the check and the interpreter.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import marshal
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any

from gemstead.core.environment import home
from gemstead.evals.task import Cases, Problem

TIMES_FILE = "times.tsv"
_MARSHAL_VERSION = 2  # the last without references: equal inputs give equal bytes


@dataclass(frozen=True, kw_only=True)
class Reference:
    """What a canonical solution did.

    Args:
        expected: For each part, each of its values as `cases_check.kept` remembers it.
        largest_bytes: Size of the largest value, encoded.
        cpu_s: Processor time for all.
    """

    expected: Sequence[Sequence[str]]
    largest_bytes: int
    cpu_s: float


class References:
    """References of one judge, in memory and on disk.

    Args:
        folder: Where; by default `references` in gemstead's home.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder if folder is not None else home() / "references"
        self._inputs: dict[Cases, list[tuple[str, str, int]]] = {}

    @cached_property
    def known_cpu_s(self) -> Mapping[str, float]:
        """What solutions whose references were ever kept here took, by problem id: a guess, to order work by."""
        try:
            lines = (self._folder / TIMES_FILE).read_text("utf-8").splitlines()
            return {problem: float(cpu_s) for problem, cpu_s in (line.split("\t") for line in lines)}
        except (OSError, ValueError):
            return {}

    def find(self, problem: Problem) -> Reference | None:
        """The reference kept on disk; `None` if there is none, or it cannot be read."""
        try:
            return Reference(**json.loads(self._file(problem).read_text("ascii")))
        except (OSError, ValueError, TypeError):
            return None

    def keep(self, problem: Problem, reference: Reference) -> None:
        """Write a reference to disk. A disk that takes none costs time, not results."""
        file = self._file(problem)
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=file.parent)
            with os.fdopen(handle, "w", encoding="ascii") as out:
                json.dump(asdict(reference), out)
            Path(name).replace(file)
            with (self._folder / TIMES_FILE).open("a", encoding="utf-8") as times:
                times.write(f"{problem.id}\t{reference.cpu_s:.3f}\n")

    def num_input_bytes(self, problem: Problem) -> int:
        """Size of the largest part's inputs, as they are sent."""
        return max(len(inputs) for _, inputs, _ in self._parts(problem))

    def data(self, problem: Problem, reference: Reference | None) -> dict[str, Any]:
        """What the check is given; without a reference it collects one."""
        assert problem.cases is not None
        expected = reference.expected if reference is not None else [None] * len(problem.cases.parts)
        return {
            "parts": [[*part, values] for part, values in zip(self._parts(problem), expected, strict=True)],
            "rule": problem.cases.rule,
            "atol": problem.cases.atol,
            "canonical": problem.canonical,
            "entry_point": problem.entry_point,
        }

    def _parts(self, problem: Problem) -> list[tuple[str, str, int]]:
        assert problem.cases is not None
        if problem.cases not in self._inputs:
            self._inputs[problem.cases] = [
                (name, base64.b64encode(marshal.dumps(list(calls), _MARSHAL_VERSION)).decode("ascii"), len(calls))
                for name, calls in problem.cases.parts.items()
            ]
        return self._inputs[problem.cases]

    def _file(self, problem: Problem) -> Path:
        facts = [check_text(), self.data(problem, None), list(sys.version_info[:3])]
        return self._folder / f"{hashlib.sha256(json.dumps(facts).encode()).hexdigest()}.json"


@cache
def check_text() -> str:
    """The check of every problem with cases, as source for the worker."""
    text = resources.files("gemstead.evals").joinpath("cases_check.py").read_text("utf-8")
    return f"{text}\n\ndef check(candidate):\n    return judge_cases(candidate, DATA)\n"
