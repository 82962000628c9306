"""Local copies of remote records, in a bounded number of bytes."""

from __future__ import annotations

import atexit
import contextlib
import errno
import functools
import os
import shutil
import tempfile
import threading
from collections import OrderedDict
from concurrent.futures import Future
from pathlib import Path
from typing import IO, NamedTuple

from tb_wordembed.format import record
from tb_wordembed.snapshots.cache_size_limit import VARIABLE, bytes_per_cache
from tb_wordembed.snapshots.index_entries import FileId, Location
from tb_wordembed.snapshots.local_files import File, FileChangedError, Reader, fill
from tb_wordembed.snapshots.remote import file_systems

STEP_BYTES = 8 << 20
"""The number of bytes that are fetched at once."""

_NO_ROOM = errno.ENOSPC, errno.EDQUOT

Key = tuple[FileId, int, int]
"""The file, offset and checksum of a record."""


class _Copy(NamedTuple):
    size: int
    path: Future[Path]


class Copies:
    """The records used last, in a directory that is removed when the process ends.

    Args:
      most_bytes: bound on their sizes. The one used last stays even if it takes more.
        None takes ``snapshots.cache_size_limit.bytes_per_cache``.
    """

    def __init__(self, most_bytes: int | None = None) -> None:
        self._most_bytes = most_bytes
        self._copies: OrderedDict[Key, _Copy] = OrderedDict()
        self._lock = threading.Lock()

    @functools.cached_property
    def directory(self) -> Path:
        """The directory of the copies, made when it is needed."""
        made = Path(tempfile.mkdtemp(prefix="tb_wordembed-"))
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        return made

    def open(self, location: Location) -> Reader:
        """Opens a copy of a remote record, read at its offsets in the remote file.

        A record that several threads ask for at once is fetched once. If that fails,
        all of them get the error, and nothing is kept.

        Raises:
          FileChangedError: the remote file is not the one that was indexed.
          OSError: it can't be read, or the copy not be written.
          ValueError: TB_WORDEMBED_CACHE_BYTES is not a number.
        """
        most_bytes = self._most_bytes
        if most_bytes is None:
            most_bytes = bytes_per_cache()
        key = location.file, location.record_offset, location.checksum
        while True:
            with self._lock:
                is_new = key not in self._copies
                copy = self._copies.setdefault(key, _Copy(_size(location), Future()))
                self._copies.move_to_end(key)
                self._make_room(most_bytes)
            if is_new:
                self._make(key, copy, location)
            path = copy.path.result()
            try:
                return File(str(path), location.record_offset)
            except FileNotFoundError:
                # The copy made room for others, or a program deletes old temporary
                # files.
                with self._lock:
                    if self._copies.get(key) is copy:
                        del self._copies[key]

    def _make(self, key: Key, copy: _Copy, location: Location) -> None:
        try:
            copy.path.set_result(self._fetched(location))
        except BaseException as error:  # noqa: BLE001 - all who wait for it get it
            with self._lock:
                del self._copies[key]
            if isinstance(error, OSError) and error.errno in _NO_ROOM:
                error = OSError(
                    error.errno,
                    f"a copy of {location.file.path} needs {copy.size} bytes in "
                    f"{self.directory}: {error.strerror}; make room there, or have "
                    f"TMPDIR name another directory, or {VARIABLE} fewer bytes",
                )
            copy.path.set_exception(error)

    def _fetched(self, location: Location) -> Path:
        """Fetches a record into a new file; never opens a file that is there."""
        with self._lock:
            if not self.directory.exists():
                # A program deletes old temporary directories.
                del self.directory
            file = tempfile.NamedTemporaryFile(  # noqa: SIM115
                dir=self.directory, delete=False
            )
        try:
            with file:
                _fetch(location, file)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
        return Path(file.name)

    def _make_room(self, most_bytes: int) -> None:
        """Deletes the least recently used copies, but not the last one. A copy that is
        open can still be read."""
        size = sum(copy.size for copy in self._copies.values())
        for key, copy in list(self._copies.items())[:-1]:
            if size > most_bytes and copy.path.done():
                size -= copy.size
                del self._copies[key]
                # Windows deletes no open file.
                with contextlib.suppress(OSError):
                    copy.path.result().unlink()


def _size(location: Location) -> int:
    return record.HEADER_BYTES + location.record_length + record.FOOTER_BYTES


def _fetch(location: Location, copy: IO[bytes]) -> None:
    """Writes the bytes of a record to a file."""
    name, start, size = location.file.path, location.record_offset, _size(location)
    with file_systems.open_file(name, start + size) as source:
        for offset in range(start, start + size, STEP_BYTES):
            buffer = memoryview(bytearray(min(STEP_BYTES, start + size - offset)))
            fill(source, name, offset, buffer)
            copy.write(buffer)
    copy.seek(0)
    head = copy.read(record.HEADER_BYTES)
    copy.seek(-record.FOOTER_BYTES, os.SEEK_END)
    checksum = record.parse_footer(copy.read())
    if (head, checksum) != (record.header(location.record_length), location.checksum):
        raise FileChangedError(f"{name} was replaced since it was indexed")


COPIES = Copies()
"""The copies of this process."""
