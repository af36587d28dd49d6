"""The product with codes in lanes: few rows of x meet every byte of a matrix once.

    prepare   settle the residual stream, norm it (`Residual`, `Kernels.project`), and split it into whole numbers
    product   by one to three matrices, by all threads
    after     gated GELU

One lane is one output row; a block is as many rows as a vector has lanes, and nothing is ever added across lanes. A
chunk is 32 inputs. Of each row of x a chunk becomes whole numbers of 16 bits by a power of two (`POINT`): in digits of
8 bits, since there is an instruction that multiplies bytes and adds four products to a lane, or as they are where there
is not. Codes are stored without sign; what that adds is 8 or 128 times the chunk's sum, from which the sums start.

What is no number makes its chunk's unit none, so that no output of that row is a number.

Memory, in bytes: see `lanes.Laned` for a matrix. Of x, chunk after chunk, 64 bytes each: 32 high digits and 32 low
ones, or 32 numbers of 16 bits, of every 4 the first, third, second, fourth; beside them one start of the sums (int32)
and one unit (float32) for each chunk.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from llvmlite import ir

from gemstead.kernels.llvm import machine
from gemstead.kernels.llvm.code import F16, F32, I8, I16, I32, I64, POINTER, Code, Value
from gemstead.kernels.llvm.machine import Function, Vectors

CHUNK = 32  # inputs
CHUNK_BYTES = 64  # of x
POINT = 14  # numbers made of x are below 2^14: a high digit of 127 and a half would be one too many
BIAS = 127  # of float32's exponent
MAGIC = 12582912.0  # 3 * 2^22: added to a small number it rounds it to a whole one, which then are the low bits
MAGIC_BITS = 0x4B400000
TASKS = 8  # per thread: long enough to read at full speed, short enough that nobody waits long for the last one
AHEAD_BYTES, AHEAD_SCALES = 4096, 512  # of codes and of scales, asked for so far before they are needed

# Words of a job, and of each of its matrices.
CHUNKS, PER_SCALE, NUM_SCALES, BLOCKS, MATRICES = range(5)
CODES, SCALES, FIRST, ROWS, BEFORE, MATRIX_WORDS = range(6)
MOST_MATRICES = 3
# Words of what threads share.
NEXT, TASK, JOB, ROWS_OF_X, OUT, FACTOR = range(6)


@dataclass(frozen=True)
class Kind:
    """What a product is compiled for.

    Args:
        bits: Of a code.
        scale: "bfloat16", "float16" or "float32".
        is_single: Whether each chunk has a scale of its own.
        rows: Of x.
        after: "", "gated": the second matrix is the up-projection of the first, "onto": times a factor, "logits": kept
            in float32, or "capped": soft-capped, by what lies where a factor would.
        is_wide: Whether x and what comes out are float32 instead of bfloat16.
    """

    bits: int
    scale: str
    is_single: bool
    rows: int
    after: str = ""
    is_wide: bool = False


def scratch_bytes(rows: int, num_inputs: int) -> int:
    """Room for x in whole numbers, for one row of it in float32, and for what threads share."""
    chunks = num_inputs // CHUNK
    return rows * chunks * (CHUNK_BYTES + 8) + 4 * num_inputs + 128


# Before.


@cache
def prepare(vectors: Vectors, is_wide: bool) -> int:
    """Address of a function that settles, norms and splits rows.

    (x, update, update weight, scale, norm weight, settled, in whole numbers, room for a row; rows, inputs, offset of
    codes, eps): update, scale and norm weight may be null; without update and scale nothing is written to `settled`.
    """
    module = ir.Module("prepare")
    types = [POINTER] * 8 + [I64, I64, I32, F32]
    code = Code(module, "prepare", types, vectors.lanes)
    x, update, update_weight, scale, norm_weight, settled, whole, wide, rows, inputs, offset, eps = code.arguments
    build = code.build
    chunks = build.udiv(inputs, code.i64(CHUNK))
    starts = code.at(whole, build.mul(build.mul(rows, chunks), code.i64(CHUNK_BYTES)))
    units = code.at(starts, build.mul(build.mul(rows, chunks), code.i64(4)))
    element = 4 if is_wide else 2

    def read(pointer: Value, place: Value) -> Value:
        own = code.at(pointer, build.mul(place, code.i64(element)))
        return code.read_row(own, is_wide)

    def kept(value: Value) -> Value:
        return value if is_wide else code.rounded(value)

    def write(value: Value, pointer: Value, place: Value) -> None:
        own = code.at(pointer, build.mul(place, code.i64(element)))
        code.write_row(value, own, is_wide)

    def row(m: Value, _: list[Value]) -> list[Value]:
        first = build.mul(m, inputs)
        has_update, has_scale = is_there(code, update), is_there(code, scale)
        zero = code.splat(code.f32(0))

        def square(k: Value, total: list[Value]) -> list[Value]:
            value = read(update, build.add(first, k))
            return [code.fma(value, value, total[0])]

        used = build.select(has_update, inputs, code.i64(0))
        update_rms = code.splat(inverse_rms(code, code.loop(used, [zero], square, vectors.lanes)[0], inputs, eps))

        def read_scale() -> Value:
            if is_wide:
                return code.load(scale, F32)
            return build.bitcast(build.shl(build.zext(code.load(scale, I16), I32), code.i32(16)), F32)

        factor = code.either(has_scale, read_scale, code.f32(1))
        factors = code.splat(factor)
        is_changed = build.or_(has_update, has_scale)

        def settle(k: Value, total: list[Value]) -> list[Value]:
            place = build.add(first, k)
            value = read(x, place)

            def with_update() -> Value:
                normed = kept(build.fmul(build.fmul(read(update, place), update_rms), read(update_weight, k)))
                return kept(build.fadd(value, normed))

            both = code.either(has_update, with_update, value)
            done = kept(build.fmul(both, factors))
            with code.when(is_changed):
                write(done, settled, place)
            code.store(done, code.at(wide, build.mul(k, code.i64(4))))
            return [code.fma(done, done, total[0])]

        squares = code.loop(inputs, [zero], settle, vectors.lanes)[0]
        with code.when(is_there(code, norm_weight)):
            rms = code.splat(inverse_rms(code, squares, inputs, eps))

            def norm(k: Value, _: list[Value]) -> list[Value]:
                own = code.at(wide, build.mul(k, code.i64(4)))
                value = build.fmul(code.load(own, code.vector(F32)), rms)
                code.store(kept(build.fmul(value, read(norm_weight, k))), own)
                return []

            code.loop(inputs, [], norm, vectors.lanes)

        def chunk(c: Value, _: list[Value]) -> list[Value]:
            place = build.add(build.mul(m, chunks), c)
            own = code.at(wide, build.mul(c, code.i64(4 * CHUNK)))
            words = code.at(whole, build.mul(place, code.i64(CHUNK_BYTES)))
            beside = build.mul(place, code.i64(4))
            split(code, vectors, own, words, code.at(starts, beside), code.at(units, beside), offset)
            return []

        code.loop(chunks, [], chunk)
        return []

    code.loop(rows, [], row)
    code.finish()
    return machine.address_of(machine.compiled(module, "prepare", [], vectors))


def is_there(code: Code, pointer: Value) -> Value:
    """Whether a pointer is not null."""
    return code.build.icmp_unsigned("!=", pointer, ir.Constant(POINTER, None))


def inverse_rms(code: Code, squares: Value, count: Value, eps: Value) -> Value:
    """1 / sqrt(mean + eps), from a vector of sums of squares."""
    mean = code.build.fdiv(code.sum_lanes(squares), code.build.sitofp(count, F32))
    root = code.call("llvm.sqrt.f32", F32, [code.build.fadd(mean, eps)])
    return code.build.fdiv(code.f32(1), root)


def split(code: Code, vectors: Vectors, wide: Value, words: Value, start: Value, unit: Value, offset: Value) -> None:
    """32 numbers -> whole numbers, the start of sums with them, and their unit."""
    build, lanes = code.build, vectors.lanes
    parts = [code.load(code.at(wide, 4 * lanes * i), code.vector(F32)) for i in range(CHUNK // lanes)]
    most = code.splat(code.i32(0))
    for part in parts:
        size = build.and_(build.bitcast(part, code.vector(I32)), code.splat(code.i32(0x7FFFFFFF)))
        most = build.select(build.icmp_unsigned(">", size, most), size, most)
    found = build.lshr(code.max_lanes(most), code.i32(23))
    is_number = build.icmp_unsigned("<", found, code.i32(255))
    # Below 2^-112 or so places are lost: neither the unit nor what x is multiplied by may leave float32.
    least = code.i32(POINT)
    exponent = build.select(build.icmp_unsigned(">", found, least), found, least)
    unit_bits = build.shl(build.sub(exponent, code.i32(POINT - 1)), code.i32(23))
    inverse_bits = build.shl(build.sub(code.i32(2 * BIAS + POINT - 1), exponent), code.i32(23))
    code.store(build.select(is_number, unit_bits, code.i32(0x7FC00000)), unit)
    factor = code.splat(build.bitcast(build.select(is_number, inverse_bits, code.i32(0)), F32))
    total = code.splat(code.i32(0))
    for i, part in enumerate(parts):
        near = build.fadd(build.fmul(part, factor), code.splat(code.f32(MAGIC)))
        number = build.sub(build.bitcast(near, code.vector(I32)), code.splat(code.i32(MAGIC_BITS)))
        total = build.add(total, number)
        if vectors.has_dot:
            high = build.ashr(build.add(number, code.splat(code.i32(128))), code.splat(code.i32(8)))
            code.store(build.trunc(high, code.vector(I8)), code.at(words, lanes * i))
            code.store(build.trunc(number, code.vector(I8)), code.at(words, CHUNK + lanes * i))
        else:
            order = [4 * q + place for q in range(lanes // 4) for place in (0, 2, 1, 3)]
            code.store(code.shuffle(build.trunc(number, code.vector(I16)), order), code.at(words, 2 * lanes * i))
    code.store(build.mul(code.sum_lanes(total), build.sub(code.i32(0), offset)), start)


# The product.


@cache
def product(vectors: Vectors, kind: Kind) -> Function:
    """(job, x, update, update weight, scale, norm weight, settled, out, factor, scratch, threads, eps)."""
    module = ir.Module("product")
    worker = _worker(module, vectors, kind)
    types = [POINTER] * 10 + [I64, F32]
    code = Code(module, "product", types, vectors.lanes)
    job, x, update, update_weight, scale, norm_weight, settled, out, factor, scratch, threads, eps = code.arguments
    build = code.build
    inputs = build.mul(code.word(job, CHUNKS), code.i64(CHUNK))
    # Scratch: what threads share, a row as it is, then all rows in whole numbers; each in cache lines of its own.
    aligned = build.and_(build.add(build.ptrtoint(scratch, I64), code.i64(63)), code.i64(-64))
    shared = build.inttoptr(aligned, POINTER)
    wide = code.at(shared, 64)
    whole = code.at(wide, build.mul(inputs, code.i64(4)))
    offset = code.i32(8 if kind.bits == 4 else 128)
    before = [x, update, update_weight, scale, norm_weight, settled, whole, wide, code.i64(kind.rows), inputs, offset]
    signature = ir.FunctionType(ir.VoidType(), [POINTER] * 8 + [I64, I64, I32, F32])
    ready = machine.known(f"prepare.{vectors.lanes}.{vectors.has_dot}.{kind.is_wide}", prepare(vectors, kind.is_wide))
    build.call(ir.Function(module, signature, ready), [*before, eps])
    task = task_blocks(code, code.word(job, BLOCKS), threads)
    for number, value in ((NEXT, code.i64(0)), (TASK, task)):
        code.store(value, code.at(shared, 8 * number), 8)
    for number, pointer in ((JOB, job), (ROWS_OF_X, whole), (OUT, out), (FACTOR, factor)):
        code.store(pointer, code.at(shared, 8 * number), 8)
    run_together(code, worker, shared, threads)
    code.finish()
    arguments = [ctypes.c_void_p] * 10 + [ctypes.c_int64, ctypes.c_float]
    return machine.compiled(module, "product", arguments, vectors)


def run_together(code: Code, worker: Value, shared: Value, threads: Value) -> None:
    """Call a function of one pointer in so many of torch's threads; alone if there is but one."""
    build = code.build
    alone, together, behind = (code.function.append_basic_block(n) for n in ("alone", "together", "behind"))
    build.cbranch(build.icmp_signed("<", threads, code.i64(2)), alone, together)
    build.position_at_end(alone)
    build.call(worker, [shared])
    build.branch(behind)
    build.position_at_end(together)
    entry = machine.threads_entry()
    assert entry is not None
    team = ir.FunctionType(ir.VoidType(), [POINTER, POINTER, I32, I32])
    parallel = ir.Function(code.module, team, machine.known("parallel", entry))
    build.call(parallel, [worker, shared, build.trunc(threads, I32), code.i32(0)])
    build.branch(behind)
    build.position_at_end(behind)


