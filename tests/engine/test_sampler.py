"""Sampling against its definitions."""

from __future__ import annotations

import math
from collections import Counter

import pytest
import torch

from gemstead.core.errors import BadRequest
from gemstead.core.requests import Sampling
from gemstead.engine.sampler import Draw, draw_token, kept_probabilities, penalise, report, sample

LOGITS = torch.tensor([2.0, 1.0, 0.0, -1.0, 3.0])


def kept(**settings: float) -> list[int]:
    return kept_probabilities(LOGITS, Sampling(temperature=1.0, **settings))[0].tolist()  # type: ignore[arg-type]


def test_top_k_keeps_the_k_likeliest() -> None:
    assert kept(top_k=2) == [4, 0]
    assert kept(top_k=0) == [4, 0, 1, 2, 3]


def test_top_p_keeps_the_smallest_set_that_reaches_it() -> None:
    probability = LOGITS.softmax(-1)
    just_two = float(probability[4] + probability[0])
    assert kept(top_p=just_two - 1e-6) == [4, 0]
    assert kept(top_p=just_two + 1e-6) == [4, 0, 1]
    assert kept(top_p=1e-9) == [4]


def test_min_p_drops_below_a_share_of_the_likeliest() -> None:
    assert kept(min_p=math.exp(-1) - 1e-6) == [4, 0]
    assert kept(min_p=1.0) == [4]


def test_filters_act_each_on_what_the_one_before_left() -> None:
    ids, probability = kept_probabilities(LOGITS, Sampling(temperature=0.5, top_k=3, top_p=0.9))
    expected = (LOGITS[[4, 0, 1]].double() / 0.5).softmax(-1)
    assert ids.tolist() == [4, 0]
    assert torch.allclose(probability, expected[:2] / expected[:2].sum())


def test_draws_follow_the_probabilities() -> None:
    sampling = Sampling(temperature=1.0)
    count = 20_000
    drawn = Counter(draw_token(LOGITS, sampling, (i + 0.5) / count) for i in range(count))
    for token, probability in enumerate(LOGITS.double().softmax(-1).tolist()):
        assert abs(drawn[token] / count - probability) < 1e-3


def test_a_draw_depends_on_seed_and_step_only() -> None:
    sampling = Sampling(temperature=1.0, seed=1)
    rows = LOGITS.repeat(3, 1)
    draws = [Draw(sampling=sampling, seed=5, step=step, seen_ids=[]) for step in (0, 1, 0)]
    together = [c.token_id for c in sample(rows, draws)]
    alone = [sample(LOGITS[None], [draw])[0].token_id for draw in draws]
    assert together == alone and together[0] == together[2]


def test_different_seeds_draw_differently() -> None:
    sampling = Sampling(temperature=1.0)
    drawn = {
        sample(LOGITS[None], [Draw(sampling=sampling, seed=s, step=0, seen_ids=[])])[0].token_id for s in range(50)
    }
    assert len(drawn) >= 4


def test_repetition_penalty_divides_positive_and_multiplies_negative_logits() -> None:
    assert penalise(LOGITS, [4, 3, 4], 2.0).tolist() == [2.0, 1.0, 0.0, -2.0, 1.5]
    greedy = Sampling(repetition_penalty=2.0)
    assert sample(LOGITS[None], [Draw(sampling=greedy, seed=0, step=0, seen_ids=[4])])[0].token_id == 0


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
