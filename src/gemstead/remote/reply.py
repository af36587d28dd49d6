"""The bytes an endpoint sends in, one whole answer out; or `Malformed`, when they are not one.

Understood as servers really write it: with and without `[DONE]`, with usage in a last chunk, in every chunk or nowhere,
tool calls without id or index, arguments as text or object, reasoning under three names, errors in mid-stream.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from gemstead.core.events import Usage
from gemstead.core.messages import ToolCall
from gemstead.core.requests import FinishReason
from gemstead.remote.dialect import Refusal, read_refusal

MOST_BYTES = 64 * 1024**2
"""No answer is a hundredth of this; a stream that is longer does not end."""

_LENGTH = {"length", "max_tokens", "model_length", "max_output_tokens"}
_CALLS = {"tool_calls", "function_call", "tool_use"}
_WITHHELD = {"content_filter", "safety", "recitation", "prohibited_content", "blocklist", "spii", "refused"}
_BROKEN = {"error", "abort", "aborted", "cancelled", "insufficient_system_resource", "malformed_function_call"}


class Malformed(Exception):
    """What came is not an answer. The message says in which way, without the bytes."""


class Interrupted(Malformed):
    """The endpoint ended its stream properly, but not the answer in it: something else was more important to it."""


class ErrorInStream(Exception):
    """The endpoint reported an error instead of going on.

    Args:
        refusal: What it says.
    """

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


class Withheld(Exception):
    """The endpoint has an answer and does not give it: its own filter stands between."""


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One whole answer.

    Args:
        text: What the model said.
        thought: Its reasoning, where the endpoint gives it apart.
        tool_calls: Functions it asked for.
        is_call_broken: A call's arguments could not be read.
        finish: Why it ended, in our words; `None` where the endpoint did not say.
        told_finish: The same in its words.
        usage: Token counts; `None` where it gave none.
        about: What it reveals: model, system_fingerprint, id, usage as told.
    """

    text: str
    thought: str
    tool_calls: tuple[ToolCall, ...]
    is_call_broken: bool
    finish: FinishReason | None
    told_finish: str
    usage: Usage | None
    about: Mapping[str, Any]


