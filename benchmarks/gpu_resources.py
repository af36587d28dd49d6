"""What the GPU kernels take of a multiprocessor, without a GPU: `python -m benchmarks.gpu_resources`.

Compiles every tiling of attention and heads ahead of time and prints registers, spilled bytes and shared memory.
Needs Triton's Linux wheel, which brings the assembler.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import triton
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource

from benchmarks.gpu_kernels import SHARED_KIB
from gemstead.kernels.triton import attention, heads
from gemstead.kernels.triton.attention import fitting

POINTERS_INT64 = ("position_ptr", "start_ptr", "first_ptr", "table_ptr")
CACHE_BYTES = {"fp8": 1, "bf16": 2, "float32": 4}
PARTIALS = ("top_ptr", "mass_ptr")


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Of one compiled kernel.

    Args:
        name: Which.
        registers: Per thread.
        spilled_bytes: Written to and read from local memory.
        shared_bytes: Shared memory of a program.
        num_warps: Warps of a program.
        matrix: Matrix instructions found in the PTX.
    """

    name: str
    registers: int
    spilled_bytes: int
    shared_bytes: int
    num_warps: int
    matrix: tuple[str, ...]


def compiled(
    name: str, kernel: Any, types: dict[str, str], constants: dict[str, Any], num_warps: int, capability: int
) -> Resources:
    """Compile a kernel for a compute capability and read what it takes.

    Args:
        name: For people.
        kernel: A `triton.jit` function.
        types: Type of every argument that is not a constant; pointers and strides are taken to be multiples of 16.
        constants: The others.
        num_warps: Warps of a program.
        capability: 90 for 9.0.
    """
    names, constants = kernel.arg_names, constants | {"EARLY": capability >= 90}
    signature = {n: types.get(n, "constexpr") for n in names}
    aligned = {
        (i,): [["tt.divisibility", 16]]
        for i, n in enumerate(names)
        if n in types and (types[n].startswith("*") or n.endswith("_stride"))
    }
    source = ASTSource(kernel, signature=signature, constexprs=constants, attrs=aligned)
    built = triton.compile(source, target=GPUTarget("cuda", capability, 32), options={"num_warps": num_warps})
    assembler = Path(triton.__file__).parent / "backends/nvidia/bin/ptxas"
    with tempfile.NamedTemporaryFile("w", suffix=".ptx") as file:
        file.write(built.asm["ptx"])
        file.flush()
        suffix = "a" if capability == 90 else ""
        command = [assembler, "-v", f"--gpu-name=sm_{capability}{suffix}", file.name, "-o", "/dev/null"]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    registers = re.search(r"Used (\d+) registers", told)
    assert registers is not None, told
    return Resources(
        name=name,
        registers=int(registers[1]),
        spilled_bytes=sum(map(int, re.findall(r"(\d+) bytes spill", told))),
        shared_bytes=built.metadata.shared,
        num_warps=num_warps,
        matrix=tuple(sorted(set(re.findall(r"\b(wgmma\.mma_async|mma\.sync)", built.asm["ptx"])))),
    )


def attention_resources(capability: int) -> Iterator[Resources]:
    """Every tiling of attention that a card of this capability takes."""
    room = SHARED_KIB[capability]
    tables = {
        "decoding": [(size, t) for size, some in attention.DECODING.items() for t in fitting(some, room)],
        "prompt": [(size, fitting(some, room)[-1]) for size, some in attention.PROMPTS.items()],
        "reproducible": [(size, fitting(some, room)[-1]) for size, some in attention.IN_ONE_ORDER.items()],
    }
    for use, tilings in tables.items():
        for (width, cache_bytes), tiling in tilings:
            cache = next(name for name, size in CACHE_BYTES.items() if size == cache_bytes)
            if cache == "fp8" and capability < 89:
                continue
            head_size = min(width, 512)
            yield _attend(use, head_size, tiling, cache, width - head_size, capability)


