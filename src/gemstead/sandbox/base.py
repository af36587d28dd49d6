"""The words of the sandbox: what a guest may use, how a run of it can end, and which confinement holds it."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Literal

Ending = Literal["passed", "wrong", "timeout", "crash", "forbidden"]
"""How a check of an answer can end.

passed: the check ran to its end. wrong: it refused an answer, or the answer raised. timeout: out of CPU or wall time.
crash: the guest left, died or spoke out of turn. forbidden: it failed on something the confinement refuses.
"""

RungName = Literal["bubblewrap", "namespaces", "landlock", "unconfined"]

MIB = 1024**2


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one guest may use.

    Args:
        cpu_s: Processor time of all its threads, loading included.
        wall_s: Time on the clock, waiting included.
        idle_s: Time on the clock without any use of the processor: the guest sleeps or waits for nothing.
        memory_bytes: Address space.
        file_bytes: Largest file it may write.
        disk_bytes: All its files together.
        open_files: Open descriptors.
        threads: Threads, where the kernel can count them for the guest alone.
        message_bytes: Largest call or reply, encoded.
        message_items: Most values in one call or reply, counted at every depth.
    """

    cpu_s: float = 3.0
    wall_s: float = 6.0
    idle_s: float = 3.5
    memory_bytes: int = 1024 * MIB
    file_bytes: int = 16 * MIB
    disk_bytes: int = 64 * MIB
    open_files: int = 64
    threads: int = 64
    message_bytes: int = 4 * MIB
    message_items: int = 200_000

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if not (math.isfinite(value) and value > 0):
                raise ValueError(f"Limits.{name} must be a positive number, got {value!r}")


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One check of one program.

    Args:
        ending: How it ended.
        detail: One line for people: what the answer raised, or which limit it met.
        cpu_s: Processor time of the guest.
        wall_s: Time on the clock, from the fork to the last reap.
    """

    ending: Ending
    detail: str
    cpu_s: float
    wall_s: float


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """A rung that was tried and does not hold here."""

    rung: RungName
    reason: str


@dataclass(frozen=True, kw_only=True)
class Rung:
    """The confinement in force, as recorded with every result.

    Args:
        name: Which rung of the ladder.
        enforced: Layers that were tried and held.
        missing: What this rung cannot enforce here.
        refused: Higher rungs, and why they were not used.
    """

    name: RungName
    enforced: tuple[str, ...]
    missing: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()

    @property
    def stamp(self) -> str:
        """Short text for a run's record; "unsandboxed" when nothing confines."""
        return "unsandboxed" if self.name == "unconfined" else self.name
