"""Jobs: work in background threads, with progress, for pages that ask again."""

from __future__ import annotations

import contextlib
import ctypes
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tb_wordembed.contract.jobs import Job as Status
from tb_wordembed.engine.local import BLAS_LIMIT
from tb_wordembed.engine.progress import Cancelled, Progress
from tb_wordembed.server.failures import explain

logger = logging.getLogger(__name__)

WANTED_SECONDS = 120.0
"""How long a page that asked for a job counts as one that wants it. Browsers let a page
in a hidden tab ask once a minute."""

PATIENCE_SECONDS = 3600.0
"""A job that no page asks for during this time ends, even when no other job waits."""

MOST_ENDED = 8
"""The number of ended jobs that are kept until a page asks for them. Their results are
in the cache of the log, too, unless they are larger than the cache."""

_NICENESS = 5
"""How much lower the priority of long jobs is: a training, the browser and quick
answers come first. With more, answers would wait for jobs that hold Python's lock."""

_ENDED = ("done", "failed", "cancelled")


class Job:
    """One piece of work. ``Jobs.submit`` makes it."""

    def __init__(
        self,
        key: str,
        work: Callable[[Progress], Any],
        page: str,
        clock: Callable[[], float],
    ) -> None:
        self.key = key
        self._work: Callable[[Progress], Any] | None = work
        self.result: Any = None
        """The result of the work, when it is done."""
        self.status = Status(key, "queued", 0.0, "", "")
        """The state of the job now."""
        self._changed = threading.Condition()
        self._clock = clock
        self._asked = {page: clock()}
        """When each page asked for the job last."""

    @property
    def ended(self) -> bool:
        """Whether the job is done, failed or cancelled."""
        return self.status.state in _ENDED

    def ask(self, page: str) -> None:
        """Notes that a page wants the job."""
        with self._changed:
            now = self._clock()
            pages = self._asked.items()
            self._asked = {one: at for one, at in pages if now - at <= WANTED_SECONDS}
            self._asked[page] = now

    def leave(self, page: str) -> None:
        """Notes that a page no longer wants the job."""
        with self._changed:
            self._asked.pop(page, None)

    def wanted(self, seconds: float = WANTED_SECONDS) -> bool:
        """Returns whether a page asked for the job within the last seconds."""
        with self._changed:
            last = max(self._asked.values(), default=float("-inf"))
            return self._clock() - last <= seconds

    def wait(self, timeout: float | None = None) -> Status:
        """Waits until the job has ended, or for this many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.ended, timeout)
            return self.status

    def cancel(self) -> None:
        """Ends the job, unless it has ended. Its work stops at its next report."""
        self._end(state="cancelled")

    def run(self) -> None:
        """Does the work, and lets go of everything that the work holds."""
        with self._changed:
            work = self._work
            if self.status.state != "queued" or work is None:
                return
            self.status = replace(self.status, state="running")
        try:
            self._report(0.0)
            result = work(self._report)
        except Cancelled:
            self._end(state="cancelled")
        except BaseException as error:
            found = explain(error)
            if found is None:
                logger.exception("A job failed")
            message = found[1] if found else str(error) or type(error).__name__
            self._end(state="failed", error=message)
        else:
            self._end(state="done", result=result, progress=1.0)

    def _report(self, share: float, message: str = "") -> None:
        with self._changed:
            if self.status.state != "running" or not self.wanted(PATIENCE_SECONDS):
                raise Cancelled
            share = min(max(float(share), self.status.progress), 1.0)
            self.status = replace(self.status, progress=share, message=message)

    def _end(self, result: Any = None, **changes: Any) -> None:
        with self._changed:
            if not self.ended:
                self.result = result
                self.status = replace(self.status, **changes)
                self._work = None
                self._changed.notify_all()


class Jobs:
    """The jobs under way, and those that ended and no page has asked for since.

    A brief job begins at once. A long one begins when one of the workers is free: quick
    answers never wait behind long work. Threads are daemons, so that a program that
    ends does not wait for them.
    """

    def __init__(
        self, workers: int = 2, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._workers = workers
        self._threads = 0
        self._clock = clock
        self._jobs: dict[str, Job] = {}
        self._waiting: list[Job] = []
        self._running: list[Job] = []
        """The long jobs that workers run."""
        self._lock = threading.Lock()

    def submit(
        self,
        key: str,
        work: Callable[[Progress], Any],
        page: str = "",
        *,
        brief: bool = False,
    ) -> Job:
        """Returns the job with this key, or makes one if there is none or it was
        cancelled.

        Args:
          page: the page that wants the job.
          brief: whether the work takes a few seconds at most.
        """
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.status.state == "cancelled":
                job = self._jobs[key] = Job(key, work, page, self._clock)
                self._forget_ended()
                self._begin(job, brief)
            job.ask(page)
            if job in self._waiting:
                self._make_room()
            return job

    def cancel(self, key: str, page: str = "") -> bool:
        """Ends a job, unless another page wants it. Returns whether there was one."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                return False
            job.leave(page)
            if not job.wanted():
                job.cancel()
            return True

    def forget(self, job: Job) -> None:
        """Drops a job that has ended, and its result."""
        with self._lock:
            if job.ended and self._jobs.get(job.key) is job:
                del self._jobs[job.key]

    def _begin(self, job: Job, brief: bool) -> None:
        if brief:
            threading.Thread(target=job.run, daemon=True, name="brief job").start()
            return
        self._waiting.append(job)
        if self._threads < self._workers:
            self._threads += 1
            threading.Thread(target=self._work, daemon=True, name="job").start()

    def _make_room(self) -> None:
        """Ends a long job that no page wants, unless a worker gets free anyway."""
        running = self._running
        if len(running) < self._workers or any(one.ended for one in running):
            return
        unwanted = next((one for one in running if not one.wanted()), None)
        if unwanted is not None:
            unwanted.cancel()

    def _work(self) -> None:
        """Runs jobs until none waits; those that a page wants come first."""
        # Elsewhere, a process has one priority for all of its threads.
        if sys.platform == "linux":
            # Where the system forbids it, the job runs all the same.
            with contextlib.suppress(OSError):
                os.nice(_NICENESS)
        while True:
            with self._lock:
                if not self._waiting:
                    self._threads -= 1
                    return
                wanted = (one for one in self._waiting if one.wanted())
                job = next(wanted, self._waiting[0])
                self._waiting.remove(job)
                self._running.append(job)
            # A second thread for products of matrices waits for most of its time, and
            # takes a core meanwhile.
            with BLAS_LIMIT:
                job.run()
            with self._lock:
                self._running.remove(job)
            # The worker must not hold the result while the next job runs.
            del job
            give_back_memory()

    def _forget_ended(self) -> None:
        """Drops the oldest ended jobs beyond ``MOST_ENDED``, and all cancelled ones."""
        ended = [one for one in self._jobs.values() if one.ended]
        done = [one for one in ended if one.status.state != "cancelled"]
        for job in ended:
            if job not in done[-MOST_ENDED:]:
                del self._jobs[job.key]


def give_back_memory() -> None:
    """Returns freed memory to the system. The C library keeps what its threads freed
    for their next arrays: hundreds of megabytes after work on a table of gigabytes."""
    # Only the GNU C library has this function; Windows can't look it up at all.
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
