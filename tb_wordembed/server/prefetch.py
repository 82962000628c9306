"""Computes in advance the answers that the page asks for first."""

from __future__ import annotations

import logging
import threading

from tb_wordembed.read.log import Log

logger = logging.getLogger(__name__)

MOST_BYTES = 256 << 20
"""The largest table that is read before anybody asks for it."""


class FirstAnswers:
    """Positions and drift of the first series at its newest step.

    The basis of the positions pools many steps, which takes most of the time until the
    page shows its first points. TensorBoard asks plugins whether they are active some
    seconds before a user opens the tab. Other steps are left to the page, which
    prefetches those next to the one on screen.
    """

    def __init__(self, log: Log, most_rows: int) -> None:
        self._log = log
        self._most_rows = most_rows
        self._thread = threading.Thread(target=self._compute, daemon=True)
        self._lock = threading.Lock()

    def start(self) -> None:
        """Computes the answers in a thread, once. They go into the cache of the log."""
        with self._lock:
            if self._thread.ident is None:
                self._thread.start()

    def join(self) -> None:
        """Waits until the answers are computed."""
        self._thread.join()

    def _compute(self) -> None:
        try:
            series = self._log.all_series[0]
            rows, columns = series.shape
            too_large = 4 * rows * columns > MOST_BYTES or rows > self._most_rows
            if series.is_remote or too_large:
                return
            series.positions(series.steps[-1], series.shown_components()[:2])
            series.drift(series.steps[0], series.steps[-1])
        except Exception as error:  # noqa: BLE001 (a question reports the same error)
            logger.debug("The first answers were not computed: %s", error)
