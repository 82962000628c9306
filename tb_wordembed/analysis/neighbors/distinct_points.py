"""The distinct points of a table: rows that repeat are compared once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.neighbors.metrics import (
    Metric,
    Numbers,
    pair_distances,
    parts,
    points,
    usable,
)
from tb_wordembed.analysis.neighbors.picking import counted, nearest_of_each
from tb_wordembed.analysis.rows import Rows, Wide


@dataclass(frozen=True, eq=False)
class Distinct:
    """The usable rows of a table, equal ones together.

    Attributes:
      table: float32 ``[rows, embedding_dim]``.
      metric: what makes them points.
      rows: for each point its first row, ascending: a lower point has a lower row.
      point_of: for each row its point, or -1 when it is not usable.
    """

    table: Rows
    metric: Metric
    rows: Numbers
    point_of: Numbers

    @classmethod
    def of(cls, table: Rows, metric: Metric) -> Distinct:
        """Finds the points of a table."""
        point_of = np.full(len(table), -1, np.int64)
        seen: dict[bytes, int] = {}
        rows: list[int] = []
        for part in parts(len(table), table.shape[1]):
            kept = part.start + np.flatnonzero(usable(table[part], metric))
            found = points(table[kept], metric)
            for row, point in zip(kept.tolist(), found, strict=True):
                digest = blake2b(point.data, digest_size=16).digest()
                position = seen.setdefault(digest, len(rows))
                if position == len(rows):
                    rows.append(row)
                point_of[row] = position
        return cls(table, metric, np.array(rows, np.int64), point_of)

    def points(self, which: npt.NDArray[np.integer]) -> Wide:
        """Returns some of the points, float64 ``[len(which), embedding_dim]``."""
        return points(self.table[self.rows[which]], self.metric)

    def blocks(self, order: Numbers) -> Iterator[tuple[slice, Wide]]:
        """Yields the points in an order, block by block."""
        for part in parts(len(order), self.table.shape[1]):
            yield part, self.points(order[part])

    def rank(
        self, queries: Numbers, pairs: tuple[Numbers, Numbers], k: int
    ) -> tuple[Numbers, Wide]:
        """Finds the nearest of the points that each query is paired with.

        Args:
          pairs: positions in ``queries``, and the points to compare these with.

        Returns:
          Points ``[len(queries), k]``, -1 beyond those that there are, and their
          distances, NaN there. The lower point comes first among equally far ones.
        """
        # In order of queries, then of points: one whole number for both sorts fast.
        keys = np.sort((pairs[0] << 32) | pairs[1])
        positions, others = keys >> 32, keys & (2**32 - 1)
        far = pair_distances(
            self.points(queries), (positions, others), self.points, self.metric
        )
        return nearest_of_each(len(queries), positions, others, far, k)

    def to_rows(
        self, rows: Numbers, others: npt.NDArray[np.integer], far: Wide
    ) -> tuple[Numbers, Wide]:
        """Returns the nearest rows of rows, from the nearest points of points.

        Args:
          rows: usable rows.
          others: the nearest points of all points, ``[points, k]``, from ``rank``.

        Returns:
          Rows and distances, ``[len(rows), k]``, padded with -1 and NaN. A row is left
          out of its own by its number.
        """
        of = self.point_of[rows]
        others, far, k = others[of], far[of], others.shape[1]
        members, starts, counts = self._equal_rows
        if len(members) == len(self.rows):
            return np.where(others >= 0, self.rows[others], -1), far
        near = np.concatenate([of[:, None], others], axis=1)
        away = np.concatenate([np.zeros((len(rows), 1)), far], axis=1)
        sizes = np.where(near >= 0, np.minimum(counts[near], k + 1), 0)
        sizes[~_reached(away, sizes, k + 1)] = 0
        each = sizes.ravel()
        found = members[np.repeat(starts[near].ravel(), each) + counted(each)]
        position = np.repeat(np.arange(len(rows)), sizes.sum(axis=1))
        away = np.repeat(away.ravel(), each)
        kept = np.flatnonzero(found != rows[position])
        kept = kept[np.lexsort((found[kept], position[kept]))]
        return nearest_of_each(len(rows), position[kept], found[kept], away[kept], k)

    @cached_property
    def _equal_rows(self) -> tuple[Numbers, Numbers, Numbers]:
        """Returns the usable rows by point; where the rows of each point start, and how
        many."""
        unusable = np.count_nonzero(self.point_of < 0)
        members = np.argsort(self.point_of, kind="stable")[unusable:]
        counts = np.bincount(self.point_of[members], minlength=len(self.rows))
        return members, np.cumsum(counts) - counts, counts


def _reached(
    far: Wide, sizes: npt.NDArray[np.int64], most: int
) -> npt.NDArray[np.bool_]:
    """Returns which points can hold one of the ``most`` nearest rows: those with fewer
    rows that are nearer than they are. Distances ascend along axis 1."""
    before = np.cumsum(sizes, axis=1) - sizes
    before[:, 1:][far[:, 1:] == far[:, :-1]] = 0
    return np.maximum.accumulate(before, axis=1) < most
