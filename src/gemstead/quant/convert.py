"""Which tensor of a model is stored how, under each precision: names in, bits out; and the swap itself.

precision      projections, experts   embedding, tied head   per-layer embeddings   norms, router, scalars
int8           int8                   int8                   int8                   as they are
int4           int4                   int8                   int8                   as they are
-embed16       as above               bf16                   tables bf16            as they are

The router decides which experts run at all, and is small; embeddings and head carry rare tokens, which 4 bits lose
first; per-layer embeddings enter every layer, so their projections never have fewer than 8. What is not listed is not
touched.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gemstead.kernels.packed import Packed
from gemstead.quant import GROUP, PRECISIONS
from gemstead.quant.linear import pack

EMBEDDINGS = ("embed_tokens", "embed_tokens_per_layer")
NEVER_BELOW_8 = ("per_layer_input_gate", "per_layer_projection", "per_layer_model_projection")


@dataclass(frozen=True, kw_only=True)
class Storage:
    """How one tensor is stored.

    Args:
        bits: 4 or 8; `None` leaves it in the model's dtype.
        is_fallback: Its width forbids the 4 bits it was meant to have.
    """

    bits: int | None
    is_fallback: bool = False

    def num_bytes(self, shape: tuple[int, ...], dtype: torch.dtype) -> int:
        """What a tensor of this shape takes, scales included."""
        elements = torch.Size(shape).numel()
        if self.bits is None:
            return elements * dtype.itemsize
        if self.bits == 4:
            return elements // 2 + elements // GROUP * torch.bfloat16.itemsize
        return elements + elements // shape[-1] * torch.bfloat16.itemsize


AS_IT_IS = Storage(bits=None)


def storage_of(name: str, shape: tuple[int, ...], precision: str) -> Storage:
    """How a tensor is stored.

    Args:
        name: Our parameter's name or the published one.
        shape: Its shape.
        precision: One of `quant.PRECISIONS`.
    """
    wanted = PRECISIONS[precision]
    if wanted.bits is None or len(shape) < 2:
        return AS_IT_IS
    path = name.removesuffix(".weight").split(".")
    leaf = path[-1]
    if "router" in path or leaf.startswith("router"):
        return AS_IT_IS
    if is_embedding(name):
        return AS_IT_IS if wanted.keep_embeddings else Storage(bits=8)
    if leaf in NEVER_BELOW_8:
        return Storage(bits=8)
    if not leaf.endswith("_proj"):
        return AS_IT_IS
    if wanted.bits == 4 and shape[-1] % GROUP:
        return Storage(bits=8, is_fallback=True)
    return Storage(bits=wanted.bits)


def is_embedding(name: str) -> bool:
    """Whether a tensor of this name, ours or published, is a table that rows are looked up in."""
    return name.removesuffix(".weight").rpartition(".")[2] in EMBEDDINGS


def place(model: nn.Module, parameter: str, tensor: Tensor, storage: Storage, dtype: torch.dtype) -> None:
    """Put a tensor where a parameter stands, stored as said.

    Args:
        model: Of any family.
        parameter: Its name in the model.
        tensor: Dense, on its device, in the checkpoint's dtype or `dtype`.
        storage: How.
        dtype: Of dense weights and of products; whole numbers keep their own.
    """
    if storage.bits is not None:
        place_packed(model, parameter, pack(tensor, storage.bits, dtype))
        return
    path, _, leaf = parameter.rpartition(".")
    kept = tensor.to(dtype) if tensor.is_floating_point() else tensor
    setattr(model.get_submodule(path), leaf, nn.Parameter(kept, requires_grad=False))


def place_packed(model: nn.Module, parameter: str, weight: Packed) -> None:
    """Put a packed matrix where a parameter stands."""
    path, _, leaf = parameter.rpartition(".")
    owner = model.get_submodule(path)
    delattr(owner, leaf)  # torch refuses a module where a parameter is registered
    setattr(owner, leaf, weight)


def quantize(model: nn.Module, precision: str) -> None:
    """Store a whole model in few bits, tensor by tensor, in place."""
    for name, parameter in list(model.named_parameters()):
        storage = storage_of(name, tuple(parameter.shape), precision)
        if storage.bits is not None:
            place(model, name, parameter.detach(), storage, parameter.dtype)


def num_bytes(model: nn.Module) -> int:
    """Bytes of all weights, packed ones included."""
    return sum(t.nbytes for t in (*model.parameters(), *model.buffers()))
