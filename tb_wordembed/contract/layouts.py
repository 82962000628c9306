"""Requests and responses of layouts: positions, trails, and their quality."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import (
    Count,
    Floats,
    ReferenceRequest,
    Route,
    RowFloats,
    RowsRequest,
    SeriesRequest,
    Shape,
)

LayoutName = Literal["pca", "axes", "tsne"]
"""``pca``: principal components of all steps together, in one basis, so that steps can
be compared. ``axes``: directions spanned by tokens. ``tsne``: a non-linear layout,
which continues from step to step."""


@dataclass(frozen=True, kw_only=True)
class LayoutRequest(SeriesRequest):
    """A request about a layout."""

    layout: LayoutName = "pca"
    components: str = "3d"
    """The components of ``pca``: two or three of 1 to 10, separated by dots, or 0 among
    them for the component of change. ``2d``, ``3d``: so many of those that the map
    shows by itself, which a rule chooses."""
    x: str = ""
    """The expression along the first of ``axes``, such as ``good - bad``. One of the
    first two may be empty: that axis is then the first principal component of all steps
    together among those orthogonal to the others."""
    y: str = ""
    """The expression along the second of ``axes``."""
    z: str = ""
    """The expression along the third of ``axes``; empty for two of them."""


@dataclass(frozen=True, kw_only=True)
class PositionsRequest(LayoutRequest, ReferenceRequest, RowsRequest):
    """With a reference, where the tokens of the series are in the reference: its table
    at ``step``, rotated onto that of the series at ``upon_step``, in the basis of the
    series, so that both can be compared. Only ``pca`` has such positions."""

    step: int
    upon_step: int = 0
    """A step of the series; without a reference it changes nothing."""


@dataclass(frozen=True)
class Positions:
    """The position of every token in a layout of the table at a step."""

    run: str
    """The run of the table: that of the reference where there is one."""
    tag: str
    step: int
    layout: LayoutName
    components: list[int]
    """The components that ``pca`` shows; empty for other layouts."""
    components_by_rule: list[int]
    """The three that the map shows by itself in ``pca``, the third in depth; empty for
    other layouts."""
    expressions: list[str]
    """The expressions of ``axes``, of which one may be empty as in the request; none
    for other layouts. Their coordinates are cosines, -1..1."""
    basis_steps: list[int]
    """The steps whose snapshots were pooled for the basis of ``pca``."""
    explained_variance_ratio: list[float | None]
    """The share of this step's variance along each component that ``pca`` can show;
    null when all rows are equal. Empty with a reference."""
    job: Job | None
    """The job that computes ``tsne``; null for other layouts."""
    laid_out: int
    """The number of tokens that ``tsne`` laid out; the others are placed by their
    neighbors."""
    positions: Annotated[Floats, Shape(("vocab_size", "coordinates"))]
    """Empty until the job is done; NaN for a token without a place, such as one that a
    reference lacks."""


@dataclass(frozen=True, kw_only=True)
class TrailsRequest(LayoutRequest):
    indices: str
    """Rows, separated by dots: ``3.14.15``; 500 at most."""


@dataclass(frozen=True)
class Trails:
    """The positions of some tokens at all steps, in the layout of the positions route.
    Empty until a layout ``tsne`` is done."""

    indices: list[int]
    steps: list[int]
    layout: LayoutName
    components: list[int]
    expressions: list[str]
    trails: Annotated[Floats, Shape(("tokens", "steps", "coordinates"))]


@dataclass(frozen=True, kw_only=True)
class QualityRequest(LayoutRequest):
    step: int
    components: str = "2d"
    """The same names as in the positions route."""
    k: Count = 10


@dataclass(frozen=True)
class Judged:
    """What both answers about the quality of a layout hold."""

    job: Job
    step: int
    layout: LayoutName
    components: list[int]
    expressions: list[str]
    k: int
    sampled: int
    """The number of tokens that were drawn, and are judged."""
    population: int
    """The number of tokens that they are drawn from: those that are finite and not
    zero."""


@dataclass(frozen=True)
class Quality(Judged):
    """How far a layout can be trusted at a step (Venna & Kaski 2001): means over the
    tokens that were drawn; null until the job is done."""

    trustworthiness: float | None
    """0..1; lower where tokens are near each other on the map only."""
    continuity: float | None
    """0..1; lower where tokens are near each other in the table only."""


@dataclass(frozen=True, kw_only=True)
class TokenTrustRequest(QualityRequest, RowsRequest):
    """A request about how far each token of a layout can be trusted."""


@dataclass(frozen=True)
class TokenTrust(Judged):
    """The trustworthiness of a layout at a step, token by token, for 5,000 tokens at
    most."""

    values: RowFloats
    """0..1; their mean is the trustworthiness. NaN for a token that was not drawn, is
    not finite or is zero. Empty until the job is done."""


ROUTES = (
    Route("positions", PositionsRequest, Positions),
    Route("trails", TrailsRequest, Trails),
    Route("quality", QualityRequest, Quality),
    Route("token_trust", TokenTrustRequest, TokenTrust),
)
