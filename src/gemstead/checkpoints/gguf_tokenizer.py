"""The tokenizer inside a GGUF: its metadata in, the same `tokenizers` object as from the published file out.

`tokenizer.ggml.model` "gemma4" stands for one kind of tokenizer, whose parts a file does not tell: byte-fallback BPE
over text in which spaces are U+2581, without splitting before, decoded by turning that round. `tokens`, `merges` and
`token_type` tell the rest. A file that carries the whole `tokenizer.json` under `tokenizer.huggingface.json`, as the
specification allows, is taken at its word.

Source: the GGUF specification; gguf-py's names; the published Gemma 4 `tokenizer.json`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from gemstead.core.errors import BadCheckpoint, UnsupportedModel

MODEL = "gemma4"
WHOLE = "tokenizer.huggingface.json"
SPACE, WORD_BOUNDARY = " ", "\u2581"
UNKNOWN, CONTROL, USER_DEFINED = 2, 3, 4
# Control tokens that converters mark as user-defined, so that their peers show them.
SHOWN_BY_OTHERS = frozenset(
    ("<|channel>", "<channel|>", "<|tool_call>", "<tool_call|>", "<|tool_response>", "<tool_response|>", '<|"|>')
)
ROLES = {"bos": "bos", "eos": "eos", "unknown": "unk", "padding": "pad", "mask": "mask"}
ENDS = ("eos", "eot", "eom")


def build_tokenizer(file: Path, metadata: Mapping[str, Any]) -> Tokenizer:
    """Build it.

    Args:
        file: For errors.
        metadata: The file's.

    Raises:
        BadCheckpoint: A part is missing, or parts contradict each other.
        UnsupportedModel: It is of another kind.
    """
    if WHOLE in metadata:
        try:
            return Tokenizer.from_str(str(metadata[WHOLE]))
        except Exception as error:  # the library raises nothing narrower
            raise BadCheckpoint(f"{file}: {WHOLE} is not a readable tokenizer: {error}") from error
    kind = metadata.get("tokenizer.ggml.model")
    if kind != MODEL:
        raise UnsupportedModel(
            f"{file}: tokenizer.ggml.model is {kind!r}; this version reads {MODEL!r}, or any under {WHOLE}",
            hint="take a file made by a converter that knows Gemma 4",
        )
    tokens, types = _list(file, metadata, "tokens", str), _list(file, metadata, "token_type", int)
    merges = _list(file, metadata, "merges", str)
    if len(types) != len(tokens):
        raise BadCheckpoint(f"{file}: {len(tokens)} tokens have {len(types)} types; they must be as many")
    vocabulary = {token: number for number, token in enumerate(tokens)}
    if len(vocabulary) != len(tokens):
        raise BadCheckpoint(f"{file}: tokenizer.ggml.tokens holds {len(tokens) - len(vocabulary)} tokens twice")
    unknown = next((token for token, of in zip(tokens, types, strict=True) if of == UNKNOWN), "<unk>")
    try:
        bpe = models.BPE(
            vocab=vocabulary,
            merges=[_pair(file, merge) for merge in merges],
            unk_token=_name(file, metadata, "unknown", tokens) or unknown,
            byte_fallback=True,
            fuse_unk=True,
        )
    except BadCheckpoint:
        raise
    except Exception as error:  # the library raises nothing narrower
        raise BadCheckpoint(f"{file}: vocabulary and merges do not fit together: {error}") from error
    tokenizer = Tokenizer(bpe)
    tokenizer.normalizer = normalizers.Replace(SPACE, WORD_BOUNDARY)
    tokenizer.pre_tokenizer = pre_tokenizers.Split(SPACE, "merged_with_previous")
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace(WORD_BOUNDARY, SPACE), decoders.ByteFallback(), decoders.Fuse()]
    )
    tokenizer.post_processor = processors.TemplateProcessing(single="$A", pair="$A $B:1", special_tokens=[])
    added = [(token, of) for token, of in zip(tokens, types, strict=True) if of in (UNKNOWN, CONTROL, USER_DEFINED)]
    tokenizer.add_tokens(
        [
            AddedToken(token, special=of != USER_DEFINED or token in SHOWN_BY_OTHERS, normalized=False)
            for token, of in added
        ]
    )
    return tokenizer


def tokenizer_config(file: Path, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """What `tokenizer_config.json` would say: special tokens by role, and the chat template.

    Raises:
        BadCheckpoint: A role is given to a token that does not exist.
    """
    config: dict[str, Any] = {}
    tokens = metadata.get("tokenizer.ggml.tokens")
    for role, name in ROLES.items():
        token = _name(file, metadata, role, tokens)
        if token is not None:
            config[f"{name}_token"] = token
    template = metadata.get("tokenizer.chat_template")
    if isinstance(template, str):
        config["chat_template"] = template
    return config


def ends(metadata: Mapping[str, Any]) -> list[int]:
    """Ids that end an answer."""
    found = [metadata.get(f"tokenizer.ggml.{role}_token_id") for role in ENDS]
    return sorted({number for number in found if isinstance(number, int)})


def _list(file: Path, metadata: Mapping[str, Any], name: str, kind: type) -> list[Any]:
    key = f"tokenizer.ggml.{name}"
    found = metadata.get(key)
    if not isinstance(found, list) or not found or not all(isinstance(entry, kind) for entry in found):
        raise BadCheckpoint(f"{file}: {key} is {str(found)[:40]!r}; an array of {kind.__name__} is needed")
    return found


def _pair(file: Path, merge: str) -> tuple[str, str]:
    left, _, right = merge.partition(SPACE)
    if not left or not right or SPACE in right:
        raise BadCheckpoint(
            f"{file}: tokenizer.ggml.merges holds {merge!r}; two tokens with a space between are needed"
        )
    return left, right


def _name(file: Path, metadata: Mapping[str, Any], role: str, tokens: Any) -> str | None:
    number = metadata.get(f"tokenizer.ggml.{role}_token_id")
    if number is None or not isinstance(tokens, list):  # a file may have the whole `tokenizer.json` in their place
        return None
    if not isinstance(number, int) or not 0 <= number < len(tokens):
        raise BadCheckpoint(f"{file}: tokenizer.ggml.{role}_token_id is {number!r}; allowed is 0 to {len(tokens) - 1}")
    return str(tokens[number])
