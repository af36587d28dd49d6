"""Small random models of every text shape, made here, and an engine around them."""

from __future__ import annotations

from typing import Any, TypeVar

import torch
from torch import nn

from gemstead.core.requests import Sampling
from gemstead.engine.config import EngineConfig
from gemstead.engine.engine import Engine
from gemstead.engine.sequence import Progress
from gemstead.engine.speculative import Speculation
from gemstead.kernels.ops import REFERENCE, Kernels
from gemstead.models.gemma4.assistant import Gemma4Assistant
from gemstead.models.gemma4.config import AssistantConfig, Gemma4TextConfig
from gemstead.models.gemma4.text import Gemma4Text

VOCABULARY = 97
Model = TypeVar("Model", bound=nn.Module)
SHAPES: dict[str, dict[str, Any]] = {
    "per_layer_embeddings": {
        "layer_kinds": ("sliding", "sliding", "full", "sliding", "full"),
        "num_kv_shared_layers": 2,
        "use_double_wide_mlp": True,
        "num_key_value_heads": 1,
        "hidden_size_per_layer_input": 6,
    },
    "keys_as_values": {
        "layer_kinds": ("sliding", "sliding", "full"),
        "attention_k_eq_v": True,
        "num_key_value_heads": 2,
        "num_global_key_value_heads": 1,
    },
    "mixture_of_experts": {
        "layer_kinds": ("sliding", "sliding", "full"),
        "attention_k_eq_v": True,
        "num_key_value_heads": 2,
        "num_global_key_value_heads": 1,
        "num_experts": 6,
        "top_k_experts": 2,
        "moe_intermediate_size": 12,
    },
}


def tiny_config(shape: str) -> Gemma4TextConfig:
    """One of the shapes with small numbers everywhere."""
    return Gemma4TextConfig(
        hidden_size=24,
        intermediate_size=40,
        num_attention_heads=4,
        head_dim=8,
        global_head_dim=16,
        sliding_window=8,
        final_logit_softcapping=30.0,
        vocab_size=VOCABULARY,
        max_position_embeddings=512,
        **SHAPES[shape],
    )


def tiny_model(shape: str, kernels: Kernels = REFERENCE, seed: int = 0) -> Gemma4Text:
    """A random model whose logits are far enough apart for greedy decoding to be meaningful."""
    model = Gemma4Text(tiny_config(shape), kernels)
    return randomised(model, seed=seed, spread=0.2, final_scale=6)


def randomised(model: Model, *, seed: int, spread: float, final_scale: float) -> Model:
    """Random weights: vectors around 1, matrices scaled by their width, the final norm enlarged."""
    torch.manual_seed(seed)
    model.eval().requires_grad_(False)
    for name, parameter in model.named_parameters():
        if parameter.dim() == 1:
            parameter.copy_(1 + spread * torch.randn(parameter.shape))
        else:
            parameter.normal_(std=parameter.shape[-1] ** -0.5)
        if name == "norm.weight":
            parameter.mul_(final_scale)
    return model


def tiny_assistant(shape: str, seed: int = 0) -> Gemma4Assistant:
    """A random drafter for one of the shapes; it guesses no better than chance."""
    target = tiny_config(shape)
    text = Gemma4TextConfig(
        hidden_size=16,
        intermediate_size=24,
        num_attention_heads=4,
        head_dim=target.head_dim,
        global_head_dim=target.global_head_dim,
        layer_kinds=("sliding", "full"),
        num_kv_shared_layers=2,
        num_key_value_heads=target.num_key_value_heads,
        sliding_window=target.sliding_window,
        vocab_size=target.vocab_size,
    )
    return randomised(
        Gemma4Assistant(AssistantConfig(text=text, backbone_hidden_size=target.hidden_size)),
        seed=seed,
        spread=0.2,
        final_scale=3,
    )


class Harness:
    """An engine with a record of everything it delivered."""

    def __init__(
        self,
        model: Gemma4Text,
        kernels: Kernels = REFERENCE,
        speculation: Speculation | None = None,
        device: torch.device | None = None,
        **settings: Any,
    ) -> None:
        values: dict[str, Any] = {
            "context_tokens": 256,
            "max_sequences": 8,
            "step_tokens": 32,
            "page_tokens": 4,
            "cache_tokens": 2048,
        } | settings
        self.engine = Engine(
            model,
            EngineConfig(**values),
            kernels,
            vocab_size=model.config.vocab_size,
            device=device,
            speculation=speculation,
        )
        self.news: list[list[Progress]] = []

    def submit(self, ids: list[int], max_tokens: int = 8, seed: int | None = None, **sampling: Any) -> Any:
        """Queue a sequence; its news go to `self.news[number]`."""
        own: list[Progress] = []
        self.news.append(own)
        return self.engine.submit(
            tuple(ids), max_tokens=max_tokens, sampling=Sampling(**sampling), deliver=own.append, seed=seed
        )

    def run(self) -> list[list[int]]:
        """Step until nothing is left; every sequence's tokens."""
        while self.engine.has_work:
            self.engine.step()
        return self.tokens()

    def tokens(self) -> list[list[int]]:
        """Tokens delivered so far."""
        return [[p.token_id for p in own if p.token_id is not None] for own in self.news]


def greedy_by_hand(model: Gemma4Text, ids: list[int], count: int) -> list[int]:
    """The plain loop: the whole sequence through the model for every token."""
    from gemstead.models.cache import DenseMemory

    ids = list(ids)
    start = len(ids)
    for _ in range(count):
        memory = DenseMemory(model.cache_layers(), 1)
        hidden = model(torch.tensor(ids), torch.arange(len(ids)), memory)
        ids.append(int(model.logits(hidden[-1:]).argmax()))
    return ids[start:]
