"""A drafter's training at its smallest: what it sees, what it learns, what it exports."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch._dynamo.testing
from torch import Tensor
from torch.nn import functional as F

from gemstead.checkpoints.hub import embedded_folder
from gemstead.checkpoints.load import load_model
from gemstead.checkpoints.manifest import Manifest, read_manifest
from gemstead.core.errors import BadRequest, OutOfCapacity, UnsupportedModel
from gemstead.models.cache import DenseMemory, LayerCache
from gemstead.models.families import ASSISTANTS
from gemstead.models.gemma4.assistant import Gemma4Assistant
from gemstead.models.gemma4.config import read_assistant_config, read_config
from gemstead.models.gemma4.text import Gemma4Text, Layer
from gemstead.train.drafter import (
    DrafterSettings,
    DrafterTrainer,
    assistant_config,
    new_assistant,
    soft_cross_entropy,
    train_drafter,
)
from gemstead.train.experts import training_kernels
from gemstead.train.memory import Overheard, packed_memory
from gemstead.train.packing import IGNORED, Batch
from gemstead.train.settings import TINY
from tests.tiny_checkpoint import CONFIG, write_tiny_checkpoint
from tests.tiny_models import randomised

SMALL = DrafterSettings(
    steps=6, minutes=None, rows=1, warmup_steps=2, data=replace(TINY, max_source_files=8, vocabulary_exercises=60)
)
CPU = torch.device("cpu")
KERNELS = training_kernels(CPU)


class Kept(DenseMemory):
    """A target's pass over one sequence, whose keys and values stay to be read."""

    def last(self, source: int) -> tuple[Tensor, Tensor]:
        """(G, L, D) each."""
        k_BGLD, v_BGLD = self._keys_values[source]
        return k_BGLD[0], v_BGLD[0]


class LastPlace:
    """Memory of one round: a single row, keys and values of everything before it."""

    def __init__(self, layers: tuple[LayerCache, ...], kept: Kept, position: int) -> None:
        self._layers, self._kept, self._position = layers, kept, position

    def slots(self, layer: int) -> None:
        """Nothing is written."""

    def attend(self, layer: int, q_THD: Tensor, k_TGD: Tensor | None, v_TGD: Tensor | None) -> Tensor:
        """The definition, for one row."""
        spec = self._layers[layer]
        k, v = self._kept.last(spec.source)
        seen = self._position - torch.arange(self._position) < (spec.window or 1 << 30)
        q = q_THD.transpose(0, 1)
        out = F.scaled_dot_product_attention(q[None], k[None], v[None], seen[None], scale=1.0, enable_gqa=True)
        return out[0].transpose(0, 1)

    def keep_rows(self, row_R: Tensor) -> LastPlace:
        """All of them."""
        return self


def make_trainer(target: Gemma4Text, config: Mapping[str, Any], settings: DrafterSettings) -> DrafterTrainer:
    manifest = Manifest(folder=Path(), config=config, generation_config={}, tokenizer_config={}, tensors={})
    drafter = new_assistant(assistant_config(manifest, settings), target, settings)
    return DrafterTrainer(target, drafter, settings, CPU)


@pytest.fixture(scope="module")
def target_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    return write_tiny_checkpoint(tmp_path_factory.mktemp("target"))


