"""Attention on this GPU against what the card can do: `python -m benchmarks.gpu_attention`.

Correctness comes first: every kind of layer of the five sizes, decoding, with drafts and in a prompt, against float64.
Then times: decoding by replays of a captured graph (which proves that it can be captured) against the bandwidth of a
large copy, prompts against the rate of a large bfloat16 product, both measured in the same run. Keys and values exceed
the L2 cache, or several sets take turns until they do.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from itertools import accumulate, product
from pathlib import Path
from typing import Any

import torch
import triton.testing
from tests.kernels.triton.steps import Step, random_step
from triton.runtime.errors import OutOfResources, PTXASError

from gemstead.kernels import reference
from gemstead.kernels.batch import PoolView, QueryRows
from gemstead.kernels.triton import attention as tables
from gemstead.kernels.triton.attention import Tiling, attention, attention_reproducible

DEVICE = torch.device("cuda")
PAGE = 64
CONTEXTS = (512, 4096, 32_768, 262_144)
BATCHES = (1, 4, 16, 64, 164)
CHUNK = 2048
L2_BYTES = 64 * 2**20
MOST_BYTES = 24 * 2**30
ERROR = 6e-3


@dataclass(frozen=True, kw_only=True)
class LayerShape:
    """One kind of attention layer of one size."""

    size: str
    num_heads: int
    num_kv_heads: int
    head_size: int
    beside: int = 0
    window: int | None = None

    @property
    def name(self) -> str:
        """For tables."""
        return f"{self.size} {'global' if self.window is None else 'sliding'}"

    @property
    def arguments(self) -> dict[str, Any]:
        """What `random_step` takes."""
        return {name: value for name, value in asdict(self).items() if name != "size"}


def _shapes() -> Iterator[LayerShape]:
    for size, heads, sliding, full, window, beside in (
        ("E2B", 8, 1, 1, 512, 0),
        ("E4B", 8, 2, 2, 512, 0),
        ("12B", 16, 8, 1, 1024, 128),
        ("26B-A4B", 16, 8, 2, 1024, 128),
        ("31B", 32, 16, 4, 1024, 128),
    ):
        yield LayerShape(size=size, num_heads=heads, num_kv_heads=sliding, head_size=256, window=window)
        yield LayerShape(size=size, num_heads=heads, num_kv_heads=full, head_size=512, beside=beside)


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One time.

    Args:
        layer: Which.
        cache: Dtype of keys and values.
        kernel: Name of the function.
        batch: Sequences.
        rows: Of each.
        context: Keys of each, the rows' own included.
        microseconds: Median.
        share: Of the copy bandwidth (decoding) or of the matrix rate (prompts).
    """

    layer: str
    cache: str
    kernel: str
    batch: int
    rows: int
    context: int
    microseconds: float
    share: float


