"""A manifest -> a model on its device, every tensor accounted for."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from gemstead.checkpoints.compressed_tensors import PackedEntry, read_packed
from gemstead.checkpoints.gguf import GgufEntry, mapped_gguf_tensors
from gemstead.checkpoints.manifest import Manifest
from gemstead.checkpoints.safetensors import HINT, TensorEntry, mapped_tensors
from gemstead.core.errors import BadCheckpoint
from gemstead.kernels.ops import Kernels
from gemstead.kernels.packed import Packed
from gemstead.models.families import FAMILIES, Family, family_of
from gemstead.quant import PRECISIONS
from gemstead.quant.convert import (
    AS_IT_IS,
    Storage,
    is_embedding,
    is_only_looked_up,
    num_bytes,
    place,
    place_packed,
    storage_of,
    storage_of_blocks,
)
from gemstead.quant.gguf_blocks import BLOCK_FORMATS, Blocks

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class LoadedModel:
    """A model ready to run.

    Args:
        model: The module, in evaluation mode, without gradients.
        config: Its family's configuration.
        family: Its row in the table of families.
        left_out: Why how many published tensors were not loaded.
        num_parameters: Weights, however they are stored.
        num_bytes: What they take in memory.
        not_int4: Matrices that int4 was asked for, and that are stored in int8 since their width forbids it.
    """

    model: nn.Module
    config: Any
    family: Family
    left_out: dict[str, int]
    num_parameters: int
    num_bytes: int
    not_int4: tuple[str, ...] = ()


def load_model(
    manifest: Manifest,
    kernels: Kernels,
    *,
    dtype: torch.dtype,
    device: torch.device,
    precision: str = "bf16",
    table: Mapping[str, Family] = FAMILIES,
) -> LoadedModel:
    """Build the text model and put the checkpoint's tensors into it, one at a time.

    A tensor whose dtype and device are already right stays in the mapped file; any other is converted on its own, into
    few bits and the kernels' layout if so asked, and no second copy of the model is ever in memory.

    Args:
        manifest: The checkpoint.
        kernels: Twins the model will use.
        dtype: Of weights that are not stored in few bits, and of what is computed.
        device: Where they go.
        precision: One of `quant.PRECISIONS`; `quant/convert` says what it means for each tensor.
        table: Families to choose from; `ASSISTANTS` for drafters.

    Raises:
        UnsupportedModel: The configuration asks for something this version does not implement.
        BadCheckpoint: A tensor is missing, left over, or has another shape than the configuration says.
    """
    family = family_of(manifest.config, table)
    config = family.read_config(manifest.config)
    with torch.device("meta"):
        model = family.build(config, kernels)
    parameter_of = {family.published_name(name): name for name, _ in model.named_parameters()}
    left_out = account_for(manifest, parameter_of, model, family, config)
    entries = [manifest.tensors[name] for name in parameter_of if name in manifest.tensors]
    packed = [manifest.packed[name] for name in parameter_of if name in manifest.packed]
    storage = plan_storage(manifest, precision)
    for name, tensor in read_tensors(entries):
        place(model, parameter_of[name], tensor.to(device), storage[name], dtype)
        lay_out(model, parameter_of[name], kernels)
    for entry in packed:
        weight = read_packed(entry, dtype, device)
        if PRECISIONS[precision].bits is None:
            place(model, parameter_of[entry.name], weight.dense(), AS_IT_IS, dtype)
        else:
            place_packed(model, parameter_of[entry.name], weight)
            lay_out(model, parameter_of[entry.name], kernels)
    model.requires_grad_(False)
    not_int4 = tuple(e.name for e in entries if storage[e.name].is_fallback)
    if not_int4:
        log.warning(
            "%s: %d matrices are stored in int8 instead of int4, since their width is no multiple of 32; "
            "the first is %s %s",
            manifest.folder.name, len(not_int4), not_int4[0], list(manifest.tensors[not_int4[0]].shape),
        )  # fmt: skip
    return LoadedModel(
        model=model.eval(),
        config=config,
        family=family,
        left_out=left_out,
        num_parameters=sum(e.num_parameters for e in entries) + sum(e.num_parameters for e in packed),
        num_bytes=num_bytes(model),
        not_int4=not_int4,
    )


def lay_out(model: nn.Module, parameter: str, kernels: Kernels) -> None:
    """Bring a packed matrix into the layout the kernels read, unless its rows are looked up and nothing else."""
    path, _, leaf = parameter.rpartition(".")
    owner = model.get_submodule(path)
    weight = getattr(owner, leaf)
    if isinstance(weight, Packed) and not is_only_looked_up(parameter):
        setattr(owner, leaf, (kernels.lay_out_table if is_embedding(parameter) else kernels.lay_out)(weight))


def plan_storage(manifest: Manifest, precision: str) -> dict[str, Storage]:
    """How each plain tensor is stored when it is loaded.

    In a packed checkpoint, what its makers left plain stays so; only embeddings still follow the precision. A GGUF's
    blocks stay as they are where they can be computed on.
    """
    if manifest.gguf is not None:
        own = manifest.precision
        return {
            name: storage_of_blocks(name, entry.shape, entry.dtype, precision, own)
            for name, entry in manifest.tensors.items()
        }
    return {
        name: AS_IT_IS if manifest.packed and not is_embedding(name) else storage_of(name, entry.shape, precision)
        for name, entry in manifest.tensors.items()
    }


def read_tensors(entries: Sequence[TensorEntry]) -> Iterator[tuple[str, Tensor | Blocks]]:
    """Yield tensors, whatever kind of file they lie in, by their published names. Raises as the two readers do."""
    in_blocks = [entry for entry in entries if isinstance(entry, GgufEntry)]
    yield from mapped_tensors([entry for entry in entries if not isinstance(entry, GgufEntry)])
    yield from mapped_gguf_tensors(in_blocks)


def account_for(
    manifest: Manifest, parameter_of: dict[str, str], model: nn.Module, family: Family, config: Any
) -> dict[str, int]:
    """Make sure that file and model agree on every tensor.

    Returns:
        Why how many tensors are left out.

    Raises:
        BadCheckpoint: They disagree; the message names file and tensor.
    """
    where = ", ".join(sorted({file.name for file in manifest.weight_files})[:3])
    found: dict[str, TensorEntry | PackedEntry] = {**manifest.tensors, **manifest.packed}
    missing = [name for name in parameter_of if name not in found]
    if missing:
        raise BadCheckpoint(
            f"{manifest.folder}: {len(missing)} tensors that its configuration calls for are missing from {where}; "
            f"the first is {missing[0]}",
            hint=HINT,
        )
    left_out: Counter[str] = Counter()
    for name, entry in found.items():
        if name in parameter_of:
            _check_entry(entry, model.get_parameter(parameter_of[name]))
            continue
        reason = family.reason_to_skip(name, config)
        if reason is None:
            raise BadCheckpoint(
                f"{_file_of(entry)}: holds the tensor {name} {list(entry.shape)}, which has no place in the model that "
                "its configuration describes"
            )
        left_out[reason] += 1
    return dict(left_out)


def _file_of(entry: TensorEntry | PackedEntry) -> Path:
    return entry.file if isinstance(entry, TensorEntry) else entry.pieces[0][0].file


def _own_name(entry: TensorEntry | PackedEntry) -> str:
    """As the file calls it."""
    return " and ".join(part.name for part in entry.parts) if isinstance(entry, GgufEntry) else entry.name


def _check_entry(entry: TensorEntry | PackedEntry, parameter: nn.Parameter) -> None:
    if entry.shape != tuple(parameter.shape):
        raise BadCheckpoint(
            f"{_file_of(entry)}: tensor {_own_name(entry)} has shape {list(entry.shape)}, "
            f"its configuration calls for {list(parameter.shape)}"
        )
    readable = ("BF16", "F16", "F32", "F64", *BLOCK_FORMATS) if parameter.is_floating_point() else ("I64",)
    if isinstance(entry, TensorEntry) and entry.dtype not in readable:
        raise BadCheckpoint(
            f"{entry.file}: tensor {entry.name} has dtype {entry.dtype}; this version reads {', '.join(readable)}"
        )
