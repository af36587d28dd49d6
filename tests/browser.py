"""The system's Chromium, driven through its debugging pipe: no package, no download, no port.

A page is opened; what it asked for, what it complained about and what it looks like can then be told.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
TIMEOUT_S = 60.0


class Browser:
    """One tab.

    Args:
        send: File descriptor that Chromium reads.
        receive: File descriptor that it writes.
    """

    def __init__(self, send: int, receive: int) -> None:
        self._send, self._receive = send, receive
        self._buffer = b""
        self._number = 0
        self._session: str | None = None
        self.requests: list[str] = []
        self.complaints: list[str] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Runtime", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Ask and wait for the reply; what happens meanwhile is noted."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": params}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._send, json.dumps(message).encode() + b"\0")
        while True:
            found = self._next()
            if found.get("id") == self._number:
                assert "error" not in found, found["error"]
                return dict(found["result"])
            self._note(found)

    def open(self, file: Path, *, width: int = 1280, height: int = 900, scheme: str = "light", at: str = "") -> None:
        """Open a page and wait until it has loaded."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        self.call("Page.navigate", url="about:blank")
        self.requests.clear()
        self.complaints.clear()
        self.call("Page.navigate", url=file.as_uri() + at)
        self.wait("document.readyState === 'complete' && location.protocol === 'file:'")

    def value(self, expression: str) -> Any:
        """Evaluate in the page."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait(self, expression: str) -> None:
        """Wait until something is true."""
        end = time.monotonic() + TIMEOUT_S
        while not self.value(expression):
            assert time.monotonic() < end, f"never true: {expression}"
            time.sleep(0.02)

    def picture(self, file: Path, *, is_whole: bool = True) -> None:
        """Keep what it looks like."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=is_whole)
        file.write_bytes(base64.b64decode(shot["data"]))

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            assert select.select([self._receive], [], [], TIMEOUT_S)[0], "Chromium said nothing for a minute"
            piece = os.read(self._receive, 1 << 20)
            assert piece, "Chromium ended"
            self._buffer += piece
        message, _, self._buffer = self._buffer.partition(b"\0")
        return dict(json.loads(message))

    def _note(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        if event["method"] == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif event["method"] == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(params["exceptionDetails"]))
        elif event["method"] in ("Runtime.consoleAPICalled", "Log.entryAdded"):
            self.complaints.append(json.dumps(params))


@contextlib.contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """A Chromium for some pages, with a profile of its own in `folder`; it is gone afterwards."""
    assert CHROMIUM is not None
    to_read, to_send = os.pipe()
    from_read, from_send = os.pipe()
    words = "headless no-sandbox disable-gpu hide-scrollbars no-first-run disable-dev-shm-usage remote-debugging-pipe"
    flags = [f"--{word}" for word in words.split()] + ["--disable-background-networking", f"--user-data-dir={folder}"]
    # The pipe is on descriptors 3 and 4, whatever numbers ours have.
    line = ["bash", "-c", f'exec "$@" 3<&{to_read} 4>&{from_send}', "chromium", CHROMIUM, *flags]
    process = subprocess.Popen(
        line, pass_fds=(to_read, from_send), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(to_read)
    os.close(from_send)
    try:
        yield Browser(to_send, from_read)
    finally:
        os.close(to_send)
        os.close(from_read)
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
