"""Twins for NVIDIA cards of compute capability 8.0 and later. Importing this needs triton; `ops.pick` looks first."""

from gemstead.kernels.triton.twins import REPRODUCIBLE, TRITON, TritonKernels

__all__ = ["REPRODUCIBLE", "TRITON", "TritonKernels"]
