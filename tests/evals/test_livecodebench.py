"""Dated contest problems: what is kept of a file, what is asked, how outputs are judged, and hostile packings."""

from __future__ import annotations

import base64
import gzip
import json
import os
import pickle
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gemstead.cli.main import app
from gemstead.core.errors import BadRequest, Infrastructure, NotFound
from gemstead.core.events import Event, Finished, TextDelta, Usage
from gemstead.core.generator import Description
from gemstead.core.requests import GenerationRequest, Sampling
from gemstead.evals.repeat import command
from gemstead.evals.report import build_report, select
from gemstead.evals.report_page import render_report
from gemstead.evals.result_file import export_result, read_result
from gemstead.evals.run import RunSettings, gate, run_evaluation
from gemstead.evals.score import Job, Judge, Verdict
from gemstead.evals.store import Store
from gemstead.evals.tasks import find_task
from gemstead.evals.tasks.livecodebench import LiveCodeBench
from gemstead.evals.trials import unpack
from gemstead.evals.trials_check import difference
from gemstead.evals.verify import verify
from gemstead.sandbox.base import Limits
from tests.evals.contest_problems import ROWS, SOLUTIONS, packed, row, write
from tests.sandbox.rungs import require


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("data") / "livecodebench.jsonl")


@pytest.fixture(scope="module")
def task(file: Path) -> LiveCodeBench:
    return LiveCodeBench(file)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    require("landlock")
    with Judge(workers=2, limits=Limits(wall_s=20.0)) as judge:
        yield judge


def judged(judge: Judge, task: LiveCodeBench, name: str, answer: str) -> Verdict:
    problem = next(p for p in task.problems() if p.id == name)
    program = task.extract(problem, answer, style="chat").program
    return judge.submit(Job(key=name, problem=problem, program=program)).result()


def test_right_programs_of_both_kinds_and_packings_pass_every_part(task: LiveCodeBench, judge: Judge) -> None:
    assert len(ROWS) >= 8 and set(SOLUTIONS) == {p.id for p in task.problems()}
    for name, program in SOLUTIONS.items():
        verdict = judged(judge, task, name, f"Here it is:\n```python\n{program}```\n")
        assert (verdict.status, verdict.parts) == ("passed", ("public", "private")), (name, verdict)


def test_the_tests_themselves_are_rehearsed_before_a_verdict_is_believed(task: LiveCodeBench, judge: Judge) -> None:
    gate(judge, task)
    report = judge.check_canonical(task.problems())
    assert report.failures == () and all(v.parts == ("public", "private") for v in report.verdicts)


def test_tests_that_cannot_be_read_stop_a_run_and_are_no_wrong_answer(tmp_path: Path, judge: Judge) -> None:
    broken = {**ROWS[0], "private_test_cases": "bm90IHppcHBlZA=="}
    task = LiveCodeBench(write(tmp_path / "broken.jsonl", [broken]))
    with pytest.raises(Infrastructure, match="sum_a: its private tests cannot be read"):
        gate(judge, task)
    assert judged(judge, task, "sum_a", SOLUTIONS["sum_a"]).status == "error"


@pytest.mark.parametrize(
    ("name", "program", "status", "detail"),
    [
        ("sum_a", "print(7)", "wrong", "passed public; assertion failed: private test 1 of 2: line 1 is '7', not '6'"),
        ("sum_a", "print(7)\nprint()\nprint(8)", "wrong", "public test 1 of 1: writes 3 lines, not 1"),
        ("sum_a", "", "no_code", "the answer holds no program"),
        ("sum_a", "print(1 / 0)", "wrong", "ZeroDivisionError"),
        ("sum_a", "while True:\n    print(end='')", "timeout", "used up its processor time"),
        ("sum_a", "import os\nprint(7)\nos._exit(0)", "crash", "left with exit status 0"),
        ("sum_a", "import sys\nprint(7)\nsys.stdout.flush()\nsys.exit(1)", "wrong", "private test 1"),
        ("sum_a", "import os\nprint(os.fork())", "forbidden", "PermissionError"),
        (
            "3001",
            "class Solution:\n    def kthLargest(self, nums, k):\n        return 2",
            "wrong",
            "private test 1 of 2",
        ),
        ("3001", "class Solution:\n    def other(self):\n        return 2", "wrong", "no 'kthLargest'"),
        (
            "3001",
            "class Solution:\n    def kthLargest(self, nums, k):\n        while True:\n            pass",
            "timeout",
            "used up its processor time",
        ),
    ],
)
def test_what_is_wrong_is_told(
    task: LiveCodeBench,
    judge: Judge,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    program: str,
    status: str,
    detail: str,
) -> None:
    monkeypatch.setattr("gemstead.evals.trials.CPU_S", 0.5)
    verdict = judged(judge, task, name, f"```python\n{program}\n```")
    assert verdict.status == status and detail in verdict.detail, verdict


