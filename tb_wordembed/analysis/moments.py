"""First and second moments of tables: what measures of whole tables are made of.

Sums of row blocks are taken in float32 about a center near their mean, and summed
in float64: entries are good to 3e-7 of the root of the variances they belong to,
however far the mean is from zero. Blocks whose squares float32 can't hold are taken
in float64.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.rows import Blocks, Rows, Wide, dots, norms

_LITTLE = 2.5e-5
"""Of squares about the center: where squares of changes are less, rounding would hide
them in what the tables' own products differ by."""
_SAFE = (1e-12, 1e14)
"""Norms whose products, summed over the rows of a block, float32 can hold."""


@dataclass(frozen=True)
class Moments:
    """First and second moments of the finite rows of a table, or of several.

    Attributes:
      count: how many rows.
      total: their sum, float64 ``[embedding_dim]``.
      gram: ``X.T @ X``, float64 ``[embedding_dim, embedding_dim]``.
    """

    count: int
    total: Wide
    gram: Wide

    @property
    def mean(self) -> Wide:
        """Zero when there are no rows."""
        return self.total / max(self.count, 1)

    def covariance(self) -> Wide:
        """About the mean; zero when there are no rows, or they are all the same."""
        found: Wide = self.gram / max(self.count, 1) - np.outer(self.mean, self.mean)
        # Below this, it is what rounding left of equal rows.
        if np.trace(found) <= 1e-12 * np.trace(self.gram) / max(self.count, 1):
            return np.zeros_like(found)
        return found

    def without(self, some: Moments) -> Moments:
        """Moments of the other rows."""
        if not some.count:
            return self
        return Moments(
            self.count - some.count, self.total - some.total, self.gram - some.gram
        )


def moments(blocks: Blocks, embedding_dim: int) -> Moments:
    """Moments of a table. Rows that are not finite are left out."""
    found = Sums(embedding_dim)
    for _, rows in blocks:
        found.add(rows, norms(rows))
    return found.moments()


def pool(parts: Iterable[Moments]) -> Moments:
    """Moments of the rows of several tables together.

    Raises:
      ValueError: there is no table.
    """
    parts = list(parts)
    if not parts:
        raise ValueError("there is no table to pool")
    return Moments(
        sum(part.count for part in parts),
        np.sum([part.total for part in parts], axis=0),
        np.sum([part.gram for part in parts], axis=0),
    )


@dataclass(frozen=True)
class Pair:
    """Moments of a table before and after, over the rows that are finite in both.

    Attributes:
      before: moments of the one, X.
      after: moments of the other, Y.
      drag: ``Y.T @ (Y - X)``, float64 ``[embedding_dim, embedding_dim]``: unlike
        ``Y.T @ X``, it keeps its precision when little has changed.
      moved: sum of ``(Y - X)**2``.
      spread: ``(Y - X).T @ (Y - X)``, float64 ``[embedding_dim, embedding_dim]``.
    """

    before: Moments
    after: Moments
    drag: Wide
    moved: float
    spread: Wide

    @property
    def cross(self) -> Wide:
        """``X.T @ Y``."""
        found: Wide = self.after.gram - self.drag.T
        return found


def pair(blocks: Iterable[tuple[Rows, Rows]], embedding_dim: int) -> Pair:
    """Two tables of the same rows, such as those of two runs.

    Args:
      blocks: row blocks of one table, with the same rows of the other.
      embedding_dim: of both.
    """
    of_before, of_after = Sums(embedding_dim), Sums(embedding_dim, others=1)
    with np.errstate(all="ignore"):
        for before, after in blocks:
            norm = norms(before)
            of_before.add(before, norm)
            other = Other(before, norm, after - before)
            of_after.add(after, norms(after), [other])
    return of_after.pair(0, of_before.moments())


class Other(NamedTuple):
    """The same rows of another table, their norms, and what was added to them. The
    last is overwritten."""

    rows: Rows
    norm: Wide
    change: Rows


