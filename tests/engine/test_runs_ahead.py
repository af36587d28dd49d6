"""Steps that start before the last one's tokens are read: same text, nothing lost, nothing of an ended answer seen."""

from __future__ import annotations

import random
from typing import Any

import pytest

from gemstead.core.errors import Infrastructure
from gemstead.engine.batch import Layout
from gemstead.engine.runner import Computed
from gemstead.engine.speculative import PLAIN_TRIAL, Costs, Speculation, choose_depths
from gemstead.kernels.ops import REPRODUCIBLE
from tests.engine.test_engine import random_prompts
from tests.engine.test_speculative import DearRows, FreeRows, Prompter, with_assistant
from tests.tiny_models import SHAPES, Harness, greedy_by_hand, tiny_model


class Log:
    """Which steps were run, and which of them knew all their tokens."""

    def __init__(self, harness: Harness) -> None:
        self.layouts: list[Layout] = []
        self._run = harness.engine._runner.run
        harness.engine._runner.run = self.run  # type: ignore[method-assign]

    def run(self, layout: Layout) -> Computed:
        self.layouts.append(layout)
        return self._run(layout)

    @property
    def num_ahead(self) -> int:
        return sum(max(layout.sources) >= 0 for layout in self.layouts)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_crowd_writes_what_the_plain_loop_writes(shape: str) -> None:
    model = tiny_model(shape)
    prompts = random_prompts(9)
    lengths = [random.Random(n).randint(1, 20) for n in range(9)]
    harness = Harness(model, runs_ahead=True, step_tokens=11, max_sequences=5)
    log = Log(harness)
    for ids, length in zip(prompts, lengths, strict=True):
        harness.submit(ids, max_tokens=length)
    assert harness.run() == [greedy_by_hand(model, ids, n) for ids, n in zip(prompts, lengths, strict=True)]
    assert log.num_ahead > 10


def test_a_step_is_started_before_the_tokens_of_the_one_before_are_told() -> None:
    harness = Harness(tiny_model("keys_as_values"), runs_ahead=True)
    log = Log(harness)
    harness.submit([1, 2, 3], max_tokens=6)
    told = []
    while harness.engine.has_work:
        harness.engine.step()
        told.append((len(log.layouts), len(harness.tokens()[0])))
    # The prompt's own token is told at once; from then on there is one step more in work than told.
    assert told == [(1, 1), (2, 1), (3, 2), (4, 3), (5, 4), (6, 5), (6, 6)]


def test_what_follows_the_end_of_an_answer_is_neither_told_nor_found_again() -> None:
    model = tiny_model("per_layer_embeddings")
    prompt = random_prompts(1, seed=4)[0]
    expected = greedy_by_hand(model, prompt, 12)
    end = next(n for n in range(4, 12) if expected[n] not in expected[:n])
    harness = Harness(model, runs_ahead=True, eos_ids=frozenset({expected[end]}))
    harness.submit(prompt, max_tokens=12)
    harness.submit([*prompt, 5], max_tokens=12)
    assert harness.run()[0] == expected[: end + 1]
    assert harness.news[0][-1].finish == "stop"
    follow_up = [*prompt, *expected[: end + 1], 3, 1, 4]
    harness.submit(follow_up)
    assert harness.run()[2] == greedy_by_hand(model, follow_up, 8)
    assert harness.engine.full_pool.num_held == harness.engine.sliding_pool.num_held == 0


def test_prompts_that_arrive_and_requests_that_sample_are_served_in_between() -> None:
    model = tiny_model("mixture_of_experts", REPRODUCIBLE)  # log-probabilities to the bit, whoever shares a step
    plain = Harness(model, REPRODUCIBLE)
    ahead = Harness(model, REPRODUCIBLE, runs_ahead=True)
    for harness in (plain, ahead):
        rng = random.Random(3)
        for number, ids in enumerate(random_prompts(8, seed=6)):
            sampling: dict[str, Any] = {"temperature": 1.0} if number % 3 == 2 else {}
            sampling |= {"logprobs": 2} if number % 4 == 1 else {}
            harness.submit(ids, max_tokens=3 + number, seed=number, **sampling)
            for _ in range(rng.randint(0, 5)):
                harness.engine.step()
        harness.run()
    assert ahead.tokens() == plain.tokens()
    assert [own[0].logprob for own in ahead.news] == [own[0].logprob for own in plain.news]


