"""Answers the routes of groups: between two steps, and through all of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.groups import QUANTILES
from tb_wordembed.analysis.rows import narrow
from tb_wordembed.contract import groups as contract
from tb_wordembed.engine.progress import Progress
from tb_wordembed.read import groups as read
from tb_wordembed.read.group_rows import named_rows
from tb_wordembed.read.reference import content_of_both
from tb_wordembed.read.series import Series
from tb_wordembed.server.queries import effort, to_contract
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.neighbors import check_all
from tb_wordembed.server.queries.to_contract import EMPTY

MOST_LISTS = 100
"""The largest number of groups of rows."""

Request = contract.GroupsRequest | contract.GroupTrajectoriesRequest
Rows = dict[str, npt.NDArray[np.int64]]


def groups(context: Context, request: contract.GroupsRequest) -> contract.Groups:
    """Returns how groups of tokens changed between two steps."""
    series, reference = context.series(request), context.reference(request)
    steps, measure = (request.from_step, request.to_step), request.measure
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
    key = "groups", *ids, *_key(series, request), measure, request.k
    status, found = context.job(key, work, seconds)
    found = found or []
    shape = len(found), len(QUANTILES)
    return contract.Groups(
        job=status,
        names=[one.name for one in found],
        counts=[one.count for one in found],
        members=_members(series, found if request.column else []),
        drift=np.reshape([one.drift for one in found], shape).astype(np.float32),
        norm=np.reshape([one.norm for one in found], shape).astype(np.float32),
        unchanged=_values(one.unchanged for one in found),
        centroid_drift=_values(one.centroid_drift for one in found),
        spread_before=_values(one.spread_before for one in found),
        spread_after=_values(one.spread_after for one in found),
        inside_before=_values(one.inside_before for one in found),
        inside_after=_values(one.inside_after for one in found),
    )


def group_trajectories(
    context: Context, request: contract.GroupTrajectoriesRequest
) -> contract.GroupTrajectories:
    """Returns groups of tokens through all steps."""
    series, reference = context.series(request), context.reference(request)
    step, measure = request.reference_step, request.measure
    of = content_of_both(series, step, series.steps[-1], reference)
    ids = *of, series.content_id(*series.steps)
    rows = _rows(series, request)

    def work(report: Progress) -> read.GroupTrajectories:
        return series.group_trajectories(
            rows, step, measure, report, reference=reference
        )

    key = "group_trajectories", *ids, *_key(series, request), measure
    seconds = effort.reading(series, 2 * len(series.steps))
    if reference is not None:
        seconds += effort.aligning(series, len(series.steps))
    status, found = context.job(key, work, seconds)
    none = EMPTY.reshape(0, 0)
    return contract.GroupTrajectories(
        job=status,
        reference_run=reference.series.run if reference else "",
        reference_tag=reference.series.tag if reference else "",
        reference_step=step,
        steps=found.steps if found else series.steps,
        drift=found.drift if found else none,
        centroid_drift=found.centroid_drift if found else none,
    )


def _rows(series: Series, request: Request) -> Rows:
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


def _key(series: Series, request: Request) -> tuple[str, str, str]:
    """Returns what tells the groups of one request from those of another."""
    digest = hashlib.blake2b(request.rows.encode(), digest_size=16).hexdigest()
    return series.columns_id, request.column, digest


def _members(series: Series, found: list[read.Group]) -> npt.NDArray[np.int32]:
    """Returns the number of the group of each row; -1 for a row without one."""
    members = np.full(series.shape[0] if found else 0, -1, np.int32)
    for number, one in enumerate(found):
        members[one.rows] = number
    return members


def _values(values: Iterable[float]) -> npt.NDArray[np.float32]:
    return narrow(np.fromiter(values, np.float64))
