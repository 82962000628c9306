"""Answers to questions that take a while: what is known so far, and how far it is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from typing import TypeVar

import numpy as np

from tb_wordembed import contract
from tb_wordembed.analysis import changes
from tb_wordembed.analysis.findings.finding import Finding
from tb_wordembed.analysis.health import StepHealth
from tb_wordembed.analysis.neighbors.given_rows import check
from tb_wordembed.read.log import Log
from tb_wordembed.read.series import Series
from tb_wordembed.server.jobs import Jobs, Report
from tb_wordembed.server.queries import to_contract

T = TypeVar("T")

_NONE = np.empty(0, np.float32)

_PROMPT_SECONDS = 0.5
"""How long a question waits for its job: what is quick is answered at once."""


def turnover(
    log: Log, jobs: Jobs, request: contract.TurnoverRequest
) -> contract.Turnover:
    """How much of its neighbors each token kept."""
    series = log.series(request.run, request.tag)
    steps, k, metric = (request.from_step, request.to_step), request.k, request.metric
    check(k, metric)
    of = series.content_id(*steps), k, metric
    status, exact = ask(
        jobs,
        ("turnover", *of),
        lambda report: series.turnover(*steps, k, metric, report),
    )
    mean, error, sampled = np.nan, np.nan, 0
    if exact is None:
        _, some = ask(
            jobs,
            ("turnover_estimate", *of),
            lambda report: series.turnover_estimate(*steps, k, metric),
        )
        if some is not None:
            mean, error, sampled = some.mean_overlap, some.standard_error, some.sampled
    else:
        mean, error = exact.mean_overlap, 0.0
        sampled = int(np.isfinite(exact.overlap).sum())
    return contract.Turnover(
        job=status,
        from_step=request.from_step,
        to_step=request.to_step,
        k=k,
        metric=metric,
        mean_overlap=to_contract.number(mean),
        standard_error=to_contract.number(error),
        sampled=sampled,
        overlap=_NONE if exact is None else exact.overlap,
        jaccard=_NONE if exact is None else exact.jaccard,
    )


def second_order_drift(
    log: Log, jobs: Jobs, request: contract.SecondOrderDriftRequest
) -> contract.SecondOrderDrift:
    """How much the likeness of each token to its neighbors changed."""
    series = log.series(request.run, request.tag)
    steps, k = (request.from_step, request.to_step), request.k
    check(k, "cosine")
    status, found = ask(
        jobs,
        ("second_order_drift", series.content_id(*steps), k),
        lambda report: series.all_second_order_drift(*steps, k, report),
    )
    return contract.SecondOrderDrift(
        job=status,
        from_step=request.from_step,
        to_step=request.to_step,
        k=k,
        values=_NONE if found is None else found,
    )


def all_neighbors(
    log: Log, jobs: Jobs, request: contract.AllNeighborsRequest
) -> contract.AllNeighbors:
    """The nearest tokens of every token."""
    series = log.series(request.run, request.tag)
    step, k, metric = request.step, request.k, request.metric
    check(k, metric)
    status, found = ask(
        jobs,
        ("all_neighbors", series.content_id(step), k, metric),
        lambda report: series.all_neighbors(step, k, metric, report),
    )
    none = np.empty((0, k))
    return contract.AllNeighbors(
        job=status,
        step=step,
        k=k,
        metric=metric,
        indices=(none if found is None else found.indices).astype(np.int32),
        distances=(none if found is None else found.distances).astype(np.float32),
    )


def path(log: Log, jobs: Jobs, request: contract.PathRequest) -> contract.Path:
    """The ways of all tokens."""
    series = log.series(request.run, request.tag)
    status, found = ask(jobs, ("path", series.content_id(*series.steps)), series.path)
    return contract.Path(
        job=status,
        length=_NONE if found is None else found.length.astype(np.float32),
        displacement=_NONE if found is None else found.displacement,
        straightness=_NONE if found is None else found.straightness,
    )


def breaks(log: Log, jobs: Jobs, request: contract.BreaksRequest) -> contract.Breaks:
    """When tokens broke off their trends, and when the table came to rest."""
    series = log.series(request.run, request.tag)
    measure = request.measure

    def work(report: Report) -> tuple[changes.Breaks, int | None]:
        return series.breaks(measure, report), series.settled_step()

    status, found = ask(
        jobs, ("breaks", series.content_id(*series.steps), measure), work
    )
    where, settled_step = found or (None, None)
    return contract.Breaks(
        job=status,
        measure=measure,
        steps=series.steps,
        positions=(_NONE if where is None else where.positions).astype(np.int32),
        strengths=(_NONE if where is None else where.strengths).astype(np.float32),
        jumps=(_NONE if where is None else where.jumps).astype(np.float32),
        break_strength=changes.STRENGTH,
        settled_step=settled_step,
        settled_share=changes.SETTLED,
    )


def health(log: Log, jobs: Jobs, request: contract.HealthRequest) -> contract.Health:
    """Measures of the whole table, per step, as far as they are taken."""
    series = log.series(request.run, request.tag)

    def work(report: Report) -> tuple[list[int], list[StepHealth]]:
        found = series.health(report)
        # What turned out to be damaged was left out.
        return series.steps, found

    status, done = ask(jobs, ("health", series.content_id(*series.steps)), work)
    steps, found = done or (series.steps, series.health_so_far())
    return contract.Health(
        job=status,
        steps=steps[: len(found)],
        drift_from_first=to_contract.quantiles([one.drift_from_first for one in found]),
        drift_from_previous=to_contract.quantiles(
            [one.drift_from_previous for one in found]
        ),
        norm=to_contract.quantiles([one.norm for one in found]),
        effective_rank=to_contract.numbers(one.effective_rank for one in found),
        mean_pairwise_cosine=to_contract.numbers(
            one.mean_pairwise_cosine for one in found
        ),
        participation_ratio=to_contract.numbers(
            one.participation_ratio for one in found
        ),
        iso_score=to_contract.numbers(one.iso_score for one in found),
        to_first=to_contract.likeness([one.to_first for one in found]),
        to_previous=to_contract.likeness([one.to_previous for one in found]),
        frozen_rows=[one.frozen_rows for one in found],
        zero_rows=[one.zero_rows for one in found],
        duplicate_rows=[one.duplicate_rows for one in found],
        non_finite_rows=[one.non_finite_rows for one in found],
    )


def findings(
    log: Log, jobs: Jobs, request: contract.FindingsRequest
) -> contract.Findings:
    """What stands out; words that changed company when they are known."""
    series = log.series(request.run, request.tag)
    status, found = _findings(jobs, series, request.with_company)
    if found is None and request.with_company:
        _, found = _findings(jobs, series, with_company=False)
    tokens = series.tokens
    return contract.Findings(
        job=status, findings=[to_contract.finding(one, tokens) for one in found or []]
    )


def _findings(
    jobs: Jobs, series: Series, with_company: bool
) -> tuple[contract.Job, list[Finding] | None]:
    return ask(
        jobs,
        ("findings", series.content_id(*series.steps), with_company),
        lambda report: series.findings(with_company=with_company, progress=report),
    )


def cancel(log: Log, jobs: Jobs, request: contract.CancelRequest) -> contract.Cancel:
    """Ends a job."""
    del log
    job = jobs.find(request.id)
    if job is not None:
        job.cancel()
    return contract.Cancel(job is not None)


def ask(
    jobs: Jobs, key: Hashable, work: Callable[[Report], T]
) -> tuple[contract.Job, T | None]:
    """Where the job stands that does this work, and its result when it is done.

    A failure is told once: who asks again tries again. What nobody wanted any more is
    begun again at once.
    """
    name = hashlib.blake2b(repr(key).encode(), digest_size=8).hexdigest()
    job = jobs.find(name)
    if job is None or job.status.state == "cancelled":
        job = jobs.submit(name, work)
    job.wait(_PROMPT_SECONDS)
    status = job.status
    if status.state == "failed":
        jobs.forget(job)
    return (
        contract.Job(
            # There is nothing left to cancel.
            id="" if status.state == "done" else name,
            state=status.state,
            progress=status.progress,
            message=status.message,
            error=status.error,
        ),
        job.result if status.state == "done" else None,
    )
