"""One model in several precisions, on the same problems: run after run, then side by side. Resumable at any moment."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from gemstead.core.errors import BadRequest, NotFound, OutOfCapacity, StoreError
from gemstead.core.generator import Generator
from gemstead.evals.agreement import AgreementFile, AnswerAgreement, agree_on
from gemstead.evals.compare import MARGIN, Comparison, agreement_file, compare, keep_peak, read_side
from gemstead.evals.run import (
    EvaluationRun,
    RunProgress,
    RunSettings,
    enough_at_once,
    finished_run,
    rescore,
    run_evaluation,
)
from gemstead.evals.score import Judge
from gemstead.evals.store import Store, StoredAnswer, new_run_id

Watching = Callable[[], AbstractContextManager[Callable[[RunProgress], None]]]
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
        model: "pebble", a folder, or a fetched Hub id.
        tasks: Names of the tasks; they are pooled.
        precisions: The first is the measure of the others.
        settings: Fields of `RunSettings`, without the task.
        load: Fields of `LoadOptions`, without the precision; checked by `new_sweep`, and when models are loaded.
        margin: Largest difference that counts as none, a share.

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
        return f"{self.id}-{task}-{precision}"


def new_sweep(
    model: str, tasks: Sequence[str], precisions: Sequence[str], settings: Mapping[str, Any], **others: Any
) -> Sweep:
    """A sweep with a name of its own.

    Args:
        model: See `Sweep`.
        tasks: See `Sweep`.
        precisions: See `Sweep`.
        settings: See `Sweep`.
        others: `load` and `margin`.

    Raises:
        BadRequest: As `Sweep`, or models cannot be loaded that way.
    """
    # Here and not in `Sweep`: one that was written down is read back without torch, which takes a second to load.
    from gemstead.runtime import LoadOptions

    for precision in precisions:
        LoadOptions(precision=precision, **others.get("load", {}))
    name = f"compare-{new_run_id('-'.join(tasks), model)}"
    return Sweep(
        id=name, model=model, tasks=tuple(tasks), precisions=tuple(precisions), settings=dict(settings), **others
    )


def keep_sweep(sweep: Sweep, store: Store) -> None:
    """Write it down.

    Raises:
        StoreError: The disk is full or cannot be written.
    """
    file = _file(store, sweep.id)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".part")
        draft.write_text(json.dumps(asdict(sweep), indent=2) + "\n", encoding="utf-8")
        draft.replace(file)
    except OSError as error:
        raise StoreError(
            f"{file}: cannot be written: {error}", hint="free some disk, or name another `--store`"
        ) from error


def find_sweep(name: str, store: Store) -> Sweep | None:
    """Look one up; `None` if there is none of that name, which may still be a run.

    Raises:
        StoreError: Its file is damaged.
    """
    file = _file(store, name)
    if Path(name).name != name or not file.is_file():
        return None
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        return Sweep(**{**raw, "tasks": tuple(raw["tasks"]), "precisions": tuple(raw["precisions"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{file}: cannot be read: {error}", hint="start a new comparison") from error


def _file(store: Store, name: str) -> Path:
    return store.file.parent / "comparisons" / f"{name}.json"


def run_sweep(
    sweep: Sweep,
    judge: Judge,
    store: Store,
    *,
    watching: Watching,
    say: Callable[[str], None] = lambda line: None,
    done: Callable[[str, str, EvaluationRun], None] = lambda precision, task, run: None,
    models: Models | None = None,
) -> None:
    """Run what is missing, precision after precision, then let the first and each other read the first's answers.

    Only one model is in memory while tasks run; two are while they read. Where two do not fit, agreement is left out,
    and said so.

    Args:
        sweep: What; begun before or not.
        judge: Who judges.
        store: Where everything goes.
        watching: Gives, for the time of one run, what is called after each change.
        say: Gets a line now and then.
        done: Called with precision, task and each finished run.
        models: Where models are loaded; by default here.
    """
    models = models or LocalModels(sweep.model, sweep.load)
    for precision in sweep.precisions:
        open_tasks = [task for task in sweep.tasks if not _is_finished(sweep, task, precision, store)]
        if open_tasks:
            _run_tasks(sweep, precision, open_tasks, models, judge, store, watching, say)
        for task in sweep.tasks:
            done(precision, task, finished_run(store, sweep.run_id(task, precision)))
    for precision in sweep.precisions[1:]:
        try:
            _measure_agreement(sweep, precision, models, store, say)
        except OutOfCapacity as error:
            say(f"{precision}: agreement is not measured, since both models together do not fit: {error.message}")


def rescore_sweep(sweep: Sweep, judge: Judge, store: Store, *, watching: Watching) -> None:
    """Extract and judge every run's stored answers again, without the model."""
    for precision in sweep.precisions:
        for task in sweep.tasks:
            with watching() as watch:
                rescore(sweep.run_id(task, precision), judge, store, watch=watch)


def compare_sweep(sweep: Sweep, store: Store) -> Comparison:
    """All precisions beside the first one."""
    sides = [
        read_side(store, [sweep.run_id(task, precision) for task in sweep.tasks], label=precision)
        for precision in sweep.precisions
    ]
    return compare(sides, margin=sweep.margin, seed=sweep.settings.get("seed", 0))


def _run_tasks(
    sweep: Sweep,
    precision: str,
    tasks: Sequence[str],
    models: Models,
    judge: Judge,
    store: Store,
    watching: Watching,
    say: Callable[[str], None],
) -> None:
    """One precision. Nothing of its model is held when this returns, so that the next one has the memory."""
    with models.opened(precision) as generator:
        about = generator.describe()
        _check_same_weights(sweep, about.fingerprint, store)
        for task in tasks:
            name = sweep.run_id(task, precision)
            say(f"{task}, {precision} on {about.device}, kernels {about.details['kernels']}")
            with watching() as watch:
                run_evaluation(
                    generator, sweep.run_settings(task), judge, store,
                    name=name, resume=name if _exists(store, name) else None, watch=watch,
                    concurrency=enough_at_once(about),
                )  # fmt: skip
            keep_peak(store.file.parent / "runs" / name, models.peak_bytes())


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
                raise BadRequest(
                    f"{sweep.id} cannot go on: weights were {was[:12]} in {name}, are {fingerprint[:12]} now",
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


def _measure_agreement(sweep: Sweep, precision: str, models: Models, store: Store, say: Callable[[str], None]) -> None:
    """Let two precisions read the first one's answers, as far as that was not done before."""
    todo: list[tuple[AgreementFile, StoredAnswer]] = []
    for task in sweep.tasks:
        names = [sweep.run_id(task, p) for p in (sweep.precisions[0], precision)]
        file = AgreementFile(agreement_file(store.file.parent / "runs", names[0], names[1]))
        known = file.rows()
        todo += [(file, answer) for key, answer in sorted(store.answers(names[0]).items()) if key not in known]
    if not todo:
        return
    say(f"{sweep.precisions[0]} and {precision} read {len(todo)} answers")
    longest = max(len(answer.prompt_ids) + len(answer.token_ids) for _, answer in todo)
    with models.reading(sweep.precisions[0], precision, context=max(2, longest)) as read:
        for (file, _), agreement in zip(todo, read([answer for _, answer in todo]), strict=True):
            file.add(agreement)
