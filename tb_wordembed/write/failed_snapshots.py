"""``Failures``: how many of the snapshots of a training could not be written."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_logger = logging.getLogger("tb_wordembed")


class Failures:
    """The snapshots that were to be written to a directory, and those that failed."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._count = 0
        self._failed = 0

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Counts a snapshot, and whether writing it raises an error."""
        self._count += 1
        with self.noted():
            yield

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Notes whether writing a snapshot that has been counted raises an error."""
        try:
            yield
        except Exception:
            self._failed += 1
            raise

    def report(self) -> None:
        """Warns of the snapshots that failed, if there were any, and forgets them."""
        if self._failed:
            _logger.warning(
                "%d of %d snapshots could not be written to %s",
                self._failed,
                self._count,
                self._directory,
            )
        self._count = self._failed = 0
