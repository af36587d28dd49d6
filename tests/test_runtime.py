"""A checkpoint on disk, asked in every way a user can ask it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

import gemstead
from gemstead import runtime
from gemstead.checkpoints.manifest import read_manifest
from gemstead.checkpoints.quantize import write_quantized
from gemstead.core.errors import BadCheckpoint, BadRequest, NotFound, OutOfCapacity, UnsupportedModel
from gemstead.core.events import Finished, TextDelta
from gemstead.core.generator import Generator, collect
from gemstead.core.messages import Message
from gemstead.core.requests import GenerationRequest, Sampling
from gemstead.engine.speculative import Costs
from gemstead.evals.run import RunSettings, run_key
from gemstead.evals.tasks import find_task
from gemstead.hardware.probe import probe
from gemstead.runtime import LocalModel
from tests.tiny_checkpoint import write_tiny_assistant, write_tiny_checkpoint


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_checkpoint(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def model(folder: Path) -> Iterator[LocalModel]:
    with gemstead.load(str(folder), reproducible=True, max_sequences=8) as model:
        yield model


def ask(text: str = "hello", **settings: object) -> GenerationRequest:
    sampling = settings.pop("sampling", Sampling())
    return GenerationRequest(text=text, sampling=sampling, **settings)  # type: ignore[arg-type]


def test_it_is_a_generator_and_says_what_it_is(model: LocalModel) -> None:
    assert isinstance(model, Generator)
    about = model.describe()
    assert about.family == "gemma4" and about.context_tokens == 2048 and len(about.fingerprint) == 64


def test_chat_and_complete_answer(model: LocalModel) -> None:
    answer = model.chat("hi", max_tokens=12)
    assert answer.end.usage.completion_tokens <= 12
    assert model.chat([Message(role="user", content="hi")], max_tokens=12).text == answer.text
    assert model.complete("def f", max_tokens=5).end.usage.prompt_tokens == 6


def test_many_requests_at_once_each_get_their_own_text(model: LocalModel) -> None:
    texts = [f"prompt {'x' * n}" for n in range(12)]
    alone = [model.complete(text, max_tokens=15).text for text in texts]

    async def crowd() -> list[str]:
        answers = await asyncio.gather(*(collect(model.generate(ask(t, max_tokens=15))) for t in texts))
        return [a[0].text for a in answers]

    assert asyncio.run(crowd()) == alone


def test_n_answers_have_seeds_of_their_own_and_the_first_is_the_single_one(model: LocalModel) -> None:
    sampling = Sampling(temperature=1.5, seed=3)
    several = asyncio.run(collect(model.generate(ask(n=3, max_tokens=20, sampling=sampling))))
    single = asyncio.run(collect(model.generate(ask(max_tokens=20, sampling=sampling))))
    assert several[0].text == single[0].text
    assert len({a.text for a in several}) == 3


def test_a_stop_string_ends_text_and_token_count_together(model: LocalModel) -> None:
    whole = model.complete("hello", max_tokens=40)
    stop = whole.text[5:8]
    cut = model.complete("hello", max_tokens=40, stop=(stop,))
    assert cut.text == whole.text[: whole.text.index(stop)]
    assert cut.end.reason == "stop"
    assert cut.end.token_ids == whole.end.token_ids[: len(cut.end.token_ids)]


def test_leaving_the_stream_cancels_the_request(model: LocalModel) -> None:
    async def leave() -> None:
        stream = model.generate(ask(max_tokens=2000))
        async for event in stream:
            assert isinstance(event, TextDelta | Finished)
            break
        await stream.aclose()  # type: ignore[attr-defined]
        for _ in range(200):
            if not model._engine.has_work:
                return
            await asyncio.sleep(0.01)
        raise AssertionError("the engine still works on an abandoned request")

    asyncio.run(leave())
    assert model._engine.full_pool.num_held == 0


def test_logprobs_come_one_per_token(model: LocalModel) -> None:
    answer = model.complete("hello", max_tokens=6, logprobs=2)
    assert answer.end.logprobs is not None
    assert [e.token_id for e in answer.end.logprobs] == list(answer.end.token_ids)


def test_wrong_use_is_told_with_what_is_allowed(model: LocalModel, folder: Path) -> None:
    with pytest.raises(BadRequest, match="no setting is called 'temprature'"):
        model.chat("hi", temprature=1)
    with pytest.raises(BadRequest, match="this engine holds"):
        model.complete("x" * 3000)
    with pytest.raises(BadRequest, match="made for 2048"):
        gemstead.load(str(folder), context=4096)
    with pytest.raises(BadRequest, match="precision is 'int3'"):
        gemstead.load(str(folder), precision="int3")
    with pytest.raises(BadRequest, match="cache_dtype is 'fp4'; allowed are auto and fp8") as told:
        gemstead.load(str(folder), cache_dtype="fp4")
    assert told.value.hint is not None and "--cache-dtype" in told.value.hint
    with pytest.raises(BadRequest, match="no option is called 'devise'"):
        gemstead.load(str(folder), devise="cpu")
    with pytest.raises(NotFound, match="no such model or folder"):
        gemstead.load("nonesuch")


def test_what_does_not_fit_is_refused_with_the_sizes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gemstead import runtime
    from gemstead.hardware import probe

    machine = probe.probe()
    poor = type(machine)(**{**machine.__dict__, "free_bytes": 200_000})
    monkeypatch.setattr(runtime, "probe", lambda: poor)
    with pytest.raises(OutOfCapacity, match=r"are (free|left)"):
        gemstead.load(str(folder), device="cpu")


@pytest.mark.parametrize("precision", ["int8", "int4", "int4-embed16", "fp8"])
def test_weights_are_stored_in_few_bits_while_loading(precision: str, folder: Path, model: LocalModel) -> None:
    with gemstead.load(str(folder), precision=precision, reproducible=True, max_sequences=8) as small:
        about, whole = small.describe(), model.describe()
        assert about.precision == precision and about.fingerprint == whole.fingerprint
        assert about.details["parameters"] == whole.details["parameters"]
        assert about.details["weight_bytes"] < 0.8 * whole.details["weight_bytes"]
        texts = [f"prompt {'x' * n}" for n in range(6)]
        alone = [small.complete(text, max_tokens=15).text for text in texts]

        async def crowd() -> list[str]:
            answers = await asyncio.gather(*(collect(small.generate(ask(t, max_tokens=15))) for t in texts))
            return [a[0].text for a in answers]

        assert asyncio.run(crowd()) == alone


def test_fp8_is_refused_where_it_cannot_be_had(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_quantized(read_manifest(folder), "int8", tmp_path / "packed")
    with pytest.raises(BadRequest, match="precision is 'fp8'; the files of packed hold int8-embed16") as told:
        gemstead.load(str(tmp_path / "packed"), precision="fp8", device="cpu")
    assert told.value.hint is not None and "--precision" in told.value.hint
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _: (8, 0))
    with pytest.raises(BadRequest, match=r"precision is 'fp8'; this GPU has compute capability 8\.0, fp8 needs 8\.9"):
        runtime.compute_dtype("fp8", torch.device("cuda"), probe())


def test_an_fp8_cache_takes_one_byte_a_number_and_is_another_evaluation(folder: Path, model: LocalModel) -> None:
    greedy, task = RunSettings(task="humaneval"), find_task("humaneval")
    with gemstead.load(str(folder), reproducible=True, max_sequences=8, cache_dtype="fp8") as small:
        whole, about = model.describe(), small.describe()
        number_bytes = {"bfloat16": 2, "float32": 4}[whole.details["compute_dtype"]]
        assert about.details["cache_bytes"] * number_bytes == whole.details["cache_bytes"]
        assert (about.details["cache_dtype"], about.details["max_sequences"]) == ("float8_e4m3fn", 8)
        assert run_key(task, greedy, about) != run_key(task, greedy, whole)
        assert small.complete("def f", max_tokens=9).end.usage.completion_tokens


def test_a_width_that_forbids_int4_is_told(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with gemstead.load(str(folder), precision="int4") as model:
        held = model.describe().details["not_int4"]
    # intermediate_size 48 and moe_intermediate_size 16 are no multiples of 32.
    assert held and all(name.endswith(("mlp.down_proj.weight", "experts.down_proj")) for name in held)
    assert f"{len(held)} matrices are stored in int8 instead of int4" in caplog.text and held[0] in caplog.text


def test_memory_is_judged_by_what_few_bits_take(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = read_manifest(folder)
    with gemstead.load(str(folder), precision="int4") as model:
        needed = model.describe().details["weight_bytes"]
        dtype = getattr(torch, model.describe().details["compute_dtype"])
    # Weights that stay in the mapped file are counted by `weight_bytes`, and need no memory of their own.
    mapped = sum(
        2 * e.num_parameters
        for e in manifest.tensors.values()
        if runtime.plan_storage(manifest, "int4")[e.name].bits is None and dtype is torch.bfloat16
    )
    machine = probe()
    for free, fits in ((needed - mapped, True), (needed - mapped - 1, False)):
        poor = type(machine)(**{**machine.__dict__, "free_bytes": free})
        arguments = (manifest, "int4", dtype, torch.device("cpu"), poor)
        if fits:
            runtime._check_memory(*arguments, is_laid_out=True)
        else:
            with pytest.raises(OutOfCapacity, match="in int4"):
                runtime._check_memory(*arguments, is_laid_out=True)


def test_a_wrong_precision_is_told_before_anything_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    from gemstead import runtime

    monkeypatch.setattr(runtime, "find_model", lambda name: pytest.fail("looked for the model first"))
    with pytest.raises(BadRequest, match="this version has bf16, fp16, fp32, int8, int4, "):
        gemstead.load("pebble", precision="int3")


def test_a_closed_model_leaves_no_thread(folder: Path) -> None:
    model = gemstead.load(str(folder))
    model.close()
    assert not any(t is model._thread for t in threading.enumerate())


@pytest.fixture(scope="module")
def folder_with_drafter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_tiny_checkpoint(tmp_path_factory.mktemp("target"))
    write_tiny_assistant(folder / "assistant")
    return folder


def test_a_drafter_inside_the_models_folder_is_used_and_described(folder_with_drafter: Path, model: LocalModel) -> None:
    with gemstead.load(str(folder_with_drafter), reproducible=True, max_sequences=2) as drafted:
        drafted._engine._speculator._costs = Costs(draft_share=0.0)
        about = drafted.describe().details["drafter"]
        assert about["name"] == "assistant" and len(about["fingerprint"]) == 64 and about["accepted_per_step"] == 0
        for settings in ({}, {"temperature": 1.2, "seed": 5}):
            drawn = drafted.complete("hello", max_tokens=40, **settings)
            assert drawn.text == model.complete("hello", max_tokens=40, **settings).text
        assert drafted._engine.draft_counts is not None and drafted._engine.draft_counts.drafted > 0
    with gemstead.load(str(folder_with_drafter), drafter="off") as plain:
        assert plain.describe().details["drafter"] is None


def test_a_stop_string_inside_accepted_drafts_ends_text_and_token_count_together(model: LocalModel) -> None:
    """Lookup on a text that repeats itself; a stop string cuts where it would without."""
    text = "abcabcabcabc" + model.complete("abcabcabcabc", max_tokens=60).text
    whole = model.complete(text, max_tokens=60)
    stop = whole.text[20:23]
    cut = model.complete(text, max_tokens=60, stop=(stop,))
    with gemstead.load(model.describe().name, reproducible=True, drafter="lookup") as drafted:
        found = drafted.complete(text, max_tokens=60, stop=(stop,))
        assert drafted.complete(text, max_tokens=60).end.token_ids == whole.end.token_ids
        assert drafted.describe().details["drafter"]["name"] == "lookup"
    assert found.text == cut.text and found.end.token_ids == cut.end.token_ids


def test_a_drafter_that_does_not_fit_is_refused(folder: Path, folder_with_drafter: Path, tmp_path: Path) -> None:
    with gemstead.load(str(folder), drafter=str(folder_with_drafter / "assistant")) as model:
        assert model.describe().details["drafter"]["name"].endswith("assistant")
    with pytest.raises(UnsupportedModel, match="drafts with gemma4_assistant"):
        gemstead.load(str(folder), drafter=str(folder))
    with pytest.raises(UnsupportedModel, match="give this one as `drafter`"):
        gemstead.load(str(folder_with_drafter / "assistant"))
    with pytest.raises(NotFound):
        gemstead.load(str(folder), drafter="nobody/nothing")
    with pytest.raises(BadCheckpoint, match="drafter's"):
        gemstead.load("pebble", drafter=str(folder_with_drafter / "assistant"))


def test_a_drafter_changes_the_evaluation_hash_only_where_it_could_change_text(
    folder: Path, folder_with_drafter: Path
) -> None:
    greedy, drawn = RunSettings(task="humaneval"), RunSettings(task="humaneval", temperature=0.8)
    task = find_task("humaneval")

    def keys(reproducible: bool, drafter: str) -> list[str]:
        with gemstead.load(str(folder_with_drafter), reproducible=reproducible, drafter=drafter) as model:
            return [run_key(task, settings, model.describe()) for settings in (greedy, drawn)]

    proof, proof_off = keys(True, "auto"), keys(True, "off")
    assert proof[0] == proof_off[0] and proof[1] != proof_off[1]
    fast = [keys(False, drafter) for drafter in ("auto", "off", "lookup")]
    assert len({key for pair in fast for key in pair}) == 6
