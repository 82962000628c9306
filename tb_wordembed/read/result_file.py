"""The bytes of a file that holds a result.

The CRC32C of all that follows; the length of a JSON text; this text, which names the
result, describes its objects, and says where their arrays are; the bytes of the arrays.
"""

from __future__ import annotations

import json
import os
import stat
import struct
from collections.abc import Iterable, Sequence
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
    """Returns the bytes of a file, in pieces.

    Args:
      name: identifies the result.
      result: arrays of numbers, lists, tuples, numbers, texts, and objects of these.
    """
    arrays: list[tuple[dict[str, Any], memoryview]] = []
    tree = _packed(result, arrays)
    text = json.dumps({"name": name, "result": tree, **_layout(arrays)}).encode()
    content: list[bytes | memoryview] = [text, bytes(-len(text) % _ALIGNED)]
    for _, data in arrays:
        content += [data, bytes(-data.nbytes % _ALIGNED)]
    length = struct.pack("<Q", len(text))
    crc = crc32c(length)
    for one in content:
        crc = crc32c(one, crc)
    return [struct.pack("<I", crc) + length, *content]


def read(path: Path, name: str, kinds: Iterable[type]) -> Any:
    """Returns the result in a file.

    Args:
      name: identifies the result.
      kinds: the classes of its objects.

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
    found = json.loads(data[:length].tobytes())
    if found["name"] != name:
        raise ValueError(f"it holds the result {found['name']!r}")
    start = length + -length % _ALIGNED
    arrays = [_array(one, data[start:]) for one in found["arrays"]]
    return _unpacked(found["result"], arrays, {one.__name__: one for one in kinds})


def _layout(arrays: Sequence[tuple[dict[str, Any], memoryview]]) -> dict[str, Any]:
    offset = 0
    for described, data in arrays:
        described["offset"] = offset
        offset += data.nbytes + -data.nbytes % _ALIGNED
    return {"arrays": [described for described, _ in arrays]}


def _array(described: dict[str, Any], data: np.ndarray[Any, Any]) -> Any:
    dtype, offset = np.dtype(described["dtype"]), described["offset"]
    if dtype.char not in _DTYPES:
        raise ValueError(f"dtype {dtype} is none of numbers")
    shape = tuple(described["shape"])
    size = dtype.itemsize * int(np.prod(shape, dtype=object))
    return data[offset : offset + size].view(dtype).reshape(shape)


def _packed(value: Any, arrays: list[tuple[dict[str, Any], memoryview]]) -> Any:
    """Returns a value as JSON can hold it, and moves its arrays into ``arrays``."""
    if isinstance(value, np.ndarray):
        if value.dtype.char not in _DTYPES:
            raise ValueError(f"an array of {value.dtype} can't be saved")
        described = {"dtype": value.dtype.str, "shape": list(value.shape)}
        flat = np.ascontiguousarray(value).reshape(-1).view(np.uint8)
        arrays.append((described, flat.data))
        return {"array": len(arrays) - 1}
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, list):
        return [_packed(one, arrays) for one in value]
    if isinstance(value, tuple):
        return {"tuple": [_packed(one, arrays) for one in value]}
    held = {name: _packed(one, arrays) for name, one in vars(value).items()}
    return {"kind": type(value).__name__, "held": held}


def _unpacked(tree: Any, arrays: Sequence[Any], kinds: dict[str, type]) -> Any:
    if isinstance(tree, list):
        return [_unpacked(one, arrays, kinds) for one in tree]
    if not isinstance(tree, dict):
        return tree
    if "array" in tree:
        return arrays[tree["array"]]
    if "tuple" in tree:
        return tuple(_unpacked(one, arrays, kinds) for one in tree["tuple"])
    kind = kinds[tree["kind"]]
    found: Any = object.__new__(kind)
    for name, one in tree["held"].items():
        # Frozen classes refuse an ordinary assignment.
        object.__setattr__(found, name, _unpacked(one, arrays, kinds))
    return found
