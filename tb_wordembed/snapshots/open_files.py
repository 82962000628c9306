"""Opens event files for reading, local and remote."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

from tb_wordembed.format.paths import is_remote
from tb_wordembed.snapshots.checkpoints.parquet_file import ParquetRows
from tb_wordembed.snapshots.checkpoints.zarr_arrays import ZarrRows
from tb_wordembed.snapshots.index_entries import FileId, Location
from tb_wordembed.snapshots.local_files import File, Reader, check_unchanged
from tb_wordembed.snapshots.remote import file_systems
from tb_wordembed.snapshots.remote.local_copies import COPIES
from tb_wordembed.snapshots.remote.range_reads import Pieces


def open_file(path: str, size: int) -> Reader:
    """Opens a file of a size, to read a few bytes here and there; of a remote one no
    more is read."""
    if is_remote(path):
        return Pieces(file_systems.open_file(path, size), size)
    return File(path)


def open_tensor(location: Location) -> Reader:
    """Opens the file of a tensor to read its bytes, at their offsets there. Raises
    FileChangedError if a library unpacks it, and the file has changed."""
    if location.packed is None:
        return open_file(location.file.path, location.start + location.length)
    check_unchanged(location)
    path = Path(location.file.path)
    unpacked = ZarrRows if path.is_dir() else ParquetRows
    return unpacked(path, location.packed, location.dtype, location.shape)


def open_record(location: Location) -> Reader:
    """Opens the file of an indexed record to read that record, at its offsets there.
    Raises FileChangedError if it is another file. A remote record is fetched whole and
    read from a local copy."""
    if is_remote(location.file.path):
        return COPIES.open(location)
    if location.packed is not None:
        return open_tensor(location)
    check_unchanged(location)
    return File.of(location.file)


class OpenFile(AbstractContextManager["OpenFile", None]):
    """The file of the record that was read last. It stays open for the next record,
    which is in the same file most of the time; to open a file takes longer than to read
    a row."""

    _opened: tuple[tuple[FileId, str | None], Reader] | None = None

    def record(self, location: Location) -> Reader:
        """Returns the open file of a record, as ``open_record`` does, until the next
        record is asked for."""
        file = location.file, location.packed
        is_open = self._opened is not None and self._opened[0] == file
        if self._opened and is_open and not is_remote(location.file.path):
            check_unchanged(location)
            return self._opened[1]
        self.__exit__()
        reader = open_record(location)
        self._opened = file, reader
        return reader

    def __exit__(self, *_: object) -> None:
        opened, self._opened = self._opened, None
        if opened:
            opened[1].close()
