"""What a report says about stored runs, and that its page holds all of it and nothing from elsewhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import gemstead
from gemstead.chat.tokenizer import Tokenizer
from gemstead.checkpoints.hub import embedded_folder
from gemstead.core.errors import BadRequest, NotFound
from gemstead.evals.agreement import AgreementFile, AnswerAgreement
from gemstead.evals.compare import agreement_file, keep_peak
from gemstead.evals.repeat import command
from gemstead.evals.report import Report, build_report, select
from gemstead.evals.report_page import render_report
from gemstead.evals.store import Store
from gemstead.evals.sweep import keep_sweep, new_sweep
from tests.evals.stored_runs import DETAILS, HOSTILE, SETTINGS, keep_run

MOST_BYTES = 3_000_000  # of a report of 164 problems and five runs


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "runs.sqlite")
    yield store
    store.close()


def report(store: Store, *names: str, **options: Any) -> Report:
    return build_report(select(store, names), **options)


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, flags=re.S)
    assert found is not None
    return dict(json.loads(found[1]))


def test_one_run_has_its_score_and_no_comparison(store: Store) -> None:
    keep_run(store, "a", [True, False, True, None])
    found = report(store, "a")
    assert found.title == "pebble on HumanEval" and found.comparison is None and found.meanings == ()
    assert (found.scores[0].num_problems, found.scores[0].num_errors) == (3, 1)
    assert found.solved(0) == pytest.approx(2) and found.runs[0].summary.statuses["error"] == 1
    assert found.problems[3].share(0) is None and found.problems[0].share(0) == 1


def test_prompts_are_spelled_out_by_the_model_s_tokenizer_and_kept_once(store: Store) -> None:
    keep_run(store, "a", [True, False])
    keep_run(store, "b", [True, True], precision="int8")
    found = report(store, "a", "b")
    assert len(found.prompts) == 2 and all(p.is_spelled for p in found.prompts)
    assert (
        found.prompts[0].text.startswith("<bos><|turn>user\nComplete") and "has_close_elements" in found.prompts[0].text
    )
    assert json.loads(found.prompts[0].ids) == list(store.answers("a")["HumanEval/0", 0].prompt_ids)


def test_without_the_model_s_tokenizer_the_question_stands_in_and_says_so(store: Store) -> None:
    keep_run(store, "a", [True], model="nobody/nothing")
    prompt = report(store, "a").prompts[0]
    assert not prompt.is_spelled and prompt.text.startswith("Complete") and json.loads(prompt.ids)[0] == 2


def test_another_model_s_tokenizer_is_found_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_run(store, "a", [True])
    monkeypatch.setattr("gemstead.chat.tokenizer.Tokenizer.piece", lambda self, token_id: "x")
    assert not report(store, "a").prompts[0].is_spelled


def test_known_defects_are_told_only_of_the_version_that_was_asked(store: Store) -> None:
    keep_run(store, "a", [True] * 50)
    keep_run(store, "b", [True] * 50, machine={"task_version": "0"})
    assert report(store, "a").problems[47].known_defect is not None
    other = report(store, "b")
    assert other.problems[47].known_defect is None and not other.runs[0].is_task_here
    assert "known defects are not told" in render_report(other)


def test_a_comparison_brings_its_sides_margin_and_command(store: Store, tmp_path: Path) -> None:
    asked = {name: value for name, value in SETTINGS.items() if name != "task"}
    sweep = new_sweep("pebble", ["humaneval"], ["bf16", "int8"], asked, load={}, margin=0.05)
    keep_sweep(sweep, store)
    keep_run(store, sweep.run_id("humaneval", "bf16"), [True, False, True])
    with pytest.raises(BadRequest, match=r"is not finished: .* no run is called") as raised:
        select(store, [sweep.id])
    assert f"gemstead eval humaneval --resume {sweep.id}" in str(raised.value.hint)
    keep_run(store, sweep.run_id("humaneval", "int8"), [True, True, False], precision="int8")
    found = report(store, sweep.id)
    assert [s.label for s in found.scores] == ["bf16", "int8"] and found.comparison is not None
    assert found.comparison.differences[0].equivalence.margin == 0.05 and "within 5 points" in found.meanings[0].verdict
    assert len(found.commands) == 1 and "--precision bf16,int8 " in found.commands[0]
    assert found.commands[0].endswith("--margin 5")


def test_wrong_use_names_the_cure(store: Store) -> None:
    keep_run(store, "a", [True, False])
    keep_run(store, "b", [True, False], style="base", precision="int8")
    with pytest.raises(NotFound, match="no run is called 'x'"):
        select(store, ["x"])
    with pytest.raises(BadRequest, match="a and b were not asked the same: style is 'chat' and 'base'"):
        report(store, "a", "b")
    with pytest.raises(BadRequest, match="no run is named"):
        select(store, [])


def test_the_command_says_what_differs_from_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ann")
    model = {"name": "/home/ann/my models/g", "device": "cuda", "context_tokens": 4096,
             "details": {"kernels": "fast", "max_sequences": 8, "drafter": None}}  # fmt: skip
    asked = {**SETTINGS, "limit": 5, "samples": 3, "temperature": 0.8, "thinking": True, "data": "/data/x.jsonl"}
    assert command("mbpp", "int4", model, asked) == (
        "gemstead eval mbpp --model ~/'my models/g' --precision int4 --data /data/x.jsonl --limit 5 --samples 3 "
        "--temperature 0.8 --max-tokens 1024 --think --fast --batch 8 --device cuda --context 4096 --drafter off"
    )
    usual = {
        "name": "pebble",
        "device": "cpu",
        "context_tokens": 2048,
        "details": {**DETAILS, "drafter": {"name": "assistant"}},
    }
    assert command("humaneval", "bf16", usual, {**SETTINGS, "max_tokens": None}) == (
        "gemstead eval humaneval --model pebble --precision bf16 --device cpu --context 2048"
    )


def test_json_says_what_the_page_says(store: Store, tmp_path: Path) -> None:
    keep_run(store, "a", [True, False])
    keep_run(store, "b", [True, True], precision="int8")
    said = json.loads(json.dumps(report(store, "a", "b").as_json()))
    assert said["format"] == 1 and said["scores"][0]["pass_at_1"] == 0.5
    assert said["comparison"]["differences"][0]["gained"] == ["HumanEval/1"]
    first = said["problems"][0]["answers"][0]
    assert first["text"].startswith("```python") and first["status"] == "passed"
    assert said["prompts"][first["prompt"]]["ids"][0] == 2
    assert len(said["runs"][0]["prompts_sha256"]) == 64 == len(said["runs"][0]["run"]["model"]["fingerprint"])
    assert said["runs"][0]["prompts_sha256"] == said["runs"][1]["prompts_sha256"]
    assert said["cost"]["sentences"] and said["published"]["humaneval"][0]["obstacles"]


class Elements(HTMLParser):
    """What a page is made of, read as a browser reads it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_is_complete_and_hostile_answers_stay_text(store: Store) -> None:
    keep_run(store, HOSTILE[2], [True, None] * 10, texts=HOSTILE)
    keep_run(store, "b", [True, False] * 10, texts=HOSTILE, precision="<img src=x onerror=alert(2)>")
    page = render_report(report(store, HOSTILE[2], "b"))
    elements = Elements(page)
    assert [attrs.get("type") for tag, attrs in elements.found if tag == "script"] == ["application/json", None]
    assert not [tag for tag, attrs in elements.found if tag in ("img", "iframe", "object", "embed", "base", "form")]
    assert not [attrs for _, attrs in elements.found if any(name.startswith("on") for name in attrs)]
    outside = [attrs for tag, attrs in elements.found if tag != "a" and ("src" in attrs or "href" in attrs)]
    assert [attrs["href"] for attrs in outside] == ["data:,"]
    assert all(
        attrs.get("rel") for tag, attrs in elements.found if tag == "a" and str(attrs["href"]).startswith("http")
    )
    assert "@import" not in page and not re.search(r"url\((?!#)", page)
    assert set(HOSTILE) <= set(data_of(page)["strings"]), "and nothing of it is lost"


