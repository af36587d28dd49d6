"""Routing and experts equal the reference, one assignment at a time and in groups."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from gemstead.kernels.ops import REFERENCE
from gemstead.kernels.triton import REPRODUCIBLE, TRITON, launch
from tests.kernels.triton.samples import SEVERAL_ROUNDINGS, Samples, error, exact

pytestmark = pytest.mark.usefixtures("poisoned")
EPS = 1e-6


def choices(num_rows: int, num_chosen: int, num_experts: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Experts of each row, none twice, in no order; and their weights."""
    generator = torch.Generator().manual_seed(num_rows)
    chosen = torch.stack([torch.randperm(num_experts, generator=generator)[:num_chosen] for _ in range(num_rows)])
    return chosen.to(device), torch.rand(num_rows, num_chosen, generator=generator).to(device)


@pytest.mark.parametrize("kind", ["bf16", "int8", "int4", "fp8"])
@pytest.mark.parametrize("num_rows", [1, 2, 17])
def test_experts_are_the_weighted_sum_of_gated_mlps(kind: str, num_rows: int, device: torch.device) -> None:
    samples = Samples(device, num_rows)
    x = samples.rows(num_rows, 96)
    gate_up, down = samples.weight(kind, 6, 64, 96), samples.weight(kind, 6, 40, 32)
    chosen, weight = choices(num_rows, 2, 6, device)
    found = TRITON.experts(x, gate_up, down, chosen, weight)
    each = [REFERENCE.gated_gelu(*(row @ exact(gate_up).mT).chunk(2, dim=-1)) for row in x.double()]
    down_TEK = torch.stack([(y[:, None] @ exact(down).mT)[:, 0] for y in each])
    expected = (down_TEK.gather(1, chosen[..., None].expand(-1, -1, 40)) * weight[..., None]).sum(1)
    assert error(found, expected) < 2 * SEVERAL_ROUNDINGS


def test_an_expert_that_nobody_chose_and_one_that_all_chose_do_no_harm(device: torch.device) -> None:
    samples = Samples(device)
    x, gate_up, down = samples.rows(40, 32), samples.weight("bf16", 5, 32, 32), samples.weight("bf16", 5, 32, 16)
    chosen = torch.tensor([[4, 1]], device=device).repeat(40, 1)
    weight = torch.rand(40, 2, generator=torch.Generator().manual_seed(1)).to(device)
    expected = REFERENCE.experts(x.double(), exact(gate_up), exact(down), chosen, weight)
    assert error(TRITON.experts(x, gate_up, down, chosen, weight), expected) < 2 * SEVERAL_ROUNDINGS


@pytest.mark.parametrize("tile_rows", [1, 4])
@pytest.mark.parametrize("num_rows", [1, 7])
def test_groups_hold_every_assignment_once_under_its_expert(
    num_rows: int, tile_rows: int, device: torch.device
) -> None:
    chosen, _ = choices(num_rows, 3, 5, device)
    groups = launch.group_by_expert(chosen, 5, tile_rows)
    found = []
    for z, expert in enumerate(groups.expert_Z.tolist()):
        if expert < 5:
            before = int(groups.end_E[expert - 1]) if expert else 0
            start = int(groups.first_E[expert]) + (z - before) * tile_rows
            places = groups.order_X[start : min(start + tile_rows, int(groups.first_E[expert + 1]))]
            assert len(places) > 0
            found += [(p, expert) for p in places.tolist()]
    assert sorted(found) == list(enumerate(chosen.flatten().tolist()))


def test_grouped_experts_add_in_ascending_order_and_equal_those_taken_alone(
    monkeypatch: pytest.MonkeyPatch, device: torch.device
) -> None:
    samples = Samples(device)
    x, gate_up, down = samples.rows(2, 32), samples.weight("int8", 4, 16, 32), samples.weight("int8", 4, 32, 8)
    chosen, weight = choices(2, 3, 4, device)
    alone = TRITON.experts(x, gate_up, down, chosen, weight)
    order = torch.tensor([2, 0, 1], device=device)
    assert torch.equal(TRITON.experts(x, gate_up, down, chosen[:, order], weight[:, order]), alone)
    monkeypatch.setattr(launch, "ROWS_OF_EXPERTS", 1)
    assert error(TRITON.experts(x, gate_up, down, chosen, weight), alone) < SEVERAL_ROUNDINGS


@pytest.mark.parametrize("kind", ["bf16", "int4"])
def test_reproducible_experts_do_not_depend_on_neighbours(kind: str, device: torch.device) -> None:
    kernels, samples = REPRODUCIBLE, Samples(device)
    x = samples.rows(19, 64)
    gate_up, down = samples.weight(kind, 4, 64, 64), samples.weight(kind, 4, 64, 32)
    chosen, weight = choices(19, 2, 4, device)
    whole = kernels.experts(x, gate_up, down, chosen, weight)
    for rows in (slice(0, 1), slice(2, 19)):
        assert torch.equal(kernels.experts(x[rows], gate_up, down, chosen[rows], weight[rows]), whole[rows])


