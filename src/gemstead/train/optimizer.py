"""Muon for matrices, AdamW for the rest, and the schedule of their rates.

Sources: Muon, https://kellerjordan.github.io/posts/muon/ and arXiv:2502.16982 (the scale that lets both share a rate's
meaning); AdamW, arXiv:1711.05101; warm-up, stable, decay: MiniCPM, arXiv:2404.06395, section 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

MOMENTUM = 0.95
NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # from the Muon post: fast, not exact, orthogonalisation in five steps
UPDATE_RMS = 0.2  # of an AdamW step, arXiv:2502.16982, section 2.2


def orthogonalize(matrix_BMN: Tensor) -> Tensor:
    """The nearest orthogonal matrices, roughly, by a Newton-Schulz iteration; bfloat16 on a GPU."""
    a, b, c = NEWTON_SCHULZ
    x = matrix_BMN.to(torch.bfloat16 if matrix_BMN.is_cuda else torch.float32)
    is_tall = x.shape[-2] > x.shape[-1]
    x = x.mT if is_tall else x
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(5):
        square = x @ x.mT
        x = a * x + (b * square + c * square @ square) @ x
    result: Tensor = (x.mT if is_tall else x).to(matrix_BMN.dtype)
    return result


class Muon(torch.optim.Optimizer):
    """Momentum, orthogonalised. Matrices of one shape are done together; a stack of experts is a batch of matrices.

    Args:
        parameters: Each of two or three dimensions.
        rate: Learning rate.
        weight_decay: Decoupled, times the rate.
    """

    def __init__(self, parameters: Iterable[nn.Parameter], rate: float, weight_decay: float) -> None:
        super().__init__(list(parameters), {"lr": rate, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> None:  # type: ignore[override]
        """One update of all matrices."""
        for group in self.param_groups:
            by_shape: dict[torch.Size, list[nn.Parameter]] = {}
            for parameter in group["params"]:
                if parameter.grad is not None:
                    by_shape.setdefault(parameter.shape, []).append(parameter)
            for shape, parameters in by_shape.items():
                self._step_shape(shape, parameters, group["lr"], group["weight_decay"])

    def _step_shape(self, shape: torch.Size, parameters: list[nn.Parameter], rate: float, decay: float) -> None:
        momenta: list[Tensor] = []
        gradients: list[Tensor] = []
        weights: list[Tensor] = list(parameters)
        for parameter in parameters:
            state = self.state[parameter]
            if "momentum" not in state:
                state["momentum"] = torch.zeros_like(parameter)
            momenta.append(state["momentum"])
            assert parameter.grad is not None
            gradients.append(parameter.grad)
        torch._foreach_lerp_(momenta, gradients, 1 - MOMENTUM)
        ahead = torch._foreach_lerp(gradients, momenta, MOMENTUM)  # Nesterov
        update = orthogonalize(torch.stack(tuple(ahead)).flatten(0, -3))
        update = update.mul_(UPDATE_RMS * max(shape[-2:]) ** 0.5)
        torch._foreach_mul_(weights, 1 - rate * decay)
        torch._foreach_add_(weights, list(update.reshape(-1, *shape).unbind(0)), alpha=-rate)


def rate_at(step: int, *, warmup: int, decay_start: int | None, total: int | None) -> float:
    """Share of the full rate: a linear rise, a plateau, a linear fall to zero once its place is known."""
    rise = min(1.0, (step + 1) / max(1, warmup))
    if decay_start is None or total is None or step < decay_start:
        return rise
    return rise * max(0.0, (total - step) / max(1, total - decay_start))