def large_step(shape: LayerShape, batch: int, rows: int, context: int, cache_dtype: torch.dtype) -> Step:
    """Like `random_step`, made on the GPU; sliding layers hold only the pages their window reaches."""
    device = DEVICE
    first = 0 if shape.window is None else max(0, context - rows - shape.window + 1) // PAGE * PAGE
    width = -(-(context - first) // PAGE)
    table_BP = torch.randperm(batch * width, device=device).view(batch, width)

    def pages(entries: int) -> torch.Tensor:
        made = torch.empty(batch * width, PAGE, shape.num_kv_heads, entries, dtype=cache_dtype, device=device)
        for part in made.split(4096):
            part.copy_(reference.kept(torch.randn(part.shape, device=device, dtype=torch.bfloat16), cache_dtype))
        return made

    width_q = shape.head_size + shape.beside
    q_THD = torch.randn(batch * rows, shape.num_heads, width_q, device=device, dtype=torch.bfloat16) / width_q**0.5
    for half in (0, shape.head_size // 2):  # `reference.query_beside`
        q_THD[..., half : half + shape.beside // 2] = 0
    return Step(
        q_THD=q_THD,
        k_NSGD=pages(shape.beside or shape.head_size),
        v_NSGD=pages(shape.head_size),
        rows=QueryRows(
            position_T=torch.arange(context - rows, context, device=device).repeat(batch),
            starts=(0, *accumulate([rows] * batch)),
            ends=(context,) * batch,
        ),
        pool=PoolView(page_table_BP=table_BP, firsts=(first,) * batch, slot_T=table_BP.new_zeros(0)),
        window=shape.window,
    )


def cache_bytes(shape: LayerShape, batch: int, rows: int, context: int, cache_dtype: torch.dtype) -> int:
    """Keys and values that must be read, once each."""
    seen = context if shape.window is None else min(context, shape.window + rows - 1)
    entries = (shape.beside or shape.head_size) + shape.head_size
    return batch * seen * shape.num_kv_heads * entries * cache_dtype.itemsize


def operations(shape: LayerShape, rows: int, context: int) -> float:
    """Multiplications and additions of one sequence's visible scores and sums, times two."""
    seen = torch.arange(context - rows + 1, context + 1)
    if shape.window is not None:
        seen = seen.clamp(max=shape.window)
    return 2.0 * int(seen.sum()) * shape.num_heads * 2 * shape.head_size


def check(shape: LayerShape, cache_dtype: torch.dtype) -> float:
    """Largest relative error of all kinds of rows and of both kernels against float64."""
    worst = 0.0
    for counts, ends in (((1, 1, 1), (1500, 33, 700)), ((1, 5, 17), (900, 70, 1400)), ((1, 70, 300), (5, 800, 1300))):
        step = random_step(
            counts=counts, ends=ends, dtype=torch.bfloat16, cache_dtype=cache_dtype, device=DEVICE,
            **shape.arguments,
        )  # fmt: skip
        exact = step.exact()
        for kernel in (attention, attention_reproducible):
            worst = max(worst, float((kernel(*step.arguments).double() - exact).norm() / exact.norm()))
    return worst


def ceilings() -> tuple[float, float]:
    """Bytes a second of a large copy, read and written, and operations a second of a large bfloat16 product."""
    source = torch.randn(2**29, device=DEVICE)
    target = torch.empty_like(source)
    copied = _microseconds(lambda: target.copy_(source))
    matrix = torch.randn(8192, 8192, device=DEVICE, dtype=torch.bfloat16)
    multiplied = _microseconds(lambda: matrix @ matrix)
    return 2 * source.nbytes / copied * 1e6, 2 * 8192**3 / multiplied * 1e6


def _microseconds(call: Callable[[], object]) -> float:
    return 1e3 * float(triton.testing.do_bench(call, return_mode="median"))


def _replayed_microseconds(calls: list[Callable[[], object]]) -> float:
    """Of one call, when all are captured one after another."""
    for call in calls:
        call()
    torch.cuda.synchronize()

    def together() -> None:
        for call in calls:
            call()

    return 1e3 * float(triton.testing.do_bench_cudagraph(together, return_mode="median")) / len(calls)


def measure(shapes: list[LayerShape], cache_dtypes: list[torch.dtype]) -> Iterator[Measurement]:
    """All times."""
    bandwidth, rate = ceilings()
    print(f"copy {bandwidth / 1e12:.2f} TB/s, bfloat16 product {rate / 1e12:.0f} TFLOP/s", flush=True)
    for shape in shapes:
        for cache_dtype in cache_dtypes:
            about = {"layer": shape.name, "cache": str(cache_dtype).removeprefix("torch.")}
            for batch in BATCHES:
                for context in CONTEXTS:
                    for rows in (1, 5) if batch <= 16 else (1,):
                        read = cache_bytes(shape, batch, rows, context, cache_dtype)
                        if read > MOST_BYTES or (shape.window is not None and context > 4096):
                            continue
                        sets = max(1, min(32, 2 * L2_BYTES // read))
                        steps = [large_step(shape, batch, rows, context, cache_dtype) for _ in range(sets)]
                        for kernel in (attention, attention_reproducible):
                            took = _replayed_microseconds([partial(kernel, *step.arguments) for step in steps])
                            yield Measurement(
                                **about, kernel=kernel.__name__, batch=batch, rows=rows, context=context,
                                microseconds=took, share=read / bandwidth / took * 1e6,
                            )  # fmt: skip
            for context in (CHUNK, 32_768):
                step = large_step(shape, 1, CHUNK, context, cache_dtype)
                for kernel in (attention, attention_reproducible):
                    took = _microseconds(partial(kernel, *step.arguments))
                    yield Measurement(
                        **about, kernel=kernel.__name__, batch=1, rows=CHUNK, context=context, microseconds=took,
                        share=operations(shape, CHUNK, context) / rate / took * 1e6,
                    )  # fmt: skip


def tune(shape: LayerShape, cache_dtype: torch.dtype, use: str) -> Iterator[str]:
    """Try tilings of one use at one layer; the ten best, best first.

    Args:
        shape: The layer.
        cache_dtype: Of its cache.
        use: "decoding": the time of one sequence with a long context plus that of 64 with a short one. "prompt": the
            time of one chunk behind 8192 keys.
    """
    size = (shape.head_size + shape.beside, cache_dtype.itemsize)
    is_decoding = use == "decoding"
    long = 4096 if shape.window is not None else 32_768
    asked = ((1, 1, long), (64, 1, 2048)) if is_decoding else ((1, CHUNK, 8192),)
    steps = [large_step(shape, batch, rows, keys, cache_dtype) for batch, rows, keys in asked]
    before = tables.DECODING[size], tables.PROMPTS[size], tables.PROGRAMS_PER_CORE
    found: list[tuple[float, str]] = []
    for keys, num_warps, num_stages in product((16, 32, 64, 128), (4, 8), (1, 2, 3, 4)):
        for queries, programs in product((16,), (1, 2, 3, 4)) if is_decoding else product((64, 128), (1,)):
            tiling = Tiling(queries=queries, keys=keys, num_warps=num_warps, num_stages=num_stages)
            tables.DECODING[size], tables.PROMPTS[size], tables.PROGRAMS_PER_CORE = (tiling,), (tiling,), programs
            try:
                took = sum(_replayed_microseconds([partial(attention, *step.arguments)]) for step in steps)
            except (OutOfResources, PTXASError):
                continue
            found.append((took, f"{tiling}, {programs} programs a multiprocessor"))
    tables.DECODING[size], tables.PROMPTS[size], tables.PROGRAMS_PER_CORE = before
    for took, about in sorted(found)[:10]:
        yield f"{shape.name:16} {use:8} {took:9.1f} us  {about}"


def main() -> None:
    """Check, then time, and print a table or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="layers whose name contains this")
    parser.add_argument("--fp8", action="store_true", help="fp8 caches too")
    parser.add_argument("--tune", choices=("decoding", "prompt"), help="try tilings of one use; best with --only")
    parser.add_argument("--check", action="store_true", help="do not time")
    parser.add_argument("--json", type=Path, help="write all measurements to this file")
    options = parser.parse_args()
    print(torch.cuda.get_device_name(), f"torch {torch.__version__}, triton {triton.__version__}", flush=True)
    shapes = [shape for shape in _shapes() if options.only in shape.name]
    cache_dtypes = [torch.bfloat16, *([torch.float8_e4m3fn] if options.fp8 else [])]
    for shape in shapes:
        for cache_dtype in cache_dtypes:
            error = check(shape, cache_dtype)
            print(f"{shape.name:16} {cache_dtype!s:20} error {error:.1e}", flush=True)
            if not error < ERROR:
                raise SystemExit(f"{shape.name}: error {error:.1e} is above {ERROR:.0e}")
    if options.tune:
        for shape, cache_dtype in product(shapes, cache_dtypes):
            for line in tune(shape, cache_dtype, options.tune):
                print(line, flush=True)
        return
    found = []
    for one in measure(shapes, cache_dtypes) if not options.check else ():
        found.append(one)
        print(
            f"{one.layer:16} {one.cache:14} {one.kernel:23} {one.batch:4} x {one.rows:4} rows  {one.context:7} keys  "
            f"{one.microseconds:9.1f} us  {100 * one.share:5.1f} %",
            flush=True,
        )
    if options.json:
        options.json.write_text(json.dumps([asdict(one) for one in found]))


if __name__ == "__main__":
    main()
