"""Findings about rows that stopped working: broken, equal, zero, or never changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.findings.finding import (
    NONE,
    Finding,
    Ints,
    by_step,
    count,
    finding,
)
from tb_wordembed.analysis.findings.histories import History
from tb_wordembed.analysis.rows import Wide

COINCIDENCE = 10
"""With more than so many groups of equal rows at the first step, rows are often equal
by chance, as in a coarse dtype and few dimensions: no collapse, unless there are so
many times as many groups."""

CHANCE = 0.001
"""The number of rows that look frozen by chance, below which a row is frozen."""

LEAST_CHANGES = 3
"""The fewest changes of a frozen row: one that changed less often was rare."""


def unusable_rows(history: History) -> Iterator[Finding]:
    """Yields what can be found from the history of the rows alone."""
    yield from _not_finite(history)
    all_equal = _all_equal(history)
    yield from all_equal
    # That finding covers each row.
    if not all_equal:
        yield from _zero_rows(history)
    if len(history.steps) > 1:
        if not all_equal:
            yield from _collapsed(history)
        yield from _never_updated(history)
        yield from _stopped(history)
        yield from _frozen_since(history)


def _not_finite(history: History) -> Iterator[Finding]:
    rows = np.flatnonzero(history.not_finite >= 0)
    for step, some in by_step(history, history.not_finite, rows):
        still = int(np.isnan(history.norm[some]).sum())
        numbers = count(history, some, history.not_finite) | {
            "still": still,
            "last_step": history.steps[-1],
        }
        yield finding(history, "not_finite", "warning", step, some, numbers)


def _all_equal(history: History) -> list[Finding]:
    """Finds a table whose tokens can't be told apart: all rows are zero, or more than
    half are equal and all others zero."""
    there = np.isfinite(history.norm)
    rows = np.flatnonzero(there & (history.norm != 0))
    zero = int(there.sum()) - len(rows)
    if len(rows):
        group = history.equal[rows]
        if len(rows) <= max(zero, 1) or group[0] < 0 or (group != group[0]).any():
            return []
        since = int(history.equal_since[rows].max())
    else:
        rows = np.flatnonzero(there)
        if len(rows) < 2:
            return []
        since = max(int(history.last_change[rows].max()), 0)
    step = history.steps[since] if since else None
    numbers = count(history, rows) | {"zero": zero}
    return [finding(history, "all_equal", "warning", step, NONE, numbers)]


def _zero_rows(history: History) -> Iterator[Finding]:
    # Rows that were never updated have a finding of their own.
    zero = (history.norm == 0) & ~_unchanged(history) & ~history.is_fixed
    rows = np.flatnonzero(zero & (history.changes > 0))
    for step, some in by_step(history, history.last_change, rows):
        numbers = count(history, some, history.last_change)
        yield finding(history, "zero_rows", "notice", step, some, numbers)
    always = np.flatnonzero(zero & (history.changes == 0))
    if len(always):
        yield finding(
            history, "zero_rows", "info", None, always, count(history, always)
        )


def _collapsed(history: History) -> Iterator[Finding]:
    rows = np.flatnonzero(history.equal >= 0)
    group, first = history.equal[rows], history.equal_first[rows]
    different = np.isin(group, group[first != history.equal_first[group]])
    rows, group = rows[different], group[different]
    _, sizes = np.unique(history.equal_first, return_counts=True)
    chance = int((sizes > 1).sum())
    groups = len(np.unique(group))
    if not len(rows) or (chance > COINCIDENCE and groups < COINCIDENCE * chance):
        return
    # A group is one since its last row joined.
    since = np.full(len(history.norm), -1)
    np.maximum.at(since, group, history.equal_since[rows])
    since[rows] = since[group]
    rows = rows[np.argsort(group, kind="stable")]
    for step, some in by_step(history, since, rows):
        numbers = count(history, some, since) | {
            "groups": len(np.unique(history.equal[some]))
        }
        yield finding(history, "collapsed", "warning", step, some, numbers)


def _never_updated(history: History) -> Iterator[Finding]:
    rows = np.flatnonzero(_unchanged(history))
    if not len(rows):
        return
    learns = bool(history.moving.any())
    numbers = count(history, rows) | {
        "zero": int((history.norm[rows] == 0).sum()),
        "first_step": history.steps[0],
        "last_step": history.steps[-1],
    }
    # In a table that never learned, single rows mean nothing.
    rows = rows if learns else NONE
    yield finding(
        history, "never_updated", "info" if learns else "warning", None, rows, numbers
    )


def _unchanged(history: History) -> npt.NDArray[np.bool_]:
    """Returns which rows were there at two steps at least, and always the same,
    although training may change them."""
    found: npt.NDArray[np.bool_] = (history.changes == 0) & ~history.is_fixed
    found &= np.isfinite(history.norm)
    if history.moving.any():
        return found & (history.intervals > 0)
    return found & (history.first_seen < len(history.steps) - 1)


def _stopped(history: History) -> Iterator[Finding]:
    moves = np.flatnonzero(history.moving)
    end = len(history.steps) - 1
    # A last step may well be logged twice.
    if len(moves) and end - moves[-1] >= 2:
        step = history.steps[int(moves[-1])]
        numbers = count(history, np.flatnonzero(np.isfinite(history.norm))) | {
            "intervals": int(end - moves[-1]),
            "last_step": history.steps[-1],
        }
        yield finding(history, "frozen_since", "notice", step, NONE, numbers)


def _frozen_since(history: History) -> Iterator[Finding]:
    rows = np.flatnonzero(_frozen(history))
    for step, some in by_step(history, history.last_change, rows):
        numbers = count(history, some, history.last_change)
        idle = history.intervals[some] - history.intervals_to_change[some]
        numbers["intervals"] = int(idle.min())
        numbers["last_step"] = history.steps[-1]
        one = finding(history, "frozen_since", "notice", step, some, numbers)
        # The table shows what moved since, and not in the interval before.
        view = replace(
            one.view,
            name="table",
            step=history.steps[-1],
            reference_step=int(numbers["to_step"]),
            measure="euclidean",
        )
        yield replace(one, view=view)


def _frozen(history: History) -> npt.NDArray[np.bool_]:
    """Returns which rows stopped changing, although rows that change as often would
    hardly do so by chance.

    ``share`` is the likelihood ratio: how much less likely the changes of a row are at
    the one rate that fits best than at one until the last change, and none afterwards.
    So many rows at most can look like this by chance; and only rows that pause can.
    """
    n, until = history.intervals, history.intervals_to_change
    pauses = int((history.changes < until).sum())
    steady = _log_likelihood(history.changes, n)
    share = np.exp(steady - _log_likelihood(history.changes, until))
    rare = (pauses + 1) * share < CHANCE
    found: npt.NDArray[np.bool_] = (
        rare
        & (history.changes >= LEAST_CHANGES)
        & (n > until)
        # Zero rows have a finding of their own.
        & (history.norm > 0)
        & ~history.is_fixed
    )
    return found


def _log_likelihood(changes: Ints, intervals: Ints) -> Wide:
    """Returns the log-likelihood of so many changes, at the rate that makes them most
    likely."""
    total = np.zeros(len(changes))
    for part in (changes, intervals - changes):
        some = part > 0
        total[some] += part[some] * np.log(part[some] / intervals[some])
    return total
