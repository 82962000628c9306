"""``SnapshotFile``: an event file of snapshots that have been checked."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial

from tensorboard.compat.proto import event_pb2

from tb_wordembed.errors import LOG
from tb_wordembed.format.metadata import (
    Part,
    RowRanges,
    TableRole,
    summary_metadata,
)
from tb_wordembed.format.paths import expand
from tb_wordembed.write.alerts import Alerts
from tb_wordembed.write.background_thread import Background
from tb_wordembed.write.columns import Column
from tb_wordembed.write.event_encoding import (
    column_event,
    scalar_event,
    table_tensor,
    tensor_event,
)
from tb_wordembed.write.event_file import (
    LARGE_BYTES,
    Bytes,
    Event,
    EventFile,
    create,
)
from tb_wordembed.write.logged_steps import LoggedSteps
from tb_wordembed.write.table_copies import Copy, CopyMemory
from tb_wordembed.write.table_parts import column_parts, table_parts
from tb_wordembed.write.tables import Table
from tb_wordembed.write.tag_and_step import as_step, check_tag

_Digests = dict[tuple[str, str, int], bytes]
"""The digests of columns, by tag, name and first row."""


class SnapshotFile(AbstractContextManager["SnapshotFile", None]):
    """An event file that snapshots are appended to; arguments and errors as those of
    ``SnapshotWriter``. ``alerts`` looks at each whole table that is written.

    Attributes:
      failures: counts the snapshots that could not be written.
    """

    def __init__(
        self,
        logdir: str | os.PathLike[str],
        filename_suffix: str = "",
        alerts: Alerts | None = None,
    ) -> None:
        self._alerts = alerts
        self._lock = threading.Lock()
        self._digests: _Digests = {}
        self._directory = expand(logdir)
        self._file: EventFile | None = create(self._directory, filename_suffix)
        self._logged = LoggedSteps(self._directory, self._file.path)
        self.failures = Failures(self._directory)
        self._background = Background()
        self._memory = CopyMemory()
        # A training that ends in an exception closes nothing.
        self._finalizer = weakref.finalize(self, _end, self._file, self._background)
        first = event_pb2.Event(wall_time=time.time(), file_version="brain.Event:2")
        self._file.append([[first.SerializeToString()]])

    @property
    def path(self) -> str:
        """The event file."""
        return self._open_file().path

    def write(
        self,
        tag: str,
        table: Table,
        columns: Sequence[Column],
        step: int,
        *,
        part: Part | None = None,
        fixed_rows: RowRanges | None = None,
        description: str | None = None,
        scalars: Mapping[str, float] | None = None,
    ) -> None:
        """Writes a snapshot of a table, columns and fixed rows that were checked, in
        parts if it is too large for a record, and scalars beside it, as ``scalars``
        does. ``part`` says which rows of a larger table these are. What goes wrong
        while the training goes on is an error of ``flush`` and ``close``."""
        check_tag(tag)
        step = as_step(step)
        parts = table_parts(table, part)
        with self._lock:
            self._background.wait()
            file, when = self._open_file(), (time.time(), step)
            is_large = len(table.content) >= LARGE_BYTES
            copies: list[Copy] = []
            sources = [rows.content for rows, _ in parts]
            if is_large and table.is_shared:
                copies = self._memory.copies(sources)
            contents: Sequence[Bytes] = copies or sources
            digests, events = self._changed(tag, columns, part, when)
            for (rows, which), content in zip(parts, contents, strict=True):
                role = TableRole(table.full_vocab_size, fixed_rows, which)
                metadata = summary_metadata(role, description=description)
                tensor = table_tensor(rows, content)
                events.append(tensor_event(*when, tag, tensor, metadata))
            if scalars:
                events.append(scalar_event(*when, scalars))
            noted = [(tag, step, which) for _, which in parts]
            append = partial(self._append, file, events, digests, noted)
            if is_large:
                about = f"the snapshot of {tag!r} at step {step}"
                self._start(append, about, copies)
            else:
                append()
        if self._alerts is not None and part is None:
            self._alerts.look(tag, table, columns, step, fixed_rows)

    def _start(
        self, append: Callable[[], None], what: str, copies: Sequence[Copy]
    ) -> None:
        """Appends events in the background, and copies meanwhile what is in them."""

        def make() -> None:
            # The thread writes from the first one on, so this begins with the last.
            for one in reversed(copies):
                one.make()

        counted = self.failures.counted(is_new=False)(append)
        try:
            self._background.start(counted, what, make)
        finally:
            for one in copies:
                one.end()

    def _changed(
        self,
        tag: str,
        columns: Sequence[Column],
        part: Part | None,
        when: tuple[float, int],
    ) -> tuple[_Digests, list[Event]]:
        """Returns the digests and events of the columns that the file has not yet."""
        digests: _Digests = {}
        events: list[Event] = []
        for column in columns:
            for values, which in column_parts(column, part):
                key = tag, column.name, which.start if which else 0
                if self._digests.get(key) != values.digest:
                    digests[key] = values.digest
                    events.append(column_event(*when, tag, values, which))
        return digests, events

    def _append(
        self,
        file: EventFile,
        events: Sequence[Event],
        digests: _Digests,
        noted: Sequence[tuple[str, int, Part | None]],
    ) -> None:
        file.append(events)
        self._digests.update(digests)
        for one in noted:
            self._logged.add(*one)

    def scalars(self, values: Mapping[str, float], step: int) -> None:
        """Writes numbers by tag as ordinary scalar summaries, which TensorBoard's own
        dashboards show. They are no snapshots, and replace none.

        Raises:
          ValueError: the step is no whole number; nothing is written then.
          OSError: the file can't be written, or the snapshot before could not be.
        """
        event = scalar_event(time.time(), as_step(step), values)
        with self._lock:
            self._background.wait()
            self._open_file().append([event])
        self._background.raise_error()

    def last_step(self, name: str) -> int | None:
        """Returns the last step of a table in this directory, whoever wrote it; None if
        there is none, or if looking for it takes longer than a second."""
        self._background.wait()
        return self._logged.last_step(name)

    def flush(self) -> None:
        """Waits until every snapshot is in the file.

        Raises:
          OSError: one could not be written; the message says which.
        """
        self._open_file()
        self._background.wait()
        self._background.raise_error()

    def close(self) -> None:
        """Waits until every snapshot is in the file and closes it; says how many could
        not be written.

        Closing twice is allowed, writing afterwards not.

        Raises:
          OSError: what was written could not be kept: some file systems, most of them
            remote, raise it only now.
        """
        with self._lock:
            self._background.wait()
            self._file, self._memory = None, CopyMemory()
            self.failures.report()
            try:
                self._background.raise_error()
            finally:
                self._finalizer()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open_file(self) -> EventFile:
        if self._file is None:
            raise ValueError("this SnapshotWriter has been closed; make a new one")
        return self._file


class Failures:
    """The snapshots that were to be written to a directory, and those that failed."""

    def __init__(self, directory: str) -> None:
        self._directory = directory
        self._count = 0
        self._failed = 0

    @contextmanager
    def counted(self, *, is_new: bool = True) -> Iterator[None]:
        """Counts a snapshot, if it hasn't been, and whether writing it raises an
        error."""
        self._count += is_new
        try:
            yield
        except Exception:
            self._failed += 1
            raise

    def report(self) -> None:
        """Warns of the snapshots that failed, if there were any, and forgets them."""
        if self._failed:
            LOG.warning(
                "%d of %d snapshots could not be written to %s",
                self._failed,
                self._count,
                self._directory,
            )
        self._count = self._failed = 0


def _end(file: EventFile, background: Background) -> None:
    background.report()
    file.close()
