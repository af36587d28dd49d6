"""How products are cut into tiles: the one place that tuning changes.

What `python -m benchmarks.gpu_kernels --tune` found on an H200 and an H100, put into rules; the figures are in
`docs/design/0012-gpu-kernels.md`. Nothing here changes results by more than the order of float32 sums.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

FEW_ROWS = 16  # up to so many rows, weights are read by our kernel; dense ones beyond by the library
ROWS_OF_EXPERTS = 3  # up to so many rows, each assignment reads its expert alone; beyond, they are grouped
ROWS_UNPACKED = 64  # up to so many rows, packed weights are; beyond, they are made dense for the library
ROWS_UNPACKED_IN_ONE_ORDER = 192  # the same, where they have to be put in order, and rows too
ROWS_OF_HEAD = 256  # the same of a head, which is larger than all other matrices of a step together
NARROW = 512  # outputs; one row's products by no more settle and norm the stream for themselves, which saves a launch
MANY = 6144  # outputs of a matrix that gives every processor enough programs of one row
WIDE = 65_536  # outputs: a head
PROCESSORS = 132  # of the card that tiles were tuned on
# K is split until there are about so many programs, by bits of a weight and rows of a tile: unpacking takes time that
# more of them hide, small ones fit a card in larger numbers, and many rows have large sums.
PROGRAMS = {(16, 16): 120, (8, 16): 384, (4, 16): 320, (16, 64): 192, (8, 64): 384, (4, 64): 192}
PROGRAMS_IN_ONE_ORDER = {16: 120, 8: 192, 4: 192}  # as suits 64 rows


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One program's share of a product.

    Args:
        rows: Of x; 1 is multiplied without the matrix unit.
        n: Outputs.
        k: Inputs. For one row, as many as all threads read in 16 bytes each, or a multiple: nothing is exchanged
            between threads then before the end.
        warps: Of a program.
        stages: Tiles in flight; for one row, several programs on one processor take their place.
        split: Parts of the inputs that are added up each for itself, as a rule by programs of their own.
        is_alone: One program adds all parts up, in the same order.
    """

    rows: int
    n: int
    k: int
    warps: int = 4
    stages: int = 1
    split: int = 1
    is_alone: bool = False


Sized = tuple[tuple[int, Tile], ...]  # a number up to which a tile is used, ascending
ANY = 1 << 30


@dataclass(frozen=True, kw_only=True)
class OneRow:
    """Tiles of one row's products.

    Args:
        few: By inputs.
        many: By inputs, of `MANY` outputs or more.
        gated: By outputs of gate and up-projection together.
        narrow: Of `NARROW` outputs or fewer.
        wide: Of `WIDE` outputs or more.
    """

    few: Sized
    many: Sized
    gated: Sized
    narrow: Tile
    wide: Tile


