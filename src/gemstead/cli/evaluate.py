"""`gemstead eval`: put a task to a model, judge every answer in the sandbox, say what it scores."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.markup import escape
from rich.table import Table

from gemstead.cli import cluster as clusters
from gemstead.cli import compare, options
from gemstead.cli import endpoint as endpoints
from gemstead.cli.progress import watching
from gemstead.cli.screen import out, talk
from gemstead.core.errors import BadRequest

if TYPE_CHECKING:
    from pathlib import Path

    from gemstead.evals.compare import Comparison
    from gemstead.evals.progress import RunEvent, Watch
    from gemstead.evals.run import EvaluationRun
    from gemstead.evals.score import Judge
    from gemstead.evals.store import Store
    from gemstead.evals.summary import Summary
    from gemstead.evals.sweep import Sweep


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What was typed, as far as it concerns which runs there are to be.

    Args:
        tasks: Names.
        precisions: Names; `None` if none was said.
        model: "pebble", a folder, a Hub id, or a name that an endpoint knows.
        settings: Fields of `RunSettings` without the task.
        load: Fields of `LoadOptions` without the precision; `None` where nothing was said.
        batch: Answers in work at once.
        margin: Largest difference that counts as none, a share.
        resume: A run or sweep.
        rescore: A run or sweep.
        endpoint: What is said of one.
        cluster: Likewise.
        unconfined: Whether answers run where nothing confines them.
    """

    tasks: list[str]
    precisions: list[str] | None
    model: str
    settings: dict[str, Any]
    load: dict[str, Any]
    batch: int | None
    margin: float
    resume: str | None
    rescore: str | None
    endpoint: endpoints.EndpointOptions
    cluster: clusters.ClusterOptions
    unconfined: bool


@dataclass(kw_only=True)
class _Outcome:
    """What came of it, to be shown once the terminal is free.

    Args:
        runs: In the order in which they were finished.
        sandbox: What confined the answers.
        sweep: Name of the sweep, if it was one.
        comparison: Its precisions beside each other.
        words: Further lines.
    """

    sandbox: str
    runs: list[EvaluationRun] = field(default_factory=list)
    sweep: str | None = None
    comparison: Comparison | None = None
    words: list[str] = field(default_factory=list)


def evaluate(
    task: options.TaskNames,
    model: Annotated[
        str,
        typer.Option(help="pebble, a folder of safetensors, a GGUF, or a Hub id; with --endpoint, a name it knows."),
    ] = "pebble",
    data: options.DataFile = None,
    since: options.Since = None,
    until: options.Until = None,
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
    json_lines: Annotated[
        bool,
        typer.Option(
            "--json-lines",
            help="Print every event as a JSON object on stdout, one a line, and nothing else.",
            show_default=False,
        ),
    ] = False,
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
    ray: clusters.Address = None,
    ray_cores: clusters.Cores = None,
    ray_patience: clusters.Patience = 60.0,
    store: options.StoreFile = None,
    unconfined: options.Unconfined = False,
) -> None:
    """Evaluate a model: every answer is run in the sandbox and judged outside it."""
    asked = _Asked(
        tasks=task.split(","),
        precisions=None if precision is None else precision.split(","),
        model=model,
        settings={
            "data": str(data.resolve()) if data is not None else None,
            "since": since,
            "until": until,
            "style": style,
            "thinking": think,
            "limit": limit,
            "samples": samples,
            "temperature": temperature,
            "top_k": top_k,
            "top_p": top_p,
            "seed": seed,
            "max_tokens": max_tokens or (8192 if think else 1024),
        },
        load={
            "device": device,
            "context": context,
            "reproducible": reproducible,
            "drafter": drafter,
            "cache_dtype": cache_dtype,
        },
        batch=batch,
        margin=margin / 100,
        resume=resume,
        rescore=rescore,
        endpoint=endpoints.EndpointOptions(
            url=endpoint,
            api_key_env=api_key_env,
            extra=extra or [],
            silence_s=timeout,
            concurrency=batch or endpoints.CONCURRENCY,
            price_in=price_in,
            price_out=price_out,
            prices=prices,
        ),
        cluster=clusters.ClusterOptions(address=ray, cores=ray_cores, patience_s=ray_patience),
        unconfined=unconfined,
    )
    asked.cluster.check(endpoint=endpoint, rescore=rescore)
    with watching(json_lines=json_lines) as watch:
        if as_json and json_lines:
            raise BadRequest("--json and --json-lines both want stdout", hint="leave one out")
        outcome = _run(asked, data, store, watch)
    num_errors = sum(run.summary.num_errors for run in outcome.runs)
    if not json_lines:
        _show(outcome, as_json=as_json)
    if num_errors:
        name = outcome.sweep or outcome.runs[0].id
        again = f"`gemstead eval {task} --resume {name}` tries again"
        talk.print(f"{num_errors} answers were not judged, and count neither way; {escape(again)}")
        raise typer.Exit(1)


