"""`config.json` in, a checked `Gemma4TextConfig` out. A key that is not understood is an error, not a shrug."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gemstead.core.errors import BadCheckpoint, UnsupportedModel
from gemstead.models.cache import LayerCache, LayerKind

# Keys that say nothing about the text model's maths: book-keeping, training, and what other towers are called.
BOOKKEEPING = frozenset(
    "architectures attention_dropout bos_token_id chunk_size_feed_forward dtype eos_token_id id2label "
    "initializer_range is_encoder_decoder label2id model_type output_attentions output_hidden_states pad_token_id "
    "problem_type return_dict torch_dtype transformers_version use_cache "
    "vocab_size_per_layer_input _name_or_path".split()
)
TOP_LEVEL = BOOKKEEPING | frozenset(
    "audio_config audio_token_id boa_token_id boi_token_id eoa_token_id eoa_token_index eoi_token_id image_token_id "
    "text_config tie_word_embeddings video_token_id vision_config "
    "vision_soft_tokens_per_image".split()
)


@dataclass(frozen=True, kw_only=True)
class Rope:
    """Rotary embedding of one kind of layer.

    Args:
        theta: Base of the frequencies.
        rotated_share: Share of each head's pairs that turn; the rest stand still.
        factor: Divides the frequencies.
    """

    theta: float
    rotated_share: float = 1.0
    factor: float = 1.0

    def turning_pairs(self, head_size: int) -> int:
        """How many of the head_size / 2 pairs turn; they are the first ones of each half."""
        return int(self.rotated_share * head_size // 2)


@dataclass(frozen=True, kw_only=True)
class Gemma4TextConfig:
    """The text decoder of one Gemma 4 size. Names follow `config.json`; see the model cards for values.

    Args:
        hidden_size: Width of the residual stream.
        intermediate_size: Inner width of the dense MLP.
        num_attention_heads: Query heads of every layer.
        num_key_value_heads: Key/value heads of sliding layers, and of full ones unless `attention_k_eq_v`.
        num_global_key_value_heads: Key/value heads of full layers when `attention_k_eq_v`.
        head_dim: Head size of sliding layers.
        global_head_dim: Head size of full layers.
        layer_kinds: "sliding" or "full", one per layer.
        sliding_window: Keys a sliding layer sees, the query's own included.
        num_kv_shared_layers: The last so many layers borrow keys and values; a drafter's all do, from another model.
        use_double_wide_mlp: Borrowing layers have an MLP twice as wide.
        attention_k_eq_v: Full layers have no value projection; values come from the key projection.
        hidden_size_per_layer_input: Width of the per-layer embeddings; 0 for none.
        num_experts: Experts beside the dense MLP; 0 for none.
        top_k_experts: Experts per token.
        moe_intermediate_size: Inner width of an expert.
        final_logit_softcapping: Logits are squashed to plus or minus this; `None` leaves them.
        rope_sliding: Rotary embedding of sliding layers.
        rope_full: Rotary embedding of full layers.
        vocab_size: Rows of the embedding.
        max_position_embeddings: Longest context, in tokens.
        rms_norm_eps: Added to the mean square in every norm.
    """

    hidden_size: int = 2304
    intermediate_size: int = 9216
    num_attention_heads: int = 8
    num_key_value_heads: int = 4
    num_global_key_value_heads: int | None = None
    head_dim: int = 256
    global_head_dim: int = 512
    layer_kinds: tuple[LayerKind, ...]
    sliding_window: int = 512
    num_kv_shared_layers: int = 0
    use_double_wide_mlp: bool = False
    attention_k_eq_v: bool = False
    hidden_size_per_layer_input: int = 0
    num_experts: int = 0
    top_k_experts: int = 0
    moe_intermediate_size: int = 0
    final_logit_softcapping: float | None = None
    rope_sliding: Rope = Rope(theta=10_000.0)
    rope_full: Rope = Rope(theta=1_000_000.0, rotated_share=0.25)
    vocab_size: int = 262_144
    max_position_embeddings: int = 131_072
    rms_norm_eps: float = 1e-6

    def __post_init__(self) -> None:
        for name in ("hidden_size", "intermediate_size", "num_attention_heads", "num_key_value_heads", "head_dim",
                     "global_head_dim", "sliding_window", "vocab_size", "max_position_embeddings"):  # fmt: skip
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise BadCheckpoint(f"config.json: {name} is {value!r}; allowed is a whole number of at least 1")
        if not 0 <= self.num_kv_shared_layers <= self.num_layers:
            raise BadCheckpoint(
                f"config.json: num_kv_shared_layers is {self.num_kv_shared_layers}; "
                f"allowed is 0 to {self.num_layers} with {self.num_layers} layers"
            )
        if self.num_experts and not 1 <= self.top_k_experts <= self.num_experts:
            raise BadCheckpoint(
                f"config.json: top_k_experts is {self.top_k_experts}; allowed is 1 to {self.num_experts}"
            )
        for layer in range(self.num_layers):
            if self.num_attention_heads % self.kv_heads(layer):
                raise BadCheckpoint(
                    f"config.json: {self.num_attention_heads} query heads cannot share "
                    f"{self.kv_heads(layer)} key/value heads evenly (layer {layer})"
                )
            if self.first_borrowing_layer:
                self.source(layer)

    @property
    def num_layers(self) -> int:
        """Decoder layers."""
        return len(self.layer_kinds)

    @property
    def first_borrowing_layer(self) -> int:
        """Number of the first layer without keys and values of its own; `num_layers` if all have some."""
        return self.num_layers - self.num_kv_shared_layers

    def head_size(self, layer: int) -> int:
        """Size of one head of a layer."""
        return self.head_dim if self.layer_kinds[layer] == "sliding" else self.global_head_dim

    def reuses_keys_as_values(self, layer: int) -> bool:
        """Whether the layer has no value projection."""
        return self.attention_k_eq_v and self.layer_kinds[layer] == "full"

    def kv_heads(self, layer: int) -> int:
        """Key/value heads of a layer."""
        if self.reuses_keys_as_values(layer) and self.num_global_key_value_heads is not None:
            return self.num_global_key_value_heads
        return self.num_key_value_heads

    def key_size(self, layer: int) -> int:
        """Entries of a key that a layer's value does not give: of keys that serve as values too, those that turn."""
        if not self.reuses_keys_as_values(layer):
            return self.head_size(layer)
        return 2 * self.rope_full.turning_pairs(self.head_size(layer)) or self.head_size(layer)

    def source(self, layer: int) -> int:
        """The layer whose keys and values a layer reads: itself, or the last owner of the same kind."""
        if layer < self.first_borrowing_layer:
            return layer
        kind = self.layer_kinds[layer]
        owners = [i for i in range(self.first_borrowing_layer) if self.layer_kinds[i] == kind]
        if not owners:
            raise BadCheckpoint(f"config.json: layer {layer} borrows keys and values, but no {kind} layer owns any")
        return owners[-1]

    def mlp_width(self, layer: int) -> int:
        """Inner width of a layer's dense MLP."""
        doubles = self.use_double_wide_mlp and layer >= self.first_borrowing_layer
        return self.intermediate_size * (2 if doubles else 1)

    def cache_layers(self) -> tuple[LayerCache, ...]:
        """What each layer keeps and reads."""
        return tuple(
            LayerCache(
                kind=kind,
                window=self.sliding_window if kind == "sliding" else None,
                num_kv_heads=self.kv_heads(layer),
                head_size=self.head_size(layer),
                source=self.source(layer),
                key_size=self.key_size(layer),
            )
            for layer, kind in enumerate(self.layer_kinds)
        )


