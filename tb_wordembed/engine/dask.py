"""Works on segments in the processes of a Dask cluster.

Workers get the description of a segment and the function, read the bytes themselves and
return what the function returns. So they must reach the log under the same path.
"""

from __future__ import annotations

import contextlib
import itertools
import pickle
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from tb_wordembed.engine.code_version import code_version

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

WAIT_SECONDS = 60.0
"""The time in seconds that is waited for the scheduler, and for the first worker."""

_GONE_SECONDS = 5.0
"""A scheduler that answered before counts as gone when nobody could connect to it for
so many seconds. Its work is lost at once; Dask would wait longer."""

_AHEAD = 2
"""The number of items per thread of the workers that are handed out at a time: one that
is worked on, and one that is next. More results would wait in their memory."""

_REACH_SECONDS = 1.0
"""The time in seconds that is waited for a connection to a process."""

_MOST_TRIED = 8
"""The number of workers that are connected to, to find out whether all can be."""

_ENVIRONMENT = {
    "MALLOC_TRIM_THRESHOLD_": str(256 << 20),
    "MALLOC_MMAP_THRESHOLD_": str(256 << 20),
}
"""Dask has its processes give memory back at once, which costs a quarter of the time of
work that needs the same memory for the next row block."""


_HEAD_BYTES = 8
"""The number of bytes that hold the length of the head of a packed result."""


class ClusterError(OSError):
    """There is no cluster, or it is gone."""


class DaskWorkers:
    """The workers of a Dask cluster.

    Args:
      scheduler: the address of a scheduler, such as ``tcp://10.0.0.1:8786``. None
        starts processes on this machine.
      workers: the number of these processes.

    Raises:
      ImportError: Dask is not installed; says how to install it.
      ClusterError: there is no scheduler, or it has no workers.
    """

    def __init__(self, scheduler: str | None = None, workers: int = 1) -> None:
        try:
            import distributed
        except ImportError as error:
            raise ImportError(
                f"engine 'dask' needs dask.distributed ({error}): "
                "pip install tb_wordembed[dask]"
            ) from error
        self._cluster: Any = None
        if scheduler is None:
            with _deaf_to_interrupts():
                self._cluster = distributed.LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    # None takes a port that another cluster may have, on all
                    # interfaces.
                    dashboard_address="127.0.0.1:0",
                    host="127.0.0.1",
                    env=_ENVIRONMENT,
                )
        try:
            if scheduler is not None:
                _wait_for(scheduler)
            self._client: Any = distributed.Client(
                self._cluster or scheduler,
                timeout=_GONE_SECONDS,
                set_as_default=False,
            )
            self._client.wait_for_workers(1, timeout=WAIT_SECONDS)
            # Through the scheduler every result is sent twice.
            addresses = [*self._client.scheduler_info()["workers"]]
            self._client.direct_to_workers = _are_reachable(addresses)
        except (OSError, TimeoutError, ValueError) as error:
            self.close()
            raise ClusterError(
                f"scheduler {scheduler!r}: {error}. Expected the address of a Dask "
                "scheduler with workers, such as tcp://10.0.0.1:8786; `dask scheduler` "
                "prints it"
            ) from error

    def close(self) -> None:
        """Leaves the cluster, and ends the processes that were started for it."""
        for one in (getattr(self, "_client", None), self._cluster):
            if one is not None:
                with contextlib.suppress(OSError, TimeoutError):
                    one.close()

    def on_each(self, call: Callable[[], _Result]) -> list[_Result]:
        """Returns what a function returns on each worker."""
        return [*self._client.run(call).values()]

    def map(
        self, work: Callable[[_Item], _Result], items: Iterable[_Item]
    ) -> Iterator[_Result]:
        """Yields the result of ``work`` for each item, in the order of the items.

        An error of ``work`` is raised in its place. Where a worker dies, its items go
        to others. Items that no longer matter are cancelled when the iterator is
        closed.

        Raises:
          ClusterError: the scheduler is gone, or an item ended several workers.
        """
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError
        from distributed.comm import CommClosedError

        task, source = _Checked(work, code_version()), iter(items)
        waiting: deque[Any] = deque()
        try:
            while True:
                room = _AHEAD * sum(self._client.nthreads().values()) - len(waiting)
                for item in islice(source, max(0 if waiting else 1, room)):
                    waiting.append(self._client.submit(task, item, pure=False))
                if not waiting:
                    return
                found: _Result = _unpacked(waiting[0].result())
                waiting.popleft().release()
                yield found
                del found
        except KilledWorker as error:
            raise ClusterError(
                f"several workers ended while they worked on the same rows: {error}. "
                "Give each more memory"
            ) from error
        except Exception as error:
            lost = isinstance(error, (FutureCancelledError, CommClosedError))
            # Without a scheduler, Dask raises errors of many classes.
            if not lost and self._client.status == "running":
                raise
            raise ClusterError(
                f"the scheduler is gone ({error}). What was finished is kept: start "
                "it again, with workers, and run the command again"
            ) from error
        finally:
            if waiting:
                with contextlib.suppress(Exception):
                    self._client.cancel([*waiting])


