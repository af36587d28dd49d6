"""The training loop: batches in, a trained model out. Stops and goes on from a checkpoint to the identical result."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from gemstead.core.errors import BadCheckpoint, OutOfCapacity
from gemstead.models.gemma4.text import Gemma4Text, Layer, MixtureOfExperts
from gemstead.train.experts import training_kernels
from gemstead.train.memory import packed_memory
from gemstead.train.optimizer import Muon, rate_at
from gemstead.train.packing import IGNORED, Batch
from gemstead.train.quantization import LatticeKernels
from gemstead.train.ranks import ALONE, Ranks
from gemstead.train.settings import Settings

CHECKPOINT = "checkpoint.pt"
LOG_EVERY = 50
PLAN_EVERY = 10
SETTLE_STEPS = 30  # before the speed is measured: compilation happens there


@dataclass(kw_only=True)
class Progress:
    """How far a run is.

    Args:
        step: Steps done.
        seconds: Wall-clock time spent, over all starts.
        tokens: Tokens seen, padding left out.
        decay_start: Step at which the rate begins to fall, once known.
        total: Steps in all, once known.
        loss: Of the last logged step, averaged since the one before.
        held_out_loss: Latest.
        history: What was measured at every logged step.
    """

    step: int = 0
    seconds: float = 0.0
    tokens: int = 0
    decay_start: int | None = None
    total: int | None = None
    loss: float = float("nan")
    held_out_loss: float = float("nan")
    history: list[dict[str, float]] = field(default_factory=list)

    def note(self) -> None:
        """Add what is known now to the history."""
        names = ("step", "seconds", "tokens", "loss", "held_out_loss")
        self.history.append({name: round(float(getattr(self, name)), 4) for name in names})

    @property
    def is_decaying(self) -> bool:
        """Whether the rate falls."""
        return self.decay_start is not None and self.step >= self.decay_start

    def lattice_share(self, rise: float) -> float:
        """How far matrices stand on the int4 lattice: it rises over the first part `rise` of the fall of the rate."""
        if self.decay_start is None or self.total is None or self.step < self.decay_start:
            return 0.0
        return min(1.0, (self.step - self.decay_start + 1) / max(1.0, rise * (self.total - self.decay_start)))

    @property
    def is_done(self) -> bool:
        """Whether no step is left."""
        return self.total is not None and self.step >= self.total


class Trainer:
    """One run.

    Args:
        model: Freshly initialised, float32, with the training kernels.
        settings: Of the run.
        device: Where it trains.
        say: Gets a line now and then.
        started_at: `time.monotonic()` when the whole job began, so that preparation counts towards the minutes.
        ranks: The processes that train together.
    """

    def __init__(
        self, model: Gemma4Text, settings: Settings, device: torch.device, say: Callable[[str], None],
        started_at: float | None = None, ranks: Ranks = ALONE,
    ) -> None:  # fmt: skip
        self.model = model.to(device)
        self.progress = Progress()
        self._ranks = ranks
        self._settings = settings
        self._device = device
        self._say = say
        self._started_at = time.monotonic() if started_at is None else started_at
        self._router_inputs: list[tuple[MixtureOfExperts, Tensor]] = []
        matrices, vectors = _split_parameters(model)
        self._optimizers: list[torch.optim.Optimizer] = [
            Muon(matrices, settings.matrix_rate, settings.weight_decay),
            torch.optim.AdamW(
                vectors, settings.vector_rate, betas=(0.9, 0.95), weight_decay=0.0, fused=device.type == "cuda"
            ),
        ]
        self._parameters = [*matrices, *vectors]
        self._cross_entropy: Callable[..., Tensor] = cross_entropy
        self._imbalance: Callable[..., Tensor] = imbalance
        for layer in model.layers:
            if isinstance(layer.moe, MixtureOfExperts):
                layer.moe.register_forward_pre_hook(self._remember_router_input)
        self._lattice = LatticeKernels(training_kernels(device), device)
        if settings.quantized_rise is not None:
            self._lattice.install(model)
        if device.type == "cuda":
            compile_layers(model.layers)
            self._cross_entropy = torch.compile(cross_entropy, dynamic=False)
            self._imbalance = torch.compile(imbalance, dynamic=False)

    def run(
        self,
        next_batch: Callable[[int, bool], list[Batch]],
        folder: Path,
        held_out: Batch | None,
        stop_at: int | None = None,
        take_snapshot: Callable[[], None] = lambda: None,
    ) -> None:
        """Train until the steps or the minutes are used up.

        Args:
            next_batch: Step and whether it is a late one -> this process' pieces of the batch.
            folder: Where the checkpoint goes.
            held_out: For measuring.
            stop_at: Stop after so many steps, as if interrupted; for tests.
            take_snapshot: Called at the shares that the settings name.

        Raises:
            OutOfCapacity: The checkpoint cannot be written.
        """
        progress, settings = self.progress, self._settings
        earlier_s = progress.seconds
        if settings.steps is not None:
            progress.total = settings.steps
            progress.decay_start = int(settings.steps * (1 - settings.decay_share))
        wanted = [share for share in settings.snapshots if share > self._done_share()]
        saved_at = logged_at = time.monotonic()
        settled: tuple[int, float] | None = None
        losses: list[Tensor] = []
        tokens_logged = progress.tokens
        ahead = next_batch(progress.step, progress.is_decaying)
        while not progress.is_done and progress.step != stop_at:
            batch = ahead
            losses.append(self._step(batch))
            progress.step += 1
            progress.tokens += self._ranks.world * sum(int((piece.ids != 0).sum()) for piece in batch)
            progress.seconds = earlier_s + time.monotonic() - self._started_at
            if progress.step % SETTLE_STEPS == 0 and settled is None:
                self._wait()
                settled = (progress.step, time.monotonic())
            if progress.step % PLAN_EVERY == 0:
                self._plan(settled)
                self._agree()
            if not progress.is_done:
                ahead = next_batch(progress.step, progress.is_decaying)
            if progress.step % LOG_EVERY == 0 or progress.is_done:
                progress.loss = float(torch.stack(losses).mean())
                losses.clear()
                now = time.monotonic()
                if (
                    held_out is not None
                    and self._ranks.is_first
                    and (progress.step % (10 * LOG_EVERY) == 0 or progress.is_done)
                ):
                    progress.held_out_loss = self.measure(held_out)
                rate_tok_s = (progress.tokens - tokens_logged) / (now - logged_at)
                logged_at, tokens_logged = time.monotonic(), progress.tokens
                progress.note()
                self._say(
                    f"step {progress.step}/{progress.total or '?'}  loss {progress.loss:.4f}  held-out "
                    f"{progress.held_out_loss:.4f}  {progress.tokens / 1e6:.1f} M tokens  {rate_tok_s:,.0f} tok/s  "
                    f"{progress.seconds:.0f} s{'  decaying' if progress.is_decaying else ''}"
                )
            if time.monotonic() - saved_at > settings.save_every_s:
                self.save(folder)
                saved_at = time.monotonic()
            if wanted and self._done_share() >= wanted[0]:
                wanted.pop(0)
                if self._ranks.is_first:
                    take_snapshot()
        self.save(folder)

    def _done_share(self) -> float:
        """Part of the run that is done, by steps or by the clock."""
        if self._settings.steps is not None:
            return self.progress.step / self._settings.steps
        assert self._settings.minutes is not None
        return self.progress.seconds / (60 * self._settings.minutes)

    def _agree(self) -> None:
        """Everybody follows the first process' clock."""
        plan = (self.progress.decay_start, self.progress.total)
        start, total = self._ranks.told(tuple(-1 if value is None else value for value in plan), self._device)
        if start >= 0:
            self.progress.decay_start, self.progress.total = start, total

    def _plan(self, settled: tuple[int, float] | None) -> None:
        """Once the plateau's share of the minutes is used up, fix the last step by the speed measured so far."""
        progress, minutes = self.progress, self._settings.minutes
        if progress.decay_start is not None or minutes is None or settled is None or progress.step <= settled[0]:
            return
        left_s = minutes * 60 - progress.seconds
        if left_s > self._settings.decay_share * minutes * 60:
            return
        step_s = (time.monotonic() - settled[1]) / (progress.step - settled[0])
        progress.decay_start = progress.step
        progress.total = progress.step + max(1, int(left_s * 0.95 / step_s))

    def _step(self, batch: list[Batch]) -> Tensor:
        progress, settings = self.progress, self._settings
        share = rate_at(
            progress.step, warmup=settings.warmup_steps, decay_start=progress.decay_start, total=progress.total
        )
        for optimizer, rate in zip(self._optimizers, (settings.matrix_rate, settings.vector_rate), strict=True):
            optimizer.param_groups[0]["lr"] = rate * share
        if settings.quantized_rise is not None:
            self._lattice.share.fill_(progress.lattice_share(settings.quantized_rise))
        losses = []
        for piece in batch:
            loss, balance = self._losses(piece)
            ((loss + settings.balance * balance) / len(batch)).backward()
            losses.append(loss.detach())
        self._ranks.average([parameter.grad for parameter in self._parameters if parameter.grad is not None])
        nn.utils.clip_grad_norm_(self._parameters, settings.clip, foreach=True)
        for optimizer in self._optimizers:
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        return torch.stack(losses).mean()

    def _losses(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Mean cross entropy of the learned tokens, and the routers' imbalance, 1 at best."""
        ids_BL, targets_BL, documents_BL = (
            torch.from_numpy(array.astype(np.int64)).to(self._device, non_blocking=True)
            for array in (batch.ids, batch.targets, batch.documents)
        )
        memory = packed_memory(self.model.cache_layers(), documents_BL)
        position_T = torch.arange(ids_BL.shape[1], device=self._device).repeat(ids_BL.shape[0])
        self._router_inputs.clear()
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._device.type == "cuda"):
            hidden_TC = self.model(ids_BL.flatten(), position_T, memory)
            loss = self._cross_entropy(self.model, hidden_TC, targets_BL.flatten())
            imbalances = [self._imbalance(moe, x_TC) for moe, x_TC in self._router_inputs]
        balance = torch.stack(imbalances).mean() if imbalances else loss.new_zeros(())
        return loss, balance

    def measure(self, batch: Batch) -> float:
        """Mean cross entropy of a batch, without learning from it. In training's own graph."""
        return float(self._losses(batch)[0].detach())

    def save(self, folder: Path) -> None:
        """Write the checkpoint: the old one stands until the new one is whole. The first process does it for all.

        Raises:
            OutOfCapacity: It cannot be written.
        """
        if not self._ranks.is_first:
            return
        state = {
            "progress": asdict(self.progress),
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self._optimizers],
        }
        with writing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            draft = folder / f"{CHECKPOINT}.part"
            torch.save(state, draft)
            draft.replace(folder / CHECKPOINT)

    def resume(self, folder: Path) -> bool:
        """Go on from the folder's checkpoint, if there is one.

        Raises:
            BadCheckpoint: It is damaged, or of another model.
        """
        file = folder / CHECKPOINT
        if not file.is_file():
            return False
        try:
            state: dict[str, Any] = torch.load(file, map_location=self._device, weights_only=True)
            self.model.load_state_dict(state["model"])
            for optimizer, saved in zip(self._optimizers, state["optimizers"], strict=True):
                optimizer.load_state_dict(saved)
            self.progress = Progress(**state["progress"])
        except (RuntimeError, OSError, EOFError, KeyError, TypeError, ValueError, pickle.UnpicklingError) as error:
            raise BadCheckpoint(
                f"{file}: cannot be resumed from: {str(error).splitlines()[0] if str(error) else error!r}",
                hint="delete it to begin anew, or give another folder",
            ) from error
        return True

    def _remember_router_input(self, moe: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        assert isinstance(moe, MixtureOfExperts)
        self._router_inputs.append((moe, inputs[0]))

    def _wait(self) -> None:
        if self._device.type == "cuda":
            torch.cuda.synchronize()


def compile_layers(layers: Iterable[nn.Module]) -> None:
    """Compile decoder layers. Those of one kind share a graph: their number matters to the memory by its window."""
    torch._dynamo.config.recompile_limit = 64
    kinds: dict[bool, int] = {}
    for layer in layers:
        assert isinstance(layer, Layer)
        layer.self_attn._layer = kinds.setdefault(layer.is_sliding, layer.self_attn._layer)
        layer.compile(dynamic=False)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turn a failed write into the error that says what to do."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        raise OutOfCapacity(
            f"{folder}: cannot be written: {error}", hint="free some disk, or choose another folder"
        ) from error


