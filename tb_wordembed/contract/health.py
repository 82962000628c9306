"""Request and response of health: measures of the whole table at each step."""

from __future__ import annotations

from dataclasses import dataclass

from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import Route, SeriesRequest


@dataclass(frozen=True)
class Quantiles:
    """Quantiles over the tokens, one value per step; null where there is nothing to
    compare."""

    p10: list[float | None]
    p50: list[float | None]
    p90: list[float | None]
    max: list[float | None]


@dataclass(frozen=True)
class Likeness:
    """How similar a table is to that of another step, one value per step; null where
    there is nothing to compare."""

    cka: list[float | None]
    """Linear centered kernel alignment, 0..1: 1 for the same table but for rotation,
    scale and mean (Kornblith et al. 2019)."""
    pip_loss: list[float | None]
    """Pairwise inner product loss over the sum of both norms, 0..1: 0 for the same
    table but for a rotation (Yin & Shen 2018)."""
    procrustes_residual: list[float | None]
    """The share that the best rotation leaves over, 0..1 (Schönemann 1966)."""


@dataclass(frozen=True)
class Health:
    """Measures of the whole table, one value per step."""

    job: Job
    steps: list[int]
    """The steps measured so far, from the first on; all when the job is done."""
    drift_from_first: Quantiles
    """Cosine drift from the first step."""
    drift_from_previous: Quantiles
    """Cosine drift from the step before."""
    norm: Quantiles
    """Euclidean norm of the rows."""
    effective_rank: list[float | None]
    """The exponential of the entropy of the normalized singular values,
    1..embedding_dim (Roy & Vetterli 2007)."""
    mean_pairwise_cosine: list[float | None]
    """Average cosine between two different rows, -1..1 (Ethayarajh 2019)."""
    participation_ratio: list[float | None]
    """The number of dimensions over which the variance is spread, 1..embedding_dim (Gao
    et al. 2017)."""
    iso_score: list[float | None]
    """How evenly the variance uses all dimensions, 0..1 (Rudman et al. 2022). Neither
    end is better."""
    to_first: Likeness
    to_previous: Likeness
    frozen_rows: list[int | None]
    """Finite rows that equal those of the step before, number by number."""
    zero_rows: list[int]
    duplicate_rows: list[int]
    """Rows that equal an earlier row, number by number."""
    non_finite_rows: list[int]
    """Rows with NaN or infinite values: counted here, left out elsewhere."""


ROUTES = (Route("health", SeriesRequest, Health),)
