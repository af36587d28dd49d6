"""GGUFs of Gemma 4, written by the `gguf` package: the same model, settings and tokenizer as from published files."""

from __future__ import annotations

import json
import lzma
from dataclasses import replace
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import tokenizers
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from torch import nn

import gemstead
from gemstead import runtime
from gemstead.chat.tokenizer import Tokenizer
from gemstead.checkpoints.fingerprint import fingerprint
from gemstead.checkpoints.gguf import read_gguf
from gemstead.checkpoints.gguf_tokenizer import build_tokenizer
from gemstead.checkpoints.hub import embedded_folder
from gemstead.checkpoints.load import load_model
from gemstead.checkpoints.manifest import Manifest, read_manifest
from gemstead.checkpoints.quantize import write_quantized
from gemstead.checkpoints.save import save_model
from gemstead.core.errors import BadCheckpoint, BadRequest, NotFound, OutOfCapacity, UnsupportedModel
from gemstead.kernels.ops import REFERENCE
from gemstead.kernels.packed import Packed
from gemstead.models.cache import DenseMemory
from gemstead.models.gemma4.config import read_config
from gemstead.models.gemma4.gguf import config_of, published_names
from gemstead.models.gemma4.text import Gemma4Text
from gemstead.models.gemma4.weights import PREFIX
from gemstead.quant.gguf_blocks import BLOCK_FORMATS
from tests.gguf_files import Formats, add_settings, add_tokenizer, all_in, gguf_name, rope_factors, write_gguf
from tests.models.test_gemma4_sizes import SIZES, published, published_tensors
from tests.shared_data import REFERENCE as FACTS
from tests.shared_data import TINY, needs_shared
from tests.tiny_checkpoint import CONFIG, write_tiny_assistant, write_tiny_checkpoint
from tests.tiny_models import randomised
from tests.tiny_tokenizer import CONTROLS, write_tiny_tokenizer

CPU = torch.device("cpu")
# Wide enough for blocks of 256, with everything that any size has: experts, per-layer embeddings, borrowed keys.
WIDE: dict[str, Any] = {
    **CONFIG,
    "text_config": CONFIG["text_config"]
    | {
        "hidden_size": 256,
        "intermediate_size": 256,
        "num_hidden_layers": 4,
        "layer_types": ["sliding_attention", "full_attention", "sliding_attention", "full_attention"],
        "num_kv_shared_layers": 2,
        "use_double_wide_mlp": True,
        "head_dim": 64,
        "global_head_dim": 128,
        "hidden_size_per_layer_input": 256,
        "moe_intermediate_size": 256,
    },
}


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wide")
    model = randomised(Gemma4Text(read_config(WIDE)), seed=0, spread=0.05, final_scale=5)
    save_model(folder, WIDE, model, dtype=torch.bfloat16)
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_checkpoint(tmp_path_factory.mktemp("tiny") / "m")


def load(manifest: Manifest, dtype: torch.dtype = torch.float32, precision: str = "fp32") -> nn.Module:
    return load_model(manifest, REFERENCE, dtype=dtype, device=CPU, precision=precision).model


