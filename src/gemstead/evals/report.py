"""Stored runs in, all that a report says out, as plain data: `report_page` shows it to people, `as_json` machines."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gemstead.core.errors import BadCheckpoint, BadRequest, GemsteadError, NotFound, UnsupportedModel
from gemstead.evals.compare import MARGIN, Comparison, Score, Side, compare, read_side, score
from gemstead.evals.cost import KWH_USD, LOCAL_DEVICES, Cost, Use, cost, power_of
from gemstead.evals.prices import price_of
from gemstead.evals.prompts import all_sha256, ids_text
from gemstead.evals.published_scores import BENCHMARKS, Beside, beside
from gemstead.evals.repeat import command
from gemstead.evals.run import RunSettings
from gemstead.evals.store import Store, StoredAnswer, StoredRun, StoredVerdict
from gemstead.evals.summary import Summary, summarise
from gemstead.evals.sweep import Sweep, find_sweep, sides_of
from gemstead.evals.task import Problem, Task
from gemstead.evals.words import Meaning, meaning

if TYPE_CHECKING:
    from gemstead.chat.tokenizer import Tokenizer

FORMAT = 1  # of `as_json`; grows when a field changes its meaning


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What a report is about.

    Args:
        sides: One or more; the first is the measure of the others.
        commands: What repeats them.
        margin: Largest difference that counts as none, where a comparison says so itself; a share.
        name: For a file.
    """

    sides: tuple[Side, ...]
    commands: tuple[str, ...]
    name: str
    margin: float | None = None


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What a model was sent.

    Args:
        ids: Its tokens, as stored, such as `[2, 14, 5229]`; `[]` where only the text is known, as with an
            endpoint.
        text: The tokens spelled out by the model's own tokenizer; else the question as the task words it.
        is_spelled: Whether it is the former.
    """

    ids: str
    text: str
    is_spelled: bool


@dataclass(frozen=True, kw_only=True)
class ReportAnswer:
    """One answer and what became of it. Fields as in `StoredAnswer` and `StoredVerdict`.

    Args:
        side: Number of its side.
        prompt: Number of its prompt.
        seconds: From question to last token, in whatever company.
        cpu_s: The judged program's own time.
        wall_s: The judged program's time by the clock.
    """

    side: int
    sample: int
    prompt: int
    text: str
    thought: str
    program: str | None
    how: str
    status: str
    passed: bool
    detail: str
    parts: tuple[str, ...]
    finish: str
    is_thought_open: bool
    seed: int | None
    prompt_tokens: int
    completion_tokens: int
    seconds: float
    cpu_s: float
    wall_s: float


@dataclass(frozen=True, kw_only=True)
class ReportProblem:
    """One problem and all answers to it.

    Args:
        task: Which task it belongs to.
        id: Its published name.
        known_defect: What is wrong with the item itself, when something is.
        answers: By side, then sample.
    """

    task: str
    id: str
    known_defect: str | None
    answers: tuple[ReportAnswer, ...]

    def share(self, side: int) -> float | None:
        """Share of a side's samples that passed, of those that were judged; `None` if none was."""
        judged = [a.passed for a in self.answers if a.side == side and a.status != "error"]
        return sum(judged) / len(judged) if judged else None


@dataclass(frozen=True, kw_only=True)
class ReportRun:
    """One stored run.

    Args:
        run: As stored: settings, model, machine, key.
        side: Number of its side.
        summary: Its score.
        prompts_sha256: Digest over all prompts, in order of problem and sample: a line with both and the tokens, as in
            `HumanEval/0 0 [2, 14, 5229]`.
        extractors: Versions of what took programs out of answers.
        is_task_here: Whether the task's data is on this machine, so that known defects could be told.
    """

    run: StoredRun
    side: int
    summary: Summary
    prompts_sha256: str
    extractors: tuple[str, ...]
    is_task_here: bool


