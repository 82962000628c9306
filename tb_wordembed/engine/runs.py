"""Runs of row blocks: what one thread, or one process elsewhere, works on at a time.

A run describes its row blocks, so that whoever works on it reads them; no rows are sent
to it. Runs hold ``TREE_WIDTH`` blocks each: so the tree of sums has the same shape as
the tree of ``LocalEngine``, and its results have the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
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


class Run(Protocol[_Made]):
    """Consecutive items that any process can make; can be pickled."""

    def __iter__(self) -> Iterator[_Made]:
        """Makes the items, one after another; each is valid until the next one."""

    def receipt(self) -> Any:
        """Returns a proof, such as checksums, that the items were the right ones; to be
        called when all were made."""


@runtime_checkable
class Divisible(Protocol[_Made]):
    """Items that can be made here, one after another, or elsewhere, in runs."""

    def __iter__(self) -> Iterator[_Made]:
        """Makes the items."""

    def runs(self, size: int) -> Sequence[Run[_Made]] | None:
        """Returns the items as runs of ``size`` items, and one of the rest; None where
        they can only be made here."""

    def accept(self, receipt: Any) -> None:
        """Takes the receipt of each run, in their order. Raises an error if they show
        that items were not the right ones, with the last one at the latest."""


def divided(items: Iterable[_Made], size: int) -> Sequence[Run[_Made]] | None:
    """Returns items as runs; None where they can only be made here."""
    return items.runs(size) if isinstance(items, Divisible) else None


class Counted(Generic[_Made]):
    """Items that report how many of ``total`` came before."""

    def __init__(self, items: Iterable[_Made], total: int, progress: Progress) -> None:
        self._items = items
        self._total = total
        self._progress = progress
        self._done = self._size = 0

    def __iter__(self) -> Iterator[_Made]:
        return counted(self._items, self._total, self._progress)

    def runs(self, size: int) -> Sequence[Run[_Made]] | None:
        """Returns the runs of the items."""
        self._size = size
        return divided(self._items, size)

    def accept(self, receipt: Any) -> None:
        """Takes the receipt of the next run, and reports that it is done."""
        assert isinstance(self._items, Divisible)
        self._done += self._size
        self._progress(min(self._done / self._total, 1.0))
        self._items.accept(receipt)


@dataclass(frozen=True)
class RunWork(Generic[_Item, _Result, _Rows]):
    """The work on a run: ``work`` on each item, and the sum of what it returns.

    Attributes:
      work: returns what is added up, and what is kept of each item.
      add: returns the sum of two results; None adds up nothing.
    """

    work: Callable[[_Item], tuple[_Result, _Rows]]
    add: Callable[[_Result, _Result], _Result] | None

    def __call__(self, run: Run[_Item]) -> RunResult:
        """Makes the items of a run and works on them."""
        kept: list[_Rows] = []
        total: _Result | None = None
        with BLAS_LIMIT:
            for item in run:
                result, rows = self.work(item)
                if kept and self.add is not None:
                    assert total is not None
                    result = self.add(total, result)
                total = result
                kept.append(rows)
        return RunResult(total, kept, run.receipt())


@dataclass(frozen=True)
class WholeRun(Generic[_Item, _Result]):
    """Work on a run as a whole, of which the result is kept."""

    work: Callable[[Iterable[_Item]], _Result]

    def __call__(self, run: Run[_Item]) -> RunResult:
        """Works on a run."""
        with BLAS_LIMIT:
            found = self.work(run)
        return RunResult(None, [found], run.receipt())


@dataclass(frozen=True)
class RunResult:
    """The result of a run: the sum over its items, what is kept of each, receipt."""

    total: Any
    kept: list[Any]
    receipt: Any


AnyWork: TypeAlias = RunWork[Any, Any, Any] | WholeRun[Any, Any]


class Workers(Protocol):
    """Threads or processes. ``map`` is that of ``LocalEngine``."""

    def map(
        self, work: Callable[[_Item], _Result], items: Iterable[_Item]
    ) -> Iterator[_Result]:
        """Yields the result of ``work`` for each item, in the order of the items."""


class Finished(Protocol):
    """Keeps the results of runs, so that no run is worked on twice."""

    def has(self, work: AnyWork, run: Run[Any]) -> bool:
        """Returns whether there is a result of a run."""

    def load(self, work: AnyWork, run: Run[Any]) -> RunResult | None:
        """Returns the result of a run; None if it can't be read."""

    def save(self, work: AnyWork, run: Run[Any], result: RunResult) -> None:
        """Keeps the result of a run."""


