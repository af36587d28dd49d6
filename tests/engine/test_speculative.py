"""Speculation changes no text, whoever guesses; it is given up where it does not pay; it disturbs nobody else."""

from __future__ import annotations

import math
import random
from collections import Counter
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from gemstead.checkpoints.load import load_model
from gemstead.checkpoints.manifest import read_manifest
from gemstead.core.errors import BadRequest, Infrastructure
from gemstead.core.requests import Sampling
from gemstead.engine.sampler import Choice, kept_probabilities, penalise
from gemstead.engine.sequence import Sequence
from gemstead.engine.speculative import (
    Costs,
    LookupDrafter,
    Speculation,
    Timings,
    agreed,
    choose_depths,
)
from gemstead.kernels.ops import CPU, REFERENCE, REPRODUCIBLE, TWINS, Kernels
from gemstead.models.cache import DenseMemory
from gemstead.models.families import ASSISTANTS
from gemstead.models.gemma4.assistant import Gemma4Assistant
from gemstead.models.gemma4.text import Gemma4Text
from tests.engine.test_engine import random_prompts
from tests.shared_data import TINY, needs_shared
from tests.tiny_models import SHAPES, VOCABULARY, Harness, greedy_by_hand, tiny_assistant, tiny_config, tiny_model


class FreeRows(Costs):
    """Every step costs the same, so that speculation always pays and depths do not depend on the clock."""

    def __init__(self) -> None:
        super().__init__(draft_share=0.0)

    def step_s(self, rows: int) -> float:
        return 1.0

    def plain_s(self, sequences: int) -> float:
        return self.step_s(sequences)

    def switch_s(self, sequences: int) -> float:
        return 0.0

    def draft_s(self, sequences: int) -> float:
        return 0.0


class DearRows(FreeRows):
    """Every row costs a step."""

    def step_s(self, rows: int) -> float:
        return float(rows)


class Prompter:
    """Knows what will be written, and lies about some of it."""

    is_steady = True
    num_recorded = 0

    def __init__(self, texts: dict[tuple[int, ...], list[int]], lies: float, seed: int = 0) -> None:
        self.texts, self._lies, self._random = texts, lies, random.Random(seed)
        self.told: list[list[int]] = []

    def is_ready(self, sequence: Sequence) -> bool:
        return True

    def notice(self, sequence: Sequence, hidden_C: Tensor) -> None:
        pass

    def propose(self, sequences: list[Sequence], depths: list[int]) -> list[list[int]]:
        drafts = []
        for sequence, depth in zip(sequences, depths, strict=True):
            truth = self.texts[sequence.prompt_ids][sequence.num_written :][:depth]
            drafts.append([t if self._random.random() >= self._lies else (t + 1) % VOCABULARY for t in truth])
        self.told += drafts
        return drafts


def speculating(
    model: Gemma4Text,
    kernels: Kernels = REFERENCE,
    speculation: Speculation | None = None,
    costs: Costs | None = None,
    **settings: Any,
) -> Harness:
    """An engine that guesses whatever the clock says."""
    harness = Harness(model, kernels, speculation or Speculation(name="test", depth=4), **settings)
    harness.engine._speculator._costs = costs or FreeRows()
    return harness


def prompted(
    model: Gemma4Text,
    prompts: list[list[int]],
    lies: float,
    kernels: Kernels = REFERENCE,
    *,
    num_known: int = 30,
    **settings: Any,
) -> Harness:
    """An engine whose drafter knows the greedy texts of these prompts, as the plain loop writes them, up to lies."""
    harness = speculating(model, kernels, **settings)
    texts = {tuple(ids): greedy_by_hand(model, ids, num_known) for ids in prompts}
    harness.engine._speculator._drafter = Prompter(texts, lies)
    return harness


def with_assistant(shape: str, depth: int = 4, kernels: Kernels = REFERENCE) -> Speculation:
    assistant = tiny_assistant(shape)
    layers = assistant.config.borrowed_layers(tiny_config(shape))
    return Speculation(name="tiny", assistant=assistant, layers=layers, kernels=kernels, depth=depth)


