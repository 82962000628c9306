"""Measures consecutive steps in one pass: norms, drift, paths and health."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import health
from tb_wordembed.analysis.drift import Moved
from tb_wordembed.analysis.measure_blocks import (
    BlockMeasures,
    MeasureBlocks,
    Part,
    compared_with,
)
from tb_wordembed.analysis.rows import Blocks, Prints, Rows, SideBySide, Wide
from tb_wordembed.analysis.table_moments import Moments
from tb_wordembed.engine.large_arrays import empty, full
from tb_wordembed.engine.local import IN_TURN, LocalEngine
from tb_wordembed.engine.segments import Engine


@dataclass(frozen=True)
class Step:
    """The measures of a step.

    Attributes:
      norm: the norm of each row, float32 ``[vocab_size]``; NaN where it is not finite.
      path: how far each row has come, float64 ``[vocab_size]``: the sum of its
        Euclidean displacements from step to step, since the first at which it was
        finite. NaN once it was not finite after that.
      changes: in how many steps each row was another than at the step before, int32
        ``[vocab_size]``. A step counts only if the row is finite there and at the step
        before.
      idle: how many steps ago it changed last, int32 ``[vocab_size]``; -1 where it
        never did.
      from_previous: drift from the step before; None at the first step.
      from_first: drift from the first step; None at the first step.
      prints: ``tb_wordembed.analysis.rows.fingerprints`` of all rows.
    """

    norm: Rows
    path: Wide
    changes: npt.NDArray[np.int32]
    idle: npt.NDArray[np.int32]
    from_previous: Moved | None
    from_first: Moved | None
    prints: Prints
    moments: Moments
    health: health.StepHealth


def measure_steps(
    tables: Sequence[Blocks],
    shape: tuple[int, int],
    previous: tuple[Step, Blocks] | None = None,
    first: tuple[Step, Blocks] | None = None,
    *,
    absent: Sequence[int] | None = None,
    least_drift: float = -np.inf,
    engine: Engine = IN_TURN,
) -> Iterator[Step]:
    """Measures consecutive steps, each against the one before and the first. A
    caller that takes one step after another, and keeps none, saves memory.

    Each table is read once, block by block, all of them side by side; a step that is
    measured alone reads the two it is compared with again. Blocks of one or two
    megabytes are fastest: with smaller ones threads wait for each other more. Memory is
    that of a block of each table per thread, and per step of some numbers per row and
    some matrices ``[embedding_dim, embedding_dim]``.

    Args:
      tables: the steps to measure, one at least. A row of NaN stands for a missing row.
      shape: ``(vocab_size, embedding_dim)``.
      previous: the measures of the step before these, and its table; None where there
        is none. It may have been measured with fewer rows.
      first: the same of the first step; None where that is ``previous``, or the first
        of ``tables``.
      absent: how many rows each of ``tables`` doesn't have yet, because its vocabulary
        grew later. Other rows of NaN are counted as not finite.
      least_drift: the similarity to another step is not measured where the median
        cosine drift from it is less: it takes the time of ``embedding_dim ** 3``.
    """
    references = [one for one in (first, previous) if one is not None]
    work = MeasureBlocks(len(references))
    steps = _Steps([step for step, _ in references], shape[0], len(tables), least_drift)
    sources = [*(blocks for _, blocks in references), *tables]
    nothing, _ = work((0, [np.empty((0, shape[1]), np.float32)] * len(sources)))
    parts = engine.reduce_rows(
        work, SideBySide(sources, shape), _add, nothing, steps.keep
    )
    moments = [step.moments for step, _ in references]
    moments += [one.sums.moments() for one in parts]
    counts = absent or [0] * len(tables)
    finished = LocalEngine(engine.threads).map(
        lambda at: steps.finish(at, parts[at], moments, counts[at]),
        range(len(tables)),
    )
    yield from steps.add_up(finished)


def _add(parts: list[Part], more: list[Part]) -> list[Part]:
    """Adds the measures of further row blocks of the same tables."""
    for one, other in zip(parts, more, strict=True):
        one.sums.add(other.sums)
        one.directions += other.directions
    return parts


class _Steps:
    """Collects the measures of steps, block by block. The references come first: the
    first step and the step before, unless they are among the tables. The ``others``
    tables follow."""

    def __init__(
        self, references: Sequence[Step], rows: int, others: int, least_drift: float
    ) -> None:
        self._references = references
        self._rows = rows
        self._least_drift = least_drift
        tables = range(len(references), len(references) + others)
        self._norms = {table: empty(rows, np.float32) for table in tables}
        self._prints = {table: empty(rows, np.uint64) for table in tables}
        self._drifts = {
            table: {other: Moved.empty(rows) for other in compared_with(table)}
            for table in tables
        }

    def _padded(self, values: npt.NDArray[Any], value: float) -> npt.NDArray[Any]:
        later = self._rows - len(values)
        return np.pad(values, (0, later), constant_values=value) if later else values

    def keep(self, measured: Sequence[BlockMeasures]) -> None:
        """Puts the measures of a row block of each table in their places."""
        for table, block in enumerate(measured, len(self._references)):
            part = slice(block.start, block.start + len(block.norm))
            self._norms[table][part] = block.norm
            self._prints[table][part] = block.prints
            for other, moved in block.drifts:
                self._drifts[table][other].put(block.start, moved)

    @np.errstate(all="ignore")
    def finish(
        self, at: int, part: Part, moments: Sequence[Moments], absent: int
    ) -> Step:
        """Returns the step of a table when all of its row blocks were measured; its
        path is still to be added up. ``at`` is its number among those measured."""
        table = len(self._references) + at
        norm, prints = self._norms.pop(table), self._prints.pop(table)
        drifts = self._drifts.pop(table)
        spread = {
            other: health.quantiles(drift.cosine) for other, drift in drifts.items()
        }
        similarities = {
            other: health.similarity(part.sums.pair(index, moments[other]))
            for index, other in enumerate(drifts)
            if not spread[other][health.MEDIAN] < self._least_drift
        }
        previous, first = drifts.get(table - 1), drifts.get(0)
        found = health.step_health(
            norm, prints, moments[table], part.directions, absent
        )
        found = replace(
            found,
            drift_from_previous=spread.get(table - 1, found.drift_from_previous),
            drift_from_first=spread.get(0, found.drift_from_first),
            to_previous=similarities.get(table - 1),
            to_first=similarities.get(0),
            frozen_rows=None if previous is None else int(previous.unchanged.sum()),
        )
        return Step(
            norm,
            full(len(norm), 0, np.float64),
            full(len(norm), 0, np.int32),
            full(len(norm), -1, np.int32),
            previous,
            first,
            prints,
            moments[table],
            found,
        )

    def add_up(self, steps: Iterable[Step]) -> Iterator[Step]:
        """Yields consecutive steps with their paths and changes, which are added up
        from step to step."""
        before = self._references[-1] if self._references else None
        for step in steps:
            if before is not None and step.from_previous is not None:
                self._add(before, step, step.from_previous)
                cold = (step.changes == 0)[np.isfinite(step.norm)]
                share = float(cold.mean()) if len(cold) else float("nan")
                measured = replace(step.health, cold_share=share)
                step = replace(step, health=measured)
            yield step
            before = step

    def _add(self, before: Step, step: Step, moved: Moved) -> None:
        norm, path = self._padded(before.norm, np.nan), self._padded(before.path, 0)
        # A row without a norm and a path has not been there yet.
        unseen = np.isnan(norm) & (path == 0)
        step.path[:] = path + np.where(unseen, 0, moved.euclidean)
        changed = np.isfinite(norm) & np.isfinite(step.norm) & ~moved.unchanged
        step.changes[:] = self._padded(before.changes, 0) + changed
        idle = self._padded(before.idle, -1)
        step.idle[:] = np.where(changed, 0, np.where(idle < 0, -1, idle + 1))
