"""`gemstead compare`: stored runs beside each other, problem by problem, with the tests that say what it means."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from gemstead.cli import options
from gemstead.cli.screen import out

if TYPE_CHECKING:
    from gemstead.evals.compare import Comparison, Difference, Score

Margin = Annotated[float, typer.Option(help="Largest difference that counts as none, in points of pass@1.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout instead of a table.", show_default=False)]


def compare(
    runs: Annotated[
        list[str],
        typer.Argument(
            help="Runs or comparisons; the first is the measure. Runs of several tasks are pooled as `A+B`."
        ),
    ],
    margin: Margin = 2.0,
    seed: Annotated[int, typer.Option(help="Of the bootstrap.")] = 0,
    as_json: Json = False,
    store: options.StoreFile = None,
) -> None:
    """Compare stored runs: flips both ways, exact McNemar, interval of the difference, equivalence at a margin."""
    from gemstead.evals.compare import compare as compare_sides
    from gemstead.evals.compare import read_sides
    from gemstead.evals.store import Store

    results = Store(store)
    sides = [side for run in runs for side in read_sides(results, run)]
    show(compare_sides(sides, margin=margin / 100, seed=seed), as_json=as_json)


def show(comparison: Comparison, *, as_json: bool) -> None:
    """Print a comparison: one table, then what it means in words."""
    if as_json:
        out.print(json.dumps(comparison.as_json(), indent=2), markup=False)
        return
    out.print(_table(comparison))
    sound = [s for s in comparison.scores if s.pass_at_1_sound is not None and s.num_sound < s.num_problems]
    if sound:
        each = ", ".join(f"{escape(s.label)} {s.pass_at_1_sound:.1%} of {s.num_sound}" for s in sound)
        out.print(f"without items known to be defective: {each}")
    for difference in comparison.differences:
        out.print()
        for line in in_words(difference):
            out.print(line)


def _table(comparison: Comparison) -> Table:
    columns = "|pass@1|95 % Wilson|lost, gained|McNemar p|difference, 95 %|KL, nats|top-1|tok/s|weights|peak, process"
    table = Table(*columns.split("|"), box=None, header_style="bold", pad_edge=False)
    table.add_row(*_about(comparison.scores[0]), *["–"] * 5, *_cost(comparison.scores[0]))
    for score, difference in zip(comparison.scores[1:], comparison.differences, strict=True):
        table.add_row(*_about(score), *_against_first(difference), *_cost(score))
    return table


def _about(score: Score) -> list[str]:
    interval = score.interval
    return [escape(score.label), f"{score.pass_at_1:.1%}", f"{interval.low:.1%} – {interval.high:.1%}"]


def _against_first(difference: Difference) -> list[str]:
    from gemstead.evals.words import ends, points, shown_interval

    agreement = difference.agreement
    return [
        f"{len(difference.lost)}, {len(difference.gained)}",
        "–" if difference.p_value is None else f"{difference.p_value:.3f}",
        f"{points(difference.points)} ({ends(shown_interval(difference))})",
        "–" if agreement is None else f"{agreement.mean_kl_nats:.2g}",
        "–" if agreement is None else f"{agreement.same_top:.2%}",
    ]


def _cost(score: Score) -> list[str]:
    from gemstead.hardware.units import gib

    sizes = [score.weight_bytes, score.peak_bytes]
    return [f"{score.rate_tok_s:.0f}", *("–" if size is None else gib(size) for size in sizes)]


def in_words(difference: Difference) -> list[str]:
    """What a difference means, and what it does not, for the screen."""
    from gemstead.evals.words import meaning, some

    found = meaning(difference)
    lines = [f"[bold]{escape(found.verdict)}[/] ({escape(found.scope)}).", *map(escape, found.remarks)]
    for word, names in (("lost", difference.lost), ("gained", difference.gained)):
        if names:
            lines.append(f"{word}: {escape(some(names))}")
    return lines
