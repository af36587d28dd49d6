"""A checkpoint's chat template, run in a sandbox: messages in, prompt text out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import jinja2
import jinja2.ext
import jinja2.sandbox

from gemstead.core.errors import BadCheckpoint, BadRequest
from gemstead.core.messages import Message, Tool

GEMMA4 = Path(__file__).parent / "gemma4.jinja"


class ChatTemplate:
    """One compiled template.

    Args:
        source: Jinja text, as published with a checkpoint.
        special_tokens: What the template may call by name, e.g. `bos_token`.

    Raises:
        BadCheckpoint: It is not valid Jinja.
    """

    def __init__(self, source: str, special_tokens: Mapping[str, str]) -> None:
        self.source = source
        self._special_tokens = dict(special_tokens)
        environment = jinja2.sandbox.ImmutableSandboxedEnvironment(
            trim_blocks=True, lstrip_blocks=True, extensions=[jinja2.ext.loopcontrols]
        )
        environment.filters["tojson"] = _to_json
        environment.globals["raise_exception"] = _raise
        try:
            self._template = environment.from_string(source)
        except jinja2.TemplateSyntaxError as error:
            raise BadCheckpoint(
                f"the chat template is not valid Jinja, line {error.lineno}: {error.message}"
            ) from error

    def render(
        self,
        messages: tuple[Message, ...],
        *,
        tools: tuple[Tool, ...] = (),
        add_generation_prompt: bool = True,
        thinking: bool = False,
        **options: Any,
    ) -> str:
        """Write a conversation the way the model was trained to read it.

        Args:
            messages: The conversation.
            tools: Functions the model may call.
            add_generation_prompt: Whether to end where the model is to go on.
            thinking: Whether the model may think first.
            options: More variables for the template.

        Raises:
            BadRequest: The template refuses the conversation.
        """
        try:
            return self._template.render(
                messages=[message_fields(m) for m in messages],
                tools=[tool_fields(t) for t in tools] or None,
                add_generation_prompt=add_generation_prompt,
                enable_thinking=thinking,
                **self._special_tokens,
                **options,
            )
        except (jinja2.TemplateError, TypeError, KeyError, AttributeError) as error:
            raise BadRequest(f"the model's chat template refuses this conversation: {error}") from error


def message_fields(message: Message) -> dict[str, Any]:
    """A message under the names templates use; absent fields are left out."""
    fields: dict[str, Any] = {"role": message.role}
    if isinstance(message.content, tuple):
        fields["content"] = [
            {"type": p.kind, "text": p.text} if p.kind == "text" else {"type": p.kind} for p in message.content
        ]
    else:
        fields["content"] = message.content
    if message.reasoning is not None:
        fields["reasoning_content"] = message.reasoning
    if message.tool_calls:
        fields["tool_calls"] = [
            {"id": c.id, "type": "function", "function": {"name": c.name, "arguments": dict(c.arguments)}}
            for c in message.tool_calls
        ]
    if message.tool_responses:
        fields["tool_responses"] = [{"name": r.name, "response": r.response} for r in message.tool_responses]
    if message.tool_call_id is not None:
        fields["tool_call_id"] = message.tool_call_id
    if message.name is not None:
        fields["name"] = message.name
    return fields


def tool_fields(tool: Tool) -> dict[str, Any]:
    """A tool under the names templates use."""
    function = {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
    return {"type": "function", "function": function}


def _to_json(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _raise(message: str) -> NoReturn:
    raise jinja2.TemplateError(message)
