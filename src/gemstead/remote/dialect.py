"""A request in, the JSON that asks an OpenAI-style endpoint for it out; and what to ask where it refuses a field.

Only fields that change something are sent, since every field is one that some server does not know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gemstead.core.errors import BadRequest
from gemstead.core.messages import Message, ToolCall
from gemstead.core.requests import GenerationRequest

SEED_RANGE = 2**31
"""Seeds are sent below this: some servers keep 32 bits, and JSON readers of some languages lose those above 53."""

_REPLACEMENTS = {"max_tokens": "max_completion_tokens"}
_DROPPED = (
    "chat_template_kwargs stream_options stream seed top_k min_p repetition_penalty top_p temperature stop".split()
)
ADAPTABLE = (*_REPLACEMENTS, *_DROPPED)
"""Fields an endpoint may refuse; another name is tried, or the endpoint's own default is taken."""

_REFUSES = re.compile(
    r"unsupported|not supported|does not support|doesn't support|unknown|unrecogni[sz]ed|unexpected|not permitted|"
    r"not allowed|extra_forbidden|extra inputs|extra fields|cannot find field|no such (?:field|parameter)|"
    r"not implemented|invalid (?:argument|parameter|field|key)",
    re.IGNORECASE,
)
_OUT_OF_RANGE = re.compile(
    r"\btoo (?:large|long|big|many|small|low|high)\b|exceed|context length|at least|at most", re.I
)
_PROSE = {"stop", "stream", "seed"}  # words that messages also use in their own sense


@dataclass(frozen=True, kw_only=True, order=True)
class Adaptation:
    """A field that an endpoint refused.

    Args:
        field: Its name.
        instead: The name its value is sent under; empty when it is not sent.
    """

    field: str
    instead: str = ""

    def __str__(self) -> str:
        return f"{self.field} sent as {self.instead}" if self.instead else f"{self.field} not sent"


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What an endpoint says when it does not answer.

    Args:
        message: For people; short.
        code: For programs; empty where it gives none.
        field: The field it blames; empty where it names none.
    """

    message: str
    code: str = ""
    field: str = ""


def request_body(
    request: GenerationRequest, *, model: str, extra: Mapping[str, Any], seed: int | None, changes: Iterable[Adaptation]
) -> dict[str, Any]:
    """Body of the POST that asks for one answer.

    Args:
        request: What is asked; one answer of it, whatever its `n`.
        model: Name of the model there.
        extra: Fields sent along.
        seed: Seed of this answer, below `SEED_RANGE`.
        changes: What the endpoint is known to refuse.

    Raises:
        BadRequest: The request has what no text endpoint can take: token ids, media, log-probabilities.
    """
    if request.prompt_ids is not None:
        raise BadRequest("an endpoint reads text, not token ids", hint="send messages or text")
    sampling = request.sampling
    if sampling.logprobs is not None:
        raise BadRequest("logprobs are asked for; an endpoint's tokens have no ids here", hint="leave logprobs out")
    body: dict[str, Any] = {"model": model}
    if request.text is not None:
        body["prompt"] = request.text
    else:
        body["messages"] = [message for m in request.messages or () for message in _messages(m)]
        body["chat_template_kwargs"] = {"enable_thinking": request.thinking}
    body |= {"temperature": sampling.temperature, "max_tokens": request.max_tokens}
    neutral = {"top_p": 1.0, "top_k": 0, "min_p": 0.0, "repetition_penalty": 1.0}
    body |= {name: getattr(sampling, name) for name, value in neutral.items() if getattr(sampling, name) != value}
    if seed is not None:
        body["seed"] = seed
    if request.stop:
        body["stop"] = list(request.stop)
    if request.tools:
        body["tools"] = [
            {
                "type": "function",
                "function": {"name": t.name, "description": t.description, "parameters": dict(t.parameters)},
            }
            for t in request.tools
        ]
    # Streamed: a line on which nothing moves for minutes is cut by proxies, and a dead one is not told from a slow one.
    body |= {"stream": True, "stream_options": {"include_usage": True}, **extra}
    for change in changes:
        value = body.pop(change.field, None)
        if change.field == "stream":
            body.pop("stream_options", None)
        if change.instead and value is not None:
            body[change.instead] = value
    return body


def encoded(body: Mapping[str, Any]) -> bytes:
    """The body as it is sent; its SHA-256 says what was asked."""
    return json.dumps(body, sort_keys=True).encode("ascii")


def parameters_of(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body without what differs from answer to answer: what can be recorded of a whole run."""
    return {k: v for k, v in body.items() if k not in ("messages", "prompt", "seed")} | {"seed": "seed" in body}


