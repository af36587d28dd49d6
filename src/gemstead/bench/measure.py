"""One row of the table: a prompt length, a batch, and how fast prompts are read and answers written."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from itertools import pairwise

import torch

from gemstead.bench.limits import settle
from gemstead.bench.subject import Subject
from gemstead.core.errors import Infrastructure
from gemstead.core.requests import Sampling
from gemstead.engine.sequence import Progress

WARM_UPS = {"cpu": 1, "cuda": 2}  # rounds that are not counted; a GPU records prompts of a size that comes again
UNSETTLED_STEPS = 4  # decoding steps left out at the start: the first ones compile, capture and fill the pipeline


@dataclass(frozen=True, kw_only=True)
class Speed:
    """How fast one shape ran; medians of rounds.

    Args:
        context: Tokens of each prompt.
        batch: Sequences at once.
        tokens: Tokens each answer had.
        prefill_s: From the first prompt handed in to the last answer's first token, one of `rounds`.
        step_s: A decoding step, with every sequence in it.
        rounds: How often it was measured.
        spread: Largest over smallest of the rounds' decoding times.
        cache_bytes: What the cache took.
    """

    context: int
    batch: int
    tokens: int
    prefill_s: float
    step_s: float
    rounds: int
    spread: float
    cache_bytes: int

    @property
    def prefill_tok_s(self) -> float:
        """Prompt tokens read per second."""
        return self.context * self.batch / self.prefill_s

    @property
    def decode_tok_s(self) -> float:
        """Tokens written per second, all sequences together."""
        return self.batch / self.step_s


def random_prompts(vocab_size: int, batch: int, context: int, seed: int) -> list[list[int]]:
    """Prompts of random tokens, no two alike, so that none is found in the cache."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(3, vocab_size, (batch, context), generator=generator).tolist()


def measure_speed(subject: Subject, *, context: int, batch: int, tokens: int, rounds: int) -> Speed:
    """Read prompts and write answers, a few times to warm up and then `rounds` times.

    Raises:
        Infrastructure: A step failed.
    """
    # The first prompts to be read write on while the others are read; they must not end before all of them write.
    written = tokens + subject.chunks(batch, context)
    engine = subject.engine(batch, context + written + 1)
    prefills, steps = [], []
    warm_ups = WARM_UPS[subject.device.type]
    for number in range(warm_ups + rounds):
        prompts = random_prompts(subject.loaded.config.vocab_size, batch, context, seed=number)
        news: list[list[Progress]] = [[] for _ in prompts]
        settle(subject.device)
        begin = time.perf_counter()
        for ids, own in zip(prompts, news, strict=True):
            engine.submit(tuple(ids), max_tokens=written, sampling=Sampling(), deliver=own.append)
        while engine.has_work and not all(news):
            engine.step()
        first = time.perf_counter()
        marks = [first]
        while engine.has_work and not any(own[-1].finish for own in news):
            engine.step()
            marks.append(time.perf_counter())
        while engine.has_work:
            engine.step()
        error = next((own[-1].error for own in news if own[-1].error is not None), None)
        if error is not None:
            raise Infrastructure(f"batch {batch} at {context} tokens: {error}") from error
        durations = [b - a for a, b in pairwise(marks)][UNSETTLED_STEPS:]
        if number >= warm_ups:
            prefills.append(first - begin)
            steps.append(statistics.median(durations))
    return Speed(
        context=context,
        batch=batch,
        tokens=tokens,
        prefill_s=statistics.median(prefills),
        step_s=statistics.median(steps),
        rounds=rounds,
        spread=max(steps) / min(steps),
        cache_bytes=engine.cache.num_bytes,
    )
