"""`gemstead pull`, `models` and `rm`: fetch, list and remove models in the Hub's own cache."""

from __future__ import annotations

from typing import Annotated

import typer

from gemstead.cli.screen import out, talk


def pull(
    model: Annotated[
        str, typer.Argument(help="Hub id, e.g. google/gemma-4-E2B-it; a GGUF by its file, owner/name/FILE.gguf.")
    ],
    revision: Annotated[str | None, typer.Option(help="Branch, tag or commit.", show_default="main")] = None,
) -> None:
    """Fetch a model. Stopped half-way, it continues where it was; checksums are verified."""
    from gemstead.checkpoints.hub import pull_model
    from gemstead.checkpoints.manifest import read_manifest

    folder = pull_model(model, revision)
    manifest = read_manifest(folder)
    talk.print(f"{model}: {len(manifest.tensors) + len(manifest.packed)} tensors, complete")
    out.print(str(folder))


def models() -> None:
    """List the models on this machine."""
    from rich.table import Table

    from gemstead.checkpoints.hub import list_models
    from gemstead.hardware.units import gib

    table = Table("model", "size", "where", box=None, header_style="bold")
    for model in list_models():
        table.add_row(model.name, gib(model.num_bytes), "with gemstead" if model.is_embedded else str(model.folder))
    out.print(table)


def rm(
    model: Annotated[str, typer.Argument(help="A fetched model.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove a fetched model from this machine."""
    from gemstead.checkpoints.hub import remove_model
    from gemstead.hardware.units import gib

    if not yes and not typer.confirm(f"Remove {model} from this machine?"):
        raise typer.Exit(1)
    talk.print(f"{model} removed, {gib(remove_model(model))} freed")
