"""A stored run in, the command that repeats it out."""

from __future__ import annotations

import os.path
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Name in the settings -> option, and the value that needs none.
OPTIONS: Mapping[str, tuple[str, Any]] = {
    "since": ("--since", None),
    "until": ("--until", None),
    "limit": ("--limit", None),
    "samples": ("--samples", 1),
    "temperature": ("--temperature", 0.0),
    "top_k": ("--top-k", 0),
    "top_p": ("--top-p", 1.0),
    "style": ("--style", "chat"),
    "seed": ("--seed", 0),
    "max_tokens": ("--max-tokens", None),
}


def command(task: str, precision: str, model: Mapping[str, Any], settings: Mapping[str, Any]) -> str:
    """What to type to get the same answers again.

    Args:
        task: Name of the task, or of several, joined by commas.
        precision: How weights are held, or several ways, joined by commas.
        model: The description that was stored with the run.
        settings: How it was asked.

    Returns:
        One shell command. Paths below the home directory begin with `~`, so that no user's name travels with a report.
    """
    details = model.get("details", {})
    words = ["gemstead", "eval", shlex.quote(task), "--model", _path(str(model["name"])), "--precision", precision]
    if settings.get("data") is not None:
        words += ["--data", _path(str(settings["data"]))]
    for name, (option, usual) in OPTIONS.items():
        value = settings.get(name, usual)
        if value != usual:
            words += [option, shlex.quote(f"{value:g}" if isinstance(value, float) else str(value))]
    if settings.get("thinking", False):
        words.append("--think")
    if details.get("kernels") not in (None, "reproducible"):
        words.append("--fast")
    if details.get("max_sequences") not in (None, 64):
        words += ["--batch", str(details["max_sequences"])]
    if model.get("device") in ("cpu", "cuda"):
        words += ["--device", str(model["device"])]
        words += ["--context", str(model["context_tokens"])] if model.get("context_tokens") else []
    words += _drafter(details)
    return " ".join(words)


def _drafter(details: Mapping[str, Any]) -> list[str]:
    if "drafter" not in details:
        return []
    about = details["drafter"]
    if about is None:
        return ["--drafter", "off"]
    return [] if about["name"] == "assistant" else ["--drafter", _path(str(about["name"]))]


def _path(text: str) -> str:
    home = str(Path.home())
    if text.startswith(home + os.path.sep):
        return "~" + os.path.sep + shlex.quote(text[len(home) + 1 :])
    return shlex.quote(text)
