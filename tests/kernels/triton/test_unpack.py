"""Assembly, which the interpreter cannot run, is run by a few lines that know its instructions."""

from __future__ import annotations

import re

import torch
from torch import Tensor

from gemstead.kernels.packed import values
from gemstead.kernels.triton.products import BYTES, FLOATS_OF_FP8, FLOATS_OF_INTEGERS, SUM_4, SUM_8, UNPACK


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
    chosen = [(selector >> 4 * i) & 15 for i in range(4)]
    # From 8 on a byte's sign bit is taken instead, eight times.
    made = [of_both[number] if number < 8 else 255 * (of_both[number - 8] >> 7) for number in chosen]
    return sum(byte << 8 * i for i, byte in enumerate(made))  # type: ignore[return-value]


def as_signed(x: Tensor, bits: int) -> Tensor:
    half = 1 << bits - 1
    return (x + half) % (2 * half) - half


def dot_of_bytes(a: Tensor, b: Tensor, c: Tensor, *, is_signed: bool) -> Tensor:
    """Signed bytes times bytes, added to c."""
    pairs = [((a >> 8 * i) & 0xFF, (b >> 8 * i) & 0xFF) for i in range(4)]
    total = sum(as_signed(x, 8) * (as_signed(y, 8) if is_signed else y) for x, y in pairs)
    return (as_signed(c, 32) + total) & 0xFFFFFFFF  # type: ignore[operator]


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
            case "and.b32":
                out = a & b
            case "lop3.b32":
                assert rest[3] in ("0xEA", "0x6A")
                out = (a & b) | c if rest[3] == "0xEA" else (a & b) ^ c
            case "dp4a.s32.u32" | "dp4a.s32.s32":
                out = dot_of_bytes(a, b, c, is_signed=name.endswith("s32.s32"))
            case "mad.lo.s32":
                out = (as_signed(a, 32) * as_signed(b, 32) + as_signed(c, 32)) & 0xFFFFFFFF
            case "mov.b32":
                out = a
            case "fma.rn.bf16x2":
                # Products of 8-bit mantissas are exact in float64, and so are the sums that occur.
                out = words((halves(a).double() * halves(b).double() + halves(c).double()).bfloat16())
            case _:
                raise AssertionError(line)
        registers[target] = out


def all_bytes(count: int) -> tuple[Tensor, Tensor]:
    """Bytes (count, 4), all 256 at each place among them, and the words that hold them."""
    codes = torch.randint(0, 256, (count, 4), generator=torch.Generator().manual_seed(0))
    codes[:256] = torch.arange(256)[:, None]
    return codes, sum(codes[:, i] << 8 * i for i in range(4))  # type: ignore[return-value]


def test_assembly_makes_of_every_byte_of_int4_what_the_reference_makes_of_it() -> None:
    codes, stored = all_bytes(5000)
    scales = (torch.randn(5000, 4, 1, generator=torch.Generator().manual_seed(1)) * 0.03).bfloat16()
    wide = words((16.0 * scales.float()).bfloat16().expand(-1, -1, 2))
    registers = {"$4": stored} | {f"${5 + i}": wide[:, i] for i in range(4)}
    run(UNPACK.value, registers)  # type: ignore[arg-type]
    pairs = torch.stack([halves(registers[f"${i}"]) for i in range(4)], dim=1)
    expected = values(codes.to(torch.uint8).reshape(-1, 1), scales.view(-1, 1), torch.bfloat16)
    assert torch.equal(pairs, expected.view(5000, 4, 2))


def test_assembly_makes_of_every_byte_the_integer_it_is() -> None:
    codes, stored = all_bytes(256)
    registers = {"$2": stored}
    run(FLOATS_OF_INTEGERS.value, registers)  # type: ignore[arg-type]
    found = torch.cat((halves(registers["$0"]), halves(registers["$1"])), dim=-1)
    assert torch.equal(found, as_signed(codes, 8).bfloat16())


def test_assembly_makes_of_every_byte_the_float_it_is() -> None:
    codes, stored = all_bytes(256)
    registers = {"$2": stored}
    run(FLOATS_OF_FP8.value, registers)  # type: ignore[arg-type]
    found = torch.cat((halves(registers["$0"]), halves(registers["$1"])), dim=-1)
    expected = codes.to(torch.uint8).view(torch.float8_e4m3fn).bfloat16()
    is_number = ~expected.isnan()  # of these there are two, which no weight is
    assert is_number.sum() == 254 * 4
    assert torch.equal(found[is_number], expected[is_number])
    assert torch.equal(found[is_number].signbit(), expected[is_number].signbit())


def bytes_of_row(x: Tensor) -> list[Tensor]:
    """Integers (..., 4 * W) of 16 bits -> low and high bytes of four, W times, as the kernel has them made."""
    made = []
    for four in x.split(4, dim=-1):
        # What stands above the low 16 bits is the rounder's exponent, and of no concern.
        registers = {f"${2 + i}": (four[..., i] & 0xFFFF) | 0x4B4B0000 for i in range(4)}
        run(BYTES.value, registers)  # type: ignore[arg-type]
        made += [registers["$0"], registers["$1"]]
    return made


def row_and_words(count: int) -> tuple[Tensor, Tensor]:
    """Rows of integers, the least and the largest among them, and bytes of codes (count, 16)."""
    generator = torch.Generator().manual_seed(count)
    x = torch.randint(-(1 << 15), 1 << 15, (count, 32), generator=generator)
    x[:4], x[4:8] = -(1 << 15), (1 << 15) - 1
    codes = torch.randint(0, 256, (count, 16), generator=generator)
    for i, extreme in enumerate((0x00, 0xFF, 0x7F, 0x80)):
        codes[i], codes[4 + i] = extreme, extreme
    return x, codes


def as_words(codes: Tensor) -> list[Tensor]:
    """Bytes (..., 16) as four words, the first byte lowest."""
    return [sum(codes[:, 4 * i + j] << 8 * j for j in range(4)) for i in range(4)]  # type: ignore[misc]


def test_assembly_multiplies_int8_chunks_by_a_row_exactly() -> None:
    x, codes = row_and_words(5000)
    x = x[:, :16]
    registers = {f"${1 + i}": word for i, word in enumerate(as_words(codes))}
    registers |= {f"${5 + i}": word for i, word in enumerate(bytes_of_row(x))}
    run(SUM_8.value, registers)  # type: ignore[arg-type]
    assert torch.equal(as_signed(registers["$0"], 32), (as_signed(codes, 8) * x).sum(-1))


def test_assembly_multiplies_int4_chunks_by_a_row_exactly() -> None:
    x, codes = row_and_words(5001)
    total = torch.zeros(5001, dtype=torch.int64)
    for first in (0, 2):  # two words at a time
        registers = {"$1": total}
        for i, word in enumerate(as_words(codes)[first : first + 2]):
            inputs = x[:, 8 * (first + i) :][:, :8]
            row = bytes_of_row(inputs[:, ::2]) + bytes_of_row(inputs[:, 1::2])
            registers |= {f"${2 + i}": word} | {f"${4 + 4 * i + j}": made for j, made in enumerate(row)}
        run(SUM_4.value, registers)  # type: ignore[arg-type]
        total = registers["$0"]
    in_order = torch.stack((codes & 15, codes >> 4), dim=-1).flatten(-2) - 8
    assert torch.equal(as_signed(total, 32), (16 * in_order * x).sum(-1))
