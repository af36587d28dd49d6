"""Documents in, rows of equal length out. No document is cut, none is lost, and none sees another.

row        | document 0        | document 1   | document 2 ... | padding
target     next token of the same document, IGNORED where it is not learned and at its end
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gemstead.train.chats import Document

IGNORED = -100  # torch's cross entropy leaves such targets out
PAD_ID = 0


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What one step trains on; all int32, of shape (rows, context).

    Args:
        ids: Tokens.
        targets: The token that follows, or `IGNORED`.
        documents: Number of each token's document within its row; padding has a number of its own.
    """

    ids: NDArray[np.int32]
    targets: NDArray[np.int32]
    documents: NDArray[np.int32]


class Packer:
    """Fills the rows of one batch: each document goes into the fullest row that still has room for it.

    Args:
        rows: Rows of the batch.
        context: Their length.
    """

    def __init__(self, rows: int, context: int) -> None:
        self._ids = np.full((rows, context), PAD_ID, dtype=np.int32)
        self._targets = np.full((rows, context), IGNORED, dtype=np.int32)
        self._documents = np.zeros((rows, context), dtype=np.int32)
        self._used = [0] * rows
        self._count = [0] * rows
        self._context = context

    @property
    def share_filled(self) -> float:
        """Part of the places that hold a token."""
        return sum(self._used) / (len(self._used) * self._context)

    def add(self, document: Document) -> bool:
        """Place a document; false if no row has room for it, and then nothing has changed."""
        size = len(document.ids)
        fitting = [row for row, used in enumerate(self._used) if used + size <= self._context]
        if not fitting:
            return False
        row = max(fitting, key=lambda r: (self._used[r], -r))
        start = self._used[row]
        stop = start + size
        self._ids[row, start:stop] = document.ids
        following = np.asarray(document.ids[1:], dtype=np.int32)
        self._targets[row, start : stop - 1] = np.where(document.learned[1:], following, IGNORED)
        self._documents[row, start:stop] = self._count[row]
        self._used[row] = stop
        self._count[row] += 1
        self._documents[row, stop:] = self._count[row]
        return True

    def batch(self) -> Batch:
        """The rows as they are now."""
        return Batch(ids=self._ids, targets=self._targets, documents=self._documents)


def pack(documents: Iterator[Document], rows: int, context: int, *, patience: int = 20) -> Batch:
    """Fill a batch from an endless supply; stops once `patience` documents in a row find no room."""
    packer = Packer(rows, context)
    misses = 0
    while misses < patience:
        misses = 0 if packer.add(next(documents)) else misses + 1
    return packer.batch()
