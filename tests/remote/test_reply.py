"""Replies as servers really write them, cut at every place; refusals; and what is sent."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from gemstead.core.errors import BadRequest
from gemstead.core.messages import Message, Part, Tool, ToolCall, ToolResponse
from gemstead.core.requests import GenerationRequest, Sampling
from gemstead.remote.dialect import Adaptation, adapt, parameters_of, read_refusal, request_body
from gemstead.remote.reply import Interrupted, Malformed, Reply, read_reply, read_usage


def read(body: bytes, *, cuts: int = 0, kind: str = "text/event-stream") -> Reply:
    """Read a reply that comes in pieces of so many bytes; 0 for one piece."""

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), cuts or len(body) or 1):
            yield body[start : start + (cuts or len(body))]

    return asyncio.run(read_reply(pieces(), content_type=kind))


def stream(*chunks: Any, done: bool = True) -> bytes:
    lines = b"".join(b"data: " + json.dumps(c, ensure_ascii=False).encode() + b"\n\n" for c in chunks)
    return lines + (b"data: [DONE]\n\n" if done else b"")


def delta(finish: str | None = None, **part: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": part, "finish_reason": finish}]}


END = delta("stop")


def test_pieces_of_any_size_give_the_same_answer() -> None:
    body = stream(delta(content="a\u2028b\u0085c"), delta(content="déjà 🪨"), END)
    for cuts in range(1, 40):
        assert read(body, cuts=cuts).text == "a\u2028b\u0085cdéjà 🪨"


def test_lines_may_end_in_crlf_and_comments_and_names_are_passed_over() -> None:
    body = b": hello\r\n\r\nevent: message\r\nid: 1\r\n" + stream(delta(content="x"), END).replace(b"\n", b"\r\n")
    assert read(body).text == "x"
    assert read(b"data:" + json.dumps(delta(content="x")).encode() + b"\n\n" + stream(END)).text == "x"


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning", "thinking"])
def test_reasoning_is_kept_apart_under_every_name(name: str) -> None:
    reply = read(stream(delta(**{name: "hm"}), delta(content="x"), END))
    assert (reply.thought, reply.text) == ("hm", "x")


def test_reasoning_under_two_names_counts_once() -> None:
    assert read(stream(delta(reasoning="hm", reasoning_content="hm"), END)).thought == "hm"


def test_content_may_be_parts_with_thoughts_among_them() -> None:
    parts = [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}, {"type": "text", "text": "x"}]
    reply = read(stream(delta(content=parts), END))
    assert (reply.thought, reply.text) == ("hm", "x")


@pytest.mark.parametrize(
    ("told", "means"),
    [("stop", "stop"), ("eos", "stop"), ("STOP", "stop"), ("length", "length"), ("MAX_TOKENS", "length"),
     ("tool_calls", "tool_calls"), ("function_call", "tool_calls")],
)  # fmt: skip
def test_reasons_to_end_are_understood(told: str, means: str) -> None:
    reply = read(stream(delta(content="x"), delta(told)))
    assert reply.finish == means and reply.told_finish == told


CALL = {"name": "add", "arguments": '{"a": 1}'}


@pytest.mark.parametrize(
    "chunks",
    [
        [delta(tool_calls=[{"index": 0, "id": "c1", "function": CALL}])],
        [delta(tool_calls=[{"id": "c1", "function": CALL}])],  # without index
        [delta(tool_calls=[{"index": 0, "function": {"name": "add", "arguments": {"a": 1}}}])],  # object, no id
        [
            delta(tool_calls=[{"index": 0, "id": "c1", "function": {"name": "add", "arguments": None}}]),
            delta(tool_calls=[{"index": 0, "function": {"arguments": '{"a"'}}]),
            delta(tool_calls=[{"index": 0, "id": "c1", "function": {"name": "add", "arguments": ": 1}"}}]),
        ],
        [
            delta(tool_calls=[{"function": {"name": "add", "arguments": '{"a"'}}]),
            delta(tool_calls=[{"function": {"arguments": ": 1}"}}]),
        ],
    ],
)
def test_tool_calls_are_read_in_every_shape(chunks: list[Any]) -> None:
    reply = read(stream(*chunks, delta("stop")))
    (call,) = reply.tool_calls
    assert call.name == "add" and call.arguments == {"a": 1} and call.id and reply.finish == "tool_calls"


def test_two_calls_stay_two_and_a_broken_one_is_said_to_be() -> None:
    two = [{"function": CALL}, {"function": {"name": "sub", "arguments": "{"}}]
    reply = read(stream(delta(tool_calls=two), END))
    assert [c.name for c in reply.tool_calls] == ["add"] and reply.is_call_broken


def test_a_stream_cut_anywhere_is_never_taken_for_an_answer() -> None:
    body = stream(delta(content="one"), delta(content=" two"), END, done=False)
    whole = len(body) - 2  # the last blank line may be missing
    for end in range(whole):
        with pytest.raises(Malformed):
            read(body[:end])
    assert read(body[:whole]).text == "one two"


def test_a_stream_that_is_over_while_its_answer_goes_on_was_interrupted() -> None:
    with pytest.raises(Interrupted):
        read(stream(delta(content="one"), delta(content=" tw")))
    nameless = {"choices": [{"index": 0, "delta": {"content": "one"}}]}
    assert read(stream(nameless)).text == "one", "a server that never gives reasons is believed"
    whole = {"choices": [{"index": 0, "message": {"content": "one"}, "finish_reason": None}]}
    assert read(json.dumps(whole).encode()).text == "one", "and one that sends all at once"


def test_counts_are_read_as_told_and_nonsense_is_no_count() -> None:
    assert read_usage(None) is None and read_usage({"prompt_tokens": -1, "completion_tokens": "x"}) is None
    usage = read_usage({"prompt_tokens": 9, "completion_tokens": 5, "prompt_tokens_details": None})
    assert usage is not None and (usage.prompt_tokens, usage.completion_tokens, usage.cached_tokens) == (9, 5, 0)
    beside = {"prompt_tokens": 9, "completion_tokens": 5, "completion_tokens_details": {"reasoning_tokens": 7}}
    for total, written in ((21, 12), (14, 5)):
        usage = read_usage({**beside, "total_tokens": total})
        assert usage is not None and usage.completion_tokens == written


def asking(**others: Any) -> GenerationRequest:
    return GenerationRequest(messages=(Message(role="user", content="hello"),), **others)


def body_of(request: GenerationRequest, **others: Any) -> dict[str, Any]:
    return request_body(request, **{"model": "m", "extra": {}, "seed": 3, "changes": (), **others})


def test_a_conversation_with_tools_is_sent_whole() -> None:
    call = ToolCall(id="c1", name="add", arguments={"a": 1})
    request = GenerationRequest(
        messages=(
            Message(role="system", content="be brief"),
            Message(role="user", content=(Part(kind="text", text="one "), Part(kind="text", text="two"))),
            Message(role="assistant", tool_calls=(call,), tool_responses=(ToolResponse(name="add", response=[1]),)),
            Message(role="tool", content="3", tool_call_id="c2"),
        ),
        tools=(Tool(name="add", description="adds", parameters={"type": "object"}),),
        thinking=True,
    )
    body = body_of(request)
    assert [m["role"] for m in body["messages"]] == ["system", "user", "assistant", "tool", "tool"]
    assert body["messages"][1]["content"] == "one two"
    assert json.loads(body["messages"][2]["tool_calls"][0]["function"]["arguments"]) == {"a": 1}
    assert [m["tool_call_id"] for m in body["messages"][3:]] == ["c1", "c2"]
    assert body["tools"][0]["function"]["name"] == "add" and body["chat_template_kwargs"] == {"enable_thinking": True}
    assert parameters_of(body)["seed"] is True and "messages" not in parameters_of(body)


def test_what_no_text_endpoint_takes_is_refused_here() -> None:
    image = GenerationRequest(messages=(Message(role="user", content=(Part(kind="image"),)),))
    for request in (image, asking(sampling=Sampling(logprobs=1)), GenerationRequest(prompt_ids=(1,))):
        with pytest.raises(BadRequest):
            body_of(request)


@pytest.mark.parametrize(
    "message",
    [
        "'max_tokens' or 'max_completion_tokens' is too large: 8192. This model's context length is 4096",
        "This model's maximum context length is 4096 tokens, unsupported; you asked for max_tokens 8192",
        "the model stops at unknown words", "messages: unexpected role", "no explanation", "",
    ],
)  # fmt: skip
def test_a_value_out_of_range_is_not_taken_for_a_refused_field(message: str) -> None:
    assert adapt(read_refusal(json.dumps({"error": {"message": message}})), body_of(asking())) is None


def test_refusals_of_real_servers_are_understood() -> None:
    body = body_of(asking(sampling=Sampling(temperature=0.5, top_k=4)))
    told = {
        "temperature": {
            "error": {
                "message": "Unsupported value: 'temperature' does not support 0.5 with this model. "
                "Only the default (1) value is supported.", "param": "temperature", "code": "unsupported_value",
            }
        },
        "top_k": {"error": {"message": "Unrecognized request argument supplied: top_k", "type": "bad"}},
        "chat_template_kwargs": {
            "object": "error", "message": "[{'type': 'extra_forbidden', 'loc': ('body', 'chat_template_kwargs'), "
            "'msg': 'Extra inputs are not permitted'}]", "code": 400,
        },
        "stream": {"error": "Streaming is not supported for this model"},
    }  # fmt: skip
    for field, text in told.items():
        assert adapt(read_refusal(json.dumps(text)), body) == Adaptation(field=field), field


def test_any_error_body_gives_a_short_message() -> None:
    for text in (
        "",
        "<html><title>Bad</title></html>",
        "[]",
        "null",
        "3",
        '{"detail": []}',
        '{"error": []}',
        "[" * 9999,
    ):
        refusal = read_refusal(text)
        assert refusal.message and len(refusal.message) <= 300
