"""What is asked of a Generator. Frozen, checked when built."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from gemstead.core.errors import BadRequest
from gemstead.core.messages import Message, Tool


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How the next token is chosen.

    Args:
        temperature: 0 is greedy; otherwise logits are divided by it.
        top_k: Keep the k likeliest tokens; 0 keeps all.
        top_p: Keep the smallest set whose probability reaches this; 1 keeps all.
        min_p: Drop tokens below this share of the likeliest one's probability; 0 drops none.
        repetition_penalty: Divides positive and multiplies negative logits of tokens already seen, prompt
            included; 1 is off. Source: CTRL, arXiv:1909.05858, section 4.1.
        seed: Same seed and same request give the same tokens, alone or in a crowd. `None` draws one.
        logprobs: How many alternatives to report per token; `None` reports nothing, 0 only the chosen token.

    Raises:
        BadRequest: A value is outside its range.
    """

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    repetition_penalty: float = 1.0
    seed: int | None = None
    logprobs: int | None = None

    def __post_init__(self) -> None:
        _check_range("temperature", self.temperature, 0.0, 100.0)
        _check_range("top_p", self.top_p, 0.0, 1.0, low_is_open=True)
        _check_range("min_p", self.min_p, 0.0, 1.0)
        _check_range("repetition_penalty", self.repetition_penalty, 0.0, 100.0, low_is_open=True)
        _check_whole("top_k", self.top_k, 0, 1_000_000)
        if self.seed is not None:
            _check_whole("seed", self.seed, 0, 2**63 - 1)
        if self.logprobs is not None:
            _check_whole("logprobs", self.logprobs, 0, 20)

    @property
    def is_greedy(self) -> bool:
        """Whether the likeliest token is always taken."""
        return self.temperature == 0.0

    @property
    def needs_logits_alone(self) -> bool:
        """Whether a token is all that is wanted, and hangs on no token before it but through the model."""
        return self.repetition_penalty == 1.0 and self.logprobs is None


@dataclass(frozen=True, kw_only=True)
class GenerationRequest:
    """One thing to answer: a conversation, a raw text, or token ids. Exactly one of the three.

    Args:
        messages: A conversation; the model's own template turns it into tokens.
        text: Raw text to continue. The beginning-of-sequence token is added; nothing else is.
        prompt_ids: Token ids, used as they are.
        tools: Functions the model may call.
        thinking: Whether the model may think before it answers. Only with `messages`.
        sampling: How tokens are chosen.
        max_tokens: Stop after this many new tokens.
        stop: Strings that end the answer where they first appear; they are not part of it.
        n: How many answers; each has its own seed, derived from the request's.

    Raises:
        BadRequest: None or several prompts, or a value outside its range.
    """

    messages: tuple[Message, ...] | None = None
    text: str | None = None
    prompt_ids: tuple[int, ...] | None = None
    tools: tuple[Tool, ...] = ()
    thinking: bool = False
    sampling: Sampling = field(default_factory=Sampling)
    max_tokens: int = 1024
    stop: tuple[str, ...] = ()
    n: int = 1

    def __post_init__(self) -> None:
        given = [name for name in ("messages", "text", "prompt_ids") if getattr(self, name) is not None]
        if len(given) != 1:
            raise BadRequest(
                f"a request carries exactly one of messages, text, prompt_ids; found {', '.join(given) or 'none'}"
            )
        if self.messages is not None and not self.messages:
            raise BadRequest("the prompt is empty: messages has no entries", hint="send at least one user message")
        if self.text is not None and self.text == "":
            raise BadRequest("the prompt is empty: text has no characters", hint="send at least one character")
        if self.prompt_ids is not None and not self.prompt_ids:
            raise BadRequest("the prompt is empty: prompt_ids has no entries", hint="send at least one token id")
        if self.messages is None and (self.thinking or self.tools):
            raise BadRequest(
                "thinking and tools need a conversation; this request carries a raw prompt",
                hint="send messages, or leave thinking and tools out",
            )
        _check_whole("max_tokens", self.max_tokens, 1, 2**31 - 1)
        _check_whole("n", self.n, 1, 1024)
        if any(not s for s in self.stop):
            raise BadRequest("a stop string is empty", hint="leave it out")


FinishReason = Literal["stop", "length", "tool_calls", "cancelled"]


def _check_range(name: str, value: float, low: float, high: float, *, low_is_open: bool = False) -> None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or value > high or value < low or (low_is_open and value == low):
        bracket = "(" if low_is_open else "["
        raise BadRequest(f"{name} is {value!r}; allowed is a number in {bracket}{low:g}, {high:g}]")


def _check_whole(name: str, value: int, low: int, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise BadRequest(f"{name} is {value!r}; allowed is a whole number in [{low}, {high}]")
