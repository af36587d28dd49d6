"""What people and models say to each other: messages in, messages out. Plain data, no tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Role = Literal["system", "developer", "user", "assistant", "tool"]


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    """One function the model asks for.

    Args:
        id: Name of this call in the conversation, unique within it.
        name: Function name.
        arguments: Plain JSON-like values by argument name.
    """

    id: str
    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class ToolResponse:
    """What a function gave back.

    Args:
        name: Function name.
        response: Its fields, or one plain value.
    """

    name: str
    response: Any


@dataclass(frozen=True, kw_only=True)
class Part:
    """One piece of a turn that mixes media and text.

    Args:
        kind: What it is.
        text: The text, for kind "text".
    """

    kind: Literal["text", "image", "audio", "video"]
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One turn.

    Args:
        role: Who speaks.
        content: The text, or media and text in order. `None` where a model only called tools.
        reasoning: The model's thought, kept apart from what it said.
        tool_calls: Functions asked for, in order.
        tool_responses: What they gave back, when it is told in the same turn instead of by messages of role "tool".
        tool_call_id: For role "tool": which call this answers.
        name: For role "tool": the function's name, if the call id is not known.
    """

    role: Role
    content: str | tuple[Part, ...] | None = None
    reasoning: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()
    tool_responses: tuple[ToolResponse, ...] = ()
    tool_call_id: str | None = None
    name: str | None = None


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A function the model may ask for.

    Args:
        name: Function name.
        description: What it does, for the model to read.
        parameters: JSON schema of its arguments.
    """

    name: str
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
