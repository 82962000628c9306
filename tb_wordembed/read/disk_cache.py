"""Results that took long, kept on the local disk for the next process."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import json
import logging
import os
import re
import sys
import tempfile
import time
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tb_wordembed.snapshots.entries import FileId
from tb_wordembed.snapshots.remote.local_copies import most_bytes

logger = logging.getLogger(__name__)

WORTH_SECONDS = 0.25
"""What took less is not kept."""

LARGEST_SHARE = 1 / 4
"""Of all that may be kept: a larger result would drive out too many others."""

_TREE = "tree"

_RESULT = re.compile(r"[0-9a-f]{32}\.npz")
"""The names of results."""

_UNFINISHED = re.compile(r"[0-9a-f]{32}-\w+\.tmp")
"""The names of results that are being written."""

_FORGOTTEN_SECONDS = 3600.0
"""The age in seconds from which an unfinished file is deleted."""


class Disk:
    """Results in files of their own, in a bounded number of bytes.

    Several processes may share a directory: a file is complete as soon as it has its
    name, and may go at any time. Nothing here fails: what can't be read, or is damaged,
    is not there, and what can't be written is not kept. Results of other versions of
    this package are not found.

    Args:
      directory: the directory of the results, made when it is needed. Only files with
        the names of results are read, replaced or deleted there, and no links are
        followed: if the directory is a link, nothing is kept. None keeps nothing.
      bound: bound on the sizes of the files; those not used longest go first. None
        takes that of TB_WORDEMBED_CACHE_BYTES.
      worth_seconds: results that took less are not kept.
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
        """The result under this key; None where there is none.

        Args:
          key: what the result is of: whatever it depends on, in tuples.
          kinds: the classes whose objects it is made of, beside arrays, lists, tuples,
            numbers and texts.
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
            # Mostly there is none; it need not be damaged where it can't be read.
            logger.debug("%s is not used: %s", path, error)
            return None
        except Exception as error:  # noqa: BLE001 - damage can come out as any
            logger.debug("%s is damaged: %r", path, error)
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            return None
        with contextlib.suppress(OSError):
            # The least recently used go first.
            os.utime(path)
        return found

    def save(self, key: Hashable, result: Any) -> None:
        """Keeps a result, if there is room for it."""
        path = self._path(key)
        try:
            bound = most_bytes() if self._bound is None else self._bound
            arrays: dict[str, Any] = {}
            tree = json.dumps(_packed(result, arrays)).encode()
            size = len(tree) + sum(array.nbytes for array in arrays.values())
            if path is None or size > LARGEST_SHARE * bound:
                return
            arrays[_TREE] = np.frombuffer(tree, np.uint8)
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, arrays)
            _make_room(path, bound)
        except (OSError, ValueError) as error:
            logger.debug("%s is not kept: %s", path, error)

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
    """Where this user's programs keep what can be had again: our directory there. None
    where users have no home."""
    try:
        if given := os.environ.get("XDG_CACHE_HOME"):
            base = Path(given)
        elif sys.platform == "darwin":
            base = Path.home() / "Library" / "Caches"
        elif sys.platform == "win32":
            local = os.environ.get("LOCALAPPDATA")
            base = Path(local) if local else Path.home() / "AppData" / "Local"
        else:
            base = Path.home() / ".cache"
    except RuntimeError:
        return None
    return base / "tb_wordembed"


def digest(*parts: str | bytes) -> bytes:
    """16 bytes that tell sequences of parts from one another."""
    found = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        found.update(len(data).to_bytes(8, "little") + data)
    return found.digest()


def stable(key: Any) -> str:
    """A text that is the same for equal keys in any process."""
    if isinstance(key, FileId):
        # A file may be moved to another disk; that its content is the same is told by
        # the checksums in the key.
        return f"file {key.path!r}"
    if isinstance(key, tuple):
        return f"({','.join(map(stable, key))})"
    if dataclasses.is_dataclass(key):
        values = (getattr(key, field.name) for field in dataclasses.fields(key))
        return f"{type(key).__name__}{stable(tuple(values))}"
    return repr(key)


@functools.cache
def _version() -> bytes:
    """Changes whenever the code of this package does."""
    files = sorted(Path(__file__).parents[1].rglob("*.py"))
    return digest(np.__version__, *(file.read_bytes() for file in files))


def _packed(value: Any, arrays: dict[str, Any]) -> Any:
    """A value as JSON can hold it; its arrays apart, by name."""
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
        # Past what frozen classes say: it is made here.
        object.__setattr__(found, name, _unpacked(one, arrays, kinds))
    return found


def _write(path: Path, arrays: dict[str, Any]) -> None:
    """Writes a file that is complete when it has its name."""
    handle, name = tempfile.mkstemp(".tmp", f"{path.stem}-", path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _make_room(newest: Path, bound: int) -> None:
    """Deletes the results that were not used longest until the others are within the
    bound, and what was never finished. Deletes nothing but regular files with the names
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