def _run(asked: _Asked, data: Path | None, store: Path | None, watch: Watch) -> _Outcome:
    """Find out what is wanted, and do it."""
    from gemstead.evals.run import read_elsewhere
    from gemstead.evals.score import Judge
    from gemstead.evals.store import Store
    from gemstead.evals.sweep import find_sweep, read_sweep_elsewhere
    from gemstead.evals.tasks import find_task, runs_programs

    named = asked.resume or asked.rescore
    for name in asked.tasks if named is None else ():
        find_task(name, data, since=asked.settings["since"], until=asked.settings["until"])
    results = Store(store)
    sweep = find_sweep(named, results) if named else None
    was = results.run(named) if named is not None and sweep is None else None
    if named is not None:
        _check_tasks(asked, sweep.tasks if sweep is not None else (was.task,) if was is not None else ())
    if asked.settings["data"] is not None and sweep is not None:
        sweep = read_sweep_elsewhere(sweep, asked.settings["data"], results)
    elif asked.settings["data"] is not None and was is not None:
        read_elsewhere(was, asked.settings["data"], results)
    if sweep is not None and asked.rescore is None:
        sweep = endpoints.resumed_sweep(sweep, asked.endpoint)
    elif named is None:
        sweep = _new_sweep(asked, results)
    if sweep is None and asked.rescore is None:
        _check_place(asked, was is not None and "endpoint" in was.model["details"])
    names = sweep.tasks if sweep is not None else asked.tasks if was is None else [was.task]
    with Judge(allow_unconfined=asked.unconfined, runs_programs=runs_programs(names)) as judge:
        if sweep is None:
            act = _rescored if asked.rescore else _at_endpoint if asked.endpoint.is_meant(was) else _local
            return act(asked, results, judge, watch)
        return _sweep(sweep, asked.cluster, results, judge, watch, is_rescored=asked.rescore is not None)


def _check_tasks(asked: _Asked, tasks: Sequence[str]) -> None:
    """Make sure that a run or comparison to go on with is of the tasks that are named."""
    if sorted(asked.tasks) != sorted(tasks):
        option, name = ("resume", asked.resume) if asked.resume is not None else ("rescore", asked.rescore)
        raise BadRequest(
            f"{name} is of {', '.join(tasks)}, not of {', '.join(asked.tasks)}",
            hint=f"`gemstead eval {','.join(tasks)} --{option} {name}`",
        )


def _check_place(asked: _Asked, was_endpoint: bool) -> None:
    """Make sure that what is said fits to where the model is."""
    if asked.endpoint.url is None and not was_endpoint:
        return
    local = {
        "precision": ",".join(asked.precisions) if asked.precisions else None,
        "device": asked.load["device"],
        "context": asked.load["context"],
        "drafter": asked.load["drafter"] if asked.load["drafter"] != "auto" else None,
        "cache-dtype": asked.load["cache_dtype"] if asked.load["cache_dtype"] != "auto" else None,
        "ray": asked.cluster.address,
    }
    for option, value in local.items():
        if value is not None:
            raise BadRequest(
                f"{option} {value} is for models on this machine; an endpoint decides its own",
                hint=f"leave --{option} out",
            )


