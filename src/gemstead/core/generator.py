"""The seam of the house: whatever answers requests is a Generator; evals, servers and apps know nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from gemstead.core.events import Event
from gemstead.core.requests import GenerationRequest


@dataclass(frozen=True, kw_only=True)
class Description:
    """What a Generator is, for records and screens.

    Args:
        name: As a user would name it: a folder, a Hub id, "pebble".
        family: Architecture, e.g. "gemma4".
        precision: How the weights are held, e.g. "bf16".
        device: Where it runs, e.g. "cpu".
        context_tokens: Longest prompt plus answer.
        fingerprint: Hash over everything that could change its answers: weights, tokenizer, template, precision.
        details: More facts, JSON-like, shown and stored but never interpreted.
    """

    name: str
    family: str
    precision: str
    device: str
    context_tokens: int
    fingerprint: str
    details: dict[str, Any] = field(default_factory=dict)


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
        """
        ...

    def describe(self) -> Description:
        """Say what this is."""
        ...