# Key -> the only value that leaves the maths as it is implemented here.
FIXED: Mapping[str, tuple[Any, ...]] = {
    "attention_bias": (False, None),
    "hidden_activation": ("gelu_pytorch_tanh", None),
    "tie_word_embeddings": (True, None),
    "expert_intermediate_size": (None,),
    # Applies to image and video tokens only, which the text model never sees.
    "use_bidirectional_attention": (None, "vision"),
}
COPIED = frozenset(
    "hidden_size intermediate_size num_attention_heads num_key_value_heads num_global_key_value_heads head_dim "
    "global_head_dim sliding_window num_kv_shared_layers use_double_wide_mlp attention_k_eq_v "
    "final_logit_softcapping vocab_size max_position_embeddings rms_norm_eps".split()
)
COMPUTED = frozenset(
    "layer_types num_hidden_layers hidden_size_per_layer_input enable_moe_block num_experts top_k_experts "
    "moe_intermediate_size rope_parameters".split()
)
NULLABLE = frozenset({"num_global_key_value_heads", "final_logit_softcapping"})


def read_config(config: Mapping[str, Any], *, is_drafter: bool = False) -> Gemma4TextConfig:
    """Read the text part of a published configuration.

    Args:
        config: The whole `config.json` of a `gemma4` or `gemma4_unified` checkpoint, or only its text part.
        is_drafter: Whether all layers may borrow keys and values.

    Returns:
        The checked configuration.

    Raises:
        UnsupportedModel: A key is unknown, or has a value whose maths is not implemented.
        BadCheckpoint: A value is impossible.
    """
    text = config.get("text_config")
    if text is None:
        text = config
    else:
        _refuse_unknown(config, TOP_LEVEL, "config.json")
        if config.get("tie_word_embeddings") not in (True, None):
            raise UnsupportedModel("config.json: tie_word_embeddings is false; only a tied output head is implemented")
    is_unified = "unified" in str(text.get("model_type", ""))
    _refuse_unknown(text, BOOKKEEPING | COPIED | COMPUTED | set(FIXED), "config.json: text_config")
    for key, allowed in FIXED.items():
        if key in text and text[key] not in allowed:
            raise UnsupportedModel(
                f"config.json: {key} is {text[key]!r}; implemented is {' or '.join(map(repr, allowed))}"
            )
    values: dict[str, Any] = {k: text[k] for k in COPIED if k in text and (text[k] is not None or k in NULLABLE)}
    if is_unified:
        values.setdefault("sliding_window", 1024)
    if text.get("enable_moe_block"):
        for key in ("num_experts", "top_k_experts", "moe_intermediate_size"):
            if not isinstance(text.get(key), int):
                raise BadCheckpoint(f"config.json: enable_moe_block is true, but {key} is {text.get(key)!r}")
            values[key] = text[key]
    per_layer = text.get("hidden_size_per_layer_input", 0 if is_unified else 256)
    values.update(_read_ropes(text.get("rope_parameters")))
    read = Gemma4TextConfig(layer_kinds=_read_layer_kinds(text), hidden_size_per_layer_input=per_layer or 0, **values)
    if not read.first_borrowing_layer and not is_drafter:
        raise BadCheckpoint(
            f"config.json: num_kv_shared_layers is {read.num_kv_shared_layers}, so that no layer owns keys and values; "
            f"allowed is 0 to {read.num_layers - 1} with {read.num_layers} layers"
        )
    return read


