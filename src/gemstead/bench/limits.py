"""What this machine can do at most, measured here and now: bytes moved and operations done per second."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

ROUNDS = 5
COPIED_BYTES = {"cpu": 256 << 20, "cuda": 2 << 30}  # far more than any cache holds
MATRIX_SIDE = {"cpu": 2048, "cuda": 8192}


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The two ceilings.

    Args:
        copy_bytes_s: Bytes per second of a large copy, those read and those written counted.
        matrix_flop_s: Floating-point operations per second of a large matrix product.
    """

    copy_bytes_s: float
    matrix_flop_s: float


def measure_limits(device: torch.device, dtype: torch.dtype) -> Limits:
    """Measure both; medians of `ROUNDS`.

    Args:
        device: Where.
        dtype: Of the matrices.
    """
    return Limits(copy_bytes_s=_copy_rate(device), matrix_flop_s=_matrix_rate(device, dtype))


def _copy_rate(device: torch.device) -> float:
    source = torch.randint(0, 127, (COPIED_BYTES[device.type],), dtype=torch.int8, device=device)
    target = torch.empty_like(source)
    return 2 * source.nbytes / seconds_of(lambda: target.copy_(source), device)


def _matrix_rate(device: torch.device, dtype: torch.dtype) -> float:
    side = MATRIX_SIDE[device.type]
    a = torch.randn(side, side, device=device).to(dtype)
    b = torch.randn(side, side, device=device).to(dtype)
    return 2 * side**3 / seconds_of(lambda: a @ b, device)


def seconds_of(work: Callable[[], object], device: torch.device) -> float:
    """Median seconds of a piece of work, warmed up."""
    taken = []
    for _ in range(ROUNDS + 2):
        settle(device)
        begin = time.perf_counter()
        work()
        settle(device)
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken[2:])


def settle(device: torch.device) -> None:
    """Wait until the device has done all it was asked to."""
    if device.type == "cuda":
        torch.cuda.synchronize()
