"""Keys kept beside their values: as exact as whole keys, in less memory, and the same for every twin."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import NamedTuple

import pytest
import torch

from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.ops import TWINS, Kernels, Slots
from gemstead.models.cache import CacheSize
from gemstead.models.gemma4.config import Rope, read_config
from gemstead.models.gemma4.text import inverse_frequencies
from gemstead.models.layers import rotary_tables
from tests.shared_data import REFERENCE as SHARED
from tests.shared_data import needs_shared

NUM_ROWS, NUM_HEADS, HEAD_SIZE, PAGE = 40, 8, 512, 16
TURNING = 128  # of 512, as published for 12B, 26B-A4B and 31B


class Layer(NamedTuple):
    """What goes into a global layer's attention, in one dtype."""

    q_TN: torch.Tensor
    k_TN: torch.Tensor
    q_weight_D: torch.Tensor
    k_weight_D: torch.Tensor
    rope: tuple[torch.Tensor, torch.Tensor]


def random_layer(dtype: torch.dtype) -> Layer:
    """With true head size, and weights of norms as those of a trained model: no two alike."""
    generator = torch.Generator().manual_seed(0)

    def random(*shape: int) -> torch.Tensor:
        return torch.randn(*shape, generator=generator)

    frequency = inverse_frequencies(Rope(theta=1e6, rotated_share=0.25), HEAD_SIZE, torch.device("cpu"))
    return Layer(
        random(NUM_ROWS, NUM_HEADS * HEAD_SIZE).to(dtype),
        random(NUM_ROWS, HEAD_SIZE).to(dtype),
        (0.3 + random(HEAD_SIZE) / 50).to(dtype),
        (0.3 + random(HEAD_SIZE) / 10).to(dtype),
        rotary_tables(torch.arange(NUM_ROWS), frequency),
    )


def attend(kernels: Kernels, layer: Layer, *, is_beside: bool, borrows: bool = False) -> torch.Tensor:
    """One causal step through pages of either layout, (T, H, D); the queries' layer may be another than the keys'."""
    position_T = torch.arange(NUM_ROWS)
    widths = (TURNING if is_beside else HEAD_SIZE, HEAD_SIZE)
    pages = [torch.zeros(3, PAGE, 1, width, dtype=layer.q_TN.dtype) for width in widths]
    slots = Slots(pages[0], pages[1], position_T, layer.k_weight_D if is_beside else None)
    norms = (layer.q_weight_D, layer.k_weight_D)
    heads = kernels.heads((layer.q_TN, layer.k_TN), norms, layer.rope, 1e-6, slots)
    if borrows:
        heads = kernels.heads((layer.q_TN,), (layer.q_weight_D, None), layer.rope, 1e-6, slots)
    rows = QueryRows(position_T=position_T, starts=(0, NUM_ROWS), ends=(NUM_ROWS,))
    pool = PoolView(page_table_BP=torch.tensor([[0, 1, 2]]), firsts=(0,), slot_T=position_T)
    return kernels.attention(heads.q_THD, pages[0], pages[1], rows, pool, None)


def exact(layer: Layer) -> torch.Tensor:
    """The same in float64, from the formulas."""

    def normed(x_TN: torch.Tensor) -> torch.Tensor:
        x_THD = x_TN.double().unflatten(-1, (-1, HEAD_SIZE))
        return x_THD / (x_THD.pow(2).mean(-1, keepdim=True) + 1e-6).sqrt()

    def rotated(x_THD: torch.Tensor) -> torch.Tensor:
        low, high = x_THD.chunk(2, dim=-1)
        cos_TD, sin_TD = (table[:, None].double() for table in layer.rope)
        return x_THD * cos_TD + torch.cat((-high, low), dim=-1) * sin_TD

    q_THD = rotated(normed(layer.q_TN) * layer.q_weight_D.double())
    v_TD = normed(layer.k_TN)[:, 0]
    k_TD = rotated(normed(layer.k_TN) * layer.k_weight_D.double())[:, 0]
    later = torch.ones(NUM_ROWS, NUM_ROWS).triu(1).bool()
    weights = torch.einsum("qhd,ld->hql", q_THD, k_TD).masked_fill(later, float("-inf")).softmax(-1)
    return torch.einsum("hql,ld->qhd", weights, v_TD)


def error(found: torch.Tensor, exact: torch.Tensor) -> float:
    return float((found.double() - exact).norm() / exact.norm())


@pytest.mark.parametrize("twin", TWINS)
def test_in_float32_both_layouts_give_the_same(twin: str) -> None:
    layer = random_layer(torch.float32)
    assert error(attend(TWINS[twin], layer, is_beside=True), exact(layer)) < 2e-6
    assert error(attend(TWINS[twin], layer, is_beside=False), exact(layer)) < 2e-6


def test_a_layer_that_borrows_reads_keys_beside_values_as_whole_ones() -> None:
    layer = random_layer(torch.float32)
    found = attend(TWINS["reference"], layer, is_beside=True, borrows=True)
    assert error(found, exact(layer)) < 2e-6


def test_in_bfloat16_keys_beside_values_are_as_exact_as_whole_keys() -> None:
    layer = random_layer(torch.bfloat16)
    whole = error(attend(TWINS["reference"], layer, is_beside=False), exact(layer))
    beside = error(attend(TWINS["reference"], layer, is_beside=True), exact(layer))
    print(f"relative error: whole keys {whole:.2e}, beside values {beside:.2e}")
    assert 1e-4 < beside < 1.1 * whole


@needs_shared
@pytest.mark.parametrize("size", ["12B", "31B", "26B-A4B"])
def test_the_global_cache_of_published_sizes_is_three_eighths_smaller(size: str) -> None:
    config = read_config(json.loads((SHARED / f"configs/gemma-4-{size}-it.json").read_text()))
    layers = config.cache_layers()
    cache = CacheSize(max_sequences=1, step_tokens=512, page_tokens=PAGE, cache_tokens=1024)
    whole = tuple(replace(layer, key_size=layer.head_size) for layer in layers)
    of_global = sum(2 * 1024 * layer.num_kv_heads * layer.head_size * 2 for layer in layers if layer.kind == "full")
    assert cache.num_bytes(whole, 2) - cache.num_bytes(layers, 2) == of_global * 3 // 8


@needs_shared
def test_layers_with_values_of_their_own_keep_whole_keys() -> None:
    config = read_config(json.loads((SHARED / "configs/gemma-4-E2B-it.json").read_text()))
    assert all(layer.key_size == layer.head_size for layer in config.cache_layers())
