"""Groups of tokens, such as genres or bands of frequency, between steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import drift as drifts
from tb_wordembed.analysis.drift import Measure, block_drift
from tb_wordembed.analysis.groups import (
    QUANTILES,
    GroupSums,
    Indices,
    Members,
    group_sums,
    share_inside,
)
from tb_wordembed.analysis.health import quantiles
from tb_wordembed.analysis.rows import Rows, SideBySide, Wide, narrow, norms
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.engine.progress import Progress, counted, part, silent
from tb_wordembed.read.group_rows import By, named_rows
from tb_wordembed.read.logged_series import LoggedSeries
from tb_wordembed.read.neighbors import all_neighbors
from tb_wordembed.read.reference import (
    Reference,
    matched_tables,
    turn_upon,
)
from tb_wordembed.read.series_outline import skips_damaged
from tb_wordembed.read.tables import Tables, Turn

_FEW = 1000
"""Groups of so many rows in all, or fewer, are read without the rest of the table."""

_AT_ONCE = 8
"""The number of tables that are read side by side."""


@dataclass(frozen=True)
class Group:
    """A group of tokens, and how it changed between two steps.

    Attributes:
      name: its name, such as a value of the column.
      rows: its rows, ascending, int64 ``[count]``.
      drift: the 10, 50 and 90 % quantiles of the drift of its tokens, float32 ``[3]``.
      norm: the same quantiles of their norms at the second step.
      unchanged: the share of its tokens whose vectors are the same at both steps.
      centroid_drift: the drift of the mean of its vectors, by the same measure.
      spread_before: the root mean square distance of its vectors from their mean, at
        the first step.
      spread_after: the same at the second step.
      inside_before: the share of the ``k`` neighbors of its tokens that are in the
        group, at the first step; NaN if ``k`` was not given.
      inside_after: the same at the second step.
    """

    name: str
    rows: Indices
    drift: Rows
    norm: Rows
    unchanged: float
    centroid_drift: float
    spread_before: float
    spread_after: float
    inside_before: float
    inside_after: float

    @property
    def count(self) -> int:
        """The number of its tokens."""
        return len(self.rows)


@dataclass(frozen=True)
class GroupTrajectories:
    """Groups of tokens through all steps.

    Attributes:
      names: the names of the groups.
      drift: the median drift of the tokens of each group from the reference step to
        each step, float32 ``[groups, steps]``; NaN for a group without tokens.
      centroid_drift: the drift of the mean of its vectors, of the same shape.
    """

    names: list[str]
    steps: list[int]
    drift: Rows
    centroid_drift: Rows


def groups(
    series: LoggedSeries,
    by: By,
    from_step: int,
    to_step: int,
    measure: Measure = "cosine",
    *,
    k: int | None = None,
    reference: Reference | LoggedSeries | None = None,
    progress: Progress = silent,
) -> list[Group]:
    """Returns how groups of tokens changed between two steps, in the order of ``by``.

    Each table is read once, block by block.

    Args:
      by: the name of a logged column, or a dict from the name of each group to its
        tokens or rows. Each text of a column is a group. Numbers are groups, too, if
        they are up to 20 different whole numbers; others are put into up to 10 bins of
        about as many tokens. Tokens without a value are in no group.
      from_step: the step that drift is measured from.
      to_step: the step that it is measured to.
      k: the number of nearest neighbors of each token to look for in its group; None
        looks for none. This takes long in large tables.
      reference: another series, which ``from_step`` is a step of; see ``drift``. Tokens
        that it lacks are counted, and have no drift.
      progress: the progress of the search for neighbors.

    Raises:
      NotFoundError: there is no such column, token or step.
      ValueError: there are more than 10,000 groups, or ``measure`` or ``k`` is not
        valid.
    """
    named = named_rows(series, by, measure)
    turns = {to_step: turn_upon(series, from_step, to_step, reference)}
    matched = matched_tables(series, reference), from_step
    before, (after,) = _measure(series, matched, turns, measure, named)
    spreads = before.spreads(), after.sums.spreads()
    near = []
    if k is not None:
        # As where neighbors are compared, the tables are as they were logged.
        near = [
            all_neighbors(one, step, k, progress=part(progress, at / 2, 0.5)).indices
            for at, (one, step) in enumerate([matched, (series, to_step)])
        ]
    return [
        Group(
            name,
            rows,
            narrow(quantiles(after.drift[at], QUANTILES)),
            narrow(quantiles(after.norm[at], QUANTILES)),
            float(after.unchanged[at].mean()) if len(rows) else np.nan,
            float(after.centroid_drift[at]),
            *(float(spread[at]) for spread in spreads),
            *([share_inside(each, rows) for each in near] or (np.nan, np.nan)),
        )
        for at, (name, rows) in enumerate(named.items())
    ]


@skips_damaged
def group_trajectories(
    series: LoggedSeries,
    by: By,
    reference_step: int,
    measure: Measure = "cosine",
    progress: Progress = silent,
    *,
    reference: Reference | LoggedSeries | None = None,
) -> GroupTrajectories:
    """Returns how groups of tokens moved from a reference step to each step.

    The table of the reference step is read once for every eight steps, any other one
    once. Up to 1,000 tokens are read without the rest of their tables. With a
    reference, both tables are read once more for each step, to align them.

    Args:
      by: the groups, as in ``groups``.
      reference_step: the step that drift is measured from, of the reference.
      progress: the share of the steps that are measured.
      reference: another series, as in ``groups``. Its table at ``reference_step`` is
        aligned with that of each step anew.

    Raises: as ``groups``.
    """
    named = named_rows(series, by, measure)
    before = matched_tables(series, reference), reference_step
    steps, drift, centroids = series.steps, [], []
    reported = counted(steps, len(steps), progress)
    for _ in range(0, len(steps), _AT_ONCE):
        turns = {
            step: turn_upon(series, reference_step, step, reference)
            for step in islice(reported, _AT_ONCE)
        }
        for found in _measure(series, before, turns, measure, named)[1]:
            drift.append([quantiles(one, QUANTILES)[1] for one in found.drift])
            centroids.append(found.centroid_drift)
    shape = len(steps), len(named)
    by_step = (np.reshape(drift, shape), np.reshape(centroids, shape))
    return GroupTrajectories(
        list(named), steps, *(narrow(values.T) for values in by_step)
    )


class _Measured(NamedTuple):
    """The tokens of each group at a step, against the step that drift is measured
    from."""

    drift: list[Rows]
    norm: list[Wide]
    unchanged: list[npt.NDArray[np.bool_]]
    sums: GroupSums
    centroid_drift: Rows


def _measure(
    series: LoggedSeries,
    before: tuple[Tables, int],
    turns: Mapping[int, Turn],
    measure: Measure,
    named: Mapping[str, Indices],
) -> tuple[GroupSums, list[_Measured]]:
    """Measures tables in one pass, side by side: the groups in the table ``before`` at
    its step, and in that of the series at each step of ``turns``, which lay the first
    table upon it."""
    shape = series.shape
    tables = [before, *((series, step) for step in turns)]
    is_wanted = np.zeros(shape[0], np.bool_)
    for members_of_one in named.values():
        is_wanted[members_of_one] = True
    rows = np.flatnonzero(is_wanted)
    if len(rows) <= min(_FEW, shape[0] // 20):
        some = [table.rows(step, rows.tolist()) for table, step in tables]
        named = {name: np.searchsorted(rows, one) for name, one in named.items()}
        count = len(rows)
        blocks: Iterable[tuple[int, Sequence[Rows]]] = [(0, some)]
    else:
        threads = LOCAL.threads
        read = [table.row_blocks(step, buffers=threads) for table, step in tables]
        count, blocks = shape[0], SideBySide(read, shape)
    members = Members.of(named)
    found = [
        (np.empty(count, np.float32), np.empty(count), np.empty(count, np.bool_))
        for _ in tables[1:]
    ]

    def of_block(block: tuple[int, Sequence[Rows]]) -> list[GroupSums]:
        start, (old, *others) = block
        part = slice(start, start + len(old))
        unturned_norm = norms(old)
        for new, turn, values in zip(others, turns.values(), found, strict=True):
            drift, norm, unchanged = values
            norm[part], was = norms(new), turn(old)
            norm_before = unturned_norm if was is old else norms(was)
            with np.errstate(all="ignore"):
                moved = block_drift(was, new, new - was, norm_before, norm[part])
            drift[part], unchanged[part] = getattr(moved, measure), moved.unchanged
        inside = members.between(part.start, part.stop)
        return [group_sums(one, inside) for one in (old, *others)]

    def add(some: list[GroupSums], more: list[GroupSums]) -> list[GroupSums]:
        return [one + other for one, other in zip(some, more, strict=True)]

    nothing = of_block((0, [np.empty((0, shape[1]), np.float32)] * len(tables)))
    first, *after = LOCAL.reduce(of_block, blocks, add, nothing)
    groups, centroids = named.values(), narrow(first.centroids())
    return first, [
        _Measured(
            [drift[one] for one in groups],
            [norm[one] for one in groups],
            [unchanged[one] for one in groups],
            sums,
            drifts.drift(turn(centroids), narrow(sums.centroids()), measure),
        )
        for (drift, norm, unchanged), sums, turn in zip(
            found, after, turns.values(), strict=True
        )
    ]
