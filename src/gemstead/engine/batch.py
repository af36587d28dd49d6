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
                shape = (self.num_pages[layer.kind], config.page_tokens, layer.num_kv_heads)
                # Zeros, not whatever was there: masked slots are multiplied by 0, and 0 times NaN is NaN.
                self._pages[number] = (
                    torch.zeros(*shape, layer.key_size, dtype=dtype, device=device),
                    torch.zeros(*shape, layer.head_size, dtype=dtype, device=device),
                )

    def pages(self, source: int) -> tuple[Tensor, Tensor]:
        """Keys, (N, S, G, `key_size`), and values, (N, S, G, D), of a layer that owns some."""
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
        wanted: The rows `keep_rows` will be asked for, on the device and here, if known: saves a wait for the device.
    """

    cache: PagedCache
    layers: tuple[LayerCache, ...]
    rows: QueryRows
    pools: dict[LayerKind, PoolView]
    attention: Callable[[Tensor, Tensor, Tensor, QueryRows, PoolView, int | None], Tensor]
    wanted: tuple[Tensor, list[int]] | None = None

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
        kept = self.wanted[1] if self.wanted is not None and row_R is self.wanted[0] else row_R.tolist()
        if len(kept) == self.rows.starts[-1] == len(self.rows.position_T):
            return self
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
    layout = _place(
        [share.sequence for share in shares],
        starts=[0, *accumulate(share.count for share in shares)],
        ends=[share.sequence.num_computed + share.count for share in shares],
        positions=positions,
        slots=slots,
        page_tokens=page_tokens,
        device=device,
        others=[ids, wanted],
    )
    ids_T, rows_R = layout.others
    memory = PagedMemory(
        cache=cache,
        layers=cache.layers,
        rows=layout.rows,
        pools=layout.pools,
        attention=kernels.attention,
        wanted=(rows_R, wanted),
    )
    return Batch(ids_T=ids_T, memory=memory, rows_R=rows_R)


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
    ends = [sequence.num_computed for sequence in sequences]
    layout = _place(
        sequences,
        starts=list(range(len(ends) + 1)),
        ends=ends,
        positions=[end - 1 for end in ends],
        slots={"full": [], "sliding": []},
        page_tokens=page_tokens,
        device=device,
        others=[],
    )
    return PagedMemory(
        cache=cache,
        layers=tuple(layer if layer.window is None else replace(layer, window=layer.window - 1) for layer in layers),
        rows=layout.rows,
        pools=layout.pools,
        attention=kernels.attention,
    )


@dataclass(frozen=True, kw_only=True)
class _Layout:
    """A step on the device."""

    rows: QueryRows
    pools: dict[LayerKind, PoolView]
    others: list[Tensor]


def _place(
    sequences: list[Sequence],
    *,
    starts: list[int],
    ends: list[int],
    positions: list[int],
    slots: Mapping[LayerKind, list[int]],
    page_tokens: int,
    device: torch.device,
    others: list[list[int]],
) -> _Layout:
    """Bring all a step's numbers to the device in one copy.

    Args:
        sequences: Whose pages are read.
        starts: See `QueryRows`.
        ends: Likewise.
        positions: Likewise.
        slots: Of each pool; see `PoolView`.
        page_tokens: Tokens of one page.
        device: Where to.
        others: What else to bring along.
    """
    tables: dict[LayerKind, list[list[int]]] = {
        "full": [s.full_pages for s in sequences],
        "sliding": [s.sliding_pages for s in sequences],
    }
    firsts: dict[LayerKind, list[int]] = {
        "full": [0] * len(sequences),
        "sliding": [s.sliding_first * page_tokens for s in sequences],
    }
    lists = [positions, starts, *others]
    for kind in tables:
        width = max(len(table) for table in tables[kind])
        padded = [page for table in tables[kind] for page in (*table, *[0] * (width - len(table)))]
        lists += [slots[kind], firsts[kind], padded]
    position_T, start_B, *rest = _copied(lists, device)
    views = iter(rest[len(others) :])
    pools: dict[LayerKind, PoolView] = {}
    for kind in tables:
        slot_T, first_B, page_table = next(views), next(views), next(views)
        pools[kind] = PoolView(
            page_table_BP=page_table.view(len(sequences), -1),
            firsts=tuple(firsts[kind]),
            slot_T=slot_T,
            placed_firsts=first_B,
        )
    rows = QueryRows(position_T=position_T, starts=tuple(starts), ends=tuple(ends), placed_starts=start_B)
    return _Layout(rows=rows, pools=pools, others=rest[: len(others)])


def _copied(lists: list[list[int]], device: torch.device) -> list[Tensor]:
    """Each list as an int64 tensor; all are parts of one, so that there is one copy, which nobody waits for."""
    offsets: list[int] = []
    numbers: list[int] = []
    for one in lists:
        offsets.append(len(numbers))
        numbers += one
        # Kernels are compiled for addresses that are multiples of 16 bytes.
        numbers += [0] * (len(numbers) % 2)
    together = torch.tensor(numbers, dtype=torch.int64, pin_memory=device.type == "cuda")
    together = together.to(device, non_blocking=True)
    return [together[offset : offset + len(one)] for offset, one in zip(offsets, lists, strict=True)]
