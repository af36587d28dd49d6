"""Attention on the GPU: right at true head sizes, and where promised the same bits in any company."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from gemstead.core.errors import UnsupportedModel
from gemstead.kernels import reference
from gemstead.kernels.batch import PoolView
from gemstead.kernels.selftest import random_attention
from gemstead.kernels.triton import attention as triton_attention
from gemstead.kernels.triton import card
from gemstead.kernels.triton.attention import attention, attention_reproducible
from tests.kernels.triton.steps import HALF, Step, random_step

pytestmark = [pytest.mark.gpu] if torch.cuda.is_available() else []
BOTH = pytest.mark.parametrize("kernel", [attention, attention_reproducible])


def error(found: torch.Tensor, exact: torch.Tensor) -> float:
    assert found.shape == exact.shape
    return float((found.double() - exact).norm() / exact.norm())


def cut_into_small_shares(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, keys in {"NEAR": 32, "FAR": 64, "NEAR_OF_WINDOW": 32}.items():
        monkeypatch.setattr(triton_attention, name, keys)


@BOTH
@pytest.mark.parametrize("window", [None, 9])
@pytest.mark.usefixtures("nan_where_nothing_was_written")
def test_a_mixed_step_equals_the_reference(kernel, window: int | None, device: torch.device) -> None:
    q, k, v, rows, pool = random_attention()
    step = Step(q_THD=q, k_NSGD=k, v_NSGD=v, rows=rows, pool=pool, window=window)
    moved = Step(
        q_THD=q.to(device), k_NSGD=k.to(device), v_NSGD=v.to(device), window=window,
        rows=replace(rows, position_T=rows.position_T.to(device)),
        pool=replace(pool, page_table_BP=pool.page_table_BP.to(device)),
    )  # fmt: skip
    found = kernel(*moved.arguments).cpu()
    assert torch.allclose(found, reference.attention(*step.arguments), atol=2e-5)


@pytest.mark.parametrize(
    "shape",
    [
        {"num_heads": 8, "num_kv_heads": 1, "head_size": 512, "beside": 128},
        {"num_heads": 4, "num_kv_heads": 2, "head_size": 256, "window": 40},
    ],
    ids=["global, keys beside values", "window"],
)
@pytest.mark.parametrize("cache_dtype", [HALF, torch.float8_e4m3fn], ids=str)
@pytest.mark.usefixtures("nan_where_nothing_was_written")
def test_true_head_sizes_come_within_rounding_of_float64(
    shape: dict[str, int], cache_dtype: torch.dtype, device: torch.device
) -> None:
    step = random_step(
        counts=(1, 3, 19), ends=(77, 64, 90), page=64, dtype=HALF, cache_dtype=cache_dtype, device=device, **shape
    )
    exact = step.exact()
    # What bfloat16 weights and a bfloat16 result cost; the cache's own rounding is in both.
    assert error(attention(*step.arguments), exact) < 4e-3
    assert error(attention_reproducible(*step.arguments), exact) < 4e-3


def test_shares_of_the_keys_add_up_to_the_whole(monkeypatch: pytest.MonkeyPatch, device: torch.device) -> None:
    step = random_step(
        counts=(1, 2, 0, 1), ends=(130, 20, 9, 3), num_heads=2, num_kv_heads=1, head_size=16, device=device
    )
    exact = step.exact()
    for cores in (1, 2, 16):
        monkeypatch.setattr(card, "num_cores", lambda _, cores=cores: cores)
        assert error(attention(*step.arguments), exact) < 3e-6, cores


def test_a_rows_bits_are_the_same_as_newest_token_as_draft_and_in_a_prompt(
    monkeypatch: pytest.MonkeyPatch, device: torch.device
) -> None:
    cut_into_small_shares(monkeypatch)
    for window in (None, 50):
        step = random_step(
            counts=(36, 5, 1), ends=(100, 70, 33), num_heads=2, num_kv_heads=1, head_size=32, window=window,
            dtype=HALF, device=device,
        )  # fmt: skip
        together = attention_reproducible(*step.arguments)
        assert torch.equal(attention_reproducible(*step.only(1, 2).arguments), together[36:41])
        for b, t in ((0, 7), (0, 35), (1, 37), (2, 41)):
            position = int(step.rows.position_T[t])
            alone = replace(
                step.only(b, b + 1),
                q_THD=step.q_THD[t : t + 1],
                rows=replace(
                    step.rows, position_T=step.rows.position_T[t : t + 1], starts=(0, 1), ends=(position + 1,)
                ),
            )
            assert torch.equal(attention_reproducible(*alone.arguments), together[t : t + 1]), (window, b, t)


def test_long_reproducible_prompts_are_attended_to_in_parts_with_the_same_bits(
    monkeypatch: pytest.MonkeyPatch, device: torch.device
) -> None:
    cut_into_small_shares(monkeypatch)
    step = random_step(counts=(12, 2), ends=(130, 9), num_heads=2, num_kv_heads=1, head_size=16, device=device)
    whole = attention_reproducible(*step.arguments)
    monkeypatch.setattr(triton_attention, "PARTIAL_BYTES", 4 * 4 * 32 * 5)
    assert torch.equal(attention_reproducible(*step.arguments), whole)


def test_heads_that_no_tiling_serves_are_refused(device: torch.device) -> None:
    step = random_step(counts=(1,), ends=(3,), num_heads=32, num_kv_heads=1, head_size=16, device=device)
    with pytest.raises(UnsupportedModel, match="32 queries of 16 to a key head; on GPUs there are at most 16 of 640"):
        attention(*step.arguments)


def test_nothing_but_the_grid_comes_from_the_host(device: torch.device) -> None:
    step = random_step(counts=(1, 1), ends=(70, 20), num_heads=2, num_kv_heads=1, head_size=16, device=device)
    replayed = replace(
        step,
        rows=replace(step.rows, ends=(1, 1), placed_starts=torch.tensor(step.rows.starts, device=device)),
        pool=replace(step.pool, firsts=(5, 5), placed_firsts=torch.tensor(step.pool.firsts, device=device)),
    )
    assert torch.equal(attention(*replayed.arguments), attention(*step.arguments))


@BOTH
@pytest.mark.parametrize("counts", [(1, 1, 20, 3, 1), (1, 1, 1, 1, 1), (2, 0, 1, 30, 0), (40,)], ids=str)
@pytest.mark.parametrize("window", [None, 9])
@pytest.mark.usefixtures("nan_where_nothing_was_written")
def test_nor_does_it_where_sequences_have_unlike_numbers_of_rows(
    kernel, counts: tuple[int, ...], window: int | None, monkeypatch: pytest.MonkeyPatch, device: torch.device
) -> None:
    cut_into_small_shares(monkeypatch)
    step = random_step(
        counts=counts, ends=(70, 20, 90, 33, 5)[: len(counts)], num_heads=2, num_kv_heads=1, head_size=16,
        window=window, device=device,
    )  # fmt: skip
    nobody = 70 if len(counts) > 1 else 0  # more than are looked through at once
    count = len(counts) + nobody
    starts = torch.tensor([*step.rows.starts, *[sum(counts)] * nobody], device=device)
    told_nothing = (0,) * count
    pool = PoolView(
        page_table_BP=torch.cat([step.pool.page_table_BP, step.pool.page_table_BP[:1].expand(nobody, -1)]),
        firsts=told_nothing,
        slot_T=step.pool.slot_T,
        placed_firsts=torch.tensor([*step.pool.firsts, *(0,) * nobody], device=device),
    )
    rows = replace(step.rows, starts=(0, *told_nothing), ends=told_nothing, placed_starts=starts, is_ragged=True)
    found = kernel(*replace(step, rows=rows, pool=pool).arguments)
    assert error(found, step.exact()) < 3e-6
    if kernel is attention_reproducible:
        assert torch.equal(found, kernel(*step.arguments))


def test_a_card_takes_the_first_tiling_it_has_room_for() -> None:
    tables = (triton_attention.DECODING, triton_attention.PROMPTS, triton_attention.IN_ONE_ORDER)
    for tilings in (tilings for table in tables for tilings in table.values()):
        for room_kib in (99, 163, 227):
            taken = triton_attention.fitting(tilings, room_kib)
            assert taken, "every card can attend"
            assert all(tiling.least_kib <= room_kib for tiling in taken)
            assert [t.queries for t in taken] == sorted({t.queries for t in tilings if t.least_kib <= room_kib})
    largest, small = triton_attention.PROMPTS[256, 2][0], triton_attention.PROMPTS[256, 2][-1]
    assert triton_attention.fitting(triton_attention.PROMPTS[256, 2], 227)[-1] is largest
    assert triton_attention.fitting(triton_attention.PROMPTS[256, 2], 99) == (small,)
