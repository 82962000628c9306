"""First and second moments of a table, of several, and of a pair of tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tb_wordembed.analysis.rows import Wide


@dataclass(frozen=True)
class Moments:
    """First and second moments of the finite rows of a table, or of several.

    Attributes:
      total: their sum, float64 ``[embedding_dim]``.
      gram: ``X.T @ X``, float64 ``[embedding_dim, embedding_dim]``.
    """

    count: int
    total: Wide
    gram: Wide

    @property
    def mean(self) -> Wide:
        """The mean row; zero when there are no rows."""
        return self.total / max(self.count, 1)

    def covariance(self) -> Wide:
        """Returns the covariance matrix; zero when there are no rows, or when they are
        all the same."""
        rows = max(self.count, 1)
        found: Wide = self.gram / rows - np.outer(self.mean, self.mean)
        # A smaller value is the rounding of equal rows.
        if rows == 1 or np.trace(found) <= 1e-12 * np.trace(self.gram) / rows:
            return np.zeros_like(found)
        return found

    def without(self, some: Moments) -> Moments:
        """Returns the moments of the other rows."""
        return Moments(
            self.count - some.count, self.total - some.total, self.gram - some.gram
        )


@dataclass(frozen=True)
class Pair:
    """Moments of a table before and after, over the rows that are finite in both.

    Attributes:
      drag: ``Y.T @ (Y - X)``, float64 ``[embedding_dim, embedding_dim]``: unlike
        ``Y.T @ X``, it keeps its precision when little has changed.
      moved: sum of ``(Y - X)**2``.
      spread: ``(Y - X).T @ (Y - X)``, as large.
    """

    before: Moments
    after: Moments
    drag: Wide
    moved: float
    spread: Wide

    @property
    def cross(self) -> Wide:
        """The product ``X.T @ Y``."""
        found: Wide = self.after.gram - self.drag.T
        return found


def pool(parts: Iterable[Moments]) -> Moments:
    """Returns the moments of the rows of several tables together."""
    parts = list(parts)
    return Moments(
        sum(part.count for part in parts),
        np.sum([part.total for part in parts], axis=0),
        np.sum([part.gram for part in parts], axis=0),
    )
