"""A root of its own for the fork-server: new mount, pid, network, ipc and host-name namespaces, without bubblewrap.

As root this needs no user namespace; anyone else first becomes the only user of a new one. The process that returns
from `enter` is the first of its pid namespace: when it dies, the kernel kills whatever is left inside.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from gemstead.sandbox import kernel

JOB_DIRECTORY = "/gemstead/job"
PACKAGE_DIRECTORY = "/gemstead/packages"
INSIDE_ID = 65534
"""Who an ordinary user is inside the user namespace: nobody."""

MAX_INODES = 4096
# statvfs calls this one 4096, mount(2) 1 << 21; the other flags have the same value in both.
ST_RELATIME, MS_RELATIME = 4096, 1 << 21
ST_KEPT = 1 | 2 | 4 | 8 | 1024 | 2048


def enter(plan: dict[str, Any], control_fd: int) -> None:
    """Move into new namespaces; returns in their first process, with the new root in place.

    Args:
        plan: `layout` (fields of `Layout`), `disk_bytes`, and `uid` to become later, or None outside root.
        control_fd: Descriptor that only the inner process keeps.

    Raises:
        OSError: the kernel refuses a namespace or a mount.
    """
    flags = kernel.CLONE_NEWNS | kernel.CLONE_NEWPID | kernel.CLONE_NEWNET | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS
    if plan["uid"] is None:
        uid, gid = os.getuid(), os.getgid()
        kernel.unshare(flags | kernel.CLONE_NEWUSER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{INSIDE_ID} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{INSIDE_ID} {gid} 1")
    else:
        kernel.unshare(flags)
    inner = os.fork()
    if inner:
        os.close(control_fd)
        os.waitpid(inner, 0)
        os._exit(0)
    kernel.die_with_parent(signal.SIGKILL)
    _build_root(plan)


def _build_root(plan: dict[str, Any]) -> None:
    """Assemble the new root in a tmpfs and make it the only one this process can name."""
    layout = plan["layout"]
    kernel.mount("none", "/", None, kernel.MS_REC | kernel.MS_PRIVATE)
    kernel.mount("tmpfs", "/tmp", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=0755,size=1m")
    for name in ("new", "old"):
        Path("/tmp", name).mkdir()
    kernel.mount("tmpfs", "/tmp/new", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=0755,size=1m")
    kernel.pivot_root("/tmp", "/tmp/old")
    os.chdir("/")
    _bind(layout["python"], layout["python"])
    for root in layout["libraries"]:
        if Path(f"/old{root}").is_symlink():
            _parents(root)
            Path(f"/new{root}").symlink_to(Path(f"/old{root}").readlink())
        else:
            _bind(root, root)
    for directory in layout["masked"]:
        if Path(f"/new{directory}").is_dir():
            kernel.mount("tmpfs", f"/new{directory}", "tmpfs", kernel.MS_RDONLY, "mode=0755,size=4k")
    for path, place in layout["system_files"]:
        _bind(place, path)
    for path in layout["devices"]:
        _bind(path, path, is_device=True)
    for name, directory in layout["packages"]:
        _bind(directory, f"{PACKAGE_DIRECTORY}/{name}")
    _job_directory(plan)
    kernel.mount("none", "/new", None, kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | kernel.MS_NOSUID)
    os.chdir("/new")
    kernel.pivot_root(".", ".")
    kernel.unmount(".")
    os.chdir("/")


def _parents(path: str) -> None:
    Path(f"/new{path}").parent.mkdir(parents=True, exist_ok=True)


def _bind(source: str, target: str, *, is_device: bool = False) -> None:
    """Show one file or directory of the old root in the new one, read-only."""
    outside, inside = f"/old{source}", f"/new{target}"
    _parents(target)
    if Path(outside).is_dir():
        Path(inside).mkdir(exist_ok=True)
    elif Path(outside).exists():
        Path(inside).touch()
    else:
        return
    kernel.mount(outside, inside, None, kernel.MS_BIND | kernel.MS_REC)
    if not is_device:
        now = os.statvfs(inside).f_flag
        kept = now & ST_KEPT | (
            MS_RELATIME if now & ST_RELATIME else 0
        )  # a user namespace may not lift flags it was given
        read_only = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV
        kernel.mount("none", inside, None, read_only | kept)


def _job_directory(plan: dict[str, Any]) -> None:
    Path(f"/new{JOB_DIRECTORY}").mkdir(parents=True)
    owner = "" if plan["uid"] is None else f",uid={plan['uid']},gid={plan['uid']}"
    options = f"mode=0700,size={plan['disk_bytes']},nr_inodes={MAX_INODES}{owner}"
    kernel.mount("tmpfs", f"/new{JOB_DIRECTORY}", "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, options)
