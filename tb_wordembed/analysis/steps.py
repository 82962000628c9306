"""Steps of a series, measured in one pass over their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import health
from tb_wordembed.analysis.drift import Drift, Moves, straightness
from tb_wordembed.analysis.health_sums import HealthSums
from tb_wordembed.analysis.moments import Moments
from tb_wordembed.analysis.rounds import shared, side_by_side
from tb_wordembed.analysis.rows import Blocks, Rows, Wide, norms
from tb_wordembed.analysis.sums import Other


@dataclass(frozen=True)
class Step:
    """What was measured of a step, and what the next one needs of it.

    Attributes:
      norm: of each row, float64 ``[vocab_size]``; NaN where it is not finite.
      path: how far each row has come, float64 ``[vocab_size]``: the sum of its
        Euclidean displacements from step to step, since the first at which it was
        finite. NaN once it was not finite after that.
      from_previous: drift from the step before; None at the first step.
      from_first: drift from the first step; None at the first step.
      prints: ``tb_wordembed.analysis.rows.fingerprints`` of all rows; None where health
        was not asked for.
      moments: None where health was not asked for.
      health: None where it was not asked for.
    """

    norm: Wide
    path: Wide
    from_previous: Drift | None
    from_first: Drift | None
    prints: npt.NDArray[np.uint64] | None
    moments: Moments | None
    health: health.StepHealth | None

    def straightness(self) -> Rows:
        """Displacement from the first step over the path since, float32
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
    workers: int = 1,
) -> list[Step]:
    """Measures consecutive steps, each against the one before and the first.

    Each table is read once, block by block, all of them side by side; a step that is
    measured alone reads the two it is compared with again. Blocks of one or two
    megabytes are fastest: with smaller ones threads wait for each other more. Memory is
    that of a block of each table, and per step of some numbers per row and some
    matrices ``[embedding_dim, embedding_dim]``.

    Args:
      tables: the steps to measure. A row of NaN is one that is not there.
      shape: ``(vocab_size, embedding_dim)``.
      previous: what was measured of the step before these, and its table; None where
        there is none. It may have been measured with fewer rows.
      first: the same of the first step; None where that is ``previous``, or the first
        of ``tables``.
      with_health: measures the health of the tables, too, at several times the cost;
        that of ``previous`` and ``first`` must have been.
      absent: how many rows each of ``tables`` doesn't have yet, because its vocabulary
        grew later. Other rows of NaN are counted as not finite.
      workers: how many threads share the work. Blocks must be valid until so many more
        are asked for. The outcome is the same to the last bit.

    Raises:
      ValueError: the tables do not hold ``vocab_size`` rows, or come in different
        blocks; a step to compare with has no health; more rows are said to be absent
        than are NaN.
    """
    before = None if previous is None else _Reference.of(previous[0], shape[0])
    start = before if first is None else _Reference.of(first[0], shape[0])
    if with_health and any(one and one.moments is None for one in (before, start)):
        raise ValueError(
            "a step to compare with was measured without its health; measure it "
            "with_health=True"
        )
    if not tables:
        return []
    sources: dict[_Reference, Blocks] = {}
    for reference, given in ((before, previous), (start, first)):
        if reference is not None and given is not None:
            sources[reference] = given[1]
    passes: dict[_Reference, _Pass] = {}
    for blocks in tables:
        one = _Pass(shape, before, start, with_health)
        before = one.reference
        start = start or before
        passes[before], sources[before] = one, blocks
    lanes = [_Lane(list(sources), passes) for _ in range(workers)]
    side_by_side(list(sources.values()), shape, lanes)
    counts = absent or [0] * len(passes)
    # What a step needs of those that it is compared with comes first.
    shared(_Pass.add_up, list(passes.values()), workers)
    found = shared(
        lambda one: one[0].finish(one[1]),
        list(zip(passes.values(), counts, strict=True)),
        workers,
    )
    for done, step in zip(passes.values(), found, strict=True):
        done.go_on(step)
    return found


