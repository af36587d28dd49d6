"""A report in, its HTML page out: one file, readable on paper, on a phone, in the dark and without a network."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape

from gemstead.evals.compare import Score
from gemstead.evals.cost import ApiCost, usd
from gemstead.evals.published_scores import BENCHMARKS
from gemstead.evals.report import Report, ReportAnswer, ReportProblem, ReportRun
from gemstead.evals.stats import Interval
from gemstead.evals.words import PARTS, STATUS_WORDS, ends, nothing_found, points, shown_interval
from gemstead.hardware.units import duration, gib
from gemstead.report.charts import Point, intervals, scatter
from gemstead.report.page import data_block, render_page

STATUSES: Mapping[str, tuple[str, str]] = {
    status: (letter, STATUS_WORDS[status])
    for status, letter in {
        "passed": "p", "wrong": "w", "timeout": "t", "no_code": "n", "crash": "c", "forbidden": "f", "error": "e",
    }.items()
}  # fmt: skip
"""Status -> its letter in the grid, and its name."""
PARTLY = ("h", "solved in some samples")
APIS_SHOWN = 5
MANY = 2000  # tiles; more are laid out when they are scrolled to


def render_report(report: Report) -> str:
    """The whole page."""
    return render_page("evaluation", _values(report), script="evaluation")


def _values(report: Report) -> dict[str, Any]:
    return {
        "report": report,
        "title": report.title,
        "made": _when(report.made),
        "heads": [_head(report, n) for n in range(len(report.scores))],
        "tasks": [BENCHMARKS.get(run.run.task, run.run.task) for run in report.runs if run.side == 0],
        "rows": _score_rows(report),
        "endings": _endings(report),
        "differences": _differences(report),
        "charts": _charts(report),
        "grid": _grid(report),
        "legend": _legend(report),
        "flips": _flips(report),
        "defects": [p for p in report.problems if p.known_defect is not None],
        "published": _published(report),
        "apis": _apis(report),
        "facts": _facts(report.runs),
        "data": data_block("data", _data(report)),
        "is_sampled": any(len(p.answers) > len(report.scores) for p in report.problems),
        "percent": percent,
        "span": span,
        "usd": usd,
    }


def percent(share: float | None) -> str:
    """`6.3 %`; a dash for nothing."""
    return "–" if share is None else f"{share * 100:.1f}\u00a0%"


def span(interval: Interval | None) -> str:
    """`4.6 – 8.5 %`, never broken across lines."""
    return "–" if interval is None else f"{interval.low * 100:.1f}\u00a0–\u2060\u00a0{interval.high * 100:.1f}\u00a0%"


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(seconds))


def _count(solved: float) -> str:
    return f"{solved:.0f}" if abs(solved - round(solved)) < 1e-6 else f"{solved:.1f}"


def _head(report: Report, side: int) -> dict[str, str]:
    score = report.scores[side]
    return {
        "label": score.label,
        "share": percent(score.pass_at_1),
        "count": f"{_count(report.solved(side))} of {score.num_problems}",
        "interval": span(score.interval),
        "low": f"{score.interval.low * 100:.2f}",
        "width": f"{max(0.3, (score.interval.high - score.interval.low) * 100):.2f}",
        "middle": f"{score.pass_at_1 * 100:.2f}",
    }


def _score_rows(report: Report) -> list[dict[str, Any]]:
    """One row per side, and below it one per task where there are several."""
    rows = []
    for side, score in enumerate(report.scores):
        runs = [run for run in report.runs if run.side == side]
        rows.append({"name": score.label, "is_part": False, **_score_cells(score, runs)})
        if len(runs) > 1:
            rows += [{"name": BENCHMARKS.get(r.run.task, r.run.task), "is_part": True, **_run_cells(r)} for r in runs]
    return rows


def _score_cells(score: Score, runs: list[ReportRun]) -> dict[str, str]:
    alone = runs[0].summary if len(runs) == 1 else None
    return {
        "share": percent(score.pass_at_1),
        "count": f"{_count(score.pass_at_1 * score.num_problems)} of {score.num_problems}",
        "interval": span(score.interval),
        "more": _without_defects(score) if alone is None else _more(runs[0]),
        "rate": f"{score.rate_tok_s:,.0f}",
        "weights": "–" if score.weight_bytes is None else gib(score.weight_bytes),
        "peak": "–" if score.peak_bytes is None else gib(score.peak_bytes),
    }


def _without_defects(score: Score) -> str:
    if score.pass_at_1_sound is None or score.num_sound == score.num_problems:
        return ""
    return f"{percent(score.pass_at_1_sound)} without {score.num_problems - score.num_sound} defective items"


def _run_cells(run: ReportRun) -> dict[str, str]:
    summary = run.summary
    share = summary.pass_at.get(1, 0.0)
    return {
        "share": percent(share),
        "count": f"{_count(share * summary.num_problems)} of {summary.num_problems}",
        "interval": span(summary.interval),
        "more": _more(run),
        "rate": f"{summary.rate_tok_s:,.0f}",
        "weights": "",
        "peak": "",
    }


def _more(run: ReportRun) -> str:
    """Other scores of the same answers."""
    summary = run.summary
    said = [f"pass@{k} {percent(share)}" for k, share in summary.pass_at.items() if k > 1]
    said += [f"{percent(share)} {PARTS[part]}" for part, share in summary.pass_at_1_parts.items()]
    if summary.pass_at_1_sound is not None and summary.num_sound < summary.num_problems:
        said.append(
            f"{percent(summary.pass_at_1_sound)} without {summary.num_problems - summary.num_sound} defective items"
        )
    return "; ".join(said)


def _statuses(report: Report) -> dict[str, tuple[str, str]]:
    """`STATUSES` in the words of the tasks that are reported."""
    kinds = {run.summary.runs_programs for run in report.runs}
    words = " or ".join(nothing_found(kind) for kind in sorted(kinds, reverse=True))
    return {**STATUSES, "no_code": (STATUSES["no_code"][0], words)}


def _endings(report: Report) -> dict[str, Any]:
    """How answers ended, by side; columns that are all zero say nothing and are left out."""
    summaries = [[run.summary for run in report.runs if run.side == n] for n in range(len(report.scores))]
    counts = {
        words: [sum(s.statuses.get(status, 0) for s in side) for side in summaries]
        for status, (_, words) in _statuses(report).items()
    }
    counts["cut off at the limit"] = [sum(s.num_capped for s in side) for side in summaries]
    counts["ended inside a thought"] = [sum(s.num_open_thoughts for s in side) for side in summaries]
    counts["needed half their time"] = [sum(s.num_near_limit for s in side) for side in summaries]
    shown = {
        words: [f"{n:,}" for n in row] for words, row in counts.items() if any(row) or words in ("solved", "wrong")
    }
    shown["tokens read"] = [f"{sum(s.prompt_tokens for s in side):,}" for side in summaries]
    shown["written"] = [f"{sum(s.completion_tokens for s in side):,}" for side in summaries]
    shown["time"] = [duration(sum(s.generation_s for s in side)) for side in summaries]
    return {
        "columns": list(shown),
        "rows": [
            {"name": score.label, "cells": [column[side] for column in shown.values()]}
            for side, score in enumerate(report.scores)
        ],
    }


def _differences(report: Report) -> list[dict[str, Any]]:
    if report.comparison is None:
        return []
    return [
        {
            "name": found.other,
            "lost": len(found.lost),
            "gained": len(found.gained),
            "p": "–" if found.p_value is None else f"{found.p_value:.3f}",
            "points": points(found.points),
            "interval": ends(shown_interval(found)),
            "narrow": ends(found.equivalence.interval),
            "verdict": found.equivalence.verdict,
            "kl": "–" if found.agreement is None else f"{found.agreement.mean_kl_nats:.2g}",
            "top": "–" if found.agreement is None else f"{found.agreement.same_top * 100:.2f} %",
            "same": percent(found.same_text),
            "meaning": said,
        }
        for found, said in zip(report.comparison.differences, report.meanings, strict=True)
    ]


def _charts(report: Report) -> list[tuple[Markup, str]]:
    """Drawings, each with what it shows in words."""

    def point(side: int, x: float) -> Point:
        score = report.scores[side]
        low, high = score.interval.low, score.interval.high
        return Point(label=score.label, x=x, y=score.pass_at_1, low=low, high=high, series=side)

    scores = report.scores
    drawn = []
    if len(scores) > 1:
        text = "pass@1 of each, with its 95 % interval"
        drawn.append((intervals([point(n, 0) for n in range(len(scores))], x_label="pass@1", title=text), text))
    text = "pass@1 against speed: up and to the right is better"
    rates = [point(n, s.rate_tok_s) for n, s in enumerate(scores)]
    drawn.append((scatter(rates, x_label="tokens written per second", y_label="pass@1", title=text), text))
    has_peaks = all(s.peak_bytes is not None for s in scores)
    sizes = [s.peak_bytes if has_peaks else s.weight_bytes for s in scores]
    known = [point(n, size / 2**20) for n, size in enumerate(sizes) if size is not None]
    if known:
        what = "peak memory of the process" if has_peaks else "weights in memory"
        text = f"pass@1 against {what}: up and to the left is better"
        is_large = max(p.x for p in known) >= 2048
        shown = [Point(**{**vars(p), "x": p.x / 1024}) for p in known] if is_large else known
        unit = "GiB" if is_large else "MiB"
        drawn.append((scatter(shown, x_label=f"{what}, {unit}", y_label="pass@1", title=text), text))
    return drawn


def _grid(report: Report) -> list[dict[str, Any]]:
    """Tiles by task, written here and not in the template, which takes ten times as long for ten thousand."""
    tasks: dict[str, list[str]] = {}
    statuses = _statuses(report)
    for number, problem in enumerate(report.problems):
        tasks.setdefault(problem.task, []).append(_tile(report, number, problem, statuses))
    return [
        {"task": BENCHMARKS.get(task, task), "is_large": len(tiles) > MANY, "tiles": Markup("\n".join(tiles))}
        for task, tiles in tasks.items()
    ]


def _tile(report: Report, number: int, problem: ReportProblem, statuses: Mapping[str, tuple[str, str]]) -> str:
    shares = [problem.share(side) for side in range(len(report.scores))]
    marks = [_mark(problem, side, share, statuses) for side, share in enumerate(shares)]
    said = "; ".join(f"{s.label}: {words}" for s, (_, words) in zip(report.scores, marks, strict=True))
    kinds = "tile solved" if any(shares) else "tile unsolved"
    if len(set(shares) - {None}) > 1:
        kinds += " differs"
    if problem.known_defect is not None:
        kinds += " defect"
    drawn = "".join(f'<i class="m {letter}"></i>' for letter, _ in marks)
    short, title = escape(problem.id.rpartition("/")[2][:6]), escape(f"{problem.id}. {said}")
    return f'<button class="{kinds}" data-n="{number}" title="{title}"><span>{drawn}</span><em>{short}</em></button>'


def _mark(
    problem: ReportProblem, side: int, share: float | None, statuses: Mapping[str, tuple[str, str]]
) -> tuple[str, str]:
    if share is None:
        return statuses["error"]
    if share == 1:
        return statuses["passed"]
    if share > 0:
        return PARTLY
    worst = next(a.status for a in problem.answers if a.side == side and a.status != "error")
    return statuses.get(worst, statuses["wrong"])


def _legend(report: Report) -> list[tuple[str, str]]:
    statuses = _statuses(report)
    sides = range(len(report.scores))
    found = {_mark(p, side, p.share(side), statuses) for p in report.problems for side in sides}
    return [mark for mark in (*statuses.values(), PARTLY) if mark in found]


def _flips(report: Report) -> list[dict[str, Any]]:
    """Per difference, the problems that went one way or the other."""
    if report.comparison is None:
        return []
    found = []
    for side, difference in enumerate(report.comparison.differences, start=1):
        lost: list[tuple[int, str]] = []
        gained: list[tuple[int, str]] = []
        for number, problem in enumerate(report.problems):
            first, other = problem.share(0), problem.share(side)
            if first is None or other is None or first == other:
                continue
            (lost if other < first else gained).append((number, problem.id))
        found.append({"first": difference.first, "other": difference.other, "lost": lost, "gained": gained})
    return found


def _published(report: Report) -> list[dict[str, Any]]:
    found = []
    for task, rows in report.published.items():
        ours = [
            {
                "name": report.scores[run.side].label,
                "score": percent(run.summary.pass_at.get(1)),
                "interval": span(run.summary.interval),
                "count": run.summary.num_problems,
                "setting": _setting(run),
            }
            for run in report.runs
            if run.run.task == task
        ]
        near = [row for row in rows if row.relation != "other model" or row.is_comparable]
        found.append(
            {
                "name": BENCHMARKS[task],
                "ours": ours,
                "near": near,
                "others": [row for row in rows if row not in near],
                "comparable": sum(row.is_comparable for row in rows),
                "total": len(rows),
            }
        )
    return found


def _setting(run: ReportRun) -> str:
    asked = run.run.settings
    temperature = asked.get("temperature", 0)
    how = "greedy" if temperature == 0 else f"sampling at temperature {temperature:g}"
    samples = asked.get("samples", 1)
    many = "" if samples == 1 else f", {samples} samples a problem"
    thinks = ", thinking" if asked.get("thinking") else ""
    return f"this report: gemstead, 0-shot, {asked.get('style', 'chat')}, {how}{many}{thinks}"


def _apis(report: Report) -> dict[str, list[ApiCost]]:
    """The same model, or else the cheapest Gemma of each size, then everybody."""
    rows = report.cost.api
    twins = [row for row in rows if row.is_same_model][:APIS_SHOWN]
    shown = twins or [row for row in rows if row.is_hosted_gemma][:APIS_SHOWN]
    return {"shown": shown, "others": [row for row in rows if row not in shown]}


def _facts(runs: tuple[ReportRun, ...]) -> list[dict[str, Any]]:
    """What all runs share, once; then what is each one's own."""
    of_runs = [_run_facts(run) for run in runs]
    shared = [fact for fact in of_runs[0] if all(fact in facts for facts in of_runs)] if len(runs) > 1 else []
    found = [{"id": run.run.id, "facts": [fact for fact in facts if fact not in shared]}
             for run, facts in zip(runs, of_runs, strict=True)]  # fmt: skip
    return [{"id": "All runs", "facts": shared}, *found] if shared else found


