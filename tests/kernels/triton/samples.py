"""Random rows and weights for kernel tests, and how far a result is from the truth."""

from __future__ import annotations

import torch
from torch import Tensor

from gemstead.kernels.ops import REFERENCE, Residual
from gemstead.kernels.packed import Packed, Weight, values
from gemstead.quant.linear import pack

KINDS = ("bf16", "int8", "int8 in groups", "int4")
# bfloat16 keeps 8 bits: one rounding is 2^-9 at most, about 1.7e-3 of a random tensor's norm; weights in groups are
# rounded as the reference rounds them, and so is what comes out.
ONE_ROUNDING = 4e-3
SEVERAL_ROUNDINGS = 8e-3


class Samples:
    """A source of random tensors.

    Args:
        device: Where they are.
        seed: Of the generator.
    """

    def __init__(self, device: torch.device, seed: int = 0) -> None:
        self.device = device
        self._generator = torch.Generator().manual_seed(seed)

    def rows(self, *shape: int) -> Tensor:
        """Normal numbers, bfloat16."""
        return torch.randn(*shape, generator=self._generator).bfloat16().to(self.device)

    def weight(self, kind: str, *shape: int) -> Weight:
        """A matrix or a stack whose products with `rows` are of order 1."""
        scale = shape[-1] ** -0.5
        if kind == "bf16":
            return (torch.randn(*shape, generator=self._generator) * scale).bfloat16().to(self.device)
        if kind == "fp8":
            return pack(
                torch.randn(*shape, generator=self._generator).to(self.device) * scale, 8, torch.bfloat16, is_float=True
            )
        bits = 4 if kind == "int4" else 8
        group = {"int8": shape[-1], "int8 in groups": 32, "int4": 32}[kind]
        size = (*shape[:-1], shape[-1] * bits // 8)
        codes = torch.randint(0, 256, size, generator=self._generator).to(torch.uint8)
        scales = torch.rand(*shape[:-1], shape[-1] // group, generator=self._generator) * scale / 2 ** (bits - 2)
        codes = codes if bits == 4 else codes.view(torch.int8).clamp(-127, 127)
        return Packed(codes.to(self.device), scales.bfloat16().to(self.device), torch.bfloat16)


def exact(weight: Weight) -> Tensor:
    """What a weight stands for, not rounded, float64."""
    if isinstance(weight, Tensor):
        return weight.double()
    return values(weight.codes, weight.scales, torch.float32).double()


def exact_stream(stream: Residual) -> Residual:
    """The same stream in float64."""
    return Residual(*(None if x is None else x.double() for x in stream))  # type: ignore[arg-type]


def error(found: Tensor, expected: Tensor) -> float:
    """Distance over norm; infinite if anything is missing or not a number."""
    assert found.shape == expected.shape
    distance = (found.double() - expected.double()).norm() / expected.double().norm()
    return float(distance) if torch.isfinite(found).all() else float("inf")


__all__ = ["KINDS", "ONE_ROUNDING", "REFERENCE", "SEVERAL_ROUNDINGS", "Samples", "error", "exact", "exact_stream"]
