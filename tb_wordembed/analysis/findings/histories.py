"""The history of each row, gathered in one pass over the steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.drift import Drift
from tb_wordembed.analysis.rows import Wide

JUMP = 5.0
"""A row jumps when it moves this many times as far as in the intervals beside it, and
as it does on average. A random walk in 4 dimensions comes to 3.5 in 40,000 rows."""

PEAK = 2.0
"""A row peaks in an interval in which it moves this many times as far as in those
beside it."""

MOST_PEAKS = 1000
"""The largest number of rows kept for an interval: those that peak most."""

_LEAST = 0.1
"""The share of the usual displacement in an interval below which a row hardly moved."""

_Ints = npt.NDArray[np.int64]
_Prints = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class History:
    """The history of each row. Arrays have one entry per row, if not said otherwise.

    An interval leads from a step to the next. Only those are counted in which any row
    changed, and of a row those at both ends of which it is finite.

    Attributes:
      steps: the steps.
      moving: bool ``[steps]``, whether any row changed since the step before.
      norm: the norm at the last step, float64; NaN if the row is not finite or absent.
      first_seen: int64, the position of the first step at which it was finite; -1 where
        it never was.
      intervals: int64, the number of intervals.
      changes: int64, in how many of them the row changed.
      last_change: int64, the position in ``steps`` of the last step at which it
        differed from the step before; -1 where it never did.
      intervals_to_change: int64, how many intervals there were up to then.
      not_finite: int64, the position of the first step at which it was not finite; -1
        where it always was.
      equal: int64, the first row that is equal to it at the last step, which may be
        itself; -1 where no other is. Rows of zeros are not looked at.
      equal_since: int64, the position since which some row has been; -1 as there.
      equal_first: int64, like ``equal``, when each row was seen first; a row to which
        no other was equal has its own number.
      furthest: float64, how many times as far as in its other intervals, on average,
        the row moved in that in which it moved furthest; NaN where it moved in one at
        most.
        What counts is the displacement over the median of all rows that moved in the
        interval: a step at which all move far is nothing to a row.
      jump: float64, the same of the interval in which it jumped furthest (see
        ``JUMP``); NaN where it never did.
      jump_position: int64, the position of the step after that; -1 where it never did.
      peaks: of each interval, the position of the step after it, and the rows that
        peaked in it (see ``PEAK``), int64, ``MOST_PEAKS`` at most.
    """

    steps: tuple[int, ...]
    moving: npt.NDArray[np.bool_]
    norm: Wide
    first_seen: _Ints
    intervals: _Ints
    changes: _Ints
    last_change: _Ints
    intervals_to_change: _Ints
    not_finite: _Ints
    equal: _Ints
    equal_since: _Ints
    equal_first: _Ints
    furthest: Wide
    jump: Wide
    jump_position: _Ints
    peaks: tuple[tuple[int, _Ints], ...]


class Record:
    """Gathers a ``History``. It takes about 110 bytes per row.

    Args:
      vocab_size: how many rows there are at the last step.
    """

    def __init__(self, vocab_size: int) -> None:
        self._steps: list[int] = []
        self._moving: list[bool] = []
        self._norm = np.full(vocab_size, np.nan)
        self._intervals = np.zeros(vocab_size, np.int32)
        self._changes = np.zeros(vocab_size, np.int32)
        self._last_change = np.full(vocab_size, -1, np.int32)
        self._intervals_to_change = np.zeros(vocab_size, np.int32)
        self._not_finite = np.full(vocab_size, -1, np.int32)
        self._first_prints = np.zeros((vocab_size, 2), np.uint64)
        self._first_seen = np.full(vocab_size, -1, np.int32)
        self._equal = np.full(vocab_size, -1, np.int32)
        self._equal_since = np.full(vocab_size, -1, np.int32)
        self._jumps = Jumps(vocab_size)
        self._peaks = Peaks(vocab_size)

    def add(self, step: int, norm: Wide, prints: _Prints, moved: Drift | None) -> None:
        """Adds the next step.

        Args:
          step: its number.
          norm: of the rows that the table has at this step, float64 ``[rows]``: not
            finite where the row isn't. There may be more at a later step.
          prints: ``tb_wordembed.analysis.rows.fingerprints`` of these rows.
          moved: their drift from the step before; None at the first.

        Raises:
          ValueError: the steps do not increase, or the arrays don't fit together.
        """
        self._check(step, norm, prints, moved)
        position, rows = len(self._steps), len(norm)
        self._steps.append(step)
        there = np.zeros(len(self._norm), np.bool_)
        there[:rows] = np.isfinite(norm)
        broken = np.flatnonzero(~there[:rows] & (self._not_finite[:rows] < 0))
        self._not_finite[broken] = position
        self._compare(position, there, moved)
        self._find_equal(position, there[:rows] & (norm != 0), prints)
        new = np.flatnonzero(there & (self._first_seen < 0))
        self._first_prints[new], self._first_seen[new] = prints[new], position
        self._norm = np.where(there, np.pad(norm, (0, len(there) - rows)), np.nan)

    def finish(self) -> History:
        """Returns the history of the steps so far."""
        furthest, jump, jump_position = self._jumps.finish()
        first = equals(self._first_prints, self._first_seen >= 0)
        return History(
            steps=tuple(self._steps),
            moving=np.array(self._moving, np.bool_),
            norm=self._norm,
            first_seen=self._first_seen.astype(np.int64),
            intervals=self._intervals.astype(np.int64),
            changes=self._changes.astype(np.int64),
            last_change=self._last_change.astype(np.int64),
            intervals_to_change=self._intervals_to_change.astype(np.int64),
            not_finite=self._not_finite.astype(np.int64),
            equal=self._equal.astype(np.int64),
            equal_since=self._equal_since.astype(np.int64),
            equal_first=np.where(first < 0, np.arange(len(first)), first),
            furthest=furthest,
            jump=jump,
            jump_position=jump_position,
            peaks=self._peaks.finish(),
        )

    def _check(
        self, step: int, norm: Wide, prints: _Prints, moved: Drift | None
    ) -> None:
        if self._steps and step <= self._steps[-1]:
            raise ValueError(
                f"step {step} follows step {self._steps[-1]}; add the steps in order"
            )
        if len(norm) > len(self._norm) or len(prints) != len(norm):
            raise ValueError(
                f"step {step} has {len(norm)} norms and {len(prints)} fingerprints; "
                f"expected one of each per row, and {len(self._norm)} rows at most"
            )
        if (moved is None) != (not self._steps):
            raise ValueError(
                f"step {step} is number {len(self._steps) + 1} and its drift is "
                f"{moved}; expected drift from the step before, and None at the first"
            )
        if moved is not None and len(moved.unchanged) != len(norm):
            raise ValueError(
                f"step {step} has {len(norm)} rows and the drift of "
                f"{len(moved.unchanged)}; expected the same rows"
            )

    def _compare(
        self, position: int, there: npt.NDArray[np.bool_], moved: Drift | None
    ) -> None:
        known = np.flatnonzero(there & np.isfinite(self._norm))
        changed = known[:0] if moved is None else known[~moved.unchanged[known]]
        self._moving.append(bool(len(changed)))
        if moved is None or not len(changed):
            return
        self._intervals[known] += 1
        self._changes[changed] += 1
        self._last_change[changed] = position
        self._intervals_to_change[changed] = self._intervals[changed]
        far = np.full(len(there), np.nan)
        far[known] = moved.euclidean[known]
        usual = far[changed][np.isfinite(far[changed]) & (far[changed] > 0)]
        if len(usual):
            far /= np.median(usual)
            self._jumps.add(position, far)
            self._peaks.add(position, far)

    def _find_equal(
        self, position: int, usable: npt.NDArray[np.bool_], prints: _Prints
    ) -> None:
        found = np.full(len(self._equal), -1, np.int32)
        found[: len(usable)] = equals(prints, usable)
        new = (found >= 0) & (self._equal < 0)
        self._equal_since[new] = position
        self._equal_since[found < 0] = -1
        self._equal = found


class Jumps:
    """The largest jump of each row, from three intervals at a time."""

    def __init__(self, rows: int) -> None:
        self._before, self._here = np.full(rows, np.nan), np.full(rows, np.nan)
        self._at = -1
        self._size, self._position = np.zeros(rows), np.full(rows, -1, np.int32)
        self._sum, self._count = np.zeros(rows), np.zeros(rows, np.int32)
        self._largest = np.zeros(rows)

    def add(self, position: int, far: Wide) -> None:
        """Adds the displacements in the interval that ends at this position."""
        self._size, self._position = self._with_last(far)
        self._before, self._here, self._at = self._here, far, position
        known = np.isfinite(far)
        self._sum[known] += far[known]
        self._count += known
        self._largest = np.fmax(self._largest, far)

    def finish(self) -> tuple[Wide, Wide, _Ints]:
        """Returns the furthest, the jumps and their positions, as in ``History``."""
        size, position = self._with_last(np.full(len(self._sum), np.nan))
        furthest, jump = self._over_others(self._largest), self._over_others(size)
        far = jump >= JUMP
        positions = np.where(far, position, -1).astype(np.int64)
        return furthest, np.where(far, jump, np.nan), positions

    def _over_others(self, size: Wide) -> Wide:
        others = self._sum - size
        found = np.full(len(size), np.nan)
        some = (size > 0) & (others > 0)
        found[some] = size[some] * (self._count[some] - 1) / others[some]
        return found

    def _with_last(self, after: Wide) -> tuple[Wide, npt.NDArray[np.int32]]:
        # At either end, there is an interval on one side only.
        beside = np.fmax(self._before, after)
        still = (self._before == 0) | (after == 0)
        jumps = (self._here >= JUMP * beside) & (self._here > self._size) & ~still
        return (
            np.where(jumps, self._here, self._size),
            np.where(jumps, np.int32(self._at), self._position),
        )


class Peaks:
    """The rows that moved further in an interval than in those beside it."""

    def __init__(self, rows: int) -> None:
        self._before, self._here = np.full(rows, np.nan), np.full(rows, np.nan)
        self._at = -1
        self._found: list[tuple[int, _Ints]] = []

    def add(self, position: int, far: Wide) -> None:
        """Adds the displacements in the interval that ends at this position."""
        self._found = list(self._with_last(far))
        self._before, self._here, self._at = self._here, far, position

    def finish(self) -> tuple[tuple[int, _Ints], ...]:
        """Returns the peaks of all intervals, as in ``History``."""
        return self._with_last(np.full(len(self._here), np.nan))

    def _with_last(self, after: Wide) -> tuple[tuple[int, _Ints], ...]:
        usual = np.fmax(np.fmax(self._before, after), _LEAST)
        rows = np.flatnonzero(self._here >= PEAK * usual)
        order = np.argsort(-self._here[rows] / usual[rows], kind="stable")
        rows = np.sort(rows[order[:MOST_PEAKS]])
        return (*self._found, (self._at, rows)) if len(rows) else (*self._found,)


def equals(prints: _Prints, usable: npt.NDArray[np.bool_]) -> _Ints:
    """Returns the first row that each row is equal to, int64 ``[rows]``.

    Args:
      prints: ``fingerprints`` of the rows.
      usable: which to look at.

    Returns:
      -1 where no other row is equal; its own number for the first of those that are.
    """
    found = np.full(len(prints), -1)
    rows = np.flatnonzero(usable)
    # All 128 bits are looked at only where half of them agree.
    rows = rows[np.argsort(prints[rows, 0], kind="stable")]
    half = prints[rows, 0]
    same = half[1:] == half[:-1]
    some = np.zeros(len(rows), np.bool_)
    some[1:] |= same
    some[:-1] |= same
    rows = np.sort(rows[some])
    _, first, members, counts = np.unique(
        prints[rows], axis=0, return_index=True, return_inverse=True, return_counts=True
    )
    # NumPy 2.0 gave the inverse another shape.
    group = members.ravel()
    found[rows] = np.where(counts[group] > 1, rows[first[group]], -1)
    return found
