"""Settings of every test."""

from __future__ import annotations

import torch

# Tiny matrices: a second thread costs more than it brings, and tests run side by side.
torch.set_num_threads(1)
