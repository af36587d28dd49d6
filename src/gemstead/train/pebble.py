"""pebble from nothing: settings in, a folder out that loads like any published Gemma."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import torch

from gemstead.checkpoints.save import save_model
from gemstead.models.gemma4.config import read_config
from gemstead.models.gemma4.text import Gemma4Text
from gemstead.train.corpus import BatchSource, Corpus, prepare
from gemstead.train.experts import training_kernels
from gemstead.train.loop import Trainer, writing
from gemstead.train.quantization import stand_on_lattice
from gemstead.train.settings import TINY, Settings

WORK = "work"  # folder inside the output for what a resumed run needs


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
    minutes: float | None = None,
    tiny: bool = False,
    device: str | None = None,
    seed: int = 0,
    settings: Settings | None = None,
    say: Callable[[str], None] = lambda line: None,
    stop_at: int | None = None,
) -> Path:
    """Train and export. Run again on the same folder after an interruption, it goes on.

    Args:
        out: Folder for the finished model; what is needed to resume lies below it in `work`.
        minutes: Wall-clock budget of the whole job; by default the settings'.
        tiny: The same path in a minute on one CPU core.
        device: "cpu" or "cuda"; `None` takes the GPU if there is one.
        seed: Of everything random.
        settings: Instead of the two above, all settings.
        say: Gets a line of progress now and then.
        stop_at: Stop after so many steps, as if interrupted; for tests.

    Returns:
        The folder.

    Raises:
        OutOfCapacity: The folder cannot be written.
        BadCheckpoint: What an earlier run left there is damaged.
    """
    started_at = time.monotonic()
    base = settings or replace(TINY if tiny else Settings(), seed=seed)
    if minutes is not None:
        base = replace(base, minutes=minutes, steps=None)
    target = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    work = out / WORK
    with writing(work):
        work.mkdir(parents=True, exist_ok=True)
    if not (work / "prepared").is_file():
        prepare(work, base)
        (work / "prepared").touch()
        say(f"data prepared, {time.monotonic() - started_at:.0f} s")
    trainer = Trainer(new_model(base, target), base, target, say, started_at)
    if trainer.resume(work):
        say(f"resumed at step {trainer.progress.step}")
    held_out = Corpus(work, base).held_out(base.rows)
    batches = BatchSource(work, base, trainer.progress.step)
    try:
        trainer.run(lambda step, late: batches.next(step, is_late=late), work, held_out, stop_at)
    finally:
        batches.close()
    if trainer.progress.is_done:
        export(trainer, base, work, out)
        say(f"exported to {out}, {time.monotonic() - started_at:.0f} s")
    return out


def export(trainer: Trainer, settings: Settings, work: Path, out: Path) -> None:
    """Write the files of a published Gemma, and `training.json` with the run's figures.

    Raises:
        OutOfCapacity: They cannot be written.
    """
    if settings.quantized_rise is not None:
        stand_on_lattice(trainer.model)
    save_model(out, settings.model_config(), trainer.model, dtype=torch.bfloat16)
    figures = {"settings": asdict(settings), "progress": asdict(trainer.progress)}
    with writing(out):
        for name in ("tokenizer.json", "tokenizer_config.json", "generation_config.json", "chat_template.jinja"):
            (out / name).write_bytes((work / name).read_bytes())
        (out / "training.json").write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
