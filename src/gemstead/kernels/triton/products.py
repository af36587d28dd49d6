"""The one kernel that multiplies by weights: rows in, products out, with what comes before and after in the same pass.

    before   settle the residual stream, norm it (`Residual`, `Kernels.project`)
    product  by one to three matrices of bfloat16, int8, fp8 or int4, or by the experts' matrices that rows have chosen
    after    gated GELU, soft-capped logits, or the best token

Weights are read once, along their rows, 16 bytes a thread. A tile is N_TILE outputs by K_TILE inputs by ROWS rows of x.
One row is multiplied without the matrix unit: a thread's 16 bytes are one chunk of inputs, added up before anything
crosses threads; for int4 a chunk is exactly one group, whose scale multiplies the chunk's sum. More rows go through
tl.dot, weights as its left operand, so that few rows fill the short side of the matrix unit.

int4 keeps inputs 2i and 2i + 1 in one byte, as a thread of the matrix unit wants them. One row, where weights are int4
or int8, becomes integers of two bytes each, which are multiplied four at a time (`dp4a`); weights and x are read as
words of 32 bits then, x as pairs of neighbours, (even, odd).

Where few outputs would leave most of the chip idle, K is cut in PARTS, one for each of SPLIT programs; whichever of
them comes last adds them all up in order, so that the sum does not depend on which it was. Where there are programs
enough, SPLIT is 1, and one program adds the parts up in the same order: the bits are the same.

Shape legend: M rows, K inputs, N outputs, C chunks of a tile, J stored elements of a chunk.
"""

import triton
import triton.language as tl

from gemstead.kernels.triton.early import wait_for_last

GATED = tl.constexpr(1)
ONTO = tl.constexpr(2)
LOGITS = tl.constexpr(3)
BEST = tl.constexpr(4)
ONE_EACH = tl.constexpr(1)
GROUPED = tl.constexpr(2)


@triton.jit
def rounded(x):
    """Through bfloat16 and back, where the reference keeps a tensor."""
    return x.to(tl.bfloat16).to(tl.float32)


@triton.jit
def gelu(x):
    """`gelu_tanh`, as x / (1 + exp(-2 z)): no cancellation, no overflow that is not the right limit."""
    z = 0.7978845608028654 * (x + 0.044715 * x * x * x)
    return x / (1.0 + tl.exp(-2.0 * z))


@triton.jit
def capped(x, cap):
    """`cap * tanh(x / cap)`."""
    return cap * (1.0 - 2.0 / (tl.exp(2.0 * x / cap) + 1.0))


@triton.jit
def read_wide(ptr, offset, mask, PAIRED: tl.constexpr):
    """bfloat16 values as float32; where `PAIRED`, of 32-bit words: values with even numbers, values with odd ones."""
    if PAIRED:
        word = tl.load(ptr + offset, mask=mask, other=0)
        even, odd = (word << 16).to(tl.float32, bitcast=True), (word & -65536).to(tl.float32, bitcast=True)
    else:
        even = tl.load(ptr + offset, mask=mask, other=0.0).to(tl.float32)
        odd = even
    return even, odd


@triton.jit
def write_narrow(ptr, offset, even, odd, mask, PAIRED: tl.constexpr):
    """What `read_wide` reads."""
    if PAIRED:
        low = (even.to(tl.int32, bitcast=True) >> 16) & 0xFFFF
        tl.store(ptr + offset, low | (odd.to(tl.int32, bitcast=True) & -65536), mask=mask)
    else:
        tl.store(ptr + offset, even.to(tl.bfloat16), mask=mask)


@triton.jit
def settled(x, update, weight, inverse_rms, scale, HAS_UPDATE: tl.constexpr, HAS_SCALE: tl.constexpr):
    """`Kernels.settle`, elementwise."""
    if HAS_UPDATE:
        x = rounded(x + rounded(update * inverse_rms * weight))
    if HAS_SCALE:
        x = rounded(x * scale)
    return x


@triton.jit
def read_normed(
    x_ptr, update_ptr, update_weight_ptr, norm_weight_ptr, column, width, update_rms, rms, scale,
    HAS_UPDATE: tl.constexpr, HAS_SCALE: tl.constexpr, HAS_NORM: tl.constexpr, ROUNDS_NORM: tl.constexpr,
    PAIRED: tl.constexpr,
):  # fmt: skip
    """Some columns of one row of the settled and normed stream."""
    mask = column < width
    even, odd = read_wide(x_ptr, column, mask, PAIRED)
    update, weight = (even, odd), (even, odd)
    if HAS_UPDATE:
        update = read_wide(update_ptr, column, mask, PAIRED)
        weight = read_wide(update_weight_ptr, column, mask, PAIRED)
    even = settled(even, update[0], weight[0], update_rms, scale, HAS_UPDATE, HAS_SCALE)
    odd = settled(odd, update[1], weight[1], update_rms, scale, HAS_UPDATE, HAS_SCALE)
    if HAS_NORM:
        weight = read_wide(norm_weight_ptr, column, mask, PAIRED)
        even, odd = even * rms, odd * rms
        if ROUNDS_NORM:
            even, odd = rounded(even), rounded(odd)
        even, odd = rounded(even * weight[0]), rounded(odd * weight[1])
    return even, odd


