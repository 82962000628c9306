"""Encodes arrays for the page, in the safetensors layout.

``u64 header length | JSON header, padded with spaces to 8 bytes | arrays``, all
little-endian. The header maps each array to its dtype, shape and byte range; the
key ``__metadata__`` holds, under ``response``, the response's other fields as JSON.
Wider dtypes come first, so that each array starts at a multiple of its item size
and a browser can view it without a copy.
"""

from __future__ import annotations

import dataclasses
import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

_DTYPE_NAMES = {
    np.dtype(np.float64): "F64",
    np.dtype(np.float32): "F32",
    np.dtype(np.float16): "F16",
    np.dtype(np.int64): "I64",
    np.dtype(np.int32): "I32",
    np.dtype(np.uint32): "U32",
    np.dtype(np.uint16): "U16",
    np.dtype(np.uint8): "U8",
}


def encode(fields: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """Returns a frame of arrays and JSON fields.

    Raises:
      ValueError: a JSON field holds a non-finite number.
      KeyError: an array's dtype is not one of the contract's.
    """
    header: dict[str, Any] = {"__metadata__": {"response": as_json(fields)}}
    chunks: list[bytes] = []
    start = 0
    for name, array in sorted(arrays.items(), key=lambda item: -item[1].dtype.itemsize):
        data = array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes()
        header[name] = {
            "dtype": _DTYPE_NAMES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [start, start + len(data)],
        }
        chunks.append(data)
        start += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([struct.pack("<Q", len(text)), text, *chunks])


def as_json(fields: Mapping[str, Any]) -> str:
    """Returns fields of a response as JSON; raises ValueError for NaN and infinity."""
    return json.dumps(fields, allow_nan=False, default=_fields)


def _fields(part: Any) -> dict[str, Any]:
    if not dataclasses.is_dataclass(part):
        raise TypeError(f"{part!r} is no part of a response")
    # Unlike dataclasses.asdict, this copies no list number by number.
    return vars(part)
