"""Damaged, missing, surplus and misshapen: each ends in one clear error that names file and tensor."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from gemstead.checkpoints.fingerprint import fingerprint
from gemstead.checkpoints.load import LoadedModel, load_model
from gemstead.checkpoints.manifest import read_manifest
from gemstead.checkpoints.save import save_model
from gemstead.core.errors import BadCheckpoint, NotFound, OutOfCapacity
from gemstead.kernels.ops import REFERENCE
from tests.shared_data import TINY, needs_shared
from tests.tiny_checkpoint import CONFIG, write_tiny_checkpoint

NORM = "model.language_model.norm.weight"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_checkpoint(tmp_path_factory.mktemp("sound"))


@pytest.fixture
def folder(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "model"))


def load(folder: Path, dtype: torch.dtype = torch.bfloat16) -> LoadedModel:
    return load_model(read_manifest(folder), REFERENCE, dtype=dtype, device=torch.device("cpu"))


def edit(folder: Path, **changes: torch.Tensor | None) -> None:
    tensors = {k: v.clone() for k, v in load_file(folder / "model.safetensors").items()}
    for name, tensor in changes.items():
        if tensor is None:
            del tensors[name]
        else:
            tensors[name] = tensor
    save_file(tensors, folder / "model.safetensors")


def test_a_sound_checkpoint_loads_and_leaves_nothing_out(folder: Path) -> None:
    loaded = load(folder)
    assert loaded.left_out == {}
    assert all(not p.is_meta and not p.requires_grad for p in loaded.model.parameters())


def test_weights_of_the_right_dtype_stay_in_the_mapped_file(folder: Path) -> None:
    edit(folder, **{NORM: torch.full((32,), 2.0, dtype=torch.bfloat16)})
    loaded = load(folder)
    maps = Path("/proc/self/maps").read_text()
    assert str(folder / "model.safetensors") in maps
    ranges = []
    for line in maps.splitlines():
        if str(folder) in line:
            low, high = (int(x, 16) for x in line.split()[0].split("-"))
            ranges.append((low, high))
    assert all(any(low <= p.data_ptr() < high for low, high in ranges) for p in loaded.model.parameters())


def test_shards_are_read_like_one_file(folder: Path) -> None:
    tensors = {k: v.clone() for k, v in load_file(folder / "model.safetensors").items()}
    names = sorted(tensors)
    halves = {"a.safetensors": names[::2], "b.safetensors": names[1::2]}
    for file, members in halves.items():
        save_file({n: tensors[n] for n in members}, folder / file)
    weight_map = {n: file for file, members in halves.items() for n in members}
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))
    whole = load(folder).model.state_dict()
    (folder / "model.safetensors").unlink()
    assert all(torch.equal(v, whole[k]) for k, v in load(folder).model.state_dict().items())
    (folder / "b.safetensors").unlink()
    with pytest.raises(BadCheckpoint, match=r"b\.safetensors"):
        load(folder)


def test_a_shard_that_lacks_a_promised_tensor_is_named(folder: Path) -> None:
    weight_map = dict.fromkeys(load_file(folder / "model.safetensors"), "model.safetensors")
    (folder / "model.safetensors.index.json").write_text(
        json.dumps({"weight_map": weight_map | {"ghost": "model.safetensors"}})
    )
    with pytest.raises(BadCheckpoint, match=r"model\.safetensors: has no tensor ghost"):
        load(folder)


def test_a_missing_tensor_is_named(folder: Path) -> None:
    edit(folder, **{NORM: None})
    with pytest.raises(BadCheckpoint, match=rf"missing from model\.safetensors.*{NORM}"):
        load(folder)


def test_a_surplus_tensor_is_named(folder: Path) -> None:
    edit(folder, **{"model.language_model.layers.0.extra.weight": torch.zeros(3)})
    with pytest.raises(BadCheckpoint, match=r"layers\.0\.extra\.weight \[3\], which has no place"):
        load(folder)


def test_a_misshapen_tensor_is_named_with_both_shapes(folder: Path) -> None:
    edit(folder, **{NORM: torch.zeros(31)})
    with pytest.raises(BadCheckpoint, match=rf"{NORM} has shape \[31\], its configuration calls for \[32\]"):
        load(folder)


def test_integer_weights_are_refused(folder: Path) -> None:
    edit(folder, **{NORM: torch.zeros(32, dtype=torch.int32)})
    with pytest.raises(BadCheckpoint, match="has dtype I32"):
        load(folder)


@pytest.mark.parametrize("cut", [4, 100, 3000, -1, -2000])
def test_a_truncated_file_is_named(folder: Path, cut: int) -> None:
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:cut])
    with pytest.raises(BadCheckpoint, match=r"model\.safetensors") as caught:
        load(folder)
    assert "again" in (caught.value.hint or "")
    if cut < 0:
        assert "cut off inside tensor model.language_model" in caught.value.message


def test_a_corrupt_header_is_named(folder: Path) -> None:
    file = folder / "model.safetensors"
    data = bytearray(file.read_bytes())
    data[20:40] = b"\xff" * 20
    file.write_bytes(data)
    with pytest.raises(BadCheckpoint, match="not valid JSON"):
        load(folder)
    file.write_bytes(b"<html>503</html>" * 40)
    with pytest.raises(BadCheckpoint, match="not a safetensors file"):
        load(folder)


def test_a_broken_config_and_an_empty_folder_are_told_apart(folder: Path, tmp_path: Path) -> None:
    (folder / "config.json").write_text("{")
    with pytest.raises(BadCheckpoint, match=r"config\.json: not valid JSON"):
        load(folder)
    with pytest.raises(NotFound, match=r"no config\.json"):
        load(tmp_path)
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "model.safetensors").unlink()
    with pytest.raises(BadCheckpoint, match="neither"):
        load(folder)


@needs_shared
def test_a_multimodal_checkpoint_loads_its_text_part_and_says_what_was_left_out() -> None:
    loaded = load(TINY / "gemma4_image_video_audio", torch.float32)
    assert loaded.left_out["vision tower"] > 0 and loaded.left_out["audio tower"] > 0
    borrowing = load(TINY / "gemma4_e_ple_kvshare", torch.float32)
    assert borrowing.left_out == {"keys and values that a borrowing layer does not use": 15}


@needs_shared
@pytest.mark.parametrize("case", ["gemma4_vision_e", "gemma4_vision_bidir", "gemma4_audio", "gemma4_unified"])
def test_every_multimodal_shape_has_a_text_part(case: str) -> None:
    assert load(TINY / case, torch.float32).left_out


def test_saving_and_loading_changes_nothing(folder: Path, tmp_path: Path) -> None:
    loaded = load(folder)
    save_model(tmp_path / "copy", CONFIG, loaded.model, dtype=torch.bfloat16)
    again = load(tmp_path / "copy").model.state_dict()
    assert all(torch.equal(v, again[k]) for k, v in loaded.model.state_dict().items())


def test_a_folder_that_cannot_be_written_leaves_no_half_file(folder: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(OutOfCapacity, match="cannot be written"):
        save_model(blocked, CONFIG, load(folder).model, dtype=torch.bfloat16)
    assert blocked.read_text() == "x"


def test_the_fingerprint_follows_weights_and_template(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GEMSTEAD_HOME", str(tmp_path / "home"))
    first = fingerprint(read_manifest(folder))
    assert fingerprint(read_manifest(folder)) == first
    (folder / "chat_template.jinja").write_text("{{ bos_token }}")
    second = fingerprint(read_manifest(folder))
    edit(folder, **{NORM: torch.zeros(32, dtype=torch.bfloat16)})
    assert len({first, second, fingerprint(read_manifest(folder))}) == 3
