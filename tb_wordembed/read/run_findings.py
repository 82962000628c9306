"""Findings between two runs: what differs by more than noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tb_wordembed.analysis.findings import between_runs
from tb_wordembed.analysis.findings.between_runs import Ends, Groups
from tb_wordembed.analysis.findings.finding import Finding
from tb_wordembed.analysis.noise import NoiseMeasure
from tb_wordembed.engine.progress import Progress, part, silent
from tb_wordembed.read.group_rows import column_rows
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.noise import change, noise_floor
from tb_wordembed.read.reference import (
    Reference,
    as_reference,
    only_in_reference,
    rows_in_reference,
)

MOST_OF_COLUMN = 100
"""The largest number of groups of a column: one with more names its tokens rather than
that it sorts them."""


def findings_between(
    series: LoggedSeries,
    reference: Reference | LoggedSeries,
    seeds: Sequence[LoggedSeries],
    from_step: int | None = None,
    to_step: int | None = None,
    measure: NoiseMeasure = "cosine",
    *,
    k: int = 10,
    progress: Progress = silent,
) -> list[Finding]:
    """Returns what differs between two runs by more than noise: which tokens, and which
    groups of the logged columns, at a false discovery rate of ``noise.RATE``; and which
    tokens are new or gone. ``analysis.findings.sentences`` puts it in words.

    Args:
      reference: the other one that it is compared with.
      seeds: trainings that differ in nothing but chance, as in ``noise_floor``.
      from_step: the step of the reference; by default its last one.
      to_step: the step of the series; by default its last one.
      measure: as in ``noise_floor``.
      k: the number of neighbors, for measures of neighbors.
      progress: the share of the work that is done.

    Raises: as ``noise_floor`` and ``change``.
    """
    reference = as_reference(reference)
    other = reference.series
    steps = (
        other.steps[-1] if from_step is None else from_step,
        series.steps[-1] if to_step is None else to_step,
    )
    floor = noise_floor(
        series,
        seeds,
        measure=measure,
        k=k,
        centered=reference.centered,
        anchors=reference.anchors,
        progress=part(progress, 0, 0.8),
    )
    changes = change(series, *steps, reference, measure, k, part(progress, 0.8, 0.2))
    ends = Ends(
        *steps,
        measure,
        np.flatnonzero(rows_in_reference(series, reference) < 0),
        only_in_reference(series, reference),
    )
    return between_runs.findings_between(ends, changes, floor, _groups(series))


def _groups(series: LoggedSeries) -> Groups:
    """Returns the groups of each column that has few enough."""
    columns = {name: column_rows(series, name) for name in series.metadata}
    return {
        (column, name): rows
        for column, groups in columns.items()
        if len(groups) <= MOST_OF_COLUMN
        for name, rows in groups.items()
    }
