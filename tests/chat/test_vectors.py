"""Prompts and token ids against the published ones."""

from __future__ import annotations

import json
import lzma
from typing import Any

import pytest

from gemstead.chat.prompt import PromptBuilder
from gemstead.chat.stream import AnswerStream
from gemstead.chat.template import GEMMA4, ChatTemplate
from gemstead.chat.tokenizer import Tokenizer
from gemstead.core.events import ThoughtDelta, ToolCallDone
from gemstead.core.messages import Message, Part, Tool, ToolCall, ToolResponse
from gemstead.core.requests import GenerationRequest
from tests.shared_data import REFERENCE, needs_shared

pytestmark = needs_shared


def cases() -> list[dict[str, Any]]:
    file = REFERENCE / "chat" / "gemma4_chat_vectors.json"
    return json.loads(file.read_text())["cases"] if file.is_file() else []  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def gemma4(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    file = tmp_path_factory.mktemp("gemma4") / "tokenizer.json"
    file.write_bytes(lzma.decompress((REFERENCE / "tokenizer" / "gemma4.tokenizer.json.xz").read_bytes()))
    return Tokenizer(file)


def message(raw: dict[str, Any]) -> Message:
    content = raw.get("content")
    if isinstance(content, list):
        content = tuple(Part(kind=p["type"], text=p.get("text", "")) for p in content)
    return Message(
        role=raw["role"],
        content=content,
        reasoning=raw.get("reasoning_content"),
        tool_calls=tuple(ToolCall(id=c["id"], **c["function"]) for c in raw.get("tool_calls", [])),
        tool_responses=tuple(ToolResponse(**r) for r in raw.get("tool_responses", [])),
        tool_call_id=raw.get("tool_call_id"),
    )


@pytest.mark.parametrize("size", ["small", "large"])
@pytest.mark.parametrize("case", cases(), ids=lambda c: c["name"])
def test_prompts_are_the_published_ones_token_for_token(case: dict[str, Any], size: str, gemma4: Tokenizer) -> None:
    template = ChatTemplate(GEMMA4.read_text(), {"bos_token": "<bos>"})
    messages = tuple(message(m) for m in case["messages"])
    tools = tuple(Tool(**t["function"]) for t in case["tools"] or [])
    thinking = case["options"].get("enable_thinking", False)
    text = template.render(
        messages,
        tools=tools,
        thinking=thinking,
        add_generation_prompt=case["add_generation_prompt"],
        empty_thought_block=size == "large",
    )
    assert text == case[size]["text"]
    builder = PromptBuilder(gemma4, template, {"empty_thought_block": size == "large"})
    request = GenerationRequest(messages=messages, tools=tools, thinking=thinking)
    assert builder.ids(request, add_generation_prompt=case["add_generation_prompt"]) == case[size]["ids"]


def test_texts_become_the_published_ids_and_come_back(gemma4: Tokenizer) -> None:
    vectors = json.loads((REFERENCE / "tokenizer" / "vectors.json").read_text())
    for vector in vectors["ggml"]:
        assert gemma4.encode(vector["text"]) == vector["ids"]
        assert gemma4.decode(vector["ids"]) == vector["text"]
    for vector in vectors["extra"]:
        assert gemma4.encode(vector["text"]) == vector["gemma4_ids"]
        assert gemma4.decode(vector["gemma4_ids"], controls=True) == vector["gemma4_decode"]


def test_streamed_text_is_what_the_tokenizer_decodes(gemma4: Tokenizer) -> None:
    vectors = json.loads((REFERENCE / "tokenizer" / "vectors.json").read_text())
    for vector in vectors["ggml"]:
        stream = AnswerStream(gemma4)
        pieces = [p for i in vector["ids"] for p in stream.push([i])] + stream.finish()
        assert "".join(p.text for p in pieces) == vector["text"]  # type: ignore[union-attr]


def test_calls_in_published_prompts_are_read_back(gemma4: Tokenizer) -> None:
    """What a template writes for a call is what a model writes to make it."""
    for case in cases():
        for raw in case["messages"]:
            for call in raw.get("tool_calls", []):
                history = [Message(role="user", content="x"), message(raw)]
                template = ChatTemplate(GEMMA4.read_text(), {"bos_token": "<bos>"})
                ids = gemma4.encode(template.render(tuple(history)))
                stream = AnswerStream(gemma4)
                found = [p for p in stream.push(ids) if isinstance(p, ToolCallDone)]
                assert any(p.call.arguments == call["function"]["arguments"] for p in found)
                assert not stream.is_call_broken


def test_a_prompt_that_ends_inside_a_thought_is_continued_as_a_thought(gemma4: Tokenizer) -> None:
    case = next(c for c in cases() if c["name"] == "tool_call_answered_thinking")
    stream = AnswerStream(gemma4, prompt_ids=case["small"]["ids"])
    assert stream.push(gemma4.encode("so")) == [ThoughtDelta(text="so")]
