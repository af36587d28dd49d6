"""The process that runs an answer: it confines itself for good, then loads the program and answers calls.

It is forked for one job and holds nothing but that. What walks in is a program and calls with plain data; what walks
out is plain data, or the name of what went wrong. Everything here may be rewritten by the answer: nothing it says is
believed further than a return value would be.
"""

from __future__ import annotations

import builtins
import hashlib
import marshal
import math
import os
import random
import resource
import signal
import sys
import types
from time import monotonic
from typing import Any, NoReturn

from gemstead.sandbox import kernel, landlock, seccomp, wire
from gemstead.sandbox.frames import HEAD_BYTES, Closed, FrameReader, write_all, write_frame

CALL_FD = 3
NOT_CONFINED = 97
"""Exit status of a guest that could not put a layer on itself: it has run nothing."""

MODULE_NAME = "answer"
LARGE_BYTES = 1 << 16
"""A value of one call among many that is larger than this, by marshal, is told by its digest first."""
MARSHAL_VERSION = 2
"""The last without back references: values that are equal, types included, give equal bytes."""
SENT_ALONE, TOGETHER_BYTES, TOGETHER_S = 16, 1 << 15, 0.001
"""Of replies to many calls so many are sent each by itself; later ones wait for each other no longer than this."""
MAX_TEXT = 300
_EXCEPTIONS = {cls for cls in vars(builtins).values() if isinstance(cls, type) and issubclass(cls, BaseException)}


def run(job: dict[str, Any], place: dict[str, Any], call_fd: int) -> NoReturn:
    """Be the guest of one job, from the fork to the end.

    Args:
        job: `cpu_s` and the other fields of `Limits`.
        place: Where and how: `directory`, `ruleset` (descriptor or None), `has_seccomp`, `counts_threads`, `kept_fds`.
        call_fd: Socket to the judge.
    """
    try:
        _confine(job, place, call_fd)
    except BaseException:  # noqa: BLE001 (whatever it was: nothing has run, and nothing may)
        os._exit(NOT_CONFINED)
    try:
        _serve(wire.Encoder(job["message_bytes"], job["message_items"]))
    finally:
        os._exit(0)