class RunEngine:
    """Works on whole runs, in other threads or processes. Items that can only be made
    here are worked on by threads of this process.

    Args:
      workers: work on the runs.
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
        runs = divided(items, TREE_WIDTH)
        if runs is None:
            yield from LOCAL.map(work, items)
            return
        for result in self._results(RunWork(_Kept(work), None), items, runs):
            yield from result.kept

    def map_runs(
        self, work: Callable[[Iterable[_Item]], _Result], items: Iterable[_Item]
    ) -> Iterator[_Result]:
        """Yields the result of ``work`` for each run of items, in their order."""
        runs = divided(items, TREE_WIDTH)
        if runs is None:
            yield work(items)
            return
        for result in self._results(WholeRun(work), items, runs):
            yield from result.kept

    def reduce(
        self,
        work: Callable[[_Item], _Result],
        items: Iterable[_Item],
        add: Callable[[_Result, _Result], _Result],
        nothing: _Result,
    ) -> _Result:
        """Returns the sum as ``LocalEngine.reduce`` does."""
        return self.reduce_rows(_Added(work), items, add, nothing, _forget)

    def reduce_rows(
        self,
        work: Callable[[_Item], tuple[_Result, _Rows]],
        items: Iterable[_Item],
        add: Callable[[_Result, _Result], _Result],
        nothing: _Result,
        keep: Callable[[_Rows], object],
    ) -> _Result:
        """Returns the sum as ``LocalEngine.reduce_rows`` does."""
        runs = divided(items, TREE_WIDTH)
        if runs is None:
            return LOCAL.reduce_rows(work, items, add, nothing, keep)

        def totals() -> Iterator[_Result]:
            for result in self._results(RunWork(work, add), items, runs):
                for rows in result.kept:
                    keep(rows)
                yield result.total

        return tree_sum(totals(), add, nothing)

    def _results(
        self, work: AnyWork, items: Iterable[Any], runs: Sequence[Run[Any]]
    ) -> Iterator[RunResult]:
        """Yields the result of each run, in order, and hands in its receipt."""
        kept = self._finished
        known = [kept is not None and kept.has(work, run) for run in runs]
        both = [*zip(runs, known, strict=True)]
        fresh = self._workers.map(work, [run for run, is_known in both if not is_known])
        for run, is_known in both:
            found = kept.load(work, run) if kept is not None and is_known else None
            if found is None:
                # A result that was there may turn out to be damaged.
                found = work(run) if is_known else next(fresh)
                if kept is not None:
                    kept.save(work, run, found)
            items.accept(found.receipt)  # type: ignore[attr-defined]
            yield found


Engine: TypeAlias = "LocalEngine | RunEngine"
"""What runs a function over items: ``map``, ``reduce`` and ``reduce_rows``."""


@dataclass(frozen=True)
class _Kept(Generic[_Item, _Result]):
    """Work of which each result is kept, and none added up."""

    work: Callable[[_Item], _Result]

    def __call__(self, item: _Item) -> tuple[None, _Result]:
        return None, self.work(item)


@dataclass(frozen=True)
class _Added(Generic[_Item, _Result]):
    """Work of which results are added up, and none kept."""

    work: Callable[[_Item], _Result]

    def __call__(self, item: _Item) -> tuple[_Result, None]:
        return self.work(item), None


def _forget(rows: object) -> None:
    del rows
