"""An endpoint as a Generator: requests in, events out, with all that goes wrong on the way handled or named.

An answer is handed on once it is whole. Text that was shown cannot be taken back when the line breaks after it, and an
answer whose line broke is asked for again from its beginning.
"""

from __future__ import annotations

import asyncio
import contextlib
import difflib
import hashlib
import json
import random
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import httpx2

from gemstead import __version__
from gemstead.core.errors import BadRequest, EndpointFailed, GemsteadError, Infrastructure, NotFound
from gemstead.core.events import Event, Finished, TextDelta, ThoughtDelta, ToolCallDone, Usage
from gemstead.core.generator import Description
from gemstead.core.messages import Message
from gemstead.core.requests import FinishReason, GenerationRequest
from gemstead.remote.address import Address, Credentials, EndpointSettings, read_address, read_credentials
from gemstead.remote.dialect import SEED_RANGE, Adaptation, adapt, encoded, parameters_of, read_refusal, request_body
from gemstead.remote.reply import ErrorInStream, Interrupted, Malformed, Reply, Withheld, read_reply

T = TypeVar("T")

_QUESTION = Message(role="user", content="Reply with the single word yes.")
_NAMES_SHOWN = 12
_OPENING_ATTEMPTS = 3
_CONNECT_S = 30.0
_AFTERWARDS_S = 0.25
_ERROR_BYTES = 1 << 16
_OUT_OF_MONEY = ("insufficient_quota", "billing_hard_limit_reached", "insufficient_balance", "credit_balance_too_low")
_ABOUT_MODEL = ("root", "owned_by", "max_model_len", "context_length", "context_window", "meta")
"""What a listing tells of a model that stays the same from one call to the next; `created` is the time of the call at
vLLM and llama.cpp."""
_GOLDEN = 0x9E3779B97F4A7C15
_DEAD_LINE = (httpx2.TransportError, httpx2.DecodingError)


@dataclass(kw_only=True, eq=False)
class _Trouble(Exception):
    """One attempt brought no answer.

    Args:
        error: What it means to the caller, if it stays so.
        may_pass: Another attempt may succeed.
        is_rate_limit: We were asked to be slower; that is no failed attempt.
        wait_s: How long the endpoint asks us to wait; `None` where it does not say.
        is_for_all: No other request will fare better.
    """

    error: GemsteadError
    may_pass: bool = False
    is_rate_limit: bool = False
    wait_s: float | None = None
    is_for_all: bool = False


@dataclass(kw_only=True)
class _Line:
    """The open connections of one event loop; closed when nobody uses them, since a client dies with its loop."""

    client: httpx2.AsyncClient
    slots: asyncio.Semaphore
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    num_users: int = 0


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """A reply, and what was sent for it."""

    reply: Reply
    body: Mapping[str, Any]
    changes: tuple[Adaptation, ...]
    attempts: int