def logits(model: nn.Module, ids: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        hidden = model(ids, torch.arange(len(ids)), DenseMemory(model.cache_layers(), 1), None)  # type: ignore[operator]
        return model.logits(hidden)  # type: ignore[operator, no-any-return]


def matrices(model: nn.Module) -> dict[str, Packed]:
    return {name: module for name, module in model.named_modules() if isinstance(module, Packed)}


@needs_shared
@pytest.mark.parametrize("case", ["gemma4_e_ple_kvshare", "gemma4_dense_keqv", "gemma4_moe", "gemma4_unified"])
def test_a_file_in_f32_is_the_checkpoint_it_was_made_from(case: str, tmp_path: Path) -> None:
    file = write_gguf(TINY / case, tmp_path / "m.gguf", all_in("F32"), with_tokenizer=False)
    theirs, ours = read_manifest(TINY / case), read_manifest(file)
    assert read_config(ours.config) == read_config(theirs.config)
    reference = np.load(TINY / case / "reference.npz")
    ids = torch.from_numpy(reference["input_ids"]).view(-1)
    found = logits(load(ours), ids)
    assert torch.equal(found, logits(load(theirs), ids))
    if case != "gemma4_unified":  # its reference has images in it
        assert (found - torch.from_numpy(reference["logits"]).view(found.shape)).abs().max() < 3e-4


@pytest.mark.parametrize("name", ["BF16", "F16", *BLOCK_FORMATS])
def test_every_format_loads_as_the_numbers_the_gguf_package_reads_in_it(name: str, wide: Path, tmp_path: Path) -> None:
    file = write_gguf(wide, tmp_path / "m.gguf", all_in(name), with_tokenizer=False, twin=tmp_path / "twin")
    manifest = read_manifest(file)
    found = load(manifest).state_dict()
    expected = load(read_manifest(tmp_path / "twin")).state_dict()
    assert found.keys() == expected.keys()
    assert all(torch.equal(found[n], expected[n]) for n in expected)
    own = {"Q4_0": "int4", "Q8_0": "int8"}.get(name, "bf16")
    assert manifest.precision == own
    ids = torch.arange(40)
    held = load(manifest, precision="fp32" if own == "bf16" else own)
    assert torch.equal(logits(held, ids), logits(load(read_manifest(tmp_path / "twin")), ids))
    assert bool(matrices(held)) == (own != "bf16")


def test_gate_and_up_of_experts_may_be_apart(wide: Path, tmp_path: Path) -> None:
    models = []
    for splits in (False, True):
        file = write_gguf(
            wide, tmp_path / f"{splits}.gguf", all_in("Q8_0"), with_tokenizer=False, splits_gate_and_up=splits
        )
        models.append(load(read_manifest(file), precision="int8").state_dict())
    assert models[0].keys() == models[1].keys() and all(torch.equal(t, models[1][n]) for n, t in models[0].items())


def mixed(**by_leaf: str) -> Formats:
    """Q4_0, but for these."""
    plain = all_in("Q4_0")

    def choose(name: str, shape: tuple[int, ...]) -> str:
        leaf = name.removesuffix(".weight").rpartition(".")[2]
        return by_leaf.get(leaf, plain(name, shape))

    return choose


def test_blocks_of_several_kinds_are_each_stored_as_said(wide: Path, tmp_path: Path) -> None:
    kinds = mixed(embed_tokens="Q6_K", embed_tokens_per_layer="Q5_K", v_proj="Q8_0", o_proj="Q5_0", q_proj="BF16")
    manifest = read_manifest(write_gguf(wide, tmp_path / "m.gguf", kinds, with_tokenizer=False))
    assert manifest.precision == "int4"

    def bits(precision: str) -> dict[str, int]:
        held = matrices(load(manifest, torch.bfloat16, precision))
        return {
            leaf: next((m.bits for n, m in held.items() if n.removesuffix(".weight").endswith(leaf)), 0)
            for leaf in (
                "embed_tokens",
                "per_layer",
                "k_proj",
                "v_proj",
                "o_proj",
                "q_proj",
                "gate_up_proj",
                "router_proj",
            )
        }

    assert bits("int4") == {
        "embed_tokens": 8, "per_layer": 8, "k_proj": 4, "v_proj": 8, "o_proj": 8, "q_proj": 4, "gate_up_proj": 4,
        "router_proj": 0,
    }  # fmt: skip
    assert bits("int8") == {
        "embed_tokens": 8, "per_layer": 8, "k_proj": 4, "v_proj": 8, "o_proj": 8, "q_proj": 8, "gate_up_proj": 4,
        "router_proj": 0,
    }  # fmt: skip
    assert bits("int4-embed16")["embed_tokens"] == 0 and not any(bits("bf16").values())


@pytest.mark.parametrize(
    ("kinds", "own"),
    [
        (mixed(embed_tokens="F16", embed_tokens_per_layer="F16"), "int4-embed16"),
        (mixed(embed_tokens="BF16", embed_tokens_per_layer="Q6_K"), "int4"),
        (all_in("Q4_K"), "bf16"),
        (mixed(gate_up_proj="Q4_K", down_proj="Q4_K", gate_proj="Q4_K", up_proj="Q4_K"), "bf16"),
    ],
)
def test_a_files_own_precision_is_that_of_most_of_its_projections(
    kinds: Formats, own: str, wide: Path, tmp_path: Path
) -> None:
    assert read_manifest(write_gguf(wide, tmp_path / "m.gguf", kinds, with_tokenizer=False)).precision == own


@needs_shared
@pytest.mark.parametrize("size", SIZES)
def test_settings_and_names_of_true_sizes_come_through(size: str) -> None:
    config, shapes = published(size), {n: s for n, s in published_tensors(size).items() if n.startswith(PREFIX)}
    text = config["text_config"]
    writer = gguf.GGUFWriter(None, "gemma4")
    add_settings(writer, text)
    metadata = {key: entry.value for key, entry in writer.kv_data[0].items()}
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.GEMMA4, text["num_hidden_layers"])
    found = published_names([gguf_name(name, names) for name in shapes])
    assert found.keys() == shapes.keys() and all(len(parts) == 1 for parts in found.values())
    factors = {"rope_freqs.weight": rope_factors(text).tolist()}
    assert read_config(config_of(metadata, shapes, factors)) == read_config(config)


