"""Reads remote files by ranges, and for the index in pieces."""

from __future__ import annotations

import contextlib
import errno
import os
import textwrap
from abc import abstractmethod
from collections.abc import Iterator

from tb_wordembed.snapshots.local_files import Reader, RemoteError

PIECE_BYTES = 64 << 10
"""The least that the index fetches: it takes hardly longer than a few bytes."""

_LEAD_BYTES = 16 << 10
_KEPT_PIECES = 4
_REMEDY = (
    "check the address, the network and the credentials of this process, or copy the "
    "runs to a local directory"
)


class Ranges(Reader):
    """A remote file that is read by ranges up to the offset ``end``; it may be
    shorter."""

    def __init__(self, path: str, end: int) -> None:
        self.path = path
        self._end = end

    def read(self, offset: int, length: int) -> bytes:
        """Returns ``length`` bytes from ``offset`` on; fewer at the end of the file.

        Raises:
          FileNotFoundError: the file is gone.
          RemoteError: it can't be read.
        """
        length = min(length, self._end - offset)
        if length <= 0:
            return b""
        with remote_errors(self.path):
            return self.fetch(offset, length)

    @abstractmethod
    def fetch(self, offset: int, length: int) -> bytes:
        """Reads a range that ends before ``end``, as ``read``. May raise anything."""


class Pieces(Reader):
    """A remote file that is read in large pieces, of which the last few are kept. It is
    closed with this reader.

    The end of a record behind a table and the start of the next record are in one
    piece, with all that the index needs of both.
    """

    def __init__(self, file: Reader, size: int) -> None:
        self._file = file
        self._size = size
        self._pieces: list[tuple[int, bytes]] = []

    def read(self, offset: int, length: int) -> bytes:
        """Returns ``length`` bytes from ``offset`` on; fewer at the end of the file."""
        stop = min(offset + length, self._size)
        if stop <= offset:
            return b""
        for start, piece in self._pieces:
            if start <= offset and stop <= start + len(piece):
                return piece[offset - start : stop - start]
        start = offset
        if stop - offset < PIECE_BYTES:
            # The end of a message is read first, and then what comes before it.
            start = max(0, offset - _LEAD_BYTES)
        piece = self._file.read(start, max(stop - start, PIECE_BYTES))
        self._pieces = [(start, piece), *self._pieces[: _KEPT_PIECES - 1]]
        return piece[offset - start : stop - start]

    def close(self) -> None:
        """Closes the file."""
        self._file.close()


@contextlib.contextmanager
def remote_errors(path: str) -> Iterator[None]:
    """Turns any error of a file system into one that says what helps.

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
        # Each file system raises errors of its own, and those of its server.
        said = textwrap.shorten(f"{type(error).__name__}: {error}", 300)
        raise RemoteError(path, f"{said}; {_REMEDY}") from error
