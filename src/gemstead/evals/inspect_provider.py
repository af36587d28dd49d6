"""inspect_ai's questions in, its answers out: `inspect eval TASK --model gemstead/pebble` runs on this engine.

inspect_ai finds this file by the entry point `inspect_ai`. Many questions are in flight at once, and the engine batches
them. What it cannot do is refused by name: a setting that is ignored in silence makes a score that means nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from inspect_ai.model import (
    ChatCompletionChoice,
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageTool,
    Content,
    ContentReasoning,
    ContentText,
    GenerateConfig,
    Logprob,
    Logprobs,
    ModelAPI,
    ModelCall,
    ModelOutput,
    ModelUsage,
    TopLogprob,
    modelapi,
)
from inspect_ai.tool import ToolCall as InspectToolCall
from inspect_ai.tool import ToolChoice, ToolInfo

from gemstead.chat.tokenizer import Tokenizer
from gemstead.core.errors import BadRequest, Infrastructure
from gemstead.core.events import TokenLogprob
from gemstead.core.generator import Answer, collect
from gemstead.core.messages import Message, Role, Tool, ToolCall
from gemstead.core.requests import GenerationRequest, Sampling

MAX_TOKENS, MAX_THINKING_TOKENS = 1024, 8192
"""Longest answer where a task does not say, as in `gemstead eval`."""

UNABLE = (
    "frequency_penalty",
    "presence_penalty",
    "logit_bias",
    "best_of",
    "response_schema",
    "prompt_logprobs",
    "modalities",
    "extra_body",
)
"""Settings that would change answers and that this engine does not have."""


class GemsteadModel(ModelAPI):
    """A model on this machine.

    Args:
        model_name: "pebble", a folder, or a fetched Hub id.
        base_url: Refused: nothing is asked over a network.
        api_key: Not used.
        config: inspect_ai's settings for all questions.
        thinking: Whether the model may think first.
        options: Fields of `runtime.LoadOptions`, as `precision` or `device`.

    Raises:
        GemsteadError: The model cannot be loaded, or an option is none.
    """

    def __init__(
        self,
        model_name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        config: GenerateConfig | None = None,
        thinking: bool = False,
        **options: Any,
    ) -> None:
        from gemstead.runtime import load

        if base_url is not None:
            raise BadRequest(
                f"base URL {base_url}: this model runs here and has none",
                hint="for a server use `--model openai-api/…`",
            )
        super().__init__(model_name, base_url, api_key, [], config or GenerateConfig())
        self._thinking = thinking
        self._model = load(model_name, **{"reproducible": True, **options})
        self._about = self._model.describe()

    def close(self) -> None:
        """Free the model."""
        self._model.close()

    def max_connections(self) -> int:
        """As many questions in flight as fill a batch, and a few that wait for a place in it."""
        places = int(self._about.details["max_sequences"])
        return places + max(1, places // 8)

    def max_tokens(self) -> int:
        """Longest answer where the task does not say."""
        return MAX_THINKING_TOKENS if self._thinking else MAX_TOKENS

    def connection_key(self) -> str:
        """Each engine has its own places."""
        return f"{self.model_name} {self._about.precision}"

    def should_retry(self, ex: Exception) -> bool:
        """Whether asking again may help: after our own failures, never after a refused request."""
        return isinstance(ex, Infrastructure)

    async def count_text_tokens(self, text: str) -> int:
        """By the model's own vocabulary."""
        return len(await self.tokenize(text))

    async def tokenize(self, text: str) -> list[int]:
        """By the model's own vocabulary; what spells a control token is text."""
        return self._model.tokenizer.encode(text, controls=False)

    async def generate(
        self, input: list[ChatMessage], tools: list[ToolInfo], tool_choice: ToolChoice, config: GenerateConfig
    ) -> tuple[ModelOutput, ModelCall]:
        """Answer one question.

        Raises:
            BadRequest: It cannot be asked as it is.
        """
        request = request_of(
            input,
            tools,
            tool_choice,
            config,
            thinking=self._thinking,
            max_tokens=config.max_tokens or self.max_tokens(),
        )
        answers = await collect(self._model.generate(request))
        cost = answers[0].end.usage
        num_written = sum(answer.end.usage.completion_tokens for answer in answers)
        output = ModelOutput(
            model=self.model_name,
            choices=[choice_of(answer, request, self.model_name, self._model.tokenizer) for answer in answers],
            usage=ModelUsage(
                input_tokens=cost.prompt_tokens - cost.cached_tokens,
                input_tokens_cache_read=cost.cached_tokens,
                output_tokens=num_written,
                total_tokens=cost.prompt_tokens + num_written,
            ),
            input_context_tokens=cost.prompt_tokens,
            metadata={"fingerprint": self._about.fingerprint, "precision": self._about.precision},
        )
        asked = {"prompt_ids": list(answers[0].end.prompt_ids), "max_tokens": request.max_tokens}
        said = [{"token_ids": list(a.end.token_ids), "finish": a.end.reason, "seed": a.end.seed} for a in answers]
        return output, ModelCall.create(asked, {"answers": said})


@modelapi(name="gemstead")
def gemstead() -> type[ModelAPI]:
    """Models whose name begins with `gemstead/`."""
    return GemsteadModel


