"""Kernels run on the GPU where there is one, and in Triton's interpreter elsewhere."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import torch

# Triton reads this when it is imported; tests elsewhere import it in functions only, after all conftests.
if not torch.cuda.is_available():
    os.environ["TRITON_INTERPRET"] = "1"
else:
    # `nan_where_nothing_was_written` turns deterministic algorithms on; cuBLAS then wants to be told how.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
pytest.importorskip("triton", reason="triton is not installed; `make setup` brings it on Linux")


def _mend_loop_bounds() -> None:
    """Let the interpreter's loops end at a computed number: numpy 2.4 no longer makes an int of one in a list."""
    from triton.runtime import interpreter

    patch = interpreter._patch_lang_tensor

    def patched(tensor: Any, scope: Any) -> None:
        patch(tensor, scope)
        scope.set_attr(tensor, "__index__", lambda self: self.handle.data.item())

    interpreter._patch_lang_tensor = patched


if not torch.cuda.is_available():
    _mend_loop_bounds()


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
