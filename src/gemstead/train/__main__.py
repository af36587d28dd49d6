"""`python -m gemstead.train --minutes 8 --out DIR [--tiny]`: train pebble, with a line of progress now and then.

`python -m gemstead.train --drafter-for TARGET --out TARGET/assistant` trains the drafter of a finished model.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from gemstead.core.errors import GemsteadError
from gemstead.train.settings import TINY, Settings


def main() -> int:
    """Read the options, train, and say what went wrong if something did."""
    parser = argparse.ArgumentParser(prog="python -m gemstead.train", description="Train pebble from nothing.")
    parser.add_argument("--out", type=Path, required=True, help="folder for the finished model")
    parser.add_argument("--minutes", type=float, help="wall-clock budget of the whole job (default 25)")
    parser.add_argument("--steps", type=int, help="train exactly so many steps instead")
    parser.add_argument("--tiny", action="store_true", help="the same path in a minute on one CPU core")
    parser.add_argument("--device", choices=["cpu", "cuda"], help="default: the GPU if there is one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, help="processes that make data beside the training")
    parser.add_argument("--drafter-for", type=Path, metavar="TARGET", help="train a drafter for this model instead")
    parser.add_argument("--packages", default="", help="read these installed packages' sources too (comma between)")
    given = parser.parse_args()
    if given.drafter_for is not None:
        return _train_drafter(given)
    from gemstead.train.pebble import train_pebble  # not at the top: data workers load this file, but need no torch

    try:
        settings = replace(TINY if given.tiny else Settings(), seed=given.seed)
        if given.minutes is not None:
            settings = replace(settings, minutes=given.minutes, steps=None)
        if given.steps is not None:
            settings = replace(settings, minutes=None, steps=given.steps)
        if given.workers is not None:
            settings = replace(settings, num_workers=given.workers)
        packages = tuple(name for name in given.packages.split(",") if name)
        settings = replace(settings, packages=packages)
        train_pebble(given.out, settings=settings, device=given.device, say=_say)
    except GemsteadError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


def _train_drafter(given: argparse.Namespace) -> int:
    from gemstead.train.drafter import train_drafter

    try:
        limits = {"minutes": given.minutes, "steps": given.steps, "device": given.device, "seed": given.seed}
        train_drafter(given.drafter_for, given.out, **limits, say=_say)
    except GemsteadError as error:
        sys.stderr.write(f"error: {error}\n")
        return 1
    return 0


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
