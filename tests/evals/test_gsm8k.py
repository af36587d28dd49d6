"""GSM8K: what is asked, that every published answer passes, and a run from question to report without a sandbox."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gemstead.cli.main import app
from gemstead.core.errors import BadRequest, NotFound, SandboxUnavailable
from gemstead.core.events import Event, Finished, TextDelta, Usage
from gemstead.core.generator import Description
from gemstead.core.requests import GenerationRequest, Sampling
from gemstead.evals import score
from gemstead.evals.compare import compare, read_side
from gemstead.evals.defects import KNOWN_DEFECTS
from gemstead.evals.report import build_report, select
from gemstead.evals.report_page import render_report
from gemstead.evals.result_file import export_result, read_result
from gemstead.evals.run import EvaluationRun, RunSettings, rescore, run_evaluation
from gemstead.evals.score import NO_SANDBOX, Job, Judge
from gemstead.evals.store import Store
from gemstead.evals.task import Problem
from gemstead.evals.tasks import runs_programs
from gemstead.evals.tasks.gsm8k import FILE, STOP_STRINGS, Gsm8k
from gemstead.evals.tasks.humaneval import HumanEval
from gemstead.evals.verify import verify
from tests.shared_data import SHARED, needs_shared

DATA = SHARED / "data" / "gsm8k_test.jsonl"
NUM = 24
pytestmark = needs_shared


class Pupil:
    """Answers by number: wrongly, without a number, without the mark, or as asked."""

    def __init__(self, task: Gsm8k, precision: str = "bf16") -> None:
        self._problems = task.problems()
        self._precision = precision

    def describe(self) -> Description:
        return Description(
            name="pupil", family="script", precision=self._precision, device="cpu", context_tokens=4096,
            fingerprint="f" * 64,
        )  # fmt: skip

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Event]:
        assert request.messages is not None
        text = str(request.messages[0].content)
        number = next(n for n, p in enumerate(self._problems) if question(p) in text)
        value = self._problems[number].canonical.removeprefix("#### ")
        said = {0: "I do not know.", 1: f"It is {value}1.", 2: f"So the answer is **${value}**."}
        yield TextDelta(text=said.get(number % 6, f"Thinking of 7 eggs.\n#### {value}"))
        yield Finished(reason="stop", usage=Usage(prompt_tokens=9, completion_tokens=9), token_ids=(1,), seed=0)


def question(problem: Problem) -> str:
    return problem.prompt.removeprefix("Question: ").partition("\nAnswer, step")[0]


@pytest.fixture(scope="module")
def task() -> Gsm8k:
    return Gsm8k(DATA)


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(runs_programs=False)


@pytest.fixture(scope="module")
def finished(task: Gsm8k, judge: Judge, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, EvaluationRun]:
    store = Store(tmp_path_factory.mktemp("store") / "runs.sqlite")
    settings = RunSettings(task="gsm8k", data=str(DATA), limit=NUM)
    run = run_evaluation(Pupil(task), settings, judge, store, name="first")
    run_evaluation(Pupil(task, "int8"), settings, judge, store, name="second")
    return store, run


def verdict_of(judge: Judge, task: Gsm8k, number: int, answer: str) -> tuple[str, tuple[str, ...], str]:
    problem = task.problems()[number]
    found = task.extract(problem, answer, style="chat")
    verdict = judge.submit(Job(key="x", problem=problem, program=found.program)).result()
    return verdict.status, verdict.parts, verdict.detail


def test_every_published_answer_passes_strictly(task: Gsm8k, judge: Judge) -> None:
    rows = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
    assert len(task.problems()) == 1319 and task.version == f"1-{FILE.rows_sha256[:16]}"
    report = judge.check_canonical(task.problems())
    assert report.failures == () and all(v.parts == ("strict", "flexible") for v in report.verdicts)
    for number, row in enumerate(rows):
        assert verdict_of(judge, task, number, row["answer"])[0] == "passed"


def test_a_published_answer_passes_flexibly_without_its_mark_and_never_when_it_is_another(
    task: Gsm8k, judge: Judge
) -> None:
    for number, problem in enumerate(task.problems()):
        value = problem.canonical.removeprefix("#### ")
        assert verdict_of(judge, task, number, f"So it is {value}.")[:2] == ("passed", ("flexible",))
        assert verdict_of(judge, task, number, f"#### {value}1")[:2] == ("wrong", ())


def test_published_workings_without_their_last_line_are_read_right_but_for_a_handful(task: Gsm8k, judge: Judge) -> None:
    """The handful: results in other units than asked (cents), rounding in words, sentences that end in a condition."""
    rows = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
    workings = [re.sub(r"<<[^>]*>>", "", row["answer"].rpartition("####")[0]) for row in rows]
    missed = {n for n, text in enumerate(workings) if verdict_of(judge, task, n, text)[0] != "passed"}
    assert missed <= {226, 493, 505, 593, 607, 635, 669, 853, 1038, 1243}


def test_strict_is_what_was_asked_for_and_flexible_what_was_meant(task: Gsm8k, judge: Judge) -> None:
    assert verdict_of(judge, task, 0, "#### 18")[:2] == ("passed", ("strict", "flexible"))
    assert verdict_of(judge, task, 0, "She makes \\boxed{\\$18.00}.")[:2] == ("passed", ("flexible",))
    assert verdict_of(judge, task, 0, "18\n#### 19") == ("wrong", (), "#### 19 is 19, not 18")
    assert verdict_of(judge, task, 0, "18 or so\n#### 18/0") == ("wrong", (), "#### 18/0 has no value, not 18")
    assert verdict_of(judge, task, 0, "None.") == ("no_code", (), "the answer holds no number")
    assert verdict_of(judge, task, 0, "<think>18") == ("no_code", (), "the answer holds no number")
    assert verdict_of(judge, task, 0, "<think>17</think>It is 18.")[0] == "passed"


def test_a_chat_is_told_the_question_and_the_mark(task: Gsm8k) -> None:
    request = task.request(task.problems()[1], style="chat", thinking=True, sampling=Sampling(), max_tokens=7)
    assert request.messages is not None and request.thinking
    assert str(request.messages[0].content).startswith("A robe takes 2 bolts of blue fiber and half that much white")
    assert str(request.messages[0].content).endswith("such as\n\n#### 7")


def test_a_base_model_continues_question_and_answer(task: Gsm8k) -> None:
    request = task.request(task.problems()[1], style="base", thinking=False, sampling=Sampling(), max_tokens=7)
    assert request.text is not None and request.text.startswith("Question: A robe takes") and request.text[-1] == "\n"
    assert request.stop == STOP_STRINGS
    ran_on = "2 + 1 = 3\n#### 3\n\nProblem: 1 + 1\n#### 2"
    assert task.extract(task.problems()[1], ran_on, style="base").program == "#### 3"
    with pytest.raises(BadRequest, match="thinking with style base"):
        task.request(task.problems()[1], style="base", thinking=True, sampling=Sampling(), max_tokens=7)


def test_an_item_whose_answer_contradicts_its_own_working_is_known(task: Gsm8k) -> None:
    assert [p.id for p in task.problems() if p.known_defect] == list(KNOWN_DEFECTS["gsm8k"])


def test_a_run_says_both_scores_and_the_headline_is_the_flexible_one(finished: tuple[Store, EvaluationRun]) -> None:
    _, run = finished
    assert run.summary.pass_at[1] == pytest.approx(4 / 6) and run.summary.pass_at_1_parts == {
        "strict": pytest.approx(3 / 6)
    }
    assert run.summary.statuses == {"passed": 16, "wrong": 4, "no_code": 4} and not run.summary.runs_programs
    assert run.verdicts["GSM8K/2", 0].program == "$70000" and run.verdicts["GSM8K/2", 0].how == "after the words"


def test_no_sandbox_is_looked_for_and_the_record_says_so(
    finished: tuple[Store, EvaluationRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _ = finished
    assert store.run("first").machine["sandbox"] == NO_SANDBOX

    def no_rung(**_: object) -> None:
        raise SandboxUnavailable("this machine confines nothing")

    monkeypatch.setattr(score, "climb", no_rung)
    assert Judge(runs_programs=runs_programs(["gsm8k"])).sandbox == NO_SANDBOX
    with pytest.raises(SandboxUnavailable):
        Judge(runs_programs=runs_programs(["gsm8k", "humaneval"]))


def test_a_judge_without_a_sandbox_refuses_programs(judge: Judge) -> None:
    problem = HumanEval().problems()[0]
    with pytest.raises(BadRequest, match="HumanEval/0 is answered by a program, and this judge has no sandbox"):
        judge.submit(Job(key="x", problem=problem, program=problem.canonical))


def test_stored_answers_are_scored_again_compared_exported_and_verified(
    finished: tuple[Store, EvaluationRun], judge: Judge, tmp_path: Path
) -> None:
    store, run = finished
    assert rescore("first", judge, store).summary.pass_at == run.summary.pass_at
    found = compare([read_side(store, "first"), read_side(store, "second")])
    assert found.differences[0].lost == found.differences[0].gained == ()
    export_result(store, "first", tmp_path / "result.jsonl")
    checked = verify(read_result(tmp_path / "result.jsonl"), judge, data=DATA)
    assert checked.is_verified and checked.num_same == NUM and checked.sandbox == NO_SANDBOX


def test_a_report_speaks_of_numbers_not_of_code(finished: tuple[Store, EvaluationRun]) -> None:
    store, _ = finished
    report = build_report(select(store, ["first"]))
    page = render_report(report)
    assert "no number found" in page and "no code found" not in page
    assert "50.0\u00a0% strictly: of the numbers written as asked, after ####" in page
    assert not any("reasons first" in o for row in report.published["gsm8k"] for o in row.obstacles)


def test_samples_are_judged_from_a_file(tmp_path: Path) -> None:
    samples, out = tmp_path / "samples.jsonl", tmp_path / "out.jsonl"
    rows = [{"task_id": "GSM8K/0", "completion": text} for text in ("#### 18", "It is 18.", "19")]
    samples.write_text("".join(json.dumps(row) + "\n" for row in rows))
    ended = CliRunner().invoke(app, ["judge", "gsm8k", str(samples), "--out", str(out), "--data", str(DATA)])
    assert ended.exit_code == 0, ended.output
    told = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(row["passed"], row["parts"], row["program"]) for row in told] == [
        (True, ["strict", "flexible"], "#### 18"),
        (True, ["flexible"], "18"),
        (False, [], "19"),
    ]
    assert "2 of 3 passed" in ended.stderr and "33.3% strictly" in ended.stderr


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    lines = DATA.read_text("utf-8").replace("#### 18", "It is 18", 1)
    (tmp_path / "cut.jsonl").write_text(lines)
    with pytest.raises(NotFound, match="row 1: the answer does not end in #### and a number"):
        Gsm8k(tmp_path / "cut.jsonl")
    (tmp_path / "gsm8k_test.jsonl").write_text(lines.split("\n")[1])
    with pytest.raises(NotFound, match=r"holds 1 rows; gsm8k_test\.jsonl has 1319"):
        Gsm8k(tmp_path)