@dataclass(frozen=True, kw_only=True)
class Report:
    """Everything.

    Args:
        title: Models and tasks.
        name: For a file.
        made: Seconds since 1970.
        version: Of gemstead.
        scores: One per side.
        runs: All of them, side by side.
        comparison: `None` with one side.
        meanings: What each difference means.
        problems: In the tasks' order.
        prompts: Each once.
        published: By task, what others say.
        cost: Money.
        commands: What repeats the runs.
    """

    title: str
    name: str
    made: float
    version: str
    scores: tuple[Score, ...]
    runs: tuple[ReportRun, ...]
    comparison: Comparison | None
    meanings: tuple[Meaning, ...]
    problems: tuple[ReportProblem, ...]
    prompts: tuple[Prompt, ...]
    published: Mapping[str, tuple[Beside, ...]]
    cost: Cost
    commands: tuple[str, ...]

    def solved(self, side: int) -> float:
        """Problems a side solved; of several samples each counts its share."""
        return self.scores[side].pass_at_1 * self.scores[side].num_problems

    def as_json(self) -> dict[str, Any]:
        """Plain values; nothing that the page shows is missing."""
        return {
            "format": FORMAT,
            "title": self.title,
            "made": self.made,
            "gemstead": self.version,
            "commands": list(self.commands),
            "scores": [asdict(s) for s in self.scores],
            "runs": [_run_json(r) for r in self.runs],
            "comparison": None if self.comparison is None else self.comparison.as_json(),
            "meanings": [asdict(m) for m in self.meanings],
            # Not `asdict`, which copies every token of ten thousand prompts one by one.
            "problems": [{**vars(p), "answers": [vars(a) for a in p.answers]} for p in self.problems],
            "prompts": [{**vars(p), "ids": json.loads(p.ids)} for p in self.prompts],
            "published": {
                task: [
                    {**asdict(row.published), "relation": row.relation, "obstacles": row.obstacles,
                     "is_comparable": row.is_comparable}
                    for row in rows
                ]
                for task, rows in self.published.items()
            },
            "cost": asdict(self.cost),
        }  # fmt: skip


def select(store: Store, names: Sequence[str]) -> Selection:
    """Find what a report is asked for.

    Args:
        store: Where it is.
        names: Runs; runs of several tasks joined by "+"; or comparisons, each of which is as many sides as precisions.

    Raises:
        NotFound: There is no such run.
        BadRequest: One is not finished, or none is named.
    """
    if not names:
        raise BadRequest("no run is named; at least 1 is needed")
    sides: list[Side] = []
    commands: list[str] = []
    margins = set()
    for name in names:
        sweep = find_sweep(name, store)
        if sweep is None:
            side = read_side(store, name)
            sides.append(side)
            commands += [command(r.task, r.model["precision"], r.model, r.settings) for r in side.runs]
        else:
            found = sides_of(sweep, store)
            sides += found
            commands.append(_command_of(sweep, found[0].runs[0]))
            margins.add(sweep.margin)
    return Selection(
        sides=tuple(sides),
        commands=tuple(dict.fromkeys(commands)),
        name=names[0].replace("+", "-and-"),
        margin=margins.pop() if len(margins) == 1 else None,
    )


def build_report(
    selection: Selection,
    *,
    margin: float | None = None,
    seed: int = 0,
    watts: float | None = None,
    kwh_usd: float = KWH_USD,
) -> Report:
    """Say everything there is to say.

    Args:
        selection: About what.
        margin: Largest difference that counts as none, a share; by default the comparison's own, or 0.02.
        seed: Of the bootstrap.
        watts: What the machine draws, if that is known better than from the table.
        kwh_usd: Price of electricity.

    Raises:
        BadRequest: The sides were not asked the same, or a value is out of range.
    """
    from gemstead import __version__

    sides = selection.sides
    if margin is None:
        margin = selection.margin or MARGIN
    comparison = compare(sides, margin=margin, seed=seed) if len(sides) > 1 else None
    scores = (score(sides[0], sides[0].label),) if comparison is None else comparison.scores
    tasks = {run.task: _task(run) for run in sides[0].runs}
    problems, prompts = _problems(sides, tasks)
    runs = tuple(
        _report_run(side, number, run, tasks[run.task]) for number, side in enumerate(sides) for run in side.runs
    )
    first = sides[0].runs[0]
    here = next((side.runs[0] for side in sides if side.runs[0].model.get("device") in LOCAL_DEVICES), None)
    power = None if here is None else power_of(here.machine, str(here.model["device"]), watts)
    names = list(dict.fromkeys(Path(s.model).name for s in scores))
    return Report(
        title=f"{', '.join(names)} on {' + '.join(BENCHMARKS.get(task, task) for task in tasks)}",
        name=selection.name,
        made=time.time(),
        version=__version__,
        scores=scores,
        runs=runs,
        comparison=comparison,
        meanings=tuple(meaning(d) for d in comparison.differences) if comparison is not None else (),
        problems=problems,
        prompts=prompts,
        published={task: rows for task in tasks if (rows := beside(task, scores[0].model, first.settings))},
        cost=cost([_use(s, number, runs) for number, s in enumerate(scores)], model=scores[0].model, power=power,
                  kwh_usd=kwh_usd),
        commands=selection.commands,
    )  # fmt: skip


