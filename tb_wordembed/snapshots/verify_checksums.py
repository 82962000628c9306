"""Verifies every checksum of an event file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from tb_wordembed.format.record import (
    FOOTER_BYTES,
    HEADER_BYTES,
    DamagedRecordError,
    mask,
    parse_footer,
    parse_header,
)
from tb_wordembed.snapshots.checksums import checksum
from tb_wordembed.snapshots.local_files import FileChangedError, Reader
from tb_wordembed.snapshots.open_files import open_file


@dataclass
class FileCheck:
    """The result of verifying an event file."""

    path: str
    size: int
    records: int = 0
    damaged: list[int] = field(default_factory=list)
    """The offsets of the records whose data is not what was written."""
    lost_from: int | None = None
    """The offset from which on no record can be found, as a length is wrong there."""
    unfinished_bytes: int = 0
    """The bytes at the end of a record that is, or was, being written."""


def check_file(path: str, size: int, but: Collection[int] = ()) -> FileCheck:
    """Reads all records of an event file and verifies their checksums.

    Args:
      size: the number of bytes to read; what is appended meanwhile is not read.
      but: the offsets of records whose data is verified elsewhere.
    """
    check = FileCheck(path, size)
    offset = 0
    with open_file(path, size) as reader:
        while offset < size:
            header = reader.read(offset, min(HEADER_BYTES, size - offset))
            if len(header) < HEADER_BYTES:
                break
            try:
                length = parse_header(header)
            except DamagedRecordError:
                check.lost_from = offset
                return check
            stop = offset + HEADER_BYTES + length + FOOTER_BYTES
            if stop > size:
                break
            data = offset + HEADER_BYTES, stop - FOOTER_BYTES
            if offset not in but and not _is_sound(reader, path, *data):
                check.damaged.append(offset)
            check.records += 1
            offset = stop
    check.unfinished_bytes = size - offset
    return check


def _is_sound(reader: Reader, path: str, start: int, stop: int) -> bool:
    try:
        _, crc = checksum(reader, path, start, stop)
    except FileChangedError:
        return False
    footer = reader.read(stop, FOOTER_BYTES)
    return len(footer) == FOOTER_BYTES and mask(crc) == parse_footer(footer)
