"""Which rows of a table the Projector is given, and their numbers as it reads them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
"""Numbers of rows, ascending."""

Numbers = npt.NDArray[Any]
"""A table of floating-point numbers of any width."""

MOST_ROWS = 100_000
"""More than these the Projector does not show."""

_LEAD = frozenset([*range(0x80, 0xC2), *range(0xF5, 0x100)])
"""Bytes that no text in UTF-8 begins with."""

_INFINITY = 0x7F800000

_GOLDEN = (5**0.5 - 1) / 2


def shown_rows(
    vocab_size: int,
    frequency: npt.NDArray[np.floating] | None = None,
    wanted: Sequence[int] = (),
    most: int = MOST_ROWS,
) -> Rows:
    """The rows to show, ascending: all, or as many as there may be.

    Of a larger table a fair sample: one of every so many rows in the order of their
    frequency, so that frequent and rare tokens have their share; without a frequency,
    in their own order, which is that of most vocabularies. Which one of them changes,
    as rows may take turns, class after class. It is the same at every step.

    Args:
      vocab_size: rows of the table.
      frequency: of each token, ``[vocab_size]``; NaN where it isn't known.
      wanted: rows that are to be among them, such as those that a user has selected.
      most: rows to show.
    """
    if vocab_size <= most:
        return np.arange(vocab_size)
    order = np.arange(vocab_size)
    if frequency is not None:
        order = np.argsort(
            np.where(np.isnan(frequency), np.inf, -frequency), kind="stable"
        )
    kept = np.unique(np.asarray(wanted, np.int64))[:most]
    others = order[~np.isin(order, kept)]
    count = most - len(kept)
    edges = np.arange(count + 1, dtype=np.int64) * len(others) // max(count, 1)
    within = np.arange(count) * _GOLDEN % 1
    places = edges[:-1] + (within * np.diff(edges)).astype(np.int64)
    return np.sort(np.concatenate([kept, others[places]]))


def as_binary(
    rows: Numbers,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """The finite rows as the Projector reads them from a file, and which those are.

    They are little-endian float32, never to be mistaken for text. The Projector tries
    to read each file as text, and takes it for binary only if its first line is no
    UTF-8. Where it happens to be, about once in 300 tables, the first number of the
    table gives way to the nearest one whose lowest byte no text begins with: at most 64
    units in the last place away, 8e-6 of itself.
    """
    with np.errstate(over="ignore"):
        found = np.array(rows, "<f4", order="C")
    finite = np.isfinite(found).all(axis=1)
    if not finite.all():
        found = found[finite]
    if _begins_as_text(found):
        bits = found.reshape(-1).view("<u4")
        bits[:1] = [_nearest_lead(int(one)) for one in bits[:1]]
    return found, finite


def _begins_as_text(table: npt.NDArray[np.float32]) -> bool:
    content = table.reshape(-1).view(np.uint8).data
    piece = bytes(content[: 1 << 16]).lstrip(b"\n")
    if not piece or b"\n" not in piece:
        # Seldom: a table of zeros, for one.
        piece = bytes(content).lstrip(b"\n")
    try:
        piece.partition(b"\n")[0].decode()
    except UnicodeDecodeError:
        return False
    return True


def _nearest_lead(bits: int) -> int:
    """The nearest finite number of the same sign that begins with a byte of _LEAD, both
    as the bits of float32."""
    sign, size = bits & 0x80000000, bits & 0x7FFFFFFF
    near = sorted(range(max(size - 64, 0), size + 129), key=lambda one: abs(one - size))
    return sign | next(one for one in near if one & 0xFF in _LEAD and one < _INFINITY)
