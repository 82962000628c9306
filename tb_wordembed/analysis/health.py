"""Is the table healthy: measures of a whole table at a step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.drift import drift
from tb_wordembed.analysis.projection import Moments
from tb_wordembed.analysis.rows import Rows, finite, norms

QUANTILES = (0.1, 0.5, 0.9, 1.0)


def effective_rank(of: Moments) -> float:
    """How many dimensions the table really uses, 1..embedding_dim.

    exp of the entropy of its singular values, taken as shares of their sum (Roy &
    Vetterli 2007, "The effective rank: a measure of effective dimensionality"). NaN
    for a table of zeros.
    """
    eigenvalues = np.linalg.eigvalsh(of.gram)
    # Squares of singular values that rounding made of nothing.
    eigenvalues[eigenvalues < eigenvalues[-1] * 1e-14 * len(eigenvalues)] = 0
    singular = np.sqrt(eigenvalues)
    if not singular.sum() > 0:
        return float("nan")
    shares = singular / singular.sum()
    shares = shares[shares > 0]
    return float(np.exp(-(shares * np.log(shares)).sum()))


def mean_pairwise_cosine(count: int, unit_total: npt.NDArray[np.float64]) -> float:
    """Average cosine over all pairs of different rows, -1..1.

    High values mean that the rows lie in a narrow cone (Ethayarajh 2019, "How
    Contextual are Contextualized Word Representations?").

    Args:
      count: how many rows have a direction.
      unit_total: sum of these rows, each scaled to length 1, ``[embedding_dim]``.

    Returns:
      NaN with fewer than two rows.
    """
    if count < 2:
        return float("nan")
    # All pairs at once: |sum of u|^2 = count + the sum over pairs of different rows.
    return float((unit_total @ unit_total - count) / (count * (count - 1)))


@dataclass(frozen=True)
class StepHealth:
    """Health of a table at one step. Quantiles are those of ``QUANTILES``."""

    norm: npt.NDArray[np.float64]
    drift_from_first: npt.NDArray[np.float64]
    drift_from_previous: npt.NDArray[np.float64]
    effective_rank: float
    mean_pairwise_cosine: float
    frozen_rows: int | None
    """Finite rows the same as at the step before, bit for bit; None at the first."""
    zero_rows: int
    non_finite_rows: int


def step_health(
    blocks: Iterable[tuple[Rows, Rows | None, Rows | None]], moments: Moments
) -> StepHealth:
    """Health of a table.

    Args:
      blocks: row blocks of the table, with the same rows of the step before and of
        the first step, or None where there is no such step.
      moments: of the table.
    """
    norm, from_first, from_previous = [], [], []
    directions, unit_total = 0, np.zeros(len(moments.total))
    frozen, zero, non_finite = None, 0, 0
    for rows, previous, first in blocks:
        kept = rows[finite(rows)].astype(np.float64)
        lengths = norms(kept)
        pointing = kept[lengths > 0] / lengths[lengths > 0, None]
        norm.append(lengths)
        directions += len(pointing)
        unit_total += pointing.sum(axis=0)
        zero += int((lengths == 0).sum())
        non_finite += len(rows) - len(kept)
        if first is not None:
            from_first.append(drift(first, rows))
        if previous is not None:
            from_previous.append(drift(previous, rows))
            frozen = (frozen or 0) + _identical_rows(previous, rows)
    return StepHealth(
        norm=_quantiles(norm),
        drift_from_first=_quantiles(from_first),
        drift_from_previous=_quantiles(from_previous),
        effective_rank=effective_rank(moments),
        mean_pairwise_cosine=mean_pairwise_cosine(directions, unit_total),
        frozen_rows=frozen,
        zero_rows=zero,
        non_finite_rows=non_finite,
    )


def _quantiles(parts: Sequence[npt.NDArray[np.floating]]) -> npt.NDArray[np.float64]:
    """The ``QUANTILES`` of the finite values; NaN when there are none."""
    values = np.concatenate([*parts, np.empty(0)])
    kept = values[np.isfinite(values)]
    if not len(kept):
        return np.full(len(QUANTILES), np.nan)
    found: npt.NDArray[np.float64] = np.quantile(kept, QUANTILES)
    return found


def _identical_rows(before: Rows, after: Rows) -> int:
    same = (before.view(np.uint32) == after.view(np.uint32)).all(axis=1)
    return int((same & finite(after)).sum())
