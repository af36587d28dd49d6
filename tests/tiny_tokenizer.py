"""A small byte-fallback BPE vocabulary with Gemma 4's control tokens, made here."""

from __future__ import annotations

from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

CONTROLS = [
    "<pad>", "<eos>", "<bos>", "<unk>", "<|tool>", "<tool|>", "<|tool_call>", "<tool_call|>", "<|tool_response>",
    "<tool_response|>", '<|"|>', "<|think|>", "<|channel>", "<channel|>", "<|turn>", "<turn|>", "<|image|>",
]  # fmt: skip
LETTERS = "\u2581\nabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;!?'\"(){}[]<>=+-*/_|#@%"


def write_tiny_tokenizer(folder: Path) -> Path:
    """Write a `tokenizer.json` and return its path."""
    vocabulary = {name: i for i, name in enumerate(CONTROLS)}
    for byte in range(256):
        vocabulary[f"<0x{byte:02X}>"] = len(vocabulary)
    for letter in LETTERS:
        vocabulary[letter] = len(vocabulary)
    merges = [("t", "h"), ("th", "e"), ("\u2581", "a"), ("i", "n"), ("th", "o"), ("call", ":")][:5]
    for left, right in merges:
        vocabulary[left + right] = len(vocabulary)
    bpe = models.BPE(vocab=vocabulary, merges=merges, unk_token="<unk>", byte_fallback=True, fuse_unk=True)
    tokenizer = Tokenizer(bpe)
    tokenizer.normalizer = normalizers.Replace(" ", "\u2581")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex("(?!)"), "merged_with_previous")
    tokenizer.decoder = decoders.Sequence([decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse()])
    tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in CONTROLS])
    file = folder / "tokenizer.json"
    tokenizer.save(str(file))
    return file
