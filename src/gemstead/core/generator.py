"""The seam of the house: whatever answers requests is a Generator; evals, servers and apps know nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from gemstead.core.events import Event, Finished, TextDelta, ThoughtDelta, ToolCallDone
from gemstead.core.messages import ToolCall
from gemstead.core.requests import GenerationRequest


@dataclass(frozen=True, kw_only=True)
class Description:
    """What a Generator is, for records and screens.

    Args:
        name: As a user would name it: a folder, a Hub id, "pebble".
        family: Architecture, e.g. "gemma4".
        precision: How the weights are held, e.g. "bf16"; "as served" where an endpoint does not say.
        device: Where it runs, e.g. "cpu"; "endpoint" where it is not ours.
        context_tokens: Longest prompt plus answer; 0 where an endpoint does not say.
        fingerprint: Hash over everything that could change its answers: weights, tokenizer, template, precision; of
            an endpoint, over all that it reveals.
        details: More facts, JSON-like, shown and stored but never interpreted.
    """

    name: str
    family: str
    precision: str
    device: str
    context_tokens: int
    fingerprint: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One whole answer.

    Args:
        text: What the model said.
        thought: What it thought, if it did.
        tool_calls: Functions it asked for.
        end: How it ended, and what it cost.
    """

    text: str
    thought: str
    tool_calls: tuple[ToolCall, ...]
    end: Finished


async def collect(events: AsyncIterator[Event]) -> list[Answer]:
    """Read a stream to its end: one answer per index, in order of index."""
    text: dict[int, list[str]] = {}
    thought: dict[int, list[str]] = {}
    calls: dict[int, list[ToolCall]] = {}
    ends: dict[int, Finished] = {}
    async for event in events:
        if isinstance(event, TextDelta):
            text.setdefault(event.index, []).append(event.text)
        elif isinstance(event, ThoughtDelta):
            thought.setdefault(event.index, []).append(event.text)
        elif isinstance(event, ToolCallDone):
            calls.setdefault(event.index, []).append(event.call)
        else:
            ends[event.index] = event
    return [
        Answer(
            text="".join(text.get(index, [])),
            thought="".join(thought.get(index, [])),
            tool_calls=tuple(calls.get(index, [])),
            end=end,
        )
        for index, end in sorted(ends.items())
    ]


@runtime_checkable
class Generator(Protocol):
    """Answers requests. The local engine, a remote endpoint and a test's fake are all Generators."""

    def generate(self, request: GenerationRequest) -> AsyncIterator[Event]:
        """Answer one request.

        Args:
            request: What is asked.

        Returns:
            Events in order, ending with one `Finished` per answer. Closing the iterator early cancels the request.

        Raises:
            BadRequest: The request cannot be answered as asked; raised at the first event.
            Infrastructure: No answer came, through no fault of the request; asking again may help.
            EndpointFailed: The same, after it was asked again often enough.
        """
        ...

    def describe(self) -> Description:
        """Say what this is."""
        ...
