"""Tests that give inputs and outputs, as contests do: read from how they are published, tried out, made ready to judge.

A problem with trials has no published solution. So that its verdicts can be believed all the same, `rehearsal` makes
one that looks the published outputs up: it shows that inputs reach a program here, and that outputs come back and pass.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import pickle
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, Literal, NoReturn

from gemstead.core.errors import Infrastructure

Kind = Literal["script", "call"]
"""script: a program reads standard input and writes standard output. call: a function takes values and returns one."""
KINDS: dict[str, Kind] = {"stdin": "script", "functional": "call"}

CPU_S = 6.0
"""Processor time for one trial: what LiveCodeBench's own harness gives by the clock."""
_MOST_BYTES = 1024**3
"""No list of tests is as long, unpacked; more is a bomb."""


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One input and the output that belongs to it.

    Args:
        given: Standard input; for a call its arguments, one line of JSON each.
        expected: Standard output; for a call the value, as JSON.
    """

    given: str
    expected: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Trials:
    """Trials of one problem. They are unpacked when they are needed: some have a hundred megabytes.

    Args:
        problem: Its id, for errors.
        kind: What a program must be.
        entry_point: Name of the function or method, where there are calls.
        packed: Lists of trials as published, by the name of the part they belong to, in the order of judging.
        most: Only the first so many of each part; `None` for all.
    """

    problem: str
    kind: Kind
    entry_point: str
    packed: dict[str, str]
    most: int | None = None

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of the parts, in order."""
        return tuple(self.packed)

    def read(self) -> dict[str, list[Trial]]:
        """Unpack them.

        Raises:
            Infrastructure: They are not in the published form.
        """
        return {name: self._read(name)[: self.most] for name in self.packed}

    def _read(self, part: str) -> list[Trial]:
        try:
            rows = json.loads(unpack(self.packed[part]))
            trials = [Trial(given=row["input"], expected=row["output"]) for row in rows]
            kinds = {KINDS[row["testtype"]] for row in rows}
            if self.kind == "call":
                for trial in trials:
                    _values(trial)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            what = f"{type(error).__name__}: {error}"
            raise Infrastructure(f"{self.problem}: its {part} tests cannot be read ({what:.200})") from error
        if kinds - {self.kind}:
            raise Infrastructure(f"{self.problem}: its {part} tests are not all of the kind that its func_name says")
        return trials


class _StringsOnly(pickle.Unpickler):
    """Unpickles plain values and refuses the rest: nothing that a pickle names is looked up, so nothing is called."""

    def find_class(self, module: str, name: str) -> NoReturn:
        raise ValueError(f"the pickle asks for {module}.{name}; allowed is a string alone")

    def persistent_load(self, pid: object) -> NoReturn:
        raise ValueError("the pickle asks for something outside itself; allowed is a string alone")


def unpack(text: str) -> str:
    """The JSON in a field of tests: as it is, or pickled as one string, compressed by zlib and written in base64.

    Raises:
        ValueError: It is neither. A pickle that holds anything but a string is refused, and nothing of it is run.
    """
    if text.lstrip().startswith("["):
        return text
    try:
        packed = zlib.decompressobj()
        data = packed.decompress(base64.b64decode(text, validate=True), _MOST_BYTES)
    except (binascii.Error, zlib.error) as error:
        raise ValueError(f"neither a JSON list nor base64 of zlib data ({error})") from error
    if packed.unconsumed_tail or not packed.eof:
        raise ValueError("the zlib data is cut short, or far too long")
    try:
        value = _StringsOnly(io.BytesIO(data)).load()
    except ValueError:
        raise
    except Exception as error:
        raise ValueError(f"no pickle of a string ({type(error).__name__}: {error})") from error
    if type(value) is not str:
        raise ValueError(f"the pickle holds {type(value).__name__}; allowed is a string alone")
    return value


def rehearsal(trials: Trials) -> tuple[Trials, str]:
    """The first trial of each part alone, and a program that knows their outputs.

    Raises:
        Infrastructure: The trials are not in the published form.
    """
    trials = replace(trials, most=1)
    known = [trial for part in trials.read().values() for trial in part]
    if trials.kind == "script":
        table = {trial.given: trial.expected for trial in known}
        program = f"import sys\nsys.stdout.write({table!r}[sys.stdin.read()])\n"
    else:
        values = {json.dumps(_values(trial)[0]): _values(trial)[1] for trial in known}
        name = trials.entry_point
        program = f"import json\ndef {name}(*args):\n    return {values!r}[json.dumps(args)]\n"
    return trials, program


def job_of(trials: Trials, program: str) -> dict[str, Any]:
    """What the judge's worker is told besides limits: the program in its wrapping, the check, and what it compares.

    Raises:
        Infrastructure: The trials are not in the published form.
    """
    parts = [[name, [_pair(trials, trial) for trial in part]] for name, part in trials.read().items()]
    wrapping = f"{_source('trials_guest')}\nload({program!r}, {trials.entry_point!r}, {CPU_S!r})\n"
    return {
        "program": wrapping,
        "entry_point": "run_script" if trials.kind == "script" else "call_function",
        "helpers": "",
        "check": f"{_source('trials_check')}\n\ndef check(candidate):\n    return judge_trials(candidate, DATA)\n",
        "data": {"kind": trials.kind, "parts": parts},
    }


def size_of(parts: Sequence[Sequence[Any]]) -> tuple[int, int]:
    """How many trials there are in `data["parts"]` of a job, and how large the largest input or output is, in bytes."""
    texts = [text for _, pairs in parts for pair in pairs for text in pair]
    return len(texts) // 2, max((4 * len(str(text)) for text in texts), default=0)


def _pair(trials: Trials, trial: Trial) -> list[Any]:
    return [trial.given, trial.expected] if trials.kind == "script" else list(_values(trial))


def _values(trial: Trial) -> tuple[list[Any], Any]:
    """Arguments and value of a call."""
    return [json.loads(line) for line in trial.given.split("\n")], json.loads(trial.expected)


@cache
def _source(module: str) -> str:
    return resources.files("gemstead.evals").joinpath(f"{module}.py").read_text("utf-8")
