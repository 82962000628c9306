"""What is likely to be asked next, found out while nothing is asked."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from tb_wordembed.contract import ROUTES, DriftRequest, PositionsRequest
from tb_wordembed.read.log import CACHE_BYTES, Log
from tb_wordembed.server.jobs import Jobs
from tb_wordembed.server.queries import short

logger = logging.getLogger(__name__)

Question = DriftRequest | PositionsRequest

REST_SECONDS = 1.0
"""After so long without a question. Who waits for a job asks again sooner."""

MOST_BYTES = CACHE_BYTES // 4
"""Of what is found: the rest of the cache is for what was asked for."""

MOST_READ_BYTES = 4 << 30
"""For the answers of each kind."""

MOST_FIRST_BYTES = 256 << 20
"""Of a table that is looked at before anything is asked."""

_LOOK_SECONDS = 0.05
_TABLES = {PositionsRequest: 1, DriftRequest: 2}
"""That an answer is found in."""
_BYTES_PER_ROW = {PositionsRequest: 12, DriftRequest: 4}
_ROUTES = {route.request: route for route in ROUTES if route.request in _TABLES}


class Ahead:
    """Answers the last questions about one step for the other steps, too, the nearest
    first, so that a jump to any of them finds them in the cache of the log; and before
    there was any, those that the page begins with. One at a time, by a thread that ends
    when nothing is left to do. Nothing of remote logs.

    Args:
      log: what is asked.
      jobs: as for ``short.answer``.
      rest_seconds: how long nothing must have been asked.
    """

    def __init__(
        self, log: Log, jobs: Jobs, rest_seconds: float = REST_SECONDS
    ) -> None:
        self._log, self._jobs = log, jobs
        self._rest_seconds = rest_seconds
        self._lock = threading.Lock()
        self._under_way = 0
        self._last_asked = time.monotonic()
        self._last: dict[type, Question] = {}
        self._begun = False
        self._to_do: deque[Question] | None = None
        """None where it has to be found anew."""
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """The log is there, and somebody may be about to look at it. Works once, unless
        something was asked already."""
        with self._lock:
            if self._begun:
                return
            self._begun = True
            self._last_asked = time.monotonic()
            self._start()

    @contextlib.contextmanager
    def asked(self, question: object) -> Iterator[None]:
        """While a question is answered: nothing is begun beside it."""
        with self._lock:
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1
                self._last_asked = time.monotonic()
                if isinstance(question, DriftRequest | PositionsRequest):
                    self._note(question)

    def join(self) -> None:
        """Waits until nothing is left to do."""
        thread = self._thread
        if thread is not None:
            thread.join()

    def _note(self, question: Question) -> None:
        # Other layouts are made of all steps at once, or not kept.
        if isinstance(question, PositionsRequest) and question.layout != "pca":
            return
        self._begun = True
        self._last[type(question)] = question
        self._to_do = None
        self._start()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()

    def _run(self) -> None:
        while True:
            self._wait()
            with self._lock:
                if self._to_do is None:
                    self._to_do = deque(self._others() if self._last else self._first())
                if not self._to_do:
                    self._thread = None
                    return
                question = self._to_do.popleft()
            try:
                short.answer(self._log, self._jobs, _ROUTES[type(question)], question)
            except Exception as error:  # noqa: BLE001 (told to who asks for it)
                logger.debug("%s is not known ahead: %s", question, error)

    def _wait(self) -> None:
        while True:
            with self._lock:
                rested = time.monotonic() - self._last_asked
                if not self._under_way and rested >= self._rest_seconds:
                    return
            time.sleep(max(self._rest_seconds - rested, _LOOK_SECONDS))

    def _first(self) -> list[Question]:
        """What the page asks first: of the first series, at its newest step."""
        try:
            series = self._log.all_series[0]
            (rows, dim), steps = series.shape, series.steps
            if series.is_remote or 4 * rows * dim > MOST_FIRST_BYTES:
                return []
            of = series.run, series.tag
            return [
                PositionsRequest(*of, step=steps[-1], components="1.2"),
                DriftRequest(*of, from_step=steps[0], to_step=steps[-1]),
            ]
        except Exception as error:  # noqa: BLE001 (told to who asks for it)
            logger.debug("nothing is known ahead: %s", error)
            return []

    def _others(self) -> list[Question]:
        """The last questions of each kind, of the other steps, as far as the answers
        may be kept."""
        found: list[tuple[int, Question]] = []
        for kind, question in self._last.items():
            try:
                series = self._log.series(question.run, question.tag)
            except Exception as error:  # noqa: BLE001 (told to who asks for it)
                logger.debug("nothing of %s is known ahead: %s", question, error)
                continue
            # What nobody looked at is not fetched.
            if series.is_remote:
                continue
            rows, dim = series.shape
            most = min(
                MOST_BYTES // len(_TABLES) // (rows * _BYTES_PER_ROW[kind]),
                MOST_READ_BYTES // (4 * rows * dim * _TABLES[kind]),
            )
            steps, step = series.steps, _step(question)
            here = steps.index(step) if step in steps else len(steps) - 1
            order = sorted((abs(at - here), other) for at, other in enumerate(steps))
            found += [(far, _at(question, other)) for far, other in order[1 : most + 1]]
        return [question for _, question in sorted(found, key=lambda one: one[0])]


def _step(question: Question) -> int:
    return question.step if isinstance(question, PositionsRequest) else question.to_step


def _at(question: Question, step: int) -> Question:
    if isinstance(question, PositionsRequest):
        return replace(question, step=step)
    return replace(question, to_step=step)
