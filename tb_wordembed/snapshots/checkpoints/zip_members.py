"""Reads a part of a file as a file, such as a member of a zip archive in place."""

from __future__ import annotations

import io
import struct
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipInfo

_LOCAL_HEADER = struct.Struct("<4s22xHH")


def file_part(file: BinaryIO, start: int, length: int) -> io.BufferedReader:
    """Returns some bytes of a file as a file: unlike a member of ``zipfile``, it goes
    back to an earlier position without reading all bytes before it."""
    return io.BufferedReader(_FilePart(file, start, length))


class _FilePart(io.RawIOBase):
    def __init__(self, file: BinaryIO, start: int, length: int) -> None:
        self._file, self._start, self._length = file, start, length
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, offset + (0, self._at, self._length)[whence])
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer).cast("B")[: max(0, self._length - self._at)]
        self._file.seek(self._start + self._at)
        count: int = self._file.readinto(view)  # type: ignore[attr-defined]
        self._at += count
        return count


def member_start(file: BinaryIO, member: ZipInfo) -> int:
    """Returns the offset of the bytes of a member that is not compressed. Raises
    BadZipFile if there is none where the archive says so."""
    file.seek(member.header_offset)
    head = file.read(_LOCAL_HEADER.size)
    signature, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(head)
    if signature != b"PK\x03\x04":
        raise BadZipFile(f"{member.filename!r} is not where the archive says")
    return member.header_offset + _LOCAL_HEADER.size + int(name_bytes + extra_bytes)
