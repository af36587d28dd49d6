"""The only place that reads environment variables."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """Where gemstead keeps results: `GEMSTEAD_HOME`, else `~/.local/share/gemstead` (XDG data home)."""
    explicit = os.environ.get("GEMSTEAD_HOME")
    if explicit:
        return Path(explicit).expanduser()
    data_home = os.environ.get("XDG_DATA_HOME")
    return (Path(data_home) if data_home else Path.home() / ".local" / "share") / "gemstead"


def is_offline() -> bool:
    """Whether the Hub must not be asked: `HF_HUB_OFFLINE` is set to a true value."""
    return os.environ.get("HF_HUB_OFFLINE", "").lower() in {"1", "true", "yes", "on"}


def is_automated() -> bool:
    """Whether a build server runs this, where nobody watches: `CI` is set to a true value."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes", "on"}


def secret(variable: str) -> str | None:
    """A key that the user keeps in an environment variable, or `None` where it is unset or blank.

    Whoever gets it hands it on to the one server it is for, and keeps it out of records, messages and logs.
    """
    return os.environ.get(variable, "").strip() or None


def with_compile_caches(folder: str) -> dict[str, str]:
    """This process' environment for another one that keeps what it compiles in a folder of its own."""
    return os.environ | {"TRITON_CACHE_DIR": f"{folder}/triton", "TORCHINDUCTOR_CACHE_DIR": f"{folder}/inductor"}
