"""Intervals in which a row moved much further than in those beside them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis.first_rows import first_rows
from tb_wordembed.analysis.rows import Rows
from tb_wordembed.engine.large_arrays import Full, pieces

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

_Ints = npt.NDArray[np.int32]
_Peaks = list[tuple[int, npt.NDArray[np.int64]]]


class Jumps:
    """The largest jump of each row, and the rows that peak in each interval, from three
    intervals at a time."""

    def __init__(self, rows: int, full: Full = np.full) -> None:
        self._before, self._at = full(rows, np.nan, np.float32), -1
        self._here = self._before
        self._size = full(rows, 0, np.float32)
        self._position = full(rows, -1, np.int32)
        # Without the largest one, small displacements must be left.
        self._sum, self._count = full(rows, 0, np.float64), full(rows, 0, np.int32)
        self._largest = full(rows, 0, np.float32)
        self._peaks: _Peaks = []

    def add(self, position: int, far: Rows) -> None:
        """Adds the displacements in the interval that ends at this position."""
        jumps, self._peaks = self._last(far)
        np.copyto(self._size, self._here, where=jumps)
        self._position[jumps] = self._at
        self._before, self._here, self._at = self._here, far, position
        known = np.isfinite(far)
        np.add(self._sum, far, out=self._sum, where=known)
        self._count += known
        np.fmax(self._largest, far, out=self._largest)

    def finish(self, full: Full = np.full) -> tuple[Rows, Rows, _Ints, _Peaks]:
        """Returns the furthest, the jumps, their positions, and the peaks, as in
        ``History``."""
        rows = len(self._sum)
        furthest, jump = (full(rows, np.nan, np.float32) for _ in range(2))
        position = full(rows, -1, np.int32)
        jumps, peaks = self._last(None)
        for part in pieces(rows):
            size = np.where(jumps[part], self._here[part], self._size[part])
            over = self._over_others(part, size)
            at = np.where(jumps[part], np.int32(self._at), self._position[part])
            furthest[part] = self._over_others(part, self._largest[part])
            np.copyto(jump[part], over, where=over >= JUMP)
            np.copyto(position[part], at, where=over >= JUMP)
        return furthest, jump, position, peaks

    def _over_others(self, part: slice, size: Rows) -> Rows:
        others = self._sum[part] - size
        found = np.full(len(size), np.nan, np.float32)
        some = (size > 0) & (others > 0)
        ratio = size[some] * (self._count[part][some] - 1) / others[some]
        found[some] = np.minimum(ratio, np.finfo(np.float32).max)
        return found

    def _last(self, after: Rows | None) -> tuple[npt.NDArray[np.bool_], _Peaks]:
        """Returns which rows jumped in the last interval, and all peaks up to it."""
        jumps = np.zeros(len(self._sum), np.bool_)

        def strengths() -> Iterator[tuple[int, Rows]]:
            for part in pieces(len(jumps)):
                here, before = self._here[part], self._before[part]
                # At either end, there is an interval on one side only.
                next_to = np.full_like(here, np.nan) if after is None else after[part]
                beside = np.fmax(before, next_to)
                still = (before == 0) | (next_to == 0)
                usual = np.fmax(beside, _LEAST)
                with np.errstate(over="ignore"):
                    jumps[part] = (
                        (here > self._size[part]) & ~still & (here >= JUMP * beside)
                    )
                    strength = np.minimum(here / usual, np.finfo(np.float32).max)
                    strength[~(here >= PEAK * usual)] = np.nan
                yield part.start, strength

        found = np.sort(first_rows(strengths(), MOST_PEAKS))
        return jumps, self._peaks + ([(self._at, found)] if len(found) else [])
