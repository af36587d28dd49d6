"""A task and a Generator in, a stored and judged run out: resumable at any moment, re-scorable without the model."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gemstead.core.errors import BadRequest, EndpointFailed, GemsteadError, Infrastructure, OutOfCapacity, StoreError
from gemstead.core.events import Event, TextDelta, ThoughtDelta
from gemstead.core.generator import Answer, Description, Generator, collect
from gemstead.core.messages import Message
from gemstead.core.requests import GenerationRequest, Sampling
from gemstead.evals.prices import find_price, price_of
from gemstead.evals.progress import (
    ItemAnswered,
    ItemAsked,
    ItemJudged,
    ItemWriting,
    Key,
    RunFinished,
    RunStarted,
    Watch,
    unwatched,
)
from gemstead.evals.samples import write_samples
from gemstead.evals.score import Job, Judge, Verdict
from gemstead.evals.store import Store, StoredAnswer, StoredRun, StoredVerdict, new_run_id
from gemstead.evals.summary import Summary, summarise
from gemstead.evals.task import Problem, Style, Task
from gemstead.evals.tasks import find_task, runs_programs

RETRIES = 2
SOURCES = ("data", "since", "until")
ENDPOINT_FACTS = ("endpoint", "revealed", "parameters", "extra")


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """How a task is put to a model.

    Args:
        task: Name of the task.
        data: A file to read its problems from; `None` reads the published one.
        since: First day of its problems, as YYYY-MM-DD, for tasks whose problems have dates.
        until: Last day of its problems.
        style: "chat" asks in a user turn; "base" lets the model continue the prompt.
        thinking: Whether the model may think first.
        limit: Only the first so many problems; `None` takes all.
        samples: Answers per problem.
        temperature: 0 is greedy.
        top_k: As in `Sampling`.
        top_p: As in `Sampling`.
        seed: Every answer's seed is derived from it, its problem and its number.
        max_tokens: Longest answer.

    Raises:
        BadRequest: A value is out of range, several greedy samples are asked for, or thinking in base style.
    """

    task: str = "humaneval"
    data: str | None = None
    since: str | None = None
    until: str | None = None
    style: Style = "chat"
    thinking: bool = False
    limit: int | None = None
    samples: int = 1
    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    seed: int = 0
    max_tokens: int = 1024

    def __post_init__(self) -> None:
        if self.style not in ("chat", "base"):
            raise BadRequest(f"style is {self.style!r}; allowed are chat and base")
        if self.style == "base" and self.thinking:
            raise BadRequest(
                "thinking with style base: a prompt that is continued has no turn to think in",
                hint="use `--style chat`, or `--no-think`",
            )
        for name in ("limit", "samples", "max_tokens"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, int) or value < 1):
                raise BadRequest(f"{name} is {value!r}; allowed is a whole number of at least 1")
        if self.samples > 1 and self.temperature == 0:
            raise BadRequest(
                f"{self.samples} samples at temperature 0 are {self.samples} times the same answer",
                hint="add `--temperature 0.8`, or ask for one sample",
            )
        self.sampling(0)

    def build_task(self) -> Task:
        """The task, with its data read."""
        data = Path(self.data) if self.data is not None else None
        return find_task(self.task, data, since=self.since, until=self.until)

    def sampling(self, seed: int) -> Sampling:
        """Sampling of one answer."""
        return Sampling(temperature=self.temperature, top_k=self.top_k, top_p=self.top_p, seed=seed)

    def example(self) -> GenerationRequest:
        """A request like those of the run in all but its prompt: what an endpoint is tried with before the run."""
        is_chat = self.style == "chat"
        return GenerationRequest(
            messages=(Message(role="user", content="-"),) if is_chat else None,
            text=None if is_chat else "-",
            thinking=self.thinking,
            sampling=self.sampling(self.seed),
            max_tokens=self.max_tokens,
            stop=() if is_chat else ("\n",),
        )


@dataclass(frozen=True, kw_only=True)
class EvaluationRun:
    """A finished run.

    Args:
        id: Its name, for `--resume`, `--rescore` and reports.
        task: Name of the task.
        folder: Samples and summary as files.
        summary: The score.
        answers: By problem and sample.
        verdicts: By problem and sample.
    """

    id: str
    task: str
    folder: Path
    summary: Summary
    answers: dict[Key, StoredAnswer]
    verdicts: dict[Key, StoredVerdict]


def evaluate(
    task: str = "humaneval", model: str = "pebble", *, endpoint: str | None = None, **settings: Any
) -> EvaluationRun:
    """Evaluate a model that is on this machine, or one behind an endpoint.

    Args:
        task: Name of the task.
        model: "pebble", a folder, or a fetched Hub id; with `endpoint`, a name that it knows.
        endpoint: Base URL of an OpenAI-style API.
        settings: Fields of `RunSettings`, and of `runtime.LoadOptions` or `remote.EndpointSettings`.

    Returns:
        The finished run: `.summary`, `.verdicts`, `.folder`.

    Raises:
        GemsteadError: Whatever is wrong with model, settings or machine, said in one line with a hint.
    """
    from gemstead.remote import EndpointSettings, connect
    from gemstead.remote.address import read_address
    from gemstead.runtime import LoadOptions, load

    fields = set(RunSettings.__dataclass_fields__)
    own = {k: settings.pop(k) for k in list(settings) if k in fields}
    others: Any = LoadOptions if endpoint is None else EndpointSettings
    unknown = set(settings) - set(others.__dataclass_fields__)
    if unknown:
        raise BadRequest(f"no setting is called {min(unknown)!r}; there are {', '.join(sorted(fields))}")
    run_settings = RunSettings(task=task, **own)
    if endpoint is not None:
        asked_of = EndpointSettings(url=endpoint, model=model, **settings)
        price = find_price(read_address(endpoint).host, model, day=datetime.now().date())
        remote = connect(asked_of, like=run_settings.example(), about={"price": price and price.as_json()})
        with Judge(runs_programs=runs_programs([task])) as judge:
            return run_evaluation(remote, run_settings, judge, Store(), concurrency=asked_of.concurrency)
    with (
        load(model, **{"reproducible": True, **settings}) as generator,
        Judge(runs_programs=runs_programs([task])) as judge,
    ):
        return run_evaluation(generator, run_settings, judge, Store())


def run_evaluation(
    generator: Generator,
    settings: RunSettings,
    judge: Judge,
    store: Store,
    *,
    name: str | None = None,
    resume: str | None = None,
    watch: Watch = unwatched,
    concurrency: int = 256,
) -> EvaluationRun:
    """Run a task, or what is left of a run.

    Args:
        generator: Who answers.
        settings: How it is asked; ignored when resuming, since the run knows.
        judge: Who judges.
        store: Where everything goes.
        name: Of a new run; by default task, model and time.
        resume: A run to finish instead of a new one.
        watch: Hears of everything that happens.
        concurrency: Requests in flight at most.

    Raises:
        BadRequest: The run to resume was made with another model or task version.
        Infrastructure: The canonical solutions do not pass here, so nothing would be believed.
        StoreError: The disk is full or cannot be written; what was stored before stays.
    """
    run = store.run(resume) if resume else None
    if run is not None:
        settings = RunSettings(**run.settings)
    task = settings.build_task()
    problems = list(task.problems())[: settings.limit]
    key = run_key(task, settings, generator.describe())
    if run is None:
        run = _new_run(task, settings, generator.describe(), judge, key, name)
        gate(judge, task)
        store.add_run(run)
    else:
        _check_same(run, key, generator.describe(), task)
        gate(judge, task)
    session = _Session(generator, settings, task, problems, judge, store, run, watch)
    try:
        asyncio.run(session.work(concurrency))
    except BaseExceptionGroup as group:
        raise _first(group) from group
    finished = finished_run(store, run.id)
    watch(RunFinished(finished=finished))
    return finished


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """What went wrong first; the rest most often follows from it."""
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


def enough_at_once(model: Description) -> int:
    """Requests in flight that leave no part of a batch empty, on one machine or on many."""
    workers: int = model.details.get("cluster", {}).get("workers", 1)
    return workers * 4 * int(model.details["max_sequences"])


def rescore(run_id: str, judge: Judge, store: Store, *, watch: Watch = unwatched) -> EvaluationRun:
    """Extract and judge a run's stored answers again, without the model.

    The new verdicts count once all are there; until then, and if this is interrupted, the old ones do.
    """
    run = store.run(run_id)
    settings = RunSettings(**run.settings)
    task = settings.build_task()
    gate(judge, task)
    problems = {p.id: p for p in task.problems()}
    answers = store.answers(run_id)
    scoring = run.scoring + 1
    done = {key: v for key, v in store.verdicts(run_id, scoring).items() if v.status != "error"}
    order = {name: number for number, name in enumerate(problems)}
    keys = sorted(answers, key=lambda key: (order[key[0]], key[1]))
    watch(RunStarted(run=run, keys=tuple(keys), answers=answers, verdicts=done, is_rescored=True))
    futures = []
    for key in keys:
        if key not in done:
            found = task.extract(problems[key[0]], answers[key].text, style=settings.style)
            job = Job(key=f"{key[0]}#{key[1]}", problem=problems[key[0]], program=found.program)
            futures.append((key, found.how, found.program, judge.submit(job)))
    for key, how, program, future in futures:
        stored = _stored(key, task, program, how, future.result())
        store.add_verdict(run_id, scoring, stored)
        watch(ItemJudged(run=run_id, verdict=stored))
    store.put_in_force(run_id, scoring)
    finished = finished_run(store, run_id)
    watch(RunFinished(finished=finished))
    return finished


def read_elsewhere(run: StoredRun, data: str, store: Store) -> None:
    """Have a run's problems read from another file or folder from now on, as when the first was moved.

    Raises:
        BadRequest: What is there are other problems.
        NotFound: Nothing of use is there.
    """
    settings = {**run.settings, "data": data}
    version, was = RunSettings(**settings).build_task().version, run.machine.get("task_version")
    if was not in (None, version):
        raise BadRequest(
            f"{data} holds other problems than {run.id} was asked: task version was {was}, is {version}",
            hint="give the file that it was begun with",
        )
    store.change_settings(run.id, settings)


def gate(judge: Judge, task: Task) -> None:
    """Show that the published solutions pass here; otherwise no verdict of this machine is worth anything.

    Raises:
        Infrastructure: Some do not.
    """
    problems = task.problems()
    report = judge.check_canonical(problems)
    if report.failures:
        worst = report.failures[0]
        raise Infrastructure(
            f"{task.name}: {len(problems) - len(report.failures)} of {len(problems)} canonical solutions pass here; "
            f"{worst.key}: {worst.status} ({worst.detail})",
            hint="`gemstead doctor` looks for the cause; nothing was scored",
        )


def finished_run(store: Store, run_id: str) -> EvaluationRun:
    """Read a run back, and write its files for people and other programs."""
    run = store.run(run_id)
    task = RunSettings(**run.settings).build_task()
    answers, verdicts = store.answers(run_id), store.verdicts(run_id, run.scoring)
    summary = summarise(task.problems(), answers, verdicts, price=price_of(run.model))
    order = {p.id: n for n, p in enumerate(task.problems())}
    folder = store.file.parent / "runs" / run_id
    keys = sorted(answers, key=lambda k: (order[k[0]], k[1]))
    about = {"run": asdict(run), "summary": summary.as_json()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_samples(folder / "samples.jsonl", ({"task_id": k[0], "completion": answers[k].text} for k in keys))
        write_samples(
            folder / "verdicts.jsonl",
            ({"task_id": k[0], "sample": k[1], **_plain(verdicts[k])} for k in keys if k in verdicts),
        )
        (folder / "summary.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    except (OSError, BadRequest, OutOfCapacity) as error:
        raise StoreError(
            f"{folder}: cannot be written: {error.args[-1]}; all answers and verdicts are in {store.file}",
            hint=f"free some disk, then `gemstead eval {run.task} --resume {run_id}` writes the rest",
        ) from error
    return EvaluationRun(id=run_id, task=run.task, folder=folder, summary=summary, answers=answers, verdicts=verdicts)


def run_key(task: Task, settings: RunSettings, model: Description) -> str:
    """Hash of everything that could change an answer."""
    facts = {
        "task": task.name,
        "task_version": task.version,
        # Where the problems came from changes nothing: what they are is in the task's version.
        "settings": {name: value for name, value in asdict(settings).items() if name not in SOURCES},
        "weights": model.fingerprint,
        "precision": model.precision,
        "device": model.device,
        "kernels": model.details.get("kernels"),
        "compute_dtype": model.details.get("compute_dtype"),
    }
    if model.details.get("cache_dtype") not in (None, model.details.get("compute_dtype")):
        facts["cache_dtype"] = model.details["cache_dtype"]
    # A drafter changes no choice; but how many rows a step has may change roundings, and those a choice.
    is_proof = settings.temperature == 0 and model.details.get("kernels") == "reproducible"
    if model.details.get("drafter") is not None and not is_proof:
        facts["drafter"] = _drafter(model.details)
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _drafter(details: Mapping[str, Any]) -> str:
    about = details.get("drafter")
    return "none" if about is None else f"{about['name']} {about.get('fingerprint', '')[:12]}".strip()


def derived_seed(seed: int, problem: str, sample: int) -> int:
    """A seed for one answer, the same in every run with this `seed`."""
    digest = hashlib.sha256(f"{seed}/{problem}/{sample}".encode()).digest()
    return int.from_bytes(digest[:7], "big")


def _new_run(
    task: Task, settings: RunSettings, model: Description, judge: Judge, key: str, name: str | None
) -> StoredRun:
    from gemstead import __version__
    from gemstead.hardware.probe import probe

    return StoredRun(
        id=name or new_run_id(task.name, model.name),
        key=key,
        created=time.time(),
        task=task.name,
        settings=asdict(settings),
        model=asdict(model),
        machine={
            **asdict(probe()),
            "sandbox": judge.sandbox,
            "gemstead": __version__,
            "task_version": task.version,
            **_noted_defects(task),
        },
    )


def _noted_defects(task: Task) -> dict[str, Any]:
    """The defective items of a task whose problems are in a file of the user, for whoever has not got it."""
    if task.is_published:
        return {}
    return {"known_defects": [p.id for p in task.problems() if p.known_defect is not None]}


def _check_same(run: StoredRun, key: str, model: Description, task: Task) -> None:
    if run.key == key:
        return
    was = run.model
    changes = [
        f"{name} was {before}, is {now}"
        for name, before, now in (
            ("weights", str(was["fingerprint"])[:12], model.fingerprint[:12]),
            ("precision", was["precision"], model.precision),
            ("device", was["device"], model.device),
            ("kernels", was["details"].get("kernels"), model.details.get("kernels")),
            ("drafter", _drafter(was["details"]), _drafter(model.details)),
            *((name, was["details"].get(name), model.details.get(name)) for name in ENDPOINT_FACTS),
            ("task version", run.machine.get("task_version"), task.version),
        )
        if before != now
    ]
    raise BadRequest(
        f"{run.id} cannot be resumed: {'; '.join(changes) or 'something that changes answers is different'}",
        hint="resume it with the same model and machine, or start a new run",
    )


class _Session:
    """One sitting at a run."""

    def __init__(
        self,
        generator: Generator,
        settings: RunSettings,
        task: Task,
        problems: Sequence[Problem],
        judge: Judge,
        store: Store,
        run: StoredRun,
        watch: Watch,
    ) -> None:
        self._generator = generator
        self._settings = settings
        self._task = task
        self._judge = judge
        self._store = store
        self._run = run
        self._watch = watch
        self._answers = store.answers(run.id)
        self._verdicts = store.verdicts(run.id, run.scoring)
        self._problems = {(p.id, n): p for p in problems for n in range(settings.samples)}

    async def work(self, concurrency: int) -> None:
        """Answer and judge whatever is missing."""
        gate = asyncio.Semaphore(concurrency)
        stands = {k: v for k, v in self._verdicts.items() if k in self._problems and v.status != "error"}
        todo = [k for k in self._problems if k not in stands]
        keys = tuple(self._problems)
        self._watch(RunStarted(run=self._run, keys=keys, answers=dict(self._answers), verdicts=stands))
        async with asyncio.TaskGroup() as group:
            for key in todo:
                group.create_task(self._item(key, gate))

    async def _item(self, key: Key, gate: asyncio.Semaphore) -> None:
        problem = self._problems[key]
        answer = self._answers.get(key)
        if answer is None:
            async with gate:
                try:
                    answer = await self._ask(key, problem)
                except (Infrastructure, BadRequest) as error:
                    self._settle(key, None, "", _failed(key, error))
                    return
            self._store.add_answer(self._run.id, answer)
            self._answers[key] = answer
            self._watch(ItemAnswered(run=self._run.id, answer=answer))
        found = self._task.extract(problem, answer.text, style=self._settings.style)
        job = Job(key=f"{key[0]}#{key[1]}", problem=problem, program=found.program)
        verdict = await asyncio.wrap_future(self._judge.submit(job))
        self._settle(key, found.program, found.how, verdict)

    async def _ask(self, key: Key, problem: Problem) -> StoredAnswer:
        seed = derived_seed(self._settings.seed, *key)
        request = self._task.request(
            problem,
            style=self._settings.style,
            thinking=self._settings.thinking,
            sampling=self._settings.sampling(seed),
            max_tokens=self._settings.max_tokens,
        )
        started = time.time()
        answer = await self._answer(key, request)
        prompt_ids = answer.end.prompt_ids
        # Where ids are not known, the hash of the request says what was asked.
        asked = prompt_ids or answer.end.details.get("request_sha256", [])
        key_facts = json.dumps([self._run.key, key, asked, seed])
        return StoredAnswer(
            problem=key[0],
            sample=key[1],
            key=hashlib.sha256(key_facts.encode()).hexdigest(),
            prompt_ids=prompt_ids,
            text=answer.text,
            thought=answer.thought,
            token_ids=answer.end.token_ids,
            finish=answer.end.reason,
            is_thought_open=answer.end.is_thought_open,
            seed=answer.end.seed,
            prompt_tokens=answer.end.usage.prompt_tokens,
            completion_tokens=answer.end.usage.completion_tokens,
            started=started,
            finished=time.time(),
            details=answer.end.details,
        )

    async def _answer(self, key: Key, request: GenerationRequest) -> Answer:
        for attempt in range(RETRIES + 1):
            self._watch(ItemAsked(run=self._run.id, key=key))
            try:
                return (await collect(self._watched(key, self._generator.generate(request))))[0]
            except Infrastructure as error:
                if attempt == RETRIES or isinstance(error, EndpointFailed):
                    raise
                await asyncio.sleep(0.2 * 2**attempt)
        raise AssertionError("unreachable")

    async def _watched(self, key: Key, events: AsyncIterator[Event]) -> AsyncIterator[Event]:
        async for event in events:
            if isinstance(event, TextDelta | ThoughtDelta):
                self._watch(ItemWriting(run=self._run.id, key=key, text=event.text))
            yield event

    def _settle(self, key: Key, program: str | None, how: str, verdict: Verdict) -> None:
        stored = _stored(key, self._task, program, how, verdict)
        self._store.add_verdict(self._run.id, self._run.scoring, stored)
        self._verdicts[key] = stored
        self._watch(ItemJudged(run=self._run.id, verdict=stored))


def _failed(key: Key, error: GemsteadError) -> Verdict:
    return Verdict(
        key=f"{key[0]}#{key[1]}",
        passed=False,
        status="error",
        detail=f"no answer: {error.message}",
        cpu_s=0.0,
        wall_s=0.0,
        is_near_limit=False,
        was_rerun=False,
    )


def _stored(key: Key, task: Task, program: str | None, how: str, verdict: Verdict) -> StoredVerdict:
    return StoredVerdict(
        problem=key[0],
        sample=key[1],
        extractor=task.extractor_version,
        program=program,
        how=how,
        status=verdict.status,
        passed=verdict.passed,
        detail=verdict.detail,
        cpu_s=verdict.cpu_s,
        wall_s=verdict.wall_s,
        is_near_limit=verdict.is_near_limit,
        parts=verdict.parts,
    )


def _plain(verdict: StoredVerdict) -> dict[str, Any]:
    fields = asdict(verdict)
    return {k: fields[k] for k in ("passed", "status", "detail", "how", "cpu_s", "wall_s", "parts", "program")}
