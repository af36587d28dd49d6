"""Keeps freed memory for the next step instead of giving it back to the kernel and asking for it again.

A step on the CPU allocates and frees the same tens of megabytes; by default glibc maps and unmaps them each time, and
faulting the pages in again took a third of pebble's evaluation (see docs/design/LOG.md).
"""

from __future__ import annotations

import ctypes
import sys

# <malloc.h>
M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -2, -3, -8


def keep_freed_memory() -> bool:
    """Ask glibc to reuse what was freed, for the whole process.

    Returns:
        Whether it was asked; False where there is no glibc.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except AttributeError:
        return False
    settings = ((M_MMAP_THRESHOLD, 2**25), (M_TRIM_THRESHOLD, 2**30), (M_TOP_PAD, 2**26), (M_ARENA_MAX, 1))
    answers = [mallopt(name, value) for name, value in settings]  # each is tried, whatever the others say
    return all(answers)
