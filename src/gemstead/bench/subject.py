"""What is measured: a checkpoint's text model, or a published size with random weights; and an engine round it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import torch
from torch import nn

from gemstead.checkpoints.hub import find_model
from gemstead.checkpoints.load import LoadedModel, lay_out, load_model
from gemstead.checkpoints.manifest import read_manifest
from gemstead.core.errors import BadRequest, OutOfCapacity, UnsupportedModel
from gemstead.engine.config import EngineConfig
from gemstead.engine.engine import Engine
from gemstead.hardware.probe import probe
from gemstead.hardware.units import gib
from gemstead.kernels import invariant, ops, packed
from gemstead.kernels.ops import REFERENCE, Kernels
from gemstead.kernels.packed import Packed
from gemstead.models.families import TextModel, family_of
from gemstead.planner.catalog import published_config
from gemstead.quant import GROUP, PRECISIONS
from gemstead.quant.convert import Storage, num_bytes, place, place_packed, storage_of
from gemstead.quant.linear import pack
from gemstead.runtime import PAGE_TOKENS, STEP_TOKENS, compute_dtype, pick_device, settle_in, stored_precision

MEAN_SQUARE_INT4 = 21.5  # of the codes -8 to 7
MEAN_SQUARE_INT8 = 127 * 128 / 3  # of the codes -127 to 127


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A model on its device.

    Args:
        name: For people.
        config: Its `config.json`.
        precision: How its weights are held.
        loaded: The model.
        kernels: It was built with.
        dtype: Of what is computed and of the cache.
        device: Where.
        is_random: Whether its weights mean nothing.
    """

    name: str
    config: Mapping[str, Any]
    precision: str
    loaded: LoadedModel
    kernels: Kernels
    dtype: torch.dtype
    device: torch.device
    is_random: bool

    def chunks(self, batch: int, context: int) -> int:
        """Steps it takes at most to read so many prompts."""
        return -(-batch * context // (STEP_TOKENS[self.device.type] - batch)) + 1

    def engine(self, batch: int, tokens: int) -> Engine:
        """An engine that holds just so many sequences of so many tokens."""
        page_tokens = PAGE_TOKENS[self.device.type]
        config = EngineConfig(
            context_tokens=tokens,
            max_sequences=batch,
            step_tokens=max(batch, min(tokens * batch, STEP_TOKENS[self.device.type])),
            page_tokens=page_tokens,
            cache_tokens=batch * -(-tokens // page_tokens) * page_tokens,
            runs_ahead=self.device.type == "cuda",
        )
        return Engine(
            cast(TextModel, self.loaded.model),
            config,
            self.kernels,
            vocab_size=self.loaded.config.vocab_size,
            dtype=self.dtype,
            device=self.device,
        )


def reproducible_kernels(
    config: Mapping[str, Any], *, dtype: torch.dtype, device: torch.device, precision: str
) -> Kernels:
    """Twins whose rows do not depend on their neighbours, tried on random matrices of every shape of the model.

    Raises:
        UnsupportedModel: There are none on this machine.
    """
    made_so = ops.reproducible_as_they_are(device.type)
    if made_so is not None:
        return made_so
    family = family_of(config)
    with torch.device("meta"):
        model = family.build(family.read_config(config), REFERENCE)
    shapes = {
        tuple(parameter.shape[-2:])
        for name, parameter in model.named_parameters()
        if parameter.dim() > 1 and not name.endswith("embed_tokens_per_layer")
    }
    matrices = [torch.empty(shape, dtype=dtype, device=device).normal_(0, 0.05) for shape in sorted(shapes)]
    if PRECISIONS[precision].bits is not None:
        matrices = [slab for matrix in matrices for slab in packed.slabs(matrix)]
    tiled = invariant.find_tiles(matrices)
    if tiled is None:
        raise UnsupportedModel("reproducible mode does not hold on this machine", hint="leave `--reproducible` out")
    return ops.reproducible(tiled)


def open_subject(
    *,
    model: str | None = None,
    random: str | None = None,
    precision: str | None = None,
    device: str | None = None,
    reproducible: bool = False,
) -> Subject:
    """Load a model, or make one up.

    Args:
        model: As for `runtime.load`.
        random: A published size, with random weights; instead of `model`.
        precision: One of `quant.PRECISIONS`; `None` takes what the files hold, or bf16.
        device: "cpu" or "cuda"; `None` takes the GPU if there is one.
        reproducible: Whether rows must not depend on their neighbours.

    Raises:
        BadRequest, NotFound, OutOfCapacity, UnsupportedModel: As `runtime.load`.
    """
    if precision is not None and precision not in PRECISIONS:
        raise BadRequest(f"precision is {precision!r}; this version has {', '.join(PRECISIONS)}")
    machine = probe()
    where = pick_device(device, machine)
    manifest = None if random is not None else read_manifest(find_model(model or "pebble"))
    config = published_config(random) if random is not None else manifest.config  # type: ignore[union-attr]
    stored = precision or "bf16" if manifest is None else stored_precision(precision, manifest)
    dtype = compute_dtype(stored, where, machine)
    kernels = ops.pick(where.type)
    if reproducible:
        kernels = reproducible_kernels(config, dtype=dtype, device=where, precision=stored)
    if manifest is not None:
        loaded = load_model(manifest, kernels, dtype=dtype, device=where, precision=stored)
    else:
        free = machine.free_bytes if where.type == "cpu" else machine.accelerator_bytes
        loaded = random_model(
            random or "", config, kernels, dtype=dtype, device=where, precision=stored, free_bytes=free
        )
    if where.type == "cpu":
        settle_in(loaded.num_parameters, None)
    name = random if manifest is None else manifest.folder.name
    return Subject(
        name=str(name),
        config=config,
        precision=stored,
        loaded=loaded,
        kernels=kernels,
        dtype=dtype,
        device=where,
        is_random=manifest is None,
    )


def random_model(
    name: str,
    config: Mapping[str, Any],
    kernels: Kernels,
    *,
    dtype: torch.dtype,
    device: torch.device,
    precision: str,
    free_bytes: int,
    seed: int = 0,
) -> LoadedModel:
    """A model of a configuration with random weights, made on the device, stored as a checkpoint's would be.

    Matrices are normal with variance 1 / K, so that activations keep their size; norms and scalars lie around 1.

    Raises:
        OutOfCapacity: It does not fit; found before anything is made.
    """
    family = family_of(config)
    settings = family.read_config(config)
    with torch.device("meta"):
        model = family.build(settings, kernels)
    storages = {n: storage_of(n, tuple(p.shape), precision) for n, p in model.named_parameters()}
    needed = sum(storages[n].num_bytes(tuple(p.shape), dtype) for n, p in model.named_parameters())
    if needed > free_bytes:
        raise OutOfCapacity(
            f"{name} in {precision}: its weights take {gib(needed)}, {gib(free_bytes)} are free on {device.type}",
            hint="choose a smaller size, or fewer bits with `--precision`",
        )
    generator = torch.Generator(device).manual_seed(seed)
    num_parameters = 0
    for parameter, shape in [(n, tuple(p.shape)) for n, p in model.named_parameters()]:
        num_parameters += torch.Size(shape).numel()
        _fill(model, parameter, shape, storages[parameter], kernels, dtype, device, generator)
    model.requires_grad_(False)
    return LoadedModel(
        model=model.eval(),
        config=settings,
        family=family,
        left_out={},
        num_parameters=num_parameters,
        num_bytes=num_bytes(model),
    )


def _fill(
    model: nn.Module,
    parameter: str,
    shape: tuple[int, ...],
    storage: Storage,
    kernels: Kernels,
    dtype: torch.dtype,
    device: torch.device,
    generator: torch.Generator,
) -> None:
    if storage.bits is not None:
        place_packed(model, parameter, _random_packed(shape, storage, dtype, device, generator))
        lay_out(model, parameter, kernels)
        return
    spread = 0.1 if len(shape) < 2 else shape[-1] ** -0.5
    tensor = torch.empty(shape, dtype=dtype, device=device).normal_(0, spread, generator=generator)
    place(model, parameter, tensor + 1 if len(shape) < 2 else tensor, storage, dtype)


def _random_packed(
    shape: tuple[int, ...], storage: Storage, dtype: torch.dtype, device: torch.device, generator: torch.Generator
) -> Packed:
    """Random codes whose values have variance 1 / K."""
    *rows, width = shape
    if storage.bits == 4:
        codes = torch.randint(0, 256, (*rows, width // 2), dtype=torch.uint8, device=device, generator=generator)
        step = (MEAN_SQUARE_INT4 * width) ** -0.5
        scales = torch.full((*rows, width // GROUP), step, dtype=torch.bfloat16, device=device)
        return Packed(codes, scales, dtype)
    if storage.is_float:
        values = torch.empty(shape, dtype=dtype, device=device).normal_(0, width**-0.5, generator=generator)
        return pack(values, 8, dtype, is_float=True)
    codes = torch.randint(-127, 128, tuple(shape), dtype=torch.int8, device=device, generator=generator)
    scales = torch.full((*rows, 1), (MEAN_SQUARE_INT8 * width) ** -0.5, dtype=torch.bfloat16, device=device)
    return Packed(codes, scales, dtype)
