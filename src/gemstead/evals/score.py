"""From programs to verdicts: each is run as a guest of the sandbox and judged by a process that ran none of it.

What is no program is compared by its problem's oracle, here and at once.

Jobs walk in, verdicts walk out in the order asked for. A time-out is run once more with nothing else of ours running
before it counts. A failure of the harness is tried again, then reported as `error`: it is never a wrong answer.
What answers to a problem with cases should return is found by running its canonical solution the same way, once.

Not covered: whether a problem's test is any good. A program that a weak test accepts has passed.
"""

from __future__ import annotations

import os
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from heapq import heappop, heappush
from types import TracebackType
from typing import Any, Literal, Self, get_args

from gemstead.core.errors import BadRequest, Infrastructure
from gemstead.evals.references import Reference, References, check_text
from gemstead.evals.task import Cases, Oracle, Problem
from gemstead.evals.trials import CPU_S as TRIAL_CPU_S
from gemstead.evals.trials import job_of, rehearsal, size_of
from gemstead.sandbox.base import MIB, Limits, Rung
from gemstead.sandbox.ladder import Ground, climb
from gemstead.sandbox.worker import Worker, WorkerFailed, WorkerStuck

Status = Literal["passed", "wrong", "timeout", "no_code", "crash", "forbidden", "error"]
STATUSES: tuple[Status, ...] = get_args(Status)
"""passed; wrong: refused by the test, or raised; timeout; no_code: the answer held nothing to judge; crash: the program
left or died; forbidden: it failed on something the sandbox refuses; error: the harness failed, nothing is decided."""

NO_SANDBOX = "none: nothing is run"
MAX_TRIES = 3
SEED = 0
"""Seeds `random` in the test and in the answer, so that a verdict repeats."""

