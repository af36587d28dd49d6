"""Each twin against the reference on random inputs: for `gemstead doctor` and for tests."""

from __future__ import annotations

from itertools import accumulate

import torch
from torch import Tensor

from gemstead.kernels import invariant
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.ops import REFERENCE, TWINS, Kernels
from gemstead.kernels.packed import Packed

PAGE = 4


def random_attention(seed: int = 0, beside: int = 0) -> tuple[Tensor, Tensor, Tensor, QueryRows, PoolView]:
    """A step with two decoding sequences, two that check drafts, one chunk of a prompt and one without a row.

    Over shuffled pages of random keys and values; with `beside`, of keys of that width beside their values.
    """
    generator = torch.Generator().manual_seed(seed)

    def random(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator)

    counts, ends = (1, 1, 0, 3, 3, 20), (30, 9, 5, 12, 31, 23)
    pages = torch.randperm(60, generator=generator)
    firsts = (8, 0, 0, 0, 20, 0)
    widths = [-(-(end - first) // PAGE) for end, first in zip(ends, firsts, strict=True)]
    table = torch.zeros(len(counts), max(widths), dtype=torch.int64)
    for b, width in enumerate(widths):
        table[b, :width] = pages[10 * b : 10 * b + width]
    positions = [p for count, end in zip(counts, ends, strict=True) for p in range(end - count, end)]
    rows = QueryRows(position_T=torch.tensor(positions), starts=(0, *accumulate(counts)), ends=ends)
    pool = PoolView(page_table_BP=table, firsts=firsts, slot_T=torch.zeros(28, dtype=torch.int64))
    return random(28, 6, 16 + beside), random(60, PAGE, 2, beside or 16), random(60, PAGE, 2, 16), rows, pool


def outputs(kernels: Kernels, seed: int = 0) -> dict[str, Tensor]:
    """Every operation of a twin on the same random inputs."""
    generator = torch.Generator().manual_seed(seed)

    def random(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator)

    def packed(*shape: int, bits: int) -> Packed:
        stored = torch.randint(-127, 128, shape, generator=generator).to(torch.int8)
        codes = stored if bits == 8 else stored[..., ::2].contiguous().view(torch.uint8)
        groups = 1 if bits == 8 else shape[-1] // 32
        return Packed(codes, random(*shape[:-1], groups) / 2**bits, torch.float32)

    x_TK, weight_NK, wide_TK = random(9, 24), random(40, 24), random(9, 64)
    route = (torch.tensor([[0, 3]] * 5 + [[4, 1]] * 4), random(9, 2).abs())
    attention = random_attention(seed)
    return {
        "linear": kernels.linear(x_TK, weight_NK),
        "gated_gelu": kernels.gated_gelu(random(9, 40), random(9, 40)),
        "softcap": kernels.softcap(10 * random(9, 50), 5.0),
        "rms_norm": kernels.rms_norm(x_TK, random(24), 1e-6),
        "attention, global": kernels.attention(*attention, None),
        "attention, window": kernels.attention(*attention, 9),
        "attention, keys beside values": kernels.attention(*random_attention(seed, beside=4), None),
        "experts": kernels.experts(x_TK, random(5, 32, 24), random(5, 24, 16), *route),
        "linear, int8": kernels.linear(x_TK, packed(40, 24, bits=8)),
        "linear, int4": kernels.linear(wide_TK, packed(40, 64, bits=4)),
        "embedding, int8": kernels.embedding(torch.arange(9), packed(40, 24, bits=8)),
        "experts, int4": kernels.experts(wide_TK, packed(5, 64, 64, bits=4), packed(5, 64, 32, bits=4), *route),
    }


def largest_error(name: str) -> float:
    """Largest absolute difference of a twin from the reference, over all operations."""
    expected, found = outputs(REFERENCE), outputs(TWINS[name])
    return max(float((found[key] - expected[key]).abs().max()) for key in expected)


def reproducible_tiles() -> invariant.Tiled | None:
    """The tiles that reproducible mode needs on this machine, tried on usual shapes; `None` if none hold."""
    generator = torch.Generator().manual_seed(0)
    shapes = [(256, 256), (1024, 256), (256, 1024), (2048, 1536), (264, 88)]
    return invariant.find_tiles([torch.randn(*shape, generator=generator) for shape in shapes])
