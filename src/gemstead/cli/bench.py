"""`gemstead bench`: how fast a model runs here, beside what this machine could do at most."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gemstead.cli import options
from gemstead.cli.screen import out, talk
from gemstead.core.errors import BadRequest, GemsteadError

if TYPE_CHECKING:
    from gemstead.bench.limits import Limits
    from gemstead.bench.measure import Speed
    from gemstead.bench.peers import Rival
    from gemstead.bench.start import Start
    from gemstead.bench.subject import Subject
    from gemstead.bench.work import Work

LONGEST_ANSWER = 4096


def bench(
    model: Annotated[str | None, typer.Argument(help="As for `run`.", show_default="pebble")] = None,
    random: Annotated[
        str | None,
        typer.Option(
            help="A published size with random weights instead: gemma-4-E2B, gemma-4-E4B, gemma-4-12B, "
            "gemma-4-26B-A4B or gemma-4-31B. Nothing is downloaded.",
            show_default=False,
        ),
    ] = None,
    precision: options.Precision = None,
    prompt: Annotated[str, typer.Option(help="Tokens of each prompt; several with commas.")] = "512",
    batch: Annotated[str, typer.Option(help="Answers at once; several with commas.")] = "1",
    tokens: Annotated[int, typer.Option(help="Tokens of each answer.")] = 64,
    rounds: Annotated[int, typer.Option(help="How often each row is measured; medians are told.")] = 3,
    device: options.Device = None,
    reproducible: Annotated[
        bool, typer.Option("--reproducible", help="Measure reproducible kernels too, and tell their cost.")
    ] = False,
    start: Annotated[
        bool, typer.Option("--start", help="Measure from the start of a process to its first token, cold and warm.")
    ] = False,
    against: Annotated[
        str | None,
        typer.Option(help="Run peers of this machine too: transformers, vllm, llama.cpp.", show_default=False),
    ] = None,
    gguf: Annotated[Path | None, typer.Option(help="The file llama.cpp is to run.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Measure reading and writing; each row beside the limit measured in the same run, and the share of it reached."""
    if model is not None and random is not None:
        raise BadRequest(f"both the model {model} and --random {random} were given", hint="leave one of them out")
    prompts, batches = _numbers("--prompt", prompt), _numbers("--batch", batch)
    for name, value, least, most in (("--tokens", tokens, 8, LONGEST_ANSWER), ("--rounds", rounds, 1, 100)):
        if not least <= value <= most:
            raise BadRequest(f"{name} is {value}; allowed is {least} to {most}")
    peers = [] if against is None else [name.strip() for name in against.split(",")]

    from gemstead.bench.peers import find_peer

    for peer in peers:
        find_peer(peer, gguf)

    from gemstead.bench.limits import measure_limits
    from gemstead.bench.measure import measure_speed
    from gemstead.bench.peers import measure_peer
    from gemstead.bench.start import measure_start
    from gemstead.bench.subject import open_subject
    from gemstead.bench.work import work_of
    from gemstead.hardware.peak import forget_peak, peak_bytes
    from gemstead.hardware.probe import probe
    from gemstead.hardware.units import gib
    from gemstead.hardware.usage import memory_use

    shapes = [(context, size) for context in prompts for size in batches]
    chosen: dict[str, Any] = {"model": model, "random": random, "precision": precision, "device": device}
    forget_peak()
    before = memory_use().process_bytes
    subject = open_subject(**chosen)
    talk.print(f"{subject.name}: {gib(subject.loaded.num_bytes)} of weights in {subject.precision}")
    speeds = []
    for context, size in shapes:
        talk.print(f"prompt {context}, batch {size}")
        speeds.append(measure_speed(subject, context=context, batch=size, tokens=tokens, rounds=rounds))
    peak = peak_bytes(subject.device.type)
    if peak is not None and subject.device.type == "cpu":
        peak -= before
    planned = subject.loaded.num_bytes + max(speed.cache_bytes for speed in speeds)
    talk.print("limits of this machine")
    limits = measure_limits(subject.device, subject.dtype)
    work = work_of(subject.loaded.model, subject.loaded.config, subject.dtype.itemsize)
    rows = [_row(speed, limits, work, "fast") for speed in speeds]
    facts = _facts(subject)
    if reproducible:
        del subject
        talk.print("the same with reproducible kernels")
        other = open_subject(**chosen, reproducible=True)
        for context, size in shapes:
            speed = measure_speed(other, context=context, batch=size, tokens=tokens, rounds=rounds)
            rows.append(_row(speed, limits, work, "repr."))
        subject = other
    rivals: list[Rival] = []
    failure: GemsteadError | None = None
    config, where, dtype = dict(subject.config), subject.device, subject.dtype
    del subject
    for peer in peers:
        talk.print(f"{peer} on the same shapes")
        try:
            rivals += measure_peer(
                peer, config, shapes, tokens=tokens, rounds=rounds, device=where, dtype=dtype, gguf=gguf
            )
        except GemsteadError as error:  # what is measured already took minutes, and is shown first
            failure = error
            break
    started = measure_start({**chosen, "context": min(prompts)}) if start else None
    report = {
        "machine": asdict(probe()),
        "model": facts,
        "limits": asdict(limits),
        "rows": rows,
        "peers": [asdict(rival) for rival in rivals],
        "memory": {"planned_bytes": planned, "peak_bytes": peak},
        "start": None if started is None else asdict(started),
    }
    if as_json:
        out.print_json(json.dumps(report))
    else:
        _show(report, limits, rivals, started)
    if failure is not None:
        raise failure


