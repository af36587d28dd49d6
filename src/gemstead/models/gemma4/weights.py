"""Published tensor names <-> our parameters."""

from __future__ import annotations

import re

from gemstead.models.gemma4.config import AssistantConfig, Gemma4TextConfig

PREFIX = "model.language_model."
OTHER_TOWERS = {
    "model.vision_tower.": "vision tower",
    "model.embed_vision.": "vision projection",
    "model.vision_embedder.": "vision embedder",
    "model.audio_tower.": "audio tower",
    "model.embed_audio.": "audio projection",
}

# Ours, inside a layer -> published. What is not listed has the same name.
IN_LAYER = {
    "moe.router_proj.weight": "router.proj.weight",
    "moe.router_scale": "router.scale",
    "moe.per_expert_scale": "router.per_expert_scale",
    "moe.gate_up_proj": "experts.gate_up_proj",
    "moe.down_proj": "experts.down_proj",
    "moe.post_dense_norm.weight": "post_feedforward_layernorm_1.weight",
    "moe.pre_experts_norm.weight": "pre_feedforward_layernorm_2.weight",
    "moe.post_experts_norm.weight": "post_feedforward_layernorm_2.weight",
}
OUTSIDE = {"embed_tokens": "embed_tokens.weight", "embed_tokens_per_layer": "embed_tokens_per_layer.weight"}
LAYER = re.compile(r"layers\.(\d+)\.(.+)")


def published_name(parameter: str) -> str:
    """The name a published checkpoint gives to one of our parameters."""
    found = LAYER.fullmatch(parameter)
    if found:
        return f"{PREFIX}layers.{found[1]}.{IN_LAYER.get(found[2], found[2])}"
    return PREFIX + OUTSIDE.get(parameter, parameter)


def reason_to_skip(name: str, config: Gemma4TextConfig) -> str | None:
    """Why a published tensor has no place in the text model; `None` if it must have one."""
    for prefix, tower in OTHER_TOWERS.items():
        if name.startswith(prefix):
            return tower
    found = LAYER.fullmatch(name.removeprefix(PREFIX))
    is_borrower = found and config.first_borrowing_layer <= int(found[1]) < config.num_layers
    if found and is_borrower and re.fullmatch(r"self_attn\.(k_proj|v_proj|k_norm)\.weight", found[2]):
        return "keys and values that a borrowing layer does not use"
    return None


def published_assistant_name(parameter: str) -> str:
    """The name a published drafter gives to one of our parameters."""
    if parameter.startswith(("pre_projection.", "post_projection.")):
        return parameter
    if parameter in ("centroids.weight", "token_ordering"):
        return f"masked_embedding.{parameter}"
    return "model." + OUTSIDE.get(parameter, parameter)


def reason_to_skip_in_assistant(name: str, config: AssistantConfig) -> str | None:
    """Why a published drafter's tensor has no place in ours; `None` if it must have one."""
    return "output head, which is the embedding" if name == "lm_head.weight" else None
