"""`gemstead bench`."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from gemstead.bench import limits, peers, start
from gemstead.bench.limits import Limits
from gemstead.bench.peers import Rival
from gemstead.bench.start import Start
from gemstead.cli.main import app
from gemstead.core.errors import BadRequest, Infrastructure, NotFound

QUICK = ["bench", "--prompt", "24", "--batch", "1,2", "--tokens", "8", "--rounds", "1"]


@pytest.fixture(autouse=True)
def known_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "measure_limits", lambda *_: Limits(copy_bytes_s=1e10, matrix_flop_s=1e12))


def test_every_row_has_its_limit_and_the_share_reached() -> None:
    result = CliRunner().invoke(app, [*QUICK, "--json"])
    report = json.loads(result.stdout)
    assert [(row["context"], row["batch"]) for row in report["rows"]] == [(24, 1), (24, 2)]
    for row in report["rows"]:
        assert row["decode_share"] == pytest.approx(row["decode_tok_s"] / row["decode_limit_tok_s"])
        assert row["prefill_share"] == pytest.approx(row["prefill_tok_s"] / row["prefill_limit_tok_s"])
    assert report["model"]["name"] == "pebble" and not report["model"]["is_random"]
    assert report["memory"]["planned_bytes"] > report["model"]["weight_bytes"]


def test_the_table_tells_peers_reproducible_cost_and_start(monkeypatch: pytest.MonkeyPatch) -> None:
    rival = Rival(peer="transformers 5", context=24, batch=2, prefill_tok_s=1.0, decode_tok_s=2.0)
    monkeypatch.setattr(peers, "find_peer", lambda *_: None)
    monkeypatch.setattr(peers, "measure_peer", lambda *_, **__: iter([rival]))
    monkeypatch.setattr(start, "measure_start", lambda _: Start(cold_s=21.0, warm_s=9.0))
    result = CliRunner().invoke(app, [*QUICK, "--reproducible", "--start", "--against", "transformers"])
    assert result.exit_code == 0, result.output
    assert "limits measured here: 10.0 GB/s copied, 1.00 TFLOP/s" in result.stdout
    assert "reproducible at batch 2, prompt 24: a step takes " in result.stdout
    assert "transformers 5, prompt 24, batch 2: reads 1.0 tok/s, writes 2.0; gemstead is " in result.stdout
    assert "first token 21.0 s after the start of a process that has to compile, 9.0 s" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["pebble", "--random", "gemma-4-E2B"], "both the model pebble and --random gemma-4-E2B"),
        (["--batch", "1,x"], "--batch is '1,x'; allowed are whole numbers"),
        (["--prompt", "0"], "--prompt is '0'"),
        (["--tokens", "2"], "--tokens is 2; allowed is 8 to 4096"),
        (["--against", "ollama"], "no peer is called 'ollama'; there are transformers, vllm, llama.cpp"),
    ],
)
def test_wrong_use_is_answered_at_once(arguments: list[str], says: str) -> None:
    result = CliRunner().invoke(app, ["bench", *arguments])
    assert isinstance(result.exception, BadRequest)
    assert says in str(result.exception)


def test_a_peer_that_is_not_here_says_how_it_would_be_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotFound, match=r"llama\.cpp is not on this machine"):
        peers.find_peer("llama.cpp", None)
    executable(tmp_path / "llama-bench", "")
    with pytest.raises(BadRequest, match=r"llama\.cpp measures a file"):
        peers.find_peer("llama.cpp", None)
    peers.find_peer("llama.cpp", tmp_path / "model.gguf")


def test_llama_bench_is_asked_for_one_sequence_and_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"n_prompt": 512, "n_gen": 0, "avg_ts": 93.0, "build_commit": "abc"},
        {"n_prompt": 0, "n_gen": 16, "avg_ts": 13.3, "build_commit": "abc"},
    ]
    executable(tmp_path / "llama-bench", f"cat <<'END'\n{json.dumps(rows)}\nEND\n")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    found = list(
        peers.measure_peer(
            "llama.cpp",
            {},
            [(512, 1), (512, 8)],
            tokens=16,
            rounds=1,
            device=peers.torch.device("cpu"),
            dtype=peers.torch.float32,
            gguf=tmp_path / "x.gguf",
        )
    )
    assert found == [Rival(peer="llama.cpp abc", context=512, batch=1, prefill_tok_s=93.0, decode_tok_s=13.3)]


def test_a_peer_that_fails_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    executable(tmp_path / "llama-bench", "echo 'unknown model architecture' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(Infrastructure, match=r"llama\.cpp failed: unknown model architecture"):
        list(
            peers.measure_peer(
                "llama.cpp",
                {},
                [(8, 1)],
                tokens=8,
                rounds=1,
                device=peers.torch.device("cpu"),
                dtype=peers.torch.float32,
                gguf=tmp_path / "x.gguf",
            )
        )


def test_a_peer_that_fails_takes_no_figures_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> list[Rival]:
        raise Infrastructure("transformers failed: no room")

    monkeypatch.setattr(peers, "find_peer", lambda *_: None)
    monkeypatch.setattr(peers, "measure_peer", fails)
    result = CliRunner().invoke(app, [*QUICK, "--json", "--against", "transformers"])
    assert isinstance(result.exception, Infrastructure)
    report = json.loads(result.stdout)
    assert len(report["rows"]) == 2 and report["peers"] == []


def test_a_process_is_timed_to_its_first_token() -> None:
    found = start.measure_start({"model": "pebble", "context": 8})
    assert 0.5 < found.warm_s < 200
    assert 0.5 < found.cold_s < 200


def executable(file: Path, script: str) -> None:
    file.write_text(f"#!/bin/sh\n{script}")
    file.chmod(file.stat().st_mode | stat.S_IXUSR)
