"""Reads the rows of a tensor in parts as one sequence, with one part open at a time."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack

import numpy as np
import numpy.typing as npt

from tb_wordembed.snapshots.index_entries import Location, Tensor
from tb_wordembed.snapshots.tensors import Bytes, Float32Table, as_float32, row_bytes

Fill = Callable[[Sequence[int], Bytes], None]
"""Fills a buffer with as many bytes of a part from each of some offsets on."""


class JoinedRows(ExitStack):
    """Reads the rows of a tensor. A part is left before the next one is opened."""

    def __init__(
        self,
        tensor: Tensor,
        open_part: Callable[[Location], AbstractContextManager[Fill]],
    ) -> None:
        super().__init__()
        self._parts = tensor.parts
        self._open_part = open_part
        self._row_bytes = row_bytes(tensor)
        self._starts = tensor.starts
        self._bounds = np.array(tensor.starts)
        self._opened: tuple[int, Fill] | None = None

    def close(self) -> None:
        """Leaves the part that was read last."""
        self._opened = None
        super().close()

    def fill(self, row: int, buffer: Bytes) -> None:
        """Fills a buffer with the bytes of the rows from ``row`` on."""
        while len(buffer):
            number = bisect.bisect_right(self._starts, row) - 1
            rows = self._starts[number + 1] - row
            piece = buffer[: rows * self._row_bytes]
            at = (row - self._starts[number]) * self._row_bytes
            self._part(number)([at], piece)
            buffer = buffer[len(piece) :]
            row += rows

    def pick(self, rows: npt.NDArray[np.int64]) -> Bytes:
        """Returns the bytes of some rows, ascending, ``[len(rows), row_bytes]``."""
        picked = np.empty((len(rows), self._row_bytes), np.uint8)
        bounds = np.searchsorted(rows, self._bounds).tolist()
        for number, (low, high) in enumerate(itertools.pairwise(bounds)):
            if low < high:
                offsets = (rows[low:high] - self._starts[number]) * self._row_bytes
                self._part(number)(offsets.tolist(), picked[low:high].reshape(-1))
        return picked

    def _part(self, number: int) -> Fill:
        if self._opened is None or self._opened[0] != number:
            self.close()
            part = self._open_part(self._parts[number])
            self._opened = number, self.enter_context(part)
        return self._opened[1]


def blocks(
    places: JoinedRows,
    tensor: Tensor,
    starts: Iterable[int],
    size: int,
    stop: int,
    buffers: int = 1,
) -> Iterator[tuple[int, Float32Table]]:
    """Reads rows of a tensor in blocks: yields the number of the first row and float32
    ``[rows, embedding_dim]``, which are valid until ``buffers`` more are read.

    Args:
      starts: the first row of each block.
      size: the number of rows of a block.
      stop: the row before which the last block ends, with fewer rows if need be. It is
        yielded only if no error comes from leaving the last part.
    """
    width, dim = row_bytes(tensor), tensor.shape[1]
    # Memory for the bytes and for converted numbers; it is used again and again.
    numbers = 0 if tensor.dtype == "float32" else size * dim
    room = itertools.cycle(
        (np.zeros(size * width, np.uint8), np.empty(numbers, np.float32))
        for _ in range(buffers)
    )
    for start in starts:
        buffer, converted = next(room)
        count = min(size, stop - start)
        raw = buffer[: count * width]
        places.fill(start, raw)
        if start + count == stop:
            places.close()
        out = converted[: count * dim]
        yield start, as_float32(raw, tensor.dtype, out).reshape(count, dim)


_GAP_BYTES = 4096
"""To read so many bytes takes as long as to go on to the next row."""

_AT_ONCE = 256
"""The number of rows that are read together, or one by one where they are far apart."""


def fill_rows(
    places: JoinedRows,
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
    # Fewer of wide rows, which take memory twice meanwhile.
    at_once = max(1, _AT_ONCE * _GAP_BYTES // max(width, _GAP_BYTES))
    for low in range(0, len(rows), at_once):
        some, place = rows[low : low + at_once], order[low : low + at_once]
        first, span = int(some[0]), int(some[-1] - some[0]) + 1
        if span * width <= len(some) * _GAP_BYTES:
            piece = np.empty((span, width), np.uint8)
            places.fill(first, piece.reshape(-1))
            raw[place] = piece[some - first]
        else:
            raw[place] = places.pick(some)
