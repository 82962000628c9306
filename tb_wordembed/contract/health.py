"""Requests and responses of health: measures, probes and similarity of whole tables,
and how much rows were trained."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from tb_wordembed.analysis.cka import SimilarityMeasure
from tb_wordembed.analysis.undertrained import Indicator
from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.logged import IndexRequest
from tb_wordembed.contract.route import (
    Count,
    Floats,
    Ints,
    ReferenceRequest,
    Route,
    RowFloats,
    RowInts,
    RowsRequest,
    SeriesRequest,
    Shape,
)

ProbeKind = Literal["pairs", "analogies", "classes", "associations"]


@dataclass(frozen=True)
class Quantiles:
    """Quantiles over the tokens, one value per step; null where there is nothing to
    compare."""

    p10: list[float | None]
    p50: list[float | None]
    p90: list[float | None]
    max: list[float | None]


@dataclass(frozen=True)
class Similarity:
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
    to_first: Similarity
    to_previous: Similarity
    frozen_rows: list[int | None]
    """Finite rows that equal those of the step before, number by number."""
    zero_rows: list[int]
    duplicate_rows: list[int]
    """Rows that equal an earlier row, number by number."""
    non_finite_rows: list[int]
    """Rows with NaN or infinite values: counted here, left out elsewhere."""
    information_abundance: list[float | None]
    """The sum of the singular values over the largest, 1..embedding_dim (Guo et al.
    2024)."""
    direction_spread: list[float | None]
    """How far the directions of the rows are spread, 0 (all the same) to 1 (evenly):
    the standard deviation of the rows, scaled to length 1, averaged over dimensions,
    over 1/sqrt(embedding_dim) (Chen & He 2021)."""
    cold_share: list[float | None]
    """The share of the rows that no step so far has changed, 0..1; null at the first
    step."""
    births: list[int]
    """Tokens that the vocabulary of the step before lacks."""
    deaths: list[int]
    """Tokens of the step before that the vocabulary of this one lacks."""


@dataclass(frozen=True)
class Updates:
    """How often each row was updated, from consecutive steps. Arrays are empty until
    the job is done."""

    job: Job
    steps: list[int]
    counts: RowInts
    """In how many steps the row was another than at the step before."""
    last_change: RowInts
    """The position in ``steps`` of the last of these steps; -1 where there is none."""
    fixed_rows: Annotated[Ints, Shape(("fixed",))]
    """The rows that training must not change, such as padding, ascending."""


@dataclass(frozen=True)
class UndertrainedRequest(RowsRequest):
    step: int


@dataclass(frozen=True)
class Undertrained:
    """How little every token was trained (Land & Bartolo 2024). Empty until the job is
    done."""

    job: Job
    step: int
    indicator: Indicator
    """What the values are: the norm of each row where no row is known to be unused,
    else its distance from the mean of those."""
    known_unused: int
    """How many rows are known to be unused: they are called so, such as
    ``[unused12]``, or no step has changed them while it changed others."""
    values: RowFloats
    """Low for the least trained; NaN where the row is not finite."""


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


@dataclass(frozen=True)
class ProbeRequest(SeriesRequest):
    text: str
    """The content of a file with a probe: pairs of words and how similar they are,
    analogies, words and their classes, or four sets of words for WEAT."""


@dataclass(frozen=True)
class Probe:
    """The scores of a probe, one per step. Empty until the job is done."""

    job: Job
    kind: ProbeKind
    """What the scores are: Spearman's rank correlation of pairs, -1..1; the share of
    analogies, or of words by class, that are right, 0..1; or the effect size of WEAT,
    about -2..2."""
    items: int
    """The number of pairs, questions or words in the probe."""
    steps: list[int]
    values: list[float | None]
    """Null where too few words are known."""
    used: list[int]
    """The number of items that each score rests on."""


@dataclass(frozen=True)
class TableHealth:
    """The health of a table at its last step, and how much stands out in its series."""

    run: str
    tag: str
    step: int
    vocab_size: int
    embedding_dim: int
    warnings: int
    """The number of findings that are warnings."""
    notices: int
    """The number of findings that are notices."""
    sentence: str
    """The first finding in words; empty if there is none. Tokens in it are untrusted
    text."""
    information_abundance: float | None
    abundance_share: float
    """The information abundance over the largest that the table could have, 0..1."""
    effective_rank: float | None
    direction_spread: float | None
    cold_share: float | None


@dataclass(frozen=True)
class AllHealth:
    """The health of all tables of the log. Those with most warnings come first, then
    those with most notices, then those with the least ``abundance_share``. Empty until
    the job is done."""

    job: Job
    tables: list[TableHealth]


ROUTES = (
    Route("health", SeriesRequest, Health),
    Route("updates", RowsRequest, Updates),
    Route("undertrained", UndertrainedRequest, Undertrained),
    Route("similarity_matrix", SimilarityMatrixRequest, SimilarityMatrix),
    Route("probe", ProbeRequest, Probe),
    Route("all_health", IndexRequest, AllHealth),
)
