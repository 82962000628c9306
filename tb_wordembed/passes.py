"""Measures of whole steps, kept while a series grows: each snapshot is read once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tb_wordembed.analysis.health import StepHealth
from tb_wordembed.analysis.histories import History, Record
from tb_wordembed.analysis.rows import Blocks
from tb_wordembed.analysis.steps import Step, measure_steps

BLOCK_BYTES = 2 << 20
"""Of a row block: large enough for products of matrices, small beside a cache."""

_AT_ONCE = 8

T = TypeVar("T")


@dataclass(frozen=True)
class Table:
    """A snapshot to be measured.

    Attributes:
      step: its step.
      content_id: changes when its numbers, or their rows, change.
      blocks: gives it as row blocks of at most so many rows.
      absent: how many of the rows it lacks.
    """

    step: int
    content_id: Hashable
    blocks: Callable[[int], Blocks]
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


class Passes:
    """What was measured of the series of a log."""

    def __init__(self) -> None:
        self._known: dict[Hashable, _Measured] = {}
        self._locks: dict[Hashable, threading.Lock] = {}
        self._lock = threading.Lock()

    def health(
        self, series: Hashable, tables: Sequence[Table], shape: tuple[int, int]
    ) -> list[StepHealth]:
        """Health of each table. Those measured before are not read again, but for the
        ones that new ones are compared with."""
        return self._of(series, tables, shape, lambda known: list(known.health))

    def last(
        self, series: Hashable, tables: Sequence[Table], shape: tuple[int, int]
    ) -> Step:
        """What was measured of the last table, and of the way of its rows up to it."""
        last = self._of(series, tables, shape, lambda known: known.last)
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
    ) -> T:
        """What is taken of the measures of these tables, before others are added."""
        with self._lock:
            lock = self._locks.setdefault(series, threading.Lock())
        with lock:
            known = self._known.get(series, _Measured())
            ids = [one.content_id for one in tables]
            if known.ids != ids[: len(known.ids)]:
                known = _Measured()
            for start in range(len(known.ids), len(tables), _AT_ONCE):
                known = _measure_more(known, tables, start, shape)
                self._known[series] = known
            return take(known)


def _measure_more(
    known: _Measured, tables: Sequence[Table], start: int, shape: tuple[int, int]
) -> _Measured:
    rows = max(1, BLOCK_BYTES // (4 * shape[1]))
    some = tables[start : start + _AT_ONCE]
    previous = first = None
    if known.last is not None and known.first is not None:
        previous = known.last, tables[start - 1].blocks(rows)
        # At the second step both are the same table: read it once.
        first = (known.first, tables[0].blocks(rows)) if start > 1 else None
    found = measure_steps(
        [one.blocks(rows) for one in some],
        shape,
        previous,
        first,
        absent=[one.absent for one in some],
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
