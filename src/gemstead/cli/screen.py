"""The two places commands write to: data to stdout, talk to stderr."""

from __future__ import annotations

import sys

from rich.console import Console
from rich.markup import escape

from gemstead.core.errors import GemsteadError

PIPE_WIDTH = 200  # where nobody watches, nothing is cut to the width of a screen

out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else PIPE_WIDTH)
talk = Console(stderr=True, highlight=False, soft_wrap=True)


def show_error(error: GemsteadError) -> None:
    """`error:` and, where there is a cure, `hint:`."""
    talk.print(f"[bold red]error:[/] {escape(error.message)}")
    if error.hint:
        talk.print(f"[bold cyan]hint:[/] {escape(error.hint)}")