REFERENCE_FACTOR = 20.0
"""How much more processor time than the canonical solution an answer may use, above the floor of `Limits.cpu_s`."""
SLOW_FACTOR, SLOW_GRACE_S = 4.0, 10.0
"""Of a slow solution (0.6 s and more): this many times as much, and so much on top. Mbpp/599 needs 30 s."""
CASES_FACTOR = 5.0
"""How many times the floor of `Limits.cpu_s` a problem with cases allows: it is a thousand calls, not seven.
HumanEval's own solutions need up to 13 s for the inputs of HumanEval+ (HumanEval/39), where better ones need none."""
TRIAL_IDLE_S = 10.0
"""How long a program with trials may sit still: it waits while megabytes are packed, sent and compared."""
WALL_FACTOR = 2.0
EXPENSIVE_S = 1.0
"""A canonical solution that needed more than this once is not run again as a self-test: what it returned is known."""
CANONICAL_LIMITS = Limits(
    cpu_s=300.0, wall_s=600.0, idle_s=30.0, message_bytes=64 * MIB, message_items=64 * MIB, memory_bytes=2048 * MIB
)
"""What a published solution may use: far more than any needs, since its own time sets the limits of answers."""
NEAR_LIMIT = 0.5
LONG_S = 0.5
"""From this processor time on, a job starts before shorter ones that were submitted earlier."""
PATIENCE_S = 10.0
"""How long a time-out waits for a quiet moment before new jobs wait for it."""
HARD_GRACE_S = 5.0
"""What a check may take beyond its guest's wall limit before its process is killed."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One program to judge.

    Args:
        key: Caller's name for it, given back in the verdict.
        problem: What it answers.
        program: Whole source text, or what the problem's oracle compares; None when the answer held nothing to judge.
    """

    key: str
    problem: Problem
    program: str | None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is known about one program.

    Args:
        key: The job's.
        passed: Whether the test ran to its end.
        status: One of `STATUSES`.
        detail: One line for people; may quote the answer.
        cpu_s: Processor time of the guest.
        wall_s: Time on the clock.
        is_near_limit: It used more than half of a time limit: a slower machine may decide otherwise.
        was_rerun: It timed out once and was run again alone; the other fields describe that second run.
        parts: Which parts of the problem's cases it passed: a wrong program may pass "base" and not "plus".
    """

    key: str
    passed: bool
    status: Status
    detail: str
    cpu_s: float
    wall_s: float
    is_near_limit: bool
    was_rerun: bool
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CanonicalReport:
    """How the published solutions fared here.

    Args:
        verdicts: One per problem, in their order.
        reference_cpu_s: Processor time of each solution, by problem id.
        wall_s: Time on the clock for all.
    """

    verdicts: tuple[Verdict, ...]
    reference_cpu_s: dict[str, float]
    wall_s: float

    @property
    def failures(self) -> tuple[Verdict, ...]:
        """Verdicts that are not `passed`."""
        return tuple(verdict for verdict in self.verdicts if not verdict.passed)

    def require(self) -> None:
        """Stop unless all passed.

        Raises:
            Infrastructure: a published solution failed, so no verdict of this machine is worth anything.
        """
        if self.failures:
            first = self.failures[0]
            raise Infrastructure(
                f"{len(self.verdicts) - len(self.failures)} of {len(self.verdicts)} published solutions pass here; "
                f"{first.key} is {first.status}: {first.detail}",
                hint="run `gemstead doctor`; close what else keeps this machine busy",
            )


@dataclass(eq=False, kw_only=True)
class _Case:
    """A job on its way."""

    job: Job
    is_canonical: bool = False
    future: Future[Verdict] = field(default_factory=Future)
    timed_out_at: float | None = None


class Judge:
    """Judges programs with a few workers; thread-safe, a context manager.

    Args:
        workers: How many judge at the same time; by default one per processor this process may use, at most eight.
        rung: Use this rung of the sandbox's ladder only.
        allow_unconfined: Run answers even where nothing confines them; results are then stamped "unsandboxed".
        limits: What a guest may use; time limits grow with the canonical solution's once `check_canonical` ran.
        references: What canonical solutions return, where it is known; by default in gemstead's home.
        runs_programs: False where every problem has an oracle: then no sandbox is looked for.

    Raises:
        SandboxUnavailable: this machine cannot confine answers; none was run.
        BadRequest: `workers` is not positive.
    """

    def __init__(
        self,
        *,
        workers: int | None = None,
        rung: str | None = None,
        allow_unconfined: bool = False,
        limits: Limits | None = None,
        references: References | None = None,
        runs_programs: bool = True,
    ) -> None:
        self.workers = workers if workers is not None else min(8, len(os.sched_getaffinity(0)))
        if self.workers < 1:
            raise BadRequest(f"a judge needs at least one worker, got {self.workers}")
        self.limits = limits if limits is not None else Limits()
        self.reference_cpu_s: dict[str, float] = {}
        self._kept_references = references if references is not None else References()
        self._references: dict[Cases, Reference] = {}
        self._reference_locks: defaultdict[Cases, threading.Lock] = defaultdict(threading.Lock)
        self._changed = threading.Condition()
        self._fresh: list[tuple[float, int, _Case]] = []
        self._num_submitted = 0
        self._timed_out: deque[_Case] = deque()
        self._num_running = 0
        self._is_one_alone = False
        self._is_closing = False
        self._running_workers: dict[int, Worker] = {}
        self._threads: list[threading.Thread] = []
        self._ground = self._start(rung, allow_unconfined) if runs_programs else None

    def _start(self, rung: str | None, allow_unconfined: bool) -> Ground:
        """Start one thread per worker; the first also climbs the ladder, since workers belong to a thread."""
        climbed: Future[Ground] = Future()

        def climb_and_serve() -> None:
            try:
                ground = climb(rung=rung, allow_unconfined=allow_unconfined)
            except BaseException as error:  # noqa: BLE001 (raised again in the caller's thread)
                climbed.set_exception(error)
                return
            climbed.set_result(ground)
            self._serve(0, ground)

        self._threads.append(threading.Thread(target=climb_and_serve, name="judge-0", daemon=True))
        self._threads[0].start()
        ground = climbed.result()
        for slot in range(1, self.workers):
            thread = threading.Thread(target=self._serve, args=(slot, ground), name=f"judge-{slot}", daemon=True)
            self._threads.append(thread)
            thread.start()
        return ground

    @property
    def rung(self) -> Rung | None:
        """The confinement in force; `None` where no program is run."""
        return None if self._ground is None else self._ground.rung

    @property
    def sandbox(self) -> str:
        """Its name, for records and people."""
        return NO_SANDBOX if self._ground is None else self._ground.rung.name

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop at once: undecided jobs are cancelled, everything that was started is dead on return."""
        with self._changed:
            if self._is_closing:
                return
            self._is_closing = True
            undecided = [*(case for _, _, case in self._fresh), *self._timed_out]
            self._fresh.clear()
            self._timed_out.clear()
            for worker in self._running_workers.values():
                worker.process.kill()
            self._changed.notify_all()
        for case in undecided:
            case.future.cancel()
        for thread in self._threads:
            thread.join()
        if self._ground is not None:
            self._ground.close()

    def submit(self, job: Job) -> Future[Verdict]:
        """Put one job in line.

        Raises:
            BadRequest: the judge is closed.
        """
        return self._submit(_Case(job=job))

    def _submit(self, case: _Case) -> Future[Verdict]:
        job, oracle = case.job, case.job.problem.oracle
        if job.program is None:
            what = "program" if oracle is None else oracle.wanted
            case.future.set_result(_verdict(job, "no_code", f"the answer holds no {what}"))
            return case.future
        if oracle is not None:
            case.future.set_result(_compared(job, job.program, oracle))
            return case.future
        with self._changed:
            if self._is_closing:
                raise BadRequest("this judge is closed", hint="submit inside its `with` block")
            if self._ground is None:
                raise BadRequest(
                    f"{job.problem.id} is answered by a program, and this judge has no sandbox",
                    hint="build it without `runs_programs=False`",
                )
            self._num_submitted += 1
            heappush(self._fresh, (-self._long_s(job.problem), self._num_submitted, case))
            self._changed.notify_all()
        return case.future

    def _long_s(self, problem: Problem) -> float:
        """What a problem's solution took, if that is long: such jobs start first, so that none is left at the end."""
        known_s = self.reference_cpu_s.get(problem.id, 0.0)
        if problem.cases is not None:
            reference = self._references.get(problem.cases)
            kept_s = self._kept_references.known_cpu_s.get(problem.id, 0.0)
            known_s = max(known_s, kept_s if reference is None else reference.cpu_s)
        return known_s if known_s > LONG_S else 0.0

    def judge(self, jobs: Iterable[Job]) -> Iterator[Verdict]:
        """Judge all jobs; verdicts come in the order of the jobs, each as soon as it and those before it are known."""
        for future in [self.submit(job) for job in jobs]:
            yield future.result()

    def check_canonical(self, problems: Sequence[Problem]) -> CanonicalReport:
        """Run the published solutions and set time limits by what they needed here."""
        start = time.monotonic()
        jobs = [Job(key=problem.id, problem=p, program=p.canonical) for problem in problems for p in [_tried(problem)]]
        futures = [self._submit(_Case(job=job, is_canonical=True)) for job in jobs]
        verdicts = tuple(future.result() for future in futures)
        reference = {verdict.key: verdict.cpu_s for verdict in verdicts if verdict.passed}
        self.reference_cpu_s.update(reference)
        return CanonicalReport(verdicts=verdicts, reference_cpu_s=reference, wall_s=time.monotonic() - start)

    def limits_for(self, problem: Problem) -> Limits:
        """Limits of one problem: processor time follows its canonical solution, time on the clock follows that."""
        reference = self._references.get(problem.cases) if problem.cases is not None else None
        reference_s = max(self.reference_cpu_s.get(problem.id, 0.0), reference.cpu_s if reference is not None else 0.0)
        floor_s = self.limits.cpu_s * (CASES_FACTOR if problem.cases is not None else 1.0)
        cpu_s = max(floor_s, min(REFERENCE_FACTOR * reference_s, SLOW_GRACE_S + SLOW_FACTOR * reference_s))
        limits = replace(self.limits, cpu_s=cpu_s, wall_s=max(self.limits.wall_s, WALL_FACTOR * cpu_s))
        if reference is None:
            return limits
        # A large value is measured by marshal, which writes 2 bytes or more where the wire writes 5.
        largest = max(3 * reference.largest_bytes, self._kept_references.num_input_bytes(problem))
        return replace(
            limits,
            # A guest also waits while the worker runs the canonical solution again to compare with it.
            idle_s=self.limits.idle_s + 2 * reference_s,
            message_bytes=max(limits.message_bytes, largest + 1024),
            message_items=max(limits.message_items, largest),
        )

    def _limits_of_trials(self, request: dict[str, Any]) -> Limits:
        """Limits of a problem with trials: each has its own, which the guest's kernel keeps; these are for all."""
        count, largest = size_of(request["data"]["parts"])
        cpu_s = self.limits.cpu_s + TRIAL_CPU_S * count
        return replace(
            self.limits,
            cpu_s=cpu_s,
            wall_s=max(self.limits.wall_s, WALL_FACTOR * cpu_s),
            idle_s=max(self.limits.idle_s, TRIAL_IDLE_S),
            message_bytes=max(self.limits.message_bytes, largest + 1024),
            message_items=max(self.limits.message_items, largest),
        )

    def _serve(self, slot: int, ground: Ground) -> None:
        """Take cases until the judge closes. This thread owns the slot's worker."""
        try:
            while (case := self._take()) is not None:
                is_alone = case.timed_out_at is not None
                try:
                    verdict = self._decide(case, slot, ground)
                except BaseException as error:  # noqa: BLE001 (an answer's caller must hear of it, and the slot go on)
                    self._release(is_alone)
                    with suppress(InvalidStateError):  # whoever asked has gone
                        case.future.set_exception(error)
                    continue
                self._release(is_alone)
                if verdict.status == "timeout" and not is_alone:
                    self._put_aside(case)
                elif self._is_closing:
                    case.future.cancel()
                else:
                    with suppress(InvalidStateError):
                        case.future.set_result(verdict)
        finally:
            self._drop_worker(slot)
            if slot == 0:
                for worker in ground._spare:
                    worker.close()

    def _take(self) -> _Case | None:
        """Wait for a case that may run now; None when the judge closes."""
        with self._changed:
            while not self._is_closing:
                case = self._next()
                if case is not None:
                    return case
                self._changed.wait()
            return None

    def _next(self) -> _Case | None:
        if self._is_one_alone:
            return None
        if self._timed_out:
            waited_s = time.monotonic() - (self._timed_out[0].timed_out_at or 0.0)
            if not self._fresh or waited_s > PATIENCE_S:
                if self._num_running:
                    return None
                self._is_one_alone = True
                return self._timed_out.popleft()
        if self._fresh:
            self._num_running += 1
            return heappop(self._fresh)[2]
        return None

    def _release(self, is_alone: bool) -> None:
        with self._changed:
            if is_alone:
                self._is_one_alone = False
            else:
                self._num_running -= 1
            self._changed.notify_all()

    def _put_aside(self, case: _Case) -> None:
        """Keep a time-out for a moment when nothing else runs."""
        with self._changed:
            case.timed_out_at = time.monotonic()
            if self._is_closing:
                case.future.cancel()
            self._timed_out.append(case)
            self._changed.notify_all()

    def _decide(self, case: _Case, slot: int, ground: Ground) -> Verdict:
        """Run one case until something is known about the answer, or the harness has failed too often."""
        job, reference = case.job, None
        if job.problem.cases is not None:
            try:
                reference = self._reference(job.problem, slot, ground)
            except Infrastructure as failure:
                return _verdict(job, "error", failure.message)
            if case.is_canonical and reference.cpu_s > EXPENSIVE_S:
                known = {"cpu_s": reference.cpu_s, "wall_s": reference.cpu_s, "parts": list(job.problem.cases.parts)}
                return _verdict(job, "passed", "", known)
        limits = CANONICAL_LIMITS if case.is_canonical else self.limits_for(job.problem)
        try:
            request = self._request(job, limits, reference)
            if job.problem.trials is not None and not case.is_canonical:
                limits = self._limits_of_trials(request)
                request |= {"limits": asdict(limits)}
            outcome = self._outcome(request, limits, slot, ground)
        except Infrastructure as failure:
            return _verdict(job, "error", failure.message)
        return _verdict(job, outcome["ending"], outcome["detail"], outcome, limits, case.timed_out_at is not None)

    def _outcome(self, request: dict[str, Any], limits: Limits, slot: int, ground: Ground) -> dict[str, Any]:
        """Have a worker run one request; a failure of the harness is tried again.

        Raises:
            Infrastructure: it failed too often.
        """
        reason = ""
        for _ in range(MAX_TRIES):
            if self._is_closing:
                break
            try:
                return self._worker(slot, ground).run(request, limits.wall_s + HARD_GRACE_S)
            except WorkerStuck as stuck:
                self._drop_worker(slot)
                wall_s = limits.wall_s + HARD_GRACE_S
                return {"ending": "timeout", "detail": str(stuck), "cpu_s": 0.0, "wall_s": wall_s}
            except WorkerFailed as failure:
                self._drop_worker(slot)
                reason = str(failure)
        raise Infrastructure(f"the harness failed {MAX_TRIES} times: {reason}")

    def _reference(self, problem: Problem, slot: int, ground: Ground) -> Reference:
        """What the canonical solution returns: known, kept on disk, or found out now.

        Raises:
            Infrastructure: the canonical solution does not run here.
        """
        cases = problem.cases
        assert cases is not None
        with self._changed:
            lock = self._reference_locks[cases]
        with lock:
            if cases in self._references:
                return self._references[cases]
            reference = self._kept_references.find(problem)
            if reference is None:
                job = Job(key=problem.id, problem=problem, program=problem.canonical)
                request = self._request(job, CANONICAL_LIMITS, None)
                outcome = self._outcome(request, CANONICAL_LIMITS, slot, ground)
                if outcome["ending"] != "passed":
                    raise Infrastructure(
                        f"the published solution of {problem.id} does not run here: "
                        f"{outcome['ending']}, {outcome['detail']}"
                    )
                reference = Reference(**outcome["value"], cpu_s=outcome["cpu_s"])
                self._kept_references.keep(problem, reference)
            self._references[cases] = reference
            return reference

    def _request(self, job: Job, limits: Limits, reference: Reference | None) -> dict[str, Any]:
        problem = job.problem
        if problem.trials is not None:
            return {**job_of(problem.trials, job.program or ""), "seed": SEED, "limits": asdict(limits)}
        request = {
            "program": job.program,
            "entry_point": problem.entry_point,
            "helpers": problem.helpers,
            "check": problem.test,
            "seed": SEED,
            "limits": asdict(limits),
        }
        if problem.cases is not None:
            request |= {"check": check_text(), "data": self._kept_references.data(problem, reference)}
        return request

    def _worker(self, slot: int, ground: Ground) -> Worker:
        worker = self._running_workers.get(slot)
        if worker is None:
            worker = ground.start_worker(slot)
            with self._changed:
                self._running_workers[slot] = worker
        return worker

    def _drop_worker(self, slot: int) -> None:
        with self._changed:
            worker = self._running_workers.pop(slot, None)
        if worker is not None:
            worker.close()


