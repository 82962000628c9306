"""Defines the entries of the index: files, places of tensors, snapshots, problems."""

from __future__ import annotations

import itertools
import os
import struct
from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt
from crc32c import crc32c

from tb_wordembed.format.metadata import Part, RowRanges
from tb_wordembed.format.record import HEADER_BYTES


@dataclass(frozen=True)
class FileId:
    """A file at the time when it was indexed."""

    path: str
    device: int
    inode: int
    generation: int
    """Grows when the file is indexed anew because its content has changed."""
    log: str = ""
    """The directory of checkpoints that this file is below; empty for an event file."""

    @property
    def home(self) -> str:
        """The directory beside whose files results of this one are saved."""
        return self.log or os.path.dirname(self.path)  # noqa: PTH120 - keeps "//"

    @property
    def name(self) -> str:
        """The path from there, which is the same wherever the log is mounted."""
        if not self.log:
            return os.path.basename(self.path)  # noqa: PTH119
        return os.path.relpath(self.path, self.log)


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
    sums: Literal["record", "tensor", "status"] = "record"
    """What ``checksum`` is of: a record of an event file; the bytes of the tensor, in a
    file of another kind; or the status of such a file, if it has no checksums. In these
    the record is the tensor, without header and footer."""
    packed: str | None = None
    """The name of the tensor in a Parquet file or in a group of zarr, which a library
    unpacks: offsets are in the bytes of its rows, one behind the other. None elsewhere.
    """
    held: npt.NDArray[np.uint8] | None = field(default=None, compare=False, repr=False)
    """The bytes, if a caller gave them and they are in no file."""

    @property
    def record_start(self) -> int:
        """The offset of the record's data."""
        return self.record_offset + (HEADER_BYTES if self.sums == "record" else 0)

    def problem(self, message: str) -> Problem:
        """Returns a problem of its record."""
        return Problem(self.file.path, self.record_offset, message)

    @property
    def parts(self) -> tuple[Location, ...]:
        """The records with its rows, as for a ``Joined``: this one."""
        return (self,)

    @property
    def starts(self) -> list[int]:
        """The first row of each part, and the number of rows, as for a ``Joined``."""
        return [0, self.shape[0]]

    @property
    def content_id(self) -> Hashable:
        """A key that changes when the bytes change."""
        # A record may hold several tensors, hence the place of this one.
        place = self.start if self.packed is None else self.packed
        return self.file, place, self.checksum


@dataclass(frozen=True)
class Joined:
    """A tensor whose rows were written in parts."""

    parts: tuple[Location, ...]
    """The places of the parts, in the order of their rows."""

    @property
    def dtype(self) -> str:
        """The dtype of the first part; columns of numbers may have others behind it."""
        return self.parts[0].dtype

    @cached_property
    def starts(self) -> list[int]:
        """The first row of each part, and the number of rows."""
        return [*itertools.accumulate((one.shape[0] for one in self.parts), initial=0)]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the whole."""
        return self.starts[-1], *self.parts[0].shape[1:]

    @cached_property
    def checksum(self) -> int:
        """A checksum of those of the parts."""
        numbers = [
            number for one in self.parts for number in (one.checksum, *one.shape)
        ]
        return crc32c(struct.pack(f"<{len(numbers)}q", *numbers))

    @cached_property
    def content_id(self) -> Hashable:
        """A key that changes when the bytes change."""
        return tuple(one.content_id for one in self.parts)


Tensor = Location | Joined
"""The place of a tensor that is read as one, whether or not it was written in parts."""


@dataclass(frozen=True)
class Snapshot:
    """A table at a step, or a part of one as it was written."""

    step: int
    wall_time: float
    """The time of writing, in seconds since 1970."""
    table: Tensor
    full_vocab_size: int | None = None
    """The number of rows of the table of which these rows are a part; None if it is a
    whole table."""
    fixed_rows: RowRanges | None = None
    """The rows that training must not change; None where it does not say."""
    part: Part | None = None
    """Which rows of the table it has; None for all."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the table, all of its parts included."""
        rows, dims = self.table.shape
        return (self.part.vocab_size if self.part else rows), dims


@dataclass(frozen=True)
class ColumnRecord:
    """One value per row, valid from its step on."""

    step: int
    wall_time: float
    name: str
    values: Tensor
    part: Part | None = None
    """Which rows have these values, as it was written; None for all."""
    has_images: bool = False
    """Whether its values are images."""


@dataclass(frozen=True)
class SeriesIndex:
    """The snapshots of one run and tag, by ascending step."""

    run: str
    tag: str
    description: str
    written: tuple[Snapshot, ...]
    """All snapshots and parts of snapshots, in the order of the files."""
    snapshots: tuple[Snapshot, ...]
    superseded: tuple[Snapshot, ...]
    """The snapshots that a restart of the training replaced."""
    columns: tuple[ColumnRecord, ...]
    """The columns by name, in the order first written, and by ascending step."""
    damaged: frozenset[Location] = frozenset()
    """Tensors whose bytes are not those that were written. They are not in
    ``snapshots``."""
    incomplete: tuple[Problem, ...] = ()
    """The steps and columns of which some parts have not been written yet."""
    problems: tuple[Problem, ...] = ()
    """The steps and columns whose parts contradict each other."""


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
    incomplete: tuple[Problem, ...] = ()
    """The steps and columns that are still being written, of all series."""
