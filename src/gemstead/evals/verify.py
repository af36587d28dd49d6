"""A result file in; out what of it holds here: prompts as this version sends them, verdicts as judged again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gemstead.core.errors import BadRequest, NotFound
from gemstead.core.requests import GenerationRequest
from gemstead.evals.prompts import Key, ModelHere, all_sha256, find_model_here, ids_sha256, wording_sha256
from gemstead.evals.result_file import ResultFile, ResultRow, expected_keys, program_sha256, requests_of
from gemstead.evals.run import RunSettings, gate
from gemstead.evals.score import Job, Judge, Verdict
from gemstead.evals.store import StoredVerdict
from gemstead.evals.summary import Summary, summarise
from gemstead.evals.task import Extraction, Problem, Task
from gemstead.evals.tasks import TASKS, find_task

SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class PromptsCheck:
    """Digests of prompts, compared with what this version words or sends.

    Args:
        same: How many are equal.
        different: Which are not.
        unknown: How many cannot be compared.
        why: Reason for the latter; empty if there are none.
    """

    same: int
    different: tuple[Key, ...]
    unknown: int
    why: str


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """An answer whose verdict is another one here.

    Args:
        problem: Its problem.
        sample: Its sample.
        then: Status in the file.
        now: Status here.
        then_parts: Parts of the inputs it passed then, where a task has parts.
        now_parts: The same, here.
        detail: What was found here.
        is_same_program: Whether the program that was taken out of the answer is the one of then.
        is_near_limit: It needed more than half of a time limit, then or now: a slower machine may decide otherwise.
    """

    problem: str
    sample: int
    then: str
    now: str
    then_parts: tuple[str, ...]
    now_parts: tuple[str, ...]
    detail: str
    is_same_program: bool
    is_near_limit: bool


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What became of a result file.

    Args:
        result: The file.
        wording: Questions, as the task words them.
        sent: Prompts as sent, token by token.
        is_prompts_digest_right: Whether the digest over all prompts is that of this version's; `None` if some are
            unknown.
        num_same: Verdicts that are the same here.
        disagreements: Those that are not.
        undecided: Answers that could not be judged here, through the harness' own fault.
        num_unanswered: Answers that never came, so that there is nothing to judge.
        absent: Answers that a whole run has and the file has not.
        other_programs: How many answers gave another program here, whatever the verdict.
        task_version: Of the task here.
        extractor_version: Of what takes programs out of answers here.
        sandbox: Rung of the sandbox here.
        then: The score of the file's verdicts.
        now: The score of the verdicts here.
    """

    result: ResultFile
    wording: PromptsCheck
    sent: PromptsCheck
    is_prompts_digest_right: bool | None
    num_same: int
    disagreements: tuple[Disagreement, ...]
    undecided: tuple[Key, ...]
    num_unanswered: int
    absent: tuple[Key, ...]
    other_programs: int
    task_version: str
    extractor_version: str
    sandbox: str
    then: Summary
    now: Summary

    @property
    def is_same_task(self) -> bool:
        """Whether wording and tests are those of the run."""
        return self.result.header.task_version == self.task_version

    @property
    def is_verified(self) -> bool:
        """Every verdict of a whole run is the same here, by the same tests, and no prompt is known to differ."""
        prompts_differ = self.wording.different or self.sent.different or self.is_prompts_digest_right is False
        return self.is_same_task and not (prompts_differ or self.disagreements or self.undecided or self.absent)

    def unchecked(self) -> tuple[str, ...]:
        """What could not be checked, or only in part; a sentence each."""
        header = self.result.header
        said = []
        if not self.is_same_task:
            said.append(
                f"{header.task} is version {self.task_version} here, the run had {header.task_version}: its wording or "
                "its tests differ, so equal verdicts prove less, and this does not count as verified"
            )
        if header.extractors != [self.extractor_version]:
            said.append(
                f"programs are taken out of answers by version {self.extractor_version} here, "
                f"{' and '.join(header.extractors) or 'none'} then: {self.other_programs} of "
                f"{len(self.result.rows)} programs are other ones"
            )
        said += [f"{_count(self.wording.unknown, 'question')}: {self.wording.why}"] if self.wording.unknown else []
        said += [f"{_count(self.sent.unknown, 'prompt')} as sent: {self.sent.why}"] if self.sent.unknown else []
        if self.undecided:
            said.append(f"{_count(len(self.undecided), 'answer')} could not be judged here: {_some(self.undecided)}")
        if self.num_unanswered:
            said.append(f"{_count(self.num_unanswered, 'answer')} never came, and count neither way")
        if self.absent:
            said.append(
                f"{_count(len(self.absent), 'answer')} of a whole run missing from the file: {_some(self.absent)}"
            )
        if self.sandbox != header.sandbox:
            said.append(f"the sandbox is {self.sandbox} here, {header.sandbox} then")
        said.append("that these answers came from these weights: only asking again shows it")
        return tuple(said)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "file": str(self.result.file),
            "sha256": self.result.sha256,
            "is_verified": self.is_verified,
            "header": asdict(self.result.header),
            "wording": asdict(self.wording),
            "sent": asdict(self.sent),
            "is_prompts_digest_right": self.is_prompts_digest_right,
            "num_same": self.num_same,
            "disagreements": [asdict(d) for d in self.disagreements],
            "undecided": list(self.undecided),
            "absent": list(self.absent),
            "unchecked": list(self.unchecked()),
            "task_version": self.task_version,
            "extractor_version": self.extractor_version,
            "sandbox": self.sandbox,
            "then": self.then.as_json(),
            "now": self.now.as_json(),
        }


