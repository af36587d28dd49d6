"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Device = Annotated[str | None, typer.Option(help="cpu or cuda; the GPU if there is one.", show_default=False)]
PRECISION = (
    "How weights are held: bf16, fp16, fp32, int8, int4, fp8; int8-embed16 and int4-embed16 keep embeddings in bf16."
)
Precision = Annotated[str | None, typer.Option(help=PRECISION, show_default="bf16")]
Context = Annotated[
    int | None, typer.Option(help="Longest prompt plus answer, in tokens.", show_default="the model's, 8192 at most")
]
Drafter = Annotated[
    str,
    typer.Option(
        help="Who foretells tokens, for speed alone: auto takes the one inside the model's folder; off; lookup; "
        "a drafter's folder or Hub id."
    ),
]
CacheDtype = Annotated[
    str,
    typer.Option(help="How keys and values are kept: auto, as what is computed; fp8, in half of bf16, less exactly."),
]
Seed = Annotated[int | None, typer.Option(help="Same seed, same text.", show_default=False)]
StoreFile = Annotated[Path | None, typer.Option(help="Results file.", show_default="runs.sqlite in gemstead's home")]
TASKS = "humaneval, humaneval+, mbpp, mbpp+, gsm8k or livecodebench"
TaskName = Annotated[str, typer.Argument(help=f"Which task: {TASKS}.")]
TaskNames = Annotated[
    str,
    typer.Argument(help=f"Which task: {TASKS}; several, joined by commas, are pooled."),
]
DataFile = Annotated[
    Path | None,
    typer.Option(
        "--data",
        help="Read problems from this file, or from the published files in this folder.",
        show_default="the published file",
    ),
]
Since = Annotated[
    str | None,
    typer.Option(
        help="Only problems published on this day (YYYY-MM-DD) or later: for a model whose training ended before.",
        show_default=False,
    ),
]
Until = Annotated[str | None, typer.Option(help="Only problems published on this day or earlier.", show_default=False)]
Unconfined = Annotated[
    bool,
    typer.Option(
        "--i-accept-unsandboxed-execution",
        help="Run answers even where nothing confines them; results are stamped so.",
        show_default=False,
    ),
]