def task_blocks(code: Code, blocks: Value, threads: Value) -> Value:
    """Blocks that a thread takes at once."""
    build = code.build
    tasks = build.mul(threads, code.i64(TASKS))
    return build.udiv(build.add(blocks, build.sub(tasks, code.i64(1))), tasks)


def each_block(code: Code, shared: Value, blocks: Value, task: Value, work: Callable[[Value], None]) -> None:
    """What each thread does: takes some blocks after some others, as long as there are any."""
    build = code.build
    again, taken, done = (code.function.append_basic_block(n) for n in ("again", "taken", "done"))
    build.branch(again)
    build.position_at_end(again)
    first = build.mul(build.atomic_rmw("add", code.at(shared, 8 * NEXT), code.i64(1), "monotonic"), task)
    build.cbranch(build.icmp_signed("<", first, blocks), taken, done)
    build.position_at_end(taken)
    left = build.sub(blocks, first)
    count = build.select(build.icmp_signed("<", left, task), left, task)

    def block(number: Value, _: list[Value]) -> list[Value]:
        work(build.add(first, number))
        return []

    code.loop(count, [], block)
    build.branch(again)
    build.position_at_end(done)


def _worker(module: ir.Module, vectors: Vectors, kind: Kind) -> Value:
    """What each thread does."""
    code = Code(module, "worker", [POINTER], vectors.lanes)
    (shared,) = code.arguments
    job, whole, out, factor = (code.word(shared, n, POINTER) for n in (JOB, ROWS_OF_X, OUT, FACTOR))
    blocks, task = code.word(job, BLOCKS), code.word(shared, TASK)
    each_block(code, shared, blocks, task, lambda b: _block(code, vectors, kind, job, whole, out, factor, b))
    code.finish()
    code.function.linkage = "internal"
    return code.function


