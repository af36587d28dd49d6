"""GGUF files: what is in them, checked before a byte of weights is used, and the mapped tensors.

Format, little-endian, versions 2 and 3:

    "GGUF"  u32 version  u64 tensors  u64 pairs
    pairs:    string key, u32 type, value; an array is u32 type, u64 count, values; a string u64 bytes, UTF-8
    tensors:  string name, u32 dimensions, u64 each of them (the fastest first), u32 type, u64 offset
    padding to a multiple of `general.alignment`, from which offsets count, then the tensors' bytes

Nothing in a file is believed: every length is held against the bytes that are left before anything is made of it.
Source: the GGUF specification, ggml/docs/gguf.md.
"""

from __future__ import annotations

import itertools
import math
import mmap
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from gemstead.checkpoints.gguf_names import SUFFIX, shard_name
from gemstead.checkpoints.safetensors import HINT, TensorEntry
from gemstead.core.errors import BadCheckpoint, UnsupportedModel
from gemstead.quant.gguf_blocks import BLOCK_FORMATS, Blocks

VERSIONS = (2, 3)
MAX_KEY_BYTES = 65_535
MAX_DIMENSIONS = 4
STRING, ARRAY = 8, 9
SCALARS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
PLAIN = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "F64": torch.float64}
# Numbers of all formats, also of those that are not read, so that an error can name what it found.
FORMATS: Mapping[int, str] = dict(
    enumerate(
        "F32 F16 Q4_0 Q4_1 Q4_2 Q4_3 Q5_0 Q5_1 Q8_0 Q8_1 Q2_K Q3_K Q4_K Q5_K Q6_K Q8_K IQ2_XXS IQ2_XS IQ3_XXS IQ1_S "
        "IQ4_NL IQ3_S IQ2_S IQ4_XS I8 I16 I32 I64 F64 IQ1_M BF16 Q4_0_4_4 Q4_0_4_8 Q4_0_8_8 TQ1_0 TQ2_0 IQ4_NL_4_4 "
        "IQ4_NL_4_8 IQ4_NL_8_8 MXFP4 NVFP4 Q1_0 Q2_0".split()
    )
)


@dataclass(frozen=True, kw_only=True)
class GgufTensor:
    """Where one tensor lies.

    Args:
        name: As in the file.
        file: The file that holds it.
        format: "F32" or another name in `PLAIN` or `BLOCK_FORMATS`.
        shape: Slowest dimension first, as elsewhere here.
        start: Its first byte, from the beginning of the file.
    """

    name: str
    file: Path
    format: str
    shape: tuple[int, ...]
    start: int

    @property
    def num_bytes(self) -> int:
        """What it takes in the file."""
        return bytes_of(self.shape, self.format)


