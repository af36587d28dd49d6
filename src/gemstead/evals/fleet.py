"""A Ray cluster in, workers on its nodes out, each free to die at any moment.

What a dying worker had in work is asked of another. Ray starts it again where there is room, on the same node or on one
that came later; it is greeted anew and joins. Whoever asks hears an answer, or that nobody is left.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from gemstead.core.errors import BadRequest, GemsteadError, Infrastructure, OutOfCapacity

CONNECT_S = 10.0
PATIENCE_S = 60.0
"""How long all workers may be away, as while their nodes are started again, before what is asked is given up."""
START_S = 180.0
"""How long no worker at all may have found room before a cluster counts as busy."""
HEAD_S, HEAD_TRIES = 5.0, 4
"""How often the head is looked for, and how often in a row it may be missing. Ray ends the process after 60 s."""
RETURN_S = 1.0
MAX_FRUITLESS = 3
"""Deaths of a worker without one answer in between, and deaths under one question, after which it is given up."""

Say = Callable[[str], None]


class Actor(Protocol):
    """What runs on a node: an asynchronous Ray actor. Its methods return a `GemsteadError` instead of raising it."""

    async def hello(self) -> str:
        """Its node's name, as soon as it runs."""
        ...

    async def prepare(self, *args: Any) -> Any:
        """Get ready, which may take minutes; the value says what came of it."""
        ...


@dataclass(frozen=True, kw_only=True)
class Node:
    """One machine of a cluster.

    Args:
        name: Its address.
        cpus: Cores it lends.
        gpus: GPUs it lends.
    """

    name: str
    cpus: int
    gpus: int


@dataclass(frozen=True, kw_only=True)
class Share:
    """What one worker takes of a node."""

    cpus: int
    gpus: int


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """What one is connected to.

    Args:
        nodes: Those alive when one connected.
        head: HOST:PORT of its head; `None` where Ray's client stands between.
    """

    nodes: tuple[Node, ...]
    head: str | None


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """Be a driver of a cluster for a while.

    Args:
        address: "auto" for the cluster this machine belongs to, else HOST:PORT, or ray://HOST:PORT.

    Yields:
        What it consists of.

    Raises:
        BadRequest: Ray is not installed, the address is none, or the cluster runs other versions.
        Infrastructure: Nobody answers there.
    """
    _check_address(address)
    ray = import_ray()
    try:
        ray.init(address=address, log_to_driver=False, logging_level="ERROR", configure_logging=False)
    except RuntimeError as error:
        if "ersion mismatch" not in str(error):
            raise _unreachable(address, error) from error
        raise BadRequest(
            f"{address}: the cluster runs other versions: {' '.join(str(error).split())}",
            hint="install the cluster's versions of Python and Ray here",
        ) from error
    except (ConnectionError, ValueError) as error:
        raise _unreachable(address, error) from error
    try:
        _keep_standard_output()
        yield Cluster(
            nodes=tuple(_node(about) for about in ray.nodes() if about["Alive"]),
            head=None if address.startswith("ray://") else ray.get_runtime_context().gcs_address,
        )
    finally:
        ray.shutdown()


def import_ray() -> Any:
    """Ray itself, which is an extra.

    Raises:
        BadRequest: It is not installed.
    """
    try:
        import ray
    except ImportError as error:
        raise BadRequest("--ray needs Ray, which is not installed", hint="pip install 'gemstead[ray]'") from error
    return ray


