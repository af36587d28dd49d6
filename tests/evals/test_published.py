"""Data files: fetched once and checked, or given by hand; what is wrong is told with its cure."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gemstead.core.errors import Infrastructure, NotFound
from gemstead.evals.published import PublishedFile, read_published, read_rows, rows_digest
from tests.evals.file_stand_in import FileStandIn

ROWS = [{"task_id": "x/0", "atol": 0}, {"task_id": "x/1", "atol": 0.5}]
LINES = "\n".join(map(json.dumps, ROWS)).encode()
FILE = PublishedFile(
    name="X.jsonl.gz",
    url="http://127.0.0.1:9/nothing",
    rows_sha256=rows_digest(ROWS),
    num_rows=2,
    fields={"task_id": str, "atol": (int, float)},
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("GEMSTEAD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    yield tmp_path / "home"


def test_a_file_is_fetched_once_and_kept(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with FileStandIn(gzip.compress(LINES, mtime=0)) as there:
        file = replace(FILE, url=there.url)
        first = read_published(file)
        assert list(first.rows) == ROWS and first.path == home / "data" / "X.jsonl.gz"
        assert read_published(file).rows == first.rows
        assert there.requests == ["/file"]
    captured = capsys.readouterr()
    assert "X.jsonl.gz: 100%" in captured.err and captured.out == ""
    assert [f.name for f in (home / "data").iterdir()] == ["X.jsonl.gz"]


@pytest.mark.parametrize("form", ["lines", "lines.gz", "list", "indented list", "list.gz", "spaced"])
def test_every_published_packing_of_the_same_rows_is_the_same(tmp_path: Path, form: str) -> None:
    data = {
        "lines": LINES,
        "lines.gz": gzip.compress(LINES, mtime=0),
        "list": json.dumps(ROWS).encode(),
        "indented list": json.dumps(ROWS, indent=2).encode(),
        "list.gz": gzip.compress(json.dumps(ROWS).encode()),
        "spaced": LINES.replace(b"\n", b"\r\n\n") + b"\n",
    }[form]
    (tmp_path / "given").write_bytes(data)
    given = read_published(FILE, tmp_path / "given")
    assert given.sha256 == FILE.rows_sha256 and list(given.rows) == ROWS


def test_a_given_file_may_hold_other_rows_and_has_another_digest(tmp_path: Path) -> None:
    (tmp_path / "given").write_bytes(LINES.replace(b"0.5", b"0.25"))
    assert read_published(FILE, tmp_path / "given").sha256 != FILE.rows_sha256


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "there is no data file"),
        (b"{}\n{}", "row 1: field task_id is missing"),
        (LINES.replace(b'"x/1"', b"7"), "row 2: field task_id is missing or of the wrong kind"),
        (LINES + b"\n{", "line 3: "),
        (LINES + b"\n" + LINES, "holds 4 rows; X.jsonl.gz has 2"),
        (gzip.compress(LINES, mtime=0)[:-9], "gzip data is damaged"),
        (b"\xff\xfe", "cannot be read"),
        (b"[1, 2]", "row 1: field task_id"),
        (b"[", "cannot be read"),
        (b"", "holds 0 rows"),
    ],
)
def test_a_wrong_given_file_is_told_with_its_cure(tmp_path: Path, content: bytes | None, says: str) -> None:
    if content is not None:
        (tmp_path / "given").write_bytes(content)
    with pytest.raises(NotFound, match=says) as caught:
        read_published(FILE, tmp_path / "given")
    assert "hint: give the published file X.jsonl.gz, from http://127.0.0.1:9/nothing" in str(caught.value)


@pytest.mark.parametrize(
    ("body", "status", "announced", "says"),
    [
        (LINES.replace(b"0.5", b"0.6"), 200, None, "the published ones have"),
        (b"<html>Please log in</html>", 200, None, "sent something else"),
        (b"not found", 404, None, "404"),
        (gzip.compress(LINES, mtime=0), 200, 10_000, "cannot be fetched"),
    ],
    ids=["other rows", "a login page", "not found", "a broken line"],
)
def test_what_arrives_wrong_is_not_kept(home: Path, body: bytes, status: int, announced: int | None, says: str) -> None:
    with FileStandIn(body, status, announced) as there:
        with pytest.raises(Infrastructure, match=says) as caught:
            read_published(replace(FILE, url=there.url))
        assert "--data FILE" in str(caught.value)
        assert list((home / "data").iterdir()) == []


def test_a_closed_port_is_told() -> None:
    with pytest.raises(Infrastructure, match="cannot be fetched"):
        read_published(FILE)


def test_offline_nothing_is_asked_and_the_cure_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(NotFound, match="not on this machine, and HF_HUB_OFFLINE") as caught:
        read_published(FILE)
    assert "fetch http://127.0.0.1:9/nothing elsewhere and give it with `--data FILE`" in str(caught.value)


def test_a_kept_file_that_was_changed_is_refused(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    FILE.kept_at.write_bytes(LINES.replace(b"0.5", b"0.6"))
    with pytest.raises(NotFound, match="the published ones have") as caught:
        read_published(FILE)
    assert "remove it" in str(caught.value)


def test_lines_are_split_at_line_feeds_alone(tmp_path: Path) -> None:
    (tmp_path / "f").write_text('{"a": "\u2028\u0085"}\n', encoding="utf-8")
    assert read_rows(tmp_path / "f") == [{"a": "\u2028\u0085"}]
