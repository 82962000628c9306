"""Measures of some rows of a table, whose cost does not grow with the table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import drift as drifts
from tb_wordembed.analysis import rows as measures
from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.projection import Projection, project
from tb_wordembed.read.basis import CHANGE, FIRST_THREE, MOST_COMPONENTS, basis
from tb_wordembed.read.disk_cache import digest
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.snapshots.tensors import Float32Table

Rows = npt.NDArray[np.int64]

_BLOCK_ROWS = 1 << 14


def chosen_rows(series: LoggedSeries, step: int, rows: Rows) -> Float32Table:
    """Returns rows of the table at a step, float32 ``[len(rows), embedding_dim]``. They
    are kept in the cache: several measures are asked of the same ones.

    Raises: as ``LoggedSeries.rows``.
    """
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
