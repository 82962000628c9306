"""Steps of a series, measured in one pass over their rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.analysis import health
from tb_wordembed.analysis.drift import Drift, Moves, straightness
from tb_wordembed.analysis.moments import Moments
from tb_wordembed.analysis.rounds import side_by_side
from tb_wordembed.analysis.rows import (
    Blocks,
    Rows,
    Wide,
    count_duplicates,
    fingerprints,
    norms,
)
from tb_wordembed.analysis.sums import Other, Part, Sums


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
    measured alone reads the two it is compared with again. Blocks of half a megabyte
    are fastest: what is compared should fit a cache. Memory is that of a block of
    each table, and per step of some numbers per row and some matrices
    ``[embedding_dim, embedding_dim]``.

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
    with np.errstate(all="ignore"):
        return [
            one.finish(count)
            for one, count in zip(passes.values(), counts, strict=True)
        ]


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
    ) -> Callable[[], None]:
        one = self._passes.get(self._references[number])
        if one is None:
            return _nothing
        known = dict(zip(self._references, tables, strict=False))
        return one.measure(start, known, self._scratch)


def _nothing() -> None:
    """There is nothing to take."""


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
        self._table = _Table(shape, len(self._moves)) if with_health else None

    def measure(
        self, start: int, tables: Mapping[_Reference, Rows], scratch: _Scratch
    ) -> Callable[[], None]:
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
            return _nothing
        return partial(self._table.take, *self._table.part(start, rows, norm, others))

    def finish(self, absent: int) -> Step:
        known = self.reference
        known.norm[~np.isfinite(known.norm)] = np.nan
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
        if self._previous is not None:
            known.path += _path(self._previous, drift[self._previous])
        if self._table is None:
            return step
        known.moments = self._table.moments()
        likeness: dict[_Reference | None, health.Likeness] = {
            one: self._table.likeness(index, one.moments)
            for index, one in enumerate(self._moves)
            if one.moments is not None
        }
        found = self._table.health(
            step, likeness.get(self._previous), likeness.get(self._first), absent
        )
        return replace(
            step, prints=self._table.prints, moments=known.moments, health=found
        )


def _path(previous: _Reference, moved: Drift) -> Wide:
    # A row without a norm and a way behind it has not been there yet.
    unseen = np.isnan(previous.norm) & (previous.path == 0)
    return previous.path + np.where(unseen, 0, moved.euclidean)


class _Table:
    """What health needs of the whole table."""

    def __init__(self, shape: tuple[int, int], others: int) -> None:
        vocab_size, embedding_dim = shape
        self._sums = Sums(embedding_dim, others)
        self._directions = np.zeros(embedding_dim)
        self.prints = np.empty((vocab_size, 2), np.uint64)

    def part(
        self, start: int, rows: Rows, norm: Wide, others: Sequence[Other]
    ) -> tuple[Wide, Part]:
        """What a block adds."""
        self.prints[start : start + len(rows)] = fingerprints(rows)
        directions = health.sum_of_directions(rows, norm)
        return directions, self._sums.part(rows, norm, others)

    def take(self, directions: Wide, part: Part) -> None:
        self._directions += directions
        self._sums.take(part)

    def moments(self) -> Moments:
        return self._sums.moments()

    def likeness(self, index: int, moments: Moments) -> health.Likeness:
        return health.likeness(self._sums.pair(index, moments))

    def health(
        self,
        step: Step,
        to_previous: health.Likeness | None,
        to_first: health.Likeness | None,
        absent: int,
    ) -> health.StepHealth:
        norm, moments = step.norm, self._sums.moments()
        missing = int(np.isnan(norm).sum())
        if not 0 <= absent <= missing:
            raise ValueError(
                f"absent is {absent}; expected 0 to {missing}, the number of rows that "
                "are not finite"
            )
        singular = health.singular_values(moments)
        directed = int((norm > 0).sum())
        moved = step.from_previous
        return health.StepHealth(
            norm=health.quantiles(norm),
            drift_from_previous=_cosine_quantiles(moved),
            drift_from_first=_cosine_quantiles(step.from_first),
            effective_rank=health.effective_rank(singular),
            participation_ratio=health.participation_ratio(moments),
            iso_score=health.iso_score(moments),
            mean_pairwise_cosine=health.mean_pairwise_cosine(
                directed, self._directions
            ),
            spectrum=singular[: health.SPECTRUM],
            to_previous=to_previous,
            to_first=to_first,
            frozen_rows=None if moved is None else int(moved.unchanged.sum()),
            zero_rows=int((norm == 0).sum()),
            duplicate_rows=count_duplicates(self.prints[np.isfinite(norm)]),
            non_finite_rows=missing - absent,
        )


def _cosine_quantiles(of: Drift | None) -> Wide:
    return health.quantiles(np.empty(0) if of is None else of.cosine)
