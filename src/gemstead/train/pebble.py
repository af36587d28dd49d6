"""pebble from nothing: settings in, a folder out that loads like any published Gemma."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import torch

from gemstead.checkpoints.save import save_model
from gemstead.core.errors import BadRequest
from gemstead.models.gemma4.config import read_config
from gemstead.models.gemma4.text import Gemma4Text
from gemstead.train.corpus import BatchSource, Corpus, prepare
from gemstead.train.experts import training_kernels
from gemstead.train.loop import Trainer, writing
from gemstead.train.quantization import stand_on_lattice
from gemstead.train.ranks import ALONE, Ranks, run_ranks
from gemstead.train.settings import PIECES, TINY, Settings

WORK = "work"  # folder inside the output for what a resumed run needs
SNAPSHOTS = "snapshots"  # folder inside the output for models of an unfinished run, by step


def new_model(settings: Settings, device: torch.device) -> Gemma4Text:
    """A model with random weights, the same for the same seed.

    Matrices keep the size of what passes through them; what a layer adds to the stream begins small, so that depth does
    not blow it up; queries begin with the usual 1/sqrt(D), which Gemma 4's attention leaves to their norm.
    """
    config = read_config(settings.model_config())
    model = Gemma4Text(config, training_kernels(device))
    generator = torch.Generator().manual_seed(settings.seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() == 1:
                parameter.fill_(1.0)
            else:
                spread = 0.5 if "router_proj" in name else parameter.shape[-1] ** -0.5
                parameter.normal_(std=spread, generator=generator)
            if name.endswith("q_norm.weight"):
                parameter.mul_(parameter.shape[0] ** -0.5)
            if name.endswith(("post_attention_layernorm.weight", "post_feedforward_layernorm.weight")):
                parameter.mul_((2 * config.num_layers) ** -0.5)
    return model


def train_pebble(
    out: Path,
    *,
    settings: Settings,
    device: str | None = None,
    say: Callable[[str], None] = lambda line: None,
    stop_at: int | None = None,
) -> Path:
    """Train and export. Run again on the same folder after an interruption, it goes on.

    Args:
        out: Folder for the finished model; what is needed to resume lies below it in `work`.
        settings: Of the run.
        device: "cpu" or "cuda"; `None` takes the GPU, and only a tiny model goes without.
        say: Gets a line of progress now and then.
        stop_at: Stop after so many steps, as if interrupted; for tests.

    Returns:
        The folder.

    Raises:
        BadRequest: There is no GPU, or fewer than asked for.
        OutOfCapacity: The folder cannot be written.
        BadCheckpoint: What an earlier run left there is damaged.
    """
    started_at = time.monotonic()
    kind = device or ("cuda" if torch.cuda.is_available() else "cpu")
    world = _gpus(settings, kind, is_chosen=device is not None)
    work = out / WORK
    with writing(work):
        work.mkdir(parents=True, exist_ok=True)
    if not (work / "prepared").is_file():
        prepare(work, settings)
        (work / "prepared").touch()
        say(f"data prepared, {time.monotonic() - started_at:.0f} s")
    # Processes begin with clocks of their own, so they are told how old the job is.
    job = (out, settings, kind, started_at - time.monotonic(), stop_at)
    if world == 1:
        _train(ALONE, say, *job)
    else:
        run_ranks(world, _train, *job, is_cuda=kind == "cuda", say=say)
    return out


def _gpus(settings: Settings, kind: str, *, is_chosen: bool) -> int:
    """Processes to train with.

    Raises:
        BadRequest: More are asked for than a step has pieces, or than there are; or none is there, for a large model.
    """
    if kind == "cpu" and not is_chosen and settings.depth > TINY.depth:
        raise BadRequest(
            f"training at depth {settings.depth} needs a GPU; torch finds none here",
            hint=f"`--tiny` trains at depth {TINY.depth} on a CPU; `--device cpu` insists, and takes days",
        )
    if settings.gpus is not None and not 1 <= settings.gpus <= PIECES:
        raise BadRequest(f"gpus is {settings.gpus}; allowed is 1 to {PIECES}")
    if kind != "cuda":
        return settings.gpus or 1
    found = torch.cuda.device_count()
    if found < (settings.gpus or 1):
        raise BadRequest(
            f"{settings.gpus or 1} GPUs are asked for; torch finds {found}", hint="use `--device cpu --tiny`"
        )
    return settings.gpus or min(found, PIECES)


def _train(
    ranks: Ranks, say: Callable[[str], None], out: Path, base: Settings, kind: str, age_s: float, stop_at: int | None
) -> None:
    """One process' part."""
    started_at = time.monotonic() + age_s
    device, work = torch.device(kind), out / WORK
    trainer = Trainer(new_model(base, device), base, device, say, started_at, ranks)
    if trainer.resume(work):
        say(f"resumed at step {trainer.progress.step}")
    held_out = Corpus(work, base).held_out(base.rows)
    pieces = tuple(range(ranks.rank, PIECES, ranks.world))
    batches = BatchSource(work, base, trainer.progress.step, pieces)

    def take_snapshot() -> None:
        export(trainer, base, work, out / SNAPSHOTS / str(trainer.progress.step))

    try:
        trainer.run(lambda step, late: batches.next(step, is_late=late), work, held_out, stop_at, take_snapshot)
    finally:
        batches.close()
    if trainer.progress.is_done and ranks.is_first:
        if base.quantized_rise is not None:
            stand_on_lattice(trainer.model)
        export(trainer, base, work, out)
        say(f"exported to {out}, {time.monotonic() - started_at:.0f} s")


def export(trainer: Trainer, settings: Settings, work: Path, out: Path) -> None:
    """Write the files of a published Gemma, and `training.json` with the run's figures.

    Raises:
        OutOfCapacity: They cannot be written.
    """
    save_model(out, settings.model_config(), trainer.model, dtype=torch.bfloat16)
    figures = {"settings": asdict(settings), "progress": asdict(trainer.progress)}
    with writing(out):
        for name in ("tokenizer.json", "tokenizer_config.json", "generation_config.json", "chat_template.jinja"):
            (out / name).write_bytes((work / name).read_bytes())
        (out / "training.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
