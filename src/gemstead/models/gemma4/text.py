"""Gemma 4's text decoder: token rows in, logits out. All sizes from one `Gemma4TextConfig`.

Shape legend: T rows (tokens), C hidden size, H query heads, G key/value heads, D head size, V vocabulary,
Y layers, E per-layer embedding width, A experts per row, R rows kept.
Source of the formulas: the Gemma 4 report, arXiv:2607.02770, and the published checkpoints' configurations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

import torch
from torch import Tensor, nn

from gemstead.kernels.ops import REFERENCE, Kernels, Residual
from gemstead.kernels.packed import Weight
from gemstead.models.cache import AttentionMemory, LayerCache
from gemstead.models.gemma4.config import Gemma4TextConfig, Rope
from gemstead.models.layers import Linear, RMSNorm, rotary_tables

PAD_ID = 0


class Attention(nn.Module):
    """Self-attention of one layer; a borrowing layer has queries only."""

    def __init__(self, config: Gemma4TextConfig, layer: int, kernels: Kernels) -> None:
        super().__init__()
        self._layer = layer
        self._eps = config.rms_norm_eps
        self._kernels = kernels
        head_size = config.head_size(layer)
        self.owns_keys = layer < config.first_borrowing_layer
        query_width = config.num_attention_heads * head_size
        self.q_proj = Linear(config.hidden_size, query_width, kernels)
        self.q_norm = RMSNorm(head_size, config.rms_norm_eps, kernels)
        self.o_proj = Linear(query_width, config.hidden_size, kernels)
        self.k_proj: Linear | None = None
        self.v_proj: Linear | None = None
        self.k_norm: RMSNorm | None = None
        if self.owns_keys:
            key_width = config.kv_heads(layer) * head_size
            self.k_proj = Linear(config.hidden_size, key_width, kernels)
            self.k_norm = RMSNorm(head_size, config.rms_norm_eps, kernels)
            if not config.reuses_keys_as_values(layer):
                self.v_proj = Linear(config.hidden_size, key_width, kernels)

    @property
    def projections(self) -> tuple[Weight, ...]:
        """Matrices of queries and, where the layer has them, of keys and of values."""
        return tuple(p.weight for p in (self.q_proj, self.k_proj, self.v_proj) if p is not None)

    def forward(self, projected: tuple[Tensor, ...], rope: tuple[Tensor, Tensor], memory: AttentionMemory) -> Tensor:
        """Products with `projections` -> (T, C). Scale 1; the norms of queries and keys take its place."""
        norms = (self.q_norm.weight, None if self.k_norm is None else self.k_norm.weight)
        heads = self._kernels.heads(projected, norms, rope, self._eps, memory.slots(self._layer))
        return self.o_proj(memory.attend(self._layer, *heads).flatten(1))  # type: ignore[no-any-return]


class MLP(nn.Module):
    """The matrices of `down(gelu(gate x) * up x)`."""

    def __init__(self, hidden_size: int, width: int, kernels: Kernels) -> None:
        super().__init__()
        self.gate_proj = Linear(hidden_size, width, kernels)
        self.up_proj = Linear(hidden_size, width, kernels)
        self.down_proj = Linear(width, hidden_size, kernels)


class Layer(nn.Module):
    """One decoder layer: attention, dense MLP (and experts beside it), per-layer embedding, one scalar."""

    def __init__(self, config: Gemma4TextConfig, layer: int, kernels: Kernels) -> None:
        super().__init__()

        def norm() -> RMSNorm:
            return RMSNorm(config.hidden_size, config.rms_norm_eps, kernels)

        self._kernels = kernels
        self._eps = config.rms_norm_eps
        self.is_sliding = config.layer_kinds[layer] == "sliding"
        self.self_attn = Attention(config, layer, kernels)
        self.mlp = MLP(config.hidden_size, config.mlp_width(layer), kernels)
        self.input_layernorm = norm()
        self.post_attention_layernorm = norm()
        self.pre_feedforward_layernorm = norm()
        self.post_feedforward_layernorm = norm()
        self.layer_scalar = nn.Parameter(torch.empty(1))
        self.moe: MixtureOfExperts | None = None
        if config.num_experts:
            self.moe = MixtureOfExperts(config, kernels)
        self.per_layer_input_gate: Linear | None = None
        if config.hidden_size_per_layer_input:
            self.per_layer_input_gate = Linear(config.hidden_size, config.hidden_size_per_layer_input, kernels)
            self.per_layer_projection = Linear(config.hidden_size_per_layer_input, config.hidden_size, kernels)
            self.post_per_layer_input_norm = norm()

    def forward(
        self,
        stream: Residual,
        per_layer_TE: Tensor | None,
        rope: tuple[Tensor, Tensor],
        memory: AttentionMemory,
    ) -> Residual:
        """The stream (T, C) -> the stream."""
        kernels, eps = self._kernels, self._eps
        x_TC, projected = kernels.project(stream, self.input_layernorm.weight, eps, self.self_attn.projections)
        attended_TC = self.self_attn(projected, rope, memory)
        stream = Residual(x_TC, attended_TC, self.post_attention_layernorm.weight)
        if self.moe is None:
            x_TC, fed_TC = self._dense(stream)
        else:
            x_TC = settled_TC = kernels.settle(stream, eps)
            fed_TC = self.moe(x_TC, lambda: self._dense(Residual(settled_TC))[1])
        stream = Residual(x_TC, fed_TC, self.post_feedforward_layernorm.weight)
        if self.per_layer_input_gate is not None and per_layer_TE is not None:
            x_TC, gated_TE = kernels.gate_onto(stream, eps, self.per_layer_input_gate.weight, per_layer_TE)
            stream = Residual(x_TC, self.per_layer_projection(gated_TE), self.post_per_layer_input_norm.weight)
        return kernels.hand_on(stream._replace(scale=self.layer_scalar), eps)

    def _dense(self, stream: Residual) -> tuple[Tensor, Tensor]:
        """The stream, settled, and what the dense MLP makes of it, both (T, C)."""
        mlp, norm = self.mlp, self.pre_feedforward_layernorm.weight
        x_TC, gated_TI = self._kernels.project_gated(stream, norm, self._eps, mlp.gate_proj.weight, mlp.up_proj.weight)
        return x_TC, mlp.down_proj(gated_TI)


class MixtureOfExperts(nn.Module):
    """The routed experts beside the dense MLP, and the norms that join the two."""

    def __init__(self, config: Gemma4TextConfig, kernels: Kernels) -> None:
        super().__init__()
        width, hidden = config.moe_intermediate_size, config.hidden_size
        self._kernels = kernels
        self._eps = config.rms_norm_eps
        self._top_k = config.top_k_experts
        self._router_scale = hidden**-0.5
        self.router_proj = Linear(hidden, config.num_experts, kernels)
        self.router_scale = nn.Parameter(torch.empty(hidden))
        self.per_expert_scale = nn.Parameter(torch.empty(config.num_experts))
        self.gate_up_proj: Weight = nn.Parameter(torch.empty(config.num_experts, 2 * width, hidden))
        self.down_proj: Weight = nn.Parameter(torch.empty(config.num_experts, hidden, width))
        self.post_dense_norm = RMSNorm(hidden, config.rms_norm_eps, kernels)
        self.pre_experts_norm = RMSNorm(hidden, config.rms_norm_eps, kernels)
        self.post_experts_norm = RMSNorm(hidden, config.rms_norm_eps, kernels)

    def route(self, x_TC: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Choose experts from the stream as it is, not normalised for the MLP.

        Returns:
            Numbers (T, A) int64; weights (T, A) float32; the router's probabilities (T, experts) float32.
        """
        return self._kernels.route(
            x_TC,
            self.router_scale,
            self._router_scale,
            self.router_proj.weight,
            self.per_expert_scale,
            self._top_k,
            self._eps,
        )

    def forward(self, x_TC: Tensor, dense: Callable[[], Tensor]) -> Tensor:
        """The stream, and what computes the dense MLP's output from it, both (T, C) -> (T, C)."""
        dense_TC, (routed_TC, (chosen_TA, weight_TA, _)) = self._kernels.side_by_side(
            dense, lambda: (self.pre_experts_norm(x_TC), self.route(x_TC))
        )
        norms = (self.post_dense_norm.weight, self.post_experts_norm.weight)
        matrices, chosen = (self.gate_up_proj, self.down_proj), (chosen_TA, weight_TA)
        return self._kernels.join_experts(dense_TC, norms[0], routed_TC, matrices, chosen, norms[1], self._eps)


