"""Small random checkpoints of the three text shapes, in files both sides of a comparison can read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from gemstead.checkpoints.save import save_model
from gemstead.models.gemma4.config import read_config
from gemstead.models.gemma4.text import Gemma4Text

SLIDING, FULL = "sliding_attention", "full_attention"
BASE: dict[str, Any] = {
    "model_type": "gemma4_text",
    "hidden_size": 384,
    "intermediate_size": 1024,
    "num_hidden_layers": 10,
    "layer_types": ([SLIDING] * 4 + [FULL]) * 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 1,
    "head_dim": 64,
    "global_head_dim": 128,
    "sliding_window": 128,
    "hidden_size_per_layer_input": 0,
    "final_logit_softcapping": 30.0,
    "hidden_activation": "gelu_pytorch_tanh",
    "max_position_embeddings": 8192,
    "vocab_size": 8192,
    "vocab_size_per_layer_input": 8192,
    "tie_word_embeddings": True,
    "use_bidirectional_attention": None,
    "num_kv_shared_layers": 0,
    "enable_moe_block": False,
    "pad_token_id": 0,
    "bos_token_id": 2,
    "eos_token_id": 1,
}
SHAPES: dict[str, dict[str, Any]] = {
    "E2B-like": {"hidden_size_per_layer_input": 64, "num_kv_shared_layers": 5, "use_double_wide_mlp": True},
    "31B-like": {"attention_k_eq_v": True, "num_key_value_heads": 2, "num_global_key_value_heads": 1},
    "26B-A4B-like": {
        "attention_k_eq_v": True,
        "num_key_value_heads": 2,
        "num_global_key_value_heads": 1,
        "enable_moe_block": True,
        "num_experts": 16,
        "top_k_experts": 4,
        "moe_intermediate_size": 256,
        "intermediate_size": 512,
    },
}


def write_shape(folder: Path, shape: str) -> Path:
    """Write a random float32 checkpoint of one shape; one seed gives one checkpoint."""
    config = {
        "architectures": ["Gemma4ForConditionalGeneration"],
        "model_type": "gemma4",
        "tie_word_embeddings": True,
        "eos_token_id": [1],
        "vision_config": None,
        "audio_config": None,
        "text_config": BASE | SHAPES[shape],
    }
    torch.manual_seed(0)
    model = Gemma4Text(read_config(config)).requires_grad_(False)
    for name, parameter in model.named_parameters():
        if parameter.dim() == 1:
            parameter.copy_(1 + 0.1 * torch.randn(parameter.shape))
        else:
            parameter.normal_(std=parameter.shape[-1] ** -0.5)
        if name == "norm.weight":
            parameter.mul_(4)
    save_model(folder, config, model, dtype=torch.float32)
    return folder
