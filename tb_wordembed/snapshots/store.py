"""Reading tensors of the index from their files: checked, in blocks, as float32."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import google_crc32c
import numpy as np
import numpy.typing as npt
from tensorboard.compat.proto import tensor_pb2
from tensorboard.util import tensor_util

from tb_wordembed.snapshots.files import File, FileChangedError
from tb_wordembed.snapshots.index import Indexer
from tb_wordembed.snapshots.model import (
    ColumnRecord,
    Location,
    LogIndex,
    Problem,
    SeriesIndex,
    Snapshot,
)
from tb_wordembed.snapshots.record import HEADER_BYTES, mask

BLOCK_BYTES = 4 << 20
"""Row blocks are about this large: small beside a table, large beside a read."""

Float32Table = npt.NDArray[np.float32]


class DamagedSnapshotError(ValueError):
    """The bytes of a tensor are not those that were written."""


class Store:
    """The snapshots of a log.

    Args:
      sources: name and path of each directory; a name, if not empty, comes first in
        the names of its runs.
    """

    def __init__(self, sources: Sequence[tuple[str, str]]) -> None:
        self._indexer = Indexer(sources)
        self._lock = threading.Lock()
        self._sound: set[Location] = set()
        self._damaged: dict[Location, Problem] = {}
        self._scanned = LogIndex((), ())
        self.scanned = False
        """Whether the log has been looked at."""

    def refresh(self) -> LogIndex:
        """Looks at what was appended to the log since."""
        scanned = self._indexer.refresh()
        there = _locations(scanned)
        with self._lock:
            self._sound = self._sound & there
            self._damaged = {
                one: problem for one, problem in self._damaged.items() if one in there
            }
        self._scanned = scanned
        self.scanned = True
        return self.index

    @property
    def index(self) -> LogIndex:
        """The log as of the last refresh, without what was found damaged since."""
        scanned, damaged = self._scanned, self._damaged
        series = map(self.without_damaged, scanned.series)
        return LogIndex(
            series=tuple(one for one in series if one.snapshots),
            problems=scanned.problems + tuple(damaged.values()),
        )

    def without_damaged(self, series: SeriesIndex) -> SeriesIndex:
        """The series without what was found damaged."""
        damaged = self._damaged
        if not damaged:
            return series
        return replace(
            series,
            snapshots=tuple(s for s in series.snapshots if s.table not in damaged),
            columns=tuple(c for c in series.columns if c.values not in damaged),
        )

    def table(self, snapshot: Snapshot) -> Float32Table:
        """The whole table, float32 ``[vocab_size, embedding_dim]``.

        Raises:
          DamagedSnapshotError: its bytes are not those that were written.
          OSError: the file is gone, or another than was indexed.
        """
        table = np.empty(snapshot.table.shape, np.float32)
        for start, block in self.blocks(snapshot):
            table[start : start + len(block)] = block
        return table

    def blocks(
        self, snapshot: Snapshot, block_rows: int | None = None
    ) -> Iterator[tuple[int, Float32Table]]:
        """The table as row blocks: the first row's number and float32 ``[rows,
        embedding_dim]``. A block is valid until the next one is asked for.
        """
        location = snapshot.table
        self._verify(location)
        rows, dim = location.shape
        block_rows = block_rows or max(1, BLOCK_BYTES // (4 * dim))
        if location.encoding == "message":
            table = self._message(location).astype(np.float32)
            for start in range(0, rows, block_rows):
                yield start, table[start : start + block_rows]
            return
        row_bytes = location.length // rows
        buffer = np.empty(min(block_rows, rows) * row_bytes, np.uint8)
        with File.of(location.file) as file:
            for start in range(0, rows, block_rows):
                count = min(block_rows, rows - start)
                raw = buffer[: count * row_bytes]
                _fill(file, location, location.start + start * row_bytes, raw)
                yield start, _as_float32(raw, location.dtype).reshape(count, dim)

    def rows(self, snapshot: Snapshot, indices: Sequence[int]) -> Float32Table:
        """Some rows of the table, float32 ``[len(indices), embedding_dim]``."""
        location = snapshot.table
        self._verify(location)
        rows, dim = location.shape
        for index in indices:
            if not 0 <= index < rows:
                raise IndexError(f"row {index} is not one of the {rows} rows")
        if location.encoding == "message":
            return self._message(location).astype(np.float32)[list(indices)]
        row_bytes = location.length // rows
        raw = np.empty(len(indices) * row_bytes, np.uint8)
        with File.of(location.file) as file:
            for position, index in enumerate(indices):
                row = raw[position * row_bytes : (position + 1) * row_bytes]
                _fill(file, location, location.start + index * row_bytes, row)
        return _as_float32(raw, location.dtype).reshape(len(indices), dim)

    def column(self, record: ColumnRecord) -> list[str] | npt.NDArray[np.float64]:
        """One value per row: text, or numbers as float64."""
        location = record.values
        self._verify(location)
        if location.dtype == "text":
            values = self._message(location).tolist()
            return [
                v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v)
                for v in values
            ]
        if location.encoding == "message":
            return self._message(location).astype(np.float64)
        raw = np.empty(location.length, np.uint8)
        with File.of(location.file) as file:
            _fill(file, location, location.start, raw)
        if location.dtype == "bfloat16":
            return _as_float32(raw, location.dtype).astype(np.float64)
        numbers: npt.NDArray[Any] = raw.view(_little_endian(location.dtype))
        return numbers.astype(np.float64)

    def _message(self, location: Location) -> npt.NDArray[np.generic]:
        with File.of(location.file) as file:
            content = file.read(location.start, location.length)
        try:
            array = np.asarray(
                tensor_util.make_ndarray(tensor_pb2.TensorProto.FromString(content))
            )
            if array.shape != location.shape:
                raise ValueError(f"its elements make a shape of {list(array.shape)}")
            return array
        except Exception as error:
            # Protobuf and tensor_util raise whatever hostile bytes provoke.
            raise self._damage(location, f"not a tensor: {error}") from error

    def _verify(self, location: Location) -> None:
        """Checks the bytes against their checksum, the first time they are wanted."""
        if location in self._sound:
            return
        if location in self._damaged:
            raise _damaged_error(self._damaged[location])
        crc, offset = 0, location.record_offset + HEADER_BYTES
        stop = offset + location.record_length
        buffer = np.empty(min(BLOCK_BYTES, location.record_length), np.uint8)
        with File.of(location.file) as file:
            while offset < stop:
                piece = buffer[: stop - offset]
                _fill(file, location, offset, piece)
                view = piece.view()
                view.flags.writeable = False
                crc = google_crc32c.extend(crc, view)
                offset += len(piece)
        if mask(crc) != location.checksum:
            raise self._damage(location, "the checksum of the data is wrong")
        with self._lock:
            self._sound.add(location)

    def _damage(self, location: Location, why: str) -> DamagedSnapshotError:
        path = location.file.path
        problem = Problem(path, location.record_offset, f"{why}; left out")
        with self._lock:
            self._damaged = {**self._damaged, location: problem}
        return _damaged_error(problem)


def _damaged_error(problem: Problem) -> DamagedSnapshotError:
    return DamagedSnapshotError(
        f"{problem.path} at byte {problem.offset}: {problem.message}"
    )


def _locations(index: LogIndex) -> set[Location]:
    return {
        location
        for one in index.series
        for location in (
            *(snapshot.table for snapshot in one.snapshots),
            *(column.values for column in one.columns),
        )
    }


def _fill(
    file: File, location: Location, offset: int, raw: npt.NDArray[np.uint8]
) -> None:
    if file.read_into(offset, raw.data) < len(raw):
        raise FileChangedError(
            f"{location.file.path} ends before byte {offset + len(raw)}: it was cut "
            "short since it was indexed"
        )


def _as_float32(raw: npt.NDArray[np.uint8], dtype: str) -> Float32Table:
    if dtype == "bfloat16":
        # The upper half of a float32.
        return (raw.view("<u2").astype(np.uint32) << 16).view(np.float32)
    # What float32 can't hold becomes infinite, and is counted as such.
    with np.errstate(over="ignore"):
        numbers: npt.NDArray[Any] = raw.view(_little_endian(dtype))
        return numbers.astype(np.float32, copy=False)


def _little_endian(dtype: str) -> np.dtype[Any]:
    little: np.dtype[Any] = np.dtype(dtype).newbyteorder("<")
    return little
