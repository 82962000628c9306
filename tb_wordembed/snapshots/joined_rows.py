"""Reads the rows of a tensor in parts as one sequence, with one part open at a time."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from typing import Protocol

import numpy as np
import numpy.typing as npt

from tb_wordembed.snapshots.index_entries import Location, Tensor
from tb_wordembed.snapshots.tensors import Bytes, row_bytes


class PartReading(Protocol):
    """Reads the elements of a part from front to back."""

    def fill(self, buffer: Bytes) -> None:
        """Fills a buffer with the next bytes."""

    def finish(self) -> None:
        """Verifies that what was read is what was written."""


Fill = Callable[[int, Bytes], None]
"""Fills a buffer with the bytes of a part from an offset in them on."""


class FrontToBack(ExitStack):
    """Reads a tensor from front to back. Each part is finished before the next one."""

    def __init__(
        self,
        tensor: Tensor,
        open_part: Callable[[Location], AbstractContextManager[PartReading]],
    ) -> None:
        super().__init__()
        self._parts = iter(tensor.parts)
        self._open_part = open_part
        self._reading: PartReading | None = None
        self._left = 0

    def fill(self, buffer: Bytes) -> None:
        """Fills a buffer with the next bytes of the tensor's elements."""
        while len(buffer):
            if not self._left:
                self.finish()
                self.close()
                part = next(self._parts)
                self._reading = self.enter_context(self._open_part(part))
                self._left = part.shape[0] * row_bytes(part)
            piece = buffer[: self._left]
            if self._reading is not None:
                self._reading.fill(piece)
            self._left -= len(piece)
            buffer = buffer[len(piece) :]

    def finish(self) -> None:
        """Verifies the part that was read last."""
        if self._reading is not None:
            self._reading.finish()


class AnyRow(ExitStack):
    """Reads rows of a tensor at any place; nothing is verified."""

    def __init__(
        self,
        tensor: Tensor,
        open_part: Callable[[Location], AbstractContextManager[Fill]],
    ) -> None:
        super().__init__()
        self._parts = tensor.parts
        self._open_part = open_part
        self._row_bytes = row_bytes(tensor)
        sizes = [one.shape[0] for one in self._parts]
        self._starts = list(itertools.accumulate(sizes, initial=0))
        self._opened: tuple[int, Fill] | None = None

    def fill(self, row: int, buffer: Bytes) -> None:
        """Fills a buffer with the bytes of the rows from ``row`` on."""
        while len(buffer):
            number = bisect.bisect_right(self._starts, row) - 1
            if self._opened is None or self._opened[0] != number:
                self.close()
                part = self._open_part(self._parts[number])
                self._opened = number, self.enter_context(part)
            rows = self._starts[number + 1] - row
            piece = buffer[: rows * self._row_bytes]
            self._opened[1]((row - self._starts[number]) * self._row_bytes, piece)
            buffer = buffer[len(piece) :]
            row += rows


_GAP_BYTES = 4096
"""To read so many bytes takes as long as to go on to the next row."""

_SPAN_BYTES = 1 << 18
"""The number of bytes that are read at once to pick rows from them."""


def fill_rows(
    places: AnyRow,
    rows: npt.NDArray[np.int64],
    raw: Bytes,
    order: npt.NDArray[np.intp],
) -> None:
    """Reads rows of a tensor.

    Args:
      rows: the rows, ascending.
      raw: takes the bytes of each row, ``[len(rows), row_bytes]``.
      order: the place of each row in ``raw``.
    """
    width = raw.shape[1]
    most = max(1, _SPAN_BYTES // max(width, 1))
    at = 0
    while at < len(rows):
        stop = int(np.searchsorted(rows, rows[at] + most))
        first, span = int(rows[at]), int(rows[stop - 1] - rows[at]) + 1
        if span * width <= (stop - at) * _GAP_BYTES:
            piece = np.empty((span, width), np.uint8)
            places.fill(first, piece.reshape(-1))
            raw[order[at:stop]] = piece[rows[at:stop] - first]
        else:
            both = zip(rows[at:stop].tolist(), order[at:stop].tolist(), strict=True)
            for row, place in both:
                places.fill(row, raw[place])
        at = stop


class Held:
    """The bytes of a part that had to be read whole."""

    def __init__(self, content: Bytes) -> None:
        self._content = content
        self._offset = 0

    def fill(self, buffer: Bytes) -> None:
        """Fills a buffer with the next bytes."""
        self.fill_from(self._offset, buffer)
        self._offset += len(buffer)

    def fill_from(self, offset: int, buffer: Bytes) -> None:
        """Fills a buffer with the bytes from an offset on."""
        buffer[:] = self._content[offset : offset + len(buffer)]

    def finish(self) -> None:
        """Does nothing: the bytes were verified when they were read."""