def _new_sweep(asked: _Asked, results: Store) -> Sweep | None:
    """Several tasks or several precisions are a sweep; one of each is a run."""
    from gemstead.evals.sweep import AS_SERVED, new_sweep

    precisions = asked.precisions or ["bf16"]
    if len(asked.tasks) == 1 and len(precisions) == 1:
        return None
    if asked.endpoint.is_meant(None):
        _check_place(asked, False)
        at, price = endpoints.new_endpoint(asked.endpoint, asked.model)
        sweep = new_sweep(
            asked.model,
            asked.tasks,
            [AS_SERVED],
            asked.settings,
            load={},
            margin=asked.margin,
            endpoint=at,
            price=price,
        )
    else:
        held = {**asked.load, "max_sequences": asked.batch or 64}
        sweep = new_sweep(asked.model, asked.tasks, precisions, asked.settings, load=held, margin=asked.margin)
    return sweep


def _rescored(asked: _Asked, results: Store, judge: Judge, watch: Watch) -> _Outcome:
    from gemstead.evals.run import rescore

    assert asked.rescore is not None
    return _Outcome(sandbox=judge.sandbox, runs=[rescore(asked.rescore, judge, results, watch=watch)])


def _at_endpoint(asked: _Asked, results: Store, judge: Judge, watch: Watch) -> _Outcome:
    from gemstead.evals.run import RunSettings, run_evaluation

    settings = RunSettings(task=asked.tasks[0], **asked.settings)
    was = results.run(asked.resume) if asked.resume else None
    generator = endpoints.open_endpoint(asked.endpoint, asked.model, settings, was)
    run = run_evaluation(
        generator, settings, judge, results,
        resume=asked.resume, watch=watch, concurrency=asked.endpoint.concurrency,
    )  # fmt: skip
    return _Outcome(sandbox=judge.sandbox, runs=[run])


def _local(asked: _Asked, results: Store, judge: Judge, watch: Watch) -> _Outcome:
    from gemstead.evals.run import RunSettings, enough_at_once, run_evaluation

    model, held = asked.model, {**asked.load, "max_sequences": asked.batch or 64}
    precision = asked.precisions[0] if asked.precisions else None
    settings = RunSettings(task=asked.tasks[0], **asked.settings)
    if asked.resume is not None:
        was = results.run(asked.resume).model
        model, precision = str(was["name"]), str(was["precision"])
        held["reproducible"] = was["details"].get("kernels") == "reproducible"
        held["cache_dtype"] = "fp8" if was["details"].get("cache_dtype") == "float8_e4m3fn" else "auto"
    outcome = _Outcome(sandbox=judge.sandbox)
    with asked.cluster.models(model, held, watch) as models, models.opened(precision) as generator:
        run = run_evaluation(
            generator, settings, judge, results,
            resume=asked.resume, watch=watch, concurrency=enough_at_once(generator.describe()),
        )  # fmt: skip
        speculated = generator.describe().details["drafter"]
    outcome.runs.append(run)
    if speculated is not None and "accepted_per_step" in speculated:
        outcome.words.append(
            f"drafter {escape(speculated['name'])}: {speculated['accepted_per_step']} tokens more per step"
        )
    return outcome


def _sweep(
    sweep: Sweep, cluster: clusters.ClusterOptions, results: Store, judge: Judge, watch: Watch, *, is_rescored: bool
) -> _Outcome:
    """Several precisions, or several tasks, of one model."""
    from gemstead.evals.progress import RunFinished
    from gemstead.evals.sweep import rescore_sweep, run_sweep

    outcome = _Outcome(sandbox=judge.sandbox, sweep=sweep.id)

    def keep(event: RunEvent) -> None:
        if isinstance(event, RunFinished):
            outcome.runs.append(event.finished)
        watch(event)

    if is_rescored:
        outcome.comparison = rescore_sweep(sweep, judge, results, watch=keep)
    elif sweep.endpoint is not None:
        cluster.check(endpoint=sweep.endpoint["url"], rescore=None)
        outcome.comparison = run_sweep(sweep, judge, results, watch=keep)
    else:
        with cluster.models(sweep.model, sweep.load, watch) as models:
            outcome.comparison = run_sweep(sweep, judge, results, watch=keep, models=models)
    return outcome


