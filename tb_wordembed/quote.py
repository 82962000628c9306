"""Values as messages name them: whole if short, else their beginning and end."""

from __future__ import annotations

import reprlib

_short = reprlib.Repr()
_short.maxstring = _short.maxother = _short.maxlong = 120


def quoted(value: object) -> str:
    """``repr`` of a value, of some hundred characters at most: names and contents of
    a log are anyone's text."""
    return _short.repr(value)
