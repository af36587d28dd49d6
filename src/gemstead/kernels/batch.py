"""What a step looks like to the attention kernels: which rows ask, which pages they may read.

Shape legend, here and in every kernel:
    T rows (tokens) of all sequences, one after another    B sequences    P pages per sequence    S slots per page
    H query heads    G key/value heads    D head size    N pages in a pool    L keys of one sequence
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import torch
from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class QueryRows:
    """The rows of one step, sequence after sequence.

    Args:
        position_T: Absolute position of each row, int64.
        starts: B + 1 offsets; rows of sequence b are starts[b] <= t < starts[b + 1]. A sequence may have none.
        ends: B numbers; keys at positions 0 <= k < ends[b] exist once this step has written its own.
        placed_starts: `starts` on the device, if they are there already; a captured graph reads these, and of `starts`
            only how many there are and how far apart.
        is_ragged: Whether a captured graph does not know how far apart they are: of `starts` it reads the number only.
    """

    position_T: Tensor
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    placed_starts: Tensor | None = None
    is_ragged: bool = False

    @cached_property
    def start_B(self) -> Tensor:
        """`starts` on the device, int64, (B + 1,); copied there once if need be."""
        if self.placed_starts is not None:
            return self.placed_starts
        return torch.tensor(self.starts, device=self.position_T.device)

    @property
    def num_leading_singles(self) -> int:
        """How many sequences, from the first, ask with exactly one row, as in plain decoding."""
        count = 0
        while count < len(self.ends) and self.starts[count + 1] == count + 1:
            count += 1
        return count

    def num_leading(self, most: int) -> int:
        """How many sequences, from the first, ask with at most so many rows, as in decoding with drafts."""
        count = 0
        while count < len(self.ends) and self.starts[count + 1] - self.starts[count] <= most:
            count += 1
        return count

    def most_rows(self, most: int) -> int:
        """Rows of the sequence that has the most, among those of `num_leading`; 0 if there are none."""
        leading = self.starts[: self.num_leading(most) + 1]
        return max((after - before for before, after in pairwise(leading)), default=0)

    def between(self, start: int, stop: int) -> QueryRows:
        """The rows start <= t < stop, of the same sequences."""
        num_rows = stop - start
        return QueryRows(
            position_T=self.position_T[start:stop],
            starts=tuple(min(max(s - start, 0), num_rows) for s in self.starts),
            ends=self.ends,
            placed_starts=(self.start_B - start).clamp(0, num_rows),
            is_ragged=self.is_ragged,
        )

    def even_runs(self) -> list[tuple[int, int, int]]:
        """Neighbouring sequences with equally many rows: first, stop and rows of each, for every run."""
        counts = [self.starts[b + 1] - self.starts[b] for b in range(len(self.ends))]
        borders = [b for b in range(len(counts)) if b == 0 or counts[b] != counts[b - 1]]
        return [(b, stop, counts[b]) for b, stop in pairwise([*borders, len(counts)])]

    def only(self, first: int, stop: int) -> QueryRows:
        """The rows of sequences first <= b < stop."""
        offset = self.starts[first]
        return QueryRows(
            position_T=self.position_T[offset : self.starts[stop]],
            starts=tuple(s - offset for s in self.starts[first : stop + 1]),
            ends=self.ends[first:stop],
        )


@dataclass(frozen=True, kw_only=True)
class PoolView:
    """One pool of pages as this step sees it.

        position   0        firsts[b]                      ends[b]
        pages      | freed  | page_table_BP[b, 0] | [b, 1] | ...

    Args:
        page_table_BP: Physical page of each logical one, int64, padded with page 0.
        firsts: B numbers: position of slot 0 of page_table_BP[b, 0]; a multiple of the page size.
        slot_T: Where each row's key and value go: page * page size + offset, int64.
        placed_firsts: `firsts` on the device, if they are there already.
    """

    page_table_BP: Tensor
    firsts: tuple[int, ...]
    slot_T: Tensor
    placed_firsts: Tensor | None = None

    @cached_property
    def first_B(self) -> Tensor:
        """`firsts` on the device, int64, (B,); copied there once if need be."""
        if self.placed_firsts is not None:
            return self.placed_firsts
        return torch.tensor(self.firsts, device=self.page_table_BP.device)

    def only(self, first: int, stop: int) -> PoolView:
        """The view of sequences first <= b < stop, for reading."""
        return PoolView(
            page_table_BP=self.page_table_BP[first:stop], firsts=self.firsts[first:stop], slot_T=self.slot_T[:0]
        )