def _show(outcome: _Outcome, *, as_json: bool) -> None:
    if outcome.comparison is not None:
        compare.show(outcome.comparison, as_json=as_json)
    elif as_json:
        rows = [_as_json(run) for run in outcome.runs]
        out.print(json.dumps(rows[0] if outcome.sweep is None else rows, indent=2), markup=False)
    elif outcome.sweep is not None:
        out.print(_tasks_table(outcome.runs))
    else:
        show(outcome.runs[0], outcome.sandbox)
    if outcome.sweep is not None and not as_json:
        out.print(f"comparison  {escape(outcome.sweep)}")
    for line in outcome.words:
        talk.print(line)


def _as_json(run: EvaluationRun) -> dict[str, Any]:
    return {"run": run.id, "folder": str(run.folder), "summary": run.summary.as_json()}


def _tasks_table(runs: Sequence[EvaluationRun]) -> Table:
    """Several tasks of one model, and all of them together."""
    from gemstead.evals.stats import wilson

    columns = [
        "task",
        "pass@1",
        "95 % Wilson",
        "problems",
        "wrong",
        "time-outs",
        "no code",
        "crashed",
        "errors",
        "tok/s",
    ]
    is_priced = any(run.summary.charge is not None for run in runs)
    table = Table(*columns, *(["cost"] if is_priced else []), box=None, header_style="bold", pad_edge=False)

    def row(name: str, summaries: Sequence[Summary]) -> None:
        total = sum(s.num_problems for s in summaries)
        share = sum(s.pass_at.get(1, 0.0) * s.num_problems for s in summaries) / total if total else 0.0
        interval = wilson(round(share * total), total) if total else None
        count = {
            k: sum(s.statuses.get(k, 0) for s in summaries)
            for k in ("wrong", "timeout", "no_code", "crash", "forbidden")
        }
        seconds = sum(s.generation_s for s in summaries)
        cells = [
            f"{share:.1%}" if total else "–",
            "–" if interval is None else f"{interval.low:.1%} – {interval.high:.1%}",
            str(total), str(count["wrong"]), str(count["timeout"]), str(count["no_code"]),
            str(count["crash"] + count["forbidden"]), str(sum(s.num_errors for s in summaries)),
            f"{sum(s.completion_tokens for s in summaries) / seconds:.0f}" if seconds else "–",
        ]  # fmt: skip
        charges = [s.charge for s in summaries if s.charge is not None]
        table.add_row(name, *cells, *([endpoints.dollars(sum(c.total_usd for c in charges))] if is_priced else []))

    for run in runs:
        row(escape(run.task), [run.summary])
    if len(runs) > 1:
        row("[bold]all[/]", [run.summary for run in runs])
    return table


def show(run: EvaluationRun, sandbox: str) -> None:
    """The table at the end, and where everything lies."""
    from gemstead.evals.words import PARTS, nothing_found
    from gemstead.hardware.units import duration

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
        table.add_row("", f"{share:.1%} {PARTS[part]}")
    if summary.days is not None:
        said = "held out from models whose training ended before"
        table.add_row("published", f"{summary.days[0]} to {summary.days[1]}: {said}")
    statuses = summary.statuses
    table.add_row("passed", str(statuses.get("passed", 0)))
    table.add_row("wrong", str(statuses.get("wrong", 0)))
    table.add_row(nothing_found(summary.runs_programs), str(statuses.get("no_code", 0)))
    if summary.runs_programs:
        table.add_row("time-outs", str(statuses.get("timeout", 0)))
        table.add_row("crashed, forbidden", f"{statuses.get('crash', 0)}, {statuses.get('forbidden', 0)}")
    table.add_row("cap hits", str(summary.num_capped))
    if summary.num_open_thoughts:
        table.add_row("truncated thoughts", str(summary.num_open_thoughts))
    if summary.num_errors:
        table.add_row("errors", f"{summary.num_errors} not judged, counted neither way")
    if summary.completion_tokens or not run.answers:
        speed = f"{summary.rate_tok_s:.0f} tok/s, {summary.completion_tokens} tokens in"
    else:
        speed = "not known, the endpoint tells no token counts;"
    table.add_row("speed", f"{speed} {duration(summary.generation_s)}")
    for name, words in endpoints.charge_rows(summary.charge) + endpoints.endpoint_rows(run):
        table.add_row(name, words)
    table.add_row("sandbox", escape(sandbox))
    table.add_row("run", escape(run.id))
    table.add_row("files", escape(str(run.folder)))
    out.print(table)
