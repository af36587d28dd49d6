"""Twins for NVIDIA GPUs."""
