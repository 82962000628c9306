"""The error for what a log lacks, and how messages name values."""

from __future__ import annotations

import reprlib
from collections.abc import Sequence

_short = reprlib.Repr()
_short.maxstring = _short.maxother = _short.maxlong = 120


class NotFoundError(LookupError):
    """The log has no such run, tag, step, column or token."""

    def __str__(self) -> str:
        return str(self.args[0])


def not_found(what: str, wanted: object, there: Sequence[object]) -> str:
    """Names what was wanted and what there is."""
    return f"there is no {what} {quoted(wanted)}; there are: {listed(there)}"


def listed(names: Sequence[object]) -> str:
    """The first of the names, and how many more there are."""
    shown = ", ".join(map(quoted, names[:20]))
    return shown + (f" and {len(names) - 20} more" if len(names) > 20 else "")


def quoted(value: object) -> str:
    """``repr`` of a value, shortened to about 120 characters: names and contents of a
    log are anyone's text."""
    return _short.repr(value)
