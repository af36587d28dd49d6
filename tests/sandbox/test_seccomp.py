"""The filters of both processor families, run by an interpreter of classic BPF that is written here."""

from __future__ import annotations

import errno
import struct

import pytest

from gemstead.sandbox import bpf, seccomp, syscalls

PID = 4711
MACHINES = ("x86_64", "aarch64")
REFUSED, UNKNOWN = bpf.fail_with(errno.EPERM), bpf.fail_with(errno.ENOSYS)


def run(program: bytes, number: int, arch: int, args: tuple[int, ...] = ()) -> int:
    """Run a filter on one call and return its verdict."""
    words = [argument & (2**64 - 1) for argument in (*args, *[0] * (6 - len(args)))]
    data = struct.pack("<IIQ6Q", number, arch, 0, *words)
    accumulator, at = 0, 0
    while True:
        code, on_true, on_false, value = struct.unpack_from("=HBBI", program, 8 * at)
        at += 1
        match code:
            case bpf.LOAD:
                (accumulator,) = struct.unpack_from("<I", data, value)
            case bpf.AND:
                accumulator &= value
            case bpf.JUMP_EQUAL:
                at += on_true if accumulator == value else on_false
            case bpf.JUMP_AT_LEAST:
                at += on_true if accumulator >= value else on_false
            case bpf.RETURN:
                return int(value)
            case _:
                raise AssertionError(f"code {code:#x} is not used by our filters")


def number_of(name: str, machine: str) -> int:
    tables = (syscalls.ALLOWED, syscalls.CONDITIONAL, syscalls.DENIED)
    return next(found[name] for table in tables if name in (found := syscalls.numbers(table, machine)))


def verdict(machine: str, name: str, *args: int) -> int:
    return run(seccomp.guest_filter(machine, PID), number_of(name, machine), seccomp.AUDIT_ARCH[machine], args)


@pytest.mark.parametrize("machine", MACHINES)
def test_every_table_gets_its_verdict(machine: str) -> None:
    program, arch = seccomp.guest_filter(machine, PID), seccomp.AUDIT_ARCH[machine]
    for number in syscalls.numbers(syscalls.ALLOWED, machine).values():
        assert run(program, number, arch) == bpf.ALLOW
    for number in syscalls.numbers(syscalls.DENIED, machine).values():
        assert run(program, number, arch) == REFUSED
    for number in (600, 10_000, 2**29):
        assert run(program, number, arch) == UNKNOWN


@pytest.mark.parametrize("machine", MACHINES)
def test_tables_do_not_overlap(machine: str) -> None:
    tables = [syscalls.numbers(table, machine) for table in (syscalls.ALLOWED, syscalls.CONDITIONAL, syscalls.DENIED)]
    numbers = [number for table in tables for number in table.values()]
    assert len(set(numbers)) == len(numbers) == len({name for table in tables for name in table})


@pytest.mark.parametrize("machine", MACHINES)
def test_a_foreign_calling_convention_is_fatal(machine: str) -> None:
    program = seccomp.guest_filter(machine, PID)
    i386, arm = 0x40000003, 0x40000028
    other = seccomp.AUDIT_ARCH[next(name for name in MACHINES if name != machine)]
    for arch in (i386, arm, other, 0):
        for number in (0, 39, 59, 120):
            assert run(program, number, arch) == bpf.KILL


def test_the_x32_convention_is_fatal() -> None:
    program, arch = seccomp.guest_filter("x86_64", PID), seccomp.AUDIT_ARCH["x86_64"]
    for number in (seccomp.X32_BIT, seccomp.X32_BIT | 39, seccomp.X32_BIT | 520, 2**32 - 1):
        assert run(program, number, arch) == bpf.KILL


def test_an_unknown_machine_has_no_filter() -> None:
    with pytest.raises(KeyError):
        seccomp.guest_filter("riscv64", PID)


