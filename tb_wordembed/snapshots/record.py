"""TFRecord framing and the protobuf wire format, as far as event files need them.

A record is ``u64 length | u32 masked CRC32C of it | data | u32 masked CRC32C of the
data``, little-endian. The data is one ``Event`` message.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import google_crc32c
import numpy as np
import numpy.typing as npt

HEADER_BYTES = 12
FOOTER_BYTES = 4

VARINT, FIXED64, LENGTH_DELIMITED, FIXED32 = 0, 1, 2, 5

Buffer = bytes | bytearray | memoryview | npt.NDArray[np.uint8]

_HEADER = struct.Struct("<QI")
_FOOTER = struct.Struct("<I")
_LENGTH = struct.Struct("<Q")


class DamagedRecordError(ValueError):
    """The bytes are not what their framing or wire format says."""


def crc32c(buffers: Iterable[Buffer]) -> int:
    """CRC32C of the buffers one after another, by hardware where there is any."""
    crc = 0
    for buffer in buffers:
        # google_crc32c takes only read-only buffers, and without a copy.
        view = np.frombuffer(buffer, np.uint8)
        view.flags.writeable = False
        crc = google_crc32c.extend(crc, view)
    return int(crc)


def mask(crc: int) -> int:
    """TFRecord stores CRCs rotated and offset, so that a CRC of CRCs stays sound."""
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


def frame(data: Sequence[Buffer]) -> tuple[bytes, bytes]:
    """Header and footer of a record whose data is these buffers one after another."""
    length = _LENGTH.pack(sum(np.frombuffer(part, np.uint8).size for part in data))
    header = length + _FOOTER.pack(mask(crc32c([length])))
    return header, _FOOTER.pack(mask(crc32c(data)))


def parse_header(header: bytes) -> int:
    """Length of a record's data.

    Raises:
      DamagedRecordError: the CRC of the length is wrong; where the next record starts
        is then unknown.
    """
    length, crc = _HEADER.unpack(header)
    if mask(google_crc32c.value(header[:8])) != crc:
        raise DamagedRecordError("the checksum of a record's length is wrong")
    return int(length)


def parse_footer(footer: bytes) -> int:
    """Masked CRC32C of a record's data."""
    return int(_FOOTER.unpack(footer)[0])


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


class Window:
    """Random access to a byte range of a file, a few bytes at a time.

    Keeps the last piece it read, so that walking the fields of a message costs one
    read at its head and one behind each field that is stepped over.

    Args:
      read: ``read(offset, length)`` gives at most ``length`` bytes.
      end: offset behind the last byte of the range.
    """

    PIECE_BYTES = 512

    def __init__(self, read: Callable[[int, int], bytes], end: int) -> None:
        self._read = read
        self._piece = b""
        self._start = 0
        self.end = end

    def bytes(self, offset: int, length: int) -> bytes:
        """The ``length`` bytes from ``offset`` on."""
        if offset + length > self.end:
            raise DamagedRecordError("a field reaches beyond the end of its record")
        first = offset - self._start
        if first < 0 or first + length > len(self._piece):
            want = min(max(length, self.PIECE_BYTES), self.end - offset)
            self._piece, self._start, first = self._read(offset, want), offset, 0
            if len(self._piece) < length:
                raise DamagedRecordError("the file ended within a record")
        return self._piece[first : first + length]

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