def test_the_page_shows_every_answer_with_its_verdict(store: Store, tmp_path: Path) -> None:
    keep_run(store, "a", [True, False, None])
    keep_run(store, "b", [False, False, True], precision="int8")
    page = render_report(report(store, "a", "b"))
    tiles = re.findall(r'class="(tile[^"]*)" data-n="(\d+)" title="([^"]*)"', page)
    assert [t[0] for t in tiles] == ["tile solved differs", "tile unsolved", "tile solved"]
    assert tiles[2][2] == "HumanEval/2. pebble bf16: not judged; pebble int8: solved"
    data = data_of(page)
    assert [len(problem[2]) for problem in data["problems"]] == [2, 2, 2]
    row = data["problems"][0][2][0]
    program = data["strings"][row[3]][slice(*row[5])]
    assert row[7] == "passed" and program.startswith("from typing") and row[11] == str(2**56)


def test_several_samples_are_shares_and_all_of_them_are_there(store: Store) -> None:
    keep_run(store, "a", [True, False, False, False], samples=2, temperature=0.8)
    found = report(store, "a")
    page = render_report(found)
    assert found.problems[0].share(0) == 0.5 and 'title="HumanEval/0. pebble bf16: solved in some samples"' in page
    assert len(data_of(page)["problems"][0][2]) == 2 and "averaged over all samples" in page


