"""Checks tables that are tensors of TensorFlow, and converts them for storage.

TensorFlow is an argument of the functions: it is imported by their users only.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from tb_wordembed.format.metadata import TABLE_DTYPES, Part
from tb_wordembed.write.chosen_rows import as_part
from tb_wordembed.write.columns import Column
from tb_wordembed.write.shards import shards_of
from tb_wordembed.write.stored_dtypes import BFLOAT16, STORAGE, Array
from tb_wordembed.write.table_parts import row_ranges
from tb_wordembed.write.tables import check_shape

_ALL = slice(None)


def check_static(tf: Any, data: Any) -> None:
    """Checks dtype and shape of a tensor, as far as they are known without a value."""
    dtype = tf.as_dtype(data.dtype)
    if not (dtype.is_floating or dtype.is_integer or dtype.is_bool):
        raise ValueError(
            f"an embedding table holds numbers; this tensor has the dtype {dtype.name}"
        )
    shape = data.shape
    if shape.is_fully_defined() or (shape.rank is not None and shape.rank != 2):
        check_shape([-1 if size is None else size for size in shape])


class Source(NamedTuple):
    """What a part of a table is read from: consecutive rows of some data, or of those
    that were chosen of it."""

    data: Any
    rows: slice
    part: Part | None


def sources(data: Any, count: int | None) -> list[Source]:
    """Returns the parts in which a table is written: the shards of a variable that is
    spread over servers, none of which are put together, and what fits into an event.

    Args:
      count: the number of rows to write; None if it isn't known yet, which takes a
        table in one part.
    """
    whole = [Source(data, _ALL, None)]
    if count is None or data.shape[1] is None:
        return whole
    spread = shards_of(data) if count == data.shape[0] else None
    dtype = getattr(data, "dtype", "float32")
    stored, _ = STORAGE.get(getattr(dtype, "name", str(dtype)), STORAGE["float32"])
    row_bytes = int(data.shape[1]) * stored.itemsize
    found: list[Source] = []
    for start, shard in spread.pieces if spread else [(0, data)]:
        rows = count if shard is data else int(shard.shape[0])
        found += [
            Source(shard, one, Part(start + one.start, count))
            for one in row_ranges(rows, rows * row_bytes)
        ]
    return found if len(found) > 1 else whole


def to_tensor(tf: Any, source: Source, chosen: Array | None) -> Any:
    """Returns a tensor with the numbers of a part, of a dtype that is stored.

    Args:
      source: rows of a tensor, a variable, or an array of any package.
      chosen: the numbers of the rows to take, ``[rows]``; None for all.
    """
    data, which, part = source
    rows = None if chosen is None else chosen[which]
    # A variable in shards is no tensor, and becomes one.
    if not (tf.is_tensor(data) or type(data).__module__.startswith("tensorflow.")):
        if rows is None and part is not None:
            rows = np.arange(which.start, which.stop)
        table = as_part(data, None, rows)
        if table.dtype == BFLOAT16:
            return tf.bitcast(tf.constant(table.values), tf.bfloat16)
        return tf.constant(table.values)
    if rows is not None:
        data = tf.gather(data, rows)
    tensor = tf.stop_gradient(tf.convert_to_tensor(data))
    if rows is None and part is not None:
        tensor = tensor[which]
    if tensor.dtype.name not in TABLE_DTYPES:
        tensor = tf.cast(tensor, tf.float32)
    return tensor


def runtime_checks(tf: Any, table: Any, columns: Sequence[Column]) -> list[Any]:
    """Returns assertions about what was not known when a function was traced."""
    if table.shape.is_fully_defined():
        return []
    shape = tf.shape(table)
    checks = [
        tf.debugging.assert_rank(
            table, 2, "an embedding table has the shape [vocab_size, embedding_dim]"
        ),
        tf.debugging.assert_positive(
            shape, "an embedding table has at least one row and one column"
        ),
    ]
    for column in columns:
        message = (
            f"{column.name!r} has {len(column.values)} entries, one per row, and the "
            "table has as many rows as the first number here"
        )
        checks.append(tf.debugging.assert_equal(shape[0], len(column.values), message))
    return [check for check in checks if check is not None]
