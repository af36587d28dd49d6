"""How weights are stored in few bits: pure functions, float weights in, codes and scales out, and back.

int8  one scale per output row; codes -127..127, value = code * scale
fp8   one scale per output row; codes in e4m3, up to 448, value = code * scale
int4  one scale per 32 neighbours of a row; codes -8..7, value = code * scale: the lattice of GGUF's Q4_0

In all, quantising what was dequantised gives the same codes and scales again, if the scales have few enough bits for
`code * scale` to be exact in the weights' dtype (`coarse_scales` below makes such); training relies on it.

Shape legend: N output rows, K inputs, J = K / 32 groups; leading dimensions (experts) pass through.
Source: Q4_0, the GGUF specification; symmetric absmax quantisation, arXiv:2208.07339, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from gemstead.core.errors import BadRequest
from gemstead.quant import GROUP

COARSE_BITS = 5  # a code has 3 bits beside its sign, -8 being a power of two; bfloat16 holds 8 in all
LARGEST_FP8 = 448.0
SCALE_BITS = 8  # of bfloat16, in which files and memory hold scales


@dataclass(frozen=True, kw_only=True)
class Quantized:
    """A matrix in few bits.

    Args:
        codes: int8, or float8_e4m3fn, (..., N, K).
        scales: float32, (..., N, 1) for 8 bits and (..., N, J) for int4.
    """

    codes: Tensor
    scales: Tensor

    def dequantize(self, dtype: torch.dtype = torch.float32) -> Tensor:
        """(..., N, K): `code * scale`, computed in float32, then rounded to `dtype`."""
        groups = self.codes.unflatten(-1, (self.scales.shape[-1], -1)).float()
        values: Tensor = (groups * self.scales[..., None]).flatten(-2).to(dtype)
        return values


def quantize_int8(weight: Tensor) -> Quantized:
    """Per output row, symmetric: the largest magnitude becomes 127. Scales are exact in bfloat16."""
    wide = weight.float()
    scales = _rounded(wide.abs().amax(-1, keepdim=True) / 127, SCALE_BITS)
    return Quantized(codes=_codes(wide, scales, -127, 127), scales=scales)


def quantize_fp8(weight: Tensor) -> Quantized:
    """Per output row: the largest magnitude becomes 448, the largest number of e4m3. Scales are exact in bfloat16.

    Source: FP8 formats for deep learning, arXiv:2209.05433.
    """
    wide = weight.float()
    scales = _rounded(wide.abs().amax(-1, keepdim=True) / LARGEST_FP8, SCALE_BITS)
    codes = (wide * _inverse(scales)).clamp(-LARGEST_FP8, LARGEST_FP8)  # a cast makes NaN of what is larger
    return Quantized(codes=codes.to(torch.float8_e4m3fn), scales=scales)


def quantize_int4(weight: Tensor, *, coarse_scales: bool = False) -> Quantized:
    """Per 32 neighbours: the entry of largest magnitude becomes -8, and so fixes the scale's sign.

    Scales are exact in bfloat16, which for weights in bfloat16 rounds nothing: they are eighths of entries.

    Args:
        weight: (..., N, K) with K a multiple of 32.
        coarse_scales: Round scales to 5 significant bits, so that every value is exact in bfloat16.

    Raises:
        BadRequest: K is not a multiple of 32.
    """
    if weight.shape[-1] % GROUP:
        raise BadRequest(f"int4 stores groups of {GROUP} inputs; this weight has {weight.shape[-1]} inputs a row")
    groups = weight.float().unflatten(-1, (-1, GROUP))
    highest, lowest = groups.amax(-1, keepdim=True), groups.amin(-1, keepdim=True)
    largest = torch.where(highest >= -lowest, highest, lowest)
    scales = _rounded(largest / -8, COARSE_BITS if coarse_scales else SCALE_BITS)
    codes = _codes(groups, scales, -8, 7).flatten(-2)
    return Quantized(codes=codes, scales=scales.squeeze(-1))


def _codes(wide: Tensor, scales: Tensor, lowest: int, highest: int) -> Tensor:
    return (wide * _inverse(scales)).round().clamp(lowest, highest).to(torch.int8)


def _inverse(scales: Tensor) -> Tensor:
    return torch.where(scales == 0, 0.0, 1 / scales)


def _rounded(x: Tensor, bits: int) -> Tensor:
    """To so many significant binary digits."""
    dropped = 24 - bits  # of float32's 24 significant digits
    raw = x.contiguous().view(torch.int32)
    return (((raw + (1 << dropped - 1)) >> dropped) << dropped).view(torch.float32)


def pack_int4(codes: Tensor) -> Tensor:
    """Two codes a byte, the earlier one low, each as code + 8; (..., K) int8 -> (..., K / 2) uint8."""
    raised = (codes + 8).to(torch.uint8)
    return raised[..., 0::2] | raised[..., 1::2] << 4


def unpack_int4(packed: Tensor) -> Tensor:
    """The inverse of `pack_int4`."""
    pair = torch.stack((packed & 15, packed >> 4), dim=-1).flatten(-2)
    return pair.to(torch.int8) - 8