class Sums:
    """Sums the moments of a table, and its products with others, block by block.

    Args:
      embedding_dim: of all of them.
      others: how many other tables there are.
    """

    def __init__(self, embedding_dim: int, others: int = 0) -> None:
        self._embedding_dim = embedding_dim
        self._count = 0
        self._total = np.zeros(embedding_dim)
        self._gram = _Product(embedding_dim)
        self._drags = [_Product(embedding_dim) for _ in range(others)]
        self._moved = [0.0] * others
        self._spreads: list[_Product | None]
        self._spreads = [_Product(embedding_dim) for _ in range(others)]
        self._only_here: list[Sums | None] = [None] * others
        self._only_there: list[Sums | None] = [None] * others

    def add(self, rows: Rows, norm: Wide, others: Sequence[Other] = ()) -> None:
        """Adds a row block.

        Args:
          rows: float32 ``[rows, embedding_dim]``.
          norm: ``norms(rows)``.
          others: of each other table.
        """
        for index, other in enumerate(others):
            self._set_aside(index, rows, norm, other)
        narrow = _fits_float32(norm, [other.norm for other in others])
        changes: list[npt.NDArray[np.floating]] = [
            other.change if narrow else _wide_change(rows, norm, other)
            for other in others
        ]
        kept = np.isfinite(norm)
        if not kept.all():
            rows, changes = rows[kept], [change[kept] for change in changes]
        if len(rows):
            self._add_finite(rows if narrow else rows.astype(np.float64), changes)

    def _set_aside(self, index: int, rows: Rows, norm: Wide, other: Other) -> None:
        """Sums what only one of two tables has by itself."""
        here, there = np.isfinite(norm), np.isfinite(other.norm)
        for aside, some, table, length in (
            (self._only_here, here & ~there, rows, norm),
            (self._only_there, there & ~here, other.rows, other.norm),
        ):
            if some.any():
                apart = aside[index] = aside[index] or Sums(self._embedding_dim)
                apart.add(table[some], length[some])
                other.change[some] = 0

    def _add_finite(
        self,
        rows: npt.NDArray[np.floating],
        changes: Sequence[npt.NDArray[np.floating]],
    ) -> None:
        # Near the mean is near enough.
        narrow_center = rows[:: max(1, len(rows) // 64)].mean(axis=0)
        center = narrow_center.astype(np.float64)
        shifted = rows - narrow_center
        spare = shifted.sum(axis=0).astype(np.float64)
        total = spare + len(rows) * center
        self._count += len(rows)
        self._total += total
        gram = shifted.T @ shifted
        self._gram.add(gram, (spare, center), (center, total))
        for index, change in enumerate(changes):
            moved = float(dots(change, change).sum())
            if not moved:
                continue
            self._moved[index] += moved
            self._drags[index].add(shifted.T @ change, (center, change.sum(axis=0)))
            spread = self._spreads[index]
            if moved > _LITTLE * np.trace(gram):
                self._spreads[index] = None
            elif spread is not None:
                spread.add(change.T @ change)

    def moments(self) -> Moments:
        """Of the rows so far."""
        gram = self._gram.sum()
        # The halves differ by the order in which they were summed.
        return Moments(self._count, self._total.copy(), (gram + gram.T) / 2)

    def pair(self, index: int, moments: Moments) -> Pair:
        """With one of the other tables, whose own moments are these."""
        here, there = self._only_here[index], self._only_there[index]
        after = self.moments()
        if here:
            after = after.without(here.moments())
        before = moments.without(there.moments()) if there else moments
        moved = self._moved[index]
        if not moved:
            # Of equal tables, all that can differ is what rounding made of them.
            before = after
        drag, spread = self._drags[index].sum(), self._spreads[index]
        return Pair(
            before,
            after,
            drag,
            moved,
            _spread(before, after, drag, moved) if spread is None else spread.sum(),
        )


def _spread(before: Moments, after: Moments, drag: Wide, moved: float) -> Wide:
    """``Pair.spread`` where it is large enough to be what is left of the others."""
    found: Wide = drag + drag.T - (after.gram - before.gram)
    # The trace is known better than the rest.
    found -= (np.trace(found) - moved) / len(found) * np.eye(len(found))
    return found


class _Product:
    """A sum of matrices and of outer products ``[embedding_dim, embedding_dim]``."""

    def __init__(self, embedding_dim: int) -> None:
        self._sum = np.zeros((embedding_dim, embedding_dim))
        self._outer: list[tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]]]
        self._outer = []

    def add(
        self,
        matrix: npt.NDArray[np.floating],
        *outer: tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]],
    ) -> None:
        self._sum += matrix
        self._outer += outer
        # Many at once are one product of matrices.
        if len(self._outer) >= 64:
            self.sum()

    def sum(self) -> Wide:
        if self._outer:
            left, right = (
                np.array(side, np.float64) for side in zip(*self._outer, strict=True)
            )
            self._sum += left.T @ right
            self._outer = []
        return self._sum


def _fits_float32(norm: Wide, others: Sequence[Wide]) -> bool:
    """Whether products of these rows do, summed over a block."""
    largest = _largest(norm)
    return _SAFE[0] < largest and max([largest, *map(_largest, others)]) < _SAFE[1]


def _largest(norm: Wide) -> float:
    return float(norm[np.isfinite(norm)].max(initial=0))


def _wide_change(rows: Rows, norm: Wide, other: Other) -> Wide:
    change = rows.astype(np.float64) - other.rows
    change[~(np.isfinite(norm) & np.isfinite(other.norm))] = 0
    return change
