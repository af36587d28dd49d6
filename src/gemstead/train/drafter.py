"""A frozen target in, a drafter for it out: a folder like a published `-assistant`.

One round of drafting begins at every place p of a packed row at once: x_p is the newest accepted token, the target's
hidden state at p - 1 is what gave it, and the target's keys and values before p are what the drafter may see. Step k
of the round is fed x_(p+k) and what step k - 1 left, and foretells x_(p+k+1), whose distribution the target itself
states at place p + k. All places share one pass of the target and `depth` passes of the drafter.

Shape legend: B rows, L context, T = B * L places, S places that count, C hidden size, W width of the target,
V vocabulary.
Sources: the Gemma 4 report, arXiv:2607.02770 (the drafter); HASS, arXiv:2408.15766, section 3.2 (training on the
drafter's own states); distillation for speculative decoding, arXiv:2310.08461.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from gemstead.checkpoints.load import load_model
from gemstead.checkpoints.manifest import Manifest, read_manifest
from gemstead.checkpoints.save import save_model
from gemstead.core.errors import BadRequest, UnsupportedModel
from gemstead.models.families import ASSISTANTS
from gemstead.models.gemma4.assistant import Gemma4Assistant
from gemstead.models.gemma4.config import read_assistant_config
from gemstead.models.gemma4.text import Gemma4Text
from gemstead.train.corpus import BatchSource, Corpus, write_sources
from gemstead.train.experts import training_kernels
from gemstead.train.loop import LOG_EVERY, compile_layers, writing
from gemstead.train.memory import BorrowedMemory, Overheard, packed_memory
from gemstead.train.optimizer import Muon, rate_at
from gemstead.train.packing import IGNORED, Batch
from gemstead.train.settings import Settings

WORK = "work"  # folder inside the output for the texts that batches are made of
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json", "generation_config.json", "chat_template.jinja")


@dataclass(frozen=True, kw_only=True)
class DrafterSettings:
    """A drafter's training run.

    Args:
        depth: Draft steps of a round, in training and as the exported recommendation.
        minutes: Wall-clock budget, data and compilation included; decides the steps if `steps` does not.
        steps: Steps in all, or `None` to fill the minutes.
        seed: Of everything random.
        rows: Rows of one step.
        fade: Each draft step counts this much of the one before.
        matrix_rate: Learning rate of matrices (Muon).
        vector_rate: Learning rate of the embedding and of vectors (AdamW).
        weight_decay: Of matrices, times the rate.
        warmup_steps: Linear rise of the rate.
        decay_share: Last part of the run, in which the rate falls to zero.
        clip: Largest norm of the gradient.
        hidden_size: C; `None` takes 2/5 of the target's.
        intermediate_size: Inner width of the MLPs; `None` takes twice the hidden size.
        num_heads: Query heads; `None` takes half the target's, if its key/value heads can share them.
        data: What batches hold; `None` takes what pebble's last phase holds, in rows as long as the target allows.
    """

    depth: int = 4
    minutes: float | None = 2.0
    steps: int | None = None
    seed: int = 0
    rows: int = 16
    fade: float = 0.8
    matrix_rate: float = 1e-2
    vector_rate: float = 3e-3
    weight_decay: float = 0.01
    warmup_steps: int = 50
    decay_share: float = 0.5
    clip: float = 1.0
    hidden_size: int | None = None
    intermediate_size: int | None = None
    num_heads: int | None = None
    data: Settings | None = None

    def __post_init__(self) -> None:
        if self.depth < 1:
            raise BadRequest(f"depth is {self.depth}; allowed is a whole number of at least 1")
        if self.minutes is None and self.steps is None:
            raise BadRequest("neither minutes nor steps is given; a run needs one of them")
        if self.minutes is not None and self.minutes <= 0:
            raise BadRequest(f"minutes is {self.minutes}; allowed is a number above 0")
        if self.steps is not None and self.steps < 1:
            raise BadRequest(f"steps is {self.steps}; allowed is a whole number of at least 1")


def assistant_config(target: Manifest, settings: DrafterSettings) -> dict[str, Any]:
    """The `config.json` of a drafter that fits a target: three sliding layers and a full one, sized by the target.

    Raises:
        UnsupportedModel: The target is no Gemma 4.
    """
    text = target.config.get("text_config", target.config)
    kinds = set(text.get("layer_types", ()))
    if str(target.config.get("model_type", "")).split("_")[0] != "gemma4" or not kinds:
        raise UnsupportedModel(f"{target.folder}: drafters are trained for Gemma 4 models only")
    heads = text["num_attention_heads"]
    kv_heads = text["num_key_value_heads"]
    hidden = settings.hidden_size or max(16, 2 * text["hidden_size"] // 5 // 16 * 16)
    copied = (
        "num_key_value_heads num_global_key_value_heads attention_k_eq_v head_dim global_head_dim sliding_window "
        "vocab_size max_position_embeddings rms_norm_eps rope_parameters hidden_activation"
    ).split()
    return {
        "model_type": "gemma4_assistant",
        "architectures": ["Gemma4AssistantForCausalLM"],
        "backbone_hidden_size": text["hidden_size"],
        "use_ordered_embeddings": False,
        "tie_word_embeddings": True,
        "text_config": {key: text[key] for key in copied if key in text}
        | {
            "model_type": "gemma4_text",
            "hidden_size": hidden,
            "intermediate_size": settings.intermediate_size or 2 * hidden,
            "num_hidden_layers": 4,
            "num_kv_shared_layers": 4,
            "layer_types": [*(["sliding_attention" if "sliding_attention" in kinds else "full_attention"] * 3),
                            "full_attention"],
            "num_attention_heads": settings.num_heads or (heads // 2 if heads // 2 % kv_heads == 0 else heads),
            "hidden_size_per_layer_input": 0,
            "enable_moe_block": False,
            "final_logit_softcapping": None,
        },
    }  # fmt: skip


@torch.no_grad()
def new_assistant(config: dict[str, Any], target: Gemma4Text, settings: DrafterSettings) -> Gemma4Assistant:
    """A drafter with random weights, as `pebble.new_model` makes a model.

    Its output matrix begins as the target's, seen along the directions in which that varies most.
    """
    assert isinstance(target.embed_tokens, Tensor), "a drafter is trained for a target in its full precision"
    device = target.embed_tokens.device
    assistant = Gemma4Assistant(read_assistant_config(config), training_kernels(device))
    generator = torch.Generator().manual_seed(settings.seed)
    for name, parameter in assistant.named_parameters():
        if parameter.dim() == 1:
            parameter.fill_(1.0)
        else:
            parameter.normal_(std=parameter.shape[-1] ** -0.5, generator=generator)
        if name.endswith("q_norm.weight"):
            parameter.mul_(parameter.shape[0] ** -0.5)
        if name.endswith(("post_attention_layernorm.weight", "post_feedforward_layernorm.weight")):
            parameter.mul_((2 * len(assistant.layers)) ** -0.5)
    embedding = target.embed_tokens.float()
    width = min(assistant.embed_tokens.shape[1], embedding.shape[1])
    _, directions = torch.linalg.eigh(embedding.T @ embedding)
    seen = (embedding @ directions[:, -width:]).cpu()
    assistant.embed_tokens[:, :width] = seen / seen.std() * assistant.embed_tokens.shape[1] ** -0.5
    return assistant.to(device)


def soft_cross_entropy(logits_SV: Tensor, target_SV: Tensor, weight_S: Tensor) -> Tensor:
    """`- sum_v p_v log q_v`, weighted and averaged over what counts; p is the softmax of the target's logits."""
    logits_SV = logits_SV.float()
    expected_S = (target_SV.float().softmax(-1) * logits_SV).sum(-1)
    loss_S = logits_SV.logsumexp(-1) - expected_S
    return (loss_S * weight_S).sum() / weight_S.sum().clamp(min=1)


