"""Kernels run on the GPU where there is one, and in Triton's interpreter elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.kernels.triton import interpreter

pytest.importorskip("triton", reason="triton is not installed; `pip install -e '.[dev]'` brings it on Linux")
if not torch.cuda.is_available():
    interpreter.mend()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where there is a GPU, all of this folder runs on it, and `-m gpu` chooses all of it."""
    if torch.cuda.is_available():
        for item in items:
            if Path(__file__).parent in item.path.parents:
                item.add_marker("gpu")


@pytest.fixture
def device() -> torch.device:
    """Where the kernels run."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@pytest.fixture
def poisoned(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """New memory holds NaN, or a number that is no place, so that what a kernel leaves out is seen."""
    empty, empty_like = torch.empty, torch.empty_like

    def poison(tensor: torch.Tensor) -> torch.Tensor:
        return tensor.fill_(float("nan") if tensor.dtype.is_floating_point else -77)

    def poisoned_empty(*args: Any, **options: Any) -> torch.Tensor:
        return poison(empty(*args, **options))

    def poisoned_like(*args: Any, **options: Any) -> torch.Tensor:
        return poison(empty_like(*args, **options))

    monkeypatch.setattr(torch, "empty", poisoned_empty)
    monkeypatch.setattr(torch, "empty_like", poisoned_like)
    yield
