"""Measures of whole steps, kept while a series grows: each snapshot is read once."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from tb_wordembed.analysis.drift import Drift
from tb_wordembed.analysis.findings.histories import History, Jumps, Peaks, Record
from tb_wordembed.analysis.health import Likeness, StepHealth
from tb_wordembed.analysis.measure_steps import Step, measure_steps
from tb_wordembed.analysis.moments import Moments
from tb_wordembed.analysis.rows import Blocks
from tb_wordembed.engine.local import LOCAL
from tb_wordembed.engine.progress import Progress, counted, part, silent
from tb_wordembed.read.cache import Shelf
from tb_wordembed.read.disk_cache import stable
from tb_wordembed.read.logged_series import LoggedSeries

BLOCK_BYTES = 2 << 20
"""Of a row block: large enough for products of matrices, small beside a cache."""

_AT_ONCE = 8

_LISTEN_SECONDS = 0.2

T = TypeVar("T")


@dataclass(frozen=True)
class Table:
    """A snapshot to be measured.

    Attributes:
      step: its step.
      content_id: changes when its numbers, or their rows, change.
      blocks: gives it as row blocks of at most so many rows, of which a block is valid
        until so many more are asked for.
      absent: how many of the rows it lacks.
    """

    step: int
    content_id: Hashable
    blocks: Callable[[int, int], Blocks]
    absent: int = 0


@dataclass
class _Measured:
    """What is known of the first steps of a series."""

    ids: list[Hashable] = field(default_factory=list)
    health: list[StepHealth] = field(default_factory=list)
    first: Step | None = None
    last: Step | None = None
    record: Record | None = None
    """Of the steps since the vocabulary is that of the last one."""


@dataclass(frozen=True)
class _Saved:
    """What another process can go on from: the tables by names that it understands."""

    names: list[str]
    known: _Measured


_KINDS = (
    *(_Saved, _Measured, StepHealth, Likeness, Step, Drift, Moments),
    *(Record, Jumps, Peaks),
)


class Passes:
    """What was measured of the series of a log.

    Args:
      shelf: where measures that took long outlive the process; None where they don't.
    """

    def __init__(self, shelf: Shelf | None = None) -> None:
        self._known: dict[Hashable, _Measured] = {}
        self._locks: dict[Hashable, threading.Lock] = {}
        self._shares: dict[Hashable, float] = {}
        """Of the passes under way, what is done: whoever waits for one is told."""
        self._lock = threading.Lock()
        self._shelf = shelf

    def health(
        self,
        series: Hashable,
        tables: Sequence[Table],
        shape: tuple[int, int],
        progress: Progress = silent,
    ) -> list[StepHealth]:
        """Health of each table. Those measured before are not read again, but for the
        ones that new ones are compared with."""
        return self._of(
            series,
            tables,
            shape,
            lambda known: list(known.health),
            at_each=True,
            progress=progress,
        )

    def health_so_far(
        self, series: Hashable, tables: Sequence[Table]
    ) -> list[StepHealth]:
        """Health of the first tables, as far as it is known: at once, even while others
        are measured."""
        known = self._known.get(series, _Measured())
        ids = [one.content_id for one in tables]
        both = min(len(ids), len(known.ids))
        return known.health[:both] if known.ids[:both] == ids[:both] else []

    def last(
        self,
        series: Hashable,
        tables: Sequence[Table],
        shape: tuple[int, int],
        progress: Progress = silent,
    ) -> Step:
        """What was measured of the last table, and of the way of its rows up to it."""
        last = self._of(
            series, tables, shape, lambda known: known.last, progress=progress
        )
        if last is None:
            raise ValueError("there is no table to measure")
        return last

    def history(
        self, series: Hashable, tables: Sequence[Table], shape: tuple[int, int]
    ) -> History:
        """What happened to each row, since the vocabulary is that of the last table."""
        history = self._of(
            series,
            tables,
            shape,
            lambda known: known.record.finish() if known.record else None,
        )
        if history is None:
            raise ValueError("there is no table to measure")
        return history

    def _of(
        self,
        series: Hashable,
        tables: Sequence[Table],
        shape: tuple[int, int],
        take: Callable[[_Measured], T],
        *,
        at_each: bool = False,
        progress: Progress = silent,
    ) -> T:
        """What is taken of the measures of these tables, before others are added.
        ``at_each`` step is what does not change when they are."""
        with self._lock:
            lock = self._locks.setdefault(series, threading.Lock())
        ids = [one.content_id for one in tables]
        while not lock.acquire(timeout=_LISTEN_SECONDS):
            progress(self._shares.get(series, 0.0))
        try:
            known = self._known.get(series, _Measured())
            # Who asked before a new step came in does not undo what is known of it.
            older = len(ids) < len(known.ids) and known.ids[: len(ids)] == ids
            if older and at_each:
                return take(_Measured(ids, known.health[: len(ids)]))
            if known.ids != ids[: len(known.ids)]:
                known = _Measured()
            found = self._measure(
                series, known, tables, shape, progress, keep=not older
            )
            return take(found)
        finally:
            self._shares.pop(series, None)
            lock.release()

    def _measure(
        self,
        series: Hashable,
        known: _Measured,
        tables: Sequence[Table],
        shape: tuple[int, int],
        progress: Progress,
        *,
        keep: bool,
    ) -> _Measured:
        """Measures what is not known yet, some tables at a time."""
        if not known.ids:
            known = self._restored(series, tables)

        def tell(share: float, message: str = "") -> None:
            self._shares[series] = share
            progress(share, message)

        began = time.perf_counter()
        for start in range(len(known.ids), len(tables), _AT_ONCE):
            known = _measure_more(known, tables, start, shape, tell)
            if keep:
                self._known[series] = known
        if keep:
            self._known[series] = known
            self._save(series, known, tables, time.perf_counter() - began)
        return known

    def _save(
        self,
        series: Hashable,
        known: _Measured,
        tables: Sequence[Table],
        seconds: float,
    ) -> None:
        if self._shelf is not None and seconds >= self._shelf.worth_seconds:
            names = [stable(one) for one in known.ids]
            saved = _Saved(names, replace(known, ids=[]))
            self._shelf.save(_key(series, tables), saved)

    def _restored(self, series: Hashable, tables: Sequence[Table]) -> _Measured:
        """What an earlier process knew of these tables, or of the first of them."""
        if self._shelf is None or not tables:
            return _Measured()
        saved = self._shelf.load(_key(series, tables), _KINDS)
        count = len(saved.names) if isinstance(saved, _Saved) else 0
        some = tables[:count]
        if not count or saved.names != [stable(one.content_id) for one in some]:
            return _Measured()
        known: _Measured = saved.known
        return replace(known, ids=[one.content_id for one in some])


def health(series: LoggedSeries, progress: Progress) -> list[StepHealth]:
    """Returns the health of the table at each step."""
    return _passes(series).health(*_question(series), progress)


def health_so_far(series: LoggedSeries) -> list[StepHealth]:
    """Returns the health of the first steps, as far as it is known."""
    return _passes(series).health_so_far(*_question(series)[:2])


def last(series: LoggedSeries, progress: Progress) -> Step:
    """Returns what was measured of the last step."""
    return _passes(series).last(*_question(series), progress)


def history(series: LoggedSeries) -> History:
    """Returns what happened to each row, since the vocabulary is that of the last
    step."""
    return _passes(series).history(*_question(series))


def _passes(series: LoggedSeries) -> Passes:
    return series.cache.get("passes", lambda: Passes(series.cache.shelf))


def _question(series: LoggedSeries) -> tuple[Hashable, list[Table], tuple[int, int]]:
    tables = [
        Table(
            step,
            series.content_id(step),
            partial(series.row_blocks, step),
            series.count_absent(step),
        )
        for step in series.steps
    ]
    return (series.run, series.tag), tables, series.shape


def _key(series: Hashable, tables: Sequence[Table]) -> Hashable:
    # By the first table: what is known of more of them takes the place of this.
    return ("pass", series, tables[0].content_id)


def _measure_more(
    known: _Measured,
    tables: Sequence[Table],
    start: int,
    shape: tuple[int, int],
    progress: Progress,
) -> _Measured:
    rows = max(1, BLOCK_BYTES // (4 * shape[1]))
    some = tables[start : start + _AT_ONCE]
    previous = first = None
    if known.last is not None and known.first is not None:
        previous = known.last, tables[start - 1].blocks(rows, LOCAL.threads)
        # At the second step both are the same table: read it once.
        first = (
            (known.first, tables[0].blocks(rows, LOCAL.threads)) if start > 1 else None
        )
    blocks = [one.blocks(rows, LOCAL.threads) for one in some]
    # All are read side by side.
    blocks[0] = counted(
        blocks[0],
        math.ceil(shape[0] / rows),
        part(progress, start / len(tables), len(some) / len(tables)),
    )
    found = measure_steps(
        blocks,
        shape,
        previous,
        first,
        absent=[one.absent for one in some],
        engine=LOCAL,
    )
    record = known.record
    for table, one in zip(some, found, strict=True):
        record = _recorded(record, table, one)
    return _Measured(
        record=record,
        ids=[*known.ids, *(one.content_id for one in some)],
        health=[*known.health, *_healths(found)],
        first=known.first or _slim(found[0]),
        last=found[-1],
    )


def _recorded(record: Record | None, table: Table, step: Step) -> Record | None:
    if table.absent or step.prints is None:
        return None
    moved = step.from_previous if record else None
    record = record or Record(len(step.norm))
    record.add(table.step, step.norm, step.prints, moved)
    return record


def _healths(steps: Sequence[Step]) -> Iterator[StepHealth]:
    for one in steps:
        if one.health is not None:
            yield one.health


def _slim(step: Step) -> Step:
    """Without what the next steps don't need."""
    return replace(step, from_previous=None, from_first=None, prints=None)
