"""Run as a process that may be killed at any moment: `python -m tests.evals.killable STORE LOG [RUN]`."""

from __future__ import annotations

import sys
from pathlib import Path

from gemstead.evals.run import RunSettings, run_evaluation
from gemstead.evals.score import Judge
from gemstead.evals.store import Store
from tests.fake_generator import ScriptedGenerator

if __name__ == "__main__":
    store, log, *resume = sys.argv[1:]
    generator = ScriptedGenerator(delay_s=0.15, log=Path(log))
    with Judge() as judge:
        run_evaluation(
            generator,
            RunSettings(limit=40),
            judge,
            Store(Path(store)),
            resume=resume[0] if resume else None,
            concurrency=4,
        )
