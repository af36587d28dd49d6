"""The front door: `gemstead COMMAND`. Rooms are imported by the command that needs them, so help is instant."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from gemstead.cli import bench, compare, doctor, evaluate, judge, models, quantize, report, run, train, verify
from gemstead.cli.screen import out, show_error, talk
from gemstead.core.errors import BadRequest, GemsteadError, NotFound

app = typer.Typer(
    name="gemstead",
    help="Run Gemma on the machine you own, and prove what it scores there.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from gemstead import __version__

        out.print(f"gemstead {__version__}")
        raise typer.Exit


@app.callback()
def _front(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Run Gemma on the machine you own, and prove what it scores there."""


app.command("run")(run.run)
app.command("eval")(evaluate.evaluate)
app.command("compare")(compare.compare)
app.command("report")(report.report)
app.command("export")(verify.export)
app.command("verify")(verify.verify)
app.command("judge")(judge.judge)
app.command("bench")(bench.bench)
app.command("doctor")(doctor.doctor)
app.command("pull")(models.pull)
app.command("models")(models.models)
app.command("rm")(models.rm)
app.command("quantize")(quantize.quantize)
app.command("train")(train.train)


def main() -> None:
    """Run a command. Exit codes: 0 done, 1 could not be done, 2 was asked wrongly, 130 interrupted."""
    try:
        app()
    except (BadRequest, NotFound) as error:
        error.hint = error.hint or _where_to_look()
        show_error(error)
        sys.exit(2)
    except GemsteadError as error:
        show_error(error)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    except KeyboardInterrupt:
        talk.print("interrupted")
        sys.exit(130)


def _where_to_look() -> str | None:
    """What helps with any wrong request: the help of the command that was asked for."""
    asked = next((word for word in sys.argv[1:] if any(word == known.name for known in app.registered_commands)), None)
    return asked and f"`gemstead {asked} -h` shows every option, what it takes and its default"
