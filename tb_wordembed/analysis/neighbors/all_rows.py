"""Exact nearest neighbors of all rows of a table in memory, or of many of them.

Products of vectors show which pairs can be neighbors, with bounds on their rounding.
What the bounds can't exclude is measured as for the neighbors of one row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.distinct import Distinct, Numbers
from tb_wordembed.analysis.neighbors.given_rows import Metric, check
from tb_wordembed.analysis.neighbors.products import Products, hits, kth_largest
from tb_wordembed.analysis.neighbors.sweep import Sweep
from tb_wordembed.analysis.rows import Rows, Wide
from tb_wordembed.engine.local import LOCAL, LocalEngine
from tb_wordembed.engine.progress import Progress, silent

PRODUCT_BYTES = 2**25
"""The bytes of the products that are computed together."""


@dataclass(frozen=True)
class Neighbors:
    """The nearest rows of some rows, nearest first.

    Attributes:
      indices: int32 ``[rows, k]``; -1 where a row has no more neighbors.
      distances: float64 ``[rows, k]``; NaN there.
    """

    indices: npt.NDArray[np.int32]
    distances: Wide


def all_nearest(
    table: Rows,
    k: int,
    metric: Metric = "cosine",
    progress: Progress = silent,
    engine: LocalEngine = LOCAL,
) -> Neighbors:
    """Finds the k nearest rows of every row: those that ``nearest`` finds for each.

    Args:
      table: float32 ``[rows, embedding_dim]``.
      k: how many.
      metric: ``cosine`` (distance ``1 - cos``, 0..2) or ``euclidean``.
      progress: reports the share of the work that is done, as far as it is known.
      engine: runs over the tiles of the table.

    Raises:
      ValueError: k is below 1, or the metric is not one of ``METRICS``.
    """
    check(k, metric)
    distinct = Distinct.of(table, metric)
    others, far = _of_all_points(distinct, k, progress, engine)
    every = np.arange(len(distinct.rows))
    return _of_rows(distinct, np.arange(len(table)), every, others, far)


def nearest_of(
    table: Rows, rows: npt.ArrayLike, k: int, metric: Metric = "cosine"
) -> Neighbors:
    """Finds the k nearest rows of some rows: those that ``nearest`` finds for each.

    Args:
      table: float32 ``[rows, embedding_dim]``.
      rows: row numbers.
      k: how many.
      metric: ``cosine`` (distance ``1 - cos``, 0..2) or ``euclidean``.

    Raises:
      ValueError: k is below 1, or the metric is not one of ``METRICS``.
      IndexError: there is no such row.
    """
    check(k, metric)
    wanted = np.asarray(rows, np.int64)
    distinct = Distinct.of(table, metric)
    queries = np.unique(distinct.point_of[wanted])
    queries = queries[queries >= 0]
    others = np.full((len(queries), k), -1, np.int32)
    far = np.full((len(queries), k), np.nan)
    done = 0
    for found, measured in _of_points(distinct, queries, k, np.float32):
        part = slice(done, done + len(found))
        others[part], far[part] = found, measured
        done = part.stop
    return _of_rows(distinct, wanted, queries, others, far)


def _of_all_points(
    distinct: Distinct, k: int, progress: Progress, engine: LocalEngine
) -> tuple[npt.NDArray[np.int32], Wide]:
    """Returns the nearest points of all points, and their distances."""
    sweep = Sweep(distinct, k)
    sweep.run(engine, progress)
    others, far, crowded = sweep.others, sweep.far, sweep.crowded
    # The points in single precision are freed before those in double precision.
    del sweep
    for found, measured in _of_points(distinct, crowded, k, np.float64):
        part, crowded = crowded[: len(found)], crowded[len(found) :]
        others[part], far[part] = found, measured
        progress(1 - len(crowded) / len(others))
    return others, far


def _of_points(
    distinct: Distinct, queries: Numbers, k: int, dtype: npt.DTypeLike
) -> Iterator[tuple[Numbers, Wide]]:
    """Yields the nearest points of some points, a few at a time, each compared with
    all."""
    if not len(queries):
        return
    count = len(distinct.rows)
    products = Products(distinct, np.arange(count), dtype)
    step = max(1, PRODUCT_BYTES // (products.vectors.itemsize * count))
    for start in range(0, len(queries), step):
        part = queries[start : start + step]
        upper = products.left(part) @ products.right(slice(None))
        upper[np.arange(len(part)), part] = -np.inf
        floors = kth_largest(upper - products.spreads, k) - products.spreads[part]
        positions, others, _ = hits(upper, upper >= floors[:, None])
        yield distinct.rank(part, (positions, others), k)


def _of_rows(
    distinct: Distinct,
    rows: Numbers,
    queries: Numbers,
    others: npt.NDArray[np.int32],
    far: Wide,
) -> Neighbors:
    """Returns the nearest rows of rows, from the nearest points of their points."""
    k = others.shape[1]
    indices = np.full((len(rows), k), -1, np.int32)
    distances = np.full((len(rows), k), np.nan)
    usable = np.flatnonzero(distinct.point_of[rows] >= 0)
    step = max(1, 2**22 // (k + 1) ** 2)
    for start in range(0, len(usable), step):
        part = usable[start : start + step]
        of = np.searchsorted(queries, distinct.point_of[rows[part]])
        indices[part], distances[part] = distinct.to_rows(rows[part], of, others, far)
    return Neighbors(indices, distances)
