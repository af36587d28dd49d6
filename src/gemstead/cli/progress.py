"""How runs stand, told to whoever started them: on a whole terminal, line by line, or as JSON lines for scripts."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, assert_never

from rich.live import Live
from rich.markup import escape

from gemstead.cli.screen import out, talk
from gemstead.core.environment import is_automated
from gemstead.core.errors import GemsteadError

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

    from gemstead.cli.live import LiveView
    from gemstead.evals.progress import RunEvent, Standing, Watch
    from gemstead.evals.store import StoredRun

QUIET_INTERVAL_S = 10.0
PICTURES_A_SECOND = 4.0


@contextmanager
def watching(*, json_lines: bool = False) -> Iterator[Watch]:
    """Give what hears of every event, and shows it. Whatever stops a run, it is said how to go on.

    A terminal is used whole, from the first run until this ends, and is then as it was before. Where there is none, or
    one that can do little, plain lines are written to stderr, now and then. JSON lines go to stdout, with nothing else.
    """
    from gemstead.evals.progress import Standing, Stopped

    standing = Standing()
    with ExitStack() as stack:
        shown: _JsonLines | _Terminal | _Lines
        if json_lines:
            shown = _JsonLines()
        elif is_whole_terminal(talk):
            shown = stack.enter_context(_Terminal(standing))
        else:
            shown = _Lines(standing)

        def watch(event: RunEvent) -> None:
            with shown.lock:
                standing.see(event)
            shown.show(event)

        try:
            yield watch
        except KeyboardInterrupt:
            stack.close()
            watch(Stopped(kind="Interrupted", message="interrupted", hint=None, resume=standing.resume))
            _say_how_to_go_on(standing)
            raise
        except GemsteadError as error:
            stack.close()
            watch(Stopped.by(error, standing.resume))
            _say_how_to_go_on(standing)
            raise


def is_whole_terminal(console: Console) -> bool:
    """Whether somebody watches, on something that can be drawn on. `FORCE_COLOR` asks for colour, not for pictures."""
    return console.is_interactive and console.file.isatty() and not is_automated()


class _JsonLines:
    """One object a line on stdout, each there as soon as it is known."""

    def __init__(self) -> None:
        self.lock = threading.Lock()

    def show(self, event: RunEvent) -> None:
        from gemstead.evals.progress import RunStarted, json_line

        if isinstance(event, RunStarted):
            for words in about(event.run):
                talk.print(words)
        line = json_line(event)
        if line is not None:
            out.file.write(json.dumps(line) + "\n")
            out.file.flush()


class _Lines:
    """A line when a run begins, one now and then, and one when it ends."""

    def __init__(self, standing: Standing) -> None:
        self.lock = threading.Lock()
        self._standing = standing
        self._said = 0.0

    def show(self, event: RunEvent) -> None:
        from gemstead.evals import progress

        match event:
            case progress.RunStarted():
                for line in about(event.run):
                    talk.print(line)
                self._say()
            case progress.ItemJudged():
                self._now_and_then(is_last=not self._standing.remaining)
            case progress.AnswersRead():
                self._now_and_then(is_last=event.done in (0, event.total))
            case progress.Remarked():
                talk.print(escape(event.text))
            case (
                progress.SweepStarted() | progress.ItemAsked() | progress.ItemWriting() | progress.ItemAnswered()
                | progress.RunFinished() | progress.SweepFinished() | progress.Stopped()
            ):  # fmt: skip
                pass
            case _ as unknown:
                assert_never(unknown)

    def _now_and_then(self, *, is_last: bool) -> None:
        if is_last or time.monotonic() - self._said >= QUIET_INTERVAL_S:
            self._say()

    def _say(self) -> None:
        self._said = time.monotonic()
        talk.print(in_words(self._standing))


class _Terminal:
    """A picture that takes the whole terminal, and gives it back."""

    def __init__(self, standing: Standing) -> None:
        self.lock = threading.Lock()
        self._standing = standing
        self._live: Live | None = None
        self._view: LiveView | None = None

    def __enter__(self) -> _Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
            for text in self._standing.remarks:
                talk.print(escape(text))

    def show(self, event: RunEvent) -> None:
        from gemstead.cli.live import LiveView
        from gemstead.evals.progress import RunStarted

        # Before the first run there is nothing to draw; what is said of it then stays on the terminal.
        if self._live is None and isinstance(event, RunStarted):
            for line in about(event.run):
                talk.print(line)
            self._view = LiveView(self._standing)
            self._live = Live(self, console=talk, screen=True, refresh_per_second=PICTURES_A_SECOND)
            self._live.start(refresh=True)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        assert self._view is not None
        with self.lock:
            yield from self._view.__rich_console__(console, options)


def about(run: StoredRun) -> list[str]:
    """What is asked, of whom, and what should be known of it, as markup; last its name, should it be killed."""
    from gemstead.cli.endpoint import about_endpoint

    model: dict[str, Any] = dict(run.model)
    name = f"run {escape(run.id)}"
    if "endpoint" in model["details"]:
        first, *rest = about_endpoint(model)
        return [f"{escape(run.task)}, {first}", *rest, name]
    return [
        f"{escape(run.task)}, [bold]{escape(model['name'])}[/]  {model['family']}, {model['precision']} on "
        f"{model['device']}, kernels {model['details'].get('kernels')}, sandbox {run.machine.get('sandbox')}",
        name,
    ]


def in_words(standing: Standing) -> str:
    """One line without a control character."""
    from gemstead.hardware.units import duration, rate

    if standing.read is not None:
        read = standing.read
        return f"{read.first} and {read.other} read answers, {read.done:,} of {read.total:,}"
    place = standing.place
    words = [f"run {place[0]} of {place[1]}"] if place and place[1] > 1 else []
    words += [f"{standing.passed} solved", f"{standing.failed} failed", f"{standing.remaining} remaining"]
    if standing.errors:
        words.append(f"{standing.errors} not judged")
    if not standing.is_rescored:
        words.append(rate(standing.tokens, standing.seconds))
    if standing.num_retries:
        words.append(f"{standing.num_retries} retries")
    if standing.cost_usd is not None:
        words.append(f"${standing.cost_usd:.4f} so far")
    if standing.remaining and standing.eta_s is not None:
        words.append(f"{duration(standing.eta_s)} to go")
    return ", ".join(words)


def _say_how_to_go_on(standing: Standing) -> None:
    run, resume = standing.run, standing.resume
    if run is None or resume is None or (standing.is_run_over and standing.sweep is None):
        return
    if standing.is_rescored:
        again = f"gemstead eval {run.task} --rescore {resume}"
        talk.print(f"stopped; the verdicts of before still count. Go on with `{escape(again)}`")
        return
    done = f"{standing.total - standing.remaining} of {standing.total} answers of {run.id} are judged and stored"
    talk.print(f"stopped; {escape(done)}. Go on with `gemstead eval {escape(run.task)} --resume {escape(resume)}`")
