"""The cache on disk: keeps results that took long for the next process."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import logging
import os
import re
import time
import types
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from tb_wordembed.engine.code_version import code_version
from tb_wordembed.format.paths import is_remote, replacing
from tb_wordembed.read import result_file
from tb_wordembed.snapshots.cache_size_limit import bytes_per_cache
from tb_wordembed.snapshots.index_entries import FileId

logger = logging.getLogger(__name__)

WORTH_SECONDS = 0.25
"""The time in seconds that a result must have taken to be saved."""

LARGEST_SHARE = 1 / 4
"""The share of the bound that one result may take: a larger one would replace too many
others. ``snapshots.cache_size_limit`` has the bound."""

RESULTS = "tb_wordembed_results"
"""The directory beside the event files where ``DiskCache(saves_all=True)`` saves."""

_RESULT = re.compile(r"[0-9a-f]{32}\.result")
"""The names of results."""

_UNFINISHED = re.compile(r"\.[0-9a-f]{32}\.result\.[0-9a-f]{16}\.part")
"""The names of results that are being written."""

_FORGOTTEN_SECONDS = 3600.0
"""The age in seconds from which an unfinished file is deleted."""


class DiskCache:
    """Results in files of their own.

    A result is looked for in two directories: that of this user, in which results take
    a bounded number of bytes, and ``tb_wordembed_results`` beside the event files that
    it was computed from, in which ``tb-wordembed measure`` saves. See
    docs/decisions/0019-results-beside-the-log.md.

    Several processes may share a directory: a file is complete as soon as it has its
    name, and may be deleted at any time. No method fails: a file that can't be read, or
    is damaged, counts as missing, and a result that can't be written is not saved,
    which is an error only where all are to be saved.
    Results of other versions of this package are not found.

    Args:
      directory: the directory of this user, made when it is needed. Only files with the
        names of results are read, replaced or deleted there, and no links are followed:
        if the directory is a link, nothing is saved. Files may take
        ``snapshots.cache_size_limit.bytes_per_cache`` there; the least recently used
        are deleted first. None is no directory.
      saves_all: whether every result is saved, and beside the event files, where
        nothing bounds them, if these are local and in one directory. ``save`` raises
        OSError where it can't.
    """

    def __init__(self, directory: Path | None, *, saves_all: bool = False) -> None:
        self._directory = directory
        self.saves_all = saves_all
        self.worth_seconds = 0.0 if saves_all else WORTH_SECONDS

    def has(self, key: Hashable) -> bool:
        """Returns whether there is a file for a result."""
        return any(path.is_file() for path in self._paths(key))

    def load(self, key: Hashable, kinds: Sequence[type]) -> Any:
        """Returns the result under a key; None if there is none. ``result_file.read``
        says what ``kinds`` are."""
        for path in self._paths(key):
            try:
                found = result_file.read(path, path.stem, kinds)
            except OSError as error:
                # Usually there is none. A file that can't be opened may be sound.
                logger.debug("%s is not used: %s", path, error)
                continue
            except Exception as error:  # noqa: BLE001 (damage can raise any of them)
                logger.debug("%s is damaged: %r", path, error)
                if path.parent == self._directory:
                    with contextlib.suppress(OSError):
                        path.unlink(missing_ok=True)
                continue
            if path.parent == self._directory:
                with contextlib.suppress(OSError):
                    # The time shows which files are the least recently used.
                    os.utime(path)
            return found
        return None

    def save(self, key: Hashable, result: Any) -> None:
        """Saves a result. In the directory of this user, one that is larger than
        ``LARGEST_SHARE`` of the bound is not saved."""
        try:
            paths = self._paths(key)
            if not self.saves_all:
                paths = [one for one in paths if one.parent == self._directory]
            if not paths:
                return
            path = paths[-1]
            pieces = result_file.pieces(path.stem, result)
            size = sum(memoryview(one).nbytes for one in pieces)
            is_own = path.parent == self._directory
            if is_own and size > LARGEST_SHARE * bytes_per_cache():
                return
            mode = 0o700 if is_own else 0o777
            path.parent.mkdir(mode=mode, parents=True, exist_ok=True)
            with replacing(path) as file:
                file.writelines(pieces)
            if is_own:
                _make_room(path)
        except (OSError, ValueError) as error:
            if self.saves_all:
                raise
            logger.debug("the result %s is not saved: %s", key, error)

    def delete(self, key: Hashable) -> None:
        """Deletes a result, wherever it is."""
        for path in self._paths(key):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)

    def _paths(self, key: Hashable) -> list[Path]:
        """Returns the paths that a result may have, without links."""
        paths = []
        if self._directory is not None:
            paths.append(self._directory / _name(stable(key)))
        # Remote files have none, and results of several runs neither.
        directories = {one.home for one in _files(key)}
        if len(directories) == 1 and not is_remote(beside := directories.pop()):
            moved = stable(key, is_movable=True)
            paths.append(Path(beside, RESULTS, _name(moved)))
        return [
            path
            for path in paths
            if not path.is_symlink() and not path.parent.is_symlink()
        ]


def _name(key: str) -> str:
    return f"{digest(code_version(), key).hex()}.result"


def _files(key: Any) -> Iterator[FileId]:
    """Yields the event files in a key."""
    if isinstance(key, FileId):
        yield key
    elif isinstance(key, (tuple, list)):
        for one in key:
            yield from _files(one)
    elif dataclasses.is_dataclass(key):
        yield from _files([getattr(key, one.name) for one in dataclasses.fields(key)])


def results_directory() -> Path | None:
    """Returns the directory of this user's results: ``tb_wordembed`` below the one that
    TB_WORDEMBED_CACHE_DIR names, which may hold files of others, or ``results`` in
    ``cache_directory``. None if the user has no home directory."""
    if named := os.environ.get("TB_WORDEMBED_CACHE_DIR"):
        return Path(named) / "tb_wordembed"
    ours = cache_directory()
    return None if ours is None else ours / "results"


def cache_directory() -> Path | None:
    """Returns the directory of this package below the one where programs of this user
    keep caches. None if the user has no home directory."""
    try:
        found = platformdirs.user_cache_path("tb_wordembed", appauthor=False)
    except RuntimeError:
        return None
    # Older versions of platformdirs return "~/.cache" for such a user.
    return found if found.is_absolute() else None


def digest(*parts: str | bytes) -> bytes:
    """Returns 16 bytes that differ for different sequences of parts."""
    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        found.update(len(data).to_bytes(8, "little") + data)
    return found.digest()


def stable(key: Any, *, is_movable: bool = False) -> str:
    """Returns a text that is the same for equal keys in any process; if it
    ``is_movable``, also wherever the log is."""
    again = functools.partial(stable, is_movable=is_movable)
    if isinstance(key, FileId):
        # The same log may be mounted elsewhere: checksums in the key identify contents.
        return f"file {(key.name if is_movable else key.path)!r}"
    if isinstance(key, (tuple, list)):
        return f"({','.join(map(again, key))})"
    if isinstance(key, np.ndarray):
        return f"{key.dtype}{key.shape}{digest(key.tobytes()).hex()}"
    if isinstance(key, functools.partial):
        given = (key.func, key.args, *sorted(key.keywords.items()))
        return f"partial{again(given)}"
    if isinstance(key, types.FunctionType):
        return f"{key.__module__}.{key.__qualname__}"
    if isinstance(key, types.MethodType):
        return f"method{again((key.__func__, key.__self__))}"
    if dataclasses.is_dataclass(key):
        fields = (field for field in dataclasses.fields(key) if field.compare)
        values = tuple(getattr(key, field.name) for field in fields)
        return f"{type(key).__name__}{again(values)}"
    return repr(key)


def _make_room(newest: Path) -> None:
    """Deletes the least recently used results until the others are within the bound,
    and files that were never finished. Deletes nothing but regular files with the names
    that this module gives."""
    kept: list[tuple[float, int, Path]] = []
    with os.scandir(newest.parent) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if not entry.is_file(follow_symlinks=False):
                    continue
                info, path = entry.stat(follow_symlinks=False), Path(entry.path)
                if _RESULT.fullmatch(entry.name):
                    kept.append((info.st_mtime, info.st_size, path))
                elif (
                    _UNFINISHED.fullmatch(entry.name)
                    and time.time() - info.st_mtime > _FORGOTTEN_SECONDS
                ):
                    path.unlink(missing_ok=True)
    total, bound = sum(size for _, size, _ in kept), bytes_per_cache()
    for _, size, path in sorted(kept):
        if total <= bound:
            return
        if path != newest:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            total -= size
