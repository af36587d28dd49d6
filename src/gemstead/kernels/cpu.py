"""Twins for the CPU: many sequences at once, torch's fused attention, no float32 copies of what is already float32."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from gemstead.kernels import reference
from gemstead.kernels.batch import PoolView, QueryRows


def attention(
    q_THD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """`reference.attention`: decoding rows of all sequences in one call, longer ones sequence by sequence."""
    num_heads, num_kv_heads = q_THD.shape[1], k_NSGD.shape[2]
    group = num_heads // num_kv_heads
    page_size = k_NSGD.shape[1]
    out_THD = torch.empty_like(q_THD)
    singles = rows.num_leading_singles
    if singles:
        decoding = (rows.only(0, singles), pool.only(0, singles))
        out_THD[:singles] = _decode(q_THD[:singles], k_NSGD, v_NSGD, *decoding, window)
    for b in range(singles, len(rows.ends)):
        end, first = rows.ends[b], pool.firsts[b]
        own = slice(rows.starts[b], rows.starts[b + 1])
        if own.start == own.stop:
            continue
        pages = pool.page_table_BP[b, : -(-(end - first) // page_size)]
        k_GLD = k_NSGD[pages].flatten(0, 1)[: end - first].transpose(0, 1)
        v_GLD = v_NSGD[pages].flatten(0, 1)[: end - first].transpose(0, 1)
        seen_QL = reference.visible(rows.position_T[own], torch.arange(first, end, device=q_THD.device), window)
        q_GRQD = q_THD[own].unflatten(1, (num_kv_heads, group)).permute(1, 2, 0, 3)
        out_GRQD = F.scaled_dot_product_attention(
            q_GRQD,
            k_GLD[:, None].expand(-1, group, -1, -1),
            v_GLD[:, None].expand(-1, group, -1, -1),
            attn_mask=seen_QL,
            scale=1.0,
        )
        out_THD[own] = out_GRQD.permute(2, 0, 1, 3).flatten(1, 2)
    return out_THD


def _decode(
    q_BHD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """One row per sequence: pages are gathered into one rectangle; a group's queries share its keys."""
    num_heads, num_kv_heads = q_BHD.shape[1], k_NSGD.shape[2]
    page_size = k_NSGD.shape[1]
    longest = max(end - first for end, first in zip(rows.ends, pool.firsts, strict=True))
    table_BP = pool.page_table_BP[:, : -(-longest // page_size)]
    k_BGLD = k_NSGD[table_BP].flatten(1, 2)[:, :longest].transpose(1, 2)
    v_BGLD = v_NSGD[table_BP].flatten(1, 2)[:, :longest].transpose(1, 2)
    firsts_B = torch.tensor(pool.firsts, device=q_BHD.device)
    behind_BL = rows.position_T[:, None] - (firsts_B[:, None] + torch.arange(longest, device=q_BHD.device))
    seen_BL = behind_BL >= 0
    if window is not None:
        seen_BL &= behind_BL < window
    q_BGRD = q_BHD.unflatten(1, (num_kv_heads, num_heads // num_kv_heads))
    out_BGRD = F.scaled_dot_product_attention(q_BGRD, k_BGLD, v_BGLD, attn_mask=seen_BL[:, None, None, :], scale=1.0)
    return out_BGRD.flatten(1, 2)