class DrafterTrainer:
    """One run.

    Args:
        target: Frozen, with the training kernels.
        assistant: Freshly initialised, float32.
        settings: Of the run.
        device: Where it trains.
    """

    def __init__(
        self, target: Gemma4Text, assistant: Gemma4Assistant, settings: DrafterSettings, device: torch.device
    ) -> None:
        self.assistant = assistant
        self._target = target
        self._settings = settings
        self._device = device
        self._borrowed = assistant.config.borrowed_layers(target.config)
        self._loss: Callable[..., Tensor] = soft_cross_entropy
        vectors = [p for n, p in assistant.named_parameters() if p.dim() < 2 or "embed" in n]
        matrices = [p for n, p in assistant.named_parameters() if p.dim() == 2 and "embed" not in n]
        self._parameters = [*matrices, *vectors]
        self._optimizers: list[torch.optim.Optimizer] = [
            Muon(matrices, settings.matrix_rate, settings.weight_decay),
            torch.optim.AdamW(
                vectors, settings.vector_rate, betas=(0.9, 0.95), weight_decay=0.0, fused=device.type == "cuda"
            ),
        ]
        if device.type == "cuda":
            for model in (target, assistant):
                compile_layers(model.layers)
            self._loss = torch.compile(soft_cross_entropy, dynamic=False)

    def step(self, batch: Batch, share: float) -> Tensor:
        """Learn from one batch, at this share of the full rate.

        Returns:
            The loss of the first draft step, not waited for.
        """
        settings = self._settings
        for optimizer, rate in zip(self._optimizers, (settings.matrix_rate, settings.vector_rate), strict=True):
            optimizer.param_groups[0]["lr"] = rate * share
        view = self._see(batch)
        losses: list[Tensor] = []
        for depth, out_TC in enumerate(self._unroll(view)):
            weight_S = view.counts_at(depth).float()
            with self._autocast():
                logits_SV = self.assistant.logits(view.at_places(out_TC, depth))
            losses.append(self._loss(logits_SV, view.logits_SV, weight_S))
        weights = [settings.fade**depth for depth in range(settings.depth)]
        total = torch.stack([w * loss for w, loss in zip(weights, losses, strict=True)]).sum() / sum(weights)
        total.backward()
        nn.utils.clip_grad_norm_(self._parameters, settings.clip, foreach=True)
        for optimizer in self._optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        return losses[0].detach()

    @torch.no_grad()
    def measure(self, batch: Batch) -> tuple[float, ...]:
        """How often a greedy round's first 1, 2, ... `depth` drafts all are the target's own choice."""
        view = self._see(batch)
        best_S = view.logits_SV.argmax(-1)
        agreed_T: Tensor | None = None
        shares = []
        for depth, out_TC in enumerate(self._unroll(view)):
            with self._autocast():
                is_right_S = self.assistant.logits(view.at_places(out_TC, depth)).argmax(-1) == best_S
            # From places where tokens are foretold back to those where their rounds began.
            is_right_T = torch.zeros(view.num_places, dtype=torch.bool, device=self._device)
            counts_T = torch.zeros_like(is_right_T)
            start_S = view.place_S - depth
            counts_S = view.counts_at(depth)
            is_right_T[start_S[counts_S]] = is_right_S[counts_S]
            counts_T[start_S[counts_S]] = True
            agreed_T = is_right_T if agreed_T is None else agreed_T & is_right_T
            shares.append(float((agreed_T & counts_T).sum() / counts_T.sum().clamp(min=1)))
        return tuple(shares)

    def _see(self, batch: Batch) -> View:
        """Put a batch through the target."""
        ids_BL, documents_BL = (
            torch.from_numpy(array.astype(np.int64)).to(self._device, non_blocking=True)
            for array in (batch.ids, batch.documents)
        )
        rows, context = ids_BL.shape
        position_T = torch.arange(context, device=self._device).repeat(rows)
        memory = Overheard(packed_memory(self._target.cache_layers(), documents_BL))
        # Places that count, known on the host, in one of few sizes so that few graphs are compiled.
        places = np.flatnonzero(batch.targets != IGNORED)
        size = max(1, -(-len(places) * 8 // batch.targets.size)) * batch.targets.size // 8
        place_S = torch.from_numpy(np.resize(places, size) if len(places) else np.zeros(size, np.int64))
        is_first_S = torch.arange(size) < len(places)
        with torch.no_grad():
            hidden_TW = self._target(ids_BL.flatten(), position_T, memory)
            place_S = place_S.to(self._device, non_blocking=True)
            logits_SV = self._target.logits(hidden_TW[place_S])
        drafts = packed_memory(self._borrowed, documents_BL, is_own_visible=False)
        return View(
            ids_T=ids_BL.flatten(),
            documents_T=(documents_BL + (documents_BL.max() + 1) * torch.arange(rows, device=self._device)[:, None])
            .flatten(),
            position_T=position_T,
            hidden_TW=hidden_TW,
            memory=BorrowedMemory(memory=drafts, sliding=memory.sliding, full=memory.full),
            place_S=place_S,
            is_counted_S=is_first_S.to(self._device, non_blocking=True),
            logits_SV=logits_SV,
        )  # fmt: skip

    def _unroll(self, view: View) -> list[Tensor]:
        """The drafter's outputs (T, C) in each of its steps, by the place where the round began."""
        hidden_TW = view.hidden_TW.roll(1, 0)
        outs = []
        for depth in range(self._settings.depth):
            with torch.no_grad():
                embedded_TW = self._target.embed(view.ids_T.roll(-depth, 0))
            with self._autocast():
                step = self.assistant(embedded_TW, hidden_TW, view.position_T, view.memory)
            outs.append(step.out_TC)
            hidden_TW = step.hidden_TW
        return outs

    def _autocast(self) -> torch.autocast:
        return torch.autocast(self._device.type, torch.bfloat16, enabled=self._device.type == "cuda")


@dataclass(frozen=True, kw_only=True)
class View:
    """What the target says about a batch.

    Args:
        ids_T: Tokens.
        documents_T: Number of each token's document, over all rows.
        position_T: Place within the row.
        hidden_TW: The target's hidden states.
        memory: Its keys and values.
        place_S: Places where the target foretells a token that counts; filled up by repetition.
        is_counted_S: False where filled up.
        logits_SV: The target's at those places.
    """

    ids_T: Tensor
    documents_T: Tensor
    position_T: Tensor
    hidden_TW: Tensor
    memory: BorrowedMemory
    place_S: Tensor
    is_counted_S: Tensor
    logits_SV: Tensor

    @property
    def num_places(self) -> int:
        """T."""
        return self.ids_T.shape[0]

    def at_places(self, out_TC: Tensor, depth: int) -> Tensor:
        """Outputs of the rounds that foretell each counted place in their step `depth`; (S, C)."""
        return out_TC[(self.place_S - depth).clamp(min=0)]

    def counts_at(self, depth: int) -> Tensor:
        """Whether such a round, and the token before it, lie in the same document; (S,) bool."""
        before_S = self.place_S - depth - 1
        is_same = self.documents_T[self.place_S] == self.documents_T[before_S.clamp(min=0)]
        return self.is_counted_S & (before_S >= 0) & is_same


def train_drafter(
    target_folder: Path,
    out: Path,
    *,
    minutes: float | None = None,
    steps: int | None = None,
    device: str | None = None,
    seed: int = 0,
    settings: DrafterSettings | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> Path:
    """Train a drafter for a frozen target and export it in the published form.

    Args:
        target_folder: A Gemma 4 checkpoint. Texts that it was trained on are taken from its `work` folder if
            `train_pebble` left one there.
        out: Folder for the drafter; `assistant` inside the target's own folder is where `load` looks for it.
        minutes: Wall-clock budget of the whole job; by default the settings'.
        steps: Train exactly so many steps instead.
        device: "cpu" or "cuda"; `None` takes the GPU if there is one.
        seed: Of everything random.
        settings: Instead of the last one, all settings.
        say: Gets a line of progress now and then.

    Returns:
        The folder.

    Raises:
        NotFound: There is no target in that folder.
        UnsupportedModel: It is no Gemma 4.
        OutOfCapacity: The folder cannot be written.
    """
    started_at = time.monotonic()
    chosen = settings or DrafterSettings(seed=seed)
    if minutes is not None or steps is not None:
        chosen = replace(chosen, minutes=minutes, steps=steps)
    where = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    manifest = read_manifest(target_folder)
    config = assistant_config(manifest, chosen)
    data = _data(manifest, chosen, where)
    work = _texts(manifest, data, out / WORK)
    dtype = torch.bfloat16 if where.type == "cuda" else torch.float32
    target = load_model(manifest, training_kernels(where), dtype=dtype, device=where).model
    assert isinstance(target, Gemma4Text)
    trainer = DrafterTrainer(target, new_assistant(config, target, chosen), chosen, where)
    say(f"target and texts ready, {time.monotonic() - started_at:.0f} s")
    figures = _run(trainer, chosen, data, work, started_at, say)
    export(out, config, trainer.assistant, chosen, figures)
    say(f"exported to {out}, {time.monotonic() - started_at:.0f} s")
    return out


def export(
    out: Path, config: dict[str, Any], assistant: Gemma4Assistant, settings: DrafterSettings, figures: dict[str, Any]
) -> None:
    """Write the files of a published drafter, and `training.json` with the run's figures.

    Raises:
        OutOfCapacity: They cannot be written.
    """
    save_model(out, config, assistant, dtype=torch.bfloat16, table=ASSISTANTS)
    generation = {"num_assistant_tokens": settings.depth, "num_assistant_tokens_schedule": "constant"}
    with writing(out):
        (out / "generation_config.json").write_text(json.dumps(generation, indent=2) + "\n", encoding="utf-8")
        (out / "training.json").write_text(
            json.dumps({"settings": asdict(settings), **figures}, indent=2) + "\n", encoding="utf-8"
        )


def _run(
    trainer: DrafterTrainer,
    settings: DrafterSettings,
    data: Settings,
    work: Path,
    started_at: float,
    say: Callable[[str], None],
) -> dict[str, Any]:
    """Train until the steps or the minutes are used up; the run's figures."""
    held_out = Corpus(work, data).held_out(settings.rows)
    batches = BatchSource(work, data, 0, pieces=(0,))
    step, tokens, last_s = 0, 0, time.monotonic()
    try:
        [ahead] = batches.next(0, is_late=True)
        while (part := _part_done(settings, step, time.monotonic() - started_at)) < 1.0:
            # The clock, or the steps, as if the run had 1000 of them.
            share = rate_at(
                int(1000 * part), warmup=0, decay_start=int(1000 * (1 - settings.decay_share)), total=1000
            ) * min(1.0, (step + 1) / settings.warmup_steps)  # fmt: skip
            batch = ahead
            loss = trainer.step(batch, share)
            step += 1
            tokens += int((batch.ids != 0).sum())
            [ahead] = batches.next(step, is_late=True)
            if step % LOG_EVERY == 0:
                value, now_s = float(loss), time.monotonic()
                say(
                    f"step {step}/{settings.steps or '?'}  loss {value:.4f}  {tokens / 1e6:.1f} M tokens  "
                    f"{LOG_EVERY / (now_s - last_s):.1f} steps/s  {now_s - started_at:.0f} s"
                )
                last_s = time.monotonic()
    finally:
        batches.close()
    shares = trainer.measure(held_out)
    say(f"held-out drafts accepted, first to last: {', '.join(f'{share:.1%}' for share in shares)}")
    return {
        "steps": step,
        "tokens": tokens,
        "seconds": time.monotonic() - started_at,
        "held_out_accepted": shares,
        "held_out_tokens_per_step": 1 + sum(shares),
    }


def _part_done(settings: DrafterSettings, step: int, seconds: float) -> float:
    if settings.steps is not None:
        return step / settings.steps
    assert settings.minutes is not None
    return seconds / (settings.minutes * 60)


def _data(target: Manifest, settings: DrafterSettings, device: torch.device) -> Settings:
    """What batches hold, as the target met it while it was trained, in rows it was made for."""
    text = target.config.get("text_config", target.config)
    base = settings.data or Settings(
        depth=max(2, min(8, int(text.get("max_position_embeddings", 2048)) // 512 * 2)),
        seed=settings.seed,
        num_workers=max(0, (os.cpu_count() or 1) - 2) if device.type == "cuda" else 0,
    )
    return replace(base, batch_rows=settings.rows)


def _texts(target: Manifest, data: Settings, work: Path) -> Path:
    """The folder with the texts that batches are made of: the target's own, or a new one beside the drafter."""
    left = target.folder / WORK
    if (left / "prepared").is_file():
        return left
    if not (work / "prepared").is_file():
        write_sources(work, data)
        with writing(work):
            for name in TOKENIZER_FILES:
                if (target.folder / name).is_file():
                    (work / name).write_bytes((target.folder / name).read_bytes())
            (work / "prepared").touch()
    return work