def _block(
    code: Code, vectors: Vectors, kind: Kind, job: Value, whole: Value, out: Value, factor: Value, number: Value
) -> None:
    """One block of outputs."""
    build, lanes = code.build, vectors.lanes
    first = code.at(job, 8 * MATRICES)
    if kind.after == "gated":
        gates = _sums(code, vectors, kind, job, whole, first, number)
        ups = _sums(code, vectors, kind, job, whole, code.at(first, 8 * MATRIX_WORDS), number)
        results = [_gated(code, kind, gate, up) for gate, up in zip(gates, ups, strict=True)]
        matrix, own = first, number
    else:
        which = code.i64(0)
        for i in range(1, MOST_MATRICES):
            begin = code.word(first, i * MATRIX_WORDS + FIRST)
            which = build.add(which, build.zext(build.icmp_signed(">=", number, begin), I64))
        matrix = code.at(first, build.mul(which, code.i64(8 * MATRIX_WORDS)))
        own = build.sub(number, code.word(matrix, FIRST))
        results = _sums(code, vectors, kind, job, whole, matrix, own)
    rows, before = code.word(matrix, ROWS), code.word(matrix, BEFORE)
    is_logits = kind.after in ("logits", "capped")
    element = 4 if kind.is_wide or is_logits else 2
    start = build.add(build.mul(before, code.i64(kind.rows)), build.mul(own, code.i64(lanes)))
    for m, result in enumerate(results):
        if kind.after == "onto":
            places = build.add(build.mul(rows, code.i64(m)), build.mul(own, code.i64(lanes)))
            beside = code.at(factor, build.mul(places, code.i64(element)))
            value = code.read_row(beside, kind.is_wide)
            result = _gated(code, kind, result, value)
        offset = build.mul(build.add(start, build.mul(rows, code.i64(m))), code.i64(element))
        place = code.at(out, offset)
        if is_logits and not kind.is_wide:
            result = code.rounded(result)
        if kind.after == "capped":
            result = capped(code, result, code.splat(code.load(factor, F32)))
        code.write_row(result, place, element == 4)


