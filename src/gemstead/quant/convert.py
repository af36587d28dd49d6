"""Which tensor of a model is stored how, under each precision: names in, bits out; and the swap itself.

precision      projections, experts   embedding, tied head   per-layer embeddings   norms, router, scalars
int8           int8                   int8                   int8                   as they are
int4           int4                   int8                   int8                   as they are
fp8            fp8                    int8                   fp8, tables int8       as they are
-embed16       as above               bf16                   tables bf16            as they are

The router decides which experts run at all, and is small; embeddings and head carry rare tokens, which 4 bits lose
first; per-layer embeddings enter every layer, so their projections never have fewer than 8. What is not listed is not
touched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gemstead.kernels.packed import Packed
from gemstead.quant import GROUP, PRECISIONS
from gemstead.quant.gguf_blocks import BLOCK_FORMATS, Blocks
from gemstead.quant.linear import pack

EMBEDDINGS = ("embed_tokens", "embed_tokens_per_layer")
NEVER_BELOW_8 = ("per_layer_input_gate", "per_layer_projection", "per_layer_model_projection")


@dataclass(frozen=True, kw_only=True)
class Storage:
    """How one tensor is stored.

    Args:
        bits: 4 or 8; `None` leaves it in the model's dtype.
        is_float: Codes are fp8.
        is_fallback: Its width forbids the 4 bits it was meant to have.
        keeps_lattice: Codes and scales, one for 32 neighbours, are the file's own, not made anew.
    """

    bits: int | None
    is_float: bool = False
    is_fallback: bool = False
    keeps_lattice: bool = False

    def num_bytes(self, shape: tuple[int, ...], dtype: torch.dtype) -> int:
        """What a tensor of this shape takes, scales included."""
        elements = torch.Size(shape).numel()
        if self.bits is None:
            return elements * dtype.itemsize
        if self.keeps_lattice:
            return elements * self.bits // 8 + elements // GROUP * torch.float32.itemsize
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
        return Storage(bits=8, is_float=wanted.is_float)
    if not leaf.endswith("_proj"):
        return AS_IT_IS
    if wanted.bits == 4 and shape[-1] % GROUP:
        return Storage(bits=8, is_fallback=True)
    return Storage(bits=wanted.bits, is_float=wanted.is_float)


def storage_of_blocks(name: str, shape: tuple[int, ...], block: str, precision: str, own: str) -> Storage:
    """How a tensor is stored that a file holds in blocks of few bits.

    Blocks that are computed on stay as they are, unless they have more bits than asked for or none are wanted. Others
    are made anew; but in a file that is on the int4 lattice itself, they have what its makers held to need more, so
    that int4 gives them 8.

    Args:
        name: As for `storage_of`.
        shape: Its shape.
        block: The format of its blocks, or a plain one such as "F32".
        precision: The one asked for.
        own: The file's.
    """
    asked = storage_of(name, shape, precision)
    if asked.bits is None or block not in BLOCK_FORMATS:
        return asked
    bits = BLOCK_FORMATS[block].lattice_bits
    if bits is not None and bits <= asked.bits:
        return Storage(bits=bits, keeps_lattice=True)
    if asked.bits == 4 and PRECISIONS[own].bits == 4:
        return Storage(bits=8, keeps_lattice=bits == 8)
    return asked


def precision_of(tensors: Mapping[str, tuple[str, tuple[int, ...]]]) -> str:
    """The precision in which a file of blocks loses nothing that matters: of most of its projections' weights.

    Args:
        tensors: Format and shape by name.
    """
    weights: Counter[int | None] = Counter()
    embeds_in_blocks = False
    for name, (block, shape) in tensors.items():
        form = BLOCK_FORMATS.get(block)
        if is_embedding(name):
            embeds_in_blocks |= form is not None
        elif storage_of(name, shape, "int8").bits is not None:
            weights[form.lattice_bits if form else None] += torch.Size(shape).numel()
    bits = weights.most_common(1)[0][0] if weights else None
    return "bf16" if bits is None else f"int{bits}" if embeds_in_blocks else f"int{bits}-embed16"


def is_embedding(name: str) -> bool:
    """Whether a tensor of this name, ours or published, is a table that rows are looked up in."""
    return name.removesuffix(".weight").rpartition(".")[2] in EMBEDDINGS


def is_only_looked_up(name: str) -> bool:
    """Whether it is such a table, and not the output matrix as well."""
    return name.removesuffix(".weight").endswith("embed_tokens_per_layer")


def place(model: nn.Module, parameter: str, tensor: Tensor | Blocks, storage: Storage, dtype: torch.dtype) -> None:
    """Put a tensor where a parameter stands, stored as said.

    Args:
        model: Of any family.
        parameter: Its name in the model.
        tensor: On its device; dense, in the checkpoint's dtype or `dtype`, or in blocks.
        storage: How.
        dtype: Of dense weights and of products; whole numbers keep their own.
    """
    if storage.keeps_lattice:
        assert isinstance(tensor, Blocks)
        place_packed(model, parameter, tensor.packed(dtype))
        return
    if storage.bits is not None:
        place_packed(model, parameter, pack(tensor, storage.bits, dtype, is_float=storage.is_float))
        return
    path, _, leaf = parameter.rpartition(".")
    if isinstance(tensor, Blocks):
        kept = tensor.dense(dtype)
    else:
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
