"""Health: measures of a whole table at a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.alignment import procrustes_residual
from tb_wordembed.analysis.rows import (
    Prints,
    Rows,
    Scratch,
    Wide,
    count_duplicates,
    within,
)
from tb_wordembed.analysis.table_moments import Moments, Pair

QUANTILES = (0.1, 0.5, 0.9, 1.0)
MEDIAN = QUANTILES.index(0.5)
_SCRATCH = Scratch()

SPECTRUM = 32
"""The number of singular values that are kept."""


@dataclass(frozen=True)
class Similarity:
    """The similarity of two tables, over the rows that are finite in both:
    ``linear_cka``, ``pip_loss``, and the residual of
    ``tb_wordembed.analysis.alignment.Alignment``, not centered."""

    cka: float
    pip_loss: float
    procrustes_residual: float


@dataclass(frozen=True)
class StepHealth:
    """Health of a table at one step. Quantiles are those of ``QUANTILES``, NaN where
    there is nothing to measure; rows that are not finite are left out."""

    norm: Wide
    drift_from_first: Wide
    """Quantiles of cosine drift."""
    drift_from_previous: Wide
    effective_rank: float
    participation_ratio: float
    iso_score: float
    mean_pairwise_cosine: float
    spectrum: Wide
    """The largest singular values of the table, 32 at most, falling."""
    zero_rows: int
    duplicate_rows: int
    """The number of rows that equal an earlier row; zero rows count, too."""
    non_finite_rows: int
    information_abundance: float
    direction_spread: float
    to_first: Similarity | None = None
    """The similarity to the first step; None at the first step."""
    to_previous: Similarity | None = None
    frozen_rows: int | None = None
    """The number of rows that equal those of the step before; None at the first."""
    cold_share: float = float("nan")
    """The share of the rows that no step up to this one has changed, 0..1; NaN at the
    first step."""


def singular_values(of: Moments) -> Wide:
    """Returns the singular values of the table, falling, float64 ``[embedding_dim]``.

    Values below 5e-4 of the root of the sum of squares about the mean may be rounding,
    and are 0.
    """
    squares = _eigenvalues(of.gram, of.count)[::-1]
    rounding = 2.5e-7 * of.count * np.trace(of.covariance())
    rounding += 1e-13 * np.trace(of.gram)
    return np.sqrt(np.where(squares > rounding, squares, 0))


def _eigenvalues(gram: Wide, rows: int) -> Wide:
    """Returns the eigenvalues of ``X.T @ X``, rising, of so many rows.

    Where there are far more columns than rows, most are 0. The others are found in the
    space of the rows (Halko et al. 2011, "Finding Structure with Randomness"), which
    random directions span, so that nothing is left out.
    """
    # A few more directions than the rows span.
    dim, rank = len(gram), rows + 16
    if 2 * rank <= dim:
        some = np.random.default_rng(0).standard_normal((dim, rank))
        space, _ = np.linalg.qr(gram @ some)
        gram = space.T @ (gram @ space)
    found = np.linalg.eigvalsh(gram)
    return np.sort(np.concatenate([np.zeros(dim - len(found)), found]))


def effective_rank(singular: Wide) -> float:
    """Returns how many dimensions the table really uses, 1..embedding_dim.

    exp of the entropy of its singular values, taken as shares of their sum (Roy &
    Vetterli 2007, "The effective rank: a measure of effective dimensionality"). NaN
    for a table of zeros.
    """
    if not singular.sum() > 0:
        return float("nan")
    shares = singular[singular > 0] / singular.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


def information_abundance(singular: Wide) -> float:
    """Returns the sum of the singular values over the largest, 1..embedding_dim: how
    many dimensions as large as the largest they would fill (Guo et al. 2024, "On the
    Embedding Collapse When Scaling Up Recommendation Models"). NaN for a table of
    zeros."""
    if not singular.sum() > 0:
        return float("nan")
    return float(singular.sum() / singular.max())


def direction_spread(count: int, directions: Wide) -> float:
    """Returns how far the directions of the rows are spread, 0 (all are the same) to 1
    (they are spread evenly); NaN without rows.

    The standard deviation of the rows, each scaled to length 1, averaged over the
    dimensions, over ``1 / sqrt(embedding_dim)`` (Chen & He 2021, "Exploring Simple
    Siamese Representation Learning"). Differences below 1e-3 may be rounding.

    Args:
      count: the number of rows that have a direction.
      directions: ``sums_of_directions`` of all rows.
    """
    if not count:
        return float("nan")
    mean, mean_square = directions / count
    deviation = np.sqrt(np.clip(mean_square - mean**2, 0, None))
    return float(deviation.mean() * np.sqrt(len(mean)))


def participation_ratio(of: Moments) -> float:
    """Returns over how many dimensions the variance is spread, 1..embedding_dim.

    The squared sum of the variances along the principal components, over the sum of
    their squares (Gao et al. 2017, "A theory of multineuronal dimensionality,
    dynamics and measurement"). NaN when there is no variance.
    """
    covariance = of.covariance()
    squares = (covariance**2).sum()
    if not squares > 0:
        return float("nan")
    return float(np.clip(np.trace(covariance) ** 2 / squares, 1, len(covariance)))


def iso_score(of: Moments) -> float:
    """Returns how evenly the variance uses all dimensions, 0 (one) to 1 (all alike).

    Rudman et al. 2022, "IsoScore: Measuring the Uniformity of Embedding Space
    Utilization". NaN when there is no variance, or one dimension.
    """
    return iso_score_of(participation_ratio(of), len(of.total))


def iso_score_of(participation: float, dim: int) -> float:
    """Returns ``iso_score`` from the participation ratio and the dimension."""
    # Their fraction of dimensions used, written out, is this ratio over ``dim``.
    return float("nan") if dim < 2 else (participation - 1) / (dim - 1)


def mean_pairwise_cosine(count: int, unit_total: Wide) -> float:
    """Returns the average cosine over all pairs of different rows, -1..1; NaN with
    fewer than two.

    High values mean that the rows lie in a narrow cone (Ethayarajh 2019, "How
    Contextual are Contextualized Word Representations?").

    Args:
      count: the number of rows that have a direction.
      unit_total: sum of these rows, each scaled to length 1, ``[embedding_dim]``.
    """
    if count < 2:
        return float("nan")
    # All pairs at once: |sum of u|^2 = count + the sum over pairs of different rows.
    return float((unit_total @ unit_total - count) / (count * (count - 1)))


def sums_of_directions(rows: Rows, norm: Wide) -> Wide:
    """Returns the sum of the rows, each scaled to length 1, and that of their squares,
    float64 ``[2, embedding_dim]``; rows that are zero or not finite are left out."""
    pointing = np.isfinite(norm) & (norm > 0)
    if not pointing.all():
        rows, norm = rows[pointing], norm[pointing]
    if within(norm, 1e-15, 1e15):
        weights = (1 / norm).astype(np.float32)
        squares = np.multiply(rows, rows, out=_SCRATCH.array(rows.shape, np.float32))
        sums = weights @ rows, weights**2 @ squares
    else:
        wide = rows.astype(np.float64) / norm[:, None]
        sums = wide.sum(axis=0), (wide**2).sum(axis=0)
    return np.stack(sums).astype(np.float64)


def linear_cka(of: Pair) -> float:
    """Returns how alike the distances within two tables are, 0..1, whatever the
    rotation, the scale and the mean: linear centered kernel alignment (Kornblith et al.
    2019, "Similarity of Neural Network Representations Revisited"). Good to 1e-6, or
    1e-9 times the ratio of the sizes of the tables. NaN when one has no variance, and
    when the first is less than a millionth of the other."""
    before, after = of.before.covariance(), of.after.covariance()
    sizes = np.linalg.norm(before), np.linalg.norm(after)
    # In the difference of the tables, one that is smaller is lost.
    if not (sizes[0] > 1e-12 * sizes[1] and sizes[1] > 0):
        return float("nan")
    cross = of.cross / of.before.count - np.outer(of.before.mean, of.after.mean)
    return float(np.clip(np.square(cross).sum() / sizes[0] / sizes[1], 0, 1))


def pip_loss(of: Pair) -> float:
    """Returns how different the inner products within two tables are, 0..1: pairwise
    inner product loss (Yin & Shen 2018, "On the Dimensionality of Word Embedding").

    ``|X X' - Y Y'| / (|X X'| + |Y Y'|)``, of Frobenius norms; the paper's is the
    numerator. No rotation of either table changes it. Good to 2e-3 of itself. NaN for
    tables of zeros.
    """
    size = np.linalg.norm(of.before.gram) + np.linalg.norm(of.after.gram)
    if not size > 0:
        return float("nan")
    # D = Y - X: X X' - Y Y' has the norm of Y D' + D Y' - D D', in which nothing
    # cancels.
    squared = (
        2 * (of.drag * of.drag.T).sum()
        + 2 * (of.spread * of.after.gram).sum()
        - 4 * (of.spread * of.drag).sum()
        + (of.spread**2).sum()
    )
    return float(np.sqrt(np.clip(squared / size**2, 0, 1)))


def similarity(of: Pair) -> Similarity:
    """Returns all measures of ``Similarity``."""
    return Similarity(linear_cka(of), pip_loss(of), procrustes_residual(of))


def step_health(
    norm: Rows, prints: Prints, moments: Moments, directions: Wide, absent: int = 0
) -> StepHealth:
    """Returns the health of a table from its own measures, as that of a first step.

    Args:
      norm: of each row, float32 ``[vocab_size]``; NaN where it is not finite.
      prints: ``tb_wordembed.analysis.rows.fingerprints`` of all rows.
      directions: ``sums_of_directions`` of all rows.
      absent: the number of rows that the table doesn't have yet.
    """
    missing = int(np.isnan(norm).sum())
    there = prints[np.isfinite(norm)] if missing else prints
    singular = singular_values(moments)
    pointing, participation = int((norm > 0).sum()), participation_ratio(moments)
    unknown = quantiles(np.empty(0))
    return StepHealth(
        norm=quantiles(norm),
        drift_from_previous=unknown,
        drift_from_first=unknown,
        effective_rank=effective_rank(singular),
        participation_ratio=participation,
        iso_score=iso_score_of(participation, len(moments.total)),
        mean_pairwise_cosine=mean_pairwise_cosine(pointing, directions[0]),
        spectrum=singular[:SPECTRUM],
        zero_rows=int((norm == 0).sum()),
        duplicate_rows=count_duplicates(there),
        non_finite_rows=missing - absent,
        information_abundance=information_abundance(singular),
        direction_spread=direction_spread(pointing, directions),
    )


def quantiles(
    values: npt.NDArray[np.floating], shares: Sequence[float] = QUANTILES
) -> Wide:
    """Returns quantiles of the finite values; NaN when there are none."""
    kept = values[np.isfinite(values)]
    if not len(kept):
        return np.full(len(shares), np.nan)
    # NumPy sorts faster than it looks for several places at once.
    kept.sort()
    found = np.quantile(kept, shares, overwrite_input=True)
    return np.asarray(found, np.float64)
