"""The step loop: batching, chunks, prefixes, cancelling, running out of pages, and who hears of errors."""

from __future__ import annotations

import random

import pytest
import torch

from gemstead.core.errors import BadRequest, Infrastructure
from gemstead.kernels.ops import CPU, REPRODUCIBLE
from tests.tiny_models import SHAPES, VOCABULARY, Harness, greedy_by_hand, tiny_model


def random_prompts(count: int, longest: int = 60, seed: int = 1) -> list[list[int]]:
    rng = random.Random(seed)
    return [[rng.randrange(VOCABULARY) for _ in range(rng.randint(1, longest))] for _ in range(count)]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_crowd_in_small_chunks_writes_what_the_plain_loop_writes(shape: str) -> None:
    model = tiny_model(shape)
    prompts = random_prompts(12)
    harness = Harness(model, step_tokens=11, max_sequences=5)
    for ids in prompts:
        harness.submit(ids)
    assert harness.run() == [greedy_by_hand(model, ids, 8) for ids in prompts]


@pytest.mark.parametrize("shape", SHAPES)
def test_reproducible_logits_do_not_depend_on_the_crowd_the_chunks_or_the_prefix(shape: str) -> None:
    model = tiny_model(shape, REPRODUCIBLE)
    prompts = random_prompts(6, seed=2)
    alone = []
    for ids in prompts:
        solo = Harness(model, REPRODUCIBLE, step_tokens=500)
        solo.submit(ids, logprobs=3)
        solo.run()
        alone.append(solo.news[0])
    crowd = Harness(model, REPRODUCIBLE, step_tokens=9, max_sequences=4)
    for ids in prompts + prompts:
        crowd.submit(ids, logprobs=3)
    crowd.run()
    for number, own in enumerate(crowd.news):
        assert [p.logprob for p in own] == [p.logprob for p in alone[number % len(prompts)]]


@pytest.mark.parametrize("shape", SHAPES)
def test_rows_that_nobody_reads_are_left_out_of_borrowing_layers_exactly(shape: str) -> None:
    model = tiny_model(shape, REPRODUCIBLE)
    ids = torch.tensor(random_prompts(1, longest=40, seed=5)[0] * 2)
    harness = Harness(model, REPRODUCIBLE, step_tokens=200)
    rows_run: list[tuple[int, int]] = []
    for number, layer in enumerate(model.layers):
        layer.register_forward_pre_hook(lambda _, inputs, n=number: rows_run.append((n, inputs[0].x_TC.shape[0])))
    harness.submit(ids.tolist(), max_tokens=1, logprobs=5)
    harness.run()
    first_borrower = model.config.first_borrowing_layer
    assert all(rows == (len(ids) if n < first_borrower else 1) for n, rows in rows_run)
    batch_logits = harness.news[0][0].logprob
    # The same rows without leaving any out, through the same pages.
    whole = Harness(model, REPRODUCIBLE, step_tokens=200)
    forward = type(model).forward
    whole.engine._runner._model = lambda i, p, m, r: forward(model, i, p, m, None)[r]  # type: ignore[assignment, attr-defined]
    whole.engine._runner._model.logits = model.logits  # type: ignore[attr-defined]
    whole.submit(ids.tolist(), max_tokens=1, logprobs=5)
    whole.run()
    assert batch_logits == whole.news[0][0].logprob


def test_a_known_prefix_is_not_read_again() -> None:
    model = tiny_model("per_layer_embeddings")
    harness = Harness(model)
    prompt = random_prompts(1, longest=50, seed=3)[0] + list(range(40))
    harness.submit(prompt)
    first = harness.run()[0]
    harness.submit([*prompt, *first[:-1]])
    harness.run()
    assert harness.news[1][0].cached_tokens >= len(prompt) - 4
    assert harness.tokens()[1] == greedy_by_hand(model, [*prompt, *first[:-1]], 8)


def test_a_prefix_shared_by_two_is_found_while_the_first_still_runs() -> None:
    model = tiny_model("keys_as_values")
    harness = Harness(model)
    prompt = list(range(30))
    harness.submit(prompt, max_tokens=30)
    for _ in range(5):
        harness.engine.step()
    harness.submit([*prompt, 5], max_tokens=5)
    harness.run()
    assert harness.news[1][0].cached_tokens == 28
    assert harness.tokens()[1] == greedy_by_hand(model, [*prompt, 5], 5)


