"""Reads remote files through ``tf.io.gfile``, TensorFlow's or TensorBoard's own."""

from __future__ import annotations

import contextlib
import tempfile
from typing import Any

from tb_wordembed.format.paths import join
from tb_wordembed.snapshots.local_files import Listing, Stat, is_event_file
from tb_wordembed.snapshots.remote.range_reads import Ranges

_STEP_BYTES = 8 << 20


class GFiles:
    """TensorFlow's file systems, and those that others registered with TensorBoard.

    Args:
      tf: TensorFlow, or TensorBoard's stand-in for it.
      seeks: whether its files can seek, as TensorFlow's can.
    """

    def __init__(self, tf: Any, *, seeks: bool) -> None:
        self._tf = tf
        self._seeks = seeks
        self._files: set[str] = set()

    def listing(self, directory: str) -> Listing:
        """Lists a directory."""
        listing = Listing()
        for listed in self._names(directory):
            name = listed.rstrip("/")
            path = join(directory, name)
            # It may be deleted meanwhile, or a link that leads nowhere.
            with contextlib.suppress(self._tf.errors.NotFoundError):
                if listed.endswith("/") or self._is_directory(path):
                    listing.directories.append(name)
                elif is_event_file(name):
                    found = self._tf.io.gfile.stat(path)
                    modified = getattr(found, "mtime_nsec", 0)
                    listing.files.append((name, Stat(0, 0, found.length, modified)))
        return listing

    def _names(self, directory: str) -> list[str]:
        try:
            names: list[str] = self._tf.io.gfile.listdir(directory)
            return names
        except self._tf.errors.NotFoundError as error:
            if self._seeks:
                # TensorFlow raises this error for any reason. Its stat has the reason.
                with contextlib.suppress(self._tf.errors.NotFoundError):
                    self._tf.io.gfile.stat(directory)
            raise FileNotFoundError(directory) from error

    def _is_directory(self, path: str) -> bool:
        # Each call is a request to a server, so it is made once for a file.
        if path in self._files:
            return False
        # TensorFlow's isdir returns False where it can't tell.
        is_directory = (
            self._tf.io.gfile.stat(path).is_directory
            if self._seeks
            else self._tf.io.gfile.isdir(path)
        )
        if not is_directory:
            self._files.add(path)
        return bool(is_directory)

    def open(self, path: str, end: int) -> Ranges:
        """Opens a file to read it up to ``end``."""
        kind = _SeekingFile if self._seeks else _FileFromStart
        return kind(self._tf, path, end)


class _SeekingFile(Ranges):
    def __init__(self, tf: Any, path: str, end: int) -> None:
        super().__init__(path, end)
        self._tf = tf
        self._file = tf.io.gfile.GFile(path, "rb")

    def fetch(self, offset: int, length: int) -> bytes:
        try:
            self._file.seek(offset)
            data: bytes = self._file.read(length)
            return data
        except self._tf.errors.OutOfRangeError:
            # The file ends before the offset.
            return b""
        except self._tf.errors.NotFoundError as error:
            raise FileNotFoundError(self.path) from error

    def close(self) -> None:
        self._file.close()


class _FileFromStart(_SeekingFile):
    """A file that can't seek: what was read of it is kept in a temporary file."""

    def __init__(self, tf: Any, path: str, end: int) -> None:
        super().__init__(tf, path, end)
        self._kept = tempfile.TemporaryFile()  # noqa: SIM115
        self._size = 0

    def fetch(self, offset: int, length: int) -> bytes:
        while self._size < offset + length:
            try:
                piece = self._file.read(_STEP_BYTES)
            except self._tf.errors.NotFoundError as error:
                raise FileNotFoundError(self.path) from error
            if not piece:
                break
            self._kept.seek(self._size)
            self._size += self._kept.write(piece)
        self._kept.seek(offset)
        return self._kept.read(length)

    def close(self) -> None:
        self._kept.close()
        super().close()
