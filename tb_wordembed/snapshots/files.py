"""Positional reads from a file that may grow, shrink or go away meanwhile."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from tb_wordembed.snapshots.model import FileId


class FileChangedError(OSError):
    """The file is not what it was when it was indexed: the next look will tell."""


@dataclass(frozen=True)
class Stat:
    """What tells whether a file has changed."""

    device: int
    inode: int
    size: int
    modified: int
    """In nanoseconds since 1970."""


def stat(path: str) -> Stat:
    """Raises OSError when the file is gone."""
    return _stat(Path(path).stat())


def _stat(status: os.stat_result) -> Stat:
    return Stat(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


class File:
    """A local file. Reads, never maps: a truncated mapping would kill the process."""

    def __init__(self, path: str) -> None:
        # Unbuffered: each caller reads pieces of a size that it chose.
        self._file = Path(path).open("rb", buffering=0)  # noqa: SIM115

    @classmethod
    def of(cls, file: FileId) -> File:
        """The file that was indexed.

        Raises:
          FileChangedError: another one has taken its place.
          OSError: it can't be read.
        """
        opened = cls(file.path)
        status = _stat(os.fstat(opened._file.fileno()))
        if (status.device, status.inode) != (file.device, file.inode):
            opened._file.close()
            raise FileChangedError(f"{file.path} was replaced since it was indexed")
        return opened

    def __enter__(self) -> File:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    def read(self, offset: int, length: int) -> bytes:
        """At most ``length`` bytes from ``offset`` on; fewer at the end of the file."""
        buffer = bytearray(length)
        return bytes(buffer[: self.read_into(offset, memoryview(buffer))])

    def read_into(self, offset: int, buffer: memoryview) -> int:
        """Fills the buffer from ``offset`` on; returns how many bytes there were."""
        self._file.seek(offset, os.SEEK_SET)
        filled = 0
        while filled < len(buffer):
            count = self._file.readinto(buffer[filled:])
            if not count:
                break
            filled += count
        return filled
