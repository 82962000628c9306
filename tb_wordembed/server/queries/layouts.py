"""Answers the routes of layouts: positions, trails, and their quality."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

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

T = TypeVar("T")

Places = npt.NDArray[np.float32]
"""The positions of all tokens."""


def positions(
    context: Context, request: contract.PositionsRequest
) -> contract.Positions:
    """Returns the position of every token in a layout of the table at a step."""
    series, reference = context.series(request), context.reference(request)
    of = series if reference is None else reference.series
    of.check_step(request.step)
    step, kind = request.step, request.layout
    shown, rows = _shown(series, request), rows_of(series, request)
    components, job = shown["components"], None
    ratio: Sequence[float] | npt.NDArray[np.floating] = []
    if reference is not None:
        if kind != "pca":
            raise ValueError(
                f"parameter 'layout' is {kind!r}; with a reference, expected 'pca'"
            )
        places = series.reference_positions(
            step, request.upon_step, reference, components
        )
    elif kind != "pca":
        job, found = _places(context, series, request, step)
        places = np.empty((0, 2), np.float32) if found is None else found
    elif rows is not None:
        some = series.chosen_positions(step, rows, components)
        places, ratio = some.positions, some.explained_variance_ratio
    else:
        places = series.positions(step, components)
        all_shown = range(1, min(MOST_COMPONENTS, series.shape[1]) + 1)
        ratio = series.explained_variance_ratio(step, all_shown)
    return to_contract.filled(
        contract.Positions,
        request,
        **shown,
        run=of.run,
        tag=of.tag,
        components_by_rule=series.shown_components() if kind == "pca" else [],
        basis_steps=series.basis_steps() if kind == "pca" else [],
        explained_variance_ratio=ratio,
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
    shown = _shown(series, request)
    if request.layout == "tsne":
        _, frames = _laid_out(context, series)
        found = np.empty((0, 0, 2), np.float32)
        if frames:
            tables = [frames[step].positions[rows] for step in series.steps]
            found = np.stack(tables, axis=1)
    elif request.layout == "axes":
        found = series.axis_trails(rows, shown["expressions"])
    else:
        found = series.trails(rows, shown["components"])
    return to_contract.filled(
        contract.Trails,
        request,
        **shown,
        indices=rows,
        steps=series.steps,
        trails=found,
    )


def quality(context: Context, request: contract.QualityRequest) -> contract.Quality:
    """Returns how far a layout can be trusted at a step."""
    series = context.series(request)
    series.check_step(request.step)
    k, components = request.k, components_of(series, request)

    def work(places: Places | None, report: Progress) -> Quality:
        if places is None:
            return series.quality(request.step, components, k, progress=report)
        return series.quality_of(places, request.step, k, progress=report)

    seconds = 3 * effort.comparing(series, tables=1, rows=SAMPLE)
    if request.layout == "tsne" and k == LAYOUT_K:
        job, frames = _laid_out(context, series)
        found = frames[request.step].quality if frames else None
    else:
        job, found = _judged(context, series, request, work, seconds)
    return _answer(contract.Quality, series, request, job, found)


LAYOUT_K = 10
"""The number of neighbors by which ``Series.layout`` judges a layout."""

SAMPLE = 1000
"""The number of tokens over which the quality of a layout is measured."""

TRUST_SAMPLE = 5000
"""The largest number of tokens whose own trustworthiness is measured."""


def token_trust(
    context: Context, request: contract.TokenTrustRequest
) -> contract.TokenTrust:
    """Returns how far the neighbors that a layout shows of each token can be
    trusted."""
    series = context.series(request)
    series.check_step(request.step)
    components = components_of(series, request)

    def work(places: Places | None, report: Progress) -> TokenTrust:
        if places is None:
            places = series.positions(request.step, components)
        return series.token_trust(places, request.step, request.k, progress=report)

    seconds = 2 * effort.comparing(series, tables=1, rows=TRUST_SAMPLE)
    job, found = _judged(context, series, request, work, seconds)
    return _answer(contract.TokenTrust, series, request, job, found)


def _judged(
    context: Context,
    series: Series,
    request: contract.QualityRequest,
    work: Callable[[Places | None, Progress], T],
    seconds: float,
) -> tuple[Job, T | None]:
    """Returns the job in which ``work`` judges the places of tokens, None for principal
    components, and its result."""
    layout, places = _places(context, series, request, request.step)
    if layout is not None and places is None:
        return layout, None
    # Principal components depend on the steps that are pooled for them only.
    steps = series.basis_steps() if request.layout == "pca" else series.steps
    # A request of each of the two routes is of another type.
    key = series.content_id(request.step, *steps), series.columns_id, request
    return context.job(key, lambda report: work(places, report), seconds)


def _answer(
    kind: type[T],
    series: Series,
    request: contract.QualityRequest,
    job: Job,
    found: Quality | TokenTrust | None,
) -> T:
    return to_contract.filled(kind, found, request, **_shown(series, request), job=job)


def _places(
    context: Context, series: Series, request: contract.LayoutRequest, step: int
) -> tuple[Job | None, Places | None]:
    """Returns the places of all tokens, and the job that finds them, if it takes one;
    neither for principal components."""
    if request.layout == "axes":
        return None, _axes(series, request, step)
    if request.layout == "pca":
        return None, None
    job, frames = _laid_out(context, series)
    return job, frames[step].positions if frames else None


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


def _shown(series: Series, request: contract.LayoutRequest) -> dict[str, Any]:
    """Returns the fields that say what a layout shows."""
    return {
        "components": components_of(series, request),
        "expressions": _expressions(request),
    }


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