def _gated(code: Code, kind: Kind, gate: Value, up: Value) -> Value:
    """`gelu_tanh(gate) * up`, each rounded where the reference keeps a tensor."""
    if kind.is_wide:
        return code.build.fmul(gelu(code, gate), up)
    return code.build.fmul(code.rounded(gelu(code, code.rounded(gate))), code.rounded(up))


def gelu(code: Code, x: Value) -> Value:
    """`gelu_tanh`, as x / (1 + exp(-2 z)): no cancellation, no overflow that is not the right limit."""
    build = code.build

    def constant(value: float) -> Value:
        return code.splat(code.f32(value))

    cube = build.fmul(build.fmul(x, x), x)
    z = build.fmul(constant(-2 * 0.7978845608028654), code.fma(constant(0.044715), cube, x))
    return build.fdiv(x, build.fadd(constant(1), exp(code, z)))


def capped(code: Code, x: Value, cap: Value) -> Value:
    """`cap * tanh(x / cap)`."""
    build, one, two = code.build, code.splat(code.f32(1)), code.splat(code.f32(2))
    grown = exp(code, build.fdiv(build.fmul(two, x), cap))
    return build.fmul(cap, build.fsub(one, build.fdiv(two, build.fadd(grown, one))))


def exp(code: Code, x: Value) -> Value:
    """e^x, to a few units in the last place; beyond -87 and 88, that of -87 and 88."""
    build = code.build

    def constant(value: float) -> Value:
        return code.splat(code.f32(value))

    for sign, limit in (("<", 88.0), (">", -87.0)):  # what is no number stays none
        x = build.select(build.fcmp_unordered(sign, x, constant(limit)), x, constant(limit))
    near = code.fma(x, constant(1.4426950408889634), constant(MAGIC))
    power = build.sub(build.bitcast(near, code.vector(I32)), code.splat(code.i32(MAGIC_BITS)))
    whole = build.fsub(near, constant(MAGIC))
    rest = code.fma(whole, constant(-0.693145751953125), x)
    rest = code.fma(whole, constant(-1.42860682030941723212e-6), rest)
    total = constant(1 / 720)
    for term in (1 / 120, 1 / 24, 1 / 6, 1 / 2, 1.0, 1.0):
        total = code.fma(total, rest, constant(term))
    scale = build.shl(build.add(power, code.splat(code.i32(BIAS))), code.splat(code.i32(23)))
    return build.fmul(total, build.bitcast(scale, code.vector(F32)))


