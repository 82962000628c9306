"""Chooses what reads a remote path: TensorFlow, boto3 or fsspec, as TensorBoard does.

TensorBoard reads through ``tensorboard.compat.tf.io.gfile``: TensorFlow's, or without
TensorFlow its own, which knows S3 through boto3 and what fsspec knows. TensorFlow's
can seek. TensorBoard's own can't, and asks a server several times for what it answers
at once: so boto3 and fsspec are asked directly, for what it would ask them for.
"""

from __future__ import annotations

import functools
import importlib
from typing import Any, Protocol

from tb_wordembed.snapshots.files import Listing, RemoteError
from tb_wordembed.snapshots.remote.fsspec_files import FsspecFiles
from tb_wordembed.snapshots.remote.gfiles import GFiles
from tb_wordembed.snapshots.remote.ranges import Ranges, in_words
from tb_wordembed.snapshots.remote.s3 import S3


class FileSystem(Protocol):
    """Reads the files of a scheme. Its methods may raise anything."""

    def listing(self, directory: str) -> Listing:
        """What is in a directory; each time anew."""

    def open(self, path: str, end: int) -> Ranges:
        """A file, of which nothing from ``end`` on is wanted."""


def list_directory(directory: str) -> Listing:
    """The event files in a directory, and where to look for more.

    Raises:
      FileNotFoundError: there is no such directory.
      RemoteError: it can't be read.
    """
    with in_words(directory):
        return _file_system(directory).listing(directory)


def open_file(path: str, end: int) -> Ranges:
    """A file, of which nothing from ``end`` on is wanted.

    Raises:
      FileNotFoundError: there is no such file. Reading may be what tells.
      RemoteError: it can't be read.
    """
    with in_words(path):
        return _file_system(path).open(path, end)


def _file_system(path: str) -> FileSystem:
    from tensorboard.compat import tf

    scheme = path.partition("://")[0]
    try:
        return _make_file_system(tf, scheme)
    except (ImportError, ValueError) as error:
        raise RemoteError(
            path,
            f"TensorBoard can't read {scheme}:// here ({error}). Install "
            f"{_missing(tf, scheme)}, or copy the runs to a local directory",
        ) from error


@functools.cache
def _make_file_system(tf: Any, scheme: str) -> FileSystem:
    """Raises ImportError or ValueError if there is none for the scheme."""
    gfile = tf.io.gfile
    if not hasattr(gfile, "get_filesystem"):
        if scheme not in gfile.get_registered_schemes():
            # Adds schemes when it is imported; TensorBoard does so, too.
            importlib.import_module("tensorflow_io")
        return GFiles(tf, seeks=True)
    known = gfile.get_filesystem(f"{scheme}://")
    if isinstance(known, gfile.S3FileSystem):
        with in_words(f"{scheme}://"):
            return S3()
    if isinstance(known, gfile.FSSpecFileSystem):
        return FsspecFiles()
    return GFiles(tf, seeks=False)


def _missing(tf: Any, scheme: str) -> str:
    if not hasattr(tf.io.gfile, "get_filesystem"):
        return "tensorflow-io, or leave out tensorflow and install boto3 or fsspec"
    if scheme == "s3":
        return "boto3"
    return "fsspec and the package it needs for that scheme, or tensorflow"
