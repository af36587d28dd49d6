"""Twins for the CPU: many sequences at once, torch's fused attention, no float32 copies of what is already float32."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from gemstead.kernels import reference
from gemstead.kernels.batch import PoolView, QueryRows

TOGETHER = 17  # rows of one sequence: the newest token and its drafts


def attention(
    q_THD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """`reference.attention`: sequences with equally few rows, as in decoding, in one call; longer ones one by one."""
    head_size = v_NSGD.shape[3]
    out_THD = q_THD.new_empty(*q_THD.shape[:2], head_size)
    for first, stop, count in rows.even_runs():
        if count == 1 or (0 < count <= TOGETHER and stop - first > 1):
            own = slice(rows.starts[first], rows.starts[stop])
            some = (rows.only(first, stop), pool.only(first, stop))
            out_THD[own] = _attend_together(q_THD[own], k_NSGD, v_NSGD, *some, window)[..., :head_size]
        elif count:
            for b in range(first, stop):
                own = slice(rows.starts[b], rows.starts[b + 1])
                one = (rows.only(b, b + 1), pool.only(b, b + 1))
                out_THD[own] = _attend_alone(q_THD[own], k_NSGD, v_NSGD, *one, window)[..., :head_size]
    return out_THD


def _gathered(k_NSGD: Tensor, v_NSGD: Tensor, pages: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Keys and values of some pages. Where keys stand beside values, both are the one tensor of both.

    Fused attention wants equal widths; what it makes of the keys' columns nobody reads.
    """
    k, v = k_NSGD[pages].to(dtype), v_NSGD[pages].to(dtype)
    wide = reference.beside(k, v)
    return (k, v) if wide is k else (wide, wide)


def _attend_alone(
    q_QHD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """Many rows of one sequence."""
    num_kv_heads = k_NSGD.shape[2]
    group = q_QHD.shape[1] // num_kv_heads
    end, first = rows.ends[0], pool.firsts[0]
    pages = pool.page_table_BP[0, : -(-(end - first) // k_NSGD.shape[1])]
    k_LGD, v_LGD = _gathered(k_NSGD, v_NSGD, pages, q_QHD.dtype)
    k_GLD = k_LGD.flatten(0, 1)[: end - first].transpose(0, 1)
    v_GLD = v_LGD.flatten(0, 1)[: end - first].transpose(0, 1)
    seen_QL = reference.visible(rows.position_T, torch.arange(first, end, device=q_QHD.device), window)
    out_GRQD = F.scaled_dot_product_attention(
        q_QHD.unflatten(1, (num_kv_heads, group)).permute(1, 2, 0, 3),
        k_GLD[:, None].expand(-1, group, -1, -1),
        v_GLD[:, None].expand(-1, group, -1, -1),
        attn_mask=seen_QL,
        scale=1.0,
    )
    return out_GRQD.permute(2, 0, 1, 3).flatten(1, 2)


def _attend_together(
    q_THD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """R rows of each of B sequences: pages are gathered into one rectangle; a group's queries share its keys."""
    num_sequences = len(rows.ends)
    num_heads, num_kv_heads = q_THD.shape[1], k_NSGD.shape[2]
    page_size = k_NSGD.shape[1]
    longest = max(end - first for end, first in zip(rows.ends, pool.firsts, strict=True))
    table_BP = pool.page_table_BP[:, : -(-longest // page_size)]
    k_BPSGD, v_BPSGD = _gathered(k_NSGD, v_NSGD, table_BP, q_THD.dtype)
    k_BGLD = k_BPSGD.flatten(1, 2)[:, :longest].transpose(1, 2)
    v_BGLD = v_BPSGD.flatten(1, 2)[:, :longest].transpose(1, 2)
    firsts_B = torch.tensor(pool.firsts, device=q_THD.device)
    position_BL = firsts_B[:, None] + torch.arange(longest, device=q_THD.device)
    behind_BRL = rows.position_T.view(num_sequences, -1)[:, :, None] - position_BL[:, None, :]
    seen_BRL = behind_BRL >= 0
    if window is not None:
        seen_BRL &= behind_BRL < window
    group = num_heads // num_kv_heads
    # Queries of one key head, row after row: M = R * H / G.
    q_BGMD = q_THD.unflatten(0, (num_sequences, -1)).unflatten(2, (num_kv_heads, group)).transpose(1, 2).flatten(2, 3)
    seen_B1ML = seen_BRL.repeat_interleave(group, dim=1)[:, None]
    out_BGMD = F.scaled_dot_product_attention(q_BGMD, k_BGLD, v_BGLD, attn_mask=seen_B1ML, scale=1.0)
    out_BRHD: Tensor = out_BGMD.unflatten(2, (-1, group)).transpose(1, 2).flatten(2, 3)
    return out_BRHD.flatten(0, 1)
