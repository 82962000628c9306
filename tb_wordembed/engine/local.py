"""The local engine: runs a function over items in threads of this process."""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from itertools import islice
from queue import SimpleQueue
from typing import Any, TypeVar

import threadpoolctl

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Rows = TypeVar("_Rows")

THREADS = min(4, os.cpu_count() or 1)
"""The number of threads that work on a table; each holds a row block of it."""

TREE_WIDTH = 64
"""The number of results that are added up in a node of the tree of ``reduce``. The tree
has three levels, each of which holds one sum at a time."""


class LocalEngine:
    """Runs functions over items, such as the row blocks of a table, in threads.

    The threads are daemons: a process that ends does not wait for them. While they
    work, matrix products use one thread each, which is several times as fast as many
    threads that wait for each other, and rounds the same on each machine.
    """

    def __init__(self, threads: int = THREADS) -> None:
        if threads < 1:
            raise ValueError(f"threads is {threads}; expected 1 or more")
        self.threads = threads

    def map(
        self, work: Callable[[_Item], _Result], items: Iterable[_Item]
    ) -> Iterator[_Result]:
        """Yields the result of ``work`` for each item, in the order of the items.

        One thread at a time takes an item, and only when the result of the item
        ``threads`` places before it has been yielded. So there are at most ``threads``
        items at a time, and whoever makes them may fill so many buffers in turn.

        An error of ``work`` or ``items`` ends all threads; the first one, in the order
        of the items, is raised after the results before it. Threads also end when the
        iterator is closed.
        """
        source = iter(items)
        results = SimpleQueue[Future[_Result] | None]()
        taking = threading.Lock()
        room = threading.Semaphore(self.threads)
        ended = threading.Event()

        def run() -> None:
            while room.acquire():
                with taking:
                    if ended.is_set():
                        break
                    result = Future[_Result]()
                    try:
                        item = next(source)
                    except StopIteration:
                        ended.set()
                        results.put(None)
                        break
                    except BaseException as error:  # noqa: BLE001 (raised by the caller)
                        ended.set()
                        result.set_exception(error)
                        results.put(result)
                        # The error refers to this frame.
                        del result
                        break
                    results.put(result)
                try:
                    result.set_result(work(item))
                except BaseException as error:  # noqa: BLE001 (raised by the caller)
                    ended.set()
                    result.set_exception(error)
                # Nothing of it stays here while this thread waits.
                del item, result
            # Other threads may wait for room, which no caller makes any more.
            room.release()

        # Not an executor, for whose threads a process waits before it ends.
        threads = [
            threading.Thread(target=run, daemon=True) for _ in range(self.threads)
        ]
        with BLAS_LIMIT:
            try:
                for thread in threads:
                    thread.start()
                while (waiting := results.get()) is not None:
                    try:
                        found = waiting.result()
                    finally:
                        # An error of it refers to this frame.
                        del waiting
                    room.release()
                    yield found
                    del found
            finally:
                ended.set()
                room.release()
                for thread in threads:
                    if thread.ident is not None:
                        thread.join()

    def map_segments(
        self, work: Callable[[Iterable[_Item]], _Result], items: Iterable[_Item]
    ) -> Iterator[_Result]:
        """Yields the result of ``work`` for each segment of items; here all are
        one segment."""
        yield work(items)

    def reduce(
        self,
        work: Callable[[_Item], _Result],
        items: Iterable[_Item],
        add: Callable[[_Result, _Result], _Result],
        nothing: _Result,
    ) -> _Result:
        """Returns the sum of the results of ``work`` for all items.

        Results are added along a tree whose shape depends on the number of items only:
        the sum is the same to the last bit for any number of threads.

        Args:
          add: returns the sum of two results, that of earlier items first, which it
            may change.
          nothing: the sum where there are no items.
        """
        return tree_sum(_sums(self.map(work, items), add), add, nothing)

    def reduce_rows(
        self,
        work: Callable[[_Item], tuple[_Result, _Rows]],
        items: Iterable[_Item],
        add: Callable[[_Result, _Result], _Result],
        nothing: _Result,
        keep: Callable[[_Rows], object],
    ) -> _Result:
        """Returns the sum as ``reduce`` does, of work that also measures single rows.

        Args:
          work: returns what is added up, and the measures of the rows of an item.
          keep: is called by this thread with the measures of the rows of each item, in
            the order of the items.
        """

        def totals() -> Iterator[_Result]:
            for total, rows in self.map(work, items):
                keep(rows)
                yield total

        return tree_sum(_sums(totals(), add), add, nothing)


def tree_sum(
    nodes: Iterable[_Result],
    add: Callable[[_Result, _Result], _Result],
    nothing: _Result,
) -> _Result:
    """Returns the sum of the lowest nodes of the tree, each of which is the sum of
    ``TREE_WIDTH`` results, added one to another from the first on."""
    higher = _sums(nodes, add)
    return functools.reduce(add, higher, next(higher, nothing))


def _sums(
    results: Iterable[_Result], add: Callable[[_Result, _Result], _Result]
) -> Iterator[_Result]:
    """Yields the sum of each ``TREE_WIDTH`` results, and of those left over."""
    rest = iter(results)
    for first in rest:
        yield functools.reduce(add, islice(rest, TREE_WIDTH - 1), first)


@functools.cache
def _libraries() -> threadpoolctl.ThreadpoolController:
    """Returns the loaded libraries; looking for them takes milliseconds."""
    return threadpoolctl.ThreadpoolController()


class _BlasLimit:
    """Keeps matrix products at one thread each while somebody has entered it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entered = 0
        self._limits: Any = None

    def __enter__(self) -> None:
        with self._lock:
            if not self._entered:
                self._limits = _libraries().limit(limits=1, user_api="blas")
            self._entered += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._entered -= 1
            if not self._entered:
                self._limits.restore_original_limits()


BLAS_LIMIT = _BlasLimit()
"""Limits the libraries of this process; threads share it."""

IN_TURN = LocalEngine(1)
"""Works on one item after another."""

LOCAL = LocalEngine()
"""The engine that is used unless another one is given."""