class _Lane:
    """Measures blocks, in a thread of its own."""

    def __init__(
        self, references: Sequence[_Reference], passes: Mapping[_Reference, _Pass]
    ) -> None:
        self._references = references
        self._passes = passes
        self._scratch = _Scratch()

    def __call__(
        self, number: int, start: int, tables: Sequence[Rows]
    ) -> Callable[[], None] | None:
        one = self._passes.get(self._references[number])
        if one is None:
            return None
        known = dict(zip(self._references, tables, strict=False))
        return one.measure(start, known, self._scratch)


@dataclass(eq=False)
class _Reference:
    """What is known of a step that another is compared with."""

    norm: Wide
    path: Wide
    moments: Moments | None

    @staticmethod
    def of(step: Step, vocab_size: int) -> _Reference:
        later = vocab_size - len(step.norm)
        return _Reference(
            np.pad(step.norm, (0, later), constant_values=np.nan),
            np.pad(step.path, (0, later)),
            step.moments,
        )


class _Scratch:
    """Room that is used again and again, and so stays in a cache."""

    def __init__(self) -> None:
        self._rooms: dict[int, Rows] = {}

    def like(self, rows: Rows, number: int) -> Rows:
        if len(self._rooms.get(number, ())) < len(rows):
            self._rooms[number] = np.empty_like(rows)
        return self._rooms[number][: len(rows)]


class _Pass:
    """A step while it is measured."""

    def __init__(
        self,
        shape: tuple[int, int],
        previous: _Reference | None,
        first: _Reference | None,
        with_health: bool,
    ) -> None:
        vocab_size = shape[0]
        self.reference = _Reference(np.empty(vocab_size), np.zeros(vocab_size), None)
        self._previous = previous
        self._first = first
        self._moves = {
            one: Moves(vocab_size) for one in (previous, first) if one is not None
        }
        self._table = HealthSums(shape, len(self._moves)) if with_health else None

    def measure(
        self, start: int, tables: Mapping[_Reference, Rows], scratch: _Scratch
    ) -> Callable[[], None] | None:
        """Measures a block; what it returns adds that up."""
        rows = tables[self.reference]
        block = slice(start, start + len(rows))
        norm = self.reference.norm[block] = norms(rows)
        others: list[Other] = []
        for one, moves in self._moves.items():
            before, norm_before = tables[one], one.norm[block]
            change = scratch.like(rows, len(others))
            np.subtract(rows, before, out=change)
            moves.add(start, before, rows, change, norm_before, norm)
            if self._table is not None:
                others.append(Other(before, norm_before, change))
        if self._table is None:
            return None
        return partial(self._table.take, *self._table.part(start, rows, norm, others))

    def add_up(self) -> None:
        """When all blocks were measured."""
        norm = self.reference.norm
        norm[~np.isfinite(norm)] = np.nan
        if self._table is not None:
            self.reference.moments = self._table.moments()

    def go_on(self, step: Step) -> None:
        """When the way up to the step before is known."""
        previous, moved = self._previous, step.from_previous
        if previous is not None and moved is not None:
            # A row without a norm and a way behind it has not been there yet.
            unseen = np.isnan(previous.norm) & (previous.path == 0)
            step.path[:] = previous.path + np.where(unseen, 0, moved.euclidean)

    def finish(self, absent: int) -> Step:
        """When all steps were added up. Their ways are still to be."""
        known = self.reference
        drift: dict[_Reference | None, Drift] = {
            one: moves.drift(one.norm, known.norm) for one, moves in self._moves.items()
        }
        step = Step(
            norm=known.norm,
            path=known.path,
            from_previous=drift.get(self._previous),
            from_first=drift.get(self._first),
            prints=None,
            moments=None,
            health=None,
        )
        if self._table is None:
            return step
        likeness: dict[_Reference | None, health.Likeness] = {
            one: self._table.likeness(index, one.moments)
            for index, one in enumerate(self._moves)
            if one.moments is not None
        }
        found = self._table.health(
            *(step.norm, step.from_previous, step.from_first),
            *(likeness.get(self._previous), likeness.get(self._first)),
            absent,
        )
        return replace(
            step, prints=self._table.prints, moments=known.moments, health=found
        )
