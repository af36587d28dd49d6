"""The front door: what users type, what they see, and what they are told when it was wrong."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.shared_data import SHARED, needs_shared
from tests.tiny_checkpoint import write_tiny_checkpoint


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_checkpoint(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEMSTEAD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return tmp_path / "home"


def gemstead(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gemstead", *map(str, arguments)],
        capture_output=True,
        text=True,
        input=stdin,
        timeout=300,
        env={**os.environ, "COLUMNS": "120"},
    )


def test_help_does_not_load_torch_and_names_every_command() -> None:
    check = "import sys; sys.argv = ['gemstead', '--help']\n"
    check += "from gemstead.cli.main import app\n"
    check += "try:\n    app()\nexcept SystemExit:\n    pass\n"
    check += "assert not {'torch', 'numpy', 'transformers', 'huggingface_hub'} & set(sys.modules), sys.modules.keys()"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for command in (
        "run",
        "eval",
        "compare",
        "export",
        "verify",
        "quantize",
        "judge",
        "doctor",
        "pull",
        "models",
        "rm",
        "train",
    ):
        assert f" {command} " in done.stdout


def test_help_is_quick() -> None:
    """Much of its time is the command-line library's own start, which depends on the machine and its load."""
    times: dict[str, list[float]] = {"--help": [], "typer": []}
    for _ in range(4):
        for what, arguments in (
            ("--help", ["-m", "gemstead", "--help"]),
            ("typer", ["-c", "import typer.main, rich.table"]),
        ):
            start = time.perf_counter()
            subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
            times[what].append(time.perf_counter() - start)
    # 0.28 s and 0.09 s on an idle machine; with torch it would be over a second.
    assert min(times["--help"]) < 6 * min(times["typer"])


def test_one_answer_goes_to_stdout_and_nothing_else(folder: Path) -> None:
    done = gemstead("run", folder, "hello", "--max-tokens", 5)
    assert done.returncode == 0
    piped = gemstead("run", folder, "--max-tokens", 5, stdin="hello")
    assert piped.stdout == done.stdout


def test_eval_ends_with_a_table_and_can_be_rescored(folder: Path) -> None:
    done = gemstead("eval", "humaneval", "--model", folder, "--limit", 3, "--max-tokens", 8)
    assert done.returncode == 0, done.stderr
    for words in ("pass@1", "Wilson", "time-outs", "no code found", "cap hits", "tok/s", "sandbox"):
        assert words in done.stdout
    run = next(line.split()[-1] for line in done.stdout.splitlines() if line.startswith("run "))
    files = next(line.split()[-1] for line in done.stdout.splitlines() if line.startswith("files "))
    assert (Path(files) / "samples.jsonl").is_file()
    again = gemstead("eval", "humaneval", "--rescore", run)
    assert again.returncode == 0, again.stderr
    resumed = gemstead("eval", "humaneval", "--resume", run)
    assert resumed.returncode == 0, resumed.stderr


def test_precisions_are_compared_in_one_table_and_again_from_the_store(folder: Path) -> None:
    asked = ("eval", "humaneval", "--model", folder, "--limit", 3, "--max-tokens", 8)
    done = gemstead(*asked, "--precision", "bf16,int8")
    assert done.returncode == 0, done.stderr
    for words in (
        "McNemar",
        "KL, nats",
        "top-1",
        "lost, gained",
        "weights",
        "bf16",
        "int8",
        "Undecided",
        "within 2 points",
    ):
        assert words in done.stdout
    name = next(line.split()[-1] for line in done.stdout.splitlines() if line.startswith("comparison "))
    runs = [f"{name}-humaneval-{precision}" for precision in ("bf16", "int8")]
    stored = gemstead("compare", *runs, "--json", "--margin", 3)
    difference = json.loads(stored.stdout)["differences"][0]
    assert difference["equivalence"]["margin"] == 0.03 and difference["agreement"]["tokens"] > 0
    rescored = gemstead("eval", "humaneval", "--rescore", name)
    assert rescored.returncode == 0 and "McNemar" in rescored.stdout, rescored.stderr
    single = gemstead(*asked, "--precision", "int4", "--json")
    refused = gemstead("compare", runs[0], json.loads(single.stdout)["run"].replace("humaneval", "humanevil"))
    assert refused.returncode == 2 and "no run is called" in refused.stderr
    longer = gemstead(*asked[:-1], 9, "--json")
    refused = gemstead("compare", runs[0], json.loads(longer.stdout)["run"])
    assert refused.returncode == 2 and "max_tokens is 8 and 9" in refused.stderr


