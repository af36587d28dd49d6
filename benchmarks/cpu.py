"""Gemma 4 E2B at its true shapes on the CPU, against what this machine can do at all: `python -m benchmarks.cpu`.

Weights are random and made in memory, nothing is downloaded: 1.6 GB for int4, 2.4 for int8, 4.6 for bf16. The table of
per-layer embeddings is one row repeated; a token reads one row of it either way. Memory bandwidth (a copy, read and
written bytes together, and a read) and the rate of the bfloat16 matrix product are measured before and after each
precision, and the best of all is the limit. A step's share of the limit is the bytes of all matrices it multiplies by,
or the operations of its products, over its time. Another program on the machine shows in the median; the best step
shows the code. With `--threads 1` times are those of the processor's clock, which stands still while others run: the
way to measure on a shared machine. `--model pebble` measures the embedded model, without shares.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn

from gemstead.checkpoints.hub import embedded_folder
from gemstead.checkpoints.load import lay_out, load_model
from gemstead.checkpoints.manifest import read_manifest
from gemstead.core.requests import Sampling
from gemstead.engine.config import EngineConfig
from gemstead.engine.engine import Engine
from gemstead.hardware.allocator import keep_freed_memory
from gemstead.hardware.probe import probe
from gemstead.kernels import ops
from gemstead.kernels.packed import Packed
from gemstead.models.gemma4.config import read_config
from gemstead.models.gemma4.text import Gemma4Text
from gemstead.planner.catalog import published_config
from gemstead.quant.convert import place_packed, storage_of

PATTERN_BYTES = 1 << 24


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the machine does at best.

    Args:
        copy_bytes_s: Bytes read and written by a copy.
        read_bytes_s: Bytes read by a sum.
        matrix_ops_s: Multiplications and additions of a large bfloat16 product.
    """

    copy_bytes_s: float
    read_bytes_s: float
    matrix_ops_s: float

    @property
    def bytes_s(self) -> float:
        """The higher of both bandwidths."""
        return max(self.copy_bytes_s, self.read_bytes_s)

    def best(self, other: Limits) -> Limits:
        """Of two measurements, field by field."""
        return Limits(**{name: max(getattr(self, name), getattr(other, name)) for name in self.__dataclass_fields__})


def now_s() -> float:
    """Seconds by the wall, or of one thread's work where there is but one."""
    return time.thread_time() if torch.get_num_threads() == 1 else time.perf_counter()


def shortest_s(work: Callable[[], object], repeats: int) -> float:
    """Shortest time of several."""
    times = []
    for _ in range(repeats):
        start = now_s()
        work()
        times.append(now_s() - start)
    return min(times)


def measure_limits() -> Limits:
    """About a second."""
    source = torch.ones(1 << 26, dtype=torch.float32)
    target = torch.empty_like(source)
    a, b = torch.randn(1024, 2048).bfloat16(), torch.randn(2048, 2048).bfloat16()
    return Limits(
        copy_bytes_s=2 * source.nbytes / shortest_s(lambda: target.copy_(source), 6),
        read_bytes_s=source.nbytes / shortest_s(source.sum, 6),
        matrix_ops_s=2 * 1024 * 2048 * 2048 / shortest_s(lambda: torch.nn.functional.linear(a, b), 6),
    )


def filled(shape: tuple[int, ...], dtype: torch.dtype, pattern: Tensor) -> Tensor:
    """A tensor of random content: a random pattern of bytes or of values, over and over."""
    out = torch.empty(shape, dtype=dtype)
    for piece in out.view(-1).split(pattern.numel()):
        piece.copy_(pattern[: piece.numel()])
    return out


