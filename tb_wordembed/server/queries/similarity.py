"""Answers the route of similarity: how alike the tables of many steps are."""

from __future__ import annotations

from tb_wordembed.contract import similarity as contract
from tb_wordembed.read.similarity import SAMPLE, some_steps
from tb_wordembed.server.queries import effort
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.to_contract import filled


def similarity_matrix(
    context: Context, request: contract.SimilarityMatrixRequest
) -> contract.SimilarityMatrix:
    """Returns how alike the tables of all steps are, each with every other."""
    series, reference = context.series(request), context.reference(request)
    measure, k = request.measure, request.k
    other = series if reference is None else reference.series
    steps = some_steps(other.steps), some_steps(series.steps)
    ids = other.content_id(*steps[0]), series.content_id(*steps[1])
    tables = len(steps[1]) + (0 if reference is None else len(steps[0]))
    status, found = context.job(
        ("similarity_matrix", *ids, other.columns_id, series.columns_id, measure, k),
        lambda report: series.similarity_matrix(
            measure=measure, k=k, reference=reference, progress=report
        ),
        effort.comparing(series, tables, rows=SAMPLE)
        if measure == "overlap"
        else effort.relating(series, tables, rows=SAMPLE),
    )
    return filled(contract.SimilarityMatrix, found, request, job=status)
