"""`gemstead train`: make the embedded model from nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gemstead.cli.screen import out, talk


def train(
    out_folder: Annotated[Path, typer.Option("--out", help="Where the trained model goes.")],
    minutes: Annotated[float, typer.Option(help="Wall-clock minutes to train for.")] = 8.0,
    tiny: Annotated[bool, typer.Option(help="The same path, small enough for a CPU.")] = False,
    seed: Annotated[int, typer.Option(help="One seed gives one model on one machine.")] = 0,
    device: Annotated[
        str | None, typer.Option(help="cpu or cuda; the GPU if there is one.", show_default=False)
    ] = None,
) -> None:
    """Train pebble, the embedded model, from scratch. Run again with the same folder, it resumes."""
    from gemstead.train.pebble import train_pebble

    train_pebble(out_folder, minutes=minutes, tiny=tiny, seed=seed, device=device, say=talk.print)
    out.print(str(out_folder))
