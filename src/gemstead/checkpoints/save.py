"""A model -> the files a published Gemma has."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import nn

from gemstead.checkpoints.manifest import SINGLE
from gemstead.core.errors import OutOfCapacity
from gemstead.models.families import FAMILIES, Family, family_of


def save_model(
    folder: Path,
    config: Mapping[str, Any],
    model: nn.Module,
    *,
    dtype: torch.dtype,
    table: Mapping[str, Family] = FAMILIES,
) -> None:
    """Write `config.json` and `model.safetensors` under published names. Either both are whole, or nothing changed.

    Args:
        folder: Where to.
        config: `config.json`.
        model: Its parameters are written; numbers that are no weights keep their dtype.
        dtype: Of the weights.
        table: Families to choose from; `ASSISTANTS` for drafters.

    Raises:
        OutOfCapacity: The disk is full or cannot be written; what was there before is untouched.
    """
    family = family_of(config, table)
    tensors = {
        family.published_name(name): parameter.detach()
        .to("cpu", dtype if parameter.is_floating_point() else parameter.dtype)
        .contiguous()
        for name, parameter in model.named_parameters()
    }
    weights, settings = folder / SINGLE, folder / "config.json"
    drafts = [file.with_name(file.name + ".part") for file in (weights, settings)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        save_file(tensors, drafts[0], metadata={"format": "pt"})
        drafts[1].write_text(json.dumps(dict(config), indent=2) + "\n", encoding="utf-8")
        for draft, final in zip(drafts, (weights, settings), strict=True):
            draft.replace(final)
    except (OSError, SafetensorError) as error:
        for draft in drafts:
            with contextlib.suppress(OSError):
                draft.unlink()
        raise OutOfCapacity(
            f"{folder}: cannot be written: {error}", hint="free some disk, or choose another folder"
        ) from error
