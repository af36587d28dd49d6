"""Gemma 4's drafter: the target's newest token and hidden state in, the next tokens' logits out, one step at a time.

It keeps no keys and values. Its layers attend to the target's, through the same `AttentionMemory` as any layer that
borrows; during a whole round of draft steps all of them stand at one position, that of the newest accepted token.

Shape legend: T rows (one per sequence, or per place in training), W width of the target, C hidden size, V vocabulary,
A centroids looked into, N tokens of one centroid.
Source: the Gemma 4 report, arXiv:2607.02770, and the published drafters' configurations.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gemstead.kernels.ops import REFERENCE, Kernels, Residual
from gemstead.models.cache import AttentionMemory
from gemstead.models.gemma4.config import AssistantConfig
from gemstead.models.gemma4.text import Layer, rotary_of_kinds
from gemstead.models.layers import Linear, RMSNorm


@dataclass(frozen=True, kw_only=True)
class DraftStep:
    """What one draft step leaves.

    Args:
        out_TC: After the final norm; `Gemma4Assistant.logits` makes scores of it.
        hidden_TW: What the next step takes in place of the target's hidden state.
    """

    out_TC: Tensor
    hidden_TW: Tensor


class Gemma4Assistant(nn.Module):
    """The drafter.

    Args:
        config: Which of the sizes.
        kernels: Twins to use; the reference ones unless told otherwise.
    """

    def __init__(self, config: AssistantConfig, kernels: Kernels = REFERENCE) -> None:
        super().__init__()
        text = config.text
        self.config = config
        self._kernels = kernels
        self.embed_tokens = nn.Parameter(torch.empty(text.vocab_size, text.hidden_size))
        self.pre_projection = Linear(2 * config.backbone_hidden_size, text.hidden_size, kernels)
        self.layers = nn.ModuleList(Layer(text, i, kernels) for i in range(text.num_layers))
        self.norm = RMSNorm(text.hidden_size, text.rms_norm_eps, kernels)
        self.post_projection = Linear(text.hidden_size, config.backbone_hidden_size, kernels)
        self.centroids: Linear | None = None
        if config.use_ordered_embeddings:
            self.centroids = Linear(text.hidden_size, config.num_centroids, kernels)
            ordering = torch.zeros(text.vocab_size, dtype=torch.int64)
            self.token_ordering = nn.Parameter(ordering, requires_grad=False)

    def forward(self, embedded_TW: Tensor, hidden_TW: Tensor, position_T: Tensor, memory: AttentionMemory) -> DraftStep:
        """One draft step.

        Args:
            embedded_TW: The target's own embedding of the last token, times sqrt(W) as the target scales it.
            hidden_TW: The target's hidden state after its final norm, at the place whose logits gave the newest
                accepted token; in later steps what the step before left.
            position_T: Position of the newest accepted token, in every step of a round.
            memory: The target's keys and values at the positions before, for `AssistantConfig.borrowed_layers`.
        """
        x_TC = self.pre_projection(torch.cat((embedded_TW, hidden_TW.to(embedded_TW.dtype)), dim=-1))
        ropes = rotary_of_kinds(self.config.text, position_T)
        stream = Residual(x_TC)
        for layer in self.layers:
            stream = layer(stream, None, ropes[not layer.is_sliding], memory)
        out_TC = self.norm(self._kernels.settle(stream, self.config.text.rms_norm_eps))
        return DraftStep(out_TC=out_TC, hidden_TW=self.post_projection(out_TC))

    def logits(self, out_TC: Tensor) -> Tensor:
        """(T, C) -> (T, V), float32, not soft-capped.

        With centroids only the tokens of the likeliest ones are scored; all others get the lowest such score - 1.
        """
        if self.centroids is None:
            return self._kernels.logits(out_TC, self.embed_tokens, None)
        tokens_TS, scores_TS = self._scored_tokens(out_TC)
        rest_T1 = scores_TS.amin(-1, keepdim=True) - 1
        return rest_T1.repeat(1, self.config.text.vocab_size).scatter(1, tokens_TS, scores_TS)

    def best_tokens(self, out_TC: Tensor) -> Tensor:
        """The likeliest token of each row, (T,), without scores for those that cannot be."""
        if self.centroids is None:
            return self._kernels.greedy(out_TC, self.embed_tokens, None)
        tokens_TS, scores_TS = self._scored_tokens(out_TC)
        return tokens_TS.gather(1, scores_TS.argmax(-1, keepdim=True))[:, 0]

    def _scored_tokens(self, out_TC: Tensor) -> tuple[Tensor, Tensor]:
        """Tokens of the likeliest centroids and their scores, float32, both (T, A N)."""
        assert self.centroids is not None
        config = self.config
        best_TA = self.centroids(out_TC).topk(config.centroid_intermediate_top_k, dim=-1).indices
        tokens_TS = self.token_ordering.view(config.num_centroids, -1)[best_TA].flatten(1)
        rows_TSC = nn.functional.embedding(tokens_TS, self.embed_tokens)
        return tokens_TS, torch.einsum("tsc,tc->ts", rows_TSC, out_TC).float()
