"""The filter on a guest's system calls: an allow-list, written as classic BPF for x86-64 and aarch64.

A guest may compute, start threads, use descriptors it has and files that Landlock and the mounts leave it. It may not
start processes, run programs, open sockets, signal or look at anyone else, change modes, owners, limits of others or
namespaces. Refused calls fail with EPERM, unknown ones with ENOSYS; a foreign calling convention kills the guest.
"""

from __future__ import annotations

import ctypes
import errno
import struct
from functools import cache

from gemstead.sandbox import bpf, kernel, syscalls

AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2

CLONE_THREAD = 0x10000
CLONE_REFUSED = 0x7E020000 | 0x2000
"""Every CLONE_NEW* flag, and CLONE_PTRACE."""

AF_UNIX, SOCK_STREAM, SOCK_TYPE_MASK = 1, 1, 0xF
O_ACCMODE, O_TRUNC = 3, 0o1000
# 0 F_DUPFD, 1 F_GETFD, 2 F_SETFD, 3 F_GETFL, 4 F_SETFL, 5-7 F_*LK*, 36-38 F_OFD_*, 1030 F_DUPFD_CLOEXEC, 1031-2 size
FCNTL_ALLOWED = (0, 1, 2, 3, 4, 5, 6, 7, 36, 37, 38, 1030, 1031, 1032)
# TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX
IOCTL_ALLOWED = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
# PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_SET_VMA (glibc names its heaps with it)
PRCTL_ALLOWED = (3, 15, 16, 0x53564D41)

NOBODY = 0xFFFFFFFF
"""A process id that no process has."""

REFUSED = bpf.fail_with(errno.EPERM)
UNKNOWN = bpf.fail_with(errno.ENOSYS)


def _argument_in(index: int, values: tuple[int, ...], otherwise: int = REFUSED) -> bpf.Assembler:
    """Allow the call when the low half of an argument, all the kernel reads of an int, is one of `values`."""
    block = bpf.Assembler()
    block.load_arg(index)
    for value in values:
        block.give_if_equal(value, bpf.ALLOW)
    block.give(otherwise)
    return block


def _thread_only() -> bpf.Assembler:
    block = bpf.Assembler()
    block.load_arg(0)
    block.mask(CLONE_THREAD)
    block.give_unless_equal(CLONE_THREAD, REFUSED)
    block.load_arg(0)
    block.mask(CLONE_REFUSED)
    block.give_unless_equal(0, REFUSED)
    block.give(bpf.ALLOW)
    return block


def _stream_pair() -> bpf.Assembler:
    """Only connected pairs: a datagram pair could be told an address to send to."""
    block = bpf.Assembler()
    block.load_arg(0)
    block.give_unless_equal(AF_UNIX, REFUSED)
    block.load_arg(1)
    block.mask(SOCK_TYPE_MASK)
    block.give_unless_equal(SOCK_STREAM, REFUSED)
    block.give(bpf.ALLOW)
    return block


def _without_address() -> bpf.Assembler:
    block = bpf.Assembler()
    for is_high in (False, True):
        block.load_arg(4, high=is_high)
        block.give_unless_equal(0, REFUSED)
    block.give(bpf.ALLOW)
    return block


def _open(flags_index: int) -> bpf.Assembler:
    """Refuse O_TRUNC without write access, which Landlock before ABI 3 does not see."""
    block = bpf.Assembler()
    block.load_arg(flags_index)
    block.mask(O_ACCMODE | O_TRUNC)
    block.give_if_equal(O_TRUNC, REFUSED)
    block.give_if_equal(O_ACCMODE | O_TRUNC, REFUSED)
    block.give(bpf.ALLOW)
    return block


def guest_filter(machine: str, pid: int) -> bytes:
    """Write the filter for one guest.

    Filters differ in the process id alone. The rest is assembled once, in the fork-server, and inherited by its guests:
    a millisecond, which was a quarter of what a guest cost.

    Args:
        machine: "x86_64" or "aarch64".
        pid: The guest's process id as it sees it: the one process it may signal.

    Raises:
        KeyError: no table for this machine; the caller runs nothing.
    """
    instructions, places = _filter_for_anyone(machine)
    program = bytearray(instructions)
    for place in places:
        struct.pack_into("=I", program, place * bpf.INSTRUCTION_BYTES + bpf.OFFSET_VALUE, pid)
    return bytes(program)


@cache
def _filter_for_anyone(machine: str) -> tuple[bytes, tuple[int, ...]]:
    """The filter with `NOBODY` for the guest's process id, and the instructions that compare with it."""
    program = bpf.Assembler()
    program.load_arch()
    program.give_unless_equal(AUDIT_ARCH[machine], bpf.KILL)
    program.load_number()
    if machine == "x86_64":
        program.give_if_at_least(X32_BIT, bpf.KILL)
    for number in syscalls.numbers(syscalls.ALLOWED, machine).values():
        program.give_if_equal(number, bpf.ALLOW)
    blocks = {
        "clone": _thread_only(),
        "clone3": _just(UNKNOWN),  # its flags lie in memory a filter cannot read; glibc then falls back to clone
        "socketpair": _stream_pair(),
        "sendto": _without_address(),
        "kill": _argument_in(0, (NOBODY,)),
        "tgkill": _argument_in(0, (NOBODY,)),
        "prlimit64": _argument_in(0, (0,)),
        "prctl": _argument_in(0, PRCTL_ALLOWED),
        "fcntl": _argument_in(1, FCNTL_ALLOWED),
        "ioctl": _argument_in(1, IOCTL_ALLOWED, bpf.fail_with(errno.ENOTTY)),
        "open": _open(1),
        "openat": _open(2),
    }
    for name, number in syscalls.numbers(syscalls.CONDITIONAL, machine).items():
        program.block_if_equal(number, blocks[name])
    for number in syscalls.numbers(syscalls.DENIED, machine).values():
        program.give_if_equal(number, REFUSED)
    program.give(UNKNOWN)
    places = tuple(n for n, (_, _, _, value) in enumerate(program.instructions) if value == NOBODY)
    assert len(places) == 2
    return program.program(), places


def _just(verdict: int) -> bpf.Assembler:
    block = bpf.Assembler()
    block.give(verdict)
    return block


class _Program(ctypes.Structure):
    _fields_ = [("count", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def install(program: bytes) -> None:
    """Put a filter on this process for good; no_new_privs must be set.

    Raises:
        OSError: the kernel has no seccomp filters, or refuses this one.
    """
    kernel.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(_Program(len(program) // 8, program)))
