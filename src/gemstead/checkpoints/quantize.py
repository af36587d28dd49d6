"""A checkpoint in, the same in few bits out: tensor by tensor, shard by shard, whole or not at all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from gemstead.checkpoints.compressed_tensors import KEY, packed_tensors, scheme_of
from gemstead.checkpoints.manifest import INDEX, SINGLE, Manifest
from gemstead.checkpoints.safetensors import mapped_tensors
from gemstead.core.errors import BadRequest, OutOfCapacity
from gemstead.quant import PRECISIONS
from gemstead.quant.convert import storage_of
from gemstead.quant.linear import pack

SHARD_BYTES = 4 << 30
TEXT = "language_model"
TOWERS = ("vision", "audio")
# Linear layers that other readers would look for codes of: the head, which is the embedding here, and the towers, whose
# modules they name otherwise than their tensors.
NEVER_PACKED = ("lm_head", *(f"re:.*{tower}.*" for tower in TOWERS))


def write_quantized(manifest: Manifest, precision: str, out: Path) -> None:
    """Write a packed checkpoint. Embeddings, head, router, norms and other towers stay as they are.

    Args:
        manifest: Of the source, which must not be packed itself.
        precision: "int4" or "int8".
        out: A folder that is not there yet.

    Raises:
        BadRequest: The source is packed already or a GGUF, the folder exists, or the precision is another one.
        OutOfCapacity: The disk is full or cannot be written; nothing is left behind.
    """
    if precision not in ("int4", "int8"):
        raise BadRequest(f"precision is {precision!r}; a checkpoint is written in int4 or int8")
    if manifest.packed:
        raise BadRequest(f"{manifest.folder} is packed already; name the checkpoint it was made from")
    if manifest.gguf is not None:
        raise BadRequest(
            f"{manifest.folder} is a GGUF, whose weights were rounded already; name the checkpoint it was made from"
        )
    if out.exists():
        raise BadRequest(f"{out} exists already; name a folder that does not")
    bits = PRECISIONS[precision].bits
    assert bits is not None
    storage = {
        name: storage_of(name if TEXT in name else "", entry.shape, f"{precision}-embed16")
        for name, entry in manifest.tensors.items()
    }
    at_8_bits = [_module(n) for n, s in storage.items() if s.bits is not None and s.bits != bits]
    ignored = [
        _module(n)
        for n, s in storage.items()
        if s.bits is None
        and len(manifest.tensors[n].shape) == 2
        and n.endswith(".weight")
        and not any(word in n for word in ("embed_tokens", *TOWERS))
    ]
    config = {**manifest.config, KEY: scheme_of(bits, at_8_bits, [*ignored, *NEVER_PACKED])}

    def tensors() -> Iterator[tuple[str, Tensor]]:
        for name, tensor in mapped_tensors(list(manifest.tensors.values())):
            stored = storage[name].bits
            if stored is None:
                yield name, tensor
            else:
                yield from packed_tensors(name, pack(tensor, stored, torch.bfloat16)).items()

    try:
        out.mkdir(parents=True)
        _write_shards(tensors(), out)
        (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
        for file in sorted(manifest.folder.iterdir()):
            is_other = file.suffix in (".json", ".jinja") and file.name not in ("config.json", INDEX)
            if is_other and file.is_file():
                shutil.copyfile(file, out / file.name)
    except (OSError, SafetensorError) as error:
        shutil.rmtree(out, ignore_errors=True)
        raise OutOfCapacity(
            f"{out}: cannot be written: {error}", hint="free some disk, or choose another folder"
        ) from error


def _module(name: str) -> str:
    return name.removesuffix(".weight")


def _write_shards(tensors: Iterator[tuple[str, Tensor]], out: Path) -> None:
    """One file, or shards and their index; never more than one shard in memory."""
    shards: list[list[str]] = []
    batch: dict[str, Tensor] = {}

    def write() -> None:
        shards.append(list(batch))
        save_file(batch, out / f"shard-{len(shards)}.part", metadata={"format": "pt"})
        batch.clear()

    for name, tensor in tensors:
        if batch and sum(t.nbytes for t in batch.values()) + tensor.nbytes > SHARD_BYTES:
            write()
        batch[name] = tensor.contiguous()
    write()
    if len(shards) == 1:
        (out / "shard-1.part").rename(out / SINGLE)
        return
    names = [f"model-{n:05d}-of-{len(shards):05d}.safetensors" for n in range(1, len(shards) + 1)]
    for number, name in enumerate(names, start=1):
        (out / f"shard-{number}.part").rename(out / name)
    weight_map = {tensor: name for name, members in zip(names, shards, strict=True) for tensor in members}
    (out / INDEX).write_text(json.dumps({"metadata": {}, "weight_map": weight_map}, indent=2) + "\n", encoding="utf-8")
