"""Gemma 4 as GGUF tells it: metadata and tensor names in, `config.json`'s keys and published names out.

What is other than in published files: keys and heads may be told layer by layer; a value projection that layers do
without is told by its absence; the share of a full layer's pairs that turn is told by the tensor `rope_freqs`, whose
entries divide the frequencies and are 1 for those that turn and 1e30 for those that stand still; gate and up of experts
may be apart. Norm weights are as published, since Gemma 4's multiply directly.

Source: the names and keys of architecture "gemma4" in gguf-py's constants, and llama.cpp's reader of them.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from gemstead.core.errors import BadCheckpoint, UnsupportedModel
from gemstead.models.gemma4.weights import OTHER_TOWERS, PREFIX

ROPE_FACTORS = "rope_freqs.weight"
SETTINGS = (ROPE_FACTORS,)
STANDS_STILL = 1e9  # published files have 1e30
MOST = 1e30  # what a float32 holds, with room to spare
OUTSIDE = {
    "token_embd.weight": "embed_tokens.weight",
    "output_norm.weight": "norm.weight",
    "per_layer_token_embd.weight": "embed_tokens_per_layer.weight",
    "per_layer_model_proj.weight": "per_layer_model_projection.weight",
    "per_layer_proj_norm.weight": "per_layer_projection_norm.weight",
}
IN_LAYER = {
    "attn_norm.weight": "input_layernorm.weight",
    "attn_q.weight": "self_attn.q_proj.weight",
    "attn_k.weight": "self_attn.k_proj.weight",
    "attn_v.weight": "self_attn.v_proj.weight",
    "attn_output.weight": "self_attn.o_proj.weight",
    "attn_q_norm.weight": "self_attn.q_norm.weight",
    "attn_k_norm.weight": "self_attn.k_norm.weight",
    "post_attention_norm.weight": "post_attention_layernorm.weight",
    "ffn_norm.weight": "pre_feedforward_layernorm.weight",
    "ffn_gate.weight": "mlp.gate_proj.weight",
    "ffn_up.weight": "mlp.up_proj.weight",
    "ffn_down.weight": "mlp.down_proj.weight",
    "post_ffw_norm.weight": "post_feedforward_layernorm.weight",
    "layer_output_scale.weight": "layer_scalar",
    "ffn_gate_inp.weight": "router.proj.weight",
    "ffn_gate_inp.scale": "router.scale",
    "ffn_down_exps.scale": "router.per_expert_scale",
    "ffn_gate_up_exps.weight": "experts.gate_up_proj",
    "ffn_gate_exps.weight": "experts.gate_up_proj",
    "ffn_up_exps.weight": "experts.gate_up_proj",
    "ffn_down_exps.weight": "experts.down_proj",
    "post_ffw_norm_1.weight": "post_feedforward_layernorm_1.weight",
    "pre_ffw_norm_2.weight": "pre_feedforward_layernorm_2.weight",
    "post_ffw_norm_2.weight": "post_feedforward_layernorm_2.weight",
    "inp_gate.weight": "per_layer_input_gate.weight",
    "proj.weight": "per_layer_projection.weight",
    "post_norm.weight": "post_per_layer_input_norm.weight",
}
IN_GGUF_LAYER = re.compile(r"blk\.(\d+)\.(.+)")
# Files that hold the other towers too give them these prefixes.
TOWERS = {"v.": "model.vision_tower.", "mm.": "model.embed_vision.", "a.": "model.audio_tower."}
REFUSED = {
    "output.weight": "an output head of its own; only one that is the embedding is implemented",
    "attn_qkv.weight": "queries, keys and values in one matrix; only separate ones are read",
}
# Keys that say nothing about the text model's maths.
BOOKKEEPING = frozenset({"vocab_size"})


def published_names(names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Published name -> the file's tensors that make it up, in order of rows.

    Raises:
        UnsupportedModel: A tensor stands for something that is not implemented.
    """
    found: dict[str, list[str]] = {}
    for name in sorted(names):  # rows of gate come before those of up, and so do the names
        if name in SETTINGS:
            continue
        inside = IN_GGUF_LAYER.fullmatch(name)
        for refused, what in REFUSED.items():
            if (inside[2] if inside else name) == refused:
                raise UnsupportedModel(f"tensor {name} is {what}", hint="convert the published checkpoint anew")
        found.setdefault(_published_name(name), []).append(name)
    return {published: tuple(parts) for published, parts in found.items()}