def test_tokens_that_are_drawn_are_not_waited_for_either() -> None:
    model = tiny_model("keys_as_values")
    plain, ahead = Harness(model), Harness(model, runs_ahead=True)
    log = Log(ahead)
    settings: list[dict[str, Any]] = [{"temperature": 1.3, "top_k": 9, "top_p": 0.9}, {}, {"temperature": 0.8}]
    for harness in (plain, ahead):
        for seed, (ids, sampling) in enumerate(zip(random_prompts(3, seed=5), settings, strict=True)):
            harness.submit(ids, max_tokens=12 + seed, seed=seed, **sampling)
        harness.run()
    assert ahead.tokens() == plain.tokens()
    assert ahead.tokens()[0] != greedy_by_hand(model, random_prompts(3, seed=5)[0], 12)
    assert log.num_ahead > 10


@pytest.mark.parametrize("shape", ["keys_as_values", "per_layer_embeddings"])
def test_where_a_drafter_does_not_pay_steps_run_ahead_and_it_is_tried_again_now_and_then(shape: str) -> None:
    model = tiny_model(shape)
    harness = Harness(model, speculation=with_assistant(shape), runs_ahead=True, max_sequences=3)
    speculator = harness.engine._speculator
    speculator._costs = DearRows()
    log = Log(harness)
    prompts = random_prompts(2, seed=5)
    for ids in prompts:
        harness.submit(ids, max_tokens=150)
    assert harness.run() == [greedy_by_hand(model, ids, 150) for ids in prompts]
    assert log.num_ahead > 120
    tried = [max(layout.counts) for layout in log.layouts if max(layout.sources) < 0 and max(layout.counts) == 2]
    assert 2 <= len(tried) <= 4, "after 32 steps, and 64 and 128 more, or not at all if an answer ended"
    counts = harness.engine.draft_counts
    assert counts is not None and counts.steps == sum(map(len, harness.news))


def test_where_guessing_pays_steps_without_it_are_tried_for_a_moment_and_ever_more_rarely() -> None:
    model = tiny_model("keys_as_values")
    text = greedy_by_hand(model, [1, 2, 3], 500)
    speculation = Speculation(name="test", depth=4)
    harness = Harness(model, speculation=speculation, runs_ahead=True, context_tokens=1024, cache_tokens=2048)
    speculator = harness.engine._speculator
    speculator._drafter, speculator._costs = Prompter({(1, 2, 3): text}, 0.0), FreeRows()
    log = Log(harness)
    harness.submit([1, 2, 3], max_tokens=500)
    assert harness.run() == [text]
    plain = [step for step, layout in enumerate(log.layouts) if max(layout.counts) == 1]
    assert plain[: 2 * PLAIN_TRIAL] == [*range(32, 32 + PLAIN_TRIAL), *range(95, 95 + PLAIN_TRIAL)]
    assert len(plain) <= 2 * PLAIN_TRIAL + 1, "the last token alone needs no guess"
    assert log.num_ahead == 2 * (PLAIN_TRIAL - 1)


def test_steps_run_ahead_until_a_text_repeats_itself() -> None:
    model = tiny_model("keys_as_values")
    prompt = [1, 2, 3]  # two tokens come for the second time at the end of the sixth
    text = greedy_by_hand(model, prompt, 200)
    harness = Harness(
        model, speculation=Speculation(name="lookup", depth=3), runs_ahead=True, context_tokens=512, cache_tokens=1024
    )
    harness.engine._speculator._costs = FreeRows()
    log = Log(harness)
    harness.submit(prompt, max_tokens=200)
    assert harness.run() == [text]
    is_ahead = [max(layout.sources) >= 0 for layout in log.layouts]
    assert is_ahead[:8] == [False, False, True, True, True, True, True, False], "one step was on its way already"
    assert max(log.layouts[7].counts) == 4
    counts = harness.engine.draft_counts
    assert counts is not None and counts.accepted > 50


