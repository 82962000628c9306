"""Answers the route of under-trained tokens."""

from __future__ import annotations

from tb_wordembed.contract import undertrained as contract
from tb_wordembed.server.queries import effort
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.to_contract import filled


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
    return filled(
        contract.Undertrained,
        found,
        request,
        job=status,
        indicator=found.indicator if found else "norm",
        known_unused=len(found.known_unused) if found else 0,
    )
