"""Which rows of a whole table come first, or are in a part of the map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.read.basis import CHANGE, FIRST_THREE, basis
from tb_wordembed.read.logged_series import LoggedSeries

Rows = npt.NDArray[np.int64]

_BLOCK = 1 << 20
"""The number of values that are ranked at a time."""


def first_rows(values: npt.NDArray[np.number], most: int) -> Rows:
    """Returns the rows with the largest values, largest first, rows with equal values
    by row; those that are not finite are left out.

    Args:
      values: ``[rows]``.
      most: how many rows.
    """
    rows, kept = np.empty(0, np.int64), np.empty(0, np.float64)
    for start in range(0, len(values), _BLOCK):
        block = values[start : start + _BLOCK].astype(np.float64)
        there = np.flatnonzero(np.isfinite(block))
        if len(kept) == most and most:
            there = there[block[there] > kept[-1]]
        rows = np.concatenate([rows, there + start])
        kept = np.concatenate([kept, block[there]])
        order = np.argsort(-kept, kind="stable")[:most]
        rows, kept = rows[order], kept[order]
    return rows


@dataclass(frozen=True)
class RowsWithin:
    """The rows in a rectangle.

    Attributes:
      rows: all of them, or a sample, ascending, int64.
      count: how many there are.
    """

    rows: Rows
    count: int


def rows_within(
    series: LoggedSeries,
    step: int,
    low: Sequence[float],
    high: Sequence[float],
    most: int,
    components: Sequence[int] = FIRST_THREE,
    progress: Progress = silent,
) -> RowsWithin:
    """Returns the rows that are in a rectangle of the map at a step. Reads the table
    once, and keeps no more than the answer.

    Args:
      low: the least coordinates along the first two components.
      high: the largest ones.
      most: how many rows to return at most: the same ones at every step, as far as
        they are in the rectangle.
    """
    shown, change = basis(series, components[:2]), np.equal(components[:2], CHANGE)
    found, count = np.empty(0, np.int64), 0
    first = series.row_blocks(series.steps[0]) if change.any() else None
    before = iter(first or ())
    for start, block in series.row_blocks(step):
        progress(start / series.shape[0])
        with np.errstate(all="ignore"):
            places = shown.project(block)
            if first is not None:
                places[:, change] -= shown.project(next(before)[1])[:, change]
        inside = ((places >= low) & (places <= high)).all(axis=1)
        rows = np.flatnonzero(inside) + start
        count += len(rows)
        found = np.concatenate([found, rows])
        if len(found) > 2 * most:
            found = _sampled(found, most)
    return RowsWithin(np.sort(_sampled(found, most)), count)


def _sampled(rows: Rows, most: int) -> Rows:
    """Returns those rows that come first in a fixed random order."""
    if len(rows) <= most:
        return rows
    mixed = rows.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return rows[np.argsort(mixed >> np.uint64(16), kind="stable")[:most]]