def _sums(
    code: Code, vectors: Vectors, kind: Kind, job: Value, whole: Value, matrix: Value, block: Value
) -> list[Value]:
    """Products of one block with every row of x, float32."""
    build, lanes = code.build, vectors.lanes
    chunks, num_scales = code.word(job, CHUNKS), code.word(job, NUM_SCALES)
    per_scale = code.i64(1) if kind.is_single else code.word(job, PER_SCALE)
    chunk_bytes = lanes * CHUNK * kind.bits // 8
    scale_bytes = lanes * (4 if kind.scale == "float32" else 2)
    codes = code.at(code.word(matrix, CODES, POINTER), build.mul(build.mul(block, chunks), code.i64(chunk_bytes)))
    scales = code.at(code.word(matrix, SCALES, POINTER), build.mul(build.mul(block, num_scales), code.i64(scale_bytes)))
    all_chunks = build.mul(chunks, code.i64(kind.rows))
    starts = code.at(whole, build.mul(all_chunks, code.i64(CHUNK_BYTES)))
    units = code.at(starts, build.mul(all_chunks, code.i64(4)))
    zeros = [code.splat(code.f32(0))] * kind.rows

    def chunk_sums(c: Value, totals: list[Value], scale: Value | None) -> list[Value]:
        own = code.at(codes, build.mul(c, code.i64(chunk_bytes)))
        for line in range(0, chunk_bytes, 64):
            code.prefetch(code.at(own, AHEAD_BYTES + line))
        numbers = _numbers(code, kind, lanes, own)
        results = []
        for m in range(kind.rows):
            place = build.add(build.mul(chunks, code.i64(m)), c)
            beside = build.mul(place, code.i64(4))
            x = code.at(whole, build.mul(place, code.i64(CHUNK_BYTES)))
            dots = _dots(code, vectors, numbers, x, code.load(code.at(starts, beside), I32))
            unit = code.splat(code.load(code.at(units, beside), F32))
            factor = unit if scale is None else build.fmul(unit, scale)
            results.append(code.fma(build.sitofp(dots, code.vector(F32)), factor, totals[m]))
        return results

    def one_scale(j: Value, totals: list[Value]) -> list[Value]:
        own = code.at(scales, build.mul(j, code.i64(scale_bytes)))
        if kind.is_single:
            code.prefetch(code.at(own, AHEAD_SCALES))
        scale = _scale(code, kind, own)
        if kind.is_single:
            return chunk_sums(j, totals, scale)
        first = build.mul(j, per_scale)
        sums = code.loop(per_scale, zeros, lambda c, kept: chunk_sums(build.add(first, c), kept, None))
        return [code.fma(found, scale, total) for found, total in zip(sums, totals, strict=True)]

    return code.loop(num_scales, zeros, one_scale)


