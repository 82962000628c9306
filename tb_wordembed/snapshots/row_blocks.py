"""The row blocks of a table, read here or by any process that reaches the file."""

from __future__ import annotations

import bisect
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial

from tb_wordembed.format.paths import is_remote
from tb_wordembed.snapshots.checksums import Checksum, Reading, joined
from tb_wordembed.snapshots.index_entries import Joined, Location, Tensor
from tb_wordembed.snapshots.joined_rows import Fill, JoinedRows, blocks
from tb_wordembed.snapshots.open_files import open_tensor
from tb_wordembed.snapshots.tensors import (
    Bytes,
    DamagedTensorError,
    Float32Table,
    is_raw,
)

Receipt = list[tuple[int, Checksum | str]]
"""The number of each part of a table that was read from, and the checksum of what was
read of it, or what is damaged."""


@dataclass
class BlockSegment:
    """Some consecutive row blocks of a table: what a process needs to read them.

    Attributes:
      parts: the places of those parts of the table that have some of the rows; their
        bytes are their elements.
      number: the number of the first one among all parts of the table.
      first: the number of its first row.
      start, stop: the rows to read.
      size: the number of rows of a block; the last one may have fewer.
    """

    parts: tuple[Location, ...]
    number: int
    first: int
    start: int
    stop: int
    size: int

    def __post_init__(self) -> None:
        self._checksums: list[Checksum | str] = []

    def __iter__(self) -> Iterator[tuple[int, Float32Table]]:
        """Reads the blocks, as ``Store.blocks``; only their bytes are read.

        Raises:
          FileChangedError: a file has become shorter.
          OSError: it can't be read.
        """
        # Several threads may read at the same time: each has a list of its own.
        checksums: list[Checksum | str] = []
        self._checksums = checksums
        tensor = Joined(self.parts)
        start, stop = self.start - self.first, self.stop - self.first
        size = min(self.size, stop - start)
        with JoinedRows(tensor, partial(_opened, checksums)) as places:
            starts = range(start, stop, size)
            for row, block in blocks(places, tensor, starts, size, stop):
                yield self.first + row, block

    def receipt(self) -> Receipt:
        """Returns the checksums of all bytes that were read."""
        return [*enumerate(self._checksums, self.number)]


@contextmanager
def _opened(checksums: list[Checksum | str], part: Location) -> Iterator[Fill]:
    """Opens a part, which is read from front to back, and adds its checksum."""
    at_part = len(checksums)
    checksums.append((0, 0))

    def filled(offsets: Sequence[int], out: Bytes) -> None:
        if isinstance(checksums[at_part], str):
            return
        try:
            reading.fill(offsets, out)
            checksums[at_part] = reading.checksum
        except DamagedTensorError as error:
            # The results are thrown away when the receipt is handed in.
            checksums[at_part] = str(error)

    with open_tensor(part) as reader:
        reading = Reading(reader, part)
        yield filled


@dataclass(eq=False)
class TableBlocks:
    """A table in blocks of ``size`` rows: read one after another here, or divided.
    ``verify`` is called with each part of the table, and the checksum of its bytes,
    when it was read, or with what is damaged."""

    read: Callable[[], Iterator[tuple[int, Float32Table]]]
    tensor: Tensor
    size: int
    verify: Callable[[Location, Checksum | str], None]

    def __post_init__(self) -> None:
        self._sums: dict[int, Checksum] = {}

    def __iter__(self) -> Iterator[tuple[int, Float32Table]]:
        return self.read()

    def segments(self, size: int) -> Sequence[BlockSegment] | None:
        """Returns the table in segments of ``size`` blocks; None if not all of it can
        be read by rows."""
        if not is_raw(self.tensor):
            return None
        parts = [_absolute(one) for one in self.tensor.parts]
        firsts, step = self.tensor.starts, size * self.size
        rows = firsts[-1]
        found = []
        for start in range(0, rows, step):
            stop = min(start + step, rows)
            low = bisect.bisect_right(firsts, start) - 1
            some = tuple(parts[low : bisect.bisect_left(firsts, stop)])
            found.append(BlockSegment(some, low, firsts[low], start, stop, self.size))
        return found

    def accept(self, receipt: Receipt) -> None:
        """Takes the checksums of the next segment, and verifies each part that is then
        read whole."""
        for number, checksum in receipt:
            part = self.tensor.parts[number]
            if isinstance(checksum, str):
                self.verify(part, checksum)
                continue
            found = joined(self._sums.get(number, (0, 0)), checksum)
            self._sums[number] = found
            if found[0] == part.length:
                self.verify(part, found)


def _absolute(location: Location) -> Location:
    """Returns a place under a path that does not depend on the working directory, which
    is another one in other processes."""
    path = location.file.path
    if not is_remote(path):
        path = os.path.abspath(path)  # noqa: PTH100 - no links are followed
    return replace(location, file=replace(location.file, path=path))
