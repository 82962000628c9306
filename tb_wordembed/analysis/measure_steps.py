"""Measures consecutive steps in one pass: norms, drift, paths and health."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import health
from tb_wordembed.analysis.drift import Drift, block_drift, straightness
from tb_wordembed.analysis.moments import Moments
from tb_wordembed.analysis.rows import (
    Blocks,
    Rows,
    Scratch,
    Wide,
    fingerprints,
    norms,
    side_by_side,
)
from tb_wordembed.analysis.sums import Other, Sums
from tb_wordembed.engine.local import LocalEngine

_SCRATCH = Scratch()

_NO_PRINTS = np.empty((0, 2), np.uint64)


@dataclass(frozen=True)
class Step:
    """The measures of a step.

    Attributes:
      norm: the norm of each row, float64 ``[vocab_size]``; NaN where it is not finite.
      path: how far each row has come, float64 ``[vocab_size]``: the sum of its
        Euclidean displacements from step to step, since the first at which it was
        finite. NaN once it was not finite after that.
      from_previous: drift from the step before; None at the first step.
      from_first: drift from the first step; None at the first step.
      prints: ``tb_wordembed.analysis.rows.fingerprints`` of all rows; None where health
        was not asked for.
      moments: the moments of the table; None where health was not asked for.
      health: the health of the table; None where it was not asked for.
    """

    norm: Wide
    path: Wide
    from_previous: Drift | None
    from_first: Drift | None
    prints: npt.NDArray[np.uint64] | None
    moments: Moments | None
    health: health.StepHealth | None

    def straightness(self) -> Rows:
        """Returns the displacement from the first step over the path since, float32
        ``[vocab_size]``, 0..1; see ``tb_wordembed.analysis.drift.straightness``."""
        if self.from_first is None:
            return np.full(len(self.norm), np.nan, np.float32)
        return straightness(self.from_first.euclidean, self.path)


def measure_steps(
    tables: Sequence[Blocks],
    shape: tuple[int, int],
    previous: tuple[Step, Blocks] | None = None,
    first: tuple[Step, Blocks] | None = None,
    *,
    with_health: bool = True,
    absent: Sequence[int] | None = None,
    engine: LocalEngine | None = None,
) -> list[Step]:
    """Measures consecutive steps, each against the one before and the first.

    Each table is read once, block by block, all of them side by side; a step that is
    measured alone reads the two it is compared with again. Blocks of one or two
    megabytes are fastest: with smaller ones threads wait for each other more. Memory is
    that of a block of each table per thread, and per step of some numbers per row and
    some matrices ``[embedding_dim, embedding_dim]``.

    Args:
      tables: the steps to measure. A row of NaN is one that is not there.
      shape: ``(vocab_size, embedding_dim)``.
      previous: the measures of the step before these, and its table; None where there
        is none. It may have been measured with fewer rows.
      first: the same of the first step; None where that is ``previous``, or the first
        of ``tables``.
      with_health: measures the health of the tables, too, at several times the cost;
        that of ``previous`` and ``first`` must have been.
      absent: how many rows each of ``tables`` doesn't have yet, because its vocabulary
        grew later. Other rows of NaN are counted as not finite.
      engine: runs over the blocks; None takes one after another. A block must be valid
        until as many more are asked for as the engine has threads.

    Raises:
      ValueError: the tables do not hold ``vocab_size`` rows, or come in different
        blocks; a step to compare with has no health; more rows are said to be absent
        than are NaN.
    """
    if not tables:
        return []
    engine = engine or LocalEngine(1)
    references = [one for one in (first, previous) if one is not None]
    if with_health and any(step.moments is None for step, _ in references):
        raise ValueError(
            "a step to compare with was measured without its health; measure it "
            "with_health=True"
        )
    work = _Pass(
        [step for step, _ in references],
        previous is not None,
        shape,
        with_health=with_health,
    )
    sources = [*(blocks for _, blocks in references), *tables]
    nothing = work.measure((0, [np.empty((0, shape[1]), np.float32)] * len(sources)))
    parts = engine.reduce(work.measure, side_by_side(sources, shape), _add, nothing)
    moments = [step.moments for step, _ in references]
    moments += [None if one.sums is None else one.sums.moments() for one in parts]
    counts = absent or [0] * len(tables)
    steps = list(
        engine.map(
            lambda at: work.finish(at, parts[at], moments, counts[at]),
            range(len(tables)),
        )
    )
    work.add_paths(steps)
    return steps


class _RowMeasures(NamedTuple):
    """The measures of each row of a block: its norms, its drift from each of the tables
    that it is compared with, and its fingerprints."""

    norm: Wide
    drifts: list[Drift]
    prints: npt.NDArray[np.uint64]


@dataclass
class _Part:
    """The measures of some row blocks of a table: those of each row, block by block;
    and, where health is measured, sums over all of the rows."""

    rows: list[_RowMeasures]
    sums: Sums | None
    directions: Wide


def _add(parts: list[_Part], more: list[_Part]) -> list[_Part]:
    """Adds the measures of further row blocks of the same tables."""
    for one, other in zip(parts, more, strict=True):
        one.rows += other.rows
        if one.sums is not None and other.sums is not None:
            one.sums.add(other.sums)
            one.directions += other.directions
    return parts


class _Pass:
    """Measures tables that are read side by side: first the references, which were
    measured before, then the others.

    Args:
      references: the first step and the step before, as far as they are not among the
        others.
      has_previous: whether the last of them is the step before.
      shape: see ``measure_steps``.
      with_health: see ``measure_steps``.
    """

    def __init__(
        self,
        references: Sequence[Step],
        has_previous: bool,
        shape: tuple[int, int],
        *,
        with_health: bool,
    ) -> None:
        self._references = references
        self._has_previous = has_previous
        self._with_health = with_health
        self._rows = shape[0]
        self._norms = [self._padded(one.norm, np.nan) for one in references]
        self._no_spread = defaultdict[int, set[int]](set)

    def _padded(self, values: Wide, value: float) -> Wide:
        later = self._rows - len(values)
        return np.pad(values, (0, later), constant_values=value)

    def _previous(self, table: int) -> int | None:
        """Returns the number of the table of the step before."""
        known = len(self._references)
        return table - 1 if table > known or self._has_previous else None

    def _others(self, table: int) -> list[int]:
        """Returns the numbers of the tables that a table is compared with, each
        once."""
        found = self._previous(table), 0 if table else None
        return list(dict.fromkeys(one for one in found if one is not None))

    @np.errstate(all="ignore")
    def measure(self, block: tuple[int, Sequence[Rows]]) -> list[_Part]:
        """Measures a row block of each table but the references.

        Args:
          block: the number of its first row, and its rows in each table.
        """
        start, tables = block
        norm = [one[start : start + len(tables[0])] for one in self._norms]
        found = []
        for table, rows in enumerate(tables[len(norm) :], len(norm)):
            norm.append(norms(rows))
            norm[table][~np.isfinite(norm[table])] = np.nan
            others: list[Other] = []
            drifts: list[Drift] = []
            for index in self._others(table):
                before, norm_before = tables[index], norm[index]
                change = _SCRATCH.array(rows.shape, np.float32, len(others))
                np.subtract(rows, before, out=change)
                drifts.append(
                    block_drift(before, rows, change, norm_before, norm[table])
                )
                others.append(Other(before, norm_before, change))
            if self._with_health:
                measures = _RowMeasures(norm[table], drifts, fingerprints(rows))
                sums = Sums.of(rows, norm[table], others, self._no_spread[table])
                directions = health.sum_of_directions(rows, norm[table])
                found.append(_Part([measures], sums, directions))
            else:
                measures = _RowMeasures(norm[table], drifts, _NO_PRINTS)
                found.append(_Part([measures], None, np.empty(0)))
        return found

    @np.errstate(all="ignore")
    def finish(
        self, at: int, part: _Part, moments: Sequence[Moments | None], absent: int
    ) -> Step:
        """Returns the step of a table when all of its row blocks were measured, and
        empties the part; its path is still to be added up.

        Args:
          at: the number of the step among those that are measured.
          part: the measures of its table.
          moments: the moments of each table.
          absent: how many of its rows there are not yet.
        """
        table = len(self._references) + at
        # The blocks are freed as soon as they are joined.
        rows, sums = part.rows, part.sums
        part.rows, part.sums = [], None
        norm = np.concatenate([one.norm for one in rows])
        prints = np.concatenate([one.prints for one in rows])
        previous, others = self._previous(table), self._others(table)
        drifts = {
            other: Drift.joined([one.drifts[index] for one in rows])
            for index, other in enumerate(others)
        }
        rows.clear()
        from_previous = None if previous is None else drifts[previous]
        from_first = drifts.get(0)
        step = Step(
            norm, np.zeros(len(norm)), from_previous, from_first, None, None, None
        )
        if sums is None:
            return step
        likenesses = {
            other: health.likeness(sums.pair(index, one))
            for index, other in enumerate(others)
            if (one := moments[other]) is not None
        }
        of_table = moments[table] or sums.moments()
        found = health.step_health(
            norm,
            prints,
            of_table,
            part.directions,
            from_previous=from_previous,
            from_first=from_first,
            to_previous=None if previous is None else likenesses[previous],
            to_first=likenesses.get(0),
            absent=absent,
        )
        return replace(step, prints=prints, moments=of_table, health=found)

    def add_paths(self, steps: Sequence[Step]) -> None:
        """Fills in the paths of consecutive steps."""
        path = norm = None
        if self._has_previous:
            path, norm = self._padded(self._references[-1].path, 0), self._norms[-1]
        for step in steps:
            if path is not None and norm is not None and step.from_previous is not None:
                # A row without a norm and a path has not been there yet.
                unseen = np.isnan(norm) & (path == 0)
                step.path[:] = path + np.where(unseen, 0, step.from_previous.euclidean)
            path, norm = step.path, step.norm
