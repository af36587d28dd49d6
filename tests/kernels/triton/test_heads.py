"""Heads on the GPU equal the reference: whatever the layer owns, and wherever keys and values go."""

from __future__ import annotations

from typing import NamedTuple

import pytest
import torch

from gemstead.kernels.ops import REFERENCE, Heads, Slots
from gemstead.kernels.triton.heads import heads
from tests.kernels.triton.steps import HALF

pytestmark = [pytest.mark.gpu] if torch.cuda.is_available() else []
NUM_ROWS, NUM_HEADS, NUM_KV_HEADS = 3, 4, 2


class Case(NamedTuple):
    """One kind of layer."""

    num_projections: int
    beside: int = 0
    dtype: torch.dtype = torch.float32
    cache_dtype: torch.dtype | None = torch.float32
    head_size: int = 16


CASES = {
    "with values of its own": Case(3),
    "keys serve as values": Case(2),
    "keys beside values": Case(2, beside=4),
    "borrows": Case(1),
    "borrows keys beside values": Case(1, beside=4),
    "keeps nothing": Case(3, cache_dtype=None),
    "fp8": Case(3, dtype=HALF, cache_dtype=torch.float8_e4m3fn),
    "true size": Case(2, beside=128, dtype=HALF, cache_dtype=HALF, head_size=512),
    "no power of two": Case(3, head_size=24),
}


def run(case: Case, compute, device: torch.device) -> tuple[Heads, Slots | None]:
    generator = torch.Generator().manual_seed(0)

    def random(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator).to(device, case.dtype)

    size = case.head_size
    widths = [NUM_HEADS * size, NUM_KV_HEADS * size, NUM_KV_HEADS * size][: case.num_projections]
    wide = random(NUM_ROWS, sum(widths) + 8)
    projected = wide[:, : sum(widths)].split(widths, dim=1)
    # Keys of 500 and more, which fp8 cannot hold.
    weights = (1 + random(size) / 5, 400 * random(size) if case.cache_dtype == torch.float8_e4m3fn else random(size))
    angle_TD = (torch.rand(NUM_ROWS, size // 2, generator=generator) * 6).repeat(1, 2)
    if case.beside:
        still = torch.arange(size // 2) >= case.beside // 2
        angle_TD[:, still.repeat(2)] = 0
    rope = (angle_TD.cos().to(device), angle_TD.sin().to(device))
    slots = None
    if case.cache_dtype is not None:
        pages = [torch.zeros(4, 16, NUM_KV_HEADS, width, device=device) for width in (case.beside or size, size)]
        slots = Slots(
            *(page.fill_(7).to(case.cache_dtype) for page in pages),
            torch.tensor([33, 2, 50], device=device)[: NUM_ROWS if case.num_projections > 1 else 0],
            weights[1] if case.beside else None,
        )
    owns = case.num_projections > 1
    return compute(tuple(projected), (weights[0], weights[1] if owns else None), rope, 1e-6, slots), slots


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("is_many", [False, True], ids=["few rows", "many rows"])
@pytest.mark.usefixtures("nan_where_nothing_was_written")
def test_heads_equal_the_reference(
    name: str, is_many: bool, device: torch.device, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = CASES[name]
    if is_many:
        monkeypatch.setattr("gemstead.kernels.triton.heads.MANY_HEADS", 1)
        monkeypatch.setattr("gemstead.kernels.triton.heads.MANY_EACH", (2, 3))
    expected, expected_slots = run(case, REFERENCE.heads, torch.device("cpu"))
    found, slots = run(case, heads, device)
    # Two roundings in a row may fall apart by one unit each; an fp8 unit is an eighth.
    rtol = {torch.float32: 1e-5, HALF: 2**-7 if torch.bfloat16 == HALF else 2**-10}[case.dtype]
    for one, other in zip(found, expected, strict=True):
        assert (one is None) == (other is None)
        if one is not None and other is not None:
            assert torch.allclose(one.cpu().float(), other.float(), rtol=rtol, atol=rtol / 10)
    if slots is not None and expected_slots is not None:
        rtol = 0.13 if case.cache_dtype == torch.float8_e4m3fn else rtol
        for one, other in zip(slots[:2], expected_slots[:2], strict=True):
            told = torch.ones(other.shape, dtype=torch.bool)
            if case.cache_dtype == torch.float8_e4m3fn and device.type == "cpu":
                # The interpreter forgets the carry where rounding to fp8 reaches a power of two.
                told = torch.frexp(other.float()).mantissa.abs() != 0.5
            assert torch.allclose(one.cpu().float()[told], other.float()[told], rtol=rtol, atol=rtol / 10)
