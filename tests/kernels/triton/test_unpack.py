"""The one piece of assembly, which the interpreter cannot run, is run by a few lines that know its instructions."""

from __future__ import annotations

import re

import torch
from torch import Tensor

from gemstead.kernels.packed import values
from gemstead.kernels.triton.products import UNPACK


def halves(words: Tensor) -> Tensor:
    """32-bit words (int64) as pairs of bfloat16, the low one first; (..., 2)."""
    pairs = torch.stack((words & 0xFFFF, words >> 16), dim=-1)
    return ((pairs + 0x8000) % 0x10000 - 0x8000).to(torch.int16).view(torch.bfloat16)


def words(pairs: Tensor) -> Tensor:
    """The other way round."""
    low, high = (pairs.contiguous().view(torch.int16).long() & 0xFFFF).unbind(-1)
    return low | high << 16


def permuted(a: Tensor, b: Tensor, selector: int) -> Tensor:
    of_both = [(x >> 8 * i) & 0xFF for x in (a, b) for i in range(4)]
    return sum(of_both[(selector >> 4 * i) & 7] << 8 * i for i in range(4))  # type: ignore[return-value]


def run(program: str, registers: dict[str, Tensor]) -> None:
    """Run straight-line PTX of the kinds that occur on registers of 32 bits, held as int64."""
    some = next(iter(registers.values()))

    def value(name: str) -> Tensor:
        return registers[name] if name in registers else torch.full_like(some, int(name, 0))

    for line in re.findall(r"^([a-z].*);", program, re.MULTILINE):
        name, *operands = re.split(r"[ ,]+", line)
        target, *rest = operands
        a, b, c = (value(x) for x in (rest + rest[-1:] * 2)[:3])
        match name:
            case "prmt.b32":
                out = permuted(a, b, int(rest[2], 0))
            case "shl.b32":
                out = (a << int(rest[1])) & 0xFFFFFFFF
            case "shr.b32":
                out = a >> int(rest[1])
            case "lop3.b32":
                assert rest[3] == "0xEA"  # (a & b) | c
                out = (a & b) | c
            case "mov.b32":
                out = a
            case "fma.rn.bf16x2":
                # Products of 8-bit mantissas are exact in float64, and so are the sums that occur.
                out = words((halves(a).double() * halves(b).double() + halves(c).double()).bfloat16())
            case _:
                raise AssertionError(line)
        registers[target] = out


def test_assembly_makes_of_every_byte_what_the_reference_makes_of_it() -> None:
    generator = torch.Generator().manual_seed(0)
    codes = torch.randint(0, 256, (5000, 4), generator=generator)
    codes[:256] = torch.arange(256)[:, None]
    scales = (torch.randn(5000, 1, generator=generator) * 0.03).bfloat16()
    wide = words((16.0 * scales.float()).bfloat16().expand(-1, 2))
    registers = {"$4": sum(codes[:, i] << 8 * i for i in range(4)), "$5": wide, "$6": wide}
    run(UNPACK.value, registers)  # type: ignore[arg-type]
    low = torch.cat((halves(registers["$0"]), halves(registers["$1"])), dim=-1)
    high = torch.cat((halves(registers["$2"]), halves(registers["$3"])), dim=-1)
    expected = values(codes.to(torch.uint8), scales, torch.bfloat16).unflatten(-1, (4, 2))
    assert torch.equal(low, expected[..., 0]) and torch.equal(high, expected[..., 1])
