"""Logits in, one token per sequence out. What a sequence draws depends on its seed and step alone, not on its batch."""

from __future__ import annotations

import random
from collections.abc import Sequence as Ordered
from dataclasses import dataclass

import torch
from torch import Tensor

from gemstead.core.events import TokenLogprob
from gemstead.core.requests import Sampling


@dataclass(frozen=True, kw_only=True)
class Draw:
    """What one row of logits is to be turned into.

    Args:
        sampling: How.
        seed: Seed in force.
        step: How many tokens this sequence has chosen before.
        seen_ids: Prompt and answer so far, for the repetition penalty.
    """

    sampling: Sampling
    seed: int
    step: int
    seen_ids: Ordered[int]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A chosen token, with log-probabilities when asked for."""

    token_id: int
    logprob: TokenLogprob | None = None


def sample(logits_RV: Tensor, draws: list[Draw]) -> list[Choice]:
    """Choose one token per row.

    Log-probabilities reported are the model's own, before penalty and temperature.

    Args:
        logits_RV: Float32 logits.
        draws: One per row.
    """
    greedy_R = logits_RV.argmax(-1).tolist()
    choices = []
    for row, draw in enumerate(draws):
        sampling = draw.sampling
        logits_V = logits_RV[row]
        token_id = greedy_R[row]
        if sampling.repetition_penalty != 1.0:
            logits_V = penalise(logits_V, draw.seen_ids, sampling.repetition_penalty)
            token_id = int(logits_V.argmax())
        if not sampling.is_greedy:
            uniform = random.Random(f"{draw.seed}/{draw.step}").random()
            token_id = draw_token(logits_V, sampling, uniform)
        logprob = None
        if sampling.logprobs is not None:
            logprob = report(logits_RV[row], token_id, sampling.logprobs)
        choices.append(Choice(token_id=token_id, logprob=logprob))
    return choices


def penalise(logits_V: Tensor, seen_ids: Ordered[int], penalty: float) -> Tensor:
    """Divide positive and multiply negative logits of seen tokens. Source: CTRL, arXiv:1909.05858, section 4.1."""
    seen = torch.tensor(sorted(set(seen_ids)), device=logits_V.device)
    values = logits_V[seen]
    out = logits_V.clone()
    out[seen] = torch.where(values > 0, values / penalty, values * penalty)
    return out


def kept_probabilities(logits_V: Tensor, sampling: Sampling) -> tuple[Tensor, Tensor]:
    """Tokens that may be drawn, likeliest first, and their probabilities, which sum to 1 (float64).

    Temperature first, then top-k, top-p (nucleus, arXiv:1904.09751) and min-p (arXiv:2407.01082), in this order,
    each on what the one before left. The likeliest token always stays.
    """
    scaled = logits_V.double() / sampling.temperature
    k = min(sampling.top_k or scaled.numel(), scaled.numel())
    top, ids = scaled.topk(k) if k < scaled.numel() else scaled.sort(descending=True, stable=True)
    probability = top.softmax(-1)
    if sampling.top_p < 1.0:
        before = probability.cumsum(-1) - probability
        keep = int((before < sampling.top_p).sum().clamp(min=1))
        probability, ids = probability[:keep] / probability[:keep].sum(), ids[:keep]
    if sampling.min_p > 0.0:
        keep = int((probability >= sampling.min_p * probability[0]).sum().clamp(min=1))
        probability, ids = probability[:keep] / probability[:keep].sum(), ids[:keep]
    return ids, probability


def draw_token(logits_V: Tensor, sampling: Sampling, uniform: float) -> int:
    """The token at which the cumulated probability, in order of token id, first exceeds `uniform` (0 <= u < 1).

    Order of id, not of probability: logits that differ by a rounding then rarely change the draw.
    """
    ids, probability = kept_probabilities(logits_V, sampling)
    order = ids.argsort()
    cumulated = probability[order].cumsum(-1)
    place = int(torch.searchsorted(cumulated, cumulated[-1] * uniform, right=True))
    return int(ids[order[min(place, ids.numel() - 1)]])


def report(logits_V: Tensor, token_id: int, count: int) -> TokenLogprob:
    """Log-probability of a token, and of the `count` likeliest."""
    logprobs = logits_V.float().log_softmax(-1)
    top, ids = logprobs.topk(min(count, logprobs.numel()))
    return TokenLogprob(
        token_id=token_id,
        logprob=float(logprobs[token_id]),
        top=tuple(zip(ids.tolist(), top.tolist(), strict=True)),
    )
