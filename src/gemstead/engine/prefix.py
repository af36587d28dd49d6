"""How much of a new sequence the cache already holds."""

from __future__ import annotations

from gemstead.engine.pages import PagePool, page_digests
from gemstead.engine.sequence import Sequence


def reuse_prefix(sequence: Sequence, full: PagePool, sliding: PagePool, page_tokens: int, window: int | None) -> None:
    """Let a sequence that holds nothing start from the longest prefix whose pages are still known.

    All full-attention pages of the prefix are needed, and of the sliding ones those its last window touches:

        full     |  x  |  x  |  x  |  x  |
        sliding  |     |     |  x  |  x  |   <- next token
                             ^ next position - window + 1 lies here

    At least one token is left to read, since its logits are wanted.
    """
    sequence.digests = page_digests(sequence.ids, page_tokens)
    usable = min(len(sequence.digests), (len(sequence.ids) - 1) // page_tokens)
    full_pages: list[int] = []
    for digest in sequence.digests[:usable]:
        page = full.find(digest)
        if page is None:
            break
        full_pages.append(page)
    for count in range(len(full_pages), 0, -1):
        first = 0 if window is None else max(0, count * page_tokens - window + 1) // page_tokens
        sliding_pages = [sliding.find(digest) for digest in sequence.digests[first:count]]
        found = [page for page in sliding_pages if page is not None]
        if len(found) == count - first:
            full.hold(full_pages[:count])
            sliding.hold(found)
            sequence.full_pages = full_pages[:count]
            sequence.sliding_pages, sequence.sliding_first = found, first
            sequence.num_computed = sequence.cached_tokens = count * page_tokens
            return