def _confine(job: dict[str, Any], place: dict[str, Any], call_fd: int) -> None:
    kernel.die_with_parent(signal.SIGKILL)
    if os.getppid() != place["parent"]:
        os._exit(NOT_CONFINED)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_IGN)
    os.dup2(call_fd, CALL_FD)
    null = os.open("/dev/null", os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    _close_others({0, 1, 2, CALL_FD, *place["kept_fds"], *([place["ruleset"]] if place["ruleset"] is not None else [])})
    os.chdir(place["directory"])
    os.umask(0o077)
    _set_limits(job, place)
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if place["ruleset"] is not None:
        landlock.restrict_self(place["ruleset"])
        os.close(place["ruleset"])
    if place["has_seccomp"]:
        seccomp.install(seccomp.guest_filter(kernel.machine(), os.getpid()))


def _close_others(kept: set[int]) -> None:
    low = 0
    for fd in sorted(kept):
        if low < fd:
            os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _set_limits(job: dict[str, Any], place: dict[str, Any]) -> None:
    seconds = math.ceil(job["cpu_s"])
    limits = {
        resource.RLIMIT_CPU: (seconds + 1, seconds + 2),  # the fork-server is finer and comes first
        resource.RLIMIT_AS: (job["memory_bytes"],) * 2,
        resource.RLIMIT_FSIZE: (job["file_bytes"],) * 2,
        resource.RLIMIT_NOFILE: (job["open_files"],) * 2,
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_MEMLOCK: (0, 0),
        resource.RLIMIT_MSGQUEUE: (0, 0),
        resource.RLIMIT_NICE: (0, 0),
        resource.RLIMIT_RTPRIO: (0, 0),
    }
    if place["counts_threads"]:
        limits[resource.RLIMIT_NPROC] = (job["threads"],) * 2
    for which, (soft, hard) in limits.items():
        now = resource.getrlimit(which)[1]
        allowed = hard if now == resource.RLIM_INFINITY else min(hard, now)
        resource.setrlimit(which, (min(soft, allowed), allowed))


def _serve(encoder: wire.Encoder) -> None:
    """Load the program and answer calls until the judge hangs up."""
    reader = FrameReader(CALL_FD)
    _, program, entry_point, seed = _receive(reader)
    random.seed(seed)
    try:
        function = _load(program, entry_point)
    except BaseException as error:  # noqa: BLE001 (an answer may raise anything at all)
        write_frame(CALL_FD, encoder.encode(("failed", *_describe(error))))
        return
    write_frame(CALL_FD, encoder.encode(("ready",)))
    while True:
        try:
            word, nonce, *call = _receive(reader)
        except Closed:
            return
        if word == "call":
            write_frame(CALL_FD, _answer(encoder, function, nonce, *call))
            continue
        # Many calls come in marshal's format, which is quick: it is the judge's word, and judges are trusted here.
        replies = _Replies(reader, encoder, nonce)
        for args in marshal.loads(call[0]):
            replies.answer(function, args)
        replies.send()


def _receive(reader: FrameReader) -> Any:
    return wire.decode(reader.read(), max_items=1 << 30)


def _load(program: str, entry_point: str) -> Any:
    module = types.ModuleType(MODULE_NAME)
    sys.modules[MODULE_NAME] = module
    # Else this file's `from __future__ import annotations` would hold for the answer, and none of its own be looked at.
    exec(compile(program, f"{MODULE_NAME}.py", "exec", dont_inherit=True), module.__dict__)
    if entry_point not in module.__dict__:
        raise NameError(f"the program defines no {entry_point!r}")
    return module.__dict__[entry_point]


class _Replies:
    """Replies to many calls, sent together where the calls are quick.

    The first ones leave one by one, so that an early wrong value is seen before anything a later call may do.

    Args:
        reader: Where the judge speaks.
        encoder: Of replies.
        nonce: Of the calls.
    """

    def __init__(self, reader: FrameReader, encoder: wire.Encoder, nonce: bytes) -> None:
        self._reader = reader
        self._encoder = encoder
        self._nonce = nonce
        self._head = encoder.encode(("value", nonce, None))[:-1]
        self._pending: list[bytes] = []
        self._num_answered = self._num_bytes = 0
        self._sent_at = monotonic()

    def answer(self, function: Any, args: Any) -> None:
        """Answer a call; of a large value send a digest and wait, and send the value itself only when asked for it."""
        try:
            value = function(*args)
        except BaseException as error:  # noqa: BLE001 (as above)
            self._add(self._encoder.encode(("raised", self._nonce, *_describe(error))))
            return
        try:
            packed = marshal.dumps(value, MARSHAL_VERSION)
        except (ValueError, MemoryError):
            packed = b""
        if len(packed) > LARGE_BYTES:
            digest, num_bytes = hashlib.sha256(packed).digest(), len(packed)
            del packed
            self._add(self._encoder.encode(("digest", self._nonce, digest, num_bytes)))
            self.send()
            if _receive(self._reader) == ("go", self._nonce):
                return
        try:
            reply = self._encoder.encode(value, self._head)
        except BaseException as error:  # noqa: BLE001 (the value may be code in disguise)
            reply = self._encoder.encode(("unsendable", self._nonce, *_describe(error)))
        self._add(reply)

    def _add(self, reply: bytes) -> None:
        self._pending += (len(reply).to_bytes(HEAD_BYTES, "big"), reply)
        self._num_answered += 1
        self._num_bytes += len(reply)
        is_early = self._num_answered <= SENT_ALONE
        if is_early or self._num_bytes > TOGETHER_BYTES or monotonic() - self._sent_at > TOGETHER_S:
            self.send()

    def send(self) -> None:
        """Send what is pending."""
        write_all(CALL_FD, b"".join(self._pending))
        self._pending.clear()
        self._num_bytes, self._sent_at = 0, monotonic()


def _answer(encoder: wire.Encoder, function: Any, nonce: bytes, args: Any, named: Any) -> bytes:
    try:
        value = function(*args, **named)
    except BaseException as error:  # noqa: BLE001 (as above)
        return encoder.encode(("raised", nonce, *_describe(error)))
    return _encoded(encoder, nonce, value)


def _encoded(encoder: wire.Encoder, nonce: bytes, value: object) -> bytes:
    try:
        return encoder.encode(("value", nonce, value))
    except BaseException as error:  # noqa: BLE001 (the value may be code in disguise)
        return encoder.encode(("unsendable", nonce, *_describe(error)))


def _describe(error: BaseException) -> tuple[str, str, str]:
    """Nearest built-in class, own class, and text of an exception, whatever its methods do."""
    known = next((cls.__name__ for cls in type.mro(type(error)) if cls in _EXCEPTIONS), "Exception")
    own = type.__dict__["__name__"].__get__(type(error))
    try:
        text = str(error)[:MAX_TEXT]
    except BaseException:  # noqa: BLE001 (its __str__ is the answer's code)
        text = ""
    return known, own[:MAX_TEXT], str.__str__(text)
