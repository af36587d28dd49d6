"""The whole path at its smallest: trains, resumes to the identical model, exports, loads, generates."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

import gemstead
from gemstead.cli.main import app
from gemstead.core.errors import BadCheckpoint, BadRequest, OutOfCapacity
from gemstead.train.loop import CHECKPOINT
from gemstead.train.pebble import WORK, train_pebble
from gemstead.train.settings import TINY, Settings

SMALL = replace(TINY, steps=12, max_source_files=8, vocabulary_exercises=60, warmup_steps=3)


def weights(folder: Path) -> str:
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    torch.set_num_threads(1)
    lines: list[str] = []
    out = train_pebble(tmp_path_factory.mktemp("whole"), settings=SMALL, device="cpu", say=lines.append)
    return out, lines


def test_the_loss_falls_from_that_of_guessing(trained: tuple[Path, list[str]]) -> None:
    _, lines = trained
    last = next(line for line in lines if line.startswith("step 12/12"))
    assert float(last.split("held-out")[1].split()[0]) < 6.7 < 7.34  # 7.34 = ln 1536, knowing nothing


def test_the_export_loads_and_generates(trained: tuple[Path, list[str]]) -> None:
    out, _ = trained
    assert {f.name for f in out.iterdir() if f.is_file()} == {
        "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json", "generation_config.json",
        "chat_template.jinja", "training.json",
    }  # fmt: skip
    with gemstead.load(str(out), device="cpu", context=128, max_sequences=2) as model:
        assert model.chat("Hello", max_tokens=5).end.usage.completion_tokens >= 1


def test_a_run_that_was_stopped_ends_in_the_identical_model(trained: tuple[Path, list[str]], tmp_path: Path) -> None:
    whole, _ = trained
    train_pebble(tmp_path, settings=SMALL, device="cpu", stop_at=5)
    assert not (tmp_path / "model.safetensors").exists()
    train_pebble(tmp_path, settings=SMALL, device="cpu")
    assert weights(tmp_path) == weights(whole)


def test_a_run_that_was_killed_ends_in_the_identical_model(trained: tuple[Path, list[str]], tmp_path: Path) -> None:
    whole, _ = trained
    changes = ["steps=12", "max_source_files=8", "vocabulary_exercises=60", "warmup_steps=3", "save_every_s=0"]
    options = [option for change in changes for option in ("--set", change)]
    command = [sys.executable, "-m", "gemstead", "train", "pebble", "--tiny", "--device", "cpu", "--out", tmp_path]
    run = subprocess.Popen([*map(str, command), *options], env={**os.environ, "OMP_NUM_THREADS": "1"})
    while not (tmp_path / WORK / CHECKPOINT).is_file():
        assert run.poll() is None
        time.sleep(0.05)
    run.kill()
    run.wait()
    assert not (tmp_path / "model.safetensors").exists()
    train_pebble(tmp_path, settings=SMALL, device="cpu")
    assert weights(tmp_path) == weights(whole)


def test_a_full_disk_is_told_and_the_last_checkpoint_stays(
    trained: tuple[Path, list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(trained[0] / WORK, tmp_path / WORK, ignore=shutil.ignore_patterns(CHECKPOINT))
    train_pebble(tmp_path, settings=SMALL, device="cpu", stop_at=2)
    before = (tmp_path / WORK / CHECKPOINT).read_bytes()

    def fills_the_disk(state: object, file: Path) -> None:
        file.write_bytes(b"half of it")
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(torch, "save", fills_the_disk)
        with pytest.raises(OutOfCapacity, match="No space left on device") as found:
            train_pebble(tmp_path, settings=SMALL, device="cpu", stop_at=4)
    assert "free some disk" in str(found.value.hint)
    assert (tmp_path / WORK / CHECKPOINT).read_bytes() == before
    lines: list[str] = []
    train_pebble(tmp_path, settings=SMALL, device="cpu", stop_at=3, say=lines.append)
    assert "resumed at step 2" in lines


def test_a_corrupt_checkpoint_is_named(trained: tuple[Path, list[str]], tmp_path: Path) -> None:
    whole, _ = trained
    work = tmp_path / WORK
    work.mkdir()
    for file in (whole / WORK).iterdir():
        (work / file.name).write_bytes(file.read_bytes()[: 5000 if file.name == CHECKPOINT else None])
    with pytest.raises(BadCheckpoint, match=CHECKPOINT):
        train_pebble(tmp_path, settings=SMALL, device="cpu")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutOfCapacity, match="cannot be written"):
        train_pebble(tmp_path / "file", settings=SMALL, device="cpu")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["pebble", "--minutes", "-1"], "minutes is -1"),
        (["pebble", "--minutes", "1", "--steps", "2"], "both given"),
        (["boulder"], "'boulder' cannot be trained; allowed is pebble"),
        (["pebble", "--set", "dept=4"], "did you mean 'depth'?"),
        (["pebble", "--set", "depth=four"], "is no JSON value"),
        (["pebble", "--set", "gpus=3", "--tiny", "--device", "cpu"], "gpus is 3; allowed is 1 to 2"),
    ],
)
def test_bad_options_are_refused_before_anything_is_written(options: list[str], message: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["train", *options, "--out", str(tmp_path / "x")])
    assert isinstance(done.exception, BadRequest)
    assert message in f"{done.exception.message} {done.exception.hint}"
    assert not (tmp_path / "x").exists()


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_without_a_gpu_only_the_tiny_model_is_trained(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="needs a GPU"):
        train_pebble(tmp_path / "x", settings=Settings())
    assert not (tmp_path / "x").exists()
