"""Texts in, a byte-fallback BPE vocabulary out, with Gemma 4's control tokens, in the files a published Gemma has.

As Gemma's: spaces become U+2581, unknown characters fall back to bytes, no beginning-of-sequence token is added. Ours
splits text before merging (names, single digits, a line break with the indentation after it), which keeps training and
use alike and code short. Source: SentencePiece, arXiv:1808.06226, section 3; BPE, arXiv:1508.07909, section 3.2.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from gemstead.chat.template import GEMMA4
from gemstead.chat.tokenizer import WORD_BOUNDARY
from gemstead.core.errors import OutOfCapacity

CONTROLS = [
    "<pad>", "<eos>", "<bos>", "<unk>", "<|tool>", "<tool|>", "<|tool_call>", "<tool_call|>", "<|tool_response>",
    "<tool_response|>", '<|"|>', "<|think|>", "<|channel>", "<channel|>", "<|turn>", "<turn|>", "<|image|>",
    "<|audio|>", "<|video|>",
]  # fmt: skip
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
ENDS = ("<eos>", "<turn|>", "<|tool_response>")
# A line break with its indentation; a word with the space or underscore before it; one digit; a run of signs; spaces.
PIECES = r"\n+▁*|[▁_]?[A-Za-z]+|▁?[0-9]|▁?[^A-Za-z0-9▁\s]+|▁+|\s"


def train_tokenizer(texts: Iterator[str], size: int) -> Tokenizer:
    """Learn merges.

    Args:
        texts: What to learn from.
        size: Entries in all: controls, bytes, characters and merges.
    """
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    tokenizer.normalizer = normalizers.Replace(" ", WORD_BOUNDARY)
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(PIECES), "isolated")
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace(WORD_BOUNDARY, " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    special: list[str | AddedToken] = [AddedToken(name, special=True, normalized=False) for name in CONTROLS]
    # The trainer knows special tokens only; the bytes' places are reserved here and made plain entries below.
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=[*special, *BYTES], show_progress=False, limit_alphabet=400,
        initial_alphabet=[chr(c) for c in range(33, 127)] + [WORD_BOUNDARY, "\n"],
    )  # fmt: skip
    tokenizer.train_from_iterator(texts, trainer)
    data = json.loads(tokenizer.to_str())
    data["added_tokens"] = [entry for entry in data["added_tokens"] if entry["content"] in CONTROLS]
    return Tokenizer.from_str(json.dumps(data))


def write_chat_files(folder: Path, tokenizer: Tokenizer) -> None:
    """Write tokenizer.json, tokenizer_config.json, chat_template.jinja and generation_config.json.

    Raises:
        OutOfCapacity: The folder cannot be written.
    """
    names = {"bos_token": "<bos>", "eos_token": "<eos>", "pad_token": "<pad>", "unk_token": "<unk>"}
    config = {
        **names, "tokenizer_class": "PreTrainedTokenizerFast", "add_bos_token": False, "padding_side": "left",
        "clean_up_tokenization_spaces": False,
    }  # fmt: skip
    ends = [tokenizer.token_to_id(name) for name in ENDS]
    generation = {"bos_token_id": 2, "pad_token_id": 0, "eos_token_id": ends, "do_sample": False}
    files = {
        "tokenizer.json": tokenizer.to_str(),
        "tokenizer_config.json": json.dumps(config, indent=2) + "\n",
        "generation_config.json": json.dumps(generation, indent=2) + "\n",
        "chat_template.jinja": GEMMA4.read_text(encoding="utf-8"),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            draft = folder / f"{name}.part"
            draft.write_text(text, encoding="utf-8")
            draft.replace(folder / name)
    except OSError as error:
        raise OutOfCapacity(f"{folder}: cannot be written: {error}", hint="choose another folder") from error
