"""Answers the routes that find rows among all of a table: search, ranked, within."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.first_rows import first_rows
from tb_wordembed.contract import large_tables as contract
from tb_wordembed.engine.large_arrays import pieces
from tb_wordembed.engine.progress import Progress, part
from tb_wordembed.read.labels import Found
from tb_wordembed.server.queries import effort, layouts, row_filter
from tb_wordembed.server.queries.context import DONE, Context
from tb_wordembed.server.queries.row_values import RowNumbers, row_values
from tb_wordembed.server.queries.to_contract import filled


def search(context: Context, request: contract.SearchRequest) -> contract.Search:
    """Returns the rows that a search finds."""
    series = context.series(request)

    def find(report: Progress) -> Found:
        return series.labels.search(request.query, request.most, report)

    key = "search", series.columns_id, series.shape, request
    seconds = effort.reading(series, 1)
    job, answer = context.job(key, find, seconds, keeps=_is_whole)
    return filled(contract.Search, answer, job=job)


def _is_whole(found: Found) -> bool:
    """Returns whether all texts were searched. If not, that may be different the next
    time: the machine was busy."""
    return not found.problem


def ranked(context: Context, request: contract.RankedRequest) -> contract.Ranked:
    """Returns the rows that come first by a measure, of those that meet a condition."""
    series = context.series(request)
    ranking = RowNumbers(
        context, request, request.route, request.question, request.field
    )
    condition = row_filter.parsed(request.condition) if request.condition else None
    columns = [
        row_values(context, request, column)
        for column in (condition.columns if condition else [])
    ]
    for values in ranking, *columns:
        job = values.job()
        if job.state != "done":
            return filled(contract.Ranked, None, job=job)

    def find(report: Progress) -> contract.Ranked:
        mask, count = None, series.shape[0]
        if condition is not None:
            known = [values.read() for values in columns]
            report(0.5)
            mask = row_filter.rows_meeting(
                condition.meets, known, count, part(report, 0.5, 0.5)
            )
            count = int(mask.sum())
        return contract.Ranked(DONE, _first(ranking.read(), mask, request), count)

    table = series.content_id(*series.steps), series.columns_id
    sources = tuple(values.sources() for values in (ranking, *columns))
    job, found = context.job(
        ("ranked", table, sources, request), find, effort.reading(series, 2)
    )
    return filled(contract.Ranked, found, job=job)


def _first(
    values: npt.NDArray[Any],
    mask: npt.NDArray[np.bool_] | None,
    request: contract.RankedRequest,
) -> npt.NDArray[np.int32]:
    def blocks() -> Iterator[tuple[int, npt.NDArray[np.float64]]]:
        for piece in pieces(len(values)):
            block = values[piece].astype(np.float64)
            if request.order.endswith("size"):
                np.abs(block, out=block)
            if request.order.startswith("smallest"):
                np.negative(block, out=block)
            if mask is not None:
                block[~mask[piece]] = np.nan
            yield piece.start, block

    return first_rows(blocks(), request.most).astype(np.int32)


def within(context: Context, request: contract.WithinRequest) -> contract.Within:
    """Returns the rows in a rectangle of the map."""
    series, step = context.series(request), request.step
    series.check_step(step)
    if request.layout != "pca":
        raise ValueError(
            f"parameter 'layout' is {request.layout!r}; expected 'pca': other layouts "
            "are not known of all rows"
        )
    components = layouts.components_of(series, request)
    low, high = _corners(request.box)
    job, found = context.job(
        ("within", series.content_id(step, *series.basis_steps()), request),
        lambda report: series.rows_within(
            step, low, high, request.most, components, report
        ),
        effort.reading(series, 1),
    )
    return filled(contract.Within, found, job=job)


def _corners(box: str) -> tuple[list[float], list[float]]:
    """Returns the least and the largest coordinates of a rectangle. Raises ValueError
    if the text names none."""
    try:
        numbers = [float(one) for one in box.split("_")]
    except ValueError:
        numbers = []
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise ValueError(
            f"parameter 'box' is {box[:80]!r}; expected four numbers x0_y0_x1_y1"
        )
    return numbers[:2], numbers[2:]
