"""Requests and responses of groups: between two steps, and through all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tb_wordembed.analysis.drift import Measure
from tb_wordembed.analysis.neighbors.metrics import MOST_NEIGHBORS
from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.route import (
    BetweenRequest,
    Floats,
    Range,
    ReferenceRequest,
    Route,
    RowInts,
    RowsRequest,
    Shape,
)


@dataclass(frozen=True, kw_only=True)
class GroupedRequest(ReferenceRequest):
    """A request about groups of tokens, which may be compared with another series."""

    measure: Measure = "cosine"
    column: str = ""
    """A logged column: each of its texts is a group, or each bin of its numbers."""
    rows: str = ""
    """The rows of each group, separated by dots, and the groups by commas:
    ``3.14,15.9.2``; 100 groups at most. Without these and a column, all tokens are one
    group."""


@dataclass(frozen=True, kw_only=True)
class GroupsRequest(GroupedRequest, BetweenRequest, RowsRequest):
    k: Annotated[int, Range(0, MOST_NEIGHBORS)] = 0
    """How many neighbors of each token are looked for in its group. 0 looks for none:
    this takes long in large tables."""


@dataclass(frozen=True)
class Groups:
    """How groups of tokens changed between two steps. NaN for what is not known; empty
    until the job is done."""

    job: Job
    names: list[str]
    """The texts of the column, or the bins of its numbers, such as ``12 to 57``; of
    rows, the numbers of the groups, from 1. Untrusted text."""
    counts: list[int]
    """The number of tokens of each group."""
    members: RowInts
    """Of a column: the number of the group of each row, from 0; -1 for a row without
    one. Empty for groups of rows."""
    drift: Annotated[Floats, Shape(("groups", "quantiles"))]
    """The 10, 50 and 90 % quantiles of the drift of the tokens."""
    norm: Annotated[Floats, Shape(("groups", "quantiles"))]
    """The same quantiles of their norms at ``to_step``."""
    unchanged: Annotated[Floats, Shape(("groups",))]
    """The share of the tokens whose vectors are the same at both steps."""
    centroid_drift: Annotated[Floats, Shape(("groups",))]
    """The drift of the mean of the vectors."""
    spread_before: Annotated[Floats, Shape(("groups",))]
    """The root mean square distance of the vectors from their mean, at
    ``from_step``."""
    spread_after: Annotated[Floats, Shape(("groups",))]
    """The same at ``to_step``."""
    inside_before: Annotated[Floats, Shape(("groups",))]
    """The share of the k neighbors of the tokens that are in the group, at
    ``from_step``."""
    inside_after: Annotated[Floats, Shape(("groups",))]
    """The same at ``to_step``."""


@dataclass(frozen=True, kw_only=True)
class GroupTrajectoriesRequest(GroupedRequest):
    reference_step: int
    """As in ``trajectories``."""


@dataclass(frozen=True)
class GroupTrajectories:
    """Groups of tokens through all steps, in the order of ``groups``. Empty until the
    job is done."""

    job: Job
    reference_run: str
    """As in ``trajectories``."""
    reference_tag: str
    reference_step: int
    steps: list[int]
    drift: Annotated[Floats, Shape(("groups", "steps"))]
    """The median drift of the tokens from the reference step to each step."""
    centroid_drift: Annotated[Floats, Shape(("groups", "steps"))]
    """The drift of the mean of the vectors."""


ROUTES = (
    Route("groups", GroupsRequest, Groups),
    Route("group_trajectories", GroupTrajectoriesRequest, GroupTrajectories),
)