def test_agreement_and_memory_are_shown_where_they_were_measured(store: Store, tmp_path: Path) -> None:
    keep_run(store, "a", [True, False])
    keep_run(store, "b", [True, False], precision="int8")
    assert "peak memory of the process" not in render_report(report(store, "a", "b"))
    file = AgreementFile(agreement_file(tmp_path / "runs", "a", "b"))
    for problem in ("HumanEval/0", "HumanEval/1"):
        row = AnswerAgreement(
            problem=problem, sample=0, tokens=100, kl_nats=0.5, same_top=99, first_nats=1.0, other_nats=2.0
        )
        file.add(row)
    keep_peak(tmp_path / "runs" / "a", 5 * 2**30)
    keep_peak(tmp_path / "runs" / "b", 3 * 2**30)
    page = render_report(report(store, "a", "b"))
    assert "0.005" in page and "99.00 %" in page and "peak memory of the process, GiB" in page and "5.0 GiB" in page


def test_a_run_of_an_endpoint_has_no_electricity(store: Store) -> None:
    keep_run(store, "a", [True])
    store._db.execute("UPDATE runs SET model = json_set(model, '$.device', 'endpoint')")
    found = report(store, "a")
    assert found.cost.local == () and "--device" not in found.commands[0]
    assert "Nothing ran on this machine" in render_report(found)


PRICE = {"input_usd": 2.0, "output_usd": 10.0, "cached_input_usd": None, "source": "given by hand"}
AT_ENDPOINT = {
    "endpoint": "https://api.example.com/v1", "api_key_env": "MY_KEY", "extra": {"reasoning_effort": "low"},
    "price": PRICE,
}  # fmt: skip


