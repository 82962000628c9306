"""Finds the tables in checkpoints of TensorFlow, without TensorFlow.

The index of a checkpoint is a table of LevelDB's format, from the name of each variable
to a message that says where its bytes are. A variable that was partitioned has slices,
each with an entry of its own.
"""

from __future__ import annotations

import bisect
import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from crc32c import crc32c

from tb_wordembed.errors import FileError, quoted
from tb_wordembed.format.metadata import Part
from tb_wordembed.format.record import Window, mask, signed
from tb_wordembed.snapshots.checkpoints.placed_rows import (
    Placed,
    PlacedRows,
    check_fits,
    is_table,
    placed_or_not,
)
from tb_wordembed.snapshots.event_parser import DTYPES

INDEX = ".index"
"""How the name of the index of a checkpoint ends."""

_END = "/.ATTRIBUTES/VARIABLE_VALUE"
_MAGIC = 0xDB4775248B80FB57
_FOOTER_BYTES = 48
_MOST_INDEX_BYTES = 1 << 30


def key_of(name: str) -> str:
    """Returns the name of a variable without what TensorFlow 2 puts behind it."""
    return name.removesuffix(_END)


def _key(name: bytes) -> str:
    return key_of(name.decode("utf-8", "backslashreplace"))


@dataclass
class _Entry:
    """Where the bytes of a variable, or of a slice of one, are."""

    dtype: str = ""
    shape: list[int] = field(default_factory=list)
    shard: int = 0
    offset: int = 0
    size: int = 0
    checksum: int = 0
    slices: list[list[tuple[int, int]]] = field(default_factory=list)
    """The start and length in each dimension; a length of -1 is all of it."""


def find(index: Path) -> list[Placed]:
    """Returns the rows of each table that lie together. Raises FileError if the
    checkpoint is damaged."""
    if index.stat().st_size > _MOST_INDEX_BYTES:
        raise FileError(f"is larger than {_MOST_INDEX_BYTES:,} bytes")
    found = dict(sorted(_pairs(index.read_bytes())))
    shards, is_big = _header(found.pop(b"", b""))
    if is_big:
        raise FileError("has big-endian numbers, which are not read in place")
    files = _files(index, shards)
    rows: list[Placed] = []
    keys = [*found]
    for name, content in found.items():
        if not name.startswith(b"\0"):
            entry = partial(_rows, name, _entry(content), found, keys, files)
            rows += placed_or_not(_key(name), entry)
    return rows


def _files(index: Path, shards: int) -> list[Path]:
    name = index.name.removesuffix(INDEX)
    files = [
        index.with_name(f"{name}.data-{one:05d}-of-{shards:05d}")
        for one in range(min(shards, 1 << 16))
    ]
    for one in files:
        if not one.is_file():
            raise FileError(f"names the file {one.name}, which is not beside it")
    return files


def _rows(
    name: bytes,
    entry: _Entry,
    others: dict[bytes, bytes],
    keys: list[bytes],
    files: list[Path],
) -> Iterator[PlacedRows]:
    shape, key = tuple(entry.shape), _key(name)
    if not is_table(shape, entry.dtype):
        return
    if not entry.slices:
        yield _placed(key, entry, files, Part(0, shape[0]))
    slices = _slices(name, len(entry.slices), keys)
    is_flat = any(len(extents) != 2 for extents in entry.slices)
    if is_flat or len(slices) < len(entry.slices):
        raise FileError(f"lacks a slice of {quoted(key)}: it is damaged")
    for extents, one_slice in zip(sorted(entry.slices), slices, strict=True):
        (first, rows), (column, columns) = extents
        if column or columns not in (-1, shape[1]):
            raise FileError(
                f"has {quoted(key)} with its columns partitioned, which is not read in "
                "place; import it"
            )
        one = _entry(others[one_slice])
        extent = shape[0] if rows == -1 else rows, shape[1]
        if tuple(one.shape) != extent or one.dtype != entry.dtype:
            raise FileError(f"has a slice of {quoted(key)} of another shape or dtype")
        yield _placed(key, one, files, Part(first, shape[0]))


