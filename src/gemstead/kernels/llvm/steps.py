"""Several operations of a decoding step in one call, for torch's tensors; `None` where they cannot be."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gemstead.kernels.llvm import lanes, machine
from gemstead.kernels.llvm.lanes import DTYPES, MOST_ROWS, Laned, Plan
from gemstead.kernels.packed import Weight

SHARED_KEYS = 128  # so many keys of one head are worth a thread's waking

_functions: dict[tuple[object, ...], Callable[..., None]] = {}


def suits(x_TC: Tensor) -> bool:
    """Whether rows are few enough, and such that kernels here read them."""
    return x_TC.shape[0] <= MOST_ROWS and x_TC.dtype in DTYPES and x_TC.is_contiguous()


def project(
    x_TC: Tensor,
    update_TC: Tensor | None,
    update_weight_C: Tensor | None,
    scale: Tensor | None,
    norm_weight_C: Tensor | None,
    eps: float,
    weights: tuple[Weight, ...],
    *,
    after: str = "",
    factor_TE: Tensor | None = None,
) -> tuple[Tensor, tuple[Tensor, ...]] | None:
    """Settle, norm and multiply, and what comes after.

    Args:
        x_TC: The stream, as the next three: see `Residual`.
        update_TC: What is added.
        update_weight_C: Of the norm it goes through.
        scale: Of the sum.
        norm_weight_C: Of the norm before the products; `None` for none.
        eps: Of the norms.
        weights: One to three.
        after: See `products.Kind`.
        factor_TE: What is multiplied by, after "onto".

    Returns:
        The settled stream and the products; `None` if these weights or rows must go another way.
    """
    num_rows, dtype = x_TC.shape[0], x_TC.dtype
    plan = _plan(x_TC, weights, after)
    if plan is None:
        return None
    pointers: list[int | None] = []
    for beside in (update_TC, update_weight_C, scale, norm_weight_C, factor_TE):
        if beside is None:
            pointers.append(None)
        elif beside.dtype is dtype and beside.is_contiguous():
            pointers.append(beside.data_ptr())
        else:
            return None
    settled_TC = x_TC if update_TC is None and scale is None else torch.empty_like(x_TC)
    out_TN = torch.empty((num_rows, plan.num_outputs), dtype=dtype)
    plan.function(
        plan.address, x_TC.data_ptr(), *pointers[:4], settled_TC.data_ptr(), out_TN.data_ptr(), pointers[4],
        lanes.scratch_of(plan.scratch_bytes), torch.get_num_threads() if plan.is_shared else 1, eps,
    )  # fmt: skip
    if not plan.sizes:
        return settled_TC, (out_TN,)
    return settled_TC, tuple(part.view(num_rows, -1) for part in out_TN.view(-1).split(plan.sizes))


def _plan(x_TC: Tensor, weights: tuple[Weight, ...], after: str) -> Plan | None:
    """Of products of some rows; `None` if these weights or rows must go another way."""
    first, num_rows = weights[0], x_TC.shape[0]
    if not isinstance(first, Laned) or not 0 < num_rows <= MOST_ROWS or not x_TC.is_contiguous():
        return None
    return first.plan(num_rows, x_TC.dtype, after=after, others=weights[1:])


def logits(hidden_RC: Tensor, weight: Weight, cap: float | None) -> Tensor | None:
    """Products in float32, rounded as rows are and soft-capped unless `cap` is `None`; (R, V)."""
    plan = _plan(hidden_RC, (weight,), "logits" if cap is None else "capped")
    if plan is None:
        return None
    out_RV = torch.empty((hidden_RC.shape[0], plan.num_outputs), dtype=torch.float32)
    limit = torch.tensor(cap or 0.0, dtype=torch.float32)
    plan.function(
        plan.address, hidden_RC.data_ptr(), None, None, None, None, None, out_RV.data_ptr(), limit.data_ptr(),
        lanes.scratch_of(plan.scratch_bytes), torch.get_num_threads() if plan.is_shared else 1, 0.0,
    )  # fmt: skip
    return out_RV


def heads(
    raw: Tensor,
    weight_D: Tensor | None,
    rope: tuple[Tensor, Tensor] | None,
    eps: float,
    head_size: int,
    out_THD: Tensor,
    slot_T: Tensor | None,
) -> None:
    """Norm and rotate (T, H D) into (T, H, D), or into pages of a cache."""
    vectors = machine.vectors()
    assert vectors is not None
    is_wide = raw.dtype is torch.float32
    key = ("heads", vectors.name, is_wide)
    if key not in _functions:
        from gemstead.kernels.llvm import heads as written

        _functions[key] = written.heads(vectors, is_wide)
    cos, sin = (None, None) if rope is None else (rope[0].data_ptr(), rope[1].data_ptr())
    _functions[key](
        raw.data_ptr(), None if weight_D is None else weight_D.data_ptr(), cos, sin, out_THD.data_ptr(),
        None if slot_T is None else slot_T.data_ptr(), raw.shape[0], raw.shape[1] // head_size, head_size, eps,
    )  # fmt: skip


def suits_heads(raws: tuple[Tensor, ...], weights: tuple[Tensor | None, ...], rope: tuple[Tensor, Tensor]) -> bool:
    """Whether `heads` takes these."""
    vectors, dtype = machine.vectors(), raws[0].dtype
    return (
        vectors is not None
        and dtype in DTYPES
        and raws[0].shape[0] <= MOST_ROWS
        and rope[0].shape[-1] % (2 * vectors.lanes) == 0
        and all(t.dtype is torch.float32 and t.is_contiguous() for t in rope)
        and all(t.is_contiguous() for t in raws)
        and all(t is None or t.dtype is dtype for t in weights)
    )


def suits_attention(q_THD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor) -> bool:
    """Whether `attend` takes these."""
    vectors = machine.vectors()
    return (
        vectors is not None
        and q_THD.dtype in DTYPES
        and k_NSGD.dtype is q_THD.dtype
        and k_NSGD.shape == v_NSGD.shape
        and q_THD.shape[-1] == k_NSGD.shape[-1]
        and q_THD.shape[-1] % (2 * vectors.lanes) == 0
        and q_THD.is_contiguous()
        and k_NSGD.is_contiguous()
        and v_NSGD.is_contiguous()
    )


def attend(
    q_HD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, pages_P: Tensor, first: int, num_keys: int, out_HD: Tensor
) -> None:
    """One row over keys that lie one after another, from place `first` of the first of some pages."""
    from gemstead.kernels.llvm import heads as written

    vectors = machine.vectors()
    assert vectors is not None
    num_heads, head_size = q_HD.shape
    page_size, num_kv_heads = k_NSGD.shape[1:3]
    is_wide, group = q_HD.dtype is torch.float32, num_heads // num_kv_heads
    together = next(r for r in written.TOGETHER if group % r == 0)
    key = ("attend", vectors.name, is_wide, together)
    if key not in _functions:
        _functions[key] = written.attend(vectors, is_wide, together)
    threads = max(1, min(torch.get_num_threads(), num_keys * num_kv_heads // SHARED_KEYS))
    room = lanes.scratch_of(written.attention_bytes(num_heads, head_size, num_keys, threads))
    _functions[key](
        q_HD.data_ptr(), k_NSGD.data_ptr(), v_NSGD.data_ptr(), pages_P.data_ptr(), out_HD.data_ptr(), room, first,
        num_keys, page_size, num_heads, num_kv_heads, head_size, threads,
    )  # fmt: skip
