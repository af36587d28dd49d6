"""Attention memory of one training pass over packed rows: a token sees its own document only.

Shape legend: B rows, L context, T = B * L, H query heads, G key/value heads, D head size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.nn.attention.flex_attention import create_block_mask, flex_attention

from gemstead.models.cache import AttentionMemory, LayerCache


@dataclass(frozen=True, kw_only=True)
class PackedMemory:
    """Memory of one pass.

    Args:
        layers: One entry per layer.
        rows: B.
        masks: Window -> which places each place sees; the key `None` is for full layers. A block mask on a GPU
            (FlexAttention, arXiv:2412.05496), a plain mask (B, 1, L, L) elsewhere.
    """

    layers: tuple[LayerCache, ...]
    rows: int
    masks: dict[int | None, Any]

    def attend(self, layer: int, q_THD: Tensor, k_TGD: Tensor | None, v_TGD: Tensor | None) -> Tensor:
        """See `AttentionMemory.attend`. Layers that borrow are not offered: pebble has none."""
        assert k_TGD is not None and v_TGD is not None
        q, k, v = (x.unflatten(0, (self.rows, -1)).transpose(1, 2) for x in (q_THD, k_TGD, v_TGD))
        mask = self.masks[self.layers[layer].window]
        if isinstance(mask, Tensor):
            out_BHLD = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=1.0, enable_gqa=True)
        else:
            q, k, v = (x.to(torch.bfloat16) for x in (q, k, v))
            out_BHLD = flex_attention(q, k, v, block_mask=mask, scale=1.0, enable_gqa=True)
        return out_BHLD.transpose(1, 2).flatten(0, 1)

    def keep_rows(self, row_R: Tensor) -> AttentionMemory:
        """Not offered: a training pass needs every row."""
        raise NotImplementedError("PackedMemory computes every row; use the engine's paged memory")


def packed_memory(layers: tuple[LayerCache, ...], documents_BL: Tensor) -> PackedMemory:
    """Memory whose masks follow the documents' borders.

    Args:
        layers: Of the model.
        documents_BL: Number of each token's document.
    """
    rows, context = documents_BL.shape
    build = _block_mask if documents_BL.is_cuda else _plain_mask
    masks = {window: build(documents_BL, window, context) for window in {layer.window for layer in layers}}
    return PackedMemory(layers=layers, rows=rows, masks=masks)


def _plain_mask(documents_BL: Tensor, window: int | None, context: int) -> Tensor:
    place = torch.arange(context, device=documents_BL.device)
    behind = place[:, None] - place[None, :]
    seen = (behind >= 0) & (behind < (window or context))
    return (seen & (documents_BL[:, :, None] == documents_BL[:, None, :]))[:, None]


def _block_mask(documents_BL: Tensor, window: int | None, context: int) -> Any:
    reach = window or context

    def sees(b: Tensor, h: Tensor, q: Tensor, k: Tensor) -> Tensor:
        return (q >= k) & (q - k < reach) & (documents_BL[b, q] == documents_BL[b, k])

    build = torch.compile(create_block_mask)
    return build(sees, documents_BL.shape[0], None, context, context, device=documents_BL.device)
