"""From tensors to launches: what `products.py` and `rows.py` take, what they give back, how large a grid is.

Whatever the kernels cannot read (another dtype than bfloat16, rows that are not contiguous, odd groups) is said by
`readable`, and left to the reference.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

import torch
import triton
from torch import Tensor
from torch.nn import functional as F

from gemstead.kernels import reference
from gemstead.kernels.ops import Residual
from gemstead.kernels.packed import Packed, Weight
from gemstead.kernels.triton import card, early, products, rows
from gemstead.kernels.triton.tiles import (
    FEW_ROWS,
    IN_ONE_ORDER,
    ONE_ROW_OF_FLOAT_EXPERTS,
    ROWS_OF_EXPERTS,
    Tile,
    fitting,
    is_unpacked,
    norms_in_place,
    rows_of_experts,
    tile_in_one_order,
    tile_of,
    tiles_of_experts,
)

WIDEST_ROW = 16384  # elements; a norm holds its row in registers
ELEMENTS = 1024  # of an elementwise program
EXPANDED = (4, 256)  # rows and bytes of a packed matrix that a program turns into bfloat16
ORDERED = (4, 512)  # rows and columns of x that a program puts in order
MOST_GROUPED_AT_ONCE = 2048  # assignments that one program sorts by expert
SORTED_AT_ONCE = 256  # assignments of each of several programs
HOPPER = 9  # compute capability, its first number
CHUNK = {16: 8, 8: 16, 4: 32}  # inputs in the 16 bytes that one thread reads at once


class Storage(NamedTuple):
    """How a matrix lies in memory.

    Args:
        bits: Of a weight: 16, 8 or 4.
        group: Inputs that share a scale; 0 if a whole row does, or if there are none.
        scales: A row; of 16 bits with one, codes are held as numbers.
        is_float: Of 8 bits: fp8.
    """

    bits: int
    group: int
    scales: int
    is_float: bool = False

    @property
    def in_words(self) -> bool:
        """Whether one row's weights are read as 32-bit words."""
        return self.bits < 16 and not self.is_float


class Expanded(NamedTuple):
    """A packed matrix as bfloat16 whose inputs stand in the order in which our kernel multiplies by the packed one.

    Args:
        matrix_NK: K is whole tiles, zeros at the end.
        scale_N: Of whole rows, which multiply sums; `None` where numbers have been multiplied.
    """

    matrix_NK: Tensor
    scale_N: Tensor | None

    @property
    def shape(self) -> torch.Size:
        return self.matrix_NK.shape


def storage_of(weight: Weight) -> Storage | None:
    """How our kernels read a matrix or a stack of them; `None` if they cannot."""
    if isinstance(weight, Tensor):
        return Storage(16, 0, 0) if weight.dtype is torch.bfloat16 and weight.is_contiguous() else None
    if weight.dtype is not torch.bfloat16 or not (weight.codes.is_contiguous() and weight.scales.is_contiguous()):
        return None
    if weight.codes.storage_offset() % 4:  # one row's are read as words
        return None
    num_inputs, num_scales = weight.shape[-1], weight.scales.shape[-1]
    group = num_inputs // num_scales
    if weight.bits == 8 and num_scales == 1:
        return Storage(8, 0, 1, weight.is_float)
    if weight.is_float:
        return None
    return Storage(weight.bits, group, num_scales) if group % CHUNK[weight.bits] == 0 else None


def readable(*tensors: Tensor | None) -> bool:
    """Whether our kernels read these: bfloat16, each row's elements side by side, the rows a stride apart."""
    return all(x is None or (x.dtype is torch.bfloat16 and x.stride(-1) == 1) for x in tensors)


def _words(x: Tensor | None, paired: bool) -> Tensor | None:
    """As the kernel reads it: two neighbours a word, if it wants pairs."""
    return x if x is None or not paired else x.view(torch.int32)


def _even(x: Tensor) -> Tensor:
    """Itself if each row begins at a whole word, else a copy that does."""
    begins = x.storage_offset() % 2 == 0 and all(stride % 2 == 0 for stride in x.stride()[:-1])
    return x if begins else x.clone(memory_format=torch.contiguous_format)


def _pair(weight: Weight | Expanded) -> tuple[Tensor, Tensor]:
    if isinstance(weight, Tensor):
        return weight, weight
    if isinstance(weight, Expanded):
        return weight.matrix_NK, weight.matrix_NK if weight.scale_N is None else weight.scale_N
    return weight.codes.view(torch.uint8) if weight.is_float else weight.codes, weight.scales


