"""``SnapshotWriter``: writes snapshots to an event file, without TensorFlow."""

from __future__ import annotations

import os
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
from tensorboard.compat.proto import event_pb2, summary_pb2

from tb_wordembed.format import field_keys, record
from tb_wordembed.format.metadata import (
    TOKEN_COLUMN,
    ColumnRole,
    Part,
    RowRanges,
    TableRole,
    column_tag,
    summary_metadata,
)
from tb_wordembed.format.paths import expand, located
from tb_wordembed.integers import as_integer
from tb_wordembed.write.alerts import OnFinding, as_alerts
from tb_wordembed.write.columns import Column, is_name
from tb_wordembed.write.event_file import Event, EventFile, create
from tb_wordembed.write.failures import Failures
from tb_wordembed.write.fixed_rows import as_fixed_rows
from tb_wordembed.write.keyed_vectors import own_columns
from tb_wordembed.write.logged_steps import LoggedSteps
from tb_wordembed.write.parts import column_parts, read_shard, table_parts
from tb_wordembed.write.rows import read_part
from tb_wordembed.write.scalars import scalar_event
from tb_wordembed.write.shards import shards_of
from tb_wordembed.write.tables import Array, Table


class SnapshotWriter(AbstractContextManager["SnapshotWriter", None]):
    """Writes snapshots of embedding tables to an event file.

    For any training loop, with or without TensorFlow::

        with SnapshotWriter("runs/word2vec") as writer:
            for epoch in range(epochs):
                ...
                writer.embedding("words", model.weight, step=epoch, tokens=vocabulary)

    Each writer makes an event file of its own, and only appends to it: a process that
    is killed leaves at worst a snapshot that is cut short, which readers ignore.

    A snapshot replaces those of its tag in the same directory that have the same step
    or a later one, whoever wrote them. Python's log has a warning then, and also if
    another process logs the same steps there at the same time.

    Where each process of a training has some rows of a table, each makes a writer with
    the same ``logdir`` and logs its rows::

        writer.embedding("items", shard, step, part=(first_row, vocab_size))

    A snapshot is in the file when the call returns. Threads may share a writer. None
    may change a table while it is written: it is not copied, and if its numbers change
    between the checksum and the disk, readers refuse the snapshot. Write other
    summaries of the same training to another run directory: TensorBoard's Python reader
    follows only the newest event file of a directory.
    """

    def __init__(
        self,
        logdir: str | os.PathLike[str],
        *,
        filename_suffix: str = "",
        on_finding: OnFinding | None = None,
    ) -> None:
        """Creates the event file, and its directory.

        Args:
          logdir: the directory of the run: local, or on a file system that TensorBoard
            can write to here, such as ``gs://bucket/runs/1``.
          filename_suffix: the end of the name of the event file.
          on_finding: what to do when a snapshot shows that something is wrong: "warn"
            in Python's log, or a function that is called with each finding, once (see
            ``tb_wordembed.write.alerts``).

        Raises:
          OSError: the file can't be made.
          ValueError: TensorBoard knows no such file system, or ``on_finding`` is
            neither.
        """
        self._alerts = as_alerts(on_finding)
        self._lock = threading.Lock()
        self._digests: dict[tuple[str, str, int], bytes] = {}
        self._rows: dict[str, Array | None] = {}  # Of the last snapshot, by tag.
        self._directory = expand(logdir)
        self._file: EventFile | None = create(self._directory, filename_suffix)
        self._logged = LoggedSteps(self._directory, self._file.path)
        self.failures = Failures(self._directory)
        """Counts the snapshots that could not be written."""
        # A training that ends in an exception closes nothing.
        self._finalizer = weakref.finalize(self, self._file.close)
        first = event_pb2.Event(wall_time=time.time(), file_version="brain.Event:2")
        self._file.append([[first.SerializeToString()]])

    @property
    def path(self) -> str:
        """The event file."""
        return self._open_file().path

    def embedding(
        self,
        name: str,
        data: Any,
        step: int,
        *,
        tokens: Any = None,
        metadata: Any = None,
        index_from: int | None = None,
        rows: Any = None,
        fixed_rows: Any = None,
        description: str | None = None,
        dtype: str | None = None,
        part: tuple[int, int] | None = None,
    ) -> None:
        """Writes a snapshot: an embedding table at a step.

        Tokens and metadata are written before the first snapshot of ``name``, and
        again when they change; None leaves them as they are.

        Args:
          name: the tag of the table.
          data: ``[vocab_size, embedding_dim]`` numbers: a NumPy array, a PyTorch tensor
            or parameter on any device, a JAX array, a TensorFlow or Keras variable; or
            ``KeyedVectors`` of gensim, whose words and counts are taken where none are
            passed. In a model of Flax or Equinox a table is named by its path, such as
            ``model.embed.embedding``; the error for a whole model has the paths in it.
            Of a ``DTensor`` or ``ShardedTensor`` of PyTorch that is spread by rows, and
            of a ``ShardedVariable`` of TensorFlow, the rows that this process has are
            written, as with ``part``: every process has to call this.
          step: the step of the training, such as an epoch.
          tokens: the token of each row: a list, a dict from row to token or from token
            to row, the path of a file (from here or from the log directory), a Keras
            vocabulary layer, a tokenizer (see ``tb_wordembed.write.tokens.read``).
          metadata: a dict from column name to one number or text per row, or to a
            dict from token to number or text.
          index_from: the number to add to each index of a dict of tokens: 3 for words
            that ``keras.datasets`` shifts (see ``tb_wordembed.write.tokens.read``).
          rows: the rows to write, if not all: their numbers, a slice, or "top:50000"
            for the most frequent ones by a column of metadata called ``frequency`` or
            ``count``. No others are copied. Tokens and metadata are those of the whole
            table. A column ``row`` has the number of each row in it. Rows may change
            if tokens are passed with them: readers match tokens, and show those of the
            newest snapshot.
          fixed_rows: the rows of the whole table that training must not change, such
            as padding: a row number, several of them, or a slice. Findings warn when
            one moves, and call none of them untrained. None leaves them as they are.
          description: a description of the table, in Markdown.
          dtype: "float16" or "bfloat16" takes half the bytes of float32; by default the
            table keeps its own dtype.
          part: the number of the first row of ``data`` and the number of rows of the
            whole table, where ``data`` has only some of its rows, such as those of this
            rank. The snapshot is shown when all rows have been written, by this writer
            or by others with the same ``logdir``. Tokens and metadata are those of the
            whole table or of these rows, and ``fixed_rows`` those of the whole.

        Raises:
          ValueError: an argument doesn't fit; nothing is written then.
          OSError: the file can't be written; what was written before stays readable,
            and writing can go on.
        """
        if part is None and rows is None and (spread := shards_of(data)) is not None:
            for start, shard in spread.pieces:
                self.embedding(
                    name,
                    shard,
                    step,
                    tokens=tokens,
                    metadata=metadata,
                    index_from=index_from,
                    fixed_rows=fixed_rows,
                    description=description,
                    dtype=dtype,
                    part=(start, spread.vocab_size),
                )
            return
        tokens, metadata = own_columns(data, tokens, metadata)
        if isinstance(rows, str) and tokens is None and metadata is None:
            # The frequencies are those that were passed before.
            rows = self._rows.get(name, rows)
        sources = located(tokens, self._directory), metadata, index_from
        where, chosen = None, None
        if part is None:
            table, columns, chosen = read_part(data, dtype, rows, *sources)
        else:
            self._check_part(part, rows)
            table, columns, where = read_shard(data, dtype, part, *sources)
        if tokens is None and (name, TOKEN_COLUMN, 0) in self._digests:
            columns = self._without_tokens(name, columns, chosen)
        count = table.full_vocab_size or table.vocab_size
        count = count if where is None else where.vocab_size
        fixed = as_fixed_rows(fixed_rows, count, chosen)
        says: dict[str, Any] = {"fixed_rows": fixed, "description": description}
        with self.failures.counted():
            self.write(name, table, columns, step, part=where, **says)
        self._rows[name] = chosen

    def _check_part(self, part: Any, rows: Any) -> None:
        if rows is not None:
            raise ValueError(
                f"part={part!r} and rows= both say which rows are logged; pass these "
                "rows as data, and their place among those that are logged as part"
            )
        if self._alerts is not None:
            raise ValueError(
                f"part={part!r}: on_finding looks at whole tables; make a "
                "SnapshotWriter without it"
            )

    def _without_tokens(
        self, name: str, columns: tuple[Column, ...], rows: Array | None
    ) -> tuple[Column, ...]:
        """Leaves the tokens as they are, if they are those of the same rows."""
        before = self._rows.get(name)
        same = before is None and rows is None
        if before is not None and rows is not None:
            same = np.array_equal(before, rows)
        if not same:
            raise ValueError(
                f"rows= chooses other rows than in the snapshot of {name!r} before; "
                "pass their tokens, too, and metadata"
            )
        return tuple(one for one in columns if one.name != TOKEN_COLUMN)

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
    ) -> None:
        """Writes a snapshot of a table, columns and fixed rows that were checked, in
        parts if it is too large for a record. ``part`` says which rows of a larger
        table these are."""
        check_tag(tag)
        step = as_step(step)
        with self._lock:
            when = time.time(), step
            events: list[Event] = []
            digests = {}
            for column in columns:
                for values, which in column_parts(column, part):
                    key = tag, column.name, which.start if which else 0
                    if self._digests.get(key) != values.digest:
                        digests[key] = values.digest
                        events.append(_column(*when, tag, values, which))
            parts = table_parts(table, part)
            for rows, which in parts:
                role = TableRole(table.full_vocab_size, fixed_rows, which)
                metadata = summary_metadata(role, description=description)
                events.append(_event(*when, tag, _tensor(rows), metadata))
            self._open_file().append(events)
            self._digests.update(digests)
            for _, which in parts:
                self._logged.add(tag, step, which)
        if self._alerts is not None:
            self._alerts.look(tag, table, columns, step, fixed_rows)

    def scalars(self, values: Mapping[str, float], step: int) -> None:
        """Writes numbers by tag as ordinary scalar summaries, which TensorBoard's own
        dashboards show. They are no snapshots, and replace none.

        Raises:
          ValueError: the step is no whole number; nothing is written then.
          OSError: the file can't be written.
        """
        event = scalar_event(time.time(), as_step(step), values)
        with self._lock:
            self._open_file().append([[event.SerializeToString()]])

    def last_step(self, name: str) -> int | None:
        """Returns the last step of a table in this directory, whoever wrote it; None if
        there is none, or if looking for it takes longer than a second."""
        return self._logged.last_step(name)

    def flush(self) -> None:
        """Does nothing: a snapshot is in the file when ``embedding`` returns."""
        self._open_file()

    def close(self) -> None:
        """Closes the event file, and says how many snapshots could not be written.

        Closing twice is allowed, writing afterwards not.

        Raises:
          OSError: what was written could not be kept: some file systems, most of them
            remote, raise it only now.
        """
        with self._lock:
            self._file = None
            self.failures.report()
            self._finalizer()

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open_file(self) -> EventFile:
        if self._file is None:
            raise ValueError("this SnapshotWriter has been closed; make a new one")
        return self._file


