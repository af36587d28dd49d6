"""Every kernel of ours that multiplies by weights, at every true shape: is it right, how fast is it, what does it need.

    python -m benchmarks.gpu_kernels                     check and time on this machine's GPU
    python -m benchmarks.gpu_kernels --compile           no GPU: registers, spills and shared memory of each on sm_90
    python -m benchmarks.gpu_kernels --size 31B --kind int4 --rows 1 4
    python -m benchmarks.gpu_kernels --tune --rows 1     the fastest tiles, of many that are tried

A time is the median of replays of a CUDA graph that runs the operation on several sets of weights in turn, together
larger than the card's cache. The limit is the time in which a copy moves as many bytes, measured in the same run;
weights, scales, rows read and rows written count once each. An operation is checked against the reference in float64
(some of its outputs, evenly spread) before it is timed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product
from operator import itemgetter
from statistics import median
from typing import Any

import torch
from torch import Tensor
from triton import TritonError

from gemstead.bench.limits import measure_limits
from gemstead.kernels.ops import REFERENCE, Kernels, Residual
from gemstead.kernels.packed import Packed, Weight, values
from gemstead.kernels.triton.tiles import ROWS_OF_EXPERTS, Tile

EPS = 1e-6
ROWS = (1, 4, 8, 16, 64, 164)
KINDS = ("bf16", "int8", "int4", "fp8")
VOCABULARY = 262_144
CACHE_BYTES = 192 << 20  # of weights that are read in turn; a Hopper card caches 50 MiB
MOST_SETS = 512
FASTEST = 5  # trials that tuning tells
CHECKED = 512  # outputs of a matrix that are compared in float64
TOLERANCE = 0.02  # several roundings to bfloat16 in a row; one is 0.0017


@dataclass(frozen=True)
class Size:
    """What of a model's configuration decides the shapes.

    Args:
        hidden: C.
        projections: Outputs of queries, keys and, where they are not the keys, values: sliding layers, full layers.
        widths: Of the dense MLP.
        per_layer: Width of the per-layer embedding; 0 without.
        experts: Number, chosen per row, width; none without.
    """

    hidden: int
    projections: tuple[tuple[int, ...], tuple[int, ...]]
    widths: tuple[int, ...]
    per_layer: int = 0
    experts: tuple[int, int, int] | None = None


SIZES = {
    "E2B": Size(1536, ((2048, 256, 256), (4096, 512, 512)), (6144, 12288), 256),
    "E4B": Size(2560, ((2048, 512, 512), (4096, 1024, 1024)), (10240,), 256),
    "12B": Size(3840, ((4096, 2048, 2048), (8192, 512)), (15360,)),
    "26B": Size(2816, ((4096, 2048, 2048), (8192, 1024)), (2112,), experts=(128, 8, 704)),
    "31B": Size(5376, ((8192, 4096, 4096), (16384, 2048)), (21504,)),
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One operation at one true shape.

    Args:
        size: Which model.
        name: What it is in a layer.
        operation: Method or field of `Kernels`.
        shapes: Of the matrices, or stacks of them.
        has_stream: Whether rows come as a stream that is to be settled.
    """

    size: str
    name: str
    operation: str
    shapes: tuple[tuple[int, ...], ...]
    has_stream: bool = False


