"""``Harmless``: catches errors of a log, so that none ends a training."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tb_wordembed.errors import LOG


class Harmless:
    """Catches errors, and writes the first one to Python's log: others follow from it.

    Args:
      then: a sentence that says what happens then, without its period.
    """

    def __init__(self, then: str = "Training goes on") -> None:
        self._then = then
        self._has_warned = False

    @contextmanager
    def caught(self, what: str) -> Iterator[None]:
        """Catches any error; ``what`` says what could not be done."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - hours of training are at stake
            said = "its text can't be had"
            with suppress(Exception):
                said = str(error)
            self.warn(f"{what}: {type(error).__name__}: {said}")

    def warn(self, what: str) -> None:
        """Says what could not be done, and what happens then."""
        if not self._has_warned:
            # Not warnings.warn, which a filter may turn into an error.
            LOG.warning("%s. %s", what, self._then)
        self._has_warned = True
