"""Exact nearest neighbors of given rows in a table that is read in row blocks.

Products of vectors show which rows can be neighbors, with bounds on their rounding.
What the bounds can't exclude is measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial, reduce

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.metrics import (
    Floats,
    Metric,
    Numbers,
    check,
    pair_distances,
    points,
    rounding,
    usable,
)
from tb_wordembed.analysis.neighbors.picking import (
    counted,
    first_of_each,
    hits,
    kth_largest,
    nearest_of_each,
)
from tb_wordembed.analysis.rows import Blocks, Rows, Scratch, Wide
from tb_wordembed.engine.segments import Engine

_SCRATCH = Scratch()

ROWS_AT_ONCE = 1024
"""The number of given rows that are compared together with others."""

PRODUCT_BYTES = 2**22
"""The bytes of the products that are computed together: few enough for the processor's
cache, since they are looked through right after."""


@dataclass(frozen=True)
class Neighbors:
    """The nearest rows of some rows, nearest first.

    Attributes:
      indices: int32 ``[rows, k]``; -1 where a row has no more neighbors.
      distances: float64 ``[rows, k]``; NaN there.
    """

    indices: npt.NDArray[np.int32]
    distances: Wide

    @staticmethod
    def none(rows: int, k: int) -> Neighbors:
        """Returns the neighbors of so many rows that have none."""
        return Neighbors(np.full((rows, k), -1, np.int32), np.full((rows, k), np.nan))

    def of(self, position: int) -> tuple[npt.NDArray[np.int32], Wide]:
        """Returns the neighbors of one of the rows, and their distances; as many as
        there are."""
        there = self.indices[position] >= 0
        return self.indices[position][there], self.distances[position][there]


def nearest(
    blocks: Iterable[tuple[int, npt.NDArray[np.floating]]],
    rows: npt.NDArray[np.floating],
    k: int,
    metric: Metric = "cosine",
    own: npt.ArrayLike | None = None,
    dtype: npt.DTypeLike = np.float32,
) -> Neighbors:
    """Finds the k rows of a table that are nearest to each of some given rows.

    Args:
      rows: the given rows, ``[rows, embedding_dim]``.
      k: the number of neighbors of each; it has fewer when the table has.
      metric: ``cosine`` (distance ``1 - cos``, 0..2) or ``euclidean``.
      own: the number in the table of each given row, which is left out of its own
        neighbors by it, so that a duplicate is found. None leaves out nothing.
      dtype: of the products; float64 is for rows that float32 can hardly tell apart.
        It changes no result.

    Returns:
      The neighbors of each row; of rows equally far the lower index comes first. Rows
      that are not finite, and zero rows under ``cosine``, are neighbors of no row and
      have none.

    Raises:
      ValueError: k is below 1, or the metric is not one of ``METRICS``.
    """
    check(k, metric)
    found = Neighbors.none(len(rows), k)
    asked = np.flatnonzero(usable(rows, metric))
    numbers = np.full(len(rows), -1) if own is None else np.asarray(own, np.int64)
    searches = []
    for start in range(0, len(asked), ROWS_AT_ONCE):
        part = asked[start : start + ROWS_AT_ONCE]
        near = points(rows[part], metric)
        searches.append((part, _Search(near, numbers[part], k, metric, dtype)))
    if searches:
        for start, block in blocks:
            for _, search in searches:
                search.add(start, block)
    for part, search in searches:
        found.indices[part], found.distances[part] = search.indices, search.distances
    return found


def nearest_by_segments(
    engine: Engine,
    blocks: Blocks,
    rows: Rows,
    k: int,
    metric: Metric = "cosine",
    own: Numbers | None = None,
) -> Neighbors:
    """Finds what ``nearest`` finds; processes may work on segments of the blocks."""
    work = partial(nearest, rows=rows, k=k, metric=metric, own=own)
    return reduce(_nearer, engine.map_segments(work, blocks))


def _nearer(one: Neighbors, other: Neighbors) -> Neighbors:
    """Returns the nearest among those of two parts of a table, of which the first has
    the lower numbers."""
    k = one.indices.shape[1]
    indices = np.concatenate([one.indices, other.indices], axis=1)
    distances = np.concatenate([one.distances, other.distances], axis=1)
    return Neighbors(*first_of_each(indices, distances, k))


class _Search:
    """The k nearest of the rows that were added so far, to each of some points.

    For each pair there is a number that is larger the nearer the two are, in units of
    half a squared distance: under ``cosine`` the cosine; else ``a.b - b.b / 2``, with
    points relative to the middle of the given ones. It is computed in ``dtype``.
    """

    def __init__(
        self, near: Wide, own: Numbers, k: int, metric: Metric, dtype: npt.DTypeLike
    ) -> None:
        self.indices = np.full((len(near), k), -1)
        self.distances = np.full((len(near), k), np.nan)
        self._near, self._own, self._k, self._metric = near, own, k, metric
        self._dtype = np.dtype(dtype)
        self._slack = 2 * rounding(near.shape[1], dtype)
        # Larger squares leave the range of the dtype, or their products do.
        self._largest = float(np.finfo(dtype).max) / 64
        self._center = np.zeros(near.shape[1])
        self._size = np.ones(len(near))
        if metric == "euclidean":
            self._center = np.median(near, axis=0).astype(np.float32).astype(np.float64)
            near = near - self._center
            self._size = np.einsum("ij,ij->i", near, near) / 2
        self._unknown = np.flatnonzero(self._size > self._largest)
        with np.errstate(over="ignore", under="ignore"):
            self._left: Floats = near.astype(dtype)
        self._left[self._unknown] = 0

    def add(self, start: int, block: npt.NDArray[np.floating]) -> None:
        """Adds a block of the table, of which the first row has this number."""
        largest = self._dtype.itemsize * max(self._near.shape)
        width = max(1, PRODUCT_BYTES // largest)
        for low in range(0, len(block), width):
            self._add(start + low, block[low : low + width])

    def _add(self, start: int, block: npt.NDArray[np.floating]) -> None:
        here = self._possible(start, block)
        positions, rows = hits(here)
        many = len(rows) > 64 * self._k
        if many and len(rows) > 4 * here.any(axis=0).sum() + 64 * self._k:
            self._drop_copies(here, block)
            positions, rows = hits(here)
        far = pair_distances(
            self._near,
            (positions, rows),
            lambda some: points(block[some], self._metric),
            self._metric,
        )
        # Most blocks have rows for a few points only.
        some, positions = np.unique(positions, return_inverse=True)
        indices, distances = self.indices[some], self.distances[some]
        before = indices >= 0
        all_positions = np.concatenate([np.nonzero(before)[0], positions])
        order = np.argsort(all_positions, kind="stable")
        self.indices[some], self.distances[some] = nearest_of_each(
            len(some),
            all_positions[order],
            np.concatenate([indices[before], rows + start])[order],
            np.concatenate([distances[before], far])[order],
            self._k,
        )

    @np.errstate(all="ignore")
    def _possible(
        self, start: int, block: npt.NDArray[np.floating]
    ) -> npt.NDArray[np.bool_]:
        """Returns which rows of a block can be among the k nearest of each point, as
        far as the dtype can tell, bool ``[points, rows]``."""
        upper, spread, known = self._closeness(block)
        if not known.all():
            upper[:, ~known] = -np.inf
        points_here = np.flatnonzero(
            (self._own >= start) & (self._own < start + len(block))
        )
        own = points_here, self._own[points_here] - start
        upper[own] = -np.inf
        away = self.distances[:, -1]
        if self._metric == "euclidean":
            away = away**2 / 2
        floors = self._size - away - 2 * self._slack * (self._size + away)
        possible = self._reach(upper, floors)
        if np.count_nonzero(possible) > 4 * self._k * len(possible):
            # The k nearest in the block leave out others, but take a while to find.
            nearest_here = kth_largest(upper - spread, self._k)
            floors = np.fmax(nearest_here - 2 * self._slack * self._size, floors)
            possible = self._reach(upper, floors)
        others = np.flatnonzero(~known)
        possible[:, others[usable(block[others], self._metric)]] = True
        possible[own] = False
        return possible

    def _reach(self, upper: Floats, floors: Wide) -> npt.NDArray[np.bool_]:
        """Returns what is above the floor of its point; all is where that is NaN."""
        lowest = np.finfo(self._dtype).min
        # The smallest numbers have fewer digits.
        floors = np.fmax(floors - 1e-30, lowest)
        floors[self._unknown] = lowest
        above: npt.NDArray[np.bool_] = upper >= floors.astype(self._dtype)[:, None]
        return above

    def _closeness(
        self, block: npt.NDArray[np.floating]
    ) -> tuple[Floats, Floats | float, npt.NDArray[np.bool_]]:
        """Returns how near each row is to each point, ``[points, rows]``, at least; how
        much less it may be because of the row; and for which rows this is known."""
        if self._metric == "cosine":
            rows = block.astype(self._dtype, copy=False)
            squares = np.einsum("ij,ij->i", rows, rows)
            known = (squares > 1e-30) & (squares < self._largest)
            size = np.sqrt(squares)
            if len(self._left) < rows.shape[1]:
                upper = self._products(rows)
                upper /= size
                return upper, 0.0, known
            scaled = _SCRATCH.array(rows.shape, self._dtype)
            np.divide(rows, size[:, None], out=scaled)
            return self._products(scaled), 0.0, known
        wide = np.promote_types(block.dtype, self._dtype)
        rows = _SCRATCH.array(block.shape, self._dtype)
        center = self._center.astype(wide)
        np.subtract(block, center, out=rows, dtype=wide, casting="same_kind")
        half = np.einsum("ij,ij->i", rows, rows) / 2
        known = half < self._largest
        rows[~known], half[~known] = 0, 0
        upper = self._products(rows)
        upper += (self._slack - 1) * half
        return upper, 2 * self._slack * half + 1e-30, known

    def _products(self, rows: Floats) -> Floats:
        """Returns the products of the points and some rows, until the next ones."""
        shape = len(self._left), len(rows)
        found: Floats = _SCRATCH.array(shape, self._dtype, number=1)
        if self._left.any():
            return np.matmul(self._left, rows.T, out=found)
        # One point is the middle itself.
        found.fill(0)
        return found

    def _drop_copies(
        self, possible: npt.NDArray[np.bool_], block: npt.NDArray[np.floating]
    ) -> None:
        """Leaves out the rows of a block of which k + 1 copies come before them: one of
        these may be the given row itself."""
        rows = np.flatnonzero(possible.any(axis=0))
        found = points(block[rows], self._metric)
        whole = found.view(np.dtype((np.void, found.itemsize * found.shape[1]))).ravel()
        _, kinds = np.unique(whole, return_inverse=True)
        order = np.argsort(kinds, kind="stable")
        number = np.empty(len(rows), np.int64)
        number[order] = counted(np.bincount(kinds))
        possible[:, rows[number > self._k]] = False
