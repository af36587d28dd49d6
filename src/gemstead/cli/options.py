"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Device = Annotated[str | None, typer.Option(help="cpu or cuda; the GPU if there is one.", show_default=False)]
Precision = Annotated[str | None, typer.Option(help="bf16, fp16 or fp32.", show_default="bf16")]
Context = Annotated[
    int | None, typer.Option(help="Longest prompt plus answer, in tokens.", show_default="the model's, 8192 at most")
]
Seed = Annotated[int | None, typer.Option(help="Same seed, same text.", show_default=False)]
StoreFile = Annotated[Path | None, typer.Option(help="Results file.", show_default="runs.sqlite in gemstead's home")]
TaskName = Annotated[str, typer.Argument(help="Which task: humaneval, humaneval+, mbpp or mbpp+.")]
DataFile = Annotated[
    Path | None,
    typer.Option("--data", help="Read the task's problems from this file.", show_default="the published file"),
]
Unconfined = Annotated[
    bool,
    typer.Option(
        "--i-accept-unsandboxed-execution",
        help="Run answers even where nothing confines them; results are stamped so.",
        show_default=False,
    ),
]
