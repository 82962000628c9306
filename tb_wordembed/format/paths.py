"""Paths, local and remote: expands, joins and finds them, replaces a local file."""

from __future__ import annotations

import contextlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

_WAITS_SECONDS = 0.01, 0.05, 0.2, 0.5
"""How long to wait for those who have a file open, before each further try."""


def is_remote(path: str) -> bool:
    """Returns whether a path is read by TensorBoard's file systems."""
    return "://" in path


def expand(path: str | os.PathLike[str]) -> str:
    """Returns a path that a user names: ``~`` is the home directory, as in a shell. A
    remote path is returned as it is."""
    name = os.fspath(path)
    return name if is_remote(name) else os.path.expanduser(name)  # noqa: PTH111


def located(source: Any, directory: str) -> Any:
    """Returns the path of a file that a user names: from the working directory or,
    if it is not there, from a log directory. Anything but a path is returned as it is.

    Raises:
      FileNotFoundError: there is no such file in either place; names both.
    """
    if not isinstance(source, (str, os.PathLike)) or not os.fspath(source):
        return source
    name = expand(source)
    if is_remote(name) or os.path.isabs(name):  # noqa: PTH117 - as in ``join``
        return name
    places = name, join(directory, name)
    for place in places:
        if _exists(place):
            return place
    looked = " or ".join(
        repr(one if is_remote(one) else os.path.abspath(one))  # noqa: PTH100
        for one in places
    )
    raise FileNotFoundError(
        f"tokens={os.fspath(source)!r}: there is no file {looked}. A text is taken "
        "for the path of a file; pass tokens themselves as a list"
    )


def _exists(path: str) -> bool:
    if not is_remote(path):
        return os.path.exists(path)  # noqa: PTH110
    from tensorboard.compat import tf

    # Some file systems can be written to but not asked.
    with contextlib.suppress(Exception):
        return bool(tf.io.gfile.exists(path))
    return False


def join(directory: str, name: str) -> str:
    """Returns the path of a name in a directory, local or remote."""
    if is_remote(directory):
        return directory + ("" if directory.endswith("/") else "/") + name
    return os.path.join(directory, name)  # noqa: PTH118 - keeps "./"


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Opens a new local file to write to. It gets its name when it is complete.

    A file of that name gives way when the new one is complete; so does a link, while
    what it leads to stays as it is. On Windows no file gives way while somebody reads
    it, so this waits for the reader, for less than a second.

    Raises:
      OSError: it can't be written; what was there before still is.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with part.open("xb") as file:
            yield file
        _replace(part, path)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _replace(part: Path, path: Path) -> None:
    for wait in _WAITS_SECONDS:
        with contextlib.suppress(PermissionError):
            part.replace(path)
            return
        time.sleep(wait)
    part.replace(path)


def replace_file(path: Path, content: bytes | memoryview) -> None:
    """Writes a local file as ``replacing`` does."""
    with replacing(path) as file:
        file.write(content)
