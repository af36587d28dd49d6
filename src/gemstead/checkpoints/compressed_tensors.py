"""Packed checkpoints as compressed-tensors lays them out: published tensors in, `Packed` matrices out, and back.

    x.weight_packed  int32 (N, ceil(K * bits / 32))  codes + 2^(bits-1), the earliest lowest, rows in whole words
    x.weight_scale   (N, K / 32) per group, or (N, 1) per row
    x.weight_shape   int64 (2,): N and K
    x.weight         int8 (N, K), instead of the first and the last, in the format "int-quantized"

Little-endian words of codes are bytes of codes, so the int4 of a file is the int4 of memory, and stays in the mapped
file. Stacked experts, which the format has no word for, are kept matrix by matrix: `experts.E.gate_proj`, `up_proj` and
`down_proj`. Only weights are read; checkpoints that also round activations are refused.

Source: compressed-tensors 0.20, pack_quantized; the published Gemma 4 `-qat-w4a16-ct` checkpoints.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gemstead.checkpoints.safetensors import TensorEntry, mapped_tensors
from gemstead.core.errors import BadCheckpoint, UnsupportedModel
from gemstead.kernels.packed import Packed
from gemstead.quant import GROUP

KEY = "quantization_config"
FORMATS = ("pack-quantized", "int-quantized")
EXPERT = re.compile(r"(.+\.experts)\.(\d+)\.(gate|up|down)_proj\.weight")


@dataclass(frozen=True, kw_only=True)
class PackedEntry:
    """Where one packed matrix, or stack of experts, lies.

    Args:
        name: As an unpacked checkpoint would publish it.
        shape: Of what it stands for.
        bits: Of a code.
        pieces: Codes and scales, to be joined row under row.
        is_words: Codes are packed in words, not one a byte.
    """

    name: str
    shape: tuple[int, ...]
    bits: int
    pieces: tuple[tuple[TensorEntry, TensorEntry], ...]
    is_words: bool

    @property
    def num_parameters(self) -> int:
        """Elements of what it stands for."""
        return torch.Size(self.shape).numel()

    @property
    def num_bytes(self) -> int:
        """Of codes and scales in memory."""
        return self.num_parameters * self.bits // 8 + sum(scale.num_parameters * 2 for _, scale in self.pieces)


def check_scheme(config: Mapping[str, Any]) -> None:
    """Make sure that a checkpoint's `quantization_config` is one that is read here.

    Raises:
        UnsupportedModel: It is not; the message names key, value and what is allowed.
    """
    scheme = config[KEY]

    def need(name: str, value: Any, allowed: Sequence[Any]) -> None:
        if value not in allowed:
            raise UnsupportedModel(
                f"config.json: {KEY}: {name} is {value!r}; implemented is {' or '.join(map(repr, allowed))}"
            )

    need("quant_method", scheme.get("quant_method"), ["compressed-tensors"])
    need("format", scheme.get("format"), FORMATS)
    need("kv_cache_scheme", scheme.get("kv_cache_scheme"), [None])
    for name, group in scheme.get("config_groups", {}).items():
        weights = group.get("weights") or {}
        need(f"{name}.input_activations", group.get("input_activations"), [None])
        need(f"{name}.output_activations", group.get("output_activations"), [None])
        need(f"{name}.weights.type", weights.get("type"), ["int"])
        need(f"{name}.weights.num_bits", weights.get("num_bits"), [4, 8])
        need(f"{name}.weights.symmetric", weights.get("symmetric"), [True])
        need(f"{name}.weights.strategy", weights.get("strategy"), ["group", "channel"])
        need(f"{name}.weights.actorder", weights.get("actorder"), [None, False])


def split_packed(
    tensors: Mapping[str, TensorEntry],
) -> tuple[dict[str, TensorEntry], dict[str, PackedEntry]]:
    """Tell packed matrices from plain tensors.

    Returns:
        Plain tensors, and packed ones, each by the name that an unpacked checkpoint would publish.

    Raises:
        BadCheckpoint: A part is missing, or parts do not fit together.
    """
    scaled = {name.removesuffix("_scale") for name in tensors if name.endswith(".weight_scale")}
    shapes = _read_shapes([tensors[f"{name}_shape"] for name in scaled if f"{name}_shape" in tensors])
    single = {name: _entry(name, tensors, shapes) for name in sorted(scaled)}
    parts = {f"{name}{suffix}" for name in scaled for suffix in ("", "_packed", "_scale", "_shape")}
    plain = {name: entry for name, entry in tensors.items() if name not in parts}
    return plain, _with_stacks(single)


def _read_shapes(entries: list[TensorEntry]) -> dict[str, tuple[int, ...]]:
    return {
        name.removesuffix("_shape"): tuple(int(n) for n in shape.tolist()) for name, shape in mapped_tensors(entries)
    }


def _entry(name: str, tensors: Mapping[str, TensorEntry], shapes: Mapping[str, tuple[int, ...]]) -> PackedEntry:
    scale = tensors[f"{name}_scale"]
    codes = tensors.get(f"{name}_packed")
    if codes is None:
        codes = tensors.get(name)
        if codes is None or codes.dtype != "I8":
            raise BadCheckpoint(f"{scale.file}: {name}_scale is here, but neither {name}_packed nor {name} in int8")
        entry = PackedEntry(name=name, shape=codes.shape, bits=8, pieces=((codes, scale),), is_words=False)
    else:
        if name not in shapes:
            raise BadCheckpoint(f"{codes.file}: {name}_packed is here, but not {name}_shape")
        shape = shapes[name]
        words = {-(-shape[1] * bits // 32): bits for bits in (8, 4)}
        if codes.dtype != "I32" or codes.shape[0] != shape[0] or codes.shape[1] not in words or shape[1] % 2:
            raise BadCheckpoint(
                f"{codes.file}: {name}_packed is {codes.dtype} {list(codes.shape)}; for {list(shape)} it must be I32 "
                f"with {' or '.join(str(n) for n in sorted(words))} words a row"
            )
        bits = words[codes.shape[1]]
        entry = PackedEntry(name=name, shape=shape, bits=bits, pieces=((codes, scale),), is_words=True)
    rows, width = entry.shape
    if scale.shape[0] != rows or len(scale.shape) != 2 or width % scale.shape[1]:
        raise BadCheckpoint(f"{scale.file}: {name}_scale has shape {list(scale.shape)}, the matrix is {[rows, width]}")
    return entry


def _with_stacks(single: Mapping[str, PackedEntry]) -> dict[str, PackedEntry]:
    """Join the matrices of experts to the stacks that they are published as."""
    joined: dict[str, PackedEntry] = {}
    experts: dict[str, dict[tuple[int, str], PackedEntry]] = {}
    for name, entry in single.items():
        found = EXPERT.fullmatch(name)
        if found is None:
            joined[name] = entry
        else:
            experts.setdefault(found[1], {})[int(found[2]), found[3]] = entry
    for prefix, of_layer in experts.items():
        count = len(of_layer) // 3
        for stack, kinds in (("gate_up_proj", ("gate", "up")), ("down_proj", ("down",))):
            wanted = [(number, kind) for number in range(count) for kind in kinds]
            missing = [key for key in wanted if key not in of_layer]
            if missing or len(of_layer) % 3:
                number, kind = missing[0] if missing else (count, "gate")
                raise BadCheckpoint(f"{prefix}.{number}.{kind}_proj is missing, though other experts are there")
            members = [of_layer[key] for key in wanted]
            if len({(m.bits, m.shape, m.is_words) for m in members}) > 1:
                raise BadCheckpoint(f"{prefix}: experts differ in shape or bits; they must be the same")
            rows, width = members[0].shape
            name = f"{prefix}.{stack}"
            joined[name] = PackedEntry(
                name=name,
                shape=(count, rows * len(kinds), width),
                bits=members[0].bits,
                pieces=tuple(piece for member in members for piece in member.pieces),
                is_words=members[0].is_words,
            )
    return joined


def read_packed(entry: PackedEntry, dtype: torch.dtype, device: torch.device) -> Packed:
    """Read a packed matrix; not a bit of it changes.

    Args:
        entry: Where it lies.
        dtype: In which products will be computed.
        device: Where it goes.

    Raises:
        BadCheckpoint: A file changed since it was listed.
    """
    members = [part for piece in entry.pieces for part in piece]
    found = dict(mapped_tensors(members))
    codes = [_codes(found[c.name], entry) for c, _ in entry.pieces]
    scales = [found[s.name] for _, s in entry.pieces]
    leading = entry.shape[:-1]
    joined = codes[0] if len(codes) == 1 else torch.cat(codes)
    return Packed(joined.view(*leading, -1).to(device), torch.cat(scales).view(*leading, -1).to(device), dtype)


def _codes(stored: Tensor, entry: PackedEntry) -> Tensor:
    if not entry.is_words:
        return stored
    raised = stored.view(torch.uint8)[:, : entry.shape[-1] * entry.bits // 8]
    if entry.bits == 4:
        return raised if raised.is_contiguous() else raised.contiguous()
    return (raised ^ 0x80).view(torch.int8)  # raised by 128: the sign bit turned over


def packed_tensors(name: str, weight: Packed) -> dict[str, Tensor]:
    """The tensors of one matrix under their published names, on the CPU.

    Args:
        name: Of the unpacked tensor: `x.weight`, or of a stack `x.experts.gate_up_proj`.
        weight: What is stored.
    """
    if len(weight.shape) == 2:
        return _matrix_tensors(name, weight.codes, weight.scales, weight.shape[1])
    prefix, _, stack = name.rpartition(".")
    kinds = ("gate", "up") if stack == "gate_up_proj" else ("down",)
    tensors: dict[str, Tensor] = {}
    for number in range(weight.shape[0]):
        parts = [whole[number].chunk(len(kinds)) for whole in (weight.codes, weight.scales)]
        for kind, codes, scales in zip(kinds, *parts, strict=True):
            tensors |= _matrix_tensors(f"{prefix}.{number}.{kind}_proj.weight", codes, scales, weight.shape[2])
    return tensors


def _matrix_tensors(name: str, codes: Tensor, scales: Tensor, width: int) -> dict[str, Tensor]:
    raised = codes.cpu() if codes.dtype is torch.uint8 else codes.cpu().view(torch.uint8) ^ 0x80
    zero = 0x88 if codes.dtype is torch.uint8 else 0x80  # what fills the last word up, as codes of 0
    words = torch.nn.functional.pad(raised, (0, -raised.shape[1] % 4), value=zero).view(torch.int32)
    return {
        f"{name}_packed": words.clone(),  # not a view of a stack: a file wants each tensor by itself
        f"{name}_scale": scales.cpu().clone(),
        f"{name}_shape": torch.tensor([codes.shape[0], width]),
    }


def scheme_of(bits: int, at_8_bits: Sequence[str], ignored: Sequence[str]) -> dict[str, Any]:
    """The `quantization_config` of what is written here.

    Args:
        bits: Of linear layers.
        at_8_bits: Modules that have 8 though `bits` is 4.
        ignored: Linear modules that are not packed.
    """
    groups = {"group_0": _group(["Linear"], bits)}
    if at_8_bits:
        groups["group_1"] = _group(list(at_8_bits), 8)
    return {
        "quant_method": "compressed-tensors",
        "format": "pack-quantized",
        "quantization_status": "compressed",
        "kv_cache_scheme": None,
        "ignore": list(ignored),
        "config_groups": groups,
    }


def _group(targets: list[str], bits: int) -> dict[str, Any]:
    weights = {
        "num_bits": bits,
        "type": "int",
        "symmetric": True,
        "strategy": "group" if bits == 4 else "channel",
        "group_size": GROUP if bits == 4 else None,
        "dynamic": False,
        "actorder": None,
    }
    return {
        "targets": targets,
        "weights": weights,
        "input_activations": None,
        "output_activations": None,
        "format": "pack-quantized",
    }