def _published_name(name: str) -> str:
    inside = IN_GGUF_LAYER.fullmatch(name)
    if inside and inside[2] in IN_LAYER:
        return f"{PREFIX}layers.{inside[1]}.{IN_LAYER[inside[2]]}"
    if name in OUTSIDE:
        return PREFIX + OUTSIDE[name]
    for prefix, tower in TOWERS.items():
        if name.startswith(prefix):
            assert tower in OTHER_TOWERS
            return tower + name.removeprefix(prefix)
    return name  # has no place; whoever accounts for tensors says so under the name that the file gives it


def config_of(
    metadata: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]], settings: Mapping[str, Sequence[float]]
) -> dict[str, Any]:
    """What `config.json` would say.

    Args:
        metadata: The file's.
        shapes: Of all tensors by published name.
        settings: The numbers of tensors named in `SETTINGS`, of those that are there.

    Raises:
        BadCheckpoint: A key is missing or impossible.
        UnsupportedModel: A key is unknown, or asks for something that is not implemented.
    """
    keys = _Keys(metadata)
    layers = keys.whole("block_count", least=1)
    if layers > len(shapes):
        raise BadCheckpoint(f"gemma4.block_count is {layers}, which the file's {len(shapes)} tensors cannot make up")
    slides = keys.per_layer("attention.sliding_window_pattern", layers, bool)
    # A last layer that is not full is treated as full by the published implementation.
    is_sliding = [*slides[:-1], False]
    shared = keys.whole("attention.shared_kv_layers", default=0)
    if shared > layers:
        raise BadCheckpoint(f"gemma4.attention.shared_kv_layers is {shared}, with {layers} layers")
    widths = keys.per_layer("feed_forward_length", layers, int)
    kv_heads = keys.per_layer("attention.head_count_kv", layers, int)
    head_size, sliding_head_size = keys.whole("attention.key_length"), keys.whole("attention.key_length_swa")
    keys.same("attention.value_length", head_size)
    keys.same("attention.value_length_swa", sliding_head_size)
    keys.same("rope.dimension_count", head_size)
    keys.same("rope.dimension_count_swa", sliding_head_size)
    keys.same("rope.scaling.type", "none")
    owners = layers - shared
    full_owners = [n for n in range(owners) if not is_sliding[n]]
    reuses_keys = bool(full_owners) and all(
        f"{PREFIX}layers.{n}.self_attn.v_proj.weight" not in shapes for n in full_owners
    )
    sliding_kv = _the_one("attention.head_count_kv", [kv_heads[n] for n in range(layers) if is_sliding[n]], kv_heads[0])
    full_kv = _the_one("attention.head_count_kv", [kv_heads[n] for n in range(layers) if not is_sliding[n]], sliding_kv)
    if full_kv != sliding_kv and not reuses_keys:
        raise UnsupportedModel(
            f"gemma4.attention.head_count_kv is {sliding_kv} for sliding layers and {full_kv} for full ones; that is "
            "implemented for full layers without a value projection only"
        )
    width = _the_one("feed_forward_length", widths[:owners], widths[0])
    borrowers_width = _the_one("feed_forward_length", widths[owners:], width)
    if borrowers_width not in (width, 2 * width):
        raise UnsupportedModel(
            f"gemma4.feed_forward_length is {width}, and {borrowers_width} for layers that borrow keys and values; "
            f"implemented is {width} or {2 * width}"
        )
    embedding = shapes.get(f"{PREFIX}embed_tokens.weight")
    if embedding is None or len(embedding) != 2:
        raise BadCheckpoint("there is no matrix token_embd.weight")
    text = {
        "model_type": "gemma4_text",
        "vocab_size": embedding[0],
        "hidden_size": keys.whole("embedding_length"),
        "intermediate_size": width,
        "use_double_wide_mlp": borrowers_width != width,
        "num_hidden_layers": layers,
        "layer_types": ["sliding_attention" if slides else "full_attention" for slides in is_sliding],
        "num_attention_heads": keys.whole("attention.head_count"),
        "num_key_value_heads": sliding_kv,
        "num_global_key_value_heads": full_kv if reuses_keys else None,
        "attention_k_eq_v": reuses_keys,
        "head_dim": sliding_head_size,
        "global_head_dim": head_size,
        "sliding_window": keys.whole("attention.sliding_window"),
        "num_kv_shared_layers": shared,
        "hidden_size_per_layer_input": keys.whole("embedding_length_per_layer_input", default=0),
        "final_logit_softcapping": keys.real("final_logit_softcapping", default=None),
        "rms_norm_eps": keys.real("attention.layer_norm_rms_epsilon"),
        "max_position_embeddings": keys.whole("context_length"),
        "rope_parameters": {
            "sliding_attention": {"rope_type": "default", "rope_theta": keys.real("rope.freq_base_swa", default=1e4)},
            "full_attention": {
                "rope_type": "proportional",
                "rope_theta": keys.real("rope.freq_base"),
                "partial_rotary_factor": _turning_share(settings.get(ROPE_FACTORS), head_size),
            },
        },
        **_experts(keys),
    }
    keys.refuse_others()
    return {"model_type": "gemma4", "tie_word_embeddings": True, "text_config": text}


