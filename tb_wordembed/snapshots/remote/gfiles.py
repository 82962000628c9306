"""Reads remote files through ``tf.io.gfile``, TensorFlow's or TensorBoard's own."""

from __future__ import annotations

import contextlib
import tempfile
from typing import Any

from tb_wordembed.paths import join
from tb_wordembed.snapshots.files import Listing, Stat, is_event_file
from tb_wordembed.snapshots.remote.ranges import Ranges

_STEP_BYTES = 8 << 20


class GFiles:
    """TensorFlow's file systems, and those that others registered with TensorBoard.

    Args:
      tf: TensorFlow, or what TensorBoard has in its place.
      seeks: whether its files can: TensorFlow's.
    """

    def __init__(self, tf: Any, *, seeks: bool) -> None:
        self._tf = tf
        self._gfile = tf.io.gfile
        self._seeks = seeks
        self._files: set[str] = set()

    def listing(self, directory: str) -> Listing:
        """What is in a directory."""
        listing = Listing()
        for listed in self._names(directory):
            name = listed.rstrip("/")
            path = join(directory, name)
            try:
                if listed.endswith("/") or self._is_directory(path):
                    listing.directories.append(name)
                elif is_event_file(name):
                    listing.files.append((name, self._stat(path)))
            except self._tf.errors.NotFoundError:
                # Deleted meanwhile, or a link that leads nowhere.
                continue
        return listing

    def _names(self, directory: str) -> list[str]:
        try:
            names: list[str] = self._gfile.listdir(directory)
            return names
        except self._tf.errors.NotFoundError as error:
            if self._seeks:
                # It says so whatever is the matter. A stat says what.
                with contextlib.suppress(self._tf.errors.NotFoundError):
                    self._gfile.stat(directory)
            raise FileNotFoundError(directory) from error

    def _is_directory(self, path: str) -> bool:
        # A question to a server each, so those known to be files aren't asked about.
        if path in self._files:
            return False
        # TensorFlow's isdir says no whatever is the matter.
        is_directory = (
            self._gfile.stat(path).is_directory
            if self._seeks
            else self._gfile.isdir(path)
        )
        if not is_directory:
            self._files.add(path)
        return bool(is_directory)

    def _stat(self, path: str) -> Stat:
        status = self._gfile.stat(path)
        return Stat(0, 0, status.length, getattr(status, "mtime_nsec", 0))

    def open(self, path: str, end: int) -> Ranges:
        """A file, of which nothing from ``end`` on is wanted."""
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
            # It has become that short.
            return b""
        except self._tf.errors.NotFoundError as error:
            raise FileNotFoundError(self.path) from error

    def close(self) -> None:
        self._file.close()


class _FileFromStart(Ranges):
    """Can only be read on; so what was passed on the way is kept."""

    def __init__(self, tf: Any, path: str, end: int) -> None:
        super().__init__(path, end)
        self._not_found = tf.errors.NotFoundError
        self._file = tf.io.gfile.GFile(path, "rb")
        self._passed = tempfile.TemporaryFile()  # noqa: SIM115
        self._size = 0

    def fetch(self, offset: int, length: int) -> bytes:
        while self._size < offset + length:
            try:
                piece = self._file.read(_STEP_BYTES)
            except self._not_found as error:
                raise FileNotFoundError(self.path) from error
            if not piece:
                break
            self._passed.seek(self._size)
            self._size += self._passed.write(piece)
        self._passed.seek(offset)
        return self._passed.read(length)

    def close(self) -> None:
        self._passed.close()
        self._file.close()
