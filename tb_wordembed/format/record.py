"""The byte layout of event files: TFRecord framing and the protobuf wire format.

A record is ``u64 length | u32 masked CRC32C of it | data | u32 masked CRC32C of the
data``, little-endian. The data is one ``Event`` message.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from crc32c import crc32c

HEADER_BYTES = 12
FOOTER_BYTES = 4

MOST_LENGTHS = 4096
"""Of records that are remembered: those of pictures and texts are all different."""

VARINT, FIXED64, LENGTH_DELIMITED, FIXED32 = 0, 1, 2, 5

_HEADER = struct.Struct("<QI")
_FOOTER = struct.Struct("<I")
_LENGTH = struct.Struct("<Q")


class DamagedRecordError(ValueError):
    """The bytes are not what their framing or wire format says."""


def mask(crc: int) -> int:
    """TFRecord stores CRCs rotated and offset, so that a CRC of CRCs stays sound."""
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def header(length: int) -> bytes:
    """What comes before ``length`` bytes of data."""
    packed = _LENGTH.pack(length)
    return packed + footer(crc32c(packed))


def footer(crc: int) -> bytes:
    """What comes behind data of this CRC32C."""
    return _FOOTER.pack(mask(crc))


def parse_header(data: bytes) -> int:
    """Length of a record's data.

    Raises:
      DamagedRecordError: the CRC of the length is wrong; where the next record starts
        is then unknown.
    """
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
    """Where the last record ends that is whole before a place in a piece of a file.

    Args:
      piece: of a file.
      start: where a record starts in it.
      limit: the place.
      lengths: lengths of records and their checksums; extended here, since most
        records are as long as one before.
      stops: tells whether to stop before a record, by its data; None never does.

    Raises:
      DamagedRecordError: as ``parse_header``.
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
    """Masked CRC32C of a record's data."""
    return int(_FOOTER.unpack(data)[0])


# ------------------------------------------------------------------- writing fields


def varint(value: int) -> bytes:
    """A base-128 varint; negative numbers in two's complement of 64 bits."""
    value &= 0xFFFFFFFFFFFFFFFF
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def varint_field(number: int, value: int) -> bytes:
    """A field that holds a varint."""
    return varint(number << 3 | VARINT) + varint(value)


def double_field(number: int, value: float) -> bytes:
    """A field that holds a double."""
    return varint(number << 3 | FIXED64) + struct.pack("<d", value)


def prefix(number: int, length: int) -> bytes:
    """Key and length of a length-delimited field; its ``length`` bytes follow."""
    return varint(number << 3 | LENGTH_DELIMITED) + varint(length)


def bytes_field(number: int, value: bytes) -> bytes:
    """A field that holds bytes, text or a message."""
    return prefix(number, len(value)) + value


# ------------------------------------------------------------------- reading fields


def signed(value: int) -> int:
    """The number that a varint of 64 bits is in two's complement."""
    return value - (1 << 64) if value >> 63 else value


class Window:
    """Random access to a byte range of a file, a few bytes at a time.

    Keeps the last piece it read, so that walking the fields of a message costs one
    read at its head and one behind each field that is stepped over.

    Args:
      read: ``read(offset, length)`` gives at most ``length`` bytes.
      end: offset behind the last byte of the range.
      known: pieces that are at hand: offset and bytes.
    """

    PIECE_BYTES = 512

    def __init__(
        self,
        read: Callable[[int, int], bytes],
        end: int,
        known: Sequence[tuple[int, bytes]] = (),
    ) -> None:
        self._read = read
        self._pieces = [(0, b""), *known]
        self.end = end

    def bytes(self, offset: int, length: int) -> bytes:
        """The ``length`` bytes from ``offset`` on."""
        if offset + length > self.end:
            raise DamagedRecordError("a field reaches beyond the end of its record")
        for start, piece in self._pieces:
            first = offset - start
            if first >= 0 and first + length <= len(piece):
                return piece[first : first + length]
        want = min(max(length, self.PIECE_BYTES), self.end - offset)
        piece = self._read(offset, want)
        self._pieces[0] = offset, piece
        if len(piece) < length:
            raise DamagedRecordError("the file ended within a record")
        return piece[:length]

    def varint(self, offset: int) -> tuple[int, int]:
        """The varint at ``offset`` and the offset behind it."""
        value = 0
        for position, byte in enumerate(self.bytes(offset, min(10, self.end - offset))):
            value |= (byte & 0x7F) << (7 * position)
            if byte < 0x80:
                return value & 0xFFFFFFFFFFFFFFFF, offset + position + 1
        raise DamagedRecordError("a varint does not end")


@dataclass(frozen=True)
class Field:
    """A field of a message: its value if it is a number, else where its bytes are."""

    number: int
    wire_type: int
    value: int = 0
    start: int = 0
    stop: int = 0


def fields(window: Window, start: int, stop: int) -> Iterator[Field]:
    """The fields of the message at ``start:stop``; what they hold is not read.

    Raises:
      DamagedRecordError: it is not a message.
    """
    while start < stop:
        key, start = window.varint(start)
        number, wire_type = key >> 3, key & 7
        if wire_type == VARINT:
            value, start = window.varint(start)
            field = Field(number, wire_type, value=value)
        elif wire_type == LENGTH_DELIMITED:
            length, start = window.varint(start)
            field = Field(number, wire_type, start=start, stop=start + length)
            start += length
        elif wire_type in (FIXED64, FIXED32):
            size = 8 if wire_type == FIXED64 else 4
            value = int.from_bytes(window.bytes(start, size), "little")
            field = Field(number, wire_type, value=value)
            start += size
        else:
            raise DamagedRecordError(f"wire type {wire_type} is not in use")
        if start > stop:
            raise DamagedRecordError("a field reaches beyond the end of its message")
        yield field
