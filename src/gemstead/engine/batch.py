"""A step's shares -> tensors; and the paged memory the model's attention writes to.

Shape legend: see `kernels/batch.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate

import torch
from torch import Tensor

from gemstead.engine.config import EngineConfig
from gemstead.engine.scheduler import Share
from gemstead.engine.sequence import Sequence
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.ops import Kernels, Slots
from gemstead.models.cache import LayerCache, LayerKind


class PagedCache:
    """The cache's tensors: keys and values of every layer that owns some, in the pages of its kind's pool.

    Args:
        layers: What the model declares.
        config: Sizes.
        dtype: Of keys and values.
        device: Where.
        readers: Layers of a drafter that read these, too, and may look further back.
    """

    def __init__(
        self,
        layers: tuple[LayerCache, ...],
        config: EngineConfig,
        dtype: torch.dtype,
        device: torch.device,
        readers: tuple[LayerCache, ...] = (),
    ) -> None:
        self.layers = layers
        everyone = (*layers, *readers)
        self.window = max((layer.window for layer in everyone if layer.window is not None), default=None)
        self.num_pages = config.cache_size.pages(everyone)
        self._pages: dict[int, tuple[Tensor, Tensor]] = {}
        for number, layer in enumerate(layers):
            if layer.source == number:
                shape = (self.num_pages[layer.kind], config.page_tokens, layer.num_kv_heads, layer.head_size)
                # Zeros, not whatever was there: masked slots are multiplied by 0, and 0 times NaN is NaN.
                self._pages[number] = (
                    torch.zeros(shape, dtype=dtype, device=device),
                    torch.zeros(shape, dtype=dtype, device=device),
                )

    def pages(self, source: int) -> tuple[Tensor, Tensor]:
        """Keys and values, (N, S, G, D) each, of a layer that owns some."""
        return self._pages[source]

    @property
    def num_bytes(self) -> int:
        """Bytes of all pages."""
        return sum(k.nbytes + v.nbytes for k, v in self._pages.values())


@dataclass(frozen=True, kw_only=True)
class PagedMemory:
    """`AttentionMemory` over pages, for one step.

    Args:
        cache: The pages.
        layers: Of the model that asks: the one that owns the cache, or its drafter.
        rows: Which rows ask.
        pools: Which pages they may read.
        attention: The kernel.
    """

    cache: PagedCache
    layers: tuple[LayerCache, ...]
    rows: QueryRows
    pools: dict[LayerKind, PoolView]
    attention: Callable[[Tensor, Tensor, Tensor, QueryRows, PoolView, int | None], Tensor]

    def slots(self, layer: int) -> Slots:
        """See `AttentionMemory.slots`."""
        spec = self.layers[layer]
        return Slots(*self.cache.pages(spec.source), self.pools[spec.kind].slot_T)

    def attend(self, layer: int, q_THD: Tensor, k_TGD: Tensor | None, v_TGD: Tensor | None) -> Tensor:
        """See `AttentionMemory.attend`."""
        assert k_TGD is None and v_TGD is None, "keys and values go into their slots"
        spec = self.layers[layer]
        return self.attention(q_THD, *self.cache.pages(spec.source), self.rows, self.pools[spec.kind], spec.window)

    def keep_rows(self, row_R: Tensor) -> PagedMemory:
        """See `AttentionMemory.keep_rows`. Sequences without a row are left out."""
        kept = row_R.tolist()
        owner_of = [b for b in range(len(self.rows.ends)) for _ in range(*self.rows.starts[b : b + 2])]
        owners = [owner_of[row] for row in kept]
        sequences = sorted(set(owners))
        counts = [owners.count(b) for b in sequences]
        rows = QueryRows(
            position_T=self.rows.position_T[row_R],
            starts=(0, *accumulate(counts)),
            ends=tuple(self.rows.ends[b] for b in sequences),
        )
        index = torch.tensor(sequences, dtype=torch.int64, device=row_R.device)
        pools: dict[LayerKind, PoolView] = {
            kind: PoolView(
                page_table_BP=view.page_table_BP[index],
                firsts=tuple(view.firsts[b] for b in sequences),
                slot_T=view.slot_T[:0],
            )
            for kind, view in self.pools.items()
        }
        return replace(self, rows=rows, pools=pools)


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Everything a forward pass needs.

    Args:
        ids_T: Token ids.
        memory: Positions, pages and cache.
        rows_R: Rows whose logits are wanted: `Share.num_choices` of every share.
    """

    ids_T: Tensor
    memory: PagedMemory
    rows_R: Tensor


