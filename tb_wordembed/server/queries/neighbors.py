"""Answers the routes of neighbors: of one token or of all, their changes, and how far
a token moved along with them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_wordembed.analysis.neighbors.metrics import Metric
from tb_wordembed.contract import neighbors as contract
from tb_wordembed.engine.progress import Progress
from tb_wordembed.read.motion import MOST_INTERVALS
from tb_wordembed.read.neighbors import NeighborChange, known_neighbors
from tb_wordembed.read.reference import Reference, content_of_both, matched_tables
from tb_wordembed.read.series import Series
from tb_wordembed.server.queries import effort, to_contract
from tb_wordembed.server.queries.context import Context

SAMPLE = 1000
"""The number of tokens from which the turnover is estimated until it is known."""


MOST_OF_ALL = 1 << 26
"""The largest number of neighbors of all tokens together. Each takes 16 bytes, and a
turnover has those of two steps."""


def neighbors(
    context: Context, request: contract.NeighborsRequest
) -> contract.Neighbors:
    """Returns the tokens nearest to a token at a step."""
    series = context.series(request)
    found = series.neighbors(request.index, request.step, request.k, request.metric)
    return to_contract.filled(contract.Neighbors, neighbors=found)


def neighbor_change(
    context: Context, request: contract.NeighborChangeRequest
) -> contract.NeighborChange:
    """Returns the neighbors that a token gained, kept and lost between two steps."""
    series, index = context.series(request), request.index
    reference = context.reference(request)
    steps, k, metric = request.steps, request.k, request.metric
    of = content_of_both(series, *steps, reference)
    series.index_of(index)

    def work(report: Progress) -> tuple[NeighborChange, float]:
        found = series.neighbor_change(index, *steps, k, metric, reference=reference)
        report(0.5)
        return found, series.second_order_drift(index, *steps, k, reference=reference)

    # The second-order drift is that of the neighbors by cosine.
    tables = 2 if metric == "cosine" else 4
    status, both = context.job(
        ("neighbor_change", request, series.columns_id, of),
        work,
        effort.reading(series, tables),
    )
    found, second_order = both or (None, None)
    return to_contract.filled(
        contract.NeighborChange,
        found,
        found and found.change,
        request,
        **to_contract.named(reference),
        job=status,
        token=series.labels[index],
        second_order_drift=second_order,
    )


def turnover(context: Context, request: contract.TurnoverRequest) -> contract.Turnover:
    """Returns how many of its neighbors each token kept; until that is known, an
    estimate of the mean."""
    series, reference = context.series(request), context.reference(request)
    steps, k, metric = request.steps, request.k, request.metric
    check_all(series, k)
    of = request, content_of_both(series, *steps, reference)
    status, exact = context.job(
        ("turnover", *of),
        lambda report: series.turnover(*steps, k, metric, report, reference=reference),
        _seconds(series, reference, steps, k, metric),
    )
    if exact is None:
        _, some = context.job(
            ("turnover_estimate", *of),
            lambda report: series.turnover_estimate(
                *steps, k, metric, SAMPLE, reference=reference
            ),
            effort.comparing(series, tables=2, rows=SAMPLE),
        )
        return to_contract.filled(contract.Turnover, some, None, job=status)
    sampled = int(np.isfinite(exact.overlap).sum())
    return to_contract.filled(
        contract.Turnover, exact, job=status, standard_error=0.0, sampled=sampled
    )


def second_order_drift(
    context: Context, request: contract.SecondOrderDriftRequest
) -> contract.SecondOrderDrift:
    """Returns how much the cosines of each token to its neighbors changed."""
    series, reference = context.series(request), context.reference(request)
    steps, k = request.steps, request.k
    check_all(series, k)
    status, found = context.job(
        ("second_order_drift", request, content_of_both(series, *steps, reference)),
        lambda report: series.all_second_order_drift(
            *steps, k, report, reference=reference
        ),
        _seconds(series, reference, steps, k, "cosine"),
    )
    values = np.empty(0, np.float32) if found is None else found
    return contract.SecondOrderDrift(status, values)


def motion(context: Context, request: contract.MotionRequest) -> contract.Motion:
    """Returns why a token moved between two steps."""
    series, index, k = context.series(request), request.index, request.k
    steps, reference = request.steps, context.reference(request)
    series.index_of(index)
    between = [] if reference else series.steps
    between = [one for one in between if min(steps) <= one <= max(steps)]
    of = content_of_both(series, *steps, reference), series.content_id(*between)
    status, found = context.job(
        ("motion", request, series.columns_id, of),
        lambda progress: series.motion(
            index, *steps, k, progress=progress, reference=reference
        ),
        effort.reading(series, min(len(between), MOST_INTERVALS) + 2),
    )
    return to_contract.filled(
        contract.Motion,
        found,
        request,
        **to_contract.named(reference),
        job=status,
    )


def check_all(series: Series, k: int) -> None:
    """Raises ValueError where so many neighbors of all tokens take too much memory."""
    rows = series.shape[0]
    most = max(1, MOST_OF_ALL // rows)
    if k > most:
        raise ValueError(
            f"parameter 'k' is {k}; expected 1 to {most:,} for all of {rows:,} tokens"
        )


def _seconds(
    series: Series,
    reference: Reference | None,
    steps: Sequence[int],
    k: int,
    metric: Metric,
) -> float:
    """Returns about how long the neighbors of all tokens take that are not in
    memory."""
    both = zip((matched_tables(series, reference), series), steps, strict=True)
    known = [known_neighbors(tables, step, k, metric) for tables, step in both]
    return effort.comparing(series, known.count(None)) + effort.reading(series, 2)