def cases() -> list[Case]:
    """All of them."""
    found = []
    for size, s in SIZES.items():

        def add(
            name: str, operation: str, *shapes: tuple[int, ...], has_stream: bool = False, size: str = size
        ) -> None:
            found.append(Case(size=size, name=name, operation=operation, shapes=shapes, has_stream=has_stream))

        for kind, widths in zip(("sliding", "full"), s.projections, strict=True):
            add(f"qkv {kind}", "project", *((n, s.hidden) for n in widths), has_stream=True)
            add(f"o {kind}", "linear", (s.hidden, widths[0]))
        for width in s.widths:
            add(f"gate up {width}", "project_gated", (width, s.hidden), (width, s.hidden), has_stream=True)
            add(f"down {width}", "linear", (s.hidden, width))
        if s.per_layer:
            add("per-layer gate", "gate_onto", (s.per_layer, s.hidden), has_stream=True)
            add("per-layer out", "linear", (s.hidden, s.per_layer))
        if s.experts:
            number, _, width = s.experts
            add("router", "route", (number, s.hidden))
            add("experts", "experts", (number, 2 * width, s.hidden), (number, s.hidden, width))
        add("head", "logits", (VOCABULARY, s.hidden))
        add("head, best", "greedy", (VOCABULARY, s.hidden))
    return found


def takes(case: Case, kind: str) -> bool:
    """Whether a checkpoint stores such a matrix so: embeddings and heads in int4 or fp8 never, nor routers packed."""
    if case.operation == "route":
        return kind == "bf16"
    return kind not in ("int4", "fp8") or case.operation not in ("logits", "greedy")


