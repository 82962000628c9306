"""The entries of the index: files, tensors and where they are, snapshots, problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class FileId:
    """A file as it was indexed."""

    path: str
    device: int
    inode: int
    generation: int
    """Another when the file was indexed anew because its content had changed."""


@dataclass(frozen=True)
class Location:
    """Where a tensor is, and what it says it is."""

    file: FileId
    record_offset: int
    """Of the record's header in the file."""
    record_length: int
    """Of the record's data, without header and footer."""
    checksum: int
    """Masked CRC32C of the record's data, as written behind it."""
    dtype: str
    """numpy's name of the element type, ``"bfloat16"``, or ``"text"``."""
    shape: tuple[int, ...]
    encoding: Literal["raw", "message"]
    """``raw``: the bytes are the elements, little-endian, in C order; ``message``:
    they are a ``TensorProto``."""
    start: int
    """Offset of the bytes in the file."""
    length: int


@dataclass(frozen=True)
class Snapshot:
    """A table at a step."""

    step: int
    wall_time: float
    """Seconds since 1970."""
    table: Location

    @property
    def content_id(self) -> tuple[FileId, int, int]:
        """Changes when the bytes change."""
        # By the tensor's own place: a record may hold several.
        return self.table.file, self.table.start, self.table.checksum


@dataclass(frozen=True)
class ColumnRecord:
    """One value per row, in force from its step on."""

    step: int
    wall_time: float
    name: str
    values: Location


@dataclass(frozen=True)
class SeriesIndex:
    """The snapshots of one run and tag, by ascending step."""

    run: str
    tag: str
    description: str
    written: tuple[Snapshot, ...]
    """All of them, as they are in the files."""
    snapshots: tuple[Snapshot, ...]
    superseded: tuple[Snapshot, ...]
    """Those that a restart of the training took the place of."""
    columns: tuple[ColumnRecord, ...]
    """By name in the order first written, and by ascending step."""
    damaged: frozenset[Location] = frozenset()
    """Tensors whose bytes turned out to be others than were written. Of the snapshots
    they are left out."""


@dataclass(frozen=True)
class Problem:
    """Something that could not be read and was left out."""

    path: str
    offset: int
    message: str


@dataclass(frozen=True)
class LogIndex:
    """All series and problems of a log."""

    series: tuple[SeriesIndex, ...]
    problems: tuple[Problem, ...]
