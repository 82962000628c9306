"""The labels and columns of rows as the Projector reads them: a line per row."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Values = Sequence[str] | npt.NDArray[Any]
"""Texts, or an array of numbers."""

_LONGEST = 200
"""Characters of a text: the Projector draws labels whole."""

_EXACT = 2**53

_PLAIN = re.compile(r"[\x21-\x7e]{1,200}")
_HIDDEN = re.compile(
    # Control characters, line ends, what reorders text, halves of characters.
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def tsv(columns: Mapping[str, Values]) -> bytes:
    """A file of labels: one line per row, tokens first; a header if there is more than
    one column, as the Projector expects it, and none otherwise.

    Args:
      columns: texts or numbers by name, one per row; the first holds the tokens.
    """
    names: list[str] = []
    parts: list[Iterable[str]] = []
    for name, values in columns.items():
        names.append(_unused(text(name), names))
        if isinstance(values, np.ndarray):
            digits = 6 if values.dtype == np.float32 else 9
            parts.append(_number(one, digits) for one in values.tolist())
        else:
            parts.append(map(text, values))
    lines: Iterable[str] = map("\t".join, zip(*parts, strict=True))
    if len(names) > 1:
        lines = ["\t".join(names), *lines]
    return "".join(f"{line}\n" for line in lines).encode()


def taken(values: Values, rows: npt.NDArray[np.int64]) -> Values:
    """The values of some rows."""
    if isinstance(values, np.ndarray):
        some: Values = values[rows]
        return some
    if len(rows) == len(values):
        return values
    return [values[row] for row in rows.tolist()]


def text(value: str) -> str:
    """A text on one line that can be seen: characters that end lines or columns, and
    those that hide or reorder others, as Python escapes them. The Projector passes over
    a line without any visible character, and all labels after it would be of others."""
    if _PLAIN.fullmatch(value):
        return value
    if len(value) > _LONGEST:
        value = f"{value[: _LONGEST - 1]}…"
    if not value.strip(" "):
        return "(blank)" if value else "(empty)"
    shown = _HIDDEN.sub(lambda one: one[0].encode("unicode_escape").decode(), value)
    # Spaces of other alphabets and widths.
    return "(blank)" if shown.isspace() else shown


def _number(value: float, digits: int) -> str:
    """In so many digits, or nothing where there is no number."""
    if not math.isfinite(value):
        return ""
    whole = int(value)
    return (
        str(whole) if whole == value and abs(whole) < _EXACT else f"{value:.{digits}g}"
    )


def _unused(name: str, taken: Sequence[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free
