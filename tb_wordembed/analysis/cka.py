"""Centered kernel alignment of two tables that may have different dimensions."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.rows import finite


def table_cka(
    first: npt.NDArray[np.floating],
    second: npt.NDArray[np.floating],
    *,
    debiased: bool = False,
) -> float:
    """Returns how alike the distances within two tables are: linear CKA (Kornblith et
    al. 2019, "Similarity of Neural Network Representations Revisited").

    No rotation, scale or shift of either table changes it. Tables of few rows look
    alike by chance; the debiased estimate, which may be below 0, takes that away (their
    code; Song et al. 2007, "Supervised Feature Selection via Dependence Estimation").

    Args:
      first: the one table, ``[rows, embedding_dim]``.
      second: the same rows in the other, ``[rows, any dimension]``; rows that are not
        finite in both are left out.

    Returns:
      0..1; debiased, at most 1. NaN when one has no variance, or with too few rows (2;
      debiased, 4).

    Raises:
      ValueError: the tables have different numbers of rows.
    """
    if len(first) != len(second):
        raise ValueError(
            f"the tables have {len(first)} and {len(second)} rows; CKA compares the "
            "same rows"
        )
    kept = finite(first) & finite(second)
    one, other = (_centered(table[kept]) for table in (first, second))
    if len(one) < (4 if debiased else 2):
        return float("nan")
    like = _debiased if debiased else _likeness
    size = like(one, one) * like(other, other)
    return float(like(one, other) / np.sqrt(size)) if size > 0 else float("nan")


_Wide = npt.NDArray[np.float64]


def _centered(table: npt.NDArray[np.floating]) -> _Wide:
    wide = table.astype(np.float64)
    return wide - wide.mean(axis=0) if len(wide) else wide


def _likeness(one: _Wide, other: _Wide) -> float:
    return float(((one.T @ other) ** 2).sum())


def _debiased(one: _Wide, other: _Wide) -> float:
    n = len(one)
    first, second = ((table**2).sum(axis=1) for table in (one, other))
    return float(
        _likeness(one, other)
        - n / (n - 2) * (first @ second)
        + first.sum() * second.sum() / ((n - 1) * (n - 2))
    )
