"""Answers to questions that take a while: what is known so far, and how far it is."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from tb_wordembed import contract
from tb_wordembed.jobs import Job, Report
from tb_wordembed.log import Log
from tb_wordembed.series import LaidOut

_NONE = np.empty(0, np.float32)

_PROMPT_SECONDS = 0.5
"""How long a question waits for its job: what is quick is answered at once."""


def turnover(log: Log, request: contract.TurnoverRequest) -> contract.Turnover:
    """How much of its neighbors each token kept."""
    series = log.series(request.run, request.tag)
    steps, k, metric = (request.from_step, request.to_step), request.k, request.metric
    estimate = series.turnover_estimate(*steps, k, metric)
    job = _job(
        log,
        ("turnover", series.content_id(*steps), k, metric),
        lambda report: series.turnover(*steps, k, metric, report),
    )
    done = job.status.state == "done"
    found = job.result if done else None
    return contract.Turnover(
        job=_status(job),
        from_step=request.from_step,
        to_step=request.to_step,
        k=k,
        metric=metric,
        mean_overlap=_number(found.mean_overlap if found else estimate.mean_overlap),
        standard_error=0.0 if found else _number(estimate.standard_error),
        sampled=estimate.population if found else estimate.sampled,
        overlap=found.overlap if found else _NONE,
        jaccard=found.jaccard if found else _NONE,
    )


def layout(log: Log, request: contract.LayoutRequest) -> contract.Layout:
    """A non-linear layout."""
    series = log.series(request.run, request.tag)
    series.check_step(request.step)
    job = _job(
        log,
        ("layout", series.content_id(*series.steps)),
        lambda report: series.layout(report=report),
    )
    frames: dict[int, LaidOut] = {}
    if job.status.state == "done":
        frames = {one.step: one for one in job.result}
    frame = frames.get(request.step)
    return contract.Layout(
        job=_status(job),
        step=request.step,
        laid_out=len(series.layout_tokens()),
        trustworthiness=_number(frame.quality.trustworthiness) if frame else None,
        continuity=_number(frame.quality.continuity) if frame else None,
        positions=frame.positions if frame else np.empty((0, 2), np.float32),
    )


def cancel(log: Log, request: contract.CancelRequest) -> contract.Cancel:
    """Ends a job."""
    job = log.jobs.find(request.id)
    if job is not None:
        job.cancel()
    return contract.Cancel(job is not None)


def _job(log: Log, key: Hashable, work: Callable[[Report], Any]) -> Job:
    """The job that does this work, under way or ended; a new one if the last was
    cancelled."""
    name = hashlib.blake2b(repr(key).encode(), digest_size=8).hexdigest()
    job = log.jobs.find(name)
    if job is None or job.status.state == "cancelled":
        job = log.jobs.submit(name, work)
    job.wait(_PROMPT_SECONDS)
    return job


def _status(job: Job) -> contract.Job:
    status = job.status
    return contract.Job(
        id=str(job.key),
        state=status.state,
        progress=status.progress,
        message=status.message,
        error=status.error,
    )


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
