"""The judge's worker: it holds the check, calls the answer through a guest, and says how it ended.

Checks walk in as JSON frames on standard input, outcomes walk out on standard output. This process is trusted and never
runs a line of an answer; only plain data reaches it. Its parent kills it when a check takes too long.

A check is source text that defines `check(candidate)` and finds the job's `data` under the name `DATA`. It refuses an
answer by raising. It may be a generator: the names it yields are the parts that the answer has passed so far, and what
it returns is the outcome's `value`, both as JSON.
"""

from __future__ import annotations

import builtins
import inspect
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from gemstead.sandbox import kernel
from gemstead.sandbox.confinement import Confinement, Guest, GuestGone, HarnessFailure, new_nonce
from gemstead.sandbox.frames import Closed, FrameReader, write_json
from gemstead.sandbox.guest import NOT_CONFINED
from gemstead.sandbox.wire import OpaqueUse

MEMORY_BYTES = 4 * 1024**3
MAX_JOB_BYTES = 1024**3
"""A job comes from our own side; the tests of a contest's problem have a hundred megabytes and more."""
RECURSION_LIMIT = 5000
# Control flow, not errors: raised inside a check these would end a loop or a test without a failure.
_NOT_RAISED_AGAIN = (StopIteration, StopAsyncIteration)


class AnswerRaised(Exception):
    """The answer raised something that is no built-in exception."""


def main(fd: int, crate: dict[str, Any]) -> None:
    """Start the fork-server, report, then judge until standard input closes."""
    kernel.die_with_parent(signal.SIGKILL)
    out = os.dup(1)
    null = os.open("/dev/null", os.O_RDWR)
    os.dup2(null, 1)  # a check that prints must not speak for us
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    sys.path.extend(crate["python_path"])
    sys.setrecursionlimit(RECURSION_LIMIT)
    try:
        confinement = Confinement(crate["modules"], crate["plan"])
    except HarnessFailure as failure:
        write_json(out, {"event": "refused", "reason": str(failure)})
        return
    write_json(out, {"event": "ready", "place": confinement.place})
    reader = FrameReader(fd, MAX_JOB_BYTES)
    while True:
        try:
            job = reader.read_json()
        except Closed:
            break
        try:
            answer = {"event": "outcome", **_judge(confinement, job)}
        except HarnessFailure as failure:
            answer = {"event": "failed", "reason": str(failure)}
        write_json(out, answer)
        if answer["event"] == "failed":
            break
    confinement.close()


def _judge(confinement: Confinement, job: dict[str, Any]) -> dict[str, Any]:
    start = time.monotonic()
    guest = confinement.open_guest(job["limits"])
    ending, detail, value = "crash", "", None
    parts: list[str] = []
    try:
        ending, detail, value = _check(guest, job, parts)
    except GuestGone:
        pass
    except BaseException:
        guest.socket.close()
        raise
    ended = guest.close()
    if ended["exit"] == NOT_CONFINED and ended["reason"] == "exited":
        raise HarnessFailure("a guest could not be confined; it ran nothing")
    if guest.gone is not None:  # wins over whatever the check made of it
        ending, detail = _explain(guest.gone, ended)
    wall_s = time.monotonic() - start
    return {
        "ending": ending,
        "detail": detail[:500],
        "parts": parts,
        "value": value,
        "cpu_s": ended["cpu_s"],
        "wall_s": wall_s,
    }


def _explain(gone: GuestGone, ended: dict[str, Any]) -> tuple[str, str]:
    """Name the end of a guest that did not answer."""
    if ended["reason"] in ("cpu", "wall", "idle"):
        return "timeout", {
            "cpu": f"used {ended['cpu_s']:.1f} s of processor time",
            "wall": f"took {ended['wall_s']:.1f} s on the clock",
            "idle": f"slept; used {ended['cpu_s']:.1f} s of processor time in {ended['wall_s']:.1f} s",
        }[ended["reason"]]
    if ended["exit"] in (-signal.SIGXCPU, -signal.SIGPROF):
        return "timeout", "used up its processor time"
    if ended["exit"] == -signal.SIGSYS:
        return "forbidden", "made a system call through a foreign calling convention"
    if ended["reason"] == "disk":
        return "forbidden", "wrote more files than it may"
    if gone.reason != "left":
        return "crash", gone.reason
    if ended["exit"] < 0:
        return "crash", f"died of signal {-ended['exit']}"
    return "crash", f"left with exit status {ended['exit']} instead of answering"


class Returned:
    """What one call among many returned, as far as it was told.

    Attributes:
        encoded: The value, encoded; of a large value only once it was shown.
        digest: SHA-256 of a large value, which is not sent unless it is asked for. A guest can only know the digest of
            what it has: the right digest is as good as the right value.
        num_bytes: Size of a large value, as the guest says.
    """

    def __init__(self, guest: Guest, *, encoded: bytes | None = None, digest: bytes = b"", num_bytes: int = 0) -> None:
        self._guest = guest
        self.encoded, self.digest, self.num_bytes = encoded, digest, num_bytes
        self.show: Callable[[], None] = lambda: None

    def value(self) -> object:
        """The value in plain types."""
        if self.encoded is None:
            self.show()
        assert self.encoded is not None
        return self._guest.decode(self.encoded)


def _is_digest(message: Any, nonce: bytes) -> bool:
    return (
        type(message) is tuple
        and len(message) == 4
        and message[:2] == ("digest", nonce)
        and type(message[2]) is bytes
        and len(message[2]) == 32
        and type(message[3]) is int
    )


