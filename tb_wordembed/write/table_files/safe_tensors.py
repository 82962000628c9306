"""Reads safetensors files, and models in several files with an index."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from tb_wordembed.errors import quoted
from tb_wordembed.write.stored_dtypes import BFLOAT16
from tb_wordembed.write.table_files.found import Content, FileError, Found, Report
from tb_wordembed.write.tables import Table

_MOST_HEADER_BYTES = 100_000_000
"""The bound of the format."""

_DTYPES = {
    "F64": ("float64", "<f8"),
    "F32": ("float32", "<f4"),
    "F16": ("float16", "<f2"),
    "BF16": (BFLOAT16, "<u2"),
}


def is_one(head: bytes, size: int) -> bool:
    """Returns whether a file begins as safetensors do: a size, and then JSON."""
    return head[8:9] == b"{" and _header_bytes(head) <= size


def find(path: Path) -> list[Found]:
    """Returns the arrays in a file."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = _header_bytes(file.read(8))
        if length > min(size - 8, _MOST_HEADER_BYTES):
            raise FileError(f"has a header of {length:,} bytes in {size:,}")
        header = _parsed(file.read(length))
    start = 8 + length
    return [
        _found(path, key, entry, start, size - start)
        for key, entry in header.items()
        if key != "__metadata__"
    ]


def find_in_shards(path: Path, find_in: Callable[[Path], list[Found]]) -> list[Found]:
    """Returns the arrays that the index of a model in several files names.

    Args:
      path: the index, ``*.index.json``.
      find_in: returns the arrays in one of the files.
    """
    places: dict[str, str] = _parsed(path.read_bytes())["weight_map"]
    found: list[Found] = []
    for name in sorted(set(places.values())):
        shard = path.parent / name
        if Path(name).name != name or not shard.is_file():
            raise FileError(f"names the file {quoted(name)}, which is not beside it")
        found += [one for one in find_in(shard) if places.get(one.key) == name]
    missing = places.keys() - {one.key for one in found}
    if missing:
        key = min(missing)
        raise FileError(f"says that {places[key]} holds {quoted(key)}; it does not")
    return found


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise FileError(f"has no valid JSON in it: {error}; it is damaged") from error


def _header_bytes(head: bytes) -> int:
    return int.from_bytes(head[:8], "little")


def _found(path: Path, key: str, entry: Any, start: int, size: int) -> Found:
    shape, (begin, end) = tuple(entry["shape"]), entry["data_offsets"]
    dtype, code = _DTYPES.get(entry["dtype"], (str(entry["dtype"]), ""))
    if not all(type(one) is int and one >= 0 for one in (*shape, begin, end)):
        raise FileError(f"has no valid shape and place for {quoted(key)}: {entry}")
    if end > size:
        raise FileError(
            f"ends before byte {start + end:,}, where {quoted(key)} does: it is cut "
            "short"
        )
    if code and end - begin != math.prod(shape) * np.dtype(code).itemsize:
        raise FileError(
            f"has {end - begin:,} bytes for {quoted(key)}, an array of shape "
            f"{list(shape)} and {dtype}: it is damaged"
        )
    return Found(key, shape, dtype, partial(_read, path, shape, code, start + begin))


def _read(
    path: Path, shape: tuple[int, ...], code: str, offset: int, report: Report
) -> Content:
    numbers = np.memmap(path, code, "r", offset, shape)
    return Content(Table(numbers, BFLOAT16) if code == "<u2" else numbers)
