"""One model on several tasks, or in several precisions: run after run, then side by side. Resumable at any moment.

The model is on this machine, or behind an endpoint, which has one precision: however it is served.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from gemstead.core.errors import BadRequest, NotFound, OutOfCapacity, StoreError
from gemstead.core.generator import Generator
from gemstead.evals.agreement import AgreementFile, AnswerAgreement, agree_on
from gemstead.evals.compare import MARGIN, Comparison, Side, agreement_file, compare, keep_peak, read_side, sweep_file
from gemstead.evals.progress import AnswersRead, Remarked, RunFinished, SweepFinished, SweepStarted, Watch, unwatched
from gemstead.evals.run import RunSettings, enough_at_once, finished_run, read_elsewhere, rescore, run_evaluation
from gemstead.evals.score import Judge
from gemstead.evals.store import Store, StoredAnswer, new_run_id, written_beside_the_store

AS_SERVED = "as served"
"""The precision of an endpoint's model."""


Reading = Callable[[Sequence[StoredAnswer]], Iterator[AnswerAgreement]]


class Models(Protocol):
    """Where the models of a sweep are loaded: here, or on the nodes of a cluster."""

    def opened(self, precision: str | None) -> AbstractContextManager[Generator]:
        """The model in one precision; nothing of it is held afterwards."""
        ...

    def peak_bytes(self) -> int | None:
        """The most memory the model needed that was opened last; asked for while it is open."""
        ...

    def reading(self, first: str, other: str, *, context: int) -> AbstractContextManager[Reading]:
        """Two precisions side by side, to read the same answers; their agreements come in the order of the answers."""
        ...


class LocalModels:
    """Models on this machine.

    Args:
        name: "pebble", a folder, or a fetched Hub id.
        load: Fields of `LoadOptions`, without the precision.
    """

    def __init__(self, name: str, load: Mapping[str, Any]) -> None:
        self._name = name
        self._load = load
        self._device = "cpu"

    @contextmanager
    def opened(self, precision: str | None) -> Iterator[Generator]:
        """See `Models.opened`."""
        from gemstead.hardware.peak import forget_peak
        from gemstead.runtime import load

        forget_peak()
        with load(self._name, precision=precision, **self._load) as generator:
            self._device = generator.describe().device
            yield generator

    def peak_bytes(self) -> int | None:
        """See `Models.peak_bytes`."""
        from gemstead.hardware.peak import peak_bytes

        return peak_bytes(self._device)

    @contextmanager
    def reading(self, first: str, other: str, *, context: int) -> Iterator[Reading]:
        """See `Models.reading`."""
        from gemstead.runtime import load

        tight = {**self._load, "max_sequences": 1, "context": context}
        with (
            load(self._name, precision=first, **tight) as one,
            load(self._name, precision=other, **tight) as two,
        ):
            yield lambda answers: (agree_on(one, two, answer) for answer in answers)


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """What is to be compared; written down before it begins.

    Args:
        id: Its name, for `--resume`.
        model: "pebble", a folder, or a fetched Hub id; with an endpoint, a name that it knows.
        tasks: Names of the tasks; they are pooled.
        precisions: The first is the measure of the others.
        settings: Fields of `RunSettings`, without the task.
        load: Fields of `LoadOptions`, without the precision; checked by `new_sweep`, and when models are loaded.
        margin: Largest difference that counts as none, a share.
        endpoint: Fields of `EndpointSettings`, without the model; `None` for a model on this machine.
        price: What the endpoint charges, as `Price.as_json` says it; `None` where that is not known.

    Raises:
        BadRequest: A value is not allowed, or named twice.
    """

    id: str
    model: str
    tasks: tuple[str, ...]
    precisions: tuple[str, ...]
    settings: Mapping[str, Any]
    load: Mapping[str, Any]
    margin: float = MARGIN
    endpoint: Mapping[str, Any] | None = None
    price: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        for name, values in (("task", self.tasks), ("precision", self.precisions)):
            twice = [v for v in values if values.count(v) > 1]
            if twice or not values:
                raise BadRequest(
                    f"{name} {twice[0]!r} is named twice; once is enough" if twice else f"no {name} is named"
                )
        if not 0.0 < self.margin < 1.0:
            raise BadRequest(f"margin is {self.margin * 100:g} points; allowed is a number in (0, 100)")
        for task in self.tasks:
            self.run_settings(task)

    def run_settings(self, task: str) -> RunSettings:
        """How one task is put to the model."""
        return RunSettings(task=task, **self.settings)

    def run_id(self, task: str, precision: str) -> str:
        """Name of one of the runs."""
        return f"{self.id}-{task}-{precision.replace(' ', '-')}"


