"""A checkpoint's own tokenizer: text to ids, ids to pieces of text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import tokenizers

from gemstead.core.errors import BadCheckpoint, NotFound

BYTE_TOKEN = re.compile(r"<0x([0-9A-F]{2})>")
WORD_BOUNDARY = "\u2581"


class Tokenizer:
    """BPE with byte fallback, as all Gemma checkpoints have.

    Never adds a beginning-of-sequence token on its own: templates write it, and raw prompts get it from `prompt.py`.

    Args:
        source: `tokenizer.json`, or what was built from another file.
        config: `tokenizer_config.json`, for the names of special tokens.

    Raises:
        NotFound: The file does not exist.
        BadCheckpoint: It cannot be read.
    """

    def __init__(self, source: Path | tokenizers.Tokenizer, config: Mapping[str, Any] | None = None) -> None:
        self._tokenizer = _read(source) if isinstance(source, Path) else source
        self._config = dict(config or {})
        self.vocab_size = self._tokenizer.get_vocab_size(with_added_tokens=True)

    def encode(self, text: str, *, controls: bool = True) -> list[int]:
        """Text to ids.

        Args:
            text: Any text.
            controls: Whether the names of control tokens in it mean those tokens, or are plain text.
        """
        self._tokenizer.encode_special_tokens = not controls
        return self._tokenizer.encode(text, add_special_tokens=False).ids

    def decode(self, ids: Sequence[int], *, controls: bool = False) -> str:
        """Ids to text.

        Args:
            ids: Any ids.
            controls: Whether to spell control tokens out, as for showing a prompt; else they are left out.
        """
        return self._tokenizer.decode(list(ids), skip_special_tokens=not controls)

    def id_of(self, token: str) -> int | None:
        """Id of a token by its exact name, if there is one."""
        return self._tokenizer.token_to_id(token)

    def name_of(self, token_id: int) -> str:
        """Name of a token as the vocabulary spells it; empty for an id it does not have."""
        return self._tokenizer.id_to_token(token_id) or ""

    @cached_property
    def control_ids(self) -> dict[int, str]:
        """Special tokens: id -> name. They never reach a user's text."""
        added = self._tokenizer.get_added_tokens_decoder()
        return {token_id: token.content for token_id, token in added.items() if token.special}

    @cached_property
    def bos_id(self) -> int | None:
        """Id that begins a sequence."""
        return self.id_of(self.special_tokens.get("bos_token", "<bos>"))

    @cached_property
    def special_tokens(self) -> dict[str, str]:
        """`bos_token`, `eos_token` and so on, as templates call them."""
        named = {"bos_token": "<bos>", "eos_token": "<eos>", "pad_token": "<pad>", "unk_token": "<unk>"}
        for key, value in self._config.items():
            if key.endswith("_token"):
                text = value.get("content") if isinstance(value, dict) else value
                if isinstance(text, str):
                    named[key] = text
        return named

    def piece(self, token_id: int) -> str | bytes:
        """What one token adds to the text: characters, or one raw byte of a character spelled in bytes."""
        name = self.name_of(token_id)
        spelled = BYTE_TOKEN.fullmatch(name)
        if spelled:
            return bytes([int(spelled[1], 16)])
        return name.replace(WORD_BOUNDARY, " ")


def _read(file: Path) -> tokenizers.Tokenizer:
    if not file.is_file():
        raise NotFound(f"{file}: not here; a checkpoint's folder holds its tokenizer.json")
    try:
        return tokenizers.Tokenizer.from_file(str(file))
    except Exception as error:
        raise BadCheckpoint(f"{file}: not a readable tokenizer: {error}") from error
