"""Copies tables, one at a time, into memory that is used again."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from tb_wordembed.write.event_file import PIECE_BYTES, pieces

_COPIED_AT_ONCE = 8
"""How many pieces are copied at once."""


class CopyMemory:
    """Memory for the copy of a table, which the next copy uses again.

    The system takes several times as long to give a process new memory as it takes to
    copy a table into memory that the process has. There is memory for one table, the
    largest one so far.
    """

    def __init__(self) -> None:
        self._memory = memoryview(b"")

    def copies(self, sources: Sequence[memoryview]) -> list[Copy]:
        """Returns copies of the parts of a table, in place of those that it returned
        before."""
        size = sum(map(len, sources))
        if len(self._memory) < size:
            self._memory = memoryview(b"")  # Before there is another.
            self._memory = np.empty(size, np.uint8).data
        ends = itertools.accumulate(map(len, sources))
        return [
            Copy(source, self._memory[end - len(source) : end])
            for source, end in zip(sources, ends, strict=True)
        ]


class Copy:
    """The bytes of a table, which one thread writes from the front, while another
    copies them from the back, until they meet.

    Pieces that are written before they have been copied are not copied into the target.
    Each is held in the memory of one piece, so that nobody waits for a slow file.
    """

    def __init__(self, source: memoryview, target: memoryview) -> None:
        self._source, self._target = source, target
        self._left = deque(range(0, len(source), PIECE_BYTES))
        self._taking = threading.Lock()
        self._has_ended, self._is_whole = threading.Event(), False

    def __len__(self) -> int:
        return len(self._source)

    def __iter__(self) -> Iterator[memoryview]:
        """Yields the bytes in pieces, each of which is valid until the next one.

        Raises:
          InterruptedError: some are not going to be copied.
        """
        held, at = memoryview(bytearray(min(PIECE_BYTES, len(self)))), 0
        while size := self._take(held):
            yield held[:size]
            at += size
        if at == len(self):
            return
        self._has_ended.wait()
        if not self._is_whole:
            raise InterruptedError("the table was not copied to its end")
        yield from pieces(self._target[at:])

    def _take(self, into: memoryview) -> int:
        """Copies the next piece, if there is one; returns its size, or 0."""
        with self._taking:
            if (start := _popped(self._left.popleft)) is None:
                return 0
            piece = self._source[start : start + PIECE_BYTES]
            _copy(piece, into[: len(piece)])
            return len(piece)

    def make(self) -> None:
        """Copies the bytes that nobody has taken."""
        while starts := self._last_left():
            some = slice(starts[-1], starts[0] + PIECE_BYTES)
            _copy(self._source[some], self._target[some])
        with self._taking:  # The last piece that was taken has been copied, too.
            self._is_whole = True
        self._has_ended.set()

    def _last_left(self) -> list[int]:
        """Returns where the last pieces start that nobody has taken, falling: several,
        since the threads of Python take turns after each copy."""
        starts = (_popped(self._left.pop) for _ in range(_COPIED_AT_ONCE))
        return [start for start in starts if start is not None]

    def end(self) -> None:
        """Lets nobody read the source any more, nor wait for what was not copied."""
        with self._taking:
            self._left.clear()
        self._has_ended.set()


def _copy(source: memoryview, target: memoryview) -> None:
    """Copies bytes while other threads run."""
    np.copyto(np.frombuffer(target, np.uint8), np.frombuffer(source, np.uint8))


def _popped(pop: Callable[[], int]) -> int | None:
    """Returns what is taken from a queue, which other threads take from; None if it is
    empty."""
    with contextlib.suppress(IndexError):
        return pop()
    return None
