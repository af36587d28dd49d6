"""Every kernel compiles for Hopper at every tiling in use, within what a multiprocessor has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HOPPER_SHARED_BYTES = 227 * 1024
AMPERE_SHARED_BYTES = 163 * 1024


def resources(capability: int, only: str = "") -> list[dict[str, object]]:
    """Without the interpreter, hence in a process of its own."""
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.gpu_resources", "--json", f"--capability={capability}", f"--only={only}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[3],
        env={name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"},
    )
    found = json.loads(told.stdout)
    assert found
    return found  # type: ignore[no-any-return]


@pytest.mark.slow
def test_nothing_spills_on_hopper_and_everything_fits() -> None:
    for one in resources(90):
        assert one["spilled_bytes"] == 0, one
        assert one["shared_bytes"] <= HOPPER_SHARED_BYTES, one


@pytest.mark.slow
def test_everything_fits_on_ampere() -> None:
    assert all(one["shared_bytes"] <= AMPERE_SHARED_BYTES for one in resources(80))
