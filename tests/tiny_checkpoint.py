"""A whole small checkpoint on disk, made here: weights, configuration, tokenizer, template."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch

from gemstead.chat.template import GEMMA4
from gemstead.checkpoints.save import save_model
from gemstead.models.families import ASSISTANTS
from gemstead.models.gemma4.assistant import Gemma4Assistant
from gemstead.models.gemma4.config import read_assistant_config, read_config
from gemstead.models.gemma4.text import Gemma4Text
from tests.tiny_models import randomised
from tests.tiny_tokenizer import write_tiny_tokenizer

CONFIG: dict[str, Any] = {
    "model_type": "gemma4",
    "architectures": ["Gemma4ForConditionalGeneration"],
    "tie_word_embeddings": True,
    "eos_token_id": [1, 15],
    "text_config": {
        "model_type": "gemma4_text",
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 3,
        "layer_types": ["sliding_attention", "sliding_attention", "full_attention"],
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "num_global_key_value_heads": 1,
        "attention_k_eq_v": True,
        "head_dim": 8,
        "global_head_dim": 16,
        "sliding_window": 16,
        "hidden_size_per_layer_input": 0,
        "enable_moe_block": True,
        "num_experts": 4,
        "top_k_experts": 2,
        "moe_intermediate_size": 16,
        "final_logit_softcapping": 30.0,
        "hidden_activation": "gelu_pytorch_tanh",
        "rms_norm_eps": 1e-6,
        "max_position_embeddings": 2048,
        "vocab_size": 384,
    },
}

SHARED_WITH_DRAFTER = (
    "num_attention_heads num_key_value_heads num_global_key_value_heads attention_k_eq_v head_dim global_head_dim "
    "sliding_window max_position_embeddings vocab_size"
).split()


def write_tiny_checkpoint(folder: Path, dtype: torch.dtype = torch.bfloat16, seed: int = 0) -> Path:
    """Write a random model that speaks nonsense reproducibly, and return its folder."""
    model = randomised(Gemma4Text(read_config(CONFIG)), seed=seed, spread=0.1, final_scale=5)
    save_model(folder, CONFIG, model, dtype=dtype)
    write_tiny_tokenizer(folder)
    (folder / "chat_template.jinja").write_text(GEMMA4.read_text())
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": [1, 15]}))
    return folder


def write_tiny_assistant(folder: Path, seed: int = 0, depth: int = 3) -> Path:
    """Write a random drafter for that model, which guesses no better than chance, and return its folder."""
    text = {key: CONFIG["text_config"][key] for key in SHARED_WITH_DRAFTER}
    config = {
        "model_type": "gemma4_assistant",
        "backbone_hidden_size": CONFIG["text_config"]["hidden_size"],
        "text_config": text
        | {
            "hidden_size": 16,
            "intermediate_size": 16,
            "num_hidden_layers": 2,
            "num_kv_shared_layers": 2,
            "layer_types": ["sliding_attention", "full_attention"],
            "hidden_size_per_layer_input": 0,
        },
    }
    assistant = randomised(Gemma4Assistant(read_assistant_config(config)), seed=seed, spread=0.1, final_scale=3)
    save_model(folder, config, assistant, dtype=torch.bfloat16, table=ASSISTANTS)
    (folder / "generation_config.json").write_text(json.dumps({"num_assistant_tokens": depth}))
    return folder