@pytest.mark.parametrize("machine", MACHINES)
def test_clone_makes_threads_only(machine: str) -> None:
    thread = 0x3D0F00  # what glibc's pthread_create passes
    assert verdict(machine, "clone", thread) == bpf.ALLOW
    assert verdict(machine, "clone", 17) == REFUSED  # fork
    assert verdict(machine, "clone", 0x4111) == REFUSED  # vfork
    for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000, 0x2000):
        assert verdict(machine, "clone", thread | flag) == REFUSED
    assert verdict(machine, "clone3") == UNKNOWN


@pytest.mark.parametrize("machine", MACHINES)
def test_signals_reach_only_the_guest_itself(machine: str) -> None:
    for name in ("kill", "tgkill"):
        assert verdict(machine, name, PID, 9) == bpf.ALLOW
        for other in (0, 1, -1, -PID, PID + 1):
            assert verdict(machine, name, other, 9) == REFUSED
    for name in ("tkill", "rt_sigqueueinfo", "pidfd_send_signal"):
        assert verdict(machine, name, PID, 9) == REFUSED


@pytest.mark.parametrize("machine", MACHINES)
def test_only_connected_unix_pairs_and_no_addresses(machine: str) -> None:
    assert verdict(machine, "socketpair", 1, 1) == bpf.ALLOW
    assert verdict(machine, "socketpair", 1, 1 | 0o2000000 | 0o4000) == bpf.ALLOW  # close-on-exec, non-blocking
    for family, kind in ((1, 2), (1, 5), (2, 1), (16, 3)):
        assert verdict(machine, "socketpair", family, kind) == REFUSED
    assert verdict(machine, "sendto", 3, 0, 9, 0, 0, 0) == bpf.ALLOW
    for address in (1, 0x7F0000000000, 1 << 32):
        assert verdict(machine, "sendto", 3, 0, 9, 0, address, 16) == REFUSED
    for name in ("socket", "connect", "bind", "sendmsg", "recvmsg"):
        assert verdict(machine, name, 1, 1) == REFUSED


@pytest.mark.parametrize("machine", MACHINES)
def test_limits_descriptors_and_terminals(machine: str) -> None:
    assert verdict(machine, "prlimit64", 0, 9) == bpf.ALLOW
    assert verdict(machine, "prlimit64", PID, 9) == REFUSED
    assert verdict(machine, "fcntl", 3, 4) == bpf.ALLOW
    for command in (8, 10, 15, 1024, 1026):  # F_SETOWN, F_SETSIG, F_SETOWN_EX, F_SETLEASE, F_NOTIFY
        assert verdict(machine, "fcntl", 3, command) == REFUSED
    assert verdict(machine, "ioctl", 0, 0x5401) == bpf.ALLOW
    assert verdict(machine, "ioctl", 0, 0x5412) == bpf.fail_with(errno.ENOTTY)  # TIOCSTI
    assert verdict(machine, "prctl", 15) == bpf.ALLOW
    for option in (1, 4, 22, 36, 38, 59):
        assert verdict(machine, "prctl", option) == REFUSED


@pytest.mark.parametrize("machine", MACHINES)
def test_truncating_needs_write_access(machine: str) -> None:
    assert verdict(machine, "openat", -100, 0, 0o1000 | 1) == bpf.ALLOW
    assert verdict(machine, "openat", -100, 0, 0o2000000) == bpf.ALLOW
    for flags in (0o1000, 0o1000 | 3, 0o1000 | 0o2000000):
        assert verdict(machine, "openat", -100, 0, flags) == REFUSED


@pytest.mark.parametrize("machine", MACHINES)
def test_programs_fit_the_kernel(machine: str) -> None:
    program = seccomp.guest_filter(machine, PID)
    assert len(program) // 8 < bpf.MAX_INSTRUCTIONS
    for at in range(len(program) // 8):
        code, on_true, on_false, _ = struct.unpack_from("=HBBI", program, 8 * at)
        if code in (bpf.JUMP_EQUAL, bpf.JUMP_AT_LEAST):
            assert at + 1 + max(on_true, on_false) < len(program) // 8
    assert struct.unpack_from("=H", program, len(program) - 8)[0] == bpf.RETURN
