"""Answers the routes of semantic axes and analogies."""

from __future__ import annotations

from tb_wordembed.contract import axes as contract
from tb_wordembed.server.queries import to_contract
from tb_wordembed.server.queries.context import Context


def axis(context: Context, request: contract.AxisRequest) -> contract.Axis:
    """Returns where every token lies along a direction."""
    series = context.series(request)
    return contract.Axis(series.axis(request.expression, request.step))


def analogy(context: Context, request: contract.AnalogyRequest) -> contract.Analogy:
    """Returns the tokens nearest to an expression."""
    series = context.series(request)
    found = series.analogy(request.expression, request.step, request.n)
    return to_contract.filled(contract.Analogy, nearest=found)
