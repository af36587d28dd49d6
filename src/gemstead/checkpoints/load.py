"""A manifest -> a model on its device, every tensor accounted for."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from gemstead.checkpoints.manifest import Manifest
from gemstead.checkpoints.safetensors import HINT, TensorEntry, mapped_tensors
from gemstead.core.errors import BadCheckpoint
from gemstead.kernels.ops import Kernels
from gemstead.models.families import Family, family_of
from gemstead.quant.convert import num_bytes, place, storage_of

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
    manifest: Manifest, kernels: Kernels, *, dtype: torch.dtype, device: torch.device, precision: str = "bf16"
) -> LoadedModel:
    """Build the text model and put the checkpoint's tensors into it, one at a time.

    A tensor whose dtype and device are already right stays in the mapped file; any other is converted on its own, into
    few bits if so asked, and no second copy of the model is ever in memory.

    Args:
        manifest: The checkpoint.
        kernels: Twins the model will use.
        dtype: Of weights that are not stored in few bits, and of what is computed.
        device: Where they go.
        precision: One of `quant.PRECISIONS`; `quant/convert` says what it means for each tensor.

    Raises:
        UnsupportedModel: The configuration asks for something this version does not implement.
        BadCheckpoint: A tensor is missing, left over, or has another shape than the configuration says.
    """
    family = family_of(manifest.config)
    config = family.read_config(manifest.config)
    with torch.device("meta"):
        model = family.build(config, kernels)
    parameter_of = {family.published_name(name): name for name, _ in model.named_parameters()}
    left_out = account_for(manifest, parameter_of, model, family, config)
    entries = [manifest.tensors[name] for name in parameter_of]
    storage = {e.name: storage_of(parameter_of[e.name], e.shape, precision) for e in entries}
    for name, tensor in mapped_tensors(entries):
        place(model, parameter_of[name], tensor.to(device), storage[name], dtype)
    model.requires_grad_(False)
    not_int4 = tuple(name for name, stored in storage.items() if stored.is_fallback)
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
        num_parameters=sum(entry.num_parameters for entry in entries),
        num_bytes=num_bytes(model),
        not_int4=not_int4,
    )


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
    missing = [name for name in parameter_of if name not in manifest.tensors]
    if missing:
        raise BadCheckpoint(
            f"{manifest.folder}: {len(missing)} tensors that config.json calls for are missing from {where}; "
            f"the first is {missing[0]}",
            hint=HINT,
        )
    left_out: Counter[str] = Counter()
    for name, entry in manifest.tensors.items():
        if name in parameter_of:
            _check_shape(entry, tuple(model.get_parameter(parameter_of[name]).shape))
            continue
        reason = family.reason_to_skip(name, config)
        if reason is None:
            raise BadCheckpoint(
                f"{entry.file}: holds the tensor {name} {list(entry.shape)}, which has no place in the model that "
                "config.json describes"
            )
        left_out[reason] += 1
    return dict(left_out)


def _check_shape(entry: TensorEntry, expected: tuple[int, ...]) -> None:
    if entry.shape != expected:
        raise BadCheckpoint(
            f"{entry.file}: tensor {entry.name} has shape {list(entry.shape)}, config.json calls for {list(expected)}"
        )
    if entry.dtype not in ("BF16", "F16", "F32", "F64"):
        raise BadCheckpoint(
            f"{entry.file}: tensor {entry.name} has dtype {entry.dtype}; this version reads BF16, F16, F32, F64"
        )
