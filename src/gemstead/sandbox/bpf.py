"""Classic BPF programs for seccomp: an assembler that writes them and nothing else.

Source: linux/filter.h and linux/seccomp.h; the data a program reads is `struct seccomp_data`:
nr at 0, arch at 4, instruction pointer at 8, six 64-bit arguments from 16, low half first (little-endian machines).
"""

from __future__ import annotations

import struct

LOAD, AND, JUMP_EQUAL, JUMP_AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
OFFSET_NUMBER, OFFSET_ARCH, OFFSET_ARGS = 0, 4, 16

ALLOW = 0x7FFF0000
KILL = 0x80000000
MAX_INSTRUCTIONS = 4096
INSTRUCTION_BYTES, OFFSET_VALUE = 8, 4


def fail_with(number: int) -> int:
    """The verdict "do not run it, set errno"."""
    return 0x00050000 | number


class Assembler:
    """Collects instructions; every block falls through to the next unless it returned."""

    def __init__(self) -> None:
        self.instructions: list[tuple[int, int, int, int]] = []

    def emit(self, code: int, value: int, on_true: int = 0, on_false: int = 0) -> None:
        """Append one instruction; jumps are counted in instructions from the next one."""
        self.instructions.append((code, on_true, on_false, value & 0xFFFFFFFF))

    def load_number(self) -> None:
        self.emit(LOAD, OFFSET_NUMBER)

    def load_arch(self) -> None:
        self.emit(LOAD, OFFSET_ARCH)

    def load_arg(self, index: int, *, high: bool = False) -> None:
        self.emit(LOAD, OFFSET_ARGS + 8 * index + 4 * high)

    def mask(self, bits: int) -> None:
        self.emit(AND, bits)

    def give(self, verdict: int) -> None:
        self.emit(RETURN, verdict)

    def give_if_equal(self, value: int, verdict: int) -> None:
        self.emit(JUMP_EQUAL, value, 0, 1)
        self.give(verdict)

    def give_unless_equal(self, value: int, verdict: int) -> None:
        self.emit(JUMP_EQUAL, value, 1, 0)
        self.give(verdict)

    def give_if_at_least(self, value: int, verdict: int) -> None:
        self.emit(JUMP_AT_LEAST, value, 0, 1)
        self.give(verdict)

    def block_if_equal(self, value: int, block: Assembler) -> None:
        """Run `block`, which must return, when the accumulator equals `value`; skip it otherwise."""
        assert len(block.instructions) < 256 and block.instructions[-1][0] == RETURN
        self.emit(JUMP_EQUAL, value, 0, len(block.instructions))
        self.instructions.extend(block.instructions)

    def program(self) -> bytes:
        """The instructions as the kernel reads them: u16 code, u8 jt, u8 jf, u32 k."""
        assert 0 < len(self.instructions) <= MAX_INSTRUCTIONS
        return b"".join(struct.pack("=HBBI", *instruction) for instruction in self.instructions)
