"""A folder with a checkpoint -> what it holds, read and checked without touching the weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
        tensors: Every tensor by its published name.
    """

    folder: Path
    config: Mapping[str, Any]
    generation_config: Mapping[str, Any]
    tokenizer_config: Mapping[str, Any]
    tensors: Mapping[str, TensorEntry]

    @property
    def weight_files(self) -> tuple[Path, ...]:
        """The files that hold tensors, in order of name."""
        return tuple(sorted({entry.file for entry in self.tensors.values()}))

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
    """
    if not (folder / "config.json").is_file():
        raise NotFound(f"{folder}: no config.json here; a checkpoint folder has one beside its safetensors files")
    return Manifest(
        folder=folder,
        config=read_json(folder / "config.json"),
        generation_config=_optional_json(folder / "generation_config.json"),
        tokenizer_config=_optional_json(folder / "tokenizer_config.json"),
        tensors=_list_tensors(folder),
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
