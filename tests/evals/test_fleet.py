"""Workers that die: what they had in work is asked of others, who dies in vain is given up, and whoever waits hears."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from gemstead.core.errors import BadRequest, GemsteadError, Infrastructure, NotFound, OutOfCapacity
from gemstead.evals import fleet as fleets
from gemstead.evals.fleet import Fleet, Share
from tests.evals.fake_ray import Death, FakeRay, RayError

Start = Callable[..., Fleet]


class Scripted:
    """A worker: answers with its own number, unless it is told to do something else."""

    started = 0
    most_at_once: Counter[int]
    loads: Counter[int]
    may_answer: threading.Event

    def __init__(self) -> None:
        type(self).started += 1
        self.number = type(self).started
        self.num_in_work = 0

    async def hello(self) -> str:
        return f"node {self.number}"

    async def prepare(self, *refusals: GemsteadError | type[BaseException] | None) -> Any:
        self.loads[self.number] += 1
        what = refusals[(self.number - 1) % len(refusals)] if refusals else None
        if isinstance(what, type):
            raise what
        return what or self.number

    async def answer(self, question: str) -> int:
        self.num_in_work += 1
        self.most_at_once[self.number] = max(self.most_at_once[self.number], self.num_in_work)
        try:
            if question == "poison" or question == f"kill {self.number}":
                raise Death
            if question == "bug":
                raise RayError("TypeError: no such thing")
            while not self.may_answer.is_set():
                await asyncio.sleep(0.005)
            return self.number
        finally:
            self.num_in_work -= 1


@pytest.fixture(autouse=True)
def script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleets, "RETURN_S", 0.01)
    Scripted.started, Scripted.most_at_once, Scripted.loads = 0, Counter(), Counter()
    Scripted.may_answer = threading.Event()
    Scripted.may_answer.set()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def start(monkeypatch: pytest.MonkeyPatch, said: list[str]) -> Iterator[Start]:
    open_fleets: list[Fleet] = []

    def start(
        ray: FakeRay, count: int, *prepare: Any, slots: int = 2, patience_s: float = 5.0, head: str | None = None
    ) -> Fleet:
        monkeypatch.setattr(fleets, "import_ray", lambda: ray)
        fleet = Fleet(
            Scripted, [Share(cpus=1, gpus=0)] * count, prepare=prepare, accept=lambda name, value: slots,
            say=said.append, patience_s=patience_s, head=head,
        )  # fmt: skip
        open_fleets.append(fleet)
        return fleet

    yield start
    for fleet in open_fleets:
        fleet.close()


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_questions_go_to_whoever_has_least_to_do_and_never_more_than_fit(start: Start) -> None:
    fleet = start(FakeRay(), 3)
    wait_until(lambda: Scripted.loads.total() == 3)
    Scripted.may_answer.clear()
    futures = [fleet.ask("answer", "q") for _ in range(20)]
    wait_until(lambda: Scripted.most_at_once.total() == 6)
    Scripted.may_answer.set()
    assert {future.result() for future in futures} == {1, 2, 3}
    assert set(Scripted.most_at_once.values()) == {2}


def test_what_a_dying_worker_had_in_work_is_asked_of_others_once_each(start: Start, said: list[str]) -> None:
    ray = FakeRay()
    fleet = start(ray, 2, slots=8)
    wait_until(lambda: Scripted.loads.total() == 2)
    Scripted.may_answer.clear()
    futures = [fleet.ask("answer", "q") for _ in range(8)]
    wait_until(lambda: Scripted.most_at_once[1] == 4)
    ray.actors[0].die()
    Scripted.may_answer.set()
    answers = [future.result() for future in futures]
    assert len(answers) == 8 and 1 not in answers, "what a dead worker says reaches nobody"
    assert [line for line in said if "node 1 is lost" in line]


def test_a_worker_that_comes_back_is_greeted_anew_and_joins(start: Start) -> None:
    ray = FakeRay()
    fleet = start(ray, 1)
    assert fleet.ask("answer", "q").result() == 1
    assert fleet.ask("answer", "kill 1").result() == 2
    assert Scripted.loads == {1: 1, 2: 1}


def test_news_of_an_earlier_death_loses_no_worker_that_came_back(start: Start, said: list[str]) -> None:
    fleet = start(FakeRay(), 1, slots=8)
    fleet.wait()
    Scripted.may_answer.clear()
    late = fleet.ask("answer", "q")
    wait_until(lambda: Scripted.most_at_once[1] == 1)
    killer = fleet.ask("answer", "kill 1")
    wait_until(lambda: Scripted.most_at_once[2] == 1)
    Scripted.may_answer.set()
    assert killer.result() == late.result() == 2
    assert said == ["node 1 is lost; what it had in work is asked of others"] and Scripted.loads[2] == 1


def test_a_question_that_kills_is_an_error_and_the_others_are_answered(start: Start) -> None:
    fleet = start(FakeRay(), 4)
    wait_until(lambda: Scripted.loads.total() == 4)
    poison = fleet.ask("answer", "poison")
    answers = [fleet.ask("answer", "q") for _ in range(6)]
    with pytest.raises(Infrastructure, match="3 workers ended while they had it in work, the last one: socket closed"):
        poison.result()
    assert all(answer.result() for answer in answers)


def test_a_worker_that_dies_in_vain_is_given_up_and_named(start: Start, said: list[str]) -> None:
    fleet = start(FakeRay(), 1, Death)
    with pytest.raises(Infrastructure, match="node 3: it ended 3 times before it gave an answer"):
        fleet.wait()
    assert said == ["node 3 is not used: it ended 3 times before it gave an answer"]


def test_a_mistake_in_a_worker_is_no_death(start: Start, said: list[str]) -> None:
    fleet = start(FakeRay(), 1)
    with pytest.raises(Infrastructure, match="node 1: answer failed: TypeError: no such thing"):
        fleet.ask("answer", "bug").result()
    assert fleet.ask("answer", "q").result() == 1 and said == []


def test_a_refused_worker_is_named_and_the_others_go_on(start: Start, said: list[str]) -> None:
    fleet = start(FakeRay(), 2, BadRequest("weights aaaa there, bbbb here"), None)
    assert {fleet.ask("answer", "q").result() for _ in range(4)} == {2}
    assert said == ["node 1 is not used: weights aaaa there, bbbb here"]


def test_what_all_are_refused_for_is_said_as_the_error_it_is(start: Start) -> None:
    refusal = NotFound("m: not here", hint="gemstead pull m")
    with pytest.raises(
        NotFound, match="no worker of the cluster can be used: node 1: m: not here; node 2: m"
    ) as caught:
        start(FakeRay(), 2, refusal, refusal).wait()
    assert caught.value.hint == "gemstead pull m"


def test_when_all_are_lost_whoever_asks_hears_it_after_a_while(start: Start) -> None:
    ray = FakeRay()
    fleet = start(ray, 2, patience_s=0.2)
    fleet.wait()
    for actor in ray.actors:
        actor.is_down = True
    with pytest.raises(Infrastructure, match=r"all 2 workers of the cluster are lost, and none came back within 0.2 s"):
        fleet.ask("answer", "q").result()
    for actor in ray.actors:
        actor.is_down = False
    wait_until(lambda: _answers(fleet))


def _answers(fleet: Fleet) -> bool:
    try:
        return bool(fleet.ask("answer", "q").result())
    except Infrastructure:
        return False


def test_all_that_come_back_in_time_cost_nothing(start: Start) -> None:
    ray = FakeRay()
    fleet = start(ray, 1, patience_s=10.0)
    fleet.wait()
    ray.actors[0].is_down = True
    waiting = fleet.ask("answer", "q")
    time.sleep(0.1)
    assert not waiting.done()
    ray.actors[0].is_down = False
    assert waiting.result() == 1


def test_a_head_that_dies_is_told_to_whoever_waits_and_asks(
    start: Start, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fleets, "HEAD_S", 0.02)
    ray = FakeRay()
    with socket.create_server(("127.0.0.1", 0)) as server:
        head = f"127.0.0.1:{server.getsockname()[1]}"
        fleet = start(ray, 1, head=head)
        fleet.wait()
        Scripted.may_answer.clear()
        waiting = fleet.ask("answer", "q")
        time.sleep(0.2)
        assert not waiting.done(), "the head is there"
    with pytest.raises(Infrastructure, match="the cluster's head is gone") as caught:
        waiting.result(timeout=20)
    assert "ray start --head" in str(caught.value.hint) and said == ["the cluster's head is gone"]
    with pytest.raises(Infrastructure, match="the cluster's head is gone"):
        fleet.ask("answer", "q").result(timeout=20)
    with pytest.raises(Infrastructure, match="the cluster's head is gone"):
        start(ray, 1, head=head)


def test_a_cluster_in_which_nobody_finds_room_is_told_as_busy(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fleets, "START_S", 0.1)
    with pytest.raises(OutOfCapacity, match="none of 2 workers found room") as caught:
        start(FakeRay(has_room=False), 2).wait()
    assert "ray status" in str(caught.value.hint)
