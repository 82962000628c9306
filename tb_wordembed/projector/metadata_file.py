"""Writes given columns as the text of the standard Projector's metadata file.

Callers choose the columns: ``server.projector_routes`` for the Projector in our tab,
``training.projector_files`` and ``cli.export`` for files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Values = Sequence[str] | npt.NDArray[Any]
"""Texts, or an array of numbers."""

_LONGEST = 200
"""The number of characters of a text that are kept: labels are drawn whole."""

_EXACT = 2**53

_PLAIN = re.compile(r"[\x21-\x7e]{1,200}")
_HIDDEN = re.compile(
    # Control characters, line ends, marks that reorder text, spaces without width, one
    # of which begins a file as a mark of its encoding, surrogates.
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069"
    "\ufeff\ud800-\udfff]"
)


def tsv(columns: Mapping[str, Values]) -> bytes:
    """Returns the metadata file of a table: a line per row, and before them a header if
    there is more than one column, as the Projector expects it.

    Args:
      columns: texts or numbers by name, one per row; the first holds the tokens.
    """
    return joined(list(columns), [fields(columns)])


def fields(columns: Mapping[str, Values]) -> list[str]:
    """Returns the line of each row, without its end."""
    parts = [
        _numbers(values) if isinstance(values, np.ndarray) else map(text, values)
        for values in columns.values()
    ]
    return list(map("\t".join, zip(*parts, strict=True)))


def joined(names: Sequence[str], parts: Sequence[Sequence[str]]) -> bytes:
    """Returns a metadata file as ``tsv`` does, from parts of its lines: ``fields`` of
    the first columns, of those after them, and so on."""
    heads: list[str] = []
    for name in names:
        heads.append(_unused(text(name), heads))
    lines = ["\t".join(heads)] if len(names) > 1 else []
    lines += map("\t".join, zip(*parts, strict=True))
    # Every line ends with a line break, also the last.
    return "\n".join([*lines, ""]).encode()


def taken(values: Values, rows: npt.NDArray[np.int64]) -> Values:
    """Returns the values of some rows, ascending."""
    if isinstance(values, np.ndarray):
        return values[rows]
    if len(rows) == len(values):
        return values
    return [values[row] for row in rows.tolist()]


def text(value: str) -> str:
    """Returns a text as one visible line.

    Characters that end lines or columns, or that hide or reorder others, are escaped as
    in Python. The Projector drops a line without any visible character, which would
    give all rows after it the labels of others.
    """
    if _PLAIN.fullmatch(value):
        return value
    if len(value) > _LONGEST:
        value = f"{value[: _LONGEST - 1]}…"
    if not value.strip(" "):
        return "(blank)" if value else "(empty)"
    shown = _HIDDEN.sub(lambda one: one[0].encode("unicode_escape").decode(), value)
    # Spaces other than that of ASCII.
    return "(blank)" if shown.isspace() else shown


def _numbers(values: npt.NDArray[Any]) -> list[str]:
    """Formats float32 in 6 digits and others in 9, whole numbers in all their digits,
    and NaN and infinity as nothing."""
    digits = 6 if values.dtype == np.float32 else 9
    wide = values.astype(np.float64)
    finite = np.isfinite(wide)
    # Zero has no sign.
    texts = list(map(f"%.{digits}g".__mod__, (wide + 0.0).tolist()))
    with np.errstate(invalid="ignore"):
        whole = (wide == np.trunc(wide)) & (np.abs(wide) < _EXACT)
    for row in np.flatnonzero(~finite | (whole & (np.abs(wide) >= 10**digits))):
        texts[row] = str(int(values[row])) if finite[row] else ""
    return texts


def _unused(name: str, taken: Sequence[str]) -> str:
    free, number = name, 2
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free
