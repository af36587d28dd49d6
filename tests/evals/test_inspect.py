"""inspect_ai on our engine: a task from end to end, many questions at once, and what cannot be asked said by name."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("inspect_ai", reason="inspect_ai is not installed")

from inspect_ai import Task, eval
from inspect_ai.dataset import Sample
from inspect_ai.log import EvalLog
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageTool,
    ChatMessageUser,
    ContentImage,
    ContentReasoning,
    ContentText,
    GenerateConfig,
    Model,
    ModelOutput,
    get_model,
)
from inspect_ai.scorer import includes
from inspect_ai.solver import generate
from inspect_ai.tool import ToolCall, ToolCallError, ToolFunction, ToolInfo, ToolParam, ToolParams

import gemstead
from gemstead.chat.tokenizer import Tokenizer
from gemstead.checkpoints.hub import embedded_folder
from gemstead.core.errors import BadRequest, NotFound
from gemstead.core.events import Finished, Usage
from gemstead.core.generator import Answer
from gemstead.core.messages import Message
from gemstead.core.messages import ToolCall as OurToolCall
from gemstead.core.requests import GenerationRequest
from gemstead.evals.inspect_provider import choice_of, request_of
from gemstead.evals.run import RunSettings
from gemstead.evals.tasks.humaneval import HumanEval

# What inspect_ai and its dependencies warn of is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")
QUESTION = "Write a function that adds two numbers."


@pytest.fixture(scope="module")
def model() -> Iterator[Model]:
    with_options = get_model("gemstead/pebble", device="cpu", context=1024, max_sequences=8, memoize=False)
    yield with_options
    with_options.api.close()


def ask(model: Model, *questions: str | list[ChatMessage], **config: Any) -> list[ModelOutput]:
    async def all_at_once() -> list[ModelOutput]:
        return await asyncio.gather(*(model.generate(q, config=GenerateConfig(**config)) for q in questions))

    return asyncio.run(all_at_once())


def of(*messages: ChatMessage, tools: tuple[ToolInfo, ...] = (), choice: Any = "auto", **config: Any) -> Any:
    return request_of(messages, tools, choice, GenerateConfig(**config), thinking=False, max_tokens=24)


def test_an_answer_is_the_one_this_engine_gives_with_what_it_cost(model: Model) -> None:
    (output,) = ask(model, QUESTION, max_tokens=30)
    with gemstead.load("pebble", device="cpu", reproducible=True) as own:
        expected = own.chat(QUESTION, max_tokens=30)
    assert output.completion == expected.text
    assert output.usage is not None and output.usage.output_tokens == expected.end.usage.completion_tokens
    assert output.input_context_tokens == expected.end.usage.prompt_tokens
    assert output.metadata is not None and output.metadata["fingerprint"] == own.describe().fingerprint


def test_many_questions_share_the_engine_and_change_nothing_for_each_other(model: Model) -> None:
    questions = [f"Write a function that {does}." for does in ("adds two numbers", "reverses a text", "counts vowels")]
    together = [output.completion for output in ask(model, *questions, max_tokens=24)]
    assert together == [ask(model, question, max_tokens=24)[0].completion for question in questions]
    assert len(set(together)) == 3


def test_length_stop_strings_seed_choices_and_logprobs_are_obeyed(model: Model) -> None:
    (cut,) = ask(model, QUESTION, max_tokens=5)
    assert cut.stop_reason == "max_tokens" and cut.usage is not None and cut.usage.output_tokens == 5
    (stopped,) = ask(model, QUESTION, stop_seqs=["return"])
    assert "def" in stopped.completion and "return" not in stopped.completion and stopped.stop_reason == "stop"
    drawn = [ask(model, QUESTION, temperature=1.5, seed=s, num_choices=3, max_tokens=12)[0] for s in (1, 1, 2)]
    texts = [[choice.message.text for choice in output.choices] for output in drawn]
    assert texts[0] == texts[1] != texts[2] and len(set(texts[0])) == 3
    (told,) = ask(model, QUESTION, max_tokens=6, logprobs=True, top_logprobs=2)
    assert told.choices[0].logprobs is not None
    rows = told.choices[0].logprobs.content
    assert len(rows) == 6 and told.completion.startswith("".join(row.token for row in rows[:2]).strip())
    for row in rows:
        assert row.top_logprobs is not None and len(row.top_logprobs) == 2
        assert row.token == row.top_logprobs[0].token and row.logprob == pytest.approx(row.top_logprobs[0].logprob)


def test_a_full_context_is_told_from_a_limit(model: Model) -> None:
    (output,) = ask(model, "word " * 990, max_tokens=900, temperature=5.0, seed=1)
    assert output.stop_reason in ("model_length", "stop")
    assert output.usage is not None and output.input_context_tokens is not None
    if output.stop_reason == "model_length":
        assert output.input_context_tokens + output.usage.output_tokens == 1024


def test_a_humaneval_like_task_runs_from_end_to_end(model: Model, tmp_path: Path) -> None:
    settings, task = RunSettings(), HumanEval()
    problems = task.problems()[:3]
    asked = [
        task.request(p, style="chat", thinking=False, sampling=settings.sampling(0), max_tokens=24) for p in problems
    ]
    samples = [
        Sample(id=p.id, input=str(r.messages[0].content), target=f"def {p.entry_point}")
        for p, r in zip(problems, asked, strict=True)
        if r.messages is not None
    ]
    log = run(Task(dataset=samples, solver=generate(), scorer=includes(), name="three"), model, tmp_path)
    assert log.status == "success" and log.samples is not None and len(log.samples) == 3
    with gemstead.load("pebble", device="cpu", reproducible=True) as own:
        for sample, request in zip(log.samples, asked, strict=True):
            assert request.messages is not None
            assert sample.output.completion == own.chat(request.messages, max_tokens=24).text
            call = next(event.call for event in sample.events if event.event == "model")
            assert call is not None and call.request["prompt_ids"] == own.prompt_ids(request)
    assert log.results is not None and 0 <= log.results.scores[0].metrics["accuracy"].value <= 1


def run(task: Task, model: Model, folder: Path) -> EvalLog:
    (log,) = eval(task, model=model, log_dir=str(folder), display="none", max_tokens=24)
    return log


@pytest.mark.slow
def test_inspects_own_command_finds_the_provider(tmp_path: Path) -> None:
    (tmp_path / "tiny.py").write_text(
        "from inspect_ai import Task, task\nfrom inspect_ai.dataset import Sample\n"
        "from inspect_ai.scorer import includes\nfrom inspect_ai.solver import generate\n\n\n"
        "@task\ndef tiny():\n"
        f"    return Task([Sample(input={QUESTION!r}, target='def')], generate(), scorer=includes())\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "inspect_ai", "eval", "tiny.py", "--model", "gemstead/pebble", "-M", "precision=int8",
         "--max-tokens", "60", "--display", "plain"],
        cwd=tmp_path, env={**os.environ, "GEMSTEAD_HOME": str(tmp_path)}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0 and "gemstead/pebble" in done.stdout and "accuracy" in done.stdout, done


def test_conversations_thoughts_tools_and_their_results_become_ours() -> None:
    parameters = ToolParams(properties={"city": ToolParam(type="string", description="where")}, required=["city"])
    request = of(
        ChatMessageSystem(content="Be brief."),
        ChatMessageUser(content=[ContentText(text="Rain"), ContentText(text="in Bern?")]),
        ChatMessageAssistant(
            content=[ContentReasoning(reasoning="look it up"), ContentText(text="")],
            tool_calls=[ToolCall(id="c1", function="weather", arguments={"city": "Bern"})],
        ),
        ChatMessageTool(content="dry", tool_call_id="c1", function="weather"),
        ChatMessageTool(
            content="", tool_call_id="c2", function="weather", error=ToolCallError(type="timeout", message="too slow")
        ),
        tools=(ToolInfo(name="weather", description="Tells it.", parameters=parameters),),
    )
    assert request.messages == (
        Message(role="system", content="Be brief."),
        Message(role="user", content="Rain\nin Bern?"),
        Message(
            role="assistant",
            content="",
            reasoning="look it up",
            tool_calls=(OurToolCall(id="c1", name="weather", arguments={"city": "Bern"}),),
        ),
        Message(role="tool", content="dry", tool_call_id="c1", name="weather"),
        Message(role="tool", content="error: too slow", tool_call_id="c2", name="weather"),
    )
    (tool,) = request.tools
    assert tool.parameters["properties"] == {"city": {"type": "string", "description": "where"}}
    assert of(ChatMessageUser(content="x"), tools=tuple(request.tools), choice="none").tools == ()


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"frequency_penalty": 0.5}, "frequency_penalty is set"),
        ({"logit_bias": {1: 2.0}}, "logit_bias is set"),
        ({"reasoning_effort": "high"}, "-M thinking=true"),
        ({"choice": "any", "tools": (ToolInfo(name="f", description="d"),)}, "cannot force a call"),
        ({"choice": ToolFunction(name="f"), "tools": (ToolInfo(name="f", description="d"),)}, "call f"),
        ({"temperature": -1.0}, "temperature is -1.0; allowed is"),
    ],
)
def test_what_would_change_answers_and_cannot_be_done_is_refused_by_name(config: dict[str, Any], says: str) -> None:
    with pytest.raises(BadRequest) as caught:
        of(ChatMessageUser(content="x"), **config)
    assert says in str(caught.value)


def said(**facts: Any) -> Any:
    """One answer of ours as inspect_ai hears it."""
    names = ("text", "thought", "tool_calls")
    parts = {"text": "", "thought": "", "tool_calls": ()} | {n: facts.pop(n) for n in names if n in facts}
    usage = Usage(prompt_tokens=3, completion_tokens=facts.pop("tokens", 5))
    answer = Answer(**parts, end=Finished(**{"reason": "stop", "usage": usage, **facts}))
    request = GenerationRequest(text="x", max_tokens=64)
    return choice_of(answer, request, "m", Tokenizer(embedded_folder() / "tokenizer.json"))


def test_calls_thoughts_and_ends_are_told_apart() -> None:
    call = said(tool_calls=(OurToolCall(id="c1", name="weather", arguments={"city": "Bern"}),), reason="tool_calls")
    assert call.stop_reason == "tool_calls"
    assert [(c.id, c.function, c.arguments, c.parse_error) for c in call.message.tool_calls] == [
        ("c1", "weather", {"city": "Bern"}, None)
    ]
    broken = said(is_call_broken=True)
    assert broken.stop_reason == "tool_calls" and broken.message.tool_calls[0].parse_error == "the call cannot be read"
    cut = said(is_call_broken=True, reason="length", tokens=64)
    assert cut.stop_reason == "max_tokens" and cut.message.tool_calls is None
    full = said(text="so", reason="length", tokens=5)
    assert full.stop_reason == "model_length" and full.message.content == "so"
    thought = said(text="so", thought="hm").message.content
    assert [(part.type, part.reasoning if part.type == "reasoning" else part.text) for part in thought] == [
        ("reasoning", "hm"),
        ("text", "so"),
    ]


def test_pictures_are_refused() -> None:
    with pytest.raises(BadRequest, match="a message holds image"):
        of(ChatMessageUser(content=[ContentImage(image="data:image/png;base64,AA==")]))


@pytest.mark.parametrize(
    ("name", "arguments", "says"),
    [
        ("gemstead/no/such", {}, "gemstead pull no/such"),
        ("gemstead/pebble", {"precison": "int8"}, "no option is called 'precison'"),
        ("gemstead/pebble", {"base_url": "http://x"}, "this model runs here"),
    ],
)
def test_a_wrong_model_or_argument_is_named(name: str, arguments: dict[str, Any], says: str) -> None:
    with pytest.raises((BadRequest, NotFound)) as caught:
        get_model(name, memoize=False, **arguments)
    assert says in str(caught.value)
