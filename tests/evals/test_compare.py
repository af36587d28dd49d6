"""Two stored runs: what flipped, what it means, and refusal when they were not asked the same."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

from gemstead.cli.compare import in_words
from gemstead.core.errors import BadRequest, NotFound
from gemstead.evals.agreement import AgreementFile, AnswerAgreement, agree_on, divergence, log_probabilities, pooled
from gemstead.evals.compare import agreement_file, compare, keep_peak, read_peak, read_side
from gemstead.evals.stats import Pairs
from gemstead.evals.store import Store, StoredAnswer, StoredRun, StoredVerdict
from gemstead.evals.words import points

SETTINGS = {"task": "humaneval", "style": "chat", "limit": None, "samples": 1, "seed": 0}


def answer(problem: str, sample: int = 0, **changes: Any) -> StoredAnswer:
    values: dict[str, Any] = {
        "problem": problem, "sample": sample, "key": "", "prompt_ids": [2, 7], "text": "x", "thought": "",
        "token_ids": [5, 6, 1], "finish": "stop", "is_thought_open": False, "seed": 0, "prompt_tokens": 2,
        "completion_tokens": 3, "started": 0.0, "finished": 2.0,
    }  # fmt: skip
    return StoredAnswer(**(values | changes))


def verdict(problem: str, passed: bool, sample: int = 0, **changes: Any) -> StoredVerdict:
    values: dict[str, Any] = {
        "problem": problem, "sample": sample, "extractor": "1", "program": "", "how": "", "detail": "",
        "status": "passed" if passed else "wrong", "passed": passed, "cpu_s": 0.0, "wall_s": 0.0,
        "is_near_limit": False,
    }  # fmt: skip
    return StoredVerdict(**(values | changes))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "runs.sqlite")


Add = Callable[..., str]


@pytest.fixture
def add(store: Store) -> Add:
    """Store a run: outcomes by problem, `None` for an answer that could not be judged."""

    def add(
        name: str, outcomes: Sequence[bool | None], *, precision: str = "bf16", task: str = "humaneval",
        version: str = "1", fingerprint: str = "f" * 64, prompt: Sequence[int] = (2, 7), extractor: str = "1",
        is_judged: bool = True, **settings: Any,
    ) -> str:  # fmt: skip
        about = {"name": "m", "precision": precision, "fingerprint": fingerprint, "details": {"weight_bytes": 1000}}
        asked = {**SETTINGS, "task": task, **settings}
        run = StoredRun(
            id=name, key="", created=0.0, task=task, settings=asked, model=about, machine={"task_version": version}
        )
        store.add_run(run)
        for number, outcome in enumerate(outcomes):
            problem, sample = f"{task}/{number // asked['samples']}", number % asked["samples"]
            store.add_answer(name, answer(problem, sample, prompt_ids=prompt))
            status = {} if outcome is not None else {"status": "error"}
            if is_judged:
                store.add_verdict(name, 1, verdict(problem, bool(outcome), sample, extractor=extractor, **status))
        return name

    return add


def test_flips_are_counted_and_named_both_ways(store: Store, add: Add) -> None:
    add("a", [True] * 6 + [False] * 4)
    add("b", [True] * 4 + [False] * 3 + [True] + [False] * 2, precision="int4")
    found = compare([read_side(store, "a"), read_side(store, "b")]).differences[0]
    assert found.pairs == Pairs(both=4, only_first=2, only_other=1, neither=3)
    assert found.lost == ("humaneval/4", "humaneval/5") and found.gained == ("humaneval/7",)
    assert found.points == pytest.approx(-0.1) and found.p_value == 1.0
    assert found.interval.low <= -0.1 <= found.interval.high
    assert found.same_text == 1.0 and found.agreement is None
    assert found.equivalence.verdict == "undecided"


def test_scores_stand_beside_each_other_with_what_they_cost(store: Store, add: Add, tmp_path: Path) -> None:
    add("a", [True] * 3 + [False])
    add("b", [True] * 4, precision="int8")
    keep_peak(tmp_path / "runs" / "b", 700)
    keep_peak(tmp_path / "runs" / "b", 500)
    first, other = compare([read_side(store, "a"), read_side(store, "b")]).scores
    assert (first.pass_at_1, other.pass_at_1) == (0.75, 1.0) and first.num_problems == 4
    assert first.label == "m bf16" and other.label == "m int8"
    assert first.rate_tok_s == pytest.approx(4 * 3 / 2) and first.weight_bytes == 1000
    assert first.peak_bytes is None and other.peak_bytes == 700 == read_peak(tmp_path / "runs" / "b")


def test_several_tasks_are_pooled(store: Store, add: Add) -> None:
    add("a1", [True, False])
    add("a2", [True, True, False], task="mbpp")
    add("b1", [True, True], precision="int4")
    add("b2", [True, True, False], task="mbpp", precision="int4")
    found = compare([read_side(store, "a2+a1"), read_side(store, "b1+b2")])
    assert found.tasks == ("humaneval", "mbpp") and found.scores[0].num_problems == 5
    assert found.differences[0].pairs == Pairs(both=3, only_first=0, only_other=1, neither=1)
    assert found.scores[0].rate_tok_s == pytest.approx(5 * 3 / 4), "tasks are run one after another"
    with pytest.raises(BadRequest, match="pools two runs of one task"):
        read_side(store, "a1+b1")
    with pytest.raises(BadRequest, match="pools different models or precisions"):
        read_side(store, "a1+b2")


def test_several_samples_are_compared_by_share_without_mcnemar(store: Store, add: Add) -> None:
    add("a", [True, False, True, True], samples=2)
    add("b", [False, False, True, True], samples=2, precision="int4")
    found = compare([read_side(store, "a"), read_side(store, "b")]).differences[0]
    assert found.points == pytest.approx(-0.25) and found.pairs is None and found.p_value is None
    assert found.lost == ("humaneval/0",) and found.num_problems == 2


def test_what_could_not_be_judged_counts_neither_way(store: Store, add: Add) -> None:
    add("a", [True, None, False])
    add("b", [True, True, False], precision="int4")
    comparison = compare([read_side(store, "a"), read_side(store, "b")])
    assert comparison.differences[0].num_problems == 2 and comparison.differences[0].num_left_out == 1
    assert comparison.scores[0].num_errors == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"task": "mbpp"}, "task is humaneval and mbpp"),
        ({"version": "2"}, "version of humaneval is 1 and 2"),
        ({"style": "base"}, "style is 'chat' and 'base'"),
        ({"seed": 1, "limit": 2}, "limit is None and 2; seed is 0 and 1"),
        ({"prompt": (2, 8)}, "the prompts of 2 problems, the first humaneval/0"),
        ({"extractor": "2"}, r"programs were taken out of answers by version \['1'\] and \['2'\]; `--rescore` both"),
    ],
)
def test_runs_that_were_not_asked_the_same_are_refused(
    changes: dict[str, Any], says: str, store: Store, add: Add
) -> None:
    add("a", [True, False])
    add("b", [True, False], **{"precision": "int4", **changes})
    with pytest.raises(BadRequest, match=f"a and b were not asked the same: {says}"):
        compare([read_side(store, "a"), read_side(store, "b")])


def test_runs_of_other_problems_are_refused(store: Store, add: Add) -> None:
    add("a", [True, False, True])
    add("b", [True, False], precision="int4")
    with pytest.raises(BadRequest, match="1 answers are only in m bf16, the first to humaneval/2"):
        compare([read_side(store, "a"), read_side(store, "b")])


def test_other_models_may_have_other_templates(store: Store, add: Add) -> None:
    add("a", [True, False])
    add("b", [True, False], fingerprint="e" * 64, prompt=(3, 4, 5))
    assert compare([read_side(store, "a"), read_side(store, "b")]).differences[0].points == 0


def test_an_unfinished_run_is_not_compared(store: Store, add: Add) -> None:
    add("a", [True], is_judged=False)
    with pytest.raises(BadRequest, match=r"a is not finished.*\nhint: `gemstead eval humaneval --resume a`"):
        read_side(store, "a")
    with pytest.raises(NotFound):
        read_side(store, "nonesuch")
    add("b", [True])
    with pytest.raises(BadRequest, match="at least 2"):
        compare([read_side(store, "b")])


def test_sides_of_one_label_are_told_apart_by_run(store: Store, add: Add) -> None:
    add("a", [True, False])
    add("b", [True, False])
    assert [s.label for s in compare([read_side(store, "a"), read_side(store, "b")]).scores] == ["a", "b"]


def test_words_say_no_more_than_is_known(store: Store, add: Add) -> None:
    def words(name: str, first: list[bool], other: list[bool]) -> str:
        sides = [read_side(store, add(f"{name}{n}", x)) for n, x in enumerate((first, other))]
        return "\n".join(in_words(compare(sides).differences[0]))

    alike = words("a", [True] * 100 + [False] * 64, [True] * 100 + [False] * 64)
    assert "is as good as" in alike and "within 2 points" in alike and "No problem flipped" in alike
    few = words("b", [True, False], [True, False])
    assert "Undecided" in few and "About 133 problems" in few
    worse = words("c", [True] * 164, [True] * 124 + [False] * 40)
    assert "is worse than" in worse and "lost: humaneval/124" in worse and "and 34 more" in worse
    large = words("d", [True] * 20, [True] * 18 + [False] * 2)
    assert "Undecided" in large and "as large as the margin" in large
    floor = words("e", [False] * 164, [False] * 164)
    assert "Both fail nearly all problems" in floor
    assert points(-0.0123) == "-1.2" and points(-1e-9) == "0.0" and points(0.02) == "+2.0"


def test_divergence_is_kl_in_nats_and_the_same_arg_max() -> None:
    first, other = torch.tensor([[0.0, 1.0, 3.0], [2.0, 0.0, 0.0]]), torch.tensor([[0.0, 1.0, 3.0], [0.0, 2.0, 1.0]])
    kl, same = divergence(log_probabilities(first), log_probabilities(other))
    p, q = first[1].double().softmax(0), other[1].double().softmax(0)
    assert float(kl[0]) == 0.0 and float(kl[1]) == pytest.approx(float((p * (p / q).log()).sum()))
    assert same.tolist() == [True, False]


class Chunks:
    """Reads by a script: logits handed out so many rows at a time."""

    def __init__(self, rows: torch.Tensor, at_once: int) -> None:
        self._rows, self._at_once = rows, at_once

    def forced_logits(self, prompt_ids: Sequence[int], answer_ids: Sequence[int]) -> Any:
        assert len(answer_ids) == len(self._rows)
        yield from self._rows.split(self._at_once)


def test_agreement_is_pooled_over_tokens_and_survives_a_cut_off_line(tmp_path: Path) -> None:
    first, other = torch.randn(3, 11), torch.randn(3, 11)
    row = agree_on(Chunks(first, 2), Chunks(other, 2), answer("p"))
    kl, same = divergence(log_probabilities(first), log_probabilities(other))
    assert row.tokens == 3 and row.kl_nats == pytest.approx(float(kl.sum())) and row.same_top == int(same.sum())
    file = AgreementFile(tmp_path / "deep" / "rows.jsonl")
    assert file.rows() == {}
    file.add(row)
    with (tmp_path / "deep" / "rows.jsonl").open("a") as stream:
        stream.write('{"problem": "q", "sam')
    assert list(file.rows()) == [("p", 0)]
    nats = [-float(rows.double().log_softmax(-1)[range(3), answer("p").token_ids].sum()) for rows in (first, other)]
    assert (row.first_nats, row.other_nats) == (pytest.approx(nats[0]), pytest.approx(nats[1]))
    second = AnswerAgreement(problem="r", sample=0, tokens=1, kl_nats=2.0, same_top=0, first_nats=0.5, other_nats=1.5)
    file.add(second)
    assert set(file.rows()) == {("p", 0), ("r", 0)}
    total = pooled(list(file.rows().values()))
    assert total is not None and total.tokens == 4
    assert total.mean_kl_nats == pytest.approx((row.kl_nats + 2) / 4) and total.same_top == row.same_top / 4
    assert total.perplexity == pytest.approx((math.exp((nats[0] + 0.5) / 4), math.exp((nats[1] + 1.5) / 4)))
    assert pooled([]) is None
    with pytest.raises(BadRequest, match="were not stored"):
        agree_on(Chunks(first, 2), Chunks(other, 2), answer("p", prompt_ids=[]))


def test_agreement_counts_once_it_is_whole(store: Store, add: Add, tmp_path: Path) -> None:
    add("a", [True, False])
    add("b", [True, False], precision="int4")
    file = AgreementFile(agreement_file(tmp_path / "runs", "a", "b"))
    for problem, expected in (("humaneval/0", None), ("humaneval/1", 0.5)):
        row = AnswerAgreement(
            problem=problem, sample=0, tokens=2, kl_nats=1.0, same_top=2, first_nats=1.0, other_nats=1.0
        )
        file.add(row)
        agreement = compare([read_side(store, "a"), read_side(store, "b")]).differences[0].agreement
        assert (agreement and agreement.mean_kl_nats) == expected


def test_comparing_stored_runs_loads_neither_torch_nor_scipy() -> None:
    """A report has two seconds; each of these takes one to load."""
    code = "import sys, gemstead.evals.compare, gemstead.evals.sweep; print({'torch', 'scipy'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"