def build_batch(
    shares: list[Share], cache: PagedCache, kernels: Kernels, page_tokens: int, device: torch.device
) -> Batch:
    """Lay the rows of all shares one after another and look their pages up."""
    ids: list[int] = []
    positions: list[int] = []
    wanted: list[int] = []
    slots: dict[LayerKind, list[int]] = {"full": [], "sliding": []}
    for share in shares:
        sequence, start = share.sequence, share.sequence.num_computed
        stop = start + share.count
        ids += sequence.ids[start:stop]
        ids += share.drafts
        positions += range(start, stop)
        for position in range(start, stop):
            page, offset = divmod(position, page_tokens)
            slots["full"].append(sequence.full_pages[page] * page_tokens + offset)
            sliding_page = sequence.sliding_pages[page - sequence.sliding_first]
            slots["sliding"].append(sliding_page * page_tokens + offset)
        wanted += range(len(ids) - share.num_choices, len(ids))
    rows = QueryRows(
        position_T=torch.tensor(positions, device=device),
        starts=(0, *accumulate(share.count for share in shares)),
        ends=tuple(share.sequence.num_computed + share.count for share in shares),
    )
    pools = _pools([share.sequence for share in shares], slots, page_tokens, device)
    return Batch(
        ids_T=torch.tensor(ids, device=device),
        memory=PagedMemory(cache=cache, layers=cache.layers, rows=rows, pools=pools, attention=kernels.attention),
        rows_R=torch.tensor(wanted, dtype=torch.int64, device=device),
    )


def borrowing_memory(
    sequences: list[Sequence],
    cache: PagedCache,
    layers: tuple[LayerCache, ...],
    kernels: Kernels,
    page_tokens: int,
    device: torch.device,
) -> PagedMemory:
    """A drafter's memory: one row per sequence, at its newest token, which sees all keys before and writes none.

    Kernels take it that a row's own key is there. The newest token's is not, so rows stand at the last key instead, and
    their window is the shorter by the one place between.

    Args:
        sequences: Whose newest token is all that the model has not read.
        cache: The model's.
        layers: The drafter's.
        kernels: The drafter's.
        page_tokens: Tokens of one page.
        device: Where.
    """
    ends = tuple(sequence.num_computed for sequence in sequences)
    return PagedMemory(
        cache=cache,
        layers=tuple(layer if layer.window is None else replace(layer, window=layer.window - 1) for layer in layers),
        rows=QueryRows(position_T=torch.tensor(ends, device=device) - 1, starts=tuple(range(len(ends) + 1)), ends=ends),
        pools=_pools(sequences, {"full": [], "sliding": []}, page_tokens, device),
        attention=kernels.attention,
    )


def _pools(
    sequences: list[Sequence], slots: Mapping[LayerKind, list[int]], page_tokens: int, device: torch.device
) -> dict[LayerKind, PoolView]:
    tables: dict[LayerKind, list[list[int]]] = {
        "full": [s.full_pages for s in sequences],
        "sliding": [s.sliding_pages for s in sequences],
    }
    firsts: dict[LayerKind, tuple[int, ...]] = {
        "full": (0,) * len(sequences),
        "sliding": tuple(s.sliding_first * page_tokens for s in sequences),
    }
    return {
        kind: PoolView(
            page_table_BP=_rectangle(tables[kind], device),
            firsts=firsts[kind],
            slot_T=torch.tensor(slots[kind], dtype=torch.int64, device=device),
        )
        for kind in slots
    }


def _rectangle(tables: list[list[int]], device: torch.device) -> Tensor:
    width = max(len(table) for table in tables)
    return torch.tensor([table + [0] * (width - len(table)) for table in tables], dtype=torch.int64, device=device)
