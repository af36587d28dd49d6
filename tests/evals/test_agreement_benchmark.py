"""The benchmark that puts our verdicts beside evalplus': it goes on where it stopped, and names a judge that dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest
from benchmarks import evalplus_side
from benchmarks.agreement import Answer, VerdictLog, agree, judge_all, report
from benchmarks.evalplus_side import Told

from gemstead.core.errors import BadRequest, NotFound
from gemstead.evals.task import Cases
from gemstead.evals.tasks import find_task

ROOT = Path(__file__).parents[2]
ABOUT = {"seed": 0}
CASES = Cases(parts={"base": [[[1.0, 2.0], 0.5]], "plus": [[[1.0, 1.1], 0.5], [[], 1.0]]})
CHECK = """
import os, signal, subprocess, time
from pathlib import Path

def get_groundtruth(*_):
    return {"HumanEval/0": None}

def check_correctness(name, _, problem, program, *rest):
    seen = Path("seen.txt")
    times = seen.read_text().count(program) if seen.exists() else 0
    with seen.open("a") as log:
        log.write(program + "\\n")
    if "slow" in program:
        time.sleep(0.2)
    if "silent" in program and times == 0:
        child = subprocess.Popen(["sleep", "600"])
        Path("child.txt").write_text(str(child.pid))
        time.sleep(600)
    if "late" in program and times == 0:
        return {"base": ("fail", [1]), "plus": ("fail", [])}
    if "deadly" in program or "kills once" in program and times == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    if "wrong" in program:
        return {"base": ("pass", [1, 1]), "plus": ("fail", [1])}
    return {"base": ("pass", [1, 1]), "plus": ("pass", [1, 1, 1])}