def _placed(key: str, entry: _Entry, files: list[Path], part: Part) -> PlacedRows:
    if entry.shard >= len(files):
        raise FileError(f"has {quoted(key)} in a file that there is not")
    path, shape = files[entry.shard], tuple(entry.shape)
    found = PlacedRows(
        key, path, entry.offset, entry.dtype, shape, part, entry.checksum
    )
    if found.length != entry.size:
        raise FileError(
            f"has {entry.size:,} bytes for {quoted(key)}, of shape {list(shape)} and "
            f"{entry.dtype}: it is damaged"
        )
    check_fits(found, path.stat().st_size)
    return found


def _message(content: bytes) -> Window:
    return Window(lambda at, size: content[at : at + size], len(content))


def _header(content: bytes) -> tuple[int, bool]:
    """Returns the number of the data files, and whether they are big-endian."""
    numbers = {
        one.key >> 3: one.value for one in _message(content).fields(0, len(content))
    }
    return numbers.get(1, 0), bool(numbers.get(2, 0))


def _entry(content: bytes) -> _Entry:
    found, window = _Entry(), _message(content)
    for one in window.fields(0, len(content)):
        match one.key >> 3:
            case 1:
                found.dtype, _ = DTYPES.get(one.value, ("", 0))
            case 2:
                for dim in window.fields(one.start, one.stop):
                    sizes = window.fields(dim.start, dim.stop) if dim.key == 18 else ()
                    found.shape.append(sum(n.value for n in sizes if n.key == 8))
            case 7:
                dims = window.fields(one.start, one.stop)
                found.slices.append([_extent(window, *dim[2:]) for dim in dims])
            case number if number in _NUMBERS:
                setattr(found, _NUMBERS[number], one.value)
    return found


_NUMBERS = {3: "shard", 4: "offset", 5: "size", 6: "checksum"}
"""The attributes of ``_Entry`` that are numbers, by the number of their field."""


def _extent(window: Window, start: int, stop: int) -> tuple[int, int]:
    numbers = {one.key >> 3: signed(one.value) for one in window.fields(start, stop)}
    return numbers.get(1, 0), numbers.get(2, -1)


def _slices(name: bytes, count: int, keys: list[bytes]) -> list[bytes]:
    """Returns the keys of the slices of a variable, among all keys in their order: that
    of what they stand for, the name and then where each slice is."""
    parts = (one.replace(b"\xff", b"\xff\0") for one in name.split(b"\0"))
    start = b"\0" + b"\0\xff".join(parts) + b"\0\1"
    first = bisect.bisect_left(keys, start)
    return [one for one in keys[first : first + count] if one.startswith(start)]


def _pairs(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yields keys and values of a table of LevelDB's format."""
    footer = content[-_FOOTER_BYTES:]
    if len(footer) < _FOOTER_BYTES or footer[-8:] != struct.pack("<Q", _MAGIC):
        raise FileError("is no index of a checkpoint of TensorFlow")
    handles = _message(footer)
    _, at = handles.varint(0)
    _, at = handles.varint(at)
    start, at = handles.varint(at)
    size, _ = handles.varint(at)
    for _, handle in _block(content, start, size):
        place = _message(handle)
        first, at = place.varint(0)
        yield from _block(content, first, place.varint(at)[0])


def _block(content: bytes, start: int, size: int) -> Iterator[tuple[bytes, bytes]]:
    block, trailer = content[start : start + size], content[start + size :][:5]
    if len(trailer) < 5 or size < 4:
        raise FileError("is damaged or cut short")
    if mask(crc32c(trailer[:1], crc32c(block))) != struct.unpack("<I", trailer[1:])[0]:
        raise FileError("is damaged: a checksum is wrong")
    if trailer[0]:
        raise FileError("is compressed, which is not read in place; import it")
    (restarts,) = struct.unpack("<I", block[-4:])
    stop = size - 4 * (restarts + 1)
    window, at, key = _message(block), 0, b""
    while at < stop:
        numbers = []
        for _ in itertools.repeat(None, 3):
            number, at = window.varint(at)
            numbers.append(number)
        shared, rest, length = numbers
        key = key[:shared] + block[at : at + rest]
        at += rest
        yield key, block[at : at + length]
        at += length
