"""Result files: whole or refused, judged again to the same verdicts, and what was changed is named."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from gemstead.checkpoints.fingerprint import fingerprint
from gemstead.checkpoints.hub import embedded_folder
from gemstead.checkpoints.manifest import read_manifest
from gemstead.core.errors import BadRequest, NotFound
from gemstead.core.events import Event, Finished
from gemstead.core.generator import Description
from gemstead.core.requests import GenerationRequest
from gemstead.evals.prompts import ModelHere, all_sha256
from gemstead.evals.result_file import export_result, read_result
from gemstead.evals.run import RunSettings, run_evaluation
from gemstead.evals.score import Judge
from gemstead.evals.store import Store, StoredVerdict
from gemstead.evals.tasks import find_task
from gemstead.evals.tasks.humaneval import HumanEval
from gemstead.evals.verify import Verification, verify
from tests.evals.stored_runs import keep_run
from tests.fake_generator import ScriptedGenerator

NUM = 12
Change = Callable[[list[dict[str, Any]]], None]


class AsPebble(ScriptedGenerator):
    """Scripted answers under pebble's name and fingerprint, with the prompts pebble would have been sent."""

    def __init__(self) -> None:
        own = fingerprint(read_manifest(embedded_folder()))
        super().__init__(fingerprint=own)
        self._sent = ModelHere("pebble", own).ids

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Event]:
        async for event in super().generate(request):
            yield replace(event, prompt_ids=tuple(self._sent(request))) if isinstance(event, Finished) else event

    def describe(self) -> Description:
        return replace(super().describe(), name="pebble")


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.fixture(scope="module")
def store(judge: Judge, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """One run of a dozen problems called "scripted"."""
    store = Store(tmp_path_factory.mktemp("runs") / "runs.sqlite")
    run_evaluation(AsPebble(), RunSettings(limit=NUM), judge, store, name="scripted")
    return store


@pytest.fixture
def file(store: Store, tmp_path: Path) -> Path:
    file = tmp_path / "result.jsonl"
    export_result(store, "scripted", file)
    return file


def change(file: Path, how: Change, *, sealed: bool = True) -> None:
    """Edit a file's rows, and forge its digest too if `sealed`."""
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    how(rows)
    lines = [json.dumps(row) + "\n" for row in rows]
    if sealed:
        digest = hashlib.sha256("".join(lines[:-1]).encode()).hexdigest()
        lines[-1] = json.dumps({"kind": "end", "sha256": digest}) + "\n"
    file.write_text("".join(lines))


def checked(file: Path, judge: Judge, **options: Any) -> Verification:
    return verify(read_result(file), judge, **options)


def test_an_exported_run_is_verified(file: Path, judge: Judge) -> None:
    found = checked(file, judge)
    assert found.is_verified and found.num_same == NUM and not found.disagreements
    assert (found.wording.same, found.sent.same, found.is_prompts_digest_right) == (NUM, NUM, True)
    assert found.then.interval == found.now.interval and found.then.pass_at == found.now.pass_at
    assert found.unchecked() == ("that these answers came from these weights: only asking again shows it",)
    assert json.loads(json.dumps(found.as_json()))["is_verified"] is True


def test_the_header_says_what_a_stranger_needs(file: Path, store: Store) -> None:
    header = read_result(file).header
    run, task = store.run("scripted"), find_task("humaneval")
    assert (header.task, header.task_version, header.extractors) == (
        "humaneval",
        task.version,
        [task.extractor_version],
    )
    assert header.settings["limit"] == NUM and header.model["fingerprint"] == run.model["fingerprint"]
    assert header.sandbox == run.machine["sandbox"] and header.machine["processor"] == run.machine["processor"]
    answers = store.answers("scripted")
    assert header.prompts_sha256 == all_sha256({key: list(a.prompt_ids) for key, a in answers.items()})


def test_the_digest_can_be_checked_with_any_tool(file: Path) -> None:
    lines = file.read_bytes().splitlines(keepends=True)
    assert json.loads(lines[-1]) == {"kind": "end", "sha256": hashlib.sha256(b"".join(lines[:-1])).hexdigest()}


def test_a_gzipped_file_holds_the_same(file: Path, store: Store, tmp_path: Path) -> None:
    packed = tmp_path / "result.jsonl.gz"
    export_result(store, "scripted", packed)
    assert gzip.decompress(packed.read_bytes()) == file.read_bytes()
    assert read_result(packed).rows == read_result(file).rows


def test_folders_of_the_user_do_not_travel(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    secret = str(tmp_path / "someone" / "gemma")
    keep_run(store, "run", [True], model=secret, details={"drafter": {"name": f"../{secret}"}}, limit=1)
    export_result(store, "run", tmp_path / "result.jsonl")
    assert str(tmp_path) not in (tmp_path / "result.jsonl").read_text()
    header = read_result(tmp_path / "result.jsonl").header
    assert header.model["name"] == header.model["details"]["drafter"]["name"] == "gemma"


def test_a_forged_verdict_is_found_by_judging_again(file: Path, judge: Judge) -> None:
    def forge(rows: list[dict[str, Any]]) -> None:
        row = next(row for row in rows if row.get("problem") == "HumanEval/2")
        assert row["status"] == "wrong"
        row["status"] = "passed"

    change(file, forge)
    found = checked(file, judge)
    assert not found.is_verified and found.num_same == NUM - 1
    (one,) = found.disagreements
    assert (one.problem, one.then, one.now, one.is_same_program) == ("HumanEval/2", "passed", "wrong", True)
    assert found.then.pass_at[1] == pytest.approx(found.now.pass_at[1] + 1 / NUM)


def test_a_changed_answer_breaks_the_digest(file: Path) -> None:
    change(file, lambda rows: rows[1].update(text="I changed my mind."), sealed=False)
    with pytest.raises(BadRequest, match="was edited or damaged"):
        read_result(file)


def test_a_changed_answer_under_a_new_digest_gets_another_verdict(file: Path, judge: Judge) -> None:
    def weaken(rows: list[dict[str, Any]]) -> None:
        next(row for row in rows if row.get("problem") == "HumanEval/0")["text"] = "I changed my mind."

    change(file, weaken)
    (one,) = checked(file, judge).disagreements
    assert (one.problem, one.then, one.now, one.is_same_program) == ("HumanEval/0", "passed", "no_code", False)


def test_a_changed_prompt_is_named(file: Path, judge: Judge) -> None:
    change(file, lambda rows: rows[1].update(prompt_sha256="0" * 64, wording_sha256="1" * 64))
    found = checked(file, judge)
    first = next(iter(read_result(file).rows))
    assert found.sent.different == found.wording.different == (first,) and not found.is_verified
    assert not found.disagreements


def test_a_changed_digest_of_all_prompts_is_told(file: Path, judge: Judge) -> None:
    change(file, lambda rows: rows[0].update(prompts_sha256="0" * 64))
    found = checked(file, judge)
    assert found.is_prompts_digest_right is False and not found.is_verified


def test_answers_left_out_are_missed(file: Path, judge: Judge) -> None:
    def flatter(rows: list[dict[str, Any]]) -> None:
        rows[1:-1] = [row for row in rows[1:-1] if row["status"] == "passed"]
        rows[0]["num_answers"] = len(rows) - 2

    change(file, flatter)
    found = checked(file, judge)
    assert found.now.pass_at[1] == 1.0 and not found.disagreements
    assert ("HumanEval/2", 0) in found.absent and not found.is_verified
    assert any("missing from the file" in sentence for sentence in found.unchecked())


def test_another_task_version_is_told_and_does_not_count_as_verified(file: Path, judge: Judge) -> None:
    change(file, lambda rows: rows[0].update(task_version="1-0123456789abcdef"))
    found = checked(file, judge)
    assert found.num_same == NUM and not found.is_verified
    assert "the run had 1-0123456789abcdef" in found.unchecked()[0]


def test_another_extractor_is_told_and_equal_verdicts_still_count(
    file: Path, judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HumanEval, "extractor_version", "next")
    found = checked(file, judge)
    assert found.is_verified and "by version next here" in found.unchecked()[0] and found.other_programs == 0


def test_without_the_model_prompts_as_sent_are_not_known_and_said_so(file: Path, judge: Judge, tmp_path: Path) -> None:
    change(file, lambda rows: rows[0]["model"].update(fingerprint="e" * 64))
    found = checked(file, judge)
    assert found.sent.unknown == NUM and found.is_prompts_digest_right is None and found.is_verified
    assert any("eeeeeeeeeeee was asked" in sentence for sentence in found.unchecked())


def test_problems_the_task_does_not_have_are_refused(file: Path, judge: Judge) -> None:
    change(file, lambda rows: rows[1].update(problem="HumanEval/999"))
    with pytest.raises(BadRequest, match="'HumanEval/999'"):
        checked(file, judge)


def test_an_unknown_task_asks_for_an_update(file: Path, judge: Judge) -> None:
    change(file, lambda rows: rows[0].update(task="sorting"))
    with pytest.raises(NotFound, match="'sorting', which is unknown here") as caught:
        checked(file, judge)
    assert "update gemstead" in str(caught.value.hint)


def test_missing_data_is_an_error_that_names_the_cure(file: Path, judge: Judge, tmp_path: Path) -> None:
    with pytest.raises(NotFound) as caught:
        checked(file, judge, data=tmp_path / "none.jsonl")
    assert "none.jsonl" in caught.value.message and caught.value.hint


def test_a_newer_format_asks_for_an_update(file: Path) -> None:
    change(file, lambda rows: rows[0].update(format=99))
    with pytest.raises(BadRequest, match="newer gemstead") as caught:
        read_result(file)
    assert caught.value.hint == "update gemstead"


@pytest.mark.parametrize("name", ["result.jsonl", "result.jsonl.gz"])
def test_a_file_cut_anywhere_is_refused(store: Store, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    export_result(store, "scripted", file)
    whole = file.read_bytes()
    lines = whole.splitlines(keepends=True)
    ends = [0, 1, len(lines[0]), len(whole) // 2, len(whole) - len(lines[-1]), len(whole) - 3]
    for end in ends:
        file.write_bytes(whole[:end])
        with pytest.raises(BadRequest, match=r"truncated|no result file"):
            read_result(file)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        (lambda rows: rows[1].pop("text"), "line 2: field text is missing"),
        (lambda rows: rows[1].update(sample="0"), "line 2: field sample is no int"),
        (lambda rows: rows[1].update(status="brilliant"), "status is 'brilliant'"),
        (lambda rows: rows.insert(2, rows[1]), "stands in the file twice"),
        (lambda rows: rows.pop(1), "12 answers announced, 11 found"),
        (lambda rows: rows.pop(0), "this is no result file"),
        (lambda rows: rows.insert(1, rows[-1]), "line 3: there is more after the digest"),
    ],
)
def test_rows_that_make_no_sense_are_refused_by_line(file: Path, how: Change, words: str) -> None:
    change(file, how)
    with pytest.raises(BadRequest, match=words):
        read_result(file)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "result.jsonl"
    file.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(BadRequest, match="line 1: damaged"):
        read_result(file)
    with pytest.raises(NotFound, match="there is no result file"):
        read_result(tmp_path / "none.jsonl")


def test_an_unfinished_run_is_not_exported(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    keep_run(store, "half", [True, False], limit=3)
    with pytest.raises(BadRequest, match="1 of 3 answers are missing") as caught:
        export_result(store, "half", tmp_path / "result.jsonl")
    assert "--resume half" in str(caught.value.hint) and not (tmp_path / "result.jsonl").exists()


def test_answers_that_never_came_count_neither_way(judge: Judge, tmp_path: Path) -> None:
    store = Store(tmp_path / "runs.sqlite")
    keep_run(store, "run", [True], limit=2)
    lost = StoredVerdict(
        problem="HumanEval/1", sample=0, extractor="1", program=None, how="", status="error", passed=False,
        detail="no answer: the line went dead", cpu_s=0.0, wall_s=0.0, is_near_limit=False,
    )  # fmt: skip
    store.add_verdict("run", 1, lost)
    export_result(store, "run", tmp_path / "result.jsonl")
    found = checked(tmp_path / "result.jsonl", judge)
    assert found.num_unanswered == 1 and found.num_same == 1 and not found.absent
    assert found.then.num_errors == found.now.num_errors == 1 and found.is_verified
