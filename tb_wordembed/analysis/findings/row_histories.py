"""The history of each row, gathered in one pass over the steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.drift import Moved
from tb_wordembed.analysis.findings.row_jumps import Jumps
from tb_wordembed.analysis.rows import Prints, Rows, Wide, narrow_norms
from tb_wordembed.engine import large_arrays
from tb_wordembed.engine.large_arrays import Full

_Ints = npt.NDArray[np.int32]
_Values = npt.NDArray[np.float32]

_LARGEST = np.finfo(np.float32).max
"""What stands for sums and ratios that are too large for float32."""

GROWS = 1.1
"""The least factor by which a row outgrows the usual row in an interval."""

_CHANCE = 1.0
"""A row outgrows the others in an interval if fewer rows than this grow as much by
chance. It has to do so in several intervals."""


@dataclass(frozen=True)
class History:
    """The history of each row. Arrays have one entry per row, if not said otherwise.

    An interval leads from a step to the next. Only those are counted in which any row
    changed, and of a row those at both ends of which it is finite.

    Attributes:
      moving: bool ``[steps]``, whether any row changed since the step before.
      norm: the norm at the last step, float32; NaN if the row is not finite or absent.
      first_seen: int32, the position of the first step at which it was finite; -1 where
        it never was.
      intervals: int32, the number of intervals.
      changes: int32, in how many of them the row changed.
      last_change: int32, the position in ``steps`` of the last step at which it
        differed from the step before; -1 where it never did.
      intervals_to_change: int32, how many intervals there were up to then.
      first_change: int32, the position of the first step at which it differed from the
        step before; -1 where it never did.
      path: float32, the sum of its displacements from step to step, or the largest
        number of float32.
      has_returned: bool, whether the row changed, and is at the last step again what it
        was when it was seen first.
      is_fixed: bool, whether training must not change it.
      not_finite: int32, the position of the first step at which it was not finite; -1
        where it always was.
      growing_since: int32, the position of the first of the steps, up to the last one,
        at each of which the row outgrew the others (see ``growth``); -1 where it didn't
        at the last.
      growth: float64, how many times as much as the median row it grew since then.
      furthest: float32, how many times as far as in its other intervals, on average,
        the row moved in that in which it moved furthest; NaN where it moved in one at
        most.
        What counts is the displacement over the median of all rows that moved in the
        interval: a step at which all move far is nothing to a row.
      jump: float32, the same of the interval in which it jumped furthest (see
        ``row_jumps.JUMP``); NaN where it never did.
      jump_position: int32, the position of the step after that; -1 where it never did.
      peaks: of each interval, the position of the step after it, and the rows that
        peaked in it (see ``row_jumps.PEAK``), int64,
        ``row_jumps.MOST_PEAKS`` at most.
    """

    steps: tuple[int, ...]
    moving: npt.NDArray[np.bool_]
    norm: _Values
    first_seen: _Ints
    intervals: _Ints
    changes: _Ints
    last_change: _Ints
    first_change: _Ints
    path: _Values
    has_returned: npt.NDArray[np.bool_]
    is_fixed: npt.NDArray[np.bool_]
    intervals_to_change: _Ints
    not_finite: _Ints
    growing_since: _Ints
    growth: Wide
    furthest: _Values
    jump: _Values
    jump_position: _Ints
    peaks: tuple[tuple[int, npt.NDArray[np.int64]], ...]


def unlikely_excess(
    values: npt.NDArray[np.floating], chance: float
) -> tuple[np.floating, np.floating]:
    """Returns the median of values, and the excess over it that about ``chance`` of
    them reach by chance. Their tail is taken to fall like ``exp``; its rate follows
    from the median and the upper quartile. Overwrites the values."""
    half, quarter = np.quantile(values, [0.5, 0.75], overwrite_input=True)
    return half, (quarter - half) / np.log(2) * np.log(0.5 * len(values) / chance)


class Growth:
    """Follows which rows outgrow the others at every step, up to the last one.

    ``unlikely_excess`` tells how much more than the median row the others grow in an
    interval by chance. Rows that do not change are left out of this: where few rows are
    updated, these few would all seem to outgrow the others.
    """

    def __init__(self, rows: int, full: Full = np.full) -> None:
        self._since = full(rows, -1, np.int32)
        self._gained = full(rows, 0, np.float32)

    def add(self, position: int, before: Rows, after: Rows) -> None:
        """Adds the norms at both ends of the interval that ends at this position."""
        with np.errstate(all="ignore"):
            grown = after / before
            np.log(grown, out=grown)
        known = grown[np.isfinite(grown) & (grown != 0)]
        if not len(known):
            return
        known.sort()
        half, limit = unlikely_excess(known, _CHANCE)
        grown -= half
        outgrows = np.isfinite(grown) & (grown >= max(limit, np.log(GROWS)))
        self._since[outgrows & (self._since < 0)] = position
        self._since[~outgrows] = -1
        self._gained[outgrows] += grown[outgrows]
        self._gained[~outgrows] = 0

    def finish(self, full: Full = np.full) -> tuple[npt.NDArray[np.int32], Wide]:
        """Returns ``growing_since``, which more steps change, and ``growth`` as in
        ``History``."""
        growth = full(len(self._gained), 0, np.float64)
        return self._since, np.exp(self._gained, out=growth, dtype=np.float64)


class Record:
    """Gathers a ``History``. It takes about 85 bytes per row.

    Args:
      vocab_size: the number of rows at the last step.
      has_files: whether large arrays have files. Where they can't be read or written,
        the system ends the process, which must never happen to a training.
    """

    def __init__(self, vocab_size: int, *, has_files: bool = False) -> None:
        self._has_files = has_files
        full = self._full
        self._steps: list[int] = []
        self._moving: list[bool] = []
        self._norm = full(vocab_size, np.nan, np.float32)
        self._intervals = full(vocab_size, 0, np.int32)
        self._changes = full(vocab_size, 0, np.int32)
        self._last_change = full(vocab_size, -1, np.int32)
        self._first_change = full(vocab_size, -1, np.int32)
        self._path = full(vocab_size, 0, np.float32)
        self._has_returned = full(vocab_size, 0, np.bool_)
        self._intervals_to_change = full(vocab_size, 0, np.int32)
        self._not_finite = full(vocab_size, -1, np.int32)
        self._first_prints = full(vocab_size, 0, np.uint64)
        self._first_seen = full(vocab_size, -1, np.int32)
        self._growth = Growth(vocab_size, full)
        self._jumps = Jumps(vocab_size, full)

    @property
    def _full(self) -> Full:
        return large_arrays.full if self._has_files else np.full

    def add(
        self,
        step: int,
        norm: Wide | Rows,
        prints: Prints | None = None,
        moved: Moved | None = None,
    ) -> None:
        """Adds the next step.

        Args:
          step: its number, above those before.
          norm: of the rows that the table has at this step, ``[rows]``: not
            finite where the row isn't. There may be more at a later step.
          prints: ``tb_wordembed.analysis.rows.fingerprints`` of these rows; None where
            it doesn't matter which of them return.
          moved: their drift from the step before; None at the first.
        """
        position, rows = len(self._steps), len(norm)
        self._steps.append(step)
        there = np.zeros(len(self._norm), np.bool_)
        there[:rows] = np.isfinite(norm)
        broken = np.flatnonzero(~there[:rows] & (self._not_finite[:rows] < 0))
        self._not_finite[broken] = position
        self._compare(position, there, moved)
        new = there & (self._first_seen < 0)
        self._first_seen[new] = position
        if prints is not None:
            np.copyto(self._first_prints[:rows], prints, where=new[:rows])
            same = prints == self._first_prints[:rows]
            self._has_returned[:rows] = same & there[:rows] & (self._changes[:rows] > 0)
        before = self._norm
        self._norm = self._full(len(there), np.nan, np.float32)
        self._norm[:rows] = narrow_norms(norm)
        if self._moving[-1]:
            self._growth.add(position, before, self._norm)

    def finish(self, fixed_rows: npt.NDArray[np.int64] | None = None) -> History:
        """Returns the history of the steps so far, where training must not change
        ``fixed_rows``."""
        is_fixed = np.zeros(len(self._norm), np.bool_)
        if fixed_rows is not None:
            is_fixed[fixed_rows] = True
        furthest, jump, jump_position, peaks = self._jumps.finish(self._full)
        growing_since, growth = self._growth.finish(self._full)
        return History(
            steps=tuple(self._steps),
            moving=np.array(self._moving, np.bool_),
            norm=self._norm,
            first_seen=_as_now(self._first_seen),
            intervals=_as_now(self._intervals),
            changes=_as_now(self._changes),
            last_change=_as_now(self._last_change),
            first_change=_as_now(self._first_change),
            path=_as_now(self._path),
            has_returned=_as_now(self._has_returned),
            is_fixed=is_fixed,
            intervals_to_change=_as_now(self._intervals_to_change),
            not_finite=_as_now(self._not_finite),
            growing_since=_as_now(growing_since),
            growth=growth,
            furthest=furthest,
            jump=jump,
            jump_position=jump_position,
            peaks=tuple(peaks),
        )

    def _compare(
        self, position: int, there: npt.NDArray[np.bool_], moved: Moved | None
    ) -> None:
        known = there & np.isfinite(self._norm)
        changed = np.zeros_like(known)
        if moved is not None:
            rows = len(moved.unchanged)
            np.greater(known[:rows], moved.unchanged, out=changed[:rows])
        self._moving.append(bool(changed.any()))
        if moved is None or not self._moving[-1]:
            return
        self._intervals += known
        self._changes += changed
        self._last_change[changed] = position
        self._first_change[changed & (self._first_change < 0)] = position
        np.copyto(self._intervals_to_change, self._intervals, where=changed)
        far = self._full(len(there), np.nan, np.float32)
        np.copyto(far[:rows], moved.euclidean, where=known[:rows])
        with np.errstate(over="ignore"):
            np.add(self._path, far, out=self._path, where=known)
        np.minimum(self._path, _LARGEST, out=self._path)
        usual = far[changed & (far > 0) & (far < np.inf)]
        if len(usual):
            with np.errstate(over="ignore"):
                far /= np.median(usual, overwrite_input=True)
            np.minimum(far, _LARGEST, out=far)
            self._jumps.add(position, far)


_Array = TypeVar("_Array", bound=npt.NDArray[Any])


def _as_now(values: _Array) -> _Array:
    """Returns values that stay as they are when steps are added. Those of a record in
    the cache are read-only, and need no copy."""
    return values.copy() if values.flags.writeable else values