def random_weight(kind: str, shape: tuple[int, ...], device: torch.device) -> Weight:
    """A matrix or a stack whose products with normal rows are of order 1."""
    scale = shape[-1] ** -0.5
    if kind == "bf16":
        return torch.randn(shape, dtype=torch.bfloat16, device=device).mul_(scale)
    if kind == "fp8":
        codes = torch.randn(shape, device=device).mul_(100).clamp_(-448, 448).to(torch.float8_e4m3fn)
        scales = torch.full((*shape[:-1], 1), scale / 100, dtype=torch.bfloat16, device=device)
        return Packed(codes, scales, torch.bfloat16)
    bits = 4 if kind == "int4" else 8
    size = (*shape[:-1], shape[-1] * bits // 8)
    codes = torch.randint(0, 256, size, dtype=torch.uint8, device=device)
    scales = torch.rand(*shape[:-1], shape[-1] // (32 if bits == 4 else shape[-1]), device=device)
    return Packed(
        codes if bits == 4 else codes.view(torch.int8), (scales * scale / 2 ** (bits - 2)).bfloat16(), torch.bfloat16
    )


def num_bytes(weight: Weight) -> int:
    """Of a weight as stored."""
    return weight.num_bytes if isinstance(weight, Packed) else weight.nbytes


@dataclass(frozen=True)
class Inputs:
    """What a case is run on, weights aside."""

    stream: Residual
    norm: Tensor
    factor: Tensor
    chosen: Tensor
    weight: Tensor
    expert_scale: Tensor


def random_inputs(case: Case, num_rows: int, device: torch.device) -> Inputs:
    """Fresh ones."""

    def rows(*shape: int) -> Tensor:
        return torch.randn(shape, dtype=torch.bfloat16, device=device)

    width = case.shapes[0][-1]
    stream = Residual(rows(num_rows, width))
    if case.has_stream:
        scale = torch.full((1,), 0.5, dtype=torch.bfloat16, device=device)
        stream = Residual(stream.x_TC, rows(num_rows, width), rows(width), scale)
    number, top, _ = SIZES[case.size].experts or (16, 8, 0)
    chosen = torch.rand(num_rows, number, device=device).argsort(-1)[:, :top].contiguous()
    return Inputs(
        stream=stream,
        norm=rows(width),
        factor=rows(num_rows, 3, case.shapes[0][-2])[:, 1],
        chosen=chosen,
        weight=torch.rand(num_rows, top, device=device),
        expert_scale=rows(case.shapes[0][-2]).abs(),
    )


def run(kernels: Kernels, case: Case, inputs: Inputs, weights: tuple[Weight, ...]) -> tuple[Tensor, ...]:
    """The operation; its outputs in order."""
    stream = inputs.stream
    if case.operation == "project":
        settled, products = kernels.project(stream, inputs.norm, EPS, weights)
        return settled, *products
    if case.operation == "project_gated":
        return kernels.project_gated(stream, inputs.norm, EPS, weights[0], weights[1])
    if case.operation == "gate_onto":
        return kernels.gate_onto(stream, EPS, weights[0], inputs.factor)
    if case.operation == "route":
        return kernels.route(
            stream.x_TC, inputs.norm, 1.0, weights[0], inputs.expert_scale, inputs.chosen.shape[1], EPS
        )
    if case.operation == "experts":
        return (kernels.experts(stream.x_TC, weights[0], weights[1], inputs.chosen, inputs.weight),)
    if case.operation == "logits":
        return (kernels.logits(stream.x_TC, weights[0], 30.0),)
    if case.operation == "greedy":
        return (kernels.greedy(stream.x_TC, weights[0], 30.0),)
    return (kernels.linear(stream.x_TC, weights[0]),)


def exact(weight: Weight, rows: Tensor | None = None) -> Tensor:
    """Some rows of what a weight stands for, float64."""
    if isinstance(weight, Tensor):
        return (weight if rows is None else weight[..., rows, :]).double()
    codes, scales = weight.codes, weight.scales
    if rows is not None:
        codes, scales = codes[..., rows, :], scales[..., rows, :]
    return values(codes, scales, torch.float32).double()


def distance(found: Tensor, expected: Tensor) -> float:
    """Norm of the difference over norm; infinite if anything is no number."""
    if not torch.isfinite(found).all():
        return float("inf")
    return float((found.double() - expected.double()).norm() / expected.double().norm())


def largest_error(kernels: Kernels, case: Case, inputs: Inputs, weights: tuple[Weight, ...]) -> float:
    """Of all outputs, against float64."""
    found = run(kernels, case, inputs, weights)
    stream = Residual(*(None if x is None else x.double() for x in inputs.stream))  # type: ignore[arg-type]
    x = stream.x_TC
    if case.operation == "greedy":
        logits = run(kernels, Case(**{**vars(case), "operation": "logits"}), inputs, weights)[0]
        return 0.0 if torch.equal(found[0], logits.argmax(-1)) else float("inf")
    if case.operation == "route":
        expected = REFERENCE.route(
            x, inputs.norm.double(), 1.0, exact(weights[0]), inputs.expert_scale, inputs.chosen.shape[1], EPS
        )
        return distance(found[2], expected[2])
    if case.operation == "experts":
        total = torch.zeros_like(x[:, : case.shapes[1][-2]])
        for e in inputs.chosen.unique().tolist():
            t, a = torch.nonzero(inputs.chosen == e, as_tuple=True)
            each = [w[e] if isinstance(w, Tensor) else Packed(w.codes[e], w.scales[e], w.dtype) for w in weights]
            gate, up = (x[t] @ exact(each[0]).T).chunk(2, dim=-1)
            y = REFERENCE.gated_gelu(gate, up) @ exact(each[1]).T
            total.index_add_(0, t, y * inputs.weight[t, a, None].double())
        return distance(found[0], total)
    outputs = [torch.arange(0, w.shape[-2], max(1, w.shape[-2] // CHECKED), device=x.device) for w in weights]
    some = tuple(exact(w, n) for w, n in zip(weights, outputs, strict=True))
    narrow = Inputs(
        stream,
        inputs.norm.double(),
        inputs.factor[:, outputs[0]].double(),
        inputs.chosen,
        inputs.weight,
        inputs.expert_scale,
    )
    expected = run(REFERENCE, case, narrow, some)
    if case.has_stream:
        errors = [distance(found[0], expected[0])]
        found, expected = found[1:], expected[1:]
    else:
        errors = []
    pairs = zip(found, expected, outputs[: len(found)], strict=True)
    return max(errors + [distance(one[:, n], other) for one, other, n in pairs])


def bytes_moved(case: Case, inputs: Inputs, weights: tuple[Weight, ...], found: tuple[Tensor, ...]) -> int:
    """Fewest that device memory must see."""
    read = sum(num_bytes(w) for w in weights)
    if case.operation == "experts":
        read = read * inputs.chosen.unique().numel() // weights[0].shape[0]
    rows = sum(x.nbytes for x in inputs.stream[:2] if x is not None)
    return read + rows + sum(y.nbytes for y in found)


def seconds_a_run(runs: list[Callable[[], Any]]) -> tuple[float, float]:
    """Median time of one of several runs that take turns in a CUDA graph, measured twice."""
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for each in runs:
            each()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for each in runs:
            each()

    def once() -> float:
        times = []
        for _ in range(10):
            start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
            start.record()
            graph.replay()
            end.record()
            end.synchronize()
            times.append(start.elapsed_time(end) / 1000 / len(runs))
        return median(times)

    once()
    return once(), once()


def copy_bytes_per_second() -> float:
    """What a large copy moves, bytes read and bytes written."""
    return measure_limits(torch.device("cuda"), torch.bfloat16).copy_bytes_s


def measure(kernels: Kernels, case: Case, kind: str, num_rows: int, rate: float) -> dict[str, Any]:
    """Check and time one case."""
    device = torch.device("cuda")
    inputs = random_inputs(case, num_rows, device)
    first = tuple(random_weight(kind, shape, device) for shape in case.shapes)
    error = largest_error(kernels, case, inputs, first)
    moved = bytes_moved(case, inputs, first, run(kernels, case, inputs, first))
    num_sets = min(MOST_SETS, 1 + CACHE_BYTES // sum(num_bytes(w) for w in first))
    sets = [first, *(tuple(random_weight(kind, s, device) for s in case.shapes) for _ in range(num_sets - 1))]
    seconds, again = seconds_a_run([lambda w=w: run(kernels, case, inputs, w) for w in sets])  # type: ignore[misc]
    return {
        "size": case.size,
        "name": case.name,
        "kind": kind,
        "rows": num_rows,
        "error": error,
        "is_right": error < TOLERANCE,
        "microseconds": 1e6 * seconds,
        "microseconds_again": 1e6 * again,
        "bytes": moved,
        "share_of_copy": moved / rate / seconds,
    }


@dataclass(frozen=True, kw_only=True)
class Trial:
    """One way to run a case.

    Args:
        tile: Of its products.
        normed_in_place: Whether products norm their rows for themselves.
    """

    tile: Tile
    normed_in_place: bool

    def __str__(self) -> str:
        where = ", normed in place" if self.normed_in_place else ""
        return " ".join(f"{name}={value}" for name, value in vars(self.tile).items()) + where


def trials(case: Case, kind: str, num_rows: int) -> list[Trial]:
    """Those worth a try."""
    bits = {"bf16": 16, "int8": 8, "int4": 4, "fp8": 8}[kind]
    splits = (1, 2, 4, 8, 12) if case.operation not in ("experts", "greedy") else (1,)
    num_outputs, num_inputs = sum(shape[-2] for shape in case.shapes), case.shapes[0][-1]
    tiles = []
    gates = 2 if case.operation in ("project_gated", "experts") else 1
    one_each = case.operation == "experts" and num_rows <= ROWS_OF_EXPERTS
    if num_rows == 1 or one_each:
        # One or two chunks of 16 bytes for each thread, all threads along a row.
        for n, warps, chunks in product((1, 2, 4, 8, 16), (1, 2, 4, 8), (1, 2)):
            k = 128 // bits * 32 * warps * chunks
            if k < 4 * num_inputs <= 64 * k and n * chunks * gates <= 16 and num_outputs // (n * gates) >= 64:
                tiles.append(Tile(rows=1, n=n, k=k, warps=warps))
    if not one_each and (num_rows > 1 or num_outputs >= VOCABULARY):
        rows = next(r for r in (16, 64, 128) if num_rows <= r or r == 128)
        sizes = product((32, 64, 128), (64, 128, 256), splits, (3, 4, 6, 8), (2, 4))
        for n, k, split, stages, warps in sizes:
            held = k * (n * bits // 8 * gates + 2 * rows) * stages
            programs = split * -(-num_outputs // (n * gates)) * -(-num_rows // rows)
            is_enough = split == 1 or 96 <= programs <= 800
            if split * k <= num_inputs and is_enough and 16 << 10 <= held <= 150 << 10:
                tiles.append(Tile(rows=rows, n=n, k=k, warps=warps, stages=stages, split=split))
    return [
        Trial(tile=tile, normed_in_place=norm)
        for tile in tiles
        for norm in ((False, True) if takes_stream(case) and tile.rows == 1 else (False,))
    ]


def takes_stream(case: Case) -> bool:
    """Whether a norm stands before the product."""
    return case.has_stream or case.operation == "route"


def prepare(trial: Trial) -> None:
    """Have every product run so, whatever its shape."""
    from gemstead.kernels.triton import launch

    launch.tile_of = lambda *_, **__: trial.tile
    launch.tiles_of_experts = lambda *_, **__: (trial.tile, trial.tile)
    launch.norms_in_place = lambda *_: trial.normed_in_place


def attempt(arguments: tuple[Case, str, int, Trial]) -> bool:
    """Compile what a trial needs, in a process of its own, and see whether it runs."""
    from gemstead.kernels.triton import TRITON

    case, kind, num_rows, trial = arguments
    device = torch.device("cuda")
    prepare(trial)
    inputs = random_inputs(case, num_rows, device)
    try:
        run(TRITON, case, inputs, tuple(random_weight(kind, shape, device) for shape in case.shapes))
        torch.cuda.synchronize()
    except (RuntimeError, TritonError, ValueError):  # too much shared memory, or beyond the compiler
        return False
    return True


def tune(chosen: list[tuple[Case, str, int]], rate: float, workers: int) -> Iterator[dict[str, Any]]:
    """Time many tiles of each case, the fastest first; compiled beforehand by many processes."""
    import multiprocessing

    from gemstead.kernels.triton import TRITON

    todo = [(*each, trial) for each in chosen for trial in trials(*each)]
    print(f"{len(todo)} trials", file=sys.stderr, flush=True)
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        works = pool.map(attempt, todo, chunksize=1)
    device = torch.device("cuda")
    for case, kind, num_rows in chosen:
        own = [each[3] for each, did in zip(todo, works, strict=True) if did and each[:3] == (case, kind, num_rows)]
        inputs = random_inputs(case, num_rows, device)
        first = tuple(random_weight(kind, shape, device) for shape in case.shapes)
        num_sets = min(MOST_SETS, 1 + CACHE_BYTES // sum(num_bytes(w) for w in first))
        sets = [first, *(tuple(random_weight(kind, s, device) for s in case.shapes) for _ in range(num_sets - 1))]
        times = []
        for trial in own:
            prepare(trial)
            moved = bytes_moved(case, inputs, first, run(TRITON, case, inputs, first))
            seconds, _ = seconds_a_run([partial(run, TRITON, case, inputs, w) for w in sets])
            times.append((seconds, trial))
        for seconds, trial in sorted(times, key=itemgetter(0))[:FASTEST]:
            yield {
                "size": case.size,
                "name": case.name,
                "kind": kind,
                "rows": num_rows,
                "microseconds": 1e6 * seconds,
                "share_of_copy": moved / rate / seconds,
                "trial": str(trial),
            }


class Recorder:
    """Stands where a kernel stood and keeps what it would be launched with."""

    def __init__(self, kernel: Any, launches: list[tuple[Any, tuple[Any, ...], dict[str, Any]]]) -> None:
        self._kernel = kernel
        self._launches = launches

    def __getitem__(self, grid: Any) -> Callable[..., None]:
        """As triton's own."""

        def launch(*args: Any, **options: Any) -> None:
            self._launches.append((self._kernel, args, options))

        return launch


SHARED_KIB = {80: 163, 86: 99, 89: 99, 90: 227, 100: 227, 120: 99}
"""Of one program, by compute capability: CUDA C++ programming guide, technical specifications."""


def launches_of(
    case: Case, kind: str, num_rows: int, capability: int = 90, *, reproducible: bool = False
) -> list[tuple[Any, tuple[Any, ...], dict[str, Any]]]:
    """The kernels a case launches, with their arguments, without memory and without a GPU."""
    from gemstead.kernels.triton import REPRODUCIBLE, TRITON, card, early, products, rows

    launches: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = []
    kept = {(m, n): k for m in (products, rows) for n, k in vars(m).items() if type(k).__name__ == "JITFunction"}
    for (module, name), kernel in kept.items():
        setattr(module, name, Recorder(kernel, launches))
    options, shared_kib, known = early.options, card.shared_kib, card.capability
    card.shared_kib = lambda _: SHARED_KIB[capability]
    card.capability = lambda _: divmod(capability, 10)
    early.options = lambda _: {"EARLY": True, "launch_pdl": True} if capability >= 90 else {"EARLY": False}
    try:
        device = torch.device("meta")
        weights = tuple(random_weight(kind, shape, device) for shape in case.shapes)
        kernels = REPRODUCIBLE if reproducible else TRITON
        run(kernels, case, random_inputs(case, num_rows, device), weights)
    finally:
        early.options, card.shared_kib, card.capability = options, shared_kib, known
        for (module, name), kernel in kept.items():
            setattr(module, name, kernel)
    return launches


POINTERS = {
    torch.bfloat16: "*bf16",
    torch.float32: "*fp32",
    torch.int8: "*i8",
    torch.uint8: "*u8",
    torch.int32: "*i32",
    torch.int64: "*i64",
}


def compiled(kernel: Any, args: tuple[Any, ...], options: dict[str, Any], capability: int) -> dict[str, Any]:
    """Registers, spills and shared memory of one launch, as triton would compile it."""
    import re
    import subprocess
    import tempfile
    from pathlib import Path

    import triton
    from triton.backends.compiler import GPUTarget
    from triton.compiler import ASTSource

    names = kernel.arg_names
    given = dict(zip(names, args, strict=False)) | {k: v for k, v in options.items() if k in names}
    signature, constants, aligned = {}, {}, {}
    for i, name in enumerate(names):
        value = given[name]
        is_special = isinstance(value, Tensor) or not kernel.params[i].do_not_specialize
        if kernel.params[i].is_constexpr or (is_special and isinstance(value, int) and value == 1):
            signature[name], constants[i,] = "constexpr", value
        elif isinstance(value, Tensor):
            signature[name] = POINTERS[value.dtype]
        else:
            signature[name] = "fp32" if isinstance(value, float) else "i32"
        is_aligned = isinstance(value, Tensor) or (isinstance(value, int) and value % 16 == 0)
        if signature[name] != "constexpr" and is_aligned and is_special:
            aligned[i,] = [["tt.divisibility", 16]]
    settings = {k: v for k, v in options.items() if k not in names}
    source = ASTSource(kernel, signature=signature, constexprs=constants, attrs=aligned)
    built = triton.compile(source, target=GPUTarget("cuda", capability, 32), options=settings)
    assembler = Path(triton.__file__).parent / "backends/nvidia/bin/ptxas"
    architecture = f"sm_{capability}a" if capability >= 90 else f"sm_{capability}"
    with tempfile.TemporaryDirectory() as folder:
        ptx = Path(folder, "kernel.ptx")
        ptx.write_text(built.asm["ptx"])
        command = [
            str(assembler),
            "-v",
            f"--gpu-name={architecture}",
            str(ptx),
            "-o",
            str(Path(folder, "kernel.cubin")),
        ]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    numbers = {key: int(value) for value, key in re.findall(r"(\d+) (bytes spill stores|registers)", said)}
    return {
        "kernel": kernel.fn.__name__,
        "registers": numbers["registers"],
        "spilled_bytes": numbers["bytes spill stores"],
        "shared_bytes": built.metadata.shared,
        "warps": built.metadata.num_warps,
        "tile": [given[k] for k in ("ROWS", "N_TILE", "K_TILE", "STAGES", "SPLIT") if k in given],
    }


def compile_all(
    chosen: list[tuple[Case, str, int]], capability: int, *, reproducible: bool
) -> Iterator[dict[str, Any]]:
    """Every launch once; shapes that compile to the same kernel share it."""
    seen = set()
    for case, kind, num_rows in chosen:
        for kernel, args, options in launches_of(case, kind, num_rows, capability, reproducible=reproducible):
            form = tuple(
                str(a.dtype) if isinstance(a, Tensor) else a % 16 == 0 if isinstance(a, int) else None for a in args
            )
            key = (kernel.fn.__name__, form, tuple(sorted(options.items())))
            if key not in seen:
                seen.add(key)
                about = {"size": case.size, "name": case.name, "kind": kind, "rows": num_rows}
                yield about | compiled(kernel, args, options, capability)


ABOUT = "{size:4} {name:16} {kind:5} {rows:4}  "
TIMED_LINE = (
    ABOUT + "{microseconds:8.1f} us, again {microseconds_again:8.1f}  {share_of_copy:5.0%} of copy  error {error:.4f}"
)
TUNED_LINE = ABOUT + "{microseconds:8.1f} us  {share_of_copy:5.0%} of copy  {trial}"
COMPILED_LINE = (
    ABOUT + "{kernel:14} {registers:4} registers {spilled_bytes:5} B spilled {shared_bytes:7} B shared  {tile}"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--size", nargs="*", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("--kind", nargs="*", choices=KINDS, default=list(KINDS))
    parser.add_argument("--rows", nargs="*", type=int, default=list(ROWS))
    parser.add_argument("--name", nargs="*", default=[""], help="only operations whose name contains one of these")
    parser.add_argument("--compile", action="store_true", help="compile for a card that need not be here")
    parser.add_argument("--reproducible", action="store_true", help="the twins whose rows do not depend on neighbours")
    parser.add_argument("--tune", action="store_true", help="try many tiles, tell the fastest")
    parser.add_argument("--workers", type=int, default=14, help="processes that compile")
    parser.add_argument("--capability", type=int, default=90, choices=SHARED_KIB)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    chosen = [
        (case, kind, num_rows)
        for case in cases()
        for kind in options.kind
        for num_rows in options.rows
        if case.size in options.size and any(name in case.name for name in options.name) and takes(case, kind)
    ]
    results: list[dict[str, Any]] = []
    if options.compile:
        line = COMPILED_LINE
        found: Iterator[dict[str, Any]] = compile_all(chosen, options.capability, reproducible=options.reproducible)
    else:
        from gemstead.kernels.triton import REPRODUCIBLE, TRITON

        kernels = REPRODUCIBLE if options.reproducible else TRITON
        rate = copy_bytes_per_second()
        print(f"{torch.cuda.get_device_name()}: a copy moves {rate / 1e12:.2f} TB/s", file=sys.stderr)
        line = TUNED_LINE if options.tune else TIMED_LINE
        found = (
            tune(chosen, rate, options.workers) if options.tune else (measure(kernels, *each, rate) for each in chosen)
        )
    for result in found:
        results.append(result)
        if not options.json:
            print(line.format(**result), flush=True)
    if options.json:
        print(json.dumps(results, indent=1))
    if not all(result.get("is_right", True) for result in results):
        sys.exit("some results are wrong")


if __name__ == "__main__":
    main()
