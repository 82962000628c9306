"""Answers the route of health: measures of the whole table at each step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.health import Likeness, StepHealth
from tb_wordembed.contract import health as contract
from tb_wordembed.contract.route import SeriesRequest
from tb_wordembed.engine.progress import Progress
from tb_wordembed.server.queries import effort
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.to_contract import numbers


def health(context: Context, request: SeriesRequest) -> contract.Health:
    """Returns measures of the whole table, of the steps that are measured so far."""
    series = context.series(request)

    def work(report: Progress) -> tuple[list[int], list[StepHealth]]:
        found = series.health(report)
        # The series leaves out the steps that turned out to be damaged.
        return series.steps, found

    key = "health", series.content_id(*series.steps)
    status, done = context.job(key, work, effort.measuring(series))
    steps, found = done or (series.steps, series.health_so_far())
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
        to_first=_likeness([one.to_first for one in found]),
        to_previous=_likeness([one.to_previous for one in found]),
        frozen_rows=[one.frozen_rows for one in found],
        zero_rows=[one.zero_rows for one in found],
        duplicate_rows=[one.duplicate_rows for one in found],
        non_finite_rows=[one.non_finite_rows for one in found],
    )


def _quantiles(per_step: Sequence[npt.NDArray[np.float64]]) -> contract.Quantiles:
    columns = [numbers(values) for values in np.reshape(per_step, (-1, 4)).T]
    return contract.Quantiles(*columns)


def _likeness(per_step: Sequence[Likeness | None]) -> contract.Likeness:
    """Returns how similar each step is to another one; null where there is none."""
    nan = float("nan")
    return contract.Likeness(
        cka=numbers(one.cka if one else nan for one in per_step),
        pip_loss=numbers(one.pip_loss if one else nan for one in per_step),
        procrustes_residual=numbers(
            one.procrustes_residual if one else nan for one in per_step
        ),
    )