ONE_ROW = {
    16: OneRow(
        few=(
            (512, Tile(rows=1, n=2, k=256, warps=1)),
            (4095, Tile(rows=1, n=1, k=1024, warps=2)),
            (ANY, Tile(rows=1, n=2, k=2048, warps=8)),
        ),
        many=((ANY, Tile(rows=1, n=1, k=1024, warps=2)),),
        gated=((ANY, Tile(rows=1, n=1, k=512, warps=1)),),
        narrow=Tile(rows=1, n=1, k=2048, warps=8),
        wide=Tile(rows=1, n=2, k=512, warps=2),
    ),
    8: OneRow(
        few=(
            (512, Tile(rows=1, n=8, k=256, warps=2)),
            (2048, Tile(rows=1, n=4, k=2048, warps=4)),
            (ANY, Tile(rows=1, n=8, k=4096, warps=8)),
        ),
        many=((ANY, Tile(rows=1, n=4, k=2048, warps=4)),),
        gated=((ANY, Tile(rows=1, n=4, k=512, warps=1)),),
        narrow=Tile(rows=1, n=2, k=1024, warps=2),
        wide=Tile(rows=1, n=8, k=1024, warps=1),
    ),
    4: OneRow(
        few=(
            (512, Tile(rows=1, n=8, k=256, warps=2)),
            (2048, Tile(rows=1, n=4, k=2048, warps=1)),
            (4096, Tile(rows=1, n=8, k=4096, warps=2)),
            (ANY, Tile(rows=1, n=4, k=8192, warps=4)),
        ),
        many=((2048, Tile(rows=1, n=8, k=2048, warps=1)), (ANY, Tile(rows=1, n=8, k=1024, warps=1))),
        gated=(
            (8192, Tile(rows=1, n=2, k=1024, warps=1)),
            (16384, Tile(rows=1, n=4, k=1024, warps=1)),
            (ANY, Tile(rows=1, n=8, k=1024, warps=1)),
        ),
        narrow=Tile(rows=1, n=2, k=2048, warps=2),
        wide=Tile(rows=1, n=8, k=1024, warps=1),
    ),
}
ONE_ROW_OF_FLOATS = OneRow(  # of 8 bits
    few=(
        (512, Tile(rows=1, n=4, k=512, warps=1)),
        (2047, Tile(rows=1, n=2, k=512, warps=1)),
        (ANY, Tile(rows=1, n=2, k=2048, warps=2)),
    ),
    many=((ANY, Tile(rows=1, n=2, k=512, warps=1)),),
    gated=((ANY, Tile(rows=1, n=4, k=512, warps=1)),),
    narrow=Tile(rows=1, n=2, k=2048, warps=4),
    wide=Tile(rows=1, n=4, k=512, warps=1),
)
# Experts are many and short: by bits, gate and up-projection, down-projection.
ONE_ROW_OF_EXPERTS = {
    16: (Tile(rows=1, n=4, k=1024, warps=4), Tile(rows=1, n=4, k=1024, warps=4)),
    8: (Tile(rows=1, n=4, k=512, warps=1), Tile(rows=1, n=4, k=512, warps=1)),
    4: (Tile(rows=1, n=8, k=1024, warps=1), Tile(rows=1, n=8, k=1024, warps=1)),
}
ONE_ROW_OF_FLOAT_EXPERTS = (Tile(rows=1, n=4, k=1024, warps=2), Tile(rows=1, n=4, k=1024, warps=2))
# Bits of a weight, rows of x up to which it is used.
TABLE = {
    (16, 16): Tile(rows=16, n=64, k=128, stages=4),
    (8, 16): Tile(rows=16, n=32, k=64, warps=2, stages=4),
    (4, 16): Tile(rows=16, n=64, k=128, stages=3),
    (16, 64): Tile(rows=64, n=128, k=64, warps=8, stages=3),
    (8, 64): Tile(rows=64, n=32, k=64, warps=2, stages=3),
    (4, 64): Tile(rows=64, n=64, k=128, stages=3),
    (16, 128): Tile(rows=128, n=128, k=64, warps=8, stages=4),
    (8, 128): Tile(rows=128, n=128, k=64, warps=8, stages=3),
    (4, 128): Tile(rows=128, n=128, k=64, warps=8, stages=3),
    (16, 256): Tile(rows=256, n=64, k=64, warps=8, stages=3),
}
# Of grouped experts where `TABLE` is not the best: gates with up-projections, whose `n` counts both, down-projections.
GROUPED_EXPERTS = {
    (16, 16): (Tile(rows=16, n=64, k=128, stages=3), Tile(rows=16, n=64, k=64, stages=3)),
    (8, 16): (Tile(rows=16, n=64, k=64, warps=2, stages=3), Tile(rows=16, n=64, k=64, warps=2, stages=3)),
    (4, 16): (Tile(rows=16, n=64, k=64, warps=2, stages=3), Tile(rows=16, n=64, k=64, warps=2, stages=3)),
    (8, 64): (Tile(rows=64, n=128, k=128, stages=4), Tile(rows=64, n=64, k=128, stages=4)),
    (4, 64): (Tile(rows=64, n=128, k=128, stages=4), Tile(rows=64, n=64, k=128, stages=4)),
}
# Of few rows, by bits. 64 outputs even where they are few: a matrix unit takes no fewer at once, and another one adds
# up otherwise.
IN_ONE_ORDER = {16: Tile(rows=16, n=64, k=128, stages=4)} | dict.fromkeys((8, 4), Tile(rows=16, n=64, k=128, stages=3))
K_OF_GATES = 64  # where few rows ask for two packed matrices; in one order int8 alone wants it
# Of many rows by weights that are not packed, and, relative to each other, what one of them takes: those of one matrix,
# those of a gate and an up-projection.
MANY_IN_ONE_ORDER = (
    (Tile(rows=64, n=64, k=128, stages=4), 10),
    (Tile(rows=64, n=128, k=128, stages=3), 14),
    (Tile(rows=128, n=128, k=128, warps=8, stages=3), 19),
)
GATES_IN_ONE_ORDER = (
    (Tile(rows=64, n=64, k=128, stages=3), 14),
    (Tile(rows=128, n=64, k=128, warps=8, stages=3), 17),
)
MOST_ROWS_SPLIT = 64  # of a tile
SPLIT_ROWS = 256  # up to so many rows inputs are split: bounds the memory of unfinished sums to some 50 MiB
ENOUGH_PROGRAMS = 128  # to keep a card at work without several for one tile
STEPS_OF_A_SUM = 8  # blocks of inputs that a program of many rows goes through while one adds parts up


