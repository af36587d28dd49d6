"""Docs are current: the command reference, the error tree, the public names, the README's commands."""

from __future__ import annotations

import re
from pathlib import Path

from docs.generate import TARGET, command_reference

import gemstead
from gemstead.core import errors

ROOT = Path(__file__).parents[1]


def test_the_command_reference_is_current() -> None:
    assert TARGET.read_text() == command_reference(), "run `make docs`"


def test_every_option_and_argument_is_explained() -> None:
    rows = [line for line in command_reference().splitlines() if line.startswith("| `")]
    assert rows and not [row for row in rows if re.search(r"\|\s*\|$", row)]


def test_every_error_class_stands_in_the_tree_of_its_module() -> None:
    classes = [n for n, c in vars(errors).items() if isinstance(c, type) and issubclass(c, errors.GemsteadError)]
    assert errors.__doc__ is not None
    assert all(name in errors.__doc__ for name in classes)


def test_public_names_exist() -> None:
    assert gemstead.__all__ == ["evaluate", "load"]
    assert all(callable(getattr(gemstead, name)) for name in gemstead.__all__)


def test_every_make_target_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.M))
    named = set(re.findall(r"\bmake ([a-z-]+)", (ROOT / "README.md").read_text()))
    assert {"run", "test"} <= named <= targets


def test_every_command_the_readme_names_exists() -> None:
    known = set(re.findall(r"^## gemstead (\w+)", command_reference(), flags=re.M))
    named = set(re.findall(r"^\s*gemstead ([a-z]+)", (ROOT / "README.md").read_text(), flags=re.M))
    assert named <= known


def test_no_committed_text_names_this_machine() -> None:
    for file in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.py")]:
        assert "/work/" not in file.read_text(), file
