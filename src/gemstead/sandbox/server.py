"""The fork-server: it stands inside the confinement, holds no secret, and forks one guest per job.

Requests and the guest's socket walk in over the control socket; how the guest ended walks out once it is dead, reaped,
and its directory empty. The program itself never passes through here: a later guest could find it in inherited memory.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import gc
import importlib
import itertools
import json
import os
import secrets
import select
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

from gemstead.sandbox import guest, kernel, landlock, namespaces, seccomp
from gemstead.sandbox.frames import HEAD_BYTES, Closed, FrameReader, write_json

TICK_S = 0.1
MAX_PATH = 1000
PRELOADED = (
    "abc bisect cmath collections collections.abc contextlib copy dataclasses datetime decimal enum fractions "
    "functools hashlib heapq inspect itertools json keyword math numbers operator random re statistics string struct "
    "textwrap threading time types typing unicodedata warnings"
).split()


def main(fd: int, cargo: dict[str, Any]) -> None:
    """Enter the confinement named in the plan, report, then serve jobs until the control socket closes."""
    plan = cargo["plan"]
    if plan["dies_with_parent"]:
        kernel.die_with_parent(signal.SIGKILL)
    try:
        place = settle(plan, fd)
    except (OSError, KeyError) as error:
        write_json(fd, {"event": "refused", "reason": f"{type(error).__name__}: {error}"})
        return
    for name in PRELOADED:
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    write_json(fd, {"event": "settled", "place": place})
    with socket.socket(fileno=fd) as control:
        _serve(control, place, plan)
    if plan["removed_at_end"] is not None:
        os.chdir("/")
        empty(plan["removed_at_end"])
        Path(plan["removed_at_end"]).rmdir()


def settle(plan: dict[str, Any], control_fd: int) -> dict[str, Any]:
    """Take the confinement on, from the outermost layer to the identity, and describe the place guests will find.

    Raises:
        OSError: the kernel refuses a step.
        KeyError: no filter exists for this processor.
    """
    if plan["rung"] == "namespaces":
        namespaces.enter(plan, control_fd)
    layout, directory = plan["layout"], plan["directory"]
    python_path = [*layout["python_path"], plan["packages"]]
    kept_fds: list[int] = []
    if plan["lends_directories"]:
        kept_fds = _lend_directories(plan, python_path)
    version = landlock.abi()
    ruleset = None
    if version:
        places = [place for _, place in layout["system_files"]] + [directory for _, directory in layout["packages"]]
        readable = [*layout["readable"], *places, plan["packages"]]
        ruleset = _out_of_the_way(landlock.create_ruleset(version, readable, [directory], layout["devices"]))
    if plan["uid"] is not None:
        os.setgroups([])
        os.setresgid(plan["uid"], plan["uid"], plan["uid"])
        os.setresuid(plan["uid"], plan["uid"], plan["uid"])
    kernel.drop_capabilities()
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    if plan["dies_with_parent"]:
        kernel.die_with_parent(signal.SIGKILL)  # a change of user clears it
    if os.geteuid() == 0 or os.getuid() == 0:
        raise PermissionError(errno.EPERM, "the fork-server is still root")
    seccomp.guest_filter(kernel.machine(), 1)
    sys.path[:] = python_path
    sys.path_importer_cache.clear()
    os.chdir(directory)
    return {
        "directory": directory,
        "ruleset": ruleset,
        "landlock_abi": version,
        "has_seccomp": True,
        "counts_threads": plan["owns_uid"],
        "kept_fds": kept_fds,
        "parent": os.getpid(),
        "uid": os.getuid(),
    }


def _out_of_the_way(fd: int) -> int:
    """Move a descriptor above those a guest has fixed uses for."""
    moved = fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, guest.CALL_FD + 1)
    os.close(fd)
    return moved


def _lend_directories(plan: dict[str, Any], python_path: list[str]) -> list[int]:
    """Keep directories readable that the new user could not walk to, below a closed home for example.

    A descriptor opened while still root stands for each: the way to it is then not asked for again. Landlock still
    decides what may be opened below it.
    """
    lent: list[int] = []

    def reachable(path: str) -> str:
        os.seteuid(plan["uid"])
        try:
            os.stat(f"{path}/.")  # noqa: PTH116
            return path
        except PermissionError:
            pass
        except OSError:
            return path
        finally:
            os.seteuid(0)
        fd = _out_of_the_way(os.open(path, os.O_PATH | os.O_DIRECTORY))
        lent.append(fd)
        return f"/proc/self/fd/{fd}"

    moved = {path: reachable(path) for path in plan["layout"]["python_path"]}
    python_path[:] = [moved.get(path, path) for path in python_path]
    for module in list(sys.modules.values()):
        if getattr(module, "__path__", None):
            module.__path__ = [_moved(path, moved) for path in module.__path__]
    for name, directory in plan["layout"]["packages"]:
        Path(plan["packages"], name).symlink_to(reachable(directory))
    return lent


def _moved(path: str, moved: dict[str, str]) -> str:
    for old, new in moved.items():
        if path.startswith(f"{old}/"):
            return new + path[len(old) :]
    return path


def _serve(control: socket.socket, place: dict[str, Any], plan: dict[str, Any]) -> None:
    reader = FrameReader(control.fileno())
    while True:
        try:
            head, fds, _, _ = socket.recv_fds(control, HEAD_BYTES, 1)
            if len(head) < HEAD_BYTES:
                return
            message = json.loads(reader.exactly(int.from_bytes(head, "big"), None))
        except (Closed, ConnectionResetError):
            return
        if message["op"] != "job":  # "end" of a job that had ended by itself
            continue
        ended = _run_job(control, message, place, plan, fds[0])
        try:
            write_json(control.fileno(), ended)
        except Closed:
            return


def _run_job(control: socket.socket, job: dict[str, Any], place: dict[str, Any], plan: dict[str, Any], fd: int) -> Any:
    """Fork a guest, watch it until it ends, breaks a limit or is no longer wanted, and leave nothing of it."""
    start = time.monotonic()
    pid = os.fork()
    if pid == 0:
        guest.run(job["limits"], place, fd)
    os.close(fd)
    reason = _watch(control, pid, job["limits"], start, place, polls_disk=plan["polls_disk"])
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    if plan["owns_uid"]:
        _kill_the_rest()
    empty(place["directory"])
    return {
        "event": "ended",
        "id": job["id"],
        "reason": reason,
        "exit": os.waitstatus_to_exitcode(status),
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "wall_s": time.monotonic() - start,
    }


def _watch(
    control: socket.socket, pid: int, limits: dict[str, Any], start: float, place: dict[str, Any], *, polls_disk: bool
) -> str:
    """Wait for the guest; returns "exited", "cpu", "wall", "idle", "disk" or "unwanted"."""
    clock = (~pid << 3) | 2  # CPUCLOCK_SCHED of another process, linux/posix-timers.h
    pidfd = os.pidfd_open(pid)
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    poll.register(control.fileno(), select.POLLIN)
    last_cpu_s, last_change = 0.0, start
    try:
        while True:
            ready = [fd for fd, _ in poll.poll(TICK_S * 1000)]
            if control.fileno() in ready:
                return "unwanted"
            if pidfd in ready:
                return "exited"
            now, cpu_s = time.monotonic(), time.clock_gettime(clock)
            if cpu_s - last_cpu_s > 0.001:
                last_cpu_s, last_change = cpu_s, now
            if cpu_s > limits["cpu_s"]:
                return "cpu"
            if now - start > limits["wall_s"]:
                return "wall"
            if now - last_change > limits["idle_s"]:
                return "idle"
            if polls_disk and _holds_too_much(place["directory"], limits["disk_bytes"]):
                return "disk"
    finally:
        os.close(pidfd)


def _holds_too_much(directory: str, max_bytes: int) -> bool:
    """Whether the files of a directory are too large together, too many, or hidden too deep to count."""
    num_bytes = num_entries = 0
    pending = [directory]
    while pending:
        with (
            contextlib.suppress(OSError),
            os.scandir(pending.pop()) as entries,
        ):  # the guest is still moving things about
            for entry in entries:
                num_entries += 1
                num_bytes += entry.stat(follow_symlinks=False).st_size
                if num_bytes > max_bytes or num_entries > namespaces.MAX_INODES or len(entry.path) > MAX_PATH:
                    return True
                if entry.is_dir(follow_symlinks=False):
                    pending.append(entry.path)
    return False


def _kill_the_rest() -> None:
    """Kill and reap every other process of this user: there should be none, and the user is ours alone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(-1, signal.SIGKILL)
    try:
        while True:
            pid, _ = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
    except ChildProcessError:
        pass


def empty(directory: str) -> None:
    """Remove everything in `directory`, however deep or odd, without following a link or recursing.

    Deep trees are flattened: what lies in a subdirectory is moved up to the top, so no path ever grows long.
    """
    prefix = secrets.token_hex(8)  # no name of the guest's: what moves up replaces nothing
    numbers = itertools.count()
    pending = [(entry.path, entry.is_dir(follow_symlinks=False)) for entry in os.scandir(directory)]
    while pending:
        path, is_directory = pending.pop()
        if not is_directory:
            Path(path).unlink()
            continue
        Path(path).chmod(0o700)
        with os.scandir(path) as entries:
            children = [(entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries]
        for child, is_directory in children:
            if is_directory:
                Path(child).chmod(0o700)  # moving a directory rewrites its ".."
                moved = f"{directory}/{prefix}{next(numbers)}"
                Path(child).rename(moved)
                pending.append((moved, True))
            else:
                Path(child).unlink()
        Path(path).rmdir()
