"""The cache on disk: keeps results that took long for the next process."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
import logging
import os
import re
import time
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import platformdirs

from tb_wordembed.format.paths import replacing
from tb_wordembed.snapshots.disk_bound import bytes_per_cache
from tb_wordembed.snapshots.entries import FileId

logger = logging.getLogger(__name__)

WORTH_SECONDS = 0.25
"""The time in seconds that a result must have taken to be saved."""

LARGEST_SHARE = 1 / 4
"""The share of the bound that one result may take: a larger one would replace too many
others. ``snapshots.disk_bound`` has the bound."""

_TREE = "tree"

_RESULT = re.compile(r"[0-9a-f]{32}\.npz")
"""The names of results."""

_UNFINISHED = re.compile(r"\.[0-9a-f]{32}\.npz\.[0-9a-f]{16}\.part")
"""The names of results that are being written."""

_FORGOTTEN_SECONDS = 3600.0
"""The age in seconds from which an unfinished file is deleted."""


class DiskCache:
    """Results in files of their own, in a bounded number of bytes.

    Several processes may share a directory: a file is complete as soon as it has its
    name, and may be deleted at any time. No method fails: a file that can't be read, or
    is damaged, counts as missing, and a result that can't be written is not saved.
    Results of other versions of this package are not found.

    Args:
      directory: the directory of the results, made when it is needed. Only files with
        the names of results are read, replaced or deleted there, and no links are
        followed: if the directory is a link, nothing is saved. None saves nothing.
      bound: the bytes that the files may take; the least recently used are deleted
        first. None takes ``snapshots.disk_bound.bytes_per_cache``.
      worth_seconds: the time that a result must have taken to be saved.
    """

    def __init__(
        self,
        directory: Path | None,
        bound: int | None = None,
        worth_seconds: float = WORTH_SECONDS,
    ) -> None:
        self._directory = directory
        self._bound = bound
        self.worth_seconds = worth_seconds

    def load(self, key: Hashable, kinds: Sequence[type]) -> Any:
        """Returns the result under a key; None if there is none.

        Args:
          kinds: the classes of the objects that the result consists of, besides arrays,
            lists, tuples, numbers and texts.
        """
        path = self._path(key)
        if path is None:
            return None
        try:
            with path.open("rb") as data, np.load(data, allow_pickle=False) as file:
                arrays = {name: file[name] for name in file.files}
            tree = json.loads(arrays.pop(_TREE).tobytes())
            found = _unpacked(tree, arrays, {one.__name__: one for one in kinds})
        except OSError as error:
            # Usually there is none. A file that can't be opened now may be sound.
            logger.debug("%s is not used: %s", path, error)
            return None
        except Exception as error:  # noqa: BLE001 (damage can raise any of them)
            logger.debug("%s is damaged: %r", path, error)
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            return None
        with contextlib.suppress(OSError):
            # The time shows which files are the least recently used.
            os.utime(path)
        return found

    def save(self, key: Hashable, result: Any) -> None:
        """Saves a result, unless it is larger than ``LARGEST_SHARE`` of the bound."""
        path = self._path(key)
        try:
            bound = bytes_per_cache() if self._bound is None else self._bound
            arrays: dict[str, Any] = {}
            tree = json.dumps(_packed(result, arrays)).encode()
            size = len(tree) + sum(array.nbytes for array in arrays.values())
            if path is None or size > LARGEST_SHARE * bound:
                return
            arrays[_TREE] = np.frombuffer(tree, np.uint8)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with replacing(path) as file:
                np.savez(file, **arrays)
            _make_room(path, bound)
        except (OSError, ValueError) as error:
            logger.debug("%s is not saved: %s", path, error)

    def _path(self, key: Hashable) -> Path | None:
        if self._directory is None or self._directory.is_symlink():
            return None
        path = self._directory / f"{digest(_version(), stable(key)).hex()}.npz"
        return None if path.is_symlink() else path


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


def stable(key: Any) -> str:
    """Returns a text that is the same for equal keys in any process."""
    if isinstance(key, FileId):
        # The same log may be mounted elsewhere: checksums in the key identify contents.
        return f"file {key.path!r}"
    if isinstance(key, tuple):
        return f"({','.join(map(stable, key))})"
    if dataclasses.is_dataclass(key):
        values = (getattr(key, field.name) for field in dataclasses.fields(key))
        return f"{type(key).__name__}{stable(tuple(values))}"
    return repr(key)


@functools.cache
def _version() -> bytes:
    """Returns bytes that change when the code of this package, or NumPy, does."""
    files = sorted(Path(__file__).parents[1].rglob("*.py"))
    return digest(np.__version__, *(file.read_bytes() for file in files))


def _packed(value: Any, arrays: dict[str, Any]) -> Any:
    """Returns a value as JSON can hold it, and moves its arrays into ``arrays``."""
    if isinstance(value, np.ndarray):
        name = f"array{len(arrays)}"
        arrays[name] = value
        return {"array": name}
    if isinstance(value, np.generic):
        return value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, list):
        return [_packed(one, arrays) for one in value]
    if isinstance(value, tuple):
        return {"tuple": [_packed(one, arrays) for one in value]}
    held = {name: _packed(one, arrays) for name, one in vars(value).items()}
    return {"kind": type(value).__name__, "held": held}


def _unpacked(tree: Any, arrays: dict[str, Any], kinds: dict[str, type]) -> Any:
    if isinstance(tree, list):
        return [_unpacked(one, arrays, kinds) for one in tree]
    if not isinstance(tree, dict):
        return tree
    if "array" in tree:
        return arrays[tree["array"]]
    if "tuple" in tree:
        return tuple(_unpacked(one, arrays, kinds) for one in tree["tuple"])
    kind = kinds[tree["kind"]]
    found: Any = object.__new__(kind)
    for name, one in tree["held"].items():
        # Frozen classes refuse an ordinary assignment.
        object.__setattr__(found, name, _unpacked(one, arrays, kinds))
    return found


def _make_room(newest: Path, bound: int) -> None:
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
    total = sum(size for _, size, _ in kept)
    for _, size, path in sorted(kept):
        if total <= bound:
            return
        if path != newest:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            total -= size
