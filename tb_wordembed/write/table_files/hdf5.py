"""Reads HDF5 files, such as ``.weights.h5``, and the one in a ``.keras`` file."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from tb_wordembed.errors import FileError
from tb_wordembed.snapshots.checkpoints.unpacked import package
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
                source = _Stored(stack.enter_context(path.open("rb")), info)
        yield stack.enter_context(h5py.File(source, "r"))


class _Stored(io.RawIOBase):
    """A member of a zip archive that is not compressed: unlike that of ``zipfile``, it
    goes back to an earlier position without reading all bytes before it."""

    def __init__(self, file: BinaryIO, info: zipfile.ZipInfo) -> None:
        file.seek(info.header_offset)
        name_size, extra_size = struct.unpack("<26xHH", file.read(30))
        self._file = file
        self._start = info.header_offset + 30 + name_size + extra_size
        self._size = info.file_size
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")
        view = view[: max(0, self._size - self._at)]
        self._file.seek(self._start + self._at)
        count = self._file.readinto(view)  # type: ignore[attr-defined]
        self._at += count
        return int(count)
