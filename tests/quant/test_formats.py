"""Few-bit formats: what is stored, what comes back, and that the lattice is a fixed point."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gemstead.core.errors import BadRequest
from gemstead.quant.formats import pack_int4, quantize_fp8, quantize_int4, quantize_int8, unpack_int4
from tests.shared_data import SHARED, needs_shared

SHAPES = [(1, 32), (5, 64), (3, 7, 96)]


@pytest.mark.parametrize("shape", SHAPES)
def test_int8_is_within_half_a_step(shape: tuple[int, ...]) -> None:
    weight = torch.randn(shape)
    stored = quantize_int8(weight)
    assert stored.codes.dtype == torch.int8 and stored.scales.shape == (*shape[:-1], 1)
    assert ((stored.dequantize() - weight).abs() <= stored.scales / 2 * 1.0001).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_int4_is_within_half_a_step_but_for_the_largest_of_the_other_sign(shape: tuple[int, ...]) -> None:
    weight = torch.randn(shape)
    stored = quantize_int4(weight)
    steps = stored.scales.abs().repeat_interleave(32, -1)
    error = (stored.dequantize() - weight).abs()
    rounding = 8 * 2**-8  # of a step: eight times what a scale may lose in bfloat16
    assert (error <= steps * (1 + rounding)).all()
    assert ((error <= steps / 2 * 1.0001) | (stored.codes == 7)).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_fp8_keeps_four_binary_digits_and_the_largest_becomes_448(shape: tuple[int, ...]) -> None:
    weight = torch.randn(shape)
    stored = quantize_fp8(weight)
    assert stored.codes.dtype == torch.float8_e4m3fn and stored.scales.shape == (*shape[:-1], 1)
    assert (stored.codes.float().abs().amax(-1) == 448).all()
    least = stored.scales * 2.0**-6  # of what is not subnormal
    error = (stored.dequantize() - weight).abs()
    assert (error <= torch.maximum(weight.abs(), least) * (2**-4 + 2**-9)).all()
    again = quantize_fp8(stored.dequantize())
    assert torch.equal(again.scales, stored.scales) and torch.equal(again.dequantize(), stored.dequantize())


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**31), power=st.integers(-12, 6))
def test_what_stands_on_the_lattice_stays_there_to_the_bit(seed: int, power: int) -> None:
    weight = torch.randn((4, 96), generator=torch.Generator().manual_seed(seed)) * 2.0**power
    once = quantize_int4(weight, coarse_scales=True)
    held = once.dequantize(torch.bfloat16)
    assert torch.equal(held.float(), once.dequantize()), "exact in bfloat16"
    again = quantize_int4(held)
    assert torch.equal(again.dequantize(torch.bfloat16), held)
    assert torch.equal(again.scales, once.scales) and torch.equal(again.codes, once.codes)


def test_a_row_of_zeros_is_zeros() -> None:
    for quantize in (quantize_int8, quantize_fp8, quantize_int4):
        assert torch.equal(quantize(torch.zeros(2, 32)).dequantize(), torch.zeros(2, 32))


def test_packing_is_undone_by_unpacking() -> None:
    codes = torch.randint(-8, 8, (3, 64), dtype=torch.int8)
    packed = pack_int4(codes)
    assert packed.dtype == torch.uint8 and packed.shape == (3, 32)
    assert torch.equal(unpack_int4(packed), codes)


def test_a_width_that_is_no_multiple_of_the_group_is_refused() -> None:
    with pytest.raises(BadRequest, match="80 inputs"):
        quantize_int4(torch.zeros(2, 80))


@needs_shared
def test_the_shared_folder_has_vectors_for_the_readers_to_come() -> None:
    assert (SHARED / "reference" / "quant").is_dir()
