"""The trusted end of a fork-server: start it, run one guest at a time in it, know how each ended."""

from __future__ import annotations

import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import Any

from gemstead.sandbox import bubblewrap, cargo, wire
from gemstead.sandbox.frames import Closed, FrameReader, TooLong, framed_json, wait_readable, write_json

START_S = 20.0
GRACE_S = 2.0
"""What the fork-server may take beyond a guest's wall limit to kill, reap, clean up and say so."""


LAST_BREATH_S = 0.3


class HarnessFailure(Exception):
    """The fork-server failed, not the guest: another try may work."""


class GuestGone(BaseException):
    """The guest ended, or broke the protocol, before it answered. No check may catch this by accident."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Confinement:
    """One running fork-server.

    Args:
        modules: Packed sources of the modules it needs.
        plan: Rung, layout, identity and directories, as `ladder` made it.

    Raises:
        HarnessFailure: it did not settle; the message says which step was refused.
    """

    def __init__(self, modules: cargo.Modules, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.control, inside = socket.socketpair()
        with inside:
            command = cargo.python_command(plan["layout"]["python"], inside.fileno())
            if plan["rung"] == "bubblewrap":
                command = bubblewrap.command(plan["bubblewrap"], plan) + command
            self.process = subprocess.Popen(
                command,
                pass_fds=[inside.fileno()],
                env=cargo.guest_environment(plan["directory"]),
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        self.reader = FrameReader(self.control.fileno(), 1 << 20)
        self.num_jobs = 0
        try:
            chosen = cargo.select(modules, cargo.INSIDE)
            write_json(self.control.fileno(), cargo.crate(chosen, "server", plan=plan))
            report = self.reader.read_json(time.monotonic() + START_S)
        except (Closed, TooLong, TimeoutError, ValueError) as error:
            raise HarnessFailure(f"the fork-server did not start: {error}") from None
        if report["event"] != "settled":
            raise HarnessFailure(report["reason"])
        self.place: dict[str, Any] = report["place"]

    def open_guest(self, limits: dict[str, Any]) -> Guest:
        """Fork a guest.

        Raises:
            HarnessFailure: the fork-server is gone.
        """
        self.num_jobs += 1
        ours, theirs = socket.socketpair()
        request = framed_json({"op": "job", "id": self.num_jobs, "limits": limits})
        with theirs:
            try:
                socket.send_fds(self.control, [request], [theirs.fileno()])
            except OSError as error:
                raise HarnessFailure(f"the fork-server is gone: {error}") from None
        return Guest(self, ours, self.num_jobs, limits)

    def close(self) -> None:
        """Hang up and wait for the fork-server to go."""
        self.control.close()
        try:
            self.process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Guest:
    """One answer at the other end of a socket.

    Args:
        confinement: Where it runs.
        call_socket: Ours of the pair.
        job_id: Number of the job.
        limits: Fields of `Limits`.
    """

    def __init__(
        self, confinement: Confinement, call_socket: socket.socket, job_id: int, limits: dict[str, Any]
    ) -> None:
        self.confinement = confinement
        self.socket = call_socket
        self.job_id = job_id
        self.limits = limits
        self.deadline = time.monotonic() + limits["wall_s"] + GRACE_S
        self.encoder = wire.Encoder(limits["message_bytes"], limits["message_items"])
        self.reader = FrameReader(call_socket.fileno(), limits["message_bytes"], reads_ahead=True)
        self.ended: dict[str, Any] | None = None
        self.gone: GuestGone | None = None

    def ask(self, *message: object) -> tuple[Any, ...]:
        """Send one message and wait for the reply.

        Returns:
            The reply: a tuple that starts with a word.

        Raises:
            GuestGone: it ended, or said something that is no reply.
            HarnessFailure: the fork-server is gone.
        """
        reply = self.decode(self.ask_raw(*message))
        if type(reply) is not tuple or not reply or type(reply[0]) is not str:
            raise self.give_up("sent no valid reply")
        return reply

    def ask_raw(self, *message: object) -> bytes:
        """As `ask`, with the reply still encoded."""
        return next(self.ask_many(1, *message))

    def ask_many(self, count: int, *message: object) -> Iterator[bytes]:
        """Send one message and yield the `count` replies it asks for, still encoded, each as soon as it is there."""
        if self.gone is not None:
            raise self.gone
        try:
            if self._speaks():
                raise GuestGone("spoke before it was asked")
            self._send(message)
            for _ in range(count):
                yield self._read()
        except GuestGone as gone:
            self.gone = gone
            raise

    def tell(self, *message: object) -> None:
        """Send one message that asks for no reply of its own."""
        try:
            self._send(message)
        except GuestGone as gone:
            self.gone = gone
            raise

    def give_up(self, reason: str) -> GuestGone:
        """Take the guest for gone; what is returned is for the caller to raise."""
        self.gone = GuestGone(reason)
        return self.gone

    def decode(self, data: bytes) -> object:
        """The value in a reply, or in a part of one.

        Raises:
            GuestGone: it is no value, or one beyond the caps.
        """
        try:
            return wire.decode(data, max_items=self.limits["message_items"] + 8)
        except wire.WireError as error:
            raise self.give_up(f"sent no valid reply: {error}") from None

    def _read(self) -> bytes:
        try:
            self._wait()
            return self.reader.read(self.deadline)
        except Closed:
            self._let_it_end()
            raise GuestGone("left") from None
        except TooLong as error:
            raise GuestGone(f"sent no valid reply: {error}") from None
        except TimeoutError:
            raise GuestGone("did not finish its reply") from None

    def _let_it_end(self) -> None:
        """Give a guest that hung up the moment it needs to die, so that its own exit status is known."""
        fds = [self.confinement.control.fileno()]
        try:
            if self.ended is None and wait_readable(fds, time.monotonic() + LAST_BREATH_S):
                self._read_end()
        except TimeoutError:
            pass

    def _send(self, message: tuple[object, ...]) -> None:
        """Send without waiting for ever on a guest that does not read."""
        try:
            request = self.encoder.encode(message)
        except wire.WireError as error:
            raise HarnessFailure(f"the check calls with something that cannot travel: {error}") from None
        self.socket.settimeout(max(0.01, self.deadline - time.monotonic()))
        try:
            self.socket.sendall(len(request).to_bytes(4, "big") + request)
        except TimeoutError:
            raise GuestGone("does not listen") from None
        except OSError:
            raise GuestGone("left") from None
        finally:
            self.socket.settimeout(None)

    def _speaks(self) -> bool:
        if self.reader.keeps_some:
            return True
        try:
            return bool(self.socket.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK))
        except BlockingIOError:
            return False
        except OSError:
            return False

    def _wait(self) -> None:
        """Wait for the guest to speak or end, while the fork-server watches its limits."""
        if self.reader.keeps_some:
            return
        call_fd, control_fd = self.socket.fileno(), self.confinement.control.fileno()
        fds = [call_fd] if self.ended is not None else [call_fd, control_fd]
        try:
            while call_fd not in (ready := wait_readable(fds, self.deadline)):
                assert ready == [control_fd]
                self._read_end()
                fds = [call_fd]
        except TimeoutError:
            raise HarnessFailure("the fork-server did not stop a guest in time") from None

    def _read_end(self) -> None:
        if self.ended is None:
            try:
                self.ended = self.confinement.reader.read_json(self.deadline)
            except (Closed, TooLong, TimeoutError, ValueError) as error:
                raise HarnessFailure(f"the fork-server is gone: {error}") from None
            if self.ended.get("id") != self.job_id:
                raise HarnessFailure("the fork-server lost count of its jobs")

    def close(self) -> dict[str, Any]:
        """End the guest; returns the fork-server's report once it is dead and its directory empty.

        Raises:
            HarnessFailure: the fork-server is gone.
        """
        self.deadline = time.monotonic() + 10 * GRACE_S
        try:
            write_json(self.confinement.control.fileno(), {"op": "end", "id": self.job_id})
        except Closed:
            raise HarnessFailure("the fork-server is gone") from None
        finally:
            self.socket.close()
        self._read_end()
        assert self.ended is not None
        return self.ended


def new_nonce() -> bytes:
    """Something a guest cannot know before it is asked."""
    return secrets.token_bytes(8)