def _numbers(option: str, text: str) -> list[int]:
    try:
        numbers = [int(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if not numbers or min(numbers) < 1:
        raise BadRequest(f"{option} is {text!r}; allowed are whole numbers of at least 1, with commas between them")
    return numbers


def _facts(subject: Subject) -> dict[str, Any]:
    return {
        "name": subject.name,
        "is_random": subject.is_random,
        "precision": subject.precision,
        "compute_dtype": str(subject.dtype).removeprefix("torch."),
        "device": subject.device.type,
        "kernels": subject.kernels.name,
        "weight_bytes": subject.loaded.num_bytes,
        "parameters": subject.loaded.num_parameters,
    }


def _row(speed: Speed, limits: Limits, work: Work, kernels: str) -> dict[str, Any]:
    """A row for machines: what was measured, the limits, and the shares reached."""
    prefill_limit = speed.context * limits.matrix_flop_s / work.prefill_flop(speed.context)
    decode_limit = speed.batch * limits.copy_bytes_s / work.decode_bytes(speed.batch, speed.context)
    return asdict(speed) | {
        "kernels": kernels,
        "prefill_tok_s": speed.prefill_tok_s,
        "prefill_limit_tok_s": prefill_limit,
        "prefill_share": speed.prefill_tok_s / prefill_limit,
        "decode_tok_s": speed.decode_tok_s,
        "decode_limit_tok_s": decode_limit,
        "decode_share": speed.decode_tok_s / decode_limit,
    }


def _show(report: dict[str, Any], limits: Limits, rivals: list[Rival], started: Start | None) -> None:
    from rich.table import Table

    from gemstead.hardware.units import gib

    machine, model = report["machine"], report["model"]
    where = machine["accelerator"] if model["device"] == "cuda" else f"{machine['processor']}, {machine['cores']} cores"
    weights = "random weights" if model["is_random"] else "its own weights"
    out.print(
        f"{model['name']}, {weights}, {model['precision']} computed in {model['compute_dtype']}, "
        f"{model['kernels']} kernels; {where}, torch {machine['torch_version']}"
    )
    out.print(
        f"limits measured here: {limits.copy_bytes_s / 1e9:,.1f} GB/s copied, "
        f"{limits.matrix_flop_s / 1e12:,.2f} TFLOP/s of matrix products"
    )
    table = Table(box=None, pad_edge=False)
    for heading in ("prompt", "batch", "kernels"):
        table.add_column(heading, justify="right")
    for heading in ("read tok/s", "limit", "share", "write tok/s", "limit", "share", "ms a step", "spread"):
        table.add_column(heading, justify="right")
    for row in report["rows"]:
        table.add_row(
            f"{row['context']:,}",
            str(row["batch"]),
            row["kernels"],
            _rate(row["prefill_tok_s"]),
            _rate(row["prefill_limit_tok_s"]),
            f"{row['prefill_share']:.0%}",
            _rate(row["decode_tok_s"]),
            _rate(row["decode_limit_tok_s"]),
            f"{row['decode_share']:.0%}",
            f"{1000 * row['step_s']:.2f}",
            f"{row['spread']:.2f}x",
        )
    out.print(table)
    ours = {(row["context"], row["batch"]): row for row in report["rows"] if row["kernels"] == "fast"}
    for row in report["rows"]:
        if row["kernels"] != "fast":
            fast = ours[row["context"], row["batch"]]
            out.print(
                f"reproducible at batch {row['batch']}, prompt {row['context']:,}: a step takes "
                f"{row['step_s'] / fast['step_s'] - 1:+.0%}, reading {row['prefill_s'] / fast['prefill_s'] - 1:+.0%}"
            )
    for rival in rivals:
        own = ours[rival.context, rival.batch]
        out.print(
            f"{rival.peer}, prompt {rival.context:,}, batch {rival.batch}: reads {_rate(rival.prefill_tok_s)} tok/s, "
            f"writes {_rate(rival.decode_tok_s)}; gemstead is {own['prefill_tok_s'] / rival.prefill_tok_s:.2f}x and "
            f"{own['decode_tok_s'] / rival.decode_tok_s:.2f}x as fast"
        )
    memory = report["memory"]
    peak = "not told by this machine" if memory["peak_bytes"] is None else gib(memory["peak_bytes"])
    out.print(f"memory: {gib(memory['planned_bytes'])} planned for weights and cache, {peak} used at most")
    if started is not None:
        out.print(
            f"first token {started.cold_s:.1f} s after the start of a process that has to compile, "
            f"{started.warm_s:.1f} s after that of one that need not"
        )


def _rate(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
