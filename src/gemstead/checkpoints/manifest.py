"""A folder with a checkpoint, or a GGUF -> what it holds, read and checked without touching the weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gemstead.chat.tokenizer import Tokenizer
from gemstead.checkpoints.compressed_tensors import KEY, PackedEntry, check_scheme, split_packed
from gemstead.checkpoints.gguf_model import GgufModel, read_gguf_model
from gemstead.checkpoints.gguf_names import SUFFIX
from gemstead.checkpoints.gguf_tokenizer import build_tokenizer
from gemstead.checkpoints.safetensors import HINT, TensorEntry, read_entries
from gemstead.core.errors import BadCheckpoint, NotFound
from gemstead.quant.convert import precision_of

INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A checkpoint's files.

    Args:
        folder: Where they lie; of a GGUF the file itself, which is all there is.
        config: `config.json`.
        generation_config: `generation_config.json`, empty if absent.
        tokenizer_config: `tokenizer_config.json`, empty if absent.
        tensors: Every plain tensor by its published name.
        packed: Every matrix in few bits by the name that an unpacked checkpoint gives it; empty for those.
        gguf: The metadata of a GGUF, in whose tensors blocks of few bits count as formats; `None` for a folder.
    """

    folder: Path
    config: Mapping[str, Any]
    generation_config: Mapping[str, Any]
    tokenizer_config: Mapping[str, Any]
    tensors: Mapping[str, TensorEntry]
    packed: Mapping[str, PackedEntry] = field(default_factory=dict)
    gguf: Mapping[str, Any] | None = None

    @property
    def weight_files(self) -> tuple[Path, ...]:
        """The files that hold tensors, in order of name."""
        files = {file for entry in self.tensors.values() for file in entry.files}
        files |= {part.file for entry in self.packed.values() for piece in entry.pieces for part in piece}
        return tuple(sorted(files))

    @property
    def precision(self) -> str:
        """How the files hold the weights: what a model is loaded in unless told otherwise."""
        if self.packed:
            return f"int{min(entry.bits for entry in self.packed.values())}-embed16"
        if self.gguf is None:
            return "bf16"
        return precision_of({name: (entry.dtype, entry.shape) for name, entry in self.tensors.items()})

    @property
    def chat_template(self) -> str | None:
        """The checkpoint's own template, from `chat_template.jinja` or its tokenizer's configuration."""
        file = self.folder / "chat_template.jinja"
        if file.is_file():
            return file.read_text(encoding="utf-8")
        inline = self.tokenizer_config.get("chat_template")
        return inline if isinstance(inline, str) else None

    def tokenizer(self) -> Tokenizer:
        """The checkpoint's tokenizer.

        Raises:
            NotFound: There is no `tokenizer.json`.
            BadCheckpoint: It cannot be read.
            UnsupportedModel: A GGUF's is of a kind that is not read here.
        """
        if self.gguf is None:
            return Tokenizer(self.folder / "tokenizer.json", self.tokenizer_config)
        return Tokenizer(build_tokenizer(self.folder, self.gguf), self.tokenizer_config)


def read_manifest(folder: Path) -> Manifest:
    """List a checkpoint.

    Args:
        folder: With `config.json` and `model.safetensors`, or shards and their index; or a GGUF.

    Raises:
        NotFound: There is no checkpoint in that folder.
        BadCheckpoint: A file is missing, truncated or malformed.
        UnsupportedModel: It is packed in a way, or holds a model, that is not read here.
    """
    if folder.is_file():
        return _gguf_manifest(read_gguf_model(folder))
    if not (folder / "config.json").is_file():
        several = sorted(file.name for file in folder.glob(f"*{SUFFIX}"))
        raise NotFound(
            f"{folder}: no config.json here; a checkpoint folder has one beside its safetensors files",
            hint=f"name one of its GGUF files, such as {folder / several[0]}" if several else None,
        )
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


def _gguf_manifest(model: GgufModel) -> Manifest:
    return Manifest(
        folder=model.file,
        config=model.config,
        generation_config=model.generation_config,
        tokenizer_config=model.tokenizer_config,
        tensors=model.tensors,
        gguf=model.metadata,
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
