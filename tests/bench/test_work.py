"""The floor of a step: bytes and operations, from the sizes alone."""

from __future__ import annotations

import pytest
import torch

from gemstead.bench.work import Work, work_of
from gemstead.kernels.ops import REFERENCE
from gemstead.models.families import family_of
from gemstead.planner.catalog import published_config
from gemstead.quant.convert import quantize
from tests.tiny_models import tiny_model

H200_BYTES_S = 4.8e12


def work(name: str) -> Work:
    config = published_config(name)
    family = family_of(config)
    settings = family.read_config(config)
    with torch.device("meta"):
        model = family.build(settings, REFERENCE).to(torch.bfloat16)
    return work_of(model, settings, 2)


def test_limits_that_others_worked_out_for_an_h200_are_its_bandwidth_over_what_a_token_reads() -> None:
    """943 tok/s for E2B and 562 for 26B-A4B, batch 1 behind 512 tokens: both from one bandwidth, which it has."""
    bandwidths = [
        limit * work(name).decode_bytes(1, 512) for name, limit in (("gemma-4-E2B", 943), ("gemma-4-26B-A4B", 562))
    ]
    assert bandwidths[0] == pytest.approx(bandwidths[1], rel=0.03)
    assert 0.85 * H200_BYTES_S < bandwidths[0] < H200_BYTES_S


def test_a_batch_reads_weights_once_and_every_cache() -> None:
    e2b = work("gemma-4-E2B")
    one, eight = e2b.decode_bytes(1, 4096), e2b.decode_bytes(8, 4096)
    assert eight - one == pytest.approx(7 * (one - e2b.dense_bytes))


def test_a_sliding_layer_reads_no_more_than_its_window() -> None:
    short, long = (work("gemma-4-E2B").decode_bytes(1, n) for n in (10_000, 20_000))
    full_layers, key_bytes = 7, 2 * 512 * 2
    assert long - short == 10_000 * full_layers * key_bytes


def test_many_rows_choose_almost_all_experts() -> None:
    moe = work("gemma-4-26B-A4B")
    assert moe.share_of_experts(1) == pytest.approx(8 / 128)
    assert 0.98 < moe.share_of_experts(64) < 1


def test_operations_of_a_prompt_are_two_for_each_weight_and_row() -> None:
    dense = work("gemma-4-31B")
    weights = 30.697e9 - 262144 * 5376  # all but the embedding
    attention = 1000 * 1001 / 2 * 4 * 32 * (50 * 256 + 10 * 512)
    assert dense.prefill_flop(1000) == pytest.approx(2 * 1000 * weights + attention, rel=0.01)


def test_borrowing_layers_read_a_prompt_for_its_last_token_alone() -> None:
    e2b = work("gemma-4-E2B")
    borrowed = 20 * 3 * 1536 * 12288
    assert e2b.prefill_flop(1000) < 2 * 1000 * (e2b.dense_bytes / 2 - borrowed)


def test_bytes_are_those_of_weights_as_they_are_stored() -> None:
    model = tiny_model("mixture_of_experts")
    plain = work_of(model, model.config, 4)
    assert plain.expert_bytes == 4 * 3 * 6 * (2 * 12 * 24 + 24 * 12)
    quantize(model, "int8")
    assert work_of(model, model.config, 4).expert_bytes < plain.expert_bytes / 3
