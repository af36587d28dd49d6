"""What a card is and has, asked once."""

from __future__ import annotations

from functools import cache

import torch
import triton

INTERPRETED_CORES = 4  # what the interpreter stands for; each program takes it milliseconds
INTERPRETED_KIB = 227


@cache
def capability(device: torch.device) -> tuple[int, int]:
    """Compute capability; (0, 0) where no card computes."""
    if device.type != "cuda" or triton.knobs.runtime.interpret:
        return (0, 0)
    return torch.cuda.get_device_capability(device)


@cache
def num_cores(device: torch.device) -> int:
    """Multiprocessors."""
    if device.type != "cuda":
        return INTERPRETED_CORES
    return torch.cuda.get_device_properties(device).multi_processor_count


@cache
def shared_kib(device: torch.device) -> int:
    """Shared memory that one program may have, KiB."""
    if device.type != "cuda":
        return INTERPRETED_KIB
    index = torch.cuda.current_device() if device.index is None else device.index
    return int(triton.runtime.driver.active.utils.get_device_properties(index)["max_shared_mem"]) >> 10
