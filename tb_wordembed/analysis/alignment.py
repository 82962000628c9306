"""The rotation that best lays one table upon another, so that runs can be compared.

It follows from the product of the tables. Products of a row block are taken in float32
about a center near its mean, and added up in float64, as in
``tb_wordembed.analysis.block_sums``. Of a pair of tables, one product is taken; their
moments would take three.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.block_sums import fits_float32
from tb_wordembed.analysis.rows import Rows, Scratch, Wide, dots, norms
from tb_wordembed.analysis.table_moments import Pair
from tb_wordembed.engine.local import IN_TURN, LocalEngine

_SCRATCH = Scratch()

Pairs = Sequence[tuple[int, int]]
"""The numbers of the two tables of each pair, X and Y."""


@dataclass(frozen=True)
class Cross:
    """Sums over the rows of two tables, X and Y, that are finite in both.

    Attributes:
      product: ``X.T @ Y``, float64 ``[embedding_dim, embedding_dim]``.
      before_total, after_total: the sums of the rows, float64 ``[embedding_dim]``.
      squares: the sums of ``X**2`` and of ``Y**2``.
      moved: the sum of ``(Y - X)**2``; NaN if it was not asked for.
    """

    count: int
    product: Wide
    before_total: Wide
    after_total: Wide
    squares: tuple[float, float]
    moved: float


def crosses(
    blocks: Iterable[Sequence[Rows]],
    embedding_dim: int,
    pairs: Pairs = ((0, 1),),
    engine: LocalEngine = IN_TURN,
    *,
    with_moved: bool = True,
) -> list[Cross]:
    """Returns the sums of each pair, over the rows that are finite in all tables.

    Args:
      blocks: the same rows of each table, block by block.
      with_moved: whether ``Cross.moved`` is needed, which takes time.
    """
    tables = 1 + max(max(pair) for pair in pairs)
    parts = engine.map(lambda block: _of_block(block, pairs, with_moved), blocks)
    sums = reduce(_add, parts, _Sums.empty(tables, len(pairs), embedding_dim))
    return [
        Cross(
            sums.rows,
            sums.products[at],
            sums.totals[one],
            sums.totals[other],
            (float(sums.squares[one]), float(sums.squares[other])),
            float(sums.moved[at]),
        )
        for at, (one, other) in enumerate(pairs)
    ]


class _Sums(NamedTuple):
    rows: int
    totals: Wide
    squares: Wide
    products: Wide
    moved: Wide

    @staticmethod
    def empty(tables: int, pairs: int, dim: int) -> _Sums:
        each, pair = np.zeros((tables, dim)), np.zeros((pairs, dim, dim))
        return _Sums(0, each, np.zeros(tables), pair, np.zeros(pairs))


def _add(sums: _Sums, more: _Sums) -> _Sums:
    return _Sums(*map(operator.iadd, sums, more))


@np.errstate(all="ignore")
def _of_block(block: Sequence[Rows], pairs: Pairs, with_moved: bool) -> _Sums:
    norm = [norms(rows) for rows in block]
    kept = np.isfinite(norm).all(axis=0)
    tables: list[npt.NDArray[np.floating]] = [*block]
    if not kept.all():
        tables = [rows[kept] for rows in block]
        norm = [one[kept] for one in norm]
    count, dim = int(kept.sum()), block[0].shape[1]
    if not count:
        return _Sums.empty(len(block), len(pairs), dim)
    if not all(fits_float32(one, norm) for one in norm):
        tables = [rows.astype(np.float64) for rows in tables]
    # The center need not be the mean: the mean of some rows is near enough.
    some = slice(None, None, max(1, count // 64))
    centers = [rows[some].mean(axis=0) for rows in tables]
    # Side by side, so that a table is multiplied with all later ones at once.
    wide = _SCRATCH.array((count, len(tables) * dim), tables[0].dtype)
    shifted = np.split(wide, len(tables), axis=1)
    for rows, one, out in zip(tables, centers, shifted, strict=True):
        np.subtract(rows, one, out=out)
    spare = wide.sum(axis=0).reshape(len(tables), -1).astype(np.float64)
    center = np.stack(centers).astype(np.float64)
    totals = spare + count * center
    about = np.array([dots(one, one).sum() for one in shifted])
    squares = about + np.einsum("td,td->t", center, spare + totals)
    products = np.empty((len(pairs), dim, dim))
    for one in {one for one, _ in pairs}:
        of_one = [at for at, pair in enumerate(pairs) if pair[0] == one]
        others = [pairs[at][1] for at in of_one]
        first = min(others)
        product = shifted[one].T @ wide[:, first * dim : (max(others) + 1) * dim]
        for at, other in zip(of_one, others, strict=True):
            products[at] = product[:, (other - first) * dim :][:, :dim]
            products[at] += np.stack([spare[one], center[one]], axis=1) @ np.stack(
                [center[other], totals[other]]
            )
    moved = np.full(len(pairs), np.nan)
    if with_moved:
        changes = (tables[other] - tables[one] for one, other in pairs)
        moved[:] = [dots(change, change).sum() for change in changes]
    return _Sums(count, totals, squares, products, moved)


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
