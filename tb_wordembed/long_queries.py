"""Answers to questions that take a while: what is known so far, and how far it is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from typing import TypeVar

import numpy as np

from tb_wordembed import answers, contract
from tb_wordembed.analysis import changes
from tb_wordembed.analysis.neighbors import check
from tb_wordembed.jobs import Report
from tb_wordembed.log import Log

T = TypeVar("T")

_NONE = np.empty(0, np.float32)

_PROMPT_SECONDS = 0.5
"""How long a question waits for its job: what is quick is answered at once."""


def turnover(log: Log, request: contract.TurnoverRequest) -> contract.Turnover:
    """How much of its neighbors each token kept."""
    series = log.series(request.run, request.tag)
    steps, k, metric = (request.from_step, request.to_step), request.k, request.metric
    check(k, metric)
    status, exact = ask(
        log,
        ("turnover", series.content_id(*steps), k, metric),
        lambda report: series.turnover(*steps, k, metric, report),
    )
    if exact is None:
        some = series.turnover_estimate(*steps, k, metric)
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
        mean_overlap=answers.number(mean),
        standard_error=answers.number(error),
        sampled=sampled,
        overlap=_NONE if exact is None else exact.overlap,
        jaccard=_NONE if exact is None else exact.jaccard,
    )


def second_order_drift(
    log: Log, request: contract.SecondOrderDriftRequest
) -> contract.SecondOrderDrift:
    """How much the likeness of each token to its neighbors changed."""
    series = log.series(request.run, request.tag)
    steps, k = (request.from_step, request.to_step), request.k
    check(k, "cosine")
    status, found = ask(
        log,
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
    log: Log, request: contract.AllNeighborsRequest
) -> contract.AllNeighbors:
    """The nearest tokens of every token."""
    series = log.series(request.run, request.tag)
    step, k, metric = request.step, request.k, request.metric
    check(k, metric)
    status, found = ask(
        log,
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


def breaks(log: Log, request: contract.BreaksRequest) -> contract.Breaks:
    """When tokens broke off their trends, and when the table came to rest."""
    series = log.series(request.run, request.tag)
    measure = request.measure

    def work(report: Report) -> tuple[changes.Breaks, int | None]:
        return series.breaks(measure, report), series.settled_step()

    status, found = ask(
        log, ("breaks", series.content_id(*series.steps), measure), work
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


def findings(log: Log, request: contract.FindingsRequest) -> contract.Findings:
    """What stands out; words that changed company when they are known."""
    series = log.series(request.run, request.tag)
    status = found = None
    if request.with_company:
        status, found = ask(
            log,
            ("findings", series.content_id(*series.steps)),
            lambda report: series.findings(with_company=True, progress=report),
        )
    tokens = series.tokens
    return contract.Findings(
        job=status,
        findings=[
            answers.finding(one, tokens)
            for one in (series.findings() if found is None else found)
        ],
    )


def cancel(log: Log, request: contract.CancelRequest) -> contract.Cancel:
    """Ends a job."""
    job = log.jobs.find(request.id)
    if job is not None:
        job.cancel()
    return contract.Cancel(job is not None)


def ask(
    log: Log, key: Hashable, work: Callable[[Report], T]
) -> tuple[contract.Job, T | None]:
    """Where the job stands that does this work, and its result when it is done.

    A failure is told once: who asks again tries again. What nobody wanted any more is
    begun again at once.
    """
    name = hashlib.blake2b(repr(key).encode(), digest_size=8).hexdigest()
    job = log.jobs.find(name)
    if job is None or job.status.state == "cancelled":
        job = log.jobs.submit(name, work)
    job.wait(_PROMPT_SECONDS)
    status = job.status
    if status.state == "failed":
        log.jobs.forget(job)
    return (
        contract.Job(
            id=name,
            state=status.state,
            progress=status.progress,
            message=status.message,
            error=status.error,
        ),
        job.result if status.state == "done" else None,
    )