def _run_facts(run: ReportRun) -> list[tuple[str, str]]:
    stored, about, machine = run.run, run.run.model, run.run.machine
    details = about.get("details", {})
    memory, accelerator = machine.get("memory_bytes"), machine.get("accelerator")
    hardware = [machine.get("processor"), f"{machine['cores']} cores" if machine.get("cores") else None,
                gib(memory) if memory else None, accelerator, machine.get("system")]  # fmt: skip
    unsaid = {"task", "data", *(name for name in ("since", "until") if stored.settings.get(name) is None)}
    asked = {k: v for k, v in stored.settings.items() if k not in unsaid}
    drafter = details.get("drafter")
    unknown = ", which is not on this machine: known defects are not told"
    facts = [
        ("begun", _when(stored.created)),
        ("model", f"{Path(str(about['name'])).name}, {about['precision']} on {about.get('device', '?')}"),
        ("contests", "" if run.summary.days is None else " to ".join(run.summary.days)),
        ("settings", ", ".join(f"{name} {_plain(value)}" for name, value in asked.items())),
        ("kernels", ", ".join(str(details[k]) for k in ("kernels", "compute_dtype") if details.get(k)) or "not said"),
        ("drafter", "none" if drafter is None else str(drafter.get("name"))),
        ("machine", ", ".join(str(h) for h in hardware if h) or "not said"),
        ("sandbox", str(machine.get("sandbox", "not said"))),
        ("gemstead", str(machine.get("gemstead", "not said"))),
        ("task version", str(machine.get("task_version", "not said")) + ("" if run.is_task_here else unknown)),
        ("taken out by", f"extractor {', '.join(run.extractors)}, scoring {stored.scoring}"),
        ("weights", str(about.get("fingerprint", "not said"))),
        ("prompts", run.prompts_sha256),
        ("run key", stored.key or "not said"),
    ]  # fmt: skip
    return [fact for fact in facts if (fact[0] != "drafter" or "drafter" in details) and fact[1]]


