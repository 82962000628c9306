"""Finds the tensors in safetensors files, and in models of several files."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from tb_wordembed.errors import FileError, quoted
from tb_wordembed.format.metadata import ITEM_BYTES
from tb_wordembed.snapshots.checkpoints.placed_rows import (
    Placed,
    PlacedRows,
    is_table,
)

INDEX = ".index.json"
"""How the name of the index of a model in several files ends."""

SUFFIX = ".safetensors"

_MOST_HEADER_BYTES = 100_000_000
"""The bound of the format."""

_DTYPES = {"F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16"}


def header_bytes(head: bytes) -> int:
    """Returns the size of the header, from the first bytes of a file."""
    return int.from_bytes(head[:8], "little")


def entries(path: Path) -> list[PlacedRows]:
    """Returns the tensors in a file, those that are no tables, too: with their shape,
    and the dtype as the file calls it if it is none of a table. Raises FileError if it
    is damaged or cut short."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = header_bytes(file.read(8))
        if length > min(size - 8, _MOST_HEADER_BYTES):
            raise FileError(f"has a header of {length:,} bytes in {size:,}")
        header = parsed(file.read(length))
    start = 8 + length
    return [
        _entry(path, key, entry, start, size - start)
        for key, entry in header.items()
        if key != "__metadata__"
    ]


def parsed(text: bytes) -> Any:
    """Returns what JSON says. Raises FileError if it is none."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise FileError(f"has no valid JSON in it: {error}; it is damaged") from error


def _entry(path: Path, key: str, entry: Any, start: int, size: int) -> PlacedRows:
    shape, (begin, end) = tuple(entry["shape"]), entry["data_offsets"]
    dtype = _DTYPES.get(entry["dtype"], str(entry["dtype"]))
    if not all(type(one) is int and one >= 0 for one in (*shape, begin, end)):
        raise FileError(f"has no valid shape and place for {quoted(key)}: {entry}")
    if end > size:
        raise FileError(
            f"ends before byte {start + end:,}, where {quoted(key)} does: it is cut "
            "short"
        )
    items = ITEM_BYTES.get(dtype)
    if items and end - begin != math.prod(shape) * items:
        raise FileError(
            f"has {end - begin:,} bytes for {quoted(key)}, an array of shape "
            f"{list(shape)} and {dtype}: it is damaged"
        )
    return PlacedRows(key, path, start + begin, dtype, shape)


def shards_of(index: Path) -> dict[str, Path]:
    """Returns the file of each tensor that the index of a model names. Raises FileError
    if one is not there."""
    found = {}
    if index.stat().st_size > _MOST_HEADER_BYTES:
        raise FileError(f"is larger than {_MOST_HEADER_BYTES:,} bytes")
    content = parsed(index.read_bytes())
    places = content.get("weight_map") if isinstance(content, dict) else None
    if not isinstance(places, dict):
        raise FileError("has no weight_map, as indexes of safetensors do")
    for key, name in places.items():
        shard = index.parent / str(name)
        if Path(str(name)).name != name or not shard.is_file():
            raise FileError(
                f"names the file {quoted(name)}, which is not beside it; put it there, "
                "or pass one of the other files, if that has the table"
            )
        found[key] = shard
    return found


class _Named(Protocol):
    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=_Named)


def in_shards(index: Path, find_in: Callable[[Path], Iterable[T]]) -> list[T]:
    """Returns the tensors that the index of a model in several files names, which
    ``find_in`` finds in each of them. Raises FileError if one, or a file, is not
    there."""
    places = shards_of(index)
    found = {
        one.key: one
        for shard in sorted(set(places.values()))
        for one in find_in(shard)
        if places.get(one.key) == shard
    }
    if missing := places.keys() - found:
        key = min(missing)
        raise FileError(
            f"says that {places[key].name} holds {quoted(key)}; it does not"
        )
    return [*found.values()]


def find(path: Path) -> list[Placed]:
    """Returns the tables in a file, or in the files that an index names."""
    found = in_shards(path, entries) if path.name.endswith(INDEX) else entries(path)
    return [one for one in found if is_table(one.shape, one.dtype)]
