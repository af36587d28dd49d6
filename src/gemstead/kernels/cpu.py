"""Twins for the CPU: many sequences at once, torch's fused attention, norms and products with codes.

Packed matrices meet rows in two ways. Up to `LANED_ROWS` rows, kernels of our own (`kernels/llvm`) multiply by the
codes themselves and read nothing else from memory. More rows are worth a dense slab, since the matrix product in
bfloat16 is then faster by more than the slab costs. Weights are what they stand for in both; rows are nowhere rounded
to 8 bits.

Where there is no compiler, no fitting instructions or another OpenMP than torch's usual one, torch's own products with
codes take their place, for rows in bfloat16 and up to `FEW_ROWS`; large int8 matrices meet a few rows in whole numbers
where the machine has tiles (AMX): each row is three numbers of 8 bits, one below the other, and tiles take up to 16
rows in the time of one. Rows in float32 go the reference's way then.

Legend beyond `kernels/batch.py`'s: N output rows, K inputs, W rows of a block, U = N / W blocks, J groups of a row.
"""

from __future__ import annotations

import contextlib
import mmap
from functools import cache

import torch
from torch import Tensor
from torch.nn import functional as F

from gemstead.kernels import packed, reference, routing
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.llvm import lanes, machine, steps
from gemstead.kernels.llvm.lanes import Laned
from gemstead.kernels.packed import Packed, Weight

TOGETHER = 17  # rows of one sequence: the newest token and its drafts
LANED_ROWS = 48  # beyond, a dense slab is faster than our kernels
FEW_ROWS = {4: 48, 8: 32}  # by bits; beyond, a dense slab is faster: `python -m benchmarks.cpu`
GROUPS = (32, 64, 128, 256)  # sizes torch's int4 product knows
BLOCKS = (64, 32)  # rows of a block of torch's int4 layout, with AVX-512 and with AVX2
WHOLE_INPUTS = 32  # torch's int8 product reads so many at a time, and beyond a row's end if they are not there
ALIGNMENT_BYTES = 16  # of rows that torch's grouped product takes
DIGITS = 3  # of 8 bits: of a row's largest entry 20 bits are kept, as many places below the point of all others
DIGIT_ROWS = 5  # times digits, what a tile holds
MANY_WEIGHTS = 1 << 22  # from so many on, splitting rows into digits pays
LARGE_PAGE = 1 << 21


