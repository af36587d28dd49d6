"""Who holds which page of the cache, and which freed pages still hold a prefix worth finding again."""

from __future__ import annotations

import hashlib
import heapq
from array import array
from collections import OrderedDict
from collections.abc import Sequence

Digest = bytes


def page_digests(ids: Sequence[int], page_tokens: int, known: Sequence[Digest] = ()) -> list[Digest]:
    """A name for every whole page of a token sequence, depending on all tokens up to its end.

    Args:
        ids: Token ids from position 0.
        page_tokens: Tokens per page.
        known: Digests of the first pages, if they are known already.

    Returns:
        One 16-byte digest per whole page, in order.
    """
    digests = list(known)
    parent = digests[-1] if digests else b""
    for start in range(len(digests) * page_tokens, len(ids) - page_tokens + 1, page_tokens):
        content = array("q", ids[start : start + page_tokens]).tobytes()
        parent = hashlib.blake2b(parent + content, digest_size=16).digest()
        digests.append(parent)
    return digests


class PagePool:
    """Pages of one size, counted by holder. A page is free, held, or kept: free to take, but its content is known.

    Args:
        num_pages: How many there are.
    """

    def __init__(self, num_pages: int) -> None:
        self.num_pages = num_pages
        self._free = list(range(num_pages))
        self._holders = [0] * num_pages
        self._digest_of: dict[int, Digest] = {}
        self._page_of: dict[Digest, int] = {}
        self._kept: OrderedDict[int, None] = OrderedDict()

    @property
    def num_available(self) -> int:
        """Pages that can be taken now."""
        return len(self._free) + len(self._kept)

    @property
    def num_held(self) -> int:
        """Pages some sequence holds."""
        return self.num_pages - self.num_available

    def take(self, count: int) -> list[int] | None:
        """Hold `count` pages, free ones first (lowest first), then the kept ones longest unused; `None` if too few."""
        if count > self.num_available:
            return None
        pages = []
        for _ in range(count):
            if self._free:
                page = heapq.heappop(self._free)
            else:
                page, _ = self._kept.popitem(last=False)
                self._forget(page)
            self._holders[page] = 1
            pages.append(page)
        return pages

    def hold(self, pages: Sequence[int]) -> None:
        """Hold known pages once more."""
        for page in pages:
            self._kept.pop(page, None)
            self._holders[page] += 1

    def release(self, pages: Sequence[int]) -> None:
        """Give up one hold on each page; a page nobody holds becomes kept if its content is named, else free."""
        for page in pages:
            assert self._holders[page] > 0, f"page {page} released more often than held"
            self._holders[page] -= 1
            if self._holders[page]:
                continue
            if page in self._digest_of:
                self._kept[page] = None
            else:
                heapq.heappush(self._free, page)

    def name(self, page: int, digest: Digest) -> None:
        """Remember what a wholly written page holds, unless another page already holds the same."""
        if digest not in self._page_of and page not in self._digest_of:
            self._page_of[digest] = page
            self._digest_of[page] = digest

    def find(self, digest: Digest) -> int | None:
        """The page that holds this content, if one does."""
        return self._page_of.get(digest)

    def _forget(self, page: int) -> None:
        del self._page_of[self._digest_of.pop(page)]
