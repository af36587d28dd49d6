"""The state machine: any chunking gives the same message, and no control token reaches the text."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gemstead.chat.stream import AnswerStream, Piece
from gemstead.chat.tokenizer import Tokenizer
from gemstead.core.events import TextDelta, ThoughtDelta, ToolCallDone

MARKS = [
    "<|channel>", "<channel|>", "<|tool_call>", "<tool_call|>", '<|"|>', "<turn|>", "<|tool_response>", "<|image|>",
    "thought\n", "call:f{a:", "1,b:", "}", "true", "[", "]", "<0xF0>", "<0x9F>", "<0xA6>", "<0x99>", "<0xC3>", "stop",
]  # fmt: skip


def message(pieces: list[Piece]) -> tuple[str, str, list[object]]:
    """Text, thought and calls, whatever pieces they came in."""
    return (
        "".join(p.text for p in pieces if isinstance(p, TextDelta)),
        "".join(p.text for p in pieces if isinstance(p, ThoughtDelta)),
        [(p.call.name, p.call.arguments) for p in pieces if isinstance(p, ToolCallDone)],
    )


def read(tokenizer: Tokenizer, text: str, stop: tuple[str, ...] = ()) -> tuple[AnswerStream, list[Piece]]:
    stream = AnswerStream(tokenizer, stop=stop)
    return stream, stream.push(tokenizer.encode(text)) + stream.finish()


answers = st.lists(st.one_of(st.sampled_from(MARKS), st.text("abthe \n{}<|>é🦙", max_size=6)), max_size=25)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parts=answers, sizes=st.lists(st.integers(1, 8), min_size=1, max_size=12), stops=st.booleans())
def test_any_chunking_gives_the_same_message(
    tokenizer: Tokenizer, parts: list[str], sizes: list[int], stops: bool
) -> None:
    ids: list[int] = []
    for part in parts:
        byte_id = tokenizer.id_of(part) if part.startswith("<0x") else None
        ids += tokenizer.encode(part) if byte_id is None else [byte_id]
    stop = ("stop", "th\na") if stops else ()
    whole = AnswerStream(tokenizer, stop=stop)
    expected = whole.push(ids) + whole.finish()
    chunked, pieces, at, turn = AnswerStream(tokenizer, stop=stop), [], 0, 0
    while at < len(ids):
        size = sizes[turn % len(sizes)]
        pieces += chunked.push(ids[at : at + size])
        at, turn = at + size, turn + 1
    pieces += chunked.finish()
    assert message(pieces) == message(expected)
    assert (chunked.is_stopped, chunked.is_thought_open, chunked.is_call_broken, chunked.num_ids) == (
        whole.is_stopped, whole.is_thought_open, whole.is_call_broken, whole.num_ids
    )  # fmt: skip
    # Typed-out names are text; control tokens are not, so no decoded id may be a control.
    spelled = "".join(str(tokenizer.piece(i)) for i in ids if i not in tokenizer.control_ids)
    for name in tokenizer.control_ids.values():
        if name not in spelled:
            assert name not in message(pieces)[0] + message(pieces)[1]


def test_thought_text_and_calls_are_told_apart(tokenizer: Tokenizer) -> None:
    stream, pieces = read(
        tokenizer,
        "<|channel>thought\nfirst\nsecond\n<channel|>answer<|tool_call>call:get{city:<|\"|>Rome, {x}<|\"|>,n:[1,-2.5,"
        "true,null,{k:<|\"|><|\"|>}]}<tool_call|><|tool_response>",
    )  # fmt: skip
    assert message(pieces) == (
        "answer",
        "first\nsecond",
        [("get", {"city": "Rome, {x}", "n": [1, -2.5, True, None, {"k": ""}]})],
    )
    assert not stream.is_thought_open and not stream.is_call_broken


def test_an_answer_without_a_channel_is_content(tokenizer: Tokenizer) -> None:
    assert message(read(tokenizer, "thought\nplain")[1]) == ("thought\nplain", "", [])


def test_a_truncated_thought_ends_cleanly_and_is_said(tokenizer: Tokenizer) -> None:
    stream, pieces = read(tokenizer, "<|channel>thought\nI would")
    assert message(pieces) == ("", "I would", []) and stream.is_thought_open
    stream, pieces = read(tokenizer, "<|channel>thou")
    assert message(pieces) == ("", "", []) and stream.is_thought_open


def test_a_truncated_or_malformed_call_is_dropped_and_said(tokenizer: Tokenizer) -> None:
    for text in ('<|tool_call>call:f{a:<|"|>x', "<|tool_call>call:f{a:}<tool_call|>b", "<|tool_call>hello<tool_call|>"):
        stream, pieces = read(tokenizer, text)
        assert message(pieces)[2] == [] and stream.is_call_broken
        assert "<|" not in message(pieces)[0]


def test_a_character_spelled_in_bytes_comes_out_whole(tokenizer: Tokenizer) -> None:
    stream = AnswerStream(tokenizer)
    pieces = [stream.push([i]) for i in tokenizer.encode("🦙")]
    assert [len(p) for p in pieces] == [0, 0, 0, 1]
    assert pieces[-1] == [TextDelta(text="🦙")]


def test_broken_bytes_become_replacement_characters(tokenizer: Tokenizer) -> None:
    stream = AnswerStream(tokenizer)
    broken = tokenizer.id_of("<0xF0>")
    assert broken is not None
    pieces = stream.push([broken, *tokenizer.encode("a")]) + stream.finish()
    assert message(pieces)[0] == "\ufffda"


def test_a_stop_string_across_token_borders_ends_the_text_before_it(tokenizer: Tokenizer) -> None:
    stream = AnswerStream(tokenizer, stop=("\nclass ", "\ndef"))
    ids = tokenizer.encode("return 1\nde f\ndef g")
    pieces = [p for i in ids for p in stream.push([i])] + stream.finish()
    assert message(pieces)[0] == "return 1\nde f"
    assert stream.is_stopped and stream.num_ids < len(ids)


def test_stop_strings_do_not_cut_thoughts(tokenizer: Tokenizer) -> None:
    _, pieces = read(tokenizer, "<|channel>thought\nstop here\n<channel|>go stop on", stop=("stop",))
    assert message(pieces) == ("go ", "stop here", [])
