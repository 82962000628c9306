"""Event files, local and remote, that records are appended to."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import itertools
import os
import re
import secrets
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from crc32c import crc32c

from tb_wordembed.format import record
from tb_wordembed.format.paths import is_remote, join


class Pieces(Protocol):
    """Bytes that come in pieces, once, each of which is valid until the next one."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[memoryview]: ...


Bytes = bytes | memoryview | Pieces

Event = Sequence[Bytes]
"""The data of a record, in parts that are written one after another."""

LARGE_BYTES = 4 << 20
"""From how many bytes on a part is worth a thread."""

PIECE_BYTES = 512 << 10
"""How many bytes are written at once: few enough that they are in the cache of one core
when they are written, after their checksum has been computed."""

_OUR_NAME = re.compile(
    r"events\.out\.tfevents\.\d{10}\..*\.\d+\.\d{4,}\.[0-9a-f]{8}.*", re.DOTALL
)
_MOST_BEGUN_BYTES = 64

_KEEP_SIZE = 1


def _system_fallocate() -> Any:
    """Returns ``fallocate`` of Linux; None elsewhere. What Python has by another name
    makes the file longer, so that a kill would leave zeros at its end."""
    if sys.platform != "linux" or sys.maxsize < 2**32:
        return None
    found = getattr(ctypes.CDLL(None, use_errno=True), "fallocate", None)
    if found is not None:
        found.argtypes = ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64
    return found


_fallocate = _system_fallocate()

FILE_NUMBERS = itertools.count()
"""The numbers in the names of the event files of this process."""


def create(logdir: str, suffix: str) -> EventFile:
    """Creates an event file in a directory, which is made if need be.

    Raises:
      ValueError: TensorBoard can't write there.
    """
    # TensorBoard knows event files by such names, and sorts them as text. Containers on
    # one volume may share host name, process id and second, and a remote file that has
    # the name would be overwritten: hence the random digits.
    path = join(
        logdir,
        f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}"
        f".{os.getpid()}.{next(FILE_NUMBERS):04d}.{secrets.token_hex(4)}{suffix}",
    )
    if not is_remote(logdir):
        Path(logdir).mkdir(parents=True, exist_ok=True)
        return _LocalFile(path)
    from tensorboard.compat import tf

    try:
        tf.io.gfile.makedirs(logdir)
    except (ValueError, NotImplementedError, tf.errors.UnimplementedError) as error:
        raise ValueError(
            f"logdir={logdir!r}: TensorBoard can't write there in this environment "
            f"({error}). Install what it needs for that scheme, such as tensorflow or "
            "fsspec, or log to a local directory"
        ) from error
    return _RemoteFile(path)


def is_begun(path: Path) -> bool:
    """Returns whether a local file is an event file that ``create`` made, in which
    there is no more than the first event, which says the version of the format."""
    if not _OUR_NAME.fullmatch(path.name):
        return False
    return path.is_file() and path.stat().st_size <= _MOST_BEGUN_BYTES


class _LocalFile:
    """An unbuffered local file: a kill leaves a prefix of what was written."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file = Path(path).open("xb", buffering=0)  # noqa: SIM115
        self._end = 0
        self._clean = True

    def append(self, events: Sequence[Event]) -> None:
        """Appends a record of each event: all of them or none."""
        if not self._clean:
            self._cut()
        self._clean = False
        try:
            for event in events:
                self._reserve(sum(map(len, event)))
                for piece in _framed(event):
                    self._write(piece)
        except BaseException:
            # The disk has just failed; if this fails too, the next call tries again.
            with contextlib.suppress(OSError):
                self._cut()
            raise
        self._end = self._file.tell()
        self._clean = True

    def _reserve(self, size: int) -> None:
        """Has the file system make room for a large event, behind the end of the file:
        that takes a third off the time of writing it, and fails at once where there is
        none."""
        if size >= LARGE_BYTES and _fallocate is not None:
            at = self._file.tell()
            if _fallocate(self._file.fileno(), _KEEP_SIZE, at, size):
                number = ctypes.get_errno()
                # Other errors say that the file system knows no such call.
                if number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
                    raise OSError(number, os.strerror(number))

    def _write(self, piece: bytes | memoryview) -> None:
        rest = memoryview(piece)
        while rest:
            rest = rest[self._file.write(rest) :]

    def _cut(self) -> None:
        """Ends the file after the last whole record."""
        self._file.truncate(self._end)
        self._file.seek(self._end)
        self._clean = True

    def close(self) -> None:
        self._file.close()


class _RemoteFile:
    """A file of TensorBoard's file systems, which can only append."""

    def __init__(self, path: str) -> None:
        from tensorboard.compat import tf

        self.path = path
        self._error: type[Exception] = tf.errors.OpError
        self._file = tf.io.gfile.GFile(path, "wb")
        self._failed = False

    def append(self, events: Sequence[Event]) -> None:
        if self._failed:
            raise OSError(f"{self.path} could not be written to; make a new writer")
        self._failed = True
        with self._errors():
            for event in events:
                self._file.write(b"".join(map(bytes, _framed(event))))
            self._file.flush()
        self._failed = False

    def close(self) -> None:
        with self._errors():
            self._file.close()

    @contextlib.contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except self._error as error:
            raise OSError(f"{self.path}: {error}") from error


EventFile = _LocalFile | _RemoteFile
"""A file that grows by whole records. Closing it twice is allowed."""


def _framed(event: Event) -> Iterator[bytes | memoryview]:
    """Yields the pieces of a record, each of which is valid until the next one."""
    yield record.header(sum(map(len, event)))
    crc = 0
    for part in event:
        for piece in pieces(part):
            crc = crc32c(piece, crc)
            yield piece
    yield record.footer(crc)


def pieces(content: Bytes) -> Iterator[memoryview]:
    """Yields bytes in pieces of at most ``PIECE_BYTES``, which are not copied."""
    if not isinstance(content, (bytes, memoryview)):
        yield from content
        return
    view = memoryview(content)
    for start in range(0, len(view), PIECE_BYTES):
        yield view[start : start + PIECE_BYTES]
