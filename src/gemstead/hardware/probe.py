"""What this machine is: processor, memory, accelerator, and which number formats torch is fast at here."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch


@dataclass(frozen=True, kw_only=True)
class Machine:
    """Facts of one machine.

    Args:
        system: Operating system and its release.
        processor: Name of the CPU.
        cores: Cores this process may use.
        memory_bytes: Installed memory.
        free_bytes: Memory available now.
        torch_version: Version of torch.
        accelerator: Name of the GPU; `None` without one.
        accelerator_bytes: Its memory; 0 without one.
        has_fast_bf16: Whether matrix products in bfloat16 are at least as fast as in float32 on the chosen device.
    """

    system: str
    processor: str
    cores: int
    memory_bytes: int
    free_bytes: int
    torch_version: str
    accelerator: str | None
    accelerator_bytes: int
    has_fast_bf16: bool

    @property
    def device(self) -> str:
        """Where models run by default: "cuda" or "cpu"."""
        return "cpu" if self.accelerator is None else "cuda"


def probe() -> Machine:
    """Look at this machine."""
    memory = psutil.virtual_memory()
    has_gpu = torch.cuda.is_available()
    return Machine(
        system=f"{platform.system()} {platform.release()} {platform.machine()}",
        processor=_processor_name(),
        cores=len(psutil.Process().cpu_affinity() or []) if hasattr(psutil.Process, "cpu_affinity") else _all_cores(),
        memory_bytes=memory.total,
        free_bytes=memory.available,
        torch_version=torch.__version__,
        accelerator=torch.cuda.get_device_name(0) if has_gpu else None,
        accelerator_bytes=torch.cuda.mem_get_info(0)[1] if has_gpu else 0,
        has_fast_bf16=has_gpu or cpu_multiplies_bf16(),
    )


def cpu_multiplies_bf16() -> bool:
    """Whether the CPU has instructions for bfloat16 products (AVX512-BF16, AMX, or Arm's BF16)."""
    try:
        words = set(Path("/proc/cpuinfo").read_text().split())
    except OSError:
        return False
    return bool(words & {"avx512_bf16", "amx_bf16", "bf16"})


def _all_cores() -> int:
    return psutil.cpu_count() or 1


def _processor_name() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass  # not Linux
    return platform.processor() or platform.machine()
