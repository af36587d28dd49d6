"""The training twin of the experts kernel: differentiable, without a loop and without waiting for the device.

Shape legend: T rows, K hidden size, E experts, F = 2 I, I inner width, A experts per row, S = T * A places.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from gemstead.kernels.ops import REFERENCE, Kernels
from gemstead.kernels.reference import gated_gelu


class _Permuted(torch.autograd.Function):
    """Rows in another order. The gradient takes the inverse order, where torch's own indexing would add atomically."""

    @staticmethod
    def forward(ctx: Any, x_SK: Tensor, order_S: Tensor, inverse_S: Tensor) -> Tensor:
        ctx.save_for_backward(order_S, inverse_S)
        return x_SK[order_S]

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        _, inverse_S = ctx.saved_tensors
        return gradients[0][inverse_S], None, None


def grouped_experts(
    x_TK: Tensor, gate_up_EFK: Tensor, down_EKI: Tensor, chosen_TA: Tensor, weight_TA: Tensor
) -> Tensor:
    """As `kernels/reference.experts`, by sorting rows by expert and multiplying each group at once; bfloat16 inside.

    Source: MegaBlocks, arXiv:2211.15841, section 4 (dropless, no capacity).
    """
    num_experts, top_k = gate_up_EFK.shape[0], chosen_TA.shape[1]
    flat_S = chosen_TA.flatten()
    order_S = flat_S.argsort(stable=True)
    inverse_S = order_S.argsort()
    numbers_E = torch.arange(num_experts, device=x_TK.device)
    ends_E = (flat_S[:, None] == numbers_E).sum(0).cumsum(0).to(torch.int32)
    x_SK = x_TK.to(torch.bfloat16)[:, None].expand(-1, top_k, -1).flatten(0, 1)
    x_SK = _Permuted.apply(x_SK, order_S, inverse_S)  # type: ignore[no-untyped-call]
    hidden = torch._grouped_mm(x_SK, gate_up_EFK.to(torch.bfloat16).transpose(1, 2), offs=ends_E)
    gate, up = hidden.chunk(2, dim=-1)
    y_SK = torch._grouped_mm(gated_gelu(gate, up), down_EKI.to(torch.bfloat16).transpose(1, 2), offs=ends_E)
    y_SK = _Permuted.apply(y_SK, inverse_S, order_S)  # type: ignore[no-untyped-call]
    y_TAK = y_SK.unflatten(0, (-1, top_k)).float()
    out_TK: Tensor = (y_TAK * weight_TA[..., None]).sum(1).to(x_TK.dtype)
    return out_TK


def dense_experts(x_TK: Tensor, gate_up_EFK: Tensor, down_EKI: Tensor, chosen_TA: Tensor, weight_TA: Tensor) -> Tensor:
    """As `kernels/reference.experts`, by running every expert on every row: right for small shapes and any device."""
    gate, up = torch.einsum("tk,efk->tef", x_TK, gate_up_EFK).chunk(2, dim=-1)
    chosen_TAE = torch.nn.functional.one_hot(chosen_TA, gate_up_EFK.shape[0])
    weight_TE = (weight_TA[..., None] * chosen_TAE).sum(1)
    inner_TEI = gated_gelu(gate, up) * weight_TE[..., None].to(gate.dtype)
    return torch.einsum("tei,eki->tk", inner_TEI, down_EKI).to(x_TK.dtype)


def training_kernels(device: torch.device) -> Kernels:
    """The twins that training uses on a device."""
    # What is trained is dense, so these twins need not read packed weights.
    experts: Callable[..., Tensor] = grouped_experts if device.type == "cuda" else dense_experts
    return replace(REFERENCE, name="training", experts=experts)
