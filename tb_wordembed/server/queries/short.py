"""One function per question of the contract: a log and a request, to a response."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from tb_wordembed import contract
from tb_wordembed.analysis.rows import narrow
from tb_wordembed.errors import NotFoundError
from tb_wordembed.read.log import Log
from tb_wordembed.read.series import Series
from tb_wordembed.server.jobs import Jobs
from tb_wordembed.server.queries import layouts, long, projector, to_contract
from tb_wordembed.server.vectors import VectorFile, vector_file


def answer(log: Log, jobs: Jobs, route: contract.Route, request: Any) -> Any:
    """The response to a request of this route.

    Raises:
      NotFoundError: the log has no such run, tag, step, column or row.
      DamagedSnapshotError: the bytes of the step are not those that were written.
      ValueError: a parameter is out of its range.
    """
    if route.name in _AT_ONCE:
        return _AT_ONCE[route.name](log, request)
    return _BY_JOBS[route.name](log, jobs, request)


def index(log: Log, request: contract.IndexRequest) -> contract.Index:
    """Everything that was logged."""
    del request
    return contract.Index(
        scanning=log.scanning,
        series=[_series(one) for one in log.all_series],
        problems=[
            contract.Problem(one.path, one.offset, one.message) for one in log.problems
        ],
    )


def _series(one: Series) -> contract.Series:
    vocab_size, embedding_dim = one.shape
    return contract.Series(
        run=one.run,
        tag=one.tag,
        description=one.description,
        vocab_size=vocab_size,
        embedding_dim=embedding_dim,
        dtype=one.dtype,
        steps=one.steps,
        wall_times=[time if math.isfinite(time) else 0.0 for time in one.wall_times],
        checksums=list(one.checksums(*one.steps)),
        basis_steps=one.basis_steps(),
        has_tokens=one.has_tokens,
        columns=[
            contract.Column(name, kind) for name, kind in one.column_kinds.items()
        ],
        columns_id=one.columns_id,
    )


def tokens(log: Log, request: contract.TokensRequest) -> contract.Tokens:
    """The label of each row."""
    return contract.Tokens(log.series(request.run, request.tag).tokens)


def column(log: Log, request: contract.ColumnRequest) -> contract.ColumnValues:
    """One value per row."""
    columns = log.series(request.run, request.tag).metadata
    if request.column not in columns:
        raise NotFoundError(
            f"there is no column {request.column!r}; there are: {list(columns)}"
        )
    values = columns[request.column]
    if isinstance(values, list):
        return contract.ColumnValues(request.column, numbers=None, texts=values)
    return contract.ColumnValues(
        request.column, numbers=to_contract.numbers(values), texts=None
    )


def drift(log: Log, request: contract.DriftRequest) -> contract.Drift:
    """The change of every token between two steps."""
    return contract.Drift(
        from_step=request.from_step,
        to_step=request.to_step,
        measure=request.measure,
        values=log.series(request.run, request.tag).drift(
            request.from_step, request.to_step, request.measure
        ),
    )


def norms(log: Log, request: contract.NormsRequest) -> contract.Norms:
    """The norm of every row."""
    series = log.series(request.run, request.tag)
    return contract.Norms(request.step, series.norms(request.step))


def aligned_drift(
    log: Log, request: contract.AlignedDriftRequest
) -> contract.AlignedDrift:
    """The change of every token from one series to another."""
    series = log.series(request.run, request.tag)
    other = log.series(request.other_run, request.other_tag)
    where = request.step, other, request.other_step
    found = series.alignment(*where, centered=request.centered)
    return contract.AlignedDrift(
        step=request.step,
        other_run=other.run,
        other_tag=other.tag,
        other_step=request.other_step,
        measure=request.measure,
        centered=request.centered,
        common=found.count,
        residual=to_contract.number(found.residual),
        values=series.aligned_drift(*where, request.measure, centered=request.centered),
    )


def trajectory(log: Log, request: contract.TrajectoryRequest) -> contract.Trajectory:
    """One token through all steps."""
    series = log.series(request.run, request.tag)
    found = series.trajectory(request.index, request.reference_step, request.measure)
    return contract.Trajectory(
        index=request.index,
        token=series.tokens[request.index],
        reference_step=request.reference_step,
        measure=request.measure,
        steps=series.steps,
        drift=to_contract.numbers(found.drift),
        step_drift=to_contract.numbers(found.step_drift),
        norm=to_contract.numbers(found.norm),
    )


def trajectories(
    log: Log, request: contract.TrajectoriesRequest
) -> contract.Trajectories:
    """Some tokens through all steps."""
    series = log.series(request.run, request.tag)
    indices = to_contract.indices(request.indices)
    found = series.trajectories(indices, request.reference_step, request.measure)
    return contract.Trajectories(
        indices=indices,
        reference_step=request.reference_step,
        measure=request.measure,
        steps=series.steps,
        drift=found.drift,
        norm=narrow(found.norm),
    )


def neighbors(log: Log, request: contract.NeighborsRequest) -> contract.Neighbors:
    """The nearest tokens at a step."""
    series = log.series(request.run, request.tag)
    found = series.neighbors(request.index, request.step, request.k, request.metric)
    return contract.Neighbors(
        index=request.index,
        token=series.tokens[request.index],
        step=request.step,
        metric=request.metric,
        neighbors=to_contract.neighbors(found),
    )


def neighbor_change(
    log: Log, request: contract.NeighborChangeRequest
) -> contract.NeighborChange:
    """Neighbors gained, kept and lost between two steps."""
    series = log.series(request.run, request.tag)
    found = series.neighbor_change(
        request.index, request.from_step, request.to_step, request.k, request.metric
    )
    return contract.NeighborChange(
        index=request.index,
        token=series.tokens[request.index],
        from_step=request.from_step,
        to_step=request.to_step,
        metric=request.metric,
        before=to_contract.neighbors(found.before),
        after=to_contract.neighbors(found.after),
        gained=found.change.gained,
        kept=found.change.kept,
        lost=found.change.lost,
        overlap=to_contract.number(found.change.overlap),
        jaccard=to_contract.number(found.change.jaccard),
        second_order_drift=to_contract.number(
            series.second_order_drift(
                request.index, request.from_step, request.to_step, request.k
            )
        ),
    )


def motion(log: Log, request: contract.MotionRequest) -> contract.Motion:
    """Why a token moved between two steps."""
    series = log.series(request.run, request.tag)
    found = series.motion(request.index, request.from_step, request.to_step, request.k)
    return contract.Motion(
        index=request.index,
        token=series.tokens[request.index],
        from_step=request.from_step,
        to_step=request.to_step,
        shared_share=to_contract.number(found.shared_share),
        own_share=to_contract.number(found.own_share),
        neighbors=found.neighbors,
        neighbor_steps=found.steps,
        parallel=to_contract.similar(found.parallel),
    )


def axis(log: Log, request: contract.AxisRequest) -> contract.Axis:
    """Where every token lies along a direction."""
    series = log.series(request.run, request.tag)
    values = series.axis(request.expression, request.step)
    return contract.Axis(request.expression, request.step, values)


def analogy(log: Log, request: contract.AnalogyRequest) -> contract.Analogy:
    """The tokens nearest to an expression."""
    series = log.series(request.run, request.tag)
    found = series.analogy(request.expression, request.step, request.n)
    return contract.Analogy(
        request.expression, request.step, to_contract.similar(found)
    )


def vectors(
    log: Log, request: contract.VectorsRequest, rows: str | None = None
) -> VectorFile:
    """The table at a step as a file; all rows, or those named in text as for
    ``trajectories``."""
    series = log.series(request.run, request.tag)
    indices = None if rows is None else to_contract.indices(rows)
    return vector_file(series, request.step, request.format, indices)


_AT_ONCE: dict[str, Callable[[Log, Any], Any]] = {
    "index": index,
    "tokens": tokens,
    "column": column,
    "drift": drift,
    "norms": norms,
    "aligned_drift": aligned_drift,
    "trajectory": trajectory,
    "trajectories": trajectories,
    "neighbors": neighbors,
    "neighbor_change": neighbor_change,
    "motion": motion,
    "axis": axis,
    "analogy": analogy,
    "projector": projector.projector,
}

_BY_JOBS: dict[str, Callable[[Log, Jobs, Any], Any]] = {
    "positions": layouts.positions,
    "trails": layouts.trails,
    "health": long.health,
    "turnover": long.turnover,
    "second_order_drift": long.second_order_drift,
    "all_neighbors": long.all_neighbors,
    "breaks": long.breaks,
    "path": long.path,
    "quality": layouts.quality,
    "findings": long.findings,
    "cancel": long.cancel,
}
