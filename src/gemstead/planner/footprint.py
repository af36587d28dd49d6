"""Memory in, how much context and how many sequences fit out; by the formula the engine allocates by."""

from __future__ import annotations

from dataclasses import dataclass

from gemstead.core.errors import OutOfCapacity
from gemstead.hardware.units import gib
from gemstead.models.cache import CacheSize, LayerCache


@dataclass(frozen=True, kw_only=True)
class CachePlan:
    """A cache that fits.

    Args:
        size: What to allocate.
        num_bytes: What that takes.
    """

    size: CacheSize
    num_bytes: int


def plan_cache(
    layers: tuple[LayerCache, ...],
    *,
    budget_bytes: int,
    context_tokens: int,
    max_sequences: int,
    step_tokens: int,
    page_tokens: int,
    element_bytes: int,
) -> CachePlan:
    """Find the largest cache within a budget: as many sequences as asked for, or as fit.

    Args:
        layers: What the model keeps.
        budget_bytes: Bytes to spend.
        context_tokens: Tokens one sequence must be able to reach.
        max_sequences: Sequences wanted at once.
        step_tokens: Rows of one step.
        page_tokens: Tokens of one page.
        element_bytes: Bytes of one number in the cache.

    Raises:
        OutOfCapacity: Not even one sequence of that context fits.
    """
    sequences = max_sequences
    while True:
        size = CacheSize(
            max_sequences=sequences,
            step_tokens=max(step_tokens, sequences),
            page_tokens=page_tokens,
            cache_tokens=sequences * context_tokens,
        )
        num_bytes = size.num_bytes(layers, element_bytes)
        if num_bytes <= budget_bytes:
            return CachePlan(size=size, num_bytes=num_bytes)
        if sequences == 1:
            raise OutOfCapacity(
                f"a context of {context_tokens} tokens takes {gib(num_bytes)} of cache; {gib(budget_bytes)} are left",
                hint="ask for a smaller `--context`, or free memory",
            )
        sequences = max(1, sequences // 2)
