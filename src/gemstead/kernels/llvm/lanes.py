"""Matrices in the layout of this package's products, and the products by it, for torch's tensors.

Legend beyond `kernels/packed.py`'s: W lanes, U = N / W blocks, J scales a row, Q = K / 8 (int4) or K / 4 (int8) words.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

from gemstead.kernels import packed
from gemstead.kernels.llvm.machine import Vectors
from gemstead.kernels.packed import Packed, Weight

CHUNK = 32  # inputs that belong together; `products.CHUNK`
MOST_ROWS = 8  # of x, that meet a matrix while it is read once
SHARED_WEIGHTS = 1 << 18  # so many weights are worth waking other threads
DTYPES = (torch.bfloat16, torch.float32)  # of rows
SCALES = {torch.bfloat16: "bfloat16", torch.float16: "float16", torch.float32: "float32"}


class Job(NamedTuple):
    """Where matrices lie, for products by them.

    Args:
        words: See `products`.
        address: Of the words.
        num_outputs: Of all matrices.
        weights: So many are read.
        kept: What lies there.
    """

    words: Any
    address: int
    num_outputs: int
    weights: int
    kept: tuple[Tensor, ...]


class Plan(NamedTuple):
    """A product that is ready to be called.

    Args:
        function: See `products.product`.
        job: What it reads.
        address: Of the job.
        num_outputs: Of a row.
        scratch_bytes: It needs.
        is_shared: Whether it is worth other threads.
        sizes: Numbers that each matrix's products take, if there are several.
        others: Matrices beside the first.
    """

    function: Callable[..., None]
    job: Job
    address: int
    num_outputs: int
    scratch_bytes: int
    is_shared: bool
    sizes: tuple[int, ...]
    others: tuple[Weight, ...]


class Laned(Packed):
    """A matrix, or a stack of them, in blocks of W rows: a row is a lane of a vector.

    A word of 32 bits holds four inputs of a row in int8, as code + 128, or eight in int4, as code + 8: inputs 8 q + b
    low in byte b and 8 q + 4 + b high. Scales are as exact as they came.

    Args:
        codes: uint8 (..., U, Q, W, 4).
        scales: bfloat16, float16 or float32 (..., U, J, W).
        dtype: Of the values.
        bits: 4 or 8.
        vectors: What the layout is for.
    """

    def __init__(self, codes: Tensor, scales: Tensor, dtype: torch.dtype, bits: int, vectors: Vectors) -> None:
        super().__init__(codes, scales, dtype)
        self._bits = bits
        self.vectors = vectors
        self.plans: dict[Any, Plan | None] = {}
        self._slabs: dict[torch.dtype, Callable[..., None]] = {}

    @property
    def bits(self) -> int:
        """Bits of a code."""
        return self._bits

    @property
    def shape(self) -> torch.Size:
        """Of the matrix it stands for."""
        *leading, num_blocks, num_words, lanes, _ = self.codes.shape
        return torch.Size((*leading, num_blocks * lanes, num_words * 32 // self._bits))

    @property
    def per_scale(self) -> int:
        """Chunks a scale."""
        return self.shape[-1] // CHUNK // self.scales.shape[-2]

    def dense(self) -> Tensor:
        """The matrix it stands for."""
        every = torch.arange(self.shape[-2])
        if self.codes.dim() == 4:
            return self.rows(every)
        return torch.stack([_values(*pair, every, self) for pair in zip(self.codes, self.scales, strict=True)])

    def slab(self, start: int, stop: int, member: int | None, dtype: torch.dtype) -> Tensor:
        """See `Packed.slab`; (rows, K), inputs outermost in memory."""
        codes, scales = (self.codes, self.scales) if member is None else (self.codes[member], self.scales[member])
        lanes = self.vectors.lanes
        codes, scales = codes[start // lanes : stop // lanes], scales[start // lanes : stop // lanes]
        num_inputs, is_wide = self.shape[-1], dtype is torch.float32
        out_KN = torch.empty(num_inputs, stop - start, dtype=torch.float32 if is_wide else torch.bfloat16)
        shared = torch.empty(8, dtype=torch.int64)
        pointers = (codes.data_ptr(), scales.data_ptr(), out_KN.data_ptr(), shared.data_ptr())
        sizes = (num_inputs // CHUNK, self.per_scale, len(codes))
        if out_KN.dtype not in self._slabs:
            from gemstead.kernels.llvm import products

            kind = products.Kind(self.bits, SCALES[self.scales.dtype], False, 1, "", is_wide)
            self._slabs[out_KN.dtype] = products.unpack(self.vectors, kind)
        self._slabs[out_KN.dtype](*pointers, *sizes, torch.get_num_threads())
        return out_KN.to(dtype).t()

    def rows(self, ids_T: Tensor) -> Tensor:
        """See `Packed.rows`."""
        return _values(self.codes, self.scales, ids_T, self)

    def plan(
        self,
        num_rows: int,
        dtype: torch.dtype,
        *,
        member: int | None = None,
        after: str = "",
        others: tuple[Weight, ...] = (),
    ) -> Plan | None:
        """The product of so many rows; compiled when it is first asked for, by anybody.

        Args:
            num_rows: At least 1.
            dtype: Of the rows.
            member: Of a stack.
            after: See `products.Kind`.
            others: More matrices, up to two.

        Returns:
            `None` if one product cannot take these.
        """
        key = (num_rows, dtype, member, after, *map(id, others))
        if key not in self.plans:
            self.plans[key] = self._make_plan(num_rows, dtype, member, after, others)
        return self.plans[key]

    def is_like(self, other: Weight) -> bool:
        """Whether one product can take both."""
        return (
            isinstance(other, Laned)
            and (other.bits, other.scales.dtype, other.vectors) == (self.bits, self.scales.dtype, self.vectors)
            and (other.shape[-1], other.scales.shape[-2]) == (self.shape[-1], self.scales.shape[-2])
        )

    def _make_plan(
        self, num_rows: int, dtype: torch.dtype, member: int | None, after: str, others: tuple[Weight, ...]
    ) -> Plan | None:
        from gemstead.kernels.llvm import products

        alike = [other for other in others if isinstance(other, Laned) and self.is_like(other)]
        if len(alike) < len(others) or dtype not in DTYPES:
            return None
        is_gated = after == "gated"
        job = _job((self, *alike), member, is_gated)
        kind = products.Kind(
            bits=self.bits,
            scale=SCALES[self.scales.dtype],
            is_single=self.per_scale == 1,
            rows=num_rows,
            after=after,
            is_wide=dtype is torch.float32,
        )
        return Plan(
            function=products.product(self.vectors, kind),
            job=job,
            address=job.address,
            num_outputs=job.num_outputs // 2 if is_gated else job.num_outputs,
            scratch_bytes=products.scratch_bytes(num_rows, self.shape[-1]),
            is_shared=job.weights >= SHARED_WEIGHTS,
            sizes=() if is_gated or not others else tuple(num_rows * w.shape[-2] for w in (self, *alike)),
            others=others,
        )

    def __getstate__(self) -> dict[str, Any]:
        """For copies: addresses are those of the original."""
        return {**self.__dict__, "plans": {}, "_slabs": {}}

    def _apply(self, *args: Any, **options: Any) -> Laned:
        self.plans.clear()  # buffers move
        moved: Laned = super()._apply(*args, **options)  # type: ignore[no-untyped-call]
        return moved


def _values(codes: Tensor, scales: Tensor, ids_T: Tensor, like: Laned) -> Tensor:
    """Rows by number, (T, K)."""
    lanes = like.vectors.lanes
    block_T, lane_T = ids_T // lanes, ids_T % lanes
    words_TQ4 = codes[block_T, :, lane_T]
    if like.bits == 4:
        codes_TK = (torch.cat((words_TQ4 & 15, words_TQ4 >> 4), dim=-1).view(torch.int8) - 8).flatten(1)
    else:
        codes_TK = (words_TQ4 ^ 128).view(torch.int8).flatten(1)
    return packed.values(codes_TK, scales[block_T, :, lane_T], like.dtype)


def _job(weights: tuple[Laned, ...], member: int | None, is_gated: bool) -> Job:
    from gemstead.kernels.llvm import products

    lanes, num_inputs = weights[0].vectors.lanes, weights[0].shape[-1]
    chunks, per_scale = num_inputs // CHUNK, weights[0].per_scale
    matrices: list[int] = []
    kept: list[Tensor] = []
    blocks = num_outputs = 0
    for weight in weights:
        num_rows = weight.shape[-2]
        own = (weight.codes, weight.scales)
        codes, scales = own if member is None else (tensor[member] for tensor in own)
        matrices += [codes.data_ptr(), scales.data_ptr(), blocks, num_rows, num_outputs]
        kept += [codes, scales]
        blocks, num_outputs = blocks + num_rows // lanes, num_outputs + num_rows
    for _ in range(products.MOST_MATRICES - len(weights)):
        matrices += [0, 0, 1 << 62, 0, 0]  # begins behind every block
    total = blocks // 2 if is_gated else blocks
    numbers = [chunks, per_scale, chunks // per_scale, total, *matrices]
    words = (ctypes.c_int64 * len(numbers))(*numbers)
    return Job(words, ctypes.addressof(words), num_outputs, num_outputs * num_inputs, tuple(kept))


class _Scratch(threading.local):
    """Room for a step's rows, one for each of Python's threads."""

    def __init__(self) -> None:
        self.size = 0
        self.address = 0
        self.room: Tensor | None = None

    def at_least(self, num_bytes: int) -> int:
        """Its address."""
        if num_bytes > self.size:
            self.room = torch.empty(num_bytes, dtype=torch.uint8)
            self.size, self.address = num_bytes, self.room.data_ptr()
        return self.address


_scratch = _Scratch()


def scratch_of(num_bytes: int) -> int:
    """Address of so much room, until the next call asks for it."""
    return _scratch.at_least(num_bytes)


def product(x_TK: Tensor, weight: Laned, member: int | None = None) -> Tensor:
    """`x W^T`, (T, N), in the dtype of `x_TK`; `MOST_ROWS` rows at a time."""
    num_rows = x_TK.shape[0]
    if num_rows > MOST_ROWS:
        return torch.cat([product(rows, weight, member) for rows in x_TK.split(MOST_ROWS)])
    x_TK = x_TK.contiguous()
    if not num_rows:
        return x_TK.new_empty(0, weight.shape[-2])
    plan = weight.plan(num_rows, x_TK.dtype, member=member)
    assert plan is not None
    out_TN = torch.empty((num_rows, plan.num_outputs), dtype=x_TK.dtype)
    plan.function(
        plan.address, x_TK.data_ptr(), None, None, None, None, None, out_TN.data_ptr(), None,
        scratch_of(plan.scratch_bytes), torch.get_num_threads() if plan.is_shared else 1, 0.0,
    )  # fmt: skip
    return out_TN


def lay_out(weight: Packed, vectors: Vectors, room: Callable[[tuple[int, ...]], Tensor]) -> Laned | None:
    """A matrix in lanes; `None` if its rows are no whole blocks or its scales no whole chunks apart.

    Args:
        weight: int8, or int4 with two neighbours a byte.
        vectors: What for.
        room: Makes uint8 tensors.
    """
    lanes = vectors.lanes
    num_rows, num_inputs = weight.shape[-2:]
    num_scales = weight.scales.shape[-1]
    if num_rows % lanes or num_inputs % CHUNK or num_inputs // CHUNK % num_scales or not num_rows:
        return None
    scales = weight.scales
    if scales.dtype is torch.float32:  # as a GGUF's are read, which are float16
        scales = next((s for s in (scales.bfloat16(), scales.half()) if torch.equal(s.float(), scales)), scales)
    num_bytes = weight.codes.shape[-1]
    codes = room((*weight.codes.shape[:-2], num_rows // lanes, num_bytes // 4, lanes, 4))
    # A few blocks after another, since the way there takes several times the memory.
    chunk = max(1, packed.SLAB_ELEMENTS // (lanes * num_bytes))
    places = codes.view(-1, num_bytes // 4, lanes, 4).split(chunk)
    blocks = weight.codes.unflatten(-2, (-1, lanes)).flatten(0, -3).split(chunk)
    for place, some_UWB in zip(places, blocks, strict=True):
        if weight.bits == 8:
            words_UWB = some_UWB.contiguous().view(torch.uint8) ^ 128
        else:
            first, second = some_UWB.unflatten(-1, (-1, 4)).split(2, dim=-1)
            even = (first & 15) | (second << 4)
            odd = (first >> 4) | (second & 240)
            words_UWB = torch.stack((even, odd), dim=-1).flatten(-3)
        place.copy_(words_UWB.unflatten(-1, (-1, 4)).transpose(1, 2))
    laned_scales = scales.unflatten(-2, (-1, lanes)).transpose(-2, -1).contiguous()
    return Laned(codes, laned_scales, weight.dtype, weight.bits, vectors)
