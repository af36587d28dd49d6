"""Logits in, one token per sequence out. What a sequence draws depends on its seed and step alone, not on its batch."""

from __future__ import annotations

import random
from collections.abc import Sequence as Ordered
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from gemstead.core.events import TokenLogprob
from gemstead.core.requests import Sampling

BLOCK = 256  # logits of which only the largest is looked at first


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


def sample(logits_RV: Tensor, best_R: Tensor, draws: list[Draw]) -> list[Choice]:
    """Choose one token per row.

    Log-probabilities reported are the model's own, before penalty and temperature.

    Args:
        logits_RV: Float32 logits.
        best_R: Their likeliest tokens.
        draws: One per row.
    """
    penalised = {row: draw for row, draw in enumerate(draws) if draw.sampling.repetition_penalty != 1.0}
    wanted_RV = logits_RV.clone() if penalised else logits_RV
    for row, draw in penalised.items():
        wanted_RV[row] = penalise(logits_RV[row], draw.seen_ids, draw.sampling.repetition_penalty)
    choices = []
    token_R = choose(wanted_RV, wanted_RV.argmax(-1) if penalised else best_R, draws)
    for row, (draw, token_id) in enumerate(zip(draws, token_R.tolist(), strict=True)):
        count = draw.sampling.logprobs
        logprob = None if count is None else report(logits_RV[row], token_id, count)
        choices.append(Choice(token_id=token_id, logprob=logprob))
    return choices


def choose(logits_RV: Tensor, best_R: Tensor, draws: Ordered[Draw]) -> Tensor:
    """The token of each row, int64 (R,), where the logits are: a GPU is not waited for.

    Args:
        logits_RV: Float32 logits, penalties applied.
        best_R: Their likeliest tokens.
        draws: One per row.
    """
    rows = [row for row, draw in enumerate(draws) if not draw.sampling.is_greedy]
    if not rows:
        return best_R
    samplings = [draws[row].sampling for row in rows]
    uniforms = [random.Random(f"{draws[row].seed}/{draws[row].step}").random() for row in rows]
    if len(rows) == len(draws):
        return draw_tokens(logits_RV, samplings, uniforms)
    row_R = _placed(rows, logits_RV.device)
    return best_R.index_copy(0, row_R, draw_tokens(logits_RV[row_R], samplings, uniforms))


def penalise(logits_V: Tensor, seen_ids: Ordered[int], penalty: float) -> Tensor:
    """Divide positive and multiply negative logits of seen tokens. Source: CTRL, arXiv:1909.05858, section 4.1."""
    seen = torch.tensor(sorted(set(seen_ids)), device=logits_V.device)
    values = logits_V[seen]
    out = logits_V.clone()
    out[seen] = torch.where(values > 0, values / penalty, values * penalty)
    return out


def kept_probabilities(logits_RV: Tensor, samplings: Ordered[Sampling]) -> tuple[Tensor, Tensor]:
    """Tokens that may be drawn in each row, and their probabilities, float64, which sum to 1; the others here have 0.

    Temperature first, then top-k, top-p (nucleus, arXiv:1904.09751) and min-p (arXiv:2407.01082), in this order,
    each on what the one before left. The likeliest token always stays; of equally likely ones, lower ids rank first.

    Args:
        logits_RV: Float32 logits.
        samplings: One per row, none greedy.

    Returns:
        Tokens (R, K) in ascending order, and their probabilities.
    """
    vocab_size, device = logits_RV.shape[-1], logits_RV.device
    settings = [(s.temperature, min(s.top_k or vocab_size, vocab_size), s.top_p, s.min_p) for s in samplings]
    temperature_R1, top_k_R1, top_p_R1, min_p_R1 = _placed(list(zip(*settings, strict=True)), device)[:, :, None]
    most = max(top_k for _, top_k, _, _ in settings)
    id_RK = torch.arange(vocab_size, device=device).expand(logits_RV.shape)
    if all(top_k == vocab_size and top_p == 1.0 for _, top_k, top_p, _ in settings):
        probability_RK = (logits_RV.double() / temperature_R1).softmax(-1)
    else:
        top_RK, ranked_RK = _ranked(logits_RV, most)
        place_K = torch.arange(most, device=device)
        wide_RK = top_RK.double() / temperature_R1
        probability_RK = wide_RK.masked_fill(place_K >= top_k_R1, float("-inf")).softmax(-1)
        if any(top_p < 1.0 for _, _, top_p, _ in settings):
            before_RK = probability_RK.cumsum(-1) - probability_RK
            probability_RK = _without(probability_RK, (before_RK >= top_p_R1) & (place_K > 0) & (top_p_R1 < 1.0))
        if most == vocab_size:
            probability_RK = torch.empty_like(probability_RK).scatter_(-1, ranked_RK, probability_RK)
        else:
            id_RK, order_RK = ranked_RK.sort(dim=-1)
            probability_RK = probability_RK.gather(-1, order_RK)
    if any(min_p > 0.0 for _, _, _, min_p in settings):
        least_R1 = min_p_R1 * probability_RK.amax(-1, keepdim=True)
        probability_RK = _without(probability_RK, probability_RK < least_R1)
    return id_RK, probability_RK


