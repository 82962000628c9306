"""One basis for all steps, so that frames compare without flipping."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.rows import Blocks, Rows, finite


@dataclass(frozen=True)
class Moments:
    """First and second moments of the finite rows of a table, or of several.

    Attributes:
      count: how many rows.
      total: their sum, float64 ``[embedding_dim]``.
      gram: ``X.T @ X``, float64 ``[embedding_dim, embedding_dim]``.
    """

    count: int
    total: npt.NDArray[np.float64]
    gram: npt.NDArray[np.float64]

    def covariance(self) -> npt.NDArray[np.float64]:
        """About the mean; zero when there are no rows."""
        if not self.count:
            return self.gram
        mean = self.total / self.count
        return self.gram / self.count - np.outer(mean, mean)


def moments(blocks: Blocks, embedding_dim: int) -> Moments:
    """Moments of a table. Rows that are not finite are left out."""
    count, total = 0, np.zeros(embedding_dim)
    gram = np.zeros((embedding_dim, embedding_dim))
    for _, block in blocks:
        rows = block[finite(block)].astype(np.float64)
        count += len(rows)
        total += rows.sum(axis=0)
        gram += rows.T @ rows
    return Moments(count, total, gram)


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
class Basis:
    """Principal directions.

    Attributes:
      mean: float64 ``[embedding_dim]``.
      components: float64 ``[n_components, embedding_dim]``, unit vectors by falling
        variance; zero beyond the dimensions that there are.
    """

    mean: npt.NDArray[np.float64]
    components: npt.NDArray[np.float64]

    def project(self, rows: Rows) -> Rows:
        """Coordinates of rows, float32 ``[rows, n_components]``; NaN for a row that
        is not finite."""
        kept = finite(rows)
        out = np.full((len(rows), len(self.components)), np.nan, np.float32)
        with np.errstate(over="ignore"):
            out[kept] = (rows[kept] - self.mean) @ self.components.T
        # Near the largest number there is, a position may be beyond it.
        out[np.isinf(out)] = np.nan
        return out

    def explained_variance_ratio(self, of: Moments) -> npt.NDArray[np.float64]:
        """Per component, the share of a table's variance along it, 0..1; NaN when the
        table has no variance."""
        covariance = of.covariance()
        along = ((self.components @ covariance) * self.components).sum(axis=1)
        variance = np.trace(covariance)
        # Below this, variance is what rounding left of equal rows.
        if variance <= 1e-12 * max(np.trace(of.gram) / max(of.count, 1), 1e-300):
            return np.full(len(self.components), np.nan)
        ratio: npt.NDArray[np.float64] = np.clip(along / variance, 0, 1)
        return ratio


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
    return Basis(of.total / max(of.count, 1), components)
