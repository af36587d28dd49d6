"""How much memory this process uses now."""

from __future__ import annotations

import sys
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, kw_only=True)
class MemoryUse:
    """Memory in use now.

    Args:
        process_bytes: Of this process in main memory, mapped files included.
        accelerator_bytes: In tensors on the GPU; `None` where torch runs on none.
    """

    process_bytes: int
    accelerator_bytes: int | None


def memory_use() -> MemoryUse:
    """Look. Torch is asked if it is there, and not loaded for it."""
    torch = sys.modules.get("torch")
    is_on_gpu = torch is not None and torch.cuda.is_available() and torch.cuda.is_initialized()
    return MemoryUse(
        process_bytes=psutil.Process().memory_info().rss,
        accelerator_bytes=torch.cuda.memory_allocated() if torch is not None and is_on_gpu else None,
    )
