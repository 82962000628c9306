"""Exact nearest neighbors of all rows of a table, in memory or read by processes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.all_pairs import Sweep
from tb_wordembed.analysis.neighbors.distinct_points import Distinct
from tb_wordembed.analysis.neighbors.given_rows import ROWS_AT_ONCE, Neighbors, nearest
from tb_wordembed.analysis.neighbors.metrics import Metric, check
from tb_wordembed.analysis.rows import Blocks, Rows, Wide
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.engine.segments import Engine


def all_nearest(
    table: Rows,
    k: int,
    metric: Metric = "cosine",
    progress: Progress = silent,
) -> Neighbors:
    """Finds the k nearest rows of every row: those that ``nearest`` finds for each.

    Args:
      table: float32 ``[rows, embedding_dim]``.
      metric: ``cosine`` (distance ``1 - cos``, 0..2) or ``euclidean``.
    """
    check(k, metric)
    distinct = Distinct.of(table, metric)
    others, far = _of_all_points(distinct, k, progress)
    found = Neighbors.none(len(table), k)
    usable = np.flatnonzero(distinct.point_of >= 0)
    step = max(1, 2**22 // (k + 1) ** 2)
    for start in range(0, len(usable), step):
        part = usable[start : start + step]
        found.indices[part], found.distances[part] = distinct.to_rows(part, others, far)
    return found


def _of_all_points(
    distinct: Distinct, k: int, progress: Progress
) -> tuple[npt.NDArray[np.int32], Wide]:
    """Returns the nearest points of all points, and their distances."""
    sweep = Sweep(distinct, k)
    sweep.run(LOCAL, progress)
    others, far, crowded = sweep.others, sweep.far, sweep.crowded
    # The points in single precision are freed before those in double precision.
    del sweep
    table = distinct.table[distinct.rows] if len(crowded) else distinct.table[:0]
    for start in range(0, len(crowded), ROWS_AT_ONCE):
        part = crowded[start : start + ROWS_AT_ONCE]
        found = nearest([(0, table)], table[part], k, distinct.metric, part, np.float64)
        others[part], far[part] = found.indices, found.distances
        progress(1 - (len(crowded) - start - len(part)) / len(others))
    return others, far


def all_nearest_by_segments(
    engine: Engine,
    given: Blocks,
    table: Blocks,
    k: int,
    metric: Metric = "cosine",
) -> Neighbors:
    """Finds what ``all_nearest`` finds, for one segment of rows after another. A
    process that works on a segment holds its rows, and reads the whole table once.

    Args:
      given: the table, in small blocks: a segment of them is worked on at a time.
      table: the same table, which any process can read from its start as often as it
        wants.
    """
    found = [
        *engine.map_segments(partial(_nearest_of_segment, table, k, metric), given)
    ]
    return Neighbors(
        np.concatenate([one.indices for one in found]),
        np.concatenate([one.distances for one in found]),
    )


def _nearest_of_segment(
    table: Blocks, k: int, metric: Metric, segment: Iterable[tuple[int, Rows]]
) -> Neighbors:
    read = [(start, rows.copy()) for start, rows in segment]
    rows = np.concatenate([rows for _, rows in read])
    return nearest(table, rows, k, metric, read[0][0] + np.arange(len(rows)))
