"""What a Generator says while it answers, in order. Every stream ends with one `Finished` per answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gemstead.core.messages import ToolCall
from gemstead.core.requests import FinishReason


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What an answer cost, in tokens.

    Args:
        prompt_tokens: Length of the prompt.
        completion_tokens: Tokens produced, thought and end-of-turn included.
        cached_tokens: Prompt tokens whose keys and values were found in the cache.
    """

    prompt_tokens: int
    completion_tokens: int
    cached_tokens: int = 0


@dataclass(frozen=True, kw_only=True)
class TokenLogprob:
    """One produced token with its log-probability (natural log) and the likeliest alternatives, best first."""

    token_id: int
    logprob: float
    top: tuple[tuple[int, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class TextDelta:
    """More of the answer's text. `index` says which of the `n` answers."""

    text: str
    index: int = 0


@dataclass(frozen=True, kw_only=True)
class ThoughtDelta:
    """More of the model's thought, without its markers."""

    text: str
    index: int = 0


@dataclass(frozen=True, kw_only=True)
class ToolCallDone:
    """A whole tool call."""

    call: ToolCall
    index: int = 0


@dataclass(frozen=True, kw_only=True)
class Finished:
    """The end of one answer.

    Args:
        reason: Why it ended. "length" includes a full context.
        usage: Token counts.
        prompt_ids: The prompt as sent; empty where ids are not known, as at an endpoint.
        token_ids: Every id produced, the ending one included; empty where they are not known, as at an endpoint.
        is_thought_open: The answer ended inside a thought that was never closed.
        is_call_broken: The answer ended inside a tool call, or a call could not be read.
        logprobs: One entry per produced token, when asked for.
        seed: The seed that was used; asking again with it gives the same tokens. `None` where none was in force.
        details: What else is known of how it came about, JSON-like, kept with the answer.
    """

    reason: FinishReason
    usage: Usage
    prompt_ids: tuple[int, ...] = ()
    token_ids: tuple[int, ...] = ()
    is_thought_open: bool = False
    is_call_broken: bool = False
    logprobs: tuple[TokenLogprob, ...] | None = None
    seed: int | None = None
    index: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)


Event = TextDelta | ThoughtDelta | ToolCallDone | Finished