class Gemma4Text(nn.Module):
    """The decoder.

    Args:
        config: Which of the sizes.
        kernels: Twins to use; the reference ones unless told otherwise.
    """

    def __init__(self, config: Gemma4TextConfig, kernels: Kernels = REFERENCE) -> None:
        super().__init__()
        self.config = config
        self._kernels = kernels
        hidden, width = config.hidden_size, config.hidden_size_per_layer_input
        self.embed_tokens: Weight = nn.Parameter(torch.empty(config.vocab_size, hidden))
        self.layers = nn.ModuleList(Layer(config, i, kernels) for i in range(config.num_layers))
        self.norm = RMSNorm(hidden, config.rms_norm_eps, kernels)
        self.embed_tokens_per_layer: Weight | None = None
        if width:
            self.embed_tokens_per_layer = nn.Parameter(torch.empty(config.vocab_size, config.num_layers * width))
            self.per_layer_model_projection = Linear(hidden, config.num_layers * width, kernels)
            self.per_layer_projection_norm = RMSNorm(width, config.rms_norm_eps, kernels)

    def cache_layers(self) -> tuple[LayerCache, ...]:
        """What each layer keeps and reads."""
        return self.config.cache_layers()

    def key_weights(self) -> Mapping[int, Tensor]:
        """Weights of the keys' norms of layers that keep only the entries of a key that turn."""
        weights = {}
        for number in range(self.config.first_borrowing_layer):
            if self.config.key_size(number) < self.config.head_size(number):
                attention = self.layers[number].self_attn
                assert isinstance(attention, Attention) and attention.k_norm is not None
                weights[number] = attention.k_norm.weight
        return weights

    def forward(
        self, ids_T: Tensor, position_T: Tensor, memory: AttentionMemory, rows_R: Tensor | None = None
    ) -> Tensor:
        """Hidden states after the final norm.

        Args:
            ids_T: Token ids, int64.
            position_T: Absolute positions, int64.
            memory: Where keys and values are kept.
            rows_R: Rows whose result is needed, ascending; `None` for all. Layers that write no keys and values
                run for these rows only: exact, since nobody else reads the others.

        Returns:
            (R, C), or (T, C) for all rows.
        """
        x_TC = self.embed(ids_T)
        per_layer_TYE = self.per_layer_inputs(ids_T, x_TC)
        stream = Residual(x_TC)
        ropes = rotary_of_kinds(self.config, position_T)
        first_borrower = self.config.first_borrowing_layer
        for number, layer in enumerate(self.layers):
            if number == first_borrower and rows_R is not None:
                if not rows_R.shape[0]:  # the middle of a prompt: keys and values are all there is to do
                    return x_TC[:0]
                settled_TC = self._kernels.settle(stream, self.config.rms_norm_eps)
                stream, memory = Residual(settled_TC[rows_R]), memory.keep_rows(rows_R)
                per_layer_TYE = None if per_layer_TYE is None else per_layer_TYE[rows_R]
                (cos_sliding, sin_sliding), (cos_full, sin_full) = ropes
                ropes = (cos_sliding[rows_R], sin_sliding[rows_R]), (cos_full[rows_R], sin_full[rows_R])
            per_layer_TE = None if per_layer_TYE is None else per_layer_TYE[:, number]
            stream = layer(stream, per_layer_TE, ropes[not layer.is_sliding], memory)
        x_TC = self._kernels.settle(stream, self.config.rms_norm_eps)
        if rows_R is not None and first_borrower == len(self.layers):
            x_TC = x_TC[rows_R]
        return self.norm(x_TC)  # type: ignore[no-any-return]

    def embed(self, ids_T: Tensor) -> Tensor:
        """Token embeddings times sqrt(C), the factor rounded to the weights' dtype first; (T, C)."""
        factor = torch.tensor(self.config.hidden_size**0.5, dtype=self.embed_tokens.dtype)
        return self._kernels.embedding(ids_T, self.embed_tokens) * factor.item()

    def per_layer_inputs(self, ids_T: Tensor, x_TC: Tensor) -> Tensor | None:
        """What each layer's gate multiplies: a looked-up part and a part computed from the embeddings; (T, Y, E)."""
        if self.embed_tokens_per_layer is None:
            return None
        width = self.config.hidden_size_per_layer_input
        shape = (self.config.num_layers, width)
        # The published order of operations, rounding of the factor included.
        factor = torch.tensor(width**0.5, dtype=self.embed_tokens_per_layer.dtype).item()
        token = self._kernels.embedding(ids_T, self.embed_tokens_per_layer).unflatten(-1, shape) * factor
        context = (self.per_layer_model_projection(x_TC) * self.config.hidden_size**-0.5).unflatten(-1, shape)
        return (self.per_layer_projection_norm(context) + token) * 2**-0.5  # type: ignore[no-any-return]

    def logits(self, hidden_RC: Tensor) -> Tensor:
        """(R, C) -> (R, V), float32, soft-capped. The output matrix is the embedding."""
        return self._kernels.logits(hidden_RC, self.embed_tokens, self.config.final_logit_softcapping)


def rotary_of_kinds(
    config: Gemma4TextConfig, position_T: Tensor
) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """Cosines and sines for sliding layers and for full ones."""
    sliding = inverse_frequencies(config.rope_sliding, config.head_dim, position_T.device)
    full = inverse_frequencies(config.rope_full, config.global_head_dim, position_T.device)
    return rotary_tables(position_T, sliding), rotary_tables(position_T, full)


@cache
@torch.inference_mode(False)  # who asks first may be training next
def inverse_frequencies(rope: Rope, head_size: int, device: torch.device) -> Tensor:
    """Radians per position of each of the D / 2 pairs, float32; pairs that stand still have 0. Computed once.

    The exponent is divided by the whole head size, also when only some pairs turn ("proportional"). Computed in
    float32 as published, since a rounding here is multiplied by the position.
    """
    turning = rope.turning_pairs(head_size)
    exponent = torch.arange(0, 2 * turning, 2, dtype=torch.float32, device=device) / head_size
    frequency = 1.0 / (rope.theta**exponent) / rope.factor
    return nn.functional.pad(frequency, (0, head_size // 2 - turning))