def _command_of(sweep: Sweep, run: StoredRun) -> str:
    said = command(",".join(sweep.tasks), ",".join(sweep.precisions), run.model, run.settings)
    return said if sweep.margin == MARGIN else f"{said} --margin {sweep.margin * 100:g}"


def _task(run: StoredRun) -> Task | None:
    """The run's task; `None` if its data is gone or another version: then nothing is said about its items."""
    try:
        task = RunSettings(**run.settings).build_task()
        task.problems()
    except (GemsteadError, TypeError, OSError):
        return None
    return task if task.version == run.machine.get("task_version") else None


def _report_run(side: Side, number: int, run: StoredRun, task: Task | None) -> ReportRun:
    answers = {key[1:]: answer for key, answer in side.answers.items() if key[0] == run.task}
    verdicts = {key[1:]: verdict for key, verdict in side.verdicts.items() if key[0] == run.task}
    return ReportRun(
        run=run,
        side=number,
        summary=summarise([] if task is None else task.problems(), answers, verdicts, price=price_of(run.model)),
        prompts_sha256=all_sha256({key: answer.prompt_ids for key, answer in answers.items()}),
        extractors=tuple(sorted({v.extractor for v in verdicts.values()})),
        is_task_here=task is not None,
    )


def _use(of_side: Score, side: int, runs: Sequence[ReportRun]) -> Use:
    summaries = [run.summary for run in runs if run.side == side]
    return Use(
        label=of_side.label,
        prompt_tokens=sum(s.prompt_tokens for s in summaries),
        completion_tokens=sum(s.completion_tokens for s in summaries),
        seconds=sum(s.generation_s for s in summaries),
        solved=of_side.pass_at_1 * of_side.num_problems,
        is_local=all(run.run.model.get("device") != "endpoint" for run in runs if run.side == side),
        charges=tuple(summary.charge for summary in summaries if summary.charge is not None),
    )


def _problems(
    sides: Sequence[Side], tasks: Mapping[str, Task | None]
) -> tuple[tuple[ReportProblem, ...], tuple[Prompt, ...]]:
    """All problems with their answers, and their prompts, each once."""
    prompts = _Prompts()
    found: list[ReportProblem] = []
    for task_name, task in tasks.items():
        items = {} if task is None else {p.id: p for p in task.problems()}
        keys = {key[1:] for side in sides for key in side.verdicts if key[0] == task_name}
        place = {name: number for number, name in enumerate(items)}
        by_problem: dict[str, list[int]] = {}
        for problem, sample in sorted(keys, key=lambda k: (place.get(k[0], len(place)), _natural(k[0]), k[1])):
            by_problem.setdefault(problem, []).append(sample)
        runs = [next(r for r in side.runs if r.task == task_name) for side in sides]
        for problem, samples in by_problem.items():
            item = items.get(problem)
            answers = []
            for number, side in enumerate(sides):
                for sample in samples:
                    answer = side.answers.get((task_name, problem, sample))
                    verdict = side.verdicts[task_name, problem, sample]
                    prompt = prompts.number(runs[number], task, item, answer)
                    answers.append(_answer(number, sample, prompt, answer, verdict))
            found.append(
                ReportProblem(
                    task=task_name,
                    id=problem,
                    known_defect=None if item is None else item.known_defect,
                    answers=tuple(answers),
                )
            )
    return tuple(found), tuple(prompts.all)


