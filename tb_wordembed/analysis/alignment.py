"""The rotation that best lays one table upon another, so that runs can be compared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tb_wordembed.analysis.cross_products import Cross
from tb_wordembed.analysis.rows import Rows, Wide
from tb_wordembed.analysis.table_moments import Pair


@dataclass(frozen=True)
class Alignment:
    """A rotation, or a reflection, of the rows of one table.

    Attributes:
      rotation: orthogonal, float64 ``[embedding_dim, embedding_dim]``.
      before_mean: taken from a row before it is turned, float64 ``[embedding_dim]``;
        zero where the tables were not centered.
      after_mean: added to it afterwards.
      count: the number of rows that both tables have.
      residual: what is left: ``|X R - Y| / sqrt(|X|^2 + |Y|^2)``, of Frobenius norms:
        0 where tables differ by the rotation only, 1 where they have nothing in
        common, NaN for tables of zeros. It is the same from Y to X.
    """

    rotation: Wide
    before_mean: Wide
    after_mean: Wide
    count: int
    residual: float

    def apply(self, rows: Rows) -> Rows:
        """Returns rows of the table before, rotated onto the one after: float32
        ``[rows, embedding_dim]``. Their drift to the rows after is aligned drift."""
        with np.errstate(over="ignore", invalid="ignore"):
            if self.before_mean.any():
                rows = rows - self.before_mean.astype(np.float32)
            turned = rows @ self.rotation.astype(np.float32)
            if self.after_mean.any():
                turned += self.after_mean.astype(np.float32)
        return turned


def align(of: Cross, centered: bool = False) -> Alignment:
    """Finds the orthogonal R for which ``|X R - Y|`` is smallest (Schönemann 1966, "A
    generalized solution of the orthogonal Procrustes problem").

    Args:
      of: the product of the table before, X, and after, Y.
      centered: takes the mean of each table off first, so that a shift of the whole
        table is no difference either.
    """
    means = [total / max(of.count, 1) for total in (of.before_total, of.after_total)]
    moved, squares, product = of.moved, sum(of.squares), of.product
    if centered:
        product = product - of.count * np.outer(*means)
        moved -= of.count * float(np.square(means[1] - means[0]).sum())
        size = squares - of.count * float(np.square(means).sum())
        # A smaller value is the rounding of equal rows.
        squares = size if size > 1e-12 * squares else 0.0
    left, singular, right = np.linalg.svd(product)
    residual = _residual(product, float(singular.sum()), moved, squares)
    before, after = means if centered else [np.zeros(len(singular))] * 2
    return Alignment(left @ right, before, after, of.count, residual)


def procrustes_residual(of: Pair) -> float:
    """Returns ``Alignment.residual`` alone, which costs less."""
    singular = np.linalg.svd(of.cross, compute_uv=False)
    size = float(np.trace(of.before.gram) + np.trace(of.after.gram))
    return _residual(of.cross, float(singular.sum()), of.moved, size)


def _residual(product: Wide, nuclear_norm: float, moved: float, size: float) -> float:
    if not size > 0:
        return float("nan")
    # |X R - Y|^2 is |X|^2 + |Y|^2 - 2 |X'Y|*; taken from |X - Y|^2 instead, what
    # cancels is the small difference of the nuclear norm and the trace.
    left = moved - 2 * (nuclear_norm - np.trace(product))
    return float(np.sqrt(np.clip(left / size, 0, 1)))