def test_a_step_that_runs_ahead_is_what_guessing_is_measured_against() -> None:
    costs = Costs(draft_share=0.1)
    costs.steps.note(1, 1.0)
    costs.steps.note(5, 1.1)
    assert choose_depths([0.6], [4], costs) == [3]
    costs.ahead.note(1, 0.5)
    assert choose_depths([0.6], [4], costs) == [0]
    assert choose_depths([0.95], [4], costs) == [4]
    costs.launches.note(1, 0.4)
    costs.landings.note(1, 0.9)
    assert costs.switch_s(1) == pytest.approx(0.8)
    assert choose_depths([0.95], [4], costs) == [4]
    assert choose_depths([0.95], [4], costs, breaks_off=True) == [0]
    assert choose_depths([0.99], [8], costs, breaks_off=True) == [8]


def test_both_kinds_of_steps_are_measured() -> None:
    harness = Harness(tiny_model("keys_as_values"), runs_ahead=True)
    costs = harness.engine._speculator._costs
    harness.submit([1, 2, 3], max_tokens=8)
    harness.submit([4, 5], max_tokens=8, logprobs=1)
    harness.run()
    assert costs.ahead.expect(1) is None and costs.steps.expect(2) is not None
    harness.submit([1, 2, 4], max_tokens=8)
    harness.run()
    for timings in (costs.ahead, costs.launches, costs.landings):
        seconds = timings.expect(1)
        assert seconds is not None and 0 < seconds < 10


def test_a_request_cancelled_in_flight_hears_of_it_and_nothing_more() -> None:
    model = tiny_model("keys_as_values")
    prompts = random_prompts(2, seed=8)
    harness = Harness(model, runs_ahead=True)
    handle = harness.submit(prompts[0], max_tokens=20)
    harness.submit(prompts[1], max_tokens=20)
    for _ in range(6):
        harness.engine.step()
    harness.engine.cancel(handle)
    told = len(harness.news[0])
    harness.run()
    assert [p.finish for p in harness.news[0][told:]] == ["cancelled"]
    assert harness.tokens()[1] == greedy_by_hand(model, prompts[1], 20)
    assert harness.engine.full_pool.num_held == 0


def test_where_pages_run_out_a_step_waits_for_the_one_before_and_the_youngest_gives_way() -> None:
    model = tiny_model("keys_as_values")
    prompts = random_prompts(4, longest=20, seed=9)
    harness = Harness(model, runs_ahead=True, cache_tokens=72, context_tokens=72)
    for ids in prompts:
        harness.submit(ids, max_tokens=30)
    assert harness.run() == [greedy_by_hand(model, ids, 30) for ids in prompts]


def test_a_step_that_fails_in_flight_is_told_once_to_each() -> None:
    model = tiny_model("keys_as_values")
    harness = Harness(model, runs_ahead=True)
    harness.submit([1, 2, 3], max_tokens=20)
    harness.submit([4, 5], max_tokens=20)
    for _ in range(4):
        harness.engine.step()
    run = harness.engine._runner.run

    def broken(layout: Layout) -> Computed:
        raise RuntimeError("device is gone")

    harness.engine._runner.run = broken  # type: ignore[method-assign]
    harness.run()
    for own in harness.news:
        assert [type(p.error) for p in own if p.error is not None] == [Infrastructure]
        assert own[-1].error is not None
    harness.engine._runner.run = run  # type: ignore[method-assign]
    harness.submit([6, 7], max_tokens=4)
    assert harness.run()[2] == greedy_by_hand(model, [6, 7], 4)
    assert harness.engine.full_pool.num_held == 0
