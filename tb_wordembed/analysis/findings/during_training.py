"""Finds what happens to a table while it trains, at a small share of a pass over it.

Rows that are not finite, and norms that leave the others behind, are looked for in all
rows; how the whole table moved is measured on some of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from tb_wordembed.analysis.drift import Moved, drifts
from tb_wordembed.analysis.findings.collect import collect_findings
from tb_wordembed.analysis.findings.finding import Finding, Ints, Kind
from tb_wordembed.analysis.findings.row_histories import Record
from tb_wordembed.analysis.findings.table_events import (
    ROTATED,
    SAMPLE,
    Shuffled,
    scattered_positions,
    shuffled,
)
from tb_wordembed.analysis.health import (
    MEDIAN,
    StepHealth,
    direction_spread,
    iso_score_of,
    mean_pairwise_cosine,
    quantiles,
    sums_of_directions,
)
from tb_wordembed.analysis.measure_steps import Step, measure_steps
from tb_wordembed.analysis.neighbors.given_rows import nearest
from tb_wordembed.analysis.rows import (
    Rows,
    Wide,
    count_duplicates,
    fingerprints,
    norms,
    rotated_to_few_columns,
)
from tb_wordembed.analysis.sampled_rows import MOST_ROWS, sampled_rows, spread_evenly

_CONFIRMED: tuple[Kind, ...] = ("narrow_cone", "rank_changed", "rescaled")
"""Jumps that are reported once the next snapshot shows that the measure stays: early in
a training, measures may change at several steps in a row."""

BLOCK_BYTES = 2 << 20
"""The size of a row block: large enough for products of matrices, small beside the
processor's cache."""

_LEAST_DRIFT = 1 - np.cos(np.radians(ROTATED - 1))
"""How far the usual row turns before it matters whether the table was rotated."""

ReadRows = Callable[[Ints | slice], Rows]
"""Returns some rows of a table, float32 ``[rows, embedding_dim]``."""


class _Sample(NamedTuple):
    """Some rows of a table, their measures, and the rows that these were taken from."""

    step: Step
    rows: Rows
    turned: Rows


def _unturned(turned: StepHealth, rows: Rows, moved: Moved | None) -> StepHealth:
    """Returns the health of some rows from that of the same rows, turned: what a
    rotation changes is taken from the rows themselves."""
    norm = norms(rows)
    directions = sums_of_directions(rows, norm)
    pointing = int((np.isfinite(norm) & (norm > 0)).sum())
    return replace(
        turned,
        duplicate_rows=count_duplicates(fingerprints(rows)[np.isfinite(norm)]),
        drift_from_previous=quantiles(np.empty(0) if moved is None else moved.cosine),
        frozen_rows=None if moved is None else int(moved.unchanged.sum()),
        mean_pairwise_cosine=mean_pairwise_cosine(pointing, directions[0]),
        direction_spread=direction_spread(pointing, directions),
        iso_score=iso_score_of(turned.participation_ratio, rows.shape[1]),
    )


class Watch:
    """Follows a table from snapshot to snapshot.

    The movement of the whole table is measured on the rows that ``sampled_rows`` names.
    It takes about 100 bytes per row, and twice these rows.

    Args:
      shape: ``(vocab_size, embedding_dim)``.
      fixed_rows: the rows that training must not change; movements of the first
        ``MOST_ROWS`` of them are measured.
    """

    def __init__(self, shape: tuple[int, int], fixed_rows: Ints) -> None:
        self.shape = shape
        self._fixed = fixed_rows
        self._sampled = sampled_rows(*shape)
        self._further = np.setdiff1d(fixed_rows[:MOST_ROWS], self._sampled)
        self._rows = np.concatenate([self._sampled, self._further])
        self._record = Record(shape[0])
        self._health: list[StepHealth] = []
        self._looked_at: list[Shuffled] = []
        self._last: _Sample | None = None
        self._norm = np.full(shape[0], np.nan)

    def add(
        self, step: int, read: ReadRows, sample: Rows | None = None
    ) -> list[Finding]:
        """Adds the next snapshot; returns the warnings that there are so far.

        Args:
          step: its step, above those before.
          read: reads its rows.
          sample: the rows that ``sampled_rows`` names, if they have been read.
        """
        rows = read(self._sampled) if sample is None else sample
        if len(self._further):
            rows = np.concatenate([rows, read(self._further)])
        taken = self._measure(rows)
        measured, norm = taken.step, self._norms(read)
        moved = self._moved(norm, measured.from_previous)
        self._record.add(step, norm, moved=moved)
        health = replace(
            measured.health,
            norm=quantiles(norm),
            zero_rows=int((norm == 0).sum()),
            non_finite_rows=int(np.isnan(norm).sum()),
        )
        self._health.append(health)
        history = self._record.finish(self._fixed)
        at = len(self._health) - 1
        if self._last is not None and at in scattered_positions(history, self._health):
            self._looked_at.append(self._look(at, self._last.rows, rows, read))
        self._last, self._norm = taken, norm
        found = collect_findings(history, self._health, looked_at=self._looked_at)
        return [
            one
            for one in found
            if one.severity == "warning"
            and not (one.kind in _CONFIRMED and one.step == step)
        ]

    def _measure(self, rows: Rows) -> _Sample:
        """Measures some rows. Where they have more columns than there are rows, what no
        rotation changes is measured on ``rotated_to_few_columns``, since it takes the
        time of the cube of the columns."""
        last, previous, least = self._last, None, _LEAST_DRIFT
        turned, moved = rows, None
        if len(rows) < rows.shape[1]:
            turned = rotated_to_few_columns(rows)
            moved = None if last is None else drifts(last.rows, rows)
            # How far the turned rows are from each other says nothing.
            is_near = moved is not None and quantiles(moved.cosine)[MEDIAN] < least
            least = np.inf if is_near else -np.inf
        if last is not None:
            previous = last.step, [(0, last.turned)]
        (step,) = measure_steps(
            [[(0, turned)]], turned.shape, previous, least_drift=least
        )
        if turned is not rows:
            step = replace(
                step, from_previous=moved, health=_unturned(step.health, rows, moved)
            )
        return _Sample(step, rows, turned)

    def _blocks(self, read: ReadRows) -> Iterator[tuple[int, Rows]]:
        count = max(1, BLOCK_BYTES // (4 * self.shape[1]))
        for start in range(0, self.shape[0], count):
            yield start, read(slice(start, start + count))

    def _norms(self, read: ReadRows) -> Wide:
        found = np.concatenate([norms(block) for _, block in self._blocks(read)])
        found[~np.isfinite(found)] = np.nan
        return found

    def _moved(self, norm: Wide, measured: Moved | None) -> Moved | None:
        """Returns how far rows moved; those that are not measured changed if their
        norms did."""
        if measured is None:
            return None
        unchanged = norm == self._norm
        unchanged[self._rows] = measured.unchanged
        far = np.full(len(norm), np.nan, np.float32)
        far[self._rows] = measured.euclidean
        return Moved(far, far, unchanged)

    def _look(self, at: int, before: Rows, after: Rows, read: ReadRows) -> Shuffled:
        """Looks for some rows of the table before among those of this one."""
        chosen = spread_evenly(len(self._rows), SAMPLE)
        apart = nearest([(0, before)], before[chosen], 1, "euclidean", chosen)
        # Rows that went where others were have left places that others took: those are
        # looked for in this table, since the one before is not kept.
        return shuffled(
            at,
            self._rows[chosen],
            after[chosen],
            before[chosen],
            self._blocks(read),
            float(np.nanmedian(apart.distances)),
        )
