"""Answers the routes of drift, and of the series that it is measured from."""

from __future__ import annotations

from tb_wordembed.contract import drift as contract
from tb_wordembed.contract.route import ReferenceRequest, SeriesRequest
from tb_wordembed.engine.progress import Progress, silent
from tb_wordembed.read.reference import content_of_both
from tb_wordembed.read.trajectories import Trajectories
from tb_wordembed.server.queries import effort, to_contract
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.shown_rows import rows_of
from tb_wordembed.server.queries.to_contract import filled, named

MOST_NAMED = 1000
"""The largest number of tokens in an answer that only the reference has."""


def drift(context: Context, request: contract.DriftRequest) -> contract.Drift:
    """Returns the change of every token between two steps."""
    series, reference = context.series(request), context.reference(request)
    steps, rows = request.steps, rows_of(series, request)
    if rows is not None and reference is None:
        values = series.chosen_drift(*steps, request.measure, rows)
    else:
        values = series.drift(*steps, request.measure, reference=reference)
        values = values if rows is None else values[rows]
    aligned = None
    if reference is not None:
        found = series.alignment(*steps, reference)
        aligned = filled(
            contract.Alignment,
            found,
            reference,
            reference.series,
            common=found.count,
            anchored=reference.anchors is not None,
        )
    return contract.Drift(*steps, request.measure, aligned, values)


def norms(context: Context, request: contract.NormsRequest) -> contract.Norms:
    """Returns the norm of every row."""
    series = context.series(request)
    rows = rows_of(series, request)
    if rows is None:
        return contract.Norms(request.step, series.norms(request.step))
    return contract.Norms(request.step, series.chosen_norms(request.step, rows))


def path(context: Context, request: SeriesRequest) -> contract.Path:
    """Returns how far every token moved through all steps."""
    series = context.series(request)
    key = "path", series.content_id(*series.steps)
    status, found = context.job(key, series.path, effort.measuring(series))
    return filled(contract.Path, found, job=status)


def trajectories(
    context: Context, request: contract.TrajectoriesRequest
) -> contract.Trajectories:
    """Returns some tokens through all steps."""
    series, reference = context.series(request), context.reference(request)
    step, measure = request.reference_step, request.measure
    indices = to_contract.rows_of_trajectories(series, request.indices)

    def work(report: Progress) -> tuple[list[int], Trajectories]:
        found = series.trajectories(
            indices, step, measure, reference=reference, progress=report
        )
        return series.steps, found

    job, done = None, None
    if reference is None:
        done = work(silent)
    else:
        of = content_of_both(series, step, series.steps[-1], reference)
        key = "trajectories", request, of, series.content_id(*series.steps)
        seconds = effort.aligning(series, len(series.steps))
        job, done = context.job(key, work, seconds)
    steps, found = done or ([], None)
    return filled(
        contract.Trajectories,
        found,
        request,
        **named(reference),
        job=job,
        indices=indices,
        steps=steps,
    )


def breaks(context: Context, request: contract.BreaksRequest) -> contract.Breaks:
    """Returns when tokens broke off their trends."""
    series, measure = context.series(request), request.measure
    status, found = context.job(
        ("breaks", series.content_id(*series.steps), measure),
        lambda report: series.breaks(measure, report),
        effort.reading(series, len(series.steps)),
    )
    return filled(contract.Breaks, found, job=status, steps=series.steps)


def rows_in_reference(
    context: Context, request: ReferenceRequest
) -> contract.RowsInReference:
    """Returns the row of each token in the reference."""
    series = context.series(request)
    reference = context.reference(request) or series
    others = series.only_in_reference(reference)
    return filled(
        contract.RowsInReference,
        rows=series.rows_in_reference(reference),
        only_in_reference=others[:MOST_NAMED],
        count_only_in_reference=len(others),
    )
