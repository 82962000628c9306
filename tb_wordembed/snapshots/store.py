"""Reads the tables and columns of a log: checked, in blocks of rows, as float32."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from tb_wordembed.errors import quoted
from tb_wordembed.snapshots.checkpoints.given_tokens import GivenTokens
from tb_wordembed.snapshots.index_entries import (
    ColumnRecord,
    Location,
    LogIndex,
    Snapshot,
    Tensor,
)
from tb_wordembed.snapshots.joined_rows import (
    JoinedRows,
    blocks,
    fill_rows,
)
from tb_wordembed.snapshots.log_index import Indexer
from tb_wordembed.snapshots.open_files import OpenFile
from tb_wordembed.snapshots.record_texts import EncodedTexts
from tb_wordembed.snapshots.row_blocks import TableBlocks
from tb_wordembed.snapshots.sound_series import SoundSeries, tensors
from tb_wordembed.snapshots.tensors import (
    Float32Table,
    as_float32,
    elements,
    is_raw,
    row_bytes,
)
from tb_wordembed.snapshots.verified_records import Records

BLOCK_BYTES = 4 << 20
"""The size of a row block, in bytes of float32: small beside a table, large beside a
read."""

STRETCH_ROWS = 1024
"""The number of rows that a sample takes in one read."""


def block_rows(embedding_dim: int) -> int:
    """Returns the number of rows of a block."""
    return max(1, BLOCK_BYTES // (4 * embedding_dim))


class Store:
    """The snapshots of a log.

    Args:
      sources: name and path of each directory. A name that is not empty comes first in
        the names of its runs.
      checkpoints: see ``Indexer``.
    """

    def __init__(
        self,
        sources: Sequence[tuple[str, str]],
        checkpoints: GivenTokens | None = None,
    ) -> None:
        self._indexer = Indexer(sources, checkpoints)
        self._scanned = LogIndex((), ())
        self._records = Records(lambda location: _name(location, self._scanned))
        self._sound = SoundSeries(self._records)
        self.without_damaged = self._sound.without_damaged
        """Returns a series without what was found damaged."""
        self.scanned = False
        """Whether the log has been indexed once."""

    def refresh(self) -> LogIndex:
        """Indexes what was appended to the log, and returns the index."""
        scanned = self._indexer.refresh()
        self._records.keep(
            {one for series in scanned.series for one in tensors(series)}
        )
        self._scanned = scanned
        self.scanned = True
        return self.index

    @property
    def files(self) -> list[tuple[str, int]]:
        """The path and size of each event file that the last refresh found."""
        return [(one.path, one.status.size) for one in self._indexer.files]

    @property
    def index(self) -> LogIndex:
        """The index of the last refresh, without what was found damaged since."""
        scanned, damaged = self._scanned, self._records.damaged
        series = self._sound.of(scanned.series)
        parts = tuple(one for series in scanned.series for one in series.problems)
        return LogIndex(
            series=tuple(one for one in series if one.snapshots),
            problems=scanned.problems + parts + tuple(damaged.values()),
            incomplete=tuple(
                one for series in scanned.series for one in series.incomplete
            ),
        )

    def distrust(self) -> None:
        """Forgets which checksums are right, so that all are verified again."""
        self._records.distrust()

    def table(self, snapshot: Snapshot) -> Float32Table:
        """Reads a table, float32 ``[vocab_size, embedding_dim]``.

        Raises:
          DamagedSnapshotError: its bytes are not those that were written.
          OSError: the file can't be read, or is not the one that was indexed.
        """
        tensor = snapshot.table
        table = np.empty(tensor.shape, np.float32)
        if is_raw(tensor) and tensor.dtype == "float32":
            with JoinedRows(tensor, self._records.part) as places:
                places.fill(0, table.reshape(-1).view(np.uint8))
            return table.view("<f4")
        for start, block in self.blocks(snapshot):
            table[start : start + len(block)] = block
        return table

    def blocks(
        self, snapshot: Snapshot, most_rows: int | None = None, buffers: int = 1
    ) -> Iterator[tuple[int, Float32Table]]:
        """Reads a table in row blocks: the number of the first row and float32 ``[rows,
        embedding_dim]``. A block is valid until ``buffers`` more are read. The last one
        is returned only if the checksum of the table is right.

        Raises: as ``table``.
        """
        tensor = snapshot.table
        rows, dim = tensor.shape
        size = min(most_rows or block_rows(dim), rows)
        with JoinedRows(tensor, self._records.part) as places:
            starts = range(0, rows, size)
            yield from blocks(places, tensor, starts, size, rows, buffers)

    def row_blocks(
        self, snapshot: Snapshot, most_rows: int | None = None, buffers: int = 1
    ) -> TableBlocks:
        """Returns a table in the row blocks of ``blocks``, which other processes can
        read, too."""
        tensor = snapshot.table
        rows, dim = tensor.shape
        size = min(most_rows or block_rows(dim), rows)
        return TableBlocks(
            lambda: self.blocks(snapshot, size, buffers),
            tensor,
            size,
            self._records.verify,
        )

    def sample(
        self, snapshot: Snapshot, most_rows: int
    ) -> Iterator[tuple[int, Float32Table]]:
        """Reads about ``most_rows`` rows of a larger table, in row blocks as ``blocks``
        that are spread evenly over it. Only these rows are read, as in ``rows``.

        Raises: as ``rows``.
        """
        tensor = snapshot.table
        rows, _ = tensor.shape
        stretches = max(1, most_rows // STRETCH_ROWS)
        size = min(STRETCH_ROWS, rows)
        starts = np.linspace(0, rows - size, stretches).round().astype(int).tolist()
        with OpenFile() as file, self._any_row(tensor, file) as places:
            yield from blocks(places, tensor, starts, size, rows)

    def rows(self, snapshot: Snapshot, indices: Sequence[int]) -> Float32Table:
        """Reads some rows of a table, float32 ``[len(indices), embedding_dim]``.

        Only these rows are read, so the checksum is not verified.

        Raises: as ``table``, and
          IndexError: there is no such row.
        """
        return self.rows_of_each([snapshot], indices)[0]

    def rows_of_each(
        self, snapshots: Sequence[Snapshot], indices: Sequence[int]
    ) -> list[Float32Table]:
        """Returns ``rows`` of each of several tables."""
        # In the order of the tables: each part is opened once.
        order = np.argsort(indices, kind="stable")
        ascending = np.asarray(indices, np.int64)[order]
        with OpenFile() as file:
            return [self._rows(one, ascending, order, file) for one in snapshots]

    def _rows(
        self,
        snapshot: Snapshot,
        ascending: npt.NDArray[np.int64],
        order: npt.NDArray[np.intp],
        file: OpenFile,
    ) -> Float32Table:
        tensor = snapshot.table
        rows, dim = tensor.shape
        for index in (*ascending[:1].tolist(), *ascending[-1:].tolist()):
            if not 0 <= index < rows:
                raise IndexError(f"row {index} is not one of the {rows} rows")
        raw = np.empty((len(order), row_bytes(tensor)), np.uint8)
        with self._any_row(tensor, file) as places:
            fill_rows(places, ascending, raw, order)
        return as_float32(raw.reshape(-1), tensor.dtype).reshape(len(order), dim)

    def _any_row(self, tensor: Tensor, file: OpenFile) -> JoinedRows:
        return JoinedRows(tensor, partial(self._records.rows_of, file))

    def texts(self, record: ColumnRecord) -> list[EncodedTexts]:
        """Reads the texts of a column without decoding them: those of each part.

        Raises: as ``table``.
        """
        return [self._records.texts(part) for part in record.values.parts]

    def column(self, record: ColumnRecord) -> list[str] | npt.NDArray[np.float64]:
        """Reads one value per row: texts, or numbers as float64.

        Raises: as ``table``.
        """
        if record.values.dtype == "text":
            # Protobuf unpacks all texts several times as fast as ``texts`` each.
            return [
                text.decode("utf-8", "backslashreplace")
                for part in record.values.parts
                for text in self._records.message(part).tolist()
            ]
        return np.concatenate([self._numbers(part) for part in record.values.parts])

    def _numbers(self, location: Location) -> npt.NDArray[np.float64]:
        if location.encoding == "message":
            return self._records.message(location).astype(np.float64)
        read = as_float32 if location.dtype == "bfloat16" else elements
        return read(self._records.content(location), location.dtype).astype(np.float64)

    def digest(self, record: ColumnRecord) -> bytes:
        """Returns a digest of the values, as they are in the file.

        Raises: as ``table``.
        """
        digest = hashlib.blake2b(digest_size=16)
        for part in record.values.parts:
            digest.update(self._records.content(part).data)
        return digest.digest()


def _name(location: Location, index: LogIndex) -> str:
    """Names a tensor in words, for a message."""
    for series in index.series:
        where = f"of {quoted(series.run)} {quoted(series.tag)}"
        for one in series.written:
            if location in one.table.parts:
                return f"step {one.step} {where}"
        for column in series.columns:
            if location in column.values.parts:
                return f"column {quoted(column.name)} {where}"
    return "a snapshot that is no longer there"
