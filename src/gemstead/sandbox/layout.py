"""What a guest may see of this machine's disk: the interpreter's own library, shared libraries, time zones, numpy.

`site-packages` is never among it: evaluation data and published solutions live there.
"""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

GUEST_PACKAGES = ("numpy", "numpy.libs")
"""Packages beyond the standard library that honest answers import."""

LIBRARY_ROOTS = ("/usr/lib", "/usr/lib64", "/usr/lib32", "/lib", "/lib64")
SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo")
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")
HIDDEN_LIBRARIES = frozenset(
    {"site-packages", "dist-packages", "test", "idlelib", "lib2to3", "turtledemo", "ensurepip"}
)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Paths on this machine, all absolute.

    Args:
        python: The interpreter that runs guests: the one below a virtual environment, never the link inside it.
        python_path: Entries of `sys.path` for the standard library.
        libraries: Directories that may be mounted whole, once `masked` is laid over them.
        masked: Package directories inside `libraries` that must stay out of sight.
        readable: The same ground without the masked parts, entry by entry, for rules that can only add.
        packages: Name and directory of each package offered beyond the standard library.
        system_files: Path and, links resolved, place of each file of the system that libraries ask for.
        devices: Character devices.
    """

    python: str
    python_path: tuple[str, ...]
    libraries: tuple[str, ...]
    masked: tuple[str, ...]
    readable: tuple[str, ...]
    packages: tuple[tuple[str, str], ...]
    system_files: tuple[tuple[str, str], ...]
    devices: tuple[str, ...] = DEVICES


def find_layout() -> Layout:
    """Look around this machine once."""
    python = os.path.realpath(getattr(sys, "_base_executable", sys.executable))
    stdlib = os.path.realpath(sysconfig.get_path("stdlib", vars=_base_paths()))
    platform_stdlib = os.path.realpath(sysconfig.get_path("platstdlib", vars=_base_paths()))
    python_path = tuple(dict.fromkeys((stdlib, platform_stdlib, f"{platform_stdlib}/lib-dynload")))
    own = [str(Path(path).parent) for path in (stdlib, platform_stdlib)]
    roots = tuple(dict.fromkeys(root for root in (*LIBRARY_ROOTS, *own) if Path(root).is_dir()))
    return Layout(
        python=python,
        python_path=python_path,
        libraries=roots,
        masked=tuple(str(path) for root in roots for path in _package_directories(Path(root))),
        readable=(python, *_readable(roots, python_path)),
        packages=tuple(_packages()),
        system_files=tuple((path, os.path.realpath(path)) for path in SYSTEM_FILES if Path(path).exists()),
    )


def _base_paths() -> dict[str, str]:
    return {
        "base": sys.base_prefix,
        "platbase": sys.base_exec_prefix,
        "installed_base": sys.base_prefix,
        "installed_platbase": sys.base_exec_prefix,
    }


def _package_directories(root: Path) -> list[Path]:
    """Every directory of installed packages just below the Python libraries in `root`."""
    names = ("site-packages", "dist-packages")
    return [path for name in names for path in sorted(root.glob(f"python*/{name}")) if path.is_dir()]


def _readable(roots: tuple[str, ...], python_path: tuple[str, ...]) -> list[str]:
    entries: dict[str, None] = {}
    for root in roots:
        if Path(root).is_symlink():
            continue
        if root in LIBRARY_ROOTS:
            found = [entry.path for entry in os.scandir(root) if not entry.name.startswith("python")]
        else:  # a prefix of its own: only its shared libraries
            found = [entry.path for entry in os.scandir(root) if ".so" in entry.name]
        entries.update(dict.fromkeys(found))
    for directory in python_path:
        if Path(directory).is_dir():
            entries.update((e.path, None) for e in os.scandir(directory) if e.name not in HIDDEN_LIBRARIES)
    return sorted(entries)


def _packages() -> list[tuple[str, str]]:
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        return []
    site = Path(spec.origin).parent.parent
    return [(name, str(site / name)) for name in GUEST_PACKAGES if (site / name).is_dir()]
