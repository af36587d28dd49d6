"""Landlock: which files this process and its threads may still open, whoever they are.

Source: Documentation/userspace-api/landlock.rst, ABI 1 to 7. What an older ABI lacks is left to seccomp, which refuses
truncate(2), sockets and signals on its own. Landlock never hides that a file exists: stat and readlink still work.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Iterable

from gemstead.sandbox import kernel

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULE_PATH_BENEATH, CREATE_RULESET_VERSION = 1, 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 2, 4, 8
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
FIRST_ABI_FILES = (1 << 13) - 1
# Make or remove: directory, regular file, symbolic link. Never devices, sockets or FIFOs.
WRITE_TREE = WRITE_FILE | READ_FILE | READ_DIR | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 12 | REFER | TRUNCATE
READ_TREE = READ_FILE | READ_DIR | EXECUTE
FILE_RIGHTS = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV
NET_BIND_TCP, NET_CONNECT_TCP = 1, 2
SCOPE_ABSTRACT_UNIX_SOCKET, SCOPE_SIGNAL = 1, 2


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def abi() -> int:
    """The version this kernel speaks; 0 when it has none or forbids it."""
    try:
        return kernel.syscall(CREATE_RULESET, None, 0, CREATE_RULESET_VERSION, name="landlock")
    except OSError:
        return 0


def handled(version: int) -> tuple[int, int, int]:
    """Rights to take away at one ABI version: files, network, scopes."""
    files = FIRST_ABI_FILES
    files |= REFER if version >= 2 else 0
    files |= TRUNCATE if version >= 3 else 0
    files |= IOCTL_DEV if version >= 5 else 0
    network = NET_BIND_TCP | NET_CONNECT_TCP if version >= 4 else 0
    scopes = SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL if version >= 6 else 0
    return files, network, scopes


def create_ruleset(version: int, readable: Iterable[str], writable: Iterable[str], devices: Iterable[str]) -> int:
    """Build a ruleset and return its descriptor; paths that do not exist are left out.

    Args:
        version: What `abi()` returned, at least 1.
        readable: Files, or directories with everything below.
        writable: Directories in which files may be made, changed and removed.
        devices: Device files to read and write.
    """
    files, network, scopes = handled(version)
    sizes = {1: 1, 2: 1, 3: 1, 4: 2, 5: 2}
    attributes = (ctypes.c_uint64 * 3)(files, network, scopes)
    num_bytes = 8 * sizes.get(version, 3)
    ruleset = kernel.syscall(CREATE_RULESET, attributes, num_bytes, 0, name="landlock_create_ruleset")
    for paths, rights in ((readable, READ_TREE), (writable, WRITE_TREE), (devices, READ_FILE | WRITE_FILE)):
        for path in paths:
            _add(ruleset, path, rights & files)
    return ruleset


def _add(ruleset: int, path: str, rights: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError, NotADirectoryError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(fd).st_mode):
            rights &= FILE_RIGHTS
        rule = _PathBeneath(rights, fd)
        kernel.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, ctypes.byref(rule), 0, name="landlock_add_rule")
    finally:
        os.close(fd)


def restrict_self(ruleset: int) -> None:
    """Hold this thread and what it starts to the ruleset for good; no_new_privs must be set."""
    kernel.syscall(RESTRICT_SELF, ruleset, 0, name="landlock_restrict_self")
