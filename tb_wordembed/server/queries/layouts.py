"""Answers about pictures of a table: where its tokens are in them, how they got there,
and how far a picture can be trusted."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tb_wordembed import contract
from tb_wordembed.analysis.neighbors.given_rows import check
from tb_wordembed.analysis.quality import Quality
from tb_wordembed.read.basis import MOST_COMPONENTS
from tb_wordembed.read.layouts import LaidOut
from tb_wordembed.read.log import Log
from tb_wordembed.read.series import Series
from tb_wordembed.server.jobs import Jobs, Report
from tb_wordembed.server.queries import to_contract
from tb_wordembed.server.queries.long import ask

_Request = contract.PositionsRequest | contract.TrailsRequest | contract.QualityRequest

MOST_TRAILS = 500
"""Each takes a read per step."""


def positions(
    log: Log, jobs: Jobs, request: contract.PositionsRequest
) -> contract.Positions:
    """A picture of the table at a step."""
    series = log.series(request.run, request.tag)
    series.check_step(request.step)
    step, kind = request.step, request.layout
    components, expressions = _components(request), _expressions(request)
    job, frames = None, None
    ratio: Sequence[float | None] = []
    if kind == "tsne":
        job, frames = _laid_out(jobs, series)
        none = np.empty((0, 2), np.float32)
        places = frames[step].positions if frames else none
    elif kind == "axes":
        places = _axes(series, request, step)
    else:
        places = series.positions(step, components)
        shown = range(1, min(MOST_COMPONENTS, series.shape[1]) + 1)
        ratio = to_contract.numbers(series.explained_variance_ratio(step, shown))
    return contract.Positions(
        run=series.run,
        tag=series.tag,
        step=step,
        layout=kind,
        components=components,
        expressions=expressions,
        basis_steps=series.basis_steps() if kind == "pca" else [],
        explained_variance_ratio=list(ratio),
        job=job,
        laid_out=len(series.layout_tokens()) if kind == "tsne" else 0,
        positions=places,
    )


def trails(log: Log, jobs: Jobs, request: contract.TrailsRequest) -> contract.Trails:
    """Some tokens at all steps."""
    series = log.series(request.run, request.tag)
    rows = [series.index_of(row) for row in to_contract.indices(request.indices)]
    if len(rows) > MOST_TRAILS:
        raise ValueError(
            f"parameter 'indices' has {len(rows)} rows; expected {MOST_TRAILS} at most"
        )
    components, expressions = _components(request), _expressions(request)
    if request.layout == "tsne":
        _, frames = _laid_out(jobs, series)
        found = np.empty((0, 0, 2), np.float32)
        if frames:
            tables = [frames[step].positions[rows] for step in series.steps]
            found = np.stack(tables, axis=1)
    elif request.layout == "axes":
        found = series.axis_trails(rows, expressions)
    else:
        found = series.trails(rows, components)
    return contract.Trails(
        indices=rows,
        steps=series.steps,
        layout=request.layout,
        components=components,
        expressions=expressions,
        trails=found,
    )


def quality(log: Log, jobs: Jobs, request: contract.QualityRequest) -> contract.Quality:
    """How far a picture can be trusted."""
    series = log.series(request.run, request.tag)
    series.check_step(request.step)
    step, kind, k = request.step, request.layout, request.k
    check(k, "cosine")
    components, expressions = _components(request), _expressions(request)
    job, found = _quality(jobs, series, request)
    return contract.Quality(
        job=job,
        step=step,
        layout=kind,
        components=components,
        expressions=expressions,
        k=k,
        trustworthiness=to_contract.number(found.trustworthiness) if found else None,
        continuity=to_contract.number(found.continuity) if found else None,
        sampled=found.sampled if found else 0,
        population=found.population if found else 0,
    )


LAYOUT_K = 10
"""Neighbors by which a layout is judged when it is made."""


def _quality(
    jobs: Jobs, series: Series, request: contract.QualityRequest
) -> tuple[contract.Job, Quality | None]:
    step, k = request.step, request.k
    places = None
    # What the picture is made of: of all steps, but for components.
    steps = series.steps
    if request.layout == "tsne":
        job, frames = _laid_out(jobs, series)
        if not frames or k == LAYOUT_K:
            return job, frames[step].quality if frames else None
        places = frames[step].positions
    elif request.layout == "axes":
        places = _axes(series, request, step)
    else:
        steps = series.basis_steps()

    def work(report: Report) -> Quality:
        if places is None:
            return series.quality(step, _components(request), k, progress=report)
        return series.quality_of(places, step, k, progress=report)

    return ask(
        jobs, (series.content_id(step, *steps), series.columns_id, request), work
    )


def _laid_out(
    jobs: Jobs, series: Series
) -> tuple[contract.Job, dict[int, LaidOut] | None]:
    """Where the layout of all steps stands, and what there is of it by step."""
    job, found = ask(
        jobs,
        ("layout", series.content_id(*series.steps), series.columns_id),
        lambda report: series.layout(report=report),
    )
    return job, None if found is None else {one.step: one for one in found}


def _components(request: _Request) -> list[int]:
    """Those to show; none of another layout than ``pca``."""
    if request.layout != "pca":
        return []
    text = request.components
    numbers = text.split(".")
    fits = re.fullmatch(r"\d{1,2}(\.\d{1,2}){1,2}", text, re.ASCII)
    if not fits or not all(1 <= int(one) <= MOST_COMPONENTS for one in numbers):
        raise ValueError(
            f"parameter 'components' is {text[:80]!r}; expected two or three numbers "
            f"from 1 to {MOST_COMPONENTS}, separated by dots, such as '1.2'"
        )
    return [int(one) for one in numbers]


def _expressions(request: _Request) -> list[str]:
    """Those to show; none of another layout than ``axes``."""
    if request.layout != "axes":
        return []
    for name, expression in (("x", request.x), ("y", request.y)):
        if not expression.strip():
            raise ValueError(
                f"parameter {name!r} is empty; expected an expression such as "
                "'good - bad'"
            )
    return [one for one in (request.x, request.y, request.z) if one.strip()]


def _axes(series: Series, request: _Request, step: int) -> npt.NDArray[np.float32]:
    """Every token along the expressions; what is wrong with one names it."""
    found = []
    for name, expression in zip("xyz", _expressions(request), strict=False):
        try:
            found.append(series.axis(expression, step))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    return np.stack(found, axis=1)
