"""Which confinement this machine can hold: rungs are tried from the top with a canary, the one that held is recorded.

    bubblewrap   namespaces made by bwrap, and all of the layers below
    namespaces   the same made by ourselves, and all of the layers below
    landlock     Landlock, seccomp, resource limits, an unprivileged user
    unconfined   whatever of it works; only when asked for by name of a flag

A rung is used when every act of the canary is refused on it. No guest runs as root: its server becomes another user.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from gemstead.core.errors import SandboxUnavailable
from gemstead.sandbox import canary
from gemstead.sandbox.base import Limits, Refusal, Rung, RungName
from gemstead.sandbox.kernel import machine
from gemstead.sandbox.layout import Layout, find_layout
from gemstead.sandbox.namespaces import JOB_DIRECTORY, PACKAGE_DIRECTORY
from gemstead.sandbox.syscalls import COLUMNS
from gemstead.sandbox.worker import Worker, WorkerFailed, WorkerStuck

RUNGS: tuple[RungName, ...] = ("bubblewrap", "namespaces", "landlock")
FIRST_GUEST_ID = 0x70000000
NUM_GUEST_IDS = 1 << 27
"""Users above the ranges that distributions and container managers hand out; each worker draws its own."""
NOBODY = 65534
CANARY_S = 20.0


@dataclass(kw_only=True)
class Ground:
    """A rung that holds, and the means to start workers on it.

    Args:
        rung: What is recorded.
        layout: What guests may see.
    """

    rung: Rung
    layout: Layout
    _spare: list[Worker] = field(default_factory=list)
    _directories: list[Path] = field(default_factory=list)

    def start_worker(self, slot: int) -> Worker:
        """Start the worker of one slot; slot 0 gets the one that the canary ran in, and must ask from the same thread.

        Raises:
            WorkerFailed: it did not start.
        """
        if slot == 0 and self._spare:
            return self._spare.pop()
        return Worker(_plan(self.rung.name, self.layout, self._directories))

    def close(self) -> None:
        """Remove what guests could write to; workers must be closed before."""
        while self._spare:
            self._spare.pop().close()
        while self._directories:
            shutil.rmtree(self._directories.pop(), ignore_errors=True)


def probe(*, rung: str | None = None, allow_unconfined: bool = False) -> Rung:
    """Find out which rung holds here.

    Args:
        rung: Try only this one.
        allow_unconfined: Accept a machine that confines nothing.

    Raises:
        SandboxUnavailable: none does.
    """
    ground = climb(rung=rung, allow_unconfined=allow_unconfined)
    ground.close()
    return ground.rung


def climb(*, rung: str | None = None, allow_unconfined: bool = False) -> Ground:
    """Try rungs from the top and return the first that holds; arguments and errors as `probe`.

    The caller's thread owns the worker that is kept for the first `start_worker`.
    """
    _check_machine()
    if rung is not None and rung not in (*RUNGS, "unconfined"):
        raise SandboxUnavailable(f"no rung is called {rung!r}", hint=f"use one of {', '.join(RUNGS)}")
    wanted: list[RungName] = [name for name in RUNGS if rung in (None, name)]
    if allow_unconfined and rung in (None, "unconfined"):
        wanted.append("unconfined")
    layout = find_layout()
    refused: list[Refusal] = []
    for name in wanted:
        ground = Ground(rung=Rung(name=name, enforced=()), layout=layout)
        try:
            ground.rung = _try(ground, name, tuple(refused))
        except (WorkerFailed, WorkerStuck) as error:
            ground.close()
            refused.append(Refusal(rung=name, reason=str(error)))
            continue
        return ground
    tried = "; ".join(f"{refusal.rung}: {refusal.reason}" for refusal in refused) or "nothing was tried"
    raise SandboxUnavailable(
        f"this machine does not confine untrusted code: {tried}",
        hint="install bubblewrap, or use Linux 5.13 or newer with Landlock; to run answers unprotected on a machine "
        "that can be thrown away, allow it explicitly",
    )


def _check_machine() -> None:
    if not sys.platform.startswith("linux"):
        raise SandboxUnavailable(
            f"running answers safely needs Linux, this is {sys.platform}",
            hint="on Windows use WSL2; on macOS use a Linux container or virtual machine",
        )
    if machine() not in COLUMNS:
        raise SandboxUnavailable(
            f"system-call filters exist for {', '.join(COLUMNS)}, this is {machine()}",
            hint="use a 64-bit x86 or Arm machine",
        )


def _try(ground: Ground, name: RungName, refused: tuple[Refusal, ...]) -> Rung:
    """Start a worker on a rung and let the canary out.

    Raises:
        WorkerFailed: a layer cannot be put on, or an act was not refused.
    """
    worker = ground.start_worker(0)
    with tempfile.TemporaryDirectory(prefix="gemstead-canary-") as directory:
        Path(directory).chmod(0o755)
        secret = Path(directory) / "secret"
        secret.write_text("secret")
        home = os.path.expanduser("~")  # noqa: PTH111 (a path without home is fine: it is only tried)
        job = {
            "program": canary.PROGRAM,
            "entry_point": canary.ENTRY_POINT,
            "helpers": "",
            "check": None,
            "args": [str(secret), home],
            "seed": 0,
            "limits": asdict(Limits()),
        }
        try:
            outcome = worker.run(job, CANARY_S)
        except WorkerStuck as error:
            raise WorkerFailed(str(error)) from None
        leaks = {} if outcome["value"] is None else {act: text for act, text in outcome["value"].items() if text}
    if (outcome["ending"] != "passed" or leaks) and name != "unconfined":
        worker.close()
        said = "; ".join(f"{act} {text}" for act, text in leaks.items())
        raise WorkerFailed(f"the canary came back: {said or outcome['detail']}")
    ground._spare.append(worker)
    return _describe(name, worker.place, refused, leaks)


def _describe(name: RungName, place: dict[str, Any], refused: tuple[Refusal, ...], leaks: dict[str, str]) -> Rung:
    enforced = ["verdict made outside the answer's process", "resource limits", f"user {place['uid']}"]
    missing = [f"{act}: {text}" for act, text in leaks.items()]
    enforced += ["seccomp"] if place["has_seccomp"] else []
    if place["landlock_abi"]:
        enforced.append(f"Landlock ABI {place['landlock_abi']}")
    else:
        missing.append("Landlock: this kernel has none")
    if name in ("bubblewrap", "namespaces"):
        enforced.append("own mount, pid, network, ipc and host-name namespaces")
    else:
        missing.append("file names, sizes and times outside the own directory can be asked for, though not opened")
        missing.append("disk use is polled, not reserved")
        if not place["counts_threads"]:
            missing.append("threads are bounded by memory only")
    return Rung(name=name, enforced=tuple(enforced), missing=tuple(missing), refused=refused)


def _plan(name: RungName, layout: Layout, directories: list[Path]) -> dict[str, Any]:
    """Decide everything a worker and its fork-server need to know.

    Raises:
        WorkerFailed: bubblewrap is wanted and absent, or root finds no other user to become.
    """
    is_root = os.geteuid() == 0
    uid = _guest_id() if is_root else None
    plan: dict[str, Any] = {
        "rung": name,
        "layout": asdict(layout),
        "uid": uid,
        "directory": JOB_DIRECTORY,
        "packages": PACKAGE_DIRECTORY,
        "disk_bytes": Limits().disk_bytes,
        "owns_uid": True,
        "lends_directories": False,
        "polls_disk": name == "bubblewrap",  # its tmpfs bounds bytes, not the number of files
        "dies_with_parent": True,
        "removed_at_end": None,
        "bubblewrap": shutil.which("bwrap", path="/usr/bin:/bin:/usr/local/bin"),
    }
    if name == "bubblewrap" and plan["bubblewrap"] is None:
        raise WorkerFailed("bwrap is not installed")
    if name in ("landlock", "unconfined"):
        plan |= _own_directory(layout, uid, directories)
        # No parent-death signal: the server outlives its worker by the moment it takes to kill the guest and clean up.
        plan |= {"owns_uid": is_root and uid != NOBODY, "lends_directories": is_root, "polls_disk": True}
        plan |= {"dies_with_parent": False}
    return plan


def _own_directory(layout: Layout, uid: int | None, directories: list[Path]) -> dict[str, Any]:
    """Make the directories of a worker that has no mount namespace."""
    top = Path(tempfile.mkdtemp(prefix="gemstead-sandbox-"))
    directories.append(top)
    job, packages = top / "job", top / "packages"
    job.mkdir(mode=0o700)
    packages.mkdir(mode=0o755)
    if uid is not None:
        for path in (top, job, packages):
            os.chown(path, uid, uid)
    else:
        for name, directory in layout.packages:
            (packages / name).symlink_to(directory)
    return {"directory": str(job), "packages": str(packages), "removed_at_end": str(top)}


def _guest_id() -> int:
    """A user that nothing else runs as; nobody where this user namespace maps too few.

    Raises:
        WorkerFailed: not even nobody is mapped.
    """
    wanted = FIRST_GUEST_ID + secrets.randbelow(NUM_GUEST_IDS)
    ranges = [tuple(map(int, line.split())) for line in Path("/proc/self/uid_map").read_text().splitlines()]
    for uid in (wanted, NOBODY):
        if any(first <= uid < first + count for first, _, count in ranges):
            return uid
    raise WorkerFailed("this root has no other user to become: its user namespace maps only itself")
