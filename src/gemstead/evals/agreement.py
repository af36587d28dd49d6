"""Two models read the same answers: how far apart are they, token by token? Exact, over the whole vocabulary.

Both read prompt and stored answer as they are (teacher forcing), so one early difference does not make everything after
it a difference, as it would between two answers of their own.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from gemstead.core.errors import BadRequest
from gemstead.evals.store import StoredAnswer, written_beside_the_store

if TYPE_CHECKING:
    from torch import Tensor


class Reader(Protocol):
    """Whoever can say what it would have expected at every place of a given answer."""

    def forced_logits(self, prompt_ids: Sequence[int], answer_ids: Sequence[int]) -> Iterator[Tensor]:
        """Logits (R, V) of so many answer tokens after another, each given everything before it."""
        ...


@dataclass(frozen=True, kw_only=True)
class AnswerAgreement:
    """Two models over one answer.

    Args:
        problem: Id of the problem.
        sample: Number of the sample.
        tokens: Tokens of the answer.
        kl_nats: Sum over tokens of KL(first || other), in nats.
        same_top: Tokens at which both find the same token likeliest.
        first_nats: Sum over tokens of -ln p, p being what the first one gave the token that stands there.
        other_nats: The same of the other.
    """

    problem: str
    sample: int
    tokens: int
    kl_nats: float
    same_top: int
    first_nats: float
    other_nats: float


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Two models over all answers.

    Args:
        tokens: Tokens read.
        mean_kl_nats: Mean KL(first || other) per token, in nats.
        same_top: Share of tokens at which both find the same token likeliest.
        perplexity: exp of the mean of -ln p of the tokens, of the first and of the other.
    """

    tokens: int
    mean_kl_nats: float
    same_top: float
    perplexity: tuple[float, float]


def log_probabilities(logits_RV: Tensor) -> Tensor:
    """Of logits of any floating dtype, (R, V), float64."""
    return logits_RV.double().log_softmax(-1)


def divergence(first_RV: Tensor, other_RV: Tensor) -> tuple[Tensor, Tensor]:
    """KL(first || other) of each row in nats, float64; and whether both have the same largest entry, bool.

    Args:
        first_RV: `log_probabilities`.
        other_RV: The same over the same vocabulary.
    """
    # Here and not above: stored rows are read, compared and reported without a model, and torch takes a second to load.
    import torch

    kl_R = torch.nn.functional.kl_div(other_RV, first_RV, reduction="none", log_target=True).sum(-1)
    # Not negative by Gibbs' inequality; rounding may say -1e-17.
    return kl_R.clamp(min=0.0), first_RV.argmax(-1) == other_RV.argmax(-1)


def surprise(log_RV: Tensor, ids: Sequence[int]) -> float:
    """Sum over rows of -ln p of a token each, in nats.

    Args:
        log_RV: `log_probabilities`.
        ids: R tokens.
    """
    return -float(log_RV[range(len(ids)), ids].sum())


def agree_on(first: Reader, other: Reader, answer: StoredAnswer) -> AnswerAgreement:
    """Let both read one stored answer.

    Raises:
        BadRequest: Prompt or answer were not stored as tokens.
    """
    if not answer.prompt_ids or not answer.token_ids:
        raise BadRequest(f"{answer.problem}: its tokens were not stored, so that no other model can read them")
    return agree_on_ids(first, other, answer.prompt_ids, answer.token_ids, problem=answer.problem, sample=answer.sample)


def agree_on_ids(
    first: Reader, other: Reader, prompt_ids: Sequence[int], answer_ids: Sequence[int], *, problem: str, sample: int = 0
) -> AnswerAgreement:
    """Let both read the same tokens."""
    kl_nats, same_top, nats, read = 0.0, 0, [0.0, 0.0], 0
    of_first = first.forced_logits(prompt_ids, answer_ids)
    of_other = other.forced_logits(prompt_ids, answer_ids)
    for logits in zip(of_first, of_other, strict=True):
        first_RV, other_RV = map(log_probabilities, logits)
        kl_R, is_same_R = divergence(first_RV, other_RV)
        kl_nats += float(kl_R.sum())
        same_top += int(is_same_R.sum())
        ids = answer_ids[read : read + len(first_RV)]
        nats = [nats[0] + surprise(first_RV, ids), nats[1] + surprise(other_RV, ids)]
        read += len(ids)
    return AnswerAgreement(
        problem=problem,
        sample=sample,
        tokens=len(answer_ids),
        kl_nats=kl_nats,
        same_top=same_top,
        first_nats=nats[0],
        other_nats=nats[1],
    )


def pooled(rows: Sequence[AnswerAgreement]) -> Agreement | None:
    """Over all answers, every token weighs the same; `None` without tokens."""
    tokens = sum(row.tokens for row in rows)
    if not tokens:
        return None
    return Agreement(
        tokens=tokens,
        mean_kl_nats=sum(row.kl_nats for row in rows) / tokens,
        same_top=sum(row.same_top for row in rows) / tokens,
        perplexity=(
            math.exp(sum(row.first_nats for row in rows) / tokens),
            math.exp(sum(row.other_nats for row in rows) / tokens),
        ),
    )


class AgreementFile:
    """Rows on disk, one a line, each there as soon as it is known; a last line that a kill cut off is dropped.

    Args:
        file: Where.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def rows(self) -> Mapping[tuple[str, int], AnswerAgreement]:
        """By problem and sample."""
        found: dict[tuple[str, int], AnswerAgreement] = {}
        if not self._file.is_file():
            return found
        for line in self._file.read_text(encoding="utf-8").split("\n")[:-1]:
            try:
                row = AnswerAgreement(**json.loads(line))
            except (ValueError, TypeError):
                continue  # cut off by a kill: read again
            found[row.problem, row.sample] = row
        return found

    def add(self, row: AnswerAgreement) -> None:
        """Keep a row.

        Raises:
            StoreError: The disk is full or cannot be written; the rows before stay.
        """
        with written_beside_the_store(self._file), self._file.open("a+b") as stream:
            if stream.tell() and not self._ends_in_a_line():
                stream.write(b"\n")
            stream.write(json.dumps(asdict(row)).encode() + b"\n")

    def _ends_in_a_line(self) -> bool:
        with self._file.open("rb") as stream:
            stream.seek(-1, 2)
            return stream.read(1) == b"\n"
