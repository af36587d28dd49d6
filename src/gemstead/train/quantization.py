"""Quantisation-aware training: matrices multiply as if on the int4 lattice, their gradient passes straight through.

Source: straight-through estimator, arXiv:1308.3432; quantisation-aware training, arXiv:1712.05877, section 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from gemstead.kernels.ops import Kernels
from gemstead.models.gemma4.text import Gemma4Text, Layer, MixtureOfExperts
from gemstead.models.layers import Linear
from gemstead.quant.formats import quantize_int4


def on_lattice(weight: Tensor) -> Tensor:
    """The nearest matrix on the int4 lattice whose values are exact in bfloat16."""
    return quantize_int4(weight, coarse_scales=True).dequantize(weight.dtype)


def is_quantized(name: str) -> bool:
    """Whether a parameter of this name is stored in few bits: projections and experts; no embedding, router or norm."""
    return name.endswith(("_proj.weight", "gate_up_proj", "down_proj")) and "router" not in name


def stand_on_lattice(model: Gemma4Text) -> None:
    """Round every quantised matrix to the lattice, for good."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if is_quantized(name):
                parameter.copy_(on_lattice(parameter))


class LatticeKernels:
    """Twins that first move weights towards the lattice: by `share`, 0 for not at all, 1 for onto it.

    The share is a tensor, so that turning it up needs no new compilation.

    Args:
        kernels: The twins that then compute.
        device: Where.
    """

    def __init__(self, kernels: Kernels, device: torch.device) -> None:
        self.share = torch.zeros((), device=device)
        self._kernels = kernels
        # What is trained is dense, so these twins need not read packed weights.
        linear: Callable[..., Tensor] = self._linear
        experts: Callable[..., Tensor] = self._experts
        self.twins = replace(kernels, linear=linear)
        self.expert_twins = replace(kernels, experts=experts)  # the router beside the experts stays as it is

    def install(self, model: Gemma4Text) -> None:
        """Let every quantised matrix of the model go through the lattice."""
        for name, module in model.named_modules():
            if isinstance(module, MixtureOfExperts):
                module._kernels = self.expert_twins
            elif isinstance(module, Layer | Linear) and "router" not in name:
                module._kernels = self.twins

    def _moved(self, weight: Tensor) -> Tensor:
        return weight + (self.share * (on_lattice(weight) - weight)).detach()

    def _linear(self, x_TK: Tensor, weight_NK: Tensor) -> Tensor:
        return self._kernels.linear(x_TK, self._moved(weight_NK))

    def _experts(
        self, x_TK: Tensor, gate_up_EFK: Tensor, down_EKI: Tensor, chosen_TA: Tensor, weight_TA: Tensor
    ) -> Tensor:
        return self._kernels.experts(x_TK, self._moved(gate_up_EFK), self._moved(down_EKI), chosen_TA, weight_TA)
