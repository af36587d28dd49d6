"""A step's shares -> arrays -> tensors; and the paged memory the model's attention writes to.

Shape legend: see `kernels/batch.py`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from collections.abc import Sequence as Ordered
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from gemstead.engine.config import EngineConfig
from gemstead.engine.scheduler import Share
from gemstead.engine.sequence import Sequence
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.ops import Kernels, Slots
from gemstead.models.cache import LayerCache, LayerKind

IntArray = npt.NDArray[np.int64]


class PagedCache:
    """The cache's tensors: keys and values of every layer that owns some, in the pages of its kind's pool.

    Args:
        layers: What the model declares.
        config: Sizes.
        dtype: Of keys and values.
        device: Where.
        readers: Layers of a drafter that read these, too, and may look further back.
        key_weights: Of layers that keep keys in part, the model's `key_weights`.
    """

    def __init__(
        self,
        layers: tuple[LayerCache, ...],
        config: EngineConfig,
        dtype: torch.dtype,
        device: torch.device,
        *,
        readers: tuple[LayerCache, ...] = (),
        key_weights: Mapping[int, Tensor],
    ) -> None:
        self.layers = layers
        everyone = (*layers, *readers)
        self.window = max((layer.window for layer in everyone if layer.window is not None), default=None)
        self.num_pages = config.cache_size.pages(everyone)
        self.key_weights = key_weights
        self._pages: dict[int, tuple[Tensor, Tensor]] = {}
        for number, layer in enumerate(layers):
            if layer.source == number:
                shape = (self.num_pages[layer.kind] + 1, config.page_tokens, layer.num_kv_heads)
                # Zeros, not whatever was there: masked slots are multiplied by 0, and 0 times NaN is NaN.
                self._pages[number] = (
                    torch.zeros(*shape, layer.key_size, dtype=dtype, device=device),
                    torch.zeros(*shape, layer.head_size, dtype=dtype, device=device),
                )

    def pages(self, source: int) -> tuple[Tensor, Tensor]:
        """Keys, (N, S, G, `key_size`), and values, (N, S, G, D), of a layer that owns some."""
        return self._pages[source]

    def unread_page(self, kind: LayerKind) -> int:
        """A page that no sequence holds: rows that belong to nobody write there."""
        return self.num_pages[kind]

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
        wanted: The rows `keep_rows` will be asked for, on the device and here, if known: saves a wait for the device.
        kept: What `keep_rows` gives, if known.
    """

    cache: PagedCache
    layers: tuple[LayerCache, ...]
    rows: QueryRows
    pools: dict[LayerKind, PoolView]
    attention: Callable[[Tensor, Tensor, Tensor, QueryRows, PoolView, int | None], Tensor]
    wanted: tuple[Tensor, list[int]] | None = None
    kept: PagedMemory | None = None

    def slots(self, layer: int) -> Slots:
        """See `AttentionMemory.slots`."""
        spec = self.layers[layer]
        key_weight_D = self.cache.key_weights.get(spec.source)
        return Slots(*self.cache.pages(spec.source), self.pools[spec.kind].slot_T, key_weight_D)

    def attend(self, layer: int, q_THD: Tensor, k_TGD: Tensor | None, v_TGD: Tensor | None) -> Tensor:
        """See `AttentionMemory.attend`."""
        assert k_TGD is None and v_TGD is None, "keys and values go into their slots"
        spec = self.layers[layer]
        return self.attention(q_THD, *self.cache.pages(spec.source), self.rows, self.pools[spec.kind], spec.window)

    def keep_rows(self, row_R: Tensor) -> PagedMemory:
        """See `AttentionMemory.keep_rows`. Sequences without a row are left out."""
        if self.kept is not None:
            return self.kept
        kept = self.wanted[1] if self.wanted is not None and row_R is self.wanted[0] else row_R.tolist()
        if len(kept) == self.rows.starts[-1] == len(self.rows.position_T):
            return self
        starts = self.rows.starts
        owners = [bisect_right(starts, row) - 1 for row in kept]
        sequences = sorted(set(owners))
        firsts = {kind: [view.firsts[b] for b in sequences] for kind, view in self.pools.items()}
        counts = [owners.count(b) for b in sequences]
        new_starts = (0, *accumulate(counts))
        placed_starts, index, *placed_firsts = _copied([new_starts, sequences, *firsts.values()], row_R.device)
        rows = QueryRows(
            position_T=self.rows.position_T[row_R],
            starts=new_starts,
            ends=tuple(self.rows.ends[b] for b in sequences),
            placed_starts=placed_starts,
        )
        pools: dict[LayerKind, PoolView] = {
            kind: PoolView(
                page_table_BP=view.page_table_BP[index],
                firsts=tuple(firsts[kind]),
                slot_T=view.slot_T[:0],
                placed_firsts=first_B,
            )
            for (kind, view), first_B in zip(self.pools.items(), placed_firsts, strict=True)
        }
        return replace(self, rows=rows, pools=pools)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A step on the host: its rows, sequence after sequence, and the pages they may read.

    Args:
        ids: Token of each row; 0 where it is not known yet.
        sources: Row of the step before that chooses a row's token; -1 where the token is known.
        positions: Absolute position of each row.
        starts: Offsets of each sequence's rows, and their number.
        ends: Keys that exist, by sequence, once the step has written its own.
        wanted: Rows whose logits are wanted: `Share.num_choices` of every share.
        slots: Where each row's key and value go, by pool.
        firsts: Position of each sequence's first page, by pool.
        tables: Pages of each sequence, padded with page 0, int64 (B, P), by pool.
    """

    ids: list[int]
    sources: list[int]
    positions: list[int]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    wanted: list[int]
    slots: dict[LayerKind, list[int]]
    firsts: dict[LayerKind, tuple[int, ...]]
    tables: dict[LayerKind, IntArray]

    @property
    def counts(self) -> list[int]:
        """Rows of each sequence."""
        return [after - before for before, after in pairwise(self.starts)]


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Everything a forward pass needs.

    Args:
        ids_T: Token ids.
        memory: Positions, pages and cache.
        rows_R: Rows whose logits are wanted.
    """

    ids_T: Tensor
    memory: PagedMemory
    rows_R: Tensor