@pytest.mark.parametrize(
    "program",
    [
        "import sys\nprint(sum(map(int, sys.stdin.buffer.read().split()[1:])))",
        "import os\nos.write(1, str(sum(map(int, os.read(0, 99).split()[1:]))).encode())",
        "import io, os, sys, atexit\ninput()\nsys.stdout = io.StringIO()\n"
        "atexit.register(lambda: os.write(1, sys.stdout.getvalue().encode()))\nprint(sum(map(int, input().split())))",
        "import threading\ndef main():\n    input()\n    print(sum(map(int, input().split())))\n"
        "threading.Thread(target=main).start()",
        "def main():\n    input()\n    print(sum(map(int, input().split())))\n    exit()\nmain()\nprint('no')",
        "input()\nprint(reduce(add, map(int, input().split())), '  ', '\\n\\n')",
        "input = __import__('sys').stdin.readline\ninput()\nprint(sum(map(int, input().split())))",
    ],
)
def test_every_way_to_read_and_write_works(task: LiveCodeBench, judge: Judge, program: str) -> None:
    assert judged(judge, task, "sum_a", f"```python\n{program}\n```").status == "passed"


@pytest.mark.parametrize(
    "attack",
    [
        "import os\nos.closerange(0, 200)",
        "import os\nos.write(3, b'7' * 100)",
        "import sys\nfor m in list(sys.modules.values()):\n    if hasattr(m, 'run_script'):\n"
        "        m.run_script = lambda given: b'7'\nprint(7)",
        "import atexit\natexit._run_exitfuncs = lambda: exit()\nprint(7)",
        "import sys\nprint(7)\nsys.stdout = None",
        "import gc\nfor o in gc.get_objects():\n    if type(o) is list and 'private' in o[:1]:\n        print(o[1])",
        "import os, signal\nprint(7)\nos.kill(os.getpid(), signal.SIGPROF)",
        "while True:\n    print('7' * 1_000_000)",
        "class Yes(bytes):\n    __eq__ = lambda *_: True\nprint(Yes())",
        "import builtins, sys\nbuiltins.exec = lambda *_: None\nsys.stdout.write('7')",
    ],
)
def test_no_script_passes_without_the_answers(task: LiveCodeBench, judge: Judge, attack: str) -> None:
    problem = next(p for p in task.problems() if p.id == "sum_a")
    verdict = judge.submit(Job(key="attack", problem=problem, program=attack)).result()
    assert verdict.status in ("wrong", "crash", "timeout", "forbidden") and "private" not in verdict.parts, verdict
    assert judged(judge, task, "sum_a", SOLUTIONS["sum_a"]).status == "passed"


def test_nothing_is_left_of_one_trial_in_the_next(task: LiveCodeBench, judge: Judge) -> None:
    keeps = "if 'total' not in dir():\n    total = 0\ninput()\ntotal += sum(map(int, input().split()))\nprint(total)"
    assert judged(judge, task, "sum_a", f"```python\n{keeps}\n```").status == "passed"


@pytest.mark.parametrize(
    ("written", "expected", "is_same"),
    [
        ("7\n", "7", True),
        (" 7 \n\n", "7", True),
        ("1.50 2", "1.5 2.0", True),
        ("1e3", "1000", True),
        ("50000000000000000", "50000000000000001", False),
        ("0.333333", "0.3333333333", False),
        ("1 2", "1\n2", False),
        ("1  2", "1 2", True),
        ("a  b", "a b", False),
        ("Yes", "YES", False),
        ("nan", "nan", True),
        ("", "", True),
        ("", "0", False),
    ],
)
def test_outputs_are_compared_line_by_line_and_number_by_number(written: str, expected: str, is_same: bool) -> None:
    assert (difference(written, expected) == "") is is_same


def test_only_problems_of_the_days_asked_for_are_there(file: Path, task: LiveCodeBench) -> None:
    late = LiveCodeBench(file, since="2025-01-01")
    assert [p.id for p in late.problems()] == ["3003", "graph_e", "abc311_c"]
    assert [p.id for p in LiveCodeBench(file, since="2024-06-30", until="2024-07-07").problems()] == ["deep_d", "3001"]
    assert len({late.version, task.version, LiveCodeBench(file, until="2024-12-31").version}) == 3
    assert LiveCodeBench(file, since="2023-01-01").version == task.version