def altered(tiny: Path, file: Path, **changes: Any) -> Path:
    """A small file with other metadata; `None` leaves a key out."""

    def alter(writer: gguf.GGUFWriter) -> None:
        pairs = writer.kv_data[0]
        for key, value in changes.items():
            name = "gemma4." + key.replace("__", ".")
            if value is None:
                del pairs[name]
            else:
                kind = gguf.GGUFValueType.get_type(value)
                pairs[name] = gguf.gguf_writer.GGUFValue(value=value, type=kind)

    return write_gguf(tiny, file, all_in("F32"), with_tokenizer=False, extra=alter)


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"block_count": None}, BadCheckpoint, "no gemma4.block_count"),
        ({"block_count": 2**31 - 1}, BadCheckpoint, "2147483647, which the file's"),
        ({"block_count": 4}, BadCheckpoint, "sliding_window_pattern is .* for each of 4 layers"),
        ({"block_count": -1}, BadCheckpoint, "whole number of at least 1"),
        ({"embedding_length": "many"}, BadCheckpoint, "gemma4.embedding_length is 'many'"),
        ({"embedding_length": 33}, BadCheckpoint, r"tensor \S*weight has shape .* its configuration calls for"),
        ({"attention__head_count": 0}, BadCheckpoint, "num_attention_heads is 0"),
        ({"attention__layer_norm_rms_epsilon": float("nan")}, BadCheckpoint, "allowed is a positive number"),
        ({"attention__shared_kv_layers": 9}, BadCheckpoint, "shared_kv_layers is 9, with 3 layers"),
        ({"attention__value_length": 8}, UnsupportedModel, "value_length is 8; implemented is 16"),
        ({"rope__dimension_count_swa": 4}, UnsupportedModel, "dimension_count_swa is 4; implemented is 8"),
        ({"rope__scaling__type": "yarn"}, UnsupportedModel, "scaling.type is 'yarn'"),
        ({"attention__head_count_kv": [2, 1, 1]}, UnsupportedModel, "layers of one kind"),
        ({"feed_forward_length": [48, 48, 40]}, UnsupportedModel, "layers of one kind"),
        ({"attention__scale": 0.5}, UnsupportedModel, "gemma4.attention.scale = 0.5, which this version does not"),
    ],
)
def test_settings_that_are_impossible_or_unknown_are_refused(
    changes: dict[str, Any], kind: type[Exception], words: str, tiny: Path, tmp_path: Path
) -> None:
    with pytest.raises(kind, match=words):
        load(read_manifest(altered(tiny, tmp_path / "m.gguf", **changes)))


