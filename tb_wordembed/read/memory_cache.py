"""The cache in memory: results by content, in a bounded number of bytes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, wait
from typing import Any, TypeVar

import numpy as np

from tb_wordembed.engine.large_arrays import is_in_file
from tb_wordembed.engine.progress import Cancelled, Progress, silent
from tb_wordembed.read.disk_cache import DiskCache

T = TypeVar("T")

_FILE_SHARE = 8
"""An array that has a file counts for this part of its bytes: of disk, there is more
than of memory."""

_LISTEN_SECONDS = 0.2
"""The time between two reports of progress to a caller that waits for another."""


class _UnderWay(Future[Any]):
    """A result that is being computed, and the progress of that."""

    progress = 0.0, ""


class Cache:
    """Results in a bounded number of bytes; the least recently used are dropped first.

    All callers get the same objects, so their arrays are read-only.

    Args:
      max_bytes: the bound. A larger result is handed out, but not kept.
      disk: keeps results that took long for other processes.
    """

    def __init__(self, max_bytes: int, disk: DiskCache | None = None) -> None:
        self._max_bytes = max_bytes
        self._disk = disk or DiskCache(None)
        self.saves_all = self._disk.saves_all
        """Whether every result is saved that can be, however short it took."""
        self._bytes = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._under_way: dict[Hashable, _UnderWay] = {}
        self._lock = threading.Lock()

    def save(self, key: Hashable, result: Any) -> None:
        """Saves a result on the disk, without keeping it in memory."""
        self._disk.save(key, result)

    def get(
        self,
        key: Hashable,
        compute: Callable[[], T],
        kinds: Sequence[type] | None = None,
    ) -> T:
        """Returns the result under a key, and computes it where it is not kept.

        Callers that need the same result at the same time compute it once; an error is
        raised for all of them, and not kept.

        Args:
          key: everything that the result depends on.
          kinds: the classes of the objects that the result consists of. Where they are
            given, the result is looked up on the disk, too, and saved there if it took
            long. None keeps it in memory only.
        """

        def find(progress: Progress) -> T:
            del progress
            # Another caller may have computed it a moment ago.
            result: T | None = self.kept(key, kinds)
            if result is None:
                began = time.perf_counter()
                result = compute()
                seconds = None if kinds is None else time.perf_counter() - began
                self.put(key, result, seconds)
            return result

        found: tuple[T, int] | None = self._find(key)
        return self.share(key, find, silent) if found is None else found[0]

    def share(
        self, key: Hashable, compute: Callable[[Progress], T], progress: Progress
    ) -> T:
        """Returns what ``compute`` returns. Callers with the same key at the same time
        compute it once, and the progress of all of them is called. Where the one that
        computes is cancelled, the next one computes it."""
        while True:
            new = _UnderWay()
            with self._lock:
                shared = self._under_way.setdefault(key, new)
            if shared is new:
                self._compute(key, compute, progress, shared)
            try:
                while wait([shared], _LISTEN_SECONDS).not_done:
                    progress(*shared.progress)
                result: T = shared.result()
            except Cancelled:
                ended_elsewhere = shared is not new and shared.done()
                if not (ended_elsewhere and isinstance(shared.exception(), Cancelled)):
                    raise
            else:
                return result
            finally:
                # An error of it refers to this frame.
                del new, shared

    def kept(self, key: Hashable, kinds: Sequence[type] | None = None) -> Any | None:
        """Returns the result under a key if it is in memory, or for ``kinds`` as in
        ``get`` on the disk; else None."""
        found = self._find(key)
        if found is not None:
            return found[0]
        result = None if kinds is None else self._disk.load(key, kinds)
        if result is not None:
            self.put(key, result)
        return result

    def _find(self, key: Hashable) -> tuple[Any, int] | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, result: Any, seconds: float | None = None) -> None:
        """Keeps a result, in place of another one under the same key.

        Args:
          result: the result, whose arrays become read-only.
          seconds: the time that it took. If that is long, the result is saved on the
            disk, too; None keeps it in memory only.
        """
        size = freeze(result)
        with self._lock:
            _, freed = self._kept.pop(key, (None, 0))
            self._bytes -= freed
            if size <= self._max_bytes:
                self._kept[key] = result, size
                self._bytes += size
            while self._bytes > self._max_bytes:
                _, (_, freed) = self._kept.popitem(last=False)
                self._bytes -= freed
        if seconds is not None and seconds >= self._disk.worth_seconds:
            self._disk.save(key, result)

    def _compute(
        self,
        key: Hashable,
        compute: Callable[[Progress], Any],
        progress: Progress,
        shared: _UnderWay,
    ) -> None:
        def report(share: float, message: str = "") -> None:
            shared.progress = share, message
            progress(share, message)

        try:
            result = compute(report)
        except BaseException as error:  # noqa: BLE001 (raised for all callers)
            with self._lock:
                del self._under_way[key]
            shared.set_exception(error)
            # The error refers to this frame.
            del shared
        else:
            with self._lock:
                del self._under_way[key]
            shared.set_result(result)


def freeze(result: Any) -> int:
    """Makes all arrays of a result read-only; returns about how many bytes of memory it
    holds."""
    size, rest = 0, [result]
    while rest:
        one = rest.pop()
        if isinstance(one, np.ndarray):
            one.setflags(write=False)
            size += one.nbytes // (_FILE_SHARE if is_in_file(one) else 1)
        elif isinstance(one, str):
            size += 50 + len(one)
        elif isinstance(one, (list, tuple)):
            size += 8 * len(one)
            rest += one
        elif isinstance(one, dict):
            rest.append([*one, *one.values()])
        else:
            size += 32
            rest += getattr(one, "__dict__", {}).values()
    return size