def test_a_packed_and_a_folder_hold_the_same(file: Path, task: LiveCodeBench, tmp_path: Path) -> None:
    (tmp_path / "x.jsonl.gz").write_bytes(gzip.compress(file.read_bytes()))
    assert LiveCodeBench(tmp_path / "x.jsonl.gz").version == LiveCodeBench(file.parent).version == task.version


def test_a_file_that_changes_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", ROWS[:1])
    assert len(LiveCodeBench(path).problems()) == 1
    write(path, ROWS[:2])
    assert len(LiveCodeBench(path).problems()) == 2


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            {"since": "2030-01-01"},
            "has no problem from 2030-01-01 to the end; its contests are from 2024-01-10 to 2025",
        ),
        ({"since": "January"}, "since is 'January'; allowed is a day"),
        ({"since": "2025-01-02", "until": "2025-01-01"}, "no day lies between"),
    ],
)
def test_days_that_cannot_be_are_refused(file: Path, options: dict[str, str], says: str) -> None:
    with pytest.raises(BadRequest, match=says) as caught:
        LiveCodeBench(file, **options)
    assert caught.value.hint


def test_tasks_without_dates_refuse_days_and_this_one_wants_a_file() -> None:
    with pytest.raises(BadRequest, match="humaneval has no dates to choose from; tasks that have are livecodebench"):
        find_task("humaneval", since="2025-01-01")
    with pytest.raises(NotFound, match="read from a file of yours, and none is named"):
        find_task("livecodebench")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"contest_date": "soon"}, "line 1: contest_date is 'soon'"),
        ({"metadata": "[]"}, "line 1: metadata is no JSON object"),
        ({"public_test_cases": "[]", "private_test_cases": "[]"}, "line 1: sum_a has no tests"),
        ({"metadata": '{"func_name": "f"}'}, "func_name is 'f', and there is no starter_code"),
        ({"question_id": 3}, "line 1: field question_id is missing or no text"),
    ],
)
def test_a_line_that_is_no_problem_is_named(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    path = write(tmp_path / "x.jsonl", [{**ROWS[0], **change}])
    with pytest.raises(NotFound, match=r"line 1|sum_a") as caught:
        LiveCodeBench(path)
    assert says in str(caught.value) and caught.value.hint


def test_what_is_no_file_of_problems_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="cannot be read: No such file"):
        LiveCodeBench(tmp_path / "none.jsonl")
    (tmp_path / "x.jsonl").write_text(json.dumps(ROWS[0]) + "\n{")
    with pytest.raises(NotFound, match="line 2: cannot be read as JSON lines"):
        LiveCodeBench(tmp_path / "x.jsonl")
    (tmp_path / "y.jsonl").write_bytes(gzip.compress(json.dumps(ROWS[0]).encode() * 99)[:-9])
    with pytest.raises(NotFound, match="cannot be read as JSON lines"):
        LiveCodeBench(tmp_path / "y.jsonl")
    with pytest.raises(NotFound, match="sum_a stands in the file twice"):
        LiveCodeBench(write(tmp_path / "z.jsonl", [ROWS[0], ROWS[0]]))


class _Hostile:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch pwned",)


def _zipped(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (_zipped(pickle.dumps(_Hostile())), "asks for posix.system; allowed is a string alone"),
        (_zipped(b"cos\nsystem\n(S'touch pwned'\ntR."), "asks for os.system"),
        (_zipped(b"\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R."), "asks for builtins.eval"),
        (_zipped(pickle.dumps(b"[]")), "asks for _codecs.encode|holds bytes"),
        (_zipped(pickle.dumps(["[]"])), "holds list; allowed is a string alone"),
        (_zipped(b"Ppid\n."), "asks for something outside itself"),
        (_zipped(b"junk"), "no pickle of a string"),
        (_zipped(pickle.dumps("[]"))[:-8], "cut short|neither"),
        ("{}", "neither a JSON list nor base64"),
    ],
)
def test_a_pickle_of_anything_but_a_string_is_refused_and_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=says):
        unpack(text)
    assert not (tmp_path / "pwned").exists()
    assert unpack(packed([("1", "2")], "stdin")).startswith("[{")


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gemstead.evals.trials._MOST_BYTES", 1000)
    with pytest.raises(ValueError, match="far too long"):
        unpack(_zipped(pickle.dumps("0" * 2000)))


