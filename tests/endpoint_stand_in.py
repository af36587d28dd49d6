"""A stand-in for an OpenAI-style endpoint: answers HumanEval from the script, and misbehaves in every way on demand.

As a process that can be killed: `python -m tests.endpoint_stand_in PORT LOG [FAULT...]`.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any

from gemstead.evals.tasks import find_task
from tests.fake_generator import scripted_answer

MODEL = "tiny-1"
CHUNK = 40  # characters a chunk


class EndpointStandIn:
    """An endpoint with one model.

    Args:
        port: Where; 0 for any.
        log: Where each question is noted, one problem id a line.
        delay_s: Time per answer.

    Attributes:
        faults: What goes wrong with the next chat requests, one each, then nothing more.
        always: What goes wrong with every one.
        refuses: Fields that are answered with a 400, in the words of `refusal`.
        refusal: How: "openai", "fastapi", "gemini" or "plain".
        key: Which key is asked for; `None` lets everybody in.
        models: Its listing; `None` has none.
        requests: Body of every chat request.
        paths: "METHOD path" of every request.
        num_connections: How often somebody connected.
        most_at_once: Most chat requests in work at once.
        with_reasoning: Whether answers have a thought.
        with_usage: Whether token counts are told.
        finish: What `finish_reason` is told; `None` has no such field.
        interrupts: Whether an answer is given up when the next question comes, as llama-cpp-python's server does.
    """

    def __init__(self, port: int = 0, log: Path | None = None, delay_s: float = 0.0) -> None:
        self.faults: list[str] = []
        self.always: str | None = None
        self.refuses: set[str] = set()
        self.refusal = "openai"
        self.key: str | None = None
        self.models: list[Any] | None = [{"id": MODEL, "created": 0, "owned_by": "tests", "max_model_len": 4096}]
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.times: list[float] = []
        self.paths: list[str] = []
        self.most_at_once = 0
        self.with_reasoning = False
        self.with_usage = True
        self.finish: str | None = "stop"
        self.interrupts = False
        self.text: str | None = None
        self.num_connections = 0
        self._at_once = 0
        self._lock = threading.Lock()
        self._delay_s = delay_s
        self._log = log
        self._problems = {p.prompt.strip(): p for p in find_task("humaneval").problems()}
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                stand_in._get(self)

            def do_POST(self) -> None:
                stand_in._post(self)

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 64

            def process_request(self, request: Any, client_address: Any) -> None:
                stand_in.num_connections += 1
                super().process_request(request, client_address)

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # who hangs up in mid-answer is no failure of the test

        self._server = Server(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> EndpointStandIn:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve_forever(self) -> None:
        self._server.serve_forever()

    def _get(self, handler: BaseHTTPRequestHandler) -> None:
        self.paths.append(f"GET {handler.path}")
        if not self._lets_in(handler):
            return
        if self.models is None or not handler.path.startswith("/v1/models"):
            send_json(handler, 404, {"detail": "Not Found"})
            return
        send_json(handler, 200, {"object": "list", "data": [{**m, "created": time.time()} for m in self.models]})

    def _lets_in(self, handler: BaseHTTPRequestHandler) -> bool:
        sent = handler.headers.get("Authorization", "")
        if self.key is None or sent == f"Bearer {self.key}":
            return True
        # As thoughtless servers do: the key comes back in the message.
        send_json(
            handler, 401, {"error": {"message": f"Incorrect API key provided: {sent}", "code": "invalid_api_key"}}
        )
        return False

    def _post(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers.get("Content-Length") or 0)))
        self.paths.append(f"POST {handler.path}")
        if not self._lets_in(handler):
            return
        if not handler.path.startswith(("/v1/chat/completions", "/v1/completions")):
            send_json(handler, 404, {"detail": "Not Found"})
            return
        with self._lock:
            self.requests.append(body)
            self.headers.append(dict(handler.headers))
            self.times.append(time.monotonic())
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            fault = self.always or (self.faults.pop(0) if self.faults else None)
        try:
            self._answer(handler, body, fault)
        except OSError:
            handler.close_connection = True  # whoever asked has gone
        finally:
            with self._lock:
                self._at_once -= 1

    def _answer(self, handler: BaseHTTPRequestHandler, body: dict[str, Any], fault: str | None) -> None:
        refused = sorted(self.refuses & set(body))
        if refused:
            send_json(handler, 422 if self.refusal == "fastapi" else 400, refusal(self.refusal, refused[0], body))
            return
        name, text = self._text(body)
        if self._log is not None and name is not None:
            with self._log.open("a") as log:
                log.write(name + "\n")
        time.sleep(self._delay_s)
        if fault is not None and fault in FAULTS:
            FAULTS[fault](handler, self._chunks(text, body))
        elif body.get("stream") and self.interrupts:
            send_stream(handler, self._until_the_next(self._chunks(text, body)))
        elif body.get("stream"):
            send_stream(handler, self._chunks(text, body))
        else:
            send_json(handler, 200, whole(self._chunks(text, body)))

    def _until_the_next(self, chunks: Sequence[Any]) -> Iterator[Any]:
        """Chunks, until another question comes."""
        before = len(self.requests)
        for chunk in chunks:
            time.sleep(0.02)
            yield chunk
            if len(self.requests) > before:
                return

    def _text(self, body: dict[str, Any]) -> tuple[str | None, str]:
        asked = body["prompt"] if "prompt" in body else body["messages"][-1]["content"]
        problem = next((p for prompt, p in self._problems.items() if prompt in asked), None)
        if problem is None:
            return None, "yes" if self.text is None else self.text
        return problem.id, scripted_answer(problem) if self.text is None else self.text

    def _chunks(self, text: str, body: dict[str, Any]) -> list[Any]:
        is_chat = "messages" in body
        about = {"id": "x-1", "model": "tiny-1-0905", "system_fingerprint": "fp_1", "object": "chat.completion.chunk"}

        def chunk(part: str, finish: str | None = None, name: str = "content") -> dict[str, Any]:
            choice: dict[str, Any] = {"index": 0} if self.finish is None else {"index": 0, "finish_reason": finish}
            choice |= {"delta": {name: part} if part else {}} if is_chat else {"text": part}
            return {**about, "choices": [choice]}

        pieces = [text[i : i + CHUNK] for i in range(0, len(text), CHUNK)]
        chunks = [chunk("hm", name="reasoning_content")] if self.with_reasoning and is_chat else []
        chunks += [chunk(piece) for piece in pieces]
        chunks.append(chunk("", self.finish))
        usage = {
            "prompt_tokens": 10,
            "completion_tokens": len(text) // 4 + 1,
            "prompt_tokens_details": {"cached_tokens": 4},
        }
        if self.with_usage and (body.get("stream_options") or not body.get("stream")):
            chunks.append({**about, "choices": [], "usage": usage})
        return chunks


def whole(chunks: Sequence[Any]) -> dict[str, Any]:
    """The same answer in one piece."""
    message = {"role": "assistant", "content": ""}
    reply: dict[str, Any] = {**chunks[0], "object": "chat.completion"}
    finish = None
    for chunk in chunks:
        for choice in chunk["choices"]:
            for name, part in choice.get("delta", {"content": choice.get("text")}).items():
                message[name] = message.get(name, "") + part
            finish = choice["finish_reason"] or finish
        reply |= {"usage": chunk["usage"]} if "usage" in chunk else {}
    return {**reply, "choices": [{"index": 0, "message": message, "finish_reason": finish}]}


def refusal(kind: str, field: str, body: dict[str, Any]) -> Any:
    """A refused field, in the words of different servers."""
    if kind == "fastapi":
        entry = {
            "type": "extra_forbidden",
            "loc": ["body", field],
            "msg": "Extra inputs are not permitted",
            "input": body,
        }
        return {"detail": [entry]}
    if kind == "gemini":
        message = f'Invalid JSON payload received. Unknown name "{field}": Cannot find field.'
        return [{"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}]
    if kind == "plain":
        return {"error": f"{field} is not supported by this server"}
    instead = " Use 'max_completion_tokens' instead." if field == "max_tokens" else ""
    message = f"Unsupported parameter: '{field}' is not supported with this model.{instead}"
    return {
        "error": {
            "message": message, "type": "invalid_request_error", "param": field, "code": "unsupported_parameter",
        }
    }  # fmt: skip


def send_json(handler: BaseHTTPRequestHandler, status: int, value: Any, **headers: str) -> None:
    send(handler, status, json.dumps(value).encode(), "application/json", **headers)


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def event(chunk: Any) -> bytes:
    return b"data: " + json.dumps(chunk, ensure_ascii=False).encode() + b"\n\n"


def begin_stream(handler: BaseHTTPRequestHandler, *, is_chunked: bool = True, kind: str = "text/event-stream") -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.send_header(*(("Transfer-Encoding", "chunked") if is_chunked else ("Connection", "close")))
    handler.end_headers()
    handler.close_connection = not is_chunked


def piece(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
    handler.wfile.flush()


def send_stream(
    handler: BaseHTTPRequestHandler, chunks: Iterable[Any], *, kind: str = "text/event-stream", done: bool = True
) -> None:
    begin_stream(handler, kind=kind)
    for chunk in chunks:
        piece(handler, event(chunk))
    if done:
        piece(handler, b"data: [DONE]\n\n")
    handler.wfile.write(b"0\r\n\r\n")


def _drop(handler: BaseHTTPRequestHandler, chunks: Sequence[Any]) -> None:
    """The line dies in the middle: a reset, not an end."""
    begin_stream(handler)
    for chunk in chunks[: max(1, len(chunks) // 2)]:
        piece(handler, event(chunk))
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    with contextlib.suppress(OSError):
        handler.connection.close()


def _cut(handler: BaseHTTPRequestHandler, chunks: Sequence[Any], *, inside: bool = False) -> None:
    """The stream ends too early, and looks as if that were all."""
    begin_stream(handler, is_chunked=False)
    for chunk in chunks[: max(1, len(chunks) // 2)]:
        handler.wfile.write(event(chunk))
    if inside:
        handler.wfile.write(b'data: {"choices": [{"delta": {"content": "de')


def _stall(handler: BaseHTTPRequestHandler, chunks: Sequence[Any]) -> None:
    begin_stream(handler)
    piece(handler, event(chunks[0]))
    time.sleep(1.5)


def _silence(handler: BaseHTTPRequestHandler, chunks: Sequence[Any]) -> None:
    time.sleep(1.5)
    send_stream(handler, chunks)


def _hang_up(handler: BaseHTTPRequestHandler, chunks: Sequence[Any]) -> None:
    handler.close_connection = True


def _drop_at_the_end(handler: BaseHTTPRequestHandler, chunks: Sequence[Any]) -> None:
    """The answer is whole; usage and the end of the stream never come."""
    begin_stream(handler)
    for chunk in chunks[:-1]:
        piece(handler, event(chunk))
    handler.close_connection = True


def _error_in_stream(handler: BaseHTTPRequestHandler, chunks: Sequence[Any]) -> None:
    send_stream(handler, [chunks[0], {"error": {"message": "CUDA out of memory", "code": 500}}])


def _endless(handler: BaseHTTPRequestHandler, chunks: Sequence[Any]) -> None:
    """A drip that is never silent, and never ends."""
    begin_stream(handler)
    for _ in range(100):
        piece(handler, b": keep-alive\n\n")
        time.sleep(0.05)


def _status(status: int, **headers: str) -> Callable[[BaseHTTPRequestHandler, Sequence[Any]], None]:
    return lambda handler, _: send_json(handler, status, {"error": {"message": "not now"}}, **headers)


def _date(handler: BaseHTTPRequestHandler, _: Sequence[Any]) -> None:
    send_json(handler, 429, {"error": {"message": "slow down"}}, Retry_After=formatdate(time.time() + 1.2, usegmt=True))


def _interrupt(handler: BaseHTTPRequestHandler, chunks: Sequence[Any]) -> None:
    """The answer is given up for another one, and the stream ended in good order."""
    send_stream(handler, chunks[: max(1, len(chunks) // 2)])


PAGE = b"<!DOCTYPE html><html><body>Welcome to the hotel. Please log in.</body></html>"

FAULTS: dict[str, Callable[[BaseHTTPRequestHandler, Sequence[Any]], None]] = {
    "500": _status(500),
    "502": lambda handler, _: send(handler, 502, b"<html>Bad gateway</html>", "text/html"),
    "503": _status(503),
    "529": _status(529),
    "429": _status(429),
    "429 for a moment": _status(429, Retry_After="0.4"),
    "429 in milliseconds": _status(429, retry_after_ms="400", Retry_After="60"),
    "429 until a date": _date,
    "429 for an hour": _status(429, Retry_After="3600"),
    "400": _status(400),
    "402": _status(402),
    "too long": lambda handler, _: send_json(
        handler, 400, {"error": {"message": "'max_tokens' is too large: 99999. Unsupported."}}
    ),
    "moved": _status(301, Location="http://127.0.0.1:1/v1"),
    "silence": _silence,
    "stall": _stall,
    "endless": _endless,
    "drop": _drop,
    "drop at the end": _drop_at_the_end,
    "hang up": _hang_up,
    "cut": _cut,
    "interrupted": _interrupt,
    "cut inside": lambda handler, chunks: _cut(handler, chunks, inside=True),
    "bad chunk": lambda handler, chunks: send_stream(handler, [chunks[0], "no object", *chunks[1:]]),
    "bad json": lambda handler, _: send(handler, 200, b'{"choices": [{"mess', "application/json"),
    "no choices": lambda handler, _: send_json(handler, 200, {"choices": []}),
    "no choices in a stream": lambda handler, _: send_stream(handler, [{"choices": []}]),
    "empty stream": lambda handler, _: send_stream(handler, []),
    "empty body": lambda handler, _: send(handler, 200, b"", "application/json"),
    "null": lambda handler, _: send(handler, 200, b"null", "application/json"),
    "page": lambda handler, _: send(handler, 200, PAGE, "text/html"),
    "page as stream": lambda handler, _: send(handler, 200, PAGE, "text/event-stream"),
    "plain text": lambda handler, _: send(handler, 200, b"upstream timed out", "text/plain"),
    "error in stream": _error_in_stream,
    "broken off": lambda handler, chunks: send_stream(
        handler, [{"choices": [{"index": 0, "delta": {"content": "de"}, "finish_reason": "error"}]}]
    ),
    "mislabelled": lambda handler, chunks: send_stream(handler, chunks, kind="application/json"),
    "no type": lambda handler, chunks: send_stream(handler, chunks, kind=""),
    "whole": lambda handler, chunks: send_json(handler, 200, whole(chunks)),
    "no DONE": lambda handler, chunks: send_stream(handler, chunks, done=False),
    "filtered": lambda handler, _: send_stream(
        handler, [{"choices": [{"index": 0, "delta": {}, "finish_reason": "content_filter"}]}]
    ),
}


if __name__ == "__main__":
    port, log, *faults = sys.argv[1:]
    stand_in = EndpointStandIn(int(port), Path(log), delay_s=0.15)
    stand_in.faults = faults
    stand_in.serve_forever()
