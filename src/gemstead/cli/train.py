"""`gemstead train`: make the embedded model from nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gemstead.cli.options import Device
from gemstead.cli.screen import out, talk
from gemstead.core.errors import BadRequest

TARGETS = ("pebble", "drafter")


def train(
    target: Annotated[str, typer.Argument(help="What to train: pebble, or a drafter for a model.")],
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Where the model goes.", show_default="trained/TARGET")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(help="Wall-clock minutes, everything included.", show_default="25; drafter 2")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(help="Exactly so many steps, whatever the clock says.", show_default=False)
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--target", help="Model that a drafter is for: a folder or an id.", show_default="pebble"),
    ] = None,
    tiny: Annotated[bool, typer.Option("--tiny", help="The same path, small enough for a CPU.")] = False,
    seed: Annotated[int, typer.Option(help="One seed and number of steps give one model on one machine.")] = 0,
    device: Device = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Any other setting, its value in JSON.", show_default=False),
    ] = None,
) -> None:
    """Train pebble, the embedded model, from scratch, or a drafter for any Gemma 4 model.

    pebble resumes when run again with the same folder.
    """
    if target not in TARGETS:
        raise BadRequest(f"{target!r} cannot be trained; allowed is {', '.join(TARGETS)}")
    if minutes is not None and steps is not None:
        raise BadRequest("--minutes and --steps are both given; one of them decides how long to train")
    folder = out_folder or Path("trained") / target
    if target == "drafter":
        _train_drafter(model or "pebble", folder, minutes, steps, tiny, seed, device, changes or [])
        out.print(str(folder))
        return
    if model is not None:
        raise BadRequest("--target is given, but pebble is trained from nothing", hint="did you mean `train drafter`?")
    from dataclasses import replace

    from gemstead.train.pebble import train_pebble
    from gemstead.train.settings import TINY, Settings

    settings = replace(TINY if tiny else Settings(), seed=seed)
    if minutes is not None:
        settings = replace(settings, minutes=minutes, steps=None)
    if steps is not None:
        settings = replace(settings, minutes=None, steps=steps)
    train_pebble(folder, settings=settings.changed(changes or []), device=device, say=talk.print)
    out.print(str(folder))


def _train_drafter(
    model: str, folder: Path, minutes: float | None, steps: int | None, tiny: bool, seed: int, device: str | None,
    changes: list[str],
) -> None:  # fmt: skip
    from gemstead.checkpoints.hub import find_model
    from gemstead.train.drafter import train_drafter

    if tiny or changes:
        raise BadRequest("--tiny and --set are for pebble; a drafter's size follows from its target")
    train_drafter(find_model(model), folder, minutes=minutes, steps=steps, device=device, seed=seed, say=talk.print)
