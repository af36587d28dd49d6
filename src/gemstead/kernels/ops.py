"""The table of twins, and the choice between them: made once, when a model is loaded, and named in the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import NamedTuple, TypeVar

import torch
from torch import Tensor

from gemstead.core.errors import BadRequest
from gemstead.kernels import cpu, invariant, reference
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.llvm import machine, steps
from gemstead.kernels.packed import Weight

A = TypeVar("A")
B = TypeVar("B")

OLDEST_CAPABILITY = (8, 0)  # the first cards that multiply bfloat16


class Residual(NamedTuple):
    """The stream between two blocks, where the last one's output is not yet added: `(x + norm(update) w) * scale`.

    Whoever reads it next adds it, so that a twin can do that, the next norm and the next product at once.

    Args:
        x_TC: The stream before.
        update_TC: The block's output; `None` if there is nothing to add.
        weight_C: Weight of the norm the output goes through.
        scale: One number, (1,); `None` scales by nothing.
    """

    x_TC: Tensor
    update_TC: Tensor | None = None
    weight_C: Tensor | None = None
    scale: Tensor | None = None


class Slots(NamedTuple):
    """Where this step's keys and values of a layer go.

    Args:
        k_NSGD: Pages of keys. Narrower than values, (N, S, G, R), where they hold only the R / 2 pairs that turn, of
            layers without a projection of values: the other entries are the value's times `key_weight_D`.
        v_NSGD: Pages of values.
        slot_T: Each row's place: page * page size + offset, int64.
        key_weight_D: Weight of the keys' norm, where keys are narrower.
    """

    k_NSGD: Tensor
    v_NSGD: Tensor
    slot_T: Tensor
    key_weight_D: Tensor | None = None

    @property
    def num_beside(self) -> int:
        """R; 0 if keys are whole."""
        return 0 if self.key_weight_D is None else self.k_NSGD.shape[-1]


class Heads(NamedTuple):
    """Queries, normed and rotated, and keys and values, `None` where there are none or they are in their slots.

    Where keys are narrower than values, queries are (T, H, D + R): what `reference.attention` multiplies the value by,
    and then what the key.
    """

    q_THD: Tensor
    k_TGD: Tensor | None
    v_TGD: Tensor | None


@dataclass(frozen=True, kw_only=True)
class Kernels:
    """One twin of every operation. Models hold one of these and call nothing else for heavy work.

    Each field has the signature and meaning of the function of the same name in `kernels/reference.py`. Whatever takes
    a `Weight` takes dense and packed ones, so that models need not know which they hold. The methods are made of the
    fields, and say what twins that do several things at once must agree with. `lay_out_table` is `lay_out` for a matrix
    whose rows are looked up, too.
    """

    name: str
    lay_out: Callable[[Weight], Weight]
    linear: Callable[[Tensor, Weight], Tensor]
    embedding: Callable[[Tensor, Weight], Tensor]
    gated_gelu: Callable[[Tensor, Tensor], Tensor]
    softcap: Callable[[Tensor, float], Tensor]
    rms_norm: Callable[[Tensor, Tensor | None, float], Tensor]
    attention: Callable[[Tensor, Tensor, Tensor, QueryRows, PoolView, int | None], Tensor]
    experts: Callable[[Tensor, Weight, Weight, Tensor, Tensor], Tensor]
    lay_out_table: Callable[[Weight], Weight] = reference.lay_out
    can_capture: bool = False  # whether a decoding step is launched without a look at what lies on the device
    can_capture_ragged: bool = False  # nor any other step, whatever its sequences' numbers of rows

    def settle(self, stream: Residual, eps: float) -> Tensor:
        """The stream with everything added, (T, C)."""
        x_TC = stream.x_TC
        if stream.update_TC is not None:
            x_TC = x_TC + self.rms_norm(stream.update_TC, stream.weight_C, eps)
        return x_TC if stream.scale is None else x_TC * stream.scale

    def hand_on(self, stream: Residual, eps: float) -> Residual:
        """What one layer leaves to the next: the settled stream, unless a twin lets the next one settle it."""
        return Residual(self.settle(stream, eps))

    def side_by_side(self, one: Callable[[], A], other: Callable[[], B]) -> tuple[A, B]:
        """Two pieces of work that do not need each other, one after the other or at the same time."""
        return one(), other()

    def project(
        self, stream: Residual, norm_weight_C: Tensor, eps: float, weights: tuple[Weight, ...]
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Settle, norm, and multiply by several matrices.

        Args:
            stream: Not yet settled.
            norm_weight_C: Of the norm before the products.
            eps: Of both norms.
            weights: (N, C) each.

        Returns:
            The settled stream, (T, C), and the products, (T, N) each.
        """
        x_TC = self.settle(stream, eps)
        normed_TC = self.rms_norm(x_TC, norm_weight_C, eps)
        return x_TC, tuple(self.linear(normed_TC, weight) for weight in weights)

    def project_gated(
        self, stream: Residual, norm_weight_C: Tensor, eps: float, gate: Weight, up: Weight
    ) -> tuple[Tensor, Tensor]:
        """`project` by the two matrices of a gated MLP: the settled stream and `gelu(gate x) * up x`, (T, I)."""
        x_TC, (gate_TI, up_TI) = self.project(stream, norm_weight_C, eps, (gate, up))
        return x_TC, self.gated_gelu(gate_TI, up_TI)

    def gate_onto(self, stream: Residual, eps: float, gate: Weight, factor_TE: Tensor) -> tuple[Tensor, Tensor]:
        """Settle and gate without a norm: the settled stream and `gelu(gate x) * factor`, (T, E)."""
        x_TC = self.settle(stream, eps)
        return x_TC, self.gated_gelu(self.linear(x_TC, gate), factor_TE)

    def heads(
        self,
        projected: tuple[Tensor, ...],
        norm_weights: tuple[Tensor, Tensor | None],
        rope: tuple[Tensor, Tensor],
        eps: float,
        slots: Slots | None,
    ) -> Heads:
        """Turn projections into heads: queries and keys normed and rotated, values normed without a weight.

        Args:
            projected: Of queries (T, H D); unless borrowed, of keys (T, G D); unless the keys serve, of values.
            norm_weights: (D,) of queries and of keys.
            rope: Cosines and sines, float32, (T, D).
            eps: Of the norms.
            slots: Where keys and values are written; `None` to have them returned.
        """
        q_weight_D, k_weight_D = norm_weights
        shape = (-1, q_weight_D.shape[0])
        raw_THD = projected[0].unflatten(-1, shape)
        q_THD = reference.rotate(self.rms_norm(raw_THD, q_weight_D, eps), *rope)
        if slots is not None and slots.key_weight_D is not None:
            # What makes a key of a value goes into the query, before it is rounded: as exact as whole keys.
            folded_THD = self.rms_norm(raw_THD, q_weight_D.float() * slots.key_weight_D.float(), eps)
            q_THD = reference.query_beside(folded_THD, q_THD, slots.num_beside)
        if k_weight_D is None:
            return Heads(q_THD, None, None)
        raw_TGD = projected[1].unflatten(-1, shape)
        k_TGD = reference.rotate(self.rms_norm(raw_TGD, k_weight_D, eps), *rope)
        # Values are the projection before the keys' own norm and rotation.
        v_TGD = self.rms_norm(projected[-1].unflatten(-1, shape), None, eps)
        if slots is None:
            return Heads(q_THD, k_TGD, v_TGD)
        kept_TGR = k_TGD if slots.key_weight_D is None else reference.turning(k_TGD, slots.num_beside)
        slots.k_NSGD.flatten(0, 1)[slots.slot_T] = reference.kept(kept_TGR, slots.k_NSGD.dtype)
        slots.v_NSGD.flatten(0, 1)[slots.slot_T] = reference.kept(v_TGD, slots.v_NSGD.dtype)
        return Heads(q_THD, None, None)

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
        """Choose experts.

        Args:
            x_TC: The stream, not normed.
            scale_C: What the normed stream is multiplied by,
            factor: and then by this, in the published order of roundings.
            router: (E, C).
            expert_scale_E: What each expert's weight is multiplied by.
            num_chosen: A, experts per row.
            eps: Of the norm, which has no weight.

        Returns:
            Numbers (T, A), int64; weights (T, A), float32, which sum to 1 before the experts' scales; the router's
            probabilities (T, E), float32.
        """
        probability_TE = self.linear(self.rms_norm(x_TC, None, eps) * scale_C * factor, router).float().softmax(-1)
        weight_TA, chosen_TA = probability_TE.topk(num_chosen, dim=-1)
        weight_TA = weight_TA / weight_TA.sum(-1, keepdim=True) * expert_scale_E.float()[chosen_TA]
        return chosen_TA, weight_TA, probability_TE

    def join(self, a_TC: Tensor, a_weight_C: Tensor, b_TC: Tensor, b_weight_C: Tensor, eps: float) -> Tensor:
        """Norm two blocks' outputs, each with a weight of its own, and add them; (T, C)."""
        return self.rms_norm(a_TC, a_weight_C, eps) + self.rms_norm(b_TC, b_weight_C, eps)

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
        """`join` of a dense block's output and of the routed experts'.

        Args:
            dense_TC: The dense block's output.
            dense_weight_C: Of its norm.
            x_TC: What the experts read.
            matrices: Of gates with up-projections and of down-projections, as `experts` takes them.
            chosen: Numbers of experts (T, A) and their weights (T, A).
            routed_weight_C: Of the norm of the experts' sum.
            eps: Of both norms.
        """
        return self.join(dense_TC, dense_weight_C, self.experts(x_TC, *matrices, *chosen), routed_weight_C, eps)

    def logits(self, hidden_RC: Tensor, weight_VC: Weight, cap: float | None) -> Tensor:
        """Products with the output matrix, float32, soft-capped unless `cap` is `None`; (R, V)."""
        logits_RV = self.linear(hidden_RC, weight_VC)
        return logits_RV.float() if cap is None else self.softcap(logits_RV, cap)

    def greedy(self, hidden_RC: Tensor, weight_VC: Weight, cap: float | None) -> Tensor:
        """Number of the largest of each row's `logits`, the lowest of equal ones; (R,), int64."""
        return self.logits(hidden_RC, weight_VC, cap).argmax(-1)


