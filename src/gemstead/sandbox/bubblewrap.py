"""The command line that puts a fork-server into bubblewrap, with the same root as `namespaces` builds."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from gemstead.sandbox.namespaces import INSIDE_ID, JOB_DIRECTORY, PACKAGE_DIRECTORY


def command(program: str, plan: dict[str, Any]) -> list[str]:
    """Write the arguments up to the command that runs inside.

    Args:
        program: Path of `bwrap`.
        plan: `layout` (fields of `Layout`), `disk_bytes`, and `uid` to become later, or None outside root.
    """
    layout = plan["layout"]
    arguments = [
        program,
        "--unshare-pid",
        "--unshare-net",
        "--unshare-ipc",
        "--unshare-uts",
        "--die-with-parent",
        "--as-pid-1",
    ]
    arguments += ["--cap-drop", "ALL"]
    if plan["uid"] is None:
        arguments += ["--unshare-user", "--uid", str(INSIDE_ID), "--gid", str(INSIDE_ID)]
    else:  # bubblewrap leaves root as it is; the server itself becomes another user with these two, which that clears
        arguments += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    places = [layout["python"], *layout["libraries"], *(path for path, _ in layout["system_files"]), JOB_DIRECTORY]
    places += layout["devices"]
    for directory in _parents([*places, f"{PACKAGE_DIRECTORY}/any"]):
        arguments += ["--perms", "0755", "--dir", directory]
    arguments += ["--ro-bind", layout["python"], layout["python"]]
    for root in layout["libraries"]:
        if Path(root).is_symlink():
            arguments += ["--symlink", os.readlink(root), root]  # noqa: PTH115 (a relative target stays as it is)
        else:
            arguments += ["--ro-bind", root, root]
    for directory in layout["masked"]:
        if not Path(directory).parent.parent.is_symlink():
            arguments += ["--tmpfs", directory, "--remount-ro", directory]
    for path, place in layout["system_files"]:
        arguments += ["--ro-bind", place, path]
    for path in layout["devices"]:
        arguments += ["--dev-bind-try", path, path]
    for name, directory in layout["packages"]:
        arguments += ["--ro-bind", directory, f"{PACKAGE_DIRECTORY}/{name}"]
    arguments += ["--perms", "1777", "--size", str(plan["disk_bytes"]), "--tmpfs", JOB_DIRECTORY]
    return [*arguments, "--remount-ro", "/", "--chdir", "/", "--unsetenv", "PWD", "--"]


def _parents(paths: list[str]) -> list[str]:
    """Directories on the way to `paths`, outermost first; made here because bubblewrap may close its own to others."""
    found = {str(parent) for path in paths for parent in Path(path).parents if not parent.is_symlink()}
    inside_bound = ("/usr/lib", "/usr/lib64", "/usr/lib32", "/lib", "/lib64")
    return sorted(directory for directory in found - {"/"} if not directory.startswith(inside_bound))
