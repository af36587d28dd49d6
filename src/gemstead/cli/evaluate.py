"""`gemstead eval`: put a task to a model, judge every answer in the sandbox, say what it scores."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.live import Live
from rich.markup import escape
from rich.progress_bar import ProgressBar
from rich.table import Table

from gemstead.cli import compare, options
from gemstead.cli import endpoint as endpoints
from gemstead.cli.screen import out, talk
from gemstead.core.errors import BadRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from gemstead.evals.run import EvaluationRun, RunProgress, RunSettings
    from gemstead.evals.score import Judge
    from gemstead.evals.store import Store, StoredRun
    from gemstead.evals.sweep import Sweep

QUIET_INTERVAL_S = 10.0


def evaluate(
    task: options.TaskNames,
    model: Annotated[
        str, typer.Option(help="pebble, a folder of safetensors, or a Hub id; with --endpoint, a name it knows.")
    ] = "pebble",
    data: options.DataFile = None,
    limit: Annotated[int | None, typer.Option(help="Only the first so many problems.", show_default=False)] = None,
    samples: Annotated[int, typer.Option(help="Answers per problem, for pass@k.")] = 1,
    temperature: Annotated[float, typer.Option(help="0 always takes the likeliest token.")] = 0.0,
    top_k: Annotated[int, typer.Option(help="Draw among the k likeliest; 0 for all.")] = 0,
    top_p: Annotated[float, typer.Option(help="Draw among the likeliest that make up this share.")] = 1.0,
    style: Annotated[
        Literal["chat", "base"], typer.Option(help="Ask in a user turn, or let the model continue the prompt.")
    ] = "chat",
    think: Annotated[bool, typer.Option("--think/--no-think", help="Let the model think before it answers.")] = False,
    max_tokens: Annotated[
        int | None, typer.Option(help="Longest answer, in tokens.", show_default="1024, or 8192 with --think")
    ] = None,
    seed: Annotated[int, typer.Option(help="Every answer's seed is derived from it.")] = 0,
    resume: Annotated[
        str | None, typer.Option(metavar="RUN", help="Finish a run or a comparison that was stopped.")
    ] = None,
    rescore: Annotated[
        str | None, typer.Option(metavar="RUN", help="Extract and judge a run's answers again, without the model.")
    ] = None,
    reproducible: Annotated[
        bool,
        typer.Option("--reproducible/--fast", help="Greedy text that does not depend on what else is in the batch."),
    ] = True,
    batch: Annotated[
        int | None, typer.Option(help="Answers in work at once.", show_default="64, or 8 at an endpoint")
    ] = None,
    device: options.Device = None,
    precision: Annotated[
        str | None,
        typer.Option(help=f"{options.PRECISION} Several, joined by commas, are compared.", show_default="bf16"),
    ] = None,
    margin: compare.Margin = 2.0,
    as_json: compare.Json = False,
    context: options.Context = None,
    drafter: options.Drafter = "auto",
    cache_dtype: options.CacheDtype = "auto",
    endpoint: endpoints.Url = None,
    api_key_env: endpoints.KeyVariable = None,
    extra: endpoints.Extra = None,
    timeout: endpoints.Silence = 300.0,
    price_in: endpoints.PriceIn = None,
    price_out: endpoints.PriceOut = None,
    prices: endpoints.Prices = None,
    store: options.StoreFile = None,
    unconfined: options.Unconfined = False,
) -> None:
    """Evaluate a model: every answer is run in the sandbox and judged outside it."""
    from gemstead.checkpoints.hub import obtain_model
    from gemstead.evals.run import RunSettings, run_evaluation
    from gemstead.evals.run import rescore as score_again
    from gemstead.evals.score import Judge
    from gemstead.evals.store import Store
    from gemstead.evals.sweep import find_sweep, new_sweep
    from gemstead.evals.tasks import find_task
    from gemstead.runtime import load

    tasks, precisions = task.split(","), (precision or "bf16").split(",")
    for name in tasks:
        find_task(name, data)
    asked: dict[str, Any] = {
        "data": str(data.resolve()) if data is not None else None,
        "style": style,
        "thinking": think,
        "limit": limit,
        "samples": samples,
        "temperature": temperature,
        "top_k": top_k,
        "top_p": top_p,
        "seed": seed,
        "max_tokens": max_tokens or (8192 if think else 1024),
    }
    results = Store(store)
    named = resume or rescore
    sweep = find_sweep(named, results) if named else None
    if rescore is None and sweep is None:
        asked_of = endpoints.EndpointOptions(
            url=endpoint, api_key_env=api_key_env, extra=extra or [], silence_s=timeout,
            concurrency=batch or endpoints.CONCURRENCY, price_in=price_in, price_out=price_out, prices=prices,
        )  # fmt: skip
        was = results.run(resume) if resume else None
        if asked_of.is_meant(was):
            local = {"precision": precision, "device": device, "context": context}
            unless_auto = {"drafter": drafter, "cache-dtype": cache_dtype}
            local |= {name: None if value == "auto" else value for name, value in unless_auto.items()}
            for option, value in local.items():
                if value is not None:
                    raise BadRequest(f"{option} {value} is for models on this machine; an endpoint decides its own")
            each = [RunSettings(task=name, **asked) for name in tasks]
            _at_endpoint(asked_of, model, each, results, was, unconfined=unconfined, as_json=as_json)
            return
    batch = batch or 64
    if sweep is None and named is None and (len(tasks) > 1 or len(precisions) > 1):
        held = {"device": device, "context": context, "max_sequences": batch, "reproducible": reproducible,
                "drafter": drafter, "cache_dtype": cache_dtype}  # fmt: skip
        sweep = new_sweep(model, tasks, precisions, asked, load=held, margin=margin / 100)
    if sweep is not None:
        _sweep(sweep, results, is_rescored=rescore is not None, unconfined=unconfined, as_json=as_json)
        return
    settings = RunSettings(task=task, **asked)
    if rescore is not None:
        with Judge(allow_unconfined=unconfined) as judge, _watching() as watch:
            show(score_again(rescore, judge, results, watch=watch), judge, as_json=as_json)
        return
    if resume is not None:
        run = results.run(resume)
        model = str(run.model["name"])
        precision = str(run.model["precision"])
        reproducible = run.model["details"].get("kernels") == "reproducible"
        cache_dtype = "fp8" if run.model["details"].get("cache_dtype") == "float8_e4m3fn" else "auto"
    obtain_model(model)
    with (
        Judge(allow_unconfined=unconfined) as judge,
        load(
            model,
            device=device,
            precision=precision,
            context=context,
            max_sequences=batch,
            reproducible=reproducible,
            drafter=drafter,
            cache_dtype=cache_dtype,
        ) as generator,
    ):
        about = generator.describe()
        talk.print(
            f"[bold]{escape(about.name)}[/]  {about.family}, {about.precision} on {about.device}, "
            f"kernels {about.details['kernels']}, sandbox {judge.rung.name}"
        )
        with _watching() as watch:
            finished = run_evaluation(
                generator, settings, judge, results, resume=resume, watch=watch, concurrency=4 * batch
            )
        show(finished, judge, as_json=as_json)
        speculated = generator.describe().details["drafter"]
        if speculated is not None:
            talk.print(f"drafter {escape(speculated['name'])}: {speculated['accepted_per_step']} tokens more per step")
    if finished.summary.num_errors:
        raise typer.Exit(1)


def _at_endpoint(
    asked_of: endpoints.EndpointOptions,
    model: str,
    settings: list[RunSettings],
    results: Store,
    was: StoredRun | None,
    *,
    unconfined: bool,
    as_json: bool,
) -> None:
    """One run per task, or the one to be resumed."""
    from gemstead.evals.run import run_evaluation
    from gemstead.evals.score import Judge

    runs = []
    with Judge(allow_unconfined=unconfined) as judge:
        for each in settings:
            generator = endpoints.open_endpoint(asked_of, model, each, was)
            with _watching() as watch:
                run = run_evaluation(
                    generator, each, judge, results,
                    resume=was.id if was else None, watch=watch, concurrency=asked_of.concurrency,
                )  # fmt: skip
            runs.append(run)
            if not as_json:
                show(run, judge, as_json=False)
    if as_json:
        rows = [_as_json(run) for run in runs]
        out.print(json.dumps(rows[0] if len(rows) == 1 else rows, indent=2), markup=False)
    if any(run.summary.num_errors for run in runs):
        raise typer.Exit(1)


def _sweep(sweep: Sweep, results: Store, *, is_rescored: bool, unconfined: bool, as_json: bool) -> None:
    """Several precisions, or several tasks, of one model."""
    from gemstead.checkpoints.hub import obtain_model
    from gemstead.evals.score import Judge
    from gemstead.evals.sweep import compare_sweep, keep_sweep, rescore_sweep, run_sweep

    num_errors = 0
    runs = {}

    def done(precision: str, task: str, run: EvaluationRun) -> None:
        nonlocal num_errors
        num_errors += run.summary.num_errors
        runs[task, precision] = run
        if len(sweep.precisions) == 1 and not as_json:
            show(run, judge, as_json=False)

    obtain_model(sweep.model)
    with Judge(allow_unconfined=unconfined) as judge:
        if is_rescored:
            rescore_sweep(sweep, judge, results, watching=lambda: _watching(sweep.id))
        else:
            keep_sweep(sweep, results)
            talk.print(
                f"[bold]{escape(sweep.model)}[/]  {', '.join(sweep.tasks)} in {', '.join(sweep.precisions)}, "
                f"sandbox {judge.rung.name}"
            )
            run_sweep(
                sweep,
                judge,
                results,
                watching=lambda: _watching(sweep.id),
                say=lambda line: talk.print(escape(line)),
                done=done,
            )
        if len(sweep.precisions) > 1:
            compare.show(compare_sweep(sweep, results), as_json=as_json)
        elif as_json:
            out.print(json.dumps([_as_json(run) for run in runs.values()], indent=2), markup=False)
    if not as_json:
        out.print(f"comparison  {escape(sweep.id)}")
    if num_errors:
        talk.print(f"{num_errors} answers were not judged; `--resume {escape(sweep.id)}` tries again")
        raise typer.Exit(1)


@contextmanager
def _watching(resume: str | None = None) -> Iterator[Callable[[RunProgress], None]]:
    """A live line in a terminal; a plain line now and then elsewhere. An interrupted run says how to go on."""
    newest: RunProgress | None = None
    said = 0.0

    def keep(progress: RunProgress) -> None:
        nonlocal newest
        newest = progress

    def say(progress: RunProgress) -> None:
        nonlocal said
        keep(progress)
        now = time.monotonic()
        if now - said >= QUIET_INTERVAL_S or not progress.remaining:
            said = now
            talk.print(_words(progress))

    try:
        if talk.is_terminal:
            shown = lambda: "" if newest is None else _line(newest)  # noqa: E731
            with Live(console=talk, refresh_per_second=8, transient=True, get_renderable=shown):
                yield keep
        else:
            yield say
    except KeyboardInterrupt:
        if newest is not None:
            talk.print(f"{_words(newest)}\nstopped; finish with `--resume {resume or newest.run}`")
        raise


def _words(progress: RunProgress) -> str:
    from gemstead.hardware.units import rate

    errors = f", {progress.errors} errors" if progress.errors else ""
    return (
        f"{progress.passed} solved, {progress.failed} failed, {progress.remaining} remaining{errors}, "
        f"{rate(progress.tokens, progress.seconds)}"
    )


def _line(progress: RunProgress) -> Table:
    from gemstead.hardware.units import rate

    line = Table.grid(padding=(0, 2))
    line.add_row(
        ProgressBar(total=max(1, progress.total), completed=progress.total - progress.remaining, width=24),
        f"[green]{progress.passed} solved[/]",
        f"[red]{progress.failed} failed[/]",
        f"{progress.remaining} remaining",
        f"[yellow]{progress.errors} errors[/]" if progress.errors else "",
        rate(progress.tokens, progress.seconds),
    )
    return line


def _as_json(run: EvaluationRun) -> dict[str, Any]:
    return {"run": run.id, "folder": str(run.folder), "summary": run.summary.as_json()}


def show(run: EvaluationRun, judge: Judge, *, as_json: bool) -> None:
    """The table at the end, and where everything lies."""
    from gemstead.hardware.units import duration

    if as_json:
        out.print(json.dumps(_as_json(run), indent=2), markup=False)
        return
    summary = run.summary
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="bold")
    table.add_column()
    for k, value in summary.pass_at.items():
        text = f"{value:.1%}"
        if k == 1 and summary.interval is not None:
            interval = summary.interval
            text = f"[bold]{value:.1%}[/]   95 % interval {interval.low:.1%} – {interval.high:.1%} (Wilson)"
            text += f", {summary.num_problems} problems"
        table.add_row(f"pass@{k}", text)
    if summary.pass_at_1_sound is not None and summary.num_sound < summary.num_problems:
        table.add_row("", f"{summary.pass_at_1_sound:.1%} without items known to be defective ({summary.num_sound})")
    for part, share in summary.pass_at_1_parts.items():
        table.add_row("", f"{share:.1%} with the {part} inputs alone")
    statuses = summary.statuses
    table.add_row("passed", str(statuses.get("passed", 0)))
    table.add_row("wrong", str(statuses.get("wrong", 0)))
    table.add_row("time-outs", str(statuses.get("timeout", 0)))
    table.add_row("no code found", str(statuses.get("no_code", 0)))
    table.add_row("crashed, forbidden", f"{statuses.get('crash', 0)}, {statuses.get('forbidden', 0)}")
    table.add_row("cap hits", str(summary.num_capped))
    if summary.num_open_thoughts:
        table.add_row("truncated thoughts", str(summary.num_open_thoughts))
    if summary.num_errors:
        table.add_row(
            "errors", f"{summary.num_errors} not judged, counted neither way; `--resume {run.id}` tries again"
        )
    table.add_row(
        "speed",
        f"{summary.rate_tok_s:.0f} tok/s, {summary.completion_tokens} tokens in {duration(summary.generation_s)}",
    )
    for name, words in endpoints.charge_rows(summary.charge) + endpoints.endpoint_rows(run):
        table.add_row(name, words)
    table.add_row("sandbox", escape(judge.rung.name))
    table.add_row("run", escape(run.id))
    table.add_row("files", escape(str(run.folder)))
    out.print(table)