class ReplyReader:
    """Chunks in, in order; the answer out at the end."""

    def __init__(self) -> None:
        self._text: list[str] = []
        self._thought: list[str] = []
        self._calls: list[dict[str, Any]] = []
        self._finish: str | None = None
        self._usage: Mapping[str, Any] | None = None
        self._about: dict[str, Any] = {}
        self._has_choice = False
        self._knows_reasons = False

    @property
    def is_whole(self) -> bool:
        """Whether the end of the answer came; token counts may still follow."""
        return self._finish is not None

    def push(self, chunk: Any) -> None:
        """Take one chunk of a stream, or a whole reply.

        Raises:
            Malformed: It is neither.
            ErrorInStream: It is an error.
        """
        if not isinstance(chunk, dict):
            raise Malformed(f"a chunk is a JSON {type(chunk).__name__}, not an object")
        if chunk.get("error"):
            raise ErrorInStream(read_refusal(json.dumps(chunk)))
        self._about |= {
            name: chunk[name]
            for name in ("id", "model", "system_fingerprint", "provider")
            if isinstance(chunk.get(name), str) and chunk[name]
        }
        if isinstance(chunk.get("usage"), dict):
            self._usage = chunk["usage"]
        choices = chunk.get("choices")
        if choices is None and self._usage is not None:
            return
        if not isinstance(choices, list):
            raise Malformed("a chunk has no list of choices")
        for choice in choices:
            if not isinstance(choice, dict):
                raise Malformed("a choice is no object")
            if choice.get("index") in (None, 0):
                self._choice(choice)

    def end(self, *, is_announced: bool, is_one_piece: bool = False) -> Reply:
        """No more comes.

        Args:
            is_announced: The endpoint itself said so: `[DONE]`, or a whole reply in one piece.
            is_one_piece: It was the latter.

        Raises:
            Malformed: The stream was cut, or held no answer.
            Interrupted: Every piece of it said that the answer goes on, and then it was announced to be over.
            Withheld: A filter stopped the answer.
        """
        if not self._has_choice:
            raise Malformed("the reply has no choices")
        if self._finish is None and not is_announced:
            raise Malformed("the stream ended before the answer did")
        if self._finish is None and self._knows_reasons and not is_one_piece:
            raise Interrupted("the endpoint interrupted the answer, as some do when they are asked something else")
        told = (self._finish or "").lower()
        if told in _WITHHELD:
            raise Withheld(f"the endpoint withheld the answer (finish_reason {told})")
        if told in _BROKEN:
            raise Malformed(f"the endpoint broke the answer off (finish_reason {told})")
        calls, is_broken = self._tool_calls()
        finish: FinishReason | None = None
        if told:
            finish = "length" if told in _LENGTH else "tool_calls" if calls or told in _CALLS else "stop"
        about = {**self._about, "usage": dict(self._usage) if self._usage is not None else None}
        return Reply(
            text="".join(self._text),
            thought="".join(self._thought),
            tool_calls=tuple(calls),
            is_call_broken=is_broken,
            finish=finish,
            told_finish=self._finish or "",
            usage=read_usage(self._usage),
            about=about,
        )

    def _choice(self, choice: Mapping[str, Any]) -> None:
        self._has_choice = True
        self._knows_reasons |= "finish_reason" in choice
        part = choice.get("delta") or choice.get("message") or {"content": choice.get("text")}
        if not isinstance(part, dict):
            raise Malformed("a choice's message is no object")
        self._content(part.get("content"))
        for name in ("reasoning_content", "reasoning", "thinking"):
            if isinstance(part.get(name), str) and part[name]:
                self._thought.append(part[name])
                break  # some send the same text under two names
        self._call_parts(part.get("tool_calls") or ())
        if isinstance(choice.get("finish_reason"), str) and choice["finish_reason"]:
            self._finish = choice["finish_reason"]

    def _content(self, content: Any) -> None:
        """Text, or a list of parts, in which Mistral also tells thoughts."""
        if isinstance(content, str):
            self._text.append(content)
        elif isinstance(content, list):
            for part in content:
                if isinstance(part, str):
                    self._text.append(part)
                elif isinstance(part, dict) and isinstance(part.get("text"), str):
                    self._text.append(part["text"])
                elif isinstance(part, dict) and "thinking" in part:
                    self._thought.append(_plain_text(part["thinking"]))
        elif content is not None:
            raise Malformed(f"a message's content is a JSON {type(content).__name__}, not text")

    def _call_parts(self, parts: Any) -> None:
        if not isinstance(parts, (list, tuple)):
            raise Malformed("tool_calls is no list")
        for place, part in enumerate(parts):
            function = part.get("function") if isinstance(part, dict) else None
            if not isinstance(function, dict):
                raise Malformed("a tool call has no function")
            index = part.get("index") if isinstance(part.get("index"), int) else None
            call = self._open_call(index, part.get("id"), function.get("name"), place)
            call["id"] = call["id"] or part.get("id") or ""
            call["name"] = call["name"] or function.get("name") or ""
            arguments = function.get("arguments")
            if isinstance(arguments, dict):
                call["object"] = arguments
            elif isinstance(arguments, str):
                call["text"] += arguments

    def _open_call(self, index: int | None, id_: Any, name: Any, place: int) -> dict[str, Any]:
        """The call a piece belongs to: by index, else by id, else a name begins a new one."""
        for call in self._calls:
            if (index is not None and call["index"] == index) or (index is None and id_ and call["id"] == id_):
                return call
        if index is None and not name and self._calls:
            return self._calls[-1]
        self._calls.append({"index": index, "id": "", "name": "", "text": "", "object": None, "place": place})
        return self._calls[-1]

    def _tool_calls(self) -> tuple[list[ToolCall], bool]:
        calls, is_broken = [], False
        for number, call in enumerate(self._calls):
            try:
                arguments = call["object"] if call["object"] is not None else json.loads(call["text"] or "{}")
            except ValueError:
                arguments = None
            if not isinstance(arguments, dict) or not call["name"]:
                is_broken = True
                continue
            calls.append(ToolCall(id=call["id"] or f"call_{number}", name=call["name"], arguments=arguments))
        return calls, is_broken


