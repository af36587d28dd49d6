"""A GGUF of a published size with random weights: `python -m benchmarks.random_gguf gemma-4-E2B FILE --kind Q4_0`.

For measuring llama.cpp beside this engine before anything is downloaded:
`gemstead bench FILE --against llama.cpp --gguf FILE`. Needs the `dev` extra. Matrices get random codes with scales that
keep activations near their size; norms and scalars are 1.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import gguf
import numpy as np
import torch
from tests.gguf_files import ARCHITECTURE, add_settings, gguf_name, rope_factors

from gemstead.kernels.ops import REFERENCE
from gemstead.models.families import family_of
from gemstead.planner.catalog import published_config

KINDS = {"Q4_0": (18, 21.5), "Q8_0": (34, 127 * 128 / 3)}  # bytes of 32 numbers, and the mean square of codes
CONTROLS = ("<pad>", "<eos>", "<bos>", "<unk>", "<|turn>", "<turn|>")


def blocks(shape: tuple[int, ...], kind: str, generator: np.random.Generator) -> np.ndarray:
    """Random blocks of 32: a float16 scale, then the codes."""
    *rows, width = shape
    size, mean_square = KINDS[kind]
    raw = np.frombuffer(generator.bytes(int(np.prod(rows)) * (width // 32) * size), np.uint8).copy()
    raw = raw.reshape(*rows, width // 32, size)
    raw[..., :2] = np.array([(mean_square * width) ** -0.5], np.float16).view(np.uint8)
    if kind == "Q8_0":
        raw[..., 2:] = np.where(raw[..., 2:] == 128, 0, raw[..., 2:])  # -128 is no code
    return raw.reshape(*rows, -1)


def write(size: str, file: Path, kind: str) -> None:
    """Write the file."""
    config = published_config(size)
    text = config["text_config"]
    family = family_of(config)
    with torch.device("meta"):
        model = family.build(family.read_config(config), REFERENCE)
    writer = gguf.GGUFWriter(file, gguf.MODEL_ARCH_NAMES[ARCHITECTURE])
    add_settings(writer, text)
    add_vocabulary(writer, text["vocab_size"])
    names = gguf.get_tensor_name_map(ARCHITECTURE, text["num_hidden_layers"])
    generator = np.random.default_rng(0)
    for name, parameter in model.named_parameters():
        published, shape = family.published_name(name), tuple(parameter.shape)
        if len(shape) < 2 or "router" in published:
            writer.add_tensor(gguf_name(published, names), np.ones(shape, np.float32))
        else:
            raw = blocks(shape, kind, generator)
            writer.add_tensor(gguf_name(published, names), raw, raw_dtype=gguf.GGMLQuantizationType[kind])
    writer.add_tensor("rope_freqs.weight", rope_factors(text))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def add_vocabulary(writer: gguf.GGUFWriter, size: int) -> None:
    """Tokens without meaning."""
    tokens = [*CONTROLS, *(f"<0x{byte:02X}>" for byte in range(256))]
    tokens += [f"t{number}" for number in range(size - len(tokens))]
    writer.add_tokenizer_model("gemma4")
    writer.add_token_list(tokens)
    writer.add_token_scores([-1000.0] * size)
    writer.add_token_types([3] * len(CONTROLS) + [6] * 256 + [1] * (size - len(CONTROLS) - 256))
    writer.add_token_merges(["t 1"])
    writer.add_bos_token_id(2)
    writer.add_eos_token_id(1)
    writer.add_unk_token_id(3)
    writer.add_pad_token_id(0)


def main() -> None:
    """Write what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size")
    parser.add_argument("file", type=Path)
    parser.add_argument("--kind", choices=tuple(KINDS), default="Q4_0")
    options = parser.parse_args()
    write(options.size, options.file, options.kind)


if __name__ == "__main__":
    main()