@dataclass(kw_only=True)
class _Known:
    """What was learnt of the endpoint.

    Args:
        models: Names in its listing; `None` where it has none.
        revealed: What the listing tells of our model.
        changes: Fields it refuses.
        parameters: What is sent with every request, as accepted at the opening.
        first: What the first answer revealed.
    """

    models: tuple[str, ...] | None = None
    revealed: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[Adaptation, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    first: Mapping[str, Any] = field(default_factory=dict)


def connect(
    settings: EndpointSettings, *, like: GenerationRequest | None = None, about: Mapping[str, Any] | None = None
) -> RemoteModel:
    """Find out whether an endpoint has a model and what it refuses, by its listing and one short question.

    Not to be called inside a running event loop.

    Args:
        settings: Where it is, and how it is spoken to.
        like: A request with the sampling, length, thinking and stops that will be used; its prompt is not sent.
        about: More facts for the record, e.g. a price.

    Raises:
        BadRequest: The URL, the key or a parameter is refused.
        NotFound: The endpoint does not have the model, or is no such endpoint; the message lists what it has.
        Infrastructure: It cannot be reached, or does not answer.
    """
    address = read_address(settings.url)
    model = RemoteModel(settings, address, read_credentials(address, settings.api_key_env), about or {})
    asyncio.run(model.open(like or GenerationRequest(messages=(_QUESTION,))))
    return model


class RemoteModel:
    """A model behind an OpenAI-style endpoint. `connect` makes one.

    Args:
        settings: How it is spoken to.
        address: Where it is.
        credentials: What lets us in.
        about: More facts for the record.
    """

    def __init__(
        self, settings: EndpointSettings, address: Address, credentials: Credentials, about: Mapping[str, Any]
    ) -> None:
        self._settings = settings
        self._address = address
        self._credentials = credentials
        self._about = about
        self._known = _Known()
        self._changes: tuple[Adaptation, ...] = ()
        self._lines: dict[asyncio.AbstractEventLoop, _Line] = {}
        self._not_before = 0.0  # monotonic clock; nobody asks before it
        self._num_failed_in_a_row = 0
        self._is_one_at_a_time = False
        self._over: GemsteadError | None = None
        self._chance = random.Random()
        self._tls = httpx2.create_ssl_context()  # once: it takes longer than all else of a request here

    def __repr__(self) -> str:
        return f"RemoteModel({self._settings.model!r} at {self._address.shown})"

    def describe(self) -> Description:
        """See `Generator.describe`. Precision and device are not known of an endpoint, and said not to be."""
        known = self._known
        facts = {
            "endpoint": self._address.shown,
            "model": self._settings.model,
            "revealed": dict(known.revealed),
            "parameters": dict(known.parameters),
        }
        context = next((v for k, v in known.revealed.items() if k != "meta" and isinstance(v, int)), 0)
        return Description(
            name=self._settings.model,
            family="endpoint",
            precision="as served",
            device="endpoint",
            context_tokens=context,
            fingerprint=hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest(),
            details={
                **facts,
                "adaptations": [str(change) for change in known.changes],
                "served_model": known.first.get("model"),
                "system_fingerprint": known.first.get("system_fingerprint"),
                # The name of a variable, never what is in it.
                "api_key_env": self._credentials.variable if self._credentials.key else None,
                "extra": dict(self._settings.extra),
                **self._about,
            },
        )

    async def open(self, like: GenerationRequest) -> None:
        """See `connect`."""
        async with self._line() as line:
            await self._list_models(line)
            self._check_listed()
            opening = GenerationRequest(
                messages=(_QUESTION,) if like.text is None else None,
                text=None if like.text is None else "1, 2, 3,",
                thinking=like.thinking,
                sampling=like.sampling,
                max_tokens=like.max_tokens,
                stop=like.stop,
            )
            try:
                asked = await self._ask(line, opening, 0, attempts=_OPENING_ATTEMPTS)
            except _Trouble as trouble:
                raise trouble.error from trouble.__cause__
        self._known.changes = asked.changes
        self._known.parameters = parameters_of(asked.body)
        self._known.first = asked.reply.about

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Event]:
        """See `Generator.generate`. Several answers are asked for one after another."""
        async with self._line() as line:
            for index in range(request.n):
                try:
                    async with line.slots:
                        asked = await self._ask(line, request, index, attempts=self._settings.attempts)
                except _Trouble as trouble:
                    raise self._give_up(trouble) from trouble.__cause__
                self._num_failed_in_a_row = 0
                for event in _events(asked, request, index):
                    yield event

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[_Line]:
        loop = asyncio.get_running_loop()
        line = self._lines.get(loop)
        if line is None:
            line = _Line(client=self._client(), slots=asyncio.Semaphore(self._settings.concurrency))
            self._lines[loop] = line
        line.num_users += 1
        try:
            yield line
        finally:
            line.num_users -= 1
            if not line.num_users:
                del self._lines[loop]
                await line.client.aclose()

    def _client(self) -> httpx2.AsyncClient:
        headers = {"User-Agent": f"gemstead/{__version__}", "Accept": "text/event-stream, application/json"}
        if self._credentials.key is not None:
            headers["Authorization"] = f"Bearer {self._credentials.key}"
        is_basic = self._credentials.key is None and self._credentials.user is not None
        return httpx2.AsyncClient(
            headers=headers,
            auth=httpx2.BasicAuth(*self._credentials.user) if is_basic and self._credentials.user else None,
            verify=self._tls,
            timeout=httpx2.Timeout(self._settings.silence_s, connect=min(_CONNECT_S, self._settings.silence_s)),
            limits=httpx2.Limits(max_connections=self._settings.concurrency + 1),
            # A redirect would carry the question, and on one host the key, to where nobody pointed us.
            follow_redirects=False,
        )

    async def _list_models(self, line: _Line) -> None:
        """Read the listing; endpoints without one are taken at the user's word until they answer."""

        async def attempt() -> Any:
            async with self._sent(line, "GET", "/models", None) as response:
                if response.status_code in (400, 404, 405, 501):
                    return None
                text = await _read(response, 16 * 1024**2)
                self._check(response, text)
                try:
                    return json.loads(text)
                except ValueError:
                    return None

        try:
            raw, _ = await self._persist(line, attempt, _OPENING_ATTEMPTS)
        except _Trouble as trouble:
            raise trouble.error from trouble.__cause__
        rows = raw.get("data", raw.get("models")) if isinstance(raw, dict) else raw
        if not isinstance(rows, list):
            return
        found = {str(r.get("id") or r.get("name")): r for r in rows if isinstance(r, dict)}
        self._known.models = tuple(sorted(found))
        wanted = self._settings.model
        names = [wanted, f"models/{wanted}", f"{wanted}:latest"]  # as Gemini and Ollama list them
        row = next((found[name] for name in names if name in found), None)
        if row is not None:
            self._known.revealed = {name: row[name] for name in _ABOUT_MODEL if row.get(name) not in (None, "")}
            self._known.models = tuple(sorted({*found, wanted}))

    def _check_listed(self) -> None:
        if self._known.models is not None and self._settings.model not in self._known.models:
            raise self._not_there()

    def _not_there(self) -> NotFound:
        has = self._known.models
        if not has:
            return NotFound(
                f"{self._address.shown} has no model {self._settings.model!r}"
                + (", nor any other" if has == () else ""),
                hint="name the model as the endpoint does",
            )
        close = difflib.get_close_matches(self._settings.model, has, n=_NAMES_SHOWN, cutoff=0.5)
        shown = [*close, *(name for name in has if name not in close)][:_NAMES_SHOWN]
        more = f" and {len(has) - len(shown)} more" if len(has) > len(shown) else ""
        return NotFound(
            f"{self._address.shown} has no model {self._settings.model!r}; it has {', '.join(shown)}{more}",
            hint=f"`--model {shown[0]}`",
        )

    async def _ask(self, line: _Line, request: GenerationRequest, index: int, *, attempts: int) -> _Asked:
        """Ask until an answer is there, or `_Trouble` says that there will be none."""
        seed = request.sampling.seed
        own_seed = None if seed is None else (seed + index * _GOLDEN) % SEED_RANGE
        route = "/completions" if request.text is not None else "/chat/completions"

        async def attempt() -> _Asked:
            for _ in range(16):  # a field is refused once; there are fewer that can be
                changes = self._changes
                body = request_body(
                    request, model=self._settings.model, extra=self._settings.extra, seed=own_seed, changes=changes
                )
                reply = await self._attempt(line, route, body, changes)
                if reply is not None:
                    return _Asked(reply=reply, body=body, changes=_in_use(changes, request), attempts=0)
            raise AssertionError("unreachable")

        asked, num = await self._persist(line, attempt, attempts)
        return _Asked(reply=asked.reply, body=asked.body, changes=asked.changes, attempts=num)

    async def _attempt(
        self, line: _Line, route: str, body: Mapping[str, Any], changes: tuple[Adaptation, ...]
    ) -> Reply | None:
        """Ask once; `None` when the endpoint refused a field, which is then known."""
        async with self._sent(line, "POST", route, body) as response:
            if not response.is_success:
                text = await _read(response, _ERROR_BYTES)
                change = adapt(read_refusal(text), body) if response.status_code in (400, 415, 422, 500, 501) else None
                if change is not None and change not in changes:
                    self._changes = tuple(dict.fromkeys((*self._changes, change)))  # others may have learnt, too
                    return None
                self._check(response, text)
            kind = response.headers.get("Content-Type", "")
            try:
                pieces = response.aiter_bytes()
                reply = await read_reply(pieces, content_type=kind, dead_line=_DEAD_LINE)
                await _read_out(pieces)
                return self._without_secrets(reply)
            except Malformed as error:
                # It gave up one answer for the next: that would go on until every attempt is used up.
                self._is_one_at_a_time |= isinstance(error, Interrupted)
                raise _Trouble(error=self._failure(str(error)), may_pass=True) from error
            except Withheld as error:
                raise _Trouble(error=EndpointFailed(str(error))) from error
            except ErrorInStream as error:
                is_ours = error.refusal.code in ("400", "invalid_request_error", "context_length_exceeded")
                message = f"in mid-answer: {self._credentials.redact(error.refusal.message)}"
                trouble = BadRequest(message) if is_ours else self._failure(message)
                raise _Trouble(error=trouble, may_pass=not is_ours) from error

    def _without_secrets(self, reply: Reply) -> Reply:
        """What is stored, should a server echo what it was sent."""
        redact = self._credentials.redact
        return replace(
            reply,
            text=redact(reply.text, shortest=16),
            thought=redact(reply.thought, shortest=16),
            about=json.loads(redact(json.dumps(reply.about))),
        )

    async def _persist(self, line: _Line, attempt: Callable[[], Awaitable[T]], attempts: int) -> tuple[T, int]:
        """Try again after what may pass, ever more slowly; count the attempts."""
        num, num_slowed, waited_s = 1, 0, 0.0
        while True:
            if self._over is not None:
                raise _Trouble(error=self._over)
            while (pause_s := self._not_before - time.monotonic()) > 0:
                await asyncio.sleep(pause_s)
            try:
                async with self._turn(line), asyncio.timeout(self._settings.answer_s):
                    return await attempt(), num + num_slowed
            except TimeoutError as error:
                trouble = _Trouble(
                    error=self._failure(f"no whole answer within {self._settings.answer_s:g} s"), may_pass=True
                )
                trouble.__cause__ = error
            except _Trouble as caught:
                trouble = caught
            if not trouble.may_pass or (num >= attempts and not trouble.is_rate_limit):
                raise trouble
            wait_s = self._wait_s(trouble, num_slowed + num)
            if trouble.is_rate_limit:
                num_slowed, waited_s = num_slowed + 1, waited_s + wait_s
                if waited_s > self._settings.patience_s:
                    raise trouble
                # Everybody waits: the limit is the account's, not the request's.
                self._not_before = max(self._not_before, time.monotonic() + wait_s)
            else:
                num += 1
            await asyncio.sleep(wait_s)

    @asynccontextmanager
    async def _turn(self, line: _Line) -> AsyncIterator[None]:
        """Around one attempt: at an endpoint that interrupts answers, only one is asked for at a time."""
        if not self._is_one_at_a_time:
            yield
            return
        async with line.turn:
            yield

    def _wait_s(self, trouble: _Trouble, num: int) -> float:
        """What the endpoint asks for, or a doubling wait; with some chance, so that not all come back at once."""
        own_s = min(self._settings.longest_wait_s, self._settings.first_wait_s * 2.0 ** min(num - 1, 30))
        if trouble.wait_s is not None:
            return trouble.wait_s + self._chance.uniform(0.0, 0.5) * self._settings.first_wait_s
        return own_s * self._chance.uniform(0.5, 1.0)

    @asynccontextmanager
    async def _sent(
        self, line: _Line, method: str, route: str, body: Mapping[str, Any] | None
    ) -> AsyncIterator[httpx2.Response]:
        """Send a request; whatever goes wrong on the line, then or while the answer is read, is `_Trouble`."""
        try:
            async with line.client.stream(
                method,
                self._address.url + route,
                params=dict(self._address.query) or None,
                content=None if body is None else encoded(body),
                headers=None if body is None else {"Content-Type": "application/json"},
            ) as response:
                yield response
        except httpx2.TimeoutException as error:
            words = f"no sign of life for {self._settings.silence_s:g} s"
            if isinstance(error, httpx2.ConnectTimeout):
                words = "no connection in time"
            raise _Trouble(error=self._failure(words), may_pass=True) from error
        except (httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, httpx2.InvalidURL) as error:
            raise _Trouble(error=BadRequest(f"{self._address.shown} cannot be asked"), is_for_all=True) from error
        except _DEAD_LINE as error:
            words = "the line broke" if not isinstance(error, httpx2.ConnectError) else "cannot be reached"
            told = self._credentials.redact(str(error))
            is_untrusted = isinstance(error.__cause__, ssl.SSLCertVerificationError) or "CERTIFICATE" in told
            raise _Trouble(
                error=self._failure(f"{words}: {told or type(error).__name__}"), may_pass=not is_untrusted
            ) from error

    def _check(self, response: httpx2.Response, text: str) -> None:
        """Say what an HTTP status means.

        Raises:
            _Trouble: It is not a success.
        """
        if response.is_success:
            return
        status, refusal = response.status_code, read_refusal(text)
        told = f"HTTP {status}: {self._credentials.redact(refusal.message)}"
        said = f"{self._address.shown} answers {told}"
        if refusal.code in _OUT_OF_MONEY or status == 402:
            raise _Trouble(error=EndpointFailed(said, hint="pay, then `--resume` the run"), is_for_all=True)
        if status in (401, 403):  # 403 may also be a filter's word on this one question
            raise _Trouble(error=BadRequest(said, hint=self._key_hint()), is_for_all=status == 401)
        if status in (404, 410):
            is_listed = self._settings.model in (self._known.models or ())
            if "model" in f"{refusal.message} {refusal.code}".lower() and not is_listed:
                raise _Trouble(error=self._not_there(), is_for_all=True)
            hint = "the URL is the base of the API, most often one that ends in /v1"
            raise _Trouble(error=NotFound(said, hint=hint), is_for_all=True)
        if 300 <= status < 400:
            error = BadRequest(f"{said}: it has moved", hint="give its new URL with `--endpoint`")
            raise _Trouble(error=error, is_for_all=True)
        wait_s = _retry_after_s(response.headers)
        if status == 429 or (status == 503 and wait_s is not None):
            raise _Trouble(error=self._failure(told), may_pass=True, is_rate_limit=True, wait_s=wait_s)
        if status in (408, 409, 425) or (status >= 500 and status not in (501, 505)):
            raise _Trouble(error=self._failure(told), may_pass=True, wait_s=wait_s)
        raise _Trouble(error=BadRequest(said))

    def _key_hint(self) -> str:
        name = self._credentials.variable
        if self._credentials.key is None:
            return f"set environment variable {name} to the endpoint's key, or name another with `--api-key-env`"
        return f"the key in environment variable {name} is not accepted; `--api-key-env` names another"

    def _failure(self, words: str) -> Infrastructure:
        return Infrastructure(
            f"{self._address.shown}: {words}",
            hint="see that the endpoint runs and is reached from here, then try again",
        )

    def _give_up(self, trouble: _Trouble) -> GemsteadError:
        """What the caller is told; and whether the endpoint is asked anything more."""
        error = trouble.error
        if trouble.is_for_all and self._over is None:
            self._over = EndpointFailed(error.message, hint=error.hint)
        if trouble.may_pass:
            self._num_failed_in_a_row += 1
            most = max(8, self._settings.concurrency)
            error = EndpointFailed(error.message, hint=error.hint)
            if self._num_failed_in_a_row >= most and self._over is None:
                self._over = EndpointFailed(
                    f"{error.message}; {most} answers in a row failed, so it is asked no more", hint=error.hint
                )
        # What is wrong for all is no fault of this one request.
        return self._over if trouble.is_for_all and self._over is not None else error


