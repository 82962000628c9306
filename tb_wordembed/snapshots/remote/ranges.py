"""Reads remote files by ranges, and for the index in pieces."""

from __future__ import annotations

import contextlib
import errno
import os
import textwrap
from collections.abc import Iterator
from types import TracebackType

from tb_wordembed.snapshots.files import Reader, RemoteError

PIECE_BYTES = 64 << 10
"""The least that an index fetches: takes hardly longer than a few bytes."""

_LEAD_BYTES = 16 << 10
_KEPT_PIECES = 4
_REMEDY = (
    "check the address, the network and the credentials of this process, or copy the "
    "runs to a local directory"
)


class Ranges:
    """A remote file, read by ranges. May be used by one thread at a time.

    Args:
      path: of the file.
      end: nothing is asked for from there on, where the file may have ended.
    """

    def __init__(self, path: str, end: int) -> None:
        self.path = path
        self._end = end

    def __enter__(self) -> Ranges:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, offset: int, length: int) -> bytes:
        """At most ``length`` bytes from ``offset`` on; fewer at the end of the file.

        Raises:
          FileNotFoundError: the file is gone.
          RemoteError: it can't be read.
        """
        length = min(length, self._end - offset)
        if length <= 0:
            return b""
        with in_words(self.path):
            return self.fetch(offset, length)

    def read_into(self, offset: int, buffer: memoryview) -> int:
        """Fills the buffer from ``offset`` on; returns how many bytes there were."""
        data = self.read(offset, len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def fetch(self, offset: int, length: int) -> bytes:
        """As ``read``, of a range that ends before ``end``. May raise anything."""
        raise NotImplementedError

    def close(self) -> None:
        """Lets go of the file."""


class Pieces:
    """Fetches more than is asked for, and keeps the last few pieces of it.

    Behind a table come the end of its record, the start of the next one and, with
    them in one piece, all that an index wants to know of both.

    Args:
      file: what is read; closed with this.
      size: of the file.
    """

    def __init__(self, file: Reader, size: int) -> None:
        self._file = file
        self._size = size
        self._pieces: list[tuple[int, bytes]] = []

    def __enter__(self) -> Pieces:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.__exit__(kind, error, traceback)

    def read(self, offset: int, length: int) -> bytes:
        """At most ``length`` bytes from ``offset`` on; fewer at the end of the file."""
        stop = min(offset + length, self._size)
        if stop <= offset:
            return b""
        for start, piece in self._pieces:
            if start <= offset and stop <= start + len(piece):
                return piece[offset - start : stop - start]
        start = offset
        if stop - offset < PIECE_BYTES:
            # What comes before, the end of a message, is asked for next.
            start = max(0, offset - _LEAD_BYTES)
        piece = self._file.read(start, max(stop - start, PIECE_BYTES))
        self._pieces = [(start, piece), *self._pieces[: _KEPT_PIECES - 1]]
        return piece[offset - start : stop - start]

    def read_into(self, offset: int, buffer: memoryview) -> int:
        """Fills the buffer from ``offset`` on; returns how many bytes there were."""
        data = self.read(offset, len(buffer))
        buffer[: len(data)] = data
        return len(data)


@contextlib.contextmanager
def in_words(path: str) -> Iterator[None]:
    """Makes whatever a file system raises an error that says what helps.

    Raises:
      FileNotFoundError: there is no such file or directory.
      RemoteError: anything else.
    """
    try:
        yield
    except RemoteError:
        raise
    except FileNotFoundError as error:
        raise FileNotFoundError(
            errno.ENOENT, os.strerror(errno.ENOENT), path
        ) from error
    except Exception as error:
        # Each file system raises errors of its own; some are those of its server.
        said = textwrap.shorten(f"{type(error).__name__}: {error}", 300)
        raise RemoteError(path, f"{said}; {_REMEDY}") from error
