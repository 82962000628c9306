"""Reads the rows of a tensor in parts as one sequence, with one part open at a time."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack

import numpy as np
import numpy.typing as npt

from tb_wordembed.snapshots.index_entries import Location, Tensor
from tb_wordembed.snapshots.tensors import Bytes, Float32Table, as_float32, row_bytes

Fill = Callable[[int, Bytes], None]
"""Fills a buffer with the bytes of a part from an offset in them on."""


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
        self._opened: tuple[int, Fill] | None = None

    def close(self) -> None:
        """Leaves the part that was read last."""
        self._opened = None
        super().close()

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

_SPAN_BYTES = 1 << 18
"""The number of bytes that are read at once to pick rows from them."""


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