"""


WRONG = "def has_close_elements(*args):\n    return False  # wrong at the first plus input\n"


@pytest.fixture
def told(tmp_path: Path) -> dict[str, str]:
    """The environment of an evalplus that says what its programs ask for."""
    for name, text in {
        "data/__init__": """
            def get_human_eval_plus(): return {"HumanEval/0": {}}
            def get_mbpp_plus(): return {}
            get_human_eval_plus_hash = get_mbpp_plus_hash = lambda: "0"
        """,
        "eval/_special_oracle": "MBPP_OUTPUT_NOT_NONE_TASKS = []",
        "eval/__init__": "",
        "evaluate": CHECK,
        "__init__": "",
    }.items():
        file = tmp_path / "installed" / "evalplus" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text))
    return {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "work").mkdir()
    return tmp_path / "work"


def jobs(*programs: str) -> list[tuple[str, str, str, str]]:
    return [(program, "humaneval", "HumanEval/0", program) for program in programs]


def test_a_judge_that_dies_is_named_and_its_program_is_put_to_another(
    told: dict[str, str], folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    asked = jobs("right", "kills once", "wrong", "deadly", "right too")
    found = evalplus_side.judged(asked, folder, told, workers=2)
    assert {key: verdict.reason for key, verdict in found.items()} == {
        "right": "pass", "kills once": "pass", "wrong": "fail at plus input 1", "right too": "pass",
    }  # fmt: skip
    said = capfd.readouterr().err
    assert "evalplus died on kills once: SIGKILL, without a word; tried again" in said
    assert said.count("died on deadly") == 3 and "deadly: SIGKILL, without a word; left out" in said


def test_a_silent_judge_is_ended_with_all_it_started(
    told: dict[str, str], folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evalplus_side, "PATIENCE_S", 1.5)
    assert evalplus_side.judged(jobs("silent"), folder, told, workers=1)["silent"].passed
    assert "evalplus died on silent: it was silent for 2 s; tried again" in capfd.readouterr().err
    child = int((folder / "child.txt").read_text())
    assert wait_until(lambda: not is_alive(child))


def test_an_evalplus_that_does_not_start_says_why(folder: Path) -> None:
    told = {**os.environ, "PYTHONPATH": str(folder / "nothing"), "PYTHONNOUSERSITE": "1"}
    (folder / "evalplus.py").write_text("raise ImportError('no such wheel')")
    with pytest.raises(NotFound, match="evalplus does not run here: exit status 1") as caught:
        evalplus_side.judged(jobs("x"), folder, told, workers=2)
    assert caught.value.hint is not None and "--evalplus" in caught.value.hint


def answers(*programs: str) -> list[Answer]:
    problem = replace(find_task("humaneval").problems()[0], cases=CASES)
    return [
        Answer(key=f"answer {n}", dataset="humaneval", problem=problem, origin="test", program=p)
        for n, p in enumerate(programs)
    ]


def right(comment: str) -> str:
    return f"{find_task('humaneval').problems()[0].canonical}\n# {comment}\n"


def test_what_is_judged_is_not_judged_again_and_what_evalplus_alone_refuses_is(
    told: dict[str, str], folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "verdicts.jsonl"
    asked = answers(right("late"), right("fine"), WRONG)
    judge_all(asked, VerdictLog(file, ABOUT), folder, told, cpu_s=3.0, workers=1)
    seen = (folder / "seen.txt").read_text()
    assert seen.count("# late") == 2 and seen.count("# fine") == 1
    log = VerdictLog(file, ABOUT)
    assert [log.our(a).status for a in asked] == ["passed", "passed", "wrong"]  # type: ignore[union-attr]
    assert [log.their(a).reason for a in asked] == ["pass", "pass", "fail at plus input 1"]  # type: ignore[union-attr]
    before = file.read_bytes()
    judge_all(asked, log, folder, told, cpu_s=3.0, workers=1)
    assert (folder / "seen.txt").read_text() == seen and file.read_bytes() == before
    report(asked, log)
    said = capsys.readouterr().out
    assert "judged by both: 3 of 3 answers" in said
    assert "the same verdict, on base inputs and on all: 3 of 3" in said and "answer 2" not in said
    harsh = answers(right("wrong in their eyes"))
    judge_all(harsh, log, folder, told, cpu_s=3.0, workers=1)
    report(harsh, log)
    said = capsys.readouterr().out
    assert "on all: 0 of 1" in said and "answer 0 (test)\n  gemstead: passed (passed base, plus)" in said
    changed = replace(asked[1], program=f"{WRONG}\n")
    judge_all([changed], log, folder, told, cpu_s=3.0, workers=1)
    assert log.our(changed).status == "wrong" and log.our(asked[1]).passed  # type: ignore[union-attr]


def test_a_torn_last_line_is_left_out_and_written_again(told: dict[str, str], folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "verdicts.jsonl"
    asked = answers(right("one"), right("two"))
    judge_all(asked, VerdictLog(file, ABOUT), folder, told, cpu_s=3.0, workers=1)
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    log = VerdictLog(file, ABOUT)
    assert log.their(asked[0]) is not None and log.their(asked[1]) is None
    judge_all(asked, log, folder, told, cpu_s=3.0, workers=1)
    assert file.read_bytes() == whole


def test_a_file_begun_with_another_seed_is_refused(tmp_path: Path) -> None:
    VerdictLog(tmp_path / "a.jsonl", {"seed": 0})
    with pytest.raises(BadRequest, match=r"was begun with \{'seed': 0\}, this is \{'seed': 1\}"):
        VerdictLog(tmp_path / "a.jsonl", {"seed": 1})
    (tmp_path / "b.jsonl").write_text("[1]\n")
    with pytest.raises(BadRequest, match="holds no verdicts"):
        VerdictLog(tmp_path / "b.jsonl", {"seed": 1})


def test_killed_at_any_moment_it_goes_on_and_asks_nothing_twice_that_was_told(
    told: dict[str, str], folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "verdicts.jsonl"
    names = [f"slow {n}." for n in range(12)]
    code = dedent(f"""
        import sys; from pathlib import Path
        from benchmarks import evalplus_side
        from benchmarks.agreement import VerdictLog
        from tests.evals.test_agreement_benchmark import ABOUT, answers, jobs
        asked, log = answers(*{names!r}), VerdictLog(Path({str(file)!r}), ABOUT)
        todo = {{a.key: a for a in asked if log.their(a) is None}}
        work = [(a.key, "humaneval", "HumanEval/0", a.program) for a in todo.values()]
        told = {{**__import__("os").environ, "PYTHONPATH": {told["PYTHONPATH"]!r}}}
        evalplus_side.judged(work, Path({str(folder)!r}), told, 1, lambda k, t: log.add_theirs(todo[k], t))
    """)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    seen = folder / "seen.txt"
    for wanted in (3, 7):
        process = subprocess.Popen([sys.executable, "-c", code], env=environment, start_new_session=True)
        assert wait_until(lambda n=wanted: seen.exists() and seen.read_text().count("\n") >= n)  # type: ignore[misc]
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        time.sleep(0.5)  # the judge sees the end of its input and leaves
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    log = VerdictLog(file, ABOUT)
    assert all(log.their(answer) is not None for answer in answers(*names))
    assert 12 <= seen.read_text().count("\n") <= 12 + 2, "only what was in work at a death may be asked for twice"


def test_verdicts_agree_when_both_say_the_same_of_the_base_inputs_and_of_all() -> None:
    from benchmarks.agreement import Ours

    mine = Ours(status="wrong", parts=("base",), detail="")
    told = Told(base="pass", plus="fail", base_inputs=1, plus_inputs=1)
    assert agree(mine, told)
    assert not agree(replace(mine, parts=()), told)
    assert not agree(Ours(status="passed", parts=("base", "plus"), detail=""), told)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until(is_so: Callable[[], bool], timeout_s: float = 20.0) -> bool:
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.02)
    return False
