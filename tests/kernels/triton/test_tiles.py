"""The table of tiles: every part of a split product has something to do."""

from __future__ import annotations

import pytest
from benchmarks.gpu_kernels import cases

from gemstead.kernels.triton.tiles import ONE_ROW, PROGRAMS, Tile, fitting, tile_of


@pytest.mark.parametrize("bits", [16, 8, 4])
@pytest.mark.parametrize("num_rows", [1, 16, 64])
def test_no_part_of_a_split_product_is_empty(bits: int, num_rows: int) -> None:
    for num_outputs, num_inputs in {shape[-2:] for case in cases() for shape in case.shapes}:
        for gated in (False, True):
            tile = tile_of(bits, num_rows, num_outputs * (1 + gated), num_inputs, gated=gated)
            steps = -(-num_inputs // tile.k)
            each = -(-steps // tile.split)
            assert (tile.split - 1) * each < steps
            tiles = -(-num_outputs // tile.n)
            assert tile.split == 1 or tiles < PROGRAMS[bits, tile.rows]


@pytest.mark.parametrize("bits", [16, 8, 4])
def test_one_rows_weights_are_read_16_bytes_a_thread(bits: int) -> None:
    tiles = ONE_ROW[bits]
    sized = [tile for kind in (tiles.few, tiles.many, tiles.gated) for _, tile in kind]
    for tile in (*sized, tiles.narrow, tiles.wide):
        assert tile.k == 256 or tile.k * bits // 8 % (16 * 32 * tile.warps) == 0, tile


def test_a_product_is_cut_alike_for_any_few_rows() -> None:
    assert len({tile_of(4, num_rows, 2560, 10240) for num_rows in range(2, 17)}) == 1


def test_a_small_card_has_fewer_blocks_of_inputs_under_way() -> None:
    tile = Tile(rows=16, n=64, k=128, stages=4)  # 4 KiB of x and 16 of each matrix in bfloat16
    assert fitting(tile, 16, False, 227).stages == fitting(tile, 16, False, 99).stages == 4
    assert fitting(tile, 16, True, 227) == tile
    assert fitting(tile, 16, True, 99).stages == 2
    assert fitting(tile, 4, True, 99) == tile
    assert fitting(Tile(rows=256, n=256, k=128), 16, True, 99).stages == 1
