"""One answer in the making."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from gemstead.core.errors import GemsteadError
from gemstead.core.events import TokenLogprob
from gemstead.core.requests import FinishReason, Sampling
from gemstead.engine.pages import Digest


@dataclass(kw_only=True)
class DraftCounts:
    """What speculation did.

    Args:
        steps: Steps that chose a token.
        drafted: Tokens guessed and checked in them.
        accepted: Those of them that were right.
    """

    steps: int = 0
    drafted: int = 0
    accepted: int = 0

    @property
    def accepted_per_step(self) -> float:
        """Tokens a step brought beyond its own."""
        return self.accepted / max(1, self.steps)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """News of one sequence after a step.

    Args:
        token_id: The token just chosen; `None` when the sequence ended without one.
        logprob: Its log-probability and alternatives, when asked for.
        finish: Why the sequence ended; `None` while it goes on.
        error: What went wrong, when something did; nothing follows.
        cached_tokens: Prompt tokens found in the cache.
        draft_counts: What speculation did for this sequence, told at its end; `None` where the engine has no drafter.
    """

    token_id: int | None = None
    logprob: TokenLogprob | None = None
    finish: FinishReason | None = None
    error: GemsteadError | None = None
    cached_tokens: int = 0
    draft_counts: DraftCounts | None = None


@dataclass(eq=False, kw_only=True)
class Sequence:
    """State of one sequence. The engine alone changes it.

    Args:
        prompt_ids: Tokens to read.
        max_tokens: Tokens to write at most.
        sampling: How they are chosen.
        seed: Seed in force, also when the request named none.
        deliver: Called from the engine's thread after each token, and once at the end.
    """

    prompt_ids: tuple[int, ...]
    max_tokens: int
    sampling: Sampling
    seed: int
    deliver: Callable[[Progress], None]
    ids: list[int] = field(default_factory=list)
    num_computed: int = 0
    full_pages: list[int] = field(default_factory=list)
    sliding_pages: list[int] = field(default_factory=list)
    sliding_first: int = 0
    digests: list[Digest] = field(default_factory=list)
    cached_tokens: int = 0
    is_cancelled: bool = False
    draft_counts: DraftCounts | None = None

    def __post_init__(self) -> None:
        self.ids = list(self.prompt_ids)

    @property
    def num_written(self) -> int:
        """Tokens chosen so far."""
        return len(self.ids) - len(self.prompt_ids)

    def is_last(self, max_length: int) -> bool:
        """Whether the next token is the last one that fits."""
        return self.num_written + 1 >= self.max_tokens or len(self.ids) + 1 >= max_length

    @property
    def num_waiting(self) -> int:
        """Tokens known but not yet read by the model; 1 while decoding."""
        return len(self.ids) - self.num_computed
