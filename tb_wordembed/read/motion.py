"""Why a token moved: along with its neighbors, or on its own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tb_wordembed.analysis import motion as motions
from tb_wordembed.analysis.neighbors.metrics import MOST_NEIGHBORS
from tb_wordembed.engine.progress import Progress, counted, silent
from tb_wordembed.integers import positive_integer
from tb_wordembed.read.axes import Similar
from tb_wordembed.read.labels import labeled
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.neighbors import nearest_rows
from tb_wordembed.read.reference import Reference, aligned_tables, matched_tables

MOST_INTERVALS = 8
"""The largest number of steps at which the neighbors of a token are looked up."""


@dataclass(frozen=True)
class Motion:
    """Why a token moved; see ``tb_wordembed.analysis.motion``.

    Attributes:
      shared_share: the share of its squared displacement that its neighbors on the way
        explain, 0..1; NaN where it did not move.
      own_share: the rest.
      neighbors: the number of neighbors that were averaged.
      steps: the steps at which its neighbors were looked up.
      parallel: the tokens whose displacement is most parallel to its own.
    """

    shared_share: float
    own_share: float
    neighbors: int
    steps: list[int]
    parallel: list[Similar]


def motion(
    series: LoggedSeries,
    token_or_index: str | int,
    from_step: int,
    to_step: int,
    k: int = 10,
    n: int = 10,
    progress: Progress = silent,
    *,
    reference: Reference | LoggedSeries | None = None,
) -> Motion:
    """Explains why a token moved between two steps: along with its neighbors, or on its
    own; and finds the n tokens that moved most like it.

    Neighbors are the k nearest by cosine, looked up again at every step on the way, or
    at ``MOST_INTERVALS`` of them, evenly spaced. With a ``reference``, ``from_step`` is
    a step of another series, rotated onto that of this one: then there are no steps on
    the way, and neighbors are those of the token there.
    """
    index, n = series.index_of(token_or_index), positive_integer("n", n, MOST_NEIGHBORS)
    ends = from_step, to_step

    def on_the_way() -> tuple[motions.SharedMotion, list[int]]:
        steps = _way(series, *ends)
        found = [
            _shared_between(series, index, *interval, k, None)
            for interval in counted(pairwise(steps), len(steps), progress)
        ]
        before, after = (series.rows(step, [index])[0] for step in ends)
        return motions.shared_along(found, before, after), steps[:-1]

    if reference is None:
        moved, steps = series.skip_damaged(on_the_way)
    else:
        moved, steps = _shared_between(series, index, *ends, k, reference), [from_step]
    both = (aligned_tables(series, *ends, reference), from_step), (series, to_step)
    old, new = (table.row_blocks(step) for table, step in both)
    before, after = (table.rows(step, [index])[0] for table, step in both)
    found = motions.most_parallel(old, new, index, before, after, n)
    return Motion(
        moved.shared_share,
        moved.own_share,
        moved.neighbors,
        steps,
        [Similar(*one) for one in labeled(series.labels, *found)],
    )


def _shared_between(
    series: LoggedSeries,
    index: int,
    from_step: int,
    to_step: int,
    k: int,
    reference: Reference | LoggedSeries | None,
) -> motions.SharedMotion:
    tables = aligned_tables(series, from_step, to_step, reference)
    near = nearest_rows(matched_tables(series, reference), index, from_step, k)
    rows = [index, *near.of(0)[0].tolist()]
    before, after = tables.rows(from_step, rows), series.rows(to_step, rows)
    return motions.shared_motion(before[0], after[0], before[1:], after[1:])


def _way(series: LoggedSeries, from_step: int, to_step: int) -> list[int]:
    """Returns the steps from one to another, with some of those between them."""
    for step in (from_step, to_step):
        series.check_step(step)
    low, high = sorted((from_step, to_step))
    steps = [step for step in series.steps if low <= step <= high]
    if len(steps) > MOST_INTERVALS + 1:
        even = np.linspace(0, len(steps) - 1, MOST_INTERVALS + 1).round()
        steps = [steps[int(position)] for position in even]
    if len(steps) == 1:
        steps *= 2
    return steps if from_step <= to_step else steps[::-1]