def verify(result: ResultFile, judge: Judge, *, data: Path | None = None, model: str | None = None) -> Verification:
    """Check a result file.

    Args:
        result: The file.
        judge: Who judges.
        data: A data file to read the task from instead of the published one.
        model: Where the model is, if not under its own name; only its tokenizer and template are used.

    Raises:
        NotFound: The task is unknown here, or its data is missing.
        BadRequest: Its settings are unknown here, or its problems are.
        Infrastructure: Data cannot be fetched, or the published solutions do not pass here.
    """
    settings = _settings(result)
    task = _task(result, data, settings)
    problems = {problem.id: problem for problem in task.problems()}
    strangers = [row.problem for row in result.rows.values() if row.problem not in problems]
    if strangers:
        raise BadRequest(
            f"{result.file}: {len(strangers)} answers are to problems that {task.name} {task.version} does not have, "
            f"the first to {strangers[0]!r}; the run had version {result.header.task_version}",
            hint="name the data it was run with: `--data FILE`",
        )
    gate(judge, task)
    known = find_model_here(model or str(result.header.model.get("name")), str(result.header.model.get("fingerprint")))
    requests = requests_of(task, settings)
    wording = _compare_wordings(result, requests, task)
    sent, is_digest_right = _compare_sent(result, requests, known)
    found, now = _judge_again(result, task, settings, problems, judge)
    same, disagreements, undecided, others = 0, [], [], 0
    for key, verdict in now.items():
        row = result.rows[key]
        is_same_program = program_sha256(found[key].program) == row.program_sha256
        others += not is_same_program
        if verdict.status == "error":
            undecided.append(key)
        elif (verdict.status, tuple(verdict.parts)) == (row.status, tuple(row.parts)):
            same += 1
        else:
            disagreements.append(_disagreement(row, verdict, is_same_program=is_same_program))
    then_stored = {key: _stored(row, row.status, row.parts) for key, row in result.rows.items()}
    now_stored = {key: _stored(result.rows[key], v.status, v.parts) for key, v in now.items()}
    return Verification(
        result=result,
        wording=wording,
        sent=sent,
        is_prompts_digest_right=is_digest_right,
        num_same=same,
        disagreements=tuple(disagreements),
        undecided=tuple(undecided),
        num_unanswered=sum(row.text is None for row in result.rows.values()),
        absent=tuple(sorted(expected_keys(task, settings) - result.rows.keys())),
        other_programs=others,
        task_version=task.version,
        extractor_version=task.extractor_version,
        sandbox=judge.sandbox,
        then=summarise(task.problems(), {}, then_stored),
        now=summarise(task.problems(), {}, {**then_stored, **now_stored}),
    )


def _settings(result: ResultFile) -> RunSettings:
    try:
        return RunSettings(**{**result.header.settings, "task": result.header.task})
    except TypeError as error:
        raise BadRequest(
            f"{result.file}: asked with a setting that is unknown here ({error})",
            hint=f"update gemstead; the file is from version {result.header.gemstead}",
        ) from error


