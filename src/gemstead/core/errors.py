"""Every error gemstead raises on purpose, one class per thing a caller can do about it.

GemsteadError
├── BadRequest          change the request: a value, a name, a prompt that does not fit
├── BadCheckpoint       fetch or repair the model's files
├── UnsupportedModel    use a model or a setting this version understands
├── NotFound            name something that exists, or fetch it first
├── OutOfCapacity       free memory, or ask for less
├── SandboxUnavailable  change the machine's settings; nothing untrusted was run
├── StoreError          repair or replace the results file
└── Infrastructure      try again: the harness failed, not the answer
    └── EndpointFailed  not at once: it was tried often enough; resume later
"""

from __future__ import annotations

import errno

FULL_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says where there is no room; the last where a limit is set on files (`ulimit -f`)."""


class GemsteadError(Exception):
    """Root of the tree.

    Args:
        message: What was asked, what was found, what is allowed. Exact values.
        hint: The cure, as a command or a setting, when there is one.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\nhint: {self.hint}"

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.hint))


def _rebuild(kind: type[GemsteadError], message: str, hint: str | None) -> GemsteadError:
    return kind(message, hint=hint)


class BadRequest(GemsteadError):
    """The caller asked for something that is not allowed; asking differently works."""


class BadCheckpoint(GemsteadError):
    """A model's files are missing, truncated, corrupt or do not fit its config."""


class UnsupportedModel(GemsteadError):
    """The checkpoint is sound, but this version does not implement what it asks for."""


class NotFound(GemsteadError):
    """A model, run, task or file that was named does not exist."""


class OutOfCapacity(GemsteadError):
    """Memory, pages or disk would be exceeded."""


class SandboxUnavailable(GemsteadError):
    """This machine cannot confine untrusted code well enough, so none was run."""


class StoreError(GemsteadError):
    """The results file cannot be read or written; nothing in it was changed."""


class Infrastructure(GemsteadError):
    """The harness failed through no fault of the request or the answer; a retry may work."""


class EndpointFailed(Infrastructure):
    """An endpoint gave no answer, however often it was asked; asking at once again is of no use, later it may be."""
