"""Length-prefixed messages over a descriptor: four bytes, big-endian, then the body. Reads wait no longer than told."""

from __future__ import annotations

import json
import select
import time
from os import read, write  # by name: a guest that patches `os` must still be able to speak
from typing import Any

HEAD_BYTES = 4
MAX_FRAME_BYTES = 64 * 1024**2
AHEAD_BYTES = 1 << 16


class Closed(EOFError):
    """The other end is gone."""


class TooLong(ValueError):
    """The other end announced a message beyond the cap."""


def write_all(fd: int, data: bytes) -> None:
    """Write all of `data`.

    Raises:
        Closed: nobody reads at the other end.
    """
    view = memoryview(data)
    while view:
        try:
            view = view[write(fd, view) :]
        except (BrokenPipeError, ConnectionResetError):
            raise Closed("the other end closed") from None


def write_frame(fd: int, body: bytes) -> None:
    """Write one message."""
    write_all(fd, len(body).to_bytes(HEAD_BYTES, "big") + body)


def framed_json(message: dict[str, Any]) -> bytes:
    """One message as JSON with its length before it; lone surrogates travel as escapes."""
    body = json.dumps(message).encode("ascii")
    return len(body).to_bytes(HEAD_BYTES, "big") + body


def write_json(fd: int, message: dict[str, Any]) -> None:
    """Write one message of `framed_json`."""
    write_all(fd, framed_json(message))


class FrameReader:
    """Reads messages from one descriptor.

    Args:
        fd: Where from.
        max_bytes: Longest body accepted.
        reads_ahead: Take whatever is there and keep what was not asked for: many short messages then cost one read. Not
            where messages carry descriptors, which belong to the read that finds them.
    """

    def __init__(self, fd: int, max_bytes: int = MAX_FRAME_BYTES, *, reads_ahead: bool = False) -> None:
        self.fd = fd
        self.max_bytes = max_bytes
        self._ahead_bytes = AHEAD_BYTES if reads_ahead else 0
        self._kept = b""
        self._at = 0

    @property
    def keeps_some(self) -> bool:
        """Whether there is something that was read ahead."""
        return self._at < len(self._kept)

    def read(self, deadline: float | None = None) -> bytes:
        """Read one message.

        Args:
            deadline: On `time.monotonic()`; None waits for ever.

        Raises:
            Closed: the other end is gone, also in mid-message.
            TooLong: it announced more than `max_bytes`.
            TimeoutError: the deadline passed.
        """
        length = int.from_bytes(self.exactly(HEAD_BYTES, deadline), "big")
        if length > self.max_bytes:
            raise TooLong(f"a message of {length} bytes was announced, at most {self.max_bytes} are read")
        return self.exactly(length, deadline)

    def read_json(self, deadline: float | None = None) -> dict[str, Any]:
        """Read one message of `write_json`."""
        message: dict[str, Any] = json.loads(self.read(deadline))
        return message

    def exactly(self, count: int, deadline: float | None) -> bytes:
        """Read `count` bytes; raises as `read` does."""
        pieces: list[bytes] = []
        if self.keeps_some:
            piece = self._kept[self._at : self._at + count]
            self._at += len(piece)
            if len(piece) == count:
                return piece
            pieces.append(piece)
            count -= len(piece)
        while count:
            if deadline is not None:
                wait_readable([self.fd], deadline)
            try:
                piece = read(self.fd, min(max(count, self._ahead_bytes), 1 << 20))
            except ConnectionResetError:
                piece = b""
            if not piece:
                raise Closed("the other end closed")
            if len(piece) > count:
                self._kept, self._at, piece = piece, count, piece[:count]
            pieces.append(piece)
            count -= len(piece)
        return b"".join(pieces)


def wait_readable(fds: list[int], deadline: float) -> list[int]:
    """Wait until one of `fds` can be read or has ended.

    Raises:
        TimeoutError: the deadline on `time.monotonic()` passed first.
    """
    poll = select.poll()
    for fd in fds:
        poll.register(fd, select.POLLIN)
    ready = poll.poll(max(0.0, deadline - time.monotonic()) * 1000)
    if not ready:
        raise TimeoutError("nothing came in time")
    return [fd for fd, _ in ready]
