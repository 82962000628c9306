"""Answers the route of under-trained tokens."""

from __future__ import annotations

from tb_wordembed.contract import undertrained as contract
from tb_wordembed.server.queries import effort
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.to_contract import EMPTY


def undertrained(
    context: Context, request: contract.UndertrainedRequest
) -> contract.Undertrained:
    """Returns how little every token was trained."""
    series = context.series(request)
    content = series.content_id(request.step, *series.steps)
    status, found = context.job(
        ("undertrained", series.columns_id, *content),
        lambda report: series.undertrained(request.step, progress=report),
        effort.measuring(series) + effort.reading(series, 1),
    )
    return contract.Undertrained(
        job=status,
        step=request.step,
        indicator=found.indicator if found else "norm",
        known_unused=len(found.known_unused) if found else 0,
        values=found.values if found else EMPTY,
    )
