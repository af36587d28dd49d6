"""Stored in few bits, multiplied as what it stands for: to the bit, in every twin, whatever stands beside a row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from gemstead.core.errors import BadRequest
from gemstead.kernels import invariant, ops, packed
from gemstead.kernels.packed import Packed
from gemstead.models.cache import DenseMemory
from gemstead.models.gemma4.text import Gemma4Text
from gemstead.quant import linear
from gemstead.quant.convert import Storage, num_bytes, quantize, storage_of
from gemstead.quant.formats import pack_int4, quantize_int4, quantize_int8, unpack_int4
from gemstead.quant.linear import pack
from gemstead.train.quantization import is_quantized, on_lattice
from tests.tiny_models import SHAPES, tiny_config, tiny_model

DTYPES = (torch.float32, torch.bfloat16)


@pytest.fixture
def small_slabs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(packed, "SLAB_ELEMENTS", 64 * 96)
    monkeypatch.setattr(linear, "CHUNK_ELEMENTS", 50 * 96)
    yield


@pytest.mark.parametrize("shape", [(5, 64), (512, 320), (4096, 96), (3, 33, 160)])
def test_unpacking_on_words_is_the_inverse_of_packing(shape: tuple[int, ...]) -> None:
    codes = torch.randint(-8, 8, shape, dtype=torch.int8)
    stored = pack_int4(codes)
    assert torch.equal(packed._unpacked(stored), codes)
    assert torch.equal(packed._unpacked(stored[..., 1::2, :]), unpack_int4(stored[..., 1::2, :]))


def test_every_byte_is_unpacked_as_defined() -> None:
    every = torch.arange(256, dtype=torch.uint8).view(1, 256)
    assert torch.equal(packed._unpacked(every), unpack_int4(every))


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("bits", [8, 4])
def test_it_stands_for_what_the_format_says(bits: int, dtype: torch.dtype) -> None:
    weight = torch.randn(3, 40, 96)
    expected = {8: quantize_int8, 4: quantize_int4}[bits](weight).dequantize(dtype)
    stored = pack(weight, bits, dtype)
    assert stored.bits == bits and stored.shape == weight.shape and stored.dense().dtype is dtype
    assert torch.equal(stored.dense(), expected)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**31), power=st.integers(-12, 6), dtype=st.sampled_from(DTYPES))
def test_weights_on_the_int4_lattice_come_through_to_the_bit(seed: int, power: int, dtype: torch.dtype) -> None:
    weight = torch.randn((6, 96), generator=torch.Generator().manual_seed(seed)) * 2.0**power
    held = on_lattice(weight).to(torch.bfloat16)
    assert torch.equal(pack(held, 4, dtype).dense(), held.to(dtype))


def test_int4_takes_four_and_a_half_bits_a_weight() -> None:
    weight = torch.randn(64, 256).bfloat16()
    stored = pack(weight, 4, torch.bfloat16)
    assert stored.num_bytes * 8 == 4.5 * weight.numel()
    assert stored.num_bytes == Storage(bits=4).num_bytes((64, 256), torch.bfloat16)
    assert pack(weight, 8, torch.bfloat16).num_bytes == Storage(bits=8).num_bytes((64, 256), torch.bfloat16)


@pytest.mark.parametrize("name", list(ops.TWINS))
@pytest.mark.parametrize("bits", [8, 4])
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_packed_operation_is_the_dense_one_on_what_it_stands_for(name: str, bits: int, dtype: torch.dtype) -> None:
    twins = ops.TWINS[name]
    x = torch.randn(9, 96, dtype=dtype)
    weight = pack(torch.randn(40, 96), bits, dtype)
    # The CPU's multiplies by int8 codes without rounding values to bfloat16 first; all others give the same bits.
    roundings = 2**-8 if name == "cpu" and dtype is torch.bfloat16 else 0.0

    def error(found: torch.Tensor, expected: torch.Tensor) -> float:
        return float((found - expected).float().norm() / expected.float().norm())

    assert error(twins.linear(x, weight), twins.linear(x, weight.dense())) <= roundings
    ids = torch.tensor([3, 3, 39, 0])
    assert torch.equal(twins.embedding(ids, weight), F.embedding(ids, weight.dense()))
    gate_up, down = pack(torch.randn(5, 64, 96), bits, dtype), pack(torch.randn(5, 96, 32), bits, dtype)
    route = (torch.tensor([[0, 3]] * 5 + [[4, 1]] * 4), torch.rand(9, 2))
    expected = twins.experts(x, gate_up.dense(), down.dense(), *route)
    assert error(twins.experts(x, gate_up, down, *route), expected) <= 2 * roundings


@pytest.mark.parametrize("bits", [8, 4])
def test_a_large_matrix_is_read_slab_by_slab(bits: int, small_slabs: None) -> None:
    weight, x = torch.randn(1000, 96), torch.randn(5, 96)
    stored = pack(weight, bits, torch.float32)
    assert torch.equal(stored.dense(), {8: quantize_int8, 4: quantize_int4}[bits](weight).dequantize())
    seen: list[tuple[int, ...]] = []

    def multiply(x: torch.Tensor, slab: torch.Tensor) -> torch.Tensor:
        seen.append(tuple(slab.shape))
        return F.linear(x, slab)

    found = packed.product(multiply, x, stored)
    assert seen == [(64, 96)] * 15 + [(40, 96)]
    assert torch.allclose(found, F.linear(x, stored.dense()), atol=1e-5)


@pytest.mark.parametrize("bits", [8, 4])
def test_rows_of_a_packed_product_do_not_depend_on_their_neighbours(bits: int, small_slabs: None) -> None:
    weight = pack(torch.randn(200, 96), bits, torch.bfloat16)
    tiled = invariant.find_tiles(packed.slabs(weight.dense()))
    assert tiled is not None
    x = torch.randn(50, 96).bfloat16()
    together = tiled.linear(x, weight)
    for row in (0, 17, 49):
        assert torch.equal(tiled.linear(x[row : row + 1], weight)[0], together[row])


NAMES = {
    "layers.0.self_attn.q_proj.weight": (8, 4),
    "layers.0.mlp.down_proj.weight": (8, 4),
    "layers.0.moe.gate_up_proj": (8, 4),
    "model.language_model.layers.0.experts.down_proj": (8, 4),
    "layers.0.moe.router_proj.weight": (None, None),
    "model.language_model.layers.0.router.proj.weight": (None, None),
    "layers.0.per_layer_input_gate.weight": (8, 8),
    "layers.0.per_layer_projection.weight": (8, 8),
    "per_layer_model_projection.weight": (8, 8),
    "embed_tokens": (8, 8),
    "model.language_model.embed_tokens.weight": (8, 8),
    "model.language_model.embed_tokens_per_layer.weight": (8, 8),
    "something.new.weight": (None, None),
}


@pytest.mark.parametrize("name", NAMES)
def test_the_policy(name: str) -> None:
    found = tuple(storage_of(name, (64, 64), precision).bits for precision in ("int8", "int4"))
    assert found == NAMES[name]
    assert storage_of(name, (64, 64), "bf16").bits is None
    in_fp8 = storage_of(name, (64, 64), "fp8")
    assert in_fp8.bits == NAMES[name][0] and in_fp8.is_float == (in_fp8.bits == 8 and "embed_tokens" not in name)
    assert storage_of(name, (64,), "int4").bits is None, "vectors are never quantised"
    if "embed_tokens" in name:
        assert storage_of(name, (64, 64), "int4-embed16").bits is None


def test_training_and_storage_agree_on_what_is_in_four_bits() -> None:
    for shape in SHAPES:
        for name, parameter in Gemma4Text(tiny_config(shape)).named_parameters():
            if parameter.dim() > 1:
                wide = (*parameter.shape[:-1], 64)
                assert is_quantized(name) == (storage_of(name, wide, "int4").bits == 4), name


def test_a_width_that_is_no_multiple_of_the_group_falls_back_to_int8() -> None:
    assert storage_of("x.q_proj.weight", (64, 80), "int4") == Storage(bits=8, is_fallback=True)
    with pytest.raises(BadRequest, match="80 inputs"):
        pack(torch.zeros(2, 80), 4, torch.float32)


def logits(model: Gemma4Text, ids: list[int]) -> torch.Tensor:
    memory = DenseMemory(model.cache_layers(), 1)
    return model.logits(model(torch.tensor(ids), torch.arange(len(ids)), memory))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("precision", ["int8", "int4", "fp8"])
def test_a_quantised_model_is_the_dense_model_of_what_it_stands_for(shape: str, precision: str) -> None:
    """Every tensor swapped, none mixed up: logits equal those of a dense model filled with the dequantised values."""
    stored, dense = tiny_model(shape), tiny_model(shape)
    before = num_bytes(stored)
    quantize(stored, precision)
    for name, module in stored.named_modules():
        if isinstance(module, Packed):
            path, _, leaf = name.rpartition(".")
            getattr(dense.get_submodule(path), leaf).data.copy_(module.dense())
    ids = [5, 17, 2, 90, 41, 41, 8]
    assert torch.equal(logits(stored, ids), logits(dense, ids))
    assert num_bytes(stored) < before / 2
    left = {name for name, p in stored.named_parameters() if p.dim() > 1}
    assert all("router" in name for name in left)


def test_twins_can_be_replaced_one_by_one() -> None:
    calls = []

    def fast(x: torch.Tensor, weight: packed.Weight) -> torch.Tensor:
        calls.append(isinstance(weight, Packed))
        return ops.REFERENCE.linear(x, weight)

    model = tiny_model("mixture_of_experts", replace(ops.REFERENCE, linear=fast))
    quantize(model, "int8")
    logits(model, [1, 2])
    assert any(calls) and not all(calls), "the router stays dense"
