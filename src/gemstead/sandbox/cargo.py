"""Our own code as text, for processes that cannot see this package: sent over a pipe, loaded under its real names.

Each loaded module gets a private copy of the built-ins, so that an answer which patches `builtins` patches only itself.
"""

from __future__ import annotations

import importlib.resources
from typing import Any

BOOT = """\
import builtins, json, os, sys, types
def read(fd, count):
    data = b""
    while len(data) < count:
        piece = os.read(fd, count - len(data))
        if not piece:
            os._exit(0)
        data += piece
    return data
def boot(fd):
    cargo = json.loads(read(fd, int.from_bytes(read(fd, 4), "big")))
    for name, source in cargo["modules"]:
        module = sys.modules[name] = types.ModuleType(name)
        parent, _, own = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], own, module)
        if source is None:
            module.__path__ = []
        else:
            module.__dict__["__builtins__"] = dict(vars(builtins))
            exec(compile(source, name, "exec"), module.__dict__)
    sys.modules[cargo["entry"]].main(fd, cargo)
boot(int(sys.argv[1]))
"""

INSIDE = "base wire frames kernel bpf syscalls seccomp landlock namespaces guest server".split()
"""Modules of the fork-server and its guests, each after those it imports."""

OUTSIDE = [*INSIDE, "cargo", "bubblewrap", "confinement", "referee"]
"""Modules of the judge's worker, which starts a fork-server."""

Modules = list[tuple[str, str | None]]


def pack(names: list[str]) -> Modules:
    """Read the sources of modules of this room; packages come as names without source."""
    room = importlib.resources.files("gemstead.sandbox")
    packages: Modules = [("gemstead", None), ("gemstead.sandbox", None)]
    return packages + [(f"gemstead.sandbox.{name}", room.joinpath(f"{name}.py").read_text("utf-8")) for name in names]


def select(modules: Modules, names: list[str]) -> Modules:
    """The part of packed modules that `names` asks for, in their order, packages included."""
    wanted = {f"gemstead.sandbox.{name}" for name in names}
    return [(name, source) for name, source in modules if source is None or name in wanted]


def python_command(python: str, fd: int) -> list[str]:
    """The command of a bare interpreter that boots from `fd`: no site, no user directory, no current directory."""
    return [python, "-s", "-S", "-P", "-B", "-c", BOOT, str(fd)]


ENVIRONMENT = {"PYTHONHASHSEED": "0", "LANG": "C.UTF-8"}
"""All the environment a worker gets. The fixed hash seed makes the order of a set repeatable."""


def guest_environment(directory: str) -> dict[str, str]:
    """All the environment a fork-server and its guests get; `directory` is the one they may write to."""
    return {**ENVIRONMENT, "PATH": "", "HOME": directory, "TMPDIR": directory, "OPENBLAS_NUM_THREADS": "1"}


def crate(modules: Modules, entry: str, **settings: Any) -> dict[str, Any]:
    """What `BOOT` reads first: the modules, which one to start, and its settings."""
    return {"modules": modules, "entry": f"gemstead.sandbox.{entry}", **settings}
