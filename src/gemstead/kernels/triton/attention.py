"""Attention over pages, for NVIDIA GPUs: decoding, drafts and prompts by one kernel with several tilings.

Shape legend: see `kernels/batch.py`; besides, M queries of one tile (rows times the query heads of a key head), L keys
read at once, R entries of a narrower key that stand beside the value (`reference.attention`).

One program has one tile of neighbouring rows of one sequence, one key head, and one share of the keys; all queries of
the tile use a key while it is there. It learns everything but the launch grid from device memory, so that a captured
graph stays right when lengths change. Where keys are shared out, a second kernel adds the shares up in their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import torch
import triton
import triton.language as tl
from torch import Tensor

from gemstead.core.errors import UnsupportedModel
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.triton import early
from gemstead.kernels.triton.early import wait_for_last

MOST_HEAD = 640
MOST_GROUP = 16
TOGETHER = 17  # rows of one sequence that decode: the newest token and its drafts
SPLITS = (1, 2, 4, 8, 16, 32, 64)
PROGRAMS_PER_CORE = 2  # wanted; more shares than that only add partial results
LEAST_SHARE = 64  # keys that a share should have
LOG2_E = tl.constexpr(1.4426950408889634)
PARTIAL_BYTES = 256 * 2**20  # of reproducible attention; longer prompts are attended to in several launches
INTERPRETED_CORES = 4  # what the interpreter stands for; each program takes it milliseconds
FIXED_SPLIT = 2048  # keys; shares of reproducible attention begin at multiples of it


@dataclass(frozen=True, kw_only=True)
class Tiling:
    """How one launch is cut up.

    Args:
        queries: M, at least 16.
        keys: L, at least 16.
        num_warps: Warps of a program.
        num_stages: Blocks of keys under way at once.
    """

    queries: int
    keys: int
    num_warps: int
    num_stages: int


# By the widest query they serve (640: a value of 512 and the part of a key that stands beside it) and the bytes of a
# number in the cache; decoding in order of queries. None spills registers: `docs/design/0010-gpu-attention.md`.
DECODING: dict[tuple[int, int], tuple[Tiling, ...]] = {
    (256, 1): (
        Tiling(queries=16, keys=64, num_warps=8, num_stages=2),
        Tiling(queries=32, keys=64, num_warps=8, num_stages=2),
        Tiling(queries=64, keys=64, num_warps=8, num_stages=2),
    ),
    (512, 1): (
        Tiling(queries=16, keys=32, num_warps=8, num_stages=2),
        Tiling(queries=32, keys=32, num_warps=8, num_stages=2),
        Tiling(queries=64, keys=16, num_warps=8, num_stages=2),
    ),
    (640, 1): (
        Tiling(queries=16, keys=32, num_warps=8, num_stages=2),
        Tiling(queries=32, keys=32, num_warps=8, num_stages=2),
    ),
    (256, 2): (
        Tiling(queries=16, keys=64, num_warps=4, num_stages=2),
        Tiling(queries=32, keys=64, num_warps=4, num_stages=2),
        Tiling(queries=64, keys=64, num_warps=8, num_stages=2),
    ),
    (512, 2): (
        Tiling(queries=16, keys=32, num_warps=4, num_stages=2),
        Tiling(queries=32, keys=32, num_warps=8, num_stages=2),
        Tiling(queries=64, keys=32, num_warps=8, num_stages=2),
    ),
    (640, 2): (
        Tiling(queries=16, keys=32, num_warps=4, num_stages=2),
        Tiling(queries=32, keys=32, num_warps=8, num_stages=2),
        Tiling(queries=64, keys=32, num_warps=8, num_stages=2),
    ),
    (256, 4): (Tiling(queries=16, keys=16, num_warps=4, num_stages=1),),
    (512, 4): (Tiling(queries=16, keys=32, num_warps=8, num_stages=1),),
    (640, 4): (Tiling(queries=16, keys=16, num_warps=8, num_stages=1),),
}
PROMPTS: dict[tuple[int, int], Tiling] = {
    (256, 1): Tiling(queries=128, keys=64, num_warps=8, num_stages=2),
    (512, 1): Tiling(queries=64, keys=16, num_warps=8, num_stages=2),
    (640, 1): Tiling(queries=32, keys=32, num_warps=8, num_stages=2),
    (256, 2): Tiling(queries=128, keys=32, num_warps=8, num_stages=3),
    (512, 2): Tiling(queries=64, keys=32, num_warps=8, num_stages=2),
    (640, 2): Tiling(queries=64, keys=32, num_warps=8, num_stages=2),
    (256, 4): Tiling(queries=16, keys=16, num_warps=4, num_stages=1),
    (512, 4): Tiling(queries=16, keys=32, num_warps=8, num_stages=1),
    (640, 4): Tiling(queries=16, keys=16, num_warps=8, num_stages=1),
}
# Everything in one shape: another would sum in another order.
FIXED: dict[tuple[int, int], Tiling] = {size: DECODING[size][-1] for size in DECODING}


@triton.jit(do_not_specialize=["sequence", "num_blocks", "num_splits", "table_stride"])
def attend_kernel(
    q_ptr,
    k_ptr,
    v_ptr,
    out_ptr,
    top_ptr,
    mass_ptr,
    position_ptr,
    start_ptr,
    first_ptr,
    table_ptr,
    q_row_stride,
    q_head_stride,
    k_slot_stride,
    k_head_stride,
    v_slot_stride,
    v_head_stride,
    table_stride,
    sequence,
    num_blocks,
    num_splits,
    GROUP: tl.constexpr,
    D: tl.constexpr,
    R: tl.constexpr,
    PAGE: tl.constexpr,
    WINDOW: tl.constexpr,
    SPLIT_KEYS: tl.constexpr,
    IS_WHOLE: tl.constexpr,
    M: tl.constexpr,
    L: tl.constexpr,
    D_BLOCK: tl.constexpr,
    R_BLOCK: tl.constexpr,
    STAGES: tl.constexpr,
    EARLY: tl.constexpr,
):
    """One tile of rows, one key head, one share of the keys.

    `WINDOW` 0 sees all. `SPLIT_KEYS` 0 shares the tile's keys out evenly; otherwise shares begin at its multiples.
    With `IS_WHOLE` the one share is the result, (T, H, D); without, `out_ptr` is (T, H, splits, D) float32, not yet
    divided by its mass, (T, H, splits), and relative to its largest score `top`, in powers of two.
    """
    if IS_WHOLE:  # a prompt gains nothing by looking ahead, and would keep what it saw in registers
        wait_for_last(EARLY)
    ROWS: tl.constexpr = M // GROUP
    b = sequence + tl.program_id(0) // num_blocks
    # The last rows see the most keys, so they start first.
    block = num_blocks - 1 - tl.program_id(0) % num_blocks
    g = tl.program_id(1)
    split = tl.program_id(2)
    start = tl.load(start_ptr + b)
    stop = tl.load(start_ptr + b + 1)
    if start + block * ROWS >= stop:
        if not IS_WHOLE:
            wait_for_last(EARLY)
        return
    m_M = tl.arange(0, M)
    row_M = start + block * ROWS + m_M // GROUP
    own_M = (m_M < ROWS * GROUP) & (row_M < stop)
    head_M = g * GROUP + m_M % GROUP
    position_M = tl.load(position_ptr + row_M, mask=own_M, other=-1).to(tl.int32)
    newest = tl.max(position_M)
    first = tl.load(first_ptr + b).to(tl.int32)

    # Blocks of keys lie at multiples of L whatever the tile sees, and so do the shares' borders.
    low = first
    if WINDOW > 0:
        oldest = tl.min(tl.where(own_M, position_M, newest))
        low = tl.maximum(first, oldest - WINDOW + 1)
    low = low // L * L
    high = newest + 1
    if SPLIT_KEYS > 0:
        index = low // SPLIT_KEYS + split
        begin = tl.maximum(low, index * SPLIT_KEYS)
        end = tl.minimum(high, (index + 1) * SPLIT_KEYS)
    else:
        share = tl.cdiv(tl.cdiv(high - low, L), num_splits) * L
        begin = low + split * share
        end = tl.minimum(high, begin + share)

    d_D = tl.arange(0, D_BLOCK)
    r_R = tl.arange(0, R_BLOCK)
    if not IS_WHOLE:
        wait_for_last(EARLY)
    q_row_M = row_M.to(tl.int64) * q_row_stride + head_M * q_head_stride
    q_MD = tl.load(q_ptr + q_row_M[:, None] + d_D[None, :], mask=own_M[:, None] & (d_D < D)[None, :], other=0.0)
    if R > 0:
        q_MR = tl.load(q_ptr + q_row_M[:, None] + D + r_R[None, :], mask=own_M[:, None] & (r_R < R)[None, :], other=0.0)
    top_M = tl.full((M,), float("-inf"), tl.float32)
    mass_M = tl.zeros((M,), tl.float32)
    sum_MD = tl.zeros((M, D_BLOCK), tl.float32)
    l_L = tl.arange(0, L)
    table = table_ptr + b.to(tl.int64) * table_stride
    # Where a block of keys lies in one page, the next one's number is fetched while this one's keys are.
    IN_ONE_PAGE: tl.constexpr = PAGE % L == 0
    if IN_ONE_PAGE:
        page = tl.load(table + (begin - first) // PAGE, mask=begin < end, other=0).to(tl.int64)
    for key in tl.range(begin, end, L, num_stages=STAGES):
        position_L = key + l_L
        there_L = (position_L >= first) & (position_L < high)
        if IN_ONE_PAGE:
            slot_L = page * PAGE + (key - first) % PAGE + l_L
            page = tl.load(table + (key + L - first) // PAGE, mask=key + L < end, other=0).to(tl.int64)
        else:
            page_L = tl.load(table + (position_L - first) // PAGE, mask=there_L, other=0).to(tl.int64)
            slot_L = page_L * PAGE + (position_L - first) % PAGE
        v_ptr_LD = v_ptr + (slot_L * v_slot_stride + g * v_head_stride)[:, None] + d_D[None, :]
        there_LD = there_L[:, None] & (d_D < D)[None, :]
        k_ptr_L = k_ptr + slot_L * k_slot_stride + g * k_head_stride
        if R > 0:
            v_LD = tl.load(v_ptr_LD, mask=there_LD, other=0.0).to(q_MD.dtype)
            k_LR = tl.load(k_ptr_L[:, None] + r_R[None, :], mask=there_L[:, None] & (r_R < R)[None, :], other=0.0).to(
                q_MD.dtype
            )
            score_ML = tl.dot(q_MD, tl.trans(v_LD), input_precision="ieee")
            score_ML = tl.dot(q_MR, tl.trans(k_LR), score_ML, input_precision="ieee")
        else:
            k_LD = tl.load(k_ptr_L[:, None] + d_D[None, :], mask=there_LD, other=0.0).to(q_MD.dtype)
            score_ML = tl.dot(q_MD, tl.trans(k_LD), input_precision="ieee")
            v_LD = tl.load(v_ptr_LD, mask=there_LD, other=0.0).to(q_MD.dtype)
        behind_ML = position_M[:, None] - position_L[None, :]
        seen_ML = (behind_ML >= 0) & there_L[None, :]
        if WINDOW > 0:
            seen_ML &= behind_ML < WINDOW
        score_ML = tl.where(seen_ML, score_ML * LOG2_E, float("-inf"))
        new_top_M = tl.maximum(top_M, tl.max(score_ML, 1))
        # A query that has seen nothing yet keeps its zeros: without this, -inf - -inf would make NaN of them.
        base_M = tl.where(new_top_M == float("-inf"), 0.0, new_top_M)
        weight_ML = tl.exp2(score_ML - base_M[:, None])
        fade_M = tl.exp2(top_M - base_M)
        mass_M = mass_M * fade_M + tl.sum(weight_ML, 1)
        sum_MD = sum_MD * fade_M[:, None]
        sum_MD = tl.dot(weight_ML.to(q_MD.dtype), v_LD, sum_MD, input_precision="ieee")
        top_M = new_top_M

    out_M = row_M.to(tl.int64) * (tl.num_programs(1) * GROUP) + head_M
    own_MD = own_M[:, None] & (d_D < D)[None, :]
    if IS_WHOLE:
        out_MD = sum_MD / tl.where(own_M, mass_M, 1.0)[:, None]
        tl.store(out_ptr + (out_M * D)[:, None] + d_D[None, :], out_MD.to(out_ptr.dtype.element_ty), mask=own_MD)
    else:
        out_M = out_M * num_splits + split
        tl.store(top_ptr + out_M, top_M, mask=own_M)
        # The second kernel reads no sums whose top is -inf.
        if begin < end:
            tl.store(mass_ptr + out_M, mass_M, mask=own_M)
            tl.store(out_ptr + (out_M * D)[:, None] + d_D[None, :], sum_MD, mask=own_MD)


@triton.jit
def combine_kernel(
    sum_ptr,
    top_ptr,
    mass_ptr,
    out_ptr,
    D: tl.constexpr,
    SPLITS_: tl.constexpr,
    AT_ONCE: tl.constexpr,
    D_BLOCK: tl.constexpr,
    EARLY: tl.constexpr,
):
    """Add one query's shares up, from the first to the last.

    Empty ones add an exact zero, so how many there are changes nothing.
    """
    wait_for_last(EARLY)
    query = tl.program_id(0).to(tl.int64)
    d_D = tl.program_id(1) * D_BLOCK + tl.arange(0, D_BLOCK)
    top = tl.max(tl.load(top_ptr + query * SPLITS_ + tl.arange(0, SPLITS_)), 0)
    mass_D = tl.zeros((D_BLOCK,), tl.float32)
    sum_D = tl.zeros((D_BLOCK,), tl.float32)
    for begin in range(0, SPLITS_, AT_ONCE):
        for offset in tl.static_range(AT_ONCE):
            place = query * SPLITS_ + begin + offset
            fade_D = tl.zeros((D_BLOCK,), tl.float32) + tl.exp2(tl.load(top_ptr + place) - top)
            # What an empty share holds was never written; it is loaded all the same, so that no load waits for another.
            its_mass_D = tl.zeros((D_BLOCK,), tl.float32) + tl.load(mass_ptr + place)
            its_sum_D = tl.load(sum_ptr + place * D + d_D, mask=d_D < D, other=0.0)
            mass_D += tl.where(fade_D > 0, fade_D * its_mass_D, 0.0)
            sum_D += tl.where(fade_D > 0, fade_D * its_sum_D, 0.0)
    tl.store(out_ptr + query * D + d_D, (sum_D / mass_D).to(out_ptr.dtype.element_ty), mask=d_D < D)


def attention(
    q_THD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """`reference.attention`: sequences with few rows share their keys out; prompts go tile by tile.

    The grid depends on how many sequences and rows there are, not on how long they are.
    """
    launch = _Launch(q_THD, k_NSGD, v_NSGD, rows, pool, window)
    tilings = DECODING[launch.size]
    few = rows.num_leading(TOGETHER)
    if few:
        most = rows.most_rows(0, few)
        tiling = next((t for t in tilings if t.queries >= most * launch.group), tilings[-1])
        num_programs = few * launch.num_blocks(most, tiling) * launch.num_kv_heads
        launch.run(tiling, 0, few, num_splits=_even_splits(num_programs, launch.most_keys, q_THD.device))
    if few < len(rows.ends):
        launch.run(PROMPTS[launch.size], few, len(rows.ends), num_splits=1)
    return launch.out_THD


def attention_reproducible(
    q_THD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """`attention` where a row's bits do not depend on its neighbours: one tiling, shares at fixed absolute positions.

    A row has the same bits in a prompt's tile, as a draft and as a newest token.
    """
    launch = _Launch(q_THD, k_NSGD, v_NSGD, rows, pool, window)
    tiling = FIXED[launch.size]
    # A captured graph does not know where its sequences end; a window may lie across a border of shares then.
    reach = launch.room if window is None else window + tiling.queries + FIXED_SPLIT
    seen = min(max(rows.ends), reach) if max(rows.ends) else reach
    num_splits = triton.next_power_of_2(-(-seen // FIXED_SPLIT))
    rows_at_once = max(1, PARTIAL_BYTES // (4 * num_splits * launch.out_THD[0].numel()))
    if num_splits == 1 or q_THD.shape[0] <= rows_at_once:
        launch.run(tiling, 0, len(rows.ends), num_splits=num_splits, split_keys=FIXED_SPLIT)
        return launch.out_THD
    for b, end in enumerate(rows.ends):
        for start in range(rows.starts[b], rows.starts[b + 1], rows_at_once):
            own = slice(start, min(start + rows_at_once, rows.starts[b + 1]))
            part = QueryRows(position_T=rows.position_T[own], starts=(0, own.stop - own.start), ends=(end,))
            launch.out_THD[own] = attention_reproducible(q_THD[own], k_NSGD, v_NSGD, part, pool.only(b, b + 1), window)
    return launch.out_THD


class _Launch:
    """What the launches of one call have in common."""

    def __init__(
        self, q_THD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
    ) -> None:
        self._q, self._k, self._v, self._rows, self._pool, self._window = q_THD, k_NSGD, v_NSGD, rows, pool, window
        self.num_kv_heads, self._head_size = v_NSGD.shape[2:]
        self.group = q_THD.shape[1] // self.num_kv_heads
        if q_THD.shape[2] > MOST_HEAD or self.group > MOST_GROUP:
            raise UnsupportedModel(
                f"attention has {self.group} queries of {q_THD.shape[2]} to a key head; on GPUs there are at most "
                f"{MOST_GROUP} of {MOST_HEAD}",
                hint="run it with `--device cpu`",
            )
        # float32 queries are multiplied as float32, whatever the cache holds.
        number_bytes = q_THD.itemsize if q_THD.dtype == torch.float32 else k_NSGD.itemsize
        self.size = (next(width for width in (256, 512, 640) if q_THD.shape[2] <= width), number_bytes)
        self.out_THD = q_THD.new_empty(*q_THD.shape[:2], self._head_size)

    @property
    def room(self) -> int:
        """Keys that the page tables have place for: a captured graph knows no more of how long its sequences are."""
        return self._pool.page_table_BP.shape[1] * self._k.shape[1]

    @property
    def most_keys(self) -> int:
        """That one row may come to see."""
        return self.room if self._window is None else min(self._window, self.room)

    def num_blocks(self, num_rows: int, tiling: Tiling) -> int:
        """Tiles of a sequence with so many rows."""
        return -(-num_rows // (tiling.queries // self.group))

    def run(self, tiling: Tiling, first: int, stop: int, *, num_splits: int, split_keys: int = 0) -> None:
        """Attend for the rows of sequences first <= b < stop."""
        rows, pool, q, k, v = self._rows, self._pool, self._q, self._k, self._v
        num_blocks = self.num_blocks(rows.most_rows(first, stop), tiling)
        if not num_blocks:
            return
        is_whole = num_splits == 1
        begin, end = rows.starts[first], rows.starts[stop]
        out = self.out_THD
        top = mass = out
        if not is_whole:
            shape = (end, q.shape[1], num_splits)
            out = torch.empty(*shape, self._head_size, dtype=torch.float32, device=q.device)
            top, mass = (torch.empty(shape, dtype=torch.float32, device=q.device) for _ in range(2))
        attend_kernel[((stop - first) * num_blocks, self.num_kv_heads, num_splits)](
            q, k, v, out, top, mass,
            rows.position_T, rows.start_B, pool.first_B, pool.page_table_BP,
            q.stride(0), q.stride(1), k.stride(1), k.stride(2), v.stride(1), v.stride(2), pool.page_table_BP.stride(0),
            first, num_blocks, num_splits,
            GROUP=self.group, D=self._head_size, R=q.shape[2] - self._head_size, PAGE=k.shape[1],
            WINDOW=self._window or 0, SPLIT_KEYS=split_keys, IS_WHOLE=is_whole, M=tiling.queries, L=tiling.keys,
            D_BLOCK=_block(self._head_size), R_BLOCK=_block(q.shape[2] - self._head_size), STAGES=tiling.num_stages,
            num_warps=tiling.num_warps, **early.options(q.device),
        )  # fmt: skip
        if not is_whole:
            columns = min(128, _block(self._head_size))
            combine_kernel[((end - begin) * q.shape[1], triton.cdiv(self._head_size, columns))](
                out, top, mass, self.out_THD, D=self._head_size, SPLITS_=num_splits, AT_ONCE=min(16, num_splits),
                D_BLOCK=columns, num_warps=1, **early.options(q.device),
            )  # fmt: skip


def _block(size: int) -> int:
    return max(16, int(triton.next_power_of_2(size)))


def _even_splits(num_programs: int, most_keys: int, device: torch.device) -> int:
    wanted = -(-PROGRAMS_PER_CORE * _num_cores(device) // num_programs)
    return max(splits for splits in SPLITS if splits <= max(1, min(wanted, -(-most_keys // LEAST_SHARE))))


@cache
def _num_cores(device: torch.device) -> int:
    return (
        torch.cuda.get_device_properties(device).multi_processor_count if device.type == "cuda" else INTERPRETED_CORES
    )
