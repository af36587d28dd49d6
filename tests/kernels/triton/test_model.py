"""A whole model of each shape says with our kernels what it says with the reference ones."""

from __future__ import annotations

import pytest
import torch

from gemstead.kernels.ops import REFERENCE, Kernels
from gemstead.kernels.triton import TRITON
from gemstead.models.cache import DenseMemory
from tests.kernels.triton.samples import error
from tests.tiny_models import tiny_model

IDS = (5, 17, 3)


def logits(shape: str, kernels: Kernels, dtype: torch.dtype, device: torch.device, num_tokens: int) -> torch.Tensor:
    model = tiny_model(shape, kernels).to(device, dtype)
    ids = torch.tensor(IDS[:num_tokens], device=device)
    hidden = model(ids, torch.arange(num_tokens, device=device), DenseMemory(model.cache_layers(), 1))
    return model.logits(hidden)


@pytest.mark.parametrize(
    ("shape", "num_tokens"), [("per_layer_embeddings", 1), ("keys_as_values", 3), ("mixture_of_experts", 3)]
)
def test_a_model_is_as_near_to_the_truth_as_with_the_reference(
    shape: str, num_tokens: int, device: torch.device
) -> None:
    truth = logits(shape, REFERENCE, torch.float32, device, num_tokens)
    rounded = logits(shape, REFERENCE, torch.bfloat16, device, num_tokens)
    found = logits(shape, TRITON, torch.bfloat16, device, num_tokens)
    assert found.dtype is torch.float32
    assert error(found, truth) < max(2 * error(rounded, truth), 0.02)
