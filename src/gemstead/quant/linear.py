"""A dense matrix, or a stack of experts, in; the `Packed` that stands in its place, out."""

from __future__ import annotations

import torch
from torch import Tensor

from gemstead.kernels.packed import Packed
from gemstead.quant.formats import pack_int4, quantize_int4, quantize_int8
from gemstead.quant.gguf_blocks import Blocks

CHUNK_ELEMENTS = 1 << 24  # quantised at once: float32 on the way takes 64 MiB, whatever the size of the matrix


def pack(weight: Tensor | Blocks, bits: int, dtype: torch.dtype) -> Packed:
    """Store a matrix in few bits.

    What stands on the int4 lattice comes back to the bit from int4. Chunks of rows are quantised one after another, so
    that no second copy of a large matrix is ever in memory; rows do not depend on each other, so chunks do not show.

    Args:
        weight: (..., N, K), dense or in blocks of another format, on the device where it is to stay; K a multiple of 32
            for int4.
        bits: 8, one scale per row, or 4, one scale per 32 neighbours of a row.
        dtype: In which products are computed.

    Raises:
        BadRequest: K is no multiple of 32, for int4.
    """
    flat = weight if isinstance(weight, Blocks) else weight.reshape(-1, weight.shape[-1])
    rows = max(1, CHUNK_ELEMENTS // weight.shape[-1])
    parts = [_codes_and_scales(chunk, bits) for chunk in flat.split(rows)]
    codes = torch.cat([codes for codes, _ in parts]) if len(parts) > 1 else parts[0][0]
    scales = torch.cat([scales for _, scales in parts]) if len(parts) > 1 else parts[0][1]
    leading = weight.shape[:-1]
    return Packed(codes.view(*leading, -1), scales.to(torch.bfloat16).view(*leading, -1), dtype)


def _codes_and_scales(chunk: Tensor, bits: int) -> tuple[Tensor, Tensor]:
    if bits == 8:
        stored = quantize_int8(chunk)
        return stored.codes, stored.scales
    stored = quantize_int4(chunk)
    return pack_int4(stored.codes), stored.scales
