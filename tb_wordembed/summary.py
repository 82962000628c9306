"""Summary ops for embedding tables, in the manner of ``tf.summary``.

In a custom training loop with TensorFlow, exactly as with ``tf.summary.histogram``::

    writer = tf.summary.create_file_writer("runs/1/embeddings")
    with writer.as_default():
        for step in range(steps):
            train_step()
            tb_wordembed.summary.embedding("words", table, step, tokens=vocabulary)

TensorFlow is imported when ``embedding`` is called. Without it there are
``embedding_pb``, and ``tb_wordembed.SnapshotWriter``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from tensorboard.compat.proto import summary_pb2, tensor_pb2

from tb_wordembed.format.metadata import (
    Part,
    TableRole,
    column_tag,
    summary_metadata,
)
from tb_wordembed.format.paths import located
from tb_wordembed.write import tables
from tb_wordembed.write.chosen_rows import columns_and_rows, read_part
from tb_wordembed.write.columns import Column
from tb_wordembed.write.containers import refuse_container
from tb_wordembed.write.data_frames import own_columns
from tb_wordembed.write.default_writer import default_writer
from tb_wordembed.write.fixed_rows import as_fixed_rows
from tb_wordembed.write.table_parts import column_parts
from tb_wordembed.write.tables import as_table, check_shape, unwrap
from tb_wordembed.write.tag_and_step import check_tag
from tb_wordembed.write.tensors import (
    Source,
    check_static,
    runtime_checks,
    sources,
    to_tensor,
)


def embedding(
    name: str,
    data: Any,
    step: Any = None,
    *,
    tokens: Any = None,
    metadata: Any = None,
    index_from: int | None = None,
    rows: Any = None,
    fixed_rows: Any = None,
    description: str | None = None,
) -> Any:
    """Writes a snapshot of an embedding table to the default summary writer.

    A snapshot takes the place of those of its tag in the same directory whose step is
    the same or a later one: that is a warning, in Python's log or, inside a
    ``tf.function``, on stderr.

    Follows ``tf.summary.record_if``, ``tf.summary.experimental.set_step`` and name
    scopes, and works inside a ``tf.function``. Nothing is read or converted unless the
    summary is recorded, and nothing is looked for in it: ``on_finding`` is an argument
    of ``SnapshotWriter`` and of the callbacks. Tokens and metadata are written beside
    the first snapshot of each writer, and again when they change. Where several workers
    train one model, the chief alone writes variables of their strategy, and any table
    in its scope.

    Args:
      name: the name of the summary. The tag is this name after any active name scopes.
      data: the table, ``[vocab_size, embedding_dim]``: a ``tf.Variable``, a tensor, a
        Keras variable or an array. float16, bfloat16, float32 and float64 are stored
        as they are, integers as float32.
      step: ``int64``-castable step; by default ``tf.summary.experimental.get_step()``,
        which must not be None then.
      tokens, metadata, index_from, fixed_rows, description: as in
        ``tb_wordembed.SnapshotWriter.embedding``.
      rows: the rows to write, if not all, as there. Tokens and metadata are to be
        passed each time.

    Returns:
      A boolean tensor: True if the summary was written, False if there is no default
      writer, it was not to be recorded, or this worker is not the chief.

    Raises:
      ValueError: the data is not a table, tokens or metadata have not one entry per
        row, or there is a default writer but no step. Nothing is written then.
      tf.errors.InvalidArgumentError: the same, for a tensor whose shape was not known
        when its ``tf.function`` was traced.
      ImportError: TensorFlow is not installed.
    """
    try:
        import tensorflow as tf
    except ImportError as error:
        raise ImportError(
            "tb_wordembed.summary.embedding writes to TensorFlow's default summary "
            "writer, and TensorFlow can't be imported. Install it (pip install "
            "tensorflow, or tensorflow-cpu), or log with tb_wordembed.SnapshotWriter, "
            "which needs none"
        ) from error
    # Our own code needs no rewriting into graph operations.
    write = tf.autograph.experimental.do_not_convert(_embedding)
    columns = tokens, metadata, index_from, rows
    return write(tf, name, data, step, columns, fixed_rows, description)


def _embedding(
    tf: Any,
    name: str,
    data: Any,
    step: Any,
    given: tuple[Any, Any, int | None, Any],
    fixed_rows: Any,
    description: str | None,
) -> Any:
    tokens, metadata, index_from, rows = given
    check_tag(name)
    if isinstance(step, float) and step.is_integer():  # As R has whole numbers.
        step = int(step)
    tokens, metadata = own_columns(data, tokens, metadata)
    data = unwrap(data)
    refuse_container(data)
    strategy = getattr(data, "distribute_strategy", tf.distribute.get_strategy())
    if not strategy.extended.should_save_summary:
        return tf.constant(False)
    if tf.is_tensor(data):
        check_static(tf, data)
        if not isinstance(data, tf.Variable):
            data = tf.stop_gradient(data)
    elif not hasattr(data, "shape"):
        data = as_table(data).values
    else:
        check_shape(data.shape)
    shape = tf.TensorShape(data.shape)
    count = shape[0] if shape.rank else None
    if rows is not None and count is None:
        raise ValueError(
            "the number of rows is not known when this tf.function is traced, and "
            "rows= needs it; give the table a static shape, as with tf.ensure_shape"
        )
    chosen = None
    is_large = count is not None and len(sources(data, count)) > 1
    if rows is not None and (fixed_rows is not None or is_large):
        of_columns = _located(tf, tokens), metadata, count, index_from
        chosen = columns_and_rows(*of_columns, rows)[1]
    fixed = as_fixed_rows(fixed_rows, count, chosen)
    logged = count if rows is None else None
    if rows is not None and is_large:
        logged = count if chosen is None else len(chosen)
    *others, last = sources(data, logged)
    says = TableRole(None if rows is None else count, fixed)

    def role(source: Source) -> summary_pb2.SummaryMetadata:
        part = replace(says, part=source.part)
        return summary_metadata(part, description=description)

    scope = tf.summary.experimental.summary_scope
    with scope(name, "embedding_summary", values=[step]) as (tag, _):

        def snapshot() -> Any:
            """Returns the table, if the summary is to be recorded."""
            # What is wrong with the table is said before what is with its tokens.
            table = to_tensor(tf, last, None) if rows is None else None
            columns, chosen = columns_and_rows(
                _located(tf, tokens), metadata, count, index_from, rows
            )
            if table is None:
                table = to_tensor(tf, last, chosen)
            with tf.control_dependencies(runtime_checks(tf, table, columns)):
                for column in columns:
                    for values, part in column_parts(column):
                        _write_column(tf, tag, values, step, part)
                for one in others:
                    _write(tf, tag, to_tensor(tf, one, chosen), step, role(one))
                parts = [one.part for one in (*others, last)]
                with tf.control_dependencies(_noted(tf, tag, step, parts)):
                    return tf.identity(table)

        about = role(last)
        return tf.summary.write(tag=tag, tensor=snapshot, step=step, metadata=about)


def embedding_pb(
    tag: str,
    data: Any,
    *,
    tokens: Any = None,
    metadata: Any = None,
    index_from: int | None = None,
    rows: Any = None,
    fixed_rows: Any = None,
    description: str | None = None,
) -> summary_pb2.Summary:
    """Returns a summary of an embedding table, without TensorFlow.

    It is for writers that take protobufs, such as ``add_summary`` of PyTorch's
    ``SummaryWriter().file_writer``. They copy the table and compute its checksum in
    Python; ``tb_wordembed.SnapshotWriter`` does neither.

    Args:
      tag: the tag of the table.
      data: ``[vocab_size, embedding_dim]`` numbers, see ``tb_wordembed.write.tables``.
      tokens, metadata, index_from, rows, fixed_rows, description: see
        ``embedding``.

    Returns:
      A ``Summary`` with a value for each column and, last, one for the table. Pass
      tokens and metadata with the first snapshot of a file only: each summary that has
      them holds them.

    Raises:
      ValueError: the data is not a table, or something has not one entry per row.
    """
    check_tag(tag)
    tokens, metadata = own_columns(data, tokens, metadata)
    table, columns, chosen = read_part(data, None, rows, tokens, metadata, index_from)
    size = len(table.content) + sum(one.size for one in columns)
    if size > tables.MAX_PART_BYTES:
        raise ValueError(
            f"table and columns take {size:,} bytes, and a summary holds at most "
            f"{tables.MAX_PART_BYTES:,}. Log them with tb_wordembed.SnapshotWriter, "
            "which writes a large table in parts"
        )
    summary = summary_pb2.Summary()
    for column in columns:
        summary.value.add(
            tag=column_tag(tag, column.name),
            tensor=tensor_pb2.TensorProto.FromString(column.content),
            metadata=summary_metadata(column.role(tag)),
        )
    tensor = table.tensor_header
    tensor.tensor_content = table.content.tobytes()
    count = table.full_vocab_size or table.vocab_size
    fixed = as_fixed_rows(fixed_rows, count, chosen)
    part = TableRole(table.full_vocab_size, fixed)
    role = summary_metadata(part, description=description)
    summary.value.add(tag=tag, tensor=tensor, metadata=role)
    return summary


def _located(tf: Any, tokens: Any) -> Any:
    """Returns the path of tokens that are a file, also one in the log directory."""
    writer = default_writer(tf)
    directory = None if writer is None else writer.directory
    return located(tokens, "." if directory is None else directory)


def _noted(tf: Any, tag: str, step: Any, parts: Sequence[Part | None]) -> list[Any]:
    """Has the default writer note a step, and warn if it replaces others."""
    writer = default_writer(tf)
    step = tf.summary.experimental.get_step() if step is None else step
    # Without a step, tf.summary.write raises the error.
    return [] if writer is None or step is None else writer.add_step(tag, step, parts)


def _write(
    tf: Any, tag: str, tensor: Any, step: Any, metadata: summary_pb2.SummaryMetadata
) -> Any:
    """Writes a value beside the one that is being recorded."""
    # ``record_if`` might say otherwise if it were called again.
    with tf.summary.record_if(True):
        return tf.summary.write(tag, tensor, step, metadata)


def _write_column(
    tf: Any, tag: str, column: Column, step: Any, part: Part | None
) -> None:
    """Writes a column, or a part of it, unless the default writer has it already."""
    name = column_tag(tag, column.name)
    array = column.values
    if not isinstance(array, np.ndarray):
        array = np.array([*array], object)
    # Outside of the graph, which would hold, and save, a copy of its own.
    with tf.init_scope(), tf.device("cpu:0"):
        values = tf.constant(array)

    def write() -> Any:
        metadata = summary_metadata(column.role(tag, part))
        return _write(tf, name, values, step, metadata)

    writer = default_writer(tf)
    if writer is None:
        write()
    else:
        key = name if part is None else f"{name}/{part.start}"
        writer.write_column(key, column, write)