@cache
def tile_of(
    bits: int, num_rows: int, num_outputs: int, num_inputs: int, *, gated: bool = False, is_float: bool = False
) -> Tile:
    """The tile of a product.

    Args:
        bits: Of a weight: 16, 8 or 4.
        num_rows: Of x.
        num_outputs: N, of all matrices of a launch together.
        num_inputs: K.
        gated: Whether a program multiplies by a gate and an up-projection, n outputs of each.
        is_float: Whether weights of 8 bits are fp8.
    """
    if num_rows <= 1:
        return _of_one_row(ONE_ROW_OF_FLOATS if is_float else ONE_ROW[bits], num_outputs, num_inputs, gated=gated)
    tile = TABLE[bits, next((rows for rows in (16, 64) if num_rows <= rows), 128)]
    if bits == 8 and num_outputs >= WIDE and tile.rows <= MOST_ROWS_SPLIT:
        tile = replace(tile, n=64, stages=3, warps=2 if tile.rows <= FEW_ROWS else 4)
    if num_outputs <= NARROW and tile.rows <= FEW_ROWS:
        tile = replace(tile, n=32)
    if tile.rows > MOST_ROWS_SPLIT:
        return tile
    if gated and bits < 16 and tile.rows <= FEW_ROWS:
        tile = replace(tile, k=min(tile.k, K_OF_GATES))
    return _split(tile, PROGRAMS[bits, tile.rows], num_rows, num_outputs, num_inputs, gated=gated)


