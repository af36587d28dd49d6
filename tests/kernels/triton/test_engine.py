"""The step loop with Triton's twins: recorded decoding steps write what the plain loop writes.

On a GPU the recordings are CUDA graphs; elsewhere a replay runs the recorded work again.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
import torch

from gemstead.engine import graphs
from gemstead.engine.graphs import CudaRecorder, GraphRunner
from gemstead.engine.speculative import AssistantDrafter, Speculation
from gemstead.kernels.ops import Kernels
from gemstead.kernels.triton import REPRODUCIBLE, TRITON
from tests.engine.test_engine import random_prompts
from tests.engine.test_graphs import Recorder, with_graphs
from tests.engine.test_speculative import with_assistant
from tests.tiny_models import SHAPES, Harness, greedy_by_hand, tiny_model


def harness_on(device: torch.device, shape: str, kernels: Kernels = TRITON, **settings: Any) -> Harness:
    if device.type == "cpu":
        return with_graphs(shape, kernels, **settings)[0]
    return Harness(tiny_model(shape, kernels).to(device), kernels, device=device, **settings)


def recordings(harness: Harness) -> int:
    runner = harness.engine._runner
    assert isinstance(runner, GraphRunner)
    return sum(graph is not None for graph in (*runner._even.values(), *runner._ragged.values()))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kernels", [TRITON, REPRODUCIBLE], ids=lambda kernels: kernels.name)
def test_recorded_steps_write_what_the_plain_loop_writes(kernels: Kernels, shape: str, device: torch.device) -> None:
    harness = harness_on(device, shape, kernels=kernels, max_sequences=3, page_tokens=16, runs_ahead=True)
    prompts = random_prompts(3, longest=12)
    for ids in prompts:
        harness.submit(ids, max_tokens=4)
    model = tiny_model(shape)
    assert harness.run() == [greedy_by_hand(model, ids, 4) for ids in prompts]
    assert recordings(harness)


PAIRS = list(product([TRITON, REPRODUCIBLE], SHAPES))


@pytest.mark.parametrize("kernels,shape", PAIRS if torch.cuda.is_available() else [PAIRS[0], PAIRS[-1]])
def test_recorded_prompts_of_unlike_lengths_write_what_the_plain_loop_writes(
    kernels: Kernels, shape: str, device: torch.device, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice the same arrivals: a prompt alone, then two while it writes."""
    monkeypatch.setattr(graphs, "ROWS", (32,))
    harness = harness_on(device, shape, kernels=kernels, max_sequences=3, page_tokens=16, step_tokens=64)
    model = tiny_model(shape)
    expected = []
    for wave in range(2):
        prompts = [[3 + (n * n + 7 * wave + length) % 29 for n in range(length)] for length in (3, 17, 9)]
        expected += [greedy_by_hand(model, ids, 2) for ids in prompts]
        for ids in prompts[:1], prompts[1:]:
            for one in ids:
                harness.submit(one, max_tokens=2)
            harness.engine.step()
        assert harness.run() == expected
    runner = harness.engine._runner
    assert isinstance(runner, GraphRunner)
    assert set(runner._ragged) == {(1, 32, True), (3, 32, True)}


def test_drafts_are_checked_in_a_recorded_step(device: torch.device) -> None:
    speculation = Speculation(name="lookup", depth=2)
    harness = harness_on(device, "keys_as_values", page_tokens=16, speculation=speculation)
    harness.submit([5, 6, 7, 8] * 3, max_tokens=6)
    assert harness.run() == [greedy_by_hand(tiny_model("keys_as_values"), [5, 6, 7, 8] * 3, 6)]
    assert recordings(harness)


def test_what_is_drawn_is_read_by_the_next_recorded_step(device: torch.device) -> None:
    """Three answers, two of them drawn, in steps that do not wait for each other, and alone in steps that do."""
    settings: list[dict[str, Any]] = [{"temperature": 1.3, "top_k": 9, "top_p": 0.9}, {}, {"temperature": 0.9}]
    prompts = random_prompts(3, longest=12)
    together = harness_on(device, "keys_as_values", REPRODUCIBLE, max_sequences=3, page_tokens=16, runs_ahead=True)
    for seed, (ids, sampling) in enumerate(zip(prompts, settings, strict=True)):
        together.submit(ids, max_tokens=6, seed=seed, **sampling)
    texts = together.run()
    assert recordings(together)
    for seed, (ids, sampling) in enumerate(zip(prompts, settings, strict=True)):
        alone = harness_on(device, "keys_as_values", REPRODUCIBLE, max_sequences=3, page_tokens=16)
        alone.submit(ids, max_tokens=6, seed=seed, **sampling)
        assert alone.run() == [texts[seed]]


def test_a_drafters_steps_are_recorded_and_guess_what_they_guess_one_by_one(device: torch.device) -> None:
    model = tiny_model("keys_as_values", TRITON).to(device)
    speculation = with_assistant("keys_as_values", depth=3, kernels=TRITON)
    assert speculation.assistant is not None
    speculation.assistant.to(device)  # type: ignore[attr-defined]
    harness = Harness(model, TRITON, speculation, device, page_tokens=16, max_sequences=2)
    engine = harness.engine
    sequences = [harness.submit(ids, max_tokens=20) for ids in random_prompts(2, longest=12)]
    while any(sequence.num_written < 3 for sequence in sequences):
        engine.step()
    record = CudaRecorder() if device.type == "cuda" else Recorder()
    drafter = AssistantDrafter(model, speculation, engine.cache, engine.config, device, record)
    assert engine._speculator._drafter is not None
    drafter._hidden = engine._speculator._drafter._hidden  # type: ignore[attr-defined]
    with torch.inference_mode():
        for depths in ([3, 1], [2, 3]):
            recorded = drafter.propose(sequences, depths)
            drafter._graphs, kept = None, drafter._graphs
            assert drafter.propose(sequences, depths) == recorded
            drafter._graphs = kept
    assert drafter.num_recorded == 1