@pytest.mark.parametrize("lies", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("shape", SHAPES)
def test_greedy_text_is_that_of_the_plain_loop_however_good_the_guesses(shape: str, twin: str, lies: float) -> None:
    model = tiny_model(shape, TWINS[twin])
    prompts = random_prompts(4)
    harness = prompted(model, prompts, lies, TWINS[twin], num_known=20)
    for ids in prompts:
        harness.submit(ids, max_tokens=20)
    drafter = harness.engine._speculator._drafter
    assert isinstance(drafter, Prompter)
    assert harness.run() == [drafter.texts[tuple(ids)] for ids in prompts]
    counts = harness.engine.draft_counts
    assert counts is not None and counts.drafted > 0
    share = counts.accepted / counts.drafted
    assert share == 1.0 if lies == 0 else share == 0.0 if lies == 1 else 0.1 < share < 0.9
    assert harness.engine.full_pool.num_held == harness.engine.sliding_pool.num_held == 0


@pytest.mark.parametrize("shape", SHAPES)
def test_a_random_drafter_model_changes_nothing(shape: str) -> None:
    model = tiny_model(shape)
    prompts = random_prompts(6, seed=5)
    harness = speculating(model, speculation=with_assistant(shape), step_tokens=16)
    for ids in prompts:
        harness.submit(ids, max_tokens=40)
    assert harness.run() == [greedy_by_hand(model, ids, 40) for ids in prompts]
    assert harness.engine.draft_counts is not None and harness.engine.draft_counts.drafted > 0


@needs_shared
@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize(
    ("drafter", "target"),
    [("gemma4_assistant_dense", "gemma4_dense_keqv"), ("gemma4_assistant_ordered", "gemma4_e_ple_kvshare")],
)
def test_published_drafters_guess_from_pages_as_published(drafter: str, target: str, twin: str) -> None:
    """The first round of drafts, made from the paged cache, and the text, which is the target's own."""
    cpu = torch.device("cpu")
    model = load_model(read_manifest(TINY / target), TWINS[twin], dtype=torch.float32, device=cpu).model
    loaded = load_model(read_manifest(TINY / drafter), TWINS[twin], dtype=torch.float32, device=cpu, table=ASSISTANTS)
    assert isinstance(model, Gemma4Text) and isinstance(loaded.model, Gemma4Assistant)
    layers = loaded.config.borrowed_layers(model.config)
    speculation = Speculation(name="t", assistant=loaded.model, layers=layers, kernels=TWINS[twin], depth=4)
    reference = np.load(TINY / drafter / "reference.npz")
    harness = speculating(model, TWINS[twin], speculation)
    sequence = harness.submit(reference["input_ids"][0].tolist(), max_tokens=16)
    harness.engine.step()
    assert sequence.ids[-1] == int(reference["target_next_token"][0, 0])
    with torch.inference_mode():
        first = harness.engine._speculator._drafter.propose([sequence], [4])  # type: ignore[union-attr]
    assert first == reference["draft_tokens"].tolist()
    assert harness.run()[0] == reference["assisted_greedy_tokens"][0].tolist()


@pytest.mark.parametrize("twin", TWINS)
def test_a_drafters_guesses_depend_neither_on_its_neighbours_nor_on_rejected_drafts(twin: str) -> None:
    """Sequences of unlike length, after steps whose drafts were all wrong and left keys behind, alone and together."""
    model = tiny_model("keys_as_values", TWINS[twin])
    speculation = with_assistant("keys_as_values")
    crowd = speculating(model, TWINS[twin], speculation)
    prompts = random_prompts(4, seed=8)
    sequences = [crowd.submit(ids, max_tokens=60) for ids in prompts]
    while any(s.num_written < 9 for s in sequences):
        crowd.engine.step()
    with torch.inference_mode():
        together = crowd.engine._speculator._drafter.propose(sequences, [4, 1, 3, 4])  # type: ignore[union-attr]
        for sequence, depth, drafts in zip(sequences, (4, 1, 3, 4), together, strict=True):
            alone = Harness(model, TWINS[twin], speculation)
            fresh = alone.submit(sequence.ids[:-1], max_tokens=9)
            while fresh.num_written < 1:
                alone.engine.step()
            assert fresh.ids == sequence.ids
            guessed = alone.engine._speculator._drafter.propose([fresh], [depth])[0]  # type: ignore[union-attr]
            assert guessed == drafts and len(drafts) == depth


@pytest.mark.parametrize("lies", [0.0, 0.5])
def test_drawn_text_is_that_of_plain_decoding_with_the_same_seed(lies: float) -> None:
    """Top-k, top-p and penalties included: each choice is made as if the drafts before it had been known tokens."""
    model = tiny_model("mixture_of_experts", REPRODUCIBLE)
    prompts = random_prompts(4, seed=9)
    settings = {"temperature": 0.7, "top_p": 0.9, "top_k": 20, "repetition_penalty": 1.3, "logprobs": 2}
    plain = Harness(model, REPRODUCIBLE)
    for seed, ids in enumerate(prompts):
        plain.submit(ids, max_tokens=30, seed=seed, **settings)
    texts = plain.run()
    harness = speculating(model, REPRODUCIBLE)
    drafter = Prompter({tuple(ids): text for ids, text in zip(prompts, texts, strict=True)}, lies)
    harness.engine._speculator._drafter = drafter
    for seed, ids in enumerate(prompts):
        harness.submit(ids, max_tokens=30, seed=seed, **settings)
    assert harness.run() == texts
    assert [[p.logprob for p in own] for own in harness.news] == [[p.logprob for p in own] for own in plain.news]
    counts = harness.engine.draft_counts
    assert counts is not None and counts.accepted > 20


def test_drawn_tokens_follow_the_models_distribution() -> None:
    """Second tokens of many draws, where the drafter always guesses the same one, against exact probabilities."""
    model = tiny_model("keys_as_values", CPU)
    prompt, count = [5, 6, 7], 3000
    sampling = {"temperature": 1.5, "top_k": 6, "top_p": 0.95, "repetition_penalty": 1.2}

    def exact(ids: list[int]) -> dict[int, float]:
        hidden = model(torch.tensor(ids), torch.arange(len(ids)), DenseMemory(model.cache_layers(), 1))
        logits_V = penalise(model.logits(hidden[-1:])[0], ids, 1.2)
        (tokens,), (probability,) = kept_probabilities(logits_V[None], [request])
        return {t: p for t, p in zip(tokens.tolist(), probability.tolist(), strict=True) if p}

    request = Sampling(**sampling)  # type: ignore[arg-type]
    first = exact(prompt)
    expected: Counter[tuple[int, int]] = Counter()
    for token, p in first.items():
        for second, q in exact([*prompt, token]).items():
            expected[token, second] += p * q  # type: ignore[assignment]
    guess = max(exact([*prompt, max(first, key=lambda t: first[t])]).items(), key=lambda pair: pair[1])[0]
    harness = speculating(model, CPU, max_sequences=32, step_tokens=128)
    harness.engine._speculator._drafter = Prompter({tuple(prompt): [guess] * 3}, 0.0)
    for seed in range(count):
        harness.submit(prompt, max_tokens=3, seed=seed, **sampling)
    found = Counter((text[0], text[1]) for text in harness.run())
    assert set(found) <= set(expected)
    chi2 = sum((found[pair] - count * p) ** 2 / (count * p) for pair, p in expected.items() if count * p >= 5)
    degrees = sum(1 for p in expected.values() if count * p >= 5) - 1
    assert chi2 < degrees + 4 * math.sqrt(2 * degrees)
    counts = harness.engine.draft_counts
    assert counts is not None and 0.05 < counts.accepted / counts.drafted < 0.9


def test_an_end_token_inside_accepted_drafts_ends_the_answer() -> None:
    model = tiny_model("keys_as_values")
    expected = greedy_by_hand(model, [1, 2, 3], 20)
    end = expected[6]
    harness = prompted(model, [[1, 2, 3]], 0.0, eos_ids=frozenset({end}))
    harness.submit([1, 2, 3], max_tokens=20)
    assert harness.run()[0] == expected[: expected.index(end) + 1]
    assert [p.finish for p in harness.news[0]][-1] == "stop" and harness.news[0][-2].finish is None
    drafter = harness.engine._speculator._drafter
    assert isinstance(drafter, Prompter) and any(end in told for told in drafter.told)
    assert harness.engine.full_pool.num_held == 0


@pytest.mark.parametrize("max_tokens", [1, 2, 3, 7])
def test_an_answer_has_exactly_the_tokens_allowed(max_tokens: int) -> None:
    model = tiny_model("keys_as_values")
    harness = prompted(model, [[1, 2, 3]], 0.0)
    harness.submit([1, 2, 3], max_tokens=max_tokens)
    assert harness.run()[0] == greedy_by_hand(model, [1, 2, 3], max_tokens)
    assert [p.finish for p in harness.news[0]] == [None] * (max_tokens - 1) + ["length"]


def test_an_answer_ends_when_the_context_is_full() -> None:
    model = tiny_model("keys_as_values")
    harness = prompted(model, [list(range(15))], 0.0, context_tokens=20)
    harness.submit(list(range(15)), max_tokens=100)
    assert harness.run()[0] == greedy_by_hand(model, list(range(15)), 5)
    assert harness.news[0][-1].finish == "length"


def test_cancelling_from_inside_an_accepted_run_delivers_nothing_more() -> None:
    model = tiny_model("keys_as_values")
    harness = prompted(model, [[1, 2, 3]], 0.0)
    sequence = harness.submit([1, 2, 3], max_tokens=30)
    deliver = sequence.deliver

    def until_the_third(progress: Any) -> None:
        deliver(progress)
        if len(harness.news[0]) == 3:
            harness.engine.cancel(sequence)

    sequence.deliver = until_the_third
    harness.run()
    assert [p.finish for p in harness.news[0]] == [None, None, None, "cancelled"]
    assert harness.engine.full_pool.num_held == harness.engine.sliding_pool.num_held == 0


@pytest.mark.parametrize("lies", [0.0, 0.4])
def test_when_pages_run_out_everyone_still_gets_his_answer(lies: float) -> None:
    model = tiny_model("mixture_of_experts")
    prompts = random_prompts(6, longest=30, seed=4)
    harness = prompted(model, prompts, lies, cache_tokens=64, context_tokens=64, max_sequences=6)
    for ids in prompts:
        harness.submit(ids, max_tokens=25)
    assert harness.run() == [greedy_by_hand(model, ids, 25) for ids in prompts]
    assert harness.engine.full_pool.num_held == harness.engine.sliding_pool.num_held == 0


def test_drafts_take_no_page_that_someone_else_needs() -> None:
    model = tiny_model("keys_as_values")
    prompts = [[1, 2, 3], [4, 5, 6]]
    harness = prompted(model, prompts, 0.0, cache_tokens=16, context_tokens=16, max_sequences=2)
    for ids in prompts:
        harness.submit(ids, max_tokens=5)
    most_waiting = 0
    while harness.engine.has_work:
        harness.engine.step()
        most_waiting = max(most_waiting, len(harness.engine._scheduler.waiting))
    assert harness.tokens() == [greedy_by_hand(model, ids, 5) for ids in prompts]
    assert most_waiting == 0  # 4 pages hold both to the end; nobody had to give way


def test_only_accepted_tokens_are_found_again() -> None:
    model = tiny_model("keys_as_values")
    prompt = list(range(10))
    harness = prompted(model, [prompt], 1.0)
    harness.submit(prompt, max_tokens=12)
    text = harness.run()[0]
    drafter = harness.engine._speculator._drafter
    assert isinstance(drafter, Prompter)
    wrong = [*prompt, *text[:1], *drafter.told[0], *range(20, 40)]
    harness.engine._speculator._drafter = None
    harness.submit(wrong, max_tokens=3)
    right = [*prompt, *text]
    harness.submit(right, max_tokens=3)
    harness.run()
    assert harness.news[1][0].cached_tokens == 8
    assert harness.news[2][0].cached_tokens == 20
    assert harness.tokens()[1:] == [greedy_by_hand(model, wrong, 3), greedy_by_hand(model, right, 3)]


def test_sliding_layers_hold_no_more_than_window_and_chunk() -> None:
    model = tiny_model("keys_as_values")
    speculation = with_assistant("keys_as_values", depth=8)
    harness = speculating(model, speculation=speculation, step_tokens=16, page_tokens=4)
    assert harness.engine.cache.window == 10  # the drafter looks two tokens further back than the model
    sequence = harness.submit(list(range(60)), max_tokens=60)
    most = 0
    while harness.engine.has_work:
        harness.engine.step()
        most = max(most, len(sequence.sliding_pages))
    assert most * 4 <= 10 + 16 + 4
    assert harness.tokens()[0] == greedy_by_hand(model, list(range(60)), 60)


def test_prompts_are_read_in_chunks_beside_sequences_that_speculate() -> None:
    model = tiny_model("per_layer_embeddings")
    prompts = [[1, 2, 3], list(range(70)), [7, 8]]
    harness = prompted(model, prompts, 0.2, step_tokens=9, max_sequences=3)
    harness.submit(prompts[0], max_tokens=30)
    for _ in range(3):
        harness.engine.step()
    for ids in prompts[1:]:
        harness.submit(ids, max_tokens=30)
    rows = []
    while harness.engine.has_work:
        rows.append(harness.engine.step())
    assert max(rows) <= 9
    assert harness.tokens() == [greedy_by_hand(model, ids, 30) for ids in prompts]


def test_a_drafter_that_breaks_is_told_to_those_it_guessed_for_and_the_engine_goes_on() -> None:
    model = tiny_model("keys_as_values")
    harness = speculating(model, speculation=with_assistant("keys_as_values"))
    harness.submit([1, 2, 3])
    harness.engine.step()
    drafter = harness.engine._speculator._drafter
    assert drafter is not None

    def broken(*_: object) -> list[list[int]]:
        raise RuntimeError("out of memory")

    good, drafter.propose = drafter.propose, broken  # type: ignore[method-assign]
    harness.engine.step()
    assert isinstance(harness.news[0][-1].error, Infrastructure)
    drafter.propose = good  # type: ignore[method-assign]
    harness.submit([1, 2, 3])
    assert harness.run()[1] == greedy_by_hand(model, [1, 2, 3], 8)


def test_a_sequence_tells_at_its_end_what_speculation_did() -> None:
    model = tiny_model("keys_as_values")
    harness = prompted(model, [[1, 2, 3]], 0.0)
    harness.submit([1, 2, 3], max_tokens=11)
    harness.run()
    counts = harness.news[0][-1].draft_counts
    assert counts is not None and counts.accepted == counts.drafted
    assert counts.steps + counts.accepted == 11
    assert all(p.draft_counts is None for p in harness.news[0][:-1])
    plain = Harness(model)
    plain.submit([1, 2, 3])
    plain.run()
    assert plain.news[0][-1].draft_counts is None and plain.engine.draft_counts is None


def test_wrong_guesses_are_soon_given_up() -> None:
    model = tiny_model("keys_as_values")
    harness = speculating(model, context_tokens=512)
    harness.engine._speculator._drafter = Prompter({(1, 2, 3): [0] * 400}, 1.0)
    harness.engine._speculator._costs = StepOf(0.1)
    harness.submit([1, 2, 3], max_tokens=300)
    harness.run()
    counts = harness.engine.draft_counts
    assert counts is not None and counts.drafted < 40


def test_where_it_does_not_pay_it_is_tried_ever_more_rarely_and_on_few_sequences() -> None:
    model = tiny_model("keys_as_values")
    prompts = [[n, n + 1] for n in range(8)]
    harness = speculating(model, costs=DearRows(), context_tokens=1024, cache_tokens=8192)
    texts = {tuple(ids): [0] * 1000 for ids in prompts}
    drafter = Prompter(texts, 1.0)
    harness.engine._speculator._drafter = drafter
    for ids in prompts:
        harness.submit(ids, max_tokens=230)
    rows = []
    while harness.engine.has_work:
        rows.append(harness.engine.step())
    assert [step for step, count in enumerate(rows) if step and count > 8] == [32, 96, 224]
    assert max(rows[1:]) == 8 + 4


class StepOf(FreeRows):
    """A row costs a share of a step."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share

    def step_s(self, rows: int) -> float:
        return 1.0 + self._share * (rows - 1)


def test_nothing_is_guessed_where_rows_are_dear() -> None:
    assert choose_depths([0.99], [4], DearRows()) == [0]
    assert choose_depths([0.9], [4], StepOf(0.05)) == [4]
    assert choose_depths([0.5], [4], StepOf(0.2)) == [1]
    assert choose_depths([0.02], [4], FreeRows()) == [0]


def test_depths_keep_to_their_limits_and_poor_guesses_cost_the_others_nothing() -> None:
    assert choose_depths([0.9, 0.9, 0.05], [4, 2, 4], FreeRows()) == [4, 2, 0]


def test_costs_are_measured_and_drawn_out_between_measurements() -> None:
    timings = Timings(growth=0.1)
    assert timings.expect(3) is None
    for size, seconds in ((1, 1.0), (5, 2.0)):
        for _ in range(3):
            timings.note(size, seconds)
    assert timings.expect(1) == 1.0 and timings.expect(3) == 1.5
    assert timings.expect(7) == pytest.approx(2.0 * 1.7 / 1.5)
    timings.note(9, 50.0)  # the first time something is done, other things are done too
    timings.note(9, 3.0)
    assert timings.expect(9) == 3.0
    for _ in range(30):
        timings.note(1, 9.0)  # a busy machine
    assert timings.expect(1) == 2.0  # no longer than five at once


def test_agreement_ends_at_the_first_wrong_guess() -> None:
    choices = [Choice(token_id=t) for t in (5, 6, 7, 8)]
    assert [c.token_id for c in agreed((5, 6, 9), choices)] == [5, 6, 7]
    assert [c.token_id for c in agreed((5, 6, 7), choices)] == [5, 6, 7, 8]
    assert [c.token_id for c in agreed((4, 6, 7), choices)] == [5]
    assert [c.token_id for c in agreed((), choices[:1])] == [5]


def lookup_in(ids: list[int], depth: int) -> list[int]:
    sequence = Sequence(prompt_ids=tuple(ids), max_tokens=9, sampling=Sampling(), seed=0, deliver=lambda _: None)
    return LookupDrafter().propose([sequence], [depth])[0]


def test_a_lookup_takes_what_followed_the_longest_and_latest_match() -> None:
    assert lookup_in([1, 2, 3, 4, 9, 2, 3, 7, 1, 2, 3], 2) == [4, 9]  # 1 2 3 beats the later 2 3
    assert lookup_in([2, 3, 4, 9, 2, 3, 7, 2, 3], 3) == [7, 2, 3]
    assert lookup_in([1, 2, 3, 4], 3) == []
    assert lookup_in([1], 3) == lookup_in([1, 1], 3) == []
    assert lookup_in([8, 8, 8, 8], 2) == [8, 8]  # what is in a loop goes on with it
    assert lookup_in([5, 8, 9, 8, 9], 3) == [8, 9, 8]


def test_repeated_text_is_foretold_by_lookup() -> None:
    model = tiny_model("keys_as_values")
    prompt = greedy_by_hand(model, [1, 2, 3], 60)
    harness = speculating(model, speculation=Speculation(name="lookup", depth=6))
    harness.submit([1, 2, 3, *prompt[:40]], max_tokens=60)
    text = harness.run()[0]
    assert text == greedy_by_hand(model, [1, 2, 3, *prompt[:40]], 60)
    counts = harness.engine.draft_counts
    assert counts is not None and counts.drafted > 0


@pytest.mark.parametrize("depth", [0, 17])
def test_an_impossible_depth_is_refused(depth: int) -> None:
    with pytest.raises(BadRequest, match=f"drafts of {depth} tokens"):
        Speculation(name="x", depth=depth)
