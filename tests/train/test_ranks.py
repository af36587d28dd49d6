"""Training side by side: two processes learn what one learns alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from gemstead.core.errors import BadRequest
from gemstead.train.pebble import SNAPSHOTS, train_pebble
from gemstead.train.ranks import ALONE
from gemstead.train.settings import TINY

SMALL = replace(TINY, steps=4, max_source_files=8, vocabulary_exercises=60, warmup_steps=3, snapshots=(0.5,))


def test_two_processes_learn_what_one_does_alone(tmp_path: Path) -> None:
    torch.set_num_threads(1)
    lines: list[str] = []
    alone = train_pebble(tmp_path / "alone", settings=SMALL, device="cpu")
    both = train_pebble(tmp_path / "both", settings=replace(SMALL, gpus=2), device="cpu", say=lines.append)
    assert any(line.startswith("step 4/4") for line in lines)
    one, other = load_file(alone / "model.safetensors"), load_file(both / "model.safetensors")
    assert one.keys() == other.keys()
    for name, tensor in one.items():
        difference = (tensor.float() - other[name].float()).norm() / tensor.float().norm()
        assert difference < 0.02, name
    assert [folder.name for folder in (both / SNAPSHOTS).iterdir()] == ["2"]
    early = load_file(both / SNAPSHOTS / "2" / "model.safetensors")
    assert any(not torch.equal(early[name], other[name]) for name in other)


def test_more_processes_than_pieces_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRequest, match="gpus is 3; allowed is 1 to 2"):
        train_pebble(tmp_path, settings=replace(SMALL, gpus=3), device="cpu")


def test_alone_an_average_changes_nothing() -> None:
    tensor = torch.arange(3.0)
    ALONE.average([tensor])
    assert tensor.tolist() == [0.0, 1.0, 2.0]
    assert ALONE.told((4, -1), torch.device("cpu")) == (4, -1)