def _scale(code: Code, kind: Kind, pointer: Value) -> Value:
    if kind.scale == "bfloat16":
        return code.read_bfloat16(pointer)
    if kind.scale == "float16":
        return code.build.fpext(code.load(pointer, code.vector(F16)), code.vector(F32))
    return code.load(pointer, code.vector(F32))


def _numbers(code: Code, kind: Kind, lanes: int, codes: Value) -> list[Value]:
    """A chunk's codes without sign, 4 inputs a lane, 8 vectors."""
    build, size = code.build, 4 * lanes
    if kind.bits == 8:
        return [code.load(code.at(codes, size * i), code.vector(I32), size) for i in range(8)]
    numbers = []
    mask = code.splat(code.i32(0x0F0F0F0F))
    for i in range(4):
        both = code.load(code.at(codes, size * i), code.vector(I32), size)
        numbers += [build.and_(both, mask), build.and_(build.lshr(both, code.splat(code.i32(4))), mask)]
    return numbers


def _dots(code: Code, vectors: Vectors, numbers: list[Value], x: Value, start: Value) -> Value:
    """Sums of a chunk's products, whole numbers."""
    build, lanes = code.build, vectors.lanes
    low = code.splat(start)
    if vectors.has_dot:
        high = code.splat(code.i32(0))
        name = f"llvm.x86.avx512.vpdpbusd.{32 * lanes}"
        bytes_ = code.vector(I8, 4 * lanes)
        for i, four in enumerate(numbers):
            four = build.bitcast(four, bytes_)
            for place in (0, 1):
                digits = code.splat(code.load(code.at(x, 4 * i + CHUNK * place), I32, 4))
                total = code.call(name, code.vector(I32), [low if place else high, four, build.bitcast(digits, bytes_)])
                if place:
                    low = total
                else:
                    high = total
        return build.add(build.shl(high, code.splat(code.i32(8))), low)
    for i, four in enumerate(numbers):
        halves = build.bitcast(four, code.vector(I16, 2 * lanes))
        even = build.and_(halves, code.splat(ir.Constant(I16, 255), 2 * lanes))
        odd = build.lshr(halves, code.splat(ir.Constant(I16, 8), 2 * lanes))
        for place, two in enumerate((even, odd)):
            words = code.splat(code.load(code.at(x, 8 * i + 4 * place), I32, 4))
            words = build.bitcast(words, code.vector(I16, 2 * lanes))
            low = build.add(low, code.call("llvm.x86.avx2.pmadd.wd", code.vector(I32), [two, words]))
    return low


