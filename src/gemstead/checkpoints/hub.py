"""Names people use for models -> where they lie: the embedded model, a folder, a GGUF, or the Hub through its cache.

On the Hub, a GGUF is named by its repository and its path in it, `owner/name/FILE.gguf`, since one repository holds the
same model in many precisions; of a GGUF in shards, the first one is named.

The Hub's library is loaded where a Hub id is meant: it takes longer to load than all else of a report of stored runs.
"""

from __future__ import annotations

import glob
import hashlib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from gemstead.checkpoints.gguf_names import SUFFIX, shard_name
from gemstead.core.environment import is_offline
from gemstead.core.errors import BadCheckpoint, BadRequest, Infrastructure, NotFound, OutOfCapacity

EMBEDDED = "pebble"
NEEDED = ["*.json", "*.jinja", "*.safetensors"]


@dataclass(frozen=True, kw_only=True)
class StoredModel:
    """A model on this machine.

    Args:
        name: How to ask for it.
        folder: Where it lies; of a GGUF the file.
        num_bytes: Its size on disk.
        is_embedded: Whether it came with gemstead.
    """

    name: str
    folder: Path
    num_bytes: int
    is_embedded: bool = False


def embedded_folder() -> Path:
    """Where the model that comes with gemstead lies."""
    return Path(str(resources.files("gemstead"))) / EMBEDDED


def find_model(name: str) -> Path:
    """The folder, or the GGUF, of a model that is already here.

    Args:
        name: "pebble", a folder, a GGUF, or a Hub id such as `google/gemma-4-E2B-it`.

    Raises:
        NotFound: It is not on this machine.
        BadRequest: It is no possible name.
    """
    if name == EMBEDDED:
        return embedded_folder()
    folder = Path(name).expanduser()
    if folder.is_dir() or (folder.is_file() and folder.suffix == SUFFIX):
        return folder
    import huggingface_hub
    from huggingface_hub import errors as hub_errors

    wanted = _Wanted.of(name)
    try:
        found = Path(
            huggingface_hub.snapshot_download(wanted.repo, allow_patterns=wanted.patterns, local_files_only=True)
        )
    except (hub_errors.LocalEntryNotFoundError, FileNotFoundError) as error:
        raise wanted.not_found() from error
    if not wanted.is_in(found):
        raise wanted.not_found()
    return wanted.inside(found)


def obtain_model(name: str) -> Path:
    """Where a model is; one named by a Hub id is fetched first if it is not here. Raises as the two around this do."""
    try:
        return find_model(name)
    except NotFound:
        if "/" not in name or Path(name).expanduser().exists() or is_offline():
            raise
    return pull_model(name)


def pull_model(name: str, revision: str | None = None) -> Path:
    """Fetch a model: with a progress bar, continuing where an earlier try stopped, checksums verified.

    Args:
        name: A Hub id, or one with the path of a GGUF.
        revision: Branch, tag or commit; the main branch if not given.

    Returns:
        Its folder in the Hub's cache, or the GGUF in it.

    Raises:
        NotFound: No such model or file, or no leave to read it.
        Infrastructure: The Hub cannot be reached.
        OutOfCapacity: The disk is full.
        BadCheckpoint: A file arrived with the wrong content.
    """
    import huggingface_hub
    from huggingface_hub import errors as hub_errors

    wanted = _Wanted.of(name)
    if is_offline():
        raise Infrastructure(f"{name}: not fetched, since HF_HUB_OFFLINE is set", hint="unset HF_HUB_OFFLINE")
    try:
        folder = Path(huggingface_hub.snapshot_download(wanted.repo, revision=revision, allow_patterns=wanted.patterns))
    except hub_errors.GatedRepoError as error:
        raise NotFound(
            f"{name}: its owner asks you to accept terms first",
            hint="accept them on the model's page, then `hf auth login`",
        ) from error
    except (hub_errors.RepositoryNotFoundError, hub_errors.RevisionNotFoundError) as error:
        where = f" at {revision}" if revision else ""
        raise NotFound(f"{name}: the Hub has no such model{where}, or you may not read it") from error
    except (OSError, hub_errors.HfHubHTTPError) as error:
        if getattr(error, "errno", None) == 28:
            raise OutOfCapacity(f"{name}: the disk is full", hint="`gemstead rm` a model, then pull again") from error
        raise Infrastructure(f"{name}: the Hub cannot be reached: {error}", hint="pull again; it continues") from error
    verify_blobs(folder)
    if not wanted.is_in(folder):
        raise NotFound(
            f"{name}: {wanted.repo} has no {wanted.file or 'config.json'}",
            hint=f"see its page for its files; a GGUF is fetched as {wanted.repo}/FILE{SUFFIX}",
        )
    return wanted.inside(folder)