def test_a_run_of_an_endpoint_tells_what_it_cost_beside_electricity_and_how_to_repeat_it(store: Store) -> None:
    keep_run(store, "here", [True, True])
    keep_run(store, "there", [True, False], precision="as served", model="big", details=AT_ENDPOINT)
    store._db.execute("UPDATE runs SET model = json_set(model, '$.device', 'endpoint') WHERE id = 'there'")
    found = report(store, "here", "there")
    read = sum(a.prompt_tokens for p in found.problems for a in p.answers if a.side == 1)
    (paid,) = found.cost.charged
    assert paid.usd == pytest.approx((read * 2 + 2 * 50 * 10) / 1e6) and paid.usd_per_solved == pytest.approx(paid.usd)
    assert [row.label for row in found.cost.local] == ["pebble bf16"], "no electricity of ours went there"
    assert found.commands[1] == (
        "gemstead eval humaneval --endpoint https://api.example.com/v1 --api-key-env MY_KEY "
        "--extra 'reasoning_effort=\"low\"' --price-in 2 --price-out 10 --model big --max-tokens 1024 --batch 64"
    ).removesuffix(" --batch 64")
    page = render_report(found)
    assert "The endpoint of big as served charges" in page and "given by hand" in page
    assert "times as much as" in page and json.loads(json.dumps(found.as_json()))["cost"]["charged"]


def test_without_a_price_the_charge_is_not_made_up(store: Store) -> None:
    keep_run(store, "there", [True], precision="as served", details={**AT_ENDPOINT, "price": None})
    store._db.execute("UPDATE runs SET model = json_set(model, '$.device', 'endpoint')")
    found = report(store, "there")
    assert found.cost.charged == () and "--price" not in found.commands[0]
    assert "is not known: no price was written down" in render_report(found)


def test_five_runs_of_164_problems_stay_small(store: Store) -> None:
    prose = "Here is the function, with one word of explanation after another. " * 12
    for number in range(5):
        texts = [f"{prose}\n```python\ndef f_{number}_{n}():\n    return {n}\n```\n" for n in range(164)]
        keep_run(store, f"r{number}", [True, False] * 82, texts=texts, precision=f"int{number}")
    page = render_report(report(store, *(f"r{number}" for number in range(5))))
    assert len(page.encode()) < MOST_BYTES


def test_a_report_loads_neither_torch_nor_scipy(store: Store, tmp_path: Path) -> None:
    keep_run(store, "a", [True, False])
    keep_run(store, "b", [True, True], precision="int8")
    code = (
        "import sys; from gemstead.cli.main import main\n"
        "try: main()\nfinally: print({'torch', 'scipy', 'pandas', 'huggingface_hub.hf_api'} & set(sys.modules))"
    )
    out = tmp_path / "page.html"
    words = ["report", "a", "b", "--store", str(store.file), "--out", str(out)]
    ran = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True)
    assert ran.stdout == f"{out}\nset()\n" and "pebble int8  100.0% of 2" in ran.stderr, ran.stderr
    assert out.read_text().startswith("<!doctype html>")


def test_characters_that_are_spelled_in_bytes_are_read(store: Store) -> None:
    keep_run(store, "a", [True])
    ids = list(store.answers("a")["HumanEval/0", 0].prompt_ids)
    odd = Tokenizer(embedded_folder() / "tokenizer.json").encode("🦀", controls=False)
    store._db.execute("UPDATE answers SET prompt_ids = ?", (json.dumps([*ids, *odd]),))
    prompt = report(store, "a").prompts[0]
    assert prompt.is_spelled and prompt.text.endswith("🦀")


def test_json_is_printed_alone_and_a_page_only_where_it_is_asked_for(store: Store, tmp_path: Path) -> None:
    keep_run(store, "a", [True, False])
    line = [sys.executable, "-m", "gemstead", "report", "a", "--json", "--store", str(store.file)]
    here = {**os.environ, "PYTHONPATH": str(Path(gemstead.__file__).parents[1])}
    ran = subprocess.run(line, capture_output=True, text=True, cwd=tmp_path, env=here)
    assert json.loads(ran.stdout)["scores"][0]["pass_at_1"] == 0.5 and not list(tmp_path.glob("*.html"))
    none = subprocess.run([*line, "--out", "none/a.html"], capture_output=True, text=True, cwd=tmp_path, env=here)
    assert none.returncode == 2 and "hint: name another file with `--out`" in none.stderr
    subprocess.run([w for w in line if w != "--json"], check=True, capture_output=True, cwd=tmp_path, env=here)
    assert [p.name for p in tmp_path.glob("*.html")] == ["a.html"]
