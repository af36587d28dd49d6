"""One hash over everything in a checkpoint that could change an answer; remembered, since weights are large."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from gemstead.checkpoints.manifest import Manifest
from gemstead.core.environment import home

SMALL_FILES = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
)


def fingerprint(manifest: Manifest) -> str:
    """SHA-256 (hex) over names and contents of weights, configuration, tokenizer and template."""
    total = hashlib.sha256()
    small = [manifest.folder / name for name in SMALL_FILES]
    for file in [*manifest.weight_files, *(f for f in small if f.is_file())]:
        total.update(f"{file.name}\0{file_digest(file)}\n".encode())
    return total.hexdigest()


def file_digest(file: Path) -> str:
    """SHA-256 (hex) of a file's content; looked up when path, size and time of change are those of an earlier look."""
    real = file.resolve()
    status = real.stat()
    key = f"{real}\0{status.st_size}\0{status.st_mtime_ns}"
    note = home() / "digests" / hashlib.sha256(key.encode()).hexdigest()
    try:
        remembered = json.loads(note.read_text())
        if remembered["key"] == key:
            return str(remembered["sha256"])
    except (OSError, ValueError, KeyError):
        pass  # never seen, or unreadable: hash it
    with real.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps({"key": key, "sha256": digest}))
    except OSError:
        pass  # a home that cannot be written costs time, nothing else
    return digest
