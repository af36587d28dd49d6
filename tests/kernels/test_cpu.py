"""torch's products with codes: right at every shape of the five sizes, and never in a layout they do not know."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from gemstead.checkpoints.hub import embedded_folder
from gemstead.checkpoints.load import load_model
from gemstead.checkpoints.manifest import read_manifest
from gemstead.kernels import cpu, invariant, ops, packed, reference
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.llvm import machine
from gemstead.kernels.packed import Packed
from gemstead.models.cache import DenseMemory
from gemstead.models.families import family_of
from gemstead.quant.convert import storage_of
from gemstead.quant.linear import pack
from tests.shared_data import REFERENCE as SHARED
from tests.shared_data import needs_shared

SIZES = ("gemma-4-E2B-it", "gemma-4-E4B-it", "gemma-4-12B-it", "gemma-4-26B-A4B-it", "gemma-4-31B-it")
SLICE = 128  # rows of a matrix; products of different rows have nothing in common
FEW, MANY = cpu.FEW_ROWS[4], cpu.FEW_ROWS[4] + 1
BFLOAT16 = torch.bfloat16


@pytest.fixture(autouse=True)
def without_kernels_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tested here is what machines without them get; `test_lanes.py` tests those."""
    monkeypatch.setattr(machine, "vectors", lambda: None)


knows_layout = pytest.mark.skipif(cpu.block_rows() is None, reason="torch's int4 layout here is another")


def exact(x: Tensor, weight: Packed) -> Tensor:
    """The product in float64 with code * scale, rounded nowhere."""
    return x.double() @ packed.values(weight.codes, weight.scales, torch.float32).double().T


def error(found: Tensor, expected: Tensor) -> float:
    """Largest deviation, in units of the largest entry; rounding the result to bfloat16 alone may take 2^-9."""
    return float((found.double() - expected).abs().max() / expected.abs().max())


def matrix_shapes(name: str) -> set[tuple[int, int, int]]:
    """Rows, inputs and bits of all matrices of a published size under int4."""
    config = json.loads((SHARED / "configs" / f"{name}.json").read_text())
    family = family_of(config)
    with torch.device("meta"):
        model = family.build(family.read_config(config), ops.REFERENCE)
    stored = [(p.shape[-2:], storage_of(n, tuple(p.shape), "int4").bits) for n, p in model.named_parameters()]
    return {(*shape, bits) for shape, bits in stored if bits is not None}


@needs_shared
@knows_layout
@pytest.mark.parametrize("name", SIZES)
def test_products_with_codes_are_right_at_every_shape_of_a_size(name: str) -> None:
    generator = torch.Generator().manual_seed(len(name))
    for num_rows, num_inputs, bits in sorted(matrix_shapes(name)):
        if num_inputs > 30_000:
            continue  # the table of per-layer embeddings is looked up in only
        assert bits == 8 or num_rows % 64 == 0, "int4 matrices of all sizes are whole blocks"
        held = pack(torch.randn(SLICE, num_inputs, generator=generator), bits, BFLOAT16)
        laid_out = cpu.lay_out(held)
        assert isinstance(laid_out, cpu.Blocked) == (bits == 4)
        x = torch.randn(MANY, num_inputs, generator=generator).to(BFLOAT16)
        expected = exact(x, held)
        for count in (1, 4, 16, FEW, MANY):
            found = cpu.linear(x[:count], laid_out)
            assert error(found, expected[:count]) < 2**-8, (num_rows, num_inputs, bits, count)


@knows_layout
@pytest.mark.parametrize("shape", [(128, 96), (64, 32), (3, 192, 64)])
def test_another_layout_holds_the_same_values_to_the_bit(shape: tuple[int, ...]) -> None:
    held = pack(torch.randn(shape), 4, BFLOAT16)
    laid_out = cpu.lay_out(held)
    assert isinstance(laid_out, cpu.Blocked)
    assert laid_out.shape == held.shape
    assert torch.equal(laid_out.dense(), held.dense())
    assert laid_out.num_bytes - held.num_bytes == cpu.offset_bytes(shape)
    assert laid_out.num_bytes * 8 == 5 * held.shape.numel(), "4 bits a code, and 32 of scale and offset for 32 codes"


