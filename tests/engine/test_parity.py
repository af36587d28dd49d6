"""The engine's logits and tokens against the published implementation's, on the small reference checkpoints."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest
import torch

from gemstead.checkpoints.load import load_model
from gemstead.checkpoints.manifest import read_manifest
from gemstead.core.requests import Sampling
from gemstead.engine.batch import PagedCache, build_batch, lay_out
from gemstead.engine.config import EngineConfig
from gemstead.engine.scheduler import Share
from gemstead.engine.sequence import Sequence
from gemstead.kernels.ops import TWINS, Kernels
from gemstead.models.cache import DenseMemory
from gemstead.models.gemma4.text import Gemma4Text
from tests.shared_data import TINY, needs_shared
from tests.tiny_models import Harness

CASES = ("gemma4_e_ple_kvshare", "gemma4_dense_keqv", "gemma4_moe")
TOLERANCE = 2e-4

pytestmark = needs_shared


def load(case: str, kernels: Kernels) -> Gemma4Text:
    loaded = load_model(read_manifest(TINY / case), kernels, dtype=torch.float32, device=torch.device("cpu"))
    assert isinstance(loaded.model, Gemma4Text)
    return loaded.model


@torch.inference_mode()
def logits_through_pages(model: Gemma4Text, kernels: Kernels, ids: list[int], chunk: int) -> torch.Tensor:
    """All logits of a sequence, read in chunks through the paged cache, (T, V)."""
    config = EngineConfig(
        context_tokens=1024, cache_tokens=1024, max_sequences=1, step_tokens=max(chunk, 1), page_tokens=4
    )
    cache = PagedCache(
        model.cache_layers(), config, torch.float32, torch.device("cpu"), key_weights=model.key_weights()
    )
    pages = list(range(-(-len(ids) // 4)))
    # Sliding pages are taken from a small ring, as the scheduler does.
    assert cache.window is not None
    ring = cache.num_pages["sliding"]
    sequence = Sequence(prompt_ids=tuple(ids), max_tokens=1, sampling=Sampling(), seed=0, deliver=lambda _: None)
    sequence.full_pages = pages
    out = []
    for start in range(0, len(ids), chunk):
        count = min(chunk, len(ids) - start)
        first = max(0, start - cache.window + 1) // 4
        sequence.sliding_first = first
        sequence.sliding_pages = [page % ring for page in range(first, -(-(start + count) // 4))]
        sequence.num_computed = start
        layout = lay_out([Share(sequence=sequence, count=count)], 4)
        batch = build_batch(layout, cache, kernels, torch.zeros(1, dtype=torch.int64))
        hidden = model(batch.ids_T, batch.memory.rows.position_T, batch.memory, None)
        out.append(model.logits(hidden))
    return torch.cat(out)


@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("chunk", [1, 7, 1000])
@pytest.mark.parametrize("case", CASES)
def test_logits_equal_the_published_ones_whole_chunked_and_token_by_token(case: str, chunk: int, twin: str) -> None:
    model = load(case, TWINS[twin])
    reference = np.load(TINY / case / "reference.npz")
    found = logits_through_pages(model, TWINS[twin], reference["input_ids"][0].tolist(), chunk)
    assert np.abs(found.numpy() - reference["logits"][0]).max() <= TOLERANCE


@functools.cache
def exact_last_logits(case: str) -> tuple[list[int], np.ndarray, np.ndarray]:
    """A long prompt, its last published logits, and the same in float64."""
    reference = np.load(TINY / case / "reference_long.npz")
    ids, published = reference["input_ids"][0].tolist(), reference["last_logits"][0]
    model = load(case, TWINS["reference"]).double()
    with torch.inference_mode():
        hidden = model(torch.tensor(ids), torch.arange(len(ids)), DenseMemory(model.cache_layers(), 1))
        return ids, published, model.logits(hidden)[-len(published) :].numpy()


@pytest.mark.parametrize(
    ("twin", "chunk"),
    [("reference", 64), ("cpu", 64), ("cpu", 1000), ("cpu", 1), ("reproducible", 64)],
)
@pytest.mark.parametrize("case", CASES[:2])
def test_long_prompts_equal_the_published_logits(case: str, chunk: int, twin: str) -> None:
    """One row of the first case is ill-conditioned: its published float32 logits are 2.3e-4 away from float64.

    There an order of summation decides: that row may be twice as far from the exact values as the published one is
    (3.3e-4 was seen on a processor with AVX2 alone); every other row is within 2e-4 of the published one.
    """
    ids, published, exact = exact_last_logits(case)
    found = logits_through_pages(load(case, TWINS[twin]), TWINS[twin], ids, chunk)[-len(published) :].numpy()
    is_sound = np.abs(published - exact).max(-1) < TOLERANCE / 2
    assert is_sound.sum() >= len(published) - 1
    assert np.abs(found - published)[is_sound].max() <= TOLERANCE
    assert np.abs(found - exact)[~is_sound].max(initial=0.0) <= 2 * np.abs(published - exact)[~is_sound].max(
        initial=0.0
    )


def test_whole_long_prompts_equal_the_published_logits_in_every_row() -> None:
    for case in CASES[:2]:
        ids, published, _ = exact_last_logits(case)
        for twin in ("reference", "cpu"):
            found = logits_through_pages(load(case, TWINS[twin]), TWINS[twin], ids, 1000)[-len(published) :]
            assert np.abs(found.numpy() - published).max() <= TOLERANCE


@torch.inference_mode()
def exact_logits(case: str, ids: list[int]) -> np.ndarray:
    """All logits of a short prompt in float64, (T, V)."""
    model = load(case, TWINS["reference"]).double()
    return model.logits(model(torch.tensor(ids), torch.arange(len(ids)), DenseMemory(model.cache_layers(), 1))).numpy()


@pytest.mark.parametrize("case", ["gemma4_e_ple_kvshare", "gemma4_moe"])
def test_batched_prompts_of_unequal_length_equal_the_published_logits(case: str) -> None:
    """A few rows of the first case are ill-conditioned: published float32 logits are up to 6.7e-4 away from float64.

    Another order of summation, as each processor has its own, cannot be asked to come closer to a published row than
    that row is to the truth; every row that is published to within 2e-4 of it is matched to 2e-4.
    """
    model = load(case, TWINS["cpu"])
    reference = np.load(TINY / case / "reference_batch.npz")
    for ids, mask, logits in zip(reference["input_ids"], reference["attention_mask"], reference["logits"], strict=True):
        real = mask.astype(bool)
        found = logits_through_pages(model, TWINS["cpu"], ids[real].tolist(), 1000).numpy()
        own_error = np.abs(logits[real] - exact_logits(case, ids[real].tolist())).max(-1)
        assert (own_error <= TOLERANCE).mean() >= 0.8
        assert (np.abs(found - logits[real]).max(-1) <= np.maximum(TOLERANCE, own_error)).all()


@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("step_tokens", [5, 1000])
@pytest.mark.parametrize(
    "file",
    sorted(p for case in CASES for p in (TINY / case).glob("reference*.npz")),
    ids=lambda p: f"{p.parent.name}-{p.stem}",
)
def test_greedy_tokens_are_the_published_ones(file: Path, step_tokens: int, twin: str) -> None:
    model = load(file.parent.name, TWINS[twin])
    reference = np.load(file)
    masks = reference["attention_mask"] if "attention_mask" in reference else np.ones_like(reference["input_ids"])
    harness = Harness(
        model, TWINS[twin], context_tokens=1024, max_sequences=3, step_tokens=step_tokens, cache_tokens=4096
    )
    expected = reference["greedy_tokens"].tolist()
    for ids, mask in zip(reference["input_ids"], masks, strict=True):
        harness.submit(ids[mask.astype(bool)].tolist(), max_tokens=len(expected[0]))
    assert harness.run() == expected
