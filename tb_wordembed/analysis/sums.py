"""Summing the moments of tables, row block by row block.

Sums of row blocks are taken in float32 about a center near their mean, and summed
in float64: entries are good to 3e-7 of the root of the variances they belong to,
however far the mean is from zero. Blocks whose squares float32 can't hold are taken
in float64.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.moments import Moments, Pair
from tb_wordembed.analysis.rows import Blocks, Rows, Wide, dots, norms

_LITTLE = 2.5e-5
"""Of squares about the center: where squares of changes are less, rounding would hide
them in what the tables' own products differ by."""
_SAFE = (1e-12, 1e14)
"""Norms whose products, summed over the rows of a block, float32 can hold."""

Matrix = npt.NDArray[np.floating]


def moments(blocks: Blocks, embedding_dim: int) -> Moments:
    """Moments of a table. Rows that are not finite are left out."""
    found = Sums(embedding_dim)
    for _, rows in blocks:
        found.add(rows, norms(rows))
    return found.moments()


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


@dataclass(frozen=True)
class Part:
    """What a row block adds to ``Sums``."""

    count: int
    total: Wide
    gram: _Term | None
    changes: tuple[_Change | None, ...]
    """Of each other table; None where nothing changed."""
    only_here: tuple[Part | None, ...]
    """Rows that are finite here and not in the other table."""
    only_there: tuple[Part | None, ...]


class _Term(NamedTuple):
    """A matrix, and outer products to be added to it."""

    matrix: Matrix
    outer: tuple[tuple[Matrix, Matrix], ...]


class _Change(NamedTuple):
    moved: float
    is_little: bool
    drag: _Term
    spread: Matrix | None
    """Where it is wanted."""


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
        """Adds a row block; as ``take`` of its ``part``."""
        self.take(self.part(rows, norm, others))

    def part(self, rows: Rows, norm: Wide, others: Sequence[Other] = ()) -> Part:
        """What a row block adds. Several threads may work on one block each: the sums
        stay as they are.

        Args:
          rows: float32 ``[rows, embedding_dim]``.
          norm: ``norms(rows)``.
          others: of each other table.
        """
        only_here, only_there = [], []
        for other in others:
            here, there = np.isfinite(norm), np.isfinite(other.norm)
            only_here.append(self._aside(rows, norm, here & ~there, other.change))
            only_there.append(
                self._aside(other.rows, other.norm, there & ~here, other.change)
            )
        narrow = _fits_float32(norm, [other.norm for other in others])
        changes: list[Matrix] = [
            other.change if narrow else _wide_change(rows, norm, other)
            for other in others
        ]
        kept = np.isfinite(norm)
        if not kept.all():
            rows, changes = rows[kept], [change[kept] for change in changes]
        if not len(rows):
            none = (None,) * len(others)
            nothing = np.zeros(self._embedding_dim)
            return Part(0, nothing, None, none, tuple(only_here), tuple(only_there))
        whole = self._of_finite(rows if narrow else rows.astype(np.float64), changes)
        return replace(whole, only_here=tuple(only_here), only_there=tuple(only_there))

    def _aside(
        self, rows: Rows, norm: Wide, some: npt.NDArray[np.bool_], change: Rows
    ) -> Part | None:
        """What only one of two tables has, by itself."""
        if not some.any():
            return None
        change[some] = 0
        return Sums(self._embedding_dim).part(rows[some], norm[some])

    def _of_finite(self, rows: Matrix, changes: Sequence[Matrix]) -> Part:
        # Near the mean is near enough.
        narrow_center = rows[:: max(1, len(rows) // 64)].mean(axis=0)
        center = narrow_center.astype(np.float64)
        shifted = rows - narrow_center
        spare = shifted.sum(axis=0).astype(np.float64)
        total = spare + len(rows) * center
        gram = shifted.T @ shifted
        size = float(np.trace(gram))
        return Part(
            len(rows),
            total,
            _Term(gram, ((spare, center), (center, total))),
            tuple(
                self._of_change(index, shifted, center, change, size)
                for index, change in enumerate(changes)
            ),
            (),
            (),
        )

    def _of_change(
        self, index: int, shifted: Matrix, center: Wide, change: Matrix, size: float
    ) -> _Change | None:
        moved = float(dots(change, change).sum())
        if not moved:
            return None
        little = moved <= _LITTLE * size
        wanted = little and self._spreads[index] is not None
        return _Change(
            moved,
            little,
            _Term(shifted.T @ change, ((center, change.sum(axis=0)),)),
            change.T @ change if wanted else None,
        )

    def take(self, part: Part) -> None:
        """Adds what a row block adds. In another order, sums are rounded otherwise."""
        self._count += part.count
        self._total += part.total
        if part.gram is not None:
            self._gram.add(part.gram)
        for index, change in enumerate(part.changes):
            if change is not None:
                self._take_change(index, change)
        for asides, parts in (
            (self._only_here, part.only_here),
            (self._only_there, part.only_there),
        ):
            for index, one in enumerate(parts):
                if one is not None:
                    aside = asides[index] = asides[index] or Sums(self._embedding_dim)
                    aside.take(one)

    def _take_change(self, index: int, change: _Change) -> None:
        self._moved[index] += change.moved
        self._drags[index].add(change.drag)
        spread = self._spreads[index]
        if not change.is_little:
            self._spreads[index] = None
        elif spread is not None and change.spread is not None:
            spread.add(_Term(change.spread, ()))

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
        self._outer: list[tuple[Matrix, Matrix]] = []

    def add(self, term: _Term) -> None:
        self._sum += term.matrix
        self._outer += term.outer
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
