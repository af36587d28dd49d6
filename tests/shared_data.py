"""Reference data that lies beside a development checkout. Tests that need it skip where it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
REFERENCE = SHARED / "reference"
TINY = REFERENCE / "tiny"

needs_shared = pytest.mark.skipif(not REFERENCE.is_dir(), reason="no reference data beside this checkout")
