"""The twins that define what is right: plain torch, float32 inside, one sequence and one expert at a time."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

from gemstead.kernels import packed
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.packed import Weight


def lay_out(weight: Weight) -> Weight:
    """A matrix that is multiplied by, in the layout its product reads: done once, at load. Here: as it is."""
    return weight


def linear(x_TK: Tensor, weight_NK: Weight) -> Tensor:
    """`x W^T`, shape (T, N), in the dtype of `x_TK`."""
    return packed.product(F.linear, x_TK, weight_NK)


def embedding(ids_T: Tensor, weight_NK: Weight) -> Tensor:
    """Rows by number, shape (T, K), in the dtype of the weight."""
    return packed.rows(ids_T, weight_NK)


def gated_gelu(gate: Tensor, up: Tensor) -> Tensor:
    """`gelu_tanh(gate) * up`, elementwise. Source: GELU, arXiv:1606.08415, section 2 (tanh form)."""
    return F.gelu(gate, approximate="tanh") * up


def softcap(x: Tensor, cap: float) -> Tensor:
    """`cap * tanh(x / cap)`, elementwise, float32. Source: Gemma 2, arXiv:2408.00118, section 2."""
    return torch.tanh(x.float() / cap) * cap


def rms_norm(x: Tensor, weight: Tensor | None, eps: float) -> Tensor:
    """`x / sqrt(mean(x^2) + eps) * weight` over the last dimension, in float32, cast back to the dtype of `x`.

    The weight multiplies directly, not `1 + weight`. `None` scales by nothing.
    Source: RMSNorm, arXiv:1910.07467, equation 4.
    """
    wide = x.float()
    normed = wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + eps)
    if weight is not None:
        normed = normed * weight.float()
    return normed.to(x.dtype)


def rotate(x_THD: Tensor, cos_TD: Tensor, sin_TD: Tensor) -> Tensor:
    """Rotary embedding, half-split: element j is paired with j + D/2. In float32, cast back.

    Source: RoFormer, arXiv:2104.09864, section 3.4.2.
    """
    x = x_THD.float()
    low, high = x.chunk(2, dim=-1)
    turned = torch.cat((-high, low), dim=-1)
    return (x * cos_TD[:, None, :] + turned * sin_TD[:, None, :]).to(x_THD.dtype)


def turning(x_THD: Tensor, num_turning: int) -> Tensor:
    """The first `num_turning` / 2 pairs of each head, which alone turn: (T, H, R), the pairs' first halves first."""
    low, high = x_THD.chunk(2, dim=-1)
    return torch.cat((low[..., : num_turning // 2], high[..., : num_turning // 2]), dim=-1)


def query_beside(folded_THD: Tensor, rotated_THD: Tensor, num_turning: int) -> Tensor:
    """A query for keys that stand beside their values: what the value is multiplied by, then what the key is.

    Args:
        folded_THD: Queries times the weight that makes keys from values.
        rotated_THD: Queries, rotated.
        num_turning: R, entries that turn; of the folded query they are 0.

    Returns:
        (T, H, D + R).
    """
    low, high = folded_THD.chunk(2, dim=-1)
    still = [F.pad(half[..., num_turning // 2 :], (num_turning // 2, 0)) for half in (low, high)]
    return torch.cat((*still, turning(rotated_THD, num_turning)), dim=-1)


def kept(x: Tensor, dtype: torch.dtype) -> Tensor:
    """In the dtype of a cache; of fp8, what is too large becomes the largest there is."""
    if dtype is torch.float8_e4m3fn:
        limit = torch.finfo(dtype).max
        x = x.clamp(-limit, limit)
    return x.to(dtype)


def beside(k: Tensor, v: Tensor) -> Tensor:
    """Keys as queries meet them: as they are, or, if narrower than values, the value first and then the key."""
    return k if k.shape[-1] == v.shape[-1] else torch.cat((v, k), dim=-1)


def visible(query_position_Q: Tensor, key_position_L: Tensor, window: int | None) -> Tensor:
    """Which keys each query sees, bool (Q, L): none later, and of a window only the last `window`, itself included."""
    behind = query_position_Q[:, None] - key_position_L[None, :]
    seen = behind >= 0
    return seen if window is None else seen & (behind < window)


def attention(
    q_THD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """Softmax attention over paged keys and values, scale 1, grouped queries, in float32.

    Args:
        q_THD: Queries of all sequences; where keys are narrower than values, (T, H, D + R), see `query_beside`.
        k_NSGD: Pages of keys, or of the part of them that stands beside the value, (N, S, G, R).
        v_NSGD: Pages of values.
        rows: Which rows belong to whom, and where they stand.
        pool: Which pages belong to whom.
        window: Keys seen, the query's own included; `None` sees all.

    Returns:
        (T, H, D), in the dtype of the queries.

    Source: grouped-query attention, arXiv:2305.13245; paging, arXiv:2309.06180, section 4.
    """
    num_heads, num_kv_heads = q_THD.shape[1], k_NSGD.shape[2]
    page_size = k_NSGD.shape[1]
    out_THD = q_THD.new_empty(*q_THD.shape[:2], v_NSGD.shape[3])
    for b, (end, first) in enumerate(zip(rows.ends, pool.firsts, strict=True)):
        own = slice(rows.starts[b], rows.starts[b + 1])
        if own.start == own.stop:
            continue
        num_keys = end - first
        pages = pool.page_table_BP[b, : -(-num_keys // page_size)]
        v_LGD = v_NSGD[pages].flatten(0, 1)[:num_keys].float()
        k_LGD = beside(k_NSGD[pages].flatten(0, 1)[:num_keys].float(), v_LGD)
        key_position_L = torch.arange(first, end, device=q_THD.device)
        seen_QL = visible(rows.position_T[own], key_position_L, window)
        q_QGRD = q_THD[own].float().unflatten(1, (num_kv_heads, num_heads // num_kv_heads))
        scores_GRQL = torch.einsum("qgrd,lgd->grql", q_QGRD, k_LGD)
        weights_GRQL = scores_GRQL.masked_fill(~seen_QL, float("-inf")).softmax(-1)
        out_THD[own] = torch.einsum("grql,lgd->qgrd", weights_GRQL, v_LGD).flatten(1, 2).to(q_THD.dtype)
    return out_THD


def experts(
    x_TK: Tensor,
    gate_up_EFK: Weight,
    down_EKI: Weight,
    chosen_TA: Tensor,
    weight_TA: Tensor,
    *,
    multiply: Callable[[Tensor, Tensor], Tensor] = F.linear,
    gated_gelu: Callable[[Tensor, Tensor], Tensor] = gated_gelu,
) -> Tensor:
    """Sum of the chosen experts' gated MLPs: `sum_a w_a * down_e(gelu(gate_e x) * up_e x)`.

    Args:
        x_TK: Rows.
        gate_up_EFK: Per expert, the gate's rows above the up-projection's; F = 2 I.
        down_EKI: Per expert, the down-projection.
        chosen_TA: A experts per row, int64.
        weight_TA: Their weights, float32.
        multiply: The product with a dense matrix.
        gated_gelu: Twin of the activation.

    Returns:
        (T, K), in the dtype of `x_TK`; each row's experts are added in ascending order of their number.
    """
    out_TK = torch.zeros(x_TK.shape, dtype=torch.float32, device=x_TK.device)
    for e in chosen_TA.unique().tolist():
        row, place = torch.nonzero(chosen_TA == e, as_tuple=True)
        gate, up = packed.product(multiply, x_TK[row], gate_up_EFK, e).chunk(2, dim=-1)
        y = packed.product(multiply, gated_gelu(gate, up), down_EKI, e)
        out_TK.index_add_(0, row, y.float() * weight_TA[row, place, None])
    return out_TK.to(x_TK.dtype)
