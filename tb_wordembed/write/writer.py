"""``SnapshotWriter``: writes snapshots to an event file, without TensorFlow."""

from __future__ import annotations

import os
from typing import Any

from tb_wordembed.format.metadata import TOKEN_COLUMN
from tb_wordembed.format.paths import located
from tb_wordembed.write.alerts import OnFinding, as_alerts
from tb_wordembed.write.chosen_rows import check_same_rows, read_part
from tb_wordembed.write.data_frames import own_columns
from tb_wordembed.write.fixed_rows import as_fixed_rows
from tb_wordembed.write.shards import shards_of
from tb_wordembed.write.snapshot_file import SnapshotFile
from tb_wordembed.write.stored_dtypes import Array
from tb_wordembed.write.table_parts import check_part, read_shard


class SnapshotWriter(SnapshotFile):
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

    A table of 4 MB or more is copied, and the copy is written while the training goes
    on, one table at a time: ``flush`` and ``close`` wait until it is in the file, as a
    process does that ends. What goes wrong then is an error of the next call. A smaller
    table is in the file when the call returns. Threads may share a writer.

    Write other summaries of the same training to another run directory: TensorBoard's
    Python reader follows only the newest event file of a directory.
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
        self._rows: dict[str, Array | None] = {}  # Of the last snapshot, by tag.
        super().__init__(logdir, filename_suffix, as_alerts(on_finding))

    def __enter__(self) -> SnapshotWriter:
        return self

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
          metadata: a dict from column name to one number, text or image per row, or
            to a dict from token to these. An image is a ``pathlib.Path``, or the bytes
            of a PNG, JPEG, GIF or WebP file of at most 64 KiB and 1,048,576 pixels.
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
          OSError: this snapshot, or the one before, can't be written, and the message
            says which. What was written before stays readable, and writing can go on.
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
        # There is one copy of a table at a time.
        self._background.wait()
        tokens, metadata = own_columns(data, tokens, metadata)
        if isinstance(rows, str) and tokens is None and metadata is None:
            # The frequencies are those that were passed before.
            rows = self._rows.get(name, rows)
        sources = located(tokens, self._directory), metadata, index_from
        where, chosen = None, None
        if part is None:
            table, columns, chosen = read_part(data, dtype, rows, *sources)
        else:
            check_part(part, rows, is_watched=self._alerts is not None)
            table, columns, where = read_shard(data, dtype, part, *sources)
        if tokens is None and (name, TOKEN_COLUMN, 0) in self._digests:
            check_same_rows(name, self._rows.get(name), chosen)
            columns = tuple(one for one in columns if one.name != TOKEN_COLUMN)
        count = table.full_vocab_size or table.vocab_size
        count = count if where is None else where.vocab_size
        fixed = as_fixed_rows(fixed_rows, count, chosen)
        says: dict[str, Any] = {"fixed_rows": fixed, "description": description}
        with self.failures.counted():
            self.write(name, table, columns, step, part=where, **says)
        self._rows[name] = chosen
        self._background.raise_error()
