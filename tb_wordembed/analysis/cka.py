"""Centered kernel alignment of tables that may have different dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.rows import Wide, finite

SimilarityMeasure = Literal["cka", "overlap"]
"""``cka``: the linear centered kernel alignment of two tables, debiased, at most 1.
``overlap``: the mean share of the k neighbors of a token by cosine that are the same,
0 to 1, of tokens that have neighbors in both. Neither depends on a rotation of a table,
so none has to be aligned."""


def table_cka(
    first: npt.NDArray[np.floating],
    second: npt.NDArray[np.floating],
    *,
    debiased: bool = False,
) -> float:
    """Returns how alike the distances within two tables are: linear CKA (Kornblith et
    al. 2019, "Similarity of Neural Network Representations Revisited").

    No rotation, scale or shift of either table changes it. Tables of few rows look
    alike by chance; the debiased estimate takes that away (their code; Song et al.
    2007, "Supervised Feature Selection via Dependence Estimation").

    Args:
      first: the one table, ``[rows, embedding_dim]``.
      second: the same rows in the other, ``[rows, any dimension]``; rows that are not
        finite in both are left out.

    Returns:
      0..1; debiased, at most 1, perhaps below 0. NaN when one has no variance, or with
      too few rows (2; debiased, 4).

    Raises:
      ValueError: the tables have different numbers of rows.
    """
    if len(first) != len(second):
        raise ValueError(
            f"the tables have {len(first)} and {len(second)} rows; CKA compares the "
            "same rows"
        )
    kept = finite(first) & finite(second)
    if kept.sum() < (4 if debiased else 2):
        return float("nan")
    one, other = (_centered(table[kept]) for table in (first, second))
    like = _debiased if debiased else _similarity
    size = like(one, one) * like(other, other)
    return float(like(one, other) / np.sqrt(size)) if size > 0 else float("nan")


def _centered(table: npt.NDArray[np.floating]) -> Wide:
    """Returns rows less their mean, scaled so that the largest number is 1; zeros where
    rows are equal but for rounding, or not finite."""
    wide = table.astype(np.float64)
    wide -= wide.sum(axis=0) / max(len(wide), 1)
    largest, size = (np.abs(one).max(initial=0) for one in (table, wide))
    return wide / size if size > 1e-12 * largest else np.zeros_like(wide)


def _similarity(one: Wide, other: Wide) -> float:
    return float(((one.T @ other) ** 2).sum())


def _debiased(one: Wide, other: Wide) -> float:
    n = len(one)
    first, second = ((table**2).sum(axis=1) for table in (one, other))
    return float(
        _similarity(one, other)
        - n / (n - 2) * (first @ second)
        + first.sum() * second.sum() / ((n - 1) * (n - 2))
    )


@dataclass(frozen=True)
class Products:
    """The inner products of the rows of a table, less their mean and scaled: all that
    CKA depends on, so that many tables are compared in one matrix product.

    Attributes:
      pairs: those of two different rows, float32 ``[rows * (rows - 1) / 2]``.
      sums: the sum of those of each row with the others, float64 ``[rows]``.
    """

    pairs: npt.NDArray[np.float32]
    sums: Wide

    @staticmethod
    @np.errstate(invalid="ignore")
    def of(rows: npt.NDArray[np.floating]) -> Products:
        """Returns the products of rows, ``[rows, embedding_dim]``; zeros if one is not
        finite."""
        wide = _centered(rows)
        gram = wide @ wide.T
        np.fill_diagonal(gram, 0)
        upper = np.triu_indices(len(gram), 1)
        return Products(gram[upper].astype(np.float32), gram.sum(axis=1))


@np.errstate(invalid="ignore")
def cka_matrix(first: Sequence[Products], second: Sequence[Products]) -> Wide:
    """Returns the debiased ``table_cka`` of each table with each other, good to 1e-4.

    Args:
      first: tables of the same rows.
      second: tables of these rows, too; they may have another dimension.

    Returns:
      float64 ``[first, second]``; NaN for a table without variance, with rows that are
      not finite, or with fewer than 4.
    """
    found = np.full((len(first), len(second)), np.nan)
    if not found.size or len(first[0].sums) < 4:
        return found
    similarity = _debiased_similarity(first, second)
    sizes = [
        np.array([_debiased_similarity([one], [one])[0, 0] for one in tables])
        for tables in (first, second)
    ]
    square = np.outer(*sizes)
    known = (square > 0) & (sizes[0] > 0)[:, None]
    found[known] = similarity[known] / np.sqrt(square[known])
    return found.clip(max=1)


_PAIRS_AT_ONCE = 2**16


def _debiased_similarity(first: Sequence[Products], second: Sequence[Products]) -> Wide:
    """Returns a multiple of the unbiased estimate of the Hilbert-Schmidt independence
    criterion (Song et al. 2007) of each table with each other."""
    n = len(first[0].sums)
    found = np.zeros((len(first), len(second)))
    for start in range(0, n * (n - 1) // 2, _PAIRS_AT_ONCE):
        part = slice(start, start + _PAIRS_AT_ONCE)
        one, other = (
            np.stack([table.pairs[part] for table in tables])
            for tables in (first, second)
        )
        found += 2 * (one @ other.T).astype(np.float64)
    sums = [np.stack([table.sums for table in tables]) for tables in (first, second)]
    totals = [one.sum(axis=1) for one in sums]
    found += np.outer(*totals) / ((n - 1) * (n - 2))
    found -= 2 / (n - 2) * (sums[0] @ sums[1].T)
    return found
