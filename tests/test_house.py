"""The order of the rooms: a room imports only rooms on lines above its own, inside functions too."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "gemstead"

LINES = (
    {"core"},
    {"hardware", "kernels", "media", "sandbox", "report"},
    {"models", "quant", "chat"},
    {"checkpoints"},
    {"planner", "engine"},
    {"runtime", "remote"},
    {"server", "evals", "apps", "train", "bench"},
    {"cli"},
)
LEVEL = {room: level for level, rooms in enumerate(LINES) for room in rooms}
FORBIDDEN_NAMES = {"utils", "helpers", "misc", "common", "manager"}
# The package's own front page may look into the rooms it presents, lazily.
FRONT_PAGE = SOURCE / "__init__.py"


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported_rooms(path: Path) -> set[str]:
    """Rooms named by any import statement in the file, at whatever depth."""
    rooms = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            base = node.module or ""
            names = [f"{base}.{alias.name}" for alias in node.names] if base == "gemstead" else [base]
        for name in names:
            parts = name.split(".")
            if parts[0] == "gemstead" and len(parts) > 1:
                rooms.add(parts[1])
    return rooms - {"__version__"}


FILES = sorted(p for p in SOURCE.rglob("*.py") if p != FRONT_PAGE)


def test_every_file_lies_in_a_known_room() -> None:
    assert {room_of(p) for p in FILES} <= set(LEVEL) | {"__main__"}


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_point_upwards(path: Path) -> None:
    room = room_of(path)
    if room == "__main__":
        return
    for other in imported_rooms(path) - {room}:
        assert LEVEL[other] < LEVEL[room], f"{room} may not import {other}"


def test_no_file_is_named_after_nothing() -> None:
    assert not [p for p in FILES if p.stem in FORBIDDEN_NAMES]


def test_a_model_family_reads_no_files_and_no_tokenizers() -> None:
    for path in (SOURCE / "models").rglob("*.py"):
        text = path.read_text()
        assert "import safetensors" not in text and "import tokenizers" not in text, path


def test_environment_variables_are_read_in_one_place() -> None:
    readers = {p for p in FILES if "os.environ" in p.read_text() or "getenv" in p.read_text()}
    assert {p.relative_to(SOURCE).as_posix() for p in readers} <= {"core/environment.py"}
