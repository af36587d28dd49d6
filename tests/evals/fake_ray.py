"""As much of Ray as a fleet uses, in this process: actors that die when they are told to, and come back or do not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any


class RayError(Exception):
    """As Ray's."""


class RayActorError(RayError):
    """As Ray's."""


class ActorUnavailableError(RayActorError):
    """As Ray's: dead, and started again some time."""


class ActorDiedError(RayActorError):
    """As Ray's: dead for good."""


class Death(BaseException):
    """Raised by an actor's method: the actor dies of it."""


class FakeActor:
    """One actor.

    Attributes:
        is_down: Its node is away: whoever calls hears so.
        has_room: Until it has, calls wait.
        body: The object on the node; a new one after each death.
    """

    def __init__(self, kind: Callable[[], Any]) -> None:
        self._kind = kind
        self.body = kind()
        self.is_down = False
        self.is_killed = False
        self.has_room = asyncio.Event()
        self.has_room.set()

    def __getattr__(self, name: str) -> Any:
        return SimpleNamespace(remote=lambda *arguments: self._call(name, *arguments))

    async def _call(self, name: str, *arguments: Any) -> Any:
        await self.has_room.wait()
        if self.is_killed:
            raise ActorDiedError("it was killed")
        if self.is_down:
            raise ActorUnavailableError("connection refused")
        body = self.body
        method: Callable[..., Coroutine[Any, Any, Any]] = getattr(body, name)
        try:
            value = await method(*arguments)
        except Death:
            if self.body is body:
                self.body = self._kind()
            raise ActorUnavailableError("socket closed") from None
        if self.body is not body or self.is_down:
            raise ActorUnavailableError("socket closed")
        return value

    def die(self) -> None:
        """Lose what it had in work, and start again."""
        self.body = self._kind()


class FakeRay:
    """Stands in for the module.

    Attributes:
        actors: All that were started, in order.
    """

    exceptions = SimpleNamespace(
        RayError=RayError,
        RayActorError=RayActorError,
        ActorUnavailableError=ActorUnavailableError,
        ActorDiedError=ActorDiedError,
    )

    def __init__(self, *, has_room: bool = True) -> None:
        self.actors: list[FakeActor] = []
        self._has_room = has_room

    def remote(self, kind: Callable[[], Any]) -> Any:
        def start() -> FakeActor:
            actor = FakeActor(kind)
            if not self._has_room:
                actor.has_room.clear()
            self.actors.append(actor)
            return actor

        return SimpleNamespace(options=lambda **_: SimpleNamespace(remote=start))

    def kill(self, actor: FakeActor) -> None:
        actor.is_killed = True