REFERENCE = Kernels(
    name="reference",
    lay_out=reference.lay_out,
    linear=reference.linear,
    embedding=reference.embedding,
    gated_gelu=reference.gated_gelu,
    softcap=reference.softcap,
    rms_norm=reference.rms_norm,
    attention=reference.attention,
    experts=reference.experts,
)


@dataclass(frozen=True, kw_only=True)
class CpuKernels(Kernels):
    """Twins that do several things in one call where kernels of our own can: few rows, and matrices in lanes."""

    def hand_on(self, stream: Residual, eps: float) -> Residual:
        """Left to whoever multiplies next, if its product settles it."""
        if machine.vectors() is not None and steps.suits(stream.x_TC):
            return stream
        return super().hand_on(stream, eps)

    def project(
        self, stream: Residual, norm_weight_C: Tensor, eps: float, weights: tuple[Weight, ...]
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """In one call."""
        found = steps.project(*_parts(stream), norm_weight_C, eps, weights)
        return found if found is not None else super().project(stream, norm_weight_C, eps, weights)

    def project_gated(
        self, stream: Residual, norm_weight_C: Tensor, eps: float, gate: Weight, up: Weight
    ) -> tuple[Tensor, Tensor]:
        """In one call."""
        found = steps.project(*_parts(stream), norm_weight_C, eps, (gate, up), after="gated")
        if found is None:
            return super().project_gated(stream, norm_weight_C, eps, gate, up)
        return found[0], found[1][0]

    def gate_onto(self, stream: Residual, eps: float, gate: Weight, factor_TE: Tensor) -> tuple[Tensor, Tensor]:
        """In one call."""
        found = steps.project(*_parts(stream), None, eps, (gate,), after="onto", factor_TE=factor_TE.contiguous())
        if found is None:
            return super().gate_onto(stream, eps, gate, factor_TE)
        return found[0], found[1][0]

    def heads(
        self,
        projected: tuple[Tensor, ...],
        norm_weights: tuple[Tensor, Tensor | None],
        rope: tuple[Tensor, Tensor],
        eps: float,
        slots: Slots | None,
    ) -> Heads:
        """In one call for each kind of heads, which are written where they are kept."""
        q_weight_D, k_weight_D = norm_weights
        size, raw = q_weight_D.shape[0], projected[0]
        is_kept = slots is not None and slots.key_weight_D is None and slots.k_NSGD.dtype is raw.dtype
        if is_kept and slots is not None:
            is_kept = slots.k_NSGD.is_contiguous() and slots.v_NSGD.is_contiguous()
        if not is_kept or slots is None or not steps.suits_heads(projected, norm_weights, rope):
            return super().heads(projected, norm_weights, rope, eps, slots)
        q_THD = raw.new_empty(raw.shape[0], raw.shape[1] // size, size)
        steps.heads(raw, q_weight_D, rope, eps, size, q_THD, None)
        if k_weight_D is not None:
            steps.heads(projected[1], k_weight_D, rope, eps, size, slots.k_NSGD, slots.slot_T)
            steps.heads(projected[-1], None, None, eps, size, slots.v_NSGD, slots.slot_T)
        return Heads(q_THD, None, None)

    def logits(self, hidden_RC: Tensor, weight_VC: Weight, cap: float | None) -> Tensor:
        """In one call."""
        found = steps.logits(hidden_RC, weight_VC, cap)
        return found if found is not None else super().logits(hidden_RC, weight_VC, cap)


def _parts(stream: Residual) -> tuple[Tensor, Tensor | None, Tensor | None, Tensor | None]:
    return stream.x_TC, stream.update_TC, stream.weight_C, stream.scale


CPU = CpuKernels(
    name="cpu",
    lay_out=cpu.lay_out,
    lay_out_table=cpu.lay_out,
    linear=cpu.linear,
    embedding=reference.embedding,
    gated_gelu=reference.gated_gelu,
    softcap=reference.softcap,
    rms_norm=cpu.rms_norm,
    attention=cpu.attention,
    experts=cpu.experts,
)


def reproducible(tiled: invariant.Tiled) -> Kernels:
    """Twins whose rows do not depend on their neighbours.

    Args:
        tiled: How rows are tiled; `invariant.find_tiles` finds the right tiles for a machine and a model.
    """
    return replace(
        REFERENCE,
        name="reproducible",
        linear=tiled.linear,
        gated_gelu=invariant.gated_gelu,
        softcap=invariant.softcap,
        attention=tiled.attention,
        experts=tiled.experts,
    )


REPRODUCIBLE = reproducible(invariant.Tiled(16))
TWINS = {kernels.name: kernels for kernels in (REFERENCE, CPU, REPRODUCIBLE)}


def named(name: str) -> Kernels:
    """Look a twin up.

    Raises:
        BadRequest: There is none of that name.
    """
    if name not in TWINS:
        raise BadRequest(f"no kernels are called {name!r}; there are {', '.join(TWINS)}")
    return TWINS[name]


def pick(device_type: str) -> Kernels:
    """Choose the fastest twins for a device, "cpu" or "cuda"; the name says why if a GPU gets none of its own."""
    if device_type == "cpu":
        return CPU
    reason = _why_not_triton()
    if reason is not None:
        return replace(REFERENCE, name=f"reference, since {reason}")
    from gemstead.kernels import triton

    return triton.TRITON


def reproducible_as_they_are(device_type: str) -> Kernels | None:
    """Twins of a device whose rows do not depend on their neighbours by how they are made; they need no tiles."""
    if device_type == "cpu" or _why_not_triton() is not None:
        return None
    from gemstead.kernels import triton

    return triton.REPRODUCIBLE


def _why_not_triton() -> str | None:
    """What keeps the Triton twins from running on this machine's GPU, if anything."""
    if find_spec("triton") is None:
        return "triton is not installed"
    if not torch.cuda.is_available():
        return "torch finds no GPU"
    capability = torch.cuda.get_device_capability()
    if capability < OLDEST_CAPABILITY:
        return f"compute capability {capability[0]}.{capability[1]} is below 8.0"
    return None
