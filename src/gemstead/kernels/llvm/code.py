"""A thin layer over llvmlite's builder: vectors of lanes, loops and memory in bytes, as kernels here need them.

A `Code` writes one function. Values are llvmlite's; pointers are opaque and offsets are bytes. Integers of 64 bits
count, lanes are of 32 bits. Nothing here knows what is computed.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from llvmlite import ir

Value = Any  # llvmlite has no types

I1, I8, I16, I32, I64 = (ir.IntType(bits) for bits in (1, 8, 16, 32, 64))
F16, F32 = ir.HalfType(), ir.FloatType()
POINTER = ir.PointerType()
FAST = ("contract",)  # a product and a sum may become one instruction; nothing else about floats is relaxed


class Code:
    """One function that is being written.

    Args:
        module: It becomes part of.
        name: Of the function.
        arguments: Types of its arguments.
        lanes: How many values of 32 bits a vector has.
    """

    def __init__(self, module: ir.Module, name: str, arguments: Sequence[Value], lanes: int) -> None:
        self.function = ir.Function(module, ir.FunctionType(ir.VoidType(), arguments), name)
        self.function.attributes.add("nounwind")
        self.module = module
        self.lanes = lanes
        self.build = ir.IRBuilder(self.function.append_basic_block("entry"))
        self.arguments = self.function.args

    # Numbers.

    def i64(self, value: int) -> Value:
        """A constant."""
        return ir.Constant(I64, value)

    def i32(self, value: int) -> Value:
        """A constant."""
        return ir.Constant(I32, value)

    def f32(self, value: float) -> Value:
        """A constant, as exact as float32 holds it."""
        return ir.Constant(F32, struct.unpack("f", struct.pack("f", value))[0])

    def vector(self, kind: Value, count: int | None = None) -> Value:
        """The type of a vector."""
        return ir.VectorType(kind, count or self.lanes)

    def splat(self, value: Value, count: int | None = None) -> Value:
        """The same value in every lane."""
        count = count or self.lanes
        if isinstance(value, ir.Constant):
            return ir.Constant(self.vector(value.type, count), [value.constant] * count)
        empty = ir.Constant(self.vector(value.type, count), ir.Undefined)
        first = self.build.insert_element(empty, value, self.i32(0))
        return self.build.shuffle_vector(first, empty, ir.Constant(self.vector(I32, count), [0] * count))

    def shuffle(self, value: Value, order: Sequence[int]) -> Value:
        """Lanes in another order."""
        empty = ir.Constant(value.type, ir.Undefined)
        return self.build.shuffle_vector(value, empty, ir.Constant(self.vector(I32, len(order)), list(order)))

    def fma(self, a: Value, b: Value, c: Value) -> Value:
        """`a * b + c`, rounded once or twice."""
        return self.build.fadd(self.build.fmul(a, b, flags=FAST), c, flags=FAST)

    def call(self, name: str, result: Value, arguments: Sequence[Value]) -> Value:
        """One of LLVM's intrinsics by its full name."""
        function = self.module.globals.get(name)
        if function is None:
            kind = ir.FunctionType(result, [a.type for a in arguments])
            function = ir.Function(self.module, kind, name)
        return self.build.call(function, list(arguments))

    def sum_lanes(self, value: Value) -> Value:
        """Of a vector of floats or of integers, all lanes added."""
        count = value.type.count
        if value.type.element is F32:
            while count > 1:  # halves onto halves: a fixed order
                count //= 2
                low = self.shuffle(value, range(count))
                value = self.build.fadd(low, self.shuffle(value, range(count, 2 * count)))
            return self.build.extract_element(value, self.i32(0))
        return self.call(f"llvm.vector.reduce.add.v{count}i32", I32, [value])

    def max_lanes(self, value: Value) -> Value:
        """Of a vector of integers without sign, the largest lane."""
        return self.call(f"llvm.vector.reduce.umax.v{value.type.count}i32", I32, [value])

    # Memory.

    def at(self, pointer: Value, offset: Value | int) -> Value:
        """A pointer, so many bytes further."""
        if isinstance(offset, int):
            offset = self.i64(offset)
        return self.build.gep(pointer, [offset], source_etype=I8)

    def load(self, pointer: Value, kind: Value, align: int = 1) -> Value:
        """A value of some type."""
        return self.build.load(pointer, align=align, typ=kind)

    def store(self, value: Value, pointer: Value, align: int = 1) -> None:
        """Write a value."""
        self.build.store(value, pointer, align=align)

    def prefetch(self, pointer: Value) -> None:
        """Ask for a line of the cache that is going to be read once; it may lie beyond all memory."""
        self.call("llvm.prefetch.p0", ir.VoidType(), [pointer, self.i32(0), self.i32(3), self.i32(1)])

    def word(self, pointer: Value, number: int, kind: Value = I64) -> Value:
        """Word of 64 bits by its number."""
        return self.load(self.at(pointer, 8 * number), kind, 8)

    def read_bfloat16(self, pointer: Value) -> Value:
        """A vector of bfloat16 as float32."""
        raw = self.load(pointer, self.vector(I16))
        return self.from_bfloat16(raw)

    def from_bfloat16(self, raw: Value) -> Value:
        """16 bits in a lane -> float32."""
        wide = self.build.zext(raw, self.vector(I32))
        return self.build.bitcast(self.build.shl(wide, self.splat(self.i32(16))), self.vector(F32))

    def to_bfloat16(self, value: Value) -> Value:
        """float32 -> 16 bits in a lane, to the nearest, even of two; what is not a number stays none."""
        raw = self.build.bitcast(value, self.vector(I32))
        odd = self.build.and_(self.build.lshr(raw, self.splat(self.i32(16))), self.splat(self.i32(1)))
        up = self.build.add(self.build.add(raw, odd), self.splat(self.i32(0x7FFF)))
        no_number = self.build.fcmp_unordered("uno", value, value)
        kept = self.build.select(no_number, self.splat(self.i32(0x7FC00000)), up)
        return self.build.trunc(self.build.lshr(kept, self.splat(self.i32(16))), self.vector(I16))

    def rounded(self, value: Value) -> Value:
        """Through bfloat16 and back, where the reference keeps a tensor."""
        return self.from_bfloat16(self.to_bfloat16(value))

    def write_bfloat16(self, value: Value, pointer: Value) -> None:
        """A vector of float32, rounded."""
        self.store(self.to_bfloat16(value), pointer)

    def read_row(self, pointer: Value, is_wide: bool) -> Value:
        """A vector of a row as float32, which it is if `is_wide`, else bfloat16."""
        return self.load(pointer, self.vector(F32)) if is_wide else self.read_bfloat16(pointer)

    def write_row(self, value: Value, pointer: Value, is_wide: bool) -> None:
        """The other way round."""
        self.store(value, pointer) if is_wide else self.write_bfloat16(value, pointer)

    # Control.

    def loop(
        self, stop: Value, kept: Sequence[Value], body: Callable[[Value, list[Value]], Sequence[Value]], step: int = 1
    ) -> list[Value]:
        """Count from 0 in steps while below `stop`, which may be 0.

        Args:
            stop: Of 64 bits.
            kept: What the first round starts from.
            body: (number, what is kept) -> what the next round gets.
            step: From one number to the next.

        Returns:
            What the last round left.
        """
        before = self.build.block
        head = self.function.append_basic_block("loop")
        inside = self.function.append_basic_block("body")
        behind = self.function.append_basic_block("done")
        self.build.branch(head)
        self.build.position_at_end(head)
        number = self.build.phi(I64)
        number.add_incoming(self.i64(0), before)
        values = [self.build.phi(value.type) for value in kept]
        for phi, value in zip(values, kept, strict=True):
            phi.add_incoming(value, before)
        self.build.cbranch(self.build.icmp_signed("<", number, stop), inside, behind)
        self.build.position_at_end(inside)
        results = body(number, list(values))
        number.add_incoming(self.build.add(number, self.i64(step)), self.build.block)
        for phi, value in zip(values, results, strict=True):
            phi.add_incoming(value, self.build.block)
        self.build.branch(head)
        self.build.position_at_end(behind)
        return list(values)

    @contextmanager
    def when(self, condition: Value) -> Iterator[None]:
        """What is written inside is done only if a condition holds."""
        inside = self.function.append_basic_block("then")
        behind = self.function.append_basic_block("on")
        self.build.cbranch(condition, inside, behind)
        self.build.position_at_end(inside)
        yield
        self.build.branch(behind)
        self.build.position_at_end(behind)

    def either(self, condition: Value, make: Callable[[], Value], otherwise: Value) -> Value:
        """What `make` writes and returns if a condition holds, which alone runs then; else another value."""
        before = self.build.block
        inside = self.function.append_basic_block("make")
        behind = self.function.append_basic_block("made")
        self.build.cbranch(condition, inside, behind)
        self.build.position_at_end(inside)
        found = make()
        made = self.build.block
        self.build.branch(behind)
        self.build.position_at_end(behind)
        value = self.build.phi(found.type)
        value.add_incoming(otherwise, before)
        value.add_incoming(found, made)
        return value

    def finish(self) -> None:
        """The function ends here."""
        self.build.ret_void()
