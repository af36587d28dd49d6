"""A request -> prompt ids. What users write is text, even where it spells a control token's name."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from gemstead.chat.template import ChatTemplate
from gemstead.chat.tokenizer import Tokenizer
from gemstead.core.errors import BadRequest
from gemstead.core.messages import Message, Part
from gemstead.core.requests import GenerationRequest

# Private-use characters stand for control names that a user wrote, until the template has run.
OPEN, CLOSE = "\ue0f0", "\ue0f1"
STAND_IN = re.compile(f"{OPEN}(\\d+){CLOSE}")


class PromptBuilder:
    """Turns requests into token ids with one checkpoint's tokenizer and template.

    Args:
        tokenizer: The checkpoint's.
        template: The checkpoint's; `None` if it has none, as base models do.
        options: More variables for the template.
    """

    def __init__(
        self, tokenizer: Tokenizer, template: ChatTemplate | None, options: dict[str, object] | None = None
    ) -> None:
        self._tokenizer = tokenizer
        self._template = template
        self._options = dict(options or {})
        self._controls = sorted(tokenizer.control_ids.values(), key=len, reverse=True)
        self._control_pattern = re.compile("|".join(map(re.escape, self._controls))) if self._controls else None

    def ids(self, request: GenerationRequest, *, add_generation_prompt: bool = True) -> list[int]:
        """Token ids of the prompt.

        Raises:
            BadRequest: The model has no template, or its template refuses the conversation.
        """
        if request.prompt_ids is not None:
            return list(request.prompt_ids)
        if request.text is not None:
            bos = [] if self._tokenizer.bos_id is None else [self._tokenizer.bos_id]
            return bos + self._tokenizer.encode(request.text, controls=False)
        assert request.messages is not None
        if self._template is None:
            raise BadRequest(
                "this model has no chat template, so it cannot be asked in messages",
                hint="send raw text, or use the instruction-tuned model (its name ends in -it)",
            )
        disguised = tuple(self._disguise(message) for message in request.messages)
        text = self._template.render(
            disguised,
            tools=request.tools,
            thinking=request.thinking,
            add_generation_prompt=add_generation_prompt,
            **self._options,
        )
        return self._encode(text)

    def _disguise(self, message: Message) -> Message:
        """Hide control names that do not come from the model itself."""
        if message.role == "assistant" or self._control_pattern is None:
            return message
        if isinstance(message.content, tuple):
            return replace(message, content=tuple(self._disguise_part(part) for part in message.content))
        if message.content is None:
            return message
        return replace(message, content=self._hide(message.content))

    def _disguise_part(self, part: Part) -> Part:
        return replace(part, text=self._hide(part.text)) if part.kind == "text" else part

    def _hide(self, text: str) -> str:
        assert self._control_pattern is not None
        stand_in: Callable[[re.Match[str]], str] = lambda m: f"{OPEN}{self._controls.index(m[0])}{CLOSE}"  # noqa: E731
        return self._control_pattern.sub(stand_in, STAND_IN.sub("", text))

    def _encode(self, text: str) -> list[int]:
        ids: list[int] = []
        # split() with a group alternates between text and the number of a hidden control name.
        for place, piece in enumerate(STAND_IN.split(text)):
            if place % 2:
                ids += self._tokenizer.encode(self._controls[int(piece)], controls=False)
            elif piece:
                ids += self._tokenizer.encode(piece)
        return ids
