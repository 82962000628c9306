"""Answers the route of findings."""

from __future__ import annotations

from collections.abc import Sequence

from tb_wordembed.analysis.findings.false_alarm_rates import raised
from tb_wordembed.analysis.findings.finding import Finding
from tb_wordembed.analysis.findings.sentences import sentence
from tb_wordembed.contract import findings as contract
from tb_wordembed.contract.jobs import Job
from tb_wordembed.contract.noise import NoiseRequest
from tb_wordembed.read.reference import content_of_both
from tb_wordembed.read.series import Series
from tb_wordembed.server.queries import effort
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.noise import floor_id, named_seeds, noise_seconds
from tb_wordembed.server.queries.to_contract import filled, number


def findings(context: Context, request: contract.FindingsRequest) -> contract.Findings:
    """Returns what stands out; tokens that changed neighbors join it when they are
    known."""
    series = context.series(request)
    status, found = _find(context, series, request.with_neighbors)
    if found is None and request.with_neighbors:
        _, found = _find(context, series, with_neighbors=False)
    return _answer(series, status, found)


def findings_between(context: Context, request: NoiseRequest) -> contract.Findings:
    """Returns what differs between two runs by more than noise."""
    series, reference = context.series(request), context.reference(request)
    seeds = named_seeds(context, request)
    if reference is None or seeds is None:
        missing = "seeds" if seeds is None else "reference_run"
        raise ValueError(
            f"parameter {missing!r} is empty; findings between runs need another run, "
            "and the names of two runs or more that differ in nothing but chance"
        )
    ids = content_of_both(series, *request.steps, reference)
    status, found = context.job(
        ("findings_between", request, floor_id(series, seeds), ids),
        lambda report: series.findings_between(
            reference,
            seeds,
            *request.steps,
            request.measure,
            k=request.k,
            progress=report,
        ),
        noise_seconds(series, seeds, request.measure),
    )
    return _answer(series, status, found)


def _find(
    context: Context, series: Series, with_neighbors: bool
) -> tuple[Job, list[Finding] | None]:
    seconds = effort.measuring(series)
    if with_neighbors:
        seconds += effort.comparing(series, tables=2)
    content = series.content_id(*series.steps)
    return context.job(
        ("findings", series.columns_id, *content, with_neighbors),
        lambda report: series.findings(with_neighbors=with_neighbors, progress=report),
        seconds,
    )


def _answer(
    series: Series, status: Job, found: list[Finding] | None
) -> contract.Findings:
    tokens = series.labels
    return contract.Findings(
        job=status, findings=[_finding(one, tokens) for one in found or []]
    )


def _finding(one: Finding, tokens: Sequence[str]) -> contract.Finding:
    return filled(
        contract.Finding,
        one,
        count=len(one.rows),
        numbers=[
            contract.NamedNumber(name, number(value))
            for name, value in one.numbers.items()
        ],
        sentence=sentence(one, tokens),
        raised=raised(one.kind),
        view=filled(contract.View, one.view, indices=one.view.rows.tolist()),
    )
