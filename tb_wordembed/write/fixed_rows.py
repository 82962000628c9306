"""Checks the rows that training must not change, and stores them as ranges."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.format.metadata import MOST_RANGES, RowRanges
from tb_wordembed.integers import as_integer
from tb_wordembed.write.chosen_rows import rows_of_slice
from tb_wordembed.write.stored_dtypes import Array

_MOST_ROWS = 2**62
"""Stands for the number of rows where it is not known yet."""


def as_fixed_rows(
    fixed_rows: Any, vocab_size: int | None, chosen: Array | None = None
) -> RowRanges | None:
    """Returns the rows that training must not change, as ranges.

    Args:
      fixed_rows: a row number, several of them, or a slice; None says nothing.
      vocab_size: the number of rows of the whole table; None if it is not known.
      chosen: the numbers of the rows that are written, ``[rows]``; None for all. Ranges
        are then those of the rows among them.

    Raises:
      ValueError: these are not rows of the table, or too many to be listed.
    """
    if fixed_rows is None:
        return None
    return part_of(_ranges(fixed_rows, vocab_size), chosen)


def part_of(fixed_rows: RowRanges | None, chosen: Array | None) -> RowRanges | None:
    """Returns ranges of rows that training must not change among those that are
    written, from those of the whole table; arguments and errors as in
    ``as_fixed_rows``."""
    if fixed_rows is None or chosen is None:
        return fixed_rows
    is_fixed = np.zeros(len(chosen), np.bool_)
    for start, stop in fixed_rows:
        is_fixed |= (chosen >= start) & (chosen < stop)
    return _merged(np.flatnonzero(is_fixed))


def _ranges(fixed_rows: Any, vocab_size: int | None) -> RowRanges:
    size = _MOST_ROWS if vocab_size is None else vocab_size
    if isinstance(fixed_rows, slice):
        rows = rows_of_slice("fixed_rows", fixed_rows, size)
        bounds = fixed_rows.start, fixed_rows.stop
        if vocab_size is None and any((one or 0) < 0 for one in bounds):
            raise ValueError(
                f"fixed_rows={fixed_rows!r} counts from the end of a table whose "
                "number of rows is not known yet; expected row numbers from 0"
            )
        rows = rows if rows.step > 0 else rows[::-1]
        if rows.step == 1:
            return ((rows.start, rows.stop),) if rows else ()
        _check_places(len(rows), len(rows))
        fixed_rows = rows
    return _merged(np.unique(np.fromiter(_numbers(fixed_rows, size), np.int64)))


def _merged(found: npt.NDArray[np.int64]) -> RowRanges:
    if not len(found):
        return ()
    cuts = np.flatnonzero(np.diff(found) > 1) + 1
    _check_places(len(found), len(cuts) + 1)
    parts = np.split(found, cuts)
    return tuple((int(part[0]), int(part[-1]) + 1) for part in parts)


def _check_places(rows: int, places: int) -> None:
    if places > MOST_RANGES:
        raise ValueError(
            f"fixed_rows names {rows:,} rows in {places:,} places; expected "
            f"{MOST_RANGES} places at most, where consecutive rows count once"
        )


def _numbers(fixed_rows: Any, size: int) -> Iterator[int]:
    one = as_integer(fixed_rows)
    try:
        listed = iter(fixed_rows if one is None else [one])
    except TypeError:
        listed = iter([fixed_rows])
    for item in listed:
        row = as_integer(item)
        if row is None:
            raise ValueError(
                f"fixed_rows holds {item!r}; expected row numbers, such as [0], or a "
                "slice, such as slice(0, 1000)"
            )
        if not 0 <= row < size:
            raise ValueError(
                f"fixed_rows names row {row}; the table has rows 0 to {size - 1:,}"
            )
        yield row
