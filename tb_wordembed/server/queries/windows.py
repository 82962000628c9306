"""Answers the routes that find rows among all of a table: search, ranked, within."""

from __future__ import annotations

import math
import typing
from collections.abc import Callable, Hashable
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import numpy.typing as npt

from tb_wordembed.contract import ROUTES
from tb_wordembed.contract import windows as contract
from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.noise import NoiseRequest
from tb_wordembed.contract.route import ReferenceRequest
from tb_wordembed.engine.progress import Progress, part
from tb_wordembed.read.labels import Found, Labels
from tb_wordembed.read.series import Series
from tb_wordembed.read.windows import RowsWithin, first_rows
from tb_wordembed.server import wire
from tb_wordembed.server.queries import (
    conditions,
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
    series = context.series(request)

    def find(report: Progress) -> Found:
        return series.labels.search(request.query, request.most, report)

    key = "search", series.columns_id, series.shape, request
    seconds = effort.reading(series, 1)
    job, answer = context.job(key, find, seconds, keeps=_is_whole)
    found = answer or Found(_NONE.astype(np.int64), more=False)
    rows = found.rows.astype(np.int32)
    return contract.Search(job, rows, found.more, found.problem)


def _is_whole(found: Found) -> bool:
    """Returns whether all texts were searched. If not, that may be different the next
    time: the machine was busy."""
    return not found.problem


def ranked(context: Context, request: contract.RankedRequest) -> contract.Ranked:
    """Returns the rows that come first by a measure, of those that meet a condition."""
    series = context.series(request)
    ranking = _Asked(context, request, request.route, request.question, request.field)
    condition = conditions.parsed(request.condition) if request.condition else None
    asked = [] if condition is None else condition.columns
    filters = [
        _Asked(context, request, *one)
        for one in asked
        if len(one) == 3 and one[2] != _TEXTS
    ]
    for one in ranking, *filters:
        job = one.job()
        if job.state != "done":
            return contract.Ranked(job, _NONE, 0)

    def find(report: Progress) -> contract.Ranked:
        mask = None
        if condition is not None:
            numbers = iter(filters)
            columns = [
                _texts(series, one)
                if len(one) == 1 or one[2] == _TEXTS
                else next(numbers).values()
                for one in condition.columns
            ]
            report(0.5)
            rows = series.shape[0]
            mask = conditions.rows_meeting(
                condition.meets, columns, rows, part(report, 0.5, 0.5)
            )
        count = series.shape[0] if mask is None else int(mask.sum())
        return contract.Ranked(DONE, _first(ranking.values(), mask, request), count)

    of_log = series.content_id(*series.steps), series.columns_id
    others = tuple(one.others() for one in (ranking, *filters))
    job, found = context.job(
        ("ranked", of_log, others, request), find, effort.reading(series, 2)
    )
    return contract.Ranked(job, _NONE, 0) if found is None else found


_TEXTS = "texts"
"""The field of a column of texts."""


class _Asked:
    """The values of a field of the answer to a question about the rows of a series.

    Raises:
      ValueError: there is no such route, question or field, or its values are texts.
    """

    def __init__(
        self,
        context: Context,
        request: contract.RankedRequest,
        route: str,
        question: str,
        field: str,
    ) -> None:
        known = typing.get_args(contract.RankedRoute)
        if route not in known:
            raise ValueError(f"route {route[:80]!r} ranks no rows; expected {known}")
        self._context, self._series = context, context.series(request)
        self._route, self._field = route, field
        response = _ROUTES[route].response
        asked = dict(parse_qsl(question, keep_blank_values=True))
        of = {"run": request.run, "tag": request.tag}
        self._question = wire.parse(
            _ROUTES[route].request, {**asked, **of, "shown": ""}
        )
        fields = ["numbers"] if route == "column" else per_row(response)
        if field not in fields:
            raise ValueError(
                f"parameter 'field' is {field[:80]!r}; expected one of {fields}"
            )
        self._has_job = "job" in typing.get_type_hints(response)
        column = self._question.column if route == "column" else ""
        if self._series.column_kinds.get(column) == "text":
            raise ValueError(
                f"column {column!r} holds texts; expected a column of numbers"
            )

    def job(self) -> Job:
        """Returns the state of the job for the answer."""
        if not self._has_job:
            return DONE
        job: Job = self._answer().job
        return job

    def others(self) -> tuple[Hashable, ...]:
        """Returns what the answer depends on beside the question and its series."""
        asked, found = self._question, list[Hashable]()
        if isinstance(asked, ReferenceRequest):
            reference = self._context.reference(asked)
            if reference is not None:
                other = reference.series
                found.append((other.content_id(*other.steps), other.columns_id))
        if isinstance(asked, NoiseRequest):
            for seed in noise.named_seeds(self._context, asked) or []:
                found.append((seed.content_id(*seed.steps), seed.columns_id))
        return tuple(found)

    def values(self) -> npt.NDArray[Any]:
        """Returns one number per row; steps in place of their positions.

        Raises:
          ValueError: the answer, which was there, is no longer kept.
        """
        if self._route == "column":
            return np.asarray(self._series.column(self._question.column), np.float64)
        answer = self._answer()
        if self._has_job and answer.job.state != "done":
            raise ValueError(f"the answer of {self._route!r} is gone; ask again")
        values: npt.NDArray[Any] = getattr(answer, self._field)
        if self._field not in _OF_STEPS:
            return values
        steps = np.array([*answer.steps, math.nan], np.float64)
        found: npt.NDArray[Any] = steps[np.clip(values, -1, len(steps) - 1)]
        return found

    def _answer(self) -> Any:
        return _ANSWERS[self._route](self._context, self._question)


_OF_STEPS = ("positions", "last_change")
"""The fields that have the position of a step, or -1 for none."""


def _texts(series: Series, asked: list[str]) -> Labels:
    if asked == ["tokens"]:
        return series.labels
    name = dict(parse_qsl(asked[1], keep_blank_values=True)).get("column", "")
    found = series.texts(name) if asked[0] == "column" else None
    if found is None:
        raise ValueError(
            f"{name[:80]!r} is no column with a text for each row of the newest table"
        )
    return found


def _first(
    values: npt.NDArray[Any],
    mask: npt.NDArray[np.bool_] | None,
    request: contract.RankedRequest,
) -> npt.NDArray[np.int32]:
    rows = None if mask is None else np.flatnonzero(mask)
    values = values if rows is None else values[rows]
    sized = np.abs(values) if request.order.endswith("size") else values
    signed = -sized if request.order.startswith("smallest") else sized
    found = first_rows(signed, request.most)
    return (found if rows is None else rows[found]).astype(np.int32)


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
