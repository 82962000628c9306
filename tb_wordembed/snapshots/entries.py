"""Defines the entries of the index: files, places of tensors, snapshots, problems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tb_wordembed.format.metadata import RowRanges


@dataclass(frozen=True)
class FileId:
    """A file at the time when it was indexed."""

    path: str
    device: int
    inode: int
    generation: int
    """Grows when the file is indexed anew because its content has changed."""


@dataclass(frozen=True)
class Location:
    """The place of a tensor, its dtype and its shape."""

    file: FileId
    record_offset: int
    """The offset of the record's header in the file."""
    record_length: int
    """The length of the record's data, without header and footer."""
    checksum: int
    """The masked CRC32C of the record's data that is written behind it."""
    dtype: str
    """NumPy's name of the dtype, ``"bfloat16"``, or ``"text"``."""
    shape: tuple[int, ...]
    encoding: Literal["raw", "message"]
    """``raw`` if the bytes are the elements, little-endian, in C order; ``message`` if
    they are a ``TensorProto``."""
    start: int
    """The offset of the bytes in the file."""
    length: int


@dataclass(frozen=True)
class Snapshot:
    """A table at a step."""

    step: int
    wall_time: float
    """The time of writing, in seconds since 1970."""
    table: Location
    full_vocab_size: int | None = None
    """The number of rows of the table of which these rows are a part; None if it is a
    whole table."""
    fixed_rows: RowRanges | None = None
    """The rows that training must not change; None where it does not say."""

    @property
    def content_id(self) -> tuple[FileId, int, int]:
        """A key that changes when the bytes change."""
        # A record may hold several tensors, hence the place of this one.
        return self.table.file, self.table.start, self.table.checksum


@dataclass(frozen=True)
class ColumnRecord:
    """One value per row, valid from its step on."""

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
    """All snapshots, in the order of the files."""
    snapshots: tuple[Snapshot, ...]
    superseded: tuple[Snapshot, ...]
    """The snapshots that a restart of the training replaced."""
    columns: tuple[ColumnRecord, ...]
    """The columns by name, in the order first written, and by ascending step."""
    damaged: frozenset[Location] = frozenset()
    """Tensors whose bytes are not those that were written. They are not in
    ``snapshots``."""


@dataclass(frozen=True)
class Problem:
    """A part of a log that can't be read, and is left out."""

    path: str
    offset: int
    message: str

    def __str__(self) -> str:
        return f"{self.path} at byte {self.offset}: {self.message}"


@dataclass(frozen=True)
class LogIndex:
    """All series and problems of a log."""

    series: tuple[SeriesIndex, ...]
    problems: tuple[Problem, ...]
