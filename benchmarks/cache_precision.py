"""What an fp8 cache does to a model's expectations: `python -m benchmarks.cache_precision`.

Prompts of HumanEval, each followed by the published solution, are read through the paged cache twice: with keys and
values as they are computed, and in fp8. Printed are KL(first || second) and how often the likeliest token is the same,
over the solutions' tokens.
"""

from __future__ import annotations

import argparse

import torch

from gemstead.chat.tokenizer import Tokenizer
from gemstead.checkpoints.hub import find_model
from gemstead.checkpoints.load import load_model
from gemstead.checkpoints.manifest import read_manifest
from gemstead.core.requests import Sampling
from gemstead.engine.batch import PagedCache, build_batch
from gemstead.engine.config import EngineConfig
from gemstead.engine.scheduler import Share
from gemstead.engine.sequence import Sequence
from gemstead.evals.tasks import find_task
from gemstead.kernels.ops import REFERENCE
from gemstead.models.families import TextModel

PAGE = 16


@torch.inference_mode()
def log_probabilities(model: TextModel, ids: list[int], chunk: int, dtype: torch.dtype) -> torch.Tensor:
    """Of every place, read in chunks through pages of this dtype, (T, V)."""
    tokens = -(-len(ids) // PAGE) * PAGE
    config = EngineConfig(
        context_tokens=tokens, cache_tokens=tokens, max_sequences=1, step_tokens=chunk, page_tokens=PAGE
    )
    device = torch.device("cpu")
    cache = PagedCache(model.cache_layers(), config, dtype, device, key_weights=model.key_weights())
    sequence = Sequence(prompt_ids=tuple(ids), max_tokens=1, sampling=Sampling(), seed=0, deliver=lambda _: None)
    sequence.full_pages = list(range(tokens // PAGE))
    ring, out = cache.num_pages["sliding"], []
    for start in range(0, len(ids), chunk):
        count = min(chunk, len(ids) - start)
        first = max(0, start - (cache.window or tokens) + 1) // PAGE
        sequence.sliding_first = first
        sequence.sliding_pages = [page % ring for page in range(first, -(-(start + count) // PAGE))]
        sequence.num_computed = start
        batch = build_batch([Share(sequence=sequence, count=count)], cache, REFERENCE, PAGE, device)
        out.append(model.logits(model(batch.ids_T, batch.memory.rows.position_T, batch.memory, None)))
    return torch.cat(out).log_softmax(-1)


def main() -> None:
    """Print one line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="pebble")
    parser.add_argument("--limit", type=int, default=40, help="problems")
    parser.add_argument("--chunk", type=int, default=32, help="rows of a step")
    options = parser.parse_args()
    torch.set_num_threads(1)
    manifest = read_manifest(find_model(options.model))
    loaded = load_model(manifest, REFERENCE, dtype=torch.float32, device=torch.device("cpu"))
    tokenizer = Tokenizer(manifest.folder / "tokenizer.json", manifest.tokenizer_config)
    divergences, agreements = [], []
    for problem in find_task("humaneval").problems()[: options.limit]:
        begin = [] if tokenizer.bos_id is None else [tokenizer.bos_id]
        prompt = [*begin, *tokenizer.encode(problem.prompt)]
        answer = tokenizer.encode(problem.canonical.removeprefix(problem.prompt))
        whole, small = (
            log_probabilities(loaded.model, [*prompt, *answer], options.chunk, dtype)[len(prompt) - 1 : -1]
            for dtype in (torch.float32, torch.float8_e4m3fn)
        )
        divergences.append((whole.exp() * (whole - small)).sum(-1))
        agreements.append(whole.argmax(-1) == small.argmax(-1))
    divergence, agreement = torch.cat(divergences), torch.cat(agreements)
    print(
        f"{options.model}, {len(divergence)} tokens of {len(divergences)} solutions: "
        f"KL {divergence.mean():.5f} nats a token, top-1 {100 * agreement.float().mean():.2f} %"
    )


if __name__ == "__main__":
    main()