def _wait_for(scheduler: str) -> None:
    """Waits until this process can connect to a scheduler, which may be starting.
    Raises TimeoutError if it can't."""
    address = scheduler if "://" in scheduler else f"tcp://{scheduler}"
    where, until = urlsplit(address), time.monotonic() + WAIT_SECONDS
    # Others than these may not be reached through a socket.
    if where.scheme not in ("tcp", "tls") or where.port is None:
        return
    while not _is_reachable(address):
        if time.monotonic() > until:
            raise TimeoutError(f"nothing answered there for {WAIT_SECONDS:.0f} s")
        time.sleep(0.1)


def _are_reachable(addresses: Iterable[str]) -> bool:
    """Returns whether this process can connect to workers; inside of a cluster they may
    have a network of their own."""
    return all(map(_is_reachable, islice(addresses, _MOST_TRIED)))


def _is_reachable(address: str) -> bool:
    """Returns whether this process can connect to an address."""
    try:
        where = urlsplit(address)
        at = where.hostname, where.port
        socket.create_connection(at, _REACH_SECONDS).close()  # type: ignore[arg-type]
    except (OSError, TypeError, ValueError):
        return False
    return True


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Starts processes that don't hear Ctrl-C, which the terminal sends to all: this
    process ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@dataclass(frozen=True)
class _Checked(Generic[_Item, _Result]):
    """Work that a process with another version of this package refuses."""

    work: Callable[[_Item], _Result]
    version: bytes

    def __call__(self, item: _Item) -> _Packed:
        if code_version() != self.version:
            raise ValueError(
                "a worker has another version of tb_wordembed or NumPy than this "
                "process, and its numbers may differ; install the same there"
            )
        return _packed(self.work(item))


_Packed = npt.NDArray[np.uint8]
"""A result in one piece. A segment has thousands of arrays, and Dask would send each by
itself."""


def _packed(result: object) -> _Packed:
    arrays: list[pickle.PickleBuffer] = []
    text = pickle.dumps(result, 5, buffer_callback=arrays.append)
    raw = [one.raw() for one in arrays]
    head = pickle.dumps((text, [one.nbytes for one in raw]))
    size = len(head).to_bytes(_HEAD_BYTES, "little")
    return np.frombuffer(b"".join([size, head, *raw]), np.uint8)


def _unpacked(packed: _Packed) -> Any:
    data = packed.data
    start = _HEAD_BYTES + int.from_bytes(data[:_HEAD_BYTES], "little")
    text, sizes = pickle.loads(data[_HEAD_BYTES:start])
    places = itertools.pairwise(itertools.accumulate(sizes, initial=start))
    # Copies, since one array that is kept would keep the memory of all.
    arrays = [bytearray(data[low:high]) for low, high in places]
    return pickle.loads(text, buffers=arrays)
