"""`gemstead run`: chat in the terminal, or one answer to one prompt."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from gemstead.cli import options
from gemstead.cli.screen import show_error, talk

if TYPE_CHECKING:
    from gemstead.core.events import Finished
    from gemstead.core.messages import Message
    from gemstead.runtime import LocalModel

HELP = "/clear forgets the conversation, /system TEXT sets the instruction, /exit leaves; Ctrl-C stops an answer"


def run(
    model: Annotated[str, typer.Argument(help="pebble, a folder of safetensors, a GGUF, or a Hub id.")] = "pebble",
    prompt: Annotated[
        str | None, typer.Argument(help="Answer this once. Without it, chat; '-' reads it from standard input.")
    ] = None,
    system: Annotated[str | None, typer.Option(help="Instruction for the whole conversation.")] = None,
    think: Annotated[bool, typer.Option("--think/--no-think", help="Let the model think before it answers.")] = False,
    max_tokens: Annotated[int, typer.Option(help="Longest answer, in tokens.")] = 1024,
    temperature: Annotated[float, typer.Option(help="0 always takes the likeliest token.")] = 0.0,
    top_k: Annotated[int, typer.Option(help="Draw among the k likeliest; 0 for all.")] = 64,
    top_p: Annotated[float, typer.Option(help="Draw among the likeliest that make up this share.")] = 0.95,
    seed: options.Seed = None,
    device: options.Device = None,
    precision: options.Precision = None,
    context: options.Context = None,
    drafter: options.Drafter = "auto",
    cache_dtype: options.CacheDtype = "auto",
) -> None:
    """Chat with a model, or ask it once."""
    from gemstead.checkpoints.hub import obtain_model
    from gemstead.core.errors import BadRequest
    from gemstead.core.requests import Sampling
    from gemstead.runtime import load

    if prompt == "-" or (prompt is None and not sys.stdin.isatty()):
        prompt = sys.stdin.read()
    if prompt is not None and not prompt.strip():
        raise BadRequest("the prompt is empty", hint="say something, or leave the prompt out to chat")
    sampling = Sampling(temperature=temperature, top_k=top_k, top_p=top_p, seed=seed)
    obtain_model(model)
    held = {
        "device": device,
        "precision": precision,
        "context": context,
        "drafter": drafter,
        "cache_dtype": cache_dtype,
    }
    with load(model, max_sequences=1, **held) as loaded:
        conversation = Conversation(loaded, sampling=sampling, thinking=think, max_tokens=max_tokens, system=system)
        if prompt is None:
            _chat(conversation, model)
        else:
            conversation.ask(prompt)


@dataclass(kw_only=True)
class Turn:
    """What one request to the model asks for besides its messages."""

    sampling: Any
    thinking: bool
    max_tokens: int


class Conversation:
    """Messages so far, and the model that answers them.

    Args:
        model: Who answers.
        sampling: How tokens are chosen.
        thinking: Whether it may think first.
        max_tokens: Longest answer.
        system: Instruction, if any.
    """

    def __init__(
        self, model: LocalModel, *, sampling: Any, thinking: bool, max_tokens: int, system: str | None
    ) -> None:
        self._model = model
        self._turn = Turn(sampling=sampling, thinking=thinking, max_tokens=max_tokens)
        self.system = system
        self.messages: list[Message] = []

    def ask(self, text: str) -> None:
        """Say something, show the answer as it comes, and remember both; an interrupted answer as far as it is."""
        from gemstead.core.messages import Message
        from gemstead.core.requests import GenerationRequest
        from gemstead.hardware.units import rate

        head = [Message(role="system", content=self.system)] if self.system else []
        asked = [*self.messages, Message(role="user", content=text)]
        request = GenerationRequest(
            messages=tuple(head + asked),
            sampling=self._turn.sampling,
            thinking=self._turn.thinking,
            max_tokens=self._turn.max_tokens,
        )
        start = time.monotonic()
        answer, end = asyncio.run(_stream(self._model, request, _write))
        sys.stdout.write("\n")
        sys.stdout.flush()
        self.messages = [*asked, Message(role="assistant", content=answer)]
        if talk.is_terminal and end is not None:
            usage = end.usage
            note = "" if end.reason == "stop" else f", ended by {end.reason}"
            spent = time.monotonic() - start
            talk.print(f"[dim]{usage.completion_tokens} tokens, {rate(usage.completion_tokens, spent)}{note}[/]")


def _write(text: str, is_thought: bool) -> None:
    if is_thought:
        talk.print(f"[dim italic]{escape(text)}[/]", end="")
    else:
        sys.stdout.write(text)
        sys.stdout.flush()


async def _stream(model: LocalModel, request: Any, write: Callable[[str, bool], None]) -> tuple[str, Finished | None]:
    """Show an answer as it comes. Returns its text, and how it ended unless it was interrupted."""
    from gemstead.core.events import Finished, TextDelta, ThoughtDelta

    parts: list[str] = []
    was_thought = False
    stream = model.generate(request)
    try:
        async for event in stream:
            if isinstance(event, ThoughtDelta):
                write(event.text, True)
                was_thought = True
            elif isinstance(event, TextDelta):
                if was_thought and not parts:
                    talk.print()
                parts.append(event.text)
                write(event.text, False)
            elif isinstance(event, Finished):
                return "".join(parts), event
    except asyncio.CancelledError:
        talk.print("[dim](stopped)[/]")
    return "".join(parts), None


def _chat(conversation: Conversation, name: str) -> None:
    """Ask and answer until the user leaves."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import InMemoryHistory

    from gemstead.core.errors import GemsteadError

    talk.print(f"[bold]{escape(name)}[/]  [dim]{HELP}[/]")
    session: PromptSession[str] = PromptSession(history=InMemoryHistory())
    while True:
        try:
            line = session.prompt("> ").strip()
        except (EOFError, KeyboardInterrupt):
            return
        command, _, rest = line.partition(" ")
        if not line:
            continue
        if command in ("/exit", "/quit", "/bye"):
            return
        if command == "/clear":
            conversation.messages.clear()
        elif command == "/system":
            conversation.system = rest or None
        elif command.startswith("/") and command[1:].isalpha():
            talk.print(HELP)
        else:
            try:
                conversation.ask(line)
            except GemsteadError as error:
                show_error(error)
            except KeyboardInterrupt:
                talk.print("[dim](stopped)[/]")
