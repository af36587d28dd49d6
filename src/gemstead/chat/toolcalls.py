"""The inside of a tool call, as Gemma 4 writes it: `call:NAME{key:value,...}`, strings between quote tokens.

Strings are delimited by a token that no text can spell, so nothing in them needs escaping.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from gemstead.core.messages import ToolCall

QUOTE = object()
"""Stands for the quote token among a call's pieces."""

NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
NAME = re.compile(r"call:([^{]+)\{")
KEY = re.compile(r"\s*([^:,{}\[\]]+?)\s*:\s*")
WORDS = {"true": True, "false": False, "null": None}


class BrokenCall(ValueError):
    """The pieces do not spell a call."""


def parse_call(pieces: Sequence[object], call_id: str) -> ToolCall:
    """Read one call.

    Args:
        pieces: Text, with `QUOTE` where the quote token stood.
        call_id: Name to give it.

    Raises:
        BrokenCall: It is not one.
    """
    return _Reader(pieces).call(call_id)


class _Reader:
    def __init__(self, pieces: Sequence[object]) -> None:
        # Strings become single items; the text between them is read character by character.
        self._items: list[str | tuple[str]] = []
        inside: list[str] | None = None
        for piece in pieces:
            if piece is QUOTE:
                if inside is None:
                    inside = []
                else:
                    self._items.append(("".join(inside),))
                    inside = None
            elif inside is not None:
                inside.append(str(piece))
            elif self._items and isinstance(self._items[-1], str):
                self._items[-1] += str(piece)
            else:
                self._items.append(str(piece))
        if inside is not None:
            raise BrokenCall("a string does not end")

    def call(self, call_id: str) -> ToolCall:
        name = self._match(NAME)
        arguments = self._mapping_body()
        if self._rest().strip() or len(self._items) > 1:
            raise BrokenCall("something follows the call")
        return ToolCall(id=call_id, name=name.strip(), arguments=arguments)

    def _mapping_body(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self._take("}"):
            return found
        while True:
            key = self._key()
            found[key] = self._value()
            if self._take("}"):
                return found
            if not self._take(","):
                raise BrokenCall(f"a comma or brace is missing before {self._rest()[:20]!r}")

    def _key(self) -> str:
        if self._items and not isinstance(self._items[0], str):
            quoted = self._items.pop(0)[0]
            if not self._take(":"):
                raise BrokenCall("a quoted key has no colon")
            return quoted
        return self._match(KEY)

    def _value(self) -> Any:
        if self._items and not self._rest().strip() and isinstance(self._items[0], str):
            self._items.pop(0)
        if self._items and not isinstance(self._items[0], str):
            return self._items.pop(0)[0]
        if self._take("{"):
            return self._mapping_body()
        if self._take("["):
            values: list[Any] = []
            if self._take("]"):
                return values
            while True:
                values.append(self._value())
                if self._take("]"):
                    return values
                if not self._take(","):
                    raise BrokenCall("a list does not end")
        return self._plain()

    def _plain(self) -> Any:
        text = self._rest().lstrip()
        for word, value in WORDS.items():
            if text.startswith(word):
                self._advance_to(text[len(word) :])
                return value
        number = NUMBER.match(text)
        if not number:
            raise BrokenCall(f"not a value: {text[:20]!r}")
        self._advance_to(text[number.end() :])
        return float(number[0]) if number[1] or number[2] else int(number[0])

    def _rest(self) -> str:
        return self._items[0] if self._items and isinstance(self._items[0], str) else ""

    def _advance_to(self, rest: str) -> None:
        if rest:
            self._items[0] = rest
        else:
            self._items.pop(0)

    def _take(self, sign: str) -> bool:
        text = self._rest().lstrip()
        if not text.startswith(sign):
            return False
        self._advance_to(text[len(sign) :])
        return True

    def _match(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._rest())
        if not found:
            raise BrokenCall(f"expected {pattern.pattern}, found {self._rest()[:20]!r}")
        self._advance_to(self._rest()[found.end() :])
        return found[1]
