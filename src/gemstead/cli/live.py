"""How runs stand, on a whole terminal: `Standing` in, lines of exactly the terminal's size out.

Only the terminal's own sixteen colours are used, so that light and dark ones stay readable, and no colour says anything
that a mark or a word does not say as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

from gemstead.evals.progress import Key, Standing
from gemstead.evals.store import StoredVerdict
from gemstead.evals.words import STATUS_WORDS
from gemstead.hardware.units import duration, gib, rate
from gemstead.hardware.usage import MemoryUse, memory_use

WIDE_COLUMNS, WIDE_LINES = 120, 28
"""From here on there are two columns."""
GUTTER = 4
SHOWN_RUNS = 12
SOLVED, FAILED, ERROR, ASKED, JUDGING, WAITING = "solved", "failed", "not judged", "in work", "judging", "waiting"
STYLES = {
    SOLVED: "green", FAILED: "red", ERROR: "bold magenta", ASKED: "cyan", JUDGING: "cyan", WAITING: "dim",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What things are drawn with.

    Args:
        states: One mark for each state of a problem.
        shares: Marks for none to all solved, where one stands for several answers.
        line: Of a bar still to be filled.
        bar: Of a bar.
        point: On a scale.
        side: Left of a quoted text.
        dot: Between words.
        dash: Between two numbers.
    """

    states: dict[str, str]
    shares: str
    line: str
    bar: str
    point: str
    side: str
    dot: str
    dash: str


UNICODE = Marks(
    states={SOLVED: "●", FAILED: "×", ERROR: "!", ASKED: "○", JUDGING: "◎", WAITING: "·"},
    shares="×▁▂▃▄▅▆▇●", line="─", bar="━", point="◆", side="│", dot="·", dash="–",
)  # fmt: skip
ASCII = Marks(
    states={SOLVED: "#", FAILED: "x", ERROR: "!", ASKED: "o", JUDGING: "=", WAITING: "."},
    shares="x12345678#", line="-", bar="=", point="*", side="|", dot="-", dash="-",
)  # fmt: skip


def plain(text: str) -> str:
    """One line with nothing in it that moves a cursor or turns letters around: models write such things, too."""
    return "".join(c if c.isprintable() else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text)


def reason(verdict: StoredVerdict) -> str:
    """Why an answer did not pass, in one phrase."""
    words = STATUS_WORDS.get(verdict.status, verdict.status)
    detail = plain(verdict.detail.strip().partition("\n")[0])
    return f"{words}: {detail}" if detail and not verdict.passed else words


class LiveView:
    """The picture of a `Standing`, drawn anew whenever rich asks.

    Args:
        standing: How things stand.
        memory: What memory is in use.
    """

    def __init__(self, standing: Standing, *, memory: Callable[[], MemoryUse] = memory_use) -> None:
        self._standing = standing
        self._memory = memory

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        marks = UNICODE if options.encoding.lower().startswith("utf") else ASCII
        width, height = console.size
        lines = _Drawing(self._standing, marks, self._memory()).lines(width, height)
        for number, line in enumerate(lines[:height]):
            line.truncate(width, overflow="ellipsis" if marks is UNICODE else "crop")
            line.end = "" if number == height - 1 else "\n"
            yield line


