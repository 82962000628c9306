"""Sorts the parts of tables and columns, and leaves out those that were replaced.

The parts of a step may come from one writer or from the ranks of a training, each of
which has an event file of its own and may be ahead of the others.
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from tb_wordembed.snapshots.index_entries import (
    ColumnRecord,
    Joined,
    Location,
    Snapshot,
    Tensor,
)

Record = TypeVar("Record", Snapshot, ColumnRecord)

_MOST_RESTARTS = 4096
"""The number of restarts of one training that are told apart."""


@dataclass(eq=False)
class Part(Generic[Record]):
    """Rows ``start`` to ``stop`` of ``vocab_size``, as they were written."""

    record: Record
    location: Location
    time: float
    """When it was written: in one file never before what comes before it there."""
    start: int
    stop: int
    vocab_size: int
    generation: int = 0
    """How often the training was restarted before, as far as its rows tell."""

    @property
    def rows(self) -> str:
        """Names its rows in words."""
        return named_rows(self.start, self.stop)

    @property
    def whole(self) -> str:
        """Names what it is a part of in words."""
        dims = "".join(f" x {one:,}" for one in self.location.shape[1:])
        return f"{self.vocab_size:,}{dims} {self.kind}"

    @property
    def of(self) -> tuple[Hashable, ...]:
        """What it is a part of: parts of one whole agree in it."""
        return self.vocab_size, self.location.shape[1:], self.kind

    @property
    def kind(self) -> str:
        """Names what it holds in words."""
        dtype = self.location.dtype
        if isinstance(self.record, Snapshot):
            full = self.record.full_vocab_size
            return dtype if full is None else f"{dtype} out of {full:,} rows"
        return "text" if dtype == "text" else "numbers"


class Cover(Generic[Record]):
    """Parts that do not overlap, by their rows."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self.parts: list[Part[Record]] = []
        self.rows = 0
        """The number of rows that they have."""

    def _places(self, part: Part[Record]) -> slice:
        first = bisect.bisect_right(self._starts, part.start)
        if first and self.parts[first - 1].stop > part.start:
            first -= 1
        return slice(first, bisect.bisect_left(self._starts, part.stop))

    def overlapping(self, part: Part[Record]) -> list[Part[Record]]:
        """Returns the parts that have rows of another one."""
        return self.parts[self._places(part)]

    def put(self, part: Part[Record]) -> None:
        """Adds a part in place of those that have rows of it."""
        places = self._places(part)
        for gone in self.parts[places]:
            self.rows -= gone.stop - gone.start
        self.rows += part.stop - part.start
        self._starts[places] = [part.start]
        self.parts[places] = [part]

    @property
    def tensor(self) -> Tensor:
        """The tensor that the parts make if none is missing."""
        if len(self.parts) == 1:
            return self.parts[0].location
        return Joined(tuple(one.location for one in self.parts))

    def missing(self, vocab_size: int) -> Iterator[tuple[int, int]]:
        """Yields the ranges of rows of a table that no part has."""
        end = 0
        for one in self.parts:
            if one.start > end:
                yield end, one.start
            end = one.stop
        if end < vocab_size:
            yield end, vocab_size


class _Restart(NamedTuple):
    """The moment at which a training went back to a step, between two parts."""

    time: float
    step: int
    generation: int


def in_time(
    written: Iterable[tuple[Record, Tensor]],
) -> list[Part[Record]]:
    """Returns the parts in the order in which they were written, also those of files
    that were written at once, and counts the restarts before each."""
    times: dict[str, float] = {}
    parts: list[Part[Record]] = []
    for record, tensor in written:
        (location,) = tensor.parts
        path = location.file.path
        # A clock may be set back, and a hostile file holds any time.
        time = max(
            times.get(path, -math.inf),
            record.wall_time if math.isfinite(record.wall_time) else -math.inf,
        )
        times[path] = time
        rows = location.shape[0]
        start, vocab_size = record.part or (0, rows)
        parts.append(Part(record, location, time, start, start + rows, vocab_size))
    return sorted(parts, key=lambda one: one.time)


def _restarts(parts: Sequence[Part[Record]]) -> Iterator[_Restart]:
    """Yields when the training went back to an earlier step. Notes in each part how
    often it did so before."""
    newest: Cover[Record] = Cover()
    for one in parts:
        before = newest.overlapping(one)
        one.generation = max((other.generation for other in before), default=0)
        if any(other.record.step > one.record.step for other in before):
            one.generation = min(one.generation + 1, _MOST_RESTARTS)
            last = max(other.time for other in before)
            # The ranks of a training restart at about the same time.
            middle = last + (one.time - last) / 2 if last > -math.inf else last
            yield _Restart(middle, one.record.step, one.generation)
        newest.put(one)


def without_replaced(parts: Sequence[Part[Record]]) -> set[Part[Record]]:
    """Returns the parts that no restart replaced.

    A restart replaces what was written before it with the same step or a later one, by
    whichever rank: a rank that was killed early has no part that tells of the restart.
    A part whose own rows were as often restarted is never taken for an older one.
    """
    restarts = sorted(_restarts(parts), reverse=True)
    highest = max((one.generation for one in restarts), default=0)
    # The first step of the restarts of each generation and those above.
    least = [2.0**64] * (highest + 2)
    valid = set()
    at = 0
    for part in reversed(parts):
        while at < len(restarts) and restarts[at].time >= part.time:
            _, step, generation = restarts[at]
            lower = bisect.bisect_right(least, step)
            least[lower : generation + 1] = [step] * max(0, generation + 1 - lower)
            at += 1
        if least[part.generation + 1] > part.record.step:
            valid.add(part)
    return valid


def named_rows(start: int, stop: int) -> str:
    """Names some consecutive rows in words."""
    if stop - start == 1:
        return f"row {start:,}"
    return f"rows {start:,} to {stop - 1:,}"
