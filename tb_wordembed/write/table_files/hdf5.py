"""Reads HDF5 files, such as ``.weights.h5``, and the one in a ``.keras`` file."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tb_wordembed.errors import FileError
from tb_wordembed.snapshots.checkpoints.unpacked import package
from tb_wordembed.snapshots.checkpoints.zip_members import file_part, member_start
from tb_wordembed.write.table_files.found_array import (
    MOST_PACKED,
    Content,
    Found,
    Report,
    check_stored,
)

WEIGHTS = "model.weights.h5"
"""The file with the weights in a ``.keras`` file."""


def find(path: Path) -> list[Found]:
    """Returns the arrays in a file. Links to other files are not followed."""
    h5py = package("h5py", "an HDF5 file")
    found: list[Found] = []

    def visit(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset) and item.shape is not None:
            read = partial(_read, path, name)
            found.append(Found(name, tuple(item.shape), item.dtype.name, read))

    with _opened(path) as file:
        file.visititems(visit)
    return found


def _read(path: Path, name: str, report: Report) -> Content:
    with _opened(path) as file:
        dataset = file[name]
        if dataset.external or dataset.is_virtual:
            raise FileError(f"has {name!r} in another file, which is not read")
        stored = dataset.id.get_storage_size()
        if dataset.chunks and dataset.id.get_create_plist().get_nfilters():
            stored *= MOST_PACKED
        check_stored(dataset.shape, dataset.dtype.itemsize, stored)
        return Content(dataset[...])


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    h5py = package("h5py", "an HDF5 file")
    with contextlib.ExitStack() as stack:
        source: Any = path
        if zipfile.is_zipfile(path):
            archive = stack.enter_context(zipfile.ZipFile(path))
            info = archive.getinfo(WEIGHTS)
            source = archive.open(info)
            if info.compress_type == zipfile.ZIP_STORED:
                file = stack.enter_context(path.open("rb"))
                source = file_part(file, member_start(file, info), info.file_size)
        yield stack.enter_context(h5py.File(source, "r"))
