"""Safetensors files: what is in them, checked before a byte of weights is used, and the mapped tensors.

Format: 8 bytes little-endian header length, that many bytes of JSON, then the tensors' bytes at the stated offsets.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from torch import Tensor

from gemstead.core.errors import BadCheckpoint

DTYPE_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}
MAX_HEADER_BYTES = 100_000_000
HINT = "fetch the file again with `gemstead pull`, or copy it once more"


@dataclass(frozen=True, kw_only=True)
class TensorEntry:
    """Where one tensor lies.

    Args:
        name: As published.
        file: The file that holds it.
        dtype: Safetensors' name, e.g. "BF16".
        shape: Its shape.
    """

    name: str
    file: Path
    dtype: str
    shape: tuple[int, ...]

    @property
    def num_parameters(self) -> int:
        """Elements."""
        return math.prod(self.shape)

    @property
    def files(self) -> tuple[Path, ...]:
        """All files it lies in."""
        return (self.file,)

    @property
    def is_whole(self) -> bool:
        """Whether it lies in one piece, so that it can stay in the mapped file."""
        return True


def read_entries(file: Path) -> list[TensorEntry]:
    """List a file's tensors, and make sure that every one lies wholly inside it.

    Raises:
        BadCheckpoint: The file is missing, truncated or not a safetensors file; the message names file and tensor.
    """
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            head = stream.read(8)
            header_bytes = struct.unpack("<Q", head)[0] if len(head) == 8 else 0
            if not 2 <= header_bytes <= min(MAX_HEADER_BYTES, size - 8):
                raise BadCheckpoint(
                    f"{file}: not a safetensors file, or cut off: it has {size} bytes and announces a header of "
                    f"{header_bytes}",
                    hint=HINT,
                )
            header = json.loads(stream.read(header_bytes))
    except OSError as error:
        raise BadCheckpoint(f"{file}: cannot be read: {error.strerror}", hint=HINT) from error
    except ValueError as error:
        raise BadCheckpoint(f"{file}: its header is not valid JSON: {error}", hint=HINT) from error
    if not isinstance(header, dict):
        raise BadCheckpoint(f"{file}: its header is not a table of tensors", hint=HINT)
    data_bytes = size - 8 - header_bytes
    entries = [_entry(file, name, raw, data_bytes) for name, raw in header.items() if name != "__metadata__"]
    stated = max((raw["data_offsets"][1] for name, raw in header.items() if name != "__metadata__"), default=0)
    if stated != data_bytes:
        raise BadCheckpoint(f"{file}: its tensors end at byte {stated}, but it holds {data_bytes}", hint=HINT)
    return entries


def _entry(file: Path, name: str, raw: Any, data_bytes: int) -> TensorEntry:
    try:
        dtype, shape = raw["dtype"], tuple(int(n) for n in raw["shape"])
        begin, end = (int(n) for n in raw["data_offsets"])
    except (TypeError, KeyError, ValueError) as error:
        raise BadCheckpoint(f"{file}: tensor {name}: its header entry cannot be read: {raw!r}", hint=HINT) from error
    if dtype not in DTYPE_BYTES:
        raise BadCheckpoint(f"{file}: tensor {name} has dtype {dtype!r}; known are {', '.join(DTYPE_BYTES)}")
    expected = math.prod(shape) * DTYPE_BYTES[dtype]
    if end - begin != expected or begin < 0:
        raise BadCheckpoint(
            f"{file}: tensor {name}: shape {list(shape)} in {dtype} takes {expected} bytes, "
            f"its offsets span {end - begin}",
            hint=HINT,
        )
    if end > data_bytes:
        raise BadCheckpoint(
            f"{file}: cut off inside tensor {name}: it ends at byte {end} of the data, the file holds {data_bytes}",
            hint=HINT,
        )
    return TensorEntry(name=name, file=file, dtype=dtype, shape=shape)


def mapped_tensors(entries: list[TensorEntry]) -> Iterator[tuple[str, Tensor]]:
    """Yield tensors that lie in the mapped file: memory is used when they are read, and shared between processes.

    Raises:
        BadCheckpoint: A file changed since it was listed.
    """
    by_file: dict[Path, list[TensorEntry]] = {}
    for entry in entries:
        by_file.setdefault(entry.file, []).append(entry)
    for file, members in by_file.items():
        try:
            with safe_open(file, framework="pt", device="cpu") as opened:
                for entry in members:
                    yield entry.name, opened.get_tensor(entry.name)
        except (SafetensorError, OSError) as error:
            raise BadCheckpoint(f"{file}: {error}", hint=HINT) from error