def _programs(tile: Tile, num_rows: int, num_outputs: int, *, gated: bool) -> int:
    """Tiles of a product."""
    return -(-num_outputs // (2 * tile.n if gated else tile.n)) * -(-num_rows // tile.rows)


def _split(tile: Tile, wanted: int, num_rows: int, num_outputs: int, num_inputs: int, *, gated: bool) -> Tile:
    """The tile with as many parts as make about so many programs."""
    programs = _programs(tile, num_rows, num_outputs, gated=gated)
    steps = -(-num_inputs // tile.k)
    steps_each = max(-(-steps // -(-wanted // programs)), min(steps, 2))
    return replace(tile, split=-(-steps // steps_each))


@cache
def tile_in_one_order(bits: int, num_rows: int, num_outputs: int, num_inputs: int, *, gated: bool = False) -> Tile:
    """The tile of a product whose sums have the same order, and so the same bits, for any number of rows.

    Inputs are cut as for few rows, always into the same parts, and a matrix unit adds each part up in steps of 16. How
    many rows and outputs a program has changes none of that; nor does who adds the parts up, nor whether packed weights
    are made dense before, in the order in which they are multiplied.

    Args:
        bits, num_rows, num_outputs, num_inputs, gated: As for `tile_of`.
    """
    tile = IN_ONE_ORDER[bits]
    if gated and bits == 8:
        tile = replace(tile, k=K_OF_GATES)
    tile = _split(tile, PROGRAMS_IN_ONE_ORDER[bits], FEW_ROWS, num_outputs, num_inputs, gated=gated)
    if num_rows <= FEW_ROWS:
        return tile

    if num_rows <= MOST_ROWS_SPLIT or is_unpacked(bits, num_rows, num_outputs, in_one_order=True):
        tile = replace(tile, rows=MOST_ROWS_SPLIT)
        programs = _programs(tile, num_rows, num_outputs, gated=gated)
        return replace(tile, is_alone=tile.split > 1 and programs >= ENOUGH_PROGRAMS)

    def time(shape: tuple[Tile, int]) -> int:
        return -(-_programs(shape[0], num_rows, num_outputs, gated=gated) // PROCESSORS) * shape[1]

    shapes = GATES_IN_ONE_ORDER if gated else MANY_IN_ONE_ORDER
    tile = replace(min(shapes, key=time)[0], k=tile.k, split=tile.split)
    programs = _programs(tile, num_rows, num_outputs, gated=gated)
    steps, turns = -(-num_inputs // tile.k), -(-programs // PROCESSORS)
    turns_of_parts = -(-programs * tile.split // PROCESSORS)
    is_quicker = turns * steps <= turns_of_parts * -(-steps // tile.split) + STEPS_OF_A_SUM
    return replace(tile, is_alone=tile.split > 1 and (is_quicker or num_rows > SPLIT_ROWS))


def is_unpacked(bits: int, num_rows: int, num_outputs: int, *, in_one_order: bool = False) -> bool:
    """Whether packed weights are dequantised by the product itself, and not made dense before."""
    unpacked = ROWS_UNPACKED_IN_ONE_ORDER if in_one_order else ROWS_UNPACKED
    return bits < 16 and num_rows <= (ROWS_OF_HEAD if num_outputs >= WIDE else unpacked)


def _of_one_row(tiles: OneRow, num_outputs: int, num_inputs: int, *, gated: bool) -> Tile:
    if num_outputs >= WIDE:
        return tiles.wide
    if gated:
        return _sized(tiles.gated, num_outputs)
    if num_outputs <= NARROW:
        return tiles.narrow
    return _sized(tiles.many if num_outputs >= MANY else tiles.few, num_inputs)


def _sized(tiles: Sized, size: int) -> Tile:
    return next(tile for most, tile in tiles if size <= most)


def tiles_of_experts(bits: tuple[int, int], rows: int, *, in_one_order: bool = False) -> tuple[Tile, Tile]:
    """Tiles of gates with up-projections and of down-projections; assignments are many, so no inputs are split.

    Where rows are grouped, the former have `n` rows of both matrices together.

    Args:
        bits: Of both kinds of weights.
        rows: Of x in a tile: 1, 16, 64, 128, or, of bfloat16, 256.
        in_one_order: Whether sums have the same order for any number of rows but one: packed weights of each tile of
            inputs are added up in an order of their own, and so is what another matrix unit adds up.
    """
    if rows == 1:
        return ONE_ROW_OF_EXPERTS[bits[0]][0], ONE_ROW_OF_EXPERTS[bits[1]][1]
    if in_one_order and rows == FEW_ROWS:
        up, down = (IN_ONE_ORDER[b] for b in bits)
        return replace(up, n=2 * up.n, stages=3), down
    up, down = TABLE[bits[0], rows], TABLE[bits[1], rows]
    up = replace(up, n=2 * up.n)
    up, down = GROUPED_EXPERTS.get((bits[0], rows), (up, down))[0], GROUPED_EXPERTS.get((bits[1], rows), (up, down))[1]
    if in_one_order:
        up, down = replace(up, k=IN_ONE_ORDER[bits[0]].k), replace(down, k=IN_ONE_ORDER[bits[1]].k)
    return up, down


@cache
def fitting(tile: Tile, bits: int, gated: bool, room_kib: int) -> Tile:
    """The tile with as few blocks of inputs under way as a program has shared memory for.

    Args:
        tile: Of a product.
        bits: Of a weight.
        gated: Whether a program multiplies by two matrices.
        room_kib: Shared memory of a program.
    """
    if tile.rows == 1:
        return tile
    each = tile.k * (2 * tile.rows + tile.n * bits // 8 * (2 if gated else 1))
    return replace(tile, stages=max(1, min(tile.stages, (room_kib << 10) // each)))


def rows_of_experts(num_assignments: int, num_experts: int, *, most: int = 128) -> int:
    """Rows of a tile, by how many an expert has if all have as many; not more than `most`."""
    each = num_assignments // num_experts
    wanted = FEW_ROWS if each <= FEW_ROWS else 64 if each < 96 else 128 if each < 384 else 256
    return min(wanted, most)


def norms_in_place(num_rows: int, num_outputs: int) -> bool:
    """Whether every program of a product settles and norms the stream for itself."""
    return num_rows == 1 and num_outputs <= NARROW
