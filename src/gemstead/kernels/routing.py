"""Experts for all rows at once: assignments in order of expert, so that each expert's rows are one run.

Shape legend: T rows, A experts per row, S = T * A assignments in order of expert, E experts, K inputs, F = 2 I.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from gemstead.kernels.packed import Weight

Multiply = Callable[[Tensor, Weight, Tensor], Tensor]
"""(rows in order of expert (S, K), a stack (E, N, K), rows of each expert (E,) int64) -> (S, N)."""


def experts(
    x_TK: Tensor,
    gate_up_EFK: Weight,
    down_EKI: Weight,
    chosen_TA: Tensor,
    weight_TA: Tensor,
    *,
    multiply: Multiply,
    gated_gelu: Callable[[Tensor, Tensor], Tensor],
) -> Tensor:
    """`reference.experts` in a fixed number of calls, but for `multiply`; the same sums in the same order.

    Args:
        x_TK: See `reference.experts`, as for the next four.
        gate_up_EFK: Per expert.
        down_EKI: Per expert.
        chosen_TA: Experts of each row.
        weight_TA: Their weights.
        multiply: The product of each run of rows with its expert.
        gated_gelu: Twin of the activation.
    """
    expert_TA, place_TA = chosen_TA.sort(dim=-1)
    expert_S, order_S = expert_TA.flatten().sort(stable=True)
    num_chosen = chosen_TA.shape[1]
    count_E = torch.bincount(expert_S, minlength=gate_up_EFK.shape[0])
    gate, up = multiply(x_TK[order_S // num_chosen], gate_up_EFK, count_E).chunk(2, dim=-1)
    y_SK = multiply(gated_gelu(gate, up), down_EKI, count_E)
    parts_TAK = torch.empty(*chosen_TA.shape, x_TK.shape[1], dtype=torch.float32, device=x_TK.device)
    parts_TAK.flatten(0, 1)[order_S] = y_SK.float()
    parts_TAK *= weight_TA.gather(-1, place_TA)[..., None]
    out_TK = parts_TAK[:, 0]
    for part_TK in parts_TAK.unbind(1)[1:]:
        out_TK = out_TK + part_TK
    return out_TK.to(x_TK.dtype)


def one_by_one(
    multiply: Callable[[Tensor, Weight, int], Tensor], x_SK: Tensor, stack_ENK: Weight, count_E: Tensor
) -> Tensor:
    """Each run of rows times its expert, by a product that takes the expert's number."""
    counts = count_E.tolist()
    runs = zip(range(len(counts)), x_SK.split(counts), strict=True)
    return torch.cat([multiply(rows, stack_ENK, e) for e, rows in runs if len(rows)])