class Blocked(Packed):
    """An int4 matrix, or a stack of them, in the layout that torch's int4 product reads.

    Blocks of W rows, inputs outermost: byte (k, w) holds input k of row w low and of row w + W / 2 high. That product
    takes scales in bfloat16. Scales with more digits, such as a GGUF's in float16, are the sum of two: what bfloat16
    holds of them, and the rest.

    Args:
        codes: uint8 (..., U, K, W / 2).
        scales: bfloat16 (..., J, N, 2): scale and offset, which is 0.
        dtype: Of the values.
        rest: As `scales`, what they lack; `None` if nothing.
    """

    rest: Tensor | None

    def __init__(self, codes: Tensor, scales: Tensor, dtype: torch.dtype, rest: Tensor | None = None) -> None:
        super().__init__(codes, scales, dtype)
        self.register_buffer("rest", rest)

    @property
    def bits(self) -> int:
        """Bits of a code."""
        return 4

    @property
    def shape(self) -> torch.Size:
        """Of the matrix it stands for."""
        return torch.Size((*self.codes.shape[:-3], self.scales.shape[-2], self.codes.shape[-2]))

    @property
    def num_bytes(self) -> int:
        """Of codes and scales."""
        return super().num_bytes + (0 if self.rest is None else self.rest.nbytes)

    def dense(self) -> Tensor:
        """The matrix it stands for."""
        num_rows = self.shape[-2]
        if self.codes.dim() == 3:
            return self.slab(0, num_rows, None, self.dtype).contiguous()
        return torch.stack([self.slab(0, num_rows, e, self.dtype) for e in range(len(self.codes))])

    def slab(self, start: int, stop: int, member: int | None, dtype: torch.dtype) -> Tensor:
        """See `Packed.slab`; (rows, K), inputs outermost in memory."""
        codes_UKB = self.codes if member is None else self.codes[member]
        width = codes_UKB.shape[-1] * 2
        codes_KUB = codes_UKB[start // width : stop // width].transpose(0, 1)
        scales_JN = self._scales(member, slice(start, stop))
        # The product of a code and a scale in bfloat16 is exact in float32, so it is rounded once in either dtype.
        out_KUW = torch.empty(*codes_KUB.shape[:2], width, dtype=dtype if self.rest is None else torch.float32)
        out_KUW[..., : width // 2] = (codes_KUB & 15).view(torch.int8) - 8
        out_KUW[..., width // 2 :] = (codes_KUB >> 4).view(torch.int8) - 8
        scales_JUW = scales_JN.unflatten(1, (-1, width)).to(out_KUW.dtype).contiguous()
        out_KUW.unflatten(0, (len(scales_JN), -1)).mul_(scales_JUW[:, None])
        return out_KUW.to(dtype).flatten(1).t()

    def rows(self, ids_T: Tensor) -> Tensor:
        """See `Packed.rows`."""
        half = self.codes.shape[-1]
        codes_TK = self.codes[ids_T // (2 * half), :, ids_T % half]
        codes_TK = torch.where((ids_T % (2 * half) < half)[:, None], codes_TK & 15, codes_TK >> 4)
        groups_TJG = (codes_TK.view(torch.int8) - 8).unflatten(-1, (self.scales.shape[0], -1)).float()
        out_TK: Tensor = groups_TJG.mul_(self._scales(None, ids_T).t()[..., None]).flatten(-2).to(self.dtype)
        return out_TK

    def _scales(self, member: int | None, rows: slice | Tensor) -> Tensor:
        """Of some rows, (J, rows): in bfloat16 if that is all there is of them, else in float32."""
        parts = [p if member is None else p[member] for p in (self.scales, self.rest) if p is not None]
        scales_JN = parts[0][:, rows, 0]
        return scales_JN if len(parts) == 1 else scales_JN.float() + parts[1][:, rows, 0]


def lay_out(weight: Weight) -> Weight:
    """A packed matrix in the layout of this machine's products; anything else as it is.

    For our own kernels, if there are any here and its rows are whole blocks. Else for torch's int4 product, which takes
    whole blocks of more rows and scales with no more digits than two numbers in bfloat16 have, if its layout is the one
    known here.
    """
    if not isinstance(weight, Packed) or weight.is_float:
        return weight
    vectors = machine.vectors()
    if vectors is not None:
        laned = lanes.lay_out(weight, vectors, in_large_pages)
        if laned is not None:
            return laned
    if weight.bits != 4 or weight.dtype is not torch.bfloat16:
        return weight
    width = block_rows()
    num_rows, num_inputs = weight.shape[-2:]
    group = num_inputs // weight.scales.shape[-1]
    if width is None or num_rows % width or group not in GROUPS:
        return weight
    scales = weight.scales.to(torch.bfloat16)
    missing = weight.scales.float() - scales
    rest = missing.to(torch.bfloat16)
    if not torch.equal(rest.float(), missing):
        return weight
    # U, W, K / 2 bytes, two inputs each -> U, K, W / 2 bytes, two rows each; a few blocks after another, since the way
    # there takes several times the memory.
    codes = in_large_pages((*weight.codes.shape[:-2], num_rows // width, num_inputs, width // 2))
    blocks = weight.codes.unflatten(-2, (-1, width)).flatten(0, -3)
    chunk = max(1, packed.SLAB_ELEMENTS // (width * num_inputs))
    for place, some in zip(codes.view(-1, num_inputs, width // 2).split(chunk), blocks.split(chunk), strict=True):
        lower, upper = some.chunk(2, dim=-2)
        even = (lower & 15) | (upper << 4)
        odd = (lower >> 4) | (upper & 240)
        place.copy_(torch.stack((even, odd), dim=-1).flatten(-2).transpose(-2, -1))
    return Blocked(codes, _with_offsets(scales), weight.dtype, _with_offsets(rest) if rest.any() else None)


def _with_offsets(scales: Tensor) -> Tensor:
    """(..., N, J) -> (..., J, N, 2)."""
    return torch.stack((scales, torch.zeros_like(scales)), dim=-1).transpose(-3, -2).contiguous()


def offset_bytes(shape: tuple[int, ...], scale_bytes: int = 2) -> int:
    """What `lay_out` adds to an int4 matrix in groups of 32: for our own kernels nothing, for torch's offsets.

    Args:
        shape: Of the matrix.
        scale_bytes: 2 for scales in bfloat16, 4 in float32.
    """
    vectors, width = machine.vectors(), block_rows()
    if width is None or shape[-2] % width or shape[-1] % GROUPS[0]:
        return 0
    if vectors is not None and shape[-2] % vectors.lanes == 0:
        return 0
    return torch.Size(shape).numel() // GROUPS[0] * scale_bytes


def in_large_pages(shape: tuple[int, ...]) -> Tensor:
    """Room for bytes, uint8: read faster from large pages, where the system gives them to who asks."""
    num_bytes = torch.Size(shape).numel()
    if num_bytes < 2 * LARGE_PAGE or not hasattr(mmap, "MADV_HUGEPAGE"):
        return torch.empty(shape, dtype=torch.uint8)
    room = mmap.mmap(-1, num_bytes + LARGE_PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    flat = torch.frombuffer(room, dtype=torch.uint8)  # lives as long as the tensor
    start = -flat.data_ptr() % LARGE_PAGE
    with contextlib.suppress(OSError):  # a system without them; pages are small then
        room.madvise(mmap.MADV_HUGEPAGE, start, num_bytes // LARGE_PAGE * LARGE_PAGE)
    return flat[start : start + num_bytes].view(shape)


@cache
def has_tiles() -> bool:
    """Whether the processor multiplies tiles of 8-bit numbers."""
    return bool(torch.cpu._is_amx_tile_supported())


@cache
def block_rows() -> int | None:
    """Rows of a block of torch's int4 layout on this machine; `None` if it is another than `Blocked` describes."""
    codes_NK = torch.randint(0, 16, (128, 64), dtype=torch.int32, generator=torch.Generator().manual_seed(0))
    try:
        stored = torch._convert_weight_to_int4pack_for_cpu(codes_NK, 1).flatten()
    except RuntimeError:
        return None
    for width in BLOCKS:
        lower, upper = codes_NK.to(torch.uint8).unflatten(0, (-1, width)).transpose(1, 2).chunk(2, dim=-1)
        if torch.equal(stored, (lower | upper << 4).flatten()):
            return width
    return None


def linear(x_TK: Tensor, weight_NK: Weight) -> Tensor:
    """`reference.linear`, by codes where that is faster."""
    return _product(x_TK, weight_NK, None)


def _product(x_TK: Tensor, weight: Weight, member: int | None) -> Tensor:
    if isinstance(weight, Laned):
        if x_TK.shape[0] <= LANED_ROWS:
            return lanes.product(x_TK, weight, member)
    elif isinstance(weight, Packed) and x_TK.dtype is torch.bfloat16:
        # Looked up once each: a decoding step comes here hundreds of times.
        codes, scales = weight.codes, weight.scales
        num_rows = x_TK.shape[0]
        if isinstance(weight, Blocked):
            if num_rows <= FEW_ROWS[4]:
                return _by_nibbles(x_TK, weight, member)
        elif (
            num_rows <= FEW_ROWS[8]
            and codes.dtype is torch.int8
            and scales.dtype is torch.bfloat16
            and codes.shape[-1] % WHOLE_INPUTS == 0
        ):
            if member is not None:
                codes, scales = codes[member], scales[member]
            if num_rows <= DIGIT_ROWS and codes.numel() >= MANY_WEIGHTS and scales.shape[1] == 1 and has_tiles():
                return _by_digits(x_TK, codes, scales)
            return torch._weight_int8pack_mm(x_TK.contiguous(), codes, scales.reshape(-1))
    return packed.product(F.linear, x_TK, weight, member)


def _by_nibbles(x_TK: Tensor, weight: Blocked, member: int | None) -> Tensor:
    """The product by int4 codes; once by each part of the scales."""
    codes, scales, rest = weight.codes, weight.scales, weight.rest
    if member is not None:
        codes, scales = codes[member], scales[member]
        rest = None if rest is None else rest[member]
    x_TK, num_inputs, (num_groups, num_rows, _) = x_TK.contiguous(), x_TK.shape[1], scales.shape
    stored, group = codes.view(num_rows, num_inputs // 2), num_inputs // num_groups
    by_codes = torch.ops.aten._weight_int4pack_mm_for_cpu
    out_TN: Tensor = by_codes(x_TK, stored, group, scales)
    return out_TN if rest is None else out_TN.add_(by_codes(x_TK, stored, group, rest))


def _by_digits(x_TK: Tensor, codes_NK: Tensor, scales_N1: Tensor) -> Tensor:
    """The product by int8 codes in whole numbers: rows as digits, the largest entry below 64, each worth 128 less."""
    wide_TK = x_TK.float()
    peak_T1 = wide_TK.abs().amax(-1, keepdim=True)
    exponent_T1 = torch.frexp(peak_T1).exponent - 6
    left_TK = torch.ldexp(wide_TK, -exponent_T1)
    digits = []
    for _ in range(DIGITS):
        digits.append(left_TK.round())
        left_TK = (left_TK - digits[-1]) * 128
    sums_NM = torch._int_mm(codes_NK, torch.cat(digits).to(torch.int8).t().contiguous())
    worth_D = 128.0 ** -torch.arange(DIGITS)
    sums_NTD = sums_NM.float().unflatten(1, (DIGITS, -1)).transpose(1, 2)
    unit_T = torch.ldexp(torch.ones_like(peak_T1), exponent_T1) + 0 * peak_T1  # what is not finite stays so
    out_NT: Tensor = (sums_NTD @ worth_D).mul_(scales_N1).mul_(unit_T.t())
    out_TN: Tensor = out_NT.t().to(x_TK.dtype).contiguous()
    return out_TN


def rms_norm(x: Tensor, weight: Tensor | None, eps: float) -> Tensor:
    """`reference.rms_norm` in one call, which torch has for a weight in the rows' own dtype; a single row in two."""
    if weight is not None:
        if weight.dtype is not x.dtype:
            return reference.rms_norm(x, weight, eps)
        if x.numel() == x.shape[-1]:
            wide = x.reshape(-1).float()
            factor = (float(torch.dot(wide, wide)) / x.shape[-1] + eps) ** -0.5
            return torch.addcmul(_zero(x.dtype), x, weight, value=factor)
    return torch.rms_norm(x, x.shape[-1:], weight, eps)


@cache
@torch.inference_mode(False)
def _zero(dtype: torch.dtype) -> Tensor:
    return torch.zeros((), dtype=dtype)


def experts(x_TK: Tensor, gate_up_EFK: Weight, down_EKI: Weight, chosen_TA: Tensor, weight_TA: Tensor) -> Tensor:
    """`reference.experts`: rows in order of expert, one grouped product where the matrices are dense."""
    return routing.experts(
        x_TK,
        gate_up_EFK,
        down_EKI,
        chosen_TA,
        weight_TA,
        multiply=_grouped_product,
        gated_gelu=reference.gated_gelu,
    )


def _grouped_product(x_SK: Tensor, stack_ENK: Weight, count_E: Tensor) -> Tensor:
    is_aligned = x_SK.shape[1] * x_SK.element_size() % ALIGNMENT_BYTES == 0
    if isinstance(stack_ENK, Tensor) and is_aligned:
        ends_E = count_E.cumsum(0, dtype=torch.int32)
        return torch._grouped_mm(x_SK.contiguous(), stack_ENK.transpose(1, 2), ends_E)
    return routing.one_by_one(_product, x_SK, stack_ENK, count_E)


def attention(
    q_THD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """`reference.attention`: sequences with equally few rows, as in decoding, in one call; longer ones one by one."""
    head_size = v_NSGD.shape[3]
    out_THD = q_THD.new_empty(*q_THD.shape[:2], head_size)
    for first, stop, count in rows.even_runs():
        if count == 1 and stop - first <= lanes.MOST_ROWS and steps.suits_attention(q_THD, k_NSGD, v_NSGD):
            for b in range(first, stop):
                _attend_in_place(q_THD, k_NSGD, v_NSGD, rows, pool, b, window, out_THD)
        elif count == stop - first == 1:
            row = slice(rows.starts[first], rows.starts[stop])
            one = (rows.only(first, stop), pool.only(first, stop))
            out_THD[row] = _attend_singly(q_THD[row], k_NSGD, v_NSGD, *one, window)[..., :head_size]
        elif 0 < count <= TOGETHER and stop - first > 1:
            own = slice(rows.starts[first], rows.starts[stop])
            some = (rows.only(first, stop), pool.only(first, stop))
            out_THD[own] = _attend_together(q_THD[own], k_NSGD, v_NSGD, *some, window)[..., :head_size]
        elif count:
            for b in range(first, stop):
                own = slice(rows.starts[b], rows.starts[b + 1])
                one = (rows.only(b, b + 1), pool.only(b, b + 1))
                out_THD[own] = _attend_alone(q_THD[own], k_NSGD, v_NSGD, *one, window)[..., :head_size]
    return out_THD


def _gathered(k_NSGD: Tensor, v_NSGD: Tensor, pages: Tensor | slice, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """Keys and values of some pages. Where keys stand beside values, both are the one tensor of both.

    Fused attention wants equal widths; what it makes of the keys' columns nobody reads.
    """
    k, v = k_NSGD[pages].to(dtype), v_NSGD[pages].to(dtype)
    wide = reference.beside(k, v)
    return (k, v) if wide is k else (wide, wide)


def _attend_alone(
    q_QHD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """Many rows of one sequence."""
    num_kv_heads = k_NSGD.shape[2]
    group = q_QHD.shape[1] // num_kv_heads
    end, first = rows.ends[0], pool.firsts[0]
    pages = pool.page_table_BP[0, : -(-(end - first) // k_NSGD.shape[1])]
    k_LGD, v_LGD = _gathered(k_NSGD, v_NSGD, pages, q_QHD.dtype)
    k_GLD = k_LGD.flatten(0, 1)[: end - first].transpose(0, 1)
    v_GLD = v_LGD.flatten(0, 1)[: end - first].transpose(0, 1)
    seen_QL = reference.visible(rows.position_T, torch.arange(first, end, device=q_QHD.device), window)
    out_GRQD = F.scaled_dot_product_attention(
        q_QHD.unflatten(1, (num_kv_heads, group)).permute(1, 2, 0, 3),
        k_GLD[:, None].expand(-1, group, -1, -1),
        v_GLD[:, None].expand(-1, group, -1, -1),
        attn_mask=seen_QL,
        scale=1.0,
    )
    return out_GRQD.permute(2, 0, 1, 3).flatten(1, 2)


def _attend_singly(
    q_1HD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """One row of one sequence: only pages with keys it sees are read, and no key has to be hidden."""
    page_size, num_kv_heads = k_NSGD.shape[1:3]
    first, stop = pool.firsts[0], int(rows.position_T) + 1
    start = first if window is None else max(first, stop - window)
    skipped = (start - first) // page_size
    numbers = pool.page_table_BP[0, skipped : -(-(stop - first) // page_size)]
    # A sequence alone mostly got its pages in a row: they are read where they are.
    pages, in_a_row = numbers.tolist(), slice(int(numbers[0]), int(numbers[0]) + len(numbers))
    own = slice(start - first - skipped * page_size, stop - first - skipped * page_size)
    is_in_a_row = pages == list(range(in_a_row.start, in_a_row.stop))
    gathered = _gathered(k_NSGD, v_NSGD, in_a_row if is_in_a_row else numbers, q_1HD.dtype)
    k_1GLD, v_1GLD = (kept.flatten(0, 1)[own].transpose(0, 1)[None] for kept in gathered)
    q_1GRD = q_1HD.unflatten(1, (num_kv_heads, -1))
    return F.scaled_dot_product_attention(q_1GRD, k_1GLD, v_1GLD, scale=1.0).flatten(1, 2)


def _attend_in_place(
    q_THD: Tensor,
    k_NSGD: Tensor,
    v_NSGD: Tensor,
    rows: QueryRows,
    pool: PoolView,
    sequence: int,
    window: int | None,
    out_THD: Tensor,
) -> None:
    """One row of one sequence by a kernel of our own, which reads keys and values where they are."""
    page_size, row = k_NSGD.shape[1], rows.starts[sequence]
    first, stop = pool.firsts[sequence], int(rows.position_T[row]) + 1
    start = first if window is None else max(first, stop - window)
    skipped = (start - first) // page_size
    pages_P = pool.page_table_BP[sequence, skipped:]
    place = start - first - skipped * page_size
    steps.attend(q_THD[row], k_NSGD, v_NSGD, pages_P, place, stop - start, out_THD[row])


def _attend_together(
    q_THD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """R rows of each of B sequences: pages are gathered into one rectangle; a group's queries share its keys."""
    num_sequences = len(rows.ends)
    num_heads, num_kv_heads = q_THD.shape[1], k_NSGD.shape[2]
    page_size = k_NSGD.shape[1]
    longest = max(end - first for end, first in zip(rows.ends, pool.firsts, strict=True))
    table_BP = pool.page_table_BP[:, : -(-longest // page_size)]
    k_BPSGD, v_BPSGD = _gathered(k_NSGD, v_NSGD, table_BP, q_THD.dtype)
    k_BGLD = k_BPSGD.flatten(1, 2)[:, :longest].transpose(1, 2)
    v_BGLD = v_BPSGD.flatten(1, 2)[:, :longest].transpose(1, 2)
    firsts_B = torch.tensor(pool.firsts, device=q_THD.device)
    position_BL = firsts_B[:, None] + torch.arange(longest, device=q_THD.device)
    behind_BRL = rows.position_T.view(num_sequences, -1)[:, :, None] - position_BL[:, None, :]
    seen_BRL = behind_BRL >= 0
    if window is not None:
        seen_BRL &= behind_BRL < window
    group = num_heads // num_kv_heads
    # Queries of one key head, row after row: M = R * H / G.
    q_BGMD = q_THD.unflatten(0, (num_sequences, -1)).unflatten(2, (num_kv_heads, group)).transpose(1, 2).flatten(2, 3)
    seen_B1ML = seen_BRL.repeat_interleave(group, dim=1)[:, None]
    out_BGMD = F.scaled_dot_product_attention(q_BGMD, k_BGLD, v_BGLD, attn_mask=seen_B1ML, scale=1.0)
    out_BRHD: Tensor = out_BGMD.unflatten(2, (-1, group)).transpose(1, 2).flatten(2, 3)
    return out_BRHD.flatten(0, 1)