def test_sliding_layers_hold_at_most_window_and_chunk() -> None:
    model = tiny_model("per_layer_embeddings")
    harness = Harness(model, step_tokens=16, page_tokens=4)
    sequence = harness.submit(list(range(90)), max_tokens=60)
    most = 0
    while harness.engine.has_work:
        harness.engine.step()
        most = max(most, len(sequence.sliding_pages))
        assert harness.engine.sliding_pool.num_held == len(sequence.sliding_pages)
    assert most * 4 <= 8 + 16 + 4
    owners = {i for i, layer in enumerate(model.cache_layers()) if layer.source == i}
    assert set(harness.engine.cache._pages) == owners == {0, 1, 2}


def test_when_pages_run_out_the_youngest_waits_and_everyone_still_gets_his_answer() -> None:
    model = tiny_model("mixture_of_experts")
    prompts = random_prompts(6, longest=30, seed=4)
    harness = Harness(model, cache_tokens=64, context_tokens=64, max_sequences=6)
    for ids in prompts:
        harness.submit(ids, max_tokens=25)
    assert harness.run() == [greedy_by_hand(model, ids, 25) for ids in prompts]
    assert harness.engine.full_pool.num_held == harness.engine.sliding_pool.num_held == 0


def test_cancelling_frees_pages_at_once_and_leaves_the_others_alone() -> None:
    model = tiny_model("keys_as_values")
    harness = Harness(model)
    doomed = harness.submit(list(range(20)), max_tokens=100)
    harness.submit([1, 2, 3], max_tokens=10)
    for _ in range(3):
        harness.engine.step()
    harness.engine.cancel(doomed)
    harness.engine.step()
    assert doomed.full_pages == doomed.sliding_pages == []
    assert harness.news[0][-1].finish == "cancelled"
    harness.run()
    assert harness.tokens()[1] == greedy_by_hand(model, [1, 2, 3], 10)
    assert harness.engine.full_pool.num_held == harness.engine.sliding_pool.num_held == 0


@pytest.mark.parametrize(
    ("ids", "says"),
    [([], "empty"), ([1, VOCABULARY], f"0 to {VOCABULARY - 1}"), ([-1], "token 0"), ([1] * 256, "holds 256")],
)
def test_a_bad_prompt_is_refused_with_the_numbers_and_others_go_on(ids: list[int], says: str) -> None:
    harness = Harness(tiny_model("keys_as_values"))
    harness.submit([1, 2, 3])
    with pytest.raises(BadRequest, match=says):
        harness.submit(ids)
    assert len(harness.run()[0]) == 8


def test_an_answer_ends_when_the_context_is_full() -> None:
    harness = Harness(tiny_model("keys_as_values"), context_tokens=20)
    harness.submit(list(range(15)), max_tokens=100)
    assert len(harness.run()[0]) == 5
    assert harness.news[0][-1].finish == "length"


def test_an_end_token_ends_the_answer_and_is_delivered() -> None:
    model = tiny_model("keys_as_values")
    expected = greedy_by_hand(model, [1, 2, 3], 8)
    end = expected[4]
    harness = Harness(model, eos_ids=frozenset({end}))
    harness.submit([1, 2, 3])
    assert harness.run()[0] == expected[: expected.index(end) + 1]
    assert harness.news[0][-1].finish == "stop"


def test_the_same_seed_draws_the_same_text_alone_and_in_a_crowd() -> None:
    model = tiny_model("mixture_of_experts", REPRODUCIBLE)
    settings = {"temperature": 1.0, "top_p": 0.95, "top_k": 40}
    alone = Harness(model, REPRODUCIBLE)
    alone.submit([5, 6, 7], max_tokens=20, seed=7, **settings)
    crowd = Harness(model, REPRODUCIBLE, step_tokens=10)
    for number, ids in enumerate([*random_prompts(5), [5, 6, 7]]):
        crowd.submit(ids, max_tokens=20, seed=7 if number == 5 else number, **settings)
    assert crowd.run()[5] == alone.run()[0]


def test_a_broken_step_is_told_to_those_in_it_and_the_engine_goes_on() -> None:
    model = tiny_model("keys_as_values", CPU)
    harness = Harness(model, CPU)
    harness.submit([1, 2, 3])
    good = harness.engine._runner._model

    def broken(*_: object) -> torch.Tensor:
        raise RuntimeError("out of memory")

    harness.engine._runner._model = broken  # type: ignore[assignment]
    harness.engine.step()
    assert isinstance(harness.news[0][-1].error, Infrastructure)
    harness.engine._runner._model = good
    harness.submit([1, 2, 3])
    assert harness.run()[1] == greedy_by_hand(model, [1, 2, 3], 8)
