"""Answers the route of references: the tokens that two series have in common."""

from __future__ import annotations

from tb_wordembed.contract import reference as contract
from tb_wordembed.contract.route import ReferenceRequest
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.to_contract import filled

MOST_NAMED = 1000
"""The largest number of tokens in an answer that only the reference has."""


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
