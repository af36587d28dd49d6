"""A manifest -> a model on its device, every tensor accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from gemstead.checkpoints.manifest import Manifest
from gemstead.checkpoints.safetensors import HINT, TensorEntry, mapped_tensors
from gemstead.core.errors import BadCheckpoint
from gemstead.kernels.ops import Kernels
from gemstead.models.families import FAMILIES, Family, family_of


@dataclass(frozen=True, kw_only=True)
class LoadedModel:
    """A model ready to run.

    Args:
        model: The module, in evaluation mode, without gradients.
        config: Its family's configuration.
        family: Its row in the table of families.
        left_out: Why how many published tensors were not loaded.
    """

    model: nn.Module
    config: Any
    family: Family
    left_out: dict[str, int]


def load_model(
    manifest: Manifest,
    kernels: Kernels,
    *,
    dtype: torch.dtype,
    device: torch.device,
    table: Mapping[str, Family] = FAMILIES,
) -> LoadedModel:
    """Build the text model and put the checkpoint's tensors into it, one at a time.

    A tensor whose dtype and device are already right stays in the mapped file; any other is converted on its own, so
    that no second copy of the model is ever in memory.

    Args:
        manifest: The checkpoint.
        kernels: Twins the model will use.
        dtype: Of the weights in memory.
        device: Where they go.
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
    entries = [manifest.tensors[name] for name in parameter_of]
    for name, tensor in mapped_tensors(entries):
        _put(model, parameter_of[name], tensor.to(device, dtype if tensor.is_floating_point() else tensor.dtype))
    model.requires_grad_(False)
    return LoadedModel(model=model.eval(), config=config, family=family, left_out=left_out)


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
            _check_entry(entry, model.get_parameter(parameter_of[name]))
            continue
        reason = family.reason_to_skip(name, config)
        if reason is None:
            raise BadCheckpoint(
                f"{entry.file}: holds the tensor {name} {list(entry.shape)}, which has no place in the model that "
                "config.json describes"
            )
        left_out[reason] += 1
    return dict(left_out)


def _check_entry(entry: TensorEntry, parameter: nn.Parameter) -> None:
    if entry.shape != tuple(parameter.shape):
        raise BadCheckpoint(
            f"{entry.file}: tensor {entry.name} has shape {list(entry.shape)}, "
            f"config.json calls for {list(parameter.shape)}"
        )
    readable = ("BF16", "F16", "F32", "F64") if parameter.is_floating_point() else ("I64",)
    if entry.dtype not in readable:
        raise BadCheckpoint(
            f"{entry.file}: tensor {entry.name} has dtype {entry.dtype}; this version reads {', '.join(readable)}"
        )


def _put(model: nn.Module, parameter: str, tensor: torch.Tensor) -> None:
    path, _, leaf = parameter.rpartition(".")
    setattr(model.get_submodule(path), leaf, nn.Parameter(tensor, requires_grad=False))
