"""A dense matrix, or a stack of experts, in; the `Packed` that stands in its place, out."""

from __future__ import annotations

import torch
from torch import Tensor

from gemstead.kernels.packed import Packed
from gemstead.quant import GROUP
from gemstead.quant.formats import pack_int4, quantize_fp8, quantize_int4, quantize_int8
from gemstead.quant.gguf_blocks import Blocks

CHUNK_ELEMENTS = 1 << 24  # quantised at once: float32 on the way takes 64 MiB, whatever the size of the matrix


def pack(weight: Tensor | Blocks, bits: int, dtype: torch.dtype, *, is_float: bool = False) -> Packed:
    """Store a matrix in few bits.

    What stands on the int4 lattice comes back to the bit from int4. Chunks of rows are quantised one after another, so
    that no second copy of a large matrix is ever in memory; rows do not depend on each other, so chunks do not show.

    Args:
        weight: (..., N, K), dense or in blocks of another format, on the device where it is to stay; K a multiple of 32
            for int4.
        bits: 8, one scale per row, or 4, one scale per 32 neighbours of a row.
        dtype: In which products are computed.
        is_float: Of 8 bits: fp8 instead of int8.

    Raises:
        BadRequest: K is no multiple of 32, for int4.
    """
    flat = weight if isinstance(weight, Blocks) else weight.reshape(-1, weight.shape[-1])
    rows = max(1, CHUNK_ELEMENTS // weight.shape[-1])
    leading, width = weight.shape[:-1], weight.shape[-1]
    num_scales = 1 if bits == 8 else width // GROUP
    kind = torch.uint8 if bits == 4 else torch.float8_e4m3fn if is_float else torch.int8
    codes = torch.empty((*leading, width * bits // 8), dtype=kind, device=weight.device)
    scales = torch.empty((*leading, num_scales), dtype=torch.bfloat16, device=weight.device)
    # Written in place, since joining the chunks at the end would hold all codes twice for a moment.
    places = zip(codes.view(-1, codes.shape[-1]).split(rows), scales.view(-1, num_scales).split(rows), strict=True)
    for chunk, (code_place, scale_place) in zip(flat.split(rows), places, strict=True):
        found_codes, found_scales = _codes_and_scales(chunk, kind)
        code_place.copy_(found_codes)
        scale_place.copy_(found_scales)
    return Packed(codes, scales, dtype)


def _codes_and_scales(chunk: Tensor, kind: torch.dtype) -> tuple[Tensor, Tensor]:
    if kind is torch.uint8:
        stored = quantize_int4(chunk)
        return pack_int4(stored.codes), stored.scales
    stored = quantize_int8(chunk) if kind is torch.int8 else quantize_fp8(chunk)
    return stored.codes, stored.scales
