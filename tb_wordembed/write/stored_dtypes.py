"""The dtypes that tables are stored in, and the conversion of numbers to them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import types_pb2

from tb_wordembed.snapshots.tensors import widened

Array = npt.NDArray[Any]

BFLOAT16 = "bfloat16"
STORAGE: dict[str, tuple[np.dtype[Any], int]] = {
    "float32": (np.dtype("<f4"), types_pb2.DT_FLOAT),
    "float64": (np.dtype("<f8"), types_pb2.DT_DOUBLE),
    "float16": (np.dtype("<f2"), types_pb2.DT_HALF),
    # NumPy has no bfloat16: the upper halves of float32 numbers.
    BFLOAT16: (np.dtype("<u2"), types_pb2.DT_BFLOAT16),
}
"""The dtype of NumPy and that of TensorFlow, by the name of each."""

_INFINITE_BITS = 0x7F80
"""Those of an infinite bfloat16, but for its sign; a finite one has smaller ones."""

_BLOCK_NUMBERS = 1 << 18
"""How many numbers are converted at once: few enough for the processor's cache."""


def convert(array: Array, own: str, stored: str) -> Array:
    """Returns numbers in another dtype: converted in blocks, since what is computed on
    the way takes several times their bytes."""
    kind = STORAGE[stored][0]
    if own == stored:
        return np.ascontiguousarray(array, kind)
    converted = np.empty(array.shape, kind)
    rows = max(1, _BLOCK_NUMBERS // array.shape[1])
    lost = 0
    for start in range(0, len(array), rows):
        block = array[start : start + rows]
        out = converted[start : start + rows]
        lost += _convert_block(
            widened(block) if own == BFLOAT16 else block, out, stored
        )
    if lost:
        bits = np.array([_INFINITE_BITS - 1], np.uint16)
        most = float(widened(bits)[0] if stored == BFLOAT16 else np.finfo(stored).max)
        wider = f'"{BFLOAT16}" or "{own}"' if stored == "float16" else f'"{own}"'
        raise ValueError(
            f"{lost:,} of {array.size:,} numbers are beyond what {stored} holds, "
            f"{most:.5g}. Use dtype={wider}"
        )
    return converted


def _convert_block(block: Array, out: Array, stored: str) -> int:
    """Converts some rows; returns how many numbers became infinite by it."""
    with np.errstate(over="ignore"):
        if stored == BFLOAT16:
            out[:] = _to_bfloat16(np.ascontiguousarray(block, np.float32))
            are_infinite = out & 0x7FFF == _INFINITE_BITS
        else:
            out[:] = block
            are_infinite = np.isinf(out)
    return int(np.count_nonzero(are_infinite & np.isfinite(block)))


def _to_bfloat16(array: npt.NDArray[np.float32]) -> npt.NDArray[np.uint16]:
    """Returns the bits of the nearest bfloat16 numbers, ties to even."""
    bits = array.view(np.uint32)
    rounded = (bits + (((bits >> 16) & 1) + 0x7FFF).astype(np.uint32)) >> 16
    # Rounding could carry a NaN into another number: it becomes a quiet NaN instead.
    nan = (bits >> 16) | 0x40
    return np.where(np.isnan(array), nan, rounded).astype(np.uint16)
