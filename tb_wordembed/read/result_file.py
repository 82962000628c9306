"""The bytes of a file that holds a result.

The CRC32C of all that follows; the length of a JSON text; this text, which names the
result and describes it; the bytes of its arrays.
"""

from __future__ import annotations

import json
import math
import os
import stat
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from crc32c import crc32c

from tb_wordembed.engine.large_arrays import empty

_HEADER = struct.Struct("<IQ")

_ALIGNED = 64
"""The arrays begin at multiples of so many bytes behind the text."""

_DTYPES = "?bBhHiIlLqQefdg"
"""The kinds of numbers that arrays may have, as characters of NumPy."""


def pieces(name: str, result: Any) -> list[bytes | memoryview]:
    """Returns the bytes of a file, in pieces, with the name of a result; and the
    result: arrays of numbers, lists, tuples, numbers, texts, and objects of these."""
    arrays: list[bytes | memoryview] = []
    size = 0

    def packed(value: Any) -> Any:
        """Returns a value as JSON can hold it, and adds its arrays to ``arrays``."""
        nonlocal size
        if isinstance(value, np.ndarray):
            if value.dtype.char not in _DTYPES:
                raise ValueError(f"an array of {value.dtype} can't be saved")
            flat = np.ascontiguousarray(value).reshape(-1).view(np.uint8)
            gap = bytes(-flat.nbytes % _ALIGNED)
            start, size = size, size + flat.nbytes + len(gap)
            arrays.extend([flat.data, gap])
            return {"dtype": value.dtype.str, "shape": value.shape, "start": start}
        if isinstance(value, np.generic):
            return value.item()
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if isinstance(value, list):
            return [*map(packed, value)]
        if isinstance(value, tuple):
            return {"tuple": [*map(packed, value)]}
        held = [(name, packed(one)) for name, one in vars(value).items()]
        return {"kind": type(value).__name__, "held": held}

    text = json.dumps([name, packed(result)]).encode()
    content = [text, bytes(-len(text) % _ALIGNED), *arrays]
    length = struct.pack("<Q", len(text))
    crc = crc32c(length)
    for one in content:
        crc = crc32c(one, crc)
    return [struct.pack("<I", crc) + length, *content]


def read(path: Path, name: str, kinds: Iterable[type]) -> Any:
    """Returns the result in a file.

    Args:
      name: identifies the result.
      kinds: the classes of the objects that it consists of, besides arrays, lists,
        tuples, numbers and texts.

    Raises:
      OSError: the file can't be read.
      Exception: it holds something else; any class of error.
    """
    # Neither a link is followed, nor is a pipe waited for.
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    with open(path, "rb", opener=lambda name, _: os.open(name, flags)) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError("it is no file")
        crc, length = _HEADER.unpack(file.read(_HEADER.size))
        data = empty(status.st_size - _HEADER.size, np.uint8)
        if file.readinto(data) < len(data):  # type: ignore[arg-type]
            raise ValueError("it has become shorter")
    if crc32c(data.data, crc32c(struct.pack("<Q", length))) != crc:
        raise ValueError("its checksum is wrong")
    arrays = data[length + -length % _ALIGNED :]
    by_name = {one.__name__: one for one in kinds}

    def unpacked(tree: dict[str, Any]) -> Any:
        if "dtype" in tree:
            return _array(tree, arrays)
        if "tuple" in tree:
            return tuple(tree["tuple"])
        found: Any = object.__new__(by_name[tree["kind"]])
        vars(found).update(tree["held"])
        return found

    stored, result = json.loads(data[:length].tobytes(), object_hook=unpacked)
    if stored != name:
        raise ValueError(f"it holds the result {stored!r}")
    return result


def _array(described: dict[str, Any], data: np.ndarray[Any, Any]) -> Any:
    dtype, start = np.dtype(described["dtype"]), described["start"]
    if dtype.char not in _DTYPES:
        raise ValueError(f"dtype {dtype} is none of numbers")
    shape = tuple(described["shape"])
    stop = start + dtype.itemsize * math.prod(shape)
    return data[start:stop].view(dtype).reshape(shape)
