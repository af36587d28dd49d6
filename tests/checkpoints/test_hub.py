"""Fetching, listing and removing, against a stand-in for the Hub on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gemstead.checkpoints.hub import find_model, remove_model
from gemstead.core.errors import BadRequest, NotFound
from tests.gguf_files import all_in, write_gguf
from tests.hub_stand_in import HubStandIn
from tests.tiny_checkpoint import write_tiny_checkpoint

Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_checkpoint(tmp_path_factory.mktemp("served"))


@pytest.fixture
def hub(folder: Path) -> Iterator[HubStandIn]:
    with HubStandIn(folder) as hub:
        yield hub


@pytest.fixture
def gemstead(hub: HubStandIn, tmp_path: Path) -> Command:
    """Run the command line with the stand-in as its Hub and empty caches."""

    def run(*arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "HF_ENDPOINT": hub.url,
            "HF_HOME": str(tmp_path / "hf"),
            "GEMSTEAD_HOME": str(tmp_path / "home"),
            "HF_HUB_DISABLE_XET": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_OFFLINE": "0",
            **extra,
        }
        return subprocess.run(
            [sys.executable, "-m", "gemstead", *arguments],
            env=environment,
            capture_output=True,
            text=True,
            input="",
            timeout=120,
        )

    return run


def test_a_model_is_fetched_once_listed_asked_and_removed(gemstead: Command, hub: HubStandIn) -> None:
    first = gemstead("pull", "owner/tiny")
    assert first.returncode == 0, first.stderr
    assert Path(first.stdout.strip()).is_dir() and "complete" in first.stderr
    hub.requests.clear()
    assert gemstead("pull", "owner/tiny").returncode == 0
    assert not [r for r in hub.requests if "resolve" in r]
    assert "owner/tiny" in gemstead("models").stdout
    hub.requests.clear()
    answer = gemstead("run", "owner/tiny", "hello", "--max-tokens", "3", HF_HUB_OFFLINE="1")
    assert answer.returncode == 0 and hub.requests == []
    assert gemstead("rm", "owner/tiny", "--yes").returncode == 0
    assert "owner/tiny" not in gemstead("models").stdout
    gone = gemstead("rm", "owner/tiny", "--yes")
    assert gone.returncode == 2 and "not among the fetched models" in gone.stderr


def test_an_id_that_was_never_fetched_is_fetched_when_it_is_run(gemstead: Command) -> None:
    answer = gemstead("run", "owner/tiny", "hello", "--max-tokens", "3")
    assert answer.returncode == 0, answer.stderr


def test_a_line_that_goes_dead_is_survived(gemstead: Command, hub: HubStandIn) -> None:
    hub.break_after = 5000
    assert gemstead("pull", "owner/tiny").returncode == 0
    assert hub.break_after is None


def test_wrong_content_is_found_by_its_checksum_and_fetched_anew(gemstead: Command, hub: HubStandIn) -> None:
    hub.corrupt = True
    damaged = gemstead("pull", "owner/tiny")
    assert damaged.returncode == 1 and "SHA-256" in damaged.stderr and "model.safetensors" in damaged.stderr
    hub.corrupt = False
    assert gemstead("pull", "owner/tiny").returncode == 0


def test_what_cannot_be_fetched_says_why(gemstead: Command, hub: HubStandIn) -> None:
    missing = gemstead("pull", "owner/nonesuch")
    assert missing.returncode == 2 and "no such model" in missing.stderr
    assert "HF_HUB_OFFLINE" in gemstead("pull", "owner/tiny", HF_HUB_OFFLINE="1").stderr
    assert "no possible Hub id" in gemstead("pull", "not a name").stderr
    hub.is_gated = True
    gated = gemstead("pull", "owner/tiny")
    assert gated.returncode == 2 and "accept terms" in gated.stderr and "hint:" in gated.stderr
    unreachable = gemstead("pull", "owner/tiny", HF_ENDPOINT="http://127.0.0.1:9")
    assert unreachable.returncode == 1 and "cannot be reached" in unreachable.stderr
    assert "Traceback" not in missing.stderr + gated.stderr + unreachable.stderr


def test_the_embedded_model_and_folders_of_ones_own_are_not_removed(gemstead: Command, folder: Path) -> None:
    assert "part of gemstead" in gemstead("rm", "pebble", "--yes").stderr
    assert "folder of your own" in gemstead("rm", str(folder), "--yes").stderr
    assert folder.is_dir()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository of one model in two precisions, one of them in a folder of its own."""
    made = write_tiny_checkpoint(tmp_path_factory.mktemp("source") / "m")
    folder = tmp_path_factory.mktemp("files")
    write_gguf(made, folder / "tiny-[Q8_0].gguf", all_in("BF16"))
    write_gguf(made, folder / "tiny-F32.gguf", all_in("F32"))
    return folder


def test_one_gguf_of_a_repository_is_fetched_listed_and_asked(gemstead: Command, hub: HubStandIn, files: Path) -> None:
    hub.folder = files
    name = "owner/tiny/tiny-[Q8_0].gguf"  # a pattern, to whom it looks like one
    fetched = gemstead("pull", name)
    assert fetched.returncode == 0 and fetched.stdout.strip().endswith("tiny-[Q8_0].gguf"), fetched.stderr
    assert not [r for r in hub.requests if "resolve" in r and "F32" in r]
    listed = gemstead("models").stdout
    assert name in listed and "F32" not in listed
    hub.requests.clear()
    answer = gemstead("run", name, "hello", "--max-tokens", "3", HF_HUB_OFFLINE="1")
    assert answer.returncode == 0 and hub.requests == [], answer.stderr
    part = gemstead("rm", name, "--yes")
    assert part.returncode == 2 and "removed as a whole" in part.stderr and "gemstead rm owner/tiny" in part.stderr
    assert gemstead("rm", "owner/tiny", "--yes").returncode == 0


def test_what_a_repository_of_ggufs_does_not_have_is_told_with_what_to_ask_for(
    gemstead: Command, hub: HubStandIn, files: Path
) -> None:
    hub.folder = files
    for name, missing in (("owner/tiny/nonesuch.gguf", "has no nonesuch.gguf"), ("owner/tiny", "has no config.json")):
        answer = gemstead("pull", name)
        assert answer.returncode == 2 and missing in answer.stderr and "owner/tiny/FILE.gguf" in answer.stderr
        assert "Traceback" not in answer.stderr


def test_a_gguf_of_ones_own_is_found_and_not_removed(files: Path) -> None:
    own = files / "tiny-F32.gguf"
    assert find_model(str(own)) == own
    with pytest.raises(BadRequest, match="file of your own"):
        remove_model(str(own))
    for name in ("nonesuch.gguf", "./nonesuch.gguf", "/none/such/file.gguf"):
        with pytest.raises(NotFound, match="no such file here") as error:
            find_model(name)
        assert "owner/name/FILE.gguf" in str(error.value.hint)


def test_a_damaged_gguf_ends_in_a_clear_error(gemstead: Command, files: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.gguf"
    cut.write_bytes((files / "tiny-F32.gguf").read_bytes()[:-999])
    answer = gemstead("run", str(cut), "hello")
    assert answer.returncode == 1 and "cut off inside tensor" in answer.stderr and "hint:" in answer.stderr
    assert "Traceback" not in answer.stderr
