"""The drafter against the published implementation's outputs, at published sizes, and what its config may not say."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from gemstead.checkpoints.load import load_model
from gemstead.checkpoints.manifest import read_manifest
from gemstead.core.errors import BadCheckpoint, UnsupportedModel
from gemstead.kernels.ops import REFERENCE, TWINS, Kernels
from gemstead.models.cache import LayerCache
from gemstead.models.families import ASSISTANTS, family_of
from gemstead.models.gemma4.assistant import Gemma4Assistant
from gemstead.models.gemma4.config import read_assistant_config, read_config
from gemstead.models.gemma4.text import Gemma4Text
from tests.shared_data import REFERENCE as SHARED
from tests.shared_data import TINY, needs_shared

TARGETS = {"gemma4_assistant_dense": "gemma4_dense_keqv", "gemma4_assistant_ordered": "gemma4_e_ple_kvshare"}
TOLERANCE = 2e-4


class HandedOver:
    """Memory that holds what the published target hands over: keys and values of one layer per kind."""

    def __init__(self, layers: tuple[LayerCache, ...], reference: Any, position: int) -> None:
        self._layers = layers
        self._position = position
        self._held = {
            kind: [torch.from_numpy(reference[f"kv_{kind}_attention_{part}"])[0].transpose(0, 1) for part in ("k", "v")]
            for kind in ("sliding", "full")
        }

    def slots(self, layer: int) -> None:
        """Nothing is written."""

    def attend(self, layer: int, q_THD: Tensor, k_TGD: Tensor | None, v_TGD: Tensor | None) -> Tensor:
        """One row, no keys of its own."""
        assert k_TGD is None and v_TGD is None
        spec = self._layers[layer]
        k_LGD, v_LGD = self._held[spec.kind]
        behind = self._position - torch.arange(k_LGD.shape[0])
        seen = behind < (spec.window or 1 << 30)
        q, k, v = (x.to(q_THD.dtype).transpose(0, 1) for x in (q_THD, k_LGD, v_LGD))
        mask = seen[None, :]
        return F.scaled_dot_product_attention(q[None], k[None], v[None], mask, scale=1.0, enable_gqa=True)[0].transpose(
            0, 1
        )

    def keep_rows(self, row_R: Tensor) -> HandedOver:
        """Every row is kept."""
        return self


def load(case: str, kernels: Kernels = REFERENCE) -> tuple[Gemma4Assistant, Gemma4Text]:
    at = {"dtype": torch.float32, "device": torch.device("cpu")}
    drafter = load_model(read_manifest(TINY / case), kernels, table=ASSISTANTS, **at).model  # type: ignore[arg-type]
    target = load_model(read_manifest(TINY / TARGETS[case]), kernels, **at).model  # type: ignore[arg-type]
    assert isinstance(drafter, Gemma4Assistant) and isinstance(target, Gemma4Text)
    return drafter, target


def worst(found: Tensor, published: NDArray[Any]) -> float:
    return float(np.abs(found.numpy() - published).max())


@needs_shared
@pytest.mark.parametrize("twin", TWINS)
@pytest.mark.parametrize("case", TARGETS)
@torch.inference_mode()
def test_every_draft_step_is_the_published_one(case: str, twin: str) -> None:
    """Each from the published state before it: errors of rounding would grow threefold with each step."""
    drafter, target = load(case, TWINS[twin])
    reference = np.load(TINY / case / "reference.npz")
    position_T = torch.from_numpy(reference["draft_position_id"][0])
    memory = HandedOver(drafter.config.borrowed_layers(target.config), reference, int(position_T))
    tokens = [int(reference["target_next_token"][0, 0]), *reference["draft_tokens"][0].tolist()]
    hidden_W = [reference["target_hidden_last"][0, 0], *reference["draft_hidden"][0]]
    for depth in range(4):
        embedded_TW = target.embed(torch.tensor(tokens[depth : depth + 1]))
        step = drafter(embedded_TW, torch.from_numpy(hidden_W[depth])[None], position_T, memory)
        assert worst(drafter.logits(step.out_TC), reference["draft_logits"][:, depth]) <= TOLERANCE
        assert worst(step.hidden_TW, reference["draft_hidden"][:, depth]) <= TOLERANCE
        assert drafter.best_tokens(step.out_TC).tolist() == tokens[depth + 1 : depth + 2]


@needs_shared
@pytest.mark.parametrize("case", TARGETS)
@torch.inference_mode()
def test_a_whole_round_is_the_published_one(case: str) -> None:
    """In float64, so that nothing but the published rounding is left between the two."""
    drafter, target = (model.double() for model in load(case))
    reference = np.load(TINY / case / "reference.npz")
    position_T = torch.from_numpy(reference["draft_position_id"][0])
    memory = HandedOver(drafter.config.borrowed_layers(target.config), reference, int(position_T))
    token_T = torch.from_numpy(reference["target_next_token"][0])
    hidden_TW = torch.from_numpy(reference["target_hidden_last"][0]).double()
    for depth in range(4):
        step = drafter(target.embed(token_T), hidden_TW, position_T, memory)
        assert worst(drafter.logits(step.out_TC), reference["draft_logits"][:, depth]) <= TOLERANCE
        token_T, hidden_TW = drafter.best_tokens(step.out_TC), step.hidden_TW
        assert token_T.tolist() == reference["draft_tokens"][:, depth].tolist()


@needs_shared
def test_only_the_tokens_of_the_likeliest_centroids_are_scored() -> None:
    drafter, _ = load("gemma4_assistant_ordered")
    torch.manual_seed(1)
    logits_TV = drafter.logits(torch.randn(3, 32))
    lowest = logits_TV.amin(-1, keepdim=True)
    assert (logits_TV > lowest).sum(-1).tolist() == [5 * 384 // 24] * 3
    assert torch.allclose(logits_TV.where(logits_TV > lowest, torch.inf).amin(-1), lowest[:, 0] + 1)


def published(name: str) -> dict[str, Any]:
    return json.loads((SHARED / "configs" / f"{name}.json").read_text())  # type: ignore[no-any-return]


@needs_shared
@pytest.mark.parametrize(
    ("drafter", "target", "sources"),
    [
        ("gemma-4-E2B-it-assistant", "gemma-4-E2B-it", (13, 13, 13, 14)),
        ("gemma-4-E4B-it-assistant.INFERRED", "gemma-4-E4B-it", (22, 22, 22, 23)),
        ("gemma-4-12B-it-assistant.INFERRED", "gemma-4-12B-it", (46, 46, 46, 47)),
        ("gemma-4-26B-A4B-it-assistant.INFERRED", "gemma-4-26B-A4B-it", (28, 28, 28, 29)),
        ("gemma-4-31B-it-assistant", "gemma-4-31B-it", (58, 58, 58, 59)),
    ],
)
def test_published_drafters_borrow_from_the_last_layers_that_own_keys(
    drafter: str, target: str, sources: tuple[int, ...]
) -> None:
    config = published(drafter)
    family = family_of(config, ASSISTANTS)
    read = family.read_config(config)
    assert tuple(layer.source for layer in read.borrowed_layers(read_config(published(target)))) == sources
    with torch.device("meta"):
        model = family.build(read, REFERENCE)
    names = {family.published_name(name) for name, _ in model.named_parameters()}
    assert {"model.embed_tokens.weight", "pre_projection.weight", "model.layers.3.self_attn.q_norm.weight"} <= names
    assert not [name for name in names if "k_proj" in name or "v_proj" in name or "k_norm" in name]


@needs_shared
def test_the_published_drafter_of_e2b_has_the_size_of_its_file() -> None:
    read = read_assistant_config(published("gemma-4-E2B-it-assistant"))
    with torch.device("meta"):
        parameters = dict(Gemma4Assistant(read).named_parameters())
    size = sum(p.numel() * (2 if p.is_floating_point() else 8) for p in parameters.values())
    assert 100 * len(parameters) < 157_565_344 - size < 140 * len(parameters)  # published bytes, less the header


def small(**changes: Any) -> dict[str, Any]:
    text = {
        "model_type": "gemma4_text",
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 2,
        "num_kv_shared_layers": 2,
        "layer_types": ["full_attention", "full_attention"],
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "global_head_dim": 16,
        "hidden_size_per_layer_input": 0,
        "vocab_size": 96,
    }
    inside = {k: changes.pop(k) for k in list(changes) if k in text}
    config = {"model_type": "gemma4_assistant", "backbone_hidden_size": 24, "text_config": text | inside}
    return config | changes


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"num_kv_shared_layers": 1}, BadCheckpoint, "all 2 layers"),
        ({"backbone_hidden_size": 0}, BadCheckpoint, "backbone_hidden_size is 0"),
        ({"use_ordered_embeddings": True, "num_centroids": 7}, BadCheckpoint, "7 centroids"),
        ({"use_ordered_embeddings": True, "num_centroids": 8}, BadCheckpoint, "top_k is 32"),
        ({"backbone_size": 24}, UnsupportedModel, "backbone_hidden_size"),
        ({"text_config": None}, BadCheckpoint, "text_config is None"),
        ({"tie_word_embeddings": False}, UnsupportedModel, "tied"),
    ],
)
def test_an_impossible_config_is_refused(change: dict[str, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        read_assistant_config(small(**change))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"backbone_hidden_size": 32}, "backbone_hidden_size is 32, its target has 24"),
        ({"vocab_size": 64}, "vocab_size is 64, its target has 97"),
        ({"vocab_size": 97, "global_head_dim": 32}, "heads of 32, its target's layer 2 1 key/value heads of 16"),
    ],
)
def test_the_drafter_of_another_model_is_refused(change: dict[str, Any], says: str) -> None:
    from tests.tiny_models import tiny_config

    with pytest.raises(BadCheckpoint, match=says):
        read_assistant_config(small(**change)).borrowed_layers(tiny_config("keys_as_values"))


def test_a_drafter_is_no_model_to_talk_to_and_a_model_no_drafter() -> None:
    with pytest.raises(UnsupportedModel, match="give this one as `drafter`"):
        family_of(small())
    with pytest.raises(UnsupportedModel, match="drafts with gemma4_assistant"):
        family_of({"model_type": "gemma4"}, ASSISTANTS)
    with pytest.raises(BadCheckpoint, match="no layer owns"):
        read_config(small()["text_config"])