@knows_layout
def test_large_blocked_matrices_are_read_slab_by_slab(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "SLAB_ELEMENTS", 64 * 96)
    held = pack(torch.randn(448, 96), 4, BFLOAT16)
    x = torch.randn(MANY, 96).to(BFLOAT16)
    assert error(cpu.linear(x, cpu.lay_out(held)), exact(x, held)) < 2**-8


@pytest.mark.parametrize(
    "held",
    [
        pack(torch.randn(40, 96), 4, BFLOAT16),
        pack(torch.randn(128, 96), 4, torch.float32),
        pack(torch.randn(128, 96), 8, BFLOAT16),
        Packed(torch.zeros(128, 48, dtype=torch.uint8), torch.full((128, 6), 0.5), BFLOAT16),
        Packed(torch.zeros(128, 48, dtype=torch.uint8), torch.full((128, 3), 0.1), BFLOAT16),
    ],
    ids=["no whole blocks", "float32", "int8", "groups of 16", "scales that two of bfloat16 cannot hold"],
)
def test_what_torch_cannot_multiply_exactly_stays_as_it_is(held: Packed) -> None:
    assert cpu.lay_out(held) is held
    x = torch.randn(3, 96).to(held.dtype)
    assert error(cpu.linear(x, held), exact(x, held)) < 2**-7 or not held.dense().any()