def test_a_stored_run_is_exported_and_verified_by_its_file_alone(tmp_path: Path, home: Path) -> None:
    run = json.loads(gemstead("eval", "humaneval", "--limit", 3, "--max-tokens", 8, "--json").stdout)["run"]
    file = tmp_path / "result.jsonl.gz"
    done = gemstead("export", run, file)
    assert done.returncode == 0 and done.stdout.strip() == str(file), done.stderr
    (home / "runs.sqlite").unlink()
    verified = gemstead("verify", file)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    for words in ("verdicts: 3 of 3 the same", "prompts as sent: 3 of 3", "score then: ", "score now: ", "\nverified"):
        assert words in verified.stdout
    lines = gzip.decompress(file.read_bytes()).splitlines(keepends=True)
    forged = [lines[0], lines[1].replace(b'"wrong"', b'"passed"').replace(b'"no_code"', b'"passed"'), *lines[2:-1]]
    digest = hashlib.sha256(b"".join(forged)).hexdigest()
    plain = tmp_path / "forged.jsonl"
    plain.write_bytes(b"".join(forged) + json.dumps({"kind": "end", "sha256": digest}).encode() + b"\n")
    refused = gemstead("verify", plain)
    assert refused.returncode == 1 and "passed then" in refused.stdout and "not verified" in refused.stdout
    plain.write_bytes(b"".join(lines[:-1]))
    damaged = gemstead("verify", plain)
    assert damaged.returncode == 2 and "truncated" in damaged.stderr and "hint: get the file again" in damaged.stderr


def test_a_checkpoint_is_quantised_measured_and_used(folder: Path, tmp_path: Path) -> None:
    done = gemstead("quantize", folder, tmp_path / "q8", "--to", "int8")
    assert done.returncode == 0, done.stderr
    assert "nats a token" in done.stdout and "top-1 agreement" in done.stdout
    perplexity = re.search(r"perplexity ([\d.e+]+) \(source ([\d.e+]+)\)", done.stdout)
    assert perplexity is not None and float(perplexity[1]) == pytest.approx(float(perplexity[2]), rel=0.05)
    assert "experts are packed one matrix each: gemstead reads that, transformers does not" in done.stderr
    answer = gemstead("run", tmp_path / "q8", "hello", "--max-tokens", 5)
    assert answer.returncode == 0, answer.stderr
    twice = gemstead("quantize", folder, tmp_path / "q8", "--to", "int8")
    assert twice.returncode == 2 and "exists already" in twice.stderr


def test_a_destroyed_model_is_no_success(folder: Path, tmp_path: Path) -> None:
    """Random weights on four bits: most tokens are others than the source would write."""
    done = gemstead("quantize", folder, tmp_path / "q4", "--to", "int4")
    assert done.returncode == 1 and "int4 destroys this model" in done.stderr
    assert not list(tmp_path.glob("q4*"))


@needs_shared
def test_the_public_corpus_of_hostile_answers_is_judged_without_a_mistake(tmp_path: Path) -> None:
    samples, out = SHARED / "data" / "adversarial_public.jsonl", tmp_path / "verdicts.jsonl"
    done = gemstead("judge", "humaneval", samples, "--out", out)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in samples.read_text().splitlines()]
    verdicts = [json.loads(line) for line in out.read_text().splitlines()]
    wrong = [r["id"] for r, v in zip(rows, verdicts, strict=True) if v["passed"] != (r["verdict"] == "pass")]
    assert wrong == []
    for row, verdict in zip(rows, verdicts, strict=True):
        assert {k: verdict[k] for k in row} == row
        assert verdict["status"] in ("passed", "wrong", "timeout", "no_code", "crash", "forbidden")
        assert "program" in verdict and verdict["passed"] == (verdict["status"] == "passed")


