"""Reads the bytes of tensors, and verifies them by their checksums."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np
from crc32c import crc32c

from tb_wordembed.snapshots.index_entries import Location
from tb_wordembed.snapshots.local_files import Reader, fill
from tb_wordembed.snapshots.tensors import Bytes

PIECE_BYTES = 256 << 10
"""The number of bytes read at once, few enough for the processor's cache: the checksum
comes next."""

Checksum = tuple[int, int]
"""The number of some bytes, and their CRC32C."""


class Reading:
    """Reads the bytes of a tensor.

    Args:
      before: the checksum of the bytes to go on from; None computes none.
    """

    def __init__(
        self, reader: Reader, location: Location, before: Checksum | None = (0, 0)
    ) -> None:
        self._reader = reader
        self._location = location
        self._check = before is not None
        self.checksum = before or (0, 0)

    def fill(self, offsets: Sequence[int], buffer: Bytes) -> None:
        """Fills a buffer with as many bytes of the tensor from each offset on. Raises
        FileChangedError if the file has become shorter."""
        for at, piece in zip(offsets, np.split(buffer, len(offsets)), strict=True):
            self._fill(at, piece)

    def _fill(self, at: int, buffer: Bytes) -> None:
        start = self._location.start + at
        size = PIECE_BYTES if self._check else max(1, len(buffer))
        for low in range(0, len(buffer), size):
            piece = buffer[low : low + size]
            fill(self._reader, self._location.file.path, start + low, piece.data)
            if self._check:
                length, crc = self.checksum
                self.checksum = length + len(piece), crc32c(piece.data, crc)


def before(reader: Reader, location: Location) -> Checksum:
    """Returns the ``checksum`` of the bytes of a record before those of its tensor."""
    path = location.file.path
    return checksum(reader, path, location.record_start, location.start)


def checksum(
    reader: Reader, path: str, start: int, stop: int, found: Checksum = (0, 0)
) -> Checksum:
    """Returns the checksum of the bytes of a file from one offset up to another, behind
    those of which it was found before. Raises FileChangedError if it is shorter."""
    length, crc = found
    buffer = memoryview(bytearray(min(PIECE_BYTES, stop - start)))
    for offset in range(start, stop, PIECE_BYTES):
        piece = buffer[: stop - offset]
        fill(reader, path, offset, piece)
        crc = crc32c(piece, crc)
    return length + stop - start, crc


def joined(found: Checksum, after: Checksum) -> Checksum:
    """Returns the checksum of some bytes and of those behind them.

    A CRC is the remainder of a polynomial over GF(2): each byte that is appended
    multiplies it by x^8.
    """
    (length, crc), (more, crc_after) = found, after
    return length + more, _product(_power(more), crc) ^ crc_after


_POLYNOMIAL = 0x82F63B78
"""The polynomial of CRC32C. The highest bit of a checksum is the lowest power of x."""


def _product(one: int, other: int) -> int:
    """Multiplies two polynomials modulo the polynomial of CRC32C."""
    found = 0
    for bit in range(31, -1, -1):
        if one >> bit & 1:
            found ^= other
        other = other >> 1 ^ (_POLYNOMIAL if other & 1 else 0)
    return found


@functools.lru_cache(maxsize=64)
def _power(count: int) -> int:
    """Returns x^8 to the power of ``count``."""
    found, square = 1 << 31, 1 << 23
    while count:
        if count & 1:
            found = _product(found, square)
        square = _product(square, square)
        count >>= 1
    return found
