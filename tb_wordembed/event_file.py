"""Files that event records are appended to, local and remote."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

Part = bytes | memoryview
"""Of a record: bytes, or a view of bytes, whose length is its size."""

_numbers = itertools.count()


class EventFile(Protocol):
    """A file that grows by whole records."""

    path: str

    def append(self, records: Sequence[Sequence[Part]]) -> None:
        """Appends all of the records, or, as far as can be, none."""

    def close(self) -> None:
        """Closes it. Closing twice is allowed."""


class _LocalFile:
    """Unbuffered, so that what a kill leaves is a prefix of what was written."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._file = Path(path).open("xb", buffering=0)  # noqa: SIM115
        self._end = 0
        self._clean = True

    def append(self, records: Sequence[Sequence[Part]]) -> None:
        if not self._clean:
            self._cut()
        self._clean = False
        try:
            written = 0
            for buffer in itertools.chain.from_iterable(records):
                written += self._write(buffer)
        except BaseException:
            # The disk has just failed; if this fails too, the next call tries again.
            with contextlib.suppress(OSError):
                self._cut()
            raise
        self._end += written
        self._clean = True

    def _write(self, buffer: Part) -> int:
        rest = memoryview(buffer)
        while rest:
            rest = rest[self._file.write(rest) :]
        return len(buffer)

    def _cut(self) -> None:
        """Ends the file after the last whole record."""
        self._file.truncate(self._end)
        self._file.seek(self._end)
        self._clean = True

    def close(self) -> None:
        self._file.close()


class _RemoteFile:
    """Through TensorBoard's file systems, which can only append."""

    def __init__(self, path: str) -> None:
        from tensorboard.compat import tf

        self.path = path
        self._error: type[Exception] = tf.errors.OpError
        self._file = tf.io.gfile.GFile(path, "wb")
        self._failed = False

    def append(self, records: Sequence[Sequence[Part]]) -> None:
        if self._failed:
            raise OSError(f"{self.path} could not be written to; make a new writer")
        self._failed = True
        try:
            self._file.write(b"".join(itertools.chain.from_iterable(records)))
            self._file.flush()
        except self._error as error:
            raise OSError(f"{self.path}: {error}") from error
        self._failed = False

    def close(self) -> None:
        self._file.close()


def create(logdir: str, suffix: str) -> EventFile:
    """A new event file in a directory, which is made if need be.

    Raises:
      OSError: it can't be made.
      ValueError: TensorBoard can't write there.
    """
    for name in _file_names(suffix):
        if "://" in logdir:
            _make_remote_directory(logdir)
            return _RemoteFile(f"{logdir.rstrip('/')}/{name}")
        Path(logdir).mkdir(parents=True, exist_ok=True)
        try:
            return _LocalFile(str(Path(logdir) / name))
        except FileExistsError:
            # Two containers on one volume may share host name, process id and second.
            continue
    raise AssertionError("there are always more names")


def has_other(path: str) -> bool:
    """Whether the directory of an event file holds others."""
    if "://" not in path:
        own = Path(path)
        return any(other != own for other in own.parent.glob("*tfevents*"))
    from tensorboard.compat import tf

    folder, _, name = path.rpartition("/")
    # Some file systems can be written to but not listed.
    with contextlib.suppress(Exception):
        others = tf.io.gfile.glob(f"{folder}/*tfevents*")
        return any(not other.endswith(name) for other in others)
    return False


def _make_remote_directory(logdir: str) -> None:
    from tensorboard.compat import tf

    try:
        tf.io.gfile.makedirs(logdir)
    except (ValueError, NotImplementedError, tf.errors.UnimplementedError) as error:
        raise ValueError(
            f"logdir={logdir!r}: TensorBoard can't write there in this environment "
            f"({error}). Install what it needs for that scheme, such as tensorflow or "
            "fsspec, or log to a local directory"
        ) from error


def _file_names(suffix: str) -> Iterator[str]:
    """Names by which TensorBoard knows, and sorts, event files: as text, hence the
    zeros."""
    for number in _numbers:
        yield (
            f"events.out.tfevents.{_seconds():010d}.{_host_name()}"
            f".{os.getpid()}.{number:04d}{suffix}"
        )


def _host_name() -> str:
    return socket.gethostname()


def _seconds() -> int:
    return int(time.time())
