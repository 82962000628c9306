"""Requests and responses of drift, and of the series that it is measured from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tb_wordembed.analysis.drift import Measure
from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import (
    BetweenRequest,
    Floats,
    ReferenceRequest,
    Route,
    RowFloats,
    RowInts,
    RowsRequest,
    Shape,
)


@dataclass(frozen=True)
class DriftRequest(BetweenRequest, RowsRequest):
    measure: Measure = "cosine"


@dataclass(frozen=True)
class Alignment:
    """How the table of a reference was rotated onto another one, by a rotation."""

    run: str
    """The run of the reference."""
    tag: str
    common: int
    """The number of tokens that the rotation was found over."""
    anchored: bool
    """Whether these are the anchors of the request, not all that both tables have."""
    centered: bool
    """Whether the mean of each table was taken off first."""
    residual: float | None
    """What the rotation leaves of the difference of the tables, 0..1; null for tables
    of zeros."""


@dataclass(frozen=True)
class Drift:
    """The change of every token between two steps; NaN where a row is zero under
    a measure that needs a direction, not finite, or not in the reference."""

    from_step: int
    to_step: int
    measure: Measure
    alignment: Alignment | None
    """Null between two steps of one series, which need none."""
    values: RowFloats


@dataclass(frozen=True)
class NormsRequest(RowsRequest):
    step: int


@dataclass(frozen=True)
class Norms:
    """The Euclidean norm of every row at a step."""

    step: int
    values: RowFloats
    """NaN where the row is not finite."""


@dataclass(frozen=True)
class Path:
    """How far every token moved from the first step to the last. Empty until the job is
    done."""

    job: Job
    length: RowFloats
    """The sum of the Euclidean displacements from step to step."""
    straightness: RowFloats
    """The displacement from the first step to the last over that length, 0..1; NaN for
    a token that never moved."""


@dataclass(frozen=True)
class TrajectoriesRequest(ReferenceRequest):
    indices: str
    """Rows, separated by dots: ``3.14.15``; 500 at most."""
    reference_step: int
    """A step of the reference, whose table is aligned with that of each step."""
    measure: Measure = "cosine"


@dataclass(frozen=True)
class Trajectories:
    """Some tokens through all steps, in the order of the request; NaN where a token has
    no such number. Empty until the job is done."""

    job: Job | None
    """Null without a reference: the rows alone are read."""
    reference_run: str
    """The run that the reference step is of; empty for the series itself."""
    reference_tag: str
    reference_step: int
    indices: list[int]
    measure: Measure
    steps: list[int]
    drift: Annotated[Floats, Shape(("tokens", "steps"))]
    """The drift from the reference step to each step."""
    norm: Annotated[Floats, Shape(("tokens", "steps"))]


@dataclass(frozen=True)
class BreaksRequest(RowsRequest):
    measure: Measure = "cosine"


@dataclass(frozen=True)
class Breaks:
    """The step at which each token broke off its trend. Empty until the job is
    done."""

    job: Job
    steps: list[int]
    positions: RowInts
    """The position in ``steps`` of the first step after the break in the drift from the
    first step; -1 where there is none."""


@dataclass(frozen=True, kw_only=True)
class RowsInReferenceRequest(ReferenceRequest, RowsRequest):
    """A request about the tokens that a series and its reference have in common."""


@dataclass(frozen=True)
class RowsInReference:
    """Which tokens a series and its reference have in common."""

    rows: RowInts
    """The row of each token in the reference; -1 for a token that only the series
    has."""
    only_in_reference: list[str]
    """The first 1,000 tokens that only the reference has. Untrusted text."""
    count_only_in_reference: int
    """The number of all of them."""


ROUTES = (
    Route("drift", DriftRequest, Drift),
    Route("norms", NormsRequest, Norms),
    Route("path", RowsRequest, Path),
    Route("trajectories", TrajectoriesRequest, Trajectories),
    Route("breaks", BreaksRequest, Breaks),
    Route("rows_in_reference", RowsInReferenceRequest, RowsInReference),
)
