"""Sampling against its definitions."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest
import torch

from gemstead.core.errors import BadRequest
from gemstead.core.requests import Sampling
from gemstead.engine import sampler
from gemstead.engine.sampler import BLOCK, Draw, draw_tokens, kept_probabilities, penalise, report, sample

LOGITS = torch.tensor([2.0, 1.0, 0.0, -1.0, 3.0])


def kept(**settings: float) -> list[int]:
    ids, probability = kept_probabilities(LOGITS[None], [Sampling(temperature=1.0, **settings)])  # type: ignore[arg-type]
    return ids[0][probability[0].nonzero()[:, 0]].tolist()


def test_top_k_keeps_the_k_likeliest() -> None:
    assert kept(top_k=2) == [0, 4]
    assert kept(top_k=0) == kept(top_k=0, top_p=0.9999) == [0, 1, 2, 3, 4]


def test_top_p_keeps_the_smallest_set_that_reaches_it() -> None:
    probability = LOGITS.softmax(-1)
    just_two = float(probability[4] + probability[0])
    assert kept(top_p=just_two - 1e-6) == [0, 4]
    assert kept(top_p=just_two + 1e-6) == [0, 1, 4]
    assert kept(top_p=1e-9) == [4]


def test_min_p_drops_below_a_share_of_the_likeliest() -> None:
    assert kept(min_p=math.exp(-1) - 1e-6) == [0, 4]
    assert kept(min_p=1.0) == [4]


def test_filters_act_each_on_what_the_one_before_left() -> None:
    (ids,), (probability,) = kept_probabilities(LOGITS[None], [Sampling(temperature=0.5, top_k=3, top_p=0.9)])
    expected = (LOGITS[[0, 4]].double() / 0.5).softmax(-1)
    assert ids.tolist() == [0, 1, 4]
    assert torch.allclose(probability[[0, 2]], expected) and probability[1] == 0


def test_of_equal_logits_the_lower_ids_are_kept_whoever_stands_beside() -> None:
    logits = torch.tensor([1.0, 2.0, 1.0, 2.0, 1.0, 1.0, 0.0]).repeat(40)
    others = torch.randn(3, len(logits), generator=torch.Generator().manual_seed(0))
    sampling = Sampling(temperature=1.0, top_k=83)
    for rows in (logits[None], torch.cat((others, logits[None]))):
        ids = kept_probabilities(rows, [sampling] * len(rows))[0][-1]
        twos = [n for n in range(len(logits)) if logits[n] == 2]
        ones = [n for n in range(len(logits)) if logits[n] == 1]
        assert ids.tolist() == sorted([*twos, *ones][:83])


@pytest.mark.parametrize("count", [1, 5, 60])
def test_the_largest_are_found_among_blocks_as_among_all(count: int) -> None:
    """Few numbers among many places, so that most are equal, within blocks and across them."""
    generator = torch.Generator().manual_seed(count)
    logits = torch.randint(0, 40, (6, 120 * BLOCK), generator=generator).float()
    logits[1] = 0.0
    logits[2, :: 3 * BLOCK] = 50.0
    logits[3, 7 * BLOCK : 7 * BLOCK + 30] = 50.0
    top, ids = sampler._ranked(logits, count)
    expected = logits.sort(dim=-1, descending=True, stable=True)
    assert torch.equal(top, expected.values[:, :count])
    assert torch.equal(ids, expected.indices[:, :count])


def test_rows_are_drawn_each_by_its_own_settings() -> None:
    """Against a plain loop over tokens, written out from the definitions."""
    generator = torch.Generator().manual_seed(1)
    logits = (2 * torch.randn(40, 300, generator=generator)).bfloat16().float()
    rng = random.Random(2)
    samplings = [
        Sampling(
            temperature=rng.choice([0.3, 1.0, 1.7]),
            top_k=rng.choice([0, 1, 7, 64, 300, 1000]),
            top_p=rng.choice([1.0, 0.95, 0.5]),
            min_p=rng.choice([0.0, 0.05, 0.3]),
        )
        for _ in logits
    ]
    uniforms = [rng.random() for _ in logits]
    together = draw_tokens(logits, samplings, uniforms).tolist()
    for row, sampling, uniform, token in zip(logits, samplings, uniforms, together, strict=True):
        assert draw_tokens(row[None], [sampling], [uniform]).tolist() == [token]
        assert drawn_by_hand(row.tolist(), sampling, uniform) == token


def drawn_by_hand(logits: list[float], sampling: Sampling, uniform: float) -> int:
    mass = {n: math.exp((x - max(logits)) / sampling.temperature) for n, x in enumerate(logits)}
    ranked = sorted(mass, key=lambda n: (-mass[n], n))[: sampling.top_k or None]
    total, kept, before = sum(mass[n] for n in ranked), [], 0.0
    for n in ranked:
        if before < sampling.top_p:
            kept.append(n)
        before += mass[n] / total
    kept = sorted(n for n in kept if mass[n] >= sampling.min_p * mass[ranked[0]])
    reached = uniform * sum(mass[n] for n in kept)
    for n in kept:
        reached -= mass[n]
        if reached < 0:
            return n
    return kept[-1]


def test_a_number_just_below_one_draws_a_token_that_may_be_drawn() -> None:
    sampling = Sampling(temperature=1.0, top_k=2)
    for uniform in (0.0, 1 - 2.0**-53):
        assert draw_tokens(LOGITS[None], [sampling], [uniform]).tolist()[0] in (0, 4)


def test_draws_follow_the_probabilities() -> None:
    sampling = Sampling(temperature=1.0)
    count = 20_000
    uniforms = [(i + 0.5) / count for i in range(count)]
    drawn = Counter(draw_tokens(LOGITS.expand(count, -1), [sampling] * count, uniforms).tolist())
    for token, probability in enumerate(LOGITS.double().softmax(-1).tolist()):
        assert abs(drawn[token] / count - probability) < 1e-3


def chosen(logits_RV: torch.Tensor, draws: list[Draw]) -> list[int]:
    return [choice.token_id for choice in sample(logits_RV, logits_RV.argmax(-1), draws)]


def test_a_draw_depends_on_seed_and_step_only() -> None:
    sampling = Sampling(temperature=1.0, seed=1)
    rows = LOGITS.repeat(3, 1)
    draws = [Draw(sampling=sampling, seed=5, step=step, seen_ids=[]) for step in (0, 1, 0)]
    together = chosen(rows, draws)
    alone = [chosen(LOGITS[None], [draw])[0] for draw in draws]
    assert together == alone and together[0] == together[2]


def test_different_seeds_draw_differently() -> None:
    sampling = Sampling(temperature=1.0)
    drawn = {chosen(LOGITS[None], [Draw(sampling=sampling, seed=s, step=0, seen_ids=[])])[0] for s in range(50)}
    assert len(drawn) >= 4


def test_repetition_penalty_divides_positive_and_multiplies_negative_logits() -> None:
    assert penalise(LOGITS, [4, 3, 4], 2.0).tolist() == [2.0, 1.0, 0.0, -2.0, 1.5]
    greedy = Sampling(repetition_penalty=2.0)
    assert chosen(LOGITS[None], [Draw(sampling=greedy, seed=0, step=0, seen_ids=[4])]) == [0]


def test_logprobs_are_the_models_own_and_best_first() -> None:
    found = report(LOGITS, 1, 2)
    expected = LOGITS.log_softmax(-1)
    assert found.logprob == pytest.approx(float(expected[1]))
    assert [i for i, _ in found.top] == [4, 0]


@pytest.mark.parametrize(
    "bad",
    [{"temperature": -1}, {"temperature": math.nan}, {"top_p": 0}, {"top_p": 1.5}, {"top_k": -1}, {"top_k": 1.5},
     {"min_p": 2}, {"repetition_penalty": 0}, {"seed": -1}, {"logprobs": 21}, {"temperature": "hot"}],
)  # fmt: skip
def test_a_bad_sampling_value_is_named_with_what_is_allowed(bad: dict[str, float]) -> None:
    with pytest.raises(BadRequest, match=rf"{next(iter(bad))} is .*allowed"):
        Sampling(**bad)  # type: ignore[arg-type]
