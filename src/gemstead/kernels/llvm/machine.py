"""From LLVM IR to functions this process can call, for the vectors this processor has and torch's own threads."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch

Function = Callable[..., None]


@dataclass(frozen=True)
class Vectors:
    """Vector instructions that kernels are written for.

    Args:
        name: For people.
        lanes: Values of 32 bits in a vector.
        has_dot: Whether one instruction multiplies bytes by bytes and adds four products to a lane.
        needed: Features of the processor, as LLVM calls them.
        without: Features that are not used though the processor may have them.
    """

    name: str
    lanes: int
    has_dot: bool
    needed: tuple[str, ...]
    without: tuple[str, ...] = ()


BASE = ("avx2", "fma", "f16c")
NO_AVX512 = ("avx512f", "avx512vl", "avx512bw", "avx512dq", "avx512vnni", "avx512fp16", "avx512bf16")
KINDS = (
    Vectors("AVX-512 with VNNI", 16, True, (*BASE, "avx512f", "avx512bw", "avx512vl", "avx512vnni"), ("avx512fp16",)),
    Vectors("AVX2 with VNNI", 8, True, (*BASE, "avxvnni"), NO_AVX512),
    Vectors("AVX2", 8, False, BASE, (*NO_AVX512, "avxvnni")),
)


@cache
def threads_entry() -> int | None:
    """Address of `GOMP_parallel` in the OpenMP library that torch's threads belong to; `None` if it is another."""
    own = sorted((Path(torch.__file__).parent / "lib").glob("libgomp*.so*"))
    try:
        library = ctypes.CDLL(str(own[0]) if own else None)  # loaded already: by torch, which may share it with others
        return ctypes.cast(library.GOMP_parallel, ctypes.c_void_p).value
    except (OSError, AttributeError):
        return None


@cache
def usable() -> tuple[Vectors, ...]:
    """What this processor has, the best first; nothing if there is no compiler or no way to torch's threads."""
    if find_spec("llvmlite") is None or threads_entry() is None:
        return ()
    from llvmlite import binding

    try:
        found = binding.get_host_cpu_features()
    except RuntimeError:  # a processor LLVM cannot ask
        return ()
    return tuple(kind for kind in KINDS if all(found.get(feature) for feature in kind.needed))


def vectors() -> Vectors | None:
    """The best there is; `None` if there is none."""
    return next(iter(usable()), None)


def known(name: str, address: int) -> str:
    """Let compiled code call what lies at an address; returns the name by which it does."""
    from llvmlite import binding

    full_name = f"gemstead.{name}"
    binding.add_symbol(full_name, address)
    return full_name


def address_of(function: Any) -> int:
    """Where a compiled function begins."""
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return address


_KEPT: list[Any] = []  # compiled code lives as long as its engine


def compiled(module: Any, name: str, arguments: list[Any], kind: Vectors) -> Function:
    """Compile a module and return one of its functions.

    Args:
        module: llvmlite's.
        name: Of the function.
        arguments: Types of its arguments, as ctypes calls them.
        kind: Vectors it is written for.
    """
    from llvmlite import binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    features = binding.get_host_cpu_features()
    for feature in kind.without:
        features[feature] = False
    features["prefer-256-bit"] = False
    machine = binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(), features=features.flatten(), opt=3
    )
    parsed = binding.parse_assembly(str(module))
    parsed.verify()
    options = binding.create_pipeline_tuning_options(speed_level=2)
    options.loop_unrolling = False
    options.loop_vectorization = options.slp_vectorization = False
    passes = binding.create_pass_builder(machine, options)
    passes.getModulePassManager().run(parsed, passes)
    engine = binding.create_mcjit_compiler(parsed, machine)
    engine.finalize_object()
    _KEPT.append(engine)
    return ctypes.CFUNCTYPE(None, *arguments)(engine.get_function_address(name))
