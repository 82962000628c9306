"""The log of one training: its run, its event file, and what the Projector shows."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from functools import partial
from typing import Any

from crc32c import crc32c

from tb_wordembed.format.metadata import Part
from tb_wordembed.projector.tab_files import Shown
from tb_wordembed.training.health_curves import HealthCurves
from tb_wordembed.training.logged_table import LoggedTable
from tb_wordembed.training.projector_files import ProjectorFiles, values_of
from tb_wordembed.write.alerts import Alert, as_alerts, warn
from tb_wordembed.write.chosen_rows import as_part
from tb_wordembed.write.fixed_rows import part_of
from tb_wordembed.write.harmless import Harmless
from tb_wordembed.write.run_directory import choose, one_at_a_time
from tb_wordembed.write.shards import shards_of
from tb_wordembed.write.snapshot_file import SnapshotFile
from tb_wordembed.write.tables import Table, as_table, check_dtype

_GOES_ON = "Training goes on, and says at its end how many could not"
_WITHOUT_SCALARS = "The snapshot is written, and training goes on"


class TrainingLog:
    """The snapshots of one training, which may take several calls of ``fit``.

    After it has been opened, no error ends the training: Python's log says what could
    not be written.

    Args:
      dtype, projector, scalars: as in ``EmbeddingCallback`` of Keras. Scalars are in
        the event file of the snapshots: TensorBoard's Python reader follows only one.
      on_finding: as there; "stop" sets ``should_stop``. A table that never changed,
        which may be frozen on purpose, stops nothing.

    Attributes:
      directory: the directory of the run; None until it is opened first.
      step: the step of the training, such as the number of epochs completed.
      last_step: the step that was logged last.
      should_stop: whether the training is to stop, because of a finding.

    Raises:
      ValueError: ``dtype`` or ``on_finding`` is something else.
    """

    def __init__(
        self,
        dtype: str | None,
        *,
        projector: bool,
        scalars: bool = True,
        on_finding: Any = None,
    ) -> None:
        check_dtype(dtype)
        self._dtype = dtype
        self._has_projector, self._has_scalars = projector, scalars
        self._on_finding = on_finding
        self.forget()

    def forget(self) -> None:
        """Forgets the training: another one begins, in a run of its own."""
        self._curves = HealthCurves() if self._has_scalars else None
        self._alerts = as_alerts(self._on_finding, self._stop)
        self.should_stop = False
        self.directory: str | None = None
        self.step = 0
        self.last_step: int | None = None
        self._writer: SnapshotFile | None = None
        self._projector: ProjectorFiles | None = None
        self._first_checksums: dict[str, int] = {}  # Of the tables logged first.
        self._checksums: dict[str, int] = {}  # Of the tables logged last, by tag.
        self._shapes: dict[str, tuple[int, ...]] = {}  # Of the tables seen last.
        self._written_tag = ""

    def open(self, log_dir: str, run: str, tags: Sequence[str]) -> str:
        """Makes an event file in the run of this training, which is ``directory`` if
        that is known; returns its directory."""
        with one_at_a_time(log_dir):
            directory = self.directory or choose(log_dir, run, tags, self.step)
            self._writer = SnapshotFile(directory, alerts=self._alerts)
        if self.directory is None and self._has_projector:
            self._projector = ProjectorFiles(directory)
        self.directory = directory
        self.should_stop = False
        self._errors = Harmless(_GOES_ON)
        self._without_scalars = Harmless(_WITHOUT_SCALARS)
        return directory

    def has_been_reset(self, embeddings: Sequence[LoggedTable]) -> bool:
        """Returns whether the tables are again those that this training began with."""
        first = self._first_checksums
        if not first or first == self._checksums:
            return False
        with contextlib.suppress(Exception):
            return first == {
                one.tag: _checksum(self._table(one))
                for one in embeddings
                if one.tag in first
            }
        return False

    def snapshot(self, embeddings: Sequence[LoggedTable], *, is_first: bool) -> None:
        """Writes all tables at the present step. The first snapshot of a ``fit`` leaves
        out the tables that this training, or an earlier one, logged at this step."""
        if self._writer is None:
            return
        unless_logged = is_first and self.last_step in (None, self.step)
        for embedding in embeddings:
            if not embedding.is_built:
                continue
            # While the table before is written, this one is not copied.
            self._finish(self._writer)
            unwritten = self._unwritten("snapshot", embedding)
            with self._errors.caught(unwritten), self._writer.failures.counted():
                if embedding.is_divided:
                    self._write_own_rows(self._writer, embedding)
                else:
                    self._write(self._writer, embedding, unless_logged)
        self.last_step = self.step
        self._show(embeddings)

    def _finish(self, writer: SnapshotFile) -> None:
        """Waits until the last snapshot is in the file, or says that it isn't."""
        try:
            writer.flush()
        except Exception as error:  # noqa: BLE001 - hours of training are at stake
            self._checksums.pop(self._written_tag, None)
            self._errors.warn(str(error))

    def _unwritten(self, what: str, embedding: LoggedTable) -> str:
        where = f"{embedding.tag!r} at step {self.step}"
        return f"the {what} of {where} could not be written"

    def close(self, embeddings: Sequence[LoggedTable]) -> None:
        """Closes the event file, and says how many snapshots could not be written."""
        self._show(embeddings, at_end=True)
        writer, self._writer = self._writer, None
        if writer is None:
            return
        self._finish(writer)
        # Some file systems write, or report errors, only now.
        unclosed = f"the event file in {self.directory} could not be closed"
        with Harmless("The last snapshots may be missing there").caught(unclosed):
            writer.close()

    def _write(
        self, writer: SnapshotFile, embedding: LoggedTable, unless_logged: bool
    ) -> None:
        """Writes a table, if it has to be written."""
        tag, table = embedding.tag, self._table(embedding)
        self._shapes[tag] = table.values.shape
        numbers, checksum = self._numbers_of(embedding, table), _checksum(table)
        if unless_logged:
            # A training that is resumed begins where an earlier one ended.
            is_new = tag not in self._checksums and self.step > 0
            is_resumed = is_new and writer.last_step(tag) == self.step
            if is_resumed or self._checksums.get(tag) == checksum:
                return
        # A table that has grown meanwhile has rows without values in the columns.
        is_whole = table.vocab_size == embedding.logged_shape[0]
        columns = embedding.columns if is_whole else ()
        fixed = part_of(embedding.fixed_rows, embedding.chosen)
        writer.write(tag, table, columns, self.step, fixed_rows=fixed, scalars=numbers)
        self._checksums[tag], self._written_tag = checksum, tag
        self._first_checksums.setdefault(tag, checksum)

    def _write_own_rows(self, writer: SnapshotFile, embedding: LoggedTable) -> None:
        shards = shards_of(embedding.table())
        if shards is None:
            raise ValueError("it is not divided by rows any more")
        for start, rows in shards.pieces:
            table, part = as_table(rows, self._dtype), Part(start, shards.vocab_size)
            which = slice(start, start + table.vocab_size)
            columns = [one.rows(which) for one in embedding.columns]
            says: dict[str, Any] = {"part": part, "fixed_rows": embedding.fixed_rows}
            writer.write(embedding.tag, table, columns, self.step, **says)

    def _numbers_of(self, embedding: LoggedTable, table: Table) -> dict[str, float]:
        """Returns the scalars of a table that is written, by their tags."""
        if self._curves is None:
            return {}
        found: dict[str, float] = {}
        with self._without_scalars.caught(self._unwritten("scalars", embedding)):
            found = self._curves.measure(embedding.tag, table)
        return {f"wordembed/{embedding.tag}/{one}": found[one] for one in found}

    def _stop(self, alert: Alert) -> None:
        warn(alert)
        self.should_stop |= alert.kind != "never_updated"

    def _table(self, embedding: LoggedTable) -> Table:
        return as_part(embedding.table(), self._dtype, embedding.chosen)

    def _show(self, embeddings: Sequence[LoggedTable], *, at_end: bool = False) -> None:
        """Shows the tables as they are in the standard Projector's own tab."""
        if self._projector is None or self._writer is None:
            return
        whole = [one for one in embeddings if one.is_built and not one.is_divided]
        shown = {one.tag: self._shown(one) for one in whole}
        self._projector.show(self.step, shown, at_end=at_end)

    def _shown(self, embedding: LoggedTable) -> Shown:
        rows, dim = self._shapes.get(embedding.tag, embedding.logged_shape)
        columns = embedding.columns if rows == embedding.logged_shape[0] else ()
        values = partial(values_of, columns, rows)
        return Shown(
            self.step, (rows, dim), lambda: self._table(embedding).numbers, values
        )


def _checksum(table: Table) -> int:
    return int(crc32c(table.content))
