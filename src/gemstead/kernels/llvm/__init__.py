"""Kernels for the CPU written as LLVM IR and compiled in this process when they are first needed."""