def _tried(problem: Problem) -> Problem:
    """The problem with a solution: its own, or its trials' rehearsal."""
    if problem.trials is None:
        return problem
    trials, program = rehearsal(problem.trials)
    return replace(problem, trials=trials, canonical=program)


def _compared(job: Job, taken: str, oracle: Oracle) -> Verdict:
    """The verdict of an oracle, which runs nothing."""
    found = oracle.judge(taken)
    outcome = {"cpu_s": 0.0, "wall_s": 0.0, "parts": found.parts}
    return _verdict(job, "passed" if oracle.parts[-1] in found.parts else "wrong", found.detail, outcome)


def _verdict(
    job: Job,
    status: Status,
    detail: str,
    outcome: dict[str, Any] | None = None,
    limits: Limits | None = None,
    was_rerun: bool = False,
) -> Verdict:
    cpu_s, wall_s = (outcome["cpu_s"], outcome["wall_s"]) if outcome is not None else (0.0, 0.0)
    parts = tuple(outcome.get("parts", ())) if outcome is not None else ()
    if parts and status != "passed":
        detail = f"passed {' and '.join(parts)}; {detail}"
    is_near = limits is not None and (cpu_s > NEAR_LIMIT * limits.cpu_s or wall_s > NEAR_LIMIT * limits.wall_s)
    return Verdict(
        key=job.key,
        passed=status == "passed",
        status=status,
        detail=detail,
        cpu_s=cpu_s,
        wall_s=wall_s,
        is_near_limit=is_near,
        was_rerun=was_rerun,
        parts=parts,
    )
