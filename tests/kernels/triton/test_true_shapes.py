"""The benchmark's own check: right about small shapes here, and run on all true shapes where there is a GPU."""

from __future__ import annotations

import pytest
import torch
from benchmarks import gpu_kernels
from benchmarks.gpu_kernels import KINDS, SIZES, TOLERANCE, Case, largest_error, random_inputs, random_weight, takes

from gemstead.kernels.triton import TRITON

pytestmark = pytest.mark.usefixtures("poisoned")
SMALL = (
    Case(size="E2B", name="qkv", operation="project", shapes=((24, 64), (8, 64)), has_stream=True),
    Case(size="E2B", name="gate up", operation="project_gated", shapes=((24, 64), (24, 64)), has_stream=True),
    Case(size="E2B", name="per-layer gate", operation="gate_onto", shapes=((24, 64),), has_stream=True),
    Case(size="26B", name="experts", operation="experts", shapes=((128, 16, 32), (128, 32, 8))),
    Case(size="26B", name="router", operation="route", shapes=((128, 64),)),
    Case(size="E2B", name="head", operation="logits", shapes=((40, 64),)),
    Case(size="E2B", name="head, best", operation="greedy", shapes=((40, 64),)),
    Case(size="E2B", name="o", operation="linear", shapes=((24, 64),)),
)


@pytest.mark.parametrize("case", SMALL, ids=lambda case: case.operation)
def test_the_check_passes_what_is_right_and_nothing_that_is_wrong(case: Case, device: torch.device) -> None:
    torch.manual_seed(0)
    kind = "bf16" if case.operation == "experts" else "int8" if takes(case, "int8") else "bf16"
    weights = tuple(random_weight(kind, shape, device) for shape in case.shapes)
    inputs = random_inputs(case, 2, device)
    assert largest_error(TRITON, case, inputs, weights) < TOLERANCE
    others = tuple(random_weight(kind, shape, device) for shape in case.shapes)
    found = gpu_kernels.run(TRITON, case, inputs, others)
    with pytest.MonkeyPatch.context() as patch:
        reference_run = gpu_kernels.run
        patch.setattr(gpu_kernels, "run", lambda k, *rest: found if k is TRITON else reference_run(k, *rest))
        assert largest_error(TRITON, case, inputs, weights) > TOLERANCE


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
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