def lay_out(shares: list[Share], page_tokens: int) -> Layout:
    """Put the rows of all shares one after another and look their pages up."""
    ids: list[int] = []
    sources: list[int] = []
    positions: list[int] = []
    wanted: list[int] = []
    slots: dict[LayerKind, list[int]] = {"full": [], "sliding": []}
    for share in shares:
        sequence, stop = share.sequence, share.start + share.count
        if share.source is None:
            ids += sequence.ids[share.start : stop]
            ids += share.drafts
            sources += [-1] * share.count
        else:
            ids.append(0)
            sources.append(share.source)
        positions += range(share.start, stop)
        slots["full"] += _slots(sequence.full_pages, 0, share.start, stop, page_tokens)
        slots["sliding"] += _slots(sequence.sliding_pages, sequence.sliding_first, share.start, stop, page_tokens)
        wanted += range(len(ids) - share.num_choices, len(ids))
    sequences = [share.sequence for share in shares]
    return Layout(
        ids=ids,
        sources=sources,
        positions=positions,
        starts=(0, *accumulate(share.count for share in shares)),
        ends=tuple(share.start + share.count for share in shares),
        wanted=wanted,
        slots=slots,
        firsts=_firsts(sequences, page_tokens),
        tables=_tables(sequences),
    )


def _slots(pages: list[int], first_page: int, start: int, stop: int, page_tokens: int) -> list[int]:
    """Where the positions start <= p < stop of a sequence go; `first_page` is the number of its first page here."""
    slots: list[int] = []
    while start < stop:
        page, offset = divmod(start, page_tokens)
        count = min(stop - start, page_tokens - offset)
        begin = pages[page - first_page] * page_tokens + offset
        slots += range(begin, begin + count)
        start += count
    return slots


def build_batch(layout: Layout, cache: PagedCache, kernels: Kernels, newest_T: Tensor) -> Batch:
    """Bring a layout onto the device.

    Args:
        layout: The step.
        cache: Whose pages it reads and writes.
        kernels: The model's.
        newest_T: Tokens the step before chose, by row, on the device; `Layout.sources` points into them.
    """
    placed = _place(layout, newest_T.device)
    ids_T, source_T = placed.ids_T, placed.source_T
    if max(layout.sources) >= 0:
        ids_T = torch.where(source_T >= 0, newest_T[source_T.clamp(min=0)], ids_T)
    memory = PagedMemory(
        cache=cache,
        layers=cache.layers,
        rows=placed.rows,
        pools=placed.pools,
        attention=kernels.attention,
        wanted=(placed.rows_R, layout.wanted),
    )
    return Batch(ids_T=ids_T, memory=memory, rows_R=placed.rows_R)


