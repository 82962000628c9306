"""Paths, local and remote: tells them apart, joins them, replaces a local file."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def is_remote(path: str) -> bool:
    """Whether TensorBoard's file systems read a path, not the operating system."""
    return "://" in path


def join(directory: str, name: str) -> str:
    """Returns the path of a name in a directory, local or remote."""
    if is_remote(directory):
        return directory + ("" if directory.endswith("/") else "/") + name
    return os.path.join(directory, name)  # noqa: PTH118 - keeps "./"


def folder_of(path: str) -> str:
    """Returns the directory of a file, local or remote."""
    if is_remote(path):
        return path.rpartition("/")[0]
    return os.path.dirname(path) or "."  # noqa: PTH120 - keeps "./"


def replace_file(path: Path, content: bytes | memoryview) -> None:
    """Writes a local file that is complete from the moment it has its name.

    A file of that name gives way when the new one is complete; so does a link, while
    what it leads to stays as it is.

    Raises:
      OSError: it can't be written; what was there before still is.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
        part.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
