"""Reads zarr arrays, and those in groups."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tb_wordembed.snapshots.checkpoints.zarr_arrays import (
    METADATA,
    arrays_of,
    check_chunks,
    opened,
)
from tb_wordembed.write.table_files.found_array import Content, Found, Report


def is_one(folder: Path) -> bool:
    """Returns whether a directory is an array or a group."""
    return any((folder / name).is_file() for name in METADATA)


def find(folder: Path) -> list[Found]:
    """Returns the arrays below a directory."""
    folders = {key: file.parent for key, file, _ in arrays_of(folder)}
    arrays = {key: opened(one) for key, one in folders.items()}
    return [
        Found(key, tuple(array.shape), array.dtype.name, partial(_read, folders[key]))
        for key, array in arrays.items()
    ]


def _read(folder: Path, report: Report) -> Content:
    array = opened(folder)
    check_chunks(array, folder)
    return Content(array[...])