def borrowing_layout(sequences: list[Sequence], page_tokens: int) -> Layout:
    """A drafter's step: one row per sequence, at its newest token, which sees all keys before and writes none.

    Kernels take it that a row's own key is there. The newest token's is not, so rows stand at the last key instead.

    Args:
        sequences: Whose newest token is all that the model has not read.
        page_tokens: Tokens of one page.
    """
    count = len(sequences)
    ends = tuple(sequence.num_computed for sequence in sequences)
    return Layout(
        ids=[sequence.ids[-1] for sequence in sequences],
        sources=[-1] * count,
        positions=[end - 1 for end in ends],
        starts=tuple(range(count + 1)),
        ends=ends,
        wanted=[],
        slots={"full": [0] * count, "sliding": [0] * count},
        firsts=_firsts(sequences, page_tokens),
        tables=_tables(sequences),
    )


def borrowing_layers(layers: tuple[LayerCache, ...]) -> tuple[LayerCache, ...]:
    """A drafter's layers for rows as in `borrowing_layout`: windows are the shorter by the one place between."""
    return tuple(layer if layer.window is None else replace(layer, window=layer.window - 1) for layer in layers)


def borrowing_batch(
    layout: Layout, cache: PagedCache, layers: tuple[LayerCache, ...], kernels: Kernels, device: torch.device
) -> Batch:
    """Bring a drafter's step onto the device.

    Args:
        layout: Of `borrowing_layout`.
        cache: The model's.
        layers: Of `borrowing_layers`.
        kernels: The drafter's.
        device: Where.
    """
    placed = _place(layout, device)
    memory = PagedMemory(cache=cache, layers=layers, rows=placed.rows, pools=placed.pools, attention=kernels.attention)
    return Batch(ids_T=placed.ids_T, memory=memory, rows_R=placed.rows_R)


@dataclass(frozen=True, kw_only=True)
class _Placed:
    """A layout on the device."""

    ids_T: Tensor
    source_T: Tensor
    rows_R: Tensor
    rows: QueryRows
    pools: dict[LayerKind, PoolView]


def _place(layout: Layout, device: torch.device) -> _Placed:
    """Bring all a step's numbers to the device in one copy."""
    lists: list[list[int] | tuple[int, ...] | IntArray] = [
        layout.ids,
        layout.sources,
        layout.wanted,
        layout.positions,
        layout.starts,
    ]
    for kind in layout.tables:
        lists += [layout.slots[kind], layout.firsts[kind], layout.tables[kind].reshape(-1)]
    ids_T, source_T, rows_R, position_T, start_B, *rest = _copied(lists, device)
    views = iter(rest)
    pools: dict[LayerKind, PoolView] = {}
    for kind, table in layout.tables.items():
        slot_T, first_B, page_table = next(views), next(views), next(views)
        pools[kind] = PoolView(
            page_table_BP=page_table.view(table.shape),
            firsts=layout.firsts[kind],
            slot_T=slot_T,
            placed_firsts=first_B,
        )
    rows = QueryRows(position_T=position_T, starts=layout.starts, ends=layout.ends, placed_starts=start_B)
    return _Placed(ids_T=ids_T, source_T=source_T, rows_R=rows_R, rows=rows, pools=pools)


def _copied(lists: Ordered[Ordered[int] | IntArray], device: torch.device) -> list[Tensor]:
    """Each list as an int64 tensor; all are parts of one, so that there is one copy, which nobody waits for."""
    arrays = [np.asarray(one, dtype=np.int64) for one in lists]
    # Kernels are compiled for addresses that are multiples of 16 bytes.
    offsets = [0, *accumulate(len(array) + len(array) % 2 for array in arrays)]
    numbers = np.zeros(offsets[-1], dtype=np.int64)
    for array, offset in zip(arrays, offsets, strict=False):
        numbers[offset : offset + len(array)] = array
    together = torch.from_numpy(numbers)
    if device.type == "cuda":
        together = together.pin_memory()
    together = together.to(device, non_blocking=True)
    return [together[offset : offset + len(array)] for array, offset in zip(arrays, offsets, strict=False)]


def _firsts(sequences: list[Sequence], page_tokens: int) -> dict[LayerKind, tuple[int, ...]]:
    return {
        "full": (0,) * len(sequences),
        "sliding": tuple(sequence.sliding_first * page_tokens for sequence in sequences),
    }


def _tables(sequences: list[Sequence]) -> dict[LayerKind, IntArray]:
    return {
        "full": _rectangle([sequence.full_pages for sequence in sequences]),
        "sliding": _rectangle([sequence.sliding_pages for sequence in sequences]),
    }


def _rectangle(tables: list[list[int]]) -> IntArray:
    out = np.zeros((len(tables), max(map(len, tables))), dtype=np.int64)
    for row, table in zip(out, tables, strict=True):
        row[: len(table)] = table
    return out
