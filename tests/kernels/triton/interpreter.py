"""Triton's interpreter as these tests need it: bfloat16 rounds to nearest even, as on a GPU, and multiplies.

The interpreter keeps bfloat16 as 16-bit words. It cuts float32 off where a GPU rounds, multiplies the words themselves,
and cannot end a loop at a computed number with numpy 2.4. All three are mended here, in the interpreter alone. Products
are added up in float64, so that, as on a matrix unit, a sum does not depend on the size of the tile it stands in.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch


def _narrow(wide: Any) -> Any:
    """float32 -> bfloat16 words."""
    values = torch.from_numpy(np.ascontiguousarray(wide, dtype=np.float32).reshape(-1))
    return values.bfloat16().view(torch.int16).numpy().view(np.uint16).reshape(wide.shape)


def _widen(words: Any) -> Any:
    """bfloat16 words -> float32."""
    return (np.asarray(words, dtype=np.uint16).astype(np.uint32) << 16).view(np.float32)


def mend() -> None:
    """Replace what is wrong; call once, before any kernel runs."""
    import triton.language as tl
    from triton.runtime import interpreter

    convert, patch, builder = interpreter._convert_float, interpreter._patch_lang_tensor, interpreter.InterpreterBuilder
    cast, dot = builder.cast_impl, builder.create_dot

    def converted(data: Any, source: Any, target: Any, rounding: Any) -> Any:
        if source == tl.float32 and target == tl.bfloat16:
            return _narrow(data)
        if source == tl.bfloat16 and target == tl.float32:
            return _widen(data)
        return convert(data, source, target, rounding)

    def casted(self: Any, source: Any, target: Any) -> Any:
        if target.scalar == tl.bfloat16 and not source.dtype.scalar.is_floating():
            return interpreter.TensorHandle(_narrow(source.data.astype(np.float32)), tl.bfloat16)
        return cast(self, source, target)

    def multiplied(self: Any, a: Any, b: Any, d: Any, *options: Any) -> Any:
        if a.dtype.scalar not in (tl.bfloat16, tl.float32):
            return dot(self, a, b, d, *options)
        wide = (_widen(x.data) if x.dtype.scalar == tl.bfloat16 else x.data for x in (a, b))
        exact = np.matmul(*(x.astype(np.float64) for x in wide))
        return interpreter.TensorHandle(exact.astype(d.data.dtype) + d.data, d.dtype.scalar)

    def patched(tensor: Any, scope: Any) -> None:
        patch(tensor, scope)
        scope.set_attr(tensor, "__index__", lambda self: self.handle.data.item())

    interpreter._convert_float = converted
    interpreter._patch_lang_tensor = patched
    builder.cast_impl = casted
    builder.create_dot = multiplied
    for name in ("si_to_fp", "ui_to_fp", "fp_to_si", "fp_to_ui", "fp_ext", "fp_trunc"):
        setattr(builder, f"create_{name}", casted)