@dataclass(frozen=True, kw_only=True)
class GgufEntry(TensorEntry):
    """A published tensor that lies in GGUF files.

    Args:
        parts: What it is made of, to be joined row under row, in each expert by itself.
    """

    parts: tuple[GgufTensor, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """All files it lies in."""
        return tuple(part.file for part in self.parts)

    @property
    def is_whole(self) -> bool:
        """See `TensorEntry.is_whole`."""
        return len(self.parts) == 1


@dataclass(frozen=True, kw_only=True)
class GgufFile:
    """What a GGUF, or all shards of one, holds.

    Args:
        file: The first one.
        metadata: Its pairs.
        tensors: By name.
    """

    file: Path
    metadata: Mapping[str, Any]
    tensors: Mapping[str, GgufTensor]


def bytes_of(shape: tuple[int, ...], name: str) -> int:
    """Bytes of a tensor in a format."""
    if name in PLAIN:
        return math.prod(shape) * PLAIN[name].itemsize
    form = BLOCK_FORMATS[name]
    return math.prod(shape) // form.elements * form.num_bytes


def read_gguf(file: Path) -> GgufFile:
    """List a GGUF's metadata and tensors, those of all its shards, and make sure that every one lies inside its file.

    Raises:
        BadCheckpoint: A file is missing, cut off, malformed or contradicts itself.
        UnsupportedModel: A tensor is stored in a format that is not read here.
    """
    metadata, tensors = _read_one(file)
    count = metadata.get("split.count", 1)
    if not isinstance(count, int) or count <= 1:
        return GgufFile(file=file, metadata=metadata, tensors=tensors)
    named = shard_name(file.name)
    if named is None or named.count != count:
        raise BadCheckpoint(
            f"{file}: is one of {count} shards, so its name must end in -NNNNN-of-{count:05d}{SUFFIX}",
            hint="keep the names under which the shards were published",
        )
    whole: dict[str, GgufTensor] = {}
    first = metadata
    for number in range(1, count + 1):
        shard = file.with_name(named.sibling(number))
        pairs, members = (metadata, tensors) if shard == file else _read_one(shard)
        if pairs.get("split.no") != number - 1:
            raise BadCheckpoint(f"{shard}: says that it is shard {pairs.get('split.no')!r}, counted from 0", hint=HINT)
        for name, tensor in members.items():
            if name in whole:
                raise BadCheckpoint(f"{shard}: holds tensor {name}, which {whole[name].file.name} holds too", hint=HINT)
            whole[name] = tensor
        first = pairs if number == 1 else first
    stated = first.get("split.tensors.count", len(whole))
    if stated != len(whole):
        raise BadCheckpoint(f"{file}: its {count} shards hold {len(whole)} tensors, {stated} are announced", hint=HINT)
    return GgufFile(file=file.with_name(named.sibling(1)), metadata=first, tensors=whole)


def _read_one(file: Path) -> tuple[dict[str, Any], dict[str, GgufTensor]]:
    try:
        with file.open("rb") as stream:
            if not file.stat().st_size:
                raise BadCheckpoint(f"{file}: not a GGUF file: it is empty", hint=HINT)
            with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                return _Header(file, mapped).read()
    except OSError as error:
        raise BadCheckpoint(f"{file}: cannot be read: {error.strerror}", hint=HINT) from error


class _Header:
    """Walks through the bytes before the weights; `_at` is the next one that was not looked at."""

    def __init__(self, file: Path, mapped: mmap.mmap) -> None:
        self._file, self._bytes, self._size, self._at = file, mapped, len(mapped), 0

    def read(self) -> tuple[dict[str, Any], dict[str, GgufTensor]]:
        """Pairs and tensors."""
        magic = self._bytes[:4]
        if magic != b"GGUF":
            raise BadCheckpoint(f"{self._file}: not a GGUF file: it begins with {magic!r}, not b'GGUF'", hint=HINT)
        self._at = 4
        self._check_version(self._number("<I", "the version"))
        num_tensors, num_pairs = self._number("<Q", "the number of tensors"), self._number("<Q", "the number of pairs")
        self._check_count(num_pairs, 13, "metadata pairs")  # key length, type and a value of a byte
        self._check_count(num_tensors, 32, "tensors")  # name length, dimensions, one of them, format, offset
        metadata: dict[str, Any] = {}
        for _ in range(num_pairs):
            key = self._string("a metadata key", MAX_KEY_BYTES)
            if not key or key in metadata:
                fault = f"the key {key} twice" if key else "an empty key"
                raise BadCheckpoint(f"{self._file}: metadata has {fault}", hint=HINT)
            metadata[key] = self._value(self._number("<I", f"the type of {key}"), key)
        raw = [self._tensor() for _ in range(num_tensors)]
        return metadata, self._placed(raw, metadata)

    def _check_version(self, version: int) -> None:
        swapped = int.from_bytes(version.to_bytes(4, "little"), "big")
        if version not in VERSIONS and swapped in (1, *VERSIONS):
            raise BadCheckpoint(
                f"{self._file}: a big-endian GGUF; only little-endian ones are read", hint="convert the model again"
            )
        if version not in VERSIONS:
            raise BadCheckpoint(
                f"{self._file}: GGUF version {version}; read are {' and '.join(map(str, VERSIONS))}",
                hint="convert the model again with a current converter" if version < 2 else HINT,
            )

    def _check_count(self, count: int, least_bytes: int, what: str) -> None:
        left = self._size - self._at
        if count * least_bytes > left:
            raise BadCheckpoint(
                f"{self._file}: announces {count} {what}, which take {count * least_bytes} bytes at least; {left} are "
                "left in the file",
                hint=HINT,
            )

    def _take(self, num_bytes: int, what: str) -> int:
        """Step over so many bytes.

        Returns:
            Where they begin.
        """
        if num_bytes > self._size - self._at:
            raise BadCheckpoint(
                f"{self._file}: cut off: {what} takes {num_bytes} bytes from byte {self._at} on, the file has "
                f"{self._size}",
                hint=HINT,
            )
        start = self._at
        self._at += num_bytes
        return start

    def _number(self, layout: str, what: str) -> Any:
        return struct.unpack_from(layout, self._bytes, self._take(struct.calcsize(layout), what))[0]

    def _string(self, what: str, limit: int | None = None) -> str:
        length = self._number("<Q", f"the length of {what}")
        if limit is not None and length > limit:
            raise BadCheckpoint(f"{self._file}: {what} has {length} bytes; allowed are {limit}", hint=HINT)
        start = self._take(length, what)
        try:
            return self._bytes[start : self._at].decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadCheckpoint(f"{self._file}: {what} is not UTF-8: {error}", hint=HINT) from error

    def _value(self, kind: int, key: str) -> Any:
        if kind == STRING:
            return self._string(key)
        if kind in SCALARS:
            return self._number(SCALARS[kind], key)
        if kind != ARRAY:
            raise BadCheckpoint(f"{self._file}: {key} has the unknown type {kind}; known are 0 to 12", hint=HINT)
        member = self._number("<I", f"the type of {key}")
        count = self._number("<Q", f"the length of {key}")
        if member == STRING:
            self._check_count(count, 8, f"entries of {key}")
            return self._strings(count, key)
        if member not in SCALARS:
            raise BadCheckpoint(
                f"{self._file}: {key} is an array of the type {member}; known are numbers and strings", hint=HINT
            )
        width = struct.calcsize(SCALARS[member])
        self._check_count(count, width, f"entries of {key}")
        start = self._take(count * width, key)
        return list(struct.unpack_from(f"<{count}{SCALARS[member][1:]}", self._bytes, start))

    def _strings(self, count: int, key: str) -> list[str]:
        """As `_string`, many times: vocabularies have three quarters of a million."""
        data, size, at, length_at = self._bytes, self._size, self._at, struct.Struct("<Q").unpack_from
        found: list[str] = []
        try:
            for _ in range(count):
                end = at + 8 + length_at(data, at)[0]
                if end > size:
                    raise BadCheckpoint(
                        f"{self._file}: cut off: entry {len(found)} of {key} ends at byte {end}, the file has {size}",
                        hint=HINT,
                    )
                found.append(data[at + 8 : end].decode("utf-8"))
                at = end
        except struct.error as error:
            raise BadCheckpoint(f"{self._file}: cut off inside entry {len(found)} of {key}", hint=HINT) from error
        except UnicodeDecodeError as error:
            raise BadCheckpoint(
                f"{self._file}: entry {len(found)} of {key} is not UTF-8: {error}", hint=HINT
            ) from error
        self._at = at
        return found

    def _tensor(self) -> tuple[str, tuple[int, ...], int, int]:
        """Name, shape, number of the format, offset."""
        name = self._string("a tensor's name", MAX_KEY_BYTES)
        dimensions = self._number("<I", f"tensor {name}")
        if not 1 <= dimensions <= MAX_DIMENSIONS:
            raise BadCheckpoint(
                f"{self._file}: tensor {name} has {dimensions} dimensions; allowed are 1 to {MAX_DIMENSIONS}", hint=HINT
            )
        shape = tuple(reversed([self._number("<Q", f"tensor {name}") for _ in range(dimensions)]))
        return name, shape, self._number("<I", f"tensor {name}"), self._number("<Q", f"tensor {name}")

    def _placed(
        self, raw: list[tuple[str, tuple[int, ...], int, int]], metadata: Mapping[str, Any]
    ) -> dict[str, GgufTensor]:
        """Tensors, each with its place in the file; no two share a byte."""
        alignment = metadata.get("general.alignment", 32)
        if not isinstance(alignment, int) or alignment < 8 or alignment & (alignment - 1):
            raise BadCheckpoint(
                f"{self._file}: general.alignment is {alignment!r}; allowed is a power of two from 8 on", hint=HINT
            )
        begin = -(-self._at // alignment) * alignment
        placed: dict[str, GgufTensor] = {}
        for name, shape, number, offset in raw:
            if name in placed:
                raise BadCheckpoint(f"{self._file}: holds tensor {name} twice", hint=HINT)
            tensor = GgufTensor(
                name=name, file=self._file, format=self._format(name, shape, number), shape=shape, start=begin + offset
            )
            if offset % alignment:
                raise BadCheckpoint(
                    f"{self._file}: tensor {name} begins at byte {offset} of the data; allowed are multiples of "
                    f"{alignment}",
                    hint=HINT,
                )
            if tensor.start + tensor.num_bytes > self._size:
                raise BadCheckpoint(
                    f"{self._file}: cut off inside tensor {name}: {list(shape)} in {tensor.format} ends at byte "
                    f"{tensor.start + tensor.num_bytes}, the file has {self._size}",
                    hint=HINT,
                )
            placed[name] = tensor
        in_order = sorted(placed.values(), key=lambda t: t.start)
        for before, after in itertools.pairwise(in_order):
            if before.start + before.num_bytes > after.start:
                raise BadCheckpoint(f"{self._file}: tensors {before.name} and {after.name} overlap", hint=HINT)
        return placed

    def _format(self, name: str, shape: tuple[int, ...], number: int) -> str:
        found = FORMATS.get(number)
        if found is None:
            raise BadCheckpoint(
                f"{self._file}: tensor {name} has the unknown format {number}; known are 0 to {max(FORMATS)}", hint=HINT
            )
        if found not in PLAIN and found not in BLOCK_FORMATS:
            raise UnsupportedModel(
                f"{self._file}: tensor {name} is stored as {found}; this version reads "
                f"{', '.join((*PLAIN, *BLOCK_FORMATS))}",
                hint="take a file in one of these, such as Q4_0, Q4_K_M or Q8_0",
            )
        elements = 1 if found in PLAIN else BLOCK_FORMATS[found].elements
        if min(shape) < 1 or shape[-1] % elements:
            raise BadCheckpoint(
                f"{self._file}: tensor {name} has shape {list(shape)}; {found} needs rows of a multiple of {elements}",
                hint=HINT,
            )
        return found


def entry_of(name: str, parts: tuple[GgufTensor, ...]) -> GgufEntry:
    """A published tensor out of parts with equal rows, stacked experts each by itself.

    Raises:
        BadCheckpoint: Their shapes or formats do not fit together.
    """
    first = parts[0]
    for part in parts[1:]:
        if (part.shape[:-2], part.shape[-1:], part.format) != (first.shape[:-2], first.shape[-1:], first.format):
            raise BadCheckpoint(
                f"{part.file}: {first.name} is {first.format} {list(first.shape)}, {part.name} is {part.format} "
                f"{list(part.shape)}; they are two halves of one tensor, and must be alike"
            )
    shape = first.shape
    if len(parts) > 1:
        shape = (*shape[:-2], sum(part.shape[-2] for part in parts), shape[-1])
    return GgufEntry(name=name, file=first.file, dtype=first.format, shape=shape, parts=parts)


def mapped_gguf_tensors(entries: list[GgufEntry]) -> Iterator[tuple[str, Tensor | Blocks]]:
    """Yield tensors that lie in the mapped file: memory is used when they are read, and shared between processes.

    Raises:
        BadCheckpoint: A file changed since it was listed.
    """
    storages: dict[Path, torch.UntypedStorage] = {}
    for entry in entries:
        pieces = []
        for part in entry.parts:
            if part.file not in storages:
                storages[part.file] = _mapped(part.file)
            storage = storages[part.file]
            if part.start + part.num_bytes > storage.nbytes():
                raise BadCheckpoint(f"{part.file}: became shorter since it was listed", hint=HINT)
            pieces.append(_tensor_at(storage, part))
        whole = pieces[0] if len(pieces) == 1 else torch.cat(pieces, dim=-2)
        yield entry.name, whole if entry.dtype in PLAIN else Blocks(raw=whole, format=entry.dtype)


def _mapped(file: Path) -> torch.UntypedStorage:
    try:
        storage: torch.UntypedStorage = torch.UntypedStorage.from_file(str(file), False, file.stat().st_size)  # type: ignore[assignment]
    except (OSError, RuntimeError) as error:
        raise BadCheckpoint(f"{file}: cannot be read: {error}", hint=HINT) from error
    return storage


def _tensor_at(storage: torch.UntypedStorage, part: GgufTensor) -> Tensor:
    """Of numbers as they are; of blocks, their bytes row by row."""
    dtype, shape = PLAIN.get(part.format), part.shape
    if dtype is None:
        dtype, shape = torch.uint8, (*shape[:-1], bytes_of(shape[-1:], part.format))
    strides = torch.empty(shape, device="meta").stride()
    return torch.empty(0, dtype=dtype).set_(storage, part.start // dtype.itemsize, shape, strides)
