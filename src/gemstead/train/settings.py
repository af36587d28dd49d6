"""One dial for a training run: the depth. Everything else follows from it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from gemstead.core.errors import BadRequest
from gemstead.quant import GROUP

PACKAGES = (
    "numpy", "scipy", "sympy", "networkx", "pandas", "sklearn", "mpmath", "statsmodels", "skimage", "sortedcontainers",
)  # fmt: skip
PIECES = 2  # of a step's batch: one after the other on one GPU, side by side on two


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A training run.

    Args:
        depth: Layers, and by the properties below the size of everything else.
        seed: Same seed and steps, same model on the same machine.
        minutes: Wall-clock budget, data preparation included; decides the steps if `steps` does not.
        steps: Steps in all, or `None` to fill the minutes.
        num_workers: Processes that make data beside each GPU; 0 makes it in between.
        gpus: GPUs to train on, at most `PIECES`; `None` takes those that are there. What is learned does not depend on
            it, but for rounding.
        num_experts: Routed experts of a layer; 0 for one dense MLP of as many parameters.
        per_layer_width: Width of the per-layer embeddings; 0 for none.
        packages: Packages whose sources are read beside the standard library, as far as they are installed.
        max_source_files: At most so many files.
        vocabulary_exercises: Exercises the vocabulary is learned from.
        matrix_rate: Learning rate of matrices (Muon).
        vector_rate: Learning rate of embeddings, norms and routers (AdamW).
        weight_decay: Of matrices, times the rate.
        warmup_steps: Linear rise of the rate.
        decay_share: Part of the run in which the rate falls to zero; its data hold more conversations.
        balance: Weight of the routers' load-balancing loss.
        clip: Largest norm of the gradient.
        save_every_s: Seconds between checkpoints.
        snapshots: Parts of the minutes or steps after which the model is written down as it is, to be scored later.
        quantized_rise: Part of the fall in which matrices move onto the int4 lattice, where they stay; `None` to leave
            them off it.
        mixture: Share of documents by kind.
        late_mixture: The same while the rate falls.
        batch_rows: Rows of one piece of a step; `None` takes six per layer.
    """

    depth: int = 8
    seed: int = 0
    minutes: float | None = 25.0
    steps: int | None = None
    num_workers: int = 14
    gpus: int | None = None
    num_experts: int = 8
    per_layer_width: int = 0
    packages: tuple[str, ...] = PACKAGES
    max_source_files: int = 20_000
    vocabulary_exercises: int = 8_000
    matrix_rate: float = 7e-3
    vector_rate: float = 3e-3
    weight_decay: float = 0.05
    warmup_steps: int = 100
    decay_share: float = 0.35
    balance: float = 0.01
    clip: float = 1.0
    save_every_s: float = 150.0
    snapshots: tuple[float, ...] = ()
    quantized_rise: float | None = 0.25
    mixture: Mapping[str, int] = field(default_factory=lambda: {"chat": 76, "file": 14, "function": 7, "source": 3})
    late_mixture: Mapping[str, int] = field(default_factory=lambda: {"chat": 92, "file": 4, "function": 3, "source": 1})
    batch_rows: int | None = None

    def __post_init__(self) -> None:
        if self.depth < 2 or self.depth % 2:
            raise BadRequest(f"depth is {self.depth}; allowed is an even number of at least 2")
        if self.per_layer_width % GROUP:
            raise BadRequest(f"per_layer_width is {self.per_layer_width}; allowed is a multiple of {GROUP}, or 0")
        if self.minutes is None and self.steps is None:
            raise BadRequest("neither minutes nor steps is given; a run needs one of them")
        if self.minutes is not None and self.minutes <= 0:
            raise BadRequest(f"minutes is {self.minutes}; allowed is a number above 0")
        if self.steps is not None and self.steps < 1:
            raise BadRequest(f"steps is {self.steps}; allowed is a whole number of at least 1")

    def changed(self, assignments: Iterable[str]) -> Settings:
        """These settings with some others: "name=value", the value in JSON.

        Raises:
            BadRequest: A name is not known, or a value is no JSON.
        """
        changes: dict[str, Any] = {}
        for assignment in assignments:
            name, _, value = assignment.partition("=")
            if name not in self.__dataclass_fields__:
                near = difflib.get_close_matches(name, self.__dataclass_fields__, n=1)
                raise BadRequest(
                    f"no setting is called {name!r}; there are {', '.join(self.__dataclass_fields__)}",
                    hint=f"did you mean {near[0]!r}?" if near else None,
                )
            try:
                found = json.loads(value)
            except ValueError as error:
                raise BadRequest(f"{name}: {value!r} is no JSON value: {error}") from error
            changes[name] = tuple(found) if isinstance(found, list) else found
        return replace(self, **changes)

    @property
    def context(self) -> int:
        """Tokens of one training row, and the longest context the model is made for."""
        return 256 * self.depth

    @property
    def rows(self) -> int:
        """Rows of one piece of a step; a step has `PIECES` of them, each with its own seed, wherever it is computed."""
        return self.batch_rows or 6 * self.depth

    @property
    def vocab_size(self) -> int:
        """Entries of the vocabulary."""
        return 768 * self.depth

    def model_config(self) -> dict[str, Any]:
        """The `config.json`: Gemma 4's mixture-of-experts shape, like 26B-A4B at a fraction of its size."""
        depth = self.depth
        kinds = ["full_attention" if i % 4 == 3 else "sliding_attention" for i in range(depth)]
        kinds[-1] = "full_attention"
        text = {
            "model_type": "gemma4_text",
            "hidden_size": _whole_groups(40 * depth),
            "intermediate_size": self._mlp_width,
            "num_hidden_layers": depth,
            "layer_types": kinds,
            "num_attention_heads": 4,
            "num_key_value_heads": 2,
            "num_global_key_value_heads": 1,
            "attention_k_eq_v": True,
            "head_dim": 8 * depth,
            "global_head_dim": 16 * depth,
            "sliding_window": 32 * depth,
            "hidden_size_per_layer_input": self.per_layer_width,
            **self._experts,
            "final_logit_softcapping": 30.0,
            "hidden_activation": "gelu_pytorch_tanh",
            "rms_norm_eps": 1e-6,
            "max_position_embeddings": self.context,
            "vocab_size": self.vocab_size,
            "rope_parameters": {
                "sliding_attention": {"rope_type": "default", "rope_theta": 10_000.0},
                "full_attention": {"rope_type": "proportional", "rope_theta": 100_000.0, "partial_rotary_factor": 0.5},
            },
        }
        return {
            "model_type": "gemma4",
            "architectures": ["Gemma4ForConditionalGeneration"],
            "tie_word_embeddings": True,
            "bos_token_id": 2,
            "pad_token_id": 0,
            "eos_token_id": [1, 15, 8],
            "text_config": text,
        }

    @property
    def _experts(self) -> dict[str, Any]:
        if not self.num_experts:
            return {"enable_moe_block": False}
        return {
            "enable_moe_block": True,
            "num_experts": self.num_experts,
            "top_k_experts": max(1, self.num_experts // 2),
            "moe_intermediate_size": _whole_groups(24 * 8 * self.depth // self.num_experts),
        }

    @property
    def _mlp_width(self) -> int:
        """Of the dense MLP; without experts and with per-layer embeddings chosen so that the model stays as large."""
        if self.num_experts:
            return _whole_groups(56 * self.depth)
        return _whole_groups((56 + 24 * 8) * self.depth - 7 * self.per_layer_width)


def _whole_groups(width: int) -> int:
    """The next multiple of int4's group."""
    return -(-width // GROUP) * GROUP


TINY = Settings(
    depth=2,
    minutes=None,
    steps=30,
    num_workers=0,
    batch_rows=4,
    packages=(),
    max_source_files=60,
    vocabulary_exercises=400,
    warmup_steps=10,
    save_every_s=20.0,
)
