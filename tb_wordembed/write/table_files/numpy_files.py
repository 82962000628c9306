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


def find(path: Path) -> list[Found]:
    """Returns the array in an ``.npy`` file."""
    with path.open("rb") as file:
        _header(file, path.stat().st_size)
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    return [Found("", array.shape, array.dtype.name, lambda report: Content(array))]


def find_in_npz(path: Path) -> list[Found]:
    """Returns the arrays in an ``.npz`` file. If one array of texts in it has an entry
    for each row of a table, they are its tokens."""
    arrays: dict[str, tuple[tuple[int, ...], np.dtype[Any]]] = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.filename.endswith(numpy_file.SUFFIX):
                name = info.filename.removesuffix(numpy_file.SUFFIX)
                stored = min(info.file_size, info.compress_size * MOST_PACKED)
                with archive.open(info) as member:
                    arrays[name] = _header(member, stored)
    texts = {
        name: shape
        for name, (shape, dtype) in arrays.items()
        if dtype.kind in "US" and len(shape) == 1
    }
    found = []
    for name, (shape, dtype) in arrays.items():
        tokens = [text for text, of in texts.items() if of == shape[:1]]
        read = partial(_read, path, name, tokens[0] if len(tokens) == 1 else None)
        found.append(Found(name, shape, dtype.name, read))
    return found


def _header(file: IO[bytes], stored: int) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Returns the shape and the dtype of an array, which takes at most ``stored`` bytes
    in its file."""
    shape, _, dtype = numpy_file.header(file)
    if not dtype.hasobject:
        check_stored(shape, dtype.itemsize, stored)
    return shape, dtype


def _read(path: Path, name: str, tokens: str | None, report: Report) -> Content:
    with np.load(path, allow_pickle=False) as arrays:
        return Content(arrays[name], None if tokens is None else arrays[tokens])
