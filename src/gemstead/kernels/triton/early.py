"""Kernels that start before the one in front of them has ended (programmatic dependent launch, from Hopper on).

A kernel's programs are placed while the kernel in front still runs, and wait there for its results; as soon as they
have them, they let the next kernel's programs be placed. So a launch costs next to nothing in a chain of small kernels.

What a program may read before it waits is what was written two kernels ago or earlier, above all weights: one row's
first ones are on their way while it waits. All else, and all it writes, comes after. Elsewhere (older cards, Triton's
interpreter) `EARLY` is False and nothing of this is compiled.

What did not help (H200, `docs/design/LOG.md`): to let the next kernel start before the wait, and to prefetch weights
into the L2 cache meanwhile.
"""

from __future__ import annotations

from typing import Any

import torch
import triton
import triton.language as tl
from triton.language.extra.cuda import gdc_launch_dependents, gdc_wait

from gemstead.kernels.triton.card import capability

FIRST_CAPABLE = (9, 0)


@triton.jit
def wait_for_last(EARLY: tl.constexpr):
    """Until the kernel in front has ended and all it wrote is there; the next one may then be placed."""
    if EARLY:
        gdc_wait()
        gdc_launch_dependents()


def options(device: torch.device) -> dict[str, Any]:
    """What a launch is given so that it starts early where it can."""
    return {"EARLY": True, "launch_pdl": True} if capability(device) >= FIRST_CAPABLE else {"EARLY": False}
