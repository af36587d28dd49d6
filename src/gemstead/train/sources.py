"""Python files here -> text to read, and functions cut out of it. The standard library unless told more."""

from __future__ import annotations

import ast
import importlib.util
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from gemstead.core.errors import BadRequest, NotFound

# Packages whose own files may be read beside the standard library, all under licences that allow it.
PERMISSIVE = {
    "numpy": "BSD-3-Clause", "scipy": "BSD-3-Clause", "sympy": "BSD-3-Clause", "networkx": "BSD-3-Clause",
    "pandas": "BSD-3-Clause", "sklearn": "BSD-3-Clause", "skimage": "BSD-3-Clause", "torch": "BSD-3-Clause",
    "toolz": "BSD-3-Clause", "sortedcontainers": "Apache-2.0", "jax": "Apache-2.0", "mpmath": "BSD-3-Clause",
    "statsmodels": "BSD-3-Clause", "pytest": "MIT", "rich": "MIT", "attr": "MIT", "einops": "MIT",
}  # fmt: skip
LONGEST_FILE = 200_000
SKIPPED = {"site-packages", "dist-packages", "test", "tests", "idlelib", "lib2to3", "__pycache__", "turtledemo"}


def python_files(packages: tuple[str, ...] = ()) -> list[Path]:
    """Source files, sorted, tests left out.

    Args:
        packages: Installed packages to read besides; those not installed are left out by the caller's choice of names.

    Raises:
        BadRequest: A package is not among the permissively licensed ones.
        NotFound: It is not installed.
    """
    roots = [Path(sysconfig.get_path("stdlib"))]
    for name in packages:
        if name not in PERMISSIVE:
            raise BadRequest(f"package {name!r} is not known to be permissive; there are {', '.join(PERMISSIVE)}")
        places = _places(name)
        if not places:
            raise NotFound(f"package {name!r} is not installed here", hint="leave it out of `packages`")
        roots += places
    return [file for root in roots for file in sorted(root.rglob("*.py")) if _is_wanted(file.relative_to(root))]


def is_installed(package: str) -> bool:
    """Whether a package's sources are here. A name that may not be read counts as here, so that it is refused."""
    return package not in PERMISSIVE or bool(_places(package))


def _places(package: str) -> list[Path]:
    spec = importlib.util.find_spec(package)
    return [] if spec is None else [Path(place) for place in spec.submodule_search_locations or ()]


def _is_wanted(file: Path) -> bool:
    return not SKIPPED & set(file.parts)


def read_text(file: Path) -> str | None:
    """A file's text; `None` if it is no readable UTF-8, or too long to be written by hand."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return text if 200 <= len(text) <= LONGEST_FILE else None


def documented_functions(text: str) -> Iterator[str]:
    """Functions at the top of a file that have a docstring and fit a page, as text."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            source = ast.get_source_segment(text, node)
            if source and len(source) < 2500:
                yield source