def new_sweep(
    model: str, tasks: Sequence[str], precisions: Sequence[str], settings: Mapping[str, Any], **others: Any
) -> Sweep:
    """A sweep with a name of its own.

    Args:
        model: See `Sweep`.
        tasks: See `Sweep`.
        precisions: See `Sweep`.
        settings: See `Sweep`.
        others: `load`, `margin`, `endpoint` and `price`.

    Raises:
        BadRequest: As `Sweep`, or models cannot be loaded that way.
    """
    name = f"compare-{new_run_id('-'.join(tasks), model)}"
    sweep = Sweep(
        id=name, model=model, tasks=tuple(tasks), precisions=tuple(precisions), settings=dict(settings), **others
    )
    if sweep.endpoint is None:
        # Here and not in `Sweep`: one that was written down is read back without torch, which takes a second to load.
        from gemstead.runtime import LoadOptions

        for precision in precisions:
            LoadOptions(precision=precision, **sweep.load)
    return sweep


def keep_sweep(sweep: Sweep, store: Store) -> None:
    """Write it down; of an endpoint's URL what may be shown.

    Raises:
        StoreError: The disk is full or cannot be written.
    """
    if sweep.endpoint is not None:
        from gemstead.remote.address import read_address

        sweep = replace(sweep, endpoint={**sweep.endpoint, "url": read_address(sweep.endpoint["url"]).shown})
    with written_beside_the_store(sweep_file(store, sweep.id)) as file:
        draft = file.with_suffix(".part")
        draft.write_text(json.dumps(asdict(sweep), indent=2) + "\n", encoding="utf-8")
        draft.replace(file)


