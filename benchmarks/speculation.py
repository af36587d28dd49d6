"""Decoding with and without a drafter, in turn, in one run: `python -m benchmarks.speculation --drafters off,lookup`.

The prompts are HumanEval's, as `gemstead eval` asks them. Every drafter answers the same few before the next ones come,
so that a change in the machine's mood meets all; the first round is not counted.
"""

from __future__ import annotations

import argparse
import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table

from gemstead.core.generator import Answer, collect
from gemstead.core.requests import Sampling
from gemstead.evals.tasks import find_task
from gemstead.hardware.probe import probe
from gemstead.runtime import LocalModel, load


@dataclass(kw_only=True)
class Measured:
    """One drafter's figures."""

    tokens: int = 0
    seconds: float = 0.0
    answers: list[tuple[int, ...]] = field(default_factory=list)


def answer_all(model: LocalModel, requests: list[Any]) -> list[Answer]:
    """Put requests at once."""

    async def gather() -> list[list[Answer]]:
        return await asyncio.gather(*(collect(model.generate(request)) for request in requests))

    return [answer for answers in asyncio.run(gather()) for answer in answers]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="pebble")
    parser.add_argument("--drafters", default="off,lookup,auto", help="as `gemstead run --drafter` takes them")
    parser.add_argument("--problems", type=int, default=24)
    parser.add_argument("--batch", type=int, default=1, help="answers in work at once")
    parser.add_argument("--max-tokens", type=int, default=256)
    parser.add_argument("--temperature", type=float, default=0.0)
    parser.add_argument("--fast", action="store_true", help="without reproducible kernels: roundings may differ")
    parser.add_argument("--device", default=None)
    given = parser.parse_args()
    task = find_task("humaneval")
    sampling = Sampling(temperature=given.temperature, seed=0)
    requests = [
        task.request(problem, style="chat", thinking=False, sampling=sampling, max_tokens=given.max_tokens)
        for problem in task.problems()[: given.problems]
    ]
    drafters = given.drafters.split(",")
    models = {
        name: load(
            given.model, drafter=name, max_sequences=given.batch, reproducible=not given.fast, device=given.device
        )
        for name in drafters
    }
    if models[drafters[0]].describe().device == "cuda":  # kernels are compiled and graphs recorded, at a second visit
        for model in [*models.values()] * 2:
            for start in range(0, len(requests), given.batch):
                answer_all(model, requests[start : start + given.batch])
    figures = {name: Measured() for name in drafters}
    for start in range(0, len(requests), given.batch):
        for name, model in models.items():
            begin = time.perf_counter()
            answers = answer_all(model, requests[start : start + given.batch])
            seconds = time.perf_counter() - begin
            figures[name].answers += [answer.end.token_ids for answer in answers]
            if start:
                figures[name].tokens += sum(answer.end.usage.completion_tokens for answer in answers)
                figures[name].seconds += seconds
    machine = probe()
    console = Console(width=120)
    console.print(
        f"{given.model} on {models[drafters[0]].describe().device} ({machine.processor}, {machine.cores} cores), batch "
        f"{given.batch}, {len(requests)} prompts, temperature {given.temperature:g}"
    )
    table = Table("drafter", "tok/s", "ratio", "accepted per step", "same answers", box=None)
    first = figures[drafters[0]]
    for name, measured in figures.items():
        about = models[name].describe().details["drafter"]
        rate = measured.tokens / measured.seconds
        same = sum(a == b for a, b in zip(measured.answers, first.answers, strict=True))
        table.add_row(
            name,
            f"{rate:.1f}",
            f"{rate * first.seconds / first.tokens:.2f}x",
            "-" if about is None else f"{about['accepted_per_step']:.2f}",
            f"{same}/{len(first.answers)}",
        )
        models[name].close()
    console.print(table)


if __name__ == "__main__":
    main()
