"""Exact nearest neighbors by processes that read the rows themselves.

The numbers are those of ``given_rows`` and ``all_rows``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial, reduce

import numpy as np

from tb_wordembed.analysis.neighbors.given_rows import Neighbors, nearest
from tb_wordembed.analysis.neighbors.metrics import Metric, Numbers
from tb_wordembed.analysis.rows import Blocks, Rows
from tb_wordembed.engine.segments import Engine


def nearest_by_segments(
    engine: Engine,
    blocks: Blocks,
    rows: Rows,
    k: int,
    metric: Metric = "cosine",
    own: Numbers | None = None,
) -> Neighbors:
    """Finds what ``nearest`` finds, segment by segment of the blocks."""
    work = partial(nearest, rows=rows, k=k, metric=metric, own=own)
    return reduce(_nearer, engine.map_segments(work, blocks))


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


def _nearer(one: Neighbors, other: Neighbors) -> Neighbors:
    """Returns the nearest among those of two parts of a table, of which the first has
    the lower numbers."""
    k = one.indices.shape[1]
    indices = np.concatenate([one.indices, other.indices], axis=1)
    distances = np.concatenate([one.distances, other.distances], axis=1)
    # NaN goes last; of equally far rows the lower number stays first.
    order = np.argsort(distances, axis=1, kind="stable")[:, :k]
    return Neighbors(
        np.take_along_axis(indices, order, axis=1),
        np.take_along_axis(distances, order, axis=1),
    )