def half_scaled(*shape: int) -> Packed:
    """Random int4 codes with scales in float16, as a GGUF has them."""
    codes = torch.randint(0, 256, (*shape[:-1], shape[-1] // 2), dtype=torch.uint8)
    return Packed(codes, torch.randn(*shape[:-1], shape[-1] // 32).half().float(), BFLOAT16)


@knows_layout
@pytest.mark.parametrize("num_inputs", [96, 1536])
@pytest.mark.parametrize("count", [1, 3, FEW, MANY])
def test_scales_in_float16_are_multiplied_by_with_all_their_digits(count: int, num_inputs: int) -> None:
    held = half_scaled(128, num_inputs)
    laid_out = cpu.lay_out(held)
    assert isinstance(laid_out, cpu.Blocked) and laid_out.rest is not None
    assert torch.equal(laid_out.dense(), held.dense())
    assert laid_out.num_bytes - held.num_bytes == cpu.offset_bytes((128, num_inputs), 4)
    x = torch.randn(count, num_inputs).to(BFLOAT16)
    assert error(cpu.linear(x, laid_out), exact(x, held)) < 2**-7, "either part is rounded, and their sum"


@knows_layout
def test_a_stack_with_scales_in_float16_is_laid_out_member_by_member() -> None:
    held = half_scaled(3, 64, 96)
    laid_out = cpu.lay_out(held)
    assert isinstance(laid_out, cpu.Blocked)
    assert torch.equal(laid_out.dense(), held.dense())


@knows_layout
@pytest.mark.parametrize("held", [half_scaled(192, 96), pack(torch.randn(192, 96), 4, BFLOAT16)], ids=["two", "one"])
def test_rows_of_a_laid_out_table_are_those_of_the_table(held: Packed) -> None:
    ids = torch.tensor([0, 31, 32, 63, 64, 100, 191, 5])
    laid_out = cpu.lay_out(held)
    assert isinstance(laid_out, cpu.Blocked)
    assert torch.equal(reference.embedding(ids, laid_out), reference.embedding(ids, held))


@pytest.mark.parametrize("count", [1, 2, cpu.DIGIT_ROWS])
def test_rows_in_digits_lose_nothing(count: int) -> None:
    torch.manual_seed(0)  # a sum that nearly cancels keeps fewer digits than one of its terms
    held = pack(torch.randn(256, 1536), 8, BFLOAT16)
    x = torch.randn(count, 1536) * torch.tensor([1.0, 40.0, 1e-3]).repeat(512)
    x = (x * torch.tensor([1.0, 1e-12, 3e8, 1.0, 7.0])[:count, None]).to(BFLOAT16)
    expected = exact(x, held)
    found = cpu._by_digits(x, held.codes, held.scales)
    rounded = expected.to(BFLOAT16)  # is all that is lost; a sum halfway between two may go either way
    assert (found == rounded).float().mean() > 0.99
    assert torch.allclose(found, rounded, rtol=2**-7, atol=0)


def test_rows_in_digits_keep_zeros_and_what_is_not_a_number() -> None:
    held = pack(torch.randn(64, 64), 8, BFLOAT16)
    x = torch.zeros(3, 64, dtype=BFLOAT16)
    x[1, 5], x[2, 6] = float("nan"), float("inf")
    found = cpu._by_digits(x, held.codes, held.scales)
    assert not found[0].any()
    assert found[1:].isnan().all()


def test_large_int8_matrices_meet_few_rows_in_digits_where_there_are_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cpu, "MANY_WEIGHTS", 128 * 96)
    seen: list[int] = []
    by_digits = cpu._by_digits

    def spy(x: Tensor, codes: Tensor, scales: Tensor) -> Tensor:
        seen.append(len(x))
        return by_digits(x, codes, scales)

    monkeypatch.setattr(cpu, "_by_digits", spy)
    held = pack(torch.randn(128, 96), 8, BFLOAT16)
    x = torch.randn(6, 96).to(BFLOAT16)
    for has_tiles in (False, True):
        monkeypatch.setattr(cpu, "has_tiles", lambda answer=has_tiles: answer)
        for count in (1, 5, 6):
            assert error(cpu.linear(x[:count], held), exact(x[:count], held)) < 2**-8
    assert seen == [1, 5]


def test_room_in_large_pages_is_room() -> None:
    room = cpu.in_large_pages((3, 1 << 21))
    assert room.shape == (3, 1 << 21) and room.is_contiguous()
    room.fill_(7)
    kept = room[1]
    del room
    assert int(kept.min()) == 7


@pytest.fixture
def fresh_layout() -> Iterator[None]:
    cpu.block_rows.cache_clear()
    yield
    cpu.block_rows.cache_clear()


def test_a_layout_that_is_not_known_is_not_used(monkeypatch: pytest.MonkeyPatch, fresh_layout: None) -> None:
    monkeypatch.setattr(
        torch, "_convert_weight_to_int4pack_for_cpu", lambda codes, tiles: codes[:, ::2].to(torch.uint8)
    )
    held = pack(torch.randn(128, 96), 4, BFLOAT16)
    assert cpu.block_rows() is None
    assert cpu.lay_out(held) is held
    assert cpu.offset_bytes((128, 96)) == 0


@knows_layout
def test_torch_lays_out_as_we_do() -> None:
    codes = torch.randint(-8, 8, (192, 64), dtype=torch.int8)
    low, high = (codes + 8).to(torch.uint8)[:, ::2], (codes + 8).to(torch.uint8)[:, 1::2]
    held = Packed(low | high << 4, torch.ones(192, 2, dtype=BFLOAT16), BFLOAT16)
    expected = torch._convert_weight_to_int4pack_for_cpu(codes.to(torch.int32) + 8, 1)
    assert torch.equal(cpu.lay_out(held).codes.flatten(), expected.flatten())  # type: ignore[union-attr]


def random_experts(dtype: torch.dtype, width: int) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Rows, weights and a route in which some experts have no row and one has most."""
    weight, chosen = torch.rand(70, 8).topk(3)
    chosen[:50, 0] = 5
    chosen[:50, 1:] = torch.tensor([2, 7])
    return torch.randn(70, width).to(dtype), *_stacks(dtype, width), chosen, weight


def _stacks(dtype: torch.dtype, width: int) -> tuple[Tensor, Tensor]:
    return (torch.randn(9, 128, width) / 8).to(dtype), (torch.randn(9, width, 64) / 8).to(dtype)


@pytest.mark.parametrize("width", [64, 36, 30])
@pytest.mark.parametrize("dtype", [torch.float32, BFLOAT16])
def test_experts_in_order_add_what_the_reference_adds(dtype: torch.dtype, width: int) -> None:
    inputs = random_experts(dtype, width)
    expected = reference.experts(*(t.float() if t.is_floating_point() else t for t in inputs)).double()
    assert error(cpu.experts(*inputs), expected) < (1e-5 if dtype is torch.float32 else 2**-6)
    one = [t[3:4] if i in (0, 3, 4) else t for i, t in enumerate(inputs)]
    assert error(cpu.experts(*one), expected[3:4]) < (1e-5 if dtype is torch.float32 else 2**-6)


@knows_layout
@pytest.mark.parametrize("bits", [4, 8])
def test_experts_in_few_bits_are_multiplied_by_their_codes(bits: int) -> None:
    x, gate_up, down, *route = random_experts(BFLOAT16, 64)
    held = pack(gate_up, bits, BFLOAT16), pack(down, bits, BFLOAT16)
    expected = reference.experts(x, *held, *route).double()
    assert error(cpu.experts(x, *map(cpu.lay_out, held), *route), expected) < 2**-6


@pytest.mark.parametrize("dtype", [torch.float32, BFLOAT16])
def test_reproducible_experts_are_those_of_one_expert_after_another_to_the_bit(dtype: torch.dtype) -> None:
    inputs = random_experts(dtype, 64)
    tiled = invariant.Tiled(16)
    expected = reference.experts(*inputs, multiply=tiled.multiply, gated_gelu=invariant.gated_gelu)
    assert torch.equal(tiled.experts(*inputs), expected)


@pytest.mark.parametrize("window", [None, 1, 3, 4, 9, 100])
@pytest.mark.parametrize(("first", "position", "end"), [(0, 0, 1), (0, 14, 15), (8, 21, 22), (4, 9, 14), (0, 15, 16)])
def test_one_row_alone_sees_what_the_reference_shows_it(
    first: int, position: int, end: int, window: int | None
) -> None:
    q, keys, values = torch.randn(1, 6, 16), torch.randn(9, 4, 2, 16), torch.randn(9, 4, 2, 16)
    rows = QueryRows(position_T=torch.tensor([position]), starts=(0, 1), ends=(end,))
    table = torch.tensor([[7, 2, 8, 1, 5]])
    pool = PoolView(page_table_BP=table, firsts=(first,), slot_T=torch.zeros(1, dtype=torch.int64))
    expected = reference.attention(q, keys, values, rows, pool, window)
    assert torch.allclose(cpu.attention(q, keys, values, rows, pool, window), expected, atol=1e-5)


@pytest.mark.parametrize("shape", [(1, 320), (7, 4, 256), (3, 1536)])
@pytest.mark.parametrize("dtype", [torch.float32, BFLOAT16])
def test_the_norm_in_one_call_is_the_reference_norm(dtype: torch.dtype, shape: tuple[int, ...]) -> None:
    x, weight = (3 * torch.randn(shape)).to(dtype), torch.randn(shape[-1]).to(dtype)
    for own in (weight, None):
        assert torch.allclose(cpu.rms_norm(x, own, 1e-6), reference.rms_norm(x, own, 1e-6), rtol=2**-7, atol=1e-6)


@knows_layout
@pytest.mark.weights
def test_pebble_in_int4_is_laid_out_while_it_is_loaded_and_says_the_same() -> None:
    at = {"dtype": BFLOAT16, "device": torch.device("cpu"), "precision": "int4"}
    manifest = read_manifest(embedded_folder())
    loaded, plain = (load_model(manifest, kernels, **at) for kernels in (ops.CPU, ops.REFERENCE))  # type: ignore[arg-type]
    kinds = {name: type(module) for name, module in loaded.model.named_modules() if isinstance(module, Packed)}
    assert kinds["embed_tokens"] is Packed, "int8: looked up in, and multiplied by, as it is"
    assert kinds["layers.0.moe.gate_up_proj"] is kinds["layers.7.mlp.down_proj.weight"] is cpu.Blocked
    assert loaded.num_bytes < 1.12 * plain.num_bytes
    ids = torch.arange(40) * 31 + 7
    with torch.inference_mode():
        found, expected = (
            m.model.logits(m.model(ids, torch.arange(40), DenseMemory(m.model.cache_layers(), 1), None)).log_softmax(-1)
            for m in (loaded, plain)
        )
    divergence = (expected.exp() * (expected - found)).sum(-1)
    assert divergence.mean() < 0.01
