"""Writes `docs/reference/commands.md` from the commands themselves: `python -m docs.generate`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import typer

from gemstead.cli.main import app

TARGET = Path(__file__).parent / "reference" / "commands.md"


def command_reference() -> str:
    """Every command with its arguments and options, as Markdown."""
    root: Any = typer.main.get_command(app)
    lines = ["# Commands", "", "Written by `make docs` from the code; do not edit.", ""]
    for name, command in root.commands.items():
        lines += [f"## gemstead {name}", "", (command.help or "").strip(), ""]
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        options = [p for p in command.params if p.param_type_name == "option" and not p.hidden]
        usage = " ".join([f"gemstead {name}", *("[OPTIONS]" for _ in options[:1]), *(_argument(a) for a in arguments)])
        lines += ["```", usage, "```", ""]
        rows = [(f"`{a.name.upper()}`", a.help or "") for a in arguments]
        rows += [(", ".join(f"`{o}`" for o in [*p.opts, *p.secondary_opts]), _option(p)) for p in options]
        lines += ["| | |", "| --- | --- |", *(f"| {left} | {right} |" for left, right in rows), ""]
    return "\n".join(lines)


def _argument(argument: Any) -> str:
    name = argument.name.upper()
    return name if argument.required else f"[{name}]"


def _option(option: Any) -> str:
    shown = getattr(option, "show_default", None)
    default = shown if isinstance(shown, str) else option.default
    is_plain = isinstance(default, (int, float, str)) and not isinstance(default, bool) and shown is not False
    return (option.help or "") + (f" Default: {default}." if is_plain else "")


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(0 if TARGET.is_file() and TARGET.read_text() == command_reference() else "docs are stale: make docs")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(command_reference())
