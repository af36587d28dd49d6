"""A folder with a checkpoint -> what it holds, read and checked without touching the weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gemstead.checkpoints.compressed_tensors import KEY, PackedEntry, check_scheme, split_packed
from gemstead.checkpoints.safetensors import HINT, TensorEntry, read_entries
from gemstead.core.errors import BadCheckpoint, NotFound

INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A checkpoint's files.

    Args:
        folder: Where they lie.
        config: `config.json`.
        generation_config: `generation_config.json`, empty if absent.
        tokenizer_config: `tokenizer_config.json`, empty if absent.
        tensors: Every plain tensor by its published name.
        packed: Every matrix in few bits by the name that an unpacked checkpoint gives it; empty for those.
    """

    folder: Path
    config: Mapping[str, Any]
    generation_config: Mapping[str, Any]
    tokenizer_config: Mapping[str, Any]
    tensors: Mapping[str, TensorEntry]
    packed: Mapping[str, PackedEntry] = field(default_factory=dict)

    @property
    def weight_files(self) -> tuple[Path, ...]:
        """The files that hold tensors, in order of name."""
        files = {entry.file for entry in self.tensors.values()}
        files |= {part.file for entry in self.packed.values() for piece in entry.pieces for part in piece}
        return tuple(sorted(files))

    @property
    def precision(self) -> str:
        """How the files hold the weights: what a model is loaded in unless told otherwise."""
        if not self.packed:
            return "bf16"
        return f"int{min(entry.bits for entry in self.packed.values())}-embed16"

    @property
    def chat_template(self) -> str | None:
        """The checkpoint's own template, from `chat_template.jinja` or its tokenizer's configuration."""
        file = self.folder / "chat_template.jinja"
        if file.is_file():
            return file.read_text(encoding="utf-8")
        inline = self.tokenizer_config.get("chat_template")
        return inline if isinstance(inline, str) else None


def read_manifest(folder: Path) -> Manifest:
    """List a checkpoint.

    Args:
        folder: With `config.json` and `model.safetensors`, or shards and their index.

    Raises:
        NotFound: There is no checkpoint in that folder.
        BadCheckpoint: A file is missing, truncated or malformed.
        UnsupportedModel: It is packed in a way that is not read here.
    """
    if not (folder / "config.json").is_file():
        raise NotFound(f"{folder}: no config.json here; a checkpoint folder has one beside its safetensors files")
    config, tensors = read_json(folder / "config.json"), _list_tensors(folder)
    packed: dict[str, PackedEntry] = {}
    if config.get(KEY) is not None:
        check_scheme(config)
        tensors, packed = split_packed(tensors)
    return Manifest(
        folder=folder,
        config={k: v for k, v in config.items() if k != KEY},
        generation_config=_optional_json(folder / "generation_config.json"),
        tokenizer_config=_optional_json(folder / "tokenizer_config.json"),
        tensors=tensors,
        packed=packed,
    )


def read_json(file: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        BadCheckpoint: It cannot be read, or is something else.
    """
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadCheckpoint(f"{file}: cannot be read: {error.strerror}", hint=HINT) from error
    except ValueError as error:
        raise BadCheckpoint(f"{file}: not valid JSON: {error}", hint=HINT) from error
    if not isinstance(value, dict):
        raise BadCheckpoint(f"{file}: holds a {type(value).__name__}; a JSON object is needed")
    return value


def _optional_json(file: Path) -> dict[str, Any]:
    return read_json(file) if file.is_file() else {}


def _list_tensors(folder: Path) -> dict[str, TensorEntry]:
    index = folder / INDEX
    if not index.is_file():
        if not (folder / SINGLE).is_file():
            raise BadCheckpoint(f"{folder}: neither {SINGLE} nor {INDEX} is here", hint=HINT)
        return {entry.name: entry for entry in read_entries(folder / SINGLE)}
    weight_map = read_json(index).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        raise BadCheckpoint(f"{index}: has no weight_map", hint=HINT)
    tensors: dict[str, TensorEntry] = {}
    for name in sorted(set(weight_map.values())):
        if not isinstance(name, str) or Path(name).name != name:
            raise BadCheckpoint(f"{index}: names the shard {name!r}; a plain file name is needed")
        tensors.update({entry.name: entry for entry in read_entries(folder / name)})
    for tensor, shard in weight_map.items():
        if tensor not in tensors:
            raise BadCheckpoint(f"{folder / shard}: has no tensor {tensor}, which {INDEX} promises", hint=HINT)
    return tensors