def _ranked(logits_RV: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """The largest `count` of each row and their ids, largest first; of equal ones, the lower id first."""
    vocab_size = logits_RV.shape[-1]
    if count == vocab_size:
        top_RV, id_RV = logits_RV.sort(dim=-1, descending=True, stable=True)
        return top_RV, id_RV
    if vocab_size % BLOCK == 0 and 2 * count * BLOCK <= vocab_size:
        # The largest stand in the blocks with the largest maxima; of blocks with equal ones, in the first.
        blocks_RNB = logits_RV.unflatten(-1, (-1, BLOCK))
        block_RK = _largest(blocks_RNB.amax(-1), count).sort(-1).values
        near_RKB = blocks_RNB.gather(1, block_RK[..., None].expand(-1, -1, BLOCK))
        top_RK, place_RK = _ranked(near_RKB.flatten(1), count)
        return top_RK, block_RK.gather(-1, place_RK // BLOCK) * BLOCK + place_RK % BLOCK
    place_RK = _largest(logits_RV, count)
    top_RK, order_RK = logits_RV.gather(-1, place_RK).sort(dim=-1, descending=True, stable=True)
    return top_RK, place_RK.gather(-1, order_RK)


def _largest(x_RV: Tensor, count: int) -> Tensor:
    """Where the largest `count` of each row are, in an order in which equal ones ascend; of equal ones, the first.

    `topk` does not say which of equal ones it takes, and logits rounded to bfloat16 often are equal.
    """
    width = x_RV.shape[-1]
    least_R1 = x_RV.topk(count, dim=-1).values[:, -1:]
    # All above the least of them, then as many equal ones as there is room for; below 2^24 float32 counts exactly.
    place_V = torch.arange(width, device=x_RV.device, dtype=torch.float32 if width < 1 << 23 else torch.float64)
    turn_RV = torch.where(x_RV > least_R1, 2 * width - place_V, width - place_V)
    return turn_RV.masked_fill(x_RV < least_R1, 0).topk(count, dim=-1).indices


def _without(probability_RK: Tensor, gone_RK: Tensor) -> Tensor:
    """What is left, scaled to sum to 1."""
    left_RK = probability_RK.masked_fill(gone_RK, 0.0)
    return left_RK / left_RK.sum(-1, keepdim=True)


def draw_tokens(logits_RV: Tensor, samplings: Ordered[Sampling], uniforms: Ordered[float]) -> Tensor:
    """Of each row the token at which the cumulated probability, by id, first exceeds `uniform` (0 <= u < 1); (R,).

    Order of id, not of probability: logits that differ by a rounding then rarely change the draw.
    """
    id_RK, probability_RK = kept_probabilities(logits_RV, samplings)
    cumulated_RK = probability_RK.cumsum(-1)
    uniform_R1 = _placed(list(uniforms), logits_RV.device)[:, None]
    total_R1 = cumulated_RK[:, -1:]
    # Never the total itself, which nothing exceeds; what has probability 0 exceeds nothing first.
    reached_R1 = torch.minimum(total_R1 * uniform_R1, total_R1 * (1 - 2.0**-53))
    place_R1 = torch.searchsorted(cumulated_RK, reached_R1, right=True)
    return id_RK.gather(-1, place_R1).squeeze(-1)


def _placed(numbers: Any, device: torch.device) -> Tensor:
    """Numbers on a device, float64, or int64 if they are whole; a GPU is not waited for."""
    host = torch.tensor(numbers, dtype=torch.int64 if isinstance(numbers[0], int) else torch.float64)
    return host.pin_memory().to(device, non_blocking=True) if device.type == "cuda" else host


def report(logits_V: Tensor, token_id: int, count: int) -> TokenLogprob:
    """Log-probability of a token, and of the `count` likeliest."""
    logprobs = logits_V.float().log_softmax(-1)
    top, ids = logprobs.topk(min(count, logprobs.numel()))
    return TokenLogprob(
        token_id=token_id,
        logprob=float(logprobs[token_id]),
        top=tuple(zip(ids.tolist(), top.tolist(), strict=True)),
    )
