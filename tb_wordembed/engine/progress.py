"""Reports the progress of long work, and cancels it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

_Item = TypeVar("_Item")


class Cancelled(Exception):  # noqa: N818 (a request, not an error)
    """Raised by a ``Progress`` to end work whose result is no longer needed."""


class Progress(Protocol):
    """A function that long work calls often."""

    def __call__(self, share: float, message: str = "") -> None:
        """Notes how much of the work is done.

        Args:
          share: the share of the work that is done, 0..1.
          message: what the work does at the moment; may be empty.

        Raises:
          Cancelled: the work should end. Any other exception ends it as well.
        """


def silent(share: float, message: str = "") -> None:
    """Ignores the progress of work."""
    del share, message


def part(progress: Progress, start: float, size: float, said: str = "") -> Progress:
    """Returns the progress of a part of some work, which goes from ``start`` to
    ``start + size`` of the whole, and whose messages begin with ``said``."""

    def report(share: float, message: str = "") -> None:
        text = said + message
        # Callers may pass a function of the share alone, where there are no messages.
        progress(start + size * share, *([text] if text else []))

    return report


def counted(items: Iterable[_Item], total: int, progress: Progress) -> Iterator[_Item]:
    """Yields the items, and reports before each one how many of ``total`` came before
    it."""
    for number, item in enumerate(items):
        progress(min(number / total, 1.0))
        yield item
