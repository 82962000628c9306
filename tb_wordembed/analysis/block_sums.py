"""Sums over row blocks, from which the moments of tables and of pairs of them follow.

Products of a row block are taken in float32 about a center near its mean, and added up
in float64: entries are good to 3e-7 of the root of the variances they belong to,
however far the mean is from zero. Blocks whose squares float32 can't hold are taken in
float64.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.rows import Rows, Scratch, Wide, dots, norms
from tb_wordembed.analysis.table_moments import Moments, Pair
from tb_wordembed.engine.local import IN_TURN

_SCRATCH = Scratch()

_LITTLE = 2.5e-5
"""The share of the squares about the center below which squares of changes are summed
by themselves: rounding would hide them in what the products of the tables differ by."""

_SAFE = (1e-12, 1e14)
"""Norms whose products, summed over the rows of a block, float32 can hold."""

_Matrix = npt.NDArray[np.floating]


def moments(blocks: Iterable[tuple[int, _Matrix]], embedding_dim: int) -> Moments:
    """Returns the moments of a table, float32 or float64. Rows that are not finite are
    left out."""
    found = IN_TURN.reduce(
        lambda block: Sums.of(block[1], norms(block[1])),
        blocks,
        Sums.add,
        Sums.empty(embedding_dim),
    )
    return found.moments()


class Other(NamedTuple):
    """The same rows of another table, their norms, the difference to them, which is
    overwritten, and its norms, NaN for rows that are not finite in both."""

    rows: Rows
    norm: Wide
    change: Rows
    distance: Rows


@dataclass
class Sums:
    """Sums over some row blocks of a table, from which its moments follow.

    Attributes:
      count: the number of finite rows.
      changes: the sums of the differences to each of some other tables.
    """

    count: int
    total: Wide
    gram: Wide
    changes: list[ChangeSums]

    @staticmethod
    def empty(embedding_dim: int, others: int = 0) -> Sums:
        """Returns the sums over no rows."""
        square = np.zeros((embedding_dim, embedding_dim))
        changes = [ChangeSums() for _ in range(others)]
        return Sums(0, np.zeros(embedding_dim), square, changes)

    @staticmethod
    def of(
        rows: _Matrix,
        norm: Wide,
        others: Sequence[Other] = (),
        no_spread: set[int] | None = None,
    ) -> Sums:
        """Returns the sums over a row block.

        Args:
          rows: ``[rows, embedding_dim]``, float32 where there are others.
          norm: ``norms(rows)``.
          no_spread: the numbers of those of the other tables for which ``Pair.spread``
            follows from the other sums, because some rows changed a lot; extended.
            It saves time, and changes no result.
        """
        no_spread = set() if no_spread is None else no_spread
        only: list[tuple[Sums | None, Sums | None]] = []
        for other in others:
            both = np.isfinite(norm) & np.isfinite(other.norm)
            only_here = _apart(rows, norm, both, other.change)
            only_there = _apart(other.rows, other.norm, both, other.change)
            only.append((only_here, only_there))
        narrow = fits_float32(norm, [other.norm for other in others])
        changes: list[_Matrix] = [
            other.change if narrow else _wide_change(rows, norm, other)
            for other in others
        ]
        moved = [
            float(
                np.nansum(np.square(other.distance, dtype=np.float64))
                if narrow
                else dots(change, change).sum()
            )
            for other, change in zip(others, changes, strict=True)
        ]
        kept = np.isfinite(norm)
        if not kept.all():
            rows, changes = rows[kept], [change[kept] for change in changes]
        if len(rows):
            found = _of_finite(
                rows if narrow else rows.astype(np.float64), changes, moved, no_spread
            )
        else:
            found = Sums.empty(rows.shape[1], len(others))
        for change, (only_here, only_there) in zip(found.changes, only, strict=True):
            change.only_here, change.only_there = only_here, only_there
        return found

    def add(self, more: Sums) -> Sums:
        """Adds the sums over further rows."""
        self.count += more.count
        self.total += more.total
        self.gram += more.gram
        for change, other in zip(self.changes, more.changes, strict=True):
            change.add(other)
        return self

    __iadd__ = add

    def moments(self) -> Moments:
        """Returns the moments of the rows."""
        # The halves differ by the order in which they were summed.
        return Moments(self.count, self.total, (self.gram + self.gram.T) / 2)

    def pair(self, index: int, moments: Moments) -> Pair:
        """Returns the moments together with another table, by its number and its own
        moments."""
        change, after = self.changes[index], self.moments()
        if change.only_here:
            after = after.without(change.only_here.moments())
        if change.only_there:
            moments = moments.without(change.only_there.moments())
        # Equal tables differ by rounding only: one stands for both.
        before = moments if change.moved else after
        nothing = np.zeros_like(after.gram)
        drag = nothing if change.drag is None else change.drag
        if change.is_little:
            spread = nothing if change.spread is None else change.spread
        else:
            spread = _spread(before, after, drag, change.moved)
        return Pair(before, after, drag, change.moved, spread)


@dataclass
class ChangeSums:
    """Sums over the differences of the rows of two tables.

    Attributes:
      moved: see ``Pair``.
      drag: see ``Pair``; None stands for zero.
      spread: see ``Pair``; None stands for zero where ``is_little``.
      is_little: whether so little changed everywhere that ``spread`` is summed.
      only_here: the sums over the rows that are finite in this table alone.
      only_there: the sums over those that are finite in the other table alone.
    """

    moved: float = 0.0
    drag: Wide | None = None
    spread: Wide | None = None
    is_little: bool = True
    only_here: Sums | None = None
    only_there: Sums | None = None

    def add(self, more: ChangeSums) -> None:
        """Adds the sums over further rows."""
        self.moved += more.moved
        self.drag = _sum(self.drag, more.drag)
        self.is_little &= more.is_little
        self.spread = _sum(self.spread, more.spread) if self.is_little else None
        self.only_here = _sum(self.only_here, more.only_here)
        self.only_there = _sum(self.only_there, more.only_there)


_Summed = TypeVar("_Summed", Wide, Sums)


def _sum(one: _Summed | None, other: _Summed | None) -> _Summed | None:
    if one is None or other is None:
        return other if one is None else one
    one += other
    return one


def _apart(
    rows: Rows, norm: Wide, both: npt.NDArray[np.bool_], change: Rows
) -> Sums | None:
    """Returns the sums over the rows of a table that are not finite in both; they have
    not changed."""
    there = np.isfinite(norm)
    apart = there & ~both
    if not apart.any():
        return None
    change[apart] = 0
    if 2 * np.count_nonzero(both) >= np.count_nonzero(there):
        return Sums.of(rows[apart], norm[apart])
    # The sums over few rows that are left would drown in the rounding of these. That of
    # all rows cancels.
    whole, rest = Sums.of(rows, norm), Sums.of(rows[both], norm[both])
    return Sums(
        whole.count - rest.count, whole.total - rest.total, whole.gram - rest.gram, []
    )


def _of_finite(
    rows: _Matrix,
    changes: Sequence[_Matrix],
    squares: Sequence[float],
    no_spread: set[int],
) -> Sums:
    # The center need not be the mean: the mean of some rows is near enough.
    narrow_center = rows[:: max(1, len(rows) // 64)].mean(axis=0)
    center = narrow_center.astype(np.float64)
    shifted = _SCRATCH.array(rows.shape, rows.dtype)
    np.subtract(rows, narrow_center, out=shifted)
    # A product is several times as fast as a sum over rows.
    every = np.ones(len(rows), rows.dtype)
    spare = (every @ shifted).astype(np.float64)
    total = spare + len(rows) * center
    gram = (shifted.T @ shifted).astype(np.float64)
    size = float(np.trace(gram))
    gram += np.stack([spare, center], axis=1) @ np.stack([center, total])
    found = Sums(len(rows), total, gram, [])
    for index, (change, moved) in enumerate(zip(changes, squares, strict=True)):
        little = moved <= _LITTLE * size
        if not little:
            no_spread.add(index)
        drag = spread = None
        if moved:
            drag = (shifted.T @ change).astype(np.float64)
            drag += np.outer(center, every @ change)
            if index not in no_spread:
                spread = (change.T @ change).astype(np.float64)
        found.changes.append(ChangeSums(moved, drag, spread, little))
    return found


def _spread(before: Moments, after: Moments, drag: Wide, moved: float) -> Wide:
    """Returns ``Pair.spread`` as the difference of other sums, which is exact enough
    where it is large."""
    found: Wide = drag + drag.T - (after.gram - before.gram)
    # The trace is known better than the rest.
    found -= (np.trace(found) - moved) / len(found) * np.eye(len(found))
    return found


def fits_float32(norm: Wide, others: Sequence[Wide]) -> bool:
    """Returns whether float32 holds products of these rows, summed over a block."""
    largest = _largest(norm)
    return _SAFE[0] < largest and max([largest, *map(_largest, others)]) < _SAFE[1]


def _largest(norm: Wide) -> float:
    found = norm.max(initial=0)
    if not np.isfinite(found):
        found = norm[np.isfinite(norm)].max(initial=0)
    return float(found)


def _wide_change(rows: Rows, norm: Wide, other: Other) -> Wide:
    change = rows.astype(np.float64) - other.rows
    change[~(np.isfinite(norm) & np.isfinite(other.norm))] = 0
    return change
