"""The training twins of experts and attention equal the reference, gradients too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from gemstead.kernels import reference
from gemstead.models.cache import DenseMemory
from gemstead.train.experts import dense_experts, grouped_experts
from gemstead.train.memory import packed_memory
from gemstead.train.optimizer import orthogonalize, rate_at
from gemstead.train.pebble import new_model
from gemstead.train.settings import TINY, Settings


@pytest.mark.parametrize(("twin", "tolerance"), [(dense_experts, 1e-5), (grouped_experts, 2e-2)])
def test_experts_equal_the_reference_with_gradients(twin: Callable[..., Tensor], tolerance: float) -> None:
    """Largest error relative to the largest value; the grouped twin computes in bfloat16."""
    torch.manual_seed(0)
    x, gate_up, down = torch.randn(24, 16), torch.randn(4, 32, 16) / 4, torch.randn(4, 16, 16) / 4
    chosen = torch.stack([torch.randperm(4)[:2] for _ in range(24)])
    weight, upstream = torch.rand(24, 2), torch.randn(24, 16)
    results = []
    for function in (reference.experts, twin):
        inputs = [t.clone().requires_grad_() for t in (x, gate_up, down, weight)]
        out = function(inputs[0], inputs[1], inputs[2], chosen, inputs[3])
        out.backward(upstream)
        results.append([out.detach(), *(t.grad for t in inputs)])
    for expected, found in zip(*results, strict=True):
        assert expected is not None and found is not None
        assert (expected - found).abs().max() <= tolerance * expected.abs().max()


def test_a_packed_document_gives_the_logits_it_gives_alone() -> None:
    model = new_model(TINY, torch.device("cpu"))
    ids = torch.randint(20, 300, (60,))
    borders = torch.tensor([0] * 25 + [1] * 35)[None]
    with torch.no_grad():
        packed = model(ids, torch.arange(60), packed_memory(model.cache_layers(), borders))
        for part in (slice(0, 25), slice(25, 60)):
            length = part.stop - part.start
            alone = model(ids[part], torch.arange(length), DenseMemory(model.cache_layers(), 1))
            torch.testing.assert_close(packed[part], alone, atol=1e-4, rtol=1e-4)


def test_orthogonalised_matrices_have_singular_values_near_one() -> None:
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonalize(torch.randn(3, 12, 20)))
    assert values.min() > 0.3 and values.max() < 1.4


def test_the_rate_rises_stays_and_falls() -> None:
    rates = [rate_at(s, warmup=4, decay_start=10, total=20) for s in range(21)]
    assert rates[0] == 0.25 and rates[4:11] == [1.0] * 7 and rates[15] == 0.5 and rates[20] == 0.0


def test_pebble_stays_within_its_size() -> None:
    with torch.device("meta"):
        from gemstead.models.gemma4.config import read_config
        from gemstead.models.gemma4.text import Gemma4Text

        model = Gemma4Text(read_config(Settings().model_config()))
    assert sum(p.numel() for p in model.parameters()) < 20_000_000
