"""Results kept by content, in a bounded number of bytes, each computed once; long ones
on disk as well."""

from __future__ import annotations

import dataclasses
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Any, Protocol, TypeVar

import numpy as np

from tb_wordembed.engine.progress import Cancelled

T = TypeVar("T")


class Shelf(Protocol):
    """Where long results outlive the process; ``disk_cache.Disk`` is one."""

    worth_seconds: float

    def load(self, key: Hashable, kinds: Sequence[type]) -> Any:
        """The result under this key; None where there is none."""

    def save(self, key: Hashable, result: Any) -> None:
        """Keeps a result."""


class Cache:
    """Least recently used results go first.

    Args:
      max_bytes: bound on what is kept. A result larger than this is computed and
        handed out, not kept.
      shelf: None keeps nothing beyond the process.
    """

    def __init__(self, max_bytes: int, shelf: Shelf | None = None) -> None:
        self.shelf = shelf
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._under_way: dict[Hashable, Future[Any]] = {}
        self._lock = threading.Lock()

    def get(
        self,
        key: Hashable,
        compute: Callable[[], T],
        kinds: Sequence[type] | None = None,
    ) -> T:
        """The result under this key. Equal questions asked at the same moment are
        computed once; an error goes to all who asked and is not kept. Where the first
        no longer wants it, and has it ``Cancelled``, the next computes it.

        Args:
          key: whatever the result depends on.
          compute: makes it.
          kinds: keeps it on the shelf, too, if it took long: the classes whose objects
            it is made of. None keeps it in memory only.
        """
        if kinds is not None and self.shelf is not None:
            compute = partial(_shelved, self.shelf, key, compute, kinds)
        while True:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    kept: T = self._kept[key][0]
                    return kept
                future = self._under_way.get(key)
                ours = future is None
                if future is None:
                    future = self._under_way[key] = Future()
            if ours:
                self._compute(key, compute, future)
            try:
                result: T = future.result()
            except Cancelled:
                if ours:
                    raise
            else:
                return result

    def kept(self, key: Hashable) -> Any | None:
        """The result under this key, if it is kept."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key][0]

    def put(self, key: Hashable, result: Any) -> None:
        """Keeps a result that came with another."""
        with self._lock:
            if key not in self._kept:
                self._keep(key, result, size_of(result))

    def _compute(
        self, key: Hashable, compute: Callable[[], Any], future: Future[Any]
    ) -> None:
        try:
            result = compute()
        except BaseException as error:  # noqa: BLE001 (handed on to all who asked)
            with self._lock:
                del self._under_way[key]
            future.set_exception(error)
            return
        with self._lock:
            del self._under_way[key]
            if key not in self._kept:
                self._keep(key, result, size_of(result))
        future.set_result(result)

    def _keep(self, key: Hashable, result: Any, size: int) -> None:
        if size > self._max_bytes:
            return
        self._kept[key] = result, size
        self._bytes += size
        while self._bytes > self._max_bytes:
            _, (_, freed) = self._kept.popitem(last=False)
            self._bytes -= freed


def _shelved(
    shelf: Shelf, key: Hashable, compute: Callable[[], T], kinds: Sequence[type]
) -> T:
    found: T | None = shelf.load(key, kinds)
    if found is not None:
        return found
    began = time.perf_counter()
    result = compute()
    if time.perf_counter() - began >= shelf.worth_seconds:
        shelf.save(key, result)
    return result


def size_of(value: Any) -> int:
    """About how many bytes a result holds."""
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, str):
        return 50 + len(value)
    if isinstance(value, (list, tuple)):
        return 8 * len(value) + sum(size_of(item) for item in value)
    if dataclasses.is_dataclass(value):
        return sum(size_of(getattr(value, f.name)) for f in dataclasses.fields(value))
    return 32