def test_another_architecture_is_refused_and_a_file_of_towers_says_so(tmp_path: Path) -> None:
    for name, words in (("llama", "'llama'; this version reads gemma4"), ("clip", "'clip'")):
        writer = gguf.GGUFWriter(tmp_path / "m.gguf", name)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.close()
        with pytest.raises(UnsupportedModel, match=words) as error:
            read_manifest(tmp_path / "m.gguf")
        assert ("towers" in str(error.value.hint)) == (name == "clip")


def adding(name: str, values: np.ndarray) -> Any:
    return lambda writer: writer.add_tensor(name, values)


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("output.weight", UnsupportedModel, "an output head of its own"),
        ("blk.0.attn_qkv.weight", UnsupportedModel, "in one matrix"),
        ("blk.0.attn_x.weight", BadCheckpoint, "holds the tensor blk.0.attn_x.weight .* no place"),
    ],
)
def test_a_tensor_without_a_place_is_refused(
    name: str, kind: type[Exception], words: str, tiny: Path, tmp_path: Path
) -> None:
    file = write_gguf(
        tiny,
        tmp_path / "m.gguf",
        all_in("F32"),
        with_tokenizer=False,
        extra=adding(name, np.zeros((32, 32), np.float32)),
    )
    with pytest.raises(kind, match=words):
        load(read_manifest(file))


def test_a_tensor_that_is_missing_is_named(tiny: Path, tmp_path: Path) -> None:
    for name in (f"{PREFIX}norm.weight", f"{PREFIX}layers.1.self_attn.o_proj.weight"):
        file = write_gguf(tiny, tmp_path / "m.gguf", all_in("F32"), with_tokenizer=False, leaves_out=name)
        with pytest.raises(BadCheckpoint, match=f"1 tensors that its configuration .* m.gguf; the first is {name}"):
            load(read_manifest(file))


def test_other_towers_in_the_file_are_left_out(tiny: Path, tmp_path: Path) -> None:
    file = write_gguf(
        tiny,
        tmp_path / "m.gguf",
        all_in("F32"),
        with_tokenizer=False,
        extra=adding("v.x.weight", np.zeros(4, np.float32)),
    )
    loaded = load_model(read_manifest(file), REFERENCE, dtype=torch.float32, device=CPU)
    assert loaded.left_out == {"vision tower": 1}


@pytest.mark.parametrize("values", [[1.0, 8.0], [1e30, 1.0], [1.0, 1.0, 1e30]])
def test_rope_factors_of_another_kind_are_refused(values: list[float]) -> None:
    writer = gguf.GGUFWriter(None, "gemma4")
    add_settings(writer, CONFIG["text_config"] | {"global_head_dim": 4})
    metadata = {key: entry.value for key, entry in writer.kv_data[0].items()}
    shapes = {f"{PREFIX}embed_tokens.weight": (384, 32), "a": (1,), "b": (1,)}
    with pytest.raises(UnsupportedModel, match="first 1s, then large ones"):
        config_of(metadata, shapes, {"rope_freqs.weight": values})


def test_pebble_writes_the_same_from_a_gguf(tmp_path: Path) -> None:
    question = "Write a function that adds two numbers."

    def answer(name: str) -> tuple[int, ...]:
        with gemstead.load(name, reproducible=True, drafter="off", max_sequences=1, context=256) as model:
            return model.chat(question, max_tokens=16).end.token_ids

    expected = answer("pebble")
    # pebble splits words before it joins pieces, which only the whole tokenizer tells.
    for kind in ("BF16", "Q4_0"):  # its weights stand on the int4 lattice
        file = write_gguf(
            embedded_folder(), tmp_path / f"{kind}.gguf", all_in_but_embedding(kind), with_whole_tokenizer=True
        )
        assert answer(str(file)) == expected


def all_in_but_embedding(kind: str) -> Formats:
    return lambda name, shape: "BF16" if "embed_tokens" in name else all_in(kind)(name, shape)