def _plain(value: object) -> str:
    if value is None:
        return "all"
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


class _Strings:
    """Each text once."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def place(self, text: str) -> int:
        return self._places.setdefault(text, len(self._places))

    @property
    def all(self) -> list[str]:
        return list(self._places)


def _data(report: Report) -> dict[str, Any]:
    """What the page's script shows when a tile is clicked; rows are lists, in the order that the script reads them."""
    strings = _Strings()
    return {
        "sides": [score.label for score in report.scores],
        "statuses": {name: [letter, words] for name, (letter, words) in _statuses(report).items()},
        "prompts": [
            [strings.place(p.text), p.ids[1:-1].replace(",", ""), int(p.is_spelled)] for p in report.prompts
        ],
        "problems": [
            [p.id, p.known_defect or "", [_answer_row(a, strings) for a in p.answers]] for p in report.problems
        ],
        "strings": strings.all,
    }  # fmt: skip


def _answer_row(answer: ReportAnswer, strings: _Strings) -> list[Any]:
    return [
        answer.side, answer.sample, answer.prompt, strings.place(answer.text), strings.place(answer.thought),
        _program(answer, strings), strings.place(answer.how), answer.status, strings.place(answer.detail),
        answer.finish, int(answer.is_thought_open), "" if answer.seed is None else str(answer.seed),
        answer.prompt_tokens, answer.completion_tokens, round(answer.seconds, 2), round(answer.cpu_s, 3),
        round(answer.wall_s, 3), " ".join(answer.parts),
    ]  # fmt: skip


def _program(answer: ReportAnswer, strings: _Strings) -> Any:
    """Where in the answer it stands, if it does, else its place among the strings; most stand there verbatim."""
    program = answer.program
    if program is None:
        return None
    # A script counts in UTF-16 units, we in characters; they agree in ASCII.
    start = answer.text.find(program) if answer.text.isascii() else -1
    return strings.place(program) if start < 0 else [start, start + len(program)]
