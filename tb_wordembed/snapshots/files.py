"""What tells that a file has changed, and positional reads of local files."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Protocol

from tb_wordembed.snapshots.entries import FileId


class FileChangedError(OSError):
    """The file is not what it was when it was indexed: the next look will tell."""


class RemoteError(OSError):
    """A remote file or directory can't be read; says why, and what helps."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path}: {why}")
        self.strerror = why


@dataclass(frozen=True)
class Stat:
    """What tells whether a file has changed."""

    device: int
    inode: int
    size: int
    modified: int
    """In nanoseconds since 1970; 0 where it isn't known."""
    version: str = ""
    """What else a remote file system says of the file's content."""

    @classmethod
    def of(cls, status: os.stat_result) -> Stat:
        """Of a local file."""
        return cls(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


@dataclass(frozen=True)
class Listing:
    """What is in a directory; some file systems list all that is below it, too."""

    directories: list[str] = field(default_factory=list)
    """Names of those to be listed next."""
    files: list[tuple[str, Stat]] = field(default_factory=list)
    """The event files, by their paths from the directory on."""


class Reader(Protocol):
    """An open file."""

    def __enter__(self) -> Reader: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def read(self, offset: int, length: int) -> bytes:
        """At most ``length`` bytes from ``offset`` on; fewer at the end of the file."""

    def read_into(self, offset: int, buffer: memoryview) -> int:
        """Fills the buffer from ``offset`` on; returns how many bytes there were."""


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
        status = Stat.of(os.fstat(opened._file.fileno()))
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


def is_event_file(name: str) -> bool:
    """Whether TensorBoard takes a file of this name for an event file."""
    return "tfevents" in name
