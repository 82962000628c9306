"""Answers the routes that find rows among all of a table: search, ranked, within."""

from __future__ import annotations

import math
import typing
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import numpy.typing as npt

from tb_wordembed.contract import ROUTES
from tb_wordembed.contract import windows as contract
from tb_wordembed.read.labels import Found
from tb_wordembed.read.windows import RowsWithin, first_rows
from tb_wordembed.server import wire
from tb_wordembed.server.queries import (
    drift,
    effort,
    health,
    layouts,
    neighbors,
    noise,
    undertrained,
)
from tb_wordembed.server.queries.context import DONE, Context
from tb_wordembed.server.queries.shown import per_row

_ANSWERS: dict[str, Callable[[Context, Any], Any]] = {
    "drift": drift.drift,
    "norms": drift.norms,
    "path": drift.path,
    "breaks": drift.breaks,
    "updates": health.updates,
    "undertrained": undertrained.undertrained,
    "turnover": neighbors.turnover,
    "second_order_drift": neighbors.second_order_drift,
    "noise": noise.noise,
}

_ROUTES = {route.name: route for route in ROUTES}


def search(context: Context, request: contract.SearchRequest) -> contract.Search:
    """Returns the rows that a search finds."""
    found: Found = context.series(request).labels.search(request.query, request.most)
    return contract.Search(found.rows.astype(np.int32), found.more)


def ranked(context: Context, request: contract.RankedRequest) -> contract.Ranked:
    """Returns the rows that come first by a measure."""
    route = _ROUTES[request.route]
    asked = dict(parse_qsl(request.question, keep_blank_values=True))
    of = {"run": request.run, "tag": request.tag}
    question = wire.parse(route.request, {**asked, **of, "shown": ""})
    fields = ["numbers"] if request.route == "column" else per_row(route.response)
    if request.field not in fields:
        raise ValueError(
            f"parameter 'field' is {request.field[:80]!r}; expected one of {fields}"
        )
    if "job" in typing.get_type_hints(route.response):
        found = _ANSWERS[request.route](context, question)
        if found.job.state != "done":
            return contract.Ranked(found.job, _NONE)
        return contract.Ranked(DONE, _first(getattr(found, request.field), request))
    series = context.series(request)
    if request.route == "column" and series.column_kinds.get(question.column) == "text":
        raise ValueError(
            f"column {question.column!r} holds texts; expected a column of numbers"
        )
    of_log = series.content_id(*series.steps), series.columns_id
    job, rows = context.job(
        ("ranked", of_log, request),
        lambda report: _first(_values(context, request, question), request),
        effort.reading(series, 2),
    )
    return contract.Ranked(job, _NONE if rows is None else rows)


def _values(
    context: Context, request: contract.RankedRequest, question: Any
) -> npt.NDArray[Any]:
    if request.route != "column":
        values: npt.NDArray[Any] = getattr(
            _ANSWERS[request.route](context, question), request.field
        )
        return values
    numbers = context.series(request).column(question.column)
    return np.asarray(numbers, np.float64)


def _first(
    values: npt.NDArray[Any], request: contract.RankedRequest
) -> npt.NDArray[np.int32]:
    sized = np.abs(values) if request.order.endswith("size") else values
    signed = -sized if request.order.startswith("smallest") else sized
    return first_rows(signed, request.most).astype(np.int32)


_NONE = np.empty(0, np.int32)


def within(context: Context, request: contract.WithinRequest) -> contract.Within:
    """Returns the rows in a rectangle of the map."""
    series, step = context.series(request), request.step
    series.check_step(step)
    if request.layout != "pca":
        raise ValueError(
            f"parameter 'layout' is {request.layout!r}; expected 'pca': other layouts "
            "are not known of all rows"
        )
    components, (low, high) = (
        layouts.components_of(series, request),
        _corners(request.box),
    )
    job, found = context.job(
        ("within", series.content_id(step, *series.basis_steps()), request),
        lambda report: series.rows_within(
            step, low, high, request.most, components, report
        ),
        effort.reading(series, 1),
    )
    found = found or RowsWithin(np.empty(0, np.int64), 0)
    return contract.Within(job, found.rows.astype(np.int32), found.count)


def _corners(box: str) -> tuple[list[float], list[float]]:
    """Returns the least and the largest coordinates of a rectangle.

    Raises:
      ValueError: the text names none.
    """
    try:
        numbers = [float(one) for one in box.split("_")]
    except ValueError:
        numbers = []
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise ValueError(
            f"parameter 'box' is {box[:80]!r}; expected four numbers x0_y0_x1_y1"
        )
    return numbers[:2], numbers[2:]