def _in_use(changes: tuple[Adaptation, ...], request: GenerationRequest) -> tuple[Adaptation, ...]:
    """The changes that touched this request."""
    body = request_body(request, model="", extra={}, seed=request.sampling.seed, changes=())
    return tuple(change for change in changes if change.field in body)


def _events(asked: _Asked, request: GenerationRequest, index: int) -> list[Event]:
    reply = asked.reply
    text, finish = reply.text, reply.finish
    if "stop" not in asked.body:
        cuts = [place for s in request.stop if (place := text.find(s)) >= 0]
        if cuts:
            text, finish = text[: min(cuts)], "stop"
    usage = reply.usage or Usage(prompt_tokens=0, completion_tokens=0)
    finish = finish or _inferred_finish(usage, request)
    events: list[Event] = []
    if reply.thought:
        events.append(ThoughtDelta(text=reply.thought, index=index))
    if text:
        events.append(TextDelta(text=text, index=index))
    events += [ToolCallDone(call=call, index=index) for call in reply.tool_calls]
    events.append(
        Finished(
            reason=finish,
            usage=usage,
            is_thought_open=finish == "length" and bool(reply.thought) and not text,
            is_call_broken=reply.is_call_broken,
            seed=asked.body.get("seed"),
            index=index,
            details={
                **reply.about,
                "cached_tokens": usage.cached_tokens,
                "finish_reason": reply.told_finish or None,
                "request_sha256": hashlib.sha256(encoded(asked.body)).hexdigest(),
                "adaptations": [str(change) for change in asked.changes],
                "attempts": asked.attempts,
            },
        )
    )
    return events


def _inferred_finish(usage: Usage, request: GenerationRequest) -> FinishReason:
    """Of an endpoint that ends its streams properly, but gives no reason."""
    return "length" if usage.completion_tokens >= request.max_tokens else "stop"


async def _read(response: httpx2.Response, most_bytes: int) -> str:
    body = b""
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > most_bytes:
            break
    return body[:most_bytes].decode("utf-8", "replace")


async def _read_out(pieces: AsyncIterator[bytes]) -> None:
    """Read what follows a whole answer, for a moment: a connection that was read to the end can be used again."""
    with contextlib.suppress(TimeoutError, *_DEAD_LINE):
        async with asyncio.timeout(_AFTERWARDS_S):
            async for _ in pieces:
                pass


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, from `Retry-After` (seconds or a date) or OpenAI's `retry-after-ms`."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) * unit
        except ValueError:
            try:
                when = parsedate_to_datetime(value)
            except ValueError:
                continue
            when = when if when.tzinfo is not None else when.replace(tzinfo=UTC)
            seconds = (when - datetime.now(UTC)).total_seconds()
        if 0 <= seconds < float("inf"):
            return seconds
    return None
