"""A page is complete in itself, and nothing a model wrote gets out of its place."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from gemstead.core.errors import BadRequest, OutOfCapacity
from gemstead.report import page
from gemstead.report.page import data_block, render_page, write_page

HOSTILE = ["</script><img src=x onerror=alert(1)>", "<!--<script>", "]]>", "&amp;", "\u2028\u2029", "\x00", "é 🦀"]


def test_a_data_block_gives_back_what_was_put_in_and_cannot_be_left() -> None:
    block = data_block("data", HOSTILE)
    head, body = block.split(">", 1)
    text, tail = body.rsplit("</script>", 1)
    assert head == '<script type="application/json" id="data"' and tail == ""
    assert "<" not in text and json.loads(text) == HOSTILE


def test_only_the_script_that_came_with_the_page_may_run() -> None:
    made = render_page("page", {"title": "<b>"}, script="evaluation")
    source = re.search(r"<script>(.*)</script>", made, flags=re.S)
    assert source is not None
    digest = base64.b64encode(hashlib.sha256(source[1].encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', made)
    assert policy is not None
    said = policy[1].replace("&#39;", "'")
    assert said.startswith("default-src 'none';") and said.endswith(f"script-src 'sha256-{digest}'")
    assert "<title>&lt;b&gt;</title>" in made
    assert "script-src 'none'" in render_page("page", {"title": ""}).replace("&#39;", "'")


def test_a_page_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.html"
    write_page(file, "old")
    write_page(file, "new \udc80")
    assert file.read_text() == "new \\udc80" and [p.name for p in tmp_path.iterdir()] == ["a.html"]
    with pytest.raises(BadRequest, match="cannot be written: No such file") as raised:
        write_page(tmp_path / "none" / "a.html", "x")
    assert raised.value.hint == "name another file with `--out`"

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(page.Path, "replace", full)
    with pytest.raises(OutOfCapacity, match="no room to write it"):
        write_page(file, "newest")
    assert file.read_text() == "new \\udc80" and [p.name for p in tmp_path.iterdir()] == ["a.html"]
