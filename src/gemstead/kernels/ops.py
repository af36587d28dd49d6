"""The table of twins, and the choice between them: made once, when a model is loaded, and named in the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from torch import Tensor

from gemstead.core.errors import BadRequest
from gemstead.kernels import cpu, invariant, reference
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.packed import Weight


@dataclass(frozen=True, kw_only=True)
class Kernels:
    """One twin of every operation. Models hold one of these and call nothing else for heavy work.

    Each field has the signature and meaning of the function of the same name in `kernels/reference.py`. Whatever takes
    a `Weight` takes dense and packed ones, so that models need not know which they hold.
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
CPU = replace(
    REFERENCE,
    name="cpu",
    lay_out=cpu.lay_out,
    linear=cpu.linear,
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
    """Choose the fastest twins for a device, "cpu" or "cuda"."""
    return CPU if device_type == "cpu" else REFERENCE
