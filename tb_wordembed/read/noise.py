"""The noise floor of tokens: from several seeds, or from the steps of a settled one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple, get_args

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import noise
from tb_wordembed.analysis.noise import NoiseFloor, NoiseMeasure
from tb_wordembed.engine.progress import Progress, counted, part, silent
from tb_wordembed.read.drift import drift
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.neighbors import all_second_order_drift, turnover
from tb_wordembed.read.reference import Reference, rows_in_reference
from tb_wordembed.read.seed_drift import have_same_rows, pairwise_drift
from tb_wordembed.read.series_outline import skips_damaged
from tb_wordembed.read.similarity import similarity_matrix
from tb_wordembed.read.step_measures import settled_step

LEAST_SEEDS = 2
"""The smallest number of trainings."""

MOST_SEEDS = 20
"""The largest number of trainings: each pair of them is compared. Of the steps of one
training, so many at the end are."""


@skips_damaged
def noise_floor(
    series: LoggedSeries,
    seeds: Sequence[LoggedSeries] | None = None,
    step: int | None = None,
    measure: NoiseMeasure = "cosine",
    *,
    k: int = 10,
    centered: bool = False,
    anchors: Sequence[str | int] | None = None,
    progress: Progress = silent,
) -> NoiseFloor:
    """Returns what chance alone does to each token of a series: how much each pair of
    ``seeds`` differs, or how much the token jitters from step to step since the series
    settled; see ``tb_wordembed.analysis.noise.NoiseFloor``.

    Args:
      series: the series whose tokens have the floor. Their frequencies are those of its
        column, if there is one.
      seeds: two or more trainings that differ in nothing but chance. None takes the
        steps of the series itself, each with the next, ``MOST_SEEDS`` at most: its
        floor is for drift from a step to the next one or one like it, since what
        wanders goes further in more steps.
      step: the step of each of the seeds; by default the last one of each. Without
        seeds, the step since which tokens only jitter; by default ``settled_step``.
      measure: the measure: aligned drift, the change of neighbors (``overlap``, as 1
        less the share that is kept) or second-order drift.
      k: the number of neighbors, for measures of neighbors.
      centered: as in ``Reference``, for the alignment of two seeds.
      anchors: the same; tokens or row numbers of ``series``.
      progress: the share of the pairs that are compared.

    Raises:
      NotFoundError: a seed, or the series, has no such step.
      ValueError: there are fewer than two seeds or more than ``MOST_SEEDS``, one is
        there twice, or two can't be compared; without seeds, the series has not
        settled, or has no step after that.
    """
    compared = _compared(series, seeds, step)
    rows = None if anchors is None else [series.index_of(one) for one in anchors]
    tables = [
        (*one.content_id(step), one.columns_id, one.shape)
        for one, step in compared.tables
    ]
    changes = series.cache.get(
        (
            "changes_by_chance",
            (series.columns_id, series.shape, *tables, tuple(compared.pairs)),
            (measure, k, centered, None if rows is None else tuple(rows)),
        ),
        lambda: _changes(series, compared, measure, k, centered, rows, progress),
    )
    return noise.noise_floor(changes, compared.pairs, series.frequency())


class _Compared(NamedTuple):
    """Tables whose differences are noise, each as a series and a step; and which of
    them are compared, by their numbers."""

    tables: list[tuple[LoggedSeries, int]]
    pairs: list[tuple[int, int]]

    def sides(self) -> Iterator[tuple[LoggedSeries, int, int, LoggedSeries | None]]:
        """Yields the series of each pair, the step before and the one after, and the
        series of the first of these if it is another one."""
        for pair in self.pairs:
            (one, before), (other, after) = (self.tables[at] for at in pair)
            yield other, before, after, None if one is other else one


def _compared(
    series: LoggedSeries, seeds: Sequence[LoggedSeries] | None, step: int | None
) -> _Compared:
    if seeds is None:
        steps = _jittering(series, step)
        pairs = list(pairwise(range(len(steps))))
        return _Compared([(series, one) for one in steps], pairs)
    names = [(one.directory, one.tag) for one in seeds]
    if not LEAST_SEEDS <= len(seeds) <= MOST_SEEDS or len(set(names)) < len(names):
        raise ValueError(
            f"seeds={list(seeds)!r}: expected {LEAST_SEEDS} to {MOST_SEEDS} "
            "different series"
        )
    tables = [(one, one.steps[-1] if step is None else step) for one in seeds]
    return _Compared(tables, list(combinations(range(len(tables)), 2)))


def _jittering(series: LoggedSeries, since: int | None) -> list[int]:
    """Returns the steps at which tokens only jitter, ``MOST_SEEDS`` at most."""
    if since is None and (since := settled_step(series)) is None:
        raise ValueError(
            f"{series!r} has not settled, so its steps don't show what is noise: name "
            "seeds, or the step since which tokens only jitter"
        )
    series.check_step(since)
    steps = [step for step in series.steps if step >= since][-MOST_SEEDS:]
    if len(steps) < 2:
        raise ValueError(f"{series!r} has no step after {since}; expected one or more")
    return steps


def _changes(
    series: LoggedSeries,
    compared: _Compared,
    measure: NoiseMeasure,
    k: int,
    centered: bool,
    anchors: list[int] | None,
    progress: Progress,
) -> npt.NDArray[np.float32]:
    """Returns how much each token of a series differs between the tables of each pair,
    float32 ``[vocab_size, pairs]``; NaN where one of the two lacks it."""
    tables, pairs = compared
    # Tables of different series are aligned.
    is_whole = tables[0][0] is not tables[1][0] and anchors is None
    if measure in ("cosine", "euclidean") and is_whole and have_same_rows(tables):
        found = pairwise_drift(tables, pairs, measure, centered, progress)
        if found is not None:
            return _of_series(found, rows_in_reference(series, tables[0][0]))
    columns, count = [], len(pairs)
    for number, (other, before, after, one) in enumerate(compared.sides()):
        share = part(progress, number / count, 1 / count)
        rows = rows_in_reference(series, other)
        reference = None
        if one is not None:
            of_other = None if anchors is None else rows[anchors]
            known = None if of_other is None else of_other[of_other >= 0].tolist()
            reference = Reference(one, centered, known)
        found = change(other, before, after, reference, measure, k, share)
        columns.append(_of_series(found, rows))
    return np.stack(columns, axis=1)


def _of_series(
    values: npt.NDArray[np.float32], rows: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """Returns values of another series in the rows of this one."""
    found = values[rows]
    found[rows < 0] = np.nan
    return found


@skips_damaged
def usual_overlap(
    series: LoggedSeries,
    seeds: Sequence[LoggedSeries] | None = None,
    step: int | None = None,
    k: int = 10,
    sample: int = 200,
    progress: Progress = silent,
) -> float:
    """Estimates the mean overlap@k of two tables that differ in nothing but chance, 0
    to 1, from ``sample`` tokens: in moments, where ``noise_floor`` takes minutes. See
    there for the other arguments and for errors."""
    compared = _compared(series, seeds, step)
    found = [
        similarity_matrix(
            other,
            [before],
            [after],
            "overlap",
            k,
            reference=one,
            sample=sample,
        ).values[0, 0]
        for other, before, after, one in counted(
            compared.sides(), len(compared.pairs), progress
        )
    ]
    known = np.array(found)[np.isfinite(found)]
    return float(known.mean()) if len(known) else float("nan")


def change(
    series: LoggedSeries,
    from_step: int,
    to_step: int,
    reference: Reference | LoggedSeries | None,
    measure: NoiseMeasure = "cosine",
    k: int = 10,
    progress: Progress = silent,
) -> npt.NDArray[np.float32]:
    """Returns how much each token changed, larger for a larger change, float32
    ``[vocab_size]``: what ``NoiseFloor.p_values`` takes."""
    if measure in ("cosine", "euclidean"):
        return drift(series, from_step, to_step, measure, reference=reference)
    if measure == "overlap":
        kept = turnover(
            series, from_step, to_step, k, progress=progress, reference=reference
        )
        return 1 - kept.overlap
    if measure == "second_order":
        return all_second_order_drift(
            series, from_step, to_step, k, progress, reference=reference
        )
    raise ValueError(f"measure={measure!r}: expected one of {get_args(NoiseMeasure)}")
