"""The engine's settings."""

from __future__ import annotations

from dataclasses import dataclass

from gemstead.core.errors import BadRequest
from gemstead.models.cache import CacheSize


@dataclass(frozen=True, kw_only=True)
class EngineConfig:
    """What one engine holds and how much it does at once.

    Args:
        context_tokens: Longest prompt plus answer of one sequence.
        max_sequences: Sequences in work at once; more wait.
        step_tokens: Rows of one step; longer prompts are read in chunks of at most this.
        page_tokens: Tokens of one cache page.
        cache_tokens: Tokens that all sequences together may hold in full-attention layers.
        eos_ids: Tokens that end an answer.
        runs_ahead: Whether a decoding step starts before the tokens of the one before are read back. For devices that
            work beside the host; a step is wasted on each answer that ends.
    """

    context_tokens: int
    max_sequences: int = 64
    step_tokens: int = 512
    page_tokens: int = 16
    cache_tokens: int
    eos_ids: frozenset[int] = frozenset()
    runs_ahead: bool = False

    def __post_init__(self) -> None:
        for name in ("context_tokens", "max_sequences", "step_tokens", "page_tokens", "cache_tokens"):
            if getattr(self, name) < 1:
                raise BadRequest(f"{name} is {getattr(self, name)}; allowed is a whole number of at least 1")
        if self.step_tokens < self.max_sequences:
            raise BadRequest(
                f"step_tokens is {self.step_tokens}, max_sequences {self.max_sequences}; "
                "each sequence in work needs a row of every step",
                hint="raise step_tokens, or lower max_sequences",
            )

    @property
    def max_length(self) -> int:
        """Tokens one sequence may reach."""
        return min(self.context_tokens, self.cache_tokens)

    @property
    def cache_size(self) -> CacheSize:
        """What the cache is allocated by."""
        return CacheSize(
            max_sequences=self.max_sequences,
            step_tokens=self.step_tokens,
            page_tokens=self.page_tokens,
            cache_tokens=self.cache_tokens,
        )
