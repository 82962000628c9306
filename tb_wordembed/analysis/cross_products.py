"""Products of tables with each other, from which rotations between them follow.

Products of a row block are taken in float32 about a center near its mean, and added up
in float64, as in ``tb_wordembed.analysis.block_sums``. Of a pair of tables, one product
is taken; their moments would take three.
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
