"""Attention over pages, for NVIDIA GPUs: decoding, drafts and prompts by one kernel with several tilings.

Shape legend: see `kernels/batch.py`; besides, M queries of one tile (rows times the query heads of a key head), L keys
read at once, R entries of a narrower key that stand beside the value (`reference.attention`).

One program has one tile of neighbouring rows of one sequence, one key head, and one share of the keys; all queries of
the tile use a key while it is there. It learns everything but the launch grid from device memory, so that a captured
graph stays right when lengths change. Where keys are shared out, a second kernel adds the shares up in their order.

Programs find their tile in one of two ways: each sequence has as many of them, as suits decoding; or (`IS_RAGGED`) they
count through the sequences' rows, as suits prompts of unlike lengths. A captured step that decodes and reads prompts
takes both: its leading sequences with one row each go the first way, all others the second.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import triton
import triton.language as tl
from torch import Tensor

from gemstead.core.errors import UnsupportedModel
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.triton import card, early
from gemstead.kernels.triton.early import wait_for_last

MOST_HEAD = 640
MOST_GROUP = 16
TOGETHER = 17  # rows of one sequence that decode: the newest token and its drafts
SPLITS = (1, 2, 4, 8, 16, 32, 64)
SHARES = (1, *sorted(n << doubled for n in (2, 3) for doubled in range(20)))  # a kernel is compiled for each number
PROGRAMS_PER_CORE = 2  # wanted; more shares than that only add partial results
LEAST_SHARE = 64  # keys that a share should have
LOG2_E = tl.constexpr(1.4426950408889634)
PARTIAL_BYTES = 256 * 2**20  # of reproducible attention; longer prompts are attended to in several launches
WITH_INTERIOR = (256, 2)  # what has registers for two loops
# Shares of reproducible attention: they begin at multiples of NEAR up to FAR, and of FAR from there on, so that short
# contexts keep a card at work and long ones have few shares. Windows begin anywhere; theirs are the fourth part of one.
NEAR, FAR, NEAR_OF_WINDOW = 256, 1024, 128
LEADING = tl.constexpr(1)
FOLLOWING = tl.constexpr(2)
SOUGHT_AT_ONCE = tl.constexpr(64)  # sequences


@dataclass(frozen=True, kw_only=True)
class Tiling:
    """How one launch is cut up.

    Args:
        queries: M, at least 16.
        keys: L, at least 16.
        num_warps: Warps of a program.
        num_stages: Blocks of keys under way at once.
        least_kib: Shared memory that a program must be able to have on a card that takes this tiling.
    """

    queries: int
    keys: int
    num_warps: int = 8
    num_stages: int = 2
    least_kib: int = 0


HOPPER_KIB, AMPERE_KIB = 227, 163  # of data centres; smaller cards have 99
Tilings = dict[tuple[int, int], tuple[Tiling, ...]]

# By the widest query they serve (640: a value of 512 and the part of a key that stands beside it) and the bytes of a
# number in the cache. Of those for as many queries the first that the card has room for is taken; decoding takes the
# fewest queries that do. On Hopper one spills registers, 128 bytes of them, and pays all the same:
# `docs/design/0010-gpu-attention.md`.
DECODING: Tilings = {
    (256, 1): tuple(Tiling(queries=m, keys=64) for m in (16, 32, 64)),
    (512, 1): (*(Tiling(queries=m, keys=32) for m in (16, 32)), Tiling(queries=64, keys=16)),
    (640, 1): tuple(Tiling(queries=m, keys=32) for m in (16, 32)),
    (256, 2): (
        Tiling(queries=16, keys=64, num_warps=4),
        Tiling(queries=32, keys=64, num_warps=4),
        Tiling(queries=64, keys=64, least_kib=AMPERE_KIB),
        Tiling(queries=64, keys=32),
    ),
    (512, 2): (
        Tiling(queries=16, keys=32, num_warps=4),
        Tiling(queries=32, keys=32),
        Tiling(queries=64, keys=32, least_kib=AMPERE_KIB),
        Tiling(queries=64, keys=16),
    ),
    (640, 2): (
        Tiling(queries=16, keys=32, num_warps=4),
        Tiling(queries=32, keys=32),
        Tiling(queries=64, keys=32, least_kib=AMPERE_KIB),
    ),
    (256, 4): (Tiling(queries=16, keys=16, num_warps=4, num_stages=1),),
    (512, 4): (Tiling(queries=16, keys=32, num_stages=1),),
    (640, 4): (Tiling(queries=16, keys=16, num_stages=1),),
}
PROMPTS: Tilings = {
    (256, 1): (Tiling(queries=128, keys=64, least_kib=HOPPER_KIB), Tiling(queries=64, keys=64)),
    (512, 1): (Tiling(queries=64, keys=16),),
    (640, 1): (Tiling(queries=32, keys=32),),
    (256, 2): (
        Tiling(queries=128, keys=32, num_stages=3, least_kib=HOPPER_KIB),
        Tiling(queries=64, keys=64, least_kib=AMPERE_KIB),
        Tiling(queries=64, keys=32),
    ),
    (512, 2): (Tiling(queries=64, keys=32, least_kib=HOPPER_KIB), Tiling(queries=64, keys=16)),
    (640, 2): (
        Tiling(queries=64, keys=64, least_kib=HOPPER_KIB),
        Tiling(queries=64, keys=32, least_kib=AMPERE_KIB),
        Tiling(queries=32, keys=32),
    ),
    (256, 4): (Tiling(queries=16, keys=16, num_warps=4, num_stages=1),),
    (512, 4): (Tiling(queries=16, keys=32, num_stages=1),),
    (640, 4): (Tiling(queries=16, keys=16, num_stages=1),),
}

# Everything of reproducible attention goes by one tiling, since another one would sum in another order. Decoding wants
# several programs on a processor.
IN_ONE_ORDER: Tilings = DECODING | {
    (256, 2): (
        Tiling(queries=64, keys=32, num_warps=4, least_kib=HOPPER_KIB),
        Tiling(queries=64, keys=64, least_kib=AMPERE_KIB),
        Tiling(queries=64, keys=32),
    )
}


def fitting(tilings: tuple[Tiling, ...], room_kib: int) -> tuple[Tiling, ...]:
    """One for each number of queries, ascending: the first that a card with so much shared memory takes."""
    taken: dict[int, Tiling] = {}
    for tiling in tilings:
        if tiling.least_kib <= room_kib:
            taken.setdefault(tiling.queries, tiling)
    return tuple(taken[queries] for queries in sorted(taken))


@triton.jit
def jumped(key, left_end, jump, JUMPS: tl.constexpr):
    """See `attend_to_blocks`."""
    return key + tl.where(key >= left_end, jump, 0) if JUMPS else key


@triton.jit
def still_columns(j, D: tl.constexpr, R: tl.constexpr):
    """Of the numbers of a head those that no position turns, in order: all but the first R / 2 of either half."""
    return in_eights(tl.where(j < D // 2 - R // 2, j + R // 2, j + R), D, R)


@triton.jit
def turning_columns(j, D: tl.constexpr, R: tl.constexpr):
    """The others."""
    return in_eights(tl.where(j < R // 2, j, j + D // 2 - R // 2), D, R)


@triton.jit
def in_eights(column, D: tl.constexpr, R: tl.constexpr):
    """Tell the compiler that eight neighbours at a time stand side by side, if they do."""
    return tl.max_contiguous(tl.multiple_of(column, 8), 8) if D % 16 == 0 and R % 16 == 0 else column


@triton.jit
def attend_to_blocks(
    top_M, mass_M, sum_MA, sum_MB, sum_MR, q_MA, q_MB, q_MR, k_ptr, v_ptr, table, k_slot_stride, v_slot_stride,
    position_M, first, high, begin, end, left_end, jump,
    D: tl.constexpr, R: tl.constexpr, PAGE: tl.constexpr, WINDOW: tl.constexpr, L: tl.constexpr,
    A_BLOCK: tl.constexpr, B_BLOCK: tl.constexpr, R_BLOCK: tl.constexpr, STAGES: tl.constexpr, IS_EDGE: tl.constexpr,
    JUMPS: tl.constexpr,
):  # fmt: skip
    """Blocks of L keys, `begin` <= key < `end`; from `left_end` on, those `jump` keys further on instead.

    Only where `IS_EDGE` is it looked whether a key is there and who sees it. With R > 0 a key's still numbers are the
    value's, in two parts, of A and B numbers, because tiles are powers of two; without, A is all there is.
    """
    l_L = tl.arange(0, L)
    a_A = tl.arange(0, A_BLOCK)
    r_R = tl.arange(0, R_BLOCK)
    column_A, is_A = a_A, a_A < D - R
    if R > 0:
        b_B = A_BLOCK + tl.arange(0, B_BLOCK)
        column_A, column_B, column_R = still_columns(a_A, D, R), still_columns(b_B, D, R), turning_columns(r_R, D, R)
    # Where a block of keys lies in one page, the next one's number is fetched while this one's keys are.
    IN_ONE_PAGE: tl.constexpr = PAGE % L == 0
    if IN_ONE_PAGE:
        key = jumped(begin, left_end, jump, JUMPS)
        page = tl.load(table + (key - first) // PAGE, mask=begin < end, other=0).to(tl.int64)
    for place in tl.range(begin, end, L, num_stages=STAGES):
        key = jumped(place, left_end, jump, JUMPS)
        position_L = key + l_L
        there_L = (position_L >= first) & (position_L < high)
        if IN_ONE_PAGE:
            slot_L = page * PAGE + (key - first) % PAGE + l_L
            next_key = jumped(place + L, left_end, jump, JUMPS)
            page = tl.load(table + (next_key - first) // PAGE, mask=place + L < end, other=0).to(tl.int64)
        elif IS_EDGE:
            page_L = tl.load(table + (position_L - first) // PAGE, mask=there_L, other=0).to(tl.int64)
            slot_L = page_L * PAGE + (position_L - first) % PAGE
        else:
            page_L = tl.load(table + (position_L - first) // PAGE).to(tl.int64)
            slot_L = page_L * PAGE + (position_L - first) % PAGE
        v_ptr_L1 = v_ptr + (slot_L * v_slot_stride)[:, None]
        k_ptr_L1 = k_ptr + (slot_L * k_slot_stride)[:, None]
        there_LA = is_A[None, :]
        if IS_EDGE:
            there_LA = there_L[:, None] & is_A[None, :]
        if R > 0:
            there_LB = there_L[:, None] & (b_B < D - R)[None, :]
            there_LR = there_L[:, None] & (r_R < R)[None, :]
            v_LA = tl.load(v_ptr_L1 + column_A[None, :], mask=there_LA, other=0.0).to(q_MA.dtype)
            score_ML = tl.dot(q_MA, tl.trans(v_LA), input_precision="ieee")
            if A_BLOCK < D - R:
                v_LB = tl.load(v_ptr_L1 + column_B[None, :], mask=there_LB, other=0.0).to(q_MA.dtype)
                score_ML = tl.dot(q_MB, tl.trans(v_LB), score_ML, input_precision="ieee")
            k_LR = tl.load(k_ptr_L1 + r_R[None, :], mask=there_LR, other=0.0).to(q_MA.dtype)
            score_ML = tl.dot(q_MR, tl.trans(k_LR), score_ML, input_precision="ieee")
            v_LR = tl.load(v_ptr_L1 + column_R[None, :], mask=there_LR, other=0.0).to(q_MA.dtype)
        else:
            k_LA = tl.load(k_ptr_L1 + a_A[None, :], mask=there_LA, other=0.0).to(q_MA.dtype)
            score_ML = tl.dot(q_MA, tl.trans(k_LA), input_precision="ieee")
            v_LA = tl.load(v_ptr_L1 + a_A[None, :], mask=there_LA, other=0.0).to(q_MA.dtype)
        if IS_EDGE:
            behind_ML = position_M[:, None] - position_L[None, :]
            seen_ML = (behind_ML >= 0) & there_L[None, :]
            if WINDOW > 0:
                seen_ML &= behind_ML < WINDOW
            score_ML = tl.where(seen_ML, score_ML, float("-inf"))
        new_top_M = tl.maximum(top_M, tl.max(score_ML, 1) * LOG2_E)
        # A query that has seen nothing yet keeps its zeros: without this, -inf - -inf would make NaN of them.
        base_M = tl.where(new_top_M == float("-inf"), 0.0, new_top_M)
        weight_ML = tl.exp2(score_ML * LOG2_E - base_M[:, None])
        fade_M = tl.exp2(top_M - base_M)
        mass_M = mass_M * fade_M + tl.sum(weight_ML, 1)
        weight_ML = weight_ML.to(q_MA.dtype)
        sum_MA = tl.dot(weight_ML, v_LA, sum_MA * fade_M[:, None], input_precision="ieee")
        if R > 0:
            if A_BLOCK < D - R:
                sum_MB = tl.dot(weight_ML, v_LB, sum_MB * fade_M[:, None], input_precision="ieee")
            sum_MR = tl.dot(weight_ML, v_LR, sum_MR * fade_M[:, None], input_precision="ieee")
        top_M = new_top_M
    return top_M, mass_M, sum_MA, sum_MB, sum_MR


@triton.jit
def leads(b, start, stop):
    """Whether a sequence has one row, at its own number: it and all before it decode."""
    return (start == b) & (stop == b + 1)


@triton.jit
def tile_at(place, start_ptr, num_sequences, ROWS: tl.constexpr, WHO: tl.constexpr):
    """Sequence and block of the tile that stands at `place` if all sequences' tiles do, each one's last tile first.

    Sequence -1 if there is no such tile. With `FOLLOWING`, sequences that `leads` is true of have none.
    """
    b, block, before = -1, 0, 0
    for begin in range(0, num_sequences, SOUGHT_AT_ONCE):
        b_S = begin + tl.arange(0, SOUGHT_AT_ONCE)
        there_S = b_S < num_sequences
        start_S = tl.load(start_ptr + b_S, mask=there_S, other=0).to(tl.int32)
        stop_S = tl.load(start_ptr + b_S + 1, mask=there_S, other=0).to(tl.int32)
        count_S = tl.cdiv(stop_S - start_S, ROWS)
        if WHO == FOLLOWING:
            count_S = tl.where(leads(b_S, start_S, stop_S), 0, count_S)
        upto_S = before + tl.cumsum(count_S, 0)
        is_here_S = (upto_S - count_S <= place) & (place < upto_S)
        b = tl.maximum(b, tl.max(tl.where(is_here_S, b_S, -1), 0))
        block = tl.maximum(block, tl.max(tl.where(is_here_S, upto_S - 1 - place, 0), 0))
        before = tl.max(upto_S, 0)
    return b, block


@triton.jit
def share_begins(index, WINDOW: tl.constexpr, NEAR_: tl.constexpr, FAR_: tl.constexpr):
    """Where a share of reproducible attention begins."""
    begin = index * NEAR_
    if WINDOW == 0:
        begin = tl.where(begin < FAR_, begin, (index - FAR_ // NEAR_ + 1) * FAR_)
    return begin


@triton.jit(do_not_specialize=["sequence", "num_sequences", "num_blocks", "num_splits", "table_stride"])
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
    num_sequences,
    num_blocks,
    num_splits,
    GROUP: tl.constexpr,
    D: tl.constexpr,
    R: tl.constexpr,
    PAGE: tl.constexpr,
    WINDOW: tl.constexpr,
    IS_RAGGED: tl.constexpr,
    WHO: tl.constexpr,
    NEAR_: tl.constexpr,
    FAR_: tl.constexpr,
    IS_WHOLE: tl.constexpr,
    INTERIOR: tl.constexpr,
    M: tl.constexpr,
    L: tl.constexpr,
    A_BLOCK: tl.constexpr,
    B_BLOCK: tl.constexpr,
    R_BLOCK: tl.constexpr,
    STAGES: tl.constexpr,
    EARLY: tl.constexpr,
):
    """One tile of rows, one key head, one share of the keys.

    `WINDOW` 0 sees all. Not `IS_RAGGED`, each sequence has `num_blocks` tiles, and with `WHO` LEADING only sequences
    that `leads` is true of are attended for. `NEAR_` 0 shares the tile's keys out evenly; otherwise shares begin
    where `share_begins` says.
    With `IS_WHOLE` the one share is the result, (T, H, D); without, `out_ptr` is (T, H, splits, D) float32, not yet
    divided by its mass, (T, H, splits), and relative to its largest score `top`, in powers of two. `INTERIOR` takes the
    blocks that all rows see first, which makes a row's order of sums depend on its neighbours.
    """
    if IS_WHOLE:  # a prompt gains nothing by looking ahead, and would keep what it saw in registers
        wait_for_last(EARLY)
    ROWS: tl.constexpr = M // GROUP
    # The last rows see the most keys, so they start first.
    if IS_RAGGED:
        b, block = tile_at(tl.program_id(0), start_ptr + sequence, num_sequences, ROWS, WHO)
        is_there = b >= 0
        b = sequence + tl.maximum(b, 0)
        start = tl.load(start_ptr + b)
        stop = tl.load(start_ptr + b + 1)
    else:
        b = sequence + tl.program_id(0) // num_blocks
        block = num_blocks - 1 - tl.program_id(0) % num_blocks
        start = tl.load(start_ptr + b)
        stop = tl.load(start_ptr + b + 1)
        is_there = start + block * ROWS < stop
        if WHO == LEADING:
            is_there = is_there & leads(b, start, stop)
    g = tl.program_id(1)
    split = tl.program_id(2)
    if not is_there:
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
    if NEAR_ > 0:
        index = split
        if WINDOW > 0:
            index += low // NEAR_
        begin = tl.maximum(low, share_begins(index, WINDOW, NEAR_, FAR_))
        end = tl.minimum(high, share_begins(index + 1, WINDOW, NEAR_, FAR_))
    else:
        share = tl.cdiv(tl.cdiv(high - low, L), num_splits) * L
        begin = low + split * share
        end = tl.minimum(high, begin + share)

    a_A = tl.arange(0, A_BLOCK)
    column_A, is_A = a_A, a_A < D - R
    if R > 0:
        b_B, r_R = A_BLOCK + tl.arange(0, B_BLOCK), tl.arange(0, R_BLOCK)
        column_A, column_B, column_R = still_columns(a_A, D, R), still_columns(b_B, D, R), turning_columns(r_R, D, R)
    if not IS_WHOLE:
        wait_for_last(EARLY)
    q_ptr_M1 = (q_ptr + row_M.to(tl.int64) * q_row_stride + head_M * q_head_stride)[:, None]
    q_MA = tl.load(q_ptr_M1 + column_A[None, :], mask=own_M[:, None] & is_A[None, :], other=0.0)
    sum_MA = tl.zeros((M, A_BLOCK), tl.float32)
    q_MB, q_MR, sum_MB, sum_MR = q_MA, q_MA, sum_MA, sum_MA
    if R > 0:
        q_MB = tl.load(q_ptr_M1 + column_B[None, :], mask=own_M[:, None] & (b_B < D - R)[None, :], other=0.0)
        q_MR = tl.load(q_ptr_M1 + D + r_R[None, :], mask=own_M[:, None] & (r_R < R)[None, :], other=0.0)
        sum_MB, sum_MR = tl.zeros((M, B_BLOCK), tl.float32), tl.zeros((M, R_BLOCK), tl.float32)
    table = table_ptr + b.to(tl.int64) * table_stride
    k_ptr += g * k_head_stride
    v_ptr += g * v_head_stride
    top_M = tl.full((M,), float("-inf"), tl.float32)
    mass_M = tl.zeros((M,), tl.float32)
    left_end, jump = end, 0
    if INTERIOR:
        # First the blocks that every row sees from end to end: nobody asks there who sees what.
        oldest = tl.min(tl.where(own_M, position_M, newest))
        inner_begin = begin
        if WINDOW > 0:
            inner_begin = tl.maximum(begin, newest - WINDOW + 1)
        inner_begin = tl.minimum(tl.cdiv(tl.maximum(inner_begin, first), L) * L, end)
        inner_end = tl.maximum(inner_begin, (oldest + 1) // L * L)
        top_M, mass_M, sum_MA, sum_MB, sum_MR = attend_to_blocks(
            top_M, mass_M, sum_MA, sum_MB, sum_MR, q_MA, q_MB, q_MR, k_ptr, v_ptr, table, k_slot_stride, v_slot_stride,
            position_M, first, high, inner_begin, inner_end, inner_end, 0,
            D, R, PAGE, WINDOW, L, A_BLOCK, B_BLOCK, R_BLOCK, STAGES, False, False,
        )  # fmt: skip
        left_end, jump = inner_begin, inner_end - inner_begin
        end -= jump
    top_M, mass_M, sum_MA, sum_MB, sum_MR = attend_to_blocks(
        top_M, mass_M, sum_MA, sum_MB, sum_MR, q_MA, q_MB, q_MR, k_ptr, v_ptr, table, k_slot_stride, v_slot_stride,
        position_M, first, high, begin, end, left_end, jump,
        D, R, PAGE, WINDOW, L, A_BLOCK, B_BLOCK, R_BLOCK, STAGES, True, INTERIOR,
    )  # fmt: skip

    out_M = row_M.to(tl.int64) * (tl.num_programs(1) * GROUP) + head_M
    if IS_WHOLE:
        mass_M1 = tl.where(own_M, mass_M, 1.0)[:, None]
        sum_MA, sum_MB, sum_MR = sum_MA / mass_M1, sum_MB / mass_M1, sum_MR / mass_M1
    else:
        out_M = out_M * num_splits + split
        tl.store(top_ptr + out_M, top_M, mask=own_M)
        # The second kernel reads no sums whose top is -inf.
        if begin >= end:
            return
        tl.store(mass_ptr + out_M, mass_M, mask=own_M)
    out_ptr_M1, own_M1 = (out_ptr + out_M * D)[:, None], own_M[:, None]
    dtype = out_ptr.dtype.element_ty
    tl.store(out_ptr_M1 + column_A[None, :], sum_MA.to(dtype), mask=own_M1 & is_A[None, :])
    if R > 0:
        tl.store(out_ptr_M1 + column_B[None, :], sum_MB.to(dtype), mask=own_M1 & (b_B < D - R)[None, :])
        tl.store(out_ptr_M1 + column_R[None, :], sum_MR.to(dtype), mask=own_M1 & (r_R < R)[None, :])


@triton.jit
def combine_kernel(
    sum_ptr,
    top_ptr,
    mass_ptr,
    out_ptr,
    start_ptr,
    num_heads,
    WHO: tl.constexpr,
    D: tl.constexpr,
    SPLITS_: tl.constexpr,
    SPLITS_BLOCK: tl.constexpr,
    AT_ONCE: tl.constexpr,
    D_BLOCK: tl.constexpr,
    EARLY: tl.constexpr,
):
    """Add one query's shares up, from the first to the last.

    Empty ones add an exact zero, so how many there are changes nothing. With `WHO` LEADING, only sequences that `leads`
    is true of were attended for.
    """
    wait_for_last(EARLY)
    query = tl.program_id(0).to(tl.int64)
    if WHO == LEADING:
        row = query // num_heads
        if not leads(row, tl.load(start_ptr + row), tl.load(start_ptr + row + 1)):
            return
    d_D = tl.program_id(1) * D_BLOCK + tl.arange(0, D_BLOCK)
    split_S = tl.arange(0, SPLITS_BLOCK)
    top_S = tl.load(top_ptr + query * SPLITS_ + split_S, mask=split_S < SPLITS_, other=float("-inf"))
    top = tl.max(top_S, 0)
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
    tilings = fitting(DECODING[launch.size], launch.room_kib)
    prompt_tiling = fitting(PROMPTS[launch.size], launch.room_kib)[-1]
    count = len(rows.ends)
    if rows.is_ragged and count == 1:
        launch.run_ragged(prompt_tiling, 0, count)
        return launch.out_THD
    few, most = (count, 1) if rows.is_ragged else (rows.num_leading(TOGETHER), rows.most_rows(TOGETHER))
    if few:
        tiling = next((t for t in tilings if t.queries >= most * launch.group), tilings[-1])
        num_programs = few * launch.num_blocks(most, tiling) * launch.num_kv_heads
        num_splits = _even_splits(num_programs, launch.most_keys, q_THD.device)
        launch.run(tiling, few, most, num_splits=num_splits, who=LEADING.value if rows.is_ragged else 0)
    if rows.is_ragged:
        launch.run_ragged(prompt_tiling, 0, count, who=FOLLOWING.value)
    elif few < count:
        launch.run_ragged(prompt_tiling, few, count)
    return launch.out_THD


def attention_reproducible(
    q_THD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """`attention` where a row's bits do not depend on its neighbours: one tiling, shares at fixed absolute positions.

    A row has the same bits in a prompt's tile, as a draft and as a newest token.
    """
    launch = _Launch(q_THD, k_NSGD, v_NSGD, rows, pool, window)
    tiling = fitting(IN_ONE_ORDER[launch.size], launch.room_kib)[-1]
    near = _near_of(window)
    # A captured graph does not know where its sequences end; a window may lie across borders of shares then.
    reach = launch.room if window is None else window + tiling.queries + near
    seen = min(max(rows.ends), reach) if max(rows.ends) else reach
    num_splits = next(shares for shares in SHARES if shares >= _num_shares(seen, near, window))
    count, num_rows = len(rows.ends), q_THD.shape[0]
    rows_at_once = max(1, PARTIAL_BYTES // (4 * num_splits * launch.out_THD[0].numel()))
    if num_splits > 1 and num_rows > rows_at_once:
        for start in range(0, num_rows, rows_at_once):
            own = slice(start, min(start + rows_at_once, num_rows))
            part = rows.between(own.start, own.stop)
            launch.out_THD[own] = attention_reproducible(q_THD[own], k_NSGD, v_NSGD, part, pool, window)
    elif rows.is_ragged or rows.num_leading(TOGETHER) < count:
        launch.run_ragged(tiling, 0, count, num_splits=num_splits, near=near)
    else:
        launch.run(tiling, count, rows.most_rows(TOGETHER), num_splits=num_splits, near=near)
    return launch.out_THD


def _near_of(window: int | None) -> int:
    """Keys of a share of reproducible attention: of one in front, or of every one of a window."""
    return NEAR if window is None else max(NEAR_OF_WINDOW, int(triton.next_power_of_2(window)) // 4)


def _num_shares(num_keys: int, near: int, window: int | None) -> int:
    """Shares of reproducible attention that so many keys, from position 0 on, lie in."""
    if window is not None or num_keys <= FAR:
        return -(-num_keys // near)
    return FAR // near + -(-(num_keys - FAR) // FAR)


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
        self.room_kib = card.shared_kib(q_THD.device)

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

    def run(self, tiling: Tiling, count: int, most: int, *, num_splits: int, near: int = 0, who: int = 0) -> None:
        """Attend for the first `count` sequences, of at most `most` rows each; with `who` LEADING for some of them."""
        num_blocks = self.num_blocks(most, tiling)
        if num_blocks:
            end = min(count, self._q.shape[0]) if who else self._rows.starts[count]
            self._attend(tiling, 0, count, count * num_blocks, num_blocks, end, num_splits, near, who)

    def run_ragged(
        self, tiling: Tiling, first: int, stop: int, *, num_splits: int = 1, near: int = 0, who: int = 0
    ) -> None:
        """Attend for the sequences first <= b < stop, of unlike lengths; with `who` FOLLOWING for some of them."""
        rows = self._rows
        end = self._q.shape[0] if rows.is_ragged else rows.starts[stop]
        if rows.is_ragged:
            num_tiles = end // (tiling.queries // self.group) + min(stop - first, end)
        else:
            num_tiles = sum(self.num_blocks(rows.starts[b + 1] - rows.starts[b], tiling) for b in range(first, stop))
        if num_tiles:
            self._attend(tiling, first, stop, num_tiles, 0, end, num_splits, near, who)

    def _attend(
        self,
        tiling: Tiling,
        first: int,
        stop: int,
        num_tiles: int,
        num_blocks: int,
        end: int,
        num_splits: int,
        near: int,
        who: int,
    ) -> None:
        """Launch for rows below `end`; `num_blocks` of each sequence, 0 where they are ragged."""
        rows, pool, q, k, v = self._rows, self._pool, self._q, self._k, self._v
        is_whole = num_splits == 1
        out = self.out_THD
        top = mass = out
        if not is_whole:
            shape = (end, q.shape[1], num_splits)
            out = torch.empty(*shape, self._head_size, dtype=torch.float32, device=q.device)
            top, mass = (torch.empty(shape, dtype=torch.float32, device=q.device) for _ in range(2))
        blocks = column_blocks(self._head_size, q.shape[2] - self._head_size)
        attend_kernel[(num_tiles, self.num_kv_heads, num_splits)](
            q, k, v, out, top, mass,
            rows.position_T, rows.start_B, pool.first_B, pool.page_table_BP,
            q.stride(0), q.stride(1), k.stride(1), k.stride(2), v.stride(1), v.stride(2), pool.page_table_BP.stride(0),
            first, stop - first, num_blocks, num_splits,
            GROUP=self.group, D=self._head_size, R=q.shape[2] - self._head_size, PAGE=k.shape[1],
            WINDOW=self._window or 0, IS_RAGGED=not num_blocks, WHO=who, NEAR_=near, FAR_=FAR, IS_WHOLE=is_whole,
            INTERIOR=is_whole and not near and self.size == WITH_INTERIOR, M=tiling.queries, L=tiling.keys,
            STAGES=tiling.num_stages,
            num_warps=tiling.num_warps, **blocks, **early.options(q.device),
        )  # fmt: skip
        if not is_whole:
            columns = min(128, _block(self._head_size))
            at_once = num_splits if num_splits <= 16 else 12 if num_splits % 3 == 0 else 16
            combine_kernel[(end * q.shape[1], triton.cdiv(self._head_size, columns))](
                out, top, mass, self.out_THD, rows.start_B, q.shape[1], WHO=who, D=self._head_size, SPLITS_=num_splits,
                SPLITS_BLOCK=triton.next_power_of_2(num_splits), AT_ONCE=at_once, D_BLOCK=columns, num_warps=1,
                **early.options(q.device),
            )  # fmt: skip


def column_blocks(head_size: int, beside: int) -> dict[str, int]:
    """Widths of the parts that a value is read in, powers of two."""
    still = head_size - beside
    if not beside:
        return {"A_BLOCK": _block(still), "B_BLOCK": 16, "R_BLOCK": 16}
    first = max(16, 1 << (still.bit_length() - 1))
    return {"A_BLOCK": first, "B_BLOCK": _block(still - first), "R_BLOCK": _block(beside)}


def _block(size: int) -> int:
    return max(16, int(triton.next_power_of_2(size)))


def _even_splits(num_programs: int, most_keys: int, device: torch.device) -> int:
    wanted = -(-PROGRAMS_PER_CORE * card.num_cores(device) // num_programs)
    return max(splits for splits in SPLITS if splits <= max(1, min(wanted, -(-most_keys // LEAST_SHARE))))
