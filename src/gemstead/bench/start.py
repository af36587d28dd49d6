"""From the start of a process to its first token, with and without compiled kernels of an earlier one.

`python -m gemstead.bench.start` is that process: settings on stdin as JSON, seconds on stdout.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from typing import Any

from gemstead.core.environment import with_compile_caches
from gemstead.core.errors import Infrastructure

TIMEOUT_S = 1800


@dataclass(frozen=True, kw_only=True)
class Start:
    """Seconds from the start of a process to its first token.

    Args:
        cold_s: With nothing compiled before.
        warm_s: With what the cold one compiled.
    """

    cold_s: float
    warm_s: float


def measure_start(settings: dict[str, Any]) -> Start:
    """Start two processes, one after the other; weights are in the page cache, or made on the device.

    Args:
        settings: `model` or `random`, `precision`, `device` and `context`.

    Raises:
        Infrastructure: A process failed; its last words are in the message.
    """
    with tempfile.TemporaryDirectory() as folder:
        cold_s, warm_s = (_first_token(settings, folder) for _ in range(2))
    return Start(cold_s=cold_s, warm_s=warm_s)


def _first_token(settings: dict[str, Any], caches: str) -> float:
    begin = time.time()
    done = subprocess.run(
        [sys.executable, "-m", "gemstead.bench.start"],
        input=json.dumps(settings),
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        env=with_compile_caches(caches),
        check=False,
    )
    if done.returncode:
        raise Infrastructure(f"a process that was to start failed: {done.stderr.strip()[-500:]}")
    return float(done.stdout.split()[-1]) - begin


def main() -> None:
    """Load, write one token, and say when that was."""
    from gemstead.bench.measure import random_prompts
    from gemstead.bench.subject import open_subject
    from gemstead.core.requests import Sampling

    settings = json.load(sys.stdin)
    context = settings.pop("context")
    subject = open_subject(**settings)
    engine = subject.engine(1, context + 2)
    told: list[float] = []
    ids = random_prompts(subject.loaded.config.vocab_size, 1, context, seed=0)[0]
    engine.submit(tuple(ids), max_tokens=1, sampling=Sampling(), deliver=lambda _: told.append(time.time()))
    while engine.has_work:
        engine.step()
    print(told[0])  # noqa: T201


if __name__ == "__main__":
    main()
