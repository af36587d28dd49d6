"""Matrices in few bits, as operations meet them: codes and scales in, the dense matrix they stand for out.

A `Packed` stands where a parameter stood; `quant/` makes it. Every operation that takes a `Weight` takes both kinds.
The reference reads a packed matrix as what it stands for, slab by slab, and then multiplies as by any other; so its
rows are as independent of each other as those of the dense product are. A twin that multiplies codes directly looks at
the codes itself, in its own file; models do not change.

Shape legend: N output rows, K inputs, G scales a row (1, or one per group of K / G neighbours); leading dimensions are
members of a stack (experts).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SLAB_ELEMENTS = 1 << 22  # elements read at once: 8 MiB in bfloat16, so that a large head needs no second copy of itself
SLAB_ROWS = 64  # slabs are so many whole rows


class Packed(nn.Module):
    """A matrix, or a stack of them, in few bits: value = code * scale, in float32, rounded to `dtype`.

    Args:
        codes: int8 or float8_e4m3fn (..., N, K); or for int4 uint8 (..., N, K / 2), two codes a byte, the earlier one
            low, each as code + 8.
        scales: (..., N, G), bfloat16 or float32.
        dtype: Of the values, which is what products are computed in.
    """

    codes: Tensor
    scales: Tensor

    def __init__(self, codes: Tensor, scales: Tensor, dtype: torch.dtype) -> None:
        super().__init__()
        self.register_buffer("codes", codes)
        self.register_buffer("scales", scales)
        self.dtype = dtype

    @property
    def bits(self) -> int:
        """Bits of a code."""
        return 4 if self.codes.dtype is torch.uint8 else 8

    @property
    def is_float(self) -> bool:
        """Whether codes are fp8."""
        return self.codes.dtype is torch.float8_e4m3fn

    @property
    def shape(self) -> torch.Size:
        """Of the matrix it stands for."""
        return torch.Size((*self.codes.shape[:-1], self.codes.shape[-1] * 8 // self.bits))

    @property
    def num_bytes(self) -> int:
        """Of codes and scales."""
        return self.codes.nbytes + self.scales.nbytes

    def dense(self) -> Tensor:
        """The matrix it stands for."""
        return values(self.codes, self.scales, self.dtype)

    def slab(self, start: int, stop: int, member: int | None, dtype: torch.dtype) -> Tensor:
        """Rows start <= n < stop of the matrix, or of one of the stack, as values; `start` a multiple of 64."""
        place = (..., slice(start, stop), slice(None)) if member is None else (member, slice(start, stop))
        return values(self.codes[place], self.scales[place], dtype)

    def rows(self, ids_T: Tensor) -> Tensor:
        """Rows of a matrix by number; (T, K), in `dtype`."""
        return values(self.codes[ids_T], self.scales[ids_T], self.dtype)

    def extra_repr(self) -> str:
        """For people: as torch shows modules."""
        kind = "fp" if self.is_float else "int"
        return f"{list(self.shape)}, {kind}{self.bits}, computed in {str(self.dtype).removeprefix('torch.')}"


Weight = Tensor | Packed


def values(codes: Tensor, scales: Tensor, dtype: torch.dtype) -> Tensor:
    """(..., N, K) in `dtype`; codes and scales as in `Packed`."""
    if codes.dtype is torch.uint8:
        codes = _unpacked(codes)
    groups = codes.unflatten(-1, (scales.shape[-1], -1)).to(torch.float32)
    out: Tensor = groups.mul_(scales.to(torch.float32)[..., None]).flatten(-2).to(dtype)
    return out


def _unpacked(packed: Tensor) -> Tensor:
    """Two codes out of each byte. On 16-bit words, three times as fast as by picking nibbles out one after another."""
    wide = packed.contiguous().to(torch.int16)
    # 0x00hl -> 0x0hl0 | 0x00hl -> 0x0h0l, in memory low byte first: l, h.
    words = (wide << 4).bitwise_or_(wide).bitwise_and_(0x0F0F)
    return words.view(torch.int8).sub_(8)


def slab_rows(num_rows: int, num_inputs: int) -> int:
    """Rows of a packed matrix that are read at once; depends on nothing but its shape."""
    if num_rows * num_inputs <= SLAB_ELEMENTS:
        return num_rows
    return max(SLAB_ROWS, SLAB_ELEMENTS // num_inputs // SLAB_ROWS * SLAB_ROWS)


def slabs(matrix: Tensor) -> list[Tensor]:
    """One slab of each shape in which a matrix would be multiplied if it were packed."""
    pieces = matrix.split(slab_rows(*matrix.shape))
    return [pieces[0]] if pieces[0].shape == pieces[-1].shape else [pieces[0], pieces[-1]]


def product(
    multiply: Callable[[Tensor, Tensor], Tensor], x_TK: Tensor, weight: Weight, member: int | None = None
) -> Tensor:
    """`x W^T` by any kind of weight.

    Args:
        multiply: The product with a dense matrix.
        x_TK: Rows.
        weight: (N, K), or a stack (E, N, K).
        member: Which of the stack.

    Returns:
        (T, N), in the dtype of `x_TK`.
    """
    if isinstance(weight, Tensor):
        return multiply(x_TK, weight if member is None else weight[member])
    num_rows = weight.shape[-2]
    rows = slab_rows(num_rows, x_TK.shape[1])
    parts = [
        multiply(x_TK, weight.slab(n, min(n + rows, num_rows), member, x_TK.dtype)) for n in range(0, num_rows, rows)
    ]
    return parts[0] if len(parts) == 1 else torch.cat(parts, dim=-1)


def rows(ids_T: Tensor, weight: Weight) -> Tensor:
    """Rows of a matrix by number; (T, K), in its dtype."""
    if isinstance(weight, Tensor):
        return F.embedding(ids_T, weight)
    return weight.rows(ids_T)
