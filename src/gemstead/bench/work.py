"""What a step has to move and to compute at least: the floor below which no implementation comes.

Bytes are those of weights and of keys and values, each read once a step. Operations are those of matrix products, two
for each weight and row, and of attention. What is read in rows (token tables) and elementwise work is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from gemstead.models.gemma4.config import Gemma4TextConfig
from gemstead.quant.convert import num_bytes

TOKEN_TABLES = ("embed_tokens_per_layer",)


@dataclass(frozen=True, kw_only=True)
class Work:
    """Of one model, as it is stored.

    Args:
        config: Its sizes.
        dense_bytes: Weights that every step reads.
        expert_bytes: Weights of all experts.
        cache_element_bytes: Of a number in the cache.
    """

    config: Gemma4TextConfig
    dense_bytes: int
    expert_bytes: int
    cache_element_bytes: int

    def decode_bytes(self, batch: int, context: int) -> float:
        """Bytes one decoding step reads with so many sequences of so many tokens."""
        return self.dense_bytes + self.expert_bytes * self.share_of_experts(batch) + batch * self._cache_bytes(context)

    def share_of_experts(self, rows: int) -> float:
        """Experts that so many rows choose between them, of all, if each chooses at random."""
        config = self.config
        if not config.num_experts:
            return 0.0
        return 1 - (1 - config.top_k_experts / config.num_experts) ** rows

    def prefill_flop(self, tokens: int) -> float:
        """Operations to read a prompt; layers that borrow keys and values run for its last token alone."""
        config = self.config
        total = 2.0 * config.hidden_size * config.vocab_size  # the head, for one row
        if config.hidden_size_per_layer_input:
            total += 2.0 * tokens * config.hidden_size * config.num_layers * config.hidden_size_per_layer_input
        for layer, kind in enumerate(config.layer_kinds):
            rows = tokens if layer < config.first_borrowing_layer else 1
            total += 2.0 * rows * self._weights_of_layer(layer)
            window = config.sliding_window if kind == "sliding" else tokens
            seen = _pairs(tokens, window) if rows == tokens else min(tokens, window)
            total += 4.0 * seen * config.num_attention_heads * config.head_size(layer)
        return total

    def _weights_of_layer(self, layer: int) -> int:
        """Weights that one row meets in a layer."""
        config = self.config
        hidden, head = config.hidden_size, config.head_size(layer)
        queries = config.num_attention_heads * head
        weights = 2 * hidden * queries + 3 * hidden * config.mlp_width(layer)
        if layer < config.first_borrowing_layer:
            matrices = 1 if config.reuses_keys_as_values(layer) else 2
            weights += matrices * hidden * config.kv_heads(layer) * head
        if config.num_experts:
            weights += hidden * config.num_experts + config.top_k_experts * 3 * hidden * config.moe_intermediate_size
        return weights + 2 * hidden * config.hidden_size_per_layer_input

    def _cache_bytes(self, context: int) -> int:
        """Of keys and values that one row reads in all layers, borrowed ones included."""
        total = 0
        for layer in self.config.cache_layers():
            keys = context if layer.window is None else min(context, layer.window)
            total += 2 * keys * layer.num_kv_heads * layer.head_size * self.cache_element_bytes
        return total


def work_of(model: nn.Module, config: Gemma4TextConfig, cache_element_bytes: int) -> Work:
    """Count a model's bytes as they are stored."""
    experts = tables = 0
    for name, module in model.named_modules():
        own = {leaf: getattr(module, leaf) for leaf in ("gate_up_proj", "down_proj") if name.endswith("moe")}
        own |= {leaf: getattr(module, leaf) for leaf in TOKEN_TABLES if getattr(module, leaf, None) is not None}
        for leaf, weight in own.items():
            size = num_bytes(weight) if isinstance(weight, nn.Module) else weight.nbytes
            experts += size if leaf not in TOKEN_TABLES else 0
            tables += size if leaf in TOKEN_TABLES else 0
    return Work(
        config=config,
        dense_bytes=num_bytes(model) - experts - tables,
        expert_bytes=experts,
        cache_element_bytes=cache_element_bytes,
    )


def _pairs(tokens: int, window: int) -> float:
    """Pairs of a query and a key it sees."""
    if tokens <= window:
        return tokens * (tokens + 1) / 2
    return window * (window + 1) / 2 + (tokens - window) * window
