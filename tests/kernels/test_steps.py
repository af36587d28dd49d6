"""Several operations in one call give what the reference gives one after another."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from gemstead.kernels import cpu, ops, reference
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.llvm import lanes, machine, products, steps
from gemstead.kernels.llvm.lanes import Laned
from gemstead.kernels.llvm.machine import Vectors
from gemstead.kernels.ops import CPU, REFERENCE, Residual, Slots
from gemstead.kernels.packed import Weight
from gemstead.models.layers import rotary_tables
from gemstead.quant.linear import pack
from tests.kernels.test_cpu import BFLOAT16, error

pytestmark = pytest.mark.skipif(machine.vectors() is None, reason="no compiler, no vectors, or another OpenMP")
EPS = 1e-6
CLOSE = {BFLOAT16: 2**-6, torch.float32: 2**-11}
on_both = pytest.mark.parametrize("dtype", [BFLOAT16, torch.float32])


@pytest.fixture(params=machine.usable(), ids=lambda v: v.name, autouse=True)
def vectors(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Vectors:
    """Every kind this processor has, one after another."""
    torch.manual_seed(0)
    monkeypatch.setattr(machine, "vectors", lambda: request.param)
    return request.param  # type: ignore[no-any-return]


def matrix(num_rows: int, num_inputs: int, bits: int, dtype: torch.dtype) -> tuple[Weight, Weight]:
    """For the CPU, and for the reference."""
    held = pack(torch.randn(num_rows, num_inputs) * num_inputs**-0.5, bits, dtype)
    laid_out = cpu.lay_out(held)
    assert isinstance(laid_out, Laned)
    return laid_out, held


def stream(count: int, dtype: torch.dtype, kind: str) -> Residual:
    x, update = (3 * torch.randn(count, 192)).to(dtype), torch.randn(count, 192).to(dtype)
    weight, scale = (torch.randn(192) / 4 + 1).to(dtype), torch.tensor([0.7]).to(dtype)
    return {
        "x": Residual(x),
        "update": Residual(x, update, weight),
        "scale": Residual(x, scale=scale),
        "both": Residual(x, update, weight, scale),
    }[kind]


def only_in_one_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the reference does step by step, nobody may."""

    def refuse(*args: object) -> None:
        raise AssertionError("not in one call")

    for name in ("settle", "project", "project_gated", "gate_onto"):
        monkeypatch.setattr(ops.Kernels, name, refuse)


