"""How much memory this process needed at most, since it was last asked to forget."""

from __future__ import annotations

import contextlib
import ctypes
import gc
from pathlib import Path

import torch

STATUS, FORGET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def forget_peak() -> bool:
    """Start anew: what was freed goes back to the kernel, and the mark becomes what is in use now.

    Returns:
        Whether this machine can; if not, a peak is that of the whole life of the process.
    """
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    gc.collect()
    with contextlib.suppress(AttributeError, OSError):  # no glibc
        # The allocator was told to keep what is freed (hardware/allocator); an earlier model would be counted again.
        ctypes.CDLL(None).malloc_trim(0)
    try:
        FORGET.write_text("5")  # Linux, proc(5)
    except OSError:
        return False
    return True


def peak_bytes(device: str) -> int | None:
    """The most memory in use at once: torch's for "cuda"; for "cpu" the whole process's, mapped files included.

    Returns:
        Bytes, or `None` where the machine does not say.
    """
    if device == "cuda":
        return torch.cuda.max_memory_allocated()
    try:
        for line in STATUS.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass  # not Linux
    return None