class _Drawing:
    """One picture."""

    def __init__(self, standing: Standing, marks: Marks, memory: MemoryUse) -> None:
        self._now = standing
        self._marks = marks
        self._memory = memory
        self._states = _states(standing)

    def lines(self, width: int, height: int) -> list[Text]:
        if self._now.run is None:
            return [Text()]
        body = height - 2
        if width >= WIDE_COLUMNS and height >= WIDE_LINES:
            left = (width - GUTTER) * 11 // 20
            drawn = _beside(self._left(left, body), self._right(width - GUTTER - left, body), left, body)
        else:
            drawn = self._stacked(width, body)
        return [self._header(width), Text(), *drawn][:height]

    def _stacked(self, width: int, height: int) -> list[Text]:
        """For small terminals: what matters most first, the rest as far as there is room."""
        numbers = [self._bar(width), self._counts(), self._score(width), self._speed()]
        news = [self._last(), self._in_work()]
        if height < len(numbers) + len(news) + 4:
            return [*numbers, *news][: max(0, height)]
        num_rows = height - len(numbers) - len(news) - 6
        grid = [*self._grid(width, max(1, num_rows), shape=6), self._legend()]
        drawn = [*grid, Text(), *numbers]
        drawn += [Text(), *news]
        if len(drawn) >= height:
            return drawn[:height]
        room = height - len(drawn) - 2
        return [*_filled([*drawn, *self._writing(width, room)], height - 1), self._foot()]

    def _left(self, width: int, height: int) -> list[Text]:
        numbers = [
            self._bar(width), Text(), self._counts(), self._score(width), Text(), self._speed(), Text(),
        ]  # fmt: skip
        runs = self._finished_runs(width, min(SHOWN_RUNS, height // 4))
        num_rows = height - len(numbers) - len(runs) - 4
        grid = [*self._grid(width, num_rows, shape=2), Text(), self._legend(), Text()]
        return [*_filled([*grid, *numbers, *runs], height - 1), self._foot()]

    def _right(self, width: int, height: int) -> list[Text]:
        num_text = (height - 4) * 3 // 5
        text = [self._in_work(), *_filled(self._writing(width, num_text), num_text), Text()]
        recent = [Text("last judged", style="dim")]
        recent += [self._verdict(v) for v in list(self._now.recent)[::-1][: height - len(text) - 2]]
        return [*text, *recent]

    def _header(self, width: int) -> Text:
        run = self._now.run
        assert run is not None
        model, dot = run.model, f" {self._marks.dot} "
        at = model["details"].get("endpoint")
        left = Text.assemble((plain(str(model["name"])), "bold"), dot, run.task, dot)
        left.append(f"at {plain(str(at))}" if at else f"{model['precision']} on {model['device']}")
        if self._now.is_rescored:
            left.append(f"{dot}judged again")
        place = self._now.place
        right = Text(f"run {place[0]} of {place[1]}" if place else "", style="bold")
        if self._now.tokens or self._now.judged:
            right.append(f"{dot if place else ''}{duration(self._now.seconds)}", style="not bold")
        room = width - cell_len(right.plain) - 1
        left.truncate(max(0, room), overflow="ellipsis", pad=True)
        return left.append(" ").append_text(right)

    def _bar(self, width: int) -> Text:
        now, read = self._now, self._now.read
        if read is not None:
            done, total, words = read.done, read.total, f"answers read by {read.first} and {read.other}"
        else:
            done, total, words = now.total - now.remaining, now.total, "judged"
        share = done / total if total else 1.0
        told = f"  {done:,} of {total:,} {words}, {share:.0%}"
        if read is None and now.eta_s is not None and now.remaining:
            told += f", {_about(now.eta_s)} to go"
        room = max(0, min(width - cell_len(told), 60))
        filled = round(room * share)
        return Text.assemble(
            (self._marks.bar * filled, "cyan"),
            (self._marks.line * (room - filled), "dim"),
            told.strip() if room < 4 else told,
        )

    def _counts(self) -> Text:
        now, states = self._now, self._marks.states
        line = Text.assemble(
            (f"{states[SOLVED]} {now.passed:,} solved", STYLES[SOLVED]), "   ",
            (f"{states[FAILED]} {now.failed:,} failed", STYLES[FAILED]),
        )  # fmt: skip
        if now.errors:
            line.append("   ").append(f"{states[ERROR]} {now.errors:,} not judged", style=STYLES[ERROR])
        return line

    def _score(self, width: int) -> Text:
        """The score so far, and its interval in numbers and on a line from 0 to 100 %."""
        if self._now.score is None:
            return Text("pass@1 so far –" if self._marks is UNICODE else "pass@1 so far -", style="dim")
        share, interval = self._now.score
        line = Text(f"pass@1 so far {share:.1%}", style="bold")
        line.append(f"  (95 %: {interval.low * 100:.1f} {self._marks.dash} {interval.high:.1%})", style="not bold")
        room = min(60, width - cell_len(line.plain) - len("  0  100"))
        if room < 12:
            return line
        low, high, at = (min(room - 1, int(x * room)) for x in (interval.low, interval.high, share))
        line.append("  0 ", style="not bold dim").append(self._marks.line * low, style="not bold dim")
        line.append(self._marks.bar * (at - low), style="not bold").append(self._marks.point)
        line.append(self._marks.bar * (high - at), style="not bold")
        return line.append(f"{self._marks.line * (room - 1 - high)} 100", style="not bold dim")

    def _speed(self) -> Text:
        now, memory = self._now, self._memory
        said = [] if now.is_rescored else [rate(now.tokens, now.seconds), f"{now.tokens:,} tokens"]
        said.append(f"memory {gib(memory.process_bytes)}")
        if memory.accelerator_bytes is not None:
            said.append(f"GPU {gib(memory.accelerator_bytes)}")
        if now.run is not None and "endpoint" in now.run.model["details"] and not now.is_rescored:
            said.append(f"{now.num_retries:,} retries")
            said.append("price not known" if now.cost_usd is None else f"${now.cost_usd:,.4f} so far")
        return Text("   ".join(said))

    def _last(self) -> Text:
        head = Text.assemble(("last     ", "dim"))
        if not self._now.recent:
            return head.append("nothing judged yet" if not self._now.judged else "nothing new yet", style="dim")
        return head.append_text(self._verdict(self._now.recent[-1]))

    def _verdict(self, verdict: StoredVerdict) -> Text:
        state = _state_of(verdict)
        line = Text.assemble((self._marks.states[state], STYLES[state]), f" {_name((verdict.problem, verdict.sample))}")
        return line.append(f"  {reason(verdict)}", style="dim" if verdict.passed else "")

    def _in_work(self) -> Text:
        line, now = Text.assemble(("in work  ", "dim")), self._now
        keys = now.in_work or list(now.asked)
        if now.read is not None:
            return line.append(f"{now.read.first} and {now.read.other} read what {now.read.first} wrote")
        if not keys:
            words = "answers are being judged" if now.waiting_for_judge else "all is judged"
            return line.append(words if now.remaining or now.total else "", style="dim")
        line.append(f"{self._marks.states[ASKED]} ", style=STYLES[ASKED]).append(_name(keys[0]))
        line.append(f"  for {duration(now.clock() - now.asked[keys[0]])}", style="dim")
        if len(keys) > 1:
            line.append(f", {len(keys) - 1:,} more", style="dim")
        if now.waiting_for_judge:
            line.append(f"; {len(now.waiting_for_judge):,} being judged", style="dim")
        return line

    def _writing(self, width: int, num_lines: int) -> list[Text]:
        """The end of what the model writes about the problem longest in work."""
        key = next((k for k in self._now.in_work if k in self._now.texts), None)
        room = width - 2
        if key is None or num_lines < 1 or room < 10:
            return []
        rows: list[str] = []
        for line in self._now.texts[key].expandtabs(4).split("\n"):
            shown = plain(line)
            rows += [shown[at : at + room] for at in range(0, max(1, len(shown)), room)]
        return [Text.assemble((f"{self._marks.side} ", "dim"), row) for row in rows[-num_lines:]]

    def _finished_runs(self, width: int, most: int) -> list[Text]:
        """Scores of a sweep's runs."""
        names = [name for name in self._now.runs if name in self._now.scores]
        if not names or most < 2:
            return []
        prefix = f"{self._now.sweep}-"
        lines = [Text("finished", style="dim")]
        for name in names[-most + 1 :]:
            found = self._now.scores[name]
            told = "not judged"
            if found is not None:
                told = f"{found[0]:6.1%}  {found[1].low * 100:4.1f} {self._marks.dash} {found[1].high:.1%}"
            lines.append(Text(f"{name.removeprefix(prefix):<28} {told}"))
        return lines

    def _legend(self) -> Text:
        line, shares = Text(style="dim"), self._marks.shares
        is_shared = self._per_mark > 1 or self._is_sampled
        if self._per_mark > 1:
            line.append(f"{self._per_mark} problems a mark  ")
        if is_shared:
            line.append(shares[0], style=STYLES[FAILED]).append(" none  ")
            line.append(shares[-1], style=STYLES[SOLVED]).append(" all solved  ")
        for state, mark in self._marks.states.items():
            if not (is_shared and state in (SOLVED, FAILED)):
                line.append(mark, style=STYLES[state]).append(f" {state}  ")
        return line

    def _foot(self) -> Text:
        return Text("Ctrl-C stops; what is done is kept", style="dim")

    _per_mark = 1

    @property
    def _is_sampled(self) -> bool:
        return any(sample for _, sample in self._now.keys[:2])

    def _grid(self, width: int, num_rows: int, *, shape: int) -> list[Text]:
        """One mark for each problem, with air between them if there is room; for several problems if there is not.

        `shape` is how many columns there should be to a row, where the height allows.
        """
        by_problem: dict[str, list[str]] = {}
        for key in self._now.keys:
            by_problem.setdefault(key[0], []).append(self._states[key])
        cells, num_rows = list(by_problem.values()), max(1, num_rows)
        columns, gap, is_airy = self._fit(len(cells), width, num_rows, shape)
        if gap == 0:
            self._per_mark = per = max(1, -(-len(cells) // (columns * num_rows)))
            cells = [list(chain(*cells[at : at + per])) for at in range(0, len(cells), per)]
        rows = []
        for at in range(0, len(cells), columns):
            row = Text()
            for number, cell in enumerate(cells[at : at + columns]):
                mark, style = self._mark(cell)
                row.append(" " * gap if number else "").append(mark, style=style)
            rows += [row, Text()] if is_airy else [row]
        return rows[:-1] if is_airy else rows

    @staticmethod
    def _fit(num: int, width: int, num_rows: int, shape: int) -> tuple[int, int, bool]:
        """Columns, spaces between them, and whether there are empty lines between rows."""
        most = (width + 1) // 2
        for columns in range(10, most + 1, 10):  # rows of round numbers can be counted
            rows = -(-num // columns)
            if rows <= min(num_rows, columns // shape) or (columns + 10 > most and rows <= num_rows):
                return columns, *((3, True) if 4 * columns <= width and 2 * rows <= num_rows else (1, False))
        return (most, 1, False) if -(-num // most) <= num_rows else (width, 0, False)

    def _mark(self, states: Sequence[str]) -> tuple[str, str]:
        if len(states) == 1:
            return self._marks.states[states[0]], STYLES[states[0]]
        for state in (ERROR, ASKED, JUDGING):
            if state in states:
                return self._marks.states[state], STYLES[state]
        judged = [state for state in states if state in (SOLVED, FAILED)]
        if not judged:
            return self._marks.states[WAITING], STYLES[WAITING]
        share, shares = judged.count(SOLVED) / len(judged), self._marks.shares
        # Only none is drawn as none, and only all as all.
        place = 0 if share == 0 else len(shares) - 1 if share == 1 else 1 + int(share * (len(shares) - 2))
        return shares[place], STYLES[SOLVED] if share >= 0.5 else STYLES[FAILED]


def _state_of(verdict: StoredVerdict) -> str:
    return SOLVED if verdict.passed else ERROR if verdict.status == "error" else FAILED


def _states(now: Standing) -> dict[Key, str]:
    judged, asked, waiting = now.judged, set(now.in_work), now.waiting_for_judge
    return {
        key: _state_of(judged[key])
        if key in judged and key not in asked
        else ASKED if key in asked else JUDGING if key in waiting else WAITING
        for key in now.keys
    }  # fmt: skip


def _name(key: Key) -> str:
    return f"{key[0]}#{key[1]}" if key[1] else key[0]


def _about(seconds: float) -> str:
    """A time that is only guessed: no tenths."""
    return f"{seconds:.0f} s" if seconds < 60 else duration(seconds)


def _filled(lines: list[Text], height: int) -> list[Text]:
    return [*lines, *(Text() for _ in range(height - len(lines)))][: max(0, height)]


def _beside(left: list[Text], right: list[Text], width: int, height: int) -> list[Text]:
    lines = []
    for number in range(height):
        line = left[number].copy() if number < len(left) else Text()
        line.truncate(width, overflow="ellipsis", pad=True)
        lines.append(line.append(" " * GUTTER).append_text(right[number] if number < len(right) else Text()))
    return lines