@pytest.fixture(scope="module")
def trained(target_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    lines: list[str] = []
    out = tmp_path_factory.mktemp("drafter")
    return train_drafter(target_folder, out, settings=SMALL, device="cpu", say=lines.append), lines


def test_the_export_has_the_published_form_and_fits_its_target(trained: tuple[Path, list[str]]) -> None:
    out, _ = trained
    config = json.loads((out / "config.json").read_text())
    assert config["model_type"] == "gemma4_assistant" and config["text_config"]["num_kv_shared_layers"] == 4
    assert json.loads((out / "generation_config.json").read_text())["num_assistant_tokens"] == 4
    manifest = read_manifest(out)
    names = set(manifest.tensors)
    assert {"pre_projection.weight", "post_projection.weight", "model.embed_tokens.weight"} <= names
    assert {entry.dtype for entry in manifest.tensors.values()} == {"BF16"}
    loaded = load_model(manifest, KERNELS, dtype=torch.float32, device=CPU, table=ASSISTANTS)
    layers = loaded.config.borrowed_layers(read_config(CONFIG))
    assert [layer.source for layer in layers] == [1, 1, 1, 2]


def test_pebbles_drafter_takes_at_most_three_megabytes() -> None:
    manifest = read_manifest(embedded_folder())
    config = assistant_config(manifest, DrafterSettings())
    with torch.device("meta"):
        parameters = list(Gemma4Assistant(read_assistant_config(config)).parameters())
    assert 2 * sum(p.numel() for p in parameters) + 140 * len(parameters) + 3000 < 3_000_000


@torch.no_grad()
def test_training_sees_what_drafting_after_each_token_would_see() -> None:
    """One pass over packed rows against one round at a time over each document's beginning."""
    target = randomised(Gemma4Text(read_config(CONFIG)), seed=0, spread=0.1, final_scale=5)
    trainer = make_trainer(target, CONFIG, replace(SMALL, depth=3))
    generator = np.random.default_rng(0)
    ids = generator.integers(20, 300, (2, 48)).astype(np.int32)
    documents = np.repeat([[0, 1, 2]], [20, 22, 6], axis=1).repeat(2, 0).astype(np.int32)
    targets = np.full_like(ids, IGNORED)
    targets[:, :-1] = np.where(documents[:, 1:] == documents[:, :-1], ids[:, 1:], IGNORED)
    view = trainer._see(Batch(ids=ids, targets=targets, documents=documents))
    outs = trainer._unroll(view)
    for row, first, place in ((0, 0, 1), (0, 0, 19), (0, 20, 41), (1, 20, 30), (1, 42, 44)):
        # The document up to the place, alone; positions stay, since only their differences matter.
        before = torch.from_numpy(ids[row, first:place].astype(np.int64))
        heard = Kept(target.config.cache_layers(), 1)
        hidden = target(before, torch.arange(first, place), heard)[-1:]
        memory = LastPlace(trainer._borrowed, heard, place - first)
        for depth in range(min(3, (20 if first == 0 else 42 if first == 20 else 48) - place)):
            token = torch.tensor([int(ids[row, place + depth])])
            step = trainer.assistant(target.embed(token), hidden, torch.tensor([place]), memory)
            assert torch.allclose(step.out_TC[0], outs[depth][row * 48 + place], atol=2e-4)
            hidden = step.hidden_TW


@torch.no_grad()
def test_only_rounds_within_one_document_count() -> None:
    target = randomised(Gemma4Text(read_config(CONFIG)), seed=0, spread=0.1, final_scale=5)
    trainer = make_trainer(target, CONFIG, replace(SMALL, depth=3))
    documents = np.array([[0] * 6 + [1] * 10], dtype=np.int32)
    targets = np.full((1, 16), IGNORED, dtype=np.int32)
    targets[0, 3:5] = 30
    targets[0, 6:15] = 30
    view = trainer._see(Batch(ids=np.full((1, 16), 30, dtype=np.int32), targets=targets, documents=documents))
    counted = [sorted(view.place_S[view.counts_at(depth)].tolist()) for depth in range(3)]
    assert counted == [[3, 4, *range(7, 15)], [3, 4, *range(8, 15)], [3, 4, *range(9, 15)]]


def test_the_loss_is_least_where_the_drafter_states_the_targets_distribution() -> None:
    torch.manual_seed(0)
    target_SV = torch.randn(5, 11)
    weight_S = torch.tensor([1.0, 1, 0, 1, 0])
    logits_SV = target_SV.clone().requires_grad_(True)
    loss = soft_cross_entropy(logits_SV, target_SV, weight_S)
    loss.backward()  # type: ignore[no-untyped-call]
    assert logits_SV.grad is not None and logits_SV.grad.abs().max() < 1e-6
    entropy_S = -(target_SV.softmax(-1) * target_SV.log_softmax(-1)).sum(-1)
    assert torch.allclose(loss, entropy_S[[0, 1, 3]].mean())


def test_a_drafter_learns_its_target(target_folder: Path) -> None:
    """On one batch over and over, all draft steps come to agree with the target more often than by chance."""
    manifest = read_manifest(target_folder)
    target = load_model(manifest, KERNELS, dtype=torch.float32, device=CPU).model
    assert isinstance(target, Gemma4Text)
    trainer = make_trainer(target, manifest.config, SMALL)
    generator = np.random.default_rng(1)
    ids = generator.integers(20, 40, (1, 32)).astype(np.int32)
    targets = np.where(np.arange(32) < 31, np.roll(ids, -1, 1), IGNORED).astype(np.int32)
    batch = Batch(ids=ids, targets=targets, documents=np.zeros_like(ids))
    before = trainer.measure(batch)
    for _ in range(80):
        trainer.step(batch, 1.0)
    after = trainer.measure(batch)
    assert before[0] < 0.2 and after[0] > 0.8 and after[3] > 0.5


def test_one_seed_and_so_many_steps_give_one_drafter(
    target_folder: Path, trained: tuple[Path, list[str]], tmp_path: Path
) -> None:
    train_drafter(target_folder, tmp_path, settings=SMALL, device="cpu")
    assert (tmp_path / "model.safetensors").read_bytes() == (trained[0] / "model.safetensors").read_bytes()


def test_what_cannot_be_is_refused(target_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutOfCapacity, match="cannot be written"):
        train_drafter(target_folder, tmp_path / "file", settings=SMALL, device="cpu")
    with pytest.raises(BadRequest, match="steps is 0"):
        train_drafter(target_folder, tmp_path, steps=0)
    manifest = replace(read_manifest(target_folder), config={"model_type": "gemma3_text"})
    with pytest.raises(UnsupportedModel, match="Gemma 4"):
        assistant_config(manifest, SMALL)


@torch.no_grad()
def test_layers_of_a_target_that_is_listened_to_compile_into_one_graph_per_kind() -> None:
    """As on a GPU, where each layer is compiled; here without a code generator."""
    torch._dynamo.reset()
    counter = torch._dynamo.testing.CompileCounter()
    target = randomised(Gemma4Text(read_config(CONFIG)), seed=0, spread=0.1, final_scale=5)
    plain = randomised(Gemma4Text(read_config(CONFIG)), seed=0, spread=0.1, final_scale=5)
    for model in (target, plain):
        for layer in model.layers:
            assert isinstance(layer, Layer)
            layer.moe = None  # its loop over experts has no place in a graph; on a GPU another twin serves
    for layer in target.layers:
        assert isinstance(layer, Layer)
        layer.self_attn._layer = 0 if layer.is_sliding else 2
        layer.compile(dynamic=False, backend=counter, fullgraph=True)
    documents_BL = torch.tensor([[0] * 9 + [1] * 7])
    ids_T = torch.arange(16)
    heard = [Overheard(packed_memory(model.cache_layers(), documents_BL)) for model in (target, plain, target)]
    for model, memory in zip((target, plain, target), heard, strict=True):
        model(ids_T, ids_T, memory)
    assert counter.frame_count == 2
    for found in (heard[0], heard[2]):
        for kind in ("sliding", "full"):
            for mine, theirs in zip(getattr(found, kind), getattr(heard[1], kind), strict=True):
                assert torch.allclose(mine, theirs, atol=1e-5)