class Candidate:
    """The function under test, as a check sees it.

    Args:
        guest: Where calls go.
    """

    def __init__(self, guest: Guest) -> None:
        self._guest = guest

    def __call__(self, *args: object, **named: object) -> object:
        nonce = new_nonce()
        return self._value(self._guest.ask("call", nonce, args, named), nonce)

    def each(self, calls: bytes, count: int) -> Iterator[Returned]:
        """Call once for each list of arguments, without waiting in between.

        Args:
            calls: The lists of arguments, by `marshal`.
            count: How many those are.

        Yields:
            What each call returned, to be looked at before the next is taken. Raises as a plain call does.
        """
        nonce = new_nonce()
        head = self._guest.encoder.encode(("value", nonce, None))[:-1]
        for reply in self._guest.ask_many(count, "calls", nonce, calls):
            if reply.startswith(head):
                yield Returned(self._guest, encoded=reply[len(head) :])
                continue
            message: Any = self._guest.decode(reply)
            if not _is_digest(message, nonce):
                self._value(message, nonce)
                raise self._guest.give_up("sent no valid reply")
            returned = Returned(self._guest, digest=message[2], num_bytes=message[3])

            def show(returned: Returned = returned) -> None:
                shown = self._guest.ask_raw("show", nonce)
                if not shown.startswith(head):
                    self._value(self._guest.decode(shown), nonce)
                    raise self._guest.give_up("sent no valid reply")
                returned.encoded = shown[len(head) :]

            returned.show = show
            yield returned
            if returned.encoded is None:
                self._guest.tell("go", nonce)

    def _value(self, reply: Any, nonce: bytes) -> object:
        if (
            type(reply) is not tuple
            or len(reply) < 3
            or type(reply[0]) is not str
            or reply[1] != nonce
            or len(reply) != {"value": 3, "raised": 5, "unsendable": 5}.get(reply[0])
        ):
            raise self._guest.give_up("sent no valid reply")
        if reply[0] == "value":
            return reply[2]
        if reply[0] == "raised":
            raise _as_exception(self._guest, *reply[2:])
        raise AnswerRaised(f"the answer returned a value that cannot travel: {reply[3]!s:.80}: {reply[4]!s:.200}")


def _as_exception(guest: Guest, known: object, own: object, text: object) -> BaseException:
    """Rebuild what the answer raised, as the nearest built-in exception; leaving the program is no exception at all."""
    kind = getattr(builtins, known, None) if isinstance(known, str) else None
    if not (isinstance(kind, type) and issubclass(kind, BaseException)):
        kind = Exception
    if not issubclass(kind, Exception) or issubclass(kind, BaseExceptionGroup):
        guest.gone = GuestGone(f"raised {own!s:.80} instead of answering")
        return guest.gone
    message = f"{own!s:.80}: {text!s:.200}" if own != known else f"{text!s:.300}"
    if issubclass(kind, _NOT_RAISED_AGAIN) or issubclass(kind, UnicodeError):
        return AnswerRaised(f"{own!s:.80}: {message}")
    return kind(message)


def _check(guest: Guest, job: dict[str, Any], parts: list[str]) -> tuple[str, str, Any]:
    """Load the answer, run the check against it; returns ending, detail and value, and adds to `parts`.

    Raises:
        GuestGone: the guest ended early; the caller explains.
        HarnessFailure: something of ours failed.
    """
    reply = guest.ask("load", job["program"], job["entry_point"], job["seed"])
    if reply[0] == "failed" and len(reply) == 4:
        return _load_failure(*reply[1:])
    if reply != ("ready",):
        guest.gone = GuestGone("sent no valid reply")
        raise guest.gone
    candidate = Candidate(guest)
    try:
        if job["check"] is None:
            return "passed", "", candidate(*job["args"])
        return "passed", "", _run(_trusted_check(job), candidate, parts)
    except (HarnessFailure, GuestGone):
        raise
    except PermissionError as error:
        return "forbidden", f"PermissionError: {_text(error)}", None
    except AssertionError as error:
        return "wrong", f"assertion failed: {_text(error)}".removesuffix(": "), None
    except Exception as error:  # noqa: BLE001 (whatever a check raises means that it refused the answer)
        return "wrong", f"{type(error).__name__}: {_text(error)}", None


def _run(check: Callable[[object], object], candidate: Candidate, parts: list[str]) -> object:
    running = check(candidate)
    if not inspect.isgenerator(running):
        return None
    while True:
        try:
            parts.append(str(next(running)))
        except StopIteration as end:
            return end.value


def _text(error: Exception) -> str:
    """What an exception says; it may hold a value of the answer that has no text."""
    try:
        return str(error)[:300]
    except (OpaqueUse, ValueError, RecursionError, MemoryError):
        return "(no text)"


def _load_failure(known: object, own: object, text: object) -> tuple[str, str, None]:
    detail = f"did not load: {own!s:.80}: {text!s:.300}"
    if known in ("SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException"):
        return "crash", detail, None
    return ("forbidden" if known == "PermissionError" else "wrong"), detail, None


def _trusted_check(job: dict[str, Any]) -> Callable[[object], object]:
    """Build the check in a namespace of its own, with built-ins of its own.

    Raises:
        HarnessFailure: the check itself does not load.
    """
    space: dict[str, Any] = {"__name__": "check", "__builtins__": dict(vars(builtins)), "DATA": job.get("data")}
    random.seed(job["seed"])
    try:
        exec(compile(job["helpers"], "helpers", "exec", dont_inherit=True), space)
        exec(compile(job["check"], "check", "exec", dont_inherit=True), space)
    except Exception as error:  # noqa: BLE001 (our own data: any failure is the harness's)
        raise HarnessFailure(f"the check does not load: {type(error).__name__}: {error}") from None
    check = space["check"]

    def run(candidate: object) -> object:
        if "data" not in job:  # a check with data is one for many problems, and has names of its own
            space[job["entry_point"]] = candidate
        return check(candidate)

    return run
