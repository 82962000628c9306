"""Reads NumPy's ``.npy`` and ``.npz`` files."""

from __future__ import annotations

import zipfile
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np

from tb_wordembed.snapshots.checkpoints import numpy_file
from tb_wordembed.write.table_files.found_array import (
    MOST_PACKED,
    Content,
    Found,
    Report,
    check_stored,
)

_OBJECTS = (
    "{!r} in the file holds Python objects, which are not read since they could run "
    "code. Save texts: np.array(tokens, dtype=str)"
)


def find(path: Path) -> list[Found]:
    """Returns the array in an ``.npy`` file."""
    with path.open("rb") as file:
        _header(file, path.stat().st_size)
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    return [Found("", array.shape, array.dtype.name, lambda report: Content(array))]


def find_in_npz(path: Path) -> list[Found]:
    """Returns the arrays in an ``.npz`` file. If one array of texts in it has an entry
    for each row of a table, they are its tokens; Python objects are never read."""
    arrays: dict[str, tuple[tuple[int, ...], np.dtype[Any]]] = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.filename.endswith(numpy_file.SUFFIX):
                name = info.filename.removesuffix(numpy_file.SUFFIX)
                stored = min(info.file_size, info.compress_size * MOST_PACKED)
                with archive.open(info) as member:
                    arrays[name] = _header(member, stored)
    found = []
    for name, (shape, dtype) in arrays.items():
        beside = {one: of for one, (size, of) in arrays.items() if size == shape[:1]}
        texts = [one for one, of in beside.items() if of.kind in "US"]
        objects = [one for one, of in beside.items() if of.hasobject]
        tokens = texts[0] if len(texts) == 1 else None
        unread = _OBJECTS.format(objects[0]) if objects and not texts else ""
        read = partial(_read, path, name, tokens, unread)
        found.append(Found(name, shape, dtype.name, read))
    return found


def _header(file: IO[bytes], stored: int) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Returns the shape and the dtype of an array, which takes at most ``stored`` bytes
    in its file."""
    shape, _, dtype = numpy_file.header(file)
    if not dtype.hasobject:
        check_stored(shape, dtype.itemsize, stored)
    return shape, dtype


def _read(
    path: Path, name: str, tokens: str | None, unread: str, report: Report
) -> Content:
    with np.load(path, allow_pickle=False) as arrays:
        words = None if tokens is None else arrays[tokens]
        return Content(arrays[name], words, unread)
