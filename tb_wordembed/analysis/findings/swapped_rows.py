"""Rows that took one another's places, as when labels or rows are mixed up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tb_wordembed.analysis.findings.finding import (
    Finding,
    Ints,
    by_step,
    count,
    finding,
)
from tb_wordembed.analysis.findings.row_histories import History
from tb_wordembed.analysis.neighbors.given_rows import nearest
from tb_wordembed.analysis.rows import Blocks, Rows, Wide, finite

NEARER = 3.0
"""The factor by which a row must come nearer to where another row was than to where it
was itself, to have taken its place."""

CHANCE = 0.01
"""The number of rings in a series, by chance, below which an exchange is real."""

LEAST = 4
"""The fewest dimensions in which few rows come by chance to where another was."""


@dataclass(frozen=True)
class Exchanged:
    """Rows that took one another's places between two steps.

    Attributes:
      rows: int64 ``[rows]``.
      position: of the step after.
      nearer: how many times as near each came to where another of them was as to where
        it was itself, float64 ``[rows]``, ``NEARER`` at least.
    """

    rows: Ints
    position: int
    nearer: Wide


def exchanged(
    rows: Ints,
    position: int,
    before: Rows,
    after: Rows,
    others: Callable[[], Blocks],
    intervals: int,
) -> Exchanged:
    """Finds which of some rows took one another's places.

    Places are exchanged by rows that close a ring, each near to where the next was: two
    that swapped, or more. Two things say how many rings chance would close. How many
    rows came near to the place of one that went elsewhere: of those that go anywhere,
    some close a ring. And how near others were: were the former places of all rows
    spread evenly in a plane, that of a given row would be as near as the one that was
    taken with the probability ::

        (distance to that place / distance to the nearest other)^2 / number of others

    Rows have more dimensions than that: it is less. A ring counts when in all
    intervals, ``CHANCE`` of them would close by either. In fewer than ``LEAST``
    dimensions, rows that go far often come to where others were: no exchange is found.

    A fast training of two classes moves all rows along one line. There, two rows come
    near each other as soon as one number agrees, and the estimate for a plane is too
    small. Rows that swap come near in all directions. So where the rows that close no
    ring moved along fewer than two directions (by the participation ratio of their
    displacements), each row of a ring must be nearer to the place that it took also
    without the first direction.

    Args:
      rows: those that peaked (see ``row_jumps.PEAK``), finite at both steps.
      position: of the step after.
      before: they at the one step, float32 ``[rows, embedding_dim]``.
      after: they at the next.
      others: gives the table at the one step, or enough of it, as row blocks; asked
        only where there is a ring.
      intervals: the number of intervals that are looked at in all.
    """
    none = Exchanged(rows[:0], position, np.empty(0))
    if len(rows) < 2 or before.shape[1] < LEAST:
        return none
    old, new = before.astype(np.float64), after.astype(np.float64)
    each = np.arange(len(rows))
    found = nearest([(0, before)], after, 1, "euclidean", each)
    place = found.indices[:, 0].astype(np.int64)
    # A row that came to the very place is there to within the rounding of float32.
    least = np.finfo(np.float32).eps * np.linalg.norm(new, axis=1)
    least = np.maximum(least, np.finfo(np.float32).tiny)
    own, away = _distances(old, new, place, least)
    took = own >= NEARER * away
    rings = _rings(np.where(took, place, -1))
    if rings:
        line = _line(np.delete(new - old, np.concatenate(rings), axis=0))
        left = old - _along(line, old), new - _along(line, new)
        stayed, beside = _distances(*left, place, least)
        took &= stayed >= NEARER * beside
        rings = _rings(np.where(took, place, -1))
    if not rings:
        return none
    members = np.concatenate(rings)
    astray = (np.count_nonzero(took) - len(members)) / len(rows)
    places = _places(others(), rows[members])
    other = nearest([(0, places)], after[members], 1, "euclidean").distances[:, 0]
    likely = np.ones(len(rows))
    # Where there is no other place, it is NaN; another row may be at the very place.
    with np.errstate(divide="ignore", over="ignore"):
        by_chance = np.nan_to_num((away[members] / other) ** 2) / max(len(places), 1)
    likely[members] = np.minimum(by_chance, 1)
    unlikely = [
        ring
        for ring in rings
        if intervals * max(astray ** len(ring), np.prod(len(rows) * likely[ring]))
        <= CHANCE * len(ring)
    ]
    chosen = np.sort(np.concatenate([*unlikely, rows[:0]]))
    return Exchanged(rows[chosen], position, own[chosen] / away[chosen])


def _distances(old: Wide, new: Wide, place: Ints, least: Wide) -> tuple[Wide, Wide]:
    """Returns how far each row is from where it was, and from where another was,
    ``least`` at least."""
    away = np.linalg.norm(new - old[place], axis=1)
    return np.linalg.norm(new - old, axis=1), np.maximum(away, least)


def _line(moved: Wide) -> Wide:
    """Returns the direction along which rows moved, float64 ``[embedding_dim]``; zeros
    where they moved along two or more."""
    _, sizes, directions = np.linalg.svd(moved, full_matrices=False)
    power = sizes**2
    is_line = power.sum() ** 2 < 2 * (power**2).sum()
    found: Wide = directions[0] if is_line else np.zeros(moved.shape[1])
    return found


def _along(line: Wide, rows: Wide) -> Wide:
    """Returns the part of rows along a direction."""
    found: Wide = np.outer(rows @ line, line)
    return found


def _places(blocks: Blocks, but: Ints) -> Rows:
    """Returns the finite rows of a table without those of ``but``."""
    found = [
        block[finite(block) & ~np.isin(np.arange(start, start + len(block)), but)]
        for start, block in blocks
    ]
    return np.concatenate(found)


def _rings(place: Ints) -> list[Ints]:
    """Finds rings: rows that come back to themselves, from each to the one whose place
    it took."""
    found = list[Ints]()
    seen = np.zeros(len(place), np.bool_)
    for first in np.flatnonzero(place >= 0).tolist():
        way = list[int]()
        at = first
        while at >= 0 and not seen[at]:
            seen[at] = True
            way.append(at)
            at = int(place[at])
        if at in way:
            found.append(np.array(way[way.index(at) :]))
    return found


def swapped(history: History, found: Sequence[Exchanged]) -> Iterator[Finding]:
    """Yields a finding for each step at which rows took one another's places."""
    if not any(len(one.rows) for one in found):
        return
    positions = np.full(len(history.norm), -1)
    nearer = np.full(len(history.norm), np.nan)
    for one in found:
        new = positions[one.rows] < 0
        positions[one.rows[new]] = one.position
        nearer[one.rows[new]] = one.nearer[new]
    rows = np.flatnonzero(positions >= 0)
    for step, some in by_step(history, positions, rows):
        numbers = count(history, some, positions) | {
            "nearer": float(nearer[some].min())
        }
        yield finding(history, "swapped", "warning", step, some, numbers)
