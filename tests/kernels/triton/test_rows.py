"""Kernels that multiply by no matrix equal the reference."""

from __future__ import annotations

import pytest
import torch

from gemstead.kernels.ops import REFERENCE
from gemstead.kernels.triton import TRITON, launch, rows
from tests.kernels.triton.samples import ONE_ROUNDING, Samples, error, exact

# An infinite exponential is the right one far from zero; the interpreter's numpy warns of it.
pytestmark = [pytest.mark.usefixtures("poisoned"), pytest.mark.filterwarnings("ignore:overflow encountered in exp")]


@pytest.mark.parametrize("shape", [(1, 96), (5, 1000), (3, 4, 24)], ids=str)
@pytest.mark.parametrize("has_weight", [True, False])
def test_norms_are_rounded_once(shape: tuple[int, ...], has_weight: bool, device: torch.device) -> None:
    samples = Samples(device)
    x, weight = samples.rows(*shape), samples.rows(shape[-1]) if has_weight else None
    found = TRITON.rms_norm(x, weight, 1e-6)
    assert error(found, REFERENCE.rms_norm(x.double(), weight, 1e-6)) < ONE_ROUNDING
    assert error(found, REFERENCE.rms_norm(x, weight, 1e-6)) < 1e-3


def test_a_norm_reads_rows_that_are_strides_apart(device: torch.device) -> None:
    x = Samples(device).rows(4, 3, 40)[:, 1]
    assert error(TRITON.rms_norm(x, None, 1e-6), REFERENCE.rms_norm(x, None, 1e-6)) < 1e-3


@pytest.mark.parametrize("width", [40, 1500])
def test_gates_and_ups_may_be_halves_of_one_tensor(width: int, device: torch.device) -> None:
    gate, up = (3 * Samples(device).rows(5, 2 * width)).chunk(2, dim=-1)
    found = TRITON.gated_gelu(gate, up)
    assert error(found, REFERENCE.gated_gelu(gate.double(), up.double())) < ONE_ROUNDING
    assert error(found, REFERENCE.gated_gelu(gate, up)) < 1e-3


def test_a_gate_far_below_zero_is_shut_and_one_far_above_is_open(device: torch.device) -> None:
    gate = torch.tensor([[-1e4, -30.0, 0.0, 30.0, 1e4]], dtype=torch.bfloat16, device=device)
    found = TRITON.gated_gelu(gate, torch.ones_like(gate))
    assert torch.equal(found, gate.clamp(min=0))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_soft_caps_hold_for_any_size_of_input(dtype: torch.dtype, device: torch.device) -> None:
    x = (100 * torch.randn(7, 300, generator=torch.Generator().manual_seed(0))).to(dtype).to(device)
    x[0, :2] = torch.tensor([1e30, -1e30], dtype=dtype)
    found = TRITON.softcap(x, 30.0)
    assert found.dtype is torch.float32
    assert torch.allclose(found, REFERENCE.softcap(x, 30.0), atol=2e-5)


@pytest.mark.parametrize("kind", ["bf16", "int8", "int8 in groups", "int4"])
def test_rows_of_a_table_are_what_it_stands_for(kind: str, device: torch.device) -> None:
    samples = Samples(device)
    table = samples.weight(kind, 50, 1120)
    ids = torch.tensor([3, 49, 0, 3], device=device)
    found = TRITON.embedding(ids, table)
    assert torch.equal(found, REFERENCE.embedding(ids, table))
    assert error(found, exact(table)[ids]) < ONE_ROUNDING


def test_of_many_tiles_the_best_is_the_lowest_of_equal_ones(device: torch.device) -> None:
    top = torch.zeros(3, 2500, device=device)
    top[1, [2400, 1300, 276]] = 5.0  # the last two meet in one lane
    top[2] = float("-inf")
    top[2, 1999] = -3.0
    number = torch.arange(0, 25_000, 10, dtype=torch.int32, device=device).repeat(3, 1) + 4
    best = torch.empty(3, dtype=torch.int64, device=device)
    rows.best_of_tiles[3,](top, number, best, 2500, BLOCK=launch.ELEMENTS, EARLY=False)
    assert best.tolist() == [4, 2764, 19994]
