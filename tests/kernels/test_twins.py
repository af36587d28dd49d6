"""Every twin equals the reference; reproducible ones do not depend on neighbours, threads or padding."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from gemstead.core.errors import BadRequest
from gemstead.kernels import invariant, ops, reference
from gemstead.kernels.selftest import largest_error, outputs, random_attention, reproducible_tiles


@pytest.mark.parametrize("name", [n for n in ops.TWINS if n != "reference"])
@pytest.mark.parametrize("seed", range(5))
def test_a_twin_equals_the_reference(name: str, seed: int) -> None:
    expected, found = outputs(ops.REFERENCE, seed), outputs(ops.TWINS[name], seed)
    for operation in expected:
        assert torch.allclose(found[operation], expected[operation], atol=2e-5, rtol=1e-5), operation
    assert largest_error(name) < 1e-4


def test_the_reference_attention_is_softmax_over_what_is_visible() -> None:
    q, k, v, rows, pool = random_attention()
    out = reference.attention(q, k, v, rows, pool, 9)
    # Row 15 belongs to the prompt chunk (sequence 5, positions from 3); head 5 reads key head 1.
    position, first = int(rows.position_T[15]), pool.firsts[5]
    assert position == 10
    flat_k, flat_v = k[pool.page_table_BP[5]].flatten(0, 1), v[pool.page_table_BP[5]].flatten(0, 1)
    seen = [p for p in range(first, position + 1) if p > position - 9]
    scores = torch.stack([q[15, 5] @ flat_k[p - first, 1] for p in seen]).softmax(0)
    expected = sum(w * flat_v[p - first, 1] for w, p in zip(scores, seen, strict=True))
    assert torch.allclose(out[15, 5], expected, atol=1e-5)


@pytest.mark.parametrize("beside", [0, 4])
@pytest.mark.parametrize("name", ops.TWINS)
def test_a_twin_reads_fp8_pages_as_the_numbers_they_hold(name: str, beside: int) -> None:
    q, k, v, rows, pool = random_attention(beside=beside)
    small_k, small_v = (reference.kept(100 * x, torch.float8_e4m3fn) for x in (k, v))
    found = ops.TWINS[name].attention(q / 100, small_k, small_v, rows, pool, None)
    expected = reference.attention(q / 100, small_k.float(), small_v.float(), rows, pool, None)
    assert torch.allclose(found, expected, atol=1e-3, rtol=1e-5)


def test_what_fp8_cannot_hold_becomes_the_largest_it_can() -> None:
    kept = reference.kept(torch.tensor([1e4, -449.0, 3.0]), torch.float8_e4m3fn)
    assert kept.float().tolist() == [448.0, -448.0, 3.0]


@pytest.fixture
def many_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(6)
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("width", [40, 88, 512, 40_000])
def test_reproducible_elementwise_results_do_not_depend_on_neighbours(width: int, many_threads: None) -> None:
    gate, up = torch.randn(70, width), torch.randn(70, width)
    together = invariant.gated_gelu(gate, up)
    capped = invariant.softcap(gate, 3.0)
    for row in (0, 13, 69):
        assert torch.equal(invariant.gated_gelu(gate[row : row + 1], up[row : row + 1])[0], together[row])
        assert torch.equal(invariant.softcap(gate[row : row + 1], 3.0)[0], capped[row])


def test_reproducible_products_hold_for_every_shape_on_this_machine(many_threads: None) -> None:
    assert reproducible_tiles() in invariant.LADDER


def test_exercise_finds_a_product_that_depends_on_its_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    def leaky(_: invariant.Tiled, x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        return x @ w.T + x.mean()

    monkeypatch.setattr(invariant.Tiled, "linear", leaky)
    assert invariant.exercise([torch.randn(8, 4)], invariant.Tiled(16)) == [(8, 4)]
    assert invariant.find_tiles([torch.randn(8, 4)]) is None


def test_an_unknown_twin_is_named_with_those_there_are() -> None:
    with pytest.raises(BadRequest, match="reference, cpu, reproducible"):
        ops.named("cuda")


def test_reproducible_mode_picks_reproducible_twins() -> None:
    assert ops.reproducible(invariant.Tiled(4)).name == "reproducible"
    assert ops.pick("cpu").name == "cpu"


@pytest.mark.parametrize("tiled", invariant.LADDER, ids=str)
def test_every_tiling_equals_the_reference(tiled: invariant.Tiled) -> None:
    expected, found = outputs(ops.REFERENCE), outputs(ops.reproducible(tiled))
    assert all(torch.allclose(found[name], expected[name], atol=2e-5, rtol=1e-5) for name in expected)


def test_the_last_tiling_holds_anywhere(many_threads: None) -> None:
    assert invariant.exercise([torch.randn(300, 77), torch.randn(64, 500)], invariant.LADDER[-1]) == []


def test_a_gpu_that_gets_no_kernels_of_its_own_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ops, "find_spec", lambda _: None)
    assert ops.pick("cuda").name == "reference, since triton is not installed"
    assert ops.reproducible_as_they_are("cuda") is None
    monkeypatch.setattr(ops, "find_spec", lambda name: name)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert ops.pick("cuda").name == "reference, since torch finds no GPU"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: (7, 5))
    assert ops.pick("cuda").name == "reference, since compute capability 7.5 is below 8.0"
    assert ops.pick("cpu") is ops.CPU


def test_the_lowest_of_equally_good_tokens_is_greedy() -> None:
    hidden, table = torch.ones(2, 3), torch.ones(5, 3)
    assert ops.REFERENCE.greedy(hidden, table, 1.0).tolist() == [0, 0]
    table[3] = 2.0
    assert ops.REFERENCE.greedy(hidden, table, None).tolist() == [3, 3]
