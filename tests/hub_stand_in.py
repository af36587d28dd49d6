"""A small stand-in for the Hub on the loopback interface: enough of its API to list and fetch one model."""

from __future__ import annotations

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote, urlsplit

LARGE = (".safetensors", ".gguf")
COMMIT = "0123456789abcdef0123456789abcdef01234567"


class HubStandIn:
    """Serves a folder as model `owner/name`.

    Args:
        folder: The model's files.
        name: Its id.

    Attributes:
        requests: "METHOD path" of everything that was asked.
        break_after: Bytes of a weight file after which the line goes dead, once; `None` never.
        corrupt: Whether weight files arrive with wrong content.
        is_gated: Whether everything is refused until terms are accepted.
    """

    def __init__(self, folder: Path, name: str = "owner/tiny") -> None:
        self.folder, self.name = folder, name
        self.requests: list[str] = []
        self.ranges: list[str] = []
        self.break_after: int | None = None
        self.corrupt = self.is_gated = False
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                stand_in._answer(self, send_body=True)

            def do_HEAD(self) -> None:
                stand_in._answer(self, send_body=False)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                stand_in._answer(self, send_body=True)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> HubStandIn:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler, *, send_body: bool) -> None:
        path = urlsplit(handler.path).path
        self.requests.append(f"{handler.command} {path}")
        if self.is_gated:
            self._json(handler, 403, {"error": "gated"}, {"X-Error-Code": "GatedRepo"})
        elif path.startswith(f"/api/models/{self.name}/tree/"):
            self._json(handler, 200, [self._tree_entry(f) for f in self._files()])
        elif path.startswith(f"/api/models/{self.name}"):
            self._json(
                handler,
                200,
                {
                    "id": self.name,
                    "modelId": self.name,
                    "sha": COMMIT,
                    "private": False,
                    "tags": [],
                    "siblings": [{"rfilename": f.name, "size": f.stat().st_size} for f in self._files()],
                },
            )
        elif path.startswith(f"/{self.name}/resolve/"):
            self._file(handler, unquote(path.rsplit("/", 1)[1]), send_body)
        else:
            self._json(handler, 404, {"error": "not found"}, {"X-Error-Code": "RepoNotFound"})

    def _files(self) -> list[Path]:
        return sorted(f for f in self.folder.iterdir() if f.is_file())

    def _tree_entry(self, file: Path) -> dict[str, object]:
        data = file.read_bytes()
        entry: dict[str, object] = {"type": "file", "path": file.name, "size": len(data), "oid": "0" * 40}
        if file.suffix in LARGE:
            digest = hashlib.sha256(data).hexdigest()
            entry["lfs"] = {"oid": digest, "size": len(data), "pointerSize": 100}
        return entry

    def _file(self, handler: BaseHTTPRequestHandler, name: str, send_body: bool) -> None:
        file = self.folder / name
        if not file.is_file():
            self._json(handler, 404, {"error": "no such file"}, {"X-Error-Code": "EntryNotFound"})
            return
        data = file.read_bytes()
        is_large = file.suffix in LARGE
        etag = hashlib.sha256(data).hexdigest() if is_large else hashlib.sha1(data).hexdigest()
        if self.corrupt and is_large:
            data = bytes([data[0]]) + data[:0:-1]
        start = 0
        asked = handler.headers.get("Range")
        if asked:
            self.ranges.append(f"{name} {asked}")
            start = int(asked.removeprefix("bytes=").split("-")[0])
        handler.send_response(206 if asked else 200)
        handler.send_header("ETag", f'"{etag}"')
        handler.send_header("X-Repo-Commit", COMMIT)
        if is_large:
            handler.send_header("X-Linked-Etag", f'"{etag}"')
            handler.send_header("X-Linked-Size", str(len(data)))
        if asked:
            handler.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        handler.send_header("Accept-Ranges", "bytes")
        handler.send_header("Content-Length", str(len(data) - start))
        handler.end_headers()
        if not send_body:
            return
        if self.break_after is not None and is_large:
            handler.wfile.write(data[start : start + self.break_after])
            handler.wfile.flush()
            self.break_after = None
            handler.close_connection = True
            handler.connection.close()
            return
        handler.wfile.write(data[start:])

    def _json(
        self, handler: BaseHTTPRequestHandler, status: int, value: object, headers: dict[str, str] | None = None
    ) -> None:
        body = json.dumps(value).encode()
        handler.send_response(status)
        for name, text in (headers or {}).items():
            handler.send_header(name, text)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)