def _attend(use: str, head_size: int, tiling: attention.Tiling, cache: str, extra: int, capability: int) -> Resources:
    kernel = attention.attend_kernel
    is_whole = use == "prompt"
    query = "fp32" if cache == "float32" else "bf16"
    kept = {"float32": "fp32", "bf16": "bf16", "fp8": "fp8e4nv"}[cache]
    types = {n: "i32" for n in kernel.arg_names if n.islower()}
    types |= {"q_ptr": f"*{query}", "k_ptr": f"*{kept}", "v_ptr": f"*{kept}"}
    types |= {"out_ptr": f"*{query}" if is_whole else "*fp32"} | dict.fromkeys(PARTIALS, "*fp32")
    types |= dict.fromkeys(POINTERS_INT64, "*i64")
    constants = {
        "GROUP": 8, "D": head_size, "R": extra, "PAGE": 64, "WINDOW": 1024 if head_size == 256 else 0,
        "IS_RAGGED": use != "decoding", "WHO": 0, "NEAR_": attention.NEAR if use == "reproducible" else 0,
        "FAR_": attention.FAR, "IS_WHOLE": is_whole,
        "INTERIOR": is_whole and (head_size + extra, CACHE_BYTES[cache]) == attention.WITH_INTERIOR,
        "M": tiling.queries, "L": tiling.keys, "STAGES": tiling.num_stages,
        **attention.column_blocks(head_size, extra),
    }  # fmt: skip
    layout = "keys beside values" if extra else "keys and values"
    name = f"{use}, D {head_size}, M {tiling.queries}, L {tiling.keys}, {cache}, {layout}"
    return compiled(name, kernel, types, constants, tiling.num_warps, capability)


def heads_resources(capability: int) -> Iterator[Resources]:
    """Heads of the layers of 31B, and one without a power of two."""
    kernel = heads.heads_kernel
    for head_size, beside, kept in ((256, 0, "bf16"), (512, 128, "bf16"), (256, 0, "fp8e4nv"), (96, 0, "fp32")):
        if kept == "fp8e4nv" and capability < 89:
            continue
        computed = "fp32" if kept == "fp32" else "bf16"
        types = {n: "i32" for n in kernel.arg_names if n.islower()} | {"eps": "fp32", "slot_ptr": "*i64"}
        types |= dict.fromkeys(("q_ptr", "k_ptr", "v_ptr", "q_weight_ptr", "k_weight_ptr", "out_ptr"), f"*{computed}")
        types |= dict.fromkeys(("cos_ptr", "sin_ptr"), "*fp32")
        types |= dict.fromkeys(("k_page_ptr", "v_page_ptr"), f"*{kept}")
        constants = {
            "H": 32, "G": 4, "HALF": head_size // 2, "R": beside, "KEYS_SERVE": beside > 0, "HAS_SLOTS": True,
            "HEADS": 36 if beside else 40, "HALF_BLOCK": triton.next_power_of_2(head_size // 2),
        }  # fmt: skip
        for rows_each, heads_each in ((1, 1), heads.MANY_EACH):
            each = {"ROWS": rows_each, "HEADS_EACH": heads_each}
            layout = "keys beside values" if beside else "keys and values"
            name = f"heads, D {head_size}, {kept}, {layout}, {rows_each} x {heads_each}"
            yield compiled(name, kernel, types, constants | each, rows_each, capability)


def main() -> None:
    """Print a table, or JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--capability", type=int, default=90, choices=SHARED_KIB, help="90 for Hopper, 89 for a GeForce 40"
    )
    parser.add_argument("--only", default="", help="kernels whose name contains this")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    found = []
    for one in chain(heads_resources(options.capability), attention_resources(options.capability)):
        if options.only in one.name:
            found.append(one)
            if not options.json:
                print(
                    f"{one.name:64} {one.num_warps} warps  {one.registers:3} registers  "
                    f"{one.spilled_bytes:5} B spilled  {one.shared_bytes / 1024:6.1f} KiB shared  "
                    f"{' '.join(one.matrix)}",
                    flush=True,
                )
    if options.json:
        print(json.dumps([asdict(one) for one in found]))


if __name__ == "__main__":
    main()