def cross_entropy(model: Gemma4Text, hidden_TC: Tensor, target_T: Tensor) -> Tensor:
    """Mean over the learned tokens."""
    return F.cross_entropy(model.logits(hidden_TC), target_T, ignore_index=IGNORED)


def imbalance(moe: MixtureOfExperts, x_TC: Tensor) -> Tensor:
    """`E * sum_e f_e P_e`: share of places sent to an expert times its mean probability; 1 when all get the same.

    Source: Switch Transformer, arXiv:2101.03961, equation 4.
    """
    chosen_TA, _, probability_TE = moe.route(x_TC)
    num_experts = probability_TE.shape[-1]
    numbers_E = torch.arange(num_experts, device=x_TC.device)
    share_E = (chosen_TA.flatten()[:, None] == numbers_E).float().mean(0)
    return num_experts * (share_E * probability_TE.mean(0)).sum()


def _split_parameters(model: Gemma4Text) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """Matrices for Muon; embeddings, routers and vectors for AdamW. Each expert's own scale stays one."""
    matrices, vectors = [], []
    for name, parameter in model.named_parameters():
        if name.endswith("per_expert_scale"):
            parameter.requires_grad_(False)
        elif parameter.dim() < 2 or "embed" in name or "router" in name:
            vectors.append(parameter)
        else:
            matrices.append(parameter)
    return matrices, vectors