def _answer(side: int, sample: int, prompt: int, answer: StoredAnswer | None, verdict: StoredVerdict) -> ReportAnswer:
    return ReportAnswer(
        side=side,
        sample=sample,
        prompt=prompt,
        text="" if answer is None else answer.text,
        thought="" if answer is None else answer.thought,
        program=verdict.program,
        how=verdict.how,
        status=verdict.status,
        passed=verdict.passed,
        detail=verdict.detail,
        parts=tuple(verdict.parts),
        finish="" if answer is None else answer.finish,
        is_thought_open=answer is not None and answer.is_thought_open,
        seed=None if answer is None else answer.seed,
        prompt_tokens=0 if answer is None else answer.prompt_tokens,
        completion_tokens=0 if answer is None else answer.completion_tokens,
        seconds=0.0 if answer is None else answer.finished - answer.started,
        cpu_s=verdict.cpu_s,
        wall_s=verdict.wall_s,
    )


class _Prompts:
    """Collects prompts, and spells them out with the tokenizer of whoever was asked, where that is here."""

    def __init__(self) -> None:
        self.all: list[Prompt] = []
        self._numbers: dict[tuple[str, str, str], int] = {}
        self._places: dict[Prompt, int] = {}
        self._spellers: dict[str, _Speller] = {}

    def number(self, run: StoredRun, task: Task | None, item: Problem | None, answer: StoredAnswer | None) -> int:
        ids = "[]" if answer is None else ids_text(answer.prompt_ids)
        model = str(run.model["name"])
        key = (model, run.task if ids != "[]" or item is None else f"{run.task} {item.id}", ids)
        if key not in self._numbers:
            speller = self._spellers.setdefault(model, _Speller(model))
            question = "" if item is None or task is None else _question(run, task, item)
            text = speller.spell(ids, question)
            prompt = Prompt(ids=ids, text=question if text is None else text, is_spelled=text is not None)
            # Models that share a tokenizer were sent the same; twice the same prompt would double the page.
            self._numbers[key] = self._places.setdefault(prompt, len(self.all))
            if self._numbers[key] == len(self.all):
                self.all.append(prompt)
        return self._numbers[key]


class _Speller:
    """A model's tokenizer, found when first needed. One that does not give the question back is another model's."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._tokenizer: Tokenizer | None = None
        self._is_gone = False

    def spell(self, ids: str, question: str) -> str | None:
        if ids == "[]" or self._is_gone:
            return None
        if self._tokenizer is None:
            from gemstead.chat.tokenizer import Tokenizer
            from gemstead.checkpoints.hub import find_model

            try:
                found = find_model(self._model)
                if found.is_dir():  # without the manifest, which loads torch
                    self._tokenizer = Tokenizer(found / "tokenizer.json")
                else:
                    from gemstead.checkpoints.manifest import read_manifest

                    self._tokenizer = read_manifest(found).tokenizer()
            except (NotFound, BadRequest, BadCheckpoint, UnsupportedModel):
                self._is_gone = True
                return None
            self._piece = cast("Callable[[int], str]", cache(self._tokenizer.piece))
        numbers = json.loads(ids)
        try:
            text = "".join(map(self._piece, numbers))  # twice as fast as decoding, for ten thousand prompts
        except TypeError:  # a character spelled in bytes
            text = self._tokenizer.decode(numbers, controls=True)
        if question.strip() not in text:
            self._is_gone = True
            return None
        return text


def _question(run: StoredRun, task: Task, item: Problem) -> str:
    settings = RunSettings(**run.settings)
    request = task.request(
        item, style=settings.style, thinking=settings.thinking, sampling=settings.sampling(0),
        max_tokens=settings.max_tokens,
    )  # fmt: skip
    if request.messages is None:
        return request.text or ""
    return "\n\n".join(m.content for m in request.messages if isinstance(m.content, str))


def _run_json(run: ReportRun) -> dict[str, Any]:
    return {
        "run": asdict(run.run),
        "side": run.side,
        "summary": run.summary.as_json(),
        "prompts_sha256": run.prompts_sha256,
        "extractors": list(run.extractors),
        "is_task_here": run.is_task_here,
    }


def _natural(name: str) -> tuple[str, int]:
    """HumanEval/2 before HumanEval/10."""
    head, _, tail = name.rpartition("/")
    return (head, int(tail)) if tail.isdigit() else (name, 0)
