"""The live view: what stands on a terminal of any size, with and without colour, and what goes elsewhere."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from gemstead.cli.live import ASCII, UNICODE, LiveView, plain, reason
from gemstead.cli.progress import in_words, is_whole_terminal
from gemstead.evals.progress import (
    AnswersRead,
    ItemAnswered,
    ItemAsked,
    ItemJudged,
    ItemWriting,
    Remarked,
    RunStarted,
    Standing,
    Stopped,
    SweepFinished,
    SweepStarted,
    json_line,
)
from gemstead.evals.store import StoredAnswer, StoredRun, StoredVerdict
from gemstead.hardware.usage import MemoryUse

ROOT = Path(__file__).parents[2]
SIZES = [(80, 24), (200, 50), (40, 10), (20, 5), (1, 1), (119, 60), (300, 28)]


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def answer(number: int, *, tokens: int = 50, **details: Any) -> StoredAnswer:
    return StoredAnswer(
        problem=f"HumanEval/{number}", sample=0, key="", prompt_ids=[], text="", thought="", token_ids=[],
        finish="stop", is_thought_open=False, seed=0, prompt_tokens=1000, completion_tokens=tokens, started=0.0,
        finished=1.0, details=details,
    )  # fmt: skip


def verdict(number: int, status: str, detail: str = "") -> StoredVerdict:
    return StoredVerdict(
        problem=f"HumanEval/{number}", sample=0, extractor="1", program="", how="", status=status,
        passed=status == "passed", detail=detail, cpu_s=0.01, wall_s=0.01, is_near_limit=False,
    )  # fmt: skip


def stored_run(name: str = "r", **details: Any) -> StoredRun:
    at_endpoint = "endpoint" in details
    return StoredRun(
        id=name, key="", created=0.0, task="humaneval", settings={}, machine={"sandbox": "landlock"},
        model={
            "name": "pebble", "family": "gemma4", "precision": "as served" if at_endpoint else "bf16",
            "device": "endpoint" if at_endpoint else "cpu", "details": details,
        },
    )  # fmt: skip


def standing(num: int = 164, **details: Any) -> tuple[Standing, Clock]:
    """Twenty problems judged, every third solved and the last an error; one written, and one being judged."""
    clock = Clock()
    now = Standing(clock=clock)
    keys = tuple((f"HumanEval/{n}", 0) for n in range(num))
    now.see(RunStarted(run=stored_run(**details), keys=keys, answers={}, verdicts={}))
    for key in keys[: num // 2]:
        now.see(ItemAsked(run="r", key=key))
    clock.now += 10
    for n in range(20):
        now.see(ItemAnswered(run="r", answer=answer(n, attempts=1 + (n == 3))))
        status = "error" if n == 19 else "passed" if n % 3 == 0 else "wrong"
        now.see(ItemJudged(run="r", verdict=verdict(n, status, "" if n % 3 == 0 else "gave [1], not [3]\nmore")))
    now.see(ItemAnswered(run="r", answer=answer(20)))
    for piece in ("def add(a, b):\n", "    return a + b"):
        now.see(ItemWriting(run="r", key=keys[21], text=piece))
    return now, clock


def drawn(now: Standing, width: int = 80, height: int = 24, **options: Any) -> str:
    """What stands on the terminal."""
    file = options.pop("file", None) or io.StringIO()
    settings: dict[str, Any] = {"force_terminal": True, "color_system": None, "legacy_windows": False, **options}
    console = Console(file=file, width=width, height=height, **settings)
    memory = MemoryUse(process_bytes=3 * 2**29, accelerator_bytes=None)
    console.print(LiveView(now, memory=lambda: memory), end="")
    return str(file.getvalue()) if isinstance(file, io.StringIO) else ""


@pytest.mark.parametrize("width, height", SIZES)
@pytest.mark.parametrize("num", [0, 25, 164, 427, 1319])
def test_the_picture_fits_every_terminal(width: int, height: int, num: int) -> None:
    now = standing(num)[0] if num else Standing()
    lines = drawn(now, width, height).split("\n")
    assert len(lines) <= height
    assert all(cell_len(line) <= width for line in lines)


@pytest.mark.parametrize("width, height", [(80, 24), (200, 50)])
def test_everything_one_wants_to_know_is_there(width: int, height: int) -> None:
    now, clock = standing()
    clock.now += 2
    text = drawn(now, width, height)
    for words in (
        "pebble · humaneval · bf16 on cpu", "20 of 164 judged, 12%", "1 min 10 s to go",
        "7 solved", "12 failed", "1 not judged", "pass@1 so far 36.8%", "(95 %: 19.1 – 59.0%)", "memory 1.5 GiB",
        "1,052 tokens", "88 tok/s", "HumanEval/21", "1 being judged", "return a + b", "Ctrl-C",
        "not judged: gave [1], not [3]",
    ):  # fmt: skip
        assert words in text, f"{words!r} is not in\n{text}"
    assert "more" not in text.split("gave [1], not [3]", 1)[1].split("\n")[0], "one phrase, not the whole detail"


def test_a_small_terminal_shows_what_matters_most() -> None:
    now, _ = standing(12 * 4)
    for width, height in ((50, 12), (50, 9), (50, 8)):
        text = drawn(now, width, height)
        for words in ("20 of 48 judged", "7 solved", "pass@1 so far", "tok/s", "last  ", "in work  ○ HumanEval/21"):
            assert words in text, (width, height, words)


def test_every_problem_has_a_mark_that_is_told_without_colour() -> None:
    now, _ = standing()
    rows = [line.split() for line in drawn(now).split("\n")[2:7]]
    marks = "".join("".join(row) for row in rows)
    states = UNICODE.states
    assert len(marks) == 164 and len(set(states.values())) == len(states)
    assert marks[:4] == states["solved"] + states["failed"] * 2 + states["solved"]
    assert marks[19] == states["not judged"] and marks[20] == states["judging"]
    assert marks[21] == states["in work"] and set(marks[22:]) == {states["waiting"]}, "the queue is not in work"


def test_where_problems_outnumber_marks_one_mark_stands_for_several_and_says_so() -> None:
    now = Standing()
    keys = tuple((f"HumanEval/{n}", 0) for n in range(1319))
    verdicts = {key: verdict(n, "passed" if n < 660 else "wrong") for n, key in enumerate(keys)}
    now.see(RunStarted(run=stored_run(), keys=keys, answers={}, verdicts=verdicts))
    text = drawn(now)
    grid = text.split("\n")[2:].__iter__()
    marks = "".join(line for line in grid if line.startswith((UNICODE.shares[0], UNICODE.shares[-1])))
    assert "2 problems a mark" in text
    assert marks.startswith(UNICODE.shares[-1] * 330) and UNICODE.shares[0] * 300 in marks


def test_colour_is_only_the_terminals_own_and_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    now, _ = standing()
    coloured = drawn(now, color_system="truecolor")
    assert "\x1b[32m" in coloured and not re.search(r"\x1b\[[0-9;]*(38|48)[;:]", coloured), "light and dark both work"
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", drawn(now, color_system="truecolor"))


def test_a_terminal_without_unicode_gets_plain_marks(tmp_path: Path) -> None:
    now, _ = standing()
    file = tmp_path / "screen.txt"
    with file.open("w", encoding="ascii") as stream:
        drawn(now, file=stream)
    text = file.read_text(encoding="ascii")
    assert ASCII.states["solved"] + " " + ASCII.states["failed"] in text and "20 of 164" in text


def test_what_a_model_writes_does_not_move_the_cursor() -> None:
    hostile = "gave \x1b[2J\x1b]0;title\x07\u202egnp.exe\r\x9b31m\u200b"
    assert plain(hostile).isprintable() and reason(verdict(1, "wrong", hostile)).isprintable()
    now, _ = standing()
    now.see(ItemJudged(run="r", verdict=verdict(30, "wrong", hostile)))
    now.see(ItemWriting(run="r", key=("HumanEval/21", 0), text=hostile))
    for width, height in SIZES:
        assert all(c.isprintable() or c == "\n" for c in drawn(now, width, height))


def test_an_endpoints_run_tells_retries_and_cost() -> None:
    price = {"input_usd": 1.0, "output_usd": 10.0, "cached_input_usd": None, "source": "a test"}
    now, _ = standing(endpoint="http://x/v1", price=price, api_key_env=None, served_model=None, adaptations=[])
    text = drawn(now)
    assert "at http://x/v1" in text and "1 retries" in text
    assert f"${21 * (1000 + 50 * 10) / 1e6:.4f} so far" in text
    assert "so far" in in_words(now) and "1 retries" in in_words(now)


def test_of_a_sweep_it_says_which_run_of_how_many_and_what_both_models_read() -> None:
    now, _ = standing()
    now.see(SweepStarted(sweep="s", runs=("a", "b", "r", "d")))
    assert "run 3 of 4" in drawn(now) and in_words(now).startswith("run 3 of 4, 7 solved")
    now.see(AnswersRead(first="bf16", other="int8", done=5, total=10))
    assert "5 of 10 answers read by bf16 and int8, 50%" in drawn(now)
    assert now.resume == "s"


def test_a_run_that_goes_on_counts_what_was_there_and_foretells_from_what_is_new() -> None:
    clock = Clock()
    now = Standing(clock=clock)
    keys = tuple((f"HumanEval/{n}", 0) for n in range(40))
    there = {key: verdict(n, "passed") for n, key in enumerate(keys[:20])}
    now.see(RunStarted(run=stored_run(), keys=keys, answers={("HumanEval/20", 0): answer(20)}, verdicts=there))
    assert (now.passed, now.remaining, now.tokens, now.eta_s) == (20, 20, 0, None)
    assert now.waiting_for_judge == {("HumanEval/20", 0)}
    clock.now += 3
    now.see(ItemJudged(run="r", verdict=verdict(20, "wrong")))
    assert now.eta_s == pytest.approx(3 * 19)
    clock.now += 7
    assert now.eta_s == pytest.approx(3 * 19 - 7), "it counts down while nothing comes"
    clock.now += 60
    assert now.eta_s is None, "what is late is not foretold any more"


def test_an_answer_that_is_asked_for_again_is_not_counted_twice() -> None:
    now = Standing()
    key = ("HumanEval/0", 0)
    now.see(RunStarted(run=stored_run(), keys=(key,), answers={}, verdicts={}))
    for _ in range(2):
        now.see(ItemAsked(run="r", key=key))
        for _ in range(7):
            now.see(ItemWriting(run="r", key=key, text="x"))
    assert now.tokens == 7 and now.texts[key] == "x" * 7
    now.see(ItemAnswered(run="r", answer=answer(0, tokens=9)))
    assert now.tokens == 9 and now.in_work == []


def test_a_file_a_build_server_and_a_dumb_terminal_are_not_drawn_on(monkeypatch: pytest.MonkeyPatch) -> None:
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as terminal, os.fdopen(leader):
        for name, value, is_drawn in (
            ("TERM", "xterm", True), ("TERM", "dumb", False), ("CI", "true", False),
        ):  # fmt: skip
            with monkeypatch.context() as patch:
                patch.setenv("TERM", "xterm")
                patch.delenv("CI", raising=False)
                patch.setenv(name, value)
                assert is_whole_terminal(Console(file=terminal)) == is_drawn, (name, value)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert not is_whole_terminal(Console(file=io.StringIO()))


def test_json_lines_tell_facts_with_a_version_and_leave_out_what_only_screens_want() -> None:
    rows = [
        json_line(event)
        for event in (
            RunStarted(run=stored_run(), keys=(("HumanEval/0", 0),), answers={}, verdicts={}),
            ItemAsked(run="r", key=("HumanEval/0", 0)),
            ItemWriting(run="r", key=("HumanEval/0", 0), text="x"),
            ItemAnswered(run="r", answer=answer(0)),
            ItemJudged(run="r", verdict=verdict(0, "wrong", "x")),
            Remarked(text="x"),
            Stopped(kind="StoreError", message="full", hint="free some", resume="r"),
        )
    ]
    told = [row for row in rows if row is not None]
    assert [row["event"] for row in told] == ["run_started", "item_answered", "item_judged", "remark", "error"]
    assert all(row["schema"] == 1 and row["time"] > 0 and json.loads(json.dumps(row)) == row for row in told)


def run_in_a_terminal(
    command: list[str], *, size: tuple[int, int], env: Mapping[str, str], interrupt_at: bytes | None = None
) -> tuple[int, bytes]:
    """Run in a pseudo-terminal; press Ctrl-C once something stands there."""
    leader, follower = pty.openpty()
    import fcntl
    import struct
    import termios

    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    process = subprocess.Popen(
        command, stdin=follower, stdout=follower, stderr=follower, env=dict(env), start_new_session=True, cwd=ROOT
    )
    os.close(follower)
    screen, deadline = b"", time.monotonic() + 200
    while time.monotonic() < deadline:
        if select.select([leader], [], [], 0.2)[0]:
            try:
                screen += os.read(leader, 65536)
            except OSError:
                break  # the last process has closed it
        if interrupt_at is not None and interrupt_at in screen:
            # The group the terminal would signal; the pipe of bytes has no job control of its own.
            os.killpg(process.pid, signal.SIGINT)
            interrupt_at = None
            fcntl.ioctl(leader, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    os.close(leader)
    return process.wait(timeout=60), screen


def test_a_terminal_is_used_whole_and_given_back_and_ctrl_c_says_how_to_go_on(tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR", "COLUMNS", "LINES")}
    env |= {"TERM": "xterm-256color", "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-m", "tests.cli.watched", str(tmp_path / "runs.sqlite")]
    code, screen = run_in_a_terminal(command, size=(80, 24), env=env, interrupt_at=b"3 solved")
    assert code == 130, screen[-2000:]
    assert screen.count(b"\x1b[?1049h") == screen.count(b"\x1b[?1049l") == 1, "the alternate screen"
    assert b"\x1b[?25h" in screen.rsplit(b"\x1b[?1049l", 1)[1] + screen[-200:], "the cursor is back"
    after = screen.rsplit(b"\x1b[?1049l", 1)[1].decode()
    resume = re.search(r"--resume\s+(\S+)`", after)
    assert resume and "are judged and stored" in after and "Traceback" not in after
    piped = subprocess.run(
        [*command, resume[1]], capture_output=True, text=True, env=env, cwd=ROOT, timeout=100, check=True
    )
    assert "solved" in piped.stderr and piped.stdout == ""
    assert all(c.isprintable() or c == "\n" for c in piped.stderr), "no control characters"


def test_every_event_and_field_of_json_lines_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "json_lines.md").read_text()
    rows = {m[1]: m[2] for m in re.finditer(r"^\| `(\w+)` \|(.*)$", page, flags=re.M)}
    events = (
        SweepStarted(sweep="s", runs=()),
        RunStarted(run=stored_run(), keys=(), answers={}, verdicts={}),
        ItemAnswered(run="r", answer=answer(0)),
        ItemJudged(run="r", verdict=verdict(0, "passed")),
        SweepFinished(sweep="s", comparison=None),
        Remarked(text=""),
        Stopped(kind="", message="", hint=None, resume=None),
    )
    for event in events:
        told = json_line(event)
        assert told is not None
        for name in set(told) - {"schema", "time", "event"}:
            assert f"`{name}`" in rows[told["event"]], (told["event"], name)
    assert set(rows) == {str((json_line(event) or {})["event"]) for event in events} | {"run_finished"}
