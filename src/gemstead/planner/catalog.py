"""Published sizes by name -> the `config.json` they come with, text part; nothing is downloaded."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from gemstead.core.errors import NotFound

SHARED: dict[str, Any] = {
    "model_type": "gemma4_text",
    "head_dim": 256,
    "global_head_dim": 512,
    "vocab_size": 262_144,
    "rms_norm_eps": 1e-6,
    "final_logit_softcapping": 30.0,
    "tie_word_embeddings": True,
    "hidden_activation": "gelu_pytorch_tanh",
    "num_kv_shared_layers": 0,
    "hidden_size_per_layer_input": 0,
    "attention_k_eq_v": False,
    "use_double_wide_mlp": False,
    "enable_moe_block": False,
    "rope_parameters": {
        "sliding_attention": {"rope_type": "default", "rope_theta": 10_000.0},
        "full_attention": {"rope_type": "proportional", "rope_theta": 1_000_000.0, "partial_rotary_factor": 0.25},
    },
}


def published_sizes() -> tuple[str, ...]:
    """Names, smallest first."""
    return tuple(_catalog())


def published_config(name: str) -> dict[str, Any]:
    """The configuration of a published size.

    Args:
        name: As in `published_sizes`; capitals and an ending like "-it" do not matter.

    Raises:
        NotFound: There is no such size.
    """
    wanted = name.lower().removesuffix("-it").rpartition("/")[2]
    for known, entry in _catalog().items():
        if known.lower() == wanted:
            settings = dict(entry)
            every = settings.pop("full_every")
            kinds = [
                "full_attention" if (n + 1) % every == 0 else "sliding_attention"
                for n in range(settings["num_hidden_layers"])
            ]
            return {"model_type": "gemma4", "text_config": SHARED | settings | {"layer_types": kinds}}
    raise NotFound(f"no published size is called {name!r}; there are {', '.join(_catalog())}")


def _catalog() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resources.files("gemstead.planner").joinpath("catalog.toml").read_text("utf-8"))
