"""Twins whose every row is the same, bit for bit, whatever rows stand beside it: `--reproducible`.

A matrix product may take another path through its library for another number of rows, and a sum another order for
another length. So rows come in multiples of one tile, keys in blocks of one page at fixed absolute positions, block
results are added from left to right, and transcendental functions see whole vectors on one thread. What masked blocks
add is an exact zero. `exercise` tries the one assumption left, that a row's result does not depend on its place in
a tile or on the number of tiles, for every shape a model has, when the model is loaded.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

from gemstead.kernels import reference
from gemstead.kernels.batch import PoolView, QueryRows

ROW_TILE = 16
VECTOR = 32  # elements; two of the widest vectors torch uses on a CPU
SERIAL_ELEMENTS = 32768  # torch splits larger elementwise work between threads, at places that depend on its size


def _pad_rows(x: Tensor, multiple: int) -> Tensor:
    missing = -x.shape[0] % multiple
    return x if missing == 0 else F.pad(x, (0, 0) * (x.dim() - 1) + (0, missing))


def linear(x_TK: Tensor, weight_NK: Tensor) -> Tensor:
    """`reference.linear` over whole tiles of rows."""
    return F.linear(_pad_rows(x_TK, ROW_TILE), weight_NK)[: x_TK.shape[0]]


def _in_whole_vectors(function: Callable[[Tensor], Tensor], x_TF: Tensor) -> Tensor:
    """Apply an elementwise function so that each element meets the same vector code wherever its row stands."""
    width = x_TF.shape[-1]
    flat = x_TF.reshape(-1, width)
    padded = F.pad(flat, (0, -width % VECTOR)) if width % VECTOR else flat
    rows_at_once = max(1, SERIAL_ELEMENTS // padded.shape[1])
    if padded.shape[0] <= rows_at_once and padded.shape[1] <= SERIAL_ELEMENTS:
        out = function(padded.contiguous())
    else:
        out = torch.empty_like(padded)
        for row in range(0, padded.shape[0], rows_at_once):
            for column in range(0, padded.shape[1], SERIAL_ELEMENTS):
                piece = (slice(row, row + rows_at_once), slice(column, column + SERIAL_ELEMENTS))
                out[piece] = function(padded[piece].contiguous())
    return out[:, :width].reshape(x_TF.shape)


def gated_gelu(gate: Tensor, up: Tensor) -> Tensor:
    """`reference.gated_gelu` with whole vectors."""
    return _in_whole_vectors(lambda x: F.gelu(x, approximate="tanh"), gate) * up


def softcap(x: Tensor, cap: float) -> Tensor:
    """`reference.softcap` with whole vectors."""
    return _in_whole_vectors(torch.tanh, x.float() / cap) * cap


def attention(
    q_THD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """`reference.attention` with a page as the unit of every sum over keys."""
    out_THD = torch.empty_like(q_THD)
    singles = rows.num_leading_singles
    if singles:
        decoding = (rows.only(0, singles), pool.only(0, singles))
        out_THD[:singles] = _attend_together(q_THD[:singles], k_NSGD, v_NSGD, *decoding, window)
    for b in range(singles, len(rows.ends)):
        for start in range(rows.starts[b], rows.starts[b + 1], ROW_TILE):
            stop = min(start + ROW_TILE, rows.starts[b + 1])
            tile = QueryRows(
                position_T=rows.position_T[start:stop],
                starts=tuple(range(stop - start + 1)),
                ends=(rows.ends[b],) * (stop - start),
            )
            view = PoolView(
                page_table_BP=pool.page_table_BP[b : b + 1].expand(stop - start, -1),
                firsts=(pool.firsts[b],) * (stop - start),
                slot_T=pool.slot_T[:0],
            )
            out_THD[start:stop] = _attend_together(q_THD[start:stop], k_NSGD, v_NSGD, tile, view, window)
    return out_THD


def _attend_together(
    q_BHD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """Attention of one row per sequence; every (row, page) pair is a product of its own, always of the same shape."""
    num_heads, head_size = q_BHD.shape[1:]
    page_size, num_kv_heads = k_NSGD.shape[1:3]
    device = q_BHD.device
    firsts_B = torch.tensor(pool.firsts, device=device)
    longest = max(end - first for end, first in zip(rows.ends, pool.firsts, strict=True))
    num_pages = -(-longest // page_size)
    table_BP = pool.page_table_BP[:, :num_pages]
    key_position_BPS = (firsts_B[:, None] + torch.arange(num_pages * page_size, device=device)).unflatten(
        1, (num_pages, page_size)
    )
    behind_BPS = rows.position_T[:, None, None] - key_position_BPS
    seen_BPS = behind_BPS >= 0
    if window is not None:
        seen_BPS &= behind_BPS < window
    q_BGRD = q_BHD.float().unflatten(1, (num_kv_heads, num_heads // num_kv_heads))
    missing = -q_BGRD.shape[2] % 4
    q_BGRD = F.pad(q_BGRD, (0, 0, 0, missing)) if missing else q_BGRD
    k_BPGDS = k_NSGD[table_BP].float().permute(0, 1, 3, 4, 2)
    v_BPGSD = v_NSGD[table_BP].float().permute(0, 1, 3, 2, 4)
    shape = (len(rows.ends), num_pages, *q_BGRD.shape[1:])
    q_BPGRD = q_BGRD[:, None].expand(shape)
    scores_BPGRS = (q_BPGRD.reshape(-1, *shape[3:]) @ k_BPGDS.reshape(-1, head_size, page_size)).view(
        *shape[:4], page_size
    )
    scores_BPGRS = scores_BPGRS.masked_fill(~seen_BPS[:, :, None, None, :], float("-inf"))
    top_BGR = scores_BPGRS.amax(dim=(1, 4))
    weights_BPGRS = _in_whole_vectors(torch.exp, scores_BPGRS - top_BGR[:, None, :, :, None])
    # The values of the keys' weights ride along as one more column would; a page's sum has one fixed length.
    mass_BPGR = weights_BPGRS.sum(-1)
    parts_BPGRD = (weights_BPGRS.reshape(-1, shape[3], page_size) @ v_BPGSD.reshape(-1, page_size, head_size)).view(
        shape
    )
    mass_BGR, sum_BGRD = mass_BPGR[:, 0].clone(), parts_BPGRD[:, 0].clone()
    for page in range(1, num_pages):
        mass_BGR += mass_BPGR[:, page]
        sum_BGRD += parts_BPGRD[:, page]
    out_BGRD = sum_BGRD / mass_BGR[..., None]
    return out_BGRD[:, :, : num_heads // num_kv_heads].flatten(1, 2).to(q_BHD.dtype)


experts = functools.partial(reference.experts, linear=linear, gated_gelu=gated_gelu)
"""`reference.experts` with each expert's rows in whole tiles."""


def exercise(weights: Sequence[Tensor], max_rows: int = 4 * ROW_TILE) -> list[tuple[int, ...]]:
    """Try on random rows whether a row's product depends on its neighbours; one product per distinct shape.

    Args:
        weights: Matrices (N, K) as the model holds them.
        max_rows: Largest number of rows tried.

    Returns:
        Shapes for which it does; empty when everything is as it should be.
    """
    failed = []
    for weight in {tuple(w.shape): w for w in weights}.values():
        generator = torch.Generator().manual_seed(0)
        x = torch.randn(max_rows, weight.shape[1], generator=generator).to(weight.dtype).to(weight.device)
        whole = linear(x, weight)
        order = torch.randperm(max_rows, generator=generator)
        shuffled = linear(x[order], weight)
        alone = torch.cat([linear(x[t : t + 1], weight) for t in range(0, max_rows, 5)])
        if not (torch.equal(shuffled, whole[order]) and torch.equal(alone, whole[::5])):
            failed.append(tuple(weight.shape))
    return failed
