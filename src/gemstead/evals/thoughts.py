"""A raw answer in; what the model said outside its thoughts, out.

A marker counts where a model would emit it, not where somebody writes about it: a marker in quotation marks or
backticks is a mention, and so is one inside a fenced block of the answer.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from gemstead.evals.task import AnswerStyle

# Opening and closing markers. Gemma 4's channel first; the others are what published reasoning models write.
_PAIRS = (
    ("<|channel>", "<channel|>"),
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("[THINK]", "[/THINK]"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|channel|>analysis<|message|>", "<|channel|>final<|message|>"),
)
_CLOSER_OF = {opener.lower(): closer.lower() for opener, closer in _PAIRS}
_MARKER = re.compile("|".join(re.escape(m) for pair in _PAIRS for m in pair), re.IGNORECASE)
# Where a turn ends: Gemma 4, Gemma 3, and the usual names elsewhere. Text after one is not part of the answer.
_END_OF_TURN = re.compile(
    r"<turn\|>|<end_of_turn>|<eos>|</s>|<\|(?:im_end|endoftext|eot_id|eom_id|end_of_text|return|file_separator)\|>"
)
_START_OF_TURN = re.compile(
    r"\s*(?:<bos>|<s>|<\|turn>model\n|<start_of_turn>model\n|<\|im_start\|>assistant\n|<\|python_tag\|>)+"
)
_FENCE_LINE = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_QUOTES = "\"'`"


def spoken(answer: str, style: AnswerStyle) -> str | None:
    """The answer without thoughts and turn markers.

    In style "thinking" every thought is taken out, wherever it stands, and a closing marker without an opening one
    means that the thought began in the prompt. In style "chat" only a thought at the very start is one: later on the
    same characters are part of a program or of prose about it. In style "base" there are no thoughts.

    Returns:
        What is left; `None` when it is nothing because a thought was never closed.
    """
    answer = _START_OF_TURN.sub("", answer, count=1) if _START_OF_TURN.match(answer) else answer
    if style == "thinking" or (style == "chat" and _opens(answer)):
        without = _without_thoughts(answer, only_leading=style == "chat")
        if without is None:
            return None
        answer = without
    return _first_turn(answer)


def _opens(text: str) -> bool:
    marker = _MARKER.match(text.lstrip())
    return marker is not None and marker[0].lower() in _CLOSER_OF


def _without_thoughts(text: str, *, only_leading: bool) -> str | None:
    kept: list[str] = []
    fences = [match.start() for match in _FENCE_LINE.finditer(text)]
    position = 0  # start of the text not yet looked at
    closer = ""  # what ends the thought we are in; empty outside one
    end = len(text.rstrip())
    for marker in _MARKER.finditer(text):
        name = marker[0].lower()
        if marker.start() < position or _is_mention(text, marker):
            continue
        if closer:
            if name == closer:
                closer, position = "", marker.end()
        elif only_leading and position:
            break
        elif _is_in_fence(fences, position, marker.start()):
            continue
        elif name in _CLOSER_OF:
            kept.append(text[position : marker.start()])
            closer, position = _CLOSER_OF[name], marker.end()
        elif marker.end() < end or not position:
            # The thought began in the prompt, or was closed twice: all before this was thought. A marker after which
            # nothing comes is a slip instead.
            kept.clear()
            position = marker.end()
    if closer:
        rest = "\n".join(part for part in kept if part.strip())
        return rest or None
    kept.append(text[position:])
    return "\n".join(part for part in kept if part.strip())


def _is_mention(text: str, marker: re.Match[str]) -> bool:
    """Whether the marker stands in quotation marks or backticks on its own line."""
    before = text[max(0, marker.start() - 200) : marker.start()].rpartition("\n")[2]
    after = text[marker.end() : marker.end() + 200].partition("\n")[0]
    if before and before[-1] in _QUOTES and after[:1] == before[-1]:
        return True
    return any(before.count(q) % 2 == 1 and q in after for q in '"`')


def _is_in_fence(fences: list[int], start: int, end: int) -> bool:
    """Whether an odd number of fence lines stands between the two places, and one more closes it later."""
    opened = bisect_left(fences, end) - bisect_left(fences, start)
    return opened % 2 == 1 and bisect_left(fences, end) < len(fences)


def _first_turn(text: str) -> str:
    for marker in _END_OF_TURN.finditer(text):
        if not _is_mention(text, marker) and text[: marker.start()].strip():
            return text[: marker.start()]
    return text
