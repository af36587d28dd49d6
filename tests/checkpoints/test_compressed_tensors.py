"""Packed checkpoints: read as published, written as read, and refused where they mean something else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers
from safetensors.torch import load_file, save_file

import gemstead
from gemstead.checkpoints import quantize as quantize_room
from gemstead.checkpoints.compressed_tensors import KEY, check_scheme, packed_tensors, read_packed, split_packed
from gemstead.checkpoints.load import load_model
from gemstead.checkpoints.manifest import read_manifest
from gemstead.checkpoints.quantize import write_quantized
from gemstead.checkpoints.safetensors import read_entries
from gemstead.core.errors import BadCheckpoint, BadRequest, OutOfCapacity, UnsupportedModel
from gemstead.kernels.ops import REFERENCE
from gemstead.kernels.packed import Packed
from gemstead.models.cache import DenseMemory
from gemstead.quant.formats import pack_int4
from gemstead.quant.linear import pack
from tests.shared_data import SHARED, TINY, needs_shared
from tests.tiny_checkpoint import write_tiny_checkpoint

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_checkpoint(tmp_path_factory.mktemp("sound") / "m")


@needs_shared
def test_published_vectors_are_read_and_written_to_the_bit(tmp_path: Path) -> None:
    vectors = dict(np.load(SHARED / "reference" / "quant" / "compressed_tensors_w4a16_g32.npz"))
    stored = {
        "x.weight_packed": torch.from_numpy(vectors["weight_packed"]),
        "x.weight_scale": torch.from_numpy(vectors["weight_scale"]).bfloat16(),
        "x.weight_shape": torch.from_numpy(vectors["weight_shape"]),
    }
    save_file(stored, tmp_path / "x.safetensors")
    plain, packed = split_packed({e.name: e for e in read_entries(tmp_path / "x.safetensors")})
    assert plain == {}
    weight = read_packed(packed["x.weight"], torch.float32, CPU)
    assert torch.equal(weight.codes, pack_int4(torch.from_numpy(vectors["quantized_int8"])))
    assert torch.equal(weight.dense(), torch.from_numpy(vectors["dequantized"]))
    again = packed_tensors("x.weight", weight)
    assert all(torch.equal(again[name], tensor) for name, tensor in stored.items())


@pytest.mark.parametrize(("bits", "width"), [(4, 96), (4, 32), (8, 96), (8, 42)])
def test_what_is_written_is_read_back(bits: int, width: int, tmp_path: Path) -> None:
    matrix, stack = (
        pack(torch.randn(5, width), bits, torch.float32),
        pack(torch.randn(3, 8, width), bits, torch.float32),
    )
    tensors = packed_tensors("a.q_proj.weight", matrix) | packed_tensors("a.experts.gate_up_proj", stack)
    tensors |= packed_tensors("a.experts.down_proj", stack)
    save_file(tensors, tmp_path / "x.safetensors")
    _, packed = split_packed({e.name: e for e in read_entries(tmp_path / "x.safetensors")})
    assert set(packed) == {"a.q_proj.weight", "a.experts.gate_up_proj", "a.experts.down_proj"}
    for name, expected in (
        ("a.q_proj.weight", matrix),
        ("a.experts.gate_up_proj", stack),
        ("a.experts.down_proj", stack),
    ):
        found = read_packed(packed[name], torch.float32, CPU)
        assert packed[name].bits == bits and packed[name].shape == expected.shape
        assert torch.equal(found.codes, expected.codes) and torch.equal(found.scales, expected.scales)


def test_codes_of_a_byte_each_are_read_too(tmp_path: Path) -> None:
    weight = pack(torch.randn(5, 42), 8, torch.float32)
    save_file({"x.weight": weight.codes, "x.weight_scale": weight.scales}, tmp_path / "x.safetensors")
    _, packed = split_packed({e.name: e for e in read_entries(tmp_path / "x.safetensors")})
    assert torch.equal(read_packed(packed["x.weight"], torch.float32, CPU).dense(), weight.dense())


@pytest.mark.parametrize("precision", ["int4", "int8"])
def test_a_packed_checkpoint_is_the_model_that_loading_makes(precision: str, sound: Path, tmp_path: Path) -> None:
    write_quantized(read_manifest(sound), precision, tmp_path / "q")
    manifest = read_manifest(tmp_path / "q")
    assert manifest.precision == f"{precision}-embed16" and manifest.chat_template is not None
    options: dict[str, Any] = {"dtype": torch.bfloat16, "device": CPU, "precision": f"{precision}-embed16"}
    made = load_model(read_manifest(sound), REFERENCE, **options)
    read = load_model(manifest, REFERENCE, **options)
    expected, found = made.model.state_dict(), read.model.state_dict()
    assert expected.keys() == found.keys()
    assert all(torch.equal(found[name], tensor) for name, tensor in expected.items())
    assert (read.num_bytes, read.num_parameters) == (made.num_bytes, made.num_parameters)
    with gemstead.load(str(tmp_path / "q")) as packed, gemstead.load(str(tmp_path / "q"), precision="bf16") as unpacked:
        assert packed.describe().precision == f"{precision}-embed16" and unpacked.describe().precision == "bf16"
        assert packed.complete("hello", max_tokens=12).text == unpacked.complete("hello", max_tokens=12).text
        assert unpacked.describe().details["weight_bytes"] > packed.describe().details["weight_bytes"]
    assert not [m for m in unpacked._model.modules() if isinstance(m, Packed)]  # type: ignore[attr-defined]
    other = {"int4": "int8", "int8": "int4"}[precision]
    with pytest.raises(BadRequest, match=f"precision is '{other}'; the files of q hold {precision}-embed16"):
        gemstead.load(str(tmp_path / "q"), precision=other)


@needs_shared
@pytest.mark.parametrize(
    ("case", "precision"), [("gemma4_e_ple_kvshare", "int4"), ("gemma4_unified", "int8"), ("gemma4_vision_e", "int4")]
)
def test_transformers_reads_what_is_written_as_we_do(case: str, precision: str, tmp_path: Path) -> None:
    write_quantized(read_manifest(TINY / case), precision, tmp_path / "q")
    options: dict[str, Any] = {"dtype": torch.float32, "device": CPU}
    made = load_model(read_manifest(tmp_path / "q"), REFERENCE, precision=f"{precision}-embed16", **options).model
    source = load_model(read_manifest(TINY / case), REFERENCE, **options).model
    theirs = transformers.AutoModelForImageTextToText.from_pretrained(tmp_path / "q", dtype=torch.float32).eval()
    ids_T = torch.arange(5, 45)
    with torch.inference_mode():
        expected = theirs(input_ids=ids_T[None]).logits[0]
        found, before = (
            model.logits(model(ids_T, torch.arange(40), DenseMemory(model.cache_layers(), 1), None))  # type: ignore[operator]
            for model in (made, source)
        )
    assert float((found - expected).abs().max()) < 1e-3
    assert float((before - expected).abs().max()) > 0.1, "packed, not as it was"


def test_shards_are_written_and_nothing_is_left_of_a_failure(
    sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_quantized(read_manifest(sound), "int4", tmp_path / "whole")
    monkeypatch.setattr(quantize_room, "SHARD_BYTES", 20_000)
    write_quantized(read_manifest(sound), "int4", tmp_path / "shards")
    whole, shards = read_manifest(tmp_path / "whole"), read_manifest(tmp_path / "shards")
    assert len(shards.weight_files) > 1 and not list((tmp_path / "shards").glob("*.part"))
    assert set(whole.tensors) == set(shards.tensors) and set(whole.packed) == set(shards.packed)
    with pytest.raises(BadRequest, match="packed already"):
        write_quantized(whole, "int4", tmp_path / "twice")
    with pytest.raises(BadRequest, match="exists already"):
        write_quantized(read_manifest(sound), "int4", tmp_path / "whole")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(quantize_room, "save_file", full)
    with pytest.raises(OutOfCapacity, match="No space left"):
        write_quantized(read_manifest(sound), "int4", tmp_path / "full")
    assert not (tmp_path / "full").exists()


def test_the_scheme_names_what_has_other_bits_and_what_has_none(sound: Path, tmp_path: Path) -> None:
    write_quantized(read_manifest(sound), "int4", tmp_path / "q")
    scheme = json.loads((tmp_path / "q" / "config.json").read_text())[KEY]
    check_scheme({KEY: scheme})
    groups = scheme["config_groups"]
    assert groups["group_0"]["targets"] == ["Linear"] and groups["group_0"]["weights"]["group_size"] == 32
    assert "model.language_model.layers.0.mlp.down_proj" in groups["group_1"]["targets"], "48 wide: 8 bits"
    routers = [f"model.language_model.layers.{n}.router.proj" for n in range(3)]
    assert scheme["ignore"] == [*routers, "lm_head", "re:.*vision.*", "re:.*audio.*"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"quant_method": "awq"}, "quant_method is 'awq'"),
        ({"format": "nvfp4-pack-quantized"}, "format is 'nvfp4-pack-quantized'; implemented is 'pack-quantized' or"),
        ({"weights": {"symmetric": False}}, "symmetric is False"),
        ({"weights": {"num_bits": 2}}, "num_bits is 2; implemented is 4 or 8"),
        ({"input_activations": {"num_bits": 8}}, "input_activations is"),
    ],
)
def test_another_scheme_is_refused(changes: dict[str, Any], says: str, sound: Path, tmp_path: Path) -> None:
    write_quantized(read_manifest(sound), "int4", tmp_path / "q")
    file = tmp_path / "q" / "config.json"
    config = json.loads(file.read_text())
    group = config[KEY]["config_groups"]["group_0"]
    for name, value in changes.items():
        place = config[KEY] if name in config[KEY] else group
        place[name] = {**place[name], **value} if name == "weights" else value
    file.write_text(json.dumps(config))
    with pytest.raises(UnsupportedModel, match=says):
        read_manifest(tmp_path / "q")


@pytest.mark.parametrize(
    ("lost", "says"),
    [
        ("layers.0.self_attn.q_proj.weight_packed", "q_proj.weight_scale is here, but neither"),
        ("layers.0.self_attn.q_proj.weight_shape", "q_proj.weight_packed is here, but not"),
        ("layers.1.experts.2.up_proj", r"experts\.2\.up_proj is missing"),
        ("layers.0.self_attn.q_proj", "missing from"),
    ],
)
def test_a_missing_part_is_named(lost: str, says: str, sound: Path, tmp_path: Path) -> None:
    write_quantized(read_manifest(sound), "int4", tmp_path / "q")
    file = tmp_path / "q" / "model.safetensors"
    kept = {k: v.clone() for k, v in load_file(file).items() if not k.startswith(f"model.language_model.{lost}")}
    save_file(kept, file)
    with pytest.raises(BadCheckpoint, match=says):
        load_model(read_manifest(tmp_path / "q"), REFERENCE, dtype=torch.bfloat16, device=CPU)
