"""The one table of model families: `model_type` in `config.json` -> how to read, build and name it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from torch import Tensor, nn

from gemstead.core.errors import UnsupportedModel
from gemstead.kernels.ops import Kernels
from gemstead.models.cache import AttentionMemory, LayerCache
from gemstead.models.gemma4 import assistant as gemma4_assistant
from gemstead.models.gemma4 import config as gemma4_config
from gemstead.models.gemma4 import gguf as gemma4_gguf
from gemstead.models.gemma4 import text as gemma4_text
from gemstead.models.gemma4 import weights as gemma4_weights


class TextModel(Protocol):
    """What the engine asks of a model."""

    def cache_layers(self) -> tuple[LayerCache, ...]:
        """What each layer keeps and reads."""
        ...

    def key_weights(self) -> Mapping[int, Tensor]:
        """Of layers whose keys are kept in part: what makes the other entries from their values, (D,), by layer."""
        ...

    def __call__(self, ids_T: Tensor, position_T: Tensor, memory: AttentionMemory, rows_R: Tensor | None) -> Tensor:
        """Hidden states of the needed rows, (R, C)."""
        ...

    def logits(self, hidden_RC: Tensor) -> Tensor:
        """(R, C) -> (R, V), float32."""
        ...

    def embed(self, ids_T: Tensor) -> Tensor:
        """Token embeddings as the first layer takes them, (T, C)."""
        ...


class AssistantModel(Protocol):
    """What the engine asks of a drafter."""

    def __call__(
        self, embedded_TW: Tensor, hidden_TW: Tensor, position_T: Tensor, memory: AttentionMemory
    ) -> gemma4_assistant.DraftStep:
        """One draft step; see `Gemma4Assistant.forward`."""
        ...

    def best_tokens(self, out_TC: Tensor) -> Tensor:
        """The likeliest token of each row, (T,)."""
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

GEMMA4_ASSISTANT = Family(
    name="gemma4_assistant",
    read_config=gemma4_config.read_assistant_config,
    build=gemma4_assistant.Gemma4Assistant,
    published_name=gemma4_weights.published_assistant_name,
    reason_to_skip=gemma4_weights.reason_to_skip_in_assistant,
)

FAMILIES: Mapping[str, Family] = {
    "gemma4": GEMMA4,
    "gemma4_text": GEMMA4,
    "gemma4_unified": GEMMA4,
    "gemma4_unified_text": GEMMA4,
}
# Drafters: no models to talk to, but helpers of one.
ASSISTANTS: Mapping[str, Family] = {
    "gemma4_assistant": GEMMA4_ASSISTANT,
    "gemma4_unified_assistant": GEMMA4_ASSISTANT,
}


@dataclass(frozen=True, kw_only=True)
class GgufNames:
    """How a GGUF of some architecture becomes a published checkpoint.

    Args:
        published_names: The file's tensors -> published name, and those that make it up in order of rows.
        settings: Tensors whose numbers are part of the configuration.
        config_of: Metadata, shapes by published name and the numbers of `settings` -> `config.json`.
    """

    published_names: Callable[[Sequence[str]], dict[str, tuple[str, ...]]]
    settings: tuple[str, ...]
    config_of: Callable[
        [Mapping[str, Any], Mapping[str, tuple[int, ...]], Mapping[str, Sequence[float]]], dict[str, Any]
    ]


# `general.architecture` -> how to read it.
GGUF: Mapping[str, GgufNames] = {
    "gemma4": GgufNames(
        published_names=gemma4_gguf.published_names,
        settings=gemma4_gguf.SETTINGS,
        config_of=gemma4_gguf.config_of,
    ),
}


def family_of(config: Mapping[str, Any], table: Mapping[str, Family] = FAMILIES) -> Family:
    """Find the family of a checkpoint.

    Args:
        config: Its `config.json`.
        table: Where to look: models to talk to, or drafters.

    Raises:
        UnsupportedModel: Its `model_type` is not in the table.
    """
    model_type = config.get("model_type")
    if not isinstance(model_type, str) or model_type not in table:
        role = "runs" if table is FAMILIES else "drafts with"
        is_drafter = isinstance(model_type, str) and model_type in ASSISTANTS and table is FAMILIES
        raise UnsupportedModel(
            f"config.json: model_type is {model_type!r}; this version {role} {', '.join(table)}",
            hint="this is a drafter; load its target, and give this one as `drafter`"
            if is_drafter
            else "a newer gemstead may know it",
        )
    return table[model_type]
