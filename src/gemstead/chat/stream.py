"""Ids out of the engine -> text, thoughts and tool calls. One state machine, token by token, however they arrive.

    TEXT  --<|channel>-->  HEADER  --newline-->  THOUGHT  --<channel|>-->  TEXT
    TEXT  --<|tool_call>-->  CALL  --<tool_call|>-->  TEXT

Any other control token is dropped. A control token never becomes text, in whatever state.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from gemstead.chat.tokenizer import Tokenizer
from gemstead.chat.toolcalls import QUOTE, BrokenCall, parse_call
from gemstead.core.events import TextDelta, ThoughtDelta, ToolCallDone

Piece = TextDelta | ThoughtDelta | ToolCallDone


class State(Enum):
    """Where the next token belongs."""

    TEXT = auto()
    HEADER = auto()
    THOUGHT = auto()
    CALL = auto()


@dataclass(frozen=True, kw_only=True)
class Controls:
    """Ids of the control tokens that change the state; `None` where a vocabulary lacks one."""

    channel_open: int | None
    channel_close: int | None
    call_open: int | None
    call_close: int | None
    quote: int | None
    turn_open: int | None

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> Controls:
        """Look them up by name."""
        return cls(
            channel_open=tokenizer.id_of("<|channel>"),
            channel_close=tokenizer.id_of("<channel|>"),
            call_open=tokenizer.id_of("<|tool_call>"),
            call_close=tokenizer.id_of("<tool_call|>"),
            quote=tokenizer.id_of('<|"|>'),
            turn_open=tokenizer.id_of("<|turn>"),
        )


class AnswerStream:
    """Reads one answer.

    Args:
        tokenizer: The checkpoint's.
        prompt_ids: The prompt, whose end may lie inside a thought already.
        stop: Strings that end the answer's text where they first appear; they are not part of it.
        index: Which of several answers, for the events.
    """

    def __init__(
        self, tokenizer: Tokenizer, prompt_ids: Sequence[int] = (), stop: Sequence[str] = (), index: int = 0
    ) -> None:
        self._tokenizer = tokenizer
        self._controls = Controls.of(tokenizer)
        self._stop = tuple(stop)
        self.index = index
        self._bytes = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._call: list[object] = []
        self._num_calls = 0
        self._state = self._state_after(prompt_ids)
        self.is_stopped = False
        self.is_call_broken = False
        self.num_ids = 0

    @property
    def is_thought_open(self) -> bool:
        """Whether the answer so far ends inside a thought."""
        return self._state in (State.HEADER, State.THOUGHT)

    @property
    def num_calls(self) -> int:
        """Whole tool calls so far."""
        return self._num_calls

    def push(self, ids: Sequence[int]) -> list[Piece]:
        """Read more tokens; ids after a stop string are ignored.

        Returns:
            What became certain with them. Neighbouring pieces of one kind are joined.
        """
        out: list[Piece] = []
        for token_id in ids:
            if self.is_stopped:
                break
            self.num_ids += 1
            self._read(token_id, out)
        return _joined(out)

    def finish(self) -> list[Piece]:
        """Read no more: give out what was held back. A thought or call that is still open ends here."""
        out: list[Piece] = []
        if not self.is_stopped:
            self._add(self._bytes.decode(b"", final=True), out)
            self._flush(out)
        if self._state is State.CALL:
            self.is_call_broken = True
            self._call = []
        return _joined(out)

    def _state_after(self, prompt_ids: Sequence[int]) -> State:
        """Thinking, if the prompt opens a thought in the model's turn and does not close it."""
        for token_id in reversed(prompt_ids):
            if token_id == self._controls.channel_open:
                return State.THOUGHT
            if token_id in (self._controls.channel_close, self._controls.turn_open):
                break
        return State.TEXT

    def _read(self, token_id: int, out: list[Piece]) -> None:
        if token_id in self._tokenizer.control_ids:
            self._add(self._bytes.decode(b"", final=True), out)
            self._control(token_id, out)
            return
        piece = self._tokenizer.piece(token_id)
        if isinstance(piece, bytes):
            self._add(self._bytes.decode(piece), out)
        else:
            self._add(self._bytes.decode(b"", final=True) + piece, out)

    def _control(self, token_id: int, out: list[Piece]) -> None:
        controls = self._controls
        if self._state is State.CALL:
            if token_id == controls.quote:
                self._call.append(QUOTE)
            elif token_id == controls.call_close:
                self._end_call(out)
            return
        if token_id == controls.channel_open and self._state is State.TEXT:
            self._flush(out)
            self._state = State.HEADER
        elif token_id == controls.channel_close and self.is_thought_open:
            if self._state is State.THOUGHT and self._held == "\n":
                self._held = ""
            self._state = State.TEXT
        elif token_id == controls.call_open:
            self._flush(out)
            self._state = State.CALL

    def _end_call(self, out: list[Piece]) -> None:
        try:
            call = parse_call(self._call, call_id=f"call_{self._num_calls}")
        except (BrokenCall, RecursionError):
            self.is_call_broken = True
        else:
            self._num_calls += 1
            out.append(ToolCallDone(call=call, index=self.index))
        self._call = []
        self._state = State.TEXT

    def _add(self, text: str, out: list[Piece]) -> None:
        if not text:
            return
        if self._state is State.CALL:
            self._call.append(text)
        elif self._state is State.HEADER:
            # The channel's name ends with its line; models write only "thought" there.
            _, newline, rest = text.partition("\n")
            if newline:
                self._state = State.THOUGHT
                self._add(rest, out)
        elif self._state is State.THOUGHT:
            self._think(text, out)
        else:
            self._say(text, out)

    def _think(self, text: str, out: list[Piece]) -> None:
        """A last newline belongs to the closing marker, so it waits."""
        text = self._held + text
        self._held = "\n" if text.endswith("\n") else ""
        text = text.removesuffix("\n")
        if text:
            out.append(ThoughtDelta(text=text, index=self.index))

    def _say(self, text: str, out: list[Piece]) -> None:
        """Text that might still become a stop string waits."""
        text = self._held + text
        ends = [place for place in (text.find(stop) for stop in self._stop) if place >= 0]
        if ends:
            self.is_stopped = True
            self._held = ""
            text = text[: min(ends)]
        else:
            held = max((_overlap(text, stop) for stop in self._stop), default=0)
            self._held = text[len(text) - held :]
            text = text[: len(text) - held]
        if text:
            out.append(TextDelta(text=text, index=self.index))

    def _flush(self, out: list[Piece]) -> None:
        if self._held:
            kind = ThoughtDelta if self._state is State.THOUGHT else TextDelta
            if kind is TextDelta or self._held != "\n":
                out.append(kind(text=self._held, index=self.index))
        self._held = ""


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of `text` that begins `stop`."""
    for length in range(min(len(text), len(stop) - 1), 0, -1):
        if stop.startswith(text[len(text) - length :]):
            return length
    return 0


def _joined(pieces: list[Piece]) -> list[Piece]:
    out: list[Piece] = []
    for piece in pieces:
        last = out[-1] if out else None
        if isinstance(piece, TextDelta) and isinstance(last, TextDelta):
            out[-1] = TextDelta(text=last.text + piece.text, index=piece.index)
        elif isinstance(piece, ThoughtDelta) and isinstance(last, ThoughtDelta):
            out[-1] = ThoughtDelta(text=last.text + piece.text, index=piece.index)
        else:
            out.append(piece)
    return out