def _task(result: ResultFile, data: Path | None, settings: RunSettings) -> Task:
    name = result.header.task
    if name not in TASKS:
        raise NotFound(
            f"{result.file} is about the task {name!r}, which is unknown here; tasks are {', '.join(sorted(TASKS))}",
            hint=f"update gemstead; the file is from version {result.header.gemstead}",
        )
    return find_task(name, data, since=settings.since, until=settings.until)


def _compare_wordings(result: ResultFile, requests: Mapping[str, GenerationRequest], task: Task) -> PromptsCheck:
    asked = {name: wording_sha256(request) for name, request in requests.items()}
    why = f"the file does not say how they were worded, since {task.name} was not there when it was written"
    return _compared(result, lambda row: row.wording_sha256, lambda row: asked[row.problem], why)


def _compare_sent(
    result: ResultFile, requests: Mapping[str, GenerationRequest], model: ModelHere | str
) -> tuple[PromptsCheck, bool | None]:
    if result.header.model.get("device") == "endpoint":
        why = "an endpoint was asked; which tokens it made of a question, only it knows"
        return _compared(result, lambda _: None, lambda _: "", why), None
    if isinstance(model, str):
        why = f"{model}; `--model` names the model that was asked"
        return _compared(result, lambda _: None, lambda _: "", why), None
    ids = {name: model.ids(request) for name, request in requests.items()}
    digests = {name: ids_sha256(prompt) for name, prompt in ids.items()}
    why = "the run did not keep them"
    check = _compared(result, lambda row: row.prompt_sha256, lambda row: digests[row.problem], why)
    if check.unknown:
        return check, None
    return check, all_sha256({key: ids[key[0]] for key in _answered(result)}) == result.header.prompts_sha256


def _compared(
    result: ResultFile, then: Callable[[ResultRow], str | None], now: Callable[[ResultRow], str], why: str
) -> PromptsCheck:
    """Compare a digest of each row that has an answer."""
    answered = _answered(result)
    known = {key: row for key, row in answered.items() if then(row) is not None}
    different = tuple(key for key, row in known.items() if then(row) != now(row))
    unknown = len(answered) - len(known)
    return PromptsCheck(
        same=len(known) - len(different), different=different, unknown=unknown, why=why if unknown else ""
    )


def _answered(result: ResultFile) -> dict[Key, ResultRow]:
    return {key: row for key, row in result.rows.items() if row.text is not None}


def _judge_again(
    result: ResultFile, task: Task, settings: RunSettings, problems: Mapping[str, Problem], judge: Judge
) -> tuple[dict[Key, Extraction], dict[Key, Verdict]]:
    found, waiting = {}, {}
    for key, row in result.rows.items():
        if row.text is None:
            continue
        problem = problems[row.problem]
        found[key] = task.extract(problem, row.text, style=settings.style)
        job = Job(key=f"{row.problem}#{row.sample}", problem=problem, program=found[key].program)
        waiting[key] = judge.submit(job)
    return found, {key: future.result() for key, future in waiting.items()}


def _disagreement(row: ResultRow, verdict: Verdict, *, is_same_program: bool) -> Disagreement:
    return Disagreement(
        problem=row.problem,
        sample=row.sample,
        then=row.status,
        now=verdict.status,
        then_parts=tuple(row.parts),
        now_parts=verdict.parts,
        detail=verdict.detail,
        is_same_program=is_same_program,
        is_near_limit=row.is_near_limit or verdict.is_near_limit,
    )


def _stored(row: ResultRow, status: str, parts: list[str] | tuple[str, ...]) -> StoredVerdict:
    """As much of a verdict as a score needs."""
    return StoredVerdict(
        problem=row.problem, sample=row.sample, extractor=row.extractor, program=None, how="", status=status,
        passed=status == "passed", detail="", cpu_s=row.cpu_s, wall_s=0.0, is_near_limit=row.is_near_limit, parts=parts,
    )  # fmt: skip


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _some(keys: tuple[Key, ...]) -> str:
    names = [f"{problem} sample {sample}" for problem, sample in keys[:SHOWN]]
    return ", ".join(names) + (f" and {len(keys) - SHOWN} more" if len(keys) > SHOWN else "")
