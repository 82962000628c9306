"""The rotation that best lays one table upon another, so that runs can be compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tb_wordembed.analysis.moments import Pair
from tb_wordembed.analysis.rows import Rows, Wide


@dataclass(frozen=True)
class Alignment:
    """A rotation, or a reflection, of the rows of one table.

    Attributes:
      rotation: orthogonal, float64 ``[embedding_dim, embedding_dim]``.
      before_mean: taken from a row before it is turned, float64 ``[embedding_dim]``;
        zero where the tables were not centered.
      after_mean: added to it afterwards.
      count: the number of rows that both tables have.
      residual: what is left: ``|X R - Y| / sqrt(|X|^2 + |Y|^2)``, of Frobenius norms,
        0..1. 0 where the tables are the same but for the rotation, 1 where they have
        nothing in common. It is the same from Y to X. NaN for tables of zeros.
    """

    rotation: Wide
    before_mean: Wide
    after_mean: Wide
    count: int
    residual: float

    def apply(self, rows: Rows) -> Rows:
        """Returns rows of the table before, laid upon the one after: float32 ``[rows,
        embedding_dim]``. Their drift to the rows after is aligned drift."""
        with np.errstate(over="ignore", invalid="ignore"):
            turned = (
                rows - self.before_mean.astype(np.float32)
            ) @ self.rotation.astype(np.float32)
            turned += self.after_mean.astype(np.float32)
        return turned


def align(of: Pair, centered: bool = False) -> Alignment:
    """Finds the orthogonal R for which ``|X R - Y|`` is smallest (Schönemann 1966, "A
    generalized solution of the orthogonal Procrustes problem").

    Args:
      of: the products of the table before, X, and after, Y.
      centered: takes the mean of each table off first, so that a shift of the whole
        table is no difference either.
    """
    left, singular, right = np.linalg.svd(_cross(of, centered))
    none = np.zeros(len(singular))
    return Alignment(
        left @ right,
        of.before.mean if centered else none,
        of.after.mean if centered else none,
        of.before.count,
        _residual(of, centered, float(singular.sum())),
    )


def procrustes_residual(of: Pair, centered: bool = False) -> float:
    """Returns ``Alignment.residual`` alone, which costs less."""
    singular = np.linalg.svd(_cross(of, centered), compute_uv=False)
    return _residual(of, centered, float(singular.sum()))


def _cross(of: Pair, centered: bool) -> Wide:
    if not centered:
        return of.cross
    return of.cross - of.before.count * np.outer(of.before.mean, of.after.mean)


def _residual(of: Pair, centered: bool, nuclear_norm: float) -> float:
    moved, size = of.moved, np.trace(of.before.gram) + np.trace(of.after.gram)
    if centered:
        shift = of.after.mean - of.before.mean
        moved -= of.before.count * float(shift @ shift)
        size = of.before.count * (
            np.trace(of.before.covariance()) + np.trace(of.after.covariance())
        )
    if not size > 0:
        return float("nan")
    # |X R - Y|^2 is |X|^2 + |Y|^2 - 2 |X'Y|*; taken from |X - Y|^2 instead, what
    # cancels is the small difference of the nuclear norm and the trace.
    left = moved - 2 * (nuclear_norm - np.trace(_cross(of, centered)))
    return float(np.sqrt(np.clip(left / size, 0, 1)))
