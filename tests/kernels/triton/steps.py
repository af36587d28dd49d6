"""Random steps for attention kernels: who asks, over which pages of which keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate

import torch
from torch import Tensor

from gemstead.kernels import reference
from gemstead.kernels.batch import PoolView, QueryRows

# The interpreter cuts bfloat16 off instead of rounding it; float16 goes the same ways through the kernels.
HALF = torch.bfloat16 if torch.cuda.is_available() else torch.float16


@dataclass(frozen=True, kw_only=True)
class Step:
    """Arguments of one call of attention."""

    q_THD: Tensor
    k_NSGD: Tensor
    v_NSGD: Tensor
    rows: QueryRows
    pool: PoolView
    window: int | None

    @property
    def arguments(self) -> tuple[Tensor, Tensor, Tensor, QueryRows, PoolView, int | None]:
        """In the order of `reference.attention`."""
        return self.q_THD, self.k_NSGD, self.v_NSGD, self.rows, self.pool, self.window

    def exact(self) -> Tensor:
        """The result in float64, from the very numbers in the cache."""
        wide = [x.double() for x in (self.q_THD, self.k_NSGD.float(), self.v_NSGD.float())]
        out = torch.empty(*self.q_THD.shape[:2], self.v_NSGD.shape[3], dtype=torch.float64, device=wide[0].device)
        q, k, v = wide[0], reference.beside(wide[1], wide[2]), wide[2]
        group = q.shape[1] // v.shape[2]
        for b, (end, first) in enumerate(zip(self.rows.ends, self.pool.firsts, strict=True)):
            own = slice(self.rows.starts[b], self.rows.starts[b + 1])
            pages = self.pool.page_table_BP[b, : -(-(end - first) // k.shape[1])]
            keys, values = (x[pages].flatten(0, 1)[: end - first].repeat_interleave(group, dim=1) for x in (k, v))
            seen = reference.visible(self.rows.position_T[own], torch.arange(first, end, device=q.device), self.window)
            scores = torch.einsum("qhd,lhd->hql", q[own], keys).masked_fill(~seen, float("-inf"))
            out[own] = torch.einsum("hql,lhd->qhd", scores.softmax(-1), values)
        return out

    def only(self, first: int, stop: int) -> Step:
        """The same step for some of its sequences."""
        own = slice(self.rows.starts[first], self.rows.starts[stop])
        some = {"rows": self.rows.only(first, stop), "pool": self.pool.only(first, stop)}
        return replace(self, q_THD=self.q_THD[own], **some)


def random_step(
    *,
    counts: tuple[int, ...],
    ends: tuple[int, ...],
    num_heads: int,
    num_kv_heads: int,
    head_size: int,
    beside: int = 0,
    window: int | None = None,
    page: int = 16,
    dtype: torch.dtype = torch.float32,
    cache_dtype: torch.dtype | None = None,
    device: torch.device,
    seed: int = 0,
) -> Step:
    """Sequences with so many rows each, the newest at `ends` - 1; windows begin at the page of their oldest key.

    Queries are columns of a wider tensor, pages are shuffled, and slots nobody has written hold a large number.
    """
    generator = torch.Generator().manual_seed(seed)
    firsts = [
        0 if window is None else max(0, e - c - window + 1) // page * page for c, e in zip(counts, ends, strict=True)
    ]
    widths = [-(-(end - first) // page) for end, first in zip(ends, firsts, strict=True)]
    order = torch.randperm(sum(widths) + 3, generator=generator)
    table = torch.zeros(len(counts), max(widths), dtype=torch.int64)
    k = torch.full((len(order), page, num_kv_heads, beside or head_size), 300.0)
    v = torch.full((len(order), page, num_kv_heads, head_size), 300.0)
    for b, (end, first, width) in enumerate(zip(ends, firsts, widths, strict=True)):
        table[b, :width] = order[sum(widths[:b]) :][:width]
        for pages in (k, v):
            own = pages[table[b, :width]].flatten(0, 1)
            own[: end - first] = torch.randn(own[: end - first].shape, generator=generator)
            pages[table[b, :width]] = own.unflatten(0, (width, page))
    num_rows = sum(counts)
    wide = torch.randn(num_rows, num_heads, head_size + beside + 16, generator=generator) * 2 / head_size**0.5
    for half in (0, head_size // 2):  # of the value, a query has nothing where keys turn: `reference.query_beside`
        wide[..., half : half + beside // 2] = 0
    position = [p for count, end in zip(counts, ends, strict=True) for p in range(end - count, end)]
    return Step(
        q_THD=wide.to(device, dtype)[..., : head_size + beside],
        k_NSGD=reference.kept(k, cache_dtype or dtype).to(device),
        v_NSGD=reference.kept(v, cache_dtype or dtype).to(device),
        rows=QueryRows(
            position_T=torch.tensor(position, device=device), starts=(0, *accumulate(counts)), ends=tuple(ends)
        ),
        pool=PoolView(
            page_table_BP=table.to(device),
            firsts=tuple(firsts),
            slot_T=torch.zeros(0, dtype=torch.int64, device=device),
        ),
        window=window,
    )
