"""Every attack on every rung that holds here, as this user and, from root, as an ordinary one."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.sandbox.attacks import SLOW, Bait, attacks, honest
from tests.sandbox.rungs import ROOT, RUNGS, as_other_user, linux_only, other_python, require, root_only

CORPUS = str(ROOT / "tests" / "sandbox" / "corpus.py")
pytestmark = linux_only


def assert_nothing_happened(found: dict[str, Any]) -> None:
    assert found["misjudged"] == []
    assert found["num_solved"] == 164
    assert found["left"] == []


def findings(finished: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    assert finished.returncode == 0, finished.stderr
    result: dict[str, Any] = json.loads(finished.stdout)
    return result


@pytest.mark.parametrize("rung", RUNGS)
def test_no_attack_passes_and_nothing_is_left(rung: str) -> None:
    require(rung)
    slow = ["--slow"] if rung == "landlock" else []  # limits are the same layer on every rung: once is enough
    command = [sys.executable, CORPUS, rung, *slow]
    finished = subprocess.run(
        command, capture_output=True, text=True, timeout=300, env={"PYTHONPATH": f"{ROOT}/src:{ROOT}"}, cwd=ROOT
    )
    assert_nothing_happened(findings(finished))


@root_only
@pytest.mark.parametrize("rung", RUNGS)
def test_no_attack_passes_for_an_ordinary_user(rung: str) -> None:
    python = other_python()
    if python is None:
        pytest.skip("no interpreter here is within reach of an ordinary user")
    tried = as_other_user([python, "-c", f"from gemstead.sandbox.ladder import probe; probe(rung={rung!r})"])
    if tried.returncode != 0:
        pytest.skip(tried.stderr.strip().splitlines()[-1])
    assert_nothing_happened(findings(as_other_user([python, CORPUS, rung])))


def test_the_corpus_is_as_large_as_promised() -> None:
    listed = attacks(Bait())
    assert len(listed) >= 60
    assert {attack.name for attack in listed} >= SLOW
    assert len(honest(with_numpy=True)) >= 30
