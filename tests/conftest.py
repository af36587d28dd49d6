"""Settings of every test."""

from __future__ import annotations

import os

import torch

# Without a GPU, Triton's kernels run in its interpreter, chosen when triton is imported, by whichever test is first.
if not torch.cuda.is_available():
    os.environ["TRITON_INTERPRET"] = "1"

# Tiny matrices: a second thread costs more than it brings, and tests run side by side.
torch.set_num_threads(1)