@triton.jit
def inverse_rms_of_one(
    x_ptr, update_ptr, weight_ptr, scale, width, eps, settled_ptr, writes, HAS_UPDATE: tl.constexpr,
    HAS_SCALE: tl.constexpr, PAIRED: tl.constexpr, BLOCK: tl.constexpr,
):  # fmt: skip
    """1 / rms of one row's update and of the settled row; the row is read once and, where `writes`, written down."""
    column = tl.arange(0, BLOCK)
    mask = column < width
    num_inputs = width * 2 if PAIRED else width
    even, odd = read_wide(x_ptr, column, mask, PAIRED)
    update_rms = 1.0
    if HAS_UPDATE:
        update = read_wide(update_ptr, column, mask, PAIRED)
        weight = read_wide(weight_ptr, column, mask, PAIRED)
        squares = update[0] * update[0]
        if PAIRED:
            squares += update[1] * update[1]
        update_rms = tl.rsqrt(tl.sum(squares, 0) / num_inputs + eps)
        even = settled(even, update[0], weight[0], update_rms, scale, True, HAS_SCALE)
        odd = settled(odd, update[1], weight[1], update_rms, scale, True, HAS_SCALE)
    else:
        even = settled(even, even, even, 1.0, scale, False, HAS_SCALE)
        odd = settled(odd, odd, odd, 1.0, scale, False, HAS_SCALE)
    if writes:
        write_narrow(settled_ptr, column, even, odd, mask, PAIRED)
    squares = even * even
    if PAIRED:
        squares += odd * odd
    return update_rms, tl.rsqrt(tl.sum(squares, 0) / num_inputs + eps)


@triton.jit
def nibbles_as_floats(stored):
    """Both codes of each byte as 1.5 + code / 16, the low one first.

    A conversion from integers runs at an eighth of the rate of additions; a nibble put into the top of a mantissa needs
    none. What is made of it, `floats - 1.5`, is exact.
    """
    word = stored.to(tl.int32)
    low = ((word << 19) & 0x780000) | 0x3F800000
    high = ((word << 15) & 0x780000) | 0x3F800000
    return low.to(tl.float32, bitcast=True), high.to(tl.float32, bitcast=True)


# One row meets packed weights in integers: each chunk of x, the inputs that belong to 16 bytes of weights, becomes
# integers of 16 bits by a power of two; their bytes are multiplied four at a time, and the exact sum is scaled back.
# What is lost is below 2^-15 of a chunk's largest number; bfloat16 itself keeps 2^-9.
ROUNDER = tl.constexpr(12582912.0)  # 1.5 * 2^23: added to a number, it leaves the nearest integer in the low bits
LEAST = tl.constexpr(19 << 23)  # exponent of the smallest largest number: all powers of two are normal then
INFINITE = tl.constexpr(0xFF << 23)

# Four integers of 16 bits ($2 to $5) -> their low bytes ($0) and their high bytes ($1).
BYTES = tl.constexpr("""
{
.reg .b32 a, b;
prmt.b32 a, $2, $3, 0x5140;
prmt.b32 b, $4, $5, 0x5140;
prmt.b32 $0, a, b, 0x5410;
prmt.b32 $1, a, b, 0x7632;
}
""")
# Four words of int8 codes ($1 to $4) times low and high bytes of x ($5, $6 for the first, and so on), summed up.
SUM_8 = tl.constexpr("""
{
.reg .b32 low, high;
mov.b32 low, 0;
mov.b32 high, 0;
dp4a.s32.u32 low, $1, $5, low;
dp4a.s32.s32 high, $1, $6, high;
dp4a.s32.u32 low, $2, $7, low;
dp4a.s32.s32 high, $2, $8, high;
dp4a.s32.u32 low, $3, $9, low;
dp4a.s32.s32 high, $3, $10, high;
dp4a.s32.u32 low, $4, $11, low;
dp4a.s32.s32 high, $4, $12, high;
mad.lo.s32 $0, high, 256, low;
}
""")
# Two words of int4 codes ($2, $3) times bytes of x at even places ($4 low, $5 high; $8, $9) and at odd ones ($6, $7;
# $10, $11), added to $1: nibbles go into the upper halves of bytes and become 16 times the signed code.
SUM_4 = tl.constexpr("""
{
.reg .b32 a, b, low, high;
mov.b32 low, $1;
mov.b32 high, 0;
shl.b32 a, $2, 4;
lop3.b32 a, a, 0xF0F0F0F0, 0x80808080, 0x6A;
lop3.b32 b, $2, 0xF0F0F0F0, 0x80808080, 0x6A;
dp4a.s32.u32 low, a, $4, low;
dp4a.s32.s32 high, a, $5, high;
dp4a.s32.u32 low, b, $6, low;
dp4a.s32.s32 high, b, $7, high;
shl.b32 a, $3, 4;
lop3.b32 a, a, 0xF0F0F0F0, 0x80808080, 0x6A;
lop3.b32 b, $3, 0xF0F0F0F0, 0x80808080, 0x6A;
dp4a.s32.u32 low, a, $8, low;
dp4a.s32.s32 high, a, $9, high;
dp4a.s32.u32 low, b, $10, low;
dp4a.s32.s32 high, b, $11, high;
mad.lo.s32 $0, high, 256, low;
}
""")