class Groups(NamedTuple):
    """Assignments sorted by expert, and the tiles of rows they make; all on the device, shapes known beforehand.

    Args:
        order_X: Assignments (row * A + place) by expert, X = T A; those of one expert in any order, since no product
            depends on its neighbours.
        place_X: Where each assignment stands in `order_X`.
        first_E: First of each expert's in `order_X`, E + 1 numbers.
        end_E: Tiles of all experts up to and including each, cumulative.
        expert_Z: The expert of each tile; E for tiles that are not needed.
        tile_rows: Rows of a tile.
    """

    order_X: Tensor
    place_X: Tensor
    first_E: Tensor
    end_E: Tensor
    expert_Z: Tensor
    tile_rows: int


def group_by_expert(chosen_TA: Tensor, num_experts: int, tile_rows: int) -> Groups:
    """Sort assignments by expert without asking the device for a number."""
    count, device = chosen_TA.numel(), chosen_TA.device
    # Every expert may leave one tile ragged; more tiles than rows there are not.
    num_tiles = min(count, count // tile_rows + num_experts)
    chosen_X = chosen_TA.flatten()
    sizes = (count, count, num_experts + 1, num_experts, num_tiles)
    order_X, place_X, *told = (torch.empty(size, dtype=torch.int32, device=device) for size in sizes)
    groups = Groups(order_X, place_X, told[0], told[1], told[2], tile_rows)
    E, options = _block(num_experts), early.options(device)
    if count <= MOST_GROUPED_AT_ONCE:
        X = _block(count)
        at_once = max(16, min(64, 8192 // max(E, X)))
        rows.group_rows[1,](
            chosen_X, order_X, place_X, *told, count, num_experts, num_tiles, tile_rows,
            E=E, X=X, Z=min(64, _block(num_tiles)), AT_ONCE=at_once, num_warps=8, **options,
        )  # fmt: skip
        return groups
    blocks = (-(-count // SORTED_AT_ONCE),)
    next_E = torch.zeros(num_experts, dtype=torch.int32, device=device)
    rows.count_experts[blocks](chosen_X, next_E, count, num_experts, E=E, X=SORTED_AT_ONCE, **options)
    rows.begin_experts[1,](
        next_E, *told, num_experts, num_tiles, tile_rows, E=E, Z=min(64, _block(num_tiles)), num_warps=8, **options
    )
    rows.place_rows[blocks](chosen_X, next_E, order_X, place_X, count, X=SORTED_AT_ONCE, **options)
    return groups


@dataclass(frozen=True, kw_only=True)
class Before:
    """What is done to rows before they are multiplied.

    Args:
        stream: To settle.
        norm_weight: Of the norm; `None` if there is none.
        eps: Of the norms.
        rounds_norm: Whether the norm is rounded before its weight multiplies it, as the router's is.
        settled: Where the settled stream is written; `None` if nobody needs it.
    """

    stream: Residual
    norm_weight: Tensor | None = None
    eps: float = 0.0
    rounds_norm: bool = False
    settled: Tensor | None = None


@dataclass(frozen=True, kw_only=True)
class After:
    """What is done to products before they are written.

    Args:
        what: 0 for nothing, or one of the names in `products.py`.
        factor: What a gate multiplies.
        cap: Soft cap of logits.
        best: Where numbers of the best outputs are written.
    """

    what: int = 0
    factor: Tensor | None = None
    cap: float | None = None
    best: Tensor | None = None


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """Which expert's matrices multiply which row.

    Args:
        per_row: Neighbouring assignments that share a row of x.
        expert_X: Of each assignment, one program per assignment; or else
        groups: Assignments in tiles.
        gathers: x is in the order of rows, not yet in that of `groups`, as the product always is.
    """

    per_row: int
    expert_X: Tensor | None = None
    groups: Groups | None = None
    gathers: bool = False


@dataclass
class Counters:
    """Numbers that count a tile's finished parts; zero between launches, one set for each stream of a device."""

    of_stream: dict[tuple[torch.device, int], Tensor] = field(default_factory=dict)
    size: int = 1 << 17

    def on(self, device: torch.device) -> Tensor:
        """Those of a device's current stream."""
        key = (device, torch.cuda.current_stream(device).stream_id if device.type == "cuda" else 0)
        if key not in self.of_stream:
            self.of_stream[key] = torch.zeros(self.size, dtype=torch.int32, device=device)
        return self.of_stream[key]


NOTHING_AFTER = After()


def _in_words(before: Before, storage: Storage) -> Before:
    """So that every row can be read as words of two elements, where it may have to be."""
    if not storage.in_words or before.stream.x_TC.shape[1] % 2:
        return before
    stream, norm_weight = before.stream, before.norm_weight
    x_TC, update_TC, weight_C = (None if x is None else _even(x) for x in stream[:3])
    assert x_TC is not None
    return replace(
        before,
        stream=Residual(x_TC, update_TC, weight_C, stream.scale),
        norm_weight=None if norm_weight is None else _even(norm_weight),
    )


def multiply(
    counters: Counters,
    before: Before,
    weights: tuple[Weight, ...] | tuple[Expanded, ...],
    storage: Storage,
    outs: tuple[Tensor, ...],
    tile: Tile,
    *,
    after: After = NOTHING_AFTER,
    chosen: Chosen | None = None,
) -> None:
    """Launch `products.product`.

    Args:
        counters: Of finished parts.
        before: Rows and what is done to them; nothing if a tile has several.
        weights: One to three; two for a gate; one stack of gates above up-projections for experts' gates.
        storage: Of all of them.
        outs: Where the products go, rows contiguous.
        tile: How it is cut.
        after: What is done to the products.
        chosen: Experts, if there are any.
    """
    stream = before.stream
    x = stream.x_TC
    assert tile.rows == 1 or (stream == Residual(x) and before.norm_weight is None), "one row alone is normed in place"
    assert all(x.shape[1] == weight.shape[-1] for weight in weights), "rows and matrices of unlike width"
    pairs = [_pair(weight) for weight in weights]
    pairs += pairs[-1:] * (3 - len(pairs))
    places = [*outs, *outs[-1:] * (3 - len(outs))]
    gated = after.what == products.GATED.value
    joined = gated and chosen is not None and chosen.groups is not None
    tile = fitting(tile, storage.bits, gated and not joined, card.shared_kib(x.device))
    num_outputs = [weight.shape[-2] for weight in weights]
    if chosen is not None and gated:
        num_outputs = [num_outputs[0] // 2]
    num_outputs += num_outputs[-1:] * (3 - len(num_outputs))
    num_matrices = 1 if gated else len(weights)
    n_tiles = sum(-(-n * (2 if joined else 1) // tile.n) for n in num_outputs[:num_matrices])
    num_rows = x.shape[0] if chosen is None else outs[0].shape[0]
    row_tiles = -(-num_rows // tile.rows)
    groups = None if chosen is None else chosen.groups
    if groups is not None:
        row_tiles = groups.expert_Z.shape[0]
    partial, counter = x, x
    split = 1 if tile.is_alone else tile.split
    if split > 1:
        size = row_tiles * n_tiles * split * tile.n * tile.rows * (2 if gated and not joined else 1)
        partial = torch.empty(size, dtype=torch.float32, device=x.device)
        counter = counters.on(x.device)
        assert row_tiles * n_tiles <= counters.size, "more tiles than counters; only few rows are split"
    in_words = storage.in_words and tile.rows == 1
    nothing = x_words = x.view(torch.int32) if in_words else x
    update = _words(stream.update_TC, in_words)

    def given(tensor: Tensor | None) -> Tensor | None:
        return nothing if tensor is None else _words(tensor, in_words)

    products.product[row_tiles * n_tiles, split](
        x_words,
        x_words.stride(0),
        given(stream.update_TC),
        0 if update is None else update.stride(0),
        given(stream.weight_C),
        x if stream.scale is None else stream.scale,
        given(before.norm_weight),
        given(before.settled),
        *(pair[0].view(torch.int32) if in_words else pair[0] for pair in pairs),
        *(pair[1] for pair in pairs),
        *places,
        *num_outputs,
        x if after.factor is None else after.factor,
        0 if after.factor is None else after.factor.stride(0),
        after.cap or 0.0,
        x if after.best is None else after.best,
        x if chosen is None or chosen.expert_X is None else chosen.expert_X,
        *((x, x, x, x) if groups is None else (groups.order_X, groups.expert_Z, groups.end_E, groups.first_E)),
        weights[0].shape[0],
        partial,
        counter,
        num_rows,
        pairs[0][0].shape[-1] // (4 if in_words else 1),
        storage.scales,
        before.eps,
        row_tiles,
        BITS=storage.bits,
        IS_FP8=storage.is_float,
        GROUP=storage.group,
        PACKED=storage.scales > 0,
        MATRICES=num_matrices,
        AFTER=after.what,
        HAS_UPDATE=stream.update_TC is not None,
        HAS_SCALE=stream.scale is not None,
        HAS_NORM=before.norm_weight is not None,
        ROUNDS_NORM=before.rounds_norm,
        WRITES=before.settled is not None,
        EXPERTS=0 if chosen is None else 1 if groups is None else 2,
        PER_ROW=1 if chosen is None else chosen.per_row,
        GATHERS=chosen is not None and chosen.gathers,
        ROWS=tile.rows,
        N_TILE=tile.n,
        K_TILE=tile.k,
        PARTS=tile.split,
        SPLIT=split,
        STAGES=tile.stages,
        POLICY="evict_first" if row_tiles == 1 else "",
        ASSEMBLED=all(_assembles(storage, tile, *pair) for pair in pairs),
        FRAGMENT=_fragment(storage, tile, x.device),
        EVEN=tile.rows > 1 and x.shape[1] % tile.k == 0,
        WIDE=_block(x_words.shape[-1]) if tile.rows == 1 else 0,
        num_warps=tile.warps,
        **early.options(x.device),
    )


def _fragment(storage: Storage, tile: Tile, device: torch.device) -> int:
    """Neighbouring inputs that a thread of the matrix unit takes of packed weights, as Triton lays them out."""
    has_wide_unit = card.capability(device)[0] == HOPPER and tile.n >= 64 and tile.warps % 4 == 0
    return 2 if has_wide_unit else 32 // storage.bits


def _assembles(storage: Storage, tile: Tile, codes: Tensor, scales: Tensor) -> bool:
    """Whether packed weights go through assembly, which no interpreter knows."""
    if storage.bits == 16 or triton.knobs.runtime.interpret:
        return False
    if tile.rows > 1:
        return storage.bits == 8 or scales.dtype is torch.bfloat16
    return storage.in_words and codes.shape[-1] % 16 == 0  # a row is whole chunks of four words


def _block(width: int) -> int:
    return max(16, 1 << (width - 1).bit_length())


def _warps(width: int) -> int:
    return 4 if width <= 2048 else 8


def norm_rows(before: Before, y_TC: Tensor | None, *, has_norm: bool) -> None:
    """Launch `rows.norm_rows`: settle into `before.settled`, norm into `y_TC`."""
    stream = before.stream
    x = stream.x_TC
    width = x.shape[-1]
    rows.norm_rows[x.shape[0],](
        x,
        x.stride(0),
        x if stream.update_TC is None else stream.update_TC,
        0 if stream.update_TC is None else stream.update_TC.stride(0),
        x if stream.weight_C is None else stream.weight_C,
        x if stream.scale is None else stream.scale,
        x if before.norm_weight is None else before.norm_weight,
        x if before.settled is None else before.settled,
        x if y_TC is None else y_TC,
        width,
        before.eps,
        HAS_UPDATE=stream.update_TC is not None,
        HAS_SCALE=stream.scale is not None,
        WRITES=before.settled is not None,
        HAS_NORM=has_norm,
        HAS_WEIGHT=before.norm_weight is not None,
        ROUNDS_NORM=before.rounds_norm,
        BLOCK=_block(width),
        num_warps=_warps(width),
        **early.options(x.device),
    )


def as_rows(x: Tensor) -> Tensor:
    """(..., C) -> (T, C), without a copy where strides allow it."""
    return x.reshape(-1, x.shape[-1])


def rms_norm(x: Tensor, weight: Tensor | None, eps: float) -> Tensor:
    """`reference.rms_norm`."""
    if not readable(x) or x.shape[-1] > WIDEST_ROW or not (weight is None or weight.is_contiguous()):
        return reference.rms_norm(x, weight, eps)
    x_TC = as_rows(x)
    y_TC = torch.empty(x_TC.shape, dtype=x.dtype, device=x.device)
    norm_rows(Before(stream=Residual(x_TC), norm_weight=weight, eps=eps), y_TC, has_norm=True)
    return y_TC.view(x.shape)


def gated_gelu(gate: Tensor, up: Tensor) -> Tensor:
    """`reference.gated_gelu`."""
    if not readable(gate, up):
        return reference.gated_gelu(gate, up)
    gate_TI, up_TI = as_rows(gate), as_rows(up)
    width = gate.shape[-1]
    y_TI = torch.empty(gate_TI.shape, dtype=gate.dtype, device=gate.device)
    grid = (gate_TI.shape[0], -(-width // ELEMENTS))
    rows.gate_rows[grid](
        gate_TI, gate_TI.stride(0), up_TI, up_TI.stride(0), y_TI, width, BLOCK=ELEMENTS, **early.options(gate.device)
    )
    return y_TI.view(gate.shape)


def softcap(x: Tensor, cap: float) -> Tensor:
    """`reference.softcap`."""
    x = x.contiguous()
    y = torch.empty(x.shape, dtype=torch.float32, device=x.device)
    rows.cap_elements[-(-x.numel() // ELEMENTS),](x, y, x.numel(), cap, BLOCK=ELEMENTS, **early.options(x.device))
    return y


def embedding(ids_T: Tensor, weight_NK: Weight) -> Tensor:
    """`reference.embedding`."""
    if isinstance(weight_NK, Tensor) or storage_of(weight_NK) is None or weight_NK.is_float:
        return reference.embedding(ids_T, weight_NK)
    width, num_scales = weight_NK.shape[-1], weight_NK.scales.shape[-1]
    y_TK = torch.empty(ids_T.numel(), width, dtype=weight_NK.dtype, device=ids_T.device)
    rows.embed_rows[ids_T.numel(), -(-width // ELEMENTS)](
        ids_T.contiguous(),
        weight_NK.codes,
        weight_NK.scales,
        y_TK,
        width,
        num_scales,
        BITS=weight_NK.bits,
        GROUP=width // num_scales,
        BLOCK=ELEMENTS,
        **early.options(ids_T.device),
    )
    return y_TK.view(*ids_T.shape, width)


def expanded(weight_NK: Packed, storage: Storage, *, k: int = 1, fragment: int = 0, scales: bool = True) -> Tensor:
    """A packed matrix as bfloat16, (N, K).

    Args:
        weight_NK: Packed.
        storage: Of it.
        k: Inputs of a tile; K is a multiple.
        fragment: What a thread of the matrix unit takes, if the inputs of a tile are put into its order.
        scales: Whether codes are multiplied by their scales.
    """
    num_rows, num_inputs = weight_NK.shape
    width = -(-num_inputs // k) * k
    y_NK = torch.empty(num_rows, width, dtype=torch.bfloat16, device=weight_NK.codes.device)
    grid = (-(-num_rows // EXPANDED[0]), -(-width * storage.bits // (8 * EXPANDED[1])))
    rows.expand_rows[grid](
        *_pair(weight_NK),
        y_NK,
        num_rows,
        num_inputs,
        storage.scales,
        BITS=storage.bits,
        IS_FP8=storage.is_float,
        GROUP=storage.group or num_inputs,
        K_TILE=k,
        FRAGMENT=fragment,
        SCALES=scales,
        ROWS=EXPANDED[0],
        BLOCK=EXPANDED[1],
        **early.options(y_NK.device),
    )
    return y_NK


def in_order(x_TK: Tensor, k: int, fragment: int) -> Tensor:
    """Rows whose inputs stand in the order of `expanded`, zeros at the end.

    Args:
        x_TK: bfloat16, each row's elements side by side.
        k, fragment: As there.
    """
    num_rows, num_inputs = x_TK.shape
    width = -(-num_inputs // k) * k
    y_TK = torch.empty(num_rows, width, dtype=torch.bfloat16, device=x_TK.device)
    rows.order_rows[-(-num_rows // ORDERED[0]), -(-width // ORDERED[1])](
        x_TK,
        x_TK.stride(0),
        y_TK,
        num_rows,
        num_inputs,
        K_TILE=k,
        FRAGMENT=fragment,
        ROWS=ORDERED[0],
        BLOCK=ORDERED[1],
        **early.options(x_TK.device),
    )
    return y_TK


def join(a_TC: Tensor, a_weight_C: Tensor, b_TC: Tensor, b_weight_C: Tensor, eps: float) -> Tensor:
    """The sum of two normed streams, (T, C); all as `readable` wants it."""
    num_rows, width = a_TC.shape
    y_TC = torch.empty(num_rows, width, dtype=a_TC.dtype, device=a_TC.device)
    rows.join_rows[num_rows,](
        a_TC,
        a_TC.stride(0),
        a_weight_C,
        b_TC,
        b_TC.stride(0),
        b_weight_C,
        y_TC,
        width,
        eps,
        BLOCK=_block(width),
        num_warps=_warps(width),
        **early.options(a_TC.device),
    )
    return y_TC


def choose(score_TE: Tensor, expert_scale_E: Tensor, num_chosen: int) -> tuple[Tensor, Tensor, Tensor]:
    """The best experts of each row: numbers (T, A), weights (T, A), probabilities (T, E)."""
    num_rows, num_experts = score_TE.shape
    device = score_TE.device
    chosen_TA = torch.empty(num_rows, num_chosen, dtype=torch.int64, device=device)
    weight_TA = torch.empty(num_rows, num_chosen, dtype=torch.float32, device=device)
    probability_TE = torch.empty(num_rows, num_experts, dtype=torch.float32, device=device)
    rows.choose_rows[num_rows,](
        score_TE,
        expert_scale_E,
        chosen_TA,
        weight_TA,
        probability_TE,
        num_experts,
        NUM_CHOSEN=num_chosen,
        BLOCK=_block(num_experts),
        BLOCK_A=1 << (num_chosen - 1).bit_length(),
        num_warps=1,
        **early.options(device),
    )
    return chosen_TA, weight_TA, probability_TE


class Outputs(NamedTuple):
    """What experts made of their rows.

    Args:
        y_XK: Of each assignment, X = T A.
        place_X: Where each assignment's is; `None` if they are in order.
    """

    y_XK: Tensor
    place_X: Tensor | None


def add_experts(outputs: Outputs, chosen_TA: Tensor, weight_TA: Tensor) -> Tensor:
    """The weighted sum of each row's experts, (T, K)."""
    y_XK, place_X = outputs
    num_rows, num_chosen = chosen_TA.shape
    width = y_XK.shape[1]
    out_TK = torch.empty(num_rows, width, dtype=y_XK.dtype, device=y_XK.device)
    block = min(ELEMENTS, _block(width))
    rows.add_experts[num_rows, -(-width // block)](
        y_XK,
        chosen_TA if place_X is None else place_X,
        chosen_TA.contiguous(),
        weight_TA.contiguous(),
        out_TK,
        width,
        HAS_PLACES=place_X is not None,
        NUM_CHOSEN=num_chosen,
        BLOCK_A=1 << (num_chosen - 1).bit_length(),
        BLOCK=block,
        **early.options(y_XK.device),
    )
    return out_TK


def join_experts(
    dense_TK: Tensor,
    dense_weight_K: Tensor,
    outputs: Outputs,
    chosen_TA: Tensor,
    weight_TA: Tensor,
    routed_weight_K: Tensor,
    eps: float,
) -> Tensor:
    """`add_experts`, and the sum normed and added to a normed block's output beside it, (T, K)."""
    y_XK, place_X = outputs
    num_rows, num_chosen = chosen_TA.shape
    width = y_XK.shape[1]
    out_TK = torch.empty(num_rows, width, dtype=y_XK.dtype, device=y_XK.device)
    rows.join_experts[num_rows,](
        dense_TK,
        dense_TK.stride(0),
        dense_weight_K,
        y_XK,
        chosen_TA if place_X is None else place_X,
        chosen_TA.contiguous(),
        weight_TA.contiguous(),
        routed_weight_K,
        out_TK,
        width,
        eps,
        HAS_PLACES=place_X is not None,
        NUM_CHOSEN=num_chosen,
        BLOCK_A=1 << (num_chosen - 1).bit_length(),
        BLOCK=_block(width),
        num_warps=8,
        **early.options(y_XK.device),
    )
    return out_TK


def _experts_row_by_row(
    x_TK: Tensor, gate_up_EFK: Weight, down_EKI: Weight, chosen_TA: Tensor, weight_TA: Tensor
) -> Tensor:
    """`reference.experts` without asking the device which experts were chosen, as a captured graph cannot."""
    assert isinstance(gate_up_EFK, Tensor) and isinstance(down_EKI, Tensor), "packed experts are bfloat16, and readable"
    rows_out = []
    for x_K, chosen_A, weight_A in zip(x_TK, chosen_TA, weight_TA, strict=True):
        gate_AI, up_AI = (gate_up_EFK[chosen_A] @ x_K).chunk(2, dim=-1)
        y_AK = torch.einsum("aki,ai->ak", down_EKI[chosen_A], reference.gated_gelu(gate_AI, up_AI))
        rows_out.append((y_AK * weight_A[:, None].to(y_AK.dtype)).sum(0))
    return torch.stack(rows_out)


def _by_library(x_TK: Tensor, weight_NK: Weight) -> Tensor:
    storage = storage_of(weight_NK)
    if isinstance(weight_NK, Tensor) or storage is None or x_TK.dtype is not torch.bfloat16:
        return reference.linear(x_TK, weight_NK)
    return F.linear(x_TK, expanded(weight_NK, storage))


def _made_dense(
    x_TK: Tensor, weights: tuple[Weight, ...], storage: Storage, tile: Tile
) -> tuple[Tensor, tuple[Expanded, ...], Storage]:
    """Rows and dense matrices whose product has the bits of the packed matrices' product by the same parts."""
    fragment = _fragment(storage, IN_ONE_ORDER[storage.bits], x_TK.device)
    scales = storage.group > 0
    matrices = []
    for weight_NK in weights:
        assert isinstance(weight_NK, Packed)
        matrix_NK = expanded(weight_NK, storage, k=tile.k, fragment=fragment, scales=scales)
        matrices.append(Expanded(matrix_NK, None if scales else weight_NK.scales))
    return in_order(x_TK, tile.k, fragment), tuple(matrices), Storage(16, 0, 0 if scales else 1)


@dataclass(frozen=True, kw_only=True)
class Products:
    """Products by weights, as fields of `Kernels` want them.

    Args:
        reproducible: Whether a row's result may not depend on its neighbours: always the same kernel and the same order
            of sums, whatever the number of rows.
        counters: Of finished parts.
    """

    reproducible: bool = False
    counters: Counters = field(default_factory=Counters)

    def tile_of(self, storage: Storage, num_rows: int, num_outputs: int, num_inputs: int, *, gated: bool) -> Tile:
        """How a product is cut; a reproducible one always in the same way."""
        if self.reproducible:
            return tile_in_one_order(storage.bits, num_rows, num_outputs, num_inputs, gated=gated)
        if storage.bits == 8 and storage.in_words and num_inputs % 4:
            num_rows = max(num_rows, 2)  # one row is read in words, and these do not end with one
        return tile_of(storage.bits, num_rows, num_outputs, num_inputs, gated=gated, is_float=storage.is_float)

    def multiplies(self, storage: Storage | None, num_rows: int, num_outputs: int) -> bool:
        """Whether our kernel is the one to use; the library multiplies many rows, by matrices that are made dense."""
        if storage is None:
            return False
        few = num_rows <= FEW_ROWS if storage.bits == 16 else is_unpacked(storage.bits, num_rows, num_outputs)
        return self.reproducible or few

    def normed_in_place(self, storage: Storage, num_rows: int, num_inputs: int, num_outputs: int) -> bool:
        """Whether every program of a product settles and norms the stream for itself: of one row, where it pays."""
        tile = self.tile_of(storage, num_rows, num_outputs, num_inputs, gated=False)
        return tile.rows == 1 and norms_in_place(num_rows, num_outputs)

    def linear(self, x_TK: Tensor, weight_NK: Weight) -> Tensor:
        """`reference.linear`."""
        (y_TN,) = self.many(x_TK, (weight_NK,))
        return y_TN

    def many(self, x_TK: Tensor, weights: tuple[Weight, ...]) -> tuple[Tensor, ...]:
        """Products by several matrices, in one launch where they are stored alike."""
        storage = storage_of(weights[0])
        alike = all(storage_of(weight) == storage for weight in weights)
        if not readable(x_TK) or x_TK.dim() != 2 or not self.multiplies(storage, x_TK.shape[0], weights[0].shape[0]):
            return tuple(_by_library(x_TK, weight) for weight in weights)
        if not alike or len(weights) > 3:
            return tuple(self.linear(x_TK, weight) for weight in weights)
        assert storage is not None
        return self.into(Before(stream=Residual(x_TK)), weights, storage)

    def into(
        self, before: Before, weights: tuple[Weight, ...], storage: Storage, after: After = NOTHING_AFTER
    ) -> tuple[Tensor, ...]:
        """Products with what comes before and after them, one launch; a gate and its up-projection make one product."""
        before = _in_words(before, storage)
        x_TK = before.stream.x_TC
        num_rows, num_inputs = x_TK.shape
        num_outputs = [weight.shape[0] for weight in weights]
        gated = after.what == products.GATED.value
        tile = self.tile_of(storage, num_rows, sum(num_outputs), num_inputs, gated=gated)
        given: tuple[Weight, ...] | tuple[Expanded, ...] = weights
        if storage.bits < 16 and not is_unpacked(
            storage.bits, num_rows, sum(num_outputs), in_one_order=self.reproducible
        ):
            x_TK, given, storage = _made_dense(x_TK, weights, storage, tile)
            before = Before(stream=Residual(x_TK))
        dtype = torch.float32 if after.what == products.LOGITS.value else x_TK.dtype
        outs = tuple(
            torch.empty(num_rows, n, dtype=dtype, device=x_TK.device)
            for n in (num_outputs[:1] if gated else num_outputs)
        )
        multiply(self.counters, before, given, storage, outs, tile, after=after)
        return outs

    def logits(self, hidden_RC: Tensor, weight_VC: Weight, cap: float | None) -> Tensor:
        """`Kernels.logits`, for what `multiplies` accepts."""
        storage = storage_of(weight_VC)
        assert storage is not None
        after = After(what=products.LOGITS.value, cap=cap)
        return self.into(Before(stream=Residual(hidden_RC)), (weight_VC,), storage, after)[0]

    def greedy(self, hidden_RC: Tensor, weight_VC: Weight, cap: float | None) -> Tensor:
        """`Kernels.greedy`, for what `multiplies` accepts."""
        storage = storage_of(weight_VC)
        assert storage is not None
        num_rows, num_inputs = hidden_RC.shape
        tile = self.tile_of(storage, num_rows, weight_VC.shape[0], num_inputs, gated=False)
        num_tiles = -(-weight_VC.shape[0] // tile.n)
        device = hidden_RC.device
        top = torch.empty(num_rows, num_tiles, dtype=torch.float32, device=device)
        number = torch.empty(num_rows, num_tiles, dtype=torch.int32, device=device)
        best_R = torch.empty(num_rows, dtype=torch.int64, device=device)
        if num_rows:
            after = After(what=products.BEST.value, cap=cap, best=number)
            before = _in_words(Before(stream=Residual(hidden_RC)), storage)
            multiply(self.counters, before, (weight_VC,), storage, (top,), tile, after=after)
            rows.best_of_tiles[num_rows,](top, number, best_R, num_tiles, BLOCK=ELEMENTS, **early.options(device))
        return best_R

    def experts(
        self, x_TK: Tensor, gate_up_EFK: Weight, down_EKI: Weight, chosen_TA: Tensor, weight_TA: Tensor
    ) -> Tensor:
        """`reference.experts`; each row's experts are added in ascending order of their number."""
        storage, down_storage = storage_of(gate_up_EFK), storage_of(down_EKI)
        if not readable(x_TK) or storage is None or down_storage is None:
            if x_TK.is_cuda and torch.cuda.is_current_stream_capturing():
                return _experts_row_by_row(x_TK, gate_up_EFK, down_EKI, chosen_TA, weight_TA)
            return reference.experts(
                x_TK, gate_up_EFK, down_EKI, chosen_TA, weight_TA, multiply=self.linear, gated_gelu=gated_gelu
            )
        if not x_TK.shape[0]:
            return torch.empty_like(x_TK)
        return add_experts(self.each_expert(x_TK, gate_up_EFK, down_EKI, chosen_TA), chosen_TA, weight_TA)

    def each_expert(self, x_TK: Tensor, gate_up_EFK: Weight, down_EKI: Weight, chosen_TA: Tensor) -> Outputs:
        """What each chosen expert makes of its row, for what our kernels read."""
        storage, down_storage = storage_of(gate_up_EFK), storage_of(down_EKI)
        assert storage is not None and down_storage is not None
        num_rows, num_chosen = chosen_TA.shape
        num_experts, width = gate_up_EFK.shape[0], gate_up_EFK.shape[1] // 2
        gated_XI = torch.empty(num_rows * num_chosen, width, dtype=x_TK.dtype, device=x_TK.device)
        by_library = not self.reproducible and isinstance(down_EKI, Tensor) and _groups_well(gated_XI)
        groups = None
        if num_rows <= ROWS_OF_EXPERTS and width % 4 == 0 and not self.reproducible:
            rows_each = 1
            up_tile, down_tile = tiles_of_experts((storage.bits, down_storage.bits), rows_each)
            if storage.is_float:
                up_tile, down_tile = ONE_ROW_OF_FLOAT_EXPERTS
            up = Chosen(per_row=num_chosen, expert_X=chosen_TA.contiguous())
        else:
            most = 256 if storage.bits == 16 and by_library else 128
            rows_each = rows_of_experts(chosen_TA.numel(), num_experts, most=128 if self.reproducible else most)
            up_tile, down_tile = tiles_of_experts(
                (storage.bits, down_storage.bits), rows_each, in_one_order=self.reproducible
            )
            groups = group_by_expert(chosen_TA, num_experts, up_tile.rows)
            up = Chosen(per_row=num_chosen, groups=groups, gathers=True)
        before = _in_words(Before(stream=Residual(x_TK)), storage)
        gate = After(what=products.GATED.value)
        multiply(self.counters, before, (gate_up_EFK,), storage, (gated_XI,), up_tile, after=gate, chosen=up)
        if groups is not None and rows_each > FEW_ROWS and by_library:
            assert isinstance(down_EKI, Tensor)
            y_XK = F.grouped_mm(gated_XI, down_EKI.mT, offs=groups.first_E[1:])
            return Outputs(y_XK, groups.place_X)
        y_XK = torch.empty(num_rows * num_chosen, down_EKI.shape[1], dtype=x_TK.dtype, device=x_TK.device)
        before, down = Before(stream=Residual(gated_XI)), replace(up, per_row=1, gathers=False)
        multiply(self.counters, before, (down_EKI,), down_storage, (y_XK,), down_tile, chosen=down)
        return Outputs(y_XK, None if groups is None else groups.place_X)


def _groups_well(x: Tensor) -> bool:
    """Whether the library's product of groups is the faster one: on Hopper, of rows that begin at whole 16 bytes."""
    return x.is_cuda and card.capability(x.device)[0] == HOPPER and x.shape[1] % 8 == 0