def test_a_chat_is_told_the_problem_and_a_base_model_continues_it(task: LiveCodeBench) -> None:
    problems = {p.id: p for p in task.problems()}

    def asked(name: str, style: Any) -> str:
        request = task.request(problems[name], style=style, thinking=False, sampling=Sampling(), max_tokens=9)
        return str(request.messages[0].content) if request.messages else str(request.text)

    assert asked("sum_a", "chat").startswith(
        "Add the $N$ numbers of the second line.\n\nSample:\n2\n3 4\n\nWrite a Python"
    )
    assert asked("halves_b", "chat").startswith('Halve it. A text with """ and \\N{no} and `\\le`.\n\nWrite')
    assert asked("3001", "chat").endswith("```python\n" + ROWS[4]["starter_code"].rstrip() + "\n```")
    base = asked("3001", "base")
    assert base.startswith("# Problem:\n# The k-th largest number.\n\nclass Solution:") and base.endswith("-> int:\n")
    compile(base + "        return 1\n", "base", "exec")
    body = "        return sorted(nums)[-k]\n"
    program = task.extract(problems["3001"], body, style="base").program
    assert program is not None and "sorted(nums)[-k]" in program
    script = task.extract(problems["sum_a"], SOLUTIONS["sum_a"], style="base")
    assert script.program == SOLUTIONS["sum_a"] and script.how == "continuation of the prompt"


def test_defects_known_to_its_makers_are_listed(tmp_path: Path, task: LiveCodeBench) -> None:
    assert [p.id for p in task.problems() if p.known_defect] == ["abc311_c"]
    titled = row("9", "2025-01-01", [("1", "1")], [], content="x", title="Find the Peaks")
    (problem,) = LiveCodeBench(write(tmp_path / "x.jsonl", [titled])).problems()
    assert problem.known_defect is not None and problem.parts == ("public",)


def test_a_file_may_name_defective_problems_itself(tmp_path: Path) -> None:
    own = write(tmp_path / "own.jsonl", [{**ROWS[0], "known_defect": "The sample lacks a line."}])
    task = LiveCodeBench(own)
    assert task.problems()[0].known_defect == "The sample lacks a line."
    assert task.version == LiveCodeBench(write(tmp_path / "plain.jsonl", ROWS[:1])).version


def test_megabytes_go_in_and_come_out(tmp_path: Path, judge: Judge) -> None:
    numbers = " ".join(map(str, range(300_000)))
    tests = [(f"300000\n{numbers}\n", numbers.replace(" ", "\n"))]
    task = LiveCodeBench(write(tmp_path / "x.jsonl", [row("big", "2025-01-01", [], tests, content="x", pickled=True)]))
    gate(judge, task)
    program = "input()\nprint(*input().split(), sep='\\n')"
    assert judged(judge, task, "big", f"```python\n{program}\n```").status == "passed"
    assert "writes 1 lines, not 300000" in judged(judge, task, "big", "```python\nprint(1)\n```").detail


def test_the_command_hands_the_days_on() -> None:
    ended = CliRunner().invoke(app, ["eval", "humaneval", "--since", "2025-01-01"])
    assert isinstance(ended.exception, BadRequest) and "humaneval has no dates" in str(ended.exception)


class Contestant:
    """Answers with the right program, save for one problem."""

    def __init__(self, task: LiveCodeBench) -> None:
        self._answers = {task.instruction(p): f"```python\n{SOLUTIONS[p.id]}```" for p in task.problems()}

    def describe(self) -> Description:
        return Description(
            name="contestant", family="script", precision="bf16", device="cpu", context_tokens=4096,
            fingerprint="f" * 64,
        )  # fmt: skip

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Event]:
        assert request.messages is not None
        answer = self._answers[str(request.messages[0].content)]
        yield TextDelta(text=answer.replace("s.find(c)", "2"))
        yield Finished(reason="stop", usage=Usage(prompt_tokens=9, completion_tokens=9), token_ids=(1,), seed=0)


def test_a_run_says_from_which_days_its_problems_are(
    file: Path, task: LiveCodeBench, judge: Judge, tmp_path: Path
) -> None:
    store = Store(tmp_path / "runs.sqlite")
    settings = RunSettings(task="livecodebench", data=str(file), since="2025-01-01")
    run = run_evaluation(Contestant(task), settings, judge, store, name="late")
    assert run.summary.days == ("2025-01-01", "2025-03-03") and run.summary.num_problems == 3
    assert run.summary.pass_at[1] == pytest.approx(2 / 3) and run.summary.pass_at_1_parts == {"public": 1.0}
    assert (run.summary.pass_at_1_sound, run.summary.num_sound) == (pytest.approx(1 / 2), 2)
    assert store.run("late").machine["known_defects"] == ["abc311_c"]
    page = render_report(build_report(select(store, ["late"])))
    assert "2025-01-01 to 2025-03-03" in page and "since 2025-01-01" in page and "until all" not in page
    stored = store.run("late")
    assert "--since 2025-01-01" in command("livecodebench", "bf16", stored.model, stored.settings)
    export_result(store, "late", tmp_path / "result.jsonl")
    assert verify(read_result(tmp_path / "result.jsonl"), judge, data=file).is_verified
