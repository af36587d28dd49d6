"""A task and a Generator in, a stored and judged run out: resumable at any moment, re-scorable without the model."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gemstead.core.errors import BadRequest, EndpointFailed, GemsteadError, Infrastructure
from gemstead.core.generator import Answer, Description, Generator, collect
from gemstead.core.messages import Message
from gemstead.core.requests import GenerationRequest, Sampling
from gemstead.evals.prices import find_price, price_of
from gemstead.evals.samples import write_samples
from gemstead.evals.score import Job, Judge, Verdict
from gemstead.evals.store import Store, StoredAnswer, StoredRun, StoredVerdict, new_run_id
from gemstead.evals.summary import Summary, summarise
from gemstead.evals.task import Problem, Style, Task
from gemstead.evals.tasks import find_task

Key = tuple[str, int]
RETRIES = 2
ENDPOINT_FACTS = ("endpoint", "revealed", "parameters", "extra")


@dataclass(frozen=True, kw_only=True)
class RunSettings:
    """How a task is put to a model.

    Args:
        task: Name of the task.
        data: A file to read its problems from; `None` reads the published one.
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
        return find_task(self.task, Path(self.data) if self.data is not None else None)

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
class RunProgress:
    """Where a run stands, after each change.

    Args:
        run: Name of the run.
        total: Answers wanted.
        passed: Judged and right.
        failed: Judged and not right.
        errors: Not judged, through our own fault.
        tokens: Tokens written since the run was started or resumed.
        seconds: Time since then.
    """

    run: str
    total: int
    passed: int
    failed: int
    errors: int
    tokens: int
    seconds: float

    @property
    def remaining(self) -> int:
        """Answers not judged yet."""
        return self.total - self.passed - self.failed - self.errors


@dataclass(frozen=True, kw_only=True)
class EvaluationRun:
    """A finished run.

    Args:
        id: Its name, for `--resume`, `--rescore` and reports.
        folder: Samples and summary as files.
        summary: The score.
        answers: By problem and sample.
        verdicts: By problem and sample.
    """

    id: str
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
        with Judge() as judge:
            return run_evaluation(remote, run_settings, judge, Store(), concurrency=asked_of.concurrency)
    with load(model, **{"reproducible": True, **settings}) as generator, Judge() as judge:
        return run_evaluation(generator, run_settings, judge, Store())


def run_evaluation(
    generator: Generator,
    settings: RunSettings,
    judge: Judge,
    store: Store,
    *,
    name: str | None = None,
    resume: str | None = None,
    watch: Callable[[RunProgress], None] = lambda _: None,
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
        watch: Called after each change.
        concurrency: Requests in flight at most.

    Raises:
        BadRequest: The run to resume was made with another model or task version.
        Infrastructure: The canonical solutions do not pass here, so nothing would be believed.
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
    asyncio.run(session.work(concurrency))
    return finished_run(store, run.id)


def rescore(
    run_id: str, judge: Judge, store: Store, *, watch: Callable[[RunProgress], None] = lambda _: None
) -> EvaluationRun:
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
    done = store.verdicts(run_id, scoring)
    tally, start = {True: 0, False: 0}, time.monotonic()
    todo = [key for key in answers if key not in done or done[key].status == "error"]
    futures = []
    for key in todo:
        found = task.extract(problems[key[0]], answers[key].text, style=settings.style)
        job = Job(key=f"{key[0]}#{key[1]}", problem=problems[key[0]], program=found.program)
        futures.append((key, found.how, found.program, judge.submit(job)))
    for key, how, program, future in futures:
        verdict = future.result()
        store.add_verdict(run_id, scoring, _stored(key, task, program, how, verdict))
        tally[verdict.passed] += 1
        watch(
            RunProgress(
                run=run_id,
                total=len(todo),
                passed=tally[True],
                failed=tally[False],
                errors=0,
                tokens=0,
                seconds=time.monotonic() - start,
            )
        )
    store.put_in_force(run_id, scoring)
    return finished_run(store, run_id)


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
    folder.mkdir(parents=True, exist_ok=True)
    keys = sorted(answers, key=lambda k: (order[k[0]], k[1]))
    write_samples(folder / "samples.jsonl", ({"task_id": k[0], "completion": answers[k].text} for k in keys))
    write_samples(
        folder / "verdicts.jsonl",
        ({"task_id": k[0], "sample": k[1], **_plain(verdicts[k])} for k in keys if k in verdicts),
    )
    about = {"run": asdict(run), "summary": summary.as_json()}
    (folder / "summary.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    return EvaluationRun(id=run_id, folder=folder, summary=summary, answers=answers, verdicts=verdicts)


def run_key(task: Task, settings: RunSettings, model: Description) -> str:
    """Hash of everything that could change an answer."""
    facts = {
        "task": task.name,
        "task_version": task.version,
        # Which file the problems came from changes nothing: what was in it is in the task's version.
        "settings": {name: value for name, value in asdict(settings).items() if name != "data"},
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
            "sandbox": judge.rung.name,
            "gemstead": __version__,
            "task_version": task.version,
        },
    )


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
        watch: Callable[[RunProgress], None],
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
        self._tokens = 0
        self._start = time.monotonic()

    async def work(self, concurrency: int) -> None:
        """Answer and judge whatever is missing."""
        gate = asyncio.Semaphore(concurrency)
        todo = [k for k in self._problems if k not in self._verdicts or self._verdicts[k].status == "error"]
        self._tell()
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
            self._tokens += answer.completion_tokens
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
        answer = await self._answer(request)
        prompt_ids = self._prompt_ids(request)
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

    async def _answer(self, request: GenerationRequest) -> Answer:
        for attempt in range(RETRIES + 1):
            try:
                return (await collect(self._generator.generate(request)))[0]
            except Infrastructure as error:
                if attempt == RETRIES or isinstance(error, EndpointFailed):
                    raise
                await asyncio.sleep(0.2 * 2**attempt)
        raise AssertionError("unreachable")

    def _prompt_ids(self, request: GenerationRequest) -> list[int]:
        """The prompt as sent, where the Generator can say."""
        ids = getattr(self._generator, "prompt_ids", None)
        return [] if ids is None else list(ids(request))

    def _settle(self, key: Key, program: str | None, how: str, verdict: Verdict) -> None:
        stored = _stored(key, self._task, program, how, verdict)
        self._store.add_verdict(self._run.id, self._run.scoring, stored)
        self._verdicts[key] = stored
        self._tell()

    def _tell(self) -> None:
        mine = [v for k, v in self._verdicts.items() if k in self._problems]
        errors = sum(v.status == "error" for v in mine)
        passed = sum(v.passed for v in mine)
        self._watch(
            RunProgress(
                run=self._run.id,
                total=len(self._problems),
                passed=passed,
                failed=len(mine) - passed - errors,
                errors=errors,
                tokens=self._tokens,
                seconds=time.monotonic() - self._start,
            )
        )


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
