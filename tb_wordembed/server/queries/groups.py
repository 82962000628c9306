"""Answers the routes of groups: between two steps, and through all of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.groups import QUANTILES
from tb_wordembed.contract import groups as contract
from tb_wordembed.engine.progress import Progress
from tb_wordembed.read import groups as read
from tb_wordembed.read.group_rows import named_rows
from tb_wordembed.read.reference import content_of_both
from tb_wordembed.read.series import Series
from tb_wordembed.server.queries import effort, to_contract
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.neighbors import check_all
from tb_wordembed.server.queries.to_contract import by_field, filled, named

MOST_LISTS = 100
"""The largest number of groups of rows."""

_MEASURES = (
    "unchanged",
    "centroid_drift",
    "spread_before",
    "spread_after",
    "inside_before",
    "inside_after",
)
"""The measures of a group as a whole."""

Rows = dict[str, npt.NDArray[np.int64]]


def groups(context: Context, request: contract.GroupsRequest) -> contract.Groups:
    """Returns how groups of tokens changed between two steps."""
    series, reference = context.series(request), context.reference(request)
    steps, measure = request.steps, request.measure
    ids = content_of_both(series, *steps, reference)
    rows = _rows(series, request)
    check_all(series, request.k)

    def work(report: Progress) -> list[read.Group]:
        k = request.k or None
        return series.groups(
            rows, *steps, measure, k=k, reference=reference, progress=report
        )

    seconds = effort.reading(series, 2)
    if request.k:
        seconds += effort.comparing(series, 2)
    key = "groups", request, ids, series.columns_id
    status, found = context.job(key, work, seconds)
    found = found or []
    shape = len(found), len(QUANTILES)
    return filled(
        contract.Groups,
        by_field(found, *_MEASURES),
        job=status,
        names=[one.name for one in found],
        counts=[one.count for one in found],
        members=_members(series, found if request.column else []),
        drift=np.reshape([one.drift for one in found], shape),
        norm=np.reshape([one.norm for one in found], shape),
    )


def group_trajectories(
    context: Context, request: contract.GroupTrajectoriesRequest
) -> contract.GroupTrajectories:
    """Returns groups of tokens through all steps."""
    series, reference = context.series(request), context.reference(request)
    step, measure = request.reference_step, request.measure
    ids = content_of_both(series, step, series.steps[-1], reference)
    rows = _rows(series, request)

    def work(report: Progress) -> read.GroupTrajectories:
        return series.group_trajectories(
            rows, step, measure, report, reference=reference
        )

    content = series.content_id(*series.steps)
    key = "group_trajectories", request, ids, content, series.columns_id
    seconds = effort.reading(series, 2 * len(series.steps))
    if reference is not None:
        seconds += effort.aligning(series, len(series.steps))
    status, found = context.job(key, work, seconds)
    return filled(
        contract.GroupTrajectories,
        found,
        **named(reference),
        job=status,
        reference_step=step,
        steps=found.steps if found else series.steps,
    )


def _rows(series: Series, request: contract.GroupedRequest) -> Rows:
    """Returns the rows of each group that is asked for.

    Raises:
      NotFoundError: there is no such column or row.
      ValueError: the groups are too many, or rows are not written as expected.
    """
    if request.column and request.rows:
        raise ValueError(
            f"parameter 'column' is {request.column[:80]!r} and 'rows' is "
            f"{request.rows[:80]!r}; expected one of the two"
        )
    if request.column:
        return named_rows(series, request.column, request.measure)
    if not request.rows:
        return {"1": np.arange(series.shape[0])}
    lists = request.rows.encode().split(b",")
    if len(lists) > MOST_LISTS:
        raise ValueError(
            f"parameter 'rows' has {len(lists):,} groups; expected {MOST_LISTS} at most"
        )
    return {
        str(number): to_contract.row_numbers(one, "parameter 'rows'")
        for number, one in enumerate(lists, 1)
    }


def _members(series: Series, found: list[read.Group]) -> npt.NDArray[np.int32]:
    """Returns the number of the group of each row; -1 for a row without one."""
    members = np.full(series.shape[0] if found else 0, -1, np.int32)
    for number, one in enumerate(found):
        members[one.rows] = number
    return members
