"""What a step looks like to the attention kernels: which rows ask, which pages they may read.

Shape legend, here and in every kernel:
    T rows (tokens) of all sequences, one after another    B sequences    P pages per sequence    S slots per page
    H query heads    G key/value heads    D head size    N pages in a pool    L keys of one sequence
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class QueryRows:
    """The rows of one step, sequence after sequence.

    Args:
        position_T: Absolute position of each row, int64.
        starts: B + 1 offsets; rows of sequence b are starts[b] <= t < starts[b + 1]. A sequence may have none.
        ends: B numbers; keys at positions 0 <= k < ends[b] exist once this step has written its own.
    """

    position_T: Tensor
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @property
    def has_one_row_each(self) -> bool:
        """Whether every sequence asks with exactly one row, as in plain decoding."""
        return self.starts == tuple(range(len(self.ends) + 1))


@dataclass(frozen=True, kw_only=True)
class PoolView:
    """One pool of pages as this step sees it.

        position   0        firsts[b]                      ends[b]
        pages      | freed  | page_table_BP[b, 0] | [b, 1] | ...

    Args:
        page_table_BP: Physical page of each logical one, int64, padded with page 0.
        firsts: B numbers: position of slot 0 of page_table_BP[b, 0]; a multiple of the page size.
        slot_T: Where each row's key and value go: page * page size + offset, int64.
    """

    page_table_BP: Tensor
    firsts: tuple[int, ...]
    slot_T: Tensor
