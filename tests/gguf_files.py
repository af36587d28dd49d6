"""GGUFs of published checkpoints, written by the `gguf` package: its names, its keys, its quantisers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from safetensors.torch import load_file, save_file

ARCHITECTURE = gguf.MODEL_ARCH.GEMMA4
PREFIX = "model.language_model."
SHOWN = ("<|channel>", "<channel|>", "<|tool_call>", "<tool_call|>", "<|tool_response>", "<tool_response|>", '<|"|>')
BYTE = re.compile("<0x[0-9A-F]{2}>")
K_FORMATS = ("Q4_K", "Q5_K", "Q6_K")
Formats = Callable[[str, tuple[int, ...]], str]


def all_in(name: str) -> Formats:
    """Matrices in one format, as converters do; norms, scales and the router in F32."""
    return lambda tensor, shape: name if len(shape) > 1 and "router" not in tensor else "F32"


def blocks_of(values: np.ndarray, name: str, seed: int = 0) -> np.ndarray:
    """Bytes in a format. For K-quants, whose quantisers the package lacks, they stand for other values of that size."""
    kind = gguf.GGMLQuantizationType[name]
    if name not in K_FORMATS:
        quantised: np.ndarray = gguf.quants.quantize(values.astype(np.float32), kind)
        return quantised
    elements, num_bytes = gguf.GGML_QUANT_SIZES[kind]
    random = np.random.default_rng(seed)
    rows = random.integers(0, 256, (*values.shape[:-1], values.shape[-1] // elements, num_bytes), dtype=np.uint8)
    steps = {"Q6_K": [208], "Q4_K": [0, 2], "Q5_K": [0, 2]}[name]  # places of float16 scales
    for place in steps:
        scale = np.full((*rows.shape[:-1], 1), values.std() / (2000 if name == "Q6_K" else 300), np.float16)
        rows[..., place : place + 2] = scale.view(np.uint8).reshape(*rows.shape[:-1], 2)
    return rows.reshape(*values.shape[:-1], -1)


def write_gguf(
    folder: Path,
    file: Path,
    formats: Formats,
    *,
    splits_gate_and_up: bool = False,
    leaves_out: str | None = None,
    with_tokenizer: bool = True,
    with_whole_tokenizer: bool = False,
    extra: Callable[[gguf.GGUFWriter], None] | None = None,
    twin: Path | None = None,
) -> Path:
    """Write what llama.cpp's converter would.

    Args:
        folder: A published checkpoint's, of Gemma 4.
        file: The GGUF.
        formats: Published name and shape -> format.
        splits_gate_and_up: Two tensors of experts instead of one.
        leaves_out: A published tensor that is not written.
        with_tokenizer: Whether tokenizer and template go in.
        with_whole_tokenizer: Whether `tokenizer.json` goes in as it is, too.
        extra: Adds more to the file.
        twin: Where to write a checkpoint of safetensors with the very same numbers, in float32.
    """
    config = json.loads((folder / "config.json").read_text())
    text = config["text_config"]
    writer = gguf.GGUFWriter(file, gguf.MODEL_ARCH_NAMES[ARCHITECTURE])
    add_settings(writer, text)
    if with_tokenizer:
        add_tokenizer(writer, json.loads((folder / "tokenizer.json").read_text()))
        writer.add_chat_template((folder / "chat_template.jinja").read_text())
    if with_whole_tokenizer:
        writer.add_string("tokenizer.huggingface.json", (folder / "tokenizer.json").read_text())
    names = gguf.get_tensor_name_map(ARCHITECTURE, text["num_hidden_layers"])
    same = {}
    for name, tensor in load_file(folder / "model.safetensors").items():
        if not name.startswith(PREFIX) or name == leaves_out:
            continue
        values = tensor.float().numpy()
        kind = formats(name, values.shape)
        pieces = {gguf_name(name, names): values}
        if splits_gate_and_up and name.endswith("experts.gate_up_proj"):
            layer = name.split(".")[3]
            gate, up = np.split(values, 2, axis=1)
            pieces = {f"blk.{layer}.ffn_gate_exps.weight": gate, f"blk.{layer}.ffn_up_exps.weight": up}
        kept = []
        for piece, part in pieces.items():
            raw = blocks_of(part, kind)
            writer.add_tensor(piece, raw, raw_dtype=gguf.GGMLQuantizationType[kind])
            kept.append(gguf.quants.dequantize(raw, gguf.GGMLQuantizationType[kind]))
        same[name] = torch.from_numpy(np.concatenate(kept, axis=-2) if len(kept) > 1 else kept[0])
    writer.add_tensor("rope_freqs.weight", rope_factors(text))
    if extra is not None:
        extra(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    if twin is not None:
        twin.mkdir()
        save_file({n: t.clone() for n, t in same.items()}, twin / "model.safetensors")
        (twin / "config.json").write_text(json.dumps(config))
    return file


def add_settings(writer: gguf.GGUFWriter, text: dict[str, Any]) -> None:
    """Metadata of the text model."""
    layers, shared = text["num_hidden_layers"], text.get("num_kv_shared_layers", 0)
    slides = [kind == "sliding_attention" for kind in text["layer_types"]]
    ropes = text.get("rope_parameters") or {
        "sliding_attention": {"rope_theta": 1e4},
        "full_attention": {"rope_theta": 1e6},
    }
    writer.add_block_count(layers)
    writer.add_context_length(text["max_position_embeddings"])
    writer.add_embedding_length(text["hidden_size"])
    width = text["intermediate_size"]
    doubles = text.get("use_double_wide_mlp", False)
    writer.add_feed_forward_length([width * (1 + (i >= layers - shared)) for i in range(layers)] if doubles else width)
    writer.add_head_count(text["num_attention_heads"])
    of_full = text.get("num_global_key_value_heads")
    of_sliding = text["num_key_value_heads"]
    writer.add_head_count_kv(of_sliding if of_full is None else [of_sliding if s else of_full for s in slides])
    writer.add_rope_freq_base(ropes["full_attention"]["rope_theta"])
    writer.add_rope_freq_base_swa(ropes["sliding_attention"]["rope_theta"])
    writer.add_layer_norm_rms_eps(text["rms_norm_eps"])
    if text.get("enable_moe_block"):
        writer.add_expert_count(text["num_experts"])
        writer.add_expert_used_count(text["top_k_experts"])
        writer.add_expert_feed_forward_length(text["moe_intermediate_size"])
    writer.add_key_length(text["global_head_dim"])
    writer.add_value_length(text["global_head_dim"])
    writer.add_key_length_swa(text["head_dim"])
    writer.add_value_length_swa(text["head_dim"])
    writer.add_rope_dimension_count(text["global_head_dim"])
    writer.add_rope_dimension_count_swa(text["head_dim"])
    if text.get("final_logit_softcapping"):
        writer.add_final_logit_softcapping(text["final_logit_softcapping"])
    writer.add_sliding_window(text["sliding_window"])
    writer.add_sliding_window_pattern(slides)
    writer.add_shared_kv_layers(shared)
    writer.add_embedding_length_per_layer_input(text.get("hidden_size_per_layer_input") or 0)


def add_tokenizer(writer: gguf.GGUFWriter, tokenizer: dict[str, Any]) -> None:
    """A `tokenizer.json` as the converter tells it: names that chats show are marked as user-defined."""
    vocabulary = tokenizer["model"]["vocab"]
    specials = {token["content"] for token in tokenizer["added_tokens"] if token["special"]}
    kinds = []
    tokens = sorted(vocabulary, key=vocabulary.get)
    for token in tokens:
        if token in SHOWN:
            kinds.append(gguf.TokenType.USER_DEFINED)
        elif token in specials:
            kinds.append(gguf.TokenType.CONTROL)
        else:
            kinds.append(gguf.TokenType.BYTE if BYTE.fullmatch(token) else gguf.TokenType.NORMAL)
    writer.add_tokenizer_model("gemma4")
    writer.add_token_list(tokens)
    writer.add_token_scores([-1000.0] * len(tokens))
    writer.add_token_types(kinds)
    writer.add_token_merges([" ".join(pair) for pair in tokenizer["model"]["merges"]])
    writer.add_bos_token_id(vocabulary["<bos>"])
    writer.add_eos_token_id(vocabulary["<eos>"])
    writer.add_unk_token_id(vocabulary["<unk>"])
    writer.add_pad_token_id(vocabulary["<pad>"])
    writer.add_add_space_prefix(False)
    writer.add_add_bos_token(True)


def gguf_name(published: str, names: gguf.TensorNameMap) -> str:
    name = "model." + published.removeprefix(PREFIX)
    layer = name.split(".")[2]
    if name.endswith("router.scale"):
        return f"{gguf.TENSOR_NAMES[gguf.MODEL_TENSOR.FFN_GATE_INP].format(bid=layer)}.scale"
    if name.endswith("router.per_expert_scale"):
        return f"{gguf.TENSOR_NAMES[gguf.MODEL_TENSOR.FFN_DOWN_EXP].format(bid=layer)}.scale"
    if not name.endswith(".weight"):
        name += ".weight"
    found = names.get_name(name, try_suffixes=(".weight",))
    assert found is not None, published
    return str(found)


def rope_factors(text: dict[str, Any]) -> np.ndarray:
    """What divides the frequencies of full layers."""
    rope = (text.get("rope_parameters") or {}).get("full_attention", {"partial_rotary_factor": 0.25})
    pairs = text["global_head_dim"] // 2
    turning = int(text["global_head_dim"] * rope["partial_rotary_factor"] / 2)
    return np.array([1.0] * turning + [1e30] * (pairs - turning), np.float32)
