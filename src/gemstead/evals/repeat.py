"""A stored run in, the command that repeats it out."""

from __future__ import annotations

import json
import os.path
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gemstead.evals.prices import BY_HAND

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
    is_remote = "endpoint" in details
    words = ["gemstead", "eval", shlex.quote(task)]
    if is_remote:
        words += _endpoint(details)
    words += ["--model", shlex.quote(str(model["name"])) if is_remote else _path(str(model["name"]))]
    words += [] if is_remote else ["--precision", precision]
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


def _endpoint(details: Mapping[str, Any]) -> list[str]:
    """Where it was asked. The key is not in the record; the variable that held it is."""
    words = ["--endpoint", shlex.quote(str(details["endpoint"]))]
    if details.get("api_key_env"):
        words += ["--api-key-env", shlex.quote(str(details["api_key_env"]))]
    for name, value in details.get("extra", {}).items():
        words += ["--extra", shlex.quote(f"{name}={json.dumps(value)}")]
    price = details.get("price")
    if price is not None and price["source"] == BY_HAND:
        words += ["--price-in", f"{price['input_usd']:g}", "--price-out", f"{price['output_usd']:g}"]
    return words


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
