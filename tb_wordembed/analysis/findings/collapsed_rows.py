"""Rows that came together on one point, exactly or nearly."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.findings.finding import (
    Finding,
    Ints,
    by_step,
    count,
    finding,
)
from tb_wordembed.analysis.findings.row_histories import History
from tb_wordembed.analysis.neighbors.given_rows import nearest_by_segments
from tb_wordembed.analysis.rows import (
    Blocks,
    Prints,
    Rows,
    Wide,
    equals,
    fingerprints,
    norms,
)
from tb_wordembed.analysis.sampled_rows import spread_evenly
from tb_wordembed.engine import large_arrays
from tb_wordembed.engine.local import IN_TURN
from tb_wordembed.engine.segments import Engine

NEAR = 0.01
"""Rows are together when they are nearer to one point than this share of the distance
that rows usually keep from their nearest neighbor."""

CHANCE = 0.01
"""The number of groups as small and as near that a table holds by chance, below which
a group is real."""

SAMPLE = 128
"""The number of rows that show how far from each other rows usually are."""

MOST_GROUPS = 1000
"""The largest number of groups that are looked at: those with most rows."""

_DIRECTIONS = 16
_WIDTH = 32
"""The width of a cell of the grid, as a multiple of ``NEAR``."""

_MOST_MEMBERS = 9
_ROWS_AT_ONCE = 1 << 14

ReadRows = Callable[[int, Ints], Rows]
"""Returns some rows of the table at a position."""


@dataclass(frozen=True)
class Spacing:
    """How far from each other the rows of a table are.

    Attributes:
      usual: the distance that nine of ten rows have a neighbor within.
      dimension: the number of dimensions that the rows fill near a point.
      resolution: the distance below which numbers of the table can't differ.
    """

    usual: float
    dimension: float
    resolution: float

    def by_chance(self, rows: int, members: int, radius: float) -> float:
        """Returns how many groups of so many members within this radius a table with
        so many rows holds by chance."""
        share = max(radius, self.resolution) / self.usual
        # One of ten rows has no neighbor within the usual distance.
        within = min(np.log(10) * share**self.dimension, 1)
        return float(rows * within ** (members - 1))


def spacing(
    rows: Ints, sample: Rows, table: Blocks, engine: Engine = IN_TURN
) -> Spacing | None:
    """Measures how far from each other rows are, from a sample of them; None where most
    rows are equal to another, or not finite.

    The dimension is that of TWO-NN (Facco et al. 2017, "Estimating the intrinsic
    dimension of datasets by a minimal neighborhood information").

    Args:
      rows: the numbers of the rows in the sample.
      sample: the rows, float32 ``[rows, embedding_dim]``.
    """
    near = nearest_by_segments(engine, table, sample, 2, "euclidean", rows)
    first, second = near.distances.T
    known = (first > 0) & np.isfinite(second)
    if known.sum() < 3:
        return None
    ratios = np.log(second[known] / first[known])
    dimension = known.sum() / max(float(ratios.sum()), 1e-9)
    with np.errstate(invalid="ignore"):
        gaps = np.diff(np.sort(sample.astype(np.float64), axis=0), axis=0)
    least = np.where(gaps > 0, gaps, np.inf).min(axis=0)
    return Spacing(
        float(np.quantile(first[known], 0.9)),
        float(min(dimension, sample.shape[1])),
        float(np.median(least)),
    )


def candidates(
    table: Blocks,
    norm: npt.NDArray[np.floating],
    usual: float,
    engine: Engine = IN_TURN,
) -> list[Ints]:
    """Finds groups of rows that may be together, without comparing all pairs.

    Rows are projected on some random directions, and those in the same cell of a grid
    there are found by sorting: rows that are together share one, but where a border
    lies between them. So there are two grids.

    Args:
      norm: of each row, ``[vocab_size]``; rows of zeros and those that are not finite
        are left out.
      usual: see ``Spacing``.
    """
    cells = [large_arrays.empty(len(norm), np.uint64) for _ in range(2)]
    start = 0
    for block in engine.map(partial(_cells, usual), table):
        for grid, part in zip(cells, block, strict=True):
            grid[start : start + len(part)] = part
        start += len(block[0])
    usable = np.isfinite(norm) & (norm > 0)
    one, other = (equals(grid, usable) for grid in cells)
    members = np.flatnonzero((one >= 0) | (other >= 0))
    label = np.arange(len(members))
    for grid in (one, other, one):
        some = np.flatnonzero(grid[members] >= 0)
        group = np.searchsorted(members, grid[members[some]])
        least = label.copy()
        np.minimum.at(least, group, label[some])
        label[some] = least[group]
    order = np.argsort(label, kind="stable")
    groups = np.split(members[order], np.flatnonzero(np.diff(label[order])) + 1)
    groups = [group for group in groups if len(group) > 1]
    return sorted(groups, key=len, reverse=True)[:MOST_GROUPS]


def _cells(usual: float, block: tuple[int, Rows]) -> list[Prints]:
    """Returns ``fingerprints`` of the cells of the rows of a block, in either grid."""
    _, rows = block
    rng = np.random.default_rng(1)
    directions: npt.NDArray[np.floating]
    directions = rng.normal(size=(rows.shape[1], _DIRECTIONS))
    directions /= _WIDTH * NEAR * usual
    if np.abs(directions).max() < np.finfo(np.float32).max:
        directions = directions.astype(np.float32)
    with np.errstate(all="ignore"):
        places = (rows @ directions).astype(np.float32)
        shifted = (places, places + np.float32(0.5))
        return [fingerprints(np.floor(one)) for one in shifted]


@dataclass(frozen=True)
class Collapse:
    """A group of rows that came together.

    Attributes:
      rows: int64 ``[rows]``.
      position: that of the step since which all are together.
      radius: the largest distance of one to their middle at the last step.
      before: the median of these distances at the step before they joined; None where
        it is not known.
      usual: see ``Spacing``.
    """

    rows: Ints
    position: int
    radius: float
    before: float | None
    usual: float


def collapses(
    history: History,
    groups: Sequence[Ints],
    space: Spacing,
    sizes: Wide,
    read: ReadRows,
) -> Iterator[Collapse]:
    """Yields those of some groups that are together at the last step, and of which some
    rows were not when they were first seen.

    Args:
      groups: what ``candidates`` found.
      space: that of the last table.
      sizes: how large the usual norm was at each step, ``[steps]``: where it was
        smaller, so are distances.
    """
    if not groups:
        return
    rows, group = np.concatenate(groups), _numbers(groups)
    last = len(history.steps) - 1
    few = [group[spread_evenly(len(group), _MOST_MEMBERS)] for group in groups]
    middle = np.array([_middle(some, read(last, some)) for some in few])
    since, far, before = np.full(len(rows), -1), np.empty(0), np.full(len(rows), np.nan)
    with np.errstate(all="ignore"):
        scales = np.fmin(sizes / sizes[last], 1)
    for at in range(last + 1):
        table = read(at, middle)
        previous, far = far, _distances(at, rows, table, group, read)
        near = far <= NEAR * space.usual * scales[at]
        joins = near & (since < 0)
        since[joins] = at
        before[joins] = previous[joins] if at else np.nan
        since[~near] = -1
    apart = since > np.maximum(history.first_seen[rows], 0)
    there = np.isfinite(history.norm).sum()
    for number in np.unique(group[apart]):
        members = np.flatnonzero((group == number) & (since >= 0))
        radius = float(far[members].max())
        if len(members) > 1 and space.by_chance(there, len(members), radius) <= CHANCE:
            joined = before[members][apart[members]]
            known = joined[np.isfinite(joined)]
            yield Collapse(
                np.sort(rows[members]),
                int(since[members].max()),
                radius,
                float(np.median(known)) if len(known) else None,
                space.usual,
            )


def _numbers(groups: Sequence[Ints]) -> Ints:
    return np.repeat(np.arange(len(groups)), [len(one) for one in groups])


def _middle(rows: Ints, table: Rows) -> int:
    """Returns the row that is nearest to the median of some rows."""
    wide = table.astype(np.float64)
    return int(rows[np.argmin(norms(wide - np.median(wide, axis=0)))])


def _distances(at: int, rows: Ints, middle: Rows, group: Ints, read: ReadRows) -> Wide:
    """Returns the distance of each row from the middle of its group at a position."""
    far = np.empty(len(rows))
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = slice(start, start + _ROWS_AT_ONCE)
        with np.errstate(all="ignore"):
            apart = read(at, rows[some]).astype(np.float64) - middle[group[some]]
            far[some] = norms(apart)
    return far


def collapsed(history: History, found: Sequence[Collapse]) -> Iterator[Finding]:
    """Yields a finding for each step at which rows came together."""
    if not found:
        return
    since, group = np.full(len(history.norm), -1), _numbers([one.rows for one in found])
    rows = np.concatenate([one.rows for one in found])
    since[rows] = np.array([one.position for one in found])[group]
    for step, some in by_step(history, since, rows):
        these = [found[number] for number in np.unique(group[np.isin(rows, some)])]
        numbers = count(history, some, since) | {
            "groups": len(these),
            "radius": max(one.radius for one in these),
            "usual": these[0].usual,
        }
        before = [one.before for one in these if one.before is not None]
        if before:
            numbers["before"] = min(before)
        yield finding(history, "collapsed", "warning", step, some, numbers)
