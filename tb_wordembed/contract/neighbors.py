"""Requests and responses of neighbors: of one token or of all, their changes, and how
far a token moved along with them."""

from __future__ import annotations

from dataclasses import dataclass

from tb_wordembed.analysis.neighbors.metrics import Metric
from tb_wordembed.contract.axes import Similar
from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import (
    BetweenRequest,
    Count,
    Route,
    RowFloats,
    RowsRequest,
    SeriesRequest,
)


@dataclass(frozen=True)
class NeighborsRequest(SeriesRequest):
    index: int
    step: int
    k: Count = 10
    metric: Metric = "cosine"


@dataclass(frozen=True)
class Neighbor:
    index: int
    token: str
    distance: float


@dataclass(frozen=True)
class Neighbors:
    """The k nearest tokens at a step, nearest first, the token itself left out."""

    neighbors: list[Neighbor]


@dataclass(frozen=True)
class NeighborChangeRequest(BetweenRequest):
    index: int
    k: Count = 10
    metric: Metric = "cosine"


@dataclass(frozen=True)
class NeighborChange:
    """Which neighbors a token gained, kept and lost between two steps. Empty until the
    job is done."""

    job: Job
    index: int
    token: str
    reference_run: str
    """The run that ``from_step`` is a step of; empty for the series itself."""
    reference_tag: str
    from_step: int
    to_step: int
    before: list[Neighbor]
    after: list[Neighbor]
    gained: list[int]
    kept: list[int]
    lost: list[int]
    overlap: float | None
    """overlap@k: the share of neighbors kept, 0..1 (Wendlandt et al. 2018); null for a
    token that is at one of the steps only."""
    jaccard: float | None
    """Kept over gained, kept and lost together, 0..1 (Antoniak & Mimno 2018)."""
    second_order_drift: float | None
    """How much its cosines to its neighbors at either step changed, 0..2; the neighbors
    by cosine, whatever the metric (Hamilton et al. 2016b)."""


@dataclass(frozen=True)
class TurnoverRequest(BetweenRequest, RowsRequest):
    k: Count = 10
    metric: Metric = "cosine"


@dataclass(frozen=True)
class Turnover:
    """How much of its k neighbors each token kept between two steps. Arrays are empty
    until the job is done; an estimate comes before."""

    job: Job
    mean_overlap: float | None
    """The mean over all tokens when the job is done; until then that of a sample, or
    null."""
    standard_error: float | None
    """The standard error of ``mean_overlap``; 0 when it is exact."""
    sampled: int
    overlap: RowFloats
    """overlap@k; NaN for a token without neighbors, or that is at one of the steps
    only."""


@dataclass(frozen=True)
class SecondOrderDriftRequest(BetweenRequest, RowsRequest):
    k: Count = 10


@dataclass(frozen=True)
class SecondOrderDrift:
    """How much the cosines of every token to its neighbors at either step changed
    (Hamilton et al. 2016b). Empty until the job is done."""

    job: Job
    values: RowFloats
    """0..2; NaN for a token without neighbors."""


@dataclass(frozen=True)
class MotionRequest(BetweenRequest):
    index: int
    k: Count = 10


@dataclass(frozen=True)
class Motion:
    """Why a token moved between two steps: along with its neighbors, or on its own.
    Null, 0 and empty until the job is done."""

    job: Job
    index: int
    reference_run: str
    """The run that ``from_step`` is a step of; empty for the series itself."""
    reference_tag: str
    from_step: int
    to_step: int
    shared_share: float | None
    """The share of its squared displacement that its k neighbors explain, 0..1; null
    where it did not move."""
    neighbors: int
    """How many neighbors were averaged."""
    parallel: list[Similar]
    """The tokens whose displacement is most parallel to its own."""


ROUTES = (
    Route("neighbors", NeighborsRequest, Neighbors),
    Route("neighbor_change", NeighborChangeRequest, NeighborChange),
    Route("turnover", TurnoverRequest, Turnover),
    Route("second_order_drift", SecondOrderDriftRequest, SecondOrderDrift),
    Route("motion", MotionRequest, Motion),
)
