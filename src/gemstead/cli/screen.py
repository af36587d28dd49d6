"""The two places commands write to: data to stdout, talk to stderr."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from gemstead.core.errors import GemsteadError

out = Console(highlight=False, soft_wrap=True)
talk = Console(stderr=True, highlight=False, soft_wrap=True)


def show_error(error: GemsteadError) -> None:
    """`error:` and, where there is a cure, `hint:`."""
    talk.print(f"[bold red]error:[/] {escape(error.message)}")
    if error.hint:
        talk.print(f"[bold cyan]hint:[/] {escape(error.hint)}")
