"""Blocks: every format as the `gguf` package reads it, lattices to the bit."""

from __future__ import annotations

import gguf
import numpy as np
import pytest
import torch

from gemstead.core.errors import BadRequest
from gemstead.kernels.packed import Packed
from gemstead.quant import gguf_blocks
from gemstead.quant.formats import quantize_int4
from gemstead.quant.gguf_blocks import BLOCK_FORMATS, Blocks, codes_and_scales, dequantize
from gemstead.quant.linear import pack
from tests.gguf_files import blocks_of
from tests.shared_data import REFERENCE, needs_shared

LATTICES = ("Q4_0", "Q8_0")


def random_bytes(name: str, *leading: int, blocks: int = 3) -> np.ndarray:
    """Any bytes are blocks; among these are infinite scales and such that are no number."""
    return np.random.default_rng(0).integers(0, 256, (*leading, blocks * BLOCK_FORMATS[name].num_bytes), dtype=np.uint8)


def in_blocks(name: str, *shape: int) -> Blocks:
    """Blocks of a normal distribution."""
    values = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    return Blocks(raw=torch.from_numpy(blocks_of(values, name)), format=name)


@needs_shared
@pytest.mark.parametrize("name", ["Q4_0", "Q8_0", "Q4_K", "Q6_K"])
def test_published_vectors_are_read_to_the_bit(name: str) -> None:
    vectors = np.load(REFERENCE / "quant" / "gguf_blocks.npz")
    found = dequantize(torch.from_numpy(vectors[f"{name}_bytes"]), name)
    assert torch.equal(found, torch.from_numpy(vectors[f"{name}_dequantized"]))


@pytest.mark.parametrize("name", BLOCK_FORMATS)
def test_any_bytes_mean_what_the_gguf_package_reads_in_them(name: str) -> None:
    raw = random_bytes(name, 200)
    with np.errstate(all="ignore"):
        expected = gguf.quants.dequantize(raw, gguf.GGMLQuantizationType[name])
    assert np.isfinite(expected).mean() > 0.9
    np.testing.assert_array_equal(dequantize(torch.from_numpy(raw), name).numpy(), expected)


@pytest.mark.parametrize("name", BLOCK_FORMATS)
def test_sizes_are_those_of_the_gguf_package(name: str) -> None:
    form = BLOCK_FORMATS[name]
    assert (form.elements, form.num_bytes) == gguf.GGML_QUANT_SIZES[gguf.GGMLQuantizationType[name]]


@pytest.mark.parametrize("name", BLOCK_FORMATS)
def test_chunks_do_not_show(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = in_blocks(name, 3, 5, 512)
    whole = blocks.dense(torch.bfloat16)
    monkeypatch.setattr(gguf_blocks, "CHUNK_ELEMENTS", 1024)
    assert blocks.shape == whole.shape == (3, 5, 512)
    assert torch.equal(blocks.dense(torch.bfloat16), whole)
    assert torch.equal(dequantize(blocks.raw, name).bfloat16(), whole)
    assert torch.equal(blocks.first().dense(torch.bfloat16), whole[0])


@pytest.mark.parametrize("name", LATTICES)
def test_a_lattice_keeps_codes_and_scales_to_the_bit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = in_blocks(name, 2, 7, 96)
    monkeypatch.setattr(gguf_blocks, "CHUNK_ELEMENTS", 256)
    packed = blocks.packed(torch.float32)
    assert packed.bits == BLOCK_FORMATS[name].lattice_bits and packed.shape == (2, 7, 96)
    assert torch.equal(packed.dense(), dequantize(blocks.raw, name))
    per_block = blocks.raw.unflatten(-1, (3, -1))
    stored = per_block[..., :2].contiguous().view(torch.float16).squeeze(-1)
    assert torch.equal(packed.scales.to(torch.float16), stored)
    assert torch.equal(codes_and_scales(blocks.raw, name).scales, stored.float())


def test_scales_of_weights_trained_on_the_lattice_take_two_bytes_and_others_four() -> None:
    on_lattice = quantize_int4(torch.randn(4, 64), coarse_scales=True).dequantize()
    trained = Blocks(raw=torch.from_numpy(blocks_of(on_lattice.numpy(), "Q4_0")), format="Q4_0").packed(torch.bfloat16)
    assert trained.scales.dtype is torch.bfloat16
    assert torch.equal(trained.dense().float(), on_lattice)
    assert torch.equal(trained.codes, pack(on_lattice, 4, torch.bfloat16).codes)
    assert in_blocks("Q4_0", 4, 64).packed(torch.bfloat16).scales.dtype is torch.float32


@pytest.mark.parametrize(("name", "bits"), [("Q6_K", 8), ("Q5_K", 4), ("Q8_0", 4)])
def test_other_blocks_are_packed_as_the_numbers_they_stand_for(name: str, bits: int) -> None:
    blocks = in_blocks(name, 4, 512)
    found, expected = pack(blocks, bits, torch.float32), pack(blocks.dense(torch.float32), bits, torch.float32)
    assert isinstance(found, Packed)
    assert torch.equal(found.codes, expected.codes) and torch.equal(found.scales, expected.scales)


def test_what_is_no_lattice_is_refused_by_name() -> None:
    with pytest.raises(BadRequest, match=r"Q6_K is no lattice .* Q4_0, Q8_0"):
        in_blocks("Q6_K", 1, 256).packed(torch.float32)
