"""A problem and the way it is asked in, what is sent to the model out. Shared by the tasks that ask for a function."""

from __future__ import annotations

from collections.abc import Sequence

from gemstead.core.errors import BadRequest
from gemstead.core.messages import Message
from gemstead.core.requests import GenerationRequest, Sampling
from gemstead.evals.task import Problem, Style


def ask(
    problem: Problem,
    *,
    instruction: str,
    stop: Sequence[str],
    style: Style,
    thinking: bool,
    sampling: Sampling,
    max_tokens: int,
) -> GenerationRequest:
    """What is asked of the model for one item.

    Args:
        problem: Its `prompt` is what a base model continues, to the letter, its last line break included.
        instruction: The one user message of chat style.
        stop: Where a base model has left the function; a chat ends by itself.
        style: Chat or base.
        thinking: Whether the model may think first.
        sampling: How tokens are drawn.
        max_tokens: Longest answer.

    Raises:
        BadRequest: Thinking in base style.
    """
    if style == "chat":
        message = Message(role="user", content=instruction)
        return GenerationRequest(messages=(message,), thinking=thinking, sampling=sampling, max_tokens=max_tokens)
    if thinking:
        raise BadRequest(
            "thinking with style base; a base prompt is continued, so there is no turn to think in",
            hint="use `--style chat` to think, or `--no-think`",
        )
    return GenerationRequest(text=problem.prompt, sampling=sampling, max_tokens=max_tokens, stop=tuple(stop))
