"""Which rows of a table the Projector is given, and their numbers as it reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
"""Row numbers, ascending."""

Numbers = npt.NDArray[Any]
"""A table of floating-point numbers of any dtype."""

MOST_ROWS = 100_000
"""The number of rows that the Projector shows at most."""

_LEAD = frozenset([*range(0x80, 0xC2), *range(0xF5, 0x100)])
"""The bytes with which no text in UTF-8 begins."""

_INFINITY = 0x7F800000

_GOLDEN = (5**0.5 - 1) / 2


class Chosen(NamedTuple):
    """The rows of a table that the Projector is given, by their numbers, ascending."""

    rows: Rows
    sampled: int
    """The number of rows left out because there are too many."""
    non_finite: int
    """The number of rows left out because they hold NaN or infinity."""


def chosen(
    table: Numbers,
    frequency: npt.NDArray[np.floating] | None = None,
    wanted: Sequence[int] = (),
) -> Chosen:
    """Returns those of the rows to show that are finite as float32."""
    count, rows = len(table), shown_rows(len(table), frequency, wanted)
    with np.errstate(over="ignore"):
        numbers = np.asarray(table if len(rows) == count else table[rows], np.float32)
    kept = rows[np.isfinite(numbers).all(axis=1)]
    return Chosen(kept, count - len(rows), len(rows) - len(kept))


def shown_rows(
    vocab_size: int,
    frequency: npt.NDArray[np.floating] | None = None,
    wanted: Sequence[int] = (),
    most: int = MOST_ROWS,
) -> Rows:
    """Returns the rows to show: all of them, or the same sample at every step.

    The sample is spread evenly over the rows in the order of their frequency, or in
    their own order if there is none: it holds one row of each of ``most`` equal parts.
    Its place within a part varies, since rows may alternate between classes.

    Args:
      frequency: how often each token occurs, ``[vocab_size]``; NaN if it isn't known.
      wanted: rows to show in any case, such as those that a user has selected.
    """
    if vocab_size <= most:
        return np.arange(vocab_size)
    if frequency is None and not len(wanted):
        # Nothing as long as the table is made: it is asked for with each answer.
        return _spread(vocab_size, most)
    order = np.arange(vocab_size)
    if frequency is not None:
        order = np.argsort(
            np.where(np.isnan(frequency), np.inf, -frequency), kind="stable"
        )
    kept = np.unique(np.asarray(wanted, np.int64))[:most]
    others = order[~np.isin(order, kept)]
    places = _spread(len(others), most - len(kept))
    return np.sort(np.concatenate([kept, others[places]]))


def _spread(rows: int, count: int) -> Rows:
    edges = np.arange(count + 1, dtype=np.int64) * rows // max(count, 1)
    within = np.arange(count) * _GOLDEN % 1
    found: Rows = edges[:-1] + (within * np.diff(edges)).astype(np.int64)
    return found


def as_binary(rows: Numbers) -> npt.NDArray[np.float32]:
    """Converts finite rows for the Projector's files.

    They are little-endian float32, never to be mistaken for text. The Projector tries
    to read each file as text, and takes it for binary only if its first line is not
    UTF-8. If it is, in about one of 300 tables, the first number is replaced by the
    nearest one whose lowest byte begins no text: at most 64 units in the last place
    away, which is 8e-6 of the number.
    """
    found = np.array(rows, "<f4", order="C")
    if _begins_as_text(found):
        bits = found.reshape(-1).view("<u4")
        bits[:1] = [_nearest_lead(int(one)) for one in bits[:1]]
    return found


def _begins_as_text(table: npt.NDArray[np.float32]) -> bool:
    content = table.reshape(-1).view(np.uint8).data
    piece = bytes(content[: 1 << 16]).lstrip(b"\n")
    if not piece or b"\n" not in piece:
        # This is rare: a table of zeros is an example.
        piece = bytes(content).lstrip(b"\n")
    try:
        piece.partition(b"\n")[0].decode()
    except UnicodeDecodeError:
        return False
    return True


def _nearest_lead(bits: int) -> int:
    """Returns the bits of the nearest float32 of the same sign whose first byte is in
    ``_LEAD``."""
    sign, size = bits & 0x80000000, bits & 0x7FFFFFFF
    near = sorted(range(max(size - 64, 0), size + 129), key=lambda one: abs(one - size))
    return sign | next(one for one in near if one & 0xFF in _LEAD and one < _INFINITY)
