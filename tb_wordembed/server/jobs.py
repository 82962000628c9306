"""Work that takes more than a moment: in the background, with progress and an end."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from tb_wordembed.contract.work import State
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.cache import Cancelled, size_of

logger = logging.getLogger(__name__)


class Report(Protocol):
    """What the work of a job calls often."""

    def __call__(self, share: float, message: str = "") -> None:
        """Tells how much of the work is done, 0..1, and what is being done.

        Raises:
          Cancelled: nobody wants the work to go on.
        """


@dataclass(frozen=True)
class Status:
    """Where a job stands.

    Attributes:
      state: what became of it so far.
      progress: the share that is done, 0..1.
      message: what it is doing, in words; may be empty.
      error: why it failed, in words; empty unless it did.
    """

    state: State
    progress: float = 0.0
    message: str = ""
    error: str = ""


_ENDED = ("done", "failed", "cancelled")
_SAID_IN_WORDS = (ValueError, OSError, ImportError, NotFoundError)
"""Errors that are meant for users; any other is a mistake of ours."""


class Job:
    """One piece of work. ``Jobs.submit`` makes it."""

    def __init__(
        self, key: Hashable, work: Callable[[Report], Any], clock: Callable[[], float]
    ) -> None:
        self.key = key
        self._work: Callable[[Report], Any] | None = work
        self._result: Any = None
        self._status = Status("queued")
        self._changed = threading.Condition()
        self._clock = clock
        self._asked = clock()

    @property
    def status(self) -> Status:
        """Where it stands. Who asks wants the job to go on."""
        with self._changed:
            self._asked = self._clock()
            return self._status

    @property
    def result(self) -> Any:
        """What the work returned.

        Raises:
          RuntimeError: the job is not done.
        """
        with self._changed:
            if self._status.state != "done":
                raise RuntimeError(
                    f"job {self.key!r} is {self._status.state}; only a job that is "
                    "done has a result"
                )
            return self._result

    def wait(self, timeout: float | None = None) -> Status:
        """Waits until the job has ended, or for this many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._status.state in _ENDED, timeout)
            return self._status

    def cancel(self) -> None:
        """Ends the job, unless it has ended. Its work stops at its next report."""
        self._end(state="cancelled")

    @property
    def ended(self) -> bool:
        """Whether it is done, failed or cancelled."""
        with self._changed:
            return self._status.state in _ENDED

    def run(self, patience: float) -> None:
        """Does the work. What it holds is let go of when it ends."""

        def report(share: float, message: str = "") -> None:
            with self._changed:
                forgotten = self._clock() - self._asked > patience
                if self._status.state == "running" and not forgotten:
                    share = min(max(float(share), self._status.progress), 1.0)
                    self._status = replace(
                        self._status, progress=share, message=message
                    )
                    return
            raise Cancelled

        with self._changed:
            work = self._work
            if self._status.state != "queued" or work is None:
                return
            self._status = Status("running")
        try:
            report(0.0)
            result = work(report)
        except Cancelled:
            self._end(state="cancelled")
        except BaseException as error:
            if not isinstance(error, _SAID_IN_WORDS):
                # Nobody else will say where it came from.
                logger.exception("A job failed")
            self._end(state="failed", error=str(error) or type(error).__name__)
        else:
            self._end(state="done", result=result, progress=1.0)

    def _end(self, result: Any = None, **changes: Any) -> None:
        with self._changed:
            if self._status.state not in _ENDED:
                self._status = replace(self._status, **changes)
                self._result = result
                self._work = None
                self._changed.notify_all()


class Jobs:
    """Jobs under way and those that ended lately.

    Threads are daemons: a program that ends does not wait for them.

    Args:
      workers: how many jobs run at a time.
      max_ended: how many ended jobs are kept, the latest asked for.
      max_bytes: bound on the results they hold together; the latest is kept whatever
        its size.
      patience: a job whose status nobody asked for during this many seconds is
        cancelled.
    """

    def __init__(
        self,
        workers: int = 1,
        max_ended: int = 32,
        max_bytes: int = 2**28,
        patience: float = float("inf"),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._free_workers = workers
        self._max_ended, self._max_bytes = max_ended, max_bytes
        self._patience, self._clock = patience, clock
        self._jobs: OrderedDict[Hashable, Job] = OrderedDict()
        self._queue: deque[Job] = deque()
        self._lock = threading.Lock()

    def submit(self, key: Hashable, work: Callable[[Report], Any]) -> Job:
        """The job with this key, if it is under way or done; a new one otherwise."""
        with self._lock:
            job = self._find(key)
            if job is not None and job.status.state not in ("failed", "cancelled"):
                return job
            self._drop()
            job = self._jobs[key] = Job(key, work, self._clock)
            self._jobs.move_to_end(key)
            self._queue.append(job)
            if self._free_workers:
                self._free_workers -= 1
                threading.Thread(target=self._run, daemon=True, name="job").start()
            return job

    def find(self, key: Hashable) -> Job | None:
        """The job with this key, if there is one."""
        with self._lock:
            return self._find(key)

    def forget(self, job: Job) -> None:
        """Drops a job that has ended, and what it holds."""
        with self._lock:
            if job.ended and self._jobs.get(job.key) is job:
                del self._jobs[job.key]

    def _find(self, key: Hashable) -> Job | None:
        if key in self._jobs:
            self._jobs.move_to_end(key)
        return self._jobs.get(key)

    def _run(self) -> None:
        """Works until nothing is queued."""
        while True:
            with self._lock:
                self._drop()
                if not self._queue:
                    self._free_workers += 1
                    return
                job = self._queue.popleft()
            job.run(self._patience)
            # Nothing of it stays here while the next one runs.
            del job

    def _drop(self) -> None:
        """Drops ended jobs beyond the bounds, the least recently asked for first."""
        count = size = 0
        for key, job in reversed(list(self._jobs.items())):
            if job.ended:
                count, size = count + 1, size + size_of(job._result)
                if count > self._max_ended or (size > self._max_bytes and count > 1):
                    del self._jobs[key]