def check_tag(tag: str) -> None:
    """Raises ValueError if the name of a table is not a text, or is empty."""
    if not is_name(tag):
        raise ValueError(f"name={tag!r}: the name of a table is a text, and not empty")


def as_step(step: Any) -> int:
    """Returns a whole number of any type as an int.

    Raises:
      ValueError: it is not a whole number of 64 bits.
    """
    number = as_integer(step)
    if number is None:
        raise ValueError(f"step={step!r}: a step is a whole number")
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"step={number}: a step has 64 bits at most")
    return number


def _tensor(table: Table) -> Event:
    """Returns a table as a tensor, around its numbers, which are not copied."""
    content = table.content
    header = table.tensor_header.SerializeToString()
    return [header + record.prefix(field_keys.TENSOR_CONTENT, len(content)), content]


def _column(
    wall_time: float, step: int, tag: str, column: Column, part: Part | None
) -> Event:
    """Returns an event with a column of the table that has this tag."""
    metadata = summary_metadata(ColumnRole(tag, column.name, part))
    name = column_tag(tag, column.name)
    return _event(wall_time, step, name, [column.content], metadata)


def _event(
    wall_time: float,
    step: int,
    tag: str,
    tensor: Event,
    metadata: summary_pb2.SummaryMetadata,
) -> Event:
    """Returns an event around the parts of a tensor, which are not copied.

    Fields are in the order of their numbers, as protobuf itself writes them.
    """
    end = summary_pb2.Summary.Value(metadata=metadata).SerializeToString()
    size = sum(map(len, tensor))
    start = summary_pb2.Summary.Value(tag=tag).SerializeToString()
    start += record.prefix(field_keys.VALUE_TENSOR, size)
    for key in (field_keys.SUMMARY_VALUE, field_keys.EVENT_SUMMARY):
        start = record.prefix(key, len(start) + size + len(end)) + start
    head = event_pb2.Event(wall_time=wall_time, step=step).SerializeToString()
    return [head + start, *tensor, end]
