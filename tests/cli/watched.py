"""A scripted run that shows how it stands: `python -m tests.cli.watched STORE [RUN]`."""

from __future__ import annotations

import sys
from pathlib import Path

from gemstead.cli.progress import watching
from gemstead.evals import run as runs
from gemstead.evals.run import RunSettings, run_evaluation
from gemstead.evals.score import Judge
from gemstead.evals.store import Store
from tests.fake_generator import ScriptedGenerator

if __name__ == "__main__":
    file, *resume = sys.argv[1:]
    runs.gate = lambda judge, task: None  # the published solutions have tests of their own
    try:
        with Judge(workers=1) as judge, watching() as watch:
            run_evaluation(
                ScriptedGenerator(delay_s=0.05 if resume else 0.5), RunSettings(limit=12), judge, Store(Path(file)),
                resume=resume[0] if resume else None, watch=watch, concurrency=2,
            )  # fmt: skip
    except KeyboardInterrupt:
        sys.exit(130)
