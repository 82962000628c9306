"""The wire contract: what the page can ask and what it is answered.

This package is the only place where the contract is written. ``scripts/generate``
derives the JSON Schema (docs/contract.schema.json), the TypeScript types
(frontend/src/api/contract.gen.ts) and docs/http_api.md from it, and the tests
fail when they are out of date. A module has one subject, and the routes of it.

A request's fields are query parameters; a field with a default may be left out.
A response is JSON, unless one of its fields is an array: then it is a frame (see
frames.py), with the other fields as JSON in its header. Non-finite numbers are
``null`` in JSON and NaN in arrays.
"""

from __future__ import annotations

from tb_wordembed.contract import (
    drift,
    findings,
    health,
    logged,
    motion,
    neighbors,
    pictures,
    projector,
    work,
)
from tb_wordembed.contract.drift import (
    AlignedDrift,
    AlignedDriftRequest,
    Breaks,
    BreaksRequest,
    Drift,
    DriftRequest,
    Norms,
    NormsRequest,
    Path,
    PathRequest,
    Trajectories,
    TrajectoriesRequest,
    Trajectory,
    TrajectoryRequest,
)
from tb_wordembed.contract.findings import (
    Finding,
    Findings,
    FindingsRequest,
    NamedNumber,
    View,
)
from tb_wordembed.contract.health import Health, HealthRequest, Likeness, Quantiles
from tb_wordembed.contract.logged import (
    Column,
    ColumnRequest,
    ColumnValues,
    Index,
    IndexRequest,
    Problem,
    Series,
    Tokens,
    TokensRequest,
    VectorFormat,
    VectorsRequest,
)
from tb_wordembed.contract.motion import (
    Analogy,
    AnalogyRequest,
    Axis,
    AxisRequest,
    Motion,
    MotionRequest,
    Similar,
)
from tb_wordembed.contract.neighbors import (
    AllNeighbors,
    AllNeighborsRequest,
    Neighbor,
    NeighborChange,
    NeighborChangeRequest,
    Neighbors,
    NeighborsRequest,
    SecondOrderDrift,
    SecondOrderDriftRequest,
    Turnover,
    TurnoverRequest,
)
from tb_wordembed.contract.pictures import (
    LayoutName,
    Positions,
    PositionsRequest,
    Quality,
    QualityRequest,
    Trails,
    TrailsRequest,
)
from tb_wordembed.contract.projector import Projector, ProjectorRequest
from tb_wordembed.contract.route import Route, Shape
from tb_wordembed.contract.work import Cancel, CancelRequest, Job

__all__ = [
    "ROUTES",
    "AlignedDrift",
    "AlignedDriftRequest",
    "AllNeighbors",
    "AllNeighborsRequest",
    "Analogy",
    "AnalogyRequest",
    "Axis",
    "AxisRequest",
    "Breaks",
    "BreaksRequest",
    "Cancel",
    "CancelRequest",
    "Column",
    "ColumnRequest",
    "ColumnValues",
    "Drift",
    "DriftRequest",
    "Finding",
    "Findings",
    "FindingsRequest",
    "Health",
    "HealthRequest",
    "Index",
    "IndexRequest",
    "Job",
    "LayoutName",
    "Likeness",
    "Motion",
    "MotionRequest",
    "NamedNumber",
    "Neighbor",
    "NeighborChange",
    "NeighborChangeRequest",
    "Neighbors",
    "NeighborsRequest",
    "Norms",
    "NormsRequest",
    "Path",
    "PathRequest",
    "Positions",
    "PositionsRequest",
    "Problem",
    "Projector",
    "ProjectorRequest",
    "Quality",
    "QualityRequest",
    "Quantiles",
    "Route",
    "SecondOrderDrift",
    "SecondOrderDriftRequest",
    "Series",
    "Shape",
    "Similar",
    "Tokens",
    "TokensRequest",
    "Trails",
    "TrailsRequest",
    "Trajectories",
    "TrajectoriesRequest",
    "Trajectory",
    "TrajectoryRequest",
    "Turnover",
    "TurnoverRequest",
    "VectorFormat",
    "VectorsRequest",
    "View",
]

ROUTES = (
    *logged.ROUTES,
    *pictures.ROUTES,
    *drift.ROUTES,
    *health.ROUTES,
    *neighbors.ROUTES,
    *motion.ROUTES,
    *findings.ROUTES,
    *work.ROUTES,
    *projector.ROUTES,
)
