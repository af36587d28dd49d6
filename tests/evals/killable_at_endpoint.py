"""Run as a process that may be killed at any moment: `python -m tests.evals.killable_at_endpoint STORE URL [RUN]`."""

from __future__ import annotations

import sys
from pathlib import Path

from gemstead.evals.run import RunSettings, run_evaluation
from gemstead.evals.score import Judge
from gemstead.evals.store import Store
from gemstead.remote import EndpointSettings, connect
from tests.endpoint_stand_in import MODEL

if __name__ == "__main__":
    store, url, *resume = sys.argv[1:]
    generator = connect(EndpointSettings(url=url, model=MODEL, concurrency=4, first_wait_s=0.3, attempts=10))
    with Judge() as judge:
        run_evaluation(
            generator,
            RunSettings(limit=40),
            judge,
            Store(Path(store)),
            resume=resume[0] if resume else None,
            concurrency=4,
        )