def random_model(precision: str, kernels: ops.Kernels) -> Gemma4Text:
    """E2B with random weights, stored as `--precision` stores it."""
    config = read_config(published_config("gemma-4-E2B"))
    generator = torch.Generator().manual_seed(0)
    some_bytes = torch.randint(0, 256, (PATTERN_BYTES,), dtype=torch.uint8, generator=generator)
    some_values = torch.randn(PATTERN_BYTES // 2, generator=generator).bfloat16()
    with torch.device("meta"):
        model = Gemma4Text(config, kernels)
    for name, parameter in list(model.named_parameters()):
        shape = tuple(parameter.shape)
        bits = storage_of(name, shape, precision).bits
        is_table = name == "embed_tokens_per_layer"
        made = (1, shape[1]) if is_table else shape
        if bits is None:
            value = (
                torch.ones(made) if len(shape) == 1 else filled(made, torch.bfloat16, some_values) * made[-1] ** -0.5
            )
            path, _, leaf = name.rpartition(".")
            value = value.to(torch.bfloat16).expand(shape)
            setattr(model.get_submodule(path), leaf, nn.Parameter(value, requires_grad=False))
            continue
        pattern = some_bytes if bits == 4 else some_bytes.view(torch.int8)
        codes = filled((made[0], made[1] * bits // 8), pattern.dtype, pattern)
        groups = made[1] // 32 if bits == 4 else 1
        scales = torch.full((made[0], groups), made[1] ** -0.5 / (4 if bits == 4 else 74), dtype=torch.bfloat16)
        held = Packed(codes.expand(shape[0], -1), scales.expand(shape[0], -1), torch.bfloat16)
        place_packed(model, name, held)
        if not is_table:
            lay_out(model, name, kernels)
    return model.eval()


def embedded_model(precision: str, kernels: ops.Kernels) -> Gemma4Text:
    """pebble, as it is loaded for a chat."""
    manifest = read_manifest(embedded_folder())
    at = torch.device("cpu")
    model = load_model(manifest, kernels, dtype=torch.bfloat16, device=at, precision=precision).model
    assert isinstance(model, Gemma4Text)
    return model


def multiplied_bytes(model: Gemma4Text) -> int:
    """Bytes of all matrices a decoding step multiplies by."""
    tensors = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    return sum(t.nbytes for name, t in tensors.items() if "embed_tokens_per_layer" not in name)


def prefill_ops(model: Gemma4Text, tokens: int, batch: int) -> int:
    """Operations of the products with matrices that reading a prompt needs; borrowing layers run for one row."""
    first = model.config.first_borrowing_layer
    total = 0
    for name, module in model.named_modules():
        weight = getattr(module, "weight", None)
        if weight is None or len(weight.shape) < 2 or "embed_tokens" in name:
            continue
        layer = int(name.split(".")[1]) if name.startswith("layers.") else 0
        total += 2 * weight.shape.numel() * (tokens if layer < first else batch)
    return total + 2 * batch * model.config.vocab_size * model.config.hidden_size


def measure(
    model: Gemma4Text, kernels: ops.Kernels, prompt_tokens: int, answer_tokens: int, batch: int
) -> tuple[float, list[float]]:
    """Seconds of reading all prompts in one step, and of each decoding step after it."""
    context = prompt_tokens + answer_tokens + 16
    config = EngineConfig(
        context_tokens=context, max_sequences=batch, step_tokens=prompt_tokens * batch, cache_tokens=context * batch
    )
    vocabulary = model.config.vocab_size
    engine = Engine(model, config, kernels, vocab_size=vocabulary, dtype=torch.bfloat16)
    generator = torch.Generator().manual_seed(1)
    errors: list[Exception] = []
    for prompt in torch.randint(3, vocabulary, (batch, prompt_tokens), generator=generator).tolist():
        engine.submit(
            tuple(prompt),
            max_tokens=answer_tokens,
            sampling=Sampling(),
            deliver=lambda progress: errors.append(progress.error) if progress.error else None,
        )
    times = []
    while engine.has_work:
        start = now_s()
        engine.step()
        times.append(now_s() - start)
    if errors:
        raise errors[0]
    return times[0], times[1:]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--precisions", nargs="+", default=["int4", "int8", "bf16"], choices=["int4", "int8", "bf16"])
    parser.add_argument("--model", default="gemma-4-E2B", choices=["gemma-4-E2B", "pebble"])
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--kernels", default="cpu", choices=list(ops.TWINS))
    parser.add_argument("--threads", type=int)
    parser.add_argument("--prompt", type=int, default=512)
    parser.add_argument("--answer", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    if chosen.threads is not None:
        torch.set_num_threads(chosen.threads)
    keep_freed_memory()
    kernels = ops.named(chosen.kernels)
    machine = probe()
    console = Console(width=150)
    console.print(
        f"{machine.processor}, {torch.get_num_threads()} threads, torch {machine.torch_version}; {chosen.model}, "
        f"{kernels.name} kernels, batch {chosen.batch}, prompt {chosen.prompt}, "
        f"answer {chosen.answer}; {chosen.rounds} rounds"
    )
    columns = ("precision", "prefill tok/s", "best", "share of ops", "decode tok/s", "best", "share of bytes")
    table = Table(*columns, box=None)
    limits = measure_limits()
    for precision in chosen.precisions:
        is_random = chosen.model != "pebble"
        model = random_model(precision, kernels) if is_random else embedded_model(precision, kernels)
        measure(model, kernels, 64, 2, chosen.batch)  # warms up
        rounds = [measure(model, kernels, chosen.prompt, chosen.answer, chosen.batch) for _ in range(chosen.rounds)]
        tokens = chosen.prompt * chosen.batch
        prefills_s = [prefill_s for prefill_s, _ in rounds]
        decodes_s = [step_s for _, steps_s in rounds for step_s in steps_s]
        limits = limits.best(measure_limits())
        table.add_row(
            precision,
            f"{tokens / statistics.median(prefills_s):,.1f}",
            f"{tokens / min(prefills_s):,.1f}",
            "-"
            if not is_random
            else f"{prefill_ops(model, tokens, chosen.batch) / min(prefills_s) / limits.matrix_ops_s:.0%}",
            f"{chosen.batch / statistics.median(decodes_s):,.2f}",
            f"{chosen.batch / min(decodes_s):,.2f}",
            "-" if not is_random else f"{multiplied_bytes(model) / min(decodes_s) / limits.bytes_s:.0%}",
        )
        del model
    console.print(
        f"limits: copy {limits.copy_bytes_s / 1e9:.1f} GB/s, read {limits.read_bytes_s / 1e9:.1f} GB/s, "
        f"bf16 product {limits.matrix_ops_s / 1e9:.0f} GFLOP/s"
    )
    console.print(table)


if __name__ == "__main__":
    main()
