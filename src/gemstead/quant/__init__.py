"""How weights are stored. Needs no torch to import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

GROUP = 32  # neighbours of a row that share a scale in int4


@dataclass(frozen=True, kw_only=True)
class Precision:
    """How a model's weights are held.

    Args:
        bits: Of a code, 8 or 4; `None` for plain floating point.
        is_float: Codes are floating point themselves, e4m3: "fp8".
        keep_embeddings: Embeddings, and with them the tied head, stay in floating point.
        dtype: "bf16", "fp16" or "fp32": of everything that is not stored in few bits, and of what is computed.
    """

    bits: int | None = None
    is_float: bool = False
    keep_embeddings: bool = False
    dtype: str = "bf16"


PRECISIONS: Mapping[str, Precision] = {
    "bf16": Precision(),
    "fp16": Precision(dtype="fp16"),
    "fp32": Precision(dtype="fp32"),
    "int8": Precision(bits=8),
    "int4": Precision(bits=4),
    "fp8": Precision(bits=8, is_float=True),
    "int8-embed16": Precision(bits=8, keep_embeddings=True),
    "int4-embed16": Precision(bits=4, keep_embeddings=True),
}
