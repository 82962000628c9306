"""Findings about single rows: broken, zero, never changed, stopped, moved although they
are fixed, come back, or hardly trained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from tb_wordembed.analysis.findings.row_histories import History
from tb_wordembed.analysis.health import StepHealth
from tb_wordembed.analysis.rows import Rows, Wide

CHANCE = 0.001
"""The number of rows that look frozen by chance, below which a row is frozen."""

LEAST_CHANGES = 3
"""The fewest changes of a frozen row: one that changed less often was rare."""

FEWEST_UNUSED = 10
"""With fewer rows that are known to be unused, nothing is said of the others."""

_NEAR = 0.9
"""The share of the unused rows that are as near to their mean as a token which was
hardly trained."""

_APART = 0.5
"""Half of the other tokens must be so much farther from that mean: else the unused rows
are no cluster that a row could have stayed in."""


def row_findings(history: History, health: Sequence[StepHealth]) -> Iterator[Finding]:
    """Yields what can be found from the history of the rows and counts of them."""
    yield from _not_finite(history)
    all_equal = _all_equal(history, health)
    yield from all_equal
    # That finding covers each row.
    if not all_equal:
        yield from _zero_rows(history)
    if len(history.steps) > 1:
        yield from _never_updated(history)
        yield from _stopped(history)
        yield from _frozen_since(history)
    yield from _moved(history)
    yield from _returned(history)


def _not_finite(history: History) -> Iterator[Finding]:
    rows = np.flatnonzero(history.not_finite >= 0)
    for step, some in by_step(history, history.not_finite, rows):
        still = int(np.isnan(history.norm[some]).sum())
        numbers = count(history, some, history.not_finite) | {
            "still": still,
            "last_step": history.steps[-1],
        }
        yield finding(history, "not_finite", "warning", step, some, numbers)


def _all_equal(history: History, health: Sequence[StepHealth]) -> list[Finding]:
    """Finds a table whose tokens can't be told apart: all rows are zero, or more than
    half are equal and all others zero."""
    rows = len(history.norm)
    apart = [at for at, one in enumerate(health) if not _is_all_equal(one, rows)]
    since = apart[-1] + 1 if apart else 0
    if since == len(health):
        return []
    there = np.isfinite(history.norm)
    zero = int(np.count_nonzero(history.norm == 0))
    equal = np.flatnonzero(there & (history.norm != 0))
    numbers = count(history, equal if len(equal) else np.flatnonzero(there))
    step = history.steps[since] if since else None
    return [
        finding(history, "all_equal", "warning", step, NONE, numbers | {"zero": zero})
    ]


def _is_all_equal(health: StepHealth, rows: int) -> bool:
    there = rows - health.non_finite_rows
    different, zero = there - health.duplicate_rows, health.zero_rows
    if zero == there:
        return there > 1
    return different == 1 + (zero > 0) and there - zero > max(zero, 1)


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
    rows = _frozen(history)
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


def _frozen(history: History) -> Ints:
    """Returns the rows that stopped changing, although rows that change as often would
    hardly do so by chance.

    ``share`` is the likelihood ratio: how much less likely the changes of a row are at
    the one rate that fits best than at one until the last change, and none afterwards.
    So many rows at most can look like this by chance; and only rows that pause can.
    """
    pauses = int((history.changes < history.intervals_to_change).sum())
    stopped = (
        (history.changes >= LEAST_CHANGES)
        & (history.intervals > history.intervals_to_change)
        # Zero rows have a finding of their own.
        & (history.norm > 0)
        & ~history.is_fixed
    )
    rows = np.flatnonzero(stopped)
    n, until = history.intervals[rows], history.intervals_to_change[rows]
    steady = _log_likelihood(history.changes[rows], n)
    share = np.exp(steady - _log_likelihood(history.changes[rows], until))
    return rows[(pauses + 1) * share < CHANCE]


def _log_likelihood(
    changes: npt.NDArray[np.int32], intervals: npt.NDArray[np.int32]
) -> Wide:
    """Returns the log-likelihood of so many changes, at the rate that makes them most
    likely."""
    total = np.zeros(len(changes))
    for part in (changes, intervals - changes):
        some = part > 0
        total[some] += part[some] * np.log(part[some] / intervals[some])
    return total


def _moved(history: History) -> Iterator[Finding]:
    rows = np.flatnonzero(history.is_fixed & (history.changes > 0))
    rows = rows[np.argsort(-history.path[rows], kind="stable")]
    for step, some in by_step(history, history.first_change, rows):
        numbers = count(history, some, history.first_change) | {
            "path": float(history.path[some[0]]),
            "changes": int(history.changes[some].max()),
            "last_step": history.steps[-1],
        }
        yield finding(history, "fixed_rows_moved", "warning", step, some, numbers)


def _returned(history: History) -> Iterator[Finding]:
    # That a row became zero again is a finding of its own.
    rows = np.flatnonzero(history.has_returned & ~history.is_fixed & (history.norm > 0))
    for step, some in by_step(history, history.last_change, rows):
        numbers = count(history, some, history.last_change) | {
            "first_step": history.steps[int(history.first_seen[some].min())]
        }
        yield finding(history, "returned", "notice", step, some, numbers)


def undertrained_rows(
    history: History, values: Rows, unused: Ints
) -> Iterator[Finding]:
    """Yields the tokens that are as near to the mean of the unused rows as these.

    Args:
      values: the distance of each row from that mean, float32 ``[vocab_size]``; NaN
        where it has none.
      unused: the rows that are known to be unused.
    """
    own = values[unused]
    own = own[np.isfinite(own)]
    # A row of zeros is padding, and has a finding of its own.
    there = np.isfinite(values) & (history.norm != 0)
    others = np.setdiff1d(np.flatnonzero(there), unused)
    if len(own) < FEWEST_UNUSED or not len(others):
        return
    limit = float(np.quantile(own, _NEAR))
    near = others[values[others] <= limit]
    if not len(near) or limit > _APART * np.median(values[others]):
        return
    rows = near[np.argsort(values[near], kind="stable")]
    numbers = count(history, rows) | {
        "unused": len(unused),
        "share": _NEAR,
        "distance": float(values[rows[-1]]),
        "usual": float(np.median(values[others])),
    }
    yield finding(history, "undertrained", "notice", None, rows, numbers)