def find_sweep(name: str, store: Store) -> Sweep | None:
    """Look one up; `None` if there is none of that name, which may still be a run.

    Raises:
        StoreError: Its file is damaged.
    """
    file = sweep_file(store, name)
    if not file.is_file():
        return None
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        return Sweep(**{**raw, "tasks": tuple(raw["tasks"]), "precisions": tuple(raw["precisions"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{file}: cannot be read: {error}", hint="start a new comparison") from error


def read_sweep_elsewhere(sweep: Sweep, data: str, store: Store) -> Sweep:
    """A comparison whose problems are read from another file or folder from now on; see `run.read_elsewhere`.

    Raises:
        BadRequest: What is there are other problems.
        NotFound: Nothing of use is there.
    """
    for name in _names(sweep):
        if _exists(store, name):
            read_elsewhere(store.run(name), data, store)
    sweep = replace(sweep, settings={**sweep.settings, "data": data})
    keep_sweep(sweep, store)
    return sweep


def run_sweep(
    sweep: Sweep, judge: Judge, store: Store, *, watch: Watch = unwatched, models: Models | None = None
) -> Comparison | None:
    """Run what is missing, precision after precision, then let the first and each other read the first's answers.

    Only one model is in memory while tasks run; two are while they read. Where two do not fit, agreement is left out,
    and said so.

    Args:
        sweep: What; begun before or not. It is written down once its model is there.
        judge: Who judges.
        store: Where everything goes.
        watch: Hears of everything that happens; of runs that were complete before, that they are.
        models: Where models are loaded; by default here. Of no matter with an endpoint.

    Returns:
        All precisions beside the first one; `None` with one.
    """
    models = models or LocalModels(sweep.model, sweep.load)
    watch(SweepStarted(sweep=sweep.id, runs=_names(sweep)))
    for precision in sweep.precisions:
        open_tasks = [task for task in sweep.tasks if not _is_finished(sweep, task, precision, store)]
        for task in sweep.tasks:
            if task not in open_tasks:
                watch(RunFinished(finished=finished_run(store, sweep.run_id(task, precision))))
        if open_tasks:
            _run_tasks(sweep, precision, open_tasks, models, judge, store, watch)
    for precision in sweep.precisions[1:]:
        try:
            _measure_agreement(sweep, precision, models, store, watch)
        except OutOfCapacity as error:
            words = "agreement is not measured, since both models together do not fit"
            watch(Remarked(text=f"{precision}: {words}: {error.message}"))
    return _end(sweep, store, watch)


def rescore_sweep(sweep: Sweep, judge: Judge, store: Store, *, watch: Watch = unwatched) -> Comparison | None:
    """Extract and judge every run's stored answers again, without the model."""
    watch(SweepStarted(sweep=sweep.id, runs=_names(sweep)))
    for precision in sweep.precisions:
        for task in sweep.tasks:
            rescore(sweep.run_id(task, precision), judge, store, watch=watch)
    return _end(sweep, store, watch)


def compare_sweep(sweep: Sweep, store: Store) -> Comparison:
    """All precisions beside the first one."""
    return compare(sides_of(sweep, store), margin=sweep.margin, seed=sweep.settings.get("seed", 0))


def sides_of(sweep: Sweep, store: Store) -> list[Side]:
    """One side per precision, its tasks pooled.

    Raises:
        BadRequest: It is not finished.
    """
    try:
        return [
            read_side(
                store,
                [sweep.run_id(task, precision) for task in sweep.tasks],
                label=None if precision == AS_SERVED else precision,
            )
            for precision in sweep.precisions
        ]
    except (NotFound, BadRequest) as error:
        raise BadRequest(
            f"{sweep.id} is not finished: {error.message}",
            hint=f"`gemstead eval {','.join(sweep.tasks)} --resume {sweep.id}` finishes it; or name its finished runs",
        ) from error


def _names(sweep: Sweep) -> tuple[str, ...]:
    return tuple(sweep.run_id(task, precision) for precision in sweep.precisions for task in sweep.tasks)


def _end(sweep: Sweep, store: Store, watch: Watch) -> Comparison | None:
    comparison = compare_sweep(sweep, store) if len(sweep.precisions) > 1 else None
    watch(SweepFinished(sweep=sweep.id, comparison=comparison))
    return comparison


def _run_tasks(
    sweep: Sweep, precision: str, tasks: Sequence[str], models: Models, judge: Judge, store: Store, watch: Watch
) -> None:
    """One precision. Nothing of its model is held when this returns, so that the next one has the memory."""
    with _opened(sweep, precision, models) as generator:
        about = generator.describe()
        if find_sweep(sweep.id, store) is None:
            keep_sweep(sweep, store)
        _check_same_weights(sweep, about.fingerprint, store)
        concurrency = enough_at_once(about) if sweep.endpoint is None else sweep.endpoint["concurrency"]
        for task in tasks:
            name = sweep.run_id(task, precision)
            run_evaluation(
                generator, sweep.run_settings(task), judge, store,
                name=name, resume=name if _exists(store, name) else None, watch=watch, concurrency=concurrency,
            )  # fmt: skip
            if sweep.endpoint is None:
                keep_peak(store.file.parent / "runs" / name, models.peak_bytes())


@contextmanager
def _opened(sweep: Sweep, precision: str, models: Models) -> Iterator[Generator]:
    if sweep.endpoint is not None:
        from gemstead.remote import EndpointSettings, connect

        yield connect(
            EndpointSettings(model=sweep.model, **sweep.endpoint),
            like=sweep.run_settings(sweep.tasks[0]).example(),
            about={"price": sweep.price},
        )
        return
    with models.opened(precision) as generator:
        yield generator


def _exists(store: Store, name: str) -> bool:
    try:
        store.run(name)
    except NotFound:
        return False
    return True


def _check_same_weights(sweep: Sweep, fingerprint: str, store: Store) -> None:
    for precision in sweep.precisions:
        for task in sweep.tasks:
            name = sweep.run_id(task, precision)
            if _exists(store, name) and (was := store.run(name).model["fingerprint"]) != fingerprint:
                what = "weights were" if sweep.endpoint is None else "what the endpoint tells of itself was"
                raise BadRequest(
                    f"{sweep.id} cannot go on: {what} {was[:12]} in {name}, now {fingerprint[:12]}",
                    hint="resume it with the same model, or start a new comparison",
                )


def _is_finished(sweep: Sweep, task: str, precision: str, store: Store) -> bool:
    name = sweep.run_id(task, precision)
    if not _exists(store, name):
        return False
    settings = sweep.run_settings(task)
    wanted = len(list(settings.build_task().problems())[: settings.limit]) * settings.samples
    verdicts = store.verdicts(name, store.run(name).scoring)
    return len(verdicts) == wanted and all(v.status != "error" for v in verdicts.values())


def _measure_agreement(sweep: Sweep, precision: str, models: Models, store: Store, watch: Watch) -> None:
    """Let two precisions read the first one's answers, as far as that was not done before."""
    todo: list[tuple[AgreementFile, StoredAnswer]] = []
    for task in sweep.tasks:
        names = [sweep.run_id(task, p) for p in (sweep.precisions[0], precision)]
        file = AgreementFile(agreement_file(store.file.parent / "runs", names[0], names[1]))
        known = file.rows()
        todo += [(file, answer) for key, answer in sorted(store.answers(names[0]).items()) if key not in known]
    if not todo:
        return
    watch(AnswersRead(first=sweep.precisions[0], other=precision, done=0, total=len(todo)))
    longest = max(len(answer.prompt_ids) + len(answer.token_ids) for _, answer in todo)
    with models.reading(sweep.precisions[0], precision, context=max(2, longest)) as read:
        agreements = zip(todo, read([answer for _, answer in todo]), strict=True)
        for number, ((file, _), agreement) in enumerate(agreements, start=1):
            file.add(agreement)
            watch(AnswersRead(first=sweep.precisions[0], other=precision, done=number, total=len(todo)))
