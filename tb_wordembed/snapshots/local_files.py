"""Reads local files at any offset, and finds out whether a file has changed."""

from __future__ import annotations

import io
import os
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

from crc32c import crc32c

from tb_wordembed.snapshots.index_entries import FileId, Location


class FileChangedError(OSError):
    """A file is not the one that was indexed; the next refresh indexes it anew."""


class RemoteError(OSError):
    """A remote file or directory can't be read; the message has the remedy."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.strerror = why


@dataclass(frozen=True)
class Stat:
    """The status of a file, which differs when the file has changed."""

    device: int
    inode: int
    size: int
    modified: int
    """The time of the last change, in nanoseconds since 1970; 0 if it isn't known."""
    version: str = ""
    """A further mark of the content, such as an ETag, from a remote file system."""

    @property
    def mark(self) -> int:
        """A number that differs when the content has changed, as a checksum would."""
        return crc32c(f"{self.size} {self.modified}".encode())

    @classmethod
    def of(cls, status: os.stat_result) -> Stat:
        """Returns the status of a local file."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)

    @classmethod
    def at(cls, path: Path) -> Stat:
        """Returns the status of a local file, or that of a zarr array: its files are
        taken together."""
        status = path.stat()
        if not path.is_dir():
            return cls.of(status)
        files = [one.stat() for one in array_files(path)]
        return cls(
            status.st_dev,
            status.st_ino,
            sum(one.st_size for one in files),
            sum(one.st_mtime_ns for one in files),
        )


@dataclass(frozen=True)
class Listing:
    """The content of a directory; some file systems list all that is below it."""

    directories: list[str] = field(default_factory=list)
    """The names of the directories that are still to be listed."""
    files: list[tuple[str, Stat]] = field(default_factory=list)
    """The paths of the event files, relative to the directory."""


class Reader(AbstractContextManager["Reader", None]):
    """An open file that is read at any offset, by one thread at a time. A subclass has
    ``read`` or ``read_into``; the one that it lacks calls the other."""

    def read(self, offset: int, length: int) -> bytes:
        """Returns ``length`` bytes from ``offset`` on; fewer at the end of the file."""
        buffer = bytearray(length)
        return bytes(buffer[: self.read_into(offset, memoryview(buffer))])

    def read_into(self, offset: int, buffer: memoryview) -> int:
        """Fills a buffer from ``offset`` on; returns the number of bytes read."""
        data = self.read(offset, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def pieces(self, offsets: Iterable[int], length: int) -> bytes:
        """Returns ``length`` bytes from each offset on; fewer at the end of the
        file."""
        return b"".join(self.read(offset, length) for offset in offsets)

    def close(self) -> None:
        """Closes the file, as leaving a ``with`` statement does."""

    def __exit__(self, *_: object) -> None:
        self.close()


class File(Reader):
    """A local file. It is never mapped: a truncated mapping would kill the process.
    ``first`` is the offset of its first byte, in the file of which it is a part."""

    def __init__(self, path: str, first: int = 0) -> None:
        self._first = first
        # Unbuffered: each caller reads pieces of a size that it chose. To make a
        # ``Path`` first would take longer than to read a row.
        self._file = io.FileIO(path)

    @classmethod
    def of(cls, file: FileId) -> File:
        """Opens a file that was indexed. Raises FileChangedError if another has taken
        its place."""
        opened = cls(file.path)
        status = Stat.of(os.fstat(opened._file.fileno()))
        if (status.device, status.inode) != (file.device, file.inode):
            opened.close()
            raise FileChangedError(f"{file.path} was replaced since it was indexed")
        return opened

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def read_into(self, offset: int, buffer: memoryview) -> int:
        """Fills a buffer from ``offset`` on; returns the number of bytes read."""
        self._file.seek(offset - self._first, os.SEEK_SET)
        filled = 0
        while filled < len(buffer):
            count = self._file.readinto(buffer[filled:])
            if not count:
                break
            filled += count
        return filled

    def pieces(self, offsets: Iterable[int], length: int) -> bytes:
        """Returns ``length`` bytes from each offset on; fewer at the end of the
        file."""
        if not hasattr(os, "pread"):
            return super().pieces(offsets, length)
        # To seek and to read in a loop takes several times as long.
        places = (offset - self._first for offset in offsets)
        file = repeat(self._file.fileno())
        return b"".join(map(os.pread, file, repeat(length), places))


def fill(reader: Reader, path: str, offset: int, buffer: memoryview) -> None:
    """Fills a buffer from ``offset`` on. Raises FileChangedError if the file has become
    shorter."""
    if reader.read_into(offset, buffer) < len(buffer):
        raise _cut_short(path, offset + len(buffer))


def _cut_short(path: str, stop: int) -> FileChangedError:
    return FileChangedError(
        f"{path} ends before byte {stop}: it was cut short since it was indexed"
    )


def fill_pieces(
    reader: Reader, path: str, offsets: Sequence[int], buffer: memoryview
) -> None:
    """Fills a buffer with pieces of one size from some offsets on. Raises
    FileChangedError if the file has become shorter."""
    if len(offsets) == 1:
        fill(reader, path, offsets[0], buffer)
        return
    length = len(buffer) // len(offsets)
    data = reader.pieces(offsets, length)
    if len(data) < len(buffer):
        raise _cut_short(path, max(offsets) + length)
    buffer[:] = data


def check_unchanged(location: Location) -> None:
    """Raises FileChangedError if a file without checksums has changed."""
    path = location.file.path
    if location.sums == "status" and (Stat.at(Path(path)).mark != location.checksum):
        raise FileChangedError(f"{path} has changed since it was indexed")


def array_files(folder: Path) -> list[Path]:
    """Returns the files of a zarr array: its metadata, and its chunks, whose names end
    in a digit."""
    return [
        one
        for one in folder.rglob("*")
        if (one.name in ("zarr.json", ".zarray") or one.name[-1].isdigit())
        and one.is_file()
    ]


def is_event_file(name: str) -> bool:
    """Returns whether TensorBoard takes a file of this name for an event file."""
    return "tfevents" in name
