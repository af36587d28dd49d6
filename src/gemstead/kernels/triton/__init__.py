"""Twins for NVIDIA cards of compute capability 8.0 and later. Importing this needs triton; `ops.pick` looks first."""

from gemstead.kernels.triton.twins import TRITON, TritonKernels, reproducible

__all__ = ["TRITON", "TritonKernels", "reproducible"]
