"""Decoding steps that are recorded once and replayed; here a replay runs the recorded work again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import Tensor

from gemstead.engine.batch import Layout
from gemstead.engine.graphs import DraftGraphs, GraphRunner, Recorded, T, Work
from gemstead.engine.runner import Computed, Runner
from gemstead.engine.speculative import AssistantDrafter, Speculation
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.ops import REFERENCE, Kernels
from tests.engine.test_engine import random_prompts
from tests.engine.test_speculative import FreeRows, with_assistant
from tests.tiny_models import SHAPES, VOCABULARY, Harness, greedy_by_hand, tiny_model


def attention_from_the_device(
    q_THD: Tensor, k_NSGD: Tensor, v_NSGD: Tensor, rows: QueryRows, pool: PoolView, window: int | None
) -> Tensor:
    """`reference.attention` that learns every length from tensors, as a captured graph must."""
    assert rows.is_ragged or set(rows.starts) == set(rows.start_B.tolist())
    device_side = QueryRows(
        position_T=rows.position_T,
        starts=tuple(rows.start_B.tolist()),
        ends=tuple(int(rows.position_T[stop - 1]) + 1 for stop in rows.start_B.tolist()[1:]),
    )
    view = PoolView(page_table_BP=pool.page_table_BP, firsts=tuple(pool.first_B.tolist()), slot_T=pool.slot_T)
    return REFERENCE.attention(q_THD, k_NSGD, v_NSGD, device_side, view, window)


CPU = torch.device("cpu")
DEVICE_SIDE = replace(REFERENCE, name="device side", attention=attention_from_the_device)
RAGGED = replace(DEVICE_SIDE, can_capture_ragged=True)


def tensors(computed: Any) -> list[Tensor]:
    """All that a recording computes."""
    return [computed] if isinstance(computed, Tensor) else list(vars(computed).values())


class Recorder:
    """Stands for CUDA graphs: results of every replay land in the tensors of the recording."""

    def __init__(self) -> None:
        self.recorded = 0
        self.replayed = 0

    def __call__(self, work: Work[T]) -> Recorded[T]:
        self.recorded += 1
        first = work()

        def replay() -> None:
            self.replayed += 1
            for place, computed in zip(tensors(first), tensors(work()), strict=True):
                place.copy_(computed)

        return replay, first


def with_graphs(shape: str, kernels: Kernels = DEVICE_SIDE, **settings: Any) -> tuple[Harness, Recorder]:
    model = tiny_model(shape, kernels)
    harness = Harness(model, kernels, **settings)
    recorder = Recorder()
    engine = harness.engine
    engine._runner = GraphRunner(model, engine.cache, kernels, engine.config, CPU, recorder)
    return harness, recorder


@pytest.mark.parametrize("runs_ahead", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_crowd_that_comes_and_goes_writes_what_the_plain_loop_writes(shape: str, runs_ahead: bool) -> None:
    harness, recorder = with_graphs(shape, step_tokens=12, max_sequences=6, runs_ahead=runs_ahead)
    prompts = random_prompts(9, longest=30)
    lengths = [3 + 2 * n for n in range(9)]
    for ids, length in zip(prompts, lengths, strict=True):
        harness.submit(ids, max_tokens=length)
    model = tiny_model(shape)
    assert harness.run() == [greedy_by_hand(model, ids, n) for ids, n in zip(prompts, lengths, strict=True)]
    assert recorder.replayed > 10
    assert recorder.recorded <= 4, "one for each of the sizes 1, 2, 4 and 6"


@pytest.mark.parametrize("shape", SHAPES)
def test_prompts_of_a_size_seen_before_are_replayed(shape: str) -> None:
    harness, recorder = with_graphs(shape, RAGGED, step_tokens=96, max_sequences=2, context_tokens=300)
    lengths = (30, 40, 61, 96, 96, 250)
    generator = torch.Generator().manual_seed(0)
    prompts = [torch.randint(3, VOCABULARY, (length,), generator=generator).tolist() for length in lengths]
    model = tiny_model(shape)
    for ids in prompts:
        harness.submit(ids, max_tokens=3)
        found = harness.run()[-1]
        assert found == greedy_by_hand(model, ids, 3), len(ids)
    assert set(harness.engine._runner._ragged) == {(1, 64, True), (1, 96, True)}  # type: ignore[attr-defined]
    assert recorder.recorded == 3, "64 and 96 rows of a prompt, and one that decodes"


@pytest.mark.parametrize("shape", SHAPES)
def test_prompts_read_together_and_beside_others_that_write_are_replayed(shape: str) -> None:
    model = tiny_model(shape)
    harness, recorder = with_graphs(shape, RAGGED, step_tokens=96, max_sequences=6, context_tokens=300)
    generator = torch.Generator().manual_seed(1)
    expected = []
    for crowd in ((30, 21, 5, 80, 33, 2), (19, 40, 3, 41), (60, 90, 11, 1, 200), (7, 30, 33, 20, 8, 9)):
        for number, length in enumerate(crowd):
            ids = torch.randint(3, VOCABULARY, (length,), generator=generator).tolist()
            harness.submit(ids, max_tokens=4 + number)
            expected.append(greedy_by_hand(model, ids, 4 + number))
            harness.engine.step()
        assert harness.run() == expected
    runner = harness.engine._runner
    assert isinstance(runner, GraphRunner)
    assert len(runner._ragged) > 3
    assert {size.num_sequences for size in runner._ragged} >= {4, 6}
    assert recorder.replayed > 30


def test_logprobs_and_samples_come_from_the_replayed_logits() -> None:
    harness, recorder = with_graphs("keys_as_values", max_sequences=3)
    plain = Harness(tiny_model("keys_as_values"), max_sequences=3)
    for own in (harness, plain):
        for number, ids in enumerate(random_prompts(3, seed=4)):
            own.submit(ids, max_tokens=10, logprobs=2, seed=number, temperature=float(number))
        own.run()
    assert recorder.replayed > 5
    assert harness.tokens() == plain.tokens()
    for one, other in zip(harness.news, plain.news, strict=True):
        for a, b in zip(one, other, strict=True):
            assert a.logprob is not None and b.logprob is not None
            assert a.logprob.logprob == pytest.approx(b.logprob.logprob, abs=1e-4)


def test_drafts_of_unequal_numbers_are_replayed_together() -> None:
    repeating = [[5, 6, 7, 8] * 4, [9, 3, 9, 3, 9, 3, 9, 3], random_prompts(1, seed=3)[0]]
    speculation = Speculation(name="lookup", depth=3)
    harness, recorder = with_graphs("per_layer_embeddings", speculation=speculation)
    calls = watched(harness)
    for ids in repeating:
        harness.submit(ids, max_tokens=16)
    model = tiny_model("per_layer_embeddings")
    assert harness.run() == [greedy_by_hand(model, ids, 16) for ids in repeating]
    assert recorder.replayed
    assert any(len(set(counts)) > 1 for counts in calls), "rows were never unequal"


def test_prompts_and_contexts_too_long_for_the_tables_run_step_by_step() -> None:
    harness, recorder = with_graphs("keys_as_values", step_tokens=64)
    harness.submit(random_prompts(1, longest=60, seed=2)[0], max_tokens=1)
    harness.run()
    assert recorder.recorded == 0
    runner = harness.engine._runner
    assert isinstance(runner, GraphRunner)
    runner._desk._most_pages = 1
    harness.submit([1, 2, 3, 4, 5, 6], max_tokens=5)
    assert harness.run()[1] == greedy_by_hand(tiny_model("keys_as_values"), [1, 2, 3, 4, 5, 6], 5)
    assert recorder.recorded == 0


def test_where_a_graph_finds_no_memory_steps_run_without_it(caplog: pytest.LogCaptureFixture) -> None:
    harness, _ = with_graphs("keys_as_values")
    runner = harness.engine._runner
    assert isinstance(runner, GraphRunner)

    def full(work: Work[T]) -> Recorded[T]:
        raise torch.OutOfMemoryError("CUDA out of memory")

    runner._record = full
    harness.submit([1, 2, 3], max_tokens=6)
    assert harness.run()[0] == greedy_by_hand(tiny_model("keys_as_values"), [1, 2, 3], 6)
    assert len(caplog.records) == 1
    assert "1 sequences with 1 rows" in caplog.text


def test_a_recording_that_fails_leaves_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    harness, _ = with_graphs("keys_as_values", max_sequences=2, runs_ahead=True)
    runner = harness.engine._runner
    assert isinstance(runner, GraphRunner)

    def fails_at_the_end(work: Work[T]) -> Recorded[T]:
        work()
        runner._newest_T.fill_(7)
        raise RuntimeError("operation not permitted when stream is capturing\nand a trace")

    runner._record = fails_at_the_end
    prompts = [[1, 2, 3], [4, 5, 6, 7]]
    for ids in prompts:
        harness.submit(ids, max_tokens=6)
    assert harness.run() == [greedy_by_hand(tiny_model("keys_as_values"), ids, 6) for ids in prompts]
    assert "not permitted when stream is capturing" in caplog.text
    assert "trace" not in caplog.text


def test_short_memory_takes_the_prompts_recordings_back(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness, _ = with_graphs("keys_as_values", RAGGED, step_tokens=96, context_tokens=300)
    model = tiny_model("keys_as_values")
    for first in (1, 2):
        ids = [first + n % 9 for n in range(40)]
        harness.submit(ids, max_tokens=1)
        harness.run()
    runner = harness.engine._runner
    assert isinstance(runner, GraphRunner)
    assert runner._ragged, "the second prompt of a size is recorded"

    plain = Runner.run
    failures = iter([True])

    def runs_out_once(self: Runner, layout: Layout) -> Computed:
        if next(failures, False):
            raise torch.OutOfMemoryError("CUDA out of memory")
        return plain(self, layout)

    monkeypatch.setattr(Runner, "run", runs_out_once)
    longer = [3 + n % 7 for n in range(90)]
    harness.submit(longer, max_tokens=3)
    assert harness.run()[-1] == greedy_by_hand(model, longer, 3)
    assert not runner._ragged
    assert "memory is short" in caplog.text


def test_page_tables_are_sent_only_when_they_change() -> None:
    harness, _ = with_graphs("keys_as_values", page_tokens=8)
    runner = harness.engine._runner
    assert isinstance(runner, GraphRunner)
    sent: list[tuple[int, ...]] = []
    send = runner._desk._send
    runner._desk._send = lambda numbers, target: (sent.append(tuple(target.shape)), send(numbers, target))[1]  # type: ignore[func-returns-value, method-assign]
    seen = watched(harness)
    harness.submit([1, 2, 3], max_tokens=30)
    harness.run()
    assert len(seen) >= 28
    assert 2 <= len(sent) <= 2 * 6


def watched(harness: Harness) -> list[list[int]]:
    """Rows of each sequence, by step."""
    seen: list[list[int]] = []
    run: Callable[..., Computed] = harness.engine._runner.run

    def note(layout: Any) -> Computed:
        seen.append(layout.counts)
        return run(layout)

    harness.engine._runner.run = note  # type: ignore[method-assign]
    return seen


@pytest.mark.parametrize("shape", SHAPES)
def test_recorded_rounds_of_drafts_guess_what_steps_one_by_one_guess(shape: str) -> None:
    model = tiny_model(shape, DEVICE_SIDE)
    speculation = with_assistant(shape, kernels=DEVICE_SIDE)
    harness = Harness(model, DEVICE_SIDE, speculation, max_sequences=6)
    sequences = [harness.submit(ids, max_tokens=60) for ids in random_prompts(3, seed=8)]
    drafter, recorder = harness.engine._speculator._drafter, Recorder()
    assert isinstance(drafter, AssistantDrafter)
    graphs = DraftGraphs(
        drafter._draft, harness.engine.cache, drafter._layers, DEVICE_SIDE, harness.engine.config, CPU, recorder
    )
    for goal in (1, 9, 23):
        while any(s.num_written < goal for s in sequences):
            harness.engine.step()
        for asked, depths in ((sequences, [4, 1, 3]), (sequences[1:2], [2])):
            with torch.inference_mode():
                one_by_one = drafter.propose(asked, depths)
                drafter._graphs = graphs
                assert drafter.propose(asked, depths) == one_by_one
                drafter._graphs = None
    assert (recorder.recorded, recorder.replayed) == (2, 6)
    assert graphs.num_recorded == 2


def test_draft_steps_that_cannot_be_recorded_run_without(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(work: Work[T]) -> Recorded[T]:
        raise RuntimeError("operation not permitted when stream is capturing")

    model = tiny_model("keys_as_values", DEVICE_SIDE)
    speculation = with_assistant("keys_as_values", kernels=DEVICE_SIDE)
    harness = Harness(model, DEVICE_SIDE, speculation)
    speculator, engine = harness.engine._speculator, harness.engine
    drafter = AssistantDrafter(model, speculation, engine.cache, engine.config, CPU, refuse)
    speculator._drafter, speculator._costs = drafter, FreeRows()
    harness.submit([1, 2, 3], max_tokens=12)
    assert harness.run() == [greedy_by_hand(tiny_model("keys_as_values"), [1, 2, 3], 12)]
    assert "draft steps of 1 sequences could not be recorded" in caplog.text
    counts = engine.draft_counts
    assert counts is not None and counts.drafted