def test_judge_names_a_bad_line_and_writes_nothing(tmp_path: Path) -> None:
    samples, out = tmp_path / "samples.jsonl", tmp_path / "out.jsonl"
    samples.write_text(
        '{"task_id": "HumanEval/0", "completion": "x"}\n{"task_id": "HumanEval/999", "completion": ""}\n'
    )
    done = gemstead("judge", "humaneval", samples, "--out", out)
    assert done.returncode == 2 and "line 2" in done.stderr and "HumanEval/999" in done.stderr
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("eval", "humanevil"), "humaneval"),
        (("eval", "humaneval", "--samples", "3"), "--temperature"),
        (("eval", "humaneval", "--resume", "nonesuch"), "nothing was run yet"),
        (("eval", "humaneval", "--precision", "bf16,int3"), "this version has bf16, fp16, fp32, int8, int4"),
        (("eval", "humaneval", "--precision", "int3"), "this version has bf16, fp16, fp32, int8, int4"),
        (("eval", "humaneval", "--precision", "int4,int4"), "named twice"),
        (("compare", "nonesuch", "neither"), "nothing was run yet"),
        (("eval", "humaneval", "--style", "base", "--think"), "--style chat"),
        (("run", "pebble", " "), "the prompt is empty"),
        (("run", "nonesuch", "hi"), "no such model or folder"),
        (("run", "owner/never-fetched", "hi"), "gemstead pull owner/never-fetched"),
        (("judge", "humaneval", "nonesuch.jsonl", "--out", "x"), "nonesuch.jsonl"),
    ],
)
def test_wrong_use_ends_in_one_error_with_a_cure(arguments: tuple[str, ...], says: str) -> None:
    done = gemstead(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith("error:") and says in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_examines_everything() -> None:
    done = gemstead("doctor", "--json")
    findings = {f["subject"]: f for f in json.loads(done.stdout)}
    assert {"torch", "kernels cpu", "reproducible", "sandbox", "sandbox self-test", "task humaneval"} <= set(findings)
    assert all(f["is_sound"] for f in findings.values()), findings


@needs_shared
def test_judge_reads_problems_from_a_file_and_tells_what_passes_the_base_inputs_alone(tmp_path: Path) -> None:
    multiply = "def multiply(a, b):\n    return %s"
    answers = [multiply % "abs(a % 10) * abs(b % 10)", multiply % "abs(abs(a) % 10) * abs(abs(b) % 10)", multiply % "0"]
    rows = [{"task_id": "HumanEval/97", "completion": f"```python\n{answer}\n```"} for answer in answers]
    (tmp_path / "samples.jsonl").write_text("\n".join(map(json.dumps, rows)))
    mini = SHARED / "data" / "HumanEvalPlus-Mini.jsonl.gz"
    done = gemstead("judge", "humaneval+", tmp_path / "samples.jsonl", "--out", tmp_path / "out.jsonl", "--data", mini)
    assert done.returncode == 0, done.stderr
    verdicts = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [v["passed"] for v in verdicts] == [False, True, False]
    assert [v["parts"] for v in verdicts] == [["base"], ["base", "plus"], []]
    assert "1 of 3 passed" in done.stderr and "66.7% with the base inputs alone" in done.stderr


def test_data_that_is_not_here_is_told_with_its_cure(tmp_path: Path) -> None:
    (tmp_path / "samples.jsonl").write_text("")
    done = gemstead("judge", "mbpp+", tmp_path / "samples.jsonl", "--out", tmp_path / "out.jsonl")
    assert done.returncode == 2 and "MbppPlus.jsonl.gz is not on this machine" in done.stderr
    assert "--data FILE" in done.stderr


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (("eval", "humaneval", "--limit", 0), "limit is 0; allowed is a whole number of at least 1"),
        (("eval", "humaneval", "--precision", "int7"), "precision is 'int7'; this version has bf16,"),
    ],
)
def test_a_wrong_value_is_told_with_what_is_allowed_and_where_to_look(asked: tuple[object, ...], told: str) -> None:
    done = gemstead(*asked)
    assert done.returncode == 2 and told in done.stderr
    assert "hint: `gemstead eval -h` shows every option, what it takes and its default" in done.stderr
