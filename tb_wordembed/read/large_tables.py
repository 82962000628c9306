"""Some rows of a large table: those in a part of the map, and measures of some that
cost no more for a larger table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import drift as drifts
from tb_wordembed.analysis import rows as measures
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.projection import Projection, project
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.read.basis import CHANGE, FIRST_THREE, MOST_COMPONENTS, basis
from tb_wordembed.read.disk_cache import digest
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.snapshots.tensors import Float32Table

Rows = npt.NDArray[np.int64]

_BLOCK_ROWS = 1 << 14


@dataclass(frozen=True)
class RowsWithin:
    """The rows in a rectangle, all of them or a sample, ascending, int64; and how many
    there are."""

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
    before = iter(series.row_blocks(series.steps[0]) if change.any() else ())
    for start, block in series.row_blocks(step):
        progress(start / series.shape[0])
        with np.errstate(all="ignore"):
            places = shown.project(block)
            if change.any():
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


def chosen_rows(series: LoggedSeries, step: int, rows: Rows) -> Float32Table:
    """Returns rows of the table at a step, float32 ``[len(rows), embedding_dim]``. They
    are kept in the cache: several measures are asked of the same ones."""
    key = "chosen", series.content_id(step), digest(rows.tobytes())
    return series.cache.get(key, lambda: series.rows(step, rows.tolist()))


def chosen_drift(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    measure: Measure,
    rows: Rows,
) -> npt.NDArray[np.float32]:
    """Returns the drift of some rows, float32 ``[len(rows)]``; see
    ``tb_wordembed.read.drift.drift``."""
    old = chosen_rows(series, from_step, rows)
    new = chosen_rows(series, to_step, rows)
    found = np.empty(len(rows), np.float32)
    for (start, before), (_, after) in zip(_blocks(old), _blocks(new), strict=True):
        found[start : start + len(after)] = drifts.drift(before, after, measure)
    return found


def chosen_norms(
    series: LoggedSeries, step: int, rows: Rows
) -> npt.NDArray[np.float32]:
    """Returns the norms of some rows, float32 ``[len(rows)]``."""
    table = chosen_rows(series, step, rows)
    return measures.narrow(measures.norms(table))


def chosen_positions(
    series: LoggedSeries,
    step: int,
    rows: Rows,
    components: Sequence[int] = FIRST_THREE,
) -> Projection:
    """Returns the positions of some rows in the basis of the series, and which share of
    their variance each component shows that there is."""
    table, shown = chosen_rows(series, step, rows), basis(series, components)
    all_of = basis(series, range(1, min(MOST_COMPONENTS, series.shape[1]) + 1))
    shares = project(all_of, _blocks(table), table.shape).explained_variance_ratio
    positions = shown.project(table)
    if CHANGE in components:
        first = shown.project(chosen_rows(series, series.steps[0], rows))
        change = np.equal(components, CHANGE)
        positions[:, change] -= first[:, change]
    return Projection(positions, shares)


def _blocks(table: Float32Table) -> list[tuple[int, Float32Table]]:
    starts = range(0, len(table), _BLOCK_ROWS)
    return [(start, table[start : start + _BLOCK_ROWS]) for start in starts]
