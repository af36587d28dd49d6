"""Every published size on the meta device: parameters, tensor names and shapes, cache; what a config may not say."""

from __future__ import annotations

import json
from typing import Any

import pytest
import torch

from gemstead.core.errors import BadCheckpoint, UnsupportedModel
from gemstead.kernels.ops import REFERENCE
from gemstead.models.families import family_of
from gemstead.models.gemma4.config import read_config
from gemstead.models.gemma4.text import Gemma4Text, inverse_frequencies
from tests.shared_data import REFERENCE as SHARED
from tests.shared_data import needs_shared
from tests.tiny_checkpoint import CONFIG

# Text parameters in units of 10^9, as published.
SIZES = {
    "gemma-4-E2B-it": 4.629,
    "gemma-4-E4B-it": 7.463,
    "gemma-4-12B-it": 11.907,
    "gemma-4-26B-A4B-it": 25.233,
    "gemma-4-31B-it": 30.697,
}


def published(name: str) -> dict[str, Any]:
    return json.loads((SHARED / "configs" / f"{name}.json").read_text())  # type: ignore[no-any-return]


def on_meta(name: str) -> Gemma4Text:
    config = published(name)
    family = family_of(config)
    with torch.device("meta"):
        model = family.build(family.read_config(config), REFERENCE)
    assert isinstance(model, Gemma4Text)
    return model


def published_tensors(name: str) -> dict[str, tuple[int, ...]]:
    """Every tensor with its shape; the lists give patterns with ranges of layers."""
    found = {}
    for row in json.loads((SHARED / "tensors" / f"{name}.json").read_text())["tensors"]:
        for part in row.get("layers", "0").split(","):
            first, _, last = part.partition("-")
            for layer in range(int(first), int(last or first) + 1):
                found[row["name"].replace("{i}", str(layer), 1)] = tuple(row["shape"])
    return found


@needs_shared
@pytest.mark.parametrize("name", SIZES)
def test_parameter_counts_are_the_published_ones(name: str) -> None:
    count = sum(p.numel() for p in on_meta(name).parameters())
    assert round(count / 1e9, 3) == SIZES[name]


@needs_shared
@pytest.mark.parametrize("name", SIZES)
def test_every_published_tensor_has_a_place_or_a_reason_and_every_parameter_a_tensor(name: str) -> None:
    config = published(name)
    family = family_of(config)
    read = family.read_config(config)
    ours = {family.published_name(n): tuple(p.shape) for n, p in on_meta(name).named_parameters()}
    theirs = published_tensors(name)
    assert not set(ours) - set(theirs)
    assert {n: theirs[n] for n in ours} == ours
    assert all(family.reason_to_skip(n, read) for n in set(theirs) - set(ours))


@needs_shared
@pytest.mark.parametrize(
    ("name", "owners", "sources"),
    [
        ("gemma-4-E2B-it", 15, {"sliding": 13, "full": 14}),
        ("gemma-4-E4B-it", 24, {"sliding": 22, "full": 23}),
        ("gemma-4-31B-it", 60, {}),
    ],
)
def test_borrowing_layers_read_the_last_owner_of_their_kind(name: str, owners: int, sources: dict[str, int]) -> None:
    layers = read_config(published(name)).cache_layers()
    assert [i for i, layer in enumerate(layers) if layer.source == i] == list(range(owners))
    assert all(layer.source == sources[layer.kind] for layer in layers[owners:])


@needs_shared
def test_cache_bytes_per_token_are_the_published_ones() -> None:
    layers = read_config(published("gemma-4-31B-it")).cache_layers()
    for kind, expected in (("sliding", 819_200), ("full", 81_920)):
        assert sum(2 * 2 * y.num_kv_heads * y.head_size for y in layers if y.kind == kind) == expected


def text(**changes: Any) -> dict[str, Any]:
    return CONFIG | {"text_config": CONFIG["text_config"] | changes}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"attn_logit_softcapping": 50.0}, "attn_logit_softcapping"),
        ({"hidden_activation": "silu"}, "hidden_activation is 'silu'"),
        ({"attention_bias": True}, "attention_bias"),
        ({"layer_types": ["linear_attention"] * 3}, "linear_attention"),
        ({"rope_parameters": {"full_attention": {"rope_type": "yarn", "rope_theta": 1e4}}}, "yarn"),
        ({"rope_parameters": {"full_attention": {"rope_theta": 1e4, "beta": 2}}}, "beta"),
        ({"slidingwindow": 3}, "slidingwindow"),
    ],
)
def test_a_key_that_changes_the_maths_and_is_not_understood_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(UnsupportedModel, match=says):
        read_config(text(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"num_hidden_layers": 5},
        {"num_kv_shared_layers": 3},
        {"num_attention_heads": 3},
        {"top_k_experts": 9},
        {"num_experts": None},
        {"hidden_size": -1},
    ],
)
def test_an_impossible_value_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadCheckpoint):
        read_config(text(**changes))


def test_the_nearest_known_key_is_named() -> None:
    with pytest.raises(UnsupportedModel) as caught:
        read_config(text(slidingwindow=3))
    assert "sliding_window" in (caught.value.hint or "")


def test_an_untied_head_and_an_unknown_family_are_refused() -> None:
    with pytest.raises(UnsupportedModel, match="tied"):
        read_config(CONFIG | {"tie_word_embeddings": False})
    with pytest.raises(UnsupportedModel, match="'llama'"):
        family_of({"model_type": "llama"})


def test_full_layers_turn_the_first_pairs_of_each_half_and_divide_by_the_whole_head() -> None:
    frequencies = inverse_frequencies(read_config(CONFIG).rope_full, 512, torch.device("cpu"))
    assert frequencies.shape == (256,)
    assert (frequencies[64:] == 0).all() and (frequencies[:64] > 0).all()
    assert frequencies[1].item() == pytest.approx(1e6 ** (-2 / 512))


def test_the_embedding_factor_is_rounded_to_the_weights_dtype() -> None:
    with torch.device("meta"):
        model = Gemma4Text(read_config(text(hidden_size=1536, vocab_size=8)))
    model.to(torch.bfloat16).to_empty(device="cpu")
    torch.nn.init.ones_(model.embed_tokens)
    assert model.embed(torch.tensor([0]))[0, 0].item() == 39.25
