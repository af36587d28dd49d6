"""Kernels that read and write whole rows and multiply by no matrix: norms, sums, choices, look-ups.

Shape legend: T rows, C their width, E experts, A experts per row.
"""

import triton
import triton.language as tl

from gemstead.kernels.triton.early import wait_for_last
from gemstead.kernels.triton.products import as_floats, as_matrix, capped, gelu, rounded, settled


@triton.jit
def norm_rows(
    x_ptr, x_stride, update_ptr, update_stride, update_weight_ptr, scale_ptr, norm_weight_ptr, settled_ptr, y_ptr,
    width, eps, HAS_UPDATE: tl.constexpr, HAS_SCALE: tl.constexpr, WRITES: tl.constexpr, HAS_NORM: tl.constexpr,
    HAS_WEIGHT: tl.constexpr, ROUNDS_NORM: tl.constexpr, BLOCK: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """Settle a row of the stream, write it down, norm it."""
    t = tl.program_id(0).to(tl.int64)
    column = tl.arange(0, BLOCK)
    mask = column < width
    scale = 1.0
    if HAS_UPDATE:
        weight = tl.load(update_weight_ptr + column, mask=mask, other=0.0)
    if HAS_SCALE:
        scale = tl.load(scale_ptr).to(tl.float32)
    if HAS_WEIGHT:
        norm_weight = tl.load(norm_weight_ptr + column, mask=mask, other=0.0)
    wait_for_last(EARLY)
    x = tl.load(x_ptr + t * x_stride + column, mask=mask, other=0.0).to(tl.float32)
    update, update_weight, inverse_rms = x, x, 1.0
    if HAS_UPDATE:
        update = tl.load(update_ptr + t * update_stride + column, mask=mask, other=0.0).to(tl.float32)
        update_weight = weight.to(tl.float32)
        inverse_rms = tl.rsqrt(tl.sum(update * update, 0) / width + eps)
    x = settled(x, update, update_weight, inverse_rms, scale, HAS_UPDATE, HAS_SCALE)
    if WRITES:
        tl.store(settled_ptr + t * width + column, x.to(settled_ptr.dtype.element_ty), mask=mask)
    if HAS_NORM:
        y = x * tl.rsqrt(tl.sum(x * x, 0) / width + eps)
        if ROUNDS_NORM:
            y = rounded(y)
        if HAS_WEIGHT:
            y *= norm_weight.to(tl.float32)
        tl.store(y_ptr + t * width + column, y.to(y_ptr.dtype.element_ty), mask=mask)


@triton.jit
def join_rows(
    a_ptr,
    a_stride,
    a_weight_ptr,
    b_ptr,
    b_stride,
    b_weight_ptr,
    y_ptr,
    width,
    eps,
    BLOCK: tl.constexpr,
    EARLY: tl.constexpr,
):
    """The sum of two rows, each normed."""
    t = tl.program_id(0).to(tl.int64)
    column = tl.arange(0, BLOCK)
    mask = column < width
    a_weight = tl.load(a_weight_ptr + column, mask=mask, other=0.0).to(tl.float32)
    b_weight = tl.load(b_weight_ptr + column, mask=mask, other=0.0).to(tl.float32)
    wait_for_last(EARLY)
    a = tl.load(a_ptr + t * a_stride + column, mask=mask, other=0.0).to(tl.float32)
    b = tl.load(b_ptr + t * b_stride + column, mask=mask, other=0.0).to(tl.float32)
    a = rounded(a * tl.rsqrt(tl.sum(a * a, 0) / width + eps) * a_weight)
    b = rounded(b * tl.rsqrt(tl.sum(b * b, 0) / width + eps) * b_weight)
    tl.store(y_ptr + t * width + column, (a + b).to(tl.bfloat16), mask=mask)


@triton.jit
def choose_rows(
    score_ptr, expert_scale_ptr, chosen_ptr, weight_ptr, probability_ptr, num_experts, NUM_CHOSEN: tl.constexpr,
    BLOCK: tl.constexpr, BLOCK_A: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """Softmax of a row's scores and its best experts; of equal ones the lower number."""
    wait_for_last(EARLY)
    t = tl.program_id(0).to(tl.int64)
    e = tl.arange(0, BLOCK)
    mask = e < num_experts
    score = tl.load(score_ptr + t * num_experts + e, mask=mask, other=float("-inf")).to(tl.float32)
    probability = tl.exp(score - tl.max(score, 0))
    probability = probability / tl.sum(probability, 0)
    tl.store(probability_ptr + t * num_experts + e, probability, mask=mask)
    place = tl.arange(0, BLOCK_A)
    chosen = tl.zeros([BLOCK_A], tl.int32)
    weight = tl.zeros([BLOCK_A], tl.float32)
    left = tl.where(mask, probability, -1.0)
    for a in tl.static_range(NUM_CHOSEN):
        top = tl.max(left, 0)
        best = tl.min(tl.where(left == top, e, num_experts - 1), 0)
        chosen = tl.where(place == a, best, chosen)
        weight = tl.where(place == a, top, weight)
        left = tl.where(e == best, -1.0, left)
    weight = weight / tl.sum(weight, 0) * tl.load(expert_scale_ptr + chosen).to(tl.float32)
    alive = place < NUM_CHOSEN
    tl.store(chosen_ptr + t * NUM_CHOSEN + place, chosen.to(tl.int64), mask=alive)
    tl.store(weight_ptr + t * NUM_CHOSEN + place, weight, mask=alive)


@triton.jit
def group_rows(
    chosen_ptr, order_ptr, place_ptr, first_ptr, end_ptr, expert_ptr, count, num_experts, num_tiles, tile_rows,
    E: tl.constexpr, X: tl.constexpr, Z: tl.constexpr, AT_ONCE: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """Assignments in order of their experts and the tiles of rows they make; one program."""
    wait_for_last(EARLY)
    e, x = tl.arange(0, E), tl.arange(0, X)
    own = tl.load(chosen_ptr + x, mask=x < count, other=num_experts).to(tl.int32)
    total = tl.zeros([E], tl.int32)
    rank = tl.zeros([X], tl.int32)
    for start in range(0, count, AT_ONCE):
        other = start + tl.arange(0, AT_ONCE)
        theirs = tl.load(chosen_ptr + other, mask=other < count, other=num_experts + 1).to(tl.int32)
        total += tl.sum((e[:, None] == theirs[None, :]).to(tl.int32), 1)
        rank += tl.sum(((own[:, None] == theirs[None, :]) & (other[None, :] < x[:, None])).to(tl.int32), 1)
    tell_groups(total, first_ptr, end_ptr, expert_ptr, num_experts, num_tiles, tile_rows, E, Z)
    tl.debug_barrier()
    place = rank + tl.load(first_ptr + own, mask=x < count, other=0)
    tl.store(order_ptr + place, x, mask=x < count)
    tl.store(place_ptr + x, place, mask=x < count)


@triton.jit
def count_experts(chosen_ptr, count_ptr, count, num_experts, E: tl.constexpr, X: tl.constexpr, EARLY: tl.constexpr):
    """How many assignments chose each expert, added to zeros."""
    wait_for_last(EARLY)
    e, x = tl.arange(0, E), tl.program_id(0) * X + tl.arange(0, X)
    own = tl.load(chosen_ptr + x, mask=x < count, other=num_experts).to(tl.int32)
    tl.atomic_add(count_ptr + e, tl.sum((own[:, None] == e[None, :]).to(tl.int32), 0), mask=e < num_experts)


@triton.jit
def begin_experts(
    count_ptr, first_ptr, end_ptr, expert_ptr, num_experts, num_tiles, tile_rows, E: tl.constexpr, Z: tl.constexpr,
    EARLY: tl.constexpr,
):  # fmt: skip
    """`count_experts`' numbers become the place of each expert's first assignment; one program."""
    wait_for_last(EARLY)
    e = tl.arange(0, E)
    total = tl.load(count_ptr + e, mask=e < num_experts, other=0)
    first = tell_groups(total, first_ptr, end_ptr, expert_ptr, num_experts, num_tiles, tile_rows, E, Z)
    tl.store(count_ptr + e, first, mask=e < num_experts)


@triton.jit
def place_rows(
    chosen_ptr, next_ptr, order_ptr, place_ptr, count, X: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """Each assignment to the next place of its expert, in whatever order they come."""
    wait_for_last(EARLY)
    x = tl.program_id(0) * X + tl.arange(0, X)
    own = tl.load(chosen_ptr + x, mask=x < count, other=0)
    place = tl.atomic_add(next_ptr + own, 1, mask=x < count, sem="relaxed")
    tl.store(order_ptr + place, x, mask=x < count)
    tl.store(place_ptr + x, place, mask=x < count)


@triton.jit
def tell_groups(
    total, first_ptr, end_ptr, expert_ptr, num_experts, num_tiles, tile_rows, E: tl.constexpr, Z: tl.constexpr
):
    """From how many assignments each expert has: the first of each, its last tile, and each tile's expert."""
    e, z = tl.arange(0, E), tl.arange(0, Z)
    last = tl.cumsum(total, 0)
    tl.store(first_ptr + e, last - total, mask=e < num_experts)
    tl.store(first_ptr + e + 1, last, mask=e == num_experts - 1)
    end = tl.cumsum((total + tile_rows - 1) // tile_rows, 0)
    tl.store(end_ptr + e, end, mask=e < num_experts)
    for start in range(0, num_tiles, Z):
        ended = (end[None, :] <= start + z[:, None]) & (e < num_experts)[None, :]
        tl.store(expert_ptr + start + z, tl.sum(ended.to(tl.int32), 1), mask=start + z < num_tiles)
    return last - total


@triton.jit
def add_experts(
    y_ptr, place_ptr, chosen_ptr, weight_ptr, out_ptr, width, HAS_PLACES: tl.constexpr,
    NUM_CHOSEN: tl.constexpr, BLOCK_A: tl.constexpr, BLOCK: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """Weighted sum of each row's experts, in ascending order of their number."""
    wait_for_last(EARLY)
    t = tl.program_id(0).to(tl.int64)
    column = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    mask = column < width
    place = tl.arange(0, BLOCK_A)
    chosen = tl.load(chosen_ptr + t * NUM_CHOSEN + place, mask=place < NUM_CHOSEN, other=1 << 30).to(tl.int32)
    rank = tl.sum((chosen[None, :] < chosen[:, None]).to(tl.int32), 1)
    total = tl.zeros([BLOCK], tl.float32)
    for r in range(NUM_CHOSEN):
        a = tl.sum(tl.where((rank == r) & (place < NUM_CHOSEN), place, 0), 0)
        own = t * NUM_CHOSEN + a
        if HAS_PLACES:
            own = tl.load(place_ptr + own).to(tl.int64)
        y = tl.load(y_ptr + own * width + column, mask=mask, other=0.0).to(tl.float32)
        total += y * tl.load(weight_ptr + t * NUM_CHOSEN + a)
    tl.store(out_ptr + t * width + column, total.to(tl.bfloat16), mask=mask)


@triton.jit
def join_experts(
    dense_ptr, dense_stride, dense_weight_ptr, y_ptr, place_ptr, chosen_ptr, weight_ptr, routed_weight_ptr, out_ptr,
    width, eps, HAS_PLACES: tl.constexpr,
    NUM_CHOSEN: tl.constexpr, BLOCK_A: tl.constexpr, BLOCK: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """`add_experts` of a row, then `join_rows` with the dense block's."""
    t = tl.program_id(0).to(tl.int64)
    column = tl.arange(0, BLOCK)
    mask = column < width
    place = tl.arange(0, BLOCK_A)
    dense_weight = tl.load(dense_weight_ptr + column, mask=mask, other=0.0).to(tl.float32)
    routed_weight = tl.load(routed_weight_ptr + column, mask=mask, other=0.0).to(tl.float32)
    wait_for_last(EARLY)
    chosen = tl.load(chosen_ptr + t * NUM_CHOSEN + place, mask=place < NUM_CHOSEN, other=1 << 30).to(tl.int32)
    rank = tl.sum((chosen[None, :] < chosen[:, None]).to(tl.int32), 1)
    own = t * NUM_CHOSEN + place
    where, weight = own, tl.load(weight_ptr + own, mask=place < NUM_CHOSEN, other=0.0)
    if HAS_PLACES:
        where = tl.load(place_ptr + own, mask=place < NUM_CHOSEN, other=0).to(tl.int64)
    dense = tl.load(dense_ptr + t * dense_stride + column, mask=mask, other=0.0).to(tl.float32)
    total = tl.zeros([BLOCK], tl.float32)
    for r in tl.static_range(NUM_CHOSEN):
        is_next = (rank == r) & (place < NUM_CHOSEN)
        next_ptr = y_ptr + tl.sum(tl.where(is_next, where, 0), 0) * width
        y = tl.load(next_ptr + column, mask=mask, other=0.0).to(tl.float32)
        total += y * tl.sum(tl.where(is_next, weight, 0.0), 0)
    total = rounded(total)
    dense = rounded(dense * tl.rsqrt(tl.sum(dense * dense, 0) / width + eps) * dense_weight)
    total = rounded(total * tl.rsqrt(tl.sum(total * total, 0) / width + eps) * routed_weight)
    tl.store(out_ptr + t * width + column, (dense + total).to(tl.bfloat16), mask=mask)


@triton.jit
def gate_rows(gate_ptr, gate_stride, up_ptr, up_stride, y_ptr, width, BLOCK: tl.constexpr, EARLY: tl.constexpr):
    """Gated GELU."""
    wait_for_last(EARLY)
    t = tl.program_id(0).to(tl.int64)
    column = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    mask = column < width
    gate = tl.load(gate_ptr + t * gate_stride + column, mask=mask, other=0.0).to(tl.float32)
    up = tl.load(up_ptr + t * up_stride + column, mask=mask, other=0.0).to(tl.float32)
    tl.store(y_ptr + t * width + column, (rounded(gelu(gate)) * up).to(tl.bfloat16), mask=mask)


@triton.jit
def cap_elements(x_ptr, y_ptr, count, cap, BLOCK: tl.constexpr, EARLY: tl.constexpr):
    """Soft cap, float32."""
    wait_for_last(EARLY)
    i = tl.program_id(0).to(tl.int64) * BLOCK + tl.arange(0, BLOCK)
    x = tl.load(x_ptr + i, mask=i < count, other=0.0).to(tl.float32)
    tl.store(y_ptr + i, capped(x, cap), mask=i < count)


@triton.jit
def embed_rows(
    id_ptr,
    code_ptr,
    scale_ptr,
    y_ptr,
    width,
    scale_pitch,
    BITS: tl.constexpr,
    GROUP: tl.constexpr,
    BLOCK: tl.constexpr,
    EARLY: tl.constexpr,
):
    """Rows of a packed table by number."""
    wait_for_last(EARLY)
    t = tl.program_id(0).to(tl.int64)
    row = tl.load(id_ptr + t)
    column = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    mask = column < width
    if BITS == 4:
        byte = tl.load(code_ptr + row * (width // 2) + column // 2, mask=mask, other=0)
        code = ((byte.to(tl.int32) >> (column % 2 * 4)) & 15) - 8
    else:
        code = tl.load(code_ptr + row * width + column, mask=mask, other=0).to(tl.int32)
    scale = tl.load(scale_ptr + row * scale_pitch + column // GROUP, mask=mask, other=0.0).to(tl.float32)
    tl.store(y_ptr + t * width + column, (code.to(tl.float32) * scale).to(tl.bfloat16), mask=mask)


@triton.jit
def expand_rows(
    code_ptr, scale_ptr, y_ptr, num_rows, width, scale_pitch, BITS: tl.constexpr, IS_FP8: tl.constexpr,
    GROUP: tl.constexpr, K_TILE: tl.constexpr, FRAGMENT: tl.constexpr, SCALES: tl.constexpr,
    ROWS: tl.constexpr, BLOCK: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """A packed matrix as bfloat16; `width` counts inputs, `BLOCK` stored bytes.

    Where `FRAGMENT` is not 0, the inputs of each `K_TILE` are written in the order of `products.as_matrix`, zeros
    beyond the last. Where not `SCALES`, codes are written and not numbers.
    """
    wait_for_last(EARLY)
    n = tl.program_id(0) * ROWS + tl.arange(0, ROWS)[:, None]
    per_byte: tl.constexpr = 8 // BITS
    byte = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)[None, :]
    num_bytes = width // per_byte
    mask = (n < num_rows) & (byte < num_bytes)
    place = n.to(tl.int64) * num_bytes + byte
    stored = tl.load(code_ptr + place, mask=mask, other=0)
    scale = 1.0
    if SCALES:
        scale = tl.load(scale_ptr + n.to(tl.int64) * scale_pitch + byte * per_byte // GROUP, mask=mask, other=0.0)
        scale = scale.to(tl.float32)
    if BITS == 4:
        code = stored.to(tl.int32)
        low = (((code & 15) - 8).to(tl.float32) * scale).to(tl.bfloat16)
        high = (((code >> 4) - 8).to(tl.float32) * scale).to(tl.bfloat16)
        column = tl.program_id(1) * (2 * BLOCK) + tl.arange(0, 2 * BLOCK)[None, :]
        y = tl.interleave(low, high)
    else:
        column = byte
        y = (as_floats(stored, IS_FP8) * scale).to(tl.bfloat16)
    if FRAGMENT > 0:
        width = tl.cdiv(width, K_TILE) * K_TILE
        y = in_order_of_matrix(y, K_TILE, FRAGMENT)
    tl.store(y_ptr + n.to(tl.int64) * width + column, y, mask=(n < num_rows) & (column < width))


@triton.jit
def in_order_of_matrix(y, K_TILE: tl.constexpr, FRAGMENT: tl.constexpr):
    """Rows of whole tiles, each tile in the order of `products.as_matrix`."""
    tiles: tl.constexpr = y.shape[0] * y.shape[1] // K_TILE
    return tl.reshape(as_matrix(tl.reshape(y, [tiles, K_TILE // 8, 8]), FRAGMENT), [y.shape[0], y.shape[1]])


@triton.jit
def order_rows(
    x_ptr, x_stride, y_ptr, num_rows, width, K_TILE: tl.constexpr, FRAGMENT: tl.constexpr,
    ROWS: tl.constexpr, BLOCK: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """Rows whose columns stand in the order in which `expand_rows` writes inputs, zeros beyond the last."""
    wait_for_last(EARLY)
    t = tl.program_id(0) * ROWS + tl.arange(0, ROWS)[:, None]
    column = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)[None, :]
    x = tl.load(x_ptr + t.to(tl.int64) * x_stride + column, mask=(t < num_rows) & (column < width), other=0.0)
    whole = tl.cdiv(width, K_TILE) * K_TILE
    y = in_order_of_matrix(x, K_TILE, FRAGMENT)
    tl.store(y_ptr + t.to(tl.int64) * whole + column, y, mask=(t < num_rows) & (column < whole))


@triton.jit
def best_of_tiles(top_ptr, number_ptr, best_ptr, num_tiles, BLOCK: tl.constexpr, EARLY: tl.constexpr):
    """The best token of a row out of the best of each tile; of equal ones the lowest number."""
    wait_for_last(EARLY)
    t = tl.program_id(0).to(tl.int64)
    lane = tl.arange(0, BLOCK)
    top = tl.full([BLOCK], float("-inf"), tl.float32)
    number = tl.zeros([BLOCK], tl.int32)
    for start in range(0, num_tiles, BLOCK):
        mask = start + lane < num_tiles
        other = tl.load(top_ptr + t * num_tiles + start + lane, mask=mask, other=float("-inf"))
        name = tl.load(number_ptr + t * num_tiles + start + lane, mask=mask, other=0x7FFFFFFF)
        number = tl.where(other > top, name, number)
        top = tl.maximum(top, other)
    best = tl.max(top, 0)
    tl.store(best_ptr + t, tl.min(tl.where(top == best, number, 0x7FFFFFFF), 0).to(tl.int64))
