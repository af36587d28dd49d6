"""Projections -> heads, for NVIDIA GPUs: norms, rotation, and keys and values into their pages, in one launch.

Shape legend: see `kernels/batch.py`; besides, R entries of a key that are kept beside its value.
"""

from __future__ import annotations

import triton
import triton.language as tl
from torch import Tensor

from gemstead.kernels.ops import Heads, Slots
from gemstead.kernels.triton import early
from gemstead.kernels.triton.early import wait_for_last

LARGEST_E4M3 = tl.constexpr(448.0)
MANY_HEADS = 16384  # in all rows; from so many on, a program has several
MANY_EACH = (4, 4)  # rows and heads that it has then: cosines and sines are read once for all heads of a row


@triton.jit
def _kept(x, page_ptr):
    """In the dtype of a page; of fp8, what is too large becomes the largest there is."""
    if page_ptr.dtype.element_ty == tl.float8e4nv:
        x = tl.minimum(tl.maximum(x, -LARGEST_E4M3), LARGEST_E4M3)
    return x.to(page_ptr.dtype.element_ty)


@triton.jit(do_not_specialize=["eps", "num_rows"])
def heads_kernel(
    q_ptr, k_ptr, v_ptr, q_weight_ptr, k_weight_ptr, cos_ptr, sin_ptr, slot_ptr, out_ptr, k_page_ptr, v_page_ptr,
    q_row_stride, k_row_stride, v_row_stride, k_slot_stride, k_head_stride, v_slot_stride, v_head_stride, eps, num_rows,
    H: tl.constexpr, G: tl.constexpr, HEADS: tl.constexpr, HALF: tl.constexpr, R: tl.constexpr,
    KEYS_SERVE: tl.constexpr, HAS_SLOTS: tl.constexpr, HALF_BLOCK: tl.constexpr, ROWS: tl.constexpr,
    HEADS_EACH: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """Some heads of some rows: the H of queries first, then the G of keys; then those of values, unless keys serve.

    A head is read in two halves, which are each other's partners in the rotation and have the same angles. With R > 0
    keys keep only the R / 2 pairs that turn, and a query is written as (D + R): what the value is multiplied by, then
    what the key is.
    """
    row = tl.program_id(0).to(tl.int64) * ROWS + tl.arange(0, ROWS)[:, None]
    j = tl.arange(0, HALF_BLOCK)[None, :]
    inside = j < HALF
    there = (row < num_rows) & inside
    turns = (row < num_rows) & (j < R // 2)
    dtype = q_ptr.dtype.element_ty
    first = tl.program_id(1) * HEADS_EACH
    if HEADS_EACH == 1:  # a weight that is known before the kernel in front has ended
        weight_ptr = k_weight_ptr if (first >= H) & (first < H + G) else q_weight_ptr
        weight_low = tl.load(weight_ptr + j, mask=inside, other=0.0).to(tl.float32)
        weight_high = tl.load(weight_ptr + HALF + j, mask=inside, other=0.0).to(tl.float32)
    wait_for_last(EARLY)
    place = row
    if HAS_SLOTS:
        place = tl.load(slot_ptr + row, mask=row < num_rows, other=0)
    if HEADS_EACH > 1:
        angle_ptr = row * (2 * HALF) + j
        cos = tl.load(cos_ptr + angle_ptr, mask=there, other=0.0)
        sin = tl.load(sin_ptr + angle_ptr, mask=there, other=0.0)
    for head in range(first, tl.minimum(first + HEADS_EACH, HEADS)):
        if head < H:
            x_ptr = q_ptr + row * q_row_stride + head * (2 * HALF)
        elif head < H + G:
            x_ptr = k_ptr + row * k_row_stride + (head - H) * (2 * HALF)
        else:
            x_ptr = v_ptr + row * v_row_stride + (head - H - G) * (2 * HALF)
        low = tl.load(x_ptr + j, mask=there, other=0.0).to(tl.float32)
        high = tl.load(x_ptr + HALF + j, mask=there, other=0.0).to(tl.float32)
        if HEADS_EACH > 1:
            weight_ptr = k_weight_ptr if (head >= H) & (head < H + G) else q_weight_ptr
            weight_low = tl.load(weight_ptr + j, mask=inside, other=0.0).to(tl.float32)
            weight_high = tl.load(weight_ptr + HALF + j, mask=inside, other=0.0).to(tl.float32)
        scale = tl.rsqrt((tl.sum(low * low, 1) + tl.sum(high * high, 1)) / (2 * HALF) + eps)[:, None]
        low *= scale
        high *= scale
        if head >= H and (KEYS_SERVE or head >= H + G):
            g = (head - H) % G
            v_to_ptr = v_page_ptr + place * v_slot_stride + g * v_head_stride
            tl.store(v_to_ptr + j, _kept(low.to(dtype).to(tl.float32), v_page_ptr), mask=there)
            tl.store(v_to_ptr + HALF + j, _kept(high.to(dtype).to(tl.float32), v_page_ptr), mask=there)
        if head < H + G:
            if HEADS_EACH == 1:
                angle_ptr = row * (2 * HALF) + j
                cos = tl.load(cos_ptr + angle_ptr, mask=there, other=0.0)
                sin = tl.load(sin_ptr + angle_ptr, mask=there, other=0.0)
            normed_low = (low * weight_low).to(dtype).to(tl.float32)
            normed_high = (high * weight_high).to(dtype).to(tl.float32)
            turned_low = (normed_low * cos - normed_high * sin).to(dtype)
            turned_high = (normed_high * cos + normed_low * sin).to(dtype)
            if head < H:
                q_to_ptr = out_ptr + (row * H + head) * (2 * HALF + R)
                if R > 0:
                    fold_low = weight_low * tl.load(k_weight_ptr + j, mask=inside, other=0.0).to(tl.float32)
                    fold_high = weight_high * tl.load(k_weight_ptr + HALF + j, mask=inside, other=0.0).to(tl.float32)
                    tl.store(q_to_ptr + 2 * HALF + j, turned_low, mask=turns)
                    tl.store(q_to_ptr + 2 * HALF + R // 2 + j, turned_high, mask=turns)
                    turned_low = tl.where(turns, 0.0, low * fold_low).to(dtype)
                    turned_high = tl.where(turns, 0.0, high * fold_high).to(dtype)
                tl.store(q_to_ptr + j, turned_low, mask=there)
                tl.store(q_to_ptr + HALF + j, turned_high, mask=there)
            else:
                k_to_ptr = k_page_ptr + place * k_slot_stride + (head - H) * k_head_stride
                kept_low = _kept(turned_low.to(tl.float32), k_page_ptr)
                kept_high = _kept(turned_high.to(tl.float32), k_page_ptr)
                if R > 0:
                    tl.store(k_to_ptr + j, kept_low, mask=turns)
                    tl.store(k_to_ptr + R // 2 + j, kept_high, mask=turns)
                else:
                    tl.store(k_to_ptr + j, kept_low, mask=there)
                    tl.store(k_to_ptr + HALF + j, kept_high, mask=there)


def heads(
    projected: tuple[Tensor, ...],
    norm_weights: tuple[Tensor, Tensor | None],
    rope: tuple[Tensor, Tensor],
    eps: float,
    slots: Slots | None,
) -> Heads:
    """See `Kernels.heads`. Projections may be columns of a wider tensor."""
    q_weight_D, k_weight_D = norm_weights
    is_owner = k_weight_D is not None
    q_TN, k_TN, v_TN = projected[0], projected[1 if is_owner else 0], projected[-1]
    num_rows, head_size = q_TN.shape[0], q_weight_D.shape[0]
    num_heads, num_kv_heads = q_TN.shape[1] // head_size, k_TN.shape[1] // head_size
    beside = 0 if slots is None else slots.num_beside
    q_THD = q_TN.new_empty(num_rows, num_heads, head_size + beside)
    if slots is not None:
        k_kept, v_kept = slots.k_NSGD, slots.v_NSGD
        k_weight_D = slots.key_weight_D if beside else k_weight_D
    else:
        k_kept, v_kept = (q_TN.new_empty(1, num_rows, num_kv_heads, head_size) for _ in range(2))
    # A borrowing layer has slots of others, and perhaps fewer of them than it has rows.
    slot_T = slots.slot_T if slots is not None and is_owner else None
    keys_serve = len(projected) == 2
    num_written = num_heads + num_kv_heads * (is_owner + (is_owner and not keys_serve))
    half = head_size // 2
    rows_each, heads_each = MANY_EACH if num_rows * num_written >= MANY_HEADS else (1, 1)
    num_warps = (1 if half <= 256 else 2) * rows_each
    heads_kernel[(-(-num_rows // rows_each), -(-num_written // heads_each))](
        q_TN, k_TN, v_TN, q_weight_D, q_weight_D if k_weight_D is None else k_weight_D, *rope,
        q_THD if slot_T is None else slot_T, q_THD, k_kept, v_kept,
        q_TN.stride(0), k_TN.stride(0), v_TN.stride(0),
        k_kept.stride(1), k_kept.stride(2), v_kept.stride(1), v_kept.stride(2), eps, num_rows,
        H=num_heads, G=num_kv_heads, HEADS=num_written, HALF=half, R=beside, KEYS_SERVE=keys_serve,
        HAS_SLOTS=slot_T is not None, HALF_BLOCK=triton.next_power_of_2(half), ROWS=rows_each, HEADS_EACH=heads_each,
        num_warps=num_warps, **early.options(q_TN.device),
    )  # fmt: skip
    if slots is not None or not is_owner:
        return Heads(q_THD, None, None)
    return Heads(q_THD, k_kept[0], v_kept[0])
