"""A GGUF -> what the files of a checkpoint's folder would say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from gemstead.checkpoints.gguf import GgufEntry, GgufTensor, entry_of, mapped_gguf_tensors, read_gguf
from gemstead.checkpoints.gguf_tokenizer import ends, tokenizer_config
from gemstead.core.errors import BadCheckpoint, GemsteadError, UnsupportedModel
from gemstead.models.families import GGUF

ARCHITECTURE = "general.architecture"


@dataclass(frozen=True, kw_only=True)
class GgufModel:
    """A model out of a GGUF, under the names that published checkpoints use.

    Args:
        file: The GGUF, or its first shard.
        config: As `config.json`.
        generation_config: As `generation_config.json`.
        tokenizer_config: As `tokenizer_config.json`, with the chat template in it.
        tensors: By published name.
        metadata: All of it.
    """

    file: Path
    config: Mapping[str, Any]
    generation_config: Mapping[str, Any]
    tokenizer_config: Mapping[str, Any]
    tensors: Mapping[str, GgufEntry]
    metadata: Mapping[str, Any]


def read_gguf_model(file: Path) -> GgufModel:
    """Read everything but the weights.

    Raises:
        BadCheckpoint: The file is damaged, or contradicts itself.
        UnsupportedModel: It holds a model, or a format, that is not read here.
    """
    found = read_gguf(file)
    architecture = found.metadata.get(ARCHITECTURE)
    if not isinstance(architecture, str) or architecture not in GGUF:
        raise UnsupportedModel(
            f"{file}: {ARCHITECTURE} is {architecture!r}; this version reads {', '.join(GGUF)} out of GGUF files",
            hint="this is a file of towers for images or sound; name the one with the text model"
            if architecture == "clip"
            else "a newer gemstead may know it; checkpoints of safetensors have more families",
        )
    names = GGUF[architecture]
    try:
        tensors = {
            name: entry_of(name, tuple(found.tensors[part] for part in parts))
            for name, parts in names.published_names(list(found.tensors)).items()
        }
        shapes = {name: entry.shape for name, entry in tensors.items()}
        config = names.config_of(found.metadata, shapes, _numbers(found.tensors, names.settings))
    except GemsteadError as error:
        raise type(error)(f"{file}: {error.message}", hint=error.hint) from error
    return GgufModel(
        file=found.file,
        config=config,
        generation_config={"eos_token_id": ends(found.metadata)},
        tokenizer_config=tokenizer_config(found.file, found.metadata),
        tensors=tensors,
        metadata=found.metadata,
    )


def _numbers(tensors: Mapping[str, GgufTensor], names: tuple[str, ...]) -> dict[str, list[float]]:
    """What small tensors hold, of those that are there."""
    found = {}
    for name in names:
        if name not in tensors:
            continue
        tensor = tensors[name]
        if tensor.format != "F32" or len(tensor.shape) != 1:
            raise BadCheckpoint(f"tensor {name} is {tensor.format} {list(tensor.shape)}; a row of F32 is needed")
        [(_, numbers)] = mapped_gguf_tensors([entry_of(name, (tensor,))])
        assert isinstance(numbers, Tensor)
        found[name] = [float(number) for number in numbers]
    return found
