"""The context of a query: the log, the jobs, and the page that asks."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import ReferenceRequest, SeriesRequest
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.read.log import Log
from tb_wordembed.read.reference import Reference
from tb_wordembed.read.series import Series
from tb_wordembed.server.jobs import Jobs
from tb_wordembed.server.queries.effort import BRIEF_SECONDS
from tb_wordembed.server.queries.to_contract import row_list

T = TypeVar("T")

PROMPT_SECONDS = 0.5
"""How long a question waits for a long job, so that most answers come at once. For a
brief job it waits three times as long: that one most likely ends meanwhile."""

NO_BOUND = 1 << 40
"""No table has so many rows. A page holds all of them unless it is told otherwise."""

DONE = Job(id="", state="done", progress=1.0, message="", error="")
"""The state of a job whose result is there."""


@dataclass(frozen=True)
class Context:
    """The log and the jobs of a TensorBoard, and the page that asks.

    Attributes:
      page: tells apart the pages that are open; empty for a client that does not say
        which one it is.
      most_rows: the largest number of rows of a table that a page holds whole.
      at_once: whether each question waits until its work is done, without a job.
    """

    log: Log
    jobs: Jobs
    page: str = ""
    most_rows: int = NO_BOUND
    at_once: bool = False

    def series(self, request: SeriesRequest) -> Series:
        """Returns the series that a request is about."""
        return self.log.series(request.run, request.tag)

    def reference(self, request: ReferenceRequest) -> Reference | None:
        """Returns the other series that a request compares with; None if it compares
        the steps of one.

        Raises:
          NotFoundError: there is no such series.
          ValueError: the anchors are not rows separated by dots.
        """
        of = request.reference_run or request.run, request.reference_tag or request.tag
        if of == (request.run, request.tag):
            return None
        anchors = row_list("anchors", request.anchors) if request.anchors else None
        return Reference(self.log.series(*of), request.centered, anchors)

    def job(
        self,
        key: Hashable,
        work: Callable[[Progress], T],
        seconds: float,
        keeps: Callable[[Any], bool] = lambda _: True,
    ) -> tuple[Job, T | None]:
        """Returns the state of the job that does this work, and the result if it is
        done. Begins the job if there is none and the result is not in the cache.

        Args:
          key: everything that the result depends on: the name of the work, the request
            and the contents that it reads. It may be long, and is not kept.
          seconds: about how long the work takes; see ``effort``.
          keeps: whether the cache keeps a result.
        """
        name = hashlib.blake2b(repr(key).encode(), digest_size=8).hexdigest()
        answer = "answer", name
        kept: T | None = self.log.cache.kept(answer)
        if kept is not None:
            return DONE, kept

        def keep(report: Progress) -> T:
            result = work(report)
            if keeps(result):
                self.log.cache.put(answer, result)
            return result

        if self.at_once:
            return DONE, keep(silent)
        brief = seconds <= BRIEF_SECONDS
        job = self.jobs.submit(name, keep, self.page, brief=brief)
        status = job.wait(3 * PROMPT_SECONDS if brief else PROMPT_SECONDS)
        self.jobs.forget(job)
        result: T | None = job.result if status.state == "done" else None
        return DONE if status.state == "done" else status, result
