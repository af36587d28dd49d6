"""Markdown text in; its fenced blocks, and the text outside them, out. One pass over the lines.

Follows CommonMark 0.31, section 4.5, and then what models write: a fence after prose or a list marker, a closing fence
at the end of a code line, code on the opening line, a new tagged fence where the old one was never closed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A fence at the start of a line, after quotation and list marks.
_FENCE = re.compile(r"(?P<lead>[ \t]*(?:>[ \t]?|[-*+][ \t]+|\d{1,3}[.)][ \t]+)*)(?P<mark>`{3,}|~{3,})(?P<info>.*)")
_PYTHON = r"(?:i?python[\d.]*|py[\d.]*|pycon|pyi|sage)"
_LATE_OPENING = re.compile(rf"(?:^|[^`])(?P<mark>```)[ \t]*(?P<info>{_PYTHON})[ \t]*$", re.IGNORECASE)
_TAG = re.compile(r"[ \t]*(?P<tag>\{?\.?[A-Za-z][\w+#.-]*)?(?P<rest>.*)")
_CODE_ON_THE_LINE = re.compile(
    rf"[ \t]*(?:{_PYTHON}[ \t]+)?(?P<code>(?:async def|def|from|import|class|return)[ \t]+\w.*|@\w.*)"
)
_MAX_DEPTH = 3


@dataclass(frozen=True, kw_only=True)
class Block:
    """One fenced block.

    Args:
        tag: First word of the info string, lower case; empty when there is none.
        text: What stands between the fences.
        is_closed: Whether a closing fence was found.
    """

    tag: str
    text: str
    is_closed: bool

    @property
    def may_be_python(self) -> bool:
        """Whether the tag names Python, or nothing that is another language for certain."""
        return not self.tag or bool(re.fullmatch(_PYTHON, self.tag)) or self.tag in _NOT_A_LANGUAGE


_NOT_A_LANGUAGE = {"text", "txt", "plaintext", "plain", "code", "markdown", "md", "solution", "function", "none"}


@dataclass(frozen=True, kw_only=True)
class Fenced:
    """A text taken apart.

    Args:
        blocks: Fenced blocks in order of their opening.
        outside: The lines that stand in none of them.
        after: The lines below the last block.
        span: Everything from the first opening fence to the last closing one, as if there were no fence between.
    """

    blocks: tuple[Block, ...]
    outside: str
    after: str
    span: str


def starts_with_fence(text: str) -> bool:
    """Whether the first line with anything on it opens a fence."""
    return _FENCE.match(text.lstrip("\n \t")) is not None


def cut_at_closing_fence(text: str) -> str:
    """What stands before the first line that is nothing but a fence."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if line.strip() and not line.strip("` \t"):
            return "\n".join(lines[:i])
    return text


def take_apart(text: str, *, depth: int = 0) -> Fenced:
    """Find the fenced blocks of a text. A block of Markdown is taken apart in its turn."""
    lines = text.split("\n")
    blocks: list[Block] = []
    outside: list[str] = []
    body: list[str] = []
    opening: _Opening | None = None
    fence_lines: list[int] = []
    for i, line in enumerate(lines):
        fence = _FENCE.match(line)
        if opening is None:
            opening = _open(line, fence)
            if opening is None:
                outside.append(line)
            else:
                outside.append(opening.before)
                body = [opening.first] if opening.first else []
                fence_lines.append(i)
        elif fence is not None and opening.is_closed_by(fence):
            blocks += _finish(opening, body, True, depth)
            opening = None
            fence_lines.append(i)
        elif fence is not None and opening.is_followed_by(fence):
            blocks += _finish(opening, body, False, depth)
            opening = _open(line, fence)
            assert opening is not None
            body = [opening.first] if opening.first else []
            fence_lines.append(i)
        elif line.endswith(opening.mark) and _ends_a_line_of_code(line, opening.mark):
            body.append(opening.unindent(line.rstrip("`~")))
            blocks += _finish(opening, body, True, depth)
            opening = None
            fence_lines.append(i)
        else:
            body.append(opening.unindent(line))
    if opening is not None:
        blocks += _finish(opening, body, False, depth)
    below = fence_lines[-1] + 1 if fence_lines and opening is None else len(lines)
    span = ""
    if fence_lines:
        last = fence_lines[-1] if opening is None else len(lines)
        span = "\n".join(lines[fence_lines[0] + 1 : last])
    return Fenced(blocks=tuple(blocks), outside="\n".join(outside), after="\n".join(lines[below:]), span=span)


@dataclass(frozen=True)
class _Opening:
    before: str
    lead: str
    mark: str
    tag: str
    first: str

    def is_closed_by(self, fence: re.Match[str]) -> bool:
        # Deeper than the opening by four columns or more is text inside the block, such as a fence in a docstring.
        is_long_enough = fence["mark"][0] == self.mark[0] and len(fence["mark"]) >= len(self.mark)
        return is_long_enough and not fence["info"].strip("`~ \t*.") and not self._is_inside(fence)

    def is_followed_by(self, fence: re.Match[str]) -> bool:
        is_tagged = re.fullmatch(rf"[ \t]*{_PYTHON}[ \t]*", fence["info"], re.IGNORECASE) is not None
        is_same = fence["mark"] == self.mark
        return is_tagged and is_same and self.tag not in {"markdown", "md"} and not self._is_inside(fence)

    def _is_inside(self, fence: re.Match[str]) -> bool:
        return _width(fence["lead"]) >= _width(self.lead) + 4

    def unindent(self, line: str) -> str:
        """Take the opening's own indentation and quotation marks off a line."""
        if ">" in self.lead:
            return re.sub(r"^[ \t]*(?:>[ \t]?){1,8}", "", line, count=1)
        width = _width(self.lead)
        lead = len(line) - len(line.lstrip(" "))
        return line[min(width, lead) :]


def _open(line: str, fence: re.Match[str] | None) -> _Opening | None:
    if fence is None:
        late = _LATE_OPENING.search(line) if "```" in line else None
        return late and _Opening(line[: late.start("mark")], "", "```", late["info"].lower(), "")
    info = fence["info"]
    if fence["mark"][0] == "`" and "`" in info:
        return None  # code in a line of prose, not a fence
    code = _CODE_ON_THE_LINE.fullmatch(info)
    if code is not None:
        return _Opening("", fence["lead"], fence["mark"], "python", code["code"])
    tag = _TAG.match(info)
    assert tag is not None
    return _Opening("", fence["lead"], fence["mark"], (tag["tag"] or "").lstrip("{.").lower(), "")


def _finish(opening: _Opening, body: list[str], is_closed: bool, depth: int) -> list[Block]:
    if not is_closed:
        # A fence set in too far to close the block, and not half of a pair: it was meant to.
        deeper = [i for i, line in enumerate(body) if line.strip() == opening.mark]
        body = body[: deeper[-1]] if len(deeper) % 2 else body
    text = "\n".join(body)
    if depth < _MAX_DEPTH and opening.tag in {"", "markdown", "md", "text"} and _holds_fence(body):
        inner = take_apart(text, depth=depth + 1).blocks
        if inner:
            return list(inner)
    return [Block(tag=opening.tag, text=text, is_closed=is_closed)]


def _holds_fence(body: list[str]) -> bool:
    return any(match is not None and _width(match["lead"]) < 4 for match in map(_FENCE.match, body))


def _ends_a_line_of_code(line: str, mark: str) -> bool:
    code = line[: -len(mark)]
    return bool(code.strip()) and mark not in code and not code.rstrip().endswith(("`", "~", "#"))


def _width(lead: str) -> int:
    return len(lead.expandtabs(4))