@on_both
@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("count", [1, 3, 8])
@pytest.mark.parametrize("kind", ["x", "update", "scale", "both"])
def test_settling_norming_and_multiplying_are_one(
    dtype: torch.dtype, bits: int, count: int, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, plain = zip(*(matrix(rows, 192, bits, dtype) for rows in (64, 16, 32)), strict=True)
    residual, norm = stream(count, dtype, kind), (torch.randn(192) / 4 + 1).to(dtype)
    for number in (1, 2, 3):
        settled, expected = REFERENCE.project(residual, norm, EPS, plain[:number])
        with monkeypatch.context() as context:
            only_in_one_call(context)
            found_settled, found = CPU.project(residual, norm, EPS, own[:number])
        assert error(found_settled, settled.double()) < CLOSE[dtype]
        for part, other in zip(found, expected, strict=True):
            assert error(part, other.double()) < CLOSE[dtype]


@on_both
@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("count", [1, 5])
def test_gates_are_opened_where_they_are_multiplied(
    dtype: torch.dtype, bits: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (gate, plain_gate), (up, plain_up) = (matrix(96, 192, bits, dtype) for _ in range(2))
    residual, norm = stream(count, dtype, "both"), torch.ones(192, dtype=dtype)
    factor = torch.randn(count, 7, 96).to(dtype)[:, 3]
    expected = [
        *REFERENCE.project_gated(residual, norm, EPS, plain_gate, plain_up),
        *REFERENCE.gate_onto(residual, EPS, plain_gate, factor),
    ]
    only_in_one_call(monkeypatch)
    found = [*CPU.project_gated(residual, norm, EPS, gate, up), *CPU.gate_onto(residual, EPS, gate, factor)]
    for one, other in zip(found, expected, strict=True):
        assert error(one, other.double()) < CLOSE[dtype]


@on_both
@pytest.mark.parametrize("cap", [None, 5.0, 30.0])
def test_logits_are_capped_where_they_are_multiplied(
    dtype: torch.dtype, cap: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, plain = matrix(96, 192, 8, dtype)
    hidden = (4 * torch.randn(3, 192)).to(dtype)
    expected = REFERENCE.logits(hidden, plain, cap)
    monkeypatch.setattr(ops.Kernels, "logits", None)
    found = CPU.logits(hidden, head, cap)
    assert found.dtype is torch.float32
    assert error(found, expected.double()) < CLOSE[dtype]
    hidden[1, 3] = float("nan")
    assert not CPU.logits(hidden, head, cap)[1].isfinite().any()


def test_what_does_not_fit_goes_the_other_way() -> None:
    own, plain = matrix(32, 192, 4, BFLOAT16)
    other, plain_other = matrix(32, 192, 8, BFLOAT16)
    norm = torch.ones(192, dtype=BFLOAT16)
    for count, weights, plains in ((1, (own, other), (plain, plain_other)), (9, (own, own), (plain, plain))):
        residual = stream(count, BFLOAT16, "both")
        assert steps.project(*residual, norm, EPS, weights) is None
        for one, two in zip(
            CPU.project(residual, norm, EPS, weights)[1], REFERENCE.project(residual, norm, EPS, plains)[1], strict=True
        ):
            assert error(one, two.double()) < CLOSE[BFLOAT16]
    assert CPU.hand_on(stream(9, BFLOAT16, "both"), EPS).update_TC is None
    assert CPU.hand_on(stream(2, BFLOAT16, "both"), EPS).update_TC is not None
    assert error(CPU.settle(residual, EPS), REFERENCE.settle(residual, EPS).double()) < CLOSE[BFLOAT16]


@on_both
@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_gate_that_is_no_number_opens_nothing(dtype: torch.dtype, bad: float) -> None:
    (gate, _), (up, _) = (matrix(96, 192, 4, dtype) for _ in range(2))
    x = torch.randn(2, 192).to(dtype)
    x[1, 7] = bad
    for norm in (torch.ones(192, dtype=dtype), None):
        found = steps.project(x, None, None, None, norm, EPS, (gate, up), after="gated")
        assert found is not None
        assert found[1][0][0].isfinite().all() and not found[1][0][1].isfinite().any()


def test_the_exponential_is_right_to_a_few_units(vectors: Vectors) -> None:
    x = torch.linspace(-12, 12, 192)[None] * torch.ones(1, 1)
    identity = pack(torch.eye(192), 8, torch.float32)
    (gate, up) = (cpu.lay_out(identity), cpu.lay_out(identity))
    found = steps.project(x, None, None, None, None, EPS, (gate, up), after="gated")
    assert found is not None
    rounded = cpu.linear(x, gate)
    assert torch.allclose(found[1][0], reference.gated_gelu(rounded, rounded), rtol=2e-5, atol=1e-5)


def slots(dtype: torch.dtype, num_kv_heads: int, size: int, count: int) -> Slots:
    pages = [torch.zeros(5, 4, num_kv_heads, size, dtype=dtype) for _ in range(2)]
    return Slots(*pages, torch.randperm(20)[:count])


@on_both
@pytest.mark.parametrize("count", [1, 4])
@pytest.mark.parametrize("kept", ["keys and values", "keys as values", "borrowed"])
def test_heads_are_normed_turned_and_kept_in_one_call(
    dtype: torch.dtype, count: int, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    size = 64
    projected = tuple(torch.randn(count, n * size).to(dtype) for n in (6, 2, 2))
    projected = projected[: {"keys and values": 3, "keys as values": 2, "borrowed": 1}[kept]]
    weights = tuple((torch.randn(size) / 4 + 1).to(dtype) for _ in range(2))
    norms = (weights[0], None if kept == "borrowed" else weights[1])
    rope = rotary_tables(torch.arange(count) * 17 + 5, torch.rand(size // 2))
    places = slots(dtype, 2, size, count)
    others = places._replace(k_NSGD=places.k_NSGD.clone(), v_NSGD=places.v_NSGD.clone())
    expected = REFERENCE.heads(projected, norms, rope, EPS, places)
    monkeypatch.setattr(ops.Kernels, "heads", None)
    found = CPU.heads(projected, norms, rope, EPS, others)
    assert error(found.q_THD, expected.q_THD.double()) < CLOSE[dtype]
    if kept != "borrowed":
        assert error(others.k_NSGD, places.k_NSGD.double()) < CLOSE[dtype]
        assert error(others.v_NSGD, places.v_NSGD.double()) < CLOSE[dtype]


def attended(
    dtype: torch.dtype, shape: tuple[int, int, int], first: int, ends: list[int], window: int | None
) -> tuple[Tensor, Tensor]:
    """Found and expected."""
    num_heads, num_kv_heads, size = shape
    page, batch = 4, len(ends)
    width = -(-(max(ends) - first) // page)
    q = torch.randn(batch, num_heads, size).to(dtype) * size**-0.5
    pool_shape = (batch * width + 3, page, num_kv_heads, size)
    k, v = (torch.randn(pool_shape).to(dtype) for _ in range(2))
    table = torch.randperm(batch * width).view(batch, width)
    rows = QueryRows(position_T=torch.tensor(ends) - 1, starts=tuple(range(batch + 1)), ends=tuple(ends))
    pool = PoolView(page_table_BP=table, firsts=(first,) * batch, slot_T=torch.zeros(batch, dtype=torch.int64))
    expected = reference.attention(q.float(), k.float(), v.float(), rows, pool, window)
    return cpu.attention(q, k, v, rows, pool, window), expected


@on_both
@pytest.mark.parametrize("shape", [(8, 1, 64), (6, 2, 32), (16, 1, 64), (5, 5, 32), (8, 2, 256)])
@pytest.mark.parametrize("window", [None, 1, 9, 200])
def test_one_row_alone_reads_its_keys_where_they_are(
    dtype: torch.dtype, shape: tuple[int, int, int], window: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("_attend_singly", "_attend_together", "_attend_alone"):
        monkeypatch.setattr(cpu, name, None)
    for first, ends in ((0, [1]), (0, [40]), (8, [21]), (4, [301, 5, 77])):
        found, expected = attended(dtype, shape, first, ends, window)
        assert error(found, expected.double()) < (2**-7 if dtype is BFLOAT16 else 1e-5), (first, ends)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_keys_are_shared_between_threads(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "SHARED_KEYS", 1)
    monkeypatch.setattr(torch, "get_num_threads", lambda: threads)
    for ends in ([1], [2], [3], [50], [700]):
        found, expected = attended(torch.float32, (8, 2, 64), 0, ends, None)
        assert error(found, expected.double()) < 1e-5


def test_a_query_that_is_no_number_attends_to_nothing() -> None:
    q, k = torch.randn(1, 4, 32), torch.randn(9, 4, 1, 32)
    q[0, 1, 3] = float("nan")
    rows = QueryRows(position_T=torch.tensor([29]), starts=(0, 1), ends=(30,))
    pool = PoolView(page_table_BP=torch.arange(9)[None], firsts=(0,), slot_T=torch.zeros(1, dtype=torch.int64))
    found = cpu.attention(q, k, k.clone(), rows, pool, None)
    assert not found[0, 1].isfinite().any() and found[0, [0, 2, 3]].isfinite().all()


def test_chunks_are_the_same_with_and_without_a_compiler() -> None:
    assert products.CHUNK == lanes.CHUNK
