"""Segments of row blocks: a thread, or a process elsewhere, works on one at a time.

A segment describes its row blocks, so that whoever works on it reads them; no rows are
sent to it. Segments hold ``TREE_WIDTH`` blocks each: so the tree of sums has the same
shape as the tree of ``LocalEngine``, and its results have the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from itertools import chain
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, runtime_checkable

from tb_wordembed.engine.local import (
    BLAS_LIMIT,
    LOCAL,
    TREE_WIDTH,
    LocalEngine,
    tree_sum,
)
from tb_wordembed.engine.progress import Progress, counted

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Rows = TypeVar("_Rows")
_Made = TypeVar("_Made", covariant=True)


class Segment(Protocol[_Made]):
    """Consecutive items that any process can make; can be pickled."""

    def __iter__(self) -> Iterator[_Made]:
        """Makes the items, one after another; each is valid until the next one."""

    def receipt(self) -> Any:
        """Returns a proof, such as checksums, that the items were the right ones; to be
        called when all were made."""


@runtime_checkable
class Divisible(Protocol[_Made]):
    """Items that can be made here, one after another, or elsewhere, in segments."""

    def __iter__(self) -> Iterator[_Made]:
        """Makes the items."""

    def segments(self, size: int) -> Sequence[Segment[_Made]] | None:
        """Returns the items as segments of ``size`` items, and one of the rest; None
        where they can only be made here."""

    def accept(self, receipt: Any) -> None:
        """Takes the receipt of each segment, in their order. Raises an error if they
        show that items were not the right ones, with the last one at the latest."""


def divided(items: Iterable[_Made], size: int) -> Sequence[Segment[_Made]] | None:
    """Returns items as segments; None where they can only be made here."""
    return items.segments(size) if isinstance(items, Divisible) else None


class Counted(Generic[_Made]):
    """Items that report how many of ``total`` came before."""

    def __init__(self, items: Iterable[_Made], total: int, progress: Progress) -> None:
        self._items = items
        self._total = total
        self._progress = progress
        self._done = self._size = 0

    def __iter__(self) -> Iterator[_Made]:
        return counted(self._items, self._total, self._progress)

    def segments(self, size: int) -> Sequence[Segment[_Made]] | None:
        """Returns the segments of the items."""
        self._size = size
        return divided(self._items, size)

    def accept(self, receipt: Any) -> None:
        """Takes the receipt of the next segment, and reports that it is done."""
        assert isinstance(self._items, Divisible)
        self._done += self._size
        self._progress(min(self._done / self._total, 1.0))
        self._items.accept(receipt)


@dataclass(frozen=True)
class SegmentWork(Generic[_Item, _Result]):
    """Work on a segment, whose items it makes."""

    work: Callable[[Iterable[_Item]], _Result]

    def __call__(self, segment: Segment[_Item]) -> SegmentResult:
        """Works on a segment."""
        with BLAS_LIMIT:
            found = self.work(segment)
        return SegmentResult(found, segment.receipt())


@dataclass(frozen=True)
class SegmentResult:
    """What the work on a segment returns, and the receipt of the segment."""

    found: Any
    receipt: Any


AnyWork: TypeAlias = SegmentWork[Any, Any]


class Workers(Protocol):
    """Threads or processes. ``map`` is that of ``LocalEngine``."""

    def map(
        self, work: Callable[[_Item], _Result], items: Iterable[_Item]
    ) -> Iterator[_Result]:
        """Yields the result of ``work`` for each item, in the order of the items."""


class Finished(Protocol):
    """Keeps the results of segments, so that no segment is worked on twice."""

    def has(self, work: AnyWork, segment: Segment[Any]) -> bool:
        """Returns whether there is a result of a segment."""

    def load(self, work: AnyWork, segment: Segment[Any]) -> SegmentResult | None:
        """Returns the result of a segment; None if it can't be read."""

    def save(self, work: AnyWork, segment: Segment[Any], result: SegmentResult) -> None:
        """Keeps the result of a segment."""


class SegmentEngine:
    """Works on whole segments, in other threads or processes. Items that can only be
    made here are worked on by threads of this process.

    Args:
      workers: work on the segments.
      finished: keeps what is done, for the next time; None keeps nothing.
    """

    threads = LOCAL.threads

    def __init__(self, workers: Workers, finished: Finished | None = None) -> None:
        self._workers = workers
        self._finished = finished

    def map(
        self, work: Callable[[_Item], _Result], items: Iterable[_Item]
    ) -> Iterator[_Result]:
        """Yields the results as ``LocalEngine.map`` does."""
        if divided(items, TREE_WIDTH) is None:
            return LOCAL.map(work, items)
        return chain.from_iterable(self.map_segments(partial(_each, work), items))

    def map_segments(
        self, work: Callable[[Iterable[_Item]], _Result], items: Iterable[_Item]
    ) -> Iterator[_Result]:
        """Yields the result of ``work`` for each segment of items, in their order, when
        it has handed in its receipt."""
        segments = divided(items, TREE_WIDTH)
        if segments is None:
            yield work(items)
            return
        task, kept = SegmentWork(work), self._finished
        known = [kept is not None and kept.has(task, segment) for segment in segments]
        both = [*zip(segments, known, strict=True)]
        fresh = self._workers.map(
            task, [segment for segment, is_known in both if not is_known]
        )
        for segment, is_known in both:
            found = kept.load(task, segment) if kept is not None and is_known else None
            if found is None:
                # A result that was there may turn out to be damaged.
                found = task(segment) if is_known else next(fresh)
                if kept is not None:
                    kept.save(task, segment, found)
            items.accept(found.receipt)  # type: ignore[attr-defined]
            yield found.found

    def reduce_rows(
        self,
        work: Callable[[_Item], tuple[_Result, _Rows]],
        items: Iterable[_Item],
        add: Callable[[_Result, _Result], _Result],
        nothing: _Result,
        keep: Callable[[_Rows], object],
    ) -> _Result:
        """Returns the sum as ``LocalEngine.reduce_rows`` does."""
        if divided(items, TREE_WIDTH) is None:
            return LOCAL.reduce_rows(work, items, add, nothing, keep)

        def totals() -> Iterator[_Result]:
            of_segment = partial(_sum_and_rows, work, add)
            for total, kept in self.map_segments(of_segment, items):
                for rows in kept:
                    keep(rows)
                yield total

        return tree_sum(totals(), add, nothing)


Engine: TypeAlias = "LocalEngine | SegmentEngine"
"""What runs a function over items: ``map``, ``map_segments`` and ``reduce_rows``. An
item must be valid until as many more are asked for as the engine has ``threads``."""


def _each(work: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
    return [work(item) for item in items]


def _sum_and_rows(
    work: Callable[[_Item], tuple[_Result, _Rows]],
    add: Callable[[_Result, _Result], _Result],
    items: Iterable[_Item],
) -> tuple[_Result, list[_Rows]]:
    """Returns the sum of what is added up, and what is kept of each item."""
    kept: list[_Rows] = []

    def totals() -> Iterator[_Result]:
        for item in items:
            total, rows = work(item)
            kept.append(rows)
            yield total

    return reduce(add, totals()), kept
