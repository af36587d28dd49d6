"""On a GPU: every product at the shapes of the five published sizes, against float64."""

from __future__ import annotations

import pytest
import torch
from benchmarks import gpu_kernels
from benchmarks.gpu_kernels import KINDS, SIZES, TOLERANCE, largest_error, random_inputs, random_weight, takes

from gemstead.kernels.triton import TRITON

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU"),
    pytest.mark.usefixtures("poisoned"),
]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", SIZES)
def test_products_of_true_shapes_are_right(size: str, kind: str, device: torch.device) -> None:
    wrong = {}
    for case in gpu_kernels.cases():
        if case.size == size and takes(case, kind):
            weights = tuple(random_weight(kind, shape, device) for shape in case.shapes)
            for num_rows in (1, 4, 16, 17, 64, 164):
                error = largest_error(TRITON, case, random_inputs(case, num_rows, device), weights)
                if error >= TOLERANCE:
                    wrong[case.name, num_rows] = error
    assert not wrong
