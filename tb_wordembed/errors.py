"""Errors, Python's log, and how messages name values."""

from __future__ import annotations

import logging
import reprlib
from collections.abc import Sequence

LOG = logging.getLogger("tb_wordembed")
"""The logger of this package. What is odd but stops nothing is written to it."""

_short = reprlib.Repr()
_short.maxstring = _short.maxother = _short.maxlong = 120


class FileError(ValueError):
    """What is wrong with a file of another program; the message follows its name."""


class NotFoundError(LookupError):
    """The log has no such run, tag, step, column or token."""


def not_found(what: str, wanted: object, there: Sequence[object]) -> str:
    """Returns the message that something is not there, and what is."""
    return f"there is no {what} {quoted(wanted)}; there are: {listed(there)}"


def listed(names: Sequence[object]) -> str:
    """Returns the first 20 names, and how many more there are; "none" if there are
    none."""
    shown = ", ".join(map(quoted, names[:20])) or "none"
    return shown + (f" and {len(names) - 20} more" if len(names) > 20 else "")


def quoted(value: object) -> str:
    """Returns ``repr`` of a value in at most about 120 characters: names in a log may
    be of any length."""
    return _short.repr(value)
