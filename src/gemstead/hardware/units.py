"""Sizes and rates in words people read."""

from __future__ import annotations


def gib(num_bytes: float) -> str:
    """Bytes as GiB or MiB: `1.9 GiB`, `38 MiB`."""
    if num_bytes >= 2**30:
        return f"{num_bytes / 2**30:.1f} GiB"
    return f"{num_bytes / 2**20:.0f} MiB"


def rate(tokens: float, seconds: float) -> str:
    """Tokens per second: `312 tok/s`, `8.4 tok/s`; a dash when no time has passed."""
    if seconds <= 0:
        return "– tok/s"
    value = tokens / seconds
    return f"{value:.0f} tok/s" if value >= 20 else f"{value:.1f} tok/s"


def duration(seconds: float) -> str:
    """`9.4 s`, `1 min 5 s`, `2 h 3 min`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