def request_of(
    input: Sequence[ChatMessage],
    tools: Sequence[ToolInfo],
    tool_choice: ToolChoice,
    config: GenerateConfig,
    *,
    thinking: bool,
    max_tokens: int,
) -> GenerationRequest:
    """What inspect_ai asks, in our words.

    Raises:
        BadRequest: It asks for something that this engine cannot do.
    """
    for name in UNABLE:
        if getattr(config, name, None) is not None:
            raise BadRequest(f"{name} is set, and this engine has no such setting", hint=f"leave {name} out")
    if config.reasoning_effort not in (None, "none") and not thinking:
        raise BadRequest(
            f"reasoning_effort is {config.reasoning_effort}; this model thinks or does not",
            hint="use `-M thinking=true`",
        )
    if tools and tool_choice not in ("auto", "none"):
        wanted = tool_choice if isinstance(tool_choice, str) else f"call {tool_choice.name}"
        raise BadRequest(f"tool_choice is {wanted!r}: this engine cannot force a call", hint="use 'auto'")
    return GenerationRequest(
        messages=tuple(_message(message) for message in input),
        tools=tuple(_tool(tool) for tool in tools) if tool_choice != "none" else (),
        thinking=thinking,
        sampling=Sampling(
            # Greedy where nothing is said, as everywhere in gemstead.
            temperature=config.temperature if config.temperature is not None else 0.0,
            top_k=config.top_k or 0,
            top_p=config.top_p if config.top_p is not None else 1.0,
            seed=config.seed,
            logprobs=(config.top_logprobs or 0) if config.logprobs else None,
        ),
        max_tokens=max_tokens,
        stop=tuple(config.stop_seqs or ()),
        n=config.num_choices or 1,
    )


def choice_of(
    answer: Answer, request: GenerationRequest, model_name: str, tokenizer: Tokenizer
) -> ChatCompletionChoice:
    """One of our answers, in inspect_ai's words.

    Args:
        answer: What the model said.
        request: What was asked.
        model_name: As the user called it.
        tokenizer: The model's, which spells tokens.
    """
    content: list[Content] = [ContentReasoning(reasoning=answer.thought)] if answer.thought else []
    if answer.text or not content:
        content.append(ContentText(text=answer.text))
    calls = [InspectToolCall(id=c.id, function=c.name, arguments=dict(c.arguments)) for c in answer.tool_calls]
    if answer.end.is_call_broken and answer.end.reason != "length":
        # An agent tells the model of a call with an error; one that is left out would look like an answer.
        broken = {"function": "unknown", "arguments": {}, "parse_error": "the call cannot be read"}
        calls.append(InspectToolCall(id=f"broken_{len(calls)}", **broken))
    return ChatCompletionChoice(
        message=ChatMessageAssistant(
            content=content if answer.thought else answer.text,
            tool_calls=calls or None,
            model=model_name,
            source="generate",
        ),
        stop_reason="tool_calls" if calls else _stop_reason(answer, request),
        logprobs=None if answer.end.logprobs is None else _logprobs(answer.end.logprobs, tokenizer),
    )


def _logprobs(tokens: Sequence[TokenLogprob], tokenizer: Tokenizer) -> Logprobs:
    return Logprobs(
        content=[
            Logprob(
                **_spelled(token.token_id, tokenizer),
                logprob=token.logprob,
                top_logprobs=[TopLogprob(**_spelled(one, tokenizer), logprob=value) for one, value in token.top]
                or None,
            )
            for token in tokens
        ]
    )


def _spelled(token_id: int, tokenizer: Tokenizer) -> dict[str, Any]:
    piece = tokenizer.piece(token_id)
    raw = piece if isinstance(piece, bytes) else piece.encode()
    return {"token": raw.decode(errors="replace"), "bytes": list(raw)}


def _message(message: ChatMessage) -> Message:
    role: Role = message.role
    content, reasoning = _texts(message.content)
    if isinstance(message, ChatMessageTool):
        told = content if message.error is None else f"error: {message.error.message}"
        return Message(role=role, content=told, tool_call_id=message.tool_call_id, name=message.function)
    calls = message.tool_calls or [] if isinstance(message, ChatMessageAssistant) else []
    return Message(
        role=role,
        content=content,
        reasoning=reasoning or None,
        tool_calls=tuple(ToolCall(id=c.id, name=c.function, arguments=c.arguments) for c in calls),
    )


def _texts(content: str | list[Content]) -> tuple[str, str]:
    """What was said, and what was thought."""
    if isinstance(content, str):
        return content, ""
    said, thought = [], []
    for part in content:
        if isinstance(part, ContentText):
            said.append(part.text)
        elif isinstance(part, ContentReasoning):
            thought.append(part.reasoning)
        else:
            raise BadRequest(f"a message holds {part.type}; this version reads text alone", hint="use a text task")
    return "\n".join(said), "\n".join(thought)


def _tool(tool: ToolInfo) -> Tool:
    return Tool(name=tool.name, description=tool.description, parameters=tool.parameters.model_dump(exclude_none=True))


def _stop_reason(answer: Answer, request: GenerationRequest) -> str:
    if answer.end.reason == "length":
        is_full = answer.end.usage.completion_tokens < request.max_tokens
        return "model_length" if is_full else "max_tokens"
    return {"stop": "stop", "tool_calls": "tool_calls"}.get(answer.end.reason, "unknown")
