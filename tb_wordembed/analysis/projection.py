"""One basis for all steps, so that frames compare without flipping."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tb_wordembed.analysis.moments import Moments
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
            centered = rows - self.mean.astype(np.float32)
            found: Rows = centered @ self.components.T.astype(np.float32)
            lost = np.flatnonzero(~np.isfinite(found).all(axis=1))
            if len(lost):
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


def project(basis: Basis, blocks: Blocks) -> Projection:
    """A table in a basis, read once."""
    parts, spread = [], _Spread()
    with np.errstate(over="ignore", invalid="ignore"):
        for _, rows in blocks:
            parts.append(basis.project(rows))
            there = np.isfinite(parts[-1]).all(axis=1)
            spread.add(rows if there.all() else rows[there])
    positions = np.concatenate(parts)
    variance = spread.variance()
    if not variance > 0:
        return Projection(positions, np.full(positions.shape[1], np.nan))
    along = positions[finite(positions)].var(axis=0, dtype=np.float64)
    return Projection(positions, np.clip(along / variance, 0, 1))


class _Spread:
    """The variance of rows, summed over all dimensions, block by block (Chan, Golub &
    LeVeque 1983, "Algorithms for Computing the Sample Variance")."""

    def __init__(self) -> None:
        self._count = 0
        self._mean: Wide = np.zeros(1)
        self._squares = 0.0

    def add(self, rows: Rows) -> None:
        if not len(rows):
            return
        # Near the mean is near enough.
        center = rows[:: max(1, len(rows) // 64)].mean(axis=0, dtype=np.float64)
        shifted = rows - center.astype(np.float32)
        spare = shifted.mean(axis=0, dtype=np.float64)
        lengths = norms(shifted)
        squares = float(lengths @ lengths) - len(rows) * float(spare @ spare)
        apart = center.astype(np.float32) + spare - self._mean
        share = len(rows) / (self._count + len(rows))
        self._squares += squares + self._count * share * float(apart @ apart)
        self._mean = self._mean + share * apart
        self._count += len(rows)

    def variance(self) -> float:
        """Zero for no rows, or the same ones."""
        found = self._squares / max(self._count, 1)
        # Below this, it is what rounding left of equal rows.
        return found if found > 1e-12 * float(self._mean @ self._mean) else 0.0


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