def plan_shares(nodes: Sequence[Node], *, device: str, cores: int | None) -> list[Share]:
    """One worker per GPU; without GPUs, one per so many cores.

    Args:
        nodes: Of the cluster.
        device: "cuda" or "cpu".
        cores: Cores of one worker on a CPU; `None` gives each node one worker with all of its cores.

    Raises:
        OutOfCapacity: No node has what one worker needs.
    """
    if device == "cuda":
        shares = [Share(cpus=min(1, node.cpus), gpus=1) for node in nodes for _ in range(node.gpus)]
        wanted = "one GPU"
    else:
        shares = []
        for node in nodes:
            each = cores or node.cpus
            shares += [Share(cpus=each, gpus=0)] * (node.cpus // each if each else 0)
        wanted = f"{cores or 1} cores" if cores != 1 else "one core"
    if not shares:
        lent = "; ".join(f"{node.name}: {node.cpus} cores, {node.gpus} GPUs" for node in nodes) or "no nodes"
        raise OutOfCapacity(
            f"a worker needs {wanted}, and the cluster lends {lent}",
            hint="add nodes with `ray start --address=…`, or ask for less with `--device cpu` and `--ray-cores`",
        )
    return shares


State = Literal["away", "preparing", "ready", "gone"]
"""away: its node is down or has no room; gone: it is not used again."""


@dataclass(eq=False, kw_only=True)
class _Member:
    """One worker, as the driver sees it."""

    actor: Any
    name: str = "a worker"
    state: State = "away"
    refused: GemsteadError | None = None
    slots: int = 1
    num_in_work: int = 0
    num_answers: int = 0
    num_lives: int = 0
    lost: asyncio.Event = field(default_factory=asyncio.Event)


class Fleet:
    """Workers of one kind. `ask` may be called from any thread; a thread of its own looks after them.

    Args:
        kind: Class of the actor.
        shares: What each worker takes; one worker per entry.
        prepare: Arguments of its `prepare`.
        accept: Judges what `prepare` came to: raises a `GemsteadError` where a worker must not be used, else returns
            how many questions it gets at the same time.
        say: Gets a line when a worker joins, is refused or is lost.
        patience_s: See `PATIENCE_S`.
        head: HOST:PORT of the cluster's head. When it is gone, whoever asks hears so before Ray ends the process.

    Raises:
        Infrastructure: The head is gone already.
    """

    def __init__(
        self,
        kind: type[Actor],
        shares: Sequence[Share],
        *,
        prepare: Sequence[Any],
        accept: Callable[[str, Any], int],
        say: Say,
        patience_s: float = PATIENCE_S,
        head: str | None = None,
    ) -> None:
        if head is not None and not _answers(head):
            raise _headless()
        self._ray = import_ray()
        self._is_headless = False
        self._asking: set[asyncio.Task[Any]] = set()
        self._prepare = prepare
        self._accept = accept
        self._say = say
        self._patience_s = patience_s
        self._last_seen = time.monotonic()
        self._was_ready = False
        self._loop = asyncio.new_event_loop()
        self._changed = asyncio.Condition()
        actor = self._ray.remote(kind)
        # Restarted without end, since a node that comes back must be able to join; who dies in vain is given up below.
        self._members = [
            _Member(actor=actor.options(num_cpus=s.cpus, num_gpus=s.gpus, max_restarts=-1).remote()) for s in shares
        ]
        self._thread = threading.Thread(target=self._loop.run_forever, name="gemstead-fleet", daemon=True)
        self._thread.start()
        for member in self._members:
            self._start(self._live(member))
        if head is not None:
            self._start(self._watch(head))

    def wait(self) -> None:
        """Return when the first worker is ready; the others join as they come.

        Raises:
            GemsteadError: None will be.
        """
        self._start(self._await_first()).result()

    def ask(self, method: str, *args: Any) -> Future[Any]:
        """Ask whichever worker has least to do; another if it dies.

        Returns:
            Of the method's value. Raises `Infrastructure` if nobody is left, or several workers died of it.
        """
        return self._start(self._ask_unless_headless(method, *args))

    def ask_all(self, method: str) -> list[Any]:
        """Ask every worker that is ready; those that die meanwhile are left out."""
        values: list[Any] = self._start(self._ask_all(method)).result()
        return values

    def close(self) -> None:
        """End all workers."""
        self._start(self._end()).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _start(self, work: Coroutine[Any, Any, Any]) -> Future[Any]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _live(self, member: _Member) -> None:
        """Greet a worker, and again after each of its deaths, until it is refused or has died in vain too often."""
        errors = self._ray.exceptions
        num_fruitless = 0
        while num_fruitless < MAX_FRUITLESS:
            before = member.num_answers
            try:
                member.slots = await self._greet(member)
            except errors.ActorUnavailableError:
                if member.state == "preparing":
                    num_fruitless += 1
                await self._turn(member, "away")
                await asyncio.sleep(RETURN_S)
                continue
            except GemsteadError as error:
                await self._give_up(member, error)
                return
            except errors.RayError as error:
                await self._give_up(member, Infrastructure(_last_line(error), hint="mend that node"))
                return
            member.lost.clear()
            member.num_lives += 1
            await self._turn(member, "ready")
            await member.lost.wait()
            self._say(f"{member.name} is lost; what it had in work is asked of others")
            await self._turn(member, "away")
            num_fruitless = 0 if member.num_answers > before else num_fruitless + 1
        ended = f"it ended {num_fruitless} times before it gave an answer"
        await self._give_up(member, Infrastructure(ended, hint="see Ray's logs on that node"))

    async def _greet(self, member: _Member) -> int:
        member.name = await member.actor.hello.remote()
        await self._turn(member, "preparing")
        came_to = await member.actor.prepare.remote(*self._prepare)
        if isinstance(came_to, GemsteadError):
            raise came_to
        return self._accept(member.name, came_to)

    async def _turn(self, member: _Member, state: State) -> None:
        async with self._changed:
            if state == "ready":
                self._was_ready = True
            if member.state in ("ready", "preparing") or state in ("ready", "preparing"):
                self._last_seen = time.monotonic()
            member.state = state
            self._changed.notify_all()

    async def _give_up(self, member: _Member, error: GemsteadError) -> None:
        self._say(f"{member.name} is not used: {error.message}")
        member.refused = error
        with contextlib.suppress(self._ray.exceptions.RayError):
            self._ray.kill(member.actor)
        await self._turn(member, "gone")

    async def _await_first(self) -> None:
        async with self._changed:
            while not self._was_ready:
                await self._wait_for_change(START_S)

    async def _ask_unless_headless(self, method: str, *args: Any) -> Any:
        if self._is_headless:
            raise _headless()
        asking = asyncio.ensure_future(self._ask(method, *args))
        self._asking.add(asking)
        try:
            return await asking
        except asyncio.CancelledError:
            asking.cancel()
            if self._is_headless:
                raise _headless() from None
            raise
        finally:
            self._asking.discard(asking)

    async def _watch(self, head: str) -> None:
        """Look whether the head is there; without it Ray tells nobody of deaths, and then ends the process."""
        num_missing = 0
        while num_missing < HEAD_TRIES:
            await asyncio.sleep(HEAD_S)
            num_missing = 0 if await asyncio.to_thread(_answers, head) else num_missing + 1
        self._is_headless = True
        self._say("the cluster's head is gone")
        for asking in self._asking:
            asking.cancel()

    async def _ask(self, method: str, *args: Any) -> Any:
        errors = self._ray.exceptions
        why = ""
        for _ in range(MAX_FRUITLESS):
            member = await self._take()
            life = member.num_lives
            try:
                value = await getattr(member.actor, method).remote(*args)
                member.num_answers += 1
            except errors.RayActorError as error:
                if member.num_lives == life:  # else it is news of an earlier death
                    member.lost.set()
                why = _last_line(error)
                continue
            except errors.RayError as error:
                raise Infrastructure(f"{member.name}: {method} failed: {_last_line(error)}") from error
            finally:
                async with self._changed:
                    member.num_in_work -= 1
                    self._changed.notify_all()
            if isinstance(value, GemsteadError):
                raise value
            return value
        raise Infrastructure(f"{MAX_FRUITLESS} workers ended while they had it in work, the last one: {why}")

    async def _take(self) -> _Member:
        async with self._changed:
            while True:
                ready = [m for m in self._members if m.state == "ready" and not m.lost.is_set()]
                free = [m for m in ready if m.num_in_work < m.slots]
                if free:
                    member = min(free, key=lambda m: m.num_in_work)
                    member.num_in_work += 1
                    return member
                await self._wait_for_change(self._patience_s)

    async def _wait_for_change(self, patience_s: float) -> None:
        """Wait, but not for the dead.

        Raises:
            Infrastructure: All workers are gone, or away for too long; or what all of them were refused for.
            OutOfCapacity: None ever found room.
        """
        states = {member.state for member in self._members}
        refused = [(m.name, m.refused) for m in self._members if m.refused is not None]
        if len(refused) == len(self._members):
            reasons = "; ".join(dict.fromkeys(f"{name}: {error.message}" for name, error in refused))
            kinds = {type(error) for _, error in refused}
            kind = kinds.pop() if len(kinds) == 1 else Infrastructure
            raise kind(f"no worker of the cluster can be used: {reasons}", hint=refused[0][1].hint)
        if states & {"ready", "preparing"}:
            await self._changed.wait()
            return
        left_s = self._last_seen + patience_s - time.monotonic()
        if left_s <= 0 and self._was_ready:
            raise Infrastructure(
                f"all {len(self._members)} workers of the cluster are lost, and none came back within {patience_s:g} s",
                hint="start nodes again with `ray start --address=…`; what is stored is kept",
            )
        if left_s <= 0:
            raise OutOfCapacity(
                f"none of {len(self._members)} workers found room on the cluster within {patience_s:g} s",
                hint="`ray status` says who holds its cores and GPUs; ask for less with `--ray-cores`, or wait",
            )
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), left_s)

    async def _end(self) -> None:
        mine = asyncio.all_tasks() - {asyncio.current_task()}
        for task in mine:
            task.cancel()
        await asyncio.gather(*mine, return_exceptions=True)
        for member in [] if self._is_headless else self._members:  # without a head, Ray would wait for it
            with contextlib.suppress(self._ray.exceptions.RayError):
                self._ray.kill(member.actor)

    async def _ask_all(self, method: str) -> list[Any]:
        asked = [getattr(m.actor, method).remote() for m in self._members if m.state == "ready"]
        values = await asyncio.gather(*asked, return_exceptions=True)
        return [value for value in values if not isinstance(value, BaseException)]


