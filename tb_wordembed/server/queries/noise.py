"""Answers the route of noise: which tokens changed by more than chance changes them."""

from __future__ import annotations

import json
from collections.abc import Hashable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.noise import NoiseMeasure, q_values
from tb_wordembed.contract import noise as contract
from tb_wordembed.engine.progress import Progress, part
from tb_wordembed.read import noise as read
from tb_wordembed.read.reference import content_of_both
from tb_wordembed.read.series import Series
from tb_wordembed.server.queries import effort, to_contract
from tb_wordembed.server.queries.context import Context
from tb_wordembed.server.queries.neighbors import check_all

ESTIMATED = 200
"""The number of tokens from which the usual overlap of neighbors is estimated."""

_OF_DRIFT = ("cosine", "euclidean")
"""The measures without neighbors."""


class _Found(NamedTuple):
    p_values: npt.NDArray[np.float64]
    q_values: npt.NDArray[np.float64]
    pairs: int
    pooled: int


def noise(context: Context, request: contract.NoiseRequest) -> contract.Noise:
    """Returns how the change of each token compares with the noise."""
    series, reference = context.series(request), context.reference(request)
    seeds = named_seeds(context, request)
    if seeds is None and reference is not None:
        raise ValueError(
            "parameter 'seeds' is empty; expected two runs or more, such as "
            '["seed 1", "seed 2"], to compare with another run'
        )
    steps, measure, k = request.steps, request.measure, request.k
    is_anchored = seeds is not None and request.anchors
    anchors = to_contract.row_list("anchors", request.anchors) if is_anchored else None

    ids = floor_id(series, seeds)

    def work(report: Progress) -> _Found:
        floor = series.noise_floor(
            seeds,
            measure=measure,
            k=k,
            centered=seeds is not None and request.centered,
            anchors=anchors,
            progress=part(report, 0, 0.8),
        )
        changes = read.change(
            series, *steps, reference, measure, k, part(report, 0.8, 0.2)
        )
        p_values = floor.p_values(changes)
        return _Found(p_values, q_values(p_values), floor.pairs, floor.pooled)

    status, found = context.job(
        ("noise", request, ids, content_of_both(series, *steps, reference)),
        work,
        noise_seconds(series, seeds, measure),
    )
    usual = None
    if measure not in _OF_DRIFT:
        _, usual = context.job(
            ("usual_overlap", k, ids),
            lambda report: series.usual_overlap(
                seeds, k=k, sample=ESTIMATED, progress=report
            ),
            effort.comparing(series, _count(series, seeds), rows=ESTIMATED),
        )
    return to_contract.filled(
        contract.Noise,
        found,
        job=status,
        usual_overlap=usual,
    )


def named_seeds(
    context: Context, request: contract.NoiseRequest
) -> list[Series] | None:
    """Returns the seeds that are asked for; None for none. Raises ValueError if they
    are not written as expected, or would take too much memory."""
    if request.measure not in _OF_DRIFT:
        check_all(context.series(request), request.k)
    if not request.seeds:
        return None
    try:
        runs = json.loads(request.seeds)
    except ValueError:
        runs = None
    if not isinstance(runs, list) or not all(isinstance(run, str) for run in runs):
        raise ValueError(
            f"parameter 'seeds' is {request.seeds[:80]!r}; expected the names of runs "
            'as a JSON list, such as ["seed 1", "seed 2"]'
        )
    least, most = read.LEAST_SEEDS, read.MOST_SEEDS
    if not least <= len(runs) <= most or len(set(runs)) < len(runs):
        raise ValueError(
            f"parameter 'seeds' names {len(runs)} runs; expected {least} to {most} "
            "different ones"
        )
    return [context.log.series(run, request.tag) for run in runs]


def floor_id(series: Series, seeds: list[Series] | None) -> Hashable:
    """Returns a key of the rows, and of the steps or seeds that say what noise is."""
    if seeds is None:
        return series.columns_id, series.content_id(*series.steps)
    ids = [(one.content_id(one.steps[-1]), one.columns_id) for one in seeds]
    return series.columns_id, *ids


def noise_seconds(
    series: Series, seeds: list[Series] | None, measure: NoiseMeasure
) -> float:
    """Returns about how long it takes to compare all pairs."""
    count = _count(series, seeds)
    pairs = count if seeds is None else count * (count - 1) / 2
    seconds = effort.reading(series, 2 * (pairs + 1))
    if measure in _OF_DRIFT:
        return seconds
    return seconds + effort.comparing(series, count + 2)


def _count(series: Series, seeds: list[Series] | None) -> int:
    """Returns how many tables are compared."""
    return min(len(series.steps), read.MOST_SEEDS) if seeds is None else len(seeds)
