"""Kernels compile for cards that are not here, at the tiles of true shapes, and keep everything in registers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import triton

FEW_SPILLED_BYTES = 96  # allowed on cards for which no tile was tuned
SHARED_BYTES = 227 << 10  # what one program may have on a Hopper card

pytestmark = pytest.mark.skipif(
    not Path(triton.__file__).parent.joinpath("backends/nvidia/bin/ptxas").is_file(),
    reason="triton brought no assembler",
)


def compiled(cache: Path, *options: str) -> list[dict[str, Any]]:
    """What `benchmarks.gpu_kernels --compile` says, without the interpreter."""
    environment = {k: v for k, v in os.environ.items() if k != "TRITON_INTERPRET"} | {"TRITON_CACHE_DIR": str(cache)}
    command = [sys.executable, "-m", "benchmarks.gpu_kernels", "--compile", "--json", *options]
    result = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert result.returncode == 0, result.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def assert_fits(found: list[dict[str, Any]]) -> None:
    assert found
    for launch in found:
        assert launch["spilled_bytes"] == 0, launch
        assert launch["shared_bytes"] <= SHARED_BYTES, launch


def test_one_row_of_int4_compiles_for_hopper(tmp_path: Path) -> None:
    assert_fits(compiled(tmp_path, "--size", "E2B", "--name", "per-layer out", "--kind", "int4", "--rows", "1"))


@pytest.mark.slow
@pytest.mark.parametrize("size", ["E2B", "26B", "31B"])
def test_nothing_spills_at_true_shapes_on_hopper(size: str, tmp_path: Path) -> None:
    assert_fits(compiled(tmp_path, "--size", size, "--rows", "1", "4", "16", "64", "164"))


@pytest.mark.slow
@pytest.mark.parametrize(("capability", "shared_kib"), [(80, 163), (89, 99)])
def test_true_shapes_fit_on_smaller_cards(capability: int, shared_kib: int, tmp_path: Path) -> None:
    for launch in compiled(tmp_path, "--size", "26B", "--rows", "1", "16", "512", "--capability", str(capability)):
        assert launch["spilled_bytes"] <= FEW_SPILLED_BYTES, launch
        assert launch["shared_bytes"] <= shared_kib << 10, launch
