"""Linux calls that Python's `os` does not offer, through ctypes. Failures come back as OSError."""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import sys

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x20000, 0x4000000, 0x8000000
CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET = 0x10000000, 0x20000000, 0x40000000
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC, MS_REMOUNT = 1, 2, 4, 8, 32
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP = 1, 4, 24
PR_SET_NO_NEW_PRIVS, PR_SET_CHILD_SUBREAPER, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 38, 36, 47, 4
LAST_CAPABILITY = 63
# Numbers of include/uapi/asm-generic/unistd.h and arch/x86/entry/syscalls/syscall_64.tbl.
PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
CAPSET = {"x86_64": 126, "aarch64": 91}
CAPABILITY_VERSION_3 = 0x20080522


def machine() -> str:
    """Name of the processor family as the filters know it: "x86_64", "aarch64", or whatever else this is."""
    name = platform.machine().lower()
    return {"amd64": "x86_64", "arm64": "aarch64"}.get(name, name) if sys.maxsize > 2**32 else f"{name}-32bit"


_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def _word(value: object) -> object:
    """Pass ints as full machine words: a C int would leave the upper half of a variadic argument undefined."""
    return ctypes.c_long(value) if isinstance(value, int) else value


def syscall(number: int, *args: object, name: str) -> int:
    """Make a system call by number."""
    return _checked(_libc.syscall(ctypes.c_long(number), *map(_word, args)), name)


def prctl(option: int, first: object = 0, second: object = 0) -> int:
    """prctl(2), with unused arguments zero."""
    return _checked(_libc.prctl(option, _word(first), _word(second), ctypes.c_long(0), ctypes.c_long(0)), "prctl")


def unshare(flags: int) -> None:
    """unshare(2)."""
    _checked(_libc.unshare(flags), "unshare")


def mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """mount(2)."""
    as_bytes = [None if text is None else os.fsencode(text) for text in (source, target, kind, data)]
    result = _libc.mount(as_bytes[0], as_bytes[1], as_bytes[2], ctypes.c_ulong(flags), as_bytes[3])
    _checked(result, f"mount {target}")


def unmount(target: str) -> None:
    """Detach a mount and everything below it."""
    _checked(_libc.umount2(os.fsencode(target), MNT_DETACH), f"umount {target}")


def pivot_root(new: str, old: str) -> None:
    """pivot_root(2)."""
    syscall(PIVOT_ROOT[machine()], os.fsencode(new), os.fsencode(old), name="pivot_root")


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this process a signal when the thread that started it ends."""
    prctl(PR_SET_PDEATHSIG, signal_number)


def drop_capabilities() -> None:
    """Give up every capability for good: bounding, ambient, permitted, effective, inheritable."""
    for capability in range(LAST_CAPABILITY + 1):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # past the last one this kernel knows, or without the right to: no_new_privs closes that door
            break
    with contextlib.suppress(OSError):
        prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    syscall(CAPSET[machine()], header, (ctypes.c_uint32 * 6)(), name="capset")
