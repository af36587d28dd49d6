"""How products are cut into tiles: the one table that tuning changes.

Every entry is a guess from arithmetic until `benchmarks/gpu_kernels.py` has measured it on a card; the reasons are in
`docs/design/0012-gpu-kernels.md`. Nothing here changes results by more than the order of float32 sums.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

FEW_ROWS = 16  # up to so many rows, weights are read by our kernel; dense ones beyond by the library
# Up to so many rows, every program settles and norms the stream for itself, which saves a launch; beyond, it costs more
# than it saves. Per bits of a weight.
ROWS_NORMED_IN_PLACE = {16: 4, 8: 4, 4: 1}
ROWS_OF_EXPERTS = 16  # up to so many rows, each assignment reads its expert alone; beyond, they are grouped
# K is split until there are about so many programs, by rows of a tile: two or four for each processor of a Hopper card,
# so that 32 KiB or more are on their way to each.
PROGRAMS = {1: 528, 16: 264}


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One program's share of a product.

    Args:
        rows: Of x; 1 is multiplied without the matrix unit.
        n: Outputs.
        k: Inputs.
        warps: Of a program.
        stages: Tiles in flight; 1 leaves it to several programs on one processor.
        split: Programs that share one tile's inputs.
    """

    rows: int
    n: int
    k: int
    warps: int = 4
    stages: int = 1
    split: int = 1


# Bits of a weight, rows of x up to which it is used.
TABLE = {
    (16, 1): Tile(rows=1, n=16, k=512),
    (8, 1): Tile(rows=1, n=16, k=512),
    (4, 1): Tile(rows=1, n=16, k=1024),
    (16, 16): Tile(rows=16, n=64, k=128, stages=4),
    (8, 16): Tile(rows=16, n=64, k=128, stages=4),
    (4, 16): Tile(rows=16, n=64, k=128, stages=4),
    (16, 64): Tile(rows=64, n=128, k=64, warps=8, stages=3),
    (8, 64): Tile(rows=64, n=128, k=64, warps=8, stages=3),
    (4, 64): Tile(rows=64, n=128, k=64, warps=8, stages=3),
    (16, 128): Tile(rows=128, n=128, k=64, warps=8, stages=3),
    (8, 128): Tile(rows=128, n=128, k=64, warps=8, stages=3),
    (4, 128): Tile(rows=128, n=128, k=64, warps=8, stages=3),
}
NARROW = 512  # outputs; a matrix with no more is cut finer
NARROW_TABLE = {
    (16, 1): Tile(rows=1, n=8, k=512),
    (8, 1): Tile(rows=1, n=8, k=512),
    (4, 1): Tile(rows=1, n=8, k=512),
    (16, 16): Tile(rows=16, n=32, k=128, stages=4),
    (8, 16): Tile(rows=16, n=32, k=128, stages=4),
    (4, 16): Tile(rows=16, n=32, k=128, stages=4),
}
# Measured ones: bits, rows, outputs, inputs.
SHAPES: dict[tuple[int, int, int, int], Tile] = {}


def tile_of(bits: int, num_rows: int, num_outputs: int, num_inputs: int, *, gated: bool = False) -> Tile:
    """The tile of a product.

    Args:
        bits: Of a weight: 16, 8 or 4.
        num_rows: Of x.
        num_outputs: N, of all matrices of a launch together.
        num_inputs: K.
        gated: Whether a program multiplies by a gate and an up-projection, n outputs of each.
    """
    rows = next((r for r in (1, 16, 64) if num_rows <= r), 128)
    if (bits, rows, num_outputs, num_inputs) in SHAPES:
        return SHAPES[bits, rows, num_outputs, num_inputs]
    table = NARROW_TABLE if num_outputs <= NARROW and rows <= FEW_ROWS else TABLE
    tile = table[bits, rows]
    if rows > FEW_ROWS:
        return tile
    if gated:  # two matrices' tiles at a time
        tile = replace(tile, n=max(tile.n // 2, 8)) if rows == 1 else replace(tile, stages=tile.stages - 1)
    programs = -(-num_outputs // (2 * tile.n if gated else tile.n))
    steps = -(-num_inputs // tile.k)
    steps_each = max(-(-steps // -(-PROGRAMS[rows] // programs)), min(steps, tile.stages, 2))
    return replace(tile, split=-(-steps // steps_each))
