"""Requests and responses of noise: what chance alone does to each token."""

from __future__ import annotations

from dataclasses import dataclass

from tb_wordembed.analysis.noise import NoiseMeasure
from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import (
    BetweenRequest,
    Count,
    Route,
    RowFloats,
    RowsRequest,
)


@dataclass(frozen=True, kw_only=True)
class NoiseRequest(BetweenRequest, RowsRequest):
    measure: NoiseMeasure = "cosine"
    k: Count = 10
    """The number of neighbors, for measures of neighbors."""
    seeds: str = ""
    """The runs of trainings that differ in nothing but chance, as a JSON list: 2 to 20
    of them, each with the tag of the series and compared at its last step. Without
    them, the noise is the jitter of the series from step to step since it settled,
    which says nothing about another run."""


@dataclass(frozen=True)
class Noise:
    """Which tokens changed by more than chance changes them. Empty until the job is
    done."""

    job: Job
    pairs: int
    """The number of pairs of trainings, or of steps, that were compared."""
    pooled: int
    """The number of tokens, near in frequency, that one is judged by."""
    usual_overlap: float | None
    """For measures of neighbors, the mean overlap@k of two of these trainings or steps,
    from a sample of tokens: known before the job is done."""
    p_values: RowFloats
    """The share of the changes by chance that are as large; NaN where none is known."""
    q_values: RowFloats
    """The false discovery rate at which the token counts as changed (Benjamini &
    Hochberg 1995)."""


ROUTES = (Route("noise", NoiseRequest, Noise),)
