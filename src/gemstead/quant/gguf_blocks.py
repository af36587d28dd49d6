"""GGUF's block formats: bytes of blocks in, what they stand for out. Pure functions, and a matrix made of blocks.

A block holds 32 or 256 neighbours of a row. `d` and `m` are float16, codes are unsigned unless said otherwise:

Q8_0  d, 32 signed bytes                              code * d
Q4_0  d, 32 nibbles                                   (code - 8) * d
Q5_0  d, 32 fifth bits, 32 nibbles                    (code - 16) * d
Q4_1  d, m, 32 nibbles                                code * d + m
Q5_1  d, m, 32 fifth bits, 32 nibbles                 code * d + m
Q4_K  d, m, 8 pairs (s, t) of 6 bits, 256 nibbles     code * (d s) - m t, a pair for 32 codes
Q5_K  as Q4_K, with 256 fifth bits before the nibbles
Q6_K  256 nibbles, 256 upper pairs of bits, 16 signed bytes s, d     (code - 32) * (d s), an s for 16 codes

Q4_0 and Q8_0 are lattices that are computed on here: their codes and scales are taken over to the bit. All others are
read as the numbers they stand for.

Shape legend: N output rows, K inputs, J = K / 32 groups, B blocks a row; leading dimensions (experts) pass through.
Source: the GGUF specification and the block layouts of ggml-common.h.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from gemstead.core.errors import BadRequest
from gemstead.kernels.packed import Packed
from gemstead.quant.formats import Quantized, pack_int4

CHUNK_ELEMENTS = 1 << 22  # read at once: in float32 16 MiB, whatever the size of the matrix


@dataclass(frozen=True, kw_only=True)
class BlockFormat:
    """How one kind of block is laid out.

    Args:
        elements: Neighbours in a block.
        num_bytes: Of a block.
        values: Blocks (..., B, bytes) -> float32 (..., B, elements).
        lattice_bits: 4 or 8 if its codes and scales are ones that are computed on here.
    """

    elements: int
    num_bytes: int
    values: Callable[[Tensor], Tensor]
    lattice_bits: int | None = None


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """A matrix, or a stack of them, in blocks.

    Args:
        raw: uint8 (..., N, bytes of a row).
        format: A name in `BLOCK_FORMATS`.
    """

    raw: Tensor
    format: str

    @property
    def shape(self) -> torch.Size:
        """Of what it stands for."""
        form = BLOCK_FORMATS[self.format]
        return torch.Size((*self.raw.shape[:-1], self.raw.shape[-1] // form.num_bytes * form.elements))

    @property
    def device(self) -> torch.device:
        """Where it lies."""
        return self.raw.device

    def to(self, device: torch.device) -> Blocks:
        """The same on another device."""
        return replace(self, raw=self.raw.to(device))

    def first(self) -> Blocks:
        """The first matrix of a stack."""
        return replace(self, raw=self.raw.reshape(-1, *self.raw.shape[-2:])[0])

    def split(self, rows: int) -> Iterator[Tensor]:
        """What it stands for, float32 (at most `rows`, K) after another, experts one below the other."""
        for chunk in self._chunks(rows):
            yield dequantize(chunk, self.format)

    def dense(self, dtype: torch.dtype) -> Tensor:
        """What it stands for, (..., N, K), computed in float32 and rounded once."""
        width = self.shape[-1]
        out = torch.empty(self.shape, dtype=dtype, device=self.raw.device)
        rows = max(1, CHUNK_ELEMENTS // width)
        for place, chunk in zip(out.view(-1, width).split(rows), self.split(rows), strict=True):
            place.copy_(chunk)
        return out

    def packed(self, dtype: torch.dtype) -> Packed:
        """Codes and scales as they are, to be computed on in `dtype`.

        Scales are held in bfloat16 where that loses nothing, as for weights that were trained on the lattice, else in
        float32.

        Raises:
            BadRequest: The format is no lattice that is computed on here.
        """
        bits = lattice_bits(self.format)
        leading, width = self.shape[:-1], self.shape[-1]
        codes = torch.empty((*leading, width * bits // 8), dtype=CODES[bits], device=self.raw.device)
        scales = torch.empty((*leading, width // 32), dtype=torch.float32, device=self.raw.device)
        rows = max(1, CHUNK_ELEMENTS // width)
        places = zip(codes.flatten(0, -2).split(rows), scales.flatten(0, -2).split(rows), strict=True)
        for (code_place, scale_place), chunk in zip(places, self._chunks(rows), strict=True):
            stored = codes_and_scales(chunk, self.format)
            code_place.copy_(pack_int4(stored.codes) if bits == 4 else stored.codes)
            scale_place.copy_(stored.scales)
        narrow = scales.bfloat16()
        return Packed(codes, narrow if torch.equal(narrow.float(), scales) else scales, dtype)

    def _chunks(self, rows: int) -> Iterator[Tensor]:
        yield from self.raw.reshape(-1, self.raw.shape[-1]).split(rows)


CODES = {4: torch.uint8, 8: torch.int8}


def lattice_bits(name: str) -> int:
    """Bits of a code of a lattice format.

    Raises:
        BadRequest: It is none.
    """
    form = BLOCK_FORMATS.get(name)
    if form is None or form.lattice_bits is None:
        lattices = [n for n, f in BLOCK_FORMATS.items() if f.lattice_bits]
        raise BadRequest(f"{name} is no lattice that is computed on; allowed are {', '.join(lattices)}")
    return form.lattice_bits


def dequantize(raw: Tensor, name: str) -> Tensor:
    """What blocks stand for.

    Args:
        raw: uint8 (..., bytes of a row).
        name: Of their format, in `BLOCK_FORMATS`.

    Returns:
        float32 (..., K).
    """
    form = BLOCK_FORMATS[name]
    values: Tensor = form.values(raw.unflatten(-1, (-1, form.num_bytes))).flatten(-2)
    return values


def codes_and_scales(raw: Tensor, name: str) -> Quantized:
    """Codes and scales of a lattice format, not a bit changed; `raw` as in `dequantize`.

    Raises:
        BadRequest: The format is no lattice.
    """
    bits = lattice_bits(name)
    blocks = raw.unflatten(-1, (-1, BLOCK_FORMATS[name].num_bytes))
    codes = _nibbles(blocks[..., 2:18]).to(torch.int8) - 8 if bits == 4 else blocks[..., 2:].view(torch.int8)
    return Quantized(codes=codes.flatten(-2), scales=_half(blocks, 0).squeeze(-1))


def _half(blocks: Tensor, start: int) -> Tensor:
    """The float16 at a byte of each block, in float32; (..., B, 1)."""
    return blocks[..., start : start + 2].contiguous().view(torch.float16).float()


def _nibbles(packed: Tensor) -> Tensor:
    """(..., bytes) -> (..., 2 bytes): all low nibbles, then all high ones."""
    return torch.cat((packed & 15, packed >> 4), dim=-1)


def _bits(packed: Tensor, width: int) -> Tensor:
    """(..., bytes) -> (..., 8 / width, bytes): the lowest `width` bits of all bytes, then the next ones, and so on."""
    shifts = torch.arange(0, 8, width, dtype=torch.uint8, device=packed.device)
    parts: Tensor = packed[..., None, :] >> shifts[:, None] & (1 << width) - 1
    return parts


def _q8_0(blocks: Tensor) -> Tensor:
    return blocks[..., 2:].view(torch.int8) * _half(blocks, 0)


def _q4_0(blocks: Tensor) -> Tensor:
    return (_nibbles(blocks[..., 2:]).float() - 8) * _half(blocks, 0)


def _q4_1(blocks: Tensor) -> Tensor:
    return _nibbles(blocks[..., 4:]) * _half(blocks, 0) + _half(blocks, 2)


def _five_bits(blocks: Tensor, start: int) -> Tensor:
    """Codes of Q5_0 and Q5_1: bit j of the four bytes belongs to code j."""
    fifth = _bits(blocks[..., start : start + 4], 1).transpose(-1, -2).flatten(-2)
    return _nibbles(blocks[..., start + 4 :]) | fifth << 4


def _q5_0(blocks: Tensor) -> Tensor:
    return (_five_bits(blocks, 2).float() - 16) * _half(blocks, 0)


def _q5_1(blocks: Tensor) -> Tensor:
    return _five_bits(blocks, 4) * _half(blocks, 0) + _half(blocks, 2)


def _pairs_of_six(blocks: Tensor) -> tuple[Tensor, Tensor]:
    """Scales and minima of eight groups, (..., B, 8, 1) each, from twelve bytes.

    Bytes 0-3 hold scales of groups 0-3 in their lower six bits, 4-7 the minima. Bytes 8-11 hold the lower nibbles of
    groups 4-7, scale low and minimum high; their upper two bits are those left over in bytes 0-3 and 4-7.
    """
    low, middle, high = blocks[..., 4:8], blocks[..., 8:12], blocks[..., 12:16]
    scales = torch.cat((low & 63, high & 15 | low >> 6 << 4), dim=-1)
    minima = torch.cat((middle & 63, high >> 4 | middle >> 6 << 4), dim=-1)
    return scales[..., None] * _half(blocks, 0)[..., None], minima[..., None] * _half(blocks, 2)[..., None]


def _q4_k(blocks: Tensor) -> Tensor:
    scales, minima = _pairs_of_six(blocks)
    codes = _bits(blocks[..., 16:].unflatten(-1, (4, 32)), 4).flatten(-3, -2)  # (..., B, 8, 32)
    return (codes * scales - minima).flatten(-2)


def _q5_k(blocks: Tensor) -> Tensor:
    scales, minima = _pairs_of_six(blocks)
    codes = _bits(blocks[..., 48:].unflatten(-1, (4, 32)), 4).flatten(-3, -2)
    codes = codes | _bits(blocks[..., 16:48], 1) << 4
    return (codes * scales - minima).flatten(-2)


def _q6_k(blocks: Tensor) -> Tensor:
    lower = _bits(blocks[..., :128].unflatten(-1, (2, 64)), 4).flatten(-2)  # (..., B, 2 halves, 128)
    upper = _bits(blocks[..., 128:192].unflatten(-1, (2, 32)), 2).flatten(-2)
    codes = (lower | upper << 4).flatten(-2).unflatten(-1, (16, 16)).float() - 32
    scales = blocks[..., 192:208].contiguous().view(torch.int8) * _half(blocks, 208)
    values: Tensor = codes * scales[..., None]
    return values.flatten(-2)


BLOCK_FORMATS: Mapping[str, BlockFormat] = {
    "Q4_0": BlockFormat(elements=32, num_bytes=18, values=_q4_0, lattice_bits=4),
    "Q8_0": BlockFormat(elements=32, num_bytes=34, values=_q8_0, lattice_bits=8),
    "Q4_1": BlockFormat(elements=32, num_bytes=20, values=_q4_1),
    "Q5_0": BlockFormat(elements=32, num_bytes=22, values=_q5_0),
    "Q5_1": BlockFormat(elements=32, num_bytes=24, values=_q5_1),
    "Q4_K": BlockFormat(elements=256, num_bytes=144, values=_q4_k),
    "Q5_K": BlockFormat(elements=256, num_bytes=176, values=_q5_k),
    "Q6_K": BlockFormat(elements=256, num_bytes=210, values=_q6_k),
}
