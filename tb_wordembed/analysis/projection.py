"""One basis for all steps, so that frames compare without flipping."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tb_wordembed.analysis.alignment import Alignment
from tb_wordembed.analysis.rows import (
    Blocks,
    Rows,
    Scratch,
    SideBySide,
    Wide,
    finite,
    norms,
)
from tb_wordembed.analysis.table_moments import Moments
from tb_wordembed.engine import large_arrays
from tb_wordembed.engine.local import IN_TURN
from tb_wordembed.engine.segments import Engine

_SCRATCH = Scratch()


@dataclass(frozen=True)
class Basis:
    """Principal directions.

    Attributes:
      mean: float64 ``[embedding_dim]``.
      components: float64 ``[n_components, embedding_dim]``, unit vectors by falling
        variance; zero beyond the dimensions that there are.
      shares: the share along each of the variance that they were found from, float64
        ``[n_components]``, 0..1; NaN where there was none.
    """

    mean: Wide
    components: Wide
    shares: Wide

    def before(self, alignment: Alignment) -> Basis:
        """Returns the basis in which rows have the coordinates that they have in this
        one once they are aligned: rows need not be turned, which costs much more."""
        turn = alignment.rotation.T
        mean = alignment.before_mean + (self.mean - alignment.after_mean) @ turn
        return Basis(mean, self.components @ turn, self.shares)

    def project(self, rows: Rows) -> Rows:
        """Returns the coordinates of rows, float32 ``[rows, n_components]``; NaN for a
        row that is not finite. Good to 1e-6 of the distance from the mean."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.project_centered(rows, rows - self.mean.astype(np.float32))

    def project_centered(self, rows: Rows, centered: Rows) -> Rows:
        """Returns what ``project`` does, where ``centered`` is rows without the mean.
        NumPy may warn of what is not finite."""
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
    basis: Basis,
    blocks: Blocks,
    shape: tuple[int, int],
    engine: Engine = IN_TURN,
    most: int | None = None,
) -> Projection:
    """Returns a table in a basis; reads it once.

    Args:
      most: the number of components whose positions are returned, from the first on;
        None for all. The shares of the variance are those of all.
    """
    columns = len(basis.components[:most])
    positions = large_arrays.empty((shape[0], columns), np.float32)

    def keep(block: tuple[int, Rows]) -> None:
        start, found = block
        positions[start : start + len(found)] = found

    work = ProjectBlocks(basis, columns)
    nothing, _ = work((0, [np.empty((0, shape[1]), np.float32)]))
    spread = engine.reduce_rows(
        work, SideBySide([blocks], shape), Spread.add, nothing, keep
    )
    return Projection(positions, spread.explained_variance_ratio())


@dataclass(frozen=True)
class ProjectBlocks:
    """Projects a row block of a table; needs nothing but the rows.

    Attributes:
      columns: the number of components whose positions are returned.
    """

    basis: Basis
    columns: int

    @np.errstate(all="ignore")
    def __call__(
        self, block: tuple[int, Sequence[Rows]]
    ) -> tuple[Spread, tuple[int, Rows]]:
        """Returns the spread of the rows, and the first row with the positions."""
        start, (rows,) = block
        centered = _SCRATCH.array(rows.shape, np.float32)
        np.subtract(rows, self.basis.mean.astype(np.float32), out=centered)
        positions = found = self.basis.project_centered(rows, centered)
        if not _surely_finite(found):
            there = finite(found)
            centered, found = centered[there], found[there]
        shown = np.ascontiguousarray(positions[:, : self.columns])
        return Spread.of(centered, found), (start, shown)


def _surely_finite(values: Rows) -> bool:
    """Returns whether all values are finite; may be False where they are but large."""
    return bool(np.isfinite(values.sum()))


_FAR_OFF = 1.01
"""If the squared mean is nearly as large as the mean square, rounding would lose too
much of their difference."""


@dataclass(frozen=True)
class Spread:
    """The variance of rows, summed over all dimensions, of which that of several blocks
    follows (Chan, Golub & LeVeque 1983, "Algorithms for Computing the Sample
    Variance")."""

    rows: int
    mean: Wide
    squares: float
    """The sum of squares about the mean, over all dimensions."""
    positions: Wide
    """Sum, and sum of squares, of each coordinate: ``[2, n_components]``."""

    @staticmethod
    def of(rows: Rows, positions: Rows) -> Spread:
        """Returns the spread of rows, less any center, and of their positions; all
        finite."""
        count, wide = len(rows), positions.astype(np.float64)
        every = np.ones(count)
        sums = np.stack([every @ wide, every @ wide**2])
        if not count:
            return Spread(0, np.zeros(rows.shape[1]), 0.0, sums)
        mean = (every.astype(np.float32) @ rows).astype(np.float64) / count
        lengths = norms(rows)
        total, apart = float(lengths @ lengths), count * float(mean @ mean)
        if not _FAR_OFF * apart < total < np.inf:
            far = rows.astype(np.float64)
            mean = far.mean(axis=0)
            far -= mean
            return Spread(count, mean, float((far**2).sum()), sums)
        return Spread(count, mean, total - apart, sums)

    def add(self, more: Spread) -> Spread:
        """Returns the spread of both together."""
        if not more.rows:
            return self
        apart = more.mean - self.mean
        share = more.rows / (self.rows + more.rows)
        return Spread(
            self.rows + more.rows,
            self.mean + share * apart,
            self.squares + more.squares + self.rows * share * float(apart @ apart),
            self.positions + more.positions,
        )

    def explained_variance_ratio(self) -> Wide:
        """Returns that of ``Projection``."""
        variance = self.squares / max(self.rows, 1)
        # A smaller variance is the rounding of equal rows, or there are no rows.
        if not variance > 1e-12 * float(self.mean @ self.mean):
            return np.full(self.positions.shape[1], np.nan)
        mean, square = self.positions / self.rows
        share: Wide = (square - mean**2) / variance
        return share.clip(0, 1)


def principal_basis(of: Moments, n_components: int = 3) -> Basis:
    """Finds the principal components from moments (Pearson 1901).

    The sign of each component makes its largest loading positive, so that equal data
    give equal pictures.
    """
    dim = len(of.total)
    values, vectors = np.linalg.eigh(of.covariance())
    shares, total = np.zeros(n_components), values.sum()
    shares[:dim] = values[::-1][:n_components] / total if total > 0 else np.nan
    components = np.zeros((n_components, dim))
    found = vectors.T[::-1][:n_components]
    largest = found[np.arange(len(found)), np.abs(found).argmax(axis=1)]
    components[: len(found)] = found * np.where(largest < 0, -1.0, 1.0)[:, None]
    return Basis(of.mean, components, shares.clip(0, 1))
