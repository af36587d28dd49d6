"""Characters that editors, chat windows and terminals put into code: out they go, in a fixed order of boldness."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

# Invisible: byte-order mark, zero-width spaces and joiners, soft hyphen, direction marks. NUL as well.
_INVISIBLE = dict.fromkeys([0x00, 0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF])
_LOOKALIKES = {
    **dict.fromkeys([0x0B, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " "),
    **dict.fromkeys([0x2028, 0x2029, 0x85], "\n"),
    **dict.fromkeys([0x2018, 0x2019, 0x201A, 0x2032], "'"),
    **dict.fromkeys([0x201C, 0x201D, 0x201E, 0x2033], '"'),
    **dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212], "-"),
    # Full-width forms of ! to ~ lie 0xFEE0 above the plain ones.
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
}
_REPAIRS = {**_INVISIBLE, **_LOOKALIKES}
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|nbsp|#39|#x27|#34);")
_TAG = re.compile(r"</?(?:pre|code|br)\b[^<>\n]*>")
HTML_NAMES = frozenset({"lt", "gt", "amp", "quot", "apos", "nbsp"})
"""Names that escaped HTML shows when it happens to parse: `a &lt; b` is `a & lt` and more."""
_TRANSCRIPT = re.compile(r"^[ \t]*(?:>>>|In \[\d*\]:)(?: |$)", re.MULTILINE)
_TRANSCRIPT_LINE = re.compile(r"[ \t]*(?:>>>|\.\.\.|In \[\d*\]:|[ ]+\.\.\.:)(?: (?P<code>.*))?")
_NUMBERED_LINE = re.compile(r"[ \t]*\d{1,4}(?:[.:|)]| \||\t)?(?: (?P<code>.*))?")
_QUOTED_LINE = re.compile(r"^(?:>(?!>) ?|\+(?!\+))", re.MULTILINE)
_CODING = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")


def normalised(text: str) -> str:
    """Plain line ends, no byte-order mark in front, and nothing that cannot be written as UTF-8."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return text.encode("utf-8", "replace").decode("utf-8")


def variants(code: str) -> Iterator[str]:
    """The code as written, then with one change after another, boldest last. No text comes twice in a row."""
    yield code
    for change in (_dedented, _without_transcript, _unquoted, _repaired, _without_line_numbers, _unescaped):
        changed = _dedented(change(code))
        if changed != code:
            yield changed
        code = changed


def holds_entities(code: str) -> bool:
    """Whether escaped HTML stands in it."""
    return _ENTITY.search(code) is not None


def without_coding_line(code: str) -> str:
    """The code without an encoding declaration in its first two lines: it is text already."""
    lines = code.split("\n")
    return "\n".join(line for i, line in enumerate(lines) if i > 1 or not _CODING.match(line))


def _dedented(code: str) -> str:
    """Take the indentation of the first line that has any text off every line that has it."""
    first = next((line for line in code.split("\n") if line.strip()), "")
    lead = first[: len(first) - len(first.lstrip(" \t"))]
    if not lead:
        return code
    return "\n".join(line.removeprefix(lead) if line.strip() else "" for line in code.split("\n"))


def _without_transcript(code: str) -> str:
    """The typed lines of an interactive session, without prompts and without what it printed."""
    if not _TRANSCRIPT.search(code):
        return code
    typed = (_TRANSCRIPT_LINE.fullmatch(line) for line in code.split("\n"))
    return "\n".join(match["code"] or "" for match in typed if match is not None)


def _unquoted(code: str) -> str:
    """Without the marks of a quotation, or of the added lines of a diff, in column 0."""
    return _QUOTED_LINE.sub("", code)


def _repaired(code: str) -> str:
    repaired = code.translate(_REPAIRS)
    return repaired.replace("\\_", "_") if "\\_" in repaired else repaired


def _without_line_numbers(code: str) -> str:
    lines = [line for line in code.split("\n") if line.strip()]
    matches = [_NUMBERED_LINE.fullmatch(line) for line in lines]
    if len(lines) < 2 or any(match is None for match in matches):
        return code
    return "\n".join(match["code"] or "" for match in matches if match is not None)


def _unescaped(code: str) -> str:
    if not _ENTITY.search(code) and not _TAG.search(code):
        return code
    return _repaired(html.unescape(_TAG.sub("\n", code)))