def _check_address(address: str) -> None:
    """Say at once what Ray would say after two minutes, or not at all."""
    if address == "auto":
        return
    host, is_pair, port = address.removeprefix("ray://").rpartition(":")
    if not is_pair or not host or not port.isdecimal():
        raise BadRequest(
            f"--ray {address!r} is no address of a cluster",
            hint="use auto on a machine of the cluster, HOST:PORT as `ray start` prints it, or ray://HOST:PORT",
        )
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_S).close()
    except (OSError, OverflowError) as error:
        raise _unreachable(address, error) from error


def _answers(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_S).close()
    except OSError:
        return False
    return True


def _headless() -> Infrastructure:
    return Infrastructure(
        "the cluster's head is gone, and the cluster with it",
        hint="start it again with `ray start --head`; what is stored is kept",
    )


def _unreachable(address: str, error: Exception) -> Infrastructure:
    return Infrastructure(
        f"--ray {address}: no cluster can be reached there: {_last_line(error)}",
        hint="`ray start --head` starts one and prints its address; `ray status` says whether it is up",
    )


def _keep_standard_output() -> None:
    """Ray's driver prints news of nodes to standard output, where our data goes; we tell such news ourselves."""
    with contextlib.suppress(ImportError):
        from ray._private import worker

        if hasattr(worker, "print_to_stdstream"):
            worker.print_to_stdstream = lambda *_, **__: None


def _node(about: Mapping[str, Any]) -> Node:
    lent = about["Resources"]
    return Node(name=about["NodeManagerAddress"], cpus=int(lent.get("CPU", 0)), gpus=int(lent.get("GPU", 0)))


def _last_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
