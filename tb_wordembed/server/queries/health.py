"""Answers the routes of health: measures, probes and similarity of whole tables, and
how much rows were trained."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace

import numpy as np

from tb_wordembed.analysis.health import Similarity, StepHealth
from tb_wordembed.analysis.probes import Analogies, Associations, Classes, Pairs
from tb_wordembed.contract import health as contract
from tb_wordembed.contract.logged import IndexRequest
from tb_wordembed.contract.route import SeriesRequest
from tb_wordembed.engine.progress import Progress
from tb_wordembed.read.log_health import TableHealth
from tb_wordembed.read.probe_files import parse_probe
from tb_wordembed.read.similarity import SAMPLE, some_steps
from tb_wordembed.server.queries import effort
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.to_contract import by_field, filled, numbers

_UNLIKE = Similarity(*[float("nan")] * 3)
"""How similar the first step is to one before it."""

_Changes = list[tuple[int, int]]
"""The births and deaths of tokens at each step."""

_KINDS: dict[type, contract.ProbeKind] = {
    Pairs: "pairs",
    Analogies: "analogies",
    Classes: "classes",
    Associations: "associations",
}


def health(context: Context, request: SeriesRequest) -> contract.Health:
    """Returns measures of the whole table, of the steps that are measured so far."""
    series = context.series(request)

    def work(report: Progress) -> tuple[list[int], list[StepHealth], _Changes]:
        found = series.health(report)
        # The series leaves out the steps that turned out to be damaged.
        return series.steps, found, series.births_and_deaths()

    key = "health", series.content_id(*series.steps)
    status, done = context.job(key, work, effort.measuring(series))
    so_far = done or (series.steps, series.health_so_far(), series.births_and_deaths())
    steps, found, changes = so_far
    measures = vars(by_field(found, *(field.name for field in fields(StepHealth))))
    for name in "drift_from_first", "drift_from_previous", "norm":
        per_token = np.reshape(measures[name], (-1, 4)).T
        measures[name] = contract.Quantiles(*map(numbers, per_token))
    for name in "to_first", "to_previous":
        likes = [one or _UNLIKE for one in measures[name]]
        of = by_field(likes, *vars(_UNLIKE))
        measures[name] = filled(contract.Similarity, of)
    return filled(
        contract.Health,
        SimpleNamespace(**measures),
        job=status,
        steps=steps[: len(found)],
        births=[births for births, _ in changes[: len(found)]],
        deaths=[deaths for _, deaths in changes[: len(found)]],
    )


def updates(context: Context, request: SeriesRequest) -> contract.Updates:
    """Returns how often each row was updated, and when last."""
    series = context.series(request)
    key = "updates", series.content_id(*series.steps)
    status, found = context.job(key, series.updates, effort.measuring(series))
    return filled(
        contract.Updates,
        found,
        job=status,
        steps=found.steps if found else series.steps,
        fixed_rows=series.fixed_rows,
    )


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


def probe(context: Context, request: contract.ProbeRequest) -> contract.Probe:
    """Returns the scores of a probe at all steps."""
    series, asked = context.series(request), parse_probe(request.text)
    kind, steps = _KINDS[type(asked)], len(series.steps)
    items = len(asked.items)
    status, found = context.job(
        ("probe", request, series.columns_id, series.content_id(*series.steps)),
        lambda report: series.probe(asked, progress=report),
        effort.comparing(series, steps, items if kind == "analogies" else 0),
    )
    scores = found or []
    return contract.Probe(
        job=status,
        kind=kind,
        items=items,
        steps=[one.step for one in scores],
        values=numbers([one.value for one in scores]),
        used=[one.used for one in scores],
    )


def all_health(context: Context, request: IndexRequest) -> contract.AllHealth:
    """Returns the health of all tables of the log, sickest first."""
    del request
    every = context.log.all_series
    key = (
        "all_health",
        tuple(
            (one.run, one.tag, one.columns_id, one.content_id(*one.steps))
            for one in every
        ),
    )
    seconds = sum(map(effort.measuring, every))
    status, found = context.job(key, context.log.health, seconds)
    return contract.AllHealth(job=status, tables=[*map(_table_health, found or [])])


def _table_health(one: TableHealth) -> contract.TableHealth:
    vocab_size, embedding_dim = one.shape
    shape = {"vocab_size": vocab_size, "embedding_dim": embedding_dim}
    return filled(contract.TableHealth, one, one.health, **shape)