def test_a_gguf_is_asked_by_its_name_and_has_its_own_fingerprint(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "of mine"
    folder.mkdir()
    file = write_gguf(tiny, folder / "m.gguf", all_in("BF16"))
    other = write_gguf(tiny, folder / "n.gguf", all_in("F16"))
    with gemstead.load(str(file), precision="fp32") as ours, gemstead.load(str(tiny), precision="fp32") as theirs:
        assert ours.chat("hello", max_tokens=12).end.token_ids == theirs.chat("hello", max_tokens=12).end.token_ids
        assert ours.describe().family == "gemma4" and ours.tokenizer.special_tokens == theirs.tokenizer.special_tokens
    assert len({fingerprint(read_manifest(f)) for f in (file, other, tiny)}) == 3
    with pytest.raises(NotFound) as error:
        read_manifest(folder)
    assert str(file) in str(error.value.hint)


def test_what_lies_beside_a_gguf_does_not_belong_to_it(tiny: Path, tmp_path: Path) -> None:
    file = write_gguf(tiny, tmp_path / "m.gguf", all_in("BF16"))
    alone = fingerprint(read_manifest(file)), read_manifest(file).chat_template
    write_tiny_assistant(tmp_path / "assistant")
    for name in ("chat_template.jinja", "config.json", "tokenizer.json"):
        (tmp_path / name).write_text("another model's")
    assert (fingerprint(read_manifest(file)), read_manifest(file).chat_template) == alone
    assert alone[1] == (tiny / "chat_template.jinja").read_text()
    with gemstead.load(str(file), max_sequences=1) as model:
        assert model.describe().details["drafter"] is None


def test_a_gguf_that_does_not_fit_is_refused_before_it_is_loaded(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_gguf(tiny, tmp_path / "m.gguf", all_in("F16"))
    small = replace(runtime.probe(), memory_bytes=1, free_bytes=1, accelerator=None)
    monkeypatch.setattr(runtime, "probe", lambda: small)
    monkeypatch.setattr(runtime, "load_model", lambda *_, **__: pytest.fail("loaded"))
    with pytest.raises(OutOfCapacity, match="weights take"):
        gemstead.load(str(file), device="cpu")


def test_a_gguf_is_no_source_to_quantise(tiny: Path, tmp_path: Path) -> None:
    file = write_gguf(tiny, tmp_path / "m.gguf", all_in("BF16"))
    with pytest.raises(BadRequest, match="rounded already"):
        write_quantized(read_manifest(file), "int4", tmp_path / "out")


def tokenizer_of(file: Path, tokenizer: dict[str, Any]) -> tokenizers.Tokenizer:
    """Through a file and back."""
    writer = gguf.GGUFWriter(file, "gemma4")
    add_tokenizer(writer, tokenizer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    return build_tokenizer(file, read_gguf(file).metadata)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tokenizer, Tokenizer]:
    """The small vocabulary: as published files tell it, and as a GGUF does."""
    folder = tmp_path_factory.mktemp("vocabulary")
    file = write_tiny_tokenizer(folder)
    return Tokenizer(file), Tokenizer(tokenizer_of(folder / "m.gguf", json.loads(file.read_text())))


@settings(max_examples=150, deadline=None)
@given(
    parts=st.lists(
        st.one_of(st.text(max_size=12), st.sampled_from([*CONTROLS, "the", "  ", "\n\n", "\u2581a", "<0x41>"])),
        max_size=6,
    )
)
def test_text_becomes_the_same_tokens_and_back(pair: tuple[Tokenizer, Tokenizer], parts: list[str]) -> None:
    theirs, ours = pair
    text = "".join(parts)
    for controls in (False, True):
        ids = theirs.encode(text, controls=controls)
        assert ours.encode(text, controls=controls) == ids
        assert ours.decode(ids, controls=controls) == theirs.decode(ids, controls=controls)


def test_control_tokens_are_the_same_also_those_that_others_show(pair: tuple[Tokenizer, Tokenizer]) -> None:
    theirs, ours = pair
    assert ours.control_ids == theirs.control_ids and len(ours.control_ids) == len(CONTROLS)
    assert (ours.bos_id, ours.vocab_size) == (theirs.bos_id, theirs.vocab_size)


@needs_shared
@pytest.mark.slow
def test_the_published_tokenizer_comes_through_to_the_last_setting(tmp_path: Path) -> None:
    published = json.loads(lzma.decompress((FACTS / "tokenizer" / "gemma4.tokenizer.json.xz").read_bytes()))
    ours = tokenizer_of(tmp_path / "m.gguf", published)
    assert json.loads(ours.to_str()) == published
    vectors = json.loads((FACTS / "tokenizer" / "vectors.json").read_text())
    for vector in (*vectors["ggml"], *vectors["extra"]):
        expected = vector.get("ids", vector.get("gemma4_ids"))
        assert ours.encode(vector["text"], add_special_tokens=False).ids == expected


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"model": "llama"}, UnsupportedModel, "tokenizer.ggml.model is 'llama'"),
        ({"tokens": None}, BadCheckpoint, "tokenizer.ggml.tokens is 'None'; an array of str"),
        ({"merges": [1, 2]}, BadCheckpoint, "tokenizer.ggml.merges is .* an array of str"),
        ({"merges": ["t"]}, BadCheckpoint, "'t'; two tokens"),
        ({"merges": ["t nonesuch"]}, BadCheckpoint, "do not fit together"),
        ({"token_type": [1]}, BadCheckpoint, "have 1 types"),
        ({"tokens": ["a", "a"], "token_type": [1, 1]}, BadCheckpoint, "1 tokens twice"),
        ({"unknown_token_id": 2**31}, BadCheckpoint, "unknown_token_id is 2147483648; allowed is 0 to"),
    ],
)
def test_a_tokenizer_that_cannot_be_is_refused(
    changes: dict[str, Any], kind: type[Exception], words: str, tmp_path: Path
) -> None:
    folder = tmp_path
    tokenizer = json.loads(write_tiny_tokenizer(folder).read_text())
    writer = gguf.GGUFWriter(None, "gemma4")
    add_tokenizer(writer, tokenizer)
    metadata = {key: entry.value for key, entry in writer.kv_data[0].items()}
    metadata |= {f"tokenizer.ggml.{key}": value for key, value in changes.items()}
    with pytest.raises(kind, match=words):
        build_tokenizer(folder / "m.gguf", metadata)


