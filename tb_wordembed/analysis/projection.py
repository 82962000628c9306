"""One basis for all steps, so that frames compare without flipping."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tb_wordembed.analysis.moments import Moments
from tb_wordembed.analysis.rows import Rows, Wide, finite


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

    def explained_variance_ratio(self, of: Moments) -> Wide:
        """Per component, the share of a table's variance along it, 0..1; NaN when the
        table has no variance."""
        covariance = of.covariance()
        variance = np.trace(covariance)
        if not variance > 0:
            return np.full(len(self.components), np.nan)
        along = ((self.components @ covariance) * self.components).sum(axis=1)
        ratio: Wide = np.clip(along / variance, 0, 1)
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
    return Basis(of.mean, components)