def _experts(keys: _Keys) -> dict[str, Any]:
    count = keys.whole("expert_count", default=0)
    used, width = keys.whole("expert_used_count", default=0), keys.whole("expert_feed_forward_length", default=0)
    if not count:
        return {"enable_moe_block": False}
    return {"enable_moe_block": True, "num_experts": count, "top_k_experts": used, "moe_intermediate_size": width}


def _turning_share(factors: Sequence[float] | None, head_size: int) -> float:
    """Share of a full layer's pairs that turn."""
    if factors is None:
        return 1.0
    turning = sum(factor == 1.0 for factor in factors)
    still = [factor >= STANDS_STILL for factor in factors]
    if len(factors) * 2 != head_size or still != [False] * turning + [True] * (len(factors) - turning):
        raise UnsupportedModel(
            f"{ROPE_FACTORS} has {len(factors)} entries, of which {turning} are 1 and {sum(still)} so large that they "
            f"stop a pair; implemented are {head_size // 2} entries, first 1s, then large ones"
        )
    return turning / len(factors)


def _the_one(key: str, values: Sequence[int], default: int) -> int:
    """The value that all have; the default of none at all."""
    if len(set(values)) > 1:
        raise UnsupportedModel(f"gemma4.{key} is {list(values)} for layers of one kind; implemented is one value")
    return values[0] if values else default


class _Keys:
    """Reads keys of the architecture, and remembers which."""

    def __init__(self, metadata: Mapping[str, Any]) -> None:
        self._found = {k.removeprefix("gemma4."): v for k, v in metadata.items() if k.startswith("gemma4.")}
        self._known = set(BOOKKEEPING)

    def _get(self, key: str, default: Any) -> Any:
        self._known.add(key)
        if key not in self._found and default is ...:
            raise BadCheckpoint(f"metadata has no gemma4.{key}", hint="convert the model again")
        return self._found.get(key, default)

    def whole(self, key: str, default: Any = ..., least: int = 0) -> int:
        """A whole number."""
        value = self._get(key, default)
        if isinstance(value, list) and len(set(map(str, value))) == 1:
            value = value[0]
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise BadCheckpoint(f"gemma4.{key} is {value!r}; allowed is a whole number of at least {least}")
        return value

    def real(self, key: str, default: Any = ...) -> float | None:
        """A number, the shortest one that is this float32: 1e-6, not 9.99999997e-07."""
        value = self._get(key, default)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < MOST:
            raise BadCheckpoint(f"gemma4.{key} is {value!r}; allowed is a positive number up to {MOST:g}")
        for digits in range(1, 10):
            short = float(f"{value:.{digits}g}")
            if struct.pack("<f", short) == struct.pack("<f", value):
                return short
        return float(value)

    def per_layer(self, key: str, layers: int, kind: type[int]) -> list[Any]:
        """A value for each layer, told once or for each."""
        value = self._get(key, ...)
        values = value if isinstance(value, list) else [value] * layers
        if len(values) != layers or not all(isinstance(v, kind) and v >= 0 for v in values):
            raise BadCheckpoint(
                f"gemma4.{key} is {str(value)[:80]}; allowed is a {kind.__name__} for each of {layers} layers"
            )
        return values

    def same(self, key: str, only: Any) -> None:
        """A key that may have one value."""
        value = self._get(key, only)
        if value != only:
            raise UnsupportedModel(f"gemma4.{key} is {value!r}; implemented is {only!r}")

    def refuse_others(self) -> None:
        """Keys that nobody asked for may change the maths."""
        for key in sorted(set(self._found) - self._known):
            if not key.startswith(("vision.", "audio.")):
                raise UnsupportedModel(
                    f"metadata has the key gemma4.{key} = {str(self._found[key])[:80]}, which this version does not "
                    "understand",
                    hint="a newer gemstead may know it",
                )