@dataclass(frozen=True, kw_only=True)
class _Wanted:
    """What a name asks of the Hub: a repository, or one GGUF in it."""

    name: str
    repo: str
    file: str | None

    @classmethod
    def of(cls, name: str) -> _Wanted:
        """Take a name apart. Raises as `_check_id`."""
        if not name.endswith(SUFFIX):
            _check_id(name)
            return cls(name=name, repo=name, file=None)
        owner, _, rest = name.partition("/")
        model, _, file = rest.partition("/")
        if not (owner and model and file) or owner in (".", "..", "~"):
            raise NotFound(f"{name}: no such file here", hint=f"on the Hub, a GGUF is called owner/name/FILE{SUFFIX}")
        _check_id(f"{owner}/{model}")
        return cls(name=name, repo=f"{owner}/{model}", file=file)

    @property
    def patterns(self) -> list[str]:
        """Files that are needed."""
        if self.file is None:
            return NEEDED
        shard = shard_name(self.file)
        names = [self.file] if shard is None else [shard.sibling(n) for n in range(1, shard.count + 1)]
        return [glob.escape(name) for name in names]  # they may hold characters that mean something in a pattern

    def inside(self, folder: Path) -> Path:
        """What is meant in the repository's folder."""
        return folder if self.file is None else folder / self.file

    def is_in(self, folder: Path) -> bool:
        """Whether it is there."""
        return (folder / (self.file or "config.json")).is_file()

    def not_found(self) -> NotFound:
        """It is not on this machine."""
        what = "a folder" if self.file is None else "a file"
        return NotFound(
            f"{self.name}: neither {what} here nor a model that was fetched before", hint=f"gemstead pull {self.name}"
        )


def verify_blobs(folder: Path) -> None:
    """Check large files against their checksum: the cache names a large file after its SHA-256.

    Raises:
        BadCheckpoint: One differs; it is removed, so that the next pull fetches it anew.
    """
    for file in sorted(folder.rglob("*")):
        blob = file.resolve()
        if len(blob.name) != 64 or blob == file or not blob.is_file():
            continue
        with blob.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if digest != blob.name:
            file.unlink()
            blob.unlink()
            raise BadCheckpoint(
                f"{file.name}: arrived with SHA-256 {digest}, the Hub announced {blob.name}", hint="pull again"
            )


def list_models() -> list[StoredModel]:
    """Models on this machine: the embedded one first, then those in the Hub's cache by name."""
    found = []
    embedded = embedded_folder()
    if embedded.is_dir():
        size = sum(f.stat().st_size for f in embedded.iterdir() if f.is_file())
        found.append(StoredModel(name=EMBEDDED, folder=embedded, num_bytes=size, is_embedded=True))
    for repo in sorted(_cached_repos(), key=lambda r: r.repo_id):
        revisions = sorted(repo.revisions, key=lambda r: r.last_modified, reverse=True)
        if any(f.file_name == "config.json" for f in revisions[0].files):
            found.append(StoredModel(name=repo.repo_id, folder=revisions[0].snapshot_path, num_bytes=repo.size_on_disk))
        found += _ggufs(repo.repo_id, revisions[0])
    return found


def _ggufs(repo: str, revision: Any) -> list[StoredModel]:
    """GGUFs of a repository; shards count as one, named after the first."""
    sizes: dict[Path, int] = {}
    for file in revision.files:
        if file.file_path.suffix == SUFFIX:
            shard = shard_name(file.file_name)
            path = file.file_path.with_name(shard.sibling(1)) if shard else file.file_path
            sizes[path] = sizes.get(path, 0) + file.size_on_disk
    return [
        StoredModel(name=f"{repo}/{path.relative_to(revision.snapshot_path).as_posix()}", folder=path, num_bytes=size)
        for path, size in sorted(sizes.items())
    ]


def remove_model(name: str) -> int:
    """Delete a fetched model.

    Returns:
        Bytes freed.

    Raises:
        NotFound: It is not in the Hub's cache.
        BadRequest: It is the embedded model, a folder or file of the user's own, or one file of a repository.
    """
    if name == EMBEDDED:
        raise BadRequest(f"{EMBEDDED} is part of gemstead and stays")
    repos = [r for r in _cached_repos() if r.repo_id == name]
    if not repos:
        own = Path(name).expanduser()
        if own.exists():
            what = "folder" if own.is_dir() else "file"
            raise BadRequest(f"{name} is a {what} of your own; gemstead removes only what it fetched")
        if any(name.startswith(f"{r.repo_id}/") for r in _cached_repos()):
            repo = name.rsplit("/", name.count("/") - 1)[0]
            raise BadRequest(f"{name} is one file of {repo}, which is removed as a whole", hint=f"gemstead rm {repo}")
        raise NotFound(f"{name}: not among the fetched models", hint="gemstead models")
    import huggingface_hub

    strategy = huggingface_hub.scan_cache_dir().delete_revisions(*(r.commit_hash for r in repos[0].revisions))
    strategy.execute()
    return int(strategy.expected_freed_size)


def _cached_repos() -> list[Any]:
    import huggingface_hub
    from huggingface_hub import errors as hub_errors

    try:
        return [r for r in huggingface_hub.scan_cache_dir().repos if r.repo_type == "model" and r.revisions]
    except hub_errors.CacheNotFound:
        return []


def _check_id(name: str) -> None:
    from huggingface_hub import errors as hub_errors
    from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]

    try:
        validate_repo_id(name)
    except hub_errors.HFValidationError as error:
        raise BadRequest(
            f"{name!r} is no model: not {EMBEDDED!r}, not a folder or GGUF here, and no possible Hub id",
            hint="gemstead models",
        ) from error
    if "/" not in name:
        raise NotFound(f"{name}: no such model or folder here", hint="Hub ids look like google/gemma-4-E2B-it")
