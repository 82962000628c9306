"""Answers the routes of layouts: positions, trails, and their quality."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.layout_quality import Quality, TokenTrust
from tb_wordembed.contract import layouts as contract
from tb_wordembed.contract.jobs import Job
from tb_wordembed.engine.progress import Progress
from tb_wordembed.read.axes import parsed
from tb_wordembed.read.basis import MOST_COMPONENTS
from tb_wordembed.read.layouts import MOST_LAID_OUT, LaidOut
from tb_wordembed.read.series import Series
from tb_wordembed.server.queries import effort, to_contract
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.shown_rows import rows_of


def positions(
    context: Context, request: contract.PositionsRequest
) -> contract.Positions:
    """Returns the position of every token in a layout of the table at a step."""
    series, reference = context.series(request), context.reference(request)
    of = series if reference is None else reference.series
    of.check_step(request.step)
    step, kind = request.step, request.layout
    components, expressions = components_of(series, request), _expressions(request)
    rows = rows_of(series, request)
    job, frames = None, None
    ratio: Sequence[float | None] = []
    if reference is not None:
        if kind != "pca":
            raise ValueError(
                f"parameter 'layout' is {kind!r}; with a reference, expected 'pca'"
            )
        places = series.reference_positions(
            step, request.upon_step, reference, components
        )
    elif kind == "tsne":
        job, frames = _laid_out(context, series)
        none = np.empty((0, 2), np.float32)
        places = frames[step].positions if frames else none
    elif kind == "axes":
        places = _axes(series, request, step)
    elif rows is not None:
        some = series.chosen_positions(step, rows, components)
        places, ratio = (
            some.positions,
            to_contract.numbers(some.explained_variance_ratio),
        )
    else:
        places = series.positions(step, components)
        shown = range(1, min(MOST_COMPONENTS, series.shape[1]) + 1)
        ratio = to_contract.numbers(series.explained_variance_ratio(step, shown))
    return contract.Positions(
        run=of.run,
        tag=of.tag,
        step=step,
        layout=kind,
        components=components,
        components_by_rule=series.shown_components() if kind == "pca" else [],
        expressions=expressions,
        basis_steps=series.basis_steps() if kind == "pca" else [],
        explained_variance_ratio=list(ratio),
        job=job,
        laid_out=len(series.layout_tokens()) if kind == "tsne" else 0,
        positions=places
        if rows is None or len(places) in (0, len(rows))
        else places[rows],
    )


def trails(context: Context, request: contract.TrailsRequest) -> contract.Trails:
    """Returns the positions of some tokens at all steps."""
    series = context.series(request)
    rows = to_contract.rows_of_trajectories(series, request.indices)
    components, expressions = components_of(series, request), _expressions(request)
    if request.layout == "tsne":
        _, frames = _laid_out(context, series)
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


def quality(context: Context, request: contract.QualityRequest) -> contract.Quality:
    """Returns how far a layout can be trusted at a step."""
    series = context.series(request)
    series.check_step(request.step)
    step, kind, k = request.step, request.layout, request.k
    components, expressions = components_of(series, request), _expressions(request)
    job, found = _quality(context, series, request)
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
"""The number of neighbors by which ``Series.layout`` judges a layout."""

SAMPLE = 1000
"""The number of tokens over which the quality of a layout is measured."""


def _quality(
    context: Context, series: Series, request: contract.QualityRequest
) -> tuple[Job, Quality | None]:
    step, k = request.step, request.k
    places = None
    # Principal components depend on the steps that are pooled for them only.
    steps = series.steps
    if request.layout == "tsne":
        job, frames = _laid_out(context, series)
        if not frames or k == LAYOUT_K:
            return job, frames[step].quality if frames else None
        places = frames[step].positions
    elif request.layout == "axes":
        places = _axes(series, request, step)
    else:
        steps = series.basis_steps()

    def work(report: Progress) -> Quality:
        if places is None:
            return series.quality(
                step, components_of(series, request), k, progress=report
            )
        return series.quality_of(places, step, k, progress=report)

    key = series.content_id(step, *steps), series.columns_id, request
    seconds = 3 * effort.comparing(series, tables=1, rows=SAMPLE)
    return context.job(key, work, seconds)


TRUST_SAMPLE = 5000
"""The largest number of tokens whose own trustworthiness is measured."""


def token_trust(
    context: Context, request: contract.TokenTrustRequest
) -> contract.TokenTrust:
    """Returns how far the neighbors that a layout shows of each token can be
    trusted."""
    series = context.series(request)
    series.check_step(request.step)
    job, found = _token_trust(context, series, request)
    return contract.TokenTrust(
        job=job,
        step=request.step,
        layout=request.layout,
        components=components_of(series, request),
        expressions=_expressions(request),
        k=request.k,
        sampled=found.sampled if found else 0,
        population=found.population if found else 0,
        values=found.values if found else np.empty(0, np.float32),
    )


def _token_trust(
    context: Context, series: Series, request: contract.QualityRequest
) -> tuple[Job, TokenTrust | None]:
    step, steps = request.step, series.steps
    places = None
    if request.layout == "tsne":
        job, frames = _laid_out(context, series)
        if not frames:
            return job, None
        places = frames[step].positions
    elif request.layout == "axes":
        places = _axes(series, request, step)
    else:
        steps = series.basis_steps()

    def work(report: Progress) -> TokenTrust:
        shown = places
        if shown is None:
            shown = series.positions(step, components_of(series, request))
        return series.token_trust(shown, step, request.k, progress=report)

    key = "token_trust", series.content_id(step, *steps), series.columns_id, request
    seconds = 2 * effort.comparing(series, tables=1, rows=TRUST_SAMPLE)
    return context.job(key, work, seconds)


def _laid_out(
    context: Context, series: Series
) -> tuple[Job, dict[int, LaidOut] | None]:
    """Returns the job of the layout of all steps, and when it is done the layout by
    step."""
    job, found = context.job(
        ("layout", series.content_id(*series.steps), series.columns_id),
        lambda report: series.layout(report=report),
        effort.laying_out(series, min(series.shape[0], MOST_LAID_OUT)),
    )
    return job, None if found is None else {one.step: one for one in found}


def components_of(series: Series, request: contract.LayoutRequest) -> list[int]:
    """Returns the components to show; none for other layouts than ``pca``."""
    if request.layout != "pca":
        return []
    text = request.components
    if text in ("2d", "3d"):
        return series.shown_components()[: int(text[0])]
    numbers = text.split(".")
    fits = re.fullmatch(r"\d{1,2}(\.\d{1,2}){1,2}", text, re.ASCII)
    if not fits or not all(int(one) <= MOST_COMPONENTS for one in numbers):
        raise ValueError(
            f"parameter 'components' is {text[:80]!r}; expected two or three numbers "
            f"from 0 to {MOST_COMPONENTS}, separated by dots, such as '1.2', or '2d' "
            "or '3d' for those that the map shows by itself"
        )
    return [int(one) for one in numbers]


def _expressions(request: contract.LayoutRequest) -> list[str]:
    """Returns the expressions to show; none for other layouts than ``axes``."""
    if request.layout != "axes":
        return []
    if not (request.x.strip() or request.y.strip()):
        raise ValueError(
            "parameters 'x' and 'y' are both empty; expected an expression such as "
            "'good - bad' in one of them"
        )
    deep = [request.z] if request.z.strip() else []
    return [request.x, request.y, *deep]


def _axes(
    series: Series, request: contract.LayoutRequest, step: int
) -> npt.NDArray[np.float32]:
    """Returns the coordinates of every token along the expressions."""
    expressions = _expressions(request)
    for name, expression in zip("xyz", expressions, strict=False):
        try:
            if expression.strip():
                parsed(series, expression)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from error
    return series.axes(expressions, step)
