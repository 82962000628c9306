"""Writes the rows that this process has of tables that are divided by rows.

None of them is made whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tb_wordembed.format.metadata import Part
from tb_wordembed.torch.sharded_weights import divide_again
from tb_wordembed.torch.tables import ModuleTable
from tb_wordembed.write.harmless import Harmless
from tb_wordembed.write.shards import shards_of
from tb_wordembed.write.snapshot_file import SnapshotFile
from tb_wordembed.write.tables import as_table

_UNWRITTEN = "rows that this process has can't be logged"


class OwnRows:
    """The event file of this process in the run of a training.

    After it has been opened, no error ends the training: Python's log says what could
    not be written.

    Args:
      dtype: see ``tb_wordembed.write.tables.as_table``.
    """

    def __init__(self, dtype: str | None) -> None:
        self._dtype = dtype
        self._file: SnapshotFile | None = None
        self._errors = Harmless(
            "Training goes on, and readers say which rows are missing"
        )

    def open(self, directory: str | None) -> None:
        """Makes the event file.

        Args:
          directory: that of the run; None if the first process doesn't say it.
        """
        if directory is None:
            why = "the first process has not said in time to which run it logs"
            self._errors.warn(f"{_UNWRITTEN}: {why}")
            return
        with self._errors.caught(_UNWRITTEN):
            self._file = SnapshotFile(directory)

    def snapshot(self, model: Any, tables: Sequence[ModuleTable], step: int) -> None:
        """Writes the rows that this process has of some tables, as they are now."""
        if self._file is None:
            return
        for one in tables:
            unwritten = f"{_UNWRITTEN}: {one.tag!r}"
            with self._errors.caught(unwritten), self._file.failures.counted():
                self._write(self._file, model, one, step)

    def _write(
        self, file: SnapshotFile, model: Any, table: ModuleTable, step: int
    ) -> None:
        divide_again(model, table.name)
        shards = shards_of(table.table())
        if shards is None:
            raise ValueError("it is not divided by rows any more")
        for start, rows in shards.pieces:
            part = Part(start, shards.vocab_size)
            own = as_table(rows, self._dtype)
            which = slice(start, start + own.vocab_size)
            columns = [one.rows(which) for one in table.columns]
            fixed = table.fixed_rows
            file.write(table.tag, own, columns, step, part=part, fixed_rows=fixed)

    def close(self) -> None:
        """Closes the event file."""
        file, self._file = self._file, None
        if file is not None:
            with self._errors.caught(_UNWRITTEN):
                file.close()
