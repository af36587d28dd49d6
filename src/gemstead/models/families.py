"""The one table of model families: `model_type` in `config.json` -> how to read, build and name it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from torch import Tensor, nn

from gemstead.core.errors import UnsupportedModel
from gemstead.kernels.ops import Kernels
from gemstead.models.cache import AttentionMemory, LayerCache
from gemstead.models.gemma4 import config as gemma4_config
from gemstead.models.gemma4 import text as gemma4_text
from gemstead.models.gemma4 import weights as gemma4_weights


class TextModel(Protocol):
    """What the engine asks of a model."""

    def cache_layers(self) -> tuple[LayerCache, ...]:
        """What each layer keeps and reads."""
        ...

    def __call__(self, ids_T: Tensor, position_T: Tensor, memory: AttentionMemory, rows_R: Tensor | None) -> Tensor:
        """Hidden states of the needed rows, (R, C)."""
        ...

    def logits(self, hidden_RC: Tensor) -> Tensor:
        """(R, C) -> (R, V), float32."""
        ...


@dataclass(frozen=True, kw_only=True)
class Family:
    """One row of the table.

    Args:
        name: For people.
        read_config: The checkpoint's `config.json` -> this family's own configuration.
        build: Configuration and kernels -> the module, on whatever device torch is set to.
        published_name: Our parameter's name -> the tensor's name in published files.
        reason_to_skip: Why a published tensor is not needed, or `None` if it is.
    """

    name: str
    read_config: Callable[[Mapping[str, Any]], Any]
    build: Callable[[Any, Kernels], nn.Module]
    published_name: Callable[[str], str]
    reason_to_skip: Callable[[str, Any], str | None]


GEMMA4 = Family(
    name="gemma4",
    read_config=gemma4_config.read_config,
    build=gemma4_text.Gemma4Text,
    published_name=gemma4_weights.published_name,
    reason_to_skip=gemma4_weights.reason_to_skip,
)

FAMILIES: Mapping[str, Family] = {
    "gemma4": GEMMA4,
    "gemma4_text": GEMMA4,
    "gemma4_unified": GEMMA4,
    "gemma4_unified_text": GEMMA4,
}


def family_of(config: Mapping[str, Any]) -> Family:
    """Find the family of a checkpoint.

    Args:
        config: Its `config.json`.

    Raises:
        UnsupportedModel: Its `model_type` is not in the table.
    """
    model_type = config.get("model_type")
    if not isinstance(model_type, str) or model_type not in FAMILIES:
        raise UnsupportedModel(
            f"config.json: model_type is {model_type!r}; this version runs {', '.join(FAMILIES)}",
            hint="a newer gemstead may know it",
        )
    return FAMILIES[model_type]