@triton.jit
def quarters(x):
    """(..., W) -> every fourth of the last axis, from the first, the second, the third and the fourth on."""
    rank: tl.constexpr = len(x.shape)
    if rank == 1:
        even, odd = tl.split(tl.reshape(x, [x.shape[0] // 2, 2]))
        first, third = tl.split(tl.reshape(even, [x.shape[0] // 4, 2]))
        second, fourth = tl.split(tl.reshape(odd, [x.shape[0] // 4, 2]))
    else:
        even, odd = tl.split(tl.reshape(x, [x.shape[0], x.shape[1] // 2, 2]))
        first, third = tl.split(tl.reshape(even, [x.shape[0], x.shape[1] // 4, 2]))
        second, fourth = tl.split(tl.reshape(odd, [x.shape[0], x.shape[1] // 4, 2]))
    return first, second, third, fourth


@triton.jit
def larger(a, b):
    """The larger magnitude; NaN if either is."""
    return tl.maximum(tl.abs(a), tl.abs(b), propagate_nan=tl.PropagateNan.ALL)


@triton.jit
def largest_of(x):
    """Of four tensors, elementwise."""
    return larger(larger(x[0], x[1]), larger(x[2], x[3]))


@triton.jit
def powers_of(largest):
    """Powers of two that make integers of 16 bits of what is no larger, and what undoes it; NaN if it is not finite."""
    largest = tl.where(largest == largest, largest, float("inf"))
    exponent = largest.to(tl.int32, bitcast=True) & INFINITE
    clamped = tl.maximum(exponent, LEAST)
    up = (254 << 23) - (clamped - (14 << 23))
    down = tl.where(exponent == INFINITE, 0x7FC00000, clamped - (14 << 23))
    return up.to(tl.float32, bitcast=True), down.to(tl.float32, bitcast=True)


@triton.jit
def as_integer(x, up):
    """Rounded, in the low 16 bits."""
    return (x * up + ROUNDER).to(tl.int32, bitcast=True)


@triton.jit
def as_bytes(a, b, c, d, up, ASSEMBLED: tl.constexpr):
    """Numbers as integers, four to a word: their low bytes and their high ones."""
    a, b, c, d = as_integer(a, up), as_integer(b, up), as_integer(c, up), as_integer(d, up)
    if ASSEMBLED:
        low, high = tl.inline_asm_elementwise(
            BYTES, "=&r,=&r,r,r,r,r", [a, b, c, d], dtype=(tl.int32, tl.int32), is_pure=True, pack=1
        )
    else:
        low = (a & 255) | ((b & 255) << 8) | ((c & 255) << 16) | (d << 24)
        high = ((a >> 8) & 255) | (b & 0xFF00) | ((c & 0xFF00) << 8) | ((d & 0xFF00) << 16)
    return low, high


@triton.jit
def times_bytes(codes, low, high):
    """Four signed bytes of each word times integers whose bytes are in two words."""
    total = tl.zeros_like(codes)
    for i in tl.static_range(4):
        x = ((low >> (8 * i)) & 255) + ((high << (24 - 8 * i)) >> 24) * 256
        total += ((codes << (24 - 8 * i)) >> 24) * x
    return total


@triton.jit
def times_nibbles(words, even_low, even_high, odd_low, odd_high):
    """16 times the codes of each word of int4 times integers at even and at odd places."""
    upper, signs = ~0x0F0F0F0F, ~0x7F7F7F7F
    total = times_bytes(((words << 4) & upper) ^ signs, even_low, even_high)
    return total + times_bytes((words & upper) ^ signs, odd_low, odd_high)


# Four bytes ($4) of int4 become four pairs of bfloat16, (low, high) of each, times scale ($5 to $8: 16 * scale, twice):
# nibbles go into the mantissas of the least numbers there are, times 2^126, minus 0.5, times 16 * scale. One rounding,
# the reference's own. Half of what `nibbles_as_floats` takes.
UNPACK = tl.constexpr("""
{
.reg .b32 low, high, up, half, zero;
mov.b32 up, 0x7E807E80;
mov.b32 half, 0xBF00BF00;
mov.b32 zero, 0x80008000;
shl.b32 low, $4, 3;
and.b32 low, low, 0x78787878;
shr.b32 high, $4, 1;
and.b32 high, high, 0x78787878;
prmt.b32 $0, low, high, 0x8480;
prmt.b32 $1, low, high, 0x9591;
prmt.b32 $2, low, high, 0xA6A2;
prmt.b32 $3, low, high, 0xB7B3;
fma.rn.bf16x2 $0, $0, up, half;
fma.rn.bf16x2 $1, $1, up, half;
fma.rn.bf16x2 $2, $2, up, half;
fma.rn.bf16x2 $3, $3, up, half;
fma.rn.bf16x2 $0, $0, $5, zero;
fma.rn.bf16x2 $1, $1, $6, zero;
fma.rn.bf16x2 $2, $2, $7, zero;
fma.rn.bf16x2 $3, $3, $8, zero;
}
""")


@triton.jit
def unpacked(stored, scale, ASSEMBLED: tl.constexpr):
    """Chunks (N, C, J) of int4 with their scales (N, C, 1) as bfloat16 (N, C, 2 J): low nibbles at even places."""
    if ASSEMBLED:
        once = (16.0 * scale).to(tl.bfloat16).to(tl.int16, bitcast=True).to(tl.int32) & 0xFFFF
        twice = tl.broadcast_to(once | (once << 16), stored.shape)
        pairs = tl.inline_asm_elementwise(
            UNPACK, "=&r,=&r,=&r,=&r,r,r,r,r,r", [stored, twice], dtype=tl.int32, is_pure=True, pack=4
        )
        low = pairs.to(tl.int16).to(tl.bfloat16, bitcast=True)
        high = (pairs >> 16).to(tl.int16).to(tl.bfloat16, bitcast=True)
    else:
        low, high = nibbles_as_floats(stored)
        low = ((low - 1.5) * (16.0 * scale)).to(tl.bfloat16)
        high = ((high - 1.5) * (16.0 * scale)).to(tl.bfloat16)
    return tl.reshape(tl.join(low, high), [stored.shape[0], stored.shape[1], 2 * stored.shape[2]])


# Four bytes ($2) of int8 become pairs of bfloat16 ($0, $1): seven bits go into the mantissa of 128, the sign makes 256
# of the 128 that is taken off again. Conversions from integers run at an eighth of the rate.
FLOATS_OF_INTEGERS = tl.constexpr("""
{
.reg .b32 t, s, minus;
mov.b32 minus, 0xBF80BF80;
prmt.b32 t, $2, 0x43434343, 0x4140;
and.b32 s, t, 0x43804380;
and.b32 t, t, 0x437F437F;
fma.rn.bf16x2 $0, s, minus, t;
prmt.b32 t, $2, 0x43434343, 0x4342;
and.b32 s, t, 0x43804380;
and.b32 t, t, 0x437F437F;
fma.rn.bf16x2 $1, s, minus, t;
}
""")
# The same of four bytes of e4m3: exponent and mantissa where bfloat16 has them, times 2^120, since its exponents are
# counted from 127 and not from 7. Exact, numbers below the least normal one too.
FLOATS_OF_FP8 = tl.constexpr("""
{
.reg .b32 t, s, up, zero;
mov.b32 up, 0x7B807B80;
mov.b32 zero, 0x80008000;
prmt.b32 t, $2, 0, 0x1404;
shr.b32 s, t, 4;
and.b32 s, s, 0x07F007F0;
lop3.b32 t, t, 0x80008000, s, 0xEA;
fma.rn.bf16x2 $0, t, up, zero;
prmt.b32 t, $2, 0, 0x3424;
shr.b32 s, t, 4;
and.b32 s, s, 0x07F007F0;
lop3.b32 t, t, 0x80008000, s, 0xEA;
fma.rn.bf16x2 $1, t, up, zero;
}
""")


@triton.jit
def as_floats(stored, IS_FP8: tl.constexpr):
    """Codes of 8 bits as numbers: integers, or bytes that are e4m3."""
    if IS_FP8:
        return stored.to(tl.float8e4nv, bitcast=True).to(tl.float32)
    return stored.to(tl.float32)


@triton.jit
def as_narrow_floats(stored, IS_FP8: tl.constexpr, ASSEMBLED: tl.constexpr):
    """The same in bfloat16, which holds them exactly."""
    if ASSEMBLED:
        code: tl.constexpr = FLOATS_OF_FP8 if IS_FP8 else FLOATS_OF_INTEGERS
        return tl.inline_asm_elementwise(code, "=&r,=&r,r", [stored], dtype=tl.bfloat16, is_pure=True, pack=4)
    return as_floats(stored, IS_FP8).to(tl.bfloat16)


@triton.jit
def as_matrix(chunks, FRAGMENT: tl.constexpr):
    """Chunks (N, C, J) as a matrix (N, C * J), bfloat16, whose columns stand in the order of `columns_of_matrix`."""
    N: tl.constexpr = chunks.shape[0]
    K: tl.constexpr = chunks.shape[1] * chunks.shape[2]
    fragments = tl.reshape(chunks.to(tl.bfloat16), [N, 4, K // (8 * FRAGMENT), 2, FRAGMENT])
    return tl.reshape(tl.permute(fragments, (0, 2, 3, 1, 4)), [N, K])


@triton.jit
def columns_of_matrix(K: tl.constexpr, FRAGMENT: tl.constexpr):
    """Which element of a tile's row stands in each column of `as_matrix`.

    A thread t of a matrix unit takes FRAGMENT columns side by side from place FRAGMENT * t on, of every 4 * FRAGMENT.
    In this order all it takes is a quarter of the row, so that it reads 16 bytes at once from shared memory, not a few
    at a time from one bank.
    """
    k = tl.arange(0, K)
    return k // FRAGMENT % 4 * (K // 4) + k // (4 * FRAGMENT) * FRAGMENT + k % FRAGMENT


@triton.jit
def scales_of_chunks(
    scale_ptr, n, n_alive, chunk, num_chunks, pitch, GROUP: tl.constexpr, PER_CHUNK: tl.constexpr, EVEN: tl.constexpr
):  # fmt: skip
    """(N, C), float32, of chunks of `PER_CHUNK` inputs each; where `EVEN`, none is past the last."""
    mask = n_alive[:, None] & (True if EVEN else (chunk < num_chunks)[None, :])
    # Where each chunk has a scale of its own they lie side by side, so that several are read, or copied, at once.
    place = chunk if GROUP == PER_CHUNK else chunk * PER_CHUNK // GROUP
    if EVEN and GROUP == PER_CHUNK:
        pitch = pitch // chunk.shape[0] * chunk.shape[0]
    return tl.load(scale_ptr + n[:, None].to(tl.int64) * pitch + place[None, :], mask=mask, other=0.0).to(tl.float32)


@triton.jit
def read_chunks(w_ptr, n, n_alive, column, width, POLICY: tl.constexpr, EVEN: tl.constexpr):
    """Some columns of a matrix in chunks: (N, C, J); where `EVEN`, none is past the last."""
    mask = n_alive[:, None, None] & (True if EVEN else (column < width)[None, :, :])
    place = n[:, None, None].to(tl.int64) * width + column[None, :, :]
    return tl.load(w_ptr + place, mask=mask, other=0, eviction_policy=POLICY)


@triton.jit
def read_columns(w_ptr, n, n_alive, column, width, end, POLICY: tl.constexpr, EVEN: tl.constexpr):
    """Some columns of a matrix, none from `end` on: (N, W); where `EVEN`, none is there."""
    return tl.load(
        w_ptr + n[:, None].to(tl.int64) * width + column[None, :],
        mask=n_alive[:, None] & (True if EVEN else (column < end)[None, :]),
        other=0,
        eviction_policy=POLICY,
    )


@triton.jit
def sum_of_chunks(x, J: tl.constexpr):
    """(N, W) -> (N, C): J neighbours, which one thread holds, added up."""
    return tl.sum(tl.reshape(x, [x.shape[0], x.shape[1] // J, J]), 2)


@triton.jit
def sums_of_codes(
    words, row, down, scale_ptr, n, n_alive, chunk, width, SCALE_PITCH,
    BITS: tl.constexpr, GROUP: tl.constexpr, ASSEMBLED: tl.constexpr,
):  # fmt: skip
    """Words of codes (N, W) times a row -> scaled sums of chunks of four words (N, W / 4).

    Args:
        row: What `as_bytes` made of the inputs of a chunk's words, (1, W / 4) each: low and high of the first word, and
            so on; of int4 at even places and then at odd ones.
        down: What makes sums of integers numbers again.
    """
    a, b, c, d = quarters(words)
    if BITS == 4:
        if ASSEMBLED:
            form: tl.constexpr = "=&r,r,r,r,r,r,r,r,r,r,r,r"
            x = [tl.zeros_like(a), a, b, row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7]]
            total = tl.inline_asm_elementwise(SUM_4, form, x, dtype=tl.int32, is_pure=True, pack=1)
            x = [total, c, d, row[8], row[9], row[10], row[11], row[12], row[13], row[14], row[15]]
            total = tl.inline_asm_elementwise(SUM_4, form, x, dtype=tl.int32, is_pure=True, pack=1)
        else:
            total = times_nibbles(a, row[0], row[1], row[2], row[3])
            total += times_nibbles(b, row[4], row[5], row[6], row[7])
            total += times_nibbles(c, row[8], row[9], row[10], row[11])
            total += times_nibbles(d, row[12], row[13], row[14], row[15])
    elif ASSEMBLED:
        x = [a, b, c, d, row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7]]
        total = tl.inline_asm_elementwise(SUM_8, "=&r,r,r,r,r,r,r,r,r,r,r,r,r", x, dtype=tl.int32, is_pure=True, pack=1)
    else:
        total = times_bytes(a, row[0], row[1]) + times_bytes(b, row[2], row[3])
        total += times_bytes(c, row[4], row[5]) + times_bytes(d, row[6], row[7])
    sums = total.to(tl.float32) * down[None, :]
    if GROUP > 0:
        sums *= scales_of_chunks(
            scale_ptr, n, n_alive, chunk, tl.cdiv(width, 4), SCALE_PITCH, GROUP, 128 // BITS, False
        )
    return sums


@triton.jit
def words_of_row(even, odd, up, BITS: tl.constexpr, ASSEMBLED: tl.constexpr):
    """Inputs at a chunk's even and at its odd places, four tensors each -> the bytes that meet its words of codes."""
    if BITS == 4:
        a, b = as_bytes(even[0], even[1], even[2], even[3], up, ASSEMBLED)
        c, d = as_bytes(odd[0], odd[1], odd[2], odd[3], up, ASSEMBLED)
    else:
        a, b = as_bytes(even[0], odd[0], even[1], odd[1], up, ASSEMBLED)
        c, d = as_bytes(even[2], odd[2], even[3], odd[3], up, ASSEMBLED)
    return a[None, :], b[None, :], c[None, :], d[None, :]


@triton.jit
def multiply_one_row(
    x_ptr, update_ptr, update_weight_ptr, norm_weight_ptr, settled_ptr, stream_scale, eps, writes,
    w_ptr, scale_ptr, up_ptr, up_scale_ptr, n, n_alive, begin, end, width, SCALE_PITCH,
    BITS: tl.constexpr, GROUP: tl.constexpr, IN_WORDS: tl.constexpr, IS_GATED: tl.constexpr, HAS_UPDATE: tl.constexpr,
    HAS_SCALE: tl.constexpr, HAS_NORM: tl.constexpr, ROUNDS_NORM: tl.constexpr, WRITES: tl.constexpr,
    N_TILE: tl.constexpr, K_TILE: tl.constexpr, BLOCK: tl.constexpr, POLICY: tl.constexpr, ASSEMBLED: tl.constexpr,
    EARLY: tl.constexpr,
):  # fmt: skip
    """One row times some outputs' weights between two columns: (N, 1), twice for a gate and its up-projection.

    The first weights are on their way while the row is awaited, settled and normed. Where `IN_WORDS`, int4 and int8,
    they are read as 32-bit words: x, columns and widths count words then. All tensors along the columns lie alike in
    threads, so that nothing is exchanged before the end.
    """
    J: tl.constexpr = 4 if IN_WORDS else 128 // BITS
    unit: tl.constexpr = K_TILE * BITS // 32 if IN_WORDS else K_TILE
    is_fp8: tl.constexpr = BITS == 8 and not IN_WORDS
    P: tl.constexpr = 16 // BITS  # pairs of codes in a word
    x_width = width * P if IN_WORDS else width
    own = tl.arange(0, unit)
    stored = read_columns(w_ptr, n, n_alive, begin + own, width, end, POLICY, False)
    up_stored = stored
    if IS_GATED:
        up_stored = read_columns(up_ptr, n, n_alive, begin + own, width, end, POLICY, False)
    wait_for_last(EARLY)

    update_rms, rms = 1.0, 1.0
    if HAS_UPDATE or HAS_NORM or WRITES:
        update_rms, rms = inverse_rms_of_one(
            x_ptr, update_ptr, update_weight_ptr, stream_scale, x_width, eps, settled_ptr, writes, HAS_UPDATE,
            HAS_SCALE, IN_WORDS, BLOCK,
        )  # fmt: skip

    acc = tl.zeros([N_TILE, unit // J], tl.float32)
    up_acc = acc
    for start in range(begin, end, unit):
        column = start + own
        if IN_WORDS:
            # Of each chunk the first, the second, the third and the fourth 16 bytes of x.
            place = start * P + own // J * (J * P) + own % J
            even, odd = read_normed(
                x_ptr, update_ptr, update_weight_ptr, norm_weight_ptr, place, x_width, update_rms, rms,
                stream_scale, HAS_UPDATE, HAS_SCALE, HAS_NORM, ROUNDS_NORM, True,
            )  # fmt: skip
            even0, odd0 = quarters(even), quarters(odd)
            even, odd = read_normed(
                x_ptr, update_ptr, update_weight_ptr, norm_weight_ptr, place + J, x_width, update_rms, rms,
                stream_scale, HAS_UPDATE, HAS_SCALE, HAS_NORM, ROUNDS_NORM, True,
            )  # fmt: skip
            even1, odd1 = quarters(even), quarters(odd)
            even2, odd2, even3, odd3 = even0, odd0, even1, odd1
            largest = larger(larger(largest_of(even0), largest_of(odd0)), larger(largest_of(even1), largest_of(odd1)))
            if P == 4:
                even, odd = read_normed(
                    x_ptr, update_ptr, update_weight_ptr, norm_weight_ptr, place + 2 * J, x_width,
                    update_rms, rms, stream_scale, HAS_UPDATE, HAS_SCALE, HAS_NORM, ROUNDS_NORM, True,
                )  # fmt: skip
                even2, odd2 = quarters(even), quarters(odd)
                even, odd = read_normed(
                    x_ptr, update_ptr, update_weight_ptr, norm_weight_ptr, place + 3 * J, x_width,
                    update_rms, rms, stream_scale, HAS_UPDATE, HAS_SCALE, HAS_NORM, ROUNDS_NORM, True,
                )  # fmt: skip
                even3, odd3 = quarters(even), quarters(odd)
                largest = larger(largest, larger(largest_of(even2), largest_of(odd2)))
                largest = larger(largest, larger(largest_of(even3), largest_of(odd3)))
            up, down = powers_of(largest)
            if BITS == 4:
                down *= 0.0625
            row = words_of_row(even0, odd0, up, BITS, ASSEMBLED) + words_of_row(even1, odd1, up, BITS, ASSEMBLED)
            if P == 4:
                row += words_of_row(even2, odd2, up, BITS, ASSEMBLED) + words_of_row(even3, odd3, up, BITS, ASSEMBLED)
            chunk = start // J + tl.arange(0, unit // J)
            acc += sums_of_codes(
                stored, row, down, scale_ptr, n, n_alive, chunk, width, SCALE_PITCH, BITS, GROUP, ASSEMBLED
            )
            if IS_GATED:
                up_acc += sums_of_codes(
                    up_stored, row, down, up_scale_ptr, n, n_alive, chunk, width, SCALE_PITCH, BITS, GROUP, ASSEMBLED
                )
        else:
            even, _ = read_normed(
                x_ptr, update_ptr, update_weight_ptr, norm_weight_ptr, column, x_width, update_rms, rms,
                stream_scale, HAS_UPDATE, HAS_SCALE, HAS_NORM, ROUNDS_NORM, False,
            )  # fmt: skip
            acc += sum_of_chunks(as_floats(stored, is_fp8) * even[None, :], J)
            if IS_GATED:
                up_acc += sum_of_chunks(as_floats(up_stored, is_fp8) * even[None, :], J)
        stored = read_columns(w_ptr, n, n_alive, column + unit, width, end, POLICY, False)
        if IS_GATED:
            up_stored = read_columns(up_ptr, n, n_alive, column + unit, width, end, POLICY, False)
    return tl.sum(acc, 1, keep_dims=True), tl.sum(up_acc, 1, keep_dims=True)


@triton.jit
def multiply_rows(
    acc, w_ptr, scale_ptr, n, n_alive, start, width, x,
    BITS: tl.constexpr, IS_FP8: tl.constexpr, GROUP: tl.constexpr, C: tl.constexpr, J: tl.constexpr,
    SCALE_PITCH, POLICY: tl.constexpr, ASSEMBLED: tl.constexpr, FRAGMENT: tl.constexpr, EVEN: tl.constexpr,
):  # fmt: skip
    """Add one tile's product with several rows of x (bfloat16) to (N, ROWS) sums.

    Args:
        start: First column of the tile, in stored elements (bytes for int4).
        x: (tile's inputs, ROWS), packed weights' in the order of `columns_of_matrix`.
    """
    if BITS == 16:
        stored = read_columns(w_ptr, n, n_alive, start + tl.arange(0, C * J), width, width, POLICY, EVEN)
        acc = tl.dot(stored, x, acc)
    else:
        column = start + tl.arange(0, C)[:, None] * J + tl.arange(0, J)[None, :]
        stored = read_chunks(w_ptr, n, n_alive, column, width, POLICY, EVEN)
        if GROUP > 0:
            chunk = start // J + tl.arange(0, C)
            per_chunk: tl.constexpr = 2 * J if BITS == 4 else J
            scale = scales_of_chunks(
                scale_ptr, n, n_alive, chunk, tl.cdiv(width, J), SCALE_PITCH, GROUP, per_chunk, EVEN
            )[:, :, None]
            weights = unpacked(stored, scale, ASSEMBLED) if BITS == 4 else stored.to(tl.float32) * scale
        else:
            weights = as_narrow_floats(stored, IS_FP8, ASSEMBLED)
        acc = tl.dot(as_matrix(weights, FRAGMENT), x, acc)
    return acc


@triton.jit
def multiply_part(
    x_ptr, x_row, x_width, alive, w_ptr, scale_ptr, up_ptr, up_scale_ptr, w_row, n, n_alive, begin, stop, width,
    SCALE_PITCH, BITS: tl.constexpr, IS_FP8: tl.constexpr, GROUP: tl.constexpr, IS_GATED: tl.constexpr,
    ROWS: tl.constexpr, N_TILE: tl.constexpr, C: tl.constexpr, J: tl.constexpr, STAGES: tl.constexpr,
    POLICY: tl.constexpr, ASSEMBLED: tl.constexpr, FRAGMENT: tl.constexpr, EVEN: tl.constexpr,
):  # fmt: skip
    """Several rows times the stored columns begin <= c < stop of a tile of one matrix or, gated, of two; (N, ROWS)."""
    per_stored: tl.constexpr = 2 if BITS == 4 else 1
    inputs: tl.constexpr = C * J * per_stored
    own = tl.arange(0, inputs) if BITS == 16 else columns_of_matrix(inputs, FRAGMENT)
    acc = tl.zeros([N_TILE, ROWS], tl.float32)
    up_acc = acc
    for start in tl.range(begin, stop, C * J, num_stages=STAGES):
        column = start * per_stored + own[:, None]
        x = tl.load(x_ptr + x_row + column, mask=alive[None, :] & (True if EVEN else column < x_width), other=0.0)
        acc = multiply_rows(
            acc, w_ptr, scale_ptr, w_row, n_alive, start, width, x,
            BITS, IS_FP8, GROUP, C, J, SCALE_PITCH, POLICY, ASSEMBLED, FRAGMENT, EVEN,
        )  # fmt: skip
        if IS_GATED:
            up_acc = multiply_rows(
                up_acc, up_ptr, up_scale_ptr, n, n_alive, start, width, x,
                BITS, IS_FP8, GROUP, C, J, SCALE_PITCH, POLICY, ASSEMBLED, FRAGMENT, EVEN,
            )  # fmt: skip
    return acc, up_acc


@triton.jit
def whole_sum(
    acc, which: tl.constexpr, how_many: tl.constexpr, tile, part, partial_ptr, SPLIT: tl.constexpr,
    ROWS: tl.constexpr, N_TILE: tl.constexpr, is_last: tl.constexpr,
):  # fmt: skip
    """Write one part's sums (N, ROWS) down, or, as the last one, add all parts' in order."""
    size: tl.constexpr = N_TILE * ROWS
    place = tl.arange(0, N_TILE)[:, None] * ROWS + tl.arange(0, ROWS)[None, :]
    base = partial_ptr + ((tile.to(tl.int64) * how_many + which) * SPLIT) * size
    if is_last:
        acc = tl.zeros([N_TILE, ROWS], tl.float32)
        for other in tl.static_range(SPLIT):  # unrolled, so that all parts are read at once
            acc += tl.load(base + other * size + place, cache_modifier=".cg")
    else:
        tl.store(base + part * size + place, acc)
    return acc


# Numbers of rows and the like change from step to step, and no better code comes of knowing them.
@triton.jit(do_not_specialize=("M", "row_tiles", "num_experts", "factor_stride"))
def product(
    x_ptr, x_stride, update_ptr, update_stride, update_weight_ptr, stream_scale_ptr, norm_weight_ptr, settled_ptr,
    w0_ptr, w1_ptr, w2_ptr, s0_ptr, s1_ptr, s2_ptr, y0_ptr, y1_ptr, y2_ptr, N0, N1, N2,
    factor_ptr, factor_stride, cap, best_ptr,
    chosen_ptr, order_ptr, tile_expert_ptr, tile_end_ptr, first_ptr, num_experts,
    partial_ptr, counter_ptr, M, width, SCALE_PITCH, eps, row_tiles,
    BITS: tl.constexpr, IS_FP8: tl.constexpr, GROUP: tl.constexpr, PACKED: tl.constexpr, MATRICES: tl.constexpr,
    AFTER: tl.constexpr, HAS_UPDATE: tl.constexpr, HAS_SCALE: tl.constexpr, HAS_NORM: tl.constexpr,
    ROUNDS_NORM: tl.constexpr, WRITES: tl.constexpr, EXPERTS: tl.constexpr, PER_ROW: tl.constexpr,
    GATHERS: tl.constexpr, ROWS: tl.constexpr, N_TILE: tl.constexpr, K_TILE: tl.constexpr, PARTS: tl.constexpr,
    SPLIT: tl.constexpr, STAGES: tl.constexpr, POLICY: tl.constexpr, ASSEMBLED: tl.constexpr, FRAGMENT: tl.constexpr,
    EVEN: tl.constexpr, WIDE: tl.constexpr, EARLY: tl.constexpr,
):  # fmt: skip
    """See the file's docstring; `launch.py` says what each argument is."""
    in_words: tl.constexpr = ROWS == 1 and PACKED and not IS_FP8
    J: tl.constexpr = 8 if BITS == 16 else 4 if in_words else 16  # of several rows' chunks
    unit: tl.constexpr = K_TILE * BITS // 32 if in_words else K_TILE // 2 if BITS == 4 else K_TILE
    C: tl.constexpr = unit // J
    pairs_per_word: tl.constexpr = 16 // BITS
    x_width = width * pairs_per_word if in_words else width * 2 if BITS == 4 else width

    if in_words and ASSEMBLED:
        width = width // 4 * 4  # so that the compiler knows that rows begin at 16 bytes, experts' too
    tile, part = tl.program_id(0), tl.program_id(1)
    row_tile, n_tile = tile % row_tiles, tile // row_tiles
    if EXPERTS == GROUPED:  # one after another those that read the same rows of x
        n_tiles = tl.num_programs(0) // row_tiles
        row_tile, n_tile = tile // n_tiles, tile % n_tiles

    # Which rows, and whose matrices. Only one row's weights are read before the kernel in front has ended.
    reads_first: tl.constexpr = ROWS == 1 and EXPERTS == 0
    wait_for_last(EARLY and not reads_first)
    expert = 0
    m = row_tile * ROWS + tl.arange(0, ROWS)
    end = M
    if EXPERTS == ONE_EACH:
        expert = tl.load(chosen_ptr + row_tile).to(tl.int32)
    if EXPERTS == GROUPED:
        expert = tl.load(tile_expert_ptr + row_tile)
        if expert >= num_experts:
            return
        before = tl.load(tile_end_ptr + expert - 1, mask=expert > 0, other=0)
        m = tl.load(first_ptr + expert) + (row_tile - before) * ROWS + tl.arange(0, ROWS)
        end = tl.load(first_ptr + expert + 1)
    alive = m < end
    x_m = m
    if GATHERS:
        x_m = tl.load(order_ptr + m, mask=alive, other=0).to(tl.int32)
    x_m = x_m // PER_ROW

    # Which matrix, and which of its rows.
    w_ptr, scale_ptr, y_ptr, N = w0_ptr, s0_ptr, y0_ptr, N0
    first_tile = 0
    if MATRICES > 1 and AFTER != GATED:
        tiles0 = tl.cdiv(N0, N_TILE)
        if n_tile >= tiles0:
            w_ptr, scale_ptr, y_ptr, N = w1_ptr, s1_ptr, y1_ptr, N1
            first_tile = tiles0
        if MATRICES > 2:
            tiles1 = tiles0 + tl.cdiv(N1, N_TILE)
            if n_tile >= tiles1:
                w_ptr, scale_ptr, y_ptr, N = w2_ptr, s2_ptr, y2_ptr, N2
                first_tile = tiles1
    # Of grouped experts gate and up-projection are one matrix, of which a tile has neighbouring rows in pairs.
    joined: tl.constexpr = EXPERTS == GROUPED and AFTER == GATED
    each: tl.constexpr = 2 if joined else 1
    n = (n_tile - first_tile) * (N_TILE // each) + tl.arange(0, N_TILE) // each
    n_alive = n < N
    w_row = n
    if joined:
        w_row += tl.arange(0, N_TILE) % 2 * N
    up_ptr, up_scale_ptr = w1_ptr, s1_ptr
    if EXPERTS > 0:
        w_ptr += tl.cast(expert, tl.int64) * rows_of_expert(N, AFTER) * width
        if PACKED:
            scale_ptr += tl.cast(expert, tl.int64) * rows_of_expert(N, AFTER) * SCALE_PITCH
        if AFTER == GATED:
            up_ptr = w_ptr + N.to(tl.int64) * width
            if PACKED:
                up_scale_ptr = scale_ptr + N.to(tl.int64) * SCALE_PITCH

    # Which of its columns.
    columns = tl.cdiv(tl.cdiv(width, unit), PARTS) * unit
    begin = part * columns
    stop = tl.minimum(begin + columns, width)
    stream_scale = 1.0
    if HAS_SCALE:
        stream_scale = tl.load(stream_scale_ptr).to(tl.float32)
    writes = WRITES and (n_tile == 0) & (part == 0)
    if ROWS == 1:
        row = tl.sum(x_m, 0).to(tl.int64)
        acc, up_acc = multiply_one_row(
            x_ptr + row * x_stride, update_ptr + row * update_stride, update_weight_ptr, norm_weight_ptr,
            settled_ptr + row * x_width, stream_scale, eps, writes,
            w_ptr, scale_ptr, up_ptr, up_scale_ptr, n, n_alive, begin, stop, width, SCALE_PITCH,
            BITS, GROUP, in_words, AFTER == GATED, HAS_UPDATE, HAS_SCALE, HAS_NORM, ROUNDS_NORM, WRITES,
            N_TILE, K_TILE, WIDE, POLICY, ASSEMBLED, EARLY and reads_first,
        )  # fmt: skip
    else:
        x_row = x_m.to(tl.int64)[None, :] * x_stride
        acc, up_acc = multiply_part(
            x_ptr, x_row, x_width, alive, w_ptr, scale_ptr, up_ptr, up_scale_ptr, w_row, n, n_alive, begin, stop, width,
            SCALE_PITCH, BITS, IS_FP8, GROUP, AFTER == GATED and not joined,
            ROWS, N_TILE, C, J, STAGES, POLICY, ASSEMBLED, FRAGMENT, EVEN,
        )  # fmt: skip
        if PARTS > SPLIT:
            for other in range(1, PARTS):
                part_acc, part_up_acc = multiply_part(
                    x_ptr, x_row, x_width, alive, w_ptr, scale_ptr, up_ptr, up_scale_ptr, w_row, n, n_alive,
                    other * columns, tl.minimum((other + 1) * columns, width), width,
                    SCALE_PITCH, BITS, IS_FP8, GROUP, AFTER == GATED and not joined,
                    ROWS, N_TILE, C, J, STAGES, POLICY, ASSEMBLED, FRAGMENT, EVEN,
                )  # fmt: skip
                acc += part_acc
                up_acc += part_up_acc

    if SPLIT > 1:
        how_many: tl.constexpr = 2 if AFTER == GATED and not joined else 1
        whole_sum(acc, 0, how_many, tile, part, partial_ptr, SPLIT, ROWS, N_TILE, False)
        if AFTER == GATED and not joined:
            whole_sum(up_acc, 1, how_many, tile, part, partial_ptr, SPLIT, ROWS, N_TILE, False)
        tl.debug_barrier()
        if tl.atomic_add(counter_ptr + tile, 1, sem="acq_rel") != SPLIT - 1:
            return
        tl.store(counter_ptr + tile, 0)
        acc = whole_sum(acc, 0, how_many, tile, part, partial_ptr, SPLIT, ROWS, N_TILE, True)
        if AFTER == GATED and not joined:
            up_acc = whole_sum(up_acc, 1, how_many, tile, part, partial_ptr, SPLIT, ROWS, N_TILE, True)

    # After.
    if PACKED and GROUP == 0:
        acc *= tl.load(scale_ptr + w_row, mask=n_alive, other=0.0).to(tl.float32)[:, None]
        if AFTER == GATED and not joined:
            up_acc *= tl.load(up_scale_ptr + n, mask=n_alive, other=0.0).to(tl.float32)[:, None]
    if joined:
        acc, up_acc = tl.split(tl.permute(tl.reshape(acc, [N_TILE // 2, 2, ROWS]), (0, 2, 1)))
        n = n_tile * (N_TILE // 2) + tl.arange(0, N_TILE // 2)
        n_alive = n < N
    acc = rounded(acc)
    y_row = m.to(tl.int64)[None, :]
    mask = n_alive[:, None] & alive[None, :]
    if AFTER == GATED:
        acc = rounded(gelu(acc)) * rounded(up_acc)
    if AFTER == ONTO:
        acc = rounded(gelu(acc)) * tl.load(factor_ptr + y_row * factor_stride + n[:, None], mask=mask, other=0.0).to(
            tl.float32
        )
    if AFTER >= LOGITS:  # noqa: SIM102  (the outer one is decided by the compiler)
        if cap > 0:
            acc = capped(acc, cap)
    if AFTER == BEST:
        acc = tl.where(n_alive[:, None], acc, float("-inf"))
        top = tl.max(acc, 0)
        number = tl.min(tl.where(acc == top[None, :], n[:, None], N - 1), 0)
        place = m * tl.cdiv(N, N_TILE) + n_tile
        tl.store(y_ptr + place, top, mask=alive)
        tl.store(best_ptr + place, number, mask=alive)
    elif AFTER == LOGITS:
        tl.store(y_ptr + y_row * N + n[:, None], acc, mask=mask)
    else:
        tl.store(y_ptr + y_row * N + n[:, None], acc.to(tl.bfloat16), mask=mask)


@triton.jit
def rows_of_expert(N, AFTER: tl.constexpr):
    """Rows of one expert's matrix: of gate and up-projection together, N each."""
    return N * 2 if AFTER == GATED else N
