"""Layers that several families share."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gemstead.kernels.ops import Kernels
from gemstead.kernels.packed import Weight


class Linear(nn.Module):
    """`x W^T`, no bias. The one way models multiply by a matrix; `quant/` may replace how it is stored.

    Args:
        in_features: K.
        out_features: N.
        kernels: Twins to use.
    """

    def __init__(self, in_features: int, out_features: int, kernels: Kernels) -> None:
        super().__init__()
        self.weight: Weight = nn.Parameter(torch.empty(out_features, in_features))
        self._kernels = kernels

    def forward(self, x_TK: Tensor) -> Tensor:
        """(T, K) -> (T, N)."""
        return self._kernels.linear(x_TK, self.weight)


class RMSNorm(nn.Module):
    """`x / rms(x) * weight` over the last dimension. Source: arXiv:1910.07467.

    Args:
        size: Length of the last dimension.
        eps: Added to the mean square.
        kernels: Twins to use.
    """

    def __init__(self, size: int, eps: float, kernels: Kernels) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(size))
        self._eps = eps
        self._kernels = kernels

    def forward(self, x: Tensor) -> Tensor:
        """(..., size) -> (..., size)."""
        return self._kernels.rms_norm(x, self.weight, self._eps)


def rotary_tables(position_T: Tensor, inverse_frequency_F: Tensor) -> tuple[Tensor, Tensor]:
    """Cosines and sines, float32, (T, 2 F): the angles position * frequency, written twice."""
    angle_TF = position_T[:, None].float() * inverse_frequency_F[None, :]
    angle_TD = torch.cat((angle_TF, angle_TF), dim=-1)
    return angle_TD.cos(), angle_TD.sin()
