"""`gemstead report`: stored runs as one HTML file that can be read, printed, sent and checked."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from gemstead.cli import options
from gemstead.cli.screen import out, talk


def report(
    runs: Annotated[
        list[str],
        typer.Argument(help="Runs or comparisons; the first is the measure. Runs of several tasks are pooled: A+B."),
    ],
    target: Annotated[
        Path | None,
        typer.Option("--out", help="Where to write the page.", show_default="RUN.html in this folder"),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print everything as JSON on stdout; the page only with `--out`.", show_default=False
        ),
    ] = False,
    margin: Annotated[
        float | None,
        typer.Option(
            help="Largest difference that counts as none, in points of pass@1.", show_default="the comparison's, or 2"
        ),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of the bootstrap.")] = 0,
    watts: Annotated[
        float | None,
        typer.Option(help="What this machine draws while it answers.", show_default="from a table, or assumed"),
    ] = None,
    kwh_price: Annotated[float, typer.Option(help="Price of a kWh of electricity, in US dollars.")] = 0.30,
    store: options.StoreFile = None,
) -> None:
    """Report stored runs as one self-contained HTML file: scores, differences, every answer, cost, how to repeat it."""
    from gemstead.evals.report import build_report, select
    from gemstead.evals.report_page import render_report
    from gemstead.evals.store import Store
    from gemstead.hardware.units import gib
    from gemstead.report.page import write_page

    # Nearly everything read here stays until the command ends; looking for garbage among it takes a sixth of the time.
    gc.disable()
    found = select(Store(store), runs)
    made = build_report(
        found, margin=None if margin is None else margin / 100, seed=seed, watts=watts, kwh_usd=kwh_price
    )
    if as_json:
        out.print(json.dumps(made.as_json(), indent=1), markup=False)
    if target is None and as_json:
        return
    file = target or Path(f"{made.name}.html")
    write_page(file, render_report(made))
    for score in made.scores:
        interval = score.interval
        talk.print(
            f"{escape(score.label)}  {score.pass_at_1:.1%} of {score.num_problems}, "
            f"95 % interval {interval.low:.1%} – {interval.high:.1%}"
        )
    talk.print(f"{gib(file.stat().st_size)}, complete in itself")
    if not as_json:
        out.print(escape(str(file)))
