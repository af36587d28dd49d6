"""`gemstead train`: make the embedded model from nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gemstead.cli.options import Device
from gemstead.cli.screen import out, talk
from gemstead.core.errors import BadRequest

TARGETS = ("pebble",)


def train(
    target: Annotated[str, typer.Argument(help="What to train: pebble.")],
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="Where the model goes.", show_default="trained/TARGET")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(help="Wall-clock minutes, everything included.", show_default="25")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(help="Exactly so many steps, whatever the clock says.", show_default=False)
    ] = None,
    tiny: Annotated[bool, typer.Option("--tiny", help="The same path, small enough for a CPU.")] = False,
    seed: Annotated[int, typer.Option(help="One seed and number of steps give one model on one machine.")] = 0,
    device: Device = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="Any other setting, its value in JSON.", show_default=False),
    ] = None,
) -> None:
    """Train pebble, the embedded model, from scratch. Run again with the same folder, it resumes."""
    if target not in TARGETS:
        raise BadRequest(f"{target!r} cannot be trained; allowed is {', '.join(TARGETS)}")
    if minutes is not None and steps is not None:
        raise BadRequest("--minutes and --steps are both given; one of them decides how long to train")
    from dataclasses import replace

    from gemstead.train.pebble import train_pebble
    from gemstead.train.settings import TINY, Settings

    settings = replace(TINY if tiny else Settings(), seed=seed)
    if minutes is not None:
        settings = replace(settings, minutes=minutes, steps=None)
    if steps is not None:
        settings = replace(settings, minutes=None, steps=steps)
    folder = out_folder or Path("trained") / target
    train_pebble(folder, settings=settings.changed(changes or []), device=device, say=talk.print)
    out.print(str(folder))
