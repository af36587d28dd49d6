"""Several processes that train one model: each computes its pieces of a step, gradients are averaged.

Source: data-parallel training, arXiv:2006.15704 (without its overlap: pebble's gradients take under a millisecond).
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class Ranks:
    """Which of the processes this is.

    Args:
        rank: Its number.
        world: How many there are.
    """

    rank: int = 0
    world: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this one measures, saves and speaks."""
        return self.rank == 0

    def average(self, tensors: list[Tensor]) -> None:
        """Replace tensors by their mean over the processes."""
        if self.world == 1 or not tensors:
            return
        flat = torch.cat([tensor.flatten() for tensor in tensors])
        dist.all_reduce(flat)
        flat /= self.world
        for tensor, part in zip(tensors, flat.split([tensor.numel() for tensor in tensors]), strict=True):
            tensor.copy_(part.view_as(tensor))

    def told(self, numbers: tuple[int, ...], device: torch.device) -> tuple[int, ...]:
        """The first process' numbers."""
        if self.world == 1:
            return numbers
        shared = torch.tensor(numbers, device=device)
        dist.broadcast(shared, 0)
        return tuple(shared.tolist())


ALONE = Ranks()


Say = Callable[[str], None]


def run_ranks(world: int, job: Callable[..., None], *arguments: Any, is_cuda: bool, say: Say) -> None:
    """Run `job(ranks, say, *arguments)` in `world` processes, each with its own GPU; back when all are done.

    Args:
        world: How many.
        job: A function of a module, called in every process.
        arguments: For it; they are pickled.
        is_cuda: Whether it uses GPUs.
        say: Gets, here, what the first process says there.

    Raises:
        torch.multiprocessing.ProcessRaisedException: One of them failed.
    """
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        port = finder.getsockname()[1]
    lines = get_context("spawn").SimpleQueue()
    running = torch.multiprocessing.spawn(  # type: ignore[attr-defined,no-untyped-call]
        _enter, (world, port, is_cuda, lines, job, arguments), nprocs=world, join=False
    )
    is_done = False
    while not is_done:
        is_done = running.join(timeout=0.2)
        while not lines.empty():
            say(lines.get())


def _enter(
    rank: int, world: int, port: int, is_cuda: bool, lines: Any, job: Callable[..., None], arguments: tuple[Any, ...]
) -> None:
    if is_cuda:
        torch.cuda.set_device(rank)
    dist.init_process_group(
        "nccl" if is_cuda else "gloo", init_method=f"tcp://127.0.0.1:{port}", rank=rank, world_size=world
    )
    try:
        job(Ranks(rank=rank, world=world), lines.put if rank == 0 else _silent, *arguments)
    finally:
        dist.destroy_process_group()


def _silent(line: str) -> None:
    """Only the first process speaks."""
