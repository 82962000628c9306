"""The byte layout of event files: TFRecord framing and the protobuf wire format.

A record is ``u64 length | u32 masked CRC32C of it | data | u32 masked CRC32C of the
data``, little-endian. The data is one ``Event`` message.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from crc32c import crc32c

HEADER_BYTES = 12
FOOTER_BYTES = 4

MOST_LENGTHS = 4096
"""The number of record lengths, at most, that are remembered."""

VARINT, FIXED64, LENGTH_DELIMITED, FIXED32 = 0, 1, 2, 5

_HEADER = struct.Struct("<QI")
_FOOTER = struct.Struct("<I")
_LENGTH = struct.Struct("<Q")


class DamagedRecordError(ValueError):
    """The bytes are not what their framing or wire format says."""


def mask(crc: int) -> int:
    """Masks a CRC as TFRecord stores it, so that data may hold CRCs of its own."""
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def header(length: int) -> bytes:
    """Returns what comes before ``length`` bytes of data."""
    packed = _LENGTH.pack(length)
    return packed + footer(crc32c(packed))


def footer(crc: int) -> bytes:
    """Returns what comes after data with this CRC32C."""
    return _FOOTER.pack(mask(crc))


def parse_header(data: bytes) -> int:
    """Returns the length of a record's data. Raises DamagedRecordError if its CRC is
    wrong; where the next record starts is then unknown."""
    length, crc = _HEADER.unpack(data)
    if mask(crc32c(data[:8])) != crc:
        raise DamagedRecordError("the checksum of a record's length is wrong")
    return int(length)


def end_of_records(
    piece: bytes,
    start: int,
    limit: int,
    lengths: dict[int, int],
    stops: Callable[[bytes], bool] | None,
) -> int:
    """Returns the end of the last record that ends at or before a limit.

    Args:
      start: the offset in it at which a record starts.
      limit: the offset in it up to which records are passed over.
      lengths: the checksums of lengths that were verified; extended here, since most
        records are as long as an earlier one.
      stops: takes the data of a record and returns whether to stop before it; None
        never stops.
    """
    while start + HEADER_BYTES <= limit:
        length, crc = _HEADER.unpack_from(piece, start)
        if lengths.get(length) != crc:
            parse_header(piece[start : start + HEADER_BYTES])
            if len(lengths) < MOST_LENGTHS:
                lengths[length] = crc
        stop = start + HEADER_BYTES + length + FOOTER_BYTES
        if stop > limit or (
            stops and stops(piece[start + HEADER_BYTES : stop - FOOTER_BYTES])
        ):
            break
        start = stop
    return start


def parse_footer(data: bytes) -> int:
    """Returns the masked CRC32C of a record's data."""
    return int(_FOOTER.unpack(data)[0])


def varint(value: int) -> bytes:
    """Encodes a number as a base-128 varint, a negative one in two's complement."""
    value &= 0xFFFFFFFFFFFFFFFF
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def prefix(key: int, length: int) -> bytes:
    """Encodes key and length of a field whose ``length`` bytes follow."""
    return varint(key) + varint(length)


def parse_varint(data: bytes) -> int:
    """Returns the number that a whole varint holds."""
    value = 0
    for byte in reversed(data):
        value = value << 7 | byte & 0x7F
    return value & 0xFFFFFFFFFFFFFFFF


def signed(value: int) -> int:
    """Returns the number that 64 bits hold in two's complement."""
    return value - (1 << 64) if value >> 63 else value


class Field(NamedTuple):
    """A field of a message: its value if it is a number, else where its bytes are."""

    key: int
    value: int
    start: int
    stop: int


class Window:
    """Random access to a byte range of a file, a few bytes at a time.

    Keeps the piece that was read last, so that going through the fields of a message
    costs one read at its start and one behind each field that is passed over.

    Args:
      read: ``read(offset, length)`` returns at most ``length`` bytes.
      end: the offset behind the last byte of the range.
      known: pieces that have been read: offset and bytes.
    """

    PIECE_BYTES = 512

    def __init__(
        self,
        read: Callable[[int, int], bytes],
        end: int,
        known: Sequence[tuple[int, bytes]] = (),
    ) -> None:
        self._read = read
        self._pieces = [*known, (0, b"")]
        self.end = end

    def read(self, offset: int, length: int) -> bytes:
        """Returns the ``length`` bytes from ``offset`` on."""
        if offset + length > self.end:
            raise DamagedRecordError("a field reaches beyond the end of its record")
        for start, piece in self._pieces:
            first = offset - start
            if first >= 0 and first + length <= len(piece):
                return piece[first : first + length]
        want = min(max(length, self.PIECE_BYTES), self.end - offset)
        piece = self._read(offset, want)
        self._pieces[-1] = offset, piece
        if len(piece) < length:
            raise DamagedRecordError("the file ended within a record")
        return piece[:length]

    def content(self, field: Field) -> bytes:
        """Returns the bytes of a field."""
        return self.read(field.start, field.stop - field.start)

    def varint(self, offset: int) -> tuple[int, int]:
        """Returns the varint at ``offset`` and the offset behind it."""
        data = self.read(offset, min(10, self.end - offset))
        if data and data[0] < 0x80:
            return data[0], offset + 1
        for size, byte in enumerate(data, start=1):
            if byte < 0x80:
                return parse_varint(data[:size]), offset + size
        raise DamagedRecordError("a varint does not end")

    def fields(self, start: int, stop: int) -> Iterator[Field]:
        """Yields the fields of the message at ``start:stop``, without their bytes.
        Raises DamagedRecordError if it is no message."""
        while start < stop:
            key, start = self.varint(start)
            wire_type = key & 7
            value, size = 0, 0
            if wire_type == VARINT:
                value, start = self.varint(start)
            elif wire_type == LENGTH_DELIMITED:
                size, start = self.varint(start)
            elif wire_type in (FIXED64, FIXED32):
                size = 8 if wire_type == FIXED64 else 4
                value = int.from_bytes(self.read(start, size), "little")
            else:
                raise DamagedRecordError(f"wire type {wire_type} is not in use")
            if start + size > stop:
                raise DamagedRecordError(
                    "a field reaches beyond the end of its message"
                )
            yield Field(key, value, start, start + size)
            start += size
