"""gemstead and transformers on the same weights, in turn, in one run: `python -m benchmarks.generation`.

Prompt and answer lengths are fixed, text is not looked at except to see that both sides write the same tokens.
Medians of `ROUNDS` rounds; each round measures every engine once, so that a change in the machine's mood meets all.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table

from benchmarks.shapes import SHAPES, write_shape
from gemstead.checkpoints.hub import embedded_folder
from gemstead.checkpoints.load import load_model
from gemstead.checkpoints.manifest import read_manifest
from gemstead.core.requests import Sampling
from gemstead.engine.config import EngineConfig
from gemstead.engine.engine import Engine
from gemstead.engine.sequence import Progress
from gemstead.hardware.probe import probe
from gemstead.kernels import ops

ROUNDS = 3
PROMPT_TOKENS = 256
ANSWER_TOKENS = 32


@dataclass(frozen=True, kw_only=True)
class Timing:
    """One measurement, in tokens per second over all sequences, and the tokens written."""

    prefill_tok_s: float
    decode_tok_s: float
    tokens: list[list[int]]


Contestant = Callable[[list[list[int]]], Timing]


def ours(folder: Path, kernels: ops.Kernels) -> Contestant:
    """This engine on the CPU in float32."""
    loaded = load_model(read_manifest(folder), kernels, dtype=torch.float32, device=torch.device("cpu"))

    def measure(prompts: list[list[int]]) -> Timing:
        config = EngineConfig(
            context_tokens=1024, max_sequences=len(prompts), step_tokens=8192, cache_tokens=1024 * len(prompts)
        )
        engine = Engine(loaded.model, config, kernels, vocab_size=loaded.config.vocab_size)  # type: ignore[arg-type]
        news: list[list[Progress]] = [[] for _ in prompts]
        for ids, own in zip(prompts, news, strict=True):
            engine.submit(tuple(ids), max_tokens=ANSWER_TOKENS, sampling=Sampling(), deliver=own.append)
        start = time.perf_counter()
        engine.step()
        first = time.perf_counter()
        while engine.has_work:
            engine.step()
        end = time.perf_counter()
        return Timing(
            prefill_tok_s=PROMPT_TOKENS * len(prompts) / (first - start),
            decode_tok_s=(ANSWER_TOKENS - 1) * len(prompts) / (end - first),
            tokens=[[p.token_id for p in own if p.token_id is not None] for own in news],
        )

    return measure


def transformers_model(folder: Path) -> Contestant:
    """transformers' own implementation with its growing cache, on the CPU in float32."""
    from transformers import Gemma4ForConditionalGeneration

    model = Gemma4ForConditionalGeneration.from_pretrained(folder, dtype=torch.float32).eval()

    @torch.inference_mode()
    def measure(prompts: list[list[int]]) -> Timing:
        ids = torch.tensor(prompts)
        start = time.perf_counter()
        out = model(input_ids=ids, use_cache=True, logits_to_keep=1)
        token = out.logits[:, -1].argmax(-1, keepdim=True)
        first = time.perf_counter()
        tokens = [token]
        for _ in range(ANSWER_TOKENS - 1):
            out = model(input_ids=token, past_key_values=out.past_key_values, use_cache=True)
            token = out.logits[:, -1].argmax(-1, keepdim=True)
            tokens.append(token)
        end = time.perf_counter()
        return Timing(
            prefill_tok_s=PROMPT_TOKENS * len(prompts) / (first - start),
            decode_tok_s=(ANSWER_TOKENS - 1) * len(prompts) / (end - first),
            tokens=torch.cat(tokens, dim=1).tolist(),
        )

    return measure


def compare(name: str, folder: Path, batch: int, table: Table) -> None:
    """Measure one checkpoint at one batch size and add its rows."""
    contestants = {
        "gemstead": ours(folder, ops.CPU),
        "gemstead, reproducible": ours(folder, ops.REPRODUCIBLE),
        "transformers": transformers_model(folder),
    }
    vocabulary = load_vocabulary_size(folder)
    generator = torch.Generator().manual_seed(batch)
    prompts = torch.randint(3, vocabulary, (batch, PROMPT_TOKENS), generator=generator).tolist()
    timings: dict[str, list[Timing]] = {key: [] for key in contestants}
    for measure in contestants.values():
        measure(prompts)  # warm-up
    for _ in range(ROUNDS):
        for key, measure in contestants.items():
            timings[key].append(measure(prompts))
    expected = timings["transformers"][0].tokens
    rival_prefill, rival_decode = (
        statistics.median(getattr(t, field) for t in timings["transformers"])
        for field in ("prefill_tok_s", "decode_tok_s")
    )
    for key, measured in timings.items():
        prefill = statistics.median(t.prefill_tok_s for t in measured)
        decode = statistics.median(t.decode_tok_s for t in measured)
        same = sum(a == b for a, b in zip(measured[0].tokens, expected, strict=True))
        table.add_row(
            name,
            str(batch),
            key,
            f"{prefill:,.0f}",
            f"{prefill / rival_prefill:.2f}x",
            f"{decode:,.0f}",
            f"{decode / rival_decode:.2f}x",
            f"{same}/{batch}",
        )


def load_vocabulary_size(folder: Path) -> int:
    """Vocabulary of a checkpoint."""
    return int(read_manifest(folder).config["text_config"]["vocab_size"])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 16])
    batches = parser.parse_args().batches
    machine = probe()
    console = Console(width=140)
    console.print(
        f"{machine.processor}, {machine.cores} cores, torch {machine.torch_version}, float32; prompt {PROMPT_TOKENS}, "
        f"answer {ANSWER_TOKENS} tokens, medians of {ROUNDS}"
    )
    table = Table(
        "model", "batch", "engine", "prefill tok/s", "ratio", "decode tok/s", "ratio", "same tokens", box=None
    )
    with tempfile.TemporaryDirectory() as scratch:
        folders = {name: write_shape(Path(scratch) / name, name) for name in SHAPES}
        if (embedded_folder() / "model.safetensors").is_file():
            folders = {"pebble": embedded_folder(), **folders}
        for name, folder in folders.items():
            for batch in batches:
                compare(name, folder, batch, table)
    console.print(table)


if __name__ == "__main__":
    main()
