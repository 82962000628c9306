"""Findings: what stands out in a series, and what differs between two by more than
noise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import change_points
from tb_wordembed.analysis import drift as drifts
from tb_wordembed.analysis.findings import between_runs, collapsed_rows
from tb_wordembed.analysis.findings.collect import collect_findings
from tb_wordembed.analysis.findings.finding import Finding
from tb_wordembed.analysis.findings.outliers import (
    NEIGHBORS,
    jumped_rows,
)
from tb_wordembed.analysis.findings.row_histories import History
from tb_wordembed.analysis.findings.single_rows import FEWEST_UNUSED
from tb_wordembed.analysis.findings.swapped_rows import Exchanged, exchanged
from tb_wordembed.analysis.findings.table_events import (
    SAMPLE,
    Shuffled,
    scattered_positions,
    shuffled,
)
from tb_wordembed.analysis.health import MEDIAN, StepHealth
from tb_wordembed.analysis.noise import NoiseMeasure
from tb_wordembed.analysis.rows import Blocks, Rows
from tb_wordembed.analysis.sampled_rows import spread_evenly
from tb_wordembed.engine.progress import Progress, part, silent
from tb_wordembed.read import noise, step_measures
from tb_wordembed.read.group_rows import column_rows
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.neighbors import turnover
from tb_wordembed.read.reference import (
    Reference,
    as_reference,
    only_in_reference,
    rows_in_reference,
)
from tb_wordembed.read.series_outline import skips_damaged
from tb_wordembed.read.undertrained import find_unused, undertrained

_OTHERS = 1 << 14
"""About the number of rows that show how near to each other rows usually lie."""

MOST_OF_COLUMN = 100
"""The largest number of groups of a column. The values of a column with more are rather
names of single tokens."""


@skips_damaged
def findings(
    series: LoggedSeries, *, with_neighbors: bool = False, progress: Progress = silent
) -> list[Finding]:
    """Returns what stands out, warnings first; ``analysis.findings.sentences`` puts it
    in words. Steps before the last change of the vocabulary are left out.

    Args:
      with_neighbors: also finds words that changed neighbors, by the exact neighbors
        of all tokens at the first step and the last, which takes a while.
    """
    measured = step_measures.health(
        series, part(progress, 0, 0.5 if with_neighbors else 1.0)
    )
    history = step_measures.history(series)
    steps = history.steps
    overlap = None
    if with_neighbors and len(steps) > 1:
        rest = part(progress, 0.5, 0.5)
        change = turnover(series, steps[0], steps[-1], NEIGHBORS, progress=rest)
        overlap = change.overlap
    shown = measured[-len(steps) :]
    return collect_findings(
        history,
        shown,
        overlap,
        _breaks_from_last(series, jumped_rows(history), steps),
        [_exchanged(series, rows, at, steps) for at, rows in history.peaks],
        [_look(series, at, steps) for at in scattered_positions(history, shown)],
        _unused(series, history),
        _collapses(series, history, shown),
    )


def _unused(
    series: LoggedSeries, history: History
) -> tuple[Rows, npt.NDArray[np.int64]] | None:
    """Returns how near rows are to those that are known to be unused, and these."""
    rows = find_unused(series, past=history)
    rows = rows[np.isfinite(history.norm[rows])]
    if len(rows) < FEWEST_UNUSED:
        return None
    found = undertrained(series, history.steps[-1], rows.tolist(), "euclidean")
    return found.values, rows


def _collapses(
    series: LoggedSeries, history: History, health: Sequence[StepHealth]
) -> list[collapsed_rows.Collapse]:
    """Looks for rows that came together since the first step."""
    steps = history.steps
    if len(steps) < 2:
        return []

    def read(at: int, rows: npt.NDArray[np.int64]) -> Rows:
        return series.rows(steps[at], rows.tolist())

    def table() -> Blocks:
        return series.row_blocks(steps[-1], buffers=series.engine.threads)

    def find() -> tuple[collapsed_rows.Spacing | None, list[npt.NDArray[np.int64]]]:
        sample = spread_evenly(series.shape[0], collapsed_rows.SAMPLE)
        engine = series.engine
        space = collapsed_rows.spacing(sample, read(-1, sample), table(), engine)
        if space is None:
            return None, []
        return space, collapsed_rows.candidates(
            table(), history.norm, space.usual, engine
        )

    key = "together", series.content_id(steps[-1])
    space, groups = series.cache.get(key, find, kinds=(collapsed_rows.Spacing,))
    if space is None:
        return []
    sizes = np.array([one.norm[MEDIAN] for one in health])
    return list(collapsed_rows.collapses(history, groups, space, sizes, read))


def _look(series: LoggedSeries, at: int, steps: Sequence[int]) -> Shuffled:
    """Looks for a sample of the rows at the places of others at the step before."""
    old, new = steps[at - 1 : at + 1]
    sample = spread_evenly(series.shape[0], SAMPLE)
    before, after = (series.rows(step, sample.tolist()) for step in (old, new))
    return shuffled(at, sample, before, after, series.row_blocks(old))


def _exchanged(
    series: LoggedSeries, rows: npt.NDArray[np.int64], at: int, steps: Sequence[int]
) -> Exchanged:
    old, new = steps[at - 1 : at + 1]
    before, after = (series.rows(step, rows.tolist()) for step in (old, new))

    def others() -> Blocks:
        return series.sample_blocks(old, _OTHERS)

    return exchanged(rows, at, before, after, others, len(steps))


def _breaks_from_last(
    series: LoggedSeries, rows: npt.NDArray[np.int64], steps: Sequence[int]
) -> change_points.Breaks:
    tables = [series.rows(step, rows.tolist()) for step in steps]
    curves = [drifts.drift(tables[-1], table) for table in tables]
    return change_points.breaks(np.stack(curves, axis=1), steps)


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
    floor = noise.noise_floor(
        series,
        seeds,
        measure=measure,
        k=k,
        centered=reference.centered,
        anchors=reference.anchors,
        progress=part(progress, 0, 0.8),
    )
    changes = noise.change(
        series, *steps, reference, measure, k, part(progress, 0.8, 0.2)
    )
    ends = between_runs.Ends(
        *steps,
        measure,
        np.flatnonzero(rows_in_reference(series, reference) < 0),
        only_in_reference(series, reference),
    )
    return between_runs.findings_between(ends, changes, floor, _groups(series))


def _groups(series: LoggedSeries) -> between_runs.Groups:
    """Returns the groups of each column that has few enough."""
    columns = {name: column_rows(series, name) for name in series.metadata}
    return {
        (column, name): rows
        for column, groups in columns.items()
        if len(groups) <= MOST_OF_COLUMN
        for name, rows in groups.items()
    }
