"""Answers the routes of health: measures of whole tables, and updates of rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.health import Similarity, StepHealth
from tb_wordembed.contract import health as contract
from tb_wordembed.contract.logged import IndexRequest
from tb_wordembed.contract.route import SeriesRequest
from tb_wordembed.engine.progress import Progress
from tb_wordembed.read.log_health import TableHealth
from tb_wordembed.server.queries import effort
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.to_contract import number, numbers

_Changes = list[tuple[int, int]]
"""The births and deaths of tokens at each step."""


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
    return contract.Health(
        job=status,
        steps=steps[: len(found)],
        drift_from_first=_quantiles([one.drift_from_first for one in found]),
        drift_from_previous=_quantiles([one.drift_from_previous for one in found]),
        norm=_quantiles([one.norm for one in found]),
        effective_rank=numbers(one.effective_rank for one in found),
        mean_pairwise_cosine=numbers(one.mean_pairwise_cosine for one in found),
        participation_ratio=numbers(one.participation_ratio for one in found),
        iso_score=numbers(one.iso_score for one in found),
        to_first=_similarity([one.to_first for one in found]),
        to_previous=_similarity([one.to_previous for one in found]),
        frozen_rows=[one.frozen_rows for one in found],
        zero_rows=[one.zero_rows for one in found],
        duplicate_rows=[one.duplicate_rows for one in found],
        non_finite_rows=[one.non_finite_rows for one in found],
        information_abundance=numbers(one.information_abundance for one in found),
        direction_spread=numbers(one.direction_spread for one in found),
        cold_share=numbers(one.cold_share for one in found),
        births=[births for births, _ in changes[: len(found)]],
        deaths=[deaths for _, deaths in changes[: len(found)]],
    )


def updates(context: Context, request: SeriesRequest) -> contract.Updates:
    """Returns how often each row was updated, and when last."""
    series = context.series(request)
    key = "updates", series.content_id(*series.steps)
    status, found = context.job(key, series.updates, effort.measuring(series))
    nothing = np.empty(0, np.int32)
    return contract.Updates(
        job=status,
        steps=series.steps if found is None else found.steps,
        counts=nothing if found is None else found.counts,
        last_change=nothing if found is None else found.last_change,
        fixed_rows=series.fixed_rows.astype(np.int32),
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
    return contract.TableHealth(
        run=one.run,
        tag=one.tag,
        step=one.step,
        vocab_size=vocab_size,
        embedding_dim=embedding_dim,
        warnings=one.warnings,
        notices=one.notices,
        sentence=one.sentence,
        information_abundance=number(one.health.information_abundance),
        abundance_share=one.abundance_share,
        effective_rank=number(one.health.effective_rank),
        direction_spread=number(one.health.direction_spread),
        cold_share=number(one.health.cold_share),
    )


def _quantiles(per_step: Sequence[npt.NDArray[np.float64]]) -> contract.Quantiles:
    columns = [numbers(values) for values in np.reshape(per_step, (-1, 4)).T]
    return contract.Quantiles(*columns)


def _similarity(per_step: Sequence[Similarity | None]) -> contract.Similarity:
    """Returns how similar each step is to another one; null where there is none."""
    nan = float("nan")
    return contract.Similarity(
        cka=numbers(one.cka if one else nan for one in per_step),
        pip_loss=numbers(one.pip_loss if one else nan for one in per_step),
        procrustes_residual=numbers(
            one.procrustes_residual if one else nan for one in per_step
        ),
    )
