"""Twins whose every row is the same, bit for bit, whatever rows stand beside it: `--reproducible`.

A matrix product may take another path through its library for another number of rows, and a sum another order for
another length. So rows come in multiples of one tile, keys in blocks of one page at fixed absolute positions, block
results are added from left to right, and transcendental functions see whole vectors on one thread. What masked blocks
add is an exact zero. One assumption is left: that a row's result does not depend on its place in a tile or on the
number of tiles. `find_tiles` tries it on the weights themselves when a model is loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from gemstead.kernels import packed, reference, routing
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.packed import Weight

EXERCISE_ROWS = 96
EXERCISE_HEADS = (64, 128, 256, 512, 640)  # 640: a value of 512 with a quarter of its key beside it
PREFILL_ROWS = 64  # rows of a prompt that attend together; any number gives the same bits
VECTOR = 32  # elements; two of the widest vectors torch uses on a CPU
SERIAL_ELEMENTS = 32768  # torch splits larger elementwise work between threads, at places that depend on its size


def _pad_rows(x: Tensor, multiple: int) -> Tensor:
    missing = -x.shape[0] % multiple
    return x if missing == 0 else F.pad(x, (0, 0) * (x.dim() - 1) + (0, missing))


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


@dataclass(frozen=True)
class Tiled:
    """Products and attention in whole tiles of rows.

    Args:
        row_tile: Rows of a tile.
        one_by_one: Whether every tile is a product of its own, for libraries that split the rows of a larger product
            among threads or kernels. Slower; with tiles of one row it holds anywhere.
    """

    row_tile: int
    one_by_one: bool = False

    def linear(self, x_TK: Tensor, weight_NK: Weight) -> Tensor:
        """`reference.linear` over whole tiles."""
        return packed.product(self.multiply, x_TK, weight_NK)

    def multiply(self, x_TK: Tensor, weight_NK: Tensor) -> Tensor:
        """The product with a dense matrix, over whole tiles."""
        padded = _pad_rows(x_TK, self.row_tile)
        if self.one_by_one and padded.shape[0] > self.row_tile:
            out_TN = torch.cat([F.linear(tile, weight_NK) for tile in padded.split(self.row_tile)])
        else:
            out_TN = F.linear(padded, weight_NK)
        return out_TN[: x_TK.shape[0]]

    def experts(
        self, x_TK: Tensor, gate_up_EFK: Weight, down_EKI: Weight, chosen_TA: Tensor, weight_TA: Tensor
    ) -> Tensor:
        """`reference.experts` with each expert's rows in whole tiles."""
        return routing.experts(
            x_TK,
            gate_up_EFK,
            down_EKI,
            chosen_TA,
            weight_TA,
            multiply=partial(routing.one_by_one, partial(packed.product, self.multiply)),
            gated_gelu=gated_gelu,
        )

    def attention(
        self, q_THD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
    ) -> Tensor:
        """`reference.attention` with a page as the unit of every sum over keys."""
        out_THD = q_THD.new_empty(*q_THD.shape[:2], v_NSGD.shape[3])
        prefill_rows = 1 if self.one_by_one else PREFILL_ROWS
        singles = rows.num_leading_singles
        if singles:
            decoding = (rows.only(0, singles), pool.only(0, singles))
            out_THD[:singles] = self._attend(q_THD[:singles, None], k_NSGD, v_NSGD, *decoding, window)[:, 0]
        for b in range(singles, len(rows.ends)):
            for start in range(rows.starts[b], rows.starts[b + 1], prefill_rows):
                own = slice(start, min(start + prefill_rows, rows.starts[b + 1]))
                tile = QueryRows(
                    position_T=rows.position_T[own], starts=(0, own.stop - own.start), ends=(rows.ends[b],)
                )
                out_THD[own] = self._attend(q_THD[own][None], k_NSGD, v_NSGD, tile, pool.only(b, b + 1), window)[0]
        return out_THD

    def _attend(
        self, q_BRHD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
    ) -> Tensor:
        """Attention of R rows in each of B sequences; (B, R, H, D).

        Every page of keys is a product of its own with M = R * H / G queries, filled up to whole tiles:
        scores (B, P, G, M, S), then the pages' sums are added from left to right.
        """
        batch, num_rows, num_heads, head_size = q_BRHD.shape
        page_size, num_kv_heads = k_NSGD.shape[1:3]
        group = num_heads // num_kv_heads
        longest = max(end - first for end, first in zip(rows.ends, pool.firsts, strict=True))
        num_pages = -(-longest // page_size)
        table_BP = pool.page_table_BP[:, :num_pages]
        seen_BPMS = _visible_pages(rows, pool, num_pages, page_size, window, batch, num_rows, group)
        q_BGMD = q_BRHD.float().unflatten(2, (num_kv_heads, group)).permute(0, 2, 1, 3, 4).flatten(2, 3)
        size = q_BGMD.shape[2]
        missing = -size % self.row_tile
        q_BGMD = F.pad(q_BGMD, (0, 0, 0, missing))
        seen_BPMS = F.pad(seen_BPMS, (0, 0, 0, missing), value=True)
        # One memory layout whatever the shape: a product takes another path for another layout.
        v_BPSGD = v_NSGD[table_BP].float()
        k_BPSGD = reference.beside(k_NSGD[table_BP].float(), v_BPSGD)
        k_XSD = k_BPSGD.transpose(2, 3).reshape(-1, page_size, head_size).contiguous()
        v_XSD = v_BPSGD.transpose(2, 3).reshape(-1, page_size, v_NSGD.shape[3]).contiguous()
        shape = (batch, num_pages, num_kv_heads, size + missing)
        q_XMD = q_BGMD[:, None].expand(*shape, head_size).reshape(-1, size + missing, head_size).contiguous()
        scores = (q_XMD @ k_XSD.transpose(1, 2)).view(*shape, page_size)
        scores = scores.masked_fill(~seen_BPMS[:, :, None], float("-inf"))
        top_BGM = scores.amax(dim=(1, 4))
        # A tile of queries times a page is whole vectors wide, so `exp` sees them without padding.
        exponents = (scores - top_BGM[:, None, ..., None]).flatten(3)
        weights = _in_whole_vectors(torch.exp, exponents).view(*shape, page_size)
        mass_BPGM = weights.sum(-1)
        parts_BPGMD = (weights.reshape(-1, size + missing, page_size).contiguous() @ v_XSD).view(
            *shape, v_NSGD.shape[3]
        )
        mass_BGM, sum_BGMD = mass_BPGM[:, 0].clone(), parts_BPGMD[:, 0].clone()
        for page in range(1, num_pages):
            mass_BGM += mass_BPGM[:, page]
            sum_BGMD += parts_BPGMD[:, page]
        out_BGMD = (sum_BGMD / mass_BGM[..., None])[:, :, :size]
        out_BRHD: Tensor = out_BGMD.unflatten(2, (num_rows, group)).permute(0, 2, 1, 3, 4).flatten(2, 3)
        return out_BRHD.to(q_BRHD.dtype)


def _visible_pages(
    rows: QueryRows,
    pool: PoolView,
    num_pages: int,
    page_size: int,
    window: int | None,
    batch: int,
    num_rows: int,
    group: int,
) -> Tensor:
    """Which keys of each page each query sees, (B, P, M, S); a row's heads see the same."""
    device = rows.position_T.device
    firsts_B = torch.tensor(pool.firsts, device=device)
    key_position_BPS = (firsts_B[:, None] + torch.arange(num_pages * page_size, device=device)).view(
        batch, num_pages, page_size
    )
    position_BR = rows.position_T.view(batch, num_rows)
    behind = position_BR[:, None, :, None] - key_position_BPS[:, :, None, :]
    seen = behind >= 0
    if window is not None:
        seen &= behind < window
    return seen.repeat_interleave(group, dim=2)


def find_tiles(weights: Sequence[Tensor]) -> Tiled | None:
    """The cheapest tiles with which a row's product does not depend on its neighbours, for any of these matrices.

    Args:
        weights: Matrices (N, K) as the model multiplies by them; one of each shape is enough.

    Returns:
        The tiles, or `None` if the assumption holds for none of `LADDER` on this machine.
    """
    return next((tiled for tiled in LADDER if not exercise(weights, tiled)), None)


def exercise(weights: Sequence[Tensor], tiled: Tiled) -> list[tuple[int, ...]]:
    """Try on random rows whether a row's product depends on its neighbours, in linear layers and in attention.

    Args:
        weights: Matrices (N, K); one product per distinct shape.
        tiled: Tiles to try.

    Returns:
        Shapes for which it does; empty when everything is as it should be.
    """
    generator = torch.Generator().manual_seed(0)
    failed = []
    for weight in {tuple(w.shape): w for w in weights}.values():
        x = torch.randn(EXERCISE_ROWS, weight.shape[1], generator=generator).to(weight)
        whole = tiled.linear(x, weight)
        order = torch.randperm(EXERCISE_ROWS, generator=generator)
        parts = torch.cat([tiled.linear(part, weight) for part in x.split(EXERCISE_ROWS // 2 - 3)])
        alone = torch.cat([tiled.linear(x[t : t + 1], weight) for t in range(0, EXERCISE_ROWS, 5)])
        holds = (
            torch.equal(tiled.linear(x[order], weight), whole[order])
            and torch.equal(parts, whole)
            and torch.equal(alone, whole[::5])
        )
        if not holds:
            failed.append(tuple(weight.shape))
    for head_size in EXERCISE_HEADS:
        most = tiled.row_tile if tiled.one_by_one else EXERCISE_ROWS
        queries = torch.randn(1, most, head_size, generator=generator).expand(9, -1, -1).contiguous()
        keys = torch.randn(9, 16, head_size, generator=generator)
        whole = queries @ keys.transpose(1, 2) @ keys
        few = queries[:4, : tiled.row_tile].contiguous() @ keys[:4].transpose(1, 2) @ keys[:4]
        if not torch.equal(few, whole[:4, : tiled.row_tile]):
            failed.append((tiled.row_tile, head_size))
    return failed


# From the cheapest to the one that holds anywhere; a machine's library decides how far down it is.
LADDER = (Tiled(4), Tiled(8), Tiled(16), Tiled(32), Tiled(16, one_by_one=True), Tiled(1, one_by_one=True))
