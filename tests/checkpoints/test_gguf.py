"""GGUF headers: what is listed, and what of a hostile file is refused before anything is loaded."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from gemstead.checkpoints.gguf import entry_of, mapped_gguf_tensors, read_gguf
from gemstead.core.errors import BadCheckpoint, GemsteadError, UnsupportedModel
from gemstead.quant.gguf_blocks import Blocks

NUMBERS = {"a.u8": 7, "a.i64": -(2**40), "a.f32": 0.5, "a.yes": True, "a.text": "Grüße", "general.alignment": 32}


def text(value: str | bytes) -> bytes:
    raw = value.encode() if isinstance(value, str) else value
    return struct.pack("<Q", len(raw)) + raw


def pair(key: str, kind: int, value: bytes) -> bytes:
    return text(key) + struct.pack("<I", kind) + value


def tensor(name: str, shape: tuple[int, ...], kind: int = 0, offset: int = 0) -> bytes:
    """One line of the list; the shape fastest dimension first, as files have it."""
    return text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)


def whole(
    *, pairs: tuple[bytes, ...] = (), tensors: tuple[bytes, ...] = (), data: int = 0, version: int = 3, **counts: int
) -> bytes:
    """A file by hand. `num_pairs` and `num_tensors` lie about how many there are."""
    head = b"GGUF" + struct.pack(
        "<IQQ", version, counts.get("num_tensors", len(tensors)), counts.get("num_pairs", len(pairs))
    )
    head += b"".join(pairs) + b"".join(tensors)
    return head + bytes(-len(head) % 32) + bytes(data)


def write(folder: Path, content: bytes) -> Path:
    file = folder / "x.gguf"
    file.write_bytes(content)
    return file


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """By the `gguf` package: numbers, texts, arrays, plain tensors and blocks."""
    file = tmp_path_factory.mktemp("gguf") / "sound.gguf"
    writer = gguf.GGUFWriter(file, "gemma4")
    writer.add_uint8("a.u8", 7)
    writer.add_int64("a.i64", -(2**40))
    writer.add_float32("a.f32", 0.5)
    writer.add_bool("a.yes", True)
    writer.add_string("a.text", "Grüße")
    writer.add_array("a.words", ["one", "", "zwölf"])
    writer.add_array("a.numbers", [1, -2, 3])
    writer.add_custom_alignment(32)
    values = np.arange(6 * 64, dtype=np.float32).reshape(2, 3, 64)
    writer.add_tensor("plain", values)
    writer.add_tensor("half", values.astype(np.float16))
    writer.add_tensor("row", np.arange(5, dtype=np.float32))
    for name in ("Q8_0", "BF16"):
        kind = gguf.GGMLQuantizationType[name]
        writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def test_metadata_and_tensors_are_those_that_were_written(sound: Path) -> None:
    found = read_gguf(sound)
    assert {k: found.metadata[k] for k in NUMBERS} == NUMBERS
    assert found.metadata["a.words"] == ["one", "", "zwölf"] and found.metadata["a.numbers"] == [1, -2, 3]
    assert {n: (t.format, t.shape) for n, t in found.tensors.items()} == {
        "plain": ("F32", (2, 3, 64)),
        "half": ("F16", (2, 3, 64)),
        "row": ("F32", (5,)),
        "Q8_0": ("Q8_0", (2, 3, 64)),
        "BF16": ("BF16", (2, 3, 64)),
    }
    read = dict(mapped_gguf_tensors([entry_of(n, (t,)) for n, t in found.tensors.items()]))
    values = torch.arange(6 * 64.0).view(2, 3, 64)
    assert torch.equal(read["plain"], values) and torch.equal(read["half"], values.half())  # type: ignore[arg-type]
    assert torch.equal(read["row"], torch.arange(5.0)) and torch.equal(read["BF16"], values.bfloat16())  # type: ignore[arg-type]
    assert isinstance(read["Q8_0"], Blocks) and (read["Q8_0"].dense(torch.float32) - values).abs().max() < 2


def test_tensors_stay_in_the_mapped_file(sound: Path) -> None:
    tensors = read_gguf(sound).tensors
    [(_, plain)] = mapped_gguf_tensors([entry_of("plain", (tensors["plain"],))])
    assert isinstance(plain, torch.Tensor)
    inside = [
        line
        for line in Path("/proc/self/maps").read_text().splitlines()
        if line.endswith(str(sound)) and (ends := [int(x, 16) for x in line.split()[0].split("-")])
        if ends[0] <= plain.data_ptr() < ends[1]
    ]
    assert inside


def test_two_halves_are_joined_expert_by_expert(sound: Path) -> None:
    plain = read_gguf(sound).tensors["plain"]
    entry = entry_of("both", (plain, plain))
    [(_, both)] = mapped_gguf_tensors([entry])
    assert entry.shape == (2, 6, 64) and isinstance(both, torch.Tensor)
    assert torch.equal(both[:, :3], both[:, 3:])
    with pytest.raises(BadCheckpoint, match="two halves"):
        entry_of("both", (plain, read_gguf(sound).tensors["half"]))


HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "another magic": (b"GGML" + bytes(60), "begins with b'GGML'"),
    "a folder of text": (b"{}", "not a GGUF"),
    "cut inside the version": (b"GGUF\x03\x00", "cut off: the version"),
    "version 1": (whole(version=1), "version 1; read are 2 and 3"),
    "version 9": (whole(version=9), "version 9"),
    "big-endian": (b"GGUF" + struct.pack(">IQQ", 3, 0, 0), "big-endian"),
    "2^63 pairs": (whole(num_pairs=2**63), "announces 9223372036854775808 metadata pairs"),
    "2^61 tensors": (whole(num_tensors=2**61), "announces 2305843009213693952 tensors"),
    "a pair too many": (whole(pairs=(pair("a", 4, bytes(4)),), num_pairs=2, data=64), "has an empty key"),
    "a key of 2^62 bytes": (whole(pairs=(struct.pack("<Q", 2**62) + bytes(64),)), "a metadata key has"),
    "a key that is not UTF-8": (whole(pairs=(text(b"\xff\xfe") + bytes(16),)), "not UTF-8"),
    "a string of 2^62 bytes": (whole(pairs=(pair("a", 8, struct.pack("<Q", 2**62)),), data=64), "cut off: a takes"),
    "a string that is not UTF-8": (whole(pairs=(pair("a", 8, text(b"\xc3")),)), "not UTF-8"),
    "an unknown type": (whole(pairs=(pair("a", 13, bytes(8)),)), "unknown type 13"),
    "an array of arrays": (whole(pairs=(pair("a", 9, struct.pack("<IQ", 9, 1) + bytes(64)),)), "array of the type 9"),
    "an array of 2^60 numbers": (whole(pairs=(pair("a", 9, struct.pack("<IQ", 12, 2**60)),)), "entries of a"),
    "an array of 2^60 strings": (whole(pairs=(pair("a", 9, struct.pack("<IQ", 8, 2**60)),)), "entries of a"),
    "an endless string in an array": (
        whole(pairs=(pair("a", 9, struct.pack("<IQQ", 8, 1, 2**63)),), data=64),
        "entry 0 of a ends at byte",
    ),
    "an array cut in a length": (
        whole(pairs=(pair("a", 9, struct.pack("<IQ", 8, 2) + text("x" * 8)),))[:69],
        "cut off inside entry 1 of a",
    ),
    "a key twice": (whole(pairs=(pair("a", 4, bytes(4)), pair("a", 4, bytes(4)))), "has the key a twice"),
    "alignment 0": (whole(pairs=(pair("general.alignment", 4, bytes(4)),)), "alignment is 0"),
    "alignment 24": (whole(pairs=(pair("general.alignment", 4, struct.pack("<I", 24)),)), "alignment is 24"),
    "alignment of words": (whole(pairs=(pair("general.alignment", 8, text("many")),)), "alignment is 'many'"),
    "no dimensions": (whole(tensors=(tensor("t", ()),), data=64), "0 dimensions"),
    "2^32 - 1 dimensions": (whole(tensors=(text("t") + struct.pack("<I", 2**32 - 1) + bytes(64),)), "4294967295 dim"),
    "a dimension of 0": (whole(tensors=(tensor("t", (0, 4)),), data=64), r"shape \[4, 0\]"),
    "a dimension of 2^63": (whole(tensors=(tensor("t", (2**63, 2**63)),), data=64), "cut off inside tensor t"),
    "an offset of 2^63": (whole(tensors=(tensor("t", (4,), offset=2**63),), data=64), "cut off inside tensor t"),
    "an offset between": (whole(tensors=(tensor("t", (4,), offset=4),), data=64), "multiples of 32"),
    "a tensor that ends too late": (whole(tensors=(tensor("t", (9,), offset=32),), data=64), "cut off inside tensor t"),
    "an unknown format": (whole(tensors=(tensor("t", (32,), kind=99),), data=64), "unknown format 99"),
    "half a block": (whole(tensors=(tensor("t", (48,), kind=8),), data=64), "multiple of 32"),
    "a tensor twice": (whole(tensors=(tensor("t", (4,)), tensor("t", (4,), offset=32)), data=64), "tensor t twice"),
    "tensors that overlap": (
        whole(tensors=(tensor("t", (10,)), tensor("u", (4,), offset=32)), data=64),
        "t and u overlap",
    ),
    "one place for two": (whole(tensors=(tensor("t", (4,)), tensor("u", (4,))), data=64), "t and u overlap"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_is_refused_with_what_was_found(case: str, tmp_path: Path) -> None:
    content, words = HOSTILE[case]
    file = write(tmp_path, content)
    with pytest.raises(BadCheckpoint, match=words) as error:
        read_gguf(file)
    assert str(file) in error.value.message and error.value.hint


def test_a_format_that_is_not_read_is_named_with_those_that_are(tmp_path: Path) -> None:
    file = write(tmp_path, whole(tensors=(tensor("t", (256,), kind=23),), data=256))
    with pytest.raises(UnsupportedModel, match=r"tensor t is stored as IQ4_XS; this version reads .*Q4_K") as error:
        read_gguf(file)
    assert error.value.hint


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCheckpoint, match="cannot be read"):
        read_gguf(tmp_path / "none.gguf")


def test_a_file_that_shrank_since_it_was_listed_is_refused(sound: Path, tmp_path: Path) -> None:
    file = write(tmp_path, sound.read_bytes())
    tensors = read_gguf(file).tensors
    file.write_bytes(file.read_bytes()[:-600])
    with pytest.raises(BadCheckpoint, match="shorter"):
        list(mapped_gguf_tensors([entry_of(n, (t,)) for n, t in tensors.items()]))


def test_every_truncation_is_noticed(sound: Path, tmp_path: Path) -> None:
    content = sound.read_bytes()
    for end in [*range(700), *range(700, len(content) - 32, 97)]:
        with pytest.raises(BadCheckpoint):
            read_gguf(write(tmp_path, content[:end]))


def everything(file: Path) -> Any:
    """List, then read every byte of every tensor."""
    found = read_gguf(file)
    return [
        t.dense(torch.float32).sum() if isinstance(t, Blocks) else t.double().sum()
        for _, t in mapped_gguf_tensors([entry_of(n, (t,)) for n, t in found.tensors.items()])
    ]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(st.tuples(st.integers(0, 700), st.binary(min_size=1, max_size=9)), min_size=1, max_size=4))
@example(edits=[(8, struct.pack("<Q", 2**64 - 1))])
@example(edits=[(16, struct.pack("<Q", 2**64 - 1))])
def test_whatever_is_written_over_a_header_ends_in_an_error_of_ours_or_a_sound_reading(
    edits: list[tuple[int, bytes]], sound: Path, tmp_path: Path
) -> None:
    content = bytearray(sound.read_bytes())
    for at, new in edits:
        content[at : at + len(new)] = new
    try:
        everything(write(tmp_path, bytes(content)))
    except GemsteadError as error:
        assert isinstance(error, BadCheckpoint | UnsupportedModel)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300))
def test_whatever_follows_the_magic_ends_in_an_error_of_ours_or_a_sound_reading(content: bytes, tmp_path: Path) -> None:
    try:
        everything(write(tmp_path, b"GGUF\x03\x00\x00\x00" + content))
    except GemsteadError as error:
        assert isinstance(error, BadCheckpoint | UnsupportedModel)


def shard(folder: Path, number: int, count: int, *, no: int | None = None, names: tuple[str, ...] = ()) -> Path:
    file = folder / f"m-{number:05d}-of-{count:05d}.gguf"
    pairs = (
        pair("split.count", 2, struct.pack("<H", count)),
        pair("split.no", 2, struct.pack("<H", number - 1 if no is None else no)),
        pair("split.tensors.count", 5, struct.pack("<i", 3)),
        pair(f"of.{number}", 7, b"\x01"),
    )
    lines = tuple(tensor(n, (4,), offset=32 * i) for i, n in enumerate(names))
    file.write_bytes(whole(pairs=pairs, tensors=lines, data=32 * len(names)))
    return file


def test_shards_are_read_together_whichever_is_named(tmp_path: Path) -> None:
    files = [shard(tmp_path, 1, 2, names=("a", "b")), shard(tmp_path, 2, 2, names=("c",))]
    for named in files:
        found = read_gguf(named)
        assert found.file == files[0] and "of.1" in found.metadata
        assert {n: t.file for n, t in found.tensors.items()} == {"a": files[0], "b": files[0], "c": files[1]}


def test_shards_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    first = shard(tmp_path, 1, 2, names=("a", "b"))
    with pytest.raises(BadCheckpoint, match=r"m-00002-of-00002.gguf: cannot be read"):
        read_gguf(first)
    shard(tmp_path, 2, 2, no=0, names=("c",))
    with pytest.raises(BadCheckpoint, match="says that it is shard 0"):
        read_gguf(first)
    shard(tmp_path, 2, 2, names=("b",))
    with pytest.raises(BadCheckpoint, match="holds tensor b, which m-00001"):
        read_gguf(first)
    shard(tmp_path, 2, 2, names=("c", "d"))
    with pytest.raises(BadCheckpoint, match="hold 4 tensors, 3 are announced"):
        read_gguf(first)
    renamed = first.rename(tmp_path / "m.gguf")
    with pytest.raises(BadCheckpoint, match=r"its name must end in -NNNNN-of-00002.gguf") as error:
        read_gguf(renamed)
    assert error.value.hint