@dataclass(frozen=True, kw_only=True)
class AssistantConfig:
    """A drafter. Names follow `config.json`.

    Args:
        text: Its decoder, whose layers all borrow keys and values from the target.
        backbone_hidden_size: Width of the target's residual stream.
        use_ordered_embeddings: Whether only the tokens of the likeliest centroids are scored.
        num_centroids: Centroids; each stands for the same number of tokens.
        centroid_intermediate_top_k: Centroids looked into.
    """

    text: Gemma4TextConfig
    backbone_hidden_size: int
    use_ordered_embeddings: bool = False
    num_centroids: int = 2048
    centroid_intermediate_top_k: int = 32

    def __post_init__(self) -> None:
        for name in ("backbone_hidden_size", "num_centroids", "centroid_intermediate_top_k"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise BadCheckpoint(f"config.json: {name} is {value!r}; allowed is a whole number of at least 1")
        if self.text.first_borrowing_layer:
            raise BadCheckpoint(
                f"config.json: num_kv_shared_layers is {self.text.num_kv_shared_layers}; "
                f"all {self.text.num_layers} layers of a drafter borrow their keys and values"
            )
        if self.use_ordered_embeddings and self.text.vocab_size % self.num_centroids:
            raise BadCheckpoint(
                f"config.json: {self.text.vocab_size} tokens cannot be shared evenly by {self.num_centroids} centroids"
            )
        if self.use_ordered_embeddings and self.centroid_intermediate_top_k > self.num_centroids:
            raise BadCheckpoint(
                f"config.json: centroid_intermediate_top_k is {self.centroid_intermediate_top_k}; "
                f"allowed is 1 to {self.num_centroids}"
            )

    def borrowed_layers(self, target: Gemma4TextConfig) -> tuple[LayerCache, ...]:
        """Where each layer finds its keys and values: in the target's last layer of its kind that owns some.

        A sliding layer sees the window + 1 keys before its position, as the published implementation has it; its own
        position counts towards the window here but holds no key yet, hence window + 2.

        Raises:
            BadCheckpoint: The drafter was made for another target.
        """
        for what, own, theirs in (
            ("backbone_hidden_size", self.backbone_hidden_size, target.hidden_size),
            ("vocab_size", self.text.vocab_size, target.vocab_size),
        ):
            if own != theirs:
                raise BadCheckpoint(
                    f"the drafter's {what} is {own}, its target has {theirs}",
                    hint="take the drafter of this very model",
                )
        owners = [layer for layer in range(target.num_layers) if target.source(layer) == layer]
        borrowed = []
        for layer, kind in enumerate(self.text.layer_kinds):
            source = max((owner for owner in owners if target.layer_kinds[owner] == kind), default=None)
            if source is None:
                raise BadCheckpoint(f"the drafter's layer {layer} borrows {kind} keys and values; its target has none")
            heads, size = target.kv_heads(source), target.head_size(source)
            if size != self.text.head_size(layer) or self.text.num_attention_heads % heads:
                raise BadCheckpoint(
                    f"the drafter's layer {layer} has {self.text.num_attention_heads} heads of "
                    f"{self.text.head_size(layer)}, its target's layer {source} {heads} key/value heads of {size}",
                    hint="take the drafter of this very model",
                )
            key_size = target.key_size(source)
            if key_size != size and self.text.rope_full.turning_pairs(size) * 2 != key_size:
                raise BadCheckpoint(
                    f"the drafter's layer {layer} turns {self.text.rope_full.turning_pairs(size)} pairs of a head, "
                    f"its target's layer {source} {key_size // 2}",
                    hint="take the drafter of this very model",
                )
            borrowed.append(
                LayerCache(
                    kind=kind,
                    window=self.text.sliding_window + 2 if kind == "sliding" else None,
                    num_kv_heads=heads,
                    head_size=size,
                    source=source,
                    key_size=key_size,
                )
            )
        return tuple(borrowed)


ASSISTANT_TOP_LEVEL = TOP_LEVEL | frozenset(
    "backbone_hidden_size use_ordered_embeddings num_centroids centroid_intermediate_top_k".split()
)


def read_assistant_config(config: Mapping[str, Any]) -> AssistantConfig:
    """Read a drafter's published configuration.

    Args:
        config: The whole `config.json` of a `gemma4_assistant` or `gemma4_unified_assistant` checkpoint.

    Raises:
        UnsupportedModel: A key is unknown, or has a value whose maths is not implemented.
        BadCheckpoint: A value is impossible.
    """
    _refuse_unknown(config, ASSISTANT_TOP_LEVEL, "config.json")
    text = config.get("text_config")
    if not isinstance(text, Mapping):
        raise BadCheckpoint(f"config.json: text_config is {text!r}; a drafter's has an object there")
    if config.get("tie_word_embeddings") not in (True, None):
        raise UnsupportedModel("config.json: tie_word_embeddings is false; only a tied output head is implemented")
    is_ordered = bool(config.get("use_ordered_embeddings"))
    ordered = ("num_centroids", "centroid_intermediate_top_k") if is_ordered else ()
    return AssistantConfig(
        text=read_config(text, is_drafter=True),
        backbone_hidden_size=config.get("backbone_hidden_size", 1536),
        use_ordered_embeddings=is_ordered,
        **{key: config[key] for key in ordered if key in config},
    )


def _read_layer_kinds(text: Mapping[str, Any]) -> tuple[LayerKind, ...]:
    names: dict[str, LayerKind] = {"sliding_attention": "sliding", "full_attention": "full"}
    count = text.get("num_hidden_layers", 30)
    types = text.get("layer_types")
    if types is None:
        types = ["sliding_attention" if (i + 1) % 6 else "full_attention" for i in range(count)]
    if not types or len(types) != count:
        raise BadCheckpoint(
            f"config.json: layer_types has {len(types)} entries, num_hidden_layers is {count}; they must agree"
        )
    unknown = [t for t in types if t not in names]
    if unknown:
        raise UnsupportedModel(f"config.json: layer_types holds {unknown[0]!r}; implemented are {', '.join(names)}")
    # A last layer that is not full is treated as full by the published implementation.
    return (*(names[t] for t in types[:-1]), "full")


def _read_ropes(parameters: Mapping[str, Any] | None) -> dict[str, Rope]:
    if parameters is None:
        return {}
    _refuse_unknown(parameters, {"sliding_attention", "full_attention"}, "config.json: rope_parameters")
    ropes = {}
    for key, field in (("sliding_attention", "rope_sliding"), ("full_attention", "rope_full")):
        if key not in parameters:
            continue
        rope = dict(parameters[key])
        where = f"config.json: rope_parameters.{key}"
        _refuse_unknown(rope, {"rope_type", "rope_theta", "partial_rotary_factor", "factor"}, where)
        kind = rope.get("rope_type", "default")
        if kind not in ("default", "proportional"):
            raise UnsupportedModel(f"{where}.rope_type is {kind!r}; implemented are 'default' and 'proportional'")
        if kind == "default" and rope.get("partial_rotary_factor", 1.0) != 1.0:
            raise UnsupportedModel(f"{where}: partial_rotary_factor needs rope_type 'proportional', found 'default'")
        if "rope_theta" not in rope:
            raise BadCheckpoint(f"{where} has no rope_theta")
        ropes[field] = Rope(
            theta=float(rope["rope_theta"]),
            rotated_share=float(rope.get("partial_rotary_factor", 1.0)),
            factor=float(rope.get("factor", 1.0)),
        )
    return ropes


def _refuse_unknown(found: Mapping[str, Any], known: frozenset[str] | set[str], where: str) -> None:
    for key in found:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            raise UnsupportedModel(
                f"{where} has the key {key!r} = {found[key]!r}, which this version does not understand",
                hint=f"did the file mean {near[0]!r}?" if near else "a newer gemstead may know it",
            )