def _plain_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(_plain_text(part) for part in value)
    return _plain_text(value.get("text", "")) if isinstance(value, dict) else ""


def read_usage(told: Mapping[str, Any] | None) -> Usage | None:
    """Token counts as we count them: thoughts are part of what was written. `None` where they make no sense."""
    if told is None:
        return None

    def count(value: Any) -> int:
        return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0

    def detail(group: str, name: str) -> int:
        inner = told.get(group)
        return count(inner.get(name)) if isinstance(inner, dict) else 0

    read, written = count(told.get("prompt_tokens")), count(told.get("completion_tokens"))
    if not read and not written:
        return None
    reasoning = detail("completion_tokens_details", "reasoning_tokens")
    # xAI counts thoughts beside the answer, all others within it; the total says which.
    if reasoning and count(told.get("total_tokens")) == read + written + reasoning:
        written += reasoning
    cached = detail("prompt_tokens_details", "cached_tokens") or count(told.get("prompt_cache_hit_tokens"))
    return Usage(prompt_tokens=read, completion_tokens=written, cached_tokens=min(read, cached))


async def read_reply(
    pieces: AsyncIterator[bytes], *, content_type: str, dead_line: tuple[type[Exception], ...] = ()
) -> Reply:
    """Read a reply to its end.

    What it is decides, not what it is called: servers and proxies mislabel both ways. A web page is neither.

    Args:
        pieces: The body, in pieces of any size.
        content_type: What the endpoint calls it; for the message if it is nothing of use.
        dead_line: Errors of `pieces` that mean a dead line. They pass through, unless the answer was whole by then:
            asking again would be paid for again.

    Raises:
        Malformed: It is no answer, or only part of one.
        ErrorInStream: It is an error.
        Withheld: A filter stopped the answer.
    """
    reader = ReplyReader()
    rest, total, is_stream = b"", 0, None
    try:
        async for piece in pieces:
            total += len(piece)
            if total > MOST_BYTES:
                raise Malformed(f"the reply is longer than {MOST_BYTES} bytes")
            rest += piece
            if is_stream is None and (start := rest.lstrip()):
                is_stream = start[:1] not in (b"{", b"[", b"<")
            if not is_stream:
                continue
            # Lines end at line feeds alone: JSON may hold U+2028 and other ends of lines as they are.
            *lines, rest = rest.split(b"\n")
            if any(_push_line(reader, line) for line in lines):
                return reader.end(is_announced=True)
    except dead_line:
        if not reader.is_whole:
            raise
        return reader.end(is_announced=False)
    if is_stream:
        is_done = _push_line(reader, rest, is_last=True)
        return reader.end(is_announced=is_done)
    reader.push(_parse(rest, content_type))
    return reader.end(is_announced=True, is_one_piece=True)


def _push_line(reader: ReplyReader, line: bytes, *, is_last: bool = False) -> bool:
    """One line of an event stream; true when it says that this was all."""
    name, _, value = line.strip().partition(b":")
    if name != b"data":
        if name and b"<html" in line.lower():
            raise Malformed("a web page came instead of an answer")
        return False
    value = value.strip()
    if value == b"[DONE]":
        return True
    if value:
        try:
            reader.push(json.loads(value))
        except (ValueError, RecursionError) as error:
            raise Malformed("the stream was cut inside a chunk" if is_last else "a chunk is no JSON") from error
    return False


def _parse(body: bytes, content_type: str) -> Any:
    kind = content_type.split(";")[0].strip() or "no content type"
    if not body.strip():
        raise Malformed("the reply is empty")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        is_page = body.lstrip()[:1] == b"<"
        raise Malformed(f"{'a web page' if is_page else 'no JSON'} came instead of an answer ({kind})") from error
