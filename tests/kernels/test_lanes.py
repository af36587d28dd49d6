"""Our own products with codes: as exact as rows of 16 bits are, with every kind of vectors this processor has."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from gemstead.checkpoints.hub import embedded_folder
from gemstead.checkpoints.load import load_model
from gemstead.checkpoints.manifest import read_manifest
from gemstead.kernels import cpu, ops, packed, reference
from gemstead.kernels.llvm import lanes, machine
from gemstead.kernels.llvm.lanes import Laned
from gemstead.kernels.llvm.machine import Vectors
from gemstead.kernels.packed import Packed
from gemstead.models.cache import DenseMemory
from gemstead.quant.linear import pack
from tests.kernels.test_cpu import BFLOAT16, SIZES, SLICE, error, exact, half_scaled, matrix_shapes, random_experts
from tests.shared_data import needs_shared

ROUNDING = 2**-8  # of a result in bfloat16
DIGITS = 2**-12  # of rows in float32: a chunk's numbers have 14 binary places below its largest power of two

on_any = pytest.mark.parametrize("vectors", machine.usable(), ids=lambda v: v.name)
needs_any = pytest.mark.skipif(machine.vectors() is None, reason="no compiler, no vectors, or another OpenMP")


@pytest.fixture(autouse=True)
def same_numbers() -> None:
    torch.manual_seed(0)


def laid_out(held: Packed, vectors: Vectors) -> Laned:
    found = lanes.lay_out(held, vectors, cpu.in_large_pages)
    assert isinstance(found, Laned)
    return found


def grouped(bits: int, size: int, dtype: torch.dtype, *shape: int) -> Packed:
    """Random codes with scales of some dtype, one for so many neighbours."""
    width = shape[-1] // 2 if bits == 4 else shape[-1]
    codes = torch.randint(0, 256, (*shape[:-1], width), dtype=torch.uint8)
    scales = (torch.rand(*shape[:-1], shape[-1] // size) + 0.5).to(dtype) * torch.tensor(1, dtype=dtype)
    return Packed(codes if bits == 4 else codes.view(torch.int8), scales, BFLOAT16)


@on_any
@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("size", [32, 64, 128, 256, 768])
@pytest.mark.parametrize("dtype", [BFLOAT16, torch.float16, torch.float32])
def test_products_are_exact_in_any_group_and_any_scale(
    vectors: Vectors, bits: int, size: int, dtype: torch.dtype
) -> None:
    held = grouped(bits, size, dtype, 48, 768)
    if dtype is torch.float32:
        held.scales += 1e-6  # more digits than 16 bits hold
    weight = laid_out(held, vectors)
    assert weight.scales.dtype is dtype
    x = torch.randn(2, 768)
    assert error(lanes.product(x.to(BFLOAT16), weight), exact(x.to(BFLOAT16), held)) < ROUNDING
    assert error(lanes.product(x, weight), exact(x, held)) < DIGITS


@on_any
@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 7, 8, 9, 17, cpu.LANED_ROWS])
@pytest.mark.parametrize("bits", [4, 8])
def test_any_number_of_rows_is_that_of_each_row_alone_to_the_bit(vectors: Vectors, bits: int, count: int) -> None:
    weight = laid_out(pack(torch.randn(64, 192), bits, BFLOAT16), vectors)
    x = torch.randn(count, 192).to(BFLOAT16)
    together = lanes.product(x, weight)
    assert torch.equal(together, torch.cat([lanes.product(row[None], weight) for row in x]))
    assert lanes.product(x[:0], weight).shape == (0, 64)


@needs_shared
@needs_any
@pytest.mark.parametrize("name", SIZES)
def test_products_are_right_at_every_shape_of_a_size(name: str) -> None:
    for num_rows, num_inputs, bits in sorted(matrix_shapes(name)):
        if num_inputs > 30_000:
            continue  # the table of per-layer embeddings is looked up in only
        assert num_rows % 64 == 0, "matrices of all sizes are whole blocks"
        held = pack(torch.randn(SLICE, num_inputs), bits, BFLOAT16)
        weight = cpu.lay_out(held)
        assert isinstance(weight, Laned)
        x = torch.randn(cpu.LANED_ROWS + 1, num_inputs).to(BFLOAT16)
        for count in (1, 4, cpu.LANED_ROWS, len(x)):
            assert error(cpu.linear(x[:count], weight), exact(x[:count], held)) < ROUNDING, (num_inputs, bits, count)


@on_any
@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("factor", [1e-30, 1e-12, 1.0, 1e12, 1e30])
def test_rows_of_any_size_keep_their_digits(vectors: Vectors, bits: int, factor: float) -> None:
    held = pack(torch.randn(32, 1536), bits, BFLOAT16)
    x = (torch.randn(3, 1536) * torch.tensor([1.0, 40.0, 1e-3]).repeat_interleave(512) * factor).to(BFLOAT16)
    found = lanes.product(x, laid_out(held, vectors)).double()
    assert float((found - exact(x, held)).abs().max() / exact(x, held).abs().max()) < ROUNDING


@on_any
@pytest.mark.parametrize("bits", [4, 8])
def test_a_large_entry_costs_only_its_own_chunk_digits(vectors: Vectors, bits: int) -> None:
    held = pack(torch.randn(32, 128), bits, BFLOAT16)
    x = torch.randn(1, 128).to(BFLOAT16)
    x[0, 5] = 3e4  # of the others in its chunk, places below 2^-15 of it are lost
    wide = torch.zeros(1, 128)
    wide[0, 5] = 3e4
    weight = laid_out(held, vectors)
    alone = exact(x, held) - exact(wide, held)
    found = lanes.product(x.float(), weight).double() - exact(wide, held)
    assert float((found - alone).abs().max()) < 2 * 2**-14 * 3e4 * float(held.dense().abs().max()) * 6
    x[0, :32] = 0
    assert error(lanes.product(x.float(), weight), exact(x, held)) < DIGITS


@on_any
@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_makes_none_and_leaves_other_rows_alone(vectors: Vectors, bits: int, bad: float) -> None:
    weight = laid_out(pack(torch.randn(32, 96), bits, BFLOAT16), vectors)
    x = torch.randn(3, 96).to(BFLOAT16)
    expected = lanes.product(x, weight)
    x[1, 37] = bad
    found = lanes.product(x, weight)
    assert not found[1].isfinite().any()
    assert torch.equal(found[[0, 2]], expected[[0, 2]])
    assert not lanes.product(torch.zeros(2, 96, dtype=BFLOAT16), weight).any()


@on_any
@pytest.mark.parametrize("bits", [4, 8])
def test_extreme_codes_do_not_overflow(vectors: Vectors, bits: int) -> None:
    for byte in (0x00, 0x88, 0xFF, 0x80, 0x7F):
        codes = torch.full((16, 512 * bits // 8), byte, dtype=torch.uint8)
        held = Packed(codes if bits == 4 else codes.view(torch.int8), torch.ones(16, 1, dtype=BFLOAT16), BFLOAT16)
        for value in (255 / 128, -255 / 128, 1.0):
            x = torch.full((1, 512), value)
            expected = exact(x, held)
            assert torch.allclose(lanes.product(x, laid_out(held, vectors)).double(), expected, rtol=1e-6)


@on_any
@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("shape", [(64, 96), (3, 32, 64), (192, 256)])
def test_another_layout_holds_the_same_values_to_the_bit(vectors: Vectors, bits: int, shape: tuple[int, ...]) -> None:
    held = pack(torch.randn(shape), bits, BFLOAT16)
    weight = laid_out(held, vectors)
    assert (weight.shape, weight.bits, weight.num_bytes) == (held.shape, bits, held.num_bytes)
    assert torch.equal(weight.dense(), held.dense())
    member = None if len(shape) == 2 else 1
    for dtype in (BFLOAT16, torch.float32):
        for rows in ((0, shape[-2]), (16, 32)):
            assert torch.equal(weight.slab(*rows, member, dtype), held.slab(*rows, member, dtype))
    if member is None:
        ids = torch.tensor([0, 31, 32, 63, 17, 5])
        assert torch.equal(reference.embedding(ids, weight), reference.embedding(ids, held))
    if bits == 4:
        assert cpu.offset_bytes(shape) == 0 or machine.vectors() is None


@on_any
def test_scales_in_float16_stay_float16_and_in_memory_of_half_the_size(vectors: Vectors) -> None:
    held = half_scaled(128, 96)
    weight = laid_out(held, vectors)
    assert weight.scales.dtype is torch.float16
    assert torch.equal(weight.dense(), held.dense())
    assert held.num_bytes - weight.num_bytes == 128 * 3 * 2


@needs_any
def test_large_matrices_meet_many_rows_slab_by_slab(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "SLAB_ELEMENTS", 64 * 96)
    held = pack(torch.randn(448, 96), 4, BFLOAT16)
    x = torch.randn(cpu.LANED_ROWS + 1, 96).to(BFLOAT16)
    assert error(cpu.linear(x, cpu.lay_out(held)), exact(x, held)) < ROUNDING


@on_any
def test_many_threads_share_a_matrix_as_one_would_read_it(vectors: Vectors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "SHARED_WEIGHTS", 0)
    weight = laid_out(pack(torch.randn(16 * 37, 96), 4, BFLOAT16), vectors)
    x = torch.randn(2, 96).to(BFLOAT16)
    before = torch.get_num_threads()
    try:
        found = []
        for count in (1, 2, 3):
            torch.set_num_threads(count)
            found.append(lanes.product(x, weight))
    finally:
        torch.set_num_threads(before)
    assert torch.equal(found[0], found[1]) and torch.equal(found[0], found[2])


@needs_any
@pytest.mark.parametrize(
    "held",
    [
        pack(torch.randn(41, 96), 4, BFLOAT16),
        pack(torch.randn(64, 40), 8, BFLOAT16),
        Packed(torch.zeros(64, 48, dtype=torch.uint8), torch.full((64, 6), 0.5), BFLOAT16),
    ],
    ids=["no whole blocks", "no whole chunks", "groups of 16"],
)
def test_odd_sizes_stay_as_they_are(held: Packed) -> None:
    assert cpu.lay_out(held) is held
    x = torch.randn(3, held.shape[-1]).to(BFLOAT16)
    assert error(cpu.linear(x, held), exact(x, held)) < 2**-7 or not held.dense().any()


@needs_any
def test_without_a_compiler_torch_multiplies(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "find_spec", lambda name: None)
    machine.usable.cache_clear()
    try:
        assert machine.vectors() is None
        assert not isinstance(cpu.lay_out(pack(torch.randn(64, 96), 4, BFLOAT16)), Laned)
    finally:
        machine.usable.cache_clear()


@needs_any
def test_a_copy_of_a_matrix_lives_longer_than_the_matrix() -> None:
    held = pack(torch.randn(64, 96), 4, BFLOAT16)
    weight = cpu.lay_out(held)
    assert isinstance(weight, Laned)
    x = torch.randn(1, 96).to(BFLOAT16)
    expected = cpu.linear(x, weight)
    another = copy.deepcopy(weight)
    weight.codes.zero_()
    assert torch.equal(cpu.linear(x, another), expected)


@on_any
@pytest.mark.parametrize("bits", [4, 8])
def test_experts_are_multiplied_by_their_codes(vectors: Vectors, bits: int) -> None:
    x, gate_up, down, *route = random_experts(BFLOAT16, 64)
    held = pack(gate_up, bits, BFLOAT16), pack(down, bits, BFLOAT16)
    expected = reference.experts(x, *held, *route).double()
    assert error(cpu.experts(x, *(laid_out(h, vectors) for h in held), *route), expected) < 2**-6


@needs_any
@pytest.mark.weights
@pytest.mark.parametrize("precision", ["int4", "int8"])
def test_pebble_is_laid_out_while_it_is_loaded_and_says_the_same(precision: str) -> None:
    at = {"dtype": BFLOAT16, "device": torch.device("cpu"), "precision": precision}
    manifest = read_manifest(embedded_folder())
    loaded, plain = (load_model(manifest, kernels, **at) for kernels in (ops.CPU, ops.REFERENCE))  # type: ignore[arg-type]
    kinds = {name: type(module) for name, module in loaded.model.named_modules() if isinstance(module, Packed)}
    assert kinds["embed_tokens"] is kinds["layers.0.moe.gate_up_proj"] is Laned
    assert loaded.num_bytes == plain.num_bytes
    ids = torch.arange(40) * 31 + 7

    def log_probabilities(model: torch.nn.Module) -> Tensor:
        hidden = model(ids, torch.arange(40), DenseMemory(model.cache_layers(), 1), None)  # type: ignore[operator]
        return F.log_softmax(model.logits(hidden), -1)  # type: ignore[operator]

    with torch.inference_mode():
        found, expected = (log_probabilities(m.model) for m in (loaded, plain))
    assert (expected.exp() * (expected - found)).sum(-1).mean() < 0.01
