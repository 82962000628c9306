"""One basis for all steps, so that frames compare without flipping."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np

from tb_wordembed.analysis.moments import Moments
from tb_wordembed.analysis.rounds import side_by_side
from tb_wordembed.analysis.rows import Blocks, Rows, Wide, finite, norms


@dataclass(frozen=True)
class Basis:
    """Principal directions.

    Attributes:
      mean: float64 ``[embedding_dim]``.
      components: float64 ``[n_components, embedding_dim]``, unit vectors by falling
        variance; zero beyond the dimensions that there are.
    """

    mean: Wide
    components: Wide

    def project(self, rows: Rows) -> Rows:
        """Coordinates of rows, float32 ``[rows, n_components]``; NaN for a row that
        is not finite. Good to 1e-6 of the distance from the mean."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.project_centered(rows, rows - self.mean.astype(np.float32))

    def project_centered(self, rows: Rows, centered: Rows) -> Rows:
        """As ``project``, where ``centered`` is rows without the mean. NumPy may warn
        of what is not finite."""
        found: Rows = centered @ self.components.T.astype(np.float32)
        if not _surely_finite(found):
            lost = np.flatnonzero(~finite(found))
            wide = rows[lost].astype(np.float64)
            found[lost] = (wide - self.mean) @ self.components.T
            found[lost[~finite(wide)]] = np.nan
        return found


@dataclass(frozen=True)
class Projection:
    """A table in a basis.

    Attributes:
      positions: float32 ``[rows, n_components]``; see ``Basis.project``.
      explained_variance_ratio: per component, the share of the table's variance along
        it, float64 ``[n_components]``, 0..1; NaN when the table has no variance.
    """

    positions: Rows
    explained_variance_ratio: Wide


def project(
    basis: Basis, blocks: Blocks, shape: tuple[int, int], workers: int = 1
) -> Projection:
    """A table in a basis, read once.

    Args:
      basis: of as many dimensions.
      blocks: the table.
      shape: ``(vocab_size, embedding_dim)``.
      workers: how many threads share the work. Blocks must be valid until so many more
        are asked for. The outcome is the same to the last bit.
    """
    positions = np.empty((shape[0], len(basis.components)), np.float32)
    spread = _Spread()
    lanes = [_Lane(basis, positions, spread) for _ in range(workers)]
    side_by_side([blocks], shape, lanes)
    return Projection(positions, spread.explained_variance_ratio(positions.shape[1]))


def _surely_finite(values: Rows) -> bool:
    """Whether all are finite; may be False where they are but large."""
    return bool(np.isfinite(values.sum()))


class _Lane:
    """Projects blocks, in a thread of its own."""

    def __init__(self, basis: Basis, positions: Rows, spread: _Spread) -> None:
        self._basis, self._positions, self._spread = basis, positions, spread
        self._center = basis.mean.astype(np.float32)
        self._room: Rows = np.empty((0, 0), np.float32)

    def __call__(
        self, number: int, start: int, tables: Sequence[Rows]
    ) -> Callable[[], None]:
        rows = tables[number]
        if len(self._room) < len(rows):
            self._room = np.empty_like(rows)
        centered = np.subtract(rows, self._center, out=self._room[: len(rows)])
        found = self._basis.project_centered(rows, centered)
        self._positions[start : start + len(rows)] = found
        if not _surely_finite(found):
            there = finite(found)
            centered, found = centered[there], found[there]
        return partial(self._spread.take, _Part.of(centered, found))


class _Part(NamedTuple):
    """What a block adds to the spread."""

    rows: int
    mean: Wide
    squares: float
    """About the mean, over all dimensions."""
    positions: Wide
    """Sum, and sum of squares, of each coordinate: ``[2, n_components]``."""

    @staticmethod
    def of(rows: Rows, positions: Rows) -> _Part:
        """Of rows, less any center, and their positions, all finite."""
        count, wide = len(rows), positions.astype(np.float64)
        every = np.ones(count)
        sums = np.stack([every @ wide, every @ wide**2])
        if not count:
            return _Part(0, np.zeros(1), 0.0, sums)
        mean = (every.astype(np.float32) @ rows).astype(np.float64) / count
        lengths = norms(rows)
        total, apart = float(lengths @ lengths), count * float(mean @ mean)
        if not _FAR_OFF * apart < total < np.inf:
            far = rows.astype(np.float64)
            mean = far.mean(axis=0)
            far -= mean
            return _Part(count, mean, float((far**2).sum()), sums)
        return _Part(count, mean, total - apart, sums)


_FAR_OFF = 1.01
"""Where the squared mean is nearly as large as the mean square, too much of their
difference would be lost to rounding."""


class _Spread:
    """The variance of rows, summed over all dimensions, block by block (Chan, Golub &
    LeVeque 1983, "Algorithms for Computing the Sample Variance")."""

    def __init__(self) -> None:
        self._count = 0
        self._mean: Wide = np.zeros(1)
        self._squares = 0.0
        self._positions: Wide = np.zeros(1)

    def take(self, part: _Part) -> None:
        if not part.rows:
            return
        apart = part.mean - self._mean
        share = part.rows / (self._count + part.rows)
        self._squares += part.squares + self._count * share * float(apart @ apart)
        self._mean = self._mean + share * apart
        self._count += part.rows
        self._positions = self._positions + part.positions

    def explained_variance_ratio(self, n_components: int) -> Wide:
        """As of ``Projection``."""
        variance = self._squares / max(self._count, 1)
        # Below this, it is what rounding left of equal rows, or there are none.
        if not variance > 1e-12 * float(self._mean @ self._mean):
            return np.full(n_components, np.nan)
        mean, square = self._positions / self._count
        share: Wide = (square - mean**2) / variance
        return share.clip(0, 1)


def principal_basis(of: Moments, n_components: int = 3) -> Basis:
    """Principal component analysis from moments (Pearson 1901).

    The sign of each component makes its largest loading positive, so that equal data
    give equal pictures.
    """
    dim = len(of.total)
    _, vectors = np.linalg.eigh(of.covariance())
    components = np.zeros((n_components, dim))
    found = vectors.T[::-1][:n_components]
    largest = found[np.arange(len(found)), np.abs(found).argmax(axis=1)]
    components[: len(found)] = found * np.where(largest < 0, -1.0, 1.0)[:, None]
    return Basis(of.mean, components)
