"""`gemstead doctor`: what this machine can do, each with its self-test."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from gemstead.cli.screen import out
from gemstead.core.errors import GemsteadError


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the examination."""

    subject: str
    is_sound: bool
    says: str


def doctor(as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False) -> None:
    """Say what this machine can do: torch, device, kernels, sandbox, data and models."""
    findings = list(examine())
    if as_json:
        import json

        out.print_json(json.dumps([f.__dict__ for f in findings]))
    else:
        table = Table(box=None, show_header=False, pad_edge=False)
        for finding in findings:
            mark = "[green]ok[/]" if finding.is_sound else "[bold red]no[/]"
            table.add_row(mark, f"[bold]{finding.subject}[/]", escape(finding.says))
        out.print(table)
    if not all(finding.is_sound for finding in findings):
        raise typer.Exit(1)


def examine() -> Iterator[Finding]:
    """Look at everything a run needs."""
    import platform

    from gemstead.hardware.probe import probe
    from gemstead.hardware.units import gib

    machine = probe()
    yield Finding(subject="python", is_sound=True, says=f"{platform.python_version()} on {machine.system}")
    yield Finding(
        subject="processor",
        is_sound=True,
        says=f"{machine.processor}, {machine.cores} cores, "
        f"{gib(machine.free_bytes)} of {gib(machine.memory_bytes)} free",
    )
    bf16 = "fast bfloat16" if machine.has_fast_bf16 else "bfloat16 weights computed in float32"
    gpu = f"{machine.accelerator}, {gib(machine.accelerator_bytes)}" if machine.accelerator else "no GPU"
    yield Finding(subject="torch", is_sound=True, says=f"{machine.torch_version}, {gpu}, {bf16}")
    yield from _kernels()
    yield from _sandbox()
    yield from _data()


def _kernels() -> Iterator[Finding]:
    from gemstead.kernels.ops import TWINS
    from gemstead.kernels.selftest import largest_error, reproducible_tiles

    for name in TWINS:
        error = largest_error(name)
        yield Finding(
            subject=f"kernels {name}",
            is_sound=error < 1e-4,
            says="defines what is right" if name == "reference" else f"within {error:.1e} of reference",
        )
    tiled = reproducible_tiles()
    says = "rows depend on their neighbours" if tiled is None else f"rows do not depend on their neighbours, {tiled}"
    yield Finding(subject="reproducible", is_sound=tiled is not None, says=says)


def _sandbox() -> Iterator[Finding]:
    from gemstead.sandbox import ladder, selftest

    try:
        rung = ladder.probe()
    except GemsteadError as error:
        yield Finding(subject="sandbox", is_sound=False, says=str(error).replace("\n", "; "))
        return
    yield Finding(subject="sandbox", is_sound=True, says=_rung_words(rung))
    results = selftest.run()
    failed = [r for r in results if not r.ok]
    says = f"{len(results) - len(failed)} of {len(results)} hostile programs contained"
    if failed:
        says += f"; not: {', '.join(r.name for r in failed)}"
    yield Finding(subject="sandbox self-test", is_sound=not failed, says=says)


def _rung_words(rung: Any) -> str:
    missing = f"; not enforced: {', '.join(rung.missing)}" if rung.missing else ""
    return f"{rung.name}: {', '.join(rung.enforced)}{missing}"


def _data() -> Iterator[Finding]:
    from gemstead.checkpoints.hub import list_models
    from gemstead.core.environment import home
    from gemstead.evals.tasks import TASKS, find_task

    for name in TASKS:
        try:
            file = getattr(TASKS[name], "file", None)
            if file is not None and not file.kept_at.is_file():
                yield Finding(subject=f"task {name}", is_sound=True, says=f"{file.name} is fetched on first use")
                continue
            if not TASKS[name].is_published:
                yield Finding(subject=f"task {name}", is_sound=True, says="is read from a file that `--data` names")
                continue
            task = find_task(name)
            yield Finding(
                subject=f"task {name}",
                is_sound=True,
                says=f"{len(task.problems())} problems, version {task.version}",
            )
        except GemsteadError as error:
            yield Finding(subject=f"task {name}", is_sound=False, says=str(error).replace("\n", "; "))
    models = list_models()
    yield Finding(subject="models", is_sound=bool(models), says=", ".join(m.name for m in models) or "none")
    yield Finding(subject="results", is_sound=True, says=str(home()))
