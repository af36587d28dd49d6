"""Products by weights, with what comes before and after them, equal the reference computed in float64."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from gemstead.kernels.ops import REFERENCE, Residual
from gemstead.kernels.packed import Packed, Weight, values
from gemstead.kernels.triton import REPRODUCIBLE, TRITON, launch, tiles
from gemstead.kernels.triton.launch import storage_of
from gemstead.kernels.triton.tiles import ROWS_UNPACKED
from tests.kernels.triton.samples import (
    KINDS,
    ONE_ROUNDING,
    SEVERAL_ROUNDINGS,
    Samples,
    error,
    exact,
    exact_stream,
)

pytestmark = pytest.mark.usefixtures("poisoned")
EPS = 1e-6


@pytest.mark.parametrize("kind", [*KINDS, "fp8"])
@pytest.mark.parametrize(("num_rows", "shape"), [(1, (35, 1120)), (2, (70, 96)), (17, (35, 224))], ids=str)
def test_a_product_is_the_sum_over_all_inputs(
    kind: str, num_rows: int, shape: tuple[int, int], device: torch.device
) -> None:
    samples = Samples(device, num_rows)
    x, weight = samples.rows(num_rows, shape[1]), samples.weight(kind, *shape)
    assert error(TRITON.linear(x, weight), x.double() @ exact(weight).T) < ONE_ROUNDING


@pytest.mark.parametrize("kind", ["int8", "int8 in groups", "int4", "fp8"])
def test_for_many_rows_packed_weights_are_made_dense(kind: str, device: torch.device) -> None:
    samples = Samples(device)
    weight = samples.weight(kind, 37, 1120)
    assert isinstance(weight, Packed)
    storage = launch.storage_of(weight)
    assert storage is not None
    dense = values(weight.codes, weight.scales, torch.bfloat16)
    assert torch.equal(launch.expanded(weight, storage), dense)
    turned = launch.expanded(weight, storage, k=64, fragment=4)
    assert torch.equal(turned, launch.in_order(dense, 64, 4)) and turned.shape == (37, 1152)
    x = samples.rows(ROWS_UNPACKED + 1, 1120)
    assert error(TRITON.linear(x, weight), x.double() @ exact(weight).T) < ONE_ROUNDING


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("factor", [1e-30, 1e30])
def test_a_row_may_be_tiny_or_huge(kind: str, factor: float, device: torch.device) -> None:
    samples = Samples(device)
    x, weight = samples.rows(1, 224) * factor, samples.weight(kind, 40, 224)
    assert error(TRITON.linear(x, weight), x.double() @ exact(weight).T) < ONE_ROUNDING


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_one_row_that_is_not_finite_does_not_look_finite(kind: str, bad: float, device: torch.device) -> None:
    samples = Samples(device)
    x, weight = samples.rows(1, 224), samples.weight(kind, 40, 224)
    x[0, 131] = bad
    assert not TRITON.linear(x, weight).isfinite().any()


@pytest.mark.parametrize("kind", ["int8", "int4"])
@pytest.mark.parametrize("num_rows", [1, 5])
def test_three_matrices_of_unlike_heights_are_multiplied_in_one_launch(
    kind: str, num_rows: int, device: torch.device
) -> None:
    samples = Samples(device)
    x = samples.rows(num_rows, 300)[:, 10:234]
    weights = tuple(samples.weight(kind, n, 224) for n in (50, 7, 130))
    for found, weight in zip(TRITON.products.many(x, weights), weights, strict=True):
        assert error(found, x.double() @ exact(weight).T) < ONE_ROUNDING


def test_int8_rows_whose_length_no_block_divides_are_multiplied_to_the_end(device: torch.device) -> None:
    samples = Samples(device)
    x, weight = samples.rows(3, 77), samples.weight("int8", 40, 77)
    for rows in (x[:1], x):
        assert error(TRITON.linear(rows, weight), rows.double() @ exact(weight).T) < ONE_ROUNDING


@pytest.mark.parametrize(
    ("kind", "num_rows", "parts"),
    [
        *[(kind, num_rows, "both") for kind in ("bf16", "int8", "int4") for num_rows in (1, 3, 18)],
        ("fp8", 1, "both"),
        ("fp8", 3, "both"),
        *[("bf16", num_rows, parts) for num_rows in (1, 18) for parts in ("x", "update", "scale")],
    ],
)
def test_project_settles_norms_and_multiplies(kind: str, num_rows: int, parts: str, device: torch.device) -> None:
    samples = Samples(device, num_rows)
    update, scale = parts in ("update", "both"), parts in ("scale", "both")
    stream = Residual(
        samples.rows(num_rows, 160),
        samples.rows(num_rows, 200)[:, 8:168] if update else None,
        samples.rows(160) if update else None,
        torch.tensor([0.37], dtype=torch.bfloat16, device=device) if scale else None,
    )
    norm, weights = samples.rows(160), tuple(samples.weight(kind, n, 160) for n in (40, 24))
    settled, found = TRITON.project(TRITON.hand_on(stream, EPS), norm, EPS, weights)
    truth, expected = REFERENCE.project(exact_stream(stream), norm.double(), EPS, tuple(map(exact, weights)))
    assert error(settled, truth) < SEVERAL_ROUNDINGS
    assert error(settled, REFERENCE.settle(stream, EPS)) < 1e-3  # rounded where the reference rounds
    assert error(TRITON.settle(stream, EPS), REFERENCE.settle(stream, EPS)) < 1e-3
    for one, other in zip(found, expected, strict=True):
        assert error(one, other) < SEVERAL_ROUNDINGS


@pytest.mark.parametrize(
    ("kind", "num_rows"),
    [("bf16", 1), ("bf16", 3), ("bf16", 18), ("int8", 1), ("int8", 9), ("int4", 1), ("int4", 9), ("int4", 18)],
)
def test_project_gated_multiplies_both_matrices_and_gates(kind: str, num_rows: int, device: torch.device) -> None:
    samples = Samples(device, num_rows)
    stream = Residual(samples.rows(num_rows, 608), samples.rows(num_rows, 608), samples.rows(608))
    norm, gate, up = samples.rows(608), samples.weight(kind, 40, 608), samples.weight(kind, 40, 608)
    settled, found = TRITON.project_gated(stream, norm, EPS, gate, up)
    truth, expected = REFERENCE.project_gated(exact_stream(stream), norm.double(), EPS, exact(gate), exact(up))
    assert error(settled, truth) < SEVERAL_ROUNDINGS
    assert error(found, expected) < 2 * SEVERAL_ROUNDINGS


@pytest.mark.parametrize("kind", ["bf16", "int8", "int4"])
@pytest.mark.parametrize("num_rows", [1, 3, 18])
def test_gate_onto_multiplies_every_other_layers_rows_too(kind: str, num_rows: int, device: torch.device) -> None:
    samples = Samples(device, num_rows)
    stream = Residual(samples.rows(num_rows, 96), samples.rows(num_rows, 96), samples.rows(96))
    gate, factors = samples.weight(kind, 48, 96), samples.rows(num_rows, 5, 48)
    settled, found = TRITON.gate_onto(stream, EPS, gate, factors[:, 3])
    truth, expected = REFERENCE.gate_onto(exact_stream(stream), EPS, exact(gate), factors[:, 3].double())
    assert error(settled, truth) < SEVERAL_ROUNDINGS
    assert error(found, expected) < 2 * SEVERAL_ROUNDINGS


@pytest.mark.parametrize(
    ("kind", "num_rows", "cap"),
    [("bf16", 1, 3.0), ("bf16", 6, None), ("bf16", 18, 3.0), ("int8", 1, None), ("int8", 6, 3.0), ("int8", 18, 3.0)],
)
def test_logits_are_float32_and_capped(kind: str, num_rows: int, cap: float | None, device: torch.device) -> None:
    samples = Samples(device, num_rows)
    hidden, table = samples.rows(num_rows, 96), samples.weight(kind, 280, 96)
    logits = TRITON.logits(hidden, table, cap)
    assert logits.dtype is torch.float32
    assert error(logits, REFERENCE.logits(hidden.double(), exact(table), cap)) < ONE_ROUNDING
    assert cap is None or logits.abs().max() <= cap


@pytest.mark.parametrize(("kind", "num_rows"), [("bf16", 1), ("bf16", 18), ("int8", 1), ("int8", 6)])
def test_the_best_token_is_the_lowest_of_equal_ones(kind: str, num_rows: int, device: torch.device) -> None:
    samples = Samples(device, num_rows)
    hidden = samples.rows(num_rows, 96)
    table = samples.weight(kind, 280, 96)
    # Every output three times, tiles apart: each row's best one has two equals.
    codes = table if isinstance(table, torch.Tensor) else table.codes
    codes[100:200], codes[200:280] = codes[:100], codes[:80]
    if isinstance(table, Packed):
        table.scales[100:200], table.scales[200:280] = table.scales[:100], table.scales[:80]
    best = TRITON.greedy(hidden, table, 3.0)
    assert torch.equal(best, TRITON.logits(hidden, table, 3.0).argmax(-1))
    assert best.max() < 100


@pytest.mark.parametrize("kind", KINDS)
def test_parts_of_a_product_are_counted_from_zero_again(kind: str, device: torch.device) -> None:
    samples = Samples(device)
    x, weight = (
        samples.rows(4, 272 if kind == "bf16" else 288),
        samples.weight(kind, 40, 272 if kind == "bf16" else 288),
    )
    once, again = TRITON.linear(x, weight), TRITON.linear(x, weight)
    assert torch.equal(once, again)
    assert TRITON.products.counters.on(x.device).count_nonzero() == 0


@pytest.mark.parametrize("kind", [*KINDS, "fp8"])
def test_reproducible_rows_do_not_depend_on_their_neighbours(kind: str, device: torch.device) -> None:
    kernels, samples = REPRODUCIBLE, Samples(device)
    x, weight = samples.rows(21, 288), samples.weight(kind, 40, 288)
    whole = kernels.linear(x, weight)
    assert error(whole, x.double() @ exact(weight).T) < ONE_ROUNDING
    for rows in (slice(0, 1), slice(3, 21)):
        assert torch.equal(kernels.linear(x[rows], weight), whole[rows])


@pytest.fixture(params=[True, False])
def adds_alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    """Whether one program adds all parts of many rows up for itself; if not, many for few."""
    monkeypatch.setattr(tiles, "ENOUGH_PROGRAMS", 2 if request.param else 1 << 20)
    monkeypatch.setattr(tiles, "STEPS_OF_A_SUM", (1 if request.param else -1) << 20)
    tiles.tile_in_one_order.cache_clear()
    yield request.param
    tiles.tile_in_one_order.cache_clear()


@pytest.mark.parametrize("kind", [*KINDS, "fp8"])
def test_a_reproducible_row_has_the_same_bits_among_any_number(
    kind: str, device: torch.device, adds_alone: bool
) -> None:
    shapes, counts = [(72, 544)], (1, 17, 65, 200)
    if device.type == "cuda":
        shapes, counts = [(256, 1536), (1536, 6144), (4096, 2816), (12288, 1536)], (1, 2, 16, 17, 64, 65, 164, 200, 700)
    samples, splits = Samples(device), set[int]()
    for shape in shapes:
        x, norm, weight = samples.rows(counts[-1], shape[1]), samples.rows(shape[1]), samples.weight(kind, *shape)

        def products(rows: torch.Tensor, norm: torch.Tensor = norm, weight: Weight = weight) -> torch.Tensor:
            linear = REPRODUCIBLE.linear(rows, weight)
            return torch.cat((linear, REPRODUCIBLE.project_gated(Residual(rows), norm, EPS, weight, weight)[1]), 1)

        storage = storage_of(weight)
        assert storage is not None
        cuts = [REPRODUCIBLE.products.tile_of(storage, n, *shape, gated=False) for n in (counts[0], counts[-1])]
        assert cuts[0].split == cuts[1].split
        assert (cuts[0].is_alone, cuts[1].is_alone) == (
            False,
            cuts[0].split > 1 and (adds_alone or counts[-1] > tiles.SPLIT_ROWS),
        )
        whole = products(x)
        splits.add(cuts[0].split)
        assert error(whole[:, : shape[0]], x.double() @ exact(weight).T) < ONE_ROUNDING
        for count in counts:
            assert torch.equal(products(x[-count:]), whole[-count:]), (shape, count)
    assert max(splits) > 1


def test_reproducible_gates_do_not_depend_on_neighbours(device: torch.device) -> None:
    kernels, samples = REPRODUCIBLE, Samples(device)
    x, weight, norm = samples.rows(21, 160), samples.weight("int4", 40, 160), samples.rows(160)
    stream = Residual(x, samples.rows(21, 160), norm)
    settled, gated = kernels.project_gated(stream, norm, EPS, weight, weight)
    for rows in (slice(7, 8), slice(3, 21)):
        part = Residual(x[rows], stream.update_TC[rows], norm)  # type: ignore[index]
        part_settled, part_gated = kernels.project_gated(part, norm, EPS, weight, weight)
        assert torch.equal(part_settled, settled[rows])
        assert torch.equal(part_gated, gated[rows])


def test_a_reproducible_row_survives_neighbours_that_are_not_numbers(device: torch.device) -> None:
    kernels, samples = REPRODUCIBLE, Samples(device)
    x, weight = samples.rows(5, 96), samples.weight("int4", 40, 96)
    alone = kernels.linear(x[2:3], weight)
    x[[0, 1, 3, 4]] = float("nan")
    assert torch.equal(kernels.linear(x, weight)[2:3], alone)


@pytest.mark.parametrize("num_rows", [0, 2])
def test_what_kernels_cannot_read_goes_to_the_reference(num_rows: int, device: torch.device) -> None:
    samples = Samples(device)
    wide, narrow = samples.rows(num_rows, 48).float(), samples.rows(num_rows, 48)
    dense = samples.rows(40, 48)
    odd = Packed(samples.weight("int8", 40, 48).codes, samples.rows(40, 4).abs(), torch.bfloat16)  # type: ignore[union-attr]
    assert torch.equal(TRITON.linear(wide, dense.float()), REFERENCE.linear(wide, dense.float()))
    assert torch.equal(TRITON.linear(narrow, odd), REFERENCE.linear(narrow, odd))  # groups of 12
    transposed = samples.rows(48, 40).T
    assert torch.equal(TRITON.linear(narrow, transposed), REFERENCE.linear(narrow, transposed))
    stream = Residual(wide, wide, torch.ones(48, device=device))
    assert torch.equal(TRITON.settle(stream, EPS), REFERENCE.settle(stream, EPS))
    assert TRITON.hand_on(stream, EPS).update_TC is None
