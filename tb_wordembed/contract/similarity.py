"""Request and response of similarity: how alike the tables of many steps are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tb_wordembed.analysis.cka import SimilarityMeasure
from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import Count, Floats, ReferenceRequest, Route, Shape


@dataclass(frozen=True, kw_only=True)
class SimilarityMatrixRequest(ReferenceRequest):
    """``centered`` and ``anchors`` change nothing: no table has to be aligned."""

    measure: SimilarityMeasure = "cka"
    k: Count = 10
    """The number of neighbors, for ``overlap``."""


@dataclass(frozen=True)
class SimilarityMatrix:
    """How alike the tables of all steps are, each with every other. Empty until the job
    is done."""

    job: Job
    measure: SimilarityMeasure
    from_steps: list[int]
    """The steps of the reference, 64 at most: all of them, or every second, fourth,
    eighth... and the last."""
    to_steps: list[int]
    """The same of the series."""
    sampled: int
    """The number of tokens that were compared, spread evenly over the table."""
    population: int
    """The number of tokens that they were taken from: those that both sides have at the
    first of their steps."""
    values: Annotated[Floats, Shape(("from_steps", "to_steps"))]
    """``cka``: linear centered kernel alignment, debiased, at most 1 (Kornblith et al.
    2019; Song et al. 2007). ``overlap``: the mean overlap@k by cosine of the sampled
    tokens, 0..1. NaN where there is nothing to compare."""


ROUTES = (Route("similarity_matrix", SimilarityMatrixRequest, SimilarityMatrix),)
