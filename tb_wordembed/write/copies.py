"""Copies of tables: one at a time, in memory that is used again, written while they are
made."""

from __future__ import annotations

import queue
import weakref
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from tb_wordembed.write.event_file import PIECE_BYTES
from tb_wordembed.write.tables import Table


class CopyMemory:
    """Memory for the copy of a table, which the next copy uses again.

    The system takes several times as long to give a process new memory as it takes to
    copy a table into memory that the process has. There is memory for one table, the
    largest one so far.
    """

    def __init__(self) -> None:
        self._memory = memoryview(b"")
        self._lent: weakref.ref[npt.NDArray[np.uint8]] | None = None

    def room_for(self, table: Table) -> Table:
        """Returns a table of the same shape and dtype, with arbitrary numbers. It is
        nobody else's: memory that somebody still looks at is left to them."""
        is_free = self._lent is None or self._lent() is None
        size = len(table.content)
        if not is_free or len(self._memory) < size:
            self._memory = memoryview(b"")  # Before there is another.
            self._memory = np.empty(size, np.uint8).data
        # Every view of it holds this array, not the memory.
        lent = np.frombuffer(self._memory, np.uint8, size)
        self._lent = weakref.ref(lent)
        values = lent.view(table.values.dtype).reshape(table.values.shape)
        return replace(table, values=values, is_shared=False)


class Copy:
    """The bytes of a table, which one thread copies while another writes the copy.

    A slice of it waits until its bytes have been copied.

    Args:
      source: the bytes to copy.
      target: where they are copied to.
    """

    def __init__(self, source: memoryview, target: memoryview) -> None:
        self._source, self._target = source, target
        self._copied = 0
        self._news: queue.SimpleQueue[int | None] = queue.SimpleQueue()

    def __len__(self) -> int:
        return len(self._target)

    def __getitem__(self, which: slice) -> memoryview:
        """Returns consecutive bytes of the copy, to one thread.

        Raises:
          InterruptedError: they are not going to be copied.
        """
        found = self._target[which]
        while self._copied < min(which.stop, len(self)):
            copied = self._news.get()
            if copied is None:
                raise InterruptedError("the table was not copied to its end")
            self._copied = copied
        return found

    def make(self) -> None:
        """Copies the bytes."""
        source, target = (
            np.frombuffer(one, np.uint8) for one in (self._source, self._target)
        )
        for start in range(0, len(self), PIECE_BYTES):
            piece = slice(start, start + PIECE_BYTES)
            target[piece] = source[piece]
            self._news.put(min(piece.stop, len(self)))

    def end(self) -> None:
        """Lets nobody wait for bytes that have not been copied."""
        self._news.put(None)
