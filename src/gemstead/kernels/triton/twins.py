"""The twins made of Triton kernels: which operation goes to which kernel, and what is left to the parent.

One kernel settles the stream and norms it, and the products follow; where they have few outputs, they settle and norm
for themselves. A layer never settles for the next one, which does it on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

import torch
from torch import Tensor

from gemstead.kernels import reference
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.ops import A, B, Heads, Kernels, Residual, Slots
from gemstead.kernels.packed import Weight
from gemstead.kernels.triton import attention, heads, launch, products
from gemstead.kernels.triton.launch import After, Before, Products, Storage, readable, storage_of


@dataclass(frozen=True, kw_only=True)
class TritonKernels(Kernels):
    """Twins that do several things at once.

    Args:
        products: Products by weights; the fields of `Kernels` that multiply are its methods.
    """

    products: Products = field(default_factory=Products)

    def settle(self, stream: Residual, eps: float) -> Tensor:
        """`Kernels.settle` in one kernel."""
        if not _takes(stream) or (stream.update_TC is None and stream.scale is None):
            return super().settle(stream, eps)
        settled_TC = torch.empty_like(stream.x_TC, memory_format=torch.contiguous_format)
        launch.norm_rows(Before(stream=stream, eps=eps, settled=settled_TC), None, has_norm=False)
        return settled_TC

    def hand_on(self, stream: Residual, eps: float) -> Residual:
        """The stream as it is: whoever reads it next settles it."""
        return stream if _takes(stream) else super().hand_on(stream, eps)

    def side_by_side(self, one: Callable[[], A], other: Callable[[], B]) -> tuple[A, B]:
        """At the same time in a captured graph, where a second stream costs nothing; else one after the other."""
        if not (torch.cuda.is_available() and torch.cuda.is_current_stream_capturing()):
            return super().side_by_side(one, other)
        here, side = torch.cuda.current_stream(), _side_stream(torch.cuda.current_device())
        side.wait_stream(here)
        with torch.cuda.stream(side):
            b = other()
        a = one()
        here.wait_stream(side)
        return a, b

    def project(
        self, stream: Residual, norm_weight_C: Tensor, eps: float, weights: tuple[Weight, ...]
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """`Kernels.project`: one kernel for few outputs; else one that settles and norms, and one for the products."""
        if not _takes(stream, norm_weight_C):
            return super().project(stream, norm_weight_C, eps, weights)
        storage = self._normed_in_place(stream, weights)
        if storage is not None and len(weights) <= 3:
            before = _before(stream, norm_weight_C, eps)
            return _settled(before), self.products.into(before, weights, storage)
        x_TC, normed_TC = _settle_and_norm(stream, norm_weight_C, eps)
        return x_TC, self.products.many(normed_TC, weights)

    def project_gated(
        self, stream: Residual, norm_weight_C: Tensor, eps: float, gate: Weight, up: Weight
    ) -> tuple[Tensor, Tensor]:
        """`Kernels.project_gated`: gate and up-projection meet in one program."""
        if not _takes(stream, norm_weight_C):
            return super().project_gated(stream, norm_weight_C, eps, gate, up)
        storage = self._normed_in_place(stream, (gate, up))
        after = After(what=products.GATED.value)
        if storage is not None:
            before = _before(stream, norm_weight_C, eps)
            return _settled(before), self.products.into(before, (gate, up), storage, after)[0]
        x_TC, normed_TC = _settle_and_norm(stream, norm_weight_C, eps)
        storage = self._ours(normed_TC, (gate, up))
        if storage is not None:
            return x_TC, self.products.into(Before(stream=Residual(normed_TC)), (gate, up), storage, after)[0]
        return x_TC, self.gated_gelu(self.linear(normed_TC, gate), self.linear(normed_TC, up))

    def gate_onto(self, stream: Residual, eps: float, gate: Weight, factor_TE: Tensor) -> tuple[Tensor, Tensor]:
        """`Kernels.gate_onto`: the gate is applied where its product is made."""
        if not _takes(stream, factor_TE):
            return super().gate_onto(stream, eps, gate, factor_TE)
        after = After(what=products.ONTO.value, factor=factor_TE)
        storage = self._normed_in_place(stream, (gate,))
        if storage is not None:
            before = _before(stream, None, eps)
            return _settled(before), self.products.into(before, (gate,), storage, after)[0]
        x_TC = self.settle(stream, eps)
        storage = self._ours(x_TC, (gate,))
        if storage is not None:
            return x_TC, self.products.into(Before(stream=Residual(x_TC)), (gate,), storage, after)[0]
        return x_TC, self.gated_gelu(self.linear(x_TC, gate), factor_TE)

    def heads(
        self,
        projected: tuple[Tensor, ...],
        norm_weights: tuple[Tensor, Tensor | None],
        rope: tuple[Tensor, Tensor],
        eps: float,
        slots: Slots | None,
    ) -> Heads:
        """`Kernels.heads` in one kernel."""
        return heads.heads(projected, norm_weights, rope, eps, slots)

    def route(
        self,
        x_TC: Tensor,
        scale_C: Tensor,
        factor: float,
        router: Weight,
        expert_scale_E: Tensor,
        num_chosen: int,
        eps: float,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """`Kernels.route`, both scales rounded at once; of equally probable experts the lower number is chosen."""
        stream = Residual(x_TC)
        if not _takes(stream, scale_C):
            return super().route(x_TC, scale_C, factor, router, expert_scale_E, num_chosen, eps)
        scale_C = scale_C * factor
        before = Before(stream=stream, norm_weight=scale_C, eps=eps, rounds_norm=True)
        storage = self._normed_in_place(stream, (router,))
        if storage is not None:
            (score_TE,) = self.products.into(before, (router,), storage)
        else:
            normed_TC = torch.empty_like(x_TC, memory_format=torch.contiguous_format)
            launch.norm_rows(before, normed_TC, has_norm=True)
            score_TE = self.linear(normed_TC, router)
        return launch.choose(score_TE, expert_scale_E, num_chosen)

    def join(self, a_TC: Tensor, a_weight_C: Tensor, b_TC: Tensor, b_weight_C: Tensor, eps: float) -> Tensor:
        """`Kernels.join` in one kernel."""
        if not readable(a_TC, a_weight_C, b_TC, b_weight_C) or a_TC.shape[-1] > launch.WIDEST_ROW:
            return super().join(a_TC, a_weight_C, b_TC, b_weight_C, eps)
        return launch.join(a_TC, a_weight_C, b_TC, b_weight_C, eps)

    def join_experts(
        self,
        dense_TC: Tensor,
        dense_weight_C: Tensor,
        x_TC: Tensor,
        matrices: tuple[Weight, Weight],
        chosen: tuple[Tensor, Tensor],
        routed_weight_C: Tensor,
        eps: float,
    ) -> Tensor:
        """`Kernels.join_experts`: the experts' outputs are added up, normed and joined in one kernel."""
        takes = readable(dense_TC, dense_weight_C, x_TC, routed_weight_C) and x_TC.shape[-1] <= launch.WIDEST_ROW
        if not takes or not x_TC.shape[0] or any(storage_of(matrix) is None for matrix in matrices):
            return super().join_experts(dense_TC, dense_weight_C, x_TC, matrices, chosen, routed_weight_C, eps)
        outputs = self.products.each_expert(x_TC, *matrices, chosen[0])
        return launch.join_experts(dense_TC, dense_weight_C, outputs, *chosen, routed_weight_C, eps)

    def logits(self, hidden_RC: Tensor, weight_VC: Weight, cap: float | None) -> Tensor:
        """`Kernels.logits`: capped where the product is made."""
        if self._ours(hidden_RC, (weight_VC,)) is None:
            return super().logits(hidden_RC, weight_VC, cap)
        return self.products.logits(hidden_RC, weight_VC, cap)

    def greedy(self, hidden_RC: Tensor, weight_VC: Weight, cap: float | None) -> Tensor:
        """`Kernels.greedy`: logits are never written."""
        if self._ours(hidden_RC, (weight_VC,)) is None:
            return super().greedy(hidden_RC, weight_VC, cap)
        return self.products.greedy(hidden_RC, weight_VC, cap)

    def _ours(self, x_TK: Tensor, weights: tuple[Weight, ...]) -> Storage | None:
        """How the matrices are stored, if all alike and ours to multiply by."""
        storage = storage_of(weights[0])
        alike = all(storage_of(weight) == storage for weight in weights)
        ours = readable(x_TK) and alike and self.products.multiplies(storage, x_TK.shape[0], weights[0].shape[0])
        return storage if ours else None

    def _normed_in_place(self, stream: Residual, weights: tuple[Weight, ...]) -> Storage | None:
        """`_ours`, if the product's programs are to settle and norm as well."""
        storage = self._ours(stream.x_TC, weights)
        if storage is None:
            return None
        num_outputs = sum(weight.shape[0] for weight in weights)
        num_rows, num_inputs = stream.x_TC.shape
        return storage if self.products.normed_in_place(storage, num_rows, num_inputs, num_outputs) else None