# What a matrix stands for.


@cache
def unpack(vectors: Vectors, kind: Kind) -> Function:
    """(codes, scales, out, shared, chunks, chunks a scale, blocks, threads): values, inputs outermost, in bfloat16.

    `shared` is room for 64 bytes. Products of a code and a scale are rounded once, from float32.
    """
    module = ir.Module("unpack")
    code = Code(module, "worker", [POINTER], vectors.lanes)
    build, lanes = code.build, vectors.lanes
    (shared,) = code.arguments
    codes, scales, out = (code.word(shared, n, POINTER) for n in (2, 3, 4))
    task, chunks, per_scale, blocks = (code.word(shared, n) for n in (TASK, 5, 6, 7))
    chunk_bytes = lanes * CHUNK * kind.bits // 8
    scale_bytes = lanes * (4 if kind.scale == "float32" else 2)
    element = 4 if kind.is_wide else 2
    offset = code.splat(code.i32(8 if kind.bits == 4 else 128))

    def block(number: Value) -> None:
        num_scales = build.udiv(chunks, per_scale)
        own_codes = code.at(codes, build.mul(build.mul(number, chunks), code.i64(chunk_bytes)))
        own_scales = code.at(scales, build.mul(build.mul(number, num_scales), code.i64(scale_bytes)))
        stride = build.mul(blocks, code.i64(lanes * element))
        own_out = code.at(out, build.mul(number, code.i64(lanes * element)))

        def chunk(c: Value, _: list[Value]) -> list[Value]:
            which = build.udiv(c, per_scale)
            scale = _scale(code, kind, code.at(own_scales, build.mul(which, code.i64(scale_bytes))))
            numbers = _numbers(code, kind, lanes, code.at(own_codes, build.mul(c, code.i64(chunk_bytes))))
            place = code.at(own_out, build.mul(build.mul(c, code.i64(CHUNK)), stride))
            for four in numbers:
                for byte in range(4):
                    one = build.and_(build.lshr(four, code.splat(code.i32(8 * byte))), code.splat(code.i32(255)))
                    value = build.fmul(build.sitofp(build.sub(one, offset), code.vector(F32)), scale)
                    code.write_row(value, place, kind.is_wide)
                    place = code.at(place, stride)
            return []

        code.loop(chunks, [], chunk)

    each_block(code, shared, blocks, task, block)
    code.finish()
    code.function.linkage = "internal"
    worker = code.function
    code = Code(module, "unpack", [POINTER] * 4 + [I64] * 4, lanes)
    *pointers, shared, chunks, per_scale, blocks, threads = code.arguments
    task = task_blocks(code, blocks, threads)
    for place, value in enumerate((code.i64(0), task, *pointers, chunks, per_scale, blocks)):
        code.store(value, code.at(shared, 8 * place), 8)
    run_together(code, worker, shared, threads)
    code.finish()
    return machine.compiled(module, "unpack", [ctypes.c_void_p] * 4 + [ctypes.c_int64] * 4, vectors)
