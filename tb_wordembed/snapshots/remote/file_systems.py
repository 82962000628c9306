"""Chooses what reads a remote path: TensorFlow, boto3 or fsspec, as TensorBoard does.

TensorBoard reads through ``tensorboard.compat.tf.io.gfile``: TensorFlow's, or without
TensorFlow its own, which reads S3 through boto3 and all other schemes through fsspec.
TensorBoard's own can't seek, and makes several requests where one is enough: so boto3
and fsspec are called directly, for the schemes that it would use them for.
"""

from __future__ import annotations

import functools
import importlib
from typing import Any

from tb_wordembed.snapshots.local_files import Listing, RemoteError
from tb_wordembed.snapshots.remote.fsspec_files import FsspecFiles
from tb_wordembed.snapshots.remote.gfiles import GFiles
from tb_wordembed.snapshots.remote.range_reads import Ranges, remote_errors
from tb_wordembed.snapshots.remote.s3 import S3

FileSystem = GFiles | S3 | FsspecFiles
"""What reads the files of a scheme. Its methods may raise anything."""


def list_directory(directory: str) -> Listing:
    """Lists the event files in a directory, and the directories to list next.

    Raises:
      FileNotFoundError: there is no such directory.
      RemoteError: it can't be read.
    """
    with remote_errors(directory):
        return _file_system(directory).listing(directory)


def open_file(path: str, end: int) -> Ranges:
    """Opens a file to read it up to ``end``.

    Raises:
      FileNotFoundError: there is no such file. Some file systems raise it only when the
        file is read.
      RemoteError: it can't be read.
    """
    with remote_errors(path):
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
    """Raises ImportError or ValueError if nothing reads the scheme."""
    gfile = tf.io.gfile
    if not hasattr(gfile, "get_filesystem"):
        if scheme not in gfile.get_registered_schemes():
            # Its import registers more schemes. TensorBoard imports it, too.
            importlib.import_module("tensorflow_io")
        return GFiles(tf, seeks=True)
    known = gfile.get_filesystem(f"{scheme}://")
    if isinstance(known, gfile.S3FileSystem):
        with remote_errors(f"{scheme}://"):
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
