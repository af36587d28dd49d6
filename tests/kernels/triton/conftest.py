"""Kernels run on the GPU where there is one, and in Triton's interpreter elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.kernels.triton import interpreter

pytest.importorskip("triton", reason="triton is not installed; `pip install -e '.[dev]'` brings it on Linux")
if torch.cuda.is_available():
    # `nan_where_nothing_was_written` turns deterministic algorithms on; cuBLAS then wants to be told how.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
else:
    interpreter.mend()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where there is a GPU, all of this folder runs on it, and `-m gpu` chooses all of it."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            if torch.cuda.is_available():
                item.add_marker("gpu")
            else:
                # Lanes that are masked out compute with whatever lies there; numpy, which stands in, says so.
                item.add_marker(pytest.mark.filterwarnings("ignore:invalid value encountered:RuntimeWarning"))
                item.add_marker(pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning"))


@pytest.fixture
def device() -> torch.device:
    """Where the kernels run."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


@pytest.fixture
def nan_where_nothing_was_written() -> Iterator[None]:
    """New tensors hold NaN, so that an element that is read but never written shows."""
    before = torch.are_deterministic_algorithms_enabled(), torch.is_deterministic_algorithms_warn_only_enabled()
    torch.use_deterministic_algorithms(True, warn_only=True)
    yield
    torch.use_deterministic_algorithms(before[0], warn_only=before[1])


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