@pytest.mark.parametrize("num_rows", [1, 6, 20])
def test_the_router_chooses_as_the_reference_does(num_rows: int, device: torch.device) -> None:
    samples = Samples(device, num_rows)
    x, scale, router = samples.rows(num_rows, 96), samples.rows(96), samples.weight("bf16", 24, 96)
    expert_scale = samples.rows(24).abs()
    chosen, weight, probability = TRITON.route(x, scale, 0.5, router, expert_scale, 5, EPS)
    _, _, expected = REFERENCE.route(x.double(), scale.double(), 0.5, exact(router), expert_scale, 5, EPS)
    assert error(probability, expected) < 2 * SEVERAL_ROUNDINGS
    # Of the probabilities it found, the five largest, largest first.
    top, number = probability.topk(5, dim=-1)
    assert torch.equal(probability.gather(1, chosen), top)
    assert (
        torch.equal(weight, top / top.sum(-1, keepdim=True) * expert_scale.float()[chosen])
        or error(weight, top / top.sum(-1, keepdim=True) * expert_scale.float()[chosen]) < 1e-6
    )
    assert chosen.shape == number.shape and chosen.dtype is torch.int64


def test_of_equally_probable_experts_the_lower_number_is_chosen(device: torch.device) -> None:
    scores = torch.zeros(2, 12, dtype=torch.bfloat16, device=device)
    scores[1, 7] = 1.0
    chosen, weight, _ = launch.choose(scores, torch.ones(12, dtype=torch.bfloat16, device=device), 3)
    assert chosen.tolist() == [[0, 1, 2], [7, 0, 1]]
    assert torch.allclose(weight.sum(-1), torch.ones(2, device=device))


def test_the_experts_sum_joins_the_dense_one(device: torch.device) -> None:
    samples = Samples(device)
    a, b = samples.rows(3, 100)[:, 2:98], samples.rows(3, 96)
    weights = samples.rows(96), samples.rows(96)
    found = TRITON.join(a, weights[0], b, weights[1], EPS)
    assert error(found, REFERENCE.join(a, weights[0], b, weights[1], EPS)) < 1e-3


@pytest.mark.parametrize("are_moved", [False, True])
def test_sums_of_experts_are_made_in_ascending_order_of_their_number(are_moved: bool, device: torch.device) -> None:
    chosen = torch.tensor([[2, 0, 1], [1, 2, 0]], device=device)
    huge = 2.0**30
    of_expert = torch.tensor([[huge, 1.0, -huge], [huge, -huge, 1.0]], device=device)
    y = of_expert.gather(1, chosen).flatten()[:, None].repeat(1, 20).bfloat16()
    place = torch.tensor([3, 0, 4, 5, 1, 2], device=device)
    outputs = launch.Outputs(y[place.argsort()], place.int()) if are_moved else launch.Outputs(y, None)
    found = launch.add_experts(outputs, chosen, torch.ones(2, 3, device=device))
    assert found[:, 7].tolist() == [0.0, 1.0]  # 2^30 + 1 is 2^30


def test_experts_are_joined_with_the_dense_block(device: torch.device) -> None:
    samples = Samples(device)
    x, dense = samples.rows(5, 64), samples.rows(5, 64)
    matrices = samples.weight("bf16", 6, 48, 64), samples.weight("bf16", 6, 64, 24)
    norms = samples.rows(64), samples.rows(64)
    chosen = torch.rand(5, 6, generator=torch.Generator().manual_seed(0)).argsort(-1)[:, :3].contiguous().to(device)
    weight = torch.rand(5, 3, generator=torch.Generator().manual_seed(1)).to(device)
    found = TRITON.join_experts(dense, norms[0], x, matrices, (chosen, weight), norms[1], EPS)
    expected = TRITON.join(dense, norms[0], TRITON.experts(x, *matrices, chosen, weight), norms[1], EPS)
    assert error(found, expected) < 1e-3


@pytest.mark.parametrize(("num_rows", "num_experts", "tile_rows"), [(1, 5, 16), (7, 16, 4), (33, 128, 16), (3, 3, 2)])
@pytest.mark.parametrize("is_many", [False, True], ids=["one program", "several"])
def test_assignments_are_grouped_as_a_sort_does(
    is_many: bool, num_rows: int, num_experts: int, tile_rows: int, device: torch.device,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if is_many:
        monkeypatch.setattr(launch, "MOST_GROUPED_AT_ONCE", 0)
        monkeypatch.setattr(launch, "SORTED_AT_ONCE", 16)
    generator = torch.Generator().manual_seed(num_rows)
    chosen = torch.rand(num_rows, num_experts, generator=generator).argsort(-1)[:, :3].contiguous().to(device)
    found = launch.group_by_expert(chosen, num_experts, tile_rows)
    order, count = found.order_X.long(), chosen.flatten().bincount(minlength=num_experts)
    assert torch.equal(chosen.flatten()[order], chosen.flatten().sort().values)
    assert torch.equal(order.sort().values, torch.arange(len(order), device=device))
    assert torch.equal(found.place_X.long(), order.argsort())
    assert found.first_E.tolist() == [0, *count.cumsum(0).tolist()]
    tiles = -(-count // tile_rows)
    assert torch.equal(found.end_E.long(), tiles.cumsum(0))
    needed = torch.arange(num_experts, device=device).repeat_interleave(tiles)
    assert torch.equal(found.expert_Z[: len(needed)].long(), needed)
    assert (found.expert_Z[len(needed) :] == num_experts).all()
