"""A step's layout in, the model's results out; and tokens that are read back only when somebody wants to know them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from gemstead.engine.batch import Layout, PagedCache, build_batch
from gemstead.kernels.ops import Kernels
from gemstead.models.families import TextModel


@dataclass(frozen=True, kw_only=True)
class Computed:
    """What a step computed. A later step may write over it.

    Args:
        hidden_RC: States after the final norm of the rows that were wanted.
        logits_RV: Their logits, float32.
        best_R: Their likeliest tokens, int64.
    """

    hidden_RC: Tensor
    logits_RV: Tensor
    best_R: Tensor


class Runner:
    """Runs the model, operation by operation.

    Args:
        model: On its device.
        cache: Its keys and values.
        kernels: The twins the model was built with.
        max_rows: Rows of the largest step.
        device: Of all.
    """

    def __init__(
        self, model: TextModel, cache: PagedCache, kernels: Kernels, max_rows: int, device: torch.device
    ) -> None:
        self._model = model
        self._cache = cache
        self._kernels = kernels
        self.num_recorded = 0  # recordings that were made; a step in which one was took longer for it
        self._newest_T = torch.zeros(max_rows, dtype=torch.int64, device=device)

    def run(self, layout: Layout) -> Computed:
        """Run one step. On a GPU it may still be at work when this returns."""
        batch = build_batch(layout, self._cache, self._kernels, self._newest_T)
        return self._conclude(self._model(batch.ids_T, batch.memory.rows.position_T, batch.memory, batch.rows_R))

    def _conclude(self, hidden_RC: Tensor) -> Computed:
        """Logits and likeliest tokens, which the next step may read."""
        logits_RV = self._model.logits(hidden_RC)
        best_R = logits_RV.argmax(-1)
        self._newest_T[: best_R.shape[0]] = best_R
        return Computed(hidden_RC=hidden_RC, logits_RV=logits_RV, best_R=best_R)

    def follow(self, token_R: Tensor) -> None:
        """Let the next step read these tokens where it would read the likeliest of the step before."""
        self._newest_T[: token_R.shape[0]] = token_R


class Tokens:
    """Token ids on their way to the host.

    Args:
        token_R: On the device; may be written over as soon as this object exists.
    """

    def __init__(self, token_R: Tensor) -> None:
        self._event: torch.cuda.Event | None = None
        if token_R.is_cuda:
            self._host_R = torch.empty(token_R.shape, dtype=token_R.dtype, pin_memory=True)
            self._host_R.copy_(token_R, non_blocking=True)
            self._event = torch.cuda.Event()
            self._event.record()
        else:
            self._host_R = token_R.clone()

    def read(self) -> list[int]:
        """Wait for them."""
        if self._event is not None:
            self._event.synchronize()
        return self._host_R.tolist()
