"""Every kernel compiles for Hopper at every tiling in use, within what a multiprocessor has."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SHARED_BYTES = {90: 227 * 1024, 80: 163 * 1024, 89: 99 * 1024}


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
def test_nothing_spills_on_hopper_but_what_pays_all_the_same() -> None:
    spilled = {one["name"]: one["spilled_bytes"] for one in resources(90) if one["spilled_bytes"]}
    assert spilled == {"prompt, D 512, M 64, L 64, bf16, keys beside values": 128}


@pytest.mark.slow
@pytest.mark.parametrize("capability", SHARED_BYTES)
def test_everything_fits_on_a_card(capability: int) -> None:
    for one in resources(capability):
        assert one["shared_bytes"] <= SHARED_BYTES[capability], one  # type: ignore[operator]