def _messages(message: Message) -> list[dict[str, Any]]:
    """One turn, as one message; results of tools told inside a turn become messages of their own."""
    content = message.content
    if isinstance(content, tuple):
        media = [part.kind for part in content if part.kind != "text"]
        if media:
            raise BadRequest(f"a message carries {media[0]}; only text is sent to an endpoint", hint="leave media out")
        content = "".join(part.text for part in content)
    row: dict[str, Any] = {"role": message.role, "content": content}
    if message.tool_calls:
        row["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(dict(call.arguments), ensure_ascii=False)},
            }
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        row["tool_call_id"] = message.tool_call_id
    if message.name is not None:
        row["name"] = message.name
    ids: dict[str, list[ToolCall]] = {}
    for call in message.tool_calls:
        ids.setdefault(call.name, []).append(call)
    results = [
        {
            "role": "tool",
            "tool_call_id": ids[r.name].pop(0).id if ids.get(r.name) else r.name,
            "content": r.response if isinstance(r.response, str) else json.dumps(r.response, ensure_ascii=False),
        }
        for r in message.tool_responses
    ]
    return [row, *results]


def read_refusal(text: str) -> Refusal:
    """Understand the body of an error, whichever server wrote it; whatever it is, a short message comes out."""
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        words = " ".join(re.sub(r"<(script|style).*?</\1>|<[^>]*>", " ", text, flags=re.S | re.I).split())
        return Refusal(message=words[:200] or "no explanation")
    while isinstance(raw, list) and raw:  # Gemini sends a list of one
        raw = raw[0]
    if not isinstance(raw, dict):
        return Refusal(message=str(raw)[:200] or "no explanation")
    inner = raw.get("error") or raw.get("detail") or raw.get("message") or raw
    if isinstance(inner, list):  # FastAPI: one entry per wrong field, which may carry the whole body as "input"
        entries = [entry for entry in inner if isinstance(entry, dict)]
        told = "; ".join(
            f"{entry.get('type', '')} '{'.'.join(map(str, entry.get('loc') or ['']))}': {entry.get('msg', '')}"
            for entry in entries
        )
        places = [str((entry.get("loc") or [""])[-1]) for entry in entries]
        return Refusal(message=told[:300] or "no explanation", field=places[0] if places else "")
    if not isinstance(inner, dict):
        return Refusal(message=str(inner)[:300], code=str(raw.get("code") or ""))
    message = inner.get("message") or inner.get("detail") or json.dumps(inner)
    return Refusal(
        message=str(message)[:300],
        code=str(inner.get("code") or inner.get("status") or inner.get("type") or ""),
        field=str(inner.get("param") or ""),
    )


def adapt(refusal: Refusal, body: Mapping[str, Any]) -> Adaptation | None:
    """What to change after a refusal; `None` when it is not about a field that may be changed.

    A value out of range is not: what was asked for stays what was asked for.
    """
    is_coded = refusal.code in ("unsupported_parameter", "unknown_parameter", "unsupported_value")
    if not is_coded and (not _REFUSES.search(refusal.message) or _OUT_OF_RANGE.search(refusal.message)):
        return None
    present = [name for name in (*ADAPTABLE, *_REPLACEMENTS.values()) if name in body]
    blamed = [name for name in present if name == refusal.field.split(".")[0]]
    blamed += [name for name in present if _names(name, refusal.message)]
    if not blamed or blamed[0] in _REPLACEMENTS.values():
        return None
    return Adaptation(field=blamed[0], instead=_REPLACEMENTS.get(blamed[0], ""))


def _names(field: str, message: str) -> bool:
    if field == "stream" and re.search(r"\bstreaming\b", message, re.IGNORECASE):
        return True
    if field in _PROSE:
        return re.search(rf"[\"'`.]{field}[\"'`]|(?:parameter|field|argument)s?:? {field}\b", message) is not None
    return re.search(rf"(?<![\w]){field}(?![\w])", message) is not None