@cache
def _side_stream(_: int) -> torch.cuda.Stream:
    return torch.cuda.Stream()


def _takes(stream: Residual, *others: Tensor | None) -> bool:
    """Whether the kernels read a stream and what goes with it."""
    return stream.x_TC.shape[-1] <= launch.WIDEST_ROW and readable(*stream, *others)


def _before(stream: Residual, norm_weight: Tensor | None, eps: float) -> Before:
    """A stream that is settled, and written down if that changes it."""
    changes = stream.update_TC is not None or stream.scale is not None
    settled = torch.empty_like(stream.x_TC, memory_format=torch.contiguous_format) if changes else None
    return Before(stream=stream, norm_weight=norm_weight, eps=eps, settled=settled)


def _settled(before: Before) -> Tensor:
    return before.stream.x_TC if before.settled is None else before.settled


def _settle_and_norm(stream: Residual, norm_weight_C: Tensor, eps: float) -> tuple[Tensor, Tensor]:
    before = _before(stream, norm_weight_C, eps)
    normed_TC = torch.empty_like(stream.x_TC, memory_format=torch.contiguous_format)
    launch.norm_rows(before, normed_TC, has_norm=True)
    return _settled(before), normed_TC


def _made_of(name: str, multiplies: Products, attention: Attention) -> TritonKernels:
    return TritonKernels(
        name=name,
        lay_out=reference.lay_out,
        linear=multiplies.linear,
        embedding=launch.embedding,
        gated_gelu=launch.gated_gelu,
        softcap=launch.softcap,
        rms_norm=launch.rms_norm,
        attention=attention,
        experts=multiplies.experts,
        products=multiplies,
        can_capture=True,
        can_capture_ragged=True,
    )


Attention = Callable[[Tensor, Tensor, Tensor, QueryRows, PoolView, int | None], Tensor]
TRITON = _made_of("triton", Products(), attention.attention)
# Rows do not depend on their neighbours: one kernel, one tile, one order of sums for any number of them.
REPRODUCIBLE = _made_of("reproducible", Products(reproducible=True), attention.attention_reproducible)
