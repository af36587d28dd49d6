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

    def slots(self, layer: int) -> None:
        """None: a pass keeps whole tensors."""

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


class Overheard:
    """`PackedMemory` of a target that also keeps what its last owning layer of each kind wrote: a drafter reads that.

    Args:
        memory: Of the target's pass.
    """

    def __init__(self, memory: PackedMemory) -> None:
        self._memory = memory
        self.sliding: tuple[Tensor, Tensor] | None = None
        self.full: tuple[Tensor, Tensor] | None = None

    def slots(self, layer: int) -> None:
        """None: a pass keeps whole tensors."""

    def attend(self, layer: int, q_THD: Tensor, k_TGD: Tensor | None, v_TGD: Tensor | None) -> Tensor:
        """See `AttentionMemory.attend`. A borrowing layer reads what was kept last: its source."""
        is_sliding = self._memory.layers[layer].kind == "sliding"
        if k_TGD is None or v_TGD is None:
            kept = self.sliding if is_sliding else self.full
            assert kept is not None
            return self._memory.attend(layer, q_THD, *kept)
        if is_sliding:
            self.sliding = (k_TGD, v_TGD)
        else:
            self.full = (k_TGD, v_TGD)
        return self._memory.attend(layer, q_THD, k_TGD, v_TGD)

    def keep_rows(self, row_R: Tensor) -> AttentionMemory:
        """Not offered, as in `PackedMemory`."""
        return self._memory.keep_rows(row_R)


@dataclass(frozen=True, kw_only=True)
class BorrowedMemory:
    """A drafter's memory in training: every place of packed rows asks at once, about what came before it.

    Args:
        memory: Masks and layers; of `packed_memory(..., is_own_visible=False)`.
        sliding: Keys and values (T, G, D) of the target's layer that sliding layers read.
        full: The same for full layers.
    """

    memory: PackedMemory
    sliding: tuple[Tensor, Tensor] | None
    full: tuple[Tensor, Tensor] | None

    def slots(self, layer: int) -> None:
        """None: a pass keeps whole tensors."""

    def attend(self, layer: int, q_THD: Tensor, k_TGD: Tensor | None, v_TGD: Tensor | None) -> Tensor:
        """See `AttentionMemory.attend`."""
        kept = self.sliding if self.memory.layers[layer].kind == "sliding" else self.full
        assert kept is not None
        return self.memory.attend(layer, q_THD, *kept)

    def keep_rows(self, row_R: Tensor) -> AttentionMemory:
        """Not offered, as in `PackedMemory`."""
        return self.memory.keep_rows(row_R)


def packed_memory(layers: tuple[LayerCache, ...], documents_BL: Tensor, *, is_own_visible: bool = True) -> PackedMemory:
    """Memory whose masks follow the documents' borders.

    Args:
        layers: Of the model.
        documents_BL: Number of each token's document.
        is_own_visible: Whether a place sees its own key, which a drafter's does not. A document's first place always
            does, so that nobody is left without any.
    """
    rows, context = documents_BL.shape
    build = _block_mask if documents_BL.is_cuda else _plain_mask
    own_BL = torch.ones_like(documents_BL, dtype=torch.bool)
    if not is_own_visible:
        own_BL[:, 1:] = documents_BL[:, 1:] != documents_BL[:, :-1]
    masks = {window: build(documents_BL, own_BL, window, context) for window in {layer.window for layer in layers}}
    return PackedMemory(layers=layers, rows=rows, masks=masks)


def _plain_mask(documents_BL: Tensor, own_BL: Tensor, window: int | None, context: int) -> Tensor:
    place = torch.arange(context, device=documents_BL.device)
    behind = place[:, None] - place[None, :]
    seen = (behind > 0) & (behind < (window or context)) | (behind == 0) & own_BL[:, :, None]
    return (seen & (documents_BL[:, :, None] == documents_BL[:, None, :]))[:, None]


def _block_mask(documents_BL: Tensor, own_BL: Tensor, window: int | None, context: int) -> Any:
    reach = window or context

    def sees(b: Tensor, h: Tensor, q: Tensor, k: Tensor) -> Tensor:
        is_near = (q > k) & (q - k < reach) | (q == k) & own_BL[b, q]
        return is_near & (documents_BL[b, q] == documents_BL[b, k])

    build = torch.compile(create_block_mask)
    return build(sees, documents_BL.shape[0], None, context, context, device=documents_BL.device)
