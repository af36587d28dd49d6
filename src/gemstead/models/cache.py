"""What attention writes to and reads from, and how a model says which layers own keys and values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

from gemstead.kernels.ops import Slots

LayerKind = Literal["sliding", "full"]


@dataclass(frozen=True, kw_only=True)
class LayerCache:
    """Keys and values of one layer.

    Args:
        kind: Which pool: bounded (sliding) or growing (full).
        window: Keys a sliding layer sees, the query's own included; `None` for full layers.
        num_kv_heads: Heads of keys and values.
        head_size: Size of one head.
        source: The layer whose keys and values this one reads; its own number if it owns some.
        key_size: Entries kept of a key. Fewer than a head has where the value, kept anyway, gives the others:
            see `docs/design/0011-keys-as-values.md`.
    """

    kind: LayerKind
    window: int | None
    num_kv_heads: int
    head_size: int
    source: int
    key_size: int


@dataclass(frozen=True, kw_only=True)
class CacheSize:
    """How large a paged cache is. The planner foretells memory with this, and the engine allocates by it.

    Args:
        max_sequences: Sequences in work at once.
        step_tokens: Rows of one step, hence the longest chunk of a prompt.
        page_tokens: Tokens of one page.
        cache_tokens: Tokens that all sequences together may hold in full-attention layers.
    """

    max_sequences: int
    step_tokens: int
    page_tokens: int
    cache_tokens: int

    def pages(self, layers: tuple[LayerCache, ...]) -> dict[LayerKind, int]:
        """Pages of each pool.

        The growing one holds `cache_tokens`. In the bounded one a sequence holds a window and the pages it straddles,
        or all its tokens if that is less, and all sequences together the rows of one step; as much as one sequence
        alone may hold stays for prefixes to be found again.
        """
        full = -(-self.cache_tokens // self.page_tokens)
        window = max((layer.window for layer in layers if layer.window is not None), default=None)
        if window is None:
            return {"full": full, "sliding": full}
        each = -(-window // self.page_tokens) + 2
        step = -(-self.step_tokens // self.page_tokens)
        held = min(self.max_sequences * each + step, full + self.max_sequences)
        return {"full": full, "sliding": held + min(each + step, full)}

    def num_bytes(self, layers: tuple[LayerCache, ...], element_bytes: int) -> int:
        """Bytes of keys and values of all layers that own some, each with one page that nobody reads."""
        pages = self.pages(layers)
        return sum(
            (pages[layer.kind] + 1)
            * self.page_tokens
            * layer.num_kv_heads
            * (layer.key_size + layer.head_size)
            * element_bytes
            for number, layer in enumerate(layers)
            if layer.source == number
        )


class AttentionMemory(Protocol):
    """Where a forward pass keeps keys and values. The engine's is paged; training's lasts one pass."""

    def slots(self, layer: int) -> Slots | None:
        """Where the keys and values of a layer that owns some are to be written; `None`: `attend` takes them."""
        ...

    def attend(self, layer: int, q_THD: Tensor, k_TGD: Tensor | None, v_TGD: Tensor | None) -> Tensor:
        """Keep this step's keys and values of a layer, if it has any, and attend over all there are.

        Args:
            layer: Number of the asking layer.
            q_THD: Queries, rotated.
            k_TGD: Keys, rotated; `None` for a layer that borrows, or if they are in their slots.
            v_TGD: Values; `None` likewise.

        Returns:
            (T, H, D).
        """
        ...

    def keep_rows(self, row_R: Tensor) -> AttentionMemory:
        """The same memory for only these rows of the step, ascending; what was written stays visible."""
        ...


class DenseMemory:
    """Memory of one forward pass over whole sequences of equal length: for training and for tests.

    Args:
        layers: One entry per layer.
        num_sequences: Rows are this many sequences, one after another, each from position 0.
    """

    def __init__(self, layers: tuple[LayerCache, ...], num_sequences: int) -> None:
        self._layers = layers
        self._num_sequences = num_sequences
        self._keys_values: dict[int, tuple[Tensor, Tensor]] = {}
        self._masks: dict[int | None, Tensor] = {}

    def slots(self, layer: int) -> None:
        """None: a pass keeps whole tensors."""

    def attend(self, layer: int, q_THD: Tensor, k_TGD: Tensor | None, v_TGD: Tensor | None) -> Tensor:
        """See `AttentionMemory.attend`."""
        spec = self._layers[layer]
        batch = self._num_sequences
        if k_TGD is not None and v_TGD is not None:
            self._keys_values[layer] = (
                k_TGD.unflatten(0, (batch, -1)).transpose(1, 2),
                v_TGD.unflatten(0, (batch, -1)).transpose(1, 2),
            )
        k_BGLD, v_BGLD = self._keys_values[spec.source]
        q_BHLD = q_THD.unflatten(0, (batch, -1)).transpose(1, 2)
        mask = self._mask(spec.window, q_BHLD.shape[2], q_THD.device)
        out_BHLD = F.scaled_dot_product_attention(
            q_BHLD, k_BGLD, v_BGLD, attn_mask=mask, is_causal=mask is None, scale=1.0, enable_gqa=True
        )
        return out_BHLD.transpose(1, 2).flatten(0, 1)

    def keep_rows(self, row_R: Tensor) -> AttentionMemory:
        """Not offered: a training pass needs every row."""
        raise NotImplementedError("DenseMemory computes every row; use the engine's paged memory")

    def _mask(self, window: int | None, length: int, device: torch.device) -> Tensor | None:
        if window is None or window >= length:
            return None
        if window not in self._masks:
            position = torch.arange(length, device=device)
            behind = position[:, None] - position[None, :]
            self._masks[window] = (behind >= 0) & (behind < window)
        return self._masks[window]
