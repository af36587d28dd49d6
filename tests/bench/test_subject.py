"""What is measured: random models of every size and precision, and an engine that just holds them."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch

from gemstead.bench import subject as subjects
from gemstead.bench.measure import measure_speed, random_prompts
from gemstead.bench.subject import Subject, random_model
from gemstead.core.errors import BadRequest, NotFound, OutOfCapacity
from gemstead.kernels.ops import CPU
from gemstead.kernels.packed import Packed
from gemstead.models.families import family_of
from gemstead.planner.catalog import published_config, published_sizes
from tests.shared_data import REFERENCE as SHARED
from tests.shared_data import needs_shared
from tests.tiny_checkpoint import CONFIG

HERE = torch.device("cpu")


def tiny(precision: str = "bf16") -> Subject:
    loaded = random_model(
        "tiny", CONFIG, CPU, dtype=torch.float32, device=HERE, precision=precision, free_bytes=1 << 30
    )
    return Subject(
        name="tiny",
        config=CONFIG,
        precision=precision,
        loaded=loaded,
        kernels=CPU,
        dtype=torch.float32,
        device=HERE,
        is_random=True,
    )


@needs_shared
@pytest.mark.parametrize("name", published_sizes())
def test_the_catalog_says_what_the_published_configuration_says(name: str) -> None:
    published = json.loads((SHARED / "configs" / f"{name}-it.json").read_text())
    ours = published_config(name)
    assert family_of(ours).read_config(ours) == family_of(published).read_config(published)


@pytest.mark.parametrize("name", ["google/gemma-4-e2b-it", "GEMMA-4-E2B"])
def test_a_size_is_found_however_it_is_written(name: str) -> None:
    assert published_config(name) == published_config("gemma-4-E2B")


def test_an_unknown_size_is_answered_with_those_there_are() -> None:
    with pytest.raises(NotFound, match=r"gemma-4-7B.*gemma-4-E2B, gemma-4-E4B"):
        published_config("gemma-4-7B")


@pytest.mark.parametrize("precision", ["bf16", "int8", "int4"])
def test_random_weights_keep_activations_near_one(precision: str) -> None:
    model: Any = tiny(precision).loaded.model
    for weight in (model.layers[0].mlp.gate_proj.weight, model.layers[0].self_attn.o_proj.weight, model.embed_tokens):
        dense = weight.dense() if isinstance(weight, Packed) else weight
        assert dense.float().pow(2).mean().item() * dense.shape[-1] == pytest.approx(1, rel=0.25)
    assert isinstance(model.layers[0].mlp.gate_proj.weight, Packed) == (precision != "bf16")


def test_a_model_too_large_is_refused_before_it_is_made() -> None:
    config = published_config("gemma-4-31B")
    with pytest.raises(OutOfCapacity, match=r"gemma-4-31B in int8: its weights take 2\d\.\d GiB, 1.0 GiB are free"):
        random_model(
            "gemma-4-31B", config, CPU, dtype=torch.bfloat16, device=HERE, precision="int8", free_bytes=1 << 30
        )


@pytest.mark.parametrize("batch", [1, 3])
def test_a_measured_row_reads_and_writes_what_it_says(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(subjects.STEP_TOKENS, "cpu", 16)
    subject = tiny()
    rows: list[int] = []
    engines = []
    make = Subject.engine

    def watched(self: Subject, *sizes: int) -> Any:
        engine = make(self, *sizes)
        step = engine.step

        def counted() -> int:
            rows.append(step())
            return rows[-1]

        engine.step = counted  # type: ignore[method-assign]
        engines.append(engine)
        return engine

    monkeypatch.setattr(Subject, "engine", watched)
    speed = measure_speed(subject, context=20, batch=batch, tokens=12, rounds=2)
    chunks = subject.chunks(batch, 20)
    assert sum(rows) == 3 * batch * (20 + 12 + chunks - 1), "one round to warm up, and two"
    assert speed.prefill_tok_s > 0 and speed.decode_tok_s > 0 and speed.spread >= 1
    assert speed.cache_bytes == engines[0].cache.num_bytes


def test_no_two_prompts_are_alike() -> None:
    prompts = [*random_prompts(500, 4, 30, seed=0), *random_prompts(500, 4, 30, seed=1)]
    assert len({tuple(p) for p in prompts}) == 8


@pytest.mark.parametrize(
    ("settings", "says"),
    [({"precision": "int3"}, "precision is 'int3'; this version has bf16"), ({"device": "cuda"}, "no GPU here")],
)
def test_what_cannot_be_opened_is_refused(settings: dict[str, Any], says: str) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(BadRequest, match=says):
        subjects.open_subject(**settings)
