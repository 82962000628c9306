"""Row blocks of several tables, read side by side and worked on by several threads.

A round is the same rows of all tables. Rounds are read, and what was made of them is
taken, in their order: what comes out is the same whatever the number of threads.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from typing import Protocol, TypeVar

import numpy as np

from tb_wordembed.analysis.rows import Blocks, Rows

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


class Worker(Protocol):
    """What makes something of the blocks of a round, in a thread of its own."""

    def __call__(
        self, number: int, start: int, tables: Sequence[Rows]
    ) -> Callable[[], None] | None:
        """Works on a table, while others work on other rounds.

        Args:
          number: of the table.
          start: number of the first row of the round.
          tables: the rows of the tables up to this one.

        Returns:
          What takes the outcome: called for the rounds of a table in their order, by
          one thread at a time, maybe when the rows are others. None where there is
          nothing to take.
        """


def side_by_side(
    sources: Sequence[Blocks], shape: tuple[int, int], workers: Sequence[Worker]
) -> None:
    """Reads tables side by side, block by block, and has workers work on them.

    Args:
      sources: the tables. A block must be valid until as many more are asked for as
        there are workers.
      shape: ``(vocab_size, embedding_dim)``, of each.
      workers: each works in a thread of its own.

    Raises:
      ValueError: the tables do not hold ``vocab_size`` rows, or come in different
        blocks.
    """
    tables = _Tables(sources, shape)
    order, takes = _Order(), _Takes(len(sources))

    def work(lane: int) -> None:
        _work(tables, order, takes, workers[lane], lane, len(workers))

    _in_threads(work, len(workers), order)
    tables.finish()


def shared(
    work: Callable[[_Item], _Made], items: Sequence[_Item], workers: int
) -> list[_Made]:
    """What work makes of each item, in their order; threads share the items."""
    made: dict[int, _Made] = {}

    def some(lane: int) -> None:
        for number in range(lane, len(items), workers):
            made[number] = work(items[number])

    _in_threads(some, workers, _Order())
    return [made[number] for number in range(len(items))]


def _in_threads(work: Callable[[int], None], lanes: int, order: _Order) -> None:
    """Works in so many threads, this one among them."""

    def safely(lane: int) -> None:
        with order.failing(), np.errstate(all="ignore"):
            work(lane)

    # Not an executor, for whose threads a process waits before it ends.
    threads = [
        threading.Thread(target=safely, args=(lane,), daemon=True)
        for lane in range(1, lanes)
    ]
    with order.failing():
        for thread in threads:
            thread.start()
        safely(0)
    for thread in threads:
        if thread.ident is not None:
            thread.join()
    if order.error is not None:
        raise order.error


def _work(
    tables: _Tables,
    order: _Order,
    takes: _Takes,
    worker: Worker,
    lane: int,
    lanes: int,
) -> None:
    """Works on every so many-th round."""
    for number in count(lane, lanes):
        with order.turn(number):
            start, rows = tables.read()
        if not rows:
            return
        for table in range(len(rows)):
            take = worker(table, start, rows[: table + 1])
            if take is not None:
                takes.hand_in(table, number, take)


class _Tables:
    """The tables, and how far they were read."""

    def __init__(self, sources: Sequence[Blocks], shape: tuple[int, int]) -> None:
        self.sources = [iter(one) for one in sources]
        self.shape = shape
        self.start = 0
        """Of the next round."""

    def read(self) -> tuple[int, list[Rows]]:
        """The next round: the number of its first row, and the rows of each table; of
        none when there are no more."""
        vocab_size, embedding_dim = self.shape
        start, blocks = self.start, list[Rows]()
        if start >= vocab_size:
            return start, blocks
        nothing = start, np.empty((0, embedding_dim), np.float32)
        for source in self.sources:
            at, rows = next(source, nothing)
            expected = len(blocks[0] if blocks else rows), embedding_dim
            if at != start or rows.shape != expected or not len(rows):
                raise ValueError(
                    f"from row {start} on, a table comes in a block of shape "
                    f"{rows.shape} at row {at}; expected {expected}, the same of each, "
                    f"and {vocab_size} rows in all"
                )
            blocks.append(rows)
        self.start += len(blocks[0])
        return start, blocks

    def finish(self) -> None:
        """Makes sure that nothing is left."""
        # Asked once more, readers close their files.
        if any(next(blocks, None) is not None for blocks in self.sources):
            raise ValueError(
                f"a table holds more than the expected {self.shape[0]} rows"
            )


class _Abandoned(Exception):  # noqa: N818 (another thread has the error)
    """Another thread failed."""


class _Takes:
    """Calls what is handed in, for each table in the order of the rounds. Nobody waits:
    who hands in what was missing calls what came before its turn, too."""

    def __init__(self, tables: int) -> None:
        self._lock = threading.Lock()
        self._next = [0] * tables
        self._early: dict[tuple[int, int], Callable[[], None]] = {}

    def hand_in(self, table: int, number: int, take: Callable[[], None]) -> None:
        with self._lock:
            self._early[table, number] = take
            while due := self._early.pop((table, self._next[table]), None):
                due()
                self._next[table] += 1


class _Order:
    """Has rounds pass in their order; ends all when one fails."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._passed = 0
        self.error: BaseException | None = None

    @contextmanager
    def turn(self, number: int) -> Iterator[None]:
        """Waits until all rounds before this one have passed."""
        with self._changed:
            self._changed.wait_for(lambda: self.error or self._passed == number)
            if self.error:
                raise _Abandoned
        yield
        with self._changed:
            self._passed += 1
            self._changed.notify_all()

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Whatever is raised ends the other threads, too."""
        with suppress(_Abandoned):
            try:
                yield
            except _Abandoned:
                raise
            except BaseException as error:  # noqa: BLE001 (raised again by the caller)
                with self._changed:
                    self.error = self.error or error
                    self._changed.notify_all()
