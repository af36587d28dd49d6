"""Published data files: a name in, its rows out; fetched once, checked against a checksum, kept in gemstead's home.

A file given by hand is read as it is, whatever its checksum: the digest of its rows goes into the task's version.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gemstead.core.environment import home, is_offline
from gemstead.core.errors import Infrastructure, NotFound, OutOfCapacity

_TIMEOUT_S = 30.0
_PIECE_BYTES = 1 << 16
_MOST_BYTES = 64 * 1024**2
"""No file fetched here is a tenth of this; more is somebody else's page."""
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, kw_only=True)
class PublishedFile:
    """A data file as its authors publish it.

    Args:
        name: What it is called there, and here.
        url: Where it lies.
        rows_sha256: Digest of its rows, as `rows_digest` makes it: packing and line breaks do not matter.
        num_rows: How many rows it has.
        fields: Fields that a row must have, and the type of each.
    """

    name: str
    url: str
    rows_sha256: str
    num_rows: int
    fields: Mapping[str, type | tuple[type, ...]]

    @property
    def kept_at(self) -> Path:
        """Where the file is kept once it was fetched."""
        return home() / "data" / self.name


@dataclass(frozen=True, kw_only=True)
class Rows:
    """What a data file holds.

    Args:
        path: Which file it was.
        rows: Its records, in order.
        sha256: Digest of them.
    """

    path: Path
    rows: Sequence[Mapping[str, Any]]
    sha256: str


def read_published(file: PublishedFile, given: Path | None = None) -> Rows:
    """Read a file that was given by hand, or the published one, which is fetched first if it is not here.

    Args:
        file: What is wanted.
        given: A file to read instead: JSON lines or one JSON list, gzipped or not; or the folder it lies in, under the
            name it is published by.

    Raises:
        NotFound: The file is not here and may not be fetched, cannot be read, or holds something else.
        Infrastructure: It cannot be fetched.
        OutOfCapacity: The disk is full.
    """
    if given is not None and given.is_dir():
        given = given / file.name
    if given is not None:
        return _checked(file, given, f"give the published file {file.name}, from {file.url}, with `--data FILE`")
    if not file.kept_at.is_file():
        _fetch(file)
    rows = _checked(file, file.kept_at, f"remove {file.kept_at}; it is then fetched again")
    if rows.sha256 != file.rows_sha256:
        raise NotFound(
            f"{file.kept_at}: its rows have SHA-256 {rows.sha256}; the published ones have {file.rows_sha256}",
            hint="remove it, and it is fetched again; a file of your own is read with `--data FILE`",
        )
    return rows


def read_rows(path: Path) -> list[Any]:
    """Every record of a file of JSON lines, or of one JSON list, gzipped or not.

    Raises:
        OSError: It cannot be read.
        ValueError: It is not JSON; the message names the line.
    """
    data = path.read_bytes()
    try:
        text = (gzip.decompress(data) if data.startswith(_GZIP) else data).decode("utf-8")
    except (EOFError, zlib.error) as error:
        raise ValueError(f"the gzip data is damaged ({error})") from error
    if text.lstrip().startswith("["):
        rows = json.loads(text)
        assert isinstance(rows, list)
        return rows
    rows = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                rows.append(json.loads(line))
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from error
    return rows


def rows_digest(rows: Sequence[Any]) -> str:
    """SHA-256 of the rows as JSON without spaces, keys in order."""
    text = json.dumps(rows, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _checked(file: PublishedFile, path: Path, hint: str) -> Rows:
    try:
        rows = read_rows(path)
    except FileNotFoundError as error:
        raise NotFound(f"there is no data file {path}", hint=hint) from error
    except (OSError, ValueError, RecursionError) as error:
        raise NotFound(f"{path}: cannot be read as JSON lines or a JSON list: {error}", hint=hint) from error
    for number, row in enumerate(rows, start=1):
        wrong = [f for f, kind in file.fields.items() if not isinstance(row, dict) or not isinstance(row.get(f), kind)]
        if wrong:
            raise NotFound(f"{path}, row {number}: field {wrong[0]} is missing or of the wrong kind", hint=hint)
    if len(rows) != file.num_rows:
        raise NotFound(f"{path} holds {len(rows)} rows; {file.name} has {file.num_rows}", hint=hint)
    return Rows(path=path, rows=rows, sha256=rows_digest(rows))


def _fetch(file: PublishedFile) -> None:
    """Fetch a file with a progress bar and put it in its place once its rows are the published ones."""
    import http.client
    import urllib.error

    by_hand = f"fetch {file.url} elsewhere and give it with `--data FILE`"
    if is_offline():
        raise NotFound(f"{file.name} is not on this machine, and HF_HUB_OFFLINE forbids to fetch it", hint=by_hand)
    try:
        file.kept_at.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=file.kept_at.parent, suffix=f"-{file.name}")
    except OSError as error:
        raise OutOfCapacity(f"{file.kept_at}: cannot be written: {error}", hint="free some disk") from error
    fetched = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            _download(file, out)
        rows = _checked(file, fetched, by_hand)
        if rows.sha256 != file.rows_sha256:
            raise Infrastructure(
                f"{file.url} sent rows with SHA-256 {rows.sha256}; the published ones have {file.rows_sha256}",
                hint=f"try again; or {by_hand}",
            )
        fetched.replace(file.kept_at)
    except NotFound as error:  # what came is no data file at all: a login page of a hotel, say
        raise Infrastructure(f"{file.url} sent something else: {error.message}", hint=by_hand) from error
    except (OSError, http.client.HTTPException) as error:
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        if getattr(error, "errno", None) == 28:
            raise OutOfCapacity(f"{file.name}: the disk is full", hint="free some disk") from error
        raise Infrastructure(f"{file.url} cannot be fetched: {error}", hint=f"try again; or {by_hand}") from error
    finally:
        with contextlib.suppress(FileNotFoundError):
            fetched.unlink()


def _download(file: PublishedFile, out: Any) -> None:
    import urllib.request

    from huggingface_hub.utils import tqdm  # type: ignore[attr-defined]

    request = urllib.request.Request(file.url, headers={"User-Agent": "gemstead"})
    with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as response:
        length = response.headers.get("Content-Length")
        total = int(length) if length else None
        with tqdm(total=total, unit="B", unit_scale=True, desc=file.name) as bar:  # type: ignore[no-untyped-call]
            got = 0
            while piece := response.read(_PIECE_BYTES):
                got += len(piece)
                if got > _MOST_BYTES:
                    raise OSError(f"it sends more than {_MOST_BYTES} bytes")
                out.write(piece)
                bar.update(len(piece))
        if total is not None and got != total:
            raise OSError(f"the line broke after {got} of {total} bytes")
