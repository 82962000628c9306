"""Answers the route of motion: why a token moved."""

from __future__ import annotations

from tb_wordembed.contract import motion as contract
from tb_wordembed.read.motion import MOST_INTERVALS
from tb_wordembed.read.reference import content_of_both
from tb_wordembed.server.queries import effort, to_contract
from tb_wordembed.server.queries.context import Context


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
        neighbor_steps=found.steps if found else [],
    )