def test_a_whole_tokenizer_in_the_file_is_taken_at_its_word(tmp_path: Path) -> None:
    text = write_tiny_tokenizer(tmp_path).read_text()
    found = build_tokenizer(tmp_path, {"tokenizer.huggingface.json": text})
    assert json.loads(found.to_str()) == json.loads(tokenizers.Tokenizer.from_str(text).to_str())
    with pytest.raises(BadCheckpoint, match="not a readable tokenizer"):
        build_tokenizer(tmp_path, {"tokenizer.huggingface.json": "{}"})


@pytest.fixture(scope="module")
def small_file(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return write_gguf(tiny, tmp_path_factory.mktemp("small") / "m.gguf", all_in("BF16")).read_bytes()


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=9)), min_size=1, max_size=3))
def test_whatever_is_written_over_a_model_ends_in_an_error_of_ours_or_a_model(
    edits: list[tuple[float, bytes]], small_file: bytes, tmp_path: Path
) -> None:
    content, data = bytearray(small_file), small_file.index(b"rope_freqs.weight")
    for place, new in edits:
        at = int(place * data)
        content[at : at + len(new)] = new
    file = tmp_path / "m.gguf"
    file.write_bytes(content)
    try:
        manifest = read_manifest(file)
        load(manifest, torch.bfloat16, manifest.precision)
        manifest.tokenizer()
    except (BadCheckpoint, UnsupportedModel) as error:
        assert error.message
